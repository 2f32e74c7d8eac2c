import pandas as pd

import patentnav as pnav
from patentnav import clean, facts


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


def test_names_of_different_aliases_stay_apart():
    names = ["Alpha Widgets Inc", "Alpha Widgets Corp", "AW", "AWC"]
    patents = make([(f"CN{i}A", name) for i, name in enumerate(names)])
    assert clean.resolve_parties(patents).parties["party_id"].iloc[:2].nunique() == 1
    aliases = {"AW": "Alpha Widgets Inc", "AWC": "Alpha Widgets Corp"}
    party = clean.resolve_parties(patents, aliases=aliases).parties["party_id"].tolist()
    assert party[0] == party[2] != party[1] == party[3]


def test_the_order_of_rows_changes_no_party_and_no_group():
    rows = [
        ("CN1A", "浪潮集团有限公司"), ("CN2A", "浪潮（北京）电子信息产业有限公司"),
        ("CN3A", "Siemens AG"), ("CN4A", "SIEMENS AKTIENGESELLSCHAFT"), ("CN5A", "山东大学"),
        ("CN6A", "山东大学齐鲁医院"), ("CN7A", "Toyota Motor Corp"),
    ]  # fmt: skip
    columns = ["publication_id", "party_id", "group_id", "name", "party_type"]
    found = [clean.resolve_parties(make(order)).parties[columns] for order in (rows, rows[::-1])]
    first, second = (f.sort_values("publication_id", ignore_index=True) for f in found)
    pd.testing.assert_frame_equal(first, second)


def two_scripts(*lists):
    """Parties of publications; each list names the applicants of one."""
    rows = [(f"JP{i}A", p, name) for i, names in enumerate(lists) for p, name in enumerate(names)]
    parties = pd.DataFrame(rows, columns=["publication_id", "position", "name_raw"])
    ids = sorted(parties["publication_id"].unique())
    publications = pd.DataFrame({"publication_id": ids, "title": "t"})
    return pnav.PatentSet.from_tables({"publications": publications, "parties": parties})


def test_lists_in_two_scripts_join_names_that_were_seen_twice():
    both = ["Sumitomo Metal Mining Co Ltd", "住友金属鉱山株式会社"]
    parties = clean.resolve_parties(two_scripts(both, both)).parties
    assert parties["party_id"].nunique() == 1
    assert clean.resolve_parties(two_scripts(both)).parties["party_id"].nunique() == 2


def test_a_latin_name_of_one_town_is_no_firm_of_another():
    both = ["Hangzhou Zero Zero Technology Co Ltd", "北京零零无限科技有限公司"]
    assert clean.resolve_parties(two_scripts(both, both)).parties["party_id"].nunique() == 2


def test_people_and_firms_of_like_names_stay_apart():
    names = ["Cartwright Shawn", "CARTWRIGHT SHAWNS INC"]
    parties = clean.resolve_parties(make([(f"US{i}A", n) for i, n in enumerate(names)])).parties
    assert parties["party_type"].tolist() == ["individual", "enterprise"]
    assert parties["party_id"].nunique() == 2


def test_district_of_an_address():
    patents = make([("CN1A", "甲公司")])
    parties = patents.parties.assign(address="250101 山东省济南市历下区经十路")
    step = patents.provenance[-1]
    found = clean.resolve_parties(patents.replace(step, parties=parties)).parties
    assert found[["region", "city", "district"]].iloc[0].tolist() == ["山东", "济南", "历下区"]


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


