"""Signs of a bad export: lists that were capped, cut, sorted and cut, shifted or left constant.

Nothing is changed by them: they are listed in ``patents.signs``, for the analyst to export again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from patentnav import schema
from patentnav.io.formats import NOT_DATA
from patentnav.io.raw import Sign

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from patentnav.io.formats import Format, Target

# Rows at which vendors and spreadsheets end a list (65,536 and 1,048,576 rows with the header).
_CAPS = frozenset(
    {500, 1000, 2000, 3000, 5000, 10_000, 15_000, 20_000, 30_000, 50_000, 60_000, 65_535, 100_000,
     1_048_575}
)  # fmt: skip
_CELL = 32_767  # characters of a cell of a spreadsheet
_CUTS = (
    255,
    256,
    1000,
    1024,
    2000,
    2048,
    4000,
    4096,
    8000,
    8192,
    32_000,
    32_765,
    32_766,
    _CELL,
    65_535,
)
_CUT_CELLS = 3  # cells of the same round length, where it is not that of a spreadsheet
_CUT_SHARE = 0.01
_FEW = 20  # records below which equal values are no sign
_SERIES = 100  # records from which years are looked at
_HIGH, _LOW = 30, 0.1  # a year, and the share of it that is a cliff
_EXPECTED = 20
_DELAY = 3  # years until what was applied for is published
_SHIFTED = 0.02
_AGREE, _BETTER = 0.8, 0.2
# Fields that differ between patents, unless something went wrong.
_DIFFER = frozenset({"publication_id", "application_id", "title", "abstract", "claims", "first_claim",
                     "name_raw", "name", "symbol", "application_date", "publication_date",
                     "forward_citation_count", "backward_citation_count", "family_size",
                     "claim_count", "priority_number", "grant_date"})  # fmt: skip
_LOOKS = {
    "date": r"^\s*(?:[0-9]{3,4}\s*[-/.\x{5e74}\x{b144}]\s*[0-9]{1,2}|(?:19|20)[0-9]{6}\s*$|[0-9]{1,2}[-/. ]"
            r"(?:[0-9]{1,2}|[A-Za-z]{3,9})[-/., ]+[0-9]{2,4}|[1-6][0-9]{4}\s*$)",
    "number": r"^\s*(?:[A-Za-z]{2}[- ]?)?[A-Za-z]{0,3}[- ]?[0-9][-/A-Za-z0-9 .]{4,24}(?:\s*\([A-Z][0-9]?\))?\s*$",
    "class": r"^\s*[A-H][0-9]{2}[A-Z](?:\s*[0-9]{1,4})?",
}  # fmt: skip


@dataclass
class Found:
    """What the pieces of a file tell, to be added up."""

    rows: int = 0
    cut: Counter[tuple[str, int]] = field(default_factory=Counter)
    filled: Counter[str] = field(default_factory=Counter)
    constants: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    shifted: Counter[str] = field(default_factory=Counter)
    first_shifted: int = 0
    years: dict[str, Counter[int]] = field(default_factory=dict)
    last: dict[str, pd.Timestamp] = field(default_factory=dict)
    ends: dict[str, list[tuple[pd.Timestamp, pd.Timestamp, bool, bool]]] = field(
        default_factory=dict
    )
    agreement: Counter[int] = field(default_factory=Counter)
    backwards: int = 0

    def add(self, other: Found) -> None:
        """Add what a later piece tells."""
        for header, told in other.constants.items():
            if self.constants.setdefault(header, told) != told:
                self.constants[header] = None
        self.rows += other.rows
        self.cut.update(other.cut)
        self.filled.update(other.filled)
        self.shifted.update(other.shifted)
        self.first_shifted = self.first_shifted or other.first_shifted
        for name, years in other.years.items():
            self.years.setdefault(name, Counter()).update(years)
            self.last[name] = max(self.last.get(name, other.last[name]), other.last[name])
            self.ends.setdefault(name, []).extend(other.ends[name])
        self.agreement.update(other.agreement)
        self.backwards += other.backwards


class Watch:
    """Looks at the columns of a piece as they come, and keeps nothing of them."""

    def __init__(
        self, headers: Sequence[str], columns: Sequence[pa.Array], form: Format, rows: np.ndarray
    ) -> None:
        self._found = Found(rows=len(rows))
        if not len(rows):
            return
        targets = [form.targets(header) if header else () for header in headers]
        for header, column, meant in zip(headers, columns, targets, strict=True):
            if column.null_count < len(column) and meant and meant[0].table != NOT_DATA:
                self._cut(header, column)
                self._constant(header, column, meant, form.missing)
        if not form.reader:  # whose fields stand in no order
            self._shifted(columns, targets, rows)

    def _cut(self, header: str, column: pa.Array) -> None:
        lengths = pc.binary_length(column)
        longest = pc.max(lengths).as_py() or 0
        self._found.filled[header] += len(column) - column.null_count
        if longest < _CUTS[0]:
            return
        size = pc.utf8_length(column)
        longest = pc.max(size).as_py()
        if longest in _CUTS:
            self._found.cut[header, longest] += pc.sum(pc.equal(size, longest)).as_py()
        else:
            self._found.cut[header, longest] += 1  # a longer one somewhere tells of no cut

    def _constant(
        self, header: str, column: pa.Array, meant: Sequence[Target], missing: frozenset[str]
    ) -> None:
        first = column[0].as_py()
        equal = first is not None and column.null_count == 0 and first.strip() not in missing
        equal = equal and bool(pc.all(pc.equal(column, first)).as_py())
        fields = meant[0].constants.get("field") or meant[0].field
        self._found.constants[header] = (first[:60], str(fields)) if equal else None

    def _shifted(
        self, columns: Sequence[pa.Array], targets: Sequence[Sequence[Target]], rows: np.ndarray
    ) -> None:
        """Records whose cells look right one column to the right or to the left."""
        kinds = {i: kind for i, meant in enumerate(targets) if (kind := _kind(meant))}
        if len(kinds) < 2:
            return
        wrong = np.zeros(len(rows), dtype=bool)
        for i, kind in kinds.items():
            wrong |= _filled(columns[i]) & ~_looks(columns[i], kind)
        if not wrong.any():
            return
        where = pa.array(np.flatnonzero(wrong))
        part = [column.take(where) for column in columns]
        here = sum(_looks(part[i], kind).astype(int) for i, kind in kinds.items())
        for side, step in (("right", 1), ("left", -1)):
            beside = sum(
                _looks(part[i + step], kind).astype(int)
                for i, kind in kinds.items() if 0 <= i + step < len(part)
            )  # fmt: skip
            moved = np.asarray((beside > here) & (beside >= min(2, len(kinds))))
            if moved.any():
                self._found.shifted[side] += int(moved.sum())
                self._found.first_shifted = int(rows[np.flatnonzero(wrong)[moved]][0])

    def found(self, publications: pd.DataFrame) -> Found:
        """What the columns and the publications made of them tell."""
        found = self._found
        for name in ("application_date", "publication_date"):
            known = publications[name].dropna() if name in publications else pd.Series(dtype=object)
            if len(known):
                found.years[name] = Counter(known.dt.year.value_counts().to_dict())
                found.last[name] = known.max()
                steps = known.diff().dropna()
                zero = pd.Timedelta(0)
                found.ends[name] = [
                    (known.iloc[0], known.iloc[-1], bool((steps >= zero).all()),
                     bool((steps <= zero).all()))
                ]  # fmt: skip
        if {"application_date", "application_id"} <= {*publications}:
            found.agreement.update(_agreement(publications))
        if {"application_date", "publication_date"} <= {*publications}:
            earlier = publications["publication_date"] < publications["application_date"]
            found.backwards = int(earlier.sum())
        return found


def _kind(meant: Sequence[Target]) -> str:
    if not meant or meant[0].table == NOT_DATA or meant[0].split or meant[0].pattern:
        return ""
    name = meant[0].field
    if meant[0].table == "publications" and name in schema.table("publications").columns:
        if schema.table("publications").column(name).dtype == "date":
            return "date"
        return "number" if name in {"publication_id", "application_id"} else ""
    plain = name == "symbol" and meant[0].constants.get("scheme") in {"IPC", "CPC"}
    return "class" if plain else ""


def _filled(column: pa.Array) -> np.ndarray:
    filled: np.ndarray = column.is_valid().to_numpy(zero_copy_only=False)
    return filled


def _looks(column: pa.Array, kind: str) -> np.ndarray:
    hit = pc.fill_null(pc.match_substring_regex(column, _LOOKS[kind]), False)
    looks: np.ndarray = hit.to_numpy(zero_copy_only=False)
    return looks & ~_looks(column, "date") if kind == "number" else looks


def _agreement(publications: pd.DataFrame) -> dict[int, int]:
    """Records whose number says the year of the date of their own row, the row before, after."""
    number = publications["application_id"].str.extract(
        r"^(?:PCT[A-Z]{2}|CN|KR|JP|TW|WO)((?:19[89]|20[0-2])\d)\d{5}", expand=False
    )
    year = publications["application_date"].dt.year
    known = pd.to_numeric(number, errors="coerce")
    return {
        step: int((known == year.shift(step)).sum()) for step in (0, 1, -1)
    } | {9: int((known.notna() & year.notna()).sum())}  # fmt: skip


# Files


def of_file(pieces: Iterable[Found]) -> pd.DataFrame:
    """Signs of one file: ``sign, column, rows, note``."""
    found = Found()
    for piece in pieces:
        found.add(piece)
    signs = [*_lists(found), *_cells(found), *_years(found)]
    return pd.DataFrame(signs, columns=["sign", "column", "rows", "note"])


def _lists(found: Found) -> Iterable[Sign]:
    if found.rows in _CAPS:
        yield Sign(
            "cap", None, found.rows,
            f"exactly {found.rows:,} records: vendors end a list there. Compare with the number of "
            "hits, and export the rest in parts",
        )  # fmt: skip
        for name, ends in found.ends.items():
            if found.rows >= _SERIES and (told := _sorted(ends)):
                side, day = told
                yield Sign(
                    "sorted_and_cut", name, found.rows,
                    f"sorted by {name} and capped: nothing {side} {day:%Y-%m-%d} is in the list, "
                    "and no year beyond can be counted",
                )  # fmt: skip


def _sorted(
    ends: Sequence[tuple[pd.Timestamp, pd.Timestamp, bool, bool]],
) -> tuple[str, pd.Timestamp] | None:
    """Where a sorted list ends; None where it is not sorted, or all of one day."""
    flat = [day for first, last, _, _ in ends for day in (first, last)]
    if flat[0] == flat[-1]:
        return None
    if all(up for *_, up, _ in ends) and flat == sorted(flat):
        return "after", flat[-1]
    if all(down for *_, down in ends) and flat == sorted(flat, reverse=True):
        return "before", flat[-1]
    return None


def _cells(found: Found) -> Iterable[Sign]:
    lengths: dict[str, dict[int, int]] = {}
    for (header, length), count in found.cut.items():
        lengths.setdefault(header, {})[length] = count
    for header, counts in lengths.items():
        longest = max(counts)
        enough = max(_CUT_CELLS, _CUT_SHARE * found.filled[header])
        if longest in _CUTS and (longest == _CELL or counts[longest] >= enough):
            yield Sign(
                "cut_cells", header, counts[longest],
                f"cut at {longest:,} characters, the longest that a cell of the program held",
            )  # fmt: skip
    for header, told in found.constants.items():
        if told and found.rows >= _FEW and told[1] in _DIFFER:
            yield Sign(
                "constant_column", header, found.rows,
                f'every value is "{told[0]}"; the column may have been filled down or not exported',
            )  # fmt: skip
    for side, count in found.shifted.items():
        yield Sign(
            "shifted_columns", None, count,
            f"the cells of {count:,} records fit the headers one column to the {side} (the first: "
            f"row {found.first_shifted}); a separator inside a cell moved them",
        )  # fmt: skip
    agreement, known = found.agreement, found.agreement[9]
    better = max(agreement[1], agreement[-1])
    if known >= _FEW and agreement[0] < _AGREE * known and better > agreement[0] + _BETTER * known:
        yield Sign(
            "shifted_columns", "application_date", known - agreement[0],
            "the dates fit the application numbers of the next row: one column was moved or sorted "
            "without the others",
        )  # fmt: skip
    if found.rows >= _FEW and found.backwards > _LOW * found.rows:
        yield Sign(
            "shifted_columns", "publication_date", found.backwards,
            "published before it was applied for: columns were exchanged, moved, or sorted without "
            "the others",
        )  # fmt: skip


def _years(found: Found) -> Iterable[Sign]:
    if found.rows < _SERIES:
        return
    applied, published = (found.last.get(n) for n in ("application_date", "publication_date"))
    if applied is not None and published is not None:
        gap = (published - applied).days / 365.25
        if gap > _DELAY:
            yield Sign(
                "missing_last_years", "application_date", 0,
                f"the last application is of {applied:%Y-%m-%d}, but publications go on until "
                f"{published:%Y-%m-%d}: later applications are missing",
            )  # fmt: skip
    end = max(day for day in (applied, published) if day is not None) if found.last else None
    for name, years in found.years.items():
        last = found.last[name]
        until = last.year if name == "publication_date" or end is None else end.year - _DELAY
        for year, before, count in _cliffs(years, last, until):
            yield Sign(
                "year_cliff", name, count,
                f"{before:,} records in {year - 1}, {count:,} in {year}: a part of the list seems "
                "to be missing",
            )  # fmt: skip


def _cliffs(
    years: Mapping[int, int], last: pd.Timestamp, until: int
) -> Iterable[tuple[int, int, int]]:
    """Years with hardly a record after a year with many: year, records before, records."""
    for year in range(min(years) + 1, min(last.year, until) + 1):
        before, count = years.get(year - 1, 0), years.get(year, 0)
        share = last.day_of_year / 366 if year == last.year else 1.0
        expected = before * share
        if before >= _HIGH and expected >= _EXPECTED and count < _LOW * expected:
            yield year, before, count
