import pandas as pd
import pytest

import patentnav as pnav
from patentnav import talent
from patentnav.talent import mobility


def make():
    rows = [
        # id, year, owner, people
        ("CN01A", 2010, "A", "ab"),
        ("CN02A", 2011, "A", "ab"),
        ("CN03A", 2012, "A", "abc"),
        ("CN04A", 2018, "B", "a"),
        ("CN05A", 2019, "B", "ad"),
        ("CN06A", 2020, "B", "ad"),
        ("CN07A", 2020, "C", "c"),
        ("CN08A", 2020, "A", "c"),
    ]
    frame = pd.DataFrame(rows, columns=["publication_id", "year", "owner", "people"])
    inventors = frame[["publication_id", "people"]].assign(name=frame["people"].map(list))
    inventors = inventors.explode("name").drop(columns="people")
    inventors["position"] = inventors.groupby("publication_id").cumcount() + 1
    return pnav.PatentSet.from_tables(
        {
            "publications": pd.DataFrame(
                {
                    "publication_id": frame["publication_id"],
                    "application_date": pd.to_datetime(frame["year"].astype(str) + "-06-01"),
                }
            ),
            "parties": pd.DataFrame(
                {
                    "publication_id": frame["publication_id"],
                    "name_raw": frame["owner"],
                    "name": frame["owner"],
                    "group_id": "G-" + frame["owner"],
                    "party_type": "enterprise",
                    "region": frame["owner"].map({"A": "X", "B": "Y"}),
                }
            ),
            "inventors": inventors.assign(
                name_raw=inventors["name"], inventor_id="I-" + inventors["name"], confidence=0.9
            ),
        }
    )


def test_profile_counts_and_keeps_silent_on_thin_data():
    table = talent.profiles(make(), min_count=5)
    a = table.loc["I-a"]
    assert a["units"] == 6
    assert a["output"] == pytest.approx(0.5 + 0.5 + 1 / 3 + 1 + 0.5 + 0.5)
    assert (a["first_year"], a["last_year"], a["years_active"], a["coinventors"]) == (
        2010,
        2020,
        6,
        3,
    )
    assert a["owners"] == 2
    assert a["owner_share"] == 0.5
    d = table.loc["I-d"]
    assert not d["enough"]
    assert pd.isna(d["owner_share"])
    assert d["units"] == 2


def test_move_needs_both_sides_and_no_overlap():
    moved = talent.moves(make())
    assert moved[["inventor_id", "from_owner", "to_owner"]].to_numpy().tolist() == [
        ["I-a", "A", "B"]
    ]
    assert moved.loc[0, "units_before"] == 3
    flows = talent.region_flows(moved)
    assert flows.columns.tolist() == ["from_region", "to_region", "people", "units_after"]
    assert flows.to_numpy().tolist() == [["X", "Y", 1, 3]]


def changed(rows):
    """Filings of ``publication_id, year, owner, people``, every name a person that is sure."""
    frame = pd.DataFrame(rows, columns=["publication_id", "year", "owner", "people"])
    people = frame.assign(name=frame["people"].str.split()).explode("name")
    filed = pd.to_datetime(frame["year"].astype(str) + "-06-01")
    return pnav.PatentSet.from_tables(
        {
            "publications": frame[["publication_id"]].assign(application_date=filed),
            "parties": frame[["publication_id"]].assign(
                name_raw=frame["owner"], name=frame["owner"], group_id="G-" + frame["owner"]
            ),
            "inventors": people[["publication_id", "name"]].assign(
                name_raw=people["name"], inventor_id="I-" + people["name"], confidence=0.9999
            ),
        }
    )


def test_a_frequent_name_alone_is_no_likely_move_and_a_rare_one_is():
    """Nobody else in common: the name tells, and the filings alone never make it certain."""
    crowd = " ".join(f"{a}{b}{c}" for a in "赵钱孙李周" for b in "一二三四五" for c in "甲乙丙丁戊")
    rows = [("CN1A", 2012, "甲电池有限公司", "王强 李明 " + crowd), ("CN2A", 2016, "乙大学", "王强 赵敏"),
            ("CN3A", 2012, "丙科技有限公司", "璩骞翀 周舟"), ("CN4A", 2016, "丁医院", "璩骞翀 吴楠")]  # fmt: skip
    moved = talent.moves(changed(rows)).set_index("name")
    assert moved.loc["王强", "same_person"] < 0.5
    assert talent.LIKELY <= moved.loc["璩骞翀", "probability"] <= 0.9
    assert not moved["together"].any()
    # A transliteration has no share of Chinese characters.
    rows = [
        ("CN1A", 2012, "甲科技有限公司", "埃德温·霍夫斯塔德"),
        ("CN2A", 2016, "乙大学", "埃德温·霍夫斯塔德"),
    ]
    assert talent.moves(changed(rows)).loc[0, "same_person"] == 0.5


