"""What user tables there are: columns, types, units and headers in both languages, from data files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import _resources
from patentnav.config import get_config

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEYS = {
    "zh", "en", "key", "group", "course", "sums", "consent", "quotient", "parts", "indicators", "columns",
    "indicator",
}  # fmt: skip
_COLUMN_KEYS = {
    "type", "required", "zh", "en", "names", "about", "least", "most", "earliest", "unit", "values",
}  # fmt: skip
TYPES = (
    "boolean", "code", "count", "date", "list", "number", "period", "share", "text", "uscc", "year",
)  # fmt: skip
NUMERIC = ("count", "number", "share", "year")


@dataclass(frozen=True)
class Column:
    """A column of a user table.

    Attributes
    ----------
    name
        Its name in results.
    type
        ``boolean, code, count, date, list, number, period, share, text, uscc`` or ``year``.
    labels
        Header by language.
    names
        Further headers under which it is found.
    required
        Whether a row without it is set aside.
    unit
        Unit of its numbers, empty for none.
    about
        Standard or form of its values.
    least, most
        Bounds of its numbers.
    values
        Values that are allowed; empty for all.
    """

    name: str
    type: str
    labels: Mapping[str, str]
    names: tuple[str, ...] = ()
    required: bool = False
    unit: str = ""
    about: str = ""
    least: float | None = None
    most: float | None = None
    values: tuple[str, ...] = ()

    def header(self, lang: str) -> str:
        """Header in a language, with the unit."""
        label = self.labels.get(lang, self.name)
        return f"{label} ({self.unit})" if self.unit else label


@dataclass(frozen=True)
class Definition:
    """A user table as it is declared.

    Attributes
    ----------
    code
        Two letters, e.g. ``CS``.
    titles
        Name by language.
    columns
        By name, in order.
    key
        Columns that no two rows share.
    indicators
        Known indicators of a long table: ``zh, en, unit, head``; empty for other tables.
    rules
        What else is checked: ``course, group, sums, consent, quotient, parts``.
    """

    code: str
    titles: Mapping[str, str]
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    indicators: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)

    def label(self, column: str, lang: str) -> str:
        """A column, or an indicator of a long table, in words."""
        if column in self.columns:
            return self.columns[column].labels.get(lang, column)
        return self.indicators.get(column, {}).get(lang, column)


def codes() -> list[str]:
    """Codes of all user tables, sorted.

    Returns
    -------
    list of str
        Those of the package and of the user's folders (``tables/<code>.toml``).
    """
    return _resources.names("tables")


def load(code: str) -> Definition:
    """Definition of a user table.

    Parameters
    ----------
    code
        E.g. ``CS``; see :func:`codes`.

    Returns
    -------
    Definition

    Raises
    ------
    UnknownNameError
        There is no such table, or its file has an unknown key or type.
    """
    entry = _resources.load_toml("tables", code)
    where = f"the user table {code}"
    _resources.check_keys(entry, _KEYS, where)
    columns = {}
    for name, given in entry["columns"].items():
        _resources.check_keys(given, _COLUMN_KEYS, f"{where}, column {name}")
        _resources.check_keys({given["type"]: 0}, set(TYPES), f"types of {where}, column {name}")
        least = given.get("earliest") if given["type"] == "year" else given.get("least")
        columns[name] = Column(
            name, given["type"], {"zh": given["zh"], "en": given["en"]},
            tuple(given.get("names", ())), bool(given.get("required", False)),
            given.get("unit", ""), given.get("about", ""), least, given.get("most"),
            tuple(given.get("values", ())),
        )  # fmt: skip
    rules = {k: v for k, v in entry.items() if k not in {"zh", "en", "key", "columns", "indicator"}}
    return Definition(
        code, {"zh": entry["zh"], "en": entry["en"]}, columns, tuple(entry["key"]),
        entry.get("indicator", {}), rules,
    )  # fmt: skip


def definitions(lang: str | None = None) -> pd.DataFrame:
    """All columns of all user tables, one row each.

    Parameters
    ----------
    lang
        Language of the headers; the configured one when omitted.

    Returns
    -------
    pandas.DataFrame
        ``table, title, column, header, type, unit, required, values, about``; the indicators of
        city statistics follow its columns, with ``type`` ``indicator``.
    """
    lang = lang or get_config().lang
    rows = []
    for code in codes():
        one = load(code)
        title = one.titles[lang]
        for column in one.columns.values():
            about = column.about + (", key" if column.name in one.key else "")
            rows.append((code, title, column.name, column.header(lang), column.type, column.unit,
                         column.required, "; ".join(column.values), about.lstrip(", ")))  # fmt: skip
        for name, given in one.indicators.items():
            rows.append((code, title, name, given[lang], "indicator", given["unit"], False, "", ""))
    return pd.DataFrame(
        rows,
        columns=["table", "title", "column", "header", "type", "unit", "required", "values",
                 "about"],
    )  # fmt: skip


def unit_name(unit: str, lang: str) -> str:
    """A unit of a user table in a language.

    Parameters
    ----------
    unit
        As the tables have it.
    lang
        Language.

    Returns
    -------
    str
        The unit itself where no other name of it is known.
    """
    names = _resources.load_toml("defaults", "tables")["units"]
    return unit if lang == "zh" else str(names.get(unit, unit))
