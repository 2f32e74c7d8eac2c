"""What a run was made from and what it made: ``manifest.json`` in the folder of the deliverables."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from patentnav import _files
from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from patentnav.project.file import Project

NAME = "manifest.json"
VERSION = 2


@dataclass
class Manifest:
    """The account of a run, written anew after every report, with its own hash.

    Attributes
    ----------
    project
        Name of the project file.
    key
        Hash of all that the run depends on.
    complete
        Whether the run came to its end.
    versions
        Of patentnav, Python and the libraries.
    inputs
        Files read: ``key, file, bytes, sha256``.
    parameters
        All values in force, by table and key.
    set
        The set: ``read, hash, taxonomy, publications_read, key, publications, outputs, steps``.
    selection
        Hash of what the choice of reported sets depends on.
    sets
        The reported sets: ``name, stem, choices, publications, steps``, where the steps have
        ``step, seconds, cached``.
    left_out
        Groups without a report: ``name, publications, reason``.
    reports
        ``set, outline, lang, key, seconds, outputs, drawn`` (whether its figures are among these),
        ``tables`` (codes of the user tables that it looked for).
    outputs
        Size and hash of every file: ``bytes, sha256`` by path from the folder.
    """

    project: str = ""
    key: str = ""
    complete: bool = False
    versions: dict[str, str] = field(default_factory=dict)
    inputs: list[dict[str, Any]] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)
    set: dict[str, Any] = field(default_factory=dict)
    selection: str = ""
    sets: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[dict[str, Any]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        """Write it whole."""
        plain = {"manifest": VERSION, **asdict(self)}
        plain["sha256"] = digest(plain)
        text = json.dumps(plain, ensure_ascii=False, indent=1, default=str) + "\n"
        return _files.write_file(folder / NAME, text.encode(errors="backslashreplace"))

    def record(self, folder: Path, files: Iterable[Path]) -> list[str]:
        """Note files as outputs; return their paths from the folder."""
        names = []
        for file in files:
            name = file.relative_to(folder).as_posix()
            self.outputs[name] = measures(file)
            names.append(name)
        return names

    def stands(self, folder: Path, names: Iterable[str]) -> bool:
        """Whether files are there as they were written."""
        return all(
            name in self.outputs
            and _files.is_file(folder / name)
            and measures(folder / name) == self.outputs[name]
            for name in names
        )


def read(project: Project) -> Manifest:
    """The manifest in the project's folder of deliverables; an empty one where none can be read.

    Raises
    ------
    ArgumentError
        It is that of another project.
    """
    file = project.output / NAME
    if not _files.is_file(file):
        return Manifest()
    try:
        plain = json.loads(_files.read_file(file).decode())
        own = plain.pop("sha256")
        if own != digest(plain) or plain.pop("manifest") != VERSION:
            return Manifest()
        found = Manifest(**plain)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Manifest()  # of another version, or damaged: all is made again
    other = project.folder / found.project
    if found.project != project.file.name and _files.is_file(other):
        msg = (
            f'"{project.output}" holds the deliverables of "{found.project}". Give {project.file.name}'
            " another [output] folder."
        )
        raise ArgumentError(msg)
    return found


def measures(file: Path) -> dict[str, Any]:
    """Size and hash of a file."""
    content = _files.read_file(file)
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def digest(plain: Mapping[str, Any]) -> str:
    """Hash of plain values."""
    text = json.dumps(plain, ensure_ascii=True, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
