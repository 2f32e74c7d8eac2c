"""Cohorts (technology field, filing year, office, kind) and where a value stands in its cohort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._memo import shared
from patentnav.counting import unit_ids
from patentnav.facts import main_symbols

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

BY = ("field", "year")
COHORT_COLUMNS = ("field", "year", "authority", "kind", "patent_type", "source")
FIELD_TAXONOMY = "wipo-35"


@shared
def fields(patents: PatentSet) -> pd.Series:
    """WIPO field (id of the taxonomy ``wipo-35``) of the main IPC symbol of every publication.

    Returns
    -------
    pandas.Series
        Named ``field``, dtype str, indexed by ``publication_id``; NA without an IPC symbol.
    """
    from patentnav import taxonomy
    from patentnav.taxonomy.match import SymbolMatcher

    index = patents.publications.index
    if not patents.has("classifications"):
        return pd.Series(None, index=index, dtype="str", name="field")
    main = main_symbols(patents)
    scheme = taxonomy.load(FIELD_TAXONOMY)
    nodes = [k for k in scheme.nodes if not scheme.below(k)]
    claims = SymbolMatcher(scheme, nodes).claims(main)
    node = dict(zip(claims["symbol"][::-1], claims["node"][::-1], strict=True))  # the first wins
    found: pd.Series = main.map(node).reindex(index).astype("str")
    return found.rename("field")


@shared
def kinds(patents: PatentSet) -> pd.Series:
    """Kind of document of every publication, e.g. ``application, grant, utility_model, design``.

    An application and its grant are told apart, because citations, claims and references gather on
    one of them. By type and stage where both are known, else by the letter of the kind code.

    Returns
    -------
    pandas.Series
        Named ``kind``, dtype str, indexed by ``publication_id``; NA where neither is known.
    """
    publications = patents.publications
    kind, granted = publications["patent_type"], publications["granted"]
    stage = granted.map({True: "grant", False: "application"}).astype("str")
    found = kind.mask(kind == "invention", stage).fillna(publications["kind_code"].str.slice(0, 1))
    return found.astype("str").rename("kind")


@shared
def cohorts(patents: PatentSet, by: tuple[str, ...] = BY) -> pd.DataFrame:
    """Cohort of every publication: the columns ``by`` of :data:`COHORT_COLUMNS`.

    The year is that of filing, the kind that of :func:`kinds`. Indexed by ``publication_id``; NA
    where not known.
    """
    publications = patents.publications
    columns: dict[str, pd.Series] = {}
    for name in by:
        if name == "field":
            columns[name] = fields(patents)
        elif name == "year":
            columns[name] = publications["application_date"].dt.year.astype("Int64")
        elif name == "kind":
            columns[name] = kinds(patents)
        else:
            columns[name] = publications[name]
    return pd.DataFrame(columns, index=publications.index)


@shared
def _units_by_date(
    patents: PatentSet, unit: Unit | None, within: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Code of the unit of every publication, and the publications from the earliest to the latest."""
    units = unit_ids(patents, unit).reset_index(drop=True)
    if within:
        parts = cohorts(patents, within).reset_index(drop=True).assign(unit=units)
        units = parts.groupby([*parts.columns], dropna=False, observed=True).ngroup()
    code = pd.factorize(units)[0]
    dates = patents.publications["publication_date"].reset_index(drop=True)
    order = dates.sort_values(kind="stable", na_position="first").index.to_numpy()
    return code, order


def representatives(
    patents: PatentSet,
    unit: Unit | None = None,
    within: tuple[str, ...] = (),
    known: np.ndarray | None = None,
) -> np.ndarray:
    """Mark one publication per unit, the latest, so that a unit counts once in a cohort.

    Parameters
    ----------
    patents
        The set.
    unit
        The unit; the configured one when omitted.
    within
        Cohort columns that divide the documents of a unit (its application and its grant): there
        one of each counts.
    known
        Publications that can stand for their unit; all when omitted.
    """
    code, order = _units_by_date(patents, unit, within)
    if known is not None:
        order = order[known[order]]
    latest_first = order[::-1]
    last = latest_first[np.unique(code[latest_first], return_index=True)[1]]
    mask = np.zeros(len(code), dtype=bool)
    mask[last] = True
    return mask


