"""Dots and lines of a network, and the publications behind its nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from patentnav import i18n, plot
from patentnav import network as networks
from patentnav.errors import ArgumentError
from patentnav.explore.parts import Interactive, Overlay
from patentnav.facts import party_ids

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx
    from matplotlib.axes import Axes

    from patentnav.network import Collaboration, Cooperation
    from patentnav.patentset import PatentSet

_TOLD = (
    "id", "owner", "team", "region", "role", "group", "community", "publications", "units", "joint",
    "partners", "first_year", "last_year",
)  # fmt: skip
_WORDS = {"publications": "units"}
_COLOURED = ("community", "team", "region", "role", "group", "first_year", "last_year", "partners")
_SIZES = ("publications", "units", "partners")
_NAMED = 40  # nodes whose names stand on the map, the largest
_LARGEST = (6.0, 26.0)  # diameter of the largest dot, in pixels: of many and of few


def tables(shown: nx.Graph | Collaboration | Cooperation) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Nodes (``name`` and what is known of them, by id) and edges ``source_id, target_id, weight``."""
    if isinstance(shown, networks.Cooperation):
        nodes = shown.nodes[shown.nodes["joint"] > 0]
        return nodes, shown.pairs.assign(weight=shown.pairs["count"].astype("float64"))
    if isinstance(shown, networks.Collaboration):
        return shown.nodes, shown.edges
    known = {node: dict(values) for node, values in shown.nodes(data=True)}
    nodes = pd.DataFrame.from_dict(known, orient="index")
    nodes.index = pd.Index(list(known), name="node")
    if "name" not in nodes.columns:
        nodes["name"] = nodes.index.astype("str")
    rows = [(a, b, values.get("weight", 1.0)) for a, b, values in shown.edges(data=True)]
    edges = pd.DataFrame(rows, columns=["source_id", "target_id", "weight"])
    return nodes.sort_index(), edges.sort_values(["source_id", "target_id"], ignore_index=True)


def places(edges: pd.DataFrame, ids: pd.Index, random_state: int) -> pd.DataFrame:
    """``x, y`` of all nodes: the tied ones by their ties, the others in rows below."""
    tied = edges[["source_id", "target_id", "weight"]]
    where = networks.layout(tied, random_state) if len(tied) else pd.DataFrame(columns=["x", "y"])
    alone = ids[~ids.isin(where.index)]
    if not len(alone):
        return where
    low = where.min() if len(where) else pd.Series({"x": 0.0, "y": 0.0})
    wide = max(int(np.ceil(np.sqrt(3 * len(alone)))), 1)
    span = float((where["x"].max() - low["x"]) or 1.0) if len(where) else float(wide)
    step = span / wide
    row, column = np.divmod(np.arange(len(alone)), wide)
    below = pd.DataFrame(
        {"x": low["x"] + column * step, "y": low["y"] - (row + 2) * step}, index=alone
    )
    return pd.concat([where.astype("float64"), below])


def communities(edges: pd.DataFrame, nodes: pd.DataFrame, random_state: int) -> pd.Series:
    """Community of every tied node, called by its largest member; NA for the others."""
    if edges.empty:
        return pd.Series(None, index=nodes.index, dtype="str")
    found = networks.communities(edges[["source_id", "target_id", "weight"]], random_state)
    size = _sizes(nodes, edges).reindex(found.index)
    order = pd.DataFrame({"community": found, "size": size}).rename_axis("node").reset_index()
    order = order.sort_values(["size", "node"], ascending=[False, True])
    head = order.drop_duplicates("community").set_index("community")["node"]
    named = dict(zip(nodes.index, nodes["name"].astype("str"), strict=True))
    called = {node: named[head[part]] for node, part in found.items()}
    named_parts: pd.Series = pd.Series(called, dtype="str").reindex(nodes.index)
    return named_parts


def _sizes(nodes: pd.DataFrame, edges: pd.DataFrame) -> pd.Series:
    """What the area of a dot says: units, else the number of ties."""
    for column in _SIZES:
        if column in nodes.columns:
            return nodes[column].astype("float64").fillna(0.0)
    ends = pd.concat([edges["source_id"], edges["target_id"]]).value_counts()
    ties: pd.Series = ends.reindex(nodes.index, fill_value=0).astype("float64")
    return ties


