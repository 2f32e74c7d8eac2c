"""Options of the command line from a dataclass of inputs, so that none of them can be forgotten."""

from __future__ import annotations

import argparse
import ast
import inspect
import re
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentnav import sheets
from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Collection

_PREFIX = "input_"  # of attributes of the parsed options, which have other attributes too
_ROLE = re.compile(r":\w+:`~?([^`]+)`|``([^`]+)``")
_LITERAL = re.compile(r"Literal(\[.*?\])")
_MANY = ("tuple[", "list[", "Sequence[", "Iterable[")
_NAMED = ("Mapping[", "dict[")


def documented(inputs: type) -> dict[str, str]:
    """Descriptions of the attributes of a dataclass, as its docstring has them (numpydoc).

    Parameters
    ----------
    inputs
        A dataclass; one entry may describe several attributes.

    Returns
    -------
    dict
        Description by name, without markup; empty where the docstring has none.
    """
    text = inspect.getdoc(inputs) or ""
    _, _, section = text.partition("Attributes\n----------\n")
    found: dict[str, str] = {}
    names: list[str] = []
    for line in section.splitlines():
        if re.match(r"-{3,}", line):
            break  # the next section of the docstring; its heading stands among the names
        if line and not line.startswith(" "):
            names = [name.strip() for name in line.partition(":")[0].split(",")]
        for name in names:
            if line.startswith(" "):
                found[name] = f"{found.get(name, '')} {line.strip()}".strip()
    plain = {name: _ROLE.sub(lambda m: m[1] or m[2], one) for name, one in found.items()}
    return {field.name: plain.get(field.name, "") for field in fields(inputs)}


def add_inputs(
    parser: argparse.ArgumentParser,
    inputs: type,
    *,
    title: str = "inputs",
    skip: Collection[str] = (),
) -> None:
    """Give a parser one option per attribute of a dataclass.

    ``--min-pct 10`` for ``min_pct: int``; a switch and its opposite for ``bool``; a file (.csv, .xlsx
    or .parquet) for a frame or series; ``NAME=VALUE``, once for each, for a mapping.

    Parameters
    ----------
    parser
        The parser.
    inputs
        The dataclass; its docstring describes the attributes.
    title
        Heading of the options in the help.
    skip
        Attributes that cannot be written on a command line.
    """
    described = documented(inputs)
    group = parser.add_argument_group(title)
    for field in fields(inputs):
        if field.name in skip:
            continue
        group.add_argument(
            f"--{field.name.replace('_', '-')}",
            dest=f"{_PREFIX}{field.name}",
            default=None,
            help=_help(described[field.name], field),
            **_form(field),
        )


def given_inputs(
    options: argparse.Namespace, inputs: type, *, skip: Collection[str] = ()
) -> dict[str, Any]:
    """What was given of the options of :func:`add_inputs`, tables read.

    Returns
    -------
    dict
        Value by attribute; what was not given is left out.

    Raises
    ------
    ArgumentError
        A file of a table does not exist or is no table, or a named value lacks its name.
    """
    found: dict[str, Any] = {}
    for field in fields(inputs):
        value = None if field.name in skip else getattr(options, f"{_PREFIX}{field.name}", None)
        if value is not None:
            found[field.name] = _value(field, value)
    return found


def _kinds(field: Field[Any]) -> set[str]:
    written = field.type if isinstance(field.type, str) else getattr(field.type, "__name__", "")
    return {kind.strip().rpartition(".")[2] for kind in written.split("|")} - {"None"}


def _form(field: Field[Any]) -> dict[str, Any]:
    """How the option is parsed."""
    kinds, written = _kinds(field), str(field.type)
    choices = _LITERAL.search(written)
    if choices:
        return {"choices": ast.literal_eval(choices[1])}
    forms: dict[str, dict[str, Any]] = {
        "bool": {"action": argparse.BooleanOptionalAction},
        "DataFrame": {"metavar": "FILE"},
        "Series": {"metavar": "FILE"},
        "int": {"metavar": "NUMBER", "type": int},
        "float": {"metavar": "NUMBER", "type": float},
    }
    if written.startswith(_NAMED):
        return {"metavar": "NAME=VALUE", "action": "append"}
    if written.startswith(_MANY):
        return {"metavar": "VALUE", "nargs": "+"}
    return next((forms[kind] for kind in forms if kind in kinds), {"metavar": "TEXT"})


def _value(field: Field[Any], value: Any) -> Any:
    kinds, written = _kinds(field), str(field.type)
    if "Path" in kinds:
        return value  # the function that takes it reads the file
    if "Path" in kinds:
        return value  # the function reads the file itself
    if "DataFrame" in kinds:
        return sheets.read_table(Path(value))
    if "Series" in kinds:
        table = sheets.read_table(Path(value))
        return table.set_index(table.columns[0])[table.columns[1]]
    if written.startswith(_NAMED):
        pairs = [one.partition("=") for one in value]
        if not all(sign for _, sign, _ in pairs):
            name = field.name.replace("_", "-")
            msg = f"--{name} takes a name and a value: --{name} NAME=VALUE, once for each."
            raise ArgumentError(msg)
        return {name: one for name, _, one in pairs}
    return value


def _help(text: str, field: Field[Any]) -> str:
    default = "" if field.default in (MISSING, None, "", False) else f" (default: {field.default})"
    return f"{text.rstrip('.')}{default}".replace("%", "%%")
