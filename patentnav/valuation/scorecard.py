"""Scorecards: which indicators count how much, as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentnav import _files, _resources
from patentnav.errors import FormatError
from patentnav.indicators import registry
from patentnav.indicators.baseline import COHORT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

DIMENSIONS = ("legal", "technical", "economic")
_KEYS = {"kind", "names", "min_cohort", "min_coverage", "tiers", "indicators"}
_ENTRY_KEYS = {"indicator", "dimension", "weight", "direction", "cohort"}


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
        Its weight; only proportions matter.
    higher
        Whether higher values are better.
    cohort
        What a value is compared within; empty: the whole set.
    """

    indicator: tuple[str, ...]
    dimension: str
    weight: float
    higher: bool
    cohort: tuple[str, ...]


@dataclass(frozen=True)
class Scorecard:
    """A weighted scorecard; see ``data/scorecards/default.toml`` for the meaning of its values."""

    name: str
    entries: tuple[Entry, ...]
    tiers: Mapping[str, float]
    min_cohort: int = 30
    min_coverage: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Plain form."""
        return asdict(self)


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
        There is no such scorecard, or it names an unknown indicator, key, dimension or cohort.
    FormatError
        The file is no weighted scorecard, or a weight is not positive.
    """
    is_path = isinstance(source, Path) or source.endswith(".toml")
    file = Path(source) if is_path else _resources.path("scorecards", str(source))
    if not _files.is_file(file):
        msg = f'There is no scorecard "{file}". Give a name or the path of a TOML file.'
        raise FormatError(msg)
    entry = _resources.parse_toml(file)
    if entry.get("kind") != "weighted" or not entry.get("indicators"):
        msg = (
            f'"{file.name}" is no weighted scorecard: it needs kind = "weighted" and at least one '
            "[[indicators]]. See scorecards/default.toml."
        )
        raise FormatError(msg)
    _resources.check_keys(entry, _KEYS, file.name)
    entries = tuple(_entry(one, file.name) for one in entry["indicators"])
    tiers = {str(k): float(v) for k, v in entry.get("tiers", {}).items()}
    return Scorecard(
        name=file.stem,
        entries=entries,
        tiers=dict(sorted(tiers.items(), key=lambda item: -item[1])),
        min_cohort=int(entry.get("min_cohort", 30)),
        min_coverage=float(entry.get("min_coverage", 0.0)),
    )


def _entry(one: Mapping[str, Any], where: str) -> Entry:
    _resources.check_keys(one, _ENTRY_KEYS, where)
    given = one.get("indicator", ())
    names = (given,) if isinstance(given, str) else tuple(given)
    for name in names:
        registry.get(name)
    _resources.check_keys({str(one.get("dimension")): None}, set(DIMENSIONS), "dimension")
    _resources.check_keys(dict.fromkeys(one.get("cohort", ())), set(COHORT_COLUMNS), "cohort")
    direction = one.get("direction", "higher")
    _resources.check_keys({direction: None}, {"higher", "lower"}, "direction")
    weight = float(one.get("weight", 0))
    if weight <= 0 or not names:
        msg = (
            f'"{where}": every entry needs an indicator and a positive weight ({names}, {weight}).'
        )
        raise FormatError(msg)
    return Entry(
        indicator=names,
        dimension=one["dimension"],
        weight=weight,
        higher=direction == "higher",
        cohort=tuple(one.get("cohort", ())),
    )
