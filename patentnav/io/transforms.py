"""The named transforms of cells that a format file may use, and the usual one of every field.

A transform takes a column of text and gives a column of values on the same index; what it cannot
read becomes missing, and the caller lists it.
"""

from __future__ import annotations

import functools
import html
import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentnav import _resources, schema
from patentnav.errors import UnknownNameError
from patentnav.normalize import dates, identifiers, names, symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from patentnav.io.formats import Target

_ENTITY = r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});"
_MARKUP = r"</?[a-zA-Z][\w:-]{0,30}(?:\s[^<>]{0,200})?/?>"
# Without \d and \s, which pandas reads with Python's slower engine.
LOCARNO = r"^([0-9]{2})-?([0-9]{1,2})(?:-?[A-Z][0-9]{4})?(?: *\([0-9]+\))?$"
_LOST = "\ufffd"
_MOSTLY_UNIQUE = 0.7
_MOJIBAKE = "[\u00c2\u00c3][\u0080-\u00bf]"
_FRAGMENT = re.compile("[\u00c2-\u00ef][\u0080-\u00bf]{1,2}")
# Signs that nobody sees and that make equal names unequal: controls, soft hyphen, zero-width and
# direction marks, and the two that are no characters. The joiners U+200C and U+200D are letters of some scripts; the separators of
# readers (U+001E, U+001F) are ours.
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
_US_DOCDB = re.compile(r"^US\s*(\d{1,6})(\d{2})\s*[A-Z]?$")
_US_SERIES = (
    (2014, "14"), (2011, "13"), (2008, "12"), (2005, "11"), (2002, "10"), (1998, "09"),
    (1993, "08"), (1987, "07"), (1979, "06"), (1970, "05"),
)  # fmt: skip
_NUMBER = re.compile(r"^[^\d-]*(-?\d[\d,\u3000 ]*)(?:\.(\d+))?")


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


def to_series(column: pa.Array) -> pd.Series:
    """An arrow column as a pandas column of dtype str."""
    return pd.Series(pd.array(column, dtype="str"))


def to_arrow(series: pd.Series) -> pa.Array:
    """A column of texts as one arrow array."""
    column = pa.array(series.array, pa.large_string())
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def constant(value: object, n: int) -> pd.Series:
    """A column of one value."""
    if isinstance(value, str):
        return to_series(pa.repeat(pa.scalar(value, pa.large_string()), n))
    return pd.Series([value], dtype="boolean" if isinstance(value, bool) else None).repeat(n)


