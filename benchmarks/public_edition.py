"""What readers of the public edition can compute: names of persons, and numbers that were hidden.

    python benchmarks/public_edition.py [--cities 20] [--size 300] [--first 0]

For each invented city two editions of the white paper are made (docx, html, xlsx, pptx), the second
after a correction of the list of enterprises. The attacker has all eight files and nothing else of
ours: tables are read from each file, so that a number that one of them shows is known everywhere.
He is given more than readers have: the totals that are not hidden themselves, and which districts and industries the correction did
not touch. From the sums of both editions together he computes the range of every hidden number, of
counts in whole numbers. A number is recovered where one value is left (a tenth around the amount);
a person where the name stands in any part of any file. Ends with code 1 if anything was recovered.
"""

from __future__ import annotations

import argparse
import itertools
import re
import sys
import tempfile
import warnings
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
import numpy as np
import openpyxl
import pandas as pd
import pptx
from lxml import html
from scipy.optimize import Bounds, LinearConstraint, milp

import patentnav as pnav
from patentnav import datasets, disclosure, report

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION = "云泽市"
FORMS = (".docx", ".html", ".xlsx", ".pptx")
DIMENSIONS = {"区县": "district", "产业": "industry"}
MEASURES = {"企业（家）": "firms", "营业收入（万元）": "revenue", "发明人": "inventors"}
NEAR = 0.1  # of an amount, within which it counts as recovered


@dataclass
class Edition:
    """An edition as a reader has it, and the truth that he is asked for."""

    known: dict[tuple[str, str, str], float] = field(default_factory=dict)
    truth: dict[tuple[str, str, str], float] = field(default_factory=dict)
    secret: set[tuple[str, str, str]] = field(default_factory=set)


# Making


def inputs(seed: int, size: int) -> tuple[pnav.PatentSet, dict[str, Any]]:
    """A city whose list of enterprises is skewed: small districts, one firm that is its industry."""
    city = datasets.city(n=size, random_state=seed)
    tables = datasets.user_tables(city, random_state=seed).tables
    rng = np.random.default_rng(seed)
    firms = tables["EL"]
    places = sorted(firms["district"].dropna().unique())
    drawn = rng.choice(places, len(firms), p=rng.dirichlet(np.ones(len(places)) * 0.8))
    revenue = np.round(rng.lognormal(8, 2, len(firms)), 1)
    tables["EL"] = firms.assign(district=drawn, revenue=revenue)
    return pnav.clean.resolve_inventors(pnav.clean.resolve_parties(city.patents)), tables


def study(patents: pnav.PatentSet, tables: dict[str, Any], **more: Any) -> pnav.Study:
    return pnav.Study(
        patents, region=REGION, taxonomy="jinan-ten", tables=tables, n_clusters=4, **more
    )


def truth(of: pnav.Study, edition: Edition) -> None:
    cells = of.protected.own
    why = disclosure.sensitive(cells)
    for cell, value in cells["value"].items():
        begin, *told = str(cell).split("|")
        place = dict(one.split("=", 1) for one in told)
        key = (begin.split()[0], place.get("district", "*"), place.get("industry", "*"))
        edition.truth[key] = float(value)
        if pd.notna(why[cell]):
            edition.secret.add(key)


# Reading


def tables_of(path: Path) -> Iterator[list[list[str]]]:
    """Tables of a file as lists of texts, the charts' and workbooks' data among them."""
    if path.suffix == ".xlsx":
        for sheet in openpyxl.load_workbook(path):
            yield [
                ["" if v is None else str(v) for v in row]
                for row in sheet.iter_rows(values_only=True)
            ]
    elif path.suffix == ".docx":
        for table in docx.Document(str(path)).tables:
            yield [[cell.text.replace("\n", "") for cell in row.cells] for row in table.rows]
    elif path.suffix == ".html":
        for table in html.fromstring(path.read_text(encoding="utf-8")).iter("table"):
            yield [
                [cell.text_content().strip() for cell in row.iter("th", "td")]
                for row in table.iter("tr")
            ]
    else:
        for slide in pptx.Presentation(str(path)).slides:
            for shape in slide.shapes:
                if shape.has_table:
                    yield [
                        [cell.text.replace("\n", "") for cell in row.cells]
                        for row in shape.table.rows
                    ]
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".xlsx"):
                    inner = path.with_name(f"{path.stem}-{Path(name).name}")
                    inner.write_bytes(archive.read(name))
                    yield from tables_of(inner)


