"""Transfer and pledge find what was planted, and nothing where nothing is to be found."""

from __future__ import annotations

import importlib

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import clean, operation


@pytest.fixture(scope="module")
def case() -> pnav.datasets.Dealings:
    return pnav.datasets.dealings(n=300)


@pytest.fixture(scope="module")
def resolved(case) -> pnav.PatentSet:
    return clean.resolve_parties(case.patents)


@pytest.fixture(scope="module")
def screen(case, resolved) -> pd.DataFrame:
    return operation.pledge(resolved, as_of=case.as_of)


@pytest.fixture(scope="module")
def matched(case, resolved) -> pd.DataFrame:
    return operation.transfer(resolved, as_of=case.as_of)


def test_every_pledge_case_has_its_colour_and_reason(case, screen) -> None:
    rows = screen.set_index("publication_id")
    for row in case.pledges.itertuples():
        got = rows.loc[row.publication_id]
        assert got["colour"] == row.colour, row.case
        assert row.reason in got["reason"].split("; "), row.case


def test_every_row_has_a_reason_and_no_price(screen) -> None:
    assert (screen["reason"] != "").all()
    assert not {"price", "value", "amount"} & set(screen.columns)
    green = screen[screen["colour"] == "green"]
    assert green["status"].eq("in_force").all()
    assert green["owners"].eq(1).all()
    assert green["life_years"].ge(3).all()


def test_events_after_the_day_do_not_count(case, resolved) -> None:
    later = case.pledges.set_index("case").loc["pledged_later", "publication_id"]
    after = operation.pledge(resolved, as_of="2026-03-01").set_index("publication_id")
    assert after.loc[later, "colour"] == "red"


def test_masked_events_keep_what_the_screen_reads(case, screen) -> None:
    masked = pnav.Study(case.patents).patents
    again = operation.pledge(masked, as_of=case.as_of).set_index("publication_id")
    colours = screen.set_index("publication_id").loc[case.pledges["publication_id"], "colour"]
    assert again.loc[colours.index, "colour"].equals(colours)


def test_without_events_nothing_is_green(case, resolved) -> None:
    tables = {n: getattr(resolved, n) for n in ("publications", "parties")}
    silent = operation.pledge(pnav.PatentSet.from_tables(tables), as_of=case.as_of)
    assert set(silent["colour"]) == {"amber", "red"}
    assert silent["reason"].str.contains("events_untold").all()
    assert silent["pledges"].isna().all()  # not zero


def test_every_planted_patent_finds_its_firm(case, matched) -> None:
    first = matched[matched["rank"] == 1].set_index("publication_id")["firm_name"]
    wanted = case.transfers.dropna(subset=["firm"]).set_index("publication_id")["firm"]
    assert len(wanted) == 8
    assert first.reindex(wanted.index).to_dict() == wanted.to_dict()


def test_what_must_not_be_offered_is_not(case, matched) -> None:
    never = case.transfers.loc[case.transfers["firm"].isna(), "publication_id"]
    assert len(never) == 5
    assert not matched["publication_id"].isin(never).any()


def test_size_alone_would_not_find_them(case, matched) -> None:
    wanted = case.transfers.dropna(subset=["firm"])
    rows = matched.merge(wanted, on="publication_id")
    rows = rows[rows["firm_name"] == rows["firm_y"]]
    assert (rows["size_rank"] > rows["rank"]).all()


def test_scores_halve_the_offer_and_are_shown(case, resolved, matched) -> None:
    offered = matched["publication_id"].drop_duplicates()
    scores = pd.Series(range(len(offered)), index=pd.Index(offered), dtype=float)
    half = operation.transfer(resolved, as_of=case.as_of, scores=scores)
    assert half["value"].min() >= scores.median()
    assert half["reason"].str.contains("strong").all()
    assert matched["reason"].str.contains("value_untold").all()


def test_any_order_of_rows(case, resolved, matched) -> None:
    turned = resolved.filter(resolved.publications.index[::-1])
    pd.testing.assert_frame_equal(operation.transfer(turned, as_of=case.as_of), matched)
    pd.testing.assert_frame_equal(
        operation.pledge(turned, as_of=case.as_of), operation.pledge(resolved, as_of=case.as_of)
    )


def test_owners_without_a_type_are_refused(case) -> None:
    with pytest.raises(pnav.ArgumentError, match="resolve_parties"):
        operation.transfer(case.patents, as_of=case.as_of)
    with pytest.raises(pnav.ArgumentError, match="at least 1"):
        operation.transfer(case.patents, top=0)


