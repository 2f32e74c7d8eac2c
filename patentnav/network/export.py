"""Networks as files of Gephi (GEXF), yEd and others (GraphML), Pajek and VOSviewer (two forms).

Whatever the names contain, a file holds it as text: markup characters are escaped, characters that
a format cannot hold are left out. The same graph gives the same bytes.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import _files
from patentnav._xml import xml_text
from patentnav.errors import ArgumentError
from patentnav.network.arrays import Graph, as_arrays
from patentnav.network.citations import citations
from patentnav.patentset import PatentSet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import networkx as nx

GEXF = "http://gexf.net/1.3"
GRAPHML = "http://graphml.graphdrawing.org/xmlns"
_GEXF_NAMES: dict[Any, str] = {None: GEXF, "viz": f"{GEXF}/viz"}
_GRAPHML_NAMES: dict[Any, str] = {None: GRAPHML}


def export(graph: Graph | nx.Graph, path: str | Path) -> Path:
    """Write a network to a file; the ending of its name chooses the form.

    Parameters
    ----------
    graph
        A ``networkx.Graph`` or ``DiGraph``. Attributes of nodes and edges are written where the
        format has a place for them; ``x`` and ``y`` of nodes as positions. Of a ``PatentSet`` or a
        frame ``citing_id, cited_id`` the citation graph is written.
    path
        ``.gexf`` (Gephi), ``.graphml``, ``.net`` (Pajek), ``.json`` (VOSviewer), or ``.txt``
        (VOSviewer's map file; its network file is written beside, ``<name>_network.txt``).

    Returns
    -------
    pathlib.Path
        The path written.

    Raises
    ------
    ArgumentError
        The ending is another, the folder does not exist, or ``graph`` is nothing of the above.
    FileError
        The disk is full, there is no permission and the like; what was there before is untouched.
    """
    path = _files.as_path(path)
    if path.suffix not in _WRITERS:
        msg = f'"{path.name}": the ending is not one of {", ".join(_WRITERS)}.'
        raise ArgumentError(msg)
    if not hasattr(graph, "is_directed"):
        graph = _citation_graph(graph)
    if path.suffix == ".txt" and _files.is_dir(path.parent):
        both = {path.name: _vosviewer_map, f"{path.stem}_network.txt": _vosviewer_links}
        return _files.write_files(path.parent, {n: w(graph) for n, w in both.items()})[0]
    return _files.write_file(path, _WRITERS[path.suffix](graph))


def _citation_graph(graph: Graph) -> nx.DiGraph:
    """The citation graph of a set, a frame of edges or arrays."""
    import networkx as nx

    if isinstance(graph, PatentSet):
        return citations(graph)
    arrays = as_arrays(graph)
    made = nx.DiGraph()
    made.add_nodes_from(arrays.ids.tolist())
    ends = (arrays.ids.take(end).tolist() for end in (arrays.citing, arrays.cited))
    made.add_edges_from(zip(*ends, strict=True))
    return made


def _sorted_nodes(graph: nx.Graph) -> list[tuple[Any, dict[str, Any]]]:
    return sorted(graph.nodes(data=True), key=lambda pair: (str(type(pair[0])), pair[0], ""))


def _sorted_edges(graph: nx.Graph, number: dict[Any, int]) -> list[tuple[int, int, dict[str, Any]]]:
    edges = []
    for u, v, values in graph.edges(data=True):
        a, b = number[u], number[v]
        if not graph.is_directed() and a > b:
            a, b = b, a
        edges.append((a, b, values))
    return sorted(edges, key=lambda edge: edge[:2])


def _text(value: Any) -> str:
    return xml_text(str(value))


def _label(node: Any, values: dict[str, Any]) -> str:
    name = values.get("name", values.get("label"))
    return _text(node if _absent(name) else name)


def _absent(value: Any) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value))


def _kind(values: list[Any]) -> str:
    """Type of an attribute: the narrowest that holds all its values."""
    if all(isinstance(v, (bool, np.bool_)) for v in values):
        return "boolean"
    if all(isinstance(v, (int, np.integer)) and not isinstance(v, bool) for v in values):
        return "long"
    if all(isinstance(v, (int, float, np.number)) and not isinstance(v, bool) for v in values):
        return "double"
    return "string"


def _value(value: Any, kind: str) -> str:
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "double":
        return repr(float(value))
    return _text(value)


def _attributes(rows: list[dict[str, Any]], skip: frozenset[str] = frozenset()) -> dict[str, str]:
    """Attributes that occur and their types, in order of name."""
    found: dict[str, list[Any]] = {}
    for values in rows:
        for name, value in values.items():
            if name not in skip and not _absent(value):
                found.setdefault(name, []).append(value)
    return {name: _kind(found[name]) for name in sorted(found)}


def _gexf(graph: nx.Graph) -> bytes:
    from lxml import etree

    nodes = _sorted_nodes(graph)
    number = {node: i for i, (node, _) in enumerate(nodes)}
    edges = _sorted_edges(graph, number)
    root = etree.Element(f"{{{GEXF}}}gexf", nsmap=_GEXF_NAMES, version="1.3")
    kind = "directed" if graph.is_directed() else "undirected"
    body = etree.SubElement(root, "graph", defaultedgetype=kind, mode="static")
    node_kinds = _attributes([v for _, v in nodes], frozenset({"x", "y"}))
    edge_kinds = _attributes([v for *_, v in edges], frozenset({"weight"}))
    for place, kinds in (("node", node_kinds), ("edge", edge_kinds)):
        listed = etree.SubElement(body, "attributes", {"class": place})
        for i, (name, type_) in enumerate(kinds.items()):
            etree.SubElement(listed, "attribute", id=str(i), title=_text(name), type=type_)
    holder = etree.SubElement(body, "nodes")
    for node, values in nodes:
        item = etree.SubElement(holder, "node", id=_text(node), label=_label(node, values))
        _attvalues(item, values, node_kinds)
        if not _absent(values.get("x")) and not _absent(values.get("y")):
            position = {k: repr(float(values[k])) for k in ("x", "y")}
            etree.SubElement(item, f"{{{GEXF}/viz}}position", {**position, "z": "0.0"})
    holder = etree.SubElement(body, "edges")
    ids = [_text(node) for node, _ in nodes]
    for i, (a, b, values) in enumerate(edges):
        item = etree.SubElement(holder, "edge", id=str(i), source=ids[a], target=ids[b])
        if not _absent(values.get("weight")):
            item.set("weight", repr(float(values["weight"])))
        _attvalues(item, values, edge_kinds)
    return _xml(root)


def _attvalues(item: Any, values: dict[str, Any], kinds: dict[str, str]) -> None:
    from lxml import etree

    present = [(i, n) for i, n in enumerate(kinds) if not _absent(values.get(n))]
    if not present:
        return
    holder = etree.SubElement(item, "attvalues")
    for i, name in present:
        value = _value(values[name], kinds[name])
        etree.SubElement(holder, "attvalue", {"for": str(i), "value": value})


def _graphml(graph: nx.Graph) -> bytes:
    from lxml import etree

    nodes = _sorted_nodes(graph)
    number = {node: i for i, (node, _) in enumerate(nodes)}
    edges = _sorted_edges(graph, number)
    root = etree.Element(f"{{{GRAPHML}}}graphml", nsmap=_GRAPHML_NAMES)
    keys: dict[tuple[str, str], tuple[str, str]] = {}
    for place, rows in (("node", [v for _, v in nodes]), ("edge", [v for *_, v in edges])):
        for name, type_ in _attributes(rows).items():
            key = f"d{len(keys)}"
            keys[place, name] = key, type_
            attributes = {"id": key, "for": place, "attr.name": _text(name), "attr.type": type_}
            etree.SubElement(root, f"{{{GRAPHML}}}key", attributes)
    kind = "directed" if graph.is_directed() else "undirected"
    body = etree.SubElement(root, f"{{{GRAPHML}}}graph", edgedefault=kind)

    def data(item: Any, place: str, values: dict[str, Any]) -> None:
        for (where, name), (key, type_) in keys.items():
            if where == place and not _absent(values.get(name)):
                entry = etree.SubElement(item, f"{{{GRAPHML}}}data", key=key)
                entry.text = _value(values[name], type_)

    for node, values in nodes:
        data(etree.SubElement(body, f"{{{GRAPHML}}}node", id=_text(node)), "node", values)
    ids = [_text(node) for node, _ in nodes]
    for a, b, values in edges:
        item = etree.SubElement(body, f"{{{GRAPHML}}}edge", source=ids[a], target=ids[b])
        data(item, "edge", values)
    return _xml(root)


def _xml(root: Any) -> bytes:
    from lxml import etree

    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made


def _pajek(graph: nx.Graph) -> bytes:
    nodes = _sorted_nodes(graph)
    number = {node: i for i, (node, _) in enumerate(nodes)}
    lines = [f"*Vertices {len(nodes)}"]
    # A quote or a line break would end the label.
    labels = [re.sub(r"\s+", " ", _label(*node)).replace('"', "'") for node in nodes]
    often = Counter(labels)
    place = _unit_square([values for _, values in nodes])
    for i, (node, values) in enumerate(nodes):
        # Readers that know nodes by their labels would join namesakes.
        label = labels[i] if often[labels[i]] == 1 else f"{labels[i]} ({_text(node)})"
        position = ""
        if not _absent(values.get("x")) and not _absent(values.get("y")):
            position = " {:.6f} {:.6f} 0.5".format(*place(values))
        lines.append(f'{i + 1} "{label}"{position}')
    lines.append("*Arcs" if graph.is_directed() else "*Edges")
    for a, b, values in _sorted_edges(graph, number):
        lines.append(f"{a + 1} {b + 1} {float(values.get('weight', 1.0)):.12g}")
    # Pajek's own way to write what is not ASCII is the character reference; a byte order mark, its
    # other way, makes networkx and others miss the first line.
    return ("\r\n".join(lines) + "\r\n").encode("ascii", "xmlcharrefreplace")


def _unit_square(
    rows: list[dict[str, Any]],
) -> Callable[[dict[str, Any]], tuple[float, float]]:
    """Positions between 0 and 1, as Pajek reads them, in the same proportion on both axes."""
    known = [
        (float(v["x"]), float(v["y"]))
        for v in rows
        if not _absent(v.get("x")) and not _absent(v.get("y"))
    ]
    low = np.min(known, axis=0) if known else np.zeros(2)
    span = float(np.max(np.max(known, axis=0) - low)) if known else 0.0
    scale = 1 / span if span else 1.0

    def place(values: dict[str, Any]) -> tuple[float, float]:
        x, y = (np.array([float(values["x"]), float(values["y"])]) - low) * scale
        return float(x), float(y)

    return place


def _vosviewer(graph: nx.Graph) -> bytes:
    nodes = _sorted_nodes(graph)
    number = {node: i for i, (node, _) in enumerate(nodes)}
    items = []
    for i, (node, values) in enumerate(nodes):
        # VOSviewer shows labels as HTML.
        label = html.escape(_label(node, values))
        item: dict[str, Any] = {"id": i + 1, "label": label}
        for axis in ("x", "y"):
            if not _absent(values.get(axis)):
                item[axis] = float(values[axis])
        if not _absent(values.get("community")):
            item["cluster"] = int(values["community"]) + 1
        weights = _numbers(values, WEIGHTS)
        scores = _numbers(values, SCORES)
        items.append({**item, "weights": weights, "scores": scores})
    links = [
        {"source_id": a + 1, "target_id": b + 1, "strength": float(v.get("weight", 1.0))}
        for a, b, v in _sorted_edges(graph, number)
        if a != b
    ]
    network = {"network": {"items": items, "links": links}}
    return (json.dumps(network, ensure_ascii=False, indent=1) + "\n").encode()


WEIGHTS = ("publications", "degree", "strength")
SCORES = ("first_year", "last_year", "betweenness", "pagerank")


def _vosviewer_map(graph: nx.Graph) -> bytes:
    """VOSviewer's map file: items, a tab between the columns."""
    items = json.loads(_vosviewer(graph))["network"]["items"]
    columns = [
        name for name in ("id", "label", "x", "y", "cluster") if any(name in i for i in items)
    ]
    weights = [name for name in WEIGHTS if any(name in i["weights"] for i in items)]
    scores = [name for name in SCORES if any(name in i["scores"] for i in items)]
    head = [*columns, *(f"weight<{n}>" for n in weights), *(f"score<{n}>" for n in scores)]
    lines = ["\t".join(head)]
    for item in items:
        item["label"] = re.sub(r"\s+", " ", item["label"])
        cells = [item.get(name) for name in columns]
        cells += [item["weights"].get(name) for name in weights]
        cells += [item["scores"].get(name) for name in scores]
        lines.append("\t".join("" if cell is None else str(cell) for cell in cells))
    return ("\n".join(lines) + "\n").encode("utf-8-sig")


def _vosviewer_links(graph: nx.Graph) -> bytes:
    """VOSviewer's network file: two ids and the strength, no header."""
    links = json.loads(_vosviewer(graph))["network"]["links"]
    lines = [f"{k['source_id']}\t{k['target_id']}\t{k['strength']:.12g}\n" for k in links]
    return "".join(lines).encode()


def _numbers(values: dict[str, Any], names: tuple[str, ...]) -> dict[str, float]:
    return {name: float(values[name]) for name in names if not _absent(values.get(name))}


_WRITERS = {".gexf": _gexf, ".graphml": _graphml, ".net": _pajek, ".json": _vosviewer,
            ".txt": _vosviewer_map}  # fmt: skip
ENDINGS = tuple(_WRITERS)
