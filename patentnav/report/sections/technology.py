"""Part A, continued: the technologies found in the texts, and their growth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import plot
from patentnav.errors import MissingColumnError, MissingTableError, UnavailableError
from patentnav.explore import Interactive, publications
from patentnav.indicators.matrix import LEVEL
from patentnav.planning import THIN
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.overview import field_names, fields
from patentnav.study import RECENT
from patentnav.study.gaps import gap
from patentnav.text.documents import BODY_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_TERMS = 6
_COVERED = 0.8  # share of publications with a technology below which that is pointed out
_JUDGED = (
    "emerging growing holding turned steady slower declining one_owner"  # all states but too few
)


@section("direction.technologies", needs=("texts",))
def technologies(edition: Edition) -> Iterator[Block]:
    """The patent map and the list of technologies."""
    study = edition.study
    found = study.technologies
    counts = study.counts(study.technology_of)
    named = counts[[str(k) not in study.remainders for k in counts.index]]
    if len(named) < 2:
        return
    values = _found(edition, counts, named)
    key = "rest" if len(named) < len(counts) else "finding"
    yield Text(f"direction.technologies.{key}", values, "finding")
    yield Text("direction.technologies.body",
               {"figure": Ref("patent_map"), "table": Ref("technologies")})  # fmt: skip
    if float(values["share"]) < _COVERED:
        yield Text(
            "direction.technologies.unassigned", {"share": 1 - float(values["share"])}, "note"
        )
    lang = edition.lang
    yield Figure(
        Table("patent_map", _places(edition), {"publication_id": "code"}, values,
              Text("direction.technologies.map_note", values, "note")),
        drawing(plot.patent_map, found, note=False, key=False, lang=lang),
        size=(6.2, 5.8),
        interactive=_map(edition),
    )  # fmt: skip
    terms = found.terms[found.terms["rank"] <= _TERMS].sort_values(["technology", "rank"])
    words = terms.groupby("technology")["term"].agg(edition.word("list_separator").join)
    first = found.representatives.sort_values(["technology", "rank"])
    typical = first.drop_duplicates("technology").set_index("technology")["publication_id"]
    frame = pd.DataFrame(
        {
            "technology": counts.index.map(edition.technology_names), "count": counts.to_numpy(),
            "share": (counts / counts.sum()).to_numpy(),
            "terms": words.reindex(counts.index).to_numpy(),
            "representative": typical.reindex(counts.index).to_numpy(),
        }
    )  # fmt: skip
    yield from fields(edition)
    above = field_names(edition)
    if above:
        above_of = found.areas.reindex(counts.index).map(above)
        frame = _by_field(frame, above_of.fillna(found.names), set(above.values()))
    yield Table("technologies", frame, {"share": "share", "count": "count", "representative": "code"},
                values, edition.note("fractional"), rows=None,
                fold="technology_field" if above else None)  # fmt: skip


def _by_field(frame: pd.DataFrame, field: pd.Series, above: set[str]) -> pd.DataFrame:
    """Technologies by field, the largest field first; what is in no field last."""
    frame = frame.assign(technology_field=field.to_numpy())
    size = frame.groupby("technology_field")["count"].sum().rename("_size")
    size = size.where(size.index.isin(above), -1)  # what is left over comes last
    frame = frame.join(size, on="technology_field").sort_values(
        ["_size", "technology_field", "count"], ascending=[False, True, False], kind="stable"
    )
    first = ["technology", "technology_field"]
    columns = [*first, *(c for c in frame.columns if c not in {*first, "_size"})]
    return frame[columns].reset_index(drop=True)


def _found(edition: Edition, counts: pd.Series, named: pd.Series) -> dict[str, Any]:
    study = edition.study
    claim = edition.claims("direction.technologies")
    labels = study.technologies.labels.reindex(study.patents.publications.index)
    labelled = int(labels.notna().sum())
    inside = int((labels.notna() & ~labels.isin(list(study.remainders))).sum())
    first = str(named.index[0])
    label = edition.technology_names[first]
    by = {"facet": "technology"}
    return {
        "source": edition.word(f"texts_{_read(edition)}"), "unit": edition.unit_word,
        "n": claim("n", "count", "set", "named", len(named), unit="technology"),
        "rest": claim("rest", "count", "set", "named", len(counts) - len(named),
                      unit="technology", details={"remainder": True}),
        "labelled": claim("labelled", "count", "set", "labelled", labelled, unit="publication",
                          details=by),
        "inside": claim("inside", "count", "set", "labelled", inside, unit="publication",
                        details={**by, "remainders": False}),
        "inside_share": claim("inside_share", "share", "set", "labelled_share",
                              inside / len(study.patents), unit="ratio",
                              details={**by, "remainders": False}),
        "outside_share": claim("outside_share", "share", "set", "labelled_share",
                               (labelled - inside) / len(study.patents), unit="ratio",
                               details={**by, "remainders": True}),
        "mapped": claim("mapped", "count", "set", "mapped", len(study.technologies.layout.dropna()),
                        unit="publication"),
        "share": claim("share", "share", "set", "labelled_share", labelled / len(study.patents),
                       unit="ratio", details=by),
        "first": claim("first", "name", "set", "largest_named", first, label=label,
                       unit="technology", rule="fractional", evidence=(f"technologies/{label}",)),
        "first_share": claim("first_share", "share", f"technology:{first}", "share",
                             counts[first] / counts.sum(), label=label, unit="ratio",
                             rule="fractional", baseline="set",
                             evidence=(f"technologies/{label}/share",)),
    }  # fmt: skip


def _read(edition: Edition) -> str:
    """What the technologies were read from: given ones, titles alone, or with abstracts or others."""
    study = edition.study
    if study.inputs.technologies is not None:
        return "given"
    if not study.patents.has("texts"):
        return "title"
    texts = study.patents.texts
    rows = texts[texts["field"].isin(BODY_FIELDS) & texts["text"].notna()]
    with_abstract = rows.loc[rows["field"] == "abstract", "publication_id"].nunique()
    with_any = rows["publication_id"].nunique()
    if 2 * with_any < len(study.patents):
        return "title" if not with_any else "title_mostly"
    return "abstract" if 2 * with_abstract >= len(study.patents) else "other"


def _places(edition: Edition) -> pd.DataFrame:
    study = edition.study
    layout = study.technologies.layout.dropna().sort_index()
    titles = study.patents.publications["title"].reindex(layout.index)
    labels = study.technologies.labels.reindex(layout.index)
    return pd.DataFrame(
        {
            "publication_id": layout.index, "title": titles.to_numpy(),
            "technology": labels.map(edition.technology_names).to_numpy(),
            "x": layout["x"].to_numpy(), "y": layout["y"].to_numpy(),
        }
    )  # fmt: skip


def _map(edition: Edition) -> Interactive:
    """Dots that tell what is known of a publication and are found by any of its numbers."""
    study = edition.study
    parts = plot.map_parts(study.technologies, lang=edition.lang)
    own = study.patents.publications.reindex(parts.layout.index)
    told = publications.overlays(
        parts, study.technologies.labels.map(edition.technology_names), own,
        owners=_known(edition, "owners"), date=_known(edition, "basis"),
        memberships=_known(edition, "memberships"), industries=dict(edition.industry_names),
        lang=edition.lang,
    )  # fmt: skip
    return Interactive(
        "patent_map", publications.dots(parts.layout, own["title"]), names=parts.names,
        hills=parts.hills, see="technologies", overlays=tuple(told),
        numbers=publications.numbers(own, study.given.publications),
    )  # fmt: skip


def _known(edition: Edition, result: str) -> Any:
    """A result of the study, or None where the data do not carry it."""
    study = edition.study
    try:
        return getattr(study, result)
    except (UnavailableError, MissingTableError, MissingColumnError):
        return None


@section("direction.growth", needs=("texts",))
def growth(edition: Edition) -> Iterator[Block]:
    """Technologies that gain and lose weight, as far as the test of their growth carries it."""
    study = edition.study
    frame = study.growth.merge(
        study.emergence[["group", "state", "q_value", "relative_growth"]],
        left_on="technology", right_on="group",
    )  # fmt: skip
    compared = frame[frame["state"] != "too_few"]
    if compared.empty or not compared["before_count"].sum():
        raise gap("missing.growth", years=2 * RECENT)
    frame = frame.assign(
        points=frame["recent_share"] - frame["before_share"],
        growth_index=frame["growth_index"].where(frame["before_count"] >= THIN),
        passed=~frame["state"].isin(["too_few", "steady", "one_owner"]),
    )
    named = frame[~frame["technology"].isin(study.remainders)]
    key, values = _shifts(edition, named)
    yield Text(f"direction.growth.{key}", values, "finding")
    if values["turned"].value:
        yield Text("direction.growth.turned", values)
    claim = edition.claims("direction.growth")
    chosen = {"thin": THIN, "level": LEVEL, "recent": RECENT}
    chosen_as = {name: claim.parameter(name, value) for name, value in chosen.items()}
    yield Text("direction.growth.body", {**values, **chosen_as, "figure": Ref("technology_trend"),
                                         "table": Ref("growth")})  # fmt: skip
    yearly = study.by_year(study.technology_of)
    yearly = yearly[(yearly["year"] > study.last_year - 15)
                    & ~yearly["group"].astype("str").isin(list(study.remainders))]  # fmt: skip
    lang, late, names = edition.lang, study.incomplete_from, edition.technology_names
    shown = yearly.rename(columns={"group": "technology"})
    shown = shown.assign(technology=shown["technology"].map(names))
    yield Figure(
        Table("technology_trend", shown, {"year": "year", "count": "count"}, values,
              edition.note("fractional", dated=True)),
        drawing(plot.trend, yearly, incomplete_from=late, labels=names, lang=lang),
    )  # fmt: skip
    # What carries a verdict stands first, the largest movement before the smaller ones.
    frame = frame.assign(_size=frame["points"].abs()).sort_values(
        ["passed", "_size", "technology"], ascending=[False, False, True], ignore_index=True
    )
    frame = edition.remainder_last(frame, "technology")
    table = pd.DataFrame(
        {
            "technology": frame["technology"].map(names), "count": frame["count"],
            "before_count": frame["before_count"], "recent_count": frame["recent_count"],
            "before_share": frame["before_share"], "recent_share": frame["recent_share"],
            "growth_index": frame["growth_index"],
            "q_value": frame["q_value"].where(frame["state"] != "too_few"),
            "state": frame["technology"].map(edition.technology_states),
        }
    )  # fmt: skip
    forms = {"count": "count", "recent_count": "count", "before_count": "count",
             "recent_share": "share", "before_share": "share", "q_value": "p"}  # fmt: skip
    note = edition.note("fractional", dated=True, periods=True)
    # All that passed the test, which stand in front.
    passed = int((frame["passed"] & ~frame["technology"].isin(list(study.remainders))).sum())
    yield Table("growth", table, forms, values, note, rows=max(TOP, passed))


def _shifts(edition: Edition, named: pd.DataFrame) -> tuple[str, dict[str, Any]]:
    """What passed the test gained or lost: how many, and the largest of either."""
    study = edition.study
    claim = edition.claims("direction.growth")
    last = study.last_year
    before, recent = (last - 2 * RECENT + 1, last - RECENT), (last - RECENT + 1, last)
    details = {"years": (before[0], before[1], last)}
    values: dict[str, Any] = {
        "before_start": claim.parameter("before_start", before[0]),
        "before_end": claim.parameter("before_end", before[1]),
        "start": claim.parameter("start", recent[0]), "end": claim.parameter("end", last),
        "total": claim("total", "count", "set", "state_count",
                       int((named["state"] != "too_few").sum()), unit="technology",
                       details={**details, "states": _JUDGED}),
        "turned": claim("turned", "count", "set", "state_count",
                        int((named["state"] == "turned").sum()), unit="technology",
                        details={**details, "states": "turned"}),
    }  # fmt: skip
    found = {}
    for name, way in (("gained", 1), ("lost", -1)):
        ahead = (named["relative_growth"] > 1) | (named["before_count"] == 0)
        moved = named[
            named["passed"]
            & (named["state"] != "turned")
            & (way * named["points"] > 0)
            & (ahead == (way > 0))
        ]
        found[name] = len(moved)
        values[name] = claim(name, "count", "set", "shifted", len(moved), unit="technology",
                             details={**details, "way": way}, direction=way, test="Fisher",
                             window=recent, baseline=f"{before[0]}-{before[1]}")  # fmt: skip
        if moved.empty:
            continue
        top = moved.loc[[(way * moved["points"]).idxmax()]].iloc[0]
        group = str(top["technology"])
        label, cell = edition.moving_name(group), f"growth/{edition.technology_names[group]}"
        subject = f"technology:{group}"
        values[f"{name}_name"] = claim(
            f"{name}_name", "name", "set", "largest_shift", group, label=label, unit="technology",
            details={**details, "way": way}, direction=way, evidence=(cell,),
        )  # fmt: skip
        for period, window in (("before", before), ("recent", recent)):
            values[f"{name}_{period}"] = claim(
                f"{name}_{period}", "share", subject, "share", top[f"{period}_share"], label=label,
                unit="ratio", window=window, rule="fractional", baseline="set",
                evidence=(f"{cell}/{period}_share",),
            )  # fmt: skip
        values[f"{name}_q"] = claim(
            f"{name}_q", "comparison", subject, "test_q", top["q_value"], label=label, unit="",
            window=recent, baseline=f"{before[0]}-{before[1]}", direction=way, test="Fisher",
            n=round(top["before_count"] + top["recent_count"]), q=float(top["q_value"]),
            details=details, evidence=(f"{cell}/q_value",),
        )  # fmt: skip
    if not any(found.values()):
        return "none", values
    for part, name in (("gain", "gained"), ("loss", "lost")):
        number = {0: "none", 1: "one"}.get(found[name], "many")
        values[part] = Text(f"direction.growth.{name}_{number}", dict(values))
    return "finding", values
