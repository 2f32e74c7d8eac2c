"""Part A, continued: the technologies found in the texts, their growth, and the core patents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import indicators, network, plot
from patentnav.report.blocks import Figure, Interactive, Ref, Table, Text
from patentnav.report.registry import UnavailableError, section
from patentnav.report.study import RECENT, THIN, TOP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.study import Study

_TERMS = 6


@section("direction.technologies", needs=("texts",))
def technologies(study: Study) -> Iterator[Block]:
    """The patent map and the list of technologies."""
    found = study.technologies
    counts = study.counts(study.technology_of)
    labelled = int(found.labels.notna().sum())
    values = {
        "n": len(counts), "labelled": labelled, "count": len(study.patents),
        "share": labelled / len(study.patents), "first": study.technology_names[counts.index[0]],
        "first_share": counts.iloc[0] / counts.sum(), "unit": study.unit_word,
    }  # fmt: skip
    yield Text("direction.technologies.finding", values, "finding")
    yield Text("direction.technologies.body",
               {"figure": Ref("patent_map"), "table": Ref("technologies")})  # fmt: skip
    lang = study.lang
    yield Figure(
        Table("patent_map", _places(study), {"publication_id": "code"}, values,
              Text("direction.technologies.map_note", values, "note")),
        lambda ax: plot.patent_map(found, ax=ax, note=False, lang=lang),
        size=(6.2, 7.2),
        interactive=_map(study),
    )  # fmt: skip
    terms = found.terms[found.terms["rank"] <= _TERMS].sort_values(["technology", "rank"])
    words = terms.groupby("technology")["term"].agg(study.word("list_separator").join)
    first = found.representatives.sort_values(["technology", "rank"])
    typical = first.drop_duplicates("technology").set_index("technology")["publication_id"]
    frame = pd.DataFrame(
        {
            "technology": counts.index.map(study.technology_names), "count": counts.to_numpy(),
            "share": (counts / counts.sum()).to_numpy(),
            "terms": words.reindex(counts.index).to_numpy(),
            "representative": typical.reindex(counts.index).to_numpy(),
        }
    )  # fmt: skip
    yield Table("technologies", frame, {"share": "share", "count": "count", "representative": "code"},
                values, study.note("fractional"), rows=None)  # fmt: skip


def _places(study: Study) -> pd.DataFrame:
    layout = study.technologies.layout.dropna().sort_index()
    titles = study.patents.publications["title"].reindex(layout.index)
    labels = study.technologies.labels.reindex(layout.index)
    return pd.DataFrame(
        {
            "publication_id": layout.index, "title": titles.to_numpy(),
            "technology": labels.map(study.technology_names).to_numpy(),
            "x": layout["x"].to_numpy(), "y": layout["y"].to_numpy(),
        }
    )  # fmt: skip


def _map(study: Study) -> Interactive:
    """Dots that say number, title, owner and year."""
    places = _places(study)
    index = pd.Index(places["publication_id"])
    title = places["title"].fillna("").str.slice(0, 80)
    years = study.patents.publications[study.basis].dt.year.reindex(index)
    owner = pd.Series("", index=index)
    if study.patents.has("parties"):
        first = study.owners.drop_duplicates("publication_id").set_index("publication_id")["name"]
        owner = first.reindex(index).fillna("")
    year = years.map(lambda y: "" if pd.isna(y) else f"{y:.0f}").to_numpy()
    lines = [places["publication_id"].to_numpy(), title.to_numpy(), owner.to_numpy(), year,
             places["technology"].fillna("").to_numpy()]  # fmt: skip
    label = ["\n".join(x for x in row if x) for row in zip(*lines, strict=True)]
    points = pd.DataFrame(
        {"x": places["x"], "y": places["y"], "group": places["technology"],
         "name": places["publication_id"] + " " + title, "label": label}
    )  # fmt: skip
    return Interactive("patent_map", points, names=_centres(study))


def _centres(study: Study) -> pd.DataFrame:
    """Id and first term of every technology, in the middle of its dots."""
    found = study.technologies
    centre = found.layout.groupby(found.labels)[["x", "y"]].median().round(4)
    first = found.terms[found.terms["rank"] == 1].set_index("technology")["term"]
    terms = first.reindex(centre.index).fillna("")
    return centre.assign(name=(centre.index.to_series() + " " + terms).str.strip())


@section("direction.growth", needs=("texts",))
def growth(study: Study) -> Iterator[Block]:
    """Technologies that gain and lose weight."""
    frame = study.growth
    known = frame.dropna(subset=["growth_index"])
    known = known[known["recent_count"] + known["before_count"] >= THIN]
    if known.empty or not known["recent_count"].sum():
        raise UnavailableError("missing.growth", years=2 * RECENT)
    rising = known[known["growth_index"] > 1]
    values = {
        "recent": RECENT, "start": study.last_year - RECENT + 1, "end": study.last_year,
        "before_start": study.last_year - 2 * RECENT + 1, "before_end": study.last_year - RECENT,
        "n": len(rising), "total": len(known),
        "first": study.technology_names[known["technology"].iloc[0]],
        "index": known["growth_index"].iloc[0], "first_count": known["recent_count"].iloc[0],
        "last": study.technology_names[known["technology"].iloc[-1]],
        "last_index": known["growth_index"].iloc[-1], "thin": THIN, "unit": study.unit_word,
    }  # fmt: skip
    yield Text("direction.growth.finding", values, "finding")
    yield Text("direction.growth.body", {**values, "figure": Ref("technology_trend"),
                                         "table": Ref("growth")})  # fmt: skip
    yearly = study.by_year(study.technology_of)
    yearly = yearly[yearly["year"] > study.last_year - 15]
    lang, late, names = study.lang, study.incomplete_from, study.technology_names
    shown = yearly.rename(columns={"group": "technology"})
    shown = shown.assign(technology=shown["technology"].map(names))
    yield Figure(
        Table("technology_trend", shown, {"year": "year", "count": "count"}, values,
              study.note("fractional", dated=True)),
        lambda ax: plot.trend(yearly, ax=ax, incomplete_from=late, labels=names, lang=lang),
    )  # fmt: skip
    table = frame.assign(technology=frame["technology"].map(names))
    forms = {"count": "count", "recent_count": "count", "before_count": "count",
             "recent_share": "share", "before_share": "share"}  # fmt: skip
    yield Table("growth", table, forms, values, study.note("fractional", dated=True), rows=None)


@section("direction.citations")
def citations(study: Study) -> Iterator[Block]:
    """Publications that others build on."""
    patents = study.patents
    if patents.has("citations") and len(patents.citations):
        counts = indicators.forward_citations(patents, window=None, unit=study.unit)
        source = "links"
        if not counts.notna().any():
            counts = _inside(study)
            source = "inside"
    elif patents.has("publications", "forward_citation_count"):
        counts = patents.publications["forward_citation_count"]
        source = "vendor"
    else:
        raise UnavailableError("missing.citations")
    known = counts.dropna().astype("int64")
    known = known[known > 0]
    if known.empty:
        raise UnavailableError("missing.no_citations")
    order = known.iloc[np.lexsort((known.index.astype(str), -known.to_numpy()))]
    values = {
        "first": order.index[0], "count": int(order.iloc[0]), "cited": len(order),
        "known": int(counts.notna().sum()), "total": len(patents),
        "share": len(order) / int(counts.notna().sum()),
    }  # fmt: skip
    yield Text("direction.citations.finding", values, "finding")
    yield Text(f"direction.citations.{source}", {"table": Ref("core")})
    publications = patents.publications
    top = order.head(200)
    frame = pd.DataFrame(
        {
            "publication_id": top.index, "title": publications["title"].reindex(top.index),
            "applicant": _first_owner(study).reindex(top.index),
            "application_date": publications["application_date"].reindex(top.index),
            "citations": top,
        }
    )  # fmt: skip
    yield Table("core", frame.reset_index(drop=True), {"publication_id": "code"}, values,
                Text("direction.citations.note", {}, "note"), rows=TOP)  # fmt: skip


def _inside(study: Study) -> pd.Series:
    """Citations received from publications of the set."""
    graph = network.citations(study.patents)
    ids = study.patents.publications.index
    degree = dict(graph.in_degree())
    return pd.Series([degree.get(i, 0) for i in ids], index=ids, dtype="int64")


def _first_owner(study: Study) -> pd.Series:
    if not study.patents.has("parties"):
        return pd.Series(dtype="str")
    return study.owners.drop_duplicates("publication_id").set_index("publication_id")["name"]
