"""XML of the US office: applications and grants of all vintages, also weekly bulk files.

Vintages: ``us-patent-grant`` and ``us-patent-application`` (2005 on), ``PATDOC`` (grants 2001 to
2004, ST.32 tags) and ``patent-application-publication`` (2001 to 2004).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from patentnav.errors import FormatError
from patentnav.io.raw import from_records
from patentnav.io.readers import markup, uspto_current, uspto_early

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

    from patentnav.io.raw import RawTable

Record = dict[str, str | list[str] | None]

_READERS: dict[str, Callable[[etree._Element], Record]] = {
    "us-patent-grant": uspto_current.record,
    "us-patent-application": uspto_current.record,
    "PATDOC": uspto_early.grant,
    "patent-application-publication": uspto_early.application,
}


def sniff(head: bytes, _name: str) -> bool:
    """Tell a document of the office by its root element."""
    return markup.root_name(head) in _READERS


def read(content: bytes, name: str) -> RawTable:
    """Read one record per document; other roots of a bulk file (sequence listings) are set aside.

    Raises
    ------
    FormatError
        The only document is damaged, or one declares dangerous entities.
    """
    records, rejected = [], []
    for number, document in enumerate(markup.documents(content), 1):
        try:
            found = [
                _READERS[markup.local_name(root)](root)
                for root in markup.elements(document, name, list(_READERS))
            ]
        except FormatError as error:
            if number == 1:
                raise
            rejected.append(markup.reject(document, number, error))
            continue
        records += found
        if not found:
            excerpt = document[:200].decode("utf-8", errors="replace")
            rejected.append((number, excerpt, "no patent document"))
    return from_records(records, "xml", rejected=rejected)
