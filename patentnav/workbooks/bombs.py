"""Workbooks that would exhaust the memory: refused, or told from those that certainly do not.

Four kinds: members that pack a thousand times; a cell far from the others, for which a reader
reserves the whole rectangle; one long shared text that many cells name; and a spelling that hides
any of these. Programs write the cells of a sheet in one plain form. Only of that form it is certain
what a workbook needs; any other legal one is decoded under a limit, see :mod:`patentnav.workbooks.apart`.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from patentnav.errors import FormatError

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator, Sequence

_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_SHEET = re.compile(rb"<(?:[^\s<>/=\"':]+:)?sheet[\s/>]")
_SHEET_ID = re.compile(rb"""<(?:\w+:)?sheet\s[^<>]*?:id=["']([^"'&]*)["']""")
_TARGET = re.compile(rb"""Target\s*=\s*["']([^"'&]*)["']""")
_MAX_RATIO = 200  # xlsx text packs 5 to 30 times; a bomb packs 1000 times
_SMALL = 64 << 20
_MAX_UNPACKED = 8 << 30
_MAX_CELLS = 300_000_000  # of the rectangles of all sheets
_MODEST_CELLS = 20_000_000  # the decoder takes 35 bytes for each, filled or not
_MODEST_TEXT = 1 << 30
_MODEST_RATIO = 30
_LOOKED_AT = 4 << 20  # bytes of a sheet of which every cell is looked at
_PLAIN = b'<c r="'
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([1-9]\d{0,6})"')
# Sheets without such a cell are below 100,000 rows by 130 columns: no need to look at each.
_FAR = re.compile(rb'<c r="(?:[A-Z]{3}|[E-Z][A-Z]\d|[A-Z]{1,2}\d{6})')
_NEAR = (99_999, 130)
_NO_PLACE = re.compile(rb'<c r="(?![A-Z]{1,3}[1-9]\d{0,6}"[ />])')
_PREFIXED = re.compile(rb"<[^\s<>/=\"':]+:c[\s/>]")
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY|ATTLIST)")
_WHOLE_CELL = re.compile(rb'<c r="[A-Z]+\d+"(?: s="\d+")?(?: t="\w+")?(?: [a-z]+="\d+")*/?>')
_SHARED = re.compile(rb"""\bt=["']s["'][^>]*>\s*<(?:\w+:)?v>(\d{1,9})<""")
_END_OF_TEXT = re.compile(rb"</(?:\w+:)?si>|<(?:\w+:)?si/>")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")  # UTF-16
_CHUNK = 1 << 24
_OVERLAP = 200  # bytes of a chunk that are looked at again with the next


@dataclass
class _Sheet:
    """What the cells of a member claim."""

    plain: bool = True
    cells: int = 0
    last_row: int = 1
    last_column: int = 1

    @property
    def rectangle(self) -> int:
        return self.last_row * self.last_column


def refuse(archive: zipfile.ZipFile, file: str) -> bool:
    """Raise where reading the workbook would take absurd amounts of memory.

    Parameters
    ----------
    archive
        The workbook.
    file
        Its name for messages.

    Returns
    -------
    bool
        Whether it is certain that reading it takes a modest amount, at most 1 GiB or 30 times the
        size of the file.

    Raises
    ------
    FormatError
        It would, or a member unpacks to another size than it claims.
    """
    members = archive.infolist()
    _refuse_ratio(members, file)
    plain = _plain_archive(archive)
    sheets: list[zipfile.ZipInfo] = []
    found: list[_Sheet] = []
    texts: list[zipfile.ZipInfo] = []
    longest = 0
    for member in members:
        wide, table, sheet = _looked_through(archive, member, file)
        plain = plain and not wide and (sheet is None or sheet.plain)
        if sheet is not None:
            sheets.append(member)
            found.append(sheet)
        if table:
            texts.append(member)
            longest = max(longest, _longest(_content(archive, member, file)))
    _refuse_far(found, file)
    if not plain or sum(s.rectangle for s in found) > _MODEST_CELLS:
        return False
    unpacked, packed = (sum(getattr(m, s) for m in members) for s in ("file_size", "compress_size"))
    modest = max(_MODEST_TEXT, _MODEST_RATIO * packed)
    cells = sum(s.cells for s in found)
    if unpacked + cells * longest <= modest:
        return True
    if len(texts) != 1:
        return unpacked <= modest and not texts
    named = _named(archive, sheets, texts[0], file)
    if named is not None and named > _MAX_UNPACKED:
        msg = (
            f'"{file}" repeats long texts up to {named / 2**30:.0f} GiB and is refused. '
            "Save it again in a spreadsheet program, or export in parts."
        )
        raise FormatError(msg)
    return named is not None and unpacked + named <= modest


# The archive


def _refuse_ratio(members: Sequence[zipfile.ZipInfo], file: str) -> None:
    total = sum(m.file_size for m in members)
    packed = sum(m.compress_size for m in members)
    single = any(
        m.file_size > _SMALL and m.file_size > _MAX_RATIO * max(m.compress_size, 1) for m in members
    )
    together = total > _SMALL and total > _MAX_RATIO * max(packed, 1)
    if single or together or total > _MAX_UNPACKED:
        msg = (
            f'"{file}" would unpack to {total / 2**30:.1f} GiB and is refused. Save it again in a '
            "spreadsheet program, or export in parts."
        )
        raise FormatError(msg)


def _plain_archive(archive: zipfile.ZipFile) -> bool:
    """Whether every program finds the same members in it, and those of an xlsx."""
    names = [m.filename.replace("\\", "/").lower() for m in archive.infolist()]
    others = {"content.xml", "xl/workbook.bin", "mimetype"}  # of ods and xlsb
    return (
        len(set(names)) == len(names)
        and not others & set(names)
        and not archive.comment
        and _each_once(archive)
    )


def _each_once(archive: zipfile.ZipFile) -> bool:
    """Whether no member is named as two sheets."""
    parts = []
    for name, what in ((_BOOK, _SHEET_ID), (_RELATIONS, _TARGET)):
        members = [m for m in archive.infolist() if m.filename.lower() == name]
        if len(members) != 1 or members[0].file_size > _LOOKED_AT:
            return False
        text = archive.read(members[0])
        parts.append([found.rpartition(b"/")[2].lower() for found in what.findall(text)])
        if name == _BOOK and len(parts[0]) != len(_SHEET.findall(text)):
            return False
    return all(len(set(names)) == len(names) for names in parts)


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: str) -> Iterator[bytes]:
    """All that a member unpacks to, which may be more than it claims.

    Raises
    ------
    FormatError
        It is more or less.
    """
    unbound = copy.copy(member)
    unbound.file_size = 1 << 62  # else the rest would be left unread
    seen = 0
    with archive.open(unbound) as stream:
        while seen <= member.file_size and (chunk := stream.read(_CHUNK)):
            seen += len(chunk)
            yield chunk
    if seen != member.file_size:
        msg = (
            f'"{file}" is a damaged xlsx file: "{member.filename}" does not unpack to the size that '
            "it claims. Download or save it again."
        )
        raise FormatError(msg)


