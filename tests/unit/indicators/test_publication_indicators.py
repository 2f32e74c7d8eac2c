"""Indicators of single publications, worked by hand."""

import pandas as pd
import pytest

from patentnav import (
    ArgumentError,
    CoverageWarning,
    MissingTableError,
    PatentSet,
    UnknownNameError,
    indicators,
)
from patentnav.indicators import registry


@pytest.fixture
def cited(make):
    """CN1 (2010) is cited within five years by US8 (2012) and by CN2, after them by US9 (2016).

    CN3 was published in 2018, its five years end after the last citing date (2019-05-01).
    CN2 cites CN1 twice, once as A and once as B document: one citation between applications.
    """
    return make(
        publications=[
            {"publication_id": "CN101111111A", "application_id": "CN1",
             "publication_date": "2010-01-01"},
            {"publication_id": "CN101111111B", "application_id": "CN1",
             "publication_date": "2012-01-01"},
            {"publication_id": "CN102222222A", "application_id": "CN2",
             "publication_date": "2013-03-01"},
            {"publication_id": "CN103333333A", "application_id": "CN3",
             "publication_date": "2018-03-01"},
        ],
        citations=[
            {"citing_id": "US8B2", "cited_id": "CN101111111A", "citing_date": "2012-05-01"},
            {"citing_id": "CN102222222A", "cited_id": "CN101111111A", "citing_date": None},
            {"citing_id": "CN102222222A", "cited_id": "CN101111111B", "citing_date": None},
            {"citing_id": "US9B2", "cited_id": "CN101111111B", "citing_date": "2016-05-01"},
            {"citing_id": "US9B2", "cited_id": "CN103333333B", "citing_date": "2019-05-01"},
        ],
    )  # fmt: skip


def test_forward_citations_within_a_window(cited):
    values = indicators.forward_citations(cited)
    assert values["CN101111111A"] == 2
    assert values["CN101111111B"] == 2
    assert values["CN102222222A"] == 0
    assert values.isna()["CN103333333A"]
    assert values.attrs["missing"] == {"window of 5 years still open": 1}


def test_forward_citations_of_all_time(cited):
    """US9 cites CN3 by its B document, which the set holds as A: found by its number."""
    values = indicators.forward_citations(cited, window=None)
    assert values.tolist() == [3, 3, 0, 1]


def test_citations_between_publications(cited):
    """Each document counts for itself; CN102222222A cites both documents of CN1."""
    values = indicators.forward_citations(cited, window=None, unit="publication")
    assert values.tolist() == [2, 2, 0, 1]


def test_seven_years(cited):
    assert indicators.forward_citations_7(cited)["CN101111111A"] == 3


def test_an_undated_citation_leaves_the_window_unknown(make):
    patents = make(
        publications=[{"publication_id": "CN1A", "publication_date": "2010-01-01"}],
        citations=[
            {"citing_id": "US1A", "cited_id": "CN1A", "citing_date": None},
            {"citing_id": "US2A", "cited_id": "CN1A", "citing_date": "2019-01-01"},
        ],
    )
    assert indicators.forward_citations(patents).isna().all()
    assert indicators.forward_citations(patents, window=None).tolist() == [2]


def test_backward_citations(cited):
    assert indicators.backward_citations(cited).tolist() == [0, 0, 1, 0]


def test_a_source_without_references_is_unknown_not_zero(make):
    patents = make(
        publications=[
            {"publication_id": "CN1A", "source_file": "a", "backward_citation_count": None},
            {"publication_id": "CN2A", "source_file": "b", "backward_citation_count": 7},
            {"publication_id": "CN3A", "source_file": "b", "backward_citation_count": None},
            {"publication_id": "CN4A", "source_file": "a", "backward_citation_count": None},
        ],
        citations=[{"citing_id": "CN1A", "cited_id": "US1A"}],
    )
    values = indicators.backward_citations(patents)
    assert values.astype(object).where(values.notna(), None).tolist() == [1, 7, None, 0]
    assert indicators.forward_citations(patents, window=None).isna().all()


def test_literature_is_counted_apart(make):
    patents = make(
        publications=[{"publication_id": "CN1A"}, {"publication_id": "CN2A"}],
        citations=[
            {"citing_id": "CN1A", "cited_id": None, "cited_kind": "literature", "cited_text": t}
            for t in ("Nature 1", "Nature 2")
        ],
    )
    assert indicators.npl_citations(patents).tolist() == [2, 0]


def test_family_size_counts_offices_without_wo(make):
    patents = make(
        publications=[
            {"publication_id": "CN1A", "family_country_count": None},
            {"publication_id": "CN2A", "family_country_count": 3},
            {"publication_id": "CN3A", "family_country_count": None},
        ],
        families=[
            {"scheme": "simple", "family_id": "F1", "publication_id": p}
            for p in ("CN1A", "US1A1", "US1B2", "EP1A1", "WO1A1")
        ],
    )
    values = indicators.family_size(patents)
    assert values[:2].tolist() == [3, 3]
    assert values.isna()["CN3A"]


