"""Which technologies emerge: recent growth against that of the set, tested, with age and spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.config import get_config
from patentnav.counting import unit_frame, unit_years
from patentnav.errors import ArgumentError, CoverageWarning, warn
from patentnav.facts import incomplete_from, owners

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

WINDOW = 3  # years of each of the two windows
MIN_COUNT = 10  # units of both windows below which nothing is judged
LEVEL = 0.05
OLD_SHARE = (
    0.25  # a group with more of its units before both windows grows anew, it does not emerge
)
PERSISTENT = 3  # years with units, of both windows
STATES = (
    "emerging", "growing", "holding", "turned", "steady", "slower", "declining", "one_owner", "too_few",
)  # fmt: skip


def emergence(
    patents: PatentSet,
    by: str | pd.DataFrame,
    *,
    unit: Unit | None = None,
    basis: str = "application_date",
    window: int = WINDOW,
    until: int | None = None,
    min_count: int = MIN_COUNT,
    fdr: float = LEVEL,
    holders: pd.DataFrame | None = None,
) -> pd.DataFrame:
    r"""Judge every group by two windows of years: does it emerge, grow, hold or fall back.

    The recent window ends with the last complete year: applications are published 18 months after
    filing, so later years are still filling and would look like decline.

    Parameters
    ----------
    patents
        The set.
    by
        Groups, e.g. technologies: column of ``publications`` or membership table.
    unit
        Counted unit; the configured one when omitted. Counting is whole: a unit counts in each of
        its groups.
    basis
        Date column of ``publications``.
    window
        Years of the recent and of the earlier window.
    until
        Last year of the recent window; the last complete one when omitted.
    min_count
        Units of both windows below which the state is ``too_few``.
    fdr
        False discovery rate of the states.
    holders
        ``publication_id, owner``, by whom movements are told that one owner alone carries; without
        them none is.

    Returns
    -------
    pandas.DataFrame
        A row per group, the fastest first within a state:

        - ``total`` units to ``until``, ``earlier`` and ``recent`` units of the windows;
        - ``growth``, yearly, from window to window (NA after none);
        - ``relative_growth``, the growth of the group over that of all other units
          (:math:`\frac{r_g / e_g}{r_{-g} / e_{-g}}`; 1 is the pace of the set), ``p_value`` (exact
          test of Fisher, two-sided) and ``q_value`` (for the number of groups);
        - ``old_share``, units before both windows (0 to 1), and ``years_active`` of both windows;
        - ``owners``, ``new_owners`` (none of their units in the group is before the recent window)
          and ``top_owner_share`` of the recent window; NA without parties;
        - ``late_growth``, the same ratio within the recent window: its last ``window // 2`` years
          against those before (NA after none), and ``late_q``, the probability of its test;
        - ``carried_by``, ``late_carried_by``: the owner of most units of the window that makes the
          movement (the later one of a rise, the earlier one of a fall), where the test shows
          nothing without its units, or too few are left; NA where it is not one owner's;
        - ``state``: ``emerging`` (recent units exceed the earlier ones, ``q_value`` is at most
          ``fdr`` and the group outruns the set, ``old_share`` is at most a quarter, three years
          or more are active), ``growing`` (the same, but old or short), ``declining`` (fewer
          units, significantly behind the set), ``slower`` (not fewer units, but significantly
          behind the set), ``holding`` (not more units, but significantly ahead of the set),
          ``turned`` (ahead of the set from window to window, but significantly behind it within the
          recent one: two windows alone would tell a rise that is over),
          ``steady`` (no significant difference from the set), ``one_owner`` (different, but by the
          units of one owner), ``too_few`` (also: behind the set, from fewer than ``min_count``
          earlier units, which are no base of a rate).

        ``attrs``: ``unit, counting, basis, window, until, undated, fdr``.

    Warns
    -----
    CoverageWarning
        No publication date tells which years are complete, so the last year of the set is used.

    Raises
    ------
    ArgumentError
        ``window`` is not positive.
    MissingColumnError
        No publication has that date.

    Notes
    -----
    The test is against the set: where the whole set grows, a group that grows as fast is
    ``steady``. It describes what was filed and forecasts nothing: fast growth falls back towards
    the mean. It says nothing of a technology for which the search was not made. Novelty,
    persistence, growth and community are the attributes of emergence that patents can show;
    coherence, impact and uncertainty they cannot. One owner's filing campaign looks the same as an
    emerging technology: read ``top_owner_share``.

    References
    ----------
    Attributes: Rotolo, Hicks & Martin 2015, Research Policy 44(10),
    doi:10.1016/j.respol.2015.06.006; bounds in their spirit: Porter, Garner, Carley & Newman 2019,
    Technological Forecasting and Social Change 146, doi:10.1016/j.techfore.2018.04.016.
    """
    if window < 1:
        msg = f"window={window} is not a positive number of years."
        raise ArgumentError(msg)
    years = unit_years(patents, basis, unit)
    last = until if until is not None else _last_complete(patents, basis, years)
    frame = unit_frame(patents, by, unit=unit, counting="whole")[["unit_id", "group"]]
    # An empty map has no type of its own.
    year = frame["unit_id"].map(years).astype("Int64")
    frame = frame.assign(year=year).dropna(subset="year")
    frame = frame[frame["year"] <= last]
    age = (last - frame["year"]).astype("int64")
    frame["period"] = np.select([age < window, age < 2 * window], ["recent", "earlier"], "old")
    result = _counted(frame)
    result = result.join(_tested(result, frame))
    result["growth"] = _ratio(result["recent"], result["earlier"]) ** (1 / window) - 1
    result["old_share"] = _ratio(result["old"], result["total"])
    result = result.join(_lately(result.index, frame, last, window))
    active = frame[frame["period"] != "old"].groupby("group", observed=True)["year"].nunique()
    result["years_active"] = active.reindex(result.index, fill_value=0).astype("int64")
    result = result.join(_actors(patents, frame, unit))
    result = result.join(_carried(patents, frame, result, holders, unit=unit, last=last,
                                  window=window, min_count=min_count, fdr=fdr))  # fmt: skip
    result["state"] = _state(result, min_count, fdr, min(PERSISTENT, 2 * window))
    columns = [
        "total",
        "earlier",
        "recent",
        "growth",
        "relative_growth",
        "p_value",
        "q_value",
        "old_share",
        "years_active",
        "owners",
        "new_owners",
        "top_owner_share",
        "late_growth",
        "late_q",
        "carried_by",
        "late_carried_by",
        "state",
    ]
    table = result.rename_axis("group").reset_index()[["group", *columns]]
    table["_rank"] = table["state"].map({s: i for i, s in enumerate(STATES)})
    table = table.sort_values(
        ["_rank", "relative_growth", "group"], ascending=[True, False, True], ignore_index=True
    ).drop(columns="_rank")
    table.attrs = {
        "unit": unit or get_config().unit,
        "counting": "whole",
        "basis": basis,
        "window": window,
        "until": int(last),
        "undated": int(years.isna().sum()),
        "fdr": fdr,
    }
    return table


def _last_complete(patents: PatentSet, basis: str, years: pd.Series) -> int:
    open_from = incomplete_from(patents, basis)
    newest = int(years.max()) if years.notna().any() else 0
    if open_from is not None:
        return min(newest, open_from - 1)
    if basis != "publication_date":
        warn(
            f"No publication date tells which years are complete; {newest} is taken as complete. "
            "Say until= where it is not.",
            CoverageWarning,
        )
    return newest


def _counted(frame: pd.DataFrame) -> pd.DataFrame:
    counts = frame.groupby(["group", "period"], observed=True).size().unstack(fill_value=0)
    counts = counts.reindex(columns=["old", "earlier", "recent"], fill_value=0).astype("int64")
    counts = counts.rename_axis(columns=None)
    return counts.assign(total=counts.sum(axis=1))


def _tested(counts: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """Relative growth and its test against all units outside the group."""
    units = frame.drop_duplicates("unit_id")["period"].value_counts()
    own = counts["recent"].to_numpy(), counts["earlier"].to_numpy()
    relative, p, q, ahead = _against(own, (units.get("recent", 0), units.get("earlier", 0)))
    found = {"relative_growth": relative, "p_value": p, "q_value": q, "_ahead": ahead}
    return pd.DataFrame(found, index=counts.index)


def _lately(groups: pd.Index, frame: pd.DataFrame, last: int, window: int) -> pd.DataFrame:
    """The last years of the recent window against those before, tested in the same way."""
    part = frame[frame["period"] == "recent"]
    is_late = part["year"] > last - window // 2
    counts = part.groupby(["group", is_late], observed=True).size().unstack(fill_value=0)
    counts = counts.reindex(index=groups, columns=[False, True], fill_value=0)
    units = part.assign(late=is_late).drop_duplicates("unit_id")["late"].value_counts()
    own = counts[True].to_numpy(), counts[False].to_numpy()
    relative, _, q, ahead = _against(own, (units.get(True, 0), units.get(False, 0)))
    found = {"late_growth": relative, "late_q": q, "_behind_late": ~ahead}
    return pd.DataFrame(found, index=groups)


def _against(
    own: tuple[np.ndarray, np.ndarray], units: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Relative growth, probability, corrected probability, and whether ahead of all others."""
    from scipy.stats import false_discovery_control, fisher_exact

    recent, earlier = own
    others = (units[0] - recent, units[1] - earlier)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = (recent / earlier) / (others[0] / others[1])
    cells = zip(recent, earlier, *others, strict=True)
    p = np.array([fisher_exact([[a, b], [c, d]]).pvalue for a, b, c, d in cells], dtype=float)
    q = false_discovery_control(p) if len(p) else p
    ahead = recent * others[1] > earlier * others[0]
    return np.where(np.isfinite(relative), relative, np.nan), p, q, ahead


