"""From an outline to a report: make the study, ask every section for its blocks, number them."""

from __future__ import annotations

import functools
import warnings
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import _collector, claims, i18n, taxonomy, text
from patentnav._memo import sharing
from patentnav._progress import progress
from patentnav.claims import elsewhere
from patentnav.config import get_config
from patentnav.errors import (
    ArgumentError,
    CoverageWarning,
    MissingColumnError,
    MissingTableError,
    UnavailableError,
)
from patentnav.patentset import checked
from patentnav.report import outline as outlines
from patentnav.report import wording
from patentnav.report.ahead import begin
from patentnav.report.blocks import Ref, Table, Text
from patentnav.report.document import Report
from patentnav.report.edition import SAYS_WHERE, Edition
from patentnav.report.inputs import divided
from patentnav.report.outline import GIVEN_FIRM
from patentnav.report.registry import SectionMaker, maker
from patentnav.report.slides import load as slide_plan
from patentnav.study import Study, reads
from patentnav.study.coming import NotYet, unhurried
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from patentnav.claims.elsewhere import Elsewhere
    from patentnav.patentset import PatentSet
    from patentnav.report.ahead import Ahead
    from patentnav.report.blocks import Block, Section
    from patentnav.report.outline import Entry, Outline

    _Made = tuple[str, tuple[Block, ...], set[str]]


def build(
    patents: PatentSet | Study,
    outline: str | Path = "industry",
    lang: str | None = None,
    *,
    goal: str = "",
    strict: bool = False,
    **inputs: Any,
) -> Report:
    """Build a navigation report.

    Everything that the sections need is computed (cleaning, industries, technologies, networks,
    indicators, portfolio candidates), unless it is given. A section whose data the export lacks
    says what is missing and why; it never shows a zero instead. A section that has nothing to say
    of the set (one authority only, one applicant only) is not there.

    Parameters
    ----------
    patents
        The set, as read, or a study of one (whose results are used, and whose choices stand unless
        ``inputs`` change them; those of an outline stand only for a set). Parties and inventors that were resolved before are taken as they
        are.
    outline
        Name of an outline (``data/reports``, the user's ``reports``) or the path of its file:
        ``industry`` follows the direction, position and path of industrial planning navigation
        (GB/T 39551.3).
    lang
        ``zh`` or ``en``; the configured language when omitted.
    goal
        What the report is for, where the outline knows goals: what belongs to another is left out.
    strict
        Whether a statement that does not hold (:func:`patentnav.claims.check`) stops the build; else
        the appendix lists it.
    **inputs
        Choices and results of the analyst (:class:`patentnav.study.Inputs`) and the words of the
        cover (:class:`patentnav.report.Cover`).

    Returns
    -------
    Report
        Save it with ``report.save("x.docx")``, ``.html``, ``.pptx`` or ``.xlsx``. The same set and inputs
        give the same bytes.

    Raises
    ------
    UnknownNameError
        There is no such outline, language, goal, section or input, or a wording is missing.
    ArgumentError
        ``patents`` is no set or an empty one, or no publication belongs to the asked industry.
    ClaimError
        With ``strict``: a statement does not hold when it is counted again, contradicts another, or
        recommends what no test carries.
    """
    if not isinstance(patents, Study):
        checked(patents, "report.build", "a PatentSet or a Study")
    lang = lang or get_config().lang
    i18n.refresh()  # files may have been edited since
    chosen = outlines.load(outline).for_goal(goal)
    cover, choices = divided(inputs)
    if chosen.among_all:
        choices = _among_all(patents, choices)
    wording.check(chosen, lang)
    texts = chosen.wording(lang)
    with i18n.using(lang, texts), sharing(), _collector.seldom():
        study = (
            patents.with_inputs(**choices)
            if isinstance(patents, Study)
            else Study(patents, **{**chosen.inputs, **choices})
        )
        if chosen.public and not study.inputs.masked:
            msg = (
                f'The outline "{chosen.name}" is for the public: names of people do not stand in '
                "it. Leave masked=False out."
            )
            raise ArgumentError(msg)
        edition = Edition(study, lang, cover)
        ahead = begin(len(study.given), lang, texts, study)
        # Many reports share their counts; each sending the set to another process would cost more.
        again = None if study.remembers else elsewhere.begin(study, lang, texts)
        sections = _built(edition, chosen, ahead, again, strict=strict)
        kind = i18n.text(chosen.title_key, lang)
        if study.inputs.industry or study.inputs.applicant:
            kind = edition.word("title", scope=edition.scope())
        report = Report(
            title=cover.title or kind,
            subtitle=cover.subtitle or study.inputs.region or _contents(edition, chosen),
            author=cover.author,
            lang=lang,
            facts=_facts(edition, chosen),
            sections=sections,
            banner=_banner(edition),
            wording=texts,
            question=cover.question.strip(),
            slides=slide_plan(chosen.name),
            ahead=ahead,
        )
    _check_references(report)
    return report


