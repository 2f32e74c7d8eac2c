"""What the commands share: their parser, sources, outputs, and how they speak."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from patentnav import _files
from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from patentnav.patentset import PatentSet

OK, FAILED, WRONG_USE = 0, 1, 2
TABLES = (".xlsx", ".csv")


class LateParser(argparse.ArgumentParser):
    """A parser that gets its options when it is used: what they come from is slow to import."""

    fill: Callable[[argparse.ArgumentParser], None] | None = None

    def _filled(self) -> None:
        fill, self.fill = self.fill, None
        if fill is not None:
            fill(self)

    def parse_known_args(self, *arguments: Any, **named: Any) -> Any:
        """Fill in the options, then parse."""
        self._filled()
        return super().parse_known_args(*arguments, **named)

    def format_help(self) -> str:
        """Fill in the options, then explain them."""
        self._filled()
        return super().format_help()


def add_command(
    commands: Any, name: str, function: Callable[[argparse.Namespace], int], summary: str
) -> LateParser:
    """A command with what every command takes."""
    parser: LateParser = commands.add_parser(
        name, help=summary, description=f"{summary[0].upper()}{summary[1:]}."
    )
    parser.set_defaults(command=function)
    outside = parser.add_argument_group("extensions")
    outside.add_argument(
        "--plugin",
        action="append",
        default=[],
        metavar="MODULE",
        help="Python module or .py file that brings indicators, sections or renderers of your own",
    )
    outside.add_argument(
        "--data",
        action="append",
        default=[],
        type=Path,
        metavar="FOLDER",
        help="folder with your own formats, taxonomies, outlines, scorecards and wording",
    )
    return parser


def add_sources(
    parser: argparse.ArgumentParser, text: str = "a saved set (.pnav) or export files"
) -> None:
    """What a command reads."""
    parser.add_argument("source", nargs="+", help=text)


def add_output(parser: argparse.ArgumentParser, text: str) -> None:
    """What a command writes."""
    parser.add_argument("-o", "--output", type=Path, required=True, help=text)


def can_write(path: Path, endings: Sequence[str] = ()) -> None:
    """Refuse a file that cannot be written before the work for it is done."""
    if endings and path.suffix not in endings:
        msg = f'"{path.name}": the ending is not one of {", ".join(endings)}.'
        raise ArgumentError(msg)
    if not _files.is_dir(path.parent):
        msg = f'The folder "{path.parent}" does not exist. Make it and call again.'
        raise ArgumentError(msg)


def open_set(sources: Sequence[str]) -> PatentSet:
    """Saved sets and exports as one set."""
    from patentnav.io import read
    from patentnav.patentset import concat, load

    saved = [s for s in sources if Path(s).suffix == ".pnav"]
    exports: list[str | Path] = [s for s in sources if s not in saved]
    sets = [load(s) for s in saved] + ([read(exports)] if exports else [])
    return sets[0] if len(sets) == 1 else concat(sets)


def write_table(path: Path, frame: pd.DataFrame, sheet: str) -> None:
    """Write one table."""
    from patentnav.sheets import write_tables

    write_tables(path, {sheet: frame})


def show(frame: pd.DataFrame) -> None:
    """Print a table."""
    print_text(frame.to_string(index=False, na_rep="", max_colwidth=60))


def print_text(text: str) -> None:
    """Print what was asked for."""
    _write(sys.stdout, text)


def holds_all(stream: IO[str]) -> bool:
    """Whether a stream can hold any character."""
    return (getattr(stream, "encoding", None) or "utf-8").lower().startswith(("utf", "cp65001"))


def _write(stream: IO[str], text: str) -> None:
    """Write a line; what the console or the file cannot hold as an escape."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def show_warning(message: Warning | str, *_origin: object, **_more: object) -> None:
    """A warning as one line, without the place in the code."""
    say(f"patentnav: warning: {' '.join(str(message).split())}")


def say(text: str) -> None:
    """Say what was done, beside what was asked for."""
    _write(sys.stderr, text)
