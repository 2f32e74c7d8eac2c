"""Read a user's tree from a spreadsheet: a technology breakdown table or an industry chain."""

from __future__ import annotations

import re
import unicodedata
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from patentnav import _files, _resources, query, sheets
from patentnav.errors import DataQualityWarning, ExpressionError, FormatError, did_you_mean, warn
from patentnav.io.raw import RawTable
from patentnav.io.workbook import read_sheets
from patentnav.normalize.ladder import spelling_hint
from patentnav.normalize.symbols import canonical_symbol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_SEPARATORS = re.compile(r"\s*[;,|\n\r\uff1b\uff0c\u3001]+\s*|\s+OR\s+", re.IGNORECASE)
_LANGUAGE = re.compile(r"\((?:\u4e2d\u6587?|\u82f1\u6587?|zh|en|cn)\)$")
_EXPRESSION = re.compile(r"\s(?:AND|NOT)\s|[()]", re.IGNORECASE)
_PLACES = ("symbols", "gated", "exclude", "keywords", "negative", "expressions")


def read_sheet(file: Path) -> dict[str, Any]:
    """Read a breakdown table as the content of a taxonomy file.

    Level columns (recognised by ``data/classes/breakdown-sheet.toml``) make the tree, a blank one
    repeats the cell above; the other columns hold classes and words of the deepest named level,
    several to a cell, separated by semicolons, commas, line breaks or OR; a cell of expressions is
    one (:func:`patentnav.query.parse`). Sheets with the same
    headers are read as one table.

    Raises
    ------
    FormatError
        The workbook is damaged; it has no level column or neither classes nor words; a class is no
        IPC or CPC pattern, or a cell of words holds an expression (sheet, row and column are named).

    Warns
    -----
    DataQualityWarning
        A column is not read, or words stand beside classes that decide without them.
    """
    headers = _resources.load_toml("classes", "breakdown-sheet")
    known = frozenset(h for names in headers.values() for h in names)
    with warnings.catch_warnings():
        # Merged level cells are what a breakdown table is made of.
        warnings.filterwarnings(
            "ignore", message=".*merged over several rows", category=DataQualityWarning
        )
        if file.suffix.lower() == ".csv":
            tables = [_of_frame(sheets.read_table(file))]
        else:
            tables = read_sheets(_files.read_file(file), file.name, known)
    columns = _columns(tables[0], headers, file.name)
    nodes: dict[tuple[str, ...], dict[str, Any]] = {}
    for table in tables:
        _read(table, columns, file.name, nodes)
    _warn_of_idle_words(nodes.values(), file.name)
    return {"names": dict.fromkeys(("zh", "en"), file.stem), "nodes": list(nodes.values())}


def _of_frame(frame: pd.DataFrame) -> RawTable:
    """A frame as the table of a sheet."""
    columns = [pa.array(frame[c].astype("str"), pa.large_string(), from_pandas=True) for c in frame]
    return RawTable([str(c) for c in frame], columns, np.arange(2, len(frame) + 2), "csv")


def _columns(table: RawTable, headers: dict[str, list[str]], file: str) -> dict[str, list[str]]:
    """Headers of the table by what they hold."""
    headers = {kind: names for kind, names in headers.items() if kind != "by_words"}
    kinds = {_plain(h): kind for kind, names in headers.items() for h in names}
    written = {_plain(h): h for names in headers.values() for h in names}
    columns: dict[str, list[str]] = {kind: [] for kind in headers}
    unread = []
    for header in table.headers:
        if (kind := kinds.get(_plain(header))) is not None:
            columns[kind].append(header)
        elif header:
            close = did_you_mean(_plain(header), written, n=1).strip('"')
            close = f'"{written[close]}"' if close else ""
            unread.append(f'"{header}"' + (f" (did you mean {close}?)" if close else ""))
    if not columns["levels"] or not any(columns[k] for k in _PLACES):
        lacking = (
            "level columns"
            if not columns["levels"]
            else "a column of classes, of keywords or of expressions"
        )
        msg = (
            f'"{file}", sheet "{table.sheet}" is no breakdown table: it needs level columns (such '
            f"as {', '.join(headers['levels'][12:14])}) and a column of classes, of keywords or of expressions "
            f"(such as {headers['symbols'][0]}, {headers['keywords'][0]}, {headers['expressions'][0]}), and has no "
            f"{lacking.removeprefix('a ')}. Not recognised: {', '.join(unread) or 'none'}."
        )
        raise FormatError(msg)
    if unread:
        msg = (
            f'"{file}", sheet "{table.sheet}": columns {", ".join(unread)} are not read. Rename '
            "them like an entry of breakdown-sheet.toml if they hold levels, classes or words."
        )
        warn(msg, DataQualityWarning)
    return columns


