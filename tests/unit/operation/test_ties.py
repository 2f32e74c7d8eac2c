"""Alliances, licences in both directions and pools on sets small enough to count by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import patentnav as pnav
from patentnav import operation
from patentnav.operation import nearness

TECHNOLOGY = "T1"


def made(
    rows: list[tuple[str, str, str, str]],
    cites: list[tuple[str, str]] = (),
    status: str = "in_force",
) -> tuple[pnav.PatentSet, pd.DataFrame]:
    """``id, owners (blank-separated), class, title``; every application has one publication."""
    ids = [r[0] for r in rows]
    publications = pd.DataFrame(
        {"authority": "CN", "patent_type": "invention", "legal_status": status,
         "application_date": pd.Timestamp("2020-01-01"), "title": [r[3] for r in rows]},
        index=pd.Index(ids, name="publication_id"),
    )  # fmt: skip
    parties = pd.DataFrame(
        [
            {"publication_id": i, "role": "applicant", "position": k, "name_raw": o, "party_type": "enterprise"}
            for i, owners, _, _ in rows
            for k, o in enumerate(owners.split(), 1)
        ]
    )  # fmt: skip
    classes = pd.DataFrame(
        {"publication_id": ids, "scheme": "IPC", "symbol": [r[2] for r in rows], "position": 1}
    )
    tables = {"publications": publications, "parties": parties, "classifications": classes}
    if cites:
        tables["citations"] = pd.DataFrame(
            [{"citing_id": a, "cited_id": b, "cited_kind": "patent"} for a, b in cites]
        )
    cells = pd.DataFrame({"publication_id": ids, "technology": TECHNOLOGY})
    return pnav.PatentSet.from_tables(tables), cells


PAIR = [
    ("CN1A", "a", "H01M10/05", "one"), ("CN2A", "a", "H01M10/06", "two"),
    ("CN3A", "a", "H02J7/00", "three"), ("CN4A", "b", "H01M10/07", "four"),
    ("CN5A", "b", "G01R31/36", "five"), ("CN6A", "a b", "H01M10/05", "six"),
    ("CN7A", "c", "B60L53/00", "seven"), ("CN8A", "c", "B60L53/10", "eight"),
]  # fmt: skip
CITES = [
    ("CN1A", "CN4A"), ("CN2A", "CN4A"), ("CN1A", "CN6A"),  # a cites b twice; CN6A is joint
    ("CN5A", "CN3A"), ("CN6A", "CN3A"),  # b cites a once: the joint one does not count
    ("CN1A", "US9A"), ("CN4A", "US9A"), ("CN2A", "US8A"), ("CN5A", "US8A"),  # two shared documents
    ("CN7A", "US9A"),
]  # fmt: skip


def test_ties_counted_by_hand() -> None:
    patents, cells = made(PAIR, CITES)
    found = operation.alliances(patents, cells, owner="party", leaders=1, min_count=2, min_joint=1)
    assert len(found) == 1  # c shares one document with a: one way of the kind that needs two
    row = found.iloc[0]
    assert row[["leader", "partner"]].tolist() == ["a", "b"]
    assert row[["leader_count", "partner_count", "joint"]].tolist() == [4, 3, 1]
    assert row[["cites", "cited", "coupling", "ties"]].tolist() == [2, 1, 2, 4]
    # a: H01M10 3/4, H02J7 1/4; b: H01M10 2/3, G01R31 1/3
    assert row["overlap"] == pytest.approx(2 / 3)
    assert row["complementarity"] == pytest.approx(1 / 3)
    assert not row["competitors"]  # they file together
    assert row["reason"] == "joint; cites; cited; coupling; same_node"


def test_competitors_have_close_profiles_and_no_joint_filing() -> None:
    rows = [r for r in PAIR if r[0] != "CN6A"]
    patents, cells = made(rows, [c for c in CITES if "CN6A" not in c])
    row = operation.alliances(patents, cells, owner="party", leaders=1, min_count=2).iloc[0]
    assert row["overlap"] == pytest.approx(0.5)
    assert row["competitors"]


def test_without_citations_ties_are_unknown_and_not_zero() -> None:
    patents, cells = made(PAIR)
    assert operation.alliances(patents, cells, owner="party", min_count=2).empty  # one joint filing
    row = operation.alliances(patents, cells, owner="party", min_count=2, min_joint=1).iloc[0]
    assert pd.isna(row["cites"])
    assert pd.isna(row["coupling"])
    assert row["joint"] == 1


def test_the_dead_make_no_alliance() -> None:
    patents, cells = made(PAIR, CITES, status="lapsed")
    assert operation.alliances(patents, cells, owner="party", min_count=1).empty


NEAR = [
    ("CN11A", "a", "H01M10/05", "sulfide solid electrolyte membrane"),
    ("CN12A", "a", "H01M10/05", "sulfide electrolyte interface coating"),
    ("CN13A", "b", "H01M10/05", "solid electrolyte membrane sulfide rolling"),
    ("CN14A", "b", "H01M10/05", "electrolyte interface coating sulfide layer"),
    ("CN15A", "c", "A01K47/02", "beehive frame with ventilation slots"),
    ("CN16A", "c", "A01K47/02", "beehive cover latch"),
    ("CN17A", "d", "B25J9/16", "robot gripper finger actuator"),
    ("CN18A", "d", "B25J9/16", "robot wrist torque sensor"),
]


def test_pairs_nearest_to_each_other() -> None:
    patents, _ = made(NEAR)
    found = operation.cross_licences(patents, owner="party", min_count=2)
    assert found[["owner_a", "owner_b"]].to_numpy().tolist() == [["a", "b"]]
    row = found.iloc[0]
    assert row[["a_to_b", "b_to_a", "share_a", "share_b", "strength"]].tolist() == [
        2,
        2,
        1.0,
        1.0,
        1.0,
    ]
    assert row["expected_a"] == pytest.approx(2 / 6)
    assert row["times"] == pytest.approx(3)


def test_one_direction_is_no_cross_licence() -> None:
    rows = [*NEAR[:3], ("CN19A", "b", "A01K47/02", "beehive smoker bellows"), *NEAR[4:]]
    patents, _ = made(rows)
    assert operation.cross_licences(patents, owner="party", min_count=2).empty


def pool_rows(owners: str) -> list[tuple[str, str, str, str]]:
    return [
        (
            f"CN{20 + i}A",
            o,
            "H01M10/05" if i % 2 else "H02J7/00",
            f"subject number {'xyzwvuts'[i % 8]}{i}",
        )
        for i, o in enumerate(owners)
    ]


def test_a_pool_needs_hands_and_complements() -> None:
    rows = pool_rows("aabbccaabb")
    patents, cells = made(rows, [("CN20A", "CN23A"), ("CN21A", "US1A"), ("CN24A", "US1A")])
    row = operation.pools(patents, cells, owner="party").iloc[0]
    assert row[["in_force", "owners", "largest"]].tolist() == [10, 3, "a"]
    assert row["largest_share"] == pytest.approx(0.4)
    assert row["pairs"] == 4 * 4 + 4 * 2 + 4 * 2  # a-b, a-c, b-c
    assert row["complements"] == 2  # one cites the other; both cite US1A; other main groups
    assert row["candidate"]


def test_one_large_owner_or_no_citations_make_no_candidate() -> None:
    patents, cells = made(pool_rows("aaaaaaabcc"), [("CN20A", "CN27A")])
    row = operation.pools(patents, cells, owner="party").iloc[0]
    assert not row["candidate"]
    assert "dominated" in row["reason"]
    silent, cells = made(pool_rows("aabbccaabb"))
    row = operation.pools(silent, cells, owner="party").iloc[0]
    assert pd.isna(row["candidate"])
    assert pd.isna(row["complements"])
    assert "links_untold" in row["reason"]


WORDS = [
    "sulfide",
    "solid",
    "electrolyte",
    "membrane",
    "anode",
    "cathode",
    "separator",
    "collector",
    "binder",
    "casing",
]


def test_likely_substitutes_share_a_group_and_words() -> None:
    # Every text lacks another one of ten words: any two share eight of nine, a cosine of about .89.
    near = [
        (name, o, c, " ".join(w for i, w in enumerate(WORDS) if i != place))
        for place, (name, o, c, _) in enumerate(pool_rows("aabbccaabb"))
    ]
    patents, cells = made(near, [("CN20A", "CN23A")])
    row = operation.pools(patents, cells, owner="party").iloc[0]
    by_owner = {"a": (2, 2), "b": (2, 2), "c": (1, 1)}  # of either group
    pairs = sum(
        by_owner[p][g] * by_owner[q][g]
        for p, q in (("a", "b"), ("a", "c"), ("b", "c"))
        for g in (0, 1)
    )
    assert row["substitutes"] == pairs
    assert not row["candidate"]


def test_one_text_is_no_substitute_for_itself() -> None:
    same = [(i, o, c, " ".join(WORDS)) for i, o, c, _ in pool_rows("aabbccaabb")]
    patents, cells = made(same, [("CN20A", "CN23A")])
    row = operation.pools(patents, cells, owner="party").iloc[0]
    assert row["substitutes"] == 0
    assert row["pairs"] == 32


def test_pairs_of_one_family_are_no_pairs() -> None:
    patents, cells = made(pool_rows("aabbccaabb"), [("CN20A", "CN23A")])
    ids = [f"CN{20 + i}A" for i in range(10)]
    family = pd.DataFrame(
        {
            "publication_id": ids, "family_id": ["F"] * 5 + [f"G{i}" for i in range(5)],
            "scheme": "simple", "member_id": ids, "authority": "CN",
        }
    )  # fmt: skip
    names = [
        n
        for n in ("publications", "parties", "texts", "classifications", "citations")
        if patents.has(n)
    ]
    tables = {name: getattr(patents, name) for name in names}
    joined = pnav.PatentSet.from_tables({**tables, "families": family})
    # a a b b c of one family: 4 pairs of a and b, 2 of a and c, 2 of b and c less than before.
    assert operation.pools(joined, cells, owner="party").iloc[0]["pairs"] == 32 - 8


@pytest.mark.parametrize("call", [
    lambda p, t: operation.alliances(p, t, leaders=0),
    lambda p, t: operation.cross_licences(p, min_count=0),
    lambda p, t: operation.pools(p, t, max_share=1.5),
    lambda p, t: operation.pledge(p, min_life=-1),
])  # fmt: skip
def test_numbers_out_of_range_are_refused(call) -> None:
    patents, cells = made(PAIR)
    with pytest.raises(pnav.ArgumentError):
        call(patents, cells)


def test_nearest_by_owner_is_the_greatest_product() -> None:
    from scipy.sparse import csr_matrix

    rng = np.random.default_rng(3)
    left, right = (csr_matrix(rng.random((n, 7)) * (rng.random((n, 7)) < 0.6)) for n in (9, 12))
    owner = rng.integers(0, 4, 12)
    dense = (left @ right.T).toarray()
    for rows, best, which in nearness.nearest_by_owner(left, right, owner, 4):
        for i, j in np.ndindex(best.shape):
            mine = np.flatnonzero(owner == j)
            expected = dense[rows.start + i, mine].max() if len(mine) else 0.0
            assert best[i, j] == pytest.approx(expected, abs=1e-4)
            if which[i, j] >= 0:
                assert dense[rows.start + i, which[i, j]] == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("seed", range(20))
def test_nearest_other_is_that_of_the_similarities_to_all(seed: int) -> None:
    """Many equals: the similarities are few numbers, so that the first of equals decides."""
    from scipy.sparse import csr_matrix

    rng = np.random.default_rng(seed)
    left, right = (csr_matrix(rng.integers(0, 2, (n, 4)) * 0.5) for n in (15, 30))
    own, owner = rng.integers(0, 5, 15), rng.integers(0, 5, 30)
    wanted = np.full(15, -1)
    for rows, best, _ in nearness.nearest_by_owner(left, right, owner, 5):
        best[np.arange(len(best)), own[rows]] = 0.0
        top = best.argmax(axis=1)
        wanted[rows] = np.where(best[np.arange(len(best)), top] >= 0.2, top, -1)
    assert nearness.nearest_other(left, own, right, owner, 0.2).tolist() == wanted.tolist()


def test_two_leaders_are_one_pair_told_from_the_larger() -> None:
    patents, cells = made(PAIR, CITES)
    found = operation.alliances(patents, cells, owner="party", leaders=2, min_count=2)
    assert found[["leader", "partner"]].values.tolist() == [["a", "b"]]


def test_without_rights_there_are_no_pools() -> None:
    patents, cells = made(PAIR, CITES, status="pending")
    assert operation.pools(patents, cells, owner="party", min_rights=1).empty
    patents, cells = made(PAIR, CITES)
    assert operation.pools(patents, cells[:0], owner="party", min_rights=1).empty


def test_who_files_only_with_the_other_is_no_ally() -> None:
    """A daughter whose every application is its parent's too: nothing to ally."""
    daughter = [(f"CN{i}A", "a d", "H01M10/05", "joint") for i in range(10, 15)]
    patents, cells = made([*PAIR, *daughter], CITES)
    found = operation.alliances(patents, cells, owner="party", min_count=2)
    assert "d" not in {*found["leader"], *found["partner"]}
    assert ("a", "b") in set(zip(found["leader"], found["partner"], strict=True))
    assert found.attrs["never_apart"] == 1
