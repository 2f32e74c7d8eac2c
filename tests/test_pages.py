"""The how-to pages do what they show: every block of code runs, as a reader would run it."""

from __future__ import annotations

import functools
import io
import re
import shlex
import subprocess
import sys
import textwrap
import tokenize
from pathlib import Path

import pandas as pd
import pytest

import patentnav as pnav

DOCS = Path(__file__).resolve().parent.parent / "docs"
# A block is a file when a line with its name stands before it.
BLOCK = re.compile(
    r"(?:^`(?P<file>[^`\n]+)`[:：]\n\n)?^(?P<indent> *)```(?P<kind>\w+)\n(?P<text>.*?)^ *```$",
    re.M | re.S,
)
OWN_TESTS = {"extend", "slides"}  # test_extend.py, unit/report/test_slides_howto.py

BEGIN = """
import pathlib, shutil, sys, warnings
import matplotlib
matplotlib.use("agg")
warnings.simplefilter("ignore")  # a small city has many a thin table, and is told so
import pandas as pd
import patentnav as pnav
city = pnav.datasets.city(n=N, random_state=0)
patents = pnav.clean.resolve_inventors(pnav.clean.resolve_parties(city.patents))
pathlib.Path("exports").mkdir()
pnav.datasets.write_export(city.patents, "exports/a.xlsx", "incopat")
"""
# What a reader has at hand before the first block of a page.
AT_HAND = {
    "read-exports": """
pd.DataFrame({"Pub no": ["CN110000001A"], "Title": ["A plate"], "Filed": ["2019-01-02"]}
    ).to_csv("own.csv", index=False)
""",
    "identities": "drawn = patents.inventors['name'].value_counts().index[:5]",
    "explore": "pathlib.Path('export.xlsx').write_bytes(pathlib.Path('exports/a.xlsx').read_bytes())",
    "read-the-map": """
numbers = patents.publications.index
groups = pd.DataFrame({"name": "by hand", "number": numbers[5:9]})
values = pd.DataFrame({"publication_id": numbers[:60], "source": "incopat", "name": "技术功效2级",
                       "value": ["续航", "成本", "安全"] * 20})
tree = pd.DataFrame([("成本", "成本; 价格"), ("效率", "效率; 性能")], columns=["一级", "关键词"])
for name in ("effects", "problems", "solutions"):
    tree.to_excel(f"{name}.xlsx", index=False, engine="xlsxwriter")
groups.to_excel("groups.xlsx", index=False, engine="xlsxwriter")
patents = pnav.PatentSet.from_tables({n: getattr(patents, n) for n in patents.tables}
                                     | {"vendor_values": values})
""",
    "embed": """
frame = pd.DataFrame({"publication_id": ["CN1000001A", "CN1000002A"], "title": ["A plate", "A pump"]})
people = pd.DataFrame({"publication_id": ["CN1000001A"], "name_raw": ["Li Wei"]})
""",
    "own-indicator-and-scorecard": """
patents.save("whole-office.pnav")
shutil.copy(pathlib.Path(pnav.__file__).parent / "data/scorecards/impact.toml", "ours.toml")
""",
    "own-taxonomy": """
marked = pd.DataFrame({"number": patents.publications.index[:30], "branch": "上游/正极材料/三元"})
marked.to_csv("marked.csv", index=False)
""",
    "population": "patents.save('province.pnav')",
    "user-tables": """
patents.save("city.pnav")
tables = pnav.datasets.user_tables(city).tables
pathlib.Path("statistics").mkdir()
tables["CS"].to_excel("cities.xlsx", index=False, sheet_name="CS", engine="xlsxwriter")
tables["CS"].to_excel("statistics/cities.xlsx", index=False, sheet_name="CS", engine="xlsxwriter")
for name in ("actuals.csv", "statistics/actuals.csv"):
    tables["KA"].to_csv(name, index=False)
tables["IS"].to_csv("industry.csv", index=False)
""",
}
# What a reader does by hand between two blocks: after the block of this number.
BY_HAND = {
    ("write-from-a-report", 0): "report.save('article.docx')",
    ("population", 2): "world = province",
    ("identities", 1): """
pd.read_csv("label.csv").assign(label=lambda x: x["name"]).to_csv("label.csv", index=False)
""",
}
# A reader puts his own names in the place of ours.
OWN_NAMES = {
    "own-indicator-and-scorecard": {"CN110298449A": "{0}"},
    "search": {"CN 101234567 A": "{0}", "201510000001.3": "{1}"},
    "read-the-map": {
        "CN 101234567 A": "{0}",
        "US 2015/0000001 A1": "{1}",
        "济南市": "云泽市",
        "换电 OR (batter* PRE/0 swap*)": "电池",
    },
}
# Files that the first tables of a page become.
TABLES = {"own-taxonomy": ["电池产业链.xlsx", "分解表.xlsx"]}
# What no test machine has.
NOT_RUN = {("population", 1): "a session of Spark", ("population", 2): "an account of a warehouse"}


def blocks(page: Path) -> list[dict[str, str | None]]:
    text = page.read_text(encoding="utf-8")
    return [{**m.groupdict(), "text": textwrap.dedent(m["text"])} for m in BLOCK.finditer(text)]


def has_code(page: Path) -> bool:
    return any(block["kind"] in {"python", "bash", "console"} for block in blocks(page))


@functools.cache
def ids() -> tuple[str, ...]:
    """Numbers that the set of the pages has."""
    return tuple(pnav.datasets.city(n=160, random_state=0).patents.publications.index[:4])


