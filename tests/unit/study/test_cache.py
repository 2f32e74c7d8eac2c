"""Results on disk: the very same come back, whatever changes makes new ones, damage costs only time."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import patentnav as pnav
from patentnav import report
from patentnav.study import Inputs, Study, cache, codec
from patentnav.study.codec import CodecError
from patentnav.study.fingerprint import fingerprint

if TYPE_CHECKING:
    from pathlib import Path

KEPT = [name for name, step in Study.all_steps().items() if step.keep]


@pytest.fixture(scope="module")
def patents() -> pnav.PatentSet:
    return pnav.datasets.city(n=150, random_state=1).patents


@pytest.fixture(scope="module")
def plain(patents: pnav.PatentSet) -> Study:
    """A study that keeps nothing."""
    return Study(patents, n_clusters=4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, plain: Study) -> Path:
    """A cache with all results of that study."""
    place = tmp_path_factory.mktemp("cache")
    for name in KEPT:
        key = Study.kept_as(name, plain.set_hash, plain.inputs)
        assert key is not None
        cache.Cache(place).put(key, plain.result(name))
    return place


def entries(folder: Path) -> list[Path]:
    return sorted(p.parent for p in folder.rglob("entry.json"))


@pytest.mark.parametrize("name", KEPT)
def test_every_kept_step_comes_back_the_same(name: str, plain: Study, folder: Path) -> None:
    key = Study.kept_as(name, plain.set_hash, plain.inputs)
    found, made = cache.Cache(folder).get(str(key)), plain.result(name)
    assert found is not None
    assert fingerprint(found) == fingerprint(made)
    # The fingerprint is proven below; of the plainest kinds pandas says the same.
    if isinstance(made, pd.DataFrame):
        pd.testing.assert_frame_equal(found, made)
        assert found.attrs == made.attrs
    if name == "technologies":
        pd.testing.assert_series_equal(found.labels, made.labels)
        assert found.parameters == made.parameters
    if name == "cleaned":
        assert found.provenance == made.provenance
        pd.testing.assert_frame_equal(found.parties, made.parties)
    if name == "talents":
        assert list(found.graph.edges(data=True)) == list(made.graph.edges(data=True))


FRAME = pd.DataFrame({"a": [1, 2], "b": ["x", None]}, index=pd.Index(["p", "q"], name="id"))
CHANGES: dict[str, Any] = {
    "value": FRAME.assign(a=[1, 3]),
    "missing": FRAME.assign(b=["x", "None"]),
    "dtype": FRAME.astype({"a": "Int64"}),
    "column": FRAME.rename(columns={"a": "c"}),
    "order": FRAME[["b", "a"]],
    "index": FRAME.set_axis(["p", "r"]).rename_axis("id"),
    "index name": FRAME.rename_axis(None),
    "columns name": FRAME.rename_axis(columns="what"),
    "rows": FRAME.iloc[::-1],
    "object": FRAME.astype({"b": object}),
    "category": FRAME.astype({"b": "category"}),
    "categories": FRAME.assign(b=pd.Categorical(["x", None], ["x", "y"])),
    "ordered": FRAME.assign(b=pd.Categorical(["x", None], ["x"], ordered=True)),
    "series": FRAME["a"],
}


def test_a_fingerprint_tells_apart_what_differs() -> None:
    noted = FRAME.copy()
    noted.attrs = {"unit": "family"}
    tuples = FRAME.assign(b=[("x",), ("y",)])
    others = [1, 1.0, True, "1", None, [1], (1,), {"a": {"b": 1}, "c": 2}, {"a": {"b": 1, "c": 2}},
              np.array([1]), np.array([[1]]), np.array([1.0]), nx.path_graph(2), nx.path_graph(2, nx.DiGraph),
              nx.Graph([(0, 1, {"weight": 2})]), tuples, FRAME.assign(b=[["x"], ["y"]]), noted, FRAME]  # fmt: skip
    hashes = [fingerprint(v) for v in (*CHANGES.values(), *others)]
    assert len(set(hashes)) == len(hashes)
    assert fingerprint(FRAME) == fingerprint(FRAME.copy())


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_tables_of_any_kind_come_back_or_are_not_kept(name: str, tmp_path: Path) -> None:
    value = CHANGES[name]
    if name == "object":  # Parquet would make it a column of texts
        with pytest.raises(CodecError, match="does not come back"):
            codec.write(tmp_path, value)
        return
    codec.write(tmp_path, value)
    check = pd.testing.assert_series_equal if name == "series" else pd.testing.assert_frame_equal
    check(codec.read(tmp_path), value)


def test_what_cannot_be_kept_is_computed_each_time(tmp_path: Path) -> None:
    for odd in (object(), {1: 2}, pd.DataFrame({"a": [object()]}), pd.Timestamp("2020")):
        store = cache.Cache(tmp_path)
        store.put("ab12", odd)
        assert store.get("ab12") is None
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


OUTLINE = """\
title = { zh = "短", en = "Short" }
[[part]]
id = "direction"
sections = ["emergence", "relatedness"]
[[part]]
id = "position"
sections = ["industries", "talent"]
[[part]]
id = "path"
sections = ["portfolios"]
[[part]]
id = "methods"
sections = ["technologies", "steps"]
"""


def test_a_report_has_the_same_bytes_with_and_without(
    patents: pnav.PatentSet, plain: Study, folder: Path, tmp_path: Path
) -> None:
    outline = tmp_path / "short.toml"
    outline.write_text(OUTLINE, encoding="utf-8")
    with pnav.config_context(cache_dir=folder):
        other = Study(patents, n_clusters=4)
        first = report.build(other, outline, "en").save(tmp_path / "one.xlsx").read_bytes()
    asked = other.steps.set_index("step").loc[KEPT, "cached"].dropna()
    assert len(asked) >= 5
    assert asked.all()
    assert report.build(plain, outline, "en").save(tmp_path / "two.xlsx").read_bytes() == first


@pytest.mark.parametrize("damage", ["bit", "cut", "empty", "gone", "json", "kind", "swapped"])
def test_a_damaged_entry_is_computed_again(
    damage: str, patents: pnav.PatentSet, plain: Study, folder: Path, tmp_path: Path
) -> None:
    place = tmp_path / "cache"
    shutil.copytree(folder, place)
    key = str(Study.kept_as("classified", plain.set_hash, plain.inputs))
    entry = place / key[:2] / key
    file = next(entry.glob("*.parquet"))
    content = file.read_bytes()
    if damage == "bit":
        file.write_bytes(content[:50] + bytes([content[50] ^ 1]) + content[51:])
    elif damage == "cut":
        file.write_bytes(content[:-20])
    elif damage == "empty":
        (entry / "entry.json").write_bytes(b"")
    elif damage == "gone":
        file.unlink()
    elif damage == "json":
        (entry / "entry.json").write_text("[1]", encoding="utf-8")
    elif damage == "kind":
        text = (entry / "entry.json").read_text(encoding="utf-8")
        (entry / "entry.json").write_text(text.replace("frame", "os"), encoding="utf-8")
    else:
        other = next(p for p in place.rglob("*.parquet") if p.read_bytes() != content)
        shutil.copy(other, file)
    with pnav.config_context(cache_dir=place):
        found = Study(patents, n_clusters=4).classified
    pd.testing.assert_frame_equal(found, plain.classified)
    assert cache.Cache(place).get(key) is not None  # and kept anew


def test_nothing_is_ever_unpickled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError

    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    assert len(entries(folder)) == len(KEPT)
    assert all(codec.read(entry) is not None for entry in entries(folder))
    endings = {p.suffix for p in folder.rglob("*") if p.is_file()}
    assert endings == {".json", ".parquet"}


def test_only_known_results_are_made_from_a_file(tmp_path: Path) -> None:
    kind = {"kind": "result", "type": "system", "fields": {}}
    plain = {"kind": kind, "files": {}}
    own = codec._own(plain)
    (tmp_path / "entry.json").write_text(json.dumps({**plain, "sha256": own}), encoding="utf-8")
    with pytest.raises(CodecError, match="no result of a known kind"):
        codec.read(tmp_path)


def test_a_key_changes_with_all_that_a_result_depends_on(
    patents: pnav.PatentSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def key(name: str = "cleaned", given: pnav.PatentSet = patents, **inputs: Any) -> str | None:
        study = Study(given, **inputs)
        return Study.kept_as(name, study.set_hash, study.inputs)

    aliases = tmp_path / "aliases.csv"
    aliases.write_text("alias,name\na,b\n", encoding="utf-8")
    keys = [key(), key("classified"), key(given=patents.filter(patents.publications.index[:-1]))]
    keys += [key(masked=False), key(aliases={"a": "b"}), key(aliases=aliases)]
    aliases.write_text("alias,name\na,c\n", encoding="utf-8")
    keys += [key(aliases=aliases), key("classified", taxonomy="green"), key("candidates")]
    keys += [key("candidates", min_pct=3), key("candidates", region="CN")]
    assert keys[-1] == keys[-3]  # candidates do not depend on the region
    assert key(min_pct=3) == key()
    data = tmp_path / "data" / "taxonomies"
    data.mkdir(parents=True)
    with pnav.config_context(data_path=tmp_path / "data"):
        for text in ("", "title = 'x'"):
            (data / "own.toml").write_text(text, encoding="utf-8")
            keys.append(key())
    with pnav.config_context(lang="en"):
        keys.append(key())
    monkeypatch.setattr(cache, "_package", lambda: "another version")
    keys.append(key())
    assert len(set(keys)) == len(keys) - 1
    assert key("units") is None  # not worth keeping
    assert (
        Study.kept_as("classified", "x", Inputs(taxonomy="wipo-35", memberships=object())) is None
    )  # type: ignore[arg-type]


def test_studies_share_what_the_same_taxonomy_gives(patents: pnav.PatentSet) -> None:
    """Which taxonomy is taken depends on region and industry; what follows from it does not."""
    study = Study(patents)
    industry = study.memberships["industry"].value_counts().index[0]
    for other in (study.with_inputs(region="x"), study.with_inputs(industry=industry)):
        assert other.classified is study.classified
        assert other.cleaned is study.cleaned
    another = study.with_inputs(taxonomy="jinan-ten")
    assert another.classified is not study.classified
    assert another.cleaned is study.cleaned


SCRIPT = """\
import sys, patentnav as pnav
study = pnav.Study(pnav.datasets.city(n=60).patents)
print(len(study.cleaned), len(study.classified))
"""


def test_two_processes_share_a_cache_that_somebody_deletes(tmp_path: Path) -> None:
    place = tmp_path / "cache"
    env = {**os.environ, "PATENTNAV_CACHE_DIR": str(place)}
    run = [sys.executable, "-W", "error", "-c", SCRIPT]
    both = [
        subprocess.Popen(run, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    while any(one.poll() is None for one in both):
        shutil.rmtree(place, ignore_errors=True)
    said = [one.communicate() for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert said[0][0] == said[1][0]
    assert all(codec.read(entry) is not None for entry in entries(place))
