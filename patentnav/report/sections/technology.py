"""Part A, continued: the technologies found in the texts, their growth, and the core patents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import plot
from patentnav.errors import MissingColumnError, MissingTableError, UnavailableError
from patentnav.planning import THIN
from patentnav.report.blocks import Figure, Interactive, Overlay, Ref, Table, Text
from patentnav.report.registry import section
from patentnav.study import RECENT
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_TERMS = 6
_TITLE = 80  # characters of a title in the browser's map


@section("direction.technologies", needs=("texts",))
def technologies(edition: Edition) -> Iterator[Block]:
    """The patent map and the list of technologies."""
    study = edition.study
    found = study.technologies
    counts = study.counts(study.technology_of)
    labelled = int(found.labels.notna().sum())
    values = {
        "n": len(counts), "labelled": labelled, "count": len(study.patents),
        "share": labelled / len(study.patents), "first": edition.technology_names[counts.index[0]],
        "first_share": counts.iloc[0] / counts.sum(), "unit": edition.unit_word,
    }  # fmt: skip
    yield Text("direction.technologies.finding", values, "finding")
    yield Text("direction.technologies.body",
               {"figure": Ref("patent_map"), "table": Ref("technologies")})  # fmt: skip
    lang = edition.lang
    yield Figure(
        Table("patent_map", _places(edition), {"publication_id": "code"}, values,
              Text("direction.technologies.map_note", values, "note")),
        lambda ax: plot.patent_map(found, ax=ax, note=False, key=False, lang=lang),
        size=(6.2, 5.8),
        interactive=_map(edition),
    )  # fmt: skip
    terms = found.terms[found.terms["rank"] <= _TERMS].sort_values(["technology", "rank"])
    words = terms.groupby("technology")["term"].agg(edition.word("list_separator").join)
    first = found.representatives.sort_values(["technology", "rank"])
    typical = first.drop_duplicates("technology").set_index("technology")["publication_id"]
    frame = pd.DataFrame(
        {
            "technology": counts.index.map(edition.technology_names), "count": counts.to_numpy(),
            "share": (counts / counts.sum()).to_numpy(),
            "terms": words.reindex(counts.index).to_numpy(),
            "representative": typical.reindex(counts.index).to_numpy(),
        }
    )  # fmt: skip
    yield Table("technologies", frame, {"share": "share", "count": "count", "representative": "code"},
                values, edition.note("fractional"), rows=None)  # fmt: skip


def _places(edition: Edition) -> pd.DataFrame:
    study = edition.study
    layout = study.technologies.layout.dropna().sort_index()
    titles = study.patents.publications["title"].reindex(layout.index)
    labels = study.technologies.labels.reindex(layout.index)
    return pd.DataFrame(
        {
            "publication_id": layout.index, "title": titles.to_numpy(),
            "technology": labels.map(edition.technology_names).to_numpy(),
            "x": layout["x"].to_numpy(), "y": layout["y"].to_numpy(),
        }
    )  # fmt: skip


def _map(edition: Edition) -> Interactive:
    """Dots that tell what is known of a publication and are found by any of its numbers."""
    study = edition.study
    parts = plot.map_parts(study.technologies, lang=edition.lang)
    index, publications = parts.layout.index, study.patents.publications.reindex(parts.layout.index)
    points = pd.DataFrame(
        {"x": parts.layout["x"], "y": parts.layout["y"], "name": index,
         "label": publications["title"].fillna("").astype("str").str.slice(0, _TITLE)}
    )  # fmt: skip
    return Interactive(
        "patent_map", points, names=parts.names, hills=parts.hills, see="technologies",
        numbers=_numbers(edition, index), overlays=tuple(_overlays(edition, parts)),
    )  # fmt: skip


def _overlays(edition: Edition, parts: plot.MapParts) -> Iterator[Overlay]:
    study = edition.study
    index, lang = parts.layout.index, edition.lang
    publications = study.patents.publications.reindex(index)
    technology = study.technologies.labels.reindex(index).map(edition.technology_names)
    yield Overlay(edition.word("by_technology"), technology, parts.groups, hover=True)
    owners = _known(edition, "owners")
    if owners is not None:
        owners = owners.drop_duplicates(["publication_id", "name"])
        first = (
            owners.drop_duplicates("publication_id")
            .set_index("publication_id")["name"]
            .reindex(index)
        )
        every = owners.groupby("publication_id")["name"].agg(edition.word("list_separator").join)
        yield Overlay(edition.word("by_applicant"), every.reindex(index),
                      plot.overlay(first, top=9, lang=lang), hover=True, search=True)  # fmt: skip
    basis = _known(edition, "basis")
    if basis is not None:
        year = publications[basis].dt.year
        yield Overlay(edition.word("by_year"), year.map(lambda y: None if pd.isna(y) else f"{y:.0f}"),
                  plot.overlay(year, lang=lang), hover=True)  # fmt: skip
    yield from _industry(edition, index)
    if study.patents.has("publications", "legal_status"):
        status = edition.named("legal_status", publications["legal_status"])
        yield Overlay(edition.word("by_status"), status, plot.overlay(status, lang=lang))
    if study.patents.has("publications", "source_file"):
        yield Overlay(edition.word("by_source"), _sources(edition, publications))


def _known(edition: Edition, result: str) -> Any:
    """A result of the study, or None where the data do not carry it."""
    study = edition.study
    try:
        return getattr(study, result)
    except (UnavailableError, MissingTableError, MissingColumnError):
        return None


def _industry(edition: Edition, index: pd.Index) -> Iterator[Overlay]:
    """Industries, the heaviest first; it gives the colour."""
    rows = _known(edition, "memberships")
    if rows is None:
        return
    rows = rows.sort_values(["publication_id", "weight", "industry"], ascending=[True, False, True])
    rows = rows.drop_duplicates(["publication_id", "industry"])
    main = (
        rows.drop_duplicates("publication_id")
        .set_index("publication_id")["industry"]
        .reindex(index)
    )
    if not main.notna().any():
        return
    names = edition.industry_names
    told = rows.assign(name=rows["industry"].map(names)).groupby("publication_id")["name"]
    yield Overlay(
        edition.word("by_industry"), told.agg(edition.word("list_separator").join).reindex(index),
        plot.overlay(main, names=dict(names), top=10, lang=edition.lang),
    )  # fmt: skip


def _sources(edition: Edition, publications: pd.DataFrame) -> pd.Series:
    """The record that a publication was read from."""
    rows = zip(publications["source_file"], publications["source_row"], strict=True)
    told = [
        None if pd.isna(file) else str(file) if pd.isna(row)
        else edition.word("source_row", file=file, row=int(row))
        for file, row in rows
    ]  # fmt: skip
    return pd.Series(told, index=publications.index, dtype="object")


def _numbers(edition: Edition, index: pd.Index) -> list[list[str]]:
    """Numbers that find a publication: its own, its application's, those of its other publications."""
    study = edition.study
    given = study.given.publications
    keys = ("pct_application_id", "pct_publication_id")
    own = study.patents.publications.reindex(index)
    found = [[str(i)] for i in index]
    if "application_id" in given.columns:
        others = given.index.to_series().groupby(given["application_id"]).agg(sorted)
        for numbers, application in zip(found, own["application_id"], strict=True):
            if not pd.isna(application):
                numbers += [o for o in others.get(application, ()) if o != numbers[0]]
                numbers.append(f"={application}")
    for key in keys:
        if key in own.columns:
            for numbers, value in zip(found, own[key], strict=True):
                if not pd.isna(value):
                    numbers.append(str(value) if key == keys[1] else f"={value}")
    return found


