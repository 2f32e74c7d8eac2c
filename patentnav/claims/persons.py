"""Recount what is said of people looked at: needs, the pool, tiers, ways, filings around moves."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import pandas as pd
from scipy.stats import hypergeom

from patentnav import facts, indicators, talent
from patentnav._strings import texts
from patentnav.claims.recount import Recount, kept, measure

if TYPE_CHECKING:
    from patentnav.claims.claim import Claim

_BREAKS = ";\uff1b,\uff0c\u3001/|"


class _Person:
    """Units of one person: the first publication and the date of each."""

    def __init__(self) -> None:
        self.units: dict[str, tuple[pd.Timestamp, str]] = {}
        self.leads: set[str] = set()


@kept
def _persons(recount: Recount) -> dict[str, _Person]:
    table = recount.study.patents.inventors
    filed, out = (
        dict(zip(recount.ids, recount.publications[c], strict=True))
        for c in ("application_date", "publication_date")
    )
    rows = zip(texts(table["inventor_id"]), texts(table["publication_id"]), texts(table["position"]),
               strict=True)  # fmt: skip
    found: dict[str, _Person] = defaultdict(_Person)
    for who, publication, position in rows:
        if pd.isna(who) or publication not in recount.unit_of:
            continue
        date = out[publication] if pd.isna(filed[publication]) else filed[publication]
        person, unit = found[who], recount.unit_of[publication]
        known = person.units.get(unit)
        if known is None or _order(date, publication) < _order(*known):
            person.units[unit] = (date, publication)
        if position == 1:
            person.leads.add(publication)
    return dict(found)


def _order(date: pd.Timestamp, publication: str) -> tuple[pd.Timestamp, str]:
    """Dated publications by their date, the others last; then by id."""
    return (pd.Timestamp.max if pd.isna(date) else date, publication)


def _late(person: _Person, last: int, years: int) -> int:
    return sum(not pd.isna(d) and d.year > last - years for d, _ in person.units.values())


def _resident(recount: Recount) -> dict[str, bool]:
    """People by whether half or more of their filings of known place lie in the region."""
    region = recount.study.inputs.region
    if not region:
        return {}
    return _living(recount, region)


@kept
def _living(recount: Recount, region: str) -> dict[str, bool]:
    inside = facts.inside(recount.study.patents, region)
    flags = dict(zip(inside.index, inside, strict=True))
    found = {}
    for who, person in _persons(recount).items():
        told = [
            bool(flags[p]) for _, p in person.units.values() if not pd.isna(flags.get(p, pd.NA))
        ]
        if told:
            found[who] = 2 * sum(told) >= len(told)
    return found


# Needs


@kept
def _met(recount: Recount) -> dict[str, set[str]]:
    """Publications of every need, read again text by text."""
    study = recount.study
    if "TN" not in study.user_tables:
        return {}
    words = _words(recount)
    named = {_plain(name): set(ids) for name, ids in study.need_groups.items()}
    owners: dict[str, str] = defaultdict(str)
    if study.patents.has("parties"):
        table = study.patents.parties
        for publication, name in zip(
            texts(table["publication_id"]), texts(table["name_raw"]), strict=True
        ):
            owners[publication] += "" if pd.isna(name) else "\n" + _plain(name)
    found = {}
    for row in study.user_tables["TN"].frame.to_dict("records"):
        wish = str(row["technology"])
        held = named.get(_plain(wish))
        if held is None:
            parts = [_plain(t) for t in re.split(f"[{re.escape(_BREAKS)}]", wish) if t.strip()]
            held = {p for p, text in words.items() if any(t in text for t in parts)}
        without = row["exclude"] if isinstance(row["exclude"], list | tuple) else ()
        stop = [_plain(t) for t in without]
        found[str(row["need_id"])] = {
            p for p in held if p in words and not any(t in words[p] + owners[p] for t in stop)
        }
    return found


def _plain(text: Any) -> str:
    return "".join(str(text).split()).casefold()


@kept
def _words(recount: Recount) -> dict[str, str]:
    titles = zip(recount.ids, texts(recount.publications["title"]), strict=True)
    found = {
        p: "" if pd.isna(t) else "\n".join(_plain(line) for line in str(t).split("\n"))
        for p, t in titles
    }
    if recount.study.patents.has("texts"):
        table = recount.study.patents.texts
        for publication, field, text in zip(
            texts(table["publication_id"]), texts(table["field"]), texts(table["text"]), strict=True
        ):
            if (
                field in {"title", "abstract", "claims"}
                and publication in found
                and not pd.isna(text)
            ):
                found[publication] += "\n" + "\n".join(
                    _plain(line) for line in str(text).split("\n")
                )
    return found


@measure("need_units")
def _need_units(recount: Recount, claim: Claim) -> int:
    return len({recount.unit_of[p] for p in _met(recount)[str(claim.details["need"])]})


@measure("need_people")
def _need_people(recount: Recount, claim: Claim) -> int:
    """People named in what meets a need; of the region or of the pool where asked."""
    people = _meeting(recount, str(claim.details["need"]))
    among = claim.details.get("among")
    if among == "local":
        inside = _resident(recount)
        return sum(inside.get(who, False) for who in people)
    if among == "pool":
        return len(people & _funnel(recount, *_rules(claim))["sure"])
    return len(people)


def _meeting(recount: Recount, need: str) -> set[str]:
    held = _met(recount)[need]
    table = recount.study.patents.inventors
    rows = zip(texts(table["inventor_id"]), texts(table["publication_id"]), strict=True)
    return {who for who, p in rows if p in held and not pd.isna(who)}


@measure("need_cosine")
def _need_cosine(recount: Recount, claim: Claim) -> float:
    """Cosine of the units by technology of a person and of a need."""
    who = claim.subject.removeprefix("person:")
    table = recount.study.patents.inventors
    rows = zip(texts(table["inventor_id"]), texts(table["publication_id"]), strict=True)
    own = _by_technology(recount, {p for person, p in rows if person == who})
    other = _by_technology(recount, _met(recount)[str(claim.details["need"])])
    dot = sum(own[t] * other[t] for t in own)
    return dot / math.sqrt(sum(n * n for n in own.values()) * sum(n * n for n in other.values()))


def _by_technology(recount: Recount, held: set[str]) -> Counter[str]:
    remainders = recount.study.remainders
    return Counter({
        key: len({recount.unit_of[p] for p in set(members) & held})
        for key, members in recount.facet("technology").items()
        if key not in remainders and set(members) & held
    })  # fmt: skip


@measure("need_person_units")
def _need_person_units(recount: Recount, claim: Claim) -> int:
    who = claim.subject.removeprefix("person:")
    table = recount.study.patents.inventors
    held = _met(recount)[str(claim.details["need"])]
    rows = zip(texts(table["inventor_id"]), texts(table["publication_id"]), strict=True)
    return len({recount.unit_of[p] for person, p in rows if person == who and p in held})


# Pool and tiers


def _rules(claim: Claim) -> tuple[int, int, float]:
    details = claim.details
    return int(details["fewest"]), int(details["years"]), float(details["sure"])


@kept
def _funnel(recount: Recount, fewest: int, years: int, sure: float) -> dict[str, set[str]]:
    last = recount.study.last_year
    people = _persons(recount)
    table = recount.study.patents.inventors
    least: dict[str, float] = {}
    for who, confidence in zip(
        texts(table["inventor_id"]), texts(table["confidence"]), strict=True
    ):
        if not pd.isna(who) and not pd.isna(confidence):
            least[who] = min(least.get(who, 1.0), float(confidence))
    held: dict[str, set[str]] = {"all": set(people)}
    held["enough"] = {w for w in held["all"] if len(people[w].units) >= fewest}
    held["active"] = {w for w in held["enough"] if _late(people[w], last, years)}
    met = _met(recount)
    field = {recount.unit_of[p] for ids in met.values() for p in ids}
    held["in_field"] = {w for w in held["active"] if not met or set(people[w].units) & field}
    held["sure"] = {w for w in held["in_field"] if least.get(w, 0.0) >= sure}
    return held


@measure("pool_people")
def _pool_people(recount: Recount, claim: Claim) -> int:
    """People of a stage of the pool; with ``namesakes``, those who share their name."""
    chosen = _funnel(recount, *_rules(claim))[str(claim.details["stage"])]
    if not claim.details.get("namesakes"):
        return len(chosen)
    ids: dict[str, set[str]] = defaultdict(set)
    first: dict[str, str] = {}
    order = recount.study.inventor_units
    for who, name in zip(texts(order["inventor_id"]), texts(order["name"]), strict=True):
        if not pd.isna(name):
            first.setdefault(who, name)
    for who, name in first.items():
        ids[name].add(who)
    return sum(len(ids[first[who]]) > 1 for who in chosen if who in first)


@kept
def _measured(
    recount: Recount, fewest: int, years: int, sure: float
) -> dict[str, list[float | None]]:
    """Output, impact, lead, late and match of the pool's people with enough units."""
    study = recount.study
    people, last = _persons(recount), study.last_year
    size: Counter[str] = Counter(u for person in people.values() for u in person.units)
    received: dict[str, Any] = {}
    if study.patents.has("citations"):
        values = indicators.compute(study.patents, ["technology_relevance"])["technology_relevance"]
        received = dict(zip(values.index, values, strict=True))
    found: dict[str, list[float | None]] = {}
    best: dict[str, float] = {}
    if "TN" in study.user_tables:
        for who, cosine in zip(
            texts(study.matched["inventor_id"]), texts(study.matched["cosine"]), strict=True
        ):
            if not pd.isna(cosine):
                best[who] = max(best.get(who, 0.0), float(cosine))
    for who in _funnel(recount, fewest, years, sure)["sure"]:
        person = people[who]
        if len(person.units) < talent.MIN_RECORDS:
            continue
        cited = [
            float(received[p]) for _, p in person.units.values() if not pd.isna(received.get(p))
        ]
        leads = sum(p in person.leads for _, p in person.units.values())
        found[who] = [
            sum(1 / size[u] for u in person.units), sum(cited) / len(cited) if cited else None,
            leads / len(person.units), float(_late(person, last, years)), best.get(who),
        ]  # fmt: skip
    return found