def _carried(
    patents: PatentSet, frame: pd.DataFrame, table: pd.DataFrame, holders: pd.DataFrame | None, *,
    unit: Unit | None, last: int, window: int, min_count: int, fdr: float,
) -> pd.DataFrame:  # fmt: skip
    """Owner without whose units a movement, of the windows and within the later one, is none."""
    found = pd.DataFrame(
        None, index=table.index, columns=["carried_by", "late_carried_by"], dtype="str"
    )
    if holders is None or holders.empty:
        return found
    held = unit_frame(patents, holders[["publication_id", "owner"]].assign(weight=1.0), unit=unit,
                      counting="whole")[["unit_id", "group"]]  # fmt: skip
    held = held.rename(columns={"group": "owner"}).astype({"owner": "str"})
    size = held.groupby("owner")["unit_id"].transform("nunique")
    held = held[2 * size <= held["unit_id"].nunique()]  # of more than half, the set is about it
    is_late = frame["year"] > last - window // 2
    steps = {
        "carried_by": (frame["period"] == "recent", frame["period"] == "earlier",
                       table["q_value"], table["_ahead"], table["earlier"] + table["recent"]),
        "late_carried_by": ((frame["period"] == "recent") & is_late,
                            (frame["period"] == "recent") & ~is_late,
                            table["late_q"], ~table["_behind_late"], table["recent"]),
    }  # fmt: skip
    for column, (now, before, q, ahead, size) in steps.items():
        units = [frame.loc[part, "unit_id"].nunique() for part in (now, before)]
        for group in table.index[(q <= fdr) & (size >= min_count)]:
            own = frame["group"] == group
            sides = [pd.Index(frame.loc[own & part, "unit_id"]) for part in (now, before)]
            found.loc[group, column] = _one(sides, held, units, bool(ahead[group]),
                                            min_count=min_count, level=fdr)  # fmt: skip
    return found


