"""The white paper gives away no hidden number and no person: attacked through its files alone."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from scipy.optimize import linprog

import patentnav as pnav
from patentnav import datasets, disclosure, report

if TYPE_CHECKING:
    from pathlib import Path

REGION = "云泽市"
SHEETS = {
    "各区县的名录内企业": "district",
    "各产业的名录内企业": "industry",
    "名录内企业的区县与产业分布": "both",
}


def _city(seed: int) -> tuple[pnav.PatentSet, dict[str, Any]]:
    city = datasets.city(n=500, random_state=seed)
    tables = datasets.user_tables(city, random_state=seed).tables
    rng = np.random.default_rng(seed)
    firms = tables["EL"]
    # A skewed list: small districts and industries, one firm that is nearly all of its industry.
    places = sorted(firms["district"].dropna().unique())
    share = rng.dirichlet(np.ones(len(places)) * 0.8)
    tables["EL"] = firms.assign(
        district=rng.choice(places, len(firms), p=share),
        revenue=np.round(rng.lognormal(8, 2, len(firms)), 1),
    )
    patents = pnav.clean.resolve_inventors(pnav.clean.resolve_parties(city.patents))
    return patents, tables


def _study(patents: pnav.PatentSet, tables: dict[str, Any], **more: Any) -> pnav.Study:
    return pnav.Study(
        patents, region=REGION, taxonomy="jinan-ten", tables=tables, n_clusters=4, **more
    )


def _printed(path: Path) -> dict[str, pd.DataFrame]:
    """The sheets of enterprises as a reader has them."""
    found = {}
    book = openpyxl.load_workbook(path, read_only=True)
    for sheet in book:
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        title = str(rows[0][0]) if rows else ""
        for words, what in SHEETS.items():
            if words in title:
                head = next(i for i, row in enumerate(rows) if row[0] in ("区县", "产业"))
                columns = [str(c) for c in rows[head] if c]
                body = [row[: len(columns)] for row in rows[head + 1 :] if row[0]]
                found[what] = pd.DataFrame(body, columns=columns)
    return found


def _bounds(found: dict[str, pd.DataFrame], column: str, total: float) -> dict[str, list[float]]:
    """Ranges of the hidden cells that follow from the printed ones, by linear programming."""
    ranges: dict[str, list[float]] = {}
    for what in ("district", "industry"):
        if what not in found or column not in found[what]:
            continue
        values = pd.to_numeric(found[what][column], errors="coerce")
        hidden = found[what].iloc[:, 0][values.isna()]
        rest = total - values.sum()
        for at, name in enumerate(hidden):
            ends = []
            for sign in (1, -1):
                goal = np.zeros(len(hidden))
                goal[at] = sign
                solved = linprog(
                    goal, A_eq=np.ones((1, len(hidden))), b_eq=[rest], bounds=(0, None)
                )
                ends.append(sign * solved.fun)
            ranges[str(name)] = ends
    return ranges


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_readers_recover_nothing(tmp_path: Path, seed: int) -> None:
    patents, tables = _city(seed)
    first = _study(patents, tables)
    record = disclosure.write_record(first.protected, tmp_path / "first.json")
    # A correction: in the second edition three firms more.
    more = tables["EL"].head(3).assign(name=["甲乙丙一厂", "甲乙丙二厂", "甲乙丙三厂"], uscc=pd.NA)
    later = {**tables, "EL": pd.concat([tables["EL"], more], ignore_index=True)}
    second = _study(patents, later, earlier_edition=record)
    for study in (first, second):
        made = report.build(study, "whitepaper", "zh", strict=True)
        path = made.save(tmp_path / "paper.xlsx")
        found, cells = _printed(path), study.protected.cells
        year = int(pd.to_numeric(study.user_tables["EL"].frame["year"]).max())
        truth = cells["value"]
        secret = disclosure.sensitive(cells).dropna().index
        for name, column in (("firms", "企业（家）"), ("revenue", "营业收入（万元）")):
            whole = float(truth[f"{name} {year}|district=*|industry=*"])
            for label, (low, high) in _bounds(found, column, whole).items():
                for dimension in ("district", "industry"):
                    names = {v: k for k, v in study.tree.names("zh").items()} | {"未注明": "NA"}
                    told = {"district": "*", "industry": "*", dimension: names.get(label, label)}
                    cell = f"{name} {year}|district={told['district']}|industry={told['industry']}"
                    if cell in secret:
                        value = truth[cell]
                        wide = high - low >= (2 if name == "firms" else 0.2 * value)
                        assert wide, f"{cell} lies between {low} and {high}"
        hidden = {c for c in cells.index[~cells["published"]] if not c.startswith("edition ")}
        if study is second:
            before = {
                c for c in first.protected.cells.index[~first.protected.cells["published"]]
                if c in truth.index and truth[c] == first.protected.cells["value"][c]
                and c in disclosure.sensitive(first.protected.cells).dropna().index
            }  # fmt: skip
            assert before <= hidden


def test_no_person_in_any_file(tmp_path: Path) -> None:
    patents, tables = _city(3)
    persons = {n for n in patents.inventors["name_raw"].dropna().unique() if len(n) > 2}
    made = report.build(_study(patents, tables), "whitepaper", "zh", strict=True)
    for suffix in (".docx", ".html", ".xlsx", ".pptx"):
        path = made.save(tmp_path / f"paper{suffix}")
        if suffix == ".html":
            text = path.read_text(encoding="utf-8")
        else:
            with zipfile.ZipFile(path) as archive:
                parts = [
                    archive.read(n) for n in archive.namelist() if n.endswith((".xml", ".rels"))
                ]
            text = " ".join(re.sub(r"<[^>]+>", "", part.decode()) for part in parts)
        assert not {name for name in persons if name in text}


def test_names_of_people_cannot_be_asked_for() -> None:
    patents, tables = _city(4)
    with pytest.raises(pnav.ArgumentError, match="for the public"):
        report.build(_study(patents, tables, masked=False), "whitepaper", "zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_tables_it_says_what_is_missing(lang: str) -> None:
    patents, _ = _city(5)
    made = report.build(_study(patents, {}), "whitepaper", lang, strict=True)
    sections = {one.id: one for one in made.sections}
    for name in ("paper.districts", "paper.protection", "paper.management", "paper.services"):
        (text,) = sections[name].blocks
        assert text.key == "missing.user_table"
