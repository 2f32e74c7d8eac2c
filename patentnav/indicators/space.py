"""The space of technologies: how near an owner or a city is to a field, what comes next, complexity.

Matrices here are small (groups x groups), so they are returned as frames with names on both axes or
as tidy frames, as each function says.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from patentnav.errors import CoverageWarning, UnknownNameError, warn

_FEW_ENTITIES = 10  # below, a proximity is one of a handful of fractions
_FEW_NEIGHBOURS = 3  # below, a density is all or nothing
_BASIS = 3  # groups named as the ground of a candidate


def advantages(
    specialised: pd.DataFrame, threshold: float = 1.0, *, min_count: float = 0.0
) -> pd.DataFrame:
    """Who has an advantage in what: entities x groups, True where RTA exceeds the threshold.

    Parameters
    ----------
    specialised
        What :func:`patentnav.indicators.specialisation` returned.
    threshold
        An RTA of exactly 1 is no advantage.
    min_count
        Units an entity needs in a group: in a small group one patent already makes an RTA of many.
    """
    table = specialised.pivot(index="entity", columns="group", values="rta")
    held = table > threshold
    if min_count > 0:
        counts = specialised.pivot(index="entity", columns="group", values="count")
        held &= counts >= min_count
    return held.fillna(False).astype(bool)


def proximity(specialised: pd.DataFrame, *, min_count: float = 0.0) -> pd.DataFrame:
    r"""Proximity of groups by who is specialised in both.

    :math:`\phi_{ij} = \min(P(M_i | M_j), P(M_j | M_i))` over the entities with an advantage
    (:math:`M = 1` where RTA > 1).

    Parameters
    ----------
    specialised
        What :func:`patentnav.indicators.specialisation` returned.
    min_count
        As in :func:`advantages`.

    Returns
    -------
    pandas.DataFrame
        Groups x groups, symmetric, 0 to 1, diagonal 0. NA for groups in which nobody has an
        advantage.

    References
    ----------
    Hidalgo, Klinger, Barabasi & Hausmann 2007, Science 317, doi:10.1126/science.1144581.
    """
    return _proximity(advantages(specialised, min_count=min_count))


def _proximity(m: pd.DataFrame) -> pd.DataFrame:
    values = m.to_numpy(dtype=float)
    both = values.T @ values
    often = np.diag(both).copy()
    largest = np.maximum(often[:, None], often[None, :])
    none = (often == 0)[:, None] | (often == 0)[None, :]
    phi = np.divide(both, largest, out=np.full_like(both, np.nan), where=~none)
    np.fill_diagonal(phi, 0.0)
    return pd.DataFrame(phi, index=m.columns, columns=m.columns.rename("other"))


def density(
    specialised: pd.DataFrame, near: pd.DataFrame | None = None, *, min_count: float = 0.0
) -> pd.DataFrame:
    r"""Density of an entity's advantages around every group, 0 to 100.

    :math:`D_{eg} = 100 \sum_h M_{eh} \phi_{gh} / \sum_h \phi_{gh}`: how much of what is near to
    :math:`g` the entity already does. High density without an advantage is a natural next step.

    Parameters
    ----------
    specialised
        What :func:`patentnav.indicators.specialisation` returned.
    near
        Nearness of groups: a symmetric frame like that of :func:`proximity` (the default), or the
        tidy frame of :func:`relatedness`, of which what exceeds ``chance`` is near.
    min_count
        As in :func:`advantages`.

    Returns
    -------
    pandas.DataFrame
        ``entity, group, advantage, density``; NA for a group that is near to nothing.

    References
    ----------
    Hidalgo et al. 2007; Balland et al. 2019, Regional Studies 53(9), doi:10.1080/00343404.2018.1437900.
    """
    m = advantages(specialised, min_count=min_count)
    weights = _weights(m, near)
    held = m.to_numpy(dtype=float) @ weights
    all_near = np.broadcast_to(weights.sum(axis=0), held.shape)
    value = np.divide(100 * held, all_near, out=np.full_like(held, np.nan), where=all_near > 0)
    index = pd.MultiIndex.from_product([m.index, m.columns], names=["entity", "group"])
    return pd.DataFrame(
        {"advantage": m.to_numpy().ravel(), "density": value.ravel()}, index=index
    ).reset_index()


def next_branches(
    specialised: pd.DataFrame,
    entity: Any,
    near: pd.DataFrame | None = None,
    *,
    min_count: float = 0.0,
    min_neighbours: int = _FEW_NEIGHBOURS,
) -> pd.DataFrame:
    r"""Rank the groups that an entity (a city, a firm) has no advantage in by what it does nearby.

    Parameters
    ----------
    specialised
        What :func:`patentnav.indicators.specialisation` returned: entities such as cities, groups
        such as technologies or industries.
    entity
        Whose next branches.
    near
        Nearness of the groups, as in :func:`density`; the proximity of the entities when omitted.
    min_count
        As in :func:`advantages`; a group of fewer units in all is not ranked either.
    min_neighbours
        Groups near to a group that it needs to be ranked: with one, its density is 0 or 100.

    Returns
    -------
    pandas.DataFrame
        ``rank, group, density, expected, z, count, rta, total, neighbours, basis``, the densest
        first.
        ``expected`` is the density that as many advantages spread at random over the other groups
        would give (:math:`100 k / (G - 1)` with :math:`k` of :math:`G` groups held) and ``z`` the
        distance from it in standard deviations of that random spread: about 2 and more is nearer
        than chance. ``count, rta`` are the entity's, ``total`` the units of all entities in the
        group, ``neighbours`` the groups near to it; ``basis`` names the nearest ones it holds.
        Groups with too few neighbours or units come last and have no rank.

    Warns
    -----
    CoverageWarning
        Fewer than ten entities with an advantage carry the proximity, so it is coarse; or the
        entity has no advantage at all.

    Raises
    ------
    UnknownNameError
        The frame has no such entity.

    Notes
    -----
    Density says where an entity is likely to succeed, for places like these have; not that the
    branch is worth it, nor that others are not stronger. Read it with the growth of the group and
    its strongest owners. Two groups that are one technology cut in half are near by construction.

    References
    ----------
    Boschma, Balland & Kogler 2015, Industrial and Corporate Change 24(1), doi:10.1093/icc/dtu012;
    Balland et al. 2019, Regional Studies 53(9), doi:10.1080/00343404.2018.1437900.
    """
    m = advantages(specialised, min_count=min_count)
    if entity not in m.index:
        raise UnknownNameError("entity", str(entity), map(str, m.index))
    active = int(m.any(axis=1).sum())
    if not m.loc[entity].any():
        warn(
            f'"{entity}" has no advantage in any group here, so nothing is near to what it does. '
            "Against itself no one has one: compare it with other entities, or give "
            "specialisation(reference=…) the counts of a population.",
            CoverageWarning,
        )
    if near is None and active < _FEW_ENTITIES:
        warn(
            f"The proximity rests on {active} entities with an advantage; each value is one of a few "
            "fractions. Give near=relatedness(…) of the whole set instead.",
            CoverageWarning,
        )
    weights = _weights(m, near)
    held: np.ndarray = m.loc[entity].to_numpy(dtype=bool)
    sums = weights.sum(axis=0)
    share = np.divide(weights, sums, out=np.zeros_like(weights), where=sums > 0)
    others, k = len(held) - 1, int(held.sum())
    expected = 100 * k / others if others else np.nan
    value = np.where(sums > 0, 100 * held.astype(float) @ share, np.nan)
    own: pd.DataFrame = specialised[specialised["entity"] == entity]
    own = own.set_index("group").reindex(m.columns)
    result = pd.DataFrame(
        {
            "group": m.columns,
            "density": value,
            "expected": expected,
            "z": (value - expected) / _spread(share, k),
            "count": own["count"].to_numpy(),
            "rta": own["rta"].to_numpy(),
            "total": specialised.groupby("group")["count"].sum().reindex(m.columns).to_numpy(),
            "neighbours": (weights > 0).sum(axis=0),
            "basis": [_basis(weights[:, g], held, m.columns) for g in range(len(held))],
        }
    )[~held]
    ranked = (result["neighbours"] >= min_neighbours) & (result["total"] >= min_count)
    ranked &= result["density"].notna()
    order = result.assign(late=~ranked).sort_values(
        ["late", "density", "group"], ascending=[True, False, True], na_position="last"
    )
    result = order.drop(columns="late").reset_index(drop=True)
    place = pd.Series(np.arange(1, len(result) + 1), dtype="Int64")
    result.insert(0, "rank", place.mask(place > ranked.sum()))
    result.attrs = {
        **specialised.attrs,
        "entity": entity,
        "advantages": k,
        "groups": len(held),
        "entities": active,
        "near": "proximity" if near is None else "given",
        "min_count": min_count,
    }
    return result


def _spread(share: np.ndarray, k: int) -> np.ndarray:
    """Standard deviation of every column's density if k of the other groups were held at random."""
    others = len(share) - 1
    if others < 2:
        return np.full(len(share), np.nan)
    squares = (share**2).sum(axis=0) - 1 / others  # the shares of a column sum to one
    variance = k * (others - k) / (others * (others - 1)) * np.maximum(squares, 0.0)
    return np.where(variance > 0, 100 * np.sqrt(variance), np.nan)


