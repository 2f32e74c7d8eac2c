"""The best choice of disjoint portfolios: set packing as a mixed-integer programme."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._shown import presented
from patentnav._strings import among
from patentnav.errors import ArgumentError, MissingColumnError
from patentnav.portfolio.gate import shortfall
from patentnav.portfolio.members import exploded
from patentnav.portfolio.packing import EXACT, Rules, indicator, solve, swaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

_TIME_LIMIT = 60.0
_ALTERNATIVES, _NEARLY = (
    20,
    0.02,
)  # exchanges that are told, and the part of the total they may lose


@presented()
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
    alternatives
        Choices of nearly the same worth: exchanges of one chosen portfolio for another that keep
        every rule and lose at most two hundredths of the total, ``portfolio_out, portfolio_in,
        loss, total``, those that lose least first, at most twenty.
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
    alternatives: pd.DataFrame = field(repr=False)
    eligible: int
    undecided: int


def select(
    candidates: pd.DataFrame,
    n: int = 30,
    *,
    max_per_owner: int | None = None,
    min_industries: int | None = None,
    must: Sequence[str] = (),
    exclude: Sequence[str] = (),
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
        Largest number of one owner (``owners``, else ``owner_id``, else ``owner``); an alliance
        counts for each of its owners.
    min_industries
        Smallest number of industries among the chosen: of the column ``industry``, which must be
        added to the candidates first.
    must, exclude
        Ids of portfolios that have to be chosen, and that must not be.
    meeting
        Only candidates that are known to meet the gate.
    score
        Column to add up.
    time_limit
        Seconds after which the best choice found so far is returned, not ``proven``. Where families
        overlap so much that no proof can be hoped for in that time, none is tried.

    Returns
    -------
    Selection
        ``chosen, total, proven, bound, gap, near_misses, alternatives``.

    Raises
    ------
    ArgumentError
        A limit is not positive, a portfolio id stands twice, the candidates cannot fill
        ``min_industries``, or must-haves are unknown, cannot be chosen, or exclude each other.
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
    started = time.monotonic()
    _check(candidates, limits, score)
    known = candidates.dropna(subset=score)
    known = known[~known["portfolio_id"].isin(_ids(candidates, "exclude", exclude))]
    undecided = int(known["meets_gate"].isna().sum()) if meeting else 0
    eligible = known
    if meeting:
        eligible = known[known["meets_gate"].fillna(False).astype(bool)]
    eligible = eligible.sort_values("portfolio_id", ignore_index=True)
    wanted = _ids(candidates, "must", must)
    if lacking := sorted(wanted - set(eligible["portfolio_id"])):
        msg = (
            f"must={lacking[0]!r} cannot be chosen: it is excluded, has no score or is not known to "
            "meet the gate. Take it out, or pass meeting=False."
        )
        raise ArgumentError(msg)
    limited = max_per_owner is not None or min_industries is not None or bool(wanted)
    contenders = eligible if limited else _contenders(eligible, n, score)
    rules = _rules(contenders, n, max_per_owner, min_industries, wanted)
    worth = contenders[score].to_numpy(dtype=float)
    left = max(0.0, time_limit - (time.monotonic() - started))
    taken, bound = solve(worth, rules, left)
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
        alternatives=_alternatives(contenders, (worth, rules, taken), total),
        eligible=len(eligible),
        undecided=undecided,
    )


def _ids(candidates: pd.DataFrame, name: str, given: Sequence[str]) -> set[str]:
    unknown = sorted(set(given) - set(candidates["portfolio_id"]))
    if unknown:
        msg = f"{name}={unknown[0]!r} is the id of no candidate."
        raise ArgumentError(msg)
    return set(given)


def _alternatives(
    contenders: pd.DataFrame, solved: tuple[NDArray, Rules, NDArray], total: float
) -> pd.DataFrame:
    worth, rules, taken = solved
    ids = contenders["portfolio_id"].tolist()
    found = swaps(worth, rules, taken, _NEARLY * total) if len(taken) else []
    rows = [(ids[out], ids[come], loss, total - loss) for out, come, loss in found[:_ALTERNATIVES]]
    names = ["portfolio_out", "portfolio_in", "loss", "total"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.astype(
        {"portfolio_out": "str", "portfolio_in": "str", "loss": "float64", "total": "float64"}
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
    contested = among(eligible["portfolio_id"], long.loc[shared, "portfolio_id"].drop_duplicates())
    free = eligible[~contested].sort_values([score, "portfolio_id"], ascending=[False, True])
    kept = pd.concat([eligible[contested], free.head(n + _ALTERNATIVES)])
    return kept.sort_values("portfolio_id", ignore_index=True)


def _rules(
    contenders: pd.DataFrame,
    n: int,
    max_per_owner: int | None,
    min_industries: int | None,
    must: set[str],
) -> Rules:
    owners = industry = None
    if max_per_owner is not None:
        owners = _owners(contenders)
    if min_industries is not None:
        industry = _codes(contenders, "industry")
        present = len(np.unique(industry[industry >= 0]))
        if present < min(min_industries, n) or min_industries > n:
            msg = (
                f"min_industries={min_industries} cannot be filled: the eligible candidates are of "
                f"{present} industries and n={n}."
            )
            raise ArgumentError(msg)
    return Rules(
        n,
        _conflicts(contenders),
        owners,
        max_per_owner or n,
        industry,
        min_industries or 0,
        np.flatnonzero(contenders["portfolio_id"].isin(list(must))),
    )


def _conflicts(contenders: pd.DataFrame) -> csr_array:
    """Families x candidates. Families of the same candidates say the same: one row for them all."""
    from scipy.sparse import csr_array

    long = _apart(contenders)
    long = long[long["key"].duplicated(keep=False)].drop_duplicates()
    row = pd.Series(range(len(contenders)), index=contenders["portfolio_id"])
    codes, keys = pd.factorize(long["key"])
    place = long["portfolio_id"].map(row).to_numpy(dtype=np.int64)
    order = np.lexsort((place, codes))
    places = place[order].tolist()
    ends = np.cumsum(np.bincount(codes, minlength=len(keys))).tolist()
    where = {tuple(places[a:b]) for a, b in zip([0, *ends], ends, strict=False)}
    sets = sorted(one for one in where if len(one) > 1)
    rows = np.repeat(np.arange(len(sets)), [len(one) for one in sets])
    columns = np.array([c for one in sets for c in one], dtype=np.int64)
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(sets), len(contenders)))


def _owners(contenders: pd.DataFrame) -> csr_array:
    """Owners x candidates; an alliance is of each of its owners."""
    from scipy.sparse import csr_array

    if "owners" not in contenders.columns:
        return indicator(_codes(contenders, "owner_id" if "owner_id" in contenders else "owner"))
    long = contenders["owners"].reset_index(drop=True).explode().dropna()
    codes, names = pd.factorize(long, sort=True)
    shape = (len(names), len(contenders))
    return csr_array((np.ones(len(long)), (codes, long.index.to_numpy())), shape=shape)


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
