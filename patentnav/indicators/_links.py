"""Citations as integer arrays between counted units: the common ground of citation indicators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.counting import unit_ids
from patentnav.indicators._registry import shared

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

# A and B documents of one filing share office and number in most offices, so a cited document
# that the set holds in another kind is found without its kind code.
_KIND = r"^([A-Z]{2}\d+)[A-Z]\d?$"
UNKNOWN_DAY = np.iinfo(np.int64).min


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
    day
        Day (since 1970) on which the citing document was published; ``UNKNOWN_DAY`` if unknown.
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
    published: np.ndarray
    lists_references: np.ndarray
    lists_citing: np.ndarray
    observed_until: int

    def of_publications(self, values: np.ndarray) -> np.ndarray:
        """Spread values of units over their publications."""
        spread: np.ndarray = values[self.unit]
        return spread

    def forward_counts(self, chosen: np.ndarray | None = None) -> np.ndarray:
        """Citations received by every unit, of all or of the chosen rows."""
        inside = self.cited < self.units
        mask = inside if chosen is None else inside & chosen
        return np.bincount(self.cited[mask], minlength=self.units)


@shared
def links(patents: PatentSet, unit: Unit | None = None) -> Links:
    """Citations of patents by patents in ``unit`` (see :class:`Links`)."""
    publications = patents.publications
    code, ids = pd.factorize(unit_ids(patents, unit))
    citations = patents.citations
    citations = citations[(citations["cited_kind"] != "literature") & citations["cited_id"].notna()]
    ends = _codes(publications.index, code, len(ids), citations)
    citing, cited = ends[: len(citations)], ends[len(citations) :]
    published = _earliest(code, len(ids), days(publications["publication_date"]))
    day = days(citations["citing_date"])
    own = np.where(citing < len(ids), published[np.minimum(citing, len(ids) - 1)], UNKNOWN_DAY)
    day = np.where(day == UNKNOWN_DAY, own, day)
    source = pd.factorize(publications["source_file"], use_na_sentinel=False)[0]
    seen = day[day != UNKNOWN_DAY]
    documents = int(ends.max()) + 1 if len(ends) else len(ids)
    citing, cited, day = _distinct(citing, cited, day, max(documents, len(ids)))
    return Links(
        unit=code, units=len(ids), documents=max(documents, len(ids)),
        citing=citing, cited=cited, day=day, published=published,
        lists_references=_told(code, source, citing, len(ids)),
        lists_citing=_told(code, source, cited, len(ids)),
        observed_until=int(seen.max()) if len(seen) else UNKNOWN_DAY,
    )  # fmt: skip


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
    first = np.full(units, np.iinfo(np.int64).max)
    np.minimum.at(first, code[known], day[known])
    return np.where(first == np.iinfo(np.int64).max, UNKNOWN_DAY, first)


def _distinct(
    citing: np.ndarray, cited: np.ndarray, day: np.ndarray, documents: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One row per pair with its earliest known day, ordered by citing, then cited."""
    keep = citing != cited
    pair = citing[keep] * documents + cited[keep]
    late = np.where(day[keep] == UNKNOWN_DAY, np.iinfo(np.int64).max, day[keep])
    order = np.lexsort((late, pair))
    pair, late = pair[order], late[order]
    first = np.ones(len(pair), dtype=bool)
    first[1:] = pair[1:] != pair[:-1]
    pair, late = pair[first], late[first]
    return (
        pair // documents,
        pair % documents,
        np.where(late == np.iinfo(np.int64).max, UNKNOWN_DAY, late),
    )


def _told(code: np.ndarray, source: np.ndarray, ends: np.ndarray, units: int) -> np.ndarray:
    """Units of which some source lists such ends for any of its units."""
    has = np.zeros(units, dtype=bool)
    has[ends[ends < units]] = True
    n = int(source.max()) + 1 if len(source) else 0
    lists = np.zeros(n, dtype=bool)
    np.logical_or.at(lists, source, has[code])
    told = np.zeros(units, dtype=bool)
    np.logical_or.at(told, code, lists[source])
    return told
