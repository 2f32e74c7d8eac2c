"""Kill writers at random moments: what stands afterwards is the whole old or the whole new.

    python tests/fuzz/kills.py [--kills 200] [--seed 0] [--only sets] [--folder DIR]

A process writes one of two known results over and over, over the other; it is killed (SIGKILL) after a
random time. Then every set must load and be one of the two, every file be byte by byte one of the two,
and the account of a project run, which is written anew after every report, be whole by its own hash;
when all are killed, a run to the end must leave what it always leaves. A fifth of the kills hit project
runs, of which each takes seconds; all 200 take about ten minutes. Needs fork (Linux, macOS). Ends with
code 1 at any other state.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from patentnav.project import manifest

if TYPE_CHECKING:
    from collections.abc import Callable

SUFFIXES = (".docx", ".html", ".xlsx")
SHARES = {"sets": 2, "reports": 2, "projects": 1}


class Victim:
    """What is written, and how to tell what stands."""

    def __init__(self, name: str, folder: Path, write: list[Callable[[Path], object]]) -> None:
        self.name, self.write = name, write
        self.place = folder / name
        self.seconds = 0.0
        self.known: list[dict[str, str]] = []
        for one in write:
            shutil.rmtree(self.place, ignore_errors=True)
            self.place.mkdir()
            started = time.perf_counter()
            one(self.place)
            self.seconds = max(self.seconds, time.perf_counter() - started)
            self.known.append(state(self.place))

    def kill_once(self, rng: random.Random) -> str:
        """Kill one writer; returns what is wrong, or nothing."""
        child = os.fork()
        if not child:
            try:
                while True:
                    for one in self.write:
                        one(self.place)
            finally:
                os._exit(1)
        time.sleep(rng.uniform(0, 2 * self.seconds))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            return "the writer ended by itself, with an error"
        return self.wrong()

    def wrong(self) -> str:
        """How what stands differs from both results."""
        try:
            found = state(self.place)
        except Exception as error:  # whatever it is, it is a breach
            return f"{type(error).__name__}: {error}"
        for name in {n for known in self.known for n in known}:
            if found.get(name) not in {known.get(name) for known in self.known}:
                return f"{name} is neither the old nor the new one"
        return ""

    def wrong_at_last(self) -> str:
        """How a run to the end differs from the result that it always has."""
        self.write[0](self.place)
        return (
            "" if state(self.place) == self.known[0] else "a run to the end leaves another result"
        )


def state(place: Path) -> dict[str, str]:
    """Digest of each set and file in a folder; parts of writers that were killed do not count."""
    found = {}
    for path in sorted(place.rglob("*")):
        inner = path.relative_to(place).parts
        if any(part.startswith(".") or part.endswith(".pnav") for part in inner[:-1]):
            continue
        if path.suffix == ".pnav" or (path.name.startswith(".") and ".pnav." in path.name):
            continue
        if path.is_file() and not path.name.startswith("."):
            whole = path.name == manifest.NAME and _is_whole(path)
            found["/".join(inner)] = "whole" if whole else _digest(path)
    for name in {sets_name(p) for p in place.iterdir()} - {None}:
        found[name] = digest_of_set(place / name)
    return found


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _is_whole(path: Path) -> bool:
    plain = json.loads(path.read_text(encoding="utf-8"))
    return plain.pop("sha256") == manifest.digest(plain)


def sets_name(path: Path) -> str | None:
    """Name of the set that a folder is, or was before a writer was killed between two renames."""
    name = path.name.lstrip(".").split(".pnav")[0] + ".pnav"
    return name if ".pnav" in path.name else None


def digest_of_set(path: Path) -> str:
    """What loading a set gives."""
    import patentnav as pnav

    patents = pnav.load(path)
    text = "".join(getattr(patents, name).to_csv() for name in patents.tables)
    steps = json.dumps([step.to_dict() for step in patents.provenance], default=str)
    return hashlib.sha256((text + steps).encode()).hexdigest()


def victims(folder: Path, names: tuple[str, ...]) -> list[Victim]:
    """Sets, reports and project runs, each with two results."""
    import patentnav as pnav

    both = [pnav.datasets.city(n=n).patents for n in (120, 200)]

    def save(patents):
        return lambda place: patents.save(place / "case.pnav")

    def report(built):
        def write(place):
            for suffix in SUFFIXES:
                built.save(place / f"report{suffix}")
            built.save_figures(place / "figures")

        return write

    made = [Victim("sets", folder, [save(p) for p in both])] if "sets" in names else []
    if "reports" in names:
        built = [pnav.report.build(p, lang="en") for p in both]
        for one in built:
            _ = one.pictures  # drawn once
        made.append(Victim("reports", folder, [report(b) for b in built]))
    if "projects" in names:
        made.append(Victim("projects", folder, [project(folder, p) for p in both]))
    return made


def project(folder: Path, patents) -> Callable[[Path], object]:
    """A run of a project file over one export."""
    import patentnav as pnav
    from patentnav.project import run as run_project

    inputs = folder / f"inputs-{len(patents)}"
    inputs.mkdir(exist_ok=True)
    pnav.datasets.write_export(patents, inputs / "in.xlsx", "incopat")

    def write(place):
        file = inputs / "project.toml"
        file.write_text(
            '[project]\nlang = ["en"]\n[input]\nfiles = ["in.xlsx"]\n'
            f'[report]\nformats = ["html"]\n[output]\nfolder = "{place.as_posix()}"\n',
            encoding="utf-8",
        )
        return run_project(file)

    return write


def run(kills: int, seed: int, folder: Path, names: tuple[str, ...]) -> int:
    """Kill and count; returns the exit code."""
    warnings.simplefilter("ignore")
    rng = random.Random(seed)
    counts: Counter[str] = Counter()
    made = victims(folder, names)
    parts = [SHARES[v.name] for v in made]
    shares = [kills * part // sum(parts) for part in parts]
    shares[0] += kills - sum(shares)
    for victim, share in zip(made, shares, strict=True):
        for _ in range(share):
            counts[victim.name] += 1
            if wrong := victim.kill_once(rng):
                counts["breaches"] += 1
                print(f"BREACH ({victim.name}): {wrong}", file=sys.stderr)
        if wrong := victim.wrong_at_last():
            counts["breaches"] += 1
            print(f"BREACH ({victim.name}): {wrong}", file=sys.stderr)
        for left in victim.place.rglob(".*"):
            counts["parts left"] += left.exists() and left.suffix in {".part", ".old", ".gone"}
    print(", ".join(f"{n} {name}" for name, n in counts.items()), f"of {sum(shares)} kills")
    return int(bool(counts["breaches"]))


def main() -> int:
    """Parse and run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="where to write (default: a temporary folder)")
    parser.add_argument("--only", choices=SHARES, help="only these")
    options = parser.parse_args()
    names = (options.only,) if options.only else tuple(SHARES)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        return run(options.kills, options.seed, Path(folder), names)


if __name__ == "__main__":
    sys.exit(main())
