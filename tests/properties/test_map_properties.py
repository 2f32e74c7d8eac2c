"""What must hold for tables of technologies and owners of any set."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patentnav import CoverageWarning, PatentSet, indicators, taxonomy

ROW = st.tuples(
    st.none() | st.sampled_from("xyz"), st.none() | st.integers(2008, 2020),
    st.lists(st.sampled_from("ABCD"), max_size=3, unique=True), st.sampled_from("FGHJ"),
    st.lists(st.sampled_from(["H01M4/13", "H02J3/00", "G06F3/01", "A61K9/00"]), max_size=3, unique=True),
)  # fmt: skip
ROWS = st.lists(ROW, min_size=1, max_size=25)


def made(rows, order=None) -> PatentSet:
    ids = [f"CN{i:02}A" for i in range(len(rows))]
    frame = pd.DataFrame({
        "technology": pd.array([r[0] for r in rows], dtype="str"),
        "application_date": [None if r[1] is None else f"{r[1]}-05-01" for r in rows],
        "publication_date": "2022-07-15", "application_id": [f"CN{r[3]}{i % 9}" for i, r in enumerate(rows)],
    }, index=pd.Index(ids, name="publication_id"))  # fmt: skip
    parties = [(ids[i], n, name) for i, r in enumerate(rows) for n, name in enumerate(r[2], 1)]
    symbols = [(ids[i], "IPC", s) for i, r in enumerate(rows) for s in r[4]]
    tables = {
        "publications": frame,
        "parties": pd.DataFrame(parties, columns=["publication_id", "position", "name_raw"]).assign(role="applicant"),
        "classifications": pd.DataFrame(symbols, columns=["publication_id", "scheme", "symbol"]),
    }  # fmt: skip
    if order is not None:
        tables = {k: t.sample(frac=1, random_state=order) for k, t in tables.items()}
    return PatentSet.from_tables(tables)


def dated(rows) -> bool:
    return any(r[1] is not None for r in rows)


@settings(deadline=None, max_examples=40)
@given(ROWS, st.integers(0, 3))
def test_no_table_depends_on_the_order_of_rows(rows, order):
    one, two = made(rows), made(rows, order)
    functions = [
        lambda p: indicators.strength(p, "technology"),
        lambda p: indicators.relatedness(p, "technology", through="owners", min_count=1),
        lambda p: indicators.relatedness(p, "technology", through="classes", min_count=1),
    ]
    if dated(rows):
        functions += [
            lambda p: indicators.emergence(p, "technology", min_count=1),
            lambda p: indicators.turnover(p, "technology", ((2009, 2013), (2014, 2018))),
        ]
    for function in functions:
        pd.testing.assert_frame_equal(function(one), function(two))


@settings(deadline=None)
@given(ROWS)
def test_strength_shares_and_counts_add_up(rows):
    table = indicators.strength(made(rows), "technology")
    assert (table["count"] > 0).all()
    assert table.groupby("group")["group_share"].sum().tolist() == pytest.approx(
        [1.0] * table["group"].nunique()
    )
    assert table.groupby("entity")["entity_share"].sum().tolist() == pytest.approx(
        [1.0] * table["entity"].nunique()
    )
    assert (table.groupby("group")["rank"].min() == 1).all()
    known = table.dropna(subset=["first_year"])
    assert (known["first_year"] <= known["last_year"]).all()


@settings(deadline=None)
@given(ROWS.filter(dated))
def test_churn_accounts_for_every_owner(rows):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoverageWarning)
        changed = indicators.turnover(made(rows), "technology", ((2008, 2013), (2014, 2020)))
    table = indicators.churn(changed)
    assert (table["before"] == table["stayed"] + table["left"]).all()
    assert (table["after"] == table["stayed"] + table["entered"] + table["returned"]).all()
    assert table[["stayed", "entered", "returned", "left"]].sum().sum() == len(changed)
    assert table["entry_rate"].dropna().between(0, 1).all()
    assert (changed[["before", "after"]].sum(axis=1) > 0).all()


@settings(deadline=None)
@given(ROWS.filter(dated))
def test_emergence_counts_and_bounds(rows):
    table = indicators.emergence(made(rows), "technology", min_count=1)
    assert (table["earlier"] + table["recent"] <= table["total"]).all()
    assert table["old_share"].dropna().between(0, 1).all()
    assert table["q_value"].between(0, 1).all()
    assert (table["years_active"] <= 6).all()
    rising = table[table["state"].isin(["emerging", "growing"])]
    assert (rising["recent"] > rising["earlier"]).all()
    falling = table[table["state"] == "declining"]
    assert (falling["recent"] < falling["earlier"]).all()


@settings(deadline=None)
@given(ROWS)
def test_white_spots_expect_what_there_is(rows):
    """The expected counts of a row add up to its units, and so do those of a column."""
    patents = made(rows).assign(
        kind=pd.Series([r[3] for r in rows], index=made(rows).publications.index)
    )
    table = indicators.white_spots(patents, "technology", "kind", unit="publication")
    for end in ("row", "column"):
        sums = table.groupby(end)[["count", "expected"]].sum()
        np.testing.assert_allclose(sums["count"], sums["expected"])
    assert (
        table.loc[table["state"] == "white", "count"]
        < table.loc[table["state"] == "white", "expected"]
    ).all()


TREE = taxonomy.load("sei-2021")


@settings(deadline=None, max_examples=25)
@given(ROWS)
def test_the_certain_bound_lies_within_the_possible_one(rows):
    table = taxonomy.report(TREE, made(rows)).coverage
    assert (table["publications"] <= table["possible"]).all()
    assert (table["only"] <= table["publications"]).all()
    top = table.set_index("node")["possible"]
    below = table.dropna(subset=["parent"])
    assert (below["possible"].to_numpy() <= top.reindex(below["parent"]).to_numpy()).all()
