"""Product lines from a user's list, and family lines: groups that portfolios can be made by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav._strings import among
from patentnav.counting import unit_ids
from patentnav.errors import ArgumentError, MissingColumnError, MissingTableError
from patentnav.facts.owners import owners

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

_APART = "[;\uff1b,\uff0c|\n]"  # between the entries of a cell, in half and full width
_TOLD_BY = ("publication_ids", "keywords", "classes")


def product_lines(patents: PatentSet, products: pd.DataFrame) -> pd.DataFrame:
    """Publications of products, by a user's list.

    Parameters
    ----------
    patents
        The set.
    products
        One row per product: ``product`` (name) and any of ``publication_ids``, ``keywords`` (looked
        for in titles and abstracts, case ignored) and ``classes`` (beginnings of IPC or CPC symbols);
        several entries in one cell are separated by ``;``, ``,`` or ``|``. With ``owner`` (a name,
        or the id of a party or group) a row holds for what this owner has alone.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, product``, a membership table for ``by=``; publications of no product are
        left out. ``attrs["unmatched"]``: products that no publication is of.

    Raises
    ------
    MissingColumnError
        The list lacks ``product``, or all of the columns that tell.
    ArgumentError
        A row tells nothing.
    """
    told = [column for column in _TOLD_BY if column in products.columns]
    if "product" not in products.columns or not told:
        msg = f"The list of products needs the column product and one of {', '.join(_TOLD_BY)}."
        raise MissingColumnError(msg)
    held = owners(patents, "group", which="all") if "owner" in products.columns else None
    parts, unmatched = [], []
    for place, row in enumerate(products.to_dict("records"), 1):
        entries = {column: _entries(row[column]) for column in told}
        if pd.isna(row["product"]) or not any(entries.values()):
            msg = f"Row {place} of the list of products names no product or nothing to find it by."
            raise ArgumentError(msg)
        ids = _matching(patents, entries)
        if held is not None and not pd.isna(row["owner"]):
            own = _owned(patents, held, str(row["owner"]))
            ids = ids & own
        if not ids:
            unmatched.append(str(row["product"]))
        parts += [(one, str(row["product"])) for one in ids]
    frame = pd.DataFrame(sorted(set(parts)), columns=["publication_id", "product"], dtype="str")
    frame.attrs["unmatched"] = tuple(unmatched)
    return frame


def _entries(cell: object) -> list[str]:
    if isinstance(cell, list | tuple | set):
        return sorted(str(entry) for entry in cell)
    if cell is None or pd.isna(cell):  # type: ignore[call-overload]
        return []
    return [entry.strip() for entry in pd.Series(str(cell)).str.split(_APART, regex=True)[0]
            if entry.strip()]  # fmt: skip


def _matching(patents: PatentSet, entries: dict[str, list[str]]) -> set[str]:
    """Publications that are listed, or hold a keyword or a class."""
    publications = patents.publications
    ids = set(entries.get("publication_ids", ())) & set(publications.index)
    if entries.get("keywords"):
        words = [word.casefold() for word in entries["keywords"]]
        rows = [publications["title"].rename("text").rename_axis("publication_id").reset_index()]
        if patents.has("texts"):
            texts = patents.texts
            rows.append(
                texts.loc[texts["field"].isin(["title", "abstract"]), ["publication_id", "text"]]
            )
        text = pd.concat(rows).dropna()
        folded = text["text"].str.lower()
        for word in words:
            ids |= set(text.loc[folded.str.contains(word, regex=False), "publication_id"])
    if entries.get("classes") and patents.has("classifications"):
        table = patents.classifications
        symbol = table["symbol"].fillna("").str.replace(" ", "")
        starts = tuple(entry.replace(" ", "").upper() for entry in entries["classes"])
        ids |= set(table.loc[symbol.str.startswith(starts), "publication_id"])
    return ids


def _owned(patents: PatentSet, held: pd.DataFrame, owner: str) -> set[str]:
    here = held[(held["owner"] == owner) | (held["name"] == owner)]
    parties = patents.parties
    named = (parties[["name_raw", "name", "party_id"]] == owner).any(axis=1)
    return set(here["publication_id"]) | set(parties.loc[named, "publication_id"])


def family_lines(patents: PatentSet) -> pd.DataFrame:
    """Lines of families: what goes back to common first filings.

    Publications are of one line if they are of one application or family (of any scheme that the
    set carries) or claim a common priority, directly or through others: an extended family, as far
    as the set shows it.

    Parameters
    ----------
    patents
        The set.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, family_line`` (the smallest publication id of the line), a membership
        table for ``by=``.

    Raises
    ------
    MissingTableError
        The set carries neither families nor priorities.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not patents.has("families") and not patents.has("priorities"):
        msg = "Family lines need families or priorities. Export either."
        raise MissingTableError(msg)
    ids = patents.publications.index.to_series()
    ties = [pd.DataFrame({"publication_id": ids, "tie": "A" + unit_ids(patents, "application")})]
    if patents.has("families"):
        rows = patents.families
        ties.append(pd.DataFrame({"publication_id": rows["publication_id"],
                                  "tie": "F" + rows["scheme"] + rows["family_id"]}))  # fmt: skip
    if patents.has("priorities"):
        rows = patents.priorities.dropna(subset="priority_number")
        ties.append(pd.DataFrame({"publication_id": rows["publication_id"],
                                  "tie": "N" + rows["priority_number"]}))  # fmt: skip
    long = pd.concat(ties, ignore_index=True).dropna()
    long = long[among(long["publication_id"], ids.index)]
    tie, _ = pd.factorize(long["tie"])
    one = ids.index.get_indexer(pd.Index(long["publication_id"]))
    size = len(ids) + int(tie.max(initial=-1)) + 1
    graph = coo_array(([True] * len(tie), (one, tie + len(ids))), shape=(size, size))
    _, line = connected_components(graph, directed=False)
    first = ids.groupby(line[: len(ids)]).transform("min")
    return pd.DataFrame({"publication_id": ids.to_numpy(), "family_line": first.to_numpy()})
