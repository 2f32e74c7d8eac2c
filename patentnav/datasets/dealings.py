"""A city with planted deadlines, transfers and pledges, each with its known answer.

The answers are made here by hand, case by case, with an arithmetic of days of its own, and not by the
functions that are tested on them.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav._shown import presented
from patentnav.datasets import vocabulary
from patentnav.datasets.synthesis import city
from patentnav.patentset import PatentSet

if TYPE_CHECKING:
    from collections.abc import Iterable

AS_OF = dt.date(2026, 1, 15)
SOURCE = "synthetic-city"
_NATIONAL = {"CN": (30, 32), "EP": (31,), "US": (30,), "JP": (30,), "KR": (31,)}


@presented("dealings.patents")
@dataclass(frozen=True)
class Dealings:
    """A set with planted cases. Nothing in it is a real patent.

    Attributes
    ----------
    patents : PatentSet
        A city with the planted records added.
    as_of : datetime.date
        Day on which the answers hold.
    deadlines : pandas.DataFrame
        ``publication_id, kind, office, deadline, certain, surcharge``: what runs among ``watched``.
    watched : list of str
        Planted filings and international applications; those without a row in ``deadlines`` have none.
    transfers : pandas.DataFrame
        ``publication_id, case, firm``: name of the firm that works on the patent's subject; NA where the
        patent must not be offered, ``case`` says why.
    pledges : pandas.DataFrame
        ``publication_id, case, colour, reason``: the key that must be among the reasons.
    """

    patents: PatentSet
    as_of: dt.date
    deadlines: pd.DataFrame
    watched: list[str]
    transfers: pd.DataFrame
    pledges: pd.DataFrame

    def __repr__(self) -> str:
        return f"Dealings on {self.as_of}:\n{self.patents!r}"


@dataclass
class _Records:
    """Rows of the tables as they are planted."""

    tables: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {t: [] for t in ("publications", "texts", "parties", "priorities",
                                                 "families", "classifications", "legal_events")}
    )  # fmt: skip
    number: int = 0

    def file(
        self, filed: dt.date, owners: Iterable[tuple[str, str | None]], *, topic: str = "tea",
        variant: int = 0, authority: str = "CN", kind: str = "invention", status: str = "pending",
        granted: dt.date | None = None, priority: dt.date | None = None, raw: str | None = None,
        members: tuple[str, ...] = (), family: bool = True,
    ) -> str:  # fmt: skip
        """Plant one application and return its publication."""
        self.number += 1
        serial = 9_000_000 + self.number
        digit = 2 if kind == "utility_model" else 1
        letter = {"invention": "B" if granted else "A", "utility_model": "U"}[kind]
        national = f"CN{129_000_000 + self.number}{letter}"
        ids = {"CN": (national, f"CN{filed.year}{digit}{serial}"),
               "WO": (f"WO2025{900_000 + self.number}A1", f"PCT/CN{filed.year}/{900_000 + self.number}")}  # fmt: skip
        publication, application = ids[authority]
        words = vocabulary.table("dealings")
        entry = {**words["topics"], **words["others"]}[topic]
        means = entry["means"][variant % len(entry["means"])]
        title = words["titles"][variant % len(words["titles"])].format(
            thing=entry["thing"], means=means
        )
        published = granted or (filed + dt.timedelta(days=130))
        rows = self.tables
        rows["publications"].append(
            {
                "publication_id": publication, "application_id": application, "authority": authority,
                "kind_code": publication[-2:] if authority == "WO" else letter, "patent_type": kind,
                "granted": granted is not None, "publication_date": pd.Timestamp(min(published, AS_OF)),
                "application_date": pd.Timestamp(filed), "title": title, "language": "zh",
                "earliest_priority_date": pd.Timestamp(priority) if priority else pd.NaT,
                "grant_date": pd.Timestamp(granted) if granted else pd.NaT, "legal_status": status,
                "legal_status_raw": raw, "source": SOURCE,
                "pct_application_id": application if authority == "WO" else None,
            }
        )  # fmt: skip
        text = words["abstract"].format(thing=entry["thing"], means=means)
        rows["texts"].append({"publication_id": publication, "field": "abstract", "language": "zh",
                              "text": text})  # fmt: skip
        rows["classifications"].append({"publication_id": publication, "scheme": "IPC", "position": 1,
                                        "symbol": entry["ipc"], "is_first": True})  # fmt: skip
        for position, (name, country) in enumerate(owners, 1):
            rows["parties"].append({"publication_id": publication, "role": "applicant", "name_raw": name,
                                    "position": position, "country": country})  # fmt: skip
        if family:
            rows["families"].extend(
                {"scheme": "simple", "family_id": f"SFP{self.number:05d}", "publication_id": m}
                for m in (publication, *members)
            )
        return publication

    def event(
        self, publication: str, day: dt.date | None, category: str, word: str | None = None
    ) -> None:
        """Plant a legal event in the words of the register."""
        text = vocabulary.table("dealings")["words"][word or category]
        self.tables["legal_events"].append(
            {"publication_id": publication, "date": pd.Timestamp(day) if day else pd.NaT,
             "category": category, "text": text, "country": "CN"}
        )  # fmt: skip


def later(day: dt.date, months: int) -> dt.date:
    """The day so many months later, by the calendar: the last of a month that is too short.

    Parameters
    ----------
    day
        First day.
    months
        Months to add.

    Returns
    -------
    datetime.date

    Examples
    --------
    >>> later(dt.date(2023, 8, 31), 30)
    datetime.date(2026, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def dealings(n: int = 600, random_state: int = 0) -> Dealings:
    """Make an invented city with planted deadlines, transfers and pledges.

    Parameters
    ----------
    n
        Publications of the city around them (:func:`patentnav.datasets.city`).
    random_state
        Seed of the city and of the days.

    Returns
    -------
    Dealings

    Raises
    ------
    ArgumentError
        ``n`` is too small.
    """
    around = city(n, random_state).patents
    rng = np.random.default_rng([random_state, 19])
    records = _Records()
    running, watched = _deadlines(records, rng)
    transfers, pledges = _transfers(records, rng), _pledges(records, rng)
    tables = {}
    for name, rows in records.tables.items():
        frame = pd.DataFrame(rows)
        frame = frame.set_index("publication_id") if name == "publications" else frame
        before = getattr(around, name)
        tables[name] = pd.concat([before, frame.astype(before.dtypes[frame.columns].to_dict())],
                                 ignore_index=name != "publications")  # fmt: skip
    others = {name: getattr(around, name) for name in ("inventors", "citations")}
    return Dealings(
        PatentSet.from_tables({**tables, **others}), AS_OF, running, watched, transfers, pledges
    )


def _before(rng: np.random.Generator, least: int, most: int) -> dt.date:
    """A day so many days before the one on which is counted."""
    return AS_OF - dt.timedelta(days=int(rng.integers(least, most)))


def _phases(
    publication: str, start: dt.date, entered: str, *, certain: bool
) -> Iterable[tuple[str, str, str, dt.date, bool, bool]]:
    """Time limits that run, of all offices but those entered."""
    for office, limits in _NATIONAL.items():
        for place, months in enumerate(limits):
            day = later(start, months)
            if office not in entered.split() and day >= AS_OF:
                yield publication, "pct_national", office, day, certain, place > 0


def _deadlines(  # noqa: C901 (a list of cases)
    records: _Records, rng: np.random.Generator
) -> tuple[pd.DataFrame, list[str]]:
    firms = vocabulary.table("dealings")["owners"]["firms"]
    abroad = vocabulary.table("dealings")["owners"]["abroad"]
    rows: list[tuple[str, str, str, dt.date, bool, bool]] = []
    watched: list[str] = []

    def plant(filed: dt.date, country: str | None = "CN", **more: Any) -> str:
        name = abroad if country == "SE" else firms[len(watched) % len(firms)]
        watched.append(
            records.file(filed, [(name, country)], topic="lamp", variant=len(watched), **more)
        )
        return watched[-1]

    def year(publication: str, start: dt.date, *, certain: bool) -> None:
        rows.append((publication, "priority_12", "WO", later(start, 12), certain, False))

    def phase(publication: str, start: dt.date, entered: str, *, certain: bool) -> None:
        rows.extend(_phases(publication, start, entered, certain=certain))

    edge = dt.date(2025, 1, 15)  # the year ends on the very day
    for filed in (edge, dt.date(2025, 2, 28), dt.date(2025, 8, 31), *(_before(rng, 5, 330) for _ in range(7))):  # fmt: skip
        year(plant(filed, priority=filed), filed, certain=True)
    for _ in range(4):  # a later filing that claims an earlier one at home
        filed = _before(rng, 5, 120)
        first = filed - dt.timedelta(days=int(rng.integers(30, 200)))
        publication = plant(filed, priority=first)
        records.tables["priorities"].append({"publication_id": publication, "authority": "CN",
            "priority_number": f"CN{first.year}18{publication[2:9]}", "date": pd.Timestamp(first)})  # fmt: skip
        year(publication, first, certain=True)
    for _ in range(4):  # no priority date: no later than a year from filing
        filed = _before(rng, 5, 330)
        year(plant(filed), filed, certain=False)
    for _ in range(4):  # neither priority nor origin
        plant(_before(rng, 5, 330), country=None)
    for _ in range(3):  # foreign owners
        filed = _before(rng, 5, 100)
        plant(filed, country="SE", priority=filed - dt.timedelta(days=100))
    for _ in range(3):  # over
        filed = _before(rng, 400, 700)
        plant(filed, priority=filed)
    for place, first in enumerate((dt.date(2023, 8, 31), dt.date(2023, 7, 15), *(_before(rng, 400, 960) for _ in range(5)))):  # fmt: skip
        entered = "US" if place % 2 else ""
        members = (f"US2025{8_000_000 + place}A1",) if entered else ()
        made = plant(
            first + dt.timedelta(days=200), authority="WO", priority=first, members=members
        )
        phase(made, first, entered, certain=True)
    for _ in range(3):  # an international application without its priority date
        filed = _before(rng, 200, 800)
        phase(plant(filed, authority="WO"), filed, "", certain=False)
    for _ in range(2):  # the source says that it is over, although we could not
        plant(_before(rng, 300, 400), authority="WO", status="international_ended",
              raw=vocabulary.table("dealings")["words"]["phase_over"])  # fmt: skip
    columns = ["publication_id", "kind", "office", "deadline", "certain", "surcharge"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["deadline"] = pd.to_datetime(frame["deadline"])
    return frame.sort_values(columns[:4], ignore_index=True), watched


def _transfers(records: _Records, rng: np.random.Generator) -> pd.DataFrame:
    words = vocabulary.table("dealings")
    universities = words["owners"]["universities"]
    rows: list[tuple[str, str, str | None]] = []
    for place, (topic, firm) in enumerate(
        zip(words["topics"], words["owners"]["firms"], strict=True)
    ):
        for variant in range(3):
            records.file(_before(rng, 200, 900), [(firm, "CN")], topic=topic, variant=variant)
        school = [(universities[place % len(universities)], "CN")]

        def offer(case: str, firm_: str | None, *, age: int = 8, granted: int | None = 5,
                  owners: list[tuple[str, str]] = school, topic: str = topic, **more: Any) -> str:  # fmt: skip
            filed = _before(rng, age * 365, age * 365 + 90)
            grant = (
                None if granted is None else _before(rng, granted * 365 + 20, granted * 365 + 90)
            )
            status = more.pop("status", "pending" if grant is None else "in_force")
            made = records.file(filed, owners, topic=topic, variant=3, granted=grant, status=status,
                                **more)  # fmt: skip
            rows.append((made, case, firm_))
            return made

        offer("idle", firm)
        if place == 0:
            records.event(offer("licensed", None), _before(rng, 100, 600), "licence")
        if place == 1:
            offer("short_life", None, age=18)
        if place == 2:
            offer("granted_lately", None, granted=1)
        if place == 3:
            offer("dead", None, status="lapsed")
        if place == 4:
            offer("owned_with_a_firm", None, owners=[*school, (firm, "CN")])
    return pd.DataFrame(rows, columns=["publication_id", "case", "firm"]).astype("str")


def _pledges(records: _Records, rng: np.random.Generator) -> pd.DataFrame:
    words = vocabulary.table("dealings")["owners"]
    firm, other = [(words["firms"][3], "CN")], [(words["firms"][6], "CN")]
    rows: list[tuple[str, str, str, str]] = []

    def plant(case: str, colour: str, reason: str, *events: tuple[str, int | None, str], age: int = 6,
              granted: int | None = 4, owners: list[tuple[str, str]] = firm, **more: Any) -> None:  # fmt: skip
        filed = _before(rng, age * 365, age * 365 + 90)
        grant = None if granted is None else _before(rng, granted * 365, granted * 365 + 90)
        status = more.pop("status", "in_force" if grant else "pending")
        made = records.file(filed, owners, topic="saddle", variant=len(rows), granted=grant,
                            status=status, **more)  # fmt: skip
        for category, days, word in events:
            records.event(
                made, None if days is None else AS_OF - dt.timedelta(days=days), category, word
            )
        rows.append((made, case, colour, reason))

    over = ("pledge", 300, "pledge_over")
    plant("clear", "green", "clear")
    plant("utility_model", "green", "unexamined", kind="utility_model", age=4, granted=3)
    plant("pledge_over", "green", "pledged_before", ("pledge", 700, "pledge"), over)
    plant("pledged", "red", "pledged", ("pledge", 200, "pledge"))
    plant(
        "pledged_again",
        "red",
        "pledged",
        ("pledge", 900, "pledge"),
        over,
        ("pledge", 100, "pledge"),
    )
    plant("renewed", "red", "pledged", ("pledge", 900, "pledge"), over, ("pledge", 300, "pledge"))
    plant("pledge_undated", "amber", "pledge_undated", ("pledge", None, "pledge"))
    plant("pledged_later", "green", "clear", ("pledge", -30, "pledge"))
    plant("preserved", "red", "preserved", ("preservation", 200, "preservation"))
    plant("preservation_over", "green", "clear", ("preservation", 900, "preservation"),
          ("preservation", 300, "preservation_over"))  # fmt: skip
    plant("attacked", "red", "under_invalidation", ("invalidation", 200, "invalidation"))
    plant("upheld", "amber", "disputed", ("invalidation", 900, "invalidation"),
          ("invalidation", 500, "invalidation_over"))  # fmt: skip
    plant("sued", "amber", "disputed", ("litigation", 400, "litigation"))
    plant("moved", "amber", "changed_lately", ("transfer", 100, "transfer"))
    plant("moved_before", "green", "clear", ("transfer", 900, "transfer"))
    plant("co_owned", "amber", "co_owned", owners=[*firm, *other])
    plant("person", "amber", "individual", owners=[(words["person"], "CN")])
    plant("school", "amber", "not_a_firm", owners=[(words["universities"][0], "CN")])
    plant("short", "amber", "short_life", age=18, granted=15)
    plant("nearly_over", "red", "ends_soon", age=19, granted=15, kind="invention")
    plant("dead", "red", "not_in_force", status="lapsed")
    plant("pending", "amber", "pending", granted=None, age=2)
    plant("untold", "amber", "status_untold", status="unknown")
    return pd.DataFrame(rows, columns=["publication_id", "case", "colour", "reason"]).astype("str")
