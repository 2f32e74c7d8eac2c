"""Projects: what a second run costs, what a kill leaves, what a batch of fifty does.

    python benchmarks/projects.py again [--n 1500]     seven industries in two languages, three runs
    python benchmarks/projects.py kills [--kills 10]   killed at random moments, then run to the end
    python benchmarks/projects.py batch [--projects 50] [--jobs 2]
    python benchmarks/projects.py many [--n 50000] [--industries 50] [--firms 200] [--jobs 2]
                                       [--keep folder]

``many`` is the year of a city: reports on industries, their sub-sectors and enterprises in docx, html
and xlsx by one command with a register, then the report on the targets that reads the register, then
everything again unchanged and with the table of products changed. It prints the memory of all processes
together at its peak; with ``--keep`` the folder stays, and a second call goes on with it.

Everything is synthetic and made in a temporary folder. Seconds depend on what else the machine does;
those of the processor (user + system, with children) are printed beside those of the clock.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import patentnav as pnav
from patentnav.provenance import Step

SHORT = """\
title = { zh = "短", en = "Short" }
[[part]]
id = "methods"
sections = ["sources", "rules"]
"""
LONG = """\
title = { zh = "长", en = "Long" }
[[part]]
id = "direction"
sections = ["technologies", "emergence", "relatedness"]
[[part]]
id = "position"
sections = ["talent"]
[[part]]
id = "path"
sections = ["portfolios"]
[[part]]
id = "methods"
sections = ["sources", "rules", "technologies", "steps"]
"""
RUN = [sys.executable, "-m", "patentnav.cli", "run"]


def write(file: Path, tables: dict[str, dict[str, object]], *, outlines: bool = True) -> Path:
    """Write a project file, with the outlines of this file beside it."""
    lines = []
    for table, keys in tables.items():
        lines.append(f"[{table}]")
        lines += [f"{name} = {json.dumps(value)}" for name, value in keys.items()]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines), encoding="utf-8")
    if not outlines:  # in the folder of a batch each file is a project
        return file
    (file.parent / "short.toml").write_text(SHORT, encoding="utf-8")
    (file.parent / "long.toml").write_text(LONG, encoding="utf-8")
    return file


def contents(folder: Path) -> dict[str, str]:
    """Hashes of the deliverables; the manifest has seconds, the cache is nobody's deliverable."""
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != "manifest.json" and not hidden(p.relative_to(folder))
    }


def hidden(path: Path) -> bool:
    """The cache, and parts that a killed writer left beside the names that they were to get."""
    return any(part.startswith(".") for part in path.parts)


def timed(command: list[str]) -> tuple[float, float]:
    """Seconds of the clock and of the processor."""
    start, before = time.perf_counter(), os.times()
    subprocess.run(command, check=True, capture_output=True)
    after = os.times()
    spent = sum(after[2:4]) - sum(before[2:4])
    return time.perf_counter() - start, spent


def again(folder: Path, n: int) -> None:
    """First run, second run, and one with another gate."""
    city = pnav.datasets.city(n=n).patents
    pnav.datasets.write_export(city, folder / "city.xlsx", "incopat")
    tables: dict[str, dict[str, object]] = {
        "project": {"lang": ["zh", "en"]},
        "input": {"files": "city.xlsx"},
        "classify": {"taxonomy": "jinan-ten"},
        "report": {"per": "industry", "top": 7, "min_publications": 1, "outline": "long.toml", "formats": ["xlsx"]},
    }  # fmt: skip
    for name in ("first run", "unchanged", "min_pct = 3"):
        if "min_pct" in name:
            tables["portfolio"] = {"min_pct": 3}
        clock, spent = timed([*RUN, str(write(folder / "p.toml", tables))])
        steps = json.loads((folder / "out" / "manifest.json").read_text("utf-8"))
        computed = [s["step"] for one in (steps["set"], *steps["sets"]) for s in one["steps"]
                    if not s["cached"] and s["step"] in {"cleaned", "classified", "technologies"}]  # fmt: skip
        told = "nothing is" if name == "unchanged" else f"{len(computed)} {sorted(set(computed))}"
        print(f"{name:12} {clock:7.1f} s, processor {spent:7.1f} s; computed: {told}")


