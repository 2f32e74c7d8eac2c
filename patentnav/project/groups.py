"""Sets that get a report of their own: their choices, sizes and the names of their files."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts
from patentnav.clean import regions
from patentnav.errors import UnknownNameError, did_you_mean
from patentnav.study.gaps import require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from patentnav.facts import OwnerLevel
    from patentnav.project.file import Project
    from patentnav.study import Study

_LONGEST = 60  # characters of a name in a file name: 255 bytes with everything that follows
_SHOWN = 20


@dataclass(frozen=True)
class Group:
    """A set that gets a report.

    Attributes
    ----------
    name
        What it is called in ``only`` and in the manifest; empty for the whole set.
    stem
        First part of the names of its files.
    choices
        Inputs of its study.
    publications
        Its size.
    """

    name: str
    stem: str
    choices: Mapping[str, str]
    publications: int


@dataclass(frozen=True)
class Left:
    """A group without a report, and why."""

    name: str
    publications: int
    reason: str


def groups(project: Project, study: Study) -> tuple[list[Group], list[Left]]:
    """Groups that get a report, largest first, and those that get none.

    Parameters
    ----------
    project
        The project.
    study
        The whole set under the choices of the project.

    Raises
    ------
    UnknownNameError
        ``only`` names a group that the set does not have.
    UnavailableError
        The set does not tell the groups: it has no applicants, or no districts.
    """
    per = project.get("report", "per")
    if per == "set":
        return [Group("", "report", {}, len(study.patents))], []
    found = _KINDS[per](study)
    by_size = sorted(found, key=lambda one: (-one.publications, one.name))
    named = stems([one.name for one in by_size])
    all_of_them = [
        Group(one.name, stem, one.choices, one.publications)
        for one, stem in zip(by_size, named, strict=True)
    ]
    asked = {_asked(name, all_of_them, per) for name in project.only}
    chosen: list[Group] = []
    left: list[Left] = []
    for group in all_of_them:
        if asked and group.name not in asked:
            continue
        if group.publications < project.smallest:
            reason = f"fewer than min_publications = {project.smallest}"
        elif project.top is not None and len(chosen) >= project.top:
            reason = f"not among the largest, top = {project.top}"
        else:
            chosen.append(group)
            continue
        left.append(Left(group.name, group.publications, reason))
    return chosen, left


def _asked(name: str, known: list[Group], per: str) -> str:
    """The group that ``only`` means: by its name, or by the district alone where that is clear."""
    for group in known:
        if name == group.name:
            return group.name
    ends = [group.name for group in known if per == "district" and group.name.endswith(name)]
    if len(ends) == 1:
        return ends[0]
    names = [group.name for group in known]
    there = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
    hint = "" if did_you_mean(name, names) else f"Known: {there}."
    remedy = hint or f"There are: {there}."
    raise UnknownNameError(f"{per} of the set ([report] only)", name, names, remedy=remedy)


@dataclass(frozen=True)
class _Found:
    name: str
    choices: Mapping[str, str]
    publications: int


def _industries(study: Study) -> list[_Found]:
    return _nodes(study, "industry", "industry")


def _sub_sectors(study: Study) -> list[_Found]:
    return _nodes(study, "sub_sector", "sub_sector")


def _nodes(study: Study, column: str, given: str) -> list[_Found]:
    rows = study.memberships.dropna(subset=column)
    if study.inputs.industry:  # not the other industries of the same publications
        rows = rows[rows["industry"] == study.inputs.industry]
    counts = rows.groupby(column)["publication_id"].nunique()
    return [_Found(str(n), {given: str(n)}, int(count)) for n, count in counts.items() if count]


def _owners(level: OwnerLevel) -> Callable[[Study], list[_Found]]:
    def found(study: Study) -> list[_Found]:
        require(study.patents, "parties")
        rows = facts.owners(study.patents, level, which="all")
        counts = rows.groupby("owner")["publication_id"].nunique()
        names = rows.drop_duplicates("owner").set_index("owner")["name"]
        often = Counter(names)
        # The id where two owners have one name, or the name is the id of another.
        called = {
            str(owner): str(name) if often[name] == 1 and (name == owner or name not in counts)
            else str(owner)
            for owner, name in names.items()
        }  # fmt: skip
        return [
            _Found(called[str(o)], {"applicant": called[str(o)], "owner": level}, int(count))
            for o, count in counts.items()
        ]

    return found


def _districts(study: Study) -> list[_Found]:
    require(study.patents, "parties.district")
    held = facts.holder_places(study.patents)
    if region := study.inputs.region:
        within = facts.inside(study.patents, region).fillna(False)
        held = held[held["publication_id"].isin(within[within].index)]
    held = held.dropna(subset="district")
    joined = {
        place: regions.spelled(*place)  # cities share names of districts
        for place in held[["city", "district"]].fillna("").drop_duplicates().itertuples(index=False)
    }
    keys = pd.MultiIndex.from_frame(held[["city", "district"]].fillna(""))
    called = pd.Series([joined[key] for key in keys], index=held.index, dtype="str")
    counts = held.groupby(called)["publication_id"].nunique()
    return [_Found(str(d), {"region": str(d)}, int(count)) for d, count in counts.items()]


_KINDS: dict[str, Callable[[Study], list[_Found]]] = {
    "industry": _industries,
    "sub-sector": _sub_sectors,
    "applicant": _owners("party"),
    "group": _owners("group"),
    "district": _districts,
}


def stems(names: Iterable[str]) -> list[str]:
    """Names of files for names of groups, all different on any file system.

    Letters, digits, hyphens and underscores stay. A name that was cut, or that another one would
    share, ends in a hash of the whole name.

    Parameters
    ----------
    names
        All different.

    Examples
    --------
    >>> stems(["ict", "R&D", "R*D"])
    ['ict', 'R_D-1d168db4', 'R_D-f5f80cd2']
    """
    given = list(names)
    clean = [re.sub(r"[^\w-]+", "_", unicodedata.normalize("NFC", name)) for name in given]
    often = Counter(_folded(one) for one in clean)
    result = []
    for name, one in zip(given, clean, strict=True):
        if often[_folded(one)] > 1 or len(one) > _LONGEST:
            code = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:8]
            one = f"{one[:_LONGEST]}-{code}"  # noqa: PLW2901 (the same name, made distinct)
        result.append(one)
    return result


def _folded(name: str) -> Any:
    return unicodedata.normalize("NFKC", name[:_LONGEST]).casefold()
