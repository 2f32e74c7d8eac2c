"""JSON that is a table: a list of objects, one object a line, or columns of values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from patentnav.errors import FormatError
from patentnav.io import detect
from patentnav.io.raw import from_records
from patentnav.io.readers import jsonlines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from patentnav.io.raw import RawTable

_DEEPEST = 6
_EXCERPT = 200


def is_json(head: bytes) -> bool:
    """Whether a file begins as JSON does, and not as a csv with a bracket in its header."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    following = start[1:].lstrip()[:1]
    return (start[:1] == b"{" and following in {b'"', b"}"}) or (
        start[:1] == b"[" and following in {b"{", b"[", b"]", b'"'}
    )


def read_json(content: bytes, file: str, known: frozenset[str]) -> RawTable:
    """The list of objects with the most known names, wherever it stands in the file.

    Raises
    ------
    FormatError
        The file is damaged, or there is no list of objects.
    """
    documents, rejected = jsonlines.documents(content, file)
    if len(documents) == 1:
        lists = list(_lists(documents[0][1], 0))
        rows: Sequence[int] | None = None
    else:
        lists = [[node for _, node in documents]]
        rows = [row for row, _ in documents]
    tables = [
        _table(nodes, rows, rejected) for nodes in lists if any(isinstance(n, dict) for n in nodes)
    ]
    tables = [t for t in tables if len(t.headers)]
    if not tables:
        msg = (
            f'"{file}" is JSON, but no list of records: none of its lists holds objects. Export the '
            "list as csv, or write one object with its fields per patent."
        )
        raise FormatError(msg)
    return max(tables, key=lambda t: (len(detect.keys(t.headers) & known), len(t)))


def _lists(node: Any, depth: int) -> Iterator[list[Any]]:
    """Lists in a document, the outer before the inner; a table by columns as a list too."""
    if depth > _DEEPEST:
        return
    if isinstance(node, list):
        yield _by_header(node)
        return
    if isinstance(node, dict):
        columns = list(node.values())
        if {"columns", "data"} <= node.keys() and isinstance(node["data"], list):
            yield _by_header([node["columns"], *node["data"]])
            return
        if (
            columns
            and all(isinstance(c, list) for c in columns)
            and len({len(c) for c in columns}) == 1
        ):
            if not any(isinstance(v, dict) for c in columns for v in c[:5]):
                yield [
                    dict(zip(node, values, strict=True)) for values in zip(*columns, strict=True)
                ]
        elif len(columns) > 1 and all(isinstance(c, dict) for c in columns):
            if all(isinstance(v, dict) for c in columns for v in list(c.values())[:1]):
                pass
            elif _same_keys(columns) and _counted(columns[0]):
                yield [{name: node[name][key] for name in node} for key in columns[0]]
            else:
                yield columns
        for value in columns:
            yield from _lists(value, depth + 1)
        if not any(isinstance(c, (list, dict)) for c in columns):
            yield [node]


def _by_header(nodes: list[Any]) -> list[Any]:
    """A list of lists, of which the first names the fields, as objects; others as they are."""
    rows = [n for n in nodes if isinstance(n, list)]
    if len(rows) < 2 or rows != nodes or not all(isinstance(h, str) for h in rows[0]):
        return nodes
    return [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]


def _same_keys(columns: Sequence[dict[str, Any]]) -> bool:
    return all(c.keys() == columns[0].keys() for c in columns)


def _counted(column: dict[str, Any]) -> bool:
    return all(key.isdigit() for key in column)


def _table(
    nodes: Sequence[Any], rows: Sequence[int] | None, rejected: Sequence[tuple[int, str, str]]
) -> RawTable:
    numbers = list(rows) if rows is not None else list(range(1, len(nodes) + 1))
    good = [(row, n) for row, n in zip(numbers, nodes, strict=True) if isinstance(n, dict)]
    bad = [
        (row, jsonlines.text(str(n))[:_EXCERPT], "no object")
        for row, n in zip(numbers, nodes, strict=True) if not isinstance(n, dict)
    ]  # fmt: skip
    records = [_record(node) for _, node in good]
    table = from_records(records, "json", rows=[row for row, _ in good], rejected=[*rejected, *bad])
    return replace(table, listed=True)


def _record(node: dict[str, Any]) -> dict[str, list[str]]:
    """Fields of an object; those of inner objects are named with theirs before a point."""
    found: dict[str, list[str]] = {}
    _flatten(node, "", found, 0)
    return found


def _flatten(node: Any, name: str, found: dict[str, list[str]], depth: int) -> None:
    if isinstance(node, dict) and depth < _DEEPEST:
        for key, value in node.items():
            _flatten(value, f"{name}.{key}" if name else str(key), found, depth + 1)
    elif isinstance(node, list) and depth < _DEEPEST:
        for value in node:
            _flatten(value, name, found, depth + 1)
    elif node is not None and not isinstance(node, (dict, list)):
        text = str(node).lower() if isinstance(node, bool) else str(node)
        plain = jsonlines.text(text) if "\n" not in text else _lines(text)
        if plain:
            found.setdefault(name, []).append(plain)


def _lines(text: str) -> str:
    """Text with its line ends, which separate values for some vendors."""
    return "\n".join(line for part in text.split("\n") if (line := jsonlines.text(part)))
