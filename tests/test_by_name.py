"""Every command, option, format, indicator, taxonomy … stands in an example, and the examples run."""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import patentnav as pnav
from patentnav import _resources, cli, indicators, schema, taxonomy
from patentnav.network.export import ENDINGS
from patentnav.report import registry

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
NAMES = (REFERENCE / "by-name.md").read_text(encoding="utf-8")
COMMANDS = (REFERENCE / "commands.md").read_text(encoding="utf-8")
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)

NAMES_PROGRAM = """
import doctest, pathlib, sys, warnings
warnings.simplefilter("ignore")
import matplotlib
matplotlib.use("agg")
import patentnav as pnav
patents = pnav.clean.resolve_parties(pnav.datasets.city(n=200, random_state=0).patents)
patents = pnav.clean.resolve_inventors(patents)
few = patents.filter(patents.publications.index[:60])
pathlib.Path("references.ris").write_text(
    "TY  - PAT\\nTI  - A plate\\nM1  - CN110000001A\\nPY  - 2019\\nER  - \\n")
known = {"pnav": pnav, "pathlib": pathlib, "patents": patents, "few": few}
text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
test = doctest.DocTestParser().get_doctest(text, known, "by-name", sys.argv[1], 0)
said = []
result = doctest.DocTestRunner(optionflags=flags).run(test, out=said.append)
print("".join(said))
sys.exit(bool(result.failed) or not result.attempted)
"""
FILES = {
    "cnipa_xml/full.xml", "cnki_gbt7714/references.txt", "derwent_dii/records.txt",
    "epo_ops/biblio.xml", "lens_jsonl/documents.jsonl", "patentsview/answer.json",
    "uspto_xml/grant-v45.xml",
}  # fmt: skip


