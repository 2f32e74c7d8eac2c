import itertools

import numpy as np
import pandas as pd
import pytest

import patentnav as pnav
from patentnav import clean
from patentnav.clean import inventor_names, person_linkage
from patentnav.clean.name_graph import NameGraph, Spellings

WORDS = ["john", "jon", "johnny", "jack", "a", "alan", "adam", "b", "yunjo", "yunjoo", "michael",
         "micheal", "mike", "katharina", "katarina", "wei", "weiyu"]  # fmt: skip


def table(rows):
    frame = pd.DataFrame(rows, columns=["publication_id", "name", "applicants", "coinventors"])
    return frame.assign(mention_id=[f"m{i:03d}" for i in range(len(frame))])


def mentions():
    """Three John Smiths of two firms and a colleague, forty filings."""
    rows = []
    for n in range(12):
        rows.append((f"US{n}", "Smith, John A.", "Acme Corp", "Doe, Jane|Roe, Richard"))
        rows.append((f"US{100 + n}", "Smith, John", "Zeta Pharma Inc", "Poe, Edgar"))
        rows.append((f"US{200 + n}", "Smith, John B.", "Acme Corp", ""))
    rows.append(("US0", "Smith, John", "Acme Corp", "Doe, Jane"))
    return table(rows)


def test_groups_do_not_depend_on_the_order_of_rows():
    frame = mentions()
    groups = clean.inventor_groups(frame)
    assert groups.index.tolist() == frame["mention_id"].tolist()
    for seed in range(3):
        shuffled = frame.sample(frac=1, random_state=seed)
        pd.testing.assert_series_equal(
            clean.inventor_groups(shuffled).reindex(groups.index), groups
        )


def test_middle_initials_and_shared_filings_keep_people_apart():
    groups = clean.inventor_groups(mentions())
    by_name = mentions().set_index("mention_id")["name"]
    a, b = (set(groups[by_name == f"Smith, John {x}."]) for x in "AB")
    assert len(a) == 1
    assert not a & b
    # Two entries of one filing are two people, however alike.
    assert groups["m036"] not in a


def test_cells_of_other_kinds_are_no_trouble():
    frame = mentions().assign(
        applicants=["|", "Co., Ltd.", None, ""] + ["甲科技有限公司|Acme Corp"] * 33,
        title=["", None, "打印机的控制方法"] + ["Method for printing"] * 34,
        date=[None, "2001-02-03", "x"] + ["2004-01-01"] * 34,
        classifications=["", "|G06F3/06", None] + ["G06F"] * 34,
        country="US",
    )
    frame["date"] = pd.to_datetime(frame["date"], errors="coerce")
    assert clean.inventor_groups(frame).notna().all()
    assert clean.inventor_groups(frame.head(0)).empty


def test_compared_names_are_all_that_may_be_one_persons():
    pairs = [p for n in (1, 2) for p in itertools.product(WORDS, repeat=n)]
    names = [inventor_names.PersonName("smith", p) for p in sorted(set(pairs))]
    graph = NameGraph.of(names)
    rng = np.random.default_rng(0)
    for a, b in rng.integers(0, len(names), (4000, 2)):
        value = inventor_names.penalty(names[a].given, names[b].given)
        first_two = names[a].joined[:2] == names[b].joined[:2]
        if value is None or a == b:
            assert a == b or not graph.compatible[a, b]
        elif first_two or value != inventor_names.ONE_EDIT:
            assert graph.compatible[a, b]
            assert graph.penalty[a, b] == value


def test_terms_of_items_under_several_names():
    names = [inventor_names.parse(n) for n in ("Smith, John", "Smith, John A", "Smith, John B")]
    graph = NameGraph.of(names)
    item, name = np.array([0, 0, 1, 2, 3]), np.array([0, 1, 2, 1, 0])
    spelled = Spellings.of(item, name, graph)
    # 0 (John, John A) excludes 1 (John B); with 2 (John A) the mean of -1 and 0 is taken off.
    found = spelled.terms(np.array([0, 0, 0, 2]), np.array([1, 2, 3, 3]))
    assert found.tolist() == [-np.inf, -0.5, -0.5, -1.0]


