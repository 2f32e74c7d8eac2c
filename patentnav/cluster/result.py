"""What :func:`patentnav.cluster.technologies` returns, and how it is put together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import i18n
from patentnav._explorable import Explorable
from patentnav._shown import presented
from patentnav.cluster import fields as field_headings
from patentnav.cluster import graph as graphs
from patentnav.cluster import groups, layout, naming, number, vectors, views

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scipy.sparse import csr_matrix

    from patentnav.cluster.continued import Carried
    from patentnav.cluster.names import Titles
    from patentnav.patentset import PatentSet

REPRESENTATIVES = 5
CORE = 4  # representatives are chosen among the most typical publications: one in so many
REMAINDER = "TX"  # id of what belongs to no technology; sorts behind all numbers


@presented(
    "technologies.overview", "technologies.to_frame()", "cluster.review(technologies, patents)"
)
@dataclass(frozen=True, eq=False)
class Technologies(Explorable):
    """Result of :func:`patentnav.cluster.technologies`.

    Attributes
    ----------
    labels
        Series ``technology`` by ``publication_id``: ``T01`` (the largest) …; ``TX`` for what
        belongs to none of them (:attr:`remainder`); NA without text.
    names
        Series by technology: its name in the language of the texts; the remainder comes last.
    areas
        Series by technology: the field (``A1`` …) it belongs to, see :attr:`overview`. For more
        detail inside a technology, call ``technologies`` on its publications.
    area_names
        Series by field: its name.
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
    area_evidence
        ``n_fields, modularity, told, proposed``: why so many fields; ``told`` is the share of a field
        that its heading tells, on average.
    typicality
        Series by ``publication_id``: cosine to the centre of its technology; NA without text.
    parameters
        What the result depends on.
    """

    _shown_by = "patent_map"

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
    area_evidence: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def remainder(self) -> str | None:
        """Id of the group of publications that belong to no technology; None without any."""
        return REMAINDER if REMAINDER in self.names.index else None

    @property
    def overview(self) -> pd.DataFrame:
        """Fields above the technologies, largest first.

        Returns
        -------
        pandas.DataFrame
            By ``area``: ``name``, ``technologies`` (ids, a tuple), ``publications``, ``share`` of
            the publications with a technology. The remainder is in no field. ``areas`` leads from
            a technology to its field.
        """
        sizes = self.sizes
        groups_of = self.areas.groupby(self.areas).groups
        members = pd.Series({key: tuple(own) for key, own in groups_of.items()}, dtype=object)
        total = sizes[self.areas.index].groupby(self.areas).sum()
        frame = pd.DataFrame(
            {
                "name": self.area_names,
                "technologies": members,
                "publications": total,
                "share": total / max(int(total.sum()), 1),
            }
        )
        order = frame["publications"].sort_values(ascending=False, kind="stable").index
        return frame.loc[order].rename_axis("area")

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
        lines = [f"Technologies: {len(self.areas)} of {len(self.labels):,} publications"]
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
        Group of each, numbered by size; -1 for those of none.
    evidence
        Why so many groups.
    points
        Places, n x 2.
    stability
        Agreement with groupings of a part (:func:`patentnav.cluster.number.stability`).
    kept
        What they continue of an earlier result.
    """

    found: np.ndarray
    evidence: pd.DataFrame
    points: np.ndarray
    stability: float
    kept: Carried | None = None


@dataclass(frozen=True)
class Described:
    """What a user's own ``namer`` is told of a technology or a field.

    Attributes
    ----------
    proposed
        The name that the package gives.
    terms
        Telling phrases, best first.
    titles
        Titles of typical publications.
    publications
        Their number in all.
    """

    proposed: str
    terms: tuple[str, ...]
    titles: tuple[str, ...]
    publications: int


