"""What the list of findings makes of noise, and of a shift that was planted in it.

    python benchmarks/findings.py                     200 sets of each kind, the bars
    python benchmarks/findings.py --spread 0.3        rates that vary by a third besides
    python benchmarks/findings.py --whole --sets 40   whole studies: owners, offices, states, checks

Counts are drawn at random: 20 technologies of uneven size and 40 owners over 20 years, without any
connection. A planted set has three times the filings of one technology in the last five years.
``--whole`` makes sets of publications of them and asks for their findings.
"""

from __future__ import annotations

import argparse
import time
import warnings
from types import SimpleNamespace

import numpy as np
import pandas as pd

import patentnav as pnav
from patentnav import findings
from patentnav.findings.cells import by_periods, judged
from patentnav.findings.rank import gate

TECHNOLOGIES, OWNERS, YEARS = 20, 40, np.arange(2000, 2020)
RECENT = 2015  # first of the last five complete years
OFFICES = {"CN": 0.5, "US": 0.25, "JP": 0.1, "KR": 0.1, "EP": 0.05}
STATES = {"in_force": 0.45, "pending": 0.2, "lapsed": 0.2, "withdrawn": 0.15}


def counts(
    rng: np.random.Generator,
    size: int,
    spread: float,
    planted: int | None,
    groups: int = TECHNOLOGIES,
) -> np.ndarray:
    """Filings by technology (or owner) and year: independent, with rates that vary by ``spread``."""
    sizes = rng.lognormal(0, 0.4, groups)
    years = np.exp(0.08 * np.arange(len(YEARS))) * rng.uniform(0.8, 1.2, len(YEARS))
    rates = np.outer(sizes, years)
    periods = (YEARS - YEARS[0]) // 5  # what varies, varies by the periods that are compared
    if spread:
        shape = 1 / spread**2
        rates *= rng.gamma(shape, 1 / shape, (groups, periods.max() + 1))[:, periods]
    rates *= size / rates.sum()
    if planted is not None:
        rates[planted, YEARS >= RECENT] *= 3
    return rng.poisson(rates)


def study(rng: np.random.Generator, size: int, spread: float, planted: int | None) -> pnav.Study:
    """A study of a set with these counts and everything else drawn at random."""
    drawn = counts(rng, size, spread, planted)
    technology, year = (axis.ravel() for axis in np.indices(drawn.shape))
    technology, year = (np.repeat(axis, drawn.ravel()) for axis in (technology, year))
    n = len(technology)
    ids = [f"CN{100000000 + i}A" for i in range(n)]
    filed = pd.to_datetime(
        [f"{YEARS[y]}-{m:02d}-15" for y, m in zip(year, rng.integers(1, 13, n), strict=True)]
    )
    publications = pd.DataFrame(
        {
            "application_id": [f"CN{200000000 + i}" for i in range(n)],
            "authority": rng.choice([*OFFICES], n, p=[*OFFICES.values()]),
            "kind_code": "A", "patent_type": "invention", "application_date": filed,
            "publication_date": filed + pd.DateOffset(months=18),
            "legal_status": rng.choice([*STATES], n, p=[*STATES.values()]),
        },
        index=pd.Index(ids, name="publication_id"),
    )  # fmt: skip
    weights = 1 / np.arange(1, 81) ** 0.7
    owner = rng.choice(80, n, p=weights / weights.sum())
    parties = pd.DataFrame(
        {"publication_id": ids, "name_raw": [f"Owner {o} Ltd" for o in owner],
         "party_id": [f"P-{o}" for o in owner], "party_type": "enterprise"}
    )  # fmt: skip
    patents = pnav.PatentSet.from_tables({"publications": publications, "parties": parties})
    labels = pd.Series([f"T{t + 1:02d}" for t in technology], index=publications.index)
    names = pd.Series({f"T{t + 1:02d}": f"technology {t + 1}" for t in range(TECHNOLOGIES)})
    none = pd.DataFrame(columns=["publication_id", "industry", "sub_sector", "weight"])
    given = SimpleNamespace(labels=labels, names=names)
    return pnav.Study(
        patents, technologies=given, memberships=none, unit="application", cutoff="2021-06-30"
    )


def of_counts(rng: np.random.Generator, size: int, spread: float, planted: int | None) -> list[str]:
    """Technologies and owners that pass, the most surprising first."""
    families = {family.name: family for family in findings.FAMILIES}
    made = {}
    for name, groups, shift in (
        ("technology_years", TECHNOLOGIES, planted),
        ("owner_years", OWNERS, None),
    ):
        yearly = counts(rng, size, spread, shift, groups)
        periods = yearly.reshape(groups, -1, 5).sum(axis=2).astype(float)
        keys = pd.Index([f"{name[0]}{i}" for i in range(groups)])
        family = families[name]
        made[family] = by_periods(family, keys, periods, [int(t) for t in periods.sum(axis=0)])
    passed = gate(judged(made), size)
    return [
        f"{row}{'+' if ratio > 1 else '-'}"
        for row, ratio in zip(passed["row"], passed["ratio"], strict=True)
    ]


def of_study(rng: np.random.Generator, size: int, spread: float, planted: int | None) -> list[str]:
    """Subjects of the findings of a whole study, the most surprising first."""
    found = findings.find(study(rng, size, spread, planted))
    return [f"t{int(one.row[1:]) - 1}{'+' if one.direction > 0 else '-'}" if one.family.rows == "technology"
            else one.row for one in found]  # fmt: skip


def main() -> None:
    """Print both figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=200)
    parser.add_argument("--size", type=int, default=8000, help="publications of a set")
    parser.add_argument("--spread", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--whole", action="store_true")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    start = time.perf_counter()
    look = of_study if args.whole else of_counts
    clean = first = listed = 0
    for seed in range(args.sets):
        rng = np.random.default_rng([args.seed, seed])
        clean += not look(rng, args.size, args.spread, None)
        planted = int(rng.integers(TECHNOLOGIES))
        found = look(rng, args.size, args.spread, planted)
        listed += f"t{planted}+" in found
        first += f"t{planted}+" in found[:3]
    print(f"{args.sets} sets of {args.size:,}, rates varying by {args.spread:.0%}: "
          f"empty on noise {clean / args.sets:.1%}; planted shift among the first three "
          f"{first / args.sets:.1%}, listed {listed / args.sets:.1%}; "
          f"{time.perf_counter() - start:.0f} s")  # fmt: skip


if __name__ == "__main__":
    main()
