"""Which patents can be offered as security, as far as the record tells: red, amber, green."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import _resources
from patentnav.errors import ArgumentError, MissingColumnError
from patentnav.facts import check_owner_level, moment
from patentnav.operation.holdings import (
    YEAR,
    applications,
    events_of,
    held,
    key,
    reasons,
)

if TYPE_CHECKING:
    from patentnav.facts import OwnerLevel
    from patentnav.patentset import PatentSet

COLOURS = ("green", "amber", "red")
LEAST_LIFE, LAST_LIFE, RECENT_CHANGE = 3.0, 1.0, 1.0
RED = ("not_in_force", "pledged", "preserved", "under_invalidation", "ends_soon")
AMBER = (
    "status_untold", "pending", "events_untold", "owner_untold", "co_owned", "individual", "not_a_firm",
    "short_life", "life_untold", "disputed", "changed_lately", "pledge_undated",
)  # fmt: skip
NOTES = ("unexamined", "pledged_before")
COLUMNS = (
    "publication_id", "owner", "owner_name", "owners", "colour", "status", "life_years", "pledges",
    "last_event", "last_event_date", "reason",
)  # fmt: skip
_DISPUTES = ("litigation", "opposition")


def pledge(
    patents: PatentSet,
    *,
    as_of: Any = None,
    owner: OwnerLevel = "party",
    min_life: float = LEAST_LIFE,
) -> pd.DataFrame:
    """Screen applications as security for a loan: what speaks against each, never what it is worth.

    Parameters
    ----------
    patents
        A set with legal states; with legal events and resolved parties more is told.
    as_of
        Day on which is screened; events after it do not count. The last day the set knows of when
        omitted.
    owner
        ``party`` (a legal entity signs a pledge) or ``group``.
    min_life
        Years that the right must still last at most for green.

    Returns
    -------
    pandas.DataFrame
        One row per application of inventions, utility models and designs, green first, then amber,
        red; the longest life first:

        - ``publication_id, owner, owner_name`` (the first owner), ``owners`` (their number; NA where
          none is told);
        - ``colour``: ``red`` where anything of ``RED`` holds, else ``amber`` where anything of ``AMBER``
          does, else ``green``; what is not known is amber, never green;
        - ``status, life_years`` (to the end of the longest term), ``pledges`` (recorded entries of a
          pledge; NA without events), ``last_event, last_event_date`` (category and day of the last dated
          event that is no fee);
        - ``reason``: keys joined by ``; ``: red ones ``not_in_force, pledged, preserved,
          under_invalidation, ends_soon`` (within a year), amber ones ``status_untold, pending,
          events_untold, owner_untold, co_owned, individual, not_a_firm, short_life, life_untold, disputed,
          changed_lately`` (within a year), ``pledge_undated``, and notes that change no colour
          ``unexamined`` (a utility model or design), ``pledged_before``.

        ``attrs``: ``now``.

    Raises
    ------
    MissingColumnError
        The set says no legal state.
    ArgumentError
        ``min_life`` is negative.

    Notes
    -----
    Events are read in the order of their days: a pledge that was cancelled and registered again is in
    force, one that was cancelled is not. Rules are ours, from what registration asks (State IP Office
    of China, Measures for the Registration of Patent Pledges, 2021: right in force, consent of all
    co-owners, no preservation, no earlier pledge) and banks usually do. Of real pledges 62 % were
    utility models and 19 % co-owned, so that neither excludes. Most of the screen is being in force:
    green separates pledged patents from others in force only weakly. No price is given; none follows.
    Refuted by: the official register of the day, which alone counts.
    """
    check_owner_level(owner)
    if min_life < 0:
        msg = f"min_life={min_life} must not be negative."
        raise ArgumentError(msg)
    if not patents.publications["legal_status"].notna().any():
        msg = "A screen of pledges needs legal_status, which this set does not carry. Export it."
        raise MissingColumnError(msg)
    now = moment(patents, as_of)
    one = applications(patents)
    one = one[
        one["type"].isin(["invention", "utility_model", "design"]) & (one["authority"] != "WO")
    ]
    one = one[~(one["filed"] > now).fillna(False)]
    table = pd.DataFrame(
        {
            "publication_id": one["publication_id"], "status": one["status"],
            "life_years": ((one["ends"] - now).dt.days / YEAR).clip(lower=0),
        }
    )  # fmt: skip
    parties = held(patents, owner) if patents.has("parties") else None
    table = table.join(_owners(parties, table.index))
    events = events_of(patents)
    if events is not None:
        events = events[~(events["date"] > now)]
    table = table.join(_record(events, table.index, now))
    flags = _flags(table, one, min_life, told=events is not None)
    red = pd.concat([flags[name] != "" for name in RED], axis=1).any(axis=1)
    amber = pd.concat([flags[name] != "" for name in AMBER], axis=1).any(axis=1)
    table["colour"] = np.select([red, amber], ["red", "amber"], "green")
    clear = key(table["colour"] == "green", "clear")
    table["reason"] = reasons(clear, *flags.values())
    place = table["colour"].map({name: i for i, name in enumerate(COLOURS)})
    # An application is no right yet, so that what is granted comes first.
    order = table.assign(place=place, asked=table["status"].eq("pending").fillna(False)).sort_values(
        ["place", "asked", "life_years", "publication_id"], ascending=[True, True, False, True],
        ignore_index=True,
    )  # fmt: skip
    found = order[list(COLUMNS)].astype({"colour": "str"})
    found.attrs = {"now": now}
    return found


def _owners(parties: pd.DataFrame | None, index: pd.Index) -> pd.DataFrame:
    """First owner, number of owners and type of the first: ``owner, owner_name, owners, kind``."""
    columns = ["owner", "owner_name", "kind"]
    if parties is None:
        return pd.DataFrame(index=index, columns=[*columns, "owners"])
    first = parties.drop_duplicates("application").set_index("application")
    first = first.rename(columns={"name": "owner_name"})[columns].reindex(index)
    number = parties.groupby("application").size().reindex(index).astype("Int64")
    return first.assign(owners=number)


def _record(events: pd.DataFrame | None, index: pd.Index, now: pd.Timestamp) -> pd.DataFrame:
    """What the events of every application say on the day."""
    if events is None:
        nothing = pd.DataFrame(index=index, columns=["pledges", "last_event", "last_event_date"])
        flags = ["pledged", "preserved", "challenged", "disputed", "changed", "undated"]
        return nothing.assign(**dict.fromkeys(flags, False))
    law = _resources.load_toml("law", "events")
    events = events[events["application"].isin(index)]
    pledged, undated = _standing(events[events["category"] == "pledge"], law["pledge"])
    preserved, _ = _standing(events[events["category"] == "preservation"], law["preservation"])
    text = events["text"].fillna("")
    unpaid = text.str.contains(law["not_a_dispute"]["text"])
    disputes = events[events["category"].isin(_DISPUTES) & ~unpaid]
    attacks = events[(events["category"] == "invalidation") & ~unpaid]
    moved = events[(events["category"] == "transfer")]
    lately = moved.loc[moved["date"] > now - pd.DateOffset(years=int(RECENT_CHANGE)), "application"]
    last = events[(events["category"] != "fee") & events["date"].notna()]
    last = last.drop_duplicates("application", keep="last").set_index("application")
    begun = events[(events["category"] == "pledge") & ~_ended(events, law["pledge"])]
    count = begun.drop_duplicates(["application", "date"]).groupby("application").size()

    def among(ids: Any) -> np.ndarray:
        return np.asarray(index.isin(ids))

    return pd.DataFrame(
        {
            "pledges": count.reindex(index, fill_value=0).astype("Int64"),
            "last_event": last["category"].reindex(index),
            "last_event_date": last["date"].reindex(index),
            "pledged": among(pledged), "preserved": among(preserved), "undated": among(undated),
            "challenged": among(_open(attacks, law["dispute"]["closed"])),
            "disputed": among([*disputes["application"], *attacks["application"]]),
            "changed": among(lately),
        },
        index=index,
    )  # fmt: skip


def _ended(events: pd.DataFrame, law: dict[str, Any]) -> pd.Series:
    words = events["text"].fillna("").str.contains(law["ended"])
    # A cancelled entry is written after its beginning: "registration of the release" is one too.
    coded = events["code"].isin(law["ends"])
    begins = events["code"].isin(law["begins"])
    return (words & ~begins) | coded


def _standing(events: pd.DataFrame, law: dict[str, Any]) -> tuple[pd.Index, pd.Index]:
    """Applications whose last dated entry begins, and those that have undated entries only."""
    events = events.assign(over=_ended(events, law))
    dated = events[events["date"].notna()]
    # Several on one day: an end before a new beginning, as a pledge is renewed.
    ordered = dated.sort_values(["application", "date", "over"], ascending=[True, True, False])
    last = ordered.drop_duplicates("application", keep="last")
    without = events[events["date"].isna() & ~events["over"]]
    only = without.loc[~without["application"].isin(dated["application"]), "application"]
    return pd.Index(last.loc[~last["over"], "application"]), pd.Index(only.unique())


def _open(attacks: pd.DataFrame, closed: str) -> pd.Index:
    """Applications under attack: no later entry says how it ended."""
    over = attacks["text"].fillna("").str.contains(closed)
    last = attacks.assign(over=over).drop_duplicates("application", keep="last")
    found: pd.Index = pd.Index(last.loc[~last["over"], "application"].to_numpy())
    return found


def _flags(
    table: pd.DataFrame, one: pd.DataFrame, min_life: float, *, told: bool
) -> dict[str, pd.Series]:
    status, life = table["status"], table["life_years"]
    dead = one["alive"].eq(False).fillna(False)
    unknown = status.isna() | one["alive"].isna()
    force = status == "in_force"
    kind = table["kind"]
    every = pd.Series(data=True, index=table.index)
    short = (life < min_life).fillna(False)
    ends = (life < LAST_LIFE).fillna(False)
    holds = {
        "not_in_force": dead, "pledged": table["pledged"], "preserved": table["preserved"],
        "under_invalidation": table["challenged"], "ends_soon": force & ends,
        "status_untold": unknown, "pending": status == "pending", "events_untold": every & (not told),
        "owner_untold": table["owners"].isna(), "co_owned": table["owners"] > 1,
        "individual": kind == "individual",
        "not_a_firm": table["owners"].notna() & (kind != "enterprise").fillna(True) & (kind != "individual").fillna(True),
        "short_life": force & short & ~ends, "life_untold": force & life.isna(),
        "disputed": table["disputed"] & ~table["challenged"], "changed_lately": table["changed"],
        "pledge_undated": table["undated"], "unexamined": one["type"].isin(["utility_model", "design"]),
        "pledged_before": (table["pledges"] > 0).fillna(False) & ~table["pledged"] & ~table["undated"],
    }  # fmt: skip
    return {name: key(mask.astype("boolean"), name) for name, mask in holds.items()}