def test_a_joint_venture_that_a_vendor_files_under_one_parent_does_not_join_the_other():
    # incoPat standardises both to the American parent; their own names say two known groups.
    names = ["通用汽车环球科技运作有限责任公司", "General Motors Llc", "GM Global Technology Operations Llc",
             "上汽通用五菱汽车股份有限公司", "上汽大众汽车有限公司"]  # fmt: skip
    vendor = ["通用汽车-C"] * 4 + ["上汽大众"]
    resolved = pnav.clean.resolve_parties(_parties(names * 3, vendor * 3))
    group = resolved.parties.drop_duplicates("name_raw").set_index("name_raw")["group_id"]
    assert group.iloc[:3].nunique() == 1
    assert group["上汽通用五菱汽车股份有限公司"] == group["上汽大众汽车有限公司"] != group.iloc[0]


def test_a_group_with_a_chinese_name_has_it_where_owners_are_written_in_chinese():
    names = [
        "General Motors Llc",
        "GM Global Technology Operations Llc",
        "GM Cruise Holdings Llc",
    ] * 3
    names += ["通用汽车有限责任公司"] * 2 + [f"单位{i}科技有限公司" for i in range(12)]
    vendor = ["通用汽车-C"] * 11 + [None] * 12
    mixed = pnav.clean.resolve_parties(_parties(names, vendor))
    assert "通用汽车" in set(facts.owners(mixed, "group", which="all")["name"])
    foreign = pnav.clean.resolve_parties(_parties(names[:-12], vendor[:-12]))
    assert "通用汽车" not in set(facts.owners(foreign, "group", which="all")["name"])


def _parties(names: list[str], vendor: list[str | None]) -> pnav.PatentSet:
    ids = [f"CN{100000000 + i}A" for i in range(len(names))]
    return pnav.PatentSet.from_tables(
        {
            "publications": pd.DataFrame({"authority": "CN"}, index=pd.Index(ids, name="publication_id")),
            "parties": pd.DataFrame({"publication_id": ids, "name_raw": names, "name_standard": vendor}),
        }
    )  # fmt: skip


def groups_of(parties, inventors):
    found = clean.resolve_parties(make(parties, inventors)).parties
    return found.groupby("name")["group_id"].first()


def two_firms(*, shared: int) -> tuple[list, list]:
    """Two firms of one town under a word that many use; so many filings of one name people of both."""
    names = ["深圳市虚拟现实科技有限公司", "深圳市虚拟现实技术有限公司"]
    parties = [(f"CN{10 * f + i}A", name) for f, name in enumerate(names) for i in range(6 - f)]
    people = {f"CN{i}A": ["王甲", "党乙"] for i in range(6)}
    people |= {
        f"CN{10 + i}A": [["王甲"], ["党乙"]][i % 2] if i < shared else ["钱丁"] for i in range(5)
    }
    return parties, [(p, n) for p, names in people.items() for n in names]


def test_firms_of_one_town_and_word_are_a_group_where_the_same_people_invent_for_both():
    """3Glasses files as two legal entities at the same time: not a former name, but one group."""
    assert groups_of(*two_firms(shared=3)).nunique() == 1
    assert groups_of(*two_firms(shared=2)).nunique() == 2  # not more than half of its filings
    assert groups_of(*two_firms(shared=1)).nunique() == 2  # one person may be a namesake
    found = clean.resolve_parties(make(*two_firms(shared=3))).parties
    assert found["party_id"].nunique() == 2


def test_provincial_power_companies_and_their_schools_are_the_state_grid():
    state = [
        "国家电网有限公司",
        "江苏省电力公司",
        "福建省电力有限公司",
        "江苏省电力公司徐州供电公司",
        "江苏省电力试验研究院有限公司",
        "山东电力研究院",
        "山东电力集团公司临沂供电公司",
        "上海市电力公司",
        "新疆电力公司",
        "山东电力高等专科学校",
        "保定电力职业技术学院",
        "四川电力职业技术学院",
        "华东天荒坪抽水蓄能有限责任公司",
    ]
    others = [
        "广东省电力公司",
        "内蒙古电力(集团)有限责任公司",
        "云南电力试验研究院有限公司",
        "台湾电力公司",
        "上海电力股份有限公司",
        "江苏省电力设计院",
        "江苏电力装备有限公司",
        "浙江省电力变压器有限公司",
        "江山市电力发展有限责任公司",
        "上海电力学院",
        "郑州电力职业技术学院",
    ]
    found = groups_of([(f"CN{i}A", name) for i, name in enumerate([*state, *others])], ())
    grid = found["国家电网有限公司"]
    # A unit is folded into its company, whose name stands for both.
    kept = [name for name in state if name in found.index]
    assert len(kept) >= len(state) - 1
    assert (found[kept] == grid).all()
    assert not found[others].eq(grid).any()


