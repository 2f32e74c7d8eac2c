"""Who and what: technologies, owners and people of the set, and what they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import pandas as pd

from patentnav import facts, i18n, indicators, talent
from patentnav import taxonomy as taxonomies
from patentnav._strings import among, joined
from patentnav.clean import chinese
from patentnav.errors import MissingColumnError, MissingTableError, UnavailableError
from patentnav.study.gaps import gap, require
from patentnav.talent.mobility import bears_the_name

if TYPE_CHECKING:
    from pathlib import Path

    from patentnav.cluster import Technologies
    from patentnav.counting import Unit
    from patentnav.facts import OwnerLevel
    from patentnav.indicators.nearness import Through
    from patentnav.patentset import PatentSet
    from patentnav.study.steps import Later
    from patentnav.taxonomy import Taxonomy

RECENT = 5  # years called recent
LED_FROM, LED_SHARE = 5, 0.1  # units and part of a technology without which nobody leads it
STALE = 3  # full years without a filing after which an owner is not recommended
FEWEST = 30  # publications from which technologies and shares by group are meaningful
_SHARING = 10  # of several technologies, from which these are related through owners or inventors


def technologies(
    patents: PatentSet,
    given_technologies: Technologies | None,
    n_clusters: int | None,
    random_state: int,
) -> Technologies:
    """Technologies found in the texts (:func:`patentnav.cluster.technologies`)."""
    if given_technologies is not None:
        return given_technologies
    if len(patents) < FEWEST:
        raise gap("missing.few", count=len(patents), fewest=FEWEST)
    from patentnav import cluster

    try:
        return cluster.technologies(patents, n_clusters, random_state)
    except (MissingTableError, MissingColumnError) as error:
        raise gap("missing.texts") from error


def remainders(technologies: Technologies) -> frozenset[str]:
    """Technologies that are what is left over and no technology of their own."""
    names = technologies.names
    wordings = [i18n.text("cluster.remainder", lang) for lang in i18n.languages()]
    starts = tuple(wordings)
    return frozenset(str(k) for k, name in names.items() if str(name).startswith(starts))


def technology_of(technologies: Technologies, patents: PatentSet) -> pd.DataFrame:
    """Technologies as a membership table: ``publication_id, technology, weight``."""
    labels = technologies.labels.dropna()
    labels = labels[among(labels.index, patents.publications.index)]
    return pd.DataFrame(
        {"publication_id": labels.index, "technology": labels.to_numpy(), "weight": 1.0}
    )


def owners(patents: PatentSet, owner_level: OwnerLevel, masked: bool) -> pd.DataFrame:  # noqa: FBT001
    """Owners of publications, all of them (:func:`patentnav.facts.owners`).

    Inventors whom the publication names as applicants beside the firm that owns it are none. Where
    names are masked, owners that are people are called by a number.
    """
    require(patents, "parties")
    rows = facts.owners(patents, owner_level, which="all", inventors=False)
    if rows.empty:
        raise gap("missing.table", table="parties")
    return _masked(rows, patents, owner_level) if masked else rows


def _masked(rows: pd.DataFrame, patents: PatentSet, owner_level: OwnerLevel) -> pd.DataFrame:
    types = owner_types(patents, owner_names(rows), owner_level)
    people = sorted(types.index[(types == "individual").fillna(False).astype(bool)].astype(str))
    width = len(str(len(people)))
    # Of another series than the numbers of inventors: the same person may be both.
    number = {person: f"#A{i:0{width}d}" for i, person in enumerate(people, start=1)}
    called = rows["owner"].map(lambda owner: number.get(str(owner)))
    return rows.assign(name=called.astype("str").fillna(rows["name"]).astype("str"))


def kin(
    patents: PatentSet,
    owners: pd.DataFrame,
    owner_names: pd.Series,
    owner_types: pd.Series,
    owner_level: OwnerLevel,
) -> pd.Series:
    """The largest of the organisations that are one by name and file together, for each of them.

    A firm and what bears its name (an institute, a daughter in another city) share filings without
    working with anybody else. A group has the names of those of its parties that file together.
    """
    persons = set(owner_types.index[owner_types.eq("individual").fillna(False).astype(bool)])
    rows = owners.loc[~owners["owner"].isin(persons), ["publication_id", "owner"]].drop_duplicates()
    shared = rows[rows["publication_id"].duplicated(keep=False)]
    held = facts.holders(patents)
    held = held.assign(owner=facts.party_ids(held, owner_level).to_numpy())
    held = held.assign(called=held["name"].fillna(held["name_raw"]))
    filed = shared.merge(held[["publication_id", "owner", "called"]].drop_duplicates())
    filed = pd.concat([filed, shared.assign(called=shared["owner"].map(owner_names))])
    pairs = filed.merge(filed, on="publication_id", suffixes=("", "_other")).dropna()
    pairs = pairs[pairs["owner"] < pairs["owner_other"]]
    pairs = pairs.drop_duplicates(["owner", "owner_other", "called", "called_other"])
    one = [
        bears_the_name(a, b) for a, b in zip(pairs["called"], pairs["called_other"], strict=True)
    ]
    whole = nx.Graph()
    ends = pairs.loc[one, ["owner", "owner_other"]]
    whole.add_edges_from(ends.itertuples(index=False, name=None))
    size = rows["owner"].value_counts()
    found = {}
    for group in nx.connected_components(whole):
        first = min(group, key=lambda owner: (-int(size[owner]), owner))
        found.update(dict.fromkeys(group, first))
    return pd.Series(found, dtype="str").sort_index()


def owner_names(owners: pd.DataFrame) -> pd.Series:
    """Name by owner id."""
    return owners.drop_duplicates("owner").set_index("owner")["name"]


def owner_types(patents: PatentSet, owner_names: pd.Series, owner_level: OwnerLevel) -> pd.Series:
    """Most frequent party type by owner id, NA where unknown.

    An industrial group is a firm, also where most of its filings are its institutes'.
    """
    from patentnav.counting import most_frequent

    parties = patents.parties
    rows = parties.assign(owner=facts.party_ids(parties, owner_level))
    types = most_frequent(rows, "owner", "party_type").reindex(owner_names.index)
    if owner_level == "group":
        industrial = owner_names.map(chinese.is_industrial_group).to_numpy(dtype=bool)
        types = types.mask(industrial, "enterprise")
    return types


def filed_names(
    patents: PatentSet, owners: pd.DataFrame, owner_types: pd.Series, owner_level: OwnerLevel
) -> pd.Series:
    """Owners of every publication as the record spells them, for tables of single patents.

    A right is its holder's, not its group's: who looks one up needs the name of the register. People
    are called as among the owners.
    """
    held = facts.holders(patents)
    rows = held.assign(owner=facts.party_ids(held, owner_level).to_numpy())
    rows = rows[["publication_id", "owner", "name_raw"]].merge(
        owners[["publication_id", "owner", "name"]], on=["publication_id", "owner"]
    )
    person = rows["owner"].map(owner_types).eq("individual").fillna(False).to_numpy(dtype=bool)
    told = rows["name_raw"].where(~person).fillna(rows["name"])
    rows = rows.assign(told=told).drop_duplicates(["publication_id", "told"])
    return joined(rows, ["publication_id"], "told", "; ")


def owner_life(
    patents: PatentSet,
    owners: pd.DataFrame,
    unit_ids: pd.Series,
    is_dated: Later[bool],
    basis: Later[str],
) -> pd.DataFrame:
    """How alive every owner is, indexed by owner.

    ``units``; ``last_filing`` (year, NA without dates); ``living`` and ``dead`` (units in force or
    pending, and ended; units of unknown state are in neither).
    """
    alive = facts.alive(patents).astype("boolean")
    year = patents.publications[basis()].dt.year if is_dated() else pd.Series(dtype="Int64")
    rows = owners[["publication_id", "owner"]].assign(
        unit_id=unit_ids.reindex(owners["publication_id"]).to_numpy(),
        alive=alive.reindex(owners["publication_id"]).to_numpy(),
        year=year.reindex(owners["publication_id"]).astype("Int64").to_numpy(),
    )
    known = rows.dropna(subset="alive").groupby(["owner", "unit_id"])["alive"].any()
    groups = rows.groupby("owner")
    table = pd.DataFrame(
        {"units": groups["unit_id"].nunique(), "last_filing": groups["year"].max()}
    )
    lives = known.astype("int64").groupby("owner").agg(["sum", "size"])
    lives = lives.reindex(table.index, fill_value=0)
    return table.assign(living=lives["sum"], dead=lives["size"] - lives["sum"])


def filing_since(is_dated: Later[bool], last_year: Later[int]) -> int | None:
    """First year in which an owner that files still must have filed; None without dates."""
    return last_year() - STALE + 1 if is_dated() else None


def alive_owners(owner_life: pd.DataFrame, filing_since: Later[int | None]) -> frozenset[str]:
    """Owners that a report may recommend: they file still, and most of their rights live.

    The last filing lies in the last ``STALE`` full years or later, and at least half of the units
    whose state is known are in force or pending; what is not known speaks against nobody.
    """
    alive = owner_life["living"] >= owner_life["dead"]
    since = filing_since()
    if since is not None:
        alive &= (owner_life["last_filing"] >= since).fillna(False).astype(bool)
    return frozenset(owner_life.index[alive])


def people(patents: PatentSet) -> pd.DataFrame:
    """Inventors as a membership table: ``publication_id, inventor, weight, name``."""
    require(patents, "inventors")
    table = patents.inventors
    name = table["name"] if table["name"].notna().any() else table["name_raw"]
    rows = pd.DataFrame(
        {
            "publication_id": table["publication_id"],
            "inventor": table["inventor_id"].fillna(name),
            "weight": 1.0,
            "name": name,
        }
    )
    rows = rows.dropna(subset=["inventor", "name"])
    if rows.empty:
        raise gap("missing.table", table="inventors")
    return rows.drop_duplicates(["publication_id", "inventor"], ignore_index=True)


def talents(
    patents: PatentSet, unit: Unit, mapped_people: int, random_state: int
) -> talent.TalentMap:
    """People with their teams, roles and places (:func:`patentnav.talent.talent_map`)."""
    require(patents, "inventors.inventor_id")
    return talent.talent_map(patents, unit, top=mapped_people, random_state=random_state)


def growth(  # noqa: PLR0917 (what a step needs)
    patents: PatentSet,
    technology_of: pd.DataFrame,
    unit: Unit,
    basis: str,
    last_year: int,
    capped: pd.DataFrame,
) -> pd.DataFrame:
    """Technologies of the last years against those before (:func:`patentnav.indicators.growth_index`).

    Raises
    ------
    UnavailableError
        The export was cut off: what is missing differs from year to year, and with it every rate.
    """
    if len(capped):
        raise gap("missing.capped")
    found = indicators.growth_index(
        patents, technology_of, unit=unit, basis=basis, until=last_year, window=RECENT
    )
    return found.rename(columns={"group": "technology"})


def emergence(  # noqa: PLR0917 (what a step needs)
    patents: PatentSet,
    technology_of: pd.DataFrame,
    unit: Unit,
    basis: str,
    last_year: int,
    capped: pd.DataFrame,
    owners: Later[pd.DataFrame],
) -> pd.DataFrame:
    """Judgement of every technology, on the very periods of ``growth``, and no more than that of a cut-off export."""
    if len(capped):
        raise gap("missing.capped")
    try:
        holders: pd.DataFrame | None = owners()
    except UnavailableError:
        holders = None  # nobody is known who could carry a movement alone
    return indicators.emergence(
        patents, technology_of, unit=unit, basis=basis, window=RECENT, until=last_year,
        holders=holders,
    )  # fmt: skip


def relative_growth(emergence: Later[pd.DataFrame]) -> pd.Series | None:
    """Growth of every technology against that of the rest; None where the years cannot be compared."""
    try:
        judged = emergence()
    except UnavailableError:
        return None
    found: pd.Series = judged.set_index("group")["relative_growth"]
    return found


def effects(patents: PatentSet, given_effects: pd.DataFrame | None) -> pd.DataFrame:
    """Effects as a membership table: as given, else told by the texts (:func:`patentnav.indicators.effects`)."""
    if given_effects is not None:
        return given_effects
    try:
        return indicators.effects(patents)
    except MissingTableError as error:
        raise gap("missing.effects") from error


def problems(patents: PatentSet, given_problems: str | Path | Taxonomy | None) -> pd.DataFrame:
    """Problems by the analyst's breakdown table (:func:`patentnav.taxonomy.members`)."""
    return _branches(patents, given_problems)


