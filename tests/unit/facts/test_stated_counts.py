"""A count that a whole file gives as 0 was not exported."""

from __future__ import annotations

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import facts, valuation


def cited(counts: list[int], file: str = "a.xlsx") -> pd.DataFrame:
    ids = [f"CN{file[0]}{i:06d}A" for i in range(len(counts))]
    return pd.DataFrame(
        {"publication_id": ids, "authority": "CN", "forward_citation_count": counts, "source_file": file,
         "backward_citation_count": counts, "application_date": "2019-05-01", "patent_type": "invention",
         "publication_date": "2020-01-01", "title": "x"}
    )  # fmt: skip


@pytest.mark.parametrize(("counts", "told"), [([0] * 20, 0), ([0] * 19, 19), ([0] * 30 + [1], 31)])
def test_of_one_file(counts: list[int], told: int) -> None:
    patents = pnav.PatentSet.from_tables({"publications": cited(counts)})
    assert facts.stated_counts(patents, "forward_citation_count").notna().sum() == told


def test_files_are_looked_at_one_by_one() -> None:
    both = pd.concat([cited([0] * 25, "a.xlsx"), cited([0] * 25 + [3], "b.xlsx")])
    patents = pnav.PatentSet.from_tables({"publications": both})
    found = facts.stated_counts(patents, "forward_citation_count")
    assert found.groupby(patents.publications["source_file"]).count().to_dict() == {
        "a.xlsx": 0,
        "b.xlsx": 26,
    }


def test_what_is_not_told_is_no_part_of_a_score() -> None:
    patents = pnav.PatentSet.from_tables({"publications": cited([0] * 40)})
    counts = pnav.indicators.compute(patents, ["vendor_forward_citations", "backward_citations"])
    assert counts.isna().all(axis=None)
    scores = valuation.score(patents)
    column = "vendor_forward_citations_percentile"
    assert column not in scores or scores[column].isna().all()
