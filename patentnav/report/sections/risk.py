"""Rights of others in the way: barriers, leads for a comparison, blocking citations, disputes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import indicators, planning, plot
from patentnav.indicators.barriers import AHEAD, FEWEST_RIGHTS, TOP_HOLDERS
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.firm import named, rivals_of, units_of
from patentnav.report.sections.official import needed
from patentnav.report.sections.ties import figure_size, named_technologies
from patentnav.report.sections.uses import moment, titles
from patentnav.study.gaps import gap
from patentnav.text.documents import BODY_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition
    from patentnav.study import Study

_TOLD = 3  # cells told one by one
_CLAIMS = ("first_claim", "claims")


def technologies_about(study: Study, about: str) -> tuple[str, ...]:
    """Technologies of the firm or of the project."""
    return study.project_technologies if about == "project" else study.firm_technologies


@section("risk.barriers", needs=("parties", "publications.legal_status"))
def barriers(edition: Edition, *, about: str = "firm") -> Iterator[Block]:
    """Rights in force in the firm's or the project's technologies, by office, own ones beside."""
    if about == "project":
        needed(edition, "risk.barriers", "PJ", "text", "features", "classes")
    study, now = edition.study, moment(edition)
    if about != "project" and study.firm_alone:
        raise gap("missing.firm.alone", firm=str(study.owner_names[study.firm]))
    wanted = technologies_about(study, about)
    rows = named_technologies(edition)
    rows = rows[rows["technology"].isin(wanted)]
    firm = "" if about == "project" and not study.inputs.firm else study.firm
    if firm:  # nobody stands in his own way
        mine = study.unit_ids.isin(units_of(study, study.firm_ids))
        rows = rows[~rows["publication_id"].isin(study.unit_ids.index[mine])]
    cells = indicators.barriers(study.patents, rows, study.owners, unit=study.unit, now=now)
    if cells.empty:
        raise gap("missing.firm.no_barriers", fewest=FEWEST_RIGHTS)
    cells = cells.sort_values(["in_force", "group", "authority"], ascending=[False, True, True])
    cells = cells.reset_index(drop=True)
    own = _own_rights(study, firm) if firm else None
    claim = edition.claims("risk.barriers")
    values: dict[str, Any] = {
        "n": claim.parameter("n", len(cells)), "fewest": claim.parameter("fewest", FEWEST_RIGHTS),
        "figure": Ref("risk_cells"), "table": Ref("barrier_components"), "unit": edition.unit_word,
        "now": f"{now:%Y-%m-%d}",
    }  # fmt: skip
    if firm:
        values["firm"] = str(study.owner_names[firm])
    details = {"now": values["now"], "ahead": AHEAD, "fewest": FEWEST_RIGHTS, "firm": firm}
    yield Text("risk.barriers.project" if about == "project" else "risk.barriers.firm", values)
    for i, row in enumerate(cells.head(_TOLD).to_dict("records")):
        yield _cell(edition, claim, {str(k): v for k, v in row.items()}, details, firm=firm,
                    style="finding" if not i else "bullet")  # fmt: skip
    yield Text("risk.barriers.body", values)
    yield Text("risk.barriers.note", values, "note")
    names = edition.technology_names
    shown = pd.DataFrame(
        {"technology": cells["group"].map(names), "authority": cells["authority"].map(edition.authority),
         "rights": cells["in_force"]}
    )  # fmt: skip
    if own is not None:
        keys = list(zip(cells["group"], cells["authority"], strict=True))
        shown["own_rights"] = [int(own.get(k, 0)) for k in keys]
    shown = shown.rename(columns={"rights": "others_rights"} if firm else {})
    shown = shown.assign(holders=cells["holders"], top_three=cells["top_share"],
                         remaining_life=cells["remaining_life"], expiring=cells["expiring"],
                         disputes=cells["disputes"])  # fmt: skip
    if shown["disputes"].isna().all():
        shown = shown.drop(columns="disputes")
    labels = shown["technology"].astype("str")
    if shown["authority"].nunique() > 1:
        labels = shown["authority"].astype("str") + " " + labels
    count = "others_rights" if firm else "rights"
    bars = pd.DataFrame({"others": shown[count]})
    if own is not None:
        bars.insert(0, "own", shown["own_rights"])
    bars.index = pd.Index(labels)
    words = {k: edition.word(f"side_{k}") for k in ("own", "others")} if own is not None else {
        "others": edition.word("firm_in_force")}  # fmt: skip
    data = shown[[c for c in ("technology", "authority", count, "own_rights") if c in shown]]
    yield Figure(Table("risk_cells", data, {}, values, edition.note("whole")),
                 drawing(plot.stacks, bars, edition.unit_axis, names=words),
                 size=figure_size(len(bars)))  # fmt: skip
    forms = {"top_three": "share", "remaining_life": "number"}
    yield Table("barrier_components", shown, forms, values, edition.note("whole"), rows=TOP)


def _own_rights(study: Study, firm: str) -> pd.Series:
    """The firm's units in force by technology and office."""
    publications = study.patents.publications
    force = publications.index[publications["legal_status"].eq("in_force").fillna(False)]
    ids = study.owners.loc[study.owners["owner"] == firm, "publication_id"]
    rows = study.technology_of
    rows = rows[rows["publication_id"].isin(force) & rows["publication_id"].isin(ids)]
    keyed = rows.assign(
        authority=publications["authority"].reindex(rows["publication_id"]).to_numpy(),
        unit_id=study.unit_ids.reindex(rows["publication_id"]).to_numpy(),
    )
    return keyed.groupby(["technology", "authority"])["unit_id"].nunique()


