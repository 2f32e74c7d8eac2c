"""Needs, pool, tiers, ways, supply and filings around moves, on sets small enough to count by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import patentnav as pnav
from patentnav import indicators, talent


def people_set() -> pnav.PatentSet:
    rows = [
        # id, filed, title, owner, city, people
        ("CN1A", "2018-03-01", "固态电解质膜", "甲公司", "济南市", ["张三", "李四"]),
        ("CN2A", "2019-03-01", "固态 电解质 的制备", "甲公司", "济南市", ["张三", "李四"]),
        ("CN3A", "2019-09-01", "焊接机器人", "甲公司", "济南市", ["张三", "李四"]),
        ("CN4A", "2020-05-01", "固态电解质界面", "乙大学", "青岛市", ["张三", "王五"]),
        ("CN5A", "2021-05-01", "手眼标定", "乙大学", "青岛市", ["王五", "赵六"]),
        ("CN6A", "2021-06-01", "视觉", "乙大学", "青岛市", ["赵六", "孙七"]),
    ]  # fmt: skip
    ids = [r[0] for r in rows]
    who = [(i, n, k) for i, *_, names in rows for k, n in enumerate(names, 1)]
    patents = pnav.PatentSet.from_tables(
        {
            "publications": pd.DataFrame(
                {"title": [r[2] for r in rows], "application_date": pd.to_datetime([r[1] for r in rows])},
                index=pd.Index(ids, name="publication_id"),
            ),
            "parties": pd.DataFrame(
                {"publication_id": ids, "name_raw": [r[3] for r in rows], "city": [r[4] for r in rows]}
            ),
            "inventors": pd.DataFrame(
                {"publication_id": [w[0] for w in who], "name_raw": [w[1] for w in who],
                 "position": [w[2] for w in who]}
            ),
        }
    )  # fmt: skip
    patents = pnav.clean.resolve_parties(patents)
    inventors = patents.inventors
    return patents.replace(
        pnav.provenance.Step("test"),
        inventors=inventors.assign(name=inventors["name_raw"], inventor_id=inventors["name_raw"], confidence=1.0),
    )  # fmt: skip


def needs(**more: object) -> pd.DataFrame:
    return pd.DataFrame([{"need_id": "N1", "technology": "固态电解质", **more}])


def test_words_meet_with_or_without_spaces() -> None:
    found = talent.meeting(people_set(), needs(), {})
    assert found["publication_id"].tolist() == ["CN1A", "CN2A", "CN4A"]
    assert set(found["by"]) == {"words"}


def test_a_name_of_a_group_goes_before_words() -> None:
    found = talent.meeting(people_set(), needs(), {"固态电解质": ["CN5A", "CN9A"]})
    assert found["publication_id"].tolist() == ["CN5A"]
    assert found["by"].tolist() == ["group"]


def test_what_is_excluded_meets_nothing() -> None:
    assert talent.meeting(people_set(), needs(exclude=["乙大学"]), {})[
        "publication_id"
    ].tolist() == ["CN1A", "CN2A"]
    assert talent.meeting(people_set(), needs(exclude=["界面", "膜"]), {})[
        "publication_id"
    ].tolist() == ["CN2A"]


def test_cosine_is_that_of_the_formula() -> None:
    patents = people_set()
    technology = pd.DataFrame(
        {
            "publication_id": ["CN1A", "CN2A", "CN3A", "CN4A", "CN5A"],
            "technology": ["T1", "T1", "T2", "T1", "T2"],
        }
    )
    unit_ids = pnav.counting.unit_ids(patents, "publication")
    met = talent.meeting(patents, needs(), {})
    found = talent.match(patents.inventors, met, technology, unit_ids=unit_ids).set_index(
        "inventor_id"
    )
    # The need is (3, 0); Zhang has (3, 1), Wang (1, 1).
    assert found.loc["张三", "cosine"] == pytest.approx(3 / np.sqrt(10))
    assert found.loc["王五", "cosine"] == pytest.approx(1 / np.sqrt(2))
    assert found.loc["王五", "gap"] == "T1"
    assert found.loc["张三", "units"] == 3


def test_the_pool_is_a_funnel() -> None:
    found = talent.pool(people_set(), 2021, "publication", min_count=2, years=2)
    assert found["enough"].sum() == 4
    assert set(found.index[found["active"]]) == {"张三", "王五", "赵六"}
    fields = talent.pool(people_set(), 2021, "publication", field=["CN1A"], min_count=2, years=2)
    assert fields.index[fields["sure"]].tolist() == ["张三"]


def test_residents_and_ways() -> None:
    patents = people_set()
    found = talent.residents(patents, "济南", "publication")
    assert found[found].index.tolist() == ["张三", "李四"]
    ways = talent.reach(
        talent.people(patents, "publication"), ["张三", "李四"], ["王五", "赵六", "孙七"], steps=2
    )
    assert ways["steps"].tolist()[:2] == [1, 2]
    assert pd.isna(ways["steps"].iloc[2])
    assert ways["via"].tolist()[:2] == ["张三", "王五"]
    assert ways["together"].tolist() == [1, 0, 0]


def test_filings_close_to_a_move_are_counted() -> None:
    found = talent.left_behind(people_set(), "publication", min_probability=0.0)
    row = found[found["inventor_id"] == "张三"].iloc[0]
    # Three stay; 2019-09-01 lies in the year before 2020-05-01; 2020-05-01 in the year after 2019-09-01.
    assert (row["stays"], row["before"], row["after"]) == (3, 1, 1)


def test_expected_people_are_the_share_of_all() -> None:
    rows = pd.DataFrame({"inventor_id": list("abcdef"), "publication_id": ["P"] * 3 + ["Q"] * 3})
    technology = pd.DataFrame({"publication_id": ["P", "Q"], "technology": ["T1", "T2"]})
    inside = pd.Series(
        [True, True, True, False, False, None], index=list("abcdef"), dtype="boolean"
    )
    found = talent.supply(rows, technology, inside).set_index("technology")
    assert found.loc["T1", ["people", "local"]].tolist() == [3, 3]
    assert found.loc["T2", ["people", "local"]].tolist() == [2, 0]
    assert found.loc["T2", "expected"] == pytest.approx(2 * 3 / 5)
    # Both of two drawn from five, three of them local, are not local: 1/10.
    assert found.loc["T2", "p_value"] == pytest.approx(0.1)


@given(st.lists(st.tuples(*[st.one_of(st.none(), st.integers(0, 3))] * 3), min_size=1, max_size=7))
def test_tiers_are_those_of_the_definition(points: list[tuple[int | None, ...]]) -> None:
    frame = pd.DataFrame(points, columns=["a", "b", "c"], dtype="float64")
    found = indicators.tiers(frame)["tier"]

    def beats(one: tuple[int | None, ...], other: tuple[int | None, ...]) -> bool:
        known = [i for i in range(3) if other[i] is not None]
        if any(one[i] is None or one[i] < other[i] for i in known):
            return False
        return any(one[i] > other[i] for i in known)

    # A tier is one more than the longest chain of those that beat it.
    for i, point in enumerate(points):
        above = [found[j] for j, other in enumerate(points) if beats(other, point)]
        assert found[i] == 1 + max(above, default=0)


def test_a_steady_one_is_first_without_any_measure() -> None:
    frame = pd.DataFrame({"a": [3, 1, 2], "b": [3, 2, 1]}, dtype="float64")
    assert indicators.tiers(frame)["steady"].tolist() == [True, False, False]
    split = pd.DataFrame({"a": [3, 1], "b": [1, 3]}, dtype="float64")
    assert not indicators.tiers(split)["steady"].any()
    for order in itertools.permutations(range(3)):
        mixed = frame.iloc[list(order)]
        assert indicators.tiers(mixed)["tier"].sort_index().tolist() == [1, 2, 2]
