"""A roadmap: what stands for every technology in every few years, and the citations between them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from patentnav import network, text
from patentnav._shown import presented
from patentnav._strings import among
from patentnav.counting import dates, unit_ids
from patentnav.errors import ArgumentError
from patentnav.query.occurrences import holders

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

BIN = 3  # years
PER_BIN = 2
LANES = 8
SPAN = 30  # years
MIN_LINKS = 30
KEY_ROUTES = 10
FOLLOWERS = 3
_COMMON = 0.2  # share of the titles from which a word is that of the search
FOLLOWED_WITHIN = 5  # years
AT_HOME = 0.5  # part of the titles with a term that lie in the technology of the first
_TERM = 3  # characters from which a word is a term by itself
LEVEL = 0.1  # of the terms shown, one in ten may be new by chance
SEEN_BEFORE = 100  # publications before which nothing can be called new


@presented("plot.roadmap(roadmap)")
@dataclass(frozen=True)
class Roadmap:
    """Nodes and edges of a roadmap.

    Attributes
    ----------
    nodes
        ``publication_id, technology, start, end`` (years of its column), ``year``; with citations
        ``on_path, weight`` (largest path count of its citations on the path, 0 elsewhere), ``cited,
        percentile, offices, used``; with terms ``term, followers`` (owners).
    edges
        ``earlier_id, later_id``: key-route citations between nodes, through publications that are
        no nodes where need be. None with terms.
    method
        ``citations`` or ``terms``.
    linked
        Publications with a citation inside the set.
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame
    method: Literal["citations", "terms"]
    linked: int


def roadmap(
    patents: PatentSet,
    by: pd.DataFrame,
    *,
    judged: pd.DataFrame,
    owners: pd.DataFrame,
    basis: str = "application_date",
    until: int | None = None,
    unit: Unit | None = None,
    lanes: int = LANES,
    per_bin: int = PER_BIN,
) -> Roadmap:
    """Choose what stands for the largest technologies in every three years.

    With at least thirty citations inside the set a publication can stand for its years where it
    lies on a key route of the citation network (the ten heaviest citations by search path count,
    each extended to both ends), or is cited as a tenth of its cohort at most, or is granted at three
    offices, or was used (licensed, pledged, in litigation, awarded). At most two per technology and
    three years are taken: key routes first, by weight, then by cohort percentile. Without citations
    a publication stands for its years where its title is the first of the set with a term (of a
    Chinese one, or with all of it but its first or last character) that three
    owners or more, those that file together counted once, took up within five years, and half of the titles with which lie in its own
    technology; the terms of most owners first. A term is new where
    chance would hardly keep all its carriers out of the publications before the first one (q of the
    hypergeometric probability at most 0.1); the lanes are then those with most such publications.

    Parameters
    ----------
    patents
        The set.
    by
        Membership table ``publication_id, <technology>, weight``, one technology each.
    judged
        ``cited, percentile, offices, used`` by ``publication_id`` (:func:`patentnav.valuation.core`).
    owners
        ``publication_id, owner``.
    basis
        Date of the years.
    until
        Last full year: a column of years ends with it.
    unit
        A unit stands on the roadmap once, with its earliest publication.
    lanes
        Most technologies, those with most publications (with most nodes, by terms); ties by id.
    per_bin
        Most nodes of a technology in three years.

    Returns
    -------
    Roadmap
        Empty where nothing qualifies.

    Raises
    ------
    ArgumentError
        ``lanes`` or ``per_bin`` is not positive.

    References
    ----------
    Key routes: Liu & Lu (2012), JASIST 63(3), doi:10.1002/asi.21692.
    """
    if lanes < 1 or per_bin < 1:
        msg = f"lanes={lanes} and per_bin={per_bin} must be at least 1."
        raise ArgumentError(msg)
    name = next(c for c in by.columns if c != "publication_id")
    lane = by.drop_duplicates("publication_id").set_index("publication_id")[name].astype("str")
    day = dates(patents, basis).dropna()
    last = int(day.dt.year.max()) if until is None else until
    ids = lane.index.intersection(day.index)
    frame = pd.DataFrame(
        {"publication_id": ids.astype("str"), "technology": lane.reindex(ids).to_numpy(),
         "day": day.reindex(ids).to_numpy()}
    )  # fmt: skip
    frame["year"] = frame["day"].dt.year.astype("int64")
    frame = frame[frame["year"] > last - SPAN]
    frame["start"] = last - (last - frame["year"]) // BIN * BIN - BIN + 1
    frame["end"] = frame["start"] + BIN - 1
    inside = inner_citations(patents)
    linked = len({*inside["citing_id"], *inside["cited_id"]})
    if len(inside) < MIN_LINKS:
        nodes = _by_terms(patents, frame, day, owners, unit, per_bin)
        nodes = nodes[nodes["technology"].isin(_largest(nodes["technology"], lanes))]
        nodes = nodes.reset_index(drop=True)
        return Roadmap(nodes, _no_edges(), "terms", linked)
    path = network.main_path(inside, search="key-route", key_routes=KEY_ROUTES)
    frame = frame[frame["technology"].isin(_largest(lane, lanes))]
    nodes = _by_citations(patents, frame, judged, path, unit, per_bin)
    return Roadmap(nodes, _between(path, set(nodes["publication_id"])), "citations", linked)


