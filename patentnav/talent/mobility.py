"""Changes of owner, flows between regions, dependence of owners on single people."""

from __future__ import annotations

import itertools
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import pandas as pd

from patentnav._memo import shared
from patentnav._strings import texts
from patentnav.clean import chinese, inventor_names, latin, regions
from patentnav.clean.rarity import Rarity
from patentnav.talent.masking import shown
from patentnav.talent.people import owners, people

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet

LIKELY = 0.8  # probability from which a move is shown
_UNSURE = 0.5  # confidence of an identity that says none
_SOON = pd.Timedelta(days=183)
_MOST = 0.9  # no evidence in filings alone makes a change surer
_BY_NAME = 0.5
_MOVERS = (
    0.01  # part of the people of a set who change owners by themselves, to be set against namesakes
)
_JOINT = 0.3
_TOGETHER = 0.2
_MANY = 2
_HALF = 0.5
_BRAND = 4  # letters of a Latin word, from which it is a brand rather than an initial


def tenures(patents: PatentSet, unit: Unit | None = None, *, masked: bool = False) -> pd.DataFrame:
    """Owners of every person over time.

    Parameters
    ----------
    patents
        A set with resolved inventors and parties.
    unit
        Counted unit.
    masked
        Replace names and ids by numbers.

    Returns
    -------
    pandas.DataFrame
        One row per person and owner (group), in the order of the first filing: ``inventor_id,
        name, owner, group_id, region, first, last`` (dates of the first and last filing),
        ``units``. Times of two owners may overlap; what lies between two filings is not known.
    """
    return shown(_spells(patents, unit), patents, masked=masked)


@shared
def _spells(patents: PatentSet, unit: Unit | None) -> pd.DataFrame:
    rows = people(patents, unit).dropna(subset=["date"])
    held = rows.merge(owners(patents), on="publication_id")
    spells = (
        held.groupby(["inventor_id", "group_id"])
        .agg(
            name=("name", "first"),
            owner=("owner", "first"),
            region=("region", "first"),
            first=("date", "min"),
            last=("date", "max"),
            units=("unit_id", "nunique"),
        )
        .reset_index()
    )
    order = ["inventor_id", "first", "last", "group_id"]
    spells = spells.sort_values(order, ignore_index=True)
    return spells[["inventor_id", "name", "owner", "group_id", "region", "first", "last", "units"]]


