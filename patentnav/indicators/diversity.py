"""How many fields a patent draws on and feeds: generality, originality, radicalness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._memo import shared
from patentnav.indicators._links import Links, links
from patentnav.indicators.registry import indicator, measured
from patentnav.indicators.scope import OECD
from patentnav.normalize import symbols

if TYPE_CHECKING:
    from scipy import sparse

    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

HALL = "Hall, Jaffe & Trajtenberg 2001, NBER Working Paper 8498, doi:10.3386/w8498"
_CHUNK = 200_000  # rows of a product held at once


@shared
def class_counts(patents: PatentSet, unit: Unit | None = None) -> sparse.csr_array:
    """Distinct IPC symbols of every unit by subclass: units x subclasses."""
    from scipy import sparse

    found = links(patents, unit)
    classes = patents.classifications
    ipc = classes[classes["scheme"] == "IPC"]
    row = pd.Series(found.unit, index=patents.publications.index)
    symbol, names = pd.factorize(ipc["symbol"])
    subclass = symbols.level(pd.Series(names, dtype="str"), "subclass")
    column, kinds = pd.factorize(subclass)
    unit_code = row.reindex(ipc["publication_id"]).to_numpy()
    known = (column[symbol] >= 0) & ~np.isnan(unit_code)
    pairs = unit_code[known].astype(np.int64) * max(len(names), 1) + symbol[known]
    pairs = np.unique(pairs)
    ones = np.ones(len(pairs), dtype=np.float32)
    rows, columns = pairs // max(len(names), 1), column[pairs % max(len(names), 1)]
    return sparse.csr_array((ones, (rows, columns)), shape=(found.units, max(len(kinds), 1)))


def _inside(found: Links, *, by_cited: bool) -> sparse.csr_array:
    """Citations between units of the set, cited x citing or citing x cited."""
    from scipy import sparse

    inside = (found.citing < found.units) & (found.cited < found.units)
    ends = (found.cited[inside], found.citing[inside])
    ones = np.ones(int(inside.sum()), dtype=np.float32)
    return sparse.csr_array(
        (ones, ends if by_cited else ends[::-1]), shape=(found.units, found.units)
    )


def _row_sums(matrix: sparse.csr_array) -> np.ndarray:
    sums: np.ndarray = np.asarray(matrix.sum(axis=1), dtype=float).ravel()
    return sums


def _concentration(edges: sparse.csr_array, weights: sparse.csr_array) -> np.ndarray:
    """Sum of squares of every row of edges @ weights, computed in pieces."""
    sums = np.zeros(edges.shape[0])
    for start in range(0, edges.shape[0], _CHUNK):
        product = edges[start : start + _CHUNK] @ weights
        product.data = product.data.astype(np.float64) ** 2
        sums[start : start + _CHUNK] = _row_sums(product)
    return sums


def _spread(found: Links, values: np.ndarray, patents: PatentSet, name: str) -> pd.Series:
    return pd.Series(
        found.of_publications(values), index=patents.publications.index, name=name, dtype=float
    )


@indicator(
    unit="0 to 1",
    better="higher",
    needs=("citations", "classifications"),
    source=f"{OECD}; {HALL}",
    known_at="later",
)
def generality(patents: PatentSet, *, unit: Unit | None = None, correct: bool = False) -> pd.Series:
    r"""Spread over IPC subclasses of the patents that cite a patent.

    :math:`G_p = 1 - \sum_j \left(\frac{1}{N} \sum_{i=1}^{N} \beta_{ji}\right)^2`, with
    :math:`\beta_{ji}` the share of the IPC symbols of citing unit :math:`i` that lie in subclass
    :math:`j` and :math:`N` the number of citing units.

    Parameters
    ----------
    patents
        The set.
    unit
        Unit that cites and is cited; the configured one when omitted.
    correct
        Multiply by :math:`N / (N - 1)`, the small-sample correction of Hall, Jaffe & Trajtenberg;
        NA where :math:`N = 1`.

    Returns
    -------
    pandas.Series
        float64, indexed by ``publication_id``; NA where no citing unit has known classes. Classes
        are known of citing units inside the set only.

    Notes
    -----
    Biased downwards for few citations: one citer in one subclass gives 0. It still changes as long
    as citations come in.
    """
    found = links(patents, unit)
    counts = class_counts(patents, unit)
    total = _row_sums(counts)
    share = _scaled(counts, total)
    edges = _inside(found, by_cited=True)
    n = np.asarray(edges @ (total > 0).astype(np.float64))
    squares = _concentration(edges, share)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = 1 - squares / n**2
        if correct:
            value = value * n / (n - 1)
    unknown = n < (2 if correct else 1)
    values = _spread(found, value.clip(0, 1), patents, "generality")
    missing = {"no citing patent with known classes": found.of_publications(unknown)}
    return measured(values, missing, note=_known(n, found.forward_counts(), "citing"))


def _known(known: np.ndarray, all_of_them: np.ndarray, what: str) -> str:
    total = float(all_of_them.sum())
    share = float(known.sum()) / total if total else 0.0
    return f"classes known of {share:.0%} of the {what} patents"


def _cited_note(found: Links, edges: sparse.csr_array, present: sparse.csr_array) -> str:
    known = np.asarray(edges @ (_row_sums(present) > 0).astype(np.float64))
    return _known(known, (found.citing < found.units).astype(float), "cited")


def _scaled(counts: sparse.csr_array, total: np.ndarray) -> sparse.csr_array:
    """Rows divided by their total; empty rows stay empty."""
    from scipy import sparse

    inverse = np.divide(1.0, total, out=np.zeros(len(total)), where=total > 0)
    return sparse.csr_array(sparse.diags_array(inverse) @ counts)


def _cited_classes(
    found: Links, counts: sparse.csr_array
) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Citing x cited, and subclasses present per unit (0 or 1)."""
    present = counts.copy()
    present.data[:] = 1
    return _inside(found, by_cited=False), present


