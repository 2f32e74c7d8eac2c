"""Leading owners side by side: size, course, law, reach, impact and technologies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav.counting import unit_ids, unit_years
from patentnav.facts import DEAD
from patentnav.indicators.flow import PCT, targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

BASE = 10  # units of the first year from which a yearly rate is told
MOSTLY = (
    0.5  # of an owner's units held together with the first, above which it is a partner, no rival
)


def compare(
    patents: PatentSet,
    members: pd.DataFrame,
    chosen: Sequence[str],
    *,
    unit: Unit | None = None,
    years: tuple[int, int] | None = None,
    basis: str = "application_date",
    technology_of: pd.DataFrame | None = None,
    percentile: pd.Series | None = None,
    ventures: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Chosen owners side by side.

    Parameters
    ----------
    patents
        The set.
    members
        Owners of publications: ``publication_id, owner``
        (:func:`patentnav.facts.owners` with ``which="all"``).
    chosen
        Ids of the owners to compare; the technologies of the first are the measure of overlap.
    unit
        Counted unit; the configured one when omitted.
    years
        First and last complete year of the rate; no rate when omitted.
    basis
        Date of the years.
    technology_of
        ``publication_id, technology``, without remainders; no technologies when omitted.
    percentile
        Standing of publications among those of their field and year (0 to 100), by
        ``publication_id``; NA where unknown.
    ventures
        Publications of joint ventures (:func:`patentnav.facts.ventures`), which both sides hold;
        only what both are named for is taken as held together when omitted.

    Returns
    -------
    pandas.DataFrame
        One row per owner in the order of ``chosen``: ``owner, units``; ``first_count, last_count,
        rate`` (compound yearly growth between the two years; NA where the first has fewer than
        ``BASE`` units or the last none); ``decided`` (units in force or ended, none pending),
        ``in_force, in_force_share`` (of these);
        ``offices`` (distinct, without the PCT); ``pct, pct_share`` (units filed under the PCT; NA
        where the set tells neither families nor PCT numbers); ``percentile`` (median over units);
        ``main_technologies`` (ids of the two largest); ``joint`` (units held together with the
        first) and ``overlap`` (sum of the smaller share of either in every technology: 0 nothing,
        1 all in common; NA for the first itself). What both hold together says nothing of their
        rivalry and counts for neither side; of an owner that holds more than ``MOSTLY`` of its units
        together with the first, a partner, no overlap is told.
    """
    ids = unit_ids(patents, unit)
    rows = members[members["owner"].isin(list(chosen))]
    rows = rows.assign(unit_id=ids.reindex(rows["publication_id"]).to_numpy())
    held = rows[["owner", "unit_id"]].drop_duplicates()
    frame = pd.DataFrame({"units": held.groupby("owner").size()}).reindex(list(chosen))
    if years is not None:
        _rates(
            frame, held.assign(year=held["unit_id"].map(unit_years(patents, basis, unit))), years
        )
    _state(frame, held, patents, ids)
    where = held.merge(targets(patents, unit), on="unit_id")
    offices = where[where["target"] != PCT].groupby("owner")["target"].nunique()
    frame["offices"] = offices.reindex(frame.index).astype("Int64")
    _pct(frame, held, where, patents, ids)
    if percentile is not None:
        best = percentile.groupby(ids.reindex(percentile.index).to_numpy()).max()
        frame["percentile"] = held["unit_id"].map(best).groupby(held["owner"]).median()
    both = _held_together(held, str(frame.index[0]), ventures, ids)
    frame["joint"] = pd.Series({owner: len(units) for owner, units in both.items()}, dtype="Int64")
    if technology_of is not None:
        _technologies(frame, rows, technology_of, both)
    return frame.rename_axis("owner").reset_index()


def _held_together(
    held: pd.DataFrame, first: str, ventures: pd.DataFrame | None, ids: pd.Series
) -> dict[str, set[str]]:
    """Units that every other owner holds together with the first, those of their ventures included."""
    units = held.groupby("owner")["unit_id"].agg(set)
    found = {str(owner): own & units[first] for owner, own in units.items() if owner != first}
    if ventures is None:
        return found
    ends = (("owner", "other"), ("other", "owner"))
    for mine, theirs in ends:
        rows = ventures[ventures[mine] == first]
        for owner, part in rows.groupby(theirs)["publication_id"]:
            if owner in found:
                found[str(owner)] |= set(ids.reindex(part.unique()).dropna())
    return found