def test_the_names_page_runs(tmp_path: Path) -> None:
    for file in FILES:
        source = ROOT / "tests" / "formats" / file
        (tmp_path / source.name).write_bytes(source.read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", NAMES_PROGRAM, str(REFERENCE / "by-name.md")],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]


@pytest.mark.parametrize(
    ("registry_name", "names"),
    [
        ("formats", _resources.names("formats")),
        ("indicators", list(indicators.list()["name"])),
        ("taxonomies", taxonomy.names()),
        ("scorecards", _resources.names("scorecards")),
        ("outlines", _resources.names("reports")),
        ("user tables", list(pnav.tables.codes())),
        ("options", [field.name for field in dataclasses.fields(pnav.config.Config)]),
        ("forms of a report", list(registry.renderers())),
        ("forms of a network", list(ENDINGS)),
    ],
)
def test_no_name_is_left_out(registry_name: str, names: list[str]) -> None:
    shown = "\n".join(PYTHON.findall(NAMES))
    assert [name for name in names if f'"{name}"' not in shown] == [], registry_name


def test_options_of_the_environment_are_named() -> None:
    fields = dataclasses.fields(pnav.config.Config)
    assert [f.name for f in fields if f"PATENTNAV_{f.name.upper()}" not in NAMES] == []


def test_warehouses_have_a_page() -> None:
    page = (ROOT / "docs" / "howto" / "population.md").read_text(encoding="utf-8")
    assert [name for name in pnav.population.layouts() if f'"{name}"' not in page] == []


def commands() -> dict[str, argparse.ArgumentParser]:
    (found,) = (
        a.choices for a in cli.build_parser()._actions
        if isinstance(a, argparse._SubParsersAction)
    )  # fmt: skip
    return dict(found)


def lines() -> list[list[str]]:
    """The commands of the page, each as words after ``patentnav``."""
    all_lines = [x for block in CONSOLE.findall(COMMANDS) for x in block.splitlines()]
    words = [shlex.split(line.removeprefix("$ "), comments=True) for line in all_lines]
    assert all(w[0] == "patentnav" for w in words)
    return [w[1:] for w in words]


def test_no_option_is_left_out() -> None:
    shown = lines()
    everywhere = {"-h", "--help", "--output", "--plugin", "--data"}
    missing = []
    for name, parser in commands().items():
        parser.format_help()  # an option list may be filled late
        used = {word for line in shown if line[0] == name for word in line}
        assert any(line[0] == name for line in shown), name
        for action in parser._actions:
            options = set(action.option_strings) - everywhere
            missing += [f"{name} {o}" for o in sorted(options) if o not in used]
    assert missing == []
    used = {word for line in shown for word in line}
    assert {"--plugin", "--data", "-o"} <= used


def test_every_choice_of_an_option_is_shown() -> None:
    """Registries that `list` knows."""
    shown = {line[1] for line in lines() if line[0] == "list"}
    assert shown == set(cli._LISTS)


# What a reader has at hand: files of his own, here made from the city.
AT_HAND = '''
import json, pathlib, shutil, sys, warnings
warnings.simplefilter("ignore")
import matplotlib
matplotlib.use("agg")
import docx
import pandas as pd
import patentnav as pnav
from patentnav import cli
city = pnav.datasets.city(n=160, random_state=0)
patents = pnav.clean.resolve_inventors(pnav.clean.resolve_parties(city.patents))
for name in ("exports", "cases", "our/reports"):
    pathlib.Path(name).mkdir(parents=True)
pnav.datasets.write_export(city.patents, "exports/a.xlsx", "incopat")
pathlib.Path("bad.csv").write_text("nothing,of,use\\n1,2,3\\n")
SHORT = """title = { zh = "短报告", en = "Short report" }
[[part]]
id = "direction"
sections = ["trend"]
[[part]]
id = "methods"
sections = ["sources"]
"""
pathlib.Path("short.toml").write_text(SHORT, encoding="utf-8")
pathlib.Path("our/reports/mine.toml").write_text(SHORT, encoding="utf-8")
rows = pnav.classify.memberships(patents, "jinan-ten")
rows[["publication_id", "industry", "weight"]].to_csv("industries.csv", index=False)
ids = patents.publications.index
pd.DataFrame({"publication_id": ids[:80], "effect": "cost", "weight": 1.0}).to_csv("effects.csv", index=False)
rows.groupby("industry").size().rename("count").reset_index().to_csv("counts.csv", index=False)
owners = patents.parties[patents.parties["role"] == "applicant"]["name"].value_counts().index
pd.DataFrame({"alias": ["甲厂"], "name": [owners[0]]}).to_csv("aliases.csv", index=False)
review = pnav.clean.review_inventors(patents).head(1).assign(decision="different")
pnav.clean.write_review(review, "decisions.csv")
tree = pd.DataFrame([("成本", "成本; 价格"), ("效率", "效率; 性能")], columns=["一级", "关键词"])
for name in ("problems", "solutions"):
    tree.to_excel(f"{name}.xlsx", index=False, engine="xlsxwriter")
own = pnav.datasets.user_tables(city).tables
own["KA"].to_csv("actuals.csv", index=False)
own["PJ"].to_csv("projects.csv", index=False)
docx.Document().save("firm.docx")
pathlib.Path("title_length.py").write_text("""
from patentnav.indicators import indicator
@indicator(unit="characters", better="neither", needs=("publications.title",), source="our own")
def title_length(patents):
    'Length of the title.'
    return patents.publications["title"].str.len().astype("Int64")
""")
pathlib.Path("cases/project.toml").write_text("""
[project]
lang = ["en"]
[input]
files = ["../exports/*.xlsx"]
[report]
outline = ["../short.toml"]
formats = ["xlsx"]
""")
subs = [n for n in rows.get("sub_sector", pd.Series(dtype=str)).dropna().value_counts().index]
FILL = {"OWNER": owners[0], "RIVAL": owners[1], "SUB": subs[0] if subs else "",
        "PROJECT": str(own["PJ"].iloc[0, 0]),
        "PERSON": patents.inventors["inventor_id"].value_counts().index[0]}
'''


def test_the_commands_page_runs(tmp_path: Path) -> None:
    program = [AT_HAND]
    for words in lines():
        expected = "(0, 1)" if "--strict" in words else "(0,)"
        program.append(
            f"words = [FILL.get(w, w) for w in {words!r}]\n"
            "print(words, flush=True)\n"
            f"try:\n    status = cli.main(words)\nexcept SystemExit as stop:\n    status = stop.code\n"
            f"assert status in {expected}, (words, status)"
        )
    (tmp_path / "all.py").write_text("\n".join(program), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "all.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-600:] + done.stderr[-3000:]
    for line in lines():  # what a line names as output is there
        for option, name in itertools.pairwise(line):
            if option == "-o":
                assert (tmp_path / name).exists(), line


def test_glossary_names_what_there_is() -> None:
    """Every name of the glossary is a function, a member of a set, a table, a column or an indicator."""
    with (ROOT / "docs" / "glossary.toml").open("rb") as file:
        parts = tomllib.load(file)["part"]
    terms = [term for part in parts for term in part["terms"]]
    known = schema.tables()

    def there(name: str) -> bool:
        found = pnav
        try:
            for step in name.split("."):
                found = getattr(found, step)
        except AttributeError:
            table, _, column = name.partition(".")
            in_schema = table in known and (not column or column in known[table].columns)
            return in_schema or name in set(indicators.list()["name"])
        return True

    assert [n for term in terms for n in term["names"] if not there(n)] == []
    for term in terms:
        assert re.search(r"[\u4e00-\u9fff]|PCT", term["zh"])
        assert not re.search(r"[\u4e00-\u9fff]", term["en"] + term["note"]["en"])
        assert re.search(r"[\u4e00-\u9fff]|[A-Z]{2}", term["note"]["zh"])
    for lang in ("zh", "en"):
        words = [term[lang] for term in terms]
        assert len(set(words)) == len(words)
