"""Samples of what the rules decided on organisations, drawn for somebody to read and judge.

Four tables, the same for the same seed: ``merges`` (pairs of one group by a trade name that the
vendor labels differently, one per trade name), ``scripts`` (a Latin and a local name taken as one),
``types`` (applicants at random) and ``types_each`` (as many of every type).
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pandas as pd

import patentnav as pnav
from patentnav.clean import chinese, parties, party_names, party_scripts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FOLDERS = (
    "incopat", "patentics", "patsnap", "cnipr_sipo", "lens", "google_patents",
    "derwent_innovation", "patentscope", "epo_ops", "wipo_landscape_labelled",
)  # fmt: skip
TRADE_NAMES = (
    "brand",
    "brand_in_region",
    "brand_of_group",
    "prefix",
    "known_brand",
    "parent",
    "brand_and_people",
)


def read_all(exports: Path) -> pnav.PatentSet:
    """The publications of every export that names parties, in one set."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        files = [f for folder in FOLDERS for f in sorted((exports / folder).iterdir())]
        sets = [patents for patents in map(pnav.read, files) if patents.has("parties")]
        return pnav.concat([patents for patents in sets if len(patents.parties)])


def samples(patents: pnav.PatentSet, seed: int) -> dict[str, pd.DataFrame]:
    """The four tables, each with an empty column ``judged``."""
    called = patents.parties["name_raw"].astype("str")
    names, links = parties.distinct_names(patents, called)
    alone = party_names.group_names(names.index).assign(party_type=names["party_type"])
    scripts = party_scripts.script_pairs(patents, alone, called)
    scripts = scripts[scripts["accepted"]]
    applicants = names.reset_index()[["name_raw", "party_type"]]
    tables = {
        "merges": _drawn(_merges(patents, names, links), 100, seed),
        "scripts": _drawn(scripts[["latin_name", "local_name", "reason", "sightings"]], 100, seed),
        "types": _drawn(applicants, 200, seed),
        "types_each": pd.concat(
            [_drawn(rows, 30, seed) for _, rows in applicants.groupby("party_type", sort=True)]
        ),
    }
    return {name: table.assign(judged="") for name, table in tables.items()}


def _drawn(table: pd.DataFrame, n: int, seed: int) -> pd.DataFrame:
    ordered = table.sort_values(list(table.columns), ignore_index=True)
    return ordered.sample(min(n, len(ordered)), random_state=seed).reset_index(drop=True)


def _merges(patents: pnav.PatentSet, names: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Per trade name the two most frequent parties whose names the vendor labels differently."""
    said = patents.parties[["name_raw", "name_standard"]].dropna().drop_duplicates()
    labels = said.groupby("name_raw")["name_standard"].agg(set)
    local = names[names.index.map(chinese.has_han) & names.index.isin(labels.index)]
    local = local.reset_index().sort_values(["mentions", "name_raw"], ascending=[False, True])
    local = local.drop_duplicates("party_id").set_index("party_id")
    rows = []
    trade = links[links["reason"].isin(TRADE_NAMES) & links["party_id"].isin(local.index)]
    for (token, reason), members in trade.groupby(["token", "reason"])["party_id"]:
        found = _differently_labelled(local.loc[sorted(set(members))], labels)
        if found:
            rows.append((token, reason, *found))
    table = pd.DataFrame(rows, columns=["token", "reason", "first", "second"])
    trade_name = table["token"].str.replace(r"^\w+:|@.*$", "", regex=True)
    return table.assign(token=trade_name).drop_duplicates("token")


def _differently_labelled(found: pd.DataFrame, labels: pd.Series) -> tuple[str, str] | None:
    names: Iterable[str] = found.sort_values("mentions", ascending=False)["name_raw"]
    first, *rest = list(names)
    return next(((first, n) for n in rest if not labels[first] & labels[n]), None)