def _cell(
    edition: Edition, claim: ClaimMaker, row: dict[str, Any], details: dict[str, Any], *,
    firm: str, style: Any,
) -> Text:  # fmt: skip
    technology, office = str(row["group"]), str(row["authority"])
    name = f"{technology}.{office}"
    label = f"{edition.technology_names[technology]} ({office})"
    subject = f"technology:{technology}&authority:{office}"

    def part(which: str, value: Any, unit: str, kind: Any = "count") -> Any:
        return claim(f"{which}.{name}", kind, subject, "barrier_part", value, label=label, unit=unit,
                     details={**details, "part": which})  # fmt: skip

    values: dict[str, Any] = {
        "technology": edition.technology_names[technology], "office": edition.authority(office),
        "unit": edition.unit_word, "ahead": claim.parameter("ahead", AHEAD),
        "top": claim.parameter("top", TOP_HOLDERS), "piece": edition.piece,
        "rights": part("in_force", int(row["in_force"]), edition.study.unit),
        "share": part("top_share", float(row["top_share"]), "ratio", "share"),
    }  # fmt: skip
    key = "cell"
    if pd.notna(row["expiring"]):
        values["near"] = part("expiring", int(row["expiring"]), edition.study.unit)
    else:
        key = "cell_undated"
    if firm:
        number = int(_own_rights(edition.study, firm).get((technology, office), 0))
        values["own"] = claim(f"own.{name}", "count", f"owner:{firm}&{subject}&status:in_force", "units", number)  # fmt: skip
        values["firm"] = str(edition.study.owner_names[firm])
        key += "_own"
    return Text(f"risk.barriers.{key}", values, style)


