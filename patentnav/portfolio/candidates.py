"""Candidates: what owners hold by technology, counted and measured against the gate."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Literal

import pandas as pd

from patentnav._strings import among
from patentnav.config import get_config
from patentnav.counting import unit_ids
from patentnav.errors import ArgumentError, MissingColumnError, MissingTableError
from patentnav.facts import DEAD, main_symbols, owners, pct_evidence
from patentnav.normalize import symbols
from patentnav.portfolio.gate import judge
from patentnav.portfolio.scoring import scored

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.facts import OwnerChoice, OwnerLevel
    from patentnav.patentset import PatentSet

COLUMNS = [
    "portfolio_id",
    "owner",
    "technology",
    "inventions",
    "pct",
    "score",
    "meets_gate",
    "inventions_missing",
    "pct_missing",
    "reason",
    "owner_id",
    "units",
    "inventions_unknown",
    "pct_unknown",
    "size",
    "international",
    "layout",
    "quality",
    "members",
    "families",
    "min_inventions",
    "min_pct",
    "unit",
    "granted_only",
    "alive",
]
_ALIVE = {"alive": ("in_force", "pending"), "in_force": ("in_force",)}

Alive = Literal["in_force"] | bool | None


def candidates(
    patents: PatentSet,
    by: pd.Series | pd.DataFrame | str | None = None,
    owner: OwnerLevel = "party",
    *,
    which: OwnerChoice = "first",
    min_inventions: int = 50,
    min_pct: int = 10,
    unit: Unit | None = None,
    granted_only: bool = False,
    alive: Alive = None,
    home: str = "CN",
    values: pd.Series | None = None,
) -> pd.DataFrame:
    """Portfolios that owners hold by technology, measured against the gate.

    Parameters
    ----------
    patents
        The set.
    by
        Technologies: a label per publication (Series), the name of a column of ``publications``, or
        a membership table (then a unit stands in the candidates of all its groups); the main IPC
        subclass when omitted. Publications without a label belong to no portfolio.
    owner
        ``party`` (legal entity) or ``group``.
    which
        ``first`` owner or ``all``: a co-owned unit then stands in several candidates.
    min_inventions, min_pct
        The gate: inventions and PCT applications that a portfolio must have.
    unit
        What an invention is counted in; the configured unit when omitted. A unit takes owner and
        label of its latest publication.
    granted_only
        Count inventions that were granted, whether still in force or not; else filed ones.
    alive
        ``True``: count living inventions only, in force or pending; ``"in_force"``: in force only;
        ``None``: all. An invention lives where any publication of its unit does. PCT applications
        of dead inventions do not count either.
    home
        Office code of the owners' country: PCT applications that entered it from abroad do not
        count (:func:`patentnav.facts.pct_evidence`).
    values
        Value of every publication (0 to 100), e.g. ``valuation.score(patents)["score"]``; its mean
        enters the score as ``quality``.

    Returns
    -------
    pandas.DataFrame
        One row per candidate, best first: ``portfolio_id, owner`` (name), ``technology,
        inventions, pct`` (distinct PCT applications), ``score`` (0 to 100), ``meets_gate``,
        ``inventions_missing, pct_missing`` (to the gate, 0 when reached), ``reason`` (why
        ``meets_gate`` is NA: ``pct_untold``, ``pct_unknown``, ``type_unknown`` or
        ``status_unknown``, where a grant or the legal status is not told), ``owner_id``,
        ``units``, ``inventions_unknown, pct_unknown`` (units that could add to either), the parts
        of the score (0 to 1), ``members`` (publication ids), ``families`` (ids of their families,
        of applications outside any; by them :func:`select` keeps portfolios apart), and the gate:
        ``min_inventions, min_pct, unit, granted_only, alive`` (``all``, ``alive``, ``in_force``).
        ``pct`` is NA where the source tells nothing of PCT; then ``meets_gate`` is NA, never
        false.

    Raises
    ------
    MissingTableError
        The set carries no parties, or neither labels nor IPC classes.
    MissingColumnError
        ``alive`` is asked of a set without any legal status, or ``by`` is no column.
    ArgumentError
        ``owner``, ``which`` or ``alive`` has another value.

    Notes
    -----
    Score: the weighted mean of the known parts, weights in ``scorecards/portfolio.toml``.
    ``size`` = n / (n + min_inventions), ``international`` = pct / (pct + min_pct); ``layout`` is
    the mean of 1 - 1/E over IPC subclasses and over family offices, E being the effective number
    exp(entropy); ``quality`` = mean value / 100. Each is 0.5 at the gate or at two equal classes.
    """
    facts = _facts(patents, unit, granted_only=granted_only, alive=alive, home=home)
    cells = _cells(patents, facts, by, owner, which)
    table = judge(_count(cells, facts), min_inventions, min_pct)
    table = scored(patents, table, values)
    order = table.sort_values(
        ["score", "inventions", "owner_id", "technology"], ascending=[False, False, True, True]
    )
    width = max(3, len(str(len(order))))
    order["portfolio_id"] = [f"P{i:0{width}d}" for i in range(1, len(order) + 1)]
    order["unit"] = unit or get_config().unit
    order["granted_only"] = granted_only
    order["alive"] = _alive_word(alive)
    result = order.reset_index(drop=True)[COLUMNS]
    result = result.astype({"portfolio_id": "str", "unit": "str", "alive": "str"})
    # For captions; the same stands in the columns.
    gate = {"min_inventions": min_inventions, "min_pct": min_pct, "granted_only": granted_only}
    result.attrs = {"gate": {**gate, "unit": unit or get_config().unit}}
    return result


def _alive_word(alive: Alive) -> str:
    if alive is None:
        return "all"
    if alive is True:
        return "alive"
    if alive == "in_force":
        return "in_force"
    msg = f'alive={alive!r} is not one of None, True, "in_force".'
    raise ArgumentError(msg)


def _facts(
    patents: PatentSet, unit: Unit | None, *, granted_only: bool, alive: Alive, home: str
) -> pd.DataFrame:
    """One row per publication: its unit and family, whether its unit counts, its PCT state."""
    publications = patents.publications
    units = unit_ids(patents, unit)
    kind = publications["patent_type"].groupby(units).transform("first")
    counted = (kind == "invention").astype("boolean").mask(kind.isna())
    if granted_only:
        stated = (
            publications["granted"].astype("boolean").mask(publications["grant_date"].notna(), True)
        )
        counted = counted & _any(patents, stated, units)
    evidence = pct_evidence(patents, unit, home)
    pct = evidence["pct"]
    if alive is not None:
        living = _living(patents, units, alive)
        counted, pct = counted & living, pct & living
    return pd.DataFrame(
        {
            "unit_id": units,
            "family_id": unit_ids(patents, "family" if patents.has("families") else "application"),
            "counted": counted,
            "untyped": kind.isna(),
            "pct": pct,
            "told": evidence["pct"].notna(),
            "pct_key": evidence["pct_key"],
            "date": publications["publication_date"],
        }
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


def _living(patents: PatentSet, units: pd.Series, alive: Alive) -> pd.Series:
    if not patents.has("publications", "legal_status"):
        msg = (
            f"alive={alive!r} needs publications.legal_status, which no publication has. Export "
            "the legal status, or pass alive=None to count all."
        )
        raise MissingColumnError(msg)
    status = patents.publications["legal_status"]
    living = status.isin(_ALIVE[_alive_word(alive)]).astype("boolean")
    return _any(patents, living.mask(~status.isin([*_ALIVE["alive"], *DEAD])), units)


def _labels(patents: PatentSet, by: pd.Series | pd.DataFrame | str | None) -> pd.DataFrame:
    """Technologies of publications: ``publication_id, technology``."""
    if isinstance(by, pd.DataFrame):
        name = next(column for column in by.columns if column != "publication_id")
        labels = by.set_index("publication_id")[name]
    elif isinstance(by, str):
        if by not in patents.publications.columns:
            msg = f'publications has no column "{by}". Add it with assign.'
            raise MissingColumnError(msg)
        labels = patents.publications[by]
    elif by is not None:
        labels = by
    elif patents.has("classifications"):
        labels = symbols.level(main_symbols(patents), "subclass")
    else:
        msg = "Without by= the main IPC subclass is taken, but the set has no classes."
        raise MissingTableError(msg)
    labels = labels[among(labels.index, patents.publications.index)].dropna()
    long = labels.rename("technology").rename_axis("publication_id").reset_index()
    return long.drop_duplicates(ignore_index=True)


def _cells(
    patents: PatentSet,
    facts: pd.DataFrame,
    by: pd.Series | pd.DataFrame | str | None,
    owner: OwnerLevel,
    which: OwnerChoice,
) -> pd.DataFrame:
    """Which unit stands in which candidate: ``unit_id, owner_id, owner, technology``."""
    held = owners(patents, owner, which=which).rename(
        columns={"owner": "owner_id", "name": "owner"}
    )
    labels = _labels(patents, by)
    ordered = facts.reset_index().sort_values(["date", "publication_id"], na_position="first")

    def latest(known: pd.Series) -> pd.DataFrame:
        labelled = ordered[among(ordered["publication_id"], known)]
        return labelled.drop_duplicates("unit_id", keep="last")[["unit_id", "publication_id"]]

    named = latest(labels["publication_id"]).merge(labels, on="publication_id")
    cells = latest(held["publication_id"]).merge(held, on="publication_id")
    cells = cells.merge(named[["unit_id", "technology"]], on="unit_id")
    return cells[["unit_id", "owner_id", "owner", "technology"]]


def _count(cells: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Numbers, members and families of every candidate."""
    per_unit = facts.groupby("unit_id")[["counted", "untyped", "pct", "told", "pct_key"]].first()
    joined = cells.join(per_unit, on="unit_id")
    known = joined["pct"].fillna(False).astype(bool)
    joined = joined.assign(
        inventions=joined["counted"].fillna(False).astype(int),
        open=joined["counted"].isna().astype(int),
        untyped=joined["untyped"].astype(int),
        pct_id=joined["pct_key"].fillna(joined["unit_id"]).where(known),
        pct_open=joined["pct"].isna().astype(int),
    )
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
    )
    held = joined[["unit_id", "owner_id", "technology"]].merge(
        facts[["unit_id", "family_id"]].reset_index(), on="unit_id"
    )
    table["members"] = _tuples(held, "publication_id", table.index)
    table["families"] = _tuples(held, "family_id", table.index)
    table = table.reset_index()
    counts = ["units", "inventions", "inventions_unknown", "pct", "pct_unknown"]
    return table.astype(dict.fromkeys(counts, "Int64"))


def _tuples(held: pd.DataFrame, column: str, cells: pd.Index) -> list[tuple[str, ...]]:
    """Sorted distinct values of every cell, in the order of the (sorted) cells."""
    rows = held[["owner_id", "technology", column]].drop_duplicates()
    rows = rows.sort_values(["owner_id", "technology", column])
    ids = rows[column].tolist()
    ends = rows.groupby(["owner_id", "technology"], sort=True, observed=True).size().cumsum()
    bounds = [0, *ends.reindex(cells).tolist()]
    return [tuple(ids[i:j]) for i, j in itertools.pairwise(bounds)]
