"""The one parser of the search language: breakdown tables, taxonomies and searches use it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patentnav import schema
from patentnav.errors import ExpressionError
from patentnav.normalize.ladder import spelling_hint
from patentnav.normalize.symbols import canonical_symbol
from patentnav.query import expression as parts
from patentnav.query.periods import period
from patentnav.query.words import UNSPACED, has_letters

if TYPE_CHECKING:
    from collections.abc import Callable

    from patentnav.query.expression import Field, Part

DEEPEST = 60  # brackets inside each other
FARTHEST = 100  # words between two that are near

# Full-width signs as a Chinese keyboard writes them; one for one, so that places stay.
_SIGNS = str.maketrans(
    "\uff08\uff09\u201c\u201d\u201e\uff02\uff1a\uff1d\uff0a\uff1f\uff0f\uff0c\uff1b\u3000\xa0",
    '()"""":=*?/,;  ',
)
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<open>\()|(?P<close>\))
    |"(?P<quoted>[^"]*)(?P<end>"|$)
    |(?P<near>(?:NEAR|PRE|W|N)/(?P<distance>\d+)(?=[\s()"]|$))
    |(?P<operator>(?:AND|OR|NOT)(?=[\s()"]|$))
    |(?P<field>[^\s()":=,;|]+?)[ ]?[:=](?![=])
    |(?P<mark>[,;|\u3001\[\]{}:=])
    |(?P<word>[^\s()":=,;|\u3001\[\]{}]+)""",
    re.VERBOSE | re.IGNORECASE,
)
_CODED = re.compile(r"/?[*+]+$|/$")


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    place: int  # from 1
    value: str = ""


def parse(text: str, *, segmented: bool = False, field: str = parts.DEFAULT) -> parts.Expression:
    """Read a search expression.

    Parameters
    ----------
    text
        The expression: words and ``"phrases"`` in Chinese, English or any other language, ``AND``,
        ``OR``, ``NOT``, ``NEAR/n`` (at most n words or Chinese characters between, in one sentence),
        ``PRE/n`` (the same in this order), brackets, ``*`` (any ending or beginning of a word), ``?``
        (one letter), and fields such as ``title:``, ``claims:``, ``class:``, ``applicant:``,
        ``filed:2015..2020``, ``number:`` (:func:`field_names`), also with ``=``. NEAR binds before
        NOT, NOT before AND, AND before OR.
    segmented
        Chinese words must begin and end where words of the dictionary do, and distances count
        these words; without, Chinese is found anywhere and distances count characters.
    field
        Where words without a field are looked for; title and abstract unless said otherwise.

    Returns
    -------
    Expression

    Raises
    ------
    ExpressionError
        The expression cannot be read; the message names the place and the remedy.

    Examples
    --------
    >>> from patentnav import query
    >>> str(query.parse('title:(battery NEAR/3 swap*) AND class:B60L53'))
    'title:(battery NEAR/3 swap*) AND class:B60L53'
    """
    reader = _Reader(text, parts.field(field))
    return parts.Expression(text, reader.whole(), segmented)


def error(text: str, place: int, problem: str, remedy: str) -> ExpressionError:
    """An error of an expression with its place."""
    near = text[max(place - 1, 0) : place + 19].strip()
    where = f'place {place} ("{near}")' if near else "the end"
    return ExpressionError(f"At {where}: {problem} {remedy}", text, place)


def _tokens(text: str) -> list[_Token]:
    plain = text.translate(_SIGNS)
    found = []
    at = 0
    while at < len(plain):
        match = _TOKEN.match(plain, at)
        if match is None:  # a lone surrogate and the like
            raise error(text, at + 1, "a sign has no meaning here.", "Remove it.")
        place = at + 1
        at = match.end()
        if match["space"]:
            continue
        if match["quoted"] is not None:
            if not match["end"]:
                raise error(text, place, "a quote is opened and not closed.", 'Add the closing ".')
            found.append(_Token("phrase", match["quoted"], place))
        elif match["near"]:
            found.append(_Token("near", match["near"].upper(), place, match["distance"]))
        elif match["operator"]:
            found.append(_Token(match["operator"].upper(), match["operator"], place))
        elif match["field"]:
            found.append(_Token("field", match["field"], place))
        elif match["mark"]:
            raise error(
                text, place, f"{match['mark']} has no meaning here.", _remedy(match["mark"])
            )
        else:
            kind = "open" if match["open"] else "close" if match["close"] else "word"
            found.append(_Token(kind, match[0], place))
    return found


def _remedy(mark: str) -> str:
    if mark in "[]{}":
        return "Use round brackets."
    if mark in ":=":
        return 'Write a field before it (title:…), or put it in quotes ("pH=7").'
    return 'Write OR between alternatives, or put it in quotes ("1,2-dichloroethane").'


class _Reader:
    """Recursive descent: OR of ANDs of NOTs of NEARs."""

    def __init__(self, text: str, field: Field) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._at = 0
        self._depth = 0
        self._field = field
        self._named = False

    def whole(self) -> Part:
        if not self._tokens:
            raise error(self._text, len(self._text) + 1, "the expression is empty.",
                        "Write a word, a phrase in quotes or a field.")  # fmt: skip
        found = self._any()
        if (left := self._next()) is not None:
            raise error(self._text, left.place, "a bracket is closed that was not opened.",
                        "Remove it, or add the opening one.")  # fmt: skip
        return found

    def _next(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _is(self, kind: str) -> bool:
        token = self._next()
        return token is not None and token.kind == kind

    def _take(self) -> _Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _any(self) -> Part:
        return self._chain("OR", self._all, parts.Any)

    def _all(self) -> Part:
        return self._chain("AND", self._without, parts.All)

    def _chain(
        self,
        operator: str,
        item: Callable[[], Part],
        kind: type[parts.All | parts.Any],
    ) -> Part:
        found = [item()]
        while self._is(operator):
            self._take()
            found.append(item())
        self._refuse_neighbour()
        return found[0] if len(found) == 1 else kind(tuple(found))

    def _refuse_neighbour(self) -> None:
        token = self._next()
        if token is None or token.kind not in {"word", "phrase", "open", "field"}:
            return
        before = self._tokens[self._at - 1]
        if "NEAR" in (loose := {token.text.upper(), before.text.upper()}) or "PRE" in loose:
            raise error(self._text, token.place, "NEAR and PRE need a distance.",
                        "Write NEAR/5, or put the word in quotes.")  # fmt: skip
        pair = f"{before.text} AND {token.text}"
        as_phrase = ""
        if {before.kind, token.kind} <= {"word"}:
            as_phrase = f', or "{before.text} {token.text}" for the phrase'
        else:
            pair = "AND (both), OR (either) or NOT"
            as_phrase = " between them"
        raise error(self._text, token.place, "two terms stand side by side.",
                    f"Write {pair}{as_phrase}.")  # fmt: skip

    def _without(self) -> Part:
        if self._is("NOT"):
            self._take()
            found: Part = parts.Not(self._near())
        else:
            found = self._near()
        barred = []
        while self._is("NOT"):
            self._take()
            barred.append(parts.Not(self._near()))
        return parts.All((found, *barred)) if barred else found

    def _near(self) -> Part:
        found = self._factor()
        while self._is("near"):
            token = self._take()
            other = self._factor()
            distance = int(token.value)
            if distance > FARTHEST:
                raise error(self._text, token.place, f"{token.text} is farther than {FARTHEST}.",
                            "Use AND, or a smaller distance.")  # fmt: skip
            fields = {self._placed(found, token), self._placed(other, token)}
            if len(fields) > 1:
                names = " and ".join(sorted(f.key for f in fields))
                raise error(self._text, token.place, f"the two sides look in {names}.",
                            "Write the field before a bracket round both: title:(a NEAR/3 b).")  # fmt: skip
            ordered = token.text.startswith(("PRE", "W"))
            found = parts.Near(found, other, distance, ordered, fields.pop(), token.place)
        return found

    def _placed(self, part: Part, token: _Token) -> Field:
        """Field of a part that has places in a text."""
        match part:
            case parts.Term() | parts.Near():
                return part.field
            case parts.Any():
                fields = {self._placed(one, token) for one in part.parts}
                if len(fields) == 1:
                    return fields.pop()
        raise error(self._text, token.place, f"{token.text} stands between words, phrases and OR.",
                    "Take AND, NOT, classes, codes and other fields out of its sides.")  # fmt: skip

    def _factor(self) -> Part:
        token = self._next()
        if token is None or token.kind in {"close", "AND", "OR", "NOT", "near"}:
            last = self._tokens[self._at - 1] if self._at else None
            place = token.place if token is not None else len(self._text) + 1
            after = f"after {last.text}" if last is not None else "at the beginning"
            if (
                token is not None
                and token.kind == "NOT"
                and last is not None
                and last.kind == "near"
            ):
                raise error(self._text, place, "NOT cannot stand beside NEAR.",
                            "Write (a NEAR/3 b) NOT c.")  # fmt: skip
            raise error(self._text, place, f"a word is missing {after}.",
                        "Write a word, or remove the operator.")  # fmt: skip
        self._take()
        if token.kind == "open":
            return self._bracket(token)
        if token.kind == "field":
            return self._of_field(token)
        return self._leaf(token)

    def _bracket(self, token: _Token) -> Part:
        self._depth += 1
        if self._depth > DEEPEST:
            raise error(self._text, token.place, f"more than {DEEPEST} brackets stand in each other.",
                        "Divide the expression into rows of their own.")  # fmt: skip
        found = self._any()
        if not self._is("close"):
            raise error(self._text, token.place, "a bracket is opened and not closed.",
                        "Add the closing one.")  # fmt: skip
        self._take()
        self._depth -= 1
        return found

    def _of_field(self, token: _Token) -> Part:
        try:
            field = parts.field(token.text)
        except KeyError:
            close = parts.close_field(token.text)
            hint = f"Did you mean {close}?" if close else "query.field_names() lists them."
            raise error(self._text, token.place, f'no field is called "{token.text}".',
                        f"{hint} What is no field goes in quotes.") from None  # fmt: skip
        if self._named:
            raise error(self._text, token.place, "a field stands inside another one.",
                        "Give every part one field: title:a AND claims:b.")  # fmt: skip
        before = self._field
        self._field, self._named = field, True
        if not (self._is("word") or self._is("phrase") or self._is("open")):
            raise error(self._text, token.place, f"{token.text} is followed by nothing to look for.",
                        f"Write {token.text}:word or {token.text}:(a OR b).")  # fmt: skip
        found = self._factor()
        self._field, self._named = before, False
        return found

    def _leaf(self, token: _Token) -> Part:
        field, text, place = self._field, token.text.strip(), token.place
        if field.kind in {"text", "name"}:
            if not has_letters(text):
                raise error(self._text, place, f'"{text}" holds no letter or digit.',
                            "Write what is to be found, with * only beside letters.")  # fmt: skip
            if problem := _wild(text):
                raise error(self._text, place, *problem)
            return parts.Term(text, field, place)
        if field.kind == "class":
            return parts.Class(self._pattern(text, place), field, place)
        if field.kind == "date":
            try:
                first, last = period(text)
            except ValueError:
                raise error(self._text, place, f'"{text}" is no period.',
                            "Write 2018, 2015..2020, 2015.., ..2020 or 2019-03..2019-06-15.") from None  # fmt: skip
            return parts.Period(first, last, field, place)
        if field.kind == "code":
            return parts.Code(self._code(text, place), field, place)
        return parts.Number(text, field, place)

    def _code(self, text: str, place: int) -> str:
        code = dict(self._field.values).get(text, text).casefold()
        column = schema.table(self._field.table).columns[self._field.columns[0]]
        if column.allowed and code not in column.allowed:
            raise error(self._text, place, f'"{text}" is no value of {self._field.key}.',
                        f"It is one of {', '.join(column.allowed)}.")  # fmt: skip
        return code

    def _pattern(self, text: str, place: int) -> str:
        bare = _CODED.sub("", text)
        if len(bare) == 1 and bare.upper() in "ABCDEFGHY":
            return bare.upper()
        symbol = canonical_symbol(bare)
        if symbol is None:
            raise error(self._text, place, f'"{text}" is no IPC or CPC class.', spelling_hint(bare))
        return symbol


def _wild(text: str) -> tuple[str, str] | None:
    """What is wrong with the truncation of a term; None where nothing is."""
    if re.search(rf"[{UNSPACED}][*]+[{UNSPACED}]", text):
        return (
            "* between Chinese characters stands for no word end.",
            "Write both parts with PRE/5 (at most five characters between).",
        )
    return None
