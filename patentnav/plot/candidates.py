"""Portfolio candidates against the gate that they must pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FixedLocator

from patentnav.errors import ArgumentError
from patentnav.i18n import text
from patentnav.plot import _frames, _style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def portfolios(
    candidates: pd.DataFrame,
    *,
    ax: Axes | None = None,
    labelled: int = 12,
    lang: str | None = None,
) -> Axes:
    """Draw portfolio candidates against the gate: inventions (x) and PCT applications (y).

    Parameters
    ----------
    candidates
        What :func:`patentnav.portfolio.candidates` returned: ``owner, technology, inventions, pct,
        meets_gate, min_inventions, min_pct``, of one gate.
    ax
        Axes to draw on; new ones when omitted.
    labelled
        Number of candidates named, the largest ones.
    lang
        Language of the labels.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    MissingColumnError
        A needed column is absent.
    ArgumentError
        There is no candidate, or the candidates have several gates.
    """
    _frames.need(
        candidates, "owner", "inventions", "pct", "meets_gate", "min_inventions", "min_pct"
    )
    gates = candidates[["min_inventions", "min_pct"]].drop_duplicates()
    if len(gates) != 1:
        msg = f"The candidates to draw have {len(gates)} gates. Draw those of one gate."
        raise ArgumentError(msg)
    min_inventions, min_pct = (int(value) for value in gates.iloc[0])
    look = _style.palette()
    state = candidates["meets_gate"].astype("object").map({True: "meets", False: "below"})
    state = state.fillna("unknown")
    pct = candidates["pct"].to_numpy(dtype="float64", na_value=np.nan)
    with _style.style():
        ax = _style.axes(ax)
        for key, colour, marker in (
            ("below", look["bad"], "o"),
            ("meets", look["good"], "D"),
            ("unknown", look["muted"], "s"),
        ):
            here = (state == key).to_numpy()
            if here.any():
                # PCT unknown is drawn on the axis, with its own mark, never as a zero.
                ax.scatter(
                    candidates["inventions"][here],
                    np.nan_to_num(pct[here]),
                    marker=marker,
                    s=36,
                    color=colour,
                    alpha=0.85,
                    linewidths=0,
                    zorder=3,
                    clip_on=False,
                    label=text(f"plot.portfolio.{key}", lang),
                )
        ax.axvline(min_inventions, color="0.35", linewidth=1, linestyle="--")
        ax.axhline(min_pct, color="0.35", linewidth=1, linestyle="--")
        widest = max(min_inventions, int(candidates["inventions"].max() or 0))
        tallest = max(min_pct, float(np.nan_to_num(pct).max(initial=0)))
        # Square roots keep small candidates apart and large ones on the page.
        ax.set_xscale("function", functions=(_root, np.square))
        ax.set_yscale("function", functions=(_root, np.square))
        ax.xaxis.set_major_formatter("{x:,.0f}")
        ax.yaxis.set_major_formatter("{x:,.0f}")
        ax.set_xlim(0, widest * 1.15)
        ax.set_ylim(0, tallest * 1.35)
        ax.xaxis.set_major_locator(FixedLocator(_round_ticks(widest, min_inventions)))
        ax.yaxis.set_major_locator(FixedLocator(_round_ticks(tallest, min_pct)))
        ax.set_xlabel(text("plot.portfolio.inventions", lang))
        ax.set_ylabel(text("plot.portfolio.pct", lang))
        gate_line = text("plot.portfolio.gate", lang, inventions=min_inventions, pct=min_pct)
        ax.legend(
            loc="upper left",
            title=gate_line,
            title_fontproperties={"size": 8.5, "family": _style.font_family()},
        )
        largest = candidates.assign(_pct=np.nan_to_num(pct)).sort_values(
            ["inventions", "_pct", "owner"], ascending=[False, False, True]
        )
        largest = largest.head(labelled)
        _style.place_labels(
            ax,
            list(zip(largest["inventions"], largest["_pct"], strict=True)),
            [_style.shorten(str(name), 9) for name in largest["owner"]],
            size=8,
            avoid=list(zip(candidates["inventions"], np.nan_to_num(pct), strict=True)),
        )
    return ax


def _root(values: np.ndarray) -> np.ndarray:
    roots: np.ndarray = np.sqrt(np.clip(values, 0, None))
    return roots


def _round_ticks(end: float, gate: int) -> list[float]:
    steps = [s * 10**k for k in range(6) for s in (1, 2, 5)]
    step = next((s for s in steps if end / s <= 5), steps[-1])
    ticks = {step * i for i in range(1, int(end // step) + 1)}
    return sorted({0.0, float(gate)} | {float(t) for t in ticks if abs(t - gate) > step / 3})