def _basis(weights: np.ndarray, held: np.ndarray, groups: pd.Index) -> str:
    order = np.argsort(-weights, kind="stable")
    return "; ".join([str(groups[i]) for i in order if held[i] and weights[i] > 0][:_BASIS])


def _weights(m: pd.DataFrame, near: pd.DataFrame | None) -> np.ndarray:
    """Nearness of the groups as a symmetric array with an empty diagonal."""
    phi = _square(near, m.columns) if near is not None else _proximity(m)
    weights: np.ndarray = np.nan_to_num(phi.to_numpy(dtype=float))
    np.fill_diagonal(weights, 0.0)
    return weights


def _square(near: pd.DataFrame, groups: pd.Index) -> pd.DataFrame:
    if {"source", "target", "relatedness"} <= set(near.columns):
        if "chance" in near.columns:
            near = near[near["chance"].isna() | (near["relatedness"] > near["chance"])]
        half = near.pivot(index="source", columns="target", values="relatedness")
        half = half.reindex(index=groups, columns=groups).fillna(0.0)
        return half + half.to_numpy().T
    return near.reindex(index=groups, columns=groups)


class Complexity(NamedTuple):
    """Complexity of both sides of a table of advantages.

    Attributes
    ----------
    entities
        Complexity by entity.
    groups
        Complexity by group.
    """

    entities: pd.Series
    groups: pd.Series


