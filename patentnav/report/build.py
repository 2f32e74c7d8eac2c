"""From an outline to a report: make the study, ask every section for its blocks, number them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from patentnav import _resources, i18n
from patentnav._progress import progress
from patentnav.config import get_config
from patentnav.errors import MissingColumnError, MissingTableError
from patentnav.report.blocks import Section, Text
from patentnav.report.document import Report
from patentnav.report.registry import SectionMaker, UnavailableError, maker
from patentnav.report.study import Inputs, Study

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentnav.patentset import PatentSet
    from patentnav.report.blocks import Block

_KEYS = {"part"}
_PART_KEYS = {"id", "number", "sections"}


def build(
    patents: PatentSet, outline: str = "industry", lang: str | None = None, **inputs: Any
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
        Name of an outline (``data/reports``): ``industry`` follows the direction, position and
        path of industrial planning navigation (GB/T 39551.3).
    lang
        ``zh`` or ``en``; the configured language when omitted.
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
        There is no such outline, language, section or input.
    ArgumentError
        The set is empty, or no publication belongs to the asked industry.
    """
    lang = lang or get_config().lang
    i18n.text("report.label.table", lang)  # an unknown language fails before the work
    study = Study(patents, lang, Inputs.of(inputs))
    parts = parts_of(outline)
    sections = _built(study, parts)
    kind = i18n.text(f"report.outline.{outline}", lang)
    if study.inputs.industry:
        kind = study.word("title", scope=study.scope())
    return Report(
        title=study.inputs.title or kind, subtitle=study.inputs.subtitle or study.inputs.region, lang=lang,
        facts=_facts(study), sections=sections, banner=_banner(study),
    )  # fmt: skip


def parts_of(outline: str) -> list[dict[str, Any]]:
    """Parts of an outline: ``id``, ``number`` (may be empty) and the ids of their ``sections``.

    Raises
    ------
    UnknownNameError
        There is no such outline, or it has an unknown key.
    """
    entry = _resources.load_toml("reports", outline)
    _resources.check_keys(entry, _KEYS, f"the outline {outline}")
    for part in entry["part"]:
        _resources.check_keys(part, _PART_KEYS, f"a part of the outline {outline}")
    return list(entry["part"])


def _built(study: Study, parts: Sequence[dict[str, Any]]) -> tuple[Section, ...]:
    plan = _plan(parts)
    makers = [maker(one.id) for one in plan if one.level == 2]
    blocks: dict[str, tuple[Block, ...]] = {}
    for one in progress([m for m in makers if not m.collects], "report"):
        blocks[one.id] = _blocks(study, one)
    done = [_with(s, blocks[s.id]) for s in plan if s.id in blocks]
    for one in makers:
        if one.collects:
            blocks[one.id] = tuple(one.make(study, done))
    return tuple(_with(s, blocks.get(s.id, ())) for s in plan)


def _plan(parts: Sequence[dict[str, Any]]) -> list[Section]:
    """Numbered, still empty sections; an unnumbered part has unnumbered sections."""
    plan = []
    for part in parts:
        number = str(part.get("number", ""))
        plan.append(Section(part["id"], 1, number))
        for i, name in enumerate(part["sections"], start=1):
            plan.append(Section(f"{part['id']}.{name}", 2, f"{number}.{i}" if number else ""))
    return plan


def _with(section: Section, blocks: tuple[Block, ...]) -> Section:
    return Section(section.id, section.level, section.number, blocks)


def _blocks(study: Study, one: SectionMaker) -> tuple[Block, ...]:
    try:
        study.need(*one.needs)
        return (*one.make(study), *study.partial(*one.needs))
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
