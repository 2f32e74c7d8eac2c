"""Citations made and received."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.facts import owners, stated_counts
from patentnav.indicators._links import UNKNOWN_DAY, Links, links
from patentnav.indicators.registry import indicator, measured
from patentnav.indicators.scope import OECD
from patentnav.patentset import PatentSet

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.network.arrays import Graph

DAYS_OF_YEAR = 365.2425
TRAJTENBERG = "Trajtenberg 1990, RAND Journal of Economics 21(1), 172-187, doi:10.2307/2555502"


def window_ends(published: np.ndarray, years: int) -> np.ndarray:
    """Last day of a window of so many calendar years after each day; 29 February ends on the 28th."""
    known = published != UNKNOWN_DAY
    day = np.where(known, published, 0).astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    target = month + np.timedelta64(12 * years, "M")
    length = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - target.astype(
        "datetime64[D]"
    )
    offset = np.minimum(day - month.astype("datetime64[D]"), length - np.timedelta64(1, "D"))
    end = (target.astype("datetime64[D]") + offset).astype(np.int64)
    return np.where(known, end, UNKNOWN_DAY)


def _forward(
    patents: PatentSet,
    window: int | None,
    unit: Unit | None,
    name: str,
    *,
    self_citations: bool = True,
) -> pd.Series:
    found = links(patents, unit)
    chosen = None if self_citations else ~same_owner(patents, found)
    missing = {"its source lists no citing documents": ~found.of_publications(found.lists_citing)}
    if window is None:
        counts = found.forward_counts(chosen)
    else:
        counts, undated, unknown, still_open = windowed(found, window, chosen)
        missing |= {
            "no publication date": found.of_publications(unknown),
            found.why_open(window): found.of_publications(still_open),
            "date of a citing document unknown": found.of_publications(undated),
        }
    values = pd.Series(found.of_publications(counts), index=patents.publications.index, name=name)
    return measured(values, missing, note=found.note)


def same_owner(patents: PatentSet, found: Links) -> np.ndarray:
    """Citations whose two ends are units of the set with the same first owner."""
    first = owners(patents).set_index("publication_id")["owner"]
    code, _ = pd.factorize(first.reindex(patents.publications.index))
    owner = np.full(found.units, -1)
    owner[found.unit[::-1]] = code[::-1]  # the first publication of a unit decides
    inside = (found.citing < found.units) & (found.cited < found.units)
    citing = owner[np.where(inside, found.citing, 0)]
    cited = owner[np.where(inside, found.cited, 0)]
    same: np.ndarray = inside & (citing == cited) & (citing >= 0)
    return same


def windowed(
    found: Links, window: int, chosen: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Citations of every unit within a window, and three masks of why that may be unknown.

    Parameters
    ----------
    found
        The citations.
    window
        Years.
    chosen
        Citations that count; all when omitted.

    Returns
    -------
    tuple of numpy.ndarray
        Counts; units with an undated citation; units without a date; units whose window is open.
    """
    ends = window_ends(found.published, window)
    inside = found.cited < found.units
    end_of_cited = ends[np.where(inside, found.cited, 0)]
    wanted = np.ones(len(inside), dtype=bool) if chosen is None else chosen
    dated = found.day != UNKNOWN_DAY
    counts = found.forward_counts(wanted & dated & (found.day <= end_of_cited))
    undated = found.forward_counts(wanted & ~dated) > 0
    unknown = found.published == UNKNOWN_DAY
    return counts, undated, unknown, ends > found.observed_until


