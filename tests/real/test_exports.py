"""Real exports: recognised without being told, every record accounted for, in one spelling."""

from __future__ import annotations

import pandas as pd
import pytest

import patentnav as pnav

# File (or a pattern of files): format, records, records set aside. Stated in SOURCES.csv or counted
# with the csv module and a spreadsheet.
EXPORTS = {
    "cnipa_xml/*": ("cnipa-xml", 2, 0),
    "cnipr_sipo/cnipr_railway_training_199.xlsx": ("cnipr", 199, 0),
    "cnki_gbt7714/*": ("cnki-gbt7714", None, 0),
    "derwent_dii/dii_biogas_10_tags_as_columns.xlsx": ("derwent-dii-table", 10, 0),
    "derwent_dii/dii_tagged_2_records.txt": ("derwent-dii", 2, 0),
    "derwent_innovation/derwent_innovation_paypal_1381.csv": ("derwent-innovation", 1381, 0),
    "derwent_innovation/derwent_innovation_zh_retail_robots_68.xls": ("derwent-innovation", 68, 0),
    "epo_ops/ops_energy_hydrogen_biblio.jsonl.gz": ("epo-ops", None, 0),
    "epo_ops_xml/*": ("epo-ops", None, None),
    "espacenet/espacenet_classic_pizza_25.csv": ("espacenet", 25, 0),
    "google_patents/gp_merged_ethanol_nosearchurl_3839.csv": ("google-patents", 3839, 0),
    "google_patents/gp_search_solid_electrolyte_4264.csv": ("google-patents", 4264, 0),
    "incopat/incopat_general_autodriving_10000.xlsx": ("incopat", 10000, 0),
    "incopat/incopat_openai_73.xlsx": ("incopat", 73, 0),
    "kipris/kipris_B07C5_500.csv": ("kipris", 500, 0),
    "lens/lens_2015_pizza_1000_cr_lineends.csv": ("lens", 1000, 0),
    "lens/lens_2016_drones_5884.csv": ("lens", 5884, 0),
    "lens/lens_jet_engines_3779.csv": ("lens", 3779, 0),
    "lens/lens_polyphosphate_86.csv": ("lens", 86, 0),
    "patentics/patentics_aurora_global_67.csv": ("patentics", 67, 0),
    "patentics/patentics_cambricon_titlerow_357.xlsx": ("patentics", 357, 0),
    "patentics/patentics_cn_virtual_reality_7805.csv": ("patentics", 7805, 0),
    "patentics/patentics_thundersoft_75cols_511.xlsx": ("patentics", 511, 0),
    "patentics/patentics_us_uav_1000.xlsx": ("patentics", 1000, 0),
    "patentscope/patentscope_2025_br_ethanol_6242.xls": ("patentscope", 6242, 0),
    "patentscope/patentscope_pizza_2012_2015.xls": ("patentscope", 6177, 0),
    "patentsview_api/*": ("patentsview", None, None),
    "patsnap/patsnap_green_aviation_1999.xlsx": ("patsnap", 1999, 0),
    "uspto_xml/*": ("uspto-xml", 5, 0),
    "wipo_landscape_labelled/vantagepoint_synbio_644.xlsx": ("vantagepoint", 644, 0),
    "wipo_landscape_labelled/wipo_ewaste_labelled_8867.xlsx": ("wipo-landscape", 8867, 0),
    "wipo_landscape_labelled/wipo_ritonavir_804.csv": ("wipo-ritonavir", 804, 0),
}


@pytest.mark.real
@pytest.mark.parametrize("name", EXPORTS)
def test_recognised_and_accounted_for(shared_data, name):
    form, records, aside = EXPORTS[name]
    patents = pnav.read(str(shared_data / "exports" / name))
    intake = patents.intake
    assert set(intake["format"]) == {form}
    assert records in {None, intake["rows_in"].sum()}
    parts = intake["rows_out"] + intake["rows_merged"] + intake["rows_set_aside"]
    assert (intake["rows_in"] == parts).all()
    assert intake["rows_out"].sum() == len(patents)
    assert intake["rows_set_aside"].sum() == len(patents.set_aside)
    assert aside in {None, len(patents.set_aside)}
    numbered = patents.publications.index[patents.publications["number_known"]]
    assert numbered.str.match(r"^[A-Z]{2}[A-Z0-9]+$").all()
    assert len(numbered) == len(patents) or form == "kipris"
    assert patents.columns["table"].notna().all(), "a column is not understood"
    schema_breaches = patents.check().query("severity == 'error' and table != 'set_aside'")
    assert schema_breaches.empty


@pytest.mark.real
def test_espacenet_csv_and_xls_are_equal(shared_data):
    folder = shared_data / "exports" / "espacenet"
    one, other = (pnav.read(folder / f"espacenet_classic_pizza_25.{s}") for s in ("csv", "xls"))
    assert one.tables == other.tables
    for name in one.tables:
        left, right = (
            getattr(p, name).drop(columns=["source_file", "source_row"], errors="ignore")
            for p in (one, other)
        )
        pd.testing.assert_frame_equal(left, right)


@pytest.mark.real
def test_two_generations_of_one_vendor_merge(shared_data):
    folder = shared_data / "exports" / "lens"
    patents = pnav.read([folder / "lens_2015_pizza_1000_cr_lineends.csv",
                         folder / "lens_polyphosphate_86.csv"])  # fmt: skip
    assert patents.intake["rows_in"].sum() == 1086
    assert len(patents) + patents.intake["rows_merged"].sum() == 1086


@pytest.mark.real
@pytest.mark.parametrize(
    ("other", "shared", "differ"),
    [("espacenet/espacenet_classic_pizza_25.csv", 9, 0),
     ("patentscope/patentscope_pizza_2012_2015.xls", 78, 2)],
)  # fmt: skip
def test_what_two_vendors_say_of_one_publication_agrees_or_is_listed(
    shared_data, other, shared, differ
):
    files = [shared_data / "exports/lens/lens_2015_pizza_1000_cr_lineends.csv",
             shared_data / "exports" / other]  # fmt: skip
    one, two = (pnav.read(f).publications for f in files)
    kinds = pd.Series(one.index, index=one.index.str.replace(r"[A-Z]\d?$", "", regex=True))
    kinds = kinds[~kinds.index.duplicated(keep=False)]
    own = two.index.to_series()
    two = two.set_axis(own.where(own.isin(one.index), own.map(kinds).fillna(own)))
    both = one.index.intersection(two.index)
    patents = pnav.read(files)
    assert len(both) == shared
    assert len(patents) == len(one) + len(two) - shared
    found = 0
    for field in ("application_id", "application_date", "publication_date"):
        left, right = (f.loc[both].get(field) for f in (one, two))
        wrong = set(both[left.notna() & right.notna() & (left != right)])
        listed = patents.conflicts.query("column == @field")["publication_id"]
        assert wrong == set(listed) & set(both)
        found += len(wrong)
    assert found == differ
