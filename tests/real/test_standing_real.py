"""Claims of parts B and C on real exports: partners that live, groups, applicants who only invented."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest

import patentnav as pnav
from patentnav import claims
from patentnav.report.build import _sentences

if TYPE_CHECKING:
    from pathlib import Path

OUTLINE = """
title = { zh = "试", en = "Test" }
[[part]]
id = "position"
number = "1"
sections = ["region", "industries", "specialisation", "applicant_types", "talent", "legal_status"]
[[part]]
id = "path"
number = "2"
sections = ["technologies", "partners", "portfolios"]
"""


def sample(shared_data: Path, name: str, every: int) -> pnav.PatentSet:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patents = pnav.read(next((shared_data / "exports").rglob(name)))
    return patents.filter(patents.publications.index[::every])


def built(tmp_path: Path, patents: pnav.PatentSet, lang: str, **inputs: str) -> pnav.report.Report:
    outline = tmp_path / "brief.toml"
    outline.write_text(OUTLINE, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pnav.report.build(patents, outline, lang, strict=True, **inputs)


@pytest.mark.real
def test_owners_whose_rights_are_gone_are_not_alive(shared_data: Path) -> None:
    study = pnav.Study(sample(shared_data, "patentics_cn_virtual_reality_7805*", 1))
    names = study.owner_names
    gone = names[names.str.startswith("乐视")]
    assert len(gone)  # 121 filings, of which 108 withdrawn, the last of 2016
    assert not study.alive_owners & set(gone.index)
    assert study.alive_owners


@pytest.mark.real
def test_groups_are_one_owner_with_the_best_known_name(shared_data: Path) -> None:
    study = pnav.Study(sample(shared_data, "incopat_general_autodriving_10000.xlsx", 3))
    assert study.owner_level == "group"
    names = study.owners.groupby("owner")["name"].first()
    assert (names == "国家电网").sum() == 1
    assert not names.str.contains("供电公司").any()
    assert names.str.startswith("华为技术").sum() == 1
    # Chinese and English names of one group are counted together, by its name in the set's language.
    general = study.owners[study.owners["name"] == "通用电气"]
    assert general["publication_id"].nunique() > 60


@pytest.mark.real
def test_inventors_beside_their_firm_are_no_owners(shared_data: Path) -> None:
    study = pnav.Study(sample(shared_data, "lens_2016_drones_5884*", 3), masked=False)
    patents = study.patents
    held = pnav.facts.holders(patents)
    beside = held[pnav.facts.inventors_beside_owners(held)]
    assert beside["publication_id"].nunique() > 50
    pairs = set(zip(study.owners["publication_id"], study.owners["owner"], strict=True))
    ids = pnav.facts.party_ids(beside, study.owner_level)
    assert not pairs & set(zip(beside["publication_id"], ids, strict=True))
    assert study.tree.name == "wipo-35"


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "lang", "inputs"),
    [
        ("patentics_cn_virtual_reality_7805*", "zh", {}),
        ("incopat_general_autodriving_10000.xlsx", "zh", {"region": "深圳"}),
        ("lens_2016_drones_5884*", "en", {}),
    ],
)
def test_every_claim_of_these_parts_holds(
    shared_data: Path, tmp_path: Path, name: str, lang: str, inputs: dict[str, str]
) -> None:
    report = built(tmp_path, sample(shared_data, name, 6), lang, **inputs)
    assert len(report.claims) > 20
    sentences = [one for section in report.sections for one in _sentences(section, lang)]
    assert not [s for s in sentences if s.finding and s.bare]
    made = {claim.id for sentence in sentences for claim in sentence.claims}
    for sentence in sentences:
        for claim in sentence.claims:
            assert claim.kind in claims.KINDS
            assert set(claim.rests_on) <= made
