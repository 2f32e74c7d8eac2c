"""Workbooks that would exhaust the memory, refused before anything of them is unpacked whole.

Three kinds: members that pack a thousand times; a cell far from the others, for which a reader
reserves the whole rectangle; one long shared text that many cells name.
"""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING

import numpy as np

from patentnav.errors import FormatError

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator, Sequence

_MAX_RATIO = 200  # xlsx text packs 5 to 30 times; a bomb packs 1000 times
_SMALL = 64 << 20
_MAX_UNPACKED = 8 << 30
_MAX_CELLS = 300_000_000
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3})(\d+)["']""")
# Sheets without such a cell are below 100,000 rows by 702 columns: no need to look at each.
_FAR = re.compile(rb"""r=["'](?:[A-Z]{3}\d|[A-Z]{0,3}\d{6})""")
_SHARED = re.compile(rb"""\bt=["']s["'][^>]*>\s*<(?:\w+:)?v>(\d{1,9})<""")
_END_OF_TEXT = re.compile(rb"</(?:\w+:)?si>|<(?:\w+:)?si/>")
_CHUNK = 1 << 24
_OVERLAP = 200  # bytes of a chunk that are looked at again with the next


def refuse(archive: zipfile.ZipFile, file: str) -> None:
    """Raise where reading the workbook would take absurd amounts of memory.

    Raises
    ------
    FormatError
        It would.
    """
    members = archive.infolist()
    _refuse_ratio(members, file)
    sheets = [m for m in members if "worksheets/" in m.filename and m.filename.endswith(".xml")]
    texts = next((m for m in members if m.filename.lower().endswith("sharedstrings.xml")), None)
    cells = 0
    for member in sheets:
        with archive.open(member) as sheet:
            cells += _measured(sheet, file)
    if texts is None:
        return
    with archive.open(texts) as content:
        longest = _longest(content)
    if cells * longest <= _MAX_UNPACKED:
        return
    with archive.open(texts) as content:
        lengths = _lengths(content)
    total = 0  # of every cell; a table with long claims comes so far
    for member in sheets:
        with archive.open(member) as sheet:
            total += sum(_shared(text, lengths) for text, _ in _chunks(sheet))
    if total > _MAX_UNPACKED:
        msg = (
            f'"{file}" repeats long texts up to {total / 2**30:.0f} GiB and is refused. '
            "Save it again in a spreadsheet program, or export in parts."
        )
        raise FormatError(msg)


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


def _chunks(content: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Pieces that overlap, and how much of each was seen before."""
    rest = b""
    while chunk := content.read(_CHUNK):
        yield rest + chunk, len(rest)
        rest = (rest + chunk)[-_OVERLAP:]


def _longest(content: IO[bytes]) -> int:
    """Bytes that no shared text exceeds; in a tenth of the time of :func:`_lengths`."""
    longest, rest = 0, b""
    while chunk := content.read(_CHUNK):
        *whole, rest = (rest + chunk).split(b"si>")
        longest = max(longest, max(map(len, whole), default=0), len(rest))
    return longest


def _lengths(content: IO[bytes]) -> np.ndarray:
    """Bytes of each shared text, its markup included."""
    ends: list[np.ndarray] = []
    start = 0
    for text, seen in _chunks(content):
        found = [m.end() for m in _END_OF_TEXT.finditer(text) if m.end() > seen]
        ends.append(np.array(found, dtype=np.int64) + start - seen)
        start += len(text) - seen
    return np.diff(np.concatenate([[0], *ends]))


def _measured(sheet: IO[bytes], file: str) -> int:
    """Number of cells that name a shared text.

    Raises
    ------
    FormatError
        The sheet has cells absurdly far away.
    """
    cells, last_row, last_column = 0, 1, 1
    for text, seen in _chunks(sheet):
        cells += text.count(b't="s"', seen) + text.count(b"t='s'", seen)
        if _FAR.search(text):
            last_row, last_column = _corner(text, last_row, last_column)
        if last_row * last_column > _MAX_CELLS:
            msg = (
                f'"{file}" has cells as far as row {last_row:,} and column {last_column:,} and is '
                "refused. Delete stray cells and save it again."
            )
            raise FormatError(msg)
    return cells


def _corner(text: bytes, last_row: int, last_column: int) -> tuple[int, int]:
    """Row and column of the cell that is farthest from the first."""
    for letters, row in _CELL.findall(text):
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        last_row, last_column = max(last_row, int(row)), max(last_column, column)
    return last_row, last_column


def _shared(text: bytes, lengths: np.ndarray) -> int:
    """Bytes of the shared texts that the cells of a piece name."""
    named = np.array(_SHARED.findall(text), dtype="S9").astype(np.int64)
    return int(lengths[named[named < len(lengths)]].sum())
