"""Cells of a publication and the sums that hold between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING

import pandas as pd

from patentnav._shown import presented
from patentnav.errors import ArgumentError, MissingColumnError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ALL = "*"  # the place of a total in a cell's id
EARLIER = "edition "  # begins the ids of an earlier edition
COLUMNS = ("kind", "value", "contributors", "largest", "second")
STATES = ("free", "published", "hidden")


@presented()
@dataclass(frozen=True)
class Cells:
    """Every number that a publication could show, and how they add up.

    Parameters
    ----------
    table : DataFrame
        Indexed by ``cell_id`` (unique texts); ``kind`` (see :data:`KINDS`), ``value`` (not
        negative), ``contributors`` (how many firms or persons stand behind it; NA: not counted),
        ``largest`` and ``second`` (the largest contributions to an amount; NA: untold) and
        ``state``: ``free`` to be decided, ``published`` or ``hidden`` by an edition already out.
    sums : DataFrame
        ``sum_id, cell_id, sign``: the signed values of every ``sum_id`` add up to zero. A total
        has the sign -1, its parts +1.
    """

    table: pd.DataFrame
    sums: pd.DataFrame

    def __post_init__(self) -> None:
        for column in (*COLUMNS, "state"):
            if column not in self.table.columns:
                msg = f"The table of cells lacks the column {column!r}."
                raise MissingColumnError(msg)
        if not self.table.index.is_unique:
            twice = self.table.index[self.table.index.duplicated()][0]
            msg = f"The cell {twice!r} stands in the table twice. Give each cell its own id."
            raise ArgumentError(msg)
        unknown = sorted(set(self.sums["cell_id"]) - set(self.table.index))
        if unknown:
            msg = f"The sums name the cell {unknown[0]!r}, which the table does not hold."
            raise ArgumentError(msg)
        strange = sorted(set(self.table["state"]) - set(STATES))
        if strange:
            msg = f"{strange[0]!r} is no state of a cell. Known are {', '.join(STATES)}."
            raise ArgumentError(msg)
        if (self.table["value"] < 0).any() or self.table["value"].isna().any():
            name = self.table.index[~(self.table["value"] >= 0)][0]
            msg = f"The cell {name!r} has no value or a negative one. Leave it out of the table."
            raise ArgumentError(msg)
        self._check_sums()

    def _check_sums(self) -> None:
        signed = self.sums["sign"] * self.table["value"].reindex(self.sums["cell_id"]).to_numpy()
        rest = signed.groupby(self.sums["sum_id"].to_numpy()).sum()
        size = signed.abs().groupby(self.sums["sum_id"].to_numpy()).max()
        wrong = rest.abs() > 1e-6 * size.clip(lower=1.0)
        if wrong.any():
            name = rest.index[wrong][0]
            msg = (
                f"The sum {name!r} does not add up: {rest[name]:g} is left over. Values that "
                "were rounded do not add up; give them unrounded, or leave the sum out."
            )
            raise ArgumentError(msg)


def lattice(
    records: pd.DataFrame,
    dimensions: Sequence[str],
    *,
    name: str,
    kind: str = "count",
    value: str | None = None,
    contributor: str | None = None,
    published: Sequence[Sequence[str]] | None = None,
) -> Cells:
    """Cells of a table over some dimensions, with all their totals.

    Parameters
    ----------
    records : DataFrame
        One row per unit, or per contribution to an amount.
    dimensions : sequence of str
        Columns of ``records``; rows that have NA in one of them stand in the totals under "NA".
    name : str
        Begins the ids of the cells: ``name|district=d1|industry=*`` (``*`` is the total).
    kind : {"count", "persons", "amount"}
    value : str, optional
        Column that is summed; rows are counted if left out.
    contributor : str, optional
        Column that says whose each row is (firm, person).
    published : sequence of sequences of str, optional
        The combinations of dimensions that will be shown, ``()`` for the total of all. The
        default is every one of them.

    Returns
    -------
    Cells
        Totals of combinations that are not shown are left out, and so are their sums.

    Raises
    ------
    MissingColumnError
        If a column is not there.
    """
    for column in (*dimensions, *(one for one in (value, contributor) if one)):
        if column not in records.columns:
            msg = f"The records have no column {column!r}; there are {', '.join(records.columns)}."
            raise MissingColumnError(msg)
    shown = [tuple(one) for one in published] if published is not None else _all(dimensions)
    frame = records[list(dimensions)].astype("string").fillna("NA")
    frame["__value"] = records[value].astype("float64") if value else 1.0
    frame["__whose"] = records[contributor].astype("string") if contributor else pd.NA
    levels = {one: sorted(frame[one].unique()) for one in dimensions}
    table: dict[str, dict[str, object]] = {}
    for combination in shown:
        grouped = dict(iter(frame.groupby(list(combination), sort=True))) if combination else {}
        for key in product(*(levels[one] for one in combination)):
            rows = grouped.get(key, frame.iloc[:0]) if combination else frame
            table[_id(name, dimensions, combination, key)] = _cell(rows, kind, contributor)
    cells = pd.DataFrame.from_dict(table, orient="index")
    cells.index.name = "cell_id"
    return Cells(cells.assign(state="free"), _sums(name, dimensions, shown, levels))


def stacked(parts: Sequence[Cells], links: pd.DataFrame | None = None) -> Cells:
    """Several tables, or several editions, protected as one.

    Parameters
    ----------
    parts : sequence of Cells
        Their ids must differ.
    links : DataFrame, optional
        Further ``sum_id, cell_id, sign``: a total that two tables share, or the printed change
        between two editions.

    Returns
    -------
    Cells
    """
    sums = [one.sums for one in parts] + ([links] if links is not None else [])
    return Cells(
        pd.concat([one.table for one in parts]).sort_index(),
        pd.concat(sums, ignore_index=True),
    )


def _all(dimensions: Sequence[str]) -> list[tuple[str, ...]]:
    every = range(len(dimensions) + 1)
    return [one for size in every for one in combinations(tuple(dimensions), size)]


def _id(
    name: str, dimensions: Sequence[str], combination: Sequence[str], key: Sequence[str]
) -> str:
    told: Mapping[str, str] = dict(zip(combination, key, strict=True))
    return "|".join([name, *(f"{one}={told.get(one, ALL)}" for one in dimensions)])


def _cell(rows: pd.DataFrame, kind: str, contributor: str | None) -> dict[str, object]:
    by = rows.groupby("__whose")["__value"].sum().nlargest(2).tolist() if contributor else []
    return {
        "kind": kind,
        "value": float(rows["__value"].sum()),
        "contributors": rows["__whose"].nunique() if contributor else pd.NA,
        "largest": by[0] if by else pd.NA,
        "second": by[1] if len(by) > 1 else (0.0 if by else pd.NA),
    }


def _sums(
    name: str,
    dimensions: Sequence[str],
    shown: Sequence[tuple[str, ...]],
    levels: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    """Each total of a shown combination with its parts along one dimension more."""
    rows: list[tuple[str, str, int]] = []
    for fine in shown:
        for dropped in fine:
            coarse = tuple(one for one in fine if one != dropped)
            if coarse not in shown:
                continue
            for key in product(*(levels[one] for one in coarse)):
                total = _id(name, dimensions, coarse, key)
                told = dict(zip(coarse, key, strict=True))
                label = f"{total} by {dropped}"
                rows.append((label, total, -1))
                for level in levels[dropped]:
                    whole = {**told, dropped: level}
                    rows.append(
                        (label, _id(name, dimensions, fine, [whole[one] for one in fine]), 1)
                    )
    return pd.DataFrame(rows, columns=["sum_id", "cell_id", "sign"])
