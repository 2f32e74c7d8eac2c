import pandas as pd
import pytest

import patentnav as pnav
from patentnav import clean


def make():
    return pnav.PatentSet.from_tables(
        {
            "publications": pd.DataFrame(
                {
                    "publication_id": ["CN1A", "CN1B", "CN2A", "US3A1"],
                    "application_id": ["CNx", "CNx", "CNy", "USz"],
                    "granted": [False, True, False, None],
                    "title": ["as filed", "as granted", "other", "abroad"],
                    "legal_status": ["in_force", None, None, "pending"],
                    "claim_count": [12, None, None, None],
                }
            ),
            "citations": pd.DataFrame(
                {
                    "citing_id": ["CN2A", "CN9A", "CN1B", "CN1A"],
                    "cited_id": ["CN1A", "CN1A", "CN2A", "CN2A"],
                }
            ),
            "inventors": pd.DataFrame(
                {"publication_id": ["CN1A", "CN2A"], "name_raw": ["Wang Wei", "Li Na"]}
            ),
            "legal_events": pd.DataFrame(
                {"publication_id": ["CN1A", "US3A1"], "code": ["GR01", "AS"], "text": ["a", "b"]}
            ),
            "families": pd.DataFrame(
                {
                    "scheme": "vendor",
                    "family_id": ["f", "f", "f"],
                    "publication_id": ["CN1A", "US3A1", "EP7A1"],
                }
            ),
        }
    )


def test_grant_represents_its_application():
    patents = make()
    result = clean.deduplicate(patents)
    assert result.publications.index.tolist() == ["CN1B", "CN2A", "US3A1"]
    row = result.publications.loc["CN1B"]
    assert row["title"] == "as granted"
    assert row["legal_status"] == "in_force"  # filled from the other document
    assert pd.isna(row["claim_count"])  # of the other document, not of this one
    assert result.provenance[-1].rows_in == 4
    assert result.provenance[-1].rows_out == 3
    assert len(patents) == 4


def test_facts_of_dropped_documents_pass_to_the_representative():
    result = clean.deduplicate(make())
    assert set(zip(result.citations["citing_id"], result.citations["cited_id"], strict=True)) == {
        ("CN2A", "CN1B"),
        ("CN9A", "CN1B"),
        ("CN1B", "CN2A"),
    }
    assert result.inventors["publication_id"].tolist() == ["CN1B", "CN2A"]
    assert result.legal_events["publication_id"].tolist() == ["CN1B", "US3A1"]


def test_family_keeps_events_of_its_own_right_only():
    result = clean.deduplicate(make(), unit="family")
    assert result.publications.index.tolist() == ["CN1B", "CN2A"]
    assert result.legal_events["code"].tolist() == ["GR01"]
    assert len(result.families) == 3


@pytest.mark.parametrize("unit", ["publication", "application", "family"])
def test_deduplicating_twice_changes_nothing(unit):
    once = clean.deduplicate(make(), unit)
    twice = clean.deduplicate(once, unit)
    pd.testing.assert_frame_equal(once.publications, twice.publications)
    pd.testing.assert_frame_equal(once.citations, twice.citations)


def test_unknown_unit():
    with pytest.raises(pnav.ArgumentError, match="not one of"):
        clean.deduplicate(make(), "patent")


def test_families_join_over_shared_priorities_and_keep_the_vendors():
    patents = pnav.PatentSet.from_tables(
        {
            "publications": pd.DataFrame(
                {
                    "publication_id": ["CN1A", "CN1B", "US2A1", "EP3A1", "JP4A"],
                    "application_id": ["CNa", "CNa", "USb", "EPc", "JPd"],
                }
            ),
            "priorities": pd.DataFrame(
                {
                    "publication_id": ["US2A1", "US2A1", "EP3A1"],
                    "priority_number": ["CNa", "GBz", "GBz"],
                }
            ),
            "families": pd.DataFrame(
                {"scheme": ["vendor"], "family_id": ["v"], "publication_id": ["JP4A"]}
            ),
        }
    )
    table = clean.families(patents).families
    simple = table[table["scheme"] == "simple"].set_index("publication_id")["family_id"]
    assert simple.to_dict() == {
        "CN1A": "CNa", "CN1B": "CNa", "US2A1": "CNa", "EP3A1": "CNa", "JP4A": "JPd",
    }  # fmt: skip
    assert (table["scheme"] == "vendor").sum() == 1
