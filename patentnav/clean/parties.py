"""Organisations: legal entities, groups, types and regions behind the names in the exports."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._strings import texts
from patentnav._version import __version__
from patentnav.clean import chinese, latin, party_links, party_scripts, regions
from patentnav.clean import decisions as decided_pairs
from patentnav.clean.linkage import components, members
from patentnav.clean.party_names import CUT, SURE, group_names, party_id
from patentnav.clean.party_types import (
    called_like_a_town,
    could_be_person,
    party_types,
    types_of_parties,
)
from patentnav.clean.vendor_names import vendor_labels
from patentnav.errors import ArgumentError
from patentnav.provenance import Step

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from patentnav.patentset import PatentSet


_NAME_INVENTORS = ("WO", "US")  # authorities whose publications name inventors as applicants
_MOSTLY = 0.5  # of a group's names in Latin letters, above which its Chinese names are translations


def resolve_parties(
    patents: PatentSet,
    aliases: Mapping[str, str] | pd.DataFrame | str | Path | None = None,
    decisions: pd.DataFrame | str | Path | None = None,
) -> PatentSet:
    """Say which organisation (or person) stands behind every party of a set.

    Parameters
    ----------
    patents
        A set with ``parties``.
    aliases
        Names that the user knows to be one: ``{alias: name}``, a frame ``alias, name``, or the path
        of such a table (csv, xlsx). They win over everything else.
    decisions
        Reviewed merges and splits, see :mod:`patentnav.clean.decisions`, or the path of their table.

    Returns
    -------
    PatentSet
        ``parties`` gains ``party_id`` (legal entity; branches and colleges folded), ``group_id``
        (firms of one group), ``name`` (most frequent spelling of the party), ``party_type``,
        ``confidence`` (0 to 1, of the merge), ``region, city, district`` where the address or the
        name says them and the source did not, ``place_source`` (which of the three said them) and
        ``is_inventor`` (the publication names the party as an inventor too; without inventors, True
        for people beside a firm on publications of the PCT and of America, which name inventors as
        applicants, NA for all others).

    Raises
    ------
    MissingTableError
        The set has no ``parties``.
    ArgumentError
        ``aliases`` is neither a mapping nor a frame with both columns, or there is no such file.
    FormatError
        A file of aliases or decisions is no such table.
    """
    parties = patents.parties
    known, decisions = _alias_map(aliases), decided_pairs.given_decisions(decisions)
    called = parties["name_raw"].map(lambda name: known.get(name, name)).astype("str")
    names, _ = distinct_names(patents, called, decisions, apart=set(known.values()))
    row = names.reindex(called).reset_index(drop=True)
    place = _places(parties, row)
    resolved = parties.assign(
        name=row["name"].to_numpy(),
        party_id=row["party_id"].to_numpy(),
        group_id=row["group_id"].to_numpy(),
        party_type=row["party_type"].to_numpy(),
        confidence=row["confidence"].to_numpy(),
        region=place["region"].to_numpy(),
        city=place["city"].to_numpy(),
        district=place["district"].to_numpy(),
        place_source=place["place_source"].to_numpy(),
        is_inventor=_inventors(patents).fillna(_presumed(patents, row["party_type"])).to_numpy(),
    )
    n = len(patents)
    count = 0 if decisions is None else len(decisions)
    parameters = {"aliases": len(known), "cut": CUT, "decisions": count}
    step = Step("clean.resolve_parties", parameters, n, n, __version__)
    return patents.replace(step, parties=resolved)


def _alias_map(aliases: Mapping[str, str] | pd.DataFrame | str | Path | None) -> dict[str, str]:
    if aliases is None:
        return {}
    if isinstance(aliases, str | Path):
        aliases = decided_pairs.read_table(
            aliases, ("alias", "name"), "Name the columns alias and name."
        ).dropna(subset=["alias", "name"])
    if isinstance(aliases, pd.DataFrame):
        if not {"alias", "name"} <= set(aliases.columns):
            msg = f"aliases needs the columns alias and name, it has {', '.join(aliases.columns)}."
            raise ArgumentError(msg)
        return dict(zip(aliases["alias"].astype(str), aliases["name"].astype(str), strict=True))
    return {str(alias): str(name) for alias, name in aliases.items()}


def distinct_names(
    patents: PatentSet,
    called: pd.Series,
    decisions: pd.DataFrame | None = None,
    *,
    apart: Collection[str] = (),
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Say of every distinct name what party and group it is, and why.

    Parameters
    ----------
    patents
        A set with ``parties``.
    called
        Name used for each row of ``parties`` (after the user's aliases).
    decisions
        Decisions, or None.
    apart
        Names that the user gave to different organisations: no rule joins two of them.

    Returns
    -------
    pandas.DataFrame
        Indexed by name: the columns of :func:`patentnav.clean.party_names.group_names`, and
        ``mentions, name, party_type, group_id``.
    pandas.DataFrame
        ``party_id, token, reason``: why parties are of one group.
    """
    counts = called.value_counts()
    names = group_names(counts.index)
    names["mentions"] = counts.reindex(names.index).astype("int64")
    names["party_type"] = party_types(names.index.to_series())
    pairs = party_scripts.script_pairs(patents, names, called)
    joined = party_scripts.joined_parties(names["party_id"], pairs)
    names.loc[joined != names["party_id"], "reason"] = "script_pair"
    names["party_id"] = joined
    names["party_id"] = _kept_apart(names, apart)
    names = _decided(names, patents.parties.assign(called=called.to_numpy()), decisions)
    names["spelling"] = names.index.to_series().map(_display)
    names["name"] = _most_frequent(names, "party_id", "spelling")
    names["party_type"] = types_of_parties(
        party_types(names.index.to_series()), names["party_id"], names["mentions"]
    )
    people = _inventing_names(patents, called) | _beside_people(patents, called, names)
    names["party_type"] = names["party_type"].mask(names.index.isin(people), "individual")
    filed = patents.parties[["publication_id"]].assign(
        party_id=names["party_id"].reindex(called).to_numpy()
    )
    units = party_links.unit_links(names, filed)
    names["party_type"] = _typed_as_firm(names, units)
    found = [party_links.group_links(names, vendor_labels(patents, called)), units]
    if patents.has("inventors"):
        inventors = patents.inventors[["publication_id", "name_raw"]]
        found.append(party_links.people_links(names, filed, inventors))
    links = pd.concat(found).sort_values(["party_id", "token", "reason"], ignore_index=True)
    groups = party_links.group_ids(pd.Series(sorted(names["party_id"].unique())), links)
    names["group_id"] = names["party_id"].map(groups).astype("str")
    return names.drop(columns="spelling"), links


