"""Vendors and generations of exports: invented records under the headers that vendors write."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import patentnav as pnav
from patentnav.normalize import identifiers


@pytest.fixture
def read(tmp_path):
    def _read(rows, name="export.csv", **options):
        file = tmp_path / name
        if name.endswith(".json"):
            file.write_text(json.dumps(rows, ensure_ascii=False))
        elif name.endswith(".xlsx"):
            pd.DataFrame(rows).to_excel(file, index=False)
        else:
            pd.DataFrame(rows).to_csv(file, index=False)
        return pnav.read(file, **options)

    return _read


def form_of(patents):
    assert patents.columns.query("filled > 0")["table"].notna().all(), "a column is not understood"
    return patents.intake["format"].iloc[0]


def symbols(patents, scheme):
    rows = patents.classifications.query("scheme == @scheme")
    return rows.groupby("publication_id")["symbol"].agg(list).to_dict()


def names(patents, role="applicant"):
    rows = patents.parties.query("role == @role")
    return rows.groupby("publication_id")["name"].agg(list).to_dict()


# Japan


JPLATPAT = {
    "文献番号": "特開2019-123456", "出願番号": "特願2018-004567", "出願日": "2018/01/15",
    "公知日": "2019/07/25", "発明の名称": "深▲セン▼の試験装置",
    "出願人/権利者": "甲乙株式会社,Acme, Inc.", "FI": "G01N37/00,102,H02J3/32@A,F16H61/02",
    "要約": "(57)【要約】（修正有）\n【課題】速く試験する。\n【選択図】図１\n", "公開番号": "特開2019-123456",
    "公告番号": "", "登録番号": "特許6543210", "審判番号": "", "その他": "",
    "ステージ": "特許 有効", "イベント詳細": "登録公報の発行", "文献URL": "https://example.org/1",
}  # fmt: skip


def test_jplatpat_keeps_its_own_schemes(read):
    patents = read([
        JPLATPAT,
        JPLATPAT | {"文献番号": "特許第2654321号", "出願番号": "特願平05-012345", "出願日": "1993/01/28",
                    "公知日": "1997/09/17", "登録番号": "特許2654321", "公開番号": "特開平06-234567",
                    "ステージ": "特許 消滅", "イベント詳細": "年金不納による特許権の消滅"},
        JPLATPAT | {"文献番号": "再表2017/098765", "公開番号": "", "登録番号": "", "FI": "A61K9/12",
                    "ステージ": "（出願の）却下・拒絶", "イベント詳細": "出願の拒絶・却下"},
    ])  # fmt: skip
    assert form_of(patents) == "jplatpat"
    table = patents.publications
    assert list(table.index) == ["JP2019123456A", "JP2654321B2", "JPWO2017098765A1"]
    assert table["application_id"].to_list() == ["JP2018004567", "JP1993012345", "JP2018004567"]
    assert table["legal_status"].to_list() == ["in_force", "ceased", "refused"]
    assert table["granted"].to_list() == [False, True, False]
    assert table["title"].iloc[0] == "深センの試験装置"
    assert symbols(patents, "FI")["JP2019123456A"] == ["G01N37/00,102", "H02J3/32@A", "F16H61/02"]
    assert not symbols(patents, "IPC")
    assert names(patents)["JP2019123456A"] == ["甲乙株式会社", "Acme, Inc."]
    abstract = patents.texts.query("field == 'abstract'")["text"].iloc[0]
    assert abstract == "【課題】速く試験する。"
    events = patents.legal_events.set_index("publication_id")["category"]
    assert events["JP2654321B2"] == "lapse"
    assert events["JPWO2017098765A1"] == "refusal"


@pytest.mark.parametrize("stage", ["ステージ", "ステータス"])
def test_jplatpat_without_abstract_and_with_f_terms(read, stage):
    row = {k: v for k, v in JPLATPAT.items() if k not in {"要約", "ステージ", "イベント詳細"}}
    patents = read([row | {stage: "特許 有効 / 年金納付", "Fターム": "2G001AA01,2G001BA04"}])
    assert form_of(patents) == "jplatpat"
    assert patents.publications["legal_status"].to_list() == ["in_force"]
    assert symbols(patents, "FTERM")["JP2019123456A"] == ["2G001AA01", "2G001BA04"]


# Korea


WIPS = {
    "국가코드": "KR ", "DB종류": "KR", "특허/실용 구분": "P", "문헌종류 코드": "B1",
    "출원번호": "2015-0098765", "출원일": "2015-07-10", "발명의 명칭": "시험 장치", "요약": "시험.",
    "대표청구항": "1. 시험.", "청구항 수": "12", "공개번호/공표/재공표 ": "2017-0007654", "공개일": "2017-01-20",
    "등록번호": "0712345", "등록일": "2017-05-25", "Original IPC All": "C12N-005/095 | C12N-015/11",
    "Original FI[JP]": "", "Original F-term[JP]": "", "출원인": "가나다 주식회사 | Acme Ltd",
    "출원인 국적": "KR | US", "출원인 대표명화 명칭(영문)": "GANADA", "발명자/고안자": "홍길동 | 이순신",
    "우선권 번호": "2014-0012345", "우선권 국가": "KR", "우선권 주장일": "2014-07-11",
    "국제 출원번호": "PCT-KR2015-007123", "WIPS ON key": "5415000000001",
}  # fmt: skip


def test_wips_on_chooses_the_number_by_the_kind_of_the_row(read):
    patents = read([
        WIPS,
        WIPS | {"국가코드": "KR", "문헌종류 코드": "A"},
        WIPS | {"국가코드": "CN ", "문헌종류 코드": "C ", "등록번호": "001345678", "출원번호": "2002-10123456",
                "공개번호/공표/재공표 ": "001345111", "국제 출원번호": ""},
        WIPS | {"국가코드": "JP", "문헌종류 코드": "B2", "등록번호": "6543210", "출원번호": "2018-004567",
                "공개번호/공표/재공표 ": "2019-123456", "Original FI[JP]": "G01N37/00,102",
                "Original F-term[JP]": "2G001AA01"},
    ])  # fmt: skip
    assert form_of(patents) == "wips-on"
    table = patents.publications
    assert set(table.index) == {"KR100712345B1", "KR20170007654A", "CN1345678C", "JP6543210B2"}
    assert table.loc["KR100712345B1", "application_id"] == "KR20150098765"
    assert table.loc["KR100712345B1", "pct_application_id"] == "PCTKR2015007123"
    assert table.loc["CN1345678C", "application_id"] == "CN200210123456"
    assert table["claim_count"].eq(12).all()
    assert symbols(patents, "IPC")["KR100712345B1"] == ["C12N5/095", "C12N15/11"]
    assert symbols(patents, "FI") == {"JP6543210B2": ["G01N37/00,102"]}
    assert symbols(patents, "FTERM") == {"JP6543210B2": ["2G001AA01"]}
    assert names(patents)["KR100712345B1"] == ["가나다 주식회사", "Acme Ltd"]
    assert patents.parties.query("role == 'applicant'")["country"].head(2).to_list() == ["KR", "US"]
    kept = patents.vendor_values.query("name == '출원인 대표명화 명칭(영문)'")
    assert set(kept["value"]) == {"GANADA"}  # one name of a group beside two applicants


def test_wips_on_in_its_newer_wording(read):
    patents = read([{
        "국가코드": "US", "문헌종류 코드": "B2", "발명의 명칭": "TEST DEVICE", "출원번호": "2016-123456",
        "등록번호": "10012345", "등록일": "2018-07-03", "출원인": "ACME", "출원인 대표명화 영문명": "ACME GROUP",
        "Current IPC All": "G06F-017/30", "인용 문헌 수(B1)": "31", "인용 문헌번호(B1)": "US7654321B2 | KR20100012345A",
        "피인용 문헌 수(F1)": "4", "피인용 문헌번호(F1)": "US11234567B2", "WIPS패밀리 ID": "77",
        "WIPS패밀리 문헌번호(출원기준)": "US10012345B2 | KR101234567B1",
        "상태정보[KR,JP,US,EP,CN,CA,AU]": "등록", "존속기간(예상)만료일[KR,JP,US,EP,CN,CA,AU]": "2036-05-06",
        "국가연구 과제명[KR]": "", "심판 전체 횟수[KR,JP,US,EP]": "0", "WIPS ON key": "5416000000001",
    }])  # fmt: skip
    assert form_of(patents) == "wips-on"
    row = patents.publications.loc["US10012345B2"]
    assert (row["forward_citation_count"], row["backward_citation_count"]) == (4, 31)
    assert row["legal_status"] == "in_force"
    assert row["expiry_date"] == pd.Timestamp("2036-05-06")
    cited = patents.citations.query("citing_id == 'US10012345B2'")["cited_id"]
    assert set(cited) == {"US7654321B2", "KR20100012345A"}
    assert patents.citations.query("cited_id == 'US10012345B2'")["citing_id"].to_list() == [
        "US11234567B2"
    ]
    assert patents.parties["name_standard"].to_list() == ["ACME GROUP"]
    assert set(patents.families["publication_id"]) == {"US10012345B2", "KR101234567B1"}


KIPRIS = {"출원번호": "1020190012345", "발명의명칭": "시험 장치", "상태": "등록", "IPC분류": "A23K 20/10|A23K 50/40",
          "출원인": "가나다", "출원일자": "2019.01.30", "등록번호": "1021234560000.0",
          "등록일자": "2020.03.13", "공개번호": "1020200090000.0", "공개일자": "2020.08.10"}  # fmt: skip


def test_kipris_numbers_that_came_as_floats_keep_their_zeros(read):
    states = ["등록", "공개", "거절", "취하", "소멸", "포기"]
    rows = [KIPRIS | {"상태": s, "출원번호": f"102019001234{i}"} for i, s in enumerate(states)]
    for i, row in enumerate(rows[1:], 1):
        row |= {"등록번호": "", "공개번호": f"10202000{i}0000.0"}
    patents = read(rows)
    assert form_of(patents) == "kipris"
    table = patents.publications.sort_values("application_id")
    assert table.index[0] == "KR102123456B1"
    assert table.index[1:].to_list() == [f"KR202000{i}0000A" for i in range(1, 6)]
    assert table["legal_status"].to_list() == [
        "in_force", "pending", "refused", "withdrawn", "ceased", "withdrawn",
    ]  # fmt: skip


@pytest.mark.parametrize(("country", "office"), [("US", "US"), ("미국", "US"), ("CN", "CN")])
def test_kipris_overseas_has_its_office_in_a_column(read, country, office):
    patents = read([{
        "순서": 1, "국가": country, "출원번호": "16123456", "출원일자": "2019.02.03", "공개번호": "101234567",
        "공개일자": "2020.03.04", "등록번호": "", "등록일자": "", "발명의명칭": "TEST DEVICE",
        "IPC분류": "G06K9/00,G06N3/08", "출원인": "Jane Roe,Acme Co., Ltd.", "요약": "A test.",
    }])  # fmt: skip
    assert form_of(patents) == "kipris-overseas"
    number = f"{office}101234567"
    assert list(patents.publications.index) == [number]
    assert patents.publications["application_id"].to_list() == [f"{office}16123456"]
    assert names(patents)[number] == ["Jane Roe", "Acme Co., Ltd."]
    assert symbols(patents, "IPC")[number] == ["G06K9/00", "G06N3/08"]


@pytest.mark.parametrize(
    ("state", "status"),
    [("등록(소멸)", "ceased"), ("소멸(등록료불납)", "lapsed"), ("무효심판청구중", None), ("출원공개", "pending"),
     ("Patented Case", "in_force"), ("Abandoned -- Failure to Respond to an Office Action", "withdrawn"),
     ("Patent Expired Due to NonPayment of Maintenance Fees Under 37 CFR 1.362", "lapsed")],
)  # fmt: skip
def test_states_are_read_by_their_words(read, state, status):
    table = read([WIPS | {"상태정보[KR,JP,US]": state}]).publications
    assert table["legal_status_raw"].to_list() == [state]
    assert table["legal_status"].astype(object).where(
        table["legal_status"].notna(), None
    ).to_list() == [status]


# Questel, Clarivate


def test_orbit_reads_all_publications_of_a_cell(read):
    cell = (
        "CN109876543         A  2019-06-11 [CN109876543]\nSTG: (A) Published application\n"
        "AP : 2018CN-1654321 2018-12-29\n"
        "US20200212345       A1 2020-07-02 [US20200212345]\nSTG: (A1) Utility Patent Application\n"
        "AP : 2019US-16712345 2019-12-12"
    )
    patents = read([{
        "Publication data including kind & date": cell,
        "Questel unique family ID (FAN)": "79000001",
        "Family publication details": "CN109876543         A  2019-06-11 [CN109876543]",
        "Priority numbers": "2018CN-1654321", "Priority dates": "2018-12-29",
        "Current assignees": "ACME\nROE JANE", "Inventors": "ROE JANE\nDOE JOHN",
        "Latest standardized assignees - inventors removed": "ACME GROUP",
        "Title": "(CN109876543)\nTest vaccine", "IPC - International classification": "A61K-039/12",
    }])  # fmt: skip
    assert form_of(patents) == "orbit"
    row = patents.publications.loc["CN109876543A"]
    assert row["application_id"] == "CN201811654321"
    assert (row["publication_date"], row["application_date"]) == (
        pd.Timestamp("2019-06-11"), pd.Timestamp("2018-12-29"),
    )  # fmt: skip
    assert row["earliest_priority_date"] == pd.Timestamp("2018-12-29")
    assert row["title"] == "Test vaccine"
    family = patents.families
    assert set(family["publication_id"]) == {"CN109876543A", "US20200212345A1"}
    assert set(family["family_id"]) == {"79000001"}
    assert patents.priorities["priority_number"].to_list() == ["CN201811654321"]
    assert names(patents, "current_owner") == {"CN109876543A": ["ACME", "ROE JANE"]}
    assert patents.cell_failures.empty


def test_derwent_names_and_their_countries(read):
    assignees = [
        "Acme Maatschappij B.V.,NL", "Acme, Inc.,US | BETA CANADA LIMITED,CA",
        "PAYCO INC.,San Jose,CA,US", "张某,某某市,某某省,611130,CN", "Gamma Ltd.,Beijing,100085,CN",
        "Delta Inc.,Palo Alto, CA 94301,US,100196672", "", "EPSILON AG",
    ]  # fmt: skip
    patents = read([
        {"Publication Number": f"US901234{i}B2", "Title": "Test", "Assignee/Applicant": a,
         "Inventor": "Roe, Jane | Doe, John", "Optimized Assignee": "ACME OIL CO",
         "Claims (English)": "1. A test.", "Dead/Alive INPADOC Family Status": "Alive",
         "Publication Kind Code": "B2", "DWPI Class": "T01"}
        for i, a in enumerate(assignees)
    ])  # fmt: skip
    assert form_of(patents) == "derwent-innovation"
    rows = patents.parties.query("role == 'applicant'").set_index(["publication_id", "position"])
    found = rows[["name", "city", "region", "country"]].astype(object)
    found = found.where(found.notna(), None).apply(tuple, axis=1)
    numbers = [f"US901234{i}B2" for i in range(len(assignees))]
    assert found[numbers[0], 1] == ("Acme Maatschappij B.V.", None, None, "NL")
    assert found[numbers[1], 1] == ("Acme, Inc.", None, None, "US")
    assert found[numbers[1], 2] == ("BETA CANADA LIMITED", None, None, "CA")
    assert found[numbers[2], 1] == ("PAYCO INC.", "San Jose", "CA", "US")
    assert found[numbers[3], 1] == ("张某", "某某市", "某某省", "CN")
    assert found[numbers[4], 1] == ("Gamma Ltd.", "Beijing", None, "CN")
    assert found[numbers[5], 1] == ("Delta Inc.", "Palo Alto", None, "US")
    assert found[numbers[6], 1] == ("ACME OIL CO", None, None, None)  # nobody else is named
    assert found[numbers[7], 1] == ("EPSILON AG", None, None, None)
    assert rows["name_standard"][numbers[0], 1] == "ACME OIL CO"
    assert rows["name_standard"][numbers[1]].isna().all()  # one name for two: whose it is is open
    assert patents.cell_failures.empty
    assert (patents.texts.query("field == 'claims'")["language"] == "en").all()


# The Lens, PATENTSCOPE, Espacenet


@pytest.mark.parametrize(
    "columns",
    [
        {"Display Key": "US 10123456 B2"},
        {"Display Key": "US 10123456 B2", "Title": "Test"},
        {"Display Key": "US 10123456 B2", "Applicants": "ACME;;BETA", "Publication Date": "2018-11-13"},
        {"Lens ID": "000-111-222-333-44X", "Display Key": "US 10123456 B2", "Legal Status": "ACTIVE"},
        {"Application Number": "US 201615012345 A", "IPCR Classifications": "A61K9/12;;A61K9/14"},
        {"Application Number": "US 201615012345 A", "Cited by Patent Count": "3", "Title": "Test"},
    ],
)  # fmt: skip
def test_the_lens_with_any_choice_of_columns(read, columns):
    patents = read([columns])
    assert form_of(patents) == "lens"
    expected = "US10123456B2" if "Display Key" in columns else "US15012345"
    assert list(patents.publications.index) == [expected]


def test_cited_count_of_old_lens_exports_is_forward(read):
    row = {"Jurisdiction": "US", "Kind": "B2", "Publication Number": "US 8012345 B2", "Title": "Test",
           "Full Text": "yes", "Cited Count": "17", "IPCR Classifications": "A61K9/12"}  # fmt: skip
    table = read([row]).publications
    assert table["forward_citation_count"].to_list() == [17]
    assert table["backward_citation_count"].isna().all()


def test_patentscope_long_list(read):
    row = {
        "Application Id": "US45678901", "Application Number": "15/123,456", "Application Date": "02.09.2016",
        "Publication Number": "20170012345", "Publication Date": "19.01.2017", "Country": "US",
        "Title": "Test detector", "Abstract": "A test.", "I P C": "G01J 1/42; A61B 5/00",
        "Applicants": "Acme Inc.", "Inventors": "Roe Jane; Doe John",
        "Priorities Data": "14/765,432 19.02.2015 US; 62/123,457 2015-01-07 US",
        "National Phase Entries": "CA-3012345; EP-2016777681",
    }  # fmt: skip
    patents = read([
        row,
        row | {"Application Id": "WO2018012345", "Publication Number": "WO/2018/012345", "Country": "WO",
               "Application Number": "PCT/US2017/012345"},
        row | {"Application Id": "AU191234567", "Publication Number": "", "Country": "AU",
               "Application Number": ""},
        row | {"Application Id": "BR12345678", "Publication Number": "PI0712345", "Country": "BR",
               "Application Number": "PI0712345-6"},
    ])  # fmt: skip
    assert form_of(patents) == "patentscope"
    table = patents.publications
    assert set(table.index) == {"US20170012345", "WO2018012345", "AU191234567", "BRPI0712345"}
    assert table.loc["US20170012345", "application_id"] == "US15123456"
    assert table.loc["WO2018012345", "application_id"] == "PCTUS2017012345"
    own = patents.priorities.query("publication_id == 'US20170012345'").set_index("priority_number")
    assert own["date"].to_dict() == {
        "US14765432": pd.Timestamp("2015-02-19"), "US62123457": pd.Timestamp("2015-01-07"),
    }  # fmt: skip
    entries = patents.legal_events.query("publication_id == 'WO2018012345'")
    assert dict(zip(entries["country"], entries["text"], strict=True)) == {
        "CA": "3012345", "EP": "2016777681",
    }  # fmt: skip


def test_espacenet_list_of_its_new_interface(read):
    patents = read([{
        "No": 1, "Title": "TEST DEVICE", "Inventors": "ROE JANE [CN] \nDOE JOHN [CN]",
        "Applicants": "ACME LTD [CN]", "Publication number": "WO2019012345A1",
        "IPC": "D03D15/50 \nD04B1/14", "CPC": "D03D1/0088 (EP) \nD03D15/50 (EP,CN,US)",
        "Earliest publication": "2018-06-01", "Family number": 62200001,
    }])  # fmt: skip
    assert form_of(patents) == "espacenet"
    assert symbols(patents, "IPC")["WO2019012345A1"] == ["D03D15/50", "D04B1/14"]
    assert symbols(patents, "CPC")["WO2019012345A1"] == ["D03D1/0088", "D03D15/50"]
    assert patents.inventors["name"].to_list() == ["ROE JANE", "DOE JOHN"]
    assert patents.inventors["country"].to_list() == ["CN", "CN"]


# Australia, United States, BigQuery


def test_auspat_numbers_get_their_office(read):
    states = {"FILED": "pending", "ACCEPTED": "pending", "SEALED": "in_force", "LAPSED": "lapsed",
              "REFUSED": "refused", "WITHDRAWN": "withdrawn", "EXPIRED": "expired"}  # fmt: skip
    patents = read([
        {"IDENTIFIER": f"202312345{i}", "AU APPLICATION NUMBER": f"202312345{i}", "SERIAL NUMBER": "",
         "PCT APPLICATION NUMBER": "PCT/US2022/012345", "WIPO APPLICATION NUMBER": "WO2022/123456",
         "TITLE": "Test tool", "TYPE": "STANDARD", "FILING DATE": "2023-10-22",
         "EARLIEST PRIORITY DATE": "2021-01-19", "STATUS": s, "INVENTORS": "ROE, Jane; DOE, John",
         "APPLICANTS": "Acme Biotech, Inc.", "AGENTS": "Smith & Co", "FIRST IPC MARK": "A61M 5/00"}
        for i, s in enumerate(states)
    ])  # fmt: skip
    assert form_of(patents) == "auspat"
    table = patents.publications.sort_index()
    assert table.index[0] == "AU2023123450"
    assert table["application_id"].eq(table.index).all()
    assert table["legal_status"].to_list() == list(states.values())
    assert table["patent_type"].eq("invention").all()
    assert set(patents.inventors["name"]) == {"ROE, Jane", "DOE, John"}
    assert names(patents)["AU2023123450"] == ["Acme Biotech, Inc."]


def test_patentsview_tables_joined_have_a_row_for_every_value(read):
    row = {"patent_id": "10999991", "patent_type": "utility", "patent_date": "2021-05-04",
           "patent_title": "Test device", "wipo_kind": "B2"}  # fmt: skip
    patents = read([
        row | {"cpc_group": "G06F17/30", "disambig_assignee_organization": "Acme Ltd",
               "disambig_country": "US", "disambig_inventor_name_first": "Jane",
               "disambig_inventor_name_last": "Roe"},
        row | {"cpc_group": "G06N3/08", "disambig_assignee_organization": "Acme Ltd",
               "disambig_country": "US", "disambig_inventor_name_first": "John",
               "disambig_inventor_name_last": "Doe"},
        row | {"patent_id": "D912345", "patent_type": "design", "wipo_kind": "S1",
               "disambig_assignee_individual_name_first": "Max",
               "disambig_assignee_individual_name_last": "Private"},
    ])  # fmt: skip
    assert form_of(patents) == "patentsview-tables"
    assert list(patents.publications.index) == ["US10999991B2", "USD912345S1"]
    assert patents.intake[["rows_in", "rows_out", "rows_merged"]].iloc[0].to_list() == [3, 2, 1]
    assert symbols(patents, "CPC")["US10999991B2"] == ["G06F17/30", "G06N3/08"]
    people = patents.inventors.set_index("position")["name"]
    assert people.to_dict() == {1: "Jane Roe", 2: "John Doe"}
    assert names(patents) == {"US10999991B2": ["Acme Ltd"], "USD912345S1": ["Max Private"]}
    assert patents.check().query("severity == 'error'").empty


def test_patentsview_pregrant_table(read):
    patents = read([{
        "Unnamed: 0": 1, "pgpub_id": "20130212345", "cpc_sequence": 0, "cpc_group": "G21G1/0005",
        "application_id": "13712345", "filing_date": "2013-02-01", "patent_type": "utility",
        "published_date": "2013-08-15", "wipo_kind": "A1", "series_code": "13",
        "application_title": "Test target", "rule_47_flag": 0, "assignee_sequence": 0,
        "disambig_assignee_organization": "Acme Ltd",
    }])  # fmt: skip
    assert patents.intake["format"].iloc[0] == "patentsview-tables"
    row = patents.publications.loc["US20130212345A1"]
    assert row["application_id"] == "US13712345"
    assert row["title"] == "Test target"


def test_naming_a_column_as_its_format_means_it_keeps_how_it_is_written(read):
    row = {"pgpub_id": "20130212345", "application_title": "Test target", "wipo_kind": "A1",
           "rule_47_flag": 0}  # fmt: skip
    patents = read([row], columns={"pgpub_id": "publications.publication_id"})
    assert list(patents.publications.index) == ["US20130212345A1"]


def test_patentsview_answer_of_the_old_interface(read):
    patents = read({
        "patents": [{
            "patent_number": "10888881", "patent_title": "Test device", "patent_date": "2021-01-12",
            "patent_kind": "B2", "patent_num_claims": "9", "patent_num_cited_by_us_patents": "3",
            "patent_num_combined_citations": "12",
            "inventors": [{"inventor_first_name": "John", "inventor_last_name": "Doe",
                           "inventor_sequence": "1", "inventor_country": "US"},
                          {"inventor_first_name": "Jane", "inventor_last_name": "Roe",
                           "inventor_sequence": "0", "inventor_country": "DE"}],
            "assignees": [{"assignee_organization": "Acme Ltd", "assignee_country": "US"},
                          {"assignee_organization": None, "assignee_first_name": "Max",
                           "assignee_last_name": "Private"}],
            "cpcs": [{"cpc_group_id": "G06F", "cpc_subgroup_id": "G06F17/30", "cpc_sequence": "0"}],
            "applications": [{"app_number": "15123456", "app_date": "2019-02-03",
                              "app_country": "US"}],
            "cited_patents": [{"cited_patent_number": "7654321",
                               "cited_patent_category": "cited by examiner"}],
            "citedby_patents": [{"citedby_patent_number": "11999999"}],
        }],
        "count": 1, "total_patent_count": 1,
    }, "answer.json")  # fmt: skip
    assert form_of(patents) == "patentsview"
    row = patents.publications.loc["US10888881B2"]
    assert row["application_id"] == "US15123456"
    counts = row[["claim_count", "forward_citation_count", "backward_citation_count"]]
    assert counts.to_list() == [9, 3, 12]
    assert patents.inventors["name"].to_list() == ["Jane Roe", "John Doe"]
    assert names(patents)["US10888881B2"] == ["Acme Ltd", "Max Private"]
    assert symbols(patents, "CPC")["US10888881B2"] == ["G06F17/30"]
    pairs = set(zip(patents.citations["citing_id"], patents.citations["cited_id"], strict=True))
    assert pairs == {("US10888881B2", "US7654321"), ("US11999999", "US10888881B2")}


@pytest.mark.parametrize("style", ["snake", "camel", "blanks"])
def test_headers_in_snake_and_camel_case_are_any_table(read, style):
    row = {"publication_number": "CA-2912345-A1", "title": "Test process", "abstract": "A test.",
           "publication_date": "20150709", "filing_date": "20141201", "grant_date": "0",
           "priority_date": "20140102", "country_code": "CA", "ipc_codes": "C02F1/44;B01D61/02",
           "assignees": "ACME LTD;BETA CORP", "inventors": "ROE JANE"}  # fmt: skip
    if style != "snake":
        joint = "" if style == "camel" else " "
        row = {joint.join(w.title() for w in k.split("_")): v for k, v in row.items()}
    patents = read([row])
    assert form_of(patents) == "generic"
    found = patents.publications.loc["CA2912345A1"]
    assert found["application_date"] == pd.Timestamp("2014-12-01")
    assert found["earliest_priority_date"] == pd.Timestamp("2014-01-02")
    assert pd.isna(found["grant_date"])
    assert found["title"] == "Test process"
    assert symbols(patents, "IPC")["CA2912345A1"] == ["C02F1/44", "B01D61/02"]
    assert names(patents)["CA2912345A1"] == ["ACME LTD", "BETA CORP"]
    assert patents.cell_failures.empty


# Any table


def test_priority_date_without_its_number_is_the_earliest(read):
    patents = read([
        {"Title": "Test", "Publication Number": "US 10212345 B2", "Priority Date": "13/07/2017"},
        {"Title": "Test", "Publication Number": "US 10212346 B2", "Priority Date": "02/08/2017"},
    ])  # fmt: skip
    dates = patents.publications["earliest_priority_date"]
    assert dates.to_list() == [pd.Timestamp("2017-07-13"), pd.Timestamp("2017-08-02")]
    assert patents.cell_failures.empty


def test_of_several_dates_without_numbers_the_first_stands_and_the_cell_is_listed(read):
    patents = read(
        [{"Publication Number": "US10212345B2", "Priority Date": "2017-07-13; 2016-01-02"}]
    )
    assert patents.publications["earliest_priority_date"].to_list() == [pd.Timestamp("2016-01-02")]
    assert patents.cell_failures["reason"].to_list() == ["no priority_number beside it"]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ('["ACME, LTD", "BETA"]', '["G06F17/30","G06N3/08"]'),
        ("['ACME, LTD', 'BETA']", "['G06F17/30', 'G06N3/08']"),
        ("['ACME, LTD' 'BETA']", "['G06F17/30'\n 'G06N3/08']"),
        ("[{'name': 'ACME, LTD', 'country_code': 'US'} {'name': 'BETA', 'country_code': None}]",
         "[{'code': 'G06F17/30', 'inventive': True} {'code': 'G06N3/08', 'inventive': False}]"),
    ],
)  # fmt: skip
def test_lists_as_scripts_write_them(read, one, two):
    patents = read([{
        "publication_number": "US-10123456-B2", "assignee_harmonized": one, "cpc": two,
        "title_localized": "[{'text': 'Test device', 'language': 'en', 'truncated': False}]",
    }])  # fmt: skip
    assert form_of(patents) == "generic"
    assert names(patents)["US10123456B2"] == ["ACME, LTD", "BETA"]
    assert symbols(patents, "CPC")["US10123456B2"] == ["G06F17/30", "G06N3/08"]
    assert patents.publications["title"].to_list() == ["Test device"]


@pytest.mark.parametrize(
    "row",
    [
        {"Veröffentlichungsnummer": "DE102018000001A1", "Titel": "Prüfgerät", "Anmelder": "Acme GmbH",
         "Erfinder": "Muster, Max", "Anmeldedatum": "02.01.2018", "IPC-Hauptklasse": "G01N 3/08"},
        {"Numéro de publication": "FR3000001A1", "Titre": "Appareil", "Déposant(s)": "Acme GmbH",
         "Inventeur(s)": "Muster, Max", "Date de dépôt": "02/01/2018", "CIB": "G01N 3/08"},
        {"Número de publicación": "ES2700001A1", "Título": "Aparato", "Solicitante(s)": "Acme GmbH",
         "Inventor(es)": "Muster, Max", "Fecha de solicitud": "02/01/2018", "CIP": "G01N 3/08"},
    ],
)  # fmt: skip
def test_headers_in_other_languages_are_any_table(read, row):
    patents = read([row])
    assert form_of(patents) == "generic"
    assert patents.publications["application_date"].to_list() == [pd.Timestamp("2018-01-02")]
    assert patents.parties["name"].to_list() == ["Acme GmbH"]
    assert patents.inventors["name"].to_list() == ["Muster, Max"]
    assert patents.classifications["symbol"].to_list() == ["G01N3/08"]


def test_a_certificate_of_addition_is_an_invention(read):
    patents = read([{"Publication Number": "FR-61234-E", "Title": "Essai"}])
    row = patents.publications.loc["FR61234E"]
    assert row["patent_type"] == "invention"
    assert row["granted"]


def test_application_numbers_as_numbers_of_a_sheet(read):
    """Check digits as decimals; a 0 is not even shown, so the digit itself has to tell."""
    stems = [f"20201000000{i}" for i in range(9)]
    digits = {s: identifiers.check_digit(s) for s in stems}
    shown = [float(f"{s}.{d}") for s, d in digits.items() if d != "X"]
    assert "0" in digits.values()
    patents = read([{"申请号": n, "标题": "测试", "申请人": "甲"} for n in shown], "numbers.xlsx")
    assert set(patents.publications["application_id"]) == {
        f"CN{s}" for s, d in digits.items() if d != "X"
    }
