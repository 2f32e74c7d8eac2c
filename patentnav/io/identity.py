"""What a record is called: its number, or an id of its own where it has no usable number."""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from patentnav import schema
from patentnav.io import detect, transforms
from patentnav.io.formats import all_formats, header_key
from patentnav.io.raw import ITEM, PART
from patentnav.normalize import identifiers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from patentnav.io.cells import Cells
    from patentnav.io.formats import Target

NO_NUMBER = "no usable publication or application number"
_TOO_LITTLE = f"{NO_NUMBER}, and too little else to tell the record"
_HEADER_AGAIN = f"{NO_NUMBER}; its cells are the headers again"
_PREFIX = "record-"
_DIGITS = 16
# Ids of records that are no numbers: Lens, and the accession numbers of Derwent.
_OPAQUE = (
    r"^(?:\d{3}-\d{3}-\d{3}-\d{3}-\d{2}[\dX]|(?:19|20)\d\d-[A-Z]\d{5}|(?:19|20)\d{7}[C-TV-Z])$"
)
_OWN_IDS = frozenset({"lensid", "ut", "accessionnumber", "primaryaccessionnumber"})
_BARE = r"^[\d\s,./-]*\d[\d\s,./-]*$"
# Tables whose cells tell one record from another; counts, status and citations change with time.
_TOLD_BY = ("texts", "parties", "inventors", "classifications", "priorities", "families",
            "vendor_values")  # fmt: skip
_COUNT = r"^[-+]?[\d,. ]+%?$"
_ENOUGH = 2  # kinds of content that a record must have
_HEADERS_AGAIN = 2
_HEADER_LENGTH = 120


@dataclass(frozen=True)
class Numbers:
    """Publication numbers of one column, with what its entry says of all of them."""

    header: str
    values: pd.Series
    target: Target

    @property
    def constants(self) -> Mapping[str, Any]:
        """What the entry says of every row that has a number here."""
        return self.target.constants

    def of_its_kinds(self, kind_codes: pd.Series | None) -> pd.Series:
        """The numbers of the records that the column identifies, by their kind code."""
        if not self.target.kinds or kind_codes is None:
            return self.values
        letter = kind_codes.str.slice(0, 1)
        return self.values.where(letter.isna() | letter.isin(list(self.target.kinds)))


def read_numbers(
    frame: pd.DataFrame,
    columns: Sequence[Numbers],
    application: Numbers | None,
    fail: Callable[[str, np.ndarray, pd.Series, str], None],
) -> None:
    """Give every record its numbers, office and kind code.

    Parameters
    ----------
    frame
        Publications of a piece; ``publication_id``, ``application_id``, ``authority`` and
        ``kind_code`` are set. ``publication_id`` is missing where no number can be used.
    columns
        Columns of publication numbers, the preferred one first.
    application
        The column of application numbers.
    fail
        Lists cells that could not be taken: header, records, values, reason.
    """
    empty = pd.Series(None, index=frame.index, dtype="str")
    header = application.header if application else "application_id"
    applications = frame.get("application_id", empty)
    offices = _stated(frame, "authority", application)
    frame["application_id"] = identifiers.application_ids(applications, offices)
    _list_refused(header, "application_id", applications, frame["application_id"], fail)
    ids, given = empty, empty
    for numbers in columns:
        own = numbers.of_its_kinds(frame.get("kind_code"))
        values = own.mask(own.str.fullmatch(_OPAQUE, na=False))
        read = identifiers.publication_ids(
            values, _stated(frame, "kind_code", numbers), _stated(frame, "authority", numbers)
        )
        ids, given = ids.fillna(read), given.fillna(own)
    first = columns[0].header if columns else "publication_id"
    opaque = given.str.fullmatch(_OPAQUE, na=False)
    _list_refused(first, "publication_id", given.mask(opaque), ids, fail)
    fallback = ids.isna() & frame["application_id"].notna()
    ids = ids.fillna(frame["application_id"])
    fail(
        header, np.flatnonzero(fallback), frame["application_id"][fallback],
        "no publication number; the application number identifies the record",
    )  # fmt: skip
    frame["publication_id"] = ids
    parts = identifiers.parts(ids.where(~fallback))
    for name in ("authority", "kind_code"):
        stated = frame.get(name)
        frame[name] = parts[name] if stated is None else parts[name].fillna(stated)
    for one in (*columns, *([application] if application else [])):
        for name, constant in one.constants.items():
            values = frame.get(name, pd.Series(None, index=frame.index, dtype=object))
            where = values.isna() & one.values.notna()
            if where.any() and name != "kind_code":  # which is part of the number by now
                frame[name] = values.mask(where, constant)
    if frame["authority"].isna().any():
        office = frame["application_id"].str.slice(0, 2)
        frame["authority"] = frame["authority"].fillna(office.where(office != "PC"))


def _stated(frame: pd.DataFrame, name: str, numbers: Numbers | None) -> pd.Series | None:
    """Office or kind code by another column, else by the entry of the column of the numbers."""
    column = frame.get(name)
    if numbers is None or name not in numbers.constants:
        return column
    constant = transforms.constant(numbers.constants[name], len(frame)).set_axis(frame.index)
    return constant if column is None else column.fillna(constant)


