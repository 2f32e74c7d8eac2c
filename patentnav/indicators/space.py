"""The space of technologies: what is done together, how near an owner is to a field, complexity.

Matrices here are small (groups x groups), so they are returned as frames with names on both axes or
as tidy frames, as each function says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from patentnav.config import get_config
from patentnav.errors import ArgumentError
from patentnav.indicators.scope import subclasses
from patentnav.indicators.trend import unit_frame

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

Measure = Literal["association", "cosine", "jaccard", "probability"]


def relatedness(
    patents: PatentSet,
    by: str | pd.DataFrame | None = None,
    measure: Measure = "association",
    *,
    unit: Unit | None = None,
) -> pd.DataFrame:
    r"""Relatedness of groups by how often they meet in the same unit.

    With :math:`C_{ij}` the units in both groups (:math:`i \ne j`), :math:`S_i = \sum_j C_{ij}` and
    :math:`T = \sum_i S_i`:

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
        Groups: a membership table with several groups per publication (a column has one each and
        relates nothing); IPC subclasses when omitted.
    measure
        One of the four.
    unit
        Counted unit; the configured one when omitted.

    Returns
    -------
    pandas.DataFrame
        ``source, target, count, relatedness``: a row per pair that meets, each once
        (``source`` < ``target``), strongest first.

    References
    ----------
    Formulas as implemented in EconGeo (Balland 2017, Papers in Evolutionary Economic Geography
    17.09); association: van Eck & Waltman 2009, JASIST 60(8), doi:10.1002/asi.21075; probability:
    Steijn 2017.
    """
    from scipy import sparse

    if by is None:
        by = subclasses(patents)
    frame = unit_frame(patents, by, unit=unit, counting="whole")
    row, _ = pd.factorize(frame["unit_id"])
    column, names = pd.factorize(frame["group"], sort=True)
    ones = np.ones(len(frame))
    incidence = sparse.csr_array((ones, (row, column)), shape=(row.max(initial=-1) + 1, len(names)))
    together = sparse.triu(incidence.T @ incidence, k=1).tocoo()
    sums = np.bincount(together.row, together.data, len(names)) + np.bincount(
        together.col, together.data, len(names)
    )
    value = _related(together.data, sums[together.row], sums[together.col], measure)
    result = pd.DataFrame(
        {
            "source": names[together.row], "target": names[together.col],
            "count": together.data.astype("int64"), "relatedness": value,
        }
    )  # fmt: skip
    result = result.sort_values(
        ["relatedness", "source", "target"], ascending=[False, True, True], ignore_index=True
    )
    result.attrs = {"unit": unit or get_config().unit, "measure": measure}
    return result


def _related(c: np.ndarray, s: np.ndarray, t: np.ndarray, measure: str) -> np.ndarray:
    """Relatedness of pairs from their count and the sums of both ends; total T is implied."""
    total = 2 * c.sum()
    if measure == "association":
        value = c * total / (s * t)
    elif measure == "cosine":
        value = c / np.sqrt(s * t)
    elif measure == "jaccard":
        value = c / (s + t - c)
    elif measure == "probability":
        # With two groups only, T - S is half of T; it is never zero, since S is at most T / 2.
        chance = (s / total) * (t / (total - s)) + (t / total) * (s / (total - t))
        value = c / (chance * total / 2)
    else:
        msg = f'measure="{measure}" is not one of association, cosine, jaccard, probability.'
        raise ArgumentError(msg)
    related: np.ndarray = value
    return related


def advantages(specialised: pd.DataFrame, threshold: float = 1.0) -> pd.DataFrame:
    """Who has an advantage in what: entities x groups, True where RTA exceeds the threshold.

    Parameters
    ----------
    specialised
        What :func:`patentnav.indicators.specialisation` returned.
    threshold
        An RTA of exactly 1 is no advantage.
    """
    table = specialised.pivot(index="entity", columns="group", values="rta")
    return (table > threshold).fillna(False).astype(bool)


def proximity(specialised: pd.DataFrame) -> pd.DataFrame:
    r"""Proximity of groups by who is specialised in both.

    :math:`\phi_{ij} = \min(P(M_i | M_j), P(M_j | M_i))` over the entities with an advantage
    (:math:`M = 1` where RTA > 1).

    Parameters
    ----------
    specialised
        What :func:`patentnav.indicators.specialisation` returned.

    Returns
    -------
    pandas.DataFrame
        Groups x groups, symmetric, 0 to 1, diagonal 0. NA for groups in which nobody has an
        advantage.

    References
    ----------
    Hidalgo, Klinger, Barabasi & Hausmann 2007, Science 317, doi:10.1126/science.1144581.
    """
    m = advantages(specialised)
    values = m.to_numpy(dtype=float)
    both = values.T @ values
    often = np.diag(both).copy()
    largest = np.maximum(often[:, None], often[None, :])
    none = (often == 0)[:, None] | (often == 0)[None, :]
    phi = np.divide(both, largest, out=np.full_like(both, np.nan), where=~none)
    np.fill_diagonal(phi, 0.0)
    return pd.DataFrame(phi, index=m.columns, columns=m.columns.rename("other"))


def density(specialised: pd.DataFrame, near: pd.DataFrame | None = None) -> pd.DataFrame:
    r"""Density of an entity's advantages around every group, 0 to 100.

    :math:`D_{eg} = 100 \sum_h M_{eh} \phi_{gh} / \sum_h \phi_{gh}`: how much of what is near to
    :math:`g` the entity already does. High density without an advantage is a natural next step.

    Parameters
    ----------
    specialised
        What :func:`patentnav.indicators.specialisation` returned.
    near
        Nearness of groups: a symmetric frame like that of :func:`proximity` (the default), or the
        tidy frame of :func:`relatedness`.

    Returns
    -------
    pandas.DataFrame
        ``entity, group, advantage, density``; NA for a group that is near to nothing.

    References
    ----------
    Hidalgo et al. 2007; Balland et al. 2019, Regional Studies 53(9), doi:10.1080/00343404.2018.1437900.
    """
    m = advantages(specialised)
    phi = _square(near, m.columns) if near is not None else proximity(specialised)
    weights = np.nan_to_num(phi.to_numpy(dtype=float))
    np.fill_diagonal(weights, 0.0)
    held = m.to_numpy(dtype=float) @ weights
    all_near = np.broadcast_to(weights.sum(axis=0), held.shape)
    value = np.divide(100 * held, all_near, out=np.full_like(held, np.nan), where=all_near > 0)
    index = pd.MultiIndex.from_product([m.index, m.columns], names=["entity", "group"])
    return pd.DataFrame(
        {"advantage": m.to_numpy().ravel(), "density": value.ravel()}, index=index
    ).reset_index()


def _square(near: pd.DataFrame, groups: pd.Index) -> pd.DataFrame:
    if {"source", "target", "relatedness"} <= set(near.columns):
        half = near.pivot(index="source", columns="target", values="relatedness")
        half = half.reindex(index=groups, columns=groups).fillna(0.0)
        return half + half.to_numpy().T
    return near.reindex(index=groups, columns=groups)


def complexity(specialised: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    r"""Complexity of entities and of groups (eigenvector form).

    With :math:`M` the advantages, :math:`k_e, k_g` their row and column sums: the second
    eigenvector of :math:`\tilde M_{ee'} = \sum_g M_{eg} M_{e'g} / (k_e k_g)`, standardised to
    mean 0 and standard deviation 1, and likewise for groups. Its sign is chosen so that entities
    with more advantages tend to be more complex.

    Parameters
    ----------
    specialised
        What :func:`patentnav.indicators.specialisation` returned.

    Returns
    -------
    tuple of pandas.Series
        Complexity by entity, and by group; NA for those without any advantage, all NA where the
        advantages fall into separate blocks or there are fewer than three of either.

    References
    ----------
    Hidalgo & Hausmann 2009, PNAS 106(26), doi:10.1073/pnas.0900943106.

    Notes
    -----
    A ranking of who does rare things others of the same kind do too; unstable for few entities.
    """
    m = advantages(specialised)
    kept = m.loc[m.any(axis=1), m.any(axis=0)]
    values = kept.to_numpy(dtype=float)
    of_entities = pd.Series(np.nan, index=m.index, name="complexity")
    of_groups = pd.Series(np.nan, index=m.columns, name="complexity")
    if min(values.shape) < 3:
        return of_entities, of_groups
    ke, kg = values.sum(axis=1), values.sum(axis=0)
    for result, own, other, table in (
        (of_entities, ke, kg, values), (of_groups, kg, ke, values.T),
    ):  # fmt: skip
        vector = _second_eigenvector((table / other) @ table.T, own)
        names = kept.index if table is values else kept.columns
        result[names] = vector
    # Signs: complex entities have more advantages, complex groups are held by complex entities.
    own = of_entities[kept.index].to_numpy()
    if own @ (ke - ke.mean()) < 0:
        of_entities, own = -of_entities, -own
    if of_groups[kept.columns].to_numpy() @ ((values.T @ own) / kg) < 0:
        of_groups = -of_groups
    return of_entities, of_groups


def _second_eigenvector(table: np.ndarray, sums: np.ndarray) -> np.ndarray:
    """Of table / sums by row, standardised; NaN where the largest eigenvalue is not single."""
    # The symmetric form has the same eigenvalues and a stable solver.
    root = np.sqrt(sums)
    eigenvalues, vectors = np.linalg.eigh(table / np.outer(root, root))
    if len(eigenvalues) > 1 and eigenvalues[-2] > 1 - 1e-9:
        return np.full(len(sums), np.nan)
    vector = vectors[:, -2] / root
    spread = vector.std()
    standardised: np.ndarray = (vector - vector.mean()) / spread if spread > 0 else vector * np.nan
    return standardised


def entry_exit(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Advantages gained and lost between two periods.

    Parameters
    ----------
    before, after
        What :func:`patentnav.indicators.specialisation` returned for the two periods.

    Returns
    -------
    pandas.DataFrame
        ``entity, group, entry, exit`` (nullable booleans). ``entry``: true where an advantage was
        gained, false where none was before nor is now, NA where it was there already. ``exit``:
        true where it was lost, false where it was kept, NA where there was none.

    Notes
    -----
    A pair that one period does not have at all had no advantage in it.
    """
    one, two = advantages(before), advantages(after)
    index, columns = one.index.union(two.index), one.columns.union(two.columns)
    was = one.reindex(index=index, columns=columns, fill_value=False).to_numpy(dtype=bool).ravel()
    is_now = (
        two.reindex(index=index, columns=columns, fill_value=False).to_numpy(dtype=bool).ravel()
    )
    pairs = pd.MultiIndex.from_product([index, columns], names=["entity", "group"])
    frame = pd.DataFrame(index=pairs)
    frame["entry"] = pd.array(is_now, dtype="boolean")
    frame["exit"] = pd.array(~is_now, dtype="boolean")
    frame["entry"] = frame["entry"].mask(was)
    frame["exit"] = frame["exit"].mask(~was)
    return frame.reset_index()
