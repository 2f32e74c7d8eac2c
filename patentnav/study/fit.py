"""How the patents of a region stand to its science, firms, industries and districts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import facts, matching, planning
from patentnav._strings import among
from patentnav.clean.party_names import group_names
from patentnav.study.gaps import gap, require

if TYPE_CHECKING:
    from patentnav.facts import OwnerLevel
    from patentnav.patentset import PatentSet
    from patentnav.study.official import Home
    from patentnav.study.steps import Later
    from patentnav.tables import UserTable
    from patentnav.taxonomy import Taxonomy

WINDOW = 5  # full years
FEWEST = 30  # units from which a structure by industry is told
_OWNING = ("applicant", "current_owner", "original_assignee")
CHAIN = ("inventors", "rd_personnel_fte", "rd_expenditure", "firms", "value_added")


def local_ids(patents: PatentSet, region: str) -> pd.Index:
    """Publications with an owner inside the region.

    Raises
    ------
    UnavailableError
        No region is studied, no owner says a place, or none lies inside.
    """
    if not region:
        raise gap("missing.region")
    require(patents, "parties")
    inside = facts.inside(patents, region)
    ids: pd.Index = inside.index[inside.fillna(False).astype(bool)]
    if not len(ids):
        raise gap("missing.region")
    return ids


def in_force_inventions(patents: PatentSet, local_ids: pd.Index, unit_ids: pd.Series) -> pd.Index:
    """Units of the region that are inventions in force.

    Raises
    ------
    UnavailableError
        The set tells no status or no type.
    """
    require(patents, "publications.legal_status", "publications.patent_type")
    rows = patents.publications.loc[local_ids]
    held = rows.index[(rows["legal_status"] == "in_force") & (rows["patent_type"] == "invention")]
    found: pd.Index = pd.Index(sorted(unit_ids.reindex(held).unique()))
    return found


def local_industries(
    memberships: pd.DataFrame, local_ids: pd.Index, unit_ids: pd.Series, unit_years: pd.Series
) -> pd.DataFrame:
    """Units of the region by industry: ``unit_id, industry, year``, one row each (whole counts)."""
    rows = memberships[among(memberships["publication_id"], local_ids)].dropna(subset=["industry"])
    units = unit_ids.reindex(rows["publication_id"]).to_numpy()
    frame = pd.DataFrame({"unit_id": units, "industry": rows["industry"].to_numpy()})
    frame = frame.drop_duplicates().sort_values(["unit_id", "industry"], ignore_index=True)
    return frame.assign(year=unit_years.reindex(frame["unit_id"]).astype("Int64").to_numpy())


def recent(last_year: int) -> tuple[int, int]:
    """First and last of the last five full years."""
    return last_year - WINDOW + 1, last_year


def industry_year(user_tables: dict[str, UserTable], home: Home) -> int:
    """Last year in which the industries of the region are told.

    Raises
    ------
    UnavailableError
        There is no table IS, or the region is not in it.
    """
    if "IS" not in user_tables:
        raise gap("missing.no_table", user_table="IS")
    own = user_tables["IS"].frame
    own = own[own["region_code"] == home.code]
    if own.empty:
        raise gap("missing.not_in_table", user_table="IS", region=home.name)
    return int(own["year"].max())


def chain(
    *,
    patents: PatentSet,
    memberships: pd.DataFrame,
    local_ids: pd.Index,
    local_industries: pd.DataFrame,
    unit_ids: pd.Series,
    unit_years: pd.Series,
    recent: tuple[int, int],
    industry_year: int,
    user_tables: dict[str, UserTable],
    home: Home,
) -> pd.DataFrame:
    """Patents beside inventors, R&D, firms and output by industry, in amounts.

    Rows are the industries of the table IS; ``patents`` are units of the last five full years and
    ``inventors`` the people named in them, NA is not told.

    Raises
    ------
    UnavailableError
        The region has fewer than 30 units in these years.
    """
    rows = user_tables["IS"].frame
    own = rows[(rows["region_code"] == home.code) & (rows["year"] == industry_year)]
    own = own.set_index("industry").sort_index()
    window = local_industries[local_industries["year"].between(*recent)]
    if window["unit_id"].nunique() < FEWEST:
        raise gap("missing.few_held", count=int(window["unit_id"].nunique()), fewest=FEWEST)
    frame = pd.DataFrame(index=own.index)
    counts = window.groupby("industry")["unit_id"].nunique()
    frame["patents"] = counts.reindex(own.index, fill_value=0).astype("float64")
    if patents.has("inventors", "inventor_id"):
        filed = unit_ids.reindex(local_ids).map(unit_years).between(*recent).fillna(False)
        members = memberships[among(memberships["publication_id"], local_ids[filed.to_numpy(bool)])]
        people = patents.inventors[["publication_id", "inventor_id"]].dropna()
        both = people.merge(members[["publication_id", "industry"]].dropna(), on="publication_id")
        number = both.groupby("industry")["inventor_id"].nunique()
        frame["inventors"] = number.reindex(own.index, fill_value=0).astype("float64")
    for column in CHAIN[1:]:
        values = own[column].astype("float64")
        if values.notna().any():
            frame[column] = values
    return frame


def other_output(
    user_tables: dict[str, UserTable], home: Home, industry_year: int
) -> pd.Series | None:
    """Value added by industry of the other regions together; None where no other is told."""
    rows = user_tables["IS"].frame
    rest = rows[(rows["region_code"] != home.code) & (rows["year"] == industry_year)]
    values = rest.groupby("industry")["value_added"].sum(min_count=1).dropna()
    return values if len(values) else None


def compared_with(user_tables: dict[str, UserTable], tree: Taxonomy, region: str) -> str:
    """What the industries of the region are compared with: a region of the table BC, else ``set``."""
    if "BC" not in user_tables:
        return "set"
    rows = user_tables["BC"].frame
    rows = rows[(rows["scheme"] == tree.name) & (rows["measure"] == "filed")]
    names = sorted(
        n for n in rows["region"].dropna().unique() if not region or not n.startswith(region)
    )
    return str(names[0]) if names else "set"


def compared_counts(
    *,
    user_tables: dict[str, UserTable],
    tree: Taxonomy,
    compared_with: str,
    memberships: Later[pd.DataFrame],
    local: Later[pd.Series | None],
    patents: PatentSet,
    unit_ids: pd.Series,
    unit_years: pd.Series,
) -> pd.DataFrame:
    """Units of what the region is compared with: ``industry, year, count``, the region not in it.

    Of the set itself those whose owners are known to lie elsewhere.

    Raises
    ------
    UnavailableError
        Nothing lies elsewhere.
    """
    if compared_with != "set":
        rows = user_tables["BC"].frame
        rows = rows[(rows["scheme"] == tree.name) & (rows["region"] == compared_with)]
        rows = rows[rows["measure"] == "filed"].rename(
            columns={"group": "industry", "value": "count"}
        )
        return rows[["industry", "year", "count"]].reset_index(drop=True)
    inside = local()
    if inside is None:
        raise gap("missing.comparison")
    known = inside.dropna().astype(bool)
    own = set(unit_ids.reindex(known.index[known]))
    rest = set(unit_ids.reindex(known.index[~known])) - own
    held = memberships()
    held = held[among(held["publication_id"], patents.publications.index)].dropna(
        subset=["industry"]
    )
    units = unit_ids.reindex(held["publication_id"]).to_numpy()
    frame = pd.DataFrame({"unit_id": units, "industry": held["industry"].to_numpy()})
    frame = frame[frame["unit_id"].isin(list(rest))].drop_duplicates()
    frame["year"] = unit_years.reindex(frame["unit_id"]).astype("Int64").to_numpy()
    counts = frame.dropna(subset=["year"]).groupby(["industry", "year"])["unit_id"].nunique()
    return counts.rename("count").reset_index()


def rta(
    local_industries: pd.DataFrame, compared_counts: pd.DataFrame, recent: tuple[int, int]
) -> pd.DataFrame:
    """Advantage of the region by industry over the years that both tell, indexed by industry.

    Raises
    ------
    UnavailableError
        There is nothing to compare with.
    """
    years = [y for y in sorted(compared_counts["year"].dropna().unique())
             if recent[0] <= y <= recent[1]]  # fmt: skip
    rest = compared_counts[compared_counts["year"].isin(years)]
    reference = rest.groupby("industry")["count"].sum().round().astype("int64")
    own = local_industries[local_industries["year"].isin(years)]
    counts = own.groupby("industry")["unit_id"].nunique()
    if not reference.sum() or not counts.sum():
        raise gap("missing.comparison")
    frame = matching.specialisation(counts, reference)
    frame = frame.set_index("group")
    frame.attrs = {"years": (int(min(years)), int(max(years)))}
    return frame


def ratios(statistics: pd.DataFrame) -> pd.DataFrame:
    """Ratios of the index by city and year (:func:`patentnav.matching.computed`)."""
    return matching.computed(statistics, "index")


def index_year(ratios: pd.DataFrame, home: Home) -> int:
    """Last year in which the region has every ratio that it ever has.

    Raises
    ------
    UnavailableError
        It has none.
    """
    own = pd.DataFrame(ratios.xs(home.code, level="region_code"))
    held = own.dropna(axis=1, how="all").dropna()
    if held.empty:
        raise gap("missing.not_in_table", user_table="CS", region=home.name)
    return int(held.index.max())


def city_index(ratios: pd.DataFrame, index_year: int, random_state: int) -> pd.DataFrame:
    """Position of cities (:func:`patentnav.matching.index`) in the last year."""
    heads = {name: str(one["head"]) for name, one in matching.ratios("index").items()}
    values = pd.DataFrame(ratios.xs(index_year, level="year")).dropna(axis=1, how="all")
    return matching.index(values, heads, random_state=random_state)


def systems(ratios: pd.DataFrame) -> pd.DataFrame:
    """Scaled systems by city and year: mean of their scaled ratios; NA where one is not told."""
    scaled = matching.scaled(ratios.dropna(axis=1, how="all"))
    frame = {
        name: scaled[members].mean(axis=1, skipna=False)
        for name, members in matching.systems().items()
        if set(members) <= set(scaled.columns)
    }
    return pd.DataFrame(frame)


def coupled(systems: pd.DataFrame) -> pd.DataFrame:
    """Coupling of the systems (:func:`patentnav.matching.coupling`).

    Raises
    ------
    UnavailableError
        Fewer than two systems or five city-years are told.
    """
    if systems.shape[1] < 2:
        raise gap("missing.few_panel", count=0, fewest=5)
    return matching.coupling(systems)


def listed(
    user_tables: dict[str, UserTable], patents: PatentSet,
    owner_level: OwnerLevel,
) -> pd.DataFrame:  # fmt: skip
    """Enterprises of the table EL with the owner that each is: ``name, owner`` (NA: none found).

    A name and its former names are matched as the owners themselves are (one group of spellings).

    Raises
    ------
    UnavailableError
        There is no table EL.
    """
    if "EL" not in user_tables:
        raise gap("missing.no_table", user_table="EL")
    rows = user_tables["EL"].frame.drop_duplicates("name", keep="last").reset_index(drop=True)
    held = facts.holders(patents)
    ids = facts.party_ids(held, owner_level)
    spelled = pd.concat([pd.Series(held[c].to_numpy(), index=ids) for c in ("name", "name_raw")])
    known = {str(name): str(owner) for owner, name in spelled.dropna().sort_index().items()}
    both = zip(rows["name"], rows["former_names"], strict=True)
    said: list[list[str]] = [[str(name), *former] for name, former in both]
    grouped = group_names({*known, *(n for names in said for n in names)})
    party = grouped["party_id"].to_dict()
    owner_of: dict[str, str] = {}
    for name in sorted(known):
        owner_of.setdefault(str(party.get(name)), known[name])
    found = []
    for names in said:
        exact = [known[n] for n in names if n in known]
        near = [owner_of[str(party[n])] for n in names if str(party.get(n)) in owner_of]
        found.append(next(iter([*exact, *near]), None))
    rows["owner"] = pd.Series(found, index=rows.index, dtype="str")
    return rows


def intensive(
    listed: pd.DataFrame, patents: PatentSet, owner_level: OwnerLevel, day: pd.Timestamp
) -> pd.DataFrame:
    """Enterprises of the table EL by inventions granted per employee, with ``employees``.

    :func:`patentnav.planning.patent_intensive`, with the owners that :func:`listed` matched.
    """
    columns = ["name", "owner", *(c for c in ("employees", "revenue") if c in listed)]
    given = listed[columns].copy()
    for column in columns[2:]:
        given[column] = given[column].astype("float64")
    found = planning.patent_intensive(patents, given, as_of=day, owner=owner_level)
    staff = given.set_index("name")["employees"] if "employees" in given else None
    about = dict(found.attrs)
    found = found.assign(employees=None if staff is None else found["name"].map(staff))
    found.attrs = about
    return found


def districts(
    user_tables: dict[str, UserTable],
    patents: PatentSet,
    local_ids: pd.Index,
    unit_ids: pd.Series,
    unit_years: pd.Series,
) -> pd.DataFrame:
    """Units of the region by district: ``unit_id, district, year``; units of unknown district not.

    A district is what the source says, else the one of the table DU whose name the address has.

    Raises
    ------
    UnavailableError
        There is no table DU.
    """
    if "DU" not in user_tables:
        raise gap("missing.no_table", user_table="DU")
    names = sorted(user_tables["DU"].frame["name"], key=lambda n: (-len(n), n))
    held = patents.parties[among(patents.parties["publication_id"], local_ids)]
    held = held[held["role"].isin(_OWNING)]
    found = []
    for said, address in zip(held["district"], held["address"], strict=True):
        told = [n for n in names if isinstance(said, str) and n.startswith(said[:2])]
        read = [n for n in names if isinstance(address, str) and n in address]
        found.append(next(iter([*told, *read]), None))
    frame = pd.DataFrame(
        {"unit_id": unit_ids.reindex(held["publication_id"]).to_numpy(), "district": found}
    )
    frame = frame.dropna().drop_duplicates().sort_values(["unit_id", "district"], ignore_index=True)
    return frame.assign(year=unit_years.reindex(frame["unit_id"]).astype("Int64").to_numpy())
