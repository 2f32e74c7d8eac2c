"""Core patents by six criteria that are true, false or not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._memo import shared
from patentnav.facts import cutoff_date, end_dates, family_members
from patentnav.indicators.comparison import ranked
from patentnav.valuation.evidence import GRANT_NUMBER, happened

if TYPE_CHECKING:
    from collections.abc import Collection

    from patentnav.patentset import PatentSet

CORE_CRITERIA = ("cited", "offices", "used", "upheld", "maintained", "main_path")
TRUE, KNOWN = 2, 4  # criteria that must hold, of so many that must be known
TOP_SHARE = 0.1  # of a cohort
OFTEN = 5  # citations from which one is cited often, however young its cohort
COHORT = 20  # members from which a tenth means something
OFFICES = 3
YEARS = 10
_USE = ("licence", "pledge", "litigation", "award")
_CITED_BY = (("field", "year"), ("year",))


def core(
    patents: PatentSet,
    citations: pd.Series | None = None,
    *,
    main_path: Collection[str] | None = None,
) -> pd.DataFrame:
    """Judge every publication by six criteria of a core patent.

    1. ``cited``: at most a tenth of the publications of its WIPO field and filing year are cited
       as often (of the filing year, where the field has fewer than twenty);
    2. ``offices``: granted at three offices or more;
    3. ``used``: licensed, pledged, in litigation or awarded;
    4. ``upheld``: in force after an invalidation procedure;
    5. ``maintained``: in force ten years after filing;
    6. ``main_path``: on the main path of citations.

    Parameters
    ----------
    patents
        The set.
    citations
        Citations received by ``publication_id``; None where they are not known.
    main_path
        Publications on the main path (:func:`patentnav.network.main_path`); None where there is
        none.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``publication_id``: the six criteria (nullable booleans; NA: the export does not
        tell), ``citations``, ``percentile`` (0 to 100, mid-rank in the cohort), ``cohort_size``,
        ``true``, ``known`` (numbers of criteria) and ``core``: True with two criteria true of four
        or more known; False where the known ones are enough and fewer than two are true; else NA.

    Notes
    -----
    The number of criteria asked for is this package's choice: it is what a panel can check line by
    line. A criterion that no source tells is not counted against a patent.
    """
    publications = patents.publications
    frame = pd.DataFrame(index=publications.index)
    nothing = pd.Series(pd.NA, index=publications.index, dtype="boolean")
    standing = _standing(patents, citations)
    frame["cited"] = standing.pop("cited")
    frame["offices"] = _offices(patents)
    frame["used"] = happened(patents, _USE)
    in_force = (publications["legal_status"] == "in_force").astype("boolean")
    in_force = in_force.mask(publications["legal_status"].isna())
    attacked = happened(patents, ("invalidation",))
    frame["upheld"] = (attacked & in_force).mask(attacked.isna())
    frame["maintained"] = _maintained(patents)
    frame["main_path"] = (
        nothing
        if main_path is None
        else pd.Series(publications.index.isin([*main_path]), publications.index, dtype="boolean")
    )
    criteria = frame[[*CORE_CRITERIA]]
    frame = frame.join(standing)
    frame["true"] = criteria.fillna(False).astype(bool).sum(axis=1)
    frame["known"] = criteria.notna().sum(axis=1)
    enough = frame["known"] >= KNOWN
    frame["core"] = (frame["true"] >= TRUE).astype("boolean").where(enough)
    return frame


def _standing(patents: PatentSet, citations: pd.Series | None) -> pd.DataFrame:
    index = patents.publications.index
    frame = pd.DataFrame(
        {"citations": np.nan, "percentile": np.nan, "cohort_size": 0.0, "cited": pd.NA}, index=index
    ).astype({"cited": "boolean"})
    if citations is None:
        return frame
    values = citations.reindex(index).astype("float64")
    place = ranked(patents, values, _CITED_BY, unit="publication", min_cohort=COHORT)
    frame["citations"] = values
    told = place.step >= 0
    cited = (place.as_high <= TOP_SHARE + 1e-9) & (values.to_numpy() >= OFTEN)
    frame.loc[told, "cited"] = cited[told]
    frame["percentile"] = place.percentile
    frame["cohort_size"] = place.size
    return frame


@shared
def _offices(patents: PatentSet) -> pd.Series:
    publications = patents.publications
    result = pd.Series(pd.NA, index=publications.index, dtype="boolean")
    if not patents.has("families"):
        return result
    members = family_members(patents)
    members = members[members["authority"] != "WO"]
    stated = publications["granted"].fillna(False) | publications["grant_date"].notna()
    granted = members["member_id"].str.match(GRANT_NUMBER) | (
        members["member_id"].map(stated).fillna(False).astype(bool)
    )
    filed = members.groupby("publication_id")["authority"].nunique()
    held = members[granted].groupby("publication_id")["authority"].nunique()
    filed = filed.reindex(result.index)
    held = held.reindex(result.index).fillna(0)
    # With fewer offices than asked for nothing can be missing; with more, a grant may be unseen.
    result = result.mask(filed < OFFICES, False)
    return result.mask(held >= OFFICES, True)


def _maintained(patents: PatentSet) -> pd.Series:
    """In force ten years after filing: now, or until its end; NA where that is not known."""
    publications = patents.publications
    moment = cutoff_date(patents)
    result = pd.Series(pd.NA, index=publications.index, dtype="boolean")
    if moment is None:
        return result
    due = publications["application_date"] + pd.DateOffset(years=YEARS)
    result = result.mask(due > moment, False)
    old = (due <= moment).to_numpy()
    status = publications["legal_status"]
    result = result.mask(old & (status == "in_force").to_numpy(), True)
    ends = end_dates(patents)
    right = status.isin(["lapsed", "expired", "ceased", "revoked"]).to_numpy()
    known = old & right & ends.notna().to_numpy()
    result = result.mask(known, (ends >= due).astype("boolean"))
    never = old & status.isin(["refused", "withdrawn"]).to_numpy()
    return result.mask(never, False)
