"""The files of a source, and their bytes: unpacked, no more of them than a machine can hold."""

from __future__ import annotations

import glob
import gzip
import hashlib
import io
import mmap
import os
import tempfile
import zipfile
import zlib
from collections import Counter
from pathlib import Path
from typing import IO, TYPE_CHECKING

from patentnav import _files
from patentnav.errors import ArgumentError, FormatError
from patentnav.workbooks import ZIP, ZIP_DAMAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Source = str | Path | list[str | Path]
Content = bytes | mmap.mmap

SKIPPED = {".md", ".pnav", ".parquet", ".png", ".pdf", ".docx", ".html", ".py", ".toml", ".yaml"}
_NO_TABLE = SKIPPED | {".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".svg", ".css", ".js", ".xsd", ".dtd",
                       ".xsl", ".doc", ".rtf", ".url", ".ini"}  # fmt: skip
_NOTES = ("readme", "license", "liesmich", "copyright", "changelog")
GZIP = b"\x1f\x8b"
_MAX_UNPACKED = 4 << 30
_MAPPED = 1 << 26
_MAX_RATIO = 200  # text packs 5 to 30 times; a bomb packs 1000 times
_PART = 1 << 24
_NESTED = 3  # archives in archives


def paths(source: object) -> list[Path]:
    """The files of a path, a list of paths, a pattern or a folder, in order.

    Raises
    ------
    ArgumentError
        There is none, or the source is something else.
    FileError
        A folder cannot be read.
    """
    with _files.naming(_shown(source), "read"):
        return _paths(source)


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
    return not hidden and path.suffix.lower() not in SKIPPED


def names(files: Sequence[Path]) -> dict[Path, str]:
    """Short names for the accounts: the file name, with folders where names repeat."""
    count = Counter(p.name for p in files)
    short = {p: p.name if count[p.name] == 1 else p.as_posix() for p in files}
    return {p: _files.printable(name) for p, name in short.items()}


class Taken:
    """The bytes of a file, taken once, and their SHA-256; what becomes of the file does not matter.

    A gzip file is unpacked, and so is an archive that holds one table.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.sha256: str | None = None  # of a file that cannot be read
        self.content: Content = b""

    def take(self, path: Path) -> None:
        """Take the bytes; those of a large file go to a copy on the disk that nobody else can cut.

        Raises
        ------
        FileError
            The file cannot be read.
        FormatError
            It changes meanwhile, is no sound gzip file, unpacks to too much, or is an archive of
            several tables or of none.
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
        packed = raw[:4].startswith((GZIP, ZIP))
        self.content = _unpacked(bytes(raw), self.name) if packed else raw


def _hashed(stream: IO[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    while part := stream.read(_PART):
        digest.update(part)
        yield part


def _copied(parts: Iterator[bytes]) -> Content:
    """A copy on the disk, mapped, that goes with the last use of it."""
    with tempfile.TemporaryFile() as copy:
        for part in parts:
            copy.write(part)
        copy.flush()
        if not copy.tell():
            return b""
        return mmap.mmap(copy.fileno(), 0, access=mmap.ACCESS_READ)


def release(mapped: Content) -> None:
    """Let go of the memory of mapped pages."""
    if isinstance(mapped, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)


def _unpacked(packed: bytes, name: str) -> bytes:
    for _ in range(_NESTED):
        packed = _member(packed, name) if packed.startswith(ZIP) else packed
    if not packed.startswith(GZIP):
        return packed
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(packed)) as stream:
            return _bounded(stream, len(packed), name)
    except (OSError, EOFError, zlib.error) as error:
        msg = f'"{name}" is a damaged gzip file. Download it again.'
        raise FormatError(msg) from error


def _bounded(stream: IO[bytes] | gzip.GzipFile, size: int, name: str) -> bytes:
    """What a stream unpacks to, no more of it than a machine can hold."""
    parts, unpacked = [], 0
    while part := stream.read(_PART):
        parts.append(part)
        unpacked += len(part)
        if unpacked > _MAX_UNPACKED or unpacked > max(_MAX_RATIO * size, _MAPPED):
            msg = (
                f'"{name}" unpacks to more than {unpacked >> 20:,} MiB and is refused. Unpack '
                "it and read what is in it, in parts."
            )
            raise FormatError(msg)
    return b"".join(parts)


def _member(packed: bytes, name: str) -> bytes:
    """The one table of an archive; a workbook, which is an archive too, as it is.

    Raises
    ------
    FormatError
        The archive has several tables, or none, or a password.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            members = archive.infolist()
            inner = {m.filename for m in members}
            _refuse_documents(archive, inner, name)
            if not members or any(n.lower().startswith(("xl/", "[content_types]")) for n in inner):
                return packed
            tables = [m for m in members if _may_be_table(m)]
            if len(tables) != 1:
                raise FormatError(_several(name, [m.filename for m in tables], len(members)))
            if tables[0].flag_bits & 1:
                msg = (
                    f'"{name}" is a zip archive with a password. Unpack it and read what is in it.'
                )
                raise FormatError(msg)
            with archive.open(tables[0]) as stream:
                return _bounded(stream, len(packed), name)
    except FormatError:
        raise
    except ZIP_DAMAGE:
        return packed  # a damaged workbook, for whom the message is another


def _refuse_documents(archive: zipfile.ZipFile, inner: set[str], name: str) -> None:
    kind = ""
    if any(n.endswith(".iwa") for n in inner):
        msg = f'"{name}" is a Numbers spreadsheet. Open it, export it as xlsx and read that.'
        raise FormatError(msg)
    if "mimetype" in inner:
        kind = archive.read("mimetype")[:100].decode("ascii", errors="replace")
    if "opendocument.spreadsheet" in kind:
        msg = f'"{name}" is an OpenDocument spreadsheet. Open it, save it as xlsx and read that.'
        raise FormatError(msg)
    if (
        "opendocument" in kind
        or "epub" in kind
        or any(n.startswith(("word/", "ppt/")) for n in inner)
    ):
        msg = f'"{name}" is a document of text, no table. Export the list as xlsx or csv.'
        raise FormatError(msg)


def _may_be_table(member: zipfile.ZipInfo) -> bool:
    path = Path(member.filename)
    hidden = any(part.startswith((".", "__MACOSX", "~$")) for part in path.parts)
    note = path.stem.lower().startswith(_NOTES)
    folder = not member.filename or member.filename.endswith("/")
    return not (folder or hidden or note or path.suffix.lower() in _NO_TABLE)


def _several(name: str, tables: Sequence[str], members: int) -> str:
    if not tables:
        return (
            f'"{name}" is a zip archive without a table ({members} members). Unpack it and check.'
        )
    listed = ", ".join(f'"{t}"' for t in tables[:10]) + (", …" if len(tables) > 10 else "")
    return (
        f'"{name}" is a zip archive of {len(tables)} tables ({listed}). Unpack it into a folder '
        "and read the folder, or one of them."
    )