def _largest(lanes: pd.Series, number: int) -> list[str]:
    """Technologies with most rows; ties by id."""
    sizes = lanes.value_counts().rename_axis("lane").reset_index()
    order = sizes.sort_values(["count", "lane"], ascending=[False, True])
    return [str(lane) for lane in order["lane"].head(number)]


def inner_citations(patents: PatentSet) -> pd.DataFrame:
    """Citations between publications of the set, each once: ``citing_id, cited_id``, sorted."""
    if not patents.has("citations"):
        return pd.DataFrame({"citing_id": [], "cited_id": []}, dtype="str")
    edges: pd.DataFrame = patents.citations[["citing_id", "cited_id"]].drop_duplicates()
    ids = patents.publications.index
    edges = edges[among(edges["citing_id"], ids) & among(edges["cited_id"], ids)]
    edges = edges[edges["citing_id"] != edges["cited_id"]]
    return edges.sort_values(["citing_id", "cited_id"], ignore_index=True)


def _by_citations(  # noqa: PLR0917
    patents: PatentSet,
    frame: pd.DataFrame,
    judged: pd.DataFrame,
    path: pd.DataFrame,
    unit: Unit | None,
    per_bin: int,
) -> pd.DataFrame:
    weight: dict[str, float] = defaultdict(float)
    for citing, cited, value in path.itertuples(index=False, name=None):
        for end in (citing, cited):
            weight[end] = max(weight[end], float(value))
    wanted = judged[["cited", "percentile", "offices", "used"]]
    rows = frame.merge(wanted, left_on="publication_id", right_index=True, how="left")
    rows["on_path"] = rows["publication_id"].isin(list(weight))
    rows["weight"] = rows["publication_id"].map(weight).fillna(0.0)
    flags = rows[["cited", "offices", "used"]].fillna(False).astype(bool).any(axis=1)
    rows = rows[rows["on_path"] | flags]
    order = ["on_path", "weight", "percentile", "day", "publication_id"]
    rows = _once(rows, unit_ids(patents, unit))
    rows = rows.sort_values(order, ascending=[False, False, False, True, True])
    return _chosen(rows, per_bin)


def _once(rows: pd.DataFrame, units: pd.Series) -> pd.DataFrame:
    """One row per unit: on the path before others, the earliest, the smaller id."""
    keys = rows.assign(_unit=units.reindex(rows["publication_id"]).to_numpy())
    by = [*(["on_path"] if "on_path" in keys else []), "day", "publication_id"]
    keys = keys.sort_values(by, ascending=[c != "on_path" for c in by])
    return keys.drop_duplicates("_unit").drop(columns="_unit")


def _chosen(rows: pd.DataFrame, per_bin: int) -> pd.DataFrame:
    """The first rows of every technology and column of years, in reading order."""
    kept = rows.groupby(["technology", "start"], sort=False).head(per_bin)
    kept = kept.sort_values(["technology", "day", "publication_id"])
    return kept.drop(columns="day").reset_index(drop=True)