def _one(
    sides: list[pd.Index], held: pd.DataFrame, units: list[int], ahead: bool, *,  # noqa: FBT001
    min_count: int, level: float,
) -> str | None:  # fmt: skip
    """The owner who carries a movement of one group; None where it stands without any one."""
    from scipy.stats import fisher_exact

    makes = held[held["unit_id"].isin(sides[0 if ahead else 1])]
    if makes.empty:
        return None
    sizes = makes.groupby("owner")["unit_id"].nunique()
    top = str(min(sizes.index[sizes == sizes.max()]))
    of_top = held.loc[held["owner"] == top, "unit_id"]
    recent, earlier = (int((~side.isin(of_top)).sum()) for side in sides)
    others = [whole - len(side) for whole, side in zip(units, sides, strict=True)]
    still = recent * others[1] > earlier * others[0] if ahead else (
        recent * others[1] < earlier * others[0] and earlier >= min_count
    )  # fmt: skip
    p = fisher_exact([[recent, earlier], others]).pvalue
    return None if still and recent + earlier >= min_count and p <= level else top


def _ratio(part: pd.Series, whole: pd.Series) -> np.ndarray:
    top, bottom = part.to_numpy(dtype=float), whole.to_numpy(dtype=float)
    ratio: np.ndarray = np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)
    return ratio


