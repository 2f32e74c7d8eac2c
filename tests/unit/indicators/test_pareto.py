"""Tiers of rows that several measures put in order."""

from __future__ import annotations

import pandas as pd

from patentnav import indicators


def test_differences_of_rounding_beat_nobody_and_protect_nobody() -> None:
    # 0.1 + 0.2 is a little more than 0.3: the second row is ahead all the same.
    rows = pd.DataFrame({"a": [0.1 + 0.2, 0.3, 0.3], "b": [1, 2, 2]})
    assert indicators.tiers(rows)["tier"].tolist() == [2, 1, 1]
    assert indicators.tiers(rows[["a"]])["tier"].tolist() == [1, 1, 1]


def test_what_is_not_known_is_in_favour_of_a_row() -> None:
    rows = pd.DataFrame({"a": [1.0, None, 2.0], "b": [1.0, 3.0, 2.0]})
    assert indicators.tiers(rows)["tier"].tolist() == [2, 1, 1]