def complexity(specialised: pd.DataFrame) -> Complexity:
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
    Complexity
        ``entities, groups``, a Series each; NA for those without any advantage, all NA where the
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
        return Complexity(of_entities, of_groups)
    ke, kg = values.sum(axis=1), values.sum(axis=0)
    for result, own, other, table in (
        (of_entities, ke, kg, values),
        (of_groups, kg, ke, values.T),
    ):
        vector = _second_eigenvector((table / other) @ table.T, own)
        names = kept.index if table is values else kept.columns
        result[names] = vector
    # Signs: complex entities have more advantages, complex groups are held by complex entities.
    own = of_entities[kept.index].to_numpy()
    if own @ (ke - ke.mean()) < 0:
        of_entities, own = -of_entities, -own
    if of_groups[kept.columns].to_numpy() @ ((values.T @ own) / kg) < 0:
        of_groups = -of_groups
    return Complexity(of_entities, of_groups)


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


def entry_exit(
    before: pd.DataFrame, after: pd.DataFrame, *, min_count: float = 0.0
) -> pd.DataFrame:
    """Advantages gained and lost between two periods.

    Parameters
    ----------
    before, after
        What :func:`patentnav.indicators.specialisation` returned for the two periods.
    min_count
        As in :func:`advantages`.

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
    one, two = (advantages(table, min_count=min_count) for table in (before, after))
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
