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


def test_firms_of_a_group_are_at_home_where_most_of_its_filings_are() -> None:
    def foreign(names: list[str]) -> list[bool | None]:
        ids = [f"CN{i}A" for i in range(len(names))]
        parties = pd.DataFrame(
            {"publication_id": ids, "role": "applicant", "position": 1, "name_raw": names,
             "group_id": "G-1", "region": [n[:2] if n.startswith("上海") else None for n in names]}
        )  # fmt: skip
        tables = {"publications": pd.DataFrame(index=ids), "parties": parties}
        return _told(facts.foreign_origin(pnav.PatentSet.from_tables(tables), "CN"))

    daughters = ["上海寒星信息科技有限公司"] * 2
    assert foreign([*daughters, "中科寒星科技股份有限公司"]) == [False, False, False]
    # Daughters in China do not bring a foreign group home, nor a name in Latin letters.
    assert foreign([daughters[0], *["寒星株式会社"] * 2]) == [False, None, None]
    assert foreign([daughters[0], *["寒星公司"] * 2]) == [False, None, None]
    assert foreign([*daughters, "Cold Star Inc"]) == [False, False, None]


def test_owners_are_foreign_by_brand_unless_seated_here() -> None:
    names = ["夏普株式会社", "联发科技股份有限公司", "MICROSOFT CORP", "奥迪股份公司"]
    names += ["三星电子(中国)研发中心", "上海寒星信息科技有限公司", "寒星科技股份有限公司"]
    ids = [f"CN{i}A" for i in range(len(names))]
    seats = [None] * 4 + ["江苏", "上海", None]
    parties = pd.DataFrame(
        {"publication_id": ids, "role": "applicant", "position": 1, "name_raw": names, "region": seats,
         "party_id": names}
    )  # fmt: skip
    patents = pnav.PatentSet.from_tables(
        {"publications": pd.DataFrame({"authority": "CN"}, index=ids), "parties": parties}
    )
    found = facts.foreign_owners(patents, "party")
    assert _told(found.reindex(names)) == [True, True, True, True, False, False, None]
