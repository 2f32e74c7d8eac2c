"""Searches on real exports, against pandas and against a reading of each record by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import indicators, query, taxonomy

if TYPE_CHECKING:
    from pathlib import Path

FILES = ("incopat/incopat_chatbot_2798.xlsx", "patsnap/patsnap_green_aviation_1999.xlsx")


@pytest.fixture(scope="module", params=FILES)
def patents(request: pytest.FixtureRequest, shared_data: Path) -> pnav.PatentSet:
    whole = pnav.read(shared_data / "exports" / request.param)
    return whole.filter(whole.publications.index[::3])


def texts(patents: pnav.PatentSet) -> pd.Series:
    """Title and abstract of every publication, in small letters."""
    rows = patents.texts[patents.texts["field"].isin(["title", "abstract"])]
    both = pd.concat(
        [patents.publications["title"].dropna(), rows.set_index("publication_id")["text"]]
    )
    return both.groupby(level=0).agg(" \0 ".join).reindex(patents.publications.index).str.lower()


@pytest.mark.parametrize(
    ("expression", "pattern"),
    [
        ("系统", "系统"), ("method", r"\bmethod(?:s|es)?\b"), ("engine OR 发动机", r"\bengine(?:s|es)?\b|发动机"),
        ('"artificial intelligence"', r"\bartificial[\s\-/·]{1,3}intelligence(?:s|es)?\b"),
        ("control*", r"\bcontrol"),
    ],
)  # fmt: skip
def test_words_are_those_of_a_regular_expression(patents, expression, pattern) -> None:
    expected = texts(patents).str.contains(pattern).fillna(False)
    found = patents.search(expression).publications.index
    assert set(found) == set(expected.index[expected])


def test_parts_add_up(patents) -> None:
    def n(text: str) -> int:
        return int(query.found(query.parse(text), patents).sum())

    a, b = "系统 OR system", "方法 OR method"
    assert n(f"({a}) AND ({b})") + n(f"({a}) NOT ({b})") == n(a)
    assert n(a) + n(f"NOT ({a})") == len(patents)
    assert (
        n("filed:..2015") + n("filed:2016..")
        == patents.publications["application_date"].notna().sum()
    )
    near = [n(f"(语音 OR voice) NEAR/{d} (识别 OR recogni*)") for d in (0, 2, 10)]
    assert near == sorted(near)
    for scheme in ("IPC", "CPC"):
        rows = patents.classifications
        rows = rows[(rows["scheme"] == scheme) & rows["symbol"].str.startswith("G06")]
        if patents.classifications["scheme"].eq(scheme).any():
            assert n(f"{scheme}=G06") == rows["publication_id"].nunique()


def test_every_number_finds_its_publication(patents) -> None:
    ids = patents.publications.index[:50]
    for key in ids:
        assert key in patents.search(f'number:"{key[:2]} {key[2:]}"').publications.index


def test_context_shows_what_was_found(patents) -> None:
    found = patents.search("(语音 OR engine) NOT title:方法")
    table = found.context()
    assert set(table["publication_id"]) == set(found.publications.index)
    assert table["match"].str.lower().isin(["语音", "engine", "engines"]).all()


def test_a_breakdown_table_sorts_them(patents) -> None:
    tree = taxonomy.Taxonomy(
        "own", {"en": "own"},
        {
            k: taxonomy.Node(k, None, {"en": k}, expressions=(query.parse(text),))
            for k, text in {"voice": "语音 OR voice OR speech", "fuel": "燃料 OR 燃油 OR fuel"}.items()
        },
    )  # fmt: skip
    review = taxonomy.report(tree, patents, unit="publication")
    counts = review.coverage.set_index("node")["publications"]
    for node in tree.nodes.values():
        assert counts[node.id] == query.found(node.expressions[0], patents).sum()
    rules = review.rules.set_index(["node", "rule"]).sort_index()
    for node, rule in rules.index[rules["kind"] == "alternative"]:
        assert rules.loc[(node, rule), "publications"] == len(patents.search(rule))


def test_effects_are_read_from_as_many_as_before(patents) -> None:
    """Shares of publications with an effect by the regular expressions used before: .446 and .160."""
    told = indicators.effects(patents).attrs
    assert 0.1 < told["with_effect"] / told["publications"] < 0.7
