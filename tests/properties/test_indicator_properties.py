"""What must hold for indicators, scores and candidates of any set."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentnav import (
    CoverageWarning,
    PatentnavError,
    PatentSet,
    facts,
    indicators,
    portfolio,
    valuation,
)

IDS = [f"{office}{number}{kind}" for office in ("CN", "US") for number in "123" for kind in "AB"]
ANY = st.sampled_from(IDS)
DAY = st.none() | st.dates(pd.Timestamp("2000-01-01").date(), pd.Timestamp("2020-01-01").date())
COUNT = st.none() | st.integers(0, 9)
YES = st.none() | st.booleans()
PUBLICATION = {
    "application_id": st.none() | st.sampled_from(["CN201880000001", "CN201810000002", "US3"]),
    "patent_type": st.none() | st.sampled_from(["invention", "utility_model", "design"]),
    "legal_status": st.none() | st.sampled_from(["in_force", "lapsed", "pending", "unknown"]),
    "application_date": DAY, "publication_date": DAY, "grant_date": DAY, "expiry_date": DAY,
    "national_entry_date": DAY, "granted": YES, "claim_count": COUNT,
    "forward_citation_count": COUNT, "backward_citation_count": COUNT,
    "npl_citation_count": COUNT, "family_country_count": COUNT, "family_size": COUNT,
    "pct_publication_id": st.none() | st.sampled_from(["WO2018000001", "WO2018000002"]),
    "pct_application_id": st.none() | st.sampled_from(["PCT/CN2018/000001", "PCT/JP2018/000002"]),
    "source_file": st.none() | st.sampled_from(["a", "b"]),
}  # fmt: skip
CHILDREN = {
    "classifications": {
        "scheme": st.sampled_from(["IPC", "CPC", "SEI"]),
        "symbol": st.sampled_from(["G06N3/08", "G06N20/00", "H04L9/32", "A61B5/00", "H01L"]),
    },
    "parties": {
        "role": st.sampled_from(["applicant", "current_owner", "agent"]),
        "name_raw": st.sampled_from(["Alpha", "Beta"]),
        "country": st.none() | st.sampled_from(["CN", "JP"]),
    },
    "inventors": {"name_raw": st.sampled_from(["Li", "Wang"])},
    "legal_events": {
        "date": DAY, "code": st.none() | st.sampled_from("XY"),
        "category": st.sampled_from(["transfer", "pledge", "lapse", "award", "fee"]),
        "amount": st.none() | st.floats(0, 1e7),
    },
}  # fmt: skip
LINKS = {
    "citations": {"citing_id": ANY, "cited_id": ANY, "citing_date": DAY, "cited_date": DAY},
    "families": {"scheme": st.just("simple"), "family_id": st.sampled_from("FG"),
                 "publication_id": st.sampled_from([*IDS, "WO2018000001A1"])},
}  # fmt: skip


KEYS = {
    "citations": ["citing_id", "cited_id"],
    "families": ["scheme", "family_id", "publication_id"],
    "legal_events": ["publication_id", "date", "code"],
    "classifications": ["publication_id", "scheme", "symbol"],
}


@st.composite
def sets(draw: st.DrawFn) -> PatentSet:
    ids = draw(st.lists(ANY, min_size=1, max_size=8, unique=True))
    rows = [draw(st.fixed_dictionaries(PUBLICATION)) for _ in ids]
    tables = {"publications": pd.DataFrame(rows, index=ids)}
    for name, columns in (CHILDREN | LINKS).items():
        if not draw(st.booleans()):
            continue
        own = {} if name in LINKS else {"publication_id": st.sampled_from(ids)}
        cells = own | columns
        rows = draw(st.lists(st.fixed_dictionaries(cells), max_size=8))
        frame = pd.DataFrame(rows, columns=list(cells))
        if name in KEYS:
            frame = frame.drop_duplicates(KEYS[name])
        tables[name] = frame
    return PatentSet.from_tables(tables)


def publication_indicators():
    return indicators.list().query("level == 'publication'")["name"].tolist()


def quietly(function, *args, **kwargs):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoverageWarning)
        return function(*args, **kwargs)


@settings(max_examples=10)
@given(sets(), st.sampled_from(["publication", "application"]))
def test_every_indicator_is_defined_for_any_set(patents, unit):
    values = quietly(indicators.compute, patents, publication_indicators(), unit=unit)
    assert values.index.equals(patents.publications.index)
    numbers = values.astype(float)
    for name in ("generality", "originality", "radicalness", "composite_4", "composite_6",
                 "grant_lag_index"):  # fmt: skip
        assert numbers[name].dropna().between(0, 1).all(), name
    assert not np.isinf(numbers.to_numpy()).any()
    covered = indicators.coverage(patents, publication_indicators(), unit=unit)
    covered = covered.set_index("indicator")
    assert (covered["known"] == values.notna().sum()).all()
    reasons = covered["missing"].str.findall(r": (\d+)(?:;|$)")
    assert (reasons.map(lambda n: sum(map(int, n))) == values.isna().sum()).all()


@settings(max_examples=5)
@given(sets(), st.randoms(use_true_random=False))
def test_row_order_changes_nothing(patents, random):
    shuffled = {}
    for name in patents.tables:
        frame = getattr(patents, name)
        order = list(range(len(frame)))
        random.shuffle(order)
        shuffled[name] = frame.iloc[order]
    again = PatentSet.from_tables(shuffled)
    names = publication_indicators()
    pd.testing.assert_frame_equal(
        quietly(indicators.compute, patents, names), quietly(indicators.compute, again, names)
    )
    pd.testing.assert_frame_equal(valuation.score(patents), valuation.score(again))


@settings(max_examples=10)
@given(sets())
def test_scores_are_bounded_and_explained(patents):
    scores = valuation.score(patents)
    assert scores["score"].dropna().between(0, 100).all()
    for publication_id in scores.index[scores["score"].notna()]:
        parts = valuation.explain(scores, publication_id)
        assert parts["contribution"].sum() == pytest.approx(scores.loc[publication_id, "score"])
    high = valuation.high_value(patents)
    assert not (high["high_value"] & ~high["valid_invention"]).fillna(False).any()


@settings(max_examples=10)
@given(sets(), st.integers(1, 3), st.integers(0, 2), st.sampled_from(["first", "all"]))
def test_candidates_hold_each_unit_and_never_decide_on_the_unknown(patents, least, pct, owners):
    if not (patents.has("parties") and patents.has("classifications")):
        return
    table = portfolio.candidates(patents, min_inventions=least, min_pct=pct, which=owners)
    members = portfolio.members(table)
    assert set(members["publication_id"]) <= set(patents.publications.index)
    if owners == "first":
        assert members["publication_id"].is_unique
    # What cannot be reached even with all that is unknown is missed; the rest cannot be judged.
    untold = table[table["pct"].isna()]
    most = untold["inventions"] + untold["inventions_unknown"]
    reachable = (most >= least) & (untold["pct_unknown"] >= pct)
    if pct:
        assert untold.loc[reachable, "meets_gate"].isna().all()
    assert not untold.loc[~reachable, "meets_gate"].astype("boolean").fillna(True).any()
    assert (table["reason"] != "").eq(table["meets_gate"].isna()).all()
    met = table["meets_gate"].fillna(False).astype(bool)
    assert (table.loc[met, "inventions"] >= least).all()
    assert (table.loc[met, "pct"] >= pct).all()
    chosen = portfolio.select(table, 3, meeting=False).chosen
    assert portfolio.members(chosen)["publication_id"].is_unique


@settings(max_examples=10)
@given(sets())
def test_shares_and_advantages_add_up(patents):
    if not patents.has("parties"):
        return
    try:
        counts = indicators.activity(patents, by=facts.owners(patents, which="all"))
    except PatentnavError:
        return  # no dates at all
    shares = indicators.share(counts)
    totals = shares.groupby("year")["share"].sum(min_count=1).dropna()
    assert totals.to_numpy() == pytest.approx(np.ones(len(totals)))
    row = indicators.concentration(patents).iloc[0]
    if row["n"]:
        assert 1 / row["n"] <= row["hhi"] + 1e-12 <= 1 + 2e-12
        assert row["cr4"] <= row["cr8"] + 1e-12 <= 1 + 2e-12
        assert 0 <= row["entropy"] <= np.log(row["n"]) + 1e-12


@settings(max_examples=10)
@given(sets())
def test_advantages_average_to_one(patents):
    """The RTA of a group, weighted by the entities' sizes, is 1."""
    if not (patents.has("parties") and patents.has("classifications")):
        return
    from patentnav.facts import subclasses

    table = indicators.specialisation(patents, subclasses(patents))
    if table.empty:
        return
    size = table.groupby("entity")["count"].transform("sum")
    weighted = (table["rta"] * size).groupby(table["group"]).sum() / size.groupby(
        table["group"]
    ).sum()
    assert weighted.to_numpy() == pytest.approx(np.ones(len(weighted)))
    assert table["symmetric"].between(-1, 1).all()
    assert table["rpa"].between(-100, 100).all()


