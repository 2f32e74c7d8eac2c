"""Industries by a breakdown table with search expressions: whatever its rules fit is a member."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav.taxonomy.fits import claims, fits, signs
from patentnav.taxonomy.members import deepest

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet
    from patentnav.query import Expression
    from patentnav.taxonomy import Taxonomy
    from patentnav.taxonomy.fits import Signs

SHOWN = 80  # characters of an expression in the evidence


def memberships(patents: PatentSet, tree: Taxonomy, *, certain: bool) -> pd.DataFrame:
    """Rows ``publication_id, industry, sub_sector, weight, probability, evidence``.

    The industries of a publication have the same weight, and so have their deepest branches; what a
    rule fits is served for sure.
    """
    found = signs(tree, patents)
    claimed = claims(tree, found)
    fitting = fits(tree, found, certain=certain, claimed=claimed)
    rows = deepest(tree, fitting).rename(columns={"node": "place"})
    tops = {node: tree.top_of(node) for node in tree.nodes}
    rows = rows.assign(industry=rows["place"].map(tops).astype("str"))
    here = rows["place"] == rows["industry"]
    rows["sub_sector"] = rows["place"].where(~here).astype("str")
    industries = rows.groupby("publication_id")["industry"].transform("nunique")
    branches = rows.groupby(["publication_id", "industry"])["place"].transform("size")
    rows["weight"] = 1.0 / industries / branches
    rows["evidence"] = _evidence(tree, found, claimed, rows)
    rows["probability"] = 1.0
    columns = ["publication_id", "industry", "sub_sector", "weight", "probability", "evidence"]
    return rows.sort_values(
        ["publication_id", "weight", "industry", "sub_sector"],
        ascending=[True, False, True, True], ignore_index=True,
    )[columns]  # fmt: skip


def shares(patents: PatentSet, tree: Taxonomy, *, certain: bool) -> pd.DataFrame:
    """Shares of the first-level nodes: publications x nodes; NaN where none fits."""
    rows = memberships(patents, tree, certain=certain)
    wide = rows.pivot_table(
        index="publication_id", columns="industry", values="weight", aggfunc="sum"
    )
    columns = pd.Index([*tree.top, "none"])
    wide = wide.reindex(index=patents.publications.index, columns=columns)
    return wide.where(wide.isna().all(axis=1), wide.fillna(0.0), axis=0)


def _evidence(tree: Taxonomy, found: Signs, claimed: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """Why the branch fits: its expressions, else classes and words."""
    texts = {
        (node.id, number): _short(one)
        for node in tree.nodes.values()
        for number, one in enumerate(node.expressions)
    }
    said = found.told.drop_duplicates(["publication_id", "node"])
    first = {
        (p, node): texts[node, number]
        for p, node, number in said.itertuples(index=False, name=None)
    }
    for p, node, pattern in claimed[["publication_id", "node", "pattern"]].itertuples(index=False):
        first.setdefault((p, node), str(pattern))
    listed = [(w.casefold(), k) for k, n in tree.nodes.items() for w in n.keywords]
    words = found.words.merge(
        pd.DataFrame(listed, columns=["word", "node"], dtype="str"), on="word"
    )
    for p, word, node in words[["publication_id", "word", "node"]].itertuples(index=False):
        first.setdefault((p, node), str(word))
    parents = {k: n.parent for k, n in tree.nodes.items()}

    def told(publication: str, node: str | None) -> str:
        while node is not None:
            if (publication, node) in first:
                return first[publication, node]
            node = parents[node]
        return ""

    pairs = zip(rows["publication_id"], rows["place"], strict=True)
    return pd.Series([told(p, node) for p, node in pairs], index=rows.index, dtype="str")


def _short(one: Expression) -> str:
    text = " ".join(one.text.split())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}\u2026"
