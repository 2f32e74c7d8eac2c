import pandas as pd
import pytest
import xlsxwriter

import patentnav as pnav
from patentnav import taxonomy
from patentnav.taxonomy.load import build
from patentnav.taxonomy.match import SymbolMatcher
from patentnav.taxonomy.scheme import replaced_by, subclasses

TREE = {
    "nodes": [
        {"id": "cell", "names": {"zh": "电池", "en": "Cells"}, "symbols": ["H01M"], "exclude": ["H01M8"]},
        {"id": "chip", "names": {"zh": "芯片", "en": "Chips"}, "symbols": ["H01L27", "H01M4"]},
        {"id": "grid", "names": {"zh": "电网", "en": "Grid"}, "gated": ["H02J"],
         "keywords": {"zh": ["电网"], "en": ["power grid", "electri*"]}, "negative": {"zh": ["玩具"]}},
    ],
}  # fmt: skip


@pytest.fixture
def patents():
    classes = [
        ("CN1A", "H01M4/13"),
        ("CN2A", "H01M8/00"),
        ("CN3A", "H02J3/00"),
        ("CN4A", "H02J3/00"),
    ]
    return pnav.PatentSet.from_tables(
        {
            "publications": pd.DataFrame(
                {"title": ["电极", "电堆", "一种电网", "一种插座"]},
                index=pd.Index(["CN1A", "CN2A", "CN3A", "CN4A"], name="publication_id"),
            ),
            "classifications": pd.DataFrame(classes, columns=["publication_id", "symbol"]).assign(
                scheme="IPC"
            ),
        }
    )


def test_report_counts_what_rules_fit(patents):
    review = taxonomy.report(build("x", TREE), patents)
    assert review.coverage.set_index("node")["publications"].to_dict() == {
        "cell": 1,
        "chip": 1,
        "grid": 1,
    }
    assert review.coverage["only"].sum() == 1
    assert review.overlaps.to_dict("records") == [
        {"node": "cell", "other": "chip", "publications": 1, "share": 1.0}
    ]
    assert review.replaced["pattern"].to_list() == ["H01L27"]
    assert "H10B" in review.replaced["replaced_by"].iloc[0]
    assert {"H01L27", "power grid", "electri*"} == set(review.silent["rule"])
    assert review.unassigned["subclass"].to_list() == ["H01M", "H02J"]


def test_exclusion_words_and_bounds(patents):
    tree = build("x", TREE)
    certain = pnav.classify.memberships(patents, tree)
    assert set(certain["publication_id"]) == {"CN1A", "CN3A"}
    possible = pnav.classify.memberships(patents, tree, bound="possible")
    assert set(possible["publication_id"]) == {"CN1A", "CN3A", "CN4A"}


def test_negative_words_bar_a_branch(patents):
    tree = build("x", {"nodes": [
        {"id": "grid"},
        {"id": "grid-a", "parent": "grid", "symbols": ["H02J"], "negative": ["插座"]},
        {"id": "cell", "symbols": ["H01M"]},
    ]})  # fmt: skip
    rows = pnav.classify.memberships(patents, tree)
    assert set(rows["publication_id"]) == {"CN1A", "CN2A", "CN3A"}
    assert pnav.classify.industries(patents, tree).isna().to_list() == [False, False, False, True]


def test_renewed_classes_fit_old_patterns():
    tree = build("x", {"renewals": True, "nodes": [{"id": "chip", "symbols": ["H01L27"]}]})
    symbols = pd.Series(["H10B12/00", "H01L27/02", "H10F77/00"])
    assert (
        SymbolMatcher(tree, tree.top).claims(symbols)["symbol"].to_list() == symbols.to_list()[:2]
    )
    assert replaced_by("G06K9")[0] == ("G06V", "G06F18")
    assert replaced_by("G06N10") is None
    assert "H01L" not in subclasses()
    assert "H10B" in subclasses()


def test_breakdown_table(tmp_path):
    rows = [
        ["一级技术", "二级技术", "IPC分类号", "关键词"],
        ["上游", "电芯", "H01M10/05；H01M4", "电芯、cell"],
        ["", "隔膜", "H01M50/40", ""],
        ["下游", "换电", "", "换电, 电池更换"],
    ]
    with xlsxwriter.Workbook(tmp_path / "链.xlsx") as book:
        sheet = book.add_worksheet()
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
    tree = taxonomy.load(tmp_path / "链.xlsx")
    assert tree.top == ("上游", "下游")
    assert tree.below("上游") == ("上游/电芯", "上游/隔膜")
    assert tree.node("上游/电芯").rules[0].include == ("H01M10/05", "H01M4")
    assert tree.keywords("下游") == ("换电", "电池更换")


def test_sheet_without_levels_is_refused(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        book.add_worksheet().write_row(0, 0, ["甲", "IPC分类号"])
        book.get_worksheet_by_name("Sheet1").write_row(1, 0, ["a", "H01M"])
    with pytest.raises(pnav.FormatError, match="level columns"):
        taxonomy.load(tmp_path / "x.xlsx")
