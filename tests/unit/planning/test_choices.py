"""Markets, key technologies, assets and gaps on sets small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import patentnav as pnav
from patentnav import facts, planning
from patentnav.indicators import undominated


def families() -> pnav.PatentSet:
    rows = [
        ("CN1A", "CN", "in_force", "CN"), ("US1A1", "US", "lapsed", "CN"), ("CN2A", "CN", "in_force", "CN"),
        ("CN3A", "CN", "pending", "CN"), ("US3A1", "US", "in_force", "CN"), ("US3B2", "US", "lapsed", "CN"),
        ("CN4A", "CN", "in_force", "JP"), ("CN5A", "CN", "in_force", "CN"),
    ]  # fmt: skip
    ids = [r[0] for r in rows]
    publications = pd.DataFrame(
        {"authority": [r[1] for r in rows], "legal_status": [r[2] for r in rows]},
        index=pd.Index(ids, name="publication_id"),
    )
    parties = pd.DataFrame({"publication_id": ids, "role": "applicant", "position": 1, "name_raw": "a",
                            "country": [r[3] for r in rows]})  # fmt: skip
    listed = [("F1", "CN1A"), ("F1", "US1A1"), ("F1", "EP1A1"), ("F2", "CN2A"), ("F3", "CN3A"),
              ("F3", "US3A1"), ("F3", "US3B2"), ("F3", "WO2020000001A1"), ("F4", "CN4A"),
              ("F4", "JP4A")]  # fmt: skip
    table = pd.DataFrame(
        [{"scheme": "simple", "family_id": f, "publication_id": p} for f, p in listed]
    )
    return pnav.PatentSet.from_tables(
        {"publications": publications, "parties": parties, "families": table}
    )


def test_markets_by_hand() -> None:
    found = planning.overseas(families()).set_index("unit_id")
    assert set(found.index) == {"F1", "F2", "F3", "CN5A"}  # F4 is Japanese
    assert found.attrs["foreign"] == 1
    assert found.loc["F1", ["offices", "ended", "untold"]].tolist() == ["EP US", "US", "EP"]
    assert found.loc["F1", "lapsed"] == 1
    assert found.loc["F3", ["offices", "in_force"]].tolist() == ["US", "US"]  # the best of two
    assert found.loc["F3", "pct"]
    assert found.loc["F2", "home_only"]
    assert pd.isna(found.loc["CN5A", "home_only"])  # its family is not listed: unknown, not alone
    assert found.loc["CN5A", "reason"] == "family_untold"


def test_markets_need_families() -> None:
    bare = pnav.PatentSet.from_tables({"publications": families().publications})
    with pytest.raises(pnav.MissingTableError, match="families"):
        planning.overseas(bare)


def technologies(cells: dict[str, list[tuple[bool, bool]]]):
    """``technology: [(inside, in force), …]``."""
    rows = [
        (t, i, inside, force)
        for t, units in cells.items()
        for i, (inside, force) in enumerate(units)
    ]
    ids = [f"CN{k}A" for k in range(len(rows))]
    publications = pd.DataFrame(
        {"legal_status": ["in_force" if r[3] else "lapsed" for r in rows]},
        index=pd.Index(ids, name="publication_id"),
    )
    patents = pnav.PatentSet.from_tables({"publications": publications})
    table = pd.DataFrame({"publication_id": ids, "technology": [r[0] for r in rows]})
    local = pd.Series([r[2] for r in rows], index=publications.index, dtype="boolean")
    return patents, table, local


def test_dependence_is_of_rights_in_force() -> None:
    cells = {
        "T1": [(True, True), (False, True), (False, True), (True, False)],
        "T2": [(False, False)] * 4,
    }
    patents, table, local = technologies(cells)
    found = planning.key_technologies(
        patents,
        table,
        unit_ids=pnav.counting.unit_ids(patents, "publication"),
        local=local,
        min_count=2,
    ).set_index("technology")
    assert found.loc["T1", "dependence"] == pytest.approx(2 / 3)
    assert found.loc["T1", "strength"] == 2
    assert found.loc["T2", "dependence"] == 1  # nothing in force: of all
    assert found["growth"].isna().all()
    assert found.loc["T2", "reason"].endswith("growth_untold; impact_untold")


def test_dependence_needs_half_of_the_places() -> None:
    cells = {
        "T1": [(False, True), (None, True), (None, True)],
        "T2": [(False, True), (True, True), (None, True), (None, False)],
    }
    patents, table, local = technologies(cells)
    found = planning.key_technologies(
        patents,
        table,
        unit_ids=pnav.counting.unit_ids(patents, "publication"),
        local=local,
        min_count=2,
    ).set_index("technology")
    assert pd.isna(found.loc["T1", "dependence"])  # one of three says where it is
    assert "dependence_untold" in found.loc["T1", "reason"]
    assert found.loc["T2", "dependence"] == pytest.approx(1 / 2)


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=8))
def test_pareto_set_against_brute_force(points: list[tuple[int, int, int]]) -> None:
    free = undominated(np.array(points, dtype=float))
    for i, one in enumerate(points):
        beaten = any(
            all(b >= a for a, b in zip(one, other, strict=True)) and other != one
            for other in points
        )
        assert free[i] == (not beaten)
    assert free.any()


def holdings() -> pnav.PatentSet:
    rows = [
        ("CN1B", "CN", "in_force", "a", "2021-05-01", "G06N3/08", "neural chip"),
        ("CN2B", "CN", "in_force", "a", "2015-05-01", "H01L21/00", "wafer saw"),
        ("CN3A", "CN", "pending", "a b", None, "G06N3/04", "neural core array"),
        ("US4B2", "US", "in_force", "b", "2022-05-01", "G06N3/08", "chip cooling"),
    ]
    ids = [r[0] for r in rows]
    publications = pd.DataFrame(
        {
            "authority": [r[1] for r in rows], "legal_status": [r[2] for r in rows],
            "patent_type": "invention", "title": [r[6] for r in rows],
            "application_date": pd.Timestamp("2013-01-01"), "publication_date": pd.Timestamp("2023-01-01"),
            "grant_date": pd.to_datetime([r[4] for r in rows]),
        },
        index=pd.Index(ids, name="publication_id"),
    )  # fmt: skip
    parties = pd.DataFrame([
        {"publication_id": r[0], "role": "applicant", "position": k, "name_raw": o, "party_type": "enterprise"}
        for r in rows for k, o in enumerate(r[3].split(), 1)
    ])  # fmt: skip
    classes = pd.DataFrame({"publication_id": ids, "scheme": "IPC", "symbol": [r[5] for r in rows],
                            "position": 1})  # fmt: skip
    people = pd.DataFrame({"publication_id": ["CN1B", "CN3A", "US4B2"], "position": 1, "name_raw": "x",
                           "inventor_id": ["I1", "I1", "I2"]})  # fmt: skip
    return pnav.PatentSet.from_tables(
        {
            "publications": publications,
            "parties": parties,
            "classifications": classes,
            "inventors": people,
        }
    )


def test_products_by_number_word_and_class() -> None:
    products = pd.DataFrame(
        {
            "product_id": ["p", "q"], "product": ["chip", "saw"], "keywords": ["neural chip; cooling", None],
            "publication_ids": [None, "CN2B CN999A"], "markets": ["CN EP", None],
            "revenue_share": [0.7, None],
        }
    )  # fmt: skip
    found = planning.product_groups(holdings(), products).set_index(["product_id", "office"])
    assert found.loc[("p", "CN"), "in_force"] == 1  # CN1B; "neural core" lacks a word
    assert found.loc[("p", "US"), "in_force"] == 1
    assert found.loc[("p", "EP"), "uncovered"]
    assert found.loc[("q", "CN"), "reason"] == "listed"
    assert found.attrs["unknown_ids"] == ["CN999A"]
    with pytest.raises(pnav.ArgumentError, match="twice"):
        planning.product_groups(holdings(), pd.concat([products, products]))
    with pytest.raises(pnav.MissingColumnError):
        planning.product_groups(holdings(), products[["product_id", "product"]])


def test_intensive_firms_by_hand() -> None:
    firms = pd.DataFrame(
        {"name": ["a", "b", "nobody"], "employees": [100, 1000, 10], "revenue": [2.0, 4.0, 1.0]}
    )
    found = planning.patent_intensive(holdings(), firms, as_of="2023-01-01").set_index("name")
    assert found.loc["a", ["granted", "in_force"]].tolist() == [1, 2]  # one was granted in 2015
    assert found.loc["a", "per_thousand"] == pytest.approx(10)
    assert found.loc["b", "per_thousand"] == pytest.approx(1)
    assert found.attrs["mean"] == pytest.approx(1000 * 2 / 1100)
    assert found.loc["a", "intensive"]
    assert not found.loc["b", "intensive"]
    assert pd.isna(found.loc["nobody", "granted"])  # not matched is not zero
    assert found.loc["nobody", "reason"] == "not_matched"


def test_assets_of_a_team_by_owner() -> None:
    found = planning.team_assets(holdings(), ["I1"], owner="party").set_index("owner")
    assert found.loc["a", ["applications", "in_force", "pending"]].tolist() == [2, 1, 1]
    assert found.loc["b", ["applications", "pending"]].tolist() == [1, 1]
    assert found.loc["a", "share"] == 1.0
    with pytest.raises(pnav.ArgumentError, match="None of the given"):
        planning.team_assets(holdings(), ["I9"])


def rivalry():
    rows = [
        ("CN1B", "CN", "in_force", "own", "T1"), ("CN2A", "CN", "pending", "own", "T2"),
        *[(f"US{i}B2", "US", "in_force", "rival", "T1") for i in range(3)],
        *[(f"CN1{i}B", "CN", "in_force", "rival", "T2") for i in range(2)],
        ("US9B2", "US", "in_force", "third", "T1"), ("US8B2", "US", "lapsed", "third", "T1"),
    ]  # fmt: skip
    ids = [r[0] for r in rows]
    publications = pd.DataFrame(
        {"authority": [r[1] for r in rows], "legal_status": [r[2] for r in rows], "patent_type": "invention",
         "application_date": pd.Timestamp("2018-01-01"), "publication_date": pd.Timestamp("2020-01-01")},
        index=pd.Index(ids, name="publication_id"),
    )  # fmt: skip
    parties = pd.DataFrame({"publication_id": ids, "role": "applicant", "position": 1,
                            "name_raw": [r[3] for r in rows]})  # fmt: skip
    cites = pd.DataFrame(
        {"citing_id": ["US0B2", "US9B2", "CN2A"], "cited_id": "CN1B", "cited_kind": "patent"}
    )
    patents = pnav.PatentSet.from_tables(
        {"publications": publications, "parties": parties, "citations": cites}
    )
    table = pd.DataFrame({"publication_id": ids, "technology": [r[4] for r in rows]})
    return patents, table, facts.owners(patents, which="all")


def test_gaps_fences_and_what_to_look_at() -> None:
    patents, table, owners = rivalry()
    found = planning.gaps(patents, table, owners, applicant="own", rivals=["rival"])
    by_kind = dict(iter(found.groupby("kind")))
    gap = by_kind["gap"].iloc[0]
    assert gap[["technology", "office", "own", "rivals"]].tolist() == ["T1", "US", 1, 3]
    assert gap["reason"] == "rivals_only; own_elsewhere"
    fence = by_kind["fence"].iloc[0]
    assert fence[["technology", "own", "rivals", "others"]].tolist() == ["T1", 1, 1, 1]
    assert by_kind["acquire"]["publication_id"].tolist() == ["US9B2"]  # the lapsed one is gone
    keep = by_kind["continue"].iloc[0]
    assert keep[["publication_id", "own", "rivals"]].tolist() == ["CN2A", 1, 2]
    assert "review" not in by_kind  # nothing is known of citations received
    assert (found["reason"] != "").all()


def test_several_small_rivals_are_not_ahead_of_one_firm() -> None:
    patents, table, owners = rivalry()
    halves = owners.assign(
        owner=owners["owner"].mask(owners["publication_id"] == "CN11B", "second")
    )
    found = planning.gaps(patents, table, halves, applicant="own", rivals=["rival", "second"])
    assert "continue" not in set(found["kind"])  # one living application each in T2


def test_unknown_owners_are_refused() -> None:
    patents, table, owners = rivalry()
    with pytest.raises(pnav.ArgumentError, match="no owner"):
        planning.gaps(patents, table, owners, applicant="nobody", rivals=["rival"])
