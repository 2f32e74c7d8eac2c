"""Whether later titles of others are nearer to a title than earlier ones were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from patentnav.counting import unit_ids
from patentnav.facts import cutoff_date, owners
from patentnav.indicators.cohort import representatives
from patentnav.indicators.registry import indicator, measured
from patentnav.text.weights import unit_rows

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

WINDOW = 5  # years before and after
OPEN = 2  # last years, whose later texts are not there yet
FEWEST = 20  # texts of others on either side
_WIDTHS = (2, 3)  # characters
_BREAK = "\n"
KELLY = (
    "after Kelly, Papanikolaou, Seru & Taddy 2021, American Economic Review: Insights 3(3), "
    "doi:10.1257/aeri.20190499"
)


@indicator(
    unit="log ratio",
    better="higher",
    needs=("publications.title", "publications.application_date"),
    source=KELLY,
    known_at="later",
)
def text_impact(patents: PatentSet, *, window: int = WINDOW, unit: Unit | None = None) -> pd.Series:
    r"""Similarity to later titles of other owners, relative to that to earlier ones.

    :math:`\ln(\bar s_{later} / \bar s_{earlier})` with :math:`\bar s` the mean cosine similarity to
    the titles of other owners filed up to ``window`` years after (before) the filing year. Titles
    are vectors of their pairs and triples of characters, weighted by the inverse share of titles
    that hold them.

    Parameters
    ----------
    patents
        The set.
    window
        Years on either side; the filing year itself is in neither.
    unit
        Unit of which one title counts; the configured one when omitted.

    Returns
    -------
    pandas.Series
        float64, indexed by ``publication_id``. NA for the last two filing years of the set, with
        fewer than twenty titles of others on a side or none alike, and without a title or date.

    Notes
    -----
    Kelly et al. use the whole text of all patents of an office and windows of ten and five years; a
    search result tells only of itself, and titles say little: a weak sign. Positive where the words
    came up after the patent, which may be its doing or not.
    """
    publications = patents.publications
    index = publications.index
    titles = publications["title"]
    year = publications["application_date"].dt.year
    counts = representatives(patents, unit) & titles.notna().to_numpy() & year.notna().to_numpy()
    result = np.full(len(index), np.nan)
    some = titles.notna().to_numpy() & year.notna().to_numpy()
    if some.any():
        vectors = _vectors(
            titles[some].str.lower().str.split().str.join(" ").tolist(), counts[some]
        )
        result[some] = _ratios(
            vectors,
            year[some].to_numpy(dtype=np.int64),
            _owner_codes(patents, unit)[some],
            counts[some],
            window,
        )
    cutoff = cutoff_date(patents)
    last = year.max() if cutoff is None else cutoff.year
    values = pd.Series(result, index=index, name="text_impact")
    open_ = (year > last - OPEN).fillna(False).to_numpy(dtype=bool)
    return measured(
        values,
        {
            "no title or filing date": ~some,
            f"filed in the last {OPEN} years": open_,
            f"fewer than {FEWEST} titles of others before or after, or none alike": values.isna(),
        },
    )


def _owner_codes(patents: PatentSet, unit: Unit | None) -> np.ndarray:
    """Owner of every publication; a publication without one stands for itself."""
    own = unit_ids(patents, unit)
    if patents.has("parties"):
        first = owners(patents).set_index("publication_id")["owner"]
        own = first.reindex(own.index).fillna("=" + own)
    code: np.ndarray = pd.factorize(own)[0]
    return code


def _vectors(titles: list[str], counts: np.ndarray) -> sparse.csr_matrix:
    """Titles as tf-idf vectors of unit length over the pieces that two counted titles have."""
    joined = _BREAK.join(titles) + _BREAK
    letters = np.frombuffer(joined.encode("utf-32-le"), dtype="<u4").astype(np.int64)
    # A title has no line break of its own once its blanks are one: the break ends it.
    ends = letters == ord(_BREAK)
    lengths = np.array([len(t) + 1 for t in titles])
    row = np.repeat(np.arange(len(titles)), lengths)
    keys, rows = [], []
    for width in _WIDTHS:
        inside = np.ones(max(len(letters) - width + 1, 0), dtype=bool)
        key = np.full(len(inside), width - 2, dtype=np.int64)
        for i in range(width):
            # 21 bits hold a character, so three of them fit into 63; pairs begin with 0.
            key = (key << 21) | letters[i : i + len(inside)]
            inside &= ~ends[i : i + len(inside)]
        keys.append(key[inside])
        rows.append(row[: len(inside)][inside])
    code, pieces = pd.factorize(np.concatenate(keys), sort=True)
    matrix = sparse.csr_matrix(
        (np.ones(len(code), dtype=np.float32), (np.concatenate(rows), code)),
        shape=(len(titles), len(pieces)),
    )
    matrix.sum_duplicates()
    held = np.bincount(matrix[counts].indices, minlength=len(pieces))
    kept = np.flatnonzero(held >= 2)
    matrix = matrix[:, kept].tocsr()
    idf = np.log((1 + counts.sum()) / (1 + held[kept])) + 1
    matrix.data = (matrix.data * idf[matrix.indices]).astype(np.float32)
    return unit_rows(matrix)


def _ratios(
    vectors: sparse.csr_matrix, year: np.ndarray, owner: np.ndarray, counts: np.ndarray, window: int
) -> np.ndarray:
    """Log of the mean similarity to later over that to earlier titles of others."""
    year = year - year.min()
    span = int(year.max()) + 1
    group, place = np.unique(owner * span + year, return_inverse=True)
    of_owner, of_year = group // span, group % span
    weight = counts.astype(np.float64)
    by_group = sparse.csr_matrix(
        (weight, (place, np.arange(len(year)))), shape=(len(group), len(year))
    )
    own = (by_group @ vectors).tocsr()  # sums of titles of an owner in a year
    of_all = sparse.csr_matrix(
        (np.ones(len(group)), (of_year, np.arange(len(group)))), shape=(span, len(group))
    )
    totals = (of_all @ own).tocsr()
    n_own = np.asarray(by_group.sum(axis=1)).ravel()
    n_all = np.asarray(of_all @ n_own).ravel()
    means = []
    for side in (1, -1):
        total, n_total = np.zeros(len(year)), np.zeros(len(year))
        for y in range(span):
            low, high = (y + 1, y + window) if side > 0 else (y - window, y - 1)
            low, high = max(low, 0), min(high, span - 1)
            here = np.flatnonzero(year == y)
            if high < low or not len(here):
                continue
            around = np.asarray(totals[low : high + 1].sum(axis=0)).ravel()
            total[here] = vectors[here] @ around
            n_total[here] = n_all[low : high + 1].sum()
        near = _near(group, of_owner, of_year, side * np.arange(1, window + 1))
        mine = _row_products(vectors, (near @ own).tocsr(), place)
        others = n_total - np.asarray(near @ n_own).ravel()[place]
        mean = np.divide(
            np.maximum(total - mine, 0.0), others, out=np.full(len(year), np.nan),
            where=others >= FEWEST,
        )  # fmt: skip
        means.append(np.where(mean > 1e-9, mean, np.nan))
    ratio: np.ndarray = np.log(means[0] / means[1])
    return ratio


def _near(
    group: np.ndarray, of_owner: np.ndarray, of_year: np.ndarray, steps: np.ndarray
) -> sparse.csr_matrix:
    """Which groups of the same owner lie so many years after (before) every group."""
    span = int(of_year.max()) + 1
    rows, columns = [], []
    for step in steps:
        other = of_year + step
        at = np.searchsorted(group, of_owner * span + other)
        there = (other >= 0) & (other < span) & (at < len(group))
        there[there] = group[at[there]] == (of_owner * span + other)[there]
        rows.append(np.flatnonzero(there))
        columns.append(at[there])
    row, column = np.concatenate(rows), np.concatenate(columns)
    return sparse.csr_matrix((np.ones(len(row)), (row, column)), shape=(len(group), len(group)))


def _row_products(
    left: sparse.csr_matrix, right: sparse.csr_matrix, place: np.ndarray
) -> np.ndarray:
    """Scalar product of every row of ``left`` with the row ``place`` of ``right``."""
    right.sort_indices()
    width = left.shape[1]
    row = np.repeat(np.arange(left.shape[0]), np.diff(left.indptr))
    wanted = place[row].astype(np.int64) * width + left.indices
    have = np.repeat(np.arange(right.shape[0]), np.diff(right.indptr)) * width + right.indices
    at = np.searchsorted(have, wanted)
    inside = at < len(have)
    inside[inside] = have[at[inside]] == wanted[inside]
    products = left.data[inside] * right.data[at[inside]]
    return np.bincount(row[inside], weights=products, minlength=left.shape[0])
