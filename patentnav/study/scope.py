"""What is studied: the cleaned set, its industries, the part that is looked at, and the unit."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import _resources, classify, clean, counting, facts, tables, talent
from patentnav import taxonomy as taxonomies
from patentnav._strings import among
from patentnav._version import __version__
from patentnav.clean import regions
from patentnav.errors import ArgumentError, UnknownNameError
from patentnav.provenance import Step

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from patentnav.counting import Unit
    from patentnav.facts import OwnerLevel
    from patentnav.patentset import PatentSet
    from patentnav.study.inputs import Inputs
    from patentnav.study.steps import Later
    from patentnav.taxonomy import Taxonomy


def tree(taxonomy: str | Path | Taxonomy) -> Taxonomy:
    """Taxonomy of the industries."""
    return taxonomy if isinstance(taxonomy, taxonomies.Taxonomy) else taxonomies.load(taxonomy)


def with_taxonomy(given: PatentSet, inputs: Inputs) -> Inputs:
    """Inputs with a taxonomy: the chosen one, else by what the set is.

    The one that has all industries of the user table IS; the list of a province's own
    (``data/defaults/taxonomy.toml``) for Chinese sets of that province and where the industry asked
    for is one of its; the usual one otherwise.
    """
    if inputs.taxonomy is not None:
        return inputs
    told = _of_statistics(inputs)
    if told is not None:
        return dataclasses.replace(inputs, taxonomy=told)
    defaults = _resources.load_toml("defaults", "taxonomy")
    usual = str(defaults["usual"])
    asked = {node for node in (inputs.industry, inputs.sub_sector) if node}
    strange = asked - taxonomies.load(usual).nodes.keys()
    for home, name in defaults["home"].items():
        own = taxonomies.load(name).nodes.keys()
        here = bool(strange) and strange <= own
        if not here and (strange or not asked):
            here = _lies_in(given, inputs.region, home)
        if here:
            return dataclasses.replace(inputs, taxonomy=str(name))
    return dataclasses.replace(inputs, taxonomy=usual)


def _of_statistics(inputs: Inputs) -> str | None:
    """The shipped taxonomy that has all industries of the table IS, if there is just one."""
    if not inputs.tables or "IS" not in inputs.tables:
        return None
    source = inputs.tables["IS"]
    table = source if isinstance(source, tables.UserTable) else tables.read(source, "IS")
    named = set(table.frame["industry"].dropna())
    asked = {node for node in (inputs.industry, inputs.sub_sector) if node}
    having = [
        n for n in taxonomies.names() if named and named | asked <= taxonomies.load(n).nodes.keys()
    ]
    return having[0] if len(having) == 1 else None


def _lies_in(given: PatentSet, region: str, home: str) -> bool:
    """Whether a set is Chinese and its region, or most of its parties, lie in a province."""
    if 2 * int((given.publications["authority"] == "CN").sum()) < len(given):
        return False
    if region:
        return regions.cut_front(region.strip(), leave=0)[0].province == home
    if not given.has("parties"):
        return False
    said = given.parties["region"].fillna(given.parties["city"]).dropna()
    here = {name for name in said.unique() if regions.find(name).province == home}
    return 2 * int(said.isin(here).sum()) > len(said)


def _timely(patents: PatentSet) -> PatentSet:
    """The set without states that say a term is over which runs on: what is true of these is not known."""
    wrong = facts.untimely(patents)
    if not wrong.any():
        return patents
    publications = patents.publications
    states = publications["legal_status"].mask(wrong)
    n = len(patents)
    step = Step("study.untimely", {"publications": int(wrong.sum())}, n, n, __version__)
    return patents.replace(step, publications=publications.assign(legal_status=states))


def cleaned(
    given: PatentSet,
    aliases: str | Path | Mapping[str, str] | pd.DataFrame | None,
    decisions: str | Path | pd.DataFrame | None,
    *,
    masked: bool,
) -> PatentSet:
    """One publication per application, with parties and inventors resolved.

    Parties and inventors that were resolved before are taken as they are, unless aliases or
    decisions are given.
    """
    patents = _timely(clean.deduplicate(given, unit="application"))
    again = aliases is not None or decisions is not None
    if patents.has("parties") and (again or not patents.has("parties", "party_id")):
        patents = clean.resolve_parties(patents, aliases, decisions)
    again = decisions is not None
    if patents.has("inventors") and (again or not patents.has("inventors", "inventor_id")):
        patents = clean.resolve_inventors(patents, decisions)
    people = patents.has("inventors") or patents.has("parties", "party_type")
    if masked and people:
        patents = talent.mask(patents)
    return patents


def classified(
    cleaned: PatentSet, tree: Taxonomy, given_memberships: pd.DataFrame | None
) -> pd.DataFrame:
    """Industries of all publications (:func:`patentnav.classify.memberships`)."""
    if given_memberships is not None:
        return given_memberships
    return classify.memberships(cleaned, tree)


def fields(patents: PatentSet) -> pd.DataFrame:
    """The technical fields of WIPO, as memberships (:func:`patentnav.classify.memberships`)."""
    return classify.memberships(patents, taxonomies.load("wipo-35"))


def owner_level(cleaned: PatentSet, given_owner: OwnerLevel | None) -> OwnerLevel:
    """Level at which owners are counted: as chosen, else groups where some are known."""
    if given_owner is not None:
        facts.check_owner_level(given_owner)
        return given_owner
    known = cleaned.has("parties", "group_id") and cleaned.parties["group_id"].notna().any()
    return "group" if known else "party"


def patents(
    *,
    cleaned: PatentSet,
    classified: Later[pd.DataFrame],
    tree: Taxonomy,
    industry: str,
    sub_sector: str,
    applicant: str,
    owner_level: OwnerLevel,
) -> PatentSet:
    """The publications the study is about.

    Raises
    ------
    UnknownNameError
        The taxonomy has no such industry or sub-sector, or the set no such applicant.
    ArgumentError
        No publication belongs to it.
    """
    chosen = cleaned
    for column, node in (("industry", industry), ("sub_sector", sub_sector)):
        if not node:
            continue
        known = tree.top if column == "industry" else [k for k in tree.nodes if k not in tree.top]
        if node not in known:
            raise UnknownNameError(column.replace("_", "-"), node, known)
        rows = classified()
        ids = rows.loc[rows[column] == node, "publication_id"]
        chosen = chosen.filter(ids[ids.isin(chosen.publications.index)].unique())
        if not len(chosen):
            msg = f'No publication belongs to the {column.replace("_", "-")} "{node}".'
            raise ArgumentError(msg)
    if applicant:
        rows = facts.owners(chosen, owner_level, which="all")
        own = rows[(rows["owner"] == applicant) | (rows["name"] == applicant)]
        if own.empty:
            own = _spelled(chosen, rows, owner_level, applicant)
        chosen = chosen.filter(own["publication_id"].unique())
    return chosen


def _spelled(
    patents: PatentSet, owners: pd.DataFrame, level: OwnerLevel, applicant: str
) -> pd.DataFrame:
    """Owners that a party of this spelling belongs to."""
    held = facts.holders(patents)
    ids = facts.party_ids(held, level)
    here = ids[(held["name"] == applicant) | (held["name_raw"] == applicant)].unique()
    if not len(here):
        raise UnknownNameError("applicant of the set", applicant, owners["name"].dropna().unique())
    return owners[owners["owner"].isin(here)]


def memberships(classified: pd.DataFrame, patents: PatentSet) -> pd.DataFrame:
    """Industries of the publications that are studied."""
    return classified[among(classified["publication_id"], patents.publications.index)]


def unit(given: PatentSet, given_unit: Unit | None) -> Unit:
    """What is counted: as chosen, else the finest unit that the data support."""
    return given_unit or counting.best_unit(given)


def unit_ids(patents: PatentSet, unit: Unit) -> pd.Series:
    """Counted unit by publication."""
    return counting.unit_ids(patents, unit)


def units(unit_ids: pd.Series) -> int:
    """Number of counted units."""
    return int(unit_ids.nunique())


def local(patents: PatentSet, region: str) -> pd.Series | None:
    """Whether each publication has an owner in the region (:func:`patentnav.facts.inside`).

    None where no region is given or nothing can be compared: no owner says a place, or all or
    none of those that do lie inside.
    """
    if not region or not patents.has("parties"):
        return None
    inside = facts.inside(patents, region)
    return inside if inside.nunique() > 1 else None


def sides(local: pd.Series | None) -> pd.DataFrame | None:
    """Local and other publications as a membership table; those of unknown place are left out."""
    if local is None:
        return None
    known = local.dropna().astype(bool)
    side: dict[Any, str] = {True: "local", False: "other"}
    return pd.DataFrame(
        {"publication_id": known.index, "entity": known.map(side).to_numpy(), "weight": 1.0}
    )
