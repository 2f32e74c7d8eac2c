"""University patents that nobody uses, and the firms whose own patents lie nearest."""

from __future__ import annotations

from collections import Counter
from math import fsum, log
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav.errors import ArgumentError
from patentnav.facts import check_owner_level, moment
from patentnav.operation import nearness
from patentnav.operation.holdings import (
    ACADEMIC,
    YEAR,
    applications,
    events_of,
    held,
    key,
    owner_places,
    reasons,
)
from patentnav.text import documents, generic_words, tokens
from patentnav.text.documents import titles_only

if TYPE_CHECKING:
    from patentnav.facts import OwnerLevel
    from patentnav.operation.nearness import Vectors
    from patentnav.patentset import PatentSet

USES = ("transfer", "licence", "pledge", "litigation")
LEAST_LIFE, IDLE, ACTIVE, STRONG = 3.0, 3.0, 3, 0.5
# Similarity to a firm's nearest patent under which no firm is named, with abstracts and by titles alone.
# Chosen on exports of two other subjects (benchmarks/partners.py floor): pairs just above 0.15 share a
# main group in 0.42 and 0.47 of cases (0.07 and 0.24 by chance); titles, short and soon alike, come as
# far from 0.35 on (0.39 and 0.44).
LEAST_OFFER, LEAST_OFFER_TITLES = 0.15, 0.35
SAME = 0.95  # cosine from which two titles are one, but for the word for what they are
NEAR_TEXT, NEAR_CLASSES = 0.3, 0.5  # similarities from which texts, classes are called near
# Words in common that few titles of the set hold; the part of the titles that are few, and at least.
SHARED_WORDS, RARE, FEW = 2, 0.01, 10
# Part of the words of both titles, the rarer the heavier, that must be in common: pairs below share a
# main group in 0.42 of cases, pairs above in 0.53 (two other exports, titles alone).
COVERED = 0.4
COLUMNS = (
    "publication_id", "owner", "owner_name", "firm", "firm_name", "rank", "score", "text", "classes",
    "nearest", "size", "size_rank", "same_place", "filed_together", "life_years", "idle_years",
    "value", "reason",
)  # fmt: skip


def transfer(
    patents: PatentSet,
    *,
    as_of: Any = None,
    scores: pd.Series | None = None,
    owner: OwnerLevel = "group",
    top: int = 5,
    min_life: float = LEAST_LIFE,
    idle: float = IDLE,
    active: int = ACTIVE,
    least: float | None = None,
) -> pd.DataFrame:
    """Idle patents of universities and institutes, matched to firms.

    Parameters
    ----------
    patents
        A set with resolved parties (:func:`patentnav.clean.resolve_parties`): the type of an owner
        says who is a university and who a firm.
    as_of
        Day from which is counted; the last day the set knows of when omitted.
    scores
        Value of publications; a patent is strong where the best of its publications lies in the
        upper half of those offered. All are kept when omitted.
    owner
        ``group``: no firm of the university's own group is named; ``party``.
    top
        Firms named per patent.
    min_life
        Years that the right must last.
    idle
        Years since grant (of pending ones since filing) without a recorded transfer, licence, pledge
        or litigation.
    active
        Years within which the firm must have filed.
    least
        Cosine of the words to the firm's nearest patent under which no firm is named, 0 to 1; when
        omitted ``LEAST_OFFER``, where less than half of the publications have more than a title
        ``LEAST_OFFER_TITLES``. There the two titles must also differ and share ``SHARED_WORDS`` words
        that no more than ``RARE`` of the titles hold (or ``FEW`` titles) and ``COVERED`` of what
        either says, the rarer a word the heavier; and the two patents a main group, where classes of
        both are told.

    Returns
    -------
    pandas.DataFrame
        One row per patent and firm, the patent whose best firm has the nearest text first:
        ``publication_id, owner, owner_name, firm, firm_name, rank`` (1 the best of the patent's),
        ``score`` (mean of the firm's percentiles by text and by class, 0 to 1: it orders the firms of
        one patent and says nothing of how near they are), ``text, classes`` (cosine to the firm's
        nearest patent, which does), ``nearest`` (that patent, by text; one that is not known to have
        ended and that no university or institute shares), ``size`` (the firm's applications in the set),
        ``size_rank`` (its place by size alone, for comparison), ``same_place`` (same city; NA where not
        known), ``filed_together`` (they have joint applications), ``life_years`` (at most),
        ``idle_years``, ``value`` (NA without scores), ``reason``: keys joined by ``; `` (``idle,
        use_untold, strong, value_untold, pending, same_place, filed_together, near_text, near_class,
        size_alone``).

        ``attrs``: ``now``; ``funnel``: patents left after every condition, in order; ``least``;
        ``titles``: less than half of the publications have more than a title.

    Raises
    ------
    MissingTableError
        The set carries no parties or no texts.
    ArgumentError
        No owner has a type, or a number is out of range.

    Notes
    -----
    Matching by text against the nearest patent of the firm and by class is ours; size alone finds
    nearly as many hidden partners as text does (``benchmarks/partners.py``), so that it stands beside:
    ``size_alone`` marks a firm that is named no higher than its size would put it. Idle means that the
    set records no use; use without a record is common. The end is that of the longest term. Refuted
    by: a licence or use that the register does not hold; a firm that says the subject is none of its
    business. A firm whose every application of the set is known to have ended is not named; one that
    is living, pending or of untold state is enough.
    """
    check_owner_level(owner)
    titles = titles_only(patents)
    if least is None:
        least = LEAST_OFFER_TITLES if titles else LEAST_OFFER
    if top < 1 or min_life < 0 or idle < 0 or active < 1 or not 0 <= least <= 1:
        msg = (f"top={top}, min_life={min_life}, idle={idle}, active={active}, least={least}: top and "
               "active must be at least 1, the others not negative, least at most 1.")  # fmt: skip
        raise ArgumentError(msg)
    now = moment(patents, as_of)
    parties = held(patents, owner)
    if parties["kind"].isna().all():
        msg = "No owner has a type. Call clean.resolve_parties(patents) first."
        raise ArgumentError(msg)
    offered, funnel = _offered(patents, parties, now, scores, (min_life, idle))
    firms = _firms(patents, parties, now, active)
    if offered.empty or firms.empty:
        found = pd.DataFrame(columns=list(COLUMNS))
    else:
        found = _matched(patents, offered, firms, parties, (owner, top, least), titles=titles)
    found.attrs = {"now": now, "funnel": funnel, "least": least, "titles": titles}
    return found


