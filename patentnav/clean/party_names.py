"""Bare names of organisations grouped into legal entities, with the reason of every merge."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.clean import chinese, latin
from patentnav.clean.linkage import group_by_average
from patentnav.clean.party_types import party_types
from patentnav.clean.spelling import Spellings

if TYPE_CHECKING:
    from collections.abc import Iterable

# Names join while their mean similarity reaches this. Chosen once on hand-labelled variants; the
# scores there change by less than .01 from .76 to .79.
CUT = 0.78
# Below this a merge is doubtful and belongs on the review table.
SURE = 0.88
# Likeness alone never joins names of different kinds.
_KINDS = {
    "enterprise": "firm",
    "individual": "person",
    "university": "public",
    "hospital": "public",
    "government": "public",
}


def party_groups(names: pd.Series) -> pd.Series:
    """Group bare names of organisations: one id for all spellings and units of one.

    Parameters
    ----------
    names
        Names in any script.

    Returns
    -------
    pandas.Series
        Ids (str), index and order of ``names``; missing where the name is missing. The ids depend
        on the set of names only, not on their order.

    Examples
    --------
    >>> names = pd.Series(["Siemens AG", "SIEMENS AKTIENGESELLSCHAFT", "Bosch GmbH"])
    >>> party_groups(names).nunique()
    2
    """
    grouped = group_names(names.dropna().astype(str).unique())
    return names.map(grouped["party_id"]).astype("str").rename("party_id")


def group_names(names: Iterable[str]) -> pd.DataFrame:
    """Group distinct names.

    Parameters
    ----------
    names
        Names in any script; their order does not matter.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``name_raw``, sorted: ``key`` (equal keys are one entity), ``party_id``,
        ``reason`` (``alone``, ``same_key``, ``similar``), ``nearest`` (the most similar other name
        of the group, by key), ``similarity`` (0 to 1) and ``confidence`` (0 to 1).
    """
    index = pd.Index(sorted(set(names)), dtype="str", name="name_raw")
    is_cjk = np.fromiter((chinese.has_cjk(n) for n in index), bool, len(index))
    parsed = latin.parse_all(index[~is_cjk])
    keys = [
        chinese.parse(name).entity if cjk else parsed[name].key
        for name, cjk in zip(index, is_cjk, strict=True)
    ]
    frame = pd.DataFrame({"key": pd.array(keys, dtype="str")}, index=index)
    kinds = _kinds({name: one.key for name, one in parsed.items()})
    similar = _similar_keys({name.key: name for name in parsed.values()}, kinds)
    found = similar.reindex(frame["key"].to_numpy()).set_axis(index)
    group = found["group"].astype("str").where(found["group"].notna(), frame["key"])
    frame["party_id"] = group.map({key: party_id(key) for key in group.unique()}).astype("str")
    frame["similarity"] = found["similarity"].astype("float64")
    frame["nearest"] = found["nearest"].astype("str")
    size = frame.groupby("party_id")["key"].transform("size")
    frame["reason"] = np.where(
        frame["similarity"].notna(), "similar", np.where(size > 1, "same_key", "alone")
    )
    frame["confidence"] = confidence(frame["similarity"])
    return frame


def party_id(key: str) -> str:
    """Id of the party that a key stands for."""
    return f"P-{hashlib.blake2b(key.encode(), digest_size=6).hexdigest()}"


def confidence(similarity: pd.Series) -> pd.Series:
    """Confidence in a merge of names at a similarity; names of one key .95.

    A judgement, not a calibration: a straight line from .6 at the cut to .9 at equal spelling.
    Use it to order what a person should look at first.
    """
    line = 0.6 + 0.3 * (similarity - CUT) / (1 - CUT)
    return line.clip(0.5, 0.9).fillna(0.95)


def _kinds(keys: dict[str, str]) -> dict[str, str]:
    """Kind (firm, person, public) of every key whose names all say the same one."""
    table = pd.DataFrame({"key": pd.Series(keys, dtype="str")})
    table["kind"] = party_types(table.index.to_series()).map(_KINDS)
    kinds = table.dropna().groupby("key")["kind"].agg(["first", "nunique"])
    return dict(kinds.loc[kinds["nunique"] == 1, "first"])


def _similar_keys(names: dict[str, latin.LatinName], kinds: dict[str, str]) -> pd.DataFrame:
    keys = sorted(names)
    if len(keys) < 2:
        own = pd.Series(keys, index=keys, dtype="str")
        nothing = pd.Series(None, index=keys, dtype="str")
        return pd.DataFrame({"group": own, "nearest": nothing, "similarity": np.nan})
    texts = [" ".join(s for s in names[k].stems if s != "USA") or "USA" for k in keys]
    spellings = Spellings(
        texts,
        [names[k].agency for k in keys],
        [kinds.get(k, "") for k in keys],
        words=[tuple(s for s in names[k].stems if s != "USA") for k in keys],
    )
    pairs = spellings.pairs(CUT)
    labels = group_by_average(pairs, len(keys), cut=CUT, similarity=spellings.similar)
    frame = pd.DataFrame({"group": [keys[g] for g in labels]}, index=keys)
    first, second, value = pairs
    inside = labels[first] == labels[second]
    both = pd.DataFrame(
        {
            "one": np.concatenate([first[inside], second[inside]]),
            "other": np.concatenate([second[inside], first[inside]]),
            "similarity": np.tile(value[inside], 2),
        }
    ).sort_values(["one", "similarity", "other"], ascending=[True, False, True])
    best = both.drop_duplicates("one")
    position = np.asarray(keys, dtype=object)
    nearest = pd.Series(position[best["other"]], index=position[best["one"]], dtype=object)
    strength = pd.Series(best["similarity"].to_numpy(), index=position[best["one"]])
    return frame.assign(
        nearest=nearest.reindex(keys).to_numpy(), similarity=strength.reindex(keys).to_numpy()
    )
