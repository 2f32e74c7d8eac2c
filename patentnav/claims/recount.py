"""Recompute claims from the canonical tables by a second way.

Everything here is counted with sets and loops over the rows of the tables, on purpose: the first way
(:mod:`patentnav.counting`, :mod:`patentnav.indicators`) uses joins and groupings of pandas, and an
error that both would share must be avoided.

A subject is ``set`` or facets joined by ``&``; a facet is ``<name>:<key>``. Measures are functions
registered with :func:`measure`; they take a :class:`Recount` and a claim and return the value that
the claim should have.
"""

from __future__ import annotations

import functools
import math
from collections import Counter, defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

import pandas as pd

from patentnav._register import Register
from patentnav._strings import texts
from patentnav.claims.facets import FACETS
from patentnav.errors import ArgumentError
from patentnav.study.reads import Noted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from patentnav.claims.claim import Claim
    from patentnav.study import Study

    Measure = Callable[["Recount", Claim], Any]

T = TypeVar("T")
# What the attributes of a recount are read from, which many functions take without asking the study.
_RESTS_ON = ("patents", "unit_ids")
_MEASURES: Register[Measure] = Register("measure of claims")


def measure(name: str) -> Callable[[Measure], Measure]:
    """Register the recomputation of a measure.

    Parameters
    ----------
    name
        Name of the measure, as claims have it.

    Returns
    -------
    callable
        The decorator of a function that takes a :class:`Recount` and a claim and returns the value
        that the claim should have.

    Raises
    ------
    ArgumentError
        Another function has this name.
    """

    def register(function: Measure) -> Measure:
        _MEASURES.add(name, function, function)
        return function

    return register


def measures() -> Mapping[str, Measure]:
    """All registered measures by name."""
    return _MEASURES


def kept(function: Callable[..., T]) -> Callable[..., T]:
    """Decorate a function of a :class:`Recount` and plain values: computed once per recount."""
    results: WeakKeyDictionary[Recount, Noted[T]] = WeakKeyDictionary()

    @functools.wraps(function)
    def found(recount: Recount, *values: Any) -> T:
        mine = results.setdefault(recount, Noted())
        # An index of the whole set serves other reports, too; what is of one firm does not.
        made = function if values else shared
        return mine.get(values, lambda: made(recount, *values))

    shared = _for_all(function)
    return found


def _for_all(function: Callable[..., T]) -> Callable[..., T]:
    """Decorate a function of a :class:`Recount` and names: shared by reports where it is the same."""

    @functools.wraps(function)
    def found(recount: Recount, *names: Any) -> T:
        key = ("recount", function.__module__, function.__qualname__, *names)
        return recount.study.remembered(
            key, lambda: recount.made(lambda: function(recount, *names))
        )

    return found


