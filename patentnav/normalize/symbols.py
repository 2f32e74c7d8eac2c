"""IPC and CPC symbols in one spelling, their levels and pattern matching.

Forms accepted (WIPO ST.8, vendors' variants): ``G06N 10/00``, ``G06N10/00(2022.01)I``,
``G06N0010000000``, ``G06K0019073``, ``C02F-101/30``, full-width characters, a class, subclass or main
group alone. Result: ``G06N10/00``.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

Level = Literal["section", "class", "subclass", "group", "subgroup"]

_SPELLED = r"^[A-HY]\d{2}[A-Z][1-9]\d{0,3}/\d{2,6}$"
_SLASHED = re.compile(r"^([A-HY]\d{2}[A-Z])[\s\-]*0*(\d{1,4})\s*/\s*(\d{2,6})(?!\d)")
_PADDED = re.compile(r"^([A-HY]\d{2}[A-Z])(\d{4})(\d{2,6})(?![\d/])")
_GROUP = re.compile(r"^([A-HY]\d{2}[A-Z])[\s\-]*0*(\d{1,4})(?![\d/])")
_SUBCLASS = re.compile(r"^([A-HY]\d{2}[A-Z])(?![A-Z\d])")
_CLASS = re.compile(r"^([A-HY]\d{2})(?![A-Z\d])")
_LEVEL = {
    "section": re.compile(r"^([A-HY])"),
    "class": re.compile(r"^([A-HY]\d{2})"),
    "subclass": re.compile(r"^([A-HY]\d{2}[A-Z])"),
    "group": re.compile(r"^([A-HY]\d{2}[A-Z]\d{1,4})"),
    "subgroup": re.compile(r"^([A-HY]\d{2}[A-Z]\d{1,4}/\d{2,6})$"),
}


def canonical_symbol(text: str) -> str | None:
    """Return the one spelling of an IPC or CPC symbol, or None where it is none.

    Examples
    --------
    >>> canonical_symbol("G06F   13/12    (2006.01)"), canonical_symbol("B03C0003090000")
    ('G06F13/12', 'B03C3/09')
    """
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if found := _SLASHED.match(plain):
        return f"{found[1]}{found[2]}/{found[3]}"
    if found := _PADDED.match(plain):
        group, subgroup = str(int(found[2])), found[3]
        if len(subgroup) == 6:  # ST.8 pads the subgroup on the right
            subgroup = subgroup.rstrip("0").ljust(2, "0")
        return f"{found[1]}{group}/{subgroup}"
    if found := _GROUP.match(plain):
        return f"{found[1]}{found[2]}"
    if found := _SUBCLASS.match(plain) or _CLASS.match(plain):
        return found[1]
    return None


def canonical_symbols(symbols: pd.Series) -> pd.Series:
    """Return symbols in one spelling (dtype str, same index); what is no symbol becomes missing."""
    rest = (symbols.notna() & ~symbols.str.match(_SPELLED, na=False)).to_numpy(dtype=bool)
    if not rest.any():
        return symbols.astype("str")
    spelled = {text: canonical_symbol(text) for text in symbols[rest].unique()}
    return symbols.where(~rest, symbols.map(spelled)).astype("str")


def level(symbols: pd.Series, name: Level) -> pd.Series:
    """Cut canonical symbols to a level.

    Parameters
    ----------
    symbols
        Canonical symbols.
    name
        ``section`` (G), ``class`` (G06), ``subclass`` (G06N), ``group`` (G06N10) or ``subgroup``.

    Returns
    -------
    pandas.Series
        Same index, dtype str; missing where the symbol does not reach the level.
    """
    return symbols.str.extract(_LEVEL[name], expand=False).astype("str")
