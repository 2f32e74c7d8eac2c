"""Sections by id and renderers by suffix.

A section is one function: the study in, blocks out. A renderer is one function: the report in, the
bytes of its file out.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patentnav._register import Register
from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from patentnav.report.blocks import Block

    Render = Callable[..., bytes]  # a Report in, and a template where it takes one
    Make = Callable[..., Iterator[Block]]

_SECTIONS: Register[SectionMaker] = Register("report section")
_RENDERERS: Register[Render] = Register("form of a report")


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
    audits
        Collects, and is built after the claims were checked, so that it can list what was found.
    """

    id: str
    make: Make
    needs: tuple[str, ...] = ()
    collects: bool = False
    audits: bool = False

    @property
    def parameters(self) -> list[str]:
        """Names of what an outline can set: the keyword-only parameters of the function."""
        known = inspect.signature(self.make).parameters.values()
        return [p.name for p in known if p.kind is p.KEYWORD_ONLY]


def section(
    section_id: str,
    *,
    needs: tuple[str, ...] = (),
    collects: bool = False,
    audits: bool = False,
) -> Callable[[Make], Make]:
    """Register a function as the section of this id.

    Parameters
    ----------
    section_id
        ``<part>.<name>``; its heading is the wording ``report.<part>.<name>.title``.
    needs, collects, audits
        See :class:`SectionMaker`.

    Returns
    -------
    callable
        The decorator. Keyword-only parameters of the function can be set by an outline.

    Raises
    ------
    ArgumentError
        Another function has this id, or the id has no part.
    """
    part, _, name = section_id.partition(".")
    if not part or not name:
        msg = f'The section id "{section_id}" is not of the form "part.name", e.g. "our.shares".'
        raise ArgumentError(msg)

    def register(make: Make) -> Make:
        _SECTIONS.add(
            section_id, SectionMaker(section_id, make, needs, collects or audits, audits), make
        )
        return make

    return register


def renderer(suffix: str) -> Callable[[Render], Render]:
    """Register a function as the writer of the files with this suffix.

    Parameters
    ----------
    suffix
        With its dot, in small letters: ``".md"``.

    Returns
    -------
    callable
        The decorator of a function that takes a :class:`~patentnav.report.Report` and returns the
        bytes of the file. With a parameter ``template`` (name and bytes of a client's file, or None)
        it can be saved with one.

    Raises
    ------
    ArgumentError
        Another function writes these files, or the suffix is not written so.
    """
    if not suffix.startswith(".") or suffix != suffix.lower():
        msg = f'A suffix begins with a dot and has small letters, e.g. ".md", not "{suffix}".'
        raise ArgumentError(msg)

    def register(render: Render) -> Render:
        _RENDERERS.add(suffix, render, render)
        return render

    return register


def makers() -> Mapping[str, SectionMaker]:
    """All registered sections by id."""
    return _SECTIONS


def maker(section_id: str) -> SectionMaker:
    """A registered section.

    Raises
    ------
    UnknownNameError
        No section has this id.
    """
    return _SECTIONS[section_id]


def renderers() -> Mapping[str, Render]:
    """All registered renderers by suffix."""
    return _RENDERERS


def takes_template(suffix: str) -> bool:
    """Whether the renderer of a suffix has a parameter ``template``: a client's own file."""
    return "template" in inspect.signature(_RENDERERS[suffix]).parameters
