"""Where user tables come from: csv, xlsx, toml or a frame, as texts with the rows they stand in."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import _files, workbooks
from patentnav.errors import ArgumentError, FormatError
from patentnav.tables.cells import narrowed, text_of

if TYPE_CHECKING:
    from patentnav.tables.definitions import Definition

_ENDINGS = (".csv", ".xlsx", ".toml")


@dataclass(frozen=True)
class Raw:
    """A sheet as it stands: headers, cells as texts, the number of each row, and the file's hash."""

    file: str
    sheet: str
    sha256: str
    headers: list[str]
    cells: list[list[str | None]]
    rows: list[int]


def raw(source: str | Path | pd.DataFrame, definition: Definition, sheet: str | None) -> Raw:
    """Cells of a source.

    Raises
    ------
    ArgumentError
        There is no such file, or it has another ending.
    FormatError
        The file is damaged, or has no such sheet.
    """
    if isinstance(source, pd.DataFrame):
        return _of_frame(source)
    path = Path(source)
    if not path.is_file():
        msg = f'There is no file "{_files.printable(path)}" of the table {definition.code}. Check the path.'
        raise ArgumentError(msg)
    if path.suffix.lower() not in _ENDINGS:
        msg = f'The table {definition.code} is read from .csv, .xlsx or .toml, not "{path.name}".'
        raise ArgumentError(msg)
    content = _files.read_file(path)
    digest, name = hashlib.sha256(content).hexdigest(), _files.printable(path.name)
    if path.suffix.lower() == ".toml":
        return _of_toml(content, name, digest, definition.code)
    if path.suffix.lower() == ".csv":
        lines = list(csv.reader(io.StringIO(_decoded(content, name), newline="")))
        return _of_lines(lines, name, "", digest)
    return _of_workbook(content, (name, digest), definition, sheet)


def _decoded(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    msg = f'"{name}" is neither UTF-8 nor GB 18030. Save it as CSV UTF-8.'
    raise FormatError(msg)


def _of_frame(frame: pd.DataFrame) -> Raw:
    headers = [str(c) for c in frame.columns]
    cells = [[text_of(c) for c in row] for row in frame.itertuples(index=False, name=None)]
    told = repr((headers, cells)).encode()
    return Raw("DataFrame", "", hashlib.sha256(told).hexdigest(), headers, cells,
               list(range(1, len(cells) + 1)))  # fmt: skip


def _of_lines(lines: list[list[Any]], name: str, sheet: str, digest: str) -> Raw:
    texts = [[text_of(c) for c in line] for line in lines]
    filled = [i for i, line in enumerate(texts) if any(c is not None for c in line)]
    if not filled:
        msg = f'"{name}" {sheet}'.rstrip() + " is empty: it has not even headers."
        raise FormatError(msg)
    first = filled[0]
    width = len(texts[first])
    headers = [c or "" for c in texts[first]]
    cells = [(texts[i] + [None] * width)[:width] for i in filled[1:]]
    return Raw(name, sheet, digest, headers, cells, [i + 1 for i in filled[1:]])


def _of_workbook(
    content: bytes, file: tuple[str, str], definition: Definition, sheet: str | None
) -> Raw:
    name, digest = file
    books = workbooks.sheets(content, name)[0]
    known = list(books)
    titles = {definition.code.casefold(), *(t.casefold() for t in definition.titles.values())}
    fits = [s for s in known if _leading(s) in titles or s.strip().casefold() in titles]
    chosen = sheet or (fits[0] if fits else known[0] if len(known) == 1 else None)
    if chosen is None or chosen not in known:
        what = f'no sheet "{chosen}"' if chosen else f"no sheet {definition.code}"
        msg = f'"{name}" has {what}; it has {", ".join(known)}. Name the sheet {definition.code}.'
        raise FormatError(msg)
    table = books[chosen].to_pandas()
    return _of_lines(table.to_numpy(dtype=object).tolist(), name, chosen, digest)


def _leading(sheet: str) -> str:
    """First word of a sheet's name: ``CS city statistics`` is the table CS."""
    return re.split(r"[\s_\-]", sheet.strip(), maxsplit=1)[0].casefold()


def _of_toml(content: bytes, name: str, digest: str, code: str) -> Raw:
    try:
        entry = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f'"{name}" is not valid TOML: {error}. Mend the file and call again.'
        raise FormatError(msg) from error
    rows = entry.get(code)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        msg = f'"{name}" has no rows of the table {code}: begin each of them with [[{code}]].'
        raise FormatError(msg)
    headers = list(dict.fromkeys(str(k) for row in rows for k in row))
    cells = [[text_of(row.get(h)) for h in headers] for row in rows]
    return Raw(name, code, digest, headers, cells, list(range(1, len(rows) + 1)))


def bare(header: str) -> str:
    """A header without unit, blanks and case: ``Value added (unit)`` is ``value added``."""
    plain = re.sub(r"[(\[].*?[)\]]\s*$", "", narrowed(header))
    return re.sub(r"[\s_*]+", " ", plain).strip().casefold()


def said_unit(header: str) -> str | None:
    """Unit in brackets at the end of a header."""
    found = re.search(r"[(\[](.*?)[)\]]\s*$", narrowed(header))
    return found[1].strip() if found else None
