"""What is hidden cannot be computed: checked by attackers that share no code with the package."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

import patentnav as pnav
from patentnav import disclosure


def _records(seed: int, n: int = 200) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    places, fields = [f"d{i}" for i in range(7)], [f"i{i}" for i in range(6)]
    return pd.DataFrame(
        {
            "district": rng.choice(places, n, p=rng.dirichlet(np.ones(7) * 0.7)),
            "industry": rng.choice(fields, n, p=rng.dirichlet(np.ones(6) * 0.7)),
            "firm": rng.choice([f"f{i}" for i in range(80)], n),
            "amount": rng.lognormal(3, 1.5, n).round(2),
        }
    )


def _attacked(cells: disclosure.Cells, shown: pd.Series) -> pd.DataFrame:
    """Bounds that a reader finds by interval arithmetic over the sums, until nothing moves."""
    names = cells.table.index
    open_ = ~shown.to_numpy()
    value = cells.table["value"].to_numpy(dtype=float)
    low = np.where(open_, (cells.table["kind"] != "amount").to_numpy(dtype=float), value)
    high = np.where(open_, np.inf, value)
    groups = [
        (names.get_indexer(part["cell_id"]), part["sign"].to_numpy(dtype=float))
        for _, part in cells.sums.groupby("sum_id")
    ]
    for _ in range(40):
        before = low.copy(), high.copy()
        for ids, sign in groups:
            for at in np.flatnonzero(open_[ids]):
                rest, turned = np.delete(ids, at), -np.delete(sign, at) * sign[at]
                ends = np.stack([low[rest], high[rest]]) * turned
                low[ids[at]] = max(low[ids[at]], ends.min(axis=0).sum())
                high[ids[at]] = min(high[ids[at]], ends.max(axis=0).sum())
        if np.array_equal(before, (low, high)):
            break
    return pd.DataFrame({"low": low, "high": high}, index=names)


def _solved(cells: disclosure.Cells, shown: pd.Series) -> set[str]:
    """Hidden cells that the equations alone determine: those that no null vector moves."""
    hidden = list(shown.index[~shown])
    sums = cells.sums[cells.sums["cell_id"].isin(hidden)]
    matrix = (
        sums.pivot_table(index="sum_id", columns="cell_id", values="sign", fill_value=0)
        .reindex(columns=hidden, fill_value=0)
        .to_numpy(dtype=float)
    )
    _, singular, vectors = np.linalg.svd(matrix)
    rank = int((singular > 1e-9).sum())
    free = np.abs(vectors[rank:]).max(axis=0) if rank < len(hidden) else np.zeros(len(hidden))
    return {one for one, moves in zip(hidden, free, strict=True) if moves < 1e-9}


@pytest.mark.parametrize("seed", range(20))
def test_attackers_recover_nothing(seed: int) -> None:
    records = _records(seed)
    both = disclosure.stacked(
        [
            disclosure.lattice(
                records, ["district", "industry"], name="filings", contributor="firm"
            ),
            disclosure.lattice(
                records, ["district", "industry"],
                name="deals", kind="amount", value="amount", contributor="firm",
            ),
        ]
    )  # fmt: skip
    protected = disclosure.protect(both)
    shown = protected.cells["published"]
    secret = disclosure.sensitive(both.table).dropna().index
    assert len(secret)
    assert not shown[secret].any()
    assert not _solved(both, shown) & set(secret)
    bounds = _attacked(both, shown).loc[secret]
    value, kind = both.table.loc[secret, "value"], both.table.loc[secret, "kind"]
    counts = kind != "amount"
    assert (bounds["high"] - bounds["low"])[counts].min() >= 2
    narrow = (bounds["low"] > 0.9 * value + 1e-4) | (bounds["high"] < 1.1 * value - 1e-4)
    assert not narrow[~counts].any()


def test_hiding_only_what_is_sensitive_would_give_it_away() -> None:
    """The attackers are able: without further cells they do find values."""
    found = 0
    for seed in range(5):
        cells = disclosure.lattice(_records(seed), ["district", "industry"], name="filings")
        shown = disclosure.sensitive(cells.table).isna()
        bounds = _attacked(cells, shown)[~shown]
        found += int(((bounds["high"] - bounds["low"]) < 2).sum())
    assert found > 0


def test_ranges_equal_enumeration() -> None:
    """A table of 3 x 3 with six hidden cells, every solution counted."""
    inner = np.array([[2, 7, 3], [3, 4, 2], [4, 5, 3]])
    rows = [
        {"row": f"r{i}", "column": f"c{j}"}
        for i, j in product(range(3), range(3))
        for _ in range(inner[i, j])
    ]
    cells = disclosure.lattice(pd.DataFrame(rows), ["row", "column"], name="t")
    spots = [(0, 0), (0, 2), (1, 0), (1, 2), (2, 0), (2, 2)]
    hidden = [f"t|row=r{i}|column=c{j}" for i, j in spots]
    tried = np.stack(np.meshgrid(*[np.arange(1, 9)] * 6, indexing="ij"), axis=-1).reshape(-1, 6)
    tables = np.broadcast_to(inner, (len(tried), 3, 3)).copy()
    for at, (i, j) in enumerate(spots):
        tables[:, i, j] = tried[:, at]
    fits = (tables.sum(1) == inner.sum(0)).all(1) & (tables.sum(2) == inner.sum(1)).all(1)
    possible = tried[fits]
    assert len(possible) > 2
    found = disclosure.ranges(cells, hidden, hidden).loc[hidden]
    assert found["lower"].tolist() == np.min(possible, axis=0).tolist()
    assert found["upper"].tolist() == np.max(possible, axis=0).tolist()


def test_an_earlier_edition_that_gives_it_away_stops_the_build() -> None:
    records = pd.DataFrame({"district": ["a"] * 2 + ["b"] * 30})
    now = disclosure.lattice(records, ["district"], name="2021", published=[("district",)])
    last = disclosure.lattice(
        pd.DataFrame({"district": ["a"] * 7 + ["b"] * 20}), ["district"], name="2020"
    )
    last = disclosure.Cells(last.table.assign(state="published"), last.sums)
    change = pd.DataFrame(
        {"kind": "count", "value": 5.0, "contributors": pd.NA, "largest": pd.NA, "second": pd.NA,
         "state": "published"}, index=pd.Index(["fall of a"], name="cell_id"),
    )  # fmt: skip
    links = pd.DataFrame(
        {
            "sum_id": "fall of a",
            "cell_id": ["2020|district=a", "2021|district=a", "fall of a"],
            "sign": [1, -1, -1],
        }
    )
    nothing = pd.DataFrame({"sum_id": [], "cell_id": [], "sign": []})
    printed = disclosure.Cells(change, nothing.astype({"sign": "int64"}))
    assert not disclosure.protect(now).cells.loc["2021|district=a", "published"]
    with pytest.raises(pnav.DisclosureError, match=r"2021\|district=a"):
        disclosure.protect(disclosure.stacked([now, last, printed], links))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"kind": "count", "value": 4.0}, "few_units"),
        ({"kind": "count", "value": 5.0}, None),
        ({"kind": "count", "value": 0.0}, None),
        ({"kind": "count", "value": 50.0, "contributors": 2}, "few_contributors"),
        ({"kind": "persons", "value": 2.0}, "few_units"),
        ({"kind": "persons", "value": 3.0}, None),
        ({"kind": "amount", "value": 100.0, "contributors": 5, "largest": 71.0, "second": 9.0}, "dominance"),
        ({"kind": "amount", "value": 100.0, "contributors": 5, "largest": 50.0, "second": 36.0}, "dominance"),
        ({"kind": "amount", "value": 100.0, "contributors": 5, "largest": 40.0, "second": 30.0}, None),
        ({"kind": "amount", "value": 100.0, "contributors": 2, "largest": 60.0, "second": 20.0}, "few_contributors"),
    ],
)  # fmt: skip
def test_primary_rules(row: dict[str, object], reason: str | None) -> None:
    table = pd.DataFrame([{"contributors": pd.NA, "largest": pd.NA, "second": pd.NA, **row}])
    found = disclosure.sensitive(table).iloc[0]
    assert (found if reason else pd.isna(found)) in (reason, True)


def test_order_of_records_does_not_matter() -> None:
    records = _records(3)
    one, other = (
        disclosure.protect(disclosure.lattice(frame, ["district", "industry"], name="n"))
        for frame in (records, records.sample(frac=1, random_state=1))
    )
    pd.testing.assert_frame_equal(one.cells, other.cells)


def test_what_does_not_add_up_is_refused() -> None:
    cells = disclosure.lattice(_records(1), ["district"], name="n")
    table = cells.table.copy()
    table.iloc[0, table.columns.get_loc("value")] += 1
    with pytest.raises(pnav.PatentnavError, match="does not add up"):
        disclosure.Cells(table, cells.sums)
