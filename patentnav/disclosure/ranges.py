"""What a reader can still compute about the cells that are hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scipy.sparse import csr_array

    from patentnav.disclosure.lattice import Cells


def ranges(cells: Cells, hidden: Sequence[str], targets: Sequence[str]) -> pd.DataFrame:
    """The least and the greatest value that a hidden cell can have, given all that is shown.

    Parameters
    ----------
    cells : Cells
    hidden : sequence of str
        Cells that are not shown; every other cell is known to the reader.
    targets : sequence of str
        Those of the hidden whose range is asked for.

    Returns
    -------
    DataFrame
        Indexed by ``cell_id``: ``lower``, ``upper`` (infinite where nothing bounds it), found by
        linear programming [1]_, over whole numbers for counts.

    Notes
    -----
    The reader is taken to know that zeros are never hidden, hence that a hidden count is 1 at
    least.

    References
    ----------
    .. [1] M. Fischetti, J. J. Salazar, "Solving the cell suppression problem on tabular data with
       linear constraints", Management Science 47 (2001), doi:10.1287/mnsc.47.7.1008.9805.
    """
    stranger = [one for one in targets if one not in set(hidden)]
    if stranger:
        msg = f"The cell {stranger[0]!r} is shown; only hidden cells have a range."
        raise ArgumentError(msg)
    system = System(cells, sorted(set(hidden)))
    found = {one: system.range_of(one) for one in sorted(set(targets))}
    return pd.DataFrame.from_dict(found, orient="index", columns=["lower", "upper"]).rename_axis(
        "cell_id"
    )


class System:
    """The equations that remain between hidden cells, apart for cells that never meet."""

    def __init__(self, cells: Cells, hidden: list[str]) -> None:
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import connected_components

        self.place = {one: at for at, one in enumerate(hidden)}
        table = cells.table.loc[hidden]
        self.whole = (table["kind"] != "amount").to_numpy()
        value = table["value"].to_numpy(dtype="float64")
        self.most = 10.0 * float(value.max(initial=0.0)) + 10.0  # beyond this nothing bounds a cell
        # The least and greatest values of the solutions seen so far: both are possible.
        self.low, self.high = value.copy(), value.copy()
        self.least = np.where(self.whole & (value > 0).all(), 1.0, 0.0)
        known = cells.table["value"].reindex(cells.sums["cell_id"]).to_numpy(dtype="float64")
        signed = cells.sums["sign"].to_numpy(dtype="float64") * known
        open_ = cells.sums["cell_id"].isin(hidden).to_numpy()
        codes, labels = pd.factorize(cells.sums["sum_id"], sort=True)
        self.right = -np.bincount(codes[~open_], weights=signed[~open_], minlength=len(labels))
        at = cells.sums["cell_id"][open_].map(self.place).to_numpy(dtype=np.int64)
        self.matrix: csr_array = csr_array(
            (cells.sums["sign"].to_numpy(dtype="float64")[open_], (codes[open_], at)),
            shape=(len(labels), len(hidden)),
        )
        _, self.component = connected_components(self.matrix.T @ self.matrix, directed=False)
        self._solved: dict[int, tuple[np.ndarray, csr_array, np.ndarray]] = {}

    def range_of(self, cell: str) -> tuple[float, float]:
        """The least and the greatest value of a cell."""
        at = self.place[cell]
        members, matrix, right = self._part(int(self.component[at]))
        goal = (members == at).astype("float64")
        return self._extreme(goal, members, matrix, right), -self._extreme(
            -goal, members, matrix, right
        )

    def possible(self, cell: str, enough: Callable[[float, float], bool]) -> tuple[float, float]:
        """Two possible values of a cell: far enough apart, or the extreme ones."""
        at = self.place[cell]
        members, matrix, right = self._part(int(self.component[at]))
        goal = (members == at).astype("float64")
        for side in (1.0, -1.0):
            if enough(self.low[at], self.high[at]):
                break
            self._extreme(side * goal, members, matrix, right)
        return float(self.low[at]), float(self.high[at])

    def _part(self, number: int) -> tuple[np.ndarray, csr_array, np.ndarray]:
        if number not in self._solved:
            members = np.flatnonzero(self.component == number)
            columns = self.matrix[:, members]
            rows = np.flatnonzero(np.diff(columns.tocsr().indptr))
            self._solved[number] = members, columns.tocsr()[rows], self.right[rows]
        return self._solved[number]

    def _extreme(
        self, goal: np.ndarray, members: np.ndarray, matrix: csr_array, right: np.ndarray
    ) -> float:
        from scipy.optimize import Bounds, LinearConstraint, milp

        slack = 1e-7 * np.maximum(1.0, np.abs(right))
        whole = self.whole[members]
        solved = milp(
            goal,
            constraints=[LinearConstraint(matrix, right - slack, right + slack)]
            if matrix.shape[0]
            else [],
            integrality=whole.astype("int64"),
            bounds=Bounds(self.least[members], self.most),
        )
        if solved.x is None:
            msg = f"The sums of the hidden cells have no solution ({solved.message})."
            raise ArgumentError(msg)
        values = np.where(whole, np.round(solved.x), solved.x)
        self.low[members] = np.minimum(self.low[members], values)
        self.high[members] = np.maximum(self.high[members], values)
        found = float(goal @ values)
        return np.inf if found >= self.most else found
