"""Cells that may not be known by themselves."""

from __future__ import annotations

import functools
from typing import Any

import pandas as pd

from patentnav._resources import load_toml
from patentnav.errors import UnknownNameError

KINDS = ("count", "persons", "amount")
"""What a cell can be: units counted, persons counted, an amount that firms contribute to."""


@functools.cache
def limits() -> dict[str, dict[str, Any]]:
    """The limits of every kind of cell."""
    return load_toml("defaults", "disclosure")


def sensitive(table: pd.DataFrame) -> pd.Series:
    """Why a cell may not be shown.

    Parameters
    ----------
    table : DataFrame
        The table of :class:`Cells`.

    Returns
    -------
    Series
        Indexed by ``cell_id``: ``few_units``, ``few_contributors``, ``dominance`` (one or two
        contributors make nearly all of it), ``estimable`` (the second contributor knows the
        first within a tenth), or NA where nothing speaks against showing it.

    Notes
    -----
    Zero counts are shown: that nothing is there is no fact about anybody. The rules are those of
    sdcTable (frequency, n-k dominance) and the p % rule [1]_; the limits stand in
    ``data/defaults/disclosure.toml``.

    References
    ----------
    .. [1] A. Hundepool et al., *Statistical Disclosure Control*, Wiley 2012, chapter 4.
    """
    unknown = sorted(set(table["kind"]) - set(KINDS))
    if unknown:
        raise UnknownNameError("kind of cell", unknown[0], KINDS)
    reason = pd.Series(pd.NA, index=table.index, name="reason", dtype="string")
    for kind in KINDS:
        rule, rows = limits()[kind], table[(table["kind"] == kind) & (table["value"] > 0)]
        value = rows["value"].astype("float64")
        whose = pd.to_numeric(rows["contributors"]).astype("Float64")
        first = pd.to_numeric(rows["largest"]).astype("Float64")
        second = pd.to_numeric(rows["second"]).astype("Float64")
        tests: list[tuple[str, pd.Series]] = []
        if kind == "amount":
            rest = value - first - second
            tests.append(("estimable", rest < rule["other"] * first))
            tests.append(
                (
                    "dominance",
                    (first > rule["largest"] * value)
                    | (first + second > rule["two_largest"] * value),
                )
            )
        else:
            tests.append(("few_units", value < rule["fewest"]))
        tests.append(("few_contributors", whose < rule["contributors"]))
        for name, test in tests:
            broken = test.fillna(False).astype("bool")  # what is untold breaks no rule
            reason.loc[rows.index[broken]] = name
    return reason