def written(page: Path) -> dict[str, str]:
    """Tables of a page that has a reader write them in a spreadsheet, as csv by file name."""
    found = {}
    files = iter(TABLES.get(page.stem, []))
    for table in re.findall(r"(?:^\|.*\|\n)+", page.read_text(encoding="utf-8"), re.M)[
        : len(TABLES.get(page.stem, []))
    ]:
        rows = [
            [cell.strip().strip("`") for cell in line.strip("|").split("|")]
            for line in table.splitlines()
        ]
        frame = pd.DataFrame(rows[2:], columns=rows[0])
        found[next(files)] = frame.to_csv(index=False)
    return found


PAGES = sorted(
    page
    for part in ("howto", "tutorial")
    for page in (DOCS / part).glob("*.md")
    if page.stem != "index"
)


def program(page: Path) -> str:
    """What a reader of the page does, from top to bottom."""
    size = 240 if page.stem == "own-taxonomy" else 160  # of which it draws 200
    lines = [f"N = {size}", BEGIN, AT_HAND.get(page.stem, ""), "import io"]
    for file, table in written(page).items():
        lines.append(
            f"pd.read_csv(io.StringIO({table!r})).to_excel({file!r}, index=False, engine='xlsxwriter')"
        )
    for number, block in enumerate(blocks(page)):
        text = str(block["text"])
        for name, own in OWN_NAMES.get(page.stem, {}).items():
            text = text.replace(name, own.format(*ids()))
        if (page.stem, number) in NOT_RUN:
            pass
        elif block["file"]:
            lines += [
                f"pathlib.Path({block['file']!r}).parent.mkdir(parents=True, exist_ok=True)",
                f"pathlib.Path({block['file']!r}).write_text({text!r}, encoding='utf-8')",
            ]
        elif block["kind"] == "python":
            lines += [f"print('block', {number}, flush=True)", text]
        elif block["kind"] in {"bash", "console"}:
            for line in text.splitlines():
                words = shlex.split(line.removeprefix("$ "), comments=True)
                if words[:1] == ["patentnav"]:
                    lines.append(f"from patentnav import cli; assert cli.main({words[1:]!r}) == 0")
        lines.append(BY_HAND.get((page.stem, number), ""))
    return "\n".join(lines)


@pytest.mark.parametrize(
    "page",
    [p for p in (DOCS.parent / "README.md", *PAGES) if p.stem not in OWN_TESTS and has_code(p)],
    ids=lambda f: f.stem,
)
def test_page_runs(page: Path, tmp_path: Path) -> None:
    (tmp_path / "all.py").write_text(program(page), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "all.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-300:] + done.stderr[-3000:]


def pairs() -> list[tuple[Path, Path]]:
    readmes = (DOCS.parent / "README.md", DOCS.parent / "README.zh-CN.md")
    return [readmes, *((page, DOCS / "zh" / page.relative_to(DOCS)) for page in PAGES)]


def signs(block: dict[str, str | None]) -> list[str]:
    """A block without comments, blank lines, prose in strings, and the language asked for."""
    text = str(block["text"])
    if block["kind"] == "python":
        read = tokenize.generate_tokens(io.StringIO(text).readline)
        left = [t for t in read if t.type not in {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE}]
        return [prose(t.string) if t.type == tokenize.STRING else t.string for t in left]
    lines = [re.sub(r"\s*# .*$", "", line).rstrip() for line in text.splitlines()]
    return [line for line in lines if line]


def prose(string: str) -> str:
    """A string, or a mark in the place of what a page says in its own language."""
    inside = string.strip("rbf\"'")
    is_text = inside.endswith(("？", "。")) or (" " in inside and inside.endswith("?"))
    return "…" if is_text or inside in {"zh", "en"} else string


def test_every_page_is_there_in_chinese() -> None:
    chinese = {p.relative_to(DOCS / "zh") for p in (DOCS / "zh").rglob("*.md")}
    names = {p.relative_to(DOCS) for p in PAGES}
    assert chinese == names | {Path("index.md"), Path("howto/index.md"), Path("tutorial/index.md")}


@pytest.mark.parametrize(("english", "chinese"), pairs(), ids=lambda f: f.stem)
def test_both_languages_show_the_same_code(english: Path, chinese: Path) -> None:
    """What the tests run of the one is what stands in the other."""
    one, two = blocks(english), blocks(chinese)
    assert [(b["kind"], b["file"]) for b in one] == [(b["kind"], b["file"]) for b in two]
    for first, second in zip(one, two, strict=True):
        assert signs(first) == signs(second)


def spans(text: str) -> set[str]:
    """Names and calls in the running text; those with a place to fill in are worded freely."""
    found = re.findall(r"`([^`]+)`", BLOCK.sub("", text))
    return {" ".join(one.split()) for one in found if "<" not in one}


@pytest.mark.parametrize(("english", "chinese"), pairs()[1:], ids=lambda f: f.stem)
def test_both_languages_say_as_much(english: Path, chinese: Path) -> None:
    """The same headings, tables and names of the package on both pages."""
    one, two = (p.read_text(encoding="utf-8") for p in (english, chinese))
    for mark in (r"^#+ ", r"^\|", r"^\d\. "):
        assert len(re.findall(mark, one, re.M)) == len(re.findall(mark, two, re.M)), mark
    share = len(re.findall(r"[\u4e00-\u9fff]", BLOCK.sub("", two)))
    assert share > 0.12 * len(BLOCK.sub("", one))
    assert spans(one) == spans(two)
