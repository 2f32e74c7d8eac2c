"""Files and folders that are written whole or not at all.

Every writer of the package goes through :func:`write_file`, :func:`write_files` or
:func:`write_folder`. They fill a part beside the target, on the same disk, and rename it when it is
whole. A kill, a full disk or an error in the middle leaves what was there before; of two writers
at the same time the last whole one wins, and nothing of the two is mixed.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

from patentnav.errors import ArgumentError, FileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

# A writer was killed where one of these stays; what ends in the second is whole.
_PART, _OLD, _GONE = ".part", ".old", ".gone"
_STALE = 3600  # seconds after which a part that nobody fills any more is removed
_TRIES = 100  # renames of a folder while others rename theirs to the same name
_NAME = 24  # characters of the target's name in that of its part: names have a longest length
_DROPPINGS = {".DS_Store", "Thumbs.db", "desktop.ini"}  # of file managers, in any folder
_TAKEN = (errno.ENOTEMPTY, errno.EEXIST)
_CAUSES = {
    errno.ENOSPC: ("no space is left on the disk", "Free space"),
    errno.EDQUOT: ("the quota of the disk is used up", "Free space"),
    errno.EFBIG: ("the file is larger than the system allows", "Choose another disk"),
    errno.ENOENT: ("there is none", "Check the path"),
    errno.EACCES: ("no permission, or it is open in another program", "Close it or change the path"),
    errno.EPERM: ("no permission", "Change the path"),
    errno.EROFS: ("the disk is read-only", "Change the path"),
    errno.ENAMETOOLONG: ("the name is too long", "Choose a shorter one"),
}  # fmt: skip


def as_path(value: object) -> Path:
    """The path that a caller gives.

    Raises
    ------
    ArgumentError
        It is none.
    """
    if isinstance(value, str) and "\0" in value:
        msg = f"The path {value!r} has a NUL character. Check the path."
        raise ArgumentError(msg)
    if not isinstance(value, (str, os.PathLike)):
        msg = f"A path is a str or a pathlib.Path, not {type(value).__name__}."
        raise ArgumentError(msg)
    return Path(value)


def is_file(path: Path) -> bool:
    """Whether a path names a file; one that the system has no room for names none.

    Raises
    ------
    FileError
        The system does not tell, for want of permission.
    """
    return _is(path, Path.is_file)


def is_dir(path: Path) -> bool:
    """Whether a path names a folder; raises as :func:`is_file`."""
    return _is(path, Path.is_dir)


def _is(path: Path, asked: Callable[[Path], bool]) -> bool:
    with naming(path, "read"):
        try:
            return asked(path)
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                return False
            raise


def read_file(path: Path) -> bytes:
    """The bytes of a file.

    Raises
    ------
    FileError
        It does not exist, there is no permission and the like.
    """
    with naming(path, "read"):
        return path.read_bytes()


def write_file(path: Path, content: bytes | Callable[[IO[bytes]], object]) -> Path:
    """Write a file whole or not at all.

    Parameters
    ----------
    path
        The file; its folder exists. What is there is replaced when the new one is whole. A link is
        followed.
    content
        The bytes, or a function that writes them to a binary stream.

    Returns
    -------
    pathlib.Path
        ``path``.

    Raises
    ------
    ArgumentError
        The folder does not exist, or the path is a folder.
    FileError
        The disk is full, there is no permission and the like; what was there before is untouched.
    """
    with _place(path) as target, _part(target) as part:
        _fill(part, content, target)
        part.replace(target)
        _sync_folder(target.parent)
    return path


def write_files(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Write files into a folder that may hold others: all beside first, then all renamed.

    A full disk leaves all the old ones. A kill between two renames, which take less than a
    millisecond together, leaves some old and some new ones, each of them whole.

    Parameters
    ----------
    folder
        Made when it is not there.
    contents
        Bytes by name of the file.

    Returns
    -------
    list of pathlib.Path
        The files, in the order given.

    Raises
    ------
    FileError
        As :func:`write_file`.
    """
    with naming(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        pairs = []
        for name, content in contents.items():
            target = stack.enter_context(_place(folder / name))
            part = stack.enter_context(_part(target))
            _fill(part, content, target)
            pairs.append((part, target))
        for part, target in pairs:
            part.replace(target)
        _sync_folder(folder)
    return [folder / name for name in contents]


def write_folder(
    folder: Path,
    fill: Callable[[Path], object],
    foreign: Callable[[Path], Sequence[str]],
) -> Path:
    """Write a folder whole or not at all.

    Parameters
    ----------
    folder
        The folder; those above it are made. One that is there is replaced with all that is in it
        when the new one is whole.
    fill
        Writes the files into the empty folder that it is given.
    foreign
        Names in the folder that is there which the caller did not write.

    Returns
    -------
    pathlib.Path
        ``folder``.

    Raises
    ------
    ArgumentError
        The path is a file, or the folder holds files of others. Nothing is changed.
    FileError
        As :func:`write_file`.
    """
    with naming(folder):
        target = folder.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        if (left := standing(target)) != target:
            with contextlib.suppress(OSError):  # another writer was faster
                left.rename(target)
        _refuse_foreign(target, foreign)
        _sweep(target)
        part = _beside(target, _PART)
        try:
            part.mkdir()
            fill(part)
            for file in part.rglob("*"):
                if file.is_file():
                    _sync(file)
            _sync_folder(part)
            _put(part, target)
            _sync_folder(target.parent)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        for old in _siblings(target, _OLD):
            gone = old.with_suffix(_GONE)
            with contextlib.suppress(OSError):  # another writer was faster
                old.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)
    return folder


