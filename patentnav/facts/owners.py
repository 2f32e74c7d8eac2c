"""Who owns: one rule for the owner of a publication, at the level of the legal entity or group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from patentnav._memo import shared
from patentnav.clean import chinese, party_links, regions
from patentnav.counting import most_frequent
from patentnav.errors import ArgumentError, MissingTableError

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

OwnerLevel = Literal["party", "group"]
OwnerChoice = Literal["first", "all"]

_WHOLE = 0.8  # of its group: such a party stands for it
_SHORTEST_FIRM = 4  # characters of a firm's name without its branches

__all__ = [
    "OwnerChoice",
    "OwnerLevel",
    "check_owner_level",
    "group_names",
    "holders",
    "inventors_beside_owners",
    "owners",
    "party_ids",
]


@shared
def owners(
    patents: PatentSet,
    owner: OwnerLevel = "party",
    *,
    which: OwnerChoice = "first",
    individuals: bool = True,
    inventors: bool = True,
) -> pd.DataFrame:
    """Owner of every publication, as a membership table for ``by=``.

    The current owner where the source states one, else the applicant. An owner is its
    ``party_id`` (``group_id`` where ``owner="group"``) once parties are resolved, else its
    normalised name, else the name as written.

    Parameters
    ----------
    patents
        The set.
    owner
        ``party`` (legal entity) or ``group`` (firms of one group together).
    which
        ``first`` (the first named) or ``all`` (co-owners share the publication equally).
    individuals
        Whether people who own their own filings count as owners.
    inventors
        Whether inventors who are named as applicants beside a firm count as owners
        (:func:`inventors_beside_owners`).

    Returns
    -------
    pandas.DataFrame
        ``publication_id, owner, weight, name``: ``owner`` is the id, ``name`` its most frequent
        name, of a group :func:`group_names`. Publications without a party are left out.

    Raises
    ------
    MissingTableError
        The set carries no parties.
    ArgumentError
        ``owner`` or ``which`` has another value.
    """
    if which not in {"first", "all"}:
        msg = f'which="{which}" is not one of first, all.'
        raise ArgumentError(msg)
    named = holders(patents)
    named = named.assign(name=named["name"].fillna(named["name_raw"]))
    named = named.assign(owner=party_ids(named, owner))
    if not individuals:
        named = named[(named["party_type"] != "individual").fillna(True)]
    if not inventors:
        named = named[~inventors_beside_owners(named)]
    labels = group_names(named) if owner == "group" else most_frequent(named, "owner", "name")
    if which == "first":
        named = named.drop_duplicates("publication_id")
    named = named.drop_duplicates(["publication_id", "owner"])
    size = named.groupby("publication_id")["owner"].transform("size")
    return pd.DataFrame(
        {
            "publication_id": named["publication_id"],
            "owner": named["owner"],
            "weight": 1.0 / size,
            "name": named["owner"].map(labels),
        }
    ).reset_index(drop=True)


def group_names(named: pd.DataFrame) -> pd.Series:
    """Best-known name of every group.

    The party with most publications names its group, the one that calls itself a group and the
    shorter one of equals. Where no party holds four fifths of a group that is known by a common
    beginning of its parties' names (a railway, an academy), that beginning names it: a branch does
    not stand for the whole. Nor does a firm that is called by its city, where sisters in other cities
    bear the same brand: the brand names them. In a set whose owners are mostly written in Chinese, a group that has a
    Chinese name is not called by a foreign one.

    Parameters
    ----------
    named
        ``publication_id, owner`` (id of the group), ``name`` (of the party).

    Returns
    -------
    pandas.Series
        Name by group.
    """
    counts = named.groupby(["owner", "name"])["publication_id"].nunique().reset_index(name="n")
    every = counts.assign(word=counts["name"].map(_prefix))
    han = counts["name"].map(chinese.has_cjk).astype(bool)
    if 2 * counts.loc[han, "n"].sum() >= counts["n"].sum():
        written = han.groupby(counts["owner"]).transform("any")
        brand = counts["name"].map(party_links.known_brand).where(written, "")
        every["word"] = every["word"].mask(every["word"] == "", brand)
        counts = counts[han | ~written]
    total = named.groupby("owner")["publication_id"].nunique()
    several = counts["owner"].duplicated(keep=False)
    parsed = {name: chinese.parse(name) for name in counts.loc[several, "name"].unique()
              if chinese.has_cjk(name)}  # fmt: skip
    counts["branch"] = ~counts["name"].map({n: p.is_group for n, p in parsed.items()}).eq(True)
    counts["length"] = counts["name"].str.len()
    order = ["owner", "n", "branch", "length", "name"]
    counts = counts.sort_values(order, ascending=[True, False, True, True, True])
    names = counts.drop_duplicates("owner").set_index("owner")["name"]
    leading = counts.drop_duplicates("owner").set_index("owner")["n"]
    whole = total.reindex(leading.index)
    scattered = leading.index[2 * leading < whole]
    rows = every[every["owner"].isin(leading.index[leading < _WHOLE * whole])]
    brands = _brands(counts, names, leading < _WHOLE * whole)
    rows = rows.rename(columns={"word": "prefix"})
    rows = rows[rows["prefix"] != ""]
    shared = rows.groupby(["owner", "prefix"])["n"].sum().reset_index()
    shared = shared.sort_values(["owner", "n", "prefix"], ascending=[True, False, True])
    shared = shared.drop_duplicates("owner").set_index("owner")
    common = shared.loc[2 * shared["n"] >= total.reindex(shared.index), "prefix"]
    names.update(common)
    brands = brands[~brands.index.isin(common.index)]
    names.update(brands)
    for owner in scattered.difference(common.index).difference(brands.index):
        parts = counts[counts["owner"] == owner]
        stem = _stem(names[owner], parts, int(total[owner]))
        names[owner] = stem or names[owner]
    return names


def _brands(counts: pd.DataFrame, names: pd.Series, scattered: pd.Series) -> pd.Series:
    """Common core of the names of groups whose leading party is called by a place of its own.

    A firm of one city does not stand for its sisters in others; their brand does, where it is that of
    four fifths of the group and several of them bear it.
    """
    found = {}
    for owner in scattered.index[scattered]:
        leading = str(names[owner])
        if not chinese.has_cjk(leading):
            continue
        brand = chinese.parse(leading).brand
        if not _placed(leading) or not brand or chinese.is_generic(brand):
            continue
        parts = counts[counts["owner"] == owner]
        own = parts[
            parts["name"].map(lambda n, b=brand: chinese.has_cjk(n) and chinese.parse(n).brand == b)
        ]
        places = {_placed(name) for name in own["name"]}
        if len(own) > 1 and len(places) > 1 and own["n"].sum() >= _WHOLE * parts["n"].sum():
            found[owner] = brand
    return pd.Series(found, dtype="str")


def _placed(name: str) -> str:
    """Place with which the name of a firm begins; empty where it begins with none."""
    place, _ = regions.cut_front(name)
    return f"{place.province}{place.city}"


def _prefix(name: str) -> str:
    return chinese.group_by_prefix(chinese.parse(name)) if chinese.has_cjk(name) else ""


def _stem(leading: str, parts: pd.DataFrame, total: int) -> str:
    """Longest beginning of the leading name that is itself a firm and common to half of the group.

    Without one the leading name loses its branch; empty for what is no Chinese name.
    """
    if not chinese.has_cjk(leading):
        return ""
    for end in range(len(leading) - 1, _SHORTEST_FIRM, -1):
        shared = parts.loc[parts["name"].str.startswith(leading[:end]), "n"].sum()
        firm = chinese.parse(leading[:end])
        # It ends in a legal form, and not within the name of a branch.
        formed = firm.kind == "company" and len(firm.entity) < end and not firm.unit
        if 2 * shared >= total and formed:
            return leading[:end]
    return leading.removesuffix(chinese.parse(leading).unit)


def inventors_beside_owners(named: pd.DataFrame) -> pd.Series:
    """Which owners are only the inventors of a publication that a firm owns.

    Applications in the United States (since 2012) and under the PCT name the inventors as
    applicants beside the firm, which owns alone.

    Parameters
    ----------
    named
        Owners of a resolved set (:func:`holders`): ``publication_id, party_type, is_inventor``.

    Returns
    -------
    pandas.Series
        bool, in the order of the rows.
    """
    inventor = named["is_inventor"].fillna(False).astype(bool)
    person = inventor | (named["party_type"] == "individual").fillna(False).astype(bool)
    firm = (~person).groupby(named["publication_id"]).transform("any")
    found: pd.Series = inventor & firm
    return found


@shared
def holders(patents: PatentSet) -> pd.DataFrame:
    """Parties that own: the current owners where the source states any, else the applicants.

    Returns
    -------
    pandas.DataFrame
        Rows of ``parties``, in order of publication and position.

    Raises
    ------
    MissingTableError
        The set carries no parties.
    """
    if not patents.has("parties"):
        msg = "Owners need the table parties, which this set does not carry. Export applicants."
        raise MissingTableError(msg)
    parties = patents.parties
    rank = parties["role"].map({"current_owner": 0, "applicant": 1, "original_assignee": 2})
    named = parties.assign(rank=rank).dropna(subset="rank")
    best = named.groupby("publication_id")["rank"].transform("min")
    return named[named["rank"] == best].sort_values(["publication_id", "position"], kind="stable")


def check_owner_level(owner: str) -> None:
    """Refuse what is no level of owners.

    Raises
    ------
    ArgumentError
        It is neither ``party`` nor ``group``.
    """
    if owner not in {"party", "group"}:
        msg = f'owner level "{owner}" is not one of party, group.'
        raise ArgumentError(msg)


def party_ids(parties: pd.DataFrame, owner: OwnerLevel = "party") -> pd.Series:
    """Id of every row of ``parties``: its party or group once resolved, else its name.

    Parameters
    ----------
    parties
        Rows of the table ``parties``.
    owner
        ``party`` (legal entity) or ``group`` (firms of one group together).

    Returns
    -------
    pandas.Series
        In the order of the rows; NA where not even a name is known.

    Raises
    ------
    ArgumentError
        ``owner`` has another value.
    """
    check_owner_level(owner)
    name = parties["name"].fillna(parties["name_raw"])
    ids: pd.Series = parties["party_id"].fillna(name)
    return parties["group_id"].fillna(ids) if owner == "group" else ids
