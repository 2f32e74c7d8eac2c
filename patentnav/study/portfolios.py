"""Portfolios: candidates against the gate, their layout, next steps, and the best disjoint choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import facts, portfolio, valuation
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


def eligible(  # noqa: PLR0917 (what a step needs)
    candidates: pd.DataFrame,
    remainders: frozenset[str],
    alive_owners: Later[frozenset[str]],
    applicant: str,
    local: pd.Series | None,
    region_owners: Later[pd.Series],
) -> pd.DataFrame:
    """Candidates that may be chosen or cultivated.

    In technologies, not in what is left over; of owners that still file and whose rights mostly
    live, unless one applicant is studied; of the studied region where there is one.
    """
    wanted = ~candidates["technology"].isin(remainders)
    if not applicant:
        wanted &= candidates["owner_id"].isin(alive_owners())
    if local is not None:
        own = region_owners().reindex(candidates["owner_id"]).fillna(False).astype(bool)
        wanted &= own.to_numpy()
    kept: pd.DataFrame = candidates[wanted].reset_index(drop=True)
    kept.attrs = dict(candidates.attrs)
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


def additions(patents: PatentSet, eligible: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Next steps of candidates below the gate (:func:`patentnav.portfolio.additions`)."""
    return portfolio.additions(patents, eligible, as_of=day)


def closing(eligible: pd.DataFrame, additions: pd.DataFrame) -> pd.DataFrame:
    """What each lever leaves of the gap (:func:`patentnav.portfolio.closing`)."""
    return portfolio.closing(eligible, additions)


def selection(eligible: pd.DataFrame, portfolios: int) -> Selection:
    """The best disjoint choice of candidates that meet the gate (:func:`patentnav.portfolio.select`)."""
    return portfolio.select(eligible, portfolios, time_limit=_TIME_LIMIT)


def of_size(found: pd.DataFrame) -> pd.DataFrame:
    """Candidates with a tenth of the inventions of the gate or more: a pair of patents is near nothing."""
    return found[found["inventions"] >= (found["min_inventions"] // 10).clip(lower=1)]


def layout(patents: PatentSet, selection: Selection, day: pd.Timestamp) -> pd.DataFrame:
    """Layout of the chosen portfolios, and of the candidates that come next where few are chosen.

    Those that come next are of known PCT applications, where any is: of others nobody knows what they lack.

    :func:`patentnav.portfolio.layout` with ``owner, owner_id, technology, chosen, pct_told``.
    """
    chosen = selection.chosen
    shown = chosen
    if len(chosen) < _SHOWN:
        near = of_size(selection.near_misses)
        told = near["pct_missing"].notna()
        near = near[told] if told.any() or len(chosen) else near
        shown = pd.concat([chosen, near.head(_SHOWN - len(chosen))])
    found = portfolio.layout(patents, shown, as_of=day)
    names = shown.set_index("portfolio_id")[["owner", "owner_id", "technology"]]
    found = found.join(names, on="portfolio_id")
    # What mostly ended comes near to nothing, however many it once was.
    ended = (
        (2 * found["living"].astype("Float64") < found["units"]).fillna(value=False).astype(bool)
    )
    found = found[~ended | found["portfolio_id"].isin(chosen["portfolio_id"])].reset_index(
        drop=True
    )
    known = shown.loc[shown["pct_missing"].notna(), "portfolio_id"]
    return found.assign(
        chosen=found["portfolio_id"].isin(chosen["portfolio_id"]),
        pct_told=found["portfolio_id"].isin(known),
    )


_SHOWN = 10  # portfolios whose layout is told at least


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
