"""Values of registered indicators for a whole set, and on how much of it they rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav._memo import sharing
from patentnav.errors import ArgumentError, CoverageWarning, warn
from patentnav.indicators.registry import Indicator, get, one

COVERAGE = ["indicator", "known", "total", "share", "cohort", "missing", "note"]

if TYPE_CHECKING:
    from collections.abc import Iterable

    from patentnav.counting import Unit
    from patentnav.indicators.baseline import Baseline
    from patentnav.patentset import PatentSet


def compute(
    patents: PatentSet,
    names: str | Iterable[str],
    baseline: Baseline | None = None,
    *,
    unit: Unit | None = None,
) -> pd.DataFrame:
    """Compute indicators of every publication.

    Parameters
    ----------
    patents
        The set.
    names
        Names from :func:`list`, of level ``publication``.
    baseline
        Cohorts of a population to compare with. Without one the set itself is the cohort, and the
        coverage says so.
    unit
        What citations and families are counted in, where an indicator counts them:
        ``publication``, ``application`` or ``family``; the configured one when omitted.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``publication_id``, a column per name. NA: not known; see :func:`coverage`.

    Raises
    ------
    UnknownNameError
        A name is not registered.
    ArgumentError
        An indicator is not one of single publications.

    Warns
    -----
    CoverageWarning
        The set carries nothing that an indicator needs; its column is NA. Or the baseline counts
        in another unit.
    """
    specs = _specs(names)
    if baseline is not None:
        baseline.warn_of_unit(unit)
    columns = _values(specs, patents, baseline, unit)
    lacking = {s.name: need for s in specs if (need := s.lacking(patents)) is not None}
    if lacking:
        listed = "; ".join(f"{name} (needs {need})" for name, need in lacking.items())
        warn(f"All NA: {listed}.", CoverageWarning)
    return pd.DataFrame(columns, index=patents.publications.index)


def _specs(names: str | Iterable[str]) -> list[Indicator]:
    wanted = [names] if isinstance(names, str) else [*names]
    specs = [get(name) for name in wanted]
    for spec in specs:
        if spec.level != "publication":
            msg = (
                f"{spec.name} is an indicator of level {spec.level}, not of single publications. "
                f"Call patentnav.indicators.{spec.name}."
            )
            raise ArgumentError(msg)
    return specs


def _values(
    specs: list[Indicator], patents: PatentSet, baseline: Baseline | None, unit: Unit | None
) -> dict[str, pd.Series]:
    with sharing():
        return {spec.name: one(spec, patents, baseline, unit) for spec in specs}


def covered(name: str, values: pd.Series, cohort: str) -> dict[str, Any]:
    """One row of :func:`coverage`."""
    missing: dict[str, int] = dict(values.attrs.get("missing", {}))
    unknown = int(values.isna().sum())
    rest = unknown - sum(missing.values())
    if rest > 0:
        missing["not in the source"] = rest
    return {
        "indicator": name,
        "known": len(values) - unknown,
        "total": len(values),
        "share": (len(values) - unknown) / len(values) if len(values) else None,
        "cohort": cohort,
        "missing": "; ".join(f"{reason}: {n}" for reason, n in missing.items()),
        "note": values.attrs.get("note", ""),
    }


def coverage(
    patents: PatentSet,
    names: str | Iterable[str],
    baseline: Baseline | None = None,
    *,
    unit: Unit | None = None,
) -> pd.DataFrame:
    """Tell on how much of the set the values of :func:`compute` rest.

    Parameters
    ----------
    patents, names, baseline, unit
        As in :func:`compute`.

    Returns
    -------
    pandas.DataFrame
        A row per name: ``indicator, known, total, share, cohort, missing, note``: ``cohort`` says
        what relative values are relative to, ``missing`` gives reasons of NA with their numbers of
        publications, ``note`` what must be known of the others (e.g. that counts are lower bounds).

    Raises
    ------
    UnknownNameError
        A name is not registered.
    ArgumentError
        An indicator is not one of single publications.
    """
    specs = _specs(names)
    columns = _values(specs, patents, baseline, unit)
    cohort = "the set itself" if baseline is None else baseline.name
    rows = [
        covered(s.name, columns[s.name], cohort if s.accepts("baseline") else "") for s in specs
    ]
    return pd.DataFrame(rows, columns=COVERAGE)
