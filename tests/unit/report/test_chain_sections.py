"""The chain, the roadmap, control and what expires: true claims, in both languages, drawn."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from matplotlib.colors import to_rgba

import patentnav as pnav
from patentnav import claims, planning, plot
from patentnav.findings.cells import FAMILIES
from patentnav.report import registry
from patentnav.report.blocks import Figure, Section, Table, Text
from patentnav.report.build import _blocks, _sentences
from patentnav.report.edition import Edition
from patentnav.report.inputs import Cover
from patentnav.report.outline import Entry
from patentnav.study import Study

from .conftest import make_set

SECTIONS = ("direction.chain", "direction.roadmap", "direction.control", "direction.expiry")


@pytest.fixture(scope="module")
def study() -> Study:
    """The small set, ten years old at its cut-off so that rights end."""
    patents = make_set(180)
    found = Study(patents, n_clusters=3).technologies
    labels = pd.Series(
        [f"T{1 + i // 3 % 5}" for i in range(180)], index=patents.publications.index.astype("str"),
        dtype="str", name="technology",
    )  # fmt: skip
    names = pd.Series({f"T{k}": f"技术{k}" for k in range(1, 6)}, dtype="str")
    five = dataclasses.replace(found, labels=labels, names=names)
    return Study(patents, technologies=five, region="济南", cutoff="2029-06-01")


def _made(study: Study, section: str, lang: str) -> tuple:
    return _blocks(Edition(study, lang, Cover()), registry.maker(section), Entry(section))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("section", SECTIONS)
def test_every_claim_is_counted_again(study: Study, section: str, lang: str) -> None:
    blocks = _made(study, section, lang)
    assert any(isinstance(b, Text) and b.style == "finding" for b in blocks)
    assert any(isinstance(b, Table) for b in blocks)
    assert any(isinstance(b, Figure) for b in blocks)
    sentences = list(_sentences(Section(section, 2, "", blocks), lang))
    assert sum(len(s.claims) for s in sentences) > 3
    assert claims.check(sentences, study) == []


@pytest.mark.parametrize("section", SECTIONS)
def test_a_wrong_number_in_any_claim_is_caught(study: Study, section: str) -> None:
    sentences = list(_sentences(Section(section, 2, "", _made(study, section, "zh")), "zh"))
    planted = 0
    for sentence in sentences:
        for claim in sentence.claims:
            if claim.kind in {"parameter", "name"} or claim.value is None:
                continue
            wrong = dataclasses.replace(claim, value=claim.value + 1)
            one = dataclasses.replace(sentence, claims=(wrong,))
            assert [v.rule for v in claims.check([one], study)] == ["recomputed"], claim.id
            planted += 1
    assert planted > 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_figures_draw_on_the_axes_they_are_given(study: Study, lang: str) -> None:
    for section in SECTIONS:
        for block in _made(study, section, lang):
            if isinstance(block, Figure):
                _, ax = plot.figure(*block.size)
                with plot.style():
                    block.draw(ax)
                assert ax.has_data()
                assert ax.get_yticklabels()


def test_nothing_is_said_of_control_where_one_holds_all() -> None:
    alone = Study(make_set(90), n_clusters=3, applicant="丙大学")
    assert _made(alone, "direction.control", "zh") == ()


def test_unknown_status_is_a_gap_and_no_zero() -> None:
    patents = make_set(90)
    frame = patents.publications
    known = frame["legal_status"].where([i < 20 for i in range(len(frame))])
    some = pnav.PatentSet.from_tables(
        {**{name: getattr(patents, name) for name in ("texts", "parties", "classifications")},
         "publications": frame.assign(legal_status=known)}
    )  # fmt: skip
    study = Study(some, n_clusters=3)
    for section in ("direction.control", "direction.expiry"):
        blocks = _made(study, section, "zh")
        assert [b.style for b in blocks if isinstance(b, Text)][:1] == ["missing"]
        assert not any(isinstance(b, Table) for b in blocks)


def test_a_breakdown_that_fits_nothing_is_a_gap() -> None:
    node = pnav.taxonomy.Node("X", None, {"zh": "其他"}, (pnav.taxonomy.Rule(include=("A01B",)),))
    tree = pnav.taxonomy.Taxonomy("ours", {"zh": "自有分解"}, {"X": node})
    study = Study(make_set(90), n_clusters=3, taxonomy=tree)
    with pytest.warns(pnav.CoverageWarning):
        blocks = _made(study, "direction.chain", "zh")
    assert [b.style for b in blocks] == ["missing"]


def test_the_chart_of_endings_has_both_sides() -> None:
    table = pd.DataFrame(
        {"group": ["A", "B"], "ending": [4, 1], "ended": [0, 3], "ended_undated": [2, 0],
         "sooner": [True, False]}
    )  # fmt: skip
    _, ax = plot.figure()
    assert plot.endings(table, ax=ax, lang="en") is ax
    widths = sorted(bar.get_width() for bar in ax.patches)
    assert widths[0] == -3
    assert widths[-1] == 4
    low, high = ax.get_xlim()
    assert low < -3 < 4 < high


def test_the_chart_of_the_chain_marks_empty_links_hollow() -> None:
    links = pd.DataFrame(
        {"industry": ["Cars", "Cars"], "link": ["w", "s"], "count": [5, 3],
         "state": ["growing", "steady"], "position": ["even", "empty"]}
    )  # fmt: skip
    _, ax = plot.figure()
    plot.chain(links, ax=ax, labels={"w": "Wheel", "s": "Seat"}, lang="en")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Cars", "Wheel", "Seat"]
    grown, empty = ax.collections
    assert len(grown.get_facecolor()) == 1
    assert len(empty.get_facecolor()) == 0
    assert tuple(empty.get_edgecolor()[0])[:3] == to_rgba("#D55E00")[:3]


def test_positions_are_words_of_a_short_list() -> None:
    assert planning.LINKS == ("strong", "weak", "empty", "even")


def test_a_finding_on_a_field_points_to_the_section_that_lists_fields(study: Study) -> None:
    fields = set(
        Edition(study, "zh", Cover()).industry_names[study.memberships["sub_sector"].dropna()]
    )
    families = [f for f in FAMILIES if f.rows == "sub_sector" and f.section]
    assert families
    for section in {f.section for f in families}:
        tables = [b for b in _made(study, section, "zh") if isinstance(b, Table)]
        shown = {str(value) for t in tables for column in t.frame for value in t.frame[column]}
        assert fields & shown, section
