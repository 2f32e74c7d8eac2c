"""Technologies: contract, determinism, small and odd sets."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

import patentnav as pnav

SUBJECTS = {
    "battery": [
        "lithium",
        "battery",
        "cell",
        "electrolyte",
        "cathode",
        "anode",
        "separator",
        "charging",
        "pack",
        "voltage",
    ],
    "camera": [
        "camera",
        "lens",
        "image",
        "sensor",
        "pixel",
        "exposure",
        "shutter",
        "focus",
        "frame",
        "colour",
    ],
    "engine": [
        "engine",
        "piston",
        "cylinder",
        "fuel",
        "injection",
        "valve",
        "combustion",
        "crankshaft",
        "exhaust",
        "turbo",
    ],
}
SUBJECTS_ZH = {
    "battery": ["锂离子", "电池", "电解质", "正极", "负极", "隔膜", "充电", "电压"],
    "camera": ["摄像头", "镜头", "图像", "传感器", "像素", "曝光", "快门", "对焦"],
}


def planted(subjects=SUBJECTS, *, per=40, join=" ") -> tuple[pnav.PatentSet, pd.Series]:
    generator = np.random.default_rng(1)
    rows = []
    for (subject, words), _ in itertools.product(subjects.items(), range(per)):
        title = join.join(generator.choice(words, 3, replace=False))
        body = join.join(generator.choice(words, 6))
        rows.append((f"CN{len(rows) + 1}A", subject, title, body))
    frame = pd.DataFrame(rows, columns=["publication_id", "subject", "title", "text"])
    texts = frame[["publication_id", "text"]].assign(field="abstract")
    tables = {"publications": frame.set_index("publication_id")[["title"]], "texts": texts}
    return pnav.PatentSet.from_tables(tables), frame.set_index("publication_id")["subject"]


@pytest.fixture(scope="module")
def three() -> tuple[pnav.PatentSet, pd.Series]:
    return planted()


@pytest.fixture(scope="module")
def result(three):
    return pnav.cluster.technologies(three[0], 3)


def test_planted_subjects_are_found(three, result):
    _, subject = three
    pairs = pd.crosstab(subject, result.labels)
    assert (pairs > 0).sum().sum() == 3
    assert result.sizes.to_list() == [40, 40, 40]


def test_the_number_is_proposed_with_its_evidence(three):
    found = pnav.cluster.technologies(three[0])
    assert len(found.names) == 3
    assert found.evidence.loc[found.evidence["proposed"], "n_clusters"].to_list() == [3]
    assert found.parameters["n_clusters"] == 3


def test_names_are_words_of_the_subject(three, result):
    _, subject = three
    for technology, name in result.names.items():
        own = subject[result.labels == technology].iloc[0]
        assert set(name.replace(" and ", " ").split()) <= set(SUBJECTS[own])
    assert result.names.is_unique


def test_result_keeps_the_contract(three, result):
    ids = three[0].publications.index
    assert result.labels.index.equals(ids)
    assert result.layout.index.equals(ids)
    assert list(result.layout.columns) == ["x", "y"]
    assert list(result.names.index) == ["T01", "T02", "T03"]
    assert {"technology", "rank", "term", "weight"} <= set(result.terms.columns)
    assert list(result.representatives.columns) == ["technology", "rank", "publication_id"]
    assert list(result.quality.columns) == ["measure", "value", "note"]
    own = result.labels[result.representatives["publication_id"]].to_numpy()
    assert (own == result.representatives["technology"]).all()
    frame = result.to_frame()
    assert list(frame.columns) == ["technology", "name", "area", "typicality", "x", "y"]
    assert frame["typicality"].between(-1, 1.001).all()
    assert "T01" in repr(result)


def test_row_order_changes_nothing(three, result):
    patents, _ = three
    order = np.random.default_rng(3).permutation(len(patents))
    turned = pnav.PatentSet.from_tables(
        {"publications": patents.publications.iloc[order], "texts": patents.texts.iloc[::-1]}
    )
    again = pnav.cluster.technologies(turned, 3)
    pd.testing.assert_frame_equal(result.to_frame(), again.to_frame())
    pd.testing.assert_frame_equal(result.terms, again.terms)
    pd.testing.assert_frame_equal(result.quality, again.quality)


def test_row_order_changes_nothing_where_fine_groups_come_from_k_means():
    patents, subject = planted(per=150)
    order = np.random.default_rng(5).permutation(len(patents))
    turned = pnav.PatentSet.from_tables(
        {"publications": patents.publications.iloc[order], "texts": patents.texts.iloc[order]}
    )
    one, other = (pnav.cluster.technologies(p, 3) for p in (patents, turned))
    pd.testing.assert_frame_equal(one.to_frame(), other.to_frame())
    numbered = one.labels[one.labels != one.remainder]  # others hold words of every fifth document
    assert (pd.crosstab(subject, numbered) > 0).sum().sum() == 3


def test_without_text_is_na_and_counted(three):
    patents, _ = three
    extra = pd.concat([patents.publications[["title"]], pd.DataFrame({"title": [None]}, ["US9B2"])])
    extra.index.name = "publication_id"
    found = pnav.cluster.technologies(
        pnav.PatentSet.from_tables({"publications": extra, "texts": patents.texts}), 3
    )
    assert pd.isna(found.labels["US9B2"])
    assert found.layout.loc["US9B2"].isna().all()
    values = found.quality.set_index("measure")["value"]
    assert values["without_text"] == 1
    assert found.labels.notna().sum() == 120


def test_chinese_names_and_measures():
    patents, subject = planted(SUBJECTS_ZH, join="的")
    with pnav.config_context(lang="en"):
        found = pnav.cluster.technologies(patents, 2)
    assert (pd.crosstab(subject, found.labels) > 0).sum().sum() == 2
    for technology, name in found.names.items():
        own = subject[found.labels == technology].iloc[0]
        assert any(word in name for word in SUBJECTS_ZH[own])
    assert found.quality["note"].str.contains("Publications of the set").any()


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_tiny_sets(n):
    titles = ["Lithium battery pack", "Battery cell", "Camera lens", "Lens mount", "Fuel pump",
              "Oil pump", "Battery charger"][:n]  # fmt: skip
    publications = pd.DataFrame({"title": titles}, index=[f"US{i}A" for i in range(n)])
    found = pnav.cluster.technologies(pnav.PatentSet.from_tables({"publications": publications}))
    assert found.labels.notna().all()
    assert len(found.names) == 1
    assert found.layout.notna().all().all()


def test_equal_texts_do_no_harm():
    publications = pd.DataFrame({"title": ["Fuel pump"] * 30}, index=[f"US{i}A" for i in range(30)])
    patents = pnav.PatentSet.from_tables({"publications": publications})
    with pytest.raises(pnav.MissingTableError, match="shares a word"):
        pnav.cluster.technologies(patents)
    mixed = publications.assign(title=["Fuel pump", "Oil lamp"] * 15)
    found = pnav.cluster.technologies(pnav.PatentSet.from_tables({"publications": mixed}), 5)
    assert len(found.names) == 2


@pytest.mark.parametrize("wrong", [0, -1, 121])
def test_wrong_numbers_are_refused(three, wrong):
    with pytest.raises(pnav.ArgumentError, match="from 1 to 120"):
        pnav.cluster.technologies(three[0], wrong)


@pytest.mark.parametrize("wrong", [2.5, "8", True])
def test_what_is_no_number_is_refused(three, wrong):
    with pytest.raises(pnav.WrongKindError, match="n_clusters as int"):
        pnav.cluster.technologies(three[0], wrong)


def test_no_text_at_all():
    publications = pd.DataFrame({"title": [None, None]}, index=["US1A", "US2A"])
    with pytest.raises(pnav.MissingTableError, match="title"):
        pnav.cluster.technologies(pnav.PatentSet.from_tables({"publications": publications}))


def titled(groups: dict[str, list[str]]) -> pnav.PatentSet:
    """A set of titles, group by group."""
    titles = [t for listed in groups.values() for t in listed]
    ids = pd.Index([f"CN{i + 1}A" for i in range(len(titles))], name="publication_id")
    return pnav.PatentSet.from_tables({"publications": pd.DataFrame({"title": titles}, index=ids)})


PARTS = ["cover", "wall", "inlet", "outlet", "fastener", "grip", "label", "stand"]


def test_a_word_that_goes_on_is_no_name():
    patents = titled(
        {
            "battery": [f"Lithium separator, {a}, lithium anode, {b}"
                        for a, b in itertools.combinations(PARTS, 2)],
            "camera": [f"Zoom lens, {a}, shutter, {b}"
                       for a, b in itertools.combinations(PARTS, 2)],
        }
    )  # fmt: skip
    found = pnav.cluster.technologies(patents, 2)
    terms = set(found.terms["term"].str.casefold())
    assert {"lithium anode", "zoom lens", "shutter"} <= terms
    assert not terms & {"lithium", "zoom"}


def test_representatives_show_why_the_technology_has_its_name(three, result):
    titles = three[0].publications["title"]
    best = result.terms[result.terms["rank"] <= 3]
    for technology, rows in result.representatives.groupby("technology"):
        terms = best.loc[best["technology"] == technology, "term"]
        for publication in rows["publication_id"]:
            assert any(term in titles[publication] for term in terms)
