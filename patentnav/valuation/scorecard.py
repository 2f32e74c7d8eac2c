"""Scorecards: which indicators count how much, as data."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from patentnav import _files, _resources
from patentnav._shown import presented
from patentnav.errors import ArgumentError, FormatError
from patentnav.indicators import registry
from patentnav.indicators.cohort import COHORT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from patentnav.indicators.registry import KnownAt

DIMENSIONS = ("legal", "technical", "economic")
SUMS = (1.0, 10.0, 100.0)
WIDEN = (("year",),)
Tiers = Literal["all", "alive"]
_KEYS = {
    "kind", "names", "purpose", "known_at", "outcome", "cohort", "widen", "min_cohort",
    "min_coverage", "tiers_of", "tiers", "indicators",
}  # fmt: skip
_ENTRY_KEYS = {"indicator", "dimension", "weight", "direction", "cohort", "leave_out"}


@dataclass(frozen=True)
class Entry:
    """One indicator of a scorecard.

    Attributes
    ----------
    indicator
        Names; the one that is known for most publications of a set is used for all.
    dimension
        ``legal``, ``technical`` or ``economic``.
    weight
        Its weight; the weights of a card sum to 1, 10 or 100.
    higher
        Whether higher values are better.
    cohort
        What a value is compared within; empty: the whole set.
    leave_out
        Whether it is left out of a score for a moment before it is known; else that is refused.
    """

    indicator: tuple[str, ...]
    dimension: str
    weight: float
    higher: bool
    cohort: tuple[str, ...]
    leave_out: bool = False


@presented()
@dataclass(frozen=True)
class Scorecard:
    """A weighted scorecard; see ``data/scorecards/default.toml`` for the meaning of its values."""

    name: str
    entries: tuple[Entry, ...]
    tiers: Mapping[str, float]
    min_cohort: int = 30
    min_coverage: float = 0.0
    widen: tuple[tuple[str, ...], ...] = WIDEN
    outcome: tuple[str, ...] = ()
    known_at: KnownAt = "later"
    tiers_of: Tiers = "all"
    names: Mapping[str, str] | None = None
    purpose: Mapping[str, str] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain form."""
        return asdict(self)

    def ladder(self, entry: Entry) -> tuple[tuple[str, ...], ...]:
        """Cohorts of an entry from the stated one to the whole set."""
        steps = [entry.cohort, *(w for w in self.widen if set(w) < set(entry.cohort)), ()]
        return tuple(dict.fromkeys(steps))

    def within(self, cohort: Sequence[str]) -> Scorecard:
        """The card with every indicator compared within the same cohort.

        Raises
        ------
        UnknownNameError
            There is no such cohort column.
        """
        columns = tuple(cohort)
        _check_cohort(columns)
        return replace(self, entries=tuple(replace(e, cohort=columns) for e in self.entries))

    def at(self, moment: KnownAt) -> Scorecard:
        """The card for a score of a moment: without what may be left out and is known later.

        Raises
        ------
        ArgumentError
            An indicator that may not be left out is known only later, or nothing is left.
        UnknownNameError
            There is no such moment.
        """
        registry.check_moment(moment)
        kept, late = [], []
        for entry in self.entries:
            known = tuple(n for n in entry.indicator if registry.get(n).known_by(moment))
            if known:
                kept.append(replace(entry, indicator=known))
            elif not entry.leave_out:
                late.append(entry)
        if late or not kept:
            listed = _moments(late or [*self.entries])
            msg = (
                f'The scorecard "{self.name}" looks beyond the moment known_at="{moment}": {listed}. '
                "Take these out of the card, write leave_out = true beside them, ask for a later "
                "moment, or leave known_at away for a description of today."
            )
            raise ArgumentError(msg)
        return replace(self, entries=tuple(kept), known_at=moment)


def _moments(entries: list[Entry]) -> str:
    return ", ".join(f"{n} ({registry.get(n).known_at})" for e in entries for n in e.indicator)


def load(source: str | Path) -> Scorecard:
    """Read a scorecard.

    Parameters
    ----------
    source
        Name of a file in ``scorecards/`` of the data folders (``"default"``), or a path.

    Returns
    -------
    Scorecard

    Raises
    ------
    UnknownNameError
        There is no such scorecard, or it names an unknown indicator, key, dimension, cohort or
        moment.
    FormatError
        The file is no weighted scorecard; weights are not positive or do not sum to 1, 10 or 100;
        a threshold lies outside its range; an indicator is what the card is tested on, or is known
        only after the card's moment.
    """
    is_path = isinstance(source, Path) or source.endswith(".toml")
    file = Path(source) if is_path else _resources.path("scorecards", str(source))
    if not _files.is_file(file):
        msg = f'There is no scorecard "{file}". Give a name or the path of a TOML file.'
        raise FormatError(msg)
    table = _resources.parse_toml(file)
    if table.get("kind") != "weighted" or not table.get("indicators"):
        msg = (
            f'"{file.name}" is no weighted scorecard: it needs kind = "weighted" and at least one '
            "[[indicators]]. See scorecards/default.toml."
        )
        raise FormatError(msg)
    _resources.check_keys(table, _KEYS, file.name)
    own = tuple(table.get("cohort", ()))
    _check_cohort(own)
    entries = tuple(
        _entry(one, own, file.name) for one in _weighted(table["indicators"], file.name)
    )
    _check_once(entries, file.name)
    tiers = {str(k): float(v) for k, v in table.get("tiers", {}).items()}
    widen = tuple(tuple(step) for step in table.get("widen", WIDEN))
    for step in widen:
        _check_cohort(step)
    _resources.check_keys({table.get("tiers_of", "all"): None}, {"all", "alive"}, "tiers_of")
    card = Scorecard(
        name=file.stem,
        entries=entries,
        tiers=dict(sorted(tiers.items(), key=lambda item: -item[1])),
        min_cohort=int(table.get("min_cohort", 30)),
        min_coverage=float(table.get("min_coverage", 0.0)),
        widen=widen,
        outcome=tuple(table.get("outcome", ())),
        known_at=table.get("known_at", "later"),
        tiers_of=table.get("tiers_of", "all"),
        names=table.get("names"),
        purpose=table.get("purpose"),
    )
    _check_thresholds(card, file.name)
    _check_foresight(card, file.name)
    return card


