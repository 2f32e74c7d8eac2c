"""The page of one patent: what its tables say is what valuation says."""

from __future__ import annotations

import re

import pytest

from patentnav import ArgumentError, datasets, valuation
from patentnav.report import patent_page


@pytest.fixture(scope="module")
def city():
    return datasets.city(600).patents


@pytest.fixture(scope="module")
def publication(city):
    return valuation.score(city, "impact")["score"].idxmax()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_contributions_on_the_page_sum_to_the_score(city, publication, lang, tmp_path):
    page = patent_page(city, publication, lang=lang)
    tables = {t.id: t.frame for t in page.tables}
    for number, card in enumerate(("impact", "keep"), start=1):
        score = valuation.score(city, card).loc[publication, "score"]
        assert tables["page_standing"]["score"].iloc[number - 1] == pytest.approx(score)
        assert tables[f"page_reasons_{number}"]["contribution"].sum() == pytest.approx(score)
    assert len(tables["page_high_value"]) == 7
    assert len(tables["page_core"]) == 6
    for suffix in ("docx", "html", "xlsx"):
        assert page.save(tmp_path / f"p.{suffix}").stat().st_size > 5000
    text = re.sub(r"<[^>]+>", " ", (tmp_path / "p.html").read_text(encoding="utf-8"))
    assert publication in text
    assert not re.search(r"[a-z]+_[a-z]+(?:_[a-z]+)* ", text.split("</style>")[-1][:3000])


def test_scores_at_hand_are_used_and_any_card_goes(city, publication):
    scores = {name: valuation.score(city, name) for name in ("transfer", "pledge")}
    page = patent_page(city, publication, ["transfer", "pledge"], scores=scores, lang="zh")
    assert [t.id for t in page.tables][1:3] == ["page_reasons_1", "page_reasons_2"]
    assert page.tables[0].frame["score"].tolist() == pytest.approx(
        [scores[n].loc[publication, "score"] for n in scores], nan_ok=True
    )


def test_what_is_not_there_is_refused(city, publication):
    with pytest.raises(ArgumentError, match="CN0A"):
        patent_page(city, "CN0A")
    with pytest.raises(ArgumentError, match="scorecard"):
        patent_page(city, publication, [])


def test_classes_of_cells_belong_to_the_table_and_not_to_its_place_in_memory() -> None:
    """Parts of a folded table live for a moment: the next one may stand where the last one stood."""
    import pandas as pd

    from patentnav.report import Table
    from patentnav.report.render.html import _cell_classes

    of = _cell_classes()
    long, short = pd.DataFrame({"a": ["x" * 60]}), pd.DataFrame({"a": ["x"]})
    for _ in range(50):
        assert of(Table("t", long), 0) == "text"
        assert of(Table("t", short), 0) == "short"