def solutions(patents: PatentSet, given_solutions: str | Path | Taxonomy | None) -> pd.DataFrame:
    """Solutions by the analyst's breakdown table (:func:`patentnav.taxonomy.members`)."""
    return _branches(patents, given_solutions)


def _branches(patents: PatentSet, table: str | Path | Taxonomy | None) -> pd.DataFrame:
    if table is None:
        raise gap("missing.solutions")
    return taxonomies.members(table, patents)


def strength(  # noqa: PLR0917 (what a step needs)
    patents: PatentSet,
    technology_of: pd.DataFrame,
    owners: pd.DataFrame,
    unit: Unit,
    dated_basis: str,
    unit_ids: pd.Series,
    filing_since: int | None,
) -> pd.DataFrame:
    """Owners by technology (:func:`patentnav.indicators.strength`), and who leads it.

    ``lives``: the owner filed in the technology of late (``STALE``), and at least half of what it
    holds there and whose state is known is in force or pending. ``leads``: of those that live it
    has most, and not fewer than ``LED_FROM`` units and ``LED_SHARE`` of the technology; several
    equals lead together. A technology where nobody leads is spread.
    """
    found = indicators.strength(patents, technology_of, owners, unit=unit, basis=dated_basis)
    settings = dict(found.attrs)
    of_unit = unit_ids.rename("unit_id").rename_axis("publication_id").reset_index()
    held = owners[["publication_id", "owner"]].merge(of_unit, on="publication_id")
    placed = technology_of[["publication_id", "technology"]].merge(of_unit, on="publication_id")
    cells = held[["owner", "unit_id"]].drop_duplicates().merge(
        placed[["technology", "unit_id"]].drop_duplicates(), on="unit_id"
    )  # fmt: skip
    state = facts.alive(patents).dropna().astype(bool)
    alive = state.groupby(unit_ids.reindex(state.index)).any().astype("boolean")
    # Nothing is said against what is not known.
    cells["alive"] = cells["unit_id"].map(alive).astype("boolean")
    grouped = cells.groupby(["owner", "technology"])["alive"]
    known = pd.DataFrame({"living": grouped.sum(), "known": grouped.count()})
    pairs = pd.MultiIndex.from_frame(found[["entity", "group"]])
    known = known.reindex(pairs).fillna(0)
    lives = pd.Series((2 * known["living"] >= known["known"]).to_numpy(dtype=bool), found.index)
    if filing_since is not None:
        lives &= (found["last_year"] >= filing_since).fillna(False).astype(bool)
    enough = (
        lives & (found["count"].round(9) >= LED_FROM) & (found["group_share"].round(9) >= LED_SHARE)
    )
    most = found["count"].round(9).where(lives).groupby(found["group"]).transform("max")
    result = found.assign(lives=lives, leads=enough & (found["count"].round(9) == most))
    result.attrs = settings
    return result


