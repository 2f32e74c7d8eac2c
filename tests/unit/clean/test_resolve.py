import pandas as pd

import patentnav as pnav
from patentnav import clean


def make(parties, inventors=()):
    ids = sorted({p[0] for p in parties} | {i[0] for i in inventors})
    tables = {
        "publications": pd.DataFrame({"publication_id": ids, "title": "t"}),
        "parties": pd.DataFrame(parties, columns=["publication_id", "name_raw"]),
    }
    if inventors:
        tables["inventors"] = pd.DataFrame(inventors, columns=["publication_id", "name_raw"])
    return pnav.PatentSet.from_tables(tables)


def test_one_legal_entity_behind_branches_brackets_and_width():
    names = [
        "浪潮电子信息产业股份有限公司",
        "浪潮（北京）电子信息产业有限公司",
        "浪潮电子信息产业股份有限公司济南分公司",
    ]
    patents = make([(f"CN{i}A", name) for i, name in enumerate(names)])
    parties = clean.resolve_parties(patents).parties
    assert parties["party_id"].nunique() == 1
    assert set(parties["party_type"]) == {"enterprise"}


def test_colleges_are_folded_into_the_university_and_hospitals_are_not():
    names = ["山东大学", "山东大学控制科学与工程学院", "山东大学齐鲁医院"]
    parties = clean.resolve_parties(make([(f"CN{i}A", n) for i, n in enumerate(names)])).parties
    assert parties["party_id"].iloc[0] == parties["party_id"].iloc[1]
    assert parties["party_id"].iloc[2] != parties["party_id"].iloc[0]
    assert parties["party_type"].tolist() == ["university", "university", "hospital"]


def test_alias_wins():
    patents = make([("CN1A", "Inspur Group Co., Ltd."), ("CN2A", "浪潮集团有限公司")])
    parties = clean.resolve_parties(
        patents, aliases={"Inspur Group Co., Ltd.": "浪潮集团有限公司"}
    ).parties
    assert parties["party_id"].nunique() == 1
    assert patents.parties["party_id"].isna().all()


def test_placeholder_inventors_are_not_people():
    patents = make(
        [("CN1A", "甲公司"), ("CN2A", "甲公司"), ("CN3A", "乙公司")],
        [("CN1A", "王伟"), ("CN2A", "王 伟"), ("CN2A", "不公告发明人"), ("CN3A", "王伟")],
    )
    inventors = clean.resolve_inventors(clean.resolve_parties(patents)).inventors
    withheld = inventors["name_raw"] == "不公告发明人"
    assert inventors.loc[withheld, ["name", "inventor_id"]].isna().all(axis=None)
    ids = inventors.loc[~withheld, "inventor_id"].tolist()
    assert ids[0] == ids[1]
    assert ids[2] != ids[0]
