"""Every key of a project file reaches what it is for; what would do nothing is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import docx
import pandas as pd
import pytest

import patentnav as pnav
from patentnav import plugins
from patentnav.project import keys
from patentnav.report import registry

from .conftest import manifest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Sections that print what the keys change.
OUTLINE = """\
title = { zh = "短", en = "Short" }
[[part]]
id = "direction"
sections = [
  "authorities",
  { use = "effects", goal = ["effects"] },
]
[[part]]
id = "position"
sections = ["specialisation", "industries", { use = "talent", goal = ["people"] }]
[[part]]
id = "path"
goal = ["owners"]
sections = ["portfolios"]
[[part]]
id = "methods"
sections = ["sources", "rules", { use = "technologies", goal = ["clusters"] }, "steps"]
"""
PLUGIN = """\
from patentnav.report import renderer

@renderer(".txt")
def text(report):
    return report.title.encode()
"""
LOCALE = '[report.word]\nnone_given = "nothing at all"\n'
DECISIONS = "name_a,name_b,decision\n"

Tables = dict[str, dict[str, Any]]


def goal(name: str) -> Tables:
    return {"report": {"outline": "keys.toml", "goal": name}}


PER: Tables = {"report": {"per": "industry", "min_publications": 7, "outline": "short.toml"}}


def first_owner(patents: pnav.PatentSet) -> str:
    return patents.parties["name_raw"].value_counts().index[0]


# A change per key, and what the project is like before it. A function is asked with the set.
CHANGES: dict[str, tuple[Any, Tables]] = {
    "project.lang": ("zh", {}),
    "project.plugins": (["own.py"], {"report": {"outline": "short.toml", "formats": ["txt"]}}),
    "project.data": (["ours"], {}),
    "project.title": ("T", {}),
    "project.subtitle": ("T", {}),
    "project.client": ("T", {}),
    "project.author": ("T", {}),
    "project.date": ("T", {}),
    "project.region": ("历下区", {}),
    "input.files": (["few.xlsx"], {}),
    "input.format": ("incopat", {"input": {"files": "few.xlsx"}}),
    "input.columns": ({"序号": "publications.title"}, {}),
    "input.errors": ("collect", {"input": {"files": ["few.xlsx", "broken.xlsx"]}}),
    "clean.unit": ("publication", {}),
    "clean.aliases": (lambda p: {first_owner(p): "Somebody"}, {}),
    "clean.decisions": ("decisions.csv", {}),
    "classify.taxonomy": ("wipo-35", {}),
    "technologies.n_clusters": (3, goal("clusters")),
    "technologies.random_state": (1, {}),
    "portfolio.min_inventions": (7, {}),
    "portfolio.min_pct": (7, {}),
    "portfolio.granted_only": (True, {}),
    "study.industry": ("logistics", {}),
    "study.sub_sector": ("log-warehouse", {}),
    "study.applicant": (first_owner, {}),
    "study.owner": ("party", goal("owners")),
    "study.cutoff": ("2020-01-01", {}),
    "study.lag_months": (30, {}),
    "study.masked": (False, goal("people")),
    "study.mapped_people": (5, goal("people")),
    "study.memberships": ("memberships.csv", {"study": {"industry": "logistics"}}),
    "study.effects": ("effects.csv", goal("effects")),
    "study.reference": ("reference.csv", {}),
    "report.outline": ("other.toml", {}),
    "report.goal": ("owners", {}),
    "report.per": ("industry", {"report": {"outline": "short.toml"}}),
    "report.only": (["logistics"], PER),
    "report.top": (1, PER),
    "report.min_publications": (10, PER),
    "report.formats": (["html"], {"report": {"outline": "short.toml"}}),
    "report.templates": (["firm.docx"], {"report": {"outline": "short.toml", "formats": ["docx"]}}),
    "report.figures": (True, {}),
    "output.folder": ("elsewhere", {}),
    "output.cache": ("kept", {}),
}


BASES: dict[str, Any] = {}  # what the unchanged projects leave, made once


@pytest.fixture(scope="module")
def city(export: Path) -> pnav.PatentSet:
    return pnav.read(export)


@pytest.fixture(autouse=True)
def nothing_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plugins that a project loads stay in the process: not in that of the tests."""
    monkeypatch.setattr(registry._RENDERERS, "_entries", dict(registry._RENDERERS._entries))
    monkeypatch.setattr(plugins, "_loaded", dict(plugins._loaded))


