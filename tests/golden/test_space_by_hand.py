"""Relatedness, proximity, density, complexity, entry and exit, worked by hand."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from patentnav import ArgumentError, CoverageWarning, PatentSet, UnknownNameError, indicators


@pytest.fixture
def patents():
    """Five patents: {A, B}, {A, B}, {A, C}, {B, C}, {D}.

    C_AB = 2, C_AC = 1, C_BC = 1; S_A = 3, S_B = 3, S_C = 2, S_D = 0; T = 8.
    """
    groups = {"CN1A": "AB", "CN2A": "AB", "CN3A": "AC", "CN4A": "BC", "CN5A": "D"}
    patents = PatentSet.from_tables({"publications": pd.DataFrame(index=list(groups))})
    by = pd.DataFrame(
        [(p, g) for p, members in groups.items() for g in members],
        columns=["publication_id", "field"],
    )
    return patents, by


@pytest.mark.parametrize(
    ("measure", "ab", "ac"),
    [
        ("association", 2 * 8 / 9, 1 * 8 / 6),
        ("cosine", 2 / 3, 1 / np.sqrt(6)),
        ("jaccard", 2 / 4, 1 / 4),
        # AB: (3/8 * 3/5 + 3/8 * 3/5) * 8/2 = 1.8; AC: (3/8 * 2/5 + 2/8 * 3/6) * 4 = 1.1
        ("probability", 2 / 1.8, 1 / 1.1),
    ],
)
def test_relatedness(patents, measure, ab, ac):
    table = indicators.relatedness(*patents, measure, min_count=1).set_index(["source", "target"])
    assert table.loc[("A", "B"), "relatedness"] == pytest.approx(ab)
    assert table.loc[("A", "C"), "relatedness"] == pytest.approx(ac)
    assert table.loc[("A", "B"), "count"] == 2
    assert len(table) == 3  # D meets nobody


def test_expected_and_z_are_those_of_the_hypergeometric(patents):
    """Four patents have several groups, 3 of them A and 3 B: mean 9/4, variance 9/4 * 1/4 * 1/3."""
    row = (
        indicators.relatedness(*patents, min_count=1)
        .set_index(["source", "target"])
        .loc[("A", "B")]
    )
    assert row["expected"] == pytest.approx(2.25)
    assert row["z"] == pytest.approx(-0.25 / np.sqrt(0.1875))


def test_rare_meetings_are_left_out_and_counted(patents):
    table = indicators.relatedness(*patents, min_count=2)
    assert table["source"].tolist() == ["A"]
    assert table.attrs["left_out"] == 2


def test_unknown_measure(patents):
    with pytest.raises(ArgumentError, match="cosine"):
        indicators.relatedness(*patents, "euclid")
    with pytest.raises(ArgumentError, match="owners"):
        indicators.relatedness(*patents, through="owner")


@pytest.fixture
def labelled():
    """One technology each: T1 held by P, Q, R; T2 by P, Q; T3 by R and S; citations 4 -> 1, 5 -> 2, 6 -> 3."""
    rows = [("T1", "P", "H01M"), ("T1", "Q", "H01M"), ("T1", "R", "H01M"), ("T2", "P", "H01M"),
            ("T2", "Q", "H02J"), ("T3", "R", "A61K"), ("T3", "S", "A61K")]  # fmt: skip
    ids = [f"CN{i}A" for i in range(1, len(rows) + 1)]
    frame = pd.DataFrame(
        {"technology": [r[0] for r in rows]}, index=pd.Index(ids, name="publication_id")
    )
    return PatentSet.from_tables({
        "publications": frame,
        "parties": pd.DataFrame({"publication_id": ids, "role": "applicant", "position": 1,
                                 "name_raw": [r[1] for r in rows]}),
        "inventors": pd.DataFrame({"publication_id": ids, "position": 1,
                                   "name_raw": [r[1].lower() for r in rows]}),
        "classifications": pd.DataFrame({"publication_id": ids, "scheme": "IPC",
                                         "symbol": [r[2] + "4/00" for r in rows]}),
        "citations": pd.DataFrame({"citing_id": ["CN4A", "CN5A", "CN6A", "CN4A"],
                                   "cited_id": ["CN1A", "CN2A", "CN3A", "CN5A"]}),
    })  # fmt: skip


def test_technologies_are_not_related_by_the_patents_of_one_each(labelled):
    with pytest.raises(ArgumentError, match='"owners"'):
        indicators.relatedness(labelled, "technology")


def test_technologies_related_by_owners_and_inventors(labelled):
    """T1 and T2 share P and Q, T1 and T3 share R; of three owners in several, all have T1.

    So every owner has T1, and with two thirds T2, with one T3: 3 * 2 / 3 and 3 * 1 / 3 are expected,
    which is what is seen; S has one technology and meets nothing.
    """
    for through in ("owners", "inventors"):
        table = indicators.relatedness(labelled, "technology", through=through, min_count=1)
        pairs = table.set_index(["source", "target"])
        assert pairs["count"].to_dict() == {("T1", "T2"): 2, ("T1", "T3"): 1}
        assert pairs["expected"].tolist() == pytest.approx([2, 1])
        assert pairs["z"].tolist() == pytest.approx([0, 0], abs=1e-6)


def test_technologies_related_by_citations(labelled):
    """T2 cites T1 twice, T3 cites T1 once; the citation inside T2 relates nothing."""
    table = indicators.relatedness(labelled, "technology", through="citations", min_count=1)
    pairs = table.set_index(["source", "target"])
    assert pairs["count"].to_dict() == {("T1", "T2"): 2, ("T1", "T3"): 1}
    # S = 3, 2, 1 and T = 6: association 2 * 6 / (3 * 2)
    assert pairs.loc[("T1", "T2"), "relatedness"] == pytest.approx(2)
    assert pairs.loc[("T1", "T2"), "expected"] == pytest.approx(1)


def test_technologies_related_by_classes(labelled):
    """T1 is all H01M, T2 half H01M half H02J: cosine 1 / sqrt(2); T3 has nothing in common."""
    table = indicators.relatedness(labelled, "technology", through="classes", min_count=1)
    assert table["relatedness"].tolist() == pytest.approx([1 / np.sqrt(2)])
    assert table["chance"].isna().all()


def specialised(table):
    """RTA of 2 where the table has a 1, of 0.5 where it has a 0."""
    frame = pd.DataFrame(table)
    long = frame.rename_axis(index="entity", columns="group").stack().rename("m").reset_index()
    return long.assign(rta=np.where(long["m"] == 1, 2.0, 0.5))


M = {  # columns are groups, rows the entities 0 ... 3
    "x": [1, 1, 1, 0],
    "y": [1, 1, 0, 0],
    "z": [1, 0, 0, 1],
}


def test_proximity():
    """k_x = 3, k_y = 2, k_z = 2; together xy 2, xz 1, yz 1.

    phi_xy = min(2/2, 2/3) = 2/3; phi_xz = min(1/2, 1/3) = 1/3; phi_yz = 1/2.
    """
    phi = indicators.proximity(specialised(M))
    assert phi.loc["x", "y"] == pytest.approx(2 / 3)
    assert phi.loc["x", "z"] == pytest.approx(1 / 3)
    assert phi.loc["y", "z"] == pytest.approx(1 / 2)
    assert phi.loc["x", "x"] == 0


def test_density():
    """Entity 1 has x and y. Around z: (1/3 + 1/2) / (1/3 + 1/2) = 100.

    Around x: only y of y, z: (2/3) / (2/3 + 1/3) = 66.7. Entity 3 has z alone: around x
    (1/3) / 1 = 33.3.
    """
    table = indicators.density(specialised(M)).set_index(["entity", "group"])
    assert table.loc[(1, "z"), "density"] == pytest.approx(100)
    assert table.loc[(1, "x"), "density"] == pytest.approx(200 / 3)
    assert table.loc[(3, "x"), "density"] == pytest.approx(100 / 3)
    assert not table.loc[(1, "z"), "advantage"]


def test_density_with_the_relatedness_of_patents():
    near = pd.DataFrame({"source": ["x"], "target": ["y"], "count": [1], "relatedness": [2.0]})
    table = indicators.density(specialised(M), near).set_index(["entity", "group"])
    assert table.loc[(1, "x"), "density"] == pytest.approx(100)
    assert np.isnan(table.loc[(1, "z"), "density"])


def test_what_meets_less_than_chance_is_not_near():
    near = pd.DataFrame({"source": ["x", "x", "y"], "target": ["y", "z", "z"], "count": 1,
                         "relatedness": [2.0, 0.9, 1.0]})  # fmt: skip
    near["chance"] = 1.0
    table = indicators.density(specialised(M), near).set_index(["entity", "group"])
    assert table.loc[(3, "x"), "density"] == 0  # z, which it holds, is less near to x than chance
    assert np.isnan(table.loc[(1, "z"), "density"])
    near["chance"] = np.nan
    table = indicators.density(specialised(M), near).set_index(["entity", "group"])
    assert table.loc[(3, "x"), "density"] == pytest.approx(100 * 0.9 / 2.9)


def test_next_branches_rank_what_is_near_and_not_held():
    """Entity 3 has z alone: around x 33.3, around y 100 * (1/2) / (2/3 + 1/2) = 42.9.

    One of the two other groups held at random: expected 50. The shares around y are 4/7 and 3/7,
    so the random spread is 100 * |4/7 - 3/7| / 2 = 7.1 and z = -1.
    """
    with pytest.warns(CoverageWarning, match="4 entities"):
        table = indicators.next_branches(specialised(M).assign(count=1.0), 3, min_neighbours=2)
    assert table["group"].tolist() == ["y", "x"]
    assert table["density"].tolist() == pytest.approx([300 / 7, 100 / 3])
    assert table["expected"].tolist() == [50, 50]
    assert table["z"].iloc[0] == pytest.approx(-1)
    assert table["basis"].tolist() == ["z", "z"]
    assert table["rank"].tolist() == [1, 2]
    with pytest.raises(UnknownNameError):
        indicators.next_branches(specialised(M).assign(count=1.0), "nowhere")


def test_groups_with_one_neighbour_are_not_ranked():
    """Near to one group only, a density is 0 or 100 and says nothing."""
    near = pd.DataFrame({"source": ["a", "a", "a", "b", "b", "c"], "target": ["b", "c", "d", "c", "e", "d"],
                         "relatedness": [1.0] * 6})  # fmt: skip
    rows = [("J", g, 2.0 if g == "b" else 0.5, 5.0 if g == "b" else 1.0) for g in "abcde"]
    table = pd.DataFrame(rows, columns=["entity", "group", "rta", "count"])
    found = indicators.next_branches(table, "J", near).set_index("group")
    assert found.loc["e", "density"] == 100
    assert pd.isna(found.loc["e", "rank"])
    assert found["rank"].dropna().index.tolist() == ["a", "c"]
    thin = indicators.next_branches(table, "J", near, min_count=2)
    assert thin["rank"].isna().all()  # the groups have one unit each


def test_one_city_against_itself_has_no_next_branch():
    alone = pd.DataFrame(
        {"entity": "J", "group": list("xyz"), "rta": 1.0, "count": [5.0, 3.0, 2.0]}
    )
    near = pd.DataFrame({"source": ["x"], "target": ["y"], "relatedness": [2.0]})
    with pytest.warns(CoverageWarning, match="reference"):
        indicators.next_branches(alone, "J", near)


def test_expected_density_is_the_mean_over_all_ways_to_hold():
    """With k of the other groups held, the mean and spread over all choices are as stated."""
    rng = np.random.default_rng(0)
    near = np.triu(rng.random((6, 6)), 1)
    names = list("abcdef")
    near = pd.DataFrame(near + near.T, index=names, columns=names)
    held = [set(c) for c in combinations(names[1:], 2)]
    rows = [(i, g, 2.0 if g in h else 0.5, 1.0) for i, h in enumerate(held) for g in names]
    table = pd.DataFrame(rows, columns=["entity", "group", "rta", "count"])
    found = [
        indicators.next_branches(table, i, near).set_index("group").loc["a"]
        for i in range(len(held))
    ]
    densities = np.array([row["density"] for row in found])
    assert densities.mean() == pytest.approx(found[0]["expected"])
    assert (densities[0] - densities.mean()) / densities.std() == pytest.approx(found[0]["z"])


def test_small_counts_are_no_advantage():
    table = specialised(M).assign(count=[1, 5, 5, 1, 5, 5, 1, 5, 5, 1, 5, 5])
    held = indicators.density(table, min_count=2).set_index(["entity", "group"])["advantage"]
    assert not held.loc[(0, "x")]
    assert held.sum() == 4  # of seven advantages, those with five units


def test_entry_and_exit():
    before = specialised({"x": [1, 0], "y": [0, 1]})
    after = specialised({"x": [1, 1], "y": [0, 0]})
    table = indicators.entry_exit(before, after).set_index(["entity", "group"])
    assert table.loc[(1, "x"), "entry"]
    assert table.loc[(0, "x"), "entry"] is pd.NA
    assert table.loc[(0, "x"), "exit"] == False  # noqa: E712
    assert table.loc[(1, "y"), "exit"]
    assert table.loc[(0, "y"), "entry"] == False  # noqa: E712
    assert table.loc[(0, "y"), "exit"] is pd.NA


def test_complexity_is_the_fixed_point_of_mutual_means():
    """The eigenvector satisfies: groups are the mean of their holders, up to scale and shift.

    Nested advantages rank entities by what only they can do.
    """
    nested = {"a": [1, 1, 1, 1], "b": [1, 1, 1, 0], "c": [1, 1, 0, 0], "d": [1, 0, 0, 0]}
    entities, groups = indicators.complexity(specialised(nested))
    assert entities.is_monotonic_decreasing
    assert groups.tolist() == sorted(groups)
    m = pd.DataFrame(nested).to_numpy(dtype=float)
    mean = (m @ groups.to_numpy()) / m.sum(axis=1)
    assert np.corrcoef(mean, entities)[0, 1] == pytest.approx(1)
    assert entities.mean() == pytest.approx(0, abs=1e-12)
    assert entities.std(ddof=0) == pytest.approx(1)


def test_complexity_of_separate_blocks_is_unknown():
    blocks = {"a": [1, 1, 0, 0], "b": [1, 1, 0, 0], "c": [0, 0, 1, 1], "d": [0, 0, 1, 1]}
    entities, groups = indicators.complexity(specialised(blocks))
    assert entities.isna().all()
    assert groups.isna().all()