class Recount:
    """The rows of a study's canonical tables, as sets.

    Parameters
    ----------
    study
        The study whose claims are checked. Of its results only the labels that cannot be counted
        are taken as given: technologies and memberships in industries.
    """

    def __init__(self, study: Study) -> None:
        self.study = study
        self.publications = study.patents.publications
        self.ids = [str(i) for i in self.publications.index]

    def made(self, make: Callable[[], T]) -> T:
        """What ``make`` makes, noted as resting on the set and its units, which are read once only."""
        for name in _RESTS_ON:
            self.study.result(name)
        return make()

    def rows(self, *columns: str) -> list[dict[str, Any]]:
        """Values of some columns of the publications, in the order of :attr:`ids`."""
        values = zip(*(texts(self.publications[c]) for c in columns), strict=True)
        return [dict(zip(columns, row, strict=True)) for row in values]

    # Units and years

    @functools.cached_property
    @_for_all
    def unit_of(self) -> dict[str, str]:
        """Counted unit by publication."""
        ids = self.study.unit_ids
        return dict(zip(ids.index, texts(ids), strict=True))

    @functools.cached_property
    def status_of(self) -> dict[str, Any]:
        """Legal status by publication; NaN where it is not known."""
        return dict(zip(self.ids, texts(self.publications["legal_status"]), strict=True))

    @functools.cached_property
    @_for_all
    def year_of(self) -> dict[str, int]:
        """Year of every unit: that of its earliest date."""
        dates = self.publications[self.study.basis]
        first: dict[str, pd.Timestamp] = {}
        for publication, date in zip(self.ids, dates, strict=True):
            if pd.isna(date):
                continue
            unit = self.unit_of[publication]
            if unit not in first or date < first[unit]:
                first[unit] = date
        return {unit: date.year for unit, date in first.items()}

    @functools.cached_property
    @_for_all
    def date_year_of(self) -> dict[str, int]:
        """Year of every publication that has a date; of none where the set has no dates."""
        if not self.study.is_dated:
            return {}
        dates = zip(self.ids, self.publications[self.study.basis], strict=True)
        return {publication: date.year for publication, date in dates if not pd.isna(date)}

    # Facets: key -> publication -> weight

    @functools.cached_property
    def _facets(self) -> Noted[dict[str, dict[str, Fraction]]]:
        return Noted()

    def facet(self, name: str) -> dict[str, dict[str, Fraction]]:
        """Weights of publications by key of a facet; whole weights where it shares nothing.

        Raises
        ------
        ArgumentError
            There is no such facet.
        """
        if name not in FACETS:
            msg = f'"{name}" is no facet of claims. There are {", ".join(FACETS)}.'
            raise ArgumentError(msg)
        return self._facets.get(name, lambda: self._weighed(name))

    @_for_all
    def _weighed(self, name: str) -> dict[str, dict[str, Fraction]]:
        found: dict[str, dict[str, Fraction]] = defaultdict(dict)
        same = {publication: publication for publication in self.ids}  # held once, by all facets
        for key, given, weight in FACETS[name](self.study):
            publication = same.get(given)
            if publication is not None and not _missing(key):
                held = found[str(key)]
                before = held.get(publication)
                held[publication] = weight if before is None else before + weight
        return dict(found)

    def members(self, subject: str) -> set[str]:
        """Publications of a subject."""
        if subject == "set":
            return set(self.ids)
        parts = [part.partition(":") for part in subject.split("&")]
        held = [set(self.facet(name).get(key, {})) for name, _, key in parts]
        return set.intersection(*held)

    # Counts

    def units(self, subject: str, window: tuple[int, int] | None = None) -> frozenset[str]:
        """Units of a subject, those of a window of years where one is given."""
        return self._units.get((subject, window), lambda: self._counted(subject, window))

    @functools.cached_property
    def _units(self) -> Noted[frozenset[str]]:
        return Noted()

    def _counted(self, subject: str, window: tuple[int, int] | None) -> frozenset[str]:
        if window is None:
            return frozenset(self.unit_of[p] for p in self.members(subject))
        first, last = window
        years = self.year_of
        own = self.units(subject)
        return frozenset(u for u in own if u in years and first <= years[u] <= last)

    def sizes(self, name: str, window: tuple[int, int] | None = None) -> dict[str, int]:
        """Number of units of every key of a facet; not to be changed."""
        return self._sizes.get((name, window), lambda: self._sized(name, window))

    def _sized(self, name: str, window: tuple[int, int] | None) -> dict[str, int]:
        every = self.units("set", window)
        return {
            key: len(every.intersection([self.unit_of[p] for p in publications]))
            for key, publications in self.facet(name).items()
        }

    @functools.cached_property
    def _sizes(self) -> Noted[dict[str, int]]:
        return Noted()

    def labelled(self, name: str) -> frozenset[str]:
        """Units that have any key of a facet."""

        def made() -> frozenset[str]:
            publications: set[str] = set().union(*self.facet(name).values())
            return frozenset(self.unit_of[p] for p in publications)

        return self._labelled.get(name, made)

    @functools.cached_property
    def _labelled(self) -> Noted[frozenset[str]]:
        return Noted()

    @functools.cached_property
    def _weights(self) -> Noted[dict[str, Fraction]]:
        return Noted()

    def weights(self, name: str, window: tuple[int, int] | None = None) -> dict[str, Fraction]:
        """Fractional count of every key of a facet: the groups of a unit share it by weight."""
        return self._weights.get((name, window), lambda: self._summed(name, window))

    @_for_all
    def _summed(self, name: str, window: tuple[int, int] | None) -> dict[str, Fraction]:
        # Few shares are different ones: they are tallied, and only the tallies are added up.
        tally: dict[str, Counter[tuple[int, int]]] = defaultdict(Counter)
        for unit, held in self.unit_shares(name).items():
            if window is not None:
                year = self.year_of.get(unit)
                if year is None or not window[0] <= year <= window[1]:
                    continue
            for key, share in held.items():
                tally[key][share.numerator, share.denominator] += 1
        return {key: _added(shares) for key, shares in tally.items()}

    def unit_shares(self, name: str) -> dict[str, dict[str, Fraction]]:
        """Shares of the keys of a facet in every unit that has any; not to be changed."""
        return self._unit_shares.get(name, lambda: self._shared(name))

    @functools.cached_property
    def _unit_shares(self) -> Noted[dict[str, dict[str, Fraction]]]:
        return Noted()

    @_for_all
    def _shared(self, name: str) -> dict[str, dict[str, Fraction]]:
        by_publication: dict[str, dict[str, Fraction]] = defaultdict(dict)
        for key, held in self.facet(name).items():
            for publication, weight in held.items():
                by_publication[publication][key] = weight
        by_unit: dict[str, list[dict[str, Fraction]]] = defaultdict(list)
        for publication, held in by_publication.items():
            by_unit[self.unit_of[publication]].append(_to_one(held))
        shares: dict[str, dict[str, Fraction]] = {}
        for unit, parts in by_unit.items():
            if len(parts) == 1:
                shares[unit] = parts[0]
                continue
            both: dict[str, Fraction] = {}
            for part in parts:
                for key, weight in part.items():
                    both[key] = both[key] + weight if key in both else weight
            shares[unit] = _to_one(both)
        return shares

    def count(self, subject: str, window: tuple[int, int] | None, rule: str) -> Fraction:
        """Whole or fractional count of a subject."""
        if rule != "fractional" or subject == "set":
            return Fraction(len(self.units(subject, window)))
        name, _, key = subject.partition(":")
        return self.weights(name, window).get(key, Fraction(0))

    def value(self, claim: Claim) -> Any:
        """What a claim should say.

        Raises
        ------
        UnknownNameError
            Its measure has no recomputation.
        """
        count = _MEASURES[claim.measure]
        return self.study.remembered(
            ("recount", claim.id), lambda: self.made(lambda: count(self, claim)), claim, count
        )


