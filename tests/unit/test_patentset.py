"""The set: immutable, lazily filtered, checked, stored and joined without loss."""

from __future__ import annotations

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import PatentSet, schema


@pytest.fixture
def patents() -> PatentSet:
    publications = pd.DataFrame(
        {
            "title": ["B", "A", "C"],
            "application_id": ["CN2", "CN1", None],
            "application_date": ["2020-05-01", "2019-01-02", None],
        },
        index=["CN2B", "CN1A", "US3A1"],
    )
    return PatentSet.from_tables(
        {
            "publications": publications,
            "classifications": pd.DataFrame(
                {
                    "publication_id": ["CN1A", "CN1A", "CN2B"],
                    "scheme": "IPC",
                    "symbol": ["G06N 10/00", "H01L", "G06N0010000000"],
                }
            ),
            "inventors": pd.DataFrame(
                {"publication_id": ["CN2B", "CN2B"], "name_raw": ["李四", "张三"]}
            ),
            "citations": pd.DataFrame(
                {"citing_id": ["CN2B", "US9A"], "cited_id": ["CN1A", "US3A1"]}
            ),
            "families": pd.DataFrame(
                {"scheme": "simple", "family_id": "F1", "publication_id": ["CN1A", "EP7A1"]}
            ),
        }
    )


def test_from_tables_sorts_and_fills(patents: PatentSet) -> None:
    assert list(patents.publications.index) == ["CN1A", "CN2B", "US3A1"]
    assert list(patents.publications["authority"]) == ["CN", "CN", "US"]
    assert list(patents.inventors["position"]) == [1, 2]
    assert list(patents.classifications["symbol"]) == ["G06N10/00", "H01L", "G06N10/00"]
    assert list(patents.classifications["is_first"]) == [True, False, True]
    assert list(patents.publications.columns)[:2] == ["application_id", "authority"]


def test_absent_is_not_empty(patents: PatentSet) -> None:
    with pytest.raises(pnav.MissingTableError, match="legal_events"):
        _ = patents.legal_events
    assert not patents.has("legal_events")
    assert patents.has("citations", "cited_id")
    assert not patents.has("inventors", "country")
    with pytest.raises(AttributeError):
        _ = patents.nonsense


def test_a_set_of_own_tables_has_empty_accounts(patents: PatentSet) -> None:
    assert len(patents.intake) == len(patents.set_aside) == 0
    assert list(patents.intake.columns)[:2] == ["file", "format"]
    assert not patents.has("intake")


def test_filter_by_mask_array_and_ids_agree(patents: PatentSet) -> None:
    mask = patents.publications["application_id"] == "CN1"
    by_mask = patents.filter(mask)
    for other in (patents.filter(mask.to_numpy(dtype=bool)), patents.filter(["CN1A"])):
        for name in by_mask.tables:
            pd.testing.assert_frame_equal(getattr(by_mask, name), getattr(other, name))
    assert list(by_mask.classifications["publication_id"]) == ["CN1A", "CN1A"]
    assert len(by_mask.inventors) == 0
    # A citation stays when either end is in; a family keeps members that lie outside.
    assert list(by_mask.citations["citing_id"]) == ["CN2B"]
    assert list(by_mask.families["publication_id"]) == ["CN1A", "EP7A1"]
    assert len(patents.inventors) == 2  # the input is unchanged


def test_filter_refuses_unknown_ids_and_wrong_lengths(patents: PatentSet) -> None:
    with pytest.raises(pnav.ArgumentError, match="XX1"):
        patents.filter(["XX1"])
    with pytest.raises(pnav.ArgumentError, match="2 values"):
        patents.filter(patents.publications["title"].to_numpy()[:2] == "A")


def test_missing_in_a_mask_means_no(patents: PatentSet) -> None:
    mask = pd.Series([True, pd.NA, False], index=patents.publications.index, dtype="boolean")
    assert list(patents.filter(mask).publications.index) == ["CN1A"]


def test_assign_aligns_on_the_id(patents: PatentSet) -> None:
    values = pd.Series({"US3A1": "x", "CN1A": "y"})
    assigned = patents.assign(industry=values)
    assert assigned.publications["industry"].to_dict()["CN1A"] == "y"
    assert assigned.publications["industry"].isna().sum() == 1
    assert "industry" not in patents.publications.columns


def test_every_step_is_recorded(patents: PatentSet) -> None:
    names = [s.name for s in patents.filter(["CN1A"]).assign(x=1).provenance]
    assert names == ["from_tables", "filter", "assign"]
    step = patents.filter(["CN1A"]).provenance[-1]
    assert (step.rows_in, step.rows_out) == (3, 1)


