"""Joint filings, counted by hand."""

from __future__ import annotations

import pandas as pd

import patentnav as pnav
from patentnav import facts, network
from patentnav.counting import unit_ids

# Units and their owners: a-b twice, b-c once, d-e once, f alone.
UNITS = {"CN1A": "ab", "CN2A": "ab", "CN3A": "bc", "CN4A": "de", "CN5A": "f", "CN6A": "a"}


def made(units: dict[str, str]) -> pnav.PatentSet:
    rows = [(p, owner) for p, owners in units.items() for owner in owners]
    return pnav.PatentSet.from_tables(
        {
            "publications": pd.DataFrame(
                {"authority": "CN"}, index=pd.Index([*units], name="publication_id")
            ),
            "parties": pd.DataFrame(rows, columns=["publication_id", "name_raw"]).assign(
                role="applicant"
            ),
        }
    )


def cooperate(patents: pnav.PatentSet) -> network.Cooperation:
    owners = facts.owners(patents, which="all")
    return network.cooperation(patents, owners, unit_ids(patents, "publication"))


def test_pairs_partners_and_groups() -> None:
    found = cooperate(made(UNITS))
    assert found.pairs.drop(columns="standing").to_numpy().tolist() == [
        ["a", "b", 2], ["b", "c", 1], ["d", "e", 1]
    ]  # fmt: skip
    assert not found.pairs["standing"].any()
    assert (found.units, found.joint) == (6, 4)
    nodes = found.nodes
    assert nodes.index[0] == "b"
    assert nodes["units"].to_dict() == {"a": 3, "b": 3, "c": 1, "d": 1, "e": 1, "f": 1}
    assert nodes["joint"].to_dict() == {"a": 2, "b": 3, "c": 1, "d": 1, "e": 1, "f": 0}
    assert nodes["partners"].to_dict() == {"a": 1, "b": 2, "c": 1, "d": 1, "e": 1, "f": 0}
    groups = nodes["group"]
    assert groups[["a", "b", "c"]].tolist() == [0, 0, 0]
    assert groups[["d", "e"]].tolist() == [1, 1]
    assert pd.isna(groups["f"])
    assert pd.isna(nodes.loc["f", "community"])


def test_any_order_of_rows_is_the_same() -> None:
    patents = made(UNITS)
    owners = facts.owners(patents, which="all")
    units = unit_ids(patents, "publication")
    one = network.cooperation(patents, owners, units)
    other = network.cooperation(patents, owners.sample(frac=1, random_state=3), units)
    pd.testing.assert_frame_equal(one.nodes, other.nodes)
    pd.testing.assert_frame_equal(one.pairs, other.pairs)


def test_nobody_together() -> None:
    found = cooperate(made({"CN1A": "a", "CN2A": "b"}))
    assert found.joint == 0
    assert found.pairs.empty
    assert found.nodes["group"].isna().all()
