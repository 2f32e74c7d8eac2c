"""Renewal, remaining life, deals, markets: worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from patentnav import indicators
from patentnav.indicators.market import market_weights


def test_renewal_runs_to_the_end_or_to_the_last_known_day(make):
    """Filed 2010-01-01: lapsed 2016-01-01 after 6 years; in force on 2020-01-01 for 10 so far."""
    patents = make(
        publications=[
            {"publication_id": "CN1B", "legal_status": "lapsed", "granted": True},
            {"publication_id": "CN2B", "legal_status": "in_force", "granted": True},
            {"publication_id": "CN3B", "legal_status": "lapsed", "granted": True},
            {"publication_id": "CN4A", "legal_status": "pending", "granted": False},
        ],
        legal_events=[
            {"publication_id": "CN1B", "date": "2016-01-01", "category": "lapse"},
            {"publication_id": "CN2B", "date": "2020-01-01", "category": "fee"},
        ],
    ).assign(
        application_date=pd.Timestamp("2010-01-01"), publication_date=pd.Timestamp("2011-01-01")
    )
    values = indicators.renewal(patents)
    assert values[:2].tolist() == pytest.approx([6, 10], abs=0.01)
    assert values[2:].isna().all()


def test_remaining_life_by_statute(make):
    """On 2020-01-01: invention of 2010 has 10 years left, utility model of 2012 has 2; dead 0."""
    patents = make(
        publications=[
            {"publication_id": "CN1B", "application_date": "2010-01-01", "patent_type": "invention",
             "legal_status": "in_force", "publication_date": "2020-01-01"},
            {"publication_id": "CN2U", "application_date": "2012-01-01",
             "patent_type": "utility_model", "legal_status": "in_force", "publication_date": None},
            {"publication_id": "CN3B", "application_date": "2015-01-01", "patent_type": "invention",
             "legal_status": "lapsed", "publication_date": None},
            {"publication_id": "CN4S", "application_date": "2021-05-31", "patent_type": "design",
             "legal_status": "in_force", "publication_date": None},
            {"publication_id": "CN5S", "application_date": "2021-06-01", "patent_type": "design",
             "legal_status": "in_force", "publication_date": None},
            {"publication_id": "CN6B", "application_date": "2015-01-01", "patent_type": "invention",
             "legal_status": None, "publication_date": None},
        ]
    )  # fmt: skip
    values = indicators.remaining_life(patents)
    # The design of June 2021 is the last day known, so everything is seen from there.
    last = pd.Timestamp("2021-06-01")
    left = [pd.Timestamp("2030-01-01"), pd.Timestamp("2022-01-01")]
    assert values[:2].tolist() == pytest.approx([(d - last).days / 365.2425 for d in left])
    assert values["CN3B"] == 0
    assert values["CN4S"] == pytest.approx(10, abs=0.01)
    assert values["CN5S"] == pytest.approx(15, abs=0.01)
    assert np.isnan(values["CN6B"])


def test_transactions_of_an_application_count_once(make):
    event = {"date": "2020-01-01", "category": "transfer", "code": "TR01"}
    patents = make(
        publications=[
            {"publication_id": "CN1A", "application_id": "CN1"},
            {"publication_id": "CN1B", "application_id": "CN1"},
            {"publication_id": "CN2A", "application_id": "CN2"},
        ],
        legal_events=[
            {"publication_id": "CN1A", **event},
            {"publication_id": "CN1B", **event},
            {"publication_id": "CN1B", "date": "2021-01-01", "category": "pledge", "code": "PE01"},
            {"publication_id": "CN1B", "date": "2022-01-01", "category": "fee", "code": "CF01"},
        ],
    )
    assert indicators.transactions(patents).tolist() == [2, 2, 0]


@pytest.fixture
def families(make):
    """CN1: CN, US, EP, DE, WO; CN2: CN only, lapsed; CN3: not listed; US1B2 dead."""
    members = {"F1": ["CN1B", "US1B2", "EP1B1", "DE1A1", "WO1A1"], "F2": ["CN2B"]}
    return make(
        publications=[
            {"publication_id": "CN1B", "legal_status": "in_force"},
            {"publication_id": "CN2B", "legal_status": "lapsed"},
            {"publication_id": "CN3B", "legal_status": "in_force"},
            {"publication_id": "US1B2", "legal_status": "lapsed"},
        ],
        families=[
            {"scheme": "simple", "family_id": f, "publication_id": p}
            for f, ids in members.items()
            for p in ids
        ],
    )


def test_market_coverage(families):
    """CN1: CN and EP live (18.9 + 11.0) / 26.9; US is dead, DE inside EP, WO no market."""
    values = indicators.market_coverage(families)
    assert values["CN1B"] == pytest.approx((18.9 + 11.0) / 26.9)
    assert values["CN2B"] == 0
    assert np.isnan(values["CN3B"])


def test_ep_weighs_its_three_main_states():
    weights = market_weights()
    assert weights["US"] == 1
    assert weights["EP"] == pytest.approx(weights[["DE", "FR", "GB"]].sum())


@pytest.fixture
def rated(make):
    """Three of one field and year, cited 0, 1, 2 times; families CN (18.9/26.9), none, dead."""
    ids = ["CN1B", "CN2B", "CN3B"]
    return make(
        publications=[
            {"publication_id": p, "application_date": "2010-01-01", "legal_status": s,
             "publication_date": "2011-01-01"}
            for p, s in zip(ids, ["in_force", "in_force", "lapsed"], strict=True)
        ],
        classifications=[
            {"publication_id": p, "scheme": "IPC", "symbol": "G06N3/08"} for p in ids
        ],
        citations=[
            {"citing_id": "US1A", "cited_id": "CN1B"}, {"citing_id": "US2A", "cited_id": "CN1B"},
            {"citing_id": "US3A", "cited_id": "CN2B"}, {"citing_id": "US4A", "cited_id": "CN3B"},
        ],
        families=[
            {"scheme": "simple", "family_id": f, "publication_id": p}
            for f, p in (("F1", "CN1B"), ("F1", "US1B2"), ("F3", "CN3B"))
        ],
        parties=[
            {"publication_id": p, "role": "applicant", "position": 1, "name_raw": n}
            for p, n in zip(ids, ["Alpha", "Beta", "Alpha"], strict=True)
        ],
    )  # fmt: skip


def test_competitive_impact(rated):
    """Relevance 2, 1, 1 over mean 4/3: CN1 1.5 x (18.9 + 26.9)/26.9; dead family 0; CN2 unknown."""
    values = indicators.competitive_impact(rated)
    assert values["CN1B"] == pytest.approx(1.5 * (18.9 + 26.9) / 26.9)
    assert values["CN3B"] == 0
    assert np.isnan(values["CN2B"])
    assert values.attrs["missing"] == {"market coverage unknown": 1}


def test_portfolio_impact_is_the_sum(rated):
    table = indicators.portfolio_impact(rated)
    assert table["owner"].tolist() == ["Alpha", "Beta"]
    assert table["units"].tolist() == [2, 1]
    assert table["known"].tolist() == [2, 0]
    assert table["impact"].iloc[0] == pytest.approx(1.5 * (18.9 + 26.9) / 26.9)
    assert np.isnan(table["impact"].iloc[1])
