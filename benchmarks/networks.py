"""Speed of the network kernels against the named alternatives, as ratios of one run.

    python benchmarks/networks.py                  1,000,000 edges, all ratios
    python benchmarks/networks.py --plain          without the packages of the extra "speed"
    python benchmarks/networks.py --national       16.5 million edges, seconds and memory
    python benchmarks/networks.py --people         co-inventor graph of a million people

Times are the best of three (one for slow alternatives), of the process's own wall clock; the
compiled kernels are warm. ``cdindex`` and ``igraph`` are compared where installed.
"""

from __future__ import annotations

import argparse
import functools
import importlib.util
import resource
import time
from typing import TYPE_CHECKING, Any

import networkx_versions as plain_networkx
import numpy as np
import pandas as pd
from citation_graph import citation_graph

from patentnav import network
from patentnav.network import arrays
from patentnav.network.collaboration import project
from patentnav.network.weighted import symmetric

if TYPE_CHECKING:
    from collections.abc import Callable

WINDOW = 5 * 365


def seconds(task: Callable[[], Any], repeat: int = 3) -> float:
    best = np.inf
    for _ in range(repeat):
        start = time.perf_counter()
        task()
        best = min(best, time.perf_counter() - start)
    return best


def line(name: str, ours: float, other: float, bar: str) -> None:
    print(f"{name:<46}{ours:>10.3f} s{other:>10.3f} s{other / ours:>9.1f} x   {bar}")


def ratios(edges: int, *, plain: bool) -> None:
    frame, day = citation_graph(edges)
    texts = ("US" + frame.astype("str") + "A").astype("str")
    for warm in (network.path_counts, network.main_path):
        warm(frame)
    network.cd_index(frame, day, WINDOW)
    print(f"{len(frame):,} edges, {'numpy and scipy' if plain else 'with numba, sparse_dot_topn'}")
    print(f"{'':<46}{'ours':>12}{'other':>12}{'ratio':>11}   bar")
    build = seconds(lambda: plain_networkx.digraph(frame), 1)
    graph = plain_networkx.digraph(frame)
    other = seconds(lambda: plain_networkx.spc_and_main_path(graph), 1)
    bar = ">= 20" if plain else ">= 100"

    def both(form: pd.DataFrame) -> None:
        network.path_counts(form)
        network.main_path(form)

    ours = seconds(lambda: network.main_path(frame), 5)
    line("SPC + main path, one call, vs networkx", ours, other, bar)
    line("  the same, networkx builds its graph too", ours, other + build, "")
    line(
        "  table of SPC and main path, two calls",
        seconds(lambda: both(frame), 5),
        other + build,
        "",
    )
    line("  string ids, one call", seconds(lambda: network.main_path(texts)), other, ">= 10")
    line("  string ids, two calls", seconds(lambda: both(texts)), other, "")
    _cd_index(frame, day, graph)
    rank = seconds(lambda: network.pagerank(frame))
    line("PageRank vs networkx (same tolerance)", rank,
         seconds(lambda: plain_networkx.pagerank(graph), 1), "")  # fmt: skip
    import networkx as nx

    line("PageRank vs networkx (its own tolerance)", rank, seconds(lambda: nx.pagerank(graph), 1),
         ">= 20")  # fmt: skip
    if importlib.util.find_spec("sparse_dot_topn") is not None:
        _similarity(frame)


def _cd_index(frame: pd.DataFrame, day: pd.Series, graph: Any) -> None:
    ours = seconds(lambda: network.cd_index(frame, day, WINDOW))
    if importlib.util.find_spec("cdindex") is not None:
        import cdindex

        days, ends = day.tolist(), frame.to_numpy().tolist()

        def reference() -> None:
            made = cdindex.Graph()
            for node, when in enumerate(days):
                made.add_vertex(str(node), when)
            for citing, cited in ends:
                made.add_edge(str(citing), str(cited))
            for node in range(len(days)):
                made.cdindex(str(node), WINDOW)

        line("CD index vs cdindex", ours, seconds(reference, 1), ">= 15")
    days_of = day.to_dict()
    line("CD index vs networkx sets", ours,
         seconds(lambda: plain_networkx.cd_index(graph, days_of, WINDOW), 1), "")  # fmt: skip


def _bare(left: Any) -> Any:
    from sparse_dot_topn import sp_matmul_topn

    return sp_matmul_topn(left, left.T.tocsr(), top_n=10, n_threads=2)


