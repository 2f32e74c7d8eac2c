"""Project files: what is checked, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import patentnav as pnav

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Tables = dict[str, dict[str, Any]]
WRONG: list[tuple[Tables, str]] = [
    ({"report": {"top": "10"}}, r'\[report\] top = "10": a whole number is needed'),
    ({"report": {"top": True}}, r"\[report\] top = true: a whole number"),
    ({"report": {"figures": "yes"}}, r'\[report\] figures = "yes": true or false is needed'),
    ({"project": {"title": 3}}, r"\[project\] title = 3: a text is needed"),
    ({"project": {"lang": 3}}, r"\[project\] lang = 3: a list is needed"),
    ({"project": {"lang": ["zh", 3]}}, r"\[project\] lang is a list of texts"),
    ({"project": {"lang": []}}, "name one at least"),
    ({"project": {"lang": "z"}}, r'\[project\] lang is called "z"'),
    ({"report": {"per": "year"}}, r'\[report\] per is called "year".*industry'),
    ({"report": {"formats": ["pdf"]}}, r'formats is called "pdf"'),
    ({"report": {"formats": []}}, "nothing to write"),
    ({"report": {"outline": "nosuch"}}, '"nosuch"'),
    ({"report": {"outline": ["industry", "sub/industry.toml"]}}, "industry.toml"),
    ({"report": {"only": ["ict"]}}, 'only chooses among groups, but per = "set"'),
    ({"report": {"per": "industry", "only": []}}, "only is empty"),
    ({"report": {"per": "industry", "top": 0}}, r"top = 0: 1 or more"),
    ({"report": {"per": "industry"}, "study": {"industry": "ict"}}, "contradicts"),
    ({"report": {"per": "group"}, "study": {"owner": "party"}}, "contradicts"),
    ({"report": {"taxonomy": "wipo-35"}}, r"It stands in \[classify\]"),
    ({"reprot": {}}, 'Did you mean "report"'),
    ({"portfolio": {"min_pct": 1.5}}, r"min_pct = 1.5: a whole number is needed"),
    ({"clean": {"aliases": "no.csv"}}, r'\[clean\] aliases names "no.csv", which is no file'),
    ({"clean": {"decisions": "x" * 300}}, r'decisions names "x+", which is no file'),
    ({"project": {"data": ["x" * 300]}}, "there is no folder"),
    ({"project": {"plugins": ["x" * 300 + ".py"]}}, "no plugin file"),
    ({"report": {"outline": "x" * 300}}, 'called "x+"'),
    ({"study": {"effects": "no.csv"}}, r'\[study\] effects names "no.csv", which is no file'),
    ({"study": {"owner": "firm"}}, r'\[study\] owner is called "firm".*party'),
    ({"classify": {"taxonomy": "no-such"}}, 'No taxonomy is called "no-such"'),
    ({"classify": {"taxonomy": "own.xlsx"}}, r'taxonomy names "own.xlsx", which is no file'),
    ({"project": {"data": ["no"]}}, "there is no folder"),
    ({"project": {"plugins": ["no.py"]}}, 'no plugin file ".*no.py"'),
    ({"input": {"files": []}}, "names no input"),
    ({"input": {"columns": "x"}}, r'columns = "x": a table of names and values is needed'),
]


@pytest.mark.parametrize(("tables", "message"), WRONG, ids=lambda v: str(v)[:40])
def test_what_is_wrong_is_told(tables: Tables, message: str, make: Callable[..., Path]) -> None:
    with pytest.raises(pnav.PatentnavError, match=message):
        pnav.project.load(make(**tables))


def test_a_language_alone_and_a_byte_order_mark(make: Callable[..., Path]) -> None:
    file = make(project={"lang": "zh"})
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert pnav.project.load(file).langs == ("zh",)


def test_no_table_is_no_key(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text('input = "a.xlsx"', encoding="utf-8")
    with pytest.raises(pnav.ArgumentError, match=r"below a line \[input\]"):
        pnav.project.load(file)
    with pytest.raises(pnav.ArgumentError, match="does not exist"):
        pnav.project.load(tmp_path / "none.toml")
    file.write_text("[input", encoding="utf-8")
    with pytest.raises(pnav.FormatError, match="not valid TOML"):
        pnav.project.load(file)


def test_tables_of_names_and_files_are_taken(make: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "aliases.csv").write_text("alias,name\na,b\n", encoding="utf-8")
    by_file = pnav.project.load(make(clean={"aliases": "aliases.csv"})).handed("study")
    assert by_file["aliases"] == tmp_path / "aliases.csv"
    by_name = pnav.project.load(make(clean={"aliases": {"a": "b"}})).handed("study")
    assert by_name["aliases"] == {"a": "b"}
