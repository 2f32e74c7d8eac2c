"""Scripts and languages of texts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from patentnav._segments import HAN, HANGUL, KANA


def detect(texts: pd.Series) -> pd.Series:
    """Language of texts by script: ``zh``, ``ja``, ``ko``; other alphabets are taken as ``en``.

    Parameters
    ----------
    texts
        Texts; NA stays NA.

    Returns
    -------
    pandas.Series
        ISO 639-1 codes with the index of ``texts``.

    Examples
    --------
    >>> detect(pd.Series(["Solid electrolyte", "\u56fa\u6001\u7535\u89e3\u8d28"])).to_list()
    ['en', 'zh']
    """
    kana = texts.str.count(f"[{KANA}]")
    han = texts.str.count(f"[{HAN}]")
    hangul = texts.str.count(f"[{HANGUL}]")
    letters = texts.str.count(r"[^\W\d_]").clip(lower=1)
    shares = [kana / letters > 0.05, hangul / letters > 0.2, han / letters > 0.2]
    codes = pd.Series(np.select(shares, ["ja", "ko", "zh"], "en"), index=texts.index, dtype="str")
    return codes.where(texts.notna())