def related(
    patents: PatentSet,
    technology_of: pd.DataFrame,
    unit: Unit,
    owners: Later[pd.DataFrame],
    people: Later[pd.DataFrame],
) -> pd.DataFrame:
    """Related technologies, through the first of owners, inventors, citations and classes that can tell."""
    ways: tuple[Through, ...] = ("owners", "inventors", "citations", "classes")
    for through in ways:
        try:
            found = indicators.relatedness(patents, technology_of, through=through, unit=unit)
        except MissingTableError:
            continue
        if not len(found):
            continue
        if through == "owners" and _sharing(owners(), "owner", technology_of) < _SHARING:
            continue
        if through == "inventors" and _sharing(people(), "inventor", technology_of) < _SHARING:
            continue
        return found
    raise gap("missing.related")


def _sharing(rows: pd.DataFrame, who: str, technology_of: pd.DataFrame) -> int:
    """Owners or inventors that are in several technologies."""
    joined = rows.merge(technology_of[["publication_id", "technology"]], on="publication_id")
    return int((joined.groupby(who)["technology"].nunique() > 1).sum())


def inventing_owners(patents: PatentSet, owner_level: OwnerLevel) -> pd.DataFrame:
    """Owners who are inventors of the same publication: ``publication_id, owner``."""
    held = facts.holders(patents)
    here = held["is_inventor"].fillna(False).astype(bool)
    return pd.DataFrame(
        {
            "publication_id": held.loc[here, "publication_id"],
            "owner": facts.party_ids(held, owner_level)[here],
        }
    ).drop_duplicates()
