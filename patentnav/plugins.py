"""Extensions from outside the package: Python modules that register something when imported.

A plugin is a module or a single file that calls ``@indicator``, ``@section`` or ``@renderer``, or
names a folder of data files (:func:`add_data`). It is named in the option ``plugins``, by
``--plugin`` on the command line, or, where it is an installed package, by an entry point of the
group ``patentnav``. Plugins are code and run with all rights of their user: load only your own.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.metadata
import importlib.util
import sys
import threading
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from patentnav import _files
from patentnav._guard import guard
from patentnav.config import get_config
from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

__all__ = ["GROUP", "add_data", "load"]

GROUP = "patentnav"  # of entry points

_loaded: dict[str, ModuleType] = {}
_data: list[Path] = []
_lock = threading.RLock()  # a plugin that is being loaded may look into a register itself


def load(names: str | Path | Iterable[str | Path]) -> list[ModuleType]:
    """Load plugins now; one that is loaded already is left as it is.

    Parameters
    ----------
    names
        Modules that can be imported (``ours``, ``ours.sections``), or paths that end in ``.py``.

    Returns
    -------
    list of module

    Raises
    ------
    ArgumentError
        There is no such module or file, or it imports something that is not there, or is no Python.
    """
    with _lock:
        wanted = [names] if isinstance(names, str | Path) else names
        return [_one(str(name)) for name in wanted]


def add_data(folder: str | Path) -> None:
    """Let a plugin bring data files: formats, taxonomies, scorecards, outlines, wording.

    Parameters
    ----------
    folder
        Laid out as the option ``data_path`` (``formats/``, ``taxonomies/``, ``reports/`` …), e.g.
        ``Path(__file__).parent / "data"``. The user's own folders come before it, the package's
        data after it.

    Raises
    ------
    ArgumentError
        There is no such folder.
    """
    place = Path(folder)
    if not _files.is_dir(place):
        msg = f'The data folder "{place}" of a plugin does not exist. Check the path.'
        raise ArgumentError(msg)
    if place not in _data:
        _data.append(place)


def data_folders() -> tuple[Path, ...]:
    """Folders that plugins brought, in the order of their coming."""
    return tuple(_data)


def ensure() -> None:
    """Load the installed plugins and those of the options, unless that is done."""
    with _lock:
        _installed()
        for name in get_config().plugins:
            if name not in _loaded:
                _one(name)


@functools.cache
def _installed() -> None:
    points = importlib.metadata.entry_points(group=GROUP)
    for point in sorted(points, key=lambda p: (p.value, p.name)):
        _one(point.value.partition(":")[0])


def _one(name: str) -> ModuleType:
    key = str(Path(name).resolve()) if name.endswith(".py") else name
    if key not in _loaded:
        _loaded[key] = _loaded[name] = _imported(key)
    return _loaded[key]


def _imported(name: str) -> ModuleType:
    try:
        return _from_file(Path(name)) if name.endswith(".py") else importlib.import_module(name)
    except ImportError as error:
        msg = f'The plugin "{name}" cannot be loaded: {error}. Install it, or name a .py file.'
        raise ArgumentError(msg) from error
    except SyntaxError as error:
        msg = f'The plugin "{name}" is no valid Python: {error}. Mend the file and call again.'
        raise ArgumentError(msg) from error


def _from_file(file: Path) -> ModuleType:
    if not _files.is_file(file):
        msg = f'There is no plugin file "{file}". Check the path.'
        raise ArgumentError(msg)
    # Two files of one name in two folders are two modules.
    module_name = f"{file.stem}_{zlib.crc32(str(file.parent).encode()):08x}"
    if module_name in sys.modules:
        return sys.modules[module_name]  # it is just being loaded, and looks into a register
    spec = importlib.util.spec_from_file_location(module_name, file)
    if spec is None or spec.loader is None:
        msg = f'The plugin file "{file}" cannot be loaded as Python.'
        raise ArgumentError(msg)
    module = importlib.util.module_from_spec(spec)
    with contextlib.ExitStack() as undo:
        sys.modules[module_name] = module
        undo.callback(sys.modules.pop, module_name)  # half a module is none
        spec.loader.exec_module(module)
        undo.pop_all()
    return module


guard(__name__)
