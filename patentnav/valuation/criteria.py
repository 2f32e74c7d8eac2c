"""The five statistical criteria of a high-value invention patent, and how many there are at most."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from patentnav import _resources, taxonomy
from patentnav.counting import unit_ids
from patentnav.errors import ArgumentError
from patentnav.facts import DEAD, cutoff_date, family_members
from patentnav.indicators.families import vendor_counts
from patentnav.taxonomy.match import SymbolMatcher
from patentnav.valuation.evidence import GRANT_NUMBER, happened

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

CRITERIA = [
    "strategic_industry",
    "overseas_right",
    "maintained_10_years",
    "pledged",
    "awarded",
]
STRATEGIC_TAXONOMY = "sei-2021"


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

    Raises
    ------
    ArgumentError
        ``min_pledge`` is negative.

    See Also
    --------
    high_value_bounds : how many there are at least and at most.
    high_value_evidence : what tells each criterion.

    Notes
    -----
    Only national awards count: an award event whose text names a province's or a city's (words in
    ``law/awards.toml``) and no national one does not.

    References
    ----------
    Definition of the high-value invention patent in the statistics of the Chinese office (14th
    five-year plan), as quoted by the T/ISC and DB21/T 3986-2024 documents.
    """
    if min_pledge is not None and min_pledge < 0:
        msg = f"min_pledge={min_pledge:g} is negative. Give an amount in yuan, or leave it away."
        raise ArgumentError(msg)
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
    frame["awarded"] = _awarded(patents)
    any_holds = frame[CRITERIA[0]]
    for criterion in CRITERIA[1:]:
        any_holds = any_holds | frame[criterion]
    frame["high_value"] = frame["valid_invention"] & any_holds
    frame.attrs = {
        "as_of": None if moment is None else str(moment.date()),
        "min_pledge": min_pledge,
    }
    return frame


def high_value_bounds(
    patents: PatentSet, judged: pd.DataFrame | None = None, *, unit: Unit | None = None
) -> pd.DataFrame:
    """How many are known to be high-value inventions, and how many can be at most.

    Parameters
    ----------
    patents
        The set.
    judged
        What :func:`high_value` returned; made with its defaults when omitted.
    unit
        Counted unit; the configured one when omitted. A unit has what any of its publications has,
        and may have what any may.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``valid_invention``, the five criteria (of valid inventions, or of what may be
        one) and ``high_value``: ``known`` (units known to meet it), ``possible`` (units that meet
        it or for which it is not known), ``units`` (units of the set).
    """
    judged = high_value(patents) if judged is None else judged
    units = unit_ids(patents, unit).reindex(judged.index)
    valid = judged["valid_invention"]
    rows = {}
    for name in ["valid_invention", *CRITERIA, "high_value"]:
        state = judged[name] if name in {"valid_invention", "high_value"} else valid & judged[name]
        known = state.fillna(False).astype(bool)
        possible = state.fillna(True).astype(bool)
        rows[name] = {
            "known": int(units[known].nunique()),
            "possible": int(units[possible].nunique()),
            "units": int(units.nunique()),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("criterion")


def high_value_evidence(patents: PatentSet, judged: pd.DataFrame | None = None) -> pd.DataFrame:
    """What tells each criterion that a publication is known to meet.

    Parameters
    ----------
    patents
        The set.
    judged
        What :func:`high_value` returned; made with its defaults when omitted.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, criterion, evidence``, one row per piece of evidence, in order: a class
        (``SEI 1.2.1``, ``IPC G06F11/30``), a member of the family, the filing date, a pledge or
        an award with its day and text.
    """
    judged = high_value(patents) if judged is None else judged
    parts = [
        _strategic_evidence(patents),
        _member_evidence(patents),
        _date_evidence(patents),
        _event_evidence(patents, "pledge", "pledged"),
        _event_evidence(patents, "award", "awarded"),
    ]
    found = pd.concat(parts, ignore_index=True)
    met = judged[[*CRITERIA]].fillna(False).astype(bool)
    row = met.index.get_indexer(pd.Index(found["publication_id"]))
    column = met.columns.get_indexer(pd.Index(found["criterion"]))
    found = found[met.to_numpy()[row, column] & (row >= 0)].drop_duplicates()
    rank = found["criterion"].map({c: i for i, c in enumerate(CRITERIA)})
    found = found.assign(rank=rank).sort_values(["publication_id", "rank", "evidence"])
    return found.drop(columns="rank").reset_index(drop=True)


def _pieces(publication_id: pd.Series, criterion: str, evidence: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "publication_id": publication_id.to_numpy(),
            "criterion": criterion,
            "evidence": evidence.to_numpy(),
        }
    ).astype("str")


def _strategic_evidence(patents: PatentSet) -> pd.DataFrame:
    if not patents.has("classifications"):
        return _pieces(pd.Series(dtype="str"), "strategic_industry", pd.Series(dtype="str"))
    classes = patents.classifications
    certain, _ = _strategic_symbols(classes.loc[classes["scheme"] == "IPC", "symbol"])
    label = classes["scheme"] == "SEI"
    own = classes[label | ((classes["scheme"] == "IPC") & classes["symbol"].isin(certain))]
    return _pieces(own["publication_id"], "strategic_industry", own["scheme"] + " " + own["symbol"])


