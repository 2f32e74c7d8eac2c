"""US documents of 2001 to 2004: grants in ``PATDOC`` (ST.32 tags) and application publications."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from patentnav.io.raw import PART
from patentnav.io.readers.markup import find, find_all, find_text, text_of
from patentnav.io.readers.uspto_current import full_date

if TYPE_CHECKING:
    from lxml import etree

Record = dict[str, str | list[str] | None]

_DESIGN_KINDS = ("S", "S1")


def grant(root: etree._Element) -> Record:
    """Fields of a ``PATDOC``."""
    data = find(root, "SDOBI")
    if data is None:
        data = root
    kind = find_text(data, "B100/B130")
    claims = find_all(root, "SDOCL/CL/CLM") or find_all(root, "SDOCL//CLM")
    classes = [_positional(_raw(e)) for tag in ("B511", "B512")
               for e in find_all(data, f"B500/B510/{tag}")]  # fmt: skip
    edition = find_text(data, "B500/B510/B516")
    design = kind in _DESIGN_KINDS
    inventors = [_st32_party(p) for p in find_all(data, "B700/B720/B721/PARTY-US")]
    assignees = [_st32_party(p) for p in find_all(data, "B700/B730/B731/PARTY-US")]
    return {
        "publication": "US" + find_text(data, "B100/B110") + kind,
        "publication_date": find_text(data, "B100/B140"),
        "application": "US" + find_text(data, "B200/B210"),
        "application_date": find_text(data, "B200/B220"),
        "title": find_text(data, "B500/B540"),
        "abstract": _text_or_none(find(root, "SDOAB")),
        "claims": "\n".join(map(text_of, claims)) or None,
        "first_claim": text_of(claims[0]) if claims else None,
        "claim_count": find_text(data, "B500/B570/B577") or None,
        "description": _text_or_none(find(root, "SDODE")),
        "ipc": [] if design else [PART.join([c, "", edition]) for c in classes],
        "locarno": classes if design else [],
        "us_classes": [text_of(e) for tag in ("B521", "B522")
                       for e in find_all(data, f"B500/B520/{tag}")],
        "applicants": assignees or inventors,
        "assignees": assignees,
        "inventors": inventors,
        "agents": [p.split(PART)[0] for p in
                   map(_st32_party, find_all(data, "B700/B740/B741/PARTY-US"))],
        "examiners": "; ".join(_st32_name(e) for e in find_all(data, "B700/B745//PARTY-US")) or None,
        "priorities": _st32_priorities(data),
        "cited_patents": [c for c in map(_st32_cited, find_all(data, "B500/B560/B561")) if c],
        "cited_literature": [
            PART.join([find_text(e, "NCIT"), _cited_by(e)])
            for e in find_all(data, "B500/B560/B562")
        ],
        "pct_application": find_text(data, "B800/B860/B861/DOC/DNUM") or None,
        "pct_publication": find_text(data, "B800/B870/B871/DOC/DNUM") or None,
        "national_entry_date": find_text(data, "B800/B860/B864US/DATE")
        or find_text(data, "B800/B864US/DATE") or None,
        "term_extension": find_text(data, "B400/B472/B473") or None,
    }  # fmt: skip


def application(root: etree._Element) -> Record:
    """Fields of a ``patent-application-publication``."""
    data = find(root, "subdoc-bibliographic-information")
    if data is None:
        data = root
    technical = find(data, "technical-information")
    if technical is None:
        technical = data
    claims = find_all(root, "subdoc-claims/claim")
    inventors = [_person(p) for p in find_all(data, "inventors/*")]
    assignees = [_person(p) for p in find_all(data, "assignee")]
    edition = find_text(technical, "classification-ipc/classification-ipc-edition")
    return {
        "publication": "US" + find_text(data, "document-id/doc-number")
        + find_text(data, "document-id/kind-code"),
        "publication_date": find_text(data, "document-id/document-date"),
        "application": "US" + find_text(data, "domestic-filing-data/application-number/doc-number"),
        "application_date": find_text(data, "domestic-filing-data/filing-date"),
        "title": find_text(technical, "title-of-invention"),
        "abstract": _paragraphs(find(root, "subdoc-abstract")),
        "claims": "\n".join(map(text_of, claims)) or None,
        "first_claim": text_of(claims[0]) if claims else None,
        "claim_count": str(len(claims)) if claims else None,
        "independent_claims":
            str(sum(find(c, ".//dependent-claim-reference") is None for c in claims))
            if claims else None,
        "description": _paragraphs(find(root, "subdoc-description")),
        "ipc": [PART.join([text_of(e), "", edition])
                for kind in ("primary", "secondary")
                for e in find_all(technical, f"classification-ipc/classification-ipc-{kind}/ipc")],
        "us_classes": ["/".join([find_text(e, "class"), find_text(e, "subclass")])
                       for e in find_all(technical, "classification-us//uspc")],
        "applicants": [a for a in assignees or inventors if a],
        "assignees": [a for a in assignees if a],
        "inventors": [i for i in inventors if i],
        "priorities": [*_foreign_priorities(data), *_continuity(data)],
        "pct_application": find_text(data, "international-filing-data//doc-number") or None,
    }  # fmt: skip


# PATDOC


def _text_or_none(element: etree._Element | None) -> str | None:
    return text_of(element) or None


def _positional(symbol: str) -> str:
    """``H04L  900`` as ``H04L9/00``: four characters, three of the group, the subgroup."""
    group, subgroup = symbol[4:7].strip(), symbol[7:].strip()
    if len(subgroup) < 2:  # blanks were lost on the way
        digits = symbol[4:].strip()
        group, subgroup = digits[:-2], digits[-2:]
    whole = re.match(r"^[A-H]\d{2}[A-Z]", symbol) and (group + subgroup).isdigit()
    return f"{symbol[:4]}{group}/{subgroup}" if whole and group else symbol


def _raw(element: etree._Element) -> str:
    """Text with its blanks, which carry meaning in fields of fixed places."""
    return "".join(str(piece) for piece in element.itertext()).strip()


def _st32_name(party: etree._Element) -> str:
    organisation = find_text(party, "NAM/ONM")
    person = [find_text(party, f"NAM/{tag}") for tag in ("FNM", "SNM", "SFX")]
    return organisation or " ".join(filter(None, person))


def _st32_party(party: etree._Element) -> str:
    """Name, country, state and city; domestic addresses leave the country out."""
    address = [find_text(party, f"ADR/{tag}") for tag in ("CTRY", "STATE", "CITY")]
    if not address[0] and (address[1] or address[2]):
        address[0] = "US"
    return PART.join([_st32_name(party), *address])


def _st32_priorities(data: etree._Element) -> list[str]:
    found = []
    for entry in find_all(data, "B300"):
        numbers = [text_of(e) for e in find_all(entry, "B310")]
        dates = [text_of(e) for e in find_all(entry, "B320")]
        offices = [text_of(e) for e in find_all(entry, "B330")]
        for number, date, office in zip(numbers, dates, offices, strict=False):
            found.append(PART.join([office + number, date, office]))
    return found


def _cited_by(entry: etree._Element) -> str:
    if find(entry, ".//CITED-BY-EXAMINER") is not None:
        return "examiner"
    return "applicant" if find(entry, ".//CITED-BY-OTHER") is not None else ""


def _st32_cited(entry: etree._Element) -> str:
    document = find(entry, "PCIT/DOC")
    number = find_text(document, "DNUM").replace(". ", "") if document is not None else ""
    if document is None or not number:
        return ""
    office = find_text(document, "CTRY") or "US"
    kind, date = find_text(document, "KIND"), find_text(document, "DATE")
    words = " ".join(filter(None, (office, number, kind, find_text(entry, "PCIT//NAM"), date)))
    return PART.join([office + number + kind, _cited_by(entry), full_date(date), words])


# Application publications


def _paragraphs(element: etree._Element | None) -> str | None:
    if element is None:
        return None
    lines = [text_of(p) for p in find_all(element, ".//paragraph")]
    return "\n".join(filter(None, lines)) or text_of(element) or None


def _person(party: etree._Element) -> str:
    parts = ("given-name", "middle-name", "family-name", "name-suffix")
    person = [find_text(party, f".//name/{tag}") for tag in parts]
    name = find_text(party, "organization-name") or " ".join(filter(None, person))
    if not name:
        return ""
    where = "residence" if find(party, "residence") is not None else "address"
    country = find_text(party, f"{where}//country-code")
    place = [find_text(party, f"{where}//{tag}") for tag in ("state", "city")]
    return PART.join([name, country, *place])


def _foreign_priorities(data: etree._Element) -> list[str]:
    found = []
    for entry in find_all(data, "foreign-priority-data"):
        office = find_text(entry, "country-code")
        number = find_text(entry, "priority-application-number/doc-number")
        if number:
            found.append(PART.join([office + number, find_text(entry, "filing-date"), office]))
    return found


def _continuity(data: etree._Element) -> list[str]:
    found = []
    for entry in find_all(data, "continuity-data//parent//document-id") or find_all(
        data, "continuity-data//document-id"
    ):
        number, date = find_text(entry, "doc-number"), find_text(entry, "document-date")
        if number:
            found.append(PART.join(["US" + number, date, "US"]))
    return found
