"""Recompute claims on technologies: the tests, effects, leaders and relations, by sets and sums."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav._strings import texts
from patentnav.claims.breadth import breadth_chances
from patentnav.claims.recount import counts_of, kept, measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from patentnav.claims.claim import Claim
    from patentnav.claims.recount import Recount

_CERTAIN, _LAST = 1e-9, 1e-18  # variance that is none, last part of a sum, but for rounding
TIE = 1 + 1e-7  # probabilities that differ by less are equal, as usual in Fisher's test


def _choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def hypergeometric(total: int, marked: int, drawn: int) -> dict[int, float]:
    """Probability of every number of marked ones among those drawn."""
    low, high = max(0, drawn + marked - total), min(drawn, marked)
    whole = _choose(total, drawn)
    return {
        k: math.exp(_choose(marked, k) + _choose(total - marked, drawn - k) - whole)
        for k in range(low, high + 1)
    }


def adjusted(p: Sequence[float], tests: int | None = None) -> list[float]:
    """Probabilities of Benjamini and Hochberg for so many tests, in the given order."""
    m = len(p) if tests is None else tests
    order = sorted(range(len(p)), key=lambda i: p[i], reverse=True)
    q, least = [0.0] * len(p), 1.0
    for below, i in enumerate(order):
        least = min(least, p[i] * m / (len(p) - below))
        q[i] = least
    return q


def named_technologies(recount: Recount) -> list[str]:
    """Technologies without remainders, by id."""
    return [
        key for key in sorted(recount.facet("technology")) if key not in recount.study.remainders
    ]


@measure("labelled")
def _labelled(recount: Recount, claim: Claim) -> int:
    """Publications that have a key of the facet: any, no remainder, or a remainder (``remainders``)."""
    asked = claim.details.get("remainders")
    held = [
        set(publications)
        for key, publications in recount.facet(str(claim.details["facet"])).items()
        if asked is None or (key in recount.study.remainders) == asked
    ]
    return len(set().union(*held)) if held else 0


@measure("mapped")
def _mapped(recount: Recount, _: Claim) -> int:
    """Publications with a place on the map."""
    places = recount.study.technologies.layout
    placed = zip(places["x"], places["y"], strict=True)
    return sum(math.isfinite(x) and math.isfinite(y) for x, y in placed)


@measure("labelled_share")
def _labelled_share(recount: Recount, claim: Claim) -> float:
    return float(_labelled(recount, claim) / len(recount.ids))


@measure("named")
def _named_count(recount: Recount, claim: Claim) -> int:
    """Technologies, without remainders; with ``details["remainder"]`` these."""
    named = len(named_technologies(recount))
    return len(recount.facet("technology")) - named if claim.details.get("remainder") else named


@measure("largest_named")
def _largestnamed(recount: Recount, claim: Claim) -> str | None:
    """The largest technology that is no remainder."""
    counts = counts_of(recount, "technology", claim)
    named = set(named_technologies(recount))
    order = sorted((key for key in counts if key in named), key=lambda k: (-counts[k], k))
    return order[0] if order else None


# Effects


@kept
def _crossed(recount: Recount) -> tuple[int, int, int, int]:
    """Units in technologies and effects, cells, white and dense ones."""
    technology: dict[str, set[str]] = defaultdict(set)
    for key, publications in recount.facet("technology").items():
        for publication in publications:
            technology[recount.unit_of[publication]].add(key)
    return _cells(technology, _told(recount, recount.study.effects))


def _told(recount: Recount, stated: Any) -> dict[str, set[str]]:
    """Groups of every unit by a membership table."""
    groups: dict[str, set[str]] = defaultdict(set)
    column = next(c for c in stated.columns if c != "publication_id")
    for publication, key in zip(texts(stated["publication_id"]), stated[column], strict=True):
        if publication in recount.unit_of:
            groups[recount.unit_of[publication]].add(key)
    return groups


def _cells(
    technology: dict[str, set[str]], effect: dict[str, set[str]]
) -> tuple[int, int, int, int]:
    """Units in both groupings, cells, white and dense ones."""
    both = set(technology) & set(effect)
    rows: dict[str, set[str]] = defaultdict(set)
    columns: dict[str, set[str]] = defaultdict(set)
    for unit in both:
        for key in technology[unit]:
            rows[key].add(unit)
        for key in effect[unit]:
            columns[key].add(unit)
    p, signs = [], []
    for row in sorted(rows):
        for name in sorted(columns):
            seen = len(rows[row] & columns[name])
            chances = hypergeometric(len(both), len(rows[row]), len(columns[name]))
            below = math.fsum(c for k, c in chances.items() if k <= seen)
            above = math.fsum(c for k, c in chances.items() if k >= seen)
            p.append(min(1.0, 2 * min(below, above)))
            signs.append(seen * len(both) - len(rows[row]) * len(columns[name]))
    shown = [sign for sign, q in zip(signs, adjusted(p), strict=True) if q <= 0.05]
    white = sum(1 for sign in shown if sign < 0)
    return len(both), len(p), white, len(shown) - white


@measure("effect_cells")
def _effect_cells(recount: Recount, claim: Claim) -> int:
    """Of the cross of technologies and effects: ``units, cells, white`` or ``dense``."""
    names = ("units", "cells", "white", "dense")
    return _crossed(recount)[names.index(str(claim.details["of"]))]


@kept
def _solved(recount: Recount) -> dict[str, int]:
    """Units by problems and solutions, cells of their cross, and gaps inside technologies."""
    posed, solved = (_told(recount, s) for s in (recount.study.problems, recount.study.solutions))
    units, cells, white, dense = _cells(posed, solved)
    named = ("units", "cells", "white", "dense")
    told = dict(zip(named, (units, cells, white, dense), strict=True))
    everything = set(recount.unit_of.values())
    told["without"] = len(everything - set(posed) - set(solved))
    gaps = 0
    for publications in recount.facet("technology").values():
        own = {recount.unit_of[p] for p in publications}
        problems = {k for u in own for k in posed.get(u, ())}
        solutions = {k for u in own for k in solved.get(u, ())}
        met = {(p, s) for u in own for p in posed.get(u, ()) for s in solved.get(u, ())}
        gaps += len(problems) * len(solutions) - len(met)
    return {**told, "gaps": gaps}


@measure("solution_cells")
def _solution_cells(recount: Recount, claim: Claim) -> int:
    """Of the cross of problems and solutions: ``units, cells, white, dense, without, gaps``."""
    return _solved(recount)[str(claim.details["of"])]


# Relations


def _actors(recount: Recount, through: str) -> Iterable[set[str]]:
    """Technologies of every owner or inventor."""
    technology: dict[str, set[str]] = defaultdict(set)
    for key, publications in recount.facet("technology").items():
        for publication in publications:
            technology[recount.unit_of[publication]].add(key)
    held: dict[str, set[str]] = defaultdict(set)
    for who, publication in _who(recount, through):
        held[who] |= technology.get(recount.unit_of[publication], set())
    return held.values()


def _who(recount: Recount, through: str) -> Iterable[tuple[str, str]]:
    if through == "inventors":
        people = recount.study.patents.inventors
        named = people["inventor_id"].fillna(people["name"]).fillna(people["name_raw"])
        for who, publication in zip(named, texts(people["publication_id"]), strict=True):
            if not pd.isna(who):
                yield who, publication
        return
    for owner, held in _party_owners(recount).items():
        for publication in held:
            yield owner, publication


def _party_owners(recount: Recount) -> dict[str, set[str]]:
    """Owners as relatedness takes them: parties, whatever the level of the study."""
    from patentnav import facts

    held = facts.holders(recount.study.patents)
    ids = facts.party_ids(held, "party")
    found: dict[str, set[str]] = defaultdict(set)
    for owner, publication in zip(texts(ids), texts(held["publication_id"]), strict=True):
        if not pd.isna(owner) and publication in recount.unit_of:
            found[owner].add(publication)
    return found


@kept
def _met(recount: Recount, through: str) -> dict[tuple[str, str], tuple[int, float, float]]:
    """Observed, expected and chance of so many or more, of every pair of technologies that meet."""
    if through == "citations":
        return _met_by_citations(recount)
    several = [held for held in _actors(recount, through) if len(held) > 1]
    seen: dict[tuple[str, str], int] = defaultdict(int)
    for held in several:
        for pair in combinations(sorted(held), 2):
            seen[pair] += 1
    breadths = Counter(len(held) for held in several)
    p = breadth_chances(breadths, Counter(key for held in several for key in held))
    met = {}
    for (one, other), count in seen.items():
        both = [(n, p[breadth][one] * p[breadth][other]) for breadth, n in breadths.items()]
        mean = math.fsum(n * chance for n, chance in both)
        variance = math.fsum(n * chance * (1 - chance) for n, chance in both)
        third = math.fsum(n * chance * (1 - chance) * (1 - 2 * chance) for n, chance in both)
        met[one, other] = (count, mean, _tail(count, mean, variance, third))
    return met


def _met_by_citations(recount: Recount) -> dict[tuple[str, str], tuple[int, float, float]]:
    technology: dict[str, set[str]] = defaultdict(set)
    for key, publications in recount.facet("technology").items():
        for publication in publications:
            technology[recount.unit_of[publication]].add(key)
    edges = recount.study.patents.citations
    pairs = {
        (recount.unit_of[a], recount.unit_of[b])
        for a, b in zip(texts(edges["citing_id"]), texts(edges["cited_id"]), strict=True)
        if a in recount.unit_of and b in recount.unit_of
    }
    seen: dict[tuple[str, str], int] = defaultdict(int)
    for citing, cited in pairs:
        if citing == cited:
            continue
        for one in technology.get(citing, ()):
            for other in technology.get(cited, ()):
                if one != other:
                    seen[min(one, other), max(one, other)] += 1
    sums: dict[str, int] = defaultdict(int)
    for (one, other), count in seen.items():
        sums[one] += count
        sums[other] += count
    whole = max(sum(sums.values()), 1)
    met = {}
    for (one, other), count in seen.items():
        mean = sums[one] * sums[other] / whole
        met[one, other] = (count, mean, _poisson_tail(count, mean))
    return met


def _tail(count: int, mean: float, variance: float, third: float) -> float:
    """Chance of so many or more in a sum of unequal chances: normal, corrected for its skewness."""
    if variance <= _CERTAIN:
        return math.nan
    spread = math.sqrt(variance)
    z = (count - 0.5 - mean) / spread
    normal = math.erfc(z / math.sqrt(2)) / 2
    skewed = third / spread**3 * (z * z - 1) * math.exp(-z * z / 2) / math.sqrt(2 * math.pi) / 6
    return min(1.0, max(0.0, normal + skewed))


def _poisson_tail(count: int, mean: float) -> float:
    """Chance of so many or more where so many are expected, each rare."""
    term = math.exp(count * math.log(mean) - mean - math.lgamma(count + 1)) if mean > 0 else 0.0
    terms = [term]
    while term > 0 and (len(terms) < mean or term > _LAST * terms[0]):
        term *= mean / (count + len(terms))
        terms.append(term)
    return min(1.0, math.fsum(terms))


@measure("met")
def _met_count(recount: Recount, claim: Claim) -> float:
    """How often two technologies meet; with ``details["expected"]`` what chance gives."""
    one, other = sorted(part.partition(":")[2] for part in claim.subject.split("&"))
    count, mean, _ = _met(recount, str(claim.details["through"]))[one, other]
    return mean if claim.details.get("expected") else count


@measure("related_pairs")
def _related_pairs(recount: Recount, claim: Claim) -> int:
    """Pairs (no remainders) that meet more than chance has it, adjusted for all pairs."""
    named = set(named_technologies(recount))
    fewest = int(claim.details["fewest"])
    rows = [
        (mean, chance)
        for pair, (count, mean, chance) in _met(recount, str(claim.details["through"])).items()
        if count >= fewest and named.issuperset(pair) and not math.isnan(chance)
    ]
    p = [chance for _, chance in rows]
    q = adjusted(p, len(named) * (len(named) - 1) // 2)
    return sum(1 for (mean, _), value in zip(rows, q, strict=True) if value <= 0.05 and mean >= 1)


@measure("pairs")
def _pairs(recount: Recount, _claim: Claim) -> int:
    """Pairs of technologies that are no remainders."""
    named = len(named_technologies(recount))
    return named * (named - 1) // 2


@measure("alike")
def _alike(recount: Recount, claim: Claim) -> float:
    """Cosine of the distributions of two technologies over subclasses."""
    classes = recount.unit_shares("subclass")
    technologies = recount.unit_shares("technology")
    sums: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for unit, keys in technologies.items():
        for key, weight in keys.items():
            for subclass, part in classes.get(unit, {}).items():
                sums[key][subclass] += weight * part
    one, other = (sums[part.partition(":")[2]] for part in claim.subject.split("&"))
    product = sum((one[c] * other[c] for c in one.keys() & other.keys()), Fraction(0))
    lengths = (math.sqrt(sum(v * v for v in s.values())) for s in (one, other))
    return float(product) / math.prod(lengths)
