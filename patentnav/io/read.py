"""``read``: exports of any vendors in, one ``PatentSet`` out, every record accounted for."""

from __future__ import annotations

import contextlib
import importlib
import warnings
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

import pyarrow as pa

from patentnav import _collector, workbooks
from patentnav._progress import progress
from patentnav._threads import two_at_a_time
from patentnav.errors import ArgumentError, FileError, FormatError, IntakeWarning
from patentnav.io import (
    cleaning,
    delimited,
    detect,
    formats,
    intake,
    jsontable,
    refused,
    sources,
    spreadsheetml,
    webpage,
    workbook,
)
from patentnav.io.assemble import Assembled, Assembler
from patentnav.io.dateorder import DateOrders
from patentnav.io.gather import Gathering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import pandas as pd

    from patentnav.io.formats import Format
    from patentnav.io.raw import RawTable, Sign
    from patentnav.io.sources import Source
    from patentnav.patentset import PatentSet

Errors = Literal["raise", "collect"]
Missing = Literal["keep", "set_aside"]
Columns = Mapping[str, str | Mapping[str, Any]]
_HEAD = 1 << 16


def read(
    source: Source,
    format: str | None = None,
    *,
    errors: Errors = "raise",
    columns: Columns | None = None,
    on_missing_number: Missing = "keep",
    encoding: str | None = None,
) -> PatentSet:
    """Read exports of any supported vendors into one set.

    Parameters
    ----------
    source
        A path, a list of paths, a glob pattern or a folder (read with its subfolders). Files of
        several vendors may be read at once. Workbooks, delimited text, tables of web pages, JSON,
        XML and tagged text are read, also in gzip or alone in a zip archive.
    format
        Name of the format of all files; None recognises the format of each by its headers.
    errors
        ``"raise"`` stops at a file that cannot be read, or of which nothing can be taken;
        ``"collect"`` lists it in ``set_aside`` and reads the others.
    columns
        What single headers mean, for columns that the format does not know and for tables of no
        known format: header to ``"table.field"``, or to an entry as in a format file, whose other
        keys hold for every row: ``{"Patent No": {"to": "publications.publication_id",
        "authority": "US"}}``.
    on_missing_number
        Records whose number is missing, or was destroyed by a spreadsheet: ``"keep"`` gives them
        an id made from their content (``publications.number_known`` is false), ``"set_aside"``
        lists them in ``set_aside``. What has no number cannot be joined with other sources, nor
        with citations and family members that name it.
    encoding
        Encoding of delimited text; None tells it by the bytes.

    Returns
    -------
    PatentSet
        Records of the same publication merged into one. ``intake`` accounts for every record,
        ``signs`` tells what points to a bad export, ``set_aside`` lists the records not taken,
        ``cell_failures`` the cells left empty, ``columns`` how each column was understood,
        ``conflicts`` where sources differ.

    Raises
    ------
    FormatError
        A file is no known format, damaged, empty or protected, or nothing of it can be taken (with
        ``errors="raise"``); or no file could be read at all.
    ArgumentError
        The source does not exist, or an argument has another value.
    FileError
        A file cannot be read, for want of permission and the like.

    Warns
    -----
    IntakeWarning
        Much of a file was set aside or has no number, a header of ``columns`` is in no file, or
        there are signs of a bad export.

    Examples
    --------
    >>> import patentnav as pnav
    >>> patents = pnav.read("exports/*.xlsx")  # doctest: +SKIP
    >>> patents.intake  # doctest: +SKIP
    """
    _check_kinds(format, columns)
    _check("errors", errors, ("raise", "collect"))
    _check("on_missing_number", on_missing_number, ("keep", "set_aside"))
    paths = sources.paths(source)
    parameters = {
        "format": format, "errors": errors, "columns": dict(columns or {}),
        "on_missing_number": on_missing_number, "encoding": encoding,
    }  # fmt: skip
    reading = _Reading(
        _candidates(format, columns), keep=on_missing_number == "keep", encoding=encoding
    )
    with _returned_memory(), _collector.seldom():
        gathering = Gathering()
        files = _read_files(paths, reading, errors, gathering)
        intake.warn(files, columns or {})
        return intake.patentset(files, gathering.tables(), parameters)


