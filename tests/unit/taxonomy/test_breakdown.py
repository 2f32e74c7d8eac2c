"""Breakdown tables whose rules are search expressions: read, counted, judged, used."""

from __future__ import annotations

import itertools
import re

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

import patentnav as pnav
from patentnav import classify, counting, query, taxonomy
from patentnav.taxonomy.load import build

ROWS = [
    (["H01M10/05"], "一种固态电池及其硫化物电解质"), (["H01M10/05"], "锂离子电池"), (["B60L53/80"], "换电站的电池箱"),
    (["A63H"], "玩具电池盒"), ([], "Battery swapping station"), (["G06F"], "数据库"), (["H01M8/02"], "燃料电池电堆"),
]  # fmt: skip


def records(rows=ROWS) -> pnav.PatentSet:
    ids = pd.Index([f"CN{101000001 + i}A" for i in range(len(rows))], name="publication_id")
    classes = [(ids[i], "IPC", s) for i, (symbols, _) in enumerate(rows) for s in symbols]
    return pnav.PatentSet.from_tables({
        "publications": pd.DataFrame(
            {"title": [t for _, t in rows], "application_id": [f"CN2015{i:08d}" for i in range(len(rows))]},
            index=ids),
        "classifications": pd.DataFrame(classes, columns=["publication_id", "scheme", "symbol"]),
    })  # fmt: skip


HEAD = ["一级", "二级", "三级", "检索式", "关键词", "IPC", "中文匹配"]
TABLE = [
    ["电池", "电解质", "硫化物", "硫化物 NEAR/3 电解质", "", "", ""],
    ["电池", "锂电", "", "（锂 OR 锂离子） AND class:H01M10 OR 钠离子 OR 锂离子 NEAR/2 电池", "", "", ""],
    ["电池", "燃料电池", "", "", "", "H01M8", ""],
    ["补能", "换电", "", '换电 OR (batter* PRE/0 swap*)', "换电站", "", "按字"],
]  # fmt: skip


def write(path, rows=TABLE, head=HEAD):
    if path.suffix == ".csv":
        pd.DataFrame(rows, columns=head).to_csv(path, index=False, encoding="gb18030")
        return path
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("分解表")
    for r, row in enumerate([head, *rows]):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    book.close()
    return path


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    return taxonomy.load(write(tmp_path_factory.mktemp("t") / "电池.xlsx"))


def of(table: pd.DataFrame, column: str = "node") -> dict[str, list[int]]:
    rows = table.assign(i=table["publication_id"].str.slice(2, -1).astype(int) - 101000001)
    return {str(k): sorted(v) for k, v in rows.groupby(column)["i"]}


def test_a_table_is_read_from_xlsx_csv_and_toml(tree, tmp_path) -> None:
    other = taxonomy.load(write(tmp_path / "电池.csv"))
    assert [n.expressions for n in other.nodes.values()] == [
        n.expressions for n in tree.nodes.values()
    ]
    toml = tmp_path / "own.toml"
    toml.write_text(
        'nodes = [{id="a", names={zh="甲", en="A"}, expressions="换电 OR swap*", segmented=true}]',
        encoding="utf-8",
    )
    assert taxonomy.load(toml).nodes["a"].expressions[0].segmented
    # The dictionary cuts the first word of 换电站的电池箱 otherwise.
    assert of(taxonomy.members(toml, records()))["a"] == [4]


def test_members_at_every_level(tree) -> None:
    assert of(taxonomy.members(tree, records())) == {
        "电池/电解质/硫化物": [0], "电池/锂电": [1], "电池/燃料电池": [6], "补能/换电": [2, 4],
    }  # fmt: skip
    table = taxonomy.members(tree, records(), level=1)
    assert of(table) == {"电池": [0, 1, 6], "补能": [2, 4]}
    assert table.attrs["without"] == 2
    counts = counting.unit_frame(records(), table, unit=None, counting="whole")["group"]
    assert counts.value_counts().to_dict() == {"电池": 3, "补能": 2}
    with pytest.raises(pnav.ArgumentError, match="levels 1 to 3"):
        taxonomy.members(tree, records(), level=4)


