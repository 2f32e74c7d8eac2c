"""Batch: one report per industry from a folder of exports, by a project file.

python examples/batch.py exports/ case/        (without arguments: on a synthetic city)

Run it again: what is there and still right is kept.
"""

import sys
from pathlib import Path

import patentnav as pnav

PROJECT = """\
[project]
lang = ["zh", "en"]

[input]
files = ["{exports}"]
errors = "collect"          # list files that cannot be read, read the others

[classify]
taxonomy = "jinan-ten"

[report]
per = "industry"
min_publications = 60       # below it a report would judge from thin data
formats = ["xlsx"]
"""


def main(exports: str | None = None, folder: str = "out/batch") -> None:
    """Write ``<industry>-<lang>.xlsx`` for every industry with enough patents."""
    case = Path(folder)
    case.mkdir(parents=True, exist_ok=True)
    if exports is None:
        city = pnav.datasets.city(n=480, random_state=1)
        exports = str(pnav.datasets.write_export(city.patents, case / "city.xlsx", "incopat"))
    project = case / "project.toml"
    project.write_text(PROJECT.format(exports=Path(exports).resolve().as_posix()), "utf-8")
    print(pnav.project.plan(project).to_string(index=False))
    for file in pnav.project.run(project, tell=print):
        print(file)


if __name__ == "__main__":
    main(*sys.argv[1:])
