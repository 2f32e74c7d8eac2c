"""Recomputation of what parts B and C state: places, strength, courses, partners, people, states."""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts
from patentnav._strings import by_index, texts
from patentnav.claims.movements import of_one_owner
from patentnav.claims.recount import Recount, kept, measure
from patentnav.claims.titles import worded
from patentnav.facts import place_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from patentnav.claims.claim import Claim

_NORMAL = 1.959963984540054
_NONE_SEEN = 3.6888794541139363
_CLOSE = 1 + 1e-7  # factor within which two probabilities of the exact test are equal


@measure("recommendation")
def _recommendation(_recount: Recount, claim: Claim) -> Any:
    """What is recommended is a choice; the claims it rests on are recomputed."""
    return claim.value


# Units that are told


def known_units(recount: Recount, claim: Claim) -> set[str]:
    """Units that have any key of the facet ``details["facet"]`` but those of ``details["without"]``."""
    name = str(claim.details["facet"])
    without = claim.details.get("without", ())
    found: set[str] = set()
    for key in recount.facet(name):
        if key not in without:
            found |= recount.units(f"{name}:{key}", claim.window)
    return found


@measure("known_units")
def _known(recount: Recount, claim: Claim) -> int:
    return len(known_units(recount, claim))


@measure("share_of_known")
def _share_of_known(recount: Recount, claim: Claim) -> float | None:
    known = known_units(recount, claim)
    return len(recount.units(claim.subject, claim.window) & known) / len(known) if known else None


@measure("known_share")
def _known_share(recount: Recount, claim: Claim) -> float | None:
    whole = recount.units("set", claim.window)
    return len(known_units(recount, claim)) / len(whole) if whole else None


@measure("units_with_any")
def _with_any(recount: Recount, claim: Claim) -> int:
    """Units with any of the keys ``details["keys"]`` of the facet ``details["facet"]``."""
    return len(_any(recount, claim))


@measure("share_with_any")
def _share_with_any(recount: Recount, claim: Claim) -> float | None:
    whole = recount.units("set", claim.window)
    return len(_any(recount, claim)) / len(whole) if whole else None


def _any(recount: Recount, claim: Claim) -> set[str]:
    name = claim.details["facet"]
    keys: Iterable[str] = claim.details["keys"]
    held = (recount.units(f"{name}:{key}", claim.window) for key in keys)
    return set().union(*held)


# Places


@measure("region_rank")
def _region_rank(recount: Recount, _claim: Claim) -> int:
    """Place of the studied region among all places of its level."""
    counts = _places(recount)
    region = recount.study.inputs.region
    own = place_name(region, recount.study.region_level)
    inside = len(recount.units("region:inside"))
    others = [len(units) for name, units in counts.items() if not _same(name, own)]
    return 1 + sum(1 for count in others if count > inside)


@measure("places")
def _number_of_places(recount: Recount, _claim: Claim) -> int:
    own = place_name(recount.study.inputs.region, recount.study.region_level)
    return 1 + sum(1 for name in _places(recount) if not _same(name, own))


def _same(name: str, own: str) -> bool:
    return name.casefold().startswith(own.casefold())


def _places(recount: Recount) -> dict[str, set[str]]:
    level = recount.study.region_level
    found: dict[str, set[str]] = defaultdict(set)
    held = facts.holder_places(recount.study.patents)
    for publication, place in zip(texts(held["publication_id"]), texts(held[level]), strict=True):
        if not pd.isna(place):
            found[place_name(str(place), level)].add(recount.unit_of[publication])
    return found


@measure("inferred_share")
def _inferred_share(recount: Recount, _claim: Claim) -> float | None:
    """Part of the units with a place whose place is read from a name and from nothing surer."""
    held = facts.holder_places(recount.study.patents)
    sources: dict[str, set[str]] = defaultdict(set)
    columns = (texts(held[c]) for c in ("publication_id", *facts.PLACES, "place_source"))
    for publication, *said, source in zip(*columns, strict=True):
        if any(not pd.isna(value) for value in said):
            sources[recount.unit_of[publication]].add("source" if pd.isna(source) else source)
    inferred = sum(1 for told in sources.values() if told == {"name"})
    return inferred / len(sources) if sources else None


# Strength against the rest of the set


