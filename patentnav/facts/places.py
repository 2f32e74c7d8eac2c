"""Where: places of owners, and one test of whether a place lies inside a region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pandas as pd

from patentnav._memo import shared
from patentnav._strings import texts
from patentnav.clean import regions
from patentnav.counting import most_frequent
from patentnav.errors import ArgumentError, MissingColumnError
from patentnav.facts.owners import holders, party_ids
from patentnav.normalize.identifiers import offices

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

PlaceLevel = Literal["country", "region", "city", "district"]

PLACES = ("country", "region", "city", "district")


__all__ = ["PLACES", "PlaceLevel", "countries", "holder_places", "inside", "place_name", "places"]
_COLUMNS = ("country", "region", "city", "district", "address")


@shared
def holder_places(patents: PatentSet) -> pd.DataFrame:
    """Parties that own, with the place of each.

    A role that comes without address (current owners often do) takes the place that the other
    entries of the same party say most often.

    Returns
    -------
    pandas.DataFrame
        As :func:`patentnav.facts.holders`; ``country, region, city, district, address,
        place_source`` completed.

    Raises
    ------
    MissingTableError
        The set carries no parties.
    """
    held = holders(patents)
    parties = patents.parties
    known = parties.assign(party=party_ids(parties)).dropna(subset="party")
    own = party_ids(held)
    silent = held[[*_COLUMNS]].isna().all(axis=1)
    for column in (*_COLUMNS, "place_source"):
        usual = own.map(most_frequent(known, "party", column)).astype(held[column].dtype)
        held = held.assign(**{column: held[column].where(~silent, usual)})
    return held


def places(patents: PatentSet, level: PlaceLevel = "city") -> pd.DataFrame:
    """Places of the owners of every publication, as a membership table for ``by=`` and ``entity=``.

    Parameters
    ----------
    patents
        A set whose parties have places: from the source, or from addresses and names once parties
        are resolved.
    level
        ``country``, ``region`` (province or state), ``city`` or ``district``.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, place, weight``: the owners of a publication share it equally; owners
        without a known place are left out, and publications all of whose owners are.

    Raises
    ------
    MissingTableError
        The set carries no parties.
    MissingColumnError
        No owner has a place of that level.
    ArgumentError
        ``level`` is unknown.
    """
    if level not in PLACES:
        msg = f'"{level}" is not one of {", ".join(PLACES)}.'
        raise ArgumentError(msg)
    held = holder_places(patents).dropna(subset=level)
    if held.empty:
        msg = f"No owner has a {level}. Export addresses, or derive places with clean.resolve_parties."
        raise MissingColumnError(msg)
    counts = held.groupby(["publication_id", level]).size().rename("weight").reset_index()
    counts["weight"] /= counts.groupby("publication_id")["weight"].transform("sum")
    result = counts.rename(columns={level: "place"})
    result.attrs = {"level": level, "unplaced": len(patents) - result["publication_id"].nunique()}
    return result


def place_name(value: str, level: str) -> str:
    """One spelling of a place.

    Parameters
    ----------
    value
        A place as the source writes it.
    level
        ``region``, ``city`` or ``district``; places of another level stay as they are.

    Returns
    -------
    str
        The name of the table of Chinese divisions where it has the place, else ``value``.
    """
    found = regions.lookup(value)
    known = {"region": found.province, "city": found.city, "district": found.district}
    return known.get(level) or value


def inside(patents: PatentSet, region: str) -> pd.Series:
    """Whether a publication has an owner in a region: the one test of the package.

    A Chinese province, city or district is looked up in the table of administrative divisions and
    compared level by level with what the parties say (columns first, then the address). Any other
    name is compared with the columns as a whole or as their beginning, and searched for in the
    address.

    Parameters
    ----------
    patents
        The set.
    region
        Name of a province, city or district, with or without its suffix, or several of them
        joined; a country code; or a name as the source writes it.

    Returns
    -------
    pandas.Series
        boolean, indexed by ``publication_id``: True where any owner lies inside, False where the
        owners that say a place lie elsewhere, NA where none says one of that level. Of a country,
        a Chinese province or city tells it as well; places that were read from names do not count
        then, as they tell the domestic owners only.

    Raises
    ------
    MissingTableError
        The set carries no parties.
    ArgumentError
        ``region`` is empty.
    """
    if not region.strip():
        msg = 'region="" names no place. Give a province, city, district or country code.'
        raise ArgumentError(msg)
    held = holder_places(patents)
    asked, rest = regions.cut_front(region.strip(), leave=0)
    land = region.strip().upper()
    countrywide = land in offices()
    if countrywide:
        held = held[~(held["place_source"] == "name").fillna(False).astype(bool)]
    keys = held[[*_COLUMNS]].fillna("").astype("str")
    unique = keys.drop_duplicates()
    if countrywide:
        verdicts = [_of_country(tuple(row), land) for row in unique.to_numpy()]
    elif rest or asked == regions.NOWHERE:
        verdicts = [_named(tuple(row), region.strip().casefold()) for row in unique.to_numpy()]
    else:
        verdicts = [_within(tuple(row), asked) for row in unique.to_numpy()]
    lookup = unique.assign(verdict=pd.array(verdicts, dtype="Float64"))
    rows = keys.merge(lookup, on=[*_COLUMNS], how="left")["verdict"]
    best = rows.groupby(held["publication_id"].to_numpy()).max()
    found = best.reindex(patents.publications.index).astype("boolean")
    return found.rename("inside")


def countries(parties: pd.DataFrame) -> pd.Series:
    """Country of each party: as it says, or China where it names a Chinese place.

    Parameters
    ----------
    parties
        The table ``parties`` of a set.

    Returns
    -------
    pandas.Series
        str, on the index of ``parties``; NA where neither is said.
    """
    places_ = parties[[*PLACES]].fillna("").astype("str")
    rows = list(zip(*(texts(places_[column]) for column in PLACES), strict=True))
    lands = {row: _country(row) for row in set(rows)}
    return pd.Series([lands[row] for row in rows], index=parties.index, dtype="str")


def _within(row: tuple[str, ...], asked: regions.Region) -> float | None:
    """Verdict on one place (1, 0 or None) by the levels that are known of it."""
    _, province, city, district, address = row
    place = regions.NOWHERE
    for name in (province, city, district):
        place = _deeper(place, regions.lookup(name))
    if district and not place.district:  # a name that several cities share
        place = place._replace(district=district)
    if address and not all(known or not wanted for known, wanted in zip(place, asked, strict=True)):
        place = _deeper(place, regions.find(address))
    pairs = [(known, wanted) for known, wanted in zip(place, asked, strict=True) if wanted]
    if any(known and known != wanted for known, wanted in pairs):
        return 0.0
    if all(known for known, _ in pairs):
        return 1.0
    # An address abroad has no Chinese division at all.
    return 0.0 if not place.province and row[0] not in {"", "CN"} else None


def _deeper(outer: regions.Region, inner: regions.Region) -> regions.Region:
    """The two joined, unless they contradict: the outer one stands then."""
    agree = all(not a or not b or a == b for a, b in zip(outer, inner, strict=True))
    if not agree:
        return outer
    return regions.Region(*(a or b for a, b in zip(outer, inner, strict=True)))


def _country(row: tuple[str, ...]) -> str | None:
    """Country of a place: the stated one, else China where province, city or district is Chinese.

    Parameters
    ----------
    row
        Country, region, city, district, as the source writes them; empty where it does not.

    Returns
    -------
    str or None
        Country code; None where it is not told.
    """
    stated, *names = row[:4]
    if stated:
        return stated.upper()
    return "CN" if any(name and regions.lookup(name).province for name in names) else None


def _of_country(row: tuple[str, ...], asked: str) -> float | None:
    """Verdict by country; an address alone tells a Chinese place only."""
    told = _country(row)
    if told is None and row[4] and regions.find(row[4]).province:
        told = "CN"
    return None if told is None else float(told == asked)


def _named(row: tuple[str, ...], asked: str) -> float | None:
    """Verdict by spelling, for places that the table of divisions does not hold."""
    said = [value.casefold() for value in row]
    if any(value.startswith(asked) for value in said[:-1] if value) or asked in said[-1]:
        return 1.0
    return 0.0 if any(said) else None