def read(path: Path, names: dict[str, str], edition: Edition) -> int:
    """Note every number that a file shows of firms and persons; how many there were."""
    seen = 0
    for rows in tables_of(path):
        head = next((i for i, r in enumerate(rows) if r and r[0] in DIMENSIONS), None)
        if head is None or not set(rows[head]) & set(MEASURES):
            continue
        for row in rows[head + 1 :]:
            told = dict(zip(rows[head], row, strict=False))
            at = {DIMENSIONS[k]: names.get(v, v) for k, v in told.items() if k in DIMENSIONS}
            for column, measure in MEASURES.items():
                text = told.get(column, "").replace(",", "")
                if at and re.fullmatch(r"-?\d+(\.\d+)?", text):
                    key = (measure, at.get("district", "*"), at.get("industry", "*"))
                    edition.known[key] = float(text)
                    seen += 1
    return seen


def parts(path: Path) -> str:
    """All text of a file, whatever it stands in."""
    if path.suffix == ".html":
        return path.read_text(encoding="utf-8")
    found = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            if name.endswith(".xlsx"):
                inner = path.with_name(f"{path.stem}-names-{Path(name).name}")
                inner.write_bytes(data)
                found.append(parts(inner))
            elif name.endswith((".xml", ".rels", ".txt")):
                found.append(re.sub(r"<[^>]+>", "", data.decode()))
    return " ".join(found)


# Attacking


class System:
    """The innermost numbers of all editions as unknowns, and what is known of their sums."""

    def __init__(self, editions: list[Edition], measure: str) -> None:
        self.at: dict[tuple[int, str, str], int] = {}
        self.editions, self.measure = editions, measure
        for e, one in enumerate(editions):
            own = [k for k in one.truth if k[0] == measure]
            places = sorted({d for _, d, _ in own} - {"*"}) or ["*"]
            branches = sorted({i for _, _, i in own} - {"*"}) or ["*"]
            for d, i in itertools.product(places, branches):
                self.at[e, d, i] = len(self.at)
        rows, values = [], []
        for e, one in enumerate(editions):
            for (m, d, i), value in one.known.items():
                if m == measure:
                    rows.append(self.row(e, d, i))
                    values.append(value)
            whole = (measure, "*", "*")
            total = one.truth.get(whole)
            # A total that is hidden itself is what he is asked for, not what he is given.
            if total is not None and whole not in one.secret:
                rows.append(self.row(e, "*", "*"))
                values.append(total)
        # What the correction did not touch is one number in both.
        for key, value in editions[0].truth.items():
            later = editions[1].truth.get(key) if len(editions) > 1 else None
            if key[0] == measure and later is not None and np.isclose(later, value):
                rows.append(self.row(0, *key[1:]) - self.row(1, *key[1:]))
                values.append(0.0)
        self.sums = np.array(rows)
        # Printed amounts are rounded.
        slack = 0.5 if measure == "revenue" else 0.0
        self.low, self.high = np.array(values) - slack, np.array(values) + slack

    def row(self, edition: int, district: str, industry: str) -> np.ndarray:
        made = np.zeros(len(self.at))
        for (e, d, i), at in self.at.items():
            if e == edition and district in {"*", d} and industry in {"*", i}:
                made[at] = 1.0
        return made

    def range(self, edition: int, district: str, industry: str) -> tuple[float, float]:
        goal, whole = self.row(edition, district, industry), self.measure != "revenue"
        ends = []
        for sign in (1.0, -1.0):
            found = milp(
                sign * goal, constraints=LinearConstraint(self.sums, self.low, self.high),
                integrality=np.full(len(goal), int(whole)), bounds=Bounds(0, np.inf),
            )  # fmt: skip
            ends.append(sign * found.fun if found.success else (-np.inf, np.inf)[sign < 0])
        return ends[0], ends[1]


