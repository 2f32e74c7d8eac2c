"""Workbooks decoded in a process of their own, which may fail without ending this one.

The decoder ends its process where it cannot have the memory that a workbook claims. What is not
certain to need little (see :mod:`patentnav.workbooks.bombs`) is decoded here: under a limit of memory
(Linux; elsewhere of time only) and of time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pyarrow as pa

from patentnav.errors import FormatError
from patentnav.workbooks import _decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

_MEMORY, _MEMORY_RATIO = 1 << 30, 30  # bytes, and for each byte of the file
_SHEETS, _SHEETS_RATIO = (
    1 << 27,
    20,
)  # of what comes back: it is held here, beside what is made of it
_SECONDS, _SECONDS_PER_MIB = 12, 2
PROGRAM = Path(_decoder.__file__)


def decode(content: bytes, file: str, kind: str) -> dict[str, pa.RecordBatch]:
    """Sheets of a workbook by name.

    Parameters
    ----------
    content
        The bytes of the file.
    file
        Its name for messages.
    kind
        ``xlsx`` or ``xls``, for messages.

    Raises
    ------
    FormatError
        The workbook is damaged, or needs more than the limit.
    """
    memory = _MEMORY + _MEMORY_RATIO * len(content)
    seconds = _SECONDS + _SECONDS_PER_MIB * (len(content) >> 20)
    with tempfile.TemporaryFile() as sheets:
        try:
            ended = subprocess.run(  # noqa: S603
                [_interpreter(file), "-P", str(PROGRAM), str(memory)],
                input=content, stdout=sheets, stderr=subprocess.PIPE, timeout=seconds, check=False,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            msg = (
                f'"{file}" is not decoded within {seconds} s and is refused. Delete empty rows and '
                "columns in a spreadsheet program and save it again, or export in parts."
            )
            raise FormatError(msg) from error
        if ended.returncode == _decoder.DAMAGED:
            reason = ended.stderr.decode(errors="replace").strip()
            msg = f'"{file}" is a damaged {kind} file ({reason}). Download or save it again.'
            raise FormatError(msg)
        size = sheets.seek(0, os.SEEK_END)
        if ended.returncode or size > _SHEETS + _SHEETS_RATIO * len(content):
            msg = (
                f'"{file}" needs more than {memory >> 20:,} MiB to be decoded and is refused. Delete '
                "stray cells far from the others in a spreadsheet program and save it again, or "
                "export in parts."
            )
            raise FormatError(msg)
        sheets.seek(0)
        return dict(_streams(sheets))


def _interpreter(file: str) -> str:
    if not sys.executable or getattr(sys, "frozen", False):
        msg = (
            f'"{file}" is no workbook in the usual form, and there is no Python to decode it apart. '
            "Save it as xlsx in a spreadsheet program."
        )
        raise FormatError(msg)
    return sys.executable


def _streams(sheets: IO[bytes]) -> Iterator[tuple[str, pa.RecordBatch]]:
    source = pa.BufferReader(sheets.read())
    while source.tell() < source.size():
        reader = pa.ipc.open_stream(source)
        name = reader.schema.metadata[b"sheet"].decode()
        yield name, reader.read_next_batch()
        while next(reader, None) is not None:  # to the mark at its end
            continue
