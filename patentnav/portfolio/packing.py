"""Set packing: the best candidates of which no two share a family, within limits."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

EXACT = 1e-6  # the solver's absolute gap: totals nearer than this are equal to it
# The solver looks at its clock only between steps, which take long when families overlap without
# order. Entries of the programme per second from which no proof can be hoped for in time.
_HOPEFUL, _OVERRUN = 8_000, 5e-5
_STEPS = 150  # of the bound


class Rules(NamedTuple):
    """What a choice among candidates must keep to."""

    n: int
    conflicts: csr_array  # families x candidates: at most one of each row
    owners: csr_array | None  # owners x candidates, a one where the owner is of the candidate
    max_per_owner: int
    industry: NDArray | None  # code of the industry of every candidate
    min_industries: int
    must: NDArray  # places of the candidates that have to be chosen


def solve(worth: NDArray, rules: Rules, time_limit: float) -> tuple[NDArray, float]:
    """Places of the chosen, and what no choice exceeds."""
    if not len(worth):
        return np.array([], dtype=np.int64), 0.0
    simple = rules.owners is None and rules.industry is None and not len(rules.must)
    if not rules.conflicts.shape[0] and simple:
        best = np.argsort(-worth, kind="stable")[: rules.n]
        best = best[worth[best] > 0]
        return best, float(worth[best].sum())
    start = time.monotonic()
    greedy = exchanged(worth, rules)
    taken, bound = None, float("inf")
    # What the solver may take longer than it is given, and what the bound takes after it.
    left = 0.85 * (time_limit - (time.monotonic() - start)) - _OVERRUN * rules.conflicts.nnz
    if rules.conflicts.nnz <= _HOPEFUL * time_limit and left > 0:
        taken, bound = _packed(worth, rules, left)
    options = [one for one in (taken, greedy) if one is not None]
    if not options:
        msg = (
            f"No choice of {rules.min_industries} industries was found in {time_limit:g} seconds. "
            "Raise time_limit or lower min_industries."
        )
        raise ArgumentError(msg)
    # Of equal totals the solver's: it comes first.
    best = max(options, key=lambda one: worth[one].sum())
    if bound - worth[best].sum() > EXACT:
        known = float(worth[best].sum())
        bound = min(bound, _relaxed(worth, rules, known, start + time_limit))
    return best, bound


def _packed(worth: NDArray, rules: Rules, time_limit: float) -> tuple[NDArray | None, float]:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, hstack, vstack

    size = len(worth)
    industries = 0 if rules.industry is None else int(rules.industry.max()) + 1
    blocks = [csr_array(np.ones((1, size))), rules.conflicts]
    upper = [float(rules.n), *np.ones(rules.conflicts.shape[0])]
    if rules.owners is not None:
        blocks.append(rules.owners)
        upper += [float(rules.max_per_owner)] * rules.owners.shape[0]
    if rules.industry is not None:
        blocks = [hstack([block, csr_array((block.shape[0], industries))]) for block in blocks]
        # y_j - sum of x_c in j <= 0, and -sum of y_j <= -min_industries
        blocks.append(hstack([-indicator(rules.industry), csr_array(np.eye(industries))]))
        blocks.append(csr_array(np.r_[np.zeros(size), -np.ones(industries)][None, :]))
        upper += [0.0] * industries + [-float(rules.min_industries)]
    least = np.zeros(size + industries)
    least[rules.must] = 1
    found = milp(
        np.r_[-worth, np.zeros(industries)],
        integrality=np.ones(size + industries, dtype=np.int64),
        bounds=Bounds(least, np.ones(size + industries)),
        constraints=LinearConstraint(vstack(blocks), ub=np.array(upper)),
        options={"time_limit": float(time_limit), "mip_rel_gap": 0.0},
    )
    bound = getattr(found, "mip_dual_bound", None)
    if found.status == 2:
        msg = (
            f"min_industries={rules.min_industries} and must cannot be had under the other limits. "
            "Lower it, take must-haves out, or raise n or max_per_owner."
        )
        raise ArgumentError(msg)
    limit = float("inf") if bound is None or not np.isfinite(bound) else -float(bound)
    if found.x is None:
        return None, limit
    taken = np.flatnonzero(np.asarray(found.x)[:size] > 0.5)
    return taken, float(worth[taken].sum()) if found.status == 0 else limit


def _relaxed(worth: NDArray, rules: Rules, known: float, end: float) -> float:
    """A bound from prices on families (Lagrangian relaxation, subgradient steps).

    With prices p >= 0 no choice exceeds sum(p) plus the n best of worth less the prices of its
    families (Fisher 1981, Management Science 27(1), doi:10.1287/mnsc.27.1.1).
    """
    conflicts = rules.conflicts
    price = np.zeros(conflicts.shape[0])
    must = np.zeros(len(worth), dtype=bool)
    must[rules.must] = True
    best, step = float("inf"), 1.0
    for _ in range(_STEPS):
        net = worth - conflicts.T @ price
        # What must be chosen stands first; the rest only where it adds.
        order = np.lexsort((-net, ~must))[: rules.n]
        order = order[must[order] | (net[order] > 0)]
        value = float(price.sum() + net[order].sum())
        if time.monotonic() > end and np.isfinite(best):
            break
        if value >= best - EXACT:
            step *= 0.9
        best = min(best, value)
        chosen = np.zeros(len(worth))
        chosen[order] = 1
        over = conflicts @ chosen - 1
        length = float(over @ over)
        if value - known <= EXACT or not length:
            break
        price = np.maximum(0, price + step * (value - known) / length * over)
    return best


def indicator(codes: NDArray) -> csr_array:
    """Groups x candidates, a one where the candidate is of the group."""
    from scipy.sparse import csr_array

    known = np.flatnonzero(codes >= 0)
    shape = (int(codes.max(initial=-1)) + 1, len(codes))
    return csr_array((np.ones(len(known)), (codes[known], known)), shape=shape)


class Choice:
    """A choice that keeps to the rules, made and changed candidate by candidate."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.rows = _rows_of(rules.conflicts)
        self.owners = None if rules.owners is None else _rows_of(rules.owners)
        self.holder: dict[int, int] = {}  # conflict row -> the chosen candidate that fills it
        self.held: dict[int, int] = {}  # owner -> how many of the chosen
        self.taken: set[int] = set()
        for c in rules.must.tolist():
            if not self.has_room(c):
                msg = "The must-haves share a family or break n or max_per_owner."
                raise ArgumentError(msg)
            self.add(c)

    def has_room(self, c: int, without: int | None = None) -> bool:
        """Whether a candidate can be added (once another is taken out)."""
        if len(self.taken) - (without is not None) >= self.rules.n:
            return False
        if any(self.holder.get(row, without) != without for row in self.rows[c]):
            return False
        if self.owners is None:
            return True
        out = () if without is None else self.owners[without]
        most = self.rules.max_per_owner
        return all(self.held.get(o, 0) - (o in out) < most for o in self.owners[c])

    def add(self, c: int) -> None:
        """Take a candidate."""
        self.taken.add(c)
        self.holder.update(dict.fromkeys(self.rows[c], c))
        for o in self.owners[c] if self.owners else ():
            self.held[o] = self.held.get(o, 0) + 1

    def remove(self, c: int) -> None:
        """Give a candidate back."""
        self.taken.remove(c)
        for row in self.rows[c]:
            del self.holder[row]
        for o in self.owners[c] if self.owners else ():
            self.held[o] -= 1

    def lacks_industries(self, taken: set[int] | None = None) -> bool:
        """Whether the chosen are of too few industries."""
        return len(self.industries(taken)) < self.rules.min_industries

    def industries(self, taken: set[int] | None = None) -> set[int]:
        """Industries of the chosen."""
        if self.rules.industry is None:
            return set()
        codes = {int(self.rules.industry[c]) for c in (self.taken if taken is None else taken)}
        return codes - {-1}


