"""Identities of inventors against labels, with the named alternatives in the same run.

    python benchmarks/inventors.py us        # US mentions, labels, PatentsView, exact names
    python benchmarks/inventors.py chinese   # Chinese pseudo-names
    python benchmarks/inventors.py city      # planted people of the synthetic city
    python benchmarks/inventors.py cost      # 10^4, 10^5, 10^6 mentions, one name of 5,000

The data folder is found by PATENTNAV_SHARED, else ../shared/data beside the repository.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

import patentnav as pnav
from patentnav import clean
from patentnav.clean import inventor_mentions, inventor_names
from patentnav.clean.rarity import LOWEST, Rarity

SHARED = Path(
    os.environ.get("PATENTNAV_SHARED", Path(__file__).parents[1].parent / "shared" / "data")
)
# The labels end here; what was granted later would punish right answers.
HORIZON = "2022-01-01"
PSEUDO_PAIRS, FILINGS = 500, 4


def us_mentions() -> pd.DataFrame:
    mentions = pd.read_csv(
        SHARED / "benchmarks/inventor_mentions.csv.gz", dtype=str, keep_default_na=False
    )
    mentions = mentions.rename(
        columns={
            "patent_id": "publication_id", "first": "first_name", "last": "last_name",
            "state": "region", "assignees": "applicants", "cpc_subclasses": "classifications",
            "grant_date": "date",
        }
    )  # fmt: skip
    return mentions.assign(name=mentions["first_name"] + " " + mentions["last_name"])


def us_figures(predicted: pd.Series, labels: pd.Series, early: pd.Index) -> list[float]:
    """Pairwise F1, the same without the largest person, B-cubed F1."""
    predicted = predicted[predicted.index.isin(early)]
    labels = labels[labels.index.isin(early)]
    whole = clean.identity_scores(predicted, labels)
    largest = labels.index[labels == labels.value_counts().index[0]]
    without = clean.identity_scores(predicted.drop(largest), labels.drop(largest))
    return [
        whole.loc["pairwise", "f1"], without.loc["pairwise", "f1"], whole.loc["b_cubed", "f1"],
        whole.loc["pairwise", "precision"], whole.loc["pairwise", "recall"],
    ]  # fmt: skip


def us() -> None:
    mentions = us_mentions()
    folder = SHARED / "benchmarks"
    labels = pd.read_csv(folder / "inventor_labels_dev.csv.gz", index_col=0)["inventor_id"]
    other = pd.read_csv(folder / "inventor_patentsview_predictions.csv.gz", index_col=0, dtype=str)
    early = pd.Index(mentions.loc[mentions["date"] < HORIZON, "mention_id"])
    ids = pd.Index(mentions["mention_id"])
    start, cpu = time.perf_counter(), time.process_time()
    ours = clean.inventor_groups(mentions.drop(columns="block"))
    spent = time.perf_counter() - start, time.process_time() - cpu
    rows = {
        "exact name": pd.Series(mentions["name"].str.lower().to_numpy(), index=ids),
        "PatentsView 2021-12-30": other["disamb_inventor_id_20211230"].reindex(ids),
        "patentnav": ours,
    }
    columns = ["pair F1", "without largest", "B-cubed F1", "pair P", "pair R"]
    table = [us_figures(predicted, labels, early) for predicted in rows.values()]
    print(pd.DataFrame(table, index=list(rows), columns=columns).round(4))
    print(f"{len(mentions):,} mentions: {spent[0]:.0f} s, {spent[1]:.0f} s of processor, "
          f"{_memory():.1f} GB")  # fmt: skip
    print(worst(ours, labels, early))


def worst(predicted: pd.Series, labels: pd.Series, early: pd.Index, n: int = 12) -> pd.DataFrame:
    """Persons that cost most pairs."""
    known = labels[labels.index.isin(early)]
    frame = pd.DataFrame({"label": known, "found": predicted.reindex(known.index)})
    cells = frame.value_counts().reset_index(name="n")
    right = (cells["n"] * (cells["n"] - 1) / 2).groupby(cells["label"]).sum()
    size = known.value_counts()
    table = pd.DataFrame({"mentions": size, "found as": cells.groupby("label").size()})
    table["pairs missed"] = (size * (size - 1) / 2 - right).astype(int)
    everyone = predicted[predicted.index.isin(early)].value_counts()
    main = cells.drop_duplicates("label").set_index("label")
    table["others in the largest"] = (main["found"].map(everyone) - main["n"]).astype(int)
    return table.sort_values("pairs missed", ascending=False).head(n)


def chinese() -> None:
    exports = SHARED / "exports"
    names = ("patentics_cn_virtual_reality_7805.csv", "patentics_didi_global_7440.csv",
             "patentics_autodriving_fleet_nobom.csv")  # fmt: skip
    patentics = _mentions([exports / "patentics" / name for name in names])
    cnki = _mentions(sorted((exports / "cnki_gbt7714").glob("*.txt")))
    cnki = cnki.drop(columns=["applicants", "groups", "classifications"], errors="ignore")
    rows = []
    for label, mentions, partner in (
        ("Patentics, random partner", patentics, None),
        ("Patentics, same subclass", patentics, "subclass"),
        ("Patentics, same firm", patentics, "applicants"),
        ("CNKI, random partner", cnki, None),
        ("CNKI, same province", cnki, "region"),
    ):
        rows += _pseudo(label, mentions, partner)
    columns = ["set", "method", "pairs", "F1", "B-cubed F1", "precision", "recall"]
    print(pd.DataFrame(rows, columns=columns).round(3).to_string(index=False))


def _mentions(files: list[Path]) -> pd.DataFrame:
    patents = (
        clean.resolve_parties(clean.deduplicate(pnav.read(files, errors="collect")))
        if files[0].suffix != ".txt"
        else pnav.read(files, errors="collect")
    )
    inventors = patents.inventors.reset_index(drop=True)
    inventors = inventors.assign(name=inventor_names.person_names(inventors["name_raw"]))
    mentions = inventor_mentions.mentions_of(patents, inventors)
    return mentions[mentions["name"].str.fullmatch("[\u4e00-\u9fff]{2,4}")].reset_index(drop=True)


def _pseudo(label: str, mentions: pd.DataFrame, partner: str | None) -> list[tuple[object, ...]]:
    """Give 500 pairs of different people with rare names one name, and find them apart again."""
    mentions = mentions.copy()
    if "classifications" in mentions:
        mentions["subclass"] = mentions["classifications"].str[:4]
    rng = np.random.default_rng(0)
    parsed = {n: inventor_names.parse(n) for n in mentions["name"].unique()}
    rarity = Rarity(list(parsed.values()))
    size = mentions["name"].value_counts()
    rare = sorted(
        n
        for n in size.index
        if len(n) == 3 and size[n] >= FILINGS and rarity.of(parsed[n]) <= LOWEST
    )
    rare = list(rng.permutation(rare))
    works = mentions.groupby("name")["publication_id"].agg(set)
    group = None
    if partner:
        known = mentions.dropna(subset=[partner])
        group = known.groupby("name")[partner].agg(lambda v: v.value_counts().index[0])
    renamed: dict[str, str] = {}
    waiting: dict[object, list[str]] = {}
    for name in rare:
        key = group.get(name) if group is not None else 0
        others = waiting.setdefault(key, [])
        match = next((o for o in others if not works[o] & works[name]), None)
        if key is None or len(renamed) >= 2 * PSEUDO_PAIRS:
            continue
        if match is None:
            others.append(name)
        else:
            others.remove(match)
            renamed[match] = renamed[name] = match
    tested = mentions["name"].isin(renamed)
    truth = mentions.loc[tested].set_index("mention_id")["name"]
    disguised = mentions.assign(name=mentions["name"].map(lambda n: renamed.get(n, n)))
    found = clean.inventor_groups(disguised.drop(columns=["item"])).reindex(truth.index)
    pseudo = disguised.loc[tested].set_index("mention_id")
    methods = {"all merged": pseudo["name"], "patentnav": found}
    if "applicants" in pseudo:
        methods["exact applicant"] = pseudo["name"] + "\t" + pseudo["applicants"].fillna("")
    rows = []
    for method, predicted in methods.items():
        s = clean.identity_scores(predicted, truth)
        rows.append((label, method, len(renamed) // 2, s.loc["pairwise", "f1"],
                     s.loc["b_cubed", "f1"], s.loc["pairwise", "precision"],
                     s.loc["pairwise", "recall"]))  # fmt: skip
    return rows


def city() -> None:
    made = pnav.datasets.city(5000)
    patents = clean.resolve_inventors(clean.resolve_parties(made.patents))
    key = ["publication_id", "position"]
    both = patents.inventors.merge(made.people, on=key).set_index(key)
    both = both.dropna(subset=["person", "name"])
    print("patentnav\n", clean.identity_scores(both["inventor_id"], both["person"]).round(4))
    print("exact name\n", clean.identity_scores(both["name"], both["person"]).round(4))


def cost() -> None:
    for n in (10_000, 100_000, 1_000_000):
        mentions = _made_up(n)
        start, cpu = time.perf_counter(), time.process_time()
        groups = clean.inventor_groups(mentions)
        print(f"{n:>9,} mentions: {time.perf_counter() - start:6.0f} s, "
              f"{time.process_time() - cpu:6.0f} s of processor, {_memory():.1f} GB, "
              f"{groups.nunique():,} persons", flush=True)  # fmt: skip


def _made_up(n: int, seed: int = 0) -> pd.DataFrame:
    """Mentions with Chinese names of realistic frequency, one of them 5,000 times at full size."""
    rng = np.random.default_rng(seed)
    table = pd.read_csv(Path(pnav.__file__).parent / "data/names/name-characters.csv", comment="#")
    surname = rng.choice(table["character"], n // 3, p=table["surname"] / table["surname"].sum())
    share = table["given"] / table["given"].sum()
    given = rng.choice(table["character"], (n // 3, 2), p=share)
    names = np.char.add(np.char.add(surname.astype(str), given[:, 0].astype(str)),
                        given[:, 1].astype(str))  # fmt: skip
    person = rng.integers(0, len(names), n)
    firm = rng.integers(0, max(n // 60, 5), len(names))
    work = rng.integers(0, n // 3, n)
    name = names[person]
    name[: n // 200] = names[0]
    return pd.DataFrame(
        {
            "mention_id": [f"m{i:07d}" for i in range(n)],
            "publication_id": work.astype(str),
            "name": name,
            "applicants": [f"firm{f}" for f in firm[person]],
            "classifications": [f"A{f % 90 + 10}B" for f in firm[person]],
            "region": (firm[person] % 30).astype(str),
            "date": pd.to_datetime("2000-01-01") + pd.to_timedelta(rng.integers(0, 8000, n), "D"),
        }
    )


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    for part in sys.argv[1:] or ("us", "chinese", "city", "cost"):
        print(f"== {part}")
        {"us": us, "chinese": chinese, "city": city, "cost": cost}[part]()
