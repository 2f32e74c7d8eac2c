"""Which nodes of a taxonomy fit the publications of a set, by the rules alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from patentnav import query
from patentnav.taxonomy.match import SymbolMatcher, WordMatcher
from patentnav.taxonomy.model import NONE

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet
    from patentnav.taxonomy.model import Taxonomy

LEAST_SHARE = 0.2  # a smaller share of a class says nothing about an editor's rules


@dataclass(frozen=True)
class Signs:
    """Classes and words of a set that a taxonomy knows.

    Attributes
    ----------
    symbols
        ``publication_id, symbol``: IPC and CPC.
    words
        ``publication_id, word`` (casefolded): words of title and abstract in all their languages.
    told
        ``publication_id, node, expression``: publications that the expressions of the nodes find, with
        the number of the expression in its node.
    """

    symbols: pd.DataFrame
    words: pd.DataFrame
    told: pd.DataFrame


def signs(taxonomy: Taxonomy, patents: PatentSet) -> Signs:
    """Read the classes of a set and the words of the taxonomy in it."""
    return Signs(_symbols(patents), _words(taxonomy, patents), told(taxonomy, patents))


def told(taxonomy: Taxonomy, patents: PatentSet) -> pd.DataFrame:
    """Publications that the search expressions of a taxonomy find, see :class:`Signs`."""
    corpus = query.Corpus(patents)
    corpus.look_for(one for node in taxonomy.nodes.values() for one in node.expressions)
    parts = [
        pd.DataFrame({"publication_id": corpus.index[query.found(one, corpus)], "node": node.id,
                      "expression": number})
        for node in taxonomy.nodes.values()
        for number, one in enumerate(node.expressions)
    ]  # fmt: skip
    empty = pd.DataFrame({"publication_id": [], "node": [], "expression": []})
    table = pd.concat(parts, ignore_index=True) if parts else empty
    return table.astype({"publication_id": "str", "node": "str", "expression": "int64"})


def _symbols(patents: PatentSet) -> pd.DataFrame:
    if not patents.has("classifications"):
        return pd.DataFrame({"publication_id": [], "symbol": []}, dtype="str")
    rows = patents.classifications
    rows = rows[rows["scheme"].isin(["IPC", "CPC"])]
    return rows[["publication_id", "symbol"]].drop_duplicates(ignore_index=True)


def _words(taxonomy: Taxonomy, patents: PatentSet) -> pd.DataFrame:
    listed = {w for n in taxonomy.nodes.values() for w in (*n.keywords, *n.objects, *n.negative)}
    texts = [patents.publications["title"]]
    if patents.has("texts"):
        read = patents.texts[patents.texts["field"].isin(["title", "abstract"])]
        texts.append(read.set_index("publication_id")["text"])
    hits = WordMatcher(listed).hits(pd.concat(texts))
    return hits.rename(columns={"key": "publication_id"}).drop_duplicates(ignore_index=True)


def claims(taxonomy: Taxonomy, found: Signs) -> pd.DataFrame:
    """Claims of all nodes on the publications by their classes.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, node, pattern, needs_words, said``: the longest pattern of the node that
        fits a symbol, whether its rule demands a word, and whether the publication has one of the
        node.
    """
    known = found.symbols["symbol"]
    levels = [SymbolMatcher(taxonomy, level).claims(known) for level in _levels(taxonomy)]
    table = pd.concat(levels, ignore_index=True)
    table = table[(table["node"] != NONE) & (table["share"] >= LEAST_SHARE)]
    columns = ["publication_id", "node", "pattern", "needs_words"]
    rows = found.symbols.merge(table, on="symbol")[columns].drop_duplicates()
    said = _said(taxonomy, found, list(taxonomy.nodes)).assign(said=True)
    rows = rows.merge(said, on=["publication_id", "node"], how="left")
    return rows.assign(said=rows["said"].notna())


def fits(
    taxonomy: Taxonomy, found: Signs, *, certain: bool = True, claimed: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Nodes that fit the publications.

    A node with rules fits by a class of theirs (with a word of the node where the rule demands
    one), a node with words alone by a word, one with expressions by any of them, one without any of these where a node below it fits. Below
    the first level a node fits only where the one above does. Negative words bar a node.

    Parameters
    ----------
    taxonomy
        The taxonomy.
    found
        What :func:`signs` read.
    certain
        Rules that demand a word count only with it; otherwise without.
    claimed
        What :func:`claims` returned; computed when omitted.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, node``, each once.
    """
    rows = claims(taxonomy, found) if claimed is None else claimed
    if certain:
        rows = rows[~rows["needs_words"] | rows["said"]]
    worded = [k for k, n in taxonomy.nodes.items() if n.keywords and not n.rules]
    columns = ["publication_id", "node"]
    own = pd.concat([rows[columns], _said(taxonomy, found, worded), found.told[columns]])
    groups = own.groupby("node")["publication_id"]
    fitting = {str(node): set(part) for node, part in groups}
    for node, barred in _barred(taxonomy, found).items():
        fitting[node] = fitting.get(node, set()) - barred
    kept: dict[str, set[str]] = {}
    for top in taxonomy.top:
        _climb(taxonomy, top, fitting, kept)
        _descend(taxonomy, top, kept)
    pairs = [(p, k) for k in taxonomy.nodes for p in sorted(kept[k])]
    return pd.DataFrame(pairs, columns=["publication_id", "node"], dtype="str")


