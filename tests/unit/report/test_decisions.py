"""Sections on decisions: every claim counted again, both languages, and a wrong one caught."""

from __future__ import annotations

import pytest

import patentnav as pnav
from patentnav import operation, planning
from patentnav.report import build

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
