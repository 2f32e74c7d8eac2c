"""The named transforms of cells that a format file may use, and the usual one of every field.

A transform takes a column of text and gives a column of values on the same index; what it cannot
read becomes missing, and the caller lists it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentnav import schema
from patentnav.errors import UnknownNameError
from patentnav.io import number_forms
from patentnav.io.cleaning import blank_to_null, contains_byte
from patentnav.io.vocabularies import by_words, from_vocabulary
from patentnav.normalize import dates, identifiers, names, symbols

if TYPE_CHECKING:
    from collections.abc import Callable

    from patentnav.io.formats import Target

_MARKUP = r"</?[a-zA-Z][\w:-]{0,30}(?:\s[^<>]{0,200})?/?>"
# Without \d and \s, which pandas reads with Python's slower engine.
LOCARNO = r"^([0-9]{2})-?([0-9]{1,2})(?:-?[A-Z][0-9]{4})?(?: *\([0-9]+\))?$"
_MOSTLY_UNIQUE = 0.7
_NUMBER = re.compile(r"^[^\d-]*(-?\d[\d,\u3000 ]*)(?:\.(\d+))?")


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
    known = from_vocabulary(cells, "legal_status")
    return known.fillna(by_words(cells[known.isna()], "legal_status_words"))


def _patent_type(cells: pd.Series) -> pd.Series:
    return from_vocabulary(cells, "patent_type")


def _granted(cells: pd.Series) -> pd.Series:
    known = {"true": True, "false": False}
    return from_vocabulary(cells, "granted").map(known).astype("boolean")


def _fi_symbol(cells: pd.Series) -> pd.Series:
    """FI symbols without blanks: ``G01N37/00,102``, ``C12N15/00@A``."""
    return cells.str.replace(r"\s+", "", regex=True).str.upper()


def _without_gaiji(cells: pd.Series) -> pd.Series:
    """Japanese text without the marks round characters that the office's set lacks."""
    return cells.str.replace("[\u25b2\u25bc]", "", regex=True)


def _origin(cells: pd.Series) -> pd.Series:
    return from_vocabulary(cells, "citation_origin")


def _surname_first(cells: pd.Series) -> pd.Series:
    """``Zhang; Beibei`` as ``Zhang Beibei``."""
    return cells.str.replace(r"\s*;\s*", " ", regex=True)


def _group_names(cells: pd.Series) -> pd.Series:
    """``[Toyota-C`` and ``Kyodo-C]`` without brackets and without the mark of a group."""
    plain = cells.str.replace(r"^\[|\]$", "", regex=True)
    return plain.str.replace(r"-[A-Z]$", "", regex=True).str.strip()


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
    "docdb_application": number_forms.docdb_application, "priority": _priority,
    "korean_application": number_forms.korean_application, "korean_publication": number_forms.korean_publication,
    "korean_grant": number_forms.korean_grant, "dii_application": number_forms.dii_application,
    "japanese_publication": number_forms.japanese_publication,
    "japanese_application": number_forms.japanese_application,
    "us_number": number_forms.us_number, "fi_symbol": _fi_symbol,
    "without_gaiji": _without_gaiji,
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
    elif field.startswith("_"):  # a part that has no column of its own
        name = "text"
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


def part(values: pa.Array, index: int, separator: str) -> pa.Array:
    """One part of structured values; null where a value has fewer parts or an empty one."""
    pieces = pc.split_pattern(values, separator)
    long_enough = pc.greater(pc.list_value_length(pieces), index)
    rows = pc.filter(pieces, long_enough)
    found = pc.list_element(rows, index) if len(rows) else pa.array([], values.type)
    result = pc.replace_with_mask(pa.nulls(len(values), values.type), long_enough, found)
    return blank_to_null(result)
