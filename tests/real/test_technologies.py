"""Technologies of real exports."""

from __future__ import annotations

import pytest

import patentnav as pnav

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def jet_engines(shared_data):
    patents = pnav.read(shared_data / "exports" / "lens" / "lens_jet_engines_3779.csv")
    return patents.filter(patents.publications.index[:1500])


def test_titles_alone_give_named_technologies(jet_engines):
    found = pnav.cluster.technologies(jet_engines, 12)
    values = found.quality.set_index("measure")["value"]
    assert values["modularity"] > 0.5
    assert values["neighbours_kept"] > 0.5
    assert values["without_text"] + values["without_shared_words"] < 0.1 * len(jet_engines)
    assert found.labels.notna().sum() == found.sizes.sum()
    assert found.names.is_unique
    assert any("fuel" in name or "combustion" in name for name in found.names)
    # Titles that are only a number (as this source gives for some) name nothing.
    assert not any(name.lower().startswith("b2") for name in found.names)


def test_chinese_titles_are_read_in_chinese(shared_data):
    path = shared_data / "exports" / "incopat" / "incopat_chatbot_2798.xlsx"
    patents = pnav.read(path)
    patents = patents.filter(patents.publications.index[:800])
    found = pnav.cluster.technologies(patents, 8)
    assert found.parameters["language"] == "zh"
    han = found.names.str.contains("[\u4e00-\u9fff]")
    assert set(found.names[~han].str.casefold()) <= {"chatbot"}  # as titles of that set write it
