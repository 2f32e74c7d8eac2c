"""Identities of inventors against labels, with the named alternatives in the same run.

    python benchmarks/inventors.py us        # US mentions, labels, PatentsView, exact names
    python benchmarks/inventors.py chinese   # Chinese pseudo-names
    python benchmarks/inventors.py drawn     # Chinese names drawn as often as people bear them
    python benchmarks/inventors.py city      # planted people of the synthetic city
    python benchmarks/inventors.py scale     # 10^4, 10^5, 10^6 mentions, one name of 5,000

The data folder is found by PATENTNAV_SHARED, else ../shared/data beside the repository.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

import patentnav as pnav
from patentnav import clean
from patentnav.clean import inventor_mentions, inventor_names

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARED = Path(
    os.environ.get("PATENTNAV_SHARED", Path(__file__).parents[1].parent / "shared" / "data")
)
# The labels end here; what was granted later would punish right answers.
HORIZON = "2022-01-01"
PSEUDO_PAIRS, FILINGS = 500, 4
SMALL_FIRM, DRAWS = 300, 3
BEARERS = 1.0  # ln of the bearers per million people, from characters over distinct names


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
    """Two people with rare names get one name; how well are they told apart again?"""
    patentics, cnki = patentics_mentions(), cnki_mentions()
    rows = []
    for label, mentions, partner in (
        ("Patentics, random partner", patentics, None),
        ("Patentics, same main subclass", patentics, "subclass"),
        ("Patentics, same firm", patentics, "applicants"),
        ("CNKI, random partner", cnki, None),
        ("CNKI, same province", cnki, "region"),
    ):
        rows += pseudonym_scores(label, mentions, partner)
    columns = ["set", "method", "pairs", "mentions", "F1", "B-cubed F1", "precision", "recall"]
    print(pd.DataFrame(rows, columns=columns).round(3).to_string(index=False))


def patentics_mentions() -> pd.DataFrame:
    names = ("patentics_cn_virtual_reality_7805.csv", "patentics_didi_global_7440.csv",
             "patentics_autodriving_fleet_nobom.csv")  # fmt: skip
    files = [SHARED / "exports/patentics" / name for name in names]
    patents = clean.deduplicate(pnav.read(files, errors="collect"))
    return _chinese_mentions(clean.resolve_parties(patents))


def cnki_mentions() -> pd.DataFrame:
    files = sorted((SHARED / "exports/cnki_gbt7714").glob("*.txt"))
    mentions = _chinese_mentions(pnav.read(files, errors="collect"))
    return mentions.dropna(axis="columns", how="all")


def _chinese_mentions(patents: pnav.PatentSet) -> pd.DataFrame:
    inventors = patents.inventors.reset_index(drop=True)
    inventors = inventors.assign(name=inventor_names.person_names(inventors["name_raw"]))
    mentions = inventor_mentions.mentions_of(patents, inventors).drop(columns="item")
    mentions = mentions[mentions["name"].str.fullmatch("[\u4e00-\u9fff]{2,4}")]
    if "classifications" in mentions:
        mentions = mentions.assign(subclass=mentions["classifications"].str[:4])
    both = mentions[["mention_id", "publication_id", "name"]].merge(
        mentions[["publication_id", "name"]], on="publication_id", suffixes=("", "_other")
    )
    both = both[both["name"] != both["name_other"]]
    others = both.groupby("mention_id")["name_other"].agg("|".join)
    listed = mentions["mention_id"].map(others).fillna("")
    return mentions.assign(coinventors=listed).reset_index(drop=True)


def rare_names(mentions: pd.DataFrame) -> list[str]:
    """Names of three characters that stand for one person: few bearers per million people."""
    size = mentions["name"].value_counts().sort_index()
    distinct = pd.Series(size.index)
    surname = distinct.str[0].value_counts(normalize=True)
    given = distinct.str[1:].map(list).explode().value_counts(normalize=True)
    return [
        name
        for name, n in size.items()
        if len(name) == 3
        and n >= FILINGS
        and np.log(1e6 * surname[name[0]] * given[name[1]] * given[name[2]]) < BEARERS
    ]


def rounds(mentions: pd.DataFrame, partner: str | None) -> Iterator[dict[str, str]]:
    """New names of people, until there are enough pairs; a person stands once in a round.

    Partners have no filing in common and, where ``partner`` names a column, the same most frequent
    value of it.
    """
    rng = np.random.default_rng(0)
    rare = mentions[mentions["name"].isin(rare_names(mentions))]
    works = rare.groupby("name")["publication_id"].agg(set)
    kind = pd.Series("", index=works.index)
    if partner:
        counts = rare.dropna(subset=[partner]).groupby("name")[partner].value_counts()
        kind = counts.groupby("name").idxmax().str[1].dropna()
    missing = PSEUDO_PAIRS
    while missing:
        waiting: dict[str, list[str]] = {}
        pairs: list[tuple[str, str]] = []
        for name in rng.permutation(kind.index.to_numpy(dtype=object)):
            others = waiting.setdefault(kind[name], [])
            match = next((o for o in others if not works[o] & works[name]), None)
            if match is None:
                others.append(name)
            else:
                others.remove(match)
                pairs.append((match, name))
        pairs = pairs[:missing]
        missing -= len(pairs)
        yield {name: pair[0] for pair in pairs for name in pair}


def pseudonym_scores(
    label: str, mentions: pd.DataFrame, partner: str | None
) -> list[tuple[object, ...]]:
    """Scores of all rounds together. Lists of co-inventors keep the true names of the others."""
    truths: list[pd.Series] = []
    found: dict[str, list[pd.Series]] = {"all merged": [], "exact applicant": [], "patentnav": []}
    for number, renamed in enumerate(rounds(mentions, partner)):
        disguised = mentions.assign(name=mentions["name"].map(renamed).fillna(mentions["name"]))
        tested = mentions["name"].isin(renamed)
        ids = mentions.loc[tested, "mention_id"] + f" {number}"
        new = disguised.loc[tested, "name"]
        firm = disguised["applicants"].fillna("") if "applicants" in disguised else new
        ours = clean.inventor_groups(disguised)[tested.to_numpy()]
        truths.append(_indexed(mentions.loc[tested, "name"], ids, number))
        found["all merged"].append(_indexed(new, ids, number))
        found["exact applicant"].append(_indexed(new + firm[tested], ids, number))
        found["patentnav"].append(_indexed(ours, ids, number))
    truth = pd.concat(truths)
    rows: list[tuple[object, ...]] = []
    for method, parts in found.items():
        if method == "exact applicant" and "applicants" not in mentions:
            continue
        s = clean.identity_scores(pd.concat(parts), truth)
        pairwise = s.loc["pairwise"]
        rows.append((label, method, PSEUDO_PAIRS, len(truth), pairwise["f1"],
                     s.loc["b_cubed", "f1"], pairwise["precision"], pairwise["recall"]))  # fmt: skip
    return rows


def _indexed(values: pd.Series, ids: pd.Series, number: int) -> pd.Series:
    return pd.Series((values.astype("str") + f" {number}").to_numpy(), index=ids.to_numpy())


def drawn() -> None:
    """People of rare names get names as frequent as those of the set; namesakes are then natural.

    The pseudo-names say how well two people are told apart where there are two. Here two people of
    one name are as frequent as in life, inside a firm too: what is split without need counts.
    """
    mentions = patentics_mentions()
    distinct = pd.Series(mentions["name"].unique()).sort_values(ignore_index=True)
    rare = rare_names(mentions)
    firm = mentions["applicants"].fillna("").str.split("|").str[0]
    staff = mentions.groupby(firm)["name"].nunique()
    small = (firm != "") & (firm.map(staff) <= SMALL_FIRM)
    rows = []
    for number in range(DRAWS):
        rng = np.random.default_rng(number)
        names = dict(zip(rare, _names_like(distinct, len(rare), rng), strict=True))
        disguised = mentions.assign(name=mentions["name"].map(names).fillna(mentions["name"]))
        tested = mentions["name"].isin(rare).to_numpy()
        found = clean.inventor_groups(disguised).to_numpy()
        for method, groups in {
            "exact name": disguised["name"].to_numpy(),
            "name and firm": (disguised["name"] + firm).to_numpy(),
            "patentnav": found,
        }.items():
            frame = pd.DataFrame({"truth": mentions["name"].to_numpy(), "found": groups})
            for where, chosen in (("all", tested), ("small firms", tested & small.to_numpy())):
                rows.append((where, method, *_b_cubed(frame, chosen)))
    columns = ["mentions", "method", "B-cubed P", "B-cubed R", "F1", "persons found as several"]
    table = pd.DataFrame(rows, columns=columns)
    print(table.groupby(["mentions", "method"], sort=False).mean().round(4).to_string())


def _names_like(distinct: pd.Series, n: int, rng: np.random.Generator) -> list[str]:
    """Made-up names: length, family name and characters as frequent as among distinct names."""
    two = (distinct.str.len() == 2).mean()
    surname = distinct.str[0].to_numpy()
    single = distinct[distinct.str.len() == 2].str[1].to_numpy()
    given = distinct[distinct.str.len() == 3].str[1:].map(list).explode().to_numpy()
    made = []
    for _ in range(n):
        short = rng.random() < two
        rest = [rng.choice(single)] if short else rng.choice(given, 2)
        made.append(str(rng.choice(surname)) + "".join(rest))
    return made


def _b_cubed(frame: pd.DataFrame, tested: np.ndarray) -> tuple[float, ...]:
    """B-cubed over the tested mentions, with those of everybody else in their groups."""
    both = frame.groupby(["truth", "found"])["truth"].transform("size")[tested]
    precision = (both / frame.groupby("found")["found"].transform("size")[tested]).mean()
    recall = (both / frame.groupby("truth")["truth"].transform("size")[tested]).mean()
    several = frame[tested].groupby("truth")["found"].nunique().gt(1).mean()
    return precision, recall, 2 * precision * recall / (precision + recall), several


def city() -> None:
    made = pnav.datasets.city(5000)
    patents = clean.resolve_inventors(clean.resolve_parties(made.patents))
    key = ["publication_id", "position"]
    both = patents.inventors.merge(made.people, on=key).set_index(key)
    both = both.dropna(subset=["person", "name"])
    print("patentnav\n", clean.identity_scores(both["inventor_id"], both["person"]).round(4))
    print("exact name\n", clean.identity_scores(both["name"], both["person"]).round(4))


def scale() -> None:
    """The cost curve. Each size runs in a process of its own, so that its peak is its own."""
    for n in (10_000, 100_000, 1_000_000):
        command = [sys.executable, __file__, f"scale:{n}"]
        subprocess.run(command, check=True)


def scale_once(n: int) -> None:
    mentions = many_mentions(n)
    before = _memory()
    start, cpu = time.perf_counter(), time.process_time()
    groups = clean.inventor_groups(mentions)
    largest = mentions["name"].value_counts().iloc[0]
    print(f"{n:>9,} mentions: {time.perf_counter() - start:6.0f} s, "
          f"{time.process_time() - cpu:6.0f} s of processor, peak {_memory():.1f} GB "
          f"({before:.1f} GB before), {groups.nunique():,} persons, "
          f"largest name {largest:,}", flush=True)  # fmt: skip


def many_mentions(n: int) -> pd.DataFrame:
    """The US mentions over and over, in each copy with other letters in the family names.

    So every copy has names, co-inventors and filings of its own while the sizes of the name blocks
    stay as they are; firms, places, classes and titles are shared. One in 200 mentions, drawn at
    random, bears one name: 5,000 of a million.
    """
    mentions = us_mentions().drop(columns=["block", "seq"])
    copies = -(-n // len(mentions))
    letters = "abcdefghijklmnopqrstuvwxyz"
    parts = []
    for number in range(copies):
        turned = letters[number:] + letters[:number]
        table = str.maketrans(letters + letters.upper(), turned + turned.upper())
        part = mentions.copy()
        part["last_name"] = [x.translate(table) for x in part["last_name"]]
        part["coinventors"] = [
            "|".join(x.translate(table) for x in cell.split("|")) for cell in part["coinventors"]
        ]
        for column in ("mention_id", "publication_id"):
            part[column] = part[column] + f"-{number}"
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    if n < len(mentions):  # whole family names
        names = np.random.default_rng(0).permutation(table["last_name"].unique())
        order = table["last_name"].map(pd.Series(np.arange(len(names)), index=names))
        table = table.iloc[np.argsort(order.to_numpy(), kind="stable")]
    table = table.head(n).reset_index(drop=True)
    one = np.random.default_rng(1).choice(n, n // 200, replace=False)
    table.loc[one, ["first_name", "last_name"]] = ["Maria", "Smith"]
    return table.assign(name=table["first_name"] + " " + table["last_name"])


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    for part in sys.argv[1:] or ("us", "chinese", "drawn", "city", "scale"):
        if part.startswith("scale:"):
            scale_once(int(part.removeprefix("scale:")))
            continue
        print(f"== {part}", flush=True)
        {"us": us, "chinese": chinese, "drawn": drawn, "city": city, "scale": scale}[part]()
