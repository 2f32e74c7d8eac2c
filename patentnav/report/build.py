"""From an outline to a report: make the study, ask every section for its blocks, number them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from patentnav import _resources, i18n
from patentnav._progress import progress
from patentnav.config import get_config
from patentnav.errors import MissingColumnError, MissingTableError, UnavailableError
from patentnav.patentset import checked
from patentnav.report.blocks import Section, Text
from patentnav.report.document import Report
from patentnav.report.edition import Edition
from patentnav.report.inputs import divided
from patentnav.report.registry import SectionMaker, maker
from patentnav.study import Study

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentnav.patentset import PatentSet
    from patentnav.report.blocks import Block

_KEYS = {"part"}
_PART_KEYS = {"id", "number", "sections"}


def build(
    patents: PatentSet | Study, outline: str = "industry", lang: str | None = None, **inputs: Any
) -> Report:
    """Build a navigation report.

    Everything that the sections need is computed (cleaning, industries, technologies, networks,
    indicators, portfolio candidates), unless it is given. A section whose data the export lacks
    says what is missing and why; it never shows a zero instead.

    Parameters
    ----------
    patents
        The set, as read, or a study of one (whose results are used, and whose choices stand unless
        ``inputs`` change them). Parties and inventors that were resolved before are taken as they
        are.
    outline
        Name of an outline (``data/reports``): ``industry`` follows the direction, position and
        path of industrial planning navigation (GB/T 39551.3).
    lang
        ``zh`` or ``en``; the configured language when omitted.
    **inputs
        Choices and results of the analyst (:class:`patentnav.study.Inputs`) and the words of the
        cover (:class:`patentnav.report.Cover`).

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
        ``patents`` is no set or an empty one, or no publication belongs to the asked industry.
    """
    if not isinstance(patents, Study):
        checked(patents, "report.build", "a PatentSet or a Study")
    lang = lang or get_config().lang
    i18n.text("report.label.table", lang)  # an unknown language fails before the work
    cover, choices = divided(inputs)
    study = (
        patents.with_inputs(**choices) if isinstance(patents, Study) else Study(patents, **choices)
    )
    edition = Edition(study, lang, cover)
    parts = parts_of(outline)
    sections = _built(edition, parts)
    kind = i18n.text(f"report.outline.{outline}", lang)
    if study.inputs.industry or study.inputs.applicant:
        kind = edition.word("title", scope=edition.scope())
    return Report(
        title=cover.title or kind,
        subtitle=cover.subtitle or study.inputs.region,
        lang=lang,
        facts=_facts(edition),
        sections=sections,
        banner=_banner(edition),
    )


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


def _built(edition: Edition, parts: Sequence[dict[str, Any]]) -> tuple[Section, ...]:
    plan = _plan(parts)
    makers = [maker(one.id) for one in plan if one.level == 2]
    blocks: dict[str, tuple[Block, ...]] = {}
    for one in progress([m for m in makers if not m.collects], "report"):
        blocks[one.id] = _blocks(edition, one)
    done = [_with(s, blocks[s.id]) for s in plan if s.id in blocks]
    for one in makers:
        if one.collects:
            blocks[one.id] = tuple(one.make(edition, done))
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


def _blocks(edition: Edition, one: SectionMaker) -> tuple[Block, ...]:
    try:
        edition.study.require(*one.needs)
        return (*one.make(edition), *edition.partial(*one.needs))
    except UnavailableError as error:
        return (edition.gap(error),)
    except (MissingTableError, MissingColumnError) as error:
        return (Text("missing.other", {"reason": str(error)}, "missing"),)


def _facts(edition: Edition) -> tuple[tuple[str, str], ...]:
    """Lines of the cover."""
    cutoff = (
        edition.word("unknown")
        if edition.study.cutoff is None
        else f"{edition.study.cutoff:%Y-%m-%d}"
    )
    facts = [
        ("subject", edition.scope()),
        ("region", edition.study.inputs.region),
        ("size", edition.word("size", count=edition.study.units, unit=edition.unit_word,
                            publications=len(edition.study.given))),
        ("cutoff", cutoff),
        ("date", edition.cover.date),
    ]  # fmt: skip
    return tuple((edition.word(f"fact_{key}"), value) for key, value in facts if value)


def _banner(edition: Edition) -> str:
    made = any(step.name.startswith("datasets.") for step in edition.study.given.provenance)
    return edition.word("synthetic") if made else ""
