"""Whole runs for each kind of report: which sets there are, what their reports say, what is shared."""

from __future__ import annotations

import functools
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

import patentnav as pnav
from patentnav import classify, clean, cluster, report
from patentnav.project.groups import stems
from patentnav.study import Study, cache

from .conftest import NAMES, manifest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def spy(monkeypatch: pytest.MonkeyPatch, place: Any, name: str, seen: list[Any]) -> None:
    """Note the first argument and the result of every call."""
    original = getattr(place, name)

    @functools.wraps(original)
    def noted(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        seen.append((args[0], result))
        return result

    monkeypatch.setattr(place, name, noted)


@pytest.mark.parametrize(
    ("per", "given", "minimum"),
    [
        ("industry", "industry", 9),
        ("sub-sector", "sub_sector", 4),
        ("applicant", "applicant", 3),
        ("group", "applicant", 3),
        ("district", "region", 4),
    ],
)
def test_a_report_per_group(
    per: str,
    given: str,
    minimum: int,
    make: Callable[..., Path],
    export: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    built: list[tuple[Study, report.Report]] = []
    spy(monkeypatch, report, "build", built)
    file = make(report={"per": per, "min_publications": minimum})
    files = pnav.project.run(file)
    sets = manifest(file)["sets"]
    assert len(sets) >= 2
    assert [f.name for f in files[1:]] == [f"{one['stem']}-en.xlsx" for one in sets]
    assert all(f.exists() for f in files)
    sizes = [one["publications"] for one in sets]
    assert sizes == sorted(sizes, reverse=True)
    assert min(sizes) >= minimum
    whole = len(Study(pnav.read(export)).cleaned)
    for one, (study, made) in zip(sets, built, strict=True):
        assert getattr(study.inputs, given) == one["name"]
        assert len(study.patents) == (whole if per == "district" else one["publications"])
        words = one["name"]
        if per in {"industry", "sub-sector"}:
            words = study.tree.names("en")[one["name"]]
        assert words in " ".join(value for _, value in made.facts)  # on the cover
    if per == "applicant":
        assert {"R&D Tools", "R*D Tools"} <= {one["name"] for one in sets}
        assert NAMES[0] in {one["name"] for one in sets}
    if per == "group":  # the firm of the largest owner's group is no set of its own
        assert NAMES[0] not in {one["name"] for one in sets}
    if per == "district":
        assert {one["name"] for one in sets} == {"济南市历下区", "济南市市中区"}
        assert all(study.local.any() and not study.local.all() for study, _ in built)


def test_every_group_is_reported_or_left_with_a_reason(
    make: Callable[..., Path], export: Path
) -> None:
    file = make(report={"per": "applicant", "top": 2, "min_publications": 2})
    pnav.project.run(file)
    left = manifest(file)
    study = Study(pnav.read(export))
    owners = pnav.facts.owners(study.patents, "party", which="all")
    sizes = owners.groupby("owner")["publication_id"].nunique()
    assert len(left["sets"]) + len(left["left_out"]) == len(sizes)
    reasons = Counter(one["reason"] for one in left["left_out"])
    assert reasons["fewer than min_publications = 2"] == (sizes < 2).sum()
    assert reasons["not among the largest, top = 2"] == (sizes >= 2).sum() - 2


def test_names_that_look_alike_keep_their_files_whichever_are_asked_for(
    make: Callable[..., Path],
) -> None:
    alike = {"per": "applicant", "min_publications": 1, "only": list(NAMES[1:])}
    both = pnav.project.run(make(report=alike))[1:]
    assert len({f.name.casefold() for f in both}) == 2
    one = pnav.project.run(make(report={**alike, "only": NAMES[2]}))[1:]
    assert set(one) < set(both)


def test_stems_differ_on_any_file_system() -> None:
    names = ["ict", "R&D", "R*D", "Acme", "ACME", "x" * 300, "x" * 299, "../../etc", "a\0b", "示例"]
    found = stems(names)
    assert len({s.casefold() for s in found}) == len(names)
    assert found[0] == "ict"
    assert found[-1] == "示例"
    assert all(len(f"{s}-enterprise-zh-figures".encode()) < 255 for s in found)
    assert not any(set("/\\\0:*?") & set(s) for s in found)
    assert dict(zip(names[::-1], stems(names[::-1]), strict=True)) == dict(
        zip(names, found, strict=True)
    )


def test_an_unknown_name_is_told_with_what_there_is(make: Callable[..., Path]) -> None:
    file = make(report={"per": "industry", "only": ["zzz"]})
    with pytest.raises(pnav.UnknownNameError, match=r"zzz.*logistics"):
        pnav.project.run(file)


def test_one_that_was_asked_for_and_is_too_small_is_told(make: Callable[..., Path]) -> None:
    file = make(report={"per": "industry", "only": "ict", "min_publications": 50})
    with pytest.warns(
        UserWarning, match='no report on "ict" .8.: fewer than min_publications = 50'
    ):
        pnav.project.run(file)


def test_outlines_and_languages_share_one_study(
    make: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Of seven sets in two languages and two outlines every result is computed once."""
    done: dict[str, list[Any]] = {"dedup": [], "members": [], "clusters": []}
    spy(monkeypatch, clean, "deduplicate", done["dedup"])
    spy(monkeypatch, classify, "memberships", done["members"])
    spy(monkeypatch, cluster, "technologies", done["clusters"])
    monkeypatch.setattr("patentnav.study.groups.FEWEST", 5)
    outline = "[[part]]\nid = 'methods'\nsections = ['technologies']\n"
    other = f"title = {{ zh = '二', en = 'Second' }}\n{outline}"
    file = make(
        project={"lang": ["zh", "en"]},
        report={"outline": ["one.toml", "two.toml"], "per": "industry", "top": 7, "min_publications": 2},
        output={"cache": str(tmp_path / "cache")},
    )  # fmt: skip
    for name in ("one", "two"):
        (file.parent / f"{name}.toml").write_text(other, encoding="utf-8")
    files = pnav.project.run(file)
    assert len(files) == 1 + 7 * 2 * 2
    assert files[1].name.endswith("-one-zh.xlsx")
    assert len(done["dedup"]) == len(done["members"]) == 1
    sets = [frozenset(patents.publications.index) for patents, _ in done["clusters"]]
    assert 2 <= len(sets) == len(set(sets)) <= 7

    # Another gate: all the reports are new, none of these is computed again.
    made = {f: f.read_bytes() for f in files[1:]}
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}\n[portfolio]\nmin_pct = 3\n", encoding="utf-8")
    before = {name: len(calls) for name, calls in done.items()}
    told: list[str] = []
    pnav.project.run(file, tell=told.append)
    assert {name: len(calls) for name, calls in done.items()} == before
    assert len(told) == 1 + len(made)

    # And with nothing kept the same bytes.
    there = {f: f.read_bytes() for f in files[1:]}
    (file.parent / "out" / "manifest.json").unlink()
    monkeypatch.setattr(cache, "current", lambda: None)
    pnav.project.run(file)
    assert len(done["dedup"]) == 2
    assert {f: f.read_bytes() for f in files[1:]} == there
