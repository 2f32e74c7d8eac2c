"""Numbers of publications and applications in one spelling.

Check digits: 201710601862.3 and 95115608.X are worked by hand with the weights of ZC 0006; the
forms are those of the vendors' exports, the results the DOCDB numbers of the same documents.
"""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentnav.normalize import identifiers as ids

PUBLICATIONS = [
    ("CN110298449A", "CN110298449A"),
    ("CN-107195962-B", "CN107195962B"),
    ("CN115536205-A", "CN115536205A"),
    ("CN1387401", "CN1387401"),
    ("ＣＮ１１０２９８４４９Ａ", "CN110298449A"),
    ("US 2011/0185700 A1", "US20110185700A1"),
    ("US2009196801A1", "US20090196801A1"),
    ("US 5139758 A", "US5139758A"),
    ("US06859910B2", "US6859910B2"),
    ("USD0435854S1", "USD435854S1"),
    ("EP123456A1", "EP0123456A1"),
    ("WO/2021/000716 A1", "WO2021000716A1"),
    ("WO9912345A1", "WO1999012345A1"),
    ("WO03012345A1", "WO2003012345A1"),
    ("KR20150000637 (U)", "KR20150000637U"),
    ("KR1020150000637A", "KR20150000637A"),
    ("KR1015514300000*", "KR101551430"),
    ("JP1996123456A", "JPH08123456A"),
    ("JPH8123456A", "JPH08123456A"),
    ("JP1980123456A", "JPS55123456A"),
    ("TW-I123456-B", "TWI123456B"),
    # zeros: in front of a Chinese number, behind a Korean grant, inside Korean publications
    ("CN001221369C", "CN1221369C"),
    ("KR1020131230000A", "KR20131230000A"),
    ("KR10-2013-1230000 A", "KR20131230000A"),
    ("KR1024582310000B1", "KR102458231B1"),
    ("KR0647844B1", "KR100647844B1"),
    ("KR 10-0647844 (B1)", "KR100647844B1"),
    ("KR200364512Y1", "KR200364512Y1"),
    ("KR364512Y1", "KR200364512Y1"),
    ("KR2000004919A", "KR20000004919A"),
    # with the date of publication behind the kind code
    ("EP 0259054 B9 20031217", "EP0259054B9"),
    ("AU 2009 351236 B9 20130627", "AU2009351236B9"),
]
APPLICATIONS = [
    ("CN201910593937.7", "CN201910593937"),
    ("CN2019105939377", "CN201910593937"),
    ("ZL201910593937.7", "CN201910593937"),
    ("201910593937.7", "CN201910593937"),
    ("CN201711214252A", "CN201711214252"),
    ("CN95115608.X", "CN95115608"),
    ("CN201710472509X", "CN201710472509"),
    ("PCT/BR2013/000094", "PCTBR2013000094"),
    ("WO2014US51801", "PCTUS2014051801"),
    ("CN 2019123456 W", "PCTCN2019123456"),
    ("US 2014/0051801 W", "PCTUS2014051801"),
    ("WOUS16013975", "PCTUS2016013975"),
    ("US 201815950587 A", "US15950587"),
    ("US15950587", "US15950587"),
    ("EP19203456.7", "EP19203456"),
    ("EP20190203456", "EP19203456"),
    ("KR20130006425U", "KR20130006425"),
    ("KR1020131230000", "KR20131230000"),
    ("15/259,754", "US15259754"),
    ("US 08/123,456", "US08123456"),
    ("EP-2017777680", "EP17777680"),
    # as Questel writes them: CN107823631A was filed as 201711101291.X
    ("2017CN-1101291", "CN201711101291"),
    ("2016CN-20812345", "CN201620812345"),
    ("2001CN-0112345", "CN01112345"),
    ("2015US-14800001", "US14800001"),
    ("2015JP-0123456", "JP2015123456"),
    ("2015KR-7012345", "KR20157012345"),
    ("2015EP-0123456", "EP15123456"),
    ("2015WO-CN12345", "PCTCN2015012345"),
    # a check digit that became the decimals of a binary number
    ("201910000001.100006104", "CN201910000001"),
    ("202010000003.0", "CN202010000003"),
]


@pytest.mark.parametrize(("text", "spelled"), PUBLICATIONS)
def test_publication(text, spelled):
    assert ids.publication_id(text) == spelled


