"""XML of the Chinese office before its standardisation: ``cn-patent-document`` (ST.36 tags)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patentnav.io.raw import PART
from patentnav.io.readers.markup import find, find_all, find_text, text_of
from patentnav.io.readers.uspto_current import find_text_or_none, number_of

if TYPE_CHECKING:
    from lxml import etree

Record = dict[str, str | list[str] | None]


def record(root: etree._Element) -> Record:
    """Fields of one document, named as those of the standardised form."""
    data = find(root, "cn-bibliographic-data")
    if data is None:
        data = root
    publication = find(data, "cn-publication-reference/document-id")
    application = find(data, "application-reference/document-id")
    claims = [text_of(claim) for claim in find_all(root, "application-body/claims/claim")]
    return {
        "publication": number_of(publication),
        "publication_date": find_text_or_none(publication, "date"),
        "application": number_of(application),
        "application_date": find_text_or_none(application, "date"),
        "title": find_text(data, "invention-title"),
        "abstract": _paragraphs(find(data, "abstract")),
        "claims": "\n".join(claims) or None,
        "first_claim": claims[0] if claims else None,
        "claim_count": str(len(claims)) if claims else None,
        "description": _paragraphs(find(root, "application-body/description")),
        "ipc": _ipc(data),
        "locarno": [text_of(e) for e in find_all(data, "classification-locarno/*")],
        "applicants": _parties(data, "cn-parties/cn-applicants/cn-applicant"),
        "owners": _parties(data, "assignees/assignee"),
        "inventors": [
            PART.join([_name(e), "", "", "", ""])
            for e in find_all(data, "cn-parties/cn-inventors/cn-inventor")
            if _name(e)
        ],
        "agencies": list(dict.fromkeys(
            text_of(e) for e in find_all(data, "cn-parties/cn-agents/cn-agent/cn-agency/name"))),
        "agents": "; ".join(
            text_of(e) for e in find_all(data, "cn-parties/cn-agents/cn-agent/name")) or None,
        "priorities": _priorities(data),
        "pct_application":
            find_text(data, "pct-or-regional-filing-data/document-id/doc-number") or None,
        "pct_publication":
            find_text(data, "pct-or-regional-publishing-data/document-id/doc-number") or None,
        "national_entry_date": find_text(data, "date-pct-article-22-39-fulfilled/date") or None,
    }  # fmt: skip


def _paragraphs(element: etree._Element | None) -> str | None:
    if element is None:
        return None
    lines = [text_of(p) for p in find_all(element, ".//p")]
    return "\n".join(filter(None, lines)) or text_of(element) or None


def _ipc(data: etree._Element) -> list[str]:
    symbols = [
        text_of(e) + PART for e in find_all(data, "classifications-ipcr/classification-ipcr/text")
    ]
    older = find(data, "classification-ipc")
    if older is not None and not symbols:
        version = find_text(older, "ipc-version")
        for tag in ("main-classification", "further-classification"):
            symbols += [PART.join([text_of(e), version]) for e in find_all(older, tag)]
    return symbols


def _name(party: etree._Element) -> str:
    return find_text(party, "addressbook/name") or find_text(party, "name")


def _parties(data: etree._Element, path: str) -> list[str]:
    """Name, country, and the address in one line."""
    found = []
    for party in find_all(data, path):
        country = find_text(party, ".//address/country")
        address = find_text(party, ".//address/text")
        if _name(party):
            found.append(PART.join([_name(party), country, "", "", address]))
    return found


def _priorities(data: etree._Element) -> list[str]:
    """Foreign and domestic priorities."""
    claims = [
        *find_all(data, "priority-claims/priority-claim"),
        *find_all(data, ".//cn-domestic-priority-claim//parent-doc/document-id"),
    ]
    found = []
    for claim in claims:
        office, number = find_text(claim, "country"), find_text(claim, "doc-number")
        if number:
            prefix = "" if number.startswith(office) else office
            found.append(PART.join([prefix + number, find_text(claim, "date"), office]))
    return found
