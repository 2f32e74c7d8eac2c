"""Cost of reading: canonical tables against the bare decode of the same file, in one run.

    python benchmarks/read.py [records] [--xlsx] [--openpyxl]

Prints seconds, ratios and peak memory. The table is generated (40 columns in incoPat's form, seeded
and of no meaning) and kept in the system's temporary folder.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

HAN = [chr(c) for c in range(0x4E00, 0x5800)]
OFFICES = np.array(["CN", "CN", "CN", "CN", "US", "JP", "EP", "WO"])
PART = 100_000  # records made at a time
FOLDER = Path(tempfile.gettempdir()) / "patentnav-benchmark"


def words(rng: np.random.Generator, count: int, length: int) -> np.ndarray:
    """Made-up Chinese words."""
    picks = rng.integers(0, len(HAN), (count, length))
    return np.array(["".join(HAN[i] for i in row) for row in picks], dtype=object)


def lists(rng: np.random.Generator, pool: np.ndarray, n: int, mean: float) -> list[str]:
    """Lists of pool members, joined as incoPat joins them."""
    sizes = 1 + rng.poisson(mean - 1, n)
    flat = pool[rng.integers(0, len(pool), int(sizes.sum()))]
    ends = np.cumsum(sizes)
    return ["; ".join(flat[e - s : e]) for s, e in zip(sizes, ends, strict=True)]


def table(n: int, first: int = 0) -> pd.DataFrame:
    """A table of ``n`` records and 40 columns, of which the first has a number."""
    rng = np.random.default_rng(first)
    serial = np.arange(first, first + n) + 100_000_000
    publication = np.array([f"CN{s}A" for s in serial], dtype=object)
    year = rng.integers(2005, 2024, n)
    day = pd.to_datetime(year.astype(str)) + pd.to_timedelta(rng.integers(0, 365, n), unit="D")
    application = [
        f"CN{y}1{i:07d}.{i % 10}" for y, i in zip(year, range(first, first + n), strict=True)
    ]
    sentences = words(rng, 4000, 24)
    people = words(rng, 60_000, 3)
    firms = words(rng, 20_000, 12)
    symbols = np.array(
        [f"{a}{b:02d}{c}{d}/{e:02d}" for a in "ABCGH" for b in range(1, 9) for c in "BCFN"
         for d in range(1, 12) for e in range(0, 90, 7)], dtype=object,
    )  # fmt: skip
    abstracts = ["，".join(sentences[i]) for i in rng.integers(0, len(sentences), (n, 8))]
    english = ["word " * int(k) for k in rng.integers(60, 120, n)]
    data = {
        "序号": np.arange(1, n + 1).astype(str),
        "标题 (中文)": sentences[rng.integers(0, len(sentences), n)],
        "标题 (英文)": ["A device for " + str(i) for i in range(n)],
        "摘要 (中文)": abstracts,
        "摘要 (英文)": english,
        "申请人": lists(rng, firms, n, 1.3),
        "公开（公告）号": publication,
        "公开（公告）日": (day + pd.to_timedelta(500, unit="D")).strftime("%Y-%m-%d"),
        "申请号": application,
        "申请日": day.strftime("%Y-%m-%d"),
        "公开类型": rng.choice(["发明申请", "发明授权", "实用新型"], n),
        "专利类型": rng.choice(["发明申请", "发明授权", "实用新型"], n),
        "公开国别": "中国",
        "链接到incoPat": ["到incoPat中查看\n" + p for p in publication],
        "IPC主分类": symbols[rng.integers(0, len(symbols), n)],
        "IPC": lists(rng, symbols, n, 4),
        "CPC": lists(rng, symbols, n, 4),
        "国民经济分类": lists(
            rng, np.array([f"C{i}" for i in range(1300, 4400, 7)], dtype=object), n, 3
        ),
        "新兴产业分类": rng.choice(["1.5 (人工智能)", "6.5 (智能电网产业)", ""], n),
        "标准化申请人": lists(rng, firms, n, 1.0),
        "当前权利人": lists(rng, firms, n, 1.1),
        "代理机构": firms[rng.integers(0, 900, n)],
        "代理人": people[rng.integers(0, 5000, n)],
        "发明人": lists(rng, people, n, 3.5),
        "第一发明人": people[rng.integers(0, len(people), n)],
        "申请人地址": sentences[rng.integers(0, len(sentences), n)],
        "申请人国别代码": "CN",
        "引证专利": lists(rng, publication, n, 5),
        "被引证专利": lists(rng, publication, n, 3),
        "引证次数": rng.integers(0, 40, n).astype(str),
        "被引证次数": rng.integers(0, 40, n).astype(str),
        "简单同族": publication,
        "简单同族个数": rng.integers(1, 9, n).astype(str),
        "权利要求数量": rng.integers(1, 20, n).astype(str),
        "首项权利要求": [a[:150] for a in abstracts],
        "合享价值度": rng.integers(1, 10, n).astype(str),
        "技术稳定性": rng.integers(1, 10, n).astype(str),
        "专利有效性": rng.choice(["有效", "失效", "审中"], n),
        "当前法律状态": rng.choice(["授权", "未缴年费", "实质审查", "撤回"], n),
        "优先权号": ["" if i % 7 else f"CN{i + 2_000_000_000_00}" for i in range(first, first + n)],
    }
    return pd.DataFrame(data)


def files(n: int, *, xlsx: bool) -> dict[str, Path]:
    """Write the table once."""
    FOLDER.mkdir(exist_ok=True)
    paths = {"csv": FOLDER / f"table-{n}.csv"}
    if xlsx:
        paths["xlsx"] = FOLDER / f"table-{n}.xlsx"
    if all(p.exists() for p in paths.values()):
        return paths
    paths["csv"].unlink(missing_ok=True)
    for first in range(0, n, PART):
        frame = table(min(PART, n - first), first)
        frame.to_csv(paths["csv"], index=False, header=first == 0, mode="a")
    if xlsx:
        import xlsxwriter

        book = xlsxwriter.Workbook(paths["xlsx"], {"strings_to_urls": False})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, frame.columns)
        for i, row in enumerate(frame.itertuples(index=False), 1):
            for j, value in enumerate(row):
                sheet.write_string(i, j, value)
        book.close()
    return paths


CASES = {
    "bare pyarrow read": "from pyarrow import csv; run = lambda: csv.read_csv(path, "
    "parse_options=csv.ParseOptions(newlines_in_values=True))",
    "fastexcel decode": "import fastexcel; run = lambda: fastexcel.read_excel(path)"
    ".load_sheet(0, dtypes='string').to_arrow()",
    "pandas + openpyxl": "import pandas; import openpyxl; "
    "run = lambda: pandas.read_excel(path, engine='openpyxl', dtype=str)",
    "patentnav.read": "import patentnav, patentnav.io; import fastexcel; "
    "run = lambda: patentnav.read(path)",
}


def measure(case: str, path: Path, repeats: int) -> tuple[float, float, float]:
    """Median seconds, processor seconds and peak memory (GB), in a process of its own."""
    code = (
        f"import time, resource; path = {str(path)!r}; {CASES[case]}\n"
        "t, c = time.perf_counter(), time.process_time(); run(); "
        "print(time.perf_counter() - t, time.process_time() - c, "
        "resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)"
    )
    found = []
    for _ in range(repeats):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        found.append([float(x) for x in done.stdout.split()])
    return tuple(np.median(np.array(found), axis=0))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=int, nargs="?", default=100_000)
    parser.add_argument("--xlsx", action="store_true")
    parser.add_argument("--openpyxl", action="store_true")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    started = time.perf_counter()
    paths = files(options.records, xlsx=options.xlsx)
    print(
        f"{options.records:,} records x 40 columns ({time.perf_counter() - started:.0f} s to make)"
    )
    for kind, path in paths.items():
        cases = {"csv": ["bare pyarrow read", "patentnav.read"],
                 "xlsx": ["fastexcel decode", "patentnav.read"]}[kind]  # fmt: skip
        if kind == "xlsx" and options.openpyxl:
            cases.append("pandas + openpyxl")
        results = {case: measure(case, path, options.repeats) for case in cases}
        base = results[cases[0]][0]
        size = path.stat().st_size / 2**20
        print(f"{kind} ({size:.0f} MB)")
        for case, (seconds, cpu, peak) in results.items():
            print(
                f"  {case:<20}{seconds:8.2f} s {seconds / base:6.1f} x   processor {cpu:7.2f} s "
                f"{cpu / results[cases[0]][1]:6.1f} x   peak {peak:.2f} GB"
            )


if __name__ == "__main__":
    main()
