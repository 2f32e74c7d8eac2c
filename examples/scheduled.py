"""A batch on a schedule: exports dropped into a folder, reports kept up to date, a line for the log.

python examples/scheduled.py exports/ case/     # without arguments: on an invented city, three nights

From cron, every night at two:  0 2 * * *  python scheduled.py /data/exports /data/case >> case.log 2>&1

A night on which nothing came costs a look at the files. A file that cannot be read stops no report: it
is listed. A second run that starts while the first still works ends at once. Exit codes: 0 done, 1 some
file was left out, 3 another run is going on.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path

import patentnav as pnav

PROJECT = """\
[project]
lang = ["zh"]

[input]
files = ["{exports}/*"]
errors = "collect"

[report]
outline = ["{outline}"]
formats = ["docx", "xlsx"]

[output]
folder = "out"
"""


def night(exports: Path, case: Path, outline: str = "industry") -> int:
    """Bring the reports up to date; say what was done in one line."""
    case.mkdir(parents=True, exist_ok=True)
    project = case / "project.toml"
    if not project.exists():
        text = PROJECT.format(exports=exports.resolve().as_posix(), outline=outline)
        project.write_text(text, encoding="utf-8")
    lock = case / "running"
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        print(f"{_now()} another run is going on (remove {lock} if none is)")
        return 3
    try:
        todo = pnav.project.plan(project)
        files = pnav.project.run(project)
    finally:
        lock.unlink()
    intake = pnav.load(case / "out" / "set.pnav").intake
    left_out = intake[intake["rows_out"] + intake["rows_merged"] == 0]["file"].tolist()
    print(
        f"{_now()} {len(todo)} steps, {len(files)} files; left out: {', '.join(left_out) or 'none'}"
    )
    return 1 if left_out else 0


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def main(exports: str = "", case: str = "out/scheduled") -> int:
    """One night; without arguments three, on a city that grows."""
    if exports:
        return night(Path(exports), Path(case))
    dropped = Path(case) / "exports"
    dropped.mkdir(parents=True, exist_ok=True)
    city = pnav.datasets.city(n=300, random_state=1).patents
    days = city.publications["publication_date"]
    for until in ("2020-01-01", "2020-01-01", "2030-01-01"):
        part = city.filter(days < until)
        pnav.datasets.write_export(part, dropped / "city.xlsx", "incopat")
        night(dropped, Path(case), outline="kpi")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
