"""What :func:`patentnav.cluster.technologies` returns, and how it is put together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import i18n
from patentnav.cluster import graph as graphs
from patentnav.cluster import groups, layout, number, vectors
from patentnav.cluster import labels as naming

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scipy.sparse import csr_matrix

REPRESENTATIVES = 5
CORE = 4  # representatives are chosen among the most typical publications: one in so many
ENOUGH_TITLES = 0.5  # where fewer publications have a title, names come from the bodies


@dataclass(frozen=True, eq=False)
class Technologies:
    """Result of :func:`patentnav.cluster.technologies`.

    Attributes
    ----------
    labels
        Series ``technology`` by ``publication_id``: ``T01`` (the largest) …; NA without text.
    names
        Series by technology: its name in the language of the texts.
    areas
        Series by technology: the area (``A1`` …) it belongs to, the overview of many
        technologies. For more detail inside one, call ``technologies`` on its publications.
    area_names
        Series by area: its name.
    terms
        ``technology, rank, term, weight, cover``: telling phrases, best first; ``cover`` is the
        share of the technology's titles that hold the phrase (0 to 1).
    layout
        ``x, y`` by ``publication_id``; NA without text. Only nearness means something; the
        farthest publication is at distance one from the middle.
    representatives
        ``technology, rank, publication_id``: of the most typical quarter, the publications whose
        titles hold most phrases of the name, then the most typical; titles all different.
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
    areas: pd.Series
    area_names: pd.Series
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
        """One row per publication: ``technology, name, area, typicality, x, y``."""
        names = self.labels.map(self.names).rename("name").astype("str")
        areas = self.labels.map(self.areas).rename("area").astype("str")
        return pd.concat([self.labels, names, areas, self.typicality, self.layout], axis=1)

    def __repr__(self) -> str:
        lines = [f"Technologies: {len(self.names)} of {len(self.labels):,} publications"]
        rows = zip(self.names.index, self.sizes, self.names, strict=True)
        lines += [f"  {technology} {size:>7,}  {name}" for technology, size, name in rows]
        return "\n".join(lines)


@dataclass(frozen=True)
class Space:
    """Vectors and neighbours of the documents that have usable words.

    Attributes
    ----------
    rows
        Their places among all documents.
    vectors, smoothed
        Latent vectors, and the same drawn along the graph.
    graph
        Neighbour graph of all views.
    nearest
        Nearest neighbours by latent vectors, nearest first.
    """

    rows: np.ndarray
    vectors: np.ndarray
    smoothed: np.ndarray
    graph: csr_matrix
    nearest: np.ndarray


@dataclass(frozen=True)
class Grouped:
    """What was found of the documents of a :class:`Space`.

    Attributes
    ----------
    found
        Group of each, numbered by size.
    evidence
        Why so many groups.
    points
        Places, n x 2.
    stability
        Agreement with groupings of a part (:func:`patentnav.cluster.number.stability`).
    """

    found: np.ndarray
    evidence: pd.DataFrame
    points: np.ndarray
    stability: float


def assemble(
    documents: pd.DataFrame,
    cut: vectors.Words,
    space: Space,
    grouped: Grouped,
    *,
    parameters: Mapping[str, Any],
) -> Technologies:
    """Name, place and judge a grouping.

    Parameters
    ----------
    documents, cut
        The documents and their words.
    space
        Vectors of the documents that have any.
    grouped
        Their groups and places.
    parameters
        To be kept with the result.
    """
    index = documents.index[space.rows]
    found, points = grouped.found, grouped.points
    named = _name(documents, cut, space, found)
    names, terms = named.names, named.terms
    area_of = number.overview(space.smoothed, space.graph, found)
    area_names = _name(documents, cut, space, area_of[found]).names
    ids = _ids("T", len(names))
    typicality = pd.Series(_typicality(space, found), index=index, name="typicality")
    labels = pd.Series(ids[found], index=index, name="technology", dtype="str")
    measures = {
        **_coverage(documents, space),
        "technologies": len(names),
        "modularity": graphs.modularity(space.graph, found),
        "stability": grouped.stability,
        "remainders": int(named.remainders.sum()),
        "neighbours_kept": layout.kept_share(space.nearest[:, : layout.NEIGHBOURS], points),
    }
    return Technologies(
        labels=labels.reindex(documents.index),
        names=pd.Series(names, index=ids, name="name", dtype="str"),
        areas=pd.Series(_ids("A", len(area_names))[area_of], index=ids, name="area", dtype="str"),
        area_names=pd.Series(area_names, index=_ids("A", len(area_names)), name="name"),
        terms=terms.assign(technology=ids[terms["group"]].to_numpy())[
            ["technology", "rank", "term", "weight", "cover"]
        ],
        layout=pd.DataFrame(points, index=index, columns=["x", "y"]).reindex(documents.index),
        representatives=_representatives(
            labels, typicality, documents.loc[index, "title"], named.held
        ),
        quality=pd.DataFrame(
            [(m, float(v), i18n.text(f"cluster.quality.{m}")) for m, v in measures.items()],
            columns=["measure", "value", "note"],
        ),
        evidence=grouped.evidence,
        typicality=typicality.reindex(documents.index),
        parameters=dict(parameters),
    )


