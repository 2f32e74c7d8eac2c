"""Formats of which no real file is at hand: every field reaches its table, in any wording of headers.

One made-up patent is written with the headers of each vendor, and read again in other orders, with
other blanks and brackets, with traditional characters, and with columns that nobody knows.
"""

from __future__ import annotations

import csv
import io
import random

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import _resources

NUMBER = "CN110000001A"


def _scalar(name):
    return lambda patents: patents.publications.loc[NUMBER, name]


def _date(name):
    return lambda patents: patents.publications.loc[NUMBER, name].date().isoformat()


def _of(table, column, **where):
    def values(patents):
        frame = getattr(patents, table)
        for name, value in where.items():
            frame = frame[frame[name].eq(value)]
        return [str(v) for v in frame[column].dropna()]

    return values


def _event(category):
    def values(patents):
        events = patents.legal_events
        row = events[events["category"].eq(category)].iloc[0]
        return [row["date"].date().isoformat(), row["party_from"], row["party_to"]]

    return values


# What is meant -> what must be found, and where.
MEANT = {
    "number": (NUMBER, lambda patents: patents.publications.index[0]),
    "application": ("CN201910000001", _scalar("application_id")),
    "applied": ("2019-07-03", _date("application_date")),
    "published": ("2019-10-01", _date("publication_date")),
    "granted": ("2021-02-03", _date("grant_date")),
    "expires": ("2039-07-03", _date("expiry_date")),
    "status": ("in_force", _scalar("legal_status")),
    "claims": (10, _scalar("claim_count")),
    "cited times": (3, _scalar("forward_citation_count")),
    "cites": (2, _scalar("backward_citation_count")),
    "family size": (4, _scalar("family_size")),
    "pct": ("PCTCN2018012345", _scalar("pct_application_id")),
    "title": (["一种测试方法"], _of("texts", "text", field="title", language="zh")),
    "abstract": (["用于测试。"], _of("texts", "text", field="abstract", language="zh")),
    "first claim": (["一种方法，其特征在于。"], _of("texts", "text", field="first_claim")),
    "applicants": (["甲公司", "乙大学"], _of("parties", "name", role="applicant")),
    "standard": (["甲集团", "乙大学"], _of("parties", "name_standard", role="applicant")),
    "owner": (["丙公司"], _of("parties", "name", role="current_owner")),
    "agent": (["丁代理所"], _of("parties", "name", role="agent")),
    "region": (["山东"], lambda p: sorted(set(p.parties["region"].dropna()))),
    "address": (["济南市一路1号"], lambda p: sorted(set(p.parties["address"].dropna()))),
    "inventors": (["王明", "李华"], _of("inventors", "name")),
    "ipc": (["G06N3/08", "G06F17/00"], _of("classifications", "symbol", scheme="IPC")),
    "cpc": (["G06N3/084"], _of("classifications", "symbol", scheme="CPC")),
    "economy": (["C4012"], _of("classifications", "symbol", scheme="GBT4754")),
    "emerging": (["1.5"], _of("classifications", "symbol", scheme="SEI")),
    "cited": (["CN100000002A", "US7000001B2"],
              _of("citations", "cited_id", citing_id=NUMBER, cited_kind="patent")),
    "categories": (["X", "A"], _of("citations", "category", citing_id=NUMBER)),
    "literature": (["无名, 2001"], _of("citations", "cited_text")),
    "citing": (["CN120000003A"], _of("citations", "citing_id", cited_id=NUMBER)),
    "family": ([NUMBER, "US20200000001A1"], lambda p: sorted(set(p.families["publication_id"]))),
    "priorities": (["CN201810000009"], _of("priorities", "priority_number")),
    "priority date": (["2018-07-04"], lambda p: [f"{d:%F}" for d in p.priorities["date"].dropna()]),
    "transfer": (["2020-05-06", "甲公司", "丙公司"], _event("transfer")),
    "licence": (["2020-06-07", "丙公司", "戊公司"], _event("licence")),
    "value": (["9"], lambda p: p.vendor_values.query("number == 9")["value"].tolist()),
}  # fmt: skip

_CN = {"number": NUMBER, "application": "CN201910000001.7", "applied": "2019-07-03", "published": "2019-10-01",
       "granted": "2021-02-03", "expires": "2039-07-03", "status": "授权", "claims": "10", "cited times": "3",
       "cites": "2", "family size": "4", "pct": "PCT/CN2018/012345", "title": "一种测试方法", "abstract": "用于测试。",
       "first claim": "一种方法，其特征在于。", "applicants": "甲公司; 乙大学", "standard": "[甲集团; 乙大学]", "owner": "丙公司",
       "agent": "丁代理所", "region": "山东", "address": "济南市一路1号", "inventors": "王明; 李华",
       "ipc": "G06N3/08; G06F17/00", "cpc": "G06N3/084", "economy": "C4012", "emerging": "1.5 (人工智能)",
       "cited": "CN100000002A; US7000001B2", "categories": "X; A", "literature": "无名, 2001", "citing": "CN120000003A",
       "family": "CN110000001A; US20200000001A1", "priorities": "CN201810000009.5", "priority date": "2018-07-04",
       "value": "9"}  # fmt: skip