def _free(rows: dict[str, list[float | None]], without: int = -1) -> set[str]:
    """People whom nobody beats, one measure left out where asked; differences of rounding are none."""
    kept_ = [i for i in range(5) if i != without and any(r[i] is not None for r in rows.values())]

    def beats(one: list[float | None], other: list[float | None]) -> bool:
        more = False
        for i in kept_:
            mine, theirs = one[i], other[i]
            if theirs is None:
                continue
            if mine is None or (mine < theirs and not math.isclose(mine, theirs)):
                return False
            more |= mine > theirs and not math.isclose(mine, theirs)
        return more

    return {w for w, row in rows.items() if not any(beats(r, row) for r in rows.values())}


@measure("tier_people")
def _tier_people(recount: Recount, claim: Claim) -> int:
    """People judged, in the first tier, of the region there, or steady there."""
    rows = _measured(recount, *_rules(claim))
    which = claim.details["which"]
    if which == "judged":
        return len(rows)
    first = _free(rows)
    if which == "local":
        inside = _resident(recount)
        return sum(inside.get(who, False) for who in first)
    if which == "steady":
        told = [i for i in range(5) if any(r[i] is not None for r in rows.values())]
        for i in told if len(told) > 1 else ():
            first &= _free(rows, i)
    return len(first)


