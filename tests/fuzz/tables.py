"""Random exports with damage, as hypothesis draws them, and what must have become of every cell.

A :class:`Table` is drawn with the headers of one vendor's format (in any spelling, order and
number, with repeated, unknown and empty ones), cells good and bad, and a form of file. Since it is
known what was written, :func:`losses` can tell what reading lost without saying so.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import io
import re
import unicodedata
from dataclasses import dataclass

import pandas as pd
import xlsxwriter
from hypothesis import strategies as st

from patentnav import _resources
from patentnav.io import formats

NUMBERS = [
    "CN110298449A", "CN110298449B", "US 2011/0185700 A1", "US2009196801", "CN-107195962-B", "8407913",
    "KR20150000637 (U)", "EP1234567B1", "WO2021000716A1", "JP特開2019-123456", "CN1387401", "ＣＮ１０６２５６９０６Ａ",
    "PCT/CN2018/012345", "DE102012000389A1", "JPH05123456A", "1.0202E+12", "CN115536205-A", "CT1", "CN",
]  # fmt: skip
APPLICATIONS = [
    "CN201910593937.7", "CN95115608.X", "201210249767.4", "US12945138", "US 73154191 A", "PCT/SE2017/050621",
    "KR1020150000637", "1.02022E+12", "EP18100001", "CN20171047250", "no number",
]  # fmt: skip
DATES = [
    "2019-07-03", "2019/7/3", "2019.07.03", "20190703", "03.07.2019", "13/07/19", "07/13/2019", "43649",
    "30 Dec 2022", "Jul 3, 2019", "2019年7月3日", "2019-07-03 00:00:00", "2019-13-45", "0000-00-00", "9999-12-31",
    "20190230", "2019", "２０１９-０７-０３", "2019-07-03T23:59:59.000Z", "1e5",
]  # fmt: skip
NAMES = [
    "甲公司", "乙 大学", "Acme Inc.", "Müller, Jörg", "王明", "不公告发明人", "SociÃ©tÃ© X", "ＡＢ（中国）有限公司",
    "O'Neil & Sons", "[丰田公司-C", "(주)글로스코(대구광역시...)", "=HYPERLINK(\"x\")", "Smith\x7f John", "N/A",
]  # fmt: skip
SYMBOLS = [
    "G06N3/08", "G06N  3/08", "G06K0019073", "H01L", "B07C 5/34(2006.01)I", "C02F-101/30", "A61K031568", "XYZ",
    "14-02", "H04W 64/00 text", "G06F 3/0", "705/26", "6.5 (智能电网产业)", "C4012", "ｇ０６ｎ３/08",
]  # fmt: skip
COUNTS = ["0", "3", "12.0", "1,234", "４", "many", "-1", "1e3", "2.5", "99999999999999", "NaN"]
TEXTS = [
    "一种方法及装置", "Method & device", "A &amp; B &#x2014; C", "<b>bold</b> H<sub>2</sub>O", "=1+1", "+cmd|' /C calc'!A0",
    "<script>alert(1)</script>", "line\nbreak", 'he said ""x""', "a;b|c,d\te", "方法" * 40, "\ufeffBOM", "x\x0by",
    "-", "--", "None", "null", "#N/A", "  padded  ", "　全角空格　", "_x000D_", "🚀", "\u202eevil", ";;;", "| |",
]  # fmt: skip
SEPARATORS = ["; ", ";", " | ", "|", ";;", ", ", "\n", " |\n"]
_ANY = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12)
# Words that some format takes for a missing value, and cells of separators: no value to lose.
_VOID = {"", "-", "--", "0", "NA", "N/A", "None", "null", "nan", "NaN", "#N/A"}


@dataclass(frozen=True)
class Table:
    """One file to be, and what a reader is told of it."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    titles: int
    form: str
    separator: str
    encoding: str
    end: str
    damage: str

    @property
    def name(self) -> str:
        """Name of the file."""
        return f"table.{self.form}"