def _list_refused(
    header: str,
    what: str,
    texts: pd.Series,
    ids: pd.Series,
    fail: Callable[[str, np.ndarray, pd.Series, str], None],
) -> None:
    bad = texts.notna() & ids.isna()
    if not bad.any():
        return
    damaged = texts[bad].map(identifiers.is_damaged)
    lost = damaged.index[damaged]
    fail(
        header, lost.to_numpy(), texts[lost],
        "a spreadsheet rounded the number; its digits are lost",
    )  # fmt: skip
    other = damaged.index[~damaged]
    bare = texts[other].str.match(_BARE)
    fail(
        header, other[bare].to_numpy(), texts[other[bare]],
        f'not a {what}: it has no office. Say it: columns={{"{header}": '
        f'{{"to": "publications.{what}", "authority": "…"}}}}',
    )  # fmt: skip
    fail(header, other[~bare].to_numpy(), texts[other[~bare]], f"not a {what}")


# Records without a number


def own_ids(
    lost: np.ndarray,
    publications: pd.DataFrame,
    columns: Sequence[Numbers],
    by_table: Mapping[str, Sequence[Cells]],
) -> tuple[pd.Series, pd.Series]:
    """Ids of records without a usable number.

    Such an id is the record's own id with the vendor (Lens, Derwent), or made from its content:
    what is left of its numbers, dates, texts, parties, inventors, classes, priorities, family and
    the vendor's words, in whatever order their columns stand. Records that are equal in all of it
    have the same id.

    Parameters
    ----------
    lost
        The records.
    publications
        Publications of the piece, dates read.
    columns
        Columns of publication numbers.
    by_table
        Cells of the other tables.

    Returns
    -------
    ids, reasons : pandas.Series
        By record of ``lost``: its id, and where it has none the reason why.
    """
    opaque = pd.Series(None, index=lost, dtype="str")
    for numbers in columns:
        values = numbers.values.loc[lost].str.upper()
        opaque = opaque.fillna(values.where(values.str.fullmatch(_OPAQUE, na=False)))
    content: dict[int, list[str]] = defaultdict(list)
    kinds: dict[int, set[str]] = defaultdict(set)
    again: dict[int, int] = defaultdict(int)
    told: dict[int, str] = {}
    for kind, key, position, text in _content(lost, publications, by_table):
        content[position].append(_plain(text))
        kinds[position] |= {kind} - {""}
        again[position] += _is_header(text, key)
        if key in _OWN_IDS and re.match(_OPAQUE, text):
            told.setdefault(position, text.upper())
    for numbers in columns:
        given = numbers.values.loc[lost].dropna()
        for position, text in zip(given.index, given, strict=True):
            content[int(position)].append(_plain(text))
            again[int(position)] += _is_header(text, header_key(numbers.header))
    opaque = opaque.fillna(pd.Series(told, dtype="str"))
    ids: list[str | None] = []
    reasons: list[str | None] = []
    for position, own in zip(lost, opaque, strict=True):
        reason = None
        if again[position] >= _HEADERS_AGAIN:
            reason = _HEADER_AGAIN
        elif not isinstance(own, str) and len(kinds[position]) < _ENOUGH:
            reason = _TOO_LITTLE
        reasons.append(reason)
        made = own if isinstance(own, str) else _made_id(content[position])
        ids.append(None if reason else made)
    return pd.Series(ids, index=lost, dtype="str"), pd.Series(reasons, index=lost, dtype="str")


def _made_id(content: Iterable[str]) -> str:
    plain = "\n".join(sorted(content)).encode()
    return _PREFIX + hashlib.sha256(plain).hexdigest()[:_DIGITS]


def _content(
    lost: np.ndarray, publications: pd.DataFrame, by_table: Mapping[str, Sequence[Cells]]
) -> Iterable[tuple[str, str, int, str]]:
    """Kind of content, header, record and text of every filled cell that tells a record."""
    rows = publications.iloc[lost]
    for name, column in schema.table("publications").columns.items():
        if column.dtype == "date" and name in rows:
            known = rows[name].notna().to_numpy()
            for position, day in zip(lost[known], rows[name][known], strict=True):
                yield "date", "", int(position), f"{name} {day:%Y-%m-%d}"
    for table in _TOLD_BY:
        seen: set[tuple[int, str]] = set()
        for cells in by_table.get(table, ()):
            kind = str(cells.target.constants.get("field", "")) if table == "texts" else table
            kind = "" if table == "vendor_values" else kind
            key = header_key(cells.header)
            worth = table != "vendor_values"
            texts = cells.column.take(pa.array(lost)).to_pylist()
            for position, text in zip(lost, texts, strict=True):
                if text and (int(position), text) not in seen and (worth or not _is_count(text)):
                    seen.add((int(position), text))
                    yield kind, key, int(position), text


def _is_count(text: str) -> bool:
    return re.match(_COUNT, text) is not None


def _is_header(text: str, key: str) -> bool:
    if len(text) >= _HEADER_LENGTH:
        return False
    own = header_key(text)
    return own == key or own in _headers()


@functools.cache
def _headers() -> frozenset[str]:
    """Headers of all formats: a second header row is in another language."""
    return detect.known_headers(all_formats())


def _plain(text: str) -> str:
    """Text in the form in which records are compared: width, case, blanks do not count."""
    text = text.replace(ITEM, ";").replace(PART, " ")
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
