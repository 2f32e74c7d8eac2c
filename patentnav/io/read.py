"""``read``: exports of any vendors in, one ``PatentSet`` out, every record accounted for."""

from __future__ import annotations

import contextlib
import glob
import gzip
import hashlib
import importlib
import io
import mmap
import os
import tempfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, Protocol, cast

import pandas as pd
import pyarrow as pa

from patentnav import _files, schema, workbooks
from patentnav._progress import progress
from patentnav._threads import two_at_a_time
from patentnav._version import __version__
from patentnav.errors import ArgumentError, FileError, FormatError
from patentnav.io import delimited, detect, formats, workbook
from patentnav.io.assemble import Assembled, Assembler, DateOrders
from patentnav.io.gather import Gathering
from patentnav.merge import merge_records
from patentnav.patentset import PatentSet
from patentnav.provenance import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from patentnav.io.formats import Format
    from patentnav.io.raw import RawTable

Source = str | Path | list[str | Path]
Errors = Literal["raise", "collect"]
_SKIPPED = {".md", ".pnav", ".parquet", ".png", ".pdf", ".docx", ".html", ".py", ".toml", ".yaml"}
_GZIP = b"\x1f\x8b"
_MAX_UNPACKED = 4 << 30
_HEAD = 1 << 16
_MAPPED = 1 << 26
_MAX_RATIO = 200  # text packs 5 to 30 times; a bomb packs 1000 times
_PART = 1 << 24


@dataclass(frozen=True)
class _File:
    """One file that was read, or the reason why it was not."""

    name: str
    sha256: str | None
    format: str | None = None
    encoding: str | None = None
    rows_in: int = 0
    pieces: tuple[Assembled, ...] = ()
    error: str | None = None


def read(
    source: Source,
    format: str | None = None,
    *,
    errors: Errors = "raise",
    columns: Mapping[str, str | Mapping[str, Any]] | None = None,
) -> PatentSet:
    """Read exports of any supported vendors into one set.

    Parameters
    ----------
    source
        A path, a list of paths, a glob pattern or a folder (read with its subfolders). Files of
        several vendors may be read at once.
    format
        Name of the format of all files; None recognises the format of each by its headers.
    errors
        ``"raise"`` stops at a file that cannot be read; ``"collect"`` lists it in ``set_aside``
        and reads the others.
    columns
        What single headers mean, for columns that the format does not know and for tables of no
        known format: header to ``"table.field"``, or to an entry as in a format file.

    Returns
    -------
    PatentSet
        Records of the same publication merged into one. ``intake`` accounts for every record,
        ``set_aside`` lists the records not taken, ``cell_failures`` the cells left empty,
        ``columns`` how each column was understood, ``conflicts`` where sources differ.

    Raises
    ------
    FormatError
        A file is no known format, damaged, empty or protected (with ``errors="raise"``); or no
        file could be read at all.
    ArgumentError
        The source does not exist, or an argument has another value.
    FileError
        A file cannot be read, for want of permission and the like.

    Examples
    --------
    >>> import patentnav as pnav
    >>> patents = pnav.read("exports/*.xlsx")  # doctest: +SKIP
    >>> patents.intake  # doctest: +SKIP
    """
    if errors not in {"raise", "collect"}:
        msg = f'errors="{errors}" is not one of raise, collect.'
        raise ArgumentError(msg)
    _check(format, columns)
    with _files.naming(_shown(source), "read"):
        paths = _paths(source)
    parameters = {"format": format, "errors": errors, "columns": dict(columns or {})}
    with _returned_memory():
        gathering = Gathering()
        files = _read_files(paths, _candidates(format, columns), errors, gathering)
        return _patentset(files, gathering.tables(), parameters)