@measure("person_part")
def _person_part(recount: Recount, claim: Claim) -> float:
    """Units, those of the last years, output or part named first of one person."""
    person = _persons(recount)[claim.subject.removeprefix("person:")]
    part = claim.details["part"]
    if part == "units":
        return len(person.units)
    if part == "late":
        return _late(person, recount.study.last_year, int(claim.details["years"]))
    if part == "lead":
        return sum(p in person.leads for _, p in person.units.values())
    size: Counter[str] = Counter(u for one in _persons(recount).values() for u in one.units)
    return sum(1 / size[u] for u in person.units)


# Supply, ways, moves


@measure("people_supply")
def _people_supply(recount: Recount, claim: Claim) -> float | int:
    """Technologies with significantly few people of the region, or the numbers of one of them."""
    rows = _supplied(recount)
    which = claim.details["which"]
    if which == "all":
        return len(rows)
    if which == "scarce":
        order = sorted(rows.values(), key=lambda r: r["p"])
        q = 1.0
        few = 0
        for place in range(len(order), 0, -1):
            q = min(q, order[place - 1]["p"] * len(order) / place)
            row = order[place - 1]
            few += q < claim.details["level"] and row["expected"] >= claim.details["least"]
        return few
    return rows[claim.subject.removeprefix("technology:")][which]