def _built(
    edition: Edition,
    outline: Outline,
    ahead: Ahead | None,
    again: Elsewhere | None,
    *,
    strict: bool,
) -> tuple[Section, ...]:
    entries = outline.entries()
    makers = [maker(section_id) for section_id in entries]
    blocks: dict[str, tuple[Block, ...]] = {}
    first = [m for m in makers if not m.collects]
    turns = _in_turn(edition, entries, first)
    for section_id, content, read in progress(turns, "report", total=len(first)):
        blocks[section_id] = content
        edition.tables |= reads.tables(read)
        wording.check_blocks(content, edition.lang)
        if ahead is not None:
            ahead.draw(content)
        if again is not None and not entries[section_id].subject:
            again.count(c for b in content if isinstance(b, Text) for c in b.claims)
    if ahead is not None:
        ahead.close()
    empty = [one.id for one in first if not blocks[one.id]]
    plan = outline.plan(without=empty, apart=_lacking(outline, blocks))
    _told_apart(edition, plan, blocks)
    _national(
        edition, [s for s in plan if s.id not in entries or not entries[s.id].subject], blocks
    )
    done = [_with(s, blocks[s.id]) for s in plan if s.id in blocks]
    for audits in (False, True):
        for one in makers:
            if one.collects and one.audits == audits:
                blocks[one.id] = _told(one.make(edition, done, **entries[one.id].params))
        if not audits:
            own = {name for name, entry in entries.items() if entry.subject}
            _checked(
                edition, [_with(s, blocks.get(s.id, ())) for s in plan], own, again, strict=strict
            )
    return tuple(_with(s, blocks.get(s.id, ())) for s in plan)


def _lacking(outline: Outline, blocks: Mapping[str, tuple[Block, ...]]) -> list[str]:
    """Sections of chapters that say only what is lacking, where an appendix lists that.

    A chapter of which nothing else would be left keeps them.
    """
    if _LIMITS not in outline.entries():
        return []
    apart: list[str] = []
    for part in outline.parts:
        told = {entry.id: blocks[entry.id] for entry in part.entries if blocks.get(entry.id)}
        bare = [name for name, own in told.items()
                if all(isinstance(b, Text) and b.style == "missing" for b in own)]  # fmt: skip
        if part.number.isdigit() and len(bare) < len(told):
            apart += bare
    return apart


_LIMITS = "methods.limits"  # the appendix of what is lacking


def _told_apart(
    edition: Edition, plan: Sequence[Section], blocks: dict[str, tuple[Block, ...]]
) -> None:
    """One line at the end of every chapter that names its sections without an analysis."""
    for part in dict.fromkeys(one.part for one in plan if one.apart):
        names = [one.title(edition.lang) for one in plan if one.part == part and one.apart]
        last = next(one.id for one in reversed(plan)
                    if one.part == part and one.level > 1 and not one.apart)  # fmt: skip
        line = Text("told_apart", {"names": edition.word("list_separator").join(names),
                                   "place": Ref(_LIMITS)}, "note")  # fmt: skip
        blocks[last] = (*blocks.get(last, ()), line)


def _in_turn(
    edition: Edition, entries: Mapping[str, Entry], makers: Iterable[SectionMaker]
) -> Iterator[_Made]:
    """Sections with their blocks and what these were made from, in the order of the outline.

    One that needs a result which is still computed elsewhere comes after those that do not.
    """

    def made(one: SectionMaker) -> _Made:
        entry = entries[one.id]
        with reads.noted() as read:
            blocks = edition.remembered(
                ("section", one.id, entry.subject),
                functools.partial(_blocks, edition, one, entry), one.make, entry.params,
            )  # fmt: skip
        return one.id, blocks, read

    put_off = []
    for one in makers:
        try:
            with unhurried():
                done = made(one)
        except NotYet:
            put_off.append(one)
        else:
            yield done
    yield from map(made, put_off)


