"""Blocks: wording, references and how values are written."""

from __future__ import annotations

import pandas as pd
import pytest

from patentnav import i18n
from patentnav.report.blocks import Ref, Table, Text, column_label, write


def test_a_reference_is_a_piece_of_its_own() -> None:
    text = Text("methods.rules.body", {"table": Ref("rules")})
    assert text.runs("en") == [Ref("rules"), " states rules and parameters."]


def test_a_text_may_stand_inside_another_with_its_references() -> None:
    inner = Text("methods.rules.body", {"table": Ref("rules")})
    outer = Text("summary.findings.item", {"text": inner, "place": Ref("methods.rules")})
    assert [r for r in outer.runs("en") if isinstance(r, Ref)] == [
        Ref("rules"), Ref("methods.rules"),
    ]  # fmt: skip


def test_a_probability_above_the_level_is_not_written_as_the_level() -> None:
    """A q of 0.0502 does not pass "at most 0.05" and must not be printed as 0.050."""
    told = [write(q, "p", "zh") for q in (0.0496, 0.05, 0.0502, 0.050001, 0.0506)]
    assert told == ["0.050", "0.050", "0.0502", ">0.05", "0.051"]


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        (1234.0, "count", "1,234"), (0.1234, "share", "12.3%"), (-0.05, "percent_change", "-5.0%"),
        (2021, "year", "2021"), (pd.Timestamp("2021-03-04"), "date", "2021-03-04"),
        (1.5, "number", "1.50"), ("text", "text", "text"), (True, "text", "是"),
    ],
)  # fmt: skip
def test_forms(value: object, form: str, expected: str) -> None:
    assert write(value, form, "zh") == expected


@pytest.mark.parametrize("form", ["count", "share", "text", "date"])
def test_unknown_is_a_dash_never_a_zero(form: str) -> None:
    assert write(pd.NA, form, "zh") == "–"
    assert write(float("nan"), form, "zh") == "–"


def test_characters_that_no_document_can_hold_become_blanks() -> None:
    assert write("a\x0bb\x00c", "text", "zh") == "a b c"


def test_forms_follow_the_dtype() -> None:
    frame = pd.DataFrame({"year": [1], "share": [0.5], "day": [pd.Timestamp("2020-01-01")],
                          "title": ["x"]})  # fmt: skip
    table = Table("x", frame, {"share": "share"})
    assert [table.form(c) for c in frame.columns] == ["count", "share", "date", "text"]


def test_columns_take_their_label_from_the_report_then_from_the_schema() -> None:
    assert column_label("growth_index", "zh") == "增长指数"
    assert column_label("rows_merged", "zh") == "合并记录"
    with pytest.raises(KeyError, match="no_such"):
        column_label("no_such", "zh")


def test_languages_have_the_same_keys_and_placeholders() -> None:
    # Chinese counts with measure words ("piece"), which English has not.
    zh, en = (
        {k: v - {"piece"} for k, v in i18n.locale_keys(lang).items() if k.startswith("report.")}
        for lang in ("zh", "en")
    )
    assert zh == en


def test_what_rounds_to_nothing_has_no_sign_and_whole_amounts_no_decimals() -> None:
    assert write(-0.001, "number", "zh") == "0.00"
    assert write(-0.01, "number", "zh") == "-0.01"
    assert write(200.0, "amount", "zh") == "200"
    assert write(16.32, "amount", "zh") == "16.32"


def test_a_minus_is_no_hyphen() -> None:
    """A line may end behind a hyphen, and did: "相差-" | "7.3%"."""
    said = Text("region.scale.reconciled", {"region": "A-1", "count": 3, "unit": "件", "year": "2024",
                                            "official": 4.0, "deviation": -0.073})  # fmt: skip
    told = "".join(map(str, said.runs("zh")))
    assert "\u22127.3%" in told
    assert "A-1" in told


def test_a_table_that_shows_all_of_its_details_does_not_refer_to_them() -> None:
    frame = pd.DataFrame({"count": [1, 2]})
    assert Table("x", frame, detail=frame).more("zh", None) is None
    assert Table("x", frame, detail=pd.concat([frame, frame])).more("zh", None)
