"""Text from bytes: which encoding a file has, by what it would say in each, and mended damage."""

from __future__ import annotations

import codecs
import functools
import re
from collections import Counter
from typing import TYPE_CHECKING

from patentnav.errors import ArgumentError, FormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_SAMPLE_BYTES = 1 << 18
_DAMAGED = "\ufffd"
_CHUNK = 1 << 22
BOMS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_CONTROLS = bytes([*range(1, 9), *range(14, 26), *range(28, 32)])
_BINARY = 0.02  # share of control bytes that no text has
_NULS = 0.01  # and of NUL bytes, where the text is not UTF-16
_FEWEST_NULS = 4
_UTF16 = 0.95  # share of letters and signs of usual scripts in UTF-16
_PLAIN = re.compile(
    "[\t\n\r -~\u00a0-\u024f\u0370-\u052f\u2000-\u22ff\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7af\uff00-\uffef]"
)
_DAMAGES = 2000  # places that are mended one by one; a file with more has another encoding
_SHARE = 0.002
_LONGEST_RUN = 400

# Encodings of two bytes a character, and how the first bytes of their usual characters lie: the
# Chinese of everyday use stands first in each list of characters, as do the Korean syllables.
_GB_SIGNS = {0xA1, 0xA2, 0xA3, 0xA6, 0xA7}  # with Greek and Cyrillic letters
_USUAL: dict[str, Callable[[int, int], bool]] = {
    # Before the Chinese one: only Korean text has none but characters that are usual in both.
    "cp949": lambda lead, trail: (0xB0 <= lead <= 0xC8 or 0xA1 <= lead <= 0xA3) and trail > 0xA0,
    "gb18030": lambda lead, trail: (0xB0 <= lead <= 0xD7 or lead in _GB_SIGNS) and trail > 0xA0,
    "cp950": lambda lead, _trail: 0xA1 <= lead <= 0xC6,
    "cp932": lambda lead, trail: (
        lead in {0x81, 0x83} or (lead == 0x82 and trail >= 0x4F) or 0x88 <= lead <= 0x97
    ),
    "euc_jp": lambda lead, trail: (
        (0xA4 <= lead <= 0xA5 or 0xA1 <= lead <= 0xA3 or 0xB0 <= lead <= 0xCF) and trail > 0xA0
    ),
}
_NAMES = {"cp950": "big5", "cp932": "shift_jis", "cp949": "euc_kr"}
_MIXED = "utf-8+gb18030"
_CHARACTERS = 4000  # that are looked at
_LATIN = re.compile(rb"(?<=[A-Za-z ,;\"'(])[\x80-\xff](?=[A-Za-z ,;\"'.)\r\n-])")
_SINGLE = {"cp1252", "cp1251"}
_CYRILLIC = 0xE0  # first of the small letters of Windows Cyrillic
_KNOWN_COUNTS = 3.0  # known words outweigh what characters tell


def to_utf8(
    content: bytes,
    file: str,
    *,
    known: Callable[[str], int] | None = None,
    encoding: str | None = None,
) -> tuple[bytes, str]:
    """Return the text as UTF-8 without byte order mark, and the encoding it had.

    Byte order mark, strict UTF-8, UTF-16 without mark, then the encoding in which most of the text
    is known headers and usual characters: GB18030, Big5, Shift-JIS, EUC-KR, EUC-JP or Windows
    Latin or Cyrillic. A file whose lines end in a bare carriage return was written by an old Macintosh program
    and is read as Mac Roman where it is not UTF-8; one that mixes UTF-8 and GB18030 is read line
    by line. A damaged character becomes U+FFFD and costs nothing but itself.

    Parameters
    ----------
    content
        The bytes of the file.
    file
        Name for messages.
    known
        How many headers of any format the first lines of a text have.
    encoding
        The encoding, where the caller states it.

    Raises
    ------
    FormatError
        The bytes are no text.
    ArgumentError
        No encoding has the stated name.
    """
    if encoding is not None:
        return _stated(content, encoding)
    marked = next((name for mark, name in BOMS.items() if content.startswith(mark)), "")
    head = content[: 1 << 16]
    marked = marked or (_unmarked_utf16(head) if b"\0" in head else "")
    if marked.startswith("utf-16"):
        # A byte lost at the end, or half a character, costs one character.
        return content.decode(marked, errors="replace").encode(), marked
    if marked:
        plain = content[len(codecs.BOM_UTF8) :]
        return (plain if is_encoded(plain, "utf-8") else _by_line(plain).encode()), marked
    _refuse_binary(head, file)
    if is_encoded(content, "utf-8"):
        return content, "utf-8"
    return _of_other(content, known or (lambda _text: 0))


