"""The distribution to compare an indicator with: of a population, or of the set itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patentnav._memo import shared
from patentnav.errors import ArgumentError
from patentnav.indicators.cohort import BY, Distribution, cohort_codes, cohorts, representatives

if TYPE_CHECKING:
    import pandas as pd

    from patentnav.counting import Unit
    from patentnav.indicators.baseline import Baseline
    from patentnav.patentset import PatentSet


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
        A population, or None: the set itself, one publication per unit.
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
    code, n = _own_codes(patents, BY if by is None else by)
    members = representatives(patents, unit)
    own = values.to_numpy(dtype=float, na_value=np.nan)[members]
    return Distribution(code[members], own, np.ones(len(own)), cohorts=n), code
