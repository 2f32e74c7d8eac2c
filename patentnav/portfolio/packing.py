"""Set packing: the best candidates of which no two share a family, within limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

EXACT = 1e-6  # the solver's absolute gap: totals nearer than this are equal to it


class Rules(NamedTuple):
    """What a choice among candidates must keep to."""

    n: int
    conflicts: csr_array  # families x candidates: at most one of each row
    owner: np.ndarray | None  # code of the owner of every candidate
    max_per_owner: int
    industry: np.ndarray | None  # code of the industry of every candidate
    min_industries: int


def solve(worth: np.ndarray, rules: Rules, time_limit: float) -> tuple[np.ndarray, float]:
    """Places of the chosen, and what no choice exceeds."""
    if not len(worth):
        return np.array([], dtype=np.int64), 0.0
    if not rules.conflicts.shape[0] and rules.owner is None and rules.industry is None:
        best = np.argsort(-worth, kind="stable")[: rules.n]
        best = best[worth[best] > 0]
        return best, float(worth[best].sum())
    taken, bound = _packed(worth, rules, time_limit)
    greedy = _exchanged(worth, rules)
    options = [one for one in (taken, greedy) if one is not None]
    if not options:
        msg = (
            f"No choice of {rules.min_industries} industries was found in {time_limit:g} seconds. "
            "Raise time_limit or lower min_industries."
        )
        raise ArgumentError(msg)
    # Of equal totals the solver's: it comes first.
    return max(options, key=lambda one: worth[one].sum()), bound


def _packed(worth: np.ndarray, rules: Rules, time_limit: float) -> tuple[np.ndarray | None, float]:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, hstack, vstack

    size = len(worth)
    industries = 0 if rules.industry is None else int(rules.industry.max()) + 1
    blocks = [csr_array(np.ones((1, size))), rules.conflicts]
    upper = [float(rules.n), *np.ones(rules.conflicts.shape[0])]
    if rules.owner is not None:
        blocks.append(_indicator(rules.owner))
        upper += [float(rules.max_per_owner)] * blocks[-1].shape[0]
    if rules.industry is not None:
        blocks = [hstack([block, csr_array((block.shape[0], industries))]) for block in blocks]
        # y_j - sum of x_c in j <= 0, and -sum of y_j <= -min_industries
        blocks.append(hstack([-_indicator(rules.industry), csr_array(np.eye(industries))]))
        blocks.append(csr_array(np.r_[np.zeros(size), -np.ones(industries)][None, :]))
        upper += [0.0] * industries + [-float(rules.min_industries)]
    found = milp(
        np.r_[-worth, np.zeros(industries)],
        integrality=np.ones(size + industries, dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(vstack(blocks), ub=np.array(upper)),
        options={"time_limit": float(time_limit), "mip_rel_gap": 0.0},
    )
    bound = getattr(found, "mip_dual_bound", None)
    if found.status == 2:
        msg = (
            f"min_industries={rules.min_industries} cannot be filled under the other limits. "
            "Lower it, or raise n or max_per_owner."
        )
        raise ArgumentError(msg)
    most = float(np.sort(worth)[::-1][: rules.n].clip(min=0).sum())
    limit = most if bound is None or not np.isfinite(bound) else min(most, -float(bound))
    if found.x is None:
        return None, limit
    taken = np.flatnonzero(np.asarray(found.x)[:size] > 0.5)
    return taken, float(worth[taken].sum()) if found.status == 0 else limit


def _indicator(codes: np.ndarray) -> csr_array:
    """Groups x candidates, a one where the candidate is of the group."""
    from scipy.sparse import csr_array

    known = np.flatnonzero(codes >= 0)
    shape = (int(codes.max()) + 1, len(codes))
    return csr_array((np.ones(len(known)), (codes[known], known)), shape=shape)


class _Choice:
    """A choice that keeps to the rules, made and changed candidate by candidate."""

    def __init__(self, rules: Rules) -> None:
        conflicts = rules.conflicts.tocsc()
        cuts = zip(conflicts.indptr, conflicts.indptr[1:], strict=False)
        self.rules = rules
        self.rows: list[list[int]] = [conflicts.indices[a:b].tolist() for a, b in cuts]
        self.holder: dict[int, int] = {}  # conflict row -> the chosen candidate that fills it
        self.taken: set[int] = set()

    def has_room(self, c: int, without: int | None = None) -> bool:
        """Whether a candidate can be added (once another is taken out)."""
        rest = self.taken - {without}
        if len(rest) >= self.rules.n:
            return False
        if any(self.holder.get(row, without) != without for row in self.rows[c]):
            return False
        owner = self.rules.owner
        if owner is None or owner[c] < 0:
            return True
        return sum(int(owner[one] == owner[c]) for one in rest) < self.rules.max_per_owner

    def add(self, c: int) -> None:
        self.taken.add(c)
        self.holder.update(dict.fromkeys(self.rows[c], c))

    def remove(self, c: int) -> None:
        self.taken.remove(c)
        for row in self.rows[c]:
            del self.holder[row]

    def lacks_industries(self, taken: set[int] | None = None) -> bool:
        return len(self.industries(taken)) < self.rules.min_industries

    def industries(self, taken: set[int] | None = None) -> set[int]:
        if self.rules.industry is None:
            return set()
        codes = {int(self.rules.industry[c]) for c in (self.taken if taken is None else taken)}
        return codes - {-1}


def _exchanged(worth: np.ndarray, rules: Rules) -> np.ndarray | None:
    """Greedy choice, then exchanges of one for one that gain; None where industries lack."""
    order = [c for c in np.argsort(-worth, kind="stable").tolist() if worth[c] > 0]
    choice = _Choice(rules)
    for c in order:  # the best of every industry first, until there are enough
        is_new = not choice.industries({c}) <= choice.industries()
        if is_new and choice.lacks_industries() and choice.has_room(c):
            choice.add(c)
    for c in order:
        if c not in choice.taken and choice.has_room(c):
            choice.add(c)
    for c in order:
        if c in choice.taken:
            continue
        for out in sorted(choice.taken, key=worth.__getitem__):
            if worth[out] + EXACT >= worth[c]:
                break
            kept = (choice.taken - {out}) | {c}
            if choice.has_room(c, out) and not choice.lacks_industries(kept):
                choice.remove(out)
                choice.add(c)
                break
    if choice.lacks_industries():
        return None
    return np.array(sorted(choice.taken), dtype=np.int64)
