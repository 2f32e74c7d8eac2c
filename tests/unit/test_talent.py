import pandas as pd
import pytest

import patentnav as pnav
from patentnav import talent


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
    table = talent.profiles(make(), min_records=5)
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
    assert flows.to_numpy().tolist() == [["X", "Y", 1]]


def test_dependence():
    table = talent.dependence(make(), min_units=3).set_index("owner")
    assert table.loc["B", "top_share"] == 1.0
    assert table.loc["B", "people_for_half"] == 1
    assert table.loc["A", "units"] == 4


def test_teams_and_roles():
    found = talent.teams(make(), min_people=2)
    assert found.members["I-a"] == found.members["I-b"]
    assert found.table["stability"].between(0, 1).all()
    roles = talent.roles(make(), min_records=5)
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
        talent.dependence(patents, min_units=2, masked=True),
        talent.candidates(patents, memberships, "X", min_records=2, masked=True),
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
    table = talent.candidates(patents, memberships, "Y", min_records=2).set_index("inventor_id")
    assert table.loc["I-d", "inside"]
    assert not table.loc["I-b", "inside"]
    assert table.loc["I-a", "rank"] == 1


def test_unresolved_set_is_told():
    patents = make()
    raw = patents.inventors.assign(inventor_id=None)
    step = patents.provenance[-1]
    with pytest.raises(pnav.MissingColumnError, match="resolve_inventors"):
        talent.profiles(patents.replace(step, inventors=raw))
