"""Sections on countries, places, cooperation, rivals and deals, on a set made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import claims, report
from patentnav.report.blocks import Figure, Table, Text

if TYPE_CHECKING:
    from pathlib import Path

    from patentnav.report.document import Report

SECTIONS = {
    "direction": ["flow", "places", "collaboration", "rivals"],
    "position": ["deals"],
}
FIRMS = ["青山电池有限公司", "白河材料有限公司", "远洋动力有限公司"]
PLACES = ["山东", "广东", "山东"]
SCHOOL = "东湖大学"


def outline(folder: Path) -> Path:
    parts = [f'[[part]]\nid = "{part}"\nsections = {names}' for part, names in SECTIONS.items()]
    file = folder / "players.toml"
    file.write_text('title = { zh = "试", en = "Trial" }\n' + "\n".join(parts), encoding="utf-8")
    return file


def make(n: int = 120, *, joint: bool = True, events: bool = True) -> pnav.PatentSet:
    """Three firms; every third of the first ones also a German priority; every tenth with the school.

    The first firm grows from 10 a year to more, the third shrinks; nine transfers, six of them to
    the second firm.
    """
    ids = [f"CN{1000 + i}B" for i in range(n)]
    owner = [0 if i % 2 else 1 if i % 4 else 2 for i in range(n)]
    year = [2010 + (i * 7) % 9 for i in range(n)]
    filed = pd.to_datetime([f"{y}-05-01" for y in year])
    german = [i % 3 == 0 for i in range(n)]
    publications = pd.DataFrame(
        {
            "authority": "CN", "application_id": [f"CN20{i}" for i in range(n)],
            "application_date": filed, "publication_date": filed + pd.DateOffset(months=18),
            "legal_status": ["in_force" if (i + owner[i]) % 3 else "lapsed" for i in range(n)],
            "patent_type": "invention",
        },
        index=pd.Index(ids, name="publication_id"),
    )  # fmt: skip
    priorities = pd.DataFrame(
        {
            "publication_id": ids,
            "priority_number": [f"{'DE' if g else 'CN'}{i}" for i, g in enumerate(german)],
            "date": filed - pd.to_timedelta([365 if g else 0 for g in german], unit="D"),
        }
    )
    families = pd.DataFrame(
        [(f"F{i}", p) for i, p in enumerate(ids)]
        + [(f"F{i}", f"US{5000 + i}B2") for i in range(n) if i % 5 == 1],
        columns=["family_id", "publication_id"],
    ).assign(scheme="simple")
    rows = [(p, FIRMS[o], PLACES[o], "enterprise") for p, o in zip(ids, owner, strict=True)]
    if joint:
        rows += [(p, SCHOOL, "湖北", "university") for i, p in enumerate(ids) if i % 10 == 0]
    parties = pd.DataFrame(rows, columns=["publication_id", "name_raw", "region", "party_type"])
    parties = parties.assign(role="applicant", place_source="source", name=parties["name_raw"],
                             party_id=parties["name_raw"])  # fmt: skip
    tables = {"publications": publications, "priorities": priorities, "families": families,
              "parties": parties}  # fmt: skip
    if events:
        deals = [(ids[i], "transfer", SCHOOL, FIRMS[1]) for i in range(6)]
        deals += [
            (ids[6], "transfer", FIRMS[0], FIRMS[2]),
            (ids[7], "transfer", FIRMS[0], FIRMS[0]),
        ]
        deals += [(ids[8], "transfer", None, None)]
        tables["legal_events"] = pd.DataFrame(
            deals, columns=["publication_id", "category", "party_from", "party_to"]
        ).assign(date=pd.Timestamp("2021-02-03"), code="T", text="t")
    return pnav.PatentSet.from_tables(tables)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[pnav.Study, Report]]:
    file = outline(tmp_path_factory.mktemp("outline"))
    made = {}
    for lang in ("zh", "en"):
        study = pnav.Study(make())
        made[lang] = study, report.build(study, file, lang, strict=True)
    return made


def claims_of(made: Report) -> dict[str, claims.Claim]:
    return {
        claim.id: claim
        for part in made.sections
        for block in part.blocks
        if isinstance(block, Text)
        for claim in block.claims
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_section_has_a_finding_a_figure_and_a_table(
    built: dict[str, tuple[pnav.Study, Report]], lang: str
) -> None:
    sections = [s for s in built[lang][1].sections if s.level > 1]
    assert len(sections) == 5
    for part in sections:
        kinds = [type(block) for block in part.blocks]
        assert Table in kinds, part.id
        assert Figure in kinds, part.id
        findings = [b for b in part.blocks if isinstance(b, Text) and b.style == "finding"]
        assert len(findings) == 1, part.id


def test_claims_say_what_the_set_holds(built: dict[str, tuple[pnav.Study, Report]]) -> None:
    said = {k: c.value for k, c in claims_of(built["zh"][1]).items()}
    assert said["direction.flow:first"] == "CN"
    assert said["direction.flow:first_count"] == 80  # two of three have no German priority
    # Of these 80, those with a member in the US: i % 5 == 1 and i % 3 != 0 below 120.
    away = sum(1 for i in range(120) if i % 5 == 1 and i % 3)
    assert said["direction.flow:home"] == 80 - away
    assert said["direction.flow:foreign_share"] == pytest.approx(40 / 120)
    assert said["direction.flow:lag"] == pytest.approx(365 / 30.436875)
    assert said["direction.places:province_first"] == "山东"
    assert said["direction.places:province_count"] == 90
    assert said["direction.places:province_n"] == 3
    assert said["direction.collaboration:joint"] == 12
    assert "direction.collaboration:mixed" not in said  # all are: a whole is no part
    assert said["direction.rivals:n"] == 4
    assert said["direction.rivals:first_units"] == 60
    assert said["position.deals:transfer_n"] == 8
    assert said["position.deals:transfer_internal"] == 1
    assert said["position.deals:transfer_taken"] == 6


def test_a_changed_number_is_caught(built: dict[str, tuple[pnav.Study, Report]]) -> None:
    study, made = built["en"]
    for claim in claims_of(made).values():
        if claim.kind in {"parameter", "recommendation"}:
            continue
        wrong = "nobody" if isinstance(claim.value, str) else claim.value + 0.5
        planted = replace(claim, value=wrong)
        sentence = claims.Sentence(claim.section, "planted", (planted,), (), finding=True)
        rules = {one.rule for one in claims.check([sentence], study)}
        assert rules == {"recomputed"}, claim.id


def test_where_nothing_is_told_the_reason_is(tmp_path: Path) -> None:
    whole = make(joint=False, events=False)
    tables = {n: getattr(whole, n) for n in ("publications", "parties")}
    tables["parties"] = tables["parties"].assign(region=None, place_source=None)
    bare = pnav.PatentSet.from_tables(tables)
    made = report.build(pnav.Study(bare), outline(tmp_path), "en", strict=True)
    gaps = {
        part.id: [b.key for b in part.blocks if isinstance(b, Text) and b.style == "missing"]
        for part in made.sections
        if part.level > 1
    }
    assert gaps.pop("direction.rivals") == []
    assert gaps == {
        "direction.flow": ["missing.origin"], "direction.places": ["missing.places"],
        "direction.collaboration": ["missing.single_applicant"],
        "position.deals": ["missing.table"],
    }  # fmt: skip


def test_one_place_and_one_origin_leave_no_section(tmp_path: Path) -> None:
    whole = make(joint=False, events=False)
    tables = {n: getattr(whole, n) for n in ("publications", "parties", "priorities")}
    tables["parties"] = tables["parties"].assign(region="山东")
    tables["priorities"] = tables["priorities"].assign(priority_number="CN1")
    alike = pnav.PatentSet.from_tables(tables)
    made = report.build(pnav.Study(alike), outline(tmp_path), "zh", strict=True)
    assert not {"direction.flow", "direction.places"} & {part.id for part in made.sections}


def test_persons_are_not_named(tmp_path: Path) -> None:
    patents = make()
    events = patents.legal_events.assign(party_from="王小明")
    tables = {n: getattr(patents, n) for n in ("publications", "parties", "families")}
    made = report.build(
        pnav.Study(pnav.PatentSet.from_tables({**tables, "legal_events": events})),
        outline(tmp_path), "zh", strict=True,
    )  # fmt: skip
    part = next(s for s in made.sections if s.id == "position.deals")
    for block in part.blocks:
        shown = str(block.runs("zh")) if isinstance(block, Text) else (
            block.table if isinstance(block, Figure) else block).frame.to_string()  # fmt: skip
        assert "王小明" not in shown
