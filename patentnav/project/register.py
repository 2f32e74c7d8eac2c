"""The register of navigation projects (user table NR), written from what runs left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import _files, tables, taxonomy
from patentnav.errors import ArgumentError, PatentnavError
from patentnav.project import manifest as manifests
from patentnav.project.batch import projects
from patentnav.project.file import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from patentnav.project.file import Project
    from patentnav.project.manifest import Manifest

_OF_GROUPS = {
    "industry": "industry", "sub-sector": "industry", "applicant": "enterprise",
    "group": "enterprise", "district": "region",
}  # fmt: skip
_FORMS = (".docx", ".html", ".pptx", ".xlsx")  # the first that there is stands for the report


def register(
    folder: str | Path, *, finished_on: str | pd.Timestamp, source: str = ""
) -> pd.DataFrame:
    """Register the reports that the projects of a folder made.

    Parameters
    ----------
    folder
        As in :func:`batch`.
    finished_on
        Day that the register notes; it is not read from files, whose times say nothing after a copy.
    source
        Who hands the register in; the author of the project, else its name when omitted.

    Returns
    -------
    pandas.DataFrame
        A row per project and reported set (languages and forms of one report are one project), in
        the columns of the user table NR: ``project_no`` (``<project>/<set>``, with the outline where
        there are several), ``kind``, ``subject``, ``owner`` (author of the project), ``finished_on,
        accepted`` (NA: nobody but the client accepts), ``report_sha256`` (of the first form of docx,
        html, pptx, xlsx in the first language), ``source, published_on``. The kind is the outline
        where it is one of the table's; the outline ``industry`` on single applicants is an enterprise
        project, on districts one of a region. Reports of other outlines (``kpi``, ``whitepaper``,
        ``portfolio``) are no navigation projects. Only complete reports whose files are there as they
        were written are registered.

    Raises
    ------
    ArgumentError
        There is no such folder, no project in it, or the day is none.
    """
    place = _files.as_path(folder)
    day = pd.to_datetime(finished_on, errors="coerce")
    if pd.isna(day):
        msg = f'finished_on="{finished_on}" is no day. Give one such as 2025-12-31.'
        raise ArgumentError(msg)
    columns = list(tables.load("NR").columns)
    rows: list[dict[str, Any]] = []
    for file in projects(place):
        try:
            project = load(file)
        except PatentnavError:
            continue  # the batch tells why it failed; nothing of it was made
        named = _files.printable(file.relative_to(place).with_suffix("").as_posix())
        with project.in_force():
            rows += _rows(project, manifests.read(project), named)
    frame = pd.DataFrame(rows, columns=["project_no", "kind", "subject", "owner", "report_sha256"])
    frame = frame.assign(finished_on=day, published_on=day)
    frame["accepted"] = pd.NA
    frame["source"] = source or frame["owner"].fillna(
        frame["project_no"].astype("str").str.split("/").str[0]
    )
    return frame[columns]


def _rows(project: Project, manifest: Manifest, named: str) -> Iterator[dict[str, Any]]:
    known = set(tables.load("NR").columns["kind"].values or ())
    per = str(project.get("report", "per"))
    several = len(project.outlines) > 1
    seen: set[tuple[str, str]] = set()
    names = _names(project, manifest) if per in {"industry", "sub-sector"} else {}
    stems = {one["name"]: one["stem"] for one in manifest.sets}
    for one in manifest.reports:
        kind = _kind(str(one["outline"]), per, known)
        pair = (one["set"], one["outline"])
        files = [n for form in _FORMS for n in one["outputs"] if n.endswith(form) and "/" not in n]
        if kind is None or pair in seen or one["set"] not in stems or not files:
            continue
        if not manifest.stands(project.output, files[:1]):
            continue
        seen.add(pair)
        number = f"{named}/{stems[one['set']]}" + (f"-{one['outline']}" if several else "")
        subject = names.get(one["set"], one["set"]) or project.get("project", "title") or named
        yield {
            "project_no": number, "kind": kind, "subject": subject,
            "owner": project.get("project", "author") or None,
            "report_sha256": manifest.outputs[files[0]]["sha256"],
        }  # fmt: skip


def _kind(outline: str, per: str, known: set[str]) -> str | None:
    """Kind of a navigation project; None of what is none."""
    if outline == "industry":
        return _OF_GROUPS.get(per, "industry")
    return outline if outline in known else None


def _names(project: Project, manifest: Manifest) -> dict[str, str]:
    """Names of industries and sub-sectors in the first language of the project."""
    source = project.get("classify", "taxonomy") or manifest.set.get("taxonomy")
    if source is None:
        return {}
    names = taxonomy.load(source).names(project.langs[0])
    return {str(key): str(name) for key, name in names.items()}
