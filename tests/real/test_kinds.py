"""Reports of projects, talent and portfolios from real exports, strictly, in all four forms."""

from __future__ import annotations

import warnings
import zipfile
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import patentnav as pnav

if TYPE_CHECKING:
    from pathlib import Path

    from patentnav.study import Study

FILES = {
    "zh": "exports/patentics/patentics_didi_global_7440.csv",
    "en": "exports/lens/lens_2016_drones_5884.csv",
}
FEATURES = {
    "zh": "路径规划;拼车;司机;订单",
    "en": "unmanned aerial vehicle;camera;landing;parachute",
}
MOST = 200  # publications: every so many of the export
pytestmark = pytest.mark.real


@pytest.fixture(scope="module", params=sorted(FILES))
def made(request: pytest.FixtureRequest, shared_data: Path) -> tuple[str, Study]:
    lang = str(request.param)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patents = pnav.read(shared_data / FILES[lang])
        ids = patents.publications.index
        patents = patents.filter(ids[:: len(ids) // MOST])
        words = FEATURES[lang].split(";")
        from_client = {"source": "client", "published_on": "2023-05-01"}
        project = {"project_id": "J1", "title": words[0], "text": " ".join(words),
                   "features": FEATURES[lang], "markets": "CN;US", "as_of": "2015-01-01"}  # fmt: skip
        needs = [
            {"need_id": f"N{i}", "technology": word, "count": 1} for i, word in enumerate(words)
        ]
        tables = {
            "PJ": pd.DataFrame([{**project, **from_client}]),
            "TN": pd.DataFrame([{**need, **from_client} for need in needs]),
        }
        return lang, pnav.Study(patents, tables=tables, n_clusters=5)


@pytest.mark.parametrize("kind", ["rnd", "talent", "portfolio"])
def test_kinds_are_built_and_saved(made: tuple[str, Study], kind: str, tmp_path: Path) -> None:
    lang, study = made
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pnav.CoverageWarning)
        report = pnav.report.build(study, kind, lang, strict=True, question="What follows?")
    front = report.section("summary.findings").blocks
    if kind != "portfolio":  # the answer is that of the kind, never what stands out in the set
        keys = {b.key for b in front if isinstance(b, pnav.report.Text)}
        assert keys & {"summary.findings.asked_sections", "summary.findings.unanswered"}
        assert "summary.findings.found" not in keys
    for form in (".docx", ".html", ".xlsx", ".pptx"):
        path = report.save(tmp_path / f"{kind}{form}")
        if form == ".html":
            assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
        else:
            assert zipfile.ZipFile(path).testzip() is None