@indicator(
    unit="citations", better="higher", needs=("citations",), source=TRAJTENBERG, known_at="later"
)
def forward_citations(
    patents: PatentSet,
    *,
    window: int | None = 5,
    unit: Unit | None = None,
    self_citations: bool = True,
) -> pd.Series:
    r"""Citations received within ``window`` years of the first publication.

    :math:`CIT_p = \#\{q : q \text{ cites } p,\ date_q \le date_p + T\}`, with each citing unit
    counted once.

    Parameters
    ----------
    patents
        The set.
    window
        :math:`T` in years; None counts all citations seen.
    unit
        Unit that cites and is cited: ``publication``, ``application`` or ``family``; the
        configured one when omitted. Every publication has the value of its unit.
    self_citations
        Count citations between units of the same (first) owner.

    Returns
    -------
    pandas.Series
        Int64, indexed by ``publication_id``. 0 means observed and uncited. NA while the window is
        open at the last citing date of the set, where a citing document is undated, and where the
        source lists no citing documents at all.

    Notes
    -----
    Right truncation: a young patent has had no time. Offices differ in who cites and how much:
    compare within field, year and office. Where the citing documents come from the set alone,
    counts are lower bounds.

    Examples
    --------
    >>> import pandas as pd, patentnav as pnav
    >>> patents = pnav.PatentSet.from_tables({
    ...     "publications": pd.DataFrame({"publication_date": ["2010-01-01", "2018-01-01"]},
    ...                                  index=["CN1A", "CN2A"]),
    ...     "citations": pd.DataFrame({"citing_id": ["US8A", "US9A"], "cited_id": "CN1A",
    ...                                "citing_date": ["2012-05-01", "2019-05-01"]})})
    >>> forward_citations(patents).tolist()
    [1, <NA>]
    """
    return _forward(patents, window, unit, "forward_citations", self_citations=self_citations)


@indicator(unit="citations", better="higher", needs=("citations",), source=OECD, known_at="later")
def forward_citations_7(patents: PatentSet, *, unit: Unit | None = None) -> pd.Series:
    """Citations received within seven years of the first publication.

    Returns
    -------
    pandas.Series
        As :func:`forward_citations` with ``window=7``.
    """
    return _forward(patents, 7, unit, "forward_citations_7")


@indicator(
    unit="citations", better="higher", needs=("citations",), source=TRAJTENBERG, known_at="later"
)
def citations_received(
    patents: PatentSet, *, unit: Unit | None = None, self_citations: bool = True
) -> pd.Series:
    """Citations received, all that are seen.

    Parameters
    ----------
    patents
        The set.
    unit
        Unit that cites and is cited; the configured one when omitted.
    self_citations
        Count citations between units of the same (first) owner; owners of documents outside the
        set are not known, so theirs always count.

    Returns
    -------
    pandas.Series
        Int64, indexed by ``publication_id``; NA where the source lists no citing documents.

    Notes
    -----
    Old patents had more time: compare within a filing year.
    """
    return _forward(patents, None, unit, "citations_received", self_citations=self_citations)


@indicator(
    unit="as the vendor counts",
    better="higher",
    needs=("publications.forward_citation_count",),
    source="the vendor of the export",
    known_at="later",
)
def vendor_forward_citations(patents: PatentSet) -> pd.Series:
    """Citations received as the vendor counts them, to the day of the export.

    Returns
    -------
    pandas.Series
        Int64, indexed by ``publication_id``; NA where the vendor does not say.

    Notes
    -----
    No window, so old patents have more; vendors count documents or families. Never mix with
    :func:`forward_citations`.
    """
    values = stated_counts(patents, "forward_citation_count")
    return measured(values.rename("vendor_forward_citations"), {"not in the source": values.isna()})


@indicator(
    unit="citations",
    better="higher",
    needs=("citations | publications.backward_citation_count",),
    source=OECD,
    known_at="search",
)
def backward_citations(patents: PatentSet, *, unit: Unit | None = None) -> pd.Series:
    """Number of distinct patents cited.

    Parameters
    ----------
    patents
        The set.
    unit
        Unit that cites and is cited; the configured one when omitted.

    Returns
    -------
    pandas.Series
        Int64, indexed by ``publication_id``. From the listed references; where the source lists
        none at all, the vendor's count; else NA.

    Notes
    -----
    An unsearched application (most Chinese A documents) cites nothing yet: its 0 is not the 0 of
    a searched one. Applicants' and examiners' references differ by office.
    """
    stated = stated_counts(patents, "backward_citation_count")
    if not patents.has("citations"):
        return measured(stated.rename("backward_citations"), {"not in the source": stated.isna()})
    found = links(patents, unit)
    inside = found.citing < found.units
    counts = np.bincount(found.citing[inside], minlength=found.units)
    listed = pd.Series(found.of_publications(counts), index=stated.index).astype("Int64")
    lists_references = found.of_publications(found.lists_references)
    values = listed.where(lists_references, stated).rename("backward_citations")
    return measured(values, {"its source lists no references": values.isna()})