def _inventing_names(patents: PatentSet, called: pd.Series) -> frozenset[str]:
    """Names of persons by the record: always beside another applicant, and an inventor every time.

    A name may hold a word of organisations, a province say; who invents and signs with a firm is none.
    """
    if not patents.has("inventors"):
        return frozenset()
    parties = patents.parties
    invents = _inventors(patents).fillna(value=False).to_numpy(dtype=bool)
    others = pd.Series(~invents).groupby(parties["publication_id"].to_numpy()).transform("any")
    person = pd.Series(invents & others.to_numpy()).groupby(called.to_numpy()).all()
    return frozenset(str(one) for one in person.index[person] if could_be_person(str(one)))


def _beside_people(patents: PatentSet, called: pd.Series, names: pd.DataFrame) -> frozenset[str]:
    """Names that end in a town and always stand among the persons who sign with a firm."""
    like = [str(name) for name in names.index if called_like_a_town(str(name))]
    if not like:
        return frozenset()
    person = called.map(names["party_type"]).eq("individual").fillna(value=False)
    several = person.groupby(patents.parties["publication_id"].to_numpy()).transform("any")
    always = several.groupby(called.to_numpy()).all()
    return frozenset(name for name in like if always[name])


def _typed_as_firm(names: pd.DataFrame, units: pd.DataFrame) -> pd.Series:
    """Types; a research centre that is a unit of a firm is of the firm's type."""
    kind = names.drop_duplicates("party_id").set_index("party_id")["party_type"]
    firm = units["token"].str.removeprefix("unit:")
    of = pd.Series(firm.map(kind).to_numpy(), index=units["party_id"], dtype="str")
    of = of[units["party_id"].to_numpy() != firm.to_numpy()]
    of = of[~of.index.duplicated()].dropna()
    return names["party_id"].map(of).astype("str").fillna(names["party_type"]).astype("str")


def _kept_apart(names: pd.DataFrame, apart: Collection[str]) -> pd.Series:
    """Party ids; all but the first of several names to keep apart leave a party."""
    own = names[names.index.isin(apart)].sort_index()
    later = own.index[own["party_id"].duplicated()]
    new = pd.Series([party_id(f"alias {name}") for name in later], index=later, dtype="str")
    return new.reindex(names.index).fillna(names["party_id"]).astype("str")


