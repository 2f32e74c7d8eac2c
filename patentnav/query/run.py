"""Which publications an expression finds, and its words in context."""

from __future__ import annotations

import functools
from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.query import expression as parts
from patentnav.query.corpus import Corpus, Texts
from patentnav.query.numbers import places_of
from patentnav.query.words import holds, pattern, plain, spans, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from patentnav.query.corpus import Source
    from patentnav.query.expression import Expression, Part
    from patentnav.query.words import Pattern, Span, Words

CONTEXT = ["publication_id", "field", "language", "position", "term", "before", "match", "after"]


def found(expression: Expression, source: Source | Corpus) -> np.ndarray:
    """Publications that an expression finds.

    Parameters
    ----------
    expression
        Result of :func:`parse`.
    source
        A set, or a :class:`Corpus` of it where many expressions are asked.

    Returns
    -------
    numpy.ndarray
        True or False by publication, in the order of ``publications``.

    Warns
    -----
    CoverageWarning
        The set has nothing in a field that is asked for.
    """
    corpus = source if isinstance(source, Corpus) else Corpus(source)
    return _found(expression.tree, corpus, segmented=expression.segmented)


def _found(part: Part, corpus: Corpus, *, segmented: bool) -> np.ndarray:
    match part:
        case parts.All() | parts.Any():
            join = np.logical_and if isinstance(part, parts.All) else np.logical_or
            each = (_found(one, corpus, segmented=segmented) for one in part.parts)
            return np.asarray(functools.reduce(join, each))
        case parts.Not():
            return ~_found(part.part, corpus, segmented=segmented)
        case parts.Term() | parts.Near():
            return _told(part, corpus, segmented=segmented)
        case parts.Class():
            return corpus.with_class(part.pattern, part.field)
    return _noted(part, corpus)


def _told(part: parts.Term | parts.Near, corpus: Corpus, *, segmented: bool) -> np.ndarray:
    """Publications with a term, or what is near, in a text or name."""
    result = np.zeros(len(corpus), dtype=bool)
    for texts in corpus.texts(part.field):
        hit = np.zeros(len(texts.raw), dtype=bool)
        hit[_rows(part, texts, None, segmented=segmented)] = True
        result[texts.owners[hit[texts.number]]] = True
    return result


def _noted(part: parts.Code | parts.Period | parts.Number, corpus: Corpus) -> np.ndarray:
    """Publications with a code, date or number."""
    if isinstance(part, parts.Period):
        return _dated(part, corpus.column(part.field))
    if isinstance(part, parts.Code):
        column = corpus.column(part.field).astype("str").str.casefold()
        return np.asarray((column == part.value).fillna(False).to_numpy(dtype=bool))
    result = np.zeros(len(corpus), dtype=bool)
    result[places_of(corpus.publications, [part.text])["place"].to_numpy()] = True
    return result


def _dated(part: parts.Period, dates: pd.Series) -> np.ndarray:
    inside = dates.notna()
    if part.first is not None:
        inside &= (dates >= pd.Timestamp(part.first)).fillna(False)
    if part.last is not None:
        inside &= (dates <= pd.Timestamp(part.last)).fillna(False)
    return inside.to_numpy(dtype=bool)


def _rows(part: Part, texts: Texts, rows: np.ndarray | None, *, segmented: bool) -> np.ndarray:
    """Texts, among some or all, that a term or what is near finds."""
    if isinstance(part, parts.Term):
        one = pattern(part.text)
        hits = texts.holding(one.core, rows)
        if one.written:
            hits = _kept(hits, lambda i: holds(one, texts.plain[i]))
        if not (segmented and any(one.unspaced)):
            return hits
    else:
        hits = _possible(part, texts, rows)
    return _kept(hits, lambda i: bool(_spans(part, texts.plain[i], segmented=segmented)))


def _kept(rows: np.ndarray, right: Callable[[int], bool]) -> np.ndarray:
    return np.array([i for i in rows.tolist() if right(i)], dtype=np.int64)


def _possible(part: Part, texts: Texts, rows: np.ndarray | None) -> np.ndarray:
    """Texts that hold the words of what is near, wherever they stand."""
    match part:
        case parts.Near():
            return _possible(part.second, texts, _possible(part.first, texts, rows))
        case parts.Any():
            return np.unique(np.concatenate([_possible(one, texts, rows) for one in part.parts]))
        case _:
            return _rows(part, texts, rows, segmented=False)


