"""What may be told of portfolios: lower bounds of PCT applications, who is close, and levers that tell nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav.portfolio import LEVERS
from patentnav.report.blocks import Text
from patentnav.study.naming import HALF
from patentnav.study.portfolios import at_home, close, of_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition

# Gaps, and part of them, from which a lever that closes them tells nothing.
_SEVERAL, _NEARLY_ALL = 5, 0.9


def pct_columns(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """PCT applications as far as known, and how many units could add to them, if any could.

    Parameters
    ----------
    rows
        ``pct, pct_unknown``.

    Returns
    -------
    dict
        By column.
    """
    found = {"pct": rows["pct"]}
    if rows["pct"].notna().any() and (rows["pct_unknown"] > 0).any():
        found["pct_unknown"] = rows["pct_unknown"]
    return found


def lower_bounds(shown: pd.DataFrame) -> Iterator[Block]:
    """Say that counts of PCT applications are lower bounds, where some are.

    Parameters
    ----------
    shown
        The table, as made by :func:`pct_columns`.

    Yields
    ------
    Text
    """
    if "pct_unknown" in shown:
        lacks = "pct_missing" in shown
        yield Text(f"path.portfolios.lower{'_lacks' if lacks else ''}", {}, "note")


def common_levers(steps: pd.DataFrame) -> dict[str, int]:
    """Levers that alone close nearly every gap that can be closed, which tells no portfolio from another.

    Parameters
    ----------
    steps
        What each lever leaves of the gaps (:func:`patentnav.portfolio.closing`).

    Returns
    -------
    dict
        By lever: how many gaps it closes alone.
    """
    closable = steps.loc[steps["in_smallest"], "portfolio_id"].nunique()
    if closable < _SEVERAL:
        return {}
    alone = steps[steps["closes"].fillna(False).astype(bool)]
    counts = alone.groupby("lever")["portfolio_id"].nunique()
    return {lever: int(counts[lever]) for lever in LEVERS
            if counts.get(lever, 0) >= _NEARLY_ALL * closable}  # fmt: skip


def holding(edition: Edition, rows: pd.DataFrame) -> pd.DataFrame:
    """Portfolios half of whose titles bear the name of the technology by which they are called.

    Parameters
    ----------
    edition
        The edition.
    rows
        Candidates.

    Returns
    -------
    pandas.DataFrame
    """
    borne = edition.study.bears_name
    if borne.empty:
        return rows
    sizes = np.array([len(members) for members in rows["members"]], dtype=np.int64)
    everybody = pd.Index([one for members in rows["members"] for one in members])
    place = borne.index.get_indexer(everybody)
    row = np.repeat(np.arange(len(rows)), sizes)[place >= 0]
    known = np.bincount(row, minlength=len(rows))
    bearing = np.bincount(row, borne.to_numpy()[place[place >= 0]], minlength=len(rows))
    kept: pd.DataFrame = rows[(known == 0) | (bearing >= HALF * known)]
    return kept


def so_called(edition: Edition, row: Mapping[Any, Any], label: str) -> str:
    """A portfolio's name, with a word where less than half of its titles bear the technology's.

    Parameters
    ----------
    edition
        The edition.
    row
        The candidate.
    label
        Its name.

    Returns
    -------
    str
    """
    if len(holding(edition, pd.DataFrame([dict(row)]))):
        return label
    return edition.word("named_in_part", name=label)


def close_by(candidates: pd.DataFrame) -> frozenset[str]:
    """Portfolios that have half of the gate or more, which alone are worth a word on what they lack.

    Parameters
    ----------
    candidates
        Candidates; those of which PCT applications are not told are not close.

    Returns
    -------
    frozenset of str
    """
    return frozenset(close(candidates)["portfolio_id"].astype(str))


def unfair(edition: Edition, claim: ClaimMaker) -> dict[str, Any] | None:
    """Claims on PCT applications that are not told of owners at home; None where enough is told.

    Where they are told of foreign owners only, as where a national application number alone tells
    that an international one came before it, whoever comes next is a foreign owner.

    Parameters
    ----------
    edition
        The edition.
    claim
        What makes the claims of the section.

    Returns
    -------
    dict or None
        ``home, untold``: candidates of size of owners not known to be foreign, and those of them of
        which nothing is told.
    """
    study = edition.study
    sized = of_size(study.eligible)
    home = sized[at_home(study.patents, sized)]
    untold = home["pct"].isna()
    if not len(home) or float(untold.mean()) <= HALF:
        return None
    return {
        name: claim(name, "count", "set", "portfolios_at_home", int(value), unit="portfolio",
                    details={"untold": name == "untold"})
        for name, value in (("home", len(home)), ("untold", untold.sum()))
    }  # fmt: skip
