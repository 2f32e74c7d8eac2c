"""Reference lists in the RIS form, as Espacenet, Lens, Zotero and EndNote write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from patentnav.errors import FormatError
from patentnav.io.encodings import decode
from patentnav.io.raw import from_records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.io.raw import RawTable

_TAG = re.compile(r"^([A-Z][A-Z0-9])\s{0,2}-(?:\s(.*))?$")
_BEGIN = re.compile(r"^\s*(?:\d+\.?\s*\n\s*)?TY\s{0,2}-\s*[A-Z]{3,}")
_PATENT = "PAT"
_DATES = {"DA", "PY", "Y1", "Y2"}
_DAY = re.compile(r"^\s*(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:/.*)?$")
_YEAR = re.compile(r"^\s*(\d{4})(?:/.*)?$")
_NUMBER = re.compile(r"(?:\d[^\d]?){6}")
_EXCERPT = 200


def sniff(head: bytes, _name: str) -> bool:
    """Tell a list by its first tag, which is the type of a reference."""
    text = head[:4096].decode("utf-8-sig", errors="ignore")
    return bool(_BEGIN.match(text.replace("\r\n", "\n").replace("\r", "\n")))


def read(content: bytes, name: str) -> RawTable:
    """Read one record per patent, by tag; other literature is set aside.

    Dates without a day are the field ``year``.

    Raises
    ------
    FormatError
        The file has no patent.
    """
    text, encoding = decode(content, name)
    records, rows, rejected = [], [], []
    for row, tags in _references(text.replace("\r\n", "\n").replace("\r", "\n")):
        kind = tags.get("TY", [""])[0]
        if kind != _PATENT:
            title = next((tags[t][0] for t in ("TI", "T1") if t in tags), "")
            rejected.append((row, title[:_EXCERPT], f"no patent: its type is {kind}"))
            continue
        rows.append(row)
        records.append(_record(tags))
    if not records:
        msg = f'"{name}" has no patent (TY  - PAT) among its {len(rejected)} references. Export it again.'
        raise FormatError(msg)
    return from_records(records, encoding, rows=rows, rejected=rejected)


def _references(text: str) -> Iterator[tuple[int, dict[str, list[str]]]]:
    """References with the line they begin in; a line without tag continues the one before."""
    tags: dict[str, list[str]] = {}
    start, last = 0, ""
    for row, line in enumerate(text.split("\n"), 1):
        found = _TAG.match(line.strip("\ufeff\x1a ") if not tags else line.rstrip())
        tag = found[1] if found else ""
        if tag in {"TY", "ER"} and tags:
            yield start, tags
            tags, last = {}, ""
        if tag == "TY":
            start = row
        if tag and tag != "ER" and (tags or tag == "TY"):
            value = (found[2] or "").strip() if found else ""
            if value:
                tags.setdefault(tag, []).append(value)
            last = tag if value else ""
        elif not tag and last and line.strip():
            tags[last][-1] += " " + line.strip()
    if tags:
        yield start, tags


def _record(tags: dict[str, list[str]]) -> dict[str, str | list[str] | None]:
    record: dict[str, str | list[str] | None] = {}
    for tag, values in tags.items():
        if tag in _DATES:
            days = [m for m in map(_DAY.match, values) if m]
            years = [m for m in map(_YEAR.match, values) if m]
            if days:
                record[tag] = f"{days[0][1]}-{days[0][2]:0>2}-{days[0][3]:0>2}"
            elif years:
                record["year"] = years[0][1]
            else:
                record[tag] = values[0]
        elif tag == "IS" and not _NUMBER.search(values[0]):
            record["issue"] = values[0]
        else:
            record[tag] = values
    return record