def _plain(header: object) -> str:
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", str(header))).strip().casefold()
    return _LANGUAGE.sub("", text.replace(" (", "(")).strip()


def _read(
    table: RawTable,
    columns: dict[str, list[str]],
    file: str,
    nodes: dict[tuple[str, ...], dict[str, Any]],
) -> None:
    frame = table.to_frame()
    levels = frame[columns["levels"]].astype("str").apply(lambda c: c.str.strip())
    levels = levels.where(levels != "")
    above: list[str | None] = [None] * levels.shape[1]
    records = zip(levels.itertuples(index=False), frame.to_dict("records"), table.rows, strict=True)
    for cells, row, number in records:
        above = _filled(above, [None if pd.isna(c) else str(c) for c in cells])
        path = tuple(name for name in above if name is not None)
        for depth in range(1, len(path) + 1):
            nodes.setdefault(path[:depth], _node(path[:depth]))
        if path:
            _add(nodes[path], row, columns, f'"{file}", sheet "{table.sheet}", row {number}')


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


def _add(
    node: dict[str, Any], row: dict[Any, Any], columns: dict[str, list[str]], where: str
) -> None:
    for kind in _PLACES:
        for header in columns[kind]:
            if isinstance(row[header], str) and row[header].strip():
                at = f'{where}, column "{header}"'
                if kind == "expressions":
                    _add_expression(node, row, columns, header, at)
                    continue
                text = unicodedata.normalize("NFKC", row[header]).strip()
                read = _words if kind in {"keywords", "negative"} else _patterns
                node.setdefault(kind, []).extend(read(text, at))


def _add_expression(
    node: dict[str, Any], row: dict[Any, Any], columns: dict[str, list[str]], header: str, at: str
) -> None:
    text = row[header].strip()
    try:
        query.parse(text)
    except ExpressionError as error:
        msg = (
            f"{at}: {error} An expression in the language of a database goes to a column that is "
            "not read, such as one called database expression."
        )
        raise FormatError(msg) from error
    node.setdefault("expressions", []).append(text)
    ways = {_plain(row[c]) for c in columns["segmented"] if isinstance(row[c], str) and row[c]}
    known = set(map(_plain, _resources.load_toml("classes", "breakdown-sheet")["by_words"]))
    node["segmented"] = node.get("segmented", False) or not ways.isdisjoint(known)


def _words(text: str, at: str) -> list[str]:
    words = [word for word in _SEPARATORS.split(text) if word]
    for word in words:
        if _EXPRESSION.search(word):
            msg = (
                f'{at}: "{word}" is part of an expression, and the column holds words. List the '
                "words; conditions on several go to a column of expressions."
            )
            raise FormatError(msg)
    return words


def _patterns(text: str, at: str) -> list[str]:
    patterns = []
    for raw in _SEPARATORS.split(text):
        if not raw:
            continue
        pattern = raw.rstrip("*+ ")
        if canonical_symbol(pattern) is None and pattern not in set("ABCDEFGHY"):
            msg = f'{at}: "{raw}" is no IPC or CPC pattern. {spelling_hint(pattern)}'
            raise FormatError(msg)
        patterns.append(pattern)
    return patterns


def _warn_of_idle_words(nodes: Iterable[dict[str, Any]], file: str) -> None:
    idle = [n["id"] for n in nodes if n.get("keywords") and n.get("symbols") and not n.get("gated")]
    if idle:
        msg = (
            f'"{file}": the classes of {len(idle)} nodes (first: "{idle[0]}") decide alone, and their '
            "keywords decide nothing. To demand both, let the header of the classes say so (see "
            "breakdown-sheet.toml, gated)."
        )
        warn(msg, DataQualityWarning)