def kills(folder: Path, number: int) -> None:
    """A run killed again and again ends in the bytes of an undisturbed one."""
    city = pnav.datasets.city(n=200).patents
    tables: dict[str, dict[str, object]] = {
        "input": {"files": "city.xlsx"},
        "classify": {"taxonomy": "jinan-ten"},
        "report": {"per": "applicant", "min_publications": 1, "outline": "short.toml", "formats": ["docx", "xlsx"]},
    }  # fmt: skip
    files = [write(folder / name / "p.toml", tables) for name in ("whole", "killed")]
    for file in files:
        pnav.datasets.write_export(city, file.parent / "city.xlsx", "incopat")
    clock, _ = timed([*RUN, str(files[0])])
    expected = contents(files[0].parent / "out")
    rng, out = random.Random(1), files[1].parent / "out"
    for kill in range(1, number + 1):
        shutil.rmtree(out, ignore_errors=True)
        process = subprocess.Popen([*RUN, str(files[1])], stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0.2, 1) * clock)
        process.kill()
        process.wait()
        there = contents(out)
        assert there.items() <= expected.items(), "a file is neither absent nor whole"
        timed([*RUN, str(files[1])])
        assert contents(out) == expected
        print(
            f"kill {kill}: {len(there)} of {len(expected)} files there, all whole; then the same bytes"
        )


def renamed(city: pnav.PatentSet) -> pnav.PatentSet:
    """The largest applicant under a name that no file can have."""
    parties = city.parties
    largest = parties.loc[parties["role"] == "applicant", "name_raw"].mode()[0]
    hostile = "../..\\CON:*?<b>&=cmd|" + "x" * 300
    return city.replace(Step("renamed"), parties=parties.replace({"name_raw": {largest: hostile}}))


def batch(folder: Path, number: int, jobs: int) -> None:
    """One input broken, one applicant with a hostile name; then each alone."""
    for i in range(number):
        tables: dict[str, dict[str, object]] = {
            "input": {"files": "city.xlsx"},
            "report": {"per": "applicant", "top": 2, "min_publications": 1, "outline": "short.toml", "formats": ["docx", "xlsx"]},
        }  # fmt: skip
        file = write(folder / "cases" / f"{i:02}" / "project.toml", tables)
        city = pnav.datasets.city(n=60, random_state=i).patents
        if i == 5:
            city = renamed(city)
        export = pnav.datasets.write_export(city, file.parent / "city.xlsx", "cnipr")
        if i == 3:
            export.write_bytes(export.read_bytes()[:2000])
    start = time.perf_counter()
    done = pnav.project.batch(folder / "cases", jobs=jobs)
    print(done["status"].value_counts().to_dict(), f"{time.perf_counter() - start:.0f} s")
    print(done.loc[done["status"] == "failed", ["project", "error"]].to_string(index=False))
    assert (done["status"] == "done").sum() == number - 1
    for file in sorted((folder / "cases").glob("*/project.toml")):
        out = file.parent / "out"
        expected = contents(out)
        if not (out / "set.pnav").exists():
            continue
        out.rename(file.parent / "batch")
        pnav.project.run(file)
        assert contents(out) == expected, file
    print("each alone: the same bytes")