def _similarity(frame: pd.DataFrame) -> None:
    import scipy.sparse as sp

    matrix = sp.csr_matrix(network.as_arrays(frame).matrix())
    turned = matrix.T.tocsr()
    ready = network.as_arrays(frame)
    for name, function, left in (
        ("coupling", network.coupling, matrix), ("co-citation", network.cocitation, turned)
    ):  # fmt: skip
        # In turn, so that both see the same machine.
        bare_task = functools.partial(_bare, left)
        pairs = [
            (seconds(functools.partial(function, ready), 1), seconds(bare_task, 1))
            for _ in range(5)
        ]
        ours, bare = (min(values) for values in zip(*pairs, strict=True))
        line(f"{name} top-10 vs bare sparse_dot_topn", ours, bare, ">= 0.67 (1.5 times)")


def national() -> None:
    frame, day = citation_graph(16_578_863)
    frame = frame.astype(np.int32)
    small, days = citation_graph(300_000)
    for warm in (network.path_counts, network.main_path):
        warm(small)
    network.cd_index(small, days, WINDOW)
    print(f"{len(frame):,} edges, {len(day):,} publications")
    start = time.perf_counter()
    graph = network.as_arrays(frame)
    print(f"{'arrays':<20}{time.perf_counter() - start:8.1f} s")
    for name, task in {
        "SPC": lambda: network.path_counts(graph),
        "main path": lambda: network.main_path(graph),
        "CD-5": lambda: network.cd_index(graph, day, WINDOW),
        "PageRank": lambda: network.pagerank(graph),
        "coupling top-10": lambda: network.coupling(graph),
        "co-citation top-10": lambda: network.cocitation(graph),
    }.items():
        before, worked = time.perf_counter(), time.process_time()
        task()
        worked = time.process_time() - worked
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(
            f"{name:<20}{time.perf_counter() - before:8.1f} s {worked:8.1f} s of CPU   peak {peak:.2f} GB"
        )
    print(f"{'all':<20}{time.perf_counter() - start:8.1f} s   bar: under 90 s, 4 GB")


def people(count: int = 1_000_000) -> None:
    """Teams of regular and new members, a million people, about four million pairs."""
    rng = np.random.default_rng(0)
    units = int(1.1 * count)
    size = np.minimum(rng.geometric(0.38, units), 12)
    unit = np.repeat(np.arange(units), size)
    home = rng.integers(0, count // 25, units)[unit]
    member = np.where(
        rng.random(len(unit)) < 0.85,
        home * 25 + (25 * rng.random(len(unit)) ** 1.5).astype(np.int64),
        rng.integers(0, count, len(unit)),
    )
    key = np.unique((unit << 32) | member)
    unit, member = key >> 32, key & 0xFFFFFFFF
    import scipy.sparse as sp

    incidence = sp.csr_array((np.ones(len(unit)), (unit, member)), shape=(units, count))

    def ours() -> network.WeightedArrays:
        first, second, weight, _ = project(unit, member, counting="fractional")
        return network.WeightedArrays(pd.RangeIndex(count), symmetric(count, first, second, weight))

    pairs = [(seconds(ours, 1), seconds(lambda: incidence.T @ incidence, 1)) for _ in range(4)]
    line(
        "projection vs scipy B'B", *(min(t) for t in zip(*pairs, strict=True)), ">= 0.33 (3 times)"
    )
    graph = ours()
    print(f"{count:,} people, {graph.matrix.nnz // 2:,} pairs")
    start = time.perf_counter()
    found = network.communities(graph)
    taken = time.perf_counter() - start
    print(f"communities: {found.nunique():,}, modularity {found.attrs['modularity']:.4f}")
    if importlib.util.find_spec("igraph") is None:
        print(f"communities {taken:.1f} s (igraph is not installed)")
        return
    import igraph

    upper = sp.triu(graph.matrix, 1).tocoo()
    other = igraph.Graph(n=count, edges=np.column_stack((upper.row, upper.col)))
    start = time.perf_counter()
    parts = other.community_leiden("modularity", weights=upper.data, n_iterations=2)
    line("communities vs igraph Leiden", taken, time.perf_counter() - start, ">= 0.67 (1.5 times)")
    print(f"igraph: {len(parts):,}, modularity {other.modularity(parts, weights=upper.data):.4f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--edges", type=int, default=1_000_000)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--national", action="store_true")
    parser.add_argument("--people", action="store_true")
    options = parser.parse_args()
    if options.plain:
        arrays.installed = lambda _: False  # type: ignore[assignment]
    if options.national:
        national()
    elif options.people:
        people()
    else:
        ratios(options.edges, plain=options.plain)


if __name__ == "__main__":
    main()
