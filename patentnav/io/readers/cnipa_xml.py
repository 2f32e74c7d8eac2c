"""XML of the Chinese office: bibliographic data and full text, one document a root.

The standardised form of the data service (``PatentDocumentAndRelated``), and the earlier one
(``cn-patent-document``, :mod:`patentnav.io.readers.cnipa_early`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from patentnav.errors import FormatError
from patentnav.io.raw import PART, from_records
from patentnav.io.readers import cnipa_early, markup
from patentnav.io.readers.markup import find, find_all, find_text, text_of

if TYPE_CHECKING:
    from lxml import etree

    from patentnav.io.raw import RawTable

_STANDARD, _EARLY = "PatentDocumentAndRelated", "cn-patent-document"
_INTERNATIONAL = {
    "filing": re.compile(r"(PCT|International).*Filing", re.IGNORECASE),
    "publishing": re.compile(r"(PCT|International).*Publi", re.IGNORECASE),
}

Record = dict[str, str | list[str] | None]


def sniff(head: bytes, _name: str) -> bool:
    """Tell either form by its root element."""
    return markup.root_name(head) in {_STANDARD, _EARLY}


def read(content: bytes, name: str) -> RawTable:
    """Read one record per document.

    Raises
    ------
    FormatError
        The file is damaged before its first record, or declares dangerous entities.
    """
    records, rejected = [], []
    for number, document in enumerate(markup.documents(content), 1):
        try:
            for root in markup.elements(document, name, [_STANDARD, _EARLY]):
                early = markup.local_name(root) == _EARLY
                records.append(cnipa_early.record(root) if early else _record(root))
        except FormatError as error:
            if number == 1:
                raise
            rejected.append(markup.reject(document, number, error))
    return from_records(records, "xml", rejected=rejected)


def _record(root: etree._Element) -> Record:
    data = find(root, "BibliographicData")
    if data is None:
        data = find(root, "DesignBibliographicData")
    if data is None:
        data = root
    publication = _document(data, "PublicationReference")
    attributes = {k: root.get(k, "") for k in ("country", "docNumber", "kind", "datePublication")}
    application = _document(data, "ApplicationReference")
    claims = [text_of(claim) for claim in find_all(root, "Claims/Claim")]
    return {
        "publication": publication[0]
        or attributes["country"] + attributes["docNumber"] + attributes["kind"],
        "publication_date": publication[1] or attributes["datePublication"],
        "application": application[0],
        "application_date": application[1],
        "title": find_text(data, "InventionTitle") or find_text(data, "DesignTitle"),
        "abstract": _paragraphs(find(root, "Abstract")),
        "claims": "\n".join(claims) or None,
        "first_claim": claims[0] if claims else None,
        "claim_count": str(len(claims)) if claims else None,
        "description": _paragraphs(find(root, "Description"))
        or _paragraphs(find(root, "DesignBriefExplanation")),
        "ipc": _ipc(data),
        "locarno": [text_of(e) for e in find_all(data, "ClassificationLocarno") if text_of(e)],
        "applicants": _parties(data, ".//ApplicantDetails/Applicant"),
        "owners": _parties(data, ".//AssigneeDetails/Assignee"),
        "inventors": _parties(data, ".//InventorDetails/Inventor"),
        "agencies": _agencies(data),
        "agents": "; ".join(_names(data, ".//AgentDetails/Agent")) or None,
        "examiners": "; ".join(_names(data, ".//ExaminerDetails/Examiner")) or None,
        "priorities": _priorities(data),
        "cited_patents": _cited_patents(data),
        "cited_literature": _cited_literature(data),
        "pct_application": _international(data, "filing"),
        "pct_publication": _international(data, "publishing"),
    }


def _filled(text: str) -> str:
    """Text of a part of an address; the office writes 0 where it is not used."""
    return "" if text.strip("0") == "" else text


def _document(data: etree._Element, tag: str) -> tuple[str, str]:
    """Number with office and kind, and date; the form ``original`` before the 15-digit one."""
    references = find_all(data, tag)
    references.sort(key=lambda e: e.get("dataFormat") == "standard")
    for reference in references:
        number = find_text(reference, ".//DocNumber")
        if number:
            office = find_text(reference, ".//WIPOST3Code")
            kind = find_text(reference, ".//Kind")
            office = "" if number.startswith(office) else office
            kind = "" if number.endswith(kind) else kind
            return office + number + kind, find_text(reference, ".//Date")
    return "", ""


def _paragraphs(element: etree._Element | None) -> str | None:
    if element is None:
        return None
    lines = [text_of(p) for p in find_all(element, ".//Paragraphs")]
    return "\n".join(filter(None, lines)) or text_of(element) or None


def _ipc(data: etree._Element) -> list[str]:
    symbols = []
    for entry in find_all(data, "ClassificationIPCRDetails/ClassificationIPCR"):
        symbol = find_text(entry, "Text")
        if not symbol:
            parts = ("Section", "MainClass", "Subclass", "MainGroup", "Subgroup")
            section, *rest, group, subgroup = (find_text(entry, p) for p in parts)
            symbol = f"{section}{''.join(rest)}{group}/{subgroup}"
        symbols.append(PART.join([symbol, find_text(entry, "IPCVersionDate")]))
    older = find(data, "ClassificationIPC")
    if older is not None and not symbols:
        edition = find_text(older, "EditionStatement")
        for tag in ("MainClassification", "FurtherClassification"):
            for entry in find_all(older, tag):
                if entry.get("dataFormat") != "standard":
                    symbols.append(PART.join([text_of(entry), edition]))
    return symbols


def _name(party: etree._Element) -> str:
    return (
        find_text(party, "AddressBook/Name")
        or find_text(party, "AddressBook/OrganizationName")
        or find_text(party, "Name")
    )


def _names(data: etree._Element, path: str) -> list[str]:
    return [name for name in map(_name, find_all(data, path)) if name]


def _parties(data: etree._Element, path: str) -> list[str]:
    """Name, country, province, city and address of every party."""
    found = []
    for party in find_all(data, path):
        address = find(party, "AddressBook/Address")
        parts = ["", "", "", ""]
        if address is not None:
            tags = ("WIPOST3Code", "Province", "City", "Text")
            parts = [_filled(find_text(address, tag)) for tag in tags]
        if _name(party):
            found.append(PART.join([_name(party), *parts]))
    return found


def _agencies(data: etree._Element) -> list[str]:
    names = [
        find_text(agent, "Agency/AddressBook/OrganizationName")
        or find_text(agent, "Agency/AddressBook/Name")
        for agent in find_all(data, ".//AgentDetails/Agent")
    ]
    # The code of the agency follows its name.
    return list(dict.fromkeys(re.sub(r"\s*\d{5}$", "", name) for name in names if name))


def _priorities(data: etree._Element) -> list[str]:
    entries = find_all(data, "PriorityDetails/Priority")
    original = [e for e in entries if e.get("dataFormat") != "standard"]
    found = []
    for entry in original or entries:
        office, number = find_text(entry, ".//WIPOST3Code"), find_text(entry, ".//DocNumber")
        if number:
            prefix = "" if number.startswith(office) else office
            found.append(PART.join([prefix + number, find_text(entry, ".//Date"), office]))
    return found


def _origin(citation: etree._Element) -> str:
    # Phases of search and examination; the applicant's own references are APP or DES.
    phase = (citation.get("srepPhase") or "").upper()
    return "applicant" if phase in {"APP", "DES"} else "examiner" if phase else ""


def _category(citation: etree._Element) -> str:
    return find_text(citation, ".//Category") or find_text(citation, ".//CitationCategory")


def _cited_patents(data: etree._Element) -> list[str]:
    found = []
    for citation in find_all(data, "ReferencesCited/Citation"):
        number, date = _document(citation, ".//PublicationReference")
        if number:
            found.append(PART.join([number, _category(citation), _origin(citation), date]))
    return found


def _cited_literature(data: etree._Element) -> list[str]:
    found = []
    for citation in find_all(data, "ReferencesCited/Citation"):
        if not _document(citation, ".//PublicationReference")[0] and text_of(citation):
            found.append(PART.join([text_of(citation), _category(citation), _origin(citation)]))
    return found


def _international(data: etree._Element, what: str) -> str | None:
    for child in data:
        if _INTERNATIONAL[what].search(markup.local_name(child)):
            return find_text(child, ".//DocNumber") or None
    return None