@kept
def _supplied(recount: Recount) -> dict[str, dict[str, float]]:
    study = recount.study
    inside, window = _resident(recount), study.recent
    member: dict[str, set[str]] = defaultdict(set)
    for key, held in recount.facet("technology").items():
        if key in study.remainders:
            continue
        for who, person in _persons(recount).items():
            if who in inside and any(
                p in held and window[0] <= recount.year_of.get(u, 0) <= window[1]
                for u, (_, p) in person.units.items()
            ):
                member[key].add(who)
    every = set().union(*member.values()) if member else set()
    own = sum(inside[w] for w in every)
    found = {}
    for key, people in member.items():
        local = sum(inside[w] for w in people)
        expected = len(people) * own / len(every)
        chance = float(hypergeom.cdf(local, len(every), own, len(people)))
        found[key] = {"people": len(people), "local": local, "expected": expected, "p": chance,
                      "ratio": local / expected if expected else math.nan}  # fmt: skip
    return found


@measure("people_within")
def _people_within(recount: Recount, claim: Claim) -> int:
    """People of the pool elsewhere, those at most ``steps`` from anybody of the region where given."""
    inside = _resident(recount)
    chosen = {w for w in _funnel(recount, *_rules(claim))["sure"] if inside.get(w) is False}
    if claim.details["steps"] is None:
        return len(chosen)
    together: dict[str, set[str]] = defaultdict(set)
    for who, person in _persons(recount).items():
        for unit in person.units:
            together[unit].add(who)
    reached = {w for w, here in inside.items() if here}
    for _ in range(int(claim.details["steps"])):
        reached = reached.union(*(people for people in together.values() if people & reached))
    return len(chosen & reached)


@measure("left_part")
def _left_part(recount: Recount, claim: Claim) -> int:
    """Around the likely moves of the pool's people: moves, people, units that stay or were close."""
    moved = talent.moves(recount.study.patents, recount.study.unit, min_probability=talent.LIKELY)
    chosen = _funnel(recount, *_rules(claim))["sure"]
    rows = [row for row in moved.to_dict("records") if row["inventor_id"] in chosen]
    which = claim.details["which"]
    if which == "people":
        return len({row["inventor_id"] for row in rows})
    if which == "moves":
        return len(rows)
    owned = talent.owners(recount.study.patents)
    owner_of: dict[str, set[str]] = defaultdict(set)
    for publication, owner in zip(
        texts(owned["publication_id"]), texts(owned["owner"]), strict=True
    ):
        owner_of[publication].add(owner)
    total = 0
    for row in rows:
        held = _persons(recount)[row["inventor_id"]].units.values()
        side = "to_owner" if which == "after" else "from_owner"
        dates = [d for d, p in held if not pd.isna(d) and row[side] in owner_of[p]]
        if which == "before":
            until = row["first_date"]
            dates = [
                d
                for d in dates
                if (d.year + 1, d.month, d.day) > (until.year, until.month, until.day)
            ]
        elif which == "after":
            dates = [d for d in dates if d < row["last_date"] + pd.DateOffset(years=1)]
        total += len(dates)
    return total
