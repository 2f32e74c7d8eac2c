"""What is usual in a cohort: the distribution of indicators over a population, as a small file."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import _files
from patentnav._memo import sharing
from patentnav._shown import presented
from patentnav.config import get_config
from patentnav.errors import ArgumentError, CoverageWarning, FormatError, UnknownNameError, warn
from patentnav.indicators.cohort import BY, cohorts, representatives
from patentnav.indicators.registry import get, one

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

COHORT_COLUMNS = ("field", "year", "authority")


@presented()
@dataclass(frozen=True, eq=False)
class Baseline:
    """Distributions of indicators in cohorts (field x year, with or without office).

    Distributions are value counts: they add up over partitions, can be made by one ``GROUP BY`` in
    any engine, and give means, maxima, thresholds and percentiles exactly.

    Attributes
    ----------
    name
        What the population is, as reports print it, e.g. ``"China 2000-2024, filed"``.
    by
        Cohort columns, of ``field, year, authority``.
    distributions
        ``indicator``, the cohort columns, ``value``, ``count``: how many publications of the
        cohort have that value.
    counts
        The cohort columns and ``count``: publications of each cohort (denominators of RTA).
    parameters
        Scheme of the fields, unit, date basis and what else a reader must know.
    """

    name: str
    by: tuple[str, ...]
    distributions: pd.DataFrame
    counts: pd.DataFrame
    parameters: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for column in self.by:
            if column not in COHORT_COLUMNS:
                raise UnknownNameError("cohort column", column, COHORT_COLUMNS)
        for table, needed in (
            (self.distributions, {"indicator", *self.by, "value", "count"}),
            (self.counts, {*self.by, "count"}),
        ):
            if lost := needed - {*table.columns}:
                msg = f"A table of the baseline lacks {', '.join(sorted(lost))}."
                raise ArgumentError(msg)

    @property
    def indicators(self) -> list[str]:
        """Names of the indicators it covers."""
        return sorted(self.distributions["indicator"].unique())

    def warn_of_unit(self, unit: Unit | None) -> None:
        """Warn where values are counted in another unit than those of the population.

        Warns
        -----
        CoverageWarning
            The units differ.
        """
        own, used = self.parameters.get("unit"), unit or get_config().unit
        if own is not None and own != used:
            msg = (
                f'The baseline "{self.name}" counts in unit="{own}", these values in "{used}". '
                f'Pass unit="{own}".'
            )
            warn(msg, CoverageWarning)

    def totals(self, column: str) -> pd.Series:
        """Publications of the population by one cohort column: ``reference`` of an RTA.

        Raises
        ------
        UnknownNameError
            The baseline is not divided by that column.
        """
        if column not in self.by:
            raise UnknownNameError("cohort column", column, self.by)
        totals: pd.Series = self.counts.groupby(column)["count"].sum()
        return totals

    @classmethod
    def of(
        cls,
        patents: PatentSet,
        names: Iterable[str],
        *,
        name: str,
        by: tuple[str, ...] = BY,
        unit: Unit | None = None,
    ) -> Baseline:
        """Make a baseline from a set that stands for a population.

        Parameters
        ----------
        patents
            The population, e.g. a whole office or industry.
        names
            Indicators to describe; those that the set cannot tell are left out.
        name
            What the population is.
        by
            Cohort columns.
        unit
            Unit that counts once, by its latest publication; the configured one when omitted.

        Returns
        -------
        Baseline
        """
        members = representatives(patents, unit)
        cohort = cohorts(patents, by)[members]
        with sharing():
            values = {n: one(get(n), patents, None, unit)[members] for n in names}
        long = [
            cohort.assign(indicator=n, value=v.astype("float64")).dropna()
            for n, v in values.items()
        ]
        tables = [frame for frame in long if len(frame)] or long[:1]
        keys = ["indicator", *by, "value"]
        distributions = pd.concat(tables).groupby(keys).size().rename("count").reset_index()
        counts = cohort.dropna().groupby([*by]).size().rename("count").reset_index()
        return cls(name, by, distributions, counts, {"unit": unit or get_config().unit})

    def save(self, path: str | Path) -> Path:
        """Write the baseline to one Parquet file and return its path."""
        file = _files.as_path(path)
        counts = self.counts.assign(indicator="", value=np.nan)
        both = pd.concat([self.distributions, counts], ignore_index=True)
        columns = ["indicator", *self.by, "value", "count"]
        both = both[columns].sort_values(columns, ignore_index=True)
        both.attrs = {
            "patentnav_baseline": 1,
            "name": self.name,
            "by": [*self.by],
            "parameters": dict(sorted(self.parameters.items())),
        }
        return _files.write_file(file, lambda stream: both.to_parquet(stream, index=False))

    @classmethod
    def load(cls, path: str | Path) -> Baseline:
        """Read a baseline that :meth:`save` wrote.

        Raises
        ------
        FormatError
            The file is no baseline.
        FileError
            It cannot be read.
        """
        file = _files.as_path(path)
        content = _files.read_file(file)
        try:
            table = pd.read_parquet(io.BytesIO(content))
        except (OSError, ValueError) as error:
            msg = f'"{file.name}" cannot be read as Parquet: {error}. Make it with Baseline.save.'
            raise FormatError(msg) from error
        if "patentnav_baseline" not in table.attrs:
            msg = f'"{file.name}" is no baseline. Make one with Baseline.save.'
            raise FormatError(msg)
        meta, table.attrs = table.attrs, {}
        own = table["indicator"] == ""
        counts = table[own].drop(columns=["indicator", "value"]).reset_index(drop=True)
        distributions = table[~own].reset_index(drop=True)
        return cls(meta["name"], tuple(meta["by"]), distributions, counts, meta["parameters"])
