"""Records of one publication become one row.

The rule, the same for rows of one file, files of one vendor and files of several vendors: the
record with the most filled fields is preferred (ties: source, file, row), every empty field is
filled from the next record. Lists that belong together (inventors, parties of one role, symbols of
one scheme) come whole from the record with the longest list. Facts (citations, priorities, family
members, events, vendor values) are united. Differing values are listed as conflicts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentnav import schema
from patentnav._threads import ENOUGH, side_by_side

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

RECORD = "record"
_LARGE = 10_000_000  # rows of all tables together
_MANY = 100_000  # rows of one
_ORIGIN = ["source", "source_file", "source_row"]
_LISTS = {"inventors": [], "parties": ["role"], "classifications": ["scheme"]}
_COMPARED = [
    "application_id", "application_date", "publication_date", "grant_date",
    "earliest_priority_date", "patent_type", "title",
]  # fmt: skip


def merge_records(
    tables: dict[str, pd.DataFrame],
) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """Merge records that describe the same publication.

    Parameters
    ----------
    tables
        Coerced tables in which ``publications`` has the columns ``record`` (int, unique) and
        ``publication_id``, and every child table the column ``record`` of the record it came with
        (-1 where it came with none), the rows of a record as :func:`arranged` leaves them. Emptied
        on the way: a table goes when its merged form comes.

    Returns
    -------
    tables : dict of pandas.DataFrame
        Canonical tables without ``record``; ``publications`` indexed and sorted by
        ``publication_id``, child tables sorted.
    accounts : dict of pandas.DataFrame
        ``conflicts`` (where records differ) and ``origins`` (what came from another record than
        the preferred one).
    """
    records = tables.pop("publications").reset_index(drop=True)
    own = _ranks(records["publication_id"])
    repeated = np.bincount(own, minlength=1)[own] > 1
    single, several = records[~repeated], _preferred_first(records[repeated])
    preference = np.zeros(len(records), dtype=np.int64)
    preference[several.index] = np.arange(len(several))
    publications = single
    if len(several):
        whole = several.groupby("publication_id", sort=True).first().reset_index()
        publications = pd.concat([single, whole[single.columns]], ignore_index=True)
    publications = _taken(publications, row_order([_ranks(publications["publication_id"])]))
    rows = _Records(records, own, preference, repeated)
    result = {"publications": schema.coerce("publications", publications.drop(columns=RECORD))}
    origins = _origins(several) if len(several) else []
    # What hangs on no publication first: to sort it takes most memory, and its rows do not grow.
    names = sorted(tables, key=lambda name: schema.table(name).has_parent)
    # Large tables do not fit beside each other, and small ones are done before a thread begins.
    threads = ENOUGH < sum(map(len, tables.values())) < _LARGE
    merged = side_by_side(lambda name: _merge_child(name, tables, rows), names, threads=threads)
    for name, (frame, origin) in zip(names, merged, strict=True):
        result[name] = frame
        origins += origin
        _give_back(len(frame))
    accounts = {
        "conflicts": _conflicts(several) if len(several) else schema.empty("conflicts"),
        "origins": schema.coerce("origins", pd.concat(origins) if origins else pd.DataFrame()),
    }
    return result, accounts


class _Records:
    """What child tables need of their records: publication, preference, whether it repeats."""

    def __init__(
        self,
        table: pd.DataFrame,
        own: np.ndarray,
        preference: np.ndarray,
        repeated: np.ndarray,
    ) -> None:
        record = table[RECORD].to_numpy()
        self._table = table
        size = int(record.max(initial=-1)) + 2  # the last place is that of record -1
        self.own = np.full(size, -1, dtype=np.int64)
        self.preference = np.zeros(size, dtype=np.int64)
        self.repeated = np.zeros(size, dtype=bool)
        self.own[record], self.preference[record], self.repeated[record] = own, preference, repeated
        self._ids = pa.array(table["publication_id"].array, pa.large_string())
        if isinstance(self._ids, pa.ChunkedArray):
            self._ids = self._ids.combine_chunks()
        self._place = np.full(size, -1, dtype=np.int32)
        self._place[record] = np.arange(len(record))

    def ids(self, record: np.ndarray) -> pd.Series:
        """Publication ids of records."""
        ids = self._ids.take(pa.array(self._place[record]))
        return pd.Series(pd.array(ids, dtype="str"))

    def origin(self, record: np.ndarray) -> pd.DataFrame:
        """Publication id and source of records."""
        columns = ["publication_id", *_ORIGIN]
        return self._table[columns].take(self._place[record]).reset_index(drop=True)


def _preferred_first(records: pd.DataFrame) -> pd.DataFrame:
    declared = [c for c in schema.table("publications").columns if c in records.columns]
    facts = [c for c in declared if c not in {"publication_id", *_ORIGIN}]
    filled = -records[facts].notna().sum(axis=1)
    by = ["publication_id", "_filled", *_ORIGIN, RECORD]
    return records.assign(_filled=filled).sort_values(by, kind="stable").drop(columns="_filled")


def arranged(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of a child table by ``record``, those of a record in the order of the table."""
    declared = schema.table(name)
    if not declared.has_parent:
        return frame  # not in the order of its records
    keys = [frame[key] for key in declared.order if key in frame and key != "publication_id"]
    return _taken(frame, row_order([frame[RECORD].to_numpy(), *keys]))


