"""Answers of the PatentsView APIs (US patents): JSON, one answer a file or a line.

Fields of the search API of 2024 (``patent_id``) and of the one before it (``patent_number``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from patentnav.io.raw import PART, from_records
from patentnav.io.readers import jsonlines
from patentnav.io.readers.jsonlines import many, one, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from patentnav.io.raw import RawTable

_ID = ("patent_id", "patent_number", "document_number")
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
    ids = (b'"patent_id"', b'"patent_number"')
    return b"patentsview" in head or (b'"patents"' in head and any(i in head for i in ids))


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
    application = one(patent, "application") or one(patent, "applications")
    cpc = _ordered(patent, "cpc_current", "cpc_sequence") or _ordered(
        patent, "cpcs", "cpc_sequence"
    )
    classes = _ordered(patent, "uspc_at_issue", "uspc_sequence") or _ordered(
        patent, "uspcs", "uspc_sequence"
    )
    return {
        "number": _us(_first(patent, *_ID)),
        "kind": _first(patent, "wipo_kind", "patent_kind"),
        "patent_type": text(one(patent, "patent_type")),
        "date": _first(patent, "patent_date", "publication_date"),
        "application": _application(application),
        "application_date": _first(application, "filing_date", "app_date")
        or text(one(patent, "patent_earliest_application_date")),
        "title": _first(patent, "patent_title", "publication_title"),
        "abstract": _first(patent, "patent_abstract", "publication_abstract"),
        "assignees": [_assignee(a) for a in _ordered(patent, "assignees", "assignee_sequence")],
        "inventors": [_inventor(i) for i in _ordered(patent, "inventors", "inventor_sequence")],
        "attorneys": _attorneys(patent),
        "examiners": "; ".join(_examiners(patent)) or None,
        "cpc": _once(_cpc(c) for c in cpc),
        "ipc": [_ipc(i) for i in _ordered(patent, "ipcr", "ipc_sequence")
                or _ordered(patent, "IPCs", "ipc_sequence")],
        "us_classes": _once(_first(u, "uspc_subclass_id") for u in classes),
        "priorities": [_priority(p) for p in many(patent, "foreign_priority")],
        "cited_patents": [_cited(c) for c in many(patent, "us_patent_citations")]
        + [_cited(c) for c in many(patent, "cited_patents")],
        "citing_patents": _once(_us(_first(c, "citedby_patent_number", "citedby_patent_id"))
                                for c in many(patent, "citedby_patents")),
        "claim_count": text(one(patent, "patent_num_claims")),
        "cited_count": _first(patent, "patent_num_total_documents_cited",
                              "patent_num_combined_citations"),
        "citing_count": _first(patent, "patent_num_times_cited_by_us_patents",
                               "patent_num_cited_by_us_patents"),
        "wipo_fields": "; ".join(text(one(w, "wipo_field_id")) for w in many(patent, "wipo"))
        or None,
        **{key: text(one(patent, key)) for key in _VENDOR},
    }  # fmt: skip


def _first(node: Any, *keys: str) -> str:
    """The first field of a node that says something."""
    return next(filter(None, (text(one(node, key)) for key in keys)), "")


def _once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, values)))


def _application(node: Any) -> str:
    """Number with office; the old API has the office beside it and an id with a slash."""
    number = (
        _first(node, "application_id", "app_number") or _first(node, "app_id").partition("/")[2]
    )
    country = text(one(node, "app_country")) or "US"
    return country + number if number else ""


def _us(number: str) -> str:
    return number if number.startswith("US") or not number else f"US{number}"


def _ordered(patent: Any, kind: str, sequence: str) -> list[Any]:
    def place(entry: Any) -> int:
        number = text(one(entry, sequence))
        return int(number) if number.isdecimal() else 1 << 30

    return sorted(many(patent, kind), key=place)


def _full_name(node: Any, first: str, last: str) -> str:
    return " ".join(filter(None, (text(one(node, first)), text(one(node, last)))))


def _place(node: Any, kind: str) -> list[str]:
    return [text(one(node, f"{kind}_{part}")) for part in ("country", "state", "city")]


def _assignee(node: Any) -> str:
    name = (
        text(one(node, "assignee_organization"))
        or _full_name(node, "assignee_individual_name_first", "assignee_individual_name_last")
        or _full_name(node, "assignee_first_name", "assignee_last_name")
    )
    return PART.join([name, *_place(node, "assignee")])


def _inventor(node: Any) -> str:
    name = _full_name(node, "inventor_name_first", "inventor_name_last") or _full_name(
        node, "inventor_first_name", "inventor_last_name"
    )
    return PART.join([name, *_place(node, "inventor")])


def _attorneys(patent: Any) -> list[str]:
    names = [
        _first(a, "attorney_organization", "lawyer_organization")
        or _full_name(a, "attorney_name_first", "attorney_name_last")
        or _full_name(a, "lawyer_first_name", "lawyer_last_name")
        for a in _ordered(patent, "attorneys", "attorney_sequence")
        or _ordered(patent, "lawyers", "lawyer_sequence")
    ]
    return [name for name in names if name]


def _examiners(patent: Any) -> list[str]:
    people = many(patent, "examiners")
    return [_full_name(e, "examiner_first_name", "examiner_last_name") for e in people]


def _cpc(node: Any) -> str:
    """Symbol: the old API calls the subclass a group and the symbol a subgroup."""
    group, subgroup = text(one(node, "cpc_group_id")), text(one(node, "cpc_subgroup_id"))
    return group if "/" in group else subgroup or group


def _ipc(node: Any) -> str:
    parts = ("section", "class", "subclass", "main_group", "subgroup")
    section, *rest, group, subgroup = (text(one(node, f"ipc_{p}")) for p in parts)
    inventive = {"I": "true", "N": "false"}.get(text(one(node, "ipc_classification_value")), "")
    return PART.join([f"{section}{''.join(rest)}{group}/{subgroup}", inventive])


def _priority(node: Any) -> str:
    office = _first(node, "foreign_country_filed", "forprior_country")
    number = _first(node, "foreign_application_id", "forprior_docnumber")
    prefix = "" if number.startswith(office) else office
    return PART.join([prefix + number, _first(node, "filing_date", "forprior_date"), office])


def _cited(node: Any) -> str:
    category = _first(node, "citation_category", "cited_patent_category").lower()
    origin = (
        "examiner" if "examiner" in category else "applicant" if "applicant" in category else ""
    )
    number = _us(_first(node, "citation_patent_id", "cited_patent_number"))
    return PART.join([number, origin, _first(node, "citation_date", "cited_patent_date")])
