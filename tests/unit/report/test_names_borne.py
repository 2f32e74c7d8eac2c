"""Portfolios whose titles bear the name by which they are called, against a plain count."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
import pytest

from patentnav.report.sections import bounds

if TYPE_CHECKING:
    from patentnav.report.edition import Edition


@pytest.mark.parametrize("seed", range(5))
def test_half_of_the_known_titles_must_bear_the_name(seed):
    generator = np.random.default_rng(seed)
    borne = pd.Series(
        {f"CN{i}A": bool(generator.integers(2)) for i in range(0, 60, 2)}, dtype="bool"
    )
    members = [tuple(f"CN{i}A" for i in generator.integers(0, 60, generator.integers(0, 5)))
               for _ in range(80)]  # fmt: skip
    rows = pd.DataFrame({"members": pd.Series(members, index=range(7, 87), dtype=object)})
    expected = []
    for place, own in zip(rows.index, members, strict=True):
        known = [bool(borne[one]) for one in own if one in borne.index]
        if not known or 2 * sum(known) >= len(known):
            expected.append(place)
    edition = cast("Edition", SimpleNamespace(study=SimpleNamespace(bears_name=borne)))
    assert bounds.holding(edition, rows).index.tolist() == expected
    assert 0 < len(expected) < len(rows)


def test_of_no_portfolios_none_is_left_out_and_without_names_all_stay():
    rows = pd.DataFrame({"members": pd.Series([], dtype=object)})
    for borne in (pd.Series({"CN1A": True}, dtype="bool"), pd.Series(dtype="bool")):
        edition = cast("Edition", SimpleNamespace(study=SimpleNamespace(bears_name=borne)))
        assert len(bounds.holding(edition, rows)) == 0
