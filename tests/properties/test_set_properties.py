"""What must hold for any set, whatever its tables hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

import patentnav as pnav
from patentnav import PatentSet, schema
from patentnav.normalize.symbols import canonical_symbol

_VALUES = {
    "string": st.text(alphabet="甲乙AB 1=", min_size=1, max_size=6),
    "int": st.integers(0, 99),
    "float": st.floats(0, 1),
    "bool": st.booleans(),
    "date": st.dates(pd.Timestamp("1985-01-01").date(), pd.Timestamp("2026-01-01").date()),
}
_IDS = st.sampled_from([f"CN{i}{kind}" for i in range(6) for kind in "AB"])


def rows_of(name: str, parents: list[str]) -> st.SearchStrategy[pd.DataFrame]:
    """Rows of a declared table; ids come from the parents (citations may point outside)."""
    columns = {}
    for column in schema.table(name).columns.values():
        if column.name in {"publication_id", "citing_id"}:
            values: st.SearchStrategy = st.sampled_from(parents)
        elif column.name == "cited_id":
            values = _IDS
        elif column.name == "symbol":
            values = st.sampled_from(["G06N10/00", "H01L", "A61K31/00"])
        elif column.allowed:
            values = st.sampled_from(column.allowed)
        else:
            values = _VALUES[column.dtype]
        columns[column.name] = values if column.required else st.none() | values
    return st.lists(st.fixed_dictionaries(columns), max_size=8).map(
        lambda rows: pd.DataFrame(rows, columns=list(columns)).drop_duplicates(
            list(schema.table(name).key)
        )
    )


@st.composite
def sets(draw: st.DrawFn) -> PatentSet:
    ids = draw(st.lists(_IDS, min_size=1, max_size=6, unique=True))
    frame = draw(rows_of("publications", ids)).head(len(ids))
    frame = frame.reindex(range(len(ids))).assign(publication_id=ids)
    tables = {"publications": frame}
    for name in schema.canonical_names()[1:]:
        if draw(st.booleans()):
            tables[name] = draw(rows_of(name, ids))
    return PatentSet.from_tables(tables)


def same(left: PatentSet, right: PatentSet) -> None:
    assert left.tables == right.tables
    for name in left.tables:
        pd.testing.assert_frame_equal(getattr(left, name), getattr(right, name))


@given(sets(), st.integers(0, 2**6), st.integers(0, 2**6))
def test_filters_compose(patents: PatentSet, a: int, b: int) -> None:
    n = len(patents)
    first = np.array([bool(a >> i & 1) for i in range(n)])
    second = np.array([bool(b >> i & 1) for i in range(n)])
    both = pd.Series(first & second, index=patents.publications.index)
    step = patents.filter(first).filter(pd.Series(second, index=patents.publications.index))
    assert step.publications.equals(patents.filter(both).publications)
    for name in patents.tables[1:]:
        if name not in {"citations", "families"}:  # these keep rows of the other end
            pd.testing.assert_frame_equal(getattr(step, name), getattr(patents.filter(both), name))


@given(sets())
def test_children_belong_to_parents(patents: PatentSet) -> None:
    half = patents.filter(list(patents.publications.index[::2]))
    for name in half.tables[1:]:
        if schema.table(name).has_parent:
            assert set(getattr(half, name)["publication_id"]) <= set(half.publications.index)


@given(sets(), st.randoms(use_true_random=False))
def test_row_order_changes_nothing(patents: PatentSet, random) -> None:
    shuffled = {}
    for name in patents.tables:
        frame = getattr(patents, name)
        order = list(range(len(frame)))
        random.shuffle(order)
        shuffled[name] = frame.iloc[order]
    same(PatentSet.from_tables(shuffled), patents)


@given(sets())
def test_a_set_joined_with_itself_is_itself(patents: PatentSet) -> None:
    twice = pnav.concat([patents, patents])
    pd.testing.assert_frame_equal(twice.publications, patents.publications)
    assert twice.tables == patents.tables
    for name in patents.tables[1:]:
        key = list(schema.table(name).key)
        assert len(getattr(twice, name)) == len(getattr(patents, name)[key].drop_duplicates())
    assert len(twice.conflicts) == 0


@given(sets())
def test_coercion_is_idempotent(patents: PatentSet) -> None:
    for name in patents.tables:
        frame = getattr(patents, name)
        pd.testing.assert_frame_equal(schema.coerce(name, frame), frame)


@given(sets())
def test_units_never_outnumber_publications(patents: PatentSet) -> None:
    n = {u: pnav.counting.unit_ids(patents, u).nunique() for u in ("publication", "application")}
    assert n["application"] <= n["publication"] == len(patents)


@given(
    st.text(max_size=12)
    | st.from_regex(r"[A-H]\d\d[A-Z] ?\d{1,3}/\d{2,4}( \(20\d\d\.01\))?", fullmatch=True)
)
def test_a_symbol_spelled_twice_is_spelled_once(text: str) -> None:
    once = canonical_symbol(text)
    assert once is None or canonical_symbol(once) == once
