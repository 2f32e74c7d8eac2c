"""The five statistical criteria of a high-value invention patent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import taxonomy
from patentnav.counting import unit_ids
from patentnav.facts import DEAD, cutoff_date, family_members
from patentnav.taxonomy.match import SymbolMatcher

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

CRITERIA = [
    "strategic_industry",
    "overseas_right",
    "maintained_10_years",
    "pledged",
    "awarded",
]
STRATEGIC_TAXONOMY = "sei-2021"
_GRANT_KIND = r"^[A-Z]{2}\d+[BC]\d?$"


def high_value(
    patents: PatentSet,
    *,
    min_pledge: float | None = None,
    as_of: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """The five statistical criteria of a high-value invention patent.

    A valid invention patent counts when any holds:

    1. ``strategic_industry``: it belongs to a strategic emerging industry (taxonomy ``sei-2021``,
       or the vendor's label);
    2. ``overseas_right``: a family member is in force abroad;
    3. ``maintained_10_years``: in force more than ten years after filing;
    4. ``pledged``: pledged for a higher amount;
    5. ``awarded``: national science and technology award or China Patent Award.

    Parameters
    ----------
    patents
        The set.
    min_pledge
        Amount in yuan from which a pledge counts. No public document states one; without it a
        pledge is seen but cannot be judged (NA).
    as_of
        Day of the statement; the last day the set knows of when omitted.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``publication_id``: ``valid_invention``, the five criteria and ``high_value``,
        nullable booleans. NA: the export does not tell. ``high_value`` is false only where every
        criterion is known to fail, or the patent is known not to be a valid invention.
        ``attrs``: ``as_of``, ``min_pledge``.

    References
    ----------
    Definition of the high-value invention patent in the statistics of the Chinese office (14th
    five-year plan), as quoted by the T/ISC and DB21/T 3986-2024 documents.
    """
    publications = patents.publications
    moment = pd.Timestamp(as_of) if as_of is not None else cutoff_date(patents)
    frame = pd.DataFrame(index=publications.index)
    in_force = _in_force(publications["legal_status"])
    invention = _known_equal(publications["patent_type"], "invention")
    frame["valid_invention"] = invention & in_force
    frame["strategic_industry"] = _strategic(patents)
    frame["overseas_right"] = _overseas(patents, in_force)
    frame["maintained_10_years"] = _maintained(publications, in_force, moment)
    frame["pledged"] = _pledged(patents, min_pledge)
    frame["awarded"] = _event(patents, "award")
    any_holds = frame[CRITERIA[0]]
    for criterion in CRITERIA[1:]:
        any_holds = any_holds | frame[criterion]
    frame["high_value"] = frame["valid_invention"] & any_holds
    frame.attrs = {
        "as_of": None if moment is None else str(moment.date()),
        "min_pledge": min_pledge,
    }
    return frame


def _known_equal(values: pd.Series, wanted: str) -> pd.Series:
    return (values == wanted).astype("boolean").mask(values.isna())


def _in_force(status: pd.Series) -> pd.Series:
    known = status.isin(["in_force", "pending", "international_ended", *DEAD])
    return (status == "in_force").astype("boolean").mask(~known)


def _strategic(patents: PatentSet) -> pd.Series:
    """By the vendor's label where its source has labels, else by the official IPC concordance.

    Concordance rules on classes alone decide; rules that also demand words leave it open (NA).
    """
    index = patents.publications.index
    if not patents.has("classifications"):
        return pd.Series(pd.NA, index=index, dtype="boolean")
    classes = patents.classifications
    ipc = classes[classes["scheme"] == "IPC"]
    certain, possible = _strategic_symbols(ipc["symbol"])
    by_class = pd.Series(False, index=index, dtype="boolean").where(
        index.isin(ipc["publication_id"])
    )
    by_class = by_class.mask(index.isin(ipc.loc[ipc["symbol"].isin(possible), "publication_id"]))
    by_class = by_class.mask(
        index.isin(ipc.loc[ipc["symbol"].isin(certain), "publication_id"]), True
    )
    labelled = pd.Series(
        index.isin(classes.loc[classes["scheme"] == "SEI", "publication_id"]), index=index
    )
    source = patents.publications["source_file"].fillna("")
    source_has_labels = labelled.groupby(source).transform("any")
    return by_class.mask(source_has_labels, labelled.astype("boolean"))


def _strategic_symbols(symbols: pd.Series) -> tuple[set[str], set[str]]:
    """Symbols that are strategic by themselves, and those that are so with certain words."""
    scheme = taxonomy.load(STRATEGIC_TAXONOMY)
    nodes = [name for name, node in scheme.nodes.items() if node.rules]
    claims = SymbolMatcher(scheme, nodes).claims(symbols)
    return set(claims.loc[~claims["needs_words"], "symbol"]), set(claims["symbol"])


def _overseas(patents: PatentSet, in_force: pd.Series) -> pd.Series:
    publications = patents.publications
    result = pd.Series(pd.NA, index=publications.index, dtype="boolean")
    if not patents.has("families"):
        return result
    members = family_members(patents)
    home = members["publication_id"].map(publications["authority"])
    abroad = members[(members["authority"] != home) & (members["authority"] != "WO")]
    inside = abroad["member_id"].isin(publications.index)
    granted_form = abroad["member_id"].str.match(_GRANT_KIND)
    stated = publications["granted"].fillna(False) | publications["grant_date"].notna()
    granted = granted_form | abroad["member_id"].map(stated).fillna(False).astype(bool)
    alive = abroad["member_id"].map(in_force).where(inside).astype("boolean")
    holds = (granted & alive.fillna(False)).groupby(abroad["publication_id"]).any()
    unsure = (granted & alive.isna()).groupby(abroad["publication_id"]).any()
    known = publications.index.isin(members["publication_id"])
    result[known] = False
    unsure_here = unsure.reindex(publications.index).fillna(False).to_numpy(dtype=bool)
    holds_here = holds.reindex(publications.index).fillna(False).to_numpy(dtype=bool)
    return result.mask(unsure_here).mask(holds_here, True)


def _maintained(
    publications: pd.DataFrame, in_force: pd.Series, moment: pd.Timestamp | None
) -> pd.Series:
    if moment is None:
        return pd.Series(pd.NA, index=publications.index, dtype="boolean")
    filed = publications["application_date"]
    old = (filed < moment - pd.DateOffset(years=10)).astype("boolean").mask(filed.isna())
    return old & in_force


def _event(patents: PatentSet, category: str) -> pd.Series:
    """Whether any publication of the application has such an event; NA where no source lists it."""
    index = patents.publications.index
    if not patents.has("legal_events"):
        return pd.Series(pd.NA, index=index, dtype="boolean")
    events = patents.legal_events
    has = pd.Series(
        index.isin(events.loc[events["category"] == category, "publication_id"]), index=index
    )
    source_lists_events = has.groupby(patents.publications["source_file"].fillna("")).transform(
        "any"
    )
    of_unit = has.groupby(unit_ids(patents, "application")).transform("any")
    return of_unit.astype("boolean").where(source_lists_events | of_unit)


def _pledged(patents: PatentSet, min_pledge: float | None) -> pd.Series:
    seen = _event(patents, "pledge")
    if not seen.any():
        return seen
    events = patents.legal_events
    pledges = events[events["category"] == "pledge"]
    index = patents.publications.index
    highest = pledges.groupby("publication_id")["amount"].max().reindex(index)
    highest = highest.groupby(unit_ids(patents, "application")).transform("max")
    if min_pledge is None:
        return seen.mask(seen.fillna(False))
    judged = (highest >= min_pledge).astype("boolean").mask(highest.isna())
    return judged.where(seen.fillna(False), seen)
