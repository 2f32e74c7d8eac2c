"""Which ratios of indicators cities are compared by: data, which a user's own file replaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import _resources

if TYPE_CHECKING:
    from collections.abc import Mapping

_RATIO = {"head", "over", "under", "scale", "lag", "zh", "en", "unit"}


def ratios(kind: str) -> Mapping[str, Mapping[str, Any]]:
    """Ratios of the index (``index``) or of what comes out for what goes in (``yield``), by name.

    Parameters
    ----------
    kind
        ``index`` or ``yield``.

    Returns
    -------
    mapping
        ``over, under`` (indicators of the user table CS), ``scale``, ``lag`` (years by which the
        first is later), ``head``, ``zh, en`` and ``unit``.
    """
    found = {}
    for name, given in _resources.load_toml("matching", "city")[kind].items():
        _resources.check_keys(given, _RATIO, f"the ratio {name}")
        found[name] = {"scale": 1, "lag": 0, "head": "", **given}
    return found


def systems() -> Mapping[str, list[str]]:
    """Ratios of the index by system that is coupled.

    Returns
    -------
    mapping
        Names of ratios by system.
    """
    found: Mapping[str, list[str]] = _resources.load_toml("matching", "city")["system"]
    return found


def computed(statistics: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Ratios of cities.

    Parameters
    ----------
    statistics
        Rows ``region_code, year``, a column per indicator.
    kind
        ``index`` or ``yield``.

    Returns
    -------
    pandas.DataFrame
        Same rows (the year is that of the denominator), a column per ratio whose two indicators are
        there; NA where one is not told or the denominator is zero.
    """
    columns = {}
    for name, one in ratios(kind).items():
        if {one["over"], one["under"]} <= set(statistics.columns):
            over = statistics[one["over"]]
            if one["lag"]:
                early = [(code, year - one["lag"]) for code, year in over.index]
                over = over.set_axis(pd.MultiIndex.from_tuples(early, names=over.index.names))
                over = over.reindex(statistics.index)
            under = statistics[one["under"]]
            columns[name] = over / under.where(under > 0) * one["scale"]
    return pd.DataFrame(columns, index=statistics.index)
