"""The persons behind the inventor mentions: names with realistic collisions, teams, movers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.datasets import vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TEAM_APPLICATIONS = 12  # a team of this many applications is one team, more are several
_SINGLE_GIVEN = 0.18  # given names of one character; most collisions come from them
_SECOND_TEAM = 0.05  # places filled by somebody of another team of the same owner
_MOVERS = 0.015  # places filled by somebody who also works for another owner
_HIDDEN, _PARTLY_HIDDEN = 0.015, 0.006


@dataclass(frozen=True)
class Mentions:
    """Who invented what.

    Attributes
    ----------
    frame
        ``application`` (row number), ``position``, ``person`` (number, -1 for a placeholder),
        ``name``, ``name_en``.
    leader, leader_name
        Number and name of the head of every application's team: the applicant, where an
        individual applies.
    """

    frame: pd.DataFrame
    leader: NDArray
    leader_name: NDArray


@dataclass(frozen=True)
class Names:
    """Chinese and romanised names by person number."""

    zh: NDArray
    en: NDArray


def _characters(block: str) -> tuple[NDArray, NDArray, NDArray]:
    rows = [line.split() for line in block.strip().splitlines()]
    weights = np.array([float(r[2]) for r in rows])
    return (
        np.array([r[0] for r in rows], dtype=object),
        np.array([r[1].capitalize() for r in rows], dtype=object),
        weights / weights.sum(),
    )


def chinese_names(rng: np.random.Generator, n: int) -> Names:
    """Names from the frequencies of surnames and characters; namesakes happen by chance."""
    words = vocabulary.table("people")
    surname, surname_en, p_surname = _characters(words["surnames"])
    given, given_en, p_given = _characters(words["given"])
    s = rng.choice(len(surname), n, p=p_surname)
    a = rng.choice(len(given), n, p=p_given)
    b = rng.choice(len(given), n, p=p_given)
    single = rng.random(n) < _SINGLE_GIVEN
    second = np.where(single, "", given[b])
    second_en = np.where(single, "", np.array([g.lower() for g in given_en], dtype=object)[b])
    zh = surname[s] + given[a] + second
    en = given_en[a] + second_en + " " + surname_en[s]
    return Names(zh.astype(object), en.astype(object))


def foreign_names(rng: np.random.Generator, n: int) -> NDArray:
    """Names of foreign inventors, given name first."""
    words = vocabulary.table("people")
    given = rng.choice(words["foreign_given"], n).astype(object)
    surname = rng.choice(words["foreign_surnames"], n).astype(object)
    return np.asarray(given + " " + surname)


def invent(applications: pd.DataFrame, rng: np.random.Generator) -> Mentions:
    """Give every application its inventors.

    Parameters
    ----------
    applications
        Rows with ``owner`` (number), ``technology`` (number) and ``kind`` of the owner.
    rng
        Source of chance.
    """
    team, sizes, owner, technology = _teams(applications, rng)
    members = _members(sizes, owner, technology, rng)
    width = int(sizes.max())
    team_of = team.to_numpy()
    wanted = np.minimum(1 + rng.poisson(2.2, len(team_of)), sizes[team_of])
    # Order of the members on every application: the leader of the team tends to come first.
    key = rng.random((len(team_of), width))
    key[:, 0] *= 0.5
    key[np.arange(width)[None, :] >= sizes[team_of][:, None]] = np.inf
    chosen = np.argsort(key, axis=1, kind="stable")
    application, position = np.nonzero(np.arange(width)[None, :] < wanted[:, None])
    start = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    person = members[start[team_of[application]] + chosen[application, position]]
    frame = pd.DataFrame({"application": application, "person": person})
    frame = frame.drop_duplicates(ignore_index=True)
    frame["position"] = frame.groupby("application").cumcount() + 1
    names = chinese_names(rng, int(sizes.sum()))
    abroad = np.zeros(len(names.zh), dtype=bool)
    is_foreign = (applications["kind"] == "foreign").to_numpy()
    abroad[frame["person"][is_foreign[frame["application"]]]] = True
    other = foreign_names(rng, int(abroad.sum()))
    names.zh[abroad], names.en[abroad] = other, other
    frame["name"] = names.zh[frame["person"]]
    frame["name_en"] = names.en[frame["person"]]
    leader = members[start[team_of]]
    return Mentions(_hide(frame, len(team_of), rng), leader, names.zh[leader])


def _teams(
    applications: pd.DataFrame, rng: np.random.Generator
) -> tuple[pd.Series, NDArray, NDArray, NDArray]:
    """Team number of every application; size, owner and technology of every team."""
    key = ["owner", "technology"]
    group = applications.groupby(key)["kind"].transform("size")
    number = (rng.random(len(group)) * np.ceil(group / _TEAM_APPLICATIONS)).astype("int64")
    number = number.where(applications["kind"] != "individual", 0)
    keyed = applications[[*key, "kind"]].assign(number=number)
    team = keyed.groupby([*key, "number"], sort=True).ngroup()
    first = keyed.assign(team=team).drop_duplicates("team").sort_values("team")
    size = np.clip(2 + rng.poisson(2.5, len(first)), 2, 8)
    alone = (first["kind"] == "individual").to_numpy()
    size[alone] = np.where(rng.random(int(alone.sum())) < 0.25, 2, 1)
    return team, size, first["owner"].to_numpy(), first["technology"].to_numpy()


def _members(
    sizes: NDArray, owner: NDArray, technology: NDArray, rng: np.random.Generator
) -> NDArray:
    """Person number of every place of every team."""
    places = int(sizes.sum())
    person = np.arange(places)
    own = person.copy()
    for by, rate in ((owner, _SECOND_TEAM), (technology, _MOVERS)):
        value = np.repeat(by, sizes)
        order = np.argsort(value, kind="stable")
        start = np.searchsorted(value[order], value, "left")
        end = np.searchsorted(value[order], value, "right")
        other = order[start + (rng.random(places) * (end - start)).astype("int64")]
        swap = (rng.random(places) < rate) & (np.repeat(sizes, sizes) > 2)
        person = np.where(swap, own[other], person)
    return person


def _hide(frame: pd.DataFrame, n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Put placeholders where inventors asked not to be named."""
    hidden_word, partly_word = vocabulary.table("people")["placeholder"]
    application = frame["application"].to_numpy()
    is_first = frame["position"].to_numpy() == 1
    hidden = (rng.random(n) < _HIDDEN)[application]
    partly = (rng.random(len(frame)) < _PARTLY_HIDDEN) & ~is_first & ~hidden
    frame = frame.copy()
    for mask, word in ((hidden, hidden_word), (partly, partly_word)):
        frame.loc[mask, "person"] = -1
        frame.loc[mask, ["name", "name_en"]] = word
    shown: pd.DataFrame = frame[~hidden | is_first]
    return shown.reset_index(drop=True)
