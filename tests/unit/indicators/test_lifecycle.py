"""Life-cycle coefficients, worked by hand."""

import numpy as np
import pandas as pd
import pytest

from patentnav import MissingColumnError, PatentSet, indicators

COUNTS = {  # year: inventions a, utility models b, designs c
    2015: (2, 1, 0), 2016: (3, 1, 1), 2017: (4, 2, 0), 2018: (5, 5, 2), 2019: (6, 2, 2),
    2020: (0, 0, 3), 2021: (0, 0, 0), 2022: (1, 0, 0),
}  # fmt: skip


@pytest.fixture
def patents():
    rows = []
    for year, counts in COUNTS.items():
        for kind, n in zip(("invention", "utility_model", "design"), counts, strict=True):
            rows += [{"patent_type": kind, "application_date": f"{year}-06-01"}] * n
    rows.append({"patent_type": None, "application_date": "2019-06-01"})
    index = [f"CN{i:03}A" for i in range(len(rows))]
    return PatentSet.from_tables({"publications": pd.DataFrame(rows, index=index)})


def test_coefficients_by_hand(patents):
    """2019: a = 6, A = 2+3+4+5+6 = 20, v = 0.3; alpha = 6/8, beta = 8/10, N = sqrt(0.09 + 0.5625).

    alpha is a/(a+b); a/b would give 3.
    """
    row = indicators.life_cycle(patents).set_index("year").loc[2019]
    assert row["growth_rate"] == pytest.approx(0.3)
    assert row["maturity"] == pytest.approx(0.75)
    assert row["ageing"] == pytest.approx(0.8)
    assert row["novelty"] == pytest.approx(np.sqrt(0.6525))


def test_undefined_is_missing_not_zero(patents):
    """2020 has designs only: alpha = 0/0; 2021 has nothing; before 2019 five years are not held."""
    table = indicators.life_cycle(patents).set_index("year")
    assert table["growth_rate"].isna().tolist() == [True] * 4 + [False] * 4
    assert table.loc[2020, "growth_rate"] == 0
    assert np.isnan(table.loc[2020, "maturity"])
    assert table.loc[2020, "ageing"] == 0
    assert np.isnan(table.loc[2020, "novelty"])
    assert np.isnan(table.loc[2021, "ageing"])
    assert table.loc[2022, "growth_rate"] == pytest.approx(1 / 12)
    assert indicators.life_cycle(patents).attrs["untyped"] == 1


def test_groups_have_their_own_trailing_years(patents):
    both = patents.assign(field=["x" if i % 2 else "y" for i in range(len(patents))])
    table = indicators.life_cycle(both, by="field")
    assert table["group"].unique().tolist() == ["x", "y"]
    first = table[table["year"] == 2015]
    assert first["growth_rate"].isna().all()
    total = table.groupby("year")[["inventions", "utility_models", "designs"]].sum()
    assert total.to_numpy().tolist() == [list(map(float, c)) for c in COUNTS.values()]


def test_without_types_it_cannot_be_told():
    patents = PatentSet.from_tables({"publications": pd.DataFrame(index=["CN1A"])})
    with pytest.raises(MissingColumnError, match="patent_type"):
        indicators.life_cycle(patents)


def test_of_inventions_alone_only_growth_is_told(patents):
    """Without utility models and designs alpha and beta would be 1 in every year."""
    alone = patents.filter(patents.publications["patent_type"] == "invention")
    table = indicators.life_cycle(alone)
    assert table[["maturity", "ageing", "novelty"]].isna().all(axis=None)
    assert table["growth_rate"].notna().any()
    assert table.attrs["types"] == ["inventions"]
    assert indicators.life_cycle(patents).attrs["types"] == [
        "inventions",
        "utility_models",
        "designs",
    ]
