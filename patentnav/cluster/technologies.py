"""Technologies of a set: groups of publications by what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from patentnav import text
from patentnav._threads import ENOUGH, workers
from patentnav.cluster import (
    fitted,
    groups,
    layout,
    naming,
    neighbours,
    number,
    remainder,
    updates,
    vectors,
    views,
)
from patentnav.cluster import graph as graphs
from patentnav.cluster.result import Described, Grouped, Space, Technologies, assemble
from patentnav.errors import ArgumentError, MissingTableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from scipy.sparse import csr_matrix

    from patentnav._threads import Workers
    from patentnav.patentset import PatentSet


def technologies(
    patents: PatentSet,
    n_clusters: int | None = None,
    random_state: int = 0,
    *,
    language: str | None = None,
    words: Iterable[str] = (),
    also: Sequence[str] | None = None,
    embed: Callable[[list[str]], np.ndarray] | None = None,
    settle: bool | None = None,
    namer: Callable[[Described], str | None] | None = None,
    earlier: Technologies | None = None,
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
    settle
        Whether groups that no phrase names and that do not hold together are split, or dissolved
        into the others: what then belongs nowhere is the remainder (``TX``), and there may be more
        or fewer technologies than ``n_clusters``. Otherwise there are exactly so many. Where omitted,
        it is done if the number is proposed, not if it is asked for. Where the number is proposed,
        settled groups are fitted to their names, too: cut where the parts have better names.
    namer
        The user's own way to a name (a language model, say): called with a :class:`Described` of
        every technology and field; None keeps the proposed name. Nothing here calls a model.
    earlier
        An earlier result of the same search. Its technologies keep their publications, numbers and
        names, new publications join the nearest, and new technologies get further numbers.
        ``n_clusters`` is then not read. :func:`changes` says what differs.

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
    settle = n_clusters is None if settle is None else settle
    documents = text.documents(patents, language=language)
    set_language = str(documents["set_language"].iloc[0])
    cut = vectors.words(documents, own_words)
    usable, columns = vectors.counted(cut.counts())
    rows = np.flatnonzero(np.diff(usable.indptr) > 0)
    _check(n_clusters, len(rows), len(documents))
    placed = documents.iloc[rows]
    if also is None:
        tie = set_language == "mixed" and patents.has("classifications")
        also = ("classes",) if tie else ()
    others = [views.graph_of(patents, view, placed.index) for view in also]
    if embed is not None:
        others.append(views.embedding_graph(placed, embed, random_state=random_state))
    meaning = cut.meaning()[columns]
    latent = vectors.latent(usable[rows], cut.share_in_names()[columns], meaning)
    with workers(threads=len(rows) >= ENOUGH) as work:
        space = _space(
            work, rows, usable[rows], meaning, latent, others=others, random_state=random_state
        )
        points = work.begin(layout.place, space.nearest, space.vectors)
        about = naming.titles(documents, space.smoothed, rows, patents, own_words)
        evidence, kept = number.NO_EVIDENCE, None
        proposed = n_clusters is None and earlier is None
        if earlier is not None:
            kept = updates.carried(earlier, about, space, placed.index)
            found = kept.labels
            n_clusters = int(found.max()) + 1
        else:
            if n_clusters is None:
                grown = groups.tree(space.smoothed, random_state=random_state)
                evidence = number.evidence(grown, space.graph)
                n_clusters = int(evidence.loc[evidence["proposed"], "n_clusters"].iloc[0])
            tried = groups.begun(work, space.smoothed, n_clusters, random_state=random_state)
            found = groups.tightest(tried)
        steady = found
        # At work on the other cores while the groups are settled here.
        drawn = number.draws(work, space.smoothed, int(steady.max()) + 1, random_state=random_state)
        if earlier is None and settle and len(rows) >= remainder.ENOUGH:
            found = remainder.settled(about, rows, space.smoothed, space.graph, found)
            if proposed:
                found = fitted.fitted(about, space, found)
        grouping = Grouped(found, evidence, points(), number.stability(steady, drawn), kept)
    parameters = {
        "n_clusters": n_clusters,
        "random_state": random_state,
        "language": set_language,
        "words": sorted(own_words),
        "also": list(also),
        "embed": getattr(embed, "__name__", None) if embed else None,
        "settle": settle,
        "namer": getattr(namer, "__name__", None) if namer else None,
        "earlier": earlier is not None,
    }
    return assemble(
        documents, cut, space, grouping, about,
        patents=patents, namer=namer, parameters=parameters,
    )  # fmt: skip


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
    meaning: np.ndarray,
    latent: np.ndarray,
    *,
    others: list[csr_matrix],
    random_state: int,
) -> Space:
    by_words = work.begin(_by_words, counts, meaning)
    nearest, cosines = neighbours.nearest(latent, neighbours.PER_VECTOR, random_state=random_state)
    parts = [
        (graphs.WORD_GRAPH, by_words()),
        (1.0, graphs.neighbour_graph(nearest, cosines)),
        *((1.0, other) for other in others),
    ]
    graph = graphs.join(parts)
    return Space(rows, latent, graphs.smooth(graph, latent), graph, nearest)


def _by_words(counts: csr_matrix, meaning: np.ndarray) -> csr_matrix:
    weights = vectors.heaviest(text.bm25(counts, factors=meaning))
    return graphs.neighbour_graph(*neighbours.nearest_sparse(weights, neighbours.PER_VECTOR))
