"""What a second run computes after one input changed, in numbers of steps and reports, not in seconds."""

from __future__ import annotations

import functools
import shutil
from typing import TYPE_CHECKING, Any

import pytest

import patentnav as pnav
from patentnav import io, report
from patentnav.study import Study

from .conftest import manifest, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

PLAIN = """\
title = { zh = "简", en = "Plain" }
[[part]]
id = "methods"
sections = ["sources", "rules"]
"""
TARGETS = """\
title = { zh = "指标", en = "Targets" }
[[part]]
id = "kpi"
number = "1"
title = { zh = "指标", en = "Targets" }
sections = ["summary", { use = "untold", goal = ["told"] }]
[[part]]
id = "methods"
sections = ["tables", "rules"]
"""
ACTUALS = "指标编号,期间,完成值,来源,发布日期\nK05,2020,{},局,2021-01-01\n"
PRODUCTS = "owner,product_id,product,source,published_on\n云泽,P1,{},us,2021-01-01\n"
DECISIONS = "kind,first_publication,first_name,second_publication,second_name,decision\n{}\n"


class Work:
    """Counts what runs compute: exports read, steps of studies, reports built."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[str] = []
        self._watch(monkeypatch, io, "read", lambda *_a, **_k: "read")
        self._watch(monkeypatch, report, "build", lambda _study, outline, *_a, **_k: outline)
        for name, step in Study.all_steps().items():
            if step.keep:
                self._watch(monkeypatch, step, "compute", lambda _study, name=name: name)

    def _watch(
        self, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, say: Callable[..., str]
    ) -> None:
        right = getattr(owner, name)

        @functools.wraps(right)
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.done.append(say(*args, **kwargs).rpartition("/")[2].removesuffix(".toml"))
            return right(*args, **kwargs)

        monkeypatch.setattr(owner, name, counted)

    def of(self, *files: Path) -> list[str]:
        """Run projects; what they computed, sorted."""
        self.done.clear()
        for file in files:
            pnav.project.run(file)
        return sorted(self.done)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    return Work(monkeypatch)


@pytest.fixture
def cases(tmp_path: Path, export: Path) -> tuple[Path, Path]:
    """Two projects with one cache: the first reads two exports, the second one of these."""
    whole = pnav.read(export)
    ids = whole.publications.index
    for name, part in (("a.xlsx", ids[:60]), ("fewer.xlsx", ids[:50]), ("b.xlsx", ids[60:])):
        pnav.datasets.write_export(whole.filter(part), tmp_path / name, "cnipr")
    (tmp_path / "plain.toml").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "targets.toml").write_text(TARGETS, encoding="utf-8")
    (tmp_path / "KA.csv").write_text(ACTUALS.format(79), encoding="utf-8")
    (tmp_path / "PR.csv").write_text(PRODUCTS.format("one"), encoding="utf-8")
    held = whole.parties[whole.parties["publication_id"].isin(ids[60:])]
    held = held[held["role"] == "applicant"].drop_duplicates("name_raw")
    pair = held[["publication_id", "name_raw"]].iloc[:2].to_numpy().ravel()
    for decision in ("different", "same"):
        row = ",".join(["party", *pair, decision])
        file = tmp_path / f"{decision}.csv"
        file.write_text(DECISIONS.format(row), encoding="utf-8")
    shutil.copy(tmp_path / "different.csv", tmp_path / "decisions.csv")
    both = both_of(tmp_path)
    alone = write(
        tmp_path / "alone" / "project.toml",
        project={"lang": "en"}, input={"files": ["../b.xlsx"]}, classify={"taxonomy": "jinan-ten"},
        report={"outline": "../plain.toml", "formats": ["html"]}, output={"cache": "../cache"},
    )  # fmt: skip
    return both, alone


def both_of(folder: Path, **more: Any) -> Path:
    return write(
        folder / "both" / "project.toml",
        project={"lang": "en"}, input={"files": ["../a.xlsx", "../b.xlsx"]},
        classify={"taxonomy": "jinan-ten"}, clean={"decisions": "../decisions.csv"},
        tables={"KA": "../KA.csv", "PR": "../PR.csv"},
        report={"outline": ["../plain.toml", "../targets.toml"], "formats": ["html"], **more},
        output={"cache": "../cache"},
    )  # fmt: skip


def test_what_changed_and_what_rests_on_it_is_computed_and_nothing_else(
    cases: tuple[Path, Path], work: Work, tmp_path: Path
) -> None:
    both, alone = cases
    assert work.of(both, alone) == [
        "cleaned",
        "cleaned",
        "plain",
        "plain",
        "read",
        "read",
        "targets",
    ]

    assert work.of(both, alone) == []  # nothing has changed

    (tmp_path / "KA.csv").write_text(ACTUALS.format(12), encoding="utf-8")
    assert work.of(both, alone) == ["targets"]  # the report that uses the table

    (tmp_path / "PR.csv").write_text(PRODUCTS.format("two"), encoding="utf-8")
    assert work.of(both, alone) == []  # no report uses it

    both_of(tmp_path, goal="told")
    with pytest.raises(pnav.ArgumentError, match="no goals"):
        work.of(both)  # of the outline without goals
    both_of(tmp_path)

    (tmp_path / "fewer.xlsx").replace(tmp_path / "a.xlsx")
    # the set of both is another; the project that does not read the file is kept
    assert work.of(both, alone) == ["cleaned", "plain", "read", "targets"]

    shutil.copy(tmp_path / "same.csv", tmp_path / "decisions.csv")
    assert work.of(both, alone) == ["cleaned", "plain", "targets"]  # read from the cache

    shutil.rmtree(both.parent / "out")
    assert work.of(both, alone) == ["plain", "targets"]  # from the cache, too


def test_another_goal_makes_the_report_and_computes_what_its_sections_add(
    cases: tuple[Path, Path], work: Work, tmp_path: Path
) -> None:
    _, alone = cases
    file = both_of(tmp_path, outline="../targets.toml")
    work.of(file, alone)
    both_of(tmp_path, outline="../targets.toml", goal="told")
    # Its table of readings counts portfolios of the set.
    assert work.of(file, alone) == ["candidates", "targets", "technologies"]
    assert work.of(file, alone) == []
    assert next(one["tables"] for one in manifest(file)["reports"]) == ["KA", "KT"]


def test_a_set_is_read_once_for_all_projects_that_read_it(
    cases: tuple[Path, Path], work: Work, tmp_path: Path
) -> None:
    _, alone = cases
    other = tmp_path / "alone" / "other.toml"
    other.write_text(
        alone.read_text(encoding="utf-8").replace("[output]", '[output]\nfolder = "other"'), "utf-8"
    )
    assert work.of(alone, other) == ["cleaned", "plain", "plain", "read"]
