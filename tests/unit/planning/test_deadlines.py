"""Deadlines against the calendar, the law's own examples, and what was planted."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import patentnav as pnav
from patentnav import planning
from patentnav.datasets.dealings import later
from patentnav.planning.deadlines import after


def one(
    filed: str, priority: str | None = None, *, authority: str = "CN", country: str | None = "CN",
    kind: str = "invention", raw: str | None = None, family: tuple[str, ...] = (),
) -> pnav.PatentSet:  # fmt: skip
    number = {"CN": "CN1A", "WO": "WO2025000001A1"}[authority]
    publications = pd.DataFrame(
        {
            "authority": [authority], "patent_type": [kind], "legal_status_raw": [raw],
            "application_date": [pd.Timestamp(filed)],
            "earliest_priority_date": [pd.Timestamp(priority) if priority else pd.NaT],
            "pct_application_id": ["PCT/CN2025/000001" if authority == "WO" else None],
        },
        index=pd.Index([number], name="publication_id"),
    )  # fmt: skip
    parties = pd.DataFrame({"publication_id": [number], "role": ["applicant"], "position": [1],
                            "name_raw": ["A"], "country": [country]})  # fmt: skip
    tables = {"publications": publications, "parties": parties}
    if family:
        tables["families"] = pd.DataFrame(
            {"scheme": "simple", "family_id": "F", "publication_id": [number, *family]}
        )
    return pnav.PatentSet.from_tables(tables)


# PCT Rule 80.2 and Paris Convention Art. 4C(2): the day of the same number, else the month's last.
@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-02-29", 12, "2025-02-28"),  # a leap day
        ("2023-02-28", 12, "2024-02-28"),  # not the 29th: the day has the same number
        ("2023-08-31", 30, "2026-02-28"),
        ("2021-08-31", 30, "2024-02-29"),
        ("2023-08-31", 32, "2026-04-30"),  # 32 months, not 30 and two (which would be 28 April)
        ("2023-07-31", 31, "2026-02-28"),
        ("2023-12-31", 30, "2026-06-30"),
        ("2023-01-30", 13, "2024-02-29"),
    ],
)
def test_periods_of_months(start: str, months: int, end: str) -> None:
    assert after(pd.Series([pd.Timestamp(start)]), months)[0] == pd.Timestamp(end)
    assert later(dt.date.fromisoformat(start), months) == dt.date.fromisoformat(end)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.integers(0, 40))
def test_two_ways_of_counting_agree(day: dt.date, months: int) -> None:
    assert after(pd.Series([pd.Timestamp(day)]), months)[0].date() == later(day, months)


def test_the_priority_year_ends_on_its_last_day() -> None:
    first = one("2025-03-31", "2025-03-31")
    row = planning.deadlines(first, "2026-03-31").iloc[0]
    assert row[["kind", "office", "days_left", "certain"]].tolist() == [
        "priority_12",
        "WO",
        0,
        True,
    ]
    assert planning.deadlines(first, "2026-04-01").empty
    assert planning.deadlines(first, "2025-03-30").empty  # not yet filed


def test_what_has_no_priority_year() -> None:
    day = "2025-06-01"
    assert planning.deadlines(one(day, day, kind="design"), "2025-07-01").empty  # six months
    assert planning.deadlines(one(day, day, country="JP"), "2025-07-01").empty
    assert planning.deadlines(one(day, day, family=("WO2025999999A1",)), "2025-07-01").query(
        "kind == 'priority_12'"
    ).empty  # fmt: skip


def test_only_a_filing_date_is_no_later_than() -> None:
    row = planning.deadlines(one("2025-06-01"), "2025-07-01").iloc[0]
    assert not row["certain"]
    assert row["basis"] == "filing"
    assert "filing_date_only" in row["reason"]


def test_nothing_where_the_origin_is_not_told() -> None:
    found = planning.deadlines(one("2025-06-01", country=None), "2025-07-01")
    assert found.empty
    assert found.attrs["unknown"]["origin_unknown"] == 1


def test_national_phases_by_office() -> None:
    patents = one("2024-06-10", "2023-08-31", authority="WO", family=("US2025000001A1",))
    found = planning.deadlines(patents, "2026-01-01").query("kind == 'pct_national'")
    days = {(r.office, r.surcharge): f"{r.deadline:%Y-%m-%d}" for r in found.itertuples()}
    assert days == {
        ("CN", False): "2026-02-28", ("CN", True): "2026-04-30", ("EP", False): "2026-03-31",
        ("JP", False): "2026-02-28", ("KR", False): "2026-03-31",
    }  # fmt: skip  # the United States are entered
    assert found["used"].eq(False).all()
    other = planning.deadlines(patents, "2026-01-01", offices=["CA"]).query("office == 'CA'")
    assert f"{other['deadline'].iloc[0]:%Y-%m-%d}" == "2026-02-28"


def test_the_source_is_believed() -> None:
    over = one("2025-06-01", authority="WO", raw="未进入国家阶段-PCT有效期满")
    found = planning.deadlines(over, "2025-07-01")
    assert found.empty
    assert found.attrs["ended_by_vendor"] == 1
    runs = one("2020-06-01", authority="WO", raw="未进入国家阶段-PCT有效期内")
    row = planning.deadlines(runs, "2025-07-01", offices=["EP"]).iloc[0]
    assert row["basis"] == "vendor"
    assert pd.isna(row["deadline"])  # no day where ours is against theirs
    assert pd.isna(row["days_left"])


@pytest.fixture(scope="module")
def planted() -> tuple[pnav.datasets.Dealings, pd.DataFrame]:
    case = pnav.datasets.dealings(n=200)
    return case, planning.deadlines(case.patents, case.as_of)


def test_all_planted_are_found_with_their_days_and_no_others(planted) -> None:
    case, found = planted
    columns = list(case.deadlines.columns)
    mine = found[found["publication_id"].isin(case.watched)][columns]
    mine = mine.sort_values(columns[:4], ignore_index=True)
    pd.testing.assert_frame_equal(mine, case.deadlines, check_dtype=False)
    assert len(mine) > 50
    assert found.attrs["unknown"]["origin_unknown"] == 4
    assert found.attrs["ended_by_vendor"] == 2


def test_days_left_are_days(planted) -> None:
    case, found = planted
    left = (found["deadline"] - pd.Timestamp(case.as_of)).dt.days
    assert found["days_left"].equals(left.astype("Int64"))
    assert (found["days_left"] >= 0).all()


def test_rows_in_any_order(planted) -> None:
    case, found = planted
    turned = case.patents.filter(case.patents.publications.index[::-1])
    pd.testing.assert_frame_equal(planning.deadlines(turned, case.as_of), found)


def test_no_day_and_no_dates_are_refused() -> None:
    with pytest.raises(pnav.ArgumentError, match="no day"):
        planning.deadlines(one("2025-06-01"), "soon")
    empty = pnav.PatentSet.from_tables(
        {
            "publications": pd.DataFrame(
                {"title": ["a"]}, index=pd.Index(["CN1A"], name="publication_id")
            )
        }
    )
    with pytest.raises(pnav.MissingColumnError, match="Export"):
        planning.deadlines(empty, "2025-06-01")


# The calendar


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_the_calendar_holds_every_day(planted, tmp_path) -> None:
    case, found = planted
    titles = case.patents.publications["title"]
    path = planning.calendar(found, tmp_path / "days.ics", titles=titles, lang="zh")
    raw = path.read_bytes()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75  # octets (RFC 5545 §3.1)
    lines = unfolded(raw.decode("utf-8"))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    starts = [line.split(":")[1] for line in lines if line.startswith("DTSTART")]
    dated = found.dropna(subset=["deadline"])
    assert sorted(starts) == sorted(dated["deadline"].dt.strftime("%Y%m%d"))
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(set(uids)) == len(uids) == len(dated)
    no_later = sum("最迟" in line for line in lines if line.startswith("SUMMARY"))
    assert no_later == int((~dated["certain"]).sum())
    again = planning.calendar(found, tmp_path / "again.ics", titles=titles, lang="zh")
    assert again.read_bytes() == raw


def test_titles_cannot_break_the_calendar(tmp_path) -> None:
    found = planning.deadlines(one("2025-03-31", "2025-03-31"), "2026-03-01")
    evil = {"CN1A": "a;b,c\\d\r\nEND:VCALENDAR"}
    path = planning.calendar(found, tmp_path / "x.ics", titles=evil, lang="en")
    text = path.read_bytes().decode("utf-8")
    assert unfolded(text).count("END:VCALENDAR") == 1
    assert "a\\;b\\,c\\\\d\\nEND:VCALENDAR" in "".join(unfolded(text))
    with pytest.raises(pnav.ArgumentError, match="ics"):
        planning.calendar(found, tmp_path / "x.txt")
