"""JSON lines of The Lens (export and API): one document a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from patentnav.io.raw import PART, from_records
from patentnav.io.readers import jsonlines
from patentnav.io.readers.jsonlines import many, one, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.io.raw import RawTable

Record = dict[str, str | list[str] | None]


def sniff(head: bytes, _name: str) -> bool:
    """Tell the export by its own keys."""
    return jsonlines.looks_like_json(head) and b'"lens_id"' in head


def read(content: bytes, name: str) -> RawTable:
    """Read one record per document.

    Raises
    ------
    FormatError
        The file is no JSON.
    """
    parsed, rejected = jsonlines.documents(content, name)
    records, rows = [], []
    for line, document in parsed:
        for node in _documents(document):
            if "lens_id" in node:
                records.append(_record(node))
                rows.append(line)
            else:
                rejected.append((line, str(node)[:200], "no document of The Lens"))
    return from_records(records, "json", rows=rows, rejected=rejected)


def _documents(node: Any) -> Iterator[Any]:
    """Documents of a line, of a list, or of an answer of the API (``data``)."""
    if isinstance(node, list):
        for child in node:
            yield from _documents(child)
    elif isinstance(node, dict):
        if isinstance(node.get("data"), list):
            yield from _documents(node["data"])
        else:
            yield node


def _record(node: Any) -> Record:
    biblio = one(node, "biblio")
    application = one(biblio, "application_reference")
    status = one(node, "legal_status")
    references = one(biblio, "references_cited")
    cited_by = one(biblio, "cited_by")
    return {
        "publication": text(one(node, "jurisdiction")) + text(one(node, "doc_number"))
        + text(one(node, "kind")),
        "lens_id": text(one(node, "lens_id")),
        "publication_type": text(one(node, "publication_type")).replace("_", " "),
        "publication_date": text(one(node, "date_published")),
        "application": _number(application),
        "application_date": text(one(application, "date")),
        "earliest_priority_date":
            text(one(biblio, "priority_claims", "earliest_claim", "date")),
        "grant_date": text(one(status, "grant_date")),
        "expiry_date": text(one(status, "anticipated_term_date"))
        or text(one(status, "discontinuation_date")),
        "legal_status": text(one(status, "patent_status")),
        "titles": _in_languages(many(biblio, "invention_title")),
        "abstracts": _in_languages(many(node, "abstract")),
        "claims": _claims(node),
        "claim_count": _claim_count(node),
        "descriptions": _in_languages(many(node, "description")),
        "applicants": _parties(biblio, "applicants"),
        "owners": _parties(biblio, "owners_all"),
        "inventors": _parties(biblio, "inventors"),
        "agents": [p.split(PART)[0] for p in _parties(biblio, "agents")],
        "ipc": _symbols(biblio, "classifications_ipcr"),
        "cpc": _symbols(biblio, "classifications_cpc"),
        "us_classes": [s.split(PART)[0] for s in _symbols(biblio, "classifications_national")],
        "priorities": [
            PART.join([_number(c), text(one(c, "date")), text(one(c, "jurisdiction"))])
            for c in many(one(biblio, "priority_claims"), "claims")
        ],
        "cited_patents": _cited_patents(references),
        "cited_literature": _cited_literature(references),
        "backward_count": text(one(references, "patent_count")),
        "npl_count": text(one(references, "npl_count")),
        "citing_patents": [_number(one(p, "document_id")) for p in many(cited_by, "patents")],
        "forward_count": text(one(cited_by, "patent_count")),
        "simple_family": _members(node, "simple_family"),
        "extended_family": _members(node, "extended_family"),
        "family_size": text(one(node, "families", "simple_family", "size")),
    }  # fmt: skip


def _number(node: Any) -> str:
    return "".join(text(one(node, key)) for key in ("jurisdiction", "doc_number", "kind"))


def _in_languages(nodes: list[Any]) -> list[str]:
    return [
        PART.join([text(one(n, "text")), text(one(n, "lang")).lower()])
        for n in nodes
        if text(one(n, "text"))
    ]


def _claim_texts(node: Any) -> Iterator[tuple[list[str], str]]:
    """Claims by language."""
    for block in many(node, "claims"):
        claims = [" ".join(map(text, many(c, "claim_text"))) for c in many(block, "claims")]
        yield [c for c in claims if c], text(one(block, "lang")).lower()


def _claims(node: Any) -> list[str]:
    return [PART.join(["\n".join(claims), lang]) for claims, lang in _claim_texts(node) if claims]


def _claim_count(node: Any) -> str | None:
    counts = [len(claims) for claims, _ in _claim_texts(node)]
    return str(counts[0]) if counts and counts[0] else None


def _parties(biblio: Any, kind: str) -> list[str]:
    """Name, country and address, in the order of ``sequence``."""
    found = []
    for party in sorted(many(one(biblio, "parties"), kind), key=_sequence):
        name = text(one(party, "extracted_name", "value")) or text(one(party, "extracted_name"))
        country = text(one(party, "residence")) or text(one(party, "extracted_country"))
        if name:
            found.append(PART.join([name, country, text(one(party, "extracted_address"))]))
    return found


def _sequence(node: Any) -> int:
    number = node.get("sequence") if isinstance(node, dict) else None
    return number if isinstance(number, int) else 1 << 30


def _symbols(biblio: Any, scheme: str) -> list[str]:
    inventive = {"I": "true", "A": "false"}
    return [
        PART.join([text(one(c, "symbol")),
                   inventive.get(text(one(c, "classification_value")), "")])
        for c in many(one(biblio, scheme), "classifications")
        if text(one(c, "symbol"))
    ]  # fmt: skip


def _origin(citation: Any) -> str:
    phase = text(one(citation, "cited_phase")).upper()
    return {"APP": "applicant", "OPP": "opposition", "SEA": "examiner", "ISR": "examiner",
            "EXA": "examiner", "PRS": "examiner", "SUP": "examiner"}.get(phase, "")  # fmt: skip


def _category(citation: Any) -> str:
    return ",".join(filter(None, map(text, many(citation, "category"))))


def _cited_patents(references: Any) -> list[str]:
    found = []
    for citation in many(references, "citations"):
        document = one(citation, "patcit", "document_id")
        if _number(document):
            parts = [_number(document), _category(citation), _origin(citation)]
            found.append(PART.join([*parts, text(one(document, "date"))]))
    return found


def _cited_literature(references: Any) -> list[str]:
    return [
        PART.join([text(one(c, "nplcit", "text")), _category(c), _origin(c)])
        for c in many(references, "citations")
        if text(one(c, "nplcit", "text"))
    ]


def _members(node: Any, family: str) -> list[str]:
    members = many(one(node, "families", family), "members")
    return [number for number in (_number(one(m, "document_id")) for m in members) if number]
