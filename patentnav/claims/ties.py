"""Recompute what is said of alliances, licences and pools: owner by owner, pair by pair."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts, text
from patentnav._strings import by_index, texts
from patentnav.claims.recount import kept, measure
from patentnav.claims.uses import owners_of, unit_ids_of

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount

_LIVING = ("in_force", "pending")
_DEAD = ("lapsed", "expired", "refused", "withdrawn", "revoked", "ceased")
_HALF, _JOINT = 0.5, 3


@kept
def _living(recount: Recount) -> dict[str, set[str]]:
    """Owners, no persons, of the applications that are not known to have ended."""
    kinds = by_index(recount.study.owner_types)
    status: dict[str, list[Any]] = defaultdict(list)
    for publication, state in zip(
        recount.ids, texts(recount.publications["legal_status"]), strict=True
    ):
        status[unit_ids_of(recount)[publication]].append(state)
    found = {}
    for application, held in owners_of(recount).items():
        states = status[application]
        told = [s for s in states if not pd.isna(s) and s in (*_LIVING, *_DEAD)]
        if told and told[0] not in _LIVING:
            continue
        firms = {o for o in held if kinds.get(o) != "individual"}
        if firms:
            found[application] = firms
    return found


@kept
def technologies_of(recount: Recount) -> dict[str, set[str]]:
    """Applications of every technology that is no remainder."""
    ids = unit_ids_of(recount)
    return {
        key: {ids[p] for p in held}
        for key, held in recount.facet("technology").items()
        if key not in recount.study.remainders
    }


@kept
def _groups(recount: Recount) -> dict[str, set[str]]:
    """Main groups of every application: what stands before the stroke."""
    table = recount.study.patents.classifications
    ids, found = unit_ids_of(recount), defaultdict(set)
    scheme = "IPC" if "IPC" in set(table["scheme"]) else "CPC"
    columns = (texts(table[c]) for c in ("publication_id", "scheme", "symbol"))
    for publication, which, symbol in zip(*columns, strict=True):
        if which == scheme and not pd.isna(symbol) and len(symbol.partition("/")[0]) > 4:
            found[ids[publication]].add(symbol.partition("/")[0])
    return found


@kept
def _references(recount: Recount) -> dict[str, set[str]] | None:
    """What every application cites, by application where the set holds it."""
    patents = recount.study.patents
    if not patents.has("citations"):
        return None
    ids, found = unit_ids_of(recount), defaultdict(set)
    table = patents.citations
    for citing, cited in zip(texts(table["citing_id"]), texts(table["cited_id"]), strict=True):
        if not pd.isna(cited) and citing in ids and ids[citing] != ids.get(cited, cited):
            found[ids[citing]].add(ids.get(cited, cited))
    return found


@kept
def _pairs(recount: Recount, leaders: int, fewest: int, shared: int) -> list[dict[str, Any]]:
    """Tied pairs of every technology."""
    living = _living(recount)
    held: dict[str, set[str]] = defaultdict(set)
    for application, firms in living.items():
        for owner in firms:
            held[owner].add(application)
    refs = _references(recount) or {}
    used = {o: set().union(*(refs.get(a, ()) for a in own)) for o, own in held.items()}
    found = []
    for _, applications in sorted(technologies_of(recount).items()):
        tally = Counter(o for a in applications for o in living.get(a, ()))
        ranked = sorted((o for o in tally if tally[o] >= fewest), key=lambda o: (-tally[o], o))
        for place, leader in enumerate(ranked[:leaders]):
            for partner in ranked[place + 1 :]:
                if not _always(held[leader], held[partner]):
                    one = _tied((leader, partner), held, refs, used)
                    one["ways"] = sum((one["joint"] >= _JOINT, one["cites"] > 0, one["cited"] > 0,
                                       one["coupling"] >= shared))  # fmt: skip
                    if one["ways"] > 1 or one["joint"] >= _JOINT:
                        mine, theirs = (held[o] & applications for o in (leader, partner))
                        found.append({**one, "overlap": _overlap(recount, mine, theirs)})
    return found


def _always(one: set[str], other: set[str]) -> bool:
    """Whether one of the two files nine tenths or more with the other."""
    both = len(one & other)
    return both > 0 and 10 * both >= 9 * min(len(one), len(other))


def _tied(
    who: tuple[str, str],
    held: dict[str, set[str]],
    refs: dict[str, set[str]],
    used: dict[str, set[str]],
) -> dict[str, Any]:
    """How two owners are tied; ``used`` is all that an owner's applications cite."""
    one, other = held[who[0]], held[who[1]]
    joint = one & other

    def cites(mine: str, theirs: set[str]) -> int:
        if used[mine].isdisjoint(theirs):
            return 0
        return sum(1 for a in held[mine] - joint if (refs.get(a, set()) & theirs) - joint)

    both = used[who[0]] & used[who[1]]
    return {
        "who": frozenset(who), "joint": len(joint), "cites": cites(who[0], other),
        "cited": cites(who[1], one), "coupling": len(both - one - other),
    }  # fmt: skip


def _overlap(recount: Recount, one: set[str], other: set[str]) -> Fraction | None:
    groups = _groups(recount)

    def profile(own: set[str]) -> dict[str, Fraction]:
        weights: dict[str, Fraction] = defaultdict(Fraction)
        classed = [groups[a] for a in sorted(own) if groups.get(a)]
        for held in classed:
            for group in held:
                weights[group] += Fraction(1, len(held) * len(classed))
        return weights

    left, right = profile(one), profile(other)
    if not left or not right:
        return None
    return sum((min(w, right[g]) for g, w in left.items() if g in right), Fraction(0))