def _of_other(content: bytes, known: Callable[[str], int]) -> tuple[bytes, str]:
    """Text that is no sound UTF-8."""
    if _mostly_utf8(content[:_SAMPLE_BYTES]):
        return _by_line(content).encode(), _MIXED
    if b"\n" not in content and b"\r" in content:
        return content.decode("mac_roman").encode(), "mac_roman"
    best = _by_evidence(content[:_SAMPLE_BYTES], known)
    if best in _SINGLE:
        return content.decode(best, errors="replace").encode(), best
    text = _mended(content, best)
    if text is None:
        return _by_line(content).encode(), _MIXED
    return text.encode(), _NAMES.get(best, best)


def decode(content: bytes, file: str) -> tuple[str, str]:
    """Return the text and the encoding it had; see :func:`to_utf8`."""
    plain, encoding = to_utf8(content, file)
    return plain.decode(), encoding


def is_encoded(content: bytes, encoding: str) -> bool:
    """Whether bytes are text of an encoding, without holding the text."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for start in range(0, len(content), _CHUNK):
            decoder.decode(content[start : start + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _stated(content: bytes, encoding: str) -> tuple[bytes, str]:
    try:
        name = codecs.lookup(encoding).name
        codecs.getincrementaldecoder(name)
    except LookupError as error:
        msg = f'encoding="{encoding}" is no encoding. Common ones: utf-8, gb18030, big5, shift_jis, euc_kr, cp1252.'
        raise ArgumentError(msg) from error
    if name in {"utf-8", "utf-8-sig"}:
        return content.decode("utf-8-sig", errors="replace").encode(), encoding
    wider = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "cp950", "shift_jis": "cp932",
             "euc_kr": "cp949"}.get(name, name)  # fmt: skip
    if name.startswith(("utf-16", "utf-32")) or wider not in _USUAL:
        return content.decode(name, errors="replace").lstrip("\ufeff").encode(), encoding
    text = _mended(content, wider)
    return (content.decode(wider, errors="replace") if text is None else text).encode(), encoding


def _unmarked_utf16(head: bytes) -> str:
    """UTF-16 without mark: read so, nearly all of it are letters, signs and line ends."""
    if head.count(0) < _FEWEST_NULS or len(head) < _FEWEST_NULS:
        return ""
    for name in ("utf-16-le", "utf-16-be"):
        text = head[: len(head) // 2 * 2].decode(name, errors="replace")
        if len(_PLAIN.findall(text)) > _UTF16 * len(text) and ("\n" in text or "\r" in text):
            return name
    return ""


def _refuse_binary(head: bytes, file: str) -> None:
    """Text may have a stray NUL or control character, no more."""
    strange = len(head) - len(head.translate(None, _CONTROLS))
    if strange > _BINARY * len(head) or head.count(0) > max(1, _NULS * len(head)):
        msg = f'"{file}" is a binary file under the name of a text file. Export it again as csv.'
        raise FormatError(msg)


def _mostly_utf8(head: bytes) -> bool:
    """Whether most lines that are not plain ASCII are UTF-8."""
    lines = [line for line in head.splitlines() if not line.isascii()]
    return sum(is_encoded(line, "utf-8") for line in lines) > len(lines) / 2 or _damaged_utf8(head)


def _damaged_utf8(head: bytes) -> bool:
    """Whether most characters that are not ASCII are UTF-8, where every line has a damage."""
    text = head.decode("utf-8", errors="replace")
    others = sum(c > "\x7f" for c in text)
    return others > 3 * (text.count(_DAMAGED) + 1)


def _by_line(content: bytes) -> str:
    """Text of files glued together from UTF-8 and GB18030 parts, or with damaged bytes.

    A byte that is no text of either becomes U+FFFD.
    """
    return "".join(map(_line, content.splitlines(keepends=True)))


def _line(line: bytes) -> str:
    plain = line.decode("utf-8", errors="replace")
    damaged = plain.count(_DAMAGED)
    if not damaged or sum(c > "\x7f" for c in plain) > 2 * damaged:
        return plain
    try:
        return line.decode("gb18030")
    except UnicodeDecodeError:
        mended = _mended(line, "gb18030")
        if mended is not None and mended.count(_DAMAGED) < damaged:
            return mended
        return plain


# Evidence


def _by_evidence(head: bytes, known: Callable[[str], int]) -> str:
    """The encoding in which a text says most."""
    head = head[: head.rfind(b"\n") + 1] or head
    scores: dict[str, float] = {}
    for name in _USUAL:
        text = head.decode(name, errors="replace")
        scores[name] = _usual(text, name) + _KNOWN_COUNTS * min(known(text), 3)
    high = sum(byte > 0x7F for byte in head)
    latin = len(_LATIN.findall(head)) / max(high, 1)
    scores["cp1252"] = (
        2 * latin - 1 + _KNOWN_COUNTS * min(known(head.decode("cp1252", "replace")), 3)
    )
    scores["cp1251"] = sum(byte >= _CYRILLIC for byte in head) / max(high, 1)
    scores["cp1251"] += _KNOWN_COUNTS * min(known(head.decode("cp1251", "replace")), 3)
    best = max(scores.values())
    return next(name for name, score in scores.items() if score > best - 0.02)


def _usual(text: str, name: str) -> float:
    """Share of the characters that are usual in texts of an encoding; damage counts against it."""
    usual = _USUAL[name]
    count = good = 0
    for character in text:
        if character <= "\x7f":
            continue
        count += 1
        if character == _DAMAGED:
            good -= 1
        elif len(coded := _encoded(character, name)) == 2:
            good += usual(*coded)
        elif name == "cp932" and "\uff61" <= character <= "\uff9f":
            good -= 1  # half-width katakana: what other encodings become
        if count >= _CHARACTERS:
            break
    return good / max(count, 1)


@functools.lru_cache(maxsize=1 << 15)
def _encoded(character: str, name: str) -> bytes:
    try:
        return character.encode(name)
    except UnicodeEncodeError:
        return b""


# Damage


def _mended(content: bytes, name: str) -> str | None:
    """Text with U+FFFD for every damaged character; None where nearly all of it is damaged."""
    parts: list[str] = []
    everyday = _everyday(content[:_SAMPLE_BYTES], name)
    place, damages, most = 0, 0, max(_DAMAGES, int(_SHARE * len(content)))
    while place < len(content):
        end = content.find(b"\n", place + _CHUNK) + 1 or len(content)
        chunk = content[place:end]  # a line end is no part of a longer character
        try:
            parts.append(chunk.decode(name))
        except UnicodeDecodeError:
            for line in chunk.splitlines(keepends=True):
                text, found = _mended_line(line, name, everyday)
                parts.append(text)
                damages += found
                if damages > most:
                    return None
        place = end
    return "".join(parts)


def _mended_line(line: bytes, name: str, everyday: frozenset[str]) -> tuple[str, int]:
    """A line, and how many damages it had."""
    parts: list[str] = []
    place = damages = 0
    while place < len(line):
        try:
            parts.append(line[place:].decode(name))
            break
        except UnicodeDecodeError as error:
            damages += 1
            start, end = _run(line, place, place + error.start)
            parts.append(line[place:start].decode(name, errors="replace"))
            parts.append(_mended_run(line[start:end], name, everyday))
            place = end
    return "".join(parts), damages


def _run(content: bytes, first: int, at: int) -> tuple[int, int]:
    """The bytes round a damage, between two that are no part of a longer character."""
    start = at
    while start > max(first, at - _LONGEST_RUN) and content[start - 1] >= 0x30:
        start -= 1
    if start == max(first, at - _LONGEST_RUN) and start > first:
        start = at  # no boundary near: what was read before stays
    end = at + 1
    while end < min(len(content), at + _LONGEST_RUN) and content[end] >= 0x30:
        end += 1
    return start, end


def _mended_run(run: bytes, name: str, everyday: frozenset[str]) -> str:
    """The reading of a run in which, one or two bytes left out, most characters are usual."""
    readings = [
        run.replace(b"\x80", b"\x00").decode(name, errors="replace").replace("\0", "\u20ac")
    ]
    if _DAMAGED in readings[0]:
        readings = [run.decode(name, errors="replace")]
        for i in range(len(run)):
            before = _strict(run[:i], name)
            if before is None:
                continue
            for width in (1, 2):
                after = _strict(run[i + width :], name)
                if after is not None:
                    readings.append(before + _DAMAGED + after)
    return max(readings, key=lambda text: _likely(text, name, everyday))


def _strict(part: bytes, name: str) -> str | None:
    try:
        return part.decode(name)
    except UnicodeDecodeError:
        return None


def _likely(text: str, name: str, everyday: frozenset[str]) -> tuple[float, int]:
    others = [c for c in text if c > "\x7f"]
    good = sum(_worth(others, name, everyday))
    return good - 2 * text.count(_DAMAGED), -len(text)


def _worth(characters: Iterable[str], name: str, everyday: frozenset[str]) -> Iterable[float]:
    usual = _USUAL[name]
    for character in characters:
        coded = _encoded(character, name)
        known = 0.5 if character in everyday else 0.0
        yield (1.0 if usual(*coded) else -1.0) + known if len(coded) == 2 else 0.0


def _everyday(sample: bytes, name: str) -> frozenset[str]:
    """Characters that a text has more than once: a damage hides one of them, not a rare one."""
    counts = Counter(sample.decode(name, errors="replace"))
    return frozenset(character for character, count in counts.items() if count > 1)
