"""What stands on each slide of a report: chosen from its blocks by a plan, still without a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from patentnav import i18n
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.slides.notes import evidence
from patentnav.report.slides.plan import GENERAL, SlidePlan, load
from patentnav.report.slides.sentences import shorter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from patentnav.report.blocks import Section
    from patentnav.report.document import Report
    from patentnav.report.slides.plan import Form, Pick, Plan

_FINDINGS, _MEASURES, _RULES = 3, 5, 3  # of a slide
_NO_ANSWER = {"summary.findings.missing", "summary.findings.found"}  # what they say is no result
_GENERAL_LIMITS = "methods.limits.general"  # what leads to the limits of every report
_TESTED = {"trend", "comparison", "association"}


@dataclass(frozen=True)
class Exhibit:
    """A figure or table on a slide.

    Attributes
    ----------
    block
        The block of the report.
    columns
        Columns of a table that are to stand there; empty for as many as have room.
    sort
        Column of a table by which its rows stand, from low to high, with ``-`` before it from high to
        low; as they are when empty.
    """

    block: Figure | Table
    columns: tuple[str, ...] = ()
    sort: str = ""

    @property
    def table(self) -> Table:
        """The table, or the data of the figure."""
        return self.block.table if isinstance(self.block, Figure) else self.block


@dataclass(frozen=True)
class Slide:
    """A slide in words.

    Attributes
    ----------
    form
        What it looks like.
    titles
        Forms of the title, the longest first.
    topic
        Title where no form of the statement has room: that of the section.
    place
        Where in the report it comes from: part and section.
    lead
        A paragraph above the rest.
    points
        Texts beside or below, the most important first.
    rows
        Rows of a list: number, text, place in the report.
    rows_are_found
        Whether all of them are what the slide is for: findings that a test carries, measures.
    groups
        Headed lists.
    facts
        Labels and values.
    exhibit
        A figure or table.
    more
        Rows that the notes have beyond those listed.
    source
        Where the content comes from and how it is counted.
    notes
        Lines of the notes: the evidence.
    """

    form: Form
    titles: tuple[str, ...]
    topic: str = ""
    place: str = ""
    lead: str = ""
    points: tuple[str, ...] = ()
    rows: tuple[tuple[str, str, str], ...] = ()
    rows_are_found: bool = False
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    exhibit: Exhibit | None = None
    more: int = 0
    source: str = ""
    notes: tuple[str, ...] = ()


def slides(report: Report, plan: Plan | None = None) -> list[Slide]:
    """The slides of a report.

    Parameters
    ----------
    report
        The report.
    plan
        What they show; the report's own when omitted.

    Returns
    -------
    list of Slide
        In the order of the plan. A slide for whose form the report has nothing is not there.
    """
    with report.reading():
        return list(_Composer(report, plan or report.slides or load(GENERAL)).slides())


class _Composer:
    """Chooses blocks, none twice."""

    def __init__(self, report: Report, plan: Plan) -> None:
        self.report, self.plan, self.lang = report, plan, report.lang
        self.by_id = {section.id: section for section in report.sections}
        self.shown: set[str] = set()  # ids of blocks
        self.told: set[str] = set()  # texts that are titles
        self.heads: list[tuple[Section, Text]] = []  # of slides with an exhibit
        # What a slide names is not to be taken by an earlier one that takes anything.
        self.asked = {p.section for one in plan.slides for p in one.show if not p.is_open}

    def slides(self) -> Iterator[Slide]:
        makers = {"cover": self._cover, "answer": self._answer, "scope": self._scope,
                  "exhibit": self._exhibit, "measures": self._measures, "limits": self._limits}  # fmt: skip
        made: dict[int, Slide | None] = {}
        for one in self.plan.slides:
            if one.form == "answer" and (asked := self._first(one.show)) is not None:
                self.told |= {self._plain(t) for t in _statements(asked, self.lang)[:1]}
        # The answer comes first, but may name what the others show.
        for last in (False, True):
            for i, one in enumerate(self.plan.slides):
                if (one.form == "answer") == last:
                    made[i] = makers[one.form](one)
        yield from (slide for i in sorted(made) if (slide := made[i]) is not None)

    def word(self, key: str, **values: Any) -> str:
        return i18n.text(f"report.slides.{key}", self.lang, **values)

    # Forms

    def _cover(self, _one: SlidePlan) -> Slide:
        return Slide(
            "cover", (self.report.title,), lead=self.report.subtitle, facts=self.report.facts,
            notes=(self.word("notes_cover"),),
        )  # fmt: skip

    def _answer(self, one: SlidePlan) -> Slide | None:
        """The answer and what it rests on."""
        asked = self._first(one.show)
        section = asked or self._collected()
        if section is None:
            return None
        texts = [b for b in section.blocks if isinstance(b, Text)]
        body = [
            t
            for t in texts
            if t.style in {"body", "finding"}
            and t.claims
            and not _refers(t, self.lang)
            and t.key not in _NO_ANSWER
        ]
        # The first says what the report rests on, which the slide on scope has.
        first = None if asked else next((t for t in texts if t.style in {"body", "finding"}), None)
        body = [t for t in body if t is not first] or [t for _, t in self.heads[:1]] or body
        if not body:
            return None
        core = body[0].values.get("answer")
        # Another slide may have it as its title.
        fresh = [t for t in body if self._plain(t) not in self.told]
        head = (fresh or body)[0]
        if isinstance(core, Text) and core.key != "findings.clauses":
            head = core
        found = [t for t in texts if t.style == "bullet" and _kinds(t) & _TESTED
                 and "recommendation" not in _kinds(t)][:_FINDINGS]  # fmt: skip
        # Where tests find less than three things, what the slides show is told in short.
        filled = [(s, t) for s, t in self.heads if t is not head][: _FINDINGS - len(found)]
        rows = [self._row(text) for text in found]
        rows += [(self._plain(text), self._place(place, short=True)) for place, text in filled]
        lead = body[:1] if found else body
        return Slide(
            "answer", _uncut(self._plain(head)), section.title(self.lang), self._place(section),
            self.word("sentences_join").join(map(self._plain, lead)),
            rows=tuple((str(i), *row) for i, row in enumerate(rows, start=1)),
            rows_are_found=not filled, source=self._source(section, None),
            notes=evidence(self.report, [*lead, *found, *(text for _, text in filled)]),
        )  # fmt: skip

    def _scope(self, one: SlidePlan) -> Slide | None:
        """Question, data and coverage."""
        found = self._pick(one.show)
        front = self._collected()
        section = front or (found[0] if found else None)
        if section is None and not self.report.facts:
            return None
        blocks = front.blocks if front is not None else ()
        texts = [b for b in blocks if isinstance(b, Text) and b.style in {"body", "finding"}]
        texts = [t for t in texts if not _refers(t, self.lang)]
        head = texts[0] if texts else None
        question = ((self.word("question"), self.report.question),) if self.report.question else ()
        rules = next((t for t in self.report.tables if t.id == "rules"), None)
        kept = () if rules is None else tuple((a, b) for a, b in rules.cells(self.lang, _RULES))
        exhibit = None if found is None else found[1]
        titles = shorter(self._plain(head)) if head is not None else (self._size(),)
        shown = found[0] if found else section
        return Slide(
            "scope", titles, self.word("scope"), "" if shown is None else self._place(shown),
            facts=(*question, *self.report.facts, *kept), exhibit=exhibit,
            source="" if shown is None else self._source(shown, exhibit),
            notes=evidence(self.report, texts[:1], exhibit.table.note if exhibit else None),
        )  # fmt: skip

    def _size(self) -> str:
        """How much the report rests on, where no statement says it."""
        label = i18n.text("report.word.fact_size", self.lang)
        value = dict(self.report.facts).get(label)
        return self.word("pair", label=label, value=value) if value else self.word("scope")

    def _exhibit(self, one: SlidePlan) -> Slide | None:
        found = self._pick(one.show) or self._pick(self.plan.reserve)
        if found is None:
            return None
        section, exhibit = found
        texts = _statements(section, self.lang)
        fresh = [t for t in texts if self._plain(t) not in self.told]
        head = (fresh or texts or [None])[0]  # type: ignore[list-item]
        titles = shorter(self._plain(head)) if head else (section.title(self.lang),)
        self.told.add(titles[0])
        if head is not None:
            self.told.add(self._plain(head))
            self.heads.append((section, head))
        points = tuple(self._plain(t) for t in texts if t is not head)
        small = [b for b in section.blocks if isinstance(b, Text) and b.style == "note"]
        told = [head] if head else []
        told += [t for t in texts if t is not head]
        return Slide(
            "exhibit", titles, section.title(self.lang), self._place(section), points=points, exhibit=exhibit,
            source=self._source(section, exhibit),
            notes=evidence(self.report, [*told, *small], exhibit.table.note if exhibit else None),
        )  # fmt: skip

    def _measures(self, one: SlidePlan) -> Slide | None:
        """What to do: recommendations, else what the sections of the slide find."""
        advice = [(s, b) for s in self.report.sections for b in s.blocks if isinstance(b, Text)
                  and any(c.kind == "recommendation" for c in b.claims)
                  and not s.id.startswith("summary.")]  # fmt: skip
        named = [s for p in one.show for s in self.report.sections if p.means(s.id)]
        last = [s for s in self.report.sections if s.part == self._last_part()]
        is_advice = bool(advice)
        listed = [(s, t) for s in named for t in s.tables if "measure_action" in t.frame]
        if listed:
            return self._listed_measures(*listed[0])
        if not advice:
            advice = [(s, t) for s in [*named, *last] for t in _statements(s, self.lang)[:1]]
        if not advice:
            return self._exhibit(SlidePlan("exhibit", self.plan.reserve))
        rows = tuple(
            (str(i), self._plain(text), self._place(section, short=True))
            for i, (section, text) in enumerate(advice[:_MEASURES], start=1)
        )
        section, first = advice[0]
        used = {id(text) for _, text in advice}
        facts = [t for s in self.report.sections if s.part == section.part
                 for t in _statements(s, self.lang)[:1] if id(t) not in used]  # fmt: skip
        return Slide(
            "measures", shorter(self._plain(first)), section.title(self.lang), self._place(section), rows=rows,
            rows_are_found=is_advice, points=tuple(map(self._plain, facts)),
            more=len(advice) - len(rows),
            source=self._source(section, None),
            notes=evidence(self.report, [*(text for _, text in advice), *facts]),
        )  # fmt: skip

    def _listed_measures(self, section: Section, table: Table) -> Slide:
        """The first rows of a section's table of measures."""
        told = [self.word("measure", action=str(r["measure_action"]), object=str(r["measure_object"]))
                for r in table.frame.to_dict("records")]  # fmt: skip
        rows = tuple(
            (str(i), text, self._place(section, short=True))
            for i, text in enumerate(told[:_MEASURES], start=1)
        )
        title = section.title(self.lang)
        head = self.word("measures_in_all", title=title, count=len(told))
        return Slide(
            "measures", (head, title), title, self._place(section),
            rows=rows, rows_are_found=True, more=len(told) - len(rows),
            source=self._source(section, None), notes=tuple(told),
        )  # fmt: skip

    def _limits(self, _one: SlidePlan) -> Slide | None:
        section = self.by_id.get("methods.limits")
        texts = [b for b in section.blocks if isinstance(b, Text)] if section else []
        if section is None or not texts:
            return None
        groups: list[tuple[str, list[str]]] = []
        usual, lead = "", ""
        for text in texts:
            if text.style == "bullet" and groups:
                groups[-1][1].append(self._plain(text))
                usual = usual or (groups[-1][1][0] if lead == _GENERAL_LIMITS else "")
            elif text.style == "bullet":
                groups.append(("", [self._plain(text)]))
            else:
                lead = text.key
                groups.append((self._plain(text), []))
        kept = tuple((head, tuple(items)) for head, items in groups if items)
        head = usual or (kept[0][1][0] if kept else self._plain(texts[0]))
        return Slide(
            "limits", shorter(head), section.title(self.lang), self._place(section), groups=kept,
            source=self._source(section, None), notes=tuple(map(self._plain, texts)),
        )  # fmt: skip

    # Choosing

    def _collected(self) -> Section | None:
        """The section in front that sums up."""
        front = [s for s in self.report.sections if s.id.startswith("summary.") and s.blocks]
        # Points only repeat what other slides tell.
        kept = [s for s in front if s.id != "summary.points"] or front
        return kept[0] if kept else None

    def _last_part(self) -> str:
        """The last part that is no annex."""
        parts = [s.part for s in self.report.sections if s.blocks and not _front_or_annex(s)]
        return parts[-1] if parts else ""

    def _first(self, picks: Sequence[Pick]) -> Section | None:
        return next(
            (s for p in picks for s in self.report.sections if p.means(s.id) and s.blocks), None
        )

    def _pick(self, picks: Sequence[Pick]) -> tuple[Section, Exhibit | None] | None:
        """The first section that is there with something new to show."""
        texts_only = None
        for pick in picks:
            for section in self.report.sections:
                if not pick.means(section.id) or not section.blocks:
                    continue
                if pick.is_open and (_front_or_annex(section) or section.id in self.asked
                                     or not _statements(section, self.lang)):  # fmt: skip
                    continue
                block = self._block(section, pick)
                if block is not None:
                    self.shown.add(block.id)
                    self.asked.add(section.id)
                    there = set(_columns(block))
                    columns = pick.columns if set(pick.columns) <= there else ()
                    return section, Exhibit(
                        block, columns, pick.sort if pick.sort.removeprefix("-") in there else ""
                    )
                if not pick.is_open and _statements(section, self.lang) and texts_only is None:
                    texts_only = section
        return None if texts_only is None else (texts_only, None)

    def _block(self, section: Section, pick: Pick) -> Figure | Table | None:
        blocks = [b for b in section.blocks if not isinstance(b, Text) and b.id not in self.shown]
        blocks = [b for b in blocks if len(_data(b).frame)]
        named = [b for b in blocks if b.id == pick.block]
        figures = [b for b in blocks if isinstance(b, Figure)]
        return next(iter([*named, *figures, *blocks]), None)

    # Words

    def _plain(self, text: Text) -> str:
        return self.report.plain(text)

    def _row(self, text: Text) -> tuple[str, str]:
        """A finding without the mention of its section, which has a column of its own."""
        inner, place = text.values.get("text"), text.values.get("place")
        if isinstance(inner, Text) and isinstance(place, Ref):
            return self._plain(inner), self.report.label(place.target)
        return self._plain(text), ""

    def _place(self, section: Section, *, short: bool = False) -> str:
        if short and section.number:
            return section.number
        part = self.by_id.get(section.part)
        own = section.heading(self.lang)
        if short or part is None or part is section:
            return own
        return self.word("place", part=part.title(self.lang), section=own)

    def _source(self, section: Section, exhibit: Exhibit | None) -> str:
        """Source and counting rule, in one line."""
        at = section.number or section.title(self.lang)
        if exhibit is None:
            source = self.word("source_text", place=at)
        else:
            label = self.report.label(exhibit.block.id)
            source = self.word("source", label=label, place=at)
        cutoff = dict(self.report.facts).get(i18n.text("report.word.fact_cutoff", self.lang))
        parts = [source, self.word("cutoff", date=cutoff) if cutoff else ""]
        note = exhibit.table.note if exhibit else None
        if note is not None:
            prefix = i18n.text("report.note", self.lang).split("{")[0]
            parts.append(self._plain(note).removeprefix(prefix))
        return self.word("parts_join").join(part for part in parts if part)


def _uncut(text: str) -> tuple[str, ...]:
    """Shorter forms of an answer; one that ends where the answer begins says nothing."""
    return tuple(f for f in shorter(text) if text[len(f) :].lstrip()[:1] not in {":", "\uff1a"})


def _statements(section: Section, lang: str) -> list[Text]:
    """What a section states, the most important first, without what only leads to its blocks."""
    texts = [b for b in section.blocks if isinstance(b, Text)]
    order = ("finding", "bullet", "body")
    return [t for style in order for t in texts
            if t.style == style and (style == "finding" or t.claims) and not _refers(t, lang)]  # fmt: skip


def _refers(text: Text, lang: str) -> bool:
    """Whether a text mentions a figure or table, which need not stand on the slide."""
    return any(isinstance(run, Ref) and "." not in run.target for run in text.runs(lang))


def _kinds(text: Text) -> set[str]:
    return {claim.kind for claim in text.claims}


def _front_or_annex(section: Section) -> bool:
    return section.part in {"summary", "methods"} or section.id.startswith(("summary.", "methods."))


def _data(block: Figure | Table) -> Table:
    return block.table if isinstance(block, Figure) else block


def _columns(block: Figure | Table) -> list[str]:
    return [str(name) for name in _data(block).frame.columns]
