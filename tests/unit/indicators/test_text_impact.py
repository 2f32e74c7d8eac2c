"""Text impact against plain loops over dictionaries of character pairs and triples."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from patentnav import PatentSet, indicators

WORDS = [
    "虚拟现实",
    "头戴显示",
    "手势识别",
    "渲染方法",
    "定位系统",
    "控制装置",
    "glove",
    "lens",
    "训练",
]


def build(n=160, seed=0):
    rng = np.random.default_rng(seed)
    titles = ["一种" + "".join(rng.choice(WORDS, 3)) for _ in range(n)]
    years = rng.integers(2000, 2012, n)
    frame = pd.DataFrame(
        {"title": titles, "application_date": [f"{y}-06-01" for y in years],
         "publication_date": [f"{y + 1}-06-01" for y in years]},
        index=[f"CN{i:04d}A" for i in range(n)],
    )  # fmt: skip
    owners = pd.DataFrame(
        {"publication_id": frame.index, "role": "applicant", "position": 1,
         "name_raw": rng.choice(["甲公司", "乙公司", "丙公司", "丁公司"], n)}
    )  # fmt: skip
    return PatentSet.from_tables({"publications": frame, "parties": owners}), years, owners


def grams(title):
    return Counter(title[i : i + w] for w in (2, 3) for i in range(len(title) - w + 1))


def brute(patents, years, owners):
    """The definition, one pair of titles after the other."""
    titles = patents.publications["title"].tolist()
    bags = [grams(t) for t in titles]
    held = Counter(g for bag in bags for g in bag)
    n = len(titles)
    vectors = []
    for bag in bags:
        v = {g: c * (math.log((1 + n) / (1 + held[g])) + 1) for g, c in bag.items() if held[g] >= 2}
        norm = math.sqrt(sum(x * x for x in v.values()))
        vectors.append({g: x / norm for g, x in v.items()})
    who = owners["name_raw"].tolist()
    result = []
    for i in range(n):
        sides = {1: [], -1: []}
        for j in range(n):
            apart = years[j] - years[i]
            if who[i] != who[j] and 1 <= abs(apart) <= 5:
                same = sum(x * vectors[j].get(g, 0.0) for g, x in vectors[i].items())
                sides[int(np.sign(apart))].append(same)
        told = len(sides[1]) >= 20 and len(sides[-1]) >= 20 and years[i] <= 2012 - 2
        result.append(math.log(np.mean(sides[1]) / np.mean(sides[-1])) if told else np.nan)
    return result


def test_against_the_definition():
    patents, years, owners = build()
    found = indicators.text_impact(patents)
    expected = brute(patents, years, owners)
    assert np.isfinite(expected).sum() > 40
    assert found.to_numpy() == pytest.approx(expected, abs=1e-5, nan_ok=True)


def test_words_that_came_up_afterwards_are_positive():
    """The same title filed in 2005: its words are of later titles in one set, of earlier in the other."""
    for later, sign in (("量子密钥分发", 1), ("机械传动齿轮", -1)):
        rows = [("CN0A", "一种量子密钥分发装置", 2005, "甲")]
        for i in range(25):
            rows.append((f"CN1{i:02d}A", f"一种{later}方法{i}", 2007, f"乙{i}"))
            other = "机械传动齿轮" if sign == 1 else "量子密钥分发"
            rows.append((f"CN2{i:02d}A", f"一种{other}方法{i}", 2003, f"丙{i}"))
        rows.append(("CN9A", "其他", 2012, "丁"))
        frame = pd.DataFrame(rows, columns=["publication_id", "title", "year", "who"])
        patents = PatentSet.from_tables(
            {
                "publications": frame.assign(
                    application_date=frame["year"].astype("str") + "-01-01"
                )[["publication_id", "title", "application_date"]].set_index("publication_id"),
                "parties": pd.DataFrame({"publication_id": frame["publication_id"], "position": 1,
                                         "role": "applicant", "name_raw": frame["who"]}),
            }
        )  # fmt: skip
        assert np.sign(indicators.text_impact(patents)["CN0A"]) == sign


def test_what_is_not_known_says_why():
    patents, *_ = build(30)
    covered = indicators.coverage(patents, ["text_impact"]).iloc[0]
    assert covered["known"] == 0
    assert "fewer than 20 titles" in covered["missing"]
    assert "filed in the last 2 years" in covered["missing"]


def test_the_order_of_rows_changes_nothing():
    patents, *_ = build()
    again = PatentSet.from_tables(
        {"publications": patents.publications.iloc[::-1], "parties": patents.parties.iloc[::-1]}
    )
    pd.testing.assert_series_equal(indicators.text_impact(patents), indicators.text_impact(again))
