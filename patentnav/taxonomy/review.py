"""The editor's report of a taxonomy on a set: what it covers and what should be mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from patentnav.taxonomy.ladder import patterns_above
from patentnav.taxonomy.match import SymbolMatcher, WordMatcher
from patentnav.taxonomy.model import NONE
from patentnav.taxonomy.scheme import replaced_by

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet
    from patentnav.taxonomy.model import Taxonomy

EXAMPLES = 3
LEAST_SHARE = 0.2  # a smaller share of a class says nothing about an editor's rules


@dataclass(frozen=True)
class Review:
    """What an editor of a taxonomy should look at.

    Attributes
    ----------
    coverage
        ``node, parent, publications, share, only``: publications that a rule of the node fits
        (classes alone, or with a word where the rule demands one), as part of the set, and those
        that no other node of its level has.
    overlaps
        ``node, other, publications, share``: nodes of one level with common publications, as part
        of the smaller one; the largest first.
    replaced
        ``node, pattern, replaced_by, edition``: patterns that IPC 2026.01 no longer has, and the
        classes that took their content (empty: unknown).
    silent
        ``node, kind, rule``: patterns that fit no symbol of the set and words that occur nowhere.
    unassigned
        ``subclass, publications, example``: publications that no rule fits, by the subclasses they
        carry (NA: without classes); the largest group first.
    """

    coverage: pd.DataFrame
    overlaps: pd.DataFrame
    replaced: pd.DataFrame
    silent: pd.DataFrame
    unassigned: pd.DataFrame


def report(taxonomy: Taxonomy, patents: PatentSet) -> Review:
    """Hold a taxonomy against a set.

    Parameters
    ----------
    taxonomy
        The taxonomy.
    patents
        A set of the field that the taxonomy is meant for.

    Returns
    -------
    Review
    """
    symbols = _symbols(patents)
    words = _words(taxonomy, patents)
    fits = pd.concat(
        [_fits(taxonomy, level, symbols, words) for level in _levels(taxonomy)], ignore_index=True
    )
    return Review(
        coverage=_coverage(taxonomy, fits, len(patents)),
        overlaps=_overlaps(taxonomy, fits),
        replaced=_replaced(taxonomy),
        silent=_silent(taxonomy, symbols, words),
        unassigned=_unassigned(patents, symbols, fits),
    )


def _levels(taxonomy: Taxonomy) -> list[list[str]]:
    """Nodes that compete: the first level, and the children of every node."""
    families: dict[str | None, list[str]] = {}
    for node in taxonomy.nodes.values():
        families.setdefault(node.parent, []).append(node.id)
    return list(families.values())


def _symbols(patents: PatentSet) -> pd.DataFrame:
    if not patents.has("classifications"):
        return pd.DataFrame({"publication_id": [], "symbol": []}, dtype="str")
    rows = patents.classifications
    rows = rows[rows["scheme"].isin(["IPC", "CPC"])]
    return rows[["publication_id", "symbol"]].drop_duplicates(ignore_index=True)


def _words(taxonomy: Taxonomy, patents: PatentSet) -> pd.DataFrame:
    """Occurrences ``publication_id, word`` of all words of the taxonomy in titles and abstracts."""
    listed = {w for node in taxonomy.nodes.values() for w in (*node.keywords, *node.objects)}
    texts = [patents.publications["title"]]
    if patents.has("texts"):
        abstracts = patents.texts[patents.texts["field"] == "abstract"]
        texts.append(abstracts.set_index("publication_id")["text"])
    hits = WordMatcher(listed).hits(pd.concat(texts))
    return hits.rename(columns={"key": "publication_id"}).drop_duplicates(ignore_index=True)


def _fits(
    taxonomy: Taxonomy, nodes: list[str], symbols: pd.DataFrame, words: pd.DataFrame
) -> pd.DataFrame:
    """Rows ``publication_id, node``: a rule of the node fits."""
    claims = SymbolMatcher(taxonomy, nodes).claims(symbols["symbol"])
    claims = claims[(claims["node"] != NONE) & (claims["share"] >= LEAST_SHARE)]
    rows = symbols.merge(claims, on="symbol")
    named = pd.DataFrame(
        [(word.casefold(), node) for node in nodes for word in taxonomy.keywords(node)],
        columns=["word", "node"], dtype="str",
    )  # fmt: skip
    said = words.merge(named, on="word")[["publication_id", "node"]].drop_duplicates()
    rows = rows.merge(said.assign(said=True), on=["publication_id", "node"], how="left")
    kept = rows[~rows["needs_words"] | rows["said"].notna()]
    return kept[["publication_id", "node"]].drop_duplicates(ignore_index=True)


def _coverage(taxonomy: Taxonomy, fits: pd.DataFrame, total: int) -> pd.DataFrame:
    parents = pd.Series({k: n.parent for k, n in taxonomy.nodes.items()}, dtype="str")
    level = fits["node"].map(parents).fillna("")
    alone = ~fits.assign(level=level).duplicated(["publication_id", "level"], keep=False)
    counts = fits.assign(only=alone).groupby("node")["only"].agg(["size", "sum"])
    counts = counts.reindex(list(taxonomy.nodes), fill_value=0)
    return pd.DataFrame(
        {
            "node": counts.index.astype("str"),
            "parent": parents.to_numpy(),
            "publications": counts["size"].to_numpy(),
            "share": counts["size"].to_numpy() / total if total else float("nan"),
            "only": counts["sum"].astype(int).to_numpy(),
        }
    )


def _overlaps(taxonomy: Taxonomy, fits: pd.DataFrame) -> pd.DataFrame:
    parents = pd.Series({k: n.parent or "" for k, n in taxonomy.nodes.items()}, dtype="str")
    rows = fits.assign(parent=fits["node"].map(parents))
    pairs = rows.merge(rows, on=["publication_id", "parent"], suffixes=("", "_other"))
    pairs = pairs[pairs["node"] < pairs["node_other"]]
    counts = pairs.groupby(["node", "node_other"]).size().rename("publications").reset_index()
    sizes = fits.groupby("node").size()
    smaller = pd.concat([counts["node"].map(sizes), counts["node_other"].map(sizes)], axis=1).min(
        axis=1
    )
    counts["share"] = counts["publications"] / smaller
    counts = counts.rename(columns={"node_other": "other"})
    return counts.sort_values(
        ["publications", "node", "other"], ascending=[False, True, True], ignore_index=True
    )


def _own_patterns(taxonomy: Taxonomy) -> list[tuple[str, str]]:
    pairs = [
        (node.id, pattern)
        for node in taxonomy.nodes.values()
        for rule in node.rules
        for pattern in rule.include
    ]
    return list(dict.fromkeys(pairs))


def _replaced(taxonomy: Taxonomy) -> pd.DataFrame:
    rows = []
    for node, pattern in _own_patterns(taxonomy):
        entry = replaced_by(pattern)
        if entry is not None:
            rows.append((node, pattern, " ".join(entry[0]), entry[1]))
    return pd.DataFrame(rows, columns=["node", "pattern", "replaced_by", "edition"], dtype="str")


def _silent(taxonomy: Taxonomy, symbols: pd.DataFrame, words: pd.DataFrame) -> pd.DataFrame:
    seen = {p for symbol in symbols["symbol"].unique() for p in patterns_above(symbol)}
    said = set(words["word"])
    rows = [(node, "classes", p) for node, p in _own_patterns(taxonomy) if p not in seen]
    for node in taxonomy.nodes.values():
        listed = dict.fromkeys((*node.keywords, *node.objects))
        rows += [(node.id, "words", w) for w in listed if w.casefold() not in said]
    return pd.DataFrame(rows, columns=["node", "kind", "rule"], dtype="str")


def _unassigned(patents: PatentSet, symbols: pd.DataFrame, fits: pd.DataFrame) -> pd.DataFrame:
    index = patents.publications.index
    left = index[~index.isin(fits["publication_id"])]
    rows = symbols[symbols["publication_id"].isin(left)]
    rows = rows.assign(subclass=rows["symbol"].str.slice(0, 4))
    rows = rows[["publication_id", "subclass"]].drop_duplicates()
    bare = left[~left.isin(rows["publication_id"])]
    none = pd.DataFrame(
        {"publication_id": bare, "subclass": pd.Series(None, index=range(len(bare)), dtype="str")}
    )
    rows = pd.concat([rows, none], ignore_index=True)
    rows["example"] = rows["publication_id"].map(patents.publications["title"])
    groups = rows.groupby("subclass", dropna=False)
    counts = groups["publication_id"].nunique().rename("publications")
    examples = groups["example"].agg(lambda t: " | ".join(t.dropna().head(EXAMPLES)))
    table = pd.concat([counts, examples], axis=1).reset_index()
    return table.sort_values(
        ["publications", "subclass"], ascending=[False, True], ignore_index=True
    )
