"""People of a set: profiles, teams, roles, moves, dependence of owners, candidates for a task.

Every figure is counted from filings; nothing is inferred from silence. A person with fewer than
``min_records`` counted units gets counts only: roles, impact and shares stay NA. Identities come from
:func:`patentnav.clean.resolve_inventors` and owners from :func:`patentnav.clean.resolve_parties`;
run both first. Every function takes ``masked=True``, which replaces names and ids by numbers that
say nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import counting, indicators, network
from patentnav.errors import MissingColumnError

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

MIN_RECORDS = 5
OWNER_ROLES = ("current_owner", "applicant", "original_assignee")


def people(patents: PatentSet, unit: Unit | None = None) -> pd.DataFrame:
    """One row per person and counted unit.

    Parameters
    ----------
    patents
        A set with resolved inventors.
    unit
        Counted unit; the configured one when omitted.

    Returns
    -------
    pandas.DataFrame
        ``inventor_id, name, unit_id, publication_id`` (the unit's first), ``weight`` (one divided
        by the unit's people), ``date`` (application date, else publication date), ``confidence``.

    Raises
    ------
    MissingColumnError
        The inventors are not resolved.
    """
    if not patents.has("inventors", "inventor_id"):
        msg = "The set has no inventor_id. Run clean.resolve_inventors first."
        raise MissingColumnError(msg)
    rows = patents.inventors.dropna(subset=["inventor_id"])
    publications = patents.publications
    date = publications["application_date"].fillna(publications["publication_date"])
    rows = rows.assign(
        unit_id=counting.unit_ids(patents, unit).reindex(rows["publication_id"]).to_numpy(),
        date=date.reindex(rows["publication_id"]).to_numpy(),
    )
    rows = rows.sort_values(["inventor_id", "date", "publication_id"], kind="stable")
    rows = rows.drop_duplicates(["inventor_id", "unit_id"])
    size = rows.groupby("unit_id")["inventor_id"].transform("size")
    columns = ["inventor_id", "name", "unit_id", "publication_id", "weight", "date", "confidence"]
    return rows.assign(weight=1 / size)[columns].reset_index(drop=True)


def profiles(
    patents: PatentSet,
    unit: Unit | None = None,
    *,
    min_records: int = MIN_RECORDS,
    masked: bool = False,
) -> pd.DataFrame:
    """What the filings say of every person.

    Parameters
    ----------
    patents
        A set with resolved inventors; resolved parties, classifications and citations add columns.
    unit
        Counted unit; the configured one when omitted.
    min_records
        Below this number of units only counts are given.
    masked
        Replace names and ids by numbers.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``inventor_id``, most units first: ``name, units, output`` (fractional count),
        ``first_year, last_year, years_active`` (years with a filing), ``coinventors``,
        ``enough`` (at least ``min_records`` units), ``main_field`` (IPC or CPC subclass of most
        units), ``field_share``, ``main_owner, owner_share, owners`` (number of groups),
        ``region`` (of the main owner's filings), ``impact`` (mean of the citations received
        relative to the set's filings of the same field and year; 1 is usual), ``impact_units``
        (units it rests on), ``confidence`` (lowest of the identity). Not known is NA.
    """
    rows = people(patents, unit)
    groups = rows.groupby("inventor_id")
    table = pd.DataFrame(
        {
            "name": _most_frequent(rows, "inventor_id", "name"),
            "units": groups.size(),
            "output": groups["weight"].sum(),
            "first_year": groups["date"].min().dt.year.astype("Int64"),
            "last_year": groups["date"].max().dt.year.astype("Int64"),
            "years_active": rows["date"].dt.year.groupby(rows["inventor_id"]).nunique(),
            "coinventors": _coinventors(rows),
        }
    )
    table["enough"] = table["units"] >= min_records
    enough = table["enough"]
    field, field_share, _ = _main(rows, _fields(patents))
    table["main_field"] = field.reindex(table.index)
    table["field_share"] = field_share.reindex(table.index)
    owned = owners(patents)
    owner, owner_share, number = _main(rows, owned.rename(columns={"owner": "value"}))
    table["main_owner"] = owner.reindex(table.index)
    table["owner_share"] = owner_share.reindex(table.index)
    table["owners"] = number.reindex(table.index).astype("Int64")
    table["region"] = _main(rows, _regions(owned))[0].reindex(table.index)
    impact = _impact(patents).reindex(rows["publication_id"]).to_numpy()
    known = pd.Series(impact, index=rows["inventor_id"]).groupby(level=0)
    table["impact"] = known.mean().reindex(table.index).where(enough)
    table["impact_units"] = known.count().reindex(table.index).astype("Int64")
    table["confidence"] = groups["confidence"].min()
    judged = ["field_share", "owner_share"]
    table[judged] = table[judged].where(enough)
    order = np.lexsort((table.index.to_numpy(), -table["output"], -table["units"]))
    return _shown(table.iloc[order], patents, masked=masked)


def owners(patents: PatentSet) -> pd.DataFrame:
    """Owners of publications at the level of the group.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, owner`` (name of the group's most frequent party), ``group_id, region,
        city``; the current owner where the source says it, else applicants. People who own their
        own filings are left out; a set without parties gives no rows.
    """
    columns = ["publication_id", "owner", "group_id", "region", "city"]
    if not patents.has("parties"):
        return pd.DataFrame({c: pd.Series(dtype="str") for c in columns})
    parties = patents.parties
    parties = parties[parties["role"].isin(OWNER_ROLES)]
    parties = parties[(parties["party_type"] != "individual").fillna(True)]
    rank = parties["role"].map({role: i for i, role in enumerate(OWNER_ROLES)})
    best = rank.groupby(parties["publication_id"]).transform("min")
    rows = parties[rank == best]
    name = rows["name"].fillna(rows["name_raw"])
    group = rows["group_id"].fillna(name)
    rows = rows.assign(owner=name, group_id=group)
    rows = rows.assign(owner=_most_frequent(rows, "group_id", "owner").reindex(group).to_numpy())
    # A role without addresses takes the place that the group's other entries say.
    said = parties.assign(group_id=parties["group_id"].fillna(parties["name"]))
    for column in ("region", "city"):
        usual = _most_frequent(said, "group_id", column).reindex(rows["group_id"])
        place = pd.Series(usual.to_numpy(), index=rows.index, dtype="str")
        rows[column] = rows[column].where(rows[column].notna(), place)
    return rows[columns].drop_duplicates(["publication_id", "owner"]).reset_index(drop=True)


@dataclass(frozen=True)
class Teams:
    """Teams of a set.

    Attributes
    ----------
    members
        Team of every person (``inventor_id`` -> ``team``), 0 the largest.
    table
        One row per team: ``team, people, units, key_person, key_share`` (share of the team's units
        the key person took part in), ``main_owner, first_year, last_year, stability``.
    """

    members: pd.Series
    table: pd.DataFrame


def teams(
    patents: PatentSet,
    unit: Unit | None = None,
    *,
    min_people: int = 3,
    random_state: int = 0,
    masked: bool = False,
) -> Teams:
    """Communities of people who file together.

    Parameters
    ----------
    patents
        A set with resolved inventors.
    unit
        Counted unit.
    min_people
        Smaller communities are no team.
    random_state
        Seed of the communities.
    masked
        Replace names and ids by numbers.

    Returns
    -------
    Teams
        ``stability`` is the mean, over four other seeds, of the largest share (Jaccard) that a
        community found with that seed has in common with the team: 1 means always found.
    """
    graph = network.inventors(patents, unit)
    found = network.communities(graph, random_state)
    size = found.groupby(found).transform("size")
    members = found[size >= min_people].rename("team").rename_axis("inventor_id").sort_index()
    others = [network.communities(graph, random_state + i) for i in range(1, 5)]
    rows = people(patents, unit)
    rows = rows.assign(team=members.reindex(rows["inventor_id"]).to_numpy())
    rows = rows.dropna(subset=["team"])
    groups = rows.groupby("team")
    taken = rows.groupby(["team", "inventor_id"])["unit_id"].nunique().reset_index(name="taken")
    taken = taken.sort_values(["team", "taken", "inventor_id"], ascending=[True, False, True])
    key = taken.drop_duplicates("team").set_index("team")
    owned = rows.merge(owners(patents)[["publication_id", "owner"]], on="publication_id")
    table = pd.DataFrame(
        {
            "people": members.groupby(members).size(),
            "units": groups["unit_id"].nunique(),
            "key_person": key["inventor_id"],
            "main_owner": _most_frequent(owned, "team", "owner"),
            "first_year": groups["date"].min().dt.year.astype("Int64"),
            "last_year": groups["date"].max().dt.year.astype("Int64"),
            "stability": _stability(members, others),
        }
    )
    table["key_share"] = key["taken"] / table["units"]
    table = table.rename_axis("team").reset_index()
    if masked:
        code = masks(patents)
        members = members.rename(index=code)
        table["key_person"] = table["key_person"].map(code)
    return Teams(members, table)


def roles(
    patents: PatentSet,
    unit: Unit | None = None,
    *,
    min_records: int = MIN_RECORDS,
    random_state: int = 0,
    masked: bool = False,
) -> pd.DataFrame:
    """Roles of people, each with one definition.

    Parameters
    ----------
    patents, unit, min_records, masked
        As in :func:`profiles`.
    random_state
        Seed of the teams and of sampled paths.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``inventor_id``: ``name, units, team`` and the nullable booleans

        - ``core``: among the tenth of the judged people with the greatest fractional output;
        - ``key_person``: took part in at least half of the units of a team;
        - ``bridge``: has co-inventors in at least two other teams and is among the tenth of the
          judged people with the greatest betweenness;
        - ``rising``: first filing at most six years before the set's last year, at least three
          units in the last three years and at least twice as many as in the three before.

        NA for people with fewer than ``min_records`` units.
    """
    rows = people(patents, unit)
    table = profiles(patents, unit, min_records=min_records)
    graph = network.inventors(patents, unit)
    found = teams(patents, unit, random_state=random_state)
    team = found.members.reindex(table.index)
    enough = table["enough"]
    last = rows["date"].dt.year.max()
    year = rows["date"].dt.year
    recent = rows[year > last - 3].groupby("inventor_id").size().reindex(table.index).fillna(0)
    before = rows[year.between(last - 5, last - 3)].groupby("inventor_id").size()
    before = before.reindex(table.index).fillna(0)
    between = network.centrality(graph, random_state=random_state)["betweenness"]
    between = between.reindex(table.index)
    young = (table["first_year"] >= last - 6).fillna(False)
    result = pd.DataFrame(
        {
            "name": table["name"],
            "units": table["units"],
            "team": team.astype("Int64"),
            "core": _top_tenth(table["output"], enough),
            "key_person": _key_people(rows, found, table.index),
            "bridge": _top_tenth(between, enough) & (_other_teams(graph, team) >= 2),
            "rising": young & (recent >= 3) & (recent >= 2 * before),
        }
    )
    flags = ["core", "key_person", "bridge", "rising"]
    result[flags] = result[flags].astype("boolean").where(enough)
    return _shown(result, patents, masked=masked)


def moves(patents: PatentSet, unit: Unit | None = None, *, masked: bool = False) -> pd.DataFrame:
    """Changes of owner that a person's filings show on both sides.

    Parameters
    ----------
    patents
        A set with resolved inventors and parties.
    unit
        Counted unit.
    masked
        Replace names and ids by numbers.

    Returns
    -------
    pandas.DataFrame
        ``inventor_id, name, from_owner, to_owner, last_date`` (last filing with the former owner),
        ``first_date`` (first with the next), ``from_region, to_region, units_before, units_after``.
        A person moved when all filings with one owner lie before all filings with the next; owners
        of the same time (joint filings, two posts) are no move.
    """
    rows = people(patents, unit).dropna(subset=["date"])
    held = rows.merge(owners(patents), on="publication_id")
    spells = held.groupby(["inventor_id", "group_id"]).agg(
        name=("name", "first"), owner=("owner", "first"), region=("region", "first"),
        first=("date", "min"), last=("date", "max"), units=("unit_id", "nunique"),
    ).reset_index()  # fmt: skip
    spells = spells.sort_values(["inventor_id", "first", "last", "group_id"], ignore_index=True)
    earlier = spells.groupby("inventor_id").shift(1)
    reached = spells.groupby("inventor_id")["last"].cummax()
    latest = reached.groupby(spells["inventor_id"]).shift(1)
    moved = (latest < spells["first"]) & (earlier["last"] == latest)
    before, after = earlier[moved], spells[moved]
    table = pd.DataFrame(
        {
            "inventor_id": after["inventor_id"], "name": after["name"],
            "from_owner": before["owner"], "to_owner": after["owner"],
            "last_date": before["last"], "first_date": after["first"],
            "from_region": before["region"], "to_region": after["region"],
            "units_before": before["units"].astype("Int64"),
            "units_after": after["units"].astype("Int64"),
        }
    )  # fmt: skip
    return _shown(table.reset_index(drop=True), patents, masked=masked)


def region_flows(moved: pd.DataFrame) -> pd.DataFrame:
    """People who moved between regions: ``from_region, to_region, people``; both known only."""
    known = moved.dropna(subset=["from_region", "to_region"])
    known = known[known["from_region"] != known["to_region"]]
    counts = known.groupby(["from_region", "to_region"])["inventor_id"].nunique()
    table = counts.reset_index(name="people")
    order = ["people", "from_region", "to_region"]
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)


def dependence(
    patents: PatentSet,
    unit: Unit | None = None,
    *,
    min_units: int = 10,
    masked: bool = False,
) -> pd.DataFrame:
    """How far owners depend on single people.

    Parameters
    ----------
    patents
        A set with resolved inventors and parties.
    unit
        Counted unit.
    min_units
        Owners with fewer units are left out.
    masked
        Replace names and ids by numbers.

    Returns
    -------
    pandas.DataFrame
        ``owner, units, people, inventor_id, name`` (the person with most units), ``top_share``
        (share of the owner's units with that person), ``people_for_half`` (fewest people, taken by
        their number of units, who together stand in half of the units).
    """
    held = people(patents, unit).merge(owners(patents), on="publication_id")
    table = []
    for owner, group in held.groupby("owner", sort=True):
        units = group["unit_id"].nunique()
        if units < min_units:
            continue
        counts = group.groupby(["inventor_id", "name"])["unit_id"].nunique().reset_index(name="n")
        counts = counts.sort_values(["n", "inventor_id"], ascending=[False, True])
        rank = pd.Series(np.arange(1, len(counts) + 1), index=counts["inventor_id"])
        rank = rank[~rank.index.duplicated()]
        first = rank.reindex(group["inventor_id"]).groupby(group["unit_id"].to_numpy()).min()
        half = int(first.sort_values().iloc[-(-units // 2) - 1])
        top = counts.iloc[0]
        table.append((owner, units, counts["inventor_id"].nunique(), top["inventor_id"],
                      top["name"], top["n"] / units, half))  # fmt: skip
    columns = ["owner", "units", "people", "inventor_id", "name", "top_share", "people_for_half"]
    frame = pd.DataFrame(table, columns=columns)
    frame = frame.sort_values(["top_share", "owner"], ascending=[False, True], ignore_index=True)
    return _shown(frame, patents, masked=masked)


def candidates(
    patents: PatentSet,
    memberships: pd.DataFrame,
    region: str,
    *,
    unit: Unit | None = None,
    min_records: int = MIN_RECORDS,
    masked: bool = False,
) -> pd.DataFrame:
    """People to look at for every industry branch, inside and outside a region.

    Parameters
    ----------
    patents
        A set with resolved inventors and parties.
    memberships
        ``publication_id, industry, weight``, e.g. of :func:`patentnav.classify.memberships`.
    region
        Beginning of a province or city as ``parties`` spell it.
    unit, min_records, masked
        As in :func:`profiles`.

    Returns
    -------
    pandas.DataFrame
        ``industry, rank, inventor_id, name, units`` (in the industry), ``output`` (fractional,
        weighted by the membership), ``last_year, main_owner, inside`` (most filings are of owners
        in the region; NA where no filing says its region), ``impact``. People with fewer than
        ``min_records`` units in the set are left out: too little is known of them.
    """
    rows = people(patents, unit)
    table = profiles(patents, unit, min_records=min_records)
    table = table[table["enough"]]
    joined = rows.merge(memberships[["publication_id", "industry", "weight"]], on="publication_id",
                        suffixes=("", "_industry"))  # fmt: skip
    joined = joined[joined["inventor_id"].isin(table.index)]
    joined = joined.assign(output=joined["weight"] * joined["weight_industry"])
    found = joined.groupby(["industry", "inventor_id"]).agg(
        units=("unit_id", "nunique"), output=("output", "sum")
    )
    found = found.reset_index()
    about = table[["name", "last_year", "main_owner", "impact"]]
    found = found.join(about, on="inventor_id").join(_inside(rows, owners(patents), region),
                                                     on="inventor_id")  # fmt: skip
    found = found.sort_values(["industry", "output", "inventor_id"], ascending=[True, False, True])
    found["rank"] = found.groupby("industry").cumcount() + 1
    columns = ["industry", "rank", "inventor_id", "name", "units", "output", "last_year",
               "main_owner", "inside", "impact"]  # fmt: skip
    return _shown(found[columns].reset_index(drop=True), patents, masked=masked)


def masks(patents: PatentSet) -> dict[str, str]:
    """Number that stands for each person when names are masked, the same in every table of a set."""
    ids = sorted(patents.inventors["inventor_id"].dropna().unique())
    width = len(str(len(ids)))
    return {person: f"#{number:0{width}d}" for number, person in enumerate(ids, start=1)}


def _shown(table: pd.DataFrame, patents: PatentSet, *, masked: bool) -> pd.DataFrame:
    if not masked:
        return table
    code = masks(patents)
    if "inventor_id" in table.columns:
        numbers = table["inventor_id"].map(code)
        return table.assign(inventor_id=numbers, name=numbers)
    numbers = pd.Series(table.index.map(code), index=table.index)
    return table.assign(name=numbers).set_axis(pd.Index(numbers, name="inventor_id"))


def _most_frequent(rows: pd.DataFrame, by: str, column: str) -> pd.Series:
    """Most frequent value per group, ties by value; missing where a group has none."""
    counts = rows.groupby([by, column]).size().reset_index(name="n")
    counts = counts.sort_values([by, "n", column], ascending=[True, False, True])
    return counts.drop_duplicates(by).set_index(by)[column]


def _coinventors(rows: pd.DataFrame) -> pd.Series:
    both = rows[["unit_id", "inventor_id"]].merge(
        rows[["unit_id", "inventor_id"]], on="unit_id", suffixes=("", "_co")
    )
    both = both.drop_duplicates(["inventor_id", "inventor_id_co"])
    return both.groupby("inventor_id").size() - 1


def _main(rows: pd.DataFrame, values: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Most frequent value of every person, its share of the person's units, number of values."""
    joined = rows.merge(values[["publication_id", "value"]].dropna(), on="publication_id")
    counts = joined.groupby(["inventor_id", "value"])["unit_id"].nunique().reset_index(name="n")
    counts = counts.sort_values(["inventor_id", "n", "value"], ascending=[True, False, True])
    number = counts.groupby("inventor_id").size()
    best = counts.drop_duplicates("inventor_id").set_index("inventor_id")
    units = rows.groupby("inventor_id").size()
    return best["value"], best["n"] / units.reindex(best.index), number


def _fields(patents: PatentSet) -> pd.DataFrame:
    if not patents.has("classifications"):
        return pd.DataFrame(
            {"publication_id": pd.Series(dtype="str"), "value": pd.Series(dtype="str")}
        )
    classes = patents.classifications
    classes = classes[classes["scheme"].isin(["IPC", "CPC"])]
    field = classes.assign(value=classes["symbol"].str.extract(r"^([A-HY]\d{2}[A-Z])")[0])
    return field[["publication_id", "value"]].dropna().drop_duplicates()


def _regions(owned: pd.DataFrame) -> pd.DataFrame:
    return owned.rename(columns={"region": "value"}).drop_duplicates(["publication_id", "value"])


def _impact(patents: PatentSet) -> pd.Series:
    if not patents.has("citations"):
        return pd.Series(np.nan, index=patents.publications.index)
    return indicators.compute(patents, ["technology_relevance"])["technology_relevance"]


def _stability(members: pd.Series, others: list[pd.Series]) -> pd.Series:
    size = members.groupby(members).size()
    shares = []
    for other in others:
        found = other.reindex(members.index)
        cells = pd.DataFrame({"team": members, "other": found}).value_counts().reset_index(name="n")
        whole = (
            cells["team"].map(size) + cells["other"].map(other.groupby(other).size()) - cells["n"]
        )
        shares.append((cells["n"] / whole).groupby(cells["team"]).max())
    return pd.concat(shares, axis=1).mean(axis=1) if shares else size * np.nan


def _top_tenth(values: pd.Series, enough: pd.Series) -> pd.Series:
    judged = values[enough].dropna()
    if judged.empty:
        return pd.Series(False, index=values.index)
    return (values >= judged.quantile(0.9)).fillna(False) & (values > 0)


def _key_people(rows: pd.DataFrame, found: Teams, index: pd.Index) -> pd.Series:
    team = found.members.reindex(rows["inventor_id"]).to_numpy()
    rows = rows.assign(team=team).dropna(subset=["team"])
    taken = rows.groupby(["team", "inventor_id"])["unit_id"].nunique().reset_index(name="n")
    units = rows.groupby("team")["unit_id"].nunique()
    key = taken.loc[taken["n"] >= taken["team"].map(units) / 2, "inventor_id"]
    return pd.Series(index.isin(key), index=index)


def _other_teams(graph: object, team: pd.Series) -> pd.Series:
    known = team.dropna()
    found = {
        person: len({known[n] for n in graph.neighbors(person) if n in known.index}  # type: ignore[attr-defined]
                    - {known.get(person)})
        for person in team.index
        if person in graph  # type: ignore[operator]
    }  # fmt: skip
    return pd.Series(found, dtype="float64").reindex(team.index).fillna(0)


def _inside(rows: pd.DataFrame, owned: pd.DataFrame, region: str) -> pd.Series:
    known = owned.dropna(subset=["region"])
    here = known["region"].str.startswith(region) | known["city"].str.startswith(region).fillna(
        False
    )
    by_publication = here.groupby(known["publication_id"]).any()
    flags = by_publication.reindex(rows["publication_id"]).to_numpy(dtype=float, na_value=np.nan)
    share = pd.Series(flags, index=rows["inventor_id"]).dropna().groupby(level=0).mean()
    return (share >= 0.5).astype("boolean").rename("inside")
