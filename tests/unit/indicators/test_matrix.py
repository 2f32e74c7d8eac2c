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


@pytest.mark.parametrize(
    "text",
    [
        "The vehicle is automatically stopped. A safety check task of the counter is reliably run.",
        "Reducing damage at collision time; discomfort brought to a driver is detected at high-speed.",
        "从安全性和行驶效率之间具有协调的备选项中选择路线，在节能模式下快速移库控制。",
    ],
)
def test_a_bare_mention_claims_nothing(text):
    assert module.effects(with_abstracts([("US1A", "abstract", text)])).empty


@pytest.mark.parametrize(
    ("text", "effect"),
    [
        ("Transportation safety is improved.", "safety"),
        ("improving the estimation accuracy of the sound source", "accuracy"),
        ("so that the fuel economy is improved", "energy"),
        ("which shortens the charging time", "speed"),
        ("本发明能够提高行驶安全性", "safety"),
        ("实现了堆垛的自动化，减少人工", "automation"),
        ("从而延长了电池的使用寿命", "life"),
        ("系统稳定性好", "reliability"),
    ],
)
def test_claims_are_read(text, effect):
    assert effect in set(module.effects(with_abstracts([("CN1A", "abstract", text)]))["effect"])


def test_coverage_is_stated():
    found = module.effects(with_abstracts([
        ("CN1A", "abstract", "降低成本"), ("CN2A", "abstract", "一种泵"), ("CN3A", "effect", "降低成本"),
    ]))  # fmt: skip
    assert found.attrs == {"publications": 4, "with_text": 3, "with_effect": 2, "vendor": 1}


def test_effects_of_the_users_own():
    patents = with_abstracts(
        [("CN1A", "abstract", "续航里程长"), ("US2A", "abstract", "Long RANGE.")]
    )
    found = module.effects(patents, {"range": "续航 OR RANGE"})
    assert found["effect"].tolist() == ["range", "range"]
    with pytest.raises(pnav.ExpressionError, match='Effect "range": At place 1'):
        module.effects(patents, {"range": "(续航"})


def test_effects_as_the_vendor_sorts_them():
    values = pd.DataFrame(
        [("CN1A", "incopat", "技术功效2级", "安全；效率;安全"), ("CN2A", "incopat", "技术功效2级", "安全 "),
         ("CN2A", "incopat", "技术功效1级", "性能")],
        columns=["publication_id", "source", "name", "value"],
    )  # fmt: skip
    publications = pd.DataFrame({"title": "x"}, index=["CN1A", "CN2A", "CN3A"])
    patents = pnav.PatentSet.from_tables({"publications": publications, "vendor_values": values})
    groups = module.vendor_groups(patents, "技术功效2级")
    assert groups.to_dict("list") == {
        "publication_id": ["CN1A", "CN1A", "CN2A"], "group": ["安全", "效率", "安全"],
        "weight": [0.5, 0.5, 1.0],
    }  # fmt: skip
    assert groups.attrs["with_value"] == 2
    with pytest.raises(pnav.UnknownNameError, match="技术功效2级"):
        module.vendor_groups(patents, "技术功效二级")


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
    assert not table["gap_testable"].all()


def test_testable_is_whether_an_empty_cell_would_tell():
    """Of 60, 30 in the row and 21 in the column: P(0) is tiny. Of 6, 3 and 3: 2 P(0) = 2/20 > 0.05."""
    for n, expected in ((10, True), (1, False)):
        frame = pd.DataFrame({"kind": list("aaabbb") * n, "effect": list("xyxyxy") * n})
        frame.index = [f"US{i}A" for i in range(len(frame))]
        patents = pnav.PatentSet.from_tables({"publications": frame})
        table = module.white_spots(patents, "kind", "effect", unit="publication")
        assert (table["gap_testable"] == expected).all()


def test_a_set_with_one_technology_or_none_has_no_white_spots():
    frame = pd.DataFrame({"kind": ["a", "a", None], "effect": ["x", "y", "x"]},
                         index=["US1A", "US2A", "US3A"])  # fmt: skip
    patents = pnav.PatentSet.from_tables({"publications": frame})
    table = module.white_spots(patents, "kind", "effect", unit="publication")
    assert table["state"].tolist() == ["chance", "chance"]
    assert (table["units"] == 2).all()
    nothing = patents.assign(kind=pd.Series([None, None, None], index=frame.index, dtype="str"))
    assert module.white_spots(nothing, "kind", "effect", unit="publication").empty
