"""Chinese regions in names, addresses and vendor strings: province, city, district."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from patentnav import _resources


class Region(NamedTuple):
    """A place; the parts that are not known are empty."""

    province: str = ""
    city: str = ""
    district: str = ""


NOWHERE = Region()


@functools.cache
def _forms() -> dict[str, Region]:
    """Every spelling of a place, with the place; spellings of two places are left out."""
    found: dict[str, set[Region]] = {}

    def add(form: str, region: Region) -> None:
        found.setdefault(form, set()).add(region)

    table = _resources.load_toml("names", "regions")
    ends = table["suffixes"]
    for province, entry in table.items():
        if province == "suffixes":
            continue
        for form in (province, entry["full"]):
            add(form, Region(province))
        for city, districts in entry.items():
            if city in {"full", "en"}:
                continue
            # A city with its suffix in the table is ambiguous without it.
            short = city.removesuffix(ends["city"][0])
            region = Region(province, short)
            for form in (city, *(short + end for end in ends["city"])):
                add(form, region)
            for district in districts:
                place = Region(province, short, district)
                add(district, place)
                if not district.endswith(tuple(ends["district"])):
                    for end in ends["district"]:
                        add(district + end, place)
    return {form: _widest(regions) for form, regions in found.items() if _widest(regions)[0]}


def _widest(regions: set[Region]) -> Region:
    # Peking is a province and its own city: the city says more.
    provinces = {r.province for r in regions}
    if len(provinces) > 1:
        return NOWHERE
    cities = {r.city for r in regions if r.city}
    if len(cities) > 1:
        return Region(next(iter(provinces)))
    return max(regions, key=lambda r: (bool(r.city), r.district == "", r))


@functools.cache
def _front() -> re.Pattern[str]:
    forms = sorted(_forms(), key=lambda f: (-len(f), f))
    return re.compile("|".join(map(re.escape, forms)))


def lookup(text: str) -> Region:
    """Region that a text names as a whole (empty when it names none)."""
    return _forms().get(text, NOWHERE)


def cut_front(name: str, *, leave: int = 2) -> tuple[Region, str]:
    """Cut places off the front of a name while at least ``leave`` characters stay.

    Returns
    -------
    Region
        The most exact place that was cut, empty when none was.
    str
        The rest of the name.
    """
    region = NOWHERE
    while found := _front().match(name):
        if len(name) - found.end() < leave:
            break
        region = _join(region, _forms()[found[0]])
        name = name[found.end() :]
    return region, name


def spelled(city: str, district: str) -> str:
    """City and district in one name that :func:`cut_front` reads; else the district alone.

    Examples
    --------
    >>> spelled("", "Mitte")
    'Mitte'
    """
    ends = _resources.load_toml("names", "regions")["suffixes"]["city"]
    for known in (f"{city}{end}" for end in (*ends, "") if f"{city}{end}" in _forms()):
        place, rest = cut_front(f"{known}{district}", leave=0)
        if not rest and place.district and place.city == _forms()[known].city:
            return f"{known}{district}"
    return district


def find(text: str) -> Region:
    """Region named first in an address or a vendor's string such as ``province; 37``."""
    found = _front().search(text)
    if not found:
        return NOWHERE
    region = _forms()[found[0]]
    rest = text[found.end() :]
    while (following := _front().search(rest)) and len(rest) - len(rest[following.end() :]) <= 12:
        joined = _join(region, _forms()[following[0]])
        if joined == region:
            break
        region, rest = joined, rest[following.end() :]
    return region


def _join(outer: Region, inner: Region) -> Region:
    if outer.province and inner.province != outer.province:
        return outer
    if outer.city and inner.city and inner.city != outer.city:
        return outer
    return Region(inner.province, inner.city or outer.city, inner.district or outer.district)
