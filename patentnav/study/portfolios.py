"""Portfolios: candidates against the gate, their layout, next steps, and the best disjoint choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import facts, operation, portfolio, valuation
from patentnav.study.gaps import gap, require

if TYPE_CHECKING:
    from patentnav.cluster import Technologies
    from patentnav.facts import OwnerLevel
    from patentnav.patentset import PatentSet
    from patentnav.portfolio import Selection
    from patentnav.study.steps import Later

_TIME_LIMIT = 30.0  # seconds for the proof
CARD = "default"  # scorecard of the value of rights
CARDS = ("impact", "keep")  # scorecards of the quality of candidates: built upon, and maintained


def worth(patents: PatentSet) -> pd.Series:
    """Value of every publication (0 to 100): mean of the scores of ``CARDS`` that are known.

    One number for both questions is for choosing among portfolios only; for single patents they are
    asked apart. The name says which of the cards tell anything of this set, joined by ``+``.
    """
    scores = {c: valuation.score(patents, c, unit="application")["score"] for c in CARDS}
    known = {card: values for card, values in scores.items() if values.notna().any()}
    mean = pd.DataFrame(known, index=patents.publications.index, dtype="float64").mean(axis=1)
    return mean.rename("+".join(known))


def candidates(
    patents: PatentSet,
    technologies: Technologies,
    owner_level: OwnerLevel,
    min_inventions: int,
    min_pct: int,
    *,
    granted_only: bool,
    worth: pd.Series,
) -> pd.DataFrame:
    """Portfolio candidates and the gate (:func:`patentnav.portfolio.candidates`)."""
    require(patents, "parties", "publications.patent_type")
    found = portfolio.candidates(
        patents,
        technologies.labels,
        owner_level,
        min_inventions=min_inventions,
        min_pct=min_pct,
        granted_only=granted_only,
        unit="application",
        values=worth if worth.notna().any() else None,
    )
    if found.empty:
        raise gap("missing.table", table="parties")
    return found


def day(patents: PatentSet, cutoff: pd.Timestamp | None) -> pd.Timestamp:
    """Day of which terms are told: that of the search, else the last one that the set knows of."""
    found = cutoff if cutoff is not None else facts.cutoff_date(patents)
    if found is None:
        raise gap("missing.dates")
    return pd.Timestamp(found)


def living_candidates(  # noqa: PLR0917 (what a step needs)
    candidates: pd.DataFrame,
    remainders: frozenset[str],
    alive_owners: Later[frozenset[str]],
    strength: Later[pd.DataFrame],
    applicant: str,
    local: pd.Series | None,
    region_owners: Later[pd.Series],
) -> pd.DataFrame:
    """Candidates of those who live.

    In technologies, not in what is left over; of owners that still file and whose rights mostly
    live, both on the whole and in the very technology, unless one applicant is studied; of the
    studied region where there is one.
    """
    wanted = ~candidates["technology"].isin(remainders)
    if not applicant:
        wanted &= candidates["owner_id"].isin(alive_owners())
        # A firm that thrives elsewhere completes no portfolio that it has given up.
        cells = strength().loc[lambda t: t["lives"], ["entity", "group"]]
        pairs = pd.MultiIndex.from_frame(candidates[["owner_id", "technology"]].astype("str"))
        wanted &= pairs.isin(pd.MultiIndex.from_frame(cells.astype("str")))
    if local is not None:
        own = region_owners().reindex(candidates["owner_id"]).fillna(False).astype(bool)
        wanted &= own.to_numpy()
    kept: pd.DataFrame = candidates[wanted].reset_index(drop=True)
    kept.attrs = dict(candidates.attrs)
    return kept


def domestic(patents: PatentSet, applicant: str) -> bool:
    """Whether the set is one of Chinese publications, studied for who is at home there."""
    at_home = (patents.publications["authority"] == _HOME).mean()
    return not applicant and float(at_home) >= _NEARLY_ALL


def eligible(
    living_candidates: pd.DataFrame, *, domestic: bool, foreign_owners: Later[pd.Series]
) -> pd.DataFrame:
    """Candidates that may be chosen or cultivated.

    Of a set of domestic publications those whose owners are not known to be foreign: what these
    enter from abroad is not for anybody at home to cultivate.
    """
    return (
        living_candidates
        if not domestic
        else _of(living_candidates, foreign_owners(), wanted=False)
    )


def foreign_candidates(
    living_candidates: pd.DataFrame, *, domestic: bool, foreign_owners: Later[pd.Series]
) -> pd.DataFrame:
    """Candidates that are left out of :func:`eligible` as their owners are foreign."""
    if not domestic:
        return living_candidates.iloc[:0]
    return _of(living_candidates, foreign_owners(), wanted=True)


def _of(found: pd.DataFrame, foreign: pd.Series, *, wanted: bool) -> pd.DataFrame:
    away = foreign.reindex(found["owner_id"]).fillna(value=False).to_numpy(dtype=bool)
    kept: pd.DataFrame = found[away == wanted].reset_index(drop=True)
    kept.attrs = dict(found.attrs)
    return kept


def readings(eligible: pd.DataFrame, portfolios: int) -> pd.DataFrame:
    """The target of portfolios under each reading (:func:`patentnav.portfolio.readings`).

    Of the candidates that may be cultivated: what is left over is no technology, and whoever holds
    no living right builds no portfolio, so that nothing is counted here that is not listed there.
    """
    return portfolio.readings(eligible, portfolios)


def home_candidates(
    candidates: pd.DataFrame, local: pd.Series | None, region_owners: Later[pd.Series]
) -> pd.DataFrame:
    """Candidates of owners of the studied region; all where none is studied."""
    if local is None:
        return candidates
    own = region_owners().reindex(candidates["owner_id"]).fillna(False).astype(bool)
    return candidates[own.to_numpy()]


def contents(
    patents: PatentSet, home_candidates: pd.DataFrame, portfolios: int, as_of_day: pd.Timestamp
) -> pd.DataFrame:
    """Inventions and PCT applications of the largest (:func:`patentnav.portfolio.contents`)."""
    return portfolio.contents(patents, home_candidates, portfolios, as_of=as_of_day)


def alliances(
    patents: PatentSet,
    technology_of: pd.DataFrame,
    remainders: frozenset[str],
    owner_level: OwnerLevel,
) -> pd.DataFrame:
    """Owners tied to the leaders of the technologies (:func:`patentnav.operation.alliances`)."""
    named = technology_of[~technology_of["technology"].isin(remainders)]
    return operation.alliances(patents, named, owner=owner_level)


def additions(
    patents: PatentSet, eligible: pd.DataFrame, day: pd.Timestamp, alliances: Later[pd.DataFrame]
) -> pd.DataFrame:
    """Next steps of candidates below the gate (:func:`patentnav.portfolio.additions`) that are steps.

    Other technologies of the owner make the portfolio another one and fill no gap in it. What others
    hold helps who has half of the gate; and an ally is who is found to be tied to the owner there
    and does not compete, where more lacks than a tenth of the gate.
    """
    found = portfolio.additions(patents, eligible, as_of=day)
    others = found["lever"].isin(["partner", "alliance"])
    near = found["portfolio_id"].isin(close(eligible)["portfolio_id"])
    kept = found[(found["lever"] != "own_neighbour") & (~others | (near & _helps(found, eligible)))]
    allied = kept["lever"] == "alliance"
    if allied.any():
        kept = kept[~allied | _tied(kept, eligible, alliances())]
    kept = kept.reset_index(drop=True)
    kept.attrs = dict(found.attrs)
    return kept


def _helps(rows: pd.DataFrame, eligible: pd.DataFrame) -> pd.Series:
    """Whether a row adds to a count that lacks."""
    lacks = eligible.set_index("portfolio_id")[["inventions_missing", "pct_missing"]]
    lacks = lacks.astype("Float64").fillna(0).reindex(rows["portfolio_id"]).set_index(rows.index)
    adds: pd.Series = (rows["inventions"] > 0) & (lacks["inventions_missing"] > 0)
    adds = adds.fillna(value=False) | ((rows["pct"] > 0) & (lacks["pct_missing"] > 0)).fillna(
        value=False
    )
    return adds.astype(bool)


def _tied(rows: pd.DataFrame, eligible: pd.DataFrame, alliances: pd.DataFrame) -> pd.Series:
    """Whether two owners are candidates for an alliance in the technology, for more than a trifle."""
    apart = alliances[~alliances["competitors"].fillna(False).astype(bool)]
    keys = zip(apart["technology"], apart["leader"], apart["partner"], strict=True)
    known = {(str(t), frozenset((str(a), str(b)))) for t, a, b in keys}
    own = eligible.set_index("portfolio_id")
    owner, technology = own["owner_id"], own["technology"]
    pairs = zip(rows["portfolio_id"], rows["with_id"], strict=True)
    told = [
        not pd.isna(other)
        and (str(technology[one]), frozenset((str(owner[one]), str(owner[other])))) in known
        for one, other in pairs
    ]
    lacks = (_TENTH * own["inventions_missing"] > own["min_inventions"]) | (
        _TENTH * own["pct_missing"].fillna(0) > own["min_pct"]
    )
    return pd.Series(told, index=rows.index) & rows["portfolio_id"].map(lacks).astype(bool)


def closing(eligible: pd.DataFrame, additions: pd.DataFrame) -> pd.DataFrame:
    """What each lever leaves of the gap (:func:`patentnav.portfolio.closing`)."""
    return portfolio.closing(eligible, additions)


def selection(eligible: pd.DataFrame, portfolios: int) -> Selection:
    """The best disjoint choice of candidates that meet the gate (:func:`patentnav.portfolio.select`)."""
    return portfolio.select(eligible, portfolios, time_limit=_TIME_LIMIT)


def of_size(found: pd.DataFrame) -> pd.DataFrame:
    """Candidates with a tenth of the inventions of the gate or more: a pair of patents is near nothing."""
    return found[found["inventions"] >= (found["min_inventions"] // _TENTH).clip(lower=1)]


def of_grants(min_inventions: int) -> int:
    """Granted inventions from which a candidate is said to be near the gate."""
    return max(1, min_inventions // _TENTH)


def grown(found: pd.DataFrame) -> pd.DataFrame:
    """Candidates of size with as many granted inventions, where grants are told: filings alone are no asset."""
    large = of_size(found)
    granted = large["granted"].astype("Float64") >= large["min_inventions"].map(of_grants)
    return large[granted.fillna(value=True).astype(bool)]


def close(found: pd.DataFrame) -> pd.DataFrame:
    """Candidates with half of the gate or more in both counts, and of size in grants.

    Those of which PCT applications are not told are not close.
    """
    lacks = found[["inventions_missing", "pct_missing"]].astype("Float64")
    near = (2 * lacks["inventions_missing"] <= found["min_inventions"]) & (
        2 * lacks["pct_missing"] <= found["min_pct"]
    )
    return grown(found[near.fillna(False).astype(bool)])


def at_home(patents: PatentSet, found: pd.DataFrame) -> pd.Series:
    """Whether candidates are not known to be mostly of filings from abroad; by position."""
    known = [facts.foreign_origin(patents, h) for h in found["home"].unique()]
    foreign = dict(zip(found["home"].unique(), known, strict=True))
    away = [
        bool(own.dropna().mean() > _MOSTLY) if own.notna().any() else False
        for own in (foreign[h].reindex(list(m)) for h, m in zip(found["home"], found["members"], strict=True))
    ]  # fmt: skip
    return pd.Series([not one for one in away], index=found.index, dtype=bool)


def layout(patents: PatentSet, selection: Selection, day: pd.Timestamp) -> pd.DataFrame:
    """Layout of the chosen portfolios, and of the candidates that come next where few are chosen.

    Those that come next are those nearest to the gate of all that are :func:`close` to it; where of
    most candidates of size PCT applications are not told, those of most inventions.

    :func:`patentnav.portfolio.layout` with ``owner, owner_id, technology, chosen, pct_told``.
    """
    chosen = selection.chosen
    shown = chosen
    if len(chosen) < _SHOWN:
        near = grown(selection.near_misses)
        if 2 * near["pct_missing"].notna().sum() >= len(near):
            near = close(selection.near_misses)
        else:  # those that are told are no fair choice of all
            near = near.sort_values(["inventions_missing", "portfolio_id"])
        shown = pd.concat([chosen, near.head(_LOOKED)])
    found = portfolio.layout(patents, shown, as_of=day)
    names = shown.set_index("portfolio_id")[["owner", "owner_id", "technology"]]
    found = found.join(names, on="portfolio_id")
    # What mostly ended comes near to nothing, however many it once was.
    ended = (
        (2 * found["living"].astype("Float64") < found["units"]).fillna(value=False).astype(bool)
    )
    found = found[~ended | found["portfolio_id"].isin(chosen["portfolio_id"])]
    found = found.head(max(_SHOWN, len(chosen))).reset_index(drop=True)
    known = shown.loc[shown["pct_missing"].notna(), "portfolio_id"]
    return found.assign(
        chosen=found["portfolio_id"].isin(chosen["portfolio_id"]),
        pct_told=found["portfolio_id"].isin(known),
    )


_HOME = "CN"
_NEARLY_ALL = 0.9  # of the publications, from which a set is domestic
_TENTH = 10  # part of the gate
_MOSTLY = 0.5
_SHOWN = 10  # portfolios whose layout is told at least
_LOOKED = 30  # of those that come next, as some have mostly ended


def held_ids(patents: PatentSet, local: pd.Series | None) -> pd.Index:
    """Publications that are taken stock of: those of the region, of the whole set where none is studied.

    Raises
    ------
    UnavailableError
        A region is studied and no owner lies inside.
    """
    if local is None:
        return patents.publications.index
    found: pd.Index = local.index[local.fillna(False).astype(bool)]
    if not len(found):
        raise gap("missing.region")
    return found


def graded(patents: PatentSet) -> pd.DataFrame:
    """Scores and tiers of all rights by the default card (:func:`patentnav.valuation.score`)."""
    return valuation.score(patents, CARD, unit="application")


def scores(graded: pd.DataFrame, held_ids: pd.Index) -> pd.DataFrame:
    """Scores of the rights taken stock of."""
    return graded.loc[held_ids]


def steadiness(scores: pd.DataFrame, random_state: int) -> pd.DataFrame:
    """How far tiers depend on the weights (:func:`patentnav.valuation.sensitivity`), of rights in a tier."""
    tiered = scores[scores["tier"].notna()]
    if tiered.empty:
        raise gap("missing.no_tiers")
    return valuation.sensitivity(tiered, CARD, random_state=random_state)