def moves(
    patents: PatentSet,
    unit: Unit | None = None,
    *,
    min_probability: float = 0.0,
    masked: bool = False,
) -> pd.DataFrame:
    """Changes of owner that a person's filings show on both sides, with how likely each is one.

    Parameters
    ----------
    patents
        A set with resolved inventors and parties.
    unit
        Counted unit.
    min_probability
        Leave out what is less likely (0 to 1; ``LIKELY`` is what reports show).
    masked
        Replace names and ids by numbers.

    Returns
    -------
    pandas.DataFrame
        ``inventor_id, name, from_owner, to_owner, last_date`` (last filing with the former owner),
        ``first_date`` (first with the next), ``from_region, to_region, units_before, units_after,
        same_person, other_owner`` (how likely both sides are one person, and the two owners two
        organisations), ``probability`` (their product), ``together`` (others go the same way or stand
        on both sides: the two owners look like affiliates, or like one under a new name).
        A person moved when all filings with one owner lie before all filings with the next; owners
        of the same time (joint filings, two posts) are no move.

    Notes
    -----
    ``same_person`` is the lowest confidence of the identity, 0.9 at most, divided by the number of
    people of that name in the set, and halved where the two filings lie less than half a year apart:
    who leaves does not file elsewhere at once, namesakes do. Where no colleague is named with the
    person on both sides, the name alone tells: in Chinese characters it is at most m / (m + e) with e
    other bearers of the name to be expected in the set (the shares of its characters) and m the part of
    the people who change owners by themselves (0.01); one half for other names. ``other_owner`` falls with the
    likeness of the two names (one brand, a typing error, an added place), to 0.3 where the two file
    together and to 0.2 where ``together`` is set: two people or more go the same way, a colleague is
    named with the person on both sides, or half of the next owner's other people are the former's. So
    many read in real exports were affiliates and new names (11 of 18 in one) that these are no
    moves of single people. These are stated points, not a fitted model.
    """
    spells = _spells(patents, unit)
    earlier = spells.groupby("inventor_id").shift(1)
    reached = spells.groupby("inventor_id")["last"].cummax()
    latest = reached.groupby(spells["inventor_id"]).shift(1)
    moved = (latest < spells["first"]) & (earlier["last"] == latest)
    before, after = earlier[moved], spells[moved]
    table = pd.DataFrame(
        {
            "inventor_id": after["inventor_id"],
            "name": after["name"],
            "from_owner": before["owner"],
            "to_owner": after["owner"],
            "last_date": before["last"],
            "first_date": after["first"],
            "from_region": before["region"],
            "to_region": after["region"],
            "units_before": before["units"].astype("Int64"),
            "units_after": after["units"].astype("Int64"),
        }
    )
    groups = pd.DataFrame({"from": before["group_id"], "to": after["group_id"]})
    rows = people(patents, unit)
    likely = _same_person(table, rows)
    held = owners(patents)
    colleagues = _colleagues_on_both_sides(table, groups, rows, held)
    table["same_person"] = likely.where(colleagues, likely.clip(upper=_by_name(table, rows)))
    same_way = table.groupby([groups["from"], groups["to"]])["inventor_id"].transform("nunique")
    together = colleagues | (same_way >= _MANY) | _largely_the_former(table, groups, rows, held)
    table["other_owner"] = _other_owner(table, groups, held, together)
    table["probability"] = table["same_person"] * table["other_owner"]
    table["together"] = together
    table = table[table["probability"] >= min_probability]
    return shown(table.reset_index(drop=True), patents, masked=masked)


