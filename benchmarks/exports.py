"""Every real export of the data folder, read without being told its form: a table of the accounts.

    python benchmarks/exports.py [FOLDER] [--write docs/reference/exports-read.md]

Prints a Markdown page, or writes it: the account of each file, the share of records in which each
vendor fills the main fields, and whether two vendors say the same of the publications that both
have. The page holds only counts and numbers of publications, nothing else that stands in a record;
the values that differ are printed. FOLDER is
``$PATENTNAV_SHARED/exports`` or ``../shared/data/exports`` where not given. Ends with code 1 when a
file cannot be read or an account does not add up.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pandas as pd

import patentnav as pnav
from patentnav import schema

ROOT = Path(__file__).parent.parent
SKIPPED = {"landscape_seed", "SOURCES.csv"}
ORIGIN = {"publication_id", "number_known", "source", "source_file", "source_row"}
SCALARS = ["title", "application_date", "publication_date", "legal_status"]
DATES = ["application_id", "application_date", "publication_date"]
LISTS = {"abstract": ("texts", "field", "abstract"), "parties": ("parties", None, None),
         "inventors": ("inventors", None, None), "IPC": ("classifications", "scheme", "IPC"),
         "families": ("families", None, None)}  # fmt: skip
INTRO = """# Exports read

Real exports of the vendors, each read by `patentnav.read(file)` without being told its format.
Written by `python benchmarks/exports.py --write docs/reference/exports-read.md`; the exports
themselves are the vendors' and are not part of this project. records = taken + merged + set aside.

- *columns*: understood, of all columns of the file; the others are listed in `patents.columns`.
- *fields*: canonical fields that are filled in at least one record.
- *cells*: filled cells of the file; *listed*: entries of `patents.cell_failures` (values left out
  or damaged, and records known by their application number only). Records without a usable number
  are taken under ids made from their content: in the KIPRIS file a spreadsheet rounded every
  number, and its digits are lost.
- *signs*: what points to a bad export, as `patents.signs` lists it.
"""


PAIRS = """Equal of compared values, where both vendors give one. The vendors differ by themselves in what is
listed below: PATENTSCOPE and the others order symbols in their own way, VantagePoint sorts them.
Reading two such files together lists differing dates in `patents.conflicts`.
"""


def account(patents: pnav.PatentSet) -> dict[str, object]:
    """What was taken of one file."""
    row = patents.intake.iloc[0]
    known = patents.columns["table"].notna()
    return {
        "format": row["format"], "encoding": row["encoding"], "records": row["rows_in"],
        "taken": row["rows_out"], "merged": row["rows_merged"], "set aside": row["rows_set_aside"],
        "columns": f"{known.sum()} of {len(known)}", "fields": fields_filled(patents),
        "cells": patents.columns["filled"].sum(), "listed": len(patents.cell_failures),
        "signs": ", ".join(sorted(set(patents.signs["sign"]))),
    }  # fmt: skip


def fields_filled(patents: pnav.PatentSet) -> int:
    """Number of canonical fields with a value."""
    names = [n for n in schema.canonical_names() if n in patents.tables]
    frames = [getattr(patents, name) for name in names]
    return sum(int(f[c].notna().any()) for f in frames for c in f.columns if c not in ORIGIN)


def records_with(patents: pnav.PatentSet) -> dict[str, int]:
    """Number of publications in which a field is filled."""
    ids = patents.publications.index
    found = {"taken": len(ids)}
    for name in SCALARS:
        given = name in patents.publications
        found[name] = int(patents.publications[name].notna().sum()) if given else 0
    for name, (table, column, value) in LISTS.items():
        frame = getattr(patents, table) if table in patents.tables else None
        if frame is not None and column is not None:
            frame = frame[frame[column].eq(value)]
        found[name] = 0 if frame is None else int(ids.isin(frame["publication_id"]).sum())
    cited = "citations" in patents.tables
    found["citations"] = int(ids.isin(patents.citations["citing_id"]).sum()) if cited else 0
    return found


def sightings(patents: pnav.PatentSet, file: str) -> pd.DataFrame:
    """What one file says of its publications: the fields that vendors should agree on."""
    frame = patents.publications.reindex(columns=["source", *DATES]).reset_index()
    if "classifications" in patents.tables:
        symbols = patents.classifications
        first = symbols[symbols["scheme"].eq("IPC") & symbols["is_first"].eq(True)]
        first = first.drop_duplicates("publication_id").set_index("publication_id")["symbol"]
        frame["first IPC"] = frame["publication_id"].map(first)
    return frame.assign(file=file)


def in_two(found: pd.DataFrame) -> pd.DataFrame:
    """Pairs of vendors that both have a publication; numbers without kind as reading takes them."""
    ids = pd.Series(found["publication_id"].unique())
    whole = ids[ids.str.contains(r"\d[A-Z]\d?$")]
    stems = whole.str.replace(r"[A-Z]\d?$", "", regex=True)
    single = ~stems.duplicated(keep=False)
    kinds = pd.Series(whole[single].to_numpy(), index=stems[single])
    own = found["publication_id"]
    found = found.assign(publication_id=own.map(kinds).fillna(own))
    pairs = found.merge(found, on="publication_id", suffixes=(" 1", " 2"))
    pairs = pairs[pairs["source 1"] < pairs["source 2"]]
    return pairs.drop_duplicates(["publication_id", "source 1", "source 2"])


def agreement(pairs: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Per pair of vendors: publications, and equal of compared values; and what differs."""
    rows, differences = [], []
    for (one, other), part in pairs.groupby(["source 1", "source 2"]):
        row: dict[str, object] = {"vendors": f"{one}, {other}", "publications": len(part)}
        for field in [*DATES, "first IPC"]:
            left, right = part[f"{field} 1"], part[f"{field} 2"]
            both = left.notna() & right.notna()
            row[field] = f"{int((left == right)[both].sum())} of {int(both.sum())}"
            differ = part[both & (left != right)]
            differences.append(
                pd.DataFrame({"publication": differ["publication_id"], "field": field,
                              "vendors": row["vendors"], "one": differ[f"{field} 1"].astype(str),
                              "other": differ[f"{field} 2"].astype(str)})
            )  # fmt: skip
        rows.append(row)
    return pd.DataFrame(rows), pd.concat(differences, ignore_index=True)


