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
    strength: Later[pd.DataFrame],
    applicant: str,
    local: pd.Series | None,
    region_owners: Later[pd.Series],
) -> pd.DataFrame:
    """Candidates that may be chosen or cultivated.

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
    """Next steps of candidates below the gate (:func:`patentnav.portfolio.additions`).

    Without own technologies of like classes where these hold more than half of what the owner of
    several others has besides: what is near to nearly everything tells nothing.
    """
    found = portfolio.additions(patents, eligible, as_of=day)
    held = portfolio.members(eligible).merge(
        eligible[["portfolio_id", "owner_id", "technology"]], on="portfolio_id"
    )
    whole = held.groupby("owner_id")["publication_id"].nunique()
    own = eligible.set_index("portfolio_id")
    besides = own["owner_id"].map(whole) - held.groupby("portfolio_id")["publication_id"].nunique()
    several = own["owner_id"].map(held.groupby("owner_id")["technology"].nunique()) > _OTHERS
    near = found[found["lever"] == "own_neighbour"]
    moved = near.groupby("portfolio_id")["publication_id"].nunique().reindex(own.index).fillna(0)
    vague = own.index[several & (2 * moved > besides)]
    settings = dict(found.attrs)
    kept = found[(found["lever"] != "own_neighbour") | ~found["portfolio_id"].isin(vague)]
    kept = kept.reset_index(drop=True)
    kept.attrs = settings
    return kept


def closing(eligible: pd.DataFrame, additions: pd.DataFrame) -> pd.DataFrame:
    """What each lever leaves of the gap (:func:`patentnav.portfolio.closing`)."""
    return portfolio.closing(eligible, additions)


def selection(eligible: pd.DataFrame, portfolios: int) -> Selection:
    """The best disjoint choice of candidates that meet the gate (:func:`patentnav.portfolio.select`)."""
    return portfolio.select(eligible, portfolios, time_limit=_TIME_LIMIT)


def of_size(found: pd.DataFrame) -> pd.DataFrame:
    """Candidates with a tenth of the inventions of the gate or more: a pair of patents is near nothing."""
    return found[found["inventions"] >= (found["min_inventions"] // 10).clip(lower=1)]


def grown(found: pd.DataFrame) -> pd.DataFrame:
    """Candidates of size with as many granted inventions, where grants are told: filings alone are no asset."""
    large = of_size(found)
    granted = large["granted"].astype("Float64") >= (large["min_inventions"] // 10).clip(lower=1)
    return large[granted.fillna(value=True).astype(bool)]


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

    Those that come next are of known PCT applications, where half of them are or more: else those
    that lack the fewest inventions come next, whatever is told of their PCT applications.

    :func:`patentnav.portfolio.layout` with ``owner, owner_id, technology, chosen, pct_told``.
    """
    chosen = selection.chosen
    shown = chosen
    if len(chosen) < _SHOWN:
        near = grown(selection.near_misses)
        told = near["pct_missing"].notna()
        if 2 * told.sum() >= len(near):
            near = near[told]
        else:  # those that are told are no fair choice of all
            near = near.sort_values(["inventions_missing", "portfolio_id"])
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


_OTHERS = 3  # other technologies from which near ones can be told from the rest
_MOSTLY = 0.5
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
