"""Groups of organisations' names against labels, with the named alternatives in the same run.

    python benchmarks/organisations.py nber       # hand-labelled variants
    python benchmarks/organisations.py patentics  # vendor labels: Latin names, Chinese entities
    python benchmarks/organisations.py kept       # pairs of names that no rule was chosen on
    python benchmarks/organisations.py scale      # 10^4, 10^5, 10^6 names: cost and scores
    python benchmarks/organisations.py readings   # samples of decisions, to be read by a person

The data folder is found by PATENTNAV_SHARED, else ../shared/data beside the repository.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd
from organisation_names import made_names
from organisation_pairs import kept_back
from organisation_readings import read_all, samples

import patentnav as pnav
from patentnav import clean
from patentnav.clean import chinese, latin
from patentnav.clean.party_types import party_types
from patentnav.sheets import write_tables

SHARED = Path(
    os.environ.get("PATENTNAV_SHARED", Path(__file__).parents[1].parent / "shared" / "data")
)
KANA = re.compile("[\u3040-\u30ff]")


def figures(methods: dict[str, pd.Series], truth: pd.Series) -> pd.DataFrame:
    rows = {}
    for name, predicted in methods.items():
        s = clean.identity_scores(predicted, truth)
        rows[name] = [*s.loc["pairwise"], *s.loc["b_cubed"]]
    columns = ["P", "R", "F1", "B3 P", "B3 R", "B3 F1"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).round(3)


def labelled() -> pd.DataFrame:
    """Hand-labelled variants: ``organization, unique_id``."""
    file = SHARED / "benchmarks/assignee_nber_variants.csv.gz"
    return pd.read_csv(file, dtype=str, keep_default_na=False)


def nber() -> None:
    """Hand-labelled variants, with the named alternatives."""
    table = labelled()
    names = table["organization"]
    start, cpu = time.perf_counter(), time.process_time()
    ours = clean.party_groups(names)
    spent = time.perf_counter() - start, time.process_time() - cpu
    parsed = latin.parse_all(names.unique())
    bare = names.map(lambda n: " ".join(w for w in latin.words_of(n)
                                        if w not in latin.tables().family))  # fmt: skip
    methods = {
        "exact": names, "legal forms off": bare,
        "equal key": names.map(lambda n: parsed[n].key), "patentnav": ours,
    }  # fmt: skip
    print(figures(methods, table["unique_id"]))
    print(f"{len(names):,} names: {spent[0]:.1f} s, {spent[1]:.1f} s of processor")
    mixed = clean.party_groups(names.sample(frac=1, random_state=1)).reindex(names.index)
    print("shuffled rows give the same groups:", bool((mixed == ours).all()))


def vendor_pairs() -> pd.DataFrame:
    """Distinct names of the Patentics exports with the vendor's most frequent label."""
    frames = []
    for file in sorted((SHARED / "exports/patentics").iterdir()):
        patents = pnav.read(file)
        if patents.has("parties", "name_standard"):
            frames.append(patents.parties[["name_raw", "name_standard"]].dropna())
    pairs = pd.concat(frames).value_counts().reset_index(name="n")
    pairs = pairs.sort_values(["name_raw", "n", "name_standard"], ascending=[True, False, True])
    return pairs.drop_duplicates("name_raw").reset_index(drop=True)


def patentics() -> None:
    pairs = vendor_pairs()
    types = party_types(pairs["name_raw"])
    cjk = pairs["name_raw"].map(chinese.has_cjk)
    western = pairs[~cjk & (pairs["name_raw"].str.len() > 2) & (types != "individual")]
    western = western.reset_index(drop=True)
    print(f"Latin names: {len(western)}")
    ours = clean.party_groups(western["name_raw"])
    print(figures({"exact": western["name_raw"], "patentnav": ours}, western["name_standard"]))
    han = pairs[cjk & ~pairs["name_raw"].str.contains(KANA) & (pairs["name_raw"].str.len() > 3)]
    han = han.reset_index(drop=True)
    print(f"Chinese entities: {len(han)}")
    ours = clean.party_groups(han["name_raw"])
    print(figures({"exact": han["name_raw"], "patentnav": ours}, han["name_standard"]))
    university = han["name_raw"].map(lambda n: chinese.parse(n).kind == "university")
    print(f"Chinese universities: {university.sum()}")
    print(figures({"patentnav": ours[university]}, han.loc[university, "name_standard"]))


def export_names() -> list[str]:
    """Names of parties in the exports of incoPat, Patentics and Lens."""
    found: set[str] = set()
    for folder in ("incopat", "patentics", "lens"):
        for file in sorted((SHARED / "exports" / folder).iterdir()):
            patents = pnav.read(file)
            if patents.has("parties"):
                found.update(patents.parties["name_raw"].dropna())
    return sorted(found)


def scale(sizes: list[int]) -> None:
    """Cost of grouping, and what becomes of the labelled names among so many others."""
    table = labelled()
    real = sorted({*table["organization"], *export_names()})
    print(f"{len(real):,} real names, the rest made from them", flush=True)
    for n in sizes:
        names = made_names(real, n)
        with ProcessPoolExecutor(1, get_context("spawn")) as own_process:
            found = own_process.submit(measured, names).result()
        groups = pd.Series(found.pop("groups"), index=names)
        inside = table[table["organization"].isin(names)]
        scores = clean.identity_scores(
            groups.reindex(inside["organization"]).set_axis(inside.index), inside["unique_id"]
        )
        found["labelled"] = len(inside)
        found |= {f"{kind} F1": round(scores.loc[kind, "f1"], 3) for kind in scores.index}
        print(" ".join(f"{k}={v}" for k, v in found.items()), flush=True)


def measured(names: list[str]) -> dict[str, Any]:
    """Groups of names, with seconds and gigabytes (for a process of its own)."""
    start, cpu = time.perf_counter(), time.process_time()
    groups = clean.party_groups(pd.Series(names))
    return {
        "names": len(names), "seconds": round(time.perf_counter() - start),
        "processor": round(time.process_time() - cpu),
        "GB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
        "found": groups.nunique(), "groups": groups.to_numpy(dtype=object),
    }  # fmt: skip


def readings(seed: int, folder: Path) -> None:
    """Write the samples to be read."""
    for name, table in samples(read_all(SHARED / "exports"), seed).items():
        write_tables(folder / f"{name}-{seed}.csv", {name: table})
        print(f"{folder / name}-{seed}.csv: {len(table)} rows")


def main() -> None:
    """Run one part."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parts = parser.add_subparsers(dest="part", required=True)
    for name in ("nber", "patentics", "kept"):
        parts.add_parser(name)
    at_scale = parts.add_parser("scale")
    at_scale.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    to_read = parts.add_parser("readings")
    to_read.add_argument("--seed", type=int, default=0)
    to_read.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    given = vars(parser.parse_args())
    part = given.pop("part")
    run = {
        "nber": nber, "patentics": patentics, "kept": lambda: kept_back(SHARED), "scale": scale,
        "readings": readings,
    }  # fmt: skip
    run[part](**given)


if __name__ == "__main__":
    main()
