"""Whole populations (10^7 publications and more) in Parquet or a warehouse: baselines and selection.

Everything is stated once as Ibis expressions and runs where the data are: in DuckDB (default), in
Spark, or in any other backend of Ibis by its connection. What comes back is small: a
:class:`~patentnav.indicators.Baseline`, a table, or the publications of one industry.
"""

from patentnav._guard import guard
from patentnav.population.measures import MEASURES
from patentnav.population.selection import fetch, select
from patentnav.population.summary import applicants, baseline
from patentnav.population.warehouse import Population, connect, layouts, read

__all__ = [
    "MEASURES", "Population", "applicants", "baseline", "connect", "fetch", "layouts", "read",
    "select",
]  # fmt: skip

guard(__name__)