def _offered(
    patents: PatentSet,
    parties: pd.DataFrame,
    now: pd.Timestamp,
    scores: pd.Series | None,
    limits: tuple[float, float],
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Idle, living, strong applications that universities alone own, and how many each rule left."""
    min_life, idle = limits
    # The legal entity offers, whatever the rest of its group is; of the group, no firm is named.
    entities = held(patents, "party")
    academic = entities["kind"].isin(ACADEMIC).groupby(entities["application"]).all()
    one = applications(patents)
    first = parties.drop_duplicates("application").set_index("application")
    named = entities.drop_duplicates("application").set_index("application")["name"]
    one = one.join(first[["owner"]]).join(named)
    own = academic.reindex(one.index).fillna(False).astype(bool)
    one = one[own & one["type"].isin(["invention", "utility_model"]) & (one["filed"] <= now)]
    funnel = {"academic": len(one)}
    one = one[one["alive"].fillna(False).astype(bool)]
    funnel["alive"] = len(one)
    one = one.assign(life_years=(one["ends"] - now).dt.days / YEAR)
    one = one[(one["life_years"] >= min_life).fillna(False)]
    funnel["lasting"] = len(one)
    since = one["granted"].where(one["status"] == "in_force").fillna(one["filed"])
    one = one.assign(idle_years=(now - since).dt.days / YEAR)
    one = one[(one["idle_years"] >= idle).fillna(False)]
    events = events_of(patents)
    if events is not None:
        used = events.loc[events["category"].isin(USES), "application"].unique()
        one = one[~one.index.isin(used)]
    funnel["idle"] = len(one)
    one = one.assign(use_told=events is not None, value=np.nan)
    if scores is not None:
        from patentnav.counting import unit_ids

        best = scores.groupby(unit_ids(patents, "application").reindex(scores.index)).max()
        one = one.assign(value=best.reindex(one.index).astype("float64"))
        one = one[one["value"] >= one["value"].quantile(STRONG)]
        funnel["strong"] = len(one)
    return one, funnel


def _firms(
    patents: PatentSet, parties: pd.DataFrame, now: pd.Timestamp, active: int
) -> pd.DataFrame:
    """Firms that filed lately and hold something not known to have ended: ``name, size, last, open``."""
    rows = parties[parties["kind"] == "enterprise"]
    one = applications(patents)
    rows = rows.assign(
        filed=rows["application"].map(one["filed"]),
        open=rows["application"].map(one["alive"].fillna(True).astype(bool)),
    )
    rows = rows[~(rows["filed"] > now)]
    groups = rows.groupby("owner", sort=True)
    table = pd.DataFrame(
        {"name": groups["name"].first(), "size": groups.size(), "last": groups["filed"].max(),
         "open": groups["open"].any()}
    )  # fmt: skip
    lately = (table["last"] > now - pd.DateOffset(years=active)).fillna(False)
    return table[lately & table["open"]]


def _matched(
    patents: PatentSet,
    offered: pd.DataFrame,
    firms: pd.DataFrame,
    parties: pd.DataFrame,
    options: tuple[OwnerLevel, int, float],
    *,
    titles: bool,
) -> pd.DataFrame:
    owner, top, least = options
    space = nearness.vectors(patents)
    theirs = _own_living(patents, parties, _publications(patents, parties, firms.index))
    offered = offered.sort_index()
    if theirs.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    left = space.rows(offered["publication_id"])
    found = _best(space, left, theirs, _own(offered, parties, firms.index), (top, least))
    ids, names = firms.index.to_numpy(), firms["name"].to_numpy()
    source = offered.iloc[found["source"].to_numpy()].reset_index()
    at = found["firm"].to_numpy()
    place = firms["size"].rank(ascending=False, method="min").astype("Int64").to_numpy()
    table = pd.DataFrame(
        {
            "publication_id": source["publication_id"], "owner": source["owner"],
            "owner_name": source["name"], "firm": ids[at], "firm_name": names[at],
            "rank": found["rank"].to_numpy(), "score": found["score"].to_numpy(),
            "text": found["text"].to_numpy(), "classes": found["classes"].to_numpy(),
            "nearest": space.ids.to_numpy()[found["nearest"].to_numpy()],
            "size": firms["size"].to_numpy()[at], "size_rank": place[at],
            "life_years": source["life_years"], "idle_years": source["idle_years"],
            "value": source["value"],
        }
    )  # fmt: skip
    where = owner_places(patents, owner)
    here, there = table["owner"].map(where), table["firm"].map(where)
    same = (here == there).astype("boolean").mask(here.isna() | there.isna())
    table["same_place"] = same
    table["filed_together"] = _together(parties, table)
    flags = (
        key(source["use_told"], "idle"), key(~source["use_told"], "use_untold"),
        key(table["value"].notna(), "strong"), key(table["value"].isna(), "value_untold"),
        key(source["status"] == "pending", "pending"), key(table["text"] >= NEAR_TEXT, "near_text"),
        key(table["classes"] >= NEAR_CLASSES, "near_class"), key(table["same_place"], "same_place"),
        key(table["filed_together"], "filed_together"),
        key(table["size_rank"] <= table["rank"], "size_alone"),
    )  # fmt: skip
    table["reason"] = reasons(*flags)
    table = table[_told(patents, table, titles)]
    table["rank"] = table.groupby("publication_id").cumcount() + 1
    # Percentiles of the best firms are all near 1; the similarity tells the patents apart.
    nearest = table[table["rank"] == 1].set_index("publication_id")["text"]
    order = table.assign(near=table["publication_id"].map(nearest)).sort_values(
        ["near", "publication_id", "rank"], ascending=[False, True, True], ignore_index=True
    )
    return order[list(COLUMNS)]


def _publications(patents: PatentSet, parties: pd.DataFrame, firms: pd.Index) -> pd.DataFrame:
    """Publications of the firms: ``publication_id, firm`` (code), one row each."""
    from patentnav.counting import unit_ids

    own = unit_ids(patents, "application")
    rows = pd.DataFrame({"application": own.to_numpy(), "publication_id": own.index})
    rows = rows.drop_duplicates("application").merge(parties, on="application")
    rows = rows.assign(firm=firms.get_indexer(pd.Index(rows["owner"])))
    rows = rows[rows["firm"] >= 0]
    return rows.sort_values(["publication_id", "firm"], ignore_index=True)


def _own_living(patents: PatentSet, parties: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Publications that prove a need of the firm: not known to have ended, and no academy's as well."""
    one = applications(patents)
    over = one.index[~one["alive"].fillna(True).astype(bool)]
    academic = parties.loc[parties["kind"].isin(ACADEMIC), "application"]
    return theirs[~theirs["application"].isin(over) & ~theirs["application"].isin(academic)]


def _own(offered: pd.DataFrame, parties: pd.DataFrame, firms: pd.Index) -> np.ndarray:
    """Which firms (columns) own which offered patents (rows), alone or as a group."""
    own = np.zeros((len(offered), len(firms)), dtype=bool)
    rows = parties[parties["application"].isin(offered.index)]
    at = firms.get_indexer(pd.Index(rows["owner"]))
    row = offered.index.get_indexer(pd.Index(rows["application"]))
    own[row[at >= 0], at[at >= 0]] = True
    return own


def _best(
    space: Vectors,
    left: np.ndarray,
    theirs: pd.DataFrame,
    own: np.ndarray,
    limits: tuple[int, float],
) -> pd.DataFrame:
    """The best firms of every patent: ``source, firm, rank, score, text, classes, nearest``."""
    (top, floor), n = limits, own.shape[1]
    right = space.rows(theirs["publication_id"])
    code = theirs["firm"].to_numpy()
    by_class = nearness.nearest_by_owner(space.classes[left], space.classes[right], code, n)
    by_text = nearness.nearest_by_owner(space.text[left], space.text[right], code, n)
    parts = []
    for (here, text, which), (_, classes, _) in zip(by_text, by_class, strict=True):
        score = (nearness.mid_ranks(text) + nearness.mid_ranks(classes)) / 2
        foreign = (text >= floor) & (which >= 0) & ~own[here]
        score = np.round(np.where(foreign, score, -1.0), 6)
        last = min(top, n) - 1
        least = np.maximum(-np.partition(-score, last, axis=1)[:, last], 0)
        row, firms = np.nonzero(score >= least[:, None])
        order = np.lexsort((firms, -text[row, firms], -score[row, firms], row))
        row, firms = row[order], firms[order]
        rank = np.arange(len(row)) - np.searchsorted(row, row)
        row, firms, rank = (x[rank < top] for x in (row, firms, rank))
        parts.append(
            pd.DataFrame(
                {
                    "source": here.start + row, "firm": firms, "rank": rank + 1,
                    "score": score[row, firms], "text": text[row, firms].astype(float),
                    "classes": classes[row, firms].astype(float),
                    "nearest": right[which[row, firms]],
                }
            )
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _told(patents: PatentSet, table: pd.DataFrame, titles: bool) -> np.ndarray:  # noqa: FBT001 (a fact of the set)
    """Which pairs their words carry, where there are titles alone: what they have in common is what they say.

    What is called "a virtual reality device" on both sides has told nothing. With abstracts the
    similarity itself is enough.
    """
    if not titles or table.empty:
        return np.ones(len(table), dtype=bool)
    plain = documents(patents)["title"].fillna("").str.casefold()
    found = tokens(plain)
    general = generic_words("zh") | generic_words("en")
    lists = dict(zip(plain.index, map(frozenset, found.lists()), strict=True))
    spread = Counter(word for words in lists.values() for word in words)
    most = max(RARE * len(lists), FEW)
    rare = {w for w, n in spread.items() if n <= most and len(w) > 1 and w not in general}
    weight = {w: log(len(lists) / n) for w, n in spread.items() if len(w) > 1 and w not in general}
    groups = _groups(patents)

    def carries(one: str, other: str) -> bool:
        shared = lists[one] & lists[other]
        if plain[one] == plain[other] or len(shared & rare) < SHARED_WORDS:
            return False
        whole = [fsum(weight.get(w, 0.0) for w in lists[side]) for side in (one, other)]
        common = fsum(weight.get(w, 0.0) for w in shared)
        of_one_kind = one not in groups or other not in groups or groups[one] & groups[other]
        return common >= COVERED * max(whole) and bool(of_one_kind)

    pairs = zip(table["publication_id"], table["nearest"], table["text"], strict=True)
    return np.array([near < SAME and carries(one, other) for one, other, near in pairs], dtype=bool)


def _groups(patents: PatentSet) -> dict[str, frozenset[str]]:
    """Main groups of every publication that has any."""
    if not patents.has("classifications"):
        return {}
    found = nearness.main_groups(patents)
    return {str(p): frozenset(own) for p, own in found.groupby("publication_id")["main_group"]}


def _together(parties: pd.DataFrame, table: pd.DataFrame) -> pd.Series:
    """Whether the university and the firm have a joint application."""
    pairs = parties[["application", "owner"]].merge(
        parties[["application", "owner"]], on="application"
    )
    known = pd.MultiIndex.from_frame(pairs[["owner_x", "owner_y"]].drop_duplicates())
    asked = pd.MultiIndex.from_arrays([table["owner"], table["firm"]])
    return pd.Series(asked.isin(known), index=table.index)
