"""Relatedness of groups: what is done together, by the same owners or people, or cites each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from patentnav import counting as _counting
from patentnav.config import get_config
from patentnav.counting import unit_frame
from patentnav.errors import ArgumentError, MissingTableError
from patentnav.facts import owners, subclasses
from patentnav.indicators import meetings

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

Measure = Literal["association", "cosine", "jaccard", "probability"]
Through = Literal["units", "owners", "inventors", "citations", "classes"]

MEASURES = ("association", "cosine", "jaccard", "probability")
AGAINST_CHANCE = ("association", "probability")  # 1 is what chance would give
MIN_COUNT = 3


def relatedness(
    patents: PatentSet,
    by: str | pd.DataFrame | None = None,
    measure: Measure = "association",
    *,
    through: Through = "units",
    unit: Unit | None = None,
    min_count: int = MIN_COUNT,
) -> pd.DataFrame:
    r"""Relatedness of groups by how often they meet.

    What meets is told by ``through``; :math:`C_{ij}` counts it for two groups :math:`i \ne j`:

    - ``units``: patents in both groups (groups of which a patent has several: classes, industries);
    - ``owners``, ``inventors``: those who have patents in both;
    - ``citations``: citations between patents of the two, in either direction, inside the set;
    - ``classes``: likeness of the groups' distributions over IPC subclasses.

    All but the first work for groups of which a patent has one, such as technologies.

    With :math:`S_i = \sum_j C_{ij}` and :math:`T = \sum_i S_i` the measures are

    - association :math:`\frac{C_{ij}/T}{(S_i/T)(S_j/T)}`, 1 is what chance would give;
    - cosine :math:`C_{ij}/\sqrt{S_i S_j}`;
    - Jaccard :math:`C_{ij}/(S_i + S_j - C_{ij})`;
    - probability
      :math:`C_{ij} \big/ \left(\left(\frac{S_i}{T}\frac{S_j}{T - S_i}
      + \frac{S_j}{T}\frac{S_i}{T - S_j}\right)\frac{T}{2}\right)`.

    Parameters
    ----------
    patents
        The set.
    by
        Groups: column of ``publications`` or membership table; IPC subclasses when omitted.
    measure
        One of the four; without effect for ``through="classes"``, which is the cosine of the two
        distributions (0 to 1).
    through
        What relates the groups.
    unit
        Counted unit; the configured one when omitted.
    min_count
        Pairs that meet less often are left out: one common patent of two small groups makes any
        measure large.

    Returns
    -------
    pandas.DataFrame
        ``source, target, count, expected, z, p_value, relatedness, chance``: a row per pair, each once (``source`` <
        ``target``), strongest first. ``count`` is :math:`C_{ij}` (common subclasses for
        ``classes``). ``expected`` is its mean and ``z`` its distance in standard deviations if, among
        what has several groups, groups met at random: of ``owners`` and ``inventors`` groups kept
        their sizes and each of these the number of its groups, so that who is in nearly everything
        makes no pair stand out; of ``units`` groups kept their sizes (hypergeometric); of
        ``citations`` Poisson with :math:`S_i S_j / T`; NA for ``classes``.
        ``p_value`` is the chance of meeting so often or more, by the same. ``chance`` is the
        relatedness that chance would give: 1 of association and probability, NA of the others.
        Annotated in ``attrs``: ``unit, measure, through, min_count`` and ``left_out``, the pairs
        below ``min_count``.

    Raises
    ------
    ArgumentError
        ``measure`` or ``through`` is unknown, or ``through="units"`` of groups of which every
        publication has one.
    MissingTableError
        The set carries no parties, inventors, citations or classes for ``through``.

    References
    ----------
    Formulas as implemented in EconGeo (Balland 2017, Papers in Evolutionary Economic Geography
    17.09); association: van Eck & Waltman 2009, JASIST 60(8), doi:10.1002/asi.21075; probability:
    Steijn 2017; owners, and expected and z of units: Teece, Rumelt, Dosi & Winter 1994, JEBO 23(1),
    doi:10.1016/0167-2681(94)90094-9; expected and z of owners and inventors: Saracco et al. 2017, New
    Journal of Physics 19, 053022, doi:10.1088/1367-2630/aa6b38; inventors and firms: Breschi, Lissoni & Malerba 2003, Research
    Policy 32(1), doi:10.1016/S0048-7333(02)00004-5; classes: Jaffe 1986, AER 76(5).
    """
    if measure not in MEASURES:
        msg = f'measure="{measure}" is not one of {", ".join(MEASURES)}.'
        raise ArgumentError(msg)
    makers = {
        "units": _by_units,
        "owners": _by_owners,
        "inventors": _by_inventors,
        "citations": _by_citations,
        "classes": _by_classes,
    }
    if through not in makers:
        msg = f'through="{through}" is not one of {", ".join(makers)}.'
        raise ArgumentError(msg)
    if by is None:
        by = subclasses(patents)
    result = makers[through](patents, by, unit)
    if "relatedness" not in result:
        result["relatedness"] = _measured(result, measure)
    else:
        measure = "cosine"
    seen = result["count"] >= min_count
    result = result[seen].sort_values(
        ["relatedness", "source", "target"], ascending=[False, True, True], ignore_index=True
    )
    result = result[["source", "target", "count", "expected", "z", "p_value", "relatedness"]]
    result = result.assign(chance=1.0 if measure in AGAINST_CHANCE else np.nan)
    result.attrs = {
        "unit": unit or get_config().unit,
        "measure": measure,
        "through": through,
        "min_count": min_count,
        "left_out": int((~seen).sum()),
    }
    return result


def _by_units(patents: PatentSet, by: str | pd.DataFrame, unit: Unit | None) -> pd.DataFrame:
    single = isinstance(by, str) or not by["publication_id"].duplicated().any()
    if single and len(patents):
        msg = (
            "Every publication has one group, so none are met together in a patent. Relate them "
            'through="owners", "inventors", "citations" or "classes".'
        )
        raise ArgumentError(msg)
    frame = unit_frame(patents, by, unit=unit, counting="whole")
    return _together(frame["unit_id"], frame["group"])


def _by_owners(patents: PatentSet, by: str | pd.DataFrame, unit: Unit | None) -> pd.DataFrame:
    return _by_actors(patents, by, owners(patents, which="all")[["publication_id", "owner"]], unit)


def _by_inventors(patents: PatentSet, by: str | pd.DataFrame, unit: Unit | None) -> pd.DataFrame:
    if not patents.has("inventors"):
        msg = (
            'through="inventors" needs the table inventors, which this set does not carry. '
            "Export the inventor column."
        )
        raise MissingTableError(msg)
    people = patents.inventors
    named = people["inventor_id"].fillna(people["name"]).fillna(people["name_raw"])
    return _by_actors(
        patents, by, people[["publication_id"]].assign(person=named).drop_duplicates(), unit
    )


def _by_actors(
    patents: PatentSet, by: str | pd.DataFrame, actors: pd.DataFrame, unit: Unit | None
) -> pd.DataFrame:
    from scipy import sparse

    frame = unit_frame(patents, by, unit=unit, counting="whole")
    who = unit_frame(patents, actors, unit=unit, counting="whole").rename(
        columns={"group": "actor"}
    )
    cells = who[["unit_id", "actor"]].merge(frame[["unit_id", "group"]], on="unit_id")
    cells = cells[["actor", "group"]].drop_duplicates()
    table, names = _several(cells["actor"], cells["group"])
    met = meetings.chance(table)
    together = sparse.triu(table.T @ table, k=1).tocoo()
    ends = (together.row, together.col)
    found = _pairs(names, ends, together.data, met.mean[ends], met.variance[ends])
    return found.assign(p_value=met.tail(together.data, ends))


def _incidence(things: pd.Series, groups: pd.Series) -> tuple[csr_array, pd.Index]:
    from scipy import sparse

    row, _ = pd.factorize(things)
    column, names = pd.factorize(groups, sort=True)
    shape = (int(row.max(initial=-1)) + 1, len(names))
    table = sparse.coo_array((np.ones(len(row)), (row, column)), shape=shape).tocsr()
    return table, pd.Index(names)


def _several(things: pd.Series, groups: pd.Series) -> tuple[csr_array, pd.Index]:
    """Things of several groups: those of one meet nothing, and with them every pair would look avoided."""
    table, names = _incidence(things, groups)
    return table[np.asarray(table.sum(axis=1)).ravel() > 1], names


def _together(things: pd.Series, groups: pd.Series) -> pd.DataFrame:
    """Pairs of groups that things have in common, against drawing both at random."""
    from scipy import sparse
    from scipy.stats import hypergeom

    table, names = _several(things, groups)
    together = sparse.triu(table.T @ table, k=1).tocoo()
    sizes = np.asarray(table.sum(axis=0)).ravel()
    n = table.shape[0]
    a, b = sizes[together.row], sizes[together.col]
    mean = a * b / max(n, 1)
    variance = mean * (1 - a / max(n, 1)) * (n - b) / max(n - 1, 1)
    found = _pairs(names, (together.row, together.col), together.data, mean, variance)
    tail = hypergeom.sf(together.data - 1, n, a, b)
    return found.assign(p_value=np.where(found["z"].notna(), tail, np.nan))


def _by_citations(patents: PatentSet, by: str | pd.DataFrame, unit: Unit | None) -> pd.DataFrame:
    from scipy import sparse
    from scipy.stats import poisson

    if not patents.has("citations"):
        msg = (
            'through="citations" needs the table citations, which this set does not carry. '
            "Export the cited patents."
        )
        raise MissingTableError(msg)
    ids = _counting.unit_ids(patents, unit)
    edges = patents.citations[["citing_id", "cited_id"]]
    edges = pd.DataFrame({end: edges[end].map(ids) for end in edges.columns}).dropna()
    edges = edges[edges["citing_id"] != edges["cited_id"]].drop_duplicates()
    frame = unit_frame(patents, by, unit=unit, counting="whole")
    table, names = _incidence(frame["unit_id"], frame["group"])
    rows = pd.Index(frame["unit_id"].unique())  # in the order of factorize
    citing, cited = (rows.get_indexer(pd.Index(edges[end])) for end in edges.columns)
    inside = (citing >= 0) & (cited >= 0)
    flow = table[citing[inside]].T @ table[cited[inside]]
    together = sparse.triu(flow + flow.T, k=1).tocoo()
    sums = _sums(together.row, together.col, together.data, len(names))
    mean = sums[together.row] * sums[together.col] / max(sums.sum(), 1)
    found = _pairs(names, (together.row, together.col), together.data, mean, mean)
    return found.assign(p_value=poisson.sf(together.data - 1, mean))


def _by_classes(patents: PatentSet, by: str | pd.DataFrame, unit: Unit | None) -> pd.DataFrame:
    frame = unit_frame(patents, by, unit=unit, counting="fractional")
    classes = unit_frame(patents, subclasses(patents), unit=unit, counting="fractional")
    cells = frame.merge(classes, on="unit_id", suffixes=("", "_class"))
    weight = cells["weight"] * cells["weight_class"]
    table = weight.groupby([cells["group"], cells["group_class"]]).sum().unstack().fillna(0.0)
    values = table.to_numpy(dtype=float)
    unit_length = values / np.linalg.norm(values, axis=1, keepdims=True)
    row, column = np.triu_indices(len(table), k=1)
    common = ((values[row] > 0) & (values[column] > 0)).sum(axis=1)
    unknown = np.full(len(row), np.nan)
    result = _pairs(table.index, (row, column), common, unknown, unknown).assign(p_value=unknown)
    return result.assign(relatedness=np.einsum("ij,ij->i", unit_length[row], unit_length[column]))


def _pairs(
    names: pd.Index,
    ends: tuple[np.ndarray, np.ndarray],
    count: np.ndarray,
    mean: np.ndarray,
    variance: np.ndarray,
) -> pd.DataFrame:
    apart = np.sqrt(variance, out=np.full(len(count), np.nan), where=variance > meetings.CERTAIN)
    return pd.DataFrame(
        {
            "source": names[ends[0]],
            "target": names[ends[1]],
            "count": count.astype("int64"),
            "expected": mean,
            "z": (count - mean) / apart,
        }
    )


def _sums(row: np.ndarray, column: np.ndarray, count: np.ndarray, n: int) -> np.ndarray:
    value: np.ndarray = np.bincount(row, count, n) + np.bincount(column, count, n)
    return value


def _measured(pairs: pd.DataFrame, measure: str) -> np.ndarray:
    """Relatedness of pairs from their counts."""
    names = pd.Index(pd.concat([pairs["source"], pairs["target"]]).unique())
    row, column = names.get_indexer(pairs["source"]), names.get_indexer(pairs["target"])
    c = pairs["count"].to_numpy(dtype=float)
    sums = _sums(row, column, c, len(names))
    s, t, total = sums[row], sums[column], 2 * c.sum()
    if measure == "association":
        value = c * total / (s * t)
    elif measure == "cosine":
        value = c / np.sqrt(s * t)
    elif measure == "jaccard":
        value = c / (s + t - c)
    else:
        # With two groups only, T - S is half of T; it is never zero, since S is at most T / 2.
        chance = (s / total) * (t / (total - s)) + (t / total) * (s / (total - t))
        value = c / (chance * total / 2)
    related: np.ndarray = value
    return related
