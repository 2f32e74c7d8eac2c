"""Tasks side by side give what they give one after the other."""

import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from patentnav import _threads


def test_tasks_give_their_results_with_and_without_a_pool(monkeypatch):
    for cores in (1, 2):
        monkeypatch.setattr(_threads, "cores", lambda cores=cores: cores)
        with _threads.workers(threads=True) as work:
            begun = [work.begin(pow, base, 2) for base in range(5)]
            where = work.begin(threading.get_ident)
        assert [wait() for wait in begun] == [0, 1, 4, 9, 16]
        assert (where() == threading.get_ident()) == (cores == 1)


def test_every_task_computes_on_one_thread_and_the_limit_ends():
    before = {one["filepath"]: one["num_threads"] for one in threadpool_info()}
    with _threads.workers(threads=True) as work:
        inside = work.begin(lambda: {one["num_threads"] for one in threadpool_info()})()
    assert inside == {1}
    assert {one["filepath"]: one["num_threads"] for one in threadpool_info()} == before


def test_an_error_comes_out_where_the_result_is_asked_for():
    with _threads.workers(threads=True) as work:
        begun = work.begin(np.linalg.inv, np.zeros((2, 2)))
        with pytest.raises(np.linalg.LinAlgError):
            begun()
