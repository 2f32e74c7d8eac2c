"""Effects and white spots."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact

import patentnav as pnav
from patentnav.indicators import matrix as module


def with_abstracts(texts: list[tuple[str, str, str]]) -> pnav.PatentSet:
    frame = pd.DataFrame(texts, columns=["publication_id", "field", "text"])
    ids = sorted(set(frame["publication_id"])) + ["US9A"]
    return pnav.PatentSet.from_tables(
        {"publications": pd.DataFrame({"title": "x"}, index=ids), "texts": frame}
    )


def test_effects_from_both_languages_and_the_vendor_first():
    patents = with_abstracts([
        ("CN1A", "abstract", "本发明结构简单，降低了生产成本。"),
        ("US2A", "abstract", "The pump reduces manufacturing costs and improves accuracy."),
        ("CN3A", "abstract", "降低成本"),
        ("CN3A", "effect", "提高了安全性"),
    ])  # fmt: skip
    found = module.effects(patents)
    by_id = found.groupby("publication_id")["effect"].agg(set).to_dict()
    assert by_id == {"CN1A": {"cost", "simplicity"}, "US2A": {"cost", "accuracy"},
                     "CN3A": {"safety"}}  # fmt: skip
    assert found.groupby("publication_id")["weight"].sum().to_list() == [1, 1, 1]


def test_no_text_is_said():
    patents = with_abstracts([("US1A", "claims", "1. A pump.")])
    with pytest.raises(pnav.MissingTableError, match="abstract"):
        module.effects(patents)


def test_labels_in_both_languages():
    assert module.effect_labels("en")["cost"] == "Lower cost"
    assert set(module.effect_labels("zh").index) == set(module.effect_labels("en").index)


def test_white_spots_against_fisher():
    # 60 units: row a 30, row b 30; effect x in 1 of a and 20 of b, effect y in the others.
    kind = ["a"] * 30 + ["b"] * 30
    effect = ["x"] + ["y"] * 29 + ["x"] * 20 + ["y"] * 10
    frame = pd.DataFrame({"kind": kind, "effect": effect}, index=[f"US{i}A" for i in range(60)])
    patents = pnav.PatentSet.from_tables({"publications": frame})
    table = module.white_spots(patents, "kind", "effect", unit="publication")
    cell = table.set_index(["row", "column"]).loc[("a", "x")]
    assert cell["count"] == 1
    assert cell["expected"] == pytest.approx(30 * 21 / 60)
    one_sided = fisher_exact([[1, 29], [20, 10]], alternative="less").pvalue
    assert cell["p_value"] == pytest.approx(2 * one_sided)
    assert cell["state"] == "white"
    assert table.set_index(["row", "column"]).loc[("b", "x"), "state"] == "dense"


def test_empty_cells_of_small_groups_are_chance():
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "kind": generator.choice(list("abcdefgh"), 60),
            "effect": generator.choice(list("vwxyz"), 60),
        },
        index=[f"US{i}A" for i in range(60)],
    )
    patents = pnav.PatentSet.from_tables({"publications": frame})
    table = module.white_spots(patents, "kind", "effect", unit="publication")
    assert (table["count"] == 0).any()
    assert set(table["state"]) == {"chance"}
