"""Does the matching of transfer and alliances find partners and buyers that are known?

    python benchmarks/partners.py hidden      # joint filings hidden, the partner sought among all owners
    python benchmarks/partners.py transfers   # real changes of owner, group changes taken out first
    python benchmarks/partners.py planted     # the invented city with planted matches
    python benchmarks/partners.py floor       # from which similarity near texts share a main group

Every figure stands beside that of size alone, with an interval by resampling of pairs (of transfers:
of publications). No setting of the matching was chosen on these exports; the driving export is the one
judged by, --others shows two more.

The data folder is found by PATENTNAV_SHARED, else ../shared/data beside the repository.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np
import pandas as pd

import patentnav as pnav
from patentnav import clean, operation, text
from patentnav.operation import nearness
from patentnav.operation.holdings import ACADEMIC, applications, held

SHARED = Path(
    os.environ.get("PATENTNAV_SHARED", Path(__file__).parents[1].parent / "shared" / "data")
)
OTHERS = ("patentics/patentics_cn_virtual_reality_7805.csv", "incopat/incopat_chatbot_2798.xlsx")
JUDGED_ON = ("incopat/incopat_general_autodriving_10000.xlsx",)
FLOOR_ON = ("incopat/incopat_chatbot_2798.xlsx", "patsnap/patsnap_green_aviation_1999.xlsx")
STEPS = (0, 0.05, 0.08, 0.1, 0.12, 0.15, 0.18, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 1)
TRANSFERS = "patsnap/patsnap_green_aviation_1999.xlsx"
DRAWS, LEAST_OWN = 2000, 2
# Sellers and buyers of one group, or of a take-over of the whole firm, by stems of their names: read
# by hand among the changes that the rules leave.
SAME_GROUP = (
    ("空中客车", "斯泰利娅", "AER"),
    ("赛峰", "涡轮梅坎", "雷比诺", "TECHNOFAN", "微型涡轮"),
    ("中国航空", "中国航发", "中航"),
    ("贝尔直升机", "特克斯特朗"),
    ("吉利",),
    ("吉荣",),
)


def prepared(file: str) -> pnav.PatentSet:
    patents = clean.deduplicate(pnav.read(SHARED / "exports" / file), unit="application")
    return clean.resolve_parties(patents)


def interval(values: np.ndarray) -> str:
    rng = np.random.default_rng(0)
    means = rng.choice(values, (DRAWS, len(values))).mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return f"{values.mean():.3f} [{low:.3f}, {high:.3f}]"


def auc(scores: np.ndarray, place: int, left_out: int) -> float:
    """Part of the other candidates that the one sought stands before; equals count half."""
    others = np.delete(scores, [place, left_out] if left_out >= 0 else [place])
    return float(((scores[place] > others) + 0.5 * (scores[place] == others)).mean())


def near(
    space: nearness.Vectors, matrix: str, left: np.ndarray, right: pd.DataFrame, n: int
) -> np.ndarray:
    """Mean over the rows of the greatest similarity to each owner."""
    vectors = getattr(space, matrix)
    rows = space.rows(right["publication_id"])
    total = np.zeros(n)
    for _, best, _ in nearness.nearest_by_owner(
        vectors[left], vectors[rows], right["code"].to_numpy(), n
    ):
        total += best.sum(axis=0)
    return total / max(len(left), 1)


def hidden(file: str) -> None:
    patents = prepared(file)
    rows = held(patents, "group")
    rows = rows[(rows["kind"] != "individual").fillna(True)]
    first = pnav.counting.unit_ids(patents, "application").reset_index()
    first = first.drop_duplicates("unit_id").set_index("unit_id")["publication_id"]
    several = rows["application"].duplicated(keep=False)
    joint = rows[several].merge(rows[several], on="application")
    joint = joint[joint["owner_x"] < joint["owner_y"]].drop_duplicates(["owner_x", "owner_y"])
    alone = rows[~several].assign(publication_id=rows["application"].map(first))
    size = alone.groupby("owner").size()
    pairs = joint[
        joint["owner_x"].map(size).ge(LEAST_OWN) & joint["owner_y"].map(size).ge(LEAST_OWN)
    ]
    # Candidates are held to what is asked of the partner: else size alone wins by the many with one.
    owners = pd.Index(sorted(size.index[size >= LEAST_OWN]))
    alone = alone[alone["owner"].isin(owners)]
    alone = alone.assign(code=owners.get_indexer(pd.Index(alone["owner"]))).sort_values(
        "publication_id"
    )
    space = nearness.vectors(patents)
    sizes = size.reindex(owners).to_numpy(dtype=float)
    found: dict[str, list[float]] = {k: [] for k in ("text", "classes", "both", "size")}
    for a, b in zip(pairs["owner_x"], pairs["owner_y"], strict=True):
        both = {k: [] for k in found}
        for one, other in ((a, b), (b, a)):
            mine = space.rows(alone.loc[alone["owner"] == one, "publication_id"])
            text, classes = (near(space, m, mine, alone, len(owners)) for m in ("text", "classes"))
            here, place = owners.get_loc(one), owners.get_loc(other)
            ranks = nearness.mid_ranks(np.vstack([text, classes])).mean(axis=0)
            for name, scores in (
                ("text", text),
                ("classes", classes),
                ("both", ranks),
                ("size", sizes),
            ):
                both[name].append(auc(scores, place, here))
        for name, values in both.items():
            found[name].append(float(np.mean(values)))
    print(
        f"{file}: {len(owners):,} owners, {len(pairs)} pairs of owners with {LEAST_OWN} of their own"
    )
    for name, values in found.items():
        print(f"  {name:8} {interval(np.array(values))}")
    better = np.array(found["text"]) - np.array(found["size"])
    print(f"  text - size {interval(better)}")


def transfers() -> None:
    patents = prepared(TRANSFERS)
    parties = patents.parties
    sides = {}
    for role in ("original_assignee", "current_owner"):
        rows = parties[parties["role"] == role].sort_values(["publication_id", "position"])
        rows = rows.assign(
            owner=pnav.facts.party_ids(rows, "group"), party=pnav.facts.party_ids(rows, "party")
        )
        sides[role] = rows.drop_duplicates("publication_id").set_index("publication_id")
    before, now = sides["original_assignee"], sides["current_owner"]
    both = before.index.intersection(now.index)
    before, now = before.loc[both], now.loc[both]
    written = before["name_raw"] != now["name_raw"]
    entity = before["party"] != now["party"]
    group = before["owner"] != now["owner"]
    print(f"{TRANSFERS}: {int(written.sum())} publications with another name now, {int(entity.sum())} with "
          f"another legal entity, {int(group.sum())} with another group")  # fmt: skip
    changed = pd.DataFrame({"seller": before["owner"], "buyer": now["owner"], "from": before["name"],
                            "to": now["name"]})[group.to_numpy()]  # fmt: skip
    keeps = set(now["owner"])
    count = changed.groupby("seller")["buyer"].transform("nunique")
    whole = ~changed["seller"].isin(keeps) & (count == 1) & (changed.groupby("seller")["buyer"].transform("size") >= 3)  # fmt: skip
    print(f"  {int(whole.sum())} of these moved the whole of a seller with three or more to one buyer "
          "(a rename or reorganisation): left out")  # fmt: skip
    changed = changed[~whole]
    types = (
        parties.assign(owner=pnav.facts.party_ids(parties, "group"))
        .groupby("owner")["party_type"]
        .first()
    )
    person = changed["seller"].map(types).eq("individual") | changed["buyer"].map(types).eq(
        "individual"
    )
    print(f"  {int(person.sum())} from or to persons: left out")
    changed = changed[~person.to_numpy()]
    joined = [
        any(
            any(p in str(a) for p in stems) and any(p in str(b) for p in stems)
            for stems in SAME_GROUP
        )
        for a, b in zip(changed["from"], changed["to"], strict=True)
    ]
    print(f"  {sum(joined)} inside a group or with the whole firm, read by hand: left out")
    changed = changed[~np.array(joined, dtype=bool)]
    rows = held(patents, "group")
    first = pnav.counting.unit_ids(patents, "application").reset_index()
    rows = rows.merge(first, left_on="application", right_on="unit_id")
    rows = rows[~rows["publication_id"].isin(changed.index)]
    owners = pd.Index(sorted(rows["owner"].unique()))
    rows = rows.assign(code=owners.get_indexer(pd.Index(rows["owner"]))).sort_values(
        "publication_id"
    )
    known = changed[changed["buyer"].isin(owners)]
    pairs = known.drop_duplicates(["seller", "buyer"])
    print(
        f"  {len(changed)} remain, {len(known)} with a buyer that has others in the set, {len(pairs)} pairs:"
    )
    for row in pairs.itertuples():
        print(f"    {row[3]} -> {row[4]}")
    space = nearness.vectors(patents)
    size = rows.groupby("owner").size().reindex(owners).to_numpy(dtype=float)
    found: dict[str, list[float]] = {k: [] for k in ("text", "classes", "size")}
    tens = []
    for publication, row in known.iterrows():
        mine = space.rows(pd.Series([publication]))
        text, classes = (near(space, m, mine, rows, len(owners)) for m in ("text", "classes"))
        place = owners.get_loc(row["buyer"])
        here = owners.get_loc(row["seller"]) if row["seller"] in owners else -1
        for name, scores in (("text", text), ("classes", classes), ("size", size)):
            found[name].append(auc(scores, place, here))
        tens.append(int((text > text[place]).sum() < 10))
    if not found["text"]:
        print("  none left to judge by")
        return
    for name, values in found.items():
        print(f"  {name:8} {interval(np.array(values))}")
    if len(pairs) < 10:
        print("  fewer than ten pairs: no figure can be defended")
    print(f"  buyer in the first ten of {len(owners):,} by text: {np.mean(tens):.0%}")


def planted() -> None:
    for n in (300, 5_000):
        case = pnav.datasets.dealings(n=n)
        patents = clean.resolve_parties(clean.deduplicate(case.patents, unit="application"))
        found = operation.transfer(patents, as_of=case.as_of)
        first = found[found["rank"] == 1].set_index("publication_id")["firm_name"]
        wanted = case.transfers.dropna(subset=["firm"]).set_index("publication_id")["firm"]
        never = case.transfers.loc[case.transfers["firm"].isna(), "publication_id"]
        hits = int((first.reindex(wanted.index) == wanted).sum())
        print(f"city {n:,}: {hits} of {len(wanted)} planted matches first, "
              f"{int(never.isin(found['publication_id']).sum())} of {len(never)} offered that must not be")  # fmt: skip


def floor(file: str) -> None:
    """By similarity: how many patents of schools and nearest ones of firms share a main group."""
    patents = prepared(file)
    rows, first = held(patents, "group"), applications(patents)["publication_id"]
    firms = rows[rows["kind"] == "enterprise"]
    code, names = pd.factorize(firms["owner"], sort=True)
    space = nearness.vectors(patents)
    left = space.rows(first[rows.loc[rows["kind"].isin(ACADEMIC), "application"].unique()])
    right = space.rows(first[firms["application"]])
    read = text.documents(patents)["title"].fillna("") + " . "
    rng = np.random.default_rng(0)
    chance = shared(space, rng.choice(left, 4_000), rng.choice(right, 4_000)).mean()
    print(f"{file}: {chance:.2f} of random pairs share a main group")
    for name, matrix in (
        ("abstracts", space.text),
        ("titles", text.bm25(text.tokens(read).counts())),
    ):
        parts = []
        for here, best, which in nearness.nearest_by_owner(
            matrix[left], matrix[right], code, len(names)
        ):
            row = np.repeat(np.arange(len(best)), 10)
            near = np.argsort(-best, axis=1, kind="stable")[:, :10].ravel()
            value, pair = best[row, near], right[which[row, near]]
            same = shared(space, left[here][row], pair)
            parts.append(pd.DataFrame({"similarity": value, "shared": same})[value > 0])
        found = pd.concat(parts)
        steps = pd.cut(found["similarity"], STEPS)
        print(
            found.groupby(steps, observed=True)["shared"]
            .agg(["size", "mean"])
            .round(2)
            .to_string(),
            name,
        )


def shared(space: nearness.Vectors, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    product = space.classes[left].multiply(space.classes[right])
    return np.asarray(product.sum(axis=1)).ravel() > 0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("what", choices=["hidden", "transfers", "planted", "floor"])
    parser.add_argument("--others", action="store_true", help="two more exports")
    options = parser.parse_args()
    if options.what == "floor":
        for file in FLOOR_ON:
            floor(file)
    elif options.what == "hidden":
        for file in OTHERS if options.others else JUDGED_ON:
            hidden(file)
    else:
        {"transfers": transfers, "planted": planted}[options.what]()


if __name__ == "__main__":
    main()
