import numpy as np
import pytest

import patentnav as pnav

pytestmark = pytest.mark.real


def test_a_drug_landscape_is_biomedicine(shared_data):
    patents = pnav.read(shared_data / "exports/wipo_landscape_labelled/wipo_ritonavir_804.csv")
    rows = pnav.classify.memberships(patents)
    assert np.allclose(rows.groupby("publication_id")["weight"].sum(), 1.0)
    assert (rows["evidence"] != "").all()
    assert (pnav.classify.industries(patents) == "biomed").mean() > 0.95


def test_small_chinese_export_with_classes_and_without(shared_data):
    patents = pnav.read(shared_data / "exports/incopat/incopat_openai_73.xlsx")
    whole = pnav.classify.industries(patents, min_probability=0.0)
    tables = {t: getattr(patents, t) for t in patents.tables if t != "classifications"}
    titles = pnav.classify.industries(pnav.PatentSet(tables), min_probability=0.0)
    assert (whole == titles).mean() > 0.75
    labelled = patents.classifications["scheme"] == "SEI"
    tables["classifications"] = patents.classifications[~labelled]
    unlabelled = pnav.PatentSet(tables)
    with pytest.warns(pnav.CoverageWarning):
        certain = pnav.classify.memberships(unlabelled, "sei-2021")
    possible = pnav.classify.memberships(unlabelled, "sei-2021", bound="possible")
    assert set(certain["publication_id"]) < set(possible["publication_id"])
    # With the vendor's labels every labelled record has its place, the one of its labels.
    told = pnav.classify.memberships(patents, "sei-2021")
    labels = patents.classifications[labelled].drop_duplicates(["publication_id", "symbol"])
    assert set(labels["publication_id"]) <= set(told["publication_id"])
    pairs = set(zip(told["publication_id"], told["sub_sector"], strict=True))
    assert set(zip(labels["publication_id"], labels["symbol"], strict=True)) <= pairs
