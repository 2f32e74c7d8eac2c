import numpy as np
import pandas as pd
import pytest

import patentnav as pnav
from patentnav.classify.textmodel import TextModel, fit, hashed
from patentnav.taxonomy.load import build

TITLES = {
    "CN1A": "基于量子密钥的电池管理方法",
    "CN2A": "一种药物组合物",
    "US3A1": "System for package delivery by drone",
    "CN4A": "某物",
    "CN5A": None,
    "US6A1": "Quantum well MOSFET channels",
}
CLASSES = [("CN1A", "H04L9/08"), ("CN1A", "H02J7/00"), ("CN2A", "A61K31/00"),
           ("US3A1", "B64C39/02"), ("US6A1", "H01L29/06")]  # fmt: skip


@pytest.fixture
def patents():
    return pnav.PatentSet.from_tables(
        {
            "publications": pd.DataFrame({"title": TITLES}).rename_axis("publication_id"),
            "classifications": pd.DataFrame(CLASSES, columns=["publication_id", "symbol"]).assign(
                scheme="IPC"
            ),
        }
    )


def test_columns_weights_and_order(patents):
    rows = pnav.classify.memberships(patents)
    columns = ["publication_id", "industry", "sub_sector", "weight", "probability", "evidence"]
    assert list(rows.columns) == columns
    assert rows["probability"].between(0, 1).all()
    assert np.allclose(rows.groupby("publication_id")["weight"].sum(), 1.0)
    assert rows["publication_id"].is_monotonic_increasing
    assert (rows["evidence"] != "").all()


def test_evidence_names_rule_and_words(patents):
    rows = pnav.classify.memberships(patents).set_index(["publication_id", "industry"])
    text = rows.loc[("CN2A", "biomed"), "evidence"]
    assert "A61K31/00 (A61K)" in text
    assert "药物" in text
    assert rows.loc[("CN2A", "biomed"), "sub_sector"] == "bio-chem-drug"


def test_unassigned_is_said(patents):
    rows = pnav.classify.memberships(patents)
    assert rows.attrs["unassigned"] == 2
    primary = pnav.classify.industries(patents)
    assert primary.name == "industry"
    assert primary.isna().to_dict() == {k: k == "CN5A" for k in TITLES}


def test_a_plain_title_has_an_answer_with_its_uncertainty(patents):
    found = pnav.classify.leading(patents)
    assert found.loc["CN4A", "probability"] < 0.5
    assert found.loc["CN4A", "both"]
    assert found.loc["CN2A", "first"] == "biomed"
    assert not found.loc["CN2A", "both"]
    assert found.loc["CN5A"].isna().all()
    told = found.dropna(subset="probability")
    assert (told["probability"] >= told["second_probability"]).all()
    assert "CN4A" not in set(pnav.classify.memberships(patents)["publication_id"])


def test_the_first_of_several_names_its_clause():
    patents = one("基于虚拟现实的养老护理康复训练系统", "G06F3/01", "G06T19/00")
    rows = pnav.classify.memberships(patents)
    assert rows["industry"].to_list()[:2] == ["healthcare", "ict"]
    tree = pnav.taxonomy.load("jinan-ten")
    clause = tree.clause("healthcare", "ict")
    assert clause.id == "application"
    assert f"{clause.names['zh']}（先于{tree.names('zh')['ict']}）" in rows["evidence"].iloc[0]
    assert clause.names["zh"] not in rows["evidence"].iloc[1]
    assert pnav.classify.leading(patents)["clause"].iloc[0] == clause.names["zh"]


def test_being_served_is_told_for_each_industry_and_weights_follow_the_order():
    patents = one("基于虚拟现实的养老护理康复训练系统", "G06F3/01", "G06T19/00")
    rows = pnav.classify.memberships(patents).drop_duplicates("industry")
    chance = pnav.classify.probabilities(patents).iloc[0]
    shared = chance[rows["industry"]] / chance[rows["industry"]].sum()
    assert np.allclose(rows["weight"], shared)
    assert rows["probability"].sum() > 1  # not parts of one, each its own chance