def _actors(patents: PatentSet, frame: pd.DataFrame, unit: Unit | None) -> pd.DataFrame:
    """Owners of the recent window by group."""
    groups = pd.Index(frame["group"].unique())
    if not patents.has("parties"):
        unknown = pd.DataFrame(index=groups, columns=["owners", "new_owners", "top_owner_share"])
        return unknown.astype({"owners": "Int64", "new_owners": "Int64", "top_owner_share": float})
    held = owners(patents, which="all")[["publication_id", "owner", "weight"]]
    held = unit_frame(patents, held, unit=unit, counting="fractional")
    rows = frame.merge(held.rename(columns={"group": "owner"}), on="unit_id")
    first = rows.groupby(["group", "owner"])["year"].transform("min")
    recent = rows[rows["period"] == "recent"].assign(first=first)
    starts = recent["year"].groupby([recent["group"], recent["owner"]]).min()
    new = recent.groupby(["group", "owner"])["first"].min().ge(starts)
    weight = recent.groupby(["group", "owner"])["weight"].sum()
    result = pd.DataFrame(
        {
            "owners": weight.groupby(level=0).size(),
            "new_owners": new.groupby(level=0).sum(),
            "top_owner_share": weight.groupby(level=0).max() / weight.groupby(level=0).sum(),
        }
    ).reindex(groups)
    return result.fillna({"owners": 0, "new_owners": 0}).astype(
        {"owners": "Int64", "new_owners": "Int64", "top_owner_share": float}
    )


def _state(table: pd.DataFrame, min_count: int, fdr: float, persistent: int) -> np.ndarray:
    shown = table["q_value"] <= fdr
    ahead, behind = shown & table["_ahead"], shown & ~table["_ahead"]
    more, fewer = table["recent"] > table["earlier"], table["recent"] < table["earlier"]
    young = (table["old_share"] <= OLD_SHARE) & (table["years_active"] >= persistent)
    few = table["recent"] + table["earlier"] < min_count
    few |= behind & (table["earlier"] < min_count)  # next to nothing is no base of a rate
    one = table["carried_by"].notna()
    turned = ahead & (table["late_q"] <= fdr) & table["_behind_late"]
    cases = [few, one, turned, ahead & more & young, ahead & more, ahead, behind & fewer, behind]
    names = [
        "too_few",
        "one_owner",
        "turned",
        "emerging",
        "growing",
        "holding",
        "declining",
        "slower",
    ]
    state: np.ndarray = np.select(cases, names, "steady")
    return state
