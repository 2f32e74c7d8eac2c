"""Names of organisations and people in a vendor-neutral spelling.

Only what never changes who is meant: width (NFKC), blanks, brackets and stray separators. Legal
forms, transliterations and identity are the business of ``patentnav.clean``.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_BLANKS = re.compile(r"\s+")
_CJK_BLANK = re.compile(r"(?<=[\u3400-\u9fff\u3040-\u30ff])\s+(?=[\u3400-\u9fff\u3040-\u30ff])")
# Spelled already: one script, single blanks, nothing at the edges. The signs themselves, no
# escapes, for pandas reads a pattern with escapes with Python's slower engine.
_SPELLED = "[\u3400-\u9fff\u00b7]+|[!-:<-{}~](?:[!-~]| [!-~])*[!-+\\--:<-{}~]"
_EDGES = " \t\r\n;,|\u3001\uff1b\uff0c"
_BRACKETS = str.maketrans("\u3010\u3011\u3014\u3015", "()()")


def spell_name(text: str) -> str | None:
    r"""Return the one spelling of a name, or None where nothing is left.

    Examples
    --------
    >>> spell_name(" \uff21\uff22 (China) Co.,  Ltd.; ")
    'AB (China) Co., Ltd.'
    """
    plain = unicodedata.normalize("NFKC", text).translate(_BRACKETS)
    plain = _CJK_BLANK.sub("", _BLANKS.sub(" ", plain))
    return plain.strip(_EDGES) or None


def spell_names(names: pd.Series) -> pd.Series:
    """Names in one spelling (dtype str, same index); what holds no name becomes missing."""
    rest = names[names.notna() & ~names.str.fullmatch(_SPELLED, na=False)]
    if rest.empty:
        return names.astype("str")
    spelled = {text: spell_name(text) for text in rest.unique()}
    result = names.astype("str").copy()
    result.loc[rest.index] = rest.map(spelled).astype("str")
    return result
