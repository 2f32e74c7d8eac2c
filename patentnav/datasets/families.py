"""Families of the invented city: members abroad, priorities, international filings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from patentnav.datasets import numbers, plants_portfolios
from patentnav.datasets.filings import CUTOFF

_PCT_MEMBERS = {"US": 0.6, "EP": 0.5, "JP": 0.3, "KR": 0.25}
_DIRECT = 0.03  # domestic inventions filed abroad without PCT
_HOME_PRIORITY = 0.04
_DELAY = {"US": 900, "EP": 950, "JP": 1000, "KR": 1020}


def members(
    applications: pd.DataFrame, publications: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Documents of every family: ``application, publication_id, authority``.

    One application is one family: its Chinese documents, the WO document of a PCT filing and
    further members abroad, most of them outside the set.
    """
    pct = applications["pct"].to_numpy(bool)
    filed = applications["date"].to_numpy().astype("datetime64[D]")
    foreign = (applications["kind"] == "foreign").to_numpy()
    invention = (applications["patent_type"] == "invention").to_numpy()
    parts = [publications[["application", "publication_id"]]]
    rows = np.flatnonzero(pct)
    parts.append(_rows(rows, numbers.wo_publications(filed[rows] + 548)))
    direct = invention & ~pct & (foreign | (rng.random(len(filed)) < _DIRECT))
    planted = applications["planted"].to_numpy(bool)
    for office, rate in _PCT_MEMBERS.items():
        chance = np.where(pct, rate, np.where(direct & ~planted, 0.5, 0))
        wanted = rng.random(len(filed)) < chance
        wanted &= filed + _DELAY[office] <= CUTOFF
        if office == "US":
            wanted &= ~applications["in_us"].to_numpy()
        rows = np.flatnonzero(wanted)
        ids = numbers.foreign_publications(office, filed[rows] + _DELAY[office], rng)
        parts.append(_rows(rows, ids))
    frame = pd.concat(parts, ignore_index=True).drop_duplicates("publication_id")
    frame["authority"] = frame["publication_id"].str.slice(0, 2)
    return frame.sort_values(["application", "publication_id"], ignore_index=True)


def _rows(rows: np.ndarray, ids: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"application": rows, "publication_id": ids})


def priorities(
    applications: pd.DataFrame, country: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Priorities: ``application, priority_number, authority, date``.

    Foreign owners claim a filing at home a year earlier, few domestic ones an earlier Chinese one.
    """
    filed = applications["date"].to_numpy().astype("datetime64[D]")
    foreign = (applications["kind"] == "foreign").to_numpy()
    home = ~foreign & (applications["patent_type"] == "invention").to_numpy()
    home &= rng.random(len(filed)) < _HOME_PRIORITY
    home &= applications["plant"].isna().to_numpy()
    rows = np.flatnonzero(foreign | home)
    date = filed[rows] - np.where(foreign[rows], 360, rng.integers(60, 360, len(rows)))
    later, claimed = plants_portfolios.earlier(applications)
    rows, date = np.concatenate([rows, later]), np.concatenate([date, claimed])
    office = np.where(foreign[rows], country[rows], "CN")
    year = date.astype("datetime64[Y]").astype(int) + 1970
    serial = rng.integers(10_000, 99_999, len(rows))
    number = [
        _home_number(str(o), int(y), int(s)) for o, y, s in zip(office, year, serial, strict=True)
    ]
    return pd.DataFrame(
        {"application": rows, "priority_number": number, "authority": office, "date": date}
    )


def _home_number(office: str, year: int, serial: int) -> str:
    forms = {
        "US": f"US{min(17, max(11, (year - 1975) // 3))}{serial:06d}",
        "JP": f"JP{year}{serial:06d}",
        "DE": f"DE10{year}1{serial:05d}",
        "KR": f"KR{year}00{serial:05d}",
        "CN": f"CN{year}10{serial:06d}",
    }
    return forms.get(office, f"{office}{year % 100:02d}{serial:05d}")


def international(
    applications: pd.DataFrame, members_: pd.DataFrame, country: np.ndarray
) -> pd.DataFrame:
    """PCT numbers of Chinese national phases: ``pct_application_id, pct_publication_id``.

    A domestic PCT filing shows in the family's WO member only, as in real records.
    """
    entered = np.flatnonzero(applications["entry_date"].notna())
    wo = members_[members_["authority"] == "WO"].drop_duplicates("application")
    wo_of = wo.set_index("application")["publication_id"].reindex(entered)
    years = applications["date"].to_numpy()[entered].astype("datetime64[Y]").astype(int) + 1970
    ids = [
        f"PCT{c}{y}{int(w[6:12]) % 99_999:06d}"
        for c, y, w in zip(country[entered], years, wo_of, strict=True)
    ]
    return pd.DataFrame(
        {"pct_application_id": ids, "pct_publication_id": wo_of.str[:-2].to_numpy()}, index=entered
    )
