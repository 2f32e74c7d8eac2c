"""Groups that an analyst drew or listed, as technologies of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import query, sheets, text
from patentnav.cluster.result import REMAINDER, REPRESENTATIVES
from patentnav.errors import ArgumentError, DataQualityWarning, warn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from patentnav.cluster.result import Technologies
    from patentnav.patentset import PatentSet

TERMS = 10
LEAST = 2  # titles of a group that hold a phrase


def with_groups(
    technologies: Technologies,
    patents: PatentSet,
    groups: Mapping[str, Any] | pd.DataFrame | str | Path,
) -> Technologies:
    """Make groups of publications technologies of their own; the rest stays as it is.

    Given the same groups, a later result of the same search gets the same technologies, so that a
    table of groups is kept and played again like the decisions on names.

    Parameters
    ----------
    technologies
        Result of :func:`patentnav.cluster.technologies`, or of this function.
    patents
        The set it was made of.
    groups
        Name -> publications (numbers in any spelling, ids, or a set such as one drawn on a map), or
        a table (or the path of one: xlsx, csv, parquet) with a row per publication, the name of the
        group in its first column and the number in its second. A publication that stands in two
        groups goes to the first. A name that a technology has already adds to that technology.

    Returns
    -------
    Technologies
        New technologies have the next free numbers, and lie in the field from which most of their
        publications come. Every publication has one technology, as before: others shrink, and one
        that loses all is gone. Names, numbers, places on the map stay. ``typicality`` of publications
        that moved is NA: they were put there, not found there.

    Raises
    ------
    ArgumentError
        No group is given, one holds no publication of the set, or the table has one column.

    Warns
    -----
    DataQualityWarning
        Numbers are not in the set, or stand in several groups.

    Examples
    --------
    >>> from patentnav import cluster, datasets
    >>> patents = datasets.city(300).patents
    >>> found = cluster.technologies(patents)
    >>> mine = cluster.with_groups(found, patents, {"Mine": list(patents.publications.index[:40])})
    >>> int(mine.sizes.sum()) == int(found.sizes.sum())
    True
    """
    rows = _rows(patents, groups)
    labels = technologies.labels.copy()
    rows = rows[rows["publication_id"].isin(labels.index)]
    names = technologies.names.copy()
    keys: dict[str, str] = {}
    for name in dict.fromkeys(rows["group"]):
        known = names.index[(names == name) & (names.index != REMAINDER)]
        keys[name] = str(known[0]) if len(known) else _next_number([*names.index, *keys.values()])
    target = rows.set_index("publication_id")["group"].map(keys)
    moved = target[labels.reindex(target.index).fillna("") != target]
    before = labels.reindex(target.index)
    labels.loc[target.index] = target
    gone = [k for k in names.index if k not in set(labels.dropna())]
    fresh = {k: n for n, k in keys.items() if k not in names.index}
    order = [k for k in names.index if k != REMAINDER and k not in gone] + list(fresh)
    order += [k for k in names.index if k == REMAINDER and k not in gone]
    names = pd.concat([names, pd.Series(fresh, dtype="str")])[order]
    areas = technologies.areas.copy()
    for key in fresh:
        areas[key] = _field(technologies, before[target == key])
    areas = areas[[k for k in order if k in areas.index]]
    typicality = technologies.typicality.copy()
    typicality.loc[moved.index] = np.nan
    return replace(
        technologies,
        labels=labels,
        names=names.rename("name").rename_axis("technology"),
        areas=areas.rename("area").rename_axis("technology"),
        area_names=technologies.area_names[technologies.area_names.index.isin(areas)],
        terms=_terms(technologies, patents, labels, list(fresh), gone),
        representatives=_representatives(technologies, patents, labels, typicality),
        typicality=typicality,
        quality=_quality(technologies, labels, len(areas)),
        parameters={
            **technologies.parameters,
            "groups": sorted(
                (str(g), str(p)) for p, g in rows[["publication_id", "group"]].to_numpy()
            ),
        },
    )


def _rows(patents: PatentSet, groups: Any) -> pd.DataFrame:
    """Rows ``group, publication_id`` of the groups, each publication once."""
    if isinstance(groups, Mapping):
        parts = {str(name): list(_numbers(part)) for name, part in groups.items()}
        empty = [name for name, part in parts.items() if not part]
        if empty:
            msg = f'Group "{empty[0]}" is empty: a search that finds nothing makes no group.'
            raise ArgumentError(msg)
        pairs = [(name, number) for name, part in parts.items() for number in part]
        table = pd.DataFrame(pairs, columns=["group", "number"], dtype="str")
    else:
        read = groups if isinstance(groups, pd.DataFrame) else sheets.read_table(Path(groups))
        if len(read.columns) < 2:
            msg = (
                "A table of groups has two columns: the name of the group and a publication number."
            )
            raise ArgumentError(msg)
        table = read.iloc[:, :2].set_axis(["group", "number"], axis=1).dropna().astype("str")
    table["group"], table["number"] = table["group"].str.strip(), table["number"].str.strip()
    if not len(table):
        msg = 'No group is given. Write {"name": [numbers]}, or a table of names and numbers.'
        raise ArgumentError(msg)
    known = query.places_of(patents.publications, table["number"])
    strange = table.loc[~table["number"].isin(known["number"]), "number"].unique()
    if len(strange):
        warn(f"{len(strange)} of {table['number'].nunique()} numbers are not in the set (first: "
             f"{strange[0]}) and are left out.", DataQualityWarning)  # fmt: skip
    ids = patents.publications.index[known["place"].to_numpy()]
    rows = table.merge(known.assign(publication_id=ids), on="number")[["group", "publication_id"]]
    rows = rows.drop_duplicates()
    twice = rows["publication_id"].duplicated()
    if twice.any():
        warn(f"{int(twice.sum())} publications stand in several groups (first: "
             f"{rows.loc[twice, 'publication_id'].iloc[0]}) and go to the first.", DataQualityWarning)  # fmt: skip
    rows = rows[~twice]
    empty = [name for name in dict.fromkeys(table["group"]) if name not in set(rows["group"])]
    if empty:
        msg = f'Group "{empty[0]}" holds no publication of the set. Check its numbers.'
        raise ArgumentError(msg)
    return rows


def _numbers(part: Any) -> Iterable[str]:
    publications = getattr(part, "publications", None)
    if publications is not None:
        return [str(key) for key in publications.index]
    return [part] if isinstance(part, str) else [str(number) for number in part]


def _next_number(taken: list[str]) -> str:
    numbers = [int(k[1:]) for k in taken if k[1:].isdigit()]
    width = max([len(k) - 1 for k in taken if k[1:].isdigit()], default=2)
    return f"T{max(numbers, default=0) + 1:0{width}d}"


def _field(technologies: Technologies, before: pd.Series) -> str:
    """Field from which most of the publications come; the first one where none had any."""
    counts = before.map(technologies.areas).dropna().value_counts()
    if not len(counts):
        return str(technologies.area_names.index[0])
    return str(min(counts.index, key=lambda area: (-int(counts[area]), area)))


def _terms(
    technologies: Technologies,
    patents: PatentSet,
    labels: pd.Series,
    fresh: list[str],
    gone: list[str],
) -> pd.DataFrame:
    """Terms of the others as they were, and phrases of the titles of the new ones."""
    kept = technologies.terms[~technologies.terms["technology"].isin(gone)]
    tables = [kept]
    if fresh:
        titles = patents.publications["title"].reindex(labels.index)
        phrases = text.noun_phrases(titles)
        for key in fresh:
            here = (labels == key).fillna(False).to_numpy(dtype=bool)
            inside = np.asarray((phrases.presence[here] > 0).sum(axis=0)).ravel()
            outside = np.asarray((phrases.presence[~here] > 0).sum(axis=0)).ravel()
            cover = inside / max(int(here.sum()), 1)
            weight = cover - outside / max(int((~here).sum()), 1)
            usable = (inside >= LEAST) & (weight > 0)
            best = sorted(np.flatnonzero(usable), key=lambda i: (-weight[i], phrases.texts[i]))[
                :TERMS
            ]
            tables.append(
                pd.DataFrame({
                    "technology": key, "rank": range(1, len(best) + 1),
                    "term": [str(phrases.texts[i]) for i in best],
                    "weight": weight[best], "cover": cover[best],
                })
            )  # fmt: skip
    return pd.concat([t for t in tables if len(t)], ignore_index=True)


def _representatives(
    technologies: Technologies, patents: PatentSet, labels: pd.Series, typicality: pd.Series
) -> pd.DataFrame:
    """Those that stay where they were, filled up by the next ones."""
    shown = technologies.representatives
    stays = labels.reindex(shown["publication_id"]).to_numpy() == shown["technology"].to_numpy()
    first = dict(zip(shown.loc[stays, "publication_id"], shown.loc[stays, "rank"], strict=True))
    frame = pd.DataFrame({
        "technology": labels, "rank": pd.Series(first, dtype=float).reindex(labels.index),
        "typicality": typicality.reindex(labels.index).fillna(-1.0).round(6),
        "title": patents.publications["title"].reindex(labels.index),
    })  # fmt: skip
    frame = frame[labels.notna() & (labels != REMAINDER)]
    frame = frame.rename_axis("publication_id").reset_index()
    frame = frame.sort_values(
        ["technology", "rank", "typicality", "publication_id"], ascending=[True, True, False, True]
    )
    repeated = frame["title"].notna() & frame.duplicated(["technology", "title"])
    frame = frame[~repeated]
    frame["rank"] = frame.groupby("technology").cumcount() + 1
    frame = frame[frame["rank"] <= REPRESENTATIVES]
    return frame[["technology", "rank", "publication_id"]].reset_index(drop=True)


def _quality(technologies: Technologies, labels: pd.Series, number: int) -> pd.DataFrame:
    """Measures that only count, anew; the others tell of the groups that were found."""
    counted = {"technologies": float(number), "remainder": float((labels == REMAINDER).sum())}
    quality = technologies.quality.copy()
    anew = quality["measure"].map(counted)
    quality["value"] = anew.where(anew.notna(), quality["value"])
    return quality