def standing(folder: Path) -> Path:
    """The folder, or what it was where a writer was killed between its two renames.

    Parameters
    ----------
    folder
        A folder that :func:`write_folder` wrote.

    Returns
    -------
    pathlib.Path
        The folder itself where it exists or nothing of it is left.
    """
    target = folder.resolve()
    if target.exists() or not target.parent.is_dir() or not _siblings(target, _PART):
        return folder  # without a part nobody was at it: the folder was removed on purpose
    return max(_siblings(target, _OLD), key=_changed, default=folder)


def printable(name: str | Path) -> str:
    """A file name that can be printed and stored: bytes that are no UTF-8 read as GB 18030.

    Examples
    --------
    >>> printable("a.csv")
    'a.csv'
    """
    text = os.fspath(name)
    if text.isascii():
        return text
    raw = os.fsencode(text) if _escaped(text) else text.encode(errors="surrogatepass")
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode(errors="replace")


@contextlib.contextmanager
def naming(path: str | Path, doing: str = "written") -> Iterator[None]:
    """Turn errors of the system inside the block into a :class:`FileError` that names the file.

    Parameters
    ----------
    path
        What is written or read.
    doing
        ``written`` or ``read``.
    """
    try:
        yield
    except FileError:
        raise
    except OSError as error:
        found, remedy = _CAUSES.get(error.errno or 0, (error.strerror or str(error), "Check it"))
        kept = "; what was there before is unchanged" if doing == "written" else ""
        again = "write" if doing == "written" else "read"
        msg = (
            f'"{printable(path)}" cannot be {doing}: {found}{kept}. {remedy} and {again} it again.'
        )
        raise FileError(error.errno, msg) from error


def _escaped(text: str) -> bool:
    """Whether all that is no text are bytes that Python could not decode."""
    return all("\udc80" <= c <= "\udcff" for c in text if "\ud800" <= c <= "\udfff")


@contextlib.contextmanager
def _place(path: Path) -> Iterator[Path]:
    """The target with links followed; errors inside name it."""
    with naming(path):
        if not path.parent.is_dir():
            msg = f'The folder "{printable(path.parent)}" does not exist. Make it and write again.'
            raise ArgumentError(msg)
        if path.is_dir():
            msg = f'"{printable(path)}" is a folder. Give the name of a file.'
            raise ArgumentError(msg)
        yield path.resolve()


@contextlib.contextmanager
def _part(target: Path) -> Iterator[Path]:
    """A name beside the target; what is still there at the end is removed."""
    _sweep(target)
    part = _beside(target, _PART)
    try:
        yield part
    finally:
        with contextlib.suppress(OSError):  # the error that led here is the one to tell
            part.unlink(missing_ok=True)


def _fill(part: Path, content: bytes | Callable[[IO[bytes]], object], target: Path) -> None:
    with part.open("xb") as stream:
        if isinstance(content, bytes):
            stream.write(content)
        else:
            content(stream)
        stream.flush()
        os.fsync(stream.fileno())
    if target.exists():
        shutil.copymode(target, part)


def _put(part: Path, target: Path) -> None:
    """Rename a whole folder to its name, also while others do the same."""
    for _ in range(_TRIES):
        aside, there = _beside(target, _OLD), True
        try:
            target.rename(aside)
        except FileNotFoundError:
            there = False
        try:
            part.rename(target)
        except OSError as error:
            if error.errno not in _TAKEN:
                if there:
                    aside.rename(target)
                raise
        else:
            return
    raise OSError(errno.EBUSY, "others write it all the time")


def _refuse_foreign(target: Path, foreign: Callable[[Path], Sequence[str]]) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        msg = f'"{printable(target)}" is a file. Give the name of a folder.'
        raise ArgumentError(msg)
    names = [n for n in foreign(target) if n not in _DROPPINGS]
    if names:
        shown = ", ".join(f'"{printable(n)}"' for n in sorted(names)[:3])
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        msg = (
            f'"{printable(target)}" holds {shown}{more}, which would be lost. Give the name of a new '
            "folder, or move these."
        )
        raise ArgumentError(msg)


# Names beside the target


def _stem(target: Path) -> str:
    digest = hashlib.sha256(os.fsencode(target.name)).hexdigest()[:8]
    return f".{target.name[:_NAME]}.{digest}-"


def _beside(target: Path, ending: str) -> Path:
    return target.with_name(f"{_stem(target)}{secrets.token_hex(4)}{ending}")


def _siblings(target: Path, ending: str) -> list[Path]:
    stem = _stem(target)
    there = target.parent.iterdir()  # not glob: a name may hold its special characters
    return [p for p in there if p.name.startswith(stem) and p.suffix == ending]


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another writer removed it
        return 0.0


def _sweep(target: Path) -> None:
    """Remove what a killed writer of the same target left long ago."""
    limit = time.time() - _STALE
    for left in [*_siblings(target, _PART), *_siblings(target, _GONE)]:
        with contextlib.suppress(FileNotFoundError):  # another writer removed it
            inner = left.iterdir() if left.is_dir() else ()
            if max(map(_changed, (left, *inner))) >= limit:
                continue
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink()


# On the disk, not only in its cache


def _sync(file: Path) -> None:
    with file.open("r+b") as stream:
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows opens no folders
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some file systems do not sync folders
            os.fsync(handle)
    finally:
        os.close(handle)
