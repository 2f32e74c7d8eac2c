import pandas as pd
import pytest

import patentnav as pnav
from patentnav import clean


def people(extra=()):
    rows = [
        ("CN1A", "甲科技有限公司", "王伟"),
        ("CN2A", "甲科技有限公司", "王伟"),
        ("CN3A", "乙机械有限公司", "王伟"),
        *extra,
    ]
    frame = pd.DataFrame(rows, columns=["publication_id", "firm", "person"])
    return pnav.PatentSet.from_tables(
        {
            "publications": frame[["publication_id"]].assign(title=frame["firm"]),
            "parties": frame[["publication_id"]].assign(name_raw=frame["firm"]),
            "inventors": frame[["publication_id"]].assign(name_raw=frame["person"]),
        }
    )


def decide(*rows):
    columns = ["kind", "first_publication", "first_name", "second_publication", "second_name",
               "decision"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def ids(patents, decisions=None):
    inventors = clean.resolve_inventors(patents, decisions=decisions).inventors
    return inventors.set_index("publication_id")["inventor_id"]


def test_decisions_win_over_the_evidence():
    before = ids(people())
    assert before["CN1A"] == before["CN2A"] != before["CN3A"]
    decisions = decide(
        ("inventor", "CN1A", "王伟", "CN2A", "王伟", "different"),
        ("inventor", "CN1A", "王伟", "CN3A", "王伟", "same"),
    )
    after = ids(people(), decisions)
    assert after["CN1A"] == after["CN3A"] != after["CN2A"]


def test_replay_on_new_records_keeps_what_was_decided():
    decisions = decide(
        ("inventor", "CN1A", "王伟", "CN2A", "王伟", "different"),
        ("inventor", "CN1A", "王伟", "CN3A", "王伟", "same"),
    )
    more = [(f"CN{n}A", "甲科技有限公司", "王伟") for n in range(4, 12)]
    after = ids(people(more), decisions)
    assert after["CN1A"] == after["CN3A"] != after["CN2A"]


def test_contradictions_are_reported():
    decisions = decide(
        ("inventor", "CN1A", "王伟", "CN2A", "王伟", "same"),
        ("inventor", "CN2A", "王伟", "CN3A", "王伟", "same"),
        ("inventor", "CN1A", "王伟", "CN3A", "王伟", "different"),
    )
    assert clean.decision_conflicts(decisions).index.tolist() == [2]
    with pytest.warns(pnav.DataQualityWarning, match="1 decisions say different"):
        after = ids(people(), decisions)
    assert after.nunique() == 1


def test_party_decisions_join_and_part():
    decisions = decide(
        ("party", "CN1A", "甲科技有限公司", "CN3A", "乙机械有限公司", "same"),
    )
    parties = clean.resolve_parties(people(), decisions=decisions).parties
    assert parties["party_id"].nunique() == 1
    patents = people([("CN4A", "甲科技股份有限公司", "李强")])
    one = clean.resolve_parties(patents).parties.set_index("publication_id")["party_id"]
    assert one["CN1A"] == one["CN4A"]
    decisions = decide(
        ("party", "CN1A", "甲科技有限公司", "CN4A", "甲科技股份有限公司", "different"),
    )
    two = clean.resolve_parties(patents, decisions=decisions).parties
    two = two.set_index("publication_id")["party_id"]
    assert two["CN1A"] != two["CN4A"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_marked_review_table_reads_back(tmp_path, suffix):
    review = clean.review_inventors(people())
    assert set(review["proposal"]) <= {"same", "different"}
    marked = review.assign(decision="")
    if len(marked):
        marked.loc[0, "decision"] = " Same "
    path = clean.write_review(marked, tmp_path / f"review{suffix}")
    read = clean.read_decisions(path)
    assert len(read) == min(len(marked), 1)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_review_table_that_nobody_marked_holds_no_decision(tmp_path, suffix):
    review = clean.review_inventors(pnav.datasets.city(n=120).patents).assign(decision="")
    assert len(review)
    path = clean.write_review(review, tmp_path / f"review{suffix}")
    assert not len(clean.read_decisions(path))


def test_wrong_decision_is_named():
    with pytest.raises(pnav.ArgumentError, match="maybe"):
        clean.resolve_inventors(
            people(), decisions=decide(("inventor", "CN1A", "王伟", "CN2A", "王伟", "maybe"))
        )


def test_evidence_says_why():
    table = clean.party_evidence(
        people([("CN4A", "甲科技（北京）有限公司", "李强")]), aliases={"乙机械有限公司": "丙公司"}
    ).set_index("name_raw")
    assert table.loc["甲科技有限公司", "reason"] == "same_key"
    assert table.loc["乙机械有限公司", "reason"] == "alias"
    assert table.loc["乙机械有限公司", "name"] == "丙公司"
