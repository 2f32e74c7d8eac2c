"""From an outline to a report: make the study, ask every section for its blocks, number them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from patentnav import i18n
from patentnav._progress import progress
from patentnav.config import get_config
from patentnav.errors import ArgumentError, MissingColumnError, MissingTableError
from patentnav.report import outline as outlines
from patentnav.report import wording
from patentnav.report.blocks import Text
from patentnav.report.document import Report
from patentnav.report.registry import SectionMaker, UnavailableError, maker
from patentnav.report.study import Inputs, Study

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from patentnav.patentset import PatentSet
    from patentnav.report.blocks import Block, Section
    from patentnav.report.outline import Outline


def build(
    patents: PatentSet,
    outline: str | Path = "industry",
    lang: str | None = None,
    *,
    goal: str = "",
    **inputs: Any,
) -> Report:
    """Build a navigation report.

    Everything that the sections need is computed (cleaning, industries, technologies, networks,
    indicators, portfolio candidates), unless it is given. A section whose data the export lacks
    says what is missing and why; it never shows a zero instead.

    Parameters
    ----------
    patents
        The set, as read. Parties and inventors that were resolved before are taken as they are.
    outline
        Name of an outline (``data/reports``, the user's ``reports``) or the path of its file:
        ``industry`` follows the direction, position and path of industrial planning navigation
        (GB/T 39551.3).
    lang
        ``zh`` or ``en``; the configured language when omitted.
    goal
        What the report is for, where the outline knows goals: what belongs to another is left out.
    **inputs
        Choices and results of the analyst; see :class:`patentnav.report.Inputs`.

    Returns
    -------
    Report
        Save it with ``report.save("x.docx")``, ``.html`` or ``.xlsx``. The same set and inputs
        give the same bytes.

    Raises
    ------
    UnknownNameError
        There is no such outline, language, goal, section or input, or a wording is missing.
    ArgumentError
        The set is empty, or no publication belongs to the asked industry.
    """
    lang = lang or get_config().lang
    i18n.refresh()  # files may have been edited since
    chosen = outlines.load(outline).for_goal(goal)
    wording.check(chosen, lang)
    texts = chosen.wording(lang)
    with i18n.using(lang, texts):
        study = Study(patents, lang, Inputs.of(inputs))
        sections = _built(study, chosen)
        kind = i18n.text(chosen.title_key, lang)
        if study.inputs.industry:
            kind = study.word("title", scope=study.scope())
        report = Report(
            title=study.inputs.title or kind,
            subtitle=study.inputs.subtitle or study.inputs.region,
            lang=lang,
            facts=_facts(study),
            sections=sections,
            banner=_banner(study),
            wording=texts,
        )
    _check_references(report)
    return report


def _built(study: Study, outline: Outline) -> tuple[Section, ...]:
    plan, entries = outline.plan(), outline.entries()
    makers = [maker(section_id) for section_id in entries]
    blocks: dict[str, tuple[Block, ...]] = {}
    for one in progress([m for m in makers if not m.collects], "report"):
        blocks[one.id] = _blocks(study, one, entries[one.id].params)
        wording.check_blocks(blocks[one.id], study.lang)
    done = [_with(s, blocks[s.id]) for s in plan if s.id in blocks]
    for one in makers:
        if one.collects:
            blocks[one.id] = tuple(one.make(study, done, **entries[one.id].params))
    return tuple(_with(s, blocks.get(s.id, ())) for s in plan)


def _check_references(report: Report) -> None:
    """Find now what would fail when the report is saved."""
    ids: set[str] = set()
    for block in report.blocks():
        if isinstance(block, Text):
            report.plain(block)
        elif block.id in ids:
            msg = f'Two tables or figures of the report are called "{block.id}". Rename one.'
            raise ArgumentError(msg)
        else:
            ids.add(block.id)


def _with(section: Section, blocks: tuple[Block, ...]) -> Section:
    return replace(section, blocks=blocks)


def _blocks(study: Study, one: SectionMaker, params: Mapping[str, Any]) -> tuple[Block, ...]:
    try:
        study.need(*one.needs)
        return (*one.make(study, **params), *study.partial(*one.needs))
    except UnavailableError as gap:
        return (Text(gap.key, gap.values, "missing"),)
    except (MissingTableError, MissingColumnError) as error:
        return (Text("missing.other", {"reason": str(error)}, "missing"),)


def _facts(study: Study) -> tuple[tuple[str, str], ...]:
    """Lines of the cover."""
    cutoff = study.word("unknown") if study.cutoff is None else f"{study.cutoff:%Y-%m-%d}"
    facts = [
        ("subject", study.scope()),
        ("region", study.inputs.region),
        ("size", study.word("size", count=study.units, unit=study.unit_word,
                            publications=len(study.given))),
        ("cutoff", cutoff),
        ("date", study.inputs.date),
    ]  # fmt: skip
    return tuple((study.word(f"fact_{key}"), value) for key, value in facts if value)


def _banner(study: Study) -> str:
    made = any(step.name.startswith("datasets.") for step in study.given.provenance)
    return study.word("synthetic") if made else ""
