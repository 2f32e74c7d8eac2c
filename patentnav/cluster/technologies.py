"""Technologies of a set: groups of publications by what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patentnav import text
from patentnav._threads import ENOUGH, workers
from patentnav.cluster import graph as graphs
from patentnav.cluster import groups, layout, neighbours, number, vectors, views
from patentnav.cluster.result import Grouped, Space, Technologies, assemble
from patentnav.errors import ArgumentError, MissingTableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from scipy.sparse import csr_matrix

    from patentnav._threads import Workers
    from patentnav.patentset import PatentSet

WORD_GRAPH = 4.0  # weight of the graph by words; all others, one


def technologies(
    patents: PatentSet,
    n_clusters: int | None = None,
    random_state: int = 0,
    *,
    language: str | None = None,
    words: Iterable[str] = (),
    also: Sequence[str] | None = None,
    embed: Callable[[list[str]], np.ndarray] | None = None,
) -> Technologies:
    """Group publications by what their titles and abstracts say.

    Parameters
    ----------
    patents
        The set; every publication is placed by itself (use ``clean.deduplicate`` for one per
        application).
    n_clusters
        Number of technologies; proposed from the data where omitted (``evidence`` says why).
    random_state
        Seed. The order of the rows does not matter.
    language
        Read the set in this language; otherwise as :func:`patentnav.text.documents` chooses.
    words
        The user's own Chinese terms, kept whole.
    also
        Further views beside the text: ``classes``, ``citations``. Where omitted, none, but
        ``classes`` for a set in several languages that carries them: they tie the languages.
    embed
        A sentence embedding as a further view: a function from texts to an array with one row per
        text, e.g. :func:`patentnav.cluster.sentence_encoder`.

    Returns
    -------
    Technologies

    Raises
    ------
    MissingTableError
        No publication has text, or a view's table is not carried.
    ArgumentError
        ``n_clusters`` is no number from one to the number of publications with usable text; a view
        is unknown; ``embed`` returns another shape.

    Notes
    -----
    BM25 weights of words, a latent space of 100 directions, graphs of nearest neighbours (by words,
    in that space, and by the further views), vectors drawn towards their neighbours, fine groups
    merged by Ward's criterion and refined by k-means, the tightest of four such groupings. Above 50,000 publications no step grows with
    the square of their number.
    """
    own_words = tuple(words)
    documents = text.documents(patents, language=language)
    set_language = str(documents["set_language"].iloc[0])
    cut = vectors.words(documents, own_words)
    counts = cut.counts()
    columns = vectors.usable(counts)
    usable = counts[:, columns]
    rows = np.flatnonzero(np.diff(usable.indptr) > 0)
    _check(n_clusters, len(rows), len(documents))
    placed = documents.iloc[rows]
    if also is None:
        tie = set_language == "mixed" and patents.has("classifications")
        also = ("classes",) if tie else ()
    others = [views.graph_of(patents, view, placed.index) for view in also]
    if embed is not None:
        others.append(views.embedding_graph(placed, embed, random_state=random_state))
    latent = vectors.latent(usable[rows], cut.share_in_names()[columns])
    with workers(threads=len(rows) >= ENOUGH) as work:
        space = _space(work, rows, usable[rows], latent, others, random_state=random_state)
        points = work.begin(layout.place, space.nearest, space.vectors)
        if n_clusters is None:
            grown = groups.tree(space.smoothed, random_state=random_state)
            evidence = number.evidence(grown, space.graph)
            n_clusters = int(evidence.loc[evidence["proposed"], "n_clusters"].iloc[0])
        else:
            evidence = number.NO_EVIDENCE
        tried = groups.begun(work, space.smoothed, n_clusters, random_state=random_state)
        found = groups.tightest(tried)
        k = int(found.max()) + 1
        drawn = number.draws(work, space.smoothed, k, random_state=random_state)
        grouping = Grouped(found, evidence, points(), number.stability(found, drawn))
    parameters = {
        "n_clusters": n_clusters,
        "random_state": random_state,
        "language": set_language,
        "words": sorted(own_words),
        "also": list(also),
        "embed": getattr(embed, "__name__", None) if embed else None,
    }
    return assemble(documents, cut, space, grouping, parameters=parameters)


def _check(n_clusters: int | None, placed: int, n: int) -> None:
    if not placed:
        msg = (
            f"None of the {n} publications shares a word with another that would group them. Give "
            "titles or abstracts with more than boilerplate."
        )
        raise MissingTableError(msg)
    if n_clusters is None:
        return
    whole = isinstance(n_clusters, int | np.integer) and not isinstance(n_clusters, bool)
    if not whole or not 1 <= n_clusters <= placed:
        msg = (
            f"n_clusters={n_clusters!r} must be a whole number from 1 to {placed}, the publications "
            "with usable text. Leave it out to have one proposed."
        )
        raise ArgumentError(msg)


def _space(
    work: Workers,
    rows: np.ndarray,
    counts: csr_matrix,
    latent: np.ndarray,
    others: list[csr_matrix],
    *,
    random_state: int,
) -> Space:
    by_words = work.begin(_by_words, counts)
    nearest, cosines = neighbours.nearest(latent, neighbours.PER_VECTOR, random_state=random_state)
    parts = [
        (WORD_GRAPH, by_words()),
        (1.0, graphs.neighbour_graph(nearest, cosines)),
        *((1.0, other) for other in others),
    ]
    graph = graphs.join(parts)
    return Space(rows, latent, graphs.smooth(graph, latent), graph, nearest)


def _by_words(counts: csr_matrix) -> csr_matrix:
    weights = vectors.heaviest(text.bm25(counts))
    return graphs.neighbour_graph(*neighbours.nearest_sparse(weights, neighbours.PER_VECTOR))
