"""What no document, workbook, page or graph can hold: characters outside XML 1.0."""

from __future__ import annotations

import re

_FOREIGN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str, instead: str = "") -> str:
    """The text with other characters for those that XML cannot hold.

    Examples
    --------
    >>> xml_text("a" + chr(0) + "b"), xml_text("a" + chr(0xFFFE) + "b", " ")
    ('ab', 'a b')
    """
    return text if text.isascii() and text.isprintable() else _FOREIGN.sub(instead, text)
