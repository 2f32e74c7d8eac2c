"""Shared fixtures and the hypothesis profiles."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "fast", max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)  # fmt: skip
settings.register_profile("nightly", max_examples=500, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = Path(os.environ.get("PATENTNAV_SHARED", ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real exports and benchmark data; tests that need it skip where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"real data folder not present ({SHARED_DATA.name}): set PATENTNAV_SHARED")
    return SHARED_DATA


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With ``-n``: each worker gets whole stretches of tests, and idle ones take over what is left.

    Handed out one by one, as is usual, the tests of a module run on all workers, and each makes the
    fixtures of the module for itself.
    """
    if config.getoption("dist") != "load":
        return None  # another way was asked for
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log)


# Tests that need a program or data from outside skip where it is absent. The continuous build
# names in PATENTNAV_REQUIRE the kinds that must not skip there.
_REQUIRED = set(os.environ.get("PATENTNAV_REQUIRE", "").split())


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """Turn the skip of a required kind of test into a failure."""
    outcome = yield
    report = outcome.get_result()
    kinds = {mark.name for mark in item.iter_markers()} & _REQUIRED
    if report.skipped and kinds and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = (
            f"skipped although required ({', '.join(sorted(kinds))}): {report.longrepr}"
        )
