"""What a report rests on as plain files, for those who write from it."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import _files, i18n, sheets
from patentnav.claims import SIGNIFICANT
from patentnav.report.blocks import Text, column_label

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from patentnav.report.blocks import Table

    Report = Any  # patentnav.report.Report, which imports this

_TOP = ("claims.csv", "claims.json", "brief.md", "tables", "figures")
_LIMITS = "methods.limits"
_RULES = "rules"


def write_evidence(report: Report, folder: Path) -> Path:
    """Write claims, tables, figures and a brief into a folder, whole or not at all.

    Parameters
    ----------
    report
        The report.
    folder
        Made anew; one that :func:`write_evidence` wrote before is replaced.

    Returns
    -------
    pathlib.Path
        ``folder``.

    Raises
    ------
    ArgumentError
        The folder holds files of others.
    FileError
        It cannot be written.
    """
    pictures = report.pictures
    with report.reading():
        texts = {"claims.json": _claims(report), "brief.md": brief(report).encode()}
        frames = {
            "claims": report.claims,
            "tables/index": _index(report, list(report.tables)),
            "figures/index": _index(report, [f.table for f in report.figures]),
        }
    for number, table in enumerate(report.tables, start=1):
        frames[f"tables/{number:02d}-{table.id}"] = table.whole.frame
    for number, figure in enumerate(report.figures, start=1):
        stem = f"figures/{number:02d}-{figure.id}"
        frames[stem] = figure.table.whole.frame
        texts[f"{stem}.png"] = pictures[figure.id]

    def fill(part: Path) -> None:
        for name in ("tables", "figures"):
            (part / name).mkdir()
        for name, frame in frames.items():
            sheets.write_tables(part / f"{name}.csv", {name: frame})
        for name, content in texts.items():
            (part / name).write_bytes(content)

    return _files.write_folder(folder, fill, _foreign)


def _foreign(folder: Path) -> list[str]:
    """Names that are not of a folder of evidence."""
    found = [one.name for one in folder.iterdir() if one.name not in _TOP]
    for name, endings in (("tables", {".csv"}), ("figures", {".csv", ".png"})):
        below = folder / name
        if below.is_dir():
            found += [f"{name}/{one.name}" for one in below.iterdir() if one.suffix not in endings]
    return found


def _index(report: Report, tables: list[Table]) -> pd.DataFrame:
    rows = [
        (report.label(t.id), t.id, t.caption(report.lang), report.plain(t.note) if t.note else "",
         "; ".join(f"{c}: {column_label(str(c), report.lang)}" for c in t.whole.frame.columns))
        for t in tables
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["number", "id", "caption", "note", "columns"])


def _claims(report: Report) -> bytes:
    said: dict[str, list[str]] = {}
    for block in report.blocks():
        if isinstance(block, Text):
            for claim in block.claims:
                sentences = said.setdefault(claim.id, [])
                shown = report.plain(block)
                if shown not in sentences:
                    sentences.append(shown)
    rows = []
    for claim in report.made.values():
        row = {name: _plain(value) for name, value in claim.row().items()}
        rows.append({
            **row, "window": list(claim.window) if claim.window else None,
            "evidence": list(claim.evidence), "rests_on": list(claim.rests_on),
            "details": {str(k): _plain(v) for k, v in sorted(claim.details.items())},
            "sentences": said[claim.id],
        })  # fmt: skip
    return json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _plain(value: Any) -> Any:
    """A value that JSON can hold; what is not known is null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value)


def brief(report: Report) -> str:
    """The brief of a report: task, scope, rules, findings, what may be said and what not, limits.

    Returns
    -------
    str
        Markdown in the language of the report.
    """
    return "\n".join(_lines(report)).rstrip() + "\n"


def _lines(report: Report) -> Iterator[str]:
    def word(key: str, **values: Any) -> str:
        return i18n.text(f"report.evidence.{key}", report.lang, **values)

    def chapter(key: str) -> Iterator[str]:
        yield from ("", f"## {word(key)}", "")

    yield f"# {word('title', title=report.title)}"
    yield from ("", word("lead"))
    if report.banner:
        yield from ("", f"**{report.banner}**")
    yield from chapter("question")
    yield f"{report.title} {report.subtitle}".strip()
    if report.question:
        yield from ("", word("asked", question=report.question))
    yield from chapter("scope")
    yield from (word("pair", label=label, value=value) for label, value in report.facts)
    rules = next((t for t in report.tables if t.id == _RULES), None)
    if rules is not None:
        yield from chapter("rules")
        yield from (
            word("pair", label=label, value=value) for label, value in rules.cells(report.lang)
        )
    yield from chapter("findings")
    yield from (word("findings_lead"), "")
    for block in report.blocks():
        if isinstance(block, Text) and block.style == "finding" and block.claims:
            ids = ", ".join(dict.fromkeys(claim.id for claim in block.claims))
            yield word("finding_line", text=report.plain(block), claims=ids)
    for key in ("may", "may_not"):
        yield from chapter(key)
        yield word(f"{key}_lines")
    untested = [c for c in report.made.values() if c.q is not None and c.q >= SIGNIFICANT]
    if untested:
        yield from ("", word("untested"), "")
        yield from (
            word("untested_line", label=c.label or c.subject, claim=c.id, q=c.q) for c in untested
        )
    yield from _untold(report)
    yield from chapter("files")
    yield word("files_lines")


def _untold(report: Report) -> Iterator[str]:
    """What is missing, and the limits that are not told with it."""

    def word(key: str, **values: Any) -> str:
        return i18n.text(f"report.evidence.{key}", report.lang, **values)

    missing = [(s, b) for s in report.sections for b in s.blocks
               if isinstance(b, Text) and b.style == "missing"]  # fmt: skip
    if missing:
        yield from ("", f"## {word('missing')}", "")
        for section, block in missing:
            place = section.heading(report.lang)
            yield word("missing_line", place=place, text=report.plain(block))
    limits = [b for s in report.sections if s.id == _LIMITS for b in s.blocks]
    if limits:
        yield from ("", f"## {word('limits')}", "")
        said = [report.plain(b) for b in limits if isinstance(b, Text) and b.style == "bullet"]
        gaps = [report.plain(b) for _, b in missing]  # told above already
        said = [text for text in said if not any(gap in text for gap in gaps)]
        yield from (word("bullet", text=text) for text in said)
