"""A raw table and its format become canonical tables, with an account of every cell not taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentnav import _resources, schema
from patentnav.io import transforms
from patentnav.io.formats import NOT_DATA, Target, header_key
from patentnav.io.raw import ITEM, PART
from patentnav.merge import RECORD
from patentnav.normalize import identifiers, names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentnav.io.formats import Format
    from patentnav.io.raw import RawTable

# Columns that describe the same items of a table, cell by cell, are parallel lists of one group.
_PARALLEL = {"parties": "role", "inventors": "", "priorities": "", "families": "scheme"}
_ONE_FOR_ALL = {"country", "region", "city", "address", "party_type"}


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


class Assembler:
    """Turns the columns of one file into tables; collects what could not be taken."""

    def __init__(self, raw: RawTable, form: Format, file: str) -> None:
        self.raw, self.form, self.file = raw, form, file
        self.failures: list[pd.DataFrame] = []
        self.repairs: list[pd.DataFrame] = []
        self.numbers: list[pd.Series] = []
        self.cells: list[Cells] = []
        self.understood: list[dict[str, object]] = []
        for i, (header, column) in enumerate(zip(raw.headers, raw.columns, strict=True)):
            self._take(i + 1, header, column)

    def _take(self, position: int, header: str, column: pa.Array) -> None:
        column = self._restored(header, transforms.clean_cells(column, self.form.missing))
        targets = self.form.targets(header)
        filled = len(column) - column.null_count
        self.understood.append(
            {
                "file": self.file, "column": header, "position": position,
                "table": " + ".join(dict.fromkeys(t.table for t in targets)) or None,
                "field": " + ".join(dict.fromkeys(_fields(t) for t in targets)) or None,
                "filled": filled,
            }
        )  # fmt: skip
        if self._repeats(header, column) and targets and targets[0].table == "publications":
            if any(c.column.equals(column) for c in self.cells):
                return
            header, targets = f"{header} ({position})", (Target("vendor_values", "value"),)
        for one in targets if filled else ():
            if one.table != NOT_DATA:
                own = transforms.clean_cells(column, one.missing) if one.missing else column
                self.cells.append(Cells(header, position, own, one))

    def _repeats(self, header: str, column: pa.Array) -> bool:
        key = header_key(header)
        return column.null_count < len(column) and any(
            header_key(c.header) == key for c in self.cells
        )

    def _restored(self, header: str, column: pa.Array) -> pa.Array:
        restored, repaired = transforms.restore_encoding(column)
        if len(repaired):
            where = pa.array(repaired)
            self.repairs.append(
                pd.DataFrame(
                    {
                        "file": self.file, "row": self.raw.rows[repaired], "column": header,
                        "value": transforms.to_series(column.take(where)).str.slice(0, 200),
                        "repaired": transforms.to_series(restored.take(where)).str.slice(0, 200),
                        "reason": "UTF-8 text had been taken for Latin-1",
                    }
                )
            )  # fmt: skip
        return restored

    def run(self) -> Assembled:
        """Assemble all tables of the file."""
        publications = self._publications()
        tables = {"publications": publications}
        by_table: dict[str, list[Cells]] = {}
        for cells in self.cells:
            if cells.target.table != "publications":
                by_table.setdefault(cells.target.table, []).append(cells)
        for name in schema.canonical_names():
            frame = self._child(name, by_table[name], publications) if name in by_table else None
            if frame is not None and len(frame):
                tables[name] = frame
        if "texts" in tables:
            _titles(publications, tables["texts"])
        aside = self._set_aside(publications)
        return Assembled(
            tables,
            schema.coerce("columns", pd.DataFrame(self.understood)),
            _concat("cell_failures", self.failures),
            _concat("repairs", self.repairs),
            aside,
        )

    # Publications

    def _publications(self) -> pd.DataFrame:
        n = len(self.raw)
        data: dict[str, pd.Series] = {}
        own = [c for c in self.cells if c.target.table == "publications"]
        for cells in sorted(own, key=lambda c: self._rank(c.header)):
            field = cells.target.field
            values = self._scalar(cells)
            if field == "publication_id":
                self.numbers.append(values)
                continue
            data[field] = data[field].fillna(values) if field in data else values
            for name, constant in cells.target.constants.items():
                data.setdefault(name, pd.Series(constant, index=range(n)))
            if field == "legal_status" and "legal_status_raw" not in data:
                data["legal_status_raw"] = transforms.to_series(cells.column)
        frame = pd.DataFrame(data, index=pd.RangeIndex(n))
        self._numbers(frame)
        frame[RECORD] = np.arange(n)
        frame["source"] = self.form.name
        frame["source_file"] = self.file
        frame["source_row"] = self.raw.rows
        complete_types(frame)
        return frame

    def _rank(self, header: str) -> int:
        return self.form.order.get(header_key(header), len(self.form.order))

    def _scalar(self, cells: Cells) -> pd.Series:
        target, column = cells.target, cells.column
        if target.split:
            parents, values = transforms.split_cells(
                column, target.split, keep=target.keep, ends=target.ends
            )
            items = pd.Series(values.to_pandas().to_numpy(), index=parents.to_numpy(), dtype="str")
            read = transforms.apply(items, target.field, target)
            first = read.dropna()
            first = first[~first.index.duplicated()]
            result = first.reindex(range(len(column)))
            result.index = pd.RangeIndex(len(column))
            self._list_failures(cells, transforms.to_series(column), result)
            return result
        texts = transforms.to_series(column)
        if target.pattern:
            found = transforms.extract(column, target.pattern)
            texts = transforms.to_series(found[target.field])
        result = transforms.apply(texts, target.field, target)
        self._list_failures(cells, transforms.to_series(column), result)
        return result

    def _numbers(self, frame: pd.DataFrame) -> None:
        empty = pd.Series(None, index=frame.index, dtype="str")
        offices = frame.get("authority")
        applications = frame.get("application_id", empty)
        frame["application_id"] = identifiers.application_ids(applications, offices)
        self._number_failures("application_id", applications, frame["application_id"])
        ids: pd.Series = empty
        given: pd.Series = empty
        for numbers in self.numbers:
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
        frame["authority"] = frame["authority"].fillna(
            frame["application_id"].str.extract(r"^(?!PCT)([A-Z]{2})", expand=False)
        )

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
        header = self._header("publication_id")
        frames = []
        if lost.any():
            failed = [f for f in self.failures if f["column"].eq(header).any()]
            values = pd.concat(failed).drop_duplicates("row").set_index("row") if failed else None
            rows = pd.Series(self.raw.rows)[lost]
            frames.append(
                pd.DataFrame(
                    {
                        "file": self.file, "row": rows, "column": header,
                        "value": None if values is None else rows.map(values["value"]),
                        "reason": "no usable publication or application number",
                    }
                )
            )  # fmt: skip
        if self.raw.rejected:
            row, text, reason = zip(*self.raw.rejected, strict=True)
            frames.append(
                pd.DataFrame({"file": self.file, "row": row, "value": text, "reason": reason})
            )
        return _concat("set_aside", frames)

    # Child tables

    def _child(self, name: str, cells: Sequence[Cells], publications: pd.DataFrame) -> pd.DataFrame:
        groups: dict[str, list[pd.DataFrame]] = {}
        for i, one in enumerate(sorted(cells, key=lambda c: self._rank(c.header))):
            frame = self._items(one)
            if name in _PARALLEL:
                key = str(one.target.constants.get(_PARALLEL[name], "")) + one.target.together
            else:
                key = one.target.together or f"#{i}"
            groups.setdefault(key, []).append(frame)
        frame = pd.concat([_beside(group) for group in groups.values()], ignore_index=True)
        if name != "families":
            own = publications["publication_id"].take(frame[RECORD].to_numpy())
            frame["publication_id"] = own.set_axis(frame.index)
        finish = getattr(self, f"_finish_{name}", None)
        if finish is not None:
            frame = finish(frame, publications)
        return frame

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
        count = np.bincount(record, minlength=len(self.raw))
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
        data: dict[str, object] = {RECORD: record, "position": _positions(record)}
        for name, column in fields.items():
            texts = transforms.to_series(column)
            read = transforms.apply(texts, name, target)
            bad = texts.notna() & read.isna()
            if bad.any():
                self._fail_header(cells.header, record[bad], texts[bad], f"not a {name}")
            data[name] = read
        frame = pd.DataFrame(data)
        for name, constant in target.constants.items():
            frame[name] = constant
        if target.table == "vendor_values":
            frame["name"] = cells.header
        if target.table == "citations":
            frame["_direction"] = target.direction
        return frame

    def _unmatched(
        self, cells: Cells, record: np.ndarray, values: pa.Array, found: pa.Array
    ) -> None:
        bad = pc.and_(values.is_valid(), found.is_null()).to_numpy(zero_copy_only=False)
        if bad.any():
            texts = transforms.to_series(values)[bad]
            self._fail_header(cells.header, record[bad], texts, f"no {cells.target.field} in it")

    # What single tables need besides

    def _finish_texts(self, frame: pd.DataFrame, _publications: pd.DataFrame) -> pd.DataFrame:
        unknown = frame["language"].eq("auto") | frame["language"].isna()
        if unknown.any():
            frame.loc[unknown, "language"] = script_language(frame.loc[unknown, "text"])
        return frame.drop(columns="position")

    def _finish_parties(self, frame: pd.DataFrame, _publications: pd.DataFrame) -> pd.DataFrame:
        if "name_raw" not in frame:
            frame["name_raw"] = frame["name_standard"]
        if "name_standard" in frame:
            frame["name_raw"] = frame["name_raw"].fillna(frame["name_standard"])
        frame = frame[frame["name_raw"].notna()].copy()
        frame["name"] = names.spell_names(frame["name_raw"])
        frame = frame[frame["name"].notna()]
        frame = frame.sort_values([RECORD, "role", "position"], kind="stable")
        frame = frame.drop_duplicates([RECORD, "role", "name"])
        return frame.assign(position=frame.groupby([RECORD, "role"]).cumcount() + 1)

    def _finish_inventors(self, frame: pd.DataFrame, _publications: pd.DataFrame) -> pd.DataFrame:
        frame = frame[frame["name_raw"].notna()].copy()
        frame["name"] = names.spell_names(frame["name_raw"])
        return frame[frame["name"].notna()]

    def _finish_classifications(
        self, frame: pd.DataFrame, _publications: pd.DataFrame
    ) -> pd.DataFrame:
        frame = frame[frame["symbol"].notna()].copy()
        first = frame["is_first"] if "is_first" in frame else pd.Series(False, index=frame.index)
        main = first.fillna(False).astype(bool)
        frame.loc[main, "symbol"] = _whole_symbols(frame[main], frame[~main])
        frame["_main"] = ~main
        key = [RECORD, "scheme", "symbol"]
        frame = frame.sort_values([RECORD, "scheme", "_main", "position"], kind="stable")
        frame = frame.drop_duplicates(key)
        frame["position"] = frame.groupby([RECORD, "scheme"]).cumcount() + 1
        frame["is_first"] = frame["position"] == 1
        return frame.drop(columns="_main")

    def _finish_citations(self, frame: pd.DataFrame, _publications: pd.DataFrame) -> pd.DataFrame:
        own = frame.pop("publication_id")
        forward = frame.pop("_direction").eq("forward")
        if "cited_id" not in frame:
            frame["cited_id"] = pd.Series(None, index=frame.index, dtype="str")
        given = frame.get("citing_id", frame["cited_id"])
        frame["citing_id"] = own.where(~forward, given)
        frame["cited_id"] = frame["cited_id"].where(~forward, own)
        if "cited_text" not in frame:
            frame["cited_text"] = pd.Series(None, index=frame.index, dtype="str")
        if "cited_kind" not in frame:
            frame["cited_kind"] = pd.Series(None, index=frame.index, dtype="str")
        kind = pd.Series("patent", index=frame.index).where(frame["cited_id"].notna(), "literature")
        frame["cited_kind"] = frame["cited_kind"].fillna(kind)
        known = frame["citing_id"].notna() & (
            frame["cited_id"].notna() | frame["cited_text"].notna()
        )
        return frame[known & (frame["citing_id"] != frame["cited_id"]).fillna(True)].drop(
            columns="position"
        )

    def _finish_priorities(self, frame: pd.DataFrame, _publications: pd.DataFrame) -> pd.DataFrame:
        if "priority_number" not in frame:
            return frame.iloc[:0].assign(priority_number=None)
        if "authority" in frame:
            bare = frame["priority_number"].str.match(r"^\d", na=False) & frame["authority"].notna()
            numbers, offices = frame.loc[bare, "priority_number"], frame.loc[bare, "authority"]
            spelled = identifiers.application_ids(numbers, offices).fillna(numbers)
            frame.loc[bare, "priority_number"] = spelled
        return frame[frame["priority_number"].notna()].drop(columns="position")

    def _finish_families(self, frame: pd.DataFrame, publications: pd.DataFrame) -> pd.DataFrame:
        if "publication_id" not in frame:
            frame["publication_id"] = pd.Series(None, index=frame.index, dtype="str")
        members = frame[frame["publication_id"].notna()]
        own = frame.drop_duplicates([RECORD, "scheme"]).copy()
        own["publication_id"] = (
            publications["publication_id"].take(own[RECORD].to_numpy()).to_numpy()
        )
        whole = pd.concat([own, members], ignore_index=True)
        whole = whole[whole["publication_id"].notna()]
        smallest = whole.groupby([RECORD, "scheme"])["publication_id"].transform("min")
        if "family_id" in whole:
            given = whole.groupby([RECORD, "scheme"])["family_id"].transform("first")
            whole["family_id"] = given.fillna(smallest)
        else:
            whole["family_id"] = smallest
        return whole.drop(columns="position")

    def _finish_vendor_values(
        self, frame: pd.DataFrame, _publications: pd.DataFrame
    ) -> pd.DataFrame:
        frame["source"] = self.form.name
        frame["number"] = pd.to_numeric(frame["value"], errors="coerce")
        return frame.drop(columns="position")

    def _finish_legal_events(
        self, frame: pd.DataFrame, _publications: pd.DataFrame
    ) -> pd.DataFrame:
        for name in ("text", "code", "category"):
            if name not in frame:
                frame[name] = pd.Series(None, index=frame.index, dtype="str")
        known = event_category(frame["text"].fillna(frame["code"]))
        frame["category"] = frame["category"].fillna(known)
        return frame.drop(columns="position")

    # Accounts

    def _list_failures(self, cells: Cells, texts: pd.Series, read: pd.Series) -> None:
        if cells.target.field in {"publication_id", "application_id", "granted"}:
            return
        bad = (texts.notna() & read.isna()).to_numpy()
        if bad.any():
            reason = f"not a {cells.target.field}"
            self._fail_header(cells.header, np.flatnonzero(bad), texts[bad], reason)

    def _header(self, field: str) -> str:
        return next((c.header for c in self.cells if c.target.field == field), field)

    def _fail(self, field: str, records: pd.Index, values: pd.Series, reason: str) -> None:
        self._fail_header(self._header(field), records.to_numpy(), values, reason)

    def _fail_header(
        self, header: str, records: np.ndarray, values: pd.Series, reason: str
    ) -> None:
        if len(records):
            self.failures.append(
                pd.DataFrame(
                    {
                        "file": self.file, "row": self.raw.rows[records], "column": header,
                        "value": values.str.slice(0, 200).to_numpy(), "reason": reason,
                    }
                )
            )  # fmt: skip


def _fields(target: Target) -> str:
    if target.table == NOT_DATA:
        return NOT_DATA
    return target.field or "/".join(target.group or target.parts)


def _concat(name: str, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return schema.coerce(name, pd.concat(frames, ignore_index=True) if frames else pd.DataFrame())


def _positions(record: np.ndarray) -> np.ndarray:
    """1, 2, 3 … within each run of equal record numbers."""
    if not len(record):
        return np.array([], dtype=np.int64)
    starts = np.flatnonzero(np.r_[True, record[1:] != record[:-1]])
    lengths = np.diff(np.r_[starts, len(record)])
    return np.arange(len(record)) - np.repeat(starts, lengths) + 1


def _beside(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Parallel lists side by side; later columns give what the first has not."""
    result = frames[0]
    for other in frames[1:]:
        fields = [c for c in other.columns if c not in {RECORD, "position"}]
        mine = result.groupby(RECORD).size()
        size = other.groupby(RECORD)[RECORD].transform("size")
        expected = other[RECORD].map(mine)
        single = set(fields) <= _ONE_FOR_ALL | {"role", "scheme"}
        fits = expected.isna() | (size == expected) | ((size == 1) & single)
        merged = result.merge(
            other[fits], on=[RECORD, "position"], how="outer", suffixes=("", "_other")
        )
        for field in fields:
            twin = f"{field}_other"
            if twin in merged:
                merged[field] = merged[field].fillna(merged.pop(twin))
        result = merged
    return result


