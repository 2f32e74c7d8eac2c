"""Sections by id. A section is one function: a study in words in, blocks out."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patentnav.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from patentnav.report.blocks import Block

_SECTIONS: dict[str, SectionMaker] = {}


@dataclass(frozen=True)
class SectionMaker:
    """A registered section.

    Attributes
    ----------
    id
        ``<part>.<name>``.
    make
        The function; takes the edition, and the sections built before when ``collects``.
    needs
        Tables, or ``table.column``, without which the section only says what is missing.
    collects
        Built last, from the other sections (summary, list of what is missing).
    """

    id: str
    make: Callable[..., Iterator[Block]]
    needs: tuple[str, ...] = ()
    collects: bool = False


def section(
    section_id: str, *, needs: tuple[str, ...] = (), collects: bool = False
) -> Callable[[Callable[..., Iterator[Block]]], Callable[..., Iterator[Block]]]:
    """Register a function as the section of this id."""

    def register(make: Callable[..., Iterator[Block]]) -> Callable[..., Iterator[Block]]:
        _SECTIONS[section_id] = SectionMaker(section_id, make, needs, collects)
        return make

    return register


def makers() -> dict[str, SectionMaker]:
    """All registered sections by id."""
    importlib.import_module("patentnav.report.sections")  # registers them

    return dict(sorted(_SECTIONS.items()))


def maker(section_id: str) -> SectionMaker:
    """A registered section.

    Raises
    ------
    UnknownNameError
        No section has this id.
    """
    known = makers()
    if section_id not in known:
        raise UnknownNameError("report section", section_id, known)
    return known[section_id]
