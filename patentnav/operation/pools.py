"""Technologies whose rights in force lie in several hands: candidates of a patent pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._strings import among
from patentnav.counting import unit_ids
from patentnav.errors import ArgumentError
from patentnav.facts import check_owner_level
from patentnav.operation import nearness
from patentnav.operation.holdings import applications, held, key, reasons

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from patentnav.counting import Unit
    from patentnav.facts import OwnerLevel
    from patentnav.patentset import PatentSet

LEAST_OWNERS, LARGEST_SHARE, SUBSTITUTE, FEWEST_RIGHTS = 3, 0.6, 0.4, 10
SAME = (
    0.95  # cosine from which two texts are one: the same invention, or a title that tells nothing
)
_ROWS = 1_000  # applications compared with all others at once
COLUMNS = (
    "technology", "in_force", "owners", "largest", "largest_name", "largest_share", "pairs",
    "complements", "substitutes", "candidate", "reason",
)  # fmt: skip


def pools(
    patents: PatentSet,
    technology_of: pd.DataFrame,
    *,
    owner: OwnerLevel = "group",
    min_owners: int = LEAST_OWNERS,
    max_share: float = LARGEST_SHARE,
    min_rights: int = FEWEST_RIGHTS,
) -> pd.DataFrame:
    """Which technologies could carry a pool, and what speaks against it.

    Parameters
    ----------
    patents
        A set with parties, texts, classes and legal states.
    technology_of
        ``publication_id, technology``, without remainders.
    owner
        ``party`` or ``group``.
    min_owners
        Owners of rights in force that a pool needs; persons left out.
    max_share
        Largest part of the rights that one of them may hold.
    min_rights
        Rights in force from which a technology is listed.

    Returns
    -------
    pandas.DataFrame
        One row per technology, candidates first, then by rights. Counted are applications in force
        that not only persons hold:
        ``technology, in_force, owners, largest, largest_name, largest_share`` (owner with most of them);
        ``pairs`` (of applications of different owners), of these ``complements`` (no main group in common,
        but one cites the other, or both cite the same document) and likely ``substitutes`` (a main group
        in common and texts of at least ``SUBSTITUTE`` cosine, below ``SAME``: what reads the same is one
        invention or tells nothing); pairs of one family are neither; ``candidate``: enough owners, none above
        ``max_share``, and more complements than substitutes (NA where the set carries no citations);
        ``reason``: keys joined by ``; `` (``pool_owners, few_owners, dominated, pool_complements,
        more_substitutes, no_links, links_untold``).

    Raises
    ------
    MissingTableError
        The set carries no parties or no texts.
    ArgumentError
        A number is out of range.

    Notes
    -----
    A pool joins what is needed together: complements; substitutes in a pool fix prices (TFEU Art. 101
    and the Commission's Guidelines on technology transfer agreements, 2014/C 89/03, §4.4; Provisions
    of the State Administration for Market Regulation of China against the abuse of intellectual
    property rights, 2023, on patent pools). Similar texts are a sign of substitutes, no proof.
    Whether a patent is essential is not told by any count: it is left to people who know the standard
    or product. Refuted by: claim charts; a court or an office that finds the patents to compete.
    """
    check_owner_level(owner)
    if min_owners < 1 or not 0 < max_share <= 1 or min_rights < 1:
        msg = (f"min_owners={min_owners}, max_share={max_share}, min_rights={min_rights}: the counts "
               "must be at least 1, the share above 0 and at most 1.")  # fmt: skip
        raise ArgumentError(msg)
    rows = _rights(patents, technology_of, owner)
    size = rows.groupby("technology")["application"].nunique()
    space = nearness.vectors(patents)
    links = _linked(patents)
    told = links is not None
    groups = _groups(patents)
    family = _families(patents)
    found = []
    for technology in sorted(size.index[size >= min_rights]):
        mine = rows[rows["technology"] == technology]
        tally = mine.groupby("owner")["application"].nunique().sort_index()
        tally = tally.sort_values(ascending=False, kind="stable")
        found.append(
            {
                "technology": technology, "in_force": int(size[technology]), "owners": len(tally),
                "largest": tally.index[0],
                "largest_name": mine.loc[mine["owner"] == tally.index[0], "name"].iloc[0],
                "largest_share": tally.iloc[0] / size[technology],
                **_pairs(space, mine, groups, links, family),
            }
        )  # fmt: skip
    table = pd.DataFrame(found, columns=list(COLUMNS[:-2]))
    enough = table["owners"] >= min_owners
    shared = table["largest_share"] <= max_share
    more = (table["complements"] > table["substitutes"]).astype("boolean")
    more = more if told else more.mask(more | ~more)
    table["candidate"] = (enough & shared).astype("boolean") & more
    unlinked = table["complements"].fillna(-1) == 0
    flags = (
        key(enough & shared, "pool_owners"), key(~enough, "few_owners"), key(~shared, "dominated"),
        key(more, "pool_complements"), key(~more & ~unlinked, "more_substitutes"),
        key(unlinked, "no_links"), key(pd.Series(not told, index=table.index), "links_untold"),
    )  # fmt: skip
    table["reason"] = reasons(*flags) if len(table) else pd.Series(dtype="str")
    order = table.assign(first=~table["candidate"].fillna(False).astype(bool))
    order = order.sort_values(["first", "in_force", "technology"], ascending=[True, False, True],
                              ignore_index=True)  # fmt: skip
    return order[list(COLUMNS)].astype({"complements": "Int64", "substitutes": "int64",
                                        "pairs": "int64", "in_force": "int64", "owners": "int64"})  # fmt: skip


def _rights(patents: PatentSet, technology_of: pd.DataFrame, owner: OwnerLevel) -> pd.DataFrame:
    """Applications in force and their owners, no persons: ``technology, application, owner, name, publication_id``."""
    one = applications(patents)
    force = one[one["status"] == "in_force"]
    own = unit_ids(patents, "application")
    cells = technology_of[["publication_id", "technology"]].dropna()
    cells = cells.assign(application=own.reindex(cells["publication_id"]).to_numpy())
    cells = cells[["technology", "application"]].drop_duplicates()
    parties = held(patents, owner)
    parties = parties[~(parties["kind"] == "individual").fillna(False).astype(bool)]
    rows = cells.merge(parties, on="application")
    documents = force["publication_id"].rename_axis("application").reset_index()
    rows = rows.merge(documents, on="application")
    return rows.sort_values(["technology", "application", "owner"], ignore_index=True)


def _groups(patents: PatentSet) -> pd.DataFrame:
    found = nearness.main_groups(patents)
    own = unit_ids(patents, "application")
    found = found.assign(application=own.reindex(found["publication_id"]).to_numpy())
    return found[["application", "main_group"]].drop_duplicates()


def _linked(patents: PatentSet) -> pd.DataFrame | None:
    """What every application cites, by application where the set holds it: ``citing, cited``."""
    if not patents.has("citations"):
        return None
    own = unit_ids(patents, "application")
    rows = patents.citations.dropna(subset=["cited_id"])
    found = pd.DataFrame(
        {
            "citing": rows["citing_id"].map(own),
            "cited": rows["cited_id"].map(own).fillna(rows["cited_id"]),
        }
    )
    return found.dropna().drop_duplicates()


def _families(patents: PatentSet) -> pd.Series:
    """Family of every application; where none is listed, the application is its own."""
    application = unit_ids(patents, "application")
    level: Unit = "family" if patents.has("families") else "application"
    family = unit_ids(patents, level)
    return family.groupby(application.to_numpy()).first()


def _pairs(
    space: nearness.Vectors,
    mine: pd.DataFrame,
    groups: pd.DataFrame,
    links: pd.DataFrame | None,
    family: pd.Series,
) -> dict[str, int | None]:
    """Pairs of applications of no common owner or family: all, complements, substitutes."""
    ids = pd.Index(sorted(mine["application"].unique()))
    first = mine.drop_duplicates("application").set_index("application")["publication_id"]
    text = space.text[space.rows(first.reindex(ids))]
    own = groups[among(groups["application"], ids)]
    classed = np.isin(np.arange(len(ids)), ids.get_indexer(pd.Index(own["application"])))
    owners = _incidence(ids, mine["application"], mine["owner"])
    of_family = family.reindex(ids).to_numpy()
    classes = _incidence(ids, own["application"], own["main_group"])
    cites = links[among(links["citing"], ids)] if links is not None else None
    used = None if cites is None else _incidence(ids, cites["citing"], cites["cited"])
    direct = None if cites is None else _direct(ids, cites)
    tally = {"pairs": 0, "substitutes": 0, "complements": 0}
    for start in range(0, len(ids), _ROWS):
        here = slice(start, min(start + _ROWS, len(ids)))
        after = np.arange(len(ids))[None, :] > np.arange(here.start, here.stop)[:, None]
        apart = after & ~_shared(owners, here) & (of_family[here, None] != of_family[None, :])
        same = _shared(classes, here)
        cosine = (text[here] @ text.T).toarray()
        near = (cosine >= SUBSTITUTE) & (cosine < SAME)
        tally["pairs"] += int(apart.sum())
        tally["substitutes"] += int((apart & same & near).sum())
        if used is not None and direct is not None:
            tied = _shared(used, here) | (direct[here].toarray() > 0)
            other = ~same & classed[here, None] & classed[None, :]
            tally["complements"] += int((apart & other & tied).sum())
    return {**tally, "complements": None if links is None else tally["complements"]}


def _incidence(ids: pd.Index, left: pd.Series, right: pd.Series) -> csr_matrix:
    """Applications by what they have."""
    from scipy.sparse import csr_matrix

    column, names = pd.factorize(right, sort=True)
    shape = (len(ids), max(len(names), 1))
    row = ids.get_indexer(pd.Index(left))
    return csr_matrix((np.ones(len(row), dtype=np.int32), (row, column)), shape=shape)


def _direct(ids: pd.Index, cites: pd.DataFrame) -> csr_matrix:
    """Which application cites which other, in either direction."""
    from scipy.sparse import csr_matrix

    inner = cites[among(cites["cited"], ids)]
    one, other = (ids.get_indexer(pd.Index(inner[c])) for c in ("citing", "cited"))
    forth = csr_matrix(
        (np.ones(len(one), dtype=np.int32), (one, other)), shape=(len(ids), len(ids))
    )
    return forth + forth.T


def _shared(matrix: csr_matrix, here: slice) -> np.ndarray:
    """Whether rows have anything in common with all others."""
    return np.asarray((matrix[here] @ matrix.T).toarray() > 0)
