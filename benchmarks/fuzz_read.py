"""Read mutated files: nothing but PatentnavError, no hang over ten seconds of processor time, no silent loss.

    python benchmarks/fuzz_read.py [count] [--seed 0] [--keep FOLDER]

Seeds are small exports that the synthetic city writes in every form, and the samples of
``tests/formats``. A failing file is kept in FOLDER. Prints the count and the failures.
"""

from __future__ import annotations

import argparse
import io
import signal
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np

import patentnav as pnav
from patentnav import _resources
from patentnav.io import formats

SAMPLES = Path(__file__).parent.parent / "tests" / "formats"
SPECIALS = [
    b"", b"\0", b"\r", b"\n", b"\r\n", b'"', b'""', b",", b";", b"\t", b"|", b"\xff", b"\xef\xbb\xbf",
    b"<", b">", b"&", b"&amp;", b"]]>", b"{", b"}", b"[", b"]", b"\\", b"null", b"1.02E+12", b"=1+1",
    b"9999-99-99", b"\xe4\xb8", b"CN110298449A", b"-", b" " * 300, b"9" * 400, b"\x1f", b"\x1e",
]  # fmt: skip


def seeds(folder: Path) -> list[Path]:
    """Small valid files of every form."""
    city = pnav.datasets.city(1500).patents
    ten = city.filter(city.publications.index[::150])
    found = [
        p for p in SAMPLES.rglob("*") if p.is_file() and p.suffix not in {".py", ".md", ".pyc"}
    ]
    for name in formats.names():
        write = _resources.load_toml("formats", name).get("write")
        if write:
            path = folder / f"{name}.{write['kind']}"
            pnav.datasets.write_export(ten, path, name)
            found.append(path)
    return sorted(found)


def mutate(content: bytes, rng: np.random.Generator, other: bytes) -> bytes:
    """One to eight changes: bits, cuts, copies, foreign pieces, special bytes."""
    data = bytearray(content)
    for _ in range(int(rng.integers(1, 9))):
        n = len(data) + 1
        at, length = int(rng.integers(n)), int(rng.geometric(1 / 20))
        match int(rng.integers(7)):
            case 0:
                if at < len(data):
                    data[at] ^= 1 << int(rng.integers(8))
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = data[at : at + length] * int(rng.integers(1, 4))
            case 3:
                data[at:at] = SPECIALS[int(rng.integers(len(SPECIALS)))]
            case 4:
                start = int(rng.integers(len(other) + 1))
                data[at : at + length] = other[start : start + length]
            case 5:
                old, new = (SPECIALS[int(rng.integers(1, len(SPECIALS)))] for _ in range(2))
                data = bytearray(bytes(data).replace(old, new, 3))
            case 6:
                if rng.random() < 0.2:
                    data = data[:at]
    return bytes(data)


def mutate_inside(content: bytes, rng: np.random.Generator, other: bytes) -> bytes:
    """A workbook with one mutated member, so that its checksums are right."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w") as target:
        names = source.namelist()
        chosen = names[int(rng.integers(len(names)))]
        for name in names:
            member = source.read(name)
            target.writestr(name, mutate(member, rng, other) if name == chosen else member)
    return packed.getvalue()


def check(path: Path) -> str:
    """Outcome of reading one file."""
    try:
        patents = pnav.read(path)
    except pnav.PatentnavError:
        return "refused"
    intake = patents.intake
    parts = intake["rows_out"] + intake["rows_merged"] + intake["rows_set_aside"]
    if not (intake["rows_in"] == parts).all() or intake["rows_out"].sum() != len(patents):
        msg = f"the account does not add up:\n{intake}"
        raise AssertionError(msg)
    return "read"


def _too_long(*_: object) -> None:
    raise TimeoutError


def main() -> None:
    """Mutate, read, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "patentnav-fuzz")
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGPROF, _too_long)
    outcomes: Counter[str] = Counter()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        files = seeds(Path(folder))
        contents = [p.read_bytes() for p in files]
        for i in range(options.count):
            which = int(rng.integers(len(files)))
            change = mutate
            if contents[which].startswith(b"PK") and rng.random() < 0.8:
                change = mutate_inside
            content = change(contents[which], rng, contents[int(rng.integers(len(files)))])
            path = Path(folder) / f"fuzz-{files[which].name}"
            path.write_bytes(content)
            signal.setitimer(signal.ITIMER_PROF, 10)
            try:
                outcomes[check(path)] += 1
            except BaseException as error:  # any other exception is the finding
                if isinstance(error, KeyboardInterrupt):
                    raise
                outcomes[f"FAILED {type(error).__name__}"] += 1
                options.keep.mkdir(exist_ok=True)
                (options.keep / f"{i}-{files[which].name}").write_bytes(content)
                print(files[which].name, i, traceback.format_exc(limit=-3))
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
    seconds = time.perf_counter() - started
    print(
        f"{options.count} mutated files of {len(files)} seeds in {seconds:.0f} s: {dict(outcomes)}"
    )


if __name__ == "__main__":
    main()
