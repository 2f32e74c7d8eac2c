"""Every public function refuses objects of the wrong kind, and says what makes the right one."""

from __future__ import annotations

import importlib
import inspect
import pickle
import pkgutil
import warnings

import networkx as nx
import pandas as pd
import pytest

import patentnav as pnav
from patentnav import _guard

OBJECTS = {
    "Axes", "Baseline", "CitationArrays", "DataFrame", "DiGraph", "Graph", "Hills", "Mapped",
    "PatentSet", "Population", "Scorecard", "Series", "Talents", "Taxonomy", "Technologies",
    "TextModel",
}  # fmt: skip


def functions() -> dict[str, object]:
    found = {}
    for module in (*pnav._MODULES, "patentset"):
        names = importlib.import_module(f"patentnav.{module}")
        for name in names.__all__:
            value = getattr(names, name)
            if inspect.isfunction(value):
                found[f"{module}.{name}"] = value
    return found


FUNCTIONS = functions()
PARAMETERS = [
    (name, parameter)
    for name, function in FUNCTIONS.items()
    for parameter in inspect.signature(function).parameters.values()
    if parameter.kind not in {parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL}
    and parameter.annotation not in {"Any", "object"}
]


class Stranger:
    """What no function takes."""


@pytest.mark.parametrize(
    ("name", "parameter"), PARAMETERS, ids=[f"{n}-{p.name}" for n, p in PARAMETERS]
)
def test_a_stranger_is_refused_with_a_remedy(name: str, parameter: inspect.Parameter) -> None:
    function = FUNCTIONS[name]
    with pytest.raises(pnav.PatentnavError) as caught:
        function(**{parameter.name: Stranger()})
    assert isinstance(caught.value, TypeError)
    message = str(caught.value)
    assert f" takes {parameter.name} as " in message
    assert "not Stranger" in message
    kinds = {kind.name for kind in _guard._kinds(function)[parameter.name]}
    if kinds & OBJECTS:
        assert "Make it with pa" in message  # patentnav.…, PatentSet.… or pandas.…


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_set_in_the_place_of_a_result_is_told_what_makes_the_result(name: str) -> None:
    function = FUNCTIONS[name]
    kinds = _guard._kinds(function)
    first = next(iter(inspect.signature(function).parameters.values()), None)
    if first is None or first.name not in kinds:
        return
    names = {kind.name for kind in kinds[first.name]}
    patents = pnav.PatentSet.from_tables({"publications": pd.DataFrame(index=["CN1A"])})
    if "PatentSet" in names or not names & OBJECTS:
        return
    with pytest.raises(
        pnav.WrongKindError, match=r"not PatentSet\. Make it with (patentnav|pandas)"
    ):
        function(patents)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (pnav.plot.trend, r"patentnav\.indicators\.activity"),
        (pnav.plot.ranking, r"patentnav\.indicators\.current_impact"),
        (pnav.plot.portfolios, r"patentnav\.portfolio\.candidates"),
        (pnav.plot.patent_map, r"patentnav\.cluster\.technologies"),
        (pnav.plot.talent_map, r"patentnav\.talent\.talent_map"),
        (lambda p: pnav.plot.talent_map(nx.Graph()), r"patentnav\.network\.layout"),
        (lambda p: pnav.valuation.explain(p, "CN1A"), r"patentnav\.valuation\.score"),
        (pnav.portfolio.select, r"patentnav\.portfolio\.candidates"),
        (pnav.indicators.growth, r"patentnav\.indicators\.activity"),
        (pnav.indicators.density, r"patentnav\.indicators\.specialisation"),
        (pnav.network.communities, r"patentnav\.network\.inventors"),
        (lambda p: pnav.indicators.activity("city.pnav"), r"patentnav\.load\(folder\)"),
        (lambda p: pnav.classify.memberships(p, taxonomy=3), r"patentnav\.taxonomy\.load"),
    ],
)  # fmt: skip
def test_frequent_mistakes(call, words) -> None:
    patents = pnav.PatentSet.from_tables({"publications": pd.DataFrame(index=["CN1A"])})
    with pytest.raises(pnav.WrongKindError, match=words):
        call(patents)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda p: pnav.indicators.activity(p, unit="familly"), 'Did you mean "family"'),
        (lambda p: pnav.network.applicants(p, role="aplicant"), 'Did you mean "applicant"'),
        (lambda p: pnav.network.applicants(p, counting="half"), "whole, fractional"),
        (lambda p: pnav.indicators.activity(p, basis="aplication_date"), '"application_date"'),
        (lambda p: pnav.indicators.activity(p, basis="title"), "application_date"),
        (lambda p: pnav.network.path_counts(p, method="spx"), "splc"),
    ],
)
def test_mistyped_words_are_told_the_close_ones(call, words) -> None:
    frame = pd.DataFrame({"application_date": ["2020-01-01"]}, index=["CN1A"])
    patents = pnav.PatentSet.from_tables({"publications": frame})
    with pytest.raises(pnav.PatentnavError, match=words):
        call(patents)


def test_kinds_that_only_look_strange_pass() -> None:
    import numpy as np

    frame = pd.DataFrame({"year": [2019, 2020], "count": [1, 2]})
    assert len(pnav.indicators.growth(frame, span=np.int64(1))) == 2
    assert pnav.indicators.s_curve(frame, until=None) is not None


def test_guarded_functions_are_still_functions_of_their_modules() -> None:
    activity = pnav.indicators.activity
    assert pickle.loads(pickle.dumps(activity)) is activity
    assert "counting" in inspect.signature(activity).parameters
    assert activity.__module__ == "patentnav.indicators.trend"
    assert activity.__globals__ is importlib.import_module(activity.__module__).__dict__


def test_warnings_point_at_the_callers_line() -> None:
    frame = pd.DataFrame({"application_date": ["2020-01-01"]}, index=["CN1A"])
    patents = pnav.PatentSet.from_tables({"publications": frame})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        pnav.indicators.compute(patents, "claim_count")
    assert [w.filename for w in caught] == [__file__]


def test_every_error_has_the_promised_parents() -> None:
    """PatentnavError and a builtin, so that a caller may catch either."""
    found = []
    for module in pkgutil.walk_packages(pnav.__path__, "patentnav."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if (
                inspect.isclass(value)
                and issubclass(value, Exception)
                and not issubclass(value, Warning)
                and value.__module__ == module.name
                and value is not pnav.PatentnavError
                and not name.startswith("_")
            ):
                found.append(value)
    for error in found:
        builtin = next(c for c in error.__mro__ if c.__module__ == "builtins")
        assert issubclass(error, pnav.PatentnavError), error
        assert builtin is not Exception, error
    assert len(found) > 8
