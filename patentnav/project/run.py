"""Doing what a project file asks for: what is there already and still right is not made again."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from patentnav import _files, io, report
from patentnav.errors import warn
from patentnav.project import manifest as manifests
from patentnav.project.file import load, outline_name
from patentnav.project.groups import groups
from patentnav.project.manifest import Manifest
from patentnav.project.state import State
from patentnav.report import outline as outlines
from patentnav.study import Study, cache, reads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from patentnav.patentset import PatentSet
    from patentnav.project.groups import Group
    from patentnav.report import Report

_SET = "set.pnav"
_NEW: dict[str, Any] = {"outputs": [], "seconds": 0.0, "drawn": False, "tables": []}


def run(file: str | Path, *, tell: Callable[[str], object] | None = None) -> list[Path]:
    """Do all that a project file asks for, and leave ``manifest.json`` beside it.

    The inputs are read and cleaned once, and classified and clustered once for every reported set,
    whatever the number of languages and outlines. What an earlier run left whole, from the same
    inputs, parameters and code, is kept: after an interruption the run goes on where it stopped, and
    where nothing has changed it does nothing.

    Parameters
    ----------
    file
        The project file.
    tell
        Called with a line for every step done; silent when omitted.

    Returns
    -------
    list of pathlib.Path
        The cleaned set and the files of the reports, in order, whether made now or kept. The same
        inputs give the same bytes.

    Raises
    ------
    FormatError, UnknownNameError, ArgumentError
        See :func:`load`, and :func:`patentnav.read` of the inputs.
    FileError
        A deliverable cannot be written. What was written before is whole and is kept by the next
        run.
    """
    project = load(file)
    with project.in_force():
        return list(_Run(State.of(project), tell or _silent).files())


def _silent(_line: str) -> None:
    """Tell nobody."""


class _Run:
    """One run: what an earlier one left, and what this one has done so far."""

    def __init__(self, state: State, tell: Callable[[str], object]) -> None:
        self.state, self.project, self.tell = state, state.project, tell
        self.folder = self.project.output
        self.old = manifests.read(self.project)
        self.now = Manifest(
            project=self.project.file.name, key=state.run_key, versions=state.versions,
            inputs=list(state.inputs), parameters=state.parameters, selection=state.selection_key,
        )  # fmt: skip

    def files(self) -> Iterator[Path]:
        """Make what is missing; yield all deliverables."""
        if self.old.complete and self.old.key == self.now.key and self._all_there():
            self.tell(f"nothing has changed: {len(self.old.outputs):,} files are kept")
            yield self.folder / _SET
            for one in self.old.reports:
                yield from self._paths(one["outputs"])
            return
        with _files.naming(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        self._save_manifest()  # so that no other project takes the folder meanwhile
        study = self._study()
        yield self._save_set(study)
        chosen, left = groups(self.project, study)
        study.remember()
        self.now.left_out = [asdict(one) for one in left]
        for small in left:
            if small.name in self.project.only:
                self._warn(f'no report on "{small.name}" ({small.publications}): {small.reason}')
        around = study.with_inputs(**_shared(chosen)) if len(chosen) > 1 else study
        for place, group in enumerate(chosen, start=1):
            yield from self._reports(study, around, group, f"[{place}/{len(chosen)}]")
        if not chosen:
            self._warn("no group is large enough for a report: see left_out in manifest.json")
        self.now.set["steps"] = _steps(study) or self.old.set.get("steps", [])
        self.now.complete = True
        self.now.write(self.folder)
        self._tell_strays()

    def _all_there(self) -> bool:
        return self.old.stands(self.folder, self.old.outputs)

    def _paths(self, names: list[str]) -> list[Path]:
        return [self.folder / name for name in names]

    def _study(self) -> Study:
        start = time.perf_counter()
        patents, where = self._read()
        count = sum(one["key"] == "input.files" for one in self.now.inputs)
        seconds = time.perf_counter() - start
        self.tell(f"read {count} files: {len(patents):,} publications ({seconds:.1f} s{where})")
        inputs = self.project.handed("study")
        # The taxonomy that the whole set takes is that of its parts, too.
        taken = Study(patents, **inputs).inputs.taxonomy
        study = Study(patents, **{**inputs, "taxonomy": taken})
        self.now.set = {
            "read": self.state.read_key,
            "hash": study.set_hash,
            "taxonomy": None if self.project.get("classify", "taxonomy") else taken,
            "publications_read": len(patents),
        }
        return study

    def _read(self) -> tuple[PatentSet, str]:
        """The set as read, by this project or by another that shares the cache; and where from."""
        kept = cache.current()
        if kept is not None and (found := kept.get(self.state.read_key)) is not None:
            return found, ", from the cache"
        patents = io.read(self.project.sources, **self.project.handed("read"))
        if kept is not None:
            kept.put(self.state.read_key, patents)
        return patents, ""

    def _save_set(self, study: Study) -> Path:
        """The cleaned set, for looking up what a report says."""
        path = self.folder / _SET
        key = study.kept_as("cleaned", study.set_hash, study.inputs)
        old = self.old.set
        if (
            key is not None
            and old.get("key") == key
            and self.old.stands(self.folder, old["outputs"])
        ):
            self.now.outputs |= {name: self.old.outputs[name] for name in old["outputs"]}
            self.now.set |= {k: old[k] for k in ("key", "publications", "outputs")}
            return path
        start = time.perf_counter()
        study.cleaned.save(path)
        seconds = time.perf_counter() - start
        self.tell(f"cleaned: {len(study.cleaned):,} publications ({seconds:.1f} s)")
        files = self.now.record(self.folder, sorted(path.iterdir()))
        self.now.set |= {"key": key, "publications": len(study.cleaned), "outputs": files}
        self._save_manifest()
        return path

    def _reports(self, study: Study, around: Study, group: Group, place: str) -> Iterator[Path]:
        """All reports on a set, by one study, which shares what all sets have with ``around``."""
        own = around.with_inputs(**group.choices) if group.choices else study
        entry: dict[str, Any] = {**asdict(group), "steps": []}
        self.now.sets.append(entry)
        given = self.project.handed("study")
        for outline in self.project.outlines:
            usual = {k: v for k, v in outlines.load(outline).inputs.items() if k not in given}
            read = own.with_inputs(**usual) if usual else own
            for lang in self.project.langs:
                yield from self._report(read, group, outline, lang, place)
        earlier = [one["steps"] for one in self.old.sets if one["name"] == group.name]
        entry["steps"] = [] if own is study else _steps(own) or (earlier or [[]])[0]

    def _report(
        self, study: Study, group: Group, outline: str, lang: str, place: str
    ) -> Iterator[Path]:
        stem = _stem(group, outline, lang, several=len(self.project.outlines) > 1)
        old = self.state.made(self.old, group, outline, lang) or _NEW
        wanted = [f"{stem}.{form}" for form in self.project.formats]
        kept = [n for n in wanted if n in old["outputs"] and self.old.stands(self.folder, [n])]
        missing = [name for name in wanted if name not in kept]
        pictures: list[str] = []
        draw = self.project.get("report", "figures")
        if draw:
            pictures = [n for n in old["outputs"] if n.startswith(f"{stem}-figures/")]
            draw = not old["drawn"] or not self.old.stands(self.folder, pictures)
        self.now.outputs |= {n: self.old.outputs[n] for n in [*kept, *([] if draw else pictures)]}
        seconds, tables = float(old["seconds"]), list(old["tables"])
        if missing or draw:
            start = time.perf_counter()
            with reads.noted() as read:
                built = self._built(study, outline, lang)
            tables = sorted(reads.tables(read))
            self.now.record(self.folder, [self._saved(built, name) for name in missing])
            if draw:
                drawn = built.save_figures(self.folder / f"{stem}-figures")
                pictures = self.now.record(self.folder, drawn)
            seconds = time.perf_counter() - start
            made = ", ".join(missing or [f"{stem}-figures"])
            self.tell(f"{place} {made} ({seconds:.1f} s)")
        names = [*wanted, *pictures]
        self.now.reports.append(
            {"set": group.name, "outline": outline_name(outline), "lang": lang,
             "key": self.state.report_key(group, outline, lang, tables),
             "seconds": round(seconds, 3), "outputs": names, "tables": tables,
             "drawn": bool(self.project.get("report", "figures"))}
        )  # fmt: skip
        self._save_manifest()
        yield from self._paths(names)

    def _saved(self, built: Report, name: str) -> Path:
        """Save a report in one form, with the client's template of that form."""
        own = self.project.templates.get(name.rpartition(".")[2])
        return built.save(self.folder / name, template=own)

    def _built(self, study: Study, outline: str, lang: str) -> Report:
        words = {**self.project.handed("build"), **self.project.handed("cover")}
        return report.build(study, outline, lang, **words)

    def _save_manifest(self) -> None:
        """Write what is done so far, and keep what an earlier run left for later reports."""
        shown = {one["key"] for one in self.now.reports}
        rest = [one for one in self.old.reports if one["key"] not in shown]
        manifest = Manifest(**{**vars(self.now), "reports": [*self.now.reports, *rest]})
        manifest.set = manifest.set or self.old.set
        manifest.sets = manifest.sets or self.old.sets
        manifest.outputs = {**self.old.outputs, **self.now.outputs}
        manifest.write(self.folder)

    def _tell_strays(self) -> None:
        strays = [
            name for name in self.old.outputs
            if name not in self.now.outputs and (self.folder / name).is_file()
        ]  # fmt: skip
        if strays:
            more = f" and {len(strays) - 1} more" if len(strays) > 1 else ""
            self._warn(f'"{strays[0]}"{more} is of an earlier run and no longer asked for')

    def _warn(self, text: str) -> None:
        warn(f"{self.project.file.name}: {text}.", UserWarning)


def _shared(chosen: Sequence[Group]) -> dict[str, str]:
    """Choices that all groups have, such as the level of owners."""
    return dict(set.intersection(*(set(group.choices.items()) for group in chosen)))


def _stem(group: Group, outline: str, lang: str, *, several: bool) -> str:
    middle = f"-{outline_name(outline)}" if several else ""
    return f"{group.stem}{middle}-{lang}"


def _steps(study: Study) -> list[dict[str, Any]]:
    """Steps that a study computed itself or took from the cache."""
    rows = study.steps.dropna(subset="seconds")[["step", "seconds", "cached"]]
    return [
        {"step": str(step), "seconds": round(seconds, 3), "cached": bool(cached)}
        for step, seconds, cached in zip(
            rows["step"], rows["seconds"].tolist(), rows["cached"].tolist(), strict=True
        )
    ]
