"""Problems and the solutions found for them, by the analyst's own breakdown tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import indicators, plot
from patentnav import taxonomy as taxonomies
from patentnav.indicators.matrix import LEVEL
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.registry import section
from patentnav.study import FEWEST
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition
    from patentnav.taxonomy import Taxonomy

_ROWS = 15


@section("direction.solutions", needs=("texts",))
def solutions(edition: Edition) -> Iterator[Block]:
    """Problems by solutions, tested, and what is missing in every technology."""
    study = edition.study
    posed, solved = study.problems, study.solutions
    cells = indicators.white_spots(study.patents, posed, solved, unit=study.unit)
    units = cells.attrs["units"]
    if units < FEWEST:
        raise gap("missing.few_solutions", count=units, fewest=FEWEST, unit=edition.unit_word)
    whole = indicators.problem_solution(
        study.patents, posed, solved, technologies=study.technology_of, unit=study.unit
    )
    claim = edition.claims("direction.solutions")
    white, dense = (int((cells["state"] == state).sum()) for state in ("white", "dense"))
    counted = {"units": units, "cells": len(cells), "white": white, "dense": dense,
               "without": whole.attrs["without"], "gaps": int(whole["gap"].sum())}  # fmt: skip
    total = whole.attrs["units"]
    values: dict[str, Any] = {
        "unit": edition.unit_word, "level": LEVEL, "total": total,
        "testable": int(cells["gap_testable"].sum()), "share": counted["without"] / max(total, 1),
        "problems": cells["row"].nunique(), "solutions": cells["column"].nunique(),
    }  # fmt: skip
    for name, count in counted.items():
        tested = {"test": "hypergeometric", "n": units} if name in {"white", "dense"} else {}
        unit = study.unit if name in {"units", "without"} else "cell"
        values[name] = claim(name, "count", "set", "solution_cells", count, unit=unit,
                             details={"of": name}, evidence=("solution_matrix",), **tested)  # fmt: skip
    yield Text("direction.solutions.finding", values, "finding")
    yield Text("direction.solutions.body", {
        **values, "figure": Ref("solution_matrix"), "table": Ref("solution_combinations")})  # fmt: skip
    problems = _names(study.inputs.problems, edition.lang)
    answers = _names(study.inputs.solutions, edition.lang)
    shown = pd.DataFrame(
        {
            "problem": cells["row"].map(problems), "solution": cells["column"].map(answers),
            "count": cells["count"], "expected": cells["expected"], "q_value": cells["q_value"],
            "state": [edition.word(f"cell_{state}") for state in cells["state"]],
        }
    )  # fmt: skip
    forms = {"count": "count", "expected": "number", "q_value": "p"}
    yield Figure(
        Table("solution_matrix", shown, forms, values, edition.note("whole")),
        drawing(plot.cross, cells, row_labels=problems, column_labels=answers, lang=edition.lang),
        size=(6.3, 1.9 + 0.36 * cells["row"].nunique()),
    )
    listed = whole.sort_values(["count", "technology", "problem", "solution"],
                               ascending=[False, True, True, True])  # fmt: skip
    table = pd.DataFrame(
        {
            "technology": listed["technology"].map(edition.technology_names),
            "problem": listed["problem"].map(problems), "solution": listed["solution"].map(answers),
            "count": listed["count"],
            "gap": listed["gap"].astype(bool).map({True: edition.word("yes"), False: edition.word("no")}),
        }
    ).dropna(subset="technology").reset_index(drop=True)  # fmt: skip
    yield Table(
        "solution_combinations", table, {"count": "count"}, values, edition.note("whole"), _ROWS
    )
    yield Text("direction.solutions.caveat", values, "note")


def _names(table: str | Path | Taxonomy | None, lang: str) -> pd.Series:
    assert table is not None  # noqa: S101 (without one the steps say that it is missing)
    return taxonomies.load(table).names(lang)
