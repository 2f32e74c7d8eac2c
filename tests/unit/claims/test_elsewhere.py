"""Claims counted in another process are those counted here, and none is lost when that fails."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import _process, claims
from patentnav.claims import Claim, Recount, elsewhere
from patentnav.study.coming import NotYet, unhurried

_TEXTS = pnav.i18n.wording("en")


@pytest.fixture(scope="module")
def study() -> pnav.Study:
    return pnav.Study(pnav.datasets.city(n=200).patents)


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_process, "ENOUGH", 0)
    monkeypatch.setattr(_process, "cores", lambda: 2)


def _claims(study: pnav.Study) -> list[Claim]:
    return [
        Claim("a:units", "count", "set", "units", study.units),
        Claim("a:wrong", "count", "set", "units", study.units + 1),
        Claim("a:largest", "name", "set", "largest", "x", details={"facet": "owner"}),
        Claim("b:strange", "count", "set", "no_such_measure", 1),
        Claim("b:people", "count", "set", "distinct", 1, details={"facet": "person"}),
    ]


def test_values_are_those_counted_here(study: pnav.Study) -> None:
    there = elsewhere.begin(study, "en", _TEXTS)
    assert there is not None
    made = _claims(study)
    there.count(made[:3])
    assert study.owner_names is not None  # computed meanwhile, sent with the next ones
    there.count(made[3:])
    there.close()
    here = Recount(study)
    for claim in made:
        if claim.id != "b:strange":
            assert there.value(claim) == here.value(claim)
    with pytest.raises(LookupError):
        there.value(made[3])
    with pytest.raises(LookupError):
        there.value(replace(made[0]))  # the same name, another claim
    found = claims.check([_sentence(made)], study, elsewhere=there)
    assert found == claims.check([_sentence(made)], study)
    assert any("a:wrong says" in one.message for one in found)


def test_the_longest_result_is_computed_there() -> None:
    patents = pnav.datasets.city(n=200).patents
    here, there = pnav.Study(patents), pnav.Study(patents)
    second = elsewhere.begin(there, "en", _TEXTS)
    assert second is not None
    with pytest.raises(NotYet), unhurried():
        _ = there.technology_of  # made of it
    pd.testing.assert_frame_equal(there.technology_of, here.technology_of)
    assert list(there.technologies.names) == list(here.technologies.names)
    with unhurried():
        assert there.technologies is there.technologies
    made = Claim("a:fields", "count", "set", "distinct", 1, details={"facet": "technology"})
    second.count([made])
    second.close()
    assert second.value(made) == Recount(here).value(made)


def _sentence(made: list[Claim]) -> claims.Sentence:
    return claims.Sentence("a", "text", tuple(made), (), finding=False)


def _fails() -> None:
    raise SystemExit(1)


def test_a_process_that_ends_or_a_study_that_cannot_be_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = pnav.Study(pnav.datasets.city(n=200).patents)
    monkeypatch.setattr(elsewhere, "serve", _fails)
    there = elsewhere.begin(study, "en", _TEXTS)
    assert there is not None
    made = _claims(study)
    there.count(made)
    there.close()
    with pytest.raises(LookupError):
        there.value(made[0])
    assert study.technologies is not None  # expected from there, computed here
    assert claims.check([_sentence(made)], study, elsewhere=there)

    def unsent(_: Any) -> Any:
        raise TypeError("no")

    monkeypatch.setattr(_process, "packed", unsent)
    there = elsewhere.begin(study, "en", _TEXTS)
    assert there is not None
    there.count(made)
    there.close()
    with pytest.raises(LookupError):
        there.value(made[0])