def _check(name: str, value: object, allowed: Sequence[str]) -> None:
    if value not in allowed:
        msg = f'{name}="{value}" is not one of {", ".join(allowed)}.'
        raise ArgumentError(msg)


def _check_kinds(format: object, columns: object) -> None:
    if not isinstance(format, str | None):
        msg = f"format={format!r} is no name of a format. See patentnav list formats."
        raise ArgumentError(msg)
    if columns is not None and not isinstance(columns, Mapping):
        msg = f"columns={columns!r} is no mapping of headers to fields. Give a dict."
        raise ArgumentError(msg)


def explain(
    source: Source,
    format: str | None = None,
    *,
    columns: Columns | None = None,
    encoding: str | None = None,
) -> pd.DataFrame:
    """How each column of each file is understood.

    Parameters
    ----------
    source, format, columns, encoding
        As in :func:`read`.

    Returns
    -------
    pandas.DataFrame
        ``file, format, column, table, field, filled, understood``; ``filled`` counts cells,
        ``table`` is ``-`` for a column that holds no data of its own (running numbers, links).
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IntakeWarning)  # of the records, not of the columns
        patents = read(source, format, columns=columns, encoding=encoding)
    frame = patents.columns.merge(patents.intake[["file", "format"]], on="file", how="left")
    frame["understood"] = frame["table"].notna()
    return frame[["file", "format", "column", "table", "field", "filled", "understood"]]


# Files


@contextlib.contextmanager
def _returned_memory() -> Iterator[None]:
    """Arrow takes its memory from the system, which has back at once what is given up."""
    usual = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(usual)


def _read_files(
    paths: Sequence[Path], reading: _Reading, errors: Errors, gathering: Gathering
) -> list[intake.File]:
    names = sources.names(paths)
    files = []
    for path in progress(paths, "read"):
        source = sources.Taken(names[path])
        try:
            source.take(path)
            file = reading.file(source)
            if not file.taken and (errors == "raise" or len(paths) == 1):
                raise FormatError(intake.nothing_taken(file))
        except (FormatError, FileError) as error:
            if errors == "raise":
                raise
            file = intake.File(source.name, source.sha256, error=str(error))
        for piece in file.pieces:
            gathering.add(piece)
        files.append(file)
    if not any(f.taken for f in files):
        first = files[0].error or intake.nothing_taken(files[0])
        msg = f"None of {len(files)} files could be read. First: {first}"
        raise FormatError(msg)
    return files


def _candidates(format: str | None, columns: Columns | None) -> list[Format]:
    found = [formats.load(format)] if format is not None else list(formats.all_formats())
    if columns:
        found = [formats.with_columns(f, columns) for f in found]
    return found


class _Reading:
    """Reads files of some formats."""

    def __init__(self, candidates: Sequence[Format], *, keep: bool, encoding: str | None) -> None:
        self._candidates, self.keep, self._encoding = candidates, keep, encoding
        self._known = detect.known_headers(candidates)

    def file(self, source: sources.Taken) -> intake.File:
        """A file; once more where later dates told how to read the earlier ones."""
        orders = DateOrders()
        file = self._once(source, orders)
        return file if orders.settled() else self._once(source, orders)

    def _once(self, source: sources.Taken, orders: DateOrders) -> intake.File:
        content, name = source.content, source.name
        form = next((c for c in self._candidates if c.reader and _sniff(c, content, name)), None)
        for pieces in self._ways(content, name, form):
            orders.begin()
            whole = _Whole(name, [form] if form else self._candidates, orders, keep=self.keep)
            taken = []
            try:
                for assembled in two_at_a_time(map(whole.assembler, pieces)):
                    taken.append(assembled)
                    _release(content)
            except delimited.IrregularError:
                continue
            return intake.File(
                name, source.sha256, whole.form, whole.encoding, whole.rows_in, tuple(taken),
                signs=intake.signs_of(name, taken, whole.signs, orders.open()),
            )  # fmt: skip
        msg = f"{name}: no way to read it"  # the last way does not raise IrregularError
        raise AssertionError(msg)

    def _ways(
        self, content: delimited.Content, name: str, form: Format | None
    ) -> Iterator[Iterator[RawTable]]:
        """Ways to read a file in pieces, the fast ones first; only delimited text has several."""
        head = content[:_HEAD]
        if form is not None:
            yield iter([_reader(form.reader).read(bytes(content), name)])
        elif not head.strip(b"\0\r\n\t ") and not bytes(content).strip(b"\0\r\n\t "):
            msg = f'"{name}" is empty. Export it again.'
            raise FormatError(msg)
        elif head.startswith((workbooks.OLE, workbooks.ZIP)):
            yield iter(workbook.read_sheets(bytes(content), name, self._known))
        elif (tables := self._other(head, content, name)) is not None:
            yield iter(tables)
        else:
            refused.refuse(head, name)
            yield from delimited.ways(content, name, self._known, self._encoding)

    def _other(self, head: bytes, content: delimited.Content, name: str) -> list[RawTable] | None:
        """Tables of a web page, of XML of a spreadsheet, or of JSON; None where it is none."""
        known = self._known

        def counted(text: str) -> int:
            return sum(key in known for key in _cells_of(text))

        if spreadsheetml.is_workbook(head):
            return spreadsheetml.read_workbook(bytes(content), name, known)
        if webpage.is_page(head):
            return webpage.read_page(bytes(content), name, known, counted)
        if webpage.is_archive(head):
            return webpage.read_archive(bytes(content), name, known, counted)
        if jsontable.is_json(head):
            return [jsontable.read_json(bytes(content), name, known)]
        return None


def _cells_of(text: str) -> Iterator[str]:
    """Short texts between tags, in the form in which headers are compared."""
    for part in text.split("<")[:2000]:
        cell = part.rpartition(">")[2].strip()
        if cell and len(cell) < 60:
            yield formats.header_key(cell)


class _Whole:
    """What the pieces of a file have in common."""

    def __init__(
        self, name: str, candidates: Sequence[Format], orders: DateOrders, *, keep: bool
    ) -> None:
        self._name, self._candidates, self._orders, self._keep = name, candidates, orders, keep
        self._sheet = ""
        self.form = self.encoding = ""
        self.rows_in = 0
        self.signs: dict[Sign, None] = {}

    def assembler(self, piece: RawTable) -> Callable[[], Assembled]:
        """What makes the tables of a piece; it holds nothing of the piece but its columns."""
        raw = _with_restored_headers(delimited.drop_blank(piece))
        form = _choose(raw, self._name, self._candidates)
        self.form, self.encoding = form.name, raw.encoding
        self.rows_in += len(raw) + len(raw.rejected)
        self.signs |= dict.fromkeys(raw.signs)
        self._sheet = self._sheet or raw.sheet
        place = self._name if raw.sheet == self._sheet else f"{self._name} [{raw.sheet}]"
        return Assembler(
            raw, form, self._name, place=place, orders=self._orders, keep=self._keep
        ).run


def _with_restored_headers(raw: RawTable) -> RawTable:
    """The table with headers that some program took for Latin-1 as they were."""
    headers, changed = cleaning.restore_encoding(pa.array(raw.headers, pa.large_string()))
    return replace(raw, headers=headers.to_pylist()) if len(changed) else raw


def _release(content: delimited.Content) -> None:
    """Let go of the memory of mapped pages; they are read again where they are needed."""
    sources.release(content)
    pa.default_memory_pool().release_unused()


class _Reader(Protocol):
    """What a module of :mod:`patentnav.io.readers` offers; see :mod:`patentnav.io`."""

    def sniff(self, head: bytes, name: str) -> bool: ...

    def read(self, content: bytes, name: str) -> RawTable: ...


def _reader(module: str) -> _Reader:
    return cast("_Reader", importlib.import_module(f"patentnav.io.readers.{module}"))


def _sniff(form: Format, content: delimited.Content, name: str) -> bool:
    return _reader(form.reader).sniff(content[:_HEAD], name)


def _choose(raw: RawTable, name: str, candidates: Sequence[Format]) -> Format:
    if len(candidates) == 1:
        return candidates[0]
    return detect.detect(raw.headers, name, candidates, raw.encoding)
