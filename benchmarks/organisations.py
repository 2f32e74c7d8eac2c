"""Groups of organisations' names against labels, with the named alternatives in the same run.

    python benchmarks/organisations.py nber       # hand-labelled variants
    python benchmarks/organisations.py patentics  # vendor labels: Latin names, Chinese entities
    python benchmarks/organisations.py cost       # up to 1,000,000 made-up names

The data folder is found by PATENTNAV_SHARED, else ../shared/data beside the repository.
"""

from __future__ import annotations

import os
import re
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

import patentnav as pnav
from patentnav import clean
from patentnav.clean import chinese, latin
from patentnav.clean.party_types import party_types

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


def nber() -> None:
    table = pd.read_csv(
        SHARED / "benchmarks/assignee_nber_variants.csv.gz", dtype=str, keep_default_na=False
    )
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


def cost() -> None:
    for n in (10_000, 100_000, 1_000_000):
        names = made_up(n)
        start, cpu = time.perf_counter(), time.process_time()
        groups = clean.party_groups(names)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(f"{n:>9,} names: {time.perf_counter() - start:6.0f} s, "
              f"{time.process_time() - cpu:6.0f} s of processor, {memory:.1f} GB, "
              f"{groups.nunique():,} groups", flush=True)  # fmt: skip


def made_up(n: int, seed: int = 0) -> pd.Series:
    """Distinct names of invented firms, a third of them with a letter changed or another form."""
    rng = np.random.default_rng(seed)
    syllables = [a + b for a in "BCDFGKLMNPRSTVZ" for b in ("A", "E", "I", "O", "U", "AN", "OR")]
    business = ["TECHNOLOGIES", "PHARMA", "SYSTEMS", "ELECTRONICS", "MATERIALS", "MOTORS", "FOODS"]
    forms = ["INC", "LLC", "GMBH", "CO LTD", "CORPORATION", "SA", "AB"]
    made: list[str] = []
    while len(set(made)) < n:
        size = n - len(set(made)) + 1000
        parts = rng.choice(syllables, (size, 4))
        words = ["".join(row) for row in parts]
        made += [f"{w} {rng.choice(business)} {rng.choice(forms)}" for w in words]
        made += [m.replace(m[3], "X", 1) for m in made[: size // 3]]
    return pd.Series(sorted(set(made))[:n])


if __name__ == "__main__":
    for part in sys.argv[1:] or ("nber", "patentics", "cost"):
        print(f"== {part}")
        {"nber": nber, "patentics": patentics, "cost": cost}[part]()
