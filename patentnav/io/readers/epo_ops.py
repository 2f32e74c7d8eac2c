"""EPO Open Patent Services: bibliographic data, family and legal status, as XML or JSON.

Elements of the exchange-documents schema of OPS 3.2. XML is turned into the form of the service's
JSON, so that both are understood by the same code; JSON whose attributes were lost in conversion is
understood as far as it can be.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from patentnav.errors import FormatError
from patentnav.io.raw import PART, from_records
from patentnav.io.readers import jsonlines, markup
from patentnav.io.readers.jsonlines import many, one, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from patentnav.io.raw import RawTable

_RECORDS = ("exchange-document", "family-member")
_ROOTS = {"world-patent-data", "exchange-documents", "exchange-document"}
_PROSE = {"p", "invention-title", "text"}
_IPC = re.compile(r"^([A-H]\d{2}[A-Z])\s*(\d+)\s*/\s*(\d+)\s*([A-Z]?)\s*([A-Z]?)")
_LITERATURE = "XP"  # numbers that the EPO gives to literature, listed among the patents
_COUNTRY = re.compile(r"\s*\[([A-Z]{2})\]\s*$")
_DEEPEST = 60

Record = dict[str, str | list[str] | None]


def sniff(head: bytes, _name: str) -> bool:
    """Tell an answer of the service by its root element or first keys."""
    if jsonlines.looks_like_json(head):
        return b'"exchange-document' in head or b"world-patent-data" in head
    return markup.root_name(head) in _ROOTS


def read(content: bytes, name: str) -> RawTable:
    """Read one record per exchange document or family member.

    Raises
    ------
    FormatError
        The file is damaged before its first record, or declares dangerous entities.
    """
    if jsonlines.looks_like_json(content[:64]):
        return _read_json(content, name)
    records, rejected = [], []
    for number, document in enumerate(markup.documents(content), 1):
        try:
            family = _family_of(document, name)
            for element in markup.elements(document, name, _RECORDS):
                records.append(_record(_node(element), family))
        except FormatError as error:
            if not records:
                raise
            rejected.append(markup.reject(document, number, error))
    return from_records(records, "xml", rejected=rejected)


def _read_json(content: bytes, name: str) -> RawTable:
    parsed, rejected = jsonlines.documents(content, name)
    records, rows = [], []
    for line, document in parsed:
        nodes = list(_records(document))
        family = _extended(nodes)
        records += [_record(node, family) for node in nodes]
        rows += [line] * len(nodes)
        if not nodes:
            rejected.append((line, str(document)[:200], "no exchange document"))
    return from_records(records, "json", rows=rows, rejected=rejected)


# One form for XML and JSON


def _node(element: etree._Element) -> Any:
    """An element as the service's JSON writes it: attributes ``@name``, text ``$``."""
    node: dict[str, Any] = {"@" + str(key): str(value) for key, value in element.items()}
    if markup.local_name(element) in _PROSE or len(element) == 0:
        node["$"] = markup.text_of(element)
        return node
    for child in element:
        node.setdefault(markup.local_name(child), []).append(_node(child))
    return node


def _records(node: Any, depth: int = 0) -> Iterator[Any]:
    """All record nodes of a JSON document, prefixes taken off the names."""
    if depth > _DEEPEST:
        return
    if isinstance(node, list):
        for child in node:
            yield from _records(child, depth + 1)
    elif isinstance(node, dict):
        for key, child in node.items():
            if key.rpartition(":")[2] in _RECORDS:
                yield from (_bare(one_) for one_ in (child if isinstance(child, list) else [child]))
            else:
                yield from _records(child, depth + 1)


def _bare(node: Any) -> Any:
    if isinstance(node, list):
        return [_bare(child) for child in node]
    if isinstance(node, dict):
        return {key.rpartition(":")[2]: _bare(child) for key, child in node.items()}
    return node


def _family_of(document: bytes, name: str) -> str:
    """Id of the extended family of a family answer: its smallest publication; else empty."""
    if b"family-member" not in document:
        return ""
    members = [_node(e) for e in markup.elements(document, name, ["family-member"])]
    return _extended(members)


def _extended(nodes: list[Any]) -> str:
    members = [node for node in nodes if one(node, "publication-reference") is not None]
    return min((_publication(node)[0] for node in members), default="")


# Records


