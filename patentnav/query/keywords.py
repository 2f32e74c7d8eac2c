"""Publications by what an analyst names: applicant, years, office, words and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav.errors import ArgumentError, UnknownNameError
from patentnav.query import expression as parts
from patentnav.query.corpus import Corpus
from patentnav.query.numbers import places_of
from patentnav.query.parse import parse
from patentnav.query.periods import period
from patentnav.query.run import found
from patentnav.query.words import plain

if TYPE_CHECKING:
    from patentnav.query.corpus import Source

_NAMED = {"applicant": "applicant", "owner": "owner", "inventor": "inventor", "agent": "agent"}
_CODED = {"office": "office", "type": "type", "kind": "kind", "status": "status"}
_DATED = {"years": "filed", "filed": "filed", "published": "published", "granted": "granted",
          "priority": "priority"}  # fmt: skip
KEYWORDS = ("text", "classes", "numbers", *_NAMED, *_CODED, *_DATED)
_MAKERS = {
    "industry": "patents.assign(industry=classify.industries(patents))",
    "technology": "patents.assign(technology=technologies.labels)",
    "sub_sector": "classify.memberships(patents), and give their publication_id to filter",
}


def matching(source: Source, wanted: dict[str, Any]) -> np.ndarray:
    """Publications that meet every one of the named conditions.

    Parameters
    ----------
    source
        A set.
    wanted
        Conditions by keyword, as :meth:`patentnav.PatentSet.filter` takes them; several values of
        one keyword are alternatives.

    Returns
    -------
    numpy.ndarray
        True or False by publication.

    Raises
    ------
    UnknownNameError
        A keyword is none of them and no column of ``publications``.
    ArgumentError
        A value cannot be used.
    """
    corpus = Corpus(source)
    result = np.ones(len(corpus), dtype=bool)
    for key, value in wanted.items():
        result &= _one(corpus, key, value)
    return result


def _one(corpus: Corpus, key: str, value: Any) -> np.ndarray:
    if key == "text":
        if not isinstance(value, str):
            msg = f'text= takes one search expression, such as "battery AND swap*", not {value!r}.'
            raise ArgumentError(msg)
        return found(parse(value), corpus)
    if key in _DATED:
        return _dated(corpus, parts.field(_DATED[key]), key, value)
    return _any_of(corpus, key, _listed(value))


def _any_of(corpus: Corpus, key: str, values: list[Any]) -> np.ndarray:
    if key in _NAMED:
        return _joined(corpus, [_named(corpus, _NAMED[key], str(v)) for v in values])
    if key in _CODED or key == "classes":
        field = _CODED.get(key, "class")
        return _joined(corpus, [found(parse(f'"{v}"', field=field), corpus) for v in values])
    if key == "numbers":
        table = places_of(corpus.publications, [str(v) for v in values])
        _refuse_unknown(values, table)
        mask = np.zeros(len(corpus), dtype=bool)
        mask[table["place"].to_numpy()] = True
        return mask
    if key in corpus.publications.columns:
        return np.asarray(corpus.publications[key].isin(values).to_numpy(dtype=bool))
    known = [*KEYWORDS, *_MAKERS, *corpus.publications.columns]
    if key in _MAKERS:
        msg = f"publications has no column {key}. Make it first: {_MAKERS[key]}."
        raise ArgumentError(msg)
    raise UnknownNameError("keyword of filter", key, known)


def _joined(corpus: Corpus, masks: list[np.ndarray]) -> np.ndarray:
    return np.asarray(np.any([np.zeros(len(corpus), dtype=bool), *masks], axis=0))


def _listed(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple, set, frozenset, pd.Series, pd.Index, np.ndarray, range)):
        return list(value)
    return [value]


def _named(corpus: Corpus, key: str, name: str) -> np.ndarray:
    """Publications of people or organisations whose name holds the given one, or has the id."""
    if '"' in name or not name.strip():
        msg = f'{key}="{name}" is no name. Use text= with {key}:… for an expression.'
        raise ArgumentError(msg)
    result = found(parse(f'"{name}"', field=key), corpus)
    own = corpus.with_id(parts.field(key), plain(name))
    return np.asarray(result | own)


def _dated(corpus: Corpus, field: parts.Field, key: str, value: Any) -> np.ndarray:
    if isinstance(value, range):
        value = (value.start, value.stop - 1) if len(value) else ()
    pair = isinstance(value, (tuple, list)) and len(value) == 2
    if pair:
        text = "..".join("" if v is None else str(v) for v in value)
    elif isinstance(value, (str, int, np.integer)):
        text = str(value)
    else:
        text = ""
    try:
        first, last = period(text)
    except ValueError:
        msg = f'{key}={value!r} is no period. Write {key}=2018, (2015, 2020), (2015, None) or "2015..2020".'
        raise ArgumentError(msg) from None
    return found(parts.Expression(text, parts.Period(first, last, field, 1)), corpus)


def _refuse_unknown(values: list[Any], table: pd.DataFrame) -> None:
    strange = [v for v in values if str(v).strip() not in set(table["number"])]
    if strange:
        msg = (
            f"The set has no publication or application {strange[0]} ({len(strange)} of "
            f"{len(values)} numbers are unknown). Leave them out: query.places_of lists what is known."
        )
        raise ArgumentError(msg)
