"""Fuzz the reading of exports: nothing but PatentnavError, no hang, nothing lost in silence.

    python tests/fuzz/run.py [--tables 10000] [--bytes 10000] [--kind KIND] [--seed 0]

Tables are drawn whole by hypothesis (``tables.py``), so that it is known what every cell said.
Bytes (XML, JSON, tagged text, csv, workbooks) are mutated by a coverage-guided fuzzer, atheris:

    pip install --target DIR atheris; PYTHONPATH=DIR python tests/fuzz/run.py

Its seeds are the samples of ``tests/formats`` and of ``tests/fuzz/corpus``. A file that fails is
kept in ``--keep``; mended, it belongs into the corpus, which ``make test`` reads again. Every file
goes through the whole of ``patentnav.read``. Ends with code 1 at any breach. Interrupted (ctrl-C), it
prints what was done until then.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import json
import os
import pkgutil
import random
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
SAMPLES = HERE.parent / "formats"
# Kind of file: suffixes of its samples, share of the runs.
KINDS = {
    "xml": ({".xml"}, 0.2), "json": ({".json", ".jsonl"}, 0.2), "text": ({".txt"}, 0.1),
    "csv": (set(), 0.15), "workbook": (set(), 0.15), "page": (set(), 0.1), "archive": (set(), 0.1),
}  # fmt: skip
LONGEST = 10.0  # seconds of the processor for a file
TOGETHER = 8  # tables read at once: most of the cost of a tiny file is that of the set
_MAX_LENGTH = 1 << 15


class Tally:
    """What became of the files of one kind."""

    def __init__(self, kind: str, keep: Path) -> None:
        self.kind, self.keep = kind, keep
        self.counts: Counter[str] = Counter()
        self.slowest = 0.0
        self.breaches: list[str] = []

    def run(self, paths: Sequence[Path], losses) -> None:
        """Read files together and count; a breach is kept, and the run goes on.

        ``losses`` tells of one file of the set what was lost.
        """
        import tables

        import patentnav as pnav

        started = time.process_time()  # a busy machine is no hang
        try:
            patents = pnav.read(list(paths), errors="collect")
        except pnav.PatentnavError:
            self.counts["refused"] += len(paths)
        except Exception:
            before, told = self.counts["exceptions"], traceback.format_exc(limit=-4)
            if len(paths) > 1:
                for path in paths:
                    self.run([path], losses)
            if self.counts["exceptions"] == before:  # one file, or only all of them together
                self._breach("exceptions", paths[0], told)
            if len(paths) > 1:
                return
        else:
            taken = patents.intake["format"].notna()
            self.counts["read"] += int(taken.sum())
            self.counts["refused"] += int((~taken).sum())
            found = tables.identity(patents)
            if found:
                self._breach("losses", paths[0], "\n".join(found))
            for path in paths:
                if taken[patents.intake["file"].eq(path.name)].any() and (
                    lost := losses(patents, path.name)
                ):
                    self._breach("losses", path, "\n".join(lost))
        self.counts["files"] += len(paths)
        seconds = (time.process_time() - started) / len(paths)
        self.slowest = max(self.slowest, seconds)
        if seconds > LONGEST:
            self._breach("hangs", paths[0], f"{seconds:.0f} s")

    def _breach(self, what: str, path: Path, text: str) -> None:
        self.counts[what] += 1
        key = text.strip().splitlines()[-1][:200]
        if key not in self.breaches and len(self.breaches) < 30:
            self.breaches.append(key)
            content = path.read_bytes()
            kept = self.keep / f"{hashlib.sha256(content).hexdigest()[:12]}-{path.name}"
            kept.write_bytes(content)
            print(f"BREACH ({what}) {kept}\n{text}", file=sys.stderr)

    def to_dict(self) -> dict[str, object]:
        """For the table at the end."""
        names = ("files", "read", "refused", "exceptions", "losses", "hangs")
        counts = {name: self.counts[name] for name in names}
        return {"kind": self.kind, **counts, "slowest": round(self.slowest, 2)}


# Tables


def fuzz_tables(count: int, seed: int, keep: Path) -> dict[str, object]:
    """Tables that hypothesis draws."""
    import tables
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st

    tally = Tally("table", keep)
    folder = Path(tempfile.mkdtemp())

    @seeded(seed)
    @settings(
        max_examples=-(-count // TOGETHER), database=None, phases=[Phase.generate], deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(drawn=st.lists(tables.tables(), min_size=TOGETHER, max_size=TOGETHER))
    def run(drawn):
        by_name = {f"{i}-{table.name}": table for i, table in enumerate(drawn)}
        for name, table in by_name.items():
            (folder / name).write_bytes(tables.write(table))
        tally.run(
            [folder / name for name in by_name],
            lambda patents, name: tables.losses(by_name[name], patents, name),
        )

    with contextlib.suppress(KeyboardInterrupt):  # what was done until then counts
        run()
    return tally.to_dict()


# Bytes


def seeds(kind: str) -> list[Path]:
    """Sound and once broken files of a kind."""
    suffixes, _ = KINDS[kind]
    found = [p for p in SAMPLES.rglob("*") if p.suffix in suffixes]
    return sorted(found + [p for p in (CORPUS / kind).glob("*") if p.is_file()])


def fuzz_bytes(kind: str, count: int, seed: int, keep: Path) -> dict[str, object]:
    """Files of one kind, in a process of its own (the fuzzer ends the process it runs in)."""
    with tempfile.TemporaryDirectory() as folder:
        corpus, result = Path(folder) / "corpus", Path(folder) / "result.json"
        corpus.mkdir()
        for path in seeds(kind):
            (corpus / path.name).write_bytes(path.read_bytes())
        worker = [sys.executable, __file__, "--worker", str(folder), "--kind", kind,
                  "--bytes", str(count), "--seed", str(seed), "--keep", str(keep)]  # fmt: skip
        code: int | None = 0
        with (keep / f"{kind}.log").open("wb") as log:
            try:
                code = subprocess.run(worker, stdout=log, stderr=log, check=False).returncode
            except KeyboardInterrupt:
                code = None
        found = json.loads(result.read_text()) if result.exists() else Tally(kind, keep).to_dict()
        if code:
            print(f"BREACH: the reader of {kind} died with code {code}", file=sys.stderr)
            found["exceptions"] += 1
        return found


def work(folder: Path, kind: str, count: int, seed: int, keep: Path) -> None:
    """Mutate files of one kind, guided by the branches of the package that they reach."""
    import atheris

    with atheris.instrument_imports(include=["patentnav"]):
        import patentnav.io.readers as readers

        for module in pkgutil.walk_packages(readers.__path__, readers.__name__ + "."):
            importlib.import_module(module.name)
    tally, path = Tally(kind, keep), folder / f"fuzz.{kind}"
    known = {p.read_bytes() for p in (folder / "corpus").iterdir()}
    before = len(known)

    def no_more(_patents, _file: str) -> list[str]:
        return []  # what the bytes mean is not known

    def one(content: bytes) -> None:
        path.write_bytes(content)
        if content in known:  # the seeds are no mutants
            Tally(kind, keep).run([path], no_more)
            return
        tally.run([path], no_more)
        done = tally.counts["files"]
        if done % 50 == 0 or done >= count:
            kept = len(list((folder / "corpus").iterdir())) - before
            (folder / "result.json").write_text(json.dumps({**tally.to_dict(), "kept": kept}))
        if done >= count:
            os._exit(0)

    options = ["fuzz", "-runs=-1", f"-seed={seed + 1}", f"-max_len={_MAX_LENGTH}", "-timeout=20", "-len_control=0",
               "-rss_limit_mb=6000", f"-artifact_prefix={keep}/", str(folder / "corpus")]  # fmt: skip
    atheris.Setup(options, one, internal_libfuzzer=True, custom_mutator=mutator(kind))
    atheris.Fuzz()


def mutator(kind: str):
    """Mutations for a kind: of its structure in three of four cases, of its bytes otherwise."""
    import atheris
    import mutators

    structured = {
        "xml": mutators.xml, "json": mutators.lines, "page": mutators.page,
        "archive": mutators.archive,
        "workbook": lambda content, rng: mutators.workbook(content, rng, atheris.Mutate),
    }.get(kind)  # fmt: skip

    def mutate(content: bytes, longest: int, seed: int) -> bytes:
        rng = random.Random(seed)
        if structured and rng.random() < 0.75:
            # What the fuzzer made of a file before may be broken in any way.
            with contextlib.suppress(Exception):
                return structured(content, rng)[:longest]
        return atheris.Mutate(content, longest)

    return mutate


# Command line


def main() -> int:
    """Run and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=int, default=10_000)
    parser.add_argument("--bytes", type=int, default=10_000)
    parser.add_argument("--kind", choices=sorted(KINDS), help="only this kind of bytes")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "patentnav-fuzz")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    options.keep.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if options.worker:
        work(options.worker, options.kind, options.bytes, options.seed, options.keep)
        return 2
    if options.bytes and importlib.util.find_spec("atheris") is None:
        print("Bytes need atheris; see the head of this script. For tables alone: --bytes 0.")
        return 2
    found = []
    if options.tables:
        found.append(fuzz_tables(options.tables, options.seed, options.keep))
    for kind in [options.kind] if options.kind else KINDS if options.bytes else ():
        count = options.bytes if options.kind else round(options.bytes * KINDS[kind][1])
        found.append(fuzz_bytes(kind, count, options.seed, options.keep))
    return report(found)


def report(found: list[dict[str, object]]) -> int:
    """Print the table; the exit code."""
    import pandas as pd

    frame = pd.DataFrame(found).fillna({"kept": 0})
    total = frame.sum(numeric_only=True).to_dict() | {
        "kind": "all",
        "slowest": frame["slowest"].max(),
    }
    frame = pd.concat([frame, pd.DataFrame([total])], ignore_index=True)
    whole = frame.select_dtypes("number").columns.drop("slowest")
    print(frame.astype(dict.fromkeys(whole, int)).to_string(index=False))
    return int(bool(total["exceptions"] + total["losses"] + total["hangs"]))


if __name__ == "__main__":
    sys.exit(main())