def _record(node: Any, extended: str) -> Record:
    data = one(node, "bibliographic-data") or one(node, "exchange-document", "bibliographic-data")
    member = one(node, "publication-reference") is not None
    data = data if data is not None else node
    publication, date = _publication(node if member else data)
    application, application_date = _application(one(data, "application-reference"))
    inventors = _people(one(data, "parties", "inventors"), "inventor")
    family = text(node.get("@family-id")) if isinstance(node, dict) else ""
    return {
        "publication": publication,
        "publication_date": date,
        "application": application,
        "application_date": application_date,
        "titles": [_in_language(t) for t in many(data, "invention-title")],
        "abstracts": _abstracts(node),
        "ipc": _ipc(data),
        "cpc": _classes(data, "CPC"),
        "us_classes": _classes(data, "UC"),
        "applicants": [
            PART.join(a) for a in _people(one(data, "parties", "applicants"), "applicant")
        ],
        "inventors": [PART.join([name, country]) for name, _, country in inventors],
        "inventors_standard": "; ".join(s for _, s, _ in inventors if s) or None,
        "priorities": _priorities(data),
        "cited_patents": _cited_patents(data),
        "cited_literature": _cited_literature(data),
        "simple_family": PART.join([publication, family]) if family else None,
        "extended_family": PART.join([publication, extended]) if member and extended else None,
        "events": [_event(e) for e in many(node, "legal")],
    }


def _ids(reference: Any) -> list[dict[str, str]]:
    """The document ids of a reference, the one with country and kind first."""
    found = [
        {
            "country": text(one(i, "country")), "number": text(one(i, "doc-number")),
            "kind": text(one(i, "kind")), "date": text(one(i, "date")),
            "form": text(i.get("@document-id-type")) if isinstance(i, dict) else "",
        }
        for i in many(reference, "document-id")
    ]  # fmt: skip
    return sorted(found, key=lambda i: not i["country"])


def _number(ids: list[dict[str, str]]) -> tuple[str, str]:
    """Number with country and kind, and the date that any of the forms states."""
    if not ids:
        return "", ""
    best = ids[0]
    date = next((i["date"] for i in ids if i["date"]), "")
    return best["country"] + best["number"] + best["kind"], date


def _publication(node: Any) -> tuple[str, str]:
    return _number(_ids(one(node, "publication-reference")))


def _application(reference: Any) -> tuple[str, str]:
    ids = _ids(reference)
    number, date = _number(ids)
    if ids and ids[0]["country"] == "CN":  # the docdb kind would be read as part of the number
        number = "CN" + ids[0]["number"]
    return number, date


def _in_language(node: Any) -> str:
    language = text(node.get("@lang")).lower() if isinstance(node, dict) else ""
    return PART.join([text(node), language if language != "ol" else ""])


def _abstracts(node: Any) -> list[str]:
    found = []
    for abstract in many(node, "abstract"):
        words = " ".join(filter(None, (text(p) for p in many(abstract, "p")))) or text(abstract)
        if words:
            found.append(_in_language({**_attributes(abstract), "$": words}))
    return found


def _attributes(node: Any) -> dict[str, Any]:
    return {k: v for k, v in node.items() if k.startswith("@")} if isinstance(node, dict) else {}


def _ipc(data: Any) -> list[str]:
    symbols = []
    for entry in many(one(data, "classifications-ipcr"), "classification-ipcr"):
        found = _IPC.match(text(one(entry, "text")))
        if found:
            inventive = {"I": "true", "N": "false", "A": "false"}.get(found[5], "")
            symbols.append(PART.join([f"{found[1]}{found[2]}/{found[3]}", inventive]))
    if not symbols:
        older = many(one(data, "classification-ipc"), "text")
        symbols = [text(symbol) + PART for symbol in older if text(symbol)]
    return symbols


def _classes(data: Any, scheme: str) -> list[str]:
    """CPC symbols, or US classes (``UC``); the offices repeat each other's."""
    symbols: dict[str, str] = {}
    for entry in many(one(data, "patent-classifications"), "patent-classification"):
        declared = one(entry, "classification-scheme")
        name = text(declared.get("@scheme")) if isinstance(declared, dict) else ""
        section = text(one(entry, "section"))
        if scheme == "CPC" and section and not name.startswith("UC"):
            parts = [text(one(entry, k)) for k in ("class", "subclass", "main-group", "subgroup")]
            symbol = f"{section}{parts[0]}{parts[1]}{parts[2]}/{parts[3]}"
            value = text(one(entry, "classification-value"))
            symbols.setdefault(symbol, {"I": "true", "A": "false"}.get(value, ""))
        elif scheme == "UC" and name.startswith("UC"):
            symbols.setdefault(text(one(entry, "classification-symbol")), "")
    if scheme == "UC":
        return [s for s in symbols if s]
    return [PART.join(pair) for pair in symbols.items()]