# The column behind an indicator, so that raising it raises that indicator alone.
RAISED = {
    "claim_count": "claim_count",
    "backward_citation_count": "backward_citations",
    "npl_citation_count": "npl_citations",
    "family_country_count": "family_size",
}


@settings(max_examples=60)
@given(
    counts=st.lists(st.tuples(*[COUNT] * 4), min_size=2, max_size=12),
    which=st.integers(0, 3),
    by=st.integers(1, 5),
    row=st.integers(0, 11),
    higher=st.lists(st.booleans(), min_size=4, max_size=4),
    min_cohort=st.integers(1, 4),
    years=st.lists(st.sampled_from(["2001", "2002", None]), min_size=12, max_size=12),
    units=st.lists(st.sampled_from(["CNa", "CNb", None]), min_size=12, max_size=12),
)
def test_raising_an_indicator_in_its_good_direction_never_lowers_the_score(
    counts, which, by, row, higher, min_cohort, years, units
):
    """Any cohorts, any widening, several documents of one application."""
    row = row % len(counts)
    frame = pd.DataFrame(counts, columns=list(RAISED)).astype("Int64")
    frame["application_date"] = [None if y is None else f"{y}-01-01" for y in years[: len(frame)]]
    frame["application_id"] = units[: len(frame)]
    frame.index = pd.Index([f"CN{i}A" for i in range(len(frame))])
    column = list(RAISED)[which]
    if pd.isna(frame[column].iloc[row]):
        return
    entries = tuple(
        valuation.Entry((name,), "legal", w, up, ("year",))
        for (name, up), w in zip(
            zip(RAISED.values(), higher, strict=True), (4, 3, 2, 1), strict=True
        )
    )
    card = valuation.Scorecard("any", entries, {}, min_cohort=min_cohort)
    step = by if higher[which] else -min(by, int(frame[column].iloc[row]))
    raised = frame.copy()
    raised.iloc[row, raised.columns.get_loc(column)] += step
    before = valuation.score(PatentSet.from_tables({"publications": frame}), card)
    after = valuation.score(PatentSet.from_tables({"publications": raised}), card)
    for name in ("score", "lowest", "highest"):
        assert after[name].iloc[row] >= before[name].iloc[row] - 1e-9
    parts = valuation.explain(after, after.index[row])
    assert abs(parts["contribution"].sum() - after["score"].iloc[row]) < 1e-9
