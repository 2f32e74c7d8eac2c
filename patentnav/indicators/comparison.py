"""The distribution to compare an indicator with, and where values stand in their cohorts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from patentnav._memo import shared
from patentnav.errors import ArgumentError
from patentnav.indicators.cohort import BY, Distribution, cohort_codes, cohorts, representatives

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from patentnav.counting import Unit
    from patentnav.indicators.baseline import Baseline
    from patentnav.patentset import PatentSet


_DOCUMENTS = ("kind", "source")  # cohort columns that may divide the documents of a unit


@dataclass(frozen=True)
class Ranked:
    """Where values stand; arrays in the order of the publications.

    Attributes
    ----------
    percentile
        Mid-rank percentile, 0 to 100: half of the equals count as below; NaN where not known.
    as_high
        Share of the cohort with at least the value, its own included; NaN where not known.
    size
        Members of the cohort with a known value; 0 where not known.
    step
        Number of the cohort in the ladder; -1 where not known.
    """

    percentile: np.ndarray
    as_high: np.ndarray
    size: np.ndarray
    step: np.ndarray


def ranked(
    patents: PatentSet,
    values: pd.Series,
    ladder: Sequence[tuple[str, ...]],
    *,
    baseline: Baseline | None = None,
    unit: Unit | None = None,
    min_cohort: int = 1,
) -> Ranked:
    """Where values stand in the first cohort of a ladder that is large enough.

    Parameters
    ----------
    patents
        The set.
    values
        An indicator, by ``publication_id``; its name is looked up in the baseline.
    ladder
        Cohorts (columns of :data:`patentnav.indicators.cohort.COHORT_COLUMNS`) from the narrowest to
        the widest; ``()`` is the whole set, which is always large enough.
    baseline
        A population that has the indicator, or None: the set itself.
    unit
        Unit that counts once in the set's own cohorts; of a cohort by ``kind``, once per kind.
    min_cohort
        Members with a known value from which a cohort is large enough.
    """
    raw = values.to_numpy(dtype=float, na_value=np.nan)
    percentile, as_high = np.full(len(raw), np.nan), np.full(len(raw), np.nan)
    size, step = np.zeros(len(raw)), np.full(len(raw), -1)
    open_ = np.flatnonzero(~np.isnan(raw))
    for number, by in enumerate(ladder):
        if not len(open_):
            break
        found, code = distribution(patents, values, baseline, unit, by=by)
        place = found.standing(code[open_], raw[open_])
        enough = place.size >= (min_cohort if by else 1)
        here = open_[enough]
        percentile[here] = place.percentile[enough]
        as_high[here] = 1 - place.below[enough] / place.size[enough]
        size[here] = place.size[enough]
        step[here] = number
        open_ = open_[~enough]
    return Ranked(percentile, as_high, size, step)


@shared
def _own_codes(patents: PatentSet, by: tuple[str, ...]) -> tuple[np.ndarray, int]:
    cohort = cohorts(patents, by)
    keys = cohort.dropna().drop_duplicates(ignore_index=True)
    return cohort_codes(cohort, keys), max(len(keys), 1)


@shared
def _population_codes(
    patents: PatentSet, baseline: Baseline, by: tuple[str, ...]
) -> tuple[np.ndarray, int]:
    keys = baseline.distributions[[*by]].drop_duplicates(ignore_index=True)
    return cohort_codes(cohorts(patents, by), keys), max(len(keys), 1)


@shared
def _population(baseline: Baseline, name: str, by: tuple[str, ...]) -> Distribution:
    rows = baseline.distributions[baseline.distributions["indicator"] == name]
    if rows.empty or not set(by) <= set(baseline.by):
        msg = (
            f'The baseline "{baseline.name}" has no {name} by {", ".join(by)}; it has '
            f"{', '.join(baseline.indicators)} by {', '.join(baseline.by)}."
        )
        raise ArgumentError(msg)
    keys = baseline.distributions[[*by]].drop_duplicates(ignore_index=True)
    return Distribution(
        cohort_codes(rows, keys),
        rows["value"].to_numpy(dtype=float),
        rows["count"].to_numpy(dtype=float),
        cohorts=max(len(keys), 1),
    )


def distribution(
    patents: PatentSet,
    values: pd.Series,
    baseline: Baseline | None,
    unit: Unit | None = None,
    *,
    by: tuple[str, ...] | None = None,
) -> tuple[Distribution, np.ndarray]:
    """Distribution to compare an indicator with, and the cohort code of every publication in it.

    Parameters
    ----------
    patents
        The set.
    values
        The indicator; its name is looked up in the baseline.
    baseline
        A population, or None: the set itself, one publication per unit: the latest with a value.
    unit
        Unit that counts once in the set's own cohorts.
    by
        Cohort columns; those of the baseline (``field, year`` without one) when omitted. Fewer
        columns than the baseline has give wider cohorts.

    Raises
    ------
    ArgumentError
        The baseline has no such indicator or cohort column.
    """
    if baseline is not None:
        by = baseline.by if by is None else by
        found = _population(baseline, str(values.name), by)
        return found, _population_codes(patents, baseline, by)[0]
    by = BY if by is None else by
    code, n = _own_codes(patents, by)
    own = values.to_numpy(dtype=float, na_value=np.nan)
    within = tuple(c for c in by if c in _DOCUMENTS)
    members = representatives(patents, unit, within, ~np.isnan(own))
    own = own[members]
    return Distribution(code[members], own, np.ones(len(own)), cohorts=n), code
