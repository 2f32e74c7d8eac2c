"""Workbooks as their decoder needs them: lies and gaps that spreadsheet programs do not mind.

A code page that is not the one of the text, a dimension that is none, formulas whose values were
never calculated; and which sheets a reader of the workbook does not see.
"""

from __future__ import annotations

import html
import io
import re
import struct
import warnings
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from patentnav.errors import DataQualityWarning
from patentnav.io.raw import Sign

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_EDITED = 64 << 20  # bytes of a sheet that was made by hand; larger ones are exports
_MERGED = re.compile(
    rb"""<(?:\w+:)?mergeCell\s[^>]*?\bref=["']\$?[A-Z]+\$?(\d+):\$?[A-Z]+\$?(\d+)"""
)
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\b[^>]*?(?:/>|>\s*</(?:\w+:)?dimension>)")
_RANGE = re.compile(
    rb"""\bref\s*=\s*["']\$?[A-Z]{1,3}\$?[1-9]\d{0,6}(?::\$?[A-Z]{1,3}\$?[1-9]\d{0,6})?["']"""
)
_HEAD = 1 << 14
_FORMULA = re.compile(
    rb"<((?:\w+:)?)c\b([^>]*)>(\s*<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>))\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_TYPE = re.compile(rb"""\s+t\s*=\s*["'][^"']*["']""")
_LINK = re.compile(
    r'^\s*(?:_xlfn\.)?HYPERLINK\s*\(\s*"((?:[^"]|"")*)"\s*(?:[,;]\s*"((?:[^"]|"")*)"\s*)?\)\s*$',
    re.I,
)
_COLUMN = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})\d""")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_ATTRIBUTE = r"""\b{}\s*=\s*(?:"([^"]*)"|'([^']*)')"""

_BOF = bytes.fromhex("0908 1000 0006 0500")  # of the globals of a BIFF8 workbook
_CODEPAGE, _BOUNDSHEET, _END = 0x0042, 0x0085, 0x000A
_UTF16 = 1200
_LONGEST = 8224
_VISIBLE = 0


@dataclass(frozen=True)
class Workbook:
    """A workbook ready for its decoder.

    Attributes
    ----------
    content
        The bytes, mended where they were not sound.
    hidden
        Names of the sheets that a reader of the workbook does not see.
    signs
        What is wrong with it; see :mod:`patentnav.io.signs`.
    """

    content: bytes
    hidden: frozenset[str] = frozenset()
    signs: tuple[Sign, ...] = field(default=())


def xls(content: bytes) -> Workbook:
    """A BIFF8 workbook: its text is UTF-16, whatever code page it states."""
    hidden = set()
    mended = content
    for kind, start, length in _records(content):
        if kind == _CODEPAGE and length == 2:
            stated = struct.unpack_from("<H", content, start)[0]
            if stated != _UTF16:
                mended = content[:start] + struct.pack("<H", _UTF16) + content[start + 2 :]
        elif kind == _BOUNDSHEET and length > 8 and content[start + 4] & 3 != _VISIBLE:
            count, wide = content[start + 6], content[start + 7] & 1
            text = content[start + 8 : start + 8 + count * (2 if wide else 1)]
            hidden.add(text.decode("utf-16-le" if wide else "latin-1", errors="replace"))
    return Workbook(mended, frozenset(hidden))


