"""Firms of one group: links with reasons."""

from __future__ import annotations

import functools
import re
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from patentnav import _resources
from patentnav.clean import chinese, latin, regions
from patentnav.clean.linkage import components

if TYPE_CHECKING:
    from collections.abc import Iterator

SURE_BRAND, SHORT_BRAND = 3, 2
_SHARED_PEOPLE = 2  # named by two firms, from which these are of one group
TRANSLATED = 4  # letters of a brand in front of a name without a legal form
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_KNOWN = ("known_brand", "prefix")  # reasons that name a known group


@functools.cache
def _brands() -> tuple[tuple[str, str], ...]:
    rows = _resources.load_csv("names", "brands")
    return tuple((row["zh"], row["latin"]) for row in rows)


@functools.cache
def _homes() -> dict[str, str]:
    """Home of every group of the table by its name."""
    first = _latin_brands()
    rows = _resources.load_csv("names", "brands")
    return {first[latin.stems_of(row["latin"])]: row["home"] for row in reversed(rows)}


@functools.cache
def _latin_brands() -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for zh, text in _brands():
        found.setdefault(latin.stems_of(text), zh)
    return found


@functools.cache
def _local_brands() -> dict[str, str]:
    """Brands in Chinese, Japanese and Korean with the name of their group."""
    first = _latin_brands()
    return {chinese.one_spelling(zh).casefold(): first[latin.stems_of(text)]
            for zh, text in reversed(_brands())}  # fmt: skip


@functools.cache
def _longest_brand() -> int:
    return max(map(len, _local_brands()), default=0)


def _latin_brand(stems: tuple[str, ...]) -> str:
    table = _latin_brands()
    return next((table[stems[:n]] for n in (4, 3, 2, 1) if stems[:n] in table), "")


def known_brand(name: str) -> str:
    """Group of a name by the table of brands; empty when it names none.

    A brand of two characters is also the beginning of other words: it counts as a whole, or in front
    of a firm of Japan or Korea.
    """
    if not chinese.has_cjk(name):
        stems = latin.stems_of(name)
        found = _latin_brand(stems)
        if not found and stems and stems[0] in latin.tables().towns:
            # A town in front of a brand at home tells a daughter, in front of a foreign one a venture.
            found = _latin_brand(stems[1:])
            found = found if _homes().get(found) == "CN" else ""
        return found
    parsed, local = chinese.parse(name), _local_brands()
    native = bool(_KANA_OR_HANGUL.search(parsed.clean))
    firm = native or parsed.kind in {"company", "institute"}
    abroad = native or chinese.abroad(parsed.clean)
    if firm and parsed.entity.casefold() in local:  # with what looks like a place in front
        return local[parsed.entity.casefold()]
    core = (parsed.brand or parsed.entity).casefold()
    if firm and core in local and (abroad or not chinese.is_generic(core)):
        return local[core]
    whole = regions.cut_front(parsed.entity)[1].casefold()
    least = (SHORT_BRAND if abroad else SURE_BRAND) if firm else TRANSLATED
    starts = (whole[:n] for n in range(min(len(whole), _longest_brand()), least - 1, -1))
    fitting = (b for b in starts if b in local)
    return next((local[b] for b in fitting if len(b) > 2 or not chinese.is_generic(b)), "")


def brand_home(name: str) -> str:
    """Country of the group of a name by the table of brands; empty when it names none."""
    return _homes().get(known_brand(name), "")


def is_whole_brand(name: str) -> bool:
    """Tell whether a Chinese name is a brand of the table and a legal form, nothing else."""
    return chinese.parse(name).entity.casefold() in _local_brands()


def _is_brand(name: str) -> bool:
    """Whether a name is a brand and nothing else ("Rolls Royce" is no person)."""
    return latin.stems_of(name) in _latin_brands()


