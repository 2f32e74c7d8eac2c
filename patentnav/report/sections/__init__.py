"""The sections of reports, by part. Importing this package registers them."""

from patentnav.report.sections import (
    branches,
    chain,
    core,
    direction,
    holders,
    methods,
    path,
    position,
    space,
    stage,
    summary,
    talent,
    technology,
)

__all__ = [
    "branches",
    "chain",
    "core",
    "direction",
    "holders",
    "methods",
    "path",
    "position",
    "space",
    "stage",
    "summary",
    "talent",
    "technology",
]
