"""Rules of the house that a program can see."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import patentnav as pnav

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(pnav.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
CJK = re.compile("[\u2e80-\u9fff\uff00-\uffef]")
FIRST = {"patents", "result", "graph", "values", "source", "sets", "path", "name", "names"}


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_no_wording_in_code_and_no_long_file(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 500
    found = [i for i, line in enumerate(text.splitlines(), 1) if CJK.search(line)]
    assert not found, f"Chinese text belongs in data files: lines {found}"


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_no_swallowed_errors(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else ""
            assert caught not in {"", "Exception", "BaseException"}, f"line {node.lineno}"
            assert not all(isinstance(x, ast.Pass) for x in node.body), f"line {node.lineno}"


def public_functions() -> dict[str, Callable]:
    found = {}
    for name in pnav._MODULES:
        module = importlib.import_module(f"patentnav.{name}")
        for attribute in getattr(module, "__all__", []):
            value = getattr(module, attribute)
            if inspect.isfunction(value):
                found[f"{name}.{attribute}"] = value
    return found


FUNCTIONS = public_functions()


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_public_functions_are_documented_and_keyword_friendly(name: str) -> None:
    function = FUNCTIONS[name]
    signature = inspect.signature(function)
    positional = [
        p for p in signature.parameters.values()
        if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD}
    ]  # fmt: skip
    assert len(positional) <= 3, f"{name} has {len(positional)} positional parameters"
    assert signature.return_annotation is not inspect.Signature.empty
    document = inspect.getdoc(function) or ""
    assert document, f"{name} has no docstring"
    if signature.return_annotation not in {"None", None} and len(document.splitlines()) > 1:
        assert "Returns" in document or "Yields" in document, f"{name} does not say what it returns"


def test_every_module_is_importable() -> None:
    for module in pkgutil.walk_packages([str(ROOT)], "patentnav."):
        importlib.import_module(module.name)


def test_public_names_resolve() -> None:
    for name in pnav.__all__:
        assert getattr(pnav, name) is not None


@pytest.mark.parametrize("code", ["import patentnav", "import patentnav.cli"])
def test_import_stays_light(code: str) -> None:
    heavy = ["sklearn", "matplotlib.pyplot", "networkx", "scipy", "docx", "lxml"]
    probe = f"{code}; import sys; print([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True
    ).stdout
    assert out.strip() == "[]"


def test_nothing_opens_a_connection() -> None:
    banned = {"requests", "urllib.request", "http.client", "socket", "httpx", "aiohttp"}
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not banned & set(names), f"{file.name}: {names}"


def test_what_type_checkers_see_is_what_is_there():
    """`patentnav/__init__.pyi` names all that the lazy `__init__.py` gives, and nothing else."""
    stub = (ROOT / "__init__.pyi").read_text(encoding="utf-8")
    assert set(re.findall(r" as (\w+)$", stub, re.M)) == set(pnav.__all__)
