"""Owners, concentration, specialisation: worked by hand."""

import numpy as np
import pandas as pd
import pytest

from patentnav import (
    ArgumentError,
    MissingColumnError,
    MissingTableError,
    PatentSet,
    facts,
    indicators,
)


def test_current_owner_before_applicant_and_ids_before_names(make):
    patents = make(
        publications=[{"publication_id": p} for p in ("CN1A", "CN2A", "CN3A")],
        parties=[
            {"publication_id": "CN1A", "role": "applicant", "position": 1, "name_raw": "Old",
             "name": None, "party_id": None},
            {"publication_id": "CN1A", "role": "current_owner", "position": 1, "name_raw": "New Co",
             "name": "New", "party_id": "P9"},
            {"publication_id": "CN2A", "role": "applicant", "position": 2, "name_raw": "Beta",
             "name": None, "party_id": None},
            {"publication_id": "CN2A", "role": "applicant", "position": 1, "name_raw": "Alpha Ltd",
             "name": "Alpha", "party_id": None},
            {"publication_id": "CN3A", "role": "agent", "position": 1, "name_raw": "Agency",
             "name": None, "party_id": None},
        ],
    )  # fmt: skip
    first = facts.owners(patents).set_index("publication_id")
    assert first["owner"].to_dict() == {"CN1A": "P9", "CN2A": "Alpha"}
    assert first.loc["CN1A", "name"] == "New"
    shared = facts.owners(patents, which="all").query("publication_id == 'CN2A'")
    assert shared["weight"].tolist() == [0.5, 0.5]
    with pytest.raises(ArgumentError):
        facts.owners(patents, "person")


def test_without_parties_owners_are_unknown(make):
    with pytest.raises(MissingTableError):
        facts.owners(make(publications=[{"publication_id": "CN1A"}]))


def test_places_of_the_owners(make):
    """CN1A belongs to two owners in J and one in Q; CN2A to one of unknown place; CN3A's agent is no owner."""
    rows = [("CN1A", "applicant", 1, "A", "J"), ("CN1A", "applicant", 2, "B", "Q"),
            ("CN1A", "applicant", 3, "C", "J"), ("CN2A", "applicant", 1, "D", None),
            ("CN3A", "applicant", 1, "A", "J"), ("CN3A", "agent", 1, "Z", "X")]  # fmt: skip
    names = ["publication_id", "role", "position", "name_raw", "city"]
    patents = make(
        publications=[{"publication_id": p} for p in ("CN1A", "CN2A", "CN3A")],
        parties=[dict(zip(names, row, strict=True)) for row in rows],
    )
    table = facts.places(patents)
    weights = table.set_index(["publication_id", "place"])["weight"].to_dict()
    assert weights == pytest.approx({("CN1A", "J"): 2 / 3, ("CN1A", "Q"): 1 / 3, ("CN3A", "J"): 1})
    assert table.attrs["unplaced"] == 1
    with pytest.raises(MissingColumnError, match="resolve_parties"):
        facts.places(patents, "district")
    with pytest.raises(ArgumentError, match="region"):
        facts.places(patents, "town")


def test_concentration_by_hand():
    """Shares 0.4, 0.3, 0.1, 0.1, 0.1.

    CR4 = 0.9, CR8 = 1, HHI = 0.16 + 0.09 + 3 * 0.01 = 0.28,
    H = -(0.4 ln 0.4 + 0.3 ln 0.3 + 0.3 ln 0.1) = 0.366516 + 0.361192 + 0.690776 = 1.418484.
    """
    frame = pd.DataFrame({"firm": list("aaaabbbcde")}, index=[f"CN{i}A" for i in range(10)])
    row = indicators.concentration(PatentSet.from_tables({"publications": frame}), by="firm").iloc[
        0
    ]
    assert row["units"] == 10
    assert row["n"] == 5
    assert row["cr4"] == pytest.approx(0.9)
    assert row["cr8"] == pytest.approx(1)
    assert row["hhi"] == pytest.approx(0.28)
    assert row["entropy"] == pytest.approx(1.418484, abs=1e-6)


def test_concentration_within_groups():
    frame = pd.DataFrame(
        {"firm": list("aabb"), "field": list("xxxy")}, index=[f"CN{i}A" for i in range(4)]
    )
    patents = PatentSet.from_tables({"publications": frame})
    result = indicators.concentration(patents, by="firm", within="field").set_index("group")
    assert result.loc["x", "hhi"] == pytest.approx(4 / 9 + 1 / 9)
    assert result.loc["y", "hhi"] == 1
    assert result.loc["y", "entropy"] == 0


def test_concentration_of_nothing_is_unknown():
    patents = PatentSet.from_tables({"publications": pd.DataFrame({"firm": [None]}, index=["A1A"])})
    row = indicators.concentration(patents, by="firm").iloc[0]
    assert row["n"] == 0
    assert np.isnan(row["hhi"])


@pytest.fixture
def cities():
    """Build counts: city a 6 x, 2 y; city b 2 x, 10 y."""
    rows = [("a", "x")] * 6 + [("a", "y")] * 2 + [("b", "x")] * 2 + [("b", "y")] * 10
    frame = pd.DataFrame(rows, columns=["city", "field"], index=[f"CN{i:02}A" for i in range(20)])
    return PatentSet.from_tables({"publications": frame})


def test_rta_by_hand(cities):
    """RTA(a, x) = (6/8) / (8/20) = 1.875; symmetric 0.875 / 2.875; RPA = 100 tanh(ln 1.875).

    RTA(a, y) = (2/8) / (12/20) = 0.416667, RTA(b, x) = (2/12) / 0.4, RTA(b, y) = (10/12) / 0.6.
    """
    result = indicators.specialisation(cities, "field", "city").set_index(["entity", "group"])
    assert result["rta"].tolist() == pytest.approx([1.875, 5 / 12, 5 / 12, 25 / 18])
    one = result.loc[("a", "x")]
    assert one["symmetric"] == pytest.approx(0.875 / 2.875)
    assert one["rpa"] == pytest.approx(100 * np.tanh(np.log(1.875)))
    assert one["count"] == 6


def test_rta_against_a_population(cities):
    """The set has 8 of 20 in x, the population half: 0.8; z is absent here: 0, RPA -100."""
    reference = pd.Series({"x": 500, "y": 300, "z": 200})
    result = indicators.specialisation(cities, "field", reference=reference).set_index("group")
    assert result["rta"].tolist() == pytest.approx([0.8, 2.0, 0.0])
    assert result.loc["z", "rpa"] == -100
    assert result.loc["z", "symmetric"] == -1


def test_rta_where_the_reference_has_none_is_unknown(cities):
    result = indicators.specialisation(cities, "field", reference=pd.Series({"x": 5}))
    assert result.set_index("group")["rta"].isna().tolist() == [False, True]
