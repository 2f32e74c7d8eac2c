"""Real exports of the first vendors: recognised, accounted for, in one spelling."""

import pytest

import patentnav as pnav

EXPORTS = {
    "incopat/incopat_openai_73.xlsx": ("incopat", 73, 0),
    "lens/lens_2015_pizza_1000_cr_lineends.csv": ("lens", 1000, 0),
    "lens/lens_polyphosphate_86.csv": ("lens", 86, 0),
    "patentics/patentics_aurora_global_67.csv": ("patentics", 67, 0),
    "patentics/patentics_cambricon_titlerow_357.xlsx": ("patentics", 357, 0),
    "patentics/patentics_thundersoft_75cols_511.xlsx": ("patentics", 511, 0),
    "patsnap/patsnap_green_aviation_1999.xlsx": ("patsnap", 1999, 0),
    "google_patents/gp_search_solid_electrolyte_4264.csv": ("google-patents", 4264, 0),
    "derwent_innovation/derwent_innovation_paypal_1381.csv": ("derwent-innovation", 1381, 0),
    "derwent_innovation/derwent_innovation_zh_retail_robots_68.xls": ("derwent-innovation", 68, 0),
}


@pytest.mark.real
@pytest.mark.parametrize("name", EXPORTS)
def test_recognised_and_accounted_for(shared_data, name):
    form, records, aside = EXPORTS[name]
    patents = pnav.read(shared_data / "exports" / name)
    row = patents.intake.iloc[0]
    assert row["format"] == form
    assert row["rows_in"] == records
    assert row["rows_in"] == row["rows_out"] + row["rows_merged"] + row["rows_set_aside"]
    assert row["rows_set_aside"] == aside == len(patents.set_aside)
    assert row["rows_out"] == len(patents)
    assert patents.publications.index.str.match(r"^[A-Z]{2}[A-Z0-9]+$").all()
    assert patents.check()["severity"].ne("error").all()
