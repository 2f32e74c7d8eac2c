"""Part A on real exports: the claims hold when they are counted again, and say what the files say.

Facts about the files, found by counting their own columns: the virtual-reality filings peak in 2016
and fall every year to 2019; the file on autonomous driving holds exactly 10,000 records, of which
most were published since January 2022.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pytest

import patentnav as pnav
from patentnav.report import Report, Text

if TYPE_CHECKING:
    from pathlib import Path

OUTLINE = """title = { zh = "甲", en = "A" }
[[part]]
id = "direction"
number = "1"
sections = [
  "trend", "authorities", "life_cycle", "structure", "technologies", "growth", "emergence",
  "effects", "applicants", "concentration", "strength", "relatedness", "citations",
]
"""


def direction(shared_data: Path, folder: Path, name: str, every: int, lang: str) -> Report:
    """Part A of every n-th record, refused where a statement does not hold."""
    file = next((shared_data / "exports").rglob(name))
    outline = folder / "direction.toml"
    outline.write_text(OUTLINE, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patents = pnav.read(file)
        sample = patents.filter(patents.publications.index[::every])
        return pnav.report.build(sample, outline, lang=lang, strict=True)


def values(report: Report, section: str) -> dict[str, Any]:
    told = report.claims[report.claims["section"] == section]
    names = told["claim_id"].str.partition(":")[2]
    return dict(zip(names, told["value"], strict=True))


def key(report: Report, section: str) -> str:
    blocks = report.section(section).blocks
    found = next(b for b in blocks if isinstance(b, Text) and b.style == "finding")
    return found.key.removeprefix(f"{section}.")


@pytest.mark.real
def test_virtual_reality_peaked(shared_data: Path, tmp_path: Path) -> None:
    report = direction(shared_data, tmp_path, "patentics_cn_virtual_reality_7805.csv", 3, "zh")
    assert key(report, "direction.trend") == "finding.falling"
    told = values(report, "direction.trend")
    assert (told["peak_year"], told["course"], told["steps"]) == (2016, -1, True)
    # The curve ends below what is already published: no stage from it.
    assert key(report, "direction.life_cycle") == "refuted_receding"
    ids = {s.id for s in report.sections}
    assert "direction.authorities" not in ids  # all of one office
    assert report.section("direction.technologies").number == "1.4"
    # Nothing outruns the set.
    states = values(report, "direction.emergence")
    assert (states["emerging"], states["growing"]) == (0, 0)
    assert values(report, "direction.growth")["gained"] == 0
    # Titles alone were read.
    finding = next(
        b for b in report.section("direction.technologies").blocks if isinstance(b, Text)
    )
    assert report.plain(finding).startswith("依据标题识别出")
    assert key(report, "direction.citations") == "cited"


@pytest.mark.real
def test_a_capped_export_is_not_told_as_growth(shared_data: Path, tmp_path: Path) -> None:
    report = direction(shared_data, tmp_path, "incopat_general_autodriving_10000.xlsx", 8, "zh")
    assert key(report, "direction.trend") == "finding.cliff"
    assert values(report, "direction.trend")["rows"] == 10_000
    assert key(report, "direction.life_cycle") == "capped"
    assert key(report, "direction.concentration") == "level"
    trend = report.claims[report.claims["section"].eq("direction.trend")]
    assert trend.loc[trend["kind"] == "trend"].empty


@pytest.mark.real
def test_drones_rise_and_every_claim_holds(shared_data: Path, tmp_path: Path) -> None:
    report = direction(shared_data, tmp_path, "lens_2016_drones_5884.csv", 4, "en")
    assert key(report, "direction.trend") == "finding.rising"
    told = values(report, "direction.trend")
    assert (told["course"], told["peak_year"], told["last"]) == (1, 2014, 2014)
    assert len(report.claims) > 60