def _national(
    edition: Edition, plan: Iterable[Section], blocks: dict[str, tuple[Block, ...]]
) -> None:
    """Say once in every part which of its sections are about the studied region."""
    parts: dict[str, dict[str, tuple[Block, ...]]] = {}
    others = set()
    for one in plan:
        if one.level > 1 and one.id in blocks:
            if one.id.startswith(SAYS_WHERE):
                others.add(one.part)
            else:
                parts.setdefault(one.part, {})[one.id] = blocks[one.id]
    for part, sections in parts.items():
        note = edition.national(sections, others=part in others)
        if note is not None:
            first = next(iter(sections))
            blocks[first] = (note, *blocks[first])


def _checked(
    edition: Edition,
    sections: Iterable[Section],
    own: Collection[str],
    again: Elsewhere | None,
    *,
    strict: bool,
) -> None:
    """Recompute all claims; what does not hold stops the build, or is kept for the appendix.

    Claims of the sections ``own`` are of the firm's publications and counted among these.
    """
    parts = list(sections)
    tables = {t.id: t.whole.frame for part in parts for t in part.tables}
    sentences = [one for part in parts for one in _sentences(part, edition.lang)]
    whole = [
        replace(s, claims=tuple(c for c in s.claims if c.section not in own)) for s in sentences
    ]
    if again is not None:
        again.count(c for s in whole for c in s.claims)
        again.close()
    violations = claims.check(whole, edition.study, tables, elsewhere=again)
    mine = [replace(s, claims=told, bare=()) for s in sentences
            if (told := tuple(c for c in s.claims if c.section in own))]  # fmt: skip
    if mine:
        violations += claims.check(mine, edition.of_firm.study, tables)
    edition.violations = tuple(violations)
    if strict:
        claims.refuse(violations)


def _sentences(section: Section, lang: str) -> Iterator[claims.Sentence]:
    for block in section.blocks:
        if isinstance(block, Text):
            shown = "".join(f"[{r.target}]" if isinstance(r, Ref) else r for r in block.runs(lang))
            finding = block.style == "finding"
            yield claims.Sentence(section.id, shown, block.claims, block.bare(lang), finding)


def _among_all(patents: PatentSet | Study, choices: dict[str, Any]) -> dict[str, Any]:
    """The applicant as the firm that is looked at among all others, to whom nothing is restricted."""
    before = patents.inputs.applicant if isinstance(patents, Study) else ""
    applicant = choices.get("applicant", before)
    if not applicant:
        return choices
    return {"firm": applicant, **choices, "applicant": ""}


def _check_references(report: Report) -> None:
    """Find now what would fail when the report is saved."""
    ids: set[str] = set()
    # In a document both are bookmarks, which know no dots.
    taken = {one.id.replace(".", "_") for one in report.sections}
    for block in report.blocks():
        if isinstance(block, Text):
            report.plain(block)
        elif block.id in taken:
            msg = f'The table or figure "{block.id}" is called as a section is. Rename it.'
            raise ArgumentError(msg)
        elif block.id in ids:
            msg = f'Two tables or figures of the report are called "{block.id}". Rename one.'
            raise ArgumentError(msg)
        else:
            ids.add(block.id)


def _with(section: Section, blocks: tuple[Block, ...]) -> Section:
    return replace(section, blocks=blocks)


def _told(made: Iterable[Block]) -> tuple[Block, ...]:
    """Blocks without columns of which nothing at all is known."""
    return tuple(b.told() if isinstance(b, Table) else b for b in made)


def _blocks(edition: Edition, one: SectionMaker, entry: Entry) -> tuple[Block, ...]:
    try:
        if entry.subject == GIVEN_FIRM and not edition.study.inputs.firm:
            raise gap("missing.project.no_firm")
        of = edition.of_firm if entry.subject else edition
        of.study.require(*one.needs)
        made = _told(one.make(of, **entry.params))
        notes = of.partial(*one.needs) if made else []
        if made and entry.subject:
            made = (Text("own_only", {"firm": of.scope()}, "note"), *made)
        return (*made, *notes)
    except UnavailableError as error:
        return (edition.gap(error),)
    except (MissingTableError, MissingColumnError) as error:
        return (Text("missing.other", {"reason": str(error)}, "missing"),)


