"""``Report``: numbered sections in one language, and the way to its files."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from patentnav import _files, i18n
from patentnav._progress import progress
from patentnav.errors import ArgumentError, UnknownNameError
from patentnav.report.blocks import Figure, Ref, Section, Table, Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Report:
    """A report, ready to save.

    Attributes
    ----------
    title, subtitle
        Of the cover; ``subtitle`` may be empty.
    lang
        Language of all wording.
    facts
        Lines of the cover: label and value.
    sections
        In reading order; level 1 opens a part.
    banner
        A warning that every page shows (synthetic data); empty for real data.
    """

    title: str
    subtitle: str
    lang: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    banner: str = ""

    def section(self, section_id: str) -> Section:
        """A section by its id.

        Raises
        ------
        UnknownNameError
            The report has no such section.
        """
        by_id = {s.id: s for s in self.sections}
        if section_id not in by_id:
            raise UnknownNameError("section of the report", section_id, by_id)
        return by_id[section_id]

    def blocks(self) -> Iterator[Text | Table | Figure]:
        """All blocks in reading order."""
        for section in self.sections:
            yield from section.blocks

    @functools.cached_property
    def tables(self) -> tuple[Table, ...]:
        """The numbered tables."""
        return tuple(b for b in self.blocks() if isinstance(b, Table))

    @functools.cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The numbered figures."""
        return tuple(b for b in self.blocks() if isinstance(b, Figure))

    @functools.cached_property
    def pictures(self) -> dict[str, bytes]:
        """PNG files of the figures by id, 200 dots per inch."""
        from patentnav.report.pictures import png

        return {f.id: png(f) for f in progress(self.figures, "figures")}

    def save_figures(self, folder: str | Path) -> list[Path]:
        """Write the figures as PNG files into a folder, named by number and id.

        Parameters
        ----------
        folder
            Made when it is not there.

        Returns
        -------
        list of pathlib.Path
        """
        pictures = enumerate(self.pictures.items(), start=1)
        named = {f"{i:02d}-{figure_id}.png": picture for i, (figure_id, picture) in pictures}
        return _files.write_files(_files.as_path(folder), named)

    @functools.cached_property
    def _labels(self) -> dict[str, str]:
        labels = {f.id: self._label("figure", i) for i, f in enumerate(self.figures, start=1)}
        labels |= {t.id: self._label("table", i) for i, t in enumerate(self.tables, start=1)}
        return labels | {s.id: self._label("section", s.number) for s in self.sections}

    def _label(self, kind: str, number: object) -> str:
        return i18n.text(f"report.label.{kind}", self.lang, number=number)

    def label(self, target: str) -> str:
        """Printed label of a figure, table or section, e.g. ``Table 3``.

        Raises
        ------
        UnknownNameError
            The report has nothing of this id.
        """
        if target not in self._labels:
            raise UnknownNameError("block of the report", target, self._labels)
        return self._labels[target]

    def plain(self, text: Text) -> str:
        """A paragraph as plain text with its cross references filled in."""
        runs = text.runs(self.lang)
        return "".join(self.label(r.target) if isinstance(r, Ref) else r for r in runs)

    def save(self, path: str | Path) -> Path:
        """Write the report; the suffix says the form.

        Parameters
        ----------
        path
            Ends in ``.docx`` (a document), ``.html`` (one self-contained page with interactive
            maps) or ``.xlsx`` (every table and the data behind every figure).

        Returns
        -------
        pathlib.Path
            The file. The same report gives the same bytes.

        Raises
        ------
        ArgumentError
            The suffix is none of the three, or the folder does not exist.
        """
        file = _files.as_path(path)
        if not file.parent.is_dir():
            msg = f'The folder "{file.parent}" does not exist. Make it and save again.'
            raise ArgumentError(msg)
        if file.suffix == ".docx":
            from patentnav.report import docx as renderer
        elif file.suffix == ".html":
            from patentnav.report import html as renderer  # type: ignore[no-redef]
        elif file.suffix == ".xlsx":
            from patentnav.report import xlsx as renderer  # type: ignore[no-redef]
        else:
            msg = f'A report is saved as .docx, .html or .xlsx, not "{file.name}".'
            raise ArgumentError(msg)
        return _files.write_file(file, renderer.render(self))

    def __repr__(self) -> str:
        return (
            f"Report({self.title!r}, lang={self.lang!r}: {len(self.sections)} sections, "
            f"{len(self.figures)} figures, {len(self.tables)} tables)"
        )
