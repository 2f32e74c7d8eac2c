"""Classification symbols of the invented city, with the gaps and strays of real records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.datasets import vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STRAY = 0.18  # a further symbol from another field
_NONE, _SUBCLASS_ONLY = 0.025, 0.04
_CPC = 0.5


def classify(applications: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Symbols of every application.

    Returns
    -------
    pandas.DataFrame
        ``application`` (row number), ``scheme, symbol, position, is_first``; IPC for inventions
        and utility models (some records have none, some a subclass alone), CPC for half of them,
        Locarno classes for designs.
    """
    design = (applications["patent_type"] == "design").to_numpy()
    planted = applications["planted"].to_numpy(bool)
    has_none = (rng.random(len(applications)) < _NONE) & ~planted
    technical = np.flatnonzero(~design & ~has_none)
    ipc = _ipc(applications["technology"].to_numpy(), technical, planted, rng)
    with_cpc = rng.random(len(applications)) < _CPC
    cpc = ipc[with_cpc[ipc["application"]] & ipc["symbol"].str.contains("/", regex=False)]
    cpc = cpc.assign(scheme="CPC", position=cpc.groupby("application").cumcount() + 1)
    locarno = _locarno(applications, np.flatnonzero(design), rng)
    frame = pd.concat([ipc, cpc, locarno], ignore_index=True)
    return frame.assign(is_first=frame["position"] == 1)


def _ipc(
    technology: NDArray, rows: NDArray, planted: NDArray, rng: np.random.Generator
) -> pd.DataFrame:
    symbols = [t.symbols for t in vocabulary.technologies()]
    width = max(len(s) for s in symbols)
    known = np.array([len(s) for s in symbols])
    table = np.array([[*s, *[""] * (width - len(s))] for s in symbols], dtype=object)
    own = technology[rows]
    # The first symbols of a technology are its usual ones.
    key = rng.random((len(rows), width)) + 0.16 * np.arange(width)
    key[np.arange(width)[None, :] >= known[own][:, None]] = np.inf
    # Owners of planted portfolios classify under one subclass, that of the usual symbol.
    main = np.array([[s[:4] == row[0][:4] for s in row] for row in table])
    key[planted[rows][:, None] & main[own]] -= 2
    order = np.argsort(key, axis=1, kind="stable")
    wanted = np.minimum(1 + rng.poisson(0.9, len(rows)), known[own])
    row, position = np.nonzero(np.arange(width)[None, :] < wanted[:, None])
    symbol = table[own[row], order[row, position]]
    stray = np.flatnonzero(rng.random(len(rows)) < _STRAY)
    other = rng.integers(0, len(symbols), len(stray))
    strange = table[other, (rng.random(len(stray)) * known[other]).astype("int64")]
    frame: pd.DataFrame = pd.DataFrame(
        {
            "application": rows[np.concatenate([row, stray])],
            "symbol": np.concatenate([symbol, strange]),
            "position": np.concatenate([position, np.full(len(stray), 99)]),
        }
    )
    frame = frame.sort_values(["application", "position"], kind="stable")
    only = np.zeros(len(technology), dtype=bool)
    only[rows] = rng.random(len(rows)) < _SUBCLASS_ONLY
    bare = only[frame["application"]]
    frame["symbol"] = frame["symbol"].where(~bare, frame["symbol"].str.slice(0, 4))
    frame = frame[~bare | ~frame.duplicated("application").to_numpy()]
    frame = frame.drop_duplicates(["application", "symbol"])
    return frame.assign(scheme="IPC", position=frame.groupby("application").cumcount() + 1)


def _locarno(applications: pd.DataFrame, rows: NDArray, rng: np.random.Generator) -> pd.DataFrame:
    industries = vocabulary.table("industries")
    draw = rng.random(len(rows))
    chosen = [
        industries[i]["locarno"][int(u * len(industries[i]["locarno"]))]
        for i, u in zip(applications["industry"].to_numpy()[rows], draw, strict=True)
    ]
    return pd.DataFrame({"application": rows, "scheme": "LOC", "symbol": chosen, "position": 1})
