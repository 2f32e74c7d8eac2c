"""Time and memory of the OECD set on a generated citation graph.

    python benchmarks/indicators.py [publications] [citations]

Default: 1,000,000 publications, 10,000,000 citations. Prints seconds per indicator (computed alone
after the shared tables) and of the whole set, and the peak resident memory of the process.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import pandas as pd

from patentnav import PatentSet, indicators, valuation

OECD = [
    "patent_scope", "family_size", "grant_lag", "grant_lag_index", "backward_citations",
    "npl_citations", "claim_count", "forward_citations", "forward_citations_7", "breakthrough",
    "generality", "originality", "radicalness", "renewal", "composite_4", "composite_6",
]  # fmt: skip
SUBCLASSES = ["G06N", "G06F", "H04L", "H04W", "H01L", "A61K", "A61B", "B60L", "C07D", "G01N",
              "F16H", "B65G", "E04B", "A01B", "C08L", "H02J", "B23K", "G05B", "G02B", "H05K"]  # fmt: skip


def generate(publications: int, citations: int, seed: int = 0) -> PatentSet:
    """Make a set: filings over 25 years, references mostly to the recent past."""
    rng = np.random.default_rng(seed)
    filed = np.sort(rng.integers(0, 25 * 365, publications))
    start = np.datetime64("1998-01-01", "D")
    application_date = start + filed
    publication_date = application_date + 540
    granted = rng.random(publications) < 0.6
    grant_date = np.where(
        granted, application_date + rng.integers(700, 2500, publications), np.datetime64("NaT", "D")
    )
    index = pd.Index([f"US{i:08d}B2" for i in range(publications)], name="publication_id")
    number = np.array([f"US{i:08d}" for i in range(publications)])
    frame = pd.DataFrame(
        {
            "application_id": number, "application_date": application_date,
            "publication_date": publication_date, "grant_date": grant_date,
            "claim_count": rng.integers(1, 40, publications),
            "family_country_count": rng.integers(1, 12, publications),
            "npl_citation_count": rng.integers(0, 9, publications),
            "legal_status": np.where(granted, "in_force", "pending"),
            "expiry_date": application_date + 7300, "patent_type": "invention",
        },
        index=index,
    )  # fmt: skip
    drawn = citations * 11 // 10  # some fall twice or before the first
    citing = rng.integers(1, publications, drawn)
    back = (rng.exponential(0.08, drawn) * publications).astype(np.int64) + 1
    pairs = np.unique((citing * publications + citing - back)[citing >= back])
    pairs = np.sort(rng.choice(pairs, min(citations, len(pairs)), replace=False))
    ids = index.to_numpy()
    edges = pd.DataFrame(
        {"citing_id": ids[pairs // publications], "cited_id": ids[pairs % publications]}
    )
    per = rng.integers(1, 4, publications)
    owner = np.repeat(np.arange(publications), per)
    kinds = rng.integers(0, len(SUBCLASSES), len(owner))
    kinds[np.concatenate([[0], np.cumsum(per)[:-1]])] = np.arange(publications) % len(SUBCLASSES)
    symbol = (
        np.array(SUBCLASSES)[kinds]
        + np.array([f"{g}/00" for g in range(1, 21)])[rng.integers(0, 20, len(owner))]
    )
    classes = pd.DataFrame({"publication_id": ids[owner], "scheme": "IPC", "symbol": symbol})
    return PatentSet.from_tables(
        {"publications": frame, "citations": edges, "classifications": classes}
    )


def peak() -> float:
    """Peak resident memory in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def main() -> None:
    sizes = [int(a) for a in sys.argv[1:] if a.isdigit()] or [1_000_000, 10_000_000]
    begin = time.perf_counter()
    patents = generate(*sizes)
    known = set(indicators.list()["name"])
    names = [n for n in OECD if n in known]
    print(f"{len(patents):,} publications, {len(patents.citations):,} citations, "
          f"made in {time.perf_counter() - begin:.1f} s, {peak():.2f} GB")  # fmt: skip
    begin = time.perf_counter()
    indicators.compute(patents, names)
    seconds = time.perf_counter() - begin
    print(f"OECD set of {len(names)}: {seconds:.1f} s, peak {peak():.2f} GB")
    print(
        indicators.coverage(patents, names)[["indicator", "known", "missing"]].to_string(
            index=False
        )
    )
    begin = time.perf_counter()
    valuation.score(patents)
    print(f"default scorecard: {time.perf_counter() - begin:.1f} s, peak {peak():.2f} GB")
    if "--each" in sys.argv:
        for name in names:
            begin = time.perf_counter()
            indicators.compute(patents, name)
            print(f"  {name:24}{time.perf_counter() - begin:8.1f} s")


if __name__ == "__main__":
    main()
