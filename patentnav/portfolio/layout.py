"""How well a portfolio is laid out: breadth, offices, age, core and fence, what expires."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._strings import among
from patentnav.counting import unit_ids
from patentnav.errors import ArgumentError, MissingColumnError
from patentnav.facts import (
    alive,
    cutoff_date,
    expiry_dates,
    family_members,
    foreign_origin,
    pct_evidence,
)
from patentnav.normalize import symbols
from patentnav.portfolio.members import members

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

YOUNG = 5  # years called young, and years in which what expires is told
LEAST_TOLD = 0.5  # part of the units that must be told of for a portfolio to be
_YEAR = 365.25
COLUMNS = [
    "portfolio_id", "units", "subclasses", "main_groups", "effective_groups", "offices",
    "abroad_share", "first_year", "last_year", "median_age", "young_share", "living", "core",
    "fence", "fence_per_core", "expiring", "expiring_share", "median_years_left",
]  # fmt: skip


def layout(
    patents: PatentSet, candidates: pd.DataFrame, *, as_of: str | pd.Timestamp | None = None
) -> pd.DataFrame:
    """How well portfolios are laid out.

    Parameters
    ----------
    patents
        The set of the candidates.
    candidates
        What :func:`patentnav.portfolio.candidates` returned, or some of its rows; also
        ``Selection.chosen``.
    as_of
        Day of which ages and remaining terms are told; the last day the set knows of when omitted.

    Returns
    -------
    pandas.DataFrame
        One row per candidate, in their order; counted in the candidates' unit:

        - ``units``; breadth: ``subclasses, main_groups`` (distinct ones of the IPC) and
          ``effective_groups`` (exponential of the entropy of main groups, a unit sharing its weight);
        - ``offices`` at which family members were filed, the home office included, and
          ``abroad_share``, units with a member outside ``home``, of owners known to be there, else with
          members at two offices or more (the PCT is none);
        - ``first_year, last_year`` of filing, ``median_age`` (years), ``young_share`` (filed in the
          last five years);
        - ``living`` (in force or pending); ``core``: living units with a PCT application or members
          abroad, as told before; ``fence``: other living units that share an IPC main group
          with a core unit; ``fence_per_core``;
        - ``expiring`` and ``expiring_share``: living units whose longest term ends within five years;
          ``median_years_left`` of the living.

        NA where the set does not tell: of offices and what lies abroad, where the family is listed
        of fewer than half of the units; of core and fence, where neither family nor PCT is.

    Raises
    ------
    MissingColumnError
        The candidates lack a column that is needed.
    ArgumentError
        The set knows no date and ``as_of`` is not given.

    Notes
    -----
    Core and fence are facts of filing, no judgement of worth: what the owner took abroad, and what
    it filed at home around it.
    """
    lacking = {"portfolio_id", "members", "unit", "home"} - set(candidates.columns)
    if lacking:
        msg = f"The candidates lack {', '.join(sorted(lacking))}. Make them with portfolio.candidates."
        raise MissingColumnError(msg)
    day = cutoff_date(patents) if as_of is None else pd.Timestamp(as_of)
    if day is None:
        msg = "The set knows no date. Say as_of."
        raise ArgumentError(msg)
    if candidates.empty:
        return pd.DataFrame(columns=COLUMNS)
    unit, home = candidates["unit"].iloc[0], candidates["home"].iloc[0]
    units = unit_ids(patents, unit)
    long = members(candidates)
    long["unit_id"] = long["publication_id"].map(units)
    held = long[["portfolio_id", "unit_id"]].drop_duplicates(ignore_index=True)
    table = pd.DataFrame(index=pd.Index(candidates["portfolio_id"]))
    table["units"] = held.groupby("portfolio_id").size()
    classes = _classes(patents, units)
    table = table.join(_breadth(held, classes))
    facts = _facts(patents, units, home, day)
    joined = held.join(facts, on="unit_id")
    offices = _offices(patents, held, units)
    listed = _mostly(joined["abroad"].notna(), joined["portfolio_id"])
    table = table.join(offices.where(listed)).join(_ages(joined, day))
    table = table.join(_core(joined, classes, day))
    whole = ["units", "subclasses", "main_groups", "offices", "first_year", "last_year", "living",
             "core", "fence", "expiring"]  # fmt: skip
    table = table.astype(dict.fromkeys(whole, "Int64"))
    return table.reset_index()[COLUMNS]


def _classes(patents: PatentSet, units: pd.Series) -> pd.DataFrame | None:
    """IPC main groups of units: ``unit_id, subclass, main_group`` (NA where only a subclass is told)."""
    if not patents.has("classifications"):
        return None
    rows = patents.classifications
    scheme = "IPC" if (rows["scheme"] == "IPC").any() else "CPC"
    rows = rows[rows["scheme"] == scheme].dropna(subset="symbol")
    found = pd.DataFrame(
        {
            "unit_id": rows["publication_id"].map(units),
            "subclass": symbols.level(rows["symbol"], "subclass"),
            "main_group": symbols.level(rows["symbol"], "group"),
        }
    )
    return found.dropna(subset="unit_id").drop_duplicates(ignore_index=True)


def _breadth(held: pd.DataFrame, classes: pd.DataFrame | None) -> pd.DataFrame:
    names = ["subclasses", "main_groups", "effective_groups"]
    if classes is None:
        return pd.DataFrame(columns=names, dtype="float64")
    joined = held.merge(classes, on="unit_id")
    distinct = joined.groupby("portfolio_id")[["subclass", "main_group"]].nunique()
    grouped = joined.dropna(subset="main_group").drop_duplicates(
        ["portfolio_id", "unit_id", "main_group"]
    )
    weight = 1 / grouped.groupby(["portfolio_id", "unit_id"])["main_group"].transform("size")
    mass = weight.groupby([grouped["portfolio_id"], grouped["main_group"]]).sum()
    share = mass / mass.groupby(level=0).transform("sum")
    entropy = -(share * np.log(share)).groupby(level=0).sum()
    found = distinct.set_axis(names[:2], axis=1)
    return found.assign(effective_groups=np.exp(entropy))


def _facts(patents: PatentSet, units: pd.Series, home: str, day: pd.Timestamp) -> pd.DataFrame:
    """Per unit: filing date, whether it lives, went abroad, has a PCT application, when it ends."""
    publications = patents.publications
    living = alive(patents)
    own = publications["authority"]
    offices = pd.DataFrame({"publication_id": publications.index, "authority": own.to_numpy()})
    listed = np.zeros(len(publications), dtype=bool)
    if patents.has("families"):
        members_ = family_members(patents)[["publication_id", "authority"]]
        offices = pd.concat([offices, members_])
        listed = among(publications.index, members_["publication_id"])
    offices = offices[offices["authority"] != "WO"].dropna().drop_duplicates()
    away = offices.loc[offices["authority"] != home, "publication_id"]
    several = offices["publication_id"].value_counts()
    # What an office of another country tells depends on where the owner is; where that is not known,
    # or is another country, two offices are one abroad.
    from_home = (~foreign_origin(patents, home)).fillna(False).astype(bool)
    at_home = from_home.groupby(units).transform("any").to_numpy(dtype=bool)
    abroad = pd.Series(
        np.where(at_home, publications.index.isin(away),
                 publications.index.isin(several.index[several > 1])), index=publications.index,
    ).astype("boolean")  # fmt: skip
    abroad = abroad.mask(~abroad & ~listed)  # nothing is told of other offices
    frame = pd.DataFrame(
        {
            "unit_id": units,
            "filed": publications["application_date"].where(
                publications["application_date"] <= day
            ),
            "living": living,
            "abroad": abroad,
            "pct": pct_evidence(patents, "publication")["pct"],
            "ends": expiry_dates(patents),
        }
    )
    groups = frame.groupby("unit_id")
    found = pd.DataFrame({"filed": groups["filed"].min(), "ends": groups["ends"].max()})
    for name in ("living", "abroad", "pct"):
        found[name] = groups[name].max().astype("boolean")
    return found


def _offices(patents: PatentSet, held: pd.DataFrame, units: pd.Series) -> pd.Series:
    own = patents.publications["authority"]
    rows = pd.DataFrame({"unit_id": units, "authority": own})
    if not patents.has("families"):  # the export tells of one office only
        return pd.Series(dtype="Int64", name="offices")
    more = family_members(patents)[["publication_id", "authority"]]
    more = more.assign(unit_id=more["publication_id"].map(units))
    rows = pd.concat([rows, more[["unit_id", "authority"]]])
    rows = rows[rows["authority"] != "WO"].dropna().drop_duplicates()
    found: pd.Series = held.merge(rows, on="unit_id").groupby("portfolio_id")["authority"].nunique()
    return found.rename("offices")


def _mostly(told: pd.Series, by: pd.Series) -> pd.Series:
    """Whether at least half of the units of a portfolio say it."""
    share: pd.Series = told.astype("float64").groupby(by).mean()
    return share >= LEAST_TOLD


def _ages(joined: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    dated = joined.dropna(subset="filed")
    age = (day - dated["filed"]).dt.days / _YEAR
    by = dated["portfolio_id"]
    year = dated["filed"].dt.year
    abroad = joined["abroad"].astype("Float64").groupby(joined["portfolio_id"]).mean()
    abroad = abroad.where(_mostly(joined["abroad"].notna(), joined["portfolio_id"]))
    return pd.DataFrame(
        {
            "first_year": year.groupby(by).min(),
            "last_year": year.groupby(by).max(),
            "median_age": age.groupby(by).median(),
            "young_share": (age < YOUNG).groupby(by).mean(),
            "abroad_share": abroad.astype("float64"),
        }
    )


def _core(joined: pd.DataFrame, classes: pd.DataFrame | None, day: pd.Timestamp) -> pd.DataFrame:
    lives = joined["living"].fillna(False).astype(bool)
    by = joined["portfolio_id"]
    out = (joined["abroad"].fillna(False) | joined["pct"].fillna(False)).astype(bool)
    core = lives & out
    told = joined["living"].notna().groupby(by).any()
    outside = _mostly(joined["abroad"].notna() | joined["pct"].notna(), by) & told
    around = pd.Series(False, index=joined.index)
    if classes is not None:
        rows = joined.assign(core=core, row=joined.index).merge(
            classes.dropna(subset="main_group"), on="unit_id"
        )
        near = rows["core"].groupby([rows["portfolio_id"], rows["main_group"]]).transform("any")
        around.loc[rows.loc[near & ~rows["core"], "row"].unique()] = True
    left = (joined["ends"] - day).dt.days / _YEAR
    ending = lives & (left <= YOUNG)
    dated = (lives & left.notna()).groupby(by).any()
    found = pd.DataFrame(
        {
            "living": lives.groupby(by).sum().where(told),
            "core": core.groupby(by).sum().where(outside),
            "fence": (lives & ~core & around).groupby(by).sum().where(outside),
            "expiring": ending.groupby(by).sum().where(dated),
            "median_years_left": left.where(lives).groupby(by).median(),
        }
    )
    if classes is None:
        found["fence"] = np.nan
    found["fence_per_core"] = (found["fence"] / found["core"]).where(found["core"] > 0)
    found["expiring_share"] = (found["expiring"] / found["living"]).where(found["living"] > 0)
    return found
