"""What a map in a notebook holds, and what comes back from it."""

from __future__ import annotations

import base64
import gzip
import json
import sys

import numpy as np
import pandas as pd
import pytest

import patentnav as pnav
from patentnav.errors import ArgumentError, MissingDependencyError, UnknownNameError, WrongKindError
from patentnav.explore import explorer, live

pytest.importorskip("anywidget")


def sent(shown) -> dict:
    """What the browser gets."""
    return json.loads(gzip.decompress(shown.widget._data))


def picked(shown, rows, polygon=()) -> None:
    """As the browser tells a selection."""
    shown.widget.set_state({"_picked": list(rows), "_lasso": list(polygon)})


@pytest.fixture
def shown(patents, technologies):
    return patents.explore(technologies=technologies, lang="zh")


def test_the_browser_gets_every_publication_with_a_place(shown, patents, technologies) -> None:
    data = sent(shown)
    placed = technologies.layout.dropna().sort_index()
    assert data["name"] == list(placed.index)
    assert [o["label"] for o in data["overlays"]] == ["技术", "申请人", "年份", "法律状态"]
    titles = patents.publications["title"].reindex(placed.index)
    assert data["label"] == [t[:80] for t in titles]
    xy = np.column_stack([data["x"], data["y"]])
    corner = placed.min().to_numpy()
    scale = explorer.SPAN / np.ptp(placed.to_numpy(), axis=0).max()
    assert np.abs(xy - (placed.to_numpy() - corner) * scale).max() <= 0.5
    for overlay in data["overlays"]:
        assert sum(g["count"] for g in overlay["groups"]) == len(placed)


def test_a_selection_comes_back_as_a_set(shown, patents) -> None:
    assert len(shown.selected) == 0
    picked(shown, [7, 2, 30])
    ids = shown._content.ids[[2, 7, 30]]
    assert list(shown.ids) == list(ids)
    assert list(shown.selected.publications.index) == sorted(ids)
    assert shown.selected.provenance[-1].name == "filter"
    assert list(shown.table.index) == list(ids)
    year = patents.publications["application_date"].dt.year[ids[0]]
    assert shown.table.loc[ids[0], "年份"] == str(year)
    assert "3 selected" in repr(shown)


def test_corners_of_a_lasso_are_in_the_coordinates_of_the_layout(shown, technologies) -> None:
    placed = technologies.layout.dropna()
    picked(shown, [1], [0.0, 0.0, float(explorer.SPAN), 0.0, 0.0, float(explorer.SPAN)])
    width = np.ptp(placed.to_numpy(), axis=0).max()
    low = placed.min().to_numpy()
    expected = [low, low + [width, 0], low + [0, width]]
    assert shown.lasso.to_numpy() == pytest.approx(np.array(expected), abs=1e-9)
    shown.select([shown._content.ids[0]])
    assert shown.lasso.empty


def test_python_selects_by_ids_masks_and_sets(shown, patents) -> None:
    ids = list(shown._content.ids[:4])
    shown.select(ids)
    assert list(shown.ids) == ids
    shown.select(patents.publications["legal_status"] == "in_force")
    alive = set(patents.publications.index[patents.publications["legal_status"] == "in_force"])
    assert set(shown.ids) == alive & set(shown._content.ids)
    shown.select(patents.filter(ids[:2]))
    assert list(shown.ids) == ids[:2]
    with pytest.raises(UnknownNameError, match="CN0"):
        shown.select(["CN0"])


def test_a_column_is_fetched_when_it_is_chosen(shown, patents, monkeypatch) -> None:
    columns = dict(sent(shown)["columns"])
    assert columns["legal_status"] == "法律状态"
    assert "title" not in columns, "all values differ: no colour could tell anything"
    answers = []
    monkeypatch.setattr(
        type(shown.widget), "send", lambda self, content, buffers=None: answers.append(content)
    )
    shown.widget._handle_custom_msg({"column": "claim_count"}, [])
    (answer,) = answers
    json.dumps(answer)
    counts = patents.publications["claim_count"].reindex(shown._content.ids)
    assert answer["column"] == "claim_count"
    for k, group in enumerate(answer["overlay"]["groups"]):
        inside = counts[np.array(answer["overlay"]["of"]) == k]
        if not group["open"]:
            low, _, high = group["name"].partition("–")
            assert inside.min() == float(low)
            assert inside.max() == float(high or low)


def test_what_is_asked_for_gives_the_first_colours(patents, technologies) -> None:
    mine = pd.Series("b", patents.publications.index, name="mine")
    mine.iloc[:50] = "a"
    for wanted in (mine, {"mine": mine}):
        first = sent(patents.explore(technologies=technologies, colour_by=wanted))["overlays"][0]
        assert first["label"] == "mine"
        assert {g["name"] for g in first["groups"]} == {"a", "b"}
    shown = patents.explore(technologies=technologies, colour_by="patent_type", lang="en")
    assert sent(shown)["overlays"][0]["label"] == "Patent type"
    with pytest.raises(UnknownNameError, match="legal_statu"):
        patents.explore(technologies=technologies, colour_by="legal_statu")
    with pytest.raises(ArgumentError, match="patents="):
        technologies.explore(colour_by="patent_type")