_TRANSFER = {"转让执行日": "2020-05-06", "转让人": "甲公司", "受让人": "丙公司"}
_LICENCE = {"许可合同备案日期": "2020-06-07", "许可人": "丙公司", "被许可人": "戊公司"}
# Headers of each vendor; a mark of the vendor and columns of several cells are added below.
HEADERS = {
    "incopat": {
        "公开（公告）号": "number", "申请号": "application", "申请日": "applied", "公开（公告）日": "published",
        "授权公告日": "granted", "预估到期日": "expires", "当前法律状态": "status", "权利要求数量": "claims",
        "被引证次数": "cited times", "引证次数": "cites", "简单同族个数": "family size", "PCT国际申请号": "pct",
        "标题 (中文)": "title", "摘要 (中文)": "abstract", "首项权利要求": "first claim", "申请人": "applicants",
        "标准化申请人": "standard", "当前权利人": "owner", "代理机构": "agent", "申请人省市代码": "region",
        "申请人地址": "address", "发明人": "inventors", "IPC": "ipc", "CPC": "cpc", "国民经济分类": "economy",
        "新兴产业分类": "emerging", "引证专利": "cited", "引证类别": "categories", "引证科技文献": "literature",
        "被引证专利": "citing", "简单同族": "family", "优先权号": "priorities", "优先权日": "priority date",
        "合享价值度": "value",
    },
    "patsnap": {
        "公开(公告)号": "number", "申请号": "application", "申请日": "applied", "公开(公告)日": "published",
        "授权日": "granted", "失效日": "expires", "法律状态/事件": "status", "权利要求数量": "claims",
        "被引用专利数量": "cited times", "引用专利数量": "cites", "简单同族成员数量": "family size", "PCT申请号": "pct",
        "标题(译)(简体中文)": "title", "摘要": "abstract", "首项权利要求": "first claim", "申请(专利权)人": "applicants",
        "[标]申请人": "standard", "当前申请(专利权)人": "owner", "代理机构": "agent", "发明人": "inventors",
        "IPC分类号": "ipc", "CPC分类号": "cpc", "国民经济行业分类号": "economy", "战略新兴产业分类": "emerging",
        "引用专利": "cited", "非专利引用文献": "literature", "被引用专利": "citing", "简单同族": "family",
        "优先权号": "priorities", "优先权日": "priority date", "专利价值": "value",
    },
    "himmpat": {
        "公开(公告)号": "number", "申请号": "application", "申请日": "applied", "公开(公告)日": "published",
        "授权公告日": "granted", "预计到期日": "expires", "法律状态": "status", "权利要求数": "claims",
        "被引次数": "cited times", "引用次数": "cites", "同族数": "family size", "PCT国际申请号": "pct",
        "标题(原文)": "title", "摘要(原文)": "abstract", "主权项": "first claim", "申请人(原文)": "applicants",
        "标准申请人": "standard", "当前权利人": "owner", "代理机构": "agent", "申请人省市": "region", "地址": "address",
        "发明人": "inventors", "IPC分类号": "ipc", "CPC分类号": "cpc", "国民经济行业分类": "economy",
        "战略性新兴产业分类": "emerging", "引证专利": "cited", "被引证专利": "citing", "简单同族": "family",
        "优先权号": "priorities", "优先权日": "priority date", "价值度": "value",
    },
    "innojoy": {
        "公开(公告)号": "number", "申请(专利)号": "application", "申请日": "applied", "公开(公告)日": "published",
        "法律状态": "status", "名称": "title", "摘要": "abstract", "主权项": "first claim",
        "申请(专利权)人": "applicants", "专利代理机构": "agent", "国省代码": "region", "地址": "address",
        "发明(设计)人": "inventors", "分类号": "ipc", "CPC分类号": "cpc", "引证文献": "cited", "被引证文献": "citing",
        "同族": "family", "优先权号": "priorities", "国际申请": "pct", "专利强度": "value", "权利要求数": "claims",
    },
    "cnipa-search": {
        "公开（公告）号": "number", "申请号": "application", "申请日": "applied", "公开（公告）日": "published",
        "法律状态": "status", "标题": "title", "摘要": "abstract", "申请（专利权）人": "applicants",
        "代理机构": "agent", "发明(设计)人": "inventors", "IPC分类号": "ipc", "CPC分类号": "cpc",
        "引证文献": "cited", "同族": "family", "优先权号": "priorities", "优先权日": "priority date",
    },
    "orbit": {
        "Publication numbers with kind code": "number", "Application numbers": "application",
        "Earliest application date": "applied", "Earliest publication date": "published",
        "Legal status (Pending, Granted, Revoked, Expired, Lapsed)": "status", "Title": "title",
        "Abstract": "abstract", "Original assignees": "applicants", "Inventors": "inventors",
        "IPC - International classification": "ipc", "CPC - Cooperative classification": "cpc",
        "Cited patents": "cited", "Citing patents": "citing", "Priority numbers": "priorities",
        "Priority dates": "priority date",
    },
    "generic": {
        "Pub. No.": "number", "Application No.": "application", "Filed Date": "applied", "Pub. Date": "published",
        "Granted Date": "granted", "Expected Expiry Date": "expires", "Simple Legal Status": "status",
        "Number of Claims": "claims", "Cited by Count": "cited times", "Number of Backward Citations": "cites",
        "Simple Family Size": "family size", "PCT Application Number": "pct", "Patent Title": "title",
        "Abstract": "abstract", "First Claim": "first claim", "Applicant Name": "applicants",
        "Standardised Applicant": "standard", "Current Assignee": "owner", "Attorney/Agent": "agent",
        "Applicant State": "region", "Applicant Address": "address", "Inventor Names": "inventors",
        "IPC Codes": "ipc", "CPC Codes": "cpc", "Cited Patents": "cited", "NPL": "literature",
        "Cited By": "citing", "Simple Family Members": "family", "Priority No.": "priorities",
        "Priority Date": "priority date", "Patent Value": "value",
    },
}  # fmt: skip
_OWN = {
    "patsnap": {"separator": " | ", "standard": "甲集团 | 乙大学"},
    "himmpat": {"standard": "甲集团; 乙大学"},
    "innojoy": {"region": "山东;37", "separator": ";"},
    "orbit": {"separator": "\n", "status": "Granted", "title": "(CN110000001A) 一种测试方法"},
    "generic": {"status": "Granted", "standard": "甲集团; 乙大学"},
}  # fmt: skip


