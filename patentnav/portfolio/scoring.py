"""The score of a candidate: size, PCT applications, layout, quality, weighted by a scorecard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import _resources
from patentnav.facts import family_members, subclasses

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet


VALUED = 0.5  # part of the members with a value from which their mean stands for all


def scored(
    patents: PatentSet,
    table: pd.DataFrame,
    values: pd.Series | None,
) -> pd.DataFrame:
    """Candidates with the parts of their score (0 to 1) and the score (0 to 100)."""
    key = [table["owner_id"], table["technology"]]
    long = table[["owner_id", "technology", "members"]].explode("members")
    long = long.rename(columns={"members": "publication_id"}).astype({"publication_id": "str"})
    inventions, pct = table["inventions"].astype(float), table["pct"].astype(float)
    spread = [
        _evenness(long, pairs, key)
        for pairs in (_subclass_pairs(patents), _office_pairs(patents))
        if pairs is not None
    ]
    quality, valued = _quality(long, values, key)
    layout = pd.concat(spread, axis=1).mean(axis=1) if spread else quality * np.nan
    parts = pd.DataFrame(
        {
            "size": inventions / (inventions + table["min_inventions"]),
            "international": pct / (pct + table["min_pct"]),
            "layout": layout,
            "quality": quality,
        }
    )
    weights = pd.Series(_resources.load_toml("scorecards", "portfolio")["weights"], dtype=float)
    known = parts[weights.index].notna().mul(weights)
    total = parts[weights.index].mul(weights).sum(axis=1)
    name = str(values.name) if values is not None and values.name is not None else "given"
    of = pd.Series(name, index=table.index, dtype="str").where(quality.notna())
    score = 100 * total / known.sum(axis=1)
    return table.assign(**parts, score=score, quality_of=of, valued=valued)


def _quality(
    long: pd.DataFrame, values: pd.Series | None, key: list[pd.Series]
) -> tuple[pd.Series, pd.Series]:
    """Mean value of the members of every candidate (0 to 1), and the part of them that has one."""
    if values is None:
        none = pd.Series(np.nan, index=key[0].index)
        return none, none.copy()
    worth = long.assign(value=long["publication_id"].map(values.astype(float)))
    groups = worth.groupby(["owner_id", "technology"])["value"]
    asked = pd.MultiIndex.from_arrays(key)
    valued = (groups.count() / groups.size()).reindex(asked).to_numpy()
    mean = groups.mean().reindex(asked).to_numpy() / 100
    index = key[0].index
    return pd.Series(np.where(valued >= VALUED, mean, np.nan), index), pd.Series(valued, index)


def _subclass_pairs(patents: PatentSet) -> pd.DataFrame | None:
    if not patents.has("classifications"):
        return None
    return subclasses(patents).rename(columns={"subclass": "kind"})


def _office_pairs(patents: PatentSet) -> pd.DataFrame | None:
    if not patents.has("families"):
        return None
    offices = family_members(patents)[["publication_id", "authority"]].drop_duplicates()
    return offices.rename(columns={"authority": "kind"})


def _evenness(long: pd.DataFrame, pairs: pd.DataFrame, key: list[pd.Series]) -> pd.Series:
    """1 - 1/exp(H) of the kinds in every candidate, H the entropy; NA where none is known."""
    joined = long.merge(pairs, on="publication_id")
    counts = joined.groupby(["owner_id", "technology", "kind"], observed=True).size()
    share = counts / counts.groupby(level=[0, 1]).transform("sum")
    entropy = -(share * np.log(share)).groupby(level=[0, 1]).sum()
    even = 1 - np.exp(-entropy)
    return pd.Series(even.reindex(pd.MultiIndex.from_arrays(key)).to_numpy())
