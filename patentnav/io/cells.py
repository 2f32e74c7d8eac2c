"""A column of a file under one of its meanings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from patentnav.io.formats import Target


@dataclass(frozen=True)
class Cells:
    """One column of the file under one of its meanings."""

    header: str
    position: int
    column: pa.Array
    target: Target