def _record(vendor: str) -> dict[str, str]:
    own = _OWN.get(vendor, {})
    cells = {
        header: own.get(meaning, _CN[meaning].replace("; ", own.get("separator", "; ")))
        for header, meaning in HEADERS[vendor].items()
    }
    if vendor in {"incopat", "patsnap", "himmpat"}:
        cells |= _TRANSFER | _LICENCE
    return cells


def _read(tmp_path, cells: dict[str, str]) -> pnav.PatentSet:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([list(cells), list(cells.values())])
    path = tmp_path / "export.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return pnav.read(path)


def _check(vendor: str, patents: pnav.PatentSet) -> None:
    meanings = list(HEADERS[vendor].values())
    if "转让人" in _record(vendor):
        meanings += ["transfer", "licence"]
    found = {m: MEANT[m][1](patents) for m in meanings}
    assert found == {m: MEANT[m][0] for m in meanings}
    assert patents.cell_failures.empty


@pytest.mark.parametrize("vendor", HEADERS)
def test_every_field_reaches_its_table(tmp_path, vendor):
    patents = _read(tmp_path, _record(vendor))
    assert patents.intake["format"].tolist() == [vendor]
    assert patents.columns["table"].notna().all()
    _check(vendor, patents)


_SIMPLIFIED = {
    ord(simplified): traditional
    for traditional, simplified in reversed(
        _resources.load_toml("names", "characters")["variants"].split()
    )
}
_WAYS = {
    "full-width brackets": lambda h: h.replace("(", "（").replace(")", "）"),
    "half-width brackets": lambda h: h.replace("（", "(").replace("）", ")"),
    "blanks and invisible signs": lambda h: f" {h[:2]} {h[2:]}\u200b\u3000",
    "traditional": lambda h: h.translate(_SIMPLIFIED),
}


@pytest.mark.parametrize("way", _WAYS)
@pytest.mark.parametrize("vendor", HEADERS)
def test_other_wordings_of_the_headers(tmp_path, vendor, way):
    patents = _read(tmp_path, {_WAYS[way](h): v for h, v in _record(vendor).items()})
    assert patents.columns["table"].notna().all()
    _check(vendor, patents)


@pytest.mark.parametrize("vendor", HEADERS)
def test_other_order_and_unknown_columns(tmp_path, vendor):
    record = {**_record(vendor), "心情": "好", "备注一": "x"}
    headers = random.Random(0).sample(sorted(record), len(record))
    patents = _read(tmp_path, {h: record[h] for h in headers})
    unknown = patents.columns.loc[patents.columns["table"].isna(), "column"]
    assert set(unknown) == {"心情", "备注一"}
    _check(vendor, patents)


def test_a_table_with_application_numbers_only(tmp_path):
    patents = _read(tmp_path, {"申请号": "CN201910000001.7", "专利名称": "一种测试方法"})
    assert patents.publications.index.tolist() == ["CN201910000001"]
    assert patents.publications["publication_date"].isna().all()
    assert isinstance(patents.publications, pd.DataFrame)
