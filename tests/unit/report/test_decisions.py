"""Sections on decisions: every claim counted again, both languages, and a wrong one caught."""

from __future__ import annotations

from unittest.mock import Mock

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import operation, planning
from patentnav.report import build
from patentnav.report.blocks import Figure, Table, Text
from patentnav.report.edition import Edition
from patentnav.report.inputs import Cover
from patentnav.report.sections import closing, portfolios
from patentnav.study import Study

SECTIONS = [
    "layout.deadlines", "operate.pledge", "path.universities", "path.alliances", "path.licences",
    "path.pools", "layout.overseas", "position.dependence", "layout.gaps",
]  # fmt: skip


@pytest.fixture(scope="module")
def outline(tmp_path_factory):
    path = tmp_path_factory.mktemp("o") / "decisions.toml"
    listed = ", ".join(f'"{s}"' for s in SECTIONS)
    path.write_text(
        'title = { zh = "决策", en = "Decisions" }\n'
        f'[[part]]\nid = "layout"\nnumber = "1"\nsections = [{listed}]\n',
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="module")
def patents():
    return pnav.datasets.dealings(n=500).patents


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_claim_holds(patents, outline, lang) -> None:
    report = build(patents, outline, lang, strict=True)
    made = {c.partition(":")[0] for c in report.claims["claim_id"]}
    assert made == set(SECTIONS)


def test_without_citations_no_complements_are_announced(patents, tmp_path) -> None:
    path = tmp_path / "pools.toml"
    path.write_text(
        'title = { zh = "池", en = "Pools" }\n[[part]]\nid = "path"\nnumber = "1"\n'
        'sections = ["path.pools"]\n', encoding="utf-8",
    )  # fmt: skip
    tables = {t: getattr(patents, t) for t in patents.tables if t != "citations"}
    silent = pnav.PatentSet.from_tables(tables)
    report = build(silent, path, "zh", strict=True)
    with report.reading():
        told = "".join(report.plain(b) for b in report.section("path.pools").blocks
                       if isinstance(b, Text) and b.key.startswith("path.pools.body"))  # fmt: skip
    assert "疑似替代对" in told
    assert "互补" not in told


@pytest.mark.parametrize(("hidden", "drawn"), [(0.0, True), (0.3, True), (0.8, False)])
def test_unknown_pct_is_not_drawn_as_none(patents, monkeypatch, hidden, drawn) -> None:
    """A point on the axis would say zero: told where few are unknown, no picture where most are."""
    found = pd.DataFrame(
        {
            "portfolio_id": [f"P{k}" for k in range(10)], "owner": "甲", "owner_id": "a",
            "technology": "T1", "inventions": range(10, 20), "meets_gate": False, "score": 50.0,
            "pct": pd.array([pd.NA if k < hidden * 10 else 1 for k in range(10)], dtype="Int64"),
            "pct_unknown": [int(k < hidden * 10) for k in range(10)],
            "inventions_missing": 40, "pct_missing": 9, "min_inventions": 50, "min_pct": 10,
            "quality": 0.5, "quality_of": "impact+keep",
        }
    )  # fmt: skip
    found["meets_gate"] = found["meets_gate"].astype("boolean")
    found.attrs["gate"] = {
        "min_inventions": 50,
        "min_pct": 10,
        "granted_only": False,
        "unit": "application",
    }
    study = Mock(
        wraps=Study(patents),
        eligible=found,
        foreign_candidates=found.head(0),
        local=None,
        owner_names=pd.Series({"a": "甲"}),
    )
    study.inputs = Study(patents).inputs
    edition = Mock(wraps=Edition(Study(patents), "zh", Cover()), study=study, lang="zh",
                   technology_names={"T1": "技术"})  # fmt: skip
    monkeypatch.setattr(portfolios, "_readings", lambda *_: iter(()))
    monkeypatch.setattr(portfolios, "unfair", lambda *_: None)  # asked of the set elsewhere
    blocks = list(portfolios.portfolios(edition))
    assert any(isinstance(b, Figure) for b in blocks) == drawn
    noted = [b for b in blocks if isinstance(b, Text) and b.key == "path.portfolios.on_the_axis"]
    assert bool(noted) == (drawn and hidden > 0)
    lower = [b for b in blocks if isinstance(b, Text) and b.key == "path.portfolios.lower_lacks"]
    assert bool(lower) == (hidden > 0)  # what is counted is a lower bound, and said to be one
    table = next(b for b in blocks if isinstance(b, Table) and b.id == "candidates").frame
    assert ("pct_unknown" in table) == (hidden > 0)


def test_pct_applications_lacking_are_whole_numbers_where_some_are_unknown() -> None:
    found = pd.DataFrame(
        {"portfolio_id": ["P1", "P2"], "owner": "甲", "technology": "T1", "inventions_missing": 4,
         "pct_missing": pd.array([2, pd.NA], dtype="Int64")}
    )  # fmt: skip
    edition = Mock(technology_names={"T1": "技术"}, study=Mock(candidates=found))
    wide = pd.DataFrame({"own_neighbour": [3, 1]}, index=["P1", "P2"])
    note = Text("path.additions.note", {}, "note")
    table = closing._steps_table(edition, (["P1", "P2"], wide), ({}, {}), ({}, note))
    assert table.frame["pct_missing"].dtype == "Int64"
    assert table.frame["pct_missing"].isna().tolist() == [False, True]


def test_of_one_applicant_alone(patents, outline) -> None:
    report = build(patents, outline, "zh", strict=True, applicant="云泽百花蜂业有限公司")
    made = {c.partition(":")[0] for c in report.claims["claim_id"]}
    assert {"operate.pledge", "layout.gaps"} <= made
    assert "path.alliances" not in made  # nobody to be tied to


def test_a_wrong_colour_is_caught(patents, outline, monkeypatch) -> None:
    right = operation.pledge

    def wrong(*given, **named):
        found = right(*given, **named)
        found.loc[found.index[-1], "colour"] = "green"
        return found

    monkeypatch.setattr(operation, "pledge", wrong)
    with pytest.raises(pnav.ClaimError, match=r"operate\.pledge"):
        build(patents, outline, "zh", strict=True)


def test_firms_of_one_group_are_co_owners_of_a_pledge(patents, outline, monkeypatch) -> None:
    """A legal entity signs, so that the screen is by party whatever the report counts by."""
    right, asked = operation.pledge, []

    def noted(*given, **named):
        asked.append(named["owner"])
        return right(*given, **named)

    monkeypatch.setattr(operation, "pledge", noted)
    build(patents, outline, "zh", strict=True, owner="group")
    assert set(asked) == {"party"}


def test_a_lost_deadline_is_caught(patents, outline, monkeypatch) -> None:
    right = planning.deadlines

    def wrong(*given, **named):
        found = right(*given, **named)
        kept = found[found["publication_id"] != found["publication_id"].iloc[0]]
        kept.attrs = found.attrs
        return kept

    monkeypatch.setattr(planning, "deadlines", wrong)
    with pytest.raises(pnav.ClaimError, match=r"layout\.deadlines"):
        build(patents, outline, "zh", strict=True)
