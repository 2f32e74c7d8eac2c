"""Plans of slides: what each slide of a kind of report shows.

A plan is a TOML file of ``data/slides`` or of the user's ``slides`` folder, called like the outline
of the report. A report whose outline has none takes the plan ``general``.

.. code-block:: toml

    reserve = ["direction.applicants", "*"]     # for slides of which nothing is there

    [[slide]]
    form = "exhibit"     # cover, answer, scope, exhibit, measures or limits
    show = [             # the first that the report has and that no other slide shows
      "direction.trend",
      { use = "direction.chain", block = "links", columns = ["link", "count", "share"] },
      "direction.*",     # the next section of a part in reading order; "*": of any part
    ]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from patentnav import _resources
from patentnav.errors import FormatError, UnknownNameError
from patentnav.report.registry import makers

if TYPE_CHECKING:
    from pathlib import Path

Form = Literal["cover", "answer", "scope", "exhibit", "measures", "limits"]
GENERAL = "general"
_KEYS, _SLIDE_KEYS, _PICK_KEYS = (
    {"slide", "reserve"},
    {"form", "show"},
    {"use", "block", "columns", "sort"},
)


@dataclass(frozen=True)
class Pick:
    """What a slide may show.

    Attributes
    ----------
    section
        Id of a section; ``part.*`` or ``*`` for the next one in reading order.
    block
        Id of its figure or table; chosen by the content when empty.
    columns
        Columns of the table that stand on the slide; as many as have room when empty.
    sort
        Column of the table by which its rows stand, from low to high; with ``-`` before it from high
        to low.
    """

    section: str
    block: str = ""
    columns: tuple[str, ...] = ()
    sort: str = ""

    @property
    def is_open(self) -> bool:
        """Whether any section of a part, or of the report, will do."""
        return self.section.endswith("*")

    def means(self, section_id: str) -> bool:
        """Tell whether a section is meant."""
        if self.is_open:
            return section_id.startswith(self.section[:-1])
        return section_id == self.section


@dataclass(frozen=True)
class SlidePlan:
    """One slide: its form, and what it may show, in order of preference."""

    form: Form
    show: tuple[Pick, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The slides of a kind of report.

    Attributes
    ----------
    name
        Stem of its file.
    slides
        In their order.
    reserve
        What slides show of whose sections none is there.
    """

    name: str
    slides: tuple[SlidePlan, ...]
    reserve: tuple[Pick, ...] = ()


def load(kind: str) -> Plan:
    """The plan of a kind of report: its own, else the general one.

    Parameters
    ----------
    kind
        Name of the outline.

    Returns
    -------
    Plan

    Raises
    ------
    UnknownNameError
        A key, a form or, in a file of the user, a section is unknown.
    FormatError
        The file has no slides, or an entry is written otherwise.
    """
    name = kind if kind in _resources.names("slides") else GENERAL
    file = _resources.path("slides", name)
    entry = _resources.parse_toml(file)
    where = f"the slides {file.stem}"
    _resources.check_keys(entry, _KEYS, where)
    written = entry.get("slide")
    if not isinstance(written, list) or not all(isinstance(one, dict) for one in written):
        msg = f'"{file}" has no slides: write each below a line [[slide]].'
        raise FormatError(msg)
    reserve = _picks(entry.get("reserve", []), file)
    return Plan(name, tuple(_slide(one, file) for one in written), reserve)


def _slide(entry: dict[str, Any], file: Path) -> SlidePlan:
    _resources.check_keys(entry, _SLIDE_KEYS, f"a slide of {file.name}")
    form = entry.get("form", "exhibit")
    if form not in get_args(Form):
        raise UnknownNameError(f"form of a slide of {file.name}", str(form), get_args(Form))
    return SlidePlan(form, _picks(entry.get("show", []), file))


def _picks(entries: Any, file: Path) -> tuple[Pick, ...]:
    if not isinstance(entries, list):
        msg = f'"{file.name}": show and reserve are lists of sections, not {entries!r}.'
        raise FormatError(msg)
    return tuple(_pick(entry, file) for entry in entries)


def _pick(entry: Any, file: Path) -> Pick:
    table = {"use": entry} if isinstance(entry, str) else entry
    if not isinstance(table, dict) or not isinstance(table.get("use"), str):
        msg = f'"{file.name}": what a slide shows is the id of a section or {{ use = "…" }}.'
        raise FormatError(msg)
    _resources.check_keys(table, _PICK_KEYS, f"what a slide of {file.name} shows")
    pick = Pick(
        table["use"], str(table.get("block", "")), tuple(table.get("columns", ())),
        str(table.get("sort", "")),
    )  # fmt: skip
    # The package's own plans name sections of outlines that a report need not have.
    own = _resources.PACKAGE_DATA not in file.parents
    if own and not pick.is_open and pick.section not in makers():
        raise UnknownNameError(f"section of {file.name}", pick.section, makers())
    return pick
