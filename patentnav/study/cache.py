"""Results on disk, kept by what they were made from.

A result's key is a hash of the set, of the step and the choices it depends on, of the options, and
of the code: the package's own files, the user's data files and the versions of the libraries.
Whatever changes, an old entry is simply not found again. An entry is a folder of Parquet and JSON
files with their hashes, written beside and renamed when whole, so that several processes may share
the folder and anybody may delete it at any moment. Nothing is ever unpickled.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import logging
import platform
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentnav import _files, _resources
from patentnav.config import get_config
from patentnav.errors import PatentnavError
from patentnav.study import scope
from patentnav.study.codec import CodecError, read, write
from patentnav.study.fingerprint import UnhashableError, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from patentnav.study.inputs import Inputs
    from patentnav.study.steps import Step

_log = logging.getLogger("patentnav")
_NAME = re.compile(r"[\w.-]+")


class Cache:
    """A folder of results.

    Parameters
    ----------
    folder
        Made when the first result is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, key: str) -> bool:
        """Whether there is an entry, whole or not."""
        return _files.is_dir(self._place(key))

    def get(self, key: str) -> Any:
        """A kept result, or None where there is none that can be read."""
        place = self._place(key)
        if not _files.is_dir(place):
            return None
        try:
            return read(place)
        except (PatentnavError, OSError, ValueError, KeyError, TypeError) as error:
            # Deleted while it was read, or damaged: it is made again.
            _log.warning("cache entry %s cannot be read (%s); it is computed again", key, error)
            shutil.rmtree(place, ignore_errors=True)
            return None

    def put(self, key: str, value: Any) -> None:
        """Keep a result; a disk that is full costs only the entry."""
        place = self._place(key)
        if _files.is_dir(place):
            return  # another process was faster: its result is the same
        try:
            _files.write_folder(place, lambda folder: write(folder, value), lambda _folder: [])
        except (CodecError, PatentnavError, OSError) as error:
            _log.warning("a result is not kept in the cache: %s", error)

    def _place(self, key: str) -> Path:
        return self.folder / key[:2] / key


def key(set_hash: str, step: str, chosen: Mapping[str, Any]) -> str | None:
    """Name of an entry.

    Parameters
    ----------
    set_hash
        Fingerprint of the set as it was given.
    step
        Name of the step.
    chosen
        The choices that it depends on.

    Returns
    -------
    str or None
        None where a choice cannot be told apart by its content.
    """
    try:
        parts = [code_version(), set_hash, step, fingerprint(dict(chosen))]
    except UnhashableError:
        return None
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def key_of(step: Step[Any], names: Iterable[str], set_hash: str, inputs: Inputs) -> str | None:
    """Name of the entry of a step's result, which can be told without the set itself.

    Parameters
    ----------
    step
        The step.
    names
        The inputs that it depends on.
    set_hash
        Fingerprint of the set as it was given.
    inputs
        The choices; of files that they name the contents count.

    Returns
    -------
    str or None
        None where the step is not kept, or a choice cannot be told apart by its content or without
        the set.
    """
    if not step.keep:
        return None
    chosen = {name: getattr(inputs, name) for name in sorted(names)}
    if "taxonomy" in chosen:
        if chosen["taxonomy"] is None:
            return None  # it follows from the set
        chosen["taxonomy"] = scope.tree(chosen["taxonomy"])
    for table in ("aliases", "decisions"):
        if isinstance(chosen.get(table), str):
            chosen[table] = Path(chosen[table])
    return key(set_hash, step.name, chosen)


def current() -> Cache | None:
    """The cache of the option ``cache_dir``; None where none is set."""
    folder = get_config().cache_dir
    return None if folder is None else Cache(Path(folder))


def code_version() -> str:
    """Hash of all but data and choices that a result depends on.

    The package's files, the user's and the plugins' data files, the versions of Python and the
    libraries, and the options that a step may fall back on.
    """
    kinds = sorted(p.name for p in _resources.PACKAGE_DATA.iterdir() if p.is_dir())
    folders = [
        r / kind for r in _resources.roots() if r != _resources.PACKAGE_DATA for kind in kinds
    ]
    config = get_config()
    parts = [_package(), _of_folders(folders), config.lang, config.unit]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@functools.cache
def _package() -> str:
    system = f"{platform.python_version()} {platform.system()} {platform.machine()}"
    libraries = [f"{name} {number}" for name, number in versions().items()]
    return "\n".join([_of_folders([_resources.PACKAGE_DATA.parent]), system, *libraries])


def versions() -> dict[str, str]:
    """Versions of the libraries that the package declares and that are installed, by name."""
    names: Iterable[str]
    try:
        asked = importlib.metadata.requires("patentnav") or []
        names = {m[0] for line in asked if (m := _NAME.match(line))}
    except importlib.metadata.PackageNotFoundError:  # run from a folder of sources: all there are
        names = {d.name for d in importlib.metadata.distributions()}
    found = {}
    for name in sorted(names, key=str.casefold):
        for distribution in importlib.metadata.distributions(name=name):
            found[name] = distribution.version
            break
    return found


def _of_folders(folders: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                content = file.read_bytes()
                digest.update(f"{file.relative_to(folder).as_posix()} {len(content)}\n".encode())
                digest.update(content)
    return digest.hexdigest()
