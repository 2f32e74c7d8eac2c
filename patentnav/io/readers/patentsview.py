"""Answers of the PatentsView search API (US patents): JSON, one answer a file or a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from patentnav.io.raw import PART, from_records
from patentnav.io.readers import jsonlines
from patentnav.io.readers.jsonlines import many, one, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.io.raw import RawTable

_ID = ("patent_id", "document_number")
_VENDOR = (
    "patent_processing_days", "patent_term_extension", "patent_detail_desc_length", "withdrawn",
    "patent_cpc_current_group_average_patent_processing_days",
    "patent_uspc_current_mainclass_average_patent_processing_days",
    "patent_num_foreign_documents_cited", "patent_num_us_applications_cited",
    "patent_num_us_patents_cited", "gov_interest_statement",
)  # fmt: skip
_DEEPEST = 6

Record = dict[str, str | list[str] | None]


def sniff(head: bytes, _name: str) -> bool:
    """Tell an answer by the ids of its patents."""
    if not jsonlines.looks_like_json(head):
        return False
    return b"patentsview" in head or (b'"patents"' in head and b'"patent_id"' in head)


def read(content: bytes, name: str) -> RawTable:
    """Read one record per patent.

    Raises
    ------
    FormatError
        The file is no JSON.
    """
    parsed, rejected = jsonlines.documents(content, name)
    records, rows = [], []
    for line, document in parsed:
        patents = list(_patents(document))
        records += [_record(patent) for patent in patents]
        rows += [line] * len(patents)
        if not patents:
            rejected.append((line, str(document)[:200], "no patent in this answer"))
    return from_records(records, "json", rows=rows, rejected=rejected)


def _patents(node: Any, depth: int = 0) -> Iterator[Any]:
    """Patents of an answer, wherever a script has wrapped it."""
    if depth > _DEEPEST:
        return
    if isinstance(node, list):
        for child in node:
            yield from _patents(child, depth + 1)
    elif isinstance(node, dict):
        if any(key in node for key in _ID):
            yield node
        else:
            for child in node.values():
                yield from _patents(child, depth + 1)


def _record(patent: Any) -> Record:
    application = one(patent, "application")
    cpc = _ordered(patent, "cpc_current", "cpc_sequence")
    return {
        "number": _us(next(filter(None, (text(one(patent, key)) for key in _ID)), "")),
        "kind": text(one(patent, "wipo_kind")),
        "patent_type": text(one(patent, "patent_type")),
        "date": text(one(patent, "patent_date")) or text(one(patent, "publication_date")),
        "application": _us(text(one(application, "application_id"))),
        "application_date": text(one(application, "filing_date"))
        or text(one(patent, "patent_earliest_application_date")),
        "title": text(one(patent, "patent_title")) or text(one(patent, "publication_title")),
        "abstract": text(one(patent, "patent_abstract"))
        or text(one(patent, "publication_abstract")),
        "assignees": [_assignee(a) for a in _ordered(patent, "assignees", "assignee_sequence")],
        "inventors": [_inventor(i) for i in _ordered(patent, "inventors", "inventor_sequence")],
        "attorneys": _attorneys(patent),
        "examiners": "; ".join(_examiners(patent)) or None,
        "cpc": list(dict.fromkeys(text(one(c, "cpc_group_id")) for c in cpc)),
        "ipc": [_ipc(i) for i in _ordered(patent, "ipcr", "ipc_sequence")],
        "us_classes": [text(one(u, "uspc_subclass_id"))
                       for u in _ordered(patent, "uspc_at_issue", "uspc_sequence")],
        "priorities": [_priority(p) for p in many(patent, "foreign_priority")],
        "cited_patents": [_cited(c) for c in many(patent, "us_patent_citations")],
        "cited_count": text(one(patent, "patent_num_total_documents_cited")),
        "citing_count": text(one(patent, "patent_num_times_cited_by_us_patents")),
        "wipo_fields": "; ".join(text(one(w, "wipo_field_id")) for w in many(patent, "wipo"))
        or None,
        **{key: text(one(patent, key)) for key in _VENDOR},
    }  # fmt: skip


def _us(number: str) -> str:
    return f"US{number}" if number else ""


def _ordered(patent: Any, kind: str, sequence: str) -> list[Any]:
    def place(entry: Any) -> int:
        number = entry.get(sequence) if isinstance(entry, dict) else None
        return number if isinstance(number, int) else 1 << 30

    return sorted(many(patent, kind), key=place)


def _full_name(node: Any, first: str, last: str) -> str:
    return " ".join(filter(None, (text(one(node, first)), text(one(node, last)))))


def _place(node: Any, kind: str) -> list[str]:
    return [text(one(node, f"{kind}_{part}")) for part in ("country", "state", "city")]


def _assignee(node: Any) -> str:
    name = text(one(node, "assignee_organization")) or _full_name(
        node, "assignee_individual_name_first", "assignee_individual_name_last"
    )
    return PART.join([name, *_place(node, "assignee")])


def _inventor(node: Any) -> str:
    name = _full_name(node, "inventor_name_first", "inventor_name_last")
    return PART.join([name, *_place(node, "inventor")])


def _attorneys(patent: Any) -> list[str]:
    names = [
        text(one(a, "attorney_organization"))
        or _full_name(a, "attorney_name_first", "attorney_name_last")
        for a in _ordered(patent, "attorneys", "attorney_sequence")
    ]
    return [name for name in names if name]


def _examiners(patent: Any) -> list[str]:
    people = many(patent, "examiners")
    return [_full_name(e, "examiner_first_name", "examiner_last_name") for e in people]


def _ipc(node: Any) -> str:
    parts = ("section", "class", "subclass", "main_group", "subgroup")
    section, *rest, group, subgroup = (text(one(node, f"ipc_{p}")) for p in parts)
    inventive = {"I": "true", "N": "false"}.get(text(one(node, "ipc_classification_value")), "")
    return PART.join([f"{section}{''.join(rest)}{group}/{subgroup}", inventive])


def _priority(node: Any) -> str:
    office = text(one(node, "foreign_country_filed"))
    number = text(one(node, "foreign_application_id"))
    prefix = "" if number.startswith(office) else office
    return PART.join([prefix + number, text(one(node, "filing_date")), office])


def _cited(node: Any) -> str:
    category = text(one(node, "citation_category")).lower()
    origin = (
        "examiner" if "examiner" in category else "applicant" if "applicant" in category else ""
    )
    number = _us(text(one(node, "citation_patent_id")))
    return PART.join([number, origin, text(one(node, "citation_date"))])
