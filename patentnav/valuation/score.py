"""Scores of publications from a scorecard, and on how much they rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from patentnav._memo import sharing
from patentnav.facts import DEAD
from patentnav.indicators import registry
from patentnav.indicators.comparison import ranked
from patentnav.indicators.compute import COVERAGE, covered
from patentnav.valuation.scorecard import DIMENSIONS, Entry, Scorecard, load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from patentnav.counting import Unit
    from patentnav.indicators.baseline import Baseline
    from patentnav.indicators.registry import KnownAt
    from patentnav.patentset import PatentSet

PERCENTILE = "_percentile"
COHORT = "_cohort"
SIZE = "_n"
WHOLE = "all"


class _Measured(NamedTuple):
    """An indicator as an entry of a card takes it: percentiles are turned so that 100 is best."""

    name: str
    values: pd.Series
    percentile: np.ndarray
    cohort: pd.Categorical[str]
    size: np.ndarray


def score(
    patents: PatentSet,
    scorecard: str | Path | Scorecard = "default",
    baseline: Baseline | None = None,
    *,
    known_at: KnownAt | None = None,
    cohort: Sequence[str] | None = None,
    unit: Unit | None = None,
) -> pd.DataFrame:
    """Score publications from 0 to 100.

    Every indicator becomes its percentile within a cohort (half of the equals count as below);
    the score is the weighted mean of the percentiles that are known.

    Parameters
    ----------
    patents
        The set.
    scorecard
        Name of a scorecard, path of a TOML file, or a loaded one. ``impact``: who will be built
        upon; ``keep``: what its owner will maintain; ``transfer``, ``pledge``, ``management``,
        ``cultivation``: for a purpose; ``default``: today, without deals and maintenance.
    baseline
        Population to compare with. Without one, or for an indicator it does not have, the set
        itself is the cohort, and the coverage says so.
    known_at
        Moment of the score: ``filing``, ``publication``, ``search``, ``grant`` or ``later``. Only
        indicators that are known by then count (``indicators.list()``): those that the card lets
        leave out are left out, a card with any other is refused. Omitted: a description of today.
    cohort
        What every indicator is compared within, in place of the cohorts of the card, e.g.
        ``["year"]``; of ``field, year, authority, kind, patent_type, source``.
    unit
        What citations are counted in; the configured unit when omitted.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``publication_id``:

        - ``score``, its parts ``legal, technical, economic`` (0 to 100, NA where unknown), ``tier``
          (NA without a score, and for the dead where the card gives tiers to the living only),
          ``coverage`` (share of the weights whose indicator is known);
        - ``lowest, highest``: the score if every unknown indicator were at the worst, at the best
          percentile;
        - ``cohort``: the widest cohort that one of its percentiles rests on (``year x authority x
          kind``; ``all``: the whole set), ``cohort_size``: the least number of members with a known
          value;
        - per indicator its value, its percentile (``<name>_percentile``, 100 best), the cohort and
          its members with a known value (``<name>_cohort``, ``<name>_n``) and its weight in the
          scorecard (``<name>_weight_<dimension>``; all weights sum to 1).

        On how much of the set they rest is told by :func:`coverage`.

    Raises
    ------
    UnknownNameError
        The scorecard, an indicator in it, a cohort column or the moment does not exist.
    ArgumentError
        The card holds an indicator that is known only after ``known_at``.

    Notes
    -----
    Unknown indicators are left out and the other weights scaled up; below the scorecard's
    ``min_coverage`` there is no score. Publications of different coverage compare with care: see
    ``lowest`` and ``highest``. A cohort with fewer than ``min_cohort`` known values is widened by
    the steps of the card (``widen``), at last to the whole set. Raising an indicator in its good
    direction never lowers a score. A score is relative and no price.
    """
    card = scorecard if isinstance(scorecard, Scorecard) else load(scorecard)
    if known_at is not None:
        card = card.at(known_at)
    if cohort is not None:
        card = card.within(cohort)
    if baseline is not None:
        baseline.warn_of_unit(unit)
    with sharing():
        measured = [_measure(patents, entry, card, baseline, unit) for entry in card.entries]
    percentiles = np.column_stack([one.percentile for one in measured])
    weights = np.array([entry.weight for entry in card.entries])
    weights = weights / weights.sum()
    dimension = np.array([entry.dimension for entry in card.entries])
    known = ~np.isnan(percentiles)
    known_share = known @ weights
    enough = known_share >= max(card.min_coverage, 1e-12)
    columns: dict[str, object] = {"score": np.where(enough, _mean(percentiles, weights), np.nan)}
    for name in DIMENSIONS:
        own = dimension == name
        columns[name] = _mean(percentiles[:, own], weights[own])
    columns["tier"] = _tiers(patents, columns["score"], card, known_at)
    columns["coverage"] = known_share
    least = np.nan_to_num(percentiles) @ weights
    columns["lowest"] = least
    columns["highest"] = least + 100 * ((~known) @ weights)
    columns |= _rests_on(measured)
    for one, weight, part in zip(measured, weights, dimension, strict=True):
        columns[one.name] = one.values
        columns[one.name + PERCENTILE] = one.percentile
        columns[one.name + COHORT] = one.cohort
        columns[one.name + SIZE] = one.size
        columns[f"{one.name}_weight_{part}"] = weight
    result = pd.DataFrame(columns, index=patents.publications.index)
    result.attrs = {
        "scorecard": card.name,
        "baseline": "the set itself" if baseline is None else baseline.name,
        "known_at": known_at,
    }
    return result


def coverage(
    patents: PatentSet,
    scorecard: str | Path | Scorecard = "default",
    baseline: Baseline | None = None,
    *,
    known_at: KnownAt | None = None,
    unit: Unit | None = None,
) -> pd.DataFrame:
    """Tell on how much of the set the scores of :func:`score` rest.

    Parameters
    ----------
    patents, scorecard, baseline, known_at, unit
        As in :func:`score`.

    Returns
    -------
    pandas.DataFrame
        A row per indicator of the scorecard (of several that may stand for each other, that which
        is used), as in :func:`patentnav.indicators.coverage`; ``cohort`` says where the population
        stands in and where the set itself. Indicators that ``known_at`` leaves out have no row.
    """
    card = scorecard if isinstance(scorecard, Scorecard) else load(scorecard)
    if known_at is not None:
        card = card.at(known_at)
    with sharing():
        used = [_best_known(patents, entry, baseline, unit) for entry in card.entries]
    rows = [
        covered(str(values.name), values, _named(baseline, str(values.name))) for values in used
    ]
    return pd.DataFrame(rows, columns=COVERAGE)


def _named(baseline: Baseline | None, name: str) -> str:
    if baseline is not None and name in baseline.indicators:
        return baseline.name
    return "the set itself"


def _mean(percentiles: np.ndarray, weights: np.ndarray) -> np.ndarray:
    known = (~np.isnan(percentiles)) @ weights
    total = np.nan_to_num(percentiles) @ weights
    mean: np.ndarray = np.divide(total, known, out=np.full(len(total), np.nan), where=known > 0)
    return mean


def _tiers(
    patents: PatentSet, scores: object, card: Scorecard, known_at: KnownAt | None
) -> pd.Series:
    index = patents.publications.index
    given = pd.Series(scores, index=index)
    tier = pd.Series(None, index=index, dtype="str")
    for name, least in sorted(card.tiers.items(), key=lambda item: item[1]):
        tier = tier.mask((given >= least).to_numpy(), name)
    # What becomes of a right is known later: a score of an earlier moment does not look at it.
    if card.tiers_of == "alive" and known_at is None:
        tier = tier.mask(patents.publications["legal_status"].isin(DEAD).to_numpy())
    return tier


def _rests_on(measured: list[_Measured]) -> dict[str, object]:
    """The widest cohort and the smallest number of members over the known indicators."""
    size = np.column_stack([np.where(m.size > 0, m.size, np.inf) for m in measured])
    least = size.min(axis=1)
    # More columns divide more finely.
    names = sorted(
        {str(name) for m in measured for name in m.cohort.categories},
        key=lambda name: (0 if name == WHOLE else name.count(" x ") + 1, name),
    )
    widest = np.full(len(least), len(names))
    for one in measured:
        place = [names.index(name) for name in one.cohort.categories]
        # The code of what is not known, -1, takes the last place.
        widest = np.minimum(widest, np.array([*place, len(names)])[one.cohort.codes])
    codes = np.where(widest < len(names), widest, -1)
    return {
        "cohort": pd.Categorical.from_codes(codes, pd.Index(names)).astype("str"),
        "cohort_size": pd.Series(np.where(np.isinf(least), np.nan, least)).astype("Int64").array,
    }


def _measure(
    patents: PatentSet,
    entry: Entry,
    card: Scorecard,
    baseline: Baseline | None,
    unit: Unit | None,
) -> _Measured:
    values = _best_known(patents, entry, baseline, unit)
    name = str(values.name)
    numbers = values.astype("float64").rename(name)
    population = baseline if baseline is not None and name in baseline.indicators else None
    ladder = card.ladder(entry)
    if population is not None:
        steps = [tuple(c for c in step if c in population.by) for step in ladder]
        ladder = tuple(dict.fromkeys(steps))
    found = ranked(
        patents, numbers, ladder, baseline=population, unit=unit, min_cohort=card.min_cohort
    )
    labels = [" x ".join(by) or WHOLE for by in ladder]
    percentile = found.percentile if entry.higher else 100 - found.percentile
    cohort = pd.Categorical.from_codes(found.step, pd.Index(labels))
    return _Measured(name, values, percentile, cohort, found.size)


def _best_known(
    patents: PatentSet, entry: Entry, baseline: Baseline | None, unit: Unit | None
) -> pd.Series:
    """Values, under its name, of the indicator of an entry that is known for most publications."""
    offered = [
        registry.one(registry.get(name), patents, baseline, unit) for name in entry.indicator
    ]
    known = [int(values.notna().sum()) for values in offered]
    best = known.index(max(known))
    chosen: pd.Series = offered[best].rename(entry.indicator[best])
    return chosen
