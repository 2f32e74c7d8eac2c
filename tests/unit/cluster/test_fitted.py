"""Technologies fitted to their names, and headings of fields."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix, identity

import patentnav as pnav
from patentnav import text
from patentnav.cluster import decided, fields, fitted, groups, names, naming, scoring, vectors
from patentnav.cluster.result import Space


def about(titles: list[str], points: np.ndarray) -> names.Titles:
    series = pd.Series(titles)
    return names.Titles(
        text.noun_phrases(series), points, np.full(len(titles), -1), series.to_numpy(object)
    )


def space(points: np.ndarray) -> Space:
    n = len(points)
    return Space(np.arange(n), points, points, csr_matrix(identity(n)), np.zeros((n, 1), int))


def around(axes: list[int], noise: float = 0.05) -> np.ndarray:
    """Unit vectors near axes of ten directions."""
    generator = np.random.default_rng(0)
    exact = np.eye(10, dtype=np.float32)[axes]
    return vectors.unit(exact + noise * generator.normal(size=exact.shape))


# Cutting


@pytest.mark.parametrize(
    "things", [("gearbox", "telescope", "oil lamp"), ("变速箱", "望远镜", "油灯")]
)
def test_a_group_of_two_subjects_is_cut_into_them(things):
    which = np.repeat([0, 1, 2], 60)
    titles = [f"{things[w]} {i}" for i, w in enumerate(which)]
    points = around(which.tolist())
    found = fitted.fitted(about(titles, points), space(points), np.where(which == 2, 1, 0))
    assert len(set(found[found >= 0])) == 3
    table = pd.crosstab(which, found)
    assert ((table > 0).sum(axis=1) == 1).all()


def test_a_group_that_its_name_covers_stays_whole():
    which = np.repeat([0, 1, 2], 60)  # two kinds of gearboxes, far apart, of one name
    titles = [f"{('gearbox', 'gearbox', 'oil lamp')[w]} {i}" for i, w in enumerate(which)]
    points = around(which.tolist())
    before = np.where(which == 2, 1, 0)
    found = fitted.fitted(about(titles, points), space(points), before)
    assert len(set(found[found >= 0])) == 2


def test_no_more_technologies_by_cutting_than_the_limit(monkeypatch):
    monkeypatch.setattr(fitted, "MOST", 2)
    which = np.repeat([0, 1, 2], 60)
    titles = [f"{('gearbox', 'telescope', 'oil lamp')[w]} {i}" for i, w in enumerate(which)]
    points = around(which.tolist())
    found = fitted.fitted(about(titles, points), space(points), np.where(which == 2, 1, 0))
    assert int(found.max()) + 1 == 2


def test_parts_are_numbered_on_and_the_first_keeps_its_number():
    labels = np.array([0, 0, 0, 1, 1, -1])
    parts = {0: np.array([0, 1, 2]), 1: np.array([1, 0])}
    assert fitted._with_parts(labels, parts).tolist() == [0, 2, 3, 4, 1, -1]


def test_too_few_different_vectors_are_one_part():
    assert groups.parted(np.ones((9, 3), dtype=np.float32), 3).tolist() == [0] * 9


# Drawing


def test_a_title_draws_to_the_group_it_names_where_it_is_near():
    # publication 0 lies between both groups, a little nearer to the other one; 1 lies far away
    which = np.repeat([0, 1], 60)
    titles = [f"{('gearbox', 'telescope')[w]} {i}" for i, w in enumerate(which)]
    points = around(which.tolist(), 0.01)
    titles[0] = titles[1] = "telescope"
    points[0] = vectors.unit(np.array([[0.72, 0.69] + [0.0] * 8]))[0]
    found = fitted._drawn(about(titles, points), space(points), which)
    assert found[0] == 1
    assert found[1] == 0
    assert (found[2:] == which[2:]).all()


def test_what_no_name_holds_and_lies_far_remains_within_the_limit():
    which = np.repeat([0, 1], 100)
    titles = [f"{('gearbox', 'telescope')[w]} {i}" for i, w in enumerate(which)]
    points = around(which.tolist(), 0.01)
    strangers = np.arange(0, 200, 10)
    for i in strangers:
        titles[i] = f"w{chr(97 + i // 10)}q"
    far = strangers[:5]
    points[far] = np.eye(10, dtype=np.float32)[5]
    found = fitted._trimmed(about(titles, points), space(points), which)
    assert set(far) <= set(np.flatnonzero(found < 0))
    assert set(np.flatnonzero(found < 0)) <= set(strangers)  # what holds the name stays
    assert (found < 0).mean() <= fitted.WISHED


def test_any_order_of_rows_gives_the_same_names():
    kinds = ("helical", "planetary", "marine", "compact")
    things = ("gearbox", "telescope", "lantern", "compressor", "antenna", "violin", "loom", "elevator",
              "printer", "bicycle", "oven", "anchor")  # fmt: skip
    titles = [f"{kinds[i % 4]} {thing} number {i}" for thing in things for i in range(20)]
    ids = pd.Index([f"CN{i}A" for i in range(len(titles))], name="publication_id")
    table = pd.DataFrame({"title": titles}, index=ids)
    results = [
        pnav.cluster.technologies(pnav.PatentSet.from_tables({"publications": rows}))
        for rows in (table, table.iloc[::-1], table.sample(frac=1, random_state=1))
    ]
    for other in results[1:]:
        assert other.names.equals(results[0].names)
        assert other.labels.equals(results[0].labels)
        assert other.area_names.equals(results[0].area_names)


# Names


def test_what_much_of_the_set_holds_names_no_group():
    things = [f"{w} chatbot" for w in ("ordering", "tutor", "banking", "hotel", "clinic", "hiring",
                                       "parking", "travel")]  # fmt: skip
    titles = [f"{thing} {i}" for thing in things for i in range(30)]
    titles += [f"chatbot {i}" for i in range(30)]
    labels = np.repeat(np.arange(9), 30)
    points = np.eye(10, dtype=np.float32)[labels]
    table = scoring.scored(about(titles, points), labels)[0]
    assert "chatbot" not in set(table["term"])
    assert {f"{thing}" for thing in things} <= set(table["term"])


def test_a_pair_names_a_group_that_one_phrase_covers_badly():
    rows = [f"{('pump', 'valve', 'hose')[i % 3]} {i}" for i in range(60)] + [
        f"oil lamp {i}" for i in range(60)
    ]
    labels = np.repeat([0, 1], 60)
    points = np.eye(10, dtype=np.float32)[labels]
    _, found = decided.decided(about(rows, points), labels)
    by_group = found.groupby("group")["term"].agg(set)
    assert by_group[1] == {"oil lamp"}
    titles = about(rows, points)
    covered = titles.phrases.presence[:60][:, found.loc[found["group"] == 0, "phrase"].to_numpy()]
    assert (covered.sum(axis=1).A1 > 0).mean() == pytest.approx(2 / 3)


def test_words_joined_for_good_are_one_phrase():
    titles = pd.Series(
        ["Light detection and ranging system"] * 5 + ["Pump and motor", "Motor", "Pump"] * 4
    )
    phrases = text.noun_phrases(titles)
    told = [t for t, broad in zip(phrases.texts, phrases.broad, strict=True) if not broad]
    assert "light detection and ranging" in told
    assert "light detection" not in told
    assert "pump and motor" not in told


def test_what_follows_something_of_is_no_phrase_alone():
    titles = pd.Series(
        [f"{w} of arrival estimation {i}" for i, w in enumerate(["Time", "Angle", "Direction"] * 4)]
    )
    phrases = text.noun_phrases(titles)
    told = [t for t, broad in zip(phrases.texts, phrases.broad, strict=True) if not broad]
    assert "angle of arrival estimation" in told
    assert not any(t.startswith("arrival") for t in told)


def test_an_adverb_ends_no_phrase():
    phrases = text.noun_phrases(
        pd.Series(["Circuits reflexively"] * 4 + ["Seal assembly"] * 4)
    ).texts
    assert "circuits reflexively" not in phrases
    assert "seal assembly" in phrases or "seal" in phrases


@pytest.mark.parametrize(
    ("titles", "kept", "gone"),
    [
        (["带乘车图形用户界面的手机"] * 4, "图形用户界面", "手机"),
        (["显示屏幕面板的购物图形用户界面"] * 4, "图形用户界面", "显示屏幕面板"),
        (["Display screen or portion thereof with graphical user interface"] * 4,
         "graphical user interface", "display"),
    ],
)  # fmt: skip
def test_what_carries_an_interface_is_no_subject(titles, kept, gone):
    phrases = text.noun_phrases(pd.Series(titles)).texts
    assert any(kept in phrase for phrase in phrases)
    assert not any(gone in phrase for phrase in phrases)


# Fields


def headings(covers: list[list[float]], sizes: list[int]) -> fields.Headings:
    table = np.array(covers)
    terms = [f"t{i}" for i in range(table.shape[1])]
    weights = np.array(sizes)
    return fields.Headings(
        terms, np.zeros(len(terms), bool), table, *[weights @ table / weights.sum()] * 2, weights,
        np.eye(len(terms), dtype=bool), np.full(len(terms), 1 / 7),
    )  # fmt: skip


def test_a_heading_takes_the_terms_that_tell_most_together():
    # t0 tells half of both technologies, t1 and t2 all of one each; a third technology stands apart
    told = headings([[0.5, 1, 0, 0], [0.5, 0, 1, 0], [0, 0, 0, 1]], [50, 50, 100])
    chosen, share = told.best([0, 1])
    assert {told.terms[i] for i in chosen} == {"t1", "t2"} | ({"t0"} & {told.terms[chosen[0]]})
    assert share == pytest.approx(1.0)
    assert told.best([0])[0] == [1]


def test_what_other_fields_hold_as_well_heads_none():
    told = headings([[0.9, 0.6], [0.9, 0], [0.9, 0], [0.9, 0]], [50] * 4)
    assert told.best([0])[0] == [1]


def test_a_union_loses_what_its_heading_leaves_out():
    # technologies of own names, of equal sizes: four terms tell four fifths of five of them
    told = headings(np.eye(12).tolist(), [40] * 12)
    assert told.lost([0, 1], [2]) == pytest.approx(0.0)
    assert told.lost([0, 1, 2], [3, 4]) == pytest.approx(fields.STRAIN * 40)


def test_strain_keeps_apart_what_no_heading_tells():
    points = np.repeat(np.eye(4), 10, axis=0)
    labels = np.repeat(np.arange(4), 10)
    dear = {frozenset((0, 1)), frozenset((2, 3))}

    def strain(first: list[int], second: list[int]) -> float:
        return 0.0 if frozenset((*first, *second)) in dear else 100.0

    grown = groups.merged(points, labels, strain=strain)
    cut = grown.cut(2)
    assert cut[0] == cut[1]
    assert cut[2] == cut[3]
    assert cut[0] != cut[2]


def test_no_two_fields_have_one_term():
    documents = pd.DataFrame({"set_language": ["en"]})
    told = headings([[1, 0, 0.3], [0, 1, 0.3], [0.1, 0, 1]], [60, 50, 40])
    inside = naming.Naming(
        ["t0", "t1", "t2"], ["t0", "t1", "t2"], [False] * 3, pd.DataFrame(), np.zeros(0)
    )
    found = fields.field_names(told, np.array([0, 1, 2]), inside, documents)
    assert found == ["t0", "t1", "t2"]
