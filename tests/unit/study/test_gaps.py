"""What a set lacks, told as it is."""

from __future__ import annotations

import pandas as pd
import pytest

import patentnav as pnav
from patentnav.errors import UnavailableError
from patentnav.study.gaps import require


def bare(**columns: list[int]) -> pnav.PatentSet:
    frame = pd.DataFrame({"publication_id": ["CN1A", "CN2A"], **columns})
    return pnav.PatentSet.from_tables({"publications": frame})


@pytest.mark.parametrize(
    ("table", "column"), [("families", "family_size"), ("citations", "forward_citation_count")]
)
def test_numbers_without_documents_are_no_lack_of_numbers(table: str, column: str) -> None:
    with pytest.raises(UnavailableError) as nothing:
        require(bare(), table)
    assert nothing.value.key == "missing.table"
    with pytest.raises(UnavailableError, match="numbers only") as counted:
        require(bare(**{column: [0, 3]}), table)
    assert counted.value.key == "missing.counted"


def test_a_table_that_is_no_frame_is_refused_by_name() -> None:
    with pytest.raises(pnav.ArgumentError, match=r'Table "publications" is a dict, not a pandas'):
        pnav.PatentSet.from_tables({"publications": {"publication_id": ["CN1A"]}})  # type: ignore[dict-item]
