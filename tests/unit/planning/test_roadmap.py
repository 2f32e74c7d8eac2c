"""The roadmap: what stands for its years, and the citations between."""

from __future__ import annotations

import pandas as pd
import pytest

from patentnav import ArgumentError, PatentSet, planning
from patentnav.planning.roadmap import apart, spellings, standing_in, stands_in


def _road(
    patents: PatentSet, by: pd.DataFrame, judged: pd.DataFrame, owners: pd.DataFrame, **more
) -> planning.Roadmap:
    return planning.roadmap(patents, by, judged=judged, owners=owners, unit="publication", **more)


def _cited() -> tuple[PatentSet, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """A line of 40 publications, each citing the one before, two a year, and a loner."""
    ids = [f"CN{i:03}A" for i in range(40)]
    frame = pd.DataFrame(
        {"application_date": pd.to_datetime([f"{2001 + i // 2}-0{1 + i % 2}-01" for i in range(40)]),
         "application_id": ids, "title": "x", "authority": "CN"},
        index=pd.Index(ids, name="publication_id"),
    )  # fmt: skip
    frame.loc["CN999A"] = frame.loc["CN039A"].to_dict() | {"application_id": "CN999A"}
    links = pd.DataFrame({"citing_id": ids[1:], "cited_id": ids[:-1]})
    patents = PatentSet.from_tables({"publications": frame, "citations": links})
    by = pd.DataFrame({"publication_id": frame.index, "technology": "T1", "weight": 1.0})
    judged = pd.DataFrame(
        {"cited": False, "percentile": 50.0, "offices": False, "used": False}, index=frame.index
    )
    owners = pd.DataFrame({"publication_id": frame.index, "owner": "a"})
    return patents, by, judged, owners


def test_a_chain_of_citations_is_the_road() -> None:
    found = _road(*_cited(), until=2020)
    assert found.method == "citations"
    assert found.linked == 40  # the loner is not
    assert found.nodes["on_path"].all()
    # Columns of three years end with 2020: 2000-2002 to 2018-2020, seven with two nodes each.
    assert sorted(found.nodes["start"].unique()) == [2000, 2003, 2006, 2009, 2012, 2015, 2018]
    assert found.nodes.groupby("start").size().tolist() == [2] * 7
    # A line of n nodes has n - 1 edges, through what is not shown.
    assert len(found.edges) == 13
    assert (found.edges["earlier_id"] < found.edges["later_id"]).all()


def test_what_was_used_stands_beside_the_road() -> None:
    patents, by, judged, owners = _cited()
    judged.loc["CN999A", "used"] = True
    other = by.assign(technology=["T2" if p == "CN999A" else "T1" for p in by["publication_id"]])
    found = _road(patents, other, judged, owners, until=2020)
    nodes = found.nodes.set_index("publication_id")
    assert not nodes.loc["CN999A", "on_path"]
    with pytest.raises(ArgumentError):
        _road(patents, by, judged, owners, lanes=0)


def _titled(term_from: int) -> tuple[PatentSet, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """200 titles; from one on every second has a term that the others have not."""
    ids = [f"US{i:03}A" for i in range(200)]
    titles = [
        (
            f"Wheel bearing {i} with lubricant"
            if i < term_from or i % 2
            else f"Maglev wheel bearing {i}"
        )
        for i in range(200)
    ]
    frame = pd.DataFrame(
        {"application_date": pd.to_datetime("2000-01-01") + pd.to_timedelta(range(0, 6000, 30), "D"),
         "application_id": ids, "title": titles, "language": "en", "authority": "US"},
        index=pd.Index(ids, name="publication_id"),
    )  # fmt: skip
    patents = PatentSet.from_tables({"publications": frame})
    by = pd.DataFrame({"publication_id": ids, "technology": "T1", "weight": 1.0})
    judged = pd.DataFrame({"cited": pd.NA, "percentile": pd.NA, "offices": pd.NA, "used": pd.NA},
                          index=ids)  # fmt: skip
    owners = pd.DataFrame({"publication_id": ids, "owner": [f"o{i % 7}" for i in range(200)]})
    return patents, by, judged, owners


def test_without_citations_the_first_title_with_a_new_term_stands() -> None:
    found = _road(*_titled(150))
    assert found.method == "terms"
    assert found.edges.empty
    assert found.nodes["publication_id"].tolist() == ["US150A"]
    assert "aglev" in found.nodes["term"].iloc[0]
    # Every owner of seven comes up within five years of titles that follow each month.
    assert found.nodes["followers"].tolist() == [7]


def test_a_term_that_was_there_from_the_beginning_is_not_new() -> None:
    assert _road(*_titled(0)).nodes.empty


def test_terms_looked_for_at_once_stand_where_each_does() -> None:
    titles = ["a device for ar glasses", "hardware of a smartphone", "虚拟现实及心理治疗系统", "ar"]
    terms = ["AR", "心理", "laser", "device for"]
    found = {term: rows.tolist() for term, rows in standing_in(terms, titles).items()}
    assert found == {"AR": [0, 3], "心理": [2], "laser": [], "device for": [0]}
    assert found == {t: [i for i, x in enumerate(titles) if stands_in(t, x)] for t in terms}


def test_a_term_within_a_word_of_an_earlier_title_is_not_new() -> None:
    """Readers look for the string: 心理 stands in 心理治疗, AR does not in hardware."""
    assert stands_in("心理", "一种虚拟现实系统及心理治疗系统")
    assert stands_in("AR", "a device for ar glasses")
    assert not stands_in("AR", "hardware of a smartphone")
    patents, by, judged, owners = _titled(150)
    titles = patents.publications["title"].copy()
    titles.iloc[40] = "Premaglevated bearing of a wheel, Maglev-wheel"
    texts = PatentSet.from_tables({"publications": patents.publications.assign(title=titles)})
    assert _road(texts, by, judged, owners).nodes.empty


def test_a_word_of_all_technologies_is_no_term_of_one() -> None:
    """ "Updating" is taken up everywhere: half of the titles with a term lie in its technology."""
    patents, by, judged, owners = _titled(150)
    carriers = [f"US{i:03}A" for i in range(150, 200, 2)]
    spread = {p: f"T{i % 3}" for i, p in enumerate(carriers)}
    several = by.assign(technology=by["publication_id"].map(spread).fillna("T1"))
    assert _road(patents, several, judged, owners).nodes.empty
    mostly = by.assign(
        technology=["T2" if p in carriers[1::3] else "T1" for p in by["publication_id"]]
    )
    assert _road(patents, mostly, judged, owners).nodes["publication_id"].tolist() == ["US150A"]


@pytest.mark.parametrize(
    ("owners", "number"),
    [
        ([{"a"}, {"b"}, {"c"}], 3),
        ([{"a", "b", "c"}], 1),  # three applicants of one filing took nothing up from one another
        ([{"a", "b"}, {"c"}, {"b", "c"}], 1),  # joined by a third filing
        ([{"a"}, set(), {"a"}], 1),
    ],
)
def test_owners_who_file_together_take_a_term_up_once(owners: list[set[str]], number: int) -> None:
    assert apart(owners) == number


def test_a_term_of_few_who_file_together_is_no_new_one() -> None:
    patents, by, judged, owners = _titled(150)
    carriers = [f"US{i:03}A" for i in range(150, 200, 2)]
    rest = owners[~owners["publication_id"].isin(carriers)]
    joint = pd.DataFrame(
        [(p, o) for p in carriers for o in ("p", "q", "r")], columns=["publication_id", "owner"]
    )
    assert _road(patents, by, judged, pd.concat([rest, joint])).nodes.empty


def test_another_spelling_of_a_known_word_is_not_new() -> None:
    assert spellings("头戴式") == ["头戴式", "头戴", "戴式"]
    assert spellings("近眼显示") == ["近眼显示", "近眼显", "眼显示"]
    assert spellings("maglev") == ["maglev"]
    patents, by, judged, owners = _titled(150)
    chinese = patents.publications["title"].str.replace("Maglev", "磁浮轮车 ")
    assert not _road(_retitled(patents, chinese), by, judged, owners).nodes.empty
    known = chinese.mask(chinese.index == "US040A", "磁浮轮 bearing")  # all but its last character
    assert _road(_retitled(patents, known), by, judged, owners).nodes.empty


def _retitled(patents: PatentSet, titles: pd.Series) -> PatentSet:
    return PatentSet.from_tables({"publications": patents.publications.assign(title=titles)})
