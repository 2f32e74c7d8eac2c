"""What a run would do, told before it does it and without reading the inputs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav.project import manifest as manifests
from patentnav.project.file import load, outline_name
from patentnav.project.groups import Group
from patentnav.project.state import State
from patentnav.study import Inputs, Study, cache

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from patentnav.project.manifest import Manifest

KEPT, TO_DO, LATER = "kept", "to do", "known later"
_COLUMNS = ["kind", "name", "state", "reason"]
_WHOLE = ("cleaned", "classified")  # steps of the whole set, which reported sets share


def plan(file: str | Path) -> pd.DataFrame:
    """What :func:`run` would compute, and what it would keep.

    Parameters
    ----------
    file
        The project file.

    Returns
    -------
    pandas.DataFrame
        ``kind, name, state, reason``, a row per input, step worth keeping and report. ``state`` is
        ``kept``, ``to do`` or ``known later`` (which groups there are is known once the set is read).

    Raises
    ------
    FormatError, UnknownNameError, ArgumentError
        See :func:`load`.

    Examples
    --------
    >>> import patentnav as pnav
    >>> pnav.project.plan("project.toml")  # doctest: +SKIP
    """
    project = load(file)
    with project.in_force():
        state, old = State.of(project), manifests.read(project)
        rows = [*_inputs(state, old), *_steps(state, old, ""), *_sets(state, old)]
    return pd.DataFrame(rows, columns=_COLUMNS).astype("str")


def _inputs(state: State, old: Manifest) -> Iterator[tuple[str, str, str, str]]:
    before = {(one["key"], one["file"]): one["sha256"] for one in old.inputs}
    for one in state.inputs:
        known = before.get((one["key"], one["file"]))
        reason = "new" if known is None else "changed" if known != one["sha256"] else "unchanged"
        yield "input", one["file"], KEPT if reason == "unchanged" else TO_DO, reason


def _steps(
    state: State, old: Manifest, name: str, choices: dict[str, Any] | None = None
) -> Iterator[tuple[str, str, str, str]]:
    """Steps worth keeping, of the whole set or of a reported one."""
    kept = cache.current()
    inputs = replace(Inputs.of(state.project.handed("study")), **(choices or {}))
    if inputs.taxonomy is None:
        inputs = replace(inputs, taxonomy=_taken(state, old))
    set_hash = old.set.get("hash") if old.set.get("read") == state.read_key else None
    for step, made in Study.all_steps().items():
        if not made.keep or (step in _WHOLE) != (choices is None):
            continue
        key = Study.kept_as(step, set_hash, inputs) if set_hash else None
        there = kept is not None and key is not None and kept.has(key)
        reason = "" if there else "the inputs are new" if not set_hash else "not in the cache"
        yield "step", f"{name}: {step}" if name else step, KEPT if there else TO_DO, reason


def _taken(state: State, old: Manifest) -> str | None:
    """The taxonomy that the last run took by what the set is, where it would be taken again."""
    deciding = [("project", "region"), ("study", "industry"), ("study", "sub_sector")]
    before = [old.parameters.get(table, {}).get(name) for table, name in deciding]
    now = [state.parameters[table][name] for table, name in deciding]
    return old.set.get("taxonomy") if before == now else None


def _sets(state: State, old: Manifest) -> Iterator[tuple[str, str, str, str]]:
    project = state.project
    per = project.get("report", "per")
    known = [Group("", "report", {}, 0)] if per == "set" else None
    if old.selection == state.selection_key and old.complete:
        names = ("name", "stem", "choices", "publications")
        known = [Group(**{k: one[k] for k in names}) for one in old.sets]
    if known is None:
        yield "report", f"one per {per}", LATER, "the groups are known once the set is classified"
        return
    several = len(project.outlines) > 1
    for group in known:
        rows = []
        for outline in project.outlines:
            for lang in project.langs:
                made = state.made(old, group, outline, lang)
                middle = f"-{outline_name(outline)}" if several else ""
                stem = f"{group.stem}{middle}-{lang}"
                rows += list(_report(state, old, stem, made))
        if any(state_ == TO_DO for _, _, state_, _ in rows):
            yield from _steps(state, old, group.name or "set", dict(group.choices))
        yield from rows


def _report(
    state: State, old: Manifest, stem: str, made: dict[str, Any] | None
) -> Iterator[tuple[str, str, str, str]]:
    outputs = made["outputs"] if made else []
    files = [f"{stem}.{form}" for form in state.project.formats]
    if state.project.get("report", "figures"):
        files.append(f"{stem}-figures")
    for name in files:
        own = [n for n in outputs if n == name or n.startswith(f"{name}/")]
        empty = name.endswith("-figures") and made is not None and made["drawn"]
        there = (bool(own) or empty) and old.stands(state.project.output, own)
        new = "not made yet" if made is None and name not in old.outputs else "what it is made from"
        reason = "" if there else "removed or edited" if own else new
        yield "report", name, KEPT if there else TO_DO, reason