@dataclass(frozen=True)
class Standing:
    """Where values stand in their cohorts; arrays in the order of the publications.

    Attributes
    ----------
    size
        Cohort members with a known value; 0 where the cohort is unknown.
    below, equal
        Members with a smaller, with the same value.
    """

    size: np.ndarray
    below: np.ndarray
    equal: np.ndarray

    @property
    def percentile(self) -> np.ndarray:
        """Mid-rank percentile, 0 to 100: half of the equals count as below; NaN if unknown."""
        rank: np.ndarray = _divide(self.below + self.equal / 2, self.size)
        return 100 * rank

    @property
    def above_share(self) -> np.ndarray:
        """Share of the cohort with a greater value; NaN if unknown."""
        return _divide(self.size - self.below - self.equal, self.size)


class Distribution:
    """Value counts of one indicator by cohort, ready for look-ups.

    Parameters
    ----------
    code
        Cohort of every row: 0 … ``cohorts`` - 1, or -1 for none.
    values, counts
        A value (NaN: not known) and how many members have it.
    cohorts
        Number of cohorts.
    """

    def __init__(
        self, code: np.ndarray, values: np.ndarray, counts: np.ndarray, *, cohorts: int
    ) -> None:
        known = ~np.isnan(values) & (code >= 0)
        code, values, counts = code[known], values[known], counts[known]
        self._levels, rank = np.unique(values, return_inverse=True)
        self._width = len(self._levels) + 1
        key = code * self._width + rank
        order = np.argsort(key, kind="stable")
        self._key = key[order]
        self._value = values[order]
        self._cumulated = np.concatenate([[0.0], np.cumsum(counts[order])])
        self._summed = np.concatenate([[0.0], np.cumsum((values * counts)[order])])
        self._starts = np.searchsorted(self._key, np.arange(cohorts + 1) * self._width)

    def sizes(self, code: np.ndarray) -> np.ndarray:
        """Members with a known value of cohorts; 0 for none."""
        return self._between(self._cumulated, code)

    def means(self, code: np.ndarray) -> np.ndarray:
        """Means of cohorts; NaN where unknown."""
        return _divide(self._between(self._summed, code), self.sizes(code))

    def quantiles(self, code: np.ndarray, share: float) -> np.ndarray:
        """Smallest value that at least ``share`` of the cohort does not exceed; NaN if unknown."""
        start = self._cumulated[self._starts[:-1]]
        size = self._cumulated[self._starts[1:]] - start
        place = np.searchsorted(self._cumulated, start + share * size - 1e-9, side="left") - 1
        place = np.clip(place, self._starts[:-1], np.maximum(self._starts[1:] - 1, 0))
        found = np.append(self._value, np.nan)[place] if len(place) else np.empty(0)
        found = np.where(size > 0, found, np.nan)
        return np.where(code >= 0, np.append(found, np.nan)[code], np.nan)

    def standing(self, code: np.ndarray, values: np.ndarray) -> Standing:
        """Where values stand in their cohorts."""
        unknown = (code < 0) | np.isnan(values)
        safe = np.where(unknown, 0, values)
        at = np.maximum(code, 0) * self._width
        left = np.searchsorted(self._key, at + np.searchsorted(self._levels, safe, side="left"))
        right = np.searchsorted(self._key, at + np.searchsorted(self._levels, safe, side="right"))
        start = self._starts[np.maximum(code, 0)]
        below = self._cumulated[left] - self._cumulated[start]
        equal = self._cumulated[right] - self._cumulated[left]
        return Standing(
            size=np.where(unknown, 0.0, self.sizes(code)),
            below=np.where(unknown, 0.0, below),
            equal=np.where(unknown, 0.0, equal),
        )

    def _between(self, cumulated: np.ndarray, code: np.ndarray) -> np.ndarray:
        sums = cumulated[self._starts[1:]] - cumulated[self._starts[:-1]]
        return np.where(code >= 0, np.append(sums, 0.0)[code], 0.0)


def _divide(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    ratio: np.ndarray = np.divide(top, bottom, out=np.full(len(bottom), np.nan), where=bottom > 0)
    return ratio


def cohort_codes(cohort: pd.DataFrame, keys: pd.DataFrame) -> np.ndarray:
    """Row of ``keys`` that every row of ``cohort`` equals; -1 for none and where one is NA."""
    by = [*keys.columns]
    if not by:
        return np.zeros(len(cohort), dtype=np.int64)
    numbered = keys.assign(code=np.arange(len(keys)))
    code = cohort[by].merge(numbered, on=by, how="left")["code"].fillna(-1).to_numpy(np.int64)
    return np.where(cohort[by].notna().all(axis=1).to_numpy(dtype=bool), code, -1)
