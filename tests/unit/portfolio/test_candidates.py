"""Candidates beyond one owner and technology: spellings, states, readings, alliances, lines."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import ArgumentError, MissingColumnError, portfolio
from tests.unit.portfolio.sets import build, holding, labels


def test_an_owner_in_two_spellings_is_one_candidate():
    rows = [
        *holding("云泽华芯微电子有限公司", "x", 2, 1, 100),
        *holding("云泽华芯微电子有限公司 ", "x", 1, 0, 200),
        *holding("云泽华芯微电子（有限公司）", "x", 1, 0, 300),
        *holding("云泽 华芯微电子有限公司", "x", 1, 1, 400),
    ]
    patents = build(rows)
    table = portfolio.candidates(patents, labels(rows))
    assert table["inventions"].tolist() == [5]
    assert table["pct"].tolist() == [2]
    resolved = pnav.clean.resolve_parties(patents)
    same = portfolio.candidates(resolved, labels(rows))
    pd.testing.assert_frame_equal(table, same)


def test_the_type_digit_proves_a_pct_application():
    """Entries into China count for an owner from Japan, whatever home is said; type 1 tells nothing."""
    rows = [
        {"id": f"CN{i}A", "technology": "x", "owner": "Delta KK", "country": "JP",
         "application": f"CN2020{digit}000000{i}"}
        for i, digit in enumerate((8, 8, 9, 1))
    ]  # fmt: skip
    patents = build(rows)
    for home in ("JP", "CN"):
        found = portfolio.candidates(patents, labels(rows), home=home).iloc[0]
        assert (found["pct"], found["pct_unknown"]) == (3, 1)


def test_inventions_are_told_in_four_ways():
    rows = [
        *holding("Alpha Ltd", "x", 2, 1, 100, status="in_force", granted=True),
        *holding("Alpha Ltd", "x", 1, 1, 200, status="pending", granted=False),
        *holding("Alpha Ltd", "x", 3, 1, 300, status="lapsed", granted=True),
        *holding("Alpha Ltd", "x", 1, 0, 400, status="refused", granted=False),
        *holding(
            "Alpha Ltd", "x", 1, 1, 500, status="in_force", granted=True, type="utility_model"
        ),
    ]
    row = portfolio.candidates(build(rows), labels(rows)).iloc[0]
    counts = ["filed", "living", "granted", "in_force"]
    assert row[counts].tolist() == [7, 3, 5, 2]
    assert row[[f"pct_{one}" for one in counts]].tolist() == [3, 2, 2, 1]
    bare = build([{**one, "status": None, "granted": None} for one in rows])
    row = portfolio.candidates(bare, labels(rows)).iloc[0]
    assert row["filed"] == 7
    assert row[["living", "granted", "in_force"]].isna().all()


def test_both_readings_of_the_gate():
    """Two portfolios meet 3 and 1 each; three have 3 + 3 + 2 inventions and 3 PCT together."""
    rows = [
        *holding("Alpha Ltd", "x", 3, 1, 100),
        *holding("Beta Ltd", "x", 3, 2, 200),
        *holding("Gamma Ltd", "x", 2, 0, 300, status="lapsed"),
    ]
    table = portfolio.candidates(build(rows), labels(rows), min_inventions=3, min_pct=1)
    found = portfolio.readings(table, 3).set_index(["counted", "reading"])
    assert found.loc[("filed", "each")].tolist() == [2, 6, 3, 0, False]
    assert found.loc[("filed", "together")].tolist() == [3, 8, 3, 0, True]
    assert found.loc[("living", "together")].tolist() == [2, 6, 3, 0, False]
    assert found.loc["granted"].isna().all(axis=None)
    assert (
        portfolio.readings(table, 2).set_index(["counted", "reading"]).loc[("filed", "each"), "met"]
    )
    with pytest.raises(ArgumentError, match="positive"):
        portfolio.readings(table, 0)


def test_what_is_unknown_of_pct_leaves_a_reading_open():
    """Where units of unknown PCT could make up what lacks, the target is not said to be missed."""
    rows = [*holding("Alpha Ltd", "x", 3, 1, 100), *holding("Beta Ltd", "x", 3, 0, 200)]
    table = portfolio.candidates(build(rows), labels(rows), min_inventions=3, min_pct=2)
    told = portfolio.readings(table, 2).set_index(["counted", "reading"])["met"]
    assert not told["filed", "together"]
    beta = table["owner"].str.startswith("Beta")
    open_ = table.assign(pct_unknown=table["pct_unknown"].mask(beta, 2))
    found = portfolio.readings(open_, 2).set_index(["counted", "reading"])
    assert found.loc[("filed", "together"), ["pct", "pct_unknown"]].tolist() == [1, 2]
    assert pd.isna(found.loc[("filed", "together"), "met"])


def owners_of(seed):
    """Cells of one technology with few or more inventions and PCT applications."""
    import numpy as np

    rng = np.random.default_rng(seed)
    rows = []
    for i in range(7):
        size = int(rng.integers(1, 6))
        rows += holding(
            f"Firm{'ABCDEFG'[i]}x Ltd", "x", size, int(rng.integers(0, size + 1)), 100 * (i + 1)
        )
    return rows


@pytest.mark.parametrize("seed", range(6))
def test_alliances_are_all_groups_that_reach_the_gate_and_none_is_lost_to_the_choice(seed):
    rows = owners_of(seed)
    gate = {"min_inventions": 8, "min_pct": 3}
    table = portfolio.candidates(build(rows), labels(rows), partners=3, **gate)
    single = table[table["partners"] == 1].set_index("owner_id")
    groups = {
        frozenset(ids)
        for k in (2, 3)
        for ids in itertools.combinations(single.index[~single["meets_gate"]], k)
        if single.loc[[*ids], "inventions"].sum() >= 8 and single.loc[[*ids], "pct"].sum() >= 3
    }
    allied = table[table["partners"] > 1]
    found = {
        frozenset(one): score for one, score in zip(allied["owners"], allied["score"], strict=True)
    }
    assert set(found) <= groups
    for lost in groups - set(found):  # a part of it is worth no less
        assert any(part < lost for part in found)
    for row in allied.itertuples():
        assert row.inventions == single.loc[[*row.owners], "inventions"].sum()
        assert row.pct == single.loc[[*row.owners], "pct"].sum()
        assert row.meets_gate


def test_an_alliance_counts_for_each_of_its_owners():
    rows = [
        *holding("Alpha Ltd", "x", 2, 1, 100),
        *holding("Beta Ltd", "x", 2, 1, 200),
        *holding("Alpha Ltd", "y", 4, 2, 300),
    ]
    table = portfolio.candidates(build(rows), labels(rows), partners=2, min_inventions=4, min_pct=2)
    assert len(portfolio.select(table).chosen) == 2
    assert len(portfolio.select(table, max_per_owner=1).chosen) == 1
    with pytest.raises(ArgumentError, match="partners=4"):
        portfolio.candidates(build(rows), labels(rows), partners=4)
    with pytest.raises(ArgumentError, match="negative"):
        portfolio.candidates(build(rows), labels(rows), min_pct=-1)


def test_product_lines_by_list_keyword_and_class():
    rows = [
        {"id": "CN1A", "owner": "Alpha Ltd", "ipc": "G06N3/08"},
        {"id": "CN2A", "owner": "Alpha Ltd", "ipc": "H04L9/40"},
        {"id": "CN3A", "owner": "Beta Ltd", "ipc": "H04L9/40"},
    ]
    patents = build(rows)
    titles = pd.Series(["Gear Box", "pump", "gear"], index=patents.publications.index)
    patents = patents.assign(title=titles)
    products = pd.DataFrame(
        {
            "product": ["drive", "net", "own net", "none"],
            "keywords": ["GEAR", None, None, "turbine"],
            "classes": [None, "H04L", "H04L", None],
            "publication_ids": ["CN2A; CN9A", None, None, None],
            "owner": [None, None, "Alpha Ltd", None],
        }
    )
    found = portfolio.product_lines(patents, products)
    assert found.groupby("product")["publication_id"].agg(list).to_dict() == {
        "drive": ["CN1A", "CN2A", "CN3A"], "net": ["CN2A", "CN3A"], "own net": ["CN2A"],
    }  # fmt: skip
    assert found.attrs["unmatched"] == ("none",)
    table = portfolio.candidates(patents, found)
    assert set(table["grouping"]) == {"product"}
    with pytest.raises(MissingColumnError, match="product"):
        portfolio.product_lines(patents, products.drop(columns="product"))
    with pytest.raises(ArgumentError, match="Row 1"):
        portfolio.product_lines(patents, pd.DataFrame({"product": ["a"], "keywords": [None]}))


def test_family_lines_follow_families_and_priorities():
    rows = [{"id": f"CN{i}A"} for i in range(5)]
    patents = build(
        rows,
        families=[("simple", "F1", "CN0A"), ("simple", "F1", "CN1A")],
        priorities=[
            ("CN1A", "CN201910000001", "CN", "2019-01-01"),
            ("CN2A", "CN201910000001", "CN", "2019-01-01"),
            ("CN3A", "CN201910000002", "CN", "2019-01-01"),
        ],
    )
    lines = portfolio.family_lines(patents).set_index("publication_id")["family_line"]
    assert lines.to_dict() == {
        "CN0A": "CN0A",
        "CN1A": "CN0A",
        "CN2A": "CN0A",
        "CN3A": "CN3A",
        "CN4A": "CN4A",
    }
    assert portfolio.candidates(patents, portfolio.family_lines(patents))["units"].max() == 3


def test_layout_is_counted_by_hand():
    rows = [
        {"id": "CN1A", "technology": "x", "ipc": "G06N3/08", "pct": "WO2020000001", "filed": "2010-12-31",
         "status": "in_force"},
        {"id": "CN2A", "technology": "x", "ipc": "G06N3/04|G06N5/00", "filed": "2022-12-31"},
        {"id": "CN3A", "technology": "x", "ipc": "G06N7/00", "filed": "2024-12-31"},
        {"id": "CN4A", "technology": "x", "ipc": "H04L9/40", "filed": "2004-12-31", "status": "lapsed"},
    ]  # fmt: skip
    patents = build(rows)
    table = portfolio.candidates(patents, labels(rows))
    row = portfolio.layout(patents, table, as_of="2025-12-31").iloc[0]
    assert row[["units", "subclasses", "main_groups"]].tolist() == [4, 2, 4]
    assert row[["offices", "abroad_share"]].isna().all()  # no family is listed
    assert row[["first_year", "last_year", "living", "core", "fence"]].tolist() == [
        2004,
        2024,
        3,
        1,
        1,
    ]
    assert row["median_age"] == pytest.approx((15 + 3) / 2, abs=0.01)
    assert row["young_share"] == 0.5
    # Twenty years from filing: CN1A ends on 2030-12-31, within five years of that day.
    assert row["expiring"] == 1
    # shares of main groups: N3 (1 + 1/2), N5 1/2, N7 1, L9 1, of 4
    import numpy as np

    share = np.array([1.5, 0.5, 1, 1]) / 4
    assert row["effective_groups"] == pytest.approx(np.exp(-(share * np.log(share)).sum()))


def test_offices_and_core_are_told_by_half_of_the_units():
    rows = [{"id": f"CN{i}A", "technology": "x", "ipc": "G06N3/08"} for i in range(1, 5)]
    rows.append({"id": "TW5A", "technology": "x", "ipc": "G06N3/08", "authority": "TW"})
    families = [("simple", f"F{i}", f"CN{i}A") for i in (1, 2, 3)] + [("simple", "F1", "US1A")]

    def laid(listed):
        patents = build(rows, families=listed)
        table = portfolio.candidates(patents, labels(rows))
        return portfolio.layout(patents, table, as_of="2025-12-31").iloc[0]

    row = laid(families)
    assert row[["offices", "core", "fence"]].tolist() == [3, 2, 3]
    assert row["abroad_share"] == pytest.approx(2 / 4)  # of the four that are told of
    # One document of another office tells nothing of the rest.
    row = laid(())
    assert row[["offices", "abroad_share", "core", "fence"]].isna().all()


def test_a_right_in_force_was_granted_whatever_document_is_held():
    rows = [
        {"id": "CN1A", "technology": "x", "granted": False, "status": "in_force"},
        {"id": "CN2A", "technology": "x", "granted": False, "status": "expired"},
        {"id": "CN3A", "technology": "x", "granted": False, "status": "pending"},
        {"id": "CN4A", "technology": "x", "granted": False, "status": "refused"},
    ]
    row = portfolio.candidates(build(rows), labels(rows), granted_only=True).iloc[0]
    assert row[["filed", "granted", "in_force", "inventions"]].tolist() == [4, 2, 1, 2]


def test_too_few_inventions_miss_the_gate_whatever_is_filed():
    rows = [{"id": f"CN{i}A", "technology": "x"} for i in range(3)]
    patents = build(rows)
    row = portfolio.candidates(patents, labels(rows), min_inventions=4, min_pct=1).iloc[0]
    assert not row["meets_gate"]
    assert row["reason"] == ""
    assert pd.isna(row["pct"])
    row = portfolio.candidates(patents, labels(rows), min_inventions=3, min_pct=1).iloc[0]
    assert pd.isna(row["meets_gate"])
    assert row["reason"] == "pct_untold"
    states = ["pct_filed", "pct_living", "pct_granted", "pct_in_force"]
    assert row[states].isna().all()  # nothing is told: no zero
