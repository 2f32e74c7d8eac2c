"""Portfolios that may be chosen: of owners that live, of the region, in technologies; counted again."""

import pandas as pd

import patentnav as pnav
from patentnav.claims import portfolios
from patentnav.claims.recount import Recount


def _study(**inputs: str) -> pnav.Study:
    return pnav.Study(pnav.datasets.city(n=900).patents, **inputs)


def test_who_files_no_more_is_not_cultivated() -> None:
    study = _study()
    life, last = study.owner_life, study.last_year
    filed = life["last_filing"].reindex(study.eligible["owner_id"]).astype("Float64")
    assert (filed > last - 3).all()
    kept = life.reindex(study.eligible["owner_id"])
    assert (kept["living"] >= kept["dead"]).all()
    assert not set(study.eligible["technology"]) & set(study.remainders)
    assert 0 < len(study.eligible) < len(study.candidates)
    assert len(portfolios._eligible(Recount(study))) == len(study.eligible)


def test_a_region_cultivates_its_own() -> None:
    study = _study(region="云泽")
    own = study.region_owners.reindex(study.eligible["owner_id"])
    assert own.fillna(value=False).astype(bool).all()
    assert len(portfolios._eligible(Recount(study))) == len(study.eligible)
    assert isinstance(study.selection.near_misses, pd.DataFrame)
