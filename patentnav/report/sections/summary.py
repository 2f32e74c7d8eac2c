"""The summary in front: what stands out, an answer to the client's question, and what to do."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import findings as surprises
from patentnav.claims import SIGNIFICANT
from patentnav.findings.breadth import BORNE, effective_fields, is_mixed
from patentnav.findings.cells import spans
from patentnav.findings.surprise import FEWEST_CELLS
from patentnav.report.blocks import Ref, Table, Text
from patentnav.report.registry import section
from patentnav.report.sections.firm import rivals_of
from patentnav.report.sections.methods import unjudged
from patentnav.report.sections.path import objects
from patentnav.report.statements import Statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from patentnav.claims import Claim
    from patentnav.report.blocks import Block, Section
    from patentnav.report.edition import Edition
    from patentnav.report.statements import Statement
    from patentnav.study import Study

_NAMED = 3  # subjects named in a clause of the answer
_MEASURES = 5
_HOME = (
    0.5  # part of a set that is the region's, above which what stands out in it is about the region
)
_PATH = ("path.technologies", "path.partners")  # what to do, and with whom
# Sections whose finding is a clause of the answer on a firm: the wording it begins with, and the clause.
_FIRM = (
    ("firm.assets", "firm.assets.finding", "firm_assets"),
    ("firm.upkeep", "firm.upkeep.finding", "firm_upkeep"),
    ("layout.gaps", "layout.gaps.finding", "firm_gaps"),
    ("layout.gaps", "layout.gaps.none", "firm_no_gaps"),
    ("firm.rivals", "firm.rivals.finding", "firm_near"),
    ("risk.barriers", "risk.barriers.cell", "firm_barrier"),
)
_BENCHMARK = "position.specialisation.benchmark_"  # results against the client's counts
_WHAT = ("technology", "industry", "sub_sector")


@section("summary.findings", collects=True)
def findings(
    edition: Edition,
    built: Sequence[Section],
    *,
    about: str = "",
    answers: Sequence[str] = (),
    anywhere: Sequence[str] = (),
    of_the_set: bool = True,
) -> Iterator[Block]:
    """An answer in one paragraph, the findings it rests on, and the measures.

    ``about="firm"``: of the firm that is studied, its rivals and its technologies, and no others.
    ``about="region"``: what stands out in the set only where most of it is the region's.
    Where the outline names sections that answer its question, their results are the answer (those
    of ``anywhere`` where no region and no owner is studied); a
    report that is not about the set as a whole (``of_the_set``) does not tell what stands out in it.
    """
    study = edition.study
    if about == "region" and study.local is not None:
        # In a set that is mostly of other places, what stands out is not about the region.
        of_the_set = of_the_set and bool(study.local.dropna().mean() > _HOME)
    claim = edition.claims("summary.findings")
    values = {
        "scope": edition.scope(), "unit": edition.unit_word,
        "units": claim("units", "count", "set", "units", study.units, rule="whole"),
        "publications": claim("given", "count", "set", "given", len(study.given),
                              unit="publication"),
    }  # fmt: skip
    yield Text("summary.findings.lead", values)
    if of_the_set:
        yield from _mixed(edition, built)
    subjects = _near_firm(study) if about == "firm" else None
    found = Statements(edition).of(surprises.find(study, subjects=subjects)) if of_the_set else []
    advice = [(one, block) for one in built for block in one.blocks
              if isinstance(block, Text) and any(c.kind == "recommendation" for c in block.claims)]  # fmt: skip
    claims = [c for _, block in advice for c in block.claims]
    if edition.cover.question.strip() and not (study.inputs.region or study.inputs.applicant):
        answers = [*answers, *anywhere]
    told = list(_by_sections(edition, built, answers))
    yield from told
    if not told or not edition.cover.question.strip():
        first = list(_of_firm(built) if about == "firm" else _of_region(edition, built, claims))
        # Without a question the findings below are the answer: they are not told twice.
        asked = bool(edition.cover.question.strip()) or not of_the_set or bool(first)
        answer = _answer(edition, found if asked else [], first, claims)
        if answer is not None:
            yield answer if about == "firm" else _first_sentence(built, answer)
        yield from () if answer is not None or not of_the_set else _course(built)
        yield from _concluded(edition, built)
    yield from _now(edition, built, advised=bool(advice)) if of_the_set and not about else ()
    yield from _told(edition, built, found, about=about, of_the_set=of_the_set)
    if of_the_set and study.is_dated and len(study.capped):
        yield Text("summary.findings.capped", {}, "note")
    if advice:
        yield Text("summary.findings.measures", {}, "lead")
    for where, block in advice[:_MEASURES]:
        yield Text("summary.findings.item", {"text": block, "place": Ref(where.id)}, "bullet")
    if found:
        yield _table(found)
    missing = len({one.id for one, _ in unjudged(built)})
    if missing and (about or not of_the_set):
        yield Text(
            "summary.findings.missing",
            {"count": claim.parameter("missing", missing), "place": Ref("methods.limits")},
        )


@section("summary.points", collects=True)
def points(
    _edition: Edition, built: Sequence[Section], *, of: Sequence[str] = ()
) -> Iterator[Block]:
    """The main result of every section that the outline names, in the order of the report."""
    for one in built:
        told = [b for b in one.blocks if isinstance(b, Text) and b.style == "finding"]
        if one.id in of and told:
            yield Text("summary.points.item", {"text": told[0], "place": Ref(one.id)}, "bullet")


def _told(
    edition: Edition, built: Sequence[Section], found: Sequence[Statement], *, about: str,
    of_the_set: bool,
) -> Iterator[Text]:  # fmt: skip
    """What was found, each with the place that tells more; or that there is nothing."""
    study = edition.study
    if found:
        level = edition.claims("summary.findings").parameter("level", SIGNIFICANT)
        tests = {"beta-binomial" if one.finding.family.shares else
                 "fisher" if one.finding.family.shape == "pace" else "binomial" for one in found}  # fmt: skip
        named = edition.word("list_separator").join(
            edition.word(f"test_{name}") for name in ("fisher", "binomial", "beta-binomial")
            if name in tests
        )  # fmt: skip
        yield Text("summary.findings.found",
                   {"level": level, "tests": named, "table": Ref("findings")})  # fmt: skip
        there = {one.id for one in built}
        for one in found:
            place = one.finding.family.section
            if place in there:
                told = {"text": one.text, "place": Ref(place)}
                yield Text("summary.findings.item", told, "bullet")
            else:
                yield Text("summary.findings.plain", {"text": one.text}, "bullet")
    elif about == "firm":
        yield Text("summary.findings.nothing_near", {"firm": str(study.owner_names[study.firm])})
    elif of_the_set and not is_mixed(edition.study):
        yield _nothing(edition)


def _by_sections(
    edition: Edition, built: Sequence[Section], answers: Sequence[str]
) -> Iterator[Text]:
    """What the sections say that answer the outline's question, or why they say nothing of the client's."""
    question = edition.cover.question.strip()
    if not answers:
        return
    by_id = {one.id: [b for b in one.blocks if isinstance(b, Text)] for one in built}
    said = [
        next((t for t in by_id.get(name, ()) if t.style == "finding"), None) for name in answers
    ]
    known = [text for text in said if text is not None]
    if known:
        whole = functools.reduce(
            lambda one, other: Text("summary.findings.after", {"trend": one, "answer": other}),
            known,
        )
        if question:
            yield Text("summary.findings.asked_sections", {"question": question, "answer": whole})
        else:
            yield Text("summary.findings.by_sections", {"answer": whole})
        return
    if not question:
        return
    lacking = [t for name in answers for t in by_id.get(name, ()) if t.style == "missing"]
    if lacking:
        yield Text("summary.findings.unanswered", {"question": question, "reason": lacking[0]})


def _concluded(edition: Edition, built: Sequence[Section]) -> Iterator[Text]:
    """What the path makes of it, where a question was asked: a course, partners, or that there are none."""
    question = edition.cover.question.strip().casefold()
    if not question:
        return
    said = [block for one in built for block in one.blocks if isinstance(block, Text)
            and ((one.id in _PATH and block.style == "finding")
                 or (block.key.startswith("direction.emergence.lately")
                     and not len(edition.study.capped)))]  # fmt: skip
    if said:
        parts = functools.reduce(
            lambda one, other: Text("summary.findings.after", {"trend": one, "answer": other}), said
        )
        yield Text("summary.findings.concluded", {"text": parts})
    here = edition.word("words_of_here").split("|")
    if edition.study.local is None and any(word in question for word in here):
        yield Text("summary.findings.no_region", {})


def _nothing(edition: Edition) -> Text:
    """Say that nothing stands out, or that nothing could."""
    study = edition.study
    tested = study.remembered("candidates", lambda: surprises.candidates(study))["q"].notna().any()
    claim = edition.claims("summary.findings")
    if tested:
        return Text("summary.findings.nothing", {"level": claim.parameter("level", SIGNIFICANT)})
    return Text("summary.findings.untested", {"fewest": claim.parameter("fewest", FEWEST_CELLS)})


def _mixed(edition: Edition, built: Sequence[Section]) -> Iterator[Text]:
    """That the set is no industry, which comes before all that is said of it."""
    if not is_mixed(edition.study):
        return
    claim = edition.claims("summary.findings")
    fields = claim("fields", "index", "set", "effective_number", effective_fields(edition.study),
                   unit="field", rule="fractional", details={"facet": "wipo_field"})  # fmt: skip
    yield Text("summary.findings.mixed",
               {"fields": fields, "part": claim.parameter("borne", BORNE)})  # fmt: skip
    for one in built:
        if any(isinstance(b, Table) and b.id == "technologies" for b in one.blocks):
            yield Text("summary.findings.mixed_parts", {"place": Ref(one.id)})


_NOW = ("direction.emergence.lately", "direction.chain.lately.rising")


def _now(edition: Edition, built: Sequence[Section], *, advised: bool) -> Iterator[Text]:
    """What rises now, what can be done with it, and what these data do not tell."""
    texts = [(one, b) for one in built for b in one.blocks if isinstance(b, Text)]
    shown = {} if is_mixed(edition.study) else {
        b.key: (one, b) for one, b in texts if b.key.startswith(_NOW)
    }  # fmt: skip
    shown = dict(sorted(shown.items(), key=lambda item: not item[0].startswith(_NOW[0])))
    rising = [key for key in shown if key.startswith(("direction.emergence.lately_up", _NOW[1]))]
    for key, (one, block) in shown.items():
        if key in rising or key.endswith(".lately.none"):
            yield Text("summary.findings.item", {"text": block, "place": Ref(one.id)})
    if not advised and any(one.id in _PATH for one, _ in texts):
        yield Text(f"summary.findings.{'look' if rising else 'no_measure'}", {})
    titles = list(dict.fromkeys(one.title(edition.lang) for one, b in unjudged(built)
                                if b.style == "missing"))  # fmt: skip
    if titles:
        names = edition.word("list_separator").join(titles)
        yield Text("summary.findings.not_told", {"names": names, "place": Ref("methods.limits")})


def _course(built: Sequence[Section]) -> Iterator[Text]:
    """The course of the whole set alone."""
    for one in built:
        if one.id == "direction.trend":
            told = (b for b in one.blocks if isinstance(b, Text) and b.style == "finding")
            yield from (Text("summary.findings.plain", {"text": b}) for b in told)


def _first_sentence(built: Sequence[Section], answer: Text) -> Text:
    """The answer after the course of the whole set, where a section tells it."""
    trend = [b for s in built if s.id == "direction.trend" for b in s.blocks
             if isinstance(b, Text) and b.style == "finding"]  # fmt: skip
    if not trend:
        return answer
    return Text("summary.findings.after", {"trend": trend[0], "answer": answer})


def _near_firm(study: Study) -> dict[str, frozenset[str]]:
    """What a report on a firm looks at: the firm and its rivals, and its technologies."""
    return {"owner": frozenset({study.firm, *rivals_of(study)}),
            "technology": frozenset(study.firm_technologies)}  # fmt: skip


def _answer(
    edition: Edition, found: Sequence[Statement], parts: list[Text], advice: Sequence[Claim]
) -> Text | None:
    """One sentence of all that was found, in clauses of the same kind; None where there is nothing.

    Where a region or a firm is studied, the answer is about it (``parts``); what was found elsewhere
    stands in it only where the question names it. Where a question is asked, owners and places stand
    in it only where the question names one or asks for such.
    """
    question = edition.cover.question.strip()
    # What is asked stands first, then technologies and fields; who files comes after what is filed.
    asked = sorted(found, key=lambda one: (not (question and one.is_asked(question)),
                                           one.finding.family.rows not in _WHAT))  # fmt: skip
    if parts:
        asked = [one for one in asked if question and one.is_asked(question)]
    elif question:
        asked = [
            one for one in asked if one.is_asked(question) or _is_wanted(edition, one)
        ] or asked
    clauses: dict[str, list[Text]] = {}
    years: dict[str, Any] = {}
    if edition.study.is_dated:
        first, last = spans(edition.study, "lately")[1]
        claim = edition.claims("summary.findings")
        years = {"late_first": claim.parameter("late_first", first),
                 "late_last": claim.parameter("late_last", last)}  # fmt: skip
    for one in asked:
        clauses.setdefault(one.clause, []).append(one.named)
    parts += [Text(f"findings.clause.{name}", {"names": _joined("joined", names[:_NAMED]), **years})
              for name, names in clauses.items()]  # fmt: skip
    measures: dict[str, list[Claim]] = {}
    for each in advice:
        if each.kind == "recommendation":
            measures.setdefault(str(each.value), []).append(each)
    named = [Text("findings.named_advice", {"advice": action, "names": objects(held[:_NAMED])})
             for action, held in measures.items()]  # fmt: skip
    if named:
        parts.append(Text("findings.clause.advice", {"names": _joined("joined", named[:_NAMED])}))
    if not parts:
        return None
    values: dict[str, Any] = {"answer": _joined("clauses", parts)}
    if question:
        return Text("summary.findings.asked", {**values, "question": question})
    return Text("summary.findings.answer", values)


def _is_wanted(edition: Edition, one: Statement) -> bool:
    """Whether the question asks for such: always for technologies, else by words for their kind."""
    rows = one.finding.family.rows
    if rows in _WHAT:
        return True
    kind = "owners" if rows == "owner" else "places"
    asked = edition.cover.question.casefold()
    return any(word in asked for word in edition.word(f"words_of_{kind}").split("|"))


def _of_firm(built: Sequence[Section]) -> Iterator[Text]:
    """Where the studied firm stands: its rights, what it lacks, who is near and who is in the way."""
    texts = {
        s.id: [b for b in s.blocks if isinstance(b, Text) and b.style == "finding"] for s in built
    }
    told = {place: blocks[0] for place, blocks in texts.items() if blocks}
    for place, key, clause in _FIRM:
        block = told.get(place)
        if block is not None and block.key.startswith(key):
            yield Text(f"findings.clause.{clause}", block.values)


def _of_region(
    edition: Edition, built: Sequence[Section], advice: Iterable[Claim]
) -> Iterator[Text]:
    """Where the studied region stands, and in what it is stronger and weaker than elsewhere."""
    study, region = edition.study, edition.study.inputs.region
    if not region or study.local is None:
        return
    texts = [(s.id, b) for s in built for b in s.blocks if isinstance(b, Text)]
    for place, block in texts:
        if place == "position.region" and block.key == "position.region.finding":
            guessed = (study.inferred_places == "name").any()
            yield Text(f"findings.clause.{'rank_named' if guessed else 'rank'}", block.values)
        if place == "position.region" and block.key == "position.region.alone":
            yield Text("findings.clause.rank_alone", block.values)
    compared = [b for place, b in texts if place == "position.specialisation"
                and b.key.startswith(_BENCHMARK) and b.style == "finding"]  # fmt: skip
    for block in compared:
        yield Text(f"findings.clause.{block.key.removeprefix(_BENCHMARK)}", block.values)
    held: dict[str, Claim] = {}
    for claim in (c for _, block in texts for c in block.claims):
        about = claim.kind == "comparison" and claim.measure == "advantage"
        if about and claim.passed and claim.direction and "region:inside" in claim.subject:
            held.setdefault(claim.label, claim)
    for way, direction in (("strong", 1), ("weak", -1)):
        own = sorted((c for c in held.values() if c.direction == direction),
                     key=lambda c: (c.q or 0.0, c.label))  # fmt: skip
        named = [Text("findings.named_place" if c.value is not None else "findings.named_alone",
                      {"label": c.label, "times": c}) for c in own[:_NAMED]]  # fmt: skip
        if named:
            values = {"region": region, "names": _joined("joined", named)}
            yield Text(f"findings.clause.{way}", values)
        elif not compared:
            yield Text(f"findings.clause.not_{way}", {"region": region})
    advised = any(claim.kind == "recommendation" for claim in advice)
    if not advised and any(place == "path.technologies" for place, _ in texts):
        yield Text("findings.clause.nothing_to_fill", {"region": region})


def _joined(how: str, parts: Sequence[Text]) -> Text:
    return functools.reduce(
        lambda one, other: Text(f"findings.{how}", {"one": one, "other": other}), parts
    )


def _table(found: Sequence[Statement]) -> Table:
    plain = surprises.table([one.finding for one in found])
    based = pd.Series([not one.finding.is_new for one in found], dtype="bool")  # else no rate
    rates = ["expected", "ratio", "without_owner", "without_year", "other_unit", "one_office"]
    plain[rates] = plain[rates].where(based, axis=0)
    shown = pd.DataFrame(
        {
            "finding_subject": [one.subject for one in found],
            "finding_property": [one.property for one in found],
            "finding_observed": plain["observed"], "finding_expected": plain["expected"],
            "finding_ratio": plain["ratio"].where(plain["expected"] > 0),
            "finding_q": plain["q"], "finding_turn": plain["lately"], "finding_owner": plain["without_owner"],
            "finding_year": plain["without_year"], "finding_unit": plain["other_unit"],
            "finding_office": plain["one_office"], "finding_overturn": plain["overturn"],
        }
    )  # fmt: skip
    forms = {"finding_observed": "count", "finding_expected": "number", "finding_q": "p"}
    ratios = (
        "finding_ratio",
        "finding_turn",
        "finding_owner",
        "finding_year",
        "finding_unit",
        "finding_office",
    )
    turned = bool(plain["lately"].notna().any())  # else the column is not there
    note = Text(f"summary.findings.note{'' if turned else '_still'}", {}, "note")
    return Table("findings", shown, {**forms, **dict.fromkeys(ratios, "number")}, {}, note, None)
