"""Running again: what is kept, what goes on, what is made anew."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

import patentnav as pnav
from patentnav import _files, cli, io

from .conftest import manifest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TWO: dict[str, Any] = {
    "project": {"lang": ["zh", "en"]},
    "report": {"per": "industry", "min_publications": 9, "top": 2},
}


class Stop(BaseException):
    """What a killed process is to a test: nothing catches it."""


def contents(folder: Path) -> dict[str, str]:
    """Hashes of the deliverables, without the manifest, which has seconds."""
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != "manifest.json"
    }


def told(file: Path) -> list[str]:
    lines: list[str] = []
    pnav.project.run(file, tell=lines.append)
    return lines


def test_the_manifest_says_what_was_made_from_what(make: Callable[..., Path], export: Path) -> None:
    file = make(**TWO, portfolio={"min_pct": 3})
    files = pnav.project.run(file)
    left = manifest(file)
    assert left["complete"]
    [city, outline] = left["inputs"]
    assert city["sha256"] == hashlib.sha256(export.read_bytes()).hexdigest()
    assert (outline["key"], outline["file"]) == ("report.outline", "short.toml")
    assert left["parameters"]["portfolio"] == {
        "min_inventions": 50,
        "min_pct": 3,
        "granted_only": False,
        "portfolios": 30,
    }
    assert {"patentnav", "python", "pandas"} <= set(left["versions"])
    named = [name for one in left["reports"] for name in one["outputs"]]
    assert [f.name for f in files[1:]] == named
    assert all(one["seconds"] > 0 for one in left["reports"])
    assert {step["step"] for step in left["set"]["steps"]} >= {"cleaned", "classified"}
    assert all({s["step"] for s in one["steps"]} >= {"activity"} for one in left["sets"])
    there = contents(file.parent / "out")
    assert {name: one["sha256"] for name, one in left["outputs"].items()} == there


def test_nothing_is_done_where_nothing_has_changed(
    make: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = make(**TWO)
    first = pnav.project.run(file)
    before = contents(file.parent / "out")

    def refuse(*_: Any, **__: Any) -> None:
        raise Stop

    monkeypatch.setattr(_files, "write_file", refuse)
    monkeypatch.setattr(io.read.__wrapped__, "__code__", refuse.__code__)
    assert pnav.project.run(file) == first
    assert contents(file.parent / "out") == before


def test_only_what_is_missing_is_made(make: Callable[..., Path]) -> None:
    file = make(**TWO)
    _set, lost, edited, *kept = pnav.project.run(file)
    before = contents(file.parent / "out")
    lost.unlink()
    edited.write_bytes(b"edited by hand")
    stamps = [f.stat().st_mtime_ns for f in kept]
    rows = pnav.project.plan(file).set_index("name")
    assert rows.loc[[lost.name, edited.name], "reason"].tolist() == ["removed or edited"] * 2
    assert rows.loc[kept[0].name, "state"] == "kept"
    lines = told(file)
    assert [line[:5] for line in lines] == ["read ", "[1/2]", "[1/2]"]
    assert contents(file.parent / "out") == before
    assert [f.stat().st_mtime_ns for f in kept] == stamps


def test_another_form_is_made_and_the_others_kept(make: Callable[..., Path]) -> None:
    first = pnav.project.run(make())
    stamp = first[1].stat().st_mtime_ns
    lines = told(make(report={"formats": ["xlsx", "html"]}))
    assert [line.split(" (")[0] for line in lines if "[" in line] == ["[1/1] report-en.html"]
    assert first[1].stat().st_mtime_ns == stamp
    with pytest.warns(UserWarning, match=r'"report-en.xlsx" is of an earlier run'):
        pnav.project.run(make(report={"formats": ["html"]}))


@pytest.mark.parametrize("changed", ["input", "outline", "option"])
def test_a_change_is_seen(changed: str, make: Callable[..., Path], export: Path) -> None:
    file = make(input={"files": "city.xlsx"})
    (file.parent / "city.xlsx").write_bytes(export.read_bytes())
    pnav.project.run(file)
    assert told(file) == [told(file)[0]]
    if changed == "input":
        few = pnav.read(export)
        few = few.filter(few.publications.index[:50])
        pnav.datasets.write_export(few, file.parent / "city.xlsx", "cnipr")
    elif changed == "outline":
        outline = file.parent / "short.toml"
        outline.write_text(outline.read_text(encoding="utf-8").replace("Short", "Long"), "utf-8")
    with pnav.config_context(unit="family" if changed == "option" else "application"):
        assert len(told(file)) > 1


def test_a_run_that_was_stopped_goes_on_and_ends_in_the_same_bytes(
    make: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped before every single write, and then once more after each."""
    undisturbed = make("a/p.toml", **TWO)
    pnav.project.run(undisturbed)
    expected = contents(undisturbed.parent / "out")
    file = make("b/p.toml", **TWO)
    folder = file.parent / "out"
    original, replaced = _files._fill, []

    def stop(part: Any, content: Any, target: Path) -> None:
        if target.is_relative_to(folder.resolve()) and target not in replaced:
            replaced.append(target)
            part.write_bytes(b"half")
            raise Stop
        original(part, content, target)

    monkeypatch.setattr(_files, "_fill", stop)
    stops = 0
    while True:
        try:
            pnav.project.run(file)
            break
        except Stop:
            stops += 1
            assert set(contents(folder).items()) <= set(expected.items())
    assert stops == 5  # the manifest and four reports
    assert contents(folder) == expected


def test_the_folder_of_another_project_is_left_alone(make: Callable[..., Path]) -> None:
    pnav.project.run(make("one.toml"))
    with pytest.raises(pnav.ArgumentError, match=r'holds the deliverables of "one.toml"'):
        pnav.project.run(make("two.toml"))
    (make("one.toml")).unlink()  # renamed
    pnav.project.run(make("two.toml"))


def test_a_damaged_manifest_costs_only_time(make: Callable[..., Path]) -> None:
    file = make()
    pnav.project.run(file)
    before = contents(file.parent / "out")
    own = file.parent / "out" / "manifest.json"
    whole = own.read_text(encoding="utf-8")
    for damage in ("", "[]", whole.replace('"report-en.xlsx"', "3", 1)):
        own.write_text(damage, encoding="utf-8")
        assert len(told(file)) > 1
        assert contents(file.parent / "out") == before


def test_the_plan_says_what_is_to_do(make: Callable[..., Path], tmp_path: Path) -> None:
    tables = {**TWO, "output": {"cache": str(tmp_path / "cache")}}
    file = make(**tables)
    before = pnav.project.plan(file)
    assert set(before["state"]) == {"to do", "known later"}
    assert not (tmp_path / "out").exists()
    pnav.project.run(file)
    after = pnav.project.plan(file)
    assert set(after["state"]) == {"kept"}
    assert after["kind"].tolist().count("report") == 4
    changed = pnav.project.plan(make(**tables, portfolio={"min_pct": 3})).set_index("name")
    assert changed.loc[["cleaned", "classified"], "state"].tolist() == ["kept", "kept"]
    assert changed.loc["one per industry", "state"] == "known later"


def test_the_command_line(make: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    file = make()
    assert cli.main(["plan", str(file)]) == cli.OK
    assert "report-en.xlsx" in capsys.readouterr().out
    assert cli.main(["run", str(file)]) == cli.OK
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("read 1 files: 100 publications")
    assert said[-1] == f"-> {file.parent / 'out' / 'report-en.xlsx'}"
    assert cli.main(["run", str(file.parent / "short.toml")]) == cli.WRONG_USE
