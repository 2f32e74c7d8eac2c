"""The cheapest next steps of portfolios below the gate, and the fewest that close the gap."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pandas as pd

from patentnav._strings import among
from patentnav.errors import ArgumentError, MissingColumnError
from patentnav.facts import cutoff_date
from patentnav.portfolio import cells, levers
from patentnav.portfolio.alliances import TENTH
from patentnav.portfolio.members import members

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

LEVERS = ("pending", "pct_open", "own_neighbour", "partner", "alliance")  # by what they cost
COLUMNS = ["portfolio_id", "lever", "publication_id", "inventions", "pct", "days_left", "reason",
           "owner", "technology", "deadline", "with_id"]  # fmt: skip
_NEEDED = ("portfolio_id", "owner_id", "technology", "members", "meets_gate", "inventions",
           "inventions_missing", "pct_missing", "partners", "unit", "granted_only", "alive",
           "owner_level", "home")  # fmt: skip


def additions(
    patents: PatentSet,
    candidates: pd.DataFrame,
    *,
    as_of: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """What portfolios below the gate could add, one row per lever and invention.

    Parameters
    ----------
    patents
        The set of the candidates.
    candidates
        What :func:`patentnav.portfolio.candidates` returned, all of it: neighbours, partners and
        allies are looked for among its rows.
    as_of
        The day; the last day the set knows of when omitted.

    Returns
    -------
    pandas.DataFrame
        Rows ``portfolio_id, lever, publication_id`` (first document of the unit), ``inventions,
        pct`` (what it adds to either count), ``days_left`` (of the priority year), ``reason``,
        ``owner`` and ``technology`` (where it stands now), ``deadline`` and ``with_id`` (the
        portfolio that it comes from), of every candidate that is not known to meet the gate and
        holds at least a tenth of its inventions; cheapest lever first. Levers:

        ``pending``
            Pending inventions of the candidate that count once granted; only where granted
            inventions or those in force are counted, as otherwise they count already.
        ``pct_open``
            First filings of owners at home, not dead, not known to be used for a PCT application,
            within twelve months of the earliest priority (reason ``open``; ``open_after_grant`` where
            it counts only once granted). ``lost``: the year ended within the last two months;
            restoration of the right of priority is at the office's discretion (rule 26bis.3 PCT).
            ``pct`` and ``days_left`` are NA where it cannot be told: ``priority_unknown,
            origin_unknown, foreign_owner, later_filing`` (an earlier priority is claimed, so that
            it is no first filing).
        ``own_neighbour``
            Inventions of the same owner in technologies of like classes (cosine of IPC subclasses
            at least 0.1), which stand in no portfolio that meets or may meet the gate; where
            nothing is told of their PCT applications, only while inventions lack.
        ``partner``
            Inventions in the same technology of owners with whom joint filings exist, likewise.
        ``alliance``
            Another owner below the gate in the same technology with whom it is reached;
            ``publication_id`` is NA, ``inventions`` and ``pct`` are what all of its cell adds.

        A count is NA where the set does not tell, never zero.

    Raises
    ------
    MissingColumnError
        The candidates lack a column that is needed.
    ArgumentError
        The set knows no date and ``as_of`` is not given.

    Notes
    -----
    International applications are published eighteen months after the priority date (article 21(2)
    PCT), so that within the priority year one that was filed cannot be seen: "open" is what the set
    does not contradict. Days are counted to the day twelve months on (rule 80.2 PCT); where that
    day is a holiday the year ends on the next working day (rule 80.5), which is not counted in.
    """
    lacking = [column for column in _NEEDED if column not in candidates.columns]
    if lacking:
        msg = f"The candidates lack {', '.join(lacking)}. Make them with portfolio.candidates."
        raise MissingColumnError(msg)
    day = cutoff_date(patents) if as_of is None else pd.Timestamp(as_of)
    if day is None:
        msg = "The set knows no date. Say as_of."
        raise ArgumentError(msg)
    below = _below(candidates)
    if below.empty:
        return _typed(pd.DataFrame(columns=COLUMNS))
    first = candidates.iloc[0]
    patents = cells.resolved(patents, first["owner_level"])
    rule: cells.Alive = {"all": None, "alive": True}.get(first["alive"], "in_force")
    known = cells.facts(patents, first["unit"], granted_only=bool(first["granted_only"]),
                        alive=rule)  # fmt: skip
    units = levers.units(patents, known, first["home"])
    held = members(candidates)
    held["unit_id"] = held["publication_id"].map(known["unit_id"])
    held = held[["portfolio_id", "unit_id"]].drop_duplicates(ignore_index=True)
    own = held[among(held["portfolio_id"], below["portfolio_id"])].join(units, on="unit_id")
    only_granted = bool(first["granted_only"]) or first["alive"] == "in_force"
    parts = [levers.open_priorities(own, day, only_granted=only_granted)]
    if only_granted:
        parts.append(levers.pending(own))
    single = candidates[candidates["partners"] == 1]
    stock = levers.stock(single, held, units)
    near = levers.neighbours(patents, single, first["unit"])
    ties = levers.partners(patents, single, first["owner_level"])
    moves = pd.concat(
        [
            levers.movable(below, stock, near, held, "own_neighbour"),
            levers.movable(below, stock, ties, held, "partner"),
        ]
    )
    family = moves["publication_id"].map(known["family_id"])
    parts.append(moves[~moves.assign(family=family).duplicated(["portfolio_id", "family"])])
    parts.append(levers.allies(below, single, held, units))
    frame = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    where = candidates.set_index("portfolio_id")
    source = frame["with_id"].fillna(frame["portfolio_id"])
    frame["owner"] = source.map(where["owner"])
    frame["technology"] = source.map(where["technology"])
    place = {str(one): i for i, one in enumerate(candidates["portfolio_id"])}
    frame = frame.assign(
        _p=frame["portfolio_id"].map(place), _l=frame["lever"].map(LEVERS.index),
        _a=-(frame["inventions"].fillna(0) + frame["pct"].fillna(0)),
    ).sort_values(["_p", "_l", "days_left", "_a", "with_id", "publication_id"], na_position="last")  # fmt: skip
    return _typed(frame[COLUMNS].reset_index(drop=True))


def _below(candidates: pd.DataFrame) -> pd.DataFrame:
    """Candidates of one owner not known to meet the gate, with a tenth of its inventions."""
    wanted = (candidates["min_inventions"] // TENTH).clip(lower=1)
    meets = candidates["meets_gate"].fillna(False).astype(bool)
    enough = candidates["inventions"] >= wanted
    return candidates[~meets & enough & (candidates["partners"] == 1)]


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    whole = dict.fromkeys(["inventions", "pct", "days_left"], "Int64")
    text = ["portfolio_id", "lever", "publication_id", "reason", "owner", "with_id"]
    dates = {"deadline": "datetime64[us]"}
    return frame.astype({**whole, **dict.fromkeys(text, "str"), **dates})


def closing(candidates: pd.DataFrame, added: pd.DataFrame) -> pd.DataFrame:
    """What each lever leaves of the gap, and the fewest levers that close it.

    Parameters
    ----------
    candidates
        What :func:`patentnav.portfolio.candidates` returned.
    added
        What :func:`additions` returned for them.

    Returns
    -------
    pandas.DataFrame
        One row per portfolio and lever, in the order of the candidates: ``portfolio_id, lever,
        rows, inventions, pct`` (what the lever adds; of alliances the best ally),
        ``inventions_missing, pct_missing`` (what is still missing after it alone), ``closes``,
        ``in_smallest`` (whether it is of the fewest levers that close the gap together, the cheaper
        of equally many; false for all where none do) and ``use`` (the fewest of its rows that the
        smallest set needs). Rows of unknown effect add nothing. NA where PCT is not told.
    """
    columns = (candidates[c] for c in ("portfolio_id", "inventions_missing", "pct_missing"))
    gaps = {str(name): (a, b) for name, a, b in zip(*columns, strict=True)}
    rows = []
    known = added.dropna(subset=["inventions", "pct"])
    known = known[(known["inventions"] > 0) | (known["pct"] > 0)]
    for name, own in known.groupby("portfolio_id", sort=False):
        lacks, lacks_pct = gaps[str(name)]
        parts = {str(lever): _gains(part) for lever, part in own.groupby("lever", sort=False)}
        options = {lever: parts[lever] for lever in LEVERS if lever in parts}
        told = pd.notna(lacks_pct)
        wanted = (int(lacks), int(lacks_pct) if told else 0)
        smallest = _smallest(options, wanted) if told else ()
        use = _use(options, smallest, wanted)
        for lever, gains in options.items():
            total = _total(lever, gains, wanted)
            left = [max(0, w - t) for w, t in zip(wanted, total, strict=True)]
            after = left[1] if told else pd.NA
            closes = not any(left) if told else pd.NA
            rows.append((name, lever, len(gains), *total, left[0], after, closes, lever in smallest, use.get(lever, 0)))  # fmt: skip
    names = ["portfolio_id", "lever", "rows", "inventions", "pct", "inventions_missing",
             "pct_missing", "closes", "in_smallest", "use"]  # fmt: skip
    table = pd.DataFrame(rows, columns=names)
    whole = dict.fromkeys(["rows", "inventions", "pct", "inventions_missing", "pct_missing", "use"], "Int64")  # fmt: skip
    text = {"portfolio_id": "str", "lever": "str", "closes": "boolean", "in_smallest": "bool"}
    return table.astype({**whole, **text})


def _gains(part: pd.DataFrame) -> list[tuple[int, int]]:
    return [(int(a), int(b)) for a, b in zip(part["inventions"], part["pct"], strict=True)]


def _total(lever: str, gains: list[tuple[int, int]], wanted: tuple[int, int]) -> tuple[int, int]:
    """What a lever adds; of alliances, one: that which leaves least."""
    if lever != "alliance":
        return sum(a for a, _ in gains), sum(b for _, b in gains)

    def left(gain: tuple[int, int]) -> tuple[int, int]:
        return sum(max(0, w - g) for w, g in zip(wanted, gain, strict=True)), sum(gain)

    return min(gains, key=left)


def _smallest(
    options: dict[str, list[tuple[int, int]]], wanted: tuple[int, int]
) -> tuple[str, ...]:
    """The fewest levers that together add what is wanted; of equally many the cheapest."""
    total = {lever: _total(lever, gains, wanted) for lever, gains in options.items()}
    for size in range(1, len(options) + 1):
        for group in itertools.combinations(options, size):
            if all(sum(total[one][i] for one in group) >= wanted[i] for i in (0, 1)):
                return group
    return ()


def _use(
    options: dict[str, list[tuple[int, int]]], group: tuple[str, ...], wanted: tuple[int, int]
) -> dict[str, int]:
    """Rows of every lever of the smallest set that are needed: the fewest, cheaper levers first."""
    if not group:
        return {}
    need = list(wanted)
    use = dict.fromkeys(group, 0)
    pool = []
    for lever in group:
        if lever == "alliance":
            use[lever] = 1
            best = _total(lever, options[lever], wanted)
            need = [max(0, n - g) for n, g in zip(need, best, strict=True)]
        else:
            pool += [(lever, gain) for gain in options[lever]]
    # What adds to both counts first while both lack; then whatever adds to the one that lacks.
    pool.sort(key=lambda row: (-(row[1][0] > 0 and row[1][1] > 0), group.index(row[0])))
    for both in (True, False):
        for lever, gain in list(pool):
            helps = [n > 0 and g > 0 for n, g in zip(need, gain, strict=True)]
            if all(helps) if both else any(helps):
                use[lever] += 1
                need = [max(0, n - g) for n, g in zip(need, gain, strict=True)]
                pool.remove((lever, gain))
    return use
