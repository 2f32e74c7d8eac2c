"""The canonical tables of the invented city, from its applications and documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.datasets import publications as documents_
from patentnav.datasets import vocabulary
from patentnav.datasets.filings import CUTOFF

if TYPE_CHECKING:
    from patentnav.datasets.organisations import Organisations
    from patentnav.datasets.people import Mentions

SOURCE = "synthetic-city"
_ENGLISH = 0.7  # Chinese documents with an English translation
_TITLE_ONLY = 0.04
_UNREPRESENTED = 0.3  # individuals without an agent
_JOINT = 0.08  # background applications with a second applicant
_REPEATED_SPELLING = 0.9  # a grant spells the owner as the first publication did


def owners(
    applications: pd.DataFrame, organisations: Organisations, mentions: Mentions,
    rng: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    """Owner of every application.

    Returns
    -------
    pandas.DataFrame
        ``organisation, name, written, written_later, name_en, country, address, joint, agent``;
        ``written`` are spellings of the first and of a later document, ``joint`` is a second
        applicant (NA for most).
    """
    frame = organisations.frame
    owner = applications["owner"].to_numpy()
    person = owner >= len(frame)
    row = np.where(person, 0, owner)
    written = organisations.written(row, rng)
    again = organisations.written(row, rng)
    later = np.where(rng.random(len(row)) < _REPEATED_SPELLING, written, again)
    # Owners of planted portfolios stay alone, and are nobody's second applicant.
    planted = frame["organisation"].isin(
        frame["organisation"].to_numpy()[owner[applications["portfolio"].notna()]]
    )
    partner = frame.loc[frame["kind"].isin(["university", "institute"]) & ~planted, "name"]
    alone = (applications["planted"] | applications["pct"]).astype(bool).to_numpy() | person
    name = np.where(person, mentions.leader_name, frame["name"].to_numpy()[row])
    joint = pd.Series(rng.choice(partner.to_numpy(), len(row)))
    joint = joint.where(~alone & (rng.random(len(row)) < _JOINT) & (joint != name))
    second = applications["joint_with"].notna().to_numpy()
    seconds = applications["joint_with"].to_numpy()[second].astype("int64")
    joint[second] = frame["name"].to_numpy()[seconds]
    ids = np.array([f"P{p:06d}" for p in mentions.leader], dtype=object)
    agencies = np.array(vocabulary.table("organisations")["agencies"]["names"], dtype=object)
    agent = pd.Series(rng.choice(agencies, len(row)))
    address = frame["address"].to_numpy(dtype=object)
    return pd.DataFrame(
        {
            "organisation": np.where(person, ids, frame["organisation"].to_numpy()[row]),
            "name": name,
            "written": np.where(person, mentions.leader_name, written),
            "written_later": np.where(person, mentions.leader_name, later),
            "name_en": np.where(person, mentions.leader_name, frame["name_en"].to_numpy()[row]),
            "country": np.where(person, "CN", frame["country"].to_numpy()[row]),
            "address": np.where(person, rng.permutation(address)[row], address[row]),
            "joint": joint,
            "agent": agent.mask(person & (rng.random(len(row)) < _UNREPRESENTED)),
        }
    )  # fmt: skip


def spread(documents: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of applications given to each of their documents."""
    frame: pd.DataFrame = documents[["publication_id", "application"]].merge(rows, on="application")
    return frame.drop(columns="application")


