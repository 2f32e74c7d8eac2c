"""Wording and labels. No sentence that a user reads in a report or figure stands in code."""

from __future__ import annotations

import string
from typing import Any

from patentnav import _resources
from patentnav.config import get_config
from patentnav.errors import UnknownNameError

__all__ = ["flat_keys", "has", "languages", "locale_keys", "text"]


def languages() -> list[str]:
    """Languages that have a locale file."""
    return sorted({name.split("-")[0] for name in _resources.names("locale")})


def _entries(lang: str) -> dict[str, Any]:
    # A language is one or several files: zh.toml, zh-report.toml, zh-plot.toml, …
    merged: dict[str, Any] = {}
    for name in _resources.names("locale"):
        if name == lang or name.startswith(f"{lang}-"):
            merged.update(_resources.load_toml("locale", name))
    if not merged:
        raise UnknownNameError("language", lang, languages())
    return merged


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
        The language or the key does not exist.
    """
    lang = lang or get_config().lang
    entries = _entries(lang)
    node: Any = entries
    for part in key.split("."):
        if not isinstance(node, dict) or part not in node:
            raise UnknownNameError(f"{lang} wording", key, flat_keys(entries))
        node = node[part]
    return str(node).format(**values) if values else str(node)


def has(key: str, lang: str | None = None) -> bool:
    """Tell whether a wording exists."""
    node: Any = _entries(lang or get_config().lang)
    for part in key.split("."):
        if not isinstance(node, dict) or part not in node:
            return False
        node = node[part]
    return not isinstance(node, dict)


def flat_keys(entries: dict[str, Any], prefix: str = "") -> dict[str, set[str]]:
    """Dotted keys of a locale tree with the placeholders of each (for the parity test)."""
    found: dict[str, set[str]] = {}
    for key, value in entries.items():
        dotted = f"{prefix}{key}"
        if isinstance(value, dict):
            found |= flat_keys(value, f"{dotted}.")
        else:
            fields = string.Formatter().parse(str(value))
            found[dotted] = {name for _, name, _, _ in fields if name}
    return found


def locale_keys(lang: str) -> dict[str, set[str]]:
    """All dotted keys of a language with their placeholders."""
    return flat_keys(_entries(lang))
