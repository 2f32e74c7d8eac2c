"""What the data do not tell, and the words that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from patentnav import i18n, schema, tables
from patentnav.errors import UnavailableError

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet


def gap(key: str, **values: Any) -> UnavailableError:
    """An error that says what the data do not tell.

    Parameters
    ----------
    key
        Wording of the reason, below ``report`` in the locale files; stands for itself where a
        section of one's own has it in one language only.
    **values
        Values of its placeholders; ``table`` and ``column`` are names of the schema, ``user_table`` is
        the code of a user table and ``columns`` are its columns or indicators, ``section`` is the
        section whose wordings ``question`` and ``answer`` say what is lost.

    Returns
    -------
    UnavailableError
        To be raised.
    """
    known = i18n.has(f"report.{key}", "en")
    message = i18n.text(f"report.{key}", "en", **labelled(values, "en")) if known else key
    return UnavailableError(message, key, values)


def labelled(values: dict[str, Any], lang: str) -> dict[str, Any]:
    """Values of a gap with the tables and columns in words."""
    words = dict(values)
    if "user_table" in values:
        told = tables.load(values["user_table"])
        words["user_table"] = f"{values['user_table']} {told.titles[lang]}"
        separator = i18n.text("report.word.list_separator", lang)
        words["columns"] = separator.join(told.label(c, lang) for c in values.get("columns", ()))
    if "section" in values:
        for part in ("question", "answer"):
            words[part] = i18n.text(f"report.{values['section']}.{part}", lang)
    if "table" in values:
        words["table"] = schema.table(values["table"]).labels[lang]
    if "column" in values:
        words["column"] = schema.label(values["table"], values["column"], lang)
    return words


# What a vendor counts of a table that the export does not list.
_COUNTED = {
    "families": ("family_size", "family_country_count"),
    "citations": ("forward_citation_count", "backward_citation_count"),
}


def require(patents: PatentSet, *needs: str) -> None:
    """Refuse a set that lacks tables or ``table.column``.

    Raises
    ------
    UnavailableError
        Something is not there; the error says what.
    """
    for need in needs:
        table, _, column = need.partition(".")
        if column and not patents.has(table, column):
            raise gap("missing.column", table=table, column=column)
        if not patents.has(table) or not len(getattr(patents, table)):
            counted = [c for c in _COUNTED.get(table, ()) if patents.has("publications", c)]
            if counted and patents.publications[counted].notna().any(axis=None):
                raise gap("missing.counted", table=table)
            raise gap("missing.table", table=table)
