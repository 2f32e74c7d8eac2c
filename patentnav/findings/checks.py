"""What would overturn a finding: it is counted again without what could explain it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

from patentnav.claims import SIGNIFICANT
from patentnav.findings import surprise
from patentnav.findings.cells import FEWEST, PACES, expected, quads, spans
from patentnav.findings.view import View, told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from patentnav.findings.cells import Family, Span
    from patentnav.study import Study

MORE, LESS = 1.25, 0.8  # times the expectation, from which a difference is told
CHECKS = ("turn", "owner", "year", "unit", "office")


class Checks:
    """Counts findings of a study again.

    Parameters
    ----------
    study, view
        The study, and its units.
    """

    def __init__(self, study: Study, view: View) -> None:
        self.study, self.view = study, view

    def ratio(self, name: str, family: Family, row: str, column: str) -> tuple[float, str]:
        """Times the expectation under a check, and what was left out or chosen.

        NaN where the check does not apply or the data do not tell.
        """
        found: tuple[float, str] = getattr(self, f"_{name}")(family, row, column)
        return found

    def _count(
        self, view: View, family: Family, row: str, column: str, windows: Any = None
    ) -> float:
        windows = windows or self._windows(family)
        table = quads(view, family, column, windows)
        if row not in table.index:
            return float("nan")
        line = table.loc[[row]]
        hoped = float(expected(line, family.shape).iloc[0])
        return float(line["with_it"].iloc[0]) / hoped if hoped > 0 else float("nan")

    def _windows(self, family: Family) -> tuple[Span, Span] | None:
        return spans(self.study, family.column) if family.column in PACES else None

    def _turn(self, family: Family, row: str, column: str) -> tuple[float, str]:
        """Within the later period, where it went the other way there, and not by chance."""
        nothing = float("nan"), ""
        if column != "years":
            return nothing
        windows = spans(self.study, "lately")
        now = self._count(self.view, family, row, "lately", windows)
        before = self._count(self.view, family, row, column)  # NaN where there was none before
        rose = np.isnan(before) or before > 1
        table = quads(self.view, family, "lately", windows)
        cells = table.reindex([row]).to_numpy(dtype=float)
        if np.isnan(now) or (now > 1) == rose or cells[0, :2].sum() < FEWEST:
            return nothing
        if surprise.exact(cells)[0] >= SIGNIFICANT:
            return nothing
        first, last = windows[1]
        return now, f"{first}-{last}"

    def _owner(self, family: Family, row: str, column: str) -> tuple[float, str]:
        """Without the owner that holds most of the subject's units in question."""
        if family.rows == "owner" or not self.study.patents.has("parties"):
            return float("nan"), ""
        if not told(self.view, "owner"):
            return float("nan"), ""
        inside = self._cell(family, row, column)
        keys, _ = self.view.facet("owner")
        held = self.view.counts("owner", inside)
        if not held.max(initial=0):
            return float("nan"), ""
        top = str(keys[int(np.argmax(held))])
        view = self.view.only(~self.view.members("owner", top))
        return self._count(view, family, row, column), top

    def _year(self, family: Family, row: str, column: str) -> tuple[float, str]:
        """Without the last complete year."""
        if not self.study.is_dated:
            return float("nan"), ""
        last = self.study.last_year
        view = self.view.only(~(self.view.year == last))
        return self._count(view, family, row, column), str(last)

    def _unit(self, family: Family, row: str, column: str) -> tuple[float, str]:
        """In another unit, where the data have one."""
        if self._other is None:
            return float("nan"), ""
        other = self._other
        return self._count(other, family, row, column), other.study.unit

    def _office(self, family: Family, row: str, column: str) -> tuple[float, str]:
        """At the office alone where the subject has most units."""
        if "authority" in {family.rows, column.partition(":")[0]}:
            return float("nan"), ""
        keys, _ = self.view.facet("authority")
        if len(keys) < 2:
            return float("nan"), ""
        held = self.view.counts("authority", self.view.members(family.rows, row))
        top = str(keys[int(np.argmax(held))])
        view = self.view.only(self.view.members("authority", top))
        return self._count(view, family, row, column), top

    def _cell(self, family: Family, row: str, column: str) -> Any:
        own = self.view.members(family.rows, row)
        if column in PACES:
            return own & self.view.within(spans(self.study, column)[1])
        if column == "ended":
            return own & self.view.ended[1]
        return own & self.view.members(*column.split(":", 1))

    @functools.cached_property
    def _other(self) -> View | None:
        unit = "application" if self.study.unit == "family" else "family"
        patents = self.study.patents
        if unit == "family" and not (patents.has("families") and len(patents.families)):
            return None
        if unit == "application" and not patents.has("publications", "application_id"):
            return None
        view = View(self.study.with_inputs(unit=unit))
        return None if len(view.units) == len(self.view.units) else view


def verdict_of(ratio: float, again: float) -> str:
    """What counting again makes of a finding: ``holds``, ``weakened`` (below the gate), ``reversed``."""
    if np.isnan(again):
        return "holds"
    if ratio > 1:
        return "reversed" if again <= 1 else "weakened" if again < MORE else "holds"
    return "reversed" if again >= 1 else "weakened" if again > LESS else "holds"


def verdict(ratio: float, ratios: Iterable[float]) -> str:
    """The worst of several checks."""
    found = {verdict_of(ratio, again) for again in ratios}
    return next((word for word in ("reversed", "weakened") if word in found), "holds")
