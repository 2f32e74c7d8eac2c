"""Cells of a file before they are understood: trimmed, freed of damage, or marked as missing."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ENTITY = r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});"
_LOST = "\ufffd"
_MOJIBAKE = "[\u00c2\u00c3][\u0080-\u00bf]"
_FRAGMENT = re.compile("[\u00c2-\u00ef][\u0080-\u00bf]{1,2}")
# Signs that nobody sees and that make equal names unequal: controls, soft hyphen, zero-width and
# direction marks, and the two that are no characters. The joiners U+200C and U+200D are letters of
# some scripts; the separators of readers (U+001E, U+001F) are ours.
_INVISIBLE = (
    "[\u0000-\u0008\u000e-\u001d\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e"
    "\u2060\u2066-\u2069\ufeff\ufffe\uffff]"
)
_BREAKS = "[\u000b\u000c\u0085\u2028\u2029]"  # line and page breaks of word processors
# The same signs in UTF-8: first byte, second bytes, third bytes (none: a sign of two bytes).
_HIDDEN = (
    (0xC2, (*range(0x80, 0xA0), 0xAD), ()),
    (0xE2, (0x80,), (0x8B, 0x8E, 0x8F, *range(0xA8, 0xAF))),
    (0xE2, (0x81,), (0xA0, *range(0xA6, 0xAA))),
    (0xEF, (0xBB,), (0xBF,)),
    (0xEF, (0xBF,), (0xBE, 0xBF)),
)
_PLAIN_CONTROLS = [0x09, 0x0A, 0x0D, 0x1E, 0x1F]
_SLICE = 1 << 24


def clean_cells(column: pa.Array, missing: frozenset[str]) -> pa.Array:
    """Trim cells, resolve character entities, and empty the vendor's marks of a missing value."""
    if column.null_count == len(column):
        return column
    if _padded(column):
        column = pc.utf8_trim_whitespace(column)
    if contains_byte(column, "&"):
        column = _unescape(column, pc.match_substring(column, "&"))
    marks = pc.is_in(column, value_set=pa.array(["", *missing], pa.large_string()))
    return pc.if_else(marks, None, column) if pc.any(marks).as_py() else column


def contains_byte(column: pa.Array, *characters: str) -> bool:
    """Whether any of some bytes (first bytes of characters) stands anywhere in a column."""
    data = _bytes(column).tobytes()  # a search in bytes is several times faster than in an array
    return any(character.encode()[:1] in data for character in characters)


def _bytes(column: pa.Array) -> np.ndarray:
    offsets, data = _offsets(column), column.buffers()[2]
    if data is None:
        return np.array([], dtype=np.uint8)
    return np.frombuffer(data, dtype=np.uint8)[offsets[0] : offsets[-1]]


def _offsets(column: pa.Array) -> np.ndarray:
    offsets = np.frombuffer(column.buffers()[1], dtype=np.int64)
    return offsets[column.offset : column.offset + len(column) + 1]


def _padded(column: pa.Array) -> bool:
    """Whether a cell may begin or end with a blank (ASCII, no-break or ideographic)."""
    offsets, data = _offsets(column), _bytes(column)
    filled = offsets[:-1] < offsets[1:]
    if not filled.any():
        return False
    first = data[offsets[:-1][filled] - offsets[0]]
    last = data[offsets[1:][filled] - offsets[0] - 1]
    edges = (first <= 0x20) | (first == 0xC2) | (first == 0xE3) | (first == 0xE2)
    return bool((edges | (last <= 0x20) | (last == 0x80) | (last == 0xA0)).any())


