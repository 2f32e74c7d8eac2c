"""Publications of the branches of a taxonomy, by its rules: a membership table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav.errors import ArgumentError
from patentnav.taxonomy.fits import fits, signs
from patentnav.taxonomy.load import load

if TYPE_CHECKING:
    from pathlib import Path

    from patentnav.patentset import PatentSet
    from patentnav.taxonomy.model import Taxonomy


def members(
    taxonomy: str | Path | Taxonomy, patents: PatentSet, *, level: int | None = None
) -> pd.DataFrame:
    """Branches of publications by the rules alone, for ``by=`` and the like.

    Parameters
    ----------
    taxonomy
        Name, path or loaded taxonomy (:func:`load`).
    patents
        The set.
    level
        1 for the first level, 2 for the second and so on; the deepest branches that fit when
        omitted.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, node, weight``, a membership table: weights of a publication sum to one,
        each of its branches has the same. Publications that no rule fits have no row; ``attrs``
        counts them (``publications`` in all, ``without``).

    Raises
    ------
    ArgumentError
        The taxonomy has no such level.

    Examples
    --------
    >>> from patentnav import datasets, taxonomy
    >>> table = taxonomy.members("wipo-35", datasets.city(60).patents, level=1)
    >>> list(table.columns)
    ['publication_id', 'node', 'weight']
    """
    tree = load(taxonomy)
    rows = fits(tree, signs(tree, patents))
    depth = {node: _depth(tree, node) for node in tree.nodes}
    if level is None:
        rows = deepest(tree, rows)
    elif level not in set(depth.values()):
        msg = f"{tree.name} has levels 1 to {max(depth.values())}, and no level {level}."
        raise ArgumentError(msg)
    else:
        rows = rows[rows["node"].map(depth) == level]
    rows = rows.sort_values(["publication_id", "node"], ignore_index=True)
    result = rows.assign(weight=1.0 / rows.groupby("publication_id")["node"].transform("size"))
    found = result["publication_id"].nunique()
    result.attrs = {
        "taxonomy": tree.name, "publications": len(patents), "without": len(patents) - found,
    }  # fmt: skip
    return result


def deepest(tree: Taxonomy, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows ``publication_id, node`` without those that have one below them."""
    parents = {k: n.parent for k, n in tree.nodes.items() if n.parent is not None}
    above = rows.assign(node=rows["node"].map(parents)).dropna(subset="node")
    above = above[["publication_id", "node"]].drop_duplicates()
    pairs = pd.MultiIndex.from_frame(rows[["publication_id", "node"]])
    return rows[~pairs.isin(pd.MultiIndex.from_frame(above))]


def _depth(tree: Taxonomy, node: str) -> int:
    parent = tree.nodes[node].parent
    return 1 if parent is None else 1 + _depth(tree, parent)
