"""A raw table and its format become canonical tables, with an account of every cell not taken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentnav import schema
from patentnav._threads import ENOUGH, side_by_side
from patentnav.io import cleaning, identity, lists, signs, transforms
from patentnav.io.account import Account
from patentnav.io.cells import Cells
from patentnav.io.finish import FINISH, complete_types, run_positions
from patentnav.io.formats import NOT_DATA, Target, header_key
from patentnav.io.long_tables import united
from patentnav.io.raw import ITEM, PART
from patentnav.io.written_lists import unpacked
from patentnav.merge import RECORD, arranged
from patentnav.normalize import dates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentnav.io.dateorder import DateOrders
    from patentnav.io.formats import Format
    from patentnav.io.raw import RawTable


@dataclass(frozen=True)
class Assembled:
    """Tables of one file; ``record`` counts its records from 0."""

    tables: dict[str, pd.DataFrame]
    columns: pd.DataFrame
    failures: pd.DataFrame
    repairs: pd.DataFrame
    set_aside: pd.DataFrame
    without_number: int = 0
    signs: signs.Found | None = None


_NUMBERS = {"publication_id", "application_id"}


class Assembler:
    """Turns the columns of one file into tables; collects what could not be taken."""

    def __init__(
        self, raw: RawTable, form: Format, file: str, *, place: str, orders: DateOrders, keep: bool
    ) -> None:
        self.orders, self.keep = orders, keep
        self.rows, self.form, self.file = raw.rows, form, file
        self.listed = raw.listed or bool(form.reader)
        self.account = Account(place, raw.rows, raw.rejected)
        self.watch = signs.Watch(raw.headers, raw.columns, form, raw.rows)
        self.numbers: list[identity.Numbers] = []
        self.cells: list[Cells] = []
        self.headers: dict[str, str] = {}
        self.meanings: Counter[int] = Counter()
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
            self.account.understood.append(
                {
                    "file": self.account.place, "column": header, "position": position,
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
                self.account.repaired(
                    header, repaired, column.take(where), restored.take(where), reason
                )
            column = restored
        return column

    def run(self) -> Assembled:
        """Assemble all tables of the file, once: cells are given up as their table is made."""
        by_table: dict[str, list[Cells]] = {}
        while self.cells:
            cells = self.cells.pop(0)
            by_table.setdefault(cells.target.table, []).append(cells)
        publications = self._publications(by_table.pop("publications", []))
        lost = np.flatnonzero(publications["publication_id"].isna())
        aside = self._named_by_content(lost, publications, by_table)
        publications = complete_types(publications)
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
        return Assembled(
            tables,
            self.account.columns(),
            self.account.failures(),
            self.account.repairs(),
            aside,
            len(lost) - int(publications["publication_id"].isna().sum()),
            self.watch.found(publications),
        )

    # Publications

    def _publications(self, own: Sequence[Cells]) -> pd.DataFrame:
        n = len(self.rows)
        data: dict[str, pd.Series] = {}
        application: identity.Numbers | None = None
        for cells in sorted(own, key=lambda c: self._rank(c.header)):
            field = cells.target.field
            values = self._scalar(cells)
            if field == "publication_id":
                self.numbers.append(identity.Numbers(cells.header, values, cells.target))
                continue
            if field == "application_id" and application is None:
                application = identity.Numbers(cells.header, values, cells.target)
            data[field] = data[field].fillna(values) if field in data else values
            if field == "legal_status" and "legal_status_raw" not in data:
                data["legal_status_raw"] = transforms.to_series(cells.column)
        for cells in own:
            if cells.target.field not in _NUMBERS:
                for name, constant in cells.target.constants.items():
                    data.setdefault(name, pd.Series(constant, index=range(n)))
        frame = pd.DataFrame(data, index=pd.RangeIndex(n))
        identity.read_numbers(frame, self.numbers, application, self.account.fail)
        frame[RECORD] = np.arange(n)
        frame["source"] = transforms.constant(self.form.name, n)
        frame["source_file"] = transforms.constant(self.file, n)
        frame["source_row"] = self.rows
        return frame

    def _named_by_content(
        self,
        lost: np.ndarray,
        publications: pd.DataFrame,
        by_table: dict[str, list[Cells]],
    ) -> pd.DataFrame:
        """Give records without number an id of their own; the records that are set aside."""
        publications["number_known"] = pd.array(np.ones(len(publications), bool), "boolean")
        reasons = pd.Series(None, index=publications.index, dtype="str")
        if len(lost):
            publications.loc[lost, "number_known"] = False
            if self.keep:
                ids, why = identity.own_ids(lost, publications, self.numbers, by_table)
                publications.loc[lost, "publication_id"] = ids
                reasons.loc[lost] = why
            else:
                reasons.loc[lost] = identity.NO_NUMBER
        return self.account.set_aside(self.headers.get("publication_id", "publication_id"), reasons)

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
                self.account.fail(cells.header, np.flatnonzero(bad), texts, f"not a {target.field}")
        return result

    def _values(self, cells: Cells, column: pa.Array, field: str) -> pd.Series:
        """Values of a field; what a date says of day and month counts for the whole file."""
        target = cells.target
        declared = schema.table(target.table).columns.get(field)
        dated = declared is not None and declared.dtype == "date" and not target.transform
        if dated and target.day_first is None:
            order = self.orders.see((cells.position, field), cells.header, column)
            return transforms.by_unique(column, lambda texts: dates.parse_dates(texts, by=order))
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

    # Child tables

    def _child(self, name: str, cells: Sequence[Cells], ids: pd.Series) -> pd.DataFrame:
        groups: dict[str, list[tuple[Cells, pd.DataFrame]]] = {}
        for i, one in enumerate(sorted(cells, key=lambda c: self._rank(c.header))):
            if name in lists.PARALLEL:
                key = str(one.target.constants.get(lists.PARALLEL[name], "")) + one.target.together
            else:
                key = one.target.together or f"#{i}"
            groups.setdefault(key, []).append((one, self._items(one)))
        frames = []
        for group in groups.values():
            frames.append(self._beside(group))
            if name in lists.NAMED:
                self._list_nameless(name, group, frames[-1])
        if name == "priorities":
            self.earliest = lists.first_dates(
                rows for group in groups.values() for _, rows in group
            )
        frame = pd.concat(frames, ignore_index=True)
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
            fits = lists.fits(result[RECORD].to_numpy(), other[RECORD].to_numpy(), set(fields))
            if not fits.all() and not cells.target.optional:
                lost = np.unique(other[RECORD].to_numpy()[~fits])
                texts = transforms.to_series(cells.column.take(pa.array(lost)))
                reason = f'{lists.UNEVEN} "{group[0][0].header}" has'
                self.account.fail(cells.header, lost, texts, reason)
            result = lists.joined(result, other if fits.all() else other[fits], fields)
        return result

    def _list_nameless(
        self, table: str, group: Sequence[tuple[Cells, pd.DataFrame]], rows: pd.DataFrame
    ) -> None:
        """List the cells that tell of somebody or something whose name or number is missing."""
        names = [key for key in lists.NAMED[table] if key in rows]
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
            self.account.fail(cells.header, record, texts, f"no {lists.NAMED[table][0]} beside it")

    def _items(self, cells: Cells) -> pd.DataFrame:
        """Values of one column: ``record``, ``position`` and the fields it fills."""
        target = cells.target
        separators = self.form.split if target.split is None else target.split
        if self.form.reader:
            separators = (ITEM,)
        elif target.table in {"texts", "vendor_values"} and target.split is None:
            separators = ()
        if self.listed and not self.form.reader:
            lines = () if target.table in {"texts", "vendor_values"} else ("\n",)
            separators = tuple(dict.fromkeys((ITEM, *separators, *lines)))
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
        self.account.fail(cells.header, broken, texts.iloc[broken], f"not groups of {width} values")
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
                self.account.fail(cells.header, record[bad], texts, f"not a {name}")
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
            self.account.fail(cells.header, record[bad], texts, f"no {cells.target.field} in it")


def _fields(target: Target) -> str:
    if target.table == NOT_DATA:
        return NOT_DATA
    return target.field or "/".join(target.group or target.parts)


def _titles(publications: pd.DataFrame, texts: pd.DataFrame) -> None:
    """The title of a publication is its first title in the order of the format's columns."""
    titles = np.flatnonzero(texts["field"].eq("title"))
    record, first = np.unique(texts[RECORD].to_numpy()[titles], return_index=True)
    place = np.full(len(publications), -1)
    place[record] = titles[first]
    for name, column in (("title", "text"), ("language", "language")):
        found = pd.Series(texts[column].array.take(place, allow_fill=True))
        publications[name] = publications[name].fillna(found) if name in publications else found