@measure("never_apart")
def _never_apart(recount: Recount, claim: Claim) -> int:
    """Pairs of a leader and another owner in its technology, one of whom files a tenth at most without the other."""
    living, d = _living(recount), claim.details
    held: dict[str, set[str]] = defaultdict(set)
    for application, firms in living.items():
        for owner in firms:
            held[owner].add(application)
    found = set()
    for applications in technologies_of(recount).values():
        tally = Counter(o for a in applications for o in living.get(a, ()))
        many = sorted(
            (o for o in tally if tally[o] >= int(d["fewest"])), key=lambda o: (-tally[o], o)
        )
        for leader in many[: int(d["leaders"])]:
            found |= {frozenset((leader, o)) for o in many
                      if o != leader and _always(held[o], held[leader])}  # fmt: skip
    return len(found)


@measure("alliance_pairs")
def _alliance_pairs(recount: Recount, claim: Claim) -> int:
    """Tied pairs of owners, each once; those of ``details["which"]`` where it is given."""
    d = claim.details
    pairs = _pairs(recount, int(d["leaders"]), int(d["fewest"]), int(d["shared"]))
    if d.get("which") == "joint":
        pairs = [p for p in pairs if p["joint"] >= _JOINT]
    if d.get("which") == "competitors":
        rows = facts.ventures(recount.study.patents, recount.study.owner_level)
        joint = {frozenset(p) for p in zip(texts(rows["owner"]), texts(rows["other"]), strict=True)}
        pairs = [p for p in pairs if p["who"] not in joint]
        pairs = [p for p in pairs if p["overlap"] is not None and round(float(p["overlap"]), 9) >= _HALF and not p["joint"]]  # fmt: skip
    return len({p["who"] for p in pairs})


# Licences: nearest by our own sums over words


@kept
def _sole(recount: Recount) -> dict[str, str]:
    """Owner of the living applications that one owner, no person, holds alone."""
    living = _living(recount)
    alone = {a: held for a, held in owners_of(recount).items() if len(held) == 1}
    return {a: next(iter(living[a])) for a in alone if a in living}


@measure("sole_filings")
def _sole_filings(recount: Recount, claim: Claim) -> int:
    owner = claim.subject.partition(":")[2]
    return sum(1 for o in _sole(recount).values() if o == owner)


@kept
def _words(recount: Recount) -> dict[str, dict[str, float]]:
    """BM25 weights of the words of every application, scaled to length one."""
    read = text.documents(recount.study.patents)
    cut = text.tokens(read["title"].fillna("") + " . " + read["body"].fillna("")).lists()
    stems = [Counter(text.stem(w.lower()) for w in words) for words in cut]
    mean = sum(sum(c.values()) for c in stems) / max(len(stems), 1)
    spread = Counter(w for c in stems for w in c)
    ids = unit_ids_of(recount)
    found = {}
    for publication, counts in zip(read.index, stems, strict=True):
        relative = 0.25 + 0.75 * sum(counts.values()) / mean if mean else 1.0
        weights = {
            w: n * 2.2 / (n + 1.2 * relative)
            * math.log1p((len(stems) - spread[w] + 0.5) / (spread[w] + 0.5))
            for w, n in counts.items()
        }  # fmt: skip
        length = math.sqrt(sum(v * v for v in weights.values())) or 1.0
        found[ids[publication]] = {w: v / length for w, v in weights.items()}
    return found


@measure("nearest_share")
def _nearest_share(recount: Recount, claim: Claim) -> float:
    """Part of an owner's applications whose nearest of another owner is that of ``details["other"]``."""
    owner, other = claim.subject.partition(":")[2], str(claim.details["other"])
    sole, words = _sole(recount), _words(recount)
    by_word: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for application in sorted(sole):
        if sole[application] != owner:
            for word, weight in words.get(application, {}).items():
                by_word[word].append((application, weight))
    mine = [a for a in sole if sole[a] == owner]
    hits = 0
    for application in mine:
        sums: dict[str, float] = defaultdict(float)
        for word, weight in words.get(application, {}).items():
            for theirs, value in by_word.get(word, ()):
                sums[theirs] += weight * value
        best = max(sums.values(), default=0.0)
        near = {sole[a] for a, value in sums.items() if round(value, 5) >= round(best, 5)}
        hits += int(best >= 0.05 and min(near, default="") == other)
    return hits / len(mine) if mine else 0.0


# Pools


@measure("pool_technologies")
def _pool_technologies(recount: Recount, claim: Claim) -> int:
    """Technologies with rights enough; with ``spread`` those in several hands, none of them too large."""
    d = claim.details
    kinds = by_index(recount.study.owner_types)
    ids = unit_ids_of(recount)
    force = {ids[p] for p, s in recount.status_of.items()
             if not pd.isna(s) and s == "in_force"}  # fmt: skip
    held = {a: {o for o in owners if kinds.get(o) != "individual"}
            for a, owners in owners_of(recount).items() if a in force}  # fmt: skip
    count = 0
    for applications in technologies_of(recount).values():
        rights = [a for a in applications if held.get(a)]
        if len(rights) < int(d["fewest"]):
            continue
        tally = Counter(o for a in rights for o in held[a])
        wide = len(tally) >= int(d["owners"]) and max(tally.values()) / len(rights) <= float(
            d["share"]
        )
        count += int(wide or not d.get("spread"))
    return count
