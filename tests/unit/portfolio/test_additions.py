"""Next steps: priorities at the edges of their year, what is unknown, moves that break nothing."""

from __future__ import annotations

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import MissingColumnError, portfolio
from tests.unit.portfolio.sets import DAY, build, holding, labels

GATE = {"min_inventions": 4, "min_pct": 2}


def added(rows, day=DAY, *, priorities=(), families=(), **choices):
    patents = build(rows, priorities=priorities, families=families)
    table = portfolio.candidates(patents, labels(rows), **{**GATE, **choices})
    return table, portfolio.additions(patents, table, as_of=day)


def young(**more):
    """A portfolio of three inventions, one PCT application, and one young filing."""
    row = {"id": "CN900A", "owner": "Alpha Ltd", "technology": "x", "filed": "2025-03-10",
           "priority": "2025-03-10"}  # fmt: skip
    return [*holding("Alpha Ltd", "x", 2, 1, 100), {**row, **more}]


@pytest.mark.parametrize(
    ("filed", "reason", "pct", "days"),
    [
        ("2025-03-10", "open", 1, 69),  # until 2026-03-10: 31 + 28 + 10 days on
        ("2024-12-31", "open", 1, 0),  # the last day
        ("2024-12-30", "lost", 0, -1),
        ("2024-10-31", "lost", 0, -61),  # the last day of the two months
        ("2024-10-30", None, None, None),
        ("2024-02-29", None, None, None),
    ],
)
def test_a_pct_application_is_open_for_twelve_months(filed, reason, pct, days):
    _, found = added(young(filed=filed, priority=filed))
    rows = found[found["lever"] == "pct_open"]
    if reason is None:
        assert rows.empty
        return
    (row,) = rows.to_dict("records")
    assert (row["publication_id"], row["reason"]) == ("CN900A", reason)
    assert (row["inventions"], row["pct"], row["days_left"]) == (0, pct, days)
    assert row["deadline"] == pd.Timestamp(filed) + pd.DateOffset(years=1)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"priority": None}, "priority_unknown"),
        ({"country": None}, "origin_unknown"),
        ({"country": "JP", "priority": None}, "foreign_owner"),
        ({"priority": "2025-02-01"}, "later_filing"),
    ],
)
def test_what_is_unknown_is_never_a_number(more, reason):
    _, found = added(young(**more))
    rows = found[found["publication_id"] == "CN900A"]
    (row,) = rows.to_dict("records")
    assert row["reason"] == reason
    assert pd.isna(row["pct"])
    assert pd.isna(row["days_left"])
    assert pd.isna(row["deadline"])


@pytest.mark.parametrize(
    "more",
    [
        {"pct": "WO2025900001"},
        {"country": "JP", "application": "CN202580000001"},  # entered from a PCT application
        {"status": "withdrawn"},
        {"type": "design"},
        {"filed": "2026-01-05", "priority": "2026-01-05"},
        {"filed": "2024-03-10", "priority": None},  # its priority can be no later than its filing
    ],
)
def test_no_pct_application_is_proposed_where_none_is_possible(more):
    _, found = added(young(**more))
    assert "CN900A" not in set(found.loc[found["lever"] == "pct_open", "publication_id"])


def test_an_earlier_priority_in_the_table_makes_it_no_first_filing():
    _, found = added(young(), priorities=[("CN900A", "CN202410000001", "CN", "2025-02-01")])
    assert found.loc[found["publication_id"] == "CN900A", "reason"].tolist() == ["later_filing"]


def test_pending_inventions_count_only_where_granted_ones_do():
    rows = [
        *holding("Alpha Ltd", "x", 2, 2, 100, status="in_force", granted=True),
        *holding("Alpha Ltd", "x", 2, 1, 200, status="pending", granted=False),
        *holding("Alpha Ltd", "x", 1, 0, 300, status="refused", granted=False),
    ]
    table, found = added(rows, alive="in_force")
    assert table.loc[0, ["inventions", "pct"]].tolist() == [2, 2]
    rows_ = found[found["lever"] == "pending"]
    assert rows_["publication_id"].tolist() == ["CN200A", "CN201A"]
    assert rows_["inventions"].tolist() == [1, 1]
    assert rows_["pct"].tolist() == [1, 0]
    _, found = added(rows, min_inventions=6)
    assert "pending" not in set(found["lever"])