def _climb(
    taxonomy: Taxonomy, node_id: str, fitting: dict[str, set[str]], kept: dict[str, set[str]]
) -> None:
    """Fill ``kept`` from the leaves up: a node without rules has what those below it have."""
    node = taxonomy.nodes[node_id]
    children = _children(taxonomy, node_id)
    for child in children:
        _climb(taxonomy, child, fitting, kept)
    own = fitting.get(node_id, set())
    if node.rules or node.expressions or not children:
        kept[node_id] = own
        return
    # Where the longest pattern decides, a class below may be lost to a neighbour of this node.
    by_words = {k for k in children if not taxonomy.rules(k) or taxonomy.by_expressions(k)}
    classed: set[str] = set().union(*(kept[k] for k in children if k not in by_words))
    worded: set[str] = set().union(*(kept[k] for k in by_words))
    kept[node_id] = (classed & own) | worded | (own if node.keywords else set())


def _descend(taxonomy: Taxonomy, node_id: str, kept: dict[str, set[str]]) -> None:
    for child in _children(taxonomy, node_id):
        kept[child] &= kept[node_id]
        _descend(taxonomy, child, kept)


def _children(taxonomy: Taxonomy, node_id: str | None) -> list[str]:
    return [k for k, n in taxonomy.nodes.items() if n.parent == node_id]


def _levels(taxonomy: Taxonomy) -> list[list[str]]:
    """Nodes that compete for a symbol: the first level, and the children of every node."""
    families: dict[str | None, list[str]] = {}
    for node in taxonomy.nodes.values():
        families.setdefault(node.parent, []).append(node.id)
    return list(families.values())


def _said(taxonomy: Taxonomy, found: Signs, nodes: list[str]) -> pd.DataFrame:
    """Rows ``publication_id, node``: a word of the node occurs."""
    named = [(word.casefold(), node) for node in nodes for word in taxonomy.keywords(node)]
    owners = pd.DataFrame(named, columns=["word", "node"], dtype="str")
    return found.words.merge(owners, on="word")[["publication_id", "node"]].drop_duplicates()


def _barred(taxonomy: Taxonomy, found: Signs) -> dict[str, set[str]]:
    """Publications that a negative word keeps out of a node, unless they say its object word."""

    def having(words: tuple[str, ...]) -> set[str]:
        listed = {w.casefold() for w in words}
        return set(found.words.loc[found.words["word"].isin(listed), "publication_id"])

    return {
        node.id: having(node.negative) - having(node.objects)
        for node in taxonomy.nodes.values()
        if node.negative
    }
