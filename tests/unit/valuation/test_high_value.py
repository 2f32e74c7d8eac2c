"""The five statutory criteria: each true, false and unknown."""

from __future__ import annotations

import pandas as pd
import pytest

from patentnav import ArgumentError, PatentSet, valuation

DAY = "2024-06-01"


def build(rows, **tables):
    frame = pd.DataFrame(rows)
    for column, value in (("patent_type", "invention"), ("legal_status", "in_force")):
        if column not in frame:
            frame[column] = value
    return PatentSet.from_tables(
        {"publications": frame, **{k: pd.DataFrame(v) for k, v in tables.items()}}
    )


def states(series):
    return [None if pd.isna(v) else bool(v) for v in series]


def test_maintained_more_than_ten_years_and_in_force():
    patents = build(
        [
            {"publication_id": "CN1B", "application_date": "2014-05-31"},
            {"publication_id": "CN2B", "application_date": "2014-06-01"},
            {"publication_id": "CN3B", "application_date": "2010-01-01", "legal_status": "lapsed"},
            {"publication_id": "CN4B", "application_date": "2010-01-01", "legal_status": "unknown"},
            {"publication_id": "CN5B", "application_date": None},
        ]
    ).assign(legal_status=["in_force", "in_force", "lapsed", "unknown", "in_force"])
    result = valuation.high_value(patents, as_of=DAY)
    assert states(result["maintained_10_years"]) == [True, False, False, None, None]
    assert states(result["high_value"]) == [True, None, False, None, None]
    assert result.attrs["as_of"] == DAY


def test_the_last_known_day_is_the_day_of_the_statement():
    patents = build([{"publication_id": "CN1B", "publication_date": "2020-02-03"}])
    assert valuation.high_value(patents).attrs["as_of"] == "2020-02-03"


def test_overseas_right_is_a_right_in_force_not_an_application():
    """CN1: US grant in force; CN2: US application only; CN3: US grant outside the set (unknown).

    CN4: no member abroad; CN5: family not listed; CN6: US grant lapsed.
    """
    rows = [{"publication_id": f"CN{i}B"} for i in range(1, 7)]
    rows += [{"publication_id": "US1B2"}, {"publication_id": "US6B2", "legal_status": "lapsed"}]
    members = {
        "F1": ["CN1B", "US1B2", "WO1A1"], "F2": ["CN2B", "US2A1", "WO2A1"],
        "F3": ["CN3B", "US3B2"], "F4": ["CN4B", "WO4A1"], "F6": ["CN6B", "US6B2"],
    }  # fmt: skip
    families = [
        {"scheme": "simple", "family_id": f, "publication_id": p}
        for f, ids in members.items()
        for p in ids
    ]
    patents = build(rows, families=families)
    patents = patents.assign(
        legal_status=["lapsed" if p == "US6B2" else "in_force" for p in patents.publications.index]
    )
    result = valuation.high_value(patents, as_of=DAY)["overseas_right"]
    assert states(result[:6]) == [True, False, None, False, None, False]


def test_pledges_need_a_threshold():
    events = [
        {"publication_id": "CN1B", "category": "pledge", "amount": 5e6, "date": "2020-01-01"},
        {"publication_id": "CN2B", "category": "pledge", "amount": 5e4, "date": "2020-01-01"},
        {"publication_id": "CN3B", "category": "pledge", "amount": None, "date": "2020-01-01"},
    ]
    patents = build([{"publication_id": f"CN{i}B"} for i in range(1, 5)], legal_events=events)
    judged = valuation.high_value(patents, min_pledge=1e6, as_of=DAY)["pledged"]
    assert states(judged) == [True, False, None, False]
    assert states(valuation.high_value(patents, as_of=DAY)["pledged"]) == [None, None, None, False]


