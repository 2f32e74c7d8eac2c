"""Sets that lack something: every function says what, or counts the nothing; none breaks."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import facts, indicators, taxonomy

PERIODS = ((2010, 2012), (2013, 2015))


def made(n: int = 6, *, without: tuple[str, ...] = (), technologies: str = "abc") -> pnav.PatentSet:
    ids = pd.Index([f"CN{i}A" for i in range(n)], name="publication_id")
    technology = [technologies[i % len(technologies)] if technologies else None for i in range(n)]
    frame = pd.DataFrame(
        {"title": "一种泵", "technology": pd.array(technology, dtype="str")}, index=ids
    )
    frame["application_id"] = [f"CN{i}" for i in range(n)]
    if "dates" not in without:
        frame["application_date"] = [f"{2010 + i}-01-01" for i in range(n)]
        frame["publication_date"] = "2020-01-01"
    tables = {
        "parties": pd.DataFrame({"publication_id": ids, "role": "applicant", "position": 1,
                                 "name_raw": [f"F{i % 2}" for i in range(n)],
                                 "city": ["JQ"[i % 2] for i in range(n)]}),
        "inventors": pd.DataFrame({"publication_id": ids, "position": 1, "name_raw": "P"}),
        "classifications": pd.DataFrame({"publication_id": ids, "scheme": "IPC", "symbol": "H01M10/05"}),
        "texts": pd.DataFrame({"publication_id": ids, "field": "abstract", "text": "降低成本"}),
        "citations": pd.DataFrame({"citing_id": ids[1:], "cited_id": ids[:-1]}),
    }  # fmt: skip
    kept = {name: table for name, table in tables.items() if name not in without}
    return pnav.PatentSet.from_tables({"publications": frame, **kept})


SETS = {
    "full": made(), "empty": made(0), "one": made(1), "no dates": made(without=("dates",)),
    "no parties": made(without=("parties",)), "no classes": made(without=("classifications",)),
    "one technology": made(technologies="a"), "no technology": made(technologies=""),
    "bare": made(without=("dates", "parties", "inventors", "classifications", "texts", "citations")),
}  # fmt: skip

FUNCTIONS = {
    "emergence": lambda p: indicators.emergence(p, "technology"),
    "strength": lambda p: indicators.strength(p, "technology"),
    "strength of cities": lambda p: indicators.strength(p, "technology", facts.places(p)),
    "churn": lambda p: indicators.churn(indicators.turnover(p, "technology", PERIODS)),
    "white spots": lambda p: indicators.white_spots(p, "technology", indicators.effects(p)),
    "curve": lambda p: indicators.s_curve(indicators.activity(p, "technology")),
    "maturity": indicators.maturity_map,
    "next branches": lambda p: indicators.next_branches(
        indicators.specialisation(p, "technology", facts.places(p)), "J"
    ),
    "report": lambda p: taxonomy.report(taxonomy.load("sei-2021"), p).coverage,
    **{
        f"related by {through}": lambda p, t=through: indicators.relatedness(
            p, "technology", through=t, min_count=1
        )
        for through in ("owners", "inventors", "citations", "classes")
    },
}


@pytest.mark.parametrize("kind", SETS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_nothing_breaks_and_what_is_missing_is_said(kind, name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pnav.CoverageWarning)
        result, said = _tried(FUNCTIONS[name], SETS[kind])
    if result is None:
        assert len(said) > 20  # what is missing, and the remedy
        assert kind not in {"full", "one technology"}
    else:
        assert isinstance(result, pd.DataFrame)
        assert kind != "empty" or len(result) == 0 or name == "report"


def _tried(function, patents):
    try:
        return function(patents), ""
    except pnav.PatentnavError as error:
        return None, str(error)
