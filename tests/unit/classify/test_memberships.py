import numpy as np
import pandas as pd
import pytest

import patentnav as pnav

TITLES = {
    "CN1A": "基于量子密钥的电池管理方法",
    "CN2A": "一种药物组合物",
    "US3A1": "System for package delivery by drone",
    "CN4A": "某物",
    "CN5A": None,
    "US6A1": "Quantum well MOSFET channels",
}
CLASSES = [("CN1A", "H04L9/08"), ("CN1A", "H02J7/00"), ("CN2A", "A61K31/00"),
           ("US3A1", "B64C39/02"), ("US6A1", "H01L29/06")]  # fmt: skip


@pytest.fixture
def patents():
    return pnav.PatentSet.from_tables(
        {
            "publications": pd.DataFrame({"title": TITLES}).rename_axis("publication_id"),
            "classifications": pd.DataFrame(CLASSES, columns=["publication_id", "symbol"]).assign(
                scheme="IPC"
            ),
        }
    )


def test_columns_weights_and_order(patents):
    rows = pnav.classify.memberships(patents)
    assert list(rows.columns) == ["publication_id", "industry", "sub_sector", "weight", "evidence"]
    assert np.allclose(rows.groupby("publication_id")["weight"].sum(), 1.0)
    assert rows["publication_id"].is_monotonic_increasing
    assert (rows["evidence"] != "").all()


def test_evidence_names_rule_and_words(patents):
    rows = pnav.classify.memberships(patents).set_index(["publication_id", "industry"])
    text = rows.loc[("CN2A", "biomed"), "evidence"]
    assert "A61K31/00 (A61K)" in text
    assert "药物" in text
    assert rows.loc[("CN2A", "biomed"), "sub_sector"] == "bio-chem-drug"


def test_unassigned_is_said(patents):
    rows = pnav.classify.memberships(patents)
    assert rows.attrs["unassigned"] == 2
    primary = pnav.classify.industries(patents)
    assert primary[["CN4A", "CN5A"]].isna().all()
    assert primary.name == "industry"


def test_mostly_unassigned_is_warned_of(patents):
    with pytest.warns(pnav.CoverageWarning, match="2 of 3"):
        pnav.classify.memberships(patents.filter(["CN2A", "CN4A", "CN5A"]))


def test_quantum_well_is_no_quantum_technology(patents):
    primary = pnav.classify.industries(patents)
    assert primary["US6A1"] == "ict"
    assert primary["US3A1"] == "logistics"


def test_row_order_does_not_matter(patents):
    again = pnav.PatentSet.from_tables(
        {
            "publications": patents.publications.iloc[::-1],
            "classifications": patents.classifications.iloc[::-1],
        }
    )
    pd.testing.assert_frame_equal(
        pnav.classify.memberships(patents), pnav.classify.memberships(again)
    )


def test_only_titles_and_only_classes(patents):
    titles = pnav.PatentSet.from_tables({"publications": patents.publications})
    assert pnav.classify.industries(titles)["CN2A"] == "biomed"
    bare = pnav.PatentSet.from_tables(
        {
            "publications": patents.publications.assign(title=None),
            "classifications": patents.classifications,
        }
    )
    assert pnav.classify.industries(bare)["CN2A"] == "biomed"


def test_wrong_bound(patents):
    with pytest.raises(pnav.ArgumentError, match="certain"):
        pnav.classify.memberships(patents, bound="maybe")
