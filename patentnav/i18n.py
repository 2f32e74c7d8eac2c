"""Wording and labels. No sentence that a user reads in a report or figure stands in code.

The texts of a language are merged key by key: the package's files first, then what plugins
registered, then the users' folders from the last to the first of ``data_path``; whoever comes later
wins. A data file may bring wording of its own (``[wording.zh]`` of a report outline), which counts as
a part of its folder.
"""

from __future__ import annotations

import functools
import string
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from patentnav import _resources
from patentnav._guard import guard
from patentnav.config import changes, get_config
from patentnav.errors import FormatError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = [
    "add",
    "has",
    "languages",
    "locale_keys",
    "placeholders",
    "refresh",
    "text",
    "using",
    "wording",
]

_registered: dict[str, dict[str, str]] = {}
_in_force: ContextVar[Mapping[str, Mapping[str, str]]] = ContextVar("patentnav_wording")


def languages() -> list[str]:
    """Languages that have a locale file."""
    return sorted({name.split("-")[0] for name in _resources.names("locale")})


def wording(lang: str | None = None, file: Path | None = None) -> Mapping[str, str]:
    """All texts of a language by dotted key.

    They are kept between calls, so that looking up a text costs nothing; a call of ``set_config``,
    a registration or :func:`refresh` makes them be read again.

    Parameters
    ----------
    lang
        Language; the configured one when omitted.
    file
        A data file with wording of its own, which the others do not have.

    Returns
    -------
    mapping
        Read-only.

    Raises
    ------
    UnknownNameError
        The language does not exist.
    """
    return _wording(lang or get_config().lang, _resources.roots(), changes(), file)


@functools.lru_cache(maxsize=64)
def _wording(
    lang: str, roots: tuple[Path, ...], _changes: int, file: Path | None
) -> Mapping[str, str]:
    texts: dict[str, str] = {}
    for root in reversed(roots):
        for entries in _layers(lang, root, file):
            texts |= _flat(entries)
        if root == _resources.PACKAGE_DATA:
            texts |= _registered.get(lang, {})
    if file is not None and not any(root in file.parents for root in roots):
        texts |= _flat(_own(lang, file))
    if not any(_locale_files(lang, root) for root in roots):
        raise UnknownNameError("language", lang, languages())
    return texts


def _locale_files(lang: str, root: Path) -> list[Path]:
    # A language is one or several files: zh.toml, zh-report.toml, zh-plot.toml, …
    found = (root / "locale").glob("*.toml")
    return sorted(f for f in found if f.stem == lang or f.stem.startswith(f"{lang}-"))


def _layers(lang: str, root: Path, file: Path | None) -> Iterator[Mapping[str, Any]]:
    for one in _locale_files(lang, root):
        yield _resources.parse_toml(one)
    if file is not None and root in file.parents:
        yield _own(lang, file)


def _own(lang: str, file: Path) -> Mapping[str, Any]:
    own: Mapping[str, Any] = _resources.parse_toml(file).get("wording", {}).get(lang, {})
    return own


def _flat(entries: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in entries.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = str(value)
    return found


@contextmanager
def using(lang: str, texts: Mapping[str, str]) -> Iterator[None]:
    """Let lookups of a language go to these texts inside a ``with`` block, in this thread only."""
    token = _in_force.set({**_in_force.get({}), lang: texts})
    try:
        yield
    finally:
        _in_force.reset(token)


def _texts(lang: str) -> Mapping[str, str]:
    known = _in_force.get({})
    return known[lang] if lang in known else wording(lang)


def add(key: str, texts: Mapping[str, str]) -> None:
    """Register the wording of a key by language, for what comes from code outside the package.

    Parameters
    ----------
    key
        Dotted key.
    texts
        Text by language; a user's locale file wins over it.
    """
    for lang, one in texts.items():
        _registered.setdefault(lang, {})[key] = one
    refresh()


def refresh() -> None:
    """Read the locale files again at the next lookup."""
    _wording.cache_clear()


def text(key: str, lang: str | None = None, **values: Any) -> str:
    """Return the wording of a dotted key, with ``{placeholders}`` filled.

    Parameters
    ----------
    key
        Dotted path in the locale files, e.g. ``"plot.trend.x"``.
    lang
        Language; the configured one when omitted.
    **values
        Values of the placeholders.

    Returns
    -------
    str

    Raises
    ------
    UnknownNameError
        The language or the key does not exist; the message says which file is expected to have it.
    FormatError
        The text has a placeholder that is not given, or that cannot be written so.
    """
    lang = lang or get_config().lang
    texts = _texts(lang)
    found = texts.get(key)
    if found is None:
        raise UnknownNameError(f"{lang} wording", key, texts, remedy=expected(key, lang))
    if not values:
        return found
    try:
        return found.format(**values)
    except (AttributeError, LookupError, ValueError) as error:
        msg = (
            f'The {lang} wording "{key}" cannot be filled: {error!s} in "{found}". '
            f"It may use {', '.join(sorted(values))}; mend it where it stands "
            f"(locale/{lang}-*.toml, or [wording.{lang}] of an outline)."
        )
        raise FormatError(msg) from error


def expected(key: str, lang: str) -> str:
    """Where a missing wording belongs, as a remedy."""
    table, _, name = key.rpartition(".")
    return (
        f"Write {name} below [{table}] into a file locale/{lang}-*.toml of your data_path, or below "
        f"[wording.{lang}.{table}] into the file of the report outline."
    )


def has(key: str, lang: str | None = None) -> bool:
    """Tell whether a wording exists."""
    return key in _texts(lang or get_config().lang)


def shipped(lang: str) -> Mapping[str, str]:
    """The package's own texts of a language; empty where it has none."""
    if not _locale_files(lang, _resources.PACKAGE_DATA):
        return {}
    return _wording(lang, (_resources.PACKAGE_DATA,), changes(), None)


def placeholders(wording: str) -> set[str]:
    """Names of the placeholders of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(wording) if name}


def locale_keys(lang: str) -> dict[str, set[str]]:
    """All dotted keys of a language with their placeholders (for the parity test)."""
    return {key: placeholders(one) for key, one in wording(lang).items()}


guard(__name__)
