"""Which format a file is: by the meaning of its headers, never by their number or order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patentnav.errors import FormatError
from patentnav.io import formats

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from patentnav.io.formats import Format

_HEADER_LENGTH = 120
_HEADER_ROWS = 30  # a header stands within the first rows, or there is none
_SHARED, _EXACT, _MARK = 0.5, 0.1, 3.0
_UNMARKED = 0.8
_RECORD = re.compile(r"^[A-Z]{2}[\s-]?\d[\d/]{5,}[\s-]?(?:[A-Z]\d?)?$")  # a publication number
_ENOUGH = 0.25  # share of headers that must be known


@dataclass(frozen=True)
class Match:
    """How well headers fit a format."""

    format: Format
    score: float
    known: float
    missing: tuple[str, ...]
    marked: bool
    told: bool

    @property
    def fits(self) -> bool:
        """Whether the headers may be of this format."""
        if self.format.name == formats.GENERIC and self.told:
            return True  # the caller names the number: that is enough
        enough = self.known >= _ENOUGH and self.marked and bool(self.format.needs)
        return enough and (not self.missing or self.told)


def match(headers: Sequence[str], candidate: Format) -> Match:
    """Compare headers with a format.

    A header that only this format knows counts one, a word that the vendors of a language share
    half, a header spelled exactly as this vendor does a little more, a mark much. Without any mark
    the table may be anybody's, and the format for any table comes first.
    """
    present = keys(headers)
    distinct = present & candidate.distinct
    known = {formats.header_key(h) for h in headers if h and candidate.targets(h)} & present
    exact = sum(1 for h in set(headers) if h.strip() in candidate.verbatim)
    marks = present & candidate.marks
    points = len(distinct) + _SHARED * len(known - distinct) + _EXACT * exact + _MARK * len(marks)
    if not marks and candidate.name != formats.GENERIC:
        points *= _UNMARKED
    missing = tuple(
        one[0] for one in candidate.needs if not any(formats.header_key(h) in present for h in one)
    )
    n = max(len(present), 1)
    marked = bool(marks) or not candidate.marks or candidate.name == formats.GENERIC
    told = bool(present & candidate.told)
    return Match(candidate, points / n, len(known) / n, missing, marked, told)


def detect(
    headers: Sequence[str], file: str, candidates: Iterable[Format], container: str = ""
) -> Format:
    """Return the format that headers belong to.

    Parameters
    ----------
    headers
        Headers of the table.
    file
        Name for messages.
    candidates
        The formats it may be.
    container
        What the table was found in; JSON has names in place of headers.

    Raises
    ------
    FormatError
        No format has its needed columns here; the message names the closest one.
    """
    matches = sorted(
        (match(headers, c) for c in candidates if not c.reader),
        key=lambda m: (-m.score, m.format.name),
    )
    fitting = [m for m in matches if m.fits]
    if fitting:
        return fitting[0].format
    closest = next((m for m in matches if m.marked), matches[0])
    if closest.score == 0:
        seen = ", ".join(f'"{h}"' for h in headers[:6] if h)
        look = "Check the separator and the header row"
        if container == "json":
            look = "It is JSON, whose names are taken for headers: name its fields"
        if any(_RECORD.match(h.strip()) for h in headers):
            look = "Its first row looks like a record: insert a header row"
        msg = (
            f'"{file}" is no known format: none of its headers is known (it has {seen}). '
            f"{look}, or say what the columns are: "
            'read(…, columns={"header": "publications.publication_id", …}).'
        )
        raise FormatError(msg)
    lacks = ", ".join(closest.missing) or "most of its columns"
    msg = (
        f'"{file}" is no known format; closest is {closest.format.name} '
        f"({closest.known:.0%} of the headers known). Missing: {lacks}. "
        "Export again with those columns, or say what the columns are: "
        'read(…, columns={"header": "publications.publication_id", …}).'
    )
    raise FormatError(msg)


def header_row(rows: Sequence[Sequence[str]], known: frozenset[str]) -> int:
    """Index of the row that is the header: the first with most known headers.

    Without any known header it is the first row with the most filled cells.
    """
    best, best_points = 0, (-1, -1)
    for i, row in enumerate(rows[:_HEADER_ROWS]):
        cells = keys(row)
        points = (len(cells & known), 0)
        if points[0] == 0:
            points = (0, len(cells))
        if points > best_points:
            best, best_points = i, points
    return best


def keys(row: Iterable[str]) -> frozenset[str]:
    """Filled cells of a row in the form in which headers are compared."""
    return frozenset(
        formats.header_key(cell) for cell in row if cell and len(cell) < _HEADER_LENGTH
    )


def known_headers(candidates: Iterable[Format]) -> frozenset[str]:
    """All headers that any format knows, in the form in which they are compared."""
    return frozenset(key for c in candidates for key in c.columns)
