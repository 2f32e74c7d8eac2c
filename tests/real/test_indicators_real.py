"""Indicators, scores and candidates on real exports: everything said, nothing invented."""

from __future__ import annotations

import warnings

import pytest

import patentnav as pnav

pytestmark = pytest.mark.real

FILES = {
    "patsnap": "patsnap/patsnap_green_aviation_1999.xlsx",
    "lens": "lens/lens_jet_engines_3779.csv",
}


@pytest.fixture(scope="module", params=sorted(FILES))
def patents(request, shared_data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pnav.DataQualityWarning)
        return pnav.read(shared_data / "exports" / FILES[request.param])


def test_every_unknown_value_has_a_reason(patents):
    names = pnav.indicators.list().query("level == 'publication'")["name"]
    with pytest.warns(pnav.CoverageWarning):
        values = pnav.indicators.compute(patents, names)
    covered = pnav.indicators.coverage(patents, names).set_index("indicator")
    assert (covered["total"] == len(patents)).all()
    for name in names:
        reasons = covered.loc[name, "missing"]
        counted = sum(int(part.rsplit(": ", 1)[1]) for part in reasons.split("; ") if part)
        assert counted == values[name].isna().sum(), name
        assert counted + covered.loc[name, "known"] == len(patents)


def test_scores_stay_in_bounds_and_explain_themselves(patents):
    scores = pnav.valuation.score(patents)
    known = scores.dropna(subset="score")
    assert known["score"].between(0, 100).all()
    assert scores.loc[scores["score"].isna(), "coverage"].lt(0.3).all()
    for publication_id in known.index[:20]:
        parts = pnav.valuation.explain(scores, publication_id)
        assert parts["contribution"].sum() == pytest.approx(scores.loc[publication_id, "score"])


def test_without_pct_numbers_no_gate_is_decided(patents):
    table = pnav.portfolio.candidates(patents)
    untold = table[table["pct"].isna()]
    assert len(untold)
    # Fewer inventions than the gate asks for miss it without them; the others cannot be judged.
    enough = untold["inventions"] >= 50
    assert untold.loc[enough, "meets_gate"].isna().all()
    assert (untold.loc[enough, "reason"] == "pct_untold").all()
    assert not untold.loc[~enough, "meets_gate"].astype("boolean").fillna(True).any()
    assert table["units"].sum() <= pnav.counting.unit_ids(patents).nunique()