def test_events_that_no_source_lists_are_unknown():
    events = [{"publication_id": "CN1B", "category": "grant", "date": "2020-01-01"}]
    patents = build([{"publication_id": "CN1B"}], legal_events=events)
    result = valuation.high_value(patents)
    assert states(result["awarded"]) == [None]
    assert states(result["pledged"]) == [None]


def test_awards():
    events = [{"publication_id": "CN1A", "category": "award", "date": "2020-01-01"}]
    patents = build(
        [
            {"publication_id": "CN1A", "application_id": "CN1"},
            {"publication_id": "CN1B", "application_id": "CN1"},
            {"publication_id": "CN2B", "application_id": "CN2"},
        ],
        legal_events=events,
    )
    assert states(valuation.high_value(patents)["awarded"]) == [True, True, False]


def test_strategic_by_class_alone_with_words_or_not_at_all():
    """Rule 1.1-01 takes G06F11 alone (not G06F11/14); 1.1-02 takes B41J with words; A44C neither."""
    symbols = {"CN1B": "G06F11/30", "CN2B": "B41J3/00", "CN3B": "A44C1/00"}
    patents = build(
        [{"publication_id": p} for p in [*symbols, "CN4B"]],
        classifications=[
            {"publication_id": p, "scheme": "IPC", "symbol": s} for p, s in symbols.items()
        ],
    )
    result = valuation.high_value(patents)["strategic_industry"]
    assert states(result) == [True, None, False, None]


def test_a_vendor_label_decides_where_its_source_has_labels():
    patents = build(
        [
            {"publication_id": "CN1B", "source_file": "a"},
            {"publication_id": "CN2B", "source_file": "a"},
            {"publication_id": "CN3B", "source_file": "b"},
        ],
        classifications=[
            {"publication_id": "CN1B", "scheme": "SEI", "symbol": "1.1"},
            {"publication_id": "CN2B", "scheme": "IPC", "symbol": "G06F11/30"},
            {"publication_id": "CN3B", "scheme": "IPC", "symbol": "G06F11/30"},
        ],
    ).assign(source_file=["a", "a", "b"])
    assert states(valuation.high_value(patents)["strategic_industry"]) == [True, False, True]


def test_only_valid_inventions_count():
    patents = build(
        [
            {"publication_id": "CN1B", "application_date": "2000-01-01"},
            {"publication_id": "CN2U", "application_date": "2000-01-01",
             "patent_type": "utility_model"},
        ]
    ).assign(patent_type=["invention", "utility_model"])  # fmt: skip
    assert states(valuation.high_value(patents, as_of=DAY)["high_value"]) == [True, False]


def test_bare_titles_are_all_unknown():
    patents = PatentSet.from_tables({"publications": pd.DataFrame(index=["CN1A"])})
    result = valuation.high_value(patents)
    assert result.isna().all().all()
    assert result.attrs["as_of"] is None


@pytest.mark.parametrize("column", valuation.CRITERIA)
def test_criteria_are_nullable(column):
    patents = PatentSet.from_tables({"publications": pd.DataFrame(index=["CN1A"])})
    assert valuation.high_value(patents)[column].dtype == "boolean"


def test_bounds_count_the_known_and_the_possible():
    """Two in force for over ten years are known; one is young (others unknown: possible); one lapsed
    is neither; the application and the grant of one invention are one unit."""
    patents = build(
        [
            {"publication_id": "CN1A", "application_id": "CNa", "application_date": "2010-01-01"},
            {"publication_id": "CN1B", "application_id": "CNa", "application_date": "2010-01-01"},
            {"publication_id": "CN2B", "application_id": "CNb", "application_date": "2011-01-01"},
            {"publication_id": "CN3B", "application_id": "CNc", "application_date": "2022-01-01"},
            {"publication_id": "CN4B", "application_id": "CNd", "application_date": "2010-01-01"},
        ]
    ).assign(legal_status=["in_force", "in_force", "in_force", "in_force", "lapsed"])
    judged = valuation.high_value(patents, as_of=DAY)
    bounds = valuation.high_value_bounds(patents, judged)
    assert bounds.loc["high_value"].tolist() == [2, 3, 4]
    assert bounds.loc["valid_invention"].tolist() == [3, 3, 4]
    assert bounds.loc["maintained_10_years"].tolist() == [2, 2, 4]
    assert bounds.loc["pledged"].tolist() == [0, 3, 4]
    by_document = valuation.high_value_bounds(patents, judged, unit="publication")
    assert by_document.loc["high_value"].tolist() == [3, 4, 5]


