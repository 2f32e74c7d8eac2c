"""What the map tells: what emerges, and who is strong where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import indicators
from patentnav.indicators.emergence import MIN_COUNT, OLD_SHARE, PERSISTENT
from patentnav.indicators.matrix import LEVEL
from patentnav.report.blocks import Ref, Table, Text, joined
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.study import RECENT
from patentnav.study.gaps import gap
from patentnav.study.groups import LED_FROM, LED_SHARE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition

# Verdicts come first, in the order in which they are told.
_STATES = ("emerging", "growing", "holding", "turned", "slower", "declining", "one_owner", "steady",
           "too_few")  # fmt: skip
_VERDICTS = _STATES[:7]
_ROWS = 10
_LEADERS = 3
_LEAST = 3  # units below which an owner does not lead, enter or stand out
# Part of the recent owners of technologies that is new, from which being new tells nothing.
_NEARLY_ALL = 0.9


@section("direction.emergence", needs=("texts",))
def emergence(edition: Edition) -> Iterator[Block]:
    """Technologies against the pace of the set, tested."""
    study = edition.study
    frame = study.emergence
    if (frame["state"] == "too_few").all():
        raise gap("missing.emergence", fewest=MIN_COUNT, years=2 * RECENT)
    names = edition.technology_names
    named = frame[~frame["group"].isin(study.remainders)]
    values = _judgement(edition, named)
    told = [state for state in _VERDICTS if int(values[state])]
    values["parts"] = edition.word("list_separator").join(
        edition.word(f"count_{state}", count=int(values[state])) for state in told
    )
    key = "none" if not told else "finding" if int(values["steady"]) else "all"
    yield Text(f"direction.emergence.{key}", values, "finding")
    back = edition.turned_back
    for state in told:
        here = [edition.word("state_back", state=edition.moving_name(g)) if g in back else edition.moving_name(g)
                for g in named.loc[named["state"] == state, "group"]]  # fmt: skip
        yield Text(f"direction.emergence.{state}",
                   {"names": edition.word("separator").join(here), "fewest": values["fewest"]},
                   "bullet")  # fmt: skip
    yield from _divided(edition, values)
    yield from _lately(edition, named, values)
    yield Text("direction.emergence.body", {**values, "table": Ref("emergence")})
    if int(values["few"]):
        yield Text("direction.emergence.few", values)
    frame = frame.iloc[frame["state"].map(_STATES.index).argsort(kind="stable")]
    frame = edition.remainder_last(frame, "group")
    whole = pd.DataFrame(
        {
            "technology": frame["group"].map(names), "before_count": frame["earlier"],
            "recent_count": frame["recent"],
            "relative_growth": frame["relative_growth"].where(frame["earlier"] >= MIN_COUNT),
            "q_value": frame["q_value"].where(frame["state"] != "too_few"),
            "late_growth": frame["late_growth"].where(frame["recent"] >= MIN_COUNT),
            "late_q": frame["late_q"].where(frame["recent"] >= MIN_COUNT),
            "old_share": frame["old_share"], "recent_owners": frame["owners"],
            "top_owner_share": frame["top_owner_share"],
            "state": frame["group"].map(edition.technology_states),
        }
    )  # fmt: skip
    more = {
        "count": frame["total"], "growth": frame["growth"], "p_value": frame["p_value"],
        "years_active": frame["years_active"], "new_owners": frame["new_owners"],
    }  # fmt: skip
    forms = {"old_share": "share", "top_owner_share": "share", "q_value": "p", "late_q": "p",
             "late_growth": "number", "p_value": "p", "growth": "percent_change"}  # fmt: skip
    verdicts = int(named["state"].isin(_VERDICTS).sum())  # all of them are shown
    yield Table("emergence", whole, forms, values, edition.note("whole", dated=True, periods=True),
                max(TOP, verdicts), whole.assign(**more))  # fmt: skip
    yield Text("direction.emergence.caveat", values, "note")


def _divided(edition: Edition, values: dict[str, Any]) -> Iterator[Block]:
    """Rises that the words of the technology do not share: of the division, and nothing to act on."""
    rises = edition.study.word_rises
    claim = edition.claims("direction.emergence")
    windows = {"recent": ("start", "end"), "before": ("before_start", "before_end")}
    for technology, row in rises[~rises["rose"].astype(bool)].iterrows():
        quoted = [edition.word("quoted", name=word) for word in row["words"]]
        told = {
            **values, "technology": edition.technology_names[str(technology)], "unit": edition.unit_word,
            "words": edition.word("list_separator").join(quoted),
        }  # fmt: skip
        for name, ends in windows.items():
            window = (int(values[ends[0]]), int(values[ends[1]]))
            told[f"worded_{name}"] = claim(
                f"worded.{technology}.{name}", "count", "set", "worded_units", int(row[name]),
                window=window, details={"words": tuple(row["words"])},
            )  # fmt: skip
        yield Text("direction.emergence.divided", told, "bullet")


def _judgement(edition: Edition, named: pd.DataFrame) -> dict[str, Any]:
    """How many technologies have which state, as claims."""
    claim = edition.claims("direction.emergence")
    span = _periods(edition)
    details = {"years": (span["before_start"], span["before_end"], span["end"])}
    counts = named["state"].value_counts()

    def counted(name: str, states: tuple[str, ...]) -> Any:
        return claim(name, "count", "set", "state_count", int(sum(counts.get(s, 0) for s in states)),
                     unit="technology", window=(span["start"], span["end"]), test="Fisher",
                     n=int(named[["earlier", "recent"]].to_numpy().sum()),
                     details={**details, "states": " ".join(states)})  # fmt: skip

    return {
        **{state: counted(state, (state,)) for state in _STATES[:8]},
        "judged": counted("judged", _STATES[:8]), "few": counted("few", _STATES[8:]),
        "fewest": claim.parameter("fewest", MIN_COUNT), "level": claim.parameter("level", LEVEL),
        "old": claim.parameter("old", OLD_SHARE), "span": claim.parameter("span", 2 * RECENT),
        "persistent": claim.parameter("persistent", PERSISTENT),
        **{name: claim.parameter(name, year) for name, year in span.items()},
    }  # fmt: skip


def _lately(edition: Edition, named: pd.DataFrame, values: dict[str, Any]) -> Iterator[Block]:
    """What moved within the recent window: two windows alone do not tell a rise that is over."""
    claim = edition.claims("direction.emergence")
    first, last = int(values["start"]), int(values["end"])
    split = last - RECENT // 2
    tested = named[named["recent"] >= MIN_COUNT]
    shown = tested[tested["late_q"] <= LEVEL]
    moved = shown[shown["late_carried_by"].isna()]
    ahead = (moved["late_growth"] > 1) | moved["late_growth"].isna()
    about: dict[str, Any] = {"unit": "technology", "window": (split + 1, last), "test": "Fisher",
                             "baseline": f"{first}-{split}", "n": int(tested["recent"].sum())}  # fmt: skip
    years = (int(values["before_start"]), int(values["before_end"]), last)
    found = {"up": moved[ahead], "down": moved[~ahead]}
    told: dict[str, Any] = {
        **{way: claim(f"lately_{way}", "count", "set", "lately", len(rows),
                      details={"years": years, "way": 1 if way == "up" else -1}, **about)
           for way, rows in found.items()},
        "late_start": claim.parameter("late_start", split + 1),
        "late_end": claim.parameter("late_end", last),
        "late_first": claim.parameter("late_first", first),
        "late_split": claim.parameter("late_split", split),
    }  # fmt: skip
    values |= {name: told[name] for name in ("late_start", "late_end", "late_first", "late_split")}
    some = [way for way in found if len(found[way])]
    key = {0: "none", 1: some[0] if some else "", 2: "both"}[len(some)]
    yield Text(f"direction.emergence.lately.{key}", told, "finding")
    for way in some:
        rows = found[way].sort_values(["late_growth", "group"], ascending=[way == "down", True])
        parts = [_counted(edition, claim, str(group), (first, split), (split + 1, last))
                 for group in rows["group"]]  # fmt: skip
        for ending, holds in (("", True), ("_apart", False)):
            named_so = [part for group, part in zip(rows["group"], parts, strict=True)
                        if edition.names_late(str(group)) == holds]  # fmt: skip
            if named_so:
                yield Text(f"direction.emergence.lately_{way}{ending}",
                           {**values, "names": joined(named_so)}, "bullet")  # fmt: skip
    left_out = shown.loc[shown["late_carried_by"].notna(), "group"].astype("str")
    if len(left_out):
        count = claim("lately_one_owner", "count", "set", "lately", len(left_out),
                      details={"years": years, "way": 0}, **about)  # fmt: skip
        told = {
            "count": count,
            "names": edition.word("separator").join(edition.technology_names[g] for g in left_out),
        }
        yield Text("direction.emergence.lately_one_owner", {**values, **told}, "bullet")


def _counted(
    edition: Edition, claim: Any, group: str, before: tuple[int, int], now: tuple[int, int]
) -> Text:
    """A technology with its units of the two parts of the recent window, which differ in length."""
    label = edition.moving_name(group, "lately")
    unit = edition.study.by_year(edition.study.technology_of, "whole")
    years = unit.loc[unit["group"].astype("str") == group].set_index("year")["count"]
    counts = {
        name: claim(f"{group}.{name}", "count", f"technology:{group}", "units",
                    int(years[(years.index >= window[0]) & (years.index <= window[1])].sum()),
                    label=label, window=window)
        for name, window in (("late_before", before), ("late_now", now))
    }  # fmt: skip
    return Text("direction.emergence.lately.one", {"name": label, **counts})


def _periods(edition: Edition) -> dict[str, int]:
    study = edition.study
    last = study.last_year
    return {
        "start": last - RECENT + 1, "end": last, "before_start": last - 2 * RECENT + 1,
        "before_end": last - RECENT, "recent": RECENT,
    }  # fmt: skip


@section("direction.strength", needs=("texts", "parties"))
def strength(edition: Edition) -> Iterator[Block]:
    """Leading owners of every technology, and who came and went."""
    study = edition.study
    frame = study.strength
    if frame["entity"].nunique() < 2:
        raise gap("missing.one_owner")
    names = edition.technology_names
    leading = frame[(frame["count"] >= _LEAST) & frame["group"].isin(names)]
    if leading[~leading["group"].isin(study.remainders)].empty:
        raise gap("missing.leaders", fewest=_LEAST, unit=edition.unit_word)
    first = frame[frame["leads"] & ~frame["group"].isin(study.remainders)]
    values, key = _lead(edition, first)
    changed = _changed(edition)
    if changed is not None:
        claim = edition.claims("direction.strength")
        values |= {name: claim.parameter(name, year) for name, year in _periods(edition).items()}
    values["change"] = edition.word("and_change") if changed is not None else ""
    yield Text(f"direction.strength.{key}", values, "finding")
    hit = edition.name_hit("direction.strength")
    yield from () if hit is None else (hit,)
    body = "body" if changed is not None else "capped" if len(study.capped) else "undated"
    yield Text(f"direction.strength.{body}", {**values, "table": Ref("leaders")})
    yield _leaders(edition, leading, changed, values)
    if changed is not None:
        yield from (_all_new if _is_thin(edition, changed) else _entrants)(edition, changed, values)


def _lead(edition: Edition, first: pd.DataFrame) -> tuple[dict[str, Any], str]:
    """Leaders of the technologies as claims, and the wording that fits them."""
    study = edition.study
    claim = edition.claims("direction.strength")
    named = [k for k in study.strength["group"].unique() if str(k) not in study.remainders]

    def counted(name: str, of: str, count: int, subject: str = "set", **more: Any) -> Any:
        return claim(name, "count", subject, "led", count, unit="technology", rule="fractional",
                     details={"of": of, "fewest": LED_FROM, "share": LED_SHARE}, **more)  # fmt: skip

    values = {
        "total": claim("total", "count", "set", "named", len(named), unit="technology"),
        "led": counted("led", "technologies", first["group"].nunique()),
        "apart": counted("apart", "spread", len(named) - first["group"].nunique()),
        "rule": edition.living_owners(), "fewest": claim.parameter("fewest", _LEAST),
        "led_from": claim.parameter("led_from", LED_FROM),
        "led_share": claim.parameter("led_share", LED_SHARE),
        "top": _LEADERS, "unit": edition.unit_word,
    }  # fmt: skip
    if first.empty:
        return values, "spread"
    held = first.groupby("entity").size()
    held = held.sort_index().sort_values(ascending=False, kind="stable")
    owner = str(held.index[0])
    label = str(first.loc[first["entity"] == held.index[0], "name"].iloc[0])
    values |= {
        "leaders": counted("leaders", "leaders", len(held)), "first": label,
        "n": counted("n", "subject", int(held.iloc[0]), f"owner:{owner}", label=label,
                     evidence=("leaders",)),
    }  # fmt: skip
    part = "held_all" if int(values["led"]) == len(named) else "held_some"
    values["held"] = Text(f"direction.strength.{part}", dict(values))
    if len(held) == 1:
        return values, "one"
    if held.iloc[0] == 1:
        return values, "apart"
    return values, "tied" if held.iloc[0] == held.iloc[1] else "finding"


def _changed(edition: Edition) -> pd.DataFrame | None:
    """Owners of the recent period against the one before; None without dates."""
    study = edition.study
    if not study.is_dated or len(study.capped):
        return None  # who was there before is not known where the past is cut off
    span = _periods(edition)
    periods = ((span["before_start"], span["before_end"]), (span["start"], span["end"]))
    changed = indicators.turnover(
        study.patents, study.technology_of, periods, entity=study.owners, unit=study.unit,
        basis=study.basis,
    )  # fmt: skip
    return None if changed.empty else changed


def _leaders(
    edition: Edition, leading: pd.DataFrame, changed: pd.DataFrame | None, values: dict[str, object]
) -> Table:
    study = edition.study
    sizes = study.counts(study.technology_of)
    order = sizes.index[~sizes.index.astype("str").isin(list(study.remainders))]
    order = order.append(sizes.index.difference(order))  # what is left over is led by nobody
    names, whole = edition.technology_names, study.strength
    best = leading.groupby("group", sort=False).head(_LEADERS)
    word = {True: "leader", False: "leader_over"}
    told = pd.Series(
        [edition.word(word[bool(lives)], name=n, share=s)
         for n, s, lives in zip(best["name"], best["group_share"], best["lives"], strict=True)],
        index=best["group"], dtype="str",
    )  # fmt: skip
    first = whole[whole["leads"]]
    dated = study.is_dated and bool(first["last_year"].notna().all())
    said = first["name"]
    if dated:
        years = zip(first["name"], first["last_year"], strict=True)
        said = pd.Series([edition.word("leader_year", name=n, year=int(y)) for n, y in years],
                         index=first.index, dtype="str")  # fmt: skip
    lead = said.groupby(first["group"]).agg(edition.word("list_separator").join).reindex(order)
    table = pd.DataFrame(
        {
            "technology": order.map(names),
            "owners_of": whole.groupby("group").size().reindex(order).to_numpy(),
        }
    )  # fmt: skip
    if changed is not None:
        summed = indicators.churn(changed).set_index("group")
        thin = _is_thin(edition, changed)
        for column in ("after", "left") if thin else ("after", "entered", "left"):
            table[column] = summed[column].reindex(order, fill_value=0).astype("Int64").array
        table = table.rename(columns={"after": "recent_owners"})
    joined = told.groupby(level=0).agg(edition.word("list_separator").join)
    spread = ~order.isin(study.remainders)
    table["leader_since" if dated else "leader"] = lead.where(
        lead.notna() | ~spread, edition.word("spread")
    ).to_numpy()
    table["leaders"] = joined.reindex(order).to_numpy()
    detail = pd.DataFrame(
        {
            "technology": whole["group"].map(names), "rank": whole["rank"],
            "applicant": whole["name"], "count": whole["count"], "share": whole["group_share"],
            "entity_share": whole["entity_share"], "rta": whole["rta"],
            "first_year": whole["first_year"], "last_year": whole["last_year"],
        }
    )  # fmt: skip
    forms = {"share": "share", "entity_share": "share", "count": "number", "first_year": "year",
             "last_year": "year"}  # fmt: skip
    note = Text(f"direction.strength.note{'' if changed is not None else '_still'}",
                {**values, "parts": edition.note("fractional", dated=study.is_dated, periods=changed is not None).values["parts"]},
                "note")  # fmt: skip
    return Table("leaders", table, forms, values, note, TOP, detail)


def _firms_of(edition: Edition, changed: pd.DataFrame) -> pd.DataFrame:
    """Owners of named technologies that are no persons."""
    study = edition.study
    people = study.owner_types[study.owner_types == "individual"].index
    return changed[~changed["entity"].isin(people) & ~changed["group"].isin(study.remainders)]


def _is_thin(edition: Edition, changed: pd.DataFrame) -> bool:
    """Whether so few filed before that nearly everybody is new."""
    recent = _firms_of(edition, changed)
    recent = recent[recent["after"] > 0]
    return bool((recent["state"] == "entered").mean() > _NEARLY_ALL)


def _moved(edition: Edition) -> tuple[ClaimMaker, dict[str, Any]]:
    """What claims on the two windows have in common."""
    span = _periods(edition)
    return edition.claims("direction.strength"), {
        "unit": "owner", "window": (span["start"], span["end"]),
        "baseline": f"{span['before_start']}-{span['before_end']}",
    }  # fmt: skip


def _all_new(edition: Edition, changed: pd.DataFrame, values: dict[str, object]) -> Iterator[Block]:
    """Why no entrants are counted: those that were there before are too few."""
    study, (claim, about) = edition.study, _moved(edition)
    firms = _firms_of(edition, changed)
    left = firms[(firms["state"] == "left") & (firms["before"] >= _LEAST)]["entity"].nunique()
    pairs = {"recent_pairs": firms["after"] > 0, "new_pairs": firms["state"] == "entered"}
    early = _periods(edition)["before_start"], _periods(edition)["before_end"]
    years = study.unit_years

    def units(name: str, window: tuple[int, int]) -> Any:
        number = int(years.between(*window).sum())
        return claim(name, "count", "set", "units", number, window=window, rule="whole")

    told = {
        name: claim(name, "count", "set", "crossed_pairs", int(rows.sum()),
                    details={"which": name.partition("_")[0]}, **{**about, "unit": "cell"})
        for name, rows in pairs.items()
    }  # fmt: skip
    gone = claim("gone", "count", "set", "crossed_over", int(left),
                 details={"which": "left", "fewest": _LEAST}, **about)  # fmt: skip
    yield Text("direction.strength.all_new", {
        **values, **told, "gone": gone, "units_before": units("units_before", early),
        "units_recent": units("units_recent", about["window"])})  # fmt: skip


def _entrants(
    edition: Edition, changed: pd.DataFrame, values: dict[str, object]
) -> Iterator[Block]:
    firms = _firms_of(edition, changed)
    new = firms[(firms["state"] == "entered") & (firms["after"] >= _LEAST)]
    left = firms[(firms["state"] == "left") & (firms["before"] >= _LEAST)]["entity"].nunique()
    new = new.sort_values(["after", "group", "entity"], ascending=[False, True, True])
    claim, about = _moved(edition)
    counted = {
        name: claim(name, "count", "set", "crossed_over", int(number),
                    details={"which": which, "fewest": _LEAST}, **about)
        for name, which, number in (("gone", "left", left),
                                    ("new", "entered", new["entity"].nunique()))
    }  # fmt: skip
    if new.empty:
        yield Text(f"direction.strength.{'nobody' if left else 'no_change'}",
                   {**values, "gone": counted["gone"]})  # fmt: skip
        return
    yield Text(f"direction.strength.{'entrants' if left else 'entrants_only'}",
               {**values, **counted, "table": Ref("entrants")})  # fmt: skip

    def told(rows: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "applicant": rows["name"], "technology": rows["group"].map(edition.technology_names),
                "before_count": rows["before"], "recent_count": rows["after"],
                "state": [edition.word(f"owner_{state}") for state in rows["state"]],
            }
        ).reset_index(drop=True)  # fmt: skip

    yield Table("entrants", told(new)[["applicant", "technology", "recent_count"]], {}, values,
                edition.note("whole", dated=True, periods=True), _ROWS, told(changed))  # fmt: skip
