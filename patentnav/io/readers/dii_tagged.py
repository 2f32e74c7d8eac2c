"""Field-tagged text of the Derwent Innovations Index: one Derwent family a record.

Two-letter tags begin a line, continuation lines are indented by three blanks; ``ER`` ends a record.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from patentnav.errors import FormatError
from patentnav.io.encodings import decode
from patentnav.io.raw import PART, from_records

if TYPE_CHECKING:
    from patentnav.io.raw import RawTable

_TAG = re.compile(r"^([A-Z][A-Z0-9])(?:\s(.*))?$")
_DATE = r"\d{1,2} [A-Z][a-z]{2} \d{4}"
_DOCUMENT = re.compile(rf"^(?P<number>\S+)\s+(?P<date>{_DATE})")
_APPLICATION = re.compile(rf"^(?P<of>\S+)\s+(?P<number>\S+)\s+(?P<date>{_DATE})")
_ASSIGNEE = re.compile(r"^(?P<name>.+?)\s*(?:\((?P<code>[A-Z0-9]{2,5})-\S+\))?$")
_HEADING = (
    r"(?:NOVELTY|USE|ADVANTAGE|DETAILED DESCRIPTION|DESCRIPTION OF DRAWING\(S\)|ACTIVITY|"
    r"MECHANISM OF ACTION|BIOLOGICAL DATA)"
)
_PART_OF_ABSTRACT = r"(?s)(?:^|\s){} - (.*?)\s*(?=(?:\s" + _HEADING + r" - )|$)"
_OTHER = ("FD", "DS", "DN", "CI", "RG", "MN", "UT")


def sniff(head: bytes, _name: str) -> bool:
    """Tell the export by its envelope or by the tags of a patent record."""
    text = head[:4096].decode("utf-8-sig", errors="ignore")
    return bool(re.search(r"(?m)^PT P\s*$", text) and re.search(r"(?m)^PN [A-Z]{2}", text))


def read(content: bytes, name: str) -> RawTable:
    """Read one record per Derwent family.

    Raises
    ------
    FormatError
        The file has no record.
    """
    text, encoding = decode(content, name)
    records, rows, rejected = [], [], []
    for row, tags, whole in _records(text):
        if "PN" not in tags or not whole:
            reason = "no publication number" if whole else "the record breaks off (no ER)"
            rejected.append((row, "\n".join(tags.get("PN", tags.get("TI", [""])))[:200], reason))
            continue
        rows.append(row)
        records.append(_record(tags))
    if not records:
        msg = f'"{name}" has no complete Derwent record. Export it again.'
        raise FormatError(msg)
    return from_records(records, encoding, rows=rows, rejected=rejected)


def _records(text: str) -> list[tuple[int, dict[str, list[str]], bool]]:
    """Line, tags and completeness of every record."""
    found: list[tuple[int, dict[str, list[str]], bool]] = []
    current: dict[str, list[str]] | None = None
    lines: list[str] = []
    start = 0
    for row, line in enumerate(text.split("\n"), 1):
        tag = _TAG.match(line)
        if tag and tag[1] == "PT":
            if current:
                found.append((start, current, False))
            current, lines, start = {}, [], row
        elif tag and tag[1] == "ER" and current is not None:
            found.append((start, current, True))
            current = None
        elif tag and current is not None:
            lines = current.setdefault(tag[1], [])
            lines.append((tag[2] or "").rstrip())
        elif current is not None and line.strip():
            lines.append(line.rstrip())
    if current:
        found.append((start, current, False))
    return found


def _record(tags: dict[str, list[str]]) -> dict[str, str | list[str] | None]:
    numbers = [n.strip() for n in " ".join(tags["PN"]).split(";") if n.strip()]
    own = numbers[0]
    accession = " ".join(tags.get("GA", [])).strip()
    dates = {m["number"]: m["date"] for m in map(_DOCUMENT.match, _lines(tags, "PD")) if m}
    applications = {m["of"]: m for m in map(_APPLICATION.match, _lines(tags, "AD")) if m}
    application = applications.get(own)
    assignees = _assignees(tags)
    abstract = "\n".join(_lines(tags, "AB"))
    record: dict[str, str | list[str] | None] = {
        "publication": own,
        "publication_date": dates.get(own),
        "application": f"{application['number']} {application['date']}" if application else None,
        "application_date": application["date"] if application else None,
        "title": " ".join(_lines(tags, "TI")),
        "abstract": abstract or None,
        "novelty": _section(abstract, "NOVELTY"),
        "use": _section(abstract, "USE"),
        "advantage": _section(abstract, "ADVANTAGE"),
        "technology_focus": "\n".join(_lines(tags, "TF")) or None,
        "inventors": list(dict.fromkeys(_lines(tags, "AU"))),
        "assignees": list(assignees),
        "assignee_codes": "; ".join(f"{n} = {c}" for n, c in assignees.items() if c) or None,
        "family": [PART.join([number, accession]) for number in numbers],
        "ipc": _items(tags, "IP"),
        "dwpi_classes": [item.split(" ", 1)[0] for item in _dwpi(tags)],
        "manual_codes": _items(tags, "MC"),
        "priorities": [PART.join([m["number"], m["date"]])
                       for m in map(_DOCUMENT.match, _lines(tags, "PI")) if m],
        "cited_patents": list(dict.fromkeys(_cited(tags))),
        "cited_literature": list(dict.fromkeys(
            " ".join(line.split()) for line in tags.get("CR", []) if line.startswith("      "))),
    }  # fmt: skip
    record.update({tag: "\n".join(_lines(tags, tag)) or None for tag in _OTHER})
    return record


def _lines(tags: dict[str, list[str]], tag: str) -> list[str]:
    return [" ".join(line.split()) for line in tags.get(tag, []) if line.strip()]


def _items(tags: dict[str, list[str]], tag: str) -> list[str]:
    return [i.strip() for i in " ".join(_lines(tags, tag)).split(";") if i.strip()]


def _dwpi(tags: dict[str, list[str]]) -> list[str]:
    """Classes with explanations in brackets, which hold semicolons of their own."""
    return re.findall(r"(?:^|;\s*)([A-Z]\d{2})\b", " ".join(_lines(tags, "DC")))


def _section(abstract: str, heading: str) -> str | None:
    found = re.search(_PART_OF_ABSTRACT.format(heading), abstract)
    return " ".join(found[1].split()) if found else None


def _assignees(tags: dict[str, list[str]]) -> dict[str, str]:
    """Names with their Derwent codes; they are repeated for every document of the family."""
    found = (_ASSIGNEE.match(line) for line in _lines(tags, "AE"))
    return {m["name"]: m["code"] or "" for m in found if m}


def _cited(tags: dict[str, list[str]]) -> list[str]:
    """Numbers under the citing documents of the family; those stand one step further out."""
    return [
        line.split()[0]
        for line in tags.get("CP", [])
        if line.startswith("      ") and re.match(r"^[A-Z]{2}[A-Z0-9]*\d", line.strip())
    ]