def test_grant_lag_uses_the_grant_of_the_application(make):
    patents = make(
        publications=[
            {"publication_id": "CN1A", "application_id": "CN1", "application_date": "2018-01-01",
             "publication_date": "2019-01-01", "granted": False},
            {"publication_id": "CN1B", "application_id": "CN1", "application_date": "2018-01-01",
             "publication_date": "2020-01-01", "granted": True},
            {"publication_id": "CN2A", "application_id": "CN2", "application_date": "2018-01-01",
             "publication_date": "2019-01-01", "granted": False},
        ]
    )  # fmt: skip
    values = indicators.grant_lag(patents)
    assert values[:2].tolist() == [730, 730]
    assert values.isna()["CN2A"]


def test_self_citations_may_be_left_out(make):
    """CN1 is cited by CN2 of the same owner, CN3 of another and US4, whose owner is not known."""
    ids = ["CN1A", "CN2A", "CN3A"]
    patents = make(
        publications=[{"publication_id": p, "publication_date": "2010-01-01"} for p in ids],
        parties=[
            {"publication_id": p, "role": "applicant", "position": 1, "name_raw": n}
            for p, n in zip(ids, ["Alpha", "Alpha", "Beta"], strict=True)
        ],
        citations=[
            {"citing_id": c, "cited_id": "CN1A", "citing_date": "2016-01-01"}
            for c in ("CN2A", "CN3A", "US4A")
        ],
    )
    assert indicators.citations_received(patents)["CN1A"] == 3
    assert indicators.citations_received(patents, self_citations=False)["CN1A"] == 2


def test_a_family_cites_and_is_cited_once(make):
    """CN1 and US1 are one family, cited by CN2 and EP2, another: one citation of a family."""
    families = {"F1": ["CN1A", "US1A1"], "F2": ["CN2A", "EP2A1"]}
    patents = make(
        publications=[
            {"publication_id": p, "publication_date": "2010-01-01"}
            for members in families.values()
            for p in members
        ],
        families=[
            {"scheme": "simple", "family_id": f, "publication_id": p}
            for f, members in families.items()
            for p in members
        ],
        citations=[
            {"citing_id": a, "cited_id": b}
            for a, b in (("CN2A", "CN1A"), ("EP2A1", "US1A1"), ("US1A1", "CN1A"))
        ],
    )
    assert indicators.citations_received(patents, unit="family").tolist() == [1, 0, 0, 1]
    assert indicators.citations_received(patents, unit="publication").tolist() == [2, 0, 0, 1]


def test_compute_states_coverage(cited):
    with pytest.warns(CoverageWarning, match="claim_count"):
        result = indicators.compute(cited, ["forward_citations", "claim_count"])
    assert result["claim_count"].isna().all()
    covered = indicators.coverage(cited, ["forward_citations", "claim_count"])
    covered = covered.set_index("indicator")
    assert covered.loc["forward_citations", "known"] == 3
    assert covered.loc["forward_citations", "missing"] == "window of 5 years still open: 1"
    assert "carries no publications.claim_count" in covered.loc["claim_count", "missing"]


def test_results_may_be_joined(cited):
    """Nothing hangs on attributes of the frame, which a join loses."""
    one = indicators.compute(cited, "forward_citations")
    two = indicators.compute(cited, "backward_citations")
    assert pd.concat([one, two], axis=1).shape == (4, 2)


def test_unknown_names_and_missing_tables(cited, make):
    with pytest.raises(UnknownNameError, match="forward_citations"):
        indicators.compute(cited, ["forward_citation"])
    with pytest.raises(MissingTableError, match="citations"):
        indicators.forward_citations(make(publications=[{"publication_id": "CN1A"}]))


def test_every_indicator_is_described():
    table = indicators.list()
    assert table["name"].is_unique
    for column in ("unit", "level", "better", "source", "summary"):
        assert (table[column].str.len() > 0).all(), column


def test_row_order_changes_nothing(cited):
    shuffled = PatentSet.from_tables(
        {
            "publications": cited.publications.iloc[::-1].reset_index(),
            "citations": cited.citations.iloc[::-1],
        }
    )
    names = ["forward_citations", "backward_citations"]
    pd.testing.assert_frame_equal(
        indicators.compute(cited, names), indicators.compute(shuffled, names)
    )


def test_owner_level_indicators_are_called_directly(cited, monkeypatch):
    monkeypatch.setattr(registry._REGISTER, "_entries", dict(registry._REGISTER._entries))

    @indicators.indicator(level="owner", unit="x", better="neither", source="test")
    def only_for_this_test(patents):
        """Nothing."""

    with pytest.raises(ArgumentError, match="owner"):
        indicators.compute(cited, "only_for_this_test")


def test_a_name_is_registered_once(monkeypatch):
    monkeypatch.setattr(registry._REGISTER, "_entries", dict(registry._REGISTER._entries))

    def claim_count(patents):
        """Ours."""
        return patents.publications["title"].str.len().astype("Int64")

    register = indicators.indicator(unit="characters", better="neither", source="own")
    with pytest.raises(ArgumentError, match=r"claim_count.*patentnav\.indicators\.scope.*Give it"):
        register(claim_count)
    assert registry.get("claim_count").unit != "characters"