def restore_encoding(column: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """UTF-8 text that some program took for Latin-1, restored.

    Returns
    -------
    column : pyarrow.Array
        The column.
    repaired : numpy.ndarray
        Indices of the cells that changed.
    """
    none = column, np.array([], dtype=np.int64)
    if not contains_byte(column, "\u00c3"):  # the first byte of both capital letters
        return none
    marked = pc.fill_null(pc.match_substring_regex(column, _MOJIBAKE), False)
    if not pc.any(marked).as_py():
        return none
    damaged = pc.filter(column, marked).to_pylist()
    plain = pa.array([_FRAGMENT.sub(_utf8, text) for text in damaged], column.type)
    restored = pc.replace_with_mask(column, marked, plain)
    changed = pc.fill_null(pc.not_equal(restored, column), False)
    return restored, np.flatnonzero(changed.to_numpy(zero_copy_only=False))


def without_invisible(column: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """Text without control characters and other invisible signs.

    Returns
    -------
    column : pyarrow.Array
        The column; null where nothing is left of a cell.
    repaired : numpy.ndarray
        Indices of the cells that changed.
    """
    none = column, np.array([], dtype=np.int64)
    data = _bytes(column)
    # Slices overlap, for a sign of three bytes may stand where one ends.
    if not any(_may_hide(data[i : i + _SLICE + 2]) for i in range(0, len(data), _SLICE)):
        return none
    marked = pc.fill_null(pc.match_substring_regex(column, f"{_INVISIBLE}|{_BREAKS}"), False)
    if not pc.any(marked).as_py():
        return none
    damaged = pc.filter(column, marked)
    plain = pc.replace_substring_regex(damaged, _BREAKS, " ")
    plain = pc.utf8_trim_whitespace(pc.replace_substring_regex(plain, _INVISIBLE, ""))
    cleaned = pc.replace_with_mask(column, marked, blank_to_null(plain))
    return cleaned, np.flatnonzero(marked.to_numpy(zero_copy_only=False))


def _may_hide(data: np.ndarray) -> bool:
    """Whether UTF-8 text may have invisible signs."""
    if data.min() < 0x20 and not np.isin(data[data < 0x20], _PLAIN_CONTROLS).all():
        return True
    text = data.tobytes() + b"  "  # a search in bytes is several times faster than in an array
    padded = np.frombuffer(text, dtype=np.uint8)
    return b"\x7f" in text or any(
        bytes([first]) in text and _follow(padded, first, seconds, thirds)
        for first, seconds, thirds in _HIDDEN
    )


def _follow(data: np.ndarray, first: int, seconds: Sequence[int], thirds: Sequence[int]) -> bool:
    at = np.flatnonzero(data[:-2] == first)
    at = at[np.isin(data[at + 1], seconds)]
    return len(at) > 0 and (not thirds or bool(np.isin(data[at + 2], thirds).any()))


def with_lost_bytes(column: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """The column as it is, and the indices of its cells with U+FFFD."""
    if _LOST.encode() not in _bytes(column).tobytes():
        return column, np.array([], dtype=np.int64)
    marked = pc.fill_null(pc.match_substring(column, _LOST), False)
    return column, np.flatnonzero(marked.to_numpy(zero_copy_only=False))


# What is mended in every cell, with the reason that the account of repairs gives.
REPAIRS: tuple[tuple[Callable[[pa.Array], tuple[pa.Array, np.ndarray]], str], ...] = (
    (restore_encoding, "UTF-8 text had been taken for Latin-1"),
    (without_invisible, "invisible control characters removed"),
    (with_lost_bytes, "bytes that are no text stand as U+FFFD"),
)


def _utf8(fragment: re.Match[str]) -> str:
    try:
        return fragment[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return fragment[0]


def _unescape(column: pa.Array, marked: pa.Array) -> pa.Array:
    coded = pc.and_(marked, pc.match_substring_regex(column, _ENTITY))
    coded = pc.fill_null(coded, False)
    plain = [html.unescape(text) for text in pc.filter(column, coded).to_pylist()]
    return pc.replace_with_mask(column, coded, pa.array(plain, column.type))


def blank_to_null(column: pa.Array) -> pa.Array:
    """The column with empty texts as nulls."""
    return pc.if_else(pc.equal(pc.binary_length(column), 0), None, column)
