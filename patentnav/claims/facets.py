"""Facets of subjects: the keys that publications have, with weights."""

from __future__ import annotations

import functools
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts
from patentnav._strings import texts
from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from patentnav.study import Study

    Facet = Callable[[Study], Iterable[tuple[Any, str, Fraction]]]

# A facet is a function from a study to rows of a key, a publication and a weight.

WHOLE = Fraction(1)


def _column(name: str) -> Callable[[Study], Iterable[tuple[Any, str, Fraction]]]:
    def rows(study: Study) -> Iterable[tuple[Any, str, Fraction]]:
        column = study.patents.publications[name]
        return ((key, str(p), WHOLE) for p, key in zip(column.index, texts(column), strict=True))

    return rows


def _owners(study: Study) -> Iterable[tuple[Any, str, Fraction]]:
    held = facts.holders(study.patents)
    ids = facts.party_ids(held, study.owner_level)
    columns = (texts(held[c]) for c in ("publication_id", "party_type"))
    rows = list(zip(texts(ids), *columns, texts(held["is_inventor"]), strict=True))
    named = [not pd.isna(inventor) and bool(inventor) for *_, inventor in rows]
    firms = {p for (_, p, kind, _), inventor in zip(rows, named, strict=True)
             if not inventor and kind != "individual"}  # fmt: skip
    beside = {(owner, p) for (owner, p, *_), inventor in zip(rows, named, strict=True)
              if inventor and p in firms}  # fmt: skip
    seen = dict.fromkeys((owner, p) for owner, p, _, _ in rows if (owner, p) not in beside)
    return ((owner, publication, WHOLE) for owner, publication in seen)


def _labels(study: Study) -> Iterable[tuple[Any, str, Fraction]]:
    labels = study.technologies.labels
    return ((key, str(p), WHOLE) for p, key in zip(labels.index, texts(labels), strict=True))


def _technology_fields(study: Study) -> Iterable[tuple[Any, str, Fraction]]:
    above = {str(technology): area for technology, area in study.technologies.areas.items()}
    return (
        (above.get(str(key), pd.NA), publication, weight)
        for key, publication, weight in _labels(study)
    )


def _memberships(column: str) -> Callable[[Study], Iterable[tuple[Any, str, Fraction]]]:
    def rows(study: Study) -> Iterable[tuple[Any, str, Fraction]]:
        return _weighted(study.memberships, column)

    return rows


def _weighted(table: pd.DataFrame, column: str) -> Iterator[tuple[Any, str, Fraction]]:
    keys, publications = (texts(table[c]) for c in (column, "publication_id"))
    for key, publication, weight in zip(keys, publications, texts(table["weight"]), strict=True):
        yield key, publication, _fraction(float(weight))


@functools.lru_cache(maxsize=10_000)
def _fraction(weight: float) -> Fraction:
    return Fraction(weight).limit_denominator(10**9)


def _subclasses(study: Study) -> Iterable[tuple[Any, str, Fraction]]:
    table = study.patents.classifications
    scheme = "IPC" if (table["scheme"] == "IPC").any() else "CPC"
    columns = (texts(table[c]) for c in ("scheme", "symbol", "publication_id"))
    rows = zip(*columns, strict=True)
    seen = {(symbol[:4], p) for s, symbol, p in rows if s == scheme and not pd.isna(symbol)}
    return ((key, publication, WHOLE) for key, publication in sorted(seen))


def _wipo_fields(study: Study) -> Iterable[tuple[Any, str, Fraction]]:
    return _weighted(study.fields, "sub_sector")


def _events(study: Study) -> Iterable[tuple[Any, str, Fraction]]:
    table = study.patents.legal_events
    columns = (texts(table[c]) for c in ("category", "publication_id"))
    seen = dict.fromkeys(zip(*columns, strict=True))
    return ((key, publication, WHOLE) for key, publication in seen)


def _people(study: Study) -> Iterable[tuple[Any, str, Fraction]]:
    table = study.patents.inventors
    columns = (texts(table[c]) for c in ("inventor_id", "publication_id"))
    seen = dict.fromkeys(zip(*columns, strict=True))
    return ((key, publication, WHOLE) for key, publication in seen)


def _inside(study: Study) -> Iterable[tuple[Any, str, Fraction]]:
    inside = facts.inside(study.patents, study.inputs.region)
    names = {True: "inside", False: "outside"}
    return (
        (names[bool(value)], str(p), WHOLE)
        for p, value in zip(inside.index, inside, strict=True)
        if not pd.isna(value)
    )


_FACETS: dict[str, Facet] = {
    "authority": _column("authority"),
    "status": _column("legal_status"),
    "patent_type": _column("patent_type"),
    "owner": _owners,
    "technology": _labels,
    "technology_field": _technology_fields,
    "industry": _memberships("industry"),
    "sub_sector": _memberships("sub_sector"),
    "subclass": _subclasses,
    "wipo_field": _wipo_fields,
    "event": _events,
    "person": _people,
    "region": _inside,
}
FACETS: Mapping[str, Facet] = MappingProxyType(_FACETS)


def facet(name: str) -> Callable[[Facet], Facet]:
    """Register a facet of subjects.

    Parameters
    ----------
    name
        Name of the facet, as subjects have it before the colon.

    Returns
    -------
    callable
        The decorator of a function that takes a study and returns rows of a key, a publication and
        a weight.

    Raises
    ------
    ArgumentError
        Another function has this name.
    """

    def register(function: Facet) -> Facet:
        if _FACETS.setdefault(name, function).__qualname__ != function.__qualname__:
            msg = f'There is a facet "{name}" already. Give yours another name.'
            raise ArgumentError(msg)
        _FACETS[name] = function
        return function

    return register