def _to_one(weights: dict[str, Fraction]) -> dict[str, Fraction]:
    """Weights divided by their sum; nothing where that is nothing."""
    if len(weights) == 1:
        return {key: _ONE if weight else weight for key, weight in weights.items()}
    parts = _parts(tuple([(weight.numerator, weight.denominator) for weight in weights.values()]))
    return dict(zip(weights, parts, strict=True))


@functools.lru_cache(maxsize=10_000)
def _parts(weights: tuple[tuple[int, int], ...]) -> list[Fraction]:
    """Fractions divided by their sum: few lists of weights are different ones."""
    fractions = [Fraction(a, b) for a, b in weights]
    total = sum(fractions, Fraction(0))
    return [one / total if total else one for one in fractions]


def _added(shares: Mapping[tuple[int, int], int]) -> Fraction:
    """Sum of tallied shares: exact, but for shares that only a long denominator can write."""
    short = (Fraction(n * a, b) for (a, b), n in shares.items() if b <= _LONG)
    long = math.fsum(n * (a / b) for (a, b), n in shares.items() if b > _LONG)
    return sum(short, Fraction(0)) + Fraction(long)


_ONE = Fraction(1)
_LONG = 1_000  # denominator from which shares are added as floats: exact ones would grow for ever


def _missing(key: Any) -> bool:
    return not isinstance(key, str) and bool(pd.isna(key))


# Measures


def _largest(counts: Mapping[str, Fraction]) -> list[str]:
    return sorted(counts, key=lambda key: (-counts[key], key))


def counts_of(recount: Recount, name: str, claim: Claim) -> dict[str, Fraction]:
    """Count of every key of a facet, by the claim's rule and window."""
    if claim.rule == "fractional":
        return recount.weights(name, claim.window)
    found = recount.sizes(name, claim.window)
    return {key: _whole(count) for key, count in found.items() if count}


@functools.cache
def _whole(count: int) -> Fraction:
    return Fraction(count)


@measure("units")
def _units(recount: Recount, claim: Claim) -> float:
    return float(recount.count(claim.subject, claim.window, claim.rule))


