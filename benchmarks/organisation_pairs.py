"""Pairs of names of organisations kept back: judged as one or two, stored without the names.

The names are assignees of US patents in ``inventor_mentions.csv.gz`` as printed there. Neither they
nor names equal but for case and marks stand in the labelled variants or in a shared export, so no
rule, word list or setting was chosen on them. 660 names were drawn by their hash; each was paired
with others that share letters (cosine of letter trigrams of 0.5 and more) or its rarest word, by a
blocking that knows nothing of the package, and the pairs were read in random order, without
similarity and decision. One organisation: the same legal entity, whatever the spelling,
abbreviation, translation or legal form; a national or other subsidiary, a successor and a joint
applicant are none. What the names do not tell (renamed, a unit of it) is left blank. Draw 1 has been
looked at and rules were chosen on it; draws 2 and 3 were read later and decided nothing.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from patentnav import clean
from patentnav.clean.linkage import components

PAIRS = Path(__file__).resolve().parent.parent / "tests" / "real" / "organisation_pairs.csv"
MENTIONS = "benchmarks/inventor_mentions.csv.gz"
DRAWS = 1000


def plain(name: str) -> str:
    """Letters and digits of a name, without accents and case."""
    folded = unicodedata.normalize("NFKD", name).upper()
    folded = "".join(c for c in folded if not unicodedata.combining(c))
    return re.sub(r"[^A-Z0-9]+", " ", folded).strip()


def hashed(name: str) -> str:
    """What stands for a name in the table of pairs."""
    return hashlib.blake2b(plain(name).encode(), digest_size=8).hexdigest()


def judged(shared: Path) -> pd.DataFrame:
    """The pairs with what the package says of them: ``one, other, same, draw, joined``.

    All names of the file are grouped together, 19,892 of them; of those that differ in case and marks
    only, the most frequent one stands for the pair.
    """
    cells = pd.read_csv(shared / MENTIONS, usecols=["assignees"], dtype=str)["assignees"]
    counts = Counter(name for cell in cells.dropna() for name in cell.split("|") if name)
    names = pd.Series(sorted(counts))
    group = dict(zip(names, clean.party_groups(names), strict=True))
    standing = {hashed(n): n for n in sorted(counts, key=lambda n: (counts[n], n))}
    pairs = pd.read_csv(PAIRS, dtype={"one": str, "other": str})
    one, other = (pairs[side].map(standing).map(group) for side in ("one", "other"))
    return pairs.assign(joined=one == other)


def scores(pairs: pd.DataFrame) -> tuple[float, float, float]:
    """Precision, recall and F1 of the pairs that are judged."""
    told = pairs.dropna(subset="same")
    same = told["same"] == 1
    right = (same & told["joined"]).sum()
    precision, recall = right / told["joined"].sum(), right / same.sum()
    return precision, recall, 2 * precision * recall / (precision + recall)


def kept_back(shared: Path) -> None:
    """Print the figures, with what 95 of 100 draws of the linked names with replacement give."""
    table = judged(shared)
    for name, part in (
        ("draws 2 and 3, unseen", table[table["draw"] > 1]),
        ("draw 1, rules were chosen on it", table[table["draw"] == 1]), ("all", table),
    ):  # fmt: skip
        codes, _ = pd.factorize(pd.concat([part["one"], part["other"]]))
        linked = components(codes[: len(part)], codes[len(part) :], codes.max() + 1)
        rows = part.groupby(linked[codes[: len(part)]]).indices
        draw, drawn = np.random.default_rng(0), []
        for _ in range(DRAWS):
            chosen = draw.choice(len(rows), len(rows))
            at = np.concatenate([list(rows.values())[i] for i in chosen])
            drawn.append(scores(part.iloc[at])[2])
        low, high = np.percentile(drawn, [2.5, 97.5])
        precision, recall, f1 = scores(part)
        print(f"{name}: {part['same'].notna().sum()} pairs, {(part['same'] == 1).sum()} of one, "
              f"P {precision:.3f}, R {recall:.3f}, F1 {f1:.3f} ({low:.3f} to {high:.3f})")  # fmt: skip