def group_links(names: pd.DataFrame, vendor: pd.Series) -> pd.DataFrame:
    """Reasons why parties belong to a group.

    Parameters
    ----------
    names
        One row per distinct name, indexed by it, with ``party_id``, ``party_type`` and ``mentions``.
    vendor
        Vendor's standardised name of some of the names, indexed by name.

    Returns
    -------
    pandas.DataFrame
        ``party_id, token, reason``: parties with the same token are of one group. Reasons:
        ``prefix`` (a group's common beginning), ``known_brand`` (table of brands), ``brand`` (the
        firm's own word, three characters or more), ``brand_in_region`` (two characters and the same
        province), ``brand_of_group`` (two characters, and a firm of the set calls itself a group),
        ``parent`` (hospital of a university), ``vendor`` (the vendor's standardised name).
    """
    kind = names["party_type"].fillna("").to_dict()
    rows = [
        (party, token, reason)
        for name, party in names["party_id"].items()
        for token, reason in _tokens(str(name))
        if reason != "known_brand" or kind[name] != "individual" or _is_brand(str(name))
    ]
    links = pd.DataFrame(rows, columns=["party_id", "token", "reason"], dtype="str")
    grouped = set(links.loc[links["reason"] == "brand_of_group", "token"])
    short = links[links["reason"] == "brand_in_region"]
    wide = short.assign(token=short["token"].str.split("@").str[0], reason="brand_of_group")
    links = pd.concat([links, wide[wide["token"].isin(grouped)]])
    # Vendors give people the name of the firm they filed with.
    firms = names.index[(names["party_type"] != "individual").fillna(True)]
    said = vendor[vendor.index.isin(firms)]
    by_vendor = pd.DataFrame(
        {
            "party_id": names["party_id"].reindex(said.index).to_numpy(),
            "token": ("vendor:" + said).to_numpy(),
            "reason": "vendor",
        }
    ).drop_duplicates()
    by_vendor = by_vendor[~_of_another_group(links, by_vendor, names).astype("bool")]
    by_vendor = by_vendor[~_of_another_kind(by_vendor, names)]
    by_vendor = by_vendor[~_of_another_place(by_vendor, names)]
    links = pd.concat([links, by_vendor]).drop_duplicates()
    return links.sort_values(["party_id", "token", "reason"], ignore_index=True)


def people_links(names: pd.DataFrame, filed: pd.DataFrame, inventors: pd.DataFrame) -> pd.DataFrame:
    """Firms of one province and one word that many firms use, joined by the people who invent for both.

    "Virtual Reality Technology" and "Virtual Reality Science" of one town may be two strangers; where
    the same people invent for both they are one group.

    Parameters
    ----------
    names
        As in :func:`group_links`.
    filed
        ``publication_id, party_id``.
    inventors
        ``publication_id, name_raw``.

    Returns
    -------
    pandas.DataFrame
        ``party_id, token, reason``, as :func:`group_links` gives them; the reason is
        ``brand_and_people``: two people or more are named by both, on filings of one alone, and stand
        on more than half of those that the smaller one filed without the other.
    """
    known = names[~names["party_type"].eq("individual").fillna(False).to_numpy(dtype=bool)]
    alike: dict[tuple[str, str], set[str]] = {}
    for name, party in known["party_id"].items():
        if chinese.has_cjk(str(name)):
            parsed = chinese.parse(str(name))
            if parsed.kind == "company" and parsed.brand and parsed.region.province:
                place = (parsed.brand, parsed.region.province)
                alike.setdefault(place, set()).add(str(party))
    several = sorted(p for group in alike.values() if len(group) > 1 for p in group)
    rows = filed[filed["party_id"].isin(several)].drop_duplicates()
    ids = {str(p): frozenset(own) for p, own in rows.groupby("party_id")["publication_id"]}
    named = inventors[inventors["publication_id"].isin(rows["publication_id"])]
    people = {str(k): frozenset(own) for k, own in named.groupby("publication_id")["name_raw"]}
    found = [
        (party, f"people:{one}&{other}", "brand_and_people")
        for group in alike.values() for one, other in combinations(sorted(group), 2)
        if _share_people(ids.get(one, frozenset()), ids.get(other, frozenset()), people)
        for party in (one, other)
    ]  # fmt: skip
    return pd.DataFrame(found, columns=["party_id", "token", "reason"], dtype="str")


