"""Scripts, and how a text without spaces is cut: word lists, the dictionary, pairs of characters."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

from patentnav import _resources

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
KANA = "\u3041-\u30ff\u31f0-\u31ff"
HANGUL = "\uac00-\ud7af"
HAS_HAN = re.compile(f"[{HAN}]")
HAS_PAIRS = re.compile(f"[{KANA}{HANGUL}]")
HIRAGANA = re.compile("[\u3041-\u309f]+")
_PAIRED_RUNS = re.compile(f"[{HAN}{KANA}{HANGUL}]+|[^\\W{HAN}{KANA}{HANGUL}]+|[^\\w\\s\\-]")


@functools.lru_cache(maxsize=8)
def _read_lines(file: str, _mtime: int) -> tuple[str, ...]:
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line.strip() and not line.startswith("#"))


def word_lines(name: str) -> tuple[str, ...]:
    """Lines of a file of ``data/text`` (the user's own before the package's), without comments."""
    file = _resources.path("text", name, ".txt")
    return _read_lines(str(file), file.stat().st_mtime_ns)


def pairs(text: str) -> list[str]:
    """Words, with every run of Han, kana or hangul as pairs of neighbouring characters."""
    found: list[str] = []
    for run in _PAIRED_RUNS.findall(text):
        if HAS_HAN.match(run) or HAS_PAIRS.match(run):
            found += [run[i : i + 2] for i in range(max(len(run) - 1, 1))]
        else:
            found.append(run)
    return found


@functools.lru_cache(maxsize=4)
def dictionary(words: frozenset[str]) -> Any:
    """The dictionary of the segmenter with the user's words; None where it is not installed."""
    try:
        import rjieba
    except ImportError:
        return None
    made = rjieba.Jieba()
    own = {word for line in word_lines("words-zh") for word in line.split()}
    for word in sorted(words | own):
        made.add_word(word, None, "n")
    return made