@measure("publications")
def _publications(recount: Recount, claim: Claim) -> int:
    return len(recount.members(claim.subject))


@measure("given")
def _given(recount: Recount, _claim: Claim) -> int:
    """Publications that were handed in, before those of one application were joined."""
    return len(set(recount.study.given.publications.index))


@measure("share")
def _share(recount: Recount, claim: Claim) -> float | None:
    """Part of the baseline's count; for fractional counts of all keys of the facet together."""
    own = recount.count(claim.subject, claim.window, claim.rule)
    if claim.rule == "fractional" and claim.baseline in {"", "set"}:
        name = claim.subject.partition(":")[0]
        whole = sum(recount.weights(name, claim.window).values(), Fraction(0))
    else:
        whole = recount.count(claim.baseline or "set", claim.window, claim.rule)
    return float(own / whole) if whole else None


@measure("distinct")
def _distinct(recount: Recount, claim: Claim) -> int:
    """Number of keys of the facet ``details["facet"]`` that have any unit."""
    return len(counts_of(recount, str(claim.details["facet"]), claim))


@measure("largest")
def _largest_key(recount: Recount, claim: Claim) -> str | None:
    """Key of the facet ``details["facet"]`` that holds place ``details["rank"]`` (1 the largest)."""
    counts = counts_of(recount, str(claim.details["facet"]), claim)
    place = int(claim.details.get("rank", 1)) - 1
    order = _largest(counts)
    return order[place] if place < len(order) else None


@measure("rank")
def _rank(recount: Recount, claim: Claim) -> int | None:
    """Place of the subject among the keys of its facet, equals sharing the better place."""
    name, _, key = claim.subject.partition(":")
    counts = counts_of(recount, name, claim)
    if key not in counts:
        return None
    return 1 + sum(1 for count in counts.values() if count > counts[key])


@measure("top_share")
def _top_share(recount: Recount, claim: Claim) -> float | None:
    """Part of all units that any of the ``details["top"]`` largest keys holds."""
    name = str(claim.details["facet"])
    counts = counts_of(recount, name, claim)
    keys = _largest(counts)[: int(claim.details["top"])]
    if claim.rule == "fractional":
        whole = sum(counts.values(), Fraction(0))
        return float(sum((counts[k] for k in keys), Fraction(0)) / whole) if whole else None
    held: set[str] = set()
    for key in keys:
        held |= recount.units(f"{name}:{key}", claim.window)
    whole_units = recount.units("set", claim.window)
    return len(held) / len(whole_units) if whole_units else None


@measure("first_year")
def _first_year(recount: Recount, claim: Claim) -> int | None:
    years = [recount.year_of[u] for u in recount.units(claim.subject) if u in recount.year_of]
    return min(years, default=None)


@measure("last_year_filed")
def _last_year(recount: Recount, claim: Claim) -> int | None:
    years = [recount.year_of[u] for u in recount.units(claim.subject) if u in recount.year_of]
    return max(years, default=None)


@measure("peak_year")
def _peak_year(recount: Recount, claim: Claim) -> int | None:
    """Year with most units in the window; the earliest of several."""
    tally = _by_year(recount, claim.subject, claim.window)
    return min(tally, key=lambda year: (-tally[year], year)) if tally else None


@measure("peak")
def _peak(recount: Recount, claim: Claim) -> int | None:
    return max(_by_year(recount, claim.subject, claim.window).values(), default=None)


@measure("rate")
def _rate(recount: Recount, claim: Claim) -> float | None:
    """Compound yearly growth from the first to the last year of the window."""
    if claim.window is None:
        return None
    first, last = claim.window
    before = recount.count(claim.subject, (first, first), claim.rule)
    now = recount.count(claim.subject, (last, last), claim.rule)
    if not before or last == first:
        return None
    rate: float = float(now / before) ** (1 / (last - first)) - 1
    return rate


@measure("parameter")
def _parameter(_recount: Recount, claim: Claim) -> Any:
    """A choice is what it says."""
    return claim.value


def _by_year(recount: Recount, subject: str, window: tuple[int, int] | None) -> dict[int, int]:
    tally: dict[int, int] = defaultdict(int)
    for unit in recount.units(subject, window):
        if unit in recount.year_of:
            tally[recount.year_of[unit]] += 1
    return dict(tally)
