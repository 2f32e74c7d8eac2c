"""One test of whether a publication has an owner inside a region."""

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import ArgumentError, facts


def _set(*places):
    """One publication per place: (role, name, country, region, city, district, address)."""
    columns = ["role", "name_raw", "country", "region", "city", "district", "address"]
    rows = [
        {"publication_id": f"CN{i}A", "position": 1, **dict(zip(columns, place, strict=True))}
        for i, place in enumerate(places, start=1)
    ]
    return pnav.PatentSet.from_tables(
        {
            "publications": pd.DataFrame(index=[f"CN{i}A" for i in range(1, len(places) + 1)]),
            "parties": pd.DataFrame(rows),
        }
    )


def _one(region, *place):
    found = facts.inside(_set(("applicant", "甲公司", *place)), region).iloc[0]
    return None if pd.isna(found) else bool(found)


@pytest.mark.parametrize(
    ("region", "place", "expected"),
    [
        ("济南", ("CN", "山东", "济南", None, None), True),
        ("济南市", ("CN", "山东省", "济南市", None, None), True),
        ("济南", ("CN", "山东", "青岛", None, None), False),
        ("济南", ("CN", "山东", None, None, None), None),  # the city is not said
        ("济南", (None, None, None, None, "山东省济南市历下区经十路1号"), True),
        ("山东", (None, None, None, None, "山东省济南市历下区经十路1号"), True),
        ("河南", (None, None, None, None, "天津市河东区海河南路1号"), False),  # a road, no province
        ("历下区", ("CN", "山东", "济南", None, "山东省济南市历下区经十路1号"), True),
        ("历下", ("CN", "山东", "济南", "历城区", None), False),
        ("济南市历下区", ("CN", "山东", "济南", "历下区", None), True),
        ("济南", ("US", None, None, None, None), False),
        ("济南", (None, None, None, None, None), None),
        ("Texas", ("US", "Texas", "Austin", None, None), True),
        ("texas", ("US", "Ohio", None, None, None), False),
        ("US", ("US", None, None, None, None), True),
        ("US", ("DE", None, None, None, None), False),
    ],
)
def test_inside(region, place, expected):
    assert _one(region, *place) is expected


def test_owner_without_address_lies_where_it_lies_elsewhere():
    patents = _set(
        ("current_owner", "甲公司", None, None, None, None, None),
        ("applicant", "甲公司", "CN", "山东", "济南", None, None),
    )
    assert facts.inside(patents, "济南").tolist() == [True, True]
    assert facts.places(patents, "city")["place"].tolist() == ["济南", "济南"]


def test_agents_are_no_owners():
    patents = _set(("agent", "事务所", "CN", "山东", "济南", None, None))
    assert facts.inside(patents, "济南").isna().all()


def test_empty_region_is_refused():
    with pytest.raises(ArgumentError, match="names no place"):
        facts.inside(_set(("applicant", "甲", None, None, None, None, None)), " ")


@pytest.mark.parametrize(
    ("land", "place", "expected"),
    [
        ("CN", (None, "北京市", None, None, None), True),
        ("CN", (None, None, "济南", None, None), True),
        ("CN", (None, None, None, None, "山东省济南市历下区经十路1号"), True),
        ("CN", ("JP", None, None, None, None), False),
        ("JP", (None, "北京市", None, None, None), False),
        ("US", ("US", "CA", None, None, "1 Main St, Cnaan"), True),
        ("CN", (None, "CA", None, None, None), None),  # no division of China, no country
        ("CN", (None, None, None, None, None), None),
    ],
)
def test_a_province_tells_the_country(land, place, expected):
    assert _one(land, *place) is expected


def test_places_from_names_tell_of_no_country():
    patents = _set(("applicant", "甲公司", None, "北京", None, None, None))
    named = patents.parties.assign(place_source="name")
    patents = pnav.PatentSet.from_tables({"publications": patents.publications, "parties": named})
    assert facts.inside(patents, "CN").isna().all()
    assert bool(facts.inside(patents, "北京").iloc[0])
    # The seat of the first applicant is one all the same.
    assert facts.foreign_origin(patents).tolist() == [False]


def test_the_seat_of_the_first_applicant_tells_where_an_application_comes_from():
    patents = _set(
        ("applicant", "甲公司", None, "北京市", None, None, None),
        ("applicant", "Beta", None, None, None, None, None),
        ("applicant", "Gamma", "US", None, None, None, None),
    )
    found = facts.foreign_origin(patents)
    assert [None if pd.isna(v) else bool(v) for v in found] == [False, None, True]


def test_a_japanese_firm_is_not_placed_by_a_namesake():
    """Tokai is written like a county of Jiangsu."""
    patents = _set(
        ("applicant", "株式会社东海理化电机制作所", None, None, None, None, None),
        ("applicant", "东海县云峰机械有限公司", None, None, None, None, None),
    )
    found = pnav.clean.resolve_parties(patents).parties.set_index("publication_id")["region"]
    assert pd.isna(found["CN1A"])
    assert found["CN2A"] == "江苏"
