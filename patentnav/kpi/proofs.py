"""What patents themselves prove of targets, in the form of reported values."""

from __future__ import annotations

from typing import Any

import pandas as pd

_EVIDENCE = "portfolio."  # before what a target asks of the contents of portfolios
_READINGS = {"each": "each", "together": "total"}
_COLUMNS = ["kpi", "period", "reading", "value", "source"]
SOURCE = "patents"  # in place of a publisher


def proved(targets: pd.DataFrame, contents: pd.DataFrame | None, as_of: Any) -> pd.DataFrame:
    """What portfolios of the set hold, as values of the targets that ask for it.

    Parameters
    ----------
    targets
        User table KT (:func:`targets`): those whose ``evidence`` names ``portfolio.inventions`` or
        ``portfolio.pct``.
    contents
        What :func:`patentnav.portfolio.contents` returned; None where the set tells nothing.
    as_of
        Day of the contents.

    Returns
    -------
    pandas.DataFrame
        Rows as of the user table KA: ``kpi, period`` (the day), ``reading`` (``each_filed,
        total_family`` and so on, of those that the target knows), ``value, source`` (``patents``).
        What the set does not tell is not there.

    Examples
    --------
    >>> from patentnav import kpi
    >>> held = pd.DataFrame({"content": ["inventions"], "reading": ["together"], "counted": ["filed"],
    ...                      "value": [1075]})
    >>> proved(kpi.targets(), held, "2020-12-31")[["kpi", "reading", "value"]].values.tolist()
    [['K02', 'total_filed', 1075.0]]
    """
    rows = []
    day = f"{pd.Timestamp(as_of):%Y-%m-%d}"
    told = [] if contents is None else contents.dropna(subset=["value"]).to_dict("records")
    for target in targets.to_dict("records"):
        asked = str(target.get("evidence") or "").split()
        for one in told:
            reading = f"{_READINGS[one['reading']]}_{one['counted']}"
            if _EVIDENCE + one["content"] in asked and reading in target["reading"]:
                rows.append((target["id"], day, reading, float(one["value"]), SOURCE))
    return pd.DataFrame(rows, columns=_COLUMNS)
