"""The sections of reports, by part. Importing this package registers them."""

from patentnav.report.sections import (
    chain,
    core,
    direction,
    holders,
    methods,
    path,
    position,
    rights,
    space,
    stage,
    summary,
    talent,
    technology,
)

__all__ = [
    "chain", "core", "direction", "holders", "methods", "path", "position", "rights", "space", "stage", "summary",
    "talent", "technology",
]  # fmt: skip
