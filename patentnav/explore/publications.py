"""What a map tells of publications, and the numbers by which they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import i18n, plot
from patentnav._strings import joined, texts
from patentnav.explore.parts import Overlay

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TITLE = 240  # characters of a title, which is searched as well as shown
_TOP = 9  # owners with a colour of their own


def dots(layout: pd.DataFrame, titles: pd.Series | None) -> pd.DataFrame:
    """A row per publication with a place: ``x, y, name, label``."""
    label: pd.Series | str = ""
    if titles is not None:
        label = titles.reindex(layout.index).fillna("").astype("str").str.slice(0, TITLE)
    return layout[["x", "y"]].assign(name=layout.index, label=label)


def overlays(
    parts: plot.MapParts,
    technology: pd.Series,
    publications: pd.DataFrame | None = None,
    *,
    owners: pd.DataFrame | None = None,
    date: str | None = None,
    memberships: pd.DataFrame | None = None,
    industries: Mapping[str, str] | None = None,
    lang: str,
) -> Iterator[Overlay]:
    """Technology, applicant, year, industry, legal status and source, as far as they are known.

    Parameters
    ----------
    parts
        The map.
    technology
        Name of its technology by publication.
    publications
        Table of the set.
    owners
        ``publication_id, name``: the first owner of a publication gives the colour.
    date
        Column of ``publications`` whose year is told.
    memberships
        ``publication_id, industry, weight``: the heaviest industry gives the colour.
    industries
        Names of industries.
    lang
        Language of the words.
    """
    index = parts.layout.index

    def word(key: str) -> str:
        return i18n.text(f"explore.{key}", lang)

    yield Overlay(word("by_technology"), technology.reindex(index), parts.groups, hover=True)
    if owners is not None:
        rows = owners.drop_duplicates(["publication_id", "name"])
        first = rows.drop_duplicates("publication_id").set_index("publication_id")["name"]
        every = joined(rows, ["publication_id"], "name", word("separator")).reindex(index)
        groups = plot.overlay(first.reindex(index), top=_TOP, lang=lang)
        yield Overlay(word("by_applicant"), every, groups, hover=True, search=True)
    if publications is None:
        return
    publications = publications.reindex(index)
    if date is not None:
        year = publications[date].dt.year
        told = year.astype("Int64").astype("str")
        yield Overlay(word("by_year"), told, plot.overlay(year, lang=lang), hover=True)
    if memberships is not None:
        yield from _industry(memberships, index, industries or {}, lang)
    if "legal_status" in publications.columns and publications["legal_status"].notna().any():
        status = publications["legal_status"].map(
            {
                value: i18n.text(f"report.legal_status.{value}", lang)
                for value in sorted(publications["legal_status"].dropna().unique())
            }
        )
        yield Overlay(word("by_status"), status, plot.overlay(status, lang=lang))
    if "source_file" in publications.columns and publications["source_file"].notna().any():
        yield Overlay(word("by_source"), _sources(publications, lang))


def _industry(
    rows: pd.DataFrame, index: pd.Index, names: Mapping[str, str], lang: str
) -> Iterator[Overlay]:
    """Industries, the heaviest first; it gives the colour."""
    rows = rows.sort_values(["publication_id", "weight", "industry"], ascending=[True, False, True])
    rows = rows.drop_duplicates(["publication_id", "industry"])
    first = rows.drop_duplicates("publication_id").set_index("publication_id")["industry"]
    main = first.reindex(index)
    if not main.notna().any():
        return
    called = rows.assign(name=rows["industry"].map(lambda i: names.get(i, i)))
    told = joined(called, ["publication_id"], "name", i18n.text("explore.separator", lang))
    groups = plot.overlay(main, names=dict(names), top=10, lang=lang)
    yield Overlay(i18n.text("explore.by_industry", lang), told.reindex(index), groups)


def _sources(publications: pd.DataFrame, lang: str) -> pd.Series:
    """The record that a publication was read from."""
    word = i18n.wording(lang)["explore.source_row"]
    rows = publications["source_row"].astype("object")
    told = [
        None
        if not isinstance(file, str)
        else file
        if pd.isna(row)
        else word.format(file=file, row=int(row))
        for file, row in zip(texts(publications["source_file"]), rows, strict=True)
    ]
    return pd.Series(told, index=publications.index, dtype="object")


def numbers(publications: pd.DataFrame, given: pd.DataFrame) -> list[list[str]]:
    """Numbers that find a publication: its own, its application's, those of its other publications.

    Parameters
    ----------
    publications
        The publications, in the order of the dots.
    given
        All that were read: one application may have several.
    """
    found = [[str(number)] for number in publications.index.tolist()]
    if "application_id" in given.columns:
        read = given["application_id"].dropna()
        several = read[read.duplicated(keep=False)]
        others: dict[str, list[str]] = {}
        for number, application in zip(several.index.tolist(), texts(several), strict=True):
            others.setdefault(application, []).append(number)
        for own, application in zip(found, texts(publications["application_id"]), strict=True):
            if isinstance(application, str):
                if application in others:
                    own += [o for o in sorted(others[application]) if o != own[0]]
                own.append(f"={application}")
    for key, sign in (("pct_application_id", "="), ("pct_publication_id", "")):
        if key in publications.columns and publications[key].notna().any():
            for own, value in zip(found, texts(publications[key]), strict=True):
                if isinstance(value, str):
                    own.append(f"{sign}{value}")
    return found