def unit_links(names: pd.DataFrame, filed: pd.DataFrame) -> pd.DataFrame:
    """Research centres of a firm, by its name in front of theirs and by filing always with it.

    Parameters
    ----------
    names
        As in :func:`group_links`.
    filed
        ``publication_id, party_id``.

    Returns
    -------
    pandas.DataFrame
        ``party_id, token, reason``, as :func:`group_links` gives them: the centre and its firm; the
        reason is ``unit_of``. The name of the centre is the firm's without its legal form and an end of
        ``[unit_of_firm]`` (``data/names/organisations-zh.toml``), and no filing of the centre is without
        the firm.
    """
    firms: dict[str, set[str]] = {}
    centres: list[tuple[str, str]] = []
    for name, party in names["party_id"].items():
        if not chinese.has_cjk(str(name)):
            continue
        parsed = chinese.parse(str(name))
        if parsed.kind == "company":
            firms.setdefault(regions.cut_front(parsed.entity)[1], set()).add(str(party))
        elif front := chinese.firm_of_unit(parsed):
            centres.append((str(party), regions.cut_front(front)[1]))
    wanted = {front for _, front in centres}
    parties = {p for front in wanted for p in firms.get(front, ())} | {p for p, _ in centres}
    rows = filed[filed["party_id"].isin(sorted(parties))]
    ids = {str(p): frozenset(own) for p, own in rows.groupby("party_id")["publication_id"]}
    found = [
        (party, f"unit:{firm}", "unit_of")
        for centre, front in sorted(set(centres))
        for firm in sorted(firms.get(front, set()) - {centre})
        if ids.get(centre, frozenset()) <= ids.get(firm, frozenset())
        for party in (centre, firm)
    ]
    return pd.DataFrame(found, columns=["party_id", "token", "reason"], dtype="str")


def _share_people(
    one: frozenset[str], other: frozenset[str], people: dict[str, frozenset[str]]
) -> bool:
    """Whether the same people invent for two firms (:func:`people_links`)."""
    less, more = sorted((one - other, other - one), key=len)
    theirs = frozenset().union(*(people.get(p, frozenset()) for p in more))
    shared = [people.get(p, frozenset()) & theirs for p in sorted(less)]
    both = frozenset().union(*shared)
    return len(both) >= _SHARED_PEOPLE and 2 * sum(map(bool, shared)) > len(less)


def _of_another_group(
    links: pd.DataFrame, by_vendor: pd.DataFrame, names: pd.DataFrame
) -> pd.Series:
    """Which links of a vendor join a firm whose own name says another known group.

    Vendors file joint ventures under one parent. The firms named most often under a standardised
    name say whose it is; a firm of another known group keeps to its name, or it would join the two.
    """
    known = links[links["reason"].isin(_KNOWN)]
    known = known.assign(group=known["token"].str.replace("^[a-z]+:", "", regex=True))
    rows = by_vendor.reset_index(names="link").merge(known[["party_id", "group"]], on="party_id")
    if rows.empty:
        return pd.Series(data=False, index=by_vendor.index, dtype="bool")
    rows["n"] = rows["party_id"].map(names.groupby("party_id")["mentions"].sum())
    counts = rows.groupby(["token", "group"])["n"].sum().reset_index()
    counts = counts.sort_values(["token", "n", "group"], ascending=[True, False, True])
    first = counts.drop_duplicates("token").set_index("token")["group"]
    agrees = (rows["group"] == rows["token"].map(first)).groupby(rows["link"]).any()
    return ~agrees.reindex(by_vendor.index, fill_value=True)


def _of_another_kind(by_vendor: pd.DataFrame, names: pd.DataFrame) -> pd.Series:
    """Which links of a vendor join a firm to a university or hospital, or the other way.

    Vendors file a university's holdings under the university, and universities under the academy that
    runs them. Whose the standardised name is say the parties named most often under it.
    """
    public = {"university": True, "hospital": True, "enterprise": False}
    kind = names.groupby("party_id")["party_type"].first()
    rows = by_vendor.assign(
        kind=by_vendor["party_id"].map(kind),
        public=by_vendor["party_id"].map(kind.map(public).astype("boolean")),
        n=by_vendor["party_id"].map(names.groupby("party_id")["mentions"].sum()),
    )
    known = rows.dropna(subset=["public"]).sort_values(
        ["token", "n", "party_id"], ascending=[True, False, True]
    )
    whose = rows["token"].map(known.drop_duplicates("token").set_index("token")["public"])
    leading = rows.sort_values(["token", "n", "party_id"], ascending=[True, False, True])
    first = rows["token"].map(leading.drop_duplicates("token").set_index("token")["kind"])
    run = rows["kind"].eq("university") & first.eq("research_institute")
    apart = (rows["public"] != whose).fillna(value=False) | run.fillna(value=False)
    return apart.astype("bool")