def _no_edges() -> pd.DataFrame:
    return pd.DataFrame({"earlier_id": [], "later_id": []}, dtype="str")


def _between(path: pd.DataFrame, nodes: set[str]) -> pd.DataFrame:
    """Path citations between nodes, through publications that are none."""
    onward: dict[str, list[str]] = defaultdict(list)
    for citing, cited in zip(path["citing_id"], path["cited_id"], strict=True):
        onward[cited].append(citing)

    def reached(start: str) -> Iterator[str]:
        stack, seen = list(onward[start]), set()
        while stack:
            here = stack.pop()
            if here in seen:
                continue
            seen.add(here)
            if here in nodes:
                yield here
            else:
                stack.extend(onward.get(here, ()))

    pairs = sorted((one, other) for one in sorted(nodes & onward.keys()) for other in reached(one))
    return pd.DataFrame(pairs, columns=["earlier_id", "later_id"]).astype("str")


def title_terms(patents: PatentSet) -> dict[str, frozenset[str]]:
    """Words, and pairs of words that follow each other, of every title; no stop or general words.

    A word of two characters stands alone only where one is a digit. A word in more than a fifth of
    the titles is what was searched for, and is as general in this set.

    Returns
    -------
    dict
        Terms by ``publication_id``; a publication without a title has none.
    """
    titles = text.documents(patents)["title"].dropna()
    found = text.tokens(titles)
    general = text.generic_words("zh") | text.generic_words("en")
    words = [str(word) for word in found.vocabulary]
    dull = np.array([word.casefold() in general or len(word) < 2 for word in words], dtype=bool)
    rows = np.repeat(np.arange(len(titles)), np.diff(found.starts))
    pairs = np.unique(np.stack([rows, found.codes[found.starts[0] : found.starts[-1]]]), axis=1)
    spread = np.bincount(pairs[1][pairs[1] != text.BREAK], minlength=len(words))
    dull |= spread > max(_COMMON * len(titles), FOLLOWERS)
    chinese = [not word.isascii() for word in words]
    short = [len(word) < _TERM and not any(c.isdigit() for c in word) for word in words]
    terms: dict[str, frozenset[str]] = {}
    for place, publication in enumerate(titles.index):
        codes = found.codes[found.starts[place] : found.starts[place + 1]].tolist()
        # A word of two characters is of the common language; a term of art is longer (or "5G").
        own = {words[c] for c in codes if c != text.BREAK and not dull[c] and not short[c]}
        for one, other in pairwise(codes):
            if text.BREAK in (one, other) or dull[one] or dull[other] or one == other:
                continue
            joint = "" if chinese[one] and chinese[other] else " "
            own.add(f"{words[one]}{joint}{words[other]}")
        terms[str(publication)] = frozenset(own)
    return terms