def _member_evidence(patents: PatentSet) -> pd.DataFrame:
    if not patents.has("families"):
        return _pieces(pd.Series(dtype="str"), "overseas_right", pd.Series(dtype="str"))
    abroad = _abroad(patents, _in_force(patents.publications["legal_status"]))
    held = abroad[abroad["granted"] & abroad["alive"].fillna(False).astype(bool)]
    return _pieces(held["publication_id"], "overseas_right", held["member_id"])


def _date_evidence(patents: PatentSet) -> pd.DataFrame:
    filed = patents.publications["application_date"].dropna()
    return _pieces(filed.index.to_series(), "maintained_10_years", filed.dt.strftime("%Y-%m-%d"))


def _event_evidence(patents: PatentSet, category: str, criterion: str) -> pd.DataFrame:
    if not patents.has("legal_events"):
        return _pieces(pd.Series(dtype="str"), criterion, pd.Series(dtype="str"))
    events = patents.legal_events
    own = events[events["category"] == category]
    day = own["date"].dt.strftime("%Y-%m-%d").fillna("")
    amount = own["amount"].map(lambda x: "" if pd.isna(x) else f"{x:,.0f} CNY").astype("str")
    text = (day + " " + own["text"].fillna("") + " " + amount).str.split().str.join(" ")
    # The record of one document of an application speaks for the others.
    units = unit_ids(patents, "application")
    of_unit = pd.DataFrame({"unit": own["publication_id"].map(units), "evidence": text})
    spread = of_unit.merge(units.rename("unit").reset_index(), on="unit")
    return _pieces(spread["publication_id"], criterion, spread["evidence"])


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
    abroad = _abroad(patents, in_force)
    granted, alive = abroad["granted"], abroad["alive"]
    holds = (granted & alive.fillna(False)).groupby(abroad["publication_id"]).any()
    unsure = (granted & alive.isna()).groupby(abroad["publication_id"]).any()
    known = publications.index.isin(family_members(patents)["publication_id"])
    result[known] = False
    unsure_here = unsure.reindex(publications.index).fillna(False).to_numpy(dtype=bool)
    holds_here = holds.reindex(publications.index).fillna(False).to_numpy(dtype=bool)
    return result.mask(unsure_here).mask(holds_here, True)


def _abroad(patents: PatentSet, in_force: pd.Series) -> pd.DataFrame:
    """Members at other offices: ``publication_id, member_id, granted, alive`` (NA: outside the set)."""
    publications = patents.publications
    members = family_members(patents)
    home = members["publication_id"].map(publications["authority"])
    abroad = members[(members["authority"] != home) & (members["authority"] != "WO")]
    inside = abroad["member_id"].isin(publications.index)
    granted_form = abroad["member_id"].str.match(GRANT_NUMBER)
    stated = publications["granted"].fillna(False) | publications["grant_date"].notna()
    granted = granted_form | abroad["member_id"].map(stated).fillna(False).astype(bool)
    alive = abroad["member_id"].map(in_force).where(inside).astype("boolean")
    return abroad[["publication_id", "member_id"]].assign(granted=granted, alive=alive)


def _maintained(
    publications: pd.DataFrame, in_force: pd.Series, moment: pd.Timestamp | None
) -> pd.Series:
    if moment is None:
        return pd.Series(pd.NA, index=publications.index, dtype="boolean")
    filed = publications["application_date"]
    old = (filed < moment - pd.DateOffset(years=10)).astype("boolean").mask(filed.isna())
    return old & in_force


def _counted(patents: PatentSet, what: str) -> pd.Series:
    """Whether the vendor counts any such event of the application; NA where it counts none."""
    counts = vendor_counts(patents, what)
    some = (counts > 0).groupby(unit_ids(patents, "application")).transform("max")
    return some.astype("boolean")


def _either(first: pd.Series, second: pd.Series) -> pd.Series:
    """What one of two sources knows to be true; NA where neither tells, else false."""
    holds = first.fillna(False) | second.fillna(False)
    return holds.astype("boolean").where(first.notna() | second.notna())


def _awarded(patents: PatentSet) -> pd.Series:
    """A national award: an award event that names no other award, or one that names a national one."""
    told = happened(patents, ("award",))
    if not told.any():
        return told
    words = _resources.load_toml("law", "awards")
    events = patents.legal_events
    awards = events.loc[events["category"] == "award"]
    text = awards["text"].fillna("")
    national = text.str.contains(_any_of(words["national"]), case=False)
    other = text.str.contains(_any_of(words["other"]), case=False) & ~national
    counts = awards.loc[~other, "publication_id"]
    index = patents.publications.index
    holds = pd.Series(index.isin(counts), index=index)
    holds = holds.groupby(unit_ids(patents, "application")).transform("any")
    return holds.astype("boolean").where(told.notna())


def _any_of(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in words)


def _pledged(patents: PatentSet, min_pledge: float | None) -> pd.Series:
    seen = _either(happened(patents, ("pledge",)), _counted(patents, "pledges"))
    if not seen.any():
        return seen
    if not patents.has("legal_events"):
        return seen.mask(seen.fillna(False))
    events = patents.legal_events
    pledges = events[events["category"] == "pledge"]
    index = patents.publications.index
    highest = pledges.groupby("publication_id")["amount"].max().reindex(index)
    highest = highest.groupby(unit_ids(patents, "application")).transform("max")
    if min_pledge is None:
        return seen.mask(seen.fillna(False))
    judged = (highest >= min_pledge).astype("boolean").mask(highest.isna())
    return judged.where(seen.fillna(False), seen)
