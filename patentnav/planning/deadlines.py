"""What must be filed by when: the priority year and the entry into the national phase."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import _resources
from patentnav.counting import best_unit, unit_ids
from patentnav.errors import MissingColumnError
from patentnav.facts import family_members, foreign_origin, moment, pct_evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentnav.patentset import PatentSet

DEADLINES = ("priority_12", "pct_national")
COLUMNS = (
    "publication_id", "kind", "office", "deadline", "days_left", "certain", "surcharge", "basis",
    "used", "reason",
)  # fmt: skip
_ENTRY = r"^CN(?:(?:19|20)\d{2}[89]\d{7}|\d{2}[89]\d{5})$"


def deadlines(
    patents: PatentSet,
    as_of: Any = None,
    *,
    offices: Sequence[str] | None = None,
    home: str = "CN",
) -> pd.DataFrame:
    """Time limits that run on a day: twelve months of priority, 30 to 32 of the national phase.

    Parameters
    ----------
    patents
        The set.
    as_of
        Day from which is counted; the last day the set knows of when omitted.
    offices
        Offices whose national phase is asked for; those of ``data/law/deadlines.toml`` when omitted.
    home
        Office and country of the owners whose priority year is asked for.

    Returns
    -------
    pandas.DataFrame
        One row per application and time limit that has not passed, the nearest first, those without a
        day last:

        - ``publication_id`` (the first publication of the application; of an international one the
          WO document where the set has it), ``kind`` (``priority_12, pct_national``), ``office`` (of the
          national phase; ``WO`` for the priority year), ``deadline``, ``days_left`` (0 on the day itself);
        - ``certain``: False where only the filing date is known, so that the deadline is *no later
          than* that day, and where the source's word stands against our count;
        - ``surcharge``: the later limit that costs a fee; ``basis`` (``priority, filing, vendor``: what the day
          is counted from; ``vendor``: the source says that the time runs, although it would be over by
          our count: no day is given);
        - ``used``: False where the family is told and nothing was filed, NA where the set does not
          tell; what is known to have been filed is not listed;
        - ``reason``: keys joined by ``; `` (``first_filing, claims_priority, priority_known,
          filing_date_only, vendor_open, surcharge, use_untold``).

        ``attrs``: ``now``; ``unknown``: applications filed within the time that are not listed because
        the set does not tell where they come from (``origin_unknown``) or has no date
        (``date_unknown``); ``ended_by_vendor``: international applications that the source says are over.

    Raises
    ------
    ArgumentError
        ``as_of`` is no day.
    MissingColumnError
        The set has neither filing nor priority dates.

    Notes
    -----
    A period of months ends on the day of the same number, or on the last day of a month that has
    none (Paris Convention Art. 4C(2), PCT Rule 80.2); the 32 months of China run from the priority
    date and are not 30 and two. Weekends and closed days of the office, which extend a period (Rule
    80.5), and restoration (Rules 26bis.3, 49.6) are not modelled: the days are the earlier, safe ones.
    A priority year is listed for inventions and utility models that came from ``home`` and are no
    entry of an international application; the state of the application does not matter, as a
    priority outlives it (Art. 4A(3)). Filing and earliest priority on the same day is a first filing;
    an earlier one is the date from which the year runs. Refuted by: a filing receipt or a priority
    claim that gives another date; an entry at the office that the export does not hold.

    Examples
    --------
    >>> import pandas as pd
    >>> import patentnav as pnav
    >>> day = pd.Timestamp("2025-03-31")
    >>> rows = pd.DataFrame({"application_date": [day], "earliest_priority_date": [day],
    ...                      "patent_type": ["invention"], "authority": ["CN"]},
    ...                     index=pd.Index(["CN1A"], name="publication_id"))
    >>> owner = pd.DataFrame({"publication_id": ["CN1A"], "role": ["applicant"], "name_raw": ["A"],
    ...                       "position": [1], "country": ["CN"]})
    >>> one = pnav.PatentSet.from_tables({"publications": rows, "parties": owner})
    >>> deadlines(one, "2026-03-01")[["kind", "days_left", "certain"]].values.tolist()
    [['priority_12', 30, True]]
    """
    publications = patents.publications
    if not publications[["application_date", "earliest_priority_date"]].notna().to_numpy().any():
        msg = "Deadlines need filing or priority dates, which this set does not carry. Export them."
        raise MissingColumnError(msg)
    now = moment(patents, as_of)
    law = _resources.load_toml("law", "deadlines")
    rows = _rows(patents, law, home)
    year, unknown = _priority_year(rows, law, now, home)
    national, ended = _national(rows, law, now, offices)
    found = pd.concat([year, national], ignore_index=True)[list(COLUMNS)]
    order = ["deadline", "publication_id", "kind", "office"]
    found = found.sort_values(order, ignore_index=True, na_position="last")
    found = found.astype({"days_left": "Int64", "certain": "bool", "surcharge": "bool",
                          "used": "boolean"})  # fmt: skip
    found.attrs = {"now": now, "unknown": unknown, "ended_by_vendor": ended}
    return found


def after(dates: pd.Series, months: int) -> pd.Series:
    """The day so many months later: of the same number, or the last of a month that has none.

    Parameters
    ----------
    dates
        Days.
    months
        Months to add.

    Returns
    -------
    pandas.Series
        Days; missing where the date is.

    Examples
    --------
    >>> import pandas as pd
    >>> after(pd.Series(pd.to_datetime(["2024-02-29", "2023-08-31"])), 30).dt.date.astype(str).tolist()
    ['2026-08-29', '2026-02-28']
    """
    shifted: pd.Series = dates + pd.DateOffset(months=months)
    return shifted


def _rows(patents: PatentSet, law: dict[str, Any], home: str) -> pd.DataFrame:
    """Every publication with what its application and family tell; dates are the earliest ones."""
    publications = patents.publications
    unit = best_unit(patents)
    family, application = unit_ids(patents, unit), unit_ids(patents, "application")
    evidence = pct_evidence(patents, unit)
    priority = publications["earliest_priority_date"].copy()
    claims = pd.Series(data=False, index=publications.index)
    if patents.has("priorities"):
        stated = patents.priorities.groupby("publication_id")["date"].min()
        priority = priority.fillna(stated.reindex(priority.index))
    filed = publications["application_date"]
    claims = (priority < filed).fillna(False).astype(bool)
    raw = publications["legal_status_raw"].fillna("")
    said_open = raw.str.contains(law["stated"]["open"])
    said_over = raw.str.contains(law["stated"]["ended"]) | (
        publications["legal_status"] == "international_ended"
    ).fillna(False)
    told = pd.Series(data=False, index=publications.index)
    abroad: pd.Series = pd.Series("", index=publications.index)
    if patents.has("families"):
        members = family_members(patents)
        told = pd.Series(publications.index.isin(members["publication_id"]), publications.index)
        offices = members.groupby("publication_id")["authority"].agg(
            lambda a: " ".join(sorted(set(a)))
        )
        abroad = offices.reindex(publications.index).fillna("")
    entry = publications["application_id"].str.match(_ENTRY).fillna(False).astype(bool)
    entry |= publications["national_entry_date"].notna()
    frame = pd.DataFrame(
        {
            "application": application, "family": family, "filed": filed, "priority": priority,
            "claims": claims, "type": publications["patent_type"],
            "authority": publications["authority"], "published": publications["publication_date"],
            "pct": evidence["pct"], "key": evidence["pct_key"],
            "foreign": foreign_origin(patents, home), "entry": entry, "open": said_open,
            "over": said_over.astype(bool), "told": told.astype(bool), "offices": abroad,
        }
    )  # fmt: skip
    frame["name"] = frame.index.astype("str")
    return frame.sort_values(["published", "name"], na_position="last", kind="stable")


def _priority_year(
    rows: pd.DataFrame, law: dict[str, Any], now: pd.Timestamp, home: str
) -> tuple[pd.DataFrame, dict[str, int]]:
    months = int(law["priority"]["months"])
    groups = rows.groupby("application", sort=True)
    one = rows.drop_duplicates("application").set_index("application").sort_index()
    one = one.assign(
        filed=groups["filed"].min(), priority=groups["priority"].min(),
        claims=groups["claims"].any(), entry=groups["entry"].any(),
        foreign=groups["foreign"].first(),
    )  # fmt: skip
    kept = one["type"].isin(law["priority"]["types"]) & (one["authority"] == home)
    kept &= ~one["entry"] & ~one["pct"].fillna(False).astype(bool)
    kept &= ~one["foreign"].fillna(False).astype(bool)
    one = one[kept.fillna(False).astype(bool)]
    basis = np.where(one["priority"].notna(), "priority", "filing")
    one = one.assign(basis=basis, start=one["priority"].fillna(one["filed"]))
    undated = int(one["start"].isna().sum())
    one = one.assign(deadline=after(one["start"], months))
    running = (one["deadline"] >= now) & (one["start"] <= now)
    one = one[running.fillna(False).astype(bool)]
    # Without a priority date, only a filing that is known to come from home can be a first one.
    doubtful = (one["basis"] == "filing") & one["foreign"].isna()
    unknown = {"origin_unknown": int(doubtful.sum()), "date_unknown": undated}
    one = one[~doubtful]
    told = one["pct"].notna()
    why = pd.Series(
        np.select([one["basis"] == "filing", one["claims"]],
                  ["filing_date_only", "claims_priority"], "first_filing"), index=one.index,
    )  # fmt: skip
    why = why.where(told, why + "; use_untold")
    return pd.DataFrame(
        {
            "publication_id": one["name"], "kind": DEADLINES[0], "office": "WO",
            "deadline": one["deadline"], "days_left": (one["deadline"] - now).dt.days,
            "certain": one["basis"] == "priority", "surcharge": False, "basis": one["basis"],
            "used": one["pct"].astype("boolean"), "reason": why,
        }
    ), unknown  # fmt: skip


def _national(
    rows: pd.DataFrame, law: dict[str, Any], now: pd.Timestamp, offices: Sequence[str] | None
) -> tuple[pd.DataFrame, int]:
    table = law["national"]
    wanted = [o for o in table if o != "*"] if offices is None else list(dict.fromkeys(offices))
    mine = rows[rows["key"].notna()]
    groups = mine.groupby("family", sort=True)
    first = mine.sort_values("authority", key=lambda a: a != "WO", kind="stable")
    one = first.drop_duplicates("family").set_index("family").sort_index()
    own = groups["authority"].agg(lambda a: " ".join(sorted(set(a.dropna()))))
    listed = groups["offices"].agg(" ".join)
    one = one.assign(
        filed=groups["filed"].min(), priority=groups["priority"].min(), open=groups["open"].any(),
        over=groups["over"].any(), told=groups["told"].any(), have=own + " " + listed,
    )  # fmt: skip
    ended = int(one["over"].sum())
    one = one[~one["over"]]
    parts = [
        _phase(one, office, months, now, later=later)
        for office in wanted
        for months, later in _limits(table.get(office, table["*"]))
    ]
    return (pd.concat(parts) if parts else _phase(one[:0], "", 0, now, later=False)), ended


def _limits(entry: dict[str, int]) -> list[tuple[int, bool]]:
    later = [(int(entry["surcharge"]), True)] if "surcharge" in entry else []
    return [(int(entry["months"]), False), *later]


def _phase(
    one: pd.DataFrame, office: str, months: int, now: pd.Timestamp, *, later: bool
) -> pd.DataFrame:
    """Time limit of one office; without a priority date it ends no later than that of the filing."""
    entered = one["have"].str.split().map(lambda held: office in held).astype(bool)
    one = one[~entered]
    known = one["priority"].notna()
    start = one["priority"].fillna(one["filed"])
    deadline = after(start, months)
    runs = ((deadline >= now) & (start <= now)).fillna(False).astype(bool)
    # The source says that the time runs: believed, but then no day can be given.
    said = one["open"] & ~runs & (not later)
    shown = runs | said
    one, deadline, known, said = one[shown], deadline[shown], known[shown], said[shown]
    deadline = deadline.mask(said)
    basis = np.where(said, "vendor", np.where(known, "priority", "filing"))
    why = [
        "; ".join(key for key in (
            "priority_known" if dated else "filing_date_only", "vendor_open" if is_open else "",
            "surcharge" if later else "", "" if told else "use_untold",
        ) if key)
        for dated, is_open, told in zip(known, one["open"], one["told"], strict=True)
    ]  # fmt: skip
    used = one["told"].astype("boolean")
    return pd.DataFrame(
        {
            "publication_id": one["name"], "kind": DEADLINES[1], "office": office, "deadline": deadline,
            "days_left": (deadline - now).dt.days, "certain": known & ~said, "surcharge": later,
            "basis": basis, "used": (~used).mask(~used),
            "reason": why,
        }
    )  # fmt: skip
