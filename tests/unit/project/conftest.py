"""A small synthetic city as an export, and projects on it that share one cache."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import patentnav as pnav
from patentnav.provenance import Step

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OUTLINE = """\
title = { zh = "短", en = "Short" }
[[part]]
id = "methods"
sections = ["sources", "rules"]
"""


DISTRICTS = ("济南市历下区一路1号", "济南市市中区二路2号")  # cities share names of districts
NAMES = ("云泽鼎达集团有限公司", "R&D Tools", "R*D Tools")


@pytest.fixture(scope="session")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of 100 publications of a synthetic city, some of whose owners have other names.

    The largest owner has a firm of its group beside it, two have the same letters, and all sit in
    two districts.
    """
    patents = pnav.datasets.city(n=100, random_state=3).patents
    parties = patents.parties
    largest = parties.loc[parties["role"] == "applicant", "name_raw"].value_counts().index
    odd = parties["publication_id"].str[-2].isin(list("13579"))
    parties = parties.assign(
        name_raw=parties["name_raw"].replace(dict(zip(largest[1:4], NAMES, strict=True))),
        address=odd.map({True: DISTRICTS[0], False: DISTRICTS[1]}),
        region=None, city=None, district=None,
    )  # fmt: skip
    patents = patents.replace(Step("test"), parties=parties)
    file = tmp_path_factory.mktemp("exports") / "city.xlsx"
    return pnav.datasets.write_export(patents, file, "cnipr")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)


def write(file: Path, **tables: dict[str, Any]) -> Path:
    """Write a project file; keys of None are left out."""
    lines = []
    for table, keys in tables.items():
        lines.append(f"[{table}]")
        lines += [f"{name} = {toml(v)}" for name, v in keys.items() if v is not None]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


@pytest.fixture
def make(tmp_path: Path, export: Path, cache: Path) -> Callable[..., Path]:
    """Makes a project file of a quick project; tables given are laid over it key by key."""

    def project(name: str = "p.toml", **changed: dict[str, Any]) -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        (file.parent / "short.toml").write_text(OUTLINE, encoding="utf-8")
        tables: dict[str, dict[str, Any]] = {
            "project": {"lang": "en"},
            "input": {"files": [str(export)]},
            "classify": {"taxonomy": "jinan-ten"},
            "report": {"outline": "short.toml", "formats": ["xlsx"]},
            "output": {"cache": str(cache)},
        }
        for table, keys in changed.items():
            tables[table] = {**tables.get(table, {}), **keys}
        return write(file, **tables)

    return project


def manifest(file: Path, folder: str = "out") -> dict[str, Any]:
    return json.loads((file.parent / folder / "manifest.json").read_text(encoding="utf-8"))