# What firms file is near to the school's patent, and not a copy of it: one word is not in it.
_LEFT_OUT = ["helmet", "display", "lens", "eye", "tracking"]


def _school_and_firms(states: dict[str, str | None], titles: dict[str, str] | None = None):
    """A university's idle patent, and one application of every firm, of the same words and class."""
    ids = ["CN1A", *(f"CN{i}A" for i in range(2, 2 + len(states)))]
    words = "helmet display of a lens and an eye tracking camera"
    publications = pd.DataFrame(
        {"authority": "CN", "patent_type": "invention", "granted": False,
         "legal_status": ["in_force", *states.values()],
         "application_date": [pd.Timestamp("2018-01-01"), *[pd.Timestamp("2022-01-01")] * len(states)],
         "grant_date": [pd.Timestamp("2019-01-01"), *[pd.NaT] * len(states)],
         "publication_date": pd.Timestamp("2022-06-01"),
         "title": [words, *((titles or {}).get(firm, words.replace(_LEFT_OUT[i], "")) for i, firm in enumerate(states))]},
        index=pd.Index(ids, name="publication_id"),
    )  # fmt: skip
    parties = pd.DataFrame(
        {"publication_id": ids, "role": "applicant", "position": 1, "name_raw": ["某某大学", *states],
         "party_type": ["university", *["enterprise"] * len(states)]}
    )  # fmt: skip
    classes = pd.DataFrame(
        {"publication_id": ids, "scheme": "IPC", "symbol": "G02B27/01", "position": 1}
    )
    tables = {"publications": publications, "parties": parties, "classifications": classes}
    return pnav.PatentSet.from_tables(tables)


def test_a_firm_whose_every_application_has_ended_is_not_offered() -> None:
    states = {"失效公司": "revoked", "撤回公司": "withdrawn", "在审公司": "pending",
              "有效公司": "in_force", "未知公司": None}  # fmt: skip
    found = operation.transfer(_school_and_firms(states), as_of="2023-01-01")
    assert set(found["firm_name"]) == {"在审公司", "有效公司", "未知公司"}


def test_no_firm_is_named_whose_nearest_text_lies_under_the_floor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    titles = {
        "远公司": "helmet and lens for teaching foreign languages by machine translation of speech sounds"
    }
    patents = _school_and_firms({"近公司": "in_force", "远公司": "in_force"}, titles)
    module = importlib.import_module("patentnav.operation.transfer")
    with monkeypatch.context() as floor_alone:
        floor_alone.setattr(module, "_told", lambda _, table, titles: [titles] * len(table))
        every = operation.transfer(patents, as_of="2023-01-01", least=0)
        every = every.set_index("firm_name")["text"]
    assert 0 < every["远公司"] < operation.LEAST_OFFER_TITLES < every["近公司"]
    found = operation.transfer(patents, as_of="2023-01-01")
    assert found["firm_name"].tolist() == ["近公司"]
    assert found.attrs["titles"]
    assert found.attrs["least"] == operation.LEAST_OFFER_TITLES
    with pytest.raises(pnav.ArgumentError, match="least"):
        operation.transfer(patents, least=1.5)


def test_the_patent_whose_first_firm_is_nearest_stands_first(matched) -> None:
    first = matched[matched["rank"] == 1]
    assert first["text"].is_monotonic_decreasing
    assert matched["text"].min() >= matched.attrs["least"]


def test_the_group_of_the_offering_institute_is_no_firm_to_offer_to() -> None:
    patents = _school_and_firms({"某某集团公司": "in_force", "外公司": "in_force"})
    parties = patents.parties
    ids = parties["name_raw"].replace({"某某大学": "P-1", "某某集团公司": "P-2", "外公司": "P-3"})
    group = parties["name_raw"].replace({"某某大学": "G-1", "某某集团公司": "G-1", "外公司": "G-3"})
    names = parties["name_raw"].replace({"某某大学": "某某集团公司"})
    tables = {
        "publications": patents.publications,
        "parties": parties.assign(
            party_id=ids, group_id=group, group_name=names, name=parties["name_raw"]
        ),
        "classifications": patents.classifications,
    }
    found = operation.transfer(pnav.PatentSet.from_tables(tables), as_of="2023-01-01", least=0)
    assert found["firm"].tolist() == ["G-3"]
