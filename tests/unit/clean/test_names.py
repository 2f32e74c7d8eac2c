import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import patentnav as pnav
from patentnav import clean
from patentnav.clean import chinese, inventor_names, latin, party_types, regions
from patentnav.clean.party_names import group_names

NAMES = [
    "Siemens AG", "SIEMENS AKTIENGESELLSCHAFT", "Bosch GmbH", "Robert Bosch GmbH", "浪潮集团有限公司",
    "University of Iowa", "Univ Iowa", "Iowa State University", "INTERNATIONAL BUSINESS MACHINES CORP",
    "International Business Machines Corporation", "Internatonal Business Machines",
]  # fmt: skip


@given(st.permutations(NAMES))
def test_groups_do_not_depend_on_the_order(names):
    expected = clean.party_groups(pd.Series(NAMES)).set_axis(NAMES)
    found = clean.party_groups(pd.Series(names)).set_axis(names)
    assert found.reindex(NAMES).tolist() == expected.tolist()


def test_spellings_fall_together_and_others_apart():
    groups = clean.party_groups(pd.Series(NAMES)).set_axis(NAMES)
    assert groups["Siemens AG"] == groups["SIEMENS AKTIENGESELLSCHAFT"]
    assert groups["University of Iowa"] == groups["Univ Iowa"] != groups["Iowa State University"]
    assert groups.iloc[8] == groups.iloc[9] == groups.iloc[10]
    assert groups["Siemens AG"] != groups["Bosch GmbH"]


def test_missing_names_stay_missing():
    groups = clean.party_groups(pd.Series(["A Corp", None], index=["x", "y"]))
    assert groups.index.tolist() == ["x", "y"]
    assert pd.isna(groups["y"])


@pytest.mark.parametrize(
    ("name", "entity", "brand", "kind"),
    [
        ("浪潮（北京）电子信息产业有限公司", "浪潮电子信息产业", "浪潮", "company"),
        ("株式會社電裝", "电装", "电装", "company"),
        ("清华大学深圳研究生院", "清华大学", "", "university"),
        ("中国石油大学（北京）", "中国石油大学(北京)", "", "university"),
        ("第四军医大学", "空军军医大学", "", "university"),
        ("山东大学齐鲁医院(青岛)", "山东大学齐鲁医院", "", "hospital"),
        (
            "中国电子科技集团公司第三十八研究所",
            "中国电子科技集团公司第三十八研究所",
            "",
            "institute",
        ),
    ],
)
def test_chinese_names_taken_apart(name, entity, brand, kind):
    parsed = chinese.parse(name)
    assert (parsed.entity, parsed.brand, parsed.kind) == (entity, brand, kind)


def test_regions_of_names_and_addresses():
    assert regions.find("250101 山东省济南市历下区经十路") == ("山东", "济南", "历下区")
    assert regions.find("山东;37").province == "山东"
    assert chinese.parse("青岛海尔电冰箱有限公司").region == ("山东", "青岛", "")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("浪潮集团有限公司", "enterprise"),
        ("山东大学", "university"),
        ("山东省立医院", "hospital"),
        ("中国科学院自动化研究所", "research_institute"),
        ("济南市公安局", "government"),
        ("王小明", "individual"),
        ("欧阳中石", "individual"),
        ("Siemens AG", "enterprise"),
        ("Massachusetts General Hospital", "hospital"),
        ("Fraunhofer Institut", "research_institute"),
        ("Smith, John", "individual"),
        ("吉若  秀悟", "individual"),
        ("하덕주", "individual"),
        ("삼성전자주식회사", "enterprise"),
        ("Иванов Иван Иванович", "individual"),
        ("Shang Shiying,Superior,CO", "individual"),
        ("Dr K L Shunmuganathan", "individual"),
        ("Openai S R L", "enterprise"),
        ("US Dept Energy", "government"),
        ("US AGRICULTURE", "government"),
        ("US Energy Systems Inc", "enterprise"),
        ("SECR DEFENCE", "government"),
        ("Japan Science And Technology Agency", "government"),
        ("Her Majesty The Queen In Right Of Canada", "government"),
        ("The United States of America as Represented by the Secretary of the Navy", "government"),
        ("中国电子科技集团公司第十五研究所", "research_institute"),
        ("株式会社田中化学研究所", "enterprise"),
        ("中国科学院大学", "university"),
        ("Univ Konkuk Ind Coop Corp", "university"),
        ("某市第三中学", "government"),
        ("某县初级中学", "government"),
        ("某市高级技工学校", "government"),
        ("某某大学附属中学", "university"),
        ("某某高等专科学校", "university"),
        ("Lincoln High School", "government"),
        ("Foundation Brakes France", "enterprise"),
        ("Foundation For Blood Research", "research_institute"),
        ("Example Foundation", "government"),
        ("Hexagon Technology Center GmbH", "enterprise"),
    ],
)
def test_types(name, kind):
    assert party_types.party_type(name) == kind


