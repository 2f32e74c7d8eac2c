"""Portfolios of the synthetic city: what is planted against what is found, and the time it takes.

Run:  .venv/bin/python benchmarks/portfolios.py [publications ...]

For every size (5,000, 50,000 and 100,000 when omitted) prints the planted portfolios found with
their missing counts, the planted next steps found with their days, families that stand in two
chosen portfolios, and processor seconds and peak memory of candidates, additions and selection. Then the
selections of the design: structured ones that must be proven within 5 seconds, and two of random
overlaps that must say that they are not, with a bound, within their limit. Exit code 1 where one
of these is missed. Times are printed as ratios to 60 seconds, memory to 3 GB.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import pandas as pd

import patentnav as pnav
from patentnav import portfolio

SECONDS, GIGABYTES, PROOF = 60.0, 3.0, 5.0
SIZES = (5_000, 50_000, 100_000)
KEY = ["publication_id", "inventions", "pct", "days_left"]


def planted(city, table, added) -> bool:
    """Print planted portfolios and next steps against those found."""
    members = portfolio.members(table)
    members["portfolio"] = members["publication_id"].map(city.truth["portfolio"])
    ids = members.dropna().drop_duplicates("portfolio").set_index("portfolio")["portfolio_id"]
    found = table.set_index("portfolio_id").loc[ids]
    truth = city.portfolios.loc[ids.index]
    columns = ["inventions", "pct", "inventions_missing", "pct_missing", "meets_gate"]
    same = (found[columns].to_numpy() == truth[columns].to_numpy()).all(axis=1)
    above = truth["meets_gate"].to_numpy()
    met = found["meets_gate"].fillna(False).to_numpy(dtype=bool)
    extra = int(table["meets_gate"].sum()) - int(above.sum())
    good = [len(ids) == len(city.portfolios), bool(met[above].all()), bool(same[~above].all())]
    good.append(extra == 0)
    print(
        f"  portfolios {same.sum()} of {len(city.portfolios)} exact, {extra} others meet the gate"
    )
    for lever, steps in city.levers.groupby("lever"):
        hits = total = 0
        for name, own in steps.groupby("portfolio"):
            here = added[(added["portfolio_id"] == ids[name]) & (added["lever"] == lever)]
            if lever == "alliance":
                gain = [len(own), int(own["pct"].sum())]
                hits += gain in here[["inventions", "pct"]].values.tolist()
                total += 1
                continue
            wanted = set(map(tuple, own[KEY].astype("string").fillna("NA").to_numpy()))
            got = set(map(tuple, here[KEY].astype("string").fillna("NA").to_numpy()))
            hits += len(wanted & got)
            total += len(wanted)
        good.append(hits == total)
        print(f"  planted {lever}: {hits} of {total} found")
    untold = city.levers.loc[city.levers["plant"].isin(["unknown", "later"]), "publication_id"]
    rows = added[added["publication_id"].isin(untold) & (added["lever"] == "pct_open")]
    numbers = int(rows[["pct", "days_left"]].notna().any(axis=1).sum())
    print(f"  numbers where nothing is told: {numbers} of {len(untold)}")
    return all([*good, numbers == 0])


def size(n: int) -> bool:
    """One city: correctness, processor seconds and memory."""
    city = pnav.datasets.city(n)
    technology = city.truth["technology"]
    start = time.process_time()
    scores = pnav.valuation.score(city.patents)["score"]
    scored = time.process_time() - start
    start = time.process_time()
    table = portfolio.candidates(city.patents, technology, values=scores)
    added = portfolio.additions(city.patents, table)
    chosen = portfolio.select(table, 30, max_per_owner=2)
    taken = time.process_time() - start
    # In kilobytes on Linux, in bytes on macOS.
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = used / 1024 ** (3 if sys.platform == "darwin" else 2)
    print(
        f"city {n:,}: {len(table):,} candidates, {len(added):,} additions, {len(chosen.chosen)} chosen"
    )
    print(f"  scores {scored:.1f} s, portfolios {taken:.1f} s ({(scored + taken) / SECONDS:.2f} of the bar), "
          f"peak {peak:.2f} GB ({peak / GIGABYTES:.2f})")  # fmt: skip
    families = chosen.chosen["families"].explode()
    print(f"  families in two chosen: {families.duplicated().sum()}, proven {chosen.proven}")
    exact = portfolio.candidates(city.patents, technology)
    good = planted(city, exact, portfolio.additions(city.patents, exact))
    fast = n < SIZES[-1] or scored + taken <= SECONDS
    return good and not families.duplicated().any() and chosen.proven and fast and peak <= GIGABYTES


def structured(n: int) -> bool:
    """The selections of the design on a city: proven within five seconds."""
    city = pnav.datasets.city(n)
    owners = city.truth["technology"]
    industry = city.truth.drop_duplicates("technology").set_index("technology")["industry"]

    def with_industry(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(industry=table["technology"].map(industry))

    table = with_industry(portfolio.candidates(city.patents, owners))
    cells = table[table["inventions"] >= 2]
    allied = with_industry(portfolio.candidates(city.patents, owners, partners=3))
    levels = [portfolio.candidates(city.patents, city.truth[c]) for c in ("technology", "industry")]
    levels.append(portfolio.candidates(city.patents))
    nested = pd.concat(
        [t.assign(portfolio_id=f"L{i}" + t["portfolio_id"]) for i, t in enumerate(levels)]
    )
    nested = nested[nested["inventions"] >= 5]
    present = allied.loc[allied["meets_gate"].fillna(False).astype(bool), "industry"].nunique()
    cases = {
        "gate met, 10, one per owner, 5 industries": (table, {"n": 10, "max_per_owner": 1, "min_industries": 5}),
        "cells of 2 and more, 30": (cells, {"n": 30, "max_per_owner": 1, "min_industries": 10, "meeting": False}),
        "nested cells, 30": (nested, {"n": 30, "meeting": False}),
        "nested cells, 100": (nested, {"n": 100, "meeting": False}),
        "alliances, 30": (allied, {"n": 30, "max_per_owner": 2, "min_industries": min(8, present)}),
    }  # fmt: skip
    good = True
    for name, (frame, limits) in cases.items():
        start = time.monotonic()
        found = portfolio.select(frame, **limits, time_limit=PROOF)
        taken = time.monotonic() - start
        good &= found.proven and taken <= PROOF
        print(f"  {name}: {found.eligible:,} candidates, proven {found.proven}, {taken:.1f} s "
              f"({taken / PROOF:.2f} of the bar)")  # fmt: skip
    return good


def hopeless() -> bool:
    """Random overlaps: not proven, with a bound, within the limit."""
    good = True
    for count, families in ((1_000, 5_000), (10_000, 20_000)):
        rng = np.random.default_rng(0)
        rows = [
            (f"P{i:05}", float(rng.uniform(1, 100)),
             tuple(f"{x:06d}" for x in sorted(rng.choice(families, 60, replace=False))))
            for i in range(count)
        ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=["portfolio_id", "score", "members"])
        frame["meets_gate"] = pd.array([True] * count, dtype="boolean")
        for limit in (5.0, 20.0):
            start = time.monotonic()
            found = portfolio.select(frame, 30, time_limit=limit)
            taken = time.monotonic() - start
            told = not found.proven and np.isfinite(found.bound) and found.bound > found.total
            good &= told and taken <= limit
            print(f"  random {count:,} of {families:,}: {len(found.chosen)} chosen, proven {found.proven}, "
                  f"gap {found.gap:.3f}, {taken:.1f} s of {limit:.0f}")  # fmt: skip
    return good


def main() -> int:
    """Measure and compare with the bars."""
    sizes = [int(n) for n in sys.argv[1:]] or SIZES
    good = [size(n) for n in sizes]
    print("selections")
    good += [structured(max(n for n in (*sizes, SIZES[0]) if n <= SIZES[1])), hopeless()]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
