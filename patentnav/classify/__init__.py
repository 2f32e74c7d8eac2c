"""Industries of publications: which nodes of a taxonomy a patent serves, and on what evidence.

Rules on classes and words come from the taxonomy; their evidence is weighed in a conditional logit
whose weights are data of the taxonomy (none: the classes decide by themselves).
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pandas as pd

from patentnav import taxonomy as taxonomies
from patentnav.classify.combine import probabilities
from patentnav.classify.evidence import gather
from patentnav.classify.explain import evidence_text
from patentnav.classify.place import sub_sectors
from patentnav.errors import ArgumentError, CoverageWarning
from patentnav.taxonomy import NONE, Taxonomy

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

__all__ = ["industries", "memberships"]

MEMBER = 0.15  # probability from which a publication counts to a node
UNASSIGNED_SHARE = 0.5  # a set with more unassigned publications is warned of


def memberships(
    patents: PatentSet,
    taxonomy: str | Taxonomy = "jinan-ten",
    *,
    bound: str = "certain",
    threshold: float = MEMBER,
) -> pd.DataFrame:
    """Industries that publications belong to, with weight and evidence.

    Parameters
    ----------
    patents
        The set. Classes, titles and abstracts are used as far as they are there.
    taxonomy
        Name, or a loaded taxonomy.
    bound
        ``certain``: a rule that demands a word counts only with it; ``possible``: it counts
        without.
    threshold
        Probability (0 to 1) from which a publication counts to an industry.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, industry, sub_sector, weight, evidence``, sorted by id and falling
        weight. Weights of a publication sum to one; ``sub_sector`` is NA where nothing tells the
        place. A publication without evidence, or whose evidence points outside the taxonomy, has
        no row; ``attrs["unassigned"]`` counts those.

    Warns
    -----
    CoverageWarning
        More than half of the publications belong to no node.

    Raises
    ------
    UnknownNameError
        No taxonomy has that name.
    ArgumentError
        ``bound`` is neither of the two.
    """
    if bound not in {"certain", "possible"}:
        msg = f'bound="{bound}" is not one of certain, possible.'
        raise ArgumentError(msg)
    tree = taxonomies.load(taxonomy) if isinstance(taxonomy, str) else taxonomy
    found = gather(patents, tree, certain=bound == "certain")
    chances = probabilities(found, tree.weights)
    wide = pd.DataFrame(chances, index=found.index, columns=list(found.nodes))
    rows = _members(wide, threshold)
    rows["evidence"] = evidence_text(rows, found)
    rows = sub_sectors(rows, found, tree, certain=bound == "certain")
    columns = ["publication_id", "industry", "sub_sector", "weight", "evidence"]
    result = rows[columns].reset_index(drop=True)
    missing = len(patents) - result["publication_id"].nunique()
    result.attrs.update(taxonomy=tree.name, version=tree.version, unassigned=missing)
    if missing > UNASSIGNED_SHARE * len(patents):
        warnings.warn(
            f"{missing} of {len(patents)} publications belong to no node of {tree.name}: their "
            "classes and words point to none, or they have neither. taxonomy.report lists them.",
            CoverageWarning,
            stacklevel=2,
        )
    return result


def industries(patents: PatentSet, taxonomy: str | Taxonomy = "jinan-ten") -> pd.Series:
    """Primary industry of every publication.

    Parameters
    ----------
    patents
        The set.
    taxonomy
        Name, or a loaded taxonomy.

    Returns
    -------
    pandas.Series
        Named ``industry``, indexed by ``publication_id``; NA where none.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoverageWarning)  # NA says it here
        rows = memberships(patents, taxonomy)
    totals = rows.groupby(["publication_id", "industry"], sort=True)["weight"].sum().reset_index()
    totals = totals.sort_values(
        ["publication_id", "weight"], ascending=[True, False], kind="stable"
    )
    first = totals.drop_duplicates("publication_id").set_index("publication_id")["industry"]
    return first.reindex(patents.publications.index).astype("str").rename("industry")


def _members(wide: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Rows of the nodes that reach the threshold (the best one always), unless none is best."""
    inside = wide.drop(columns=NONE)
    best = inside.max(axis=1)
    here = (best.notna() & (best > 0) & (best >= wide[NONE])).to_numpy()
    inside, best = inside[here], best[here]
    long = inside.where(inside.ge(threshold) | inside.eq(best, axis=0)).stack().reset_index()
    long.columns = pd.Index(["publication_id", "industry", "weight"])
    long = long.dropna(subset=["weight"]).query("weight > 0")
    long["probability"] = long["weight"]
    long["weight"] /= long.groupby("publication_id")["weight"].transform("sum")
    return long.astype({"industry": "str"}).sort_values(
        ["publication_id", "weight", "industry"], ascending=[True, False, True], ignore_index=True
    )
