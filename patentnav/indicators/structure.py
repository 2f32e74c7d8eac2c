"""Who holds how much, and who is specialised in what: owners, concentration, specialisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.config import get_config
from patentnav.counting import unit_frame
from patentnav.facts.owners import owners

if TYPE_CHECKING:
    from patentnav.counting import Counting, Unit
    from patentnav.patentset import PatentSet


def concentration(
    patents: PatentSet,
    by: str | pd.DataFrame | None = None,
    within: str | pd.DataFrame | None = None,
    *,
    unit: Unit | None = None,
    counting: Counting = "fractional",
) -> pd.DataFrame:
    r"""Concentration of the units on groups (owners, unless ``by`` names others).

    With :math:`s_i` the share of group :math:`i`, largest first: CR4 :math:`= \sum_{i \le 4} s_i`,
    CR8 likewise, Herfindahl-Hirschman index HHI :math:`= \sum s_i^2` and Shannon entropy
    :math:`H = -\sum s_i \ln s_i` (nats).

    Parameters
    ----------
    patents
        The set.
    by
        Whose shares: a column, a membership table, or None for the owners (all of them, shared).
    within
        A second column or membership table: one row per group of it. A unit's weight in a cell is
        the product of its two weights.
    unit, counting
        As in :func:`activity`.

    Returns
    -------
    pandas.DataFrame
        ``group`` (when ``within`` is given), ``units`` (counted), ``n`` (number of groups with
        any), ``cr4, cr8, hhi`` (0 to 1; times 10,000 for the scale of competition authorities),
        ``entropy``. NA where there is nothing to share.

    Examples
    --------
    >>> import pandas as pd, patentnav as pnav
    >>> patents = pnav.PatentSet.from_tables({"publications": pd.DataFrame(
    ...     {"firm": list("aaab")}, index=["CN1A", "CN2A", "CN3A", "CN4A"])})
    >>> float(concentration(patents, by="firm")["hhi"].iloc[0])
    0.625
    """
    by = owners(patents, which="all") if by is None else by
    shares = unit_frame(patents, by, unit=unit, counting=counting)
    if within is None:
        cells = shares.assign(group="")
        who = "group_of"
        cells[who] = shares["group"]
    else:
        cells = _crossed(patents, shares, within, unit=unit, counting=counting)
        who = "entity"
    counts = cells.groupby(["group", who], sort=True, observed=True)["weight"].sum()
    rows = [(key, *_measures(part.to_numpy())) for key, part in counts.groupby(level=0, sort=True)]
    if not rows and within is None:
        rows = [("", *_measures(np.array([])))]
    result = pd.DataFrame(rows, columns=["group", "units", "n", "cr4", "cr8", "hhi", "entropy"])
    result = result.astype({"n": "int64"})
    result.attrs = {"unit": unit or get_config().unit, "counting": counting}
    return result.drop(columns="group") if within is None else result


def _crossed(
    patents: PatentSet,
    shares: pd.DataFrame,
    by: str | pd.DataFrame,
    *,
    unit: Unit | None,
    counting: Counting,
) -> pd.DataFrame:
    """Cells ``entity, group, weight`` of two memberships of the same units."""
    second = unit_frame(patents, by, unit=unit, counting=counting)
    entity = shares.rename(columns={"group": "entity", "weight": "entity_weight"})
    both = entity.merge(second, on="unit_id")
    return both.assign(weight=both["weight"] * both["entity_weight"])


def _measures(counts: np.ndarray) -> tuple[float, int, float, float, float, float]:
    total = float(counts.sum())
    if total <= 0:
        return total, 0, np.nan, np.nan, np.nan, np.nan
    s = np.sort(counts[counts > 0] / total)[::-1]
    entropy = -float((s * np.log(s)).sum()) + 0.0  # no negative zero
    return total, len(s), float(s[:4].sum()), float(s[:8].sum()), float((s**2).sum()), entropy


def specialisation(
    patents: PatentSet,
    by: str | pd.DataFrame,
    entity: str | pd.DataFrame | None = None,
    *,
    reference: pd.Series | None = None,
    unit: Unit | None = None,
    counting: Counting = "fractional",
) -> pd.DataFrame:
    r"""Revealed technology advantage of entities (owners, regions) in groups (industries, fields).

    :math:`RTA_{eg} = \frac{x_{eg} / \sum_g x_{eg}}{X_g / \sum_g X_g}`, where :math:`X_g` is the
    total of the set, or of a ``reference`` population. The symmetric form
    :math:`(RTA - 1) / (RTA + 1)` lies in [-1, 1], the relative patent advantage
    :math:`RPA = 100 \tanh \ln RTA` in [-100, 100].

    Parameters
    ----------
    patents
        The set.
    by
        The groups: column or membership table.
    entity
        Whose specialisation: column or membership table; None with a ``reference`` takes the whole
        set as one entity, None without one the owners.
    reference
        Counts of a population by group. Without it the set itself is the reference, so the result
        says what an entity does more than the others here, not than the world.
    unit, counting
        As in :func:`activity`.

    Returns
    -------
    pandas.DataFrame
        ``entity, group, count, share, reference_share, rta, symmetric, rpa``: a row for every pair
        of an entity and a group that occur (0 where the entity has none in the group; NA where the
        reference has none).

    Examples
    --------
    >>> import pandas as pd, patentnav as pnav
    >>> frame = pd.DataFrame({"city": list("aabb"), "field": list("xxxy")}, index=list("ABCD"))
    >>> patents = pnav.PatentSet.from_tables({"publications": frame})
    >>> specialisation(patents, "field", "city").query("entity == 'b'")["rta"].round(3).tolist()
    [0.667, 2.0]
    """
    if entity is None and reference is None:
        entity = owners(patents, which="all")
    if entity is None:
        cells = unit_frame(patents, by, unit=unit, counting=counting).assign(entity="")
    else:
        shares = unit_frame(patents, entity, unit=unit, counting=counting)
        cells = _crossed(patents, shares, by, unit=unit, counting=counting)
    table = cells.pivot_table(
        index="entity",
        columns="group",
        values="weight",
        aggfunc="sum",
        fill_value=0.0,
        observed=True,
    )
    totals = table.sum() if reference is None else reference.astype("float64")
    groups = table.columns.union(totals.index)
    table = table.reindex(columns=groups, fill_value=0.0)
    result = advantage(table, totals.reindex(groups, fill_value=0.0))
    result.attrs = {
        "unit": unit or get_config().unit,
        "counting": counting,
        "reference": "the set itself" if reference is None else "given",
    }
    return result


def advantage(table: pd.DataFrame, totals: pd.Series) -> pd.DataFrame:
    """RTA and its forms of a table of counts, entities by groups (see :func:`specialisation`)."""
    x = table.to_numpy(dtype=float)
    rows = x.sum(axis=1, keepdims=True)
    share = np.divide(x, rows, out=np.full_like(x, np.nan), where=rows > 0)
    reference = totals.to_numpy(dtype=float)
    reference = reference / reference.sum() if reference.sum() > 0 else reference * np.nan
    expected = np.broadcast_to(reference, x.shape)
    rta = np.divide(share, expected, out=np.full_like(x, np.nan), where=expected > 0)
    squared = rta**2
    long = pd.MultiIndex.from_product([table.index, table.columns], names=["entity", "group"])
    return pd.DataFrame(
        {
            "count": x.ravel(),
            "share": share.ravel(),
            "reference_share": expected.ravel(),
            "rta": rta.ravel(),
            "symmetric": ((rta - 1) / (rta + 1)).ravel(),
            # tanh(ln r) = (r² - 1) / (r² + 1), defined at 0 too
            "rpa": (100 * (squared - 1) / (squared + 1)).ravel(),
        },
        index=long,
    ).reset_index()
