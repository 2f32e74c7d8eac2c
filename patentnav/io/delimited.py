"""Delimited text (csv, tsv) as columns of text: encoding, separator, header row, damage."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter, deque
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as pacsv

from patentnav.errors import FormatError
from patentnav.io import detect
from patentnav.io.encodings import BOMS, is_encoded, to_utf8
from patentnav.io.raw import RawTable

if TYPE_CHECKING:
    import mmap
    from collections.abc import Iterator, Sequence

    Content = bytes | mmap.mmap

_SEPARATORS = (",", ";", "\t", "|")
_SAMPLE = 40
_SAMPLE_BYTES = 1 << 18
_BLOCK = 1 << 24  # bytes that arrow reads at a time
_BLOCKS = 4  # of a piece
_PIECE_RECORDS = 20_000  # of a piece read record by record
csv.field_size_limit(1 << 27)


class IrregularError(FormatError):
    """A later part of a text is not as regular as its beginning; the next way may read it."""


def ways(
    content: Content, file: str, known: frozenset[str], encoding: str | None = None
) -> Iterator[Iterator[RawTable]]:
    """Ways to read delimited text, the fast ones first.

    Parameters
    ----------
    content
        The bytes of the file.
    file
        Name for messages.
    known
        Headers of all formats; they tell encoding, separator and header row.
    encoding
        The encoding, where the caller states it.

    Yields
    ------
    iterator of RawTable
        The table in pieces, which together hold every record; at least one. Where it raises
        :class:`IrregularError` its pieces do not count, and the next way reads the file. The last
        way does not raise it.

    Raises
    ------
    FormatError
        The file is empty, no text, or no table.
    """
    mark = 3 if content[:3] == codecs.BOM_UTF8 else 0
    if encoding is None and _looks_like_utf8(
        content, mark
    ):  # arrow tells where a later part is not
        layout = _layout(memoryview(content)[mark:], file, known)
        yield _fast(layout, "utf-8-sig" if mark else "utf-8")
    plain, encoding = to_utf8(
        bytes(content), file, known=lambda text: _known_headers(text, known), encoding=encoding
    )
    if b"\n" not in plain:
        plain = plain.replace(b"\r", b"\n")
    layout = _layout(memoryview(plain), file, known)
    del plain
    yield _fast(layout, encoding)
    yield _careful(layout, encoding)


def _known_headers(text: str, known: frozenset[str]) -> int:
    """Headers that any format knows, in the first rows of a text."""
    separator, index = _shape(text, known)
    row = next(islice(_safely(_records(text, separator)), index, None), [])
    return len(detect.keys(_safe(row)) & known)


def _looks_like_utf8(content: Content, start: int) -> bool:
    head = content[start : start + _SAMPLE_BYTES]
    marked = head.startswith(tuple(BOMS)) or b"\0" in head
    return not marked and b"\n" in head and is_encoded(head[: head.rfind(b"\n")], "utf-8")


@dataclass(frozen=True)
class _Layout:
    """Where header and body of a table are."""

    body: memoryview
    headers: list[str]
    separator: str
    first_row: int


def _layout(plain: memoryview, file: str, known: frozenset[str]) -> _Layout:
    end = len(plain)
    while end and plain[end - 1] in b"\r\n\x1a ":
        end -= 1
    head = bytes(plain[:_SAMPLE_BYTES]).decode(errors="ignore")
    if not head.strip("\ufeff,;\t\r\n "):
        msg = f'"{file}" is empty. Export it again.'
        raise FormatError(msg)
    separator, index = _shape(head, known)
    headers, offset = _header(head, separator, index)
    return _Layout(plain[offset:end], headers, separator, index + 2)


def _records(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _shape(text: str, known: frozenset[str]) -> tuple[str, int]:
    """Separator and index of the header row: those that give the most known headers."""
    best: tuple[int, int, str, int] = (-1, -1, ",", 0)
    for separator in _SEPARATORS:
        rows = [_safe(r) for r in islice(_safely(_records(text, separator)), _SAMPLE)]
        if not rows:
            continue
        index = detect.header_row(rows, known)
        keys = detect.keys(rows[index])
        points = (len(keys & known), len(keys), separator, index)
        if points[:2] > best[:2]:
            best = points
    return best[2], best[3]


def _safe(row: list[str]) -> list[str]:
    return [cell.strip() for cell in row]


def _safely(records: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from records
    except csv.Error:
        return


def _header(text: str, separator: str, index: int) -> tuple[list[str], int]:
    """Headers, and where the body begins."""
    consumed = 0

    def lines() -> Iterator[str]:
        nonlocal consumed
        for line in io.StringIO(text, newline=""):
            consumed += len(line.encode())
            yield line

    header: list[str] = []
    for i, row in enumerate(csv.reader(lines(), delimiter=separator)):
        header = row
        if i == index:
            break
    return [cell.strip() for cell in header], consumed


def _fast(layout: _Layout, encoding: str) -> Iterator[RawTable]:
    """Pieces of the table by arrow's reader."""
    headers, body = layout.headers, layout.body
    if not body:
        columns = [pa.array([], pa.large_string()) for _ in headers]
        yield RawTable(headers, columns, np.array([], dtype=np.int64), encoding)
        return
    names = [str(i) for i in range(_width(layout))]
    row = layout.first_row
    try:
        reader = pacsv.open_csv(
            pa.BufferReader(pa.py_buffer(body)),
            read_options=pacsv.ReadOptions(column_names=names, block_size=_BLOCK),
            parse_options=pacsv.ParseOptions(
                delimiter=layout.separator, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                null_values=[""],
            ),
        )
        while blocks := list(islice(reader, _BLOCKS)):
            columns = pa.Table.from_batches(blocks).columns
            del blocks
            if any(c.null_count < len(c) for c in columns[len(headers) :]):
                raise IrregularError
            rows = np.arange(row, row + len(columns[0]))
            row += len(rows)
            # The blocks of a column go when it is one.
            whole = [_one(columns.pop(0)) for _ in headers]
            del columns
            yield RawTable(headers, whole, rows, encoding)
    except pa.ArrowInvalid as error:
        raise IrregularError from error