@functools.cache
def vendors() -> dict[str, tuple[list[tuple[str, str]], tuple[str, ...]]]:
    """Of every table format: headers with the fields they fill, and a header for the number."""
    found = {}
    for name in formats.names():
        form = formats.load(name)
        if form.reader:
            continue
        entry = _resources.load_toml("formats", name)
        layers = [_resources.load_toml("headers", n) for n in entry.get("headers", ())]
        columns = [
            (spelling, target.partition(".")[2] or target)
            for part in [entry, *layers]
            for spelling, target in _spellings(part["columns"])
        ]
        needs = tuple(one[0] for one in form.needs) or ("公开号",)
        found[name] = (columns, needs)
    return found


def _spellings(columns):
    for header, spec in columns.items():
        specs = spec if isinstance(spec, list) else [spec]
        for one in [header, *(also for s in specs for also in s.get("also", ()))]:
            yield one, specs[0]["to"]


def _pool(field: str) -> list[str]:
    if field.endswith("publication_id") or field in {"cited_id", "citing_id"}:
        return NUMBERS
    if field.endswith(("application_id", "priority_number")):
        return APPLICATIONS
    if field.endswith("date"):
        return DATES
    if field.endswith(("count", "size")):
        return COUNTS
    if field.startswith(("name", "party")):
        return NAMES
    return SYMBOLS if field == "symbol" else TEXTS


_OWN_NUMBER = st.integers(0, 99_999_999).map("CN1{:08d}A".format)


@functools.cache
def _cells(field: str) -> st.SearchStrategy[str]:
    one = st.sampled_from(_pool(field))
    if field == "publication_id":
        return st.one_of(_OWN_NUMBER, _OWN_NUMBER, _OWN_NUMBER, _OWN_NUMBER, one, _ANY)
    several = st.tuples(st.sampled_from(SEPARATORS), st.lists(one, min_size=2, max_size=4)).map(
        lambda drawn: drawn[0].join(drawn[1])
    )
    return st.one_of(one, one, several, st.just(""), st.sampled_from(TEXTS), _ANY)


def _respelled(header: str, way: int) -> str:
    """The header as another program would write it; what it means does not change."""
    match way:
        case 1:
            return header.replace("(", "（").replace(")", "）")
        case 2:
            return unicodedata.normalize("NFKC", header)
        case 3:
            return f" {header} "
        case 4:
            return header.upper()
        case 5:
            return header.replace(" ", "\u3000")
    return header


@st.composite
def tables(draw) -> Table:
    """Files of a few records."""
    columns, needs = vendors()[draw(st.sampled_from(sorted(vendors())))]
    fields = dict(columns)
    # Without a second column nothing tells the separator.
    chosen = draw(st.lists(st.sampled_from(columns), min_size=1, max_size=8))
    chosen += [(header, fields.get(header, "publication_id")) for header in needs]
    if draw(st.integers(0, 7)) == 0:
        chosen += [(draw(st.sampled_from(["", "心情", "foo", chosen[0][0]])), "text")]
    chosen = draw(st.permutations(chosen))
    headers = tuple(_respelled(h, draw(st.integers(0, 9))) for h, _ in chosen)
    rows = draw(
        st.lists(st.tuples(*(_cells(field) for _, field in chosen)), min_size=0, max_size=4)
    )
    if rows and draw(st.integers(0, 3)) == 0:
        rows.append(rows[0])
    form = draw(st.sampled_from(["csv", "csv", "xlsx"]))
    return Table(
        headers=headers,
        rows=tuple(rows),
        titles=draw(st.sampled_from([0, 0, 0, 1, 3])),
        form=form,
        separator=draw(st.sampled_from([",", ",", ";", "\t", "|"])),
        encoding=draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"])),
        end=draw(st.sampled_from(["\n", "\r\n"])),
        damage=draw(st.sampled_from([
            "", "", "", "trailing", "short", "blank rows", "header again", "surplus", "open quote",
            "cut", "tail",
        ])),
    )  # fmt: skip


