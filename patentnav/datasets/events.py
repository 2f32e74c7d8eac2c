"""Legal events of the invented city: examination, grant, fees, lapse, and deals with amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav.datasets import vocabulary
from patentnav.datasets.filings import CUTOFF
from patentnav.datasets.publications import YEAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from patentnav.datasets.organisations import Organisations

# Share of granted patents: transfers only outside planted portfolios and PCT families, so that the
# truth of the portfolios does not depend on whether applicants or present owners are counted.
_RATES = {"transfer": 0.05, "licence": 0.03, "pledge": 0.02, "litigation": 0.004,
          "invalidation": 0.005, "preservation": 0.002, "award": 0.003}  # fmt: skip


def happen(
    applications: pd.DataFrame, owners: NDArray, organisations: Organisations,
    rng: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    """All events.

    Parameters
    ----------
    applications
        From :func:`patentnav.datasets.publications.publish`.
    owners
        Name of the owner of every application.
    organisations
        Firms that take over patents or licences.
    rng
        Source of chance.

    Returns
    -------
    pandas.DataFrame
        ``application, date, category, code, text, party_from, party_to, amount`` (yuan).
    """
    parts = [
        *_procedure(applications, rng), _fees(applications),
        *_deals(applications, owners, organisations, rng),
    ]  # fmt: skip
    frame = pd.concat([p for p in parts if len(p)], ignore_index=True)
    for column in ("party_from", "party_to", "amount"):
        if column not in frame:
            frame[column] = None
    frame = frame[frame["date"] <= CUTOFF]
    return frame.drop_duplicates(["application", "date", "category"]).reset_index(drop=True)


def _event(category: str, rows: NDArray, dates: NDArray, **more: Any) -> pd.DataFrame:
    text, code = vocabulary.pair(vocabulary.table("status")["events"][category])
    frame = pd.DataFrame({"application": rows, "date": dates, "category": category, "text": text})
    return frame.assign(code=code or None, **more)


def _procedure(applications: pd.DataFrame, rng: np.random.Generator) -> list[pd.DataFrame]:
    first = applications["first_date"].to_numpy()
    grant = applications["grant_date"].to_numpy()
    end = applications["end_date"].to_numpy()
    status = applications["status"].to_numpy()
    invention = np.flatnonzero(applications["patent_type"] == "invention")
    granted = np.flatnonzero(applications["grant_date"].notna())
    start = first[invention] + rng.integers(10, 90, len(invention)).astype("timedelta64[D]")
    parts = [
        _event("publication", invention, first[invention]),
        _event("examination", invention, start),
        _event("grant", granted, grant[granted]),
    ]
    for name, category in (("lapsed", "lapse"), ("expired", "expiry"), ("refused", "refusal"),
                           ("withdrawn", "withdrawal")):  # fmt: skip
        rows = np.flatnonzero(status == name)
        parts.append(_event(category, rows, end[rows]))
    return parts


def _fees(applications: pd.DataFrame) -> pd.DataFrame:
    """A yearly fee for every year begun between grant and end."""
    rows = np.flatnonzero(applications["grant_date"].notna())
    filed = applications["date"].to_numpy()[rows].astype("datetime64[D]")
    grant = applications["grant_date"].to_numpy()[rows].astype("datetime64[D]")
    end = applications["end_date"].to_numpy()[rows].astype("datetime64[D]")
    first = ((grant - filed).astype(int) // YEAR).astype(int) + 1
    last = np.maximum(first, ((end - filed).astype(int) // YEAR).astype(int))
    count = last - first + 1
    year = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    year = year + np.repeat(first, count)
    table = vocabulary.table("status")
    kinds = np.repeat(applications["patent_type"].to_numpy()[rows], count)
    amount = np.zeros(len(year))
    for kind, fees in table["fees"].items():
        at = kinds == kind
        amount[at] = np.array(fees, dtype=float)[np.minimum(year[at], len(fees)) - 1]
    due = np.repeat(filed, count) + np.round((year - 1) * YEAR).astype("int64")
    due = np.maximum(due, np.repeat(grant, count))
    text, _ = vocabulary.pair(table["events"]["fee"])
    words = np.array([text.format(year=y) for y in range(22)], dtype=object)
    frame = _event("fee", np.repeat(rows, count), due)
    return frame.assign(text=words[year], amount=amount)


def _deals(
    applications: pd.DataFrame, owners: NDArray, organisations: Organisations,
    rng: np.random.Generator,
) -> list[pd.DataFrame]:  # fmt: skip
    granted = np.flatnonzero(applications["grant_date"].notna())
    grant = applications["grant_date"].to_numpy()[granted].astype("datetime64[D]")
    end = applications["end_date"].to_numpy()[granted].astype("datetime64[D]")
    quality = applications["quality"].to_numpy()[granted]
    closed = (applications["planted"] | applications["pct"]).astype(bool).to_numpy()[granted]
    firms = organisations.frame["kind"] == "firm"
    names = organisations.frame.loc[firms, "name"].to_numpy()
    banks = np.array(vocabulary.table("status")["banks"]["names"], dtype=object)
    is_firm = (applications["kind"] == "firm").to_numpy()[granted]
    parts = []
    for category, rate in _RATES.items():
        chance = rate * np.clip(quality, 0.3, 3) * (1 if category != "pledge" else is_firm)
        happens = rng.random(len(granted)) < chance
        if category == "transfer":
            happens &= ~closed
        at = np.flatnonzero(happens)
        rows = granted[at]
        span = np.maximum((end[at] - grant[at]).astype(int), 1)
        date = grant[at] + (rng.random(len(at)) * span).astype("int64")
        more: dict[str, Any] = {}
        if category in {"transfer", "licence", "pledge"}:
            others = banks if category == "pledge" else names
            more = {"party_from": owners[rows], "party_to": rng.choice(others, len(rows))}
        if category in {"licence", "pledge"}:
            middle, step = (11.5, 1_000) if category == "licence" else (14.6, 10_000)
            value = rng.lognormal(middle, 0.8, len(rows)) * np.sqrt(quality[at])
            more["amount"] = np.maximum(np.round(value / step), 1) * step
        parts.append(_event(category, rows, date, **more))
    return parts