def explain(
    source: Source,
    format: str | None = None,
    *,
    columns: Mapping[str, str | Mapping[str, Any]] | None = None,
) -> pd.DataFrame:
    """How each column of each file is understood.

    Parameters
    ----------
    source, format, columns
        As in :func:`read`.

    Returns
    -------
    pandas.DataFrame
        ``file, format, column, table, field, filled, understood``; ``filled`` counts cells,
        ``table`` is ``-`` for a column that holds no data of its own (running numbers, links).
    """
    patents = read(source, format, columns=columns)
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
    paths: Sequence[Path], candidates: Sequence[Format], errors: Errors, gathering: Gathering
) -> list[_File]:
    names = _names(paths)
    known = detect.known_headers(candidates)
    files = []
    for path in progress(paths, "read"):
        taken = _Taken(names[path])
        try:
            taken.take(path)
            file = _read_file(taken, candidates, known)
        except (FormatError, FileError) as error:
            if errors == "raise":
                raise
            file = _File(taken.name, taken.sha256, error=str(error))
        for piece in file.pieces:
            gathering.add(piece)
        files.append(file)
    if not any(f.pieces for f in files):
        msg = f"None of {len(files)} files could be read. First: {files[0].error}"
        raise FormatError(msg)
    return files


def _shown(source: object) -> str:
    return _files.printable(source) if isinstance(source, (str, Path)) else "source"


def _paths(source: object) -> list[Path]:
    if isinstance(source, (list, tuple)):
        if not source:
            msg = "The list of files is empty. Give at least one file, folder or pattern."
            raise ArgumentError(msg)
        return list(dict.fromkeys(p for one in source for p in _paths(one)))
    if not isinstance(source, (str, os.PathLike)):
        msg = (
            "read takes a path, a list of paths, a pattern or a folder, not "
            f"{type(source).__name__}. For frames there is PatentSet.from_tables."
        )
        raise ArgumentError(msg)
    path = _files.as_path(source)
    if path.is_file():
        return [path]
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.is_file() and _is_export(p, path))
    else:
        found = sorted(Path(p) for p in glob.glob(str(source), recursive=True))  # noqa: PTH207
        found = [p for p in found if p.is_file()]
    if not found:
        msg = f'"{_shown(source)}" is no file, folder or pattern with files. Check the path.'
        raise ArgumentError(msg)
    return found


def _is_export(path: Path, root: Path) -> bool:
    inner = path.relative_to(root).parts
    hidden = any(part.startswith((".", "~$")) or part.endswith(".pnav") for part in inner)
    return not hidden and path.suffix.lower() not in _SKIPPED


def _names(paths: Sequence[Path]) -> dict[Path, str]:
    """Short names for the accounts: the file name, with folders where names repeat."""
    count = Counter(p.name for p in paths)
    short = {p: p.name if count[p.name] == 1 else p.as_posix() for p in paths}
    return {p: _files.printable(name) for p, name in short.items()}


def _check(format: object, columns: object) -> None:
    if not isinstance(format, str | None):
        msg = f"format={format!r} is no name of a format. See patentnav list formats."
        raise ArgumentError(msg)
    if columns is not None and not isinstance(columns, Mapping):
        msg = f"columns={columns!r} is no mapping of headers to fields. Give a dict."
        raise ArgumentError(msg)


def _candidates(
    format: str | None, columns: Mapping[str, str | Mapping[str, Any]] | None
) -> list[Format]:
    found = [formats.load(format)] if format is not None else list(formats.all_formats())
    if columns:
        found = [formats.with_columns(f, columns) for f in found]
    return found


def _read_file(taken: _Taken, candidates: Sequence[Format], known: frozenset[str]) -> _File:
    orders = DateOrders()
    file = _read_once(taken, candidates, known, orders)
    return file if orders.settled() else _read_once(taken, candidates, known, orders)


