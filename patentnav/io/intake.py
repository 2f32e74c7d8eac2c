"""The accounts of a reading: files, records, columns, and what is said of them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import schema
from patentnav._version import __version__
from patentnav.errors import IntakeWarning, did_you_mean
from patentnav.io import signs
from patentnav.io.formats import header_key
from patentnav.io.overdue import without_overdue
from patentnav.io.raw import Sign
from patentnav.merge import merge_records
from patentnav.patentset import PatentSet
from patentnav.provenance import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from patentnav.io.assemble import Assembled

_MUCH = 0.2  # share of the records set aside, or without number, that is said
_REASONS = 3
LOST_BYTES = "bytes that are no text stand as U+FFFD"  # as the account of repairs says it
# Signs that are said when a file is read; the others are listed only.
_QUIET = {"constant_column"}


def _no_signs() -> pd.DataFrame:
    return schema.empty("signs")


@dataclass(frozen=True)
class File:
    """One file that was read, or the reason why it was not."""

    name: str
    sha256: str | None
    format: str | None = None
    encoding: str | None = None
    rows_in: int = 0
    pieces: tuple[Assembled, ...] = ()
    error: str | None = None
    signs: pd.DataFrame = field(default_factory=_no_signs)

    @property
    def aside(self) -> int:
        """Records that were not taken."""
        return sum(len(piece.set_aside) for piece in self.pieces)

    @property
    def taken(self) -> bool:
        """Whether anything of the file is in the set."""
        return self.error is None and self.rows_in > self.aside


def signs_of(
    name: str,
    pieces: Sequence[Assembled],
    of_container: Iterable[Sign],
    open_dates: Sequence[str],
) -> pd.DataFrame:
    """Signs of a bad export of one file.

    Parameters
    ----------
    name
        The file.
    pieces
        What was read of it.
    of_container
        What its container tells: ``(sign, column, rows, note)``.
    open_dates
        Headers of the columns of dates whose values do not tell the order of day and month.
    """
    rows = [*of_container]
    for header in open_dates:
        note = (
            "no date tells whether the day or the month comes first; the day was taken first. If "
            f'the month does: columns={{"{header}": {{"to": "…", "day_first": False}}}}'
        )
        rows.append(Sign("open_date_order", header, 0, note))
    told = pd.DataFrame(rows, columns=["sign", "column", "rows", "note"])
    found = signs.of_file([piece.signs for piece in pieces if piece.signs is not None])
    both = pd.concat([f for f in (told, found) if len(f)] or [told], ignore_index=True)
    return schema.coerce("signs", both.assign(file=name))


def nothing_taken(file: File) -> str:
    """Why nothing of a file was taken, and what to do."""
    if not file.rows_in:
        return f'"{file.name}" has a header and no record below it. Export it again.'
    reasons = _reasons(file)
    shown = pd.concat([piece.failures for piece in file.pieces])
    example = ""
    if len(shown):
        first = shown.iloc[0]
        example = f' The first: row {first["row"]}, "{first["column"]}": "{first["value"]}" ({first["reason"]}).'
    told = "".join(
        f" {note}." for note in file.signs["note"][file.signs["sign"] == "shifted_columns"]
    )
    return (
        f'"{file.name}" was read as {file.format}, and nothing of its {file.rows_in:,} records can '
        f"be taken: {reasons}.{example}{told} Export it again with publication numbers as text, or "
        'say what the columns are: read(…, columns={"header": "publications.publication_id", …}).'
    )


def _reasons(file: File) -> str:
    counts = pd.concat([piece.set_aside["reason"] for piece in file.pieces]).value_counts()
    return "; ".join(f"{reason} ({count:,})" for reason, count in counts.head(_REASONS).items())


def warn(files: Sequence[File], columns: Mapping[str, Any]) -> None:
    """Say what the analyst should know before the first figure.

    Warns
    -----
    IntakeWarning
        Much of a file was not taken or has no number, there are signs of a bad export, or a header
        of ``columns`` is in no file.
    """
    for file in files:
        for text in _said(file) if file.pieces else ():
            warnings.warn(f'"{file.name}": {text}', IntakeWarning, stacklevel=4)
    seen = {header for f in files for p in f.pieces for header in p.columns["column"].dropna()}
    keys = {header_key(header) for header in seen}
    for header in columns:
        if keys and header_key(header) not in keys:
            close = did_you_mean(header, seen)
            hint = f"Did you mean {close}?" if close else "See patents.columns."
            msg = f'columns={{"{header}": …}}: no file has this header. {hint}'
            warnings.warn(msg, IntakeWarning, stacklevel=3)


def _said(file: File) -> Iterable[str]:
    if file.rows_in and file.aside > _MUCH * file.rows_in:
        yield (
            f"{file.aside:,} of {file.rows_in:,} records are set aside: {_reasons(file)}. See "
            "patents.set_aside."
        )
    nameless = sum(piece.without_number for piece in file.pieces)
    if nameless > _MUCH * file.rows_in:
        yield (
            f"{nameless:,} of {file.rows_in:,} records have no usable number{_why(file)}. They are "
            "kept under ids made from their content (number_known is false) and cannot be joined "
            "with other sources, citations or families."
        )
    repaired = pd.concat([piece.repairs for piece in file.pieces])
    lost = int(repaired["reason"].eq(LOST_BYTES).sum())
    if lost:
        yield (
            f"{lost:,} cells have bytes that are no text; each damaged character stands as U+FFFD. "
            "See patents.repairs, or say the encoding: read(…, encoding=…)."
        )
    for sign in file.signs.to_dict("records"):
        if sign["sign"] not in _QUIET:
            where = f'"{sign["column"]}": ' if isinstance(sign["column"], str) else ""
            yield f"{where}{sign['note']}."


def _why(file: File) -> str:
    failed = pd.concat([piece.failures for piece in file.pieces])
    number = failed["reason"].str.contains("number|_id", regex=True, na=False)
    reasons = failed.loc[number, "reason"].value_counts()
    return f" ({reasons.index[0]})" if len(reasons) else ""


def patentset(
    files: Sequence[File], tables: dict[str, pd.DataFrame], parameters: Mapping[str, Any]
) -> PatentSet:
    """The set of all files, with its accounts."""
    taken = [piece for f in files for piece in f.pieces]
    merged, merging = merge_records(tables)
    merged["publications"], overdue = without_overdue(merged)
    intake, aside = _accounts(files, merged["publications"])
    frames = {
        **merged,
        "intake": intake,
        "signs": _stack("signs", [f.signs for f in files]),
        "set_aside": aside,
        "cell_failures": _stack("cell_failures", [a.failures for a in taken]),
        "repairs": _stack("repairs", [*(a.repairs for a in taken), overdue]),
        "columns": _stack("columns", [_columns(f.pieces) for f in files if f.pieces]),
        **merging,
    }
    step = Step(
        "read",
        dict(parameters),
        int(intake["rows_in"].sum()),
        len(merged["publications"]),
        __version__,
        {f.name: f.sha256 or "" for f in files},
    )
    return PatentSet(frames, (step,))


def _accounts(
    files: Sequence[File], publications: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    taken = publications["source_file"].value_counts()
    rows, aside = [], []
    for file in files:
        if not file.pieces:
            aside.append(pd.DataFrame({"file": [file.name], "reason": [file.error]}))
            rows.append({"file": file.name, "rows_in": 0, "rows_out": 0, "rows_merged": 0,
                         "rows_set_aside": 0, "rows_without_number": 0,
                         "sha256": file.sha256})  # fmt: skip
            continue
        out = int(taken.get(file.name, 0))
        rows.append(
            {
                "file": file.name, "format": file.format, "encoding": file.encoding,
                "rows_in": file.rows_in, "rows_out": out,
                "rows_merged": file.rows_in - out - file.aside, "rows_set_aside": file.aside,
                "rows_without_number": sum(piece.without_number for piece in file.pieces),
                "sha256": file.sha256,
            }
        )  # fmt: skip
        aside += [piece.set_aside for piece in file.pieces]
    return schema.coerce("intake", pd.DataFrame(rows)), _stack("set_aside", aside)


def _columns(pieces: Sequence[Assembled]) -> pd.DataFrame:
    """How the columns of a file are understood, with the cells filled in all its pieces."""
    every = pd.concat([piece.columns for piece in pieces], ignore_index=True)
    filled = every.groupby("position")["filled"].sum()
    # A repeated header may differ from the first one in some pieces only.
    meant = every["table"].str.len().fillna(0)
    widest = every.loc[meant.groupby(every["position"]).idxmax()]
    return widest.assign(filled=filled.loc[widest["position"]].to_numpy())


def _stack(name: str, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [f for f in frames if len(f)]
    return schema.coerce(name, pd.concat(filled, ignore_index=True) if filled else pd.DataFrame())
