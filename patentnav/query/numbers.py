"""Publications by their numbers, in any spelling."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from patentnav.normalize import identifiers

if TYPE_CHECKING:
    from collections.abc import Iterable

_KIND = re.compile(r"(?<=\d)[A-Z]\d?$")


def places_of(publications: pd.DataFrame, numbers: Iterable[str]) -> pd.DataFrame:
    """Publications of the given numbers.

    Parameters
    ----------
    publications
        Table of publications, indexed by ``publication_id``.
    numbers
        Publication numbers with or without kind code, or application numbers, as anybody writes
        them. A number without kind code names all documents that bear it, an application number all
        publications of the application.

    Returns
    -------
    pandas.DataFrame
        ``number, place``: the number as given, and the row of a publication; no row for a number
        that the set does not have.
    """
    given = pd.Series([str(n).strip() for n in numbers], dtype="str").drop_duplicates()
    index = publications.index
    known: dict[str, list[int]] = {}
    for place, key in enumerate(index):
        known.setdefault(str(key), []).append(place)
        known.setdefault(_KIND.sub("", str(key)), []).append(place)
    filed: dict[str, list[int]] = {}
    if "application_id" in publications:
        for place, key in enumerate(publications["application_id"]):
            if isinstance(key, str):
                filed.setdefault(key, []).append(place)
    published = identifiers.publication_ids(given)
    applied = identifiers.application_ids(given)
    rows: list[tuple[str, int]] = []
    for text, pub, app in zip(given, published, applied, strict=True):
        keys = [text, *([pub] if isinstance(pub, str) else [])]
        hits = next((known[k] for k in keys if k in known), None)
        if hits is None and isinstance(app, str):
            hits = filed.get(app)
        rows += [(text, place) for place in sorted(set(hits or ()))]
    return pd.DataFrame(rows, columns=["number", "place"]).astype(
        {"number": "str", "place": "int64"}
    )