@pytest.mark.filterwarnings("ignore::patentnav.CoverageWarning")
def test_memberships_of_a_table(tree) -> None:
    rows = classify.memberships(records(), tree)
    assert of(rows, "industry") == {"电池": [0, 1, 6], "补能": [2, 4]}
    assert of(rows, "sub_sector")["电池/电解质/硫化物"] == [0]
    assert rows.groupby("publication_id")["weight"].sum().eq(1).all()
    evidence = rows.set_index("publication_id")["evidence"]
    assert evidence["CN101000001A"] == "硫化物 NEAR/3 电解质"
    assert evidence["CN101000007A"] == "H01M8"
    assert classify.industries(records(), tree).dropna().to_dict()["CN101000003A"] == "补能"
    wide = classify.probabilities(records(), tree)
    assert wide.loc["CN101000001A", "电池"] == 1
    assert wide.loc["CN101000004A"].isna().all()


def test_a_branch_lies_inside_one_with_an_expression_of_its_own() -> None:
    inner = build("x", {"nodes": [
        {"id": "a", "expressions": ["电池 NOT 玩具"]}, {"id": "b", "parent": "a", "expressions": ["盒 OR 箱"]},
    ]})  # fmt: skip
    assert of(taxonomy.members(inner, records()))["b"] == [2]


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("电池 电解质", ['row 2, column "检索式"', "place 4", '"电池 电解质"']),
        ("(电池", ["place 1", "closing"]), ("class:HO1M", ["place 7", "H01M"]), ("ti:a AND tx:b", ['called "tx"']),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named(tmp_path, cell, says) -> None:
    file = write(tmp_path / "x.xlsx", [["a", "", "", cell, "", "", ""]])
    with pytest.raises(pnav.FormatError) as caught:
        taxonomy.load(file)
    assert 'sheet "分解表"' in str(caught.value)
    for part in says:
        assert part in str(caught.value)


def test_a_wrong_expression_of_toml_is_named() -> None:
    with pytest.raises(pnav.FormatError, match="node a, expression 2: At place 3"):
        build("x", {"nodes": [{"id": "a", "expressions": ["a", "a b"]}]})
    with pytest.raises(pnav.FormatError, match="weights"):
        build("x", {"weights": {"a": {}}, "nodes": [{"id": "a", "expressions": ["a"]}]})


def test_rules_are_counted_and_the_idle_ones_named(tree) -> None:
    review = taxonomy.report(tree, records(), unit="publication")
    rules = review.rules.set_index(["node", "kind", "rule"]).sort_index()
    assert review.rules.attrs["unit"] == "publication"
    lithium = rules.xs(("电池/锂电", "alternative"))
    assert lithium["publications"].to_dict() == {
        "(锂 OR 锂离子) AND class:H01M10": 1, "钠离子": 0, "锂离子 NEAR/2 电池": 1,
    }  # fmt: skip
    assert lithium["state"].to_dict() == {
        "(锂 OR 锂离子) AND class:H01M10": "fires", "钠离子": "never", "锂离子 NEAR/2 电池": "swallowed",
    }  # fmt: skip
    assert lithium.loc["锂离子 NEAR/2 电池", "swallowed_by"] == "(锂 OR 锂离子) AND class:H01M10"
    swap = rules.loc["补能/换电"]
    assert swap.loc[("words", "换电站"), "state"] == "swallowed"
    assert swap.loc[("expression", "换电 OR (batter* PRE/0 swap*)"), "only"] == 1
    assert rules.loc[("电池/燃料电池", "classes", "H01M8"), "publications"] == 1
    shown = review.samples
    assert shown.groupby(["node", "kind", "rule"]).size().max() <= 3
    assert shown.loc[shown["rule"] == "H01M8", "title"].to_list() == ["燃料电池电堆"]
    assert review.judged.empty


def test_samples_are_spread() -> None:
    rows = [([], f"电池 {i}") for i in range(30)]
    one = build("x", {"nodes": [{"id": "a", "expressions": ["电池"]}]})
    shown = taxonomy.report(one, records(rows)).samples
    assert shown["title"].to_list() == ["电池 0", "电池 10", "电池 20"]