def recovered(editions: list[Edition]) -> tuple[int, list[str]]:
    """Secret numbers that were attacked, and those of which one value is left."""
    tried, lost = 0, []
    for measure in MEASURES.values():
        secret = [
            (e, k) for e, one in enumerate(editions) for k in sorted(one.secret) if k[0] == measure
        ]
        if not secret:
            continue
        system = System(editions, measure)
        for e, key in secret:
            value = editions[e].truth[key]
            tried += 1
            if key in editions[e].known:
                lost.append(f"edition {e + 1}: {key} is printed: {editions[e].known[key]:g}")
                continue
            low, high = system.range(e, *key[1:])
            amount = measure == "revenue"
            told = (
                (low >= (1 - NEAR) * value and high <= (1 + NEAR) * value)
                if amount
                else high - low < 1
            )
            if told and value:
                lost.append(f"edition {e + 1}: {key} lies between {low:g} and {high:g}")
    return tried, lost


def attack(seed: int, size: int, folder: Path) -> tuple[int, int, int, list[str]]:
    """Files read, secrets and names tried, and what was recovered of one city."""
    patents, tables = inputs(seed, size)
    first = study(patents, tables)
    record = disclosure.write_record(first.protected, folder / "first.json")
    more = tables["EL"].head(3).assign(name=["甲乙丙一厂", "甲乙丙二厂", "甲乙丙三厂"], uscc=pd.NA)
    later = {**tables, "EL": pd.concat([tables["EL"], more], ignore_index=True)}
    second = study(patents, later, earlier_edition=str(record))
    people = {n for n in patents.inventors["name_raw"].dropna().unique() if len(n) > 2}
    alone = patents.parties[patents.parties["party_type"] == "individual"]
    people |= {n for n in alone["name_raw"].dropna().unique() if len(n) > 2}
    editions, texts, lost = [], [], []
    for number, of in enumerate((first, second)):
        made, one = report.build(of, "whitepaper", "zh", strict=True), Edition()
        truth(of, one)
        names = {v: k for k, v in of.tree.names("zh").items()} | {"未注明": "NA"}
        for form in FORMS:
            path = made.save(folder / f"edition{number}{form}")
            seen = read(path, names, one)
            if form == ".xlsx" and not seen:
                lost.append(f"edition {number + 1}: no number was read, so nothing was attacked")
            texts.append(parts(path))
        editions.append(one)
    tried, found = recovered(editions)
    lost += found
    lost += [f"name: {n}" for n in sorted(people) if any(n in text for text in texts)]
    return len(texts), tried, len(people), lost


def main() -> int:
    wanted = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    wanted.add_argument("--cities", type=int, default=20)
    wanted.add_argument("--size", type=int, default=300)
    wanted.add_argument("--first", type=int, default=0)
    chosen = wanted.parse_args()
    warnings.simplefilter("ignore")
    breaches, secrets, names = 0, 0, 0
    for seed in range(chosen.first, chosen.first + chosen.cities):
        with tempfile.TemporaryDirectory() as folder:
            files, tried, people, lost = attack(seed, chosen.size, Path(folder))
        breaches, secrets, names = breaches + len(lost), secrets + tried, names + people
        print(
            f"city {seed}: {files} files, {tried} hidden numbers, {people} names: {len(lost)} recovered",
            flush=True,
        )
        for one in lost:
            print(f"  {one}", flush=True)
    print(f"{chosen.cities} cities, {secrets} hidden numbers, {names} names: {breaches} recovered")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
