"""``read``: exports of any vendors in, one ``PatentSet`` out, every record accounted for."""

from __future__ import annotations

import glob
import gzip
import hashlib
import importlib
import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

import pandas as pd

from patentnav import schema
from patentnav._progress import progress
from patentnav._version import __version__
from patentnav.errors import ArgumentError, FormatError
from patentnav.io import delimited, detect, formats, workbook
from patentnav.io.assemble import Assembled, Assembler
from patentnav.merge import RECORD, merge_records
from patentnav.patentset import PatentSet
from patentnav.provenance import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from patentnav.io.formats import Format
    from patentnav.io.raw import RawTable

Source = str | Path | list[str | Path]
Errors = Literal["raise", "collect"]
_SKIPPED = {".md", ".pnav", ".parquet", ".png", ".pdf", ".docx", ".html", ".py", ".toml", ".yaml"}
_GZIP = b"\x1f\x8b"
_MAX_UNPACKED = 4 << 30
_HEAD = 1 << 16


@dataclass(frozen=True)
class _File:
    """One file that was read, or the reason why it was not."""

    name: str
    sha256: str
    format: str | None = None
    encoding: str | None = None
    rows_in: int = 0
    assembled: Assembled | None = None
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

    Examples
    --------
    >>> import patentnav as pnav
    >>> patents = pnav.read("exports/*.xlsx")  # doctest: +SKIP
    >>> patents.intake  # doctest: +SKIP
    """
    if errors not in {"raise", "collect"}:
        msg = f'errors="{errors}" is not one of raise, collect.'
        raise ArgumentError(msg)
    paths = _paths(source)
    names = _names(paths)
    candidates = _candidates(format, columns)
    known = detect.known_headers(candidates)
    files = []
    for path in progress(paths, "read"):
        try:
            files.append(_read_file(path, names[path], candidates, known))
        except FormatError as error:
            if errors == "raise":
                raise
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            files.append(_File(names[path], digest, error=str(error)))
    good = [f for f in files if f.assembled is not None]
    if not good:
        msg = f"None of {len(files)} files could be read. First: {files[0].error}"
        raise FormatError(msg)
    parameters = {"format": format, "errors": errors, "columns": dict(columns or {})}
    return _patentset(files, parameters)


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


def _paths(source: Source) -> list[Path]:
    if isinstance(source, (list, tuple)):
        return list(dict.fromkeys(p for one in source for p in _paths(one)))
    path = Path(source)
    if path.is_file():
        return [path]
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.is_file() and _is_export(p, path))
    else:
        found = sorted(Path(p) for p in glob.glob(str(source), recursive=True))  # noqa: PTH207
        found = [p for p in found if p.is_file()]
    if not found:
        msg = f'"{source}" is no file, folder or pattern with files. Check the path.'
        raise ArgumentError(msg)
    return found


def _is_export(path: Path, root: Path) -> bool:
    inner = path.relative_to(root).parts
    hidden = any(part.startswith((".", "~$")) or part.endswith(".pnav") for part in inner)
    return not hidden and path.suffix.lower() not in _SKIPPED


def _names(paths: Sequence[Path]) -> dict[Path, str]:
    """Short names for the accounts: the file name, with folders where names repeat."""
    count = pd.Series([p.name for p in paths]).value_counts()
    return {p: p.name if count[p.name] == 1 else p.as_posix() for p in paths}


def _candidates(
    format: str | None, columns: Mapping[str, str | Mapping[str, Any]] | None
) -> list[Format]:
    found = [formats.load(format)] if format is not None else list(formats.all_formats())
    if columns:
        found = [formats.with_columns(f, columns) for f in found]
    return found


def _read_file(path: Path, name: str, candidates: Sequence[Format], known: frozenset[str]) -> _File:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    content = _unpacked(content, name)
    form = next((c for c in candidates if c.reader and _sniff(c, content, name)), None)
    if form is not None:
        raw = _reader(form.reader).read(content, name)
    else:
        raw = _load(content, name, known)
        form = _choose(raw, name, candidates)
    raw = delimited.drop_blank(raw)
    rows_in, encoding = len(raw) + len(raw.rejected), raw.encoding
    assembler = Assembler(raw, form, name)
    del content, raw  # as large as all that comes of them
    return _File(name, digest, form.name, encoding, rows_in, assembler.run())


def _unpacked(content: bytes, name: str) -> bytes:
    """Content of a file packed with gzip, no more of it than a machine can hold."""
    if not content.startswith(_GZIP):
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            plain = packed.read(_MAX_UNPACKED + 1)
    except (OSError, EOFError, zlib.error) as error:
        msg = f'"{name}" is a damaged gzip file. Download it again.'
        raise FormatError(msg) from error
    if len(plain) > _MAX_UNPACKED:
        msg = f'"{name}" unpacks to more than {_MAX_UNPACKED >> 30} GiB and is refused. Split it.'
        raise FormatError(msg)
    return plain


class _Reader(Protocol):
    """What a module of :mod:`patentnav.io.readers` offers; see :mod:`patentnav.io`."""

    def sniff(self, head: bytes, name: str) -> bool: ...

    def read(self, content: bytes, name: str) -> RawTable: ...


def _reader(module: str) -> _Reader:
    return cast("_Reader", importlib.import_module(f"patentnav.io.readers.{module}"))


def _sniff(form: Format, content: bytes, name: str) -> bool:
    return _reader(form.reader).sniff(content[:_HEAD], name)


def _load(content: bytes, name: str, known: frozenset[str]) -> RawTable:
    if not content or content.isspace():
        msg = f'"{name}" is empty. Export it again.'
        raise FormatError(msg)
    if content.startswith((workbook.OLE, workbook.ZIP)):
        return workbook.read_workbook(content, name, known)
    return delimited.read_delimited(content, name, known)


def _choose(raw: RawTable, name: str, candidates: Sequence[Format]) -> Format:
    if len(candidates) == 1:
        return candidates[0]
    return detect.detect(raw.headers, name, candidates)


# Tables


def _patentset(files: Sequence[_File], parameters: Mapping[str, Any]) -> PatentSet:
    tables = _joined([f.assembled for f in files if f.assembled is not None])
    merged, merging = merge_records(tables)
    intake, aside = _accounts(files, merged["publications"])
    taken = [f.assembled for f in files if f.assembled is not None]
    frames = {
        **merged,
        "intake": intake,
        "set_aside": aside,
        "cell_failures": _stack("cell_failures", [a.failures for a in taken]),
        "repairs": _stack("repairs", [a.repairs for a in taken]),
        "columns": _stack("columns", [a.columns for a in taken]),
        **merging,
    }
    step = Step(
        "read",
        dict(parameters),
        int(intake["rows_in"].sum()),
        len(merged["publications"]),
        __version__,
        {f.name: f.sha256 for f in files},
    )
    return PatentSet(frames, (step,))


def _joined(parts: Iterable[Assembled]) -> dict[str, pd.DataFrame]:
    """Tables of all files, with record numbers that are unique across files; parts are emptied."""
    frames: dict[str, list[pd.DataFrame]] = {}
    offset = 0
    for part in parts:
        publications = part.tables["publications"]
        lost = publications.loc[publications["publication_id"].isna(), RECORD].to_numpy()
        for name in list(part.tables):
            frame = part.tables.pop(name)
            kept = frame[~frame[RECORD].isin(lost)] if len(lost) else frame
            frames.setdefault(name, []).append(kept.assign(**{RECORD: kept[RECORD] + offset}))
        offset += len(publications)
    numbers = pd.concat([f["publication_id"] for f in frames["publications"]], ignore_index=True)
    kinds = _kinds_found(numbers)
    if kinds:
        known = pd.Series(kinds, dtype="str")
        frames["publications"] = [
            f.assign(publication_id=f["publication_id"].map(known).fillna(f["publication_id"]))
            for f in frames["publications"]
        ]
    joined = {}
    for name in list(frames):
        whole = schema.coerce(name, pd.concat(frames.pop(name), ignore_index=True))
        joined[name] = whole.reset_index() if name == "publications" else whole
    return joined


def _kinds_found(numbers: pd.Series) -> dict[str, str]:
    """Numbers without kind code, where exactly one publication read has that number and a kind."""
    bare = numbers.str.match(r"^[A-Z]{2}[A-Z]{0,4}\d+$", na=False)
    if not bare.any() or bare.all():
        return {}
    whole = pd.Series(numbers[~bare].unique(), dtype="str")
    stems = whole.str.replace(r"[A-Z]\d?$", "", regex=True)
    single = ~stems.duplicated(keep=False)
    found = dict(zip(stems[single], whole[single], strict=True))
    return {number: found[number] for number in numbers[bare].unique() if number in found}


def _accounts(
    files: Sequence[_File], publications: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    taken = publications["source_file"].value_counts()
    rows, aside = [], []
    for file in files:
        if file.assembled is None:
            aside.append(pd.DataFrame({"file": [file.name], "reason": [file.error]}))
            rows.append({"file": file.name, "rows_in": 0, "rows_out": 0, "rows_merged": 0,
                         "rows_set_aside": 0, "sha256": file.sha256})  # fmt: skip
            continue
        lost = len(file.assembled.set_aside)
        out = int(taken.get(file.name, 0))
        rows.append(
            {
                "file": file.name, "format": file.format, "encoding": file.encoding,
                "rows_in": file.rows_in, "rows_out": out,
                "rows_merged": file.rows_in - out - lost, "rows_set_aside": lost,
                "sha256": file.sha256,
            }
        )  # fmt: skip
        aside.append(file.assembled.set_aside)
    return schema.coerce("intake", pd.DataFrame(rows)), _stack("set_aside", aside)


def _stack(name: str, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [f for f in frames if len(f)]
    return schema.coerce(name, pd.concat(filled, ignore_index=True) if filled else pd.DataFrame())
