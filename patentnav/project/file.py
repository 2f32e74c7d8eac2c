"""A project file, parsed and checked: what is read, how it is studied, what is delivered."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentnav import _files, _resources, i18n, plugins, sheets, taxonomy
from patentnav.config import config_context, get_config
from patentnav.errors import ArgumentError, FormatError, UnknownNameError
from patentnav.project.keys import TABLES, known
from patentnav.report import outline as outlines
from patentnav.report import templates, wording
from patentnav.report.registry import renderers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CHOOSING = ("only", "top", "min_publications")
# Inputs that a kind of report sets by itself, and what it sets them to.
_SET_BY: dict[str, dict[str, str | None]] = {
    "industry": {"industry": None, "sub_sector": None},
    "sub-sector": {"sub_sector": None},
    "applicant": {"applicant": None, "owner": "party"},
    "group": {"applicant": None, "owner": "group"},
}
_SMALLEST = 30  # publications; below it a report would judge from thin data
_LARGEST = 10  # of applicants and groups, of which there may be thousands


@dataclass(frozen=True)
class Project:
    """A checked project file.

    Attributes
    ----------
    file
        Its path; relative paths in it start at its folder.
    given
        Values by table and key, as the file gives them, checked; paths are absolute.
    """

    file: Path
    given: Mapping[str, Mapping[str, Any]]

    @property
    def folder(self) -> Path:
        """Folder of the project file."""
        return self.file.parent

    @property
    def output(self) -> Path:
        """Folder of the deliverables."""
        return self.folder / str(self.get("output", "folder"))

    def get(self, table: str, key: str) -> Any:
        """Value in force: that of the file, else the default."""
        return self.given.get(table, {}).get(key, known()[table][key].default)

    def parameters(self) -> dict[str, dict[str, Any]]:
        """All values in force, as plain values; paths as written."""
        return {
            table: {name: self._plain(self.get(table, name)) for name in keys}
            for table, keys in known().items()
        }

    def _plain(self, value: Any) -> Any:
        if isinstance(value, Path):
            return self.relative(value)
        if isinstance(value, tuple | list):
            return [self._plain(one) for one in value]
        if isinstance(value, dict):
            return {str(k): self._plain(v) for k, v in value.items()}
        return value if isinstance(value, str | int | float | None) else str(value)

    def relative(self, path: Path) -> str:
        """A path as it is written in the file."""
        base, there = self.folder.resolve(), path.resolve()
        inside = there.relative_to(base) if there.is_relative_to(base) else path
        return _files.printable(inside.as_posix())

    def handed(self, goes_to: str) -> dict[str, Any]:
        """Values of the file that go to ``read``, ``study``, ``cover`` or ``build``; tables read."""
        found: dict[str, Any] = {}
        for table, keys in known().items():
            for name, key in keys.items():
                if key.goes_to == goes_to and name in self.given.get(table, {}):
                    value = self.given[table][name]
                    if table == TABLES:
                        found.setdefault(TABLES, {})[name] = value
                        continue
                    found[name] = _table(value, key.kinds) if key.is_table else value
        return found

    def named_files(self) -> dict[str, Path]:
        """Files that keys name, beside the exports, by ``table.key``."""
        return {
            f"{table}.{name}": value
            for table, keys in self.given.items()
            for name, value in keys.items()
            if isinstance(value, Path)
        }

    @property
    def sources(self) -> list[str | Path]:
        """Exports, folders and patterns to read."""
        return [str(self.folder / name) for name in self.get("input", "files")]

    @property
    def langs(self) -> tuple[str, ...]:
        """Languages of the reports."""
        return tuple(dict.fromkeys(self.get("project", "lang")))

    @property
    def outlines(self) -> tuple[str, ...]:
        """Outlines of the reports: names, or paths of their files."""
        written = dict.fromkeys(self.get("report", "outline"))
        return tuple(str(self.folder / o) if o.endswith(".toml") else o for o in written)

    @property
    def formats(self) -> tuple[str, ...]:
        """Forms of the reports, without dot."""
        return tuple(dict.fromkeys(f.removeprefix(".") for f in self.get("report", "formats")))

    @property
    def templates(self) -> dict[str, Path]:
        """The client's templates by the form that they are for, without dot."""
        written = (self.folder / name for name in self.get("report", "templates"))
        return {templates.form_of(path).removeprefix("."): path for path in written}

    @property
    def top(self) -> int | None:
        """Largest groups that get a report; None for all."""
        chosen: int | None = self.get("report", "top")
        open_ended = self.get("report", "per") in {"applicant", "group"}
        return _LARGEST if chosen is None and open_ended and not self.only else chosen

    @property
    def only(self) -> tuple[str, ...]:
        """Groups that were asked for; empty for all."""
        return tuple(dict.fromkeys(self.get("report", "only") or ()))

    @property
    def smallest(self) -> int:
        """Publications that a group must have to get a report."""
        chosen: int | None = self.get("report", "min_publications")
        return _SMALLEST if chosen is None else chosen

    @property
    def plugins(self) -> list[str]:
        """Modules and files of plugins."""
        written = self.get("project", "plugins")
        return [str(self.folder / p) if p.endswith(".py") else p for p in written]

    @contextmanager
    def in_force(self) -> Iterator[None]:
        """Load the plugins and put the data folders and the cache in force inside the block."""
        config = get_config()
        folders = [self.folder / name for name in self.get("project", "data")]
        for folder in folders:
            if not _files.is_dir(folder):
                msg = f'{self.file.name} [project] data: there is no folder "{folder}".'
                raise ArgumentError(msg)
        cache = config.cache_dir or self.output / ".cache"
        if (own := self.get("output", "cache")) is not None:
            cache = self.folder / own
        options = {
            "data_path": (*folders, *config.data_path),
            "plugins": (*config.plugins, *self.plugins),
            "cache_dir": cache,
        }
        with config_context(**options):
            plugins.load(self.plugins)
            yield


