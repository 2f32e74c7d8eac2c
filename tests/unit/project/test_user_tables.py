"""The user's own tables in a project file: relative paths, contents that count, files that must be there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import patentnav as pnav
from patentnav.project.state import State

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TARGETS = """\
title = { zh = "指标", en = "Targets" }
[[part]]
id = "kpi"
number = "1"
title = { zh = "指标", en = "Targets" }
sections = ["summary"]
[[part]]
id = "methods"
sections = ["tables"]
"""
HEADS = "指标编号,期间,完成值,来源,发布日期\n"


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_changed_table_makes_the_report_anew(make: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "targets.toml").write_text(TARGETS, encoding="utf-8")
    table = tmp_path / "actuals.csv"
    table.write_text(HEADS + "K05,2020,79,局,2021-01-01\n", encoding="utf-8")
    file = make(
        report={"outline": "targets.toml", "formats": ["html"]}, tables={"KA": "actuals.csv"}
    )
    project = pnav.project.load(file)
    assert project.handed("study")["tables"] == {"KA": table}
    first = State.of(project).run_key
    made = pnav.project.run(file)
    page = made[-1].read_text(encoding="utf-8")
    assert "1 of 34 targets are met" in page
    noted = json.loads((project.output / "manifest.json").read_text(encoding="utf-8"))
    assert any(one["key"] == "tables.KA" for one in noted["inputs"])
    table.write_text(HEADS + "K05,2020,12,局,2021-01-01\n", encoding="utf-8")
    assert State.of(pnav.project.load(file)).run_key != first
    assert "0 of 34 targets are met" in pnav.project.run(file)[-1].read_text(encoding="utf-8")


def test_a_table_that_is_not_there_is_refused_at_once(
    make: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "targets.toml").write_text(TARGETS, encoding="utf-8")
    file = make(report={"outline": "targets.toml"}, tables={"KA": "nothing"})
    with pytest.raises(pnav.ArgumentError, match=r"\[tables\] KA.*no file"):
        pnav.project.load(file)
    other = make(report={"outline": "targets.toml"}, tables={"KB": "nothing"})
    with pytest.raises(pnav.UnknownNameError, match="KA"):
        pnav.project.load(other)
