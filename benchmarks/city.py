"""What the analysis finds in the synthetic city, against its truth.

Run:  .venv/bin/python benchmarks/city.py [publications] [seed]

Prints the accuracy of the primary industry, the agreement of technologies with the truth (adjusted
mutual information) and the planted portfolios found, by the true technologies, by IPC subclass (the
default of ``portfolio.candidates``) and by the technologies that were found. Exit code 1 where a
bar is missed: 0.95, 0.8, and all portfolios above the gate found with none below it.
"""

from __future__ import annotations

import sys
import time

from sklearn.metrics import adjusted_mutual_info_score

import patentnav as pnav

ACCURACY, AGREEMENT = 0.95, 0.8


def portfolios_found(city, technology) -> bool:
    """Print the candidates that meet the gate against the planted ones."""
    candidates = pnav.portfolio.candidates(city.patents, technology)
    names = city.organisations.set_index("name_raw")["organisation"]
    found = set(candidates.loc[candidates["meets_gate"], "owner"].map(names))
    planted = city.portfolios[city.portfolios["meets_gate"]]
    missed, extra = set(planted["organisation"]) - found, found - set(planted["organisation"])
    print(f"  found {len(found)} of {len(planted)}, missed {sorted(missed)}, extra {sorted(extra)}")
    return not missed and not extra


def main() -> int:
    """Measure and compare with the bars."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    started = time.monotonic()
    city = pnav.datasets.city(n, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    print(f"city of {len(city.patents)} in {time.monotonic() - started:.1f} s")
    started = time.monotonic()
    industries = pnav.classify.industries(city.patents).reindex(city.truth.index)
    accuracy = float((industries == city.truth["industry"]).mean())
    print(f"industry accuracy {accuracy:.3f}, none {industries.isna().mean():.3f}", end="")
    print(f" in {time.monotonic() - started:.1f} s")
    started = time.monotonic()
    labels = pnav.cluster.technologies(city.patents).labels.dropna()
    agreement = adjusted_mutual_info_score(city.truth.loc[labels.index, "technology"], labels)
    print(f"technologies {labels.nunique()}, AMI {agreement:.3f}", end="")
    print(f" in {time.monotonic() - started:.1f} s")
    good = [accuracy >= ACCURACY, agreement >= AGREEMENT]
    for name, technology in (
        ("true technologies", city.truth["technology"]),
        ("IPC subclasses", None),
        ("technologies found", labels),
    ):
        print(f"portfolios by {name}")
        good.append(portfolios_found(city, technology))
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
