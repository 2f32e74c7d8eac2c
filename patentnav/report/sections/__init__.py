"""The sections of reports, by part. Importing this package registers them."""

from patentnav.report.sections import (
    direction,
    methods,
    path,
    position,
    space,
    summary,
    talent,
    technology,
)

__all__ = ["direction", "methods", "path", "position", "space", "summary", "talent", "technology"]
