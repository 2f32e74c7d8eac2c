"""The one way to a workbook's cells: guarded, and apart where it is not certain to be small."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from patentnav.errors import FormatError
from patentnav.workbooks import apart, bombs

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
_DAMAGED = '"{}" is a truncated or damaged xlsx file. Download or save it again.'


def sheets(
    content: bytes, file: str, mend: Callable[[bytes, str], bytes] | None = None
) -> tuple[dict[str, pa.RecordBatch], str]:
    """Cells of all sheets as text, by name of the sheet, and ``xlsx`` or ``xls``.

    Parameters
    ----------
    content
        The bytes of the file.
    file
        Its name for messages.
    mend
        Makes of the bytes and the kind, once they are known to be harmless, those to decode.

    Raises
    ------
    FormatError
        The workbook is damaged, protected or absurdly large.
    """
    kind, plain = certain(content, file)
    if mend is not None:
        try:
            content = mend(content, kind)
        except FormatError:
            raise
        except ZIP_DAMAGE as error:
            raise FormatError(_DAMAGED.format(file)) from error
    if plain:
        return _decoded(content, file, kind), kind
    return apart.decode(content, file, kind), kind


def _decoded(content: bytes, file: str, kind: str) -> dict[str, pa.RecordBatch]:
    """Sheets of a workbook that certainly needs a modest amount of memory."""
    import fastexcel

    try:
        book = fastexcel.read_excel(content)
        return {
            name: book.load_sheet_eager(name, header_row=None, skip_rows=0, dtypes="string")
            for name in book.sheet_names
        }
    except fastexcel.FastExcelError as error:
        reason = str(error).splitlines()[0]
        msg = f'"{file}" is a damaged {kind} file ({reason}). Download or save it again.'
        raise FormatError(msg) from error
    except _panics() as error:
        msg = f'"{file}" has more text in a column than can be read at once. Export in parts.'
        raise FormatError(msg) from error


def _panics() -> tuple[type[BaseException], ...]:
    """Class of the panics of the decoder, which does not make it public."""
    return tuple(c for c in BaseException.__subclasses__() if c.__name__ == "PanicException")


# What zipfile raises for damage in one place or another of an archive.
ZIP_DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError,
    ValueError, RuntimeError, KeyError,
)  # fmt: skip


def certain(content: bytes, file: str) -> tuple[str, bool]:
    """Kind of the container, and whether it is certain that it needs a modest amount of memory.

    Raises
    ------
    FormatError
        The workbook is damaged, protected or absurdly large.
    """
    if content.startswith(OLE):
        if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in content:
            msg = (
                f'"{file}" is protected by a password. Open it in a spreadsheet program, save it '
                "without the password and read it again."
            )
            raise FormatError(msg)
        return "xls", False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            plain = bombs.refuse(archive, file)
    except FormatError:
        raise
    except ZIP_DAMAGE as error:
        raise FormatError(_DAMAGED.format(file)) from error
    return "xlsx", plain