def test_own_neighbours_are_of_like_classes_and_break_no_portfolio():
    rows = [
        *holding("Alpha Ltd", "x", 3, 1, 100, ipc="G06N3/08"),
        *holding("Alpha Ltd", "near", 2, 1, 200, ipc="G06N3/08|H04L9/40"),
        *holding("Alpha Ltd", "far", 2, 1, 300, ipc="C07K16/28"),
        *holding("Alpha Ltd", "full", 4, 2, 400, ipc="G06N3/08"),
        *holding("Beta Ltd", "near", 3, 0, 500, ipc="G06N3/08"),
    ]
    table, found = added(rows)
    own = table.set_index(["owner", "technology"])["portfolio_id"]
    moves = found[
        (found["portfolio_id"] == own["Alpha Ltd", "x"]) & (found["lever"] == "own_neighbour")
    ]
    assert moves["publication_id"].tolist() == ["CN200A", "CN201A"]
    assert moves["pct"].tolist() == [1, 0]
    assert set(moves["technology"]) == {"near"}
    assert set(moves["with_id"]) == {own["Alpha Ltd", "near"]}


def test_a_family_that_the_portfolio_holds_adds_nothing():
    rows = [
        *holding("Alpha Ltd", "x", 3, 1, 100),
        *holding("Alpha Ltd", "near", 2, 0, 200, ipc="G06N3/08"),
    ]
    families = [("simple", "F1", "CN100A"), ("simple", "F1", "CN200A")]
    _, found = added(rows, families=families)
    moves = found[(found["lever"] == "own_neighbour") & (found["technology"] == "near")]
    assert moves["publication_id"].tolist() == ["CN201A"]


def test_partners_have_filed_together_and_sellers_have_not():
    rows = [
        *holding("Alpha Ltd", "x", 3, 1, 100),
        *holding("Beta Ltd", "x", 2, 1, 200),
        *holding("Gamma Ltd", "x", 2, 1, 300),
        {"id": "CN900A", "owner": "Beta Ltd|Alpha Ltd", "technology": "y", "ipc": "C07K16/28"},
    ]
    table, found = added(rows)
    own = table.set_index(["owner", "technology"])["portfolio_id"]
    moves = found[(found["portfolio_id"] == own["Alpha Ltd", "x"]) & (found["lever"] == "partner")]
    assert moves["publication_id"].tolist() == ["CN200A", "CN201A"]
    assert set(moves["owner"]) == {"Beta Ltd"}


def test_an_alliance_is_named_with_what_it_adds():
    rows = [
        *holding("Alpha Ltd", "x", 3, 1, 100),
        *holding("Beta Ltd", "x", 2, 1, 200),
        *holding("Gamma Ltd", "x", 1, 0, 300),  # too few PCT applications with Alpha
    ]
    table, found = added(rows)
    own = table.set_index("owner")["portfolio_id"]
    ally = found[(found["portfolio_id"] == own["Alpha Ltd"]) & (found["lever"] == "alliance")]
    assert ally["with_id"].tolist() == [own["Beta Ltd"]]
    assert ally[["inventions", "pct"]].values.tolist() == [[2, 1]]
    assert ally["publication_id"].isna().all()


def test_the_fewest_levers_close_the_gap():
    """Alpha lacks one invention and one PCT application: an open priority alone leaves the former."""
    rows = [
        *young(),
        *holding("Alpha Ltd", "near", 1, 0, 200, ipc="G06N3/08"),
        *holding("Beta Ltd", "x", 2, 0, 300),
    ]
    table, found = added(rows)
    own = table.set_index(["owner", "technology"])["portfolio_id"]
    steps = portfolio.closing(table, found).query(f"portfolio_id == '{own['Alpha Ltd', 'x']}'")
    steps = steps.set_index("lever")
    assert steps.index.tolist() == ["pct_open", "own_neighbour"]
    assert steps.loc["pct_open", ["inventions_missing", "pct_missing"]].tolist() == [1, 0]
    assert steps.loc["own_neighbour", ["inventions_missing", "pct_missing"]].tolist() == [0, 1]
    assert steps["in_smallest"].all()
    assert steps["use"].tolist() == [1, 1]
    assert not steps["closes"].any()