def test_without_the_set_there_are_ids_but_no_publications(technologies) -> None:
    shown = technologies.explore()
    picked(shown, [3])
    assert len(shown.ids) == 1
    with pytest.raises(ArgumentError, match="patents="):
        shown.selected  # noqa: B018


def test_people_bring_the_publications_of_any_of_them(patents) -> None:
    people = pnav.talent.talent_map(patents)
    shown = people.explore(patents=patents, lang="zh")
    assert [o["label"] for o in sent(shown)["overlays"]][:3] == ["团队", "地区", "角色"]
    first, second = people.people.dropna(subset=["x"]).index[:2]
    shown.select([first, second])
    table = patents.inventors
    mine = table.loc[table["inventor_id"].isin([first, second]), "publication_id"]
    assert set(shown.selected.publications.index) == set(mine)
    shown.select(patents.filter([mine.iloc[0]]))
    here = set(table.loc[table["publication_id"] == mine.iloc[0], "inventor_id"])
    assert set(shown.ids) == here & set(shown._content.ids)
    masked = pnav.talent.talent_map(patents, masked=True)
    with pytest.raises(ArgumentError, match="None of the nodes"):
        masked.explore(patents=patents)


def test_networks_of_any_form_are_shown_with_all_nodes_and_ties(patents) -> None:
    tables = pnav.network.applicant_collaboration(patents)
    graph = tables.to_networkx()
    for one in (tables.explore(patents=patents), pnav.explore.network(graph, patents=patents)):
        data = sent(one)
        assert sorted(one._content.ids) == sorted(graph.nodes)
        assert len(data["edges"]) == graph.number_of_edges()
        busiest = tables.nodes["publications"].astype(float).idxmax()
        one.select([busiest])
        parties = patents.parties[patents.parties["role"] == "applicant"]
        mine = parties.loc[parties["party_id"] == busiest, "publication_id"]
        assert set(mine) <= set(one.selected.publications.index)
    names = pd.DataFrame(
        {"name": ["A", "B", "C"], "units": [5, 3, 2], "joint": [2, 2, 0], "partners": [1, 1, 0],
         "group": [0, 0, None], "community": [0, 0, None]}, index=["a", "b", "c"],
    )  # fmt: skip
    pair = pd.DataFrame({"source_id": ["a"], "target_id": ["b"], "count": [2]})
    together = pnav.network.Cooperation(names, pair, 8, 2)
    assert sorted(together.explore()._content.ids) == ["a", "b"], "c files with nobody"


def test_the_same_script_stands_in_both_homes_and_asks_nobody() -> None:
    page, notebook = live.script("page"), live.script("notebook")
    shared = page.split("// The maps of a report's page")[0]
    assert notebook.startswith(shared)
    assert len(shared) > 20_000
    for text in (page, notebook, live.css()):
        for word in ("http:", "https:", "//cdn", "fetch(", "XMLHttpRequest", "import(", "@import"):
            assert word not in text, word


def test_a_picture_is_kept_with_the_notebook(shown, monkeypatch) -> None:
    bundle, *_ = shown._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["image/png"].startswith(b"\x89PNG")
    monkeypatch.setattr(explorer, "_DRAWN", 10)
    bundle, *_ = shown._repr_mimebundle_()
    assert "image/png" not in bundle, "the first paint of a large map must not wait for a picture"


def test_without_widgets_it_is_a_page_and_a_selection_names_the_extra(
    patents, technologies, monkeypatch, tmp_path
) -> None:
    for name in [n for n in sys.modules if n.partition(".")[0] == "anywidget"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "patentnav.explore.widget", raising=False)
    monkeypatch.setattr(explorer, "find_spec", lambda name: None)
    shown = patents.explore(technologies=technologies, lang="en")
    bundle = shown._repr_mimebundle_()
    assert bundle["text/html"].startswith('<iframe sandbox="allow-scripts"')
    assert "pip install &quot;patentnav[explore]&quot;" in bundle["text/html"]
    with pytest.raises(MissingDependencyError, match=r'pip install "patentnav\[explore\]"'):
        shown.selected  # noqa: B018
    page = shown.save(tmp_path / "map.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert base64.b64encode(b"\x89PNG")[:6].decode() not in page


def test_what_cannot_be_explored_is_refused(patents) -> None:
    import networkx as nx

    with pytest.raises(WrongKindError, match="Make it with"):
        pnav.explore.network(patents)
    with pytest.raises(ArgumentError, match="no nodes"):
        pnav.explore.network(nx.Graph())
    empty = patents.filter([])
    with pytest.raises(pnav.PatentnavError):
        empty.explore()