def _about(edition: Edition, outline: Outline) -> list[tuple[str, str]]:
    """The firm and the project that the outline's sections are about."""
    study, parts = edition.study, {name.partition(".")[0] for name in outline.entries()}
    found = []
    try:
        if "firm" in parts or study.inputs.firm:
            found.append(("firm", str(study.owner_names[study.firm])))
        if "project" in parts:
            found.append(("project", str(study.project_row["title"])))
    except UnavailableError:
        return found  # the sections say what is missing
    return found


def _facts(edition: Edition, outline: Outline) -> tuple[tuple[str, str], ...]:
    """Lines of the cover."""
    cutoff = (
        edition.word("unknown")
        if edition.study.cutoff is None
        else f"{edition.study.cutoff:%Y-%m-%d}"
    )
    facts = [
        *_about(edition, outline),
        ("subject", edition.scope()),
        ("region", edition.study.inputs.region),
        ("size", edition.word("size", count=edition.study.units, unit=edition.unit_word,
                            publications=len(edition.study.given))),
        ("files", _files(edition)),
        ("cutoff", cutoff),
        ("client", edition.cover.client),
        ("author", edition.cover.author),
        ("date", edition.cover.date),
    ]  # fmt: skip
    return tuple((edition.word(f"fact_{key}"), value) for key, value in facts if value)


_NAMED = 3  # technologies, and files, that a cover without a title of its own names


def _contents(edition: Edition, outline: Outline) -> str:
    """What a set is about that nobody gave a title or an industry: its largest technologies.

    Nothing where no section of the report looks at texts: it is no report on technologies.
    """
    study = edition.study
    if not any("texts" in maker(section_id).needs for section_id in outline.entries()):
        return ""
    if edition.cover.title or study.inputs.industry or study.inputs.applicant or study.inputs.firm:
        return ""
    try:
        sizes = study.counts(study.technology_of)
        named, known = study.technologies.names, study.well_named
    except UnavailableError:
        return _fields(edition)
    common = _of_the_search(study)
    chosen = [k for k in sizes.index if str(k) not in study.remainders
              and (known is None or str(k) in known) and not common(str(named[k]))][:_NAMED]  # fmt: skip
    if float(sizes[chosen].sum()) < _TELLING * study.units:
        return _fields(edition)  # a few small parts do not say what the whole is
    told = [str(named[k]) for k in chosen]
    return edition.word("about", names=edition.word("list_separator").join(told))


def _of_the_search(study: Study) -> Callable[[str], bool]:
    """Whether a name has no other words than those that most titles share: it says nothing of a part."""
    try:
        titles = text.documents(study.patents)["title"].dropna().astype("str").str.casefold()
    except MissingTableError:
        return lambda _: False
    lists = text.tokens(titles).lists()
    counts = Counter(word for title in lists for word in set(title))
    most = {word for word, count in counts.items() if count > _TELLING * len(lists)}

    def common(name: str) -> bool:
        words = {w.casefold() for w in text.tokens(pd.Series([name])).lists()[0] if len(w) > 1}
        return bool(words) and words <= most

    return common


_TELLING = 0.5  # of the set, from which what is named says what the whole is


def _fields(edition: Edition) -> str:
    """The technical fields of most of a set, by its classes; nothing where it has none."""
    study = edition.study
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CoverageWarning)  # sections that need fields say it
            rows = study.fields.dropna(subset=["sub_sector"])
    except (UnavailableError, MissingTableError):
        return ""
    if rows.empty:
        return ""
    every = study.counts(rows[["publication_id", "sub_sector", "weight"]])
    sizes = every.head(_NAMED)
    if float(sizes.sum()) < _TELLING * float(every.sum()):
        return edition.word("about_many")
    names = taxonomy.load("wipo-35").names(edition.lang).reindex(sizes.index).dropna()
    if names.empty:
        return ""
    return edition.word(
        "about_fields", names=edition.word("list_separator").join(names.astype(str))
    )


def _files(edition: Edition) -> str:
    """Names of the files that the set was read from, the first of many."""
    given = edition.study.given
    if not given.has("intake") or not len(given.intake):
        return ""
    files = [str(name).rpartition("/")[2] for name in given.intake["file"].dropna().unique()]
    told = edition.word("list_separator").join(files[:_NAMED])
    return (
        told
        if len(files) <= _NAMED
        else edition.word("and_more_files", names=told, count=len(files))
    )


def _banner(edition: Edition) -> str:
    made = any(step.name.startswith("datasets.") for step in edition.study.given.provenance)
    return edition.word("synthetic") if made else ""
