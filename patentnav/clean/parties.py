"""Organisations: legal entities, groups, types and regions behind the names in the exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav._version import __version__
from patentnav.clean import chinese, party_links, regions
from patentnav.clean.party_names import group_names
from patentnav.clean.party_types import party_types
from patentnav.errors import ArgumentError
from patentnav.provenance import Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from patentnav.patentset import PatentSet


def resolve_parties(
    patents: PatentSet,
    aliases: Mapping[str, str] | pd.DataFrame | None = None,
    decisions: pd.DataFrame | None = None,
) -> PatentSet:
    """Say which organisation (or person) stands behind every party of a set.

    Parameters
    ----------
    patents
        A set with ``parties``.
    aliases
        Names that the user knows to be one: ``{alias: name}``, or a frame ``alias, name``. They win
        over everything else.
    decisions
        Reviewed merges and splits, see :mod:`patentnav.clean.decisions`.

    Returns
    -------
    PatentSet
        ``parties`` gains ``party_id`` (legal entity; branches and colleges folded), ``group_id``
        (firms of one group), ``name`` (most frequent spelling of the party), ``party_type``,
        ``confidence`` (0 to 1, of the merge), and ``region`` and ``city`` where the address or the
        name says them and the source did not.

    Raises
    ------
    MissingTableError
        The set has no ``parties``.
    ArgumentError
        ``aliases`` is neither a mapping nor a frame with both columns.
    """
    parties = patents.parties
    known = _alias_map(aliases)
    called = parties["name_raw"].map(lambda name: known.get(name, name)).astype("str")
    names = _distinct(patents, called)
    del decisions  # replay: to come
    row = names.reindex(called).reset_index(drop=True)
    place = _places(parties, row)
    resolved = parties.assign(
        name=row["name"].to_numpy(),
        party_id=row["party_id"].to_numpy(),
        group_id=row["group_id"].to_numpy(),
        party_type=row["party_type"].to_numpy(),
        confidence=row["confidence"].to_numpy(),
        region=place["region"].to_numpy(),
        city=place["city"].to_numpy(),
    )
    n = len(patents)
    step = Step("clean.resolve_parties", {"aliases": len(known)}, n, n, __version__)
    return patents.replace(step, parties=resolved)


def _alias_map(aliases: Mapping[str, str] | pd.DataFrame | None) -> dict[str, str]:
    if aliases is None:
        return {}
    if isinstance(aliases, pd.DataFrame):
        if not {"alias", "name"} <= set(aliases.columns):
            msg = f"aliases needs the columns alias and name, it has {', '.join(aliases.columns)}."
            raise ArgumentError(msg)
        return dict(zip(aliases["alias"].astype(str), aliases["name"].astype(str), strict=True))
    return {str(alias): str(name) for alias, name in aliases.items()}


def _distinct(patents: PatentSet, called: pd.Series) -> pd.DataFrame:
    """One row per distinct name with all that is said of it."""
    counts = called.value_counts()
    names = group_names(counts.index)
    names["mentions"] = counts.reindex(names.index).astype("int64")
    names["party_type"] = party_types(names.index.to_series())
    pairs = party_links.script_pairs(patents, names, called)
    joined = pairs[pairs["accepted"]].drop_duplicates("latin").set_index("latin")["chinese"]
    across = names["party_id"].isin(joined.index)
    names.loc[across, "reason"] = "script_pair"
    names["party_id"] = names["party_id"].map(lambda party: joined.get(party, party)).astype("str")
    names["spelling"] = names.index.to_series().map(_display)
    names["name"] = _most_frequent(names, "party_id", "spelling")
    names["party_type"] = party_types(names["name"])
    links = party_links.group_links(names, _vendor_names(called, patents.parties["name_standard"]))
    groups = party_links.group_ids(pd.Series(sorted(names["party_id"].unique())), links)
    names["group_id"] = names["party_id"].map(groups).astype("str")
    return names


def _display(name: str) -> str:
    return chinese.one_spelling(name) if chinese.has_cjk(name) else " ".join(name.split())


def _most_frequent(names: pd.DataFrame, by: str, column: str) -> pd.Series:
    totals = names.groupby([by, column])["mentions"].sum().reset_index()
    # A Chinese name is shown before a Latin one: it says the legal entity.
    totals["latin"] = ~totals[column].map(chinese.has_cjk).to_numpy(dtype=bool)
    order = [by, "latin", "mentions", column]
    best = totals.sort_values(order, ascending=[True, True, False, True])
    chosen = best.drop_duplicates(by).set_index(by)[column]
    return names[by].map(chosen)


def _vendor_names(called: pd.Series, standard: pd.Series) -> pd.Series:
    frame = pd.DataFrame({"called": called, "standard": standard}).dropna()
    if frame.empty:
        return pd.Series(dtype="str")
    totals = frame.value_counts().reset_index()
    best = totals.sort_values(["called", "count", "standard"], ascending=[True, False, True])
    return best.drop_duplicates("called").set_index("called")["standard"]


def _places(parties: pd.DataFrame, row: pd.DataFrame) -> pd.DataFrame:
    by_name = {n: chinese.parse(n).region for n in row["name"].unique() if chinese.has_cjk(n)}
    by_address = {a: regions.find(a) for a in parties["address"].dropna().unique()}
    nowhere = regions.Region()
    found = [
        by_address.get(address, nowhere) if isinstance(address, str) else nowhere
        for address in parties["address"]
    ]
    found = [
        place if place.province else by_name.get(name, nowhere)
        for place, name in zip(found, row["name"], strict=True)
    ]
    place = pd.DataFrame(found, columns=["region", "city", "district"], dtype="str")
    said = parties[["region", "city"]].reset_index(drop=True)
    return said.where(said.notna(), place[["region", "city"]].replace("", None))
