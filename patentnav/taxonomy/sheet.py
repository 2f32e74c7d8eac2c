"""Read a user's tree from a spreadsheet: a technology breakdown table or an industry chain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import _resources
from patentnav.errors import FormatError
from patentnav.io.workbook import read_workbook

if TYPE_CHECKING:
    from pathlib import Path

_SEPARATORS = re.compile(r"\s*[;,|\n\r\uff1b\uff0c\u3001]+\s*|\s+OR\s+", re.IGNORECASE)


def read_sheet(file: Path) -> dict[str, Any]:
    """Read a breakdown table as the content of a taxonomy file.

    Level columns (recognised by ``data/classes/breakdown-sheet.toml``) make the tree, a blank one
    repeats the cell above; the other columns hold classes and words of the deepest named level,
    several to a cell.

    Raises
    ------
    FormatError
        The workbook is damaged, or has no level column or neither classes nor words.
    """
    headers = _resources.load_toml("classes", "breakdown-sheet")
    known = frozenset(h for names in headers.values() for h in names)
    frame = read_workbook(file.read_bytes(), file.name, known).to_frame()
    kinds = {_plain(h): kind for kind, names in headers.items() for h in names}
    columns: dict[str, list[str]] = {kind: [] for kind in headers}
    for header in frame.columns:
        if (kind := kinds.get(_plain(header))) is not None:
            columns[kind].append(header)
    if not columns["levels"] or not any(columns[k] for k in headers if k != "levels"):
        msg = (
            f'"{file.name}" is no breakdown table: it needs level columns (such as '
            f"{', '.join(headers['levels'][8:10])}) and a column of classes or of keywords. "
            f"Its columns are {', '.join(map(str, frame.columns))}."
        )
        raise FormatError(msg)
    return {"names": dict.fromkeys(("zh", "en"), file.stem), "nodes": _nodes(frame, columns)}


def _plain(header: object) -> str:
    return re.sub(r"\s+", " ", str(header)).strip().casefold()


def _nodes(frame: pd.DataFrame, columns: dict[str, list[str]]) -> list[dict[str, Any]]:
    levels = frame[columns["levels"]].astype("str").apply(lambda c: c.str.strip())
    levels = levels.where(levels != "")
    nodes: dict[tuple[str, ...], dict[str, Any]] = {}
    above: list[str | None] = [None] * levels.shape[1]
    for cells, row in zip(levels.itertuples(index=False), frame.to_dict("records"), strict=True):
        above = _filled(above, [None if pd.isna(c) else str(c) for c in cells])
        path = tuple(name for name in above if name is not None)
        for depth in range(1, len(path) + 1):
            nodes.setdefault(path[:depth], _node(path[:depth]))
        if path:
            _add(nodes[path], row, columns)
    return list(nodes.values())


def _filled(above: list[str | None], cells: list[str | None]) -> list[str | None]:
    """Level cells of a row; blanks to the left of the first named level repeat the row above."""
    named = [i for i, cell in enumerate(cells) if cell is not None]
    if not named:
        return above
    return [*above[: named[0]], *cells[named[0] :]]


def _node(path: tuple[str, ...]) -> dict[str, Any]:
    node: dict[str, Any] = {"id": "/".join(path), "names": dict.fromkeys(("zh", "en"), path[-1])}
    if len(path) > 1:
        node["parent"] = "/".join(path[:-1])
    return node


def _add(node: dict[str, Any], row: dict[Any, Any], columns: dict[str, list[str]]) -> None:
    for kind in ("symbols", "gated", "exclude", "keywords", "negative"):
        for header in columns[kind]:
            if isinstance(row[header], str) and row[header].strip():
                values = [v for v in _SEPARATORS.split(row[header].strip()) if v]
                node.setdefault(kind, []).extend(values)
