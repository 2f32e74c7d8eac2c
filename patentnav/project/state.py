"""What a run depends on, as hashes: of the whole, of the reading, of the choice of sets, of a report."""

from __future__ import annotations

import functools
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentnav import _files, plugins
from patentnav._version import __version__
from patentnav.config import get_config
from patentnav.io.sources import paths
from patentnav.project.file import outline_name
from patentnav.project.keys import TABLES, known
from patentnav.project.manifest import digest, measures
from patentnav.study import cache

if TYPE_CHECKING:
    from collections.abc import Collection

    from patentnav.project.file import Project
    from patentnav.project.groups import Group
    from patentnav.project.manifest import Manifest

_SELECTING = ("per", "only", "top", "min_publications")


@dataclass(frozen=True)
class State:
    """A project, its files and the code as they are now.

    Attributes
    ----------
    project
        The project.
    inputs
        Files that it reads: ``key, file, bytes, sha256``.
    code
        Hash of the package, the libraries, the plugins and the options.
    """

    project: Project
    inputs: tuple[dict[str, Any], ...]
    code: str

    @classmethod
    def of(cls, project: Project) -> State:
        """Look at the files; the project's options are in force.

        Raises
        ------
        ArgumentError
            An input does not exist.
        """
        files = [("input.files", path) for path in paths(project.sources)]
        files += list(project.named_files().items())
        files += [("report.outline", Path(o)) for o in project.outlines if o.endswith(".toml")]
        files += [("report.templates", path) for path in project.templates.values()]
        inputs = tuple(
            {"key": key, "file": project.relative(path), **measures(path)} for key, path in files
        )
        brought = plugins.load(get_config().plugins)
        sources = [_sources(module.__file__) for module in brought]
        code = {"code": cache.code_version(), "plugins": sources, "font": get_config().font}
        return cls(project, inputs, digest(code))

    @property
    def versions(self) -> dict[str, str]:
        """Versions of patentnav, Python and the libraries."""
        return {"patentnav": __version__, "python": platform.python_version(), **cache.versions()}

    @functools.cached_property
    def parameters(self) -> dict[str, dict[str, Any]]:
        """All values in force."""
        return self.project.parameters()

    @functools.cached_property
    def run_key(self) -> str:
        """Hash of everything."""
        return digest({"code": self.code, "inputs": self.inputs, "parameters": self.parameters})

    @functools.cached_property
    def read_key(self) -> str:
        """Hash of what the set as read depends on."""
        return self._key("read", "input.files")

    @functools.cached_property
    def selection_key(self) -> str:
        """Hash of what the choice of reported sets depends on."""
        chosen = {name: self.parameters["report"][name] for name in _SELECTING}
        return digest({"set": self.read_key, "study": self._key("study", without=TABLES), **chosen})

    def made(self, old: Manifest, group: Group, outline: str, lang: str) -> dict[str, Any] | None:
        """What an earlier run noted of a report, if the report would be the same now."""
        named = {"set": group.name, "outline": outline_name(outline), "lang": lang}
        for one in old.reports:
            if all(one[key] == value for key, value in named.items()) and one[
                "key"
            ] == self.report_key(group, outline, lang, one["tables"]):
                return one
        return None

    def report_key(self, group: Group, outline: str, lang: str, tables: Collection[str]) -> str:
        """Hash of what a report depends on.

        Parameters
        ----------
        group, outline, lang
            Which it is.
        tables
            Codes of the user tables that it looked for, there or not; it does not depend on others,
            but on whether there are any.
        """
        name = Path(outline).name
        file = [i for i in self.inputs if i["key"] == "report.outline"]
        return digest(
            {
                "set": self.read_key,
                "study": self._key("study", without=TABLES),
                "tables": [i for i in self.inputs if i["key"] in {f"{TABLES}.{t}" for t in tables}],
                "any": any(i["key"].startswith(f"{TABLES}.") for i in self.inputs),
                "cover": self._key("cover"),
                "build": self._key("build"),
                "choices": dict(group.choices),
                "outline": name,
                "file": [i for i in file if Path(i["file"]).name == name],
                "lang": lang,
                "templates": [i for i in self.inputs if i["key"] == "report.templates"],
            }
        )

    def _key(self, goes_to: str, *more: str, without: str = "") -> str:
        """Hash of the keys that go to one place, and of the files that they name."""
        keys = [
            k for name, table in known().items() for k in table.values()
            if k.goes_to == goes_to and name != without
        ]  # fmt: skip
        named = {*(f"{k.table}.{k.name}" for k in keys), *more}
        values = {f"{k.table}.{k.name}": self.parameters[k.table][k.name] for k in keys}
        files = [i for i in self.inputs if i["key"] in named]
        return digest({"code": self.code, "values": values, "files": files})


def _sources(file: str | None) -> str:
    """Hash of a module, or of all files of a package."""
    if file is None:
        return ""
    path = Path(file)
    every = sorted(path.parent.rglob("*.py")) if path.name == "__init__.py" else [path]
    return digest({p.relative_to(path.parent).as_posix(): _read(p) for p in every})


def _read(path: Path) -> str:
    return _files.read_file(path).hex()
