"""Problems and solutions by the analyst's tables: counted, tested, told, counted again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import indicators, taxonomy
from patentnav.report.blocks import Figure, Table, Text

from .conftest import quiet

if TYPE_CHECKING:
    from pathlib import Path

PROBLEMS = {"过热": "过热 OR overheat*", "成本": "成本 OR cost", "噪声": "噪声"}
SOLUTIONS = {"风冷": "风冷", "液冷": "液冷 OR (liquid PRE/0 cool*)"}


def toml(path: Path, rules: dict[str, str]) -> Path:
    nodes = "\n".join(
        f'[[nodes]]\nid = "{k}"\nnames = {{ zh = "{k}", en = "{k}" }}\nexpressions = ["{text}"]'
        for k, text in rules.items()
    )
    path.write_text(nodes, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def told(patents: pnav.PatentSet) -> pnav.PatentSet:
    """The first 60 state a problem and a solution, the others none; noise is never cooled by liquid."""
    texts = patents.texts
    ids = sorted(patents.publications.index)
    said = {}
    for i, key in enumerate(ids[:60]):
        problem = list(PROBLEMS)[i % 3]
        solution = "风冷" if problem == "噪声" or i % 2 else "液冷"
        said[key] = f"为解决{problem}采用{solution}。"
    abstract = texts["field"] == "abstract"
    own = texts["publication_id"].map(said).fillna("")
    tables = {name: getattr(patents, name) for name in ("publications", "parties", "inventors")}
    return pnav.PatentSet.from_tables(
        {**tables, "texts": texts.assign(text=texts["text"].where(~abstract, texts["text"] + own))}
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("rules")
    outline = folder / "solutions.toml"
    outline.write_text(
        'title = { zh = "短", en = "Short" }\n[[part]]\nid = "direction"\nsections = ["solutions"]\n',
        encoding="utf-8",
    )
    return {
        "outline": outline, "problems": toml(folder / "p.toml", PROBLEMS),
        "solutions": toml(folder / "s.toml", SOLUTIONS),
    }  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_section_tells_and_its_claims_hold(told, files, lang) -> None:
    built = quiet(told, lang=lang, n_clusters=3, **files)
    figure = next(b for b in built.blocks() if isinstance(b, Figure) and b.id == "solution_matrix")
    cells = figure.table.frame.set_index(["problem", "solution"])["count"]
    assert cells.to_dict() == {
        ("过热", "风冷"): 10, ("过热", "液冷"): 10, ("成本", "风冷"): 10, ("成本", "液冷"): 10,
        ("噪声", "风冷"): 20, ("噪声", "液冷"): 0,
    }  # fmt: skip
    table = next(
        b for b in built.blocks() if isinstance(b, Table) and b.id == "solution_combinations"
    )
    assert int(table.frame["count"].sum()) == 60
    words = [built.plain(b) for b in built.blocks() if isinstance(b, Text)]
    assert any("60" in text and "6" in text for text in words)


def test_without_tables_the_section_says_what_to_give(told, files) -> None:
    built = quiet(told, lang="zh", n_clusters=3, outline=files["outline"])
    words = " ".join(built.plain(b) for b in built.blocks() if isinstance(b, Text))
    assert "同时提供两张表" in words


def test_the_matrix_by_brute_force(told, files) -> None:
    kind = pd.Series({p: f"t{i % 2}" for i, p in enumerate(told.publications.index)}, dtype="str")
    patents = told.assign(kind=kind)
    posed, solved = (taxonomy.members(files[k], patents) for k in ("problems", "solutions"))
    frame = indicators.problem_solution(
        patents, posed, solved, technologies="kind", unit="publication"
    )
    of = [
        {p: set(rows.loc[rows["publication_id"] == p, "node"]) for p in patents.publications.index}
        for rows in (posed, solved)
    ]
    for row in frame.itertuples():
        here = kind.index[kind == row.technology]
        both = [p for p in here if row.problem in of[0][p] and row.solution in of[1][p]]
        assert frame.loc[row.Index, "count"] == len(both)
        assert row.problem_units == sum(row.problem in of[0][p] for p in here)
        assert row.gap == (not both and row.problem_units > 0 and row.solution_units > 0)
    assert len(frame) == 2 * 3 * 2
    assert frame.attrs["with_both"] == 60
    assert frame.attrs["without"] == len(patents) - 60
    whole = indicators.problem_solution(patents, posed, solved, unit="publication")
    assert whole["technology"].isna().all()
    assert whole["count"].sum() == 60