def _by_terms(  # noqa: PLR0917
    patents: PatentSet,
    frame: pd.DataFrame,
    day: pd.Series,
    owners: pd.DataFrame,
    unit: Unit | None,
    per_bin: int,
) -> pd.DataFrame:
    """Publications whose title is the first of the set with a term that several owners took up."""
    from scipy.stats import false_discovery_control

    empty = frame.head(0).drop(columns="day").assign(term="", followers=0)
    if len(day) <= SEEN_BEFORE or not (
        patents.has("texts") or patents.has("publications", "title")
    ):
        return empty
    terms = title_terms(patents)
    days = {str(p): d for p, d in day.items()}
    order = sorted(days, key=lambda p: (days[p], p))
    owned = owners.groupby("publication_id")["owner"].agg(set).to_dict()
    carriers: dict[str, list[str]] = defaultdict(list)
    for publication in order:
        for term in terms.get(publication, ()):
            carriers[term].append(publication)
    place = {p: i for i, p in enumerate(order)}
    lane = dict(zip(frame["publication_id"], frame["technology"], strict=True))
    rows = []
    for term in sorted(carriers):
        held = carriers[term]
        limit = days[held[0]] + pd.DateOffset(years=FOLLOWED_WITHIN)
        took = apart([owned.get(p, set()) for p in held if days[p] <= limit])
        if len(held) >= FOLLOWERS and took >= FOLLOWERS:
            own = sum(lane.get(p) == lane.get(held[0]) for p in held)
            rows.append((held[0], term, took, place[held[0]], len(held), own))
    columns = ["publication_id", "term", "followers", "before", "carriers", "own"]
    found = pd.DataFrame(rows, columns=columns)
    if found.empty:
        return empty
    found["q"] = false_discovery_control(_late_by_chance(found, len(order)))
    found = found[(found["q"] <= LEVEL) & (found["before"] >= SEEN_BEFORE)]
    # A word of all technologies ("updating") is of the language, not of one of them.
    found = found[found["own"] >= AT_HOME * found["carriers"]]
    if found.empty:
        return empty
    titles = text.documents(patents)["title"].dropna().astype("str").to_dict()
    earlier = [(p, titles.get(p, "").casefold()) for p in order]
    # A reader looks for the string: it must not stand in an earlier title, within another word.
    said = [
        any(stands_in(form, title) for form in spellings(term) for _, title in earlier[:before])
        for term, before in zip(found["term"], found["before"], strict=True)
    ]
    copied = [_copied([titles.get(p, "") for p in carriers[term]]) for term in found["term"]]
    # Words put together from their parts are no term where no title has them as they are told.
    read = [
        stands_in(term, titles.get(p, "").casefold())
        for p, term in zip(found["publication_id"], found["term"], strict=True)
    ]
    found = found[
        np.array(read, dtype=bool) & ~np.array(said, dtype=bool) & ~np.array(copied, dtype=bool)
    ]
    found = found.assign(_length=found["term"].str.len()).sort_values(
        ["publication_id", "followers", "_length", "term"], ascending=[True, False, False, True]
    )
    found = found.drop_duplicates("publication_id")[["publication_id", "term", "followers"]]
    rows_left = frame.merge(found, on="publication_id")
    if rows_left.empty:
        return empty
    kept = _once(rows_left, unit_ids(patents, unit))
    kept = kept.sort_values(["followers", "day", "publication_id"], ascending=[False, True, True])
    return _chosen(kept, per_bin)


def apart(owners: list[set[str]]) -> int:
    """How many there are of owners where those who file together count once."""
    groups: list[set[str]] = []
    for own in owners:
        touched = [group for group in groups if group & own]
        groups = [group for group in groups if not group & own]
        if own:
            groups.append(own.union(*touched))
    return len(groups)


def spellings(term: str) -> list[str]:
    """The term, and a Chinese one without its first or last character: a known word in another spelling."""
    if term.isascii() or len(term) <= _TERM - 1:
        return [term]
    return [term, *(part for part in (term[:-1], term[1:]) if len(part) >= _TERM - 1)]


def _copied(titles: list[str]) -> bool:
    """Whether half of the titles or more are one: a title that is copied spreads no term."""
    return 2 * max(Counter(titles).values(), default=0) >= len(titles)


def stands_in(term: str, title: str) -> bool:
    """Whether a title has a term: words of letters as words, others within any text."""
    low = term.casefold()
    if low.isascii():
        return re.search(rf"(?<![a-z0-9]){re.escape(low)}(?![a-z0-9])", title) is not None
    return low in title


def standing_in(terms: Collection[str], titles: list[str]) -> dict[str, np.ndarray]:
    """Numbers of the titles, in small letters, that have each term (:func:`stands_in`)."""
    held = holders(titles, {term.casefold() for term in terms})
    return {
        term: np.array([i for i in held[term.casefold()] if stands_in(term, titles[i])], np.int64)
        for term in terms
    }


def _late_by_chance(found: pd.DataFrame, total: int) -> np.ndarray:
    """Chance that none of a term's carriers stands among so many first ones, in random order."""
    from scipy.special import gammaln

    before, carriers = (found[c].to_numpy(dtype=float) for c in ("before", "carriers"))
    rest = total - before
    log = (
        gammaln(rest + 1) - gammaln(rest - carriers + 1)
        - gammaln(total + 1) + gammaln(total - carriers + 1)
    )  # fmt: skip
    chance: np.ndarray = np.minimum(1.0, np.exp(log))
    return chance
