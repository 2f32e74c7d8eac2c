"""One whole run: an xlsx export read, cleaned, studied and written as docx, html and xlsx.

    python benchmarks/whole_run.py [records] [--file export.xlsx] [--keep folder] [--profile 40]

Prints a row for every part: seconds by the clock, seconds of the processor (user and system of all
threads), and the latter over the seconds of the processor in which ``pandas.read_excel`` (openpyxl,
every cell as text) reads the same export in the same run: the ratio travels from machine to machine,
the seconds do not. A part is counted without the parts that it calls; figures are drawn by a process
of its own, and claims are counted again in another, which the clock sees only where they are waited
for. Then the peak of memory of all processes together (sampled; where the system does not tell, the
sum of their peaks) and the hash of every file that was written. The export is an invented city in incoPat's
form, kept in the system's temporary folder. Exit code 1 where a bar is missed: 25 s by the clock at
20,000 records, 150 s and 2 GB at 100,000, on two cores with nothing else to do.
"""

from __future__ import annotations

import argparse
import cProfile
import functools
import hashlib
import os
import pstats
import resource
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path

import pandas as pd

import patentnav as pnav
from patentnav import claims, clean, plot, report
from patentnav.report.ahead import Ahead
from patentnav.study import Study

FOLDER = Path(tempfile.gettempdir()) / "patentnav-benchmark"
BARS = {20_000: (25.0, 8.0), 100_000: (150.0, 2.0)}  # seconds of the clock, GB
SUFFIXES = ("docx", "html", "xlsx")


class Parts:
    """Seconds of parts, each without those it calls."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        self._open: list[str] = []
        self._last = self._now()

    @staticmethod
    def _now() -> tuple[float, float]:
        return time.perf_counter(), time.process_time()

    def _settle(self) -> None:
        now = self._now()
        if self._open:
            spent = self.spent[self._open[-1]]
            spent[0] += now[0] - self._last[0]
            spent[1] += now[1] - self._last[1]
        self._last = now

    def wrap(self, part: str, function):
        """Count the time of a function as a part."""

        @functools.wraps(function)
        def timed(*args, **kwargs):
            self._settle()
            self._open.append(part)
            try:
                return function(*args, **kwargs)
            finally:
                self._settle()
                self._open.pop()

        return timed

    def watch(self, part: str, owner: object, name: str) -> None:
        """Count the time of a function that a module or class holds as a part."""
        setattr(owner, name, self.wrap(part, getattr(owner, name)))

    def watch_step(self, part: str, name: str) -> None:
        """Count the time of a result of studies as a part."""
        step = Study.all_steps()[name]
        step.compute = self.wrap(part, step.compute)


class Memory:
    """Largest sum of the memory of this process and its children, in GB; sampled every 0.2 s."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        page = resource.getpagesize()
        while not self._ended.wait(0.2):
            try:
                tasks = Path("/proc/self/task").glob("*/children")
                children = [pid for task in tasks for pid in task.read_text().split()]
                held = [Path(f"/proc/{one}/statm").read_text().split()[1]
                        for one in ("self", *children)]  # fmt: skip
            except (OSError, IndexError):
                continue  # a process or thread that has just ended
            self.peak = max(self.peak, sum(map(int, held)) * page / 1e9)

    def end(self) -> float:
        """Stop, and say the peak; 0 where the system does not tell."""
        self._ended.set()
        self._thread.join()
        return self.peak


def export(records: int) -> Path:
    """An invented city as an incoPat workbook."""
    file = FOLDER / f"city-{records}.xlsx"
    if not file.exists():
        FOLDER.mkdir(exist_ok=True)
        part = FOLDER / f"making-{records}.xlsx"
        pnav.datasets.write_export(pnav.datasets.city(records, 0).patents, part, "incopat")
        part.rename(file)
    return file


def whole_run(file: Path, folder: Path, parts: Parts) -> tuple[int, dict[str, str]]:
    """Read, clean, study and write; return the number of records and the hashes of the files."""
    for name in ("classified", "memberships"):
        parts.watch_step("classify", name)
    parts.watch_step("technologies", "technologies")
    parts.watch_step("talent", "talents")
    parts.watch("maps", plot, "map_parts")
    parts.watch("maps", plot, "overlay")
    for name in ("check", "require"):
        parts.watch("claims check", claims, name)
    parts.watch("figures here", plot.drawing, "png")
    parts.watch("waiting for figures", Ahead, "take")
    patents = parts.wrap("read", pnav.read)(file)
    patents = parts.wrap("parties", clean.resolve_parties)(patents)
    if patents.has("inventors"):  # an export may name none
        patents = parts.wrap("inventors", clean.resolve_inventors)(patents)
    found = parts.wrap("sections and results", report.build)(patents, lang="zh")
    hashes = {}
    for suffix in SUFFIXES:
        written = parts.wrap(suffix, found.save)(folder / f"report.{suffix}")
        hashes[suffix] = hashlib.sha256(written.read_bytes()).hexdigest()[:16]
    return len(patents), hashes


def main() -> int:
    """Run, print and compare with the bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", nargs="?", type=int, default=5_000)
    parser.add_argument("--file", type=Path, help="an export of your own")
    parser.add_argument("--profile", type=int, default=0, help="functions of the profile to print")
    parser.add_argument("--keep", type=Path, help="folder for the report")
    asked = parser.parse_args()
    file = asked.file or export(asked.records)
    parts = Parts()
    profile = cProfile.Profile() if asked.profile else None
    with tempfile.TemporaryDirectory() as folder:
        target = asked.keep or Path(folder)
        target.mkdir(exist_ok=True)
        memory = Memory()
        start = time.perf_counter(), time.process_time()
        if profile:
            profile.enable()
        records, hashes = whole_run(file, target, parts)
        if profile:
            profile.disable()
        clock, cpu = time.perf_counter() - start[0], time.process_time() - start[1]
        sampled = memory.end()
        for suffix in SUFFIXES:
            size = (target / f"report.{suffix}").stat().st_size / 1e6
            print(f"{suffix:5} {size:6.1f} MB  sha256 {hashes[suffix]}")
    own, other = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    peak = sampled or (own.ru_maxrss + 2 * other.ru_maxrss) / 1e6
    elsewhere = other.ru_utime + other.ru_stime
    rows = [(part, seconds, busy) for part, (seconds, busy) in parts.spent.items()]
    rows += [("in other processes", float("nan"), elsewhere), ("all", clock, cpu + elsewhere)]
    yardstick = time.process_time()
    pd.read_excel(file, engine="openpyxl", dtype=str)
    yardstick = time.process_time() - yardstick
    print(f"{'part':26}{'clock s':>9}{'cpu s':>9}{'/ pandas.read_excel':>21}")
    for part, seconds, busy in rows:
        print(f"{part:26}{seconds:9.1f}{busy:9.1f}{busy / yardstick:21.2f}")
    print(f"{records:,} records, peak {peak:.2f} GB; pandas.read_excel: {yardstick:.1f} s of cpu; "
          f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")  # fmt: skip
    if profile:
        profile.dump_stats(Path(tempfile.gettempdir()) / "whole-run.prof")
        pstats.Stats(profile).sort_stats("cumulative").print_stats(asked.profile)
    seconds, memory = BARS.get(asked.records, (float("inf"), float("inf")))
    return int(clock > seconds or peak > memory)


if __name__ == "__main__":
    sys.exit(main())
