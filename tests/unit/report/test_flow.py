"""Pages of a document are not left half empty before a figure."""

from __future__ import annotations

import pytest

from patentnav import _resources
from patentnav.report.render.flow import Flow


@pytest.fixture
def flow() -> Flow:
    return Flow(_resources.load_toml("templates", "docx"), 1.5, 15.8)


def test_a_figure_that_nearly_fits_is_made_smaller(flow: Flow) -> None:
    flow.used = flow.page - 9.0
    share = flow.figure(9.5)
    assert 0.66 <= share < 1
    assert flow.used <= flow.page


def test_a_figure_that_does_not_fit_goes_to_the_next_page_in_its_size(flow: Flow) -> None:
    flow.used = flow.page - 4.0
    assert flow.figure(9.5) == 1
    assert flow.used < 12


def test_a_gap_is_what_stays_empty_of_much_of_a_page(flow: Flow) -> None:
    flow.used = 0.6 * flow.page
    assert flow.leaves_a_gap(16.0)
    assert not flow.leaves_a_gap(6.0)  # fits
    flow.used = 0.9 * flow.page
    assert not flow.leaves_a_gap(16.0)  # little is lost


def test_text_fills_pages_in_turn(flow: Flow) -> None:
    before = flow.used
    flow.paragraph("字" * 30, "Normal")
    one = flow.used - before
    flow.paragraph("字" * 300, "Normal")
    assert flow.used - before - one > 5 * one
    for _ in range(40):
        flow.table(15, 1.0, 0.37)
        assert 0 <= flow.used < flow.page
