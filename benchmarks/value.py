"""What the value cards tell: AUC against citations received and against maintenance, on real exports.

    python benchmarks/value.py [folder with exports/] [--draws 300]

Citations are taken out of the sets before anything is scored; they are the label.

Label of impact: the tenth of a cohort that is cited most: the smallest count from 1 upwards whose
share of the cohort is nearest to 10 %; cohorts below 30, or whose share lies outside 3 to 20 %, and
designs are left out. Two cohorts: `year` (filing year) and `clean` (filing year, office, letter of the
kind code), because the stage of a document alone "forecasts" citations within a year. Label of keep:
in force against lapsed, of rights old enough to have lapsed.

Intervals are 95 %, over draws of owners with replacement (of first inventors where one firm owns all),
the same draws for all scores of a file, so that differences are paired. "base" is the better of family
and claims in each draw.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd

import patentnav as pnav
from patentnav import facts, valuation

HERE = Path(__file__).resolve().parent
FILES = {
    "VR": "patentics/patentics_cn_virtual_reality_7805.csv",
    "drones": "lens/lens_2016_drones_5884.csv",
    "jet engines": "lens/lens_jet_engines_3779.csv",
    "green aviation": "patsnap/patsnap_green_aviation_1999.xlsx",
    "DiDi (one firm)": "patentics/patentics_didi_global_7440.csv",
}
MANY = ("VR", "drones", "jet engines", "green aviation")
COHORTS = {"year": ["year"], "clean": ["year", "authority", "kind"]}
FAMILY = ("extended_family", "family_size", "vendor_family_net")
BARS = {
    ("VR", "year"): (0.68, 0.05), ("VR", "clean"): (0.60, 0.02),
    ("mean", "year"): (None, 0.08), ("mean", "clean"): (None, 0.04),
}  # fmt: skip


def top_tenth(cited: np.ndarray, cohort: np.ndarray) -> np.ndarray:
    """1 and 0 for the most cited of every cohort; NaN where the cohort is left out."""
    label = np.full(len(cited), np.nan)
    for key in np.unique(cohort[cohort >= 0]):
        members = np.flatnonzero((cohort == key) & ~np.isnan(cited))
        if len(members) < 30:
            continue
        own = cited[members]
        least = np.unique(own[own >= 1])
        if not len(least):
            continue
        share = np.array([(own >= c).mean() for c in least])
        best = int(np.argmin(np.abs(share - 0.1)))
        if 0.03 <= share[best] <= 0.20:
            label[members] = own >= least[best]
    return label


class Auc:
    """Area under the curve of one score, for any weights of the rows."""

    def __init__(self, score: np.ndarray, label: np.ndarray) -> None:
        # What the score does not tell stands in the middle of those it tells.
        filled = np.where(np.isnan(score), np.nanmedian(score), score)
        self._rank = np.unique(filled, return_inverse=True)[1]
        self._label = label.astype(bool)

    def __call__(self, weight: np.ndarray) -> float:
        n = int(self._rank.max()) + 1
        up = np.bincount(self._rank, weights=weight * self._label, minlength=n)
        down = np.bincount(self._rank, weights=weight * ~self._label, minlength=n)
        below = np.concatenate([[0.0], np.cumsum(down)[:-1]])
        total = up.sum() * down.sum()
        return float((up * (below + down / 2)).sum() / total) if total else np.nan


def owners_of(patents: pnav.PatentSet) -> np.ndarray:
    """First owner of every publication; first inventor where a file has few owners."""
    index = patents.publications.index
    first = facts.owners(patents).set_index("publication_id")["owner"].reindex(index)
    if first.value_counts(normalize=True).iloc[0] > 0.4:
        people = patents.inventors.sort_values(["publication_id", "position"])
        first = people.drop_duplicates("publication_id").set_index("publication_id")["name_raw"]
        first = first.reindex(index)
    return pd.factorize(first.fillna(pd.Series(index, index=index)))[0]


def drawn(
    scores: dict[str, np.ndarray], label: np.ndarray, owner: np.ndarray, draws: int, seed: int = 0
) -> dict[str, np.ndarray]:
    """AUC of every score: the plain one first, then that of every draw of owners."""
    rng = np.random.default_rng(seed)
    code = pd.factorize(owner)[0]
    n = int(code.max()) + 1
    weights = [np.ones(len(code))]
    weights += [
        np.bincount(rng.integers(0, n, n), minlength=n)[code].astype(float) for _ in range(draws)
    ]
    return {
        name: np.array([curve(w) for w in weights])
        for name, curve in ((k, Auc(v, label)) for k, v in scores.items())
    }


def said(values: np.ndarray) -> str:
    """Point and interval."""
    low, high = np.nanquantile(values[1:], [0.025, 0.975])
    return f"{values[0]:.3f} [{low:.3f}, {high:.3f}]"


def interval(values: np.ndarray) -> str:
    """Interval of differences."""
    low, high = np.nanquantile(values[1:], [0.025, 0.975])
    return f"[{low:+.3f}, {high:+.3f}]"


def low(values: np.ndarray) -> float:
    """Lower bound."""
    return float(np.nanquantile(values[1:], 0.025))


def without_citations(patents: pnav.PatentSet) -> pnav.PatentSet:
    """The set as if nobody had cited it yet."""
    none = pd.Series(pd.NA, index=patents.publications.index, dtype="Int64")
    blind = patents.assign(forward_citation_count=none)
    if not patents.has("citations"):
        return blind
    citations = patents.citations
    kept = citations[~citations["cited_id"].isin(patents.publications.index)]
    return blind.replace(blind.provenance[-1], citations=kept)


def percentile_of(
    patents: pnav.PatentSet, cohort: tuple[str, ...], *names: str
) -> np.ndarray | None:
    """Percentile of the indicator that is known for most publications; None where none is."""
    entry = valuation.Entry(names, "legal", 1.0, True, cohort)
    scores = valuation.score(patents, valuation.Scorecard("part", (entry,), {}))["score"]
    return scores.to_numpy(dtype=float) if scores.notna().any() else None


def better(aucs: dict[str, np.ndarray]) -> np.ndarray:
    """The better of family and claims in every draw."""
    return np.max([aucs[k] for k in ("family", "claims") if k in aucs], axis=0)


def impact(name: str, patents: pnav.PatentSet, draws: int) -> dict[str, np.ndarray]:
    """Print the impact card on one file; differences to the base by cohort."""
    publications = patents.publications
    cited = publications["forward_citation_count"].to_numpy(dtype=float, na_value=np.nan)
    kind = publications["kind_code"].str.slice(0, 1)
    letter = publications["authority"] + kind
    year = publications["application_date"].dt.year
    keys = {"year": year.astype("str"), "clean": year.astype("str") + letter}
    design = ((publications["patent_type"] == "design") | (kind == "S")).fillna(False)
    owner = owners_of(patents)
    blind = without_citations(patents)
    differences = {}
    for cohort, columns in COHORTS.items():
        code = pd.factorize(keys[cohort].where(year.notna() & ~design))[0]
        label = top_tenth(cited, code)
        card = valuation.score(blind, "impact", cohort=columns)
        scores = {"impact": card["score"].to_numpy(dtype=float)}
        scores["impact, at search"] = valuation.score(
            blind, "impact", known_at="search", cohort=columns
        )["score"].to_numpy(dtype=float)
        # The card as it comes, ranked again within the cohort of the label.
        own = valuation.score(blind, "impact")["score"]
        scores["impact, own cohorts"] = (
            own.groupby(pd.Series(code, index=own.index)).rank(pct=True).to_numpy(dtype=float)
        )
        for called, one in (
            (
                "default",
                valuation.score(blind, "default", cohort=columns)["score"].to_numpy(dtype=float),
            ),
            ("family", percentile_of(blind, tuple(columns), *FAMILY)),
            ("claims", percentile_of(blind, tuple(columns), "claim_count")),
        ):
            if one is not None and not np.isnan(one).all():
                scores |= {called: one}
        rows = ~np.isnan(label)
        aucs = drawn({k: v[rows] for k, v in scores.items()}, label[rows], owner[rows], draws)
        gain = aucs["impact"] - better(aucs)
        differences[cohort] = gain
        differences[f"{cohort} at search"] = aucs["impact, at search"] - better(aucs)
        print(
            f"\n{name}, {cohort}: {rows.sum():,} publications, {int(label[rows].sum()):,} positive"
        )
        for called, values in aucs.items():
            print(f"  {called:22}{said(values)}")
        print(f"  impact - base         {interval(gain)}")
        verdict(f"{name} {cohort}", BARS.get((name, cohort)), aucs["impact"][0], low(gain))
    return differences


def verdict(what: str, bar: tuple[float | None, float] | None, level: float, lower: float) -> None:
    """Say whether a bar is met."""
    if bar is None:
        return
    least, margin = bar
    met = (least is None or level >= least) and lower >= margin
    wanted = (
        f"lower bound >= {margin:+.2f}"
        if least is None
        else f">= {least}, lower bound >= {margin:+.2f}"
    )
    print(f"  bar {what}: {wanted}: {'met' if met else 'MISSED'}")


def kept(
    name: str, patents: pnav.PatentSet, rows: np.ndarray, label: np.ndarray, draws: int,
    least: float | None = None, margin: float | None = None,
) -> None:  # fmt: skip
    """Print the keep card on some rows of one file."""
    blind = without_citations(patents)
    card = valuation.score(blind, "keep")
    scores = {"keep": card["score"].to_numpy(dtype=float)}
    cited = patents.publications["forward_citation_count"].to_numpy(dtype=float, na_value=np.nan)
    scores["citations"] = cited
    scores["impact"] = valuation.score(blind, "impact")["score"].to_numpy(dtype=float)
    for called, one in (
        ("family", percentile_of(blind, ("year", "authority", "kind"), *FAMILY)),
        ("claims", percentile_of(blind, ("year", "authority", "kind"), "claim_count")),
        ("owner's filings", percentile_of(blind, ("year", "authority", "kind"), "owner_filings")),
    ):
        if one is not None and not np.isnan(one[rows]).all():
            scores |= {called: one}
    aucs = drawn(
        {k: v[rows] for k, v in scores.items()}, label[rows], owners_of(patents)[rows], draws
    )
    gain = aucs["keep"] - better(aucs)
    print(f"\n{name}: {rows.sum():,} publications, {int(label[rows].sum()):,} in force")
    for called, values in aucs.items():
        print(f"  {called:22}{said(values)}")
    print(f"  keep - base           {interval(gain)}")
    if least is not None:
        met = aucs["keep"][0] >= least and (margin is None or low(gain) >= margin)
        wanted = f">= {least}" + ("" if margin is None else f", lower bound >= {margin:+.2f}")
        print(f"  bar {name}: {wanted}: {'met' if met else 'MISSED'}")


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", type=Path, default=HERE.parent.parent / "shared/data")
    parser.add_argument("--draws", type=int, default=300)
    options = parser.parse_args()
    begin = time.perf_counter()
    sets = {name: pnav.read(options.data / "exports" / file) for name, file in FILES.items()}
    gains = {name: impact(name, patents, options.draws) for name, patents in sets.items()}
    print()
    for cohort in COHORTS:
        for suffix, says in (("", ""), (" at search", ", known at search")):
            mean = np.mean([gains[name][cohort + suffix] for name in MANY], axis=0)
            print(
                f"mean of {len(MANY)}, {cohort}{says}: impact - base {mean[0]:+.3f} {interval(mean)}"
            )
            if not suffix:
                verdict(f"mean {cohort}", BARS["mean", cohort], mean[0], low(mean))
    vr, green = sets["VR"].publications, sets["green aviation"].publications
    alive, lapsed = vr["legal_status"] == "in_force", vr["legal_status"].isin(facts.DEAD)
    old = vr["application_date"].dt.year <= 2018
    for kind, title, least, margin in (
        ("utility_model", "VR, granted utility models filed until 2018", 0.67, 0.03),
        ("invention", "VR, granted inventions filed until 2018", None, None),
    ):
        stands = vr["granted"].fillna(False) | vr["grant_date"].notna()
        granted = (vr["patent_type"] == kind) & stands
        rows = (granted & old & (alive | lapsed)).fillna(False).to_numpy(dtype=bool)
        kept(title, sets["VR"], rows, alive.to_numpy(dtype=bool), options.draws, least, margin)
    alive, lapsed = green["legal_status"] == "in_force", green["legal_status"] == "lapsed"
    rows = (
        (green["authority"] == "CN")
        & (alive | lapsed)
        & (green["application_date"].dt.year <= 2019)
    )
    kept("green aviation, CN, filed until 2019", sets["green aviation"],
         rows.fillna(False).to_numpy(dtype=bool), alive.to_numpy(dtype=bool), options.draws, 0.72)  # fmt: skip
    print(f"\n{time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main()
