"""Names and ids of people replaced by numbers that say nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import _resources
from patentnav._strings import among
from patentnav._version import __version__
from patentnav.clean.party_types import party_types
from patentnav.errors import MissingColumnError
from patentnav.provenance import Step

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet


HIDDEN = "#"  # an entry that names no person
# Tables that quote the source; any quotation may hold a name.
QUOTING = ("vendor_values", "set_aside", "cell_failures", "repairs", "conflicts")


def masks(patents: PatentSet) -> dict[str, str]:
    """Number that stands for each person when names are masked, the same in every table of a set."""
    ids = sorted(patents.inventors["inventor_id"].dropna().unique())
    width = len(str(len(ids)))
    return {person: f"#{number:0{width}d}" for number, person in enumerate(ids, start=1)}


def mask(patents: PatentSet) -> PatentSet:
    """Replace the names of all people of a set, so that whatever is made of it names nobody.

    Parameters
    ----------
    patents
        A set whose inventors are resolved, or that has none (people may be applicants, too).

    Returns
    -------
    PatentSet
        ``inventors``: ids and names are numbers, addresses are gone. ``parties`` that are people
        (or of no known type, but called like an inventor) get a number too, and no address.
        Tables that quote the source (the vendor's own columns, repairs, conflicts …) are emptied
        and the words of legal events left out, but for those that say that something ended: they
        may hold names; of their parties only
        organisations stay. Titles and texts stay.

    Raises
    ------
    MissingColumnError
        The inventors or the parties are not resolved.
    """
    if patents.has("inventors") and not patents.has("inventors", "inventor_id"):
        msg = "The set has no inventor_id. Run clean.resolve_inventors first."
        raise MissingColumnError(msg)
    inventors = _inventors(patents)
    tables = {}
    if patents.has("inventors"):
        number = inventors["inventor_id"].map(masks(patents)).astype("str")
        tables["inventors"] = inventors.assign(
            inventor_id=number, name=number, name_raw=number.fillna(HIDDEN), address=None
        )
    if patents.has("legal_events"):
        tables["legal_events"] = _masked_events(patents, inventors)
    if patents.has("parties"):
        tables["parties"] = _masked_parties(patents.parties, inventors)
    n = len(patents)
    for name in QUOTING:
        if patents.has(name):
            tables[name] = getattr(patents, name).iloc[:0]
    return patents.replace(Step("talent.mask", {}, n, n, __version__), **tables)


def _inventors(patents: PatentSet) -> pd.DataFrame:
    """Return the inventors, none where the set carries no such table."""
    if patents.has("inventors"):
        return patents.inventors
    return pd.DataFrame(columns=["inventor_id", "name", "name_raw"])


def _masked_events(patents: PatentSet, inventors: pd.DataFrame) -> pd.DataFrame:
    """Events without their words; parties only where they are known to be organisations."""
    events = patents.legal_events
    names = set(inventors["name_raw"].dropna()) | set(inventors["name"].dropna())
    told = {}
    for side in ("party_from", "party_to"):
        said = events[side].dropna().drop_duplicates()
        kinds = party_types(said)
        firms = set(said[kinds.notna() & (kinds != "individual") & ~said.isin(names)])
        told[side] = events[side].where(events[side].isin(firms), None).astype("str")
    words = _telling(events["text"])
    return events.assign(text=words, **told).drop_duplicates(ignore_index=True)


def _telling(texts: pd.Series) -> pd.Series:
    """The words of every text that say whether something ended (``data/law/events.toml``), or NA."""
    law = _resources.load_toml("law", "events")
    patterns = [
        value for entry in law.values() for value in entry.values() if isinstance(value, str)
    ]
    distinct = texts.dropna().drop_duplicates()
    found = distinct.str.findall("|".join(patterns)).str.join(" ")
    said = texts.map(pd.Series(found.to_numpy(), index=distinct.to_numpy())).astype("str")
    return said.where(said != "")


def _masked_parties(parties: pd.DataFrame, inventors: pd.DataFrame) -> pd.DataFrame:
    names = pd.concat([inventors["name_raw"], inventors["name"]]).dropna()
    person = (parties["party_type"] == "individual").fillna(False)
    person |= parties["party_type"].isna() & among(parties["name_raw"], names)
    who = parties["party_id"].fillna(parties["name_raw"]).where(person)
    order = {name: i for i, name in enumerate(sorted(who.dropna().unique()), start=1)}
    number = who.map({name: f"#P{i:0{len(str(len(order)))}d}" for name, i in order.items()})
    hidden = dict.fromkeys(("name_raw", "name", "party_id", "group_id"), number)
    masked_columns = {c: parties[c].where(~person, v).astype("str") for c, v in hidden.items()}
    gone = {c: parties[c].where(~person, None) for c in ("name_standard", "address")}
    return parties.assign(**masked_columns, **gone)


def shown(table: pd.DataFrame, patents: PatentSet, *, masked: bool) -> pd.DataFrame:
    """Return the table with its people as they are, or with numbers in place of ids and names."""
    if not masked:
        return table
    code = masks(patents)
    if "inventor_id" in table.columns:
        numbers = table["inventor_id"].map(code)
        return table.assign(inventor_id=numbers, name=numbers)
    numbers = pd.Series(table.index.map(code), index=table.index)
    return table.assign(name=numbers).set_axis(pd.Index(numbers, name="inventor_id"))
