"""CHI indicators, patent control, cycle time, disruption: worked by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from patentnav import MissingTableError, indicators

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def field(make):
    """Alpha holds A1, A2 (2015, 2016) and A0 (2005); Beta holds B1, B2 (2017, 2018).

    In 2019 A1 is cited three times, B1 once, A0 five times (too old to count).
    """
    years = {"A1": 2015, "A2": 2016, "A0": 2005, "B1": 2017, "B2": 2018}
    cited = ["A1"] * 3 + ["B1"] + ["A0"] * 5
    return make(
        publications=[
            {"publication_id": p, "publication_date": f"{y}-05-01", "npl_citation_count": n,
             "legal_status": "lapsed" if p == "A0" else "in_force", "authority": "CN"}
            for (p, y), n in zip(years.items(), [4, 2, 9, 0, 1], strict=True)
        ],
        parties=[
            {"publication_id": p, "role": "applicant", "position": 1,
             "name_raw": "Alpha" if p[0] == "A" else "Beta"}
            for p in years
        ],
        citations=[
            {"citing_id": f"US{i}A", "cited_id": p, "citing_date": "2019-12-31"}
            for i, p in enumerate(cited)
        ] + [
            {"citing_id": "A1", "cited_id": "US90A", "cited_date": "2005-05-01"},
            {"citing_id": "A1", "cited_id": "US91A", "cited_date": "2011-05-01"},
            {"citing_id": "A1", "cited_id": "US92A", "cited_date": "2014-05-01"},
            {"citing_id": "B2", "cited_id": "A1", "cited_date": None},
        ],
        families=[
            {"scheme": "simple", "family_id": f, "publication_id": p}
            for f, p in (("F1", "A1"), ("F1", "US1B2"), ("F2", "B1"), ("F2", "WO1A1"))
        ],
    )  # fmt: skip


def test_current_impact_by_hand(field):
    """2019: Alpha K = 2 (A0 is older than five years), C = 3; Beta K = 2, C = 1; mean 4/4 = 1.

    CII 1.5 and 0.5; TS 3 and 1; science linkage (4 + 2)/2 and (0 + 1)/2, strength 6 and 1.
    """
    table = indicators.current_impact(field).set_index("owner")
    assert indicators.current_impact(field).attrs["year"] == 2019
    assert table["patents"].to_dict() == {"Alpha": 2, "Beta": 2}
    assert table["current_impact"].to_dict() == {"Alpha": 1.5, "Beta": 0.5}
    assert table["technology_strength"].to_dict() == {"Alpha": 3, "Beta": 1}
    assert table["science_linkage"].to_dict() == {"Alpha": 3, "Beta": 0.5}
    assert table["science_strength"].to_dict() == {"Alpha": 6, "Beta": 1}


def test_a_year_that_is_not_over_is_not_the_last_full_year(field):
    early = field.citations.assign(
        citing_date=field.citations["citing_date"].mask(
            field.citations["citing_date"].notna(), pd.Timestamp("2019-06-30")
        )
    )
    patents = field.replace(field.provenance[-1], citations=early)
    assert indicators.current_impact(patents).attrs["year"] == 2018
    assert indicators.current_impact(patents, year=2019).set_index("owner").loc[
        "Alpha", "current_impact"
    ] == pytest.approx(1.5)


def test_cycle_time_is_the_median_age_of_what_is_cited(field):
    """A1 of 2015-05-01 cites 2005, 2011, 2014: median 4 years. B2 cites A1, three years older."""
    values = indicators.technology_cycle_time(field)
    assert values["A1"] == pytest.approx(4, abs=0.01)
    assert values["B2"] == pytest.approx(3, abs=0.01)
    assert np.isnan(values["B1"])


def test_patent_control_by_its_parts(field):
    """Alpha: 3/5 of the units, 2/4 in force, citations 3 + 5 + 1 (by B2) of 10; overseas all (A1).

    Core: the tenth most cited of 0, 0, 1, 4, 5 is from the 90 % quantile 4.6 up: A0, Alpha's.
    """
    table = indicators.patent_control(field).set_index("owner")
    alpha = table.loc["Alpha"]
    assert alpha["quantity"] == pytest.approx(3 / 5)
    assert alpha["in_force"] == pytest.approx(2 / 4)
    assert alpha["citations"] == pytest.approx(9 / 10)
    assert alpha["overseas"] == 1
    assert alpha["core"] == 1
    assert alpha["control"] == pytest.approx((0.6 + 0.5 + 0.9 + 1 + 1) / 5)
    assert table["control"].sum() == pytest.approx(1)


def test_parts_that_no_source_tells_are_unknown(make):
    patents = make(
        publications=[{"publication_id": "CN1A"}, {"publication_id": "CN2A"}],
        parties=[
            {"publication_id": p, "role": "applicant", "position": 1, "name_raw": n}
            for p, n in (("CN1A", "Alpha"), ("CN2A", "Beta"))
        ],
    )
    table = indicators.patent_control(patents)
    assert table["control"].tolist() == [0.5, 0.5]
    assert table[["in_force", "citations", "overseas", "core"]].isna().all().all()


def test_owner_indicators_need_their_tables(make):
    with pytest.raises(MissingTableError, match="parties"):
        indicators.patent_control(make(publications=[{"publication_id": "CN1A"}]))


def reference(shared_data: Path):
    return json.loads((shared_data / "benchmarks" / "reference_values.json").read_text())[
        "cd_index"
    ]


@pytest.mark.real
def test_disruption_of_the_published_example(shared_data):
    """russellfunk/cdindex, dummy graph: node 4 has (3 - 2) / 6."""
    case = reference(shared_data)
    edges = pd.DataFrame(case["citations_citing_cited"], columns=["citing_id", "cited_id"])
    dates = pd.Series({n["id"]: n["date"] for n in case["nodes"]}).pipe(pd.to_datetime)
    values = indicators.disruption(edges, dates)
    for node, expected in case["expected_cd"].items():
        if expected is None:
            assert np.isnan(values[int(node)])
        else:
            assert values[int(node)] == pytest.approx(expected, abs=1e-12)


def test_disruption_of_a_set_hides_open_windows(make):
    """P (2010) is cited by C1, which also cites its reference R, and by C2: (1 - 1) / 2 = 0."""
    dates = {"P": 2010, "R": 2008, "C1": 2012, "C2": 2018}
    patents = make(
        publications=[
            {"publication_id": p, "publication_date": f"{y}-01-01"} for p, y in dates.items()
        ],
        citations=[
            {"citing_id": a, "cited_id": b}
            for a, b in (("P", "R"), ("C1", "P"), ("C1", "R"), ("C2", "P"))
        ],
    )
    values = indicators.compute(patents, "disruption")["disruption"]
    # Within five years only C1 (both): -1.
    assert values["P"] == -1
    assert values.isna()["C2"]