def _width(layout: _Layout) -> int:
    """Cells of most records at the beginning of the body.

    Raises
    ------
    IrregularError
        They have fewer cells than the header, or there are more than two widths.
    """
    sample = bytes(layout.body[:_SAMPLE_BYTES]).decode(errors="ignore")
    records = _safely(_records(sample, layout.separator))
    widths = Counter(len(r) for r in islice(records, _SAMPLE))
    width = max(widths, key=lambda w: widths[w], default=0)
    if width < len(layout.headers) or len(widths) > 2:
        raise IrregularError
    return width


def _one(column: pa.ChunkedArray) -> pa.Array:
    chunks = column.combine_chunks()
    return chunks if isinstance(chunks, pa.Array) else pa.concat_arrays(chunks.chunks)


class _Lines:
    """Lines of a text, which can be had again where a stray quote makes one record of many."""

    def __init__(self, body: memoryview) -> None:
        stream = pa.BufferReader(pa.py_buffer(body))
        self._source = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.ended = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._source.readline()
        if not line:
            self.ended = True
            raise StopIteration
        self.taken.append(line)
        return line

    def all_but_first_again(self) -> None:
        self._again.extendleft(reversed(self.taken[1:]))
        self.ended = False


def _records_or_reasons(body: memoryview, separator: str) -> Iterator[tuple[list[str], str]]:
    """Records, and why a record is none: a quote that is never closed spoils its line only."""
    lines = _Lines(body)
    records = csv.reader(lines, delimiter=separator)
    while True:
        lines.taken.clear()
        try:
            record, reason = next(records), ""
        except StopIteration:
            return
        except csv.Error as error:
            record, reason = [], str(error)
        if lines.ended and sum(line.count('"') for line in lines.taken) % 2:
            reason = "a quote is opened and never closed"
        if reason:
            record = [lines.taken[0].rstrip("\r\n")]
            lines.all_but_first_again()
        yield record, reason


def _careful(layout: _Layout, encoding: str) -> Iterator[RawTable]:
    """Pieces of the table record by record: for bodies with records of unequal length."""
    headers, separator = layout.headers, layout.separator
    records = enumerate(_records_or_reasons(layout.body, separator), layout.first_row)
    first = True
    while (piece := list(islice(records, _PIECE_RECORDS))) or first:
        first = False
        yield _padded(piece, headers, separator, encoding)


def _padded(
    records: Sequence[tuple[int, tuple[list[str], str]]],
    headers: list[str],
    separator: str,
    encoding: str,
) -> RawTable:
    """Records as wide as the header; those with more filled cells are rejected."""
    width = len(headers)
    taken: list[list[str | None]] = []
    rows: list[int] = []
    rejected: list[tuple[int, str, str]] = []
    for row, (record, damage) in records:
        if not damage and not any(cell.strip() for cell in record):
            continue
        if damage or any(cell.strip() for cell in record[width:]):
            reason = damage or f"{len(record)} cells where the header has {width}"
            rejected.append((row, separator.join(record)[:200], reason))
            continue
        padded = [cell or None for cell in record[:width]]
        taken.append(padded + [None] * (width - len(padded)))
        rows.append(row)
    columns = [pa.array(c, pa.large_string()) for c in zip(*taken, strict=True)]
    if not taken:
        columns = [pa.array([], pa.large_string()) for _ in headers]
    return RawTable(headers, columns, np.asarray(rows, dtype=np.int64), encoding, rejected)


def drop_blank(table: RawTable) -> RawTable:
    """Leave out records whose cells are all empty or blank."""
    if not table.columns or not len(table):
        return table
    blank = np.arange(len(table))
    for column in table.columns:
        cells = column if len(blank) == len(column) else column.take(pa.array(blank))
        told = pc.greater(pc.binary_length(pc.utf8_trim_whitespace(cells)), 0)
        blank = blank[~pc.fill_null(told, False).to_numpy(zero_copy_only=False)]
        if not len(blank):
            return table
    filled = np.ones(len(table), dtype=bool)
    filled[blank] = False
    columns = [pc.filter(c, pa.array(filled)) for c in table.columns]
    return replace(table, columns=columns, rows=table.rows[filled])