def _of_another_place(by_vendor: pd.DataFrame, names: pd.DataFrame) -> pd.Series:
    """Which links of a vendor join firms of two places whose names have no word of their own.

    "Guangxi Virtual Reality Technology", "Guangdong Virtual Reality Technology" and "Shenzhen Virtual
    Reality Technology" differ in the one part that tells who they are; the standardised name alone
    does not make them one, not even where one place lies in the other. People who invent for both do
    (:func:`people_links`).
    """

    def placed(name: str) -> tuple[str, tuple[str, str]]:
        parsed = chinese.parse(name)
        own = parsed.kind == "company" and chinese.is_line_of_business(parsed.brand)
        return (parsed.brand, parsed.region[:2]) if own else ("", ("", ""))

    rows = pd.DataFrame({"name": names.index, "party_id": names["party_id"].to_numpy(),
                         "mentions": names["mentions"].to_numpy()})  # fmt: skip
    rows = rows.sort_values(["mentions", "name"], ascending=[False, True])
    called = rows.drop_duplicates("party_id").set_index("party_id")["name"].to_dict()
    apart = []
    for party, token in zip(by_vendor["party_id"], by_vendor["token"], strict=True):
        label, place = placed(str(token).removeprefix("vendor:"))
        brand, other = placed(str(called[party])) if place[0] else ("", ("", ""))
        apart.append(bool(other[0]) and brand == label and other != place)
    return pd.Series(apart, index=by_vendor.index, dtype="bool")


def _tokens(name: str) -> Iterator[tuple[str, str]]:
    brand = known_brand(name)
    if brand:
        yield f"brand:{brand}", "known_brand"
    if not chinese.has_cjk(name):
        return
    parsed = chinese.parse(name)
    prefix = chinese.group_by_prefix(parsed)
    if prefix:
        yield f"group:{prefix}", "prefix"
    if parsed.kind == "hospital":
        parent = chinese.parent_university(parsed)
        if parent:
            yield f"entity:{parent}", "parent"
    elif parsed.kind == "university":
        yield f"entity:{parsed.entity}", "parent"
    elif parsed.kind == "company" and not chinese.is_generic(parsed.brand):
        yield from _brand_tokens(parsed)


def _brand_tokens(parsed: chinese.ChineseName) -> Iterator[tuple[str, str]]:
    if len(parsed.brand) >= SURE_BRAND:
        yield f"brand:{parsed.brand}", "brand"
    elif len(parsed.brand) == SHORT_BRAND and chinese.abroad(parsed.clean):
        yield f"brand:{parsed.brand}@abroad", "brand_in_region"
    elif len(parsed.brand) == SHORT_BRAND:
        if parsed.region.province:
            yield f"brand:{parsed.brand}@{parsed.region.province}", "brand_in_region"
        if parsed.is_group:
            yield f"brand:{parsed.brand}", "brand_of_group"


def group_ids(parties: pd.Series, links: pd.DataFrame) -> pd.Series:
    """Group of every party: parties joined by equal tokens.

    Parameters
    ----------
    parties
        Distinct party ids, sorted.
    links
        Result of :func:`group_links`.

    Returns
    -------
    pandas.Series
        ``group_id`` by party id; the id of the group's first party with ``G`` in front.
    """
    index = pd.Index(parties)
    token, _ = pd.factorize(links["token"], sort=True)
    n = len(index) + (int(token.max()) + 1 if len(token) else 0)
    labels = components(index.get_indexer(links["party_id"]), token + len(index), n)
    first = pd.Series(index, index=index).groupby(labels[: len(index)]).transform("min")
    return first.str.replace("P-", "G-", n=1, regex=False).rename("group_id")