def test_a_standard_name_alone_joins_no_firms_of_two_provinces_without_a_word_of_their_own():
    names = ["深圳市虚拟现实科技有限公司"] * 3 + ["广西虚拟现实科技有限公司"]
    names += ["武汉天马微电子有限公司"] * 2 + ["上海天马微电子有限公司"]  # a word of their own
    vendor = ["深圳市虚拟现实科技有限公司"] * 4 + ["武汉天马微电子有限公司"] * 3
    found = clean.resolve_parties(_parties(names, vendor)).parties
    group = found.groupby("name_raw")["group_id"].first()
    assert group["深圳市虚拟现实科技有限公司"] != group["广西虚拟现实科技有限公司"]
    assert group["武汉天马微电子有限公司"] == group["上海天马微电子有限公司"]


def test_subsidiaries_of_the_grids_are_of_their_group():
    state = [
        "国家电网有限公司",
        "国网江苏省电力有限公司",
        "国电南瑞科技股份有限公司",
        "中国电力科学研究院有限公司",
    ]
    south = ["中国南方电网有限责任公司", "广东电网有限责任公司电力科学研究院", "深圳供电局有限公司"]
    names = [*state, *south, "长沙电力设计院有限公司", "华北电力大学"]
    found = groups_of([(f"CN{i}A", name) for i, name in enumerate(names)], ())
    assert found[state].nunique() == found[south].nunique() == 1
    assert found.nunique() == 4


def test_a_standard_name_joins_no_firms_of_a_province_and_a_city_in_it_without_own_words():
    city, province = "深圳市虚拟现实科技有限公司", "广东虚拟现实科技有限公司"
    rows = [("CN1A", city), ("CN2A", city), ("CN3A", province)]
    people = [
        ("CN1A", "甲一"),
        ("CN1A", "乙二"),
        ("CN2A", "丙三"),
        ("CN3A", "丁四"),
        ("CN3A", "戊五"),
    ]

    def groups(inventors):
        patents = make(rows, inventors)
        parties = patents.parties.assign(name_standard=city)
        patents = patents.replace(patents.provenance[-1], parties=parties)
        return clean.resolve_parties(patents).parties["group_id"].nunique()

    assert groups(people) == 2
    assert groups([*people[:3], ("CN3A", "甲一"), ("CN3A", "乙二")]) == 1  # the same people


def test_a_research_centre_that_files_with_its_firm_alone_is_the_firms():
    def parties(third):
        rows = [("CN1A", "星海电子(中国)研发中心"), ("CN1A", "星海电子株式会社"), ("CN2A", third)]
        patents = make([(p, n) for p, n in rows])
        return clean.resolve_parties(patents).parties

    found = parties("星海电子株式会社")
    assert found["group_id"].nunique() == 1
    assert set(found["party_type"]) == {"enterprise"}
    # A filing without the firm: an organisation of its own.
    found = parties("星海电子(中国)研发中心")
    assert found["group_id"].nunique() == 2
    assert set(found["party_type"]) == {"enterprise", "research_institute"}


