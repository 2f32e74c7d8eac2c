"""Names in a text: those that the report knows, and organisations that it does not."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patentnav.report.check.figures import HIDDEN
from patentnav.report.check.vocabulary import PUBLICATION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from patentnav.report.check.vocabulary import Vocabulary

_HEAD = 2  # characters by which a name is looked up
_STEM = 3  # characters that an abbreviated name has at least
_CODED = re.compile(r"([A-Z]{1,3}\d{1,4}) (\S.+)", re.S)  # T02 name of the technology
_HAN = "[\u3400-\u9fff]"


@dataclass(frozen=True)
class Mention:
    """A name in a text and whom it may mean, by the names that the report prints."""

    start: int
    end: int
    text: str
    means: frozenset[str]


class Names:
    """The names that a report knows.

    Parameters
    ----------
    names
        As printed.
    words
        Of the report's language; its ends of organisations are left out in abbreviations.
    """

    def __init__(self, names: Iterable[str], words: Vocabulary) -> None:
        self.words = words
        held: dict[str, set[str]] = defaultdict(set)
        own = sorted(set(names))
        for name in own:
            held[name].add(name)
        for name in own:
            for alias in self._aliases(name):
                if alias not in own:
                    held[alias].add(name)
        self._means = {alias: frozenset(found) for alias, found in held.items()}
        self._by_head: dict[str, list[str]] = defaultdict(list)
        for alias in self._means:
            self._by_head[alias[:_HEAD].casefold()].append(alias)
        for found in self._by_head.values():
            found.sort(key=lambda alias: (-len(alias), alias))

    def _aliases(self, name: str) -> Iterable[str]:
        coded = _CODED.fullmatch(name)
        if coded:
            yield coded[1]
            yield coded[2]
        glue = self.words.entries["glue"]
        for end in self.words.entries["organisations"]["ends"]:
            stem = name.removesuffix(".").removesuffix(glue + end).rstrip(" ,")
            if stem != name and len(stem) >= _STEM:
                yield stem
                return

    def __contains__(self, name: str) -> bool:
        return name in self._means

    def find(self, text: str) -> list[Mention]:
        """The names in a text, the longest at each place."""
        found, i = [], 0
        while i < len(text) - 1:
            alias = self._at(text, i)
            if alias is None:
                i += 1
                continue
            end = i + len(alias)
            found.append(Mention(i, end, text[i:end], self._means[alias]))
            i = end
        return found

    def _at(self, text: str, i: int) -> str | None:
        for alias in self._by_head.get(text[i : i + _HEAD].casefold(), ()):
            end = i + len(alias)
            piece = text[i:end]
            if piece != alias and (len(alias) <= 4 or piece.casefold() != alias.casefold()):
                continue
            if _joined(text, i) or _joined(text, end):
                continue
            return alias
        return None

    def strangers(self, text: str) -> list[Mention]:
        """Organisations and publications in a text that the report does not know.

        Parameters
        ----------
        text
            With the known names hidden.
        """
        found = [Mention(*m.span(), m[0], frozenset()) for m in PUBLICATION.finditer(text)
                 if not _joined(text, m.start()) and not _joined(text, m.end())]  # fmt: skip
        return [*found, *(self._latin(text) if self.words.spaced else self._han(text))]

    def _han(self, text: str) -> Iterable[Mention]:
        entries = self.words.entries["organisations"]
        ends = "|".join(sorted(entries["ends"], key=len, reverse=True))
        for match in re.finditer(rf"(?:{_HAN}|[()\uff08\uff09A-Za-z]){{2,24}}?(?:{ends})(?!{_HAN}?(?:{ends}))",
                                 text):  # fmt: skip
            name = match[0]
            for start in sorted(entries["starts"], key=len, reverse=True):
                head, found, tail = name.rpartition(start)
                if found and len(tail) > _STEM and len(head) <= len(name) - 4:
                    name = tail
            stem = name
            for end in sorted(entries["ends"], key=len, reverse=True):
                if stem.endswith(end):
                    stem = stem.removesuffix(end)
                    break
            generic = any(
                stem.startswith(word) or stem.endswith(word) for word in entries["generic"]
            )
            if len(stem) > 1 and not generic:
                yield Mention(match.end() - len(name), match.end(), name, frozenset())

    def _latin(self, text: str) -> Iterable[Mention]:
        entries = self.words.entries["organisations"]
        ends = "|".join(sorted(entries["ends"], key=len, reverse=True))
        for match in re.finditer(rf"(?:[A-Z][\w&.\-]*,?\s+(?:of\s+)?){{1,6}}(?:{ends})\b\.?", text):
            words = match[0].split()
            while words and words[0].rstrip(",") in entries["starts"]:
                words.pop(0)
            name = " ".join(words)
            if len(words) > 1 and words[0] not in entries["generic"] and HIDDEN not in name:
                yield Mention(match.end() - len(name), match.end(), name, frozenset())


def _joined(text: str, i: int) -> bool:
    """Whether letters or digits of one word stand on both sides."""
    return 0 < i < len(text) and _latin(text[i - 1]) and _latin(text[i])


def _latin(character: str) -> bool:
    return (character.isascii() and character.isalnum()) or "\u00c0" <= character <= "\u024f"