def _rows_of(table: csr_array) -> list[list[int]]:
    columns = table.tocsc()
    cuts = zip(columns.indptr, columns.indptr[1:], strict=False)
    return [columns.indices[a:b].tolist() for a, b in cuts]


def exchanged(worth: NDArray, rules: Rules) -> NDArray | None:
    """Greedy choice, then exchanges of one for one until none gains; None where industries lack."""
    order = [c for c in np.argsort(-worth, kind="stable").tolist() if worth[c] > 0]
    choice = Choice(rules)
    for c in order:  # the best of every industry first, until there are enough
        is_new = not choice.industries({c}) <= choice.industries()
        if is_new and choice.lacks_industries() and c not in choice.taken and choice.has_room(c):
            choice.add(c)
    _fill(choice, order)
    fixed = set(rules.must.tolist())
    gained = True
    while gained:
        gained = False
        for c in order:
            out = None if c in choice.taken else _worse(choice, worth, c, fixed)
            if out is not None:
                choice.remove(out)
                choice.add(c)
                gained = True
        if gained:
            _fill(choice, order)
    if choice.lacks_industries():
        return None
    return np.array(sorted(choice.taken), dtype=np.int64)


def _fill(choice: Choice, order: list[int]) -> None:
    for c in order:
        if len(choice.taken) >= choice.rules.n:
            break
        if c not in choice.taken and choice.has_room(c):
            choice.add(c)


def _worse(choice: Choice, worth: NDArray, c: int, fixed: set[int]) -> int | None:
    """The least of the chosen that a candidate can take the place of with a gain."""
    # Who shares a family with it has to go; with two of them no single exchange is possible.
    blocking = {choice.holder[row] for row in choice.rows[c] if row in choice.holder}
    if len(blocking) > 1:
        return None
    for out in sorted(blocking or choice.taken, key=lambda one: (worth[one], one)):
        if worth[out] + EXACT >= worth[c]:
            return None
        if out in fixed or not choice.has_room(c, out):
            continue
        if not choice.lacks_industries((choice.taken - {out}) | {c}):
            return int(out)
    return None


def swaps(
    worth: NDArray, rules: Rules, taken: NDArray, most: float
) -> list[tuple[int, int, float]]:
    """Exchanges of one chosen for another that lose least: places out and in, and the loss."""
    choice = Choice(rules)
    fixed = set(choice.taken)
    for c in taken.tolist():
        if c not in choice.taken:
            choice.add(c)
    found = []
    for c in np.argsort(-worth, kind="stable").tolist():
        if c in choice.taken:
            continue
        blocking = {choice.holder[row] for row in choice.rows[c] if row in choice.holder}
        if len(blocking) > 1:
            continue
        for out in sorted(blocking or choice.taken, key=lambda one: (worth[one], one)):
            loss = float(worth[out] - worth[c])
            if out in fixed or not 0 <= loss + EXACT <= most + EXACT:
                continue
            rest = (choice.taken - {out}) | {c}
            if choice.has_room(c, out) and not choice.lacks_industries(rest):
                found.append((out, c, max(0.0, loss)))
                break
    return sorted(found, key=lambda row: (row[2], row[1], row[0]))
