import pandas as pd
import pytest

import patentnav as pnav
from patentnav import clean
from patentnav.clean.pinyin import pinyin_keys


def people():
    rows = [
        ("CN1A", "浪潮集团有限公司", "吕晓明", "G06F3/06"),
        ("CN2A", "浪潮集团有限公司", "吕晓明", "G06F3/06"),
        ("CN3A", "浪潮集团有限公司", "吕晓明", "G06F3/06"),
        ("US4A1", "Inspur Group Co., Ltd.", "LYU, Xiaoming", "G06F3/06"),
        ("CN5A", "甲医药有限公司", "卢小明", "A61K31/00"),
        ("US6A1", "Zeta Corp.", "John Smith", "G06F3/06"),
    ]
    frame = pd.DataFrame(rows, columns=["publication_id", "firm", "person", "symbol"])
    return pnav.PatentSet.from_tables(
        {
            "publications": frame[["publication_id"]].assign(title="t"),
            "parties": frame[["publication_id"]].assign(name_raw=frame["firm"]),
            "inventors": frame[["publication_id"]].assign(name_raw=frame["person"]),
            "classifications": frame[["publication_id", "symbol"]].assign(scheme="IPC"),
        }
    )


def test_readings_of_one_name_meet_in_either_order():
    assert pinyin_keys("吕晓明") == pinyin_keys("Lv Xiaoming") == pinyin_keys("LYU, Xiao-Ming")
    assert not pinyin_keys("吕晓明") & pinyin_keys("Xiaohong Lyu")
    assert len(pinyin_keys("覃明")) == 2


def test_candidates_are_listed_and_never_merged():
    patents = clean.resolve_inventors(clean.resolve_parties(people()))
    ids = patents.inventors.set_index("publication_id")["inventor_id"]
    table = clean.inventor_candidates(patents)
    assert table[["first_publication", "second_publication"]].to_numpy().tolist() == [
        ["US4A1", "CN1A"]
    ]
    assert table.loc[0, "shared_classes"] == 1
    assert ids["US4A1"] not in set(ids.drop("US4A1"))


def test_a_candidate_marked_same_is_one_person_with_all_filings():
    patents = clean.resolve_parties(people())
    table = clean.inventor_candidates(clean.resolve_inventors(patents)).assign(decision="same")
    ids = clean.resolve_inventors(patents, decisions=table).inventors
    ids = ids.set_index("publication_id")["inventor_id"]
    assert ids[["CN1A", "CN2A", "CN3A", "US4A1"]].nunique() == 1
    assert ids["CN5A"] != ids["CN1A"]


def test_people_must_be_resolved_first():
    with pytest.raises(pnav.ArgumentError, match="resolve_inventors"):
        clean.inventor_candidates(people())
