"""What can be done with single patents: days that run, security for loans, transfer to firms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts, i18n, operation, planning, plot, text
from patentnav.operation.holdings import ACADEMIC
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_SOON = 90  # days
_HOME = "CN"
_COLOURS = ("green", "amber", "red")
_FIRMS = 3  # candidates named for a patent


def moment(edition: Edition) -> pd.Timestamp:
    """The day on which the report stands: the cut-off, else the last day the set knows of.

    Parameters
    ----------
    edition
        The edition.

    Returns
    -------
    pandas.Timestamp

    Raises
    ------
    UnavailableError
        The set has no date.
    """
    study = edition.study
    now = study.cutoff if study.cutoff is not None else facts.cutoff_date(study.patents)
    if now is None:
        raise gap("missing.dates")
    return now


def reasons(edition: Edition, keys: pd.Series) -> pd.Series:
    """Keys of reasons in words.

    Parameters
    ----------
    edition
        The edition.
    keys
        Keys joined by ``; ``.

    Returns
    -------
    pandas.Series
    """
    between = edition.word("list_separator")
    told = {
        row: between.join(
            i18n.text(f"operation.reason.{k}", edition.lang) for k in row.split("; ") if k
        )
        for row in keys.dropna().unique()
    }
    return keys.map(told).astype("str")


def own_reasons(edition: Edition, keys: pd.Series) -> tuple[pd.Series | None, Text | None]:
    """Reasons of every row beyond those that all have, and a note that says the latter once.

    Parameters
    ----------
    edition
        The edition.
    keys
        Keys joined by ``; ``.

    Returns
    -------
    tuple
        In words; no column where nothing is left, and no note where the rows share nothing.
    """
    held = [list(dict.fromkeys(k for k in row.split("; ") if k)) for row in keys.fillna("")]
    shared = [k for k in held[0] if all(k in row for row in held)] if len(held) > 1 else []
    rest = pd.Series(["; ".join(k for k in row if k not in shared) for row in held], keys.index)
    note = None
    if shared:
        told = reasons(edition, pd.Series(["; ".join(shared)])).iloc[0]
        note = Text("shared.reasons", {"reasons": told}, "note")
    column = reasons(edition, rest) if rest.str.len().any() else None
    return column, note


def titles(edition: Edition, ids: pd.Series) -> pd.Series:
    """Title of every publication.

    Parameters
    ----------
    edition
        The edition.
    ids
        Publications.

    Returns
    -------
    pandas.Series
        In the order of ``ids``.
    """
    found = edition.study.patents.publications["title"].reindex(ids)
    return pd.Series(found.to_numpy(), index=ids.index, dtype="str")


def counted(edition: Edition, unit: str = "application") -> Text:
    """Small print that says what is counted.

    Parameters
    ----------
    edition
        The edition.
    unit
        The unit.

    Returns
    -------
    Text
    """
    words = edition.word("note_unit", unit=edition.word(f"noun_{unit}"))
    return Text("note", {"parts": words}, "note")


@section("layout.deadlines", needs=("publications.application_date",))
def deadlines(edition: Edition) -> Iterator[Block]:
    """Which priority years and national phases run, and until when."""
    now = moment(edition)
    found = planning.deadlines(edition.study.patents, now, home=_HOME)
    claim = edition.claims("layout.deadlines")
    details = {"now": f"{now:%Y-%m-%d}", "home": _HOME}
    values: dict[str, Any] = {
        "now": f"{now:%Y-%m-%d}", "figure": Ref("deadlines"), "table": Ref("deadline_list"),
        "unknown": found.attrs["unknown"]["origin_unknown"],
    }  # fmt: skip
    if found.empty:
        yield Text("layout.deadlines.none", values, "finding")
        yield from _unlisted(values)
        return
    year = found[found["kind"] == "priority_12"]
    phase = found[found["kind"] == "pct_national"]
    soon = {"days": claim.parameter("days", _SOON)}
    for name, rows in (("priority_12", year), ("pct_national", phase)):
        number = rows["publication_id"].nunique()
        near = rows.loc[(rows["days_left"] <= _SOON).fillna(False), "publication_id"].nunique()
        about = {**details, "kind": name}
        told = {
            **values, **soon,
            "n": claim(f"{name}.n", "count", "set", "deadline_filings", number, unit="filing",
                       details=about),
            "near": claim(f"{name}.near", "count", "set", "deadline_filings", near, unit="filing",
                          details={**about, "within": _SOON}),
        }  # fmt: skip
        if number:
            key = "year" if name == "priority_12" else "phase"
            if name == "priority_12" and not rows["certain"].any():
                key = "year_filed"
            yield Text(f"layout.deadlines.{key}", told, "finding")
    yield Text("layout.deadlines.body", values)
    if not found["certain"].all():
        yield Text("layout.deadlines.no_later", values, "note")
    yield from _unlisted(values)
    yield Text("layout.deadlines.note", values, "note")
    months = found.dropna(subset=["deadline"])["deadline"].dt.to_period("M")
    counts = pd.DataFrame({"deadline_month": months.astype("str"),
                           "kind": found["kind"].reindex(months.index)})  # fmt: skip
    data = counts.groupby(["deadline_month", "kind"]).size().rename("count").reset_index()
    data["kind"] = data["kind"].map({k: edition.word(f"deadline_{k}") for k in planning.DEADLINES})
    note = counted(edition)
    yield Figure(Table("deadlines", data, {}, values, note),
                 drawing(plot.deadlines, found, lang=edition.lang), size=(6.3, 3.0))  # fmt: skip
    shown = pd.DataFrame(
        {
            "publication_id": found["publication_id"],
            "title": titles(edition, found["publication_id"]),
            "kind": found["kind"].map({k: edition.word(f"deadline_{k}") for k in planning.DEADLINES}),
            "office": found["office"].map(edition.authority).where(
                found["kind"] == "pct_national", edition.word("any_office")),
            "deadline": found["deadline"],
            "days_left": found["days_left"], "certain": found["certain"],
            "reason": reasons(edition, found["reason"]),
        }
    )  # fmt: skip
    forms = {"publication_id": "code", "deadline": "date", "days_left": "count"}
    yield Table("deadline_list", shown, forms, values, note, rows=TOP)


def _unlisted(values: dict[str, Any]) -> Iterator[Block]:
    if values["unknown"]:
        yield Text("layout.deadlines.unknown", values, "note")


@section("operate.pledge", needs=("publications.legal_status",))
def pledge(edition: Edition, *, about: str = "") -> Iterator[Block]:
    """Which patents could serve as security, and what speaks against the others; no price.

    ``about="region"``: nothing where no region is studied, since nobody there could be spoken to.
    """
    study, now = edition.study, moment(edition)
    if about == "region" and not study.inputs.region:
        return
    # A legal entity signs: two firms of one group are co-owners, both of whom must consent.
    found = operation.pledge(study.patents, as_of=now, owner="party")
    if found.empty:
        raise gap("missing.operation.no_rights")
    claim = edition.claims("operate.pledge")
    details = {"now": f"{now:%Y-%m-%d}"}
    values: dict[str, Any] = {
        "now": details["now"],
        "figure": Ref("pledge"),
        "table": Ref("pledge_list"),
    }
    values["total"] = claim(
        "total", "count", "set", "screened", len(found), unit="filing", details=details
    )
    for colour in _COLOURS:
        number = int((found["colour"] == colour).sum())
        values[colour] = claim(colour, "count", "set", "screened", number, unit="filing",
                               details={**details, "colour": colour})  # fmt: skip
    yield Text("operate.pledge.finding", values, "finding")
    if not study.patents.has("legal_events"):
        yield Text("operate.pledge.no_events", values, "note")
    yield Text("operate.pledge.body", values)
    yield Text("operate.pledge.note", values, "note")
    keys = found.assign(key=found["reason"].str.split("; ")).explode("key")
    data = keys.groupby(["key", "colour"]).size().rename("count").reset_index()
    data = data.rename(columns={"key": "reason"}).sort_values(["count", "reason", "colour"],
                                                              ascending=[False, True, True])  # fmt: skip
    data["reason"] = reasons(edition, data["reason"])
    data["colour"] = data["colour"].map(
        {c: i18n.text(f"operation.colour.{c}", edition.lang) for c in _COLOURS}
    )
    note = counted(edition)
    yield Figure(Table("pledge", data.reset_index(drop=True), {}, values, note),
                 drawing(plot.pledge, found, lang=edition.lang), size=(6.3, 3.8))  # fmt: skip
    colours = {c: i18n.text(f"operation.colour.{c}", edition.lang) for c in _COLOURS}
    shown = pd.DataFrame(
        {
            "publication_id": found["publication_id"],
            "title": titles(edition, found["publication_id"]), "applicant": found["publication_id"].map(edition.filed_names()),
            "colour": found["colour"].map(colours), "life_years": found["life_years"],
            "last_event_date": found["last_event_date"],
        }
    )  # fmt: skip
    own, shared = own_reasons(edition, found["reason"])
    if shared is not None:
        yield shared
    if own is not None:
        shown = shown.assign(reason=own)
    forms = {"publication_id": "code", "life_years": "number", "last_event_date": "date"}
    yield Table("pledge_list", shown, forms, values, note, rows=TOP)


@section("path.universities", needs=("parties", "texts", "publications.legal_status"))
def universities(edition: Edition) -> Iterator[Block]:
    """Idle patents of universities and institutes and the firms they lie nearest to."""
    study, now = edition.study, moment(edition)
    if study.owner_types.isna().all():
        raise gap("missing.operation.no_types")
    found = operation.transfer(study.patents, as_of=now, owner=study.owner_level)
    claim = edition.claims("path.universities")
    funnel = found.attrs["funnel"]
    if not funnel["academic"]:
        raise gap("missing.operation.no_schools")
    values: dict[str, Any] = {
        stage: claim(stage, "count", "set", "offered", number, unit="filing",
                     details={"now": f"{now:%Y-%m-%d}", "stage": stage})
        for stage, number in funnel.items()
    }  # fmt: skip
    values |= {
        "life": claim.parameter("life", int(operation.LEAST_LIFE)),
        "years": claim.parameter("years", int(operation.IDLE)),
        "recent": claim.parameter("recent", operation.ACTIVE),
        "least": claim.parameter("least", found.attrs["least"]),
        "fewest": claim.parameter("fewest", _TAKER),
        "figure": Ref("transfer"), "table": Ref("transfer_list"),
    }  # fmt: skip
    found = _takers(edition, found)
    told = study.patents.has("legal_events")
    yield Text(f"path.universities.{'finding' if told else 'untold'}", values, "finding")
    if found.empty:
        yield Text("path.universities.none", values)
        return
    yield Text("path.universities.body", values)
    yield Text("path.universities.note", values, "note")
    if found.attrs["titles"]:
        bare = not (study.patents.texts["field"] != "title").any()
        yield Text(f"path.universities.titles{'_only' if bare else ''}", values, "note")
    first = found[found["rank"] == 1]
    data = first[["publication_id", "firm_name", "text", "size_rank"]].reset_index(drop=True)
    data = data.rename(columns={"text": "text_similarity"})
    note = counted(edition)
    yield Figure(
        Table("transfer", data, {"publication_id": "code"}, values, note),
        drawing(plot.transfer, found, lang=edition.lang),
        size=(6.3, 1.3 + 0.27 * min(len(first), 12)),
    )
    shown = pd.DataFrame(
        {
            "publication_id": found["publication_id"],
            "title": titles(edition, found["publication_id"]), "applicant": found["publication_id"].map(edition.filed_names()),
            "firm_name": found["firm_name"], "text_similarity": found["text"],
            "nearest": found["nearest"], "size_rank": found["size_rank"], "same_place": found["same_place"],
            "life_years": found["life_years"],
        }
    )  # fmt: skip
    own, shared = own_reasons(edition, found["reason"])
    if shared is not None:
        yield shared
    if own is not None:
        shown = shown.assign(reason=own)
    forms = {"publication_id": "code", "nearest": "code", "text_similarity": "number",
             "life_years": "number", "size_rank": "count"}  # fmt: skip
    yield Table(
        "transfer_list", _by_patent(edition, shown), forms, values, note, rows=TOP, detail=shown
    )


_TAKER = 3  # filings below which a firm is no taker


def _takers(edition: Edition, found: pd.DataFrame) -> pd.DataFrame:
    """Offers of granted patents to firms with some filings of their own that lie near and live.

    What is not granted cannot be handed on yet; a firm that files with an academy alone is its hand.
    """
    study = edition.study
    if found.empty:
        return found
    pending = found["reason"].str.split("; ").map(lambda keys: "pending" in keys)
    rows = study.owners.assign(
        unit=study.unit_ids.reindex(study.owners["publication_id"]).to_numpy()
    )
    school = study.owner_types.reindex(rows["owner"]).isin(ACADEMIC).to_numpy()
    joint = set(rows.loc[school, "unit"])
    alone = rows[~rows["unit"].isin(joint)]["owner"].unique()
    kept = ~pending & (found["size"] >= _TAKER) & found["firm"].isin(alone)
    kept_rows = found[kept.to_numpy(dtype=bool)]
    # One patent of two firms is no evidence of two takers: they are told as one.
    pair = ["publication_id", "nearest"]
    names = kept_rows.groupby(pair)["firm_name"].agg(edition.word("list_separator").join)
    kept_rows = kept_rows.drop_duplicates(pair)
    joined = names.reindex(pd.MultiIndex.from_frame(kept_rows[pair])).array
    kept_rows = kept_rows.assign(firm_name=joined)
    rank = kept_rows.groupby("publication_id")["rank"].rank(method="first").astype(int)
    out = kept_rows.assign(rank=rank).reset_index(drop=True)
    out.attrs = dict(found.attrs)
    return out


def _subjects(titles: pd.Series) -> pd.Series:
    """What titles say, but for general words and order."""
    general = text.generic_words("zh") | text.generic_words("en")
    lists = text.tokens(titles.fillna("").str.casefold()).lists()
    said = [
        " ".join(sorted({w for w in words if w not in general and len(w) > 1})) for words in lists
    ]
    return pd.Series(said, index=titles.index, dtype="str")


def _by_patent(edition: Edition, shown: pd.DataFrame) -> pd.DataFrame:
    """One row per patent: its candidates in their order, and how near the first of them lies.

    Patents of one title and owner stand once, and an invention and a utility model of one owner and
    day whose titles say the same but for what kind of thing it is.
    """
    between = edition.word("list_separator")
    groups = shown.groupby("publication_id", sort=False)
    rows = groups[["title", "applicant", "text_similarity", "life_years"]].first()
    firms = groups["firm_name"].agg(lambda names: between.join(names.head(_FIRMS)))
    rows = rows.assign(firm_name=firms.to_numpy())
    rows = rows[~rows.duplicated(["title", "applicant"])]
    filed = edition.study.patents.publications["application_date"].reindex(rows.index)
    subject = _subjects(rows["title"])
    twin = rows.assign(filed=filed, subject=subject).duplicated(["subject", "applicant", "filed"])
    rows = rows[~(twin & filed.notna() & subject.ne(""))].reset_index()
    columns = ["publication_id", "title", "applicant", "firm_name", "text_similarity", "life_years"]
    return rows[columns]