def test_save_and_load_give_equal_tables(patents: PatentSet, tmp_path) -> None:
    patents.assign(score=[1.0, None, 3.0]).save(tmp_path / "set.pnav")
    back = pnav.load(tmp_path / "set.pnav")
    for name in patents.tables[1:]:
        pd.testing.assert_frame_equal(getattr(back, name), getattr(patents, name))
    assert list(back.publications["score"].isna()) == [False, True, False]
    assert back.provenance[0].name == "from_tables"


def test_load_where_pulls_only_what_meets_it(patents: PatentSet, tmp_path) -> None:
    patents.save(tmp_path / "set.pnav")
    some = pnav.load(tmp_path / "set.pnav", where="application_date >= DATE '2020-01-01'")
    same = patents.filter(["CN2B"])
    for name in same.tables:
        left, right = getattr(some, name), getattr(same, name)
        pd.testing.assert_frame_equal(left, right, check_like=True)
    with pytest.raises(pnav.ArgumentError, match="no condition"):
        pnav.load(tmp_path / "set.pnav", where="nonsense = 1")


def test_load_refuses_what_is_no_set(tmp_path) -> None:
    with pytest.raises(pnav.FormatError, match="no saved set"):
        pnav.load(tmp_path)


def test_saving_twice_gives_the_same_bytes(patents: PatentSet, tmp_path) -> None:
    for name in ("a.pnav", "b.pnav"):
        patents.save(tmp_path / name)
    for file in sorted((tmp_path / "a.pnav").iterdir()):
        assert file.read_bytes() == (tmp_path / "b.pnav" / file.name).read_bytes()


def test_concat_merges_the_same_publication(patents: PatentSet) -> None:
    other = PatentSet.from_tables(
        {
            "publications": pd.DataFrame(
                {"title": ["A"], "kind_code": ["A"], "application_date": ["2018-01-01"]},
                index=["CN1A"],
            ),
            "inventors": pd.DataFrame({"publication_id": ["CN1A"], "name_raw": ["王五"]}),
        }
    )
    both = pnav.concat([patents, other])
    assert len(both) == 3
    one = both.publication("CN1A")
    assert one["publications"]["kind_code"] == "A"  # filled from the second
    assert list(one["inventors"]["name_raw"]) == ["王五"]
    # Both dates are known and differ: the better filled record wins, the other is listed.
    conflict = both.conflicts.iloc[0]
    assert conflict["column"] == "application_date"
    assert "2018" in conflict["other"]
    assert one["publications"]["application_date"] == pd.Timestamp("2019-01-02")


def test_concat_does_not_depend_on_the_order(patents: PatentSet) -> None:
    other = patents.filter(["CN2B"]).assign(title="other title")
    left, right = pnav.concat([patents, other]), pnav.concat([other, patents])
    for name in left.tables:
        a, b = getattr(left, name), getattr(right, name)
        if name == "publications":
            a, b = a.drop(columns="title"), b.drop(columns="title")
        pd.testing.assert_frame_equal(a, b)


def test_check_lists_coverage_and_breaches(patents: PatentSet) -> None:
    checked = patents.check().set_index(["table", "column", "check"])
    row = checked.loc[("publications", "application_date", "filled")]
    assert (row["rows"], row["filled"]) == (3, 2)
    assert row["coverage"] == pytest.approx(2 / 3)
    bad = patents.assign(patent_type="car").check()
    breach = bad[bad["severity"] == "error"].iloc[0]
    assert (breach["column"], breach["check"], breach["failures"]) == (
        "patent_type", "not allowed", 3,
    )  # fmt: skip


def test_from_tables_lists_every_breach() -> None:
    tables = {
        "publications": pd.DataFrame({"title": ["a"]}, index=["CN1A"]),
        "inventors": pd.DataFrame({"publication_id": ["CN9A"], "name_raw": [None]}),
    }
    with pytest.raises(pnav.SchemaError) as caught:
        PatentSet.from_tables(tables)
    assert set(caught.value.failures["check"]) == {"empty", "no publication"}


def test_wrong_dtype_names_the_column() -> None:
    frame = pd.DataFrame({"claim_count": ["many"]}, index=["CN1A"])
    with pytest.raises(pnav.SchemaError, match="claim_count"):
        PatentSet.from_tables({"publications": frame})


def test_html_shows_counts_and_escapes(patents: PatentSet) -> None:
    page = patents._repr_html_()
    assert "3 publications" in page
    assert "application 2019-2020" in page


def test_public_members_stay_few() -> None:
    members = [m for m in vars(PatentSet) if not m.startswith("_")]
    assert len(members) <= 15


def test_every_table_of_the_schema_has_both_languages() -> None:
    for lang in ("zh", "en"):
        assert schema.dictionary(lang)["label"].str.len().gt(0).all()


def test_empty_tables_have_the_declared_dtypes() -> None:
    for name in schema.tables():
        frame = schema.empty(name)
        flat = frame.reset_index() if name == "publications" else frame
        assert list(flat.columns) == list(schema.table(name).columns)
