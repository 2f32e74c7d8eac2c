"""Key technologies: which grow, matter, lie in foreign hands, and are weakly held at home."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.errors import ArgumentError, MissingColumnError
from patentnav.indicators import undominated

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

CRITERIA = ("growth", "impact", "dependence", "weakness")
FEWEST_UNITS, MIDDLE = 10, 0.5
LEAST_TOLD = 0.5  # part of the units that must say a place for dependence to be told
COLUMNS = (
    "technology", "units", "growth", "impact", "dependence", "held", "strength", "growth_rank",
    "impact_rank", "dependence_rank", "weakness_rank", "pareto", "key", "reason",
)  # fmt: skip


def key_technologies(
    patents: PatentSet,
    technology_of: pd.DataFrame,
    *,
    unit_ids: pd.Series,
    local: pd.Series,
    growth: pd.Series | None = None,
    percentile: pd.Series | None = None,
    min_count: int = FEWEST_UNITS,
) -> pd.DataFrame:
    """Technologies side by side by growth, impact, dependence on outsiders and local strength.

    Parameters
    ----------
    patents
        The set.
    technology_of
        ``publication_id, technology``, without remainders.
    unit_ids
        Counted unit by publication (:func:`patentnav.counting.unit_ids`).
    local
        Whether a publication has an owner inside, as truth values by publication, NA where no place
        is told (:func:`patentnav.facts.inside`: a region, or a country for dependence on foreign ones).
    growth
        Growth by technology, such as ``relative_growth`` of :func:`patentnav.indicators.emergence`; not
        judged when omitted.
    percentile
        Standing of publications by citations received among those of their field and year (0 to 100);
        not judged when omitted.
    min_count
        Units from which a technology is judged.

    Returns
    -------
    pandas.DataFrame
        One row per technology, the Pareto set first, then by the mean of the known ranks: ``technology,
        units``; ``growth``; ``impact`` (part of the units in the upper tenth by ``percentile``);
        ``dependence`` (part of the units in force, or of all where nothing is known to be, none of whose
        owners lies inside, of those whose owners say a place; NA where fewer than half of all units
        do), ``held`` (units that it is a part of);
        ``strength`` (units with an owner inside); ``growth_rank, impact_rank, dependence_rank,
        weakness_rank`` (mid-rank percentiles, 0 to 1; weakness is a low strength); ``pareto``: no other
        technology is at least as high in all known ranks and higher in one; ``key``: growth, impact and
        dependence all in the upper half (NA where one is not known); ``reason``: keys joined by ``; ``
        (``pareto, growing, impact, dependent, weak, growth_untold, impact_untold, dependence_untold``).

    Raises
    ------
    MissingColumnError
        No publication says a place.
    ArgumentError
        ``min_count`` is not positive.

    Notes
    -----
    Ours. The Pareto set weighs nothing against anything; it holds all that could come first under any
    weights. It proposes; experts add and remove, as needs of products stand in no patent. Refuted by: a
    supply from several friendly sources; a technology that a product does not need.
    """
    if min_count < 1:
        msg = f"min_count={min_count} must be at least 1."
        raise ArgumentError(msg)
    if not local.notna().any():
        msg = "No publication says where its owners are, so nobody depends on anybody. Export addresses."
        raise MissingColumnError(msg)
    rows = technology_of[["publication_id", "technology"]].dropna()
    rows = rows.assign(
        unit=unit_ids.reindex(rows["publication_id"]).to_numpy(),
        local=local.reindex(rows["publication_id"]).astype("boolean").to_numpy(),
        force=(patents.publications["legal_status"] == "in_force").reindex(rows["publication_id"]).to_numpy(),
    )  # fmt: skip
    if percentile is not None:
        rows["top"] = (percentile >= 90).reindex(rows["publication_id"]).to_numpy()
        rows["rated"] = percentile.notna().reindex(rows["publication_id"]).fillna(False).to_numpy()
    groups = rows.groupby("technology")
    table = pd.DataFrame({"units": groups["unit"].nunique()})
    table = table[table["units"] >= min_count]
    table["growth"] = np.nan if growth is None else growth.reindex(table.index).astype("float64")
    table["impact"] = np.nan if percentile is None else _impact(rows).reindex(table.index)
    table = table.join(_dependence(rows))
    ranked = {
        "growth": table["growth"], "impact": table["impact"], "dependence": table["dependence"],
        "weakness": -table["strength"].astype("float64"),
    }  # fmt: skip
    for name, values in ranked.items():
        table[f"{name}_rank"] = (values.rank() - 0.5) / max(int(values.notna().sum()), 1)
    ranks = table[[f"{name}_rank" for name in CRITERIA]]
    # Where nothing is known of whose it is, nothing is said to stand out.
    table["pareto"] = undominated(ranks.to_numpy(dtype=float)) & table["dependence"].notna()
    three = ranks.drop(columns="weakness_rank")
    whole = (three > MIDDLE).all(axis=1).astype("boolean")
    table["key"] = whole.mask(three.isna().any(axis=1) & ~(three <= MIDDLE).any(axis=1))
    table["reason"] = _reasons(table)
    mean = ranks.mean(axis=1)
    order = (
        table.assign(_mean=mean)
        .reset_index()
        .sort_values(
            ["pareto", "_mean", "technology"], ascending=[False, False, True], ignore_index=True
        )
    )
    return order[list(COLUMNS)]


def _impact(rows: pd.DataFrame) -> pd.Series:
    rated = rows[rows["rated"].astype(bool)]
    top = rated["top"].fillna(False).astype(bool)
    best = top.groupby([rated["technology"], rated["unit"]]).any()
    share: pd.Series = best.groupby(level=0).mean()
    return share


def _dependence(rows: pd.DataFrame) -> pd.DataFrame:
    placed = rows.dropna(subset=["local"])
    cells = placed.assign(inside=placed["local"].astype(bool)).groupby(["technology", "unit"])
    units = pd.DataFrame(
        {"inside": cells["inside"].any(), "force": cells["force"].any()}
    ).reset_index()
    known = units.groupby("technology")["force"].transform("any")
    held = units[units["force"].astype(bool) | ~known.astype(bool)]
    outside = 1 - held.groupby("technology")["inside"].mean()
    told = units.groupby("technology").size()
    whole = rows.groupby("technology")["unit"].nunique().reindex(told.index)
    outside = outside.where((told / whole).reindex(outside.index) >= LEAST_TOLD)
    return pd.DataFrame(
        {
            "dependence": outside, "held": held.groupby("technology").size().astype("Int64"),
            "strength": units.groupby("technology")["inside"].sum().astype("Int64"),
        }
    )  # fmt: skip


def _reasons(table: pd.DataFrame) -> list[str]:
    ranks = {"growing": "growth", "impact": "impact", "dependent": "dependence", "weak": "weakness"}
    flags = {"pareto": table["pareto"]}
    flags |= {word: (table[f"{name}_rank"] > MIDDLE) for word, name in ranks.items()}
    flags |= {f"{n}_untold": table[n].isna() for n in ("growth", "impact", "dependence")}
    rows = pd.DataFrame(flags).fillna(False).astype(bool).to_dict("records")
    return ["; ".join(str(k) for k, holds in row.items() if holds) for row in rows]
