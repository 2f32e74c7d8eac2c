"""Relatedness, proximity, density, complexity, entry and exit, worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from patentnav import ArgumentError, PatentSet, indicators


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
    table = indicators.relatedness(*patents, measure).set_index(["source", "target"])
    assert table.loc[("A", "B"), "relatedness"] == pytest.approx(ab)
    assert table.loc[("A", "C"), "relatedness"] == pytest.approx(ac)
    assert table.loc[("A", "B"), "count"] == 2
    assert len(table) == 3  # D meets nobody


def test_unknown_measure(patents):
    with pytest.raises(ArgumentError, match="cosine"):
        indicators.relatedness(*patents, "euclid")


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