def _decided(
    names: pd.DataFrame, parties: pd.DataFrame, decisions: pd.DataFrame | None
) -> pd.DataFrame:
    """Apply what a person decided; it wins over every rule."""
    if decisions is None:
        return names
    row = {str(name): i for i, name in enumerate(names.index)}
    position = {
        (publication, raw): row[called]
        for publication, raw, called in zip(
            *(texts(parties[c]) for c in ("publication_id", "name_raw", "called")), strict=True
        )
    }
    same, different = decided_pairs.pairs_of(decisions, "party", position)
    party = names["party_id"].to_numpy(dtype=object).copy()
    reason = names["reason"].to_numpy(dtype=object).copy()
    labels = components(same[:, 0], same[:, 1], len(names))
    for group in members(labels):
        found = np.isin(party, np.unique(party[group].astype(str)))
        party[found] = min(party[group])
        reason[group] = "decision"
    for first, second in different:
        if party[first] == party[second]:
            # The second name and what was decided to be the same leave.
            own = labels == labels[second]
            party[own] = party_id(f"decision {min(names.index[own])}")
            reason[own] = "decision"
    return names.assign(
        party_id=pd.array(party, dtype="str"),
        reason=pd.array(reason, dtype="str"),
        confidence=names["confidence"].where(reason != "decision", 1.0),
    )


