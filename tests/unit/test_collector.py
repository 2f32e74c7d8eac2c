"""The collector waits inside the block, and what was in force before is in force again."""

import gc
from collections.abc import Iterator

import pytest

from patentnav import _collector


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_blocks_within_and_beside_each_other() -> None:
    gc.set_threshold(700, 7, 8)
    one, other = _collector.seldom(), _collector.seldom()
    one.__enter__()
    other.__enter__()
    assert gc.get_threshold()[0] > 10_000
    assert gc.get_threshold()[1:] == (7, 8)
    one.__exit__(None, None, None)  # the first to begin is the first to end, as in threads
    assert gc.get_threshold()[0] > 10_000
    other.__exit__(None, None, None)
    assert gc.get_threshold() == (700, 7, 8)


@pytest.mark.parametrize("chosen", [0, 10**6])
def test_what_the_caller_chose_stands(chosen: int) -> None:
    gc.set_threshold(chosen, 10, 10)
    with _collector.seldom():
        assert gc.get_threshold()[0] == chosen


def test_after_an_error() -> None:
    gc.set_threshold(700, 10, 10)
    with pytest.raises(KeyError), _collector.seldom():
        raise KeyError
    assert gc.get_threshold() == (700, 10, 10)
