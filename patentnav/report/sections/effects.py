"""What the map tells, continued: which effects of which technologies are thin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import indicators, plot
from patentnav._strings import among
from patentnav.indicators.matrix import LEVEL
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.registry import section
from patentnav.study import FEWEST
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition


_ROWS = 10
_DRAWN = 12  # technologies of the matrix that a page holds


@section("direction.effects", needs=("texts",))
def effects(edition: Edition) -> Iterator[Block]:
    """Technologies by effects, and the cells that chance does not explain."""
    study = edition.study
    given, rows = study.inputs.effects, study.effects
    stated = rows.loc[among(rows["publication_id"], study.patents.publications.index)]
    covered = stated["publication_id"].nunique()
    cells = indicators.white_spots(study.patents, study.technology_of, stated, unit=study.unit)
    units = cells.attrs["units"]
    if units < FEWEST:
        raise gap("missing.few_effects", count=units, fewest=FEWEST,
                               unit=edition.unit_word)  # fmt: skip
    labels = indicators.effect_labels(edition.lang)
    white, dense = (cells["state"] == state for state in ("white", "dense"))
    claim = edition.claims("direction.effects")
    counted = {"units": units, "cells": len(cells), "white": int(white.sum()),
               "dense": int(dense.sum())}  # fmt: skip
    values: dict[str, Any] = {
        "unit": edition.unit_word, "testable": int(cells["gap_testable"].sum()), "level": LEVEL,
        "technologies": cells["row"].nunique(), "effects": cells["column"].nunique(),
        "covered": covered, "total": len(study.patents), "share": covered / len(study.patents),
        "drawn": min(_DRAWN, cells["row"].nunique()),
    }  # fmt: skip
    for name, count in counted.items():
        tested = {"test": "hypergeometric", "n": units} if name in {"white", "dense"} else {}
        unit = {"units": study.unit}.get(name, "cell")
        values[name] = claim(name, "count", "set", "effect_cells", count, unit=unit,
                             details={"of": name}, evidence=("effect_matrix",), **tested)  # fmt: skip
    key = {(True, True): "finding", (True, False): "white_only", (False, True): "none"}
    key_of = key.get((bool(white.any()), bool(dense.any())), "nothing")
    yield Text(f"direction.effects.{key_of}", values, "finding")
    told = "given" if given is not None else "vendor" if rows.attrs.get("vendor") else "abstract"
    yield Text("direction.effects.body", {
        **values, "figure": Ref("effect_matrix"),
        "source": edition.word(f"effects_{told}", vendor=rows.attrs.get("vendor", 0))})  # fmt: skip
    names = edition.technology_names
    whole = pd.DataFrame(
        {
            "technology": cells["row"].map(names), "effect": _labelled(cells["column"], labels),
            "count": cells["count"], "expected": cells["expected"], "q_value": cells["q_value"],
            "gap_testable": cells["gap_testable"].astype(bool).map(
                {True: edition.word("yes"), False: edition.word("no")}),
            "state": [edition.word(f"cell_{state}") for state in cells["state"]],
        }
    )  # fmt: skip
    forms = {"count": "count", "expected": "number", "q_value": "p"}
    drawn, lang = _drawn(cells, edition), edition.lang
    yield Figure(
        Table("effect_matrix", whole, forms, values, edition.note("whole")),
        drawing(plot.cross, drawn, row_labels=names, column_labels=labels, lang=lang),
        size=(6.3, 1.9 + 0.36 * drawn["row"].nunique()),
    )
    order = cells[white | dense].sort_values(["state", "q_value", "row", "column"],
                                             ascending=[False, True, True, True]).index  # fmt: skip
    if len(order):
        yield Text("direction.effects.cells", {**values, "table": Ref("effect_cells")})
        shown = whole.loc[order].drop(columns="gap_testable").reset_index(drop=True)
        yield Table("effect_cells", shown, forms, values, edition.note("whole"), _ROWS)
    yield Text("direction.effects.caveat", values, "note")


def _labelled(effects: pd.Series, labels: pd.Series) -> pd.Series:
    return effects.map(labels).fillna(effects).astype("str")


def _drawn(cells: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """Cells of the largest technologies, and the columns by size."""
    study = edition.study
    largest = [g for g in study.counts(study.technology_of).index if g in set(cells["row"])]
    drawn = cells[cells["row"].isin(largest[:_DRAWN])]
    sizes = cells.groupby("column")["count"].sum()
    keyed = drawn.assign(
        _row=drawn["row"].map(largest.index), _column=-drawn["column"].map(sizes).astype("int64")
    )
    drawn = keyed.sort_values(["_row", "_column", "column"]).drop(columns=["_row", "_column"])
    drawn.attrs = dict(cells.attrs)
    return drawn