def party_evidence(
    patents: PatentSet,
    aliases: Mapping[str, str] | pd.DataFrame | None = None,
    decisions: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Why every name of a set belongs to its party and its group.

    Parameters
    ----------
    patents, aliases, decisions
        As in :func:`resolve_parties`.

    Returns
    -------
    pandas.DataFrame
        One row per distinct name: ``name_raw, name, party_id, group_id, reason`` (``alone``,
        ``same_key``, ``similar``, ``script_pair``, ``decision``, ``alias``), ``key, nearest``
        (key of the most similar other name), ``similarity, confidence, mentions, group_reason``
        (reasons of the group's links, joined by ``|``).
    """
    parties = patents.parties
    known, decisions = _alias_map(aliases), decided_pairs.given_decisions(decisions)
    called = parties["name_raw"].map(lambda name: known.get(name, name)).astype("str")
    names, links = distinct_names(patents, called, decisions, apart=set(known.values()))
    shared = links[links.groupby("token")["party_id"].transform("nunique") > 1]
    why = shared.groupby("party_id")["reason"].agg(lambda r: "|".join(sorted(set(r))))
    table = pd.DataFrame({"name_raw": parties["name_raw"], "called": called.to_numpy()})
    table = table.value_counts().reset_index(name="mentions").sort_values(["name_raw", "called"])
    told = names.drop(columns="mentions").reindex(table["called"]).reset_index(drop=True)
    table = pd.concat([table.reset_index(drop=True), told], axis=1)
    renamed = table["name_raw"] != table["called"]
    table["reason"] = table["reason"].where(~renamed, "alias")
    table["group_reason"] = table["party_id"].map(why).astype("str")
    return table[
        [
            "name_raw",
            "name",
            "party_id",
            "group_id",
            "reason",
            "key",
            "nearest",
            "similarity",
            "confidence",
            "mentions",
            "group_reason",
        ]
    ]


def review_parties(patents: PatentSet, decisions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Merges of organisations on spelling alone that are in doubt, for somebody to judge.

    Parameters
    ----------
    patents
        A set with ``parties``.
    decisions
        Decisions taken so far, see :mod:`patentnav.clean.decisions`.

    Returns
    -------
    pandas.DataFrame
        One row per pair of keys whose similarity lies near the cut, the least similar first:
        ``kind, first_publication, first_name, second_publication, second_name, decision`` (to be
        filled with ``same`` or ``different``), ``proposal, similarity``.
    """
    parties = patents.parties
    names, _ = distinct_names(patents, parties["name_raw"].astype("str"), decisions)
    doubtful = names[(names["similarity"] < SURE) & (names["reason"] == "similar")]
    first_name = names.reset_index().groupby("key")["name_raw"].first()
    where = parties.sort_values("publication_id").groupby("name_raw")["publication_id"].first()
    pairs = pd.DataFrame(
        {
            "first_name": first_name.reindex(doubtful["key"]).to_numpy(),
            "second_name": first_name.reindex(doubtful["nearest"]).to_numpy(),
            "similarity": doubtful["similarity"].to_numpy(),
        }
    ).dropna()
    low = pairs[["first_name", "second_name"]].min(axis=1)
    high = pairs[["first_name", "second_name"]].max(axis=1)
    pairs = pairs.assign(first_name=low, second_name=high).drop_duplicates()
    pairs = pairs.sort_values(["similarity", "first_name", "second_name"], ignore_index=True)
    table = pairs.assign(
        kind="party",
        first_publication=where.reindex(pairs["first_name"]).to_numpy(),
        second_publication=where.reindex(pairs["second_name"]).to_numpy(),
        decision="",
        proposal=decided_pairs.SAME,
    )
    return table[[*decided_pairs.COLUMNS, "proposal", "similarity"]]


def _display(name: str) -> str:
    return chinese.one_spelling(name) if chinese.has_cjk(name) else " ".join(name.split())


def _most_frequent(names: pd.DataFrame, by: str, column: str) -> pd.Series:
    totals = names.groupby([by, column])["mentions"].sum().reset_index()
    # A Chinese name is shown before a Latin one: it says the legal entity.
    totals["latin"] = ~totals[column].map(chinese.has_cjk).to_numpy(dtype=bool)
    order = [by, "latin", "mentions", column]
    best = totals.sort_values(order, ascending=[True, True, False, True])
    chosen = best.drop_duplicates(by).set_index(by)[column]
    return names[by].map(chosen)


def _translated(row: pd.DataFrame) -> set[str]:
    """Chinese names of foreign firms: their first characters are no place ("De-Zhou" of Texas).

    Firms of China say their legal form; a name that ends in "company" alone is a translation where
    most of its group's names are in Latin letters without a Chinese place, or where the table of
    brands has the whole of it.
    """
    bare = {
        name
        for name in row["name"].unique()
        if chinese.has_cjk(name)
        and chinese.has_bare_form(name)
        and not chinese.group_by_prefix(chinese.parse(name))
    }
    western = {
        name: not chinese.has_cjk(name) and not latin.has_chinese_place(name)
        for name in row["name"].unique()
    }
    abroad = row["name"].map(western).astype(bool).groupby(row["group_id"]).mean()
    groups = row[row["name"].isin(bare)].drop_duplicates("name").set_index("name")["group_id"]
    return {
        str(name)
        for name, group in groups.items()
        if abroad[group] > _MOSTLY or party_links.is_whole_brand(str(name))
    }


def _places(parties: pd.DataFrame, row: pd.DataFrame) -> pd.DataFrame:
    foreign = _translated(row)
    by_name = {
        n: chinese.parse(n).region
        for n in row["name"].unique()
        if chinese.has_cjk(n) and not chinese.abroad(n) and n not in foreign
    }
    by_address = {a: regions.find(a) for a in parties["address"].dropna().unique()}
    nowhere = regions.Region()
    addressed = [
        by_address.get(address, nowhere) if isinstance(address, str) else nowhere
        for address in parties["address"]
    ]
    found = [
        place if place.province else by_name.get(name, nowhere)
        for place, name in zip(addressed, row["name"], strict=True)
    ]
    place = pd.DataFrame(found, columns=["region", "city", "district"], dtype="str")
    said = parties[list(place.columns)].reset_index(drop=True)
    derived = np.select(
        [[bool(p.province) for p in addressed], (place["region"] != "").to_numpy()],
        ["address", "name"],
        "",
    )
    before = parties["place_source"].reset_index(drop=True)
    source = before.where(before.notna(), pd.Series(derived, dtype="str"))
    source = source.mask(before.isna() & said.notna().any(axis=1), "source")
    place = said.where(said.notna(), place.replace("", None))
    return place.assign(place_source=source.replace("", None))


def _presumed(patents: PatentSet, party_type: pd.Series) -> pd.Series:
    """People beside a firm, where no inventors are told and the law made these applicants.

    So it was under the PCT (rule 4.5) and in the United States, where only inventors could apply until
    2012 (35 U.S.C. 118) and are often named beside the firm since.
    """
    parties = patents.parties
    person = party_type.eq("individual").fillna(False).set_axis(parties.index).astype("bool")
    beside = (~person).groupby(parties["publication_id"]).transform("any")
    named = parties["publication_id"].str[:2].isin(_NAME_INVENTORS)
    found = pd.Series(pd.NA, index=parties.index, dtype="boolean")
    return found.mask(person & beside & named, other=True)


def _inventors(patents: PatentSet) -> pd.Series:
    """Whether a party is an inventor of the same publication by its name, in any order of words."""
    parties = patents.parties
    if not patents.has("inventors"):
        return pd.Series(pd.NA, index=parties.index, dtype="boolean")
    people = patents.inventors
    known = set(zip(texts(people["publication_id"]), _worded(people["name_raw"]), strict=True))
    pairs = zip(texts(parties["publication_id"]), _worded(parties["name_raw"]), strict=True)
    return pd.Series([pair in known for pair in pairs], index=parties.index, dtype="boolean")


def _worded(names: pd.Series) -> list[tuple[str, ...]]:
    code, distinct = pd.factorize(names, use_na_sentinel=False)
    words = [_words(name) for name in texts(distinct)]
    return [words[i] for i in code.tolist()]


def _words(name: str) -> tuple[str, ...]:
    return tuple(sorted(re.findall(r"\w+", name.casefold())))
