"""Where a family protects, weighted by the size of the markets, and what that makes of impact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import _resources
from patentnav.config import get_config
from patentnav.counting import unit_ids
from patentnav.facts import DEAD, family_members, owners
from patentnav.indicators.quality import technology_relevance
from patentnav.indicators.registry import indicator, measured

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.indicators.baseline import Baseline
    from patentnav.patentset import PatentSet

ERNST = "Ernst & Omland 2011, World Patent Information 33(1), doi:10.1016/j.wpi.2010.08.008"
REFERENCE = "US"


def market_weights() -> pd.Series:
    """Weight of offices: gross national income relative to that of the United States.

    From ``economies/gni.csv``; a file of that name in the ``data_path`` replaces it.
    """
    rows = pd.DataFrame(_resources.load_csv("economies", "gni"))
    gni = rows.set_index("authority")["gni"].astype(float)
    return gni / gni[REFERENCE]


def _offices(patents: PatentSet) -> pd.DataFrame:
    """Offices of the family of every publication: ``publication_id, authority, dead``.

    ``dead``: every member there whose status the set knows has ended.
    """
    publications = patents.publications
    members = family_members(patents)
    members = members[members["authority"] != "WO"]
    status = members["member_id"].map(publications["legal_status"])
    state = pd.DataFrame(
        {
            "publication_id": members["publication_id"].to_numpy(),
            "authority": members["authority"].to_numpy(),
            "known": (status.notna() & (status != "unknown")).to_numpy(dtype=bool),
            "alive": (status.notna() & (status != "unknown") & ~status.isin(DEAD)).to_numpy(bool),
        }
    )
    grouped = state.groupby(["publication_id", "authority"], sort=False)[["known", "alive"]].any()
    grouped["dead"] = grouped["known"] & ~grouped["alive"]
    return grouped.reset_index()


@indicator(
    unit="markets of the size of the US",
    better="higher",
    needs=("families",),
    source=ERNST,
    known_at="later",
)
def market_coverage(patents: PatentSet) -> pd.Series:
    r"""Markets in which the family is alive: :math:`MC = \sum_a GNI_a / GNI_{US}`.

    Over the offices of the family, without those where every member whose legal status the set
    knows has ended. Overlapping markets (EP and DE) count once: a national member inside EP adds
    nothing to EP.

    Returns
    -------
    pandas.Series
        float64, indexed by ``publication_id``; 0 where the family is dead everywhere, NA where it
        is not listed. Offices without a weight add nothing.

    Notes
    -----
    Members outside the set have no known status and count as alive, so this is an upper bound of
    what is in force. Pending applications count fully.
    """
    offices = _offices(patents)
    alive = offices[~offices["dead"]]
    weight = alive["authority"].map(market_weights()).astype(float).fillna(0.0)
    has_ep = alive["publication_id"].isin(alive.loc[alive["authority"] == "EP", "publication_id"])
    weight = weight.mask(has_ep & alive["authority"].isin(["DE", "FR", "GB"]), 0.0)
    total = weight.groupby(alive["publication_id"]).sum()
    listed = pd.Index(offices["publication_id"].unique())
    values = total.reindex(listed, fill_value=0.0).reindex(patents.publications.index)
    return measured(values.rename("market_coverage"), {"no family in the source": values.isna()})


@indicator(
    unit="relevance x markets",
    better="higher",
    needs=("citations", "families", "classifications", "publications.application_date"),
    source=ERNST,
    known_at="later",
)
def competitive_impact(
    patents: PatentSet, *, baseline: Baseline | None = None, unit: Unit | None = None
) -> pd.Series:
    r"""Technology relevance times market coverage: :math:`CI = TR \cdot MC`.

    Parameters
    ----------
    patents
        The set.
    baseline
        Population with the cohorts of ``citations_received``; the set itself when omitted.
    unit
        Unit that cites and is cited.

    Returns
    -------
    pandas.Series
        float64; 0 for a dead family, whatever its citations; NA where a factor is unknown.

    Notes
    -----
    Built on the published idea with open weights; the values are not those of any commercial
    index.
    """
    relevance = technology_relevance(patents, baseline=baseline, unit=unit)
    coverage = market_coverage(patents)
    values = (relevance * coverage).mask((coverage == 0).to_numpy(), 0.0)
    unknown = values.isna()
    return measured(
        values.rename("competitive_impact"),
        {
            "market coverage unknown": unknown & coverage.isna(),
            "technology relevance unknown": unknown & relevance.isna(),
        },
    )


@indicator(
    level="owner",
    unit="relevance x markets",
    better="higher",
    needs=("citations", "families", "classifications", "publications.application_date"),
    source=ERNST,
    known_at="later",
)
def portfolio_impact(
    patents: PatentSet,
    by: pd.DataFrame | None = None,
    *,
    baseline: Baseline | None = None,
    unit: Unit | None = None,
) -> pd.DataFrame:
    """Sum of the competitive impact of what an owner holds.

    Parameters
    ----------
    patents
        The set.
    by
        Membership table ``publication_id, <owner>, weight``; all owners, shared, when omitted.
    baseline
        As in :func:`competitive_impact`.
    unit
        Every unit counts once, with the mean over its publications.

    Returns
    -------
    pandas.DataFrame
        ``owner, units, known, impact, mean_impact``, greatest first: ``known`` of the ``units``
        enter the sum, so an owner whose patents are not described is too low, not zero.
    """
    table = owners(patents, which="all") if by is None else by
    who = next(c for c in table.columns if c != "publication_id")
    values = competitive_impact(patents, baseline=baseline, unit=unit)
    units = unit_ids(patents, unit)
    rows = pd.DataFrame(
        {
            "owner": table[who],
            "unit_id": table["publication_id"].map(units),
            "weight": table.get("weight", 1.0),
            "impact": table["publication_id"].map(values),
        }
    ).dropna(subset="unit_id")
    per_unit = rows.groupby(["owner", "unit_id"])[["weight", "impact"]].mean().reset_index()
    per_unit["part"] = per_unit["weight"] * per_unit["impact"]
    grouped = per_unit.groupby("owner")
    result = pd.DataFrame(
        {
            "units": grouped.size(),
            "known": grouped["impact"].count(),
            "impact": grouped["part"].sum(min_count=1),
            "mean_impact": grouped["impact"].mean(),
        }
    )
    order = np.lexsort((result.index.to_numpy().astype(str), -result["impact"].fillna(-1)))
    result = result.iloc[order].rename_axis("owner").reset_index()
    result.attrs = {
        "unit": unit or get_config().unit,
        "cohort": "the set itself" if baseline is None else baseline.name,
    }
    return result