@section("direction.growth", needs=("texts",))
def growth(edition: Edition) -> Iterator[Block]:
    """Technologies that gain and lose weight."""
    study = edition.study
    frame = study.growth
    known = frame.dropna(subset=["growth_index"])
    known = known[known["recent_count"] + known["before_count"] >= THIN]
    if known.empty or not known["recent_count"].sum():
        raise gap("missing.growth", years=2 * RECENT)
    rising = known[known["growth_index"] > 1]
    values = {
        "recent": RECENT, "start": study.last_year - RECENT + 1, "end": study.last_year,
        "before_start": study.last_year - 2 * RECENT + 1, "before_end": study.last_year - RECENT,
        "n": len(rising), "total": len(known),
        "first": edition.technology_names[known["technology"].iloc[0]],
        "index": known["growth_index"].iloc[0], "first_count": known["recent_count"].iloc[0],
        "last": edition.technology_names[known["technology"].iloc[-1]],
        "last_index": known["growth_index"].iloc[-1], "thin": THIN, "unit": edition.unit_word,
    }  # fmt: skip
    yield Text("direction.growth.finding", values, "finding")
    yield Text("direction.growth.body", {**values, "figure": Ref("technology_trend"),
                                         "table": Ref("growth")})  # fmt: skip
    yearly = study.by_year(study.technology_of)
    yearly = yearly[yearly["year"] > study.last_year - 15]
    lang, late, names = edition.lang, study.incomplete_from, edition.technology_names
    shown = yearly.rename(columns={"group": "technology"})
    shown = shown.assign(technology=shown["technology"].map(names))
    yield Figure(
        Table("technology_trend", shown, {"year": "year", "count": "count"}, values,
              edition.note("fractional", dated=True)),
        lambda ax: plot.trend(yearly, ax=ax, incomplete_from=late, labels=names, lang=lang),
    )  # fmt: skip
    table = frame.assign(technology=frame["technology"].map(names))
    forms = {"count": "count", "recent_count": "count", "before_count": "count",
             "recent_share": "share", "before_share": "share"}  # fmt: skip
    yield Table("growth", table, forms, values, edition.note("fractional", dated=True), rows=None)