def _merge_child(
    name: str, tables: dict[str, pd.DataFrame], records: _Records
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    owned = schema.table(name).has_parent  # the row belongs to the publication of its record
    # Taken from the tables here, so that nobody else holds the columns.
    frame = tables.pop(name).reset_index(drop=True)
    record = frame[RECORD].to_numpy()
    several = bool(records.repeated.any())
    if owned:
        frame = frame.drop(columns="publication_id", errors="ignore")
    if owned and not several and _ascending(records.own[record]):
        result = frame.drop(columns=RECORD)
        result.insert(0, "publication_id", records.ids(record))
        return schema.coerce(name, result), []
    kept = np.ones(len(frame), dtype=bool)
    origins = []
    if several and name in _LISTS:
        kept = _longest_lists(frame, _LISTS[name], records)
        origins.append(_list_origins(name, frame[kept], records))
    order = _merged_order(name, frame, kept, records)
    del frame[RECORD]
    result = _taken(frame, order)
    if owned:
        result.insert(0, "publication_id", records.ids(record[order]))
    return schema.coerce(name, result), origins


def _merged_order(
    name: str, frame: pd.DataFrame, kept: np.ndarray, records: _Records
) -> np.ndarray:
    """Positions of the rows that stay, in the order of the table."""
    declared = schema.table(name)
    record = frame[RECORD].to_numpy()
    rows: np.ndarray = np.arange(len(frame))
    order, place = rows.copy(), rows
    keys: dict[str, pd.Series | np.ndarray] = {
        key: frame[key] for key in [*declared.order, *declared.key] if key in frame
    }
    if declared.has_parent:
        # Rows of one record are different, and in order; records of one publication may say the
        # same twice.
        order = _stable_order(records.own[record])
        place = np.flatnonzero(records.repeated[record[order]])
        rows = order[place]
        keys = {key: frame[key].iloc[rows] for key in keys}
        keys["publication_id"] = records.own[record[rows]]
    if len(rows):
        _give_back(len(rows))
        by = [keys[key] for key in declared.order if key in keys]
        finer = row_order([*by, records.preference[record[rows]]])
        _give_back(len(rows))
        group = row_groups([keys[key] for key in declared.key if key in keys])[finer]
        rows = rows[finer]
        best = kept[rows]
        kept[rows[best]] = ~pd.Series(group[best]).duplicated().to_numpy()
        order[place] = rows
    stay: np.ndarray = order[kept[order]]
    return stay


def _longest_lists(frame: pd.DataFrame, by: list[str], records: _Records) -> np.ndarray:
    """Mask of the rows that are in the longest list of their publication, role or scheme."""
    record = frame[RECORD].to_numpy()
    contested = np.flatnonzero(records.repeated[record])
    part = pd.DataFrame({"record": record[contested], "own": records.own[record[contested]]})
    for name in by:
        part[name] = frame[name].to_numpy()[contested]
    part["_length"] = -part.groupby(["own", *by, "record"])["own"].transform("size")
    part["_preference"] = records.preference[record[contested]]
    best = part.sort_values(["_length", "_preference"], kind="stable")
    winner = best.drop_duplicates(["own", *by])[["own", *by, "record"]].assign(_won=True)
    won = part.merge(winner, on=["own", *by, "record"], how="left")["_won"].notna()
    kept = np.ones(len(frame), dtype=bool)
    kept[contested] = won.to_numpy()
    return kept


_MOST = 1 << 62

# Sorting and comparing rows by whole numbers: strings are hashed once, and longer texts are looked
# at only where everything before them is equal.


def _codes(values: pd.Series | np.ndarray) -> np.ndarray:
    """Whole numbers that are equal where values are equal (missing values are equal too)."""
    if isinstance(values, np.ndarray):
        return values
    if pd.api.types.is_integer_dtype(values.dtype) and not values.isna().any():
        return values.to_numpy(dtype=np.int64)
    if isinstance(values.dtype, pd.StringDtype):
        return _encoded(values)[0]
    return pd.factorize(values)[0].astype(np.int64)


def _ranks(values: pd.Series | np.ndarray) -> np.ndarray:
    """Whole numbers in the order of the values; missing values last."""
    if isinstance(values, np.ndarray):
        return values
    if pd.api.types.is_integer_dtype(values.dtype) and not values.isna().any():
        return values.to_numpy(dtype=np.int64)
    if not isinstance(values.dtype, pd.StringDtype):
        codes, unique = pd.factorize(values, sort=True)
        return np.where(codes < 0, len(unique), codes).astype(np.int64)
    indices, unique = _encoded(values)
    rank = np.empty(len(unique) + 1, dtype=np.int64)
    rank[pc.sort_indices(unique).to_numpy()] = np.arange(len(unique))
    rank[-1] = len(unique)
    ranks: np.ndarray = rank[indices]
    return ranks


def _encoded(values: pd.Series) -> tuple[np.ndarray, pa.Array]:
    """Place of each value among the different ones (-1 where missing), and these."""
    column = pa.array(values.array)
    if isinstance(column, pa.Array):
        column = pa.chunked_array([column])
    pieces = column.dictionary_encode().unify_dictionaries().chunks
    if not pieces:
        return np.array([], dtype=np.int64), pa.array([], column.type)
    indices = [np.asarray(piece.indices.fill_null(-1)) for piece in pieces]
    return np.concatenate(indices, dtype=np.int64), pieces[0].dictionary


def row_groups(
    columns: Sequence[pd.Series | np.ndarray],
    number: Callable[[pd.Series | np.ndarray], np.ndarray] = _codes,
) -> np.ndarray:
    """A number for each row, equal for equal rows, refined column by column.

    Parameters
    ----------
    columns
        Columns of the rows; longer texts last, they are looked at only where all before are equal.
    number
        How values become numbers; the default keeps no order.
    """
    group = number(columns[0])
    for column in columns[1:]:
        tied = _tied(group)
        if not len(tied):
            break
        part = column[tied] if isinstance(column, np.ndarray) else column.iloc[tied]
        finer = np.zeros(len(group), dtype=np.int64)
        finer[tied] = number(part) + 1
        width = int(finer.max()) + 1
        if int(group.max()) >= _MOST // width:
            group = np.unique(group, return_inverse=True)[1]
        group = group * width + finer
    return group


def _tied(group: np.ndarray) -> np.ndarray:
    """Positions of the rows whose number is not theirs alone."""
    step = np.diff(group)
    if (step >= 0).all():
        same = step == 0
        return np.flatnonzero(np.r_[same, False] | np.r_[False, same])
    order = np.argsort(group, kind="stable")
    same = np.diff(group[order]) == 0
    return np.sort(order[np.r_[same, False] | np.r_[False, same]])


def row_order(columns: Sequence[pd.Series | np.ndarray]) -> np.ndarray:
    """Positions of the rows in the order of the columns; equal rows keep their order."""
    return _stable_order(row_groups(columns, _ranks))


def _stable_order(numbers: np.ndarray) -> np.ndarray:
    return np.arange(len(numbers)) if _ascending(numbers) else np.argsort(numbers, kind="stable")


def _ascending(numbers: np.ndarray) -> bool:
    return bool((numbers[1:] >= numbers[:-1]).all())


def _taken(frame: pd.DataFrame, order: np.ndarray) -> pd.DataFrame:
    """Rows in an order; the frame is emptied on the way, for two of it may not fit."""
    if len(order) == len(frame) and (order == np.arange(len(order))).all():
        return frame.reset_index(drop=True)
    names = [str(name) for name in frame]
    taken = {}
    for name in names:
        _give_back(len(order))
        taken[name] = frame.pop(name).take(order).reset_index(drop=True)
    return pd.DataFrame(taken, columns=names)


def _give_back(rows: int) -> None:
    """Give the memory of what is gone back to the system, where it is much."""
    if rows > _MANY:
        pa.default_memory_pool().release_unused()


def _origins(several: pd.DataFrame) -> list[pd.DataFrame]:
    """Fields of publications that came from another record than the preferred one."""
    preferred = ~several.duplicated("publication_id")
    found = []
    for column in schema.table("publications").columns:
        if column in {"publication_id", *_ORIGIN} or column not in several.columns:
            continue
        known = several[several[column].notna()]
        first = known[~known.duplicated("publication_id")]
        other = first[~preferred[first.index]]
        part = other[["publication_id", *_ORIGIN]]
        found.append(part.assign(table="publications", column=column))
    return found


def _list_origins(name: str, kept: pd.DataFrame, records: _Records) -> pd.DataFrame:
    """Lists that came from another record than the preferred one."""
    best = pd.Series(records.preference).groupby(records.own).min()
    part = kept[[RECORD, *_LISTS[name]]].drop_duplicates()
    record = part[RECORD].to_numpy()
    other = records.repeated[record] & (
        records.preference[record] > best[records.own[record]].to_numpy()
    )
    found = records.origin(record[other])
    column = part[_LISTS[name][0]] if _LISTS[name] else pd.Series(name, index=part.index)
    return found.assign(table=name, column=column[other].to_numpy())


def _conflicts(several: pd.DataFrame) -> pd.DataFrame:
    found = []
    for column in [c for c in _COMPARED if c in several.columns]:
        known = several[several[column].notna()]
        kept = known.drop_duplicates("publication_id").set_index("publication_id")
        other = known[known.duplicated("publication_id")]
        differs = other[
            other[column].to_numpy() != kept.loc[other["publication_id"], column].to_numpy()
        ]
        if column == "title" and "language" in several.columns:
            own = kept.loc[differs["publication_id"], "language"].to_numpy()
            differs = differs[differs["language"].to_numpy() == own]  # others are translations
        if differs.empty:
            continue
        winner = kept.loc[differs["publication_id"]]
        found.append(
            pd.DataFrame(
                {
                    "publication_id": differs["publication_id"].to_numpy(),
                    "column": column,
                    "kept": winner[column].astype(str).to_numpy(),
                    "kept_source": winner["source_file"].to_numpy(),
                    "other": differs[column].astype(str).to_numpy(),
                    "other_source": differs["source_file"].to_numpy(),
                }
            )
        )
    return schema.coerce("conflicts", pd.concat(found) if found else pd.DataFrame())


def recount(intake: pd.DataFrame, publications: pd.DataFrame) -> pd.DataFrame:
    """Attribute every publication to the file whose record was preferred, so the identity holds."""
    taken = publications["source_file"].value_counts()
    out = intake["file"].map(taken).fillna(0).astype("Int64")
    merged = intake["rows_in"] - intake["rows_set_aside"] - out
    return intake.assign(rows_out=out, rows_merged=merged)