def _same_person(table: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    sure = rows.groupby("inventor_id")["confidence"].min().fillna(_UNSURE)
    namesakes = rows.groupby("name")["inventor_id"].nunique()
    sure_of = table["inventor_id"].map(sure).astype("float64").clip(upper=_MOST)
    likely = sure_of / table["name"].map(namesakes).astype("float64").fillna(1.0)
    soon = (table["first_date"] - table["last_date"]) < _SOON
    return likely.where(~soon, likely / 2).astype("float64")


def _by_name(table: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """How likely two filings of a name are one person's who moved, by the name alone."""
    parsed = {
        name: inventor_names.parse(name) for name in texts(rows["name"].dropna().drop_duplicates())
    }
    rarity = Rarity(parsed.values())
    shares = {
        name: rarity.share(parsed[name]) for name in texts(table["name"].dropna().drop_duplicates())
    }
    others = table["name"].map(shares).astype("float64") * len(set(parsed.values()))
    return (_MOVERS / (_MOVERS + others)).fillna(_BY_NAME)


def _largely_the_former(
    table: pd.DataFrame, groups: pd.DataFrame, rows: pd.DataFrame, held: pd.DataFrame
) -> pd.Series:
    """Whether half of the other people named by the next owner are named by the former one too."""
    staff = rows[["publication_id", "inventor_id"]].merge(
        held[["publication_id", "group_id"]], on="publication_id"
    )
    staff = staff[staff["group_id"].isin({*groups["from"], *groups["to"]})]
    by = staff.groupby("group_id")["inventor_id"].agg(set).to_dict()
    found = []
    for who, former, following in zip(
        table["inventor_id"], groups["from"], groups["to"], strict=True
    ):
        others = by.get(following, set()) - {who}
        found.append(bool(others) and len(others & by.get(former, set())) >= _HALF * len(others))
    return pd.Series(found, index=table.index, dtype="bool")


def _colleagues_on_both_sides(
    table: pd.DataFrame, groups: pd.DataFrame, rows: pd.DataFrame, held: pd.DataFrame
) -> pd.Series:
    """Whether somebody else is named with the person at the former owner and at the next."""
    moved = rows[rows["inventor_id"].isin(table["inventor_id"])]
    own = moved[["publication_id", "inventor_id"]].merge(
        held[["publication_id", "group_id"]], on="publication_id"
    )
    others = rows[["publication_id", "inventor_id"]].rename(columns={"inventor_id": "other"})
    pairs = own.merge(others, on="publication_id")
    pairs = pairs[pairs["inventor_id"] != pairs["other"]]
    by = pairs.groupby(["inventor_id", "group_id"])["other"].agg(set).to_dict()
    ends = zip(table["inventor_id"], groups["from"], groups["to"], strict=True)
    shared = [bool(by.get((who, a), set()) & by.get((who, b), set())) for who, a, b in ends]
    return pd.Series(shared, index=table.index, dtype="bool")


def _other_owner(
    table: pd.DataFrame, groups: pd.DataFrame, held: pd.DataFrame, together: pd.Series
) -> pd.Series:
    pairs = zip(table["from_owner"], table["to_owner"], strict=True)
    likely = pd.Series([1.0 - likeness(a, b) for a, b in pairs], index=table.index, dtype="float64")
    shared = held[["publication_id", "group_id"]].merge(
        held[["publication_id", "group_id"]], on="publication_id"
    )
    shared_by = set(zip(texts(shared["group_id_x"]), texts(shared["group_id_y"]), strict=True))
    both = zip(texts(groups["from"]), texts(groups["to"]), strict=True)
    joint = pd.Series([pair in shared_by for pair in both], index=table.index, dtype="bool")
    likely = likely.mask(joint, likely.clip(upper=_JOINT))
    return likely.mask(together, likely.clip(upper=_TOGETHER))


def affiliates(moved: pd.DataFrame) -> pd.DataFrame:
    """Pairs of owners between which people appear together: affiliates or new names to be checked.

    Parameters
    ----------
    moved
        Result of :func:`moves`.

    Returns
    -------
    pandas.DataFrame
        ``from_owner, to_owner, people, units_after, last_date, first_date``, most people first:
        the rows of ``moved`` that are ``together``; ``units_after`` of the person with most.
    """
    table = (
        moved[moved["together"].astype(bool)]
        .groupby(["from_owner", "to_owner"])
        .agg(
            people=("inventor_id", "nunique"),
            units_after=("units_after", "max"),
            last_date=("last_date", "max"),
            first_date=("first_date", "min"),
        )
        .reset_index()
    )
    order = ["people", "from_owner", "to_owner"]
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)


def likeness(one: str, other: str) -> float:
    """How much two names of organisations look like one, 0 to 1.

    One where one bears the name of the other (:func:`bears_the_name`); else the likeness of the
    spellings above one half.
    """
    if bears_the_name(one, other):
        return 1.0
    short, long = sorted((_own_words(name) for name in (one, other)), key=len)
    ratio = SequenceMatcher(None, short, long, autojunk=False).ratio()
    return max(0.0, 2 * ratio - 1)


def bears_the_name(one: str, other: str) -> bool:
    """Tell whether two names have a word of their own in common.

    The firms' own words are the same or one stands in the other's name; two Chinese names, one of a
    firm and none of a university or hospital, begin alike behind their places; the first word of a
    Latin name, no common one, stands among the other's, or is the initials of these.
    """
    short, long = sorted((_own_words(name) for name in (one, other)), key=len)
    if short and (short == long or (len(short) > 1 and short in long)):
        return True
    if chinese.has_cjk(one) and chinese.has_cjk(other):
        return _begin_alike(one, other)
    if chinese.has_cjk(one) or chinese.has_cjk(other):
        return False
    sides = latin.stems_of(one), latin.stems_of(other)
    return any(
        (len(mine[0]) >= _BRAND and mine[0] in theirs and latin.is_own_word(mine[0]))
        or (1 < len(mine[0]) < _BRAND and mine[0] == "".join(word[0] for word in theirs))
        for mine, theirs in (sides, sides[::-1])
        if mine and theirs
    )


def _begin_alike(one: str, other: str) -> bool:
    parsed = [chinese.parse(name) for name in (one, other)]
    kinds = {p.kind for p in parsed}
    if "company" not in kinds or kinds & {"university", "hospital"}:
        return False
    ends = (_behind_places(p.entity) for p in parsed)
    alike = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(*ends, strict=False))
    front = "".join(char for char, _ in alike)
    return len(front) > 1 and not any(chinese.is_generic(front[:n]) for n in (2, len(front)))


