"""A project file: inputs, steps and deliverables of one case, to be versioned with the case.

.. code-block:: toml

    [project]
    title = "…"                 # on the cover
    region = "…"                # the studied area
    lang = ["zh", "en"]

    [input]
    files = ["exports/*.xlsx"]  # relative to the project file
    columns = {}                # for a table of no known format

    [clean]
    unit = "application"        # publication, application or family
    aliases = "aliases.csv"     # the user's own names of organisations
    decisions = "decisions.csv" # reviewed merges and splits

    [classify]
    taxonomy = "jinan-ten"

    [technologies]
    n_clusters = 20             # omitted: proposed from the data
    random_state = 0

    [portfolio]
    min_inventions = 50
    min_pct = 10
    granted_only = false

    [report]
    outline = "industry"
    per = "set"                 # "set", "industry" or "applicant": one report each
    only = ["ict"]              # some of them
    top = 10                    # applicants with a report
    min_publications = 30       # smaller groups get none
    formats = ["docx", "html", "xlsx"]
    figures = true

    [output]
    folder = "out"
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentnav import _resources, classify, clean, report
from patentnav._guard import guard
from patentnav._progress import progress
from patentnav.errors import ArgumentError, FormatError
from patentnav.io import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from patentnav.patentset import PatentSet

__all__ = ["Project", "load", "prepare", "run"]

_KEYS = {
    "project": {"title", "region", "lang"},
    "input": {"files", "format", "columns"},
    "clean": {"unit", "aliases", "decisions"},
    "classify": {"taxonomy"},
    "technologies": {"n_clusters", "random_state"},
    "portfolio": {"min_inventions", "min_pct", "granted_only"},
    "report": {"outline", "per", "only", "top", "min_publications", "formats", "figures"},
    "output": {"folder"},
}
_PER = ("set", "industry", "applicant")


@dataclass(frozen=True)
class Project:
    """A parsed project file; ``parts`` holds its tables."""

    folder: Path
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def get(self, part: str, key: str, default: Any = None) -> Any:
        """A value of the file, or the default."""
        return self.parts.get(part, {}).get(key, default)


def load(file: str | Path) -> Project:
    """Parse and check a project file.

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
        A key is unknown; the message offers the nearest.
    ArgumentError
        The file does not exist, or a value is not allowed.
    """
    path = Path(file)
    if not path.is_file():
        msg = f'The project file "{path}" does not exist. Name an existing TOML file.'
        raise ArgumentError(msg)
    parts = _resources.parse_toml(path)
    _resources.check_keys(parts, set(_KEYS), path.name)
    for part, entries in parts.items():
        _resources.check_keys(entries, _KEYS[part], f"{path.name} [{part}]")
    project = Project(path.parent, parts)
    if not project.get("input", "files"):
        msg = f'"{path.name}" names no input: add [input] files = ["exports/*.xlsx"].'
        raise FormatError(msg)
    if project.get("report", "per", "set") not in _PER:
        msg = f"[report] per is one of {', '.join(_PER)}."
        raise ArgumentError(msg)
    return project


def prepare(project: Project) -> PatentSet:
    """Read and clean the inputs of a project.

    Returns
    -------
    PatentSet
        Parties and inventors resolved; with the industry of every publication, where told.
    """
    patterns: list[str | Path] = [
        str(project.folder / name) for name in project.get("input", "files")
    ]
    columns = project.get("input", "columns")
    patents = read(patterns, format=project.get("input", "format"), columns=columns or None)
    paths: dict[str, Any] = {
        key: project.folder / value
        for key in ("aliases", "decisions")
        if (value := project.get("clean", key)) is not None
    }
    decisions = {k: v for k, v in paths.items() if k == "decisions"}
    if patents.has("parties"):
        patents = clean.resolve_parties(patents, **paths)
    if patents.has("inventors"):
        patents = clean.resolve_inventors(patents, **decisions)
    return patents


def run(file: str | Path) -> list[Path]:
    """Do all that a project file asks for.

    Parameters
    ----------
    file
        The project file.

    Returns
    -------
    list of pathlib.Path
        The files written, in order.
    """
    project = load(file)
    patents = prepare(project)
    folder = project.folder / project.get("output", "folder", "out")
    folder.mkdir(parents=True, exist_ok=True)
    written = [patents.save(folder / "set.pnav")]
    for name, part in progress(list(_parts(project, patents)), "reports"):
        for lang in project.get("project", "lang", ["zh"]):
            written += _write(project, part, folder, name=name, lang=lang)
    return written


def _parts(project: Project, patents: PatentSet) -> Iterator[tuple[str, PatentSet]]:
    """The sets that get a report, with the stem of their files."""
    per = project.get("report", "per", "set")
    if per == "set":
        yield "report", patents
        return
    if per == "industry":
        taxonomy = project.get("classify", "taxonomy", "jinan-ten")
        group = classify.industries(patents, taxonomy=taxonomy)
    else:
        parties = patents.parties
        first = parties[(parties["role"] == "applicant") & (parties["position"] == 1)]
        group = first.set_index("publication_id")["name"].reindex(patents.publications.index)
    counts = group.value_counts()
    wanted = project.get("report", "only") or counts.index.tolist()
    smallest = project.get("report", "min_publications", 30)
    chosen = [g for g in sorted(counts.index, key=lambda g: (-counts[g], str(g))) if g in wanted]
    if per == "applicant":
        chosen = chosen[: project.get("report", "top", 10)]
    for name in chosen:
        if counts[name] >= smallest:
            yield re.sub(r"[^\w-]+", "_", str(name)), patents.filter(group == name)


def _write(
    project: Project, patents: PatentSet, folder: Path, *, name: str, lang: str
) -> list[Path]:
    inputs = {
        **project.parts.get("technologies", {}),
        **project.parts.get("portfolio", {}),
        **{k: v for k in ("title", "region") if (v := project.get("project", k))},
        **({"unit": u} if (u := project.get("clean", "unit")) else {}),
    }
    outline = project.get("report", "outline", "industry")
    built = report.build(patents, outline, lang, **inputs)
    forms = project.get("report", "formats", ["docx", "html", "xlsx"])
    files = [built.save(folder / f"{name}-{lang}.{form}") for form in forms]
    if project.get("report", "figures", False):
        files += built.save_figures(folder / f"{name}-{lang}-figures")
    return files


guard(__name__)
