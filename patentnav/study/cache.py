"""Results on disk, kept by what they were made from.

A result's key is a hash of the set, of the step and the choices it depends on, and of the package's
own files and its libraries' versions: whatever changes, an old entry is simply not found again. An
entry is a folder of Parquet and JSON files, written beside and renamed when whole, so that several
processes may share the folder and anybody may delete it. Nothing is ever unpickled.
"""

from __future__ import annotations

import functools
import hashlib
import logging
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentnav import _files, _resources
from patentnav.config import get_config
from patentnav.errors import FileError, PatentnavError
from patentnav.study.codec import CodecError, read, write
from patentnav.study.fingerprint import UnhashableError, fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from patentnav.patentset import PatentSet

_log = logging.getLogger("patentnav")
_LIBRARIES = ("numpy", "pandas", "scipy", "scikit-learn", "networkx", "pyarrow", "rjieba",
              "graspologic-native")  # fmt: skip


class Cache:
    """A folder of results.

    Parameters
    ----------
    folder
        Made when the first result is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def key(self, given: PatentSet, step: str, chosen: Mapping[str, Any]) -> str | None:
        """Name of an entry; None where a choice cannot be told apart by its content."""
        try:
            parts = [code_version(), fingerprint(given), step, fingerprint(dict(chosen))]
        except UnhashableError:
            return None
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def get(self, key: str) -> Any:
        """A kept result, or None where there is none that can be read."""
        place = self._place(key)
        if not place.is_dir():
            return None
        try:
            return read(place)
        except (CodecError, PatentnavError, OSError, ValueError, KeyError) as error:
            # Deleted while it was read, or damaged: it is made again.
            _log.warning("cache entry %s cannot be read (%s); it is computed again", key, error)
            return None

    def put(self, key: str, value: Any) -> None:
        """Keep a result; a disk that is full costs only the entry."""
        place = self._place(key)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            _files.write_folder(place, lambda folder: write(folder, value), lambda _folder: [])
        except (CodecError, FileError, OSError) as error:
            _log.warning("a result is not kept in the cache: %s", error)

    def _place(self, key: str) -> Path:
        return self.folder / key[:2] / key


def current() -> Cache | None:
    """The cache of the option ``cache_dir``; None where none is set."""
    folder = get_config().cache_dir
    return None if folder is None else Cache(Path(folder))


def code_version() -> str:
    """Hash of the package's files, of the user's data files and of the libraries' versions."""
    roots = [root for root in _resources.roots() if root != _resources.PACKAGE_DATA]
    return f"{_package()}\n{_of_folders(roots)}"


@functools.cache
def _package() -> str:
    libraries = [f"{name} {version(name)}" for name in _LIBRARIES]
    return "\n".join([_of_folders([_resources.PACKAGE_DATA.parent]), *libraries])


def _of_folders(roots: list[Path]) -> str:
    digest = hashlib.sha256()
    for root in roots:
        for file in sorted(root.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(root).as_posix()}\n".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()