def _people(node: Any, kind: str) -> list[tuple[str, str, str]]:
    """Names as the document writes them, standard forms and countries, one for each person."""
    entries = [
        (
            text(entry.get("@sequence")), text(entry.get("@data-format")),
            text(one(entry, f"{kind}-name", "name")),
        )
        for entry in many(node, kind)
        if isinstance(entry, dict)
    ]  # fmt: skip
    entries = [e for e in entries if e[2]]
    if any(form for _, form, _ in entries):
        by_place: dict[str, dict[str, str]] = {}
        for place, form, name in entries:
            by_place.setdefault(place, {})[form] = name
        pairs = [(p.get("epodoc", ""), p.get("original", "")) for p in by_place.values()]
    else:
        pairs = _paired([name for _, _, name in entries])
    return [_person(standard, original) for standard, original in pairs]


def _paired(names: list[str]) -> list[tuple[str, str]]:
    """Without attributes: the standard names, then the original ones in one or more scripts.

    All original names but the last end in a comma; of several scripts the last is taken.
    """
    marked = next((i for i, name in enumerate(names) if name.endswith(",")), None)
    half, odd = divmod(len(names), 2)
    if marked is not None:
        standard, original = names[:marked], names[marked:]
        if standard and len(original) % len(standard) == 0:
            return list(zip(standard, original[-len(standard) :], strict=True))
        return [(name, "") for name in _once(original)]
    if not odd and half and _repeats(names[:half], names[half:]):
        return list(zip(names[:half], names[half:], strict=True))
    return [(name, "") for name in _once(names)]


def _once(names: list[str]) -> list[str]:
    return list({re.sub(r"\W", "", name).casefold(): name for name in names}.values())


def _repeats(standard: list[str], original: list[str]) -> bool:
    countries = all(_COUNTRY.search(n) for n in standard)
    if countries and not any(_COUNTRY.search(n) for n in original):
        return True
    other_form = sum(not n.isascii() or n != n.upper() for n in original)
    if all(n == n.upper() for n in standard) and other_form == len(original):
        return True
    words = [(set(re.findall(r"\w+", a)), set(re.findall(r"\w+", b)))
             for a, b in zip(standard, original, strict=True)]  # fmt: skip
    return all(a & b for a, b in words)


def _person(standard: str, original: str) -> tuple[str, str, str]:
    country = _COUNTRY.search(standard)
    plain = _COUNTRY.sub("", standard)
    name = (_COUNTRY.sub("", original) or plain).rstrip(" ,;")
    return name, plain if original else "", country[1] if country else ""


def _priorities(data: Any) -> list[str]:
    claims = many(one(data, "priority-claims"), "priority-claim") or many(data, "priority-claim")
    found = []
    for claim in claims:
        ids = _ids(claim)
        number, date = _number(ids)
        if number:
            office = ids[0]["country"] or number[:2]
            found.append(PART.join([number, date, office]))
    return found


def _origin(citation: Any) -> str:
    attributes = _attributes(citation)
    by = str(attributes.get("@cited-by", "")).lower()
    phase = str(attributes.get("@cited-phase", "")).lower()
    if "opposition" in phase:
        return "opposition"
    if by in {"examiner", "applicant"}:
        return by
    if "applicant" in phase or "description" in phase:
        return "applicant"
    return "examiner" if "search" in phase or "examination" in phase else ""


def _citations(data: Any, kind: str) -> Iterator[tuple[Any, Any]]:
    for citation in many(one(data, "references-cited"), "citation"):
        for cited in many(citation, kind):
            yield citation, cited


def _category(citation: Any) -> str:
    return ",".join(filter(None, (text(c) for c in many(citation, "category"))))


def _cited_patents(data: Any) -> list[str]:
    found = []
    for citation, cited in _citations(data, "patcit"):
        number, date = _number(_ids(cited))
        if number and not number.startswith(_LITERATURE):
            found.append(PART.join([number, _category(citation), _origin(citation), date]))
    return found


def _cited_literature(data: Any) -> list[str]:
    return [
        PART.join([text(one(cited, "text")), _category(citation), _origin(citation)])
        for citation, cited in _citations(data, "nplcit")
        if text(one(cited, "text"))
    ] + [
        PART.join([_number(_ids(cited))[0], _category(citation), _origin(citation)])
        for citation, cited in _citations(data, "patcit")
        if _number(_ids(cited))[0].startswith(_LITERATURE)
    ]


def _event(node: Any) -> str:
    """Date, code, text and country of a legal event, and the owner it names."""
    attributes = _attributes(node)
    details = one(node, "L500EP")
    free = text(one(details, "L510EP"))
    said = " ".join(filter(None, (str(attributes.get("@desc", "")).strip(), free)))
    return PART.join(
        [
            text(one(node, "L007EP")),
            str(attributes.get("@code", "")).strip() or text(one(node, "L008EP")),
            said, text(one(node, "L001EP")), text(one(details, "L509EP")),
        ]
    )  # fmt: skip