class Memory(threading.Thread):
    """Peak of the memory of this process and all below it together, looked at every second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.most = 0, 0
        self._done = threading.Event()

    def run(self) -> None:
        """Look until it is stopped."""
        while not self._done.wait(1):
            held = [self._held(pid) for pid in self._below(os.getpid())]
            self.peak, self.most = max(self.peak, sum(held)), max(self.most, len(held))

    def stop(self) -> float:
        """End; the peak in GB."""
        self._done.set()
        self.join()
        return self.peak / 1e9

    def _below(self, pid: int) -> list[int]:
        try:
            text = "".join(f.read_text() for f in Path(f"/proc/{pid}/task").glob("*/children"))
        except OSError:  # it has ended
            return []
        return [pid, *(one for child in text.split() for one in self._below(int(child)))]

    def _held(self, pid: int) -> int:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            return 0
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def many(folder: Path, n: int, industries: int, firms: int, jobs: int) -> None:
    """Reports on industries and firms of one city, their register, and the runs after it."""
    cases = folder / "cases"
    cases.mkdir(exist_ok=True)
    city = pnav.datasets.city(n=n)
    tables = pnav.datasets.user_tables(city).tables
    for code in ("PR", "KA", "KT"):
        tables[code].to_csv(folder / f"{code}.csv", index=False)
    if not (folder / "city.xlsx").exists():
        pnav.datasets.write_export(city.patents, folder / "city.xlsx", "incopat")
    top = min(industries, 10 if industries > 10 else max(1, industries // 5))
    shared: dict[str, dict[str, object]] = {
        "input": {"files": "../city.xlsx"}, "classify": {"taxonomy": "jinan-ten"},
        "output": {"cache": "../cache"},
    }  # fmt: skip
    asked: list[tuple[str, str, str, int]] = [
        ("firms", "applicant", "enterprise", firms),
        ("industries", "industry", "industry", top),
        ("sectors", "sub-sector", "industry", industries - top),
    ]
    for name, per, outline, count in asked:
        more = {"tables": {"PR": "../PR.csv"}} if name == "firms" else {}
        project = {
            **shared, **more,
            "report": {"per": per, "top": count, "min_publications": 10, "outline": outline},
            "output": {"folder": f"out-{name}", "cache": "../cache"},
        }  # fmt: skip
        write(cases / f"{name}.toml", project, outlines=False)
    batch = [sys.executable, "-m", "patentnav.cli", "batch", str(cases), "--jobs", str(jobs),
             "--register", str(folder / "NR.csv")]  # fmt: skip
    told(batch, "first run")
    rows = sum(1 for _ in (folder / "NR.csv").open(encoding="utf-8-sig")) - 1
    print(f"register: {rows} projects")
    assert rows == industries + firms
    targets = {
        **shared, "tables": {c: f"{c}.csv" for c in ("KA", "KT", "NR")},
        "report": {"outline": "kpi"}, "output": {"folder": "out", "cache": "cache"},
        "input": {"files": "city.xlsx"},
    }  # fmt: skip
    told([*RUN, str(write(folder / "targets.toml", targets))], "targets, with the register")
    told(batch, "unchanged")
    text = (folder / "PR.csv").read_text(encoding="utf-8")
    (folder / "PR.csv").write_text(text + "\n", encoding="utf-8")
    told(batch, "the table of products changed")


def told(command: list[str], name: str) -> None:
    """Run a command and print what it cost; an error is shown with what the command said."""
    memory = Memory()
    memory.start()
    try:
        clock, spent = timed(command)
    except subprocess.CalledProcessError as error:
        print(error.stdout.decode()[-2000:], error.stderr.decode()[-2000:], flush=True)
        raise
    peak = memory.stop()
    print(f"{name:30} {clock / 60:6.1f} min, processor {spent / 60:6.1f} min, "
          f"{peak:.2f} GB in {memory.most} processes; load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip


def main() -> None:
    """Run one of the four."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["again", "kills", "batch", "many"])
    parser.add_argument("--n", type=int, help="publications (again: 1500, many: 50000)")
    parser.add_argument("--industries", type=int, default=50)
    parser.add_argument("--firms", type=int, default=200)
    parser.add_argument("--keep", type=Path, help="folder of many, kept")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--projects", type=int, default=50)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        if options.what == "again":
            again(Path(place), options.n or 1500)
        elif options.what == "kills":
            kills(Path(place), options.kills)
        elif options.what == "batch":
            batch(Path(place), options.projects, options.jobs)
        else:
            kept = options.keep or Path(place)
            kept.mkdir(exist_ok=True)
            size = options.n or 50_000
            many(kept, size, options.industries, options.firms, options.jobs)


if __name__ == "__main__":
    main()
