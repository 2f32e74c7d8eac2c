"""International applications: their normal end, and what family members tell of them."""

from __future__ import annotations

import pandas as pd
import pytest

import patentnav as pnav
from patentnav.indicators import market, pct


def read(tmp_path, rows):
    file = tmp_path / "incopat.csv"
    pd.DataFrame(rows).to_csv(file, index=False)
    return pnav.read(file, "incopat")


@pytest.mark.parametrize(
    ("vendor", "validity"),
    [
        ("未进入国家阶段-PCT有效期满", "PCT-有效期满"),
        ("进入国家阶段-PCT有效期满", "PCT-有效期满"),
        ("PCT未进入指定国(指定期满)", "失效"),
        ("PCT进入国家阶段（有效期满）", "PCT有效期满"),
    ],
)
def test_the_end_of_the_international_phase_is_no_lapse(tmp_path, vendor, validity):
    patents = read(tmp_path, [
        {"公开（公告）号": "WO2015000001A1", "申请日": "2014-01-02", "公开（公告）日": "2015-01-08",
         "当前法律状态": vendor, "专利有效性": validity},
        {"公开（公告）号": "CN100000001B", "申请日": "2014-01-02", "公开（公告）日": "2016-01-08",
         "当前法律状态": "未缴年费", "专利有效性": "失效"},
    ])  # fmt: skip
    status = patents.publications["legal_status"]
    assert status.to_dict() == {"WO2015000001A1": "international_ended", "CN100000001B": "lapsed"}
    assert patents.publications["legal_status_raw"]["WO2015000001A1"] == vendor
    life = pnav.indicators.remaining_life(patents)
    assert pd.isna(life["WO2015000001A1"])  # not a dead right with nothing left
    assert life["CN100000001B"] == 0
    valid = pnav.valuation.high_value(patents)["valid_invention"]
    assert not valid["WO2015000001A1"]  # an international application is never a right in force


def test_within_its_period_it_is_pending(tmp_path):
    states = ["PCT-有效期内", "未进入国家阶段-PCT有效期内", "PCT指定期内"]
    patents = read(tmp_path, [
        {"公开（公告）号": f"WO201500000{i}A1", "当前法律状态": s} for i, s in enumerate(states)
    ])  # fmt: skip
    assert set(patents.publications["legal_status"]) == {"pending"}


def test_a_wo_member_of_the_simple_family_tells_of_a_pct_application(tmp_path):
    """The list has no PCT number: the family alone tells, with or without a kind code."""
    patents = read(tmp_path, [
        {"公开（公告）号": "CN110000001A", "申请号": "CN201910000001.4", "当前权利人": "甲公司",
         "简单同族": "CN110000001A; WO2020000001A1; US20210000001A1"},
        {"公开（公告）号": "CN110000002A", "申请号": "CN201910000002.9", "当前权利人": "甲公司",
         "简单同族": "CN110000002A; WO2020000002"},
        {"公开（公告）号": "CN110000003A", "申请号": "CN201910000003.3", "当前权利人": "甲公司",
         "简单同族": "CN110000003A"},
    ])  # fmt: skip
    evidence = pct.pct_evidence(patents)
    assert evidence["pct"].to_dict() == {
        "CN110000001A": True, "CN110000002A": True, "CN110000003A": False,
    }  # fmt: skip
    assert evidence["pct_key"].dropna().to_list() == ["WO2020000001", "WO2020000002"]


def test_an_ended_wo_member_leaves_the_markets_alone(tmp_path):
    family = "WO2015000001A1; US9000001B2"
    patents = read(tmp_path, [
        {"公开（公告）号": "WO2015000001A1", "当前法律状态": "进入国家阶段-PCT有效期满", "简单同族": family},
        {"公开（公告）号": "US9000001B2", "当前法律状态": "授权", "简单同族": family},
    ])  # fmt: skip
    assert market.market_coverage(patents)["US9000001B2"] == pytest.approx(1.0)
