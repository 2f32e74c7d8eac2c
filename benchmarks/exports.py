"""Every real export of the data folder, read without being told its form: a table of the accounts.

    python benchmarks/exports.py [FOLDER]

Prints Markdown: file, format, records, taken, merged, set aside, columns understood, cells not
taken. FOLDER is ``$PATENTNAV_SHARED/exports`` or ``../shared/data/exports`` where not given. Ends
with code 1 when a file cannot be read or an account does not add up.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import patentnav as pnav

ROOT = Path(__file__).parent.parent
SKIPPED = {"landscape_seed", "SOURCES.csv"}


def main() -> int:
    """Read all and print."""
    shared = Path(os.environ.get("PATENTNAV_SHARED", ROOT.parent / "shared" / "data"))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else shared / "exports"
    print(
        "| file | format | encoding | records | taken | merged | set aside | columns | not taken |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    wrong = 0
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if SKIPPED & set(path.relative_to(folder).parts):
            continue
        name = path.relative_to(folder).as_posix()
        try:
            patents = pnav.read(path)
        except pnav.PatentnavError as error:
            print(f"| {name} | {error} | | | | | | | |")
            wrong += 1
            continue
        row = patents.intake.iloc[0]
        wrong += row["rows_in"] != row["rows_out"] + row["rows_merged"] + row["rows_set_aside"]
        known = patents.columns["table"].notna()
        print(
            f"| {name} | {row['format']} | {row['encoding']} | {row['rows_in']} | {row['rows_out']} "
            f"| {row['rows_merged']} | {row['rows_set_aside']} | {known.sum()} of {len(known)} "
            f"| {len(patents.cell_failures)} |"
        )
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
