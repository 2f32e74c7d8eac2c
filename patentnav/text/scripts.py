"""Scripts and languages of texts."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
KANA = "\u3041-\u30ff\u31f0-\u31ff"
HANGUL = "\uac00-\ud7af"
HAS_HAN = re.compile(f"[{HAN}]")
HAS_PAIRS = re.compile(f"[{KANA}{HANGUL}]")
HIRAGANA = re.compile("[\u3041-\u309f]+")


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
