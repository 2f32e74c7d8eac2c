"""Further cells to hide, until no sensitive one can be computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._shown import presented
from patentnav.disclosure.lattice import EARLIER
from patentnav.disclosure.primary import limits, sensitive
from patentnav.disclosure.ranges import System
from patentnav.errors import DisclosureError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from patentnav.disclosure.lattice import Cells


@presented()
@dataclass(frozen=True)
class Protected:
    """Which cells may be shown.

    Parameters
    ----------
    cells : DataFrame
        The table of :class:`Cells` with ``published`` (bool) and ``reason``: why a hidden cell is
        sensitive, or ``protects_another``.
    ranges : DataFrame
        Indexed by the sensitive cells: ``value, low, high``: two values that the cell could both
        have for a reader who adds and subtracts everything that is shown.
    sums : DataFrame
        Those of :class:`Cells`.
    """

    cells: pd.DataFrame
    ranges: pd.DataFrame
    sums: pd.DataFrame

    @property
    def counts(self) -> pd.Series:
        """Number of hidden cells by reason; the one thing a public edition says of them."""
        return self.own.loc[~self.own["published"], "reason"].value_counts().sort_index()

    @property
    def own(self) -> pd.DataFrame:
        """The cells of this edition, without those of earlier ones."""
        return self.cells[~self.cells.index.str.startswith(EARLIER)]

    def shown(self, cell_id: str) -> float | None:
        """The value of a cell, or None if it is hidden."""
        if not self.cells.at[cell_id, "published"]:
            return None
        return float(self.cells["value"].to_dict()[cell_id])


def protect(cells: Cells) -> Protected:
    """Hide the sensitive cells and the least of the others that keeps them hidden.

    Parameters
    ----------
    cells : Cells
        All tables and texts of one publication together, and earlier editions: see
        :func:`stacked`. A cell that is hidden in one table only can be read in another.

    Returns
    -------
    Protected

    Raises
    ------
    DisclosureError
        If a sensitive cell can be computed whatever is hidden, for instance because an earlier
        edition shows the rest.

    Notes
    -----
    Every sum that holds a hidden cell holds a second one; of all choices that satisfy this, the
    one of least value is found by mixed-integer programming (HiGHS, doi:10.1007/s12532-017-0130-5).
    Then the range of each sensitive cell is computed, and the cheapest cell of its sums is
    added until the range is wide enough: two units for counts, a tenth both ways for amounts.
    """
    table = cells.table
    why = sensitive(table)
    why[(table["state"] == "published")] = pd.NA
    primary = sorted(why.index[why.notna()])
    earlier = sorted(table.index[table["state"] == "hidden"])
    hidden = _covered(cells, {*primary, *earlier})
    found: dict[str, tuple[float, float]] = {}
    while primary:
        system = System(cells, sorted(hidden))
        found = {one: system.possible(one, _enough(table.loc[one])) for one in primary}
        narrow = [one for one in primary if not _enough(table.loc[one])(*found[one])]
        if not narrow:
            break
        added = {_cheapest(cells, one, hidden) for one in narrow} - {None}
        if not added:
            _refuse(found, narrow)
        hidden = _covered(cells, hidden | {one for one in added if one is not None})
    reason = why.copy()
    reason[[one for one in sorted(hidden) if pd.isna(why[one])]] = "protects_another"
    shown = ~table.index.isin(hidden)
    possible = pd.DataFrame.from_dict(found, orient="index", columns=["low", "high"])
    possible.insert(0, "value", table["value"].reindex(possible.index))
    return Protected(
        table.assign(published=shown, reason=reason.where(~shown)),
        possible.rename_axis("cell_id"),
        cells.sums,
    )


def _enough(cell: pd.Series) -> Callable[[float, float], bool]:
    """Whether two possible values leave a reader ignorant enough."""
    width, value = limits()[str(cell["kind"])]["width"], float(cell["value"])
    if cell["kind"] != "amount":
        return lambda low, high: high - low >= width
    tiny = 1e-6 * value
    return lambda low, high: (
        low <= (1 - width) * value + tiny and high >= (1 + width) * value - tiny
    )


def _free(table: pd.DataFrame) -> pd.Series:
    """Cells that may be hidden: zeros are told, and what is out is out."""
    return (table["state"] == "free") & (table["value"] > 0)


def _covered(cells: Cells, hidden: set[str]) -> set[str]:
    """The hidden and the cheapest others, so that no sum has a single hidden cell."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    table = cells.table
    inside = cells.sums[cells.sums["cell_id"].map(_free(table) | table.index.isin(hidden))]
    touched = _reach(inside, hidden)
    inside = inside[inside["sum_id"].isin(touched)]
    if inside.empty:
        return set(hidden)
    names = sorted(set(inside["cell_id"]))
    place = {one: at for at, one in enumerate(names)}
    value = table["value"].reindex(names).to_numpy(dtype="float64")
    rows: list[tuple[int, int, float]] = []
    for members in inside.groupby("sum_id", sort=True)["cell_id"].agg(list):
        if len(members) < 2:
            continue  # alone with shown ones: its range will tell
        for one in members:
            at = rows[-1][0] + 1 if rows else 0
            rows += [(at, place[other], 1.0) for other in members if other != one]
            rows.append((at, place[one], -1.0))
    if not rows:
        return set(hidden)
    row, column, sign = zip(*rows, strict=True)
    matrix = csr_array((sign, (row, column)), shape=(max(row) + 1, len(names)))
    fixed = np.array([one in hidden for one in names], dtype="float64")
    cost = np.log1p(value) + 0.1 + 1e-6 * np.arange(len(names)) / len(names)
    solved = milp(
        np.where(fixed > 0, 0.0, cost),
        constraints=[LinearConstraint(matrix, 0.0, np.inf)],
        integrality=np.ones(len(names)),
        bounds=Bounds(fixed, 1.0),
        options={"time_limit": 30.0, "mip_rel_gap": 1e-4},
    )
    if solved.x is None:
        return set(hidden)
    return set(hidden) | {one for one, taken in zip(names, solved.x, strict=True) if taken > 0.5}


def _reach(sums: pd.DataFrame, hidden: set[str]) -> set[str]:
    """Sums that a hidden cell can reach through cells that may be hidden."""
    cells, reached = set(hidden), set[str]()
    while True:
        found = set(sums.loc[sums["cell_id"].isin(cells), "sum_id"]) - reached
        if not found:
            return reached
        reached |= found
        cells |= set(sums.loc[sums["sum_id"].isin(found), "cell_id"])


def _cheapest(cells: Cells, cell: str, hidden: set[str]) -> str | None:
    """The least valuable shown cell of the sums that hold a cell, or of sums next to them."""
    table, sums, near = cells.table, cells.sums, {cell}
    for _ in range(3):
        mine = sums[sums["sum_id"].isin(sums.loc[sums["cell_id"].isin(near), "sum_id"])]
        free = table.loc[sorted(set(mine["cell_id"]) - hidden)]
        free = free[_free(free)]
        if len(free):
            return str(free.sort_values("value", kind="stable").index[0])
        near |= set(mine["cell_id"])
    return None


def _refuse(found: Mapping[str, tuple[float, float]], narrow: list[str]) -> None:
    low, high = found[narrow[0]]
    msg = (
        f"{len(narrow)} cell(s) that must stay hidden can be computed from what is shown, the first "
        f"is {narrow[0]!r} (between {low:g} and {high:g}). An earlier edition, or the totals that "
        "are asked for, give it away. Leave the table or its totals out."
    )
    raise DisclosureError(msg)
