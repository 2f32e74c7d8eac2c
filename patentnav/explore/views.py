"""Interactive maps of publications, people and networks."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import pandas as pd

from patentnav import cluster, i18n, plot, schema, talent
from patentnav.config import get_config
from patentnav.errors import (
    ArgumentError,
    MissingTableError,
    UnavailableError,
    UnknownNameError,
)
from patentnav.explore import nodes, publications
from patentnav.explore.explorer import Content, Explorer
from patentnav.explore.parts import Interactive, Overlay
from patentnav.facts import owners
from patentnav.patentset import PatentSet
from patentnav.study.time import basis

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx

    from patentnav.cluster import Technologies
    from patentnav.network import Collaboration, Cooperation
    from patentnav.talent import TalentMap

_DISTINCT = 0.5  # of the publications: a column with more values tells nothing by its colour


def patent_map(
    shown: PatentSet | Technologies,
    *,
    patents: PatentSet | None = None,
    technologies: Technologies | None = None,
    colour_by: pd.Series | str | Mapping[str, pd.Series] | None = None,
    industries: pd.DataFrame | None = None,
    lang: str | None = None,
    random_state: int = 0,
) -> Explorer:
    """Explore publications on their map: the same map as on the page of a report.

    Parameters
    ----------
    shown
        A set, whose technologies are found first (for large sets give them), or technologies.
    patents
        The set behind technologies: titles, applicants, years, and the selection as a set.
    technologies
        Technologies of a set (:func:`patentnav.cluster.technologies`).
    colour_by
        What the colours say at first: values by ``publication_id``, a column of ``publications``,
        or several by their names. Every column that tells something can be chosen on the map.
    industries
        Memberships (:func:`patentnav.classify.memberships`), for colours and hover.
    lang
        Language of the map's own words.
    random_state
        Seed of the technologies of a set.

    Returns
    -------
    Explorer
        ``selected`` is the selection as a ``PatentSet``. Publications without text have no place
        and cannot be selected here.

    Raises
    ------
    ArgumentError
        No publication has a place, or no ``patents`` are there for a column.
    UnknownNameError
        ``colour_by`` is no column.

    Examples
    --------
    >>> import patentnav as pnav
    >>> city = pnav.datasets.city(n=200)
    >>> shown = pnav.explore.patent_map(city.patents, colour_by="legal_status")
    >>> shown
    Explorer: patent map of 199 dots
    """
    lang = lang or get_config().lang
    if isinstance(shown, PatentSet):
        patents = shown
        found = technologies or cluster.technologies(patents, random_state=random_state)
    else:
        found = shown
    parts = plot.map_parts(found, lang=lang)
    index = parts.layout.index
    names = pd.Series({key: f"{key} {name}" for key, name in found.names.items()})
    first = _asked(colour_by, patents, index, lang)
    told = publications.overlays(
        parts, found.labels.map(names), None if patents is None else patents.publications,
        owners=_owners(patents), date=_date(patents), memberships=industries, lang=lang,
    )  # fmt: skip
    known = None if patents is None else patents.publications.reindex(index)
    return Explorer(
        Content(
            Interactive(
                "patent_map",
                publications.dots(parts.layout, None if known is None else known["title"]),
                names=parts.names, hills=parts.hills, overlays=(*first, *told),
                numbers=None if known is None or patents is None
                else publications.numbers(known, patents.publications),
            ),
            index,
            columns=_columns(known, lang),
            draw=functools.partial(_draw, found, lang),
        ),
        lang=lang, patents=patents,
    )  # fmt: skip


def _draw(found: Technologies, lang: str, ax: object) -> object:
    return plot.patent_map(found, ax=ax, lang=lang, note=False, key=False)  # type: ignore[arg-type]


def _owners(patents: PatentSet | None) -> pd.DataFrame | None:
    """Owners of publications, where the set carries parties."""
    try:
        return None if patents is None else owners(patents, which="all", inventors=False)
    except MissingTableError:
        return None


def _date(patents: PatentSet | None) -> str | None:
    try:
        return None if patents is None else basis(patents)
    except UnavailableError:
        return None


def _asked(
    colour_by: pd.Series | str | Mapping[str, pd.Series] | None,
    patents: PatentSet | None,
    index: pd.Index,
    lang: str,
) -> list[Overlay]:
    """Overlays that the caller wants first."""
    if colour_by is None:
        return []
    if isinstance(colour_by, str):
        if patents is None:
            msg = f'colour_by="{colour_by}" names a column: give patents= too, or the values.'
            raise ArgumentError(msg)
        table = patents.publications
        if colour_by not in table.columns:
            raise UnknownNameError("column of publications", colour_by, list(table.columns))
        colour_by = {_label(colour_by, lang): _shown(table[colour_by])}
    elif isinstance(colour_by, pd.Series):
        colour_by = {str(colour_by.name or i18n.text("explore.label_network", lang)): colour_by}
    return [
        Overlay(label, _told(values.reindex(index)), plot.overlay(values.reindex(index), top=9, lang=lang),
                hover=True)
        for label, values in colour_by.items()
    ]  # fmt: skip


def _told(values: pd.Series) -> pd.Series:
    """Values as they are written."""
    return values.map(
        lambda v: None if pd.isna(v) else f"{v:g}" if isinstance(v, float) else str(v)
    )


def _shown(values: pd.Series) -> pd.Series:
    """A column as colours show it: of dates the year."""
    return values.dt.year if pd.api.types.is_datetime64_any_dtype(values.dtype) else values


def _label(column: str, lang: str) -> str:
    known = schema.table("publications").columns
    return known[column].labels[lang] if column in known else column


def _columns(known: pd.DataFrame | None, lang: str) -> dict[str, tuple[str, pd.Series]]:
    """Columns of publications that can give colours: with some values and not all different."""
    if known is None:
        return {}
    found = {}
    for column in known.columns:
        values = _shown(known[column])
        if not values.notna().any():
            continue
        number = pd.api.types.is_numeric_dtype(values.dtype)
        if number or values.nunique() <= max(_DISTINCT * len(values), 2):
            found[str(column)] = (_label(str(column), lang), values)
    return found


def talent_map(
    shown: PatentSet | TalentMap,
    *,
    patents: PatentSet | None = None,
    lang: str | None = None,
    random_state: int = 0,
) -> Explorer:
    """Explore people by their ties.

    Parameters
    ----------
    shown
        A set with resolved inventors, or what :func:`patentnav.talent.talent_map` returned.
    patents
        The set behind a talent map, for the selection.
    lang
        Language of the map's own words.
    random_state
        Seed of teams and places of a set.

    Returns
    -------
    Explorer
        ``ids`` are the selected people; ``selected`` are the publications of any of them.

    Raises
    ------
    ArgumentError
        None of the people is in ``patents``.
    """
    lang = lang or get_config().lang
    if isinstance(shown, PatentSet):
        patents = shown
        found = talent.talent_map(patents, random_state=random_state)
    else:
        found = shown
    people = found.people.dropna(subset=["x", "y"])
    edges = pd.DataFrame(sorted(found.graph.edges), columns=["source_id", "target_id"])
    table = pd.DataFrame(
        {"name": people["name"], "owner": people["main_owner"], "team": people["team_name"],
         "region": people["region"].astype("str"), "role": people["role"], "units": people["units"],
         "first_year": people["first_year"], "last_year": people["last_year"]}
    )  # fmt: skip
    role = table["role"].map(
        {r: i18n.text(f"plot.talent.{r}", lang) for r in table["role"].dropna().unique()}
    )
    return Explorer(
        Content(
            nodes.interactive("talent_map", table.assign(role=role), people[["x", "y"]], edges, lang=lang),
            people.index,
            holders=nodes.holders(patents, people.index),
            draw=functools.partial(_draw_talents, found, lang),
        ),
        lang=lang, patents=patents,
    )  # fmt: skip


def _draw_talents(found: TalentMap, lang: str, ax: object) -> object:
    return plot.talent_map(found, ax=ax, lang=lang)  # type: ignore[arg-type]


def network(
    shown: nx.Graph | Collaboration | Cooperation,
    *,
    patents: PatentSet | None = None,
    layout: pd.DataFrame | None = None,
    lang: str | None = None,
    random_state: int = 0,
) -> Explorer:
    """Explore a network of owners, people, classes or publications.

    Parameters
    ----------
    shown
        A graph, or what a function of :mod:`patentnav.network` returned.
    patents
        The set behind it, for the selection: nodes are found among its inventors, parties, classes
        and publications.
    layout
        ``x, y`` by node (:func:`patentnav.network.layout`); computed when omitted.
    lang
        Language of the map's own words.
    random_state
        Seed of the places and of the communities.

    Returns
    -------
    Explorer
        ``ids`` are the selected nodes; ``selected`` are the publications of any of them.

    Raises
    ------
    ArgumentError
        The network has no nodes, or none of them is in ``patents``.

    Examples
    --------
    >>> import patentnav as pnav
    >>> city = pnav.datasets.city(n=200)
    >>> graph = pnav.network.coclassification(city.patents)
    >>> pnav.explore.network(graph, patents=city.patents)
    Explorer: network of 44 dots
    """
    lang = lang or get_config().lang
    table, edges = nodes.tables(shown)
    if table.empty:
        msg = "The network has no nodes, so there is nothing to explore."
        raise ArgumentError(msg)
    where = nodes.places(edges, table.index, random_state) if layout is None else layout
    table = table[table.index.isin(where.dropna().index)]
    if "community" not in table.columns:
        table = table.assign(community=nodes.communities(edges, table, random_state))
    where = where.loc[table.index]
    edges = edges[edges["source_id"].isin(table.index) & edges["target_id"].isin(table.index)]
    return Explorer(
        Content(
            nodes.interactive("network", table, where, edges, lang=lang), table.index,
            holders=nodes.holders(patents, table.index),
            draw=functools.partial(nodes.draw, table, where, edges),
        ),
        lang=lang, patents=patents,
    )  # fmt: skip
