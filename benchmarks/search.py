"""Time of searches in 100,000 records with titles and abstracts.

Run: ``python benchmarks/search.py [records]``. Texts are those of the invented city, repeated with a
number in each, half of them Chinese and half English, so that no text is there twice.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

import patentnav as pnav
from patentnav import datasets

EXPRESSIONS = (
    "电池 OR battery",
    "title:(方法 OR method)",
    "(batter* NEAR/3 manag*) OR (电池 NEAR/5 管理)",
    "(充电 OR charging) AND class:B60L NOT 玩具",
    '"neural network" OR 神经网络 OR "deep learning" OR 深度学习',
)


def records(n: int) -> pnav.PatentSet:
    """n publications, each with a title and an abstract of its own."""
    city = datasets.city(3000).patents
    texts = city.texts[city.texts["field"] == "abstract"]
    own = texts.iloc[np.arange(n) % len(texts)].reset_index(drop=True)
    ids = pd.Series([f"CN{100_000_000 + i}A" for i in range(n)], dtype="str")
    source = city.publications.loc[own["publication_id"]]
    publications = pd.DataFrame(
        {"title": source["title"].to_numpy() + " " + ids.to_numpy(), "language": own["language"]}
    ).set_index(pd.Index(ids, name="publication_id"))
    # A usual abstract: about 1,000 letters in English, 300 characters in Chinese.
    length = own["text"].str.len()
    wanted = np.where(own["language"] == "zh", 300, 1000)
    times = np.maximum(1, np.round(wanted / length)).astype(int)
    bodies = [f"{t * int(k)} {i}" for i, (t, k) in enumerate(zip(own["text"], times, strict=True))]
    classes = city.classifications.drop_duplicates(["publication_id", "scheme"])
    symbol = classes.set_index("publication_id")["symbol"]
    symbol = symbol[~symbol.index.duplicated()].reindex(own["publication_id"])
    return pnav.PatentSet.from_tables({
        "publications": publications,
        "texts": own.assign(publication_id=ids, text=bodies),
        "classifications": pd.DataFrame(
            {"publication_id": ids, "scheme": "IPC", "symbol": symbol.to_numpy()}).dropna(),
    })  # fmt: skip


def main(n: int) -> None:
    """Print the time of every expression, and of the words in context."""
    patents = records(n)
    letters = int(patents.texts["text"].str.len().sum())
    print(f"{n:,} records, {letters / 1e6:.0f} million characters of abstracts")
    for expression in EXPRESSIONS:
        start = time.perf_counter()
        found = patents.search(expression)
        taken = time.perf_counter() - start
        print(f"{taken:6.2f} s  {len(found):>7,} found  {expression}")
    start = time.perf_counter()
    table = patents.search(EXPRESSIONS[0]).context()
    print(
        f"{time.perf_counter() - start:6.2f} s  {len(table):>7,} places in context, first expression"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
