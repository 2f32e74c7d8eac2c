"""Deadlines and pledges of real exports: the source's word stands, and nothing is made up."""

from __future__ import annotations

import pytest

import patentnav as pnav
from patentnav import clean, facts, operation, planning, portfolio


@pytest.fixture(scope="module")
def read(shared_data):
    return lambda file: pnav.read(shared_data / "exports" / file)


def test_foreign_filings_are_no_open_priorities(read) -> None:
    """No priority dates and owners of untold origin: a count of "still possible" would be wrong."""
    found = planning.deadlines(read("incopat/incopat_toyota_autodriving_5048.xlsx"))
    assert found.empty
    assert found.attrs["unknown"]["origin_unknown"] > 100


def test_the_phase_runs_where_the_source_says_so(read) -> None:
    patents = read("incopat/incopat_general_autodriving_10000.xlsx")
    found = planning.deadlines(patents)
    said = patents.publications["legal_status_raw"].fillna("")
    runs = said.index[said.str.contains("未进入国家阶段-PCT有效期内", regex=False)]
    over = said.index[said.str.contains("有效期满", regex=False)]
    assert len(runs) == 256
    assert runs.isin(found["publication_id"]).all()
    assert not over.isin(found["publication_id"]).any()
    assert not found["certain"].any()  # the file has no priority dates
    assert found.loc[found["basis"] == "vendor", "days_left"].isna().all()


def test_pledges_are_read_in_the_order_of_their_days(read) -> None:
    """Three histories read by a person: pledged again, cancelled, preserved again on the same day."""
    patents = clean.resolve_parties(read("patsnap/patsnap_green_aviation_1999.xlsx"))
    found = operation.pledge(patents).set_index("publication_id")
    assert "pledged" in found.loc["CN110015435B", "reason"].split("; ")
    cancelled = found.loc["CN209008846U"]
    assert cancelled["colour"] == "green"
    assert "pledged_before" in cancelled["reason"].split("; ")
    assert "preserved" in found.loc["CN205652352U", "reason"].split("; ")


def test_provinces_tell_where_filings_come_from(read) -> None:
    """Every row of this file names a province: first filings within the year are from home."""
    found = planning.deadlines(read("patentics/patentics_thundersoft_75cols_511.xlsx"))
    assert found.attrs["unknown"]["origin_unknown"] == 0
    assert (found["kind"] == "priority_12").all()
    assert len(found) == 40  # invention filings of 2021-12-06 and later, counted in the file
    assert not found["certain"].any()  # none has a priority date


def test_chinese_owners_are_not_foreign_hands(read) -> None:
    patents = read("patentics/patentics_thundersoft_75cols_511.xlsx")
    assert facts.inside(patents, "CN").dropna().all()
    # Names of firms tell Chinese places only, so that nobody could be seen to be foreign.
    named = clean.resolve_parties(read("patentics/patentics_cn_virtual_reality_7805.csv"))
    assert facts.inside(named, "CN").isna().all()


def test_rights_in_force_count_as_granted(read) -> None:
    """197 of 350 inventions of this file are in force, and all rows are documents of filing."""
    found = portfolio.candidates(read("patentics/patentics_cambricon_titlerow_357.xlsx"))
    assert (found["granted"] >= found["in_force"]).all()
    assert found["in_force"].sum() > 150


def test_an_entry_into_the_national_phase_tells_a_pct_application_of_any_owner(read) -> None:
    """The file has no PCT numbers and no countries: the type digit alone tells, read from its text."""
    patents = read("patentics/patentics_cn_virtual_reality_7805.csv")
    evidence = facts.pct_evidence(patents, "application")
    number = patents.publications["application_id"].str.removeprefix("CN")
    digit = number.str[4].where(number.str.len() >= 12, number.str[2]).isin(["8", "9"])
    assert int(digit.sum()) == 433 + 7  # numbers of today, and those before 2003-10
    assert evidence.loc[digit, "pct"].all()
    assert evidence.loc[~digit, "pct"].isna().all()