def write(table: Table) -> bytes:
    """The file."""
    return _workbook(table) if table.form == "xlsx" else _delimited(table)


def _lines(table: Table) -> list[list[str]]:
    """Records as they go into the file, damage included."""
    lines = [list(row) for row in table.rows]
    match table.damage:
        case "trailing":
            lines = [[*line, ""] for line in lines]
        case "short":
            lines[1:2] = [line[: len(line) // 2] for line in lines[1:2]]
        case "blank rows":
            lines[1:1] = [[], [""] * len(table.headers)]
        case "header again":
            lines[1:1] = [list(table.headers)]
        case "surplus":
            lines[-1:] = [["shifted", *line] for line in lines[-1:]]
    return lines


def _delimited(table: Table) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=table.separator, lineterminator=table.end)
    writer.writerows([["search of today", ""]] * table.titles)
    writer.writerow(table.headers)
    writer.writerows(_lines(table))
    plain = text.getvalue()
    if table.damage == "open quote":
        plain += '"CN110298449A' + table.separator
    content = plain.encode(table.encoding)
    return content[: len(content) * 2 // 3] if table.damage == "cut" else content


def _workbook(table: Table) -> bytes:
    packed = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(packed, options) as book:
        sheet = book.add_worksheet("Sheet 1")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        lines = [["search of today"]] * table.titles + [list(table.headers), *_lines(table)]
        for i, line in enumerate(lines):
            for j, cell in enumerate(line):
                if i > table.titles:
                    _write_as_excel(sheet, (i, j), cell, day)
                else:
                    sheet.write_string(i, j, cell)
        if table.damage == "tail":
            book.add_worksheet("Notes").write_row(0, 0, ["公开号", "a note"])
    content = packed.getvalue()
    return content[: len(content) * 2 // 3] if table.damage == "cut" else content


def _write_as_excel(sheet, place: tuple[int, int], cell: str, day) -> None:
    """As a spreadsheet program takes a cell that is typed in: numbers and dates become such."""
    try:
        sheet.write_datetime(*place, dt.datetime.strptime(cell, "%Y-%m-%d"), day)  # noqa: DTZ007
    except (ValueError, TypeError):
        if cell.isascii() and cell.isdigit() and len(cell) < 15:
            sheet.write_number(*place, int(cell))
        else:
            sheet.write_string(*place, cell)


def records(table: Table) -> list[list[str]]:
    """Records that have a filled cell, in order."""
    return [line for line in _lines(table) if any(_seen(cell) for cell in line)]


def _seen(cell: str) -> bool:
    return bool(cell.strip())


def sound(table: Table) -> bool:
    """Whether the records of the file can be told from what was written."""
    return table.damage not in {"open quote", "cut"}


# Losses


def losses(table: Table, patents, file: str) -> list[str]:
    """What reading lost of a file without saying so; empty when nothing."""
    intake = patents.intake.set_index("file").loc[file]
    if not sound(table):
        return []
    expected = len(records(table))
    if intake["rows_in"] != expected:
        return [f"{expected} records written, {intake['rows_in']} read"]
    if table.damage in {"short", "surplus", "header again", "blank rows"}:
        return []
    account = patents.columns[patents.columns["file"].eq(file)]
    return _columns(table, account) + _unlisted(table, patents, file, account)


def identity(patents) -> list[str]:
    """Breaches of the identity of the account."""
    intake = patents.intake
    parts = intake["rows_out"] + intake["rows_merged"] + intake["rows_set_aside"]
    found = []
    if not (intake["rows_in"] == parts).all() or (intake["rows_merged"] < 0).any():
        found.append(f"the account does not add up: {intake.to_dict('records')}")
    if intake["rows_out"].sum() != len(patents):
        found.append(f"{intake['rows_out'].sum()} taken, {len(patents)} in the set")
    taken = intake.loc[intake["format"].notna(), "file"]  # a refused file has a line of its own
    aside = patents.set_aside["file"].str.replace(r" \[[^\]]*\]$", "", regex=True)  # further sheets
    if intake["rows_set_aside"].sum() != aside.isin(taken).sum():
        found.append("set_aside has another number of records than the account")
    return found


def _columns(table: Table, account: pd.DataFrame) -> list[str]:
    """Every header is in the account of columns, with as many filled cells as were written."""
    account = account[account["column"].ne("") | account["filled"].gt(0)]
    told = [
        (column, filled)
        for column, filled in zip(account["column"], account["filled"], strict=True)
        if column
    ]
    lines = records(table)
    written = [
        (header.strip(), {line[i].strip() for line in lines} if lines else set())
        for i, header in enumerate(table.headers)
    ]
    named = [(header, cells) for header, cells in written if header]
    if [header for header, _ in named] != [column for column, _ in told]:
        return [f"columns {[h for h, _ in named]} became {[c for c, _ in told]}"]
    nameless = sum(any(map(_has_value, cells)) for header, cells in written if not header)
    if nameless > account["column"].eq("").sum():
        return [f"{nameless} columns without header have values, fewer are in the account"]
    return [
        f"column {header!r} has cells, the account says {filled}"
        for (header, cells), (_, filled) in zip(named, told, strict=True)
        if filled == 0 and any(_has_value(cell) for cell in cells)
    ]


def _has_value(cell: str) -> bool:
    return cell not in _VOID and any(unicodedata.category(c)[0] in "LN" for c in cell)


def _unlisted(table: Table, patents, file: str, account: pd.DataFrame) -> list[str]:
    """Cells of records in the set that gave no value and are not listed."""
    failures = patents.cell_failures[patents.cell_failures["file"].eq(file)]
    listed = set(zip(failures["row"], failures["column"], strict=True))
    own = patents.publications[patents.publications["source_file"].eq(file)]
    ids = dict(zip(own["source_row"], own.index, strict=True))
    account = account.dropna(subset=["table"])
    targets = {
        column: [(t, f) for t in tables.split(" + ") for f in re.split(r" \+ |/", fields)]
        for column, tables, fields in zip(
            account["column"], account["table"], account["field"], strict=True
        )
    }
    columns = [header.strip() for header in table.headers]
    keys = [formats.header_key(column) for column in columns]
    found = []
    for i, line in enumerate(table.rows):
        row = table.titles + 2 + i
        for column, cell in zip(columns, line, strict=True):
            if not _has_value(cell.strip()) or column not in targets or (row, column) in listed:
                continue
            places = targets[column] + [("vendor_values", "value")] * (
                keys.count(formats.header_key(column)) > 1
            )
            if row in ids and not any(_held(patents, ids[row], *place) for place in places):
                found.append(f"gone: {cell!r} of {column!r}, {targets[column]}")
    return found


def _held(patents, publication: str, table: str, field: str) -> bool:
    """Whether a publication has a value in a field."""
    if table == "-" or field in {"publication_id", "application_id"}:
        return True
    earliest = patents.publications.at[publication, "earliest_priority_date"]
    if (table, field) == ("priorities", "date") and pd.notna(earliest):
        return True  # a date without its number is the earliest one
    if field == "_given":  # a part of the name
        field = "name_raw"
    if table not in patents.tables:
        return False
    frame = getattr(patents, table)
    if field not in frame:
        return False
    if table == "publications":
        return bool(pd.notna(frame.at[publication, field]))
    own = frame["citing_id" if table == "citations" else "publication_id"].eq(publication)
    if table == "citations":
        own |= frame["cited_id"].eq(publication)
    return bool(frame.loc[own, field].notna().any())