@section("risk.screen", needs=("parties", "texts", "publications.legal_status"))
def screen(edition: Edition, *, about: str = "firm") -> Iterator[Block]:
    """Rights of others to be compared with a product by an attorney: leads, never an opinion."""
    study = edition.study
    if about == "project":
        needed(edition, "risk.screen", "PJ", "features", "text")
        row = study.project_row
        wanted = [(str(row["title"]), row["features"], row["markets"])]
        firm = study.firm if study.inputs.firm else ""
    else:
        needed(edition, "risk.screen", "PR", "features", "keywords")
        firm = study.firm
        wanted = [(str(r["product"]), r["features"] or r["keywords"], r["markets"])
                  for r in study.products.to_dict("records")]  # fmt: skip
    wanted = [one for one in wanted if one[1]]
    if not wanted:
        raise gap("missing.firm.no_features")
    claim = edition.claims("risk.screen")
    values: dict[str, Any] = {
        "table": Ref("risk_leads"),
        "half": claim.parameter("half", planning.HALF),
    }
    if firm:
        values["firm"] = str(study.owner_names[firm])
    parts = []
    for i, (product, features, markets) in enumerate(wanted):
        found = _leads(study, features, markets, firm)
        told = {**values, "product": product, "features": claim.parameter(f"features.{i}", len(set(features))),
                "n": claim(f"n.{i}", "count", "set", "risk_leads", len(found), unit="right",
                           details={"features": tuple(features), "markets": tuple(markets), "firm": firm})}  # fmt: skip
        place = "none" if found.empty else "market" if markets else "anywhere"
        told["markets"] = edition.word("list_separator").join(edition.authority(m) for m in markets)
        yield Text(f"risk.screen.{place}", told, "finding")
        parts.append(found.assign(product=product))
    table = pd.concat(parts, ignore_index=True)
    if len(table):
        yield Text("risk.screen.body", values)
    held = study.patents.texts["field"]
    read = (
        "note"
        if held.isin(_CLAIMS).any()
        else "abstract"
        if held.isin(BODY_FIELDS).any()
        else "titles"
    )
    yield Text(f"risk.screen.{read}", values, "note")
    if table.empty:
        return
    names = study.owner_names
    holder = study.owners.drop_duplicates("publication_id").set_index("publication_id")["owner"]
    shown = pd.DataFrame(
        {"product": table["product"], "publication_id": table["publication_id"],
         "title": titles(edition, table["publication_id"]),
         "applicant": holder.reindex(table["publication_id"]).map(names).to_numpy(),
         "features_hit": table["hits"], "features_named": table["named"]}
    )  # fmt: skip
    forms = {"publication_id": "code", "features_hit": "count"}
    yield Table("risk_leads", shown, forms, values, edition.note(), rows=TOP)


def _leads(study: Study, features: Any, markets: Any, firm: str) -> pd.DataFrame:
    """Rights in force of others in the markets that mention half of the features or more."""
    publications = study.patents.publications
    kept = publications["legal_status"].eq("in_force").fillna(False)
    if markets:
        kept &= publications["authority"].isin(list(markets)).fillna(False)
    own: list[str] = []
    if firm:
        own = list(study.owners.loc[study.owners["owner"] == firm, "publication_id"])
    hits = planning.feature_hits(study.patents, list(features))
    hits = hits[kept.reindex(hits.index).to_numpy() & ~hits.index.isin(own)]
    number = hits.sum(axis=1)
    hits = hits[number >= planning.HALF * hits.shape[1]]
    told = ["; ".join(hits.columns[row]) for row in hits.to_numpy(dtype=bool)]
    found = pd.DataFrame({"publication_id": hits.index, "hits": number.reindex(hits.index).to_numpy(),
                          "named": pd.Series(told, dtype="str").to_numpy()})  # fmt: skip
    return found.sort_values(["hits", "publication_id"], ascending=[False, True], ignore_index=True)


