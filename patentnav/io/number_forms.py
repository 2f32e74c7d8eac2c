"""Numbers in the forms that single vendors and offices give them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from patentnav.io.vocabularies import vocabulary
from patentnav.normalize import identifiers

if TYPE_CHECKING:
    import pandas as pd

_US_DOCDB = re.compile(r"^US\s*(\d{1,6})(\d{2})\s*[A-Z]?$")
_US_SERIES = (
    (2014, "14"), (2011, "13"), (2008, "12"), (2005, "11"), (2002, "10"), (1998, "09"),
    (1993, "08"), (1987, "07"), (1979, "06"), (1970, "05"),
)  # fmt: skip

_JOINTS = re.compile(r"[\s-]+")
# Word of the kind, "number", sign of the reign, year or number, serial.
_JAPANESE = re.compile(
    r"^(?P<word>[\u4e00-\u9fff]{2,6}?)\u7b2c?(?P<reign>[\u5927\u662d\u5e73\u4ee4])?"
    r"(?P<first>\d+)(?:[-/](?P<serial>\d+))?\D*$"
)
_REIGNS = {
    "\u5927": ("T", 1911), "\u662d": ("S", 1925), "\u5e73": ("H", 1988), "\u4ee4": ("R", 2018),
}  # fmt: skip
_FROM_PCT = {"\u518d\u8868", "\u518d\u516c\u8868"}  # republished international applications


def docdb_application(cells: pd.Series) -> pd.Series:
    """US numbers in the old DOCDB form, serial + two-digit year, with the series code instead."""
    known = {text: _us_series(text) for text in cells.dropna().unique()}
    return cells.map(known).astype("str")


def _us_series(text: str) -> str:
    found = _US_DOCDB.match(text)
    if not found:
        return text
    serial, year = int(found[1]), int(found[2])
    year += 1900 if year > 50 else 2000
    # A series begins in January; those from 10 on began late in the year before.
    moved = year in {2001, 2004, 2007, 2010, 2013} and serial < 150_000
    series = next((code for first, code in _US_SERIES if year + moved >= first), None)
    return f"US{series}{serial:06d}" if series else text


def _bare(cells: pd.Series) -> pd.Series:
    """Numbers as they were typed, without blanks and hyphens."""
    typed = {text: _JOINTS.sub("", identifiers.as_typed(text)) for text in cells.dropna().unique()}
    return cells.map(typed).astype("str")


def _spelled(cells: pd.Series, bare: pd.Series, found: pd.Series) -> pd.Series:
    """What was recognised; other cells stay as they are, for the account."""
    return found.where(found != bare, cells)


def korean_application(cells: pd.Series) -> pd.Series:
    """``1020150000637`` with its office; what is no such number stays for the account."""
    bare = _bare(cells)
    return _spelled(cells, bare, bare.str.replace(r"^([1-4]0\d{11})$", r"KR\1", regex=True))


def korean_publication(cells: pd.Series) -> pd.Series:
    """``1020150000637`` as a published application, 10 an invention and 20 a utility model."""
    bare = _bare(cells)
    plain = bare.str.replace(r"^10((?:19|20)\d{9})$", r"KR\1A", regex=True)
    plain = plain.str.replace(r"^20((?:19|20)\d{9})$", r"KR\1U", regex=True)
    return _spelled(cells, bare, plain)


def korean_grant(cells: pd.Series) -> pd.Series:
    """``1024130010000``: kind of right, seven digits, four zeros; before 1998 year and serial."""
    bare = _bare(cells)
    plain = bare.str.replace(r"^(10\d{7})(?:0000)?$", r"KR\1B1", regex=True)
    plain = plain.str.replace(r"^(20\d{7})(?:0000)?$", r"KR\1Y1", regex=True)
    plain = plain.str.replace(r"^(30\d{7})(?:0000)?$", r"KR\1S", regex=True)
    plain = plain.str.replace(r"^1019(\d{9})$", r"KR\1B1", regex=True)
    plain = plain.str.replace(r"^2019(\d{9})$", r"KR\1Y1", regex=True)
    return _spelled(cells, bare, plain)


def japanese_publication(cells: pd.Series) -> pd.Series:
    """Numbers with the Japanese word of their kind, year of the reign or of our era, and serial."""
    known = {text: _japanese(text, filed=False) for text in cells.dropna().unique()}
    return cells.map(known).astype("str")


def japanese_application(cells: pd.Series) -> pd.Series:
    """Filing numbers with their Japanese word, by the year of our era."""
    known = {text: _japanese(text, filed=True) for text in cells.dropna().unique()}
    return cells.map(known).astype("str")


def _japanese(text: str, *, filed: bool) -> str:
    found = _JAPANESE.match(unicodedata.normalize("NFKC", text).strip())
    kind = vocabulary("japanese_numbers").get(found["word"]) if found else None
    if not found or kind is None or (kind == "application") != filed:
        return text
    first, serial, reign = found["first"], found["serial"], _REIGNS.get(found["reign"] or "")
    if serial is None:
        return f"JP{first}{kind}" if reign is None and not filed else text
    serial = serial.zfill(6)
    if filed:
        return f"JP{reign[1] + int(first) if reign else first}{serial}"
    if found["word"] in _FROM_PCT:
        return f"JPWO{first}{serial}{kind}"
    return f"JP{reign[0] + first.zfill(2) if reign else first}{serial}{kind}"


def us_number(cells: pd.Series) -> pd.Series:
    """Numbers of the US office without its code, as its own tables write them."""
    bare = _bare(cells)
    found = bare.str.replace(r"^((?:D|RE|PP|H|T|AI|RX)?\d{3,11})$", r"US\1", regex=True)
    return _spelled(cells, bare, found)


def dii_application(cells: pd.Series) -> pd.Series:
    """``CN10733357 30 Jun 2021``: the year, left out of the number, comes from its date."""
    parts = cells.str.extract(r"^([A-Z]{2})(\S+)\s+\d{1,2} \w{3} (\d{4})$")
    return parts[0] + parts[2] + parts[1]
