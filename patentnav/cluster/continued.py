"""Groups that go on from one result to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Carried:
    """Groups that continue those of an earlier result.

    Attributes
    ----------
    labels
        Group of every vector, -1 for none.
    ids
        Id of every group; new ones are numbered on.
    names
        Name by id of those that are continued.
    """

    labels: np.ndarray
    ids: list[str]
    names: dict[str, str]
