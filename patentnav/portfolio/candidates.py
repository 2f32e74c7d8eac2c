"""Candidates: what owners hold by technology, counted and measured against the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav.config import get_config
from patentnav.errors import ArgumentError
from patentnav.portfolio import alliances, cells
from patentnav.portfolio.gate import judge
from patentnav.portfolio.scoring import scored

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.facts import OwnerChoice, OwnerLevel
    from patentnav.patentset import PatentSet
    from patentnav.portfolio.cells import Alive

COLUMNS = [
    "portfolio_id",
    "owner",
    "technology",
    "inventions",
    "pct",
    "score",
    "meets_gate",
    "inventions_missing",
    "pct_missing",
    "reason",
    "filed",
    "living",
    "granted",
    "in_force",
    "pct_filed",
    "pct_living",
    "pct_granted",
    "pct_in_force",
    "grouping",
    "partners",
    "owner_id",
    "owners",
    "units",
    "inventions_unknown",
    "pct_unknown",
    "size",
    "international",
    "layout",
    "quality",
    "quality_of",
    "valued",
    "members",
    "families",
    "min_inventions",
    "min_pct",
    "unit",
    "granted_only",
    "alive",
    "owner_level",
    "which",
    "home",
]
_PARTNERS = (1, 2, 3)


def candidates(
    patents: PatentSet,
    by: pd.Series | pd.DataFrame | str | None = None,
    owner: OwnerLevel = "group",
    *,
    which: OwnerChoice = "first",
    min_inventions: int = 50,
    min_pct: int = 10,
    unit: Unit | None = None,
    granted_only: bool = False,
    alive: Alive = None,
    home: str = "CN",
    values: pd.Series | None = None,
    partners: int = 1,
) -> pd.DataFrame:
    """Portfolios that owners hold by technology, measured against the gate.

    Parameters
    ----------
    patents
        The set. Where groups of owners are asked for and its parties are not resolved
        (:func:`patentnav.clean.resolve_parties`), they are resolved for this count, so that an
        owner in two spellings is one.
    by
        What portfolios are made by: a label per publication (Series), the name of a column of
        ``publications``, or a membership table ``publication_id, <group>`` (then a unit stands in
        the candidates of all its groups): technologies, industries or nodes of a chain
        (:func:`patentnav.classify.memberships`), product lines (:func:`product_lines`), family
        lines (:func:`family_lines`); the main IPC subclass when omitted. Publications without a
        label belong to no portfolio.
    owner
        ``group`` (firms of one group together) or ``party`` (legal entity).
    which
        ``first`` owner or ``all``: a co-owned unit then stands in several candidates.
    min_inventions, min_pct
        The gate: inventions and PCT applications that a portfolio must have.
    unit
        What an invention is counted in; the configured unit when omitted. A unit takes owner and
        label of its latest publication.
    granted_only
        Count inventions that were granted, whether still in force or not; else filed ones.
    alive
        ``True``: count living inventions only, in force or pending; ``"in_force"``: in force only;
        ``None``: all. An invention lives where any publication of its unit does. PCT applications
        of dead inventions do not count either.
    home
        Office code of the owners' country, from which :func:`layout` and :func:`additions` tell
        filings abroad and first filings. PCT applications count wherever they were filed
        (:func:`patentnav.facts.pct_evidence`).
    values
        Value of every publication (0 to 100), e.g. ``valuation.score(patents)["score"]``; its mean
        enters the score as ``quality`` where half of the members or more have one. The name of the
        Series says what they are.
    partners
        2 or 3: besides, alliances of up to so many owners in one technology who reach the gate
        together, none of whom meets it alone and each of whom holds a tenth of its inventions.

    Returns
    -------
    pandas.DataFrame
        One row per candidate, best first: ``portfolio_id, owner`` (name), ``technology,
        inventions, pct`` (distinct PCT applications), ``score`` (0 to 100), ``meets_gate``,
        ``inventions_missing, pct_missing`` (to the gate, 0 when reached), ``reason`` (why
        ``meets_gate`` is NA: ``pct_untold``, ``pct_unknown``, ``type_unknown`` or
        ``status_unknown``, where a grant or the legal status is not told); the inventions known to
        be ``filed, living`` (in force or pending), ``granted, in_force`` and their PCT applications
        ``pct_filed`` and so on, NA where the set does not tell; ``grouping`` (what ``by`` is
        called), ``partners`` (number of owners), ``owner_id, owners`` (ids), ``units``,
        ``inventions_unknown, pct_unknown`` (units that could add to either), the parts of the score
        (0 to 1), ``quality_of`` (name of ``values``, ``given`` without one; NA without quality) and
        ``valued`` (share of the members with a value), ``members`` (publication ids), ``families`` (ids of their families, of
        applications outside any; by them :func:`select` keeps portfolios apart), and the gate and
        the way of counting: ``min_inventions, min_pct, unit, granted_only, alive`` (``all``,
        ``alive``, ``in_force``), ``owner_level, which, home``. ``pct`` is NA where the source tells
        nothing of PCT; then ``meets_gate`` is NA, unless there are too few inventions for the gate
        whatever is filed.

    Raises
    ------
    MissingTableError
        The set carries no parties, or neither labels nor IPC classes.
    MissingColumnError
        ``alive`` is asked of a set without any legal status, or ``by`` is no column.
    ArgumentError
        ``owner``, ``which``, ``alive`` or ``partners`` has another value, or the gate is negative.

    Notes
    -----
    Score: the weighted mean of the known parts, weights in ``scorecards/portfolio.toml``.
    ``size`` = n / (n + min_inventions), ``international`` = pct / (pct + min_pct); ``layout`` is
    the mean of 1 - 1/E over IPC subclasses and over family offices, E being the effective number
    exp(entropy); ``quality`` = mean value / 100. Each is 0.5 at the gate or at two equal classes.
    Of an alliance the same, less points for every further partner; an alliance with a smaller one
    in it that scores no less is left out, which changes no best choice.
    """
    _check(partners, min_inventions, min_pct)
    patents = cells.resolved(patents, owner)
    known = cells.facts(patents, unit, granted_only=granted_only, alive=alive)
    labelled, grouping = cells.labels(patents, by)
    found = cells.cells(patents, known, labelled, owner, which)
    table = judge(cells.count(found, known), min_inventions, min_pct)
    table["owners"] = [(one,) for one in table["owner_id"]]
    parts = [scored(patents, table, values)]
    rows = alliances.groups(table, partners, min_inventions, min_pct) if partners > 1 else []
    if rows:
        allied = cells.count(alliances.joined(found, table, rows), known)
        allied = judge(allied, min_inventions, min_pct)
        owner_of = {alliances.JOIN.join(ids): ids for ids in
                    (tuple(table["owner_id"].iloc[[*row]]) for row in rows)}  # fmt: skip
        allied["owners"] = allied["owner_id"].map(owner_of)
        allied = allied[allied["meets_gate"].fillna(False).astype(bool)].reset_index(drop=True)
        allied = scored(patents, allied, values)
        extra = allied["owners"].map(len) - 1
        allied["score"] = (allied["score"] - alliances.deduction() * extra).clip(lower=0)
        parts.append(alliances.pruned(allied))
    order = pd.concat(parts, ignore_index=True).sort_values(
        ["score", "inventions", "owner_id", "technology"], ascending=[False, False, True, True]
    )
    width = max(3, len(str(len(order))))
    order["portfolio_id"] = [f"P{i:0{width}d}" for i in range(1, len(order) + 1)]
    order["partners"] = order["owners"].map(len).astype("int64")
    order = order.assign(
        unit=unit or get_config().unit,
        granted_only=granted_only,
        alive=cells.alive_word(alive),
        grouping=grouping,
        owner_level=owner,
        which=which,
        home=home,
    )
    result = order.reset_index(drop=True)[COLUMNS]
    text = ["portfolio_id", "unit", "alive", "grouping", "owner_level", "which", "home"]
    result = result.astype(dict.fromkeys(text, "str"))
    # For captions; the same stands in the columns.
    gate = {"min_inventions": min_inventions, "min_pct": min_pct, "granted_only": granted_only}
    result.attrs = {"gate": {**gate, "unit": unit or get_config().unit}}
    return result


def _check(partners: int, min_inventions: int, min_pct: int) -> None:
    if partners not in _PARTNERS:
        msg = f"partners={partners} is not one of 1, 2, 3."
        raise ArgumentError(msg)
    for name, value in {"min_inventions": min_inventions, "min_pct": min_pct}.items():
        if value < 0:
            msg = f"{name}={value} is negative. A gate of 0 asks for nothing."
            raise ArgumentError(msg)
