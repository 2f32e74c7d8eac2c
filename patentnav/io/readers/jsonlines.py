"""JSON files of one document or of one document a line."""

from __future__ import annotations

import json
import re
from typing import Any

from patentnav.errors import FormatError

_EXCERPT = 200
_SURROGATE = re.compile("[\ud800-\udfff]")

Node = dict[str, Any]


def looks_like_json(head: bytes) -> bool:
    """Tell whether a file begins as a JSON object or array."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}


def documents(
    content: bytes, name: str
) -> tuple[list[tuple[int, Any]], list[tuple[int, str, str]]]:
    """Parsed documents with the line each begins in, and the lines that cannot be parsed.

    Raises
    ------
    FormatError
        The file is no JSON at all, or nested too deep.
    """
    text = content.decode("utf-8-sig", errors="replace")
    try:
        return [(1, _parse(text))], []
    except (ValueError, RecursionError) as whole:
        good: list[tuple[int, Any]] = []
        bad: list[tuple[int, str, str]] = []
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip():
                continue
            try:
                good.append((number, _parse(line)))
            except (ValueError, RecursionError) as error:
                bad.append((number, line[:_EXCERPT], f"not JSON: {error}"))
        if not good:
            msg = f'"{name}" is damaged JSON: {whole}. Download it again.'
            raise FormatError(msg) from whole
        return good, bad


def _parse(text: str) -> Any:
    # Python would take NaN and Infinity, which JSON does not know.
    return json.loads(text, parse_constant=lambda _constant: None)


def many(node: Any, key: str) -> list[Any]:
    """Children of a name: converters write a single one as itself and several as a list."""
    value = node.get(key) if isinstance(node, dict) else None
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def one(node: Any, *path: str) -> Any:
    """The first child along a path of names, None where it ends."""
    for key in path:
        children = many(node, key)
        if not children:
            return None
        node = children[0]
    return node


def text(node: Any) -> str:
    """Text of a node, blank runs as one blank; empty where it has none."""
    if isinstance(node, dict):
        node = node.get("$")
    if node is None or isinstance(node, (dict, list)):
        return ""
    return _SURROGATE.sub("\ufffd", " ".join(str(node).split()))