def _tags(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Pieces that end where a tag ends; what has none for long comes as it is."""
    rest = b""
    for chunk in chunks:
        text = rest + chunk
        end = text.rfind(b">") + 1
        if not end and len(text) > _CHUNK:
            end = len(text)
        rest = text[end:]
        yield text[:end]
    yield rest


def _pieces(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, int]]:
    """Pieces that overlap, and how much of each was seen before."""
    rest = b""
    for chunk in chunks:
        yield rest + chunk, len(rest)
        rest = (rest + chunk)[-_OVERLAP:]


# Cells


def _looked_through(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: str
) -> tuple[bool, bool, _Sheet | None]:
    """Whether a member hides what it is, whether it holds shared texts, and what its cells claim."""
    hidden = table = False
    sheet = None
    every = member.file_size <= _LOOKED_AT
    for i, text in enumerate(_tags(_content(archive, member, file))):
        if not i:
            hidden, table = text.startswith(_WIDE), b"sst" in text[:4096]
        hidden = hidden or (b"<!" in text and _DECLARED.search(text) is not None)
        if sheet is None and b"sheetData" in text:
            sheet = _Sheet(last_row=1 if every else _NEAR[0], last_column=1 if every else _NEAR[1])
        if sheet is not None:
            _measure(sheet, text, every=every)
    return hidden, table, sheet


def _measure(sheet: _Sheet, text: bytes, *, every: bool) -> None:
    plain = text.count(_PLAIN)
    sheet.cells += plain
    sheet.plain = sheet.plain and _all_plain(text, plain)
    if not sheet.plain:
        return
    if every or _FAR.search(text):
        for letters, row in _CELL.findall(text):
            column = 0
            for letter in letters:
                column = column * 26 + letter - 64
            sheet.last_row = max(sheet.last_row, int(row))
            sheet.last_column = max(sheet.last_column, column)


def _all_plain(text: bytes, plain: int) -> bool:
    """Whether every cell of a piece has its place, in the form that programs write."""
    cells = sum(text.count(b"<c" + after) for after in (b" ", b"/", b">", b"\t", b"\n", b"\r"))
    prefixed = b":c" in text and _PREFIXED.search(text) is not None
    return plain == cells and not prefixed and _NO_PLACE.search(text) is None


def _refuse_far(sheets: Sequence[_Sheet], file: str) -> None:
    if sum(s.rectangle for s in sheets) <= _MAX_CELLS:
        return
    widest = max(sheets, key=lambda s: s.rectangle)
    msg = (
        f'"{file}" has cells as far as row {widest.last_row:,} and column {widest.last_column:,} '
        "and is refused. Delete stray cells and save it again."
    )
    raise FormatError(msg)


# Shared texts


def _named(
    archive: zipfile.ZipFile,
    sheets: Sequence[zipfile.ZipInfo],
    texts: zipfile.ZipInfo,
    file: str,
) -> int | None:
    """Bytes of the shared texts that all cells name; None where cells are not written plainly."""
    lengths = _lengths(_content(archive, texts, file))
    total = 0  # of every cell; a table with long claims comes so far
    for member in sheets:
        for text, seen in _pieces(_content(archive, member, file)):
            whole = text[: text.rfind(b">") + 1]
            if len(_WHOLE_CELL.findall(whole)) != whole.count(_PLAIN):
                return None
            total += _shared(text, lengths) - _shared(text[:seen], lengths)
    return total


def _longest(chunks: Iterator[bytes]) -> int:
    """Bytes that no shared text exceeds; in a tenth of the time of :func:`_lengths`."""
    longest, rest = 0, b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"si>")
        longest = max(longest, max(map(len, whole), default=0), len(rest))
    return longest


def _lengths(chunks: Iterator[bytes]) -> np.ndarray:
    """Bytes of each shared text, its markup included."""
    ends: list[np.ndarray] = []
    start = 0
    for text, seen in _pieces(chunks):
        found = [m.end() for m in _END_OF_TEXT.finditer(text) if m.end() > seen]
        ends.append(np.array(found, dtype=np.int64) + start - seen)
        start += len(text) - seen
    return np.diff(np.concatenate([[0], *ends]))


def _shared(text: bytes, lengths: np.ndarray) -> int:
    """Bytes of the shared texts that the cells of a piece name."""
    named = np.array(_SHARED.findall(text), dtype="S9").astype(np.int64)
    return int(lengths[named[named < len(lengths)]].sum())
