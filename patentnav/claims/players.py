"""Recompute what is said of organisations: who owns together, and how the leading ones compare."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts
from patentnav._strings import by_index, texts
from patentnav.claims.facets import FACETS, facet
from patentnav.claims.recount import Recount, kept, measure
from patentnav.clean import chinese

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from fractions import Fraction

    from patentnav.claims.claim import Claim
    from patentnav.study import Study


@facet("organisation")
def _organisations(study: Study) -> Iterable[tuple[Any, str, Fraction]]:
    """Owners that are no persons."""
    types = by_index(study.owner_types)
    for key, publication, weight in FACETS["owner"](study):
        if types.get(key) != "individual":
            yield key, publication, weight


@facet("institution")
def _institutions(study: Study) -> Iterable[tuple[Any, str, Fraction]]:
    """Organisations, those that are one by name and file together as one of them."""
    kin = dict(study.kin.items())
    for key, publication, weight in FACETS["organisation"](study):
        yield kin.get(key, key), publication, weight


# Cooperation


@kept
def _holders(recount: Recount) -> dict[str, set[str]]:
    """Organisations by unit."""
    found: dict[str, set[str]] = defaultdict(set)
    for key, held in recount.facet("institution").items():
        for publication in held:
            found[recount.unit_of[publication]].add(key)
    return found


_ALWAYS, _ALWAYS_FROM = (
    0.9,
    3,
)  # of one side's units, and joint units, from which a pair is a standing one


@kept
def _all_pairs(recount: Recount) -> Mapping[tuple[str, str], int]:
    tally: Counter[tuple[str, str]] = Counter()
    for owners in _holders(recount).values():
        tally.update(combinations(sorted(owners), 2))
    return tally


@kept
def _standing(recount: Recount) -> set[tuple[str, str]]:
    """Pairs of which one nearly always files with the other."""
    sizes = Counter(owner for owners in _holders(recount).values() for owner in owners)
    return {
        pair for pair, n in _all_pairs(recount).items()
        if n >= _ALWAYS_FROM and n >= _ALWAYS * min(sizes[owner] for owner in pair)
    }  # fmt: skip


@kept
def _pairs(recount: Recount) -> Mapping[tuple[str, str], int]:
    """Pairs but the standing ones."""
    without = _standing(recount)
    return {pair: n for pair, n in _all_pairs(recount).items() if pair not in without}


@kept
def _apart(recount: Recount) -> list[set[tuple[str, str]]]:
    """Pairs of every unit that are no standing ones, of the units that have any."""
    without = _standing(recount)
    units = (set(combinations(sorted(o), 2)) - without for o in _holders(recount).values())
    return [pairs for pairs in units if pairs]


@measure("standing_pairs")
def _standing_pairs(recount: Recount, _claim: Claim) -> int:
    return len(_standing(recount))


@measure("standing_units")
def _standing_units(recount: Recount, _claim: Claim) -> int:
    """Units of several organisations that are standing pairs all."""
    several = sum(1 for owners in _holders(recount).values() if len(owners) > 1)
    return several - len(_apart(recount))


@measure("held_units")
def _held(recount: Recount, _claim: Claim) -> int:
    """Units that an organisation owns."""
    return len(_holders(recount))


@measure("organisations_joint_units")
def _joint(recount: Recount, _claim: Claim) -> int:
    """Units of several organisations that are no standing pair."""
    return len(_apart(recount))


@measure("organisations_joint_share")
def _joint_share(recount: Recount, claim: Claim) -> float | None:
    held = _holders(recount)
    return _joint(recount, claim) / len(held) if held else None


@measure("cooperating")
def _cooperating(recount: Recount, _claim: Claim) -> int:
    return len({one for pair in _pairs(recount) for one in pair})


@measure("cooperating_share")
def _cooperating_share(recount: Recount, claim: Claim) -> float | None:
    every = recount.facet("institution")
    return _cooperating(recount, claim) / len(every) if every else None


@measure("largest_pair")
def _largest_pair(recount: Recount, _claim: Claim) -> str | None:
    pairs = _pairs(recount)
    order = sorted(pairs, key=lambda pair: (-pairs[pair], pair))
    return "&".join(order[0]) if order else None


@measure("shared_units")
def _shared(recount: Recount, claim: Claim) -> int:
    one, other = claim.subject.split("&")
    return len(recount.units(one) & recount.units(other))


@measure("partners_of")
def _partners_of(recount: Recount, claim: Claim) -> int:
    key = claim.subject.partition(":")[2]
    return len({a if b == key else b for a, b in _pairs(recount) if key in {a, b}})


_SCIENCE = {"university", "research_institute"}


@measure("science_industry_units")
def _science_industry(recount: Recount, _claim: Claim) -> int:
    """Joint units of a firm with a university or an institute."""
    types = by_index(recount.study.owner_types)

    def mixed(pair: tuple[str, str]) -> bool:
        kinds = {types.get(owner) for owner in pair}
        return "enterprise" in kinds and bool(kinds & _SCIENCE)

    return sum(1 for pairs in _apart(recount) if any(mixed(pair) for pair in pairs))


@measure("science_industry_share")
def _science_industry_share(recount: Recount, claim: Claim) -> float | None:
    joint = _joint(recount, claim)
    return _science_industry(recount, claim) / joint if joint else None


def _joined(recount: Recount) -> list[set[str]]:
    """Sets of organisations that hang together, grown one by one."""
    near: dict[str, set[str]] = defaultdict(set)
    for a, b in _pairs(recount):
        near[a].add(b)
        near[b].add(a)
    found, seen = [], set()
    for start in near:
        if start in seen:
            continue
        group, waiting = set(), [start]
        while waiting:
            one = waiting.pop()
            if one not in group:
                group.add(one)
                waiting.extend(near[one] - group)
        seen |= group
        found.append(group)
    return found


@measure("joint_groups")
def _joint_groups(recount: Recount, claim: Claim) -> int:
    return sum(1 for group in _joined(recount) if len(group) >= int(claim.details["fewest"]))


@measure("largest_group")
def _largest_group(recount: Recount, _claim: Claim) -> int:
    return max((len(group) for group in _joined(recount)), default=0)


@measure("leaders_alone")
def _leaders_alone(recount: Recount, claim: Claim) -> int:
    together = {one for pair in _all_pairs(recount) for one in pair}
    return sum(
        1
        for key in leaders(recount, int(claim.details["top"]), of="institution")
        if key not in together
    )


# Rivals


def leaders(recount: Recount, top: int, fewest: int = 1, of: str = "organisation") -> list[str]:
    """The largest organisations, by size and id."""
    sizes = {key: len(recount.units(f"{of}:{key}")) for key in recount.facet(of)}
    return first_of({key: n for key, n in sizes.items() if n >= fewest}, top)


def first_of(sizes: Mapping[str, int], top: int) -> list[str]:
    """So many by size and id, with all equals of the last; without those where they double the number."""
    order = sorted(sizes, key=lambda key: (-sizes[key], key))
    if len(order) <= top:
        return order
    least = sizes[order[top - 1]]
    tied = [key for key in order if sizes[key] >= least]
    return tied if len(tied) <= 2 * top else [key for key in order if sizes[key] > least]


@measure("leaders_asked")
def _leaders_asked(recount: Recount, claim: Claim) -> int:
    return len(leaders(recount, int(claim.details["top"]), of="institution"))


@measure("leaders_compared")
def _leaders_compared(recount: Recount, claim: Claim) -> int:
    return len(_leaders(recount, claim))


def _leaders(recount: Recount, claim: Claim) -> list[str]:
    return leaders(recount, int(claim.details["top"]), int(claim.details["fewest"]))


def _rate(recount: Recount, key: str, claim: Claim) -> float | None:
    first, last = claim.window or (0, 0)
    before = len(recount.units(f"organisation:{key}", (first, first)))
    now = len(recount.units(f"organisation:{key}", (last, last)))
    if before < int(claim.details["base"]) or not now or last <= first:
        return None
    return float((now / before) ** (1 / (last - first)) - 1)


def _in_force(recount: Recount, key: str, claim: Claim) -> float | None:
    states = recount.status_of
    found: dict[str, set[str]] = defaultdict(set)
    units = recount.units(f"organisation:{key}")
    for publication in (p for p in recount.ids if recount.unit_of[p] in units):
        if not pd.isna(states[publication]):
            found[recount.unit_of[publication]].add(states[publication])
    alive = sum(1 for held in found.values() if "in_force" in held)
    gone = sum(1 for held in found.values()
               if not held & {"in_force", "pending"} and held & set(facts.DEAD))  # fmt: skip
    decided = alive + gone
    return alive / decided if decided >= int(claim.details["base"]) else None


def _overlap(recount: Recount, key: str, claim: Claim) -> float | None:
    """Sum of the smaller share of each technology, of the first leader and of this one."""
    return overlap_with(recount, _leaders(recount, claim)[0], key)


def overlap_with(recount: Recount, first: str, key: str) -> float | None:
    """Overlap of two owners by what either holds without the other; None of partners."""
    own = recount.units(f"organisation:{key}")
    shared = held_together(recount, first, key)
    if key == first or 2 * len(shared) > len(own):
        return None
    one, other = (_profile(recount, k, shared) for k in (first, key))
    if not one or not other:
        return None
    return sum(min(share, other.get(t, 0.0)) for t, share in one.items())


@measure("partners_of_first")
def _partners_of_first(recount: Recount, claim: Claim) -> int:
    """Units that an organisation holds together with the first of the leaders, in a venture or beside it."""
    first = _leaders(recount, claim)[0]
    return len(held_together(recount, first, claim.subject.partition(":")[2]))


def held_together(recount: Recount, one: str, other: str) -> frozenset[str]:
    """Units of both owners, and those of a joint venture of one that the other holds, too."""
    pair = [recount.units(f"owner:{owner}") for owner in (one, other)]
    names = by_index(recount.study.owner_names)
    of_venture = set()
    for unit, parents in _ventures(recount):
        sides = [unit in own or (any(p in names[owner] for p in parents)
                                 and not chinese.venture_of(names[owner]))
                 for own, owner in zip(pair, (one, other), strict=True)]  # fmt: skip
        if all(sides) and (unit in pair[0] or unit in pair[1]):
            of_venture.add(unit)
    return (pair[0] & pair[1]) | frozenset(of_venture)


@kept
def _ventures(recount: Recount) -> list[tuple[str, tuple[str, ...]]]:
    """Units that joint ventures hold, each with the groups that hold the venture."""
    held = facts.holders(recount.study.patents)
    columns = (texts(held[c]) for c in ("publication_id", "name", "name_raw"))
    rows = [(publication, raw if pd.isna(clean) else clean)
            for publication, clean, raw in zip(*columns, strict=True)
            if publication in recount.unit_of]  # fmt: skip
    parents = {name: chinese.venture_of(name) for name in {name for _, name in rows}}
    return [(recount.unit_of[p], parents[name]) for p, name in rows if parents[name]]


def _profile(recount: Recount, key: str, without: frozenset[str]) -> dict[str, float]:
    members = recount.members(f"organisation:{key}")
    held = {p for p in members if recount.unit_of[p] not in without}
    counts = {t: len(held & set(pubs)) for t, pubs in recount.facet("technology").items()
              if t not in recount.study.remainders}  # fmt: skip
    total = sum(counts.values())
    return {t: n / total for t, n in counts.items() if n} if total else {}


_COMPARED = {"rate": _rate, "in_force_share": _in_force, "overlap": _overlap}


@measure("compared")
def _compared(recount: Recount, claim: Claim) -> float | None:
    """The measure ``details["by"]`` of an organisation."""
    key = claim.subject.partition(":")[2]
    return _COMPARED[str(claim.details["by"])](recount, key, claim)


@measure("extreme")
def _extreme(recount: Recount, claim: Claim) -> str | None:
    """Which of the leaders has the highest or the lowest of a measure, equals by their order."""
    function = _COMPARED[str(claim.details["by"])]
    keys = _leaders(recount, claim)
    told = {k: v for k in keys if (v := function(recount, k, claim)) is not None}
    sign = -1 if claim.details["end"] == "highest" else 1
    return min(told, key=lambda k: (sign * told[k], keys.index(k))) if told else None


@measure("crossed_over")
def _crossed_over(recount: Recount, claim: Claim) -> int:
    """Owners, no persons, that are ``details["which"]`` (``entered``, ``left``) in a technology.

    ``entered`` with so many units in the window and none before it, ``left`` with so many in the
    years of the baseline and none in the window.
    """
    late = claim.window or (0, 0)
    first, _, before_last = claim.baseline.partition("-")
    early, past = (int(first), int(before_last)), (0, int(first) - 1)
    fewest, kinds = int(claim.details["fewest"]), recount.study.owner_types
    technologies = set(recount.facet("technology")) - set(recount.study.remainders)
    windows = {
        (key, window): recount.units(f"technology:{key}", window)
        for key in technologies for window in (early, late, past)
    }  # fmt: skip
    found = 0
    for owner, publications in recount.facet("owner").items():
        if kinds.get(owner) == "individual" and not pd.isna(kinds.get(owner)):
            continue
        held = {recount.unit_of[p] for p in publications}
        for key in technologies:
            before, now = len(held & windows[key, early]), len(held & windows[key, late])
            if claim.details["which"] == "left":
                there = before >= fewest and not now
            else:
                there = now >= fewest and not before and not held & windows[key, past]
            if there:
                found += 1
                break
    return found


@measure("crossed_pairs")
def _crossed_pairs(recount: Recount, claim: Claim) -> int:
    """Pairs of an owner, no person, and a technology with units in the window; ``new``: with none before."""
    last = (claim.window or (0, 0))[0] - 1
    technologies = set(recount.facet("technology")) - set(recount.study.remainders)
    kinds = by_index(recount.study.owner_types)
    found = 0
    for owner in recount.facet("owner"):
        if kinds.get(owner) == "individual":
            continue
        own = recount.units(f"owner:{owner}")
        for key in technologies:
            held = own & recount.units(f"technology:{key}")
            there = held & recount.units("set", claim.window)
            known = held & recount.units("set", (0, last))
            found += bool(there) and (claim.details["which"] == "recent" or not known)
    return found


@measure("several_names")
def _several_names(recount: Recount, claim: Claim) -> int:
    """Owners with several names in the data; with ``details["names"]`` the number of these names."""
    held = facts.holders(recount.study.patents)
    ids = facts.party_ids(held, recount.study.owner_level)
    names: dict[str, set[str]] = {}
    for owner, raw, clean in zip(
        texts(ids), texts(held["name_raw"]), texts(held["name"]), strict=True
    ):
        name = clean if pd.isna(raw) else raw
        if not pd.isna(owner) and not pd.isna(name):
            names.setdefault(owner, set()).add(name)
    several = [len(one) for one in names.values() if len(one) > 1]
    return sum(several) if claim.details.get("names") else len(several)
