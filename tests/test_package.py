"""What is installed works without the repository, and what it installs may be passed on."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = """
import warnings
warnings.simplefilter("ignore")
import pathlib, patentnav as pnav
place = pathlib.Path(pnav.__file__).parent
assert place.parent.name == "site", place
assert (place / "py.typed").exists() and (place / "__init__.pyi").exists()
patents = pnav.datasets.city(n=80).patents
pnav.datasets.write_export(patents, "a.xlsx", "incopat")
report = pnav.report.build(pnav.read("a.xlsx"), outline="kpi", lang="zh")
for form in ("docx", "html", "xlsx", "pptx"):
    report.save(f"report.{form}")
print(len(pnav.classify.industries(patents)))
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist."""
    pytest.importorskip("hatchling")
    place = tmp_path_factory.mktemp("built")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(place)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    return place


def test_the_wheel_works_without_the_repository(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as file:
        file.extractall(site)
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(site)!r})\n{PROGRAM}"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == "80"


def test_both_hold_every_file_of_the_package(built: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "patentnav"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\n")
    if not any(tracked):
        pytest.skip("no git here to say which files there are")
    files = {name for name in tracked if name}
    (wheel,) = built.glob("*.whl")
    (sdist,) = built.glob("*.tar.gz")
    assert files <= set(zipfile.ZipFile(wheel).namelist())
    with tarfile.open(sdist) as file:
        assert files <= {name.split("/", 1)[1] for name in file.getnames() if "/" in name}


def requirements() -> set[str]:
    """Distributions that a plain install brings, from their metadata."""
    found: set[str] = set()
    waiting = ["patentnav"]
    while waiting:
        for line in metadata.requires(waiting.pop()) or []:
            name = re.match(r"[\w.-]+", line)
            if name is None or "extra ==" in line or ("sys_platform" in line and "win32" in line):
                continue
            key = name[0].lower().replace("_", "-")
            if key not in found:
                try:
                    metadata.version(key)
                except metadata.PackageNotFoundError:
                    continue  # of another platform or Python
                found.add(key)
                waiting.append(key)
    return found


def test_a_plain_install_brings_nothing_under_the_gpl() -> None:
    """A licence is stated for every distribution, and none of them is of the GPL family."""
    for name in sorted(requirements()):
        of = metadata.metadata(name)
        # The field License may hold the whole text, which speaks of other licences: its first line.
        old = (of.get("License") or "").strip().split("\n")[0]
        text = " ".join([of.get("License-Expression") or "", old, *of.get_all("Classifier", [])])
        assert re.search(r"licen[cs]e|MIT|BSD|Apache|PSF|MPL|HPND|ISC", text, re.I), name
        assert not re.search(r"(?<![LA])GPL|GNU General Public", text), name
