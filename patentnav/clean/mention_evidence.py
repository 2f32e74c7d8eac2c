"""Evidence around mentions of inventors: the cells of a table of mentions as sparse matrices."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav.clean import chinese, inventor_names, latin
from patentnav.clean.evidence import Evidence
from patentnav.clean.rarity import Rarity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from patentnav.clean.inventor_names import PersonName

_SHORT_WORD = 3


def evidence_of(
    mentions: pd.DataFrame, parsed: Sequence[PersonName], different: np.ndarray
) -> tuple[Evidence, Rarity]:
    """Evidence around every mention, and how rare the names of the set are.

    Parameters
    ----------
    mentions
        The mentions, with any of the columns of :func:`patentnav.clean.inventor_groups`.
    parsed
        Their names.
    different
        Pairs of positions that were decided to be two people.
    """
    own = dict.fromkeys(parsed)
    together, others = _coinventors(mentions, parsed)
    rarity = Rarity([*own, *others.values()])
    counts = {
        "coinventors": together,
        "firm": _cells(mentions, "applicants", lambda v: [_firm(v)[0]]),
        "firm_word": _groups_or_words(mentions),
        "city": _cells(mentions, "city"),
        "region": _places(mentions),
        "classes": _cells(mentions, "classifications", lambda v: [v[:4]]),
        "title": _matrix(_column(mentions, "title"), _words_of_title)[0],
        "work": _works(mentions, different),
    }
    years = np.full(len(mentions), np.nan)
    if "date" in mentions:
        years = pd.to_datetime(mentions["date"]).dt.year.to_numpy(dtype=float, na_value=np.nan)
    weight = [float(np.clip((2 - rarity.of(name)) / 6, 0.1, 1.2)) for name in others.values()]
    return Evidence.of_mentions(counts, years, np.array(weight)), rarity


def _column(mentions: pd.DataFrame, column: str) -> pd.Series:
    if column in mentions:
        return mentions[column]
    return pd.Series(None, index=mentions.index, dtype="str")


def _matrix(cells: pd.Series, parts: Callable[[str], Iterable[str]]) -> tuple[Any, dict[str, int]]:
    """Which parts each cell holds (sparse, cells x parts), and the column of every part."""
    from scipy.sparse import csr_matrix

    code, distinct = pd.factorize(cells)
    column: dict[str, int] = {}
    held, ends = array("q"), array("q", [0])
    for cell in distinct:
        held.extend(sorted({column.setdefault(part, len(column)) for part in parts(str(cell))}))
        ends.append(len(held))
    ends.append(len(held))  # a row of nothing for empty cells
    shape = (len(distinct) + 1, len(column))
    rows = csr_matrix((np.ones(len(held)), np.array(held), np.array(ends)), shape=shape)
    return rows[code], column


def _values(cell: str) -> list[str]:
    return [value for part in cell.split("|") if (value := part.strip())]


def _cells(
    mentions: pd.DataFrame, column: str, keys: Callable[[str], list[str]] | None = None
) -> Any:
    """Values of a column of cells, several joined by a bar, each as its keys."""
    of = keys or (lambda value: [value])
    found = _matrix(
        _column(mentions, column), lambda cell: (k for v in _values(cell) for k in of(v))
    )
    return found[0]


def _groups_or_words(mentions: pd.DataFrame) -> Any:
    groups = _cells(mentions, "groups")
    return groups if groups.shape[1] else _cells(mentions, "applicants", lambda v: [_firm(v)[1]])


def _places(mentions: pd.DataFrame) -> Any:
    """Region, or the country where no region is told."""
    region = _column(mentions, "region")
    told = region.notna() & (region != "")
    return _matrix(region.where(told, _column(mentions, "country")), _values)[0]


def _works(mentions: pd.DataFrame, different: np.ndarray) -> Any:
    """Filings; two people stand in one: a made-up filing keeps decided pairs apart for good."""
    from scipy.sparse import csr_matrix, hstack

    filings = _matrix(_column(mentions, "publication_id"), lambda cell: [cell])[0]
    number = np.repeat(np.arange(len(different)), 2)
    shape = (len(mentions), len(different))
    apart = csr_matrix((np.ones(len(number)), (different.ravel(), number)), shape=shape)
    return hstack([filings, apart]).tocsr()


def _coinventors(
    mentions: pd.DataFrame, parsed: Sequence[PersonName]
) -> tuple[Any, dict[str, PersonName]]:
    """Co-inventors by family name and first word: those listed, else those of the same filing."""
    from scipy.sparse import csr_matrix

    names: dict[str, PersonName] = {}

    def keys(cell: str) -> Iterable[str]:
        for value in _values(cell):
            name = inventor_names.parse(value)
            names.setdefault(name.short, name)
            yield name.short

    own = [name.short for name in parsed]
    if "coinventors" in mentions:
        together, column = _matrix(mentions["coinventors"], keys)
    else:
        for key, name in zip(own, parsed, strict=True):
            names.setdefault(key, name)
        column = {key: at for at, key in enumerate(names)}
        work = pd.factorize(mentions["publication_id"])[0]
        at = np.array([column[key] for key in own])
        held = csr_matrix((np.ones(len(at)), (work, at)), shape=(work.max() + 1, len(column)))
        held.data = np.ones_like(held.data)
        together = held[work]
    at = np.array([column.get(key, -1) for key in own])
    row = np.flatnonzero(at >= 0)
    himself = csr_matrix((np.ones(len(row)), (row, at[row])), shape=together.shape)
    together = (together - together.multiply(himself)).tocsr()
    together.eliminate_zeros()
    return together, {key: names[key] for key in column}


def _firm(name: str) -> tuple[str, str]:
    """Key of a firm and its first word."""
    if chinese.has_cjk(name):
        parsed = chinese.parse(name)
        return parsed.entity, parsed.brand or parsed.entity
    stems = latin.stems_of(name) or (name,)
    return " ".join(stems), stems[0]


def _words_of_title(title: str) -> Iterable[str]:
    if chinese.has_cjk(title):
        return [title[i : i + 2] for i in range(len(title) - 1)]
    plain = {w.strip(".,;:()[]/\"'").lower() for w in title.replace("-", " ").split()}
    kept = {w for w in plain if len(w) > _SHORT_WORD}
    return [w[:-1] if w.endswith("s") and not w.endswith("ss") else w for w in kept]