def test_mostly_unassigned_is_warned_of(patents):
    with pytest.warns(pnav.CoverageWarning, match="2 of 3"):
        pnav.classify.memberships(patents.filter(["CN2A", "CN4A", "CN5A"]))


def test_quantum_well_is_no_quantum_technology(patents):
    primary = pnav.classify.industries(patents)
    assert primary["US6A1"] == "ict"
    assert primary["US3A1"] == "logistics"


def test_row_order_does_not_matter(patents):
    again = pnav.PatentSet.from_tables(
        {
            "publications": patents.publications.iloc[::-1],
            "classifications": patents.classifications.iloc[::-1],
        }
    )
    pd.testing.assert_frame_equal(
        pnav.classify.memberships(patents), pnav.classify.memberships(again)
    )


def test_only_titles_and_only_classes(patents):
    titles = pnav.PatentSet.from_tables({"publications": patents.publications})
    assert pnav.classify.industries(titles)["CN2A"] == "biomed"
    bare = pnav.PatentSet.from_tables(
        {
            "publications": patents.publications.assign(title=None),
            "classifications": patents.classifications,
        }
    )
    assert pnav.classify.industries(bare)["CN2A"] == "biomed"


def test_wrong_bound(patents):
    with pytest.raises(pnav.ArgumentError, match="certain"):
        pnav.classify.memberships(patents, bound="maybe")


def test_words_alone_decide_a_node_without_classes(patents):
    tree = build("x", {"nodes": [
        {"id": "energy"},
        {"id": "swap", "parent": "energy", "keywords": ["电池管理"]},
        {"id": "drug", "symbols": ["A61K"]},
    ]})  # fmt: skip
    rows = pnav.classify.memberships(patents.filter(["CN1A", "CN2A"]), tree)
    assert rows["sub_sector"].fillna("").to_list() == ["swap", ""]
    assert rows["industry"].to_list() == ["energy", "drug"]


def test_vendor_codes_count_where_nothing_else_tells():
    patents = pnav.PatentSet.from_tables({
        "publications": pd.DataFrame(
            {"title": [None, "一种药物"]}, index=pd.Index(["CN1A", "CN2A"], name="publication_id")
        ),
        "classifications": pd.DataFrame({
            "publication_id": ["CN1A", "CN2A"], "scheme": "SEI", "symbol": ["1.2", "1.2"],
        }),
    })  # fmt: skip
    assert pnav.classify.industries(patents, min_probability=0).to_list() == ["ict", "biomed"]


def labelled(codes, title=None):
    """A record with vendor labels of the emerging industries, and one without."""
    return pnav.PatentSet.from_tables({
        "publications": pd.DataFrame(
            {"title": [title, None]}, index=pd.Index(["CN1A", "CN2A"], name="publication_id")
        ),
        "classifications": pd.DataFrame({
            "publication_id": ["CN1A"] * len(codes) + ["CN1A", "CN2A"],
            "scheme": ["SEI"] * len(codes) + ["IPC", "IPC"],
            "symbol": [*codes, "H04L1/00", "H04L1/00"],
        }),
    })  # fmt: skip


def test_labels_of_the_own_scheme_stand_for_the_classes():
    rows = pnav.classify.memberships(labelled(["1.5", "8.1.2"]), "sei-2021")
    own = rows[rows["publication_id"] == "CN1A"].set_index("sub_sector")
    assert own["weight"].to_dict() == {"1.5": 0.5, "8.1": 0.5}  # 8.1.2 is a part of 8.1
    assert own["industry"].to_dict() == {"1.5": "1", "8.1": "8"}
    assert "SEI 1.5" in own.loc["1.5", "evidence"]
    unlabelled = pnav.classify.memberships(labelled(["99"]), "sei-2021")
    by_rule = unlabelled.groupby("publication_id")["sub_sector"].agg(set)
    assert by_rule["CN1A"] == by_rule["CN2A"]  # a label that names no node tells nothing


