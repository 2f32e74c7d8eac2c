"""Next branches: hints with claims, of the living, corrected for all pairs."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import patentnav as pnav
from patentnav import claims
from patentnav.report import registry
from patentnav.report.blocks import Section, Text
from patentnav.report.build import _blocks, _sentences
from patentnav.report.edition import Edition
from patentnav.report.inputs import Cover
from patentnav.report.outline import Entry
from patentnav.study import Study

DEAD = "甲科技有限公司"


def drawn(*, clustered: bool, region: str = "") -> Study:
    """40 owners and 24 technologies in two camps, which each owner fills in part; the largest files no more since 2012."""
    rng = np.random.default_rng(5)
    owners = [DEAD, *(f"单位{i}有限公司" for i in range(1, 40))]
    rows = []
    for place, owner in enumerate(owners):
        camp = np.arange(24) // 12 == place % 2
        chance = np.where(camp, 20.0, 0.5) if clustered else np.ones(24)
        chance[rng.permutation(24)[:8]] *= 0.02
        n = 150 if owner == DEAD else int(rng.integers(60, 120))
        picked = rng.choice(24, n, p=chance / chance.sum())
        years = rng.integers(2008, 2013, n) if owner == DEAD else rng.integers(2010, 2020, n)
        rows += [(owner, int(t), int(y)) for t, y in zip(picked, years, strict=True)]
    frame = pd.DataFrame(rows, columns=["owner", "technology", "year"])
    ids = pd.Index([f"CN{100000000 + i}A" for i in range(len(frame))], name="publication_id")
    filed = pd.to_datetime(frame["year"].astype(str) + "-05-15").to_numpy()
    publications = pd.DataFrame(
        {"application_id": [f"CN{200000000 + i}" for i in range(len(ids))], "authority": "CN",
         "application_date": filed, "publication_date": filed + np.timedelta64(540, "D")},
        index=ids,
    )  # fmt: skip
    number = frame["owner"].map({o: i for i, o in enumerate(owners)})
    parties = pd.DataFrame(
        {"publication_id": ids, "name_raw": frame["owner"], "party_id": [f"P-{i}" for i in number],
         "party_type": "enterprise", "city": ["济南市" if i % 4 < 2 else "青岛市" for i in number]}
    )  # fmt: skip
    texts = pd.DataFrame(
        {"publication_id": ids, "field": "title", "language": "zh", "text": "方法"}
    )
    names = [f"T{t + 1:02d}" for t in frame["technology"]]
    found = SimpleNamespace(
        labels=pd.Series(names, index=ids),
        names=pd.Series({f"T{t + 1:02d}": f"方向{t + 1}" for t in range(24)}),
    )
    none = pd.DataFrame(columns=["publication_id", "industry", "sub_sector", "weight"])
    tables = {"publications": publications, "parties": parties, "texts": texts}
    return Study(pnav.PatentSet.from_tables(tables), technologies=found, memberships=none,
                 cutoff="2021-12-31", region=region)  # fmt: skip


def made(study: Study, lang: str = "zh") -> Section:
    blocks = _blocks(
        Edition(study, lang, Cover()), registry.maker("path.branches"), Entry("path.branches")
    )
    return Section("path.branches", 2, "", blocks)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("region", ["", "济南"])
def test_every_claim_is_counted_again(region: str, lang: str) -> None:
    study = drawn(clustered=True, region=region)
    sentences = [*_sentences(made(study, lang), lang)]
    told = {c.id.partition(":")[2]: c for s in sentences for c in s.claims}
    assert {"near", "density", "density_expected"} <= told.keys()
    assert told["density"].passed or region
    assert claims.check(sentences, study) == []
    for name in ("near", "density", "density_expected"):
        wrong = dataclasses.replace(told[name], value=told[name].value + 1)
        planted = [dataclasses.replace(sentences[0], claims=(wrong,))]
        assert "recomputed" in {v.rule for v in claims.check(planted, study)}


def test_who_files_no_more_is_not_sent_anywhere() -> None:
    study = drawn(clustered=True)
    assert study.owner_names[study.counts(study.owners, "whole").index[0]] == DEAD
    first, single, _ = made(study).blocks
    assert isinstance(first, Text)
    assert isinstance(single, Text)
    # One is told in a sentence, without a table of one row.
    assert [first.key, single.key] == ["path.branches.owners", "path.branches.owners_single"]
    assert first.values["first"] != DEAD
    density = first.values["density"]
    assert density.q <= 0.05
    # An advantage of too few to count is no lack of one: the share here is no greater than the whole's.
    owner, technology = (part.partition(":")[2] for part in density.subject.split("&"))
    rows = study.technology_of.merge(study.owners, on="publication_id")
    own = rows[rows["owner"] == owner]
    assert (own["technology"] == technology).mean() <= (rows["technology"] == technology).mean()


def test_owners_at_random_have_no_next_branch() -> None:
    """Best of two hundred pairs is far from chance by chance; after the correction none is."""
    said = [b.key for b in made(drawn(clustered=False)).blocks if isinstance(b, Text)]
    assert said == ["missing.no_branches"]


def test_the_rule_of_living_owners_is_told_with_its_year() -> None:
    """What the words say is what is applied: the last filing of all that are kept lies in that year or later."""
    study = drawn(clustered=True)
    since = study.filing_since
    kept = study.owner_life.loc[[*study.alive_owners], "last_filing"]
    assert since == study.last_year - 2
    assert (kept >= since).all()
    assert Edition(study, "zh", Cover()).living_owners().startswith(f"{since}年以来有申请")
    assert f"filed in {since} or later" in Edition(study, "en", Cover()).living_owners()
