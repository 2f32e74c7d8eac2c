"""Words of patent texts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

import patentnav as pnav
from patentnav import text
from patentnav.text import words


def test_one_text_may_mix_scripts():
    words = text.tokens(
        pd.Series(["基于LiDAR传感器的自动驾驶方法", "A LiDAR sensor", None])
    ).lists()
    assert words == [["LiDAR", "传感器", "自动驾驶"], ["LiDAR", "sensor"], []]


def test_forms_of_a_word_count_as_one_and_the_usual_form_is_shown():
    tokens = text.tokens(pd.Series(["Batteries", "battery", "battery", "batteries cell"]))
    assert list(tokens.vocabulary) == ["batteries", "cell"]
    assert tokens.counts().toarray().tolist() == [[1, 0], [1, 0], [1, 0], [1, 1]]


def test_capitals_are_kept_for_acronyms_only():
    assert text.tokens(pd.Series(["LED lamps", "lamp with LED"])).lists()[0] == ["LED", "lamp"]
    assert text.tokens(pd.Series(["FUEL PUMP", "JET ENGINE"])).lists()[0] == ["fuel", "pump"]


def test_unknown_characters_become_pairs_but_not_across_texts_or_marks():
    words = text.tokens(pd.Series(["固態，電", "解質"])).lists()
    assert words == [["固態"], ["解質"]]


def test_user_terms_stay_whole():
    assert text.tokens(pd.Series(["硫化物固态电解质膜"]), words=["固态电解质"]).lists() == [
        ["硫化物", "固态电解质"]
    ]


def test_japanese_is_cut_in_pairs_without_grammar():
    assert "制御" in text.tokens(pd.Series(["車両の制御装置"])).lists()[0]


def test_without_the_segmenter_chinese_is_cut_in_pairs(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "rjieba", None)
    caches = (words.dictionary, words._segmenter)
    for one in caches:
        one.cache_clear()
    try:
        assert text.tokens(pd.Series(["电池管理"]), stops=()).lists() == [["电池", "池管", "管理"]]
    finally:
        for one in caches:
            one.cache_clear()


def test_rows_do_not_depend_on_their_order():
    texts = pd.Series(["固態電解質 film", "lithium batteries", "LED and LED", "電池 battery"])
    straight, turned = text.tokens(texts), text.tokens(texts[::-1])
    assert straight.lists() == turned.lists()[::-1]
    assert list(straight.vocabulary) == list(turned.vocabulary)


def test_language_by_script():
    found = text.detect(
        pd.Series(["Battery", "电池管理", "バッテリー管理装置", "배터리 관리", None])
    )
    assert found.to_list()[:4] == ["en", "zh", "ja", "ko"]
    assert pd.isna(found.iloc[4])


@pytest.fixture
def bilingual() -> pnav.PatentSet:
    ids = ["CN1A", "CN2A", "CN3A"]
    texts = [
        (i, field, lang, f"{field} {lang} {i}")
        for i in ids
        for field in ("title", "abstract")
        for lang in ("zh", "en")
    ]
    return pnav.PatentSet.from_tables(
        {
            "publications": pd.DataFrame(
                {"title": ["甲", "乙", "丙"], "language": "zh"}, index=ids
            ),
            "texts": pd.DataFrame(texts, columns=["publication_id", "field", "language", "text"]),
        }
    )


def test_a_set_with_both_languages_is_read_in_the_configured_one(bilingual):
    with pnav.config_context(lang="en"):
        documents = text.documents(bilingual)
    assert (documents["set_language"] == "en").all()
    assert documents["body"].to_list() == [f"abstract en CN{i}A" for i in (1, 2, 3)]
    assert set(documents["language"]) == {"en"}


def test_a_set_no_language_covers_keeps_all(bilingual):
    texts = bilingual.texts
    lost = (texts["publication_id"] == "CN1A") & (texts["language"] == "zh")
    lost |= (texts["publication_id"] == "CN2A") & (texts["language"] == "en")
    tables = {"publications": bilingual.publications.assign(title=None), "texts": texts[~lost]}
    documents = text.documents(pnav.PatentSet.from_tables(tables))
    assert (documents["set_language"] == "mixed").all()
    assert documents.loc["CN3A", "body"] == "abstract en CN3A . abstract zh CN3A"
    assert documents.loc["CN1A", "language"] == "en"


def test_no_text_is_an_error_and_a_missing_one_is_na():
    frame = pd.DataFrame({"title": [None, "Pump", "JP 3274303 B2"]}, index=["US1A", "US2A", "US3A"])
    documents = text.documents(pnav.PatentSet.from_tables({"publications": frame}))
    assert documents["title"].isna().to_list() == [True, False, True]
    assert pd.isna(documents.loc["US1A", "language"])
    with pytest.raises(pnav.MissingTableError, match="title"):
        text.documents(pnav.PatentSet.from_tables({"publications": frame.assign(title=None)}))
    with pytest.raises(pnav.ArgumentError, match="It has: en"):
        text.documents(pnav.PatentSet.from_tables({"publications": frame}), language="zh")


def test_bm25_by_hand():
    counts = csr_matrix(np.array([[2, 1], [0, 1], [0, 0]], dtype=np.float32))
    # mean length 4/3; idf of df 1: log(1 + 2.5/1.5); of df 2: log(1 + 1.5/2.5)
    idf = np.log1p([2.5 / 1.5, 1.5 / 2.5])
    saturation = 1.2 * (0.25 + 0.75 * 3 / (4 / 3))
    row = np.array([2 * 2.2 / (2 + saturation), 2.2 / (1 + saturation)]) * idf
    weights = text.bm25(counts).toarray()
    assert weights[0] == pytest.approx(row / np.linalg.norm(row), rel=1e-5)
    assert weights[1] == pytest.approx([0, 1])
    assert weights[2].tolist() == [0, 0]


def test_long_titles_end_their_name_at_a_verb():
    titles = pd.Series(
        [
            "Recovery of copper from cables, involves crushing cables and sieving copper",
            "Using waste glass as filler",
            "固态电解质及其制备方法",
            None,
        ]
    )
    names, rest = text.split_titles(titles)
    assert names.to_list()[:3] == ["Recovery of copper from cables", titles[1], titles[2]]
    assert rest.to_list()[:3] == ["involves crushing cables and sieving copper", "", ""]
    assert names.isna().to_list() == rest.isna().to_list() == [False, False, False, True]
