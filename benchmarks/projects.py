"""Projects: what a second run costs, what a kill leaves, what a batch of fifty does.

    python benchmarks/projects.py again [--n 1500]     seven industries in two languages, three runs
    python benchmarks/projects.py kills [--kills 10]   killed at random moments, then run to the end
    python benchmarks/projects.py batch [--projects 50] [--jobs 2]

Everything is synthetic and made in a temporary folder. Seconds depend on what else the machine does;
those of the processor (user + system, with children) are printed beside those of the clock.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import patentnav as pnav
from patentnav.provenance import Step

SHORT = """\
title = { zh = "短", en = "Short" }
[[part]]
id = "methods"
sections = ["sources", "rules"]
"""
LONG = """\
title = { zh = "长", en = "Long" }
[[part]]
id = "direction"
sections = ["technologies", "emergence", "relatedness"]
[[part]]
id = "position"
sections = ["talent"]
[[part]]
id = "path"
sections = ["portfolios"]
[[part]]
id = "methods"
sections = ["sources", "rules", "technologies", "steps"]
"""
RUN = [sys.executable, "-m", "patentnav.cli", "run"]


def write(file: Path, tables: dict[str, dict[str, object]]) -> Path:
    """Write a project file."""
    lines = []
    for table, keys in tables.items():
        lines.append(f"[{table}]")
        lines += [f"{name} = {json.dumps(value)}" for name, value in keys.items()]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines), encoding="utf-8")
    (file.parent / "short.toml").write_text(SHORT, encoding="utf-8")
    (file.parent / "long.toml").write_text(LONG, encoding="utf-8")
    return file


def contents(folder: Path) -> dict[str, str]:
    """Hashes of the deliverables; the manifest has seconds, the cache is nobody's deliverable."""
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != "manifest.json" and not hidden(p.relative_to(folder))
    }


def hidden(path: Path) -> bool:
    """The cache, and parts that a killed writer left beside the names that they were to get."""
    return any(part.startswith(".") for part in path.parts)


def timed(command: list[str]) -> tuple[float, float]:
    """Seconds of the clock and of the processor."""
    start, before = time.perf_counter(), os.times()
    subprocess.run(command, check=True, capture_output=True)
    after = os.times()
    spent = sum(after[2:4]) - sum(before[2:4])
    return time.perf_counter() - start, spent


def again(folder: Path, n: int) -> None:
    """First run, second run, and one with another gate."""
    city = pnav.datasets.city(n=n).patents
    pnav.datasets.write_export(city, folder / "city.xlsx", "incopat")
    tables: dict[str, dict[str, object]] = {
        "project": {"lang": ["zh", "en"]},
        "input": {"files": "city.xlsx"},
        "classify": {"taxonomy": "jinan-ten"},
        "report": {"per": "industry", "top": 7, "min_publications": 1, "outline": "long.toml", "formats": ["xlsx"]},
    }  # fmt: skip
    for name in ("first run", "unchanged", "min_pct = 3"):
        if "min_pct" in name:
            tables["portfolio"] = {"min_pct": 3}
        clock, spent = timed([*RUN, str(write(folder / "p.toml", tables))])
        steps = json.loads((folder / "out" / "manifest.json").read_text("utf-8"))
        computed = [s["step"] for one in (steps["set"], *steps["sets"]) for s in one["steps"]
                    if not s["cached"] and s["step"] in {"cleaned", "classified", "technologies"}]  # fmt: skip
        told = "nothing is" if name == "unchanged" else f"{len(computed)} {sorted(set(computed))}"
        print(f"{name:12} {clock:7.1f} s, processor {spent:7.1f} s; computed: {told}")


def kills(folder: Path, number: int) -> None:
    """A run killed again and again ends in the bytes of an undisturbed one."""
    city = pnav.datasets.city(n=200).patents
    tables: dict[str, dict[str, object]] = {
        "input": {"files": "city.xlsx"},
        "classify": {"taxonomy": "jinan-ten"},
        "report": {"per": "applicant", "min_publications": 1, "outline": "short.toml", "formats": ["docx", "xlsx"]},
    }  # fmt: skip
    files = [write(folder / name / "p.toml", tables) for name in ("whole", "killed")]
    for file in files:
        pnav.datasets.write_export(city, file.parent / "city.xlsx", "incopat")
    clock, _ = timed([*RUN, str(files[0])])
    expected = contents(files[0].parent / "out")
    rng, out = random.Random(1), files[1].parent / "out"
    for kill in range(1, number + 1):
        shutil.rmtree(out, ignore_errors=True)
        process = subprocess.Popen([*RUN, str(files[1])], stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0.2, 1) * clock)
        process.kill()
        process.wait()
        there = contents(out)
        assert there.items() <= expected.items(), "a file is neither absent nor whole"
        timed([*RUN, str(files[1])])
        assert contents(out) == expected
        print(
            f"kill {kill}: {len(there)} of {len(expected)} files there, all whole; then the same bytes"
        )


def renamed(city: pnav.PatentSet) -> pnav.PatentSet:
    """The largest applicant under a name that no file can have."""
    parties = city.parties
    largest = parties.loc[parties["role"] == "applicant", "name_raw"].mode()[0]
    hostile = "../..\\CON:*?<b>&=cmd|" + "x" * 300
    return city.replace(Step("renamed"), parties=parties.replace({"name_raw": {largest: hostile}}))


def batch(folder: Path, number: int, jobs: int) -> None:
    """One input broken, one applicant with a hostile name; then each alone."""
    for i in range(number):
        tables: dict[str, dict[str, object]] = {
            "input": {"files": "city.xlsx"},
            "report": {"per": "applicant", "top": 2, "min_publications": 1, "outline": "short.toml", "formats": ["docx", "xlsx"]},
        }  # fmt: skip
        file = write(folder / "cases" / f"{i:02}" / "project.toml", tables)
        city = pnav.datasets.city(n=60, random_state=i).patents
        if i == 5:
            city = renamed(city)
        export = pnav.datasets.write_export(city, file.parent / "city.xlsx", "cnipr")
        if i == 3:
            export.write_bytes(export.read_bytes()[:2000])
    start = time.perf_counter()
    done = pnav.project.batch(folder / "cases", jobs=jobs)
    print(done["status"].value_counts().to_dict(), f"{time.perf_counter() - start:.0f} s")
    print(done.loc[done["status"] == "failed", ["project", "error"]].to_string(index=False))
    assert (done["status"] == "done").sum() == number - 1
    for file in sorted((folder / "cases").glob("*/project.toml")):
        out = file.parent / "out"
        expected = contents(out)
        if not (out / "set.pnav").exists():
            continue
        out.rename(file.parent / "batch")
        pnav.project.run(file)
        assert contents(out) == expected, file
    print("each alone: the same bytes")


def main() -> None:
    """Run one of the three."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["again", "kills", "batch"])
    parser.add_argument("--n", type=int, default=1500)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--projects", type=int, default=50)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        if options.what == "again":
            again(Path(place), options.n)
        elif options.what == "kills":
            kills(Path(place), options.kills)
        else:
            batch(Path(place), options.projects, options.jobs)


if __name__ == "__main__":
    main()