def _rates(frame: pd.DataFrame, held: pd.DataFrame, years: tuple[int, int]) -> None:
    first, last = years
    for name, year in (("first_count", first), ("last_count", last)):
        counts = held[(held["year"] == year).fillna(False)].groupby("owner").size()
        frame[name] = counts.reindex(frame.index, fill_value=0)
    told = (frame["first_count"] >= BASE) & (frame["last_count"] > 0) & (last > first)
    ratio = frame["last_count"] / frame["first_count"].where(told)
    frame["rate"] = ratio ** (1 / max(last - first, 1)) - 1


def _state(frame: pd.DataFrame, held: pd.DataFrame, patents: PatentSet, ids: pd.Series) -> None:
    status = patents.publications["legal_status"]
    unit = ids.reindex(status.index).to_numpy()
    lives = (status == "in_force").groupby(unit).any()
    open_ = (status == "pending").groupby(unit).any()
    ended = status.isin(DEAD).groupby(unit).any()
    decided = lives | (ended & ~open_)
    own = held["unit_id"]
    known = held.assign(lives=own.map(lives))[own.map(decided).astype(bool).to_numpy()]
    groups = known.groupby("owner")["lives"]
    frame["decided"] = groups.size().reindex(frame.index, fill_value=0)
    frame["in_force"] = groups.sum().reindex(frame.index).astype("Int64")
    frame["in_force_share"] = (frame["in_force"] / frame["decided"]).astype("float64")


def _pct(
    frame: pd.DataFrame, held: pd.DataFrame, where: pd.DataFrame, patents: PatentSet, ids: pd.Series
) -> None:
    publications = patents.publications
    numbered = publications[["pct_application_id", "pct_publication_id"]].notna().any(axis=1)
    filed = set(where.loc[where["target"] == PCT, "unit_id"]) | set(ids[numbered])
    told = patents.has("families") or numbered.any()
    counts = held[held["unit_id"].isin(filed)].groupby("owner").size()
    counts = counts.reindex(frame.index, fill_value=0).astype("Int64")
    frame["pct"] = counts if told else counts.mask(counts >= 0)
    frame["pct_share"] = (frame["pct"] / frame["units"]).astype("float64")


def _technologies(
    frame: pd.DataFrame, rows: pd.DataFrame, technology_of: pd.DataFrame, both: dict[str, set[str]]
) -> None:
    of = technology_of[["publication_id", "technology"]]
    cells = rows[["owner", "publication_id"]].merge(of, on="publication_id")
    counts = (
        cells.groupby(["owner", "technology"])["publication_id"].nunique().reset_index(name="n")
    )
    counts = counts.sort_values(["owner", "n", "technology"], ascending=[True, False, True])
    best: dict[Any, tuple[str, ...]] = {
        owner: tuple(part["technology"].head(2)) for owner, part in counts.groupby("owner")
    }
    frame["main_technologies"] = [best.get(owner, ()) for owner in frame.index]
    overlap = pd.Series(float("nan"), index=frame.index)
    first = frame.index[0]
    partners = frame["joint"].astype("float64") > MOSTLY * frame["units"]
    for owner in frame.index[1:][~partners.iloc[1:].to_numpy(dtype=bool)]:
        pair = rows[rows["owner"].isin([first, owner])]
        own = pair.loc[~pair["unit_id"].isin(both[str(owner)]), ["owner", "publication_id"]].merge(
            of, on="publication_id"
        )
        if own["owner"].nunique() == 2:
            each = own.groupby(["owner", "technology"])["publication_id"].nunique()
            overlap[owner] = profiles(each.reset_index(name="n")).min().sum()
    frame["overlap"] = overlap


def profiles(counts: pd.DataFrame) -> pd.DataFrame:
    """Shares of technologies in every owner's publications.

    Parameters
    ----------
    counts
        ``owner, technology, n``.

    Returns
    -------
    pandas.DataFrame
        Owners by technologies; every row sums to one.

    Examples
    --------
    >>> import pandas as pd
    >>> counts = pd.DataFrame({"owner": ["a", "a", "b"], "technology": ["x", "y", "x"],
    ...                        "n": [3, 1, 5]})
    >>> profiles(counts).loc["a"].tolist()
    [0.75, 0.25]
    """
    table = counts.pivot_table(index="owner", columns="technology", values="n", fill_value=0)
    return table.div(table.sum(axis=1), axis=0)
