"""Groups that an analyst drew become technologies, and the rest stays consistent."""

from __future__ import annotations

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import cluster, datasets


@pytest.fixture(scope="module")
def patents():
    return datasets.city(400).patents


@pytest.fixture(scope="module")
def found(patents):
    return cluster.technologies(patents, n_clusters=12)


def check(result, found, patents) -> None:
    """Numbers sum, and every table speaks of the technologies that are there."""
    assert int(result.sizes.sum()) == int(found.sizes.sum()) == int(found.labels.notna().sum())
    assert (result.sizes > 0).all()
    assert set(result.labels.dropna()) == set(result.names.index)
    assert set(result.areas.index) == set(result.names.index) - {result.remainder}
    assert set(result.areas) == set(result.area_names.index)
    assert set(result.terms["technology"]) <= set(result.areas.index)
    shown = result.representatives
    assert set(shown["technology"]) == set(result.areas.index)
    assert (result.labels[shown["publication_id"]].to_numpy() == shown["technology"]).all()
    assert shown.groupby("technology")["rank"].apply(list).map(lambda r: r == list(range(1, len(r) + 1))).all()  # fmt: skip
    overview = result.overview
    assert int(overview["publications"].sum()) == int(result.sizes[result.areas.index].sum())
    value = result.quality.set_index("measure")["value"]
    assert value["technologies"] == len(result.areas)
    assert value["remainder"] == (result.labels == "TX").sum()
    cluster.review(result, patents)


def test_a_group_takes_its_publications_from_the_others(found, patents) -> None:
    ids = list(patents.publications.index[::9])
    result = cluster.with_groups(found, patents, {"Mine": ids})
    check(result, found, patents)
    key = result.names.index[result.names == "Mine"][0]
    assert set(result.labels.index[result.labels == key]) == set(ids) & set(
        found.labels.dropna().index
    )
    rest = ~result.labels.index.isin(ids)
    assert (result.labels[rest].fillna("") == found.labels[rest].fillna("")).all()
    assert result.typicality[ids].isna().all()
    before = found.labels[ids].map(found.areas).dropna().value_counts()
    assert before[result.areas[key]] == before.max()
    pd.testing.assert_frame_equal(result.layout, found.layout)


def test_numbers_in_any_spelling_and_tables_are_the_same(found, patents, tmp_path) -> None:
    ids = [p for p in patents.publications.index if p.startswith("CN")][:12]
    spelled = [f"{p[:2]} {p[2:-1]} {p[-1]}" for p in ids]
    table = pd.DataFrame({"技术": "自划", "公开号": spelled})
    file = tmp_path / "groups.csv"
    table.to_csv(file, index=False)
    drawn = patents.filter(ids)
    results = [
        cluster.with_groups(found, patents, groups)
        for groups in ({"自划": ids}, {"自划": drawn}, table, file)
    ]
    for other in results[1:]:
        pd.testing.assert_series_equal(other.labels, results[0].labels)
        pd.testing.assert_frame_equal(other.terms, results[0].terms)
    assert results[0].parameters["groups"] == sorted(("自划", p) for p in ids)


def test_a_technology_that_loses_all_is_gone(found, patents) -> None:
    lost = found.areas.index[-1]
    own = list(found.labels.index[found.labels == lost])
    result = cluster.with_groups(
        found, patents, {"A": own, "B": list(patents.publications.index[:5])}
    )
    check(result, found, patents)
    assert lost not in result.names.index
    assert len(result.areas) == len(found.areas) + 1


def test_played_again_it_changes_nothing_and_adds_to_its_own(found, patents) -> None:
    groups = {"Mine": list(patents.publications.index[::9])}
    once = cluster.with_groups(found, patents, groups)
    twice = cluster.with_groups(once, patents, groups)
    pd.testing.assert_series_equal(once.labels, twice.labels)
    pd.testing.assert_series_equal(once.names, twice.names)
    more = cluster.with_groups(once, patents, {"Mine": [patents.publications.index[1]]})
    check(more, found, patents)
    assert len(more.names) == len(once.names)
    assert more.sizes[once.names.index[once.names == "Mine"][0]] > 0


def test_what_cannot_be_is_refused(found, patents) -> None:
    first = patents.publications.index[0]
    with pytest.raises(pnav.ArgumentError, match="No group"):
        cluster.with_groups(found, patents, {})
    nothing = patents.filter(patents.publications.index == "none")
    with pytest.raises(pnav.ArgumentError, match='"b" is empty'):
        cluster.with_groups(found, patents, {"a": [first], "b": nothing})
    with pytest.warns(pnav.DataQualityWarning, match="1 of 2 numbers"):
        cluster.with_groups(found, patents, {"a": [first, "CN9A"]})
    with pytest.warns(pnav.DataQualityWarning, match="several groups"):
        cluster.with_groups(
            found, patents, {"a": [first], "b": [first, patents.publications.index[1]]}
        )
    with pytest.warns(pnav.DataQualityWarning), pytest.raises(pnav.ArgumentError, match="holds no"):
        cluster.with_groups(found, patents, {"a": ["CN9A"]})


def test_a_search_becomes_a_technology(found, patents) -> None:
    hits = patents.search("title:系统")
    result = cluster.with_groups(found, patents, {"Systems": hits})
    check(result, found, patents)
    key = result.names.index[result.names == "Systems"][0]
    assert result.sizes[key] == found.labels[hits.publications.index].notna().sum()
    assert result.terms["technology"].eq(key).any()
