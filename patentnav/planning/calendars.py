"""Deadlines as a calendar file (RFC 5545), for the programs in which people keep their days.

One kind of entry with eight properties needs two rules, escaping and folding: these stand here, as a
library (icalendar, with tzdata and dateutil) brings far more than them and sets times of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import _files
from patentnav.errors import ArgumentError, MissingColumnError
from patentnav.i18n import has, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_LINE = 75  # octets of a line, without its end
_NEEDED = ("publication_id", "kind", "office", "deadline", "days_left", "certain", "surcharge")
REMIND = 30  # days


def calendar(
    table: pd.DataFrame,
    path: Path,
    *,
    titles: Mapping[str, str] | pd.Series | None = None,
    lang: str | None = None,
    remind: int = REMIND,
) -> Path:
    """Write deadlines as a calendar file, a whole day each.

    Parameters
    ----------
    table
        What :func:`patentnav.planning.deadlines` returned; rows without a day are left out.
    path
        File to write; ends in ``.ics``.
    titles
        Title by ``publication_id``, for the description.
    lang
        Language of the entries.
    remind
        Days before the deadline on which the program reminds; 0 for no reminder.

    Returns
    -------
    pathlib.Path
        The file. The same table gives the same bytes.

    Raises
    ------
    ArgumentError
        The ending is another one, or ``remind`` is negative.
    MissingColumnError
        A column of the deadlines is absent.

    References
    ----------
    RFC 5545, Internet Calendaring and Scheduling (iCalendar): §3.1 folding, §3.3.11 escaping.
    """
    if path.suffix != ".ics":
        msg = f'"{path.name}": a calendar file ends in .ics.'
        raise ArgumentError(msg)
    if remind < 0:
        msg = f"remind={remind} must be 0 or more days."
        raise ArgumentError(msg)
    for column in _NEEDED:
        if column not in table:
            msg = f'The table has no column "{column}". Take that of planning.deadlines.'
            raise MissingColumnError(msg)
    names = {} if titles is None else dict(titles)
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//patentnav//deadlines//EN", "CALSCALE:GREGORIAN",
        *_entries(table.dropna(subset=["deadline"]), names, lang, remind), "END:VCALENDAR",
    ]  # fmt: skip
    content = "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))
    _files.write_file(path, content.encode("utf-8"))
    return path


def _entries(
    table: pd.DataFrame, titles: Mapping[str, str], lang: str | None, remind: int
) -> Iterator[str]:
    for row in table.to_dict("records"):
        day = pd.Timestamp(row["deadline"])
        number = str(row["publication_id"])
        key = "surcharge" if row["surcharge"] else row["kind"]
        office = _office(str(row["office"]), lang)
        summary = text(f"operation.deadline.{key}", lang, number=number, office=office)
        if not row["certain"]:
            summary = text("operation.deadline.no_later", lang, summary=summary)
        said = titles.get(number)
        told = text("operation.deadline.about", lang, title=said) if isinstance(said, str) else ""
        note = text("operation.deadline.note", lang)
        yield from (
            "BEGIN:VEVENT",
            f"UID:{number}-{row['kind']}-{row['office']}-{day:%Y%m%d}@patentnav",
            f"DTSTAMP:{day - pd.Timedelta(days=int(row['days_left'])):%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + pd.Timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(summary)}",
            f"DESCRIPTION:{_escaped(told + note)}",
            "TRANSP:TRANSPARENT",
        )
        if remind:
            yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(summary)}",
                        f"TRIGGER:-P{remind}D", "END:VALARM")  # fmt: skip
        yield "END:VEVENT"


def _office(code: str, lang: str | None) -> str:
    key = f"report.authority.{code}"
    return text(key, lang) if has(key, lang) else code


def _escaped(value: str) -> str:
    for sign in ("\\", ";", ","):
        value = value.replace(sign, f"\\{sign}")
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Pieces of at most 75 octets, no character cut; all but the first begin with a blank."""
    piece, size = "", 0
    for sign in line:
        width = len(sign.encode("utf-8"))
        if size + width > _LINE:
            yield piece
            piece, size = " ", 1
        piece, size = piece + sign, size + width
    yield piece
