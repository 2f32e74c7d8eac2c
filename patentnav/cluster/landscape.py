"""Hills of activity: the density of publications over the map, as numbers to draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._shown import presented
from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    from patentnav.cluster.result import Technologies

CELLS = 160  # per side
BANDWIDTH = 0.035  # of the map's radius, which is one
MARGIN = 3  # bandwidths around the points
LEAST_HEIGHT = 0.1  # of the highest hill: lower tops are no peaks


@presented("plot.patent_map(technologies)")
@dataclass(frozen=True, eq=False)
class Landscape:
    """Result of :func:`landscape`.

    Attributes
    ----------
    x, y
        Middles of the columns and rows of the grid, in the units of the layout.
    density
        Publications per unit of area, rows by columns (y by x); its integral is their number.
    peaks
        ``x, y, density, technology, publications``: tops of the hills, highest first, with the
        technology of most publications within two bandwidths and their number.
    """

    x: np.ndarray
    y: np.ndarray
    density: np.ndarray
    peaks: pd.DataFrame


def landscape(
    technologies: Technologies,
    *,
    where: pd.Series | None = None,
    cells: int = CELLS,
    bandwidth: float = BANDWIDTH,
) -> Landscape:
    """Density of publications over the map.

    Parameters
    ----------
    technologies
        Result of :func:`patentnav.cluster.technologies`.
    where
        Mask by ``publication_id``: the hills of an applicant, a period or a status over the same
        grid, so that two landscapes may be subtracted.
    cells
        Grid cells per side.
    bandwidth
        Standard deviation of the Gaussian around every publication (the map has radius one).

    Returns
    -------
    Landscape

    Raises
    ------
    ArgumentError
        ``cells`` or ``bandwidth`` is not positive.
    """
    from scipy.ndimage import gaussian_filter

    if cells < 2 or not bandwidth > 0:
        msg = f"cells={cells} must be at least 2 and bandwidth={bandwidth} above 0."
        raise ArgumentError(msg)
    placed = technologies.layout.dropna()
    edge = float(np.abs(placed.to_numpy()).max(initial=0.0)) + MARGIN * bandwidth
    edges = np.linspace(-edge, edge, cells + 1)
    middles = (edges[:-1] + edges[1:]) / 2
    chosen = placed
    if where is not None:
        chosen = placed[where.reindex(placed.index).fillna(False).to_numpy(dtype=bool)]
    counts, _, _ = np.histogram2d(chosen["y"], chosen["x"], bins=(edges, edges))
    cell = 2 * edge / cells
    density = gaussian_filter(counts, bandwidth / cell, mode="constant") / cell**2
    peaks = _peaks(density, middles, technologies.labels[chosen.index], chosen, bandwidth)
    return Landscape(middles, middles.copy(), density, peaks)


def _peaks(
    density: np.ndarray,
    middles: np.ndarray,
    labels: pd.Series,
    shown: pd.DataFrame,
    bandwidth: float,
) -> pd.DataFrame:
    from scipy.ndimage import maximum_filter
    from scipy.spatial import cKDTree

    columns = ["x", "y", "density", "technology", "publications"]
    if not len(shown):
        return pd.DataFrame(columns=columns)
    reach = max(round(2 * float(bandwidth / (middles[1] - middles[0]))), 1)
    top = (density == maximum_filter(density, size=2 * reach + 1)) & (
        density >= LEAST_HEIGHT * density.max()
    )
    row, column = np.nonzero(top)
    order = np.lexsort((column, row, -density[row, column]))
    row, column = row[order], column[order]
    points = np.column_stack([middles[column], middles[row]])
    near = cKDTree(shown[["x", "y"]].to_numpy()).query_ball_point(points, 2 * bandwidth)
    own = [labels.iloc[sorted(members)] for members in near]
    return pd.DataFrame(
        {
            "x": points[:, 0],
            "y": points[:, 1],
            "density": density[row, column],
            "technology": [x.mode().iloc[0] if len(x) else None for x in own],
            "publications": [len(x) for x in own],
        },
        columns=columns,
    )
