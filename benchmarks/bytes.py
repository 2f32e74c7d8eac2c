"""Whether a report has the same bytes over hash seeds, numbers of threads and orders of rows.

    python benchmarks/bytes.py [--file PATH] [--region PLACE]

The file is read, its rows shuffled and written again in the same format; each order is built in a
process of its own with another hash seed and another number of threads. Accounts of where a record
stood (row numbers, checksums of the files) follow the files, so that what is compared between orders is
everything but the appendix on sources; between seeds and threads it is every byte. Exit code 1 where
anything differs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SHARED = Path(os.environ.get("PATENTNAV_SHARED", Path(__file__).parents[2] / "shared" / "data"))
VR = SHARED / "exports" / "patentics" / "patentics_cn_virtual_reality_7805.csv"
BUILD = """
import hashlib, sys, warnings
warnings.simplefilter("ignore")
from pathlib import Path
import patentnav as pnav
from patentnav.report.blocks import Text
source, folder, region = sys.argv[1:]
patents = pnav.clean.resolve_parties(pnav.read(source))
if patents.has("inventors"):
    patents = pnav.clean.resolve_inventors(patents)
report = pnav.report.build(patents, lang="zh", strict=True, region=region)
for form in ("docx", "html", "xlsx"):
    file = report.save(Path(folder) / f"report.{form}")
    print(form, hashlib.sha256(file.read_bytes()).hexdigest())
told = hashlib.sha256()
for section in report.sections:
    if section.id == "methods.sources":
        continue
    for block in section.blocks:
        if isinstance(block, Text):
            told.update(report.plain(block).encode())
        else:
            table = getattr(block, "table", block)
            told.update(repr(list(table.whole.cells("zh"))).encode())
for name, picture in sorted(report.pictures.items()):
    told.update(picture)
print("contents", told.hexdigest())
"""


def shuffled(source: Path, folder: Path) -> Path:
    """The same lines in another order, headings first; only for files with one record per line."""
    import random

    import pandas as pd

    target = folder / source.name
    if source.suffix == ".xlsx":
        frame = pd.read_excel(source, dtype=object)
        frame.sample(frac=1, random_state=1).to_excel(target, index=False)
        return target
    import csv

    with source.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    head, body = rows[0], rows[1:]
    random.Random(1).shuffle(body)
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *body])
    return target


def built(source: Path, folder: Path, region: str, seed: str, threads: str) -> dict[str, str]:
    """Hashes of the files and of their contents, from a process of its own."""
    environment = {**os.environ, "PYTHONHASHSEED": seed,
                   **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), threads)}  # fmt: skip
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(source), str(folder), region],
        env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return dict(line.split() for line in done.stdout.splitlines() if len(line.split()) == 2)


def main() -> int:
    """Build three times and compare."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--file", type=Path, default=VR)
    parser.add_argument("--region", default="北京")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        one = built(options.file, folder / "one", options.region, "0", "1")
        other = built(options.file, folder / "other", options.region, "4242", "2")
        again = shuffled(options.file, folder)
        mixed = built(again, folder / "mixed", options.region, "17", "1")
    wrong = [f"{form} (seed, threads)" for form in one if one[form] != other[form]]
    if one["contents"] != mixed["contents"]:
        wrong.append("contents (order of rows)")
    print(f"{options.file.name}: {'same' if not wrong else 'differ: ' + ', '.join(wrong)}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
