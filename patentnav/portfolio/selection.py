"""The best choice of disjoint portfolios: set packing as a mixed-integer programme."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from patentnav.errors import ArgumentError, MissingColumnError
from patentnav.portfolio.gate import shortfall
from patentnav.portfolio.members import exploded
from patentnav.portfolio.packing import EXACT, Rules, solve

_TIME_LIMIT = 60.0


@dataclass(frozen=True, eq=False)
class Selection:
    """Chosen portfolios, and how good the choice is known to be.

    Attributes
    ----------
    chosen
        The chosen rows of the candidates, best first.
    total
        Sum of their scores.
    proven
        Whether no choice has a greater total (by more than a millionth).
    bound
        No choice has a greater total than this.
    gap
        ``(bound - total) / total``: how much better another choice could be; 0 when proven, NaN
        where nothing was chosen and something could be.
    near_misses
        Candidates that are not known to meet the gate and were not chosen, those that lack least
        first, with their ``shortfall``: what is missing in parts of the gate (PCT that is not
        known counts as missing).
    eligible
        Number of candidates that could be chosen.
    undecided
        Number left out because the gate cannot be judged.
    """

    chosen: pd.DataFrame
    total: float
    proven: bool
    bound: float
    gap: float
    near_misses: pd.DataFrame = field(repr=False)
    eligible: int
    undecided: int


def select(
    candidates: pd.DataFrame,
    n: int = 30,
    *,
    max_per_owner: int | None = None,
    min_industries: int | None = None,
    meeting: bool = True,
    score: str = "score",
    time_limit: float = _TIME_LIMIT,
) -> Selection:
    r"""Choose at most ``n`` pairwise disjoint portfolios of greatest total score.

    Parameters
    ----------
    candidates
        What :func:`patentnav.portfolio.candidates` returned, or some of its rows, or several
        results together.
    n
        Largest number chosen.
    max_per_owner
        Largest number of one owner (``owner_id``, else ``owner``).
    min_industries
        Smallest number of industries among the chosen: of the column ``industry``, which must be
        added to the candidates first.
    meeting
        Only candidates that are known to meet the gate.
    score
        Column to add up.
    time_limit
        Seconds after which the best choice found so far is returned, not ``proven``.

    Returns
    -------
    Selection
        ``chosen, total, proven, bound, gap, near_misses``.

    Raises
    ------
    ArgumentError
        A limit is not positive, a portfolio id stands twice, or the candidates cannot fill
        ``min_industries``.
    MissingColumnError
        The candidates lack a column that is needed.

    Notes
    -----
    No two chosen portfolios share a family (a publication, where the candidates have no column
    ``families``), so that a co-owned or extended invention strengthens one portfolio only. With
    :math:`x_c` chosen, :math:`y_j` an industry that is present: maximise :math:`\sum s_c x_c`
    subject to :math:`\sum x_c \le n`, at most one candidate for every family, at most
    ``max_per_owner`` for every owner, :math:`y_j \le \sum_{c \in j} x_c` and
    :math:`\sum y_j \ge` ``min_industries``. HiGHS solves it to a gap of zero; nested or nearly
    disjoint candidates take seconds, thousands that overlap at random are never proven. The answer
    is never worse than the greedy one with exchanges.
    """
    limits = {
        "n": n,
        "max_per_owner": max_per_owner,
        "min_industries": min_industries,
        "time_limit": time_limit,
    }
    _check(candidates, limits, score)
    known = candidates.dropna(subset=score)
    undecided = int(known["meets_gate"].isna().sum()) if meeting else 0
    eligible = known
    if meeting:
        eligible = known[known["meets_gate"].fillna(False).astype(bool)]
    eligible = eligible.sort_values("portfolio_id", ignore_index=True)
    limited = max_per_owner is not None or min_industries is not None
    contenders = eligible if limited else _contenders(eligible, n, score)
    rules = _rules(contenders, n, max_per_owner, min_industries)
    worth = contenders[score].to_numpy(dtype=float)
    taken, bound = solve(worth, rules, time_limit)
    chosen = contenders.iloc[taken].sort_values(
        [score, "portfolio_id"], ascending=[False, True], ignore_index=True
    )
    total = float(worth[taken].sum())
    proven = bound - total <= EXACT * max(1.0, abs(total))
    bound = total if proven else bound
    gap = 0.0 if proven else (bound - total) / total if total > 0 else float("nan")
    return Selection(
        chosen=chosen,
        total=total,
        proven=proven,
        bound=bound,
        gap=gap,
        near_misses=_near_misses(candidates, chosen["portfolio_id"]),
        eligible=len(eligible),
        undecided=undecided,
    )


def _check(candidates: pd.DataFrame, limits: dict[str, float | None], score: str) -> None:
    for name, value in limits.items():
        if value is not None and not value > 0:
            msg = f"{name}={value} is not positive."
            raise ArgumentError(msg)
    needed = ["portfolio_id", "meets_gate", "members", score]
    lacking = [column for column in needed if column not in candidates.columns]
    if lacking:
        msg = f"The candidates lack {', '.join(lacking)}. Make them with portfolio.candidates."
        raise MissingColumnError(msg)
    if not candidates["portfolio_id"].is_unique:
        msg = "A portfolio_id stands twice. Give the candidates different ids before joining them."
        raise ArgumentError(msg)


def _apart(candidates: pd.DataFrame) -> pd.DataFrame:
    """What may stand in one chosen portfolio only: ``portfolio_id, key``."""
    column = "families" if "families" in candidates.columns else "members"
    return exploded(candidates, column).rename(columns={column: "key"})


def _contenders(eligible: pd.DataFrame, n: int, score: str) -> pd.DataFrame:
    """Candidates that an optimum may need: all that overlap, and the ``n`` best that do not."""
    long = _apart(eligible)
    shared = long["key"].duplicated(keep=False)
    contested = eligible["portfolio_id"].isin(long.loc[shared, "portfolio_id"])
    free = eligible[~contested].sort_values([score, "portfolio_id"], ascending=[False, True])
    kept = pd.concat([eligible[contested], free.head(n)])
    return kept.sort_values("portfolio_id", ignore_index=True)


def _rules(
    contenders: pd.DataFrame, n: int, max_per_owner: int | None, min_industries: int | None
) -> Rules:
    from scipy.sparse import csr_array

    long = _apart(contenders)
    row = pd.Series(range(len(contenders)), index=contenders["portfolio_id"])
    place = long["portfolio_id"].map(row)
    # Keys that stand in the same candidates say the same: one row for all of them.
    where = {tuple(sorted(places)) for _, places in place.groupby(long["key"])}
    sets = sorted(candidates for candidates in where if len(candidates) > 1)
    rows = np.repeat(np.arange(len(sets)), [len(one) for one in sets])
    columns = np.array([c for one in sets for c in one], dtype=np.int64)
    conflicts = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(sets), len(contenders)))
    owner = industry = None
    if max_per_owner is not None:
        owner = _codes(contenders, "owner_id" if "owner_id" in contenders else "owner")
    if min_industries is not None:
        industry = _codes(contenders, "industry")
        present = len(np.unique(industry[industry >= 0]))
        if present < min(min_industries, n) or min_industries > n:
            msg = (
                f"min_industries={min_industries} cannot be filled: the eligible candidates are of "
                f"{present} industries and n={n}."
            )
            raise ArgumentError(msg)
    return Rules(n, conflicts, owner, max_per_owner or n, industry, min_industries or 0)


def _codes(contenders: pd.DataFrame, column: str) -> np.ndarray:
    if column not in contenders.columns:
        msg = f"The candidates have no column {column}. Add it before they are selected."
        raise MissingColumnError(msg)
    codes, _ = pd.factorize(contenders[column], sort=True)
    return codes


def _near_misses(candidates: pd.DataFrame, chosen: pd.Series) -> pd.DataFrame:
    others = candidates[
        ~candidates["meets_gate"].fillna(False).astype(bool)
        & ~candidates["portfolio_id"].isin(chosen)
    ]
    needed = {"inventions_missing", "pct_missing", "min_inventions", "min_pct"}
    if not needed <= set(candidates.columns):
        return others.iloc[:0].assign(shortfall=pd.Series(dtype="float64"))
    return others.assign(shortfall=shortfall(others)).sort_values(
        ["shortfall", "portfolio_id"], ignore_index=True
    )
