"""Breadth of a patent: classes, claims, family."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav.facts import family_members, subclasses
from patentnav.indicators.families import vendor_counts
from patentnav.indicators.registry import indicator, measured
from patentnav.normalize import symbols

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

OECD = (
    "Squicciarini, Dernis & Criscuolo 2013, OECD STI Working Paper 2013/03, "
    "doi:10.1787/5k4522wkw1r8-en"
)


@indicator(
    unit="subclasses",
    better="higher",
    needs=("classifications",),
    source=OECD,
    known_at="publication",
)
def patent_scope(patents: PatentSet) -> pd.Series:
    """Number of distinct IPC subclasses (four characters) of a publication.

    Returns
    -------
    pandas.Series
        Int64, indexed by ``publication_id``; NA for a publication without an IPC symbol.

    Notes
    -----
    Counts what the office assigned; subclasses differ in width, so compare within a field.

    Examples
    --------
    >>> import pandas as pd, patentnav as pnav
    >>> patents = pnav.PatentSet.from_tables({
    ...     "publications": pd.DataFrame(index=["CN1A"]),
    ...     "classifications": pd.DataFrame({"publication_id": "CN1A", "scheme": "IPC",
    ...         "symbol": ["G06N3/08", "G06N20/00", "H04L9/32"]})})
    >>> patent_scope(patents).tolist()
    [2]
    """
    counts = subclasses(patents).groupby("publication_id").size()
    values = counts.reindex(patents.publications.index).astype("Int64").rename("patent_scope")
    return measured(values, {"no IPC symbol": values.isna()})


def _main_groups(patents: PatentSet, scheme: str, name: str) -> pd.Series:
    index = patents.publications.index
    classes = patents.classifications
    own = classes.loc[classes["scheme"] == scheme, ["publication_id", "symbol"]]
    code, names = pd.factorize(own["symbol"])
    groups = symbols.level(pd.Series(names, dtype="str"), "group")
    pairs = pd.DataFrame({"publication_id": own["publication_id"], "group": groups.array[code]})
    counts = pairs.dropna().drop_duplicates().groupby("publication_id").size()
    values = counts.reindex(index).astype("Int64").rename(name)
    return measured(values, {f"no {scheme} main group": values.isna()})


@indicator(
    unit="main groups",
    better="higher",
    needs=("classifications",),
    source="after Lerner 1994 (who counts subclasses), RAND Journal of Economics 25(2), 319-333, doi:10.2307/2555833",
    known_at="publication",
)
def ipc_main_groups(patents: PatentSet) -> pd.Series:
    """Number of distinct IPC main groups of a publication (``G06N3/00``).

    Returns
    -------
    pandas.Series
        Int64, indexed by ``publication_id``; NA without an IPC symbol down to the main group.
    """
    return _main_groups(patents, "IPC", "ipc_main_groups")


@indicator(
    unit="main groups",
    better="higher",
    needs=("classifications",),
    source="after Lerner 1994 (who counts subclasses), RAND Journal of Economics 25(2), 319-333, doi:10.2307/2555833",
    known_at="publication",
)
def cpc_main_groups(patents: PatentSet) -> pd.Series:
    """Number of distinct CPC main groups of a publication.

    Returns
    -------
    pandas.Series
        Int64, indexed by ``publication_id``; NA without a CPC symbol down to the main group.

    Notes
    -----
    Offices that do not classify in CPC are classified later, or not at all.
    """
    return _main_groups(patents, "CPC", "cpc_main_groups")


@indicator(
    unit="claims",
    better="higher",
    needs=("publications.claim_count",),
    source=OECD,
    known_at="publication",
)
def claim_count(patents: PatentSet) -> pd.Series:
    """Number of claims of a publication, as its source states.

    Returns
    -------
    pandas.Series
        Int64, indexed by ``publication_id``; NA where the source does not say.

    Notes
    -----
    Offices differ in claim fees and drafting habits: compare within an office and a field. An
    application has other claims than its grant.
    """
    values = patents.publications["claim_count"]
    return measured(values, {"not in the source": values.isna()})


@indicator(
    unit="persons",
    better="higher",
    needs=("inventors | vendor_values",),
    source="Ernst, Leptien & Vitt 2000, IEEE Transactions on Engineering Management 47(2)",
    known_at="filing",
)
def inventor_count(patents: PatentSet) -> pd.Series:
    """Number of inventors of a publication: the named ones, else as many as the vendor states.

    Returns
    -------
    pandas.Series
        Int64, indexed by ``publication_id``; NA where none is named or counted.

    Notes
    -----
    A sign of effort, weakly related to value; placeholder names are people until
    ``clean.resolve_inventors`` has taken them out.
    """
    index = patents.publications.index
    values = vendor_counts(patents, "inventors")
    if patents.has("inventors"):
        counts = patents.inventors.groupby("publication_id").size()
        values = counts.reindex(index).astype("Int64").fillna(values)
    values = values.mask(values <= 0).rename("inventor_count")
    return measured(values, {"no inventor named": values.isna()})


@indicator(
    unit="as the vendor counts",
    better="higher",
    needs=("publications.family_size",),
    source="the vendor of the export",
    known_at="later",
)
def vendor_family_size(patents: PatentSet) -> pd.Series:
    """Size of the family as the vendor counts it: members or applications, WO often included.

    Returns
    -------
    pandas.Series
        Int64, indexed by ``publication_id``; NA where the vendor does not say.

    Notes
    -----
    Several publications of one office count several times, so it is not :func:`family_size`.
    """
    values = patents.publications["family_size"]
    return measured(values.rename("vendor_family_size"), {"not in the source": values.isna()})


@indicator(
    unit="offices",
    better="higher",
    needs=("families | publications.family_country_count",),
    source=OECD,
    known_at="grant",
)
def family_size(patents: PatentSet) -> pd.Series:
    """Number of offices at which the family was filed, WO not counted.

    Offices of the members that the set's family table lists; where it lists none of a
    publication, the count that the vendor states.

    Returns
    -------
    pandas.Series
        Int64, indexed by ``publication_id``; NA where the source tells no family.

    Notes
    -----
    An international application (WO) is a route, not an office that grants, and would count the
    same wish twice. EP counts as one office. Young families still grow.
    """
    publications = patents.publications
    if patents.has("families"):
        members = family_members(patents)
        offices = members[members["authority"] != "WO"].groupby("publication_id")["authority"]
        listed = pd.Series(0, index=members["publication_id"].unique()).add(
            offices.nunique(), fill_value=0
        )
        values = listed.reindex(publications.index).astype("Int64")
        values = values.fillna(publications["family_country_count"])
    else:
        values = publications["family_country_count"]
    return measured(values.rename("family_size"), {"no family in the source": values.isna()})
