"""Shares of patents beside shares of output: overlap, specialisation, quadrants."""

from __future__ import annotations

import numpy as np
import pandas as pd

from patentnav.errors import ArgumentError
from patentnav.planning.standing import standing

QUADRANTS = ("matched", "technology_first", "industry_first", "weak", "unclear")
_NEAR = (0.9, 1.1)  # location quotients that are too near to one to be called either


def overlap(one: pd.Series, other: pd.Series) -> float:
    r"""Overlap of two structures: :math:`S = \sum_i \min(s_i, v_i)`, 0 to 1.

    One minus the index of dissimilarity; symmetric.

    Parameters
    ----------
    one, other
        Amounts or shares by group; each is divided by its sum. A group that one lacks is nothing
        there.

    Returns
    -------
    float
        NaN where one of them sums to zero.

    Examples
    --------
    >>> s = pd.Series({"a": .40, "b": .35, "c": .15, "d": .10})
    >>> v = pd.Series({"a": .25, "b": .30, "c": .25, "d": .20})
    >>> round(overlap(s, v), 4)
    0.8
    """
    both = _shares(one, other)
    return float(both.min(axis=1).sum()) if both.notna().all(axis=None) else float("nan")


def share_gaps(one: pd.Series, other: pd.Series) -> pd.DataFrame:
    """Shares of both and their difference by group.

    Parameters
    ----------
    one, other
        Amounts or shares by group.

    Returns
    -------
    pandas.DataFrame
        Indexed by group: ``one, other`` (shares), ``gap`` (one minus other, in parts of one).
    """
    both = _shares(one, other)
    return both.assign(gap=both["one"] - both["other"])


def _shares(one: pd.Series, other: pd.Series) -> pd.DataFrame:
    names = one.index.union(other.index)
    columns = {}
    for name, values in (("one", one), ("other", other)):
        given = values.astype("float64").reindex(names, fill_value=0.0).fillna(0.0)
        if (given < 0).any():
            msg = f"{name} has negative amounts; a structure has none. Take them out."
            raise ArgumentError(msg)
        columns[name] = given / given.sum() if given.sum() else given * np.nan
    return pd.DataFrame(columns)


def specialisation(
    own: pd.Series,
    reference: pd.Series,
    *,
    own_total: int | None = None,
    reference_total: int | None = None,
    within: bool = False,
) -> pd.DataFrame:
    r"""Revealed technological advantage with its 95 % interval, the region not in its reference.

    :math:`RTA_i = (x_i / X) / (y_i / Y)`.

    Parameters
    ----------
    own
        Units of the region by group; whole counts.
    reference
        Units of the reference by group.
    own_total, reference_total
        All units of either; the sum over the groups when omitted.
    within
        Whether the reference contains the region, which is then taken out of it.

    Returns
    -------
    pandas.DataFrame
        As :func:`patentnav.planning.standing`, whose first column is called ``group`` here:
        ``own_count, rest_count, own_share, rest_share, advantage, advantage_low, advantage_high,
        advantage_p, advantage_q``.

    Raises
    ------
    ArgumentError
        ``within``, and the reference has fewer units than the region in a group.

    Examples
    --------
    >>> frame = specialisation(pd.Series({"a": 30, "b": 370}), pd.Series({"a": 900, "b": 19_100}))
    >>> frame.loc[0, ["advantage", "advantage_low", "advantage_high"]].astype(float).round(2).tolist()
    [1.67, 1.17, 2.37]
    """
    x_total = int(own.sum()) if own_total is None else own_total
    y_total = int(reference.sum()) if reference_total is None else reference_total
    if within:
        reference = reference.sub(own, fill_value=0)
        y_total -= x_total
        if (reference < 0).any() or y_total < 0:
            group = str(reference.idxmin())
            msg = f'The reference has fewer units in "{group}" than the region that it should contain.'
            raise ArgumentError(msg)
    frame = standing(own, reference, own_total=x_total, rest_total=y_total)
    return frame.rename(columns={"technology": "group"})


def location_quotient(own: pd.Series, reference: pd.Series, *, within: bool = False) -> pd.Series:
    """Location quotient of output: share in the region over share in the reference.

    Parameters
    ----------
    own, reference
        Amounts by group, such as value added.
    within
        Whether the reference contains the region, which is then taken out of it.

    Returns
    -------
    pandas.Series
        By group; NA where the reference has nothing or the amount is not known.
    """
    rest = reference.sub(own.reindex(reference.index).fillna(0.0)) if within else reference
    names = own.index.intersection(rest.index)
    share = own.reindex(names) / own.sum()
    base = rest.reindex(names) / rest.sum()
    return (share / base.where(base > 0)).rename("location_quotient")


def quadrants(advantage: pd.DataFrame, quotient: pd.Series) -> pd.Series:
    """Where patents and output of a group are strong: both, one, none, or too near to say.

    Parameters
    ----------
    advantage
        Indexed by group, with ``advantage, advantage_low, advantage_high``.
    quotient
        Location quotient by group.

    Returns
    -------
    pandas.Series
        One of :data:`QUADRANTS`: ``matched, technology_first`` (patents strong, output weak),
        ``industry_first, weak``; ``unclear`` where the interval of the advantage covers one or the
        quotient lies between 0.9 and 1.1, or one of the two is not known.
    """
    names = advantage.index
    lq = quotient.reindex(names).astype("float64")
    low, high = (advantage[f"advantage_{side}"].astype("float64") for side in ("low", "high"))
    strong, weak = (low > 1).to_numpy(), (high < 1).to_numpy()
    more, less = (lq > _NEAR[1]).to_numpy(), (lq < _NEAR[0]).to_numpy()
    cases = [strong & more, strong & less, weak & more, weak & less]
    return pd.Series(np.select(cases, QUADRANTS[:4], QUADRANTS[4]), index=names, name="quadrant")