@pytest.fixture(scope="module")
def city():
    return pnav.datasets.city(5000)


@pytest.fixture(scope="module")
def planted(city):
    table = portfolio.candidates(city.patents, city.truth["technology"])
    inside = portfolio.members(table).assign(
        portfolio=lambda f: f["publication_id"].map(city.truth["portfolio"])
    )
    ids = inside.dropna().drop_duplicates("portfolio").set_index("portfolio")["portfolio_id"]
    return table, portfolio.additions(city.patents, table), ids


def test_every_planted_step_of_the_city_is_found_with_its_days(city, planted):
    _, found, ids = planted
    columns = ["publication_id", "inventions", "pct", "days_left"]
    firms = city.organisations.query("party_type == 'enterprise'")["organisation"]
    for name, truth in city.levers.groupby("portfolio"):
        own = found[found["portfolio_id"] == ids[name]]
        for lever in ("pct_open", "own_neighbour", "partner"):
            wanted = truth[truth["lever"] == lever].sort_values("publication_id")[columns]
            got = own[own["lever"] == lever].sort_values("publication_id")[columns]
            if city.portfolios.loc[name, "organisation"] not in set(firms):
                got = got[got["publication_id"].isin(wanted["publication_id"])]
            pd.testing.assert_frame_equal(
                got.reset_index(drop=True), wanted.reset_index(drop=True), check_dtype=False
            )
        allies = truth[truth["lever"] == "alliance"]
        if len(allies):
            gain = [len(allies), allies["pct"].sum()]
            assert (
                gain in own.loc[own["lever"] == "alliance", ["inventions", "pct"]].values.tolist()
            )
    unknown = city.levers.loc[city.levers["plant"].isin(["unknown", "later"]), "publication_id"]
    assert len(unknown) >= 4
    assert (
        found.loc[found["publication_id"].isin(unknown), ["pct", "days_left"]].isna().all(axis=None)
    )


def test_no_family_is_added_that_the_portfolio_holds(city, planted):
    table, found, _ = planted
    families = city.patents.families.drop_duplicates("publication_id").set_index("publication_id")
    held = portfolio.members(table).assign(
        family=lambda f: f["publication_id"].map(families["family_id"])
    )
    moved = found[found["lever"].isin(["own_neighbour", "partner"])]
    moved = moved.assign(family=moved["publication_id"].map(families["family_id"]))
    pairs = set(zip(held["portfolio_id"], held["family"], strict=True))
    assert not pairs & set(zip(moved["portfolio_id"], moved["family"], strict=True))
    assert not moved.duplicated(["portfolio_id", "family"]).any()
    full = set(
        held.loc[
            held["portfolio_id"].isin(table.loc[table["meets_gate"], "portfolio_id"]),
            "publication_id",
        ]
    )
    assert not full & set(moved["publication_id"])


def test_row_order_changes_nothing():
    rows = [*young(), *holding("Beta Ltd", "x", 2, 1, 300)]
    _, one = added(rows)
    _, other = added(rows[::-1])
    pd.testing.assert_frame_equal(one, other)


def test_other_frames_are_refused():
    rows = young()
    patents = build(rows)
    with pytest.raises(MissingColumnError, match="owner_level"):
        portfolio.additions(
            patents, portfolio.candidates(patents, labels(rows)).drop(columns="owner_level")
        )


def test_neighbours_of_untold_effect_are_not_proposed():
    rows = [{"id": f"CN{i}A", "technology": "x"} for i in range(1, 4)]
    rows += [{"id": "CN9A", "technology": "y"}]
    patents = build(rows)

    def proposed(gate):
        table = portfolio.candidates(patents, labels(rows), min_inventions=gate, min_pct=1)
        found = portfolio.additions(patents, table, as_of=DAY)
        x = table.loc[table["technology"] == "x", "portfolio_id"].iloc[0]
        return found[(found["portfolio_id"] == x) & (found["lever"] == "own_neighbour")]

    assert proposed(4)["publication_id"].tolist() == ["CN9A"]  # an invention lacks
    assert proposed(3).empty  # only PCT applications could, and nothing is told of them
