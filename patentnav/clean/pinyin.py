"""Latin records that may be people of Chinese records: candidates to judge, never merged."""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING

import pandas as pd

from patentnav import _resources
from patentnav.clean import chinese, decisions, inventor_mentions, inventor_names
from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

_SHARED = {"family": "shared_families", "firm": "shared_firms", "class": "shared_classes"}


@functools.cache
def _readings() -> dict[str, tuple[str, ...]]:
    rows = _resources.load_csv("names", "name-characters")
    return {row["character"]: tuple(row["pinyin"].split()) for row in rows}


@functools.cache
def _double_surnames() -> frozenset[str]:
    return frozenset(_resources.load_toml("names", "surnames-zh")["double"].split())


def pinyin_keys(name: str) -> frozenset[frozenset[str]]:
    """Family and given name in pinyin, in either order; empty where a character is not listed.

    Latin names give one key, names in Chinese characters one for each reading.

    Examples
    --------
    >>> pinyin_keys("Lyu, Xiao-Ming") == pinyin_keys("Xiaoming Lu")
    True
    """
    parsed = inventor_names.parse(name)
    if parsed.given:
        return frozenset({frozenset({_plain(parsed.surname), _plain(parsed.joined)})})
    table = _readings()
    text = parsed.surname
    if not chinese.has_cjk(text) or len(text) < 2 or any(char not in table for char in text):
        return frozenset()
    at = 2 if len(text) > 2 and text[:2] in _double_surnames() else 1
    readings = itertools.product(*(table[char] for char in text))
    return frozenset(frozenset({"".join(r[:at]), "".join(r[at:])}) for r in readings)


def _plain(word: str) -> str:
    for spelling, one in (("lyu", "lu"), ("nyu", "nu"), ("lv", "lu"), ("nv", "nu")):
        word = word.replace(spelling, one)
    return word


def inventor_candidates(patents: PatentSet) -> pd.DataFrame:
    """People of Latin records beside the people of Chinese records they may be.

    Pinyin says little: thousands write their name alike. So nothing is merged; a pair is listed
    where the two also share a simple family, a firm or an IPC subclass, those with most in common
    first. Marked ``same``, a row can be replayed as a decision.

    Parameters
    ----------
    patents
        A set after :func:`patentnav.clean.resolve_inventors`; ``resolve_parties`` adds firms,
        ``families`` the simple families.

    Returns
    -------
    pandas.DataFrame
        The columns of a decision (``decision`` is empty; first the Latin record, by one mention of
        each person), ``shared_families, shared_firms, shared_classes`` (numbers).

    Raises
    ------
    ArgumentError
        The people of the set are not resolved yet.
    """
    rows = patents.inventors.dropna(subset=["inventor_id", "name"])
    if rows.empty and len(patents.inventors):
        msg = "The set has no inventor_id. Call clean.resolve_inventors first."
        raise ArgumentError(msg)
    pairs = _same_reading(rows)
    for kind, column in _SHARED.items():
        pairs[column] = _shared(pairs, rows, _values(patents, kind))
    pairs = pairs[(pairs[list(_SHARED.values())] > 0).any(axis=1)]
    order = [*_SHARED.values(), "latin", "han"]
    pairs = pairs.sort_values(order, ascending=[False] * 3 + [True] * 2, ignore_index=True)
    ordered = rows.sort_values(["inventor_id", "publication_id", "position"])
    shown = ordered.drop_duplicates("inventor_id").set_index("inventor_id")
    table = pd.DataFrame({"kind": "inventor"}, index=pairs.index)
    for side, script in (("first", "latin"), ("second", "han")):
        table[f"{side}_publication"] = pairs[script].map(shown["publication_id"])
        table[f"{side}_name"] = pairs[script].map(shown["name_raw"])
    table["decision"] = ""
    return pd.concat([table[list(decisions.COLUMNS)], pairs[list(_SHARED.values())]], axis=1)


def _same_reading(rows: pd.DataFrame) -> pd.DataFrame:
    """Pairs of people, one in Latin letters, one in Chinese characters: ``latin, han``."""
    names = rows[["name", "inventor_id"]].drop_duplicates()
    found: dict[bool, list[tuple[frozenset[str], str]]] = {True: [], False: []}
    for name, person in names.itertuples(index=False):
        for key in pinyin_keys(name):
            found[chinese.has_cjk(name)].append((key, person))
    sides = (
        pd.DataFrame(found[han], columns=["key", script], dtype="object")
        for han, script in ((False, "latin"), (True, "han"))
    )
    latin, han = sides
    return latin.merge(han, on="key")[["latin", "han"]].drop_duplicates(ignore_index=True)


def _values(patents: PatentSet, kind: str) -> pd.DataFrame:
    """What a publication has of a kind of evidence: ``publication_id, value``."""
    if kind == "family" and patents.has("families"):
        families = patents.families[patents.families["scheme"] == "simple"]
        return families[["publication_id", "family_id"]].set_axis(
            ["publication_id", "value"], axis=1
        )
    context = inventor_mentions.context_of(patents)
    column = {"firm": "groups", "class": "classifications"}.get(kind, "")
    values = context.get(column, pd.Series(dtype="str")).str.split("|").explode()
    return values.rename("value").rename_axis("publication_id").reset_index()


def _shared(pairs: pd.DataFrame, rows: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    """How many values both people of a pair have."""
    held = rows[["inventor_id", "publication_id"]].merge(values.dropna(), on="publication_id")
    of = held.groupby("inventor_id")["value"].agg(frozenset)
    nothing: frozenset[str] = frozenset()
    both = zip(pairs["latin"], pairs["han"], strict=True)
    return pd.Series(
        [len(of.get(a, nothing) & of.get(b, nothing)) for a, b in both],
        index=pairs.index,
        dtype="int64",
    )