def by_unique(column: pa.Array, read: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """Apply a function of texts to a column, once per different text.

    Parameters
    ----------
    column
        Texts.
    read
        A function of a Series that treats every value by itself.

    Returns
    -------
    pandas.Series
        Results in the order of the column, with a fresh index.
    """
    encoded = column.dictionary_encode()
    if len(encoded.dictionary) > _MOSTLY_UNIQUE * len(column):
        return read(to_series(column))
    results = read(to_series(encoded.dictionary))
    if isinstance(results.dtype, pd.StringDtype):
        return to_series(pa.array(results.array).take(encoded.indices))
    codes = np.asarray(encoded.indices.fill_null(-1), dtype=np.int64)
    return pd.Series(results.array.take(codes, allow_fill=True))


@functools.cache
def vocabulary(name: str) -> Mapping[str, str]:
    """A vendor vocabulary of ``data/vocabularies``: text as vendors write it to canonical value."""
    rows = _resources.load_csv("vocabularies", name)
    return {_plain(row["text"]): row["value"].strip() for row in rows}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def from_vocabulary(cells: pd.Series, name: str) -> pd.Series:
    """Canonical values of a vocabulary; missing where it does not know the text."""
    words = vocabulary(name)
    known = {text: words.get(_plain(text)) for text in cells.dropna().unique()}
    return cells.map(known).astype("str")


def _text(cells: pd.Series) -> pd.Series:
    return cells


def _prose(cells: pd.Series) -> pd.Series:
    """Text without markup tags."""
    if not contains_byte(to_arrow(cells), "<"):
        return cells
    tagged = cells.str.contains("<", regex=False, na=False)
    tagged &= cells.where(tagged).str.contains(_MARKUP, regex=True, na=False)
    if not tagged.any():
        return cells
    plain = cells[tagged].str.replace(_MARKUP, " ", regex=True)
    plain = plain.str.replace(r"\s+", " ", regex=True).str.strip()
    result = cells.copy()
    result[tagged] = plain
    return result.mask(result == "")


def _date(cells: pd.Series, target: Target) -> pd.Series:
    return dates.parse_dates(cells, day_first=target.day_first)


def _integer(cells: pd.Series) -> pd.Series:
    known = {text: _whole(text) for text in cells.dropna().unique()}
    return cells.map(known).astype("Int64")


def _whole(text: str) -> int | None:
    found = _NUMBER.match(text)
    if not found or (found[2] and found[2].strip("0")):
        return None
    digits = re.sub(r"[,\s]", "", found[1])
    return int(digits) if len(digits) < 12 else None


def _number(cells: pd.Series) -> pd.Series:
    plain = cells.str.replace(",", "", regex=False)
    return pd.to_numeric(plain, errors="coerce").astype("float64")


def _truth(cells: pd.Series) -> pd.Series:
    known = {"true": True, "false": False}
    return from_vocabulary(cells, "truth").map(known).astype("boolean")


def _publication(cells: pd.Series) -> pd.Series:
    return identifiers.publication_ids(cells)


def _application(cells: pd.Series) -> pd.Series:
    return identifiers.application_ids(cells)


def _symbol(cells: pd.Series, target: Target) -> pd.Series:
    if target.constants.get("scheme") in {"IPC", "CPC"}:
        spelled = symbols.canonical_symbols(cells)
        design = cells.str.match(LOCARNO, na=False)  # vendors mix them into the IPC column
        return spelled.fillna(cells.where(design)) if design.any() else spelled
    return cells


def _short_symbol(cells: pd.Series, target: Target) -> pd.Series:
    """Symbols without slash whose group has three digits: ``A61K031568``."""
    slashed = cells.str.replace(r"^([A-H]\d\d[A-Z])(\d{3})(\d{2,})$", r"\1\2/\3", regex=True)
    return _symbol(slashed.str.replace(r"^([A-H]\d\d[A-Z])0+$", r"\1", regex=True), target)


def _office(cells: pd.Series) -> pd.Series:
    codes = cells.str.upper().where(cells.str.match(r"^[A-Za-z]{2}$", na=False))
    unknown = codes.isna() & cells.notna()
    if not unknown.any():
        return codes
    return codes.where(~unknown, from_vocabulary(cells, "offices"))


def _kind(cells: pd.Series) -> pd.Series:
    """Kind codes of WIPO ST.16: a letter, often with a digit."""
    codes = cells.str.upper()
    return codes.where(codes.str.match(r"^[A-Z]\d?$", na=False))


def _status(cells: pd.Series) -> pd.Series:
    return from_vocabulary(cells, "legal_status")


def _patent_type(cells: pd.Series) -> pd.Series:
    return from_vocabulary(cells, "patent_type")


def _granted(cells: pd.Series) -> pd.Series:
    known = {"true": True, "false": False}
    return from_vocabulary(cells, "granted").map(known).astype("boolean")


def _origin(cells: pd.Series) -> pd.Series:
    return from_vocabulary(cells, "citation_origin")


def _surname_first(cells: pd.Series) -> pd.Series:
    """``Zhang; Beibei`` as ``Zhang Beibei``."""
    return cells.str.replace(r"\s*;\s*", " ", regex=True)


def _group_names(cells: pd.Series) -> pd.Series:
    """``[Toyota-C`` and ``Kyodo-C]`` without brackets and without the mark of a group."""
    plain = cells.str.replace(r"^\[|\]$", "", regex=True)
    return plain.str.replace(r"-[A-Z]$", "", regex=True).str.strip()


def _docdb_application(cells: pd.Series) -> pd.Series:
    """US numbers in the old DOCDB form, serial + two-digit year, with the series code instead."""
    known = {text: _us_series(text) for text in cells.dropna().unique()}
    return cells.map(known).astype("str")


def _us_series(text: str) -> str:
    found = _US_DOCDB.match(text)
    if not found:
        return text
    serial, year = int(found[1]), int(found[2])
    year += 1900 if year > 50 else 2000
    # A series begins in January; those from 10 on began late in the year before.
    moved = year in {2001, 2004, 2007, 2010, 2013} and serial < 150_000
    series = next((code for first, code in _US_SERIES if year + moved >= first), None)
    return f"US{series}{serial:06d}" if series else text


def _korean_application(cells: pd.Series) -> pd.Series:
    """``1020150000637`` with its office; what is no such number stays for the account."""
    return cells.str.replace(r"^([1-4]0\d{11})$", r"KR\1", regex=True)


def _korean_publication(cells: pd.Series) -> pd.Series:
    plain = cells.str.replace(r"^10((?:19|20)\d{9})$", r"KR\1A", regex=True)
    return plain.str.replace(r"^20((?:19|20)\d{9})$", r"KR\1U", regex=True)


def _korean_grant(cells: pd.Series) -> pd.Series:
    """``1024130010000``: kind of right, seven digits, four zeros."""
    plain = cells.str.replace(r"^(10\d{7})(?:0000)?$", r"KR\1B1", regex=True)
    plain = plain.str.replace(r"^(20\d{7})(?:0000)?$", r"KR\1Y1", regex=True)
    return plain.str.replace(r"^(30\d{7})(?:0000)?$", r"KR\1S", regex=True)


def _dii_application(cells: pd.Series) -> pd.Series:
    """``CN10733357 30 Jun 2021``: the year, left out of the number, comes from its date."""
    parts = cells.str.extract(r"^([A-Z]{2})(\S+)\s+\d{1,2} \w{3} (\d{4})$")
    return parts[0] + parts[2] + parts[1]


def _priority(cells: pd.Series) -> pd.Series:
    """Application numbers where they are such, the vendor's text otherwise."""
    return identifiers.application_ids(cells).fillna(cells)


def _name(cells: pd.Series) -> pd.Series:
    return names.spell_names(cells)


TRANSFORMS: dict[str, Callable[[pd.Series], pd.Series]] = {
    "text": _text, "prose": _prose, "integer": _integer, "number": _number, "truth": _truth,
    "publication": _publication, "application": _application, "office": _office, "kind": _kind,
    "legal_status": _status, "patent_type": _patent_type, "granted": _granted, "origin": _origin,
    "surname_first": _surname_first, "name": _name, "group_names": _group_names,
    "docdb_application": _docdb_application, "priority": _priority,
    "korean_application": _korean_application, "korean_publication": _korean_publication,
    "korean_grant": _korean_grant, "dii_application": _dii_application,
}  # fmt: skip
# These need to know more of their column than its texts.
OF_TARGET: dict[str, Callable[[pd.Series, Target], pd.Series]] = {
    "date": _date, "symbol": _symbol, "short_symbol": _short_symbol,
}  # fmt: skip

_FIELD: dict[tuple[str, str], str] = {
    ("publications", "publication_id"): "text",  # spelled with kind and office of other columns
    ("publications", "application_id"): "text",
    ("publications", "authority"): "office",
    ("publications", "kind_code"): "kind",
    ("publications", "patent_type"): "patent_type",
    ("publications", "granted"): "granted",
    ("publications", "legal_status"): "legal_status",
    ("publications", "pct_application_id"): "application",
    ("publications", "pct_publication_id"): "publication",
    ("publications", "title"): "prose",
    ("texts", "text"): "prose",
    ("parties", "country"): "office",
    ("inventors", "country"): "office",
    ("priorities", "priority_number"): "priority",
    ("priorities", "authority"): "office",
    ("legal_events", "country"): "office",
    ("classifications", "symbol"): "symbol",
    ("citations", "cited_id"): "publication",
    ("citations", "citing_id"): "publication",
    ("citations", "origin"): "origin",
    ("families", "publication_id"): "publication",
}
_DTYPE = {"date": "date", "int": "integer", "float": "number", "bool": "truth", "string": "text"}


def transform(name: str, target: Target) -> Callable[[pd.Series], pd.Series]:
    """A transform by name, for one column.

    Raises
    ------
    UnknownNameError
        No transform has this name.
    """
    if name in OF_TARGET:
        of_target = OF_TARGET[name]
        return lambda cells: of_target(cells, target)
    if name not in TRANSFORMS:
        raise UnknownNameError("transform", name, [*TRANSFORMS, *OF_TARGET])
    return TRANSFORMS[name]


_LONG = {("texts", "text"), ("publications", "publication_id"), ("publications", "application_id")}


def apply(column: pa.Array, field: str, target: Target) -> pd.Series:
    """Values of one field of a target's table, in the order of the column."""
    if target.transform and field == target.field:
        name = target.transform
    else:
        dtype = schema.table(target.table).column(field).dtype
        name = _FIELD.get((target.table, field), _DTYPE[dtype])
    if name == "text":
        return to_series(column)
    read = transform(name, target)
    if (target.table, field) in _LONG:
        return read(to_series(column))
    return by_unique(column, read)


def split_cells(
    column: pa.Array, separators: tuple[str, ...], *, keep: str = "", ends: str = ""
) -> tuple[pa.Array, pa.Array]:
    """Values of cells that hold lists.

    Parameters
    ----------
    column
        Cells.
    separators
        Literal separators; all of them separate.
    keep
        Regular expression of what may follow a separator without beginning a new value.
    ends
        Regular expression of the end of a value that only a blank separates from the next.

    Returns
    -------
    parents, values : pyarrow.Array
        Index of the cell each value came from, and the trimmed, non-empty values, in order.
    """
    first = separators[0]
    for other in separators[1:]:
        if pc.any(pc.match_substring(column, other)).as_py():
            column = pc.replace_substring(column, other, first)
    if keep:
        column = pc.replace_substring_regex(column, f"{re.escape(first)}\\s*({keep})", "\ue000\\1")
    if ends:
        column = pc.replace_substring_regex(column, f"({ends})\\s+", f"\\1{first}")
    lists = pc.split_pattern(column, first)
    values = pc.utf8_trim_whitespace(pc.list_flatten(lists))
    parents = pc.list_parent_indices(lists)
    if keep:
        values = pc.replace_substring(values, "\ue000", first + " ")
    filled = pc.greater(pc.binary_length(values), 0)
    if not pc.all(filled).as_py():
        values, parents = pc.filter(values, filled), pc.filter(parents, filled)
    return parents, values


def extract(values: pa.Array, patterns: tuple[str, ...]) -> dict[str, pa.Array]:
    """Named groups per value, by the first pattern that fits; null where none does."""
    groups: dict[str, pa.Array] = {}
    for pattern in patterns:
        found = pc.extract_regex(values, pattern)
        for i, field in enumerate(found.type):
            group = blank_to_null(pc.struct_field(found, [i]))
            earlier = groups.get(field.name)
            groups[field.name] = group if earlier is None else pc.coalesce(earlier, group)
    return groups


def blank_to_null(column: pa.Array) -> pa.Array:
    """The column with empty texts as nulls."""
    return pc.if_else(pc.equal(pc.binary_length(column), 0), None, column)


def part(values: pa.Array, index: int, separator: str) -> pa.Array:
    """One part of structured values; null where a value has fewer parts or an empty one."""
    pieces = pc.split_pattern(values, separator)
    long_enough = pc.greater(pc.list_value_length(pieces), index)
    rows = pc.filter(pieces, long_enough)
    found = pc.list_element(rows, index) if len(rows) else pa.array([], values.type)
    result = pc.replace_with_mask(pa.nulls(len(values), values.type), long_enough, found)
    return blank_to_null(result)
