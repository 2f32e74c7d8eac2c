"""One example of every figure: the gallery of the reference and the table that tests go through.

``EXAMPLES`` maps the name of a function of ``patentnav.plot`` to what it is called with; the words in
the data are English, so that what a figure says in Chinese is its own.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd

from patentnav import indicators

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = ["battery", "motor", "sensor", "coating", "welding", "antenna"]
FIRMS = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta"]
TECHNOLOGIES = [f"T0{i + 1} {name}" for i, name in enumerate(NAMES)]


def _yearly(groups: int = 0) -> pd.DataFrame:
    years = np.arange(2008, 2024)
    parts = [
        pd.DataFrame({"group": NAMES[g], "year": years, "count": (g + 2) * (years - 2005) % 23 + g})
        for g in range(max(groups, 1))
    ]
    frame = pd.concat(parts, ignore_index=True)
    frame["complete"] = frame["year"] < 2022
    frame.attrs.update(unit="application", basis="application_date")
    return frame if groups else frame.drop(columns="group")


def _technologies() -> SimpleNamespace:
    rng = np.random.default_rng(3)
    group = np.repeat(np.arange(6), [90, 70, 50, 40, 30, 20])
    ids = pd.Index([f"US{i:07d}" for i in range(len(group))], name="publication_id")
    centre = np.array([[0, 0], [5, 1], [2, 5], [-4, 3], [-3, -4], [4, -4]])[group]
    keys = [f"T0{i + 1}" for i in range(6)]
    return SimpleNamespace(
        labels=pd.Series([keys[g] for g in group], ids),
        names=pd.Series(NAMES, keys),
        layout=pd.DataFrame(rng.normal(size=(len(group), 2)) + centre, ids, ["x", "y"]),
    )


def _hills(rows: slice) -> SimpleNamespace:
    layout = _technologies().layout
    edges = np.linspace(-10, 10, 61)
    some = layout.iloc[rows]
    counts, _, _ = np.histogram2d(some["y"], some["x"], (edges, edges))
    middle = (edges[1:] + edges[:-1]) / 2
    width = float(edges[1] - edges[0])
    return SimpleNamespace(x=middle, y=middle, density=counts / width**2)


def _network() -> tuple[nx.Graph, pd.DataFrame]:
    graph = nx.connected_caveman_graph(5, 4)
    graph.graph["unit"] = "family"
    for node in graph:
        graph.nodes[node].update(name=f"P. {node}", publications=1.0 + node % 7)
    return graph, pd.DataFrame(nx.circular_layout(graph), index=["x", "y"]).T


def _frame(columns: str, *rows: tuple[Any, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split())


def _made() -> Mapping[str, tuple[tuple[Any, ...], dict[str, Any]]]:
    rng = np.random.default_rng(5)
    graph, where = _network()
    days = pd.to_datetime("2025-01-10") + pd.to_timedelta(np.arange(12) * 25, "D")
    technologies = _technologies()
    years = pd.Index(range(2012, 2024), name="year")
    total = 1000 / (1 + np.exp(-0.5 * (np.arange(1995, 2021) - 2010)))
    counts = pd.DataFrame(
        {"year": np.arange(1995, 2021), "count": np.diff(np.concatenate([[0.0], total]))}
    )
    counts.attrs["unit"] = "family"
    keyed = _frame(
        "technology units dependence growth_rank pareto",
        ("T01", 90, 0.4, 0.3, True), ("T02", 70, 0.2, 0.9, True), ("T03", 50, 0.1, 0.2, False),
    )  # fmt: skip
    return {
        "alliances": ((_frame(
            "technology leader_name partner_name joint cites cited coupling",
            ("T01", "Alpha", "Beta", 3, 2, 1, 4), ("T02", "Gamma", "Delta", 1, 0, 5, 2),
        ),), {}),
        "amounts": ((pd.Series([12.0, 7.0, 3.0], FIRMS[:3]), "applications"), {"marked": ["Beta"]}),
        "barriers": ((_frame(
            "group authority in_force top_share rank rank_low rank_high",
            ("T01", "US", 120, 0.4, 1.0, 1.0, 2.0), ("T02", "US", 60, 0.3, 2.0, 1.0, 3.0),
        ),), {}),
        "chain": ((_frame(
            "industry link count state position",
            ("energy", "cells", 120, "growing", "strong"), ("energy", "packs", 60, "declining", "weak"),
        ),), {"unit": "application"}),
        "composition": ((_yearly(4),), {}),
        "cooperation": ((
            SimpleNamespace(
                nodes=pd.DataFrame({"name": FIRMS[:3], "joint": [5, 4, 1], "community": [0, 0, 0]},
                                   index=["a", "b", "c"]),
                pairs=_frame("source_id target_id count", ("a", "b", 4), ("a", "c", 1)),
            ),), {"layout": pd.DataFrame({"x": [0, 1, 2], "y": [0, 1, 0]}, index=["a", "b", "c"])}),
        "courses": ((pd.DataFrame(rng.random((12, 3)).cumsum(axis=0), years, FIRMS[:3]), "share"), {}),
        "cross": ((_frame(
            "row column count expected state",
            ("a", "x", 1, 9.0, "white"), ("a", "y", 20, 10.0, "dense"), ("b", "x", 12, 11.0, "chance"),
        ),), {}),
        "cross_licences": ((_frame(
            "name_a name_b share_a share_b expected_a expected_b",
            ("Alpha", "Beta", 0.4, 0.2, 0.1, 0.15), ("Gamma", "Delta", 0.3, 0.35, 0.2, 0.1),
        ),), {}),
        "deadlines": ((pd.DataFrame(
            {"kind": ["priority_12", "pct_national"] * 6, "deadline": days, "days_left": 30,
             "surcharge": [False, False, True] * 4}
        ),), {}),
        "deals": ((_frame("from_name to_name count", ("Alpha", "Gamma", 3), ("Beta", "Gamma", 1)),), {}),
        "endings": ((_frame(
            "group ending ended ended_undated sooner",
            ("T01", 20, 8, 2, True), ("T02", 12, 15, 0, False), ("T03", 4, 3, 1, False),
        ),), {"unit": "application"}),
        "gaps": ((_frame(
            "kind technology office own rivals",
            ("gap", "T01", "US", 0, 12), ("gap", "T02", "EP", 1, 7),
        ),), {}),
        "key_technologies": ((keyed,), {}),
        "landscape_change": ((technologies, _hills(slice(0, 150)), _hills(slice(150, 300))), {}),
        "layouts": ((_frame(
            "portfolio_id living core fence", ("P1", 40, 10, 8), ("P2", 25, 4, 9),
        ),), {}),
        "life_cycle": ((pd.DataFrame(
            {"year": years, "growth_rate": rng.random(12), "maturity": rng.random(12),
             "ageing": rng.random(12), "novelty": rng.random(12)}
        ),), {}),
        "matrix": ((pd.DataFrame(rng.integers(0, 50, (4, 3)), FIRMS[:4], NAMES[:3]),), {}),
        "maturity": ((pd.DataFrame(
            {"year": years, "owners": [2, 3, 5, 8, 12, 18, 22, 24, 24, 22, 19, 9],
             "units": [3, 4, 8, 14, 22, 40, 55, 60, 58, 49, 40, 15], "complete": years < 2022}
        ),), {"unit": "application"}),
        "origin_target": ((_frame(
            "origin target count", ("CN", "CN", 40), ("CN", "US", 8), ("US", "US", 12),
        ),), {}),
        "overseas": ((_frame(
            "unit_id office state", ("f1", "US", "in_force"), ("f2", "US", "pending"),
            ("f2", "EP", "ended"), ("f3", "JP", "untold"),
        ),), {}),
        "patent_map": ((technologies,), {}),
        "pledge": ((_frame(
            "colour reason", ("red", "market_lapsed"), ("amber", "market_lapsed; home_only"),
            ("green", "growing"), ("green", "growing; pareto"),
        ),), {}),
        "pools": ((_frame(
            "technology complements substitutes owners largest_share candidate",
            ("T01", 12, 3, 6, 0.3, True), ("T02", 4, 5, 3, 0.6, False),
        ),), {}),
        "portfolios": ((pd.DataFrame(
            {"owner": FIRMS[:3], "inventions": [60, 20, 80],
             "pct": pd.array([12, 3, pd.NA], dtype="Int64"),
             "meets_gate": pd.array([True, False, pd.NA], dtype="boolean"), "min_inventions": 40,
             "min_pct": 5}
        ),), {}),
        "quadrants": ((pd.DataFrame({"x": [0.5, 1.5, 2.0], "y": [1.8, 0.7, 1.3]}, NAMES[:3]),
                       ("specialisation", "growth")), {}),
        "ranking": ((pd.Series([12.0, 7.0, 3.0], FIRMS[:3]),), {"unit": "family"}),
        "roadmap": ((SimpleNamespace(
            nodes=_frame(
                "publication_id technology start end on_path used",
                ("A", "T01", 2010, 2012, True, False), ("B", "T01", 2013, 2015, True, True),
                ("C", "T02", 2013, 2015, False, False),
            ), edges=_frame("earlier_id later_id", ("A", "B"), ("A", "C"))),), {}),
        "s_curve": ((counts, indicators.s_curve(counts)), {}),
        "scoreboard": ((pd.DataFrame({"units": [10.0, 5.0], "share": [0.5, None]}, FIRMS[:2]),
                        pd.DataFrame({"units": ["10", "5"], "share": ["50%", "–"]}, FIRMS[:2])), {}),
        "stacks": ((pd.DataFrame({"alive": [12, 5], "ended": [3, 4]}, FIRMS[:2]), "applications"), {}),
        "standing": ((pd.Series([80.0, 35.0, 55.0], ["claims", "citations", "family"]),), {}),
        "steps": ((_frame(
            "portfolio_id lever rows", ("P1", "pending", 3), ("P1", "partner", 2), ("P2", "pct_open", 4),
        ),), {}),
        "talent_map": ((graph, where), {}),
        "transfer": ((_frame(
            "publication_id firm_name rank text size_rank",
            ("US1234567B2", "Alpha", 1, 0.7, 2), ("US7654321B2", "Beta", 1, 0.5, 1),
        ),), {}),
        "trend": ((_yearly(3),), {}),
    }  # fmt: skip


EXAMPLES = _made()
