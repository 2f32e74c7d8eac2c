"""Who can shut others out of a technology at an office: rights in force, their holders and their life."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.counting import unit_ids
from patentnav.errors import ArgumentError
from patentnav.facts import cutoff_date, expiry_dates

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

TOP_HOLDERS = 3
AHEAD = 3  # years
FEWEST_RIGHTS = 10
COMPONENTS = ("in_force", "top_share", "remaining_life", "lasting_share", "disputes")
_MANY, _ALIKE = 10, 0.9  # cells, of which so many with the same value are told apart by nothing
DISPUTES = ("litigation", "invalidation", "opposition")
_NO_RIGHTS = ("WO",)
_DAYS = 365.2425


def barriers(
    patents: PatentSet,
    by: pd.DataFrame,
    holders: pd.DataFrame,
    *,
    unit: Unit | None = None,
    now: pd.Timestamp | None = None,
    ahead: int = AHEAD,
    min_rights: int = FEWEST_RIGHTS,
) -> pd.DataFrame:
    r"""Rights in force in every technology at every office, and an index of how they shut others out.

    Parameters
    ----------
    patents
        The set. Only publications whose legal status is ``in_force`` count; what is not known is
        not taken as in force, and what lies outside the set is not seen.
    by
        Membership table ``publication_id, <technology>, weight``; counting is whole.
    holders
        ``publication_id, owner``.
    unit
        Counted unit.
    now
        Day from which the remaining life counts; the last day the set knows of when omitted.
    ahead
        Years within which an end is near.
    min_rights
        Units in force from which a cell is judged.

    Returns
    -------
    pandas.DataFrame
        A row per technology and office with at least ``min_rights`` units in force, the strongest
        barrier first:

        - ``group, authority, in_force`` (units), ``holders`` (owners of these), ``top_share``
          (units that any of the three largest holds, 0 to 1);
        - ``remaining_life`` (median years to the latest end), ``dated`` (units whose end is known),
          ``expiring`` (units whose end is at most ``ahead`` years away), ``lasting_share`` (dated
          units that last longer, 0 to 1);
        - ``disputes`` (units in litigation, invalidation or opposition; NA where the set lists no
          such event);
        - ``index`` (0 to 1), ``rank`` (equals share the better place) and ``rank_low, rank_high``:
          the best and the worst place when one component after the other is left out. NA with
          fewer than three cells.

        ``attrs``: ``components`` (those that are known), ``now``, ``ahead``, ``min_rights``.

    Raises
    ------
    ArgumentError
        ``ahead`` or ``min_rights`` is not positive.

    Notes
    -----
    The index is the geometric mean of the mid-rank percentiles of its components in the cells,
    every component pointing to a stronger barrier: more rights, fewer hands, longer life, fewer
    near ends, more disputes. A component that is not known of every cell, or that is the same in more
    than nine tenths of ten cells or more, is left out of all. Ours; read the parts before the index. The end is that of the longest term: most rights are given up
    earlier, and terms may be adjusted, so life is an estimate.
    """
    if ahead < 1 or min_rights < 1:
        msg = f"ahead={ahead} and min_rights={min_rights} must be at least 1."
        raise ArgumentError(msg)
    now = cutoff_date(patents) if now is None else now
    rights = _rights(patents, by, unit)
    size = rights.groupby(["group", "authority"])["unit_id"].nunique()
    cells = size[size >= min_rights].rename("in_force").to_frame()
    kept = rights.merge(cells.reset_index()[["group", "authority"]], on=["group", "authority"])
    cells = (
        cells.join(_held(kept, holders))
        .join(_life(kept, now, ahead))
        .join(_disputes(patents, kept, unit))
    )
    known = [c for c in COMPONENTS if _tells(cells[c])]
    cells = cells.join(_index(cells, known)).reset_index()
    order = ["rank", "in_force", "group", "authority"]
    cells = cells.sort_values(
        order, ascending=[True, False, True, True], na_position="last", ignore_index=True
    )
    cells.attrs = {"components": known, "now": now, "ahead": ahead, "min_rights": min_rights}
    return cells


def _tells(values: pd.Series) -> bool:
    """Whether a component is known of every cell and tells cells from each other."""
    if values.empty or values.isna().any():
        return False
    return len(values) < _MANY or bool(values.value_counts().iloc[0] <= _ALIKE * len(values))


def _rights(patents: PatentSet, by: pd.DataFrame, unit: Unit | None) -> pd.DataFrame:
    """Rows ``publication_id, unit_id, group, authority, ends`` of what is in force."""
    publications = patents.publications
    name = next(c for c in by.columns if c != "publication_id")
    alive = publications.index[(publications["legal_status"] == "in_force").fillna(False)]
    rows = by.loc[by["publication_id"].isin(alive), ["publication_id", name]].drop_duplicates()
    rows = rows.rename(columns={name: "group"})
    ids = rows["publication_id"]
    rows = rows.assign(
        unit_id=unit_ids(patents, unit).reindex(ids).to_numpy(),
        authority=publications["authority"].reindex(ids).to_numpy(),
        ends=expiry_dates(patents).reindex(ids).to_numpy(),
    )
    return rows[rows["authority"].notna() & ~rows["authority"].isin(_NO_RIGHTS)]


def _held(rights: pd.DataFrame, holders: pd.DataFrame) -> pd.DataFrame:
    """Owners of the units of every cell, and the part of the largest three together."""
    keys = ["group", "authority"]
    pairs = rights.merge(holders[["publication_id", "owner"]], on="publication_id")
    pairs = pairs.drop_duplicates([*keys, "unit_id", "owner"])
    counts = pairs.groupby([*keys, "owner"]).size().rename("n").reset_index()
    counts = counts.sort_values([*keys, "n", "owner"], ascending=[True, True, False, True])
    largest = counts.groupby(keys).head(TOP_HOLDERS)
    held = pairs.merge(largest[[*keys, "owner"]], on=[*keys, "owner"])
    sizes = rights.groupby(keys)["unit_id"].nunique()
    found = pd.DataFrame(
        {"holders": counts.groupby(keys).size().astype("Int64"),
         "top_share": held.groupby(keys)["unit_id"].nunique()}
    )  # fmt: skip
    return found.assign(top_share=found["top_share"] / sizes.reindex(found.index))


def _life(rights: pd.DataFrame, now: pd.Timestamp | None, ahead: int) -> pd.DataFrame:
    """Median years to the end, and how many ends are near; NA where no end is known."""
    keys = ["group", "authority"]
    ends = rights.groupby([*keys, "unit_id"])["ends"].max()
    years = (
        ((ends - now).dt.days / _DAYS).clip(lower=0) if now is not None else ends.isna() * np.nan
    )
    limit = None if now is None else now + pd.DateOffset(years=ahead)
    near = (ends <= limit) & ends.notna() if limit is not None else ends.isna() & False
    found = pd.DataFrame(
        {"remaining_life": years.groupby(keys).median(),
         "dated": ends.groupby(keys).count().astype("Int64"),
         "expiring": near.groupby(keys).sum().astype("Int64")}
    )  # fmt: skip
    told = found["dated"] > 0
    found["expiring"] = found["expiring"].where(told)
    found["lasting_share"] = (1 - found["expiring"] / found["dated"].where(told)).astype(float)
    return found


def _disputes(patents: PatentSet, rights: pd.DataFrame, unit: Unit | None) -> pd.DataFrame:
    keys = ["group", "authority"]
    cells = rights[keys].drop_duplicates().set_index(keys)
    told = patents.has("legal_events")
    events = patents.legal_events if told else None
    if events is None or not events["category"].isin(DISPUTES).any():
        return cells.assign(disputes=pd.array([pd.NA] * len(cells), dtype="Int64"))
    rows = events.loc[events["category"].isin(DISPUTES), "publication_id"]
    ids = set(unit_ids(patents, unit).reindex(rows.unique()).dropna())
    own = rights[rights["unit_id"].isin(ids)].groupby(keys)["unit_id"].nunique()
    return cells.assign(disputes=own.reindex(cells.index, fill_value=0).astype("Int64"))


def _index(cells: pd.DataFrame, known: list[str]) -> pd.DataFrame:
    """Geometric mean of percentiles, its rank, and the range of ranks without one component."""
    if len(cells) < 3 or len(known) < 2:  # nothing to be ranked among
        found = pd.DataFrame({"index": np.nan}, index=cells.index)
        for column in ("rank", "rank_low", "rank_high"):
            found[column] = pd.array([pd.NA] * len(cells), dtype="Int64")
        return found
    part = pd.DataFrame(
        {c: (cells[c].astype(float).rank() - 0.5) / len(cells) for c in known}, index=cells.index
    )
    logs: pd.DataFrame = part.apply(np.log)
    index = np.exp(logs.mean(axis=1))
    ranks = pd.DataFrame(
        {c: _rank(np.exp(logs.drop(columns=c).mean(axis=1))) for c in known}, index=cells.index
    ).assign(_all=_rank(index))
    return pd.DataFrame(
        {"index": index, "rank": ranks["_all"].astype("Int64"),
         "rank_low": ranks.min(axis=1).astype("Int64"),
         "rank_high": ranks.max(axis=1).astype("Int64")}
    )  # fmt: skip


def _rank(values: pd.Series) -> pd.Series:
    # Rounded: sums of logarithms in another order must not part equals.
    return values.round(12).rank(ascending=False, method="min")
