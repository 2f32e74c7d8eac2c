"""Empty user tables to fill in, with a sheet that says what every column means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from patentnav import sheets
from patentnav.config import get_config
from patentnav.errors import UnknownNameError
from patentnav.tables.definitions import codes, definitions, load

if TYPE_CHECKING:
    from collections.abc import Sequence

SHEET = "definitions"


def write_templates(
    path: str | Path, chosen: Sequence[str] = (), *, lang: str | None = None
) -> Path:
    """Write empty user tables to fill in.

    Parameters
    ----------
    path
        A workbook (.xlsx): the sheet ``definitions`` and one sheet per table, called by its code
        and title.
    chosen
        Codes of tables; all when empty.
    lang
        Language of headers; the configured one when omitted.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    UnknownNameError
        There is no such table.
    ArgumentError
        Another suffix than .xlsx, or a missing folder.
    """
    lang = lang or get_config().lang
    for code in chosen:
        if code not in codes():
            raise UnknownNameError("user table", code, codes())
    names = [code for code in codes() if not chosen or code in chosen]
    told = definitions(lang)
    pages = {SHEET: told[told["table"].isin(names)].reset_index(drop=True)}
    for code in names:
        one = load(code)
        headers = [column.header(lang) for column in one.columns.values()]
        pages[f"{code} {one.titles[lang]}"] = pd.DataFrame(columns=headers)
    return sheets.write_tables(Path(path), pages)
