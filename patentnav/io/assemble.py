"""A raw table and its format become canonical tables, with an account of every cell not taken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentnav import schema
from patentnav._threads import ENOUGH, side_by_side
from patentnav.io import cleaning, transforms
from patentnav.io.finish import FINISH, complete_types, run_positions
from patentnav.io.formats import NOT_DATA, Target, header_key
from patentnav.io.long_tables import united
from patentnav.io.raw import ITEM, PART
from patentnav.io.written_lists import unpacked
from patentnav.merge import RECORD, arranged
from patentnav.normalize import dates, identifiers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from patentnav.io.formats import Format
    from patentnav.io.raw import RawTable

# Columns that describe the same items of a table, cell by cell, are parallel lists of one group.
_PARALLEL = {"parties": "role", "inventors": "", "priorities": "", "families": "scheme"}
# Rows of these tables need one of these columns.
_NAMED = {
    "parties": ("name", "name_raw", "name_standard"),
    "inventors": ("name", "name_raw"),
    "priorities": ("priority_number",),
}
_ONE_FOR_ALL = {"country", "region", "city", "address", "party_type", "family_id"}


@dataclass(frozen=True)
class Cells:
    """One column of the file under one of its meanings."""

    header: str
    position: int
    column: pa.Array
    target: Target


@dataclass(frozen=True)
class Assembled:
    """Tables of one file; ``record`` counts its records from 0."""

    tables: dict[str, pd.DataFrame]
    columns: pd.DataFrame
    failures: pd.DataFrame
    repairs: pd.DataFrame
    set_aside: pd.DataFrame


class DateOrders:
    """Whether the day stands before the month, column by column, by all pieces of a file.

    One date whose month would be above twelve tells the order of its column. A piece that comes
    before it may have been read the other way; then the file is to be read again with what is
    known now.
    """

    def __init__(self) -> None:
        self._largest: dict[tuple[int, str], tuple[int, int]] = {}
        self._used: dict[tuple[int, str], set[bool]] = {}

    def see(self, key: tuple[int, str], column: pa.Array) -> bool:
        """Take note of the dates of a piece, and return the order to read them by."""
        texts = transforms.to_series(column.unique()) if _slashed(column) else None
        found = (0, 0) if texts is None else dates.day_month(texts)
        known = self._largest.get(key, (0, 0))
        first, second = max(known[0], found[0]), max(known[1], found[1])
        self._largest[key] = first, second
        order = dates.is_day_first(first, second)
        if found != (0, 0):
            self._used.setdefault(key, set()).add(order)
        return order

    def begin(self) -> None:
        """Begin a reading; what is known of the columns stays."""
        self._used.clear()

    def settled(self) -> bool:
        """Whether every column was read in one order."""
        return all(len(orders) == 1 for orders in self._used.values())


class Assembler:
    """Turns the columns of one file into tables; collects what could not be taken."""

    def __init__(
        self, raw: RawTable, form: Format, file: str, *, place: str, orders: DateOrders
    ) -> None:
        self.place, self.orders = place, orders
        self.rows, self.rejected, self.form, self.file = raw.rows, raw.rejected, form, file
        self.failures: list[pd.DataFrame] = []
        self.repairs: list[pd.DataFrame] = []
        self.numbers: list[tuple[pd.Series, str]] = []
        self.cells: list[Cells] = []
        self.headers: dict[str, str] = {}
        self.meanings: Counter[int] = Counter()
        self.understood: list[dict[str, object]] = []
        self.earliest: pd.Series | None = None
        for i, (header, column) in enumerate(zip(raw.headers, raw.columns, strict=True)):
            self._take(i + 1, header, column)

    def _take(self, position: int, header: str, column: pa.Array) -> None:
        column = self._restored(header, cleaning.clean_cells(column, self.form.missing))
        if ITEM in self.form.split and not self.form.reader:
            column = unpacked(column)
        filled = len(column) - column.null_count
        targets = self.form.targets(header)
        meant = targets
        twin = self._twin(header)
        if twin is not None and targets and targets[0].table == "publications":
            first = twin.column.is_valid()
            differs = pc.if_else(pc.and_(first, pc.not_equal(twin.column, column)), column, None)
            other = (Target("vendor_values", "value"),)
            self._add(f"{header} ({position})", position, differs, other)
            column = pc.if_else(first, None, column)
            meant = (*targets, *other) if differs.null_count < len(differs) else targets
        self._add(header, position, column, targets)
        if header or filled:
            self.understood.append(
                {
                    "file": self.place, "column": header, "position": position,
                    "table": " + ".join(dict.fromkeys(t.table for t in meant)) or None,
                    "field": " + ".join(dict.fromkeys(_fields(t) for t in meant)) or None,
                    "filled": filled,
                }
            )  # fmt: skip

    def _add(self, header: str, position: int, column: pa.Array, targets: Sequence[Target]) -> None:
        for one in targets if column.null_count < len(column) else ():
            if one.table != NOT_DATA:
                own = cleaning.clean_cells(column, one.missing) if one.missing else column
                self.cells.append(Cells(header, position, own, one))
                self.headers.setdefault(one.field, header)
                self.meanings[position] += 1

    def _twin(self, header: str) -> Cells | None:
        """The column taken already under the same header."""
        key = header_key(header)
        return next((c for c in self.cells if header_key(c.header) == key), None)

    def _restored(self, header: str, column: pa.Array) -> pa.Array:
        for mend, reason in cleaning.REPAIRS:
            restored, repaired = mend(column)
            if len(repaired):
                where = pa.array(repaired)
                self.repairs.append(
                    pd.DataFrame(
                        {
                            "file": self.place, "row": self.rows[repaired], "column": header,
                            "value": transforms.to_series(column.take(where)).str.slice(0, 200),
                            "repaired": transforms.to_series(restored.take(where)).str.slice(0, 200),
                            "reason": reason,
                        }
                    )
                )  # fmt: skip
            column = restored
        return column

    def run(self) -> Assembled:
        """Assemble all tables of the file, once: cells are given up as their table is made."""
        by_table: dict[str, list[Cells]] = {}
        while self.cells:
            cells = self.cells.pop(0)
            by_table.setdefault(cells.target.table, []).append(cells)
        publications = self._publications(by_table.pop("publications", []))
        tables = {"publications": publications}
        ids = publications["publication_id"]
        names = [name for name in schema.canonical_names() if name in by_table]
        threads = len(self.rows) > ENOUGH
        made = side_by_side(
            lambda name: self._child(name, by_table.pop(name), ids), names, threads=threads
        )
        frames = {name: frame for name, frame in zip(names, made, strict=True) if len(frame)}
        if "texts" in frames:
            _titles(publications, frames["texts"])
        if self.earliest is not None:
            dated = self.earliest.reindex(publications[RECORD]).set_axis(publications.index)
            dated = dated.astype("datetime64[us]")
            stated = publications.get("earliest_priority_date")
            publications["earliest_priority_date"] = (
                dated if stated is None else stated.astype("datetime64[us]").fillna(dated)
            )
        if self.form.long:
            frames = united(publications, frames)
        children = side_by_side(arranged, frames, frames.values(), threads=threads)
        tables |= zip(frames, children, strict=True)
        aside = self._set_aside(publications)
        return Assembled(
            tables,
            schema.coerce("columns", pd.DataFrame(self.understood)),
            self._failures_in_order(),
            _concat("repairs", self.repairs),
            aside,
        )

    def _failures_in_order(self) -> pd.DataFrame:
        """Failed cells by row and column, in whatever order the tables were read."""
        failures = _concat("cell_failures", self.failures)
        if failures.empty:
            return failures
        place = {str(c["column"]): i for i, c in reversed(list(enumerate(self.understood)))}
        order = failures["column"].map(place).fillna(-1)
        failures = failures.assign(_place=order).sort_values(
            ["row", "_place", "value", "reason"], kind="stable", ignore_index=True
        )
        return failures.drop(columns="_place")

    # Publications

    def _publications(self, own: Sequence[Cells]) -> pd.DataFrame:
        n = len(self.rows)
        data: dict[str, pd.Series] = {}
        for cells in sorted(own, key=lambda c: self._rank(c.header)):
            field = cells.target.field
            values = self._scalar(cells)
            if field == "publication_id":
                self.numbers.append((values, cells.target.kinds))
                continue
            data[field] = data[field].fillna(values) if field in data else values
            for name, constant in cells.target.constants.items():
                data.setdefault(name, pd.Series(constant, index=range(n)))
            if field == "legal_status" and "legal_status_raw" not in data:
                data["legal_status_raw"] = transforms.to_series(cells.column)
        frame = pd.DataFrame(data, index=pd.RangeIndex(n))
        self._numbers(frame)
        frame[RECORD] = np.arange(n)
        frame["source"] = transforms.constant(self.form.name, n)
        frame["source_file"] = transforms.constant(self.file, n)
        frame["source_row"] = self.rows
        return complete_types(frame)

    def _rank(self, header: str) -> int:
        return self.form.order.get(header_key(header), len(self.form.order))

    def _scalar(self, cells: Cells) -> pd.Series:
        target, column = cells.target, cells.column
        if target.split:
            result = self._first(cells)
        else:
            part = column
            if target.pattern:
                part = transforms.extract(column, target.pattern)[target.field]
            result = self._values(cells, part, target.field)
        if target.field not in {"publication_id", "application_id"} and not self._read_twice(cells):
            bad = result.isna().to_numpy() & column.is_valid().to_numpy(zero_copy_only=False)
            if bad.any():
                texts = transforms.to_series(column.filter(pa.array(bad)))
                self._fail_header(cells.header, np.flatnonzero(bad), texts, f"not a {target.field}")
        return result

    def _values(self, cells: Cells, column: pa.Array, field: str) -> pd.Series:
        """Values of a field; what a date says of day and month counts for the whole file."""
        target = cells.target
        declared = schema.table(target.table).columns.get(field)
        if declared is not None and declared.dtype == "date" and target.day_first is None:
            seen = self.orders.see((cells.position, field), column)
            target = replace(target, day_first=seen)
        return transforms.apply(column, field, target)

    def _read_twice(self, cells: Cells) -> bool:
        """Whether the column has another field, whose account lists what it cannot read."""
        return cells.target.field == "granted" and self.meanings[cells.position] > 1

    def _first(self, cells: Cells) -> pd.Series:
        """The first value of each list that can be read."""
        target, n = cells.target, len(cells.column)
        parents, values = transforms.split_cells(
            cells.column, target.split or (), keep=target.keep, ends=target.ends
        )
        read = self._values(cells, values, target.field)
        known = np.flatnonzero(read.notna())
        record, first = np.unique(parents.to_numpy()[known], return_index=True)
        place = np.full(n, -1)
        place[record] = known[first]
        return pd.Series(read.array.take(place, allow_fill=True))

    def _numbers(self, frame: pd.DataFrame) -> None:
        empty = pd.Series(None, index=frame.index, dtype="str")
        offices = frame.get("authority")
        applications = frame.get("application_id", empty)
        frame["application_id"] = identifiers.application_ids(applications, offices)
        self._number_failures("application_id", applications, frame["application_id"])
        ids: pd.Series = empty
        given: pd.Series = empty
        for column, kinds in self.numbers:
            numbers = column.where(_of_kinds(frame, kinds)) if kinds else column
            read = identifiers.publication_ids(numbers, frame.get("kind_code"), offices)
            ids, given = ids.fillna(read), given.fillna(numbers)
        self._number_failures("publication_id", given, ids)
        fallback = ids.isna() & frame["application_id"].notna()
        ids = ids.fillna(frame["application_id"])
        self._fail(
            "application_id", frame.index[fallback], frame["application_id"][fallback],
            "no publication number; the application number identifies the record",
        )  # fmt: skip
        frame["publication_id"] = ids
        parts = identifiers.parts(ids.where(~fallback))
        for name in ("authority", "kind_code"):
            stated = frame.get(name)
            frame[name] = parts[name] if stated is None else parts[name].fillna(stated)
        if frame["authority"].isna().any():
            office = frame["application_id"].str.slice(0, 2)
            frame["authority"] = frame["authority"].fillna(office.where(office != "PC"))

    def _number_failures(self, field: str, texts: pd.Series, ids: pd.Series) -> None:
        bad = texts.notna() & ids.isna()
        if not bad.any():
            return
        damaged = texts[bad].map(identifiers.is_damaged)
        lost = damaged.index[damaged]
        self._fail(
            field, lost, texts[lost], "a spreadsheet rounded the number; its digits are lost"
        )
        other = damaged.index[~damaged]
        self._fail(field, other, texts[other], f"not a {field}")

    def _set_aside(self, publications: pd.DataFrame) -> pd.DataFrame:
        lost = publications["publication_id"].isna()
        header = self.headers.get("publication_id", "publication_id")
        frames = []
        if lost.any():
            failed = [f for f in self.failures if f["column"].eq(header).any()]
            values = pd.concat(failed).drop_duplicates("row").set_index("row") if failed else None
            rows = pd.Series(self.rows)[lost]
            frames.append(
                pd.DataFrame(
                    {
                        "file": self.place, "row": rows, "column": header,
                        "value": None if values is None else rows.map(values["value"]),
                        "reason": "no usable publication or application number",
                    }
                )
            )  # fmt: skip
        if self.rejected:
            row, text, reason = zip(*self.rejected, strict=True)
            frames.append(
                pd.DataFrame({"file": self.place, "row": row, "value": text, "reason": reason})
            )
        return _concat("set_aside", frames).sort_values("row", kind="stable", ignore_index=True)

    # Child tables

    def _child(self, name: str, cells: Sequence[Cells], ids: pd.Series) -> pd.DataFrame:
        groups: dict[str, list[tuple[Cells, pd.DataFrame]]] = {}
        for i, one in enumerate(sorted(cells, key=lambda c: self._rank(c.header))):
            if name in _PARALLEL:
                key = str(one.target.constants.get(_PARALLEL[name], "")) + one.target.together
            else:
                key = one.target.together or f"#{i}"
            groups.setdefault(key, []).append((one, self._items(one)))
        lists = []
        for group in groups.values():
            lists.append(self._beside(group))
            if name in _NAMED:
                self._list_nameless(name, group, lists[-1])
        if name == "priorities":
            self.earliest = _first_dates(rows for group in groups.values() for _, rows in group)
        frame = pd.concat(lists, ignore_index=True)
        if "_given" in frame:
            nobody = pd.Series(None, index=frame.index, dtype="str")
            given, last = frame["_given"], frame.get("name_raw", nobody)
            whole = (given + " " + last).fillna(last).fillna(given)
            frame = frame.assign(name_raw=whole)
        frame = FINISH[name](frame, ids)
        declared = [c for c in frame.columns if c in schema.table(name).columns]
        return frame[[RECORD, *declared]]

    def _beside(self, group: Sequence[tuple[Cells, pd.DataFrame]]) -> pd.DataFrame:
        """Parallel lists side by side; later columns give what the first has not."""
        result = group[0][1]
        for cells, other in group[1:]:
            fields = [c for c in other.columns if c not in {RECORD, "position"}]
            fits = _fits(result[RECORD].to_numpy(), other[RECORD].to_numpy(), set(fields))
            if not fits.all() and not cells.target.optional:
                lost = np.unique(other[RECORD].to_numpy()[~fits])
                texts = transforms.to_series(cells.column.take(pa.array(lost)))
                reason = f'not as many values as "{group[0][0].header}" has'
                self._fail_header(cells.header, lost, texts, reason)
            result = _joined(result, other if fits.all() else other[fits], fields)
        return result

    def _list_nameless(
        self, table: str, group: Sequence[tuple[Cells, pd.DataFrame]], rows: pd.DataFrame
    ) -> None:
        """List the cells that tell of somebody or something whose name or number is missing."""
        names = [key for key in _NAMED[table] if key in rows]
        nameless = rows[names].isna().all(axis=1)
        if not nameless.any():
            return
        for cells, own in group:
            told = own.columns.difference([RECORD, "position", *cells.target.constants])
            known = nameless & rows[told].notna().any(axis=1)
            alone = table == "priorities" and set(told) == {"date"}
            if alone and "earliest_priority_date" not in self.headers:  # it is the earliest
                known &= rows.groupby(RECORD)["date"].transform("count") > 1
            record = np.unique(rows.loc[known, RECORD])
            texts = transforms.to_series(cells.column.take(pa.array(record)))
            self._fail_header(cells.header, record, texts, f"no {_NAMED[table][0]} beside it")

    def _items(self, cells: Cells) -> pd.DataFrame:
        """Values of one column: ``record``, ``position`` and the fields it fills."""
        target = cells.target
        separators = self.form.split if target.split is None else target.split
        if self.form.reader:
            separators = (ITEM,)
        elif target.table in {"texts", "vendor_values"} and target.split is None:
            separators = ()
        if separators:
            parents, values = transforms.split_cells(
                cells.column, separators, keep=target.keep, ends=target.ends
            )
            record = parents.to_numpy()
        else:
            record = np.flatnonzero(cells.column.is_valid().to_numpy(zero_copy_only=False))
            values = cells.column.drop_null()
        if target.group:
            return self._grouped(cells, record, values)
        fields = {target.field: values} if target.field else {}
        for i, name in enumerate(target.parts):
            fields[name] = transforms.part(values, i, PART)
        if target.pattern:
            fields |= transforms.extract(values, target.pattern)
            if target.table != "texts":
                self._unmatched(cells, record, values, fields[target.field])
        return self._typed(cells, record, fields)

    def _grouped(self, cells: Cells, record: np.ndarray, values: pa.Array) -> pd.DataFrame:
        """Flat lists that repeat the same fields; a list of another length is listed as failed."""
        width = len(cells.target.group)
        count = np.bincount(record, minlength=len(self.rows))
        broken = np.flatnonzero(count % width)
        texts = transforms.to_series(cells.column)
        self._fail_header(cells.header, broken, texts.iloc[broken], f"not groups of {width} values")
        good = ~np.isin(record, broken)
        record, values = record[good], values.filter(pa.array(good))
        fields = {
            name: values.take(pa.array(np.arange(i, len(values), width)))
            for i, name in enumerate(cells.target.group)
        }
        return self._typed(cells, record[::width], fields)

    def _typed(self, cells: Cells, record: np.ndarray, fields: dict[str, pa.Array]) -> pd.DataFrame:
        target = cells.target
        data: dict[str, object] = {RECORD: record, "position": run_positions(record)}
        for name, column in fields.items():
            read = self._values(cells, column, name)
            missing = read.isna().to_numpy()
            if missing.sum() > column.null_count:
                bad = missing & column.is_valid().to_numpy(zero_copy_only=False)
                texts = transforms.to_series(column.filter(pa.array(bad)))
                self._fail_header(cells.header, record[bad], texts, f"not a {name}")
            data[name] = read
        fixed = dict(target.constants)
        if target.table == "vendor_values":
            fixed |= {"name": cells.header, "source": self.form.name}
        if target.table == "citations":
            fixed["_direction"] = target.direction
        for name, value in fixed.items():
            data[name] = transforms.constant(value, len(record)).set_axis(range(len(record)))
        return pd.DataFrame(data)

    def _unmatched(
        self, cells: Cells, record: np.ndarray, values: pa.Array, found: pa.Array
    ) -> None:
        bad = pc.and_(values.is_valid(), found.is_null()).to_numpy(zero_copy_only=False)
        if bad.any():
            texts = transforms.to_series(values)[bad]
            self._fail_header(cells.header, record[bad], texts, f"no {cells.target.field} in it")

    # Accounts

    def _fail(self, field: str, records: pd.Index, values: pd.Series, reason: str) -> None:
        self._fail_header(self.headers.get(field, field), records.to_numpy(), values, reason)

    def _fail_header(
        self, header: str, records: np.ndarray, values: pd.Series, reason: str
    ) -> None:
        if len(records):
            values = values.str.replace(ITEM, "; ", regex=False).str.replace(PART, " ", regex=False)
            self.failures.append(
                pd.DataFrame(
                    {
                        "file": self.place, "row": self.rows[records], "column": header,
                        "value": values.str.slice(0, 200).to_numpy(), "reason": reason,
                    }
                )
            )  # fmt: skip


def _first_dates(lists: Iterable[pd.DataFrame]) -> pd.Series | None:
    """Earliest priority date of every record that has one, with or without its number."""
    dated = [rows[[RECORD, "date"]] for rows in lists if "date" in rows]
    return pd.concat(dated).groupby(RECORD)["date"].min() if dated else None


def _of_kinds(publications: pd.DataFrame, kinds: str) -> pd.Series:
    """Records whose kind code begins with one of some letters, or is not known."""
    code = publications.get("kind_code")
    if code is None:
        return pd.Series(True, index=publications.index)
    letter = code.str.slice(0, 1)
    return letter.isna() | letter.isin(list(kinds))


def _slashed(column: pa.Array) -> bool:
    """Whether a column may have dates like ``03/07/2019``; most have years first."""
    numbers = pc.match_substring_regex(column, r"^\s*[0-9]{1,2}[-/.]")
    return bool(pc.any(numbers).as_py())


def _fields(target: Target) -> str:
    if target.table == NOT_DATA:
        return NOT_DATA
    return target.field or "/".join(target.group or target.parts)


def _concat(name: str, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return schema.coerce(name, pd.concat(frames, ignore_index=True) if frames else pd.DataFrame())


def _fits(mine: np.ndarray, other: np.ndarray, fields: set[str]) -> np.ndarray:
    """Whether each row of the other list belongs to a list as long as mine, or to none of mine."""
    size = max(mine.max(initial=0), other.max(initial=0)) + 1
    expected, found = np.bincount(mine, minlength=size)[other], np.bincount(other)[other]
    single = fields <= _ONE_FOR_ALL | {"role", "scheme"}
    fits: np.ndarray = (expected == 0) | (found == expected) | ((found == 1) & single)
    return fits


def _joined(mine: pd.DataFrame, other: pd.DataFrame, fields: Sequence[str]) -> pd.DataFrame:
    """Outer join on record and position."""
    width = int(max(mine["position"].max(), other["position"].max(), 0)) + 1 if len(mine) else 1
    width = max(width, int(other["position"].max()) + 1) if len(other) else width
    left = mine[RECORD].to_numpy() * width + mine["position"].to_numpy()
    right = other[RECORD].to_numpy() * width + other["position"].to_numpy()
    if len(left) == len(right) and (left == right).all():
        result, other = mine.copy(deep=False), other.set_axis(mine.index)
    else:
        keys = np.union1d(left, right)
        result = _aligned(mine, left, keys)
        other = _aligned(other, right, keys)
        result[RECORD], result["position"] = keys // width, keys % width
    for name in fields:
        result[name] = result[name].fillna(other[name]) if name in result else other[name]
    return result


def _aligned(frame: pd.DataFrame, own: np.ndarray, keys: np.ndarray) -> pd.DataFrame:
    """Rows of a frame at the places of their keys; empty rows elsewhere."""
    place = np.full(len(keys), -1)
    place[np.searchsorted(keys, own)] = np.arange(len(own))
    return pd.DataFrame(
        {
            name: pd.Series(column.array.take(place, allow_fill=True))
            for name, column in frame.items()
        }
    )


def _titles(publications: pd.DataFrame, texts: pd.DataFrame) -> None:
    """The title of a publication is its first title in the order of the format's columns."""
    titles = np.flatnonzero(texts["field"].eq("title"))
    record, first = np.unique(texts[RECORD].to_numpy()[titles], return_index=True)
    place = np.full(len(publications), -1)
    place[record] = titles[first]
    for name, column in (("title", "text"), ("language", "language")):
        found = pd.Series(texts[column].array.take(place, allow_fill=True))
        publications[name] = publications[name].fillna(found) if name in publications else found