def load(file: str | Path) -> Project:
    """Parse and check a project file; its plugins are loaded.

    Parameters
    ----------
    file
        A TOML file; relative paths in it are relative to its folder.

    Returns
    -------
    Project

    Raises
    ------
    FormatError
        The file is no TOML, or names no input.
    UnknownNameError
        A key, language, outline or form is unknown; the message offers the nearest.
    ArgumentError
        The file does not exist, or a value has another type, is not allowed or would do nothing.
    """
    path = _files.as_path(file)
    if not _files.is_file(path):
        msg = f'The project file "{path}" does not exist. Name an existing TOML file.'
        raise ArgumentError(msg)
    parts: dict[str, Any] = _resources.parse_toml(path)
    _resources.check_keys(parts, set(known()), path.name)
    given = {table: _values(table, entries, path) for table, entries in parts.items()}
    project = Project(path, given)
    with project.in_force():
        i18n.refresh()  # files may have been edited since
        _check(project)
    return project


def outline_name(outline: str) -> str:
    """Name of an outline, also of one that is called by its path."""
    return Path(outline).stem if outline.endswith(".toml") else outline


def _values(table: str, entries: Any, file: Path) -> dict[str, Any]:
    if not isinstance(entries, dict):
        msg = f"{file.name}: {table} is a table. Write its keys below a line [{table}]."
        raise ArgumentError(msg)
    found = {}
    for name, written in entries.items():
        if name not in known()[table]:
            homes = [other for other, keys in known().items() if name in keys]
            remedy = f"It stands in [{homes[0]}]." if homes else ""
            where = f"key of {file.name} [{table}]"
            raise UnknownNameError(where, name, known()[table], remedy=remedy)
        where = f"{file.name} [{table}] {name}"
        found[name] = known()[table][name].value(written, file.parent, where)
        if known()[table][name].goes_to == "project" and isinstance(found[name], tuple):
            _check_texts(found[name], where)
    return found


def _check_texts(values: tuple[Any, ...], where: str) -> None:
    if not all(isinstance(value, str) for value in values):
        msg = f"{where} is a list of texts."
        raise ArgumentError(msg)


def _table(path: Path, kinds: Any) -> Any:
    table = sheets.read_table(path)
    if any(kind.name == "Series" for kind in kinds):
        return table.set_index(table.columns[0])[table.columns[1]]
    return table


def _check(project: Project) -> None:
    name = project.file.name
    if not project.get("input", "files"):
        msg = f'"{name}" names no input: add [input] files = ["exports/*.xlsx"].'
        raise FormatError(msg)
    for lang in project.langs:
        if lang not in i18n.languages():
            raise UnknownNameError(f"language of {name} [project] lang", lang, i18n.languages())
    for form in project.formats:
        if f".{form}" not in renderers():
            forms = [suffix.removeprefix(".") for suffix in renderers()]
            raise UnknownNameError(f"form of {name} [report] formats", form, forms)
    if not project.langs or not project.outlines:
        msg = f"{name}: lang and outline name one at least."
        raise ArgumentError(msg)
    if not project.formats and not project.get("report", "figures"):
        msg = f"{name} [report]: no formats and no figures, so there is nothing to write."
        raise ArgumentError(msg)
    _check_templates(project)
    read = [outlines.load(o).for_goal(project.get("report", "goal")) for o in project.outlines]
    if len({outline.name for outline in read}) < len(read):
        msg = f"{name} [report] outline names two of one name: their files would be the same."
        raise ArgumentError(msg)
    for outline in read:
        for lang in project.langs:
            wording.check(outline, lang)
    if (chosen := project.get("classify", "taxonomy")) is not None:
        taxonomy.load(chosen)
    _check_choosing(project)


def _check_templates(project: Project) -> None:
    """Refuse templates that are not there, are two of one form, or are of a form that is not written."""
    where = f"{project.file.name} [report] templates"
    written = project.get("report", "templates")
    for name in written:
        if not (project.folder / name).is_file():
            msg = f'{where} names "{name}", which is no file. Relative paths start at "{project.folder}".'
            raise ArgumentError(msg)
    found = project.templates
    if len(found) < len(written):
        msg = f"{where} names two of one form. Leave one."
        raise ArgumentError(msg)
    for form, path in found.items():
        if form not in project.formats:
            msg = (
                f'{where} names "{path.name}", but [report] formats has no "{form}". Add it there.'
            )
            raise ArgumentError(msg)


def _check_choosing(project: Project) -> None:
    """Refuse keys that would do nothing, or that the kind of report sets itself."""
    name, per, said = project.file.name, project.get("report", "per"), project.given
    chosen = [key for key in _CHOOSING if key in said.get("report", {})]
    if per == "set" and chosen:
        msg = f'{name} [report] {chosen[0]} chooses among groups, but per = "set" has none.'
        raise ArgumentError(msg)
    for key, value in _SET_BY.get(per, {}).items():
        own = project.get("study", key)
        if own and own != value:
            msg = (
                f'{name} [study] {key} = "{own}" contradicts [report] per = "{per}", which sets it.'
            )
            raise ArgumentError(msg)
    for key, least in (("top", 1), ("min_publications", 0)):
        value = project.get("report", key)
        if value is not None and value < least:
            msg = f"{name} [report] {key} = {value}: {least} or more is needed."
            raise ArgumentError(msg)
    if project.get("report", "only") == ():
        msg = f"{name} [report] only is empty. Name groups, or leave the key out for all."
        raise ArgumentError(msg)
