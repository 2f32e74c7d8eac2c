"""Reports of real exports: no missing column stops one, and what is missing is said."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest

import patentnav as pnav
from patentnav.report import Text

if TYPE_CHECKING:
    from pathlib import Path

EXPORTS = [
    "incopat_toyota_autodriving_5048.xlsx",
    "patsnap_green_aviation_1999.xlsx",
    "lens_jet_engines_3779.csv",
    "gp_search_solid_electrolyte_4264.csv",
]
SAMPLE = 250


@pytest.mark.real
@pytest.mark.parametrize("name", EXPORTS)
def test_a_real_export_gives_a_report_in_every_form(
    shared_data: Path, tmp_path: Path, name: str
) -> None:
    file = next((shared_data / "exports").rglob(name))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patents = pnav.read(file)
        sample = patents.filter(patents.publications.index[:: len(patents) // SAMPLE])
        report = pnav.report.build(sample, lang="zh")
    for form in ("docx", "html", "xlsx"):
        assert report.save(tmp_path / f"report.{form}").stat().st_size > 20_000
    missing = {s.id for s in report.sections
               if any(isinstance(b, Text) and b.style == "missing" for b in s.blocks)}  # fmt: skip
    for table, section in (
        ("inventors", "position.talent"),
        ("legal_events", "position.operation"),
    ):
        assert patents.has(table) or section in missing
    files = next(t for t in report.tables if t.id == "files").frame
    assert (files["rows_in"] == files["rows_out"] + files["rows_merged"]
            + files["rows_set_aside"]).all()  # fmt: skip
