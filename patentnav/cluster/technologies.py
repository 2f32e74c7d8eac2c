"""Technologies of a set: groups of publications by text, with names, map and quality."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import i18n, text
from patentnav.cluster import graph as graphs
from patentnav.cluster import groups, layout, neighbours, number, vectors
from patentnav.cluster import labels as naming
from patentnav.errors import ArgumentError, MissingTableError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scipy.sparse import csr_matrix

    from patentnav.patentset import PatentSet

NEIGHBOURS = 15
WORD_GRAPH = 2.0  # weight of the graph by words beside the graph by latent vectors
REPRESENTATIVES = 5
ALL_IN_TITLES = 0.5  # where fewer publications have a title, names come from the bodies


@dataclass(frozen=True, eq=False)
class Technologies:
    """Result of :func:`technologies`.

    Attributes
    ----------
    labels
        Series ``technology`` by ``publication_id``: ``T01`` (the largest) …; NA without text.
    names
        Series by technology: its name in the language of the texts.
    terms
        ``technology, rank, term, weight, cover``: telling phrases, best first; ``cover`` is the
        share of the technology's titles that hold the phrase (0 to 1).
    layout
        ``x, y`` by ``publication_id``; NA without text. Only nearness means something.
    representatives
        ``technology, rank, publication_id``: the most typical publications, titles all different.
    quality
        ``measure, value, note``.
    evidence
        ``n_clusters, modularity, proposed``: why so many technologies; no rows where the number
        was given.
    typicality
        Series by ``publication_id``: cosine to the centre of its technology; NA without text.
    parameters
        What the result depends on.
    """

    labels: pd.Series
    names: pd.Series
    terms: pd.DataFrame
    layout: pd.DataFrame
    representatives: pd.DataFrame
    quality: pd.DataFrame
    evidence: pd.DataFrame
    typicality: pd.Series
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def sizes(self) -> pd.Series:
        """Publications per technology."""
        counts = self.labels.value_counts().reindex(self.names.index, fill_value=0)
        return counts.rename("publications").astype("Int64")

    def to_frame(self) -> pd.DataFrame:
        """One row per publication: ``technology, name, typicality, x, y``."""
        names = self.labels.map(self.names).rename("name").astype("str")
        return pd.concat([self.labels, names, self.typicality, self.layout], axis=1)

    def __repr__(self) -> str:
        lines = [f"Technologies: {len(self.names)} of {len(self.labels):,} publications"]
        rows = zip(self.names.index, self.sizes, self.names, strict=True)
        lines += [f"  {technology} {size:>7,}  {name}" for technology, size, name in rows]
        return "\n".join(lines)


@dataclass(frozen=True)
class _Space:
    """Vectors and neighbours of the documents that have usable words."""

    vectors: np.ndarray
    smoothed: np.ndarray
    graph: csr_matrix
    nearest: np.ndarray


def technologies(
    patents: PatentSet,
    n_clusters: int | None = None,
    random_state: int = 0,
    *,
    language: str | None = None,
    words: Iterable[str] = (),
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

    Returns
    -------
    Technologies

    Raises
    ------
    MissingTableError
        No publication has text.
    ArgumentError
        ``n_clusters`` is no number from one to the number of publications with usable text.

    Notes
    -----
    BM25 weights of words, a latent space of 100 directions, two graphs of nearest neighbours (by
    words and in that space), vectors drawn towards their neighbours, fine groups merged by Ward's
    criterion and refined by k-means. Nothing grows with the square of the number of publications
    above 50,000.
    """
    documents = text.documents(patents, language=language)
    cut = vectors.words(documents, tuple(words))
    counts = cut.counts()
    usable = counts[:, vectors.usable(counts)]
    placed = np.flatnonzero(np.diff(usable.indptr) > 0)
    _check(n_clusters, placed, documents)
    space = _space(usable[placed], random_state)
    grown = groups.tree(space.smoothed, n_groups=n_clusters or 0, random_state=random_state)
    evidence = number.evidence(grown, space.graph)
    if n_clusters is None:
        n_clusters = int(evidence.loc[evidence["proposed"], "n_clusters"].iloc[0])
    else:
        evidence = evidence.assign(proposed=False).iloc[:0]
    start = grown.cut(min(n_clusters, grown.m))[grown.fine]
    found = groups.by_size(groups.refined(space.smoothed, start, random_state=random_state))
    points = layout.place(space.nearest, space.vectors)
    parameters = {
        "n_clusters": n_clusters, "random_state": random_state,
        "language": documents.attrs["language"], "words": sorted(words),
    }  # fmt: skip
    return _result(documents, cut, placed, found=found, points=points, space=space,
                   evidence=evidence, parameters=parameters)  # fmt: skip


