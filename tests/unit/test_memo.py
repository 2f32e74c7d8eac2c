"""Shared tables: made once inside a block, never for another argument, never changed by a caller."""

from __future__ import annotations

import gc

import pandas as pd

from patentnav._memo import shared, sharing

MADE: list[int] = []


@shared
def _doubled(frame: pd.DataFrame, times: int = 2) -> pd.DataFrame:
    MADE.append(len(frame))
    return frame * times


def test_it_is_made_once_inside_a_block_and_each_time_outside() -> None:
    MADE.clear()
    frame = pd.DataFrame({"a": [1, 2]})
    with sharing():
        first = _doubled(frame)
        first["b"] = 0  # a caller's own column
        assert _doubled(frame).columns.tolist() == ["a"]
        assert _doubled(frame, times=3)["a"].tolist() == [3, 6]
    assert MADE == [2, 2]
    _doubled(frame)
    assert len(MADE) == 3


def test_an_argument_that_is_gone_is_no_other_one() -> None:
    with sharing():
        for size in range(1, 50):  # identities of objects that are gone are used again
            assert len(_doubled(pd.DataFrame({"a": range(size)}))) == size
            gc.collect(0)
