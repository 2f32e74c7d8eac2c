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
