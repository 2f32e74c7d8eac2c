"""The options, set for the process or for a block of code. Analysis parameters are never here."""

from __future__ import annotations

import os
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentnav._guard import guard
from patentnav.errors import ArgumentError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["UNITS", "Config", "config_context", "get_config", "set_config"]

UNITS = ("publication", "application", "family")


@dataclass(frozen=True)
class Config:
    """The options.

    Attributes
    ----------
    lang
        Language of labels and reports, ``"zh"`` or ``"en"``.
    progress
        Show progress of long work: ``True``, ``False`` or ``None`` (only in a terminal or notebook).
    data_path
        Folder or folders with the user's own formats, taxonomies, scorecards, report outlines and
        locales. They are searched in this order, before the package's own data.
    plugins
        Python modules (``ours``, ``ours.sections``) or files (``ours.py``) that register indicators,
        sections, renderers or data of their own; see :mod:`patentnav.plugins`.
    unit
        Unit of counts where a call names none: ``publication``, ``application`` or ``family``.
    cache_dir
        Folder for caches; ``None`` caches nothing.
    font
        Font file or family for figures; ``None`` chooses one that has the Chinese glyphs.
    """

    lang: str = "zh"
    progress: bool | None = None
    data_path: tuple[Path, ...] = ()
    plugins: tuple[str, ...] = ()
    unit: str = "application"
    cache_dir: Path | None = None
    font: str | None = None

    def __post_init__(self) -> None:
        folders = tuple(Path(one) for one in _several(self.data_path))
        object.__setattr__(self, "data_path", folders)
        object.__setattr__(self, "plugins", tuple(str(one) for one in _several(self.plugins)))
        if self.cache_dir is not None:
            object.__setattr__(self, "cache_dir", Path(self.cache_dir))
        if self.unit not in UNITS:
            msg = f'unit="{self.unit}" is not one of {", ".join(UNITS)}.'
            raise ArgumentError(msg)


def _several(value: Any) -> Iterable[Any]:
    """One or several values as several; ``None`` as none."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str | os.PathLike) else value


def _from_environment() -> Config:
    env = {f.name: os.environ.get(f"PATENTNAV_{f.name.upper()}") for f in fields(Config)}
    given: dict[str, Any] = {k: v for k, v in env.items() if v}
    for key in ("data_path", "plugins"):
        if key in given:
            given[key] = given[key].split(os.pathsep)
    if "progress" in given:
        given["progress"] = given["progress"].lower() in {"1", "true", "yes", "on"}
    return Config(**given)


_config: ContextVar[Config | None] = ContextVar("patentnav_config", default=None)
_process_config = _from_environment()
_changes = 0  # calls of set_config


def get_config() -> Config:
    """Return the options in force here."""
    return _config.get() or _process_config


def _changed(base: Config, options: dict[str, Any]) -> Config:
    known = [f.name for f in fields(Config)]
    for name in options:
        if name not in known:
            raise UnknownNameError("option", name, known)
    return replace(base, **options)


def set_config(**options: Any) -> None:
    """Change options for the whole process.

    Raises
    ------
    UnknownNameError
        An option has another name.
    ArgumentError
        A value is not allowed.
    """
    global _process_config, _changes  # noqa: PLW0603 (the one process-wide value)
    _process_config = _changed(_process_config, options)
    _changes += 1


def changes() -> int:
    """How often the options of the process were set: what was kept before that may be stale."""
    return _changes


@contextmanager
def config_context(**options: Any) -> Iterator[Config]:
    """Change options inside a ``with`` block, in this thread or task only."""
    token = _config.set(_changed(get_config(), options))
    try:
        yield get_config()
    finally:
        _config.reset(token)


guard(__name__)
