"""Office packages without clock times, and templates as a library opens them."""

from __future__ import annotations

import io
import re
import zipfile

from patentnav.errors import FormatError
from patentnav.sheets import EPOCH
from patentnav.workbooks import ZIP_DAMAGE

_TYPES = "[Content_Types].xml"
_TIME = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
_MAIN = {
    ".docx": ("wordprocessingml.template.main+xml", "wordprocessingml.document.main+xml"),
    ".pptx": ("presentationml.template.main+xml", "presentationml.presentation.main+xml"),
}
_MOST = 256 << 20  # bytes of a template, unpacked


def fixed(raw: bytes) -> bytes:
    """A package with one time for all its parts, also for the workbooks inside.

    Parameters
    ----------
    raw
        An Office file.

    Returns
    -------
    bytes
        The same file for the same content.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(target, "w") as package:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.endswith(".xlsx"):
                content = fixed(content)
            elif entry.filename == "docProps/core.xml":
                content = _TIME.sub(
                    rb"\g<1>%s\g<3>" % f"{EPOCH:%Y-%m-%dT%H:%M:%SZ}".encode(), content
                )
            info = zipfile.ZipInfo(entry.filename, (EPOCH.year, EPOCH.month, EPOCH.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            package.writestr(info, content)
    return target.getvalue()


def opened(content: bytes, form: str, name: str) -> io.BytesIO:
    """A template as a document of the form: what says that it is a template is left out.

    Parameters
    ----------
    content
        The file.
    form
        ``.docx`` or ``.pptx``.
    name
        Of the file, for messages.

    Raises
    ------
    FormatError
        It is no file of the form, is protected by a password, has macros, or unpacks to far more than
        a template has.
    """
    template, document = (kind.encode() for kind in _MAIN[form])
    program = "Word" if form == ".docx" else "PowerPoint"
    remedy = f"Save it in {program} as {form} without password and macros, and call again."
    made = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            if sum(entry.file_size for entry in source.infolist()) > _MOST:
                msg = f'The template "{name}" unpacks to more than {_MOST >> 20} MB. {remedy}'
                raise FormatError(msg)
            types = source.read(_TYPES).replace(template, document)
            if document not in types:
                msg = f'The template "{name}" is no file of {program}. {remedy}'
                raise FormatError(msg)
            with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
                for entry in source.infolist():
                    target.writestr(
                        entry.filename, types if entry.filename == _TYPES else source.read(entry)
                    )
    except FormatError:  # one of those above, which is a ValueError too
        raise
    except ZIP_DAMAGE as error:
        msg = f'The template "{name}" is no file of {program}, or it is damaged. {remedy}'
        raise FormatError(msg) from error
    made.seek(0)
    return made
