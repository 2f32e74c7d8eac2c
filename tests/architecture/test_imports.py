"""No import circle between files, and no private name taken across packages."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import networkx as nx
import pytest

import patentnav as pnav

ROOT = Path(pnav.__file__).parent


def module_name(file: Path) -> str:
    parts = file.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_name(file): file for file in sorted(ROOT.rglob("*.py"))}


def imports(text: str, modules: set[str]) -> list[tuple[str, str | None]]:
    """Modules imported anywhere in a file (functions and TYPE_CHECKING too), and the name taken."""
    found: list[tuple[str, str | None]] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found.extend((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            base = node.module or ""
            for alias in node.names:
                below = f"{base}.{alias.name}"
                found.append((below, None) if below in modules else (base, alias.name))
    return found


def circles(sources: dict[str, str]) -> list[set[str]]:
    graph = nx.DiGraph()
    for name, text in sources.items():
        for target, _ in imports(text, set(sources)):
            if target in sources and target != name:
                graph.add_edge(name, target)
    return [set(part) for part in nx.strongly_connected_components(graph) if len(part) > 1]


def private_names(name: str, text: str, modules: set[str]) -> list[str]:
    """Imports of ``name`` that reach into a private part of another package."""
    found = []
    for target, taken in imports(text, modules):
        parts = [*target.split("."), *([taken] if taken else [])]
        hidden = [i for i, p in enumerate(parts) if p.startswith("_") and not p.startswith("__")]
        if parts[0] != "patentnav" or not hidden:
            continue
        owner = parts[: hidden[0]]  # the package to which the private name belongs
        if name.split(".")[: len(owner)] != owner:
            found.append(".".join(parts))
    return found


def test_no_import_circle_between_files() -> None:
    found = circles({name: file.read_text(encoding="utf-8") for name, file in FILES.items()})
    assert found == []


def test_neither_document_nor_sections_know_a_renderer() -> None:
    render = "patentnav.report.render"
    for name, file in FILES.items():
        targets = {t for t, _ in imports(file.read_text(encoding="utf-8"), set(FILES))}
        if name != "patentnav.report" and not name.startswith(render):
            assert not [t for t in targets if t.startswith(render)], name


def test_circles_are_seen() -> None:
    text = {
        "p.a": "from p import b", "p.b": "def f():\n    import p.c", "p.c": "import json\nimport p.a",
        "p.d": "import p.a",
    }  # fmt: skip
    assert circles(text) == [{"p.a", "p.b", "p.c"}]


@pytest.mark.parametrize("name", sorted(FILES))
def test_no_private_name_crosses_packages(name: str) -> None:
    text = FILES[name].read_text(encoding="utf-8")
    assert private_names(name, text, set(FILES)) == []
    # ``module._name`` of an imported module is the same debt by another way.
    bound = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if f"{node.module}.{alias.name}" in FILES
    }
    reached = {
        f"{bound[node.value.id]}.{node.attr}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in bound
        and node.attr.startswith("_")
        and not node.attr.startswith("__")
    }
    assert reached == set()


def test_private_names_are_seen() -> None:
    modules = {"patentnav.a._b", "patentnav.a", "patentnav.c"}
    assert private_names("patentnav.c", "from patentnav.a import _b", modules)
    assert private_names("patentnav.c", "from patentnav.a import _f", modules)
    assert not private_names("patentnav.a", "from patentnav.a import _b", modules)
    assert not private_names("patentnav.c", "from patentnav._x import f", modules)


@pytest.mark.parametrize("name", sorted({*pnav._MODULES, *(m[10:] for m in pnav._NAMES.values())}))
def test_public_modules_list_their_names(name: str) -> None:
    module = importlib.import_module(f"patentnav.{name}")
    assert getattr(module, "__all__", None), f"patentnav.{name} has no __all__"
    missing = [attribute for attribute in module.__all__ if not hasattr(module, attribute)]
    assert missing == []