def _read_once(
    source: _Taken, candidates: Sequence[Format], known: frozenset[str], orders: DateOrders
) -> _File:
    content, name = source.content, source.name
    form = next((c for c in candidates if c.reader and _sniff(c, content, name)), None)
    for pieces in _ways(content, name, form, known):
        orders.begin()
        reading = _Reading(name, [form] if form else candidates, orders)
        taken = []
        try:
            for assembled in two_at_a_time(map(reading.assembler, pieces)):
                taken.append(assembled)
                _release(content)
        except delimited.IrregularError:
            continue
        chosen, encoding = reading.form, reading.encoding
        return _File(name, source.sha256, chosen, encoding, reading.rows_in, tuple(taken))
    msg = f"{name}: no way to read it"  # the last way does not raise IrregularError
    raise AssertionError(msg)


class _Reading:
    """What the pieces of a file have in common."""

    def __init__(self, name: str, candidates: Sequence[Format], orders: DateOrders) -> None:
        self._name, self._candidates, self._orders = name, candidates, orders
        self._sheet = ""
        self.form = self.encoding = ""
        self.rows_in = 0

    def assembler(self, piece: RawTable) -> Callable[[], Assembled]:
        """What makes the tables of a piece; it holds nothing of the piece but its columns."""
        raw = delimited.drop_blank(piece)
        form = _choose(raw, self._name, self._candidates)
        self.form, self.encoding = form.name, raw.encoding
        self.rows_in += len(raw) + len(raw.rejected)
        self._sheet = self._sheet or raw.sheet
        place = self._name if raw.sheet == self._sheet else f"{self._name} [{raw.sheet}]"
        return Assembler(raw, form, self._name, place=place, orders=self._orders).run


def _ways(
    content: delimited.Content, name: str, form: Format | None, known: frozenset[str]
) -> Iterator[Iterator[RawTable]]:
    """Ways to read a file in pieces, the fast ones first; only delimited text has several."""
    if form is not None:
        yield iter([_reader(form.reader).read(bytes(content), name)])
    elif not content[:_HEAD].strip() and not bytes(content).strip():
        msg = f'"{name}" is empty. Export it again.'
        raise FormatError(msg)
    elif content[:8].startswith((workbooks.OLE, workbooks.ZIP)):
        yield iter(workbook.read_sheets(bytes(content), name, known))
    else:
        yield from delimited.ways(content, name, known)


