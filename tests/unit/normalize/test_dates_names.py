"""Dates and names as vendors write them."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patentnav.normalize import dates, names

FORMS = [
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y", "%d %b %Y", "%Y-%m-%d 00:00:00",
    "%Y-%m-%dT00:00:00Z", "%Y年%m月%d日", "%b %d, %Y",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form(form):
    day = dt.date(2019, 7, 3)
    assert dates.parse_date(day.strftime(form)) == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [("43649", dt.date(2019, 7, 3)), ("2019/7/3", dt.date(2019, 7, 3)),
     ("03/07/19", dt.date(2019, 7, 3)), ("25/12/98", dt.date(1998, 12, 25)),
     ("12/25/1998", dt.date(1998, 12, 25)), ("２０１９－０７－０３", dt.date(2019, 7, 3))],
)  # fmt: skip
def test_other_forms(text, expected):
    assert dates.parse_date(text) == expected


@pytest.mark.parametrize(
    "text", ["2019-13-45", "0000-00-00", "9999-12-31", "0--", "", "abc", "1.02E+12", "2019"]
)
def test_no_date(text):
    assert dates.parse_date(text) is None


def test_a_column_tells_which_comes_first():
    american = dates.parse_dates(pd.Series(["03/07/2019", "12/25/2019"]))
    assert american.dt.strftime("%Y-%m-%d").tolist() == ["2019-03-07", "2019-12-25"]
    european = dates.parse_dates(pd.Series(["03/07/2019", "25/12/2019"]))
    assert european.dt.strftime("%Y-%m-%d").tolist() == ["2019-07-03", "2019-12-25"]
    assert str(european.dtype) == "datetime64[us]"


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_none(text):
    found = dates.parse_date(text)
    assert found is None or 1790 <= found.year <= 2100


@pytest.mark.parametrize(
    ("text", "spelled"),
    [("华为技术有限公司", "华为技术有限公司"), ("板石智能科技（深圳）有限公司", "板石智能科技(深圳)有限公司"),
     (" 王 小明 ", "王小明"), ("ＡＢＣ  Co., Ltd.;", "ABC Co., Ltd."), (";", None),
     ("Smith  John", "Smith John")],
)  # fmt: skip
def test_names(text, spelled):
    assert names.spell_name(text) == spelled


@given(st.lists(st.text(max_size=20), max_size=5))
def test_names_are_spelled_alike_alone_and_together(texts):
    together = names.spell_names(pd.Series(texts, dtype="str"))
    alone = [names.spell_name(t) for t in texts]
    assert [None if pd.isna(t) else t for t in together] == alone
    assert names.spell_names(together).equals(together)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5-Mar-16", dt.date(2016, 3, 5)), ("05MAR2016", dt.date(2016, 3, 5)),
     ("5. März 2016", dt.date(2016, 3, 5)), ("5 août 2016", dt.date(2016, 8, 5)),
     ("5 juin 2016", dt.date(2016, 6, 5)), ("5 de marzo de 2016", dt.date(2016, 3, 5)),
     ("2016-Mar-05", dt.date(2016, 3, 5)), ("31-Dec-99", dt.date(1999, 12, 31)),
     ("108/03/05", dt.date(2019, 3, 5)), ("中華民國108年3月5日", dt.date(2019, 3, 5)),
     ("民國99年1月2日", dt.date(2010, 1, 2)), ("令和5年3月5日", dt.date(2023, 3, 5)),
     ("令和元年5月1日", dt.date(2019, 5, 1)), ("平成30年4月1日", dt.date(2018, 4, 1)),
     ("R5.3.5", dt.date(2023, 3, 5)), ("H30/04/01", dt.date(2018, 4, 1)),
     ("S63.1.7", dt.date(1988, 1, 7)), ("Mar 2016", None), ("R5", None), ("5-Foo-16", None)],
)  # fmt: skip
def test_named_months_and_other_eras(text, expected):
    assert dates.parse_date(text) == expected


@pytest.mark.parametrize(
    ("texts", "years"),
    [(["1080305", "0990305"], [2019, 2010]), (["108/03/05", "99/12/31"], [2019, 2010]),
     (["98-03-07", "05-04-07"], [1998, 2005]), (["07-03-98", "25-04-05"], [1998, 2005]),
     (["990305", "20190305"], [None, 2019])],
)  # fmt: skip
def test_the_whole_column_tells_where_its_years_are(texts, years):
    found = dates.parse_dates(pd.Series(texts, dtype="str")).dt.year
    assert [None if pd.isna(y) else int(y) for y in found] == years
