"""Appendix: what the measures of the tables mean, and the criteria by which projects are accepted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from patentnav import i18n, valuation
from patentnav.indicators import registry
from patentnav.report.blocks import Ref, Table, Text, column_label
from patentnav.report.registry import section
from patentnav.report.sections.methods import unjudged
from patentnav.study.portfolios import CARD
from patentnav.valuation.explain import label_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from patentnav.report.blocks import Block, Section
    from patentnav.report.edition import Edition

_ADDRESS = re.compile(r", doi:[^\s;]+")
_GRADED = "tier_name"  # column of tables that rest on the indicators of the scorecard


@section("methods.definitions", collects=True)
def definitions(edition: Edition, built: Sequence[Section]) -> Iterator[Block]:
    """Definition and source of each measure that stands in a table, where it stands first."""
    first: dict[str, str] = {}
    for one in built:
        for table in one.tables:
            for column in map(str, table.frame.columns):
                first.setdefault(column, one.id)
    rows = []
    for column, place in first.items():
        if not i18n.has(f"report.definition.{column}", edition.lang):
            continue
        rows.append((
            column_label(column, edition.lang), i18n.text(f"report.definition.{column}", edition.lang),
            _text(edition, f"report.definition_source.{column}"), _title(built, place, edition),
        ))  # fmt: skip
        if column == _GRADED:
            rows += [(*told, _title(built, place, edition)) for told in _indicators(edition)]
    if not rows:
        yield Text("methods.definitions.none", {})
        return
    count = edition.claims("methods.definitions").parameter("count", len(rows))
    yield Text("methods.definitions.body", {"count": count, "table": Ref("definitions")})
    columns = ["definition_name", "definition", "definition_source", "definition_place"]
    frame = pd.DataFrame(rows, columns=columns)
    yield Table("definitions", frame, {}, {}, Text("methods.definitions.note", {}, "note"), rows=None)  # fmt: skip


def _indicators(edition: Edition) -> Iterator[tuple[str, str, str]]:
    """Label, definition and source of the indicators of the scorecard, from their register."""
    for entry in valuation.load(CARD).entries:
        name = _known(edition, entry.indicator)
        key = f"indicators.definition.{name}"
        spec = registry.get(name)
        said = i18n.text(key, edition.lang) if i18n.has(key, edition.lang) else spec.summary
        yield label_of(name, edition.lang), said, _source(spec.source)


def _known(edition: Edition, names: Sequence[str]) -> str:
    """Of several indicators the one that the scores rest on."""
    used = edition.study.graded.columns
    return next((n for n in names if f"{n}_percentile" in used), names[0])


def _source(source: str) -> str:
    """A source as published, without its address; our own words have none."""
    return _ADDRESS.sub("", source) if any(c.isdigit() for c in source) else ""


def _text(edition: Edition, key: str) -> str:
    return i18n.text(key, edition.lang) if i18n.has(key, edition.lang) else ""


def _title(built: Sequence[Section], place: str, edition: Edition) -> str:
    return next(one.title(edition.lang) for one in built if one.id == place)


@section("methods.acceptance", audits=True)
def acceptance(
    edition: Edition, built: Sequence[Section], *, standard: str = ""
) -> Iterator[Block]:
    """What the report rests on beside the criteria of acceptance; use and publicity are left open."""
    told = {
        "goal": (_goal(edition), ""),
        "method": (_method(edition, built, standard), "methods.steps"),
        "data": (_data(edition), "methods.sources"),
        "quality": (_quality(edition, built), "methods.limits"),
        "use": ([edition.word("acceptance_open")], ""),
        "publicity": ([edition.word("acceptance_open")], ""),
    }
    rows = [
        (edition.word(f"acceptance_{name}"), edition.word("separator").join(facts),
         i18n.text(f"report.{place}.title", edition.lang) if place else "")
        for name, (facts, place) in told.items()
    ]  # fmt: skip
    yield Text("methods.acceptance.body", {"table": Ref("acceptance")})
    columns = ["acceptance_item", "acceptance_facts", "acceptance_place"]
    note = Text("methods.acceptance.note", {}, "note")
    yield Table("acceptance", pd.DataFrame(rows, columns=columns), {}, {}, note, rows=None)


def _goal(edition: Edition) -> list[str]:
    asked, region = edition.cover.question.strip(), edition.study.inputs.region
    found = [edition.word("acceptance_question", question=asked)] if asked else []
    found.append(edition.word("acceptance_scope", scope=edition.scope()))
    if firm := edition.study.inputs.firm:
        name = str(edition.study.owner_names.get(firm, firm))
        found.append(edition.word("acceptance_firm", firm=name))
    return [*found, edition.word("acceptance_region", region=region)] if region else found


def _method(edition: Edition, built: Sequence[Section], standard: str) -> list[str]:
    parts = dict.fromkeys(one.part for one in built if one.number[:1].isdigit())
    titles = [i18n.text(f"report.{part}.title", edition.lang) for part in parts]
    names = edition.word("list_separator").join(titles)
    found = [edition.word("acceptance_standard", standard=standard)] if standard else []
    steps = len(edition.study.patents.provenance)
    return [
        *found,
        edition.word("acceptance_parts", names=names),
        edition.word("acceptance_steps", count=steps),
    ]


def _data(edition: Edition) -> list[str]:
    study, given = edition.study, edition.study.given
    found = []
    if given.has("intake") and len(given.intake):
        rows = given.intake
        sums = {k: int(rows[f"rows_{n}"].sum()) for k, n in
                (("rows", "in"), ("merged", "merged"), ("aside", "set_aside"))}  # fmt: skip
        found.append(edition.word("acceptance_files", files=len(rows), **sums))
    else:
        found.append(edition.word("acceptance_no_files"))
    if study.cutoff is not None:
        found.append(edition.word("acceptance_cutoff", day=f"{study.cutoff:%Y-%m-%d}"))
    held = [study.user_tables[code] for code in sorted(edition.tables) if code in study.user_tables]
    if held:
        aside = sum(table.set_aside for table in held)
        found.append(edition.word("acceptance_tables", count=len(held), aside=aside))
    searched = len(study.user_tables["SQ"].frame) if "SQ" in study.user_tables else 0
    name = "acceptance_retrieval" if searched else "acceptance_no_retrieval"
    return [*found, edition.word(name, count=searched)]


def _quality(edition: Edition, built: Sequence[Section]) -> list[str]:
    texts = [(one, b) for one in built for b in one.blocks if isinstance(b, Text)]
    ids = {claim.id for _, text in texts for claim in text.claims if claim.kind != "parameter"}
    wrong = len(edition.violations)
    gaps = {one.id for one, _ in unjudged(built)}
    last = "acceptance_gaps" if gaps else "acceptance_no_gaps"
    return [
        edition.word("acceptance_claims", count=len(ids), wrong=wrong),
        edition.word(last, count=len(gaps)),
    ]