@section("risk.blocking", needs=("parties", "citations.category"))
def blocking(edition: Edition) -> Iterator[Block]:
    """Documents that search reports hold against the firm's own applications (X, Y), by owner."""
    study = edition.study
    rows = study.patents.citations.dropna(subset=["category"])
    own = rows[rows["citing_id"].isin(study.firm_ids)]
    if own.empty:
        raise gap("missing.firm.no_category")
    hit = own[own["category"].str.upper().str.contains("[XY]", regex=True)]
    every = study.patents.citations
    known = float((every.loc[every["citing_id"].isin(study.firm_ids), "category"].notna()).mean())
    claim, values = edition.claims("risk.blocking"), named(edition)
    subject, label = f"owner:{study.firm}", values["firm"]
    values |= {
        "n": claim("n", "count", subject, "firm_blocked", hit["citing_id"].nunique(),
                   unit="publications", label=label, details={"which": "citing"}),
        "cited": claim("cited", "count", subject, "firm_blocked", hit["cited_id"].nunique(),
                       unit="publications", label=label, details={"which": "cited"}),
        "known": claim("known", "share", subject, "firm_blocked", known, unit="ratio", label=label,
                       details={"which": "known"}),
        "table": Ref("blocking"),
    }  # fmt: skip
    yield Text("risk.blocking.finding", values, "finding")
    yield Text("risk.blocking.note", values, "note")
    if hit.empty:
        return
    holders = study.owners[["publication_id", "owner"]].rename(
        columns={"publication_id": "cited_id"}
    )
    by = hit.merge(holders, on="cited_id", how="left")
    names = study.owner_names
    by["applicant"] = by["owner"].map(names).fillna(edition.word("outside_set"))
    shown = by.groupby("applicant", sort=True).agg(
        cited_documents=("cited_id", "nunique"), own_blocked=("citing_id", "nunique")
    ).sort_values("own_blocked", ascending=False, kind="stable").reset_index()  # fmt: skip
    yield Text("risk.blocking.body", values)
    yield Table("blocking", shown, {}, values, edition.note(), rows=TOP)


@section("risk.disputes", needs=("parties", "legal_events"))
def disputes(edition: Edition) -> Iterator[Block]:
    """Litigation, invalidation and opposition of rights of the firm and of its rivals."""
    study = edition.study
    events = study.patents.legal_events
    hit = events[events["category"].isin(planning.DISPUTES)].dropna(subset=["category"])
    claim, values = edition.claims("risk.disputes"), named(edition)
    names = study.owner_names
    rows, told = [], []
    for place, owner in enumerate((study.firm, *rivals_of(study))):
        ids = study.owners.loc[study.owners["owner"] == owner, "publication_id"]
        mine = hit[hit["publication_id"].isin(ids)]
        number = {k: len(units_of(study, mine.loc[mine["category"] == k, "publication_id"].unique()))
                  for k in planning.DISPUTES}  # fmt: skip
        rows.append({"applicant": str(names[owner]), **{f"dispute_{k}": n for k, n in number.items()},
                     "last_event_date": mine["date"].max()})  # fmt: skip
        told.append(claim(f"n.{place}", "count", f"owner:{owner}", "firm_disputed",
                          len(units_of(study, mine["publication_id"].unique())), label=str(names[owner])))  # fmt: skip
    values |= {"own": told[0], "table": Ref("disputes"), "rivals": claim(
        "rivals", "count", "set", "firms_disputed", _together(study, hit),
        details={"owners": tuple(rivals_of(study))})}  # fmt: skip
    if not len(hit):
        raise gap("missing.firm.no_disputes")
    key = "risk.disputes.finding" if rivals_of(study) else "risk.disputes.alone"
    yield Text(key, values, "finding")
    yield Text("risk.disputes.body", values)
    yield Text("risk.disputes.note", values, "note")
    yield Table("disputes", pd.DataFrame(rows), {"last_event_date": "date"}, values, edition.note("whole"), rows=None)  # fmt: skip


def _together(study: Study, hit: pd.DataFrame) -> int:
    ids = study.owners.loc[study.owners["owner"].isin(list(rivals_of(study))), "publication_id"]
    return len(units_of(study, hit.loc[hit["publication_id"].isin(ids), "publication_id"].unique()))
