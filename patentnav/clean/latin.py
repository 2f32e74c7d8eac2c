"""Names of organisations in Latin script: one key for the spellings of one organisation."""

from __future__ import annotations

import functools
import re
import unicodedata

from patentnav import _resources

_TOKEN = re.compile(r"[A-Z0-9]+")


@functools.cache
def _words(key: str) -> frozenset[str]:
    return frozenset(_resources.load_toml("names", "organisations-latin")[key].split())


def key(name: str) -> str:
    """Words of a name without legal forms and stop words, upper case, blanks between."""
    text = unicodedata.normalize("NFKD", name).upper()
    text = "".join(c for c in text if not unicodedata.combining(c)).replace("&", " AND ")
    text = re.sub(r"\b([A-Z])\.\s?(?=[A-Z]\b)", r"\1", text).replace(".", " ")
    tokens = _TOKEN.findall(text)
    kept = [t for t in tokens if t not in _words("legal_forms") and t not in _words("stop_words")]
    return " ".join(kept or tokens) or name