def _check(n_clusters: int | None, placed: np.ndarray, documents: pd.DataFrame) -> None:
    if not len(placed):
        msg = (
            f"None of the {len(documents)} publications shares a word with another that would "
            "group them. Give titles or abstracts with more than boilerplate."
        )
        raise MissingTableError(msg)
    if n_clusters is None:
        return
    whole = isinstance(n_clusters, int | np.integer) and not isinstance(n_clusters, bool)
    if not whole or not 1 <= n_clusters <= len(placed):
        msg = (
            f"n_clusters={n_clusters!r} must be a whole number from 1 to {len(placed)}, the "
            "publications with usable text. Leave it out to have one proposed."
        )
        raise ArgumentError(msg)


def _space(counts: csr_matrix, random_state: int) -> _Space:
    rare = text.bm25(counts, power=vectors.RARE_POWER)
    latent = vectors.latent(rare, random_state=random_state)
    nearest, cosines = neighbours.nearest(latent, NEIGHBOURS, random_state=random_state)
    by_words = neighbours.nearest_sparse(vectors.heaviest(text.bm25(counts)), NEIGHBOURS)
    graph = graphs.join([
        (WORD_GRAPH, graphs.neighbour_graph(*by_words)),
        (1.0, graphs.neighbour_graph(nearest, cosines)),
    ])  # fmt: skip
    return _Space(latent, graphs.smooth(graph, latent), graph, nearest)


def _result(
    documents: pd.DataFrame,
    cut: vectors.Words,
    placed: np.ndarray,
    *,
    found: np.ndarray,
    points: np.ndarray,
    space: _Space,
    evidence: pd.DataFrame,
    parameters: dict[str, Any],
) -> Technologies:
    k = int(found.max()) + 1
    ids = pd.Index([f"T{i:0{max(2, len(str(k)))}d}" for i in range(1, k + 1)], name="technology")
    index = documents.index
    everywhere = np.full(len(index), -1)
    everywhere[placed] = found
    labels = pd.Series(pd.NA, index=index, name="technology", dtype="str")
    labels.iloc[placed] = ids[found].to_numpy()
    in_titles = documents["title"].notna().mean() >= ALL_IN_TITLES
    source = slice(0, cut.n) if in_titles else slice(cut.n, 2 * cut.n)
    spoken = naming.phrases(cut.tokens, source)
    ranked = naming.ranked(spoken, everywhere, cut.tokens)
    names = naming.names(
        ranked, k,
        separator=i18n.text("cluster.separator", _wording(parameters["language"])),
        remainder=i18n.text("cluster.remainder", _wording(parameters["language"])),
    )  # fmt: skip
    typical = _typicality(space.smoothed, found)
    typicality = pd.Series(typical, index=index[placed], name="typicality").reindex(index)
    frame = pd.DataFrame(np.nan, index=index, columns=["x", "y"])
    frame.iloc[placed] = points
    measures = {
        "publications": float(len(index)),
        "without_text": float(documents["language"].isna().sum()),
        "without_shared_words": float(len(index) - len(placed))
        - float(documents["language"].isna().sum()),
        "technologies": float(k),
        "modularity": graphs.modularity(space.graph, found),
        "stability": number.stability(
            space.smoothed, found, random_state=parameters["random_state"]
        ),
        "remainders": float(naming.weak(ranked, k).sum()),
        "neighbours_kept": layout.kept_share(space.nearest[:, : layout.NEIGHBOURS], points),
    }
    quality = pd.DataFrame(
        [(m, v, i18n.text(f"cluster.quality.{m}")) for m, v in measures.items()],
        columns=["measure", "value", "note"],
    )
    terms = ranked.assign(technology=ids[ranked["group"]].to_numpy())
    return Technologies(
        labels=labels,
        names=pd.Series(names, index=ids, name="name", dtype="str"),
        terms=terms[["technology", "rank", "term", "weight", "cover"]],
        layout=frame,
        representatives=_representatives(labels, typicality, documents),
        quality=quality,
        evidence=evidence,
        typicality=typicality,
        parameters=parameters,
    )


def _wording(language: str) -> str | None:
    return language if language in i18n.languages() else None


def _typicality(smoothed: np.ndarray, found: np.ndarray) -> np.ndarray:
    centres = vectors.unit(groups.group_means(smoothed, found, int(found.max()) + 1))
    return np.asarray(np.einsum("ij,ij->i", smoothed, centres[found]), dtype=np.float64)


def _representatives(
    labels: pd.Series, typicality: pd.Series, documents: pd.DataFrame
) -> pd.DataFrame:
    frame = pd.DataFrame(
        {"technology": labels, "typicality": typicality.round(6), "title": documents["title"]}
    ).dropna(subset=["technology"])
    frame = frame.rename_axis("publication_id").reset_index()
    frame = frame.sort_values(
        ["technology", "typicality", "publication_id"], ascending=[True, False, True]
    )
    repeated = frame["title"].notna() & frame.duplicated(["technology", "title"])
    frame = frame[~repeated]
    frame["rank"] = frame.groupby("technology").cumcount() + 1
    frame = frame[frame["rank"] <= REPRESENTATIVES]
    return frame[["technology", "rank", "publication_id"]].reset_index(drop=True)
