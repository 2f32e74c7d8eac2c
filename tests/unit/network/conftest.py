"""Both ways of every kernel, and a small set with known collaboration."""

from __future__ import annotations

import pandas as pd
import pytest

import patentnav as pnav
from patentnav.network import arrays


@pytest.fixture(params=["plain", "compiled"])
def ways(request, monkeypatch):
    """Run a test with and without the packages of the extra ``speed``."""
    if request.param == "plain":
        monkeypatch.setattr(arrays, "installed", lambda package: False)
    else:
        pytest.importorskip("numba")
        pytest.importorskip("sparse_dot_topn")
        monkeypatch.setattr(arrays, "COMPILED_FROM", 0)
    return request.param


@pytest.fixture
def team_set():
    """Three applications (one published twice), people, a placeholder without a name."""
    publications = pd.DataFrame(
        {
            "publication_id": ["CN1A", "CN1B", "CN2A", "CN3A"],
            "application_id": ["CN11", "CN11", "CN12", "CN13"],
            "title": "t",
            "authority": "CN",
            "application_date": pd.to_datetime(["2015-01-01", "2015-01-01", "2017-05-05", None]),
            "publication_date": pd.to_datetime(
                ["2016-01-01", "2018-01-01", "2018-06-01", "2020-01-01"]
            ),
        }
    )
    people = [
        ("CN1A", 1, "Ann"), ("CN1A", 2, "Bo"), ("CN1A", 3, "Cy"),
        ("CN1B", 1, "Ann"), ("CN1B", 2, "Bo"), ("CN1B", 3, "Cy"),
        ("CN2A", 1, "Ann"), ("CN2A", 2, "Bo"), ("CN2A", 3, None),
        ("CN3A", 1, "Dee"),
    ]  # fmt: skip
    inventors = pd.DataFrame(people, columns=["publication_id", "position", "name"])
    inventors["name_raw"] = inventors["name"].fillna("not disclosed")
    parties = pd.DataFrame(
        {
            "publication_id": ["CN1A", "CN1A", "CN2A", "CN3A"],
            "position": [1, 2, 1, 1],
            "role": "applicant",
            "name_raw": ["X Ltd", "Y Univ", "X Ltd", "Z Co"],
            "name": ["X", "Y", "X", "Z"],
            "party_id": ["p1", "p2", "p1", "p3"],
            "group_id": ["g1", None, "g1", "g1"],
        }
    )
    citations = pd.DataFrame(
        {
            "citing_id": ["CN1B", "CN2A", "CN2A", "CN3A", "CN3A", "CN1B"],
            "cited_id": ["CN1A", "CN1A", "US9B2", "CN2A", "CN1B", None],
            "cited_kind": ["patent"] * 5 + ["literature"],
        }
    )
    classes = pd.DataFrame(
        {
            "publication_id": ["CN1A", "CN1A", "CN2A", "CN2A", "CN3A"],
            "scheme": "IPC",
            "symbol": ["G06N3/08", "H01L21/00", "G06N5/00", "H01L", "A61K31/00"],
        }
    )
    families = pd.DataFrame(
        {
            "scheme": "simple",
            "family_id": ["F1", "F1", "F1"],
            "publication_id": ["CN1A", "CN2A", "US9B2"],
        }
    )
    return pnav.PatentSet.from_tables(
        {
            "publications": publications, "inventors": inventors, "parties": parties,
            "citations": citations, "classifications": classes, "families": families,
        }
    )  # fmt: skip
