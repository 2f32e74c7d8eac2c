"""The OECD set on a set of six patents, every value worked by hand.

Formulas: Squicciarini, Dernis & Criscuolo 2013, OECD STI Working Paper 2013/03, in the widely
reproduced form (the derivation stands with each test).

    P  2010  G06N3/08, G06N20/00, H04L9/32        (two symbols in G06N, one in H04L)
    Q  2011  G06N3/08
    R  2012  H04L9/32, H04W4/00
    S  2012  G06N3/08, A61B5/00, A61B5/02         (two symbols in A61B)
    T  2013  A61B5/00
    U  2013  no class

Citations: Q, R, S, U cite P; T cites Q, S and P; S cites Q.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from patentnav import PatentSet, indicators

CLASSES = {
    "P": ["G06N3/08", "G06N20/00", "H04L9/32"],
    "Q": ["G06N3/08"],
    "R": ["H04L9/32", "H04W4/00"],
    "S": ["G06N3/08", "A61B5/00", "A61B5/02"],
    "T": ["A61B5/00"],
}
CITES = [
    ("Q", "P"),
    ("R", "P"),
    ("S", "P"),
    ("U", "P"),
    ("T", "Q"),
    ("T", "S"),
    ("T", "P"),
    ("S", "Q"),
]
YEARS = {"P": 2010, "Q": 2011, "R": 2012, "S": 2012, "T": 2013, "U": 2013}


@pytest.fixture
def patents():
    return PatentSet.from_tables(
        {
            "publications": pd.DataFrame(
                {"publication_date": [f"{y}-06-01" for y in YEARS.values()]}, index=list(YEARS)
            ),
            "classifications": pd.DataFrame(
                [
                    {"publication_id": p, "scheme": "IPC", "symbol": s}
                    for p, symbols in CLASSES.items()
                    for s in symbols
                ]
            ),
            "citations": pd.DataFrame(CITES, columns=["citing_id", "cited_id"]),
        }
    )


def test_generality(patents):
    """P is cited by Q, R, S, T (classes known) and U (unknown, left out): N = 4.

    beta of the citing by subclass, as shares of their symbols:
        Q: G06N 1;  R: H04L 1/2, H04W 1/2;  S: G06N 1/3, A61B 2/3;  T: A61B 1
    means: G06N (1 + 1/3)/4 = 1/3, H04L 1/8, H04W 1/8, A61B (2/3 + 1)/4 = 5/12
    G = 1 - (1/9 + 1/64 + 1/64 + 25/144) = 1 - (64 + 9 + 9 + 100)/576 = 394/576
    Q is cited by S and T: G06N 1/6, A61B 5/6: G = 1 - 26/36 = 10/36.
    S is cited by T alone, in one subclass: 0.
    """
    values = indicators.generality(patents)
    assert values["P"] == pytest.approx(394 / 576)
    assert values["Q"] == pytest.approx(10 / 36)
    assert values["S"] == 0
    assert values[["R", "T", "U"]].isna().all()


def test_generality_corrected_for_few_citations(patents):
    """G * N / (N - 1): P 394/576 * 4/3, Q 10/36 * 2; undefined for S with N = 1."""
    values = indicators.generality(patents, correct=True)
    assert values["P"] == pytest.approx(394 / 576 * 4 / 3)
    assert values["Q"] == pytest.approx(10 / 36 * 2)
    assert values.isna()["S"]


def test_originality(patents):
    """T cites Q {G06N}, S {G06N, A61B}, P {G06N, H04L}: G06N 3, A61B 1, H04L 1 of 5.

    O = 1 - (9 + 1 + 1)/25 = 14/25. S cites P and Q: G06N 2, H04L 1 of 3: O = 1 - 5/9 = 4/9.
    Q cites P {G06N, H04L}: 1/2. U cites P: 1/2 although its own classes are not known.
    """
    values = indicators.originality(patents)
    assert values["T"] == pytest.approx(14 / 25)
    assert values["S"] == pytest.approx(4 / 9)
    assert values["Q"] == pytest.approx(1 / 2)
    assert values["U"] == pytest.approx(1 / 2)
    assert values.isna()["P"]


def test_radicalness(patents):
    """T {A61B}: of the 5 occurrences G06N 3, H04L 1 are not its own: 4/5.

    S {G06N, A61B}: of G06N 2, H04L 1 only H04L: 1/3. Q {G06N}: 1/2. R {H04L, H04W}: 1/2.
    U has no class: unknown.
    """
    values = indicators.radicalness(patents)
    assert values["T"] == pytest.approx(4 / 5)
    assert values["S"] == pytest.approx(1 / 3)
    assert values["Q"] == pytest.approx(1 / 2)
    assert values["R"] == pytest.approx(1 / 2)
    assert values[["P", "U"]].isna().all()


def test_what_is_known_of_the_others_is_noted(patents):
    """Of the 8 citations made or received inside the set, U's classes are not known."""
    names = ["generality", "originality", "citations_received"]
    notes = indicators.coverage(patents, names).set_index("indicator")["note"]
    assert notes["generality"] == "classes known of 88% of the citing patents"
    assert notes["originality"] == "classes known of 100% of the cited patents"
    assert "lower bounds" in notes["citations_received"]