def test_vendor_codes_are_named_where_they_count_and_only_there():
    patents = pnav.PatentSet.from_tables({
        "publications": pd.DataFrame(
            {"title": [None, "一种药物"]}, index=pd.Index(["CN1A", "CN2A"], name="publication_id")
        ),
        "classifications": pd.DataFrame({
            "publication_id": ["CN1A", "CN2A"], "scheme": "GBT4754", "symbol": ["C3912", "C3912"],
        }),
    })  # fmt: skip
    rows = pnav.classify.memberships(patents).set_index("publication_id")
    assert rows.loc["CN1A", "industry"] == "ict"
    assert "GBT4754 C3912" in rows.loc["CN1A", "evidence"]
    assert "C3912" not in "".join(rows.loc[["CN2A"], "evidence"])


def test_a_set_teaches_and_can_be_held_back(patents):
    assert pnav.classify.learn(patents, start=None) is None
    n = 150
    many = pnav.PatentSet.from_tables({
        "publications": pd.DataFrame(
            {"title": [f"一种抗体药物组合物{i}" for i in range(n)] + [f"一种铝合金材料{i}" for i in range(n)]},
            index=pd.Index([f"CN{i}A" for i in range(2 * n)], name="publication_id"),
        ),
        "classifications": pd.DataFrame({
            "publication_id": [f"CN{i}A" for i in range(2 * n)], "scheme": "IPC",
            "symbol": ["A61K39/00"] * n + ["C22C21/00"] * n,
        }),
    })  # fmt: skip
    model = pnav.classify.learn(many, start=None)
    posterior = model.posterior(hashed(pd.Series(["抗体药物", "铝合金", ""])))
    best = [model.nodes[i] for i in np.nan_to_num(posterior).argmax(axis=1)[:2]]
    assert best == ["biomed", "materials"]
    assert np.isnan(posterior[2]).all()
    again = pnav.classify.learn(many, start=None)
    assert np.array_equal(model.weights, again.weights)
    assert pnav.classify.learn(many, start=None, without=many.publications.index[:150]) is None


def test_a_stored_model_says_the_same(tmp_path):
    texts = pd.Series(["antibody against cancer", "aluminium alloy sheet"] * 5)
    counts = hashed(texts)
    labels = np.array(["biomed", "materials"] * 5)
    model = fit(counts, labels, np.ones(10), ("biomed", "materials", "none"))
    model.save(tmp_path / "m.npz")
    kept = TextModel.read(tmp_path / "m.npz")
    assert np.allclose(model.posterior(counts), kept.posterior(counts), atol=0.02)
    assert (model.posterior(counts).argmax(axis=1) == np.tile([0, 1], 5)).all()


def test_a_model_of_other_nodes_is_refused(patents):
    stranger = TextModel(("a", "b"), np.zeros((2, 2)), np.zeros(2), np.zeros(2))
    with pytest.raises(pnav.ArgumentError, match="other nodes"):
        pnav.classify.probabilities(patents, text_model=stranger)


def test_probabilities_sum_to_one_where_there_is_evidence(patents):
    chance = pnav.classify.probabilities(patents)
    known = chance.dropna()
    assert np.allclose(known.sum(axis=1), 1.0)
    assert chance.loc["CN5A"].isna().all()


def of_two_owners(title: str) -> pnav.PatentSet:
    """A firm of drugs, a firm of cars, and one vague publication of each."""
    rows = [("药物组合物", "药企")] * 8 + [("车辆悬架", "车企")] * 8
    rows += [(title, "药企"), (title, "车企")]
    ids = [f"CN{100 + i}A" for i in range(len(rows))]
    return pnav.PatentSet.from_tables(
        {
            "publications": pd.DataFrame({"title": [t for t, _ in rows]}, index=ids),
            "parties": pd.DataFrame(
                {"publication_id": ids, "role": "applicant", "position": 1,
                 "name_raw": [name for _, name in rows]}
            ),
        }
    )  # fmt: skip


