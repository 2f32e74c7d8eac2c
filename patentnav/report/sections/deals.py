"""Part B, continued: recorded deals, from whom to whom."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import indicators, plot
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition

_KINDS = ("transfer", "licence", "pledge")
_FEWEST = 3  # units of whom something is said
_DRAWN = 10  # pairs in the figure
_PERSON = "individual"


@section("position.deals", needs=("legal_events",))
def deals(edition: Edition) -> Iterator[Block]:
    """Transfers, licences and pledges with both sides; silence where the export names none."""
    study = edition.study
    found = indicators.deals(study.patents, study.owner_level, study.unit)
    if found.empty:
        raise gap("missing.deals")
    told = found.dropna(subset="told_by")
    if told.empty:
        raise gap("missing.sides", count=len(found))
    claim = edition.claims("position.deals")
    kinds = [k for k in _KINDS if (told["category"] == k).any()]
    said = [t for k in kinds for t in _of_kind(edition, claim, told[told["category"] == k], k)]
    yield replace(said[0], style="finding")
    yield from said[1:]
    outside = told[~told["internal"].astype(bool)]
    if outside.empty:
        return
    pairs = _pairs(edition, outside)
    many = pairs.groupby(["from_name", "to_name"])["count"].sum().reset_index()
    many = many.sort_values(["count", "from_name", "to_name"], ascending=[False, True, True])
    # From anybody to anybody is no pair.
    many = many[many["from_name"] != many["to_name"]]
    drawn = many.head(_DRAWN).reset_index(drop=True)
    lang, unit, note = edition.lang, study.unit, edition.note("whole")
    values = {"shown": len(drawn)}
    if len(drawn) and drawn["count"].iloc[0] > 1:
        yield Text("position.deals.body", {"table": Ref("deal_pairs"), "figure": Ref("deals")})
        yield Figure(
            Table("deals", drawn, {"count": "count"}, values, note),
            drawing(plot.deals, drawn, unit=unit, lang=lang),
            size=(6.3, 3.6),
        )
    else:  # ten bands of one each show nothing
        yield Text("position.deals.scattered", {"table": Ref("deal_pairs")})
    yield from _notes(edition, claim, found, told)
    forms = {"count": "count", "first_year": "year", "last_year": "year"}
    yield Table("deal_pairs", pairs, forms, values, note, rows=TOP)


def _of_kind(edition: Edition, claim: ClaimMaker, rows: pd.DataFrame, kind: str) -> Iterator[Text]:
    """How many, inside groups or between owners, in which direction, and who takes most."""
    inner = int(rows["internal"].astype(bool).sum())
    by = {"category": kind}
    event = edition.word(f"deal_{kind}")
    values: dict[str, Any] = {
        "event": event, "unit": edition.unit_word, "piece": edition.piece,
        "n": claim(f"{kind}_n", "count", f"event:{kind}", "deals", len(rows), unit="deal",
                   label=event, details=by, evidence=("deal_pairs",)),
        "units": claim(f"{kind}_units", "count", f"event:{kind}", "deal_units",
                       int(rows["unit_id"].nunique()), label=event, details=by),
        "internal": claim(f"{kind}_internal", "count", f"event:{kind}", "deals_internal", inner,
                          unit="deal", label=event, details=by),
    }  # fmt: skip
    yield Text(
        "position.deals.all_inside" if inner == len(rows)
        else "position.deals.inside" if inner else "position.deals.count", values,
    )  # fmt: skip
    outside = rows[~rows["internal"].astype(bool)]
    yield from _direction(edition, claim, outside, kind)
    yield from _taker(edition, claim, outside, kind)


def _direction(
    edition: Edition, claim: ClaimMaker, rows: pd.DataFrame, kind: str
) -> Iterator[Text]:
    """The most frequent direction by type, and between provinces."""
    typed = rows.dropna(subset=["from_type", "to_type"])
    sums = typed.groupby(["from_type", "to_type"]).size()
    single = len(sums) > 1 and (sums == sums.max()).sum() == 1
    if len(typed) >= _FEWEST and single and kind != "pledge":
        giver, taker = min(sums.index[sums == sums.max()])
        details = {"category": kind, "external": True, "from": giver, "to": taker}
        words = edition.named("party_type", pd.Series([giver, taker]))
        event = edition.word(f"deal_{kind}")
        yield Text("position.deals.direction", {
            "event": event, "giver": words[0], "taker": words[1],
            "count": claim(f"{kind}_direction", "count", f"event:{kind}", "deal_direction",
                           int(sums.max()), unit="deal", label=event, details=details),
            "share": claim(f"{kind}_direction_share", "share", f"event:{kind}",
                           "deal_direction_share", float(sums.max() / len(typed)), unit="ratio",
                           label=event, details=details),
        })  # fmt: skip
    placed = rows.dropna(subset=["from_place", "to_place"])
    away = placed[placed["from_place"] != placed["to_place"]]
    if len(placed) >= 2 * _FEWEST and 0 < len(away) < len(placed) and kind == "transfer":
        yield Text("position.deals.places",
                   {"known": len(placed), "away": len(away), "share": len(away) / len(placed)})  # fmt: skip


def _taker(edition: Edition, claim: ClaimMaker, rows: pd.DataFrame, kind: str) -> Iterator[Text]:
    """Who takes most: the buyer, the licensee, the pledgee; no persons."""
    named = rows[rows["to_type"].fillna("") != _PERSON]
    sums = named.groupby("to_id")["unit_id"].nunique()
    if len(sums) < 2 or sums.max() < _FEWEST or (sums == sums.max()).sum() > 1:
        return
    taker = min(sums.index[sums == sums.max()])
    own = named[named["to_id"] == taker]
    label = str(own["to_name"].iloc[0])
    details, event = {"category": kind, "external": True}, edition.word(f"deal_{kind}")
    givers = int(own["from_id"].nunique())
    only = "" if givers > 1 else "_one"
    giver = own["from_name"].iloc[0]
    if edition.study.inputs.masked and own["from_type"].iloc[0] == _PERSON:
        giver = edition.named("party_type", pd.Series([_PERSON])).iloc[0]
    yield Text(f"position.deals.{kind}_taker{only}", {
        "piece": edition.piece, "giver": giver,
        "name": claim(f"{kind}_taker", "name", f"event:{kind}", "largest_taker", taker,
                      label=label, unit="owner", details=details),
        "count": claim(f"{kind}_taken", "count", f"event:{kind}", "taken_units", int(sums.max()),
                       label=event, details={**details, "taker": taker}),
        "givers": claim(f"{kind}_givers", "count", f"event:{kind}", "givers_of",
                        givers, unit="owner", label=event,
                        details={**details, "taker": taker}),
    })  # fmt: skip


def _notes(
    edition: Edition, claim: ClaimMaker, found: pd.DataFrame, told: pd.DataFrame
) -> Iterator[Block]:
    transfers = found[(found["category"] == "transfer") & found["date"].notna()]
    events = edition.study.patents.legal_events
    dated = events[(events["category"] == "transfer") & events["date"].notna()]
    days = dated.assign(unit_id=edition.study.unit_ids.reindex(dated["publication_id"]).to_numpy())
    again = int((days.groupby("unit_id")["date"].nunique() > 1).sum()) if len(transfers) else 0
    if again:
        yield Text("position.deals.again", {
            "unit": edition.unit_word,
            "again": claim("again", "count", "event:transfer", "transferred_again", again),
        })  # fmt: skip
    silent = len(found) - len(told)
    if silent:
        yield Text("position.deals.silent", {"silent": silent, "total": len(found)}, "note")
    derived = int((told["told_by"] == "owners").sum())
    if derived:
        key = "all_derived" if derived == len(told) else "derived"
        yield Text(f"position.deals.{key}", {"derived": derived, "total": len(told)}, "note")


def _pairs(edition: Edition, rows: pd.DataFrame) -> pd.DataFrame:
    """Deals by kind and pair; persons by their kind where names are masked."""
    rows = rows.assign(year=rows["date"].dt.year.astype("Int64"))
    if edition.study.inputs.masked:
        person = edition.named("party_type", pd.Series([_PERSON])).iloc[0]
        for side in ("from", "to"):
            own = rows[f"{side}_type"].fillna("") == _PERSON
            rows[f"{side}_name"] = rows[f"{side}_name"].mask(own, person)
    groups = rows.groupby(["category", "from_name", "to_name"])
    frame = groups.agg(
        count=("unit_id", "nunique"), first_year=("year", "min"), last_year=("year", "max")
    ).reset_index()
    frame = frame.sort_values(
        ["count", "category", "from_name", "to_name"], ascending=[False, False, True, True],
        ignore_index=True,
    )  # fmt: skip
    if frame["first_year"].isna().all():
        frame = frame.drop(columns=["first_year", "last_year"])
    frame["category"] = edition.named("event", frame["category"])
    return frame.rename(columns={"category": "event"})
