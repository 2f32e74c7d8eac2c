"""The synthetic city: its tables and the truth behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from patentnav._shown import presented
from patentnav._version import __version__
from patentnav.datasets import (
    citations,
    classes,
    events,
    families,
    filings,
    people,
    plants_portfolios,
    publications,
    tables,
    vocabulary,
    wording,
)
from patentnav.errors import ArgumentError
from patentnav.patentset import PatentSet
from patentnav.provenance import Step

SMALLEST = 20


@presented("city.patents")
@dataclass(frozen=True)
class City:
    """An invented city's patents with known truth. Nothing in it is a real patent.

    Attributes
    ----------
    patents : PatentSet
        The data, marked ``source="synthetic-city"``.
    truth : pandas.DataFrame
        Indexed by ``publication_id``: ``industry, technology, organisation, portfolio``
        (``portfolio`` NA where none). ``organisation`` is the first applicant's; for an individual
        it is the person's number.
    people : pandas.DataFrame
        ``publication_id, position, person``; ``person`` is NA where the document hides the name.
    portfolios : pandas.DataFrame
        Indexed by ``portfolio``: ``technology, inventions, pct, meets_gate, inventions_missing,
        pct_missing, organisation``. Counted are applications of the type invention, pending or
        granted, and those of them with a WO member in their family; the gate is 50 and 10.
    levers : pandas.DataFrame
        Next steps planted around the portfolios below the gate, one row per application (its first
        document): ``portfolio, lever, plant, publication_id, inventions, pct, days_left``. ``lever``
        is ``pct_open, own_neighbour, partner`` or ``alliance``; ``plant`` says what was planted:
        ``open``, ``lost`` (the priority year ended within two months), ``unknown`` (the priority is
        not told) and ``later`` (an earlier filing at home is claimed) among the former;
        ``days_left`` counts from the last day of 2025.
    organisations : pandas.DataFrame
        ``name_raw, organisation, name, party_type``: every spelling that may occur, its
        organisation and that organisation's own name.
    """

    patents: PatentSet
    truth: pd.DataFrame
    people: pd.DataFrame
    portfolios: pd.DataFrame
    levers: pd.DataFrame
    organisations: pd.DataFrame

    def __repr__(self) -> str:
        zh, en = vocabulary.pair(vocabulary.table("wording")["synthetic"])
        return f"City: {en} {zh}\n{self.patents!r}"


def city(n: int = 5000, random_state: int = 0) -> City:
    """Make an invented city's patents with known truth.

    Ten industries with three or four technologies each; owners under several spellings; persons
    with namesakes; planted portfolios on both sides of the gate of 50 inventions and 10 PCT
    filings, known next steps around those below it, and nobody else near it; examination, fees, deals, families and citations in order of
    time. Words and classes are written for this city and not drawn from any taxonomy, so that a
    classifier can be tested on it.

    Parameters
    ----------
    n
        Number of publications, at least 20. Small cities have fewer planted portfolios.
    random_state
        Seed. Equal arguments give equal tables.

    Returns
    -------
    City

    Raises
    ------
    ArgumentError
        ``n`` is too small.

    Examples
    --------
    >>> import patentnav as pnav
    >>> small = pnav.datasets.city(n=200, random_state=1)
    >>> len(small.patents), small.truth["industry"].nunique()
    (200, 10)
    """
    if n < SMALLEST:
        msg = f"n={n} is too small for a city; ask for {SMALLEST} publications or more."
        raise ArgumentError(msg)
    rng = np.random.default_rng(random_state)
    filed, owners, plan = filings.file(n, rng)
    filed, documents = publications.publish(filed, n, rng)
    mentions = people.invent(filed, rng)
    who = tables.owners(filed, owners, mentions, rng)
    country = who["country"].to_numpy()
    happened = events.happen(filed, who["name"].to_numpy(), owners, rng)
    members = families.members(filed, documents, rng)
    cited = citations.cite(filed, documents, rng)
    priorities = families.priorities(filed, country, rng)
    words = wording.write(filed, rng)
    inventors = tables.inventors(documents, mentions, who)
    frame = tables.publications(filed, documents, words, rng)
    frame = tables.counts(frame, (documents, filed), members, cited, rng)
    frame = _with_priorities(frame, documents, priorities, filed["plant"] == "unknown")
    frame = _with_pct(frame, documents, families.international(filed, members, country))
    patents = PatentSet.from_tables(
        {
            "publications": frame,
            "texts": tables.texts(filed, documents, words, rng),
            "parties": tables.parties(documents, who, happened),
            "inventors": inventors.drop(columns="person"),
            "classifications": tables.spread(documents, classes.classify(filed, rng)),
            "citations": cited,
            "priorities": tables.spread(documents, priorities),
            "families": tables.families(members),
            "legal_events": tables.legal_events(documents, happened),
        },
        provenance=[_step(n, random_state)],
    )
    return City(
        patents=patents,
        truth=_truth(filed, documents, who),
        people=_people(inventors),
        portfolios=plan,
        levers=plants_portfolios.truth(filed, documents, filings.CUTOFF),
        organisations=owners.variants(),
    )


def _step(n: int, random_state: int) -> Step:
    zh, en = vocabulary.pair(vocabulary.table("wording")["synthetic"])
    note = {"n": n, "random_state": random_state, "note": f"{en} {zh}"}
    return Step("datasets.city", note, n, n, __version__)


def _with_priorities(
    frame: pd.DataFrame, documents: pd.DataFrame, priorities: pd.DataFrame, untold: pd.Series
) -> pd.DataFrame:
    claimed = priorities.set_index("application")["date"].reindex(documents["application"])
    claimed.index = frame.index
    earliest = claimed.fillna(frame["application_date"])
    hidden = untold.to_numpy()[documents["application"]]
    return frame.assign(earliest_priority_date=earliest.mask(hidden))


def _with_pct(frame: pd.DataFrame, documents: pd.DataFrame, pct: pd.DataFrame) -> pd.DataFrame:
    own = documents["application"].where(documents["role"] != "us", -1)
    return frame.assign(**{c: pct[c].reindex(own).to_numpy() for c in pct.columns})


def _truth(filed: pd.DataFrame, documents: pd.DataFrame, who: pd.DataFrame) -> pd.DataFrame:
    own = documents["application"].to_numpy()
    ids = np.array([t.id for t in vocabulary.technologies()], dtype=object)
    frame = pd.DataFrame(
        {
            "industry": filed["industry"].to_numpy()[own],
            "technology": ids[filed["technology"].to_numpy()[own]],
            "organisation": who["organisation"].to_numpy()[own],
            "portfolio": filed["portfolio"].to_numpy()[own],
        },
        index=pd.Index(documents["publication_id"], name="publication_id"),
        dtype="str",
    )
    return frame.sort_index()


def _people(inventors: pd.DataFrame) -> pd.DataFrame:
    frame = inventors[["publication_id", "position", "person"]].copy()
    known = frame["person"] >= 0
    person = "P" + frame["person"].astype(str).str.zfill(6)
    frame["person"] = person.where(known, None).astype("str")
    return frame.sort_values(["publication_id", "position"], ignore_index=True)