def _whole_symbols(main: pd.DataFrame, others: pd.DataFrame) -> pd.Series:
    """Main classes that a vendor cuts short, as the first whole symbol that begins with them."""
    key = [RECORD, "scheme"]
    pairs = main.reset_index().merge(others[[*key, "symbol"]], on=key, suffixes=("", "_whole"))
    begins = [w.startswith(s) for s, w in zip(pairs["symbol"], pairs["symbol_whole"], strict=True)]
    found = (
        pairs[np.array(begins, dtype=bool)]
        .drop_duplicates("index")
        .set_index("index")["symbol_whole"]
    )
    return found.reindex(main.index).fillna(main["symbol"])


def _titles(publications: pd.DataFrame, texts: pd.DataFrame) -> None:
    """The title of a publication is its first title in the order of the format's columns."""
    titles = texts[texts["field"] == "title"].drop_duplicates(RECORD).set_index(RECORD)
    for name, column in (("title", "text"), ("language", "language")):
        found = titles[column].reindex(publications[RECORD]).set_axis(publications.index)
        given = publications.get(name)
        publications[name] = found if given is None else given.fillna(found)


def script_language(texts: pd.Series) -> pd.Series:
    """Language by script: kana ja, hangul ko, Chinese characters zh, Latin letters en."""
    result = pd.Series(None, index=texts.index, dtype="str")
    result[texts.str.contains(r"[A-Za-z]", na=False)] = "en"
    result[texts.str.contains(r"[\u0400-\u04ff]{3}", na=False)] = "ru"
    result[texts.str.contains(r"[\u4e00-\u9fff]", na=False)] = "zh"
    result[texts.str.contains(r"[\u3040-\u30ff]", na=False)] = "ja"
    result[texts.str.contains(r"[\uac00-\ud7af]", na=False)] = "ko"
    return result


