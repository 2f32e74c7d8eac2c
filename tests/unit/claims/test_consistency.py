"""What a claim must agree with besides its value, on a small set made by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import claims
from patentnav.claims import Claim, Sentence


@pytest.fixture(scope="module")
def study() -> pnav.Study:
    ids = [f"CN1{i:08d}A" for i in range(40)]
    filed = pd.to_datetime([f"{2010 + i % 10}-03-15" for i in range(40)])
    frame = pd.DataFrame(
        {"application_id": [f"CN2010{i:08d}" for i in range(40)], "authority": "CN",
         "application_date": filed, "publication_date": filed + pd.DateOffset(months=14), "title": ids},
        index=pd.Index(ids, name="publication_id"))  # fmt: skip
    parties = pd.DataFrame({"publication_id": ids, "name_raw": ["甲电池有限公司", "丙大学"] * 20})
    return pnav.Study(pnav.PatentSet.from_tables({"publications": frame, "parties": parties}))


def rules(study: pnav.Study, *made: Claim, tables: Any = None) -> set[str]:
    return {v.rule for v in claims.check([Sentence("x", "x", made)], study, tables)}


def rate(**changes: Any) -> Claim:
    entries = {"value": 0.5, "direction": 1, "window": (2010, 2015), "unit": "ratio", **changes}
    return Claim("x:rate", "trend", "set", "rate", entries.pop("value"), **entries)


def test_the_direction_is_that_of_the_value(study: pnav.Study) -> None:
    assert "sign" not in rules(study, rate())
    assert "sign" in rules(study, rate(direction=-1))
    assert "sign" in rules(study, rate(value=-0.5))


def test_no_course_of_open_years(study: pnav.Study) -> None:
    assert "window" not in rules(study, rate())
    assert "window" in rules(study, rate(window=(2010, study.last_year + 1)))
    assert "window" in rules(study, rate(window=(2015, 2010)))


def test_what_is_counted_is_the_unit_of_the_study(study: pnav.Study) -> None:
    right = Claim("x:n", "count", "set", "units", 40.0, unit=study.unit)
    assert rules(study, right) == set()
    wrong = Claim(
        "x:n",
        "count",
        "set",
        "units",
        40.0,
        unit="family" if study.unit != "family" else "publication",
    )
    assert rules(study, wrong) == {"unit"}


def test_an_owner_has_its_own_name(study: pnav.Study) -> None:
    owner = study.owner_names.index[0]
    own, other = study.owner_names.iloc[:2]
    more = {"unit": study.unit, "rule": "whole"}
    assert (
        rules(study, Claim("x:o", "count", f"owner:{owner}", "units", 20.0, label=own, **more))
        == set()
    )
    assert rules(
        study, Claim("x:o", "count", f"owner:{owner}", "units", 20.0, label=other, **more)
    ) == {"label"}


def test_a_probability_has_a_test(study: pnav.Study) -> None:
    assert "test" in rules(study, rate(q=0.01, n=40))
    assert "test" in rules(study, rate(q=1.2, n=40, test="fisher"))
    assert "test" not in rules(study, rate(q=0.01, n=40, test="fisher"))


def test_a_claim_says_what_its_cell_says(study: pnav.Study) -> None:
    tables = {"years": pd.DataFrame({"year": [2010, 2011], "count": [4, 5]})}
    claim = Claim("x:n", "count", "set", "units", 4.0, unit=study.unit, window=(2010, 2010),
                  evidence=("years/2010/count",))  # fmt: skip
    assert rules(study, claim, tables=tables) == set()
    tables["years"].loc[0, "count"] = 3
    assert rules(study, claim, tables=tables) == {"evidence"}


@pytest.mark.parametrize(("n", "held"), [(1, False), (40, True)])
def test_no_advice_from_a_base_of_one(study: pnav.Study, n: int, held: bool) -> None:
    owner = next(iter(study.alive_owners))
    support = Claim("x:s", "parameter", "set", "parameter", 1, q=0.001, n=n, test="fisher")
    advice = Claim(
        "x:a", "recommendation", f"owner:{owner}", "recommendation", "go", rests_on=("x:s",)
    )
    assert ("recommendation" not in rules(study, support, advice)) is held
