"""Many projects, each in a process of its own: one that fails stops none and changes none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import _files
from patentnav._progress import progress
from patentnav.config import Config, get_config
from patentnav.errors import ArgumentError
from patentnav.project import worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DONE, FAILED = "done", "failed"
_COLUMNS = ["project", "status", "files", "seconds", "error", "details"]
_LAST = 2000  # characters of what a process said before it ended


def batch(
    folder: str | Path, *, jobs: int = 1, tell: Callable[[str], object] | None = None
) -> pd.DataFrame:
    """Run many projects; one that fails stops none.

    Every project runs in a process of its own, so that it gives the same bytes as alone, whatever
    plugins or data the others bring, and also an end of its process is only its own.

    Parameters
    ----------
    folder
        All ``*.toml`` in it are projects, and every ``project.toml`` in the folders below.
    jobs
        Projects that run at the same time; each needs its own memory.
    tell
        Called with a line for every project done; silent when omitted.

    Returns
    -------
    pandas.DataFrame
        A row per project, by name: ``project, status`` (``done`` or ``failed``), ``files`` (number of
        deliverables), ``seconds, error`` (why it failed, in one line), ``details`` (where in the
        code, for errors that no input should cause).

    Raises
    ------
    ArgumentError
        There is no such folder, no project in it, or ``jobs`` is below one.
    """
    place = _files.as_path(folder)
    if jobs < 1:
        msg = f"jobs={jobs}: 1 or more is needed."
        raise ArgumentError(msg)
    files = projects(place)

    def one(file: Path) -> dict[str, Any]:
        start = time.perf_counter()
        told = _run(file)
        seconds = round(time.perf_counter() - start, 1)
        name = _files.printable(file.relative_to(place).as_posix())
        row = {"project": name, "seconds": seconds, **told}
        if tell is not None:
            said = f": {row['error']}" if row["error"] else ""
            tell(f"{name} {row['status']} ({seconds:.1f} s){said}")
        return row

    with ThreadPoolExecutor(jobs) as pool:
        rows = list(progress(pool.map(one, files), "projects", total=len(files)))
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    return frame.astype({"project": "str", "status": "str", "error": "str", "details": "str"})


def projects(folder: Path) -> list[Path]:
    """Project files of a folder, sorted.

    Raises
    ------
    ArgumentError
        There is no such folder, or no project in it.
    """
    if not _files.is_dir(folder):
        msg = f'There is no folder "{folder}". Check the path.'
        raise ArgumentError(msg)
    found = sorted({*folder.glob("*.toml"), *folder.rglob("project.toml")})
    if not found:
        msg = f'"{folder}" holds no project: no *.toml, and no project.toml in the folders below.'
        raise ArgumentError(msg)
    return found


def _run(file: Path) -> dict[str, Any]:
    """Run a project in a process of its own, under the options in force here."""
    options = {f.name: getattr(get_config(), f.name) for f in fields(Config)}
    if not sys.executable or getattr(sys, "frozen", False):
        msg = "There is no Python to run projects apart. Call project.run for each of them."
        raise ArgumentError(msg)
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-P", "-m", worker.__name__],
        input=json.dumps({"file": str(file.resolve()), "options": options}, default=str).encode(),
        capture_output=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip
    said = ended.stderr.decode(errors="replace").strip()
    told = [line for line in ended.stdout.decode(errors="replace").splitlines() if line]
    if ended.returncode or not told:
        error = f"its process ended by itself (exit status {ended.returncode})"
        return {"status": FAILED, "files": 0, "error": error, "details": said[-_LAST:]}
    outcome: dict[str, Any] = json.loads(told[-1])
    return {"status": FAILED if outcome["error"] else DONE, **outcome}
