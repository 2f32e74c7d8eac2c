"""Portfolio candidates, gate and selection: small sets worked by hand."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest

from patentnav import ArgumentError, MissingColumnError, MissingTableError, PatentSet, portfolio


def build(rows, *, families=(), parties=True, **columns):
    """rows: (id, owner, ipc, patent_type, pct_publication_id)."""
    frame = pd.DataFrame(
        [
            {"publication_id": i, "patent_type": kind, "pct_publication_id": pct,
             "publication_date": "2020-01-01", "authority": "CN"}
            for i, _, _, kind, pct in rows
        ]
    ).assign(**columns)  # fmt: skip
    tables = {
        "publications": frame,
        "classifications": pd.DataFrame(
            [{"publication_id": r[0], "scheme": "IPC", "symbol": r[2]} for r in rows]
        ),
    }
    if parties:
        tables["parties"] = pd.DataFrame(
            [
                {"publication_id": r[0], "role": "applicant", "position": n, "name_raw": name,
                 "country": "CN"}
                for r in rows
                for n, name in enumerate(r[1].split("|"), 1)
            ]
        )  # fmt: skip
    if families:
        tables["families"] = pd.DataFrame(
            families, columns=["scheme", "family_id", "publication_id"]
        )
    return PatentSet.from_tables(tables)


def holding(owner, ipc, inventions, pct, start):
    return [
        (f"CN{start + i}A", owner, ipc, "invention", f"WO2020{start + i:06d}" if i < pct else None)
        for i in range(inventions)
    ]


@pytest.fixture
def city():
    rows = (
        holding("Alpha", "G06N3/08", 6, 3, 100)
        + holding("Beta", "G06N3/08", 6, 1, 200)
        + holding("Beta", "H04L9/32", 2, 2, 300)
        + [("CN400U", "Alpha", "G06N3/08", "utility_model", None)]
    )
    return build(rows)


def test_gate_and_gap(city):
    table = portfolio.candidates(city, min_inventions=5, min_pct=2)
    table = table.set_index(["owner", "technology"])
    assert table.loc[("Alpha", "G06N"), ["inventions", "pct", "units"]].tolist() == [6, 3, 7]
    assert table["meets_gate"].to_dict() == {
        ("Alpha", "G06N"): True, ("Beta", "G06N"): False, ("Beta", "H04L"): False,
    }  # fmt: skip
    assert table.loc[("Beta", "G06N"), "inventions_missing"] == 0
    assert table.loc[("Beta", "G06N"), "pct_missing"] == 1
    assert table.loc[("Beta", "H04L"), "inventions_missing"] == 3
    assert (table["min_inventions"] == 5).all()
    assert (table["unit"] == "application").all()


def test_members_follow_their_candidates(city):
    table = portfolio.candidates(city)
    long = portfolio.members(table)
    assert len(long) == len(city)
    one = portfolio.members(table[table["technology"] == "H04L"])
    assert one["publication_id"].tolist() == ["CN300A", "CN301A"]


def test_without_pct_columns_the_gate_is_unknown():
    patents = build(holding("Alpha", "G06N3/08", 6, 0, 100))
    row = portfolio.candidates(patents, min_inventions=5, min_pct=2).iloc[0]
    assert row["meets_gate"] is pd.NA
    assert row["pct"] is pd.NA
    assert row["pct_missing"] is pd.NA
    assert row["reason"] == "pct_untold"


def test_one_source_without_pct_leaves_a_candidate_open():
    """4 of a source that tells PCT (1 has it), 2 of one that does not: 1 to 3 PCT, gate at 2."""
    rows = holding("Alpha", "G06N3/08", 6, 1, 100)
    patents = build(rows, source_file=["a"] * 4 + ["b"] * 2)
    row = portfolio.candidates(patents, min_inventions=5, min_pct=2).iloc[0]
    assert row["pct"] == 1
    assert row["pct_unknown"] == 2
    assert row["meets_gate"] is pd.NA
    assert row["reason"] == "pct_unknown"
    assert portfolio.candidates(patents, min_inventions=5, min_pct=4).iloc[0]["meets_gate"] == False  # noqa: E712
    assert portfolio.candidates(patents, min_inventions=5, min_pct=1).iloc[0]["meets_gate"]


def test_a_pct_application_counts_once():
    """Two national filings of one PCT application are two inventions and one PCT application."""
    rows = [(f"CN{i}A", "Alpha", "G06N3/08", "invention", "WO2020000001") for i in range(2)]
    row = portfolio.candidates(build(rows)).iloc[0]
    assert (row["inventions"], row["pct"]) == (2, 1)


def test_family_members_tell_pct():
    rows = [(f"CN{i}A", "Alpha", "G06N3/08", "invention", None) for i in range(3)]
    families = [("simple", "F0", "CN0A"), ("simple", "F0", "WO2020000001A1"),
                ("simple", "F1", "CN1A"), ("simple", "F1", "US1A1")]  # fmt: skip
    row = portfolio.candidates(build(rows, families=families)).iloc[0]
    assert row["pct"] == 1
    assert row["pct_unknown"] == 1


def test_national_phase_entries_count_for_whoever_owns_them():
    """Type digit 8 or 9 proves a PCT application; of type 1, 2 or 3 nothing is told."""
    rows = [
        ("CN1A", "Foreign Inc", "G06N3/08", "invention", None),
        ("CN2A", "Alpha", "G06N3/08", "invention", None),
        ("CN3A", "Unknown", "G06N3/08", "invention", None),
        ("CN4A", "Unknown", "G06N3/08", "utility_model", None),
        ("CN5A", "Unknown", "G06N3/08", "invention", None),
        ("CN6A", "Other", "G06N3/08", "invention", None),
    ]
    numbers = ["80000000", "80000001", "80000002", "90000003", "10000004", "10000005"]
    patents = build(rows, application_id=[f"CN2020{number}" for number in numbers])
    parties = patents.parties.assign(country=["JP", "CN", None, None, None, None])
    patents = PatentSet.from_tables(
        {
            "publications": patents.publications, "parties": parties,
            "classifications": patents.classifications,
        }
    )  # fmt: skip
    table = portfolio.candidates(patents, min_inventions=1, min_pct=1).set_index("owner")
    assert table[["pct", "pct_unknown"]].dropna().T.to_dict("list") == {
        "Foreign Inc": [1, 0], "Alpha": [1, 0], "Unknown": [2, 1],
    }  # fmt: skip
    assert table["meets_gate"].drop("Other").all()
    assert table.loc["Other", ["pct", "meets_gate", "reason"]].fillna("").tolist() == [
        "", "", "pct_untold",
    ]  # fmt: skip


def test_granted_only():
    rows = holding("Alpha", "G06N3/08", 4, 0, 100)
    patents = build(
        rows, granted=[True, False, False, None], grant_date=[None, "2020-01-01"] + [None] * 2
    )
    row = portfolio.candidates(patents, granted_only=True).iloc[0]
    assert row["inventions"] == 2
    assert row["inventions_unknown"] == 1


def test_unknown_types_leave_the_gate_open():
    rows = [(f"CN{i}A", "Alpha", "G06N3/08", None if i else "invention", f"WO202000000{i}")
            for i in range(4)]  # fmt: skip
    row = portfolio.candidates(build(rows), min_inventions=3, min_pct=2).iloc[0]
    assert row["meets_gate"] is pd.NA
    assert row["reason"] == "type_unknown"


def test_labels_of_the_caller(city):
    labels = pd.Series("T01", index=city.publications.index).mask(
        city.publications.index == "CN100A"
    )
    table = portfolio.candidates(city, labels, min_inventions=5, min_pct=2).set_index("owner")
    assert table.loc["Alpha", "inventions"] == 5
    assert table.loc["Beta", "pct"] == 3
    same = portfolio.candidates(city.assign(label=labels), "label").set_index("owner")
    assert same.loc["Beta", "pct"] == 3


def test_scores_are_the_weighted_mean_of_known_parts(city):
    """Alpha: size 6/56, international 3/13; layout of one subclass 0; no quality.

    (0.3 * 6/56 + 0.3 * 3/13 + 0.2 * 0) / 0.8 * 100 = 12.6717...
    """
    table = portfolio.candidates(city).set_index(["owner", "technology"])
    expected = 100 * (0.3 * 6 / 56 + 0.3 * 3 / 13) / 0.8
    assert table.loc[("Alpha", "G06N"), "score"] == pytest.approx(expected)
    values = pd.Series(80.0, index=city.publications.index)
    table = portfolio.candidates(city, values=values).set_index(["owner", "technology"])
    assert table.loc[("Alpha", "G06N"), "score"] == pytest.approx(
        100 * (0.3 * 6 / 56 + 0.3 * 3 / 13 + 0.2 * 0.8)
    )


def test_quality_is_named_and_needs_half_of_the_members(city):
    values = pd.Series(80.0, index=city.publications.index, name="impact")
    table = portfolio.candidates(city, values=values).set_index(["owner", "technology"])
    row = table.loc[("Alpha", "G06N")]
    assert (row["quality_of"], row["valued"]) == ("impact", 1.0)
    few = values.where(values.index == row["members"][0])
    row = (
        portfolio.candidates(city, values=few)
        .set_index(["owner", "technology"])
        .loc[("Alpha", "G06N")]
    )
    assert pd.isna(row["quality"])
    assert pd.isna(row["quality_of"])
    assert 0 < row["valued"] < 0.5
    bare = portfolio.candidates(city)
    assert bare[["quality", "quality_of", "valued"]].isna().all(axis=None)


def offers(rows):
    """rows: (id, score, members)."""
    frame = pd.DataFrame(rows, columns=["portfolio_id", "score", "members"])
    return frame.assign(meets_gate=pd.array([True] * len(frame), dtype="boolean"))


def test_selection_is_disjoint_and_best():
    """b alone (10) loses to a and c together (12); greedy by score would take b."""
    table = offers([("a", 6.0, ("x", "y")), ("b", 10.0, ("y", "z")), ("c", 6.0, ("z", "w"))])
    found = portfolio.select(table)
    assert found.chosen["portfolio_id"].tolist() == ["a", "c"]
    assert (found.total, found.proven, found.bound, found.gap) == (12, True, 12, 0)
    assert portfolio.select(table, 1).chosen["portfolio_id"].tolist() == ["b"]


def test_selection_equals_brute_force():
    import numpy as np

    rng = np.random.default_rng(0)
    rows = [
        (f"P{i}", float(rng.integers(1, 20)), tuple(sorted(rng.choice(12, 3, replace=False).astype(str))))
        for i in range(10)
    ]  # fmt: skip
    best = 0.0
    for size in range(1, 4):
        for group in itertools.combinations(rows, size):
            ids = [i for row in group for i in row[2]]
            if len(set(ids)) == len(ids):
                best = max(best, sum(row[1] for row in group))
    found = portfolio.select(offers(rows), 3)
    assert found.total == found.chosen["score"].sum() == best
    assert found.proven


def test_no_family_stands_in_two_chosen():
    """CN1A and CN2A are one family; without it both could be chosen."""
    rows = [("CN1A", "Alpha", "G06N3/08", "invention", None),
            ("CN2A", "Beta", "G06N3/08", "invention", None)]  # fmt: skip
    families = [("simple", "F1", "CN1A"), ("simple", "F1", "CN2A")]
    table = portfolio.candidates(build(rows, families=families))
    assert table["families"].tolist() == [("F1",), ("F1",)]
    assert len(portfolio.select(table, meeting=False).chosen) == 1
    assert len(portfolio.select(portfolio.candidates(build(rows)), meeting=False).chosen) == 2


def test_limits_on_owners_and_industries_equal_brute_force():
    import numpy as np

    rng = np.random.default_rng(1)
    for _ in range(5):
        rows = [
            (
                f"P{i}",
                float(rng.integers(1, 20)),
                tuple(rng.choice(14, 2, replace=False).astype(str)),
            )
            for i in range(9)
        ]
        table = offers(rows).assign(
            owner_id=rng.choice(["a", "b", "c"], 9), industry=rng.choice(["x", "y", "z"], 9)
        )
        best = None
        for size in range(1, 5):
            for group in itertools.combinations(range(9), size):
                part = table.iloc[list(group)]
                ids = part["members"].explode()
                if (
                    ids.is_unique
                    and part["owner_id"].value_counts().max() <= 2
                    and part["industry"].nunique() >= 2
                ):
                    best = max(best or 0, part["score"].sum())
        found = portfolio.select(table, 4, max_per_owner=2, min_industries=2)
        assert found.total == best
        assert found.proven


def test_industries_that_cannot_be_filled_are_said(city):
    table = portfolio.candidates(city)
    with pytest.raises(MissingColumnError, match="industry"):
        portfolio.select(table, min_industries=2, meeting=False)
    with pytest.raises(ArgumentError, match="1 industries"):
        portfolio.select(table.assign(industry="x"), min_industries=2, meeting=False)


def test_an_unproven_choice_says_so_and_is_no_worse_than_greedy():
    import numpy as np

    rng = np.random.default_rng(0)
    rows = [
        (f"P{i:03}", float(rng.uniform(1, 100)), tuple(rng.choice(600, 30, replace=False).astype(str)))
        for i in range(300)
    ]  # fmt: skip
    found = portfolio.select(offers(rows), time_limit=0.2)
    taken: set[str] = set()
    greedy = 0.0
    for _, score, members in sorted(rows, key=lambda row: -row[1]):
        if not taken & set(members):
            taken |= set(members)
            greedy += score
    assert found.total >= greedy
    assert not found.proven
    assert found.bound > found.total
    assert found.gap == pytest.approx((found.bound - found.total) / found.total)
    assert portfolio.members(found.chosen)["publication_id"].is_unique


def test_near_misses_are_those_that_lack_least(city):
    found = portfolio.select(portfolio.candidates(city, min_inventions=6, min_pct=2))
    assert found.chosen["owner"].tolist() == ["Alpha"]
    near = found.near_misses.set_index(["owner", "technology"])["shortfall"]
    assert near.to_dict() == pytest.approx({("Beta", "G06N"): 1 / 2, ("Beta", "H04L"): 4 / 6})
    assert near.is_monotonic_increasing


def test_only_living_inventions_count_when_asked():
    """In force, pending, lapsed and one whose status nobody tells."""
    rows = holding("Alpha", "G06N3/08", 4, 4, 100)
    patents = build(rows, legal_status=["in_force", "pending", "lapsed", None])
    every = portfolio.candidates(patents).iloc[0]
    assert (every["inventions"], every["pct"], every["alive"]) == (4, 4, "all")
    living = portfolio.candidates(patents, alive=True, min_inventions=3, min_pct=1).iloc[0]
    assert (living["inventions"], living["inventions_unknown"]) == (2, 1)
    assert (living["pct"], living["pct_unknown"]) == (2, 1)
    assert living["meets_gate"] is pd.NA
    assert living["reason"] == "status_unknown"
    strict = portfolio.candidates(patents, alive="in_force", min_inventions=3, min_pct=1).iloc[0]
    assert strict["inventions"] == 1
    assert not strict["meets_gate"]
    with pytest.raises(ArgumentError, match="in_force"):
        portfolio.candidates(patents, alive="yes")
    with pytest.raises(MissingColumnError, match="legal_status"):
        portfolio.candidates(build(rows), alive=True)


def test_one_document_tells_whether_an_application_lives():
    rows = [("CN1A", "Alpha", "G06N3/08", "invention", None),
            ("CN1B", "Alpha", "G06N3/08", "invention", None)]  # fmt: skip
    patents = build(rows, application_id="CN1", legal_status=[None, "lapsed"])
    row = portfolio.candidates(patents, alive=True).iloc[0]
    assert (row["inventions"], row["inventions_unknown"]) == (0, 0)


def test_a_membership_table_puts_a_unit_into_all_its_groups(city):
    rows = pd.DataFrame({"publication_id": ["CN100A", "CN100A", "CN101A"], "group": list("xyx")})
    table = portfolio.candidates(city, rows).set_index("technology")
    assert table["inventions"].to_dict() == {"x": 2, "y": 1}
    assert len(portfolio.select(table.reset_index(), meeting=False).chosen) == 1


def test_selection_takes_only_what_is_known_to_meet(city):
    table = portfolio.candidates(city, min_inventions=5, min_pct=2)
    assert portfolio.select(table).chosen["owner"].tolist() == ["Alpha"]
    assert len(portfolio.select(table, meeting=False).chosen) == 3
    with pytest.raises(ArgumentError):
        portfolio.select(table, 0)
    with pytest.raises(ArgumentError, match="twice"):
        portfolio.select(pd.concat([table, table]))


def test_none_meets(city):
    found = portfolio.select(portfolio.candidates(city))
    assert found.chosen.empty
    assert (found.total, found.proven, found.gap) == (0, True, 0)


def test_co_owned_units_stand_with_all_owners_when_asked():
    rows = [("CN1A", "Alpha|Beta", "G06N3/08", "invention", "WO2020000001")]
    assert portfolio.candidates(build(rows))["owner"].tolist() == ["Alpha"]
    both = portfolio.candidates(build(rows), which="all")
    assert sorted(both["owner"]) == ["Alpha", "Beta"]
    assert len(portfolio.select(both, meeting=False).chosen) == 1


def test_applications_count_once():
    rows = [("CN1A", "Alpha", "G06N3/08", "invention", None),
            ("CN1B", "Alpha", "G06N3/08", "invention", "WO2020000001")]  # fmt: skip
    patents = build(rows, application_id="CN1")
    row = portfolio.candidates(patents).iloc[0]
    assert (row["units"], row["inventions"], row["pct"]) == (1, 1, 1)
    assert row["members"] == ("CN1A", "CN1B")
    assert portfolio.candidates(patents, unit="publication").iloc[0]["inventions"] == 2


def test_needs_parties():
    with pytest.raises(MissingTableError, match="parties"):
        portfolio.candidates(build([("CN1A", "A", "G06N", "invention", None)], parties=False))


def test_row_order_changes_nothing(city):
    shuffled = PatentSet.from_tables(
        {n: getattr(city, n).sample(frac=1, random_state=1) for n in city.tables}
    )
    pd.testing.assert_frame_equal(portfolio.candidates(city), portfolio.candidates(shuffled))