def assemble(
    documents: pd.DataFrame,
    cut: vectors.Words,
    space: Space,
    grouped: Grouped,
    titles: Titles,
    *,
    patents: PatentSet,
    namer: Callable[[Described], str | None] | None = None,
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
    titles
        What names are made of.
    patents
        The set, whose classes tell what technologies are akin.
    namer
        The user's own way to a name.
    parameters
        To be kept with the result.
    """
    index = documents.index[space.rows]
    placed, points = grouped.found >= 0, grouped.points
    found, rows = grouped.found[placed], space.rows[placed]
    graph = space.graph if placed.all() else space.graph[placed][:, placed].tocsr()
    everywhere = np.full(len(documents), -1)
    everywhere[rows] = found
    named = naming.named(documents, cut, titles, everywhere)
    ids = _ids("T", len(named.names))
    names = named.names
    if grouped.kept is not None:
        ids = pd.Index(grouped.kept.ids, name="technology", dtype="str")
        names = _kept_names(grouped.kept, names)
    akin = views.class_profiles(patents, pd.Series(found, index=index[placed]))
    told = field_headings.headings(titles, everywhere, named)
    area_of, area_evidence = number.areas(
        space.smoothed[placed], graph, found, akin, strain=told.lost, told=told.tells
    )
    fields = np.where(everywhere >= 0, area_of[everywhere], -1)
    area_names = field_headings.field_names(told, area_of, named, documents)
    typicality = pd.Series(
        _typicality(space.vectors[placed], space.smoothed[placed], found), index=index[placed]
    )
    labels = pd.Series(ids[found], index=index[placed], name="technology", dtype="str")
    shown = documents["title"]
    representatives = _representatives(labels, typicality, shown[labels.index], named.held[rows])
    if namer is not None:
        names = _own_names(
            namer, names, ids, terms=named.terms, representatives=representatives, titles=shown,
            labels=labels,
        )  # fmt: skip
        of_fields = pd.Series(_ids("A", len(area_names))[fields[rows]], index=index[placed])
        area_names = _own_names(
            namer, area_names, _ids("A", len(area_names)), titles=shown, labels=of_fields
        )
    labels = labels.reindex(documents.index)
    beyond = documents["language"].notna() & labels.isna()
    name_of = pd.Series(names, index=ids, name="name", dtype="str")
    if beyond.any():
        labels[beyond] = REMAINDER
        name_of[REMAINDER] = i18n.text("cluster.remainder", naming.language(documents))
    measures = {
        **_coverage(documents, space),
        "technologies": len(names),
        "modularity": graphs.modularity(graph, found),
        "stability": grouped.stability,
        "remainder": float(beyond.sum()),
        "neighbours_kept": layout.kept_share(space.nearest[:, : layout.NEIGHBOURS], points),
    }
    return Technologies(
        labels=labels,
        names=name_of.rename_axis("technology"),
        areas=pd.Series(_ids("A", len(area_names))[area_of], index=ids, name="area", dtype="str"),
        area_names=pd.Series(area_names, index=_ids("A", len(area_names)), name="name"),
        terms=named.terms.assign(technology=ids[named.terms["group"]].to_numpy())[
            ["technology", "rank", "term", "weight", "cover"]
        ],
        layout=pd.DataFrame(points, index=index, columns=["x", "y"]).reindex(documents.index),
        representatives=representatives,
        quality=pd.DataFrame(
            [(m, float(v), i18n.text(f"cluster.quality.{m}")) for m, v in measures.items()],
            columns=["measure", "value", "note"],
        ),
        evidence=grouped.evidence,
        typicality=typicality.rename("typicality").reindex(documents.index),
        parameters=dict(parameters),
        area_evidence=area_evidence,
    )


def _ids(letter: str, k: int) -> pd.Index:
    """``T01`` … or ``A1`` …, of one length so that they sort."""
    width = max(len(str(k)), 2 if letter == "T" else 1)
    kind = {"T": "technology", "A": "area"}[letter]
    return pd.Index([f"{letter}{i:0{width}d}" for i in range(1, k + 1)], name=kind, dtype="str")


def _kept_names(kept: Carried, names: list[str]) -> list[str]:
    """Names of an earlier result where there are; new ones differ from them."""
    taken = set(kept.names.values())
    return [
        kept.names.get(key, name if name not in taken else f"{name} ({key})")
        for key, name in zip(kept.ids, names, strict=True)
    ]


def _own_names(
    namer: Callable[[Described], str | None],
    names: list[str],
    ids: pd.Index,
    *,
    terms: pd.DataFrame | None = None,
    representatives: pd.DataFrame | None = None,
    titles: pd.Series,
    labels: pd.Series,
) -> list[str]:
    """Names by the user's function, which may leave any of them as proposed."""
    sizes = labels.value_counts()
    result: list[str] = []
    for key, name in zip(ids, names, strict=True):
        own = () if terms is None else terms.loc[ids[terms["group"]] == key, "term"]
        if representatives is None:
            shown = titles[labels.index[labels == key][:REPRESENTATIVES]]
        else:
            here = representatives["technology"] == key
            shown = titles[representatives.loc[here, "publication_id"]]
        told = Described(name, tuple(own), tuple(shown.dropna()), int(sizes.get(key, 0)))
        given = namer(told)
        chosen = name if given is None or not str(given).strip() else str(given).strip()
        result.append(chosen if chosen not in result else f"{chosen} ({key})")
    return result


def _coverage(documents: pd.DataFrame, space: Space) -> dict[str, int]:
    without_text = int(documents["language"].isna().sum())
    return {
        "publications": len(documents),
        "without_text": without_text,
        "without_shared_words": len(documents) - len(space.rows) - without_text,
    }


def _typicality(own: np.ndarray, smoothed: np.ndarray, found: np.ndarray) -> np.ndarray:
    # Smoothed vectors are nearly equal inside a group: the document's own one tells more.
    centres = vectors.unit(groups.group_means(smoothed, found, int(found.max()) + 1))
    return np.asarray(np.einsum("ij,ij->i", own, centres[found]), dtype=np.float64)


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
