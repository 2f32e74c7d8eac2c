import warnings

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


def test_both_bounds_words_alone_and_negative_words():
    tree = build("x", {"nodes": [
        {"id": "energy"},
        {"id": "grid", "parent": "energy", "gated": ["H02J"], "keywords": ["电网"], "negative": ["玩具"]},
        {"id": "swap", "parent": "energy", "keywords": ["换电"]},
        {"id": "cell", "symbols": ["H01M"], "keywords": ["电芯"]},
    ]})  # fmt: skip
    titles = ["一种电网", "一种插座", "电网玩具", "换电站", "电芯"]
    symbols = ["H02J3/00", "H02J3/00", "H02J3/00", "G06F1/00", "H01M10/05"]
    ids = pd.Index([f"CN{i}A" for i in range(5)], name="publication_id")
    patents = pnav.PatentSet.from_tables({
        "publications": pd.DataFrame({"title": titles}, index=ids),
        "classifications": pd.DataFrame({"publication_id": ids, "scheme": "IPC", "symbol": symbols}),
    })  # fmt: skip
    review = taxonomy.report(tree, patents)
    coverage = review.coverage.set_index("node")
    assert coverage["publications"].to_dict() == {"energy": 2, "grid": 1, "swap": 1, "cell": 1}
    assert coverage["possible"].to_dict() == {"energy": 3, "grid": 2, "swap": 1, "cell": 1}
    assert coverage.loc["energy", "possible_share"] == 0.6
    silent = review.silent.set_index("rule")["why"].to_dict()
    assert silent == {"电芯": "unused"}  # the classes of its node decide alone
    assert review.unassigned["publications"].to_list() == [2]


def test_why_a_rule_is_silent():
    tree = build("x", {"renewals": True, "nodes": [
        {"id": "a", "rules": [
            {"include": ["H01M", "H01M4", "H01M8/02"], "exclude": ["H01M8"]},
            {"include": ["H02J", "A61K"], "needs_words": True},
            {"include": ["H01L33", "G06F"], "exclude": ["G06F3"]},
        ], "keywords": ["电网"]},
    ]})  # fmt: skip
    ids = pd.Index([f"CN{i}A" for i in range(4)], name="publication_id")
    patents = pnav.PatentSet.from_tables({
        "publications": pd.DataFrame({"title": "x"}, index=ids),
        "classifications": pd.DataFrame({"publication_id": ids, "scheme": "IPC", "symbol": [
            "H01M4/13", "H02J3/00", "H10H20/81", "G06F3/01"]}),
    })  # fmt: skip
    silent = taxonomy.report(tree, patents).silent.set_index("rule")["why"].to_dict()
    assert silent == {
        "H01M": "beaten",  # H01M4 of the same node is the longer one
        "H01M8/02": "excluded",
        "H02J": "no_word",
        "A61K": "absent",
        "G06F": "beaten",
        "电网": "absent",
    }  # fmt: skip  H01L33 is not silent: its successor H10H fits


def test_a_set_without_classes_or_text_is_all_unassigned():
    patents = pnav.PatentSet.from_tables(
        {"publications": pd.DataFrame({"kind_code": "A"}, index=["CN1A", "CN2A"])}
    )
    review = taxonomy.report(taxonomy.load("digital-key"), patents)
    assert review.coverage["publications"].sum() == 0
    assert review.overlaps.empty
    assert review.unassigned["publications"].to_list() == [2]
    assert review.unassigned["share"].to_list() == [1.0]


@pytest.mark.parametrize("bound", ["certain", "possible"])
def test_the_report_counts_what_memberships_hold(bound):
    """On a table that rules alone decide, at any share of the classes."""
    patents = pnav.datasets.city(400).patents
    tree = taxonomy.load("sei-2021")
    coverage = taxonomy.report(tree, patents).coverage.set_index("node")
    column = "publications" if bound == "certain" else "possible"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pnav.CoverageWarning)
        rows = pnav.classify.memberships(patents, tree, bound=bound, min_probability=0.0)
    held = rows.groupby("industry")["publication_id"].nunique()
    assert (
        held.reindex(tree.top, fill_value=0).to_dict()
        == coverage.loc[list(tree.top), column].to_dict()
    )
    assert held.sum() > 20