def lay_out(folder: Path, city: pnav.PatentSet) -> None:
    """Files that the keys name."""
    (folder / "other.toml").write_text(OUTLINE.replace("Short", "Other"), encoding="utf-8")
    (folder / "keys.toml").write_text(OUTLINE, encoding="utf-8")
    (folder / "own.py").write_text(PLUGIN, encoding="utf-8")
    docx.Document().save(str(folder / "firm.docx"))
    (folder / "broken.xlsx").write_bytes(b"PK\x03\x04 broken")
    (folder / "ours" / "locale").mkdir(parents=True)
    (folder / "ours" / "locale" / "en-ours.toml").write_text(LOCALE, encoding="utf-8")
    few = city.filter(city.publications.index[:40])
    pnav.datasets.write_export(few, folder / "few.xlsx", "cnipr")
    names = city.parties["name_raw"].unique()
    decisions = pd.DataFrame({"name_a": [names[0]], "name_b": [names[1]], "decision": ["same"]})
    decisions.to_csv(folder / "decisions.csv", index=False)
    ids = city.publications.index
    rows = pd.DataFrame(
        {"publication_id": ids, "industry": "logistics", "sub_sector": "log-warehouse"}
    )
    rows.assign(weight=1.0).to_csv(folder / "memberships.csv", index=False)
    effects = pd.DataFrame({"publication_id": ids, "effect": "cheaper", "weight": 1.0})
    effects.to_csv(folder / "effects.csv", index=False)
    reference = pd.DataFrame({"industry": ["logistics", "ict"], "count": [10, 900]})
    reference.to_csv(folder / "reference.csv", index=False)


def outcome(file: Path) -> Any:
    """What a run leaves, apart from the record of its parameters; or what it refuses."""
    try:
        project = pnav.project.load(file)
        pnav.project.run(file)
    except pnav.PatentnavError as error:
        return str(error)
    left = manifest(file, project.output.name)
    made = sorted((name, one["sha256"]) for name, one in left["outputs"].items())
    chosen = [(one["name"], one["publications"]) for one in left["sets"]]
    return made, chosen, project.output.name, (project.folder / "kept").is_dir()


def test_every_key_of_the_project_itself_is_changed_below() -> None:
    every = [key for table in keys.known().values() for key in table.values()]
    own = {f"{key.table}.{key.name}" for key in every if key.goes_to == "project"}
    assert own <= set(CHANGES) <= {f"{key.table}.{key.name}" for key in every}


@pytest.mark.parametrize("name", sorted(CHANGES))
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_key_changes_what_is_made(
    name: str, make: Callable[..., Path], tmp_path: Path, city: pnav.PatentSet
) -> None:
    value, before = CHANGES[name]
    table, key = name.split(".")
    lay_out(tmp_path, city)
    base: Tables = {"report": {"outline": "keys.toml"}, **before}
    after = {**base, table: {**base.get(table, {}), key: value(city) if callable(value) else value}}
    if repr(base) not in BASES:
        BASES[repr(base)] = outcome(make(**base))
    assert outcome(make(**after)) != BASES[repr(base)]


@pytest.mark.parametrize("goes_to", ["read", "study", "cover", "build"])
def test_every_other_key_is_handed_on(goes_to: str, tmp_path: Path) -> None:
    """Also those that come with a new argument, and that nobody thought of here."""
    samples = {
        "str": "x",
        "bool": True,
        "int": 3,
        "float": 0.5,
        "Mapping": {"a": "b"},
        "list": ["a"],
    }
    every = [k for t in keys.known().values() for k in t.values() if k.goes_to == goes_to]
    given: Tables = {}
    for key in every:
        kinds = key.kinds or ()
        values = [v for kind in kinds for v in kind.values or ()]
        plain = [samples[kind.name] for kind in kinds if kind.name in samples]
        file = key.is_table or key.table == keys.TABLES
        sample = "table.csv" if file else [*values, *plain, "2020"][0]
        given.setdefault(key.table, {})[key.name] = sample
    (tmp_path / "table.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "x").write_text("alias,name\n", encoding="utf-8")
    checked = {
        table: {n: keys.known()[table][n].value(v, tmp_path, n) for n, v in values.items()}
        for table, values in given.items()
    }
    handed = pnav.project.Project(tmp_path / "p.toml", checked).handed(goes_to)
    if goes_to == "study":
        handed |= handed.pop(keys.TABLES)  # the user's tables are one input
    assert set(handed) == {key.name for key in every}
