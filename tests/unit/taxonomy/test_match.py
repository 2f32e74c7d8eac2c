import pandas as pd
import pytest

from patentnav import taxonomy
from patentnav.taxonomy.match import SymbolMatcher, WordMatcher, patterns_above


def test_ladder_of_a_cpc_symbol():
    assert patterns_above("H01L21/02") == ["H01L21/02", "H01L21", "H01L", "H01", "H"]
    assert patterns_above("H01L") == ["H01L", "H01", "H"]
    assert patterns_above("nonsense") == []


def test_group_pattern_does_not_take_longer_group_numbers():
    assert "G06N1" not in patterns_above("G06N10/00")


def test_words_whole_plural_stem_and_chinese():
    matcher = WordMatcher(["art", "recycl*", "量子", "量子计算", "battery"])
    assert matcher.find("Recycling of arts, 用于量子计算") == {"recycl*", "art", "量子计算"}
    assert matcher.find("artificial, smart") == set()


def test_word_that_begins_another_word():
    matcher = WordMatcher(["电池", "电池管理系统", "电池管"])
    assert matcher.find("电池管理") == {"电池管"}
    assert matcher.find("电池管理系统") == {"电池管理系统"}
    assert matcher.find("电池") == {"电池"}


@pytest.mark.parametrize("symbol", ["G06N10/20", "H10P1/00", "B63H1/00", "G21K1/00", "A47B1/00"])
def test_shares_of_every_symbol_sum_to_one(symbol):
    tree = taxonomy.load("jinan-ten")
    claims = SymbolMatcher(tree, tree.top).claims(pd.Series([symbol]))
    assert claims.loc[~claims["needs_words"], "share"].sum() == pytest.approx(1.0)
