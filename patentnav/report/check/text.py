"""Check a text that was written elsewhere against the report it was written from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav.report.check.judge import Judge
from patentnav.report.check.known import Knowledge
from patentnav.report.check.passages import passages
from patentnav.report.check.sentences import row, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from patentnav.report.check.judge import Finding
    from patentnav.report.check.passages import Passage
    from patentnav.report.document import Report

COLUMNS = ("place", "sentence", "text", "kind", "claim_id", "expected")


def check_text(document: str | Path, report: Report) -> pd.DataFrame:
    """Find what a text written elsewhere says and the report does not.

    Numbers, names and words of direction are held against the report's claims, the cells of its
    tables and its own sentences: the value as it is rounded in the text, of the subject that is named
    beside it, of the same unit, figure and years. The words by which all this is read stand in
    ``data/text-check``.

    Parameters
    ----------
    document
        A ``.docx``, ``.pptx``, ``.html``, ``.md`` or ``.txt`` in the language of the report.
    report
        The report it was written from.

    Returns
    -------
    pandas.DataFrame
        One row per number, name or direction that nothing supports or that contradicts the report,
        in reading order: ``place`` (``paragraph 12``, ``table 3, row 2``, ``line 14``,
        ``slide 2, paragraph 3``), ``sentence``, ``text`` (as written), ``kind`` (``number``,
        ``name`` or ``direction``), ``claim_id`` and ``expected`` (the claim, cell or section that
        says otherwise, and what it says; NA where the report says nothing of it).

    Raises
    ------
    ArgumentError
        The suffix is none of these.
    FormatError
        The file is not what its suffix says.

    Notes
    -----
    An empty table does not mean that the text is true: what it says in other words than numbers,
    names and directions is not read, and a number computed from two others is listed as one that
    nothing supports.
    """
    judge = Judge(Knowledge(report))
    rows = [
        (place, sentence, one.text, one.kind, one.claim_id, one.expected)
        for place, sentence, one in _found(passages(document), judge)
    ]
    return pd.DataFrame(rows, columns=[*COLUMNS], dtype="string")


def _found(read: list[Passage], judge: Judge) -> Iterator[tuple[str, str, Finding]]:
    names, words = judge.known.names, judge.known.words
    heading: frozenset[str] = frozenset()
    for passage in read:
        if passage.cells:
            one = row(passage.text, names, words)
            for finding in judge.findings(one, frozenset(), in_row=True):
                yield passage.place, one.text, finding
            continue
        before: frozenset[str] = frozenset()
        for one in sentences(passage.text, names, words):
            for finding in judge.findings(one, before or heading):
                yield passage.place, one.text.strip(), finding
            before = one.names(0, len(one.text)) or before
        if passage.heading:
            heading = before