def _records(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Records of the globals of a BIFF8 workbook: kind, where the data begin, their length."""
    place = content.find(_BOF)
    while 0 <= place <= len(content) - 4:
        kind, length = struct.unpack_from("<HH", content, place)
        if kind == _END or length > _LONGEST or place + 4 + length > len(content):
            return
        yield kind, place + 4, length
        place += 4 + length


def xlsx(content: bytes, file: str) -> Workbook:
    """An Office workbook; what zipfile raises for damage is for the caller.

    Warns
    -----
    DataQualityWarning
        Blocks of cells are merged over several rows, of which only the first has a value.
    """
    changed: dict[str, bytes] = {}
    signs: list[Sign] = []
    merged: list[tuple[bytes, bytes]] = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        hidden = _hidden(archive)
        for member in archive.infolist():
            if "worksheets/" not in member.filename or not member.filename.endswith(".xml"):
                continue
            if member.file_size >= _EDITED:
                with archive.open(member) as stream:
                    sound = _sound_dimension(stream.read(_HEAD))
                if not sound:
                    changed[member.filename] = _DIMENSION.sub(b"", archive.read(member), count=1)
                continue
            sheet = archive.read(member)
            merged += [m for m in _MERGED.findall(sheet) if m[0] != m[1]]
            plain = sheet if _sound_dimension(sheet) else _DIMENSION.sub(b"", sheet, count=1)
            if b"<f" in plain or b":f>" in plain or b":f " in plain:
                plain, missing = _with_values(plain)
                signs += _missing(missing)
            if plain is not sheet:
                changed[member.filename] = plain
        if changed:
            content = _rewritten(archive, changed)
    if merged:
        _warn_of_merged(merged, file)
    return Workbook(content, hidden, tuple(signs))


def _sound_dimension(sheet: bytes) -> bool:
    """Whether the sheet states no dimension, or one that is a range of cells."""
    found = _DIMENSION.search(sheet[:_HEAD])
    return found is None or bool(_RANGE.search(found[0]))


def _hidden(archive: zipfile.ZipFile) -> frozenset[str]:
    names = {name.lower(): name for name in archive.namelist()}
    if "xl/workbook.xml" not in names:
        return frozenset()
    text = archive.read(names["xl/workbook.xml"]).decode("utf-8", errors="replace")
    return frozenset(
        html.unescape(_attribute(tag, "name"))
        for tag in _SHEET.findall(text)
        if _attribute(tag, "state").lower() in {"hidden", "veryhidden"}
    )


def _attribute(tag: str, name: str) -> str:
    found = re.search(_ATTRIBUTE.format(name), tag)
    return (found[1] or found[2] or "") if found else ""


def _with_values(sheet: bytes) -> tuple[bytes, Counter[str]]:
    """Formulas without a value get the text of their link; columns of those that have none."""
    missing: Counter[str] = Counter()

    def value(found: re.Match[bytes]) -> bytes:
        if b"<" in found[2] or found[2].endswith(b"/"):
            return found[0]
        prefix, attributes, formula, text = found[1], found[2], found[3], found[4] or b""
        link = _LINK.match(html.unescape(text.decode("utf-8", errors="replace")))
        if link is None:
            column = _COLUMN.search(attributes)
            missing[column[1].decode() if column else "?"] += 1
            return found[0]
        shown = (link[2] or link[1]).replace('""', '"')
        kind = _TYPE.sub(b"", attributes) + b' t="str"'
        return b"".join(
            (b"<", prefix, b"c", kind, b">", formula, b"<", prefix, b"v>",
             html.escape(shown, quote=False).encode(), b"</", prefix, b"v></", prefix, b"c>")
        )  # fmt: skip

    plain = _FORMULA.sub(value, sheet)
    return (sheet if plain == sheet else plain), missing


def _missing(columns: Mapping[str, int]) -> Iterator[Sign]:
    for column, count in columns.items():
        yield Sign(
            "formula_without_value", f"column {column}", count,
            "formulas whose values were never calculated, read as empty; open the file in a "
            "spreadsheet program, calculate and save it",
        )  # fmt: skip


def _rewritten(archive: zipfile.ZipFile, changed: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as target:
        for member in archive.infolist():
            plain = changed.get(member.filename)
            target.writestr(member.filename, archive.read(member) if plain is None else plain)
    return packed.getvalue()


def _warn_of_merged(blocks: list[tuple[bytes, bytes]], file: str) -> None:
    """Say that cells are empty because they were merged; sheets of many megabytes are exports."""
    msg = (
        f'"{file}" has {len(blocks):,} blocks of cells merged over several rows (the first: '
        f"rows {int(blocks[0][0])} to {int(blocks[0][1])}); only the first row of a block has "
        "its value. Unmerge and fill them where it counts for every row."
    )
    warnings.warn(msg, DataQualityWarning, stacklevel=2)