def event_category(texts: pd.Series) -> pd.Series:
    """Category of legal events by the words of their text; missing where no word tells."""
    rules = _resources.load_csv("vocabularies", "event_category")
    unique = pd.Series(texts.dropna().unique(), dtype="str")
    category = pd.Series(None, index=unique.index, dtype="str")
    for rule in rules:
        hit = category.isna() & unique.str.contains(rule["pattern"], case=False, regex=True)
        category[hit] = rule["value"]
    return texts.map(dict(zip(unique, category, strict=True))).astype("str")


def complete_types(publications: pd.DataFrame) -> None:
    """Patent type and grant from office and kind code, where the vendor does not tell."""
    rules = {
        (row["office"], row["kind"]): row for row in _resources.load_csv("vocabularies", "kinds")
    }
    pair = pd.MultiIndex.from_frame(publications[["authority", "kind_code"]])
    found = {p: _kind_rule(rules, *p) for p in pair.unique()}
    for name in ("patent_type", "granted"):
        derived = pd.Series([found[p].get(name) or None for p in pair], index=publications.index)
        if name == "granted":
            derived = derived.map({"true": True, "false": False}).astype("boolean")
        given = publications.get(name)
        publications[name] = derived if given is None else given.fillna(derived)


def _kind_rule(
    rules: dict[tuple[str, str], dict[str, str]], office: object, kind: object
) -> dict[str, str]:
    if not isinstance(kind, str):
        return {}
    for where in (str(office), "*"):
        for code in (kind, kind[:1]):
            if (where, code) in rules:
                return rules[where, code]
    return {}