def test_the_applicants_field_is_weak_evidence():
    chance = pnav.classify.probabilities(of_two_owners("某物"), text_model=None)
    vague = chance.loc[["CN116A", "CN117A"]]
    assert (vague.iloc[0] == vague.iloc[1]).all()  # no evidence of their own: what the set is like
    chance = pnav.classify.probabilities(of_two_owners("一种检测装置"))
    assert chance.loc["CN116A", "biomed"] > chance.loc["CN117A", "biomed"]
    assert chance.loc["CN117A", "equipment"] > chance.loc["CN116A", "equipment"]
    assert chance.loc["CN116A"].idxmax() == chance.loc["CN117A"].idxmax()  # it does not decide
    rows = pnav.classify.memberships(of_two_owners("药物检测"))
    said = rows.set_index("publication_id").loc["CN116A", "evidence"]
    assert (
        "申请人其余专利占比 1.00" in said
        if isinstance(said, str)
        else said.str.contains("1.00").any()
    )


def test_abstention_can_be_limited(patents):
    all_stated = pnav.classify.industries(patents, min_probability=0.0)
    none_stated = pnav.classify.industries(patents, min_probability=1.0)
    limited = pnav.classify.industries(patents, min_probability=1.0, max_abstained=0.5)
    assert none_stated.notna().sum() <= limited.notna().sum()
    assert all_stated.notna().sum() > limited.notna().sum() >= all_stated.notna().sum() / 2
    stated = limited.dropna()
    assert (stated == all_stated[stated.index]).all()


def one(title: str, *symbols: str) -> pnav.PatentSet:
    return pnav.PatentSet.from_tables(
        {
            "publications": pd.DataFrame({"title": [title]}, index=["CN1A"]).rename_axis(
                "publication_id"
            ),
            "classifications": pd.DataFrame(
                {"publication_id": "CN1A", "scheme": "IPC", "symbol": list(symbols)}
            ),
        }
    )


def test_what_is_certain_is_possible_too():
    """Where every node that fits has a symbol, a rule with words takes nothing from the others."""
    tree = build("x", {"nodes": [
        {"id": "a", "symbols": ["F02D41"]},
        {"id": "b", "gated": ["F02D"], "keywords": {"en": ["hybrid"]}},
    ]})  # fmt: skip
    patents = one("Injection map of an engine", "F02D41/00")
    certain = pnav.classify.memberships(patents, tree)
    possible = pnav.classify.memberships(patents, tree, bound="possible")
    assert certain["industry"].to_list() == ["a"]
    assert sorted(possible["industry"]) == ["a", "b"]


def test_whatever_a_rule_fits_is_a_member():
    """One of ten classes is a member of an official table, however small its part."""
    tree = build("x", {"nodes": [
        {"id": "a", "symbols": ["F02D"]}, {"id": "b", "symbols": ["H01M"]},
    ]})  # fmt: skip
    classes = [f"{s}1/00" for s in ("F02D", "F02B", "F02F", "F02M", "F02N", "F02P", "F02C", "F02G")]
    patents = one("An engine", *classes, "H01M10/00")
    assert sorted(pnav.classify.memberships(patents, tree)["industry"]) == ["a", "b"]


def test_words_alone_do_not_place_where_the_rule_asks_for_a_class():
    tree = build("x", {"nodes": [
        {"id": "a"},
        {"id": "a1", "parent": "a", "symbols": ["F02D"]},
        {"id": "a2", "parent": "a", "gated": ["H01M"], "keywords": {"en": ["battery"]}},
    ]})  # fmt: skip
    patents = one("An engine with a battery", "F02D41/00")
    assert pnav.classify.memberships(patents, tree)["sub_sector"].to_list() == ["a1"]