@indicator(
    unit="references",
    better="neither",
    needs=("citations | publications.npl_citation_count",),
    source=OECD,
    known_at="search",
)
def npl_citations(patents: PatentSet) -> pd.Series:
    """Number of non-patent references (literature) of a publication.

    Returns
    -------
    pandas.Series
        Int64, indexed by ``publication_id``: the vendor's count, else the listed references; NA
        where the source tells neither.

    Notes
    -----
    Not all are scientific: search reports, manuals and web pages are among them.
    """
    publications = patents.publications
    values = publications["npl_citation_count"]
    if patents.has("citations"):
        citations = patents.citations
        literature = citations.loc[citations["cited_kind"] == "literature", "citing_id"]
        counts = literature.value_counts().reindex(publications.index, fill_value=0)
        source = publications["source_file"].fillna("")
        source_lists_npl = (counts > 0).groupby(source).transform("any")
        values = values.fillna(counts.astype("Int64").where(source_lists_npl))
    return measured(
        values.rename("npl_citations"), {"its source lists no literature": values.isna()}
    )


CHI = "Narin 1995 / CHI Research Tech-Line indicators, as widely reproduced"


@indicator(unit="years", better="lower", needs=("citations",), source=CHI, known_at="search")
def technology_cycle_time(patents: PatentSet, *, unit: Unit | None = None) -> pd.Series:
    """Median age of the cited patents when the patent was published.

    Parameters
    ----------
    patents
        The set.
    unit
        Unit that cites and is cited; the configured one when omitted.

    Returns
    -------
    pandas.Series
        float64, indexed by ``publication_id``; NA where no cited document is dated (in the
        citations, or as a publication of the set).

    Notes
    -----
    Fields differ by a factor of three (electronics short, machines long): compare within a field.
    """
    found = links(patents, unit)
    inside = found.citing < found.units
    citing, cited = found.citing[inside], found.cited[inside]
    own_day = found.published[np.minimum(cited, found.units - 1)]
    day = np.where(cited < found.units, own_day, found.cited_day[inside])
    own = found.published[citing]
    known = (day != UNKNOWN_DAY) & (own != UNKNOWN_DAY)
    medians = _medians(citing[known], (own - day)[known] / DAYS_OF_YEAR, found.units)
    values = pd.Series(
        found.of_publications(medians),
        index=patents.publications.index,
        name="technology_cycle_time",
    )
    return measured(values, {"no dated reference": values.isna()})


def _medians(group: np.ndarray, values: np.ndarray, n: int) -> np.ndarray:
    """Median of the values of every group 0 ... n - 1; NaN for an empty one."""
    order = np.lexsort((values, group))
    values = values[order]
    size = np.bincount(group, minlength=n)
    start = np.concatenate([[0], np.cumsum(size)[:-1]])
    some = size > 0
    result = np.full(n, np.nan)
    low = values[start[some] + (size[some] - 1) // 2]
    high = values[start[some] + size[some] // 2]
    result[some] = (low + high) / 2
    return result


@indicator(
    unit="-1 to 1",
    better="higher",
    needs=("citations", "publications.publication_date"),
    source="Funk & Owen-Smith 2017, Management Science 63(3), doi:10.1287/mnsc.2015.2366",
    known_at="later",
)
def disruption(graph: Graph, dates: pd.Series | None = None, window: float | None = 5) -> pd.Series:
    """CD index: whether later patents cite a patent instead of, or together with, its references.

    Parameters
    ----------
    graph
        A ``PatentSet``, a frame ``citing_id, cited_id``, or a ``networkx.DiGraph`` from citing to
        cited.
    dates
        Date by node; for a set its publication dates unless given.
    window
        Years after the focal date in which citations count; None for all.

    Returns
    -------
    pandas.Series
        -1 (consolidates) to 1 (disrupts), by node. Of a set, NA while the window is open at its
        last citing date.

    See Also
    --------
    patentnav.network.cd_index : the kernel.
    """
    from patentnav import network

    values = network.cd_index(graph, dates, window)
    if not isinstance(graph, PatentSet):
        return values
    index = graph.publications.index
    own = values.reindex(index)
    missing = {}
    if window is not None and dates is None:
        found = links(graph, "publication")
        last = found.published + int(window * 365)
        missing[found.why_open(window)] = found.of_publications(last > found.observed_until)
    return measured(own, missing | {"no later citation": own.isna()})