def _ids(letter: str, k: int) -> pd.Index:
    """``T01`` … or ``A1`` …, of one length so that they sort."""
    width = max(len(str(k)), 2 if letter == "T" else 1)
    kind = {"T": "technology", "A": "area"}[letter]
    return pd.Index([f"{letter}{i:0{width}d}" for i in range(1, k + 1)], name=kind, dtype="str")


@dataclass(frozen=True)
class Naming:
    """Names of groups, their phrases, which are remainders; how well its name fits each document."""

    names: list[str]
    terms: pd.DataFrame
    remainders: np.ndarray
    held: np.ndarray


def _name(documents: pd.DataFrame, cut: vectors.Words, space: Space, found: np.ndarray) -> Naming:
    everywhere = np.full(len(documents), -1)
    everywhere[space.rows] = found
    in_titles = documents["title"].notna().mean() >= ENOUGH_TITLES
    again = _repeated(documents["title" if in_titles else "body"], everywhere)
    source = slice(0, cut.n) if in_titles else slice(cut.n, 2 * cut.n)
    phrases = naming.phrases(cut.tokens, source)
    terms = naming.ranked(phrases, everywhere, again, cut.tokens)
    remainders = naming.weak(phrases, everywhere, terms, graphs.inside(space.graph, found))
    language = str(documents["set_language"].iloc[0])
    lang = language if language in i18n.languages() else None
    names = naming.names(
        terms,
        remainders,
        separator=i18n.text("cluster.separator", lang),
        remainder=i18n.text("cluster.remainder", lang),
        unnamed=i18n.text("cluster.unnamed", lang),
    )
    first = terms[terms["rank"] <= naming.PER_NAME]
    return Naming(names, terms, remainders, naming.held(phrases, everywhere, first)[space.rows])


def _repeated(texts: pd.Series, group: np.ndarray) -> np.ndarray:
    """True for the second and further publications of a text in a group: a family speaks once."""
    frame = pd.DataFrame({"text": texts.str.casefold().to_numpy(), "group": group})
    return (frame["text"].notna() & frame.duplicated()).to_numpy()


def _coverage(documents: pd.DataFrame, space: Space) -> dict[str, int]:
    without_text = int(documents["language"].isna().sum())
    return {
        "publications": len(documents),
        "without_text": without_text,
        "without_shared_words": len(documents) - len(space.rows) - without_text,
    }


def _typicality(space: Space, found: np.ndarray) -> np.ndarray:
    # Smoothed vectors are nearly equal inside a group: the document's own one tells more.
    centres = vectors.unit(groups.group_means(space.smoothed, found, int(found.max()) + 1))
    return np.asarray(np.einsum("ij,ij->i", space.vectors, centres[found]), dtype=np.float64)


def _representatives(
    labels: pd.Series, typicality: pd.Series, titles: pd.Series, held: np.ndarray
) -> pd.DataFrame:
    """Typical publications that show why the technology has its name."""
    frame = pd.DataFrame(
        {"technology": labels, "typicality": typicality.round(6), "title": titles, "held": held}
    )
    frame = frame.rename_axis("publication_id").reset_index()
    frame = frame.sort_values(
        ["technology", "typicality", "publication_id"], ascending=[True, False, True]
    )
    repeated = frame["title"].notna() & frame.duplicated(["technology", "title"])
    frame = frame[~repeated]
    groups = frame.groupby("technology")
    core = np.maximum(groups["held"].transform("size") / CORE, 2 * REPRESENTATIVES)
    frame = frame[groups.cumcount() < core]
    frame = frame.sort_values(["technology", "held"], ascending=[True, False], kind="stable")
    frame["rank"] = frame.groupby("technology").cumcount() + 1
    frame = frame[frame["rank"] <= REPRESENTATIVES]
    return frame[["technology", "rank", "publication_id"]].reset_index(drop=True)