def publications(
    applications: pd.DataFrame, documents: pd.DataFrame, texts: pd.DataFrame,
    rng: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    """The publications table without the counts of other tables."""
    own = documents["application"].to_numpy()
    of = applications.iloc[own].reset_index(drop=True)
    us = (documents["role"] == "us").to_numpy()
    claims = 3 + rng.poisson(5 * np.sqrt(applications["quality"].to_numpy()))
    independent = 1 + rng.binomial(2, 0.4, len(applications))
    design = (of["patent_type"] == "design").to_numpy()
    serial = 11_000_000 + 450_000 * np.arange(1, len(own) + 1) // len(own) + np.arange(len(own))
    american = pd.Series("US" + pd.Series(serial).astype(str)).to_numpy(dtype=object)
    frame = pd.DataFrame(
        {
            "publication_id": documents["publication_id"].to_numpy(),
            "application_id": np.where(us, american, of["application_id"]),
            "authority": np.where(us, "US", "CN"),
            "kind_code": documents["kind_code"].to_numpy(),
            "patent_type": of["patent_type"],
            "granted": documents["granted"].to_numpy(bool),
            "publication_date": documents["publication_date"].to_numpy(),
            "application_date": of["date"],
            "grant_date": of["grant_date"].where(~us),
            "title": np.where(us, texts["title_en"].to_numpy()[own], texts["title_zh"].to_numpy()[own]),
            "language": np.where(us, "en", "zh"),
            "legal_status": np.where(us, "unknown", of["status"]),
            "legal_status_raw": documents_.status_words(of["status"]).mask(us),
            "claim_count": claims[own],
            "independent_claim_count": np.minimum(independent, claims)[own],
            "page_count": (6 + claims * 1.4).astype(int)[own],
            "national_entry_date": of["entry_date"].where(~us),
            "expiry_date": of["expiry_date"].where(~us),
            "source": SOURCE,
        }
    )  # fmt: skip
    for column in ("claim_count", "independent_claim_count", "page_count"):
        frame[column] = frame[column].astype("Int64").mask(design)
    return frame.set_index("publication_id")


def texts(
    applications: pd.DataFrame, documents: pd.DataFrame, words: pd.DataFrame,
    rng: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    """The texts table: Chinese titles and abstracts, English translations of most, US English."""
    translated = rng.random(len(applications)) < _ENGLISH
    short = rng.random(len(applications)) < _TITLE_ONLY
    own = documents["application"].to_numpy()
    us = (documents["role"] == "us").to_numpy()
    parts: list[pd.DataFrame] = []
    for field in ("title", "abstract"):
        for language in ("zh", "en"):
            text = words[f"{field}_{language}"].to_numpy(dtype=object)[own]
            keep = us if language == "en" else ~us
            shown = keep | translated[own] if language == "en" else keep
            if field == "abstract":
                shown = shown & ~short[own]
            parts.append(
                pd.DataFrame(
                    {
                        "publication_id": documents["publication_id"], "field": field,
                        "language": language, "is_translation": ~keep, "text": text,
                    }
                )[shown & pd.notna(text)]
            )  # fmt: skip
    joined: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return joined


def parties(documents: pd.DataFrame, who: pd.DataFrame, happened: pd.DataFrame) -> pd.DataFrame:
    """The parties table: applicants as written, present owners after transfers, agents."""
    own = documents["application"].to_numpy()
    us = (documents["role"] == "us").to_numpy()
    later = (documents["role"] == "grant").to_numpy()
    of = who.iloc[own].reset_index(drop=True)
    words = vocabulary.table("organisations")
    written = np.select([us, later], [of["name_en"], of["written_later"]], of["written"])
    inside = (of["country"] == "CN").to_numpy()
    province = pd.Series(vocabulary.pair(words["province"])[0], index=of.index)
    city = pd.Series(vocabulary.pair(words["city"])[0] + words["suffix"], index=of.index)
    place = {
        "country": of["country"], "address": of["address"].where(~us & inside),
        "region": province.where(inside), "city": city.where(inside),
    }  # fmt: skip
    transfers = happened[happened["category"] == "transfer"].sort_values("date")
    holder = transfers.drop_duplicates("application", keep="last").set_index("application")[
        "party_to"
    ]
    present = of["name"].where(~np.isin(own, holder.index), holder.reindex(own).to_numpy())
    ids = documents["publication_id"].to_numpy()

    def rows(role: str, position: int, names: object, **more: object) -> pd.DataFrame:
        frame = pd.DataFrame({"publication_id": ids, "name_raw": names, **more})
        return frame.assign(role=role, position=position)

    second = rows("applicant", 2, of["joint"], country="CN")
    current = rows("current_owner", 1, present)
    agents = rows("agent", 1, of["agent"])
    frame = pd.concat(
        [rows("applicant", 1, written, **place), second[~us], current[~us], agents[~us]],
        ignore_index=True,
    )
    named: pd.DataFrame = frame[frame["name_raw"].notna()]
    return named


def inventors(documents: pd.DataFrame, mentions: Mentions, who: pd.DataFrame) -> pd.DataFrame:
    """The inventors table with a column ``person`` (number, -1 where hidden)."""
    frame = documents[["publication_id", "application", "role"]].merge(
        mentions.frame, on="application"
    )
    name = frame["name"].where(frame["role"] != "us", frame["name_en"])
    country = who["country"].to_numpy()[frame["application"]]
    return pd.DataFrame(
        {
            "publication_id": frame["publication_id"], "position": frame["position"],
            "name_raw": name, "country": country, "person": frame["person"],
        }
    )  # fmt: skip


def families(members: pd.DataFrame) -> pd.DataFrame:
    """The families table: simple families, members outside the set included."""
    number = (members["application"] + 1).astype(str).str.zfill(7)
    return pd.DataFrame(
        {
            "scheme": "simple",
            "family_id": "SF" + number,
            "publication_id": members["publication_id"],
        }
    )


def legal_events(documents: pd.DataFrame, happened: pd.DataFrame) -> pd.DataFrame:
    """The legal events table; an event hangs on the last Chinese document of the application."""
    chinese = documents[documents["role"] != "us"]
    last = chinese.drop_duplicates("application", keep="last").set_index("application")
    ids = happened["application"].map(last["publication_id"])
    frame = happened.drop(columns="application").assign(publication_id=ids, country="CN")
    return frame.drop_duplicates(["publication_id", "date", "code", "text"])


def counts(
    frame: pd.DataFrame, made_from: tuple[pd.DataFrame, pd.DataFrame],
    members: pd.DataFrame, cited: pd.DataFrame, rng: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    """Add the counts that vendors state (family, citations), which reach beyond the set.

    ``made_from`` are the documents and the applications behind ``frame``.
    """
    documents, applications = made_from
    own = pd.Series(documents["application"].to_numpy(), index=frame.index)
    of_family = members.groupby("application")
    design = (frame["patent_type"] == "design").to_numpy()
    patent = cited[cited["cited_kind"] == "patent"]
    age = (CUTOFF - applications["first_date"].to_numpy()).astype("timedelta64[D]").astype(
        int
    ) / 365
    outside = rng.poisson(0.25 * applications["quality"].to_numpy() * age)
    inside = frame.index.to_series().map(patent["cited_id"].value_counts()).fillna(0)
    first = (documents["role"] == "first").to_numpy()
    more = np.where(first, outside[own], 0)

    def number(series: pd.Series) -> pd.Series:
        return frame.index.to_series().map(series).fillna(0).astype("Int64")

    literature = cited.loc[cited["cited_kind"] == "literature", "citing_id"].value_counts()
    return frame.assign(
        family_size=own.map(of_family["publication_id"].size()).astype("Int64").mask(design),
        family_country_count=own.map(of_family["authority"].nunique()).astype("Int64").mask(design),
        forward_citation_count=(inside + more).astype("Int64"),
        backward_citation_count=number(patent["citing_id"].value_counts()),
        npl_citation_count=number(literature),
    )