def test_people_who_appear_together_at_two_owners_are_affiliates_and_no_moves():
    rows = [("CN3A", 2012, "丙科技有限公司", "陈晨 周舟"), ("CN4A", 2016, "丁医院", "陈晨 周舟")]
    moved = talent.moves(changed(rows))
    assert moved["together"].all()
    assert moved["probability"].max() <= 0.2
    found = talent.affiliates(moved)
    assert found[["from_owner", "to_owner", "people"]].to_numpy().tolist() == [
        ["丙科技有限公司", "丁医院", 2]
    ]
    # The colleague has filed there before: one move, and still together.
    rows = [("CN0A", 2005, "丁医院", "周舟"), *rows]
    moved = talent.moves(changed(rows))
    assert set(moved["name"]) == {"陈晨"}
    assert moved["together"].all()


def test_an_owner_whose_people_are_the_formers_is_an_affiliate():
    staff = "璩骞翀 麴姽婳 酆郗鄢 逄缑亢"
    rows = [("CN1A", 2012, "甲科技有限公司", staff), ("CN2A", 2014, "乙电气有限公司", "璩骞翀"),
            ("CN3A", 2011, "乙电气有限公司", "麴姽婳"), ("CN4A", 2011, "乙电气有限公司", "酆郗鄢")]  # fmt: skip
    moved = talent.moves(changed(rows)).set_index("name")
    assert moved.loc["璩骞翀", "together"]
    assert moved.loc["璩骞翀", "probability"] <= 0.2


def test_three_who_go_the_same_way_are_no_three_moves():
    """Units of one institution: a part of a large staff files under another name."""
    staff = " ".join(f"同事{i}" for i in range(20))
    rows = [("CN1A", 2018, "航天训练中心", staff), ("CN2A", 2018, "航天训练中心", "甲一 乙二 丙三"),
            ("CN3A", 2021, "六三九一九部队", "甲一 乙二 丙三")]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["publication_id", "year", "owner", "people"])
    people = frame.assign(name=frame["people"].str.split()).explode("name")
    filed = pd.to_datetime(frame["year"].astype(str) + "-06-01")
    patents = pnav.PatentSet.from_tables(
        {
            "publications": frame[["publication_id"]].assign(application_date=filed),
            "parties": frame[["publication_id"]].assign(
                name_raw=frame["owner"], name=frame["owner"], group_id="G-" + frame["owner"]
            ),
            "inventors": people[["publication_id", "name"]].assign(
                name_raw=people["name"], inventor_id="I-" + people["name"], confidence=0.9999
            ),
        }
    )
    assert len(talent.moves(patents)) == 3
    assert talent.moves(patents, min_probability=talent.LIKELY).empty


def test_dependence():
    table = talent.dependence(make(), min_count=3).set_index("owner")
    assert table.loc["B", "top_share"] == 1.0
    assert table.loc["B", "people_for_half"] == 1
    assert table.loc["A", "units"] == 4


def test_teams_and_roles():
    found = talent.teams(make(), min_people=2)
    assert found.members["I-a"] == found.members["I-b"]
    assert found.table["stability"].between(0, 1).all()
    roles = talent.roles(make(), min_count=5)
    assert roles.loc["I-a", "core"]
    assert roles.loc["I-b", ["core", "key_person", "bridge", "rising"]].isna().all()


def test_masks_hide_names_everywhere():
    patents = make()
    memberships = pd.DataFrame(
        {"publication_id": patents.publications.index, "industry": "ict", "weight": 1.0}
    )
    tables = [
        talent.profiles(patents, masked=True),
        talent.roles(patents, masked=True),
        talent.moves(patents, masked=True),
        talent.dependence(patents, min_count=2, masked=True),
        talent.candidates(patents, memberships, "X", min_count=2, masked=True),
        talent.teams(patents, min_people=2, masked=True).table,
    ]
    for table in tables:
        text = table.reset_index().to_csv()
        assert "I-" not in text
        assert "name" not in table or table["name"].str.startswith("#").all()


def test_candidates_inside_and_outside():
    patents = make()
    memberships = pd.DataFrame(
        {"publication_id": patents.publications.index, "industry": "ict", "weight": 1.0}
    )
    table = talent.candidates(patents, memberships, "Y", min_count=2).set_index("inventor_id")
    assert table.loc["I-d", "inside"]
    assert not table.loc["I-b", "inside"]
    assert table.loc["I-a", "rank"] == 1