@pytest.mark.parametrize(("text", "spelled"), APPLICATIONS)
def test_application(text, spelled):
    assert ids.application_id(text) == spelled


@pytest.mark.parametrize(
    "text",
    [
        "1.02E+12",
        "1,0202E+12",
        "",
        "abc",
        "12",
        "PCT/CN2019/123456",
        "AR073249A120101020AR73249STGA1",  # two numbers glued together
        "XX123456A",
        "XP002123456",  # no office; literature of the EPO
        "000-788-428-766-431",
        "12185662",
    ],
)
def test_no_publication(text):
    assert ids.publication_id(text) is None


def test_kind_and_authority_complete_a_bare_number():
    numbers = pd.Series(["2009196801", "1387401", "EP0123456B1"])
    kinds, offices = pd.Series(["A1", "A", "A9"]), pd.Series(["US", "CN", "EP"])
    spelled = ids.publication_ids(numbers, kinds, offices)
    assert spelled.tolist() == ["US20090196801A1", "CN1387401A", "EP0123456B1"]


@pytest.mark.parametrize(
    ("text", "kind", "authority", "spelled"),
    [
        ("12185662", None, "US", "US12185662"),
        ("20220044031", None, "US", "US20220044031"),
        ("RE12345", "E", "US", "USRE12345E"),  # RE and PI are no offices here
        ("PI0712345-6", None, "BR", "BRPI07123456"),
        ("001221369", "C", "CN", "CN1221369C"),
        ("1024582310000.0", "B1", "KR", "KR102458231B1"),
        ("1020210020000.0", "A", "KR", "KR20210020000A"),
        ("US9012345B2", None, "CN", "US9012345B2"),  # a number's own office counts
        ("000-788-428-766-431", "B", "CN", None),
    ],
)
def test_the_office_of_its_column_and_the_kind_tell(text, kind, authority, spelled):
    assert ids.publication_id(text, kind, authority) == spelled


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("1024582310000.0", "1024582310000"),
        ("201910000001.100006104", "201910000001.1"),
        ("201910593937.7", "201910593937.7"),
        ("1.02458231E12", "1024582310000"),  # Java writes all digits
        ("1.024582310001E+12", "1024582310001"),
        ("1.0202E+12", "1.0202E+12"),  # a spreadsheet does not
        ("1.024582e+12", "1.024582e+12"),  # nor does R
        ("0647844.0", "0647844"),
        ("US9012345B2", "US9012345B2"),
    ],
)
def test_numbers_that_came_as_decimals(text, typed):
    assert ids.as_typed(text) == typed
    assert ids.as_typed(typed) == typed


def test_a_dropped_check_digit_zero_needs_others_beside_it_and_must_be_right():
    others = ["202010000001.1", "202010000008.3"]
    assert ids.check_digit("202010000003") == "0"
    read = ids.application_ids(pd.Series([*others, "202010000003", "202010000004"]))
    assert read.isna().tolist() == [False, False, False, True]
    assert read.iloc[2] == "CN202010000003"
    assert ids.application_ids(pd.Series(["202010000003", "B", "C"])).isna().all()


@pytest.mark.parametrize(("number", "digit"), [("201710601862", "3"), ("95115608", "X")])
def test_check_digit(number, digit):
    assert ids.check_digit(number) == digit


@pytest.mark.parametrize("table", [PUBLICATIONS, APPLICATIONS])
def test_spelling_twice_changes_nothing(table):
    function = ids.publication_ids if table is PUBLICATIONS else ids.application_ids
    once = function(pd.Series([text for text, _ in table], dtype="str"))
    assert function(once).tolist() == once.tolist() == [spelled for _, spelled in table]


@given(st.text(max_size=30))
def test_any_text_is_a_number_in_one_spelling_or_none(text):
    once = ids.publication_id(text)
    assert once is None or ids.publication_id(once) == once
    once = ids.application_id(text)
    assert once is None or ids.application_id(once) == once


def test_parts():
    parts = ids.parts(pd.Series(["CN110298449A", "WO2021000716A1", "CN1387401", None], dtype="str"))
    assert parts["authority"].tolist()[:3] == ["CN", "WO", "CN"]
    assert parts["kind_code"].isna().tolist() == [False, False, True, True]