def sides(recount: Recount, claim: Claim) -> tuple[int, int, int, int]:
    """Units of a subject and of all, inside the region and elsewhere.

    All are those with any key of the facet of the subject; what lies in both sides is inside.
    """
    name, _, key = claim.subject.partition("&")[0].partition(":")
    labelled = recount.labelled(name)
    inside = recount.units("region:inside") & labelled
    outside = recount.units("region:outside") & labelled - inside
    here = recount.units(f"{name}:{key}")
    return len(here & inside), len(inside), len(here & outside), len(outside)


@measure("advantage")
def _advantage(recount: Recount, claim: Claim) -> float | None:
    """Share of the subject inside over that elsewhere."""
    own, own_all, rest, rest_all = sides(recount, claim)
    return float(Fraction(own * rest_all, own_all * rest)) if own_all and rest else None


@measure("advantage_low")
def _advantage_low(recount: Recount, claim: Claim) -> float | None:
    return _bound(sides(recount, claim), -1)


@measure("advantage_high")
def _advantage_high(recount: Recount, claim: Claim) -> float | None:
    return _bound(sides(recount, claim), 1)


def _bound(counts: tuple[int, int, int, int], side: int) -> float | None:
    own, own_all, rest, rest_all = counts
    if not own_all or not rest:
        return None
    if not own:
        return 0.0 if side < 0 else (_NONE_SEEN / own_all) / (rest / rest_all)
    error = math.sqrt(1 / own - 1 / own_all + 1 / rest - 1 / rest_all)
    return math.exp(math.log((own / own_all) / (rest / rest_all)) + side * _NORMAL * error)


@measure("groups_with_advantage")
def _advantaged(recount: Recount, claim: Claim) -> int:
    """Keys of a facet with at least ``details["fewest"]`` units inside and a test passed."""
    return len(_standing(recount, claim)[0])


def _standing(recount: Recount, claim: Claim) -> tuple[set[str], set[str]]:
    return strong_and_weak(recount, str(claim.details["facet"]), int(claim.details["fewest"]))


def strong_and_weak(recount: Recount, name: str, fewest: int) -> tuple[set[str], set[str]]:
    """Keys in which the inside is strong (with so many units at least), and in which it is weak."""
    labelled = recount.labelled(name)
    inside = recount.units("region:inside") & labelled
    outside = recount.units("region:outside") & labelled - inside
    counts: dict[str, tuple[int, int]] = {}
    for key in recount.facet(name):
        here = recount.units(f"{name}:{key}")
        if here & (inside | outside):
            counts[key] = (len(here & inside), len(here & outside))
    p = {k: fisher(a, len(inside) - a, b, len(outside) - b) for k, (a, b) in counts.items()}
    q = adjusted(p)
    strong, weak = set(), set()
    for key, (own, rest) in counts.items():
        if q[key] >= _LEVEL:
            continue
        if own * len(outside) > rest * len(inside):
            if own >= fewest:
                strong.add(key)
        else:
            weak.add(key)
    return strong, weak


_LEVEL = 0.05


# Courses


@measure("relative_growth")
def _relative_growth(recount: Recount, claim: Claim) -> float | None:
    """Growth of a technology between two windows over that of all units outside it."""
    cells = _cells(recount, claim.subject, claim.window, _window(claim.baseline))
    recent, earlier, recent_rest, earlier_rest = cells
    if not earlier or not earlier_rest or not recent_rest:
        return None
    return float(Fraction(recent * earlier_rest, earlier * recent_rest))


def _window(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first), int(last)


def _cells(
    recount: Recount, subject: str, late: tuple[int, int] | None, early: tuple[int, int]
) -> tuple[int, int, int, int]:
    name = subject.partition(":")[0]
    labelled = recount.labelled(name)
    now = recount.units("set", late) & labelled
    before = recount.units("set", early) & labelled
    own = recount.units(subject)
    return len(own & now), len(own & before), len(now - own), len(before - own)


@measure("technologies_rising")
def _number_rising(recount: Recount, claim: Claim) -> int:
    return len(rising(recount, claim))


@measure("technologies_wanted")
def _number_wanted(recount: Recount, claim: Claim) -> int:
    """Technologies that rise and in which the region is not strong already."""
    up = rising(recount, claim)
    return len(up if recount.study.local is None else up - _standing(recount, claim)[0])


