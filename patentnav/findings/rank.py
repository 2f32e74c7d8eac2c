"""From cells to findings: the gates, the checks, the order and the choice of a few that differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav.claims import SIGNIFICANT
from patentnav.errors import UnavailableError
from patentnav.findings import surprise
from patentnav.findings.breadth import is_mixed
from patentnav.findings.cells import FAMILIES, FEWEST, PACES, TABLE, Family, candidates
from patentnav.findings.checks import CHECKS, LESS, MORE, Checks, verdict, verdict_of
from patentnav.findings.view import View
from patentnav.study.naming import says_nothing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from patentnav.study import Study

MOST, LEAST = 9, 5  # findings of a report
_OF_SECTION = 2
_CHECKED = 40  # of the highest score, which are counted again
_DEMOTED = {"holds": 1.0, "weakened": 0.7, "reversed": 0.3}
_SIMILAR = {"row": 1.0, "family": 0.6, "section": 0.4}
_BY_NAME = {family.name: family for family in FAMILIES}


@dataclass(frozen=True)
class Finding:
    """One surprise.

    Attributes
    ----------
    family
        Which kind of cell.
    row, column
        Key of the subject, and the property: ``years``, ``ended`` or a facet with its key.
    with_it, without, rest_with, rest_without
        Units of the subject with and without the property, and of the rest.
    expected
        Units with the property that were to be expected.
    ratio
        Times the expectation; infinite where nothing was to be expected.
    q
        Probability of such a surprise by chance, corrected for all cells that were tested.
    score
        Its rank, after demotion.
    checks
        Times the expectation under every check, NaN where it does not apply.
    changed
        What the check left out or chose: the owner, the year, the unit, the office.
    verdict
        ``holds``, ``weakened`` or ``reversed``.
    overturn
        Units that must not belong (or are missing, where it is about too few) before it falls.
    """

    family: Family
    row: str
    column: str
    with_it: int
    without: int
    rest_with: int
    rest_without: int
    expected: float
    ratio: float
    q: float
    score: float
    checks: dict[str, float]
    changed: dict[str, str]
    verdict: str
    overturn: int

    @property
    def direction(self) -> int:
        """1 more than expected, -1 fewer."""
        return 1 if self.ratio > 1 else -1

    @property
    def unfavourable(self) -> bool:
        """Whether it speaks against the subject."""
        return self.family.bad == self.direction

    @property
    def is_new(self) -> bool:
        """Whether there are too few earlier units for a ratio."""
        return self.family.shape == "pace" and self.without < FEWEST


def find(
    study: Study, *, subjects: Mapping[str, Collection[str]] | None = None
) -> tuple[Finding, ...]:
    """What stands out in a study, the most surprising first.

    Parameters
    ----------
    study
        The study.
    subjects
        Whom findings may be about: keys by facet (``technology``, ``owner`` ...); a facet that is not
        named has none. All when omitted. What counts as surprising is judged among all in any case.

    Returns
    -------
    tuple of Finding
        Five to nine where as many pass, at least one of them unfavourable where one does; empty
        where nothing stands out, and where no family of counts is large enough to tell surprise
        from noise.

    Notes
    -----
    A cell passes with ten units or more, a probability below .05 after the correction of Benjamini
    and Hochberg over all cells of the study, and 1.25 or .8 times what was to be expected. The
    expectation is the subject's own share of earlier years, or the share that the rest has. Years
    that are incomplete are not counted; of exports that end at a limit no years are judged. From fewer
    than ten earlier units there is no rate: what appeared is told without an expectation, what fell
    behind is not told. Nor is a pace that one owner alone makes told of a technology or field. What an
    owner files most in is told of the living only: nothing follows from it of others.
    """
    view = View(study)
    cells = study.remembered("candidates", lambda: candidates(study, view))
    passed = gate(cells, len(view.units))
    rows = passed["family"].map(lambda name: _BY_NAME[name].rows)
    kept = (passed["family"] != "owner_technology") | passed["row"].isin(_living(study))
    rising = (passed["family"] == "technology_years") & (passed["ratio"] > 1)
    kept &= ~(rising & passed["row"].isin(_of_division(study)))
    if is_mixed(study):  # the rest is other trades: what differs from it tells of the search alone
        kept &= ~(rows.isin(_WHAT) | passed["column"].str.startswith("technology"))
    pace = passed["column"].isin(PACES)
    kept &= ~(pace & (passed["without"] < FEWEST) & (passed["ratio"] < 1))  # no base of a rate
    kept &= ~pd.Series(
        [(row, column) in _of_one_owner(study)
         for row, column in zip(passed["row"], passed["column"], strict=True)],
        index=passed.index, dtype="bool",
    )  # fmt: skip
    if subjects is not None:
        pairs = zip(rows, passed["row"], strict=True)
        kept &= np.array([key in subjects.get(facet, ()) for facet, key in pairs], bool)
    passed = passed[kept.to_numpy(dtype=bool)].reset_index(drop=True)
    passed = passed[~_misnamed(study, passed)].reset_index(drop=True)
    if subjects is None:  # in the whole of a set, what an owner of a few dozens does is a case
        case = (passed["family"] == "owner_technology") & (
            passed["with_it"] < _CASE * len(view.units)
        )
        passed = passed[~case].reset_index(drop=True)
    return choose([one for one in checked(study, view, passed.head(_CHECKED))
                   if not _is_of_one_owner(one)])  # fmt: skip


def _of_division(study: Study) -> list[str]:
    """Technologies whose rise the words of their names do not share."""
    try:
        rises = study.word_rises
    except UnavailableError:
        return []
    return [str(t) for t in rises.index[~rises["rose"].astype(bool)]]


def _of_one_owner(study: Study) -> frozenset[tuple[str, str]]:
    """Technologies with the comparison in which their movement is that of one owner."""
    try:
        frame = study.emergence
    except UnavailableError:
        return frozenset()
    apart = {"years": "carried_by", "lately": "late_carried_by"}
    return frozenset((str(group), column) for column, carried in apart.items()
                     for group in frame.loc[frame[carried].notna(), "group"])  # fmt: skip


def _is_of_one_owner(one: Finding) -> bool:
    """Whether a pace is none any more without the owner that holds most of the later units."""
    told = one.column in PACES and one.family.rows in _WHAT
    return told and verdict_of(one.ratio, one.checks["owner"]) == "reversed"


_WHAT = ("technology", "industry", "sub_sector")
_CASE = 0.01  # of the set, below which what one owner files most in is a case and no finding
_OWN = 0.8  # of a technology, that one owner holds: then it is that owner


def _misnamed(study: Study, passed: pd.DataFrame) -> NDArray[np.bool_]:
    """Cells on a technology whose name says nothing of what they count, or that one owner is.

    Whose documents do not bear the name, are called alike, or make up the technology: that an owner
    is strong in it is no news.
    """
    try:
        borne, rows = study.bears_name, study.technology_of
    except UnavailableError:
        return np.zeros(len(passed), dtype=bool)
    titles = study.patents.publications["title"].dropna().astype("str")
    held = {str(t): pd.Index(own) for t, own in rows.groupby("technology")["publication_id"]}
    found = []
    for family, row, column in passed[["family", "row", "column"]].itertuples(index=False):
        facet, _, key = str(column).partition(":")
        of = _BY_NAME[family].rows
        technology = row if of == "technology" else key if facet == "technology" else ""
        if not technology or borne.empty or column in PACES or technology not in held:
            found.append(False)
            continue
        other = (of, row) if of != "technology" else (facet, key)
        ids = held[technology]
        inside = _with(study, *other)
        own = ids if inside is None else ids.intersection(inside)
        whole = of == "owner" and len(own) >= _OWN * len(ids)
        found.append(whole or says_nothing(own, titles, borne))
    return np.array(found, dtype=bool)


def _with(study: Study, facet: str, key: str) -> pd.Index | None:
    """Publications with a property; None where all of the subject are looked at."""
    if facet == "owner":
        rows = study.owners
        held: pd.Index = pd.Index(rows.loc[rows["owner"] == key, "publication_id"].unique())
        return held
    if facet == "authority":
        office = study.patents.publications["authority"]
        filed: pd.Index = pd.Index(office.index[(office == key).fillna(False)])
        return filed
    return None


def _living(study: Study) -> frozenset[str]:
    try:
        return study.alive_owners
    except UnavailableError:
        return frozenset()


def gate(cells: pd.DataFrame, units: int) -> pd.DataFrame:
    """Cells that pass, with ``ratio`` and ``score``, the highest score first."""
    o, e = cells["with_it"].to_numpy(float), cells["expected"].to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(e > 0, o / e, np.where(o > 0, np.inf, np.nan))
    n = np.where(ratio > 1, o, e)
    q = cells["q"].to_numpy(float)
    known = ~np.isnan(q) & ~np.isnan(e)
    passes = known & (n >= FEWEST) & (q < SIGNIFICANT) & ((ratio >= MORE) | (ratio <= LESS))
    act = cells["family"].map({f.name: f.act for f in FAMILIES}).to_numpy(float)
    # What was to be expected of a pace is extrapolated: only units that exist are touched by it.
    is_pace = cells["column"].isin(PACES).to_numpy()
    existing = o + cells["without"].to_numpy(float)
    touched = np.where(is_pace, existing, np.maximum(o, np.nan_to_num(e))) / units
    scores = surprise.score(np.where(known, q, 1.0), o, np.nan_to_num(e), touched, act)
    found: pd.DataFrame = cells.assign(ratio=ratio, score=scores)[passes]
    order = ["score", "family", "row", "column"]
    found = found.sort_values(order, ascending=[False, True, True, True], kind="stable")
    return found.reset_index(drop=True)


def checked(study: Study, view: View, passed: pd.DataFrame) -> list[Finding]:
    """Count findings again without what could explain them; what turns round is demoted."""
    checks = Checks(study, view)
    found = []
    for cell in passed.to_dict("records"):
        family = _BY_NAME[cell["family"]]
        told = {name: checks.ratio(name, family, cell["row"], cell["column"]) for name in CHECKS}
        ratios = {name: ratio for name, (ratio, _) in told.items()}
        holds = verdict(cell["ratio"], [r for name, r in ratios.items() if name != "turn"])
        if told["turn"][1] and holds == "holds":
            holds = "weakened"  # true of the two periods, and over within the later one
        least = MORE if cell["ratio"] > 1 else LESS
        found.append(
            Finding(
                family=family, row=cell["row"], column=cell["column"],
                **{name: int(cell[name]) for name in TABLE},
                expected=float(cell["expected"]), ratio=float(cell["ratio"]), q=float(cell["q"]),
                score=float(cell["score"]) * _DEMOTED[holds], checks=ratios,
                changed={name: changed for name, (_, changed) in told.items()}, verdict=holds,
                overturn=_overturn(cell, least),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (-one.score, one.family.name, one.row, one.column))


def _overturn(cell: Mapping[Any, Any], least: float) -> int:
    """Units that must not belong, or be missing, until the gate is not passed any more."""
    observed = int(cell["with_it"])
    room = surprise.fewest_to_lose(observed, float(cell["expected"]), least)
    if least >= 1:
        room = min(room, observed - FEWEST + 1)
    return min(room, surprise.fewest_to_doubt([int(cell[name]) for name in TABLE], room, least))


def choose(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """A few findings that differ: greedily by score less half the likeness to those chosen."""
    if not found:
        return ()
    top = max(one.score for one in found)
    chosen: list[Finding] = []
    rest = list(found)
    while rest and len(chosen) < MOST:
        open_ = [one for one in rest if _fits(one, chosen, _OF_SECTION)]
        if not open_ and len(chosen) < LEAST:
            open_ = [one for one in rest if _fits(one, chosen, _OF_SECTION + 1)]
        if not open_:
            break
        best = max(open_, key=lambda one: one.score / top - 0.5 * _likeness(one, chosen))
        chosen.append(best)
        rest.remove(best)
    if not any(one.unfavourable for one in chosen):
        against = [one for one in found if one.unfavourable]
        if against:
            chosen[-1 if len(chosen) == MOST else len(chosen) :] = against[:1]
    return tuple(sorted(chosen, key=lambda one: (-one.score, one.family.name, one.row, one.column)))


def _fits(one: Finding, chosen: Sequence[Finding], most: int) -> bool:
    if any(_same_fact(one, other) for other in chosen):
        return False
    place = one.family.section or one.family.name
    return sum((other.family.section or other.family.name) == place for other in chosen) < most


def _same_fact(one: Finding, other: Finding) -> bool:
    """Whether two are one fact seen from its owner and from its technology.

    A technology that one owner holds by half or more shares that owner's offices and countries.
    """
    for first, second in ((one, other), (other, one)):
        named = first.family.rows == "owner" and first.column == f"technology:{second.row}"
        if named and second.family.rows == "technology" and second.family.shape != "pace":
            return 2 * first.with_it >= second.with_it + second.without
    return False


def _likeness(one: Finding, chosen: Sequence[Finding]) -> float:
    alike = [0.0]
    for other in chosen:
        same = {
            "row": (one.family.rows, one.row) == (other.family.rows, other.row),
            "family": one.family == other.family,
            "section": bool(one.family.section) and one.family.section == other.family.section,
        }
        alike.append(max((_SIMILAR[name] for name, yes in same.items() if yes), default=0.0))
    return max(alike)


def table(found: Sequence[Finding]) -> pd.DataFrame:
    """Findings as a table, one row each, in their order.

    Returns
    -------
    pandas.DataFrame
        ``family, row, column, observed, expected, ratio, q, score, verdict, overturn`` and
        ``lately, without_owner, without_year, other_unit, one_office`` (times the expectation;
        ``lately`` only where it went the other way within the later period).
    """
    names = dict(zip(CHECKS, ("lately", "without_owner", "without_year", "other_unit", "one_office"), strict=True))  # fmt: skip
    rows = [
        {
            "family": one.family.name, "row": one.row, "column": one.column,
            "observed": one.with_it, "expected": one.expected, "ratio": one.ratio, "q": one.q,
            "score": one.score, "verdict": one.verdict, "overturn": one.overturn,
            **{names[check]: ratio for check, ratio in one.checks.items()},
        }
        for one in found
    ]  # fmt: skip
    columns = ["family", "row", "column", "observed", "expected", "ratio", "q", "score", "verdict",
               "overturn", *names.values()]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
