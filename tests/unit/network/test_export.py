import html
import json

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from lxml import etree

from patentnav import network
from patentnav.errors import ArgumentError

HOSTILE = '<script>alert(1)</script>&"\x00\x0b\ud800'


@pytest.fixture
def graph():
    made = nx.Graph()
    made.add_node("b", name=HOSTILE, publications=3, first_year=2015, x=1.0, y=2.0, community=1)
    made.add_node("a", name="A\nB", publications=np.int64(4), x=0.5, y=float("nan"), lead=True)
    made.add_node("c", share=0.25, note=None)
    made.add_edge("b", "a", weight=1.5, distance=1 / 1.5, count=2)
    made.add_edge("a", "c", weight=1.0)
    return made


def test_gexf(graph, tmp_path):
    path = network.export(graph, tmp_path / "g.gexf")
    text = path.read_text("utf-8")
    assert "<script" not in text
    root = etree.fromstring(path.read_bytes())
    names = {"g": "http://gexf.net/1.3"}
    labels = root.xpath("//g:node/@label", namespaces=names)
    assert labels == ["A\nB", '<script>alert(1)</script>&"', "c"]
    assert root.xpath("//g:edge/@weight", namespaces=names) == ["1.5", "1.0"]
    kinds = dict(zip(root.xpath("//g:attributes[@class='node']/g:attribute/@title", namespaces=names),
                     root.xpath("//g:attributes[@class='node']/g:attribute/@type", namespaces=names),
                     strict=True))  # fmt: skip
    assert kinds["publications"] == "long"
    assert kinds["share"] == "double"
    assert kinds["lead"] == "boolean"
    back = nx.read_gexf(path, version="1.3")  # an independent reader
    assert sorted(back) == ["a", "b", "c"]
    assert back["a"]["b"]["weight"] == 1.5
    assert back.nodes["b"]["label"] == '<script>alert(1)</script>&"'


def test_graphml(graph, tmp_path):
    path = network.export(graph, tmp_path / "g.graphml")
    assert "<script" not in path.read_text("utf-8")
    back = nx.read_graphml(path)
    assert sorted(back) == ["a", "b", "c"]
    assert back.nodes["a"]["publications"] == 4
    assert back.nodes["a"]["lead"] is True
    assert back.nodes["b"]["name"] == '<script>alert(1)</script>&"'
    assert back["a"]["b"]["weight"] == 1.5
    assert "y" not in back.nodes["a"]


def test_pajek(graph, tmp_path):
    path = network.export(graph, tmp_path / "g.net")
    lines = path.read_text("ascii").splitlines()
    assert lines[0] == "*Vertices 3"
    assert lines[1] == '1 "A B"'
    assert lines[2].startswith('2 "<script>alert(1)</script>&\'" 0.000000 0.000000')
    assert lines[4:] == ["*Edges", "1 2 1.5", "1 3 1"]


def test_networkx_reads_pajek_with_chinese_names_and_namesakes(tmp_path):
    """An independent reader: as many nodes and edges, names whole, weights and places kept."""
    graph = nx.Graph()
    graph.add_node("I-1", name="王伟", x=-3.0, y=0.0)
    graph.add_node("I-2", name="王伟", x=1.0, y=2.0)
    graph.add_node("I-3", name='李 "小"', x=0.0, y=1.0)
    graph.add_edge("I-1", "I-3", weight=2.5)
    graph.add_edge("I-2", "I-3")
    back = nx.read_pajek(network.export(graph, tmp_path / "g.net"))
    names = {html.unescape(node): values for node, values in back.nodes(data=True)}
    assert sorted(names) == ["李 '小'", "王伟 (I-1)", "王伟 (I-2)"]
    assert back.number_of_edges() == 2
    assert sorted(v["weight"] for *_, v in back.edges(data=True)) == [1.0, 2.5]
    assert (names["王伟 (I-1)"]["x"], names["王伟 (I-1)"]["y"]) == (0.0, 0.0)
    assert (names["王伟 (I-2)"]["x"], names["王伟 (I-2)"]["y"]) == (1.0, 0.5)


def test_vosviewer_map_and_network_files(graph, tmp_path):
    """Columns by VOSviewer's manual, section 4.1: map with a header, network without."""
    path = network.export(graph, tmp_path / "g.txt")
    items = pd.read_csv(path, sep="\t", encoding="utf-8-sig")
    assert items.columns.tolist() == [
        "id", "label", "x", "y", "cluster", "weight<publications>", "score<first_year>"
    ]  # fmt: skip
    assert items["id"].tolist() == [1, 2, 3]
    assert items.loc[0, "label"] == "A B"
    assert items.loc[1, "cluster"] == 2
    links = pd.read_csv(tmp_path / "g_network.txt", sep="\t", header=None)
    assert links.to_numpy().tolist() == [[1, 2, 1.5], [1, 3, 1.0]]


def test_vosviewer(graph, tmp_path):
    path = network.export(graph, tmp_path / "g.json")
    data = json.loads(path.read_text("utf-8"))["network"]
    assert [i["id"] for i in data["items"]] == [1, 2, 3]
    assert data["items"][1]["label"] == "&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;"
    assert data["items"][1]["cluster"] == 2
    assert data["items"][0]["weights"] == {"publications": 4.0}
    assert data["links"][0] == {"source_id": 1, "target_id": 2, "strength": 1.5}


@pytest.mark.parametrize("ending", ["gexf", "graphml", "net", "json", "txt"])
def test_same_bytes_in_any_order(graph, tmp_path, ending):
    other = nx.Graph()
    other.add_nodes_from(reversed(list(graph.nodes(data=True))))
    other.add_edges_from((v, u, d) for u, v, d in reversed(list(graph.edges(data=True))))
    a = network.export(graph, tmp_path / f"a.{ending}").read_bytes()
    b = network.export(other, tmp_path / f"b.{ending}").read_bytes()
    assert a == b


@pytest.mark.parametrize("ending", ["gexf", "graphml", "net", "json", "txt"])
def test_directed(tmp_path, ending):
    graph = network.citations(pd.DataFrame({"citing_id": ["P", "Q"], "cited_id": ["A", "P"]}))
    text = network.export(graph, tmp_path / f"d.{ending}").read_text("utf-8-sig")
    assert {"gexf": 'defaultedgetype="directed"', "graphml": 'edgedefault="directed"',
            "net": "*Arcs", "json": '"source_id": 2', "txt": "label"}[ending] in text  # fmt: skip


def test_wrong_ending_and_wrong_graph(graph, tmp_path):
    with pytest.raises(ArgumentError, match="svg"):
        network.export(graph, tmp_path / "g.svg")
    with pytest.raises(ArgumentError, match="citing_id"):
        network.export(pd.DataFrame(), tmp_path / "g.net")


def test_a_frame_of_edges_is_written_as_its_graph(tmp_path):
    edges = pd.DataFrame({"citing_id": ["B", "C"], "cited_id": ["A", "B"]})
    written = network.export(edges, tmp_path / "frame.gexf").read_bytes()
    graph = nx.DiGraph([("B", "A"), ("C", "B")])
    assert written == network.export(graph, tmp_path / "graph.gexf").read_bytes()
    with pytest.raises(ArgumentError):
        network.export([1], tmp_path / "list.gexf")
