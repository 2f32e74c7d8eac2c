"""One publication per application or family; simple families from priorities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import counting, schema
from patentnav._version import __version__
from patentnav.clean.linkage import components
from patentnav.provenance import Step

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

# What describes the document itself is never taken from another document.
_OF_THE_DOCUMENT = (
    "kind_code",
    "granted",
    "publication_date",
    "title",
    "language",
    "source",
    "source_file",
    "source_row",
    "page_count",
    "claim_count",
    "independent_claim_count",
)
_LISTS = {
    "texts": ["field", "language"],
    "parties": ["role"],
    "inventors": [],
    "classifications": ["scheme"],
}
# Facts of one right; those of other rights of a family do not pass to the representative.
_OF_THE_APPLICATION = ("legal_events", "vendor_values")


def deduplicate(patents: PatentSet, unit: Unit = "application") -> PatentSet:
    """Keep one publication per unit, its representative, and lose no fact.

    Parameters
    ----------
    patents
        The set.
    unit
        ``publication`` (nothing changes: a set never holds a publication twice), ``application``
        or ``family`` (see :func:`patentnav.counting.unit_ids`).

    Returns
    -------
    PatentSet
        The representative is a granted document before others, then the latest publication, then
        the smallest id. Its empty fields are filled from the other documents of its application,
        except those that describe the document itself (kind, dates and title of the document,
        numbers of claims and pages). Inventors, parties of a role, symbols of a scheme and texts
        of a field and language are its own where it has any, else those of the next document.
        Citations and priorities of all documents pass to it, both ends inside the set; events and
        vendor values do so inside one application only. ``families`` stays whole. The step in
        ``provenance`` says how many publications went in and came out.

    Raises
    ------
    MissingTableError
        ``family`` is asked of a set without families.
    ArgumentError
        The unit is none of the three.
    """
    units = counting.unit_ids(patents, unit)
    publications = patents.publications
    ranked = _ranked(publications, units)
    chosen = pd.Series(ranked["publication_id"].to_numpy(), index=ranked.index)
    keeper = chosen.groupby(ranked["unit_id"]).transform("first")
    target = pd.Series(keeper.to_numpy(), index=ranked["publication_id"].to_numpy())
    rank = pd.Series(np.arange(len(ranked)), index=ranked["publication_id"].to_numpy())
    application = counting.unit_ids(patents, "application")
    same_right = application == application.reindex(target.reindex(application.index)).to_numpy()
    tables: dict[str, pd.DataFrame] = {
        "publications": _representatives(publications, target, rank, same_right)
    }
    for name in patents.tables:
        if name == "citations":
            tables[name] = _redirected(patents.citations, target)
        elif name not in {"publications", "families"}:
            tables[name] = _moved(name, getattr(patents, name), (target, rank, same_right))
    step = Step(
        "clean.deduplicate",
        {"unit": unit},
        len(publications),
        len(tables["publications"]),
        __version__,
    )
    return patents.replace(step, **tables)


def _ranked(publications: pd.DataFrame, units: pd.Series) -> pd.DataFrame:
    order = pd.DataFrame(
        {
            "unit_id": units.to_numpy(),
            "publication_id": publications.index.to_numpy(),
            "_granted": ~publications["granted"].fillna(False).to_numpy(dtype=bool),
            "_age": -publications["publication_date"].astype("int64").to_numpy(),
        }
    )
    # A missing date sorts last.
    order.loc[publications["publication_date"].isna().to_numpy(), "_age"] = np.iinfo("int64").max
    columns = ["unit_id", "_granted", "_age", "publication_id"]
    return order.sort_values(columns, kind="stable", ignore_index=True)


def _representatives(
    publications: pd.DataFrame, target: pd.Series, rank: pd.Series, same_right: pd.Series
) -> pd.DataFrame:
    index = publications.index
    kept = publications[target.reindex(index).to_numpy() == index.to_numpy()]
    donors = publications[same_right.reindex(index).to_numpy()]
    donors = donors.iloc[np.argsort(rank.reindex(donors.index).to_numpy(), kind="stable")]
    filled = donors.groupby(target.reindex(donors.index).to_numpy(), sort=True).first()
    fillable = [c for c in publications.columns if c not in _OF_THE_DOCUMENT]
    result: pd.DataFrame = kept.assign(
        **{c: kept[c].where(kept[c].notna(), filled[c].reindex(kept.index)) for c in fillable}
    )
    return result


def _moved(
    name: str, frame: pd.DataFrame, plan: tuple[pd.Series, pd.Series, pd.Series]
) -> pd.DataFrame:
    target, rank, same_right = plan
    source = frame["publication_id"]
    if name in _OF_THE_APPLICATION:
        frame = frame[same_right.reindex(source).to_numpy()]
        source = frame["publication_id"]
    moved = frame.assign(
        publication_id=target.reindex(source).to_numpy(), _rank=rank.reindex(source).to_numpy()
    )
    if name in _LISTS:
        group = [moved["publication_id"], *(moved[c] for c in _LISTS[name])]
        first = moved["_rank"].groupby(group, dropna=False).transform("min")
        moved = moved[moved["_rank"] == first]
    order = [c for c in ("publication_id", "scheme", "role", "position") if c in moved.columns]
    moved = moved.sort_values([*order, "_rank"], kind="stable").drop(columns="_rank")
    key = list(schema.table(name).key)
    return moved.drop_duplicates(key, ignore_index=True)


def _redirected(citations: pd.DataFrame, target: pd.Series) -> pd.DataFrame:
    moved = citations.assign(
        citing_id=citations["citing_id"].map(target).astype("str").fillna(citations["citing_id"]),
        cited_id=citations["cited_id"].map(target).astype("str").fillna(citations["cited_id"]),
    )
    own = moved["citing_id"] == moved["cited_id"]
    moved = moved[~own.fillna(False)]
    return moved.drop_duplicates(["citing_id", "cited_id", "cited_text"], ignore_index=True)


def families(patents: PatentSet) -> PatentSet:
    """Add simple families: publications whose priorities hang together.

    Parameters
    ----------
    patents
        A set with ``priorities``.

    Returns
    -------
    PatentSet
        ``families`` gains rows of the scheme ``simple``: publications of one application, and
        publications that share a priority directly or through others (transitively), are one
        family. An application claims itself, so that a later filing that claims it joins it. The
        id is the smallest application id of the family. Vendors' families stay as given; simple
        families that the set already had are replaced.

    Raises
    ------
    MissingTableError
        The set has no ``priorities``.
    """
    publications = patents.publications
    claims = patents.priorities[["publication_id", "priority_number"]]
    application = counting.unit_ids(patents, "application")
    own = pd.DataFrame(
        {"publication_id": application.index, "priority_number": application.to_numpy()}
    )
    links = pd.concat([own, claims])
    position = pd.Series(np.arange(len(publications)), index=publications.index)
    token, _ = pd.factorize(links["priority_number"], sort=True)
    rows = position.reindex(links["publication_id"]).to_numpy()
    total = len(publications) + (int(token.max()) + 1 if len(token) else 0)
    labels = components(rows, token + len(publications), total)[: len(publications)]
    first = pd.Series(application.to_numpy()).groupby(labels).transform("min")
    simple = pd.DataFrame(
        {"scheme": "simple", "family_id": first, "publication_id": publications.index}
    )
    tables = [simple]
    if patents.has("families"):
        given = patents.families
        tables.insert(0, given[given["scheme"] != "simple"])
    n = len(publications)
    step = Step("clean.families", {"found": int(first.nunique())}, n, n, __version__)
    return patents.replace(step, families=pd.concat(tables, ignore_index=True))
