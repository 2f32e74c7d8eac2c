"""Part A, continued: the roadmap of the technologies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import planning, plot, valuation
from patentnav.planning.roadmap import BIN, FOLLOWED_WITHIN, FOLLOWERS, MIN_LINKS, PER_BIN, SPAN
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.registry import section
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.planning import Roadmap
    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_FEWEST = 5  # nodes below which there is no map


@section("direction.roadmap", needs=("parties",))
def roadmap(edition: Edition) -> Iterator[Block]:
    """What stands for each technology in every three years; by new terms where nothing is cited."""
    study = edition.study
    rows = study.technology_of
    rows = rows[~rows["technology"].isin(study.remainders)]
    if not study.is_dated:
        raise gap("missing.dates")
    source, counts = study.received
    judged = valuation.core(study.patents, counts)
    found = planning.roadmap(
        study.patents, rows, judged=judged, owners=study.owners,
        basis=study.basis, until=study.last_year, unit=study.unit,
    )  # fmt: skip
    if found.method == "terms" and len(study.capped):
        raise gap("missing.roadmap.capped")  # what is seen first is what was exported first
    if len(found.nodes) < _FEWEST:
        raise gap(f"missing.roadmap.{found.method}", fewest=_FEWEST)
    if found.method == "terms" and 2 * found.nodes["start"].value_counts().max() > len(found.nodes):
        raise gap("missing.roadmap.one_column", years=BIN)  # points of one time are no road
    values = _claims(edition, found, source)
    yield Text(f"direction.roadmap.{found.method}", values, "finding")
    yield Text(f"direction.roadmap.{found.method}_body", values)
    if found.method == "citations":
        yield Text("direction.roadmap.coverage", values, "note")
    else:
        yield Text("direction.roadmap.fallback", values, "note")
    yield Text("direction.roadmap.note", {}, "note")
    yield from _shown(edition, found, values)


def _claims(edition: Edition, found: Roadmap, source: str) -> dict[str, Any]:
    study, nodes = edition.study, found.nodes
    claim = edition.claims("direction.roadmap")
    details = {"method": found.method, "source": source}
    cell = "roadmap"

    def number(name: str, measure: str, value: int, unit: str) -> Any:
        return claim(name, "count", "set", measure, value, unit=unit, details=details,
                     evidence=(cell,))  # fmt: skip

    values: dict[str, Any] = {
        "n": number("n", "roadmap_nodes", len(nodes), "publication"),
        "lanes": number("lanes", "roadmap_lanes", nodes["technology"].nunique(), "technology"),
        "years": claim.parameter("years", BIN), "most": claim.parameter("most", PER_BIN),
        "span": claim.parameter("span", SPAN), "links": claim.parameter("links", MIN_LINKS),
        "figure": Ref("roadmap"), "table": Ref("roadmap_nodes"),
    }  # fmt: skip
    if found.method == "citations":
        total = len(study.patents)
        values |= {
            "path": number("path", "roadmap_on_path", int(nodes["on_path"].sum()), "publication"),
            "linked": claim("linked", "count", "set", "cited_inside", found.linked,
                            unit="publication"),
            "share": claim("share", "share", "set", "cited_inside_share", found.linked / total,
                           unit="ratio"),
        }  # fmt: skip
        return values
    first = nodes.sort_values(["followers", "publication_id"], ascending=[False, True]).iloc[0]
    publication = str(first["publication_id"])
    subject = {"details": {**details, "publication": publication}, "label": str(first["term"])}
    values |= {
        "term": str(first["term"]), "id": publication,
        "year": claim("year", "date", "set", "node_year", int(first["year"]), unit="year",
                      evidence=(f"{cell}/{publication}",), **subject),
        "followers": claim("followers", "count", "set", "node_followers",
                           int(first["followers"]), unit="owner",
                           evidence=(f"{cell}/{publication}",), **subject),
        "fewest": claim.parameter("fewest", FOLLOWERS),
        "within": claim.parameter("within", FOLLOWED_WITHIN),
    }  # fmt: skip
    return values


def _shown(edition: Edition, found: Roadmap, values: dict[str, Any]) -> Iterator[Block]:
    study, lang, nodes = edition.study, edition.lang, found.nodes
    names = edition.technology_names
    columns = nodes["start"].nunique()
    lanes = nodes["technology"].nunique()
    data = pd.DataFrame(
        {"technology": nodes["technology"].map(names), "years": _years(nodes),
         "publication_id": nodes["publication_id"]}
    )  # fmt: skip
    if found.method == "terms":
        data["new_term"] = nodes["term"]
    note = edition.note(dated=True)
    yield Figure(
        Table("roadmap", data, {"publication_id": "code", "years": "code"}, values, note),
        drawing(plot.roadmap, nodes, found.edges, labels=names, lang=lang),
        size=(max(6.3, 1.4 + 0.72 * columns), 1.2 + 0.56 * lanes),
    )
    publications = study.patents.publications
    ids = nodes["publication_id"]
    held = edition.filed_names()
    table = data.drop(columns="new_term", errors="ignore").assign(
        title=publications["title"].reindex(ids).to_numpy(),
        applicant=held.reindex(ids).to_numpy(),
    )
    if found.method == "terms":
        table = table.assign(new_term=nodes["term"], followers=nodes["followers"])
    else:
        words = {True: edition.word("yes"), False: edition.word("no")}
        table = table.assign(
            on_path=nodes["on_path"].map(words), percentile=nodes["percentile"],
            offices_granted=nodes["offices"].map(words), used=nodes["used"].map(words),
        )  # fmt: skip
        unknown = [c for c in ("offices_granted", "used", "percentile") if table[c].isna().all()]
        table = table.drop(columns=unknown)
    forms = {"publication_id": "code", "years": "code", "percentile": "number"}
    yield Table("roadmap_nodes", table.reset_index(drop=True), forms, values, note, rows=None)


def _years(nodes: pd.DataFrame) -> pd.Series:
    return nodes["start"].astype("str") + "–" + nodes["end"].astype("str")