def test_where_codes_went():
    """Moves that every user of chips, vision and batteries meets."""
    went = {
        "H01L33": "H10H", "H01L51/50": "H10K50", "H01L27/146": "H10F39", "G06K9/62": "G06V",
        "H04L29/12": "H04L61", "H04L29/08": "H04L67", "H01M2/16": "H01M50", "F24J2": "F24S",
        "B60L11/18": "B60L53", "G06F17/30": "G06F16", "H04N5/225": "H04N23", "A23L3": "A23B2",
    }  # fmt: skip
    for old, new in went.items():
        assert new in replaced_by(old)[0], old
    for alive in ("H01M4", "G06F3/01", "H04L9/08", "A61B5/00", "B60L50", "H10K"):
        assert replaced_by(alive) is None, alive


def sheet_file(path, rows, merged=(), title=None, name="分解表"):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(name)
        for i, row in enumerate(([[title]] if title else []) + rows):
            for j, value in enumerate(row):
                if value:
                    sheet.write(i, j, value)
        for block in merged:
            sheet.merge_range(*block)
    return path


def test_breakdown_table(tmp_path):
    rows = [
        ["一级技术", "二级技术", "IPC分类号", "关键词"],
        ["上游", "电芯", "H01M10/05；H01M4", ""],
        ["", "隔膜", "H01M50/40", ""],
        ["下游", "换电", "", "换电, 电池更换"],
    ]
    tree = taxonomy.load(sheet_file(tmp_path / "链.xlsx", rows))
    assert tree.top == ("上游", "下游")
    assert tree.below("上游") == ("上游/电芯", "上游/隔膜")
    assert tree.node("上游/电芯").rules[0].include == ("H01M10/05", "H01M4")
    assert tree.keywords("下游") == ("换电", "电池更换")


def test_merged_levels_title_row_and_numbered_rows(tmp_path):
    rows = [
        [
            "序号",
            "产业链环节",
            "细分领域",
            "技术点",
            "关键词（中文）",
            "英文检索词",
            "IPC（需关键词）",
        ],
        ["1", "上游", "电池", "电芯", "电芯", "battery cell", "H01M 10/05"],
        ["2", "", "", "隔膜", "隔膜 OR 隔离膜", "separator", "H01M50/40＊"],
        ["3", "下游", "换电", "", "换电", "", "B60L53/80"],
    ]
    merged = [(2, 1, 3, 1, "上游"), (2, 2, 3, 2, "电池")]
    tree = taxonomy.load(sheet_file(tmp_path / "表.xlsx", rows, merged, title="动力电池技术分解表"))
    assert list(tree.nodes) == [
        "上游", "上游/电池", "上游/电池/电芯", "上游/电池/隔膜", "下游", "下游/换电",
    ]  # fmt: skip
    separator = tree.node("上游/电池/隔膜")
    assert separator.keywords == ("隔膜", "隔离膜", "separator")
    assert separator.rules[0].needs_words
    assert separator.rules[0].include == ("H01M50/40",)


def test_wrong_cells_are_named_with_sheet_row_column_and_the_near_one(tmp_path):
    head = ["一级", "二级", "关键词", "IPC（需关键词）"]
    bad = sheet_file(tmp_path / "a.xlsx", [head, ["上游", "电芯", "电芯", "HO1M10"]])
    with pytest.raises(
        pnav.FormatError, match=r'"分解表", row 2, column "IPC（需关键词）": "HO1M10".*"H01M10"'
    ):
        taxonomy.load(bad)
    expression = sheet_file(
        tmp_path / "b.xlsx", [head, ["上游", "电芯", "(电芯 OR 电池) AND 锂", "H01M"]]
    )
    with pytest.raises(pnav.FormatError, match=r'row 2, column "关键词".*expression'):
        taxonomy.load(expression)
    wrong = sheet_file(
        tmp_path / "c.xlsx", [["一级", "二级", "关健词", "IPC号码"], ["上游", "电芯", "x", "H01M"]]
    )
    with pytest.raises(pnav.FormatError, match='"关健词" \\(did you mean "关键词"'):
        taxonomy.load(wrong)


def test_columns_that_are_not_read_and_words_without_effect_are_said(tmp_path):
    rows = [
        ["一级", "二级", "关键词", "IPC", "检索关健词"],
        ["上游", "电芯", "电芯", "H01M10", "电池"],
    ]
    with pytest.warns(pnav.DataQualityWarning) as said:
        taxonomy.load(sheet_file(tmp_path / "a.xlsx", rows))
    messages = [str(w.message) for w in said]
    assert any('"检索关健词" (did you mean "检索关键词"?)' in m for m in messages)
    assert any("decide nothing" in m for m in messages)


def test_sheet_without_levels_is_refused(tmp_path):
    with pytest.raises(pnav.FormatError, match="level columns"):
        taxonomy.load(sheet_file(tmp_path / "x.xlsx", [["甲", "IPC分类号"], ["a", "H01M"]]))
