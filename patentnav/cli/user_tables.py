"""The command for the user's own tables: empty ones to fill in, and a check of filled ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentnav.cli.shell import FAILED, OK, add_command, can_write, say, show
from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    import argparse


def add_command_to(commands: Any) -> None:
    """Add the command to the parser.

    Parameters
    ----------
    commands
        What ``add_subparsers`` returned.
    """
    user = add_command(
        commands, "tables", _tables, "empty user tables to fill in, or a check of filled ones"
    )
    user.add_argument(
        "table", nargs="*", help="codes to write (all when omitted), or CODE=FILE to check"
    )
    user.add_argument(
        "-o", "--output", type=Path, help="workbook to write the templates to (.xlsx)"
    )
    user.add_argument("--lang", default="zh", help="language of the headers: zh or en")


def _tables(options: argparse.Namespace) -> int:
    from patentnav import tables

    given = {name: file for name, sign, file in (t.partition("=") for t in options.table) if sign}
    if not given and options.output is None:
        msg = (
            "tables writes a workbook: name it with -o tables.xlsx (or check files with CODE=FILE)."
        )
        raise ArgumentError(msg)
    if options.output is not None:
        can_write(options.output, [".xlsx"])
        chosen = [t for t in options.table if "=" not in t]
        say(f"-> {tables.write_templates(options.output, chosen, lang=options.lang)}")
    failed = False
    for code, table in (tables.read_all(given) if given else {}).items():
        if len(table.issues):
            show(table.issues)
        failed |= bool((table.issues["severity"] == "error").any())
        say(f"{code} {table.file}: {len(table.frame)} rows stand, {table.set_aside} are set aside")
    return FAILED if failed else OK
