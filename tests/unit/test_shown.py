"""Results show themselves: parts with counts, and calls that exist."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

import patentnav as pnav
from patentnav import taxonomy
from patentnav._progress import DELAY, progress
from patentnav._shown import presented, told
from patentnav.config import config_context

LARGE = ("DataFrame", "Series", "ndarray", "csr_matrix")


def results() -> dict[str, type]:
    """Public frozen results that hold tables or arrays."""
    found = {}
    for module in pnav._MODULES:
        public = importlib.import_module(f"patentnav.{module}")
        for name in public.__all__:
            one = getattr(public, name)
            if inspect.isclass(one) and dataclasses.is_dataclass(one):
                kinds = " ".join(str(f.type) for f in dataclasses.fields(one))
                if any(kind in kinds for kind in LARGE):
                    found[f"{module}.{name}"] = one
    return found


# Parts of a figure or report, and the choices of a study, are no results.
PARTS = {
    "explore.Interactive",
    "explore.Overlay",
    "plot.Group",
    "plot.MapParts",
    "report.Interactive",
    "report.Table",
    "study.Inputs",
}


@pytest.mark.parametrize("name", sorted(set(results()) - PARTS))
def test_every_result_shows_itself_in_a_notebook(name: str) -> None:
    assert "_repr_html_" in dir(results()[name]), name


def test_parts_are_counted() -> None:
    @presented("do(result)")
    @dataclass(frozen=True)
    class Result:
        table: pd.DataFrame
        labels: pd.Series
        where: np.ndarray
        name: str = "<b>"

    frame = pd.DataFrame({"a": [1, 2]})
    result = Result(frame, pd.Series(["x", None], dtype="str"), np.zeros((2, 3)))
    lines = repr(result).splitlines()
    assert lines[0] == "Result:"
    assert [line.split()[1:] for line in lines[1:4]] == [
        ["2", "rows:", "a"], ["2", "values", "(50%", "known)"], ["2", "x", "3"],
    ]  # fmt: skip
    assert lines[-1] == "  next: do(result)"
    page = result._repr_html_()
    assert "&lt;b&gt;" in page
    assert "do(result)" in page


def test_an_own_first_line_stays() -> None:
    @presented()
    @dataclass(frozen=True)
    class Own:
        a: int

        def __repr__(self) -> str:
            return "Own of 3\nmore"

    assert repr(Own(1)).startswith("Own of 3")
    assert "<b>Own of 3</b>" in Own(1)._repr_html_()


def test_long_values_are_cut() -> None:
    assert len(told("x" * 500)) == 60


def test_a_set_shows_its_intake_and_what_to_call(tmp_path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("Publication Number,Title\nCN101000001A,one\n,two\n", encoding="utf-8")
    ids = pd.Index(["CN1A"], name="publication_id")
    tables = {"publications": pd.DataFrame({"title": ["x"]}, index=ids)}
    intake = pd.DataFrame(
        {
            "file": ["a.csv"],
            "rows_in": [5],
            "rows_out": [3],
            "rows_merged": [1],
            "rows_set_aside": [1],
        }
    )
    patents = pnav.PatentSet.from_tables({**tables, "intake": intake})
    line = "intake: 1 files, 5 records read, 3 taken, 1 merged, 1 set aside"
    assert line in repr(patents)
    assert line in patents._repr_html_()
    assert ".search(" in repr(patents)


def test_calls_of_a_taxonomy_exist() -> None:
    line = repr(taxonomy.load("wipo-35")).splitlines()[-1]
    for module, name in re.findall(r"(classify|taxonomy)\.(\w+)\(\w", line):
        assert hasattr(getattr(pnav, module), name)


def test_wrong_calls_on_a_set_answer_with_the_right_one() -> None:
    ids = pd.Index(["CN1A"], name="publication_id")
    patents = pnav.PatentSet.from_tables(
        {"publications": pd.DataFrame({"title": ["x"]}, index=ids)}
    )
    for wrong in ("CN1A", 5):
        with pytest.raises(pnav.ArgumentError, match=r"search\("):
            patents.filter(wrong)
    with pytest.raises(AttributeError, match='Did you mean "search"'):
        patents.serach  # noqa: B018
    with pytest.raises(AttributeError, match="Analysis is by functions"):
        patents.industries  # noqa: B018
    with pytest.raises(pnav.ArgumentError, match="takes text as str, not int"):
        patents.search(5)
    assert not hasattr(patents, "technologies")


def test_a_bar_appears_after_two_seconds(capsys) -> None:
    assert DELAY == 2
    with config_context(progress=True):
        assert list(progress(range(3), "fast")) == [0, 1, 2]
    assert "fast" not in capsys.readouterr().err


def test_a_set_of_nothing_says_so() -> None:
    patents = pnav.datasets.city(n=60, random_state=0).patents
    nothing = patents.filter(patents.publications.index == "nowhere")
    assert repr(nothing) == "PatentSet: no publications"
    assert "nan" not in nothing._repr_html_()
