"""Clients' own files whose styles and layouts a report takes: which form each is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from patentnav import _files
from patentnav.errors import ArgumentError
from patentnav.report.registry import renderers, takes_template

if TYPE_CHECKING:
    from pathlib import Path

_ALSO = {".dotx": ".docx", ".potx": ".pptx"}  # how the programs call templates


@dataclass(frozen=True)
class Template:
    """A client's own file: its name and its bytes."""

    name: str
    content: bytes


def form_of(path: Path) -> str:
    """The suffix of the reports that a template is for.

    Raises
    ------
    ArgumentError
        No form takes such a template.
    """
    suffix = path.suffix.lower()
    form = _ALSO.get(suffix, suffix)
    if form not in renderers() or not takes_template(form):
        forms = ", ".join([form for form in renderers() if takes_template(form)] + list(_ALSO))
        msg = f'A template is a file of {forms}, not "{path.name}".'
        raise ArgumentError(msg)
    return form


def read(path: str | Path, suffix: str) -> Template:
    """Read the template of a report with this suffix.

    Raises
    ------
    ArgumentError
        The form takes no template or another one, or there is no such file.
    FileError
        It cannot be read.
    """
    file = _files.as_path(path)
    if not takes_template(suffix):
        forms = " and ".join(form for form in renderers() if takes_template(form))
        msg = f'A {suffix} file takes no template; {forms} do. Save it without "{file.name}".'
        raise ArgumentError(msg)
    if form_of(file) != suffix:
        msg = f'A {suffix} file cannot have the template "{file.name}". Give one of its own form.'
        raise ArgumentError(msg)
    if not file.is_file():
        msg = f'There is no template "{_files.printable(file)}". Check the path.'
        raise ArgumentError(msg)
    return Template(_files.printable(file.name), _files.read_file(file))