def _behind_places(entity: str) -> str:
    _, rest = regions.cut_front(entity)
    behind = chinese.behind_the_state(rest)
    return rest if behind == rest else regions.cut_front(behind)[1]


def _own_words(name: str) -> str:
    if not chinese.has_cjk(name):
        return " ".join(latin.stems_of(name))
    parsed = chinese.parse(name)
    common = chinese.is_generic(parsed.brand) or chinese.is_generic(_behind_places(parsed.brand))
    return parsed.entity if common else parsed.brand


def region_flows(moved: pd.DataFrame) -> pd.DataFrame:
    """People who moved between regions, both known: ``from_region, to_region, people, units_after``."""
    known = moved.dropna(subset=["from_region", "to_region"])
    known = known[known["from_region"] != known["to_region"]]
    table = (
        known.groupby(["from_region", "to_region"])
        .agg(people=("inventor_id", "nunique"), units_after=("units_after", "sum"))
        .reset_index()
    )
    order = ["people", "from_region", "to_region"]
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)


def dependence(
    patents: PatentSet,
    unit: Unit | None = None,
    *,
    min_count: int = 10,
    masked: bool = False,
) -> pd.DataFrame:
    """How far owners depend on single people.

    Parameters
    ----------
    patents
        A set with resolved inventors and parties.
    unit
        Counted unit.
    min_count
        Owners with fewer units are left out.
    masked
        Replace names and ids by numbers.

    Returns
    -------
    pandas.DataFrame
        ``owner, units, people, inventor_id, name`` (the person with most units), ``top_share``
        (share of the owner's units with that person), ``people_for_half`` (fewest people, taken by
        their number of units, who together stand in half of the units).
    """
    held = people(patents, unit).merge(owners(patents), on="publication_id")
    units = held.groupby("owner")["unit_id"].nunique()
    units = units[units >= min_count]
    held = held[held["owner"].isin(units.index)]
    person = ["owner", "inventor_id", "name"]
    counts = held.drop_duplicates([*person, "unit_id"]).groupby(person).size().reset_index(name="n")
    order = ["owner", "n", "inventor_id"]
    counts = counts.sort_values(order, ascending=[True, False, True], kind="stable")
    counts["rank"] = counts.groupby("owner").cumcount() + 1
    top = counts.drop_duplicates("owner").set_index("owner")
    ranked = counts.drop_duplicates(["owner", "inventor_id"]).drop(columns=["name", "n"])
    stands = held.merge(ranked, on=["owner", "inventor_id"])
    first = stands.groupby(["owner", "unit_id"])["rank"].min().reset_index()
    first = first.sort_values(["owner", "rank"], kind="stable")
    middle = -(-units.reindex(first["owner"]).to_numpy() // 2) - 1
    half = first[first.groupby("owner").cumcount() == middle].set_index("owner")["rank"]
    frame = pd.DataFrame(
        {
            "units": units, "people": counts.groupby("owner")["inventor_id"].nunique(),
            "inventor_id": top["inventor_id"], "name": top["name"], "top_share": top["n"] / units,
            "people_for_half": half,
        }
    )  # fmt: skip
    frame = frame.rename_axis("owner").reset_index()
    frame = frame.sort_values(["top_share", "owner"], ascending=[False, True], ignore_index=True)
    return shown(frame, patents, masked=masked)
