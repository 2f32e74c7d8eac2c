"""Kinds of applicants, owners' filings, priorities, main groups and clean counts of families."""

from __future__ import annotations

import pandas as pd
import pytest

from patentnav import CoverageWarning, PatentSet, indicators


def build(rows, **tables):
    return PatentSet.from_tables(
        {"publications": pd.DataFrame(rows), **{k: pd.DataFrame(v) for k, v in tables.items()}}
    )


def values(series):
    return [None if pd.isna(v) else v for v in series]


def test_who_filed_not_who_owns_today():
    parties = [
        ("CN1A", "applicant", 1, "清华大学"), ("CN1A", "current_owner", 1, "北京某某科技有限公司"),
        ("CN2A", "applicant", 1, "北京某某科技有限公司"), ("CN2A", "applicant", 2, "山东大学"),
        ("CN3A", "applicant", 1, "张伟"),
        ("CN4A", "original_assignee", 1, "华为技术有限公司"), ("CN4A", "current_owner", 1, "清华大学"),
        ("CN5A", "applicant", 1, "GB 12"),
    ]  # fmt: skip
    patents = build(
        {"publication_id": [f"CN{i}A" for i in range(1, 7)]},
        parties=pd.DataFrame(parties, columns=["publication_id", "role", "position", "name_raw"]),
    )
    assert values(indicators.university_applicant(patents)) == [
        True,
        True,
        False,
        False,
        None,
        None,
    ]
    assert values(indicators.organisation_applicant(patents)) == [
        True,
        True,
        False,
        True,
        None,
        None,
    ]


def test_filings_of_an_owner_count_applications_once():
    parties = pd.DataFrame(
        {"publication_id": ["CN1A", "CN1B", "CN2A", "CN3A"], "role": "applicant", "position": 1,
         "name_raw": ["甲公司", "甲公司", "甲公司", "乙公司"]}
    )  # fmt: skip
    patents = build(
        {"publication_id": ["CN1A", "CN1B", "CN2A", "CN3A", "CN4A"],
         "application_id": ["CNa", "CNa", "CNb", "CNc", "CNd"]},
        parties=parties,
    )  # fmt: skip
    assert values(indicators.owner_filings(patents)) == [2, 2, 2, 1, None]
    assert values(indicators.owner_filings(patents, unit="publication")) == [3, 3, 3, 1, None]


def test_priorities_none_stated_is_zero_only_where_its_source_states_any():
    patents = build(
        {"publication_id": ["CN1A", "CN2A", "CN3A"], "source_file": ["a", "a", "b"]},
        priorities=[
            {"publication_id": "CN1A", "priority_number": "JP1"},
            {"publication_id": "CN1A", "priority_number": "JP2"},
        ],
    ).assign(source_file=["a", "a", "b"])
    assert values(indicators.priority_count(patents)) == [2, 0, None]


def test_main_groups():
    symbols = [("CN1A", "IPC", "G06N3/08"), ("CN1A", "IPC", "G06N3/04"), ("CN1A", "IPC", "H04L9/32"),
               ("CN1A", "CPC", "G06N20/00"), ("CN2A", "IPC", "H01L")]  # fmt: skip
    patents = build(
        {"publication_id": ["CN1A", "CN2A"]},
        classifications=pd.DataFrame(symbols, columns=["publication_id", "scheme", "symbol"]),
    )
    assert values(indicators.ipc_main_groups(patents)) == [2, None]
    assert values(indicators.cpc_main_groups(patents)) == [1, None]


def test_the_grant_of_an_application_is_taken_off_its_own_family():
    """A source that counts the other publications of a family: CN1 (granted, no family abroad)
    states 1, which is its own grant; CN2 (not granted) 0; CN3 (granted) has two more; a utility
    model has no second document. Elsewhere the count stands."""
    rows = {
        "publication_id": ["CN1A", "CN1B", "CN2A", "CN3A", "CN4U", "US1A1"],
        "application_id": ["CNa", "CNa", "CNb", "CNc", "CNd", "USe"],
        "patent_type": ["invention"] * 4 + ["utility_model", "invention"],
        "granted": [False, True, False, False, True, True],
        "grant_date": [None, None, None, "2020-01-01", None, "2020-01-01"],
        "publication_date": "2020-02-02",
        "family_size": [1, 1, 0, 3, 1, 4],
        "source": ["patentics"] * 5 + ["lens"],
    }
    patents = build(rows)
    assert values(indicators.vendor_family_net(patents)) == [0, 0, 0, 2, 1, 4]
    assert values(indicators.vendor_family_size(patents)) == [1, 1, 0, 3, 1, 4]


def test_extended_family_from_members_else_from_the_vendor():
    patents = build(
        {"publication_id": ["CN1A", "CN2A", "CN3A"]},
        families=[
            {"scheme": "extended", "family_id": "F", "publication_id": p}
            for p in ("CN1A", "US1A1", "EP1A1")
        ],
        vendor_values=[
            {"publication_id": "CN2A", "source": "lens", "name": "Extended Family Size",
             "value": "7", "number": 7.0},
        ],
    )  # fmt: skip
    assert values(indicators.extended_family(patents)) == [3, 7, None]


def test_inventors_are_counted_by_the_vendor_where_none_is_named():
    patents = build(
        {"publication_id": ["CN1A", "CN2A", "CN3A"]},
        inventors=[{"publication_id": "CN1A", "position": i, "name_raw": n}
                   for i, n in enumerate("ab", start=1)],
        vendor_values=[
            {"publication_id": p, "source": "patsnap", "name": "发明人数量", "value": str(v),
             "number": float(v)}
            for p, v in (("CN1A", 9), ("CN2A", 4), ("CN3A", 0))
        ],
    )  # fmt: skip
    assert values(indicators.inventor_count(patents)) == [2, 4, None]


def test_type():
    patents = build(
        {"publication_id": ["CN1A", "CN2U", "CN3"],
         "patent_type": ["invention", "utility_model", None]}
    )  # fmt: skip
    assert values(indicators.invention_patent(patents)) == [True, False, None]


@pytest.mark.parametrize("name", ["extended_family", "priority_count", "university_applicant"])
def test_bare_sets_are_unknown(name):
    patents = PatentSet.from_tables({"publications": pd.DataFrame(index=["CN1A"])})
    with pytest.warns(CoverageWarning, match=name):
        assert indicators.compute(patents, name)[name].isna().all()
