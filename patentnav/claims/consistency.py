"""What a claim must agree with besides its value: its own direction, unit, name, window, test and cells."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav._memo import shared
from patentnav.claims.sentence import Violation, agree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from patentnav.claims.claim import Claim
    from patentnav.claims.sentence import Sentence
    from patentnav.study import Study

    Made = Iterable[tuple[Claim, Sentence]]

FEWEST = 10  # units on which a claim rests that carries a recommendation
# Value of a measure that neither rises nor falls, is neither more nor less.
_NEUTRAL = {
    "advantage": 1.0, "change": 0.0, "course_direction": 0.0, "rate": 0.0, "relative_growth": 1.0,
}  # fmt: skip
_AGAINST = {"association", "comparison"}  # kinds whose direction is that against the baseline
_COUNTED = {"application", "family", "publication"}
# Measures that count publications whatever the unit of the study is.
_PUBLICATIONS = {
    "cited_inside", "given", "links_unplaced", "core_any", "core_cited", "core_dead", "core_judged", "core_unranked", "core_known",
    "core_living", "core_patents", "core_phase", "core_untold", "labelled", "mapped", "publications",
    "roadmap_nodes", "roadmap_on_path",
}  # fmt: skip
_Q = {"q_value", "late_q"}  # columns of tables that hold it


def consistent(made: Made, study: Study, tables: Mapping[str, pd.DataFrame]) -> Iterator[Violation]:
    """Everything in which a claim does not agree with itself, with the study or with its cells.

    Parameters
    ----------
    made
        Claims with their sentences.
    study
        The study they are about.
    tables
        Tables of the report by id.
    """
    labels: dict[str, tuple[str, str]] = {}
    seen: set[str] = set()
    for claim, sentence in made:
        problems = [*_label(claim, labels, study)]
        if claim.id not in seen:
            seen.add(claim.id)
            problems += [*_sign(claim), *_unit(claim, study), *_window(claim, study),
                         *_test(claim), *_cells(claim, tables)]  # fmt: skip
        for rule, message in problems:
            yield Violation(rule, f"{claim.id}: {message}", (sentence.text,))


def _sign(claim: Claim) -> Iterator[tuple[str, str]]:
    """The direction is that of the value."""
    value = claim.value
    if claim.direction is None or isinstance(value, str | bool) or not _known(value):
        return
    neutral = _NEUTRAL.get(claim.measure)
    if neutral is None and claim.kind in _AGAINST:
        neutral = claim.baseline_value
    if neutral is None or not _known(neutral):
        return
    sign = (value > neutral) - (value < neutral)
    if sign and sign != claim.direction:
        yield "sign", f"says {value} against {neutral}, and the direction {claim.direction}"


def _known(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _unit(claim: Claim, study: Study) -> Iterator[tuple[str, str]]:
    """What is counted is what the study counts."""
    if claim.unit in _COUNTED and claim.kind == "count":
        wanted = "publication" if claim.measure in _PUBLICATIONS else study.unit
        if claim.unit != wanted:
            yield "unit", f"counts {claim.unit} where the measure {claim.measure} counts {wanted}"


def _label(
    claim: Claim, labels: dict[str, tuple[str, str]], study: Study
) -> Iterator[tuple[str, str]]:
    """A subject has one name, and an owner or technology that of the study."""
    if not claim.label:
        return
    subject, facet = claim.subject, ""
    if claim.kind == "name":
        facet = str(claim.details.get("facet", ""))
        subject = f"{facet}:{claim.value}" if facet else ""
    elif "&" not in subject and ":" in subject:
        facet = subject.partition(":")[0]
    if not facet:
        return
    key = subject.partition(":")[2]
    name = _name(facet, key, study)
    if name is not None and name not in claim.label:
        yield "label", f'is about {key}, "{name}", and names "{claim.label}"'
    first, by = labels.setdefault(subject, (claim.label, claim.id))
    if name is None and first != claim.label:
        yield "label", f'names {subject} "{claim.label}", and {by} names it "{first}"'


def _name(facet: str, key: str, study: Study) -> str | None:
    if facet == "owner":
        names = study.owner_names
    elif facet == "technology":
        names = study.technologies.names
    else:
        return None
    return str(names[key]) if key in names.index else None


def _window(claim: Claim, study: Study) -> Iterator[tuple[str, str]]:
    """Years run forward, and no course is told of years that are not complete."""
    if claim.window is None:
        return
    first, last = claim.window
    if first > last:
        yield "window", f"its window runs from {first} back to {last}"
    if claim.kind == "trend" and study.is_dated and last > study.last_year:
        yield "window", f"tells a course up to {last}; the last complete year is {study.last_year}"


def _test(claim: Claim) -> Iterator[tuple[str, str]]:
    """A probability is one, and there is a test behind it."""
    if claim.q is None or math.isnan(claim.q):
        return
    if not 0 <= claim.q <= 1:
        yield "test", f"gives q = {claim.q}, which is no probability"
    if not claim.test:
        yield "test", f"gives q = {claim.q} and no test"


def _cells(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str]]:
    """The cells that it rests on say the same; those that cannot be found are not judged."""
    for place in claim.evidence:
        table, _, rest = place.partition("/")
        row, _, column = rest.rpartition("/")
        if table not in tables or not row or column not in tables[table]:
            continue
        cell = _cell(tables[table], row, column)
        if cell is None:
            continue
        wanted = claim.q if column in _Q else claim.value
        if not isinstance(wanted, int | float) or isinstance(wanted, bool):
            continue
        if not agree(float(wanted), float(cell)):
            yield "evidence", f"says {wanted} and its cell {place} {cell}"


def _cell(frame: pd.DataFrame, row: str, column: str) -> float | None:
    """The number in a cell; None where the row is not one row or the cell no number."""
    if not pd.api.types.is_numeric_dtype(frame[column].dtype):
        return None
    begun = f"{row} "
    found = [place for place, keys in enumerate(_keys(frame))
             if any(key == row or key.startswith(begun) for key in keys)]  # fmt: skip
    if len(found) != 1:
        return None
    value = frame[column].iloc[found[0]]
    return None if pd.isna(value) else float(value)


@shared
def _keys(frame: pd.DataFrame) -> list[list[str]]:
    """What may name the rows of a table: its first column, and others that are no numbers."""
    columns = [
        frame[name].astype("string").tolist()
        for name in frame.columns
        if name == frame.columns[0] or not pd.api.types.is_numeric_dtype(frame[name].dtype)
    ]
    return [[key for key in row if not pd.isna(key)] for row in zip(*columns, strict=True)]
