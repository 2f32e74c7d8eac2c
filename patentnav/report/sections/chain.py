"""Part A, continued: the breakdown of the industry and its chain, link by link."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts, planning, plot
from patentnav.planning import LEVEL, THIN
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text, joined
from patentnav.report.registry import section
from patentnav.study import RECENT
from patentnav.study.actions import standing
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition

_DRAWN = 24  # links of the figure, the largest
_LEADS = 3  # units from which somebody leads a link
_TOLD = 5  # links told one by one, of each kind
_STATES = {"rising": ("emerging", "growing"), "turned": ("turned",), "holding": ("holding",),
           "slower": ("slower",), "falling": ("declining",)}  # fmt: skip
_MOST = 2 / 3  # part of a link that one subclass makes, from which it is told
_UP = ("rising", "turned", "holding")
_POSITIONS = ("strong", "weak", "empty")


@section("direction.chain")
def chain(edition: Edition) -> Iterator[Block]:
    """Every link of the breakdown: size, growth, leader, and where the region is strong or absent."""
    study = edition.study
    members = planning.link_members(study.memberships, study.tree)
    if members.empty:
        raise gap("missing.chain.none", taxonomy=_title(edition))
    if members["link"].nunique() < 2:
        return  # one link is the whole: nothing is broken down
    against = standing(members.rename(columns={"link": "technology"}), study.local, study.unit_ids)
    owners = study.firms if study.patents.has("parties") else None
    # Of a cut-off export more is missing of some years than of others: no link grows or falls there.
    until = study.last_year if study.is_dated and not len(study.capped) else None
    frame = planning.chain(
        study.patents, members, owners, standing=against, unit=study.unit,
        basis=study.basis if until is not None else None, until=until, window=RECENT,
    )  # fmt: skip
    claim = edition.claims("direction.chain")
    values = _sizes(edition, claim, frame)
    yield Text("direction.chain.finding", values, "finding")
    if owners is not None:
        yield from _leader(edition, claim, frame.iloc[0].to_dict(), values)
    yield Text("direction.chain.body" if until is not None else "direction.chain.body_plain",
               {**values, "figure": Ref("chain"), "table": Ref("links")})  # fmt: skip
    if len(frame) > _DRAWN:
        yield Text(
            "direction.chain.drawn",
            {"figure": Ref("chain"), "drawn": claim.parameter("drawn", _DRAWN)},
            "note",
        )
    if _share_documents(members):
        yield Text("direction.chain.several", {}, "note")
    if until is not None:
        main = planning.leading_class(study.patents, members, study.tree, unit=study.unit)
        yield from _growth(edition, claim, frame.join(main[["subclass", "share"]], on="link"))
    elif study.is_dated:
        yield Text("direction.chain.capped", {}, "note")
    if against is not None:
        yield from _region(edition, claim, frame)
    yield from _limits(edition, members, frame)
    yield from _shown(edition, frame, values)


def _share_documents(members: pd.DataFrame) -> bool:
    """Whether any document belongs to several links."""
    return bool(
        members.drop_duplicates(["publication_id", "link"])["publication_id"].duplicated().any()
    )


def _title(edition: Edition) -> str:
    tree = edition.study.tree
    return str(tree.titles.get(edition.lang, tree.name))


def _sizes(edition: Edition, claim: ClaimMaker, frame: pd.DataFrame) -> dict[str, Any]:
    first, count = str(frame["link"].iloc[0]), frame["count"].iloc[0]
    label, by = str(edition.industry_names[first]), {"facet": "link"}
    return {
        "taxonomy": _title(edition), "unit": edition.unit_word,
        "course": edition.word("and_course") if edition.study.is_dated and not len(edition.study.capped) else "",
        "n": claim("n", "count", "set", "distinct", len(frame), unit="link", rule="whole",
                   details=by),
        "first": claim("first", "name", "set", "largest", first, label=label, unit="link",
                       rule="whole", details=by, evidence=(f"links/{label}",)),
        "count": claim("count", "count", f"link:{first}", "units", count, label=label,
                       rule="whole", evidence=(f"links/{label}/count",)),
        "share": claim("share", "share", f"link:{first}", "share", count / edition.study.units,
                       label=label, unit="ratio", rule="whole", baseline="set",
                       evidence=(f"links/{label}/share",)),
    }  # fmt: skip


def _leader(
    edition: Edition, claim: ClaimMaker, row: Mapping[Any, Any], values: dict[str, Any]
) -> Iterator[Block]:
    """Who leads the largest link; nothing where several hold most, or few."""
    owner, link = row["leader"], row["link"]
    if pd.isna(owner) or row["leader_count"] < _LEADS or row["leader_count"] == row["count"]:
        return
    label = str(edition.study.owner_names[owner])
    cell = f"links/{values['first'].label}"
    yield Text(
        "direction.chain.leader",
        {
            **values,
            "owner": claim("owner", "name", f"link:{link}", "leading_owner", str(owner),
                           label=label, unit="owner", evidence=(f"{cell}/largest",)),
            "held": claim("held", "count", f"owner:{owner}&link:{link}", "units",
                          int(row["leader_count"]), label=label, rule="whole"),
            "held_share": claim("held_share", "share", f"owner:{owner}&link:{link}", "share",
                                row["leader_share"], label=label, unit="ratio", rule="whole",
                                baseline=f"link:{link}", evidence=(f"{cell}/largest",)),
        },
    )  # fmt: skip


def _windows(edition: Edition) -> tuple[tuple[int, int], tuple[int, int]]:
    last = edition.study.last_year
    return (last - 2 * RECENT + 1, last - RECENT), (last - RECENT + 1, last)


def _growth(edition: Edition, claim: ClaimMaker, frame: pd.DataFrame) -> Iterator[Block]:
    """Which links rise and fall against all others."""
    tested = frame[frame["state"] != "too_few"]
    if tested.empty:
        yield Text("direction.chain.untested", {"fewest": THIN}, "note")
        return
    early, late = _windows(edition)
    about: dict[str, Any] = {"window": late, "baseline": f"{early[0]}-{early[1]}",
                             "unit": "link"}  # fmt: skip
    values: dict[str, Any] = {
        "tested": claim("tested", "count", "set", "links_tested", len(tested),
                        details={"fewest": THIN}, **about),
        "unit": edition.unit_word,
        "start": claim.parameter("start", late[0]), "end": claim.parameter("end", late[1]),
        "before_start": claim.parameter("before_start", early[0]),
        "before_end": claim.parameter("before_end", early[1]),
    }  # fmt: skip
    found = {way: frame[frame["state"].isin(states)] for way, states in _STATES.items()}
    for way, rows in found.items():
        values[way] = claim(way, "count", "set", "links_of_state", len(rows), test="fisher",
                            details={"state": way, "fewest": THIN}, **about)  # fmt: skip
    told = [way for way, rows in found.items() if len(rows)]
    parts = [Text(f"direction.chain.moves.n_{way}", dict(values)) for way in told]
    if parts:
        values["parts"] = functools.reduce(
            lambda one, other: Text("direction.chain.moves.joined", {"one": one, "other": other}),
            parts,
        )
    rest = len(tested) - sum(len(rows) for rows in found.values())
    key = "none" if not told else "finding" if rest else "all"
    yield Text(f"direction.chain.moves.{key}", values, "finding")
    for way in told:
        rows = found[way].assign(moved=(found[way]["recent"] - found[way]["earlier"]).abs())
        rows = rows.sort_values(["moved", "link"], ascending=[False, True], kind="stable")
        for row in rows.head(_TOLD).to_dict("records"):
            yield _moved(edition, claim, row, way)
    yield from _of_late(edition, claim, frame)


def _of_late(edition: Edition, claim: ClaimMaker, frame: pd.DataFrame) -> Iterator[Block]:
    """Links that outran the others within the later period, whatever the two periods say."""
    passed = frame[
        (frame["recent"] >= THIN) & (frame["late_q"] <= LEVEL) & (frame["late_growth"] > 1)
    ]
    if passed.empty:
        return
    _, late = _windows(edition)
    split = late[1] - RECENT // 2
    rows = passed.sort_values(["late_growth", "link"], ascending=[False, True])
    former, newest = (late[0], split), (split + 1, late[1])
    parts = [_late_link(edition, claim, row, former, newest)
             for row in rows.head(_TOLD).to_dict("records")]  # fmt: skip
    values = {
        "late_start": claim.parameter("late_start", split + 1),
        "late_end": claim.parameter("late_end", late[1]),
        "late_first": claim.parameter("late_first", late[0]),
        "late_split": claim.parameter("late_split", split),
        "names": joined(parts),
    }
    key = "rising" if len(rows) <= _TOLD else "rising_first"
    yield Text(f"direction.chain.lately.{key}", values, "finding")


def _late_link(
    edition: Edition, claim: ClaimMaker, row: Mapping[Any, Any], before: tuple[int, int],
    now: tuple[int, int],
) -> Text:  # fmt: skip
    """A link that outran the others of late, or the subclass of it that alone did."""
    link = str(row["link"])
    label = str(edition.industry_names[link])
    part = _part(edition, claim, row, before, now)
    counts = {
        name: claim(f"late_{name}.{link}", "count", f"link:{link}", "units",
                    _count(edition, link, window), window=window, rule="whole", label=label)
        for name, window in (("before", before), ("now", now))
    }  # fmt: skip
    times = claim(
        f"late.{link}", "trend", f"link:{link}", "relative_growth", row["late_growth"], label=label,
        unit="ratio", direction=1, test="fisher", n=int(row["recent"]), q=float(row["late_q"]),
        window=now, baseline=f"{before[0]}-{before[1]}",
    )  # fmt: skip
    values = {"link": label, **counts, "times": times}
    if part.key == "direction.chain.part.alone":
        return Text("direction.chain.lately.subclass", {**values, **part.values})
    return Text("direction.chain.lately.link", {**values, "part": part})


def _moved(edition: Edition, claim: ClaimMaker, row: Mapping[Any, Any], way: str) -> Text:
    early, late = _windows(edition)
    link = str(row["link"])
    label = str(edition.industry_names[link])
    subject, cell = f"link:{link}", f"links/{label}"
    values = {
        "link": label, "unit": edition.unit_word,
        "now": claim(f"now.{link}", "count", subject, "units", int(row["recent"]), label=label,
                     rule="whole", window=late, evidence=(f"{cell}/recent_count",)),
        "before": claim(f"before.{link}", "count", subject, "units", int(row["earlier"]),
                        label=label, rule="whole", window=early,
                        evidence=(f"{cell}/before_count",)),
    }  # fmt: skip
    if pd.isna(row["relative_growth"]) or (way in _UP and row["earlier"] < THIN):
        return Text("direction.chain.new", values, "bullet")
    values["times"] = claim(
        f"times.{link}", "trend", subject, "relative_growth", row["relative_growth"],
        label=label, unit="ratio", direction=1 if way in _UP else -1, test="fisher",
        n=int(row["recent"] + row["earlier"]), q=float(row["q_value"]), window=late,
        baseline=f"{early[0]}-{early[1]}",
        evidence=(f"{cell}/relative_growth", f"{cell}/q_value"),
    )  # fmt: skip
    values["part"] = _part(edition, claim, row, early, late)
    values["check"] = _lately(edition, claim, row, way)
    return Text(f"direction.chain.{way}", values, "bullet")


def _lately(edition: Edition, claim: ClaimMaker, row: Mapping[Any, Any], way: str) -> Text:
    """That it went the other way within the later period, where that was tested."""
    ahead = bool(pd.isna(row["late_growth"]) or row["late_growth"] > 1)
    if pd.isna(row["late_growth"]) or not row["late_q"] <= LEVEL or ahead == (way in _UP):
        return Text("direction.chain.lately.none", {})
    _, late = _windows(edition)
    link = str(row["link"])
    label = str(edition.industry_names[link])
    split = late[1] - RECENT // 2
    values = {
        "late_start": claim.parameter("late_start", split + 1),
        "late_end": claim.parameter("late_end", late[1]),
        "late_first": claim.parameter("late_first", late[0]),
        "late_split": claim.parameter("late_split", split),
        "part": _part(edition, claim, row, (late[0], split), (split + 1, late[1]), again=True),
        "lately": claim(
            f"lately.{link}", "trend", f"link:{link}", "relative_growth", row["late_growth"],
            label=label, unit="ratio", direction=1 if ahead else -1, test="fisher",
            n=int(row["recent"]), q=float(row["late_q"]), window=(split + 1, late[1]),
            baseline=f"{late[0]}-{split}",
            evidence=(f"links/{label}/late_growth", f"links/{label}/late_q"),
        ),
    }  # fmt: skip
    return Text(f"direction.chain.lately.{'up' if ahead else 'down'}", values)


def _units(edition: Edition, link: str, subclass: str = "") -> pd.DataFrame:
    """Units of a link, with their years and whether they have a subclass."""
    study = edition.study
    members = planning.link_members(study.memberships, study.tree)
    own = members.loc[members["link"] == link, "publication_id"].unique()
    with_it: set[str] = set()
    if subclass:
        classes = facts.subclasses(study.patents)
        with_it = set(classes.loc[classes["subclass"] == subclass, "publication_id"])
    rows = pd.DataFrame({"unit": study.unit_ids.reindex(own).to_numpy(),
                         "main": [one in with_it for one in own]})  # fmt: skip
    units = rows.groupby("unit")["main"].any().reset_index()
    return units.assign(year=units["unit"].map(study.unit_years).astype("Int64"))


def _count(edition: Edition, link: str, window: tuple[int, int]) -> int:
    return int(_units(edition, link)["year"].between(*window).fillna(False).sum())


def _part(
    edition: Edition, claim: ClaimMaker, row: Mapping[Any, Any], before: tuple[int, int],
    now: tuple[int, int], *, again: bool = False,
) -> Text:  # fmt: skip
    """The subclass that makes most of a link, and that its movement turns round without it."""
    none = Text("direction.chain.part.none", {})
    if pd.isna(row["share"]) or row["share"] <= _MOST:
        return none
    link, code = str(row["link"]), str(row["subclass"])
    label = str(edition.industry_names[link])
    rest = _without(edition, link, code, before, now)
    whole = row["relative_growth" if now[1] - now[0] + 1 == RECENT else "late_growth"]
    turns = rest is not None and pd.notna(whole) and (rest <= 1) == (whole > 1)
    if again and not turns:
        return none
    name = f"{link}.{now[0]}{'.again' if again else ''}"
    values: dict[str, Any] = {
        "subclass": edition.subclass(code),
        "share": claim(f"part.{name}", "share", f"link:{link}&subclass:{code}", "share",
                       row["share"], label=label, unit="ratio", rule="whole",
                       baseline=f"link:{link}"),
    }  # fmt: skip
    if not turns:
        return Text("direction.chain.part.mainly", values)
    values["without"] = claim(
        f"without.{name}", "trend", f"link:{link}", "growth_without", rest, label=label,
        unit="ratio", window=now, baseline=f"{before[0]}-{before[1]}", details={"subclass": code},
    )  # fmt: skip
    return Text("direction.chain.part.alone", values)


def _without(
    edition: Edition, link: str, subclass: str, before: tuple[int, int], now: tuple[int, int]
) -> float | None:
    """Growth of the units of a link without a subclass of it, over that of all other units."""
    study = edition.study
    placed = planning.link_members(study.memberships, study.tree)["publication_id"].unique()
    every = pd.Series(study.unit_ids.reindex(placed).unique()).map(study.unit_years)
    inside = _units(edition, link, subclass)
    left = inside.loc[~inside["main"], "year"]
    a, b = (int(left.between(*w).fillna(False).sum()) for w in (now, before))
    c, d = (int(every.between(*w).fillna(False).sum()) for w in (now, before))
    if b < THIN or d == b or c == a:  # next to nothing is no base of a rate
        return None
    return (a / b) / ((c - a) / (d - b))


def _region(edition: Edition, claim: ClaimMaker, frame: pd.DataFrame) -> Iterator[Block]:
    """Strong, weak and empty links of the region."""
    values: dict[str, Any] = {"region": edition.study.inputs.region, "unit": edition.unit_word,
                              "fewest": claim.parameter("fewest", THIN)}  # fmt: skip
    found = {name: frame[frame["position"] == name] for name in _POSITIONS}
    for name, rows in found.items():
        values[name] = claim(name, "count", "set", "links_of_position", len(rows), unit="link",
                             test="fisher", details={"position": name, "fewest": THIN})  # fmt: skip
    told = [name for name in _POSITIONS if len(found[name])]
    if not told:
        yield Text("direction.chain.region.none", values, "finding")
        return
    parts = [Text(f"direction.chain.region.n_{name}", values) for name in told]
    joined = parts[0]
    for part in parts[1:]:
        joined = Text("direction.chain.region.joined", {"one": joined, "other": part})
    yield Text("direction.chain.region.finding", {**values, "parts": joined}, "finding")
    for name in told:
        rows = found[name].sort_values(["count", "link"], ascending=[False, True])
        for row in rows.head(_TOLD).to_dict("records"):
            yield _place(edition, claim, row, name)


def _place(edition: Edition, claim: ClaimMaker, row: Mapping[Any, Any], position: str) -> Text:
    link = str(row["link"])
    label = str(edition.industry_names[link])
    subject = f"link:{link}&region:inside"
    more = {"label": label, "unit": "ratio", "baseline": "region:outside"}
    values = {
        "link": label, "unit": edition.unit_word, "region": edition.study.inputs.region,
        "count": claim(f"size.{link}", "count", f"link:{link}", "units", int(row["count"]),
                       label=label, rule="whole", evidence=(f"links/{label}/count",)),
        "high": claim(f"high.{link}", "comparison", subject, "advantage_high",
                      row["advantage_high"], **more),
    }  # fmt: skip
    if position != "empty":
        values |= {
            "own": claim(f"own.{link}", "count", subject, "units", int(row["own_count"]),
                         label=label, rule="whole", evidence=(f"links/{label}/own_count",)),
            "advantage": claim(f"advantage.{link}", "comparison", subject, "advantage",
                               row["advantage"], direction=1 if position == "strong" else -1,
                               test="fisher", n=int(row["own_count"]),
                               q=float(row["advantage_q"]), **more),
            "low": claim(f"low.{link}", "comparison", subject, "advantage_low",
                         row["advantage_low"], **more),
        }  # fmt: skip
    return Text(f"direction.chain.region.{position}", values, "bullet")


def _limits(edition: Edition, members: pd.DataFrame, frame: pd.DataFrame) -> Iterator[Block]:
    study = edition.study
    placed = members["publication_id"].nunique()
    out = len(study.patents) - placed
    if out:
        claim = edition.claims("direction.chain")
        yield Text(
            "direction.chain.unplaced",
            {"count": claim("unplaced", "count", "set", "links_unplaced", out, unit="publication"),
             "share": claim("unplaced_share", "share", "set", "links_unplaced",
                            out / len(study.patents), unit="ratio", details={"share": True})},
            "note",
        )  # fmt: skip
    lowest = [k for k in study.tree.nodes if not study.tree.below(k)]
    bare = [k for k in lowest if k not in set(frame["link"])]
    asked = study.inputs.industry or study.inputs.sub_sector
    if bare and not asked:
        names = edition.word("list_separator").join(
            str(edition.industry_names[k]) for k in bare[:_TOLD]
        )
        key = "bare" if len(bare) <= _TOLD else "bare_more"
        empty = edition.claims("direction.chain")("bare", "count", "set", "links_bare", len(bare),
                                                  unit="link")  # fmt: skip
        yield Text(f"direction.chain.{key}", {"count": empty, "names": names}, "note")


def _shown(edition: Edition, frame: pd.DataFrame, values: dict[str, Any]) -> Iterator[Block]:
    study = edition.study
    names, tree = edition.industry_names, study.tree
    heading = frame["link"].map(lambda link: names[tree.top_of(link)])
    frame = frame.assign(industry=heading)
    sizes = frame.groupby("industry")["count"].max()
    order = frame.assign(_size=frame["industry"].map(sizes)).sort_values(
        ["_size", "industry", "count", "link"], ascending=[False, True, False, True]
    )
    largest = set(frame["link"].head(_DRAWN))
    drawn = order[order["link"].isin(largest)].drop(columns="_size")
    drawn.attrs = {"unit": study.unit}
    lang = edition.lang
    data = drawn[["industry", "link", "count"]].assign(link=drawn["link"].map(names))
    headings = drawn["industry"].nunique()
    yield Figure(
        Table("chain", data.reset_index(drop=True), {"count": "count"}, values,
              edition.note("whole")),
        drawing(plot.chain, drawn, labels=names, lang=lang),
        size=(6.3, 1.1 + 0.2 * (len(drawn) + headings)),
    )  # fmt: skip
    shown = pd.DataFrame(
        {"industry": order["industry"], "link": order["link"].map(names), "count": order["count"],
         "share": order["count"] / study.units}
    )  # fmt: skip
    if (shown["industry"] == shown["link"]).all():
        shown = shown.drop(columns="industry")
    dated = study.is_dated and not len(study.capped)
    if dated:
        states = {s: edition.word(f"link_{s}") for s in order["state"].unique()}
        shown = shown.assign(
            recent_count=order["recent"], before_count=order["earlier"],
            relative_growth=order["relative_growth"].where(order["earlier"] >= THIN), q_value=order["q_value"],
            late_growth=order["late_growth"].where(order["recent"] >= THIN), late_q=order["late_q"],
            state=order["state"].map(states),
        )  # fmt: skip
    if "leader" in order:
        shown["largest"] = [
            edition.word("leader", name=study.owner_names[o], share=s) if n >= _LEADS else None
            for o, s, n in zip(
                order["leader"], order["leader_share"], order["leader_count"], strict=True
            )
        ]
    if "position" in order:
        words = {p: edition.word(f"position_{p}") for p in planning.LINKS}
        shown = shown.assign(
            own_count=order["own_count"], advantage=order["advantage"],
            position=order["position"].map(words),
        )  # fmt: skip
    forms = {"count": "count", "share": "share", "recent_count": "count", "own_count": "count",
             "before_count": "count", "relative_growth": "number", "q_value": "p",
             "late_growth": "number", "late_q": "p", "advantage": "number"}  # fmt: skip
    note = edition.note("whole", dated=dated, periods=dated)
    yield Table("links", shown.reset_index(drop=True), forms, values, note, rows=None)
