"""``Report``: numbered sections in one language, and the way to its files."""

from __future__ import annotations

import functools
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from patentnav import _collector, _files, i18n
from patentnav._progress import progress
from patentnav._xml import xml_text
from patentnav.claims import table as claim_table
from patentnav.errors import ArgumentError, UnknownNameError
from patentnav.report import templates
from patentnav.report.blocks import Figure, Ref, Section, Table, Text
from patentnav.report.registry import renderers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pandas as pd

    from patentnav.claims import Claim
    from patentnav.report.ahead import Ahead
    from patentnav.report.slides.plan import Plan


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
    author
        Who made it, for the properties of files; may be empty.
    wording
        Texts of its language, as they were when it was built; those in force when ``None``.
    question
        What the client asked; may be empty.
    slides
        What its slides show; the general plan when ``None``.
    ahead
        Where its figures are drawn already, if they are.
    """

    title: str
    subtitle: str
    lang: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    banner: str = ""
    author: str = ""
    wording: Mapping[str, str] | None = field(default=None, compare=False, repr=False)
    question: str = ""
    slides: Plan | None = field(default=None, compare=False, repr=False)
    ahead: Ahead | None = field(default=None, compare=False, repr=False)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Word blocks with the report's own texts inside a ``with`` block."""
        if self.wording is None:
            yield
            return
        with i18n.using(self.lang, self.wording):
            yield

    def __post_init__(self) -> None:
        for name in ("title", "subtitle", "banner", "question"):
            object.__setattr__(self, name, xml_text(getattr(self, name), " "))
        facts = tuple((xml_text(label, " "), xml_text(value, " ")) for label, value in self.facts)
        object.__setattr__(self, "facts", facts)

    @property
    def body(self) -> tuple[Section, ...]:
        """The sections that are printed: without those that say only what the data lack."""
        return tuple(one for one in self.sections if not one.apart)

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
    def _claims(self) -> dict[str, Claim]:
        texts = (block for block in self.blocks() if isinstance(block, Text))
        return {claim.id: claim for text in texts for claim in text.claims}

    @property
    def made(self) -> Mapping[str, Claim]:
        """The claims themselves by id, in reading order."""
        return self._claims

    @property
    def claims(self) -> pd.DataFrame:
        """Everything that the sentences state, one row per claim (:class:`patentnav.claims.Claim`).

        ``claim_id, section, kind, subject, label, measure, value, unit, window, rule, baseline,
        baseline_value, direction, test, n, q, evidence, rests_on``, in reading order.
        """
        return claim_table(self._claims.values())

    @property
    def findings(self) -> pd.DataFrame:
        """What stands out, the most surprising first: rows of :attr:`claims`.

        Empty where nothing does, or the outline has no summary (:func:`patentnav.findings.find`).
        """
        kinds = {"trend", "comparison", "association"}
        own = (c for c in self._claims.values() if c.section == "summary.findings")
        return claim_table(claim for claim in own if claim.kind in kinds)

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
        from patentnav.plot.drawing import png  # matplotlib is slow to import

        ahead = self.ahead
        turns = self.figures if ahead is None else ahead.latest_first(self.figures)
        with self.reading():
            drawn = {f.id: (ahead and ahead.take(f.id, wait=False)) or png(f.draw, f.size)
                     for f in progress(turns, "figures")}  # fmt: skip
        return {f.id: drawn[f.id] for f in self.figures}

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

    def evidence(self, folder: str | Path) -> Path:
        """Write what the report rests on as plain files, for those who write from it.

        ``claims.csv`` and ``claims.json`` (with the sentences that make each claim), ``tables`` and
        ``figures`` (csv and png, each with an ``index.csv``) and ``brief.md``: task, scope, unit,
        counting rules, findings, what may be said and what not, what is missing, limits. What was
        written is held against the report by :func:`patentnav.report.check_text`.

        Parameters
        ----------
        folder
            Made anew; a folder of evidence that is there is replaced.

        Returns
        -------
        pathlib.Path
            ``folder``. The same report gives the same bytes.

        Raises
        ------
        ArgumentError
            The folder holds files of others.
        FileError
            It cannot be written; what was there before is unchanged.
        """
        from patentnav.report.evidence import write_evidence  # it is made of reports

        return write_evidence(self, _files.as_path(folder))

    @functools.cached_property
    def _labels(self) -> dict[str, str]:
        labels = {f.id: self._label("figure", i) for i, f in enumerate(self.figures, start=1)}
        labels |= {t.id: self._label("table", i) for i, t in enumerate(self.tables, start=1)}
        return labels | {s.id: self._label("apart", s.title(self.lang)) if s.apart
                         else self._label("section", s.number) for s in self.sections}  # fmt: skip

    def _label(self, kind: str, number: object) -> str:
        with self.reading():
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
        with self.reading():
            runs = text.runs(self.lang)
        return "".join(self.label(r.target) if isinstance(r, Ref) else r for r in runs)

    def save(self, path: str | Path, *, template: str | Path | None = None) -> Path:
        """Write the report; the suffix says the form.

        Parameters
        ----------
        path
            Ends in ``.docx`` (a document), ``.html`` (one self-contained page with interactive
            maps), ``.pptx`` (ten slides), ``.xlsx`` (every table and the data behind every figure) or
            in the suffix of a renderer of one's own (:func:`patentnav.report.renderer`).
        template
            A file of the client whose styles (``.docx``, ``.dotx``) or slide layouts (``.pptx``,
            ``.potx``) are taken; what it says is left out.

        Returns
        -------
        pathlib.Path
            The file. The same report gives the same bytes.

        Raises
        ------
        ArgumentError
            No renderer has the suffix, the folder does not exist, or the form takes no
            such template.
        FormatError
            The template is damaged, or lacks a style or layout.
        """
        file = _files.as_path(path)
        if not _files.is_dir(file.parent):
            msg = f'The folder "{file.parent}" does not exist. Make it and save again.'
            raise ArgumentError(msg)
        known = renderers()
        if file.suffix.lower() not in known:
            *others, last = known
            forms = f"{', '.join(others)} or {last}" if others else last
            msg = f'A report is saved as {forms}, not "{file.name}".'
            raise ArgumentError(msg)
        render = known[file.suffix.lower()]
        given = (
            {} if template is None else {"template": templates.read(template, file.suffix.lower())}
        )
        with self.reading(), _collector.seldom():
            content = render(self, **given)
        return _files.write_file(file, content)

    def __repr__(self) -> str:
        return (
            f"Report({self.title!r}, lang={self.lang!r}: {len(self.sections)} sections, "
            f"{len(self.figures)} figures, {len(self.tables)} tables)"
        )
