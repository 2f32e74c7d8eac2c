"""From applications to documents: publication, grant, status at the cut-off, numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from patentnav.datasets import numbers, vocabulary
from patentnav.datasets.filings import CUTOFF
from patentnav.datasets.plants_portfolios import YOUNG

_GRANT_RATE = 0.66
_IN_UNITED_STATES = 0.4  # of the filings of foreign firms: their US publication is in the set
_NEW_DESIGN_TERM = np.datetime64("2021-06-01")
_MEAN_LIFE = {"invention": 9.0, "utility_model": 4.5, "design": 3.5}  # years after grant
YEAR = 365.25


def publish(
    applications: pd.DataFrame, n: int, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Let time pass over the applications.

    Returns
    -------
    applications : pandas.DataFrame
        Those that have a document, renumbered, with ``first_date, grant_date, end_date, status,
        expiry_date, entry_date, number, application_id, in_us``.
    publications : pandas.DataFrame
        ``n`` rows: ``publication_id, application`` (row number), ``role`` (``first``, ``grant``,
        ``us``), ``publication_date, kind_code, granted``.
    """
    frame = _fates(applications, rng)
    frame = frame[frame["first_date"] <= CUTOFF].reset_index(drop=True)
    documents = _documents(frame).head(n)
    if len(documents) < n:
        msg = f"too few applications for {n} publications"
        raise AssertionError(msg)
    frame = frame.iloc[: documents["application"].iloc[-1] + 1].copy()
    digits = frame["patent_type"].map(numbers.TYPE_DIGIT).to_numpy()
    digits = np.where(frame["entry_date"].notna(), numbers.PCT_DIGIT, digits)
    frame["application_id"] = numbers.application_ids(frame["date"].to_numpy(), digits)
    frame["number"] = numbers.first_publications(
        frame["first_date"].to_numpy(), frame["patent_type"].to_numpy()
    )
    return frame, _numbered(frame, documents.reset_index(drop=True), rng)


def _fates(applications: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n = len(applications)
    filed = applications["date"].to_numpy().astype("datetime64[D]")
    kind = applications["patent_type"].to_numpy()
    invention = kind == "invention"
    national_phase = (applications["kind"] == "foreign").to_numpy() & applications["pct"].to_numpy(
        bool
    )
    entry = filed + rng.integers(500, 550, n)
    lag = np.clip(rng.gamma(3.0, 75.0, n), 45, 548).astype("int64")
    lag = np.where(invention, lag, rng.integers(70, 330, n))
    first = np.where(national_phase, entry + 150, filed + lag)
    young = applications["plant"].isin(YOUNG).to_numpy()
    first = np.where(young, np.minimum(first, CUTOFF - 10), first)
    decided = first + rng.integers(200, 1300, n)
    decided = np.where(
        applications["plant"].notna() & (filed > CUTOFF - 430), CUTOFF + 200, decided
    )
    is_granted = rng.random(n) < _GRANT_RATE * np.clip(applications["quality"], 0.6, 1.3)
    grant = np.where(invention, decided, first)
    has_grant = (~invention | is_granted) & (grant <= CUTOFF)
    term = np.select([invention, (kind == "design") & (filed >= _NEW_DESIGN_TERM)], [20, 15], 10)
    expiry = filed + (term * YEAR).astype("int64")
    mean = applications["patent_type"].map(_MEAN_LIFE).to_numpy()
    life = rng.exponential(mean * np.sqrt(applications["quality"].to_numpy())) + 1
    lapse = grant + (life * YEAR).astype("int64")
    end = np.minimum(np.minimum(lapse, expiry), CUTOFF)
    over = decided <= CUTOFF
    refused = rng.random(n) < 0.55
    status = np.select(
        [
            has_grant & (expiry <= np.minimum(lapse, CUTOFF)),
            has_grant & (lapse <= CUTOFF),
            has_grant,
            over & ~is_granted & refused,
            over & ~is_granted,
        ],
        ["expired", "lapsed", "in_force", "refused", "withdrawn"],
        "pending",
    )
    missing = np.datetime64("NaT")
    in_us = (applications["kind"] == "foreign").to_numpy() & invention
    in_us &= (rng.random(n) < _IN_UNITED_STATES) & (filed + 548 <= CUTOFF)
    return applications.assign(
        date=filed,
        first_date=first,
        grant_date=np.where(has_grant, grant, missing),
        end_date=np.where(has_grant, end, np.where(status == "pending", missing, decided)),
        expiry_date=np.where(has_grant, expiry, missing),
        entry_date=np.where(national_phase, entry, missing),
        status=status.astype(object),
        in_us=in_us,
    )


def _documents(frame: pd.DataFrame) -> pd.DataFrame:
    """One row per document, those of an application together."""
    invention = (frame["patent_type"] == "invention").to_numpy()
    has_grant = frame["grant_date"].notna().to_numpy()
    number = np.arange(len(frame))
    parts = [
        pd.DataFrame(
            {"application": number, "role": "first", "publication_date": frame["first_date"],
             "granted": ~invention}
        ),
        pd.DataFrame(
            {"application": number, "role": "grant", "publication_date": frame["grant_date"],
             "granted": True}
        )[invention & has_grant],
        pd.DataFrame(
            {"application": number, "role": "us",
             "publication_date": frame["date"] + pd.Timedelta(548, "D"), "granted": False}
        )[frame["in_us"].to_numpy()],
    ]  # fmt: skip
    return pd.concat(parts).sort_values("application", kind="stable")


def _numbered(
    frame: pd.DataFrame, documents: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    own = documents["application"].to_numpy()
    dates = documents["publication_date"].to_numpy().astype("datetime64[D]")
    first = frame["number"].to_numpy()[own]
    kind = numbers.kinds(
        frame["patent_type"].to_numpy()[own], dates, documents["granted"].to_numpy()
    )
    number = first.copy()
    grant = (documents["role"] == "grant").to_numpy()
    number[grant] = numbers.grant_numbers(first[grant], dates[grant])
    ids = np.array([f"CN{a}{b}" for a, b in zip(number, kind, strict=True)], dtype=object)
    us = (documents["role"] == "us").to_numpy()
    ids[us] = numbers.foreign_publications("US", dates[us], rng)
    kind[us] = "A1"
    return documents.assign(publication_id=ids, kind_code=kind, publication_date=dates)


def status_words(status: pd.Series) -> pd.Series:
    """The Chinese words of a status."""
    return status.map(vocabulary.table("status")["raw"])