@measure("technologies_tested")
def _number_tested(recount: Recount, claim: Claim) -> int:
    """Technologies, no remainders, with ``details["fewest"]`` units in both windows together."""
    early, late = _window(claim.baseline), claim.window
    return sum(
        len(recount.units(f"technology:{key}", early))
        + len(recount.units(f"technology:{key}", late))
        >= int(claim.details["fewest"])
        for key in recount.facet("technology")
        if key not in recount.study.remainders
    )


@measure("technologies_of_course")
def _number_of_course(recount: Recount, claim: Claim) -> int:
    """Technologies with the course ``details["course"]``."""
    up = rising(recount, claim)
    strong, weak = _standing(recount, claim)
    real = {k for k in recount.facet("technology") if k not in recount.study.remainders}
    found = {
        "strengthen": up & strong,
        "fill": up & weak,
        "keep": (strong - up) & real,
        "observe": up - strong - weak,
    }
    return len(found[str(claim.details["course"])])


def rising(recount: Recount, claim: Claim) -> set[str]:
    """Technologies that grew, faster than all others, by a test; no remainders."""
    early, late = _window(claim.baseline), claim.window
    cells = {
        key: _cells(recount, f"technology:{key}", late, early)
        for key in recount.facet("technology")
    }
    # As in the first way, a technology without any dated unit is not in the family of tests.
    dated = (
        {k: c for k, c in cells.items() if recount.units(f"technology:{k}", (0, late[1]))}
        if late
        else cells
    )
    q = adjusted({k: fisher(a, b, c, d) for k, (a, b, c, d) in dated.items()})
    bound = _LEVEL * sum(value <= _LEVEL for value in q.values()) / max(len(q), 1)
    fewest = int(claim.details["fewest"])
    over = turned(recount, {k: recount.units(f"technology:{k}") for k in dated}, late)
    over |= unshared(recount, early, late, bound)
    if late:
        over |= of_one_owner(recount, early[0], early[1], late[1])
    return {
        k
        for k, (now, before, now_rest, before_rest) in dated.items()
        if q[k] <= _LEVEL and now + before >= fewest and now > before and k not in over
        and now * before_rest > before * now_rest and k not in recount.study.remainders
    }  # fmt: skip


def unshared(
    recount: Recount, early: tuple[int, int], late: tuple[int, int] | None, bound: float
) -> set[str]:
    """Rising technologies whose words, as the study names them, did not rise by a test."""
    words = recount.study.word_rises["words"].to_dict()
    found = set()
    for key, own in words.items():
        named = worded(recount, tuple(own))
        now, before = (len(recount.units("set", w) & named) for w in (late, early))
        rest, rest_before = (len(recount.units("set", w)) for w in (late, early))
        rest, rest_before = rest - now, rest_before - before
        rose = now > before and now * rest_before > before * rest
        if not rose or fisher(now, before, rest, rest_before) > bound:
            found.add(str(key))
    return found


def turned(
    recount: Recount, held: Mapping[str, Collection[str]], window: tuple[int, int] | None
) -> set[str]:
    """Subjects that fell behind all others within a window: its last years against those before."""
    if window is None:
        return set()
    first, last = window
    split = last - (last - first + 1) // 2
    every = frozenset().union(*held.values())
    then, now = (recount.units("set", w) & every for w in ((first, split), (split + 1, last)))
    cells = {
        k: (len(u & now), len(u & then)) for k, u in ((k, frozenset(v)) for k, v in held.items())
    }
    q = adjusted({k: fisher(a, b, len(now) - a, len(then) - b) for k, (a, b) in cells.items()})
    return {
        k for k, (a, b) in cells.items()
        if q[k] <= _LEVEL and a * (len(then) - b) <= b * (len(now) - a)
    }  # fmt: skip


def fisher(a: int, b: int, c: int, d: int) -> float:
    """Two-sided exact test of a table of two by two, summed outcome by outcome."""
    row, column, total = a + b, a + c, a + b + c + d
    least, most = max(0, row + column - total), min(row, column)

    def log_chance(x: int) -> float:
        return (
            _log_choose(column, x) + _log_choose(total - column, row - x) - _log_choose(total, row)
        )

    seen = math.exp(log_chance(a)) * _CLOSE
    return min(
        1.0, math.fsum(p for x in range(least, most + 1) if (p := math.exp(log_chance(x))) <= seen)
    )


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def adjusted(p: Mapping[str, float]) -> dict[str, float]:
    """Probabilities after Benjamini and Hochberg, from the largest down."""
    q: dict[str, float] = {}
    bound = 1.0
    order = sorted(p, key=lambda key: -p[key])
    for place, key in enumerate(order):
        bound = min(bound, p[key] * len(order) / (len(order) - place))
        q[key] = bound
    return q


