"""Outlines: which sections a kind of report has, in which order, under which titles.

An outline is a TOML file of ``data/reports`` or of the user's ``reports`` folder:

.. code-block:: toml

    title = { zh = "…", en = "…" }        # else the wording report.outline.<name>
    inputs = { masked = false }           # choices that stand unless others are given
    public = true                         # an edition for the public: no names of people, ever
    among_all = true                      # applicant= is the firm looked at among all others

    [[part]]
    id = "matching"
    number = "2"                          # omitted: part and sections have no number
    title = { zh = "…", en = "…" }        # else the wording report.<part id>.title
    goal = ["attract", "compare"]         # only for these goals; omitted: always; "" when none is given
    sections = [
      "science",                          # the section matching.science
      "direction.trend",                  # a section of another part
      { use = "position.specialisation", title = "report.region.special", params = { top = 5 } },
      { use = "path.partners", title = { zh = "…", en = "…" }, goal = ["attract"] },
      { use = "operate.pledge", subject = "firm" },  # of the firm's own publications only
    ]

    [wording.zh.report.matching.science]  # wording of sections that comes with the outline
    title = "…"
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentnav import _files, _resources, i18n
from patentnav.errors import ArgumentError, FormatError, UnknownNameError
from patentnav.report.blocks import Section
from patentnav.report.registry import maker
from patentnav.study import Inputs

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_KEYS = {"title", "part", "wording", "inputs", "public", "among_all"}
_PART_KEYS = {"id", "number", "title", "goal", "sections"}
_ENTRY_KEYS = {"use", "title", "params", "goal", "subject"}
GIVEN_FIRM = "given_firm"
SUBJECTS = ("firm", GIVEN_FIRM)


@dataclass(frozen=True)
class Entry:
    """A section in an outline.

    Attributes
    ----------
    id
        Of the section, ``<part>.<name>``.
    params
        What the outline sets of the section's parameters.
    goals
        Goals for which it is there; empty for all.
    subject
        ``firm``: it is made of the publications of the firm that is studied; ``given_firm``: likewise,
        and only where a firm was named; empty: of the whole.
    """

    id: str
    params: Mapping[str, Any] = field(default_factory=dict)
    goals: tuple[str, ...] = ()
    subject: str = ""


@dataclass(frozen=True)
class Part:
    """A part of an outline with its sections; see :class:`Entry` for what they share."""

    id: str
    number: str
    entries: tuple[Entry, ...]
    goals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outline:
    """A parsed and checked outline.

    Attributes
    ----------
    name
        Stem of its file.
    parts
        In reading order.
    file
        Where it stands.
    titles
        What the file says of headings, by their usual keys: the key of another wording, or a text
        by language.
    inputs
        Choices (:class:`patentnav.study.Inputs`) that stand where the caller says nothing else.
    public
        Whether it is an edition for the public, which names no people.
    among_all
        Whether the input ``applicant`` names the firm that is looked at among all owners, instead of
        restricting the study to it.
    """

    name: str
    parts: tuple[Part, ...]
    file: Path
    titles: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    public: bool = False
    among_all: bool = False

    @property
    def title_key(self) -> str:
        """Wording of the title of such reports."""
        return f"report.outline.{self.name}"

    @property
    def goals(self) -> list[str]:
        """Goals that parts or sections ask for, sorted."""
        asked = {goal for part in self.parts for goal in part.goals}
        asked |= {g for part in self.parts for e in part.entries for g in e.goals}
        return sorted(asked - {""})

    def entries(self) -> dict[str, Entry]:
        """Sections by id, in reading order."""
        return {entry.id: entry for part in self.parts for entry in part.entries}

    def wording(self, lang: str) -> Mapping[str, str]:
        """All texts of a language, with those of the outline's own file.

        Raises
        ------
        UnknownNameError
            The wording that a title names is missing.
        """
        texts = dict(i18n.wording(lang, self.file))
        own = {key: t for key, title in self.titles.items() if (t := _said(title, texts, lang))}
        return texts | own

    def for_goal(self, goal: str) -> Outline:
        """The outline without what belongs to other goals; all that names a goal when none is given.

        Parts that are left are numbered through.

        Raises
        ------
        UnknownNameError
            The outline knows goals, and this is none of them.
        ArgumentError
            The outline knows no goals, or nothing of it is left.
        """
        if goal and not self.goals:
            msg = f'The outline "{self.name}" has no goals, so goal="{goal}" means nothing to it.'
            raise ArgumentError(msg)
        if goal and goal not in self.goals:
            raise UnknownNameError(f"goal of the outline {self.name}", goal, self.goals)
        parts: list[Part] = []
        for part in self.parts:
            entries = tuple(e for e in part.entries if _serves(e.goals, goal))
            if entries and _serves(part.goals, goal):
                number = part.number
                if number.isdigit():
                    number = str(1 + sum(p.number.isdigit() for p in parts))
                parts.append(replace(part, entries=entries, number=number))
        if not parts:
            msg = f'The outline "{self.name}" has sections for goals only: {", ".join(self.goals)}.'
            raise ArgumentError(msg)
        return replace(self, parts=tuple(parts))

    def plan(self, without: Collection[str] = (), apart: Collection[str] = ()) -> list[Section]:
        """Numbered, still empty sections; an unnumbered part has unnumbered sections.

        Parameters
        ----------
        without
            Ids of sections that have nothing to say: they are not there, nor is a part whose
            sections all are such.
        apart
            Ids of sections that say only what is lacking, which have no number.
        """
        plan = []
        for part in self.parts:
            entries = [entry for entry in part.entries if entry.id not in without]
            if not entries:
                continue
            plan.append(Section(part.id, 1, part.number, part=part.id))
            i = 0
            for entry in entries:
                aside = entry.id in apart
                i += not aside
                number = f"{part.number}.{i}" if part.number and not aside else ""
                plan.append(Section(entry.id, 2, number, part=part.id, apart=aside))
        return plan


def _said(title: str | Mapping[str, str], texts: Mapping[str, str], lang: str) -> str | None:
    """A title in words; None where the outline leaves the usual one."""
    if not isinstance(title, str):
        return title.get(lang)
    if title not in texts:
        raise UnknownNameError(f"{lang} wording", title, texts, remedy=i18n.expected(title, lang))
    return texts[title]


def _serves(goals: tuple[str, ...], goal: str) -> bool:
    return not goals or goal in goals


def load(source: str | Path) -> Outline:
    """Read and check an outline.

    Parameters
    ----------
    source
        Name of an entry of ``reports``, or the path of a TOML file.

    Returns
    -------
    Outline

    Raises
    ------
    UnknownNameError
        There is no such outline or section, or a key, section parameter or language is unknown.
    FormatError
        The file is no outline: no part, a part without id, a section that stands in it twice.
    """
    named = isinstance(source, str) and not source.endswith(".toml")
    file = _resources.path("reports", str(source)) if named else Path(source)
    if not _files.is_file(file):
        msg = f'There is no outline file "{file}". Check the path, or call an outline by its name.'
        raise FormatError(msg)
    entry = _resources.parse_toml(file)
    _resources.check_keys(entry, _KEYS, f"the outline {file.stem}")
    reading = _Reading(file.stem)
    reading.title(f"report.outline.{file.stem}", entry)
    parts = tuple(reading.part(part) for part in _tables(entry.get("part"), file))
    flags = {name: entry.get(name, False) for name in ("public", "among_all")}
    for name, flag in flags.items():
        if not isinstance(flag, bool):
            msg = f'The outline "{file.name}": {name} is true or false.'
            raise FormatError(msg)
    inputs = _inputs(entry.get("inputs", {}), file)
    return Outline(file.stem, parts, file, reading.titles, inputs, **flags)


def _inputs(given: Any, file: Path) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        msg = f'The outline "{file.name}": inputs is a table, e.g. {{ masked = false }}.'
        raise FormatError(msg)
    Inputs.of(given)
    return given


def _tables(parts: Any, file: Path) -> list[dict[str, Any]]:
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        msg = f'The outline "{file.name}" has no parts: write each below a line [[part]].'
        raise FormatError(msg)
    return parts


class _Reading:
    """An outline being read: what was seen, and the titles stated in words."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seen: set[str] = set()
        self.titles: dict[str, str | Mapping[str, str]] = {}

    def part(self, part: dict[str, Any]) -> Part:
        _resources.check_keys(part, _PART_KEYS, f"a part of the outline {self.name}")
        if not isinstance(part.get("id"), str) or not isinstance(part.get("sections"), list):
            msg = f"The outline {self.name}: a part lacks its id (a text) or its sections (a list)."
            raise FormatError(msg)
        part_id = part["id"]
        self._once(part_id)
        self.title(f"report.{part_id}.title", part)
        return Part(
            part_id,
            str(part.get("number", "")),
            tuple(self._entry(part_id, entry) for entry in part["sections"]),
            self._goals(part_id, part.get("goal", [])),
        )

    def _entry(self, part_id: str, entry: Any) -> Entry:
        table = {"use": entry} if isinstance(entry, str) else entry
        if not isinstance(table, dict) or not isinstance(table.get("use"), str):
            msg = (
                f'The outline {self.name}, part {part_id}: a section is a name or {{ use = "…" }}.'
            )
            raise FormatError(msg)
        _resources.check_keys(table, _ENTRY_KEYS, f"a section of the outline {self.name}")
        name = table["use"]
        section_id = name if "." in name else f"{part_id}.{name}"
        self._once(section_id)
        known, params = maker(section_id).parameters, table.get("params", {})
        for param in params:
            if param not in known:
                raise UnknownNameError(f"parameter of the section {section_id}", param, known)
        self.title(f"report.{section_id}.title", table)
        subject = table.get("subject", "")
        if subject and subject not in SUBJECTS:
            raise UnknownNameError(f"subject of the section {section_id}", subject, SUBJECTS)
        goals = self._goals(section_id, table.get("goal", []))
        return Entry(section_id, params, goals, subject)

    def title(self, usual: str, entry: Mapping[str, Any]) -> None:
        """Note a heading that the outline does not leave at its usual wording."""
        title = entry.get("title")
        if title is None:
            return
        if isinstance(title, dict):
            _resources.check_keys(
                title, set(i18n.languages()), f"a title of the outline {self.name}"
            )
        elif not isinstance(title, str):
            msg = f"The outline {self.name}: a title is a wording key or {{ zh = …, en = … }}."
            raise FormatError(msg)
        self.titles[usual] = title

    def _once(self, section_id: str) -> None:
        if section_id in self.seen:
            msg = f'The outline {self.name} has "{section_id}" twice: its tables would be one too.'
            raise FormatError(msg)
        self.seen.add(section_id)

    def _goals(self, target: str, goals: Any) -> tuple[str, ...]:
        if not isinstance(goals, list) or not all(isinstance(goal, str) for goal in goals):
            msg = f'The outline {self.name}: the goal of "{target}" is a list of names.'
            raise FormatError(msg)
        return tuple(goals)