def test_counts(patents):
    """Scope: P 2 subclasses, S 2, R 2; backward citations: T 3, S 2."""
    assert indicators.patent_scope(patents)[["P", "Q", "R", "S", "T"]].tolist() == [2, 1, 2, 2, 1]
    assert indicators.backward_citations(patents).tolist() == [0, 1, 1, 2, 3, 1]
    assert indicators.citations_received(patents).tolist() == [5, 2, 0, 1, 0, 0]


def cohort(values, **columns):
    """A cohort of one field (G06N is field 6) and one filing year."""
    n = len(values)
    index = [f"CN{i:06}A" for i in range(n)]
    frame = pd.DataFrame(
        {"application_date": "2010-01-01", "publication_date": "2010-01-01", **columns}, index=index
    )
    edges = [
        {"citing_id": f"US{i}{k:04}A", "cited_id": p, "citing_date": "2012-01-01"}
        for i, (p, v) in enumerate(zip(index, values, strict=True))
        for k in range(v)
    ]
    # A last citation far later closes every window.
    edges.append({"citing_id": "US99A", "cited_id": "US98A", "citing_date": "2030-01-01"})
    return PatentSet.from_tables(
        {
            "publications": frame,
            "classifications": pd.DataFrame(
                {"publication_id": index, "scheme": "IPC", "symbol": "G06N3/08"}
            ),
            "citations": pd.DataFrame(edges),
        }
    )


def test_grant_lag_index():
    """Lags 100, 200, 400 days in one cohort: 1 - 100/400, 1 - 200/400, 0; pending unknown."""
    dates = pd.Timestamp("2010-01-01") + pd.to_timedelta([100, 200, 400, None], unit="D")
    values = indicators.grant_lag_index(cohort([0, 0, 0, 1], grant_date=dates))
    assert values[:3].tolist() == [0.75, 0.5, 0.0]
    assert np.isnan(values.iloc[3])


def test_breakthrough_is_the_most_cited_percent():
    """200 patents cited 0 ... 199 times: 1 % is the two with the most (199 and 198)."""
    values = indicators.breakthrough(cohort(range(200)))
    assert values[values.fillna(False)].index.tolist() == ["CN000198A", "CN000199A"]


def test_breakthrough_needs_a_hundred():
    values = indicators.breakthrough(cohort(range(50)))
    assert values.isna().all()
    assert values.attrs["missing"] == {"cohort smaller than 100": 50}


def test_uncited_is_never_a_breakthrough():
    """One of 150 is cited; less than 1 % have more citations than the others, but they have none."""
    values = indicators.breakthrough(cohort([1] + [0] * 149))
    assert values.tolist() == [True] + [False] * 149


def test_technology_relevance():
    """Cited 0, 2, 4: mean 2, so 0, 1, 2."""
    assert indicators.technology_relevance(cohort([0, 2, 4])).tolist() == [0.0, 1.0, 2.0]


def test_composites():
    """A and B are cited 4 and 2 times by C1-C4 and C1, C2, all in one field and year.

    forward: A 4/4 = 1, B 2/4. family: 6/6, 3/6. claims: 5/10, 10/10.
    generality: A cited by two patents in G06N and two in H04L: 1 - 1/2 = 0.5; B by C1, C2, one in
    each: 0.5; both 0.5/0.5 = 1.
    composite 4: A (1 + 1 + 0.5 + 1)/4 = 0.875, B (0.5 + 0.5 + 1 + 1)/4 = 0.75.
    composite 6 adds backward citations (A 0; B cites Z: 1/2 of C1's 2) and the grant-lag index
    (A 1 - 100/400 = 0.75, B 0): A (3.5 + 0 + 0.75)/6, B (3 + 0.5 + 0)/6.
    """
    index = ["CN1A", "CN2A", "CN3A", "CN4A", "CN5A", "CN6A"]
    filed = pd.Timestamp("2010-01-01")
    frame = pd.DataFrame(
        {
            "application_date": filed, "publication_date": "2010-06-01",
            "family_country_count": [6, 3, 1, 1, 1, 1], "claim_count": [5, 10, 1, 1, 1, 1],
            "grant_date": [filed + pd.Timedelta(days=d) if d else None
                           for d in (100, 400, 300, 0, 0, 0)],
        },
        index=index,
    )  # fmt: skip
    citing = [("CN3A", "CN1A"), ("CN4A", "CN1A"), ("CN5A", "CN1A"), ("CN6A", "CN1A"),
              ("CN3A", "CN2A"), ("CN4A", "CN2A"), ("CN2A", "US1A")]  # fmt: skip
    edges = pd.DataFrame(citing, columns=["citing_id", "cited_id"])
    late = pd.DataFrame([{"citing_id": "US8A", "cited_id": "US9A", "citing_date": "2030-01-01"}])
    symbol = ["G06N3/08", "G06N3/08", "G06N3/08", "G06F17/00", "G06N3/08", "G06F17/00"]
    patents = PatentSet.from_tables(
        {
            "publications": frame, "citations": pd.concat([edges, late]),
            "classifications": pd.DataFrame(
                {"publication_id": index, "scheme": "IPC", "symbol": symbol}
            ),
        }
    )  # fmt: skip
    result = indicators.compute(patents, ["composite_4", "composite_6"])
    assert result["composite_4"][:2].tolist() == pytest.approx([0.875, 0.75])
    assert result["composite_6"][:2].tolist() == pytest.approx([4.25 / 6, 3.5 / 6])
    assert result["composite_4"].isna()["CN3A"]  # nobody cites it: generality unknown
