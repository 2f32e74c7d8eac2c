"""patentnav: patent navigation and portfolio analysis from real vendor exports.

Names are loaded when first used, so that ``import patentnav`` stays light.
"""

from __future__ import annotations

import importlib
from typing import Any

from patentnav._version import __version__
from patentnav.errors import (
    ArgumentError,
    ClaimError,
    CoverageWarning,
    DataQualityWarning,
    DisclosureError,
    ExpressionError,
    FileError,
    FormatError,
    IntakeWarning,
    MissingColumnError,
    MissingDependencyError,
    MissingTableError,
    PatentnavError,
    SchemaError,
    UnavailableError,
    UnknownNameError,
    WrongKindError,
)

_MODULES = (
    "claims", "classify", "clean", "cluster", "config", "counting", "datasets", "disclosure", "explore", "facts", "findings", "i18n", "indicators", "io", "kpi",
    "matching", "network", "normalize", "operation", "planning", "plot", "plugins", "population", "portfolio", "project", "query", "report", "schema", "study", "tables", "talent",
    "taxonomy", "text", "valuation",
)  # fmt: skip
_NAMES = {
    "read": "patentnav.io",
    "load": "patentnav.patentset",
    "concat": "patentnav.patentset",
    "PatentSet": "patentnav.patentset",
    "Study": "patentnav.study",
    "get_config": "patentnav.config",
    "set_config": "patentnav.config",
    "config_context": "patentnav.config",
}

__all__ = [
    "ArgumentError", "ClaimError", "CoverageWarning", "DataQualityWarning", "DisclosureError", "ExpressionError", "FileError", "FormatError",
    "IntakeWarning", "MissingColumnError", "MissingDependencyError", "MissingTableError",
    "PatentnavError", "SchemaError", "UnavailableError", "UnknownNameError", "WrongKindError",
    "__version__", *_MODULES, *_NAMES,
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        return getattr(importlib.import_module(_NAMES[name]), name)
    if name in _MODULES:
        return importlib.import_module(f"patentnav.{name}")
    msg = f"module 'patentnav' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted(__all__)