def test_unresolved_set_is_told():
    patents = make()
    raw = patents.inventors.assign(inventor_id=None)
    step = patents.provenance[-1]
    with pytest.raises(pnav.MissingColumnError, match="resolve_inventors"):
        talent.profiles(patents.replace(step, inventors=raw))


def test_owners_over_time_and_coinventors():
    spells = talent.tenures(make())
    a = spells[spells["inventor_id"] == "I-a"]
    assert a["owner"].tolist() == ["A", "B"]
    assert a["units"].tolist() == [3, 3]
    assert a["last"].iloc[0] < a["first"].iloc[1]
    pairs = talent.coinventors(make()).set_index(["inventor_id", "coinventor_id"])
    assert pairs.loc[("I-a", "I-b"), "units"] == pairs.loc[("I-b", "I-a"), "units"] == 3
    assert pairs.loc[("I-a", "I-d"), ["first_year", "last_year"]].tolist() == [2019, 2020]


def test_masked_set_names_nobody_in_anything_made_of_it(tmp_path):
    patents = make()
    parties = patents.parties
    own = parties.iloc[:1].assign(
        position=9, name_raw="Own Inventor", name="Own Inventor", party_type="individual",
        party_id="P-own", group_id="G-own", address="Home Street 1",
    )  # fmt: skip
    step = patents.provenance[-1]
    inventors = patents.inventors.assign(name="Name " + patents.inventors["name"])
    patents = patents.replace(step, parties=pd.concat([parties, own]), inventors=inventors)
    masked = talent.mask(patents)
    file = tmp_path / "people.gexf"
    pnav.network.export(pnav.network.inventors(masked), file)
    texts = [getattr(masked, name).to_csv() for name in masked.tables]
    texts += [file.read_text(encoding="utf-8"), talent.profiles(masked).to_csv()]
    for text in texts:
        assert "Name " not in text
        assert "I-" not in text
        assert "Own Inventor" not in text
        assert "Home Street" not in text
    assert masked.parties["name"].isin(["A", "B", "C"]).sum() == len(parties)
    assert len(talent.profiles(masked)) == len(talent.profiles(patents))


def test_map_places_people_with_team_and_role():
    plain = talent.talent_map(make())
    assert plain.people[["x", "y"]].notna().all(axis=None)
    assert plain.people.loc["I-a", "role"] == "key_person"
    assert set(plain.graph) == set(plain.people.index)
    few = talent.talent_map(make(), top=2)
    assert few.people["x"].notna().tolist() == [True, True, False, False]
    assert set(few.graph) == set(plain.people.index[:2])
    hidden = talent.talent_map(make(), masked=True)
    assert hidden.people["name"].str.startswith("#").all()
    assert set(hidden.graph) == set(hidden.people.index)
    assert all(d["name"].startswith("#") for _, d in hidden.graph.nodes(data=True))


def test_placed_people_stand_in_the_order_of_the_network():
    patents = pnav.clean.resolve_inventors(pnav.datasets.city(200).patents)
    whole, few = talent.talent_map(patents), talent.talent_map(patents, top=20)
    placed = set(few.graph)
    assert len(placed) == 20 < len(whole.graph) // 2
    assert list(few.graph) == [person for person in whole.graph if person in placed]
    ties = [(a, b) for a, b in whole.graph.edges if a in placed and b in placed]
    assert list(few.graph.edges) == ties


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("徐州拓普互动智能科技有限公司", "拓普虚拟现实技术研究院", True),
        ("中国大唐集团科学技术研究院有限公司", "大唐郓城发电有限公司", True),
        ("F Hoffmann La Roche Ag", "Roche Diagnostics Gmbh", True),
        ("甲星科技有限公司", "甲星(上海)软件有限公司", True),
        ("GE Avio S.r.l.", "General Electric Company", True),
        ("GE Avio S.r.l.", "General Motors LLC", False),
        ("国家电网有限公司", "国家能源集团有限公司", False),
        ("中国南方电网有限责任公司", "中国南方航空股份有限公司", False),
        ("南京大学", "南京航空航天大学", False),
        ("清华大学", "清华同方股份有限公司", False),
        ("General Electric Company", "General Motors LLC", False),
        ("National Research Council", "National Instruments Corp", False),
    ],
)
def test_names_that_bear_one_another(one, other, same):
    assert mobility.bears_the_name(one, other) is same
    assert mobility.bears_the_name(other, one) is same
