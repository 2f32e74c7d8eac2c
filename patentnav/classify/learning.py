"""Distant supervision: a text model learns from the publications that the rules are sure of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.classify.combine import rule_probabilities
from patentnav.classify.textmodel import fit, hashed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentnav.classify.evidence import Evidence
    from patentnav.classify.textmodel import TextModel
    from patentnav.taxonomy import Taxonomy

MARGIN = 0.5  # lead of the best node over the second, as part of the best, from which it is a label
FEWEST = 200  # sure publications from which a set can teach
EXAMPLES_PER_NODE = 1500  # per source, so that one large file does not speak for a node
WORD_WEIGHT = 0.7
BODY_LENGTH = 600  # characters


def labels(evidence: Evidence, taxonomy: Taxonomy) -> pd.DataFrame:
    """Labels that the rules are sure of.

    Strict nodes are left out: their phrases decide, and they would swallow everything near them.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, node, weight`` (0 to 1: the margin, half of it where only words tell).
    """
    chance = rule_probabilities(evidence, taxonomy)
    strict = [
        i for i, n in enumerate(evidence.nodes) if n in taxonomy.nodes and taxonomy.nodes[n].strict
    ]
    chance[:, strict] = 0.0
    ordered = np.sort(chance, axis=1)
    best = ordered[:, -1]
    margin = np.divide(best - ordered[:, -2], best, out=np.zeros_like(best), where=best > 0)
    classed = evidence.classes.any(axis=1)
    one_node = (evidence.objects > 0).sum(axis=1) == 1
    sure = (margin > MARGIN) & (classed | one_node)
    return pd.DataFrame(
        {
            "publication_id": evidence.index[sure],
            "node": np.array(evidence.nodes)[chance.argmax(axis=1)[sure]],
            "weight": np.where(classed, margin, margin / 2)[sure],
        }
    )


def examples(
    rows: pd.DataFrame,
    texts: pd.DataFrame,
    sources: pd.Series,
    *,
    per_node: int = EXAMPLES_PER_NODE,
    random_state: int = 0,
) -> pd.DataFrame:
    """Documents to learn from: titles, and titles with the beginning of the body.

    Parameters
    ----------
    rows
        ``publication_id, node, weight``.
    texts
        ``title, abstract`` by publication.
    sources
        Source of every publication.
    per_node
        Examples of a node and kind that are drawn at most from a source.
    random_state
        Seed of the draw.

    Returns
    -------
    pandas.DataFrame
        ``text, node, weight``.
    """
    drawn = rows.sort_values("publication_id").sample(frac=1.0, random_state=random_state)
    drawn = drawn.join(texts, on="publication_id").join(
        sources.rename("source"), on="publication_id"
    )
    keys = ["source", "node"]
    titled = drawn[drawn["title"].notna()].groupby(keys, dropna=False).head(per_node)
    bodied = drawn[drawn["abstract"].notna()].groupby(keys, dropna=False).head(per_node)
    body = bodied["title"].fillna("") + " . " + bodied["abstract"].str.slice(0, BODY_LENGTH)
    both = [titled.assign(text=titled["title"]), bodied.assign(text=body)]
    return pd.concat(both, ignore_index=True)[["text", "node", "weight"]]


def words(taxonomy: Taxonomy) -> pd.DataFrame:
    """The object words and keywords of a taxonomy as documents: ``text, node, weight``."""
    rows = [
        (word.rstrip("*"), node, WORD_WEIGHT)
        for node in taxonomy.top
        if not taxonomy.nodes[node].strict
        for word in (*taxonomy.nodes[node].objects, *taxonomy.keywords(node))
    ]
    return pd.DataFrame(rows, columns=["text", "node", "weight"])


def learn(
    evidence: Evidence,
    taxonomy: Taxonomy,
    *,
    start: TextModel | None = None,
    sources: pd.Series | None = None,
    without: pd.Index | None = None,
    random_state: int = 0,
) -> TextModel | None:
    """Learn a text model from a set.

    Parameters
    ----------
    evidence
        Evidence of the set.
    taxonomy
        The taxonomy.
    start
        Model to continue from.
    sources
        Source of every publication; each gives at most so many examples per node.
    without
        Publications that must not be learnt from.
    random_state
        Seed.

    Returns
    -------
    TextModel or None
        None where fewer than 200 publications, or fewer than two nodes, are sure.
    """
    sure = labels(evidence, taxonomy)
    if without is not None:
        sure = sure[~sure["publication_id"].isin(without)]
    if len(sure) < FEWEST or sure["node"].nunique() < 2:
        return None
    known = pd.Series("", index=evidence.index) if sources is None else sources
    documents = examples(sure, evidence.texts, known, random_state=random_state)
    if documents["node"].nunique() < 2:  # classes without texts teach no words
        return None
    if start is None:
        documents = pd.concat([documents, words(taxonomy)], ignore_index=True)
    return fit_documents(documents, evidence.nodes, start=start, random_state=random_state)


def fit_documents(
    documents: pd.DataFrame,
    nodes: Sequence[str],
    *,
    start: TextModel | None = None,
    random_state: int = 0,
) -> TextModel:
    """Fit a text model to documents ``text, node, weight``; see :func:`textmodel.fit`."""
    return fit(
        hashed(documents["text"]),
        documents["node"].to_numpy(dtype=str),
        documents["weight"].to_numpy(dtype=float),
        nodes,
        start=start,
        random_state=random_state,
    )
