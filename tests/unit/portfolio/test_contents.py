"""What the largest portfolios hold on a day, counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import kpi, portfolio

#   owner, technology, kind, filed, granted, pct
RIGHTS = [
    ("甲公司", "T1", "invention", "2018-01-01", "2019-06-01", "PCT/CN2018/000001"),
    ("甲公司", "T1", "invention", "2018-02-01", "2021-06-01", "PCT/CN2018/000001"),
    ("甲公司", "T1", "invention", "2019-01-01", None, "PCT/CN2019/000002"),
    ("甲公司", "T1", "utility_model", "2018-01-01", "2018-06-01", None),
    ("乙公司", "T1", "invention", "2018-01-01", "2020-01-01", None),
    ("乙公司", "T1", "invention", "2021-01-01", None, None),
    ("乙公司", "T2", "invention", "2021-02-01", None, "PCT/CN2021/000003"),
]


def made(rows: list[tuple[str | None, ...]] = RIGHTS, **columns: object) -> pnav.PatentSet:
    owner, _, kind, filed, granted, pct = (list(c) for c in zip(*rows, strict=True))
    n = len(rows)
    ids = [f"CN1{i:08d}A" for i in range(n)]
    publications = pd.DataFrame(
        {
            "application_id": [f"CN2018{i:08d}" for i in range(n)], "authority": "CN", "kind_code": "A",
            "patent_type": kind, "application_date": pd.to_datetime(filed),
            "publication_date": pd.to_datetime("2022-12-31"), "grant_date": pd.to_datetime(granted),
            "granted": [g is not None for g in granted], "pct_application_id": pct, "title": "t",
            **columns,
        },
        index=pd.Index(ids, name="publication_id"),
    )  # fmt: skip
    parties = pd.DataFrame({"publication_id": ids, "name_raw": owner, "role": "applicant"})
    return pnav.PatentSet.from_tables({"publications": publications, "parties": parties})


def found(
    patents: pnav.PatentSet, n: int, as_of: str | None, rows: list[tuple[str | None, ...]] = RIGHTS
) -> pd.DataFrame:
    resolved = pnav.clean.resolve_parties(patents)
    by = pd.Series([r[1] for r in rows], index=patents.publications.index, name="technology")
    candidates = portfolio.candidates(
        resolved, by, "party", min_inventions=2, min_pct=2, unit="application"
    )
    held = portfolio.contents(resolved, candidates, n, as_of=as_of)
    return held.set_index(["content", "reading", "counted"])[["portfolios", "passing", "value"]]


def test_by_hand_at_the_end_of_2020() -> None:
    told = found(made(), 2, "2020-12-31")
    # 甲/T1 has 3 filed (1 granted by then), 乙/T1 one filed and granted; 乙/T2 is not there yet.
    assert told.loc[("inventions", "each", "filed")].tolist() == [2, 1, 1]
    assert told.loc[("inventions", "together", "filed")].tolist() == [2, 1, 4]
    assert told.loc[("inventions", "each", "granted")].tolist() == [2, 0, 1]
    assert told.loc[("inventions", "together", "granted")].tolist() == [2, 0, 2]
    # Two filings of one PCT application count once.
    assert told.loc[("pct", "together", "application")].tolist() == [2, 1, 2]
    assert told.loc[("pct", "together", "family"), "value"] == 3


def test_later_more_is_there() -> None:
    told = found(made(), 3, None)
    assert told.loc[("inventions", "together", "filed")].tolist() == [3, 2, 6]
    assert told.loc[("inventions", "together", "granted"), "value"] == 3
    assert told.loc[("pct", "together", "application"), "value"] == 3


def test_what_is_not_told_is_not_zero() -> None:
    rows = [(*r[:5], None) for r in RIGHTS]
    told = found(made(rows), 2, "2020-12-31", rows)
    assert told.loc["pct"].isna().all(axis=None)
    assert told.loc[("inventions", "together", "filed"), "value"] == 4
    typeless = [(r[0], r[1], None, *r[3:]) for r in RIGHTS]
    told = found(made(typeless), 2, "2020-12-31", typeless)
    assert told.loc["inventions"].isna().all(axis=None)


def test_what_is_not_told_is_left_open_where_it_would_decide() -> None:
    rows = [(*r[:2], None if i in {1, 2} else r[2], *r[3:]) for i, r in enumerate(RIGHTS)]
    told = found(made(rows), 2, "2020-12-31", rows)
    # 甲 has one invention for sure and two rights of unknown type, the gate asks for two.
    assert told.loc[("inventions", "together", "filed"), "value"] == 2
    assert told.loc[("inventions", "each", "filed")].tolist()[:2] == [2, 0]
    assert told.loc[("inventions", "each", "filed"), "value"] == 1  # 乙 has one, whatever 甲 has
    alone = found(made(rows[:4]), 1, "2020-12-31", rows[:4])
    assert pd.isna(alone.loc[("inventions", "each", "filed"), "value"])


def test_the_order_of_rows_does_not_matter() -> None:
    back = RIGHTS[::-1]
    pd.testing.assert_frame_equal(
        found(made(), 2, "2020-12-31"), found(made(back), 2, "2020-12-31", back)
    )


def test_wrong_use_is_told() -> None:
    patents = pnav.clean.resolve_parties(made())
    candidates = portfolio.candidates(patents, "patent_type", "party", unit="application")
    with pytest.raises(pnav.ArgumentError, match="n=0"):
        portfolio.contents(patents, candidates, 0)
    with pytest.raises(pnav.MissingColumnError, match="members"):
        portfolio.contents(patents, candidates.drop(columns="members"), 2)


def test_values_of_the_targets_that_ask_for_them() -> None:
    held = found(made(), 2, "2020-12-31").reset_index()
    rows = kpi.proved(kpi.targets(), held, "2020-12-31")
    values = rows.set_index(["kpi", "reading"])["value"]
    assert values["K02", "each_filed"] == 1
    assert values["K02", "total_granted"] == 2
    assert values["K03", "total_application"] == 2
    assert set(rows["kpi"]) == {"K02", "K03"}
    assert set(rows["source"]) == {kpi.SOURCE}
    state = kpi.readings(kpi.targets(), rows, "2020-12-31").set_index(["id", "reading"])
    assert state.loc[("K02", "total_filed"), "state"] == "behind"
    # What would be of a later day does not count on an earlier one.
    early = kpi.readings(kpi.targets(), rows, "2019-12-31").set_index(["id", "reading"])
    assert early.loc[("K02", "total_filed"), "reason"] == "no_actual"
