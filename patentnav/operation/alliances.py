"""Who is tied to the leaders of a technology: joint filings, citations, shared references."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav._strings import texts
from patentnav.counting import unit_ids
from patentnav.errors import ArgumentError
from patentnav.facts import check_owner_level, ventures
from patentnav.operation.holdings import applications, held, key, reasons
from patentnav.operation.nearness import main_groups

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from patentnav.facts import OwnerLevel
    from patentnav.patentset import PatentSet

LEADERS, FEWEST, RIVAL, SHARED = 3, 5, 0.5, 2
JOINT = 3  # joint applications from which two file together
TIES = ("joint", "cites", "cited", "coupling")
COLUMNS = (
    "technology", "leader", "leader_name", "leader_count", "partner", "partner_name", "partner_count",
    "joint", "cites", "cited", "coupling", "ties", "overlap", "complementarity", "competitors", "reason",
)  # fmt: skip


def alliances(
    patents: PatentSet,
    technology_of: pd.DataFrame,
    *,
    owner: OwnerLevel = "group",
    leaders: int = LEADERS,
    min_count: int = FEWEST,
    min_joint: int = JOINT,
) -> pd.DataFrame:
    """Leaders of every technology and the owners tied to them.

    Parameters
    ----------
    patents
        A set with parties.
    technology_of
        ``publication_id, technology``, without remainders.
    owner
        ``party`` or ``group``.
    leaders
        Leaders of a technology, the owners with most applications that live.
    min_count
        Living applications in the technology from which one is a leader or a partner.
    min_joint
        Joint applications from which two are said to file together.

    Returns
    -------
    pandas.DataFrame
        One row per technology, leader and partner that are tied in at least two ways or have
        ``min_joint`` joint applications (two leaders once, under the larger); both are active in the technology, persons left out. Counted are applications that
        live or whose state is not known:

        - ``technology, leader, leader_name, leader_count, partner, partner_name, partner_count``
          (applications in the technology);
        - ``joint`` (applications of both, in any technology), ``cites, cited`` (applications of the
          leader that cite one of the partner, and back; joint ones left out), ``coupling`` (documents
          outside both that both cite): NA where the set carries no citations;
        - ``ties``: ways among joint filing, citing, being cited and coupling (at least ``SHARED``
          documents);
        - ``overlap``: sum of the smaller share of either in every main group (0 nothing in common, 1
          the same profile); ``complementarity``: share of the partner's applications in the technology
          none of whose main groups the leader has there; NA without classes;
        - ``competitors``: overlap of at least ``RIVAL``, no joint filing and no joint venture (they may also be the best
          members: to be judged by people); ``reason``: keys joined by ``; `` (``joint, cites, cited, coupling,
          same_node, competitors, complements``).

        Sorted by technology, leader's size, ties, joint, citations. ``attrs``: ``leaders``: number of
        leaders found; ``never_apart``: pairs left out because one of them files a tenth at most without the
        other (mostly a daughter and its parent, for whom an alliance says nothing).

    Raises
    ------
    MissingTableError
        The set carries no parties.
    ArgumentError
        ``leaders``, ``min_count`` or ``min_joint`` is not positive.

    Notes
    -----
    Ties are facts of the record, not a wish to cooperate. Citations and shared references grow with
    size, so that two large owners are tied by size alone; the sizes stand beside. Refuted by: owners of
    one group that the set does not know as such (their joint filings are no alliance), and examiners'
    citations that neither knew of. An alliance of competitors is a matter of antitrust law (Anti-
    Monopoly Law of China Art. 17; TFEU Art. 101).

    References
    ----------
    Bibliographic coupling: Kessler (1963), doi:10.1002/asi.5090140103. Overlap of profiles: min-share
    similarity, as :func:`patentnav.planning.compare`.
    """
    check_owner_level(owner)
    if min(leaders, min_count, min_joint) < 1:
        msg = f"leaders={leaders}, min_count={min_count} and min_joint={min_joint} must be at least 1."
        raise ArgumentError(msg)
    parties = _living(patents, owner)
    cells = _cells(patents, parties, technology_of)
    pairs = _pairs(cells, leaders, min_count)
    names = parties.drop_duplicates("owner").set_index("owner")["name"]
    for side in ("leader", "partner"):
        pairs[f"{side}_name"] = pairs[side].map(names)
    pairs["joint"] = _joint(parties, pairs)
    size = parties.groupby("owner")["application"].nunique()
    smaller = np.minimum(pairs["leader"].map(size), pairs["partner"].map(size))
    dependent = ((pairs["joint"] > 0) & (10 * pairs["joint"] >= 9 * smaller)).to_numpy(dtype=bool)
    never_apart = {frozenset(p) for p in zip(pairs.loc[dependent, "leader"], pairs.loc[dependent, "partner"], strict=True)}  # fmt: skip
    pairs = pairs[~dependent].reset_index(drop=True)
    pairs = pairs.assign(**_cited(patents, parties, pairs))
    pairs = pairs.assign(**_profiles(patents, cells, pairs))
    ways = pd.DataFrame(
        {
            name: pairs[name] >= {"coupling": SHARED, "joint": min_joint}.get(name, 1)
            for name in TIES
        }
    )
    pairs["ties"] = ways.fillna(False).astype(bool).sum(axis=1).astype("int64")
    pairs = pairs[(pairs["ties"] >= 2) | (pairs["joint"] >= min_joint)]
    close = (pairs["overlap"] >= RIVAL).astype("boolean").mask(pairs["overlap"].isna())
    venture = _venture(patents, owner, pairs)
    pairs = pairs.assign(competitors=close & (pairs["joint"] == 0) & ~venture)
    told = [key(ways.loc[pairs.index, name], name) for name in TIES]
    flags = [
        *told, key(pairs["leader"].notna(), "same_node"), key(pairs["competitors"], "competitors"),
        key(pairs["complementarity"] >= RIVAL, "complements"),
    ]  # fmt: skip
    pairs["reason"] = reasons(*flags)
    order = pairs.assign(linked=pairs["cites"].fillna(0) + pairs["cited"].fillna(0))
    order = order.sort_values(
        ["technology", "leader_count", "leader", "ties", "joint", "linked", "partner_count", "partner"],
        ascending=[True, False, True, False, False, False, False, True], ignore_index=True,
    )  # fmt: skip
    found = order[list(COLUMNS)]
    found.attrs = {
        "leaders": int(found[["technology", "leader"]].drop_duplicates().shape[0]),
        "never_apart": len(never_apart),
    }
    return found


def _venture(patents: PatentSet, owner: OwnerLevel, pairs: pd.DataFrame) -> np.ndarray:
    """Which pairs hold a joint venture of the set."""
    rows = ventures(patents, owner)
    known = {frozenset(pair) for pair in zip(rows["owner"], rows["other"], strict=True)}
    ends = zip(pairs["leader"], pairs["partner"], strict=True)
    return np.array([frozenset(pair) in known for pair in ends], dtype=bool)


def _living(patents: PatentSet, owner: OwnerLevel) -> pd.DataFrame:
    """Holders, no persons, of applications that are not known to have ended."""
    parties = held(patents, owner)
    alive = applications(patents)["alive"]
    living = parties["application"].map(alive.fillna(True).astype(bool)).astype(bool)
    person = (parties["kind"] == "individual").fillna(False).astype(bool)
    return parties[living & ~person].reset_index(drop=True)


def _cells(patents: PatentSet, parties: pd.DataFrame, technology_of: pd.DataFrame) -> pd.DataFrame:
    """``owner, technology, application``, each once."""
    own = unit_ids(patents, "application")
    rows = technology_of[["publication_id", "technology"]].dropna()
    rows = rows.assign(application=own.reindex(rows["publication_id"]).to_numpy())
    rows = rows[["application", "technology"]].drop_duplicates()
    return parties[["application", "owner"]].merge(rows, on="application")


def _pairs(cells: pd.DataFrame, leaders: int, min_count: int) -> pd.DataFrame:
    count = cells.groupby(["technology", "owner"]).size().rename("n").reset_index()
    count = count[count["n"] >= min_count]
    count = count.sort_values(["technology", "n", "owner"], ascending=[True, False, True])
    first = count.groupby("technology").head(leaders)
    first = first.rename(columns={"owner": "leader", "n": "leader_count"})
    other = count.rename(columns={"owner": "partner", "n": "partner_count"})
    first["place"] = range(len(first))
    pairs = first.merge(other, on="technology")
    # Two leaders are one pair, told from the larger one.
    places = first.set_index(["technology", "leader"])["place"]
    asked = pd.MultiIndex.from_frame(pairs[["technology", "partner"]])
    other_place = places.reindex(asked).fillna(len(first)).to_numpy()
    kept = pairs["place"].to_numpy() < other_place
    return pairs[kept].drop(columns="place").reset_index(drop=True)


def _joint(parties: pd.DataFrame, pairs: pd.DataFrame) -> np.ndarray:
    rows = parties[["application", "owner"]]
    wanted = set(pairs["leader"])
    both = rows[rows["owner"].isin(wanted)].merge(rows, on="application")
    count = both.groupby(["owner_x", "owner_y"]).size()
    asked = pd.MultiIndex.from_arrays([pairs["leader"], pairs["partner"]])
    return count.reindex(asked, fill_value=0).to_numpy()


def _cited(patents: PatentSet, parties: pd.DataFrame, pairs: pd.DataFrame) -> dict[str, Any]:
    """Citations both ways and shared references of every pair."""
    unknown = pd.Series(pd.NA, index=pairs.index, dtype="Int64")
    if not patents.has("citations") or pairs.empty:
        return dict.fromkeys(("cites", "cited", "coupling"), unknown)
    own = unit_ids(patents, "application")
    links = patents.citations.dropna(subset=["citing_id", "cited_id"])
    links = pd.DataFrame(
        {
            "citing": links["citing_id"].map(own), "cited": links["cited_id"].map(own),
            "document": links["cited_id"].map(own).fillna(links["cited_id"]),
        }
    ).dropna(subset=["citing"])  # fmt: skip
    links = links[links["citing"] != links["document"]]
    inside = links.dropna(subset=["cited"]).drop_duplicates(["citing", "cited"])
    rows = parties[["application", "owner"]]
    chain = inside.merge(
        rows.rename(columns={"application": "citing", "owner": "one"}), on="citing"
    )
    chain = chain.merge(rows.rename(columns={"application": "cited", "owner": "other"}), on="cited")
    chain = chain[_apart(chain, rows)]
    count = chain.drop_duplicates(["citing", "one", "other"]).groupby(["one", "other"]).size()
    there = pd.MultiIndex.from_arrays([pairs["leader"], pairs["partner"]])
    back = pd.MultiIndex.from_arrays([pairs["partner"], pairs["leader"]])
    return {
        "cites": count.reindex(there, fill_value=0).to_numpy(),
        "cited": count.reindex(back, fill_value=0).to_numpy(),
        "coupling": _coupled(links, rows, pairs),
    }


def _apart(chain: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    """Citations of which neither end is held by both owners."""
    known = pd.MultiIndex.from_frame(rows)
    citing = pd.MultiIndex.from_frame(chain[["citing", "other"]])
    cited = pd.MultiIndex.from_frame(chain[["cited", "one"]])
    return np.asarray(~citing.isin(known) & ~cited.isin(known))


def _coupled(links: pd.DataFrame, rows: pd.DataFrame, pairs: pd.DataFrame) -> np.ndarray:
    """Documents that both owners cite in applications of their own, held by neither."""
    from scipy.sparse import csr_matrix

    who = sorted({*pairs["leader"], *pairs["partner"]})
    index = pd.Index(who)
    uses = links[["citing", "document"]].merge(
        rows[rows["owner"].isin(who)].rename(columns={"application": "citing"}), on="citing"
    )
    uses = uses.drop_duplicates(["owner", "document", "citing"])
    mine = pd.MultiIndex.from_frame(rows.rename(columns={"application": "document"}))
    held_by = pd.MultiIndex.from_frame(uses[["document", "owner"]]).isin(mine)
    uses = uses[~held_by]
    column, _ = pd.factorize(uses["document"])
    distinct = pd.DataFrame({"row": index.get_indexer(uses["owner"]), "column": column,
                             "citing": uses["citing"].to_numpy()})  # fmt: skip
    once = distinct.drop_duplicates(["row", "column"])
    shape = (len(who), int(column.max(initial=0)) + 1)
    matrix: csr_matrix = csr_matrix(
        (np.ones(len(once), dtype=np.int64), (once["row"], once["column"])), shape=shape
    )
    one, other = index.get_indexer(pairs["leader"]), index.get_indexer(pairs["partner"])
    shared = np.asarray(matrix[one].multiply(matrix[other]).sum(axis=1)).ravel()
    return shared.astype(np.int64)


def _profiles(patents: PatentSet, cells: pd.DataFrame, pairs: pd.DataFrame) -> dict[str, Any]:
    """Overlap of main groups in the technology, and what the partner adds."""
    unknown = np.full(len(pairs), np.nan)
    if not patents.has("classifications") or pairs.empty:
        return {"overlap": unknown, "complementarity": unknown.copy()}
    groups = main_groups(patents)
    own = unit_ids(patents, "application")
    groups = groups.assign(application=own.reindex(groups["publication_id"]).to_numpy())
    groups = groups[["application", "main_group"]].drop_duplicates()
    wanted = pd.MultiIndex.from_frame(
        pd.concat([
            pairs[["technology", "leader"]].set_axis(["technology", "owner"], axis=1),
            pairs[["technology", "partner"]].set_axis(["technology", "owner"], axis=1),
        ]).drop_duplicates()
    )  # fmt: skip
    cells = cells[pd.MultiIndex.from_frame(cells[["technology", "owner"]]).isin(wanted)]
    rows = cells.merge(groups, on="application")
    weight = 1.0 / rows.groupby(["technology", "owner", "application"])["main_group"].transform(
        "size"
    )
    rows = rows.assign(weight=weight)
    share = rows.groupby(["technology", "owner", "main_group"])["weight"].sum()
    share = share / share.groupby(["technology", "owner"]).transform("sum")
    profile: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for technology, owner, group, part in zip(
        *(texts(share.index.get_level_values(i)) for i in range(3)), share.tolist(), strict=True
    ):
        profile[technology, owner][group] = part
    sets: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    columns = (texts(rows[c]) for c in ("technology", "owner", "application", "main_group"))
    for technology, owner, application, group in zip(*columns, strict=True):
        sets[technology, owner][application].add(group)
    overlap, added = unknown, unknown.copy()
    keys = zip(pairs["technology"], pairs["leader"], pairs["partner"], strict=True)
    for i, (technology, leader, partner) in enumerate(keys):
        one, other = profile.get((technology, leader)), profile.get((technology, partner))
        if one is None or other is None:
            continue
        overlap[i] = sum(min(one[g], other[g]) for g in sorted(one.keys() & other.keys()))
        theirs = sets[technology, partner].values()
        added[i] = sum(1 for own in theirs if not own & one.keys()) / len(theirs)
    return {"overlap": np.round(overlap, 9), "complementarity": added}
