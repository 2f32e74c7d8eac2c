"""Size of families beyond the count of offices: extended families, and vendors' counts made clean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import _resources
from patentnav.facts import grant_dates
from patentnav.indicators.registry import indicator, measured

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

_OTHERS = "other_publications"


def vendor_counts(patents: PatentSet, what: str) -> pd.Series:
    """Counts that vendors state under names of their own (``vendors/counts.toml``).

    Parameters
    ----------
    patents
        The set.
    what
        Key of ``[columns]``, e.g. ``extended_family``.

    Returns
    -------
    pandas.Series
        Int64, indexed by ``publication_id``; NA where the source states none.
    """
    index = patents.publications.index
    result = pd.Series(pd.NA, index=index, dtype="Int64", name=what)
    if not patents.has("vendor_values"):
        return result
    table = patents.vendor_values
    for name in _resources.load_toml("vendors", "counts")["columns"].get(what, ()):
        stated = table[(table["name"] == name) & table["number"].notna()]
        stated = stated[stated["number"] % 1 == 0].drop_duplicates("publication_id")
        values = stated.set_index("publication_id")["number"].astype("Int64")
        result = result.fillna(values.reindex(index))
    return result


@indicator(
    unit="members",
    better="higher",
    needs=("families | vendor_values",),
    source="EPO, DOCDB simple and INPADOC extended families",
    known_at="later",
)
def extended_family(patents: PatentSet) -> pd.Series:
    """Number of members of the extended family (every document linked through any priority).

    Members of the set's table of extended families, else the count that the vendor states.

    Returns
    -------
    pandas.Series
        Int64, indexed by ``publication_id``; NA where the source tells no extended family.

    Notes
    -----
    It counts continuations and divisionals, which the simple family does not; it grows for years.
    Vendors count documents or applications: compare within a source.
    """
    index = patents.publications.index
    values = pd.Series(pd.NA, index=index, dtype="Int64")
    if patents.has("families"):
        families = patents.families
        extended = families[families["scheme"] == "extended"]
        size = extended.groupby("family_id")["publication_id"].nunique()
        of = extended.drop_duplicates("publication_id").set_index("publication_id")["family_id"]
        values = of.map(size).reindex(index).astype("Int64")
    values = values.fillna(vendor_counts(patents, "extended_family"))
    return measured(
        values.rename("extended_family"), {"no extended family in the source": values.isna()}
    )


@indicator(
    unit="as the vendor counts",
    better="higher",
    needs=("publications.family_size",),
    source="the vendor of the export, less what the application adds to itself",
    known_at="later",
)
def vendor_family_net(patents: PatentSet) -> pd.Series:
    """Size of the vendor's family without the grant document of the application itself.

    Some vendors count the other publications of the family, so that the grant of an application
    adds one to its own family and the count tells the grant (``[family_size]`` of
    ``vendors/counts.toml``). There one is taken off for every granted invention; elsewhere it is
    :func:`vendor_family_size`.

    Returns
    -------
    pandas.Series
        Int64, indexed by ``publication_id``; NA where the vendor does not say.

    Notes
    -----
    Whether an invention is granted is told by its documents in the set (or its grant date): where
    the set holds the application alone and no date, nothing can be taken off.
    """
    publications = patents.publications
    values = publications["family_size"].rename("vendor_family_net")
    rules = _resources.load_toml("vendors", "counts")["family_size"]
    other = publications["source"].map(rules).eq(_OTHERS).fillna(False).astype(bool)
    if other.any():
        invention = (publications["patent_type"] == "invention").fillna(False).astype(bool)
        granted = grant_dates(patents).notna()
        values = (values - (other & invention & granted).astype("Int64")).clip(lower=0)
    return measured(values, {"not in the source": values.isna()})


@indicator(
    unit="priorities",
    better="higher",
    needs=("priorities",),
    source="our own count",
    known_at="filing",
)
def priority_count(patents: PatentSet) -> pd.Series:
    """Number of priorities that a publication claims.

    Returns
    -------
    pandas.Series
        Int64, indexed by ``publication_id``: 0 where the source states priorities of others and
        none of this one; NA where it states none at all.

    Notes
    -----
    Several priorities mean that several first filings, or continuations, stand behind a document.
    """
    publications = patents.publications
    number = patents.priorities.groupby("publication_id")["priority_number"].nunique()
    counts = number.reindex(publications.index, fill_value=0).astype("Int64")
    told = (counts > 0).groupby(publications["source_file"].fillna("")).transform("any")
    return measured(
        counts.rename("priority_count"), {"its source lists no priorities": ~told.astype(bool)}
    )
