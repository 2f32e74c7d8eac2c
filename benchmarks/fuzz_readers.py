"""Mutated files through every reader: nothing but PatentnavError, no hang, no silent loss.

Run:  .venv/bin/python benchmarks/fuzz_readers.py [runs] [seed]

Seeds are the samples of ``tests/formats`` and the synthetic city in every vendor's form. A mutant
that shows something new (other records, other fields, other reasons) is kept as a seed for further
mutation. One run in twenty goes through the whole of ``patentnav.read``, the others through the
reader of the file's kind. Prints the counts and stops with exit code 1 at the first breach.
"""

from __future__ import annotations

import importlib
import random
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

import patentnav as pnav
from patentnav import _resources
from patentnav.errors import PatentnavError
from patentnav.io import delimited, detect, formats, workbook

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "tests" / "formats"
LONGEST = 10.0  # seconds
WHOLE = 20  # every so many runs read the file as a user would
PIECES = [b"", b"\0", b'"', b"\n", b"\r", b"<", b">", b"&", b"]]>", b"{", b"}", b"[", b",", b";",
          b"\xff\xfe", b"\xef\xbb\xbf", b"\x80", b"1.02E+12", b"null", b"ER\n", b"PT P\n",
          b"<!--", b"&#0;", b"\\ud800", b"9" * 400, b" " * 300, b"<a>" * 200, b"[" * 300]  # fmt: skip


def readers():
    """Reader modules by format."""
    named = {name: formats.load(name).reader for name in formats.names()}
    return {
        name: importlib.import_module(f"patentnav.io.readers.{module}")
        for name, module in named.items()
        if module
    }


def seeds():
    """Contents with their file names."""
    found = [
        (p.name, p.read_bytes())
        for p in sorted(SAMPLES.rglob("*"))
        if p.is_file() and p.suffix not in {".py", ".pyc"}
    ]
    few = pnav.datasets.city(20).patents
    with tempfile.TemporaryDirectory() as folder:
        for name in formats.names():
            entry = _resources.load_toml("formats", name)
            if "write" in entry:
                kind = entry["write"]["kind"]
                path = pnav.datasets.write_export(few, Path(folder) / f"{name}.{kind}", name)
                found.append((path.name, path.read_bytes()))
    return found


def mutate(content: bytes, rng: random.Random) -> bytes:
    """A few edits; half of the mutants keep the marks of their structure, to get further in."""
    data = bytearray(content)
    gentle = rng.random() < 0.5
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        at = rng.randrange(len(data) + 1)
        action = rng.choice(["words", "line"] if gentle else ["cut", "piece", "flip", "repeat"])
        if action == "words":
            for k in range(at, min(at + rng.choice([1, 4, 30]), len(data))):
                if bytes(data[k : k + 1]).isalnum():
                    data[k] = rng.choice(b"019AXZaz")
        elif action == "line":
            start, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at) + 1
            line = data[start : end or len(data)]
            data[start : end or len(data)] = line * rng.choice([0, 0, 2, 5])
        elif action == "cut":
            del data[at : at + rng.choice([1, 2, 20, 400])]
        elif action == "piece":
            data[at:at] = rng.choice(PIECES)
        elif action == "flip" and data:
            data[at % len(data)] ^= 1 << rng.randrange(8)
        else:
            data[at:at] = data[at : at + rng.choice([3, 60, 900])] * rng.choice([1, 3])
    return bytes(data)


def through_reader(content: bytes, name: str, known, headers) -> tuple:
    """What the reader of the file's kind makes of it; tables are decoded and not yet understood."""
    claimed = [(n, r) for n, r in known.items() if r.sniff(content[: 1 << 16], name)]
    if claimed:
        kind, table = claimed[0][0], claimed[0][1].read(content, name)
    elif content.startswith((workbook.OLE, workbook.ZIP)):
        kind, table = "workbook", workbook.read_workbook(content, name, headers)
    else:
        kind, table = "delimited", delimited.read_delimited(content, name, headers)
    assert all(len(column) == len(table) for column in table.columns), "ragged columns"
    reasons = tuple(sorted({reason[:20] for _, _, reason in table.rejected}))
    return (kind, len(table), len(table.headers), reasons)


def through_read(content: bytes, name: str, folder: Path) -> tuple:
    """What a user gets; the accounts must add up."""
    path = folder / name
    path.write_bytes(content)
    patents = pnav.read(path)
    intake = patents.intake.iloc[0]
    total = intake["rows_out"] + intake["rows_merged"] + intake["rows_set_aside"]
    assert intake["rows_in"] == total, "records lost"
    return ("read", intake["format"], int(intake["rows_out"]), len(patents.tables))


def main() -> int:
    """Run and report."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    warnings.simplefilter("ignore")
    known, corpus, seen = readers(), seeds(), set()
    headers = detect.known_headers(formats.all_formats())
    kinds, slowest, started = Counter(), 0.0, time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for run in range(runs):
            name, content = rng.choice(corpus)
            content = mutate(content, rng)
            begun = time.monotonic()
            whole = run % WHOLE == 0
            try:
                shape = (
                    through_read(content, name, Path(folder))
                    if whole
                    else through_reader(content, name, known, headers)
                )
                kinds["read" if whole else shape[0]] += 1
            except PatentnavError as error:
                shape = (type(error).__name__, name, str(error)[-40:])
                kinds["refused"] += 1
            except Exception as error:
                kept = Path(tempfile.gettempdir()) / f"fuzz-{run}-{name}"
                kept.write_bytes(content)
                print(f"BREACH in run {run}: {type(error).__name__}: {error}; input: {kept}")
                return 1
            slowest = max(slowest, time.monotonic() - begun)
            if slowest > LONGEST:
                print(f"BREACH in run {run}: {slowest:.1f} s for {name}")
                return 1
            if shape not in seen and len(content) < 200_000:
                seen.add(shape)
                corpus.append((name, content))
    print(f"runs {runs}, no breach; {time.monotonic() - started:.0f} s, slowest {slowest:.2f} s")
    print(f"seeds {len(corpus) - len(seen)}, kept mutants {len(seen)}")
    for kind, count in kinds.most_common():
        print(f"  {kind:<16}{count:>7}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
