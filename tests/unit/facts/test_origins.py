"""Where owners come from, when only Chinese places are said."""

import pandas as pd

import patentnav as pnav
from patentnav import facts


def _set() -> pnav.PatentSet:
    rows = [("广东", None), (None, None), (None, "US"), ("北京", "CN")]
    ids = [f"CN{i}A" for i in range(len(rows))]
    parties = pd.DataFrame(
        [
            {"publication_id": i, "role": "applicant", "position": 1, "name_raw": f"公司{i}",
             "region": region, "country": country}
            for i, (region, country) in zip(ids, rows, strict=True)
        ]
    )  # fmt: skip
    return pnav.PatentSet.from_tables({"publications": pd.DataFrame(index=ids), "parties": parties})


def _told(found: pd.Series) -> list[bool | None]:
    return [None if pd.isna(v) else bool(v) for v in found]


def test_a_chinese_province_lies_in_china() -> None:
    assert _told(facts.inside(_set(), "CN")) == [True, None, False, True]


def test_an_owner_in_a_chinese_province_is_not_foreign() -> None:
    assert _told(facts.foreign_origin(_set(), "CN")) == [False, None, True, False]
