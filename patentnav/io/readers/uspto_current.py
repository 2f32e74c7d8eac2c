"""US documents of 2005 and later: ``us-patent-grant`` and ``us-patent-application``, v4.x."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from patentnav.io.raw import PART
from patentnav.io.readers.markup import find, find_all, find_text, text_of

if TYPE_CHECKING:
    from lxml import etree

Record = dict[str, str | list[str] | None]

_INVENTIVE = {"I": "true", "N": "false", "A": "false"}
_BIBLIO = ("us-bibliographic-data-grant", "us-bibliographic-data-application")


def record(root: etree._Element) -> Record:
    """Fields of one document."""
    data = next((d for d in (find(root, tag) for tag in _BIBLIO) if d is not None), root)
    publication = find(data, "publication-reference/document-id")
    application = find(data, "application-reference/document-id")
    claims = find_all(root, "claims/claim")
    assignees = [_party(p) for p in find_all(data, "assignees/assignee")]
    inventors, applicants = _people(data)
    return {
        "publication": number_of(publication),
        "publication_date": find_text_or_none(publication, "date"),
        "application": number_of(application),
        "application_date": find_text_or_none(application, "date"),
        "title": find_text(data, "invention-title"),
        "abstract": _paragraphs(find(root, "abstract")),
        "claims": "\n".join(map(text_of, claims)) or None,
        "first_claim": text_of(claims[0]) if claims else None,
        "claim_count": find_text(data, "number-of-claims") or (str(len(claims)) if claims else None),
        "independent_claims":
            str(sum(find(c, ".//claim-ref") is None for c in claims)) if claims else None,
        "description": _paragraphs(find(root, "description")),
        "ipc": _ipc(data),
        "cpc": _cpc(data),
        "us_classes": _us_classes(data),
        "locarno": [text_of(e) for e in find_all(data, "classification-locarno/main-classification")],
        # Before 2012 only inventors could apply: the assignee stands for the owner then.
        "applicants": applicants or assignees or inventors,
        "assignees": assignees,
        "inventors": inventors,
        "agents": [p.split(PART)[0] for p in map(_party, _agents(data)) if p],
        "examiners": "; ".join(_examiners(data)) or None,
        "priorities": [*_priorities(data), *_parents(data)],
        "cited_patents": _cited_patents(data),
        "cited_literature": _cited_literature(data),
        "pct_application":
            find_text(data, "pct-or-regional-filing-data/document-id/doc-number") or None,
        "pct_publication":
            find_text(data, "pct-or-regional-publishing-data/document-id/doc-number") or None,
        "national_entry_date": find_text(data, "pct-or-regional-filing-data/us-371c124-date/date")
        or find_text(data, "pct-or-regional-filing-data/us-371c12-date/date") or None,
        "term_extension": find_text(data, "us-term-of-grant/us-term-extension") or None,
    }  # fmt: skip


def number_of(reference: etree._Element | None) -> str:
    """Number with country and kind of a ``document-id``."""
    if reference is None:
        return ""
    country, number, kind = (find_text(reference, t) for t in ("country", "doc-number", "kind"))
    return ("" if country and number.startswith(country) else country) + number + kind


def find_text_or_none(element: etree._Element | None, path: str) -> str | None:
    """Text at a path, None where there is none."""
    return (find_text(element, path) or None) if element is not None else None


def _paragraphs(element: etree._Element | None) -> str | None:
    if element is None:
        return None
    lines = [text_of(p) for p in find_all(element, ".//p")]
    return "\n".join(filter(None, lines)) or text_of(element) or None


def _symbol(entry: etree._Element) -> str:
    parts = ("section", "class", "subclass", "main-group", "subgroup")
    section, *rest, group, subgroup = (find_text(entry, p) for p in parts)
    return f"{section}{''.join(rest)}{group}/{subgroup}"


def _ipc(data: etree._Element) -> list[str]:
    entries = find_all(data, "classifications-ipcr/classification-ipcr")
    entries.sort(key=lambda e: find_text(e, "symbol-position") != "F")
    symbols = []
    for entry in entries:
        inventive = _INVENTIVE.get(find_text(entry, "classification-value"), "")
        version = find_text(entry, "ipc-version-indicator/date")
        symbols.append(PART.join([_symbol(entry), inventive, version]))
    older = find(data, "classification-ipc")
    if older is not None and not symbols:
        edition = find_text(older, "edition")
        for tag in ("main-classification", "further-classification"):
            symbols += [PART.join([text_of(e), "", edition]) for e in find_all(older, tag)]
    return symbols


def _cpc(data: etree._Element) -> list[str]:
    symbols = []
    for tag in ("main-cpc", "further-cpc"):
        for entry in find_all(data, f"classifications-cpc/{tag}/.//classification-cpc"):
            inventive = _INVENTIVE.get(find_text(entry, "classification-value"), "")
            version = find_text(entry, "cpc-version-indicator/date")
            symbols.append(PART.join([_symbol(entry), inventive, version]))
    return symbols


def _us_classes(data: etree._Element) -> list[str]:
    tags = ("main-classification", "further-classification")
    found = [e for tag in tags for e in find_all(data, f"classification-national/{tag}")]
    return [text_of(e) for e in found if text_of(e)]


def _name(party: etree._Element) -> str:
    book = find(party, "addressbook")
    if book is None:
        book = party
    person = [find_text(book, tag) for tag in ("first-name", "middle-name", "last-name", "suffix")]
    return find_text(book, "orgname") or " ".join(filter(None, person)) or find_text(book, "name")


def _party(party: etree._Element) -> str:
    """Name, country, state and city."""
    name = _name(party)
    if not name:
        return ""
    place = [find_text(party, f".//address/{tag}") for tag in ("country", "state", "city")]
    place[0] = place[0] or find_text(party, "residence/country")
    return PART.join([name, *place])


def _people(data: etree._Element) -> tuple[list[str], list[str]]:
    """Inventors, and applicants that are not merely the inventors."""
    inventors = find_all(data, ".//inventors/inventor")
    filers = [*find_all(data, ".//us-applicants/us-applicant"),
              *find_all(data, ".//applicants/applicant")]  # fmt: skip
    as_inventors = [f for f in filers if (f.get("app-type") or "").endswith("inventor")]
    others = [f for f in filers if f not in as_inventors]
    names = [_party(p) for p in inventors or as_inventors]
    return [n for n in names if n], [n for n in map(_party, others) if n]


def _agents(data: etree._Element) -> list[etree._Element]:
    return find_all(data, ".//agents/agent")


def _examiners(data: etree._Element) -> list[str]:
    found = find_all(data, "examiners/*")
    return [" ".join(filter(None, (find_text(e, "first-name"), find_text(e, "last-name"))))
            for e in found]  # fmt: skip


def _priorities(data: etree._Element) -> list[str]:
    found = []
    for claim in find_all(data, "priority-claims/priority-claim"):
        office, number = find_text(claim, "country"), find_text(claim, "doc-number")
        if number:
            prefix = "" if number.startswith(office) else office
            found.append(PART.join([prefix + number, find_text(claim, "date"), office]))
    return found


def _parents(data: etree._Element) -> list[str]:
    """Earlier applications of the same office whose date is claimed."""
    related = find(data, "us-related-documents")
    if related is None:
        return []
    found = []
    references = [*find_all(related, ".//parent-doc/document-id"),
                  *find_all(related, "us-provisional-application/document-id")]  # fmt: skip
    for reference in references:
        office, number = find_text(reference, "country"), find_text(reference, "doc-number")
        if number:
            prefix = "" if number.startswith(("PCT", office)) else office
            international = re.match(r"^PCT/?([A-Z]{2})", number)
            office = international[1] if international else office
            found.append(
                PART.join([prefix + number, full_date(find_text(reference, "date")), office])
            )
    return list(dict.fromkeys(found))


def full_date(date: str) -> str:
    """The date where its day is told; the office writes 00 for the day of a cited document."""
    return "" if re.match(r"^\d{4}(?:00\d\d|\d\d00)$", date) else date


def _citations(data: etree._Element) -> list[etree._Element]:
    return [*find_all(data, "us-references-cited/us-citation"),
            *find_all(data, "references-cited/citation")]  # fmt: skip


def _origin(citation: etree._Element) -> str:
    category = find_text(citation, "category").lower()
    return next((who for who in ("examiner", "applicant") if who in category),
                "other" if "third party" in category else "")  # fmt: skip


def _cited_patents(data: etree._Element) -> list[str]:
    """Number, origin, date where whole, and the words of the reference."""
    found = []
    for citation in _citations(data):
        reference = find(citation, "patcit/document-id")
        number = number_of(reference)
        if reference is not None and number:
            tags = ("country", "doc-number", "kind", "name", "date")
            words = " ".join(filter(None, (find_text(reference, tag) for tag in tags)))
            date = full_date(find_text(reference, "date"))
            found.append(PART.join([number, _origin(citation), date, words]))
    return found


def _cited_literature(data: etree._Element) -> list[str]:
    return [
        PART.join([find_text(citation, "nplcit/othercit"), _origin(citation)])
        for citation in _citations(data)
        if find_text(citation, "nplcit/othercit")
    ]
