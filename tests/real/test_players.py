"""Countries, places, cooperation, rivals and deals of real exports: every claim holds when counted again."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import pytest

import patentnav as pnav
from patentnav import indicators, report
from patentnav.report.blocks import Text

if TYPE_CHECKING:
    from pathlib import Path

OUTLINE = """
title = { zh = "试", en = "Trial" }
[[part]]
id = "direction"
sections = ["flow", "places", "collaboration"SECTIONS]
[[part]]
id = "position"
sections = ["deals"]
"""
# File, further sections, and sections that must have a finding; the others say what is missing.
FILES = [
    ("incopat/incopat_general_autodriving_10000.xlsx", "", {"places", "collaboration"}),
    ("patentics/patentics_cn_virtual_reality_7805.csv", ', "rivals"',
     {"places", "collaboration", "rivals"}),
    ("lens/lens_2016_drones_5884.csv", "", {"flow", "collaboration"}),
    ("patsnap/patsnap_green_aviation_1999.xlsx", "", {"places", "collaboration", "deals"}),
]  # fmt: skip


def third(folder: Path, name: str) -> pnav.PatentSet:
    file = folder / "exports" / name
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patents = pnav.read(file)
    ids = np.array(sorted(patents.publications.index))
    return patents.filter(np.random.default_rng(0).choice(ids, len(ids) // 3, replace=False))


@pytest.mark.parametrize(("name", "more", "told"), FILES, ids=[f[0].split("/")[0] for f in FILES])
def test_every_claim_holds(
    shared_data: Path, tmp_path: Path, name: str, more: str, told: set[str]
) -> None:
    file = tmp_path / "players.toml"
    file.write_text(OUTLINE.replace("SECTIONS", more), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = report.build(pnav.Study(third(shared_data, name)), file, "zh", strict=True)
    found, missing = set(), set()
    for part in made.sections:
        styles = [b.style for b in part.blocks if isinstance(b, Text)]
        if "finding" in styles:
            found.add(part.id.partition(".")[2])
        if "missing" in styles:
            missing.add(part.id.partition(".")[2])
    assert found == told
    assert not found & missing


def test_most_drones_come_from_the_united_states(shared_data: Path) -> None:
    patents = third(shared_data, "lens/lens_2016_drones_5884.csv")
    profile = indicators.origin_profile(patents, "application")
    assert profile["origin"].iloc[0] == "US"
    first = profile.iloc[0]
    # A priority lasts twelve months: most filings elsewhere come at its end, none much later.
    assert 10 < first["lag_months"] < 13
    cells = indicators.flow(patents, "application")
    at_home = cells[cells["origin"] == cells["target"]].set_index("origin")["count"]
    assert (at_home <= profile.set_index("origin")["count"].reindex(at_home.index)).all()
