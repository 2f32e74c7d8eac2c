"""Small sets worked by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from patentnav import PatentSet


def _make(**tables):
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    return PatentSet.from_tables(frames)


@pytest.fixture
def make():
    """Return a set from rows per table; ``publications`` rows carry ``publication_id``."""
    return _make