def test_evidence_names_what_tells_each_criterion():
    patents = build(
        [
            {"publication_id": "CN1A", "application_id": "CNa", "application_date": "2010-01-01"},
            {"publication_id": "CN1B", "application_id": "CNa", "application_date": "2010-01-01"},
            {"publication_id": "US1B2"},
        ],
        classifications=[
            {"publication_id": "CN1B", "scheme": "SEI", "symbol": "1.2"},
            {"publication_id": "CN1B", "scheme": "IPC", "symbol": "A44C1/00"},
        ],
        families=[
            {"scheme": "simple", "family_id": "F", "publication_id": p}
            for p in ("CN1B", "US1B2", "WO1A1")
        ],
        legal_events=[
            {"publication_id": "CN1A", "category": "pledge", "amount": 5e6, "date": "2020-01-02"},
            {"publication_id": "CN1A", "category": "award", "date": "2019-03-04",
             "text": "第二十一届中国专利优秀奖"},
        ],
    )  # fmt: skip
    judged = valuation.high_value(patents, min_pledge=1e6, as_of=DAY)
    found = valuation.high_value_evidence(patents, judged)
    own = found[found["publication_id"] == "CN1B"]
    assert own[["criterion", "evidence"]].to_numpy().tolist() == [
        ["strategic_industry", "SEI 1.2"],
        ["overseas_right", "US1B2"],
        ["maintained_10_years", "2010-01-01"],
        ["pledged", "2020-01-02 5,000,000 CNY"],
        ["awarded", "2019-03-04 第二十一届中国专利优秀奖"],
    ]
    # Every known criterion has evidence, and nothing else has.
    true = judged[valuation.CRITERIA].stack()
    true = {k for k, v in true.items() if v is not pd.NA and v}
    assert true == set(zip(found["publication_id"], found["criterion"], strict=True))


@pytest.mark.parametrize(
    ("text", "awarded"),
    [
        ("中国专利金奖", True),
        ("国家科学技术进步奖二等奖", True),
        ("山东省专利奖一等奖", False),
        ("山东省专利奖一等奖；中国专利优秀奖", True),
        ("一等奖", True),
        (None, True),
    ],
)
def test_only_national_awards_count(text, awarded):
    events = [{"publication_id": "CN1B", "category": "award", "date": "2020-01-01", "text": text}]
    patents = build([{"publication_id": "CN1B"}], legal_events=events)
    assert states(valuation.high_value(patents)["awarded"]) == [awarded]


def test_a_vendors_count_of_pledges_is_evidence():
    patents = build(
        [{"publication_id": "CN1B"}, {"publication_id": "CN2B"}, {"publication_id": "CN3B"}],
        vendor_values=[
            {
                "publication_id": "CN1B",
                "source": "x",
                "name": "质押次数",
                "value": "2",
                "number": 2.0,
            },
            {
                "publication_id": "CN2B",
                "source": "x",
                "name": "质押次数",
                "value": "0",
                "number": 0.0,
            },
        ],
    )
    # Seen, but without an amount nothing can be judged.
    assert states(valuation.high_value(patents)["pledged"]) == [None, False, None]


def test_a_negative_threshold_is_refused():
    patents = build([{"publication_id": "CN1B"}])
    with pytest.raises(ArgumentError, match="negative"):
        valuation.high_value(patents, min_pledge=-1)