def interactive(
    kind: Literal["talent_map", "network"],
    nodes: pd.DataFrame,
    where: pd.DataFrame,
    edges: pd.DataFrame,
    *,
    lang: str,
) -> Interactive:
    """The network as the script draws it.

    Parameters
    ----------
    kind
        Of the map.
    nodes
        ``name`` and what is known of every node.
    where
        ``x, y`` of every node.
    edges
        ``source_id, target_id``.
    lang
        Language of the words.
    """
    size = _sizes(nodes, edges)
    largest = float(np.clip(420 / np.sqrt(max(len(nodes), 1)), *_LARGEST))
    area = np.sqrt(size / max(float(size.max()), 1e-9))
    points = where.loc[nodes.index, ["x", "y"]].assign(
        name=nodes["name"].astype("str"), label="", size=largest * (0.3 + 0.7 * area)
    )
    a, b = where.loc[edges["source_id"]], where.loc[edges["target_id"]]
    lines = pd.DataFrame(
        {"x0": a["x"].to_numpy(), "y0": a["y"].to_numpy(), "x1": b["x"].to_numpy(),
         "y1": b["y"].to_numpy()}
    )  # fmt: skip
    order = size.sort_values(ascending=False, kind="stable").index[:_NAMED]
    names = points.loc[order, ["x", "y", "name"]]
    names["dot"] = points.index.get_indexer(order)
    return Interactive(
        kind, points, edges=lines if len(lines) else None, names=names,
        overlays=tuple(_overlays(nodes, lang)),
    )  # fmt: skip


def _overlays(nodes: pd.DataFrame, lang: str) -> Iterator[Overlay]:
    known = nodes.assign(id=nodes.index.astype("str"))
    if (known["id"] == known["name"].astype("str")).all():
        known = known.drop(columns="id")
    told = [c for c in _TOLD if c in known.columns and known[c].notna().any()]
    first = [c for c in _COLOURED if c in told]
    for column in [*first, *[c for c in told if c not in first]]:
        values = known[column]
        word = i18n.text(f"explore.by_{_WORDS.get(column, column)}", lang)
        numeric = pd.api.types.is_numeric_dtype(values.dtype) and column not in {
            "group",
            "community",
        }
        groups = None
        if column in _COLOURED:
            shown = values if numeric else values.astype("object").map(_text).astype("str")
            groups = plot.overlay(shown, top=10, lang=lang)
        yield Overlay(
            word, values.astype("object").map(_text), groups, hover=True, search=not numeric
        )


def _text(value: Any) -> str | None:
    if pd.isna(value):
        return None
    return f"{value:g}" if isinstance(value, float) else str(value)


def holders(patents: PatentSet | None, ids: pd.Index) -> pd.DataFrame:
    """``id, publication_id`` of the nodes: of all that a set's ids may be, what most nodes are.

    Raises
    ------
    ArgumentError
        No node is anything in the set.
    """
    empty = pd.DataFrame({"id": [], "publication_id": []}, dtype="str")
    if patents is None:
        return empty
    best, most = empty, 0
    for rows in _members(patents):
        here = rows[rows["id"].isin(ids)].dropna()
        count = here["id"].nunique()
        if count > most:
            best, most = here.drop_duplicates(ignore_index=True), count
    if not most:
        msg = (
            "None of the nodes is an inventor, a party, a class or a publication of the set given "
            "as patents. Give the set that the network was made from."
        )
        raise ArgumentError(msg)
    return best


def _members(patents: PatentSet) -> Iterator[pd.DataFrame]:
    ids = patents.publications.index
    yield pd.DataFrame({"id": ids, "publication_id": ids})
    if patents.has("inventors"):
        table = patents.inventors
        name = table["name"].fillna(table["name_raw"]) if "name" in table else table["name_raw"]
        yield pd.DataFrame(
            {"id": table["inventor_id"].fillna(name), "publication_id": table["publication_id"]}
        )
    if patents.has("parties"):
        table = patents.parties
        for level in ("party", "group"):
            yield pd.DataFrame(
                {"id": party_ids(table, level), "publication_id": table["publication_id"]}
            )
    if patents.has("classifications"):
        table = patents.classifications
        for width in (4, 3, 1, None):
            yield pd.DataFrame(
                {
                    "id": table["symbol"].str.slice(0, width),
                    "publication_id": table["publication_id"],
                }
            )
    for column in ("application_id",):
        if patents.has("publications", column):
            yield pd.DataFrame({"id": patents.publications[column], "publication_id": ids})


def draw(nodes: pd.DataFrame, where: pd.DataFrame, edges: pd.DataFrame, ax: Axes) -> object:
    """The picture of a network."""
    import networkx as nx

    size = _sizes(nodes, edges)
    graph = nx.Graph()
    for node in nodes.index:
        graph.add_node(node, name=str(nodes.loc[node, "name"]), publications=float(size[node]))
    for a, b in zip(edges["source_id"], edges["target_id"], strict=True):
        graph.add_edge(a, b, weight=1.0)
    return plot.talent_map(graph, where, ax=ax)