def markdown(frame: pd.DataFrame) -> str:
    """A frame as a Markdown table."""
    rows = [list(frame.columns), ["---"] * frame.shape[1], *frame.to_numpy().tolist()]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in rows)


def coverage(found: list[dict[str, object]]) -> pd.DataFrame:
    """Per cent of the publications of each format in which a field is filled."""
    total = pd.DataFrame(found).groupby("format").sum()
    total = total[total["taken"] > 0]
    share = total.drop(columns="taken").mul(100).floordiv(total["taken"], axis=0).astype(int)
    share.insert(0, "publications", total["taken"])
    return share.reset_index()


def main() -> int:
    """Read all, print or write."""
    parser = argparse.ArgumentParser(description=__doc__)
    shared = Path(os.environ.get("PATENTNAV_SHARED", ROOT.parent / "shared" / "data"))
    parser.add_argument("folder", type=Path, nargs="?", default=shared / "exports")
    parser.add_argument("--write", type=Path, metavar="FILE")
    options = parser.parse_args()
    accounts, fields, seen, wrong = [], [], [], []
    for path in sorted(p for p in options.folder.rglob("*") if p.is_file()):
        if SKIPPED & set(path.relative_to(options.folder).parts):
            continue
        name = path.relative_to(options.folder).as_posix()
        try:
            patents = pnav.read(path)
        except pnav.PatentnavError as error:
            wrong.append(f"{name}: {error}")
            continue
        row = account(patents)
        if row["records"] != row["taken"] + row["merged"] + row["set aside"]:
            wrong.append(f"{name}: the account does not add up")
        accounts.append({"file": name, **row})
        fields.append({"format": row["format"], **records_with(patents)})
        seen.append(sightings(patents, name))
    whole = pd.DataFrame(accounts)
    total = whole[["records", "taken", "merged", "set aside"]].sum()
    sums = f"{len(whole)} files, " + ", ".join(f"{v:,} {k}" for k, v in total.items()) + "."
    pairs, differences = agreement(in_two(pd.concat(seen, ignore_index=True)))
    page = "\n".join(
        [INTRO, sums, "", markdown(whole), "", "## Publications with a field, per cent", "",
         "Rounded down. 0 means that the export has no such column, or an empty one.", "",
         markdown(coverage(fields)), "", "## Publications that two vendors have", "",
         PAIRS, markdown(pairs), "", f"The {len(differences)} that differ:", "",
         markdown(differences[["publication", "field", "vendors"]]), ""]
    )  # fmt: skip
    if options.write:
        options.write.write_text(page, encoding="utf-8")
    else:
        print(page)
    print(differences.to_string(index=False))
    print(*wrong, sep="\n", file=sys.stderr, end="\n" if wrong else "")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
