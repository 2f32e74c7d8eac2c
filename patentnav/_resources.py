"""Find and parse the data files: the user's ``data_path``, then plugins', then the package's own.

A folder of ``data/`` is a registry (formats, taxonomies, scorecards, reports, locale); a file in it
is an entry, called by its stem.
"""

from __future__ import annotations

import csv
import functools
import io
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentnav import _files, plugins
from patentnav.config import get_config
from patentnav.errors import FormatError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGE_DATA = Path(__file__).parent / "data"


def roots() -> tuple[Path, ...]:
    """Folders that are searched, in this order."""
    plugins.ensure()
    return (*get_config().data_path, *plugins.data_folders(), PACKAGE_DATA)


def names(kind: str, *suffixes: str) -> list[str]:
    """Names of all entries of a registry, sorted; TOML files where no suffix is given."""
    endings = suffixes or (".toml",)
    return sorted(
        {file.stem for root in roots() for end in endings for file in (root / kind).glob(f"*{end}")}
    )


def path(kind: str, name: str, *suffixes: str) -> Path:
    """Path of an entry; the user's file hides the package's file of the same name.

    Raises
    ------
    UnknownNameError
        The registry has no such entry.
    """
    endings = suffixes or (".toml",)
    for root in roots():
        for end in endings:
            candidate = root / kind / f"{name}{end}"
            if _files.is_file(candidate):
                return candidate
    raise UnknownNameError(_singular(kind), name, names(kind, *endings))


def _singular(kind: str) -> str:
    """Name of one file of a kind, for messages: "taxonomies" -> "taxonomy"."""
    return f"{kind[:-3]}y" if kind.endswith("ies") else kind.rstrip("s")


def load_toml(kind: str, name: str) -> dict[str, Any]:
    """Parse a TOML entry. The result is shared: treat it as read-only."""
    return parse_toml(path(kind, name))


def parse_toml(file: Path) -> dict[str, Any]:
    """Parse one TOML file, cached by path and time of change."""
    with _files.naming(file, "read"):
        return _parse_toml(file, file.stat().st_mtime_ns)


@functools.lru_cache(maxsize=256)
def _parse_toml(file: Path, _mtime: int) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f'"{file.name}" is not valid TOML: {error}. Mend the file and call again.'
        raise FormatError(msg) from error


def load_csv(kind: str, name: str) -> list[dict[str, str]]:
    """Rows of a CSV table of the data folder; lines that start with ``#`` are comments."""
    file = path(kind, name, ".csv")
    lines = (x for x in file.read_text(encoding="utf-8").splitlines() if not x.startswith("#"))
    return list(csv.DictReader(io.StringIO("\n".join(lines))))


def check_keys(entry: Mapping[str, Any], allowed: set[str], where: str) -> None:
    """Reject unknown keys of a data file, with the closest allowed key.

    Raises
    ------
    UnknownNameError
        A key is not allowed.
    """
    for key in entry:
        if key not in allowed:
            raise UnknownNameError(f"key of {where}", key, allowed)
