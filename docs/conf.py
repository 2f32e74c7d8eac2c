"""Sphinx configuration; pages under reference/generated are written before each build."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import generate

from patentnav import __version__

project = "patentnav"
author = "The patentnav developers"
project_copyright = "2026, the patentnav developers"
release = version = __version__

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "attrs_inline"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # the tests execute the notebooks
autosummary_generate = True
autodoc_typehints = "none"
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False
templates_path: list[str] = []
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "patentnav"
html_static_path: list[str] = []
suppress_warnings = ["mystnb.unknown_mime_type", "myst.header"]

HERE = Path(__file__).parent
generate.write_pages(HERE / "reference" / "generated")
generate.copy_notebooks(HERE.parent / "notebooks", HERE / "tutorial" / "generated")
