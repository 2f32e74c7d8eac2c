"""Cells in which a script wrote a list as JSON, as Python or as NumPy prints it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from patentnav.io.raw import ITEM

if TYPE_CHECKING:
    from collections.abc import Iterator

_LIST = r"(?s)^\[.*\]$"
_LONGEST = 1 << 20
_MOSTLY = 0.9  # part of the filled cells that must be lists
# What names a thing among the fields of its object; of a text its words, of a class its symbol.
_NAMES = ("name", "text", "code", "publication_number", "symbol", "value")
# NumPy writes no commas between the items of a list, neither objects nor texts.
_OBJECTS = re.compile(r"(?<=\})\s+(?=\{)")
_TEXTS = re.compile(r"""(?<=['"])\s+(?=['"])""")


def unpacked(column: pa.Array) -> pa.Array:
    r"""Lists written in cells as values separated by the readers' own separator.

    Parameters
    ----------
    column
        Cells; the column stays as it is unless nearly all of them are such lists.

    Returns
    -------
    pyarrow.Array
        Values joined by :data:`patentnav.io.raw.ITEM`; null where a list is empty. A cell that is
        no list stays.

    Examples
    --------
    >>> unpacked(pa.array(['["A", "B"]', "['C' 'D']"], pa.large_string())).to_pylist()
    ['A\x1fB', 'C\x1fD']
    """
    filled = column.drop_null()
    listed = pc.match_substring_regex(filled, _LIST)
    if not len(filled) or pc.mean(listed).as_py() < _MOSTLY:
        return column
    return pa.array([_joined(text) for text in column.to_pylist()], pa.large_string())


def _joined(text: str | None) -> str | None:
    if text is None or not re.match(_LIST, text) or len(text) > _LONGEST:
        return text
    spaced = _OBJECTS.sub(", ", text)
    if not re.search(r"""['"]\s*[,:]""", text):
        spaced = _TEXTS.sub(", ", spaced)
    for name, value in (("null", "None"), ("true", "True"), ("false", "False"), ("nan", "None")):
        spaced = re.sub(rf"(?<=[:,\[ ]){name}(?=[,\]}} ])", value, spaced)
    try:
        values = list(_values(ast.literal_eval(spaced)))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text
    return ITEM.join(values) or None


def _values(node: Any) -> Iterator[str]:
    if isinstance(node, (list, tuple)):
        for one in node:
            yield from _values(one)
    elif isinstance(node, dict):
        named = next((node[key] for key in _NAMES if node.get(key)), None)
        yield from _values(next(iter(node.values()), None) if named is None else named)
    elif node is not None and str(node).strip():
        yield str(node).strip()