def test_misspelt_generic_words_are_mended_and_brands_are_not():
    parsed = latin.parse_all(["ACME PHARMACEUTICLAS INC", "ACME PHARMACEUTICALS INC", "ACMA INC"])
    first, second, third = parsed.values()
    assert first.key == second.key != third.key


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ("不公告发明人", None),
        ("其他发明人请求不公开姓名", None),
        ("王 伟", "王伟"),
        ("Smith, John (US)", "Smith, John"),
        ("浪潮集团有限公司", None),
        ("N/A", None),
    ],
)
def test_placeholders_are_no_people(entry, name):
    assert inventor_names.person_name(entry) == name


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (("john", "a"), ("john", "adam"), inventor_names.INITIAL),
        (("john", "a"), ("john",), inventor_names.NO_INITIAL),
        (("john", "adam"), ("john",), inventor_names.NO_MIDDLE),
        (("bill",), ("william",), inventor_names.SHORT_FORM),
        (("johnathan",), ("jonathan",), inventor_names.ONE_EDIT),
        (("john", "a"), ("john", "b"), None),
        (("hee", "june"), ("heejune",), 0.0),
    ],
)
def test_names_that_may_be_one_person(a, b, expected):
    assert inventor_names.penalty(a, b) == expected


def test_namesakes_are_told_apart_by_their_filings():
    rows = [
        (f"a{i}", f"p{i}", "Li, Wei", "Chen, Bo|Li, Wei", "Huawei Technologies", "H04L", 2010 + i)
        for i in range(4)
    ] + [
        (f"b{i}", f"q{i}", "Li, Wei", "Smith, Ann|Li, Wei", "Pfizer Inc", "A61K", 2010 + i)
        for i in range(4)
    ]
    columns = ["mention_id", "publication_id", "name", "coinventors", "applicants",
               "classifications", "date"]  # fmt: skip
    mentions = pd.DataFrame(rows, columns=columns)
    mentions["date"] = mentions["date"].astype(str) + "-01-01"
    groups = clean.inventor_groups(mentions)
    assert groups.index.tolist() == mentions["mention_id"].tolist()
    assert groups[:4].nunique() == groups[4:].nunique() == 1
    assert groups.nunique() == 2
    shuffled = clean.inventor_groups(mentions.sample(frac=1, random_state=3))
    assert shuffled.reindex(groups.index).tolist() == groups.tolist()


def test_inventor_groups_names_what_is_missing():
    with pytest.raises(pnav.ArgumentError, match="lacks name"):
        clean.inventor_groups(pd.DataFrame({"mention_id": ["a"], "publication_id": ["p"]}))


def test_scores_by_hand():
    predicted = pd.Series({"a": 1, "b": 1, "c": 2, "d": None})
    truth = pd.Series({"a": "x", "b": "x", "c": "x", "d": "y"})
    scores = clean.identity_scores(predicted, truth)
    assert scores.loc["pairwise"].tolist() == pytest.approx([1.0, 1 / 3, 0.5])
    assert scores.loc["b_cubed", "recall"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)


def test_a_firm_is_not_told_by_the_state_it_is_incorporated_in():
    same = [
        "ELWHA LLC",
        "Elwha LLC, a limited liability company of the State of Delaware",
        "OF THE STATE OF DELAWARE ELWHA LLC A LTD LIABILITY CORP",
        "ELWHA LLC A LTD LIABILITY CORP STATE DELAWARE",
    ]
    others = [
        "DELAWARE CAPITAL FORMATION INC",
        "UNIV DELAWARE",
        "ALLEN CO A TEXAS CORPORATION",
        "A TEXAS CORP",
    ]
    found = group_names({*same, *others})["party_id"]
    assert found.reindex(same).nunique() == 1
    assert found.reindex([same[0], *others]).is_unique