class _Taken:
    """The bytes of a file, taken once, and their SHA-256; what becomes of the file does not matter."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sha256: str | None = None  # of a file that cannot be read
        self.content: delimited.Content = b""

    def take(self, path: Path) -> None:
        """Take the bytes; those of a large file go to a copy on the disk that nobody else can cut.

        Raises
        ------
        FileError
            The file cannot be read.
        FormatError
            It changes meanwhile, or is no sound gzip file.
        """
        digest = hashlib.sha256()
        with _files.naming(self.name, "read"), path.open("rb") as stream:
            before = os.fstat(stream.fileno())
            parts = _hashed(stream, digest)
            raw = _copied(parts) if before.st_size >= _MAPPED else b"".join(parts)
            after = os.fstat(stream.fileno())
        if len({len(raw), before.st_size, after.st_size}) > 1 or before.st_mtime != after.st_mtime:
            msg = (
                f'"{self.name}" changes while it is read. Wait until it is whole and read it again.'
            )
            raise FormatError(msg)
        self.sha256 = digest.hexdigest()
        self.content = _unpacked(bytes(raw), self.name) if raw[:2] == _GZIP else raw


def _hashed(stream: IO[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    while part := stream.read(_PART):
        digest.update(part)
        yield part


def _copied(parts: Iterator[bytes]) -> delimited.Content:
    """A copy on the disk, mapped, that goes with the last use of it."""
    with tempfile.TemporaryFile() as copy:
        for part in parts:
            copy.write(part)
        copy.flush()
        if not copy.tell():
            return b""
        return mmap.mmap(copy.fileno(), 0, access=mmap.ACCESS_READ)


def _release(content: delimited.Content) -> None:
    """Let go of the memory of mapped pages; they are read again where they are needed."""
    if isinstance(content, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        content.madvise(mmap.MADV_DONTNEED)
    pa.default_memory_pool().release_unused()


def _unpacked(content: bytes, name: str) -> bytes:
    """Content of a file packed with gzip, no more of it than a machine can hold."""
    if not content.startswith(_GZIP):
        return content
    parts, size = [], 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            while part := packed.read(_PART):
                parts.append(part)
                size += len(part)
                if size > _MAX_UNPACKED or size > max(_MAX_RATIO * len(content), _MAPPED):
                    msg = (
                        f'"{name}" unpacks to more than {size >> 20:,} MiB and is refused. Unpack '
                        "it and read what is in it, in parts."
                    )
                    raise FormatError(msg)
    except (OSError, EOFError, zlib.error) as error:
        msg = f'"{name}" is a damaged gzip file. Download it again.'
        raise FormatError(msg) from error
    return b"".join(parts)


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
    return detect.detect(raw.headers, name, candidates)


# Tables


def _patentset(
    files: Sequence[_File], tables: dict[str, pd.DataFrame], parameters: Mapping[str, Any]
) -> PatentSet:
    taken = [piece for f in files for piece in f.pieces]
    merged, merging = merge_records(tables)
    intake, aside = _accounts(files, merged["publications"])
    frames = {
        **merged,
        "intake": intake,
        "set_aside": aside,
        "cell_failures": _stack("cell_failures", [a.failures for a in taken]),
        "repairs": _stack("repairs", [a.repairs for a in taken]),
        "columns": _stack("columns", [_columns(f.pieces) for f in files if f.pieces]),
        **merging,
    }
    step = Step(
        "read",
        dict(parameters),
        int(intake["rows_in"].sum()),
        len(merged["publications"]),
        __version__,
        {f.name: f.sha256 or "" for f in files},
    )
    return PatentSet(frames, (step,))


def _accounts(
    files: Sequence[_File], publications: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    taken = publications["source_file"].value_counts()
    rows, aside = [], []
    for file in files:
        if not file.pieces:
            aside.append(pd.DataFrame({"file": [file.name], "reason": [file.error]}))
            rows.append({"file": file.name, "rows_in": 0, "rows_out": 0, "rows_merged": 0,
                         "rows_set_aside": 0, "sha256": file.sha256})  # fmt: skip
            continue
        lost = sum(len(piece.set_aside) for piece in file.pieces)
        out = int(taken.get(file.name, 0))
        rows.append(
            {
                "file": file.name, "format": file.format, "encoding": file.encoding,
                "rows_in": file.rows_in, "rows_out": out,
                "rows_merged": file.rows_in - out - lost, "rows_set_aside": lost,
                "sha256": file.sha256,
            }
        )  # fmt: skip
        aside += [piece.set_aside for piece in file.pieces]
    return schema.coerce("intake", pd.DataFrame(rows)), _stack("set_aside", aside)


def _columns(pieces: Sequence[Assembled]) -> pd.DataFrame:
    """How the columns of a file are understood, with the cells filled in all its pieces."""
    every = pd.concat([piece.columns for piece in pieces], ignore_index=True)
    filled = every.groupby("position")["filled"].sum()
    # A repeated header may differ from the first one in some pieces only.
    meant = every["table"].str.len().fillna(0)
    widest = every.loc[meant.groupby(every["position"]).idxmax()]
    return widest.assign(filled=filled.loc[widest["position"]].to_numpy())


def _stack(name: str, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [f for f in frames if len(f)]
    return schema.coerce(name, pd.concat(filled, ignore_index=True) if filled else pd.DataFrame())


def paths(source: Source) -> list[Path]:
    """Files that :func:`read` would read, in its order.

    Raises
    ------
    ArgumentError
        The source does not exist.
    """
    with _files.naming(_shown(source), "read"):
        return _paths(source)
