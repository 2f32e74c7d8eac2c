"""An owner that filed its base in one year had no pace, so nothing is said of its fall."""

import numpy as np
import pandas as pd

import patentnav as pnav
from patentnav.findings import cells
from patentnav.findings.view import View


def _view(years: list[int]) -> View:
    others = [y for y in range(2010, 2020) for _ in range(60)]
    every = years + others
    ids = [f"CN{i}A" for i in range(len(every))]
    dates = pd.to_datetime([f"{y}-03-01" for y in every])
    names = ["林肯有限公司"] * len(years) + [f"公司{i % 40}" for i in range(len(others))]
    publications = pd.DataFrame({"application_date": dates, "publication_date": dates}, index=ids)
    parties = pd.DataFrame(
        {"publication_id": ids, "role": "applicant", "position": 1, "name_raw": names,
         "party_id": names, "party_type": "enterprise"}
    )  # fmt: skip
    patents = pnav.PatentSet.from_tables({"publications": publications, "parties": parties})
    return View(pnav.Study(patents, owner="party", cutoff="2022-06-30"))


def _burst(years: list[int]) -> bool:
    view = _view(years)
    family = next(f for f in cells.FAMILIES if f.rows == "owner" and f.column == "years")
    known = np.ones(len(view.units), bool)
    keys = view.facet("owner")[0]
    found = cells._in_one_year(view, family, (2010, 2014), known)
    return bool(found[list(keys).index("林肯有限公司")])


def test_a_base_of_one_year_is_a_burst() -> None:
    assert _burst([2011] * 24 + [2012, 2014])
    assert not _burst([2010] * 6 + [2011] * 7 + [2012] * 6 + [2014] * 7)
    assert not _burst([2011] * 5)  # too few to be told of anyway