@indicator(
    unit="0 to 1",
    better="higher",
    needs=("citations", "classifications"),
    source=f"{OECD}; {HALL}",
    known_at="search",
)
def originality(patents: PatentSet, *, unit: Unit | None = None) -> pd.Series:
    r"""Spread over IPC subclasses of the patents that a patent cites.

    :math:`O_p = 1 - \sum_j s_{pj}^2`, with :math:`s_{pj}` the share of subclass :math:`j` in the
    subclasses of the cited units (a unit with two subclasses counts in both).

    Parameters
    ----------
    patents
        The set.
    unit
        Unit that cites and is cited; the configured one when omitted.

    Returns
    -------
    pandas.Series
        float64, indexed by ``publication_id``; NA where no cited unit has known classes (they are
        known inside the set only).

    Notes
    -----
    Biased downwards for few references; depends on who cites (applicant or examiner).
    """
    found = links(patents, unit)
    edges, present = _cited_classes(found, class_counts(patents, unit))
    total = np.asarray(edges @ _row_sums(present))
    squares = _concentration(edges, present)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = (1 - squares / total**2).clip(0, 1)
    values = _spread(found, value, patents, "originality")
    unknown = found.of_publications(total == 0)
    return measured(
        values,
        {"no cited patent with known classes": unknown},
        note=_cited_note(found, edges, present),
    )


@indicator(
    unit="0 to 1",
    better="higher",
    needs=("citations", "classifications"),
    source=f"{OECD}; Shane 2001, Management Science 47(2), doi:10.1287/mnsc.47.2.205.9837",
    known_at="search",
)
def radicalness(patents: PatentSet, *, unit: Unit | None = None) -> pd.Series:
    r"""Share of the subclasses of the cited patents that the patent itself is not in.

    :math:`R_p = \sum_j CT_j / n_p`, with :math:`CT_j` the occurrences among cited units of
    subclasses :math:`j` that are none of the patent's own, and :math:`n_p` all occurrences.

    Parameters
    ----------
    patents
        The set.
    unit
        Unit that cites and is cited; the configured one when omitted.

    Returns
    -------
    pandas.Series
        float64, indexed by ``publication_id``; NA where no cited unit or not the patent itself
        has known classes.

    Notes
    -----
    A broadly classified patent looks less radical.
    """
    from scipy import sparse

    found = links(patents, unit)
    edges, present = _cited_classes(found, class_counts(patents, unit))
    sizes = _row_sums(present)
    total = np.asarray(edges @ sizes)
    own = np.zeros(found.units)
    for start in range(0, found.units, _CHUNK):
        rows = slice(start, start + _CHUNK)
        own[rows] = _row_sums(sparse.csr_array((edges[rows] @ present).multiply(present[rows])))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = 1 - own / total
    values = _spread(found, value, patents, "radicalness")
    return measured(
        values,
        {
            "no IPC symbol": found.of_publications(sizes == 0),
            "no cited patent with known classes": found.of_publications(total == 0),
        },
        note=_cited_note(found, edges, present),
    )
