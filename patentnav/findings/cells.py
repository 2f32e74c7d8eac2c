"""Cells that may hold a finding: a subject against years, against another facet, against its state.

Every cell is a table of two by two: units of the subject with and without the property (``with_it``,
``without``), and the same of the rest (``rest_with``, ``rest_without``). From it comes what was to be
expected:

- ``pace``: the subject had kept the pace of the rest since the years before (property: filed in the
  last years, ``years``; or in the last of these, ``lately``, as a rise from period to period may be
  over within the later one);
- ``share``: the subject were like the rest (property: another facet, or that nothing lives any more).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from patentnav.errors import UnavailableError
from patentnav.findings import surprise
from patentnav.findings.view import TRANSFER, View, told
from patentnav.study import RECENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from patentnav.claims import Kind
    from patentnav.findings.view import Flags
    from patentnav.study import Study

    Span = tuple[int, int]

Shape = Literal["pace", "share"]
FEWEST = 10  # units of a cell, and below which an earlier count is no basis for a ratio
_BURST = 0.8  # part of the units of a span in one year that makes it a burst
_PERIODS = 3  # of RECENT years, each judged by the one before; the last is told
PACES = ("years", "lately")
TABLE = ["with_it", "without", "rest_with", "rest_without"]


@dataclass(frozen=True)
class Family:
    """Cells of one kind, which share their spread.

    Attributes
    ----------
    name
        Wording of the sentences is below ``report.findings.<name>``.
    rows
        Facet of the subjects.
    column
        ``years``, ``lately``, ``ended``, or a facet, or ``<facet>:<key>`` for one key of it.
    kind
        Of the claims.
    section
        Section of the report that shows the whole; empty where none does.
    bad
        Direction that is unfavourable: 1, -1, or 0 where neither is.
    act
        What follows: 1.5 a course, 1 a look, 0.6 nothing but knowing.
    """

    name: str
    rows: str
    column: str
    kind: Kind
    section: str
    bad: int = 0
    act: float = 1.0

    @property
    def shape(self) -> Shape:
        """How the expectation is made."""
        return "pace" if self.column in PACES else "share"

    @property
    def shares(self) -> bool:
        """Whether it is one property of many subjects, not a field of counts."""
        return self.column == "ended" or ":" in self.column


FAMILIES = (
    Family("technology_years", "technology", "years", "trend", "direction.emergence", -1, 1.5),
    Family("industry_years", "industry", "years", "trend", "position.industries", -1),
    Family("field_years", "sub_sector", "years", "trend", "direction.chain", -1),
    Family("owner_years", "owner", "years", "trend", "direction.applicants", -1),
    Family("authority_years", "authority", "years", "trend", "direction.authorities", -1),
    Family("country_years", "country", "years", "trend", "direction.origins", -1),
    Family("province_years", "owner_province", "years", "trend", "direction.places", -1),
    Family("technology_lately", "technology", "lately", "trend", "direction.emergence", -1, 1.5),
    Family("industry_lately", "industry", "lately", "trend", "position.industries", -1),
    Family("field_lately", "sub_sector", "lately", "trend", "direction.chain", -1),
    Family("owner_lately", "owner", "lately", "trend", "direction.applicants", -1),
    Family("province_lately", "owner_province", "lately", "trend", "direction.places", -1),
    Family("technology_region", "technology", "region:inside", "comparison",
           "position.specialisation", -1, 1.5),
    Family("technology_ended", "technology", "ended", "comparison", "position.legal_status", 1),
    Family("owner_ended", "owner", "ended", "comparison", "position.legal_status", 1),
    Family("technology_transfer", "technology", f"event:{TRANSFER}", "comparison",
           "position.operation"),
    Family("owner_technology", "owner", "technology", "association", "direction.strength", 0, 0.6),
    Family("technology_country", "technology", "country", "association", "", 0, 0.6),
    Family("technology_authority", "technology", "authority", "association",
           "direction.authorities", 0, 0.6),
)  # fmt: skip


def spans(study: Study, column: str = "years") -> tuple[Span, Span]:
    """The years before and the last complete ones, which are judged by them.

    ``lately``: the last of the last complete ones, and those before.
    """
    last = study.last_year
    if column == "lately":
        split = last - RECENT // 2
        return (last - RECENT + 1, split), (split + 1, last)
    return (last - 2 * RECENT + 1, last - RECENT), (last - RECENT + 1, last)


def quads(
    view: View, family: Family, column: str, windows: tuple[Span, Span] | None
) -> pd.DataFrame:
    """Tables of two by two of all subjects of a family against one property.

    Returns
    -------
    pandas.DataFrame
        ``with_it, without, rest_with, rest_without`` by key of the facet ``family.rows``.
    """
    if column in PACES and windows is not None:
        early, late = (view.within(span) for span in windows)
        domain, flags = (early | late) & view.known(family.rows), late
    elif column == "ended":
        domain, flags = view.ended
    else:
        name, _, key = column.partition(":")
        flags = view.members(name, key)
        domain = np.ones(len(flags), bool)
        if name == "region":
            domain = flags | view.members(name, "outside")
    own, other = domain & flags, domain & ~flags
    keys, _ = view.facet(family.rows)
    with_it, without = view.counts(family.rows, own), view.counts(family.rows, other)
    table = {
        "with_it": with_it,
        "without": without,
        "rest_with": int((own & view.kept).sum()) - with_it,
        "rest_without": int((other & view.kept).sum()) - without,
    }
    return pd.DataFrame(table, index=keys).astype("int64")


def expected(table: pd.DataFrame, shape: Shape) -> pd.Series:
    """Units with the property that were to be expected; NA where nothing tells."""
    rest_with, rest_without = table["rest_with"], table["rest_without"]
    if shape == "pace":
        of_rest = rest_with / rest_without.where(rest_without > 0)
        return table["without"] * of_rest
    rest = rest_with + rest_without
    return (table["with_it"] + table["without"]) * rest_with / rest.where(rest > 0)


def candidates(study: Study, view: View | None = None) -> pd.DataFrame:
    """All cells that may be told, with the probability of each.

    Returns
    -------
    pandas.DataFrame
        ``family, row, column, with_it, without, rest_with, rest_without, expected, p, q``: ``p``
        within the family, ``q`` for all that were tested; NA where the family has too few cells.
    """
    view = view or View(study)
    made = {f: _cells(view, f) for f in FAMILIES if _possible(study, view, f)}
    return judged({family: frame for family, frame in made.items() if len(frame)})


def judged(made: Mapping[Family, pd.DataFrame]) -> pd.DataFrame:
    """Probabilities of the cells of several families, those that may be told."""
    columns = ["family", "row", "column", *TABLE, "expected", "p", "plain"]
    if not made:
        return pd.DataFrame(columns=[*columns, "q"])
    parts = [
        f.assign(p=_probabilities(family, f, made), plain=f.get("plain", float("nan")))
        for family, f in made.items()
    ]
    frame = pd.concat([part[part["told"]] for part in parts], ignore_index=True)[columns]
    q = surprise.adjusted(frame["p"].to_numpy(), frame["family"].to_numpy())
    # Nothing is told that the plain test of the section, of this family alone, does not show.
    stricter = np.where(np.isnan(q), np.nan, np.fmax(q, frame["plain"].to_numpy(dtype=float)))
    return frame.assign(q=stricter).drop(columns="plain")


def _probabilities(
    family: Family, frame: pd.DataFrame, made: Mapping[Family, pd.DataFrame]
) -> NDArray[np.float64]:
    """Probability of every cell; a family of too few takes the spread of all of its property."""
    alike = pd.concat([made[other] for other in made if other.column == family.column])
    if family.shares:
        table = frame[TABLE].to_numpy()
        spread = surprise.share_spread(table)
        if np.isnan(spread):
            spread = surprise.share_spread(alike[TABLE].to_numpy())
        return surprise.share_test(table, spread)
    spread = surprise.count_spread(frame["with_it"], frame["hoped"], frame["known"])
    if np.isnan(spread):
        spread = surprise.count_spread(alike["with_it"], alike["hoped"], alike["known"])
    return surprise.count_test(frame["with_it"], frame["hoped"], spread + frame["known"])


def _possible(study: Study, view: View, family: Family) -> bool:
    if family.column in PACES:
        # What was cut off an export is not missing at random: no growth or decline is read from it.
        if not study.is_dated or len(study.capped):
            return False
    elif family.column != "ended" and not told(view, family.column.partition(":")[0]):
        return False
    if study.inputs.applicant and "owner" in {family.rows, family.column}:
        return False
    return told(view, family.rows)


def _cells(view: View, family: Family) -> pd.DataFrame:
    """Cells of a family, those that tell only of its spread (``told`` False) included."""
    if family.column in PACES:
        frame = _by_years(view, family)
    elif family.shares:
        frame = _told(_large(quads(view, family, family.column, None)), family, family.column)
        frame = frame.assign(hoped=frame["expected"], known=0.0, told=True)
    else:
        frame = _by_facet(view, family)
    if frame.empty:
        return frame
    named = view.facet(family.rows)[0][view.subjects(family.rows)]
    return frame.assign(told=frame["told"] & frame["row"].isin(named))


def _by_facet(view: View, family: Family) -> pd.DataFrame:
    """Every subject against every key of another facet."""
    keys = view.facet(family.column)[0]
    totals = view.counts(family.column, np.ones(len(view.units), bool))
    parts = []
    for key, total, named in zip(keys, totals, view.subjects(family.column), strict=True):
        if named and FEWEST <= total < view.kept.sum():
            column = f"{family.column}:{key}"
            parts.append(_told(_large(quads(view, family, column, None)), family, column))
    if not parts:
        return pd.DataFrame()
    frame = pd.concat(parts, ignore_index=True)
    known = 1 / frame["rest_with"].clip(lower=0.5)
    return frame.assign(hoped=frame["expected"].fillna(0.0), known=known, told=True)


def _large(table: pd.DataFrame) -> pd.DataFrame:
    return table[(table["with_it"] + table["without"]) >= FEWEST]


def _by_years(view: View, family: Family) -> pd.DataFrame:
    try:
        early, late = spans(view.study, family.column)
    except UnavailableError:
        return pd.DataFrame()
    known = view.known(family.rows) & view.kept
    periods = [(late[0] - i * RECENT, late[1] - i * RECENT) for i in range(_PERIODS, -1, -1)]
    if family.column == "lately":
        periods = [early, late]
    flags = [view.within(period) & known for period in periods]
    counts = np.column_stack([view.counts(family.rows, inside) for inside in flags])
    totals = [int(inside.sum()) for inside in flags]
    keys = view.facet(family.rows)[0]
    frame = by_periods(family, keys, counts, totals)
    if family.column == "lately" or frame.empty:
        return frame
    burst = frame["row"].isin(keys[_in_one_year(view, family, early, known)])
    return frame.assign(told=frame["told"] & ~burst)


def _in_one_year(view: View, family: Family, span: Span, known: Flags) -> NDArray[np.bool_]:
    """Subjects that filed nearly all of a span in one year: no pace that could have been kept."""
    years = [view.within((y, y)) & known for y in range(span[0], span[1] + 1)]
    counts = np.column_stack([view.counts(family.rows, inside) for inside in years])
    whole = counts.sum(axis=1)
    found: NDArray[np.bool_] = (whole >= FEWEST) & (counts.max(axis=1) > _BURST * whole)
    return found


def by_periods(
    family: Family, keys: pd.Index, counts: NDArray[np.float64], totals: Sequence[int]
) -> pd.DataFrame:
    """Every period of every subject against the one before; the last is told.

    Parameters
    ----------
    family, keys
        Whose cells they are, and the subjects.
    counts, totals
        Units by subject (rows) and period (columns), the last at the end, and those of all
        subjects together.

    Returns
    -------
    pandas.DataFrame
        Cells with ``hoped``, the expectation that is tested, and ``known``, the spread that it has
        of itself, being estimated.
    """
    parts = []
    for i in range(1, len(totals)):
        if totals[i] and totals[i - 1]:
            own, before = counts[:, i], counts[:, i - 1]
            columns = np.column_stack([own, before, totals[i] - own, totals[i - 1] - before])
            table = pd.DataFrame(columns.astype("int64"), index=keys, columns=TABLE)
            told = i == len(totals) - 1
            table["plain"] = float("nan")
            if told and family.rows != "owner":  # of which no section has a test
                table["plain"] = surprise.adjusted(surprise.exact(table[TABLE].to_numpy()))
            part = _told(_large(table), family, family.column)
            # The two spans of ``lately`` differ in length: of a few it cannot be said what is new.
            basis = FEWEST if family.column == "lately" else 0
            parts.append(part.assign(told=told & (part["without"] >= basis)))
    if not parts:
        return pd.DataFrame()
    frame = pd.concat(parts, ignore_index=True)
    # Half a unit more, so that a subject without earlier units has an expectation at all.
    smooth = frame[TABLE] + 0.5
    hoped = smooth["without"] * smooth["rest_with"] / smooth["rest_without"]
    known = 1 / smooth["without"] + 1 / smooth["rest_with"] + 1 / smooth["rest_without"]
    return frame.assign(hoped=hoped, known=known)


def _told(table: pd.DataFrame, family: Family, column: str) -> pd.DataFrame:
    hoped = expected(table, family.shape)
    rows: Iterator[str] = iter(table.index.astype("str"))
    return table.assign(family=family.name, row=[*rows], column=column, expected=hoped).reset_index(
        drop=True
    )
