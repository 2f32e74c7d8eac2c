"""Appendix: where every number comes from, and what the data do not tell."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts, i18n, schema
from patentnav._strings import among
from patentnav._version import __version__
from patentnav.classify import LEAD
from patentnav.io.lists import UNEVEN
from patentnav.io.overdue import REASON
from patentnav.report.blocks import Ref, Table, Text
from patentnav.report.registry import section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from patentnav.report.blocks import Block, Section
    from patentnav.report.edition import Edition

_PACKAGES = ("pandas", "numpy", "scipy", "scikit-learn", "networkx", "matplotlib", "rjieba")


@section("methods.sources")
def sources(edition: Edition) -> Iterator[Block]:
    """Files, their hashes and the account of their records."""
    study = edition.study
    patents = study.given
    if not patents.has("intake") or not len(patents.intake):
        yield Text("methods.sources.no_files", {"count": len(patents)})
        return
    intake = patents.intake
    # Cells that can be read, with more or fewer names than the list beside them, are another matter.
    uneven = pd.Series(dtype="bool")
    if patents.has("cell_failures"):
        uneven = patents.cell_failures["reason"].str.startswith(UNEVEN).fillna(False).astype("bool")
    values: dict[str, Any] = {
        "files": len(intake), "rows_in": int(intake["rows_in"].sum()),
        "rows_out": int(intake["rows_out"].sum()), "merged": int(intake["rows_merged"].sum()),
        "aside": int(intake["rows_set_aside"].sum()),
        "cells": int((~uneven).sum()), "uneven": int(uneven.sum()),
        "conflicts": len(patents.conflicts) if patents.has("conflicts") else 0,
        "kept": len(study.patents), "publications": len(patents),
    }  # fmt: skip
    values |= {"table": Ref("files"), "hashes": Ref("hashes")}
    whole = "body" if values["merged"] or values["aside"] else "body_all"
    yield Text(f"methods.sources.{whole}", values)
    for name in ("cells", "uneven", "conflicts"):
        if values[name]:
            yield Text(f"methods.sources.{name}", values)
    if values["kept"] < values["publications"]:
        yield Text("methods.sources.kept", values)
    counted = ["file", "format", "encoding", "rows_in", "rows_out", "rows_merged", "rows_set_aside"]
    yield Table("files", intake[counted], {}, values, rows=None)
    yield Table("hashes", intake[["file", "sha256"]], {"sha256": "code"}, values, rows=None)
    for name in ("set_aside", "cell_failures"):
        if patents.has(name) and len(getattr(patents, name)):
            frame = getattr(patents, name)
            groups = frame.groupby(["file", "column", "reason"], dropna=False, sort=True)
            counts = groups.agg(records=("reason", "size"), example=("value", "first"))
            counts = counts.reset_index()
            hidden = ["example"] if study.inputs.masked else []  # a value may be a name
            hidden += [] if edition.lang == "en" else ["reason"]  # told in English only
            yield Table(name, counts.drop(columns=hidden), {}, values, rows=20)


@section("methods.rules")
def rules(edition: Edition) -> Iterator[Block]:
    """Units, counting, dates, parameters and versions, as a table."""
    study = edition.study
    inputs = study.inputs
    rows: list[tuple[str, Any]] = [
        ("unit", edition.word(f"noun_{study.unit}")),
        ("counting", edition.word("counting_rule")),
        ("basis", schema.label("publications", study.basis, edition.lang)),
        ("cutoff", edition.word("unknown") if study.cutoff is None else f"{study.cutoff:%Y-%m-%d}"),
        ("cutoff_source", edition.word("cutoff_derived" if inputs.cutoff is None else "cutoff_given")),
        ("lag", edition.word("months", months=inputs.lag_months)),
        ("last_year", study.last_year),
        ("recent", edition.word("years", years=f"{study.last_year - 4}–{study.last_year}")),
        ("scope", edition.scope()),
        ("region", inputs.region or edition.word("none_given")),
        ("taxonomy", edition.word("taxonomy_told", version=study.tree.version,
                                  name=study.tree.titles.get(edition.lang, study.tree.name))),
        ("owner", edition.word(f"owner_{study.owner_level}")),
        ("masked", edition.word("yes" if inputs.masked else "no")),
        ("random_state", inputs.random_state),
        ("gate", edition.word("gate_rule", inventions=inputs.min_inventions, pct=inputs.min_pct,
                            counted=edition.word("granted_only" if inputs.granted_only else "filed"))),
    ]  # fmt: skip
    frame = pd.DataFrame(
        [(edition.word(f"rule_{key}"), str(value)) for key, value in rows],
        columns=["rule", "value"],
    )
    yield Text("methods.rules.body", {"table": Ref("rules")})
    yield Table("rules", frame, {}, rows=None)
    packages = [("patentnav", __version__), *((name, version(name)) for name in _PACKAGES)]
    yield Table("versions", pd.DataFrame(packages, columns=["package", "version"]), {}, rows=None)


@section("methods.technologies", needs=("texts",))
def technologies(edition: Edition) -> Iterator[Block]:
    """How the technologies were found and how good they are."""
    study = edition.study
    found = study.technologies
    yield Text("methods.technologies.body",
               {"n": len(found.names) - len(study.remainders), "table": Ref("quality"), "parameters": Ref("parameters")})  # fmt: skip
    yield Table("quality", found.quality[["measure", "value"]].assign(
        measure=[i18n.text(f"cluster.quality.{m}", edition.lang) for m in found.quality["measure"]]), {"value": "ratio"}, rows=None)  # fmt: skip
    yield Table("parameters", _plain(edition, found.parameters), {}, rows=None)


def _plain(edition: Edition, parameters: Mapping[str, Any]) -> pd.DataFrame:
    """Parameters in words; one that has no words is of no use to a reader."""
    rows = []
    for name, value in sorted(parameters.items()):
        key = f"report.parameter.{name}"
        if i18n.has(key, edition.lang) and value not in (None, [], (), ""):
            listed = value if isinstance(value, list | tuple) else [value]
            told = edition.word("list_separator").join(str(one) for one in listed)
            rows.append((i18n.text(key, edition.lang), told))
    return pd.DataFrame(rows, columns=["parameter", "value"])


@section("methods.steps")
def steps(edition: Edition) -> Iterator[Block]:
    """Every step from the files to the set under study."""
    study = edition.study
    rows = []
    for number, step in enumerate(study.patents.provenance, start=1):
        key = f"report.step.{step.name.replace('.', '_')}"
        told = i18n.text(key, edition.lang) if i18n.has(key, edition.lang) else step.name
        rows.append((number, told, step.rows_in, step.rows_out))
    columns = ["step", "function", "rows_before", "rows_after"]
    yield Text("methods.steps.body", {"table": Ref("steps")})
    yield Table("steps", pd.DataFrame(rows, columns=columns), {}, rows=None)


@section("methods.coverage")
def coverage(edition: Edition) -> Iterator[Block]:
    """How much of every column the export fills."""
    study = edition.study
    check = study.given.check()
    check = check[(check["check"] == "filled") & (check["filled"] > 0)]
    optional = [not schema.table(t).columns[c].required
                for t, c in zip(check["table"], check["column"], strict=True)]  # fmt: skip
    check = check[optional]
    labels = [
        (schema.table(t).labels[edition.lang], schema.label(t, c, edition.lang))
        for t, c in zip(check["table"], check["column"], strict=True)
    ]
    frame = pd.DataFrame(labels, columns=["table", "field"])
    for name in ("rows", "filled", "coverage"):
        frame[name] = check[name].to_numpy()
    absent = [t for t in schema.canonical_names() if not study.given.has(t)]
    yield Text("methods.coverage.body", {"table": Ref("coverage")})
    if absent:
        names = edition.word("list_separator").join(
            schema.table(t).labels[edition.lang] for t in absent
        )
        yield Text("methods.coverage.absent", {"names": names})
    yield Table("coverage", frame, {"coverage": "share"}, rows=None)


@section("methods.limits", audits=True)
def limits(edition: Edition, built: Sequence[Section]) -> Iterator[Block]:
    """What is missing, section by section, what did not hold, and what the data do not allow."""
    gaps = unjudged(built)
    if gaps:
        yield Text("methods.limits.missing", {"count": len({one.id for one, _ in gaps})})
    for places, block in _by_reason(edition, gaps):
        yield Text("methods.limits.item", {"place": places, "text": block}, "bullet")
    yield Text("methods.limits.general", {})
    measured = [one for one in built if one.id == "methods.retrieval" and one.blocks]
    if measured:
        yield Text("methods.limits.sampled", {"place": Ref(measured[0].id)}, "bullet")
    else:
        told = "SQ" in edition.study.user_tables and len(edition.study.user_tables["SQ"].frame)
        yield Text(f"methods.limits.{'result' if told else 'sample'}", {}, "bullet")
    yield from edition.remembered("limits", lambda: tuple(_limits(edition)))
    if edition.violations:
        yield Text("methods.limits.violations", {"count": len(edition.violations)})
    for found in edition.violations:
        values = {"rule": edition.word(f"violation_{found.rule}"), "text": found.sentences[0]}
        yield Text("methods.limits.violation", values, "bullet")


# Results that say of the data that they do not carry one.
_UNTOLD = frozenset(
    ("direction.life_cycle.capped", "direction.life_cycle.few", "direction.chain.capped",
     "direction.strength.capped", "direction.citations.cited", "direction.citations.some",
     "path.pools.untold", "path.pools.titles", "path.selection.needs_pct",
     "path.additions.needs_pct")
)  # fmt: skip


def unjudged(built: Sequence[Section]) -> list[tuple[Section, Text]]:
    """What the data did not allow, with the section that says so.

    Parameters
    ----------
    built
        Sections of the report.

    Returns
    -------
    list of tuple
    """
    return [
        (one, block) for one in built for block in one.blocks
        if isinstance(block, Text) and (block.style == "missing" or block.key in _UNTOLD)
    ]  # fmt: skip


def _by_reason(
    edition: Edition, gaps: Sequence[tuple[Section, Text]]
) -> list[tuple[Ref | Text, Text]]:
    """Gaps of the same words together, with all places where they stand."""
    found: dict[str, tuple[Ref | Text, Text]] = {}
    for one, block in gaps:
        said = "".join(str(run) for run in block.runs(edition.lang))
        places: Ref | Text = Ref(one.id)
        if said in found:
            places = Text("findings.joined", {"one": found[said][0], "other": places})
        found[said] = places, block
    return list(found.values())


_FULL = 0.9  # share of a column from which it is taken as filled
_SURE = 0.8  # confidence of a merge below which it is in doubt
_DOUBTFUL = 0.05  # share of doubtful merges from which they are pointed out
_UNASSIGNED = 0.2
_ROUND = 1000  # exports are cut at round numbers of records


def _limits(edition: Edition) -> Iterator[Text]:
    """Limits that hold of these data, and only these."""
    yield from _limits_of_the_search(edition)
    yield from _limits_of_names(edition)
    yield from _limits_of_contents(edition)
    yield from _limits_of_events(edition)


def _limits_of_the_search(edition: Edition) -> Iterator[Text]:
    """What was not published yet, cut off or not searched."""
    study = edition.study
    publications = study.patents.publications
    if study.is_dated and study.incomplete_from is not None:
        years = publications[study.basis].dt.year
        if (years >= study.incomplete_from).any():
            yield _limit("delay", year=study.incomplete_from)
    if study.given.has("intake"):
        intake = study.given.intake
        for file, rows in zip(intake["file"], intake["rows_in"], strict=True):
            if rows and rows % _ROUND == 0:
                yield _limit("cut", file=str(file), rows=int(rows))
    offices = publications["authority"].dropna().unique()
    if len(offices) == 1:
        yield _limit("one_office", office=edition.authority(str(offices[0])))
    kinds = publications["patent_type"].dropna().unique()
    if len(kinds) == 1:
        yield _limit("one_type", kind=edition.word(f"type_{kinds[0]}"))


def _limits_of_contents(edition: Edition) -> Iterator[Text]:
    """What classes, texts, citations and families do not tell."""
    study = edition.study
    patents, rows = study.patents, study.memberships
    if len(rows):
        share = 1 - study.unit_ids.reindex(rows["publication_id"]).nunique() / study.units
        if share > _UNASSIGNED:
            yield _limit("unassigned", share=share)
        if study.tree.weights:
            close = _close(rows)
            if close > _DOUBTFUL:
                yield _limit("close", share=close, lead=LEAD)
    if facts.main_class_only(patents):
        yield _limit("main_class")
    if study.given.has("texts") and not (study.given.texts["field"] == "abstract").any():
        yield _limit("titles")
    if (
        patents.has("citations")
        and facts.stated_counts(patents, "forward_citation_count").isna().all()
    ):
        yield _limit("inside")
    if patents.has("families"):
        outside = ~among(patents.families["publication_id"], patents.publications.index)
        if outside.any():
            yield _limit("family")


def _close(rows: pd.DataFrame) -> float:
    """Share of the publications whose first and second industry weigh nearly the same."""
    weight = rows.groupby(["publication_id", "industry"])["weight"].sum().reset_index()
    weight = weight.sort_values(["publication_id", "weight"], ascending=[True, False])
    first = weight.groupby("publication_id")["weight"].nth(0).to_numpy()
    place = weight.groupby("publication_id").cumcount()
    second = weight[place == 1].set_index("publication_id")["weight"]
    ids = weight["publication_id"].drop_duplicates()
    lead = first - second.reindex(ids).fillna(0.0).to_numpy()
    return float((lead < LEAD).mean())


def _limit(name: str, **values: Any) -> Text:
    return Text(f"methods.limits.{name}", values, "bullet")


def _limits_of_names(edition: Edition) -> Iterator[Text]:
    patents = edition.study.patents
    if not patents.has("parties"):
        return
    parties = patents.parties
    doubtful = float((parties["confidence"] < _SURE).mean())
    if doubtful > _DOUBTFUL:
        yield _limit("names", share=doubtful)
    if edition.study.owner_level == "group":
        yield _limit("groups")
    inferred = parties["place_source"].dropna()
    if len(inferred) and (inferred == "name").any():
        told = float((inferred == "name").mean())
        yield _limit("places" if told < 1 else "places_all", share=told)


def _overdue(edition: Edition) -> int:
    """Rows of the files that say pending so long after filing that the record was not kept up."""
    given = edition.study.given
    if not given.has("repairs"):
        return 0
    return int((given.repairs["reason"] == REASON).sum())


def _limits_of_events(edition: Edition) -> Iterator[Text]:
    """Events of few of the grants: what is not on record may have happened."""
    patents = edition.study.patents
    status = patents.publications["legal_status"]
    wrong = [s for s in patents.provenance if s.name == "study.untimely"]
    if wrong:
        yield _limit("untimely", count=int(wrong[-1].parameters["publications"]))
    late = _overdue(edition)
    if late:
        yield _limit("overdue", count=late)
    known = float((status.notna() & (status != "unknown")).mean())
    if not known:
        yield _limit("legal_none")
    elif known < _FULL:
        yield _limit("legal", share=known)
    granted = patents.publications["granted"].fillna(False).astype(bool)
    if not patents.has("legal_events") or not granted.any():
        return
    told = among(patents.publications.index[granted], patents.legal_events["publication_id"])
    if float(told.mean()) < _HALF:
        yield _limit("events", share=float(told.mean()))


_HALF = 0.5
