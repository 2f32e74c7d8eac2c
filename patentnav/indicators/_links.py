"""Citations as integer arrays between counted units: the common ground of citation indicators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import schema
from patentnav._memo import shared
from patentnav.counting import unit_ids

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

# A and B documents of one filing share office and number in most offices, so a cited document
# that the set holds in another kind is found without its kind code.
_KIND = r"^([A-Z]{2}\d+)[A-Z]\d?$"
UNKNOWN_DAY = np.iinfo(np.int64).min
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Links:
    """Distinct citations between units.

    Attributes
    ----------
    unit
        Unit of every publication, in the order of ``publications``: 0 … ``units`` - 1.
    units
        Number of units in the set; documents outside it have higher numbers.
    documents
        Number of units and outside documents.
    citing, cited
        Ends of every citation, one row per pair, no unit citing itself.
    day, cited_day
        Day (since 1970) on which the citing (cited) document was published, as the citations
        state, else of the set's own publication; ``UNKNOWN_DAY`` if unknown.
    published
        Earliest publication day of every unit; ``UNKNOWN_DAY`` if unknown.
    lists_references, lists_citing
        Whether the source of a unit lists references (citing documents) at all; where it does
        not, none is unknown and not zero.
    observed_until
        Last day on which a citation is seen; ``UNKNOWN_DAY`` if no citation is dated.
    """

    unit: np.ndarray
    units: int
    documents: int
    citing: np.ndarray
    cited: np.ndarray
    day: np.ndarray
    cited_day: np.ndarray
    published: np.ndarray
    lists_references: np.ndarray
    lists_citing: np.ndarray
    observed_until: int

    def of_publications(self, values: np.ndarray) -> np.ndarray:
        """Spread values of units over their publications."""
        spread: np.ndarray = values[self.unit]
        return spread

    @property
    def note(self) -> str:
        """Warning that citing documents are known from inside the set only; empty otherwise."""
        received = self.cited < self.units
        if received.any() and (self.citing[received] < self.units).all():
            return "citing documents from inside the set only: lower bounds"
        return ""

    def why_open(self, window: float) -> str:
        """Reason why a window of so many years cannot be closed."""
        if self.observed_until == UNKNOWN_DAY:
            return "no citing document is dated"
        return f"window of {window:g} years still open"

    def forward_counts(self, chosen: np.ndarray | None = None) -> np.ndarray:
        """Citations received by every unit, of all or of the chosen rows."""
        inside = self.cited < self.units
        mask = inside if chosen is None else inside & chosen
        return np.bincount(self.cited[mask], minlength=self.units)


@shared
def links(patents: PatentSet, unit: Unit | None = None) -> Links:
    """Citations of patents by patents in ``unit`` (see :class:`Links`); none without the table."""
    publications = patents.publications
    code, ids = pd.factorize(unit_ids(patents, unit))
    citations = patents.citations if patents.has("citations") else schema.empty("citations")
    citations = citations[(citations["cited_kind"] != "literature") & citations["cited_id"].notna()]
    ends = _codes(publications.index, code, len(ids), citations)
    citing, cited = ends[: len(citations)], ends[len(citations) :]
    published = _earliest(code, len(ids), days(publications["publication_date"]))
    day = _stated_or_own(days(citations["citing_date"]), citing, published)
    cited_day = _stated_or_own(days(citations["cited_date"]), cited, published)
    source = pd.factorize(publications["source_file"], use_na_sentinel=False)[0]
    seen = day[day != UNKNOWN_DAY]
    documents = int(ends.max()) + 1 if len(ends) else len(ids)
    citing, cited, day, cited_day = _distinct(
        citing, cited, (day, cited_day), max(documents, len(ids))
    )
    return Links(
        unit=code,
        units=len(ids),
        documents=max(documents, len(ids)),
        citing=citing,
        cited=cited,
        day=day,
        cited_day=cited_day,
        published=published,
        lists_references=_told(code, source, citing, len(ids)),
        lists_citing=_told(code, source, cited, len(ids)),
        observed_until=int(seen.max()) if len(seen) else UNKNOWN_DAY,
    )


def days(dates: pd.Series) -> np.ndarray:
    """Days since 1970 of dates, ``UNKNOWN_DAY`` where missing."""
    day = dates.to_numpy(dtype="datetime64[D]").astype(np.int64)
    return np.where(dates.isna().to_numpy(), UNKNOWN_DAY, day)


def _codes(index: pd.Index, code: np.ndarray, units: int, citations: pd.DataFrame) -> np.ndarray:
    ends = pd.concat([citations["citing_id"], citations["cited_id"]], ignore_index=True)
    which, names = pd.factorize(ends)
    position = index.get_indexer(pd.Index(names))
    of_name = np.where(position >= 0, code[position] if len(code) else position, -1)
    lost = np.flatnonzero(of_name < 0)
    if len(lost):
        # Documents of other kinds: the number without its kind, where it names one unit only.
        stems = pd.Series(names[lost]).str.replace(_KIND, r"\1", regex=True)
        numbers = pd.Series(code, index=index.str.replace(_KIND, r"\1", regex=True))
        own = numbers.groupby(level=0).agg(["min", "max"])
        unique = own.loc[own["min"] == own["max"], "min"]
        found = unique.reindex(stems).to_numpy()
        outside = pd.factorize(stems)[0] + units
        of_name[lost] = np.where(np.isnan(found), outside, found).astype(np.int64)
    codes: np.ndarray = of_name[which].astype(np.int64)
    return codes


def _earliest(code: np.ndarray, units: int, day: np.ndarray) -> np.ndarray:
    known = day != UNKNOWN_DAY
    first = np.full(units, _NEVER)
    np.minimum.at(first, code[known], day[known])
    return np.where(first == _NEVER, UNKNOWN_DAY, first)


def _stated_or_own(stated: np.ndarray, ends: np.ndarray, published: np.ndarray) -> np.ndarray:
    """Stated days; where unknown, those of the units of the set."""
    own = published[np.minimum(ends, len(published) - 1)] if len(published) else stated
    return np.where((stated == UNKNOWN_DAY) & (ends < len(published)), own, stated)


def _distinct(
    citing: np.ndarray, cited: np.ndarray, dates: tuple[np.ndarray, np.ndarray], documents: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """One row per pair with its earliest known days, ordered by citing, then cited."""
    keep = citing != cited
    pair, row, place = np.unique(
        citing[keep] * documents + cited[keep], return_index=True, return_inverse=True
    )
    earliest = []
    for day in dates:
        kept = day[keep]
        first = kept[row]
        if len(pair) < len(kept):
            late = np.full(len(pair), _NEVER)
            np.minimum.at(late, place, np.where(kept == UNKNOWN_DAY, _NEVER, kept))
            first = np.where(late == _NEVER, UNKNOWN_DAY, late)
        earliest.append(first)
    return pair // documents, pair % documents, earliest[0], earliest[1]


def _told(code: np.ndarray, source: np.ndarray, ends: np.ndarray, units: int) -> np.ndarray:
    """Units of which some source lists such ends for any of its units."""
    has = np.zeros(units, dtype=bool)
    has[ends[ends < units]] = True
    n = int(source.max()) + 1 if len(source) else 0
    lists = np.zeros(n, dtype=bool)
    np.logical_or.at(lists, source, has[code])
    lists_any = np.zeros(units, dtype=bool)
    np.logical_or.at(lists_any, code, lists[source])
    return lists_any