# Partners


@measure("partners")
def _partners(recount: Recount, claim: Claim) -> int:
    """Living owners elsewhere with ``details["fewest"]`` units of the technologies in the window."""
    firms = _living(recount) - _subjects(recount) - set(claim.details.get("aside", ()))
    return sum(_reaches(recount, claim, f"owner:{key}") for key in firms)


@kept
def _subjects(recount: Recount) -> set[str]:
    """Owners of more than half of all units, no persons: what the set is about."""
    every = len(set(recount.unit_of.values()))
    return {
        key for key, held in recount.facet("owner").items()
        if 2 * len({recount.unit_of[p] for p in held}) > every and not _is_person(recount, key)
    }  # fmt: skip


@measure("partners_left_out")
def _left_out(recount: Recount, claim: Claim) -> int:
    listed = _living(recount) | _subjects(recount)
    gone = (k for k in recount.facet("owner") if k not in listed and not _is_person(recount, k))
    return sum(_reaches(recount, claim, f"owner:{key}") for key in gone)


@measure("partner_people")
def _partner_people(recount: Recount, claim: Claim) -> int:
    return sum(_reaches(recount, claim, f"person:{key}") for key in recount.facet("person"))


@measure("units_sought")
def _units_sought(recount: Recount, claim: Claim) -> int:
    """Units of an owner in the window, in ``details["technologies"]``, not of the region."""
    return len(_sought(recount, claim, claim.subject.partition("&")[0]))


def _sought(recount: Recount, claim: Claim, subject: str) -> set[str]:
    wanted: Iterable[str] = claim.details["technologies"]
    units = {
        recount.unit_of[p] for p in recount.members(subject) & _offered(recount, tuple(wanted))
    }
    if claim.window is None:
        return units
    first, last = claim.window
    return {u for u in units if first <= recount.year_of.get(u, 0) <= last}


@kept
def _offered(recount: Recount, technologies: tuple[str, ...]) -> set[str]:
    """Publications of technologies, not of the region."""
    pool = set().union(*(recount.members(f"technology:{t}") for t in technologies))
    return pool if recount.study.local is None else pool - recount.members("region:inside")


def _reaches(recount: Recount, claim: Claim, subject: str) -> bool:
    return len(_sought(recount, claim, subject)) >= int(claim.details["fewest"])


def _is_person(recount: Recount, owner: str) -> bool:
    return bool(_kinds(recount).get(owner) == "individual")


@kept
def _kinds(recount: Recount) -> dict[str, Any]:
    return by_index(recount.study.owner_types)


def _living(recount: Recount) -> set[str]:
    """Owners that are no persons, filed lately, and have at most half of what is known gone."""
    from patentnav.study.groups import STALE

    states = recount.status_of
    found: set[str] = set()
    for owner, held in recount.facet("owner").items():
        if _is_person(recount, owner):
            continue
        units: dict[str, bool] = {}
        for publication in held:
            state = states[publication]
            if state in facts.LIVING or state in facts.DEAD:
                unit = recount.unit_of[publication]
                units[unit] = units.get(unit, False) or state in facts.LIVING
        if 2 * sum(units.values()) < len(units):
            continue
        last = max(
            (recount.date_year_of[p] for p in held if p in recount.date_year_of), default=None
        )
        if recount.study.is_dated and (last is None or last <= recount.study.last_year - STALE):
            continue
        found.add(owner)
    return found


@measure("last_filing")
def _last_filing(recount: Recount, claim: Claim) -> int | None:
    """Year of the last filing of a subject, years that are not complete included."""
    years = [recount.date_year_of[p] for p in recount.members(claim.subject)
             if p in recount.date_year_of]  # fmt: skip
    return max(years, default=None)


@measure("living_units")
def _living_units(recount: Recount, claim: Claim) -> int:
    """Units of a subject in force or pending."""
    states = recount.status_of
    return len(
        {recount.unit_of[p] for p in recount.members(claim.subject) if states[p] in facts.LIVING}
    )
