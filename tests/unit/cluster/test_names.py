"""Names, remainder, fields, updates and reviews of technologies."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import block_diag, csr_matrix

import patentnav as pnav
from patentnav import text
from patentnav.cluster import fields, names, naming, remainder, scoring, vectors
from patentnav.errors import ArgumentError

THINGS = {
    "positive electrode active material": ["lithium", "nickel", "coated", "doped"],
    "telescope camera lens": ["zoom", "folded", "wide", "macro"],
    "fuel injection valve": ["piezo", "diesel", "needle", "orifice"],
}


def titled(titles: list[str]) -> pnav.PatentSet:
    ids = pd.Index([f"CN{i + 1}A" for i in range(len(titles))], name="publication_id")
    return pnav.PatentSet.from_tables({"publications": pd.DataFrame({"title": titles}, index=ids)})


def things(per: int = 40) -> list[str]:
    rows = []
    for thing, kinds in THINGS.items():
        pairs = itertools.cycle(itertools.permutations(kinds, 2))
        rows += [
            f"{a} {b} {thing} and method number {i}"
            for i, (a, b) in zip(range(per), pairs, strict=False)
        ]
    return rows


@pytest.fixture(scope="module")
def found():
    return pnav.cluster.technologies(titled(things()), 3)


# Noun phrases


def test_an_english_phrase_keeps_its_head_noun():
    titles = pd.Series([f"{kind} positive electrode active materials" for kind in "abcd"])
    phrases = text.noun_phrases(titles).texts
    assert "positive electrode active materials" in phrases
    assert "positive electrode active" not in phrases


def test_tails_and_breaks_bound_a_chinese_phrase():
    titles = pd.Series([f"一种锂离子电池正极材料及其制备方法{i}" for i in range(4)])
    phrases = text.noun_phrases(titles).texts
    assert any(p.endswith("正极材料") for p in phrases)
    assert not any("方法" in p or "制备" in p or "一种" in p for p in phrases)


def test_phrases_of_no_titles_and_of_rare_ones():
    for titles in (pd.Series([None, None], dtype="str"), pd.Series(["Fuel pump", "Oil lamp"])):
        assert len(text.noun_phrases(titles)) == 0
        assert text.noun_phrases(titles).presence.shape == (2, 0)


def test_presence_counts_texts_by_hand():
    titles = pd.Series(["Fuel pump", "A fuel pump for cars", None, "Fuel pumps", "Oil lamp"])
    phrases = text.noun_phrases(titles)
    column = phrases.texts.index("fuel pump")
    assert phrases.presence[:, [column]].toarray().ravel().tolist() == [1, 1, 0, 1, 0]


# Names


def test_names_are_complete_phrases_of_the_titles(found):
    assert sorted(found.names) == sorted(THINGS)


def test_one_owners_own_wording_weighs_less():
    titles = pd.Series(
        [f"hyperdrive motor {i}" for i in range(10)] + [f"motor brake {i}" for i in range(30)]
    )
    labels = np.repeat([0, 1], [10, 30])
    points = np.eye(2, dtype=np.float32)[labels]
    phrases = text.noun_phrases(titles)
    alone = names.Titles(
        phrases, points, np.where(labels == 0, 0, np.arange(40)), titles.to_numpy()
    )
    many = names.Titles(phrases, points, np.arange(40), titles.to_numpy())
    first = [
        scoring.scored(t, labels)[0].query("group == 0")["weight"].max() for t in (alone, many)
    ]
    assert first[0] == pytest.approx(scoring.OWN_FACTOR * first[1])


def test_a_namer_is_told_and_may_keep_the_name():
    told = []

    def namer(described: pnav.cluster.Described) -> str | None:
        told.append(described)
        return "Lenses" if "lens" in described.proposed else None

    again = pnav.cluster.technologies(titled(things()), 3, namer=namer)
    assert "Lenses" in set(again.names)
    assert {"fuel injection valve", "positive electrode active material"} <= set(again.names)
    first = next(d for d in told if "lens" in d.proposed and d.terms)
    assert first.publications == 40
    assert all("telescope camera lens" in title for title in first.titles)
    assert again.parameters["namer"] == "namer"


def test_words_that_bind_without_meaning_weigh_less():
    cut = vectors.words(
        pd.DataFrame({"title": ["a portable gearbox", "one universal gearbox"], "body": None})
    )
    factor = dict(zip(cut.tokens.vocabulary, cut.meaning(), strict=True))
    assert factor["portable"] == factor["universal"] == vectors.BINDING
    assert factor["gearbox"] == 1.0


# Remainder and fields


def test_what_shares_no_word_is_one_remainder_outside_the_numbers():
    lone = [
        f"{''.join(chr(98 + int(d)) for d in str(7919 * i + 10**6))}o widget" for i in range(30)
    ]
    patents = titled(things(80) + [title.replace(" widget", "") for title in lone])
    found = pnav.cluster.technologies(patents, 3)
    assert found.remainder == "TX"
    assert found.names.index[-1] == "TX"
    assert "TX" not in found.areas.index
    rest = found.labels == "TX"
    assert rest[[f"CN{i}A" for i in range(241, 271)]].all()
    assert not rest[[f"CN{i}A" for i in range(1, 241)]].any()
    values = found.quality.set_index("measure")["value"]
    assert values["remainder"] == 30
    assert values["technologies"] == 3
    assert pnav.study.groups.remainders(found) == {"TX"}


def test_a_loose_group_is_dissolved_into_the_remainder():
    generator = np.random.default_rng(0)
    subjects = np.repeat([0, 1, 2], [150, 150, 100])
    axes = np.eye(40, dtype=np.float32)
    points = vectors.unit(axes[subjects] + 0.05 * generator.normal(size=(400, 40)))
    points[subjects == 2] = vectors.unit(generator.normal(size=(100, 40)))
    titles = pd.Series([("gearbox", "telescope", f"w{chr(97 + i % 26)}{chr(97 + i // 26)}q")[s]
                        + f" {i}" for i, s in enumerate(subjects)])  # fmt: skip
    graph = csr_matrix((points @ points.T).clip(0.3) - 0.3)
    about = names.Titles(text.noun_phrases(titles), points, np.full(400, -1), titles.to_numpy())
    found = remainder.settled(about, np.arange(400), points, graph, subjects)
    assert (found[subjects < 2] == subjects[subjects < 2]).all()
    assert (found[subjects == 2] == -1).mean() > 0.9


def test_a_tight_group_is_no_remainder_whatever_its_titles():
    labels = np.repeat([0, 1], 100)
    titles = pd.Series([f"pump {i}" for i in range(100)] + [f"x{i}y z{i}w" for i in range(100)])
    points = np.eye(2, dtype=np.float32)[labels]
    block = np.ones((100, 100)) - np.eye(100)
    graph = block_diag([block, block]).tocsr()
    about = names.Titles(text.noun_phrases(titles), points, np.full(200, -1), titles.to_numpy())
    same = remainder.settled(about, np.arange(200), points, graph, labels)
    assert (same == labels).all()


def test_whole_texts_weigh_with_the_titles():
    # "gearbox" and "nozzle" stand in as many titles; the bodies speak of the gearbox only
    titles = pd.Series(["gearbox", "nozzle"] * 30 + ["telescope"] * 60)
    bodies = (" " + titles + pd.Series(["; the gearbox turns"] * 60 + ["; light"] * 60)).to_numpy(
        object
    )
    points = np.eye(2, dtype=np.float32)[np.repeat([0, 1], 60)]
    args = (text.noun_phrases(titles), points, np.full(120, -1))
    labels = np.repeat([0, 1], 60)
    distinct = np.array([f"{t} {i}" for i, t in enumerate(titles)], dtype=object)
    table = scoring.scored(names.Titles(*args, distinct, bodies), labels)[0].set_index(
        ["group", "term"]
    )
    assert table.loc[(0, "gearbox"), "weight"] > table.loc[(0, "nozzle"), "weight"]
    assert table.loc[(0, "gearbox"), "support"] == pytest.approx(np.sqrt(0.5 * 1.0))
    bare = scoring.scored(names.Titles(*args, distinct), labels)[0].set_index(["group", "term"])
    assert bare.loc[(0, "gearbox"), "support"] == 0.5


def test_a_broad_word_names_what_no_phrase_covers():
    things = [f"display {w} unit" for w in ("colour", "matrix", "head", "cabin", "retail")]
    titles = pd.Series([f"{things[i % 5]} {i}" if i % 2 else f"Assembly for display {i}" for i in range(100)]
                       + [f"gearbox {i}" for i in range(100)])  # fmt: skip
    points = np.eye(2, dtype=np.float32)[np.repeat([0, 1], 100)]
    labels = np.repeat([0, 1], 100)
    about = names.Titles(text.noun_phrases(titles), points, np.full(200, -1), titles.to_numpy())
    assert about.phrases.broad[about.phrases.texts.index("display")]
    phrases, words = scoring.scored(about, labels)
    assert "display" not in set(phrases["term"])
    wide = names.broader(
        about, labels, phrases, words.assign(broad=True), names.chosen(about, labels, phrases)
    )
    assert wide.set_index("group")["term"].to_dict() == {0: "display"}


def test_an_adjective_keeps_its_noun():
    titles = pd.Series(
        [f"Musical instrument {i}" for i in range(6)] + [f"Signal device {i}" for i in range(6)]
    )
    phrases = text.noun_phrases(titles)
    own = [t for t, broad in zip(phrases.texts, phrases.broad, strict=True) if not broad]
    assert "musical instrument" in own
    assert "musical" not in own
    assert "signal device" not in own  # a tail, after a noun


def test_publications_beyond_the_grouped_ones_join_their_technology():
    titles = things(60)
    whole = titled(titles)
    grouped = whole.filter([f"CN{i}A" for i in range(1, 151)])
    found = pnav.cluster.technologies(grouped, 3)
    labels = pnav.cluster.assign(found, grouped, whole)
    assert labels.index.equals(whole.publications.index)
    assert (labels[found.labels.index] == found.labels).all()
    new = labels[[f"CN{i}A" for i in range(151, 181)]]
    assert (new == found.labels["CN150A"]).all()
    again = pnav.cluster.assign(found, grouped, whole.filter(list(new.index)[::-1]))
    assert again.equals(new.sort_index())
    # What is said of a publication does not depend on those beside it.
    for one in new.index[::7]:
        assert pnav.cluster.assign(found, grouped, whole.filter([one])).equals(new[[one]])
    with pytest.raises(ArgumentError, match="none of its publications"):
        pnav.cluster.assign(found, whole.filter([f"CN{i}A" for i in range(151, 181)]), whole)


def test_as_many_fields_as_the_graph_says(found):
    table = found.area_evidence
    assert table.loc[table["proposed"], "n_fields"].item() == found.areas.nunique()
    best = table["modularity"] + table["told"]
    assert best[table["proposed"]].item() == best.max()
    assert table["told"].between(0, 1).all()


def test_a_field_of_several_technologies_lists_them(found):
    joint = found.overview[found.overview["technologies"].map(len) == 2]
    assert len(joint) == 1
    assert set(joint["name"].item().split(" and ")) == set(
        found.names[list(joint["technologies"].item())]
    )


def field_name(titles: dict[str, int], *, first: list[str], broad: list[bool]) -> str:
    """Name of one field of some technologies, which stands beside another one."""
    rows = [f"{title} {i}" for title, n in titles.items() for i in range(n)]
    patents = titled(rows + [f"Oil lamp {i}" for i in range(60)])
    documents = text.documents(patents)
    places = documents.index.str[2:-1].astype(int) - 1
    labels = np.repeat(range(len(titles) + 1), [*titles.values(), 60])[places]
    areas = np.array([0] * len(titles) + [1])
    points = np.eye(2, dtype=np.float32)[areas[labels]]
    about = naming.titles(documents, points, np.arange(len(labels)), patents, ())
    names_ = [*first, "oil lamp"]
    terms = pd.DataFrame({"group": [], "term": [], "cover": []})
    inside = naming.Naming(names_, names_, [*broad, False], terms, np.zeros(len(labels)))
    return fields.field_names(fields.headings(about, labels, inside), areas, inside, documents)[0]


def test_a_list_puts_broad_words_under_one_heading():
    name = field_name(
        {"Image": 30, "Camera with a flash": 20, "Display": 10},
        first=["image", "camera", "display"], broad=[True, False, True],
    )  # fmt: skip
    assert name == "camera, image and display technology"


def test_a_list_says_that_it_leaves_out_much():
    first = ["bolt", "chair", "clock", "hinge", "ladder", "mirror", "saddle", "table", "whistle"]
    things = {thing.title(): 20 for thing in first}
    name = field_name(things, first=first, broad=[False] * 9)
    assert name == "bolt, chair, clock, hinge and others"


def test_what_most_technologies_of_a_field_hold_names_it():
    kinds = ("diesel", "rotary", "marine", "steam")
    name = field_name(
        {f"{kind} turbine engine": 20 for kind in kinds},
        first=[f"{kind} turbine engine" for kind in kinds], broad=[False] * 4,
    )  # fmt: skip
    assert name == "turbine engine"


def test_overview_adds_up(found):
    table = found.overview
    assert table["publications"].sum() == 120
    assert table["share"].sum() == pytest.approx(1)
    assert sorted(t for own in table["technologies"] for t in own) == list(found.areas.index)
    assert table["name"].is_unique


def test_a_field_of_one_technology_has_its_name(found):
    for area, row in found.overview.iterrows():
        if len(row["technologies"]) == 1:
            assert found.area_names[area] == found.names[row["technologies"][0]]


# Updates


def test_an_update_keeps_numbers_and_names_and_places_the_new():
    titles = things(60)
    old = pnav.cluster.technologies(titled(titles).filter([f"CN{i}A" for i in range(1, 151)]), 3)
    new = pnav.cluster.technologies(titled(titles), earlier=old)
    assert new.names.to_dict() == old.names.to_dict()
    assert (new.labels[old.labels.index] == old.labels).all()
    valves = new.labels[[f"CN{i}A" for i in range(151, 181)]]
    assert (valves == old.labels["CN150A"]).all()
    table = pnav.cluster.changes(old, new)
    assert table["change"].to_list() == ["kept"] * 3


def test_changes_tell_merged_split_new_and_gone():
    def result(groups: dict[str, range]) -> pnav.cluster.Technologies:
        ids = sorted({i for own in groups.values() for i in own})
        labels = pd.Series(index=[f"P{i}" for i in ids], dtype="str")
        for key, own in groups.items():
            labels[[f"P{i}" for i in own]] = key
        keys = pd.Series(list(groups), index=list(groups))
        empty = pd.DataFrame()
        return pnav.cluster.Technologies(labels, keys, keys, keys, empty, empty, empty, empty,
                                         empty, labels)  # fmt: skip

    before = result(
        {"T1": range(20), "T2": range(20, 40), "T3": range(40, 60), "T4": range(60, 70)}
    )
    after = result({"T1": range(40), "T2": range(40, 50), "T3": range(50, 60), "T5": range(80, 90)})
    table = pnav.cluster.changes(before, after).set_index("technology")
    assert table.loc["T1", ["change", "related"]].to_list() == ["merged", ("T1", "T2")]
    assert table.loc["T2", ["change", "related"]].to_list() == ["split", ("T3",)]
    assert table.loc["T5", "change"] == "new"
    assert table.loc["T4", "change"] == "gone"


def test_earlier_must_share_publications(found):
    other = titled(things())
    ids = pd.Index([f"US{i}A1" for i in range(120)], name="publication_id")
    moved = pnav.PatentSet.from_tables(
        {"publications": other.publications[["title"]].set_index(ids)}
    )
    with pytest.raises(pnav.ArgumentError, match="earlier"):
        pnav.cluster.technologies(moved, earlier=found)


# Reviews


def test_a_review_renames_and_merges_and_is_played_again(found):
    table = pnav.cluster.review(found, titled(things()))
    assert table["titles"].str.contains("number").all()
    table.loc[0, "new_name"] = "Cathodes"
    table.loc[2, "merge_into"] = table.loc[1, "technology"]
    changed = pnav.cluster.reviewed(found, table)
    assert changed.names[table.loc[0, "technology"]] == "Cathodes"
    assert changed.sizes.sum() == 120
    assert len(changed.areas) == 2
    assert changed.overview["publications"].sum() == 120
    update = pnav.cluster.technologies(titled(things()), earlier=changed)
    assert update.names.to_dict() == changed.names.to_dict()


def test_a_review_of_another_result_is_refused(found):
    table = pnav.cluster.review(found)
    table["name"] = "something else"
    table.loc[0, "new_name"] = "Cathodes"
    with pytest.raises(pnav.ArgumentError, match="another result"):
        pnav.cluster.reviewed(found, table)
    table = pnav.cluster.review(found)
    table.loc[0, "merge_into"] = "T09"
    with pytest.raises(pnav.ArgumentError, match="cannot be merged"):
        pnav.cluster.reviewed(found, table)
    table = pnav.cluster.review(found)
    table.loc[0, "new_name"] = table.loc[1, "name"]
    with pytest.raises(pnav.ArgumentError, match="Two technologies"):
        pnav.cluster.reviewed(found, table)
    with pytest.raises(pnav.ArgumentError, match="new_name"):
        pnav.cluster.reviewed(found, table[["technology", "name"]])


def test_names_join_by_script():
    documents = pd.DataFrame({"set_language": ["mixed"]})
    joined = naming.joined([["pump", "valve"], ["水泵", "阀门"], []], documents)
    assert joined[:2] == ["pump and valve", "水泵与阀门"]
    assert len(joined) == 3