def test_a_translated_name_is_of_no_chinese_place():
    names = ["德州仪器公司", "德州机械股份有限公司", "德州机械公司", "上海市电力公司"]
    patents = make([(f"CN{i}A", n) for i, n in enumerate(names)])
    found = clean.resolve_parties(patents).parties
    assert found["city"].fillna("").tolist() == ["", "德州", "德州", "上海"]
    # Its group is written in Latin letters.
    names = ["北海之星公司", "Northsea Star Inc", "Northsea Star Inc"]
    patents = make([(f"CN{i}A", n) for i, n in enumerate(names)])
    parties = patents.parties.assign(name_standard="北海之星")
    patents = patents.replace(patents.provenance[-1], parties=parties)
    assert clean.resolve_parties(patents).parties["city"].isna().all()


def test_a_town_in_front_of_a_brand_at_home_tells_a_daughter():
    from patentnav.clean.party_links import known_brand

    assert known_brand("Anhui Cambricon Information Technology Co Ltd") == "寒武纪"
    assert known_brand("Shenzhen Huawei Tech Co Ltd") == "华为"
    # A venture of a foreign firm is no daughter of it, and a town is no brand.
    assert known_brand("Beijing Hyundai Motor Co Ltd") == ""
    assert known_brand("Anhui Information Technology Co Ltd") == ""


def test_who_invents_and_signs_with_a_firm_is_a_person():
    parties = [("US1A", "Intel Corporation"), ("US1A", "Zhao Jiangsu"), ("US1A", "Sun Pingping")]
    parties += [("US2A", "Jiangsu Heavy Works"), ("US2A", "Intel Corporation")]
    inventors = [("US1A", "Zhao, Jiangsu"), ("US1A", "Sun Pingping"), ("US2A", "Li Wei")]
    found = clean.resolve_parties(make(parties, inventors)).parties
    kinds = dict(zip(found["name_raw"], found["party_type"], strict=True))
    assert kinds["Zhao Jiangsu"] == "individual"
    assert kinds["Intel Corporation"] == "enterprise"
    assert kinds["Jiangsu Heavy Works"] == "enterprise"
    # Without a record of inventors: a town behind one word, among persons who sign with a firm.
    alone = clean.resolve_parties(make([*parties, ("US3A", "Haval Jiangsu")])).parties
    kinds = dict(zip(alone["name_raw"], alone["party_type"], strict=True))
    assert kinds["Zhao Jiangsu"] == "individual"
    assert kinds["Haval Jiangsu"] == "enterprise"


def test_a_university_that_a_vendor_files_under_an_academy_stands_for_itself():
    """The academy runs it; what it files is no filing of an institute."""
    names = ["中国科学院声学研究所", "中国科学院光学研究所", "东海科学技术大学"]
    vendor = ["中国科学院"] * 3
    found = clean.resolve_parties(_parties(names * 2, vendor * 2)).parties
    groups = found.drop_duplicates("name_raw").set_index("name_raw")["group_id"]
    assert groups[names[0]] == groups[names[1]]
    assert groups[names[2]] != groups[names[0]]


def test_people_beside_a_firm_are_inventors_where_the_law_made_them_applicants():
    """PCT rule 4.5; in China a person beside a firm is an applicant by choice."""
    rows = [
        (number, name)
        for number in ("WO2020111111A1", "CN111111111A")
        for name in ("Novacell Corporation", "Muster, Anna")
    ]
    rows.append(("WO2020222222A1", "Muster, Anna"))
    found = clean.resolve_parties(make(rows)).parties
    assert found["party_type"].tolist() == ["enterprise", "individual"] * 2 + ["individual"]
    presumed = found[found["is_inventor"].notna()]
    assert presumed["publication_id"].tolist() == ["WO2020111111A1"]
    assert presumed["name_raw"].tolist() == ["Muster, Anna"]
    assert presumed["is_inventor"].all()
    owners = facts.owners(clean.resolve_parties(make(rows)), which="all", inventors=False)
    assert owners.groupby("publication_id").size().to_dict() == {
        "CN111111111A": 2, "WO2020111111A1": 1, "WO2020222222A1": 1,
    }  # fmt: skip
