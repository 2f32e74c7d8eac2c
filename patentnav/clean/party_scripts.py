"""One organisation under a Latin and a Chinese, Japanese or Korean name: pairs with their evidence."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

import pandas as pd

from patentnav import _resources, counting
from patentnav.clean import chinese, latin, regions
from patentnav.clean.linkage import components
from patentnav.clean.party_names import party_id
from patentnav.clean.party_types import party_types

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

# A pair is believed when it was seen twice and mostly with each other.
SIGHTINGS = 2
SHARE = 0.6
# A vendor's label below this length is a code for a group, not the name of a legal entity.
FULL_NAME = 7
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_COLUMNS = ("latin", "local", "latin_name", "local_name", "unit", "reason")


def script_pairs(patents: PatentSet, names: pd.DataFrame, called: pd.Series) -> pd.DataFrame:
    """Pairs of a Latin and a local name of one organisation, from evidence in the set.

    Parameters
    ----------
    patents
        The set with its ``parties``.
    names
        One row per distinct name, indexed by it, with ``party_id`` and ``party_type``.
    called
        Name used for each row of ``parties``.

    Returns
    -------
    pandas.DataFrame
        ``latin, local`` (party ids; local is a name in Chinese, Japanese or Korean characters),
        ``latin_name, local_name`` (the names most often seen together), ``sightings`` (distinct
        publications), ``reason`` (joined by ``|``), ``accepted``. Reasons:

        - ``both_names``: a list of parties that holds as many Latin as local names, at the same
          place among them (sources that write every applicant in two scripts);
        - ``co_filed``: the applicant at the same place of equally long lists of two publications
          of one family;
        - ``vendor``: one standardised name of the vendor for one party of either script;
        - ``vendor_label``: the vendor's standardised name of a Latin name is a full local name.

        A pair is accepted when it was seen at least twice, when at least .6 of the sightings of
        either name, in that script, are with the other, and when the types and the Chinese places
        of both, where known, agree.
    """
    parties = patents.parties
    parties = pd.DataFrame(
        {
            "publication_id": parties["publication_id"],
            "role": parties["role"],
            "position": parties["position"],
            "name": called.to_numpy(),
            "party_id": names["party_id"].reindex(called).to_numpy(),
            "label": parties["name_standard"],
            "is_local": called.map(chinese.has_cjk).to_numpy(dtype=bool),
            "type": names["party_type"].reindex(called).to_numpy(),
        }
    )
    parties = parties[(parties["role"] != "agent")]
    firms = parties[(parties["type"] != "individual").fillna(True)]
    evidence = [
        _both_names(parties),
        _co_filed(patents, parties),
        _by_vendor(firms),
        _by_label(firms),
    ]
    seen = pd.concat(evidence, ignore_index=True)
    pairs = _counted(seen)
    return pairs.assign(accepted=_accepted(pairs, names))


def joined_parties(party: pd.Series, pairs: pd.DataFrame) -> pd.Series:
    """Party ids after the accepted pairs joined them; the id of the smallest local name stays.

    Parameters
    ----------
    party
        Party ids.
    pairs
        Result of :func:`script_pairs`.
    """
    good = pairs[pairs["accepted"]]
    index = pd.Index(sorted({*good["latin"], *good["local"]}))
    labels = components(
        index.get_indexer(good["latin"]), index.get_indexer(good["local"]), len(index)
    )
    own = index.isin(good["local"])
    kept = pd.Series(index[own]).groupby(labels[own]).min()
    target = dict(zip(index, kept.reindex(labels), strict=True))
    return party.map(lambda p: target.get(p, p)).astype("str")


def _counted(seen: pd.DataFrame) -> pd.DataFrame:
    pair = ["latin", "local"]
    told = [*pair, "latin_name", "local_name"]
    usual = seen.groupby(told)["unit"].nunique().reset_index(name="n")
    usual = usual.sort_values(["n", *told], ascending=[False, True, True, True, True])
    counts = seen.groupby(pair).agg(
        sightings=("unit", "nunique"), reason=("reason", lambda r: "|".join(sorted(set(r))))
    )
    return (
        usual.drop_duplicates(pair)[told]
        .merge(counts.reset_index(), on=pair)
        .sort_values(pair, ignore_index=True)
    )


def _accepted(pairs: pd.DataFrame, names: pd.DataFrame) -> pd.Series:
    seen, script = pairs["sightings"], pairs["local_name"].map(_script)
    by_latin = seen.groupby([pairs["latin"], script]).transform("sum")
    by_local = seen.groupby(pairs["local"]).transform("sum")
    mutual = (seen >= SHARE * by_latin) & (seen >= SHARE * by_local)
    one = names["party_type"].reindex(pairs["latin_name"]).reset_index(drop=True)
    other = party_types(pairs["local_name"])
    agree = (one == other) | one.isna() | other.isna()
    near = [
        _same_place(one, other)
        for one, other in zip(pairs["latin_name"], pairs["local_name"], strict=True)
    ]
    return (
        mutual
        & (seen >= SIGHTINGS)
        & agree.fillna(True)
        & pd.Series(near, index=pairs.index, dtype=bool)
    )


def _same_place(one: str, other: str) -> bool:
    """Tell whether no Chinese place in the Latin name contradicts the place of the local name."""
    places = [_places()[w] for w in latin.words_of(one) if w in _places()]
    said = chinese.parse(other).region
    named = [regions.lookup(place) for place in places]
    return not said.province or not any(
        place.province != said.province or (place.city and said.city and place.city != said.city)
        for place in named
    )


@functools.cache
def _places() -> dict[str, str]:
    places: dict[str, str] = _resources.load_toml("names", "organisations-latin")["chinese_places"]
    return places


def _script(name: str) -> str:
    if _HANGUL.search(name):
        return "hangul"
    return "kana" if _KANA.search(name) else "han"


def _both_names(parties: pd.DataFrame) -> pd.DataFrame:
    lists = parties.sort_values(["publication_id", "role", "position"])
    key = ["publication_id", "role"]
    local = lists["is_local"].groupby([lists[c] for c in key])
    both = lists[local.transform("sum") * 2 == local.transform("size")]
    both = both.assign(rank=both.groupby([*key, "is_local"]).cumcount())
    return _paired(both, [*key, "rank"], "both_names")


def _co_filed(patents: PatentSet, parties: pd.DataFrame) -> pd.DataFrame:
    family = counting.unit_ids(patents, counting.best_unit(patents))
    first = parties[parties["role"] == "applicant"].drop_duplicates(["publication_id", "position"])
    first = first.assign(
        family=family.reindex(first["publication_id"]).to_numpy(),
        length=first.groupby("publication_id")["party_id"].transform("size"),
    )
    first = first.drop_duplicates(["family", "position", "length", "party_id"])
    return _paired(first, ["family", "position", "length"], "co_filed")


def _paired(rows: pd.DataFrame, key: list[str], reason: str) -> pd.DataFrame:
    """Latin and local parties with equal keys."""
    latin, local = rows[~rows["is_local"]], rows[rows["is_local"]]
    pairs = latin.merge(local, on=key, suffixes=("", "_local"))
    # Either of the two may be known as a person.
    person = (pairs["type"] == "individual") | (pairs["type_local"] == "individual")
    pairs = pairs[~person.fillna(False)]
    unit = pairs["publication_id"] if "publication_id" in pairs else pairs[key[0]]
    return pd.DataFrame(
        {
            "latin": pairs["party_id"],
            "local": pairs["party_id_local"],
            "latin_name": pairs["name"],
            "local_name": pairs["name_local"],
            "unit": unit,
            "reason": reason,
        }
    )


def _by_vendor(firms: pd.DataFrame) -> pd.DataFrame:
    said = firms.dropna(subset=["label"])
    # A label that many parties share is a group's, not one organisation's.
    few = said.groupby(["label", "is_local"])["party_id"].transform("nunique") == 1
    said = said[few].drop_duplicates(["label", "is_local", "name", "publication_id"])
    latin, local = said[~said["is_local"]], said[said["is_local"]]
    size = said.groupby(["label", "is_local"])["publication_id"].nunique().unstack()
    if size.shape[1] < 2:
        return pd.DataFrame({c: pd.Series(dtype="str") for c in _COLUMNS})
    # Units of the side with fewer publications, so that one sighting of a name stays one.
    smaller = size.idxmin(axis=1)
    units = said[said["label"].map(smaller) == said["is_local"]]
    names = latin.drop_duplicates("label").merge(
        local.drop_duplicates("label"), on="label", suffixes=("", "_local")
    )
    pairs = (
        units[["label", "publication_id"]]
        .drop_duplicates()
        .merge(names.drop(columns=["publication_id", "publication_id_local"]), on="label")
    )
    return pd.DataFrame(
        {
            "latin": pairs["party_id"],
            "local": pairs["party_id_local"],
            "latin_name": pairs["name"],
            "local_name": pairs["name_local"],
            "unit": pairs["publication_id"],
            "reason": "vendor",
        }
    )


def _by_label(firms: pd.DataFrame) -> pd.DataFrame:
    said = firms[~firms["is_local"]].dropna(subset=["label"])
    labels = {label: _full_entity(label) for label in said["label"].unique()}
    said = said.assign(local=said["label"].map(labels)).dropna(subset=["local"])
    return pd.DataFrame(
        {
            "latin": said["party_id"],
            "local": said["local"],
            "latin_name": said["name"],
            "local_name": said["label"],
            "unit": said["publication_id"],
            "reason": "vendor_label",
        }
    )


def _full_entity(label: str) -> str | None:
    """Party id of a label that is the full name of one legal entity in local characters."""
    if not chinese.has_cjk(label):
        return None
    parsed = chinese.parse(label)
    if parsed.is_group or parsed.kind not in {"company", "university", "institute"}:
        return None
    if parsed.kind == "company" and len(parsed.clean) < FULL_NAME:
        return None
    return party_id(parsed.entity)