def _weighted(entries: list[dict[str, Any]], where: str) -> list[dict[str, Any]]:
    """Entries with their weights: equal ones where none is given."""
    given = [one for one in entries if "weight" in one]
    if not given:
        return [{**one, "weight": 1 / len(entries)} for one in entries]
    weights = [float(one.get("weight", 0)) for one in entries]
    if min(weights) <= 0 or not all(math.isfinite(w) for w in weights):
        named = ", ".join(
            f"{e.get('indicator')}: {w:g}" for e, w in zip(entries, weights, strict=True)
        )
        msg = (
            f'"{where}": every entry needs a positive weight, or none of them any ({named}). '
            'Take out what shall not count; for "lower is better" write direction = "lower".'
        )
        raise FormatError(msg)
    total = math.fsum(weights)
    if not any(abs(total - wanted) <= 1e-6 * wanted for wanted in SUMS):
        msg = (
            f'"{where}": the weights sum to {total:g}, not to 1, 10 or 100. Mend them so that each '
            "says its share, or leave all of them away for equal weights."
        )
        raise FormatError(msg)
    return entries


def _check_once(entries: tuple[Entry, ...], where: str) -> None:
    names = [name for entry in entries for name in entry.indicator]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        msg = f'"{where}" names {", ".join(twice)} twice. Add the weights up in one entry.'
        raise FormatError(msg)


def _check_cohort(columns: Any) -> None:
    _resources.check_keys(dict.fromkeys(columns), set(COHORT_COLUMNS), "cohort")


def _check_thresholds(card: Scorecard, where: str) -> None:
    wrong = [f"tier {name} = {least:g}" for name, least in card.tiers.items()
             if not 0 <= least <= 100]  # fmt: skip
    if len(set(card.tiers.values())) < len(card.tiers):
        wrong.append("two tiers with the same threshold")
    if card.min_cohort < 1:
        wrong.append(f"min_cohort = {card.min_cohort}")
    if not 0 <= card.min_coverage <= 1:
        wrong.append(f"min_coverage = {card.min_coverage:g}")
    if wrong:
        msg = (
            f'"{where}": {", ".join(wrong)}. Tiers begin at a score from 0 to 100, each at another; '
            "min_cohort is at least 1, min_coverage a share from 0 to 1."
        )
        raise FormatError(msg)


def _check_foresight(card: Scorecard, where: str) -> None:
    """No indicator is the outcome that the card is tested on, nor known only after its moment."""
    for name in card.outcome:
        registry.get(name)
    inside = [n for e in card.entries for n in e.indicator if n in card.outcome]
    if inside:
        msg = (
            f'"{where}" holds what it is tested on: {", ".join(inside)}. Take it out of the '
            "indicators, or out of outcome."
        )
        raise FormatError(msg)
    try:
        card.at(card.known_at)
    except ArgumentError as error:
        raise FormatError(f'"{where}": {error}') from error


def _entry(one: Mapping[str, Any], cohort: tuple[str, ...], where: str) -> Entry:
    _resources.check_keys(one, _ENTRY_KEYS, where)
    given = one.get("indicator", ())
    names = (given,) if isinstance(given, str) else tuple(given)
    for name in names:
        if registry.get(name).level != "publication":
            msg = f'"{where}": {name} is an indicator of owners or groups, not of publications.'
            raise FormatError(msg)
    _resources.check_keys({str(one.get("dimension")): None}, set(DIMENSIONS), "dimension")
    own = tuple(one.get("cohort", cohort))
    _check_cohort(own)
    direction = one.get("direction", "higher")
    _resources.check_keys({direction: None}, {"higher", "lower"}, "direction")
    if not names:
        msg = f'"{where}": an entry names no indicator. See indicators.list().'
        raise FormatError(msg)
    return Entry(
        indicator=names,
        dimension=one["dimension"],
        weight=float(one["weight"]),
        higher=direction == "higher",
        cohort=own,
        leave_out=bool(one.get("leave_out", False)),
    )
