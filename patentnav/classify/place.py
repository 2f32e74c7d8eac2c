"""The place of a member inside its industry: the sub-sector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav.taxonomy.match import SymbolMatcher

if TYPE_CHECKING:
    from collections.abc import Collection

    from patentnav.classify.evidence import Evidence
    from patentnav.taxonomy import Taxonomy

WORD_PART = 0.25  # one vote of a keyword against all classes of a publication
SHARE_FROM = 0.25  # a sub-sector below this share of the industry's evidence is left out


def sub_sectors(
    rows: pd.DataFrame, evidence: Evidence, taxonomy: Taxonomy, *, certain: bool = True
) -> pd.DataFrame:
    """Split membership rows over the sub-sectors that the evidence names.

    Parameters
    ----------
    rows
        ``publication_id, industry, weight, first`` and more.
    evidence
        The evidence they rest on.
    taxonomy
        The taxonomy.
    certain
        Rules that demand a word count only with a word of the sub-sector.

    Returns
    -------
    pandas.DataFrame
        The rows with ``sub_sector``, their weights shared out; one row with NA where nothing tells
        the place. Where rules alone decide and an industry has none of its own, a row without
        place is no member (its words are those of another sub-sector, or forbidden).
    """
    scores = _scores(evidence, taxonomy, certain=certain)
    total = scores.groupby(["publication_id", "industry"])["score"].transform("sum")
    scores = scores.assign(part=scores["score"] / total)
    if taxonomy.match == "longest":
        scores = scores[scores["part"] >= SHARE_FROM]
    placed = rows.merge(
        scores[["publication_id", "industry", "sub_sector", "part"]],
        on=["publication_id", "industry"],
        how="left",
    )
    if not taxonomy.weights:
        ruled = [top for top in taxonomy.top if taxonomy.nodes[top].rules]
        placed = placed[placed["part"].notna() | placed["industry"].isin(ruled)]
    placed["part"] = placed["part"].fillna(1.0)
    whole = placed.groupby(["publication_id", "industry"])["part"].transform("sum")
    placed["weight"] *= placed["part"] / whole
    placed["weight"] /= placed.groupby("publication_id")["weight"].transform("sum")
    return placed.sort_values(
        ["publication_id", "first", "industry", "part", "sub_sector"],
        ascending=[True, False, True, False, True],
        ignore_index=True,
    )


def _scores(evidence: Evidence, taxonomy: Taxonomy, *, certain: bool) -> pd.DataFrame:
    """Score of every node below the first level, from classes and keywords."""
    inner = {node: taxonomy.top_of(node) for node in taxonomy.nodes if node not in taxonomy.top}
    symbols = evidence.symbols[["publication_id", "symbol", "part"]].drop_duplicates()
    owners = pd.DataFrame(
        [(w.casefold(), n) for n in inner for w in taxonomy.nodes[n].keywords],
        columns=["word", "sub_sector"],
    ).astype("str")
    words = evidence.words.loc[evidence.words["kind"] == "keywords", ["publication_id", "word"]]
    words = words.drop_duplicates().merge(owners, on="word")
    words = words.groupby(["publication_id", "sub_sector"]).size().rename("votes").reset_index()
    by_class = []
    for top in taxonomy.top:
        below = [n for n in taxonomy.below(top) if taxonomy.nodes[n].rules]
        claims = SymbolMatcher(taxonomy, below).claims(symbols["symbol"])
        found = symbols.merge(claims.rename(columns={"node": "sub_sector"}), on="symbol")
        by_class.append(found)
    found = pd.concat(by_class, ignore_index=True)
    found = found.merge(words, on=["publication_id", "sub_sector"], how="left")
    if certain:
        found = found[~found["needs_words"] | found["votes"].notna()]
    found["score"] = found["part"] * found["share"]
    columns = ["publication_id", "sub_sector", "score"]
    found = pd.concat([found[columns], _labelled(evidence, inner)], ignore_index=True)
    if not taxonomy.weights:  # words place a member where no rule of the node asks for a class
        ruled = words["sub_sector"].map(lambda node: bool(taxonomy.nodes[node].rules))
        keys = ["publication_id", "sub_sector"]
        fitting = pd.MultiIndex.from_frame(words[keys]).isin(pd.MultiIndex.from_frame(found[keys]))
        words = words[~ruled.astype(bool) | fitting]
    words = words.assign(score=WORD_PART * words["votes"])
    scores = pd.concat([found[columns], words[columns]])
    scores = scores.groupby(["publication_id", "sub_sector"])["score"].sum().reset_index()
    forbidden = evidence.words.loc[evidence.words["kind"] == "negative", ["publication_id", "node"]]
    barred = pd.MultiIndex.from_frame(forbidden)
    scores = scores[
        ~pd.MultiIndex.from_frame(scores[["publication_id", "sub_sector"]]).isin(barred)
    ]
    scores["industry"] = scores["sub_sector"].map(inner).astype("str")
    return scores


def _labelled(evidence: Evidence, inner: Collection[str]) -> pd.DataFrame:
    """Places that a vendor's label names, each of a publication with the same score."""
    labels = evidence.labels.dropna(subset="place")
    labels = labels[labels["place"].isin(list(inner))]
    labels = labels.drop_duplicates(["publication_id", "place"])
    rows = labels[["publication_id", "place"]].rename(columns={"place": "sub_sector"})
    return rows.assign(
        score=1.0 / rows.groupby("publication_id")["publication_id"].transform("size")
    )