def _spans(part: Part, text: str, *, segmented: bool) -> list[Span]:
    return _places(part, text, words(text, segmented=segmented))


def _places(part: Part, text: str, cut: Words) -> list[Span]:
    """Places of a term or of what is near, from left to right."""
    match part:
        case parts.Term():
            one: Pattern = pattern(part.text)
            return [span for span in spans(one, text) if cut.fits(span, one)]
        case parts.Any():
            return sorted({span for p in part.parts for span in _places(p, text, cut)})
        case parts.Near():
            first, second = (_places(p, text, cut) for p in (part.first, part.second))
            pairs = _behind(first, second, part.distance, cut)
            if not part.ordered:
                pairs |= _behind(second, first, part.distance, cut)
            return sorted(pairs)
    return []


def _behind(first: list[Span], second: list[Span], distance: int, cut: Words) -> set[Span]:
    """Unions of places of which the second follows the first closely."""
    begins = [span[0] for span in second]
    found_pairs = set()
    for one in first:
        for other in second[bisect_left(begins, one[1]) :]:
            if not cut.near(one, other, distance):
                break
            found_pairs.add((one[0], other[1]))
    return found_pairs


def context(expression: Expression, source: Source | Corpus, *, width: int = 40) -> pd.DataFrame:
    """Words that an expression finds, with what stands around them (keyword in context).

    Parameters
    ----------
    expression
        Result of :func:`parse`.
    source
        A set, or a :class:`Corpus` of it.
    width
        Characters shown before and after.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, field, language, position, term, before, match, after``, a row for every
        place of a word, phrase or NEAR that is asked for (not those after NOT) in the publications
        that the whole expression finds; ``position`` is the number of its first character in the
        text, from 1, ``term`` the part of the expression. Classes, codes and dates stand in no text.
    """
    corpus = source if isinstance(source, Corpus) else Corpus(source)
    kept = _found(expression.tree, corpus, segmented=expression.segmented)
    rows: list[tuple[object, ...]] = []
    for leaf, wanted in parts.leaves(expression.tree):
        if not wanted or not isinstance(leaf, parts.Term | parts.Near):
            continue
        name = parts.shown(leaf)
        for texts in corpus.texts(leaf.field):
            here = np.flatnonzero(kept[texts.owners])
            of_text: dict[int, list[int]] = {}
            for row in here.tolist():
                of_text.setdefault(int(texts.number[row]), []).append(row)
            asked = np.fromiter(of_text, np.int64, len(of_text))
            for i in _rows(leaf, texts, asked, segmented=expression.segmented).tolist():
                told = _around(leaf, texts.raw[i], texts.plain[i], width, expression.segmented)
                for row in of_text[i]:
                    who = corpus.index[texts.owners[row]]
                    language = texts.languages[row]
                    rows += [(who, texts.kind, language, p, name, *shown) for p, *shown in told]
    frame = pd.DataFrame(rows, columns=CONTEXT).drop_duplicates(ignore_index=True)
    frame = frame.astype({c: "str" for c in CONTEXT if c != "position"} | {"position": "int64"})
    order = ["publication_id", "field", "language", "position", "term"]
    return frame.sort_values(order, kind="stable", ignore_index=True)


def _around(
    leaf: parts.Term | parts.Near,
    raw: str,
    text: str,
    width: int,
    segmented: bool,  # noqa: FBT001
) -> list[tuple[int, str, str, str]]:
    """Places of a leaf in a text as it is written: position, before, match, after."""
    at = _origins(raw, text)
    result = []
    for start, end in _spans(leaf, text, segmented=segmented):
        a, b = (start, end) if at is None else (at[start], at[end])
        before = raw[max(a - width, 0) : a]
        result.append((a + 1, before, raw[a:b], raw[b : b + width]))
    return result


def _origins(raw: str, text: str) -> list[int] | None:
    """Place in the written text of every character of the plain one; None where they are the same."""
    if len(raw) == len(text):
        return None
    origins = [i for i, character in enumerate(raw) for _ in plain(character)]
    return [*origins, len(raw)]
