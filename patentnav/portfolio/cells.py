"""Cells: which unit stands with which owner in which group, and what is known of every unit."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Literal

import pandas as pd

from patentnav import clean
from patentnav._strings import among
from patentnav.counting import unit_ids
from patentnav.errors import ArgumentError, MissingColumnError, MissingTableError
from patentnav.facts import DEAD, GRANTED, LIVING, main_symbols, owners, pct_evidence
from patentnav.normalize import symbols

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.facts import OwnerChoice, OwnerLevel
    from patentnav.patentset import PatentSet

Alive = Literal["in_force"] | bool | None
By = pd.Series | pd.DataFrame | str | None

STATES = ("filed", "living", "granted", "in_force")  # inventions counted in four ways
UNITS = ["counted", "untyped", "pct", "told", "pct_key"]


def alive_word(alive: Alive) -> str:
    """The word for what counts: ``all``, ``alive`` or ``in_force``."""
    if alive is None:
        return "all"
    if alive is True:
        return "alive"
    if alive == "in_force":
        return "in_force"
    msg = f'alive={alive!r} is not one of None, True, "in_force".'
    raise ArgumentError(msg)


def resolved(patents: PatentSet, owner: OwnerLevel) -> PatentSet:
    """The set with groups of its parties, resolved here where that has not been done."""
    if owner != "group" or not patents.has("parties"):
        return patents
    if patents.parties["party_id"].notna().any():
        return patents
    return clean.resolve_parties(patents)


def facts(
    patents: PatentSet, unit: Unit | None, *, granted_only: bool, alive: Alive
) -> pd.DataFrame:
    """One row per publication: its unit and family, whether its unit counts, its PCT state.

    ``filed, living, granted, in_force`` say of its unit whether it is an invention that counts so
    (boolean, NA where not told), ``counted`` which of them is asked for; ``pct`` whether its PCT
    application counts, ``has_pct`` whether there is one.
    """
    publications = patents.publications
    units = unit_ids(patents, unit)
    kind = publications["patent_type"].groupby(units).transform("first")
    filed = (kind == "invention").astype("boolean").mask(kind.isna())
    states = {"filed": filed}
    for name in STATES[1:]:
        states[name] = filed & _state(patents, name, units)
    counted = states["granted"] if granted_only else filed
    evidence = pct_evidence(patents, unit)
    pct = evidence["pct"]
    if alive is not None:
        if not patents.has("publications", "legal_status"):
            msg = (
                f"alive={alive!r} needs publications.legal_status, which no publication has. Export "
                "the legal status, or pass alive=None to count all."
            )
            raise MissingColumnError(msg)
        living = _state(patents, {"alive": "living"}.get(alive_word(alive), "in_force"), units)
        counted, pct = counted & living, pct & living
    return pd.DataFrame(
        {
            "unit_id": units,
            "family_id": unit_ids(patents, "family" if patents.has("families") else "application"),
            "counted": counted,
            "untyped": kind.isna(),
            "pct": pct,
            "has_pct": evidence["pct"],
            "told": evidence["pct"].notna(),
            "pct_key": evidence["pct_key"],
            "date": publications["publication_date"],
            **states,
        }
    )


def _state(patents: PatentSet, name: str, units: pd.Series) -> pd.Series:
    """Whether any right of the unit lives, was granted or is in force; NA where not told."""
    publications = patents.publications
    if name == "granted":
        stated = publications["granted"].astype("boolean")
        proven = publications["grant_date"].notna() | publications["legal_status"].isin(GRANTED)
        return _any(patents, stated.mask(proven, True), units)
    status = publications["legal_status"]
    kept = LIVING if name == "living" else ("in_force",)
    return _any(
        patents, status.isin(kept).astype("boolean").mask(~status.isin([*LIVING, *DEAD])), units
    )


def _any(patents: PatentSet, stated: pd.Series, units: pd.Series) -> pd.Series:
    """Whether it holds for any right of the unit; NA where none says yes and some say nothing.

    Documents of one application speak of the same right, so that one of them is enough.
    """
    applications = unit_ids(patents, "application")
    if not units.equals(unit_ids(patents, "publication")):
        stated = stated.groupby(applications).transform("max").astype("boolean")
    yes = stated.fillna(False).groupby(units).transform("any")
    silent = stated.isna().groupby(units).transform("any")
    return yes.astype("boolean").mask(silent & ~yes)


def labels(patents: PatentSet, by: By) -> tuple[pd.DataFrame, str]:
    """Groups of publications (``publication_id, technology``) and what they are called."""
    name = "technology"
    if isinstance(by, pd.DataFrame):
        name = next(column for column in by.columns if column != "publication_id")
        found = by.set_index("publication_id")[name]
    elif isinstance(by, str):
        if by not in patents.publications.columns:
            msg = f'publications has no column "{by}". Add it with assign.'
            raise MissingColumnError(msg)
        found, name = patents.publications[by], by
    elif by is not None:
        found, name = by, str(by.name or "technology")
    elif patents.has("classifications"):
        found, name = symbols.level(main_symbols(patents), "subclass"), "subclass"
    else:
        msg = "Without by= the main IPC subclass is taken, but the set has no classes."
        raise MissingTableError(msg)
    found = found[among(found.index, patents.publications.index)].dropna()
    long = found.rename("technology").rename_axis("publication_id").reset_index()
    return long.drop_duplicates(ignore_index=True), name


def cells(
    patents: PatentSet,
    known: pd.DataFrame,
    labelled: pd.DataFrame,
    owner: OwnerLevel,
    which: OwnerChoice,
) -> pd.DataFrame:
    """Which unit stands in which candidate: ``unit_id, owner_id, owner, technology``.

    A unit takes owner and groups of its latest publication that has them.
    """
    held = owners(patents, owner, which=which).rename(
        columns={"owner": "owner_id", "name": "owner"}
    )
    ordered = known.reset_index().sort_values(["date", "publication_id"], na_position="first")

    def latest(ids: pd.Series) -> pd.DataFrame:
        told = ordered[among(ordered["publication_id"], ids)]
        return told.drop_duplicates("unit_id", keep="last")[["unit_id", "publication_id"]]

    named = latest(labelled["publication_id"]).merge(labelled, on="publication_id")
    found = latest(held["publication_id"]).merge(held, on="publication_id")
    found = found.merge(named[["unit_id", "technology"]], on="unit_id")
    return found[["unit_id", "owner_id", "owner", "technology"]]


def count(found: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Numbers, members and families of every candidate."""
    per_unit = known.groupby("unit_id")[[*UNITS, "has_pct", *STATES]].first()
    joined = found.join(per_unit, on="unit_id")
    key = joined["pct_key"].fillna(joined["unit_id"])
    joined = joined.assign(
        open=joined["counted"].isna().astype(int),
        inventions=joined["counted"].fillna(False).astype(int),
        untyped=joined["untyped"].astype(int),
        pct_id=key.where(joined["pct"].fillna(False).astype(bool)),
        pct_open=joined["pct"].isna().astype(int),
    )
    counts, has = {}, joined["has_pct"].fillna(False)
    for state in STATES:
        yes = joined[state].fillna(False).astype(bool)
        joined[f"pct_{state}"] = key.where((has & yes).astype(bool))
        counts[state] = (state, "sum")
        counts[f"pct_{state}"] = (f"pct_{state}", "nunique")
        joined[state] = yes.astype(int)
    groups = joined.groupby(["owner_id", "technology"], sort=True, observed=True)
    table = groups.agg(
        owner=("owner", "first"),
        units=("unit_id", "size"),
        inventions=("inventions", "sum"),
        inventions_unknown=("open", "sum"),
        untyped=("untyped", "sum"),
        pct=("pct_id", "nunique"),
        pct_unknown=("pct_open", "sum"),
        pct_told=("told", "sum"),
        **counts,
    )
    for state in STATES:
        table[f"pct_{state}"] = table[f"pct_{state}"].astype("Int64").mask(table["pct_told"] == 0)
    filed = known["filed"].fillna(False).astype(bool)
    for state in STATES[1:]:
        if known.loc[filed, state].isna().all():  # of no invention is it told
            table[state] = table[f"pct_{state}"] = pd.NA
    held = joined[["unit_id", "owner_id", "technology"]].merge(
        known[["unit_id", "family_id"]].reset_index(), on="unit_id"
    )
    table["members"] = _tuples(held, "publication_id", table.index)
    table["families"] = _tuples(held, "family_id", table.index)
    table = table.reset_index()
    whole = ["units", "inventions", "inventions_unknown", "pct", "pct_unknown", *counts]
    return table.astype(dict.fromkeys(whole, "Int64"))


def _tuples(held: pd.DataFrame, column: str, index: pd.Index) -> list[tuple[str, ...]]:
    """Sorted distinct values of every cell, in the order of the (sorted) cells."""
    rows = held[["owner_id", "technology", column]].drop_duplicates()
    rows = rows.sort_values(["owner_id", "technology", column])
    ids = rows[column].tolist()
    ends = rows.groupby(["owner_id", "technology"], sort=True, observed=True).size().cumsum()
    bounds = [0, *ends.reindex(index).tolist()]
    return [tuple(ids[i:j]) for i, j in itertools.pairwise(bounds)]