@pytest.mark.parametrize("rows_at_once", [1, 7, 10**6])
def test_pieces_of_a_block_give_the_same_people(monkeypatch, rows_at_once):
    expected = clean.inventor_groups(mentions())
    monkeypatch.setattr(person_linkage, "DENSE", 2)
    monkeypatch.setattr(person_linkage, "ROWS_AT_ONCE", rows_at_once)
    monkeypatch.setattr(person_linkage, "PAIRS_AT_ONCE", 5)
    pd.testing.assert_series_equal(clean.inventor_groups(mentions()), expected)


def test_two_large_groups_that_share_nobody_are_parted():
    """The same firm and title words: only the number of filings without a shared name differs."""

    def people(n):
        rows = [(f"CN{side}{i}A", "王乐亮", "甲科技有限公司", name)
                for side, name in enumerate(("赵一鸣", "孙二林")) for i in range(n)]  # fmt: skip
        return clean.inventor_groups(table(rows)).nunique()

    assert people(1) == 1
    assert people(12) == 2


def test_weights_are_learned_from_mentions_without_labels():
    made = pnav.datasets.city(1500)
    rows = made.patents.inventors
    parties = made.patents.parties.drop_duplicates("publication_id")
    firm = parties.set_index("publication_id")["name_raw"]
    frame = pd.DataFrame(
        {
            "mention_id": rows["publication_id"] + "-" + rows["position"].astype("str"),
            "publication_id": rows["publication_id"],
            "name": rows["name_raw"],
            "applicants": rows["publication_id"].map(firm),
        }
    ).drop_duplicates("mention_id")
    weights = clean.inventor_weights(frame).set_index("part")["weight"]
    assert weights["coinventors_shared"] > 0
    assert weights["firm_word"] > 0
    again = clean.inventor_weights(frame.sample(frac=1, random_state=1)).set_index("part")["weight"]
    pd.testing.assert_series_equal(weights, again)
    with pytest.raises(pnav.ArgumentError, match="too few"):
        clean.inventor_weights(mentions())
    with pytest.raises(pnav.ArgumentError, match="stage"):
        clean.inventor_weights(mentions(), stage="cluster")


def one_name_at_one_firm(colleagues, *, name="郜望舒", years=(2015, 2016), firm="甲科技有限公司"):
    """Twenty filings of one name with one colleague, twenty with another, and other inventors."""
    rows = [(f"CN{n}", name, firm, "孟祥和") for n in range(20)]
    rows += [(f"CN{n + 20}", name, firm, "乐远山") for n in range(20)]
    rows += [(f"CN{n + 40}", f"{a}{b}远", firm, "") for n, (a, b) in enumerate(
        itertools.islice(itertools.product("赵钱孙李周吴郑王冯陈", "一二三四五六七八九十百千"), colleagues)
    )]  # fmt: skip
    year = [years[0]] * 20 + [years[1]] * 20 + [years[0]] * colleagues
    title = ["光学透镜组件"] * 20 + ["手柄充电装置"] * 20 + ["x"] * colleagues
    return table(rows).assign(date=[f"{y}-05-06" for y in year], title=title)


def persons(frame):
    return clean.inventor_groups(frame).iloc[:40].nunique()


def test_one_name_at_a_small_firm_is_one_person_whoever_the_co_inventors_are():
    assert persons(one_name_at_one_firm(5)) == 1
    # At a firm with departments, after many years, or at two firms, the evidence decides.
    assert persons(one_name_at_one_firm(110)) == 2
    assert persons(one_name_at_one_firm(5, years=(2002, 2016))) == 2
    two_firms = one_name_at_one_firm(5)
    two_firms.loc[20:39, "applicants"] = "乙电气有限公司"
    assert persons(two_firms) == 2


def test_a_frequent_name_needs_a_smaller_firm_and_two_of_a_filing_stay_two():
    assert persons(one_name_at_one_firm(5, name="王伟")) == 1
    assert persons(one_name_at_one_firm(95, name="王伟")) == 2
    twice = one_name_at_one_firm(5)
    twice.loc[20, "publication_id"] = "CN0"
    assert persons(twice) == 2