def test_judged_against_a_marked_sample(tree, tmp_path) -> None:
    marked = pd.DataFrame({
        "公开号": ["CN 101000001 A", "CN101000002", "CN101000003A", "CN201500000003", "CN101000005A"],
        "分支": ["硫化物", "电池/锂电", "电池", None, "换电"],
    })  # fmt: skip
    file = tmp_path / "marks.csv"
    marked.to_csv(file, index=False)
    for given_marks in (marked, file):
        if given_marks is file:
            review = taxonomy.report(tree, records(), marked=given_marks)
        else:
            review = taxonomy.report(tree, records(), marked=given_marks)
        judged = review.judged.set_index("node")
        # 电池: 0, 1, 2 are marked, 0 and 1 found. 换电: 4 marked, 2 and 4 found.
        assert judged.loc["电池", ["sample", "marked", "found", "right"]].tolist() == [5, 3, 2, 2]
        assert judged.loc["电池", "precision"] == 1
        assert judged.loc["电池", "recall"] == pytest.approx(2 / 3)
        assert judged.loc["补能/换电", "precision"] == pytest.approx(0.5)
        # Wilson's interval of 2 of 3, from statsmodels.stats.proportion.proportion_confint.
        assert judged.loc["电池", "recall_low"] == pytest.approx(0.2077, abs=1e-4)
        assert judged.loc["电池", "recall_high"] == pytest.approx(0.9385, abs=1e-4)
    with pytest.warns(pnav.DataQualityWarning, match="1 of 1 marked numbers"):
        taxonomy.report(tree, records(), marked=pd.Series({"CN9A": "电池"}))
    with pytest.raises(pnav.UnknownNameError, match="as marked"):
        taxonomy.report(tree, records(), marked=pd.Series({"CN101000001A": "电迟"}))


def test_a_table_of_expressions_is_written_in_our_language_alone(tree) -> None:
    assert taxonomy.search_expression(tree, "电池/电解质", "patentnav") == "硫化物 NEAR/3 电解质"
    with pytest.raises(pnav.ArgumentError, match='syntax="patentnav"'):
        taxonomy.search_expression(tree, "电池", "incopat")


# Rules on classes and words, written as an expression, find what the taxonomy itself finds.

WORDS = ["电网", "power grid", "electri*", "and", "换电", "battery swap*", "a-b"]
SYMBOLS = ["H01M4/13", "H01M8/02", "H02J3/00", "H02B1/30", "A61K31/00", "G06F"]


@pytest.mark.filterwarnings("ignore::patentnav.CoverageWarning")
@given(
    st.lists(st.tuples(st.lists(st.sampled_from(SYMBOLS), max_size=1, unique=True),
                       st.lists(st.sampled_from([*WORDS, "电极", "electricity", "battery swapping"]), max_size=3)),
             min_size=1, max_size=6),
    st.lists(st.sampled_from(["H01M", "H01M8", "H02J3", "A"]), max_size=2, unique=True),
    st.lists(st.sampled_from(WORDS), max_size=3, unique=True),
    st.lists(st.sampled_from(["电极", "换电"]), max_size=1),
    st.booleans(),
)  # fmt: skip
def test_a_node_written_in_our_language_finds_its_publications(
    rows, symbols, words, negative, gated
) -> None:
    if (not symbols and not words) or (gated and not words):
        return
    one = build("x", {"nodes": [{
        "id": "a", "gated" if gated else "symbols": symbols, "keywords": words, "negative": negative,
    }]})  # fmt: skip
    patents = records([(list(s), " ， ".join(t).replace("*", "")) for s, t in rows])
    expression = taxonomy.search_expression(one, "a", "patentnav")
    own = set(taxonomy.members(one, patents)["publication_id"])
    assert set(patents.search(expression).publications.index) == own, expression


@given(
    st.lists(st.sampled_from(["电池", "锂", "H01M", "玩具"]), min_size=1, max_size=4, unique=True)
)
def test_swallowed_and_only_by_brute_force(words) -> None:
    text = " OR ".join(f"class:{w}" if w == "H01M" else w for w in words)
    one = build("x", {"nodes": [{"id": "a", "expressions": [text]}]})
    rules = taxonomy.report(one, records()).rules
    rules = rules[rules["kind"] == "alternative"]
    patents = records()
    own = {
        r: set(patents.search(r).publications.index) for r in rules["rule"]
    }  # fmt: skip
    for row in rules.itertuples():
        rest = set().union(*(f for r, f in own.items() if r != row.rule))
        assert row.publications == len(own[row.rule])
        assert row.only == len(own[row.rule] - rest)
    for a, b in itertools.combinations(own, 2):
        if own[a] and own[a] < own[b]:
            assert rules.set_index("rule").loc[a, "state"] == "swallowed"


@pytest.mark.filterwarnings("ignore::patentnav.CoverageWarning")
def test_readable_rules_are_read_again() -> None:
    from patentnav.taxonomy.rules import written

    for text in ("a OR b AND (c NOT d)", "title:(a NEAR/2 (b OR c)) NOT class:H01M", "电池 AND NOT (锂 OR 玩具)"):  # fmt: skip
        tree = query.parse(text).tree
        places = re.compile(r"place=\d+")
        again = query.parse(written(tree)).tree
        mask = query.found(query.Expression("", again), records())
        assert (mask == query.found(query.Expression("", tree), records())).all()
        assert len(places.findall(str(again))) == len(places.findall(str(tree)))
