"""Claims on portfolios: a second count says the same, and notices what is made wrong on purpose."""

from __future__ import annotations

import dataclasses
import warnings

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import claims
from patentnav.report import Text
from patentnav.report.edition import Edition
from patentnav.report.inputs import Cover
from patentnav.report.registry import maker
from patentnav.study import Study

SECTIONS = ("path.portfolios", "path.selection", "path.additions", "path.layout")


@pytest.fixture(scope="module")
def patents():
    return pnav.datasets.city(2500).patents


@pytest.fixture(scope="module")
def technologies(patents):
    return pnav.cluster.technologies(pnav.clean.deduplicate(patents, unit="application"), 33)


@pytest.fixture
def study(patents, technologies):
    return Study(patents, technologies=technologies)


def wrong(study, lang="zh"):
    """What the check finds in the sections of portfolios."""
    edition = Edition(study, lang, Cover())
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pnav.CoverageWarning)
        for name in SECTIONS:
            blocks = tuple(maker(name).make(edition))
            found += [
                claims.Sentence("x", b.key, b.claims, b.bare(lang), b.style == "finding")
                for b in blocks
                if isinstance(b, Text)
            ]
    return claims.check(found, study)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_claim_is_counted_again(study, lang):
    assert not study.additions.empty
    assert len(study.selection.chosen)
    assert wrong(study, lang) == []


def test_what_is_wrong_is_noticed(study):
    assert wrong(study) == []
    kept = dict(study._results)

    def changed(name, value):
        study._results = {**kept, name: value}
        return {one.rule for one in wrong(study)}

    misses = study.selection.near_misses
    lacking = dataclasses.replace(
        study.selection,
        near_misses=misses.assign(inventions_missing=misses["inventions_missing"] + 1),
    )
    assert "recomputed" in changed("selection", lacking)
    chosen = study.selection.chosen
    twice = dataclasses.replace(study.selection, chosen=pd.concat([chosen, chosen.head(1)]))
    assert "recomputed" in changed("selection", twice)
    layout = study.layout
    for part in ("core", "fence", "main_groups", "offices", "living"):
        assert "recomputed" in changed("layout", layout.assign(**{part: layout[part] + 1}))
    readings = study.readings
    assert "recomputed" in changed(
        "readings", readings.assign(portfolios=readings["portfolios"] + 1)
    )
    added = study.additions
    open_ = added["reason"] == "open"
    assert open_.any()
    assert "recomputed" in changed("additions", added[~open_ | ~open_.cumsum().eq(1)])
    closing = study.closing
    assert "recomputed" in changed("closing", closing.assign(in_smallest=False))
