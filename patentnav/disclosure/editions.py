"""The record of an edition, which later editions must not contradict."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import _files
from patentnav.disclosure.lattice import COLUMNS, EARLIER, Cells, stacked
from patentnav.errors import FormatError

if TYPE_CHECKING:
    from patentnav.disclosure.protection import Protected

_FORMAT = "patentnav public edition 1"


def write_record(protected: Protected, path: str | Path) -> Path:
    """Write which cells an edition shows and which it hides, for the office's own use.

    Parameters
    ----------
    protected : Protected
        See :func:`protect`.
    path : path
        A ``.json`` file. It holds the hidden values: it is not for the public.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    FileError
        It cannot be written.
    """
    table = protected.cells[[*COLUMNS, "published", "reason"]].reset_index()
    record = {
        "format": _FORMAT,
        "cells": [{k: _plain(v) for k, v in row.items()} for row in table.to_dict("records")],
        "sums": protected.sums.to_dict("records"),
    }
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True, default=int)
    return _files.write_file(Path(path), text.encode())


def after(cells: Cells, record: str | Path) -> Cells:
    """Cells of an edition together with those of an earlier one, which cannot be changed any more.

    Parameters
    ----------
    cells : Cells
        What the new edition could show.
    record : path
        What :func:`write_record` wrote for the earlier edition.

    Returns
    -------
    Cells
        The cells of both. A cell that both have, with the same value, is one number: what the
        earlier edition hides, the new one may not show.

    Raises
    ------
    FormatError
        The file is no such record.
    FileError
        It cannot be read.
    """
    content = _files.read_file(Path(record))
    try:
        told = json.loads(content)
        if told["format"] != _FORMAT:
            raise ValueError(told["format"])
        table = pd.DataFrame(told["cells"]).set_index("cell_id")
        sums = pd.DataFrame(told["sums"], columns=["sum_id", "cell_id", "sign"])
        table["state"] = np.where(table.pop("published").astype(bool), "published", "hidden")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f'"{Path(record).name}" is no record of a public edition ({error}). Give the file that the earlier edition wrote.'
        raise FormatError(msg) from error
    mark = f"{EARLIER}{hashlib.sha256(content).hexdigest()[:8]}|"
    earlier = Cells(
        table.drop(columns="reason").rename(index=lambda one: f"{mark}{one}"),
        sums.assign(sum_id=mark + sums["sum_id"], cell_id=mark + sums["cell_id"]),
    )
    links = []
    for one in table.index.intersection(cells.table.index).sort_values():
        now, then = float(cells.table["value"][one]), float(table["value"][one])
        if np.isclose(now, then):
            links += [(f"{mark}same {one}", one, 1), (f"{mark}same {one}", f"{mark}{one}", -1)]
    return stacked([cells, earlier], pd.DataFrame(links, columns=["sum_id", "cell_id", "sign"]))


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value
