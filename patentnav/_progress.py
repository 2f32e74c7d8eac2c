"""Progress of long work: a tqdm bar after two seconds where somebody looks, silence elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

from patentnav.config import get_config

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")

DELAY = 2.0  # seconds after which a bar appears


def _wanted() -> bool:
    choice = get_config().progress
    if choice is not None:
        return choice
    return sys.stderr.isatty() or "ipykernel" in sys.modules


def progress(items: Iterable[T], label: str, *, total: int | None = None) -> Iterator[T]:
    """Iterate over ``items``; show a bar called ``label`` when the work is watched."""
    if not _wanted():
        yield from items
        return
    # Plain text in notebooks too: a widget leaves "model not found" in the notebook that is saved.
    from tqdm import tqdm

    watched = sys.stdout if "ipykernel" in sys.modules else sys.stderr
    yield from tqdm(items, desc=label, total=total, leave=False, delay=DELAY, file=watched)
