"""Every example and notebook runs as a reader would run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("script", EXAMPLES, ids=lambda f: f.stem)
def test_example_runs(script: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "MPLBACKEND": "agg"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip()
    assert any(p.is_file() for p in (tmp_path / "out").rglob("*"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda f: f.stem)
@pytest.mark.filterwarnings("ignore")  # of the notebook machinery; the kernel has its own
def test_notebook_runs(
    file: Path, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATENTNAV_LANG", lang)  # the language of output, as a reader would set it
    notebook = nbformat.read(file, as_version=4)
    assert all(not c.get("outputs") for c in notebook.cells), "commit notebooks without outputs"
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    )
    client.execute()
    shown = [c for c in notebook.cells if c.cell_type == "code" and c.get("outputs")]
    assert len(shown) >= 5


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda f: f.stem)
def test_notebook_teaches(file: Path) -> None:
    """A question of practice first, then what the method cannot tell, then exercises with answers."""
    text = [c.source for c in nbformat.read(file, as_version=4).cells if c.cell_type == "markdown"]
    assert "**问题**" in text[0]
    assert "## 练习" in "\n".join(text)
    assert "<summary>答案</summary>" in "\n".join(text)


def test_course_is_complete() -> None:
    assert [f.stem[:2] for f in NOTEBOOKS] == [f"{n:02}" for n in range(10)]
