"""Deadlines and pledges of real exports: the source's word stands, and nothing is made up."""

from __future__ import annotations

import pytest

import patentnav as pnav
from patentnav import clean, operation, planning


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
