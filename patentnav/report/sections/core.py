"""Part A, continued: core patents by criteria that a panel can check line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts, valuation
from patentnav.report.blocks import Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.study.gaps import gap
from patentnav.valuation.core import COHORT, CORE_CRITERIA, KNOWN, OFTEN, TOP_SHARE, TRUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition


@section("direction.citations")
def citations(edition: Edition) -> Iterator[Block]:
    """What meets the criteria of a core patent, or comes nearest to what is known of them."""
    study = edition.study
    source, counts = study.received
    judged = valuation.core(study.patents, counts, main_path=study.main_path)
    known = [c for c in CORE_CRITERIA if judged[c].notna().any()]
    if not known or not judged["true"].any():
        raise gap("missing.citations" if "cited" not in known else "missing.no_citations")
    key, values = _claims(edition, judged, source, known)
    yield Text(f"direction.citations.{key}", values, "finding")
    alive = facts.alive(study.patents)
    dead = ~alive.fillna(True).astype(bool)
    if "living" in values:
        parts = [p for p in ("phase", "unknown") if values[p].value]
        yield Text("direction.citations.living" + "".join(f"_{p}" for p in parts), values)
    by = "body" if "cited" in known else "body_uncited"
    by += "_living" if alive.notna().any() else ""
    yield Text(f"direction.citations.{by}", {**values, "table": Ref("core")})
    if source != "none":
        yield Text(
            f"direction.citations.{source}",
            {"cohort": edition.claims("direction.citations").parameter("cohort", COHORT)},
        )
    unknown = [c for c in CORE_CRITERIA if c not in known]
    if unknown:
        names = edition.word("list_separator").join(edition.word(f"core_{c}") for c in unknown)
        yield Text("direction.citations.unknown", {"names": names}, "note")
    order = judged.assign(
        _id=judged.index.astype("str"), _core=judged["core"].fillna(False), _dead=dead,
        _living=alive.fillna(False),
    )  # fmt: skip
    # Where no core patent can be told, the table holds the candidates that the sentence counts.
    listed = order["cited"].fillna(False).astype(bool) if key == "cited" else order["true"] > 0
    order = order[listed].sort_values(
        ["_core", "_dead", "_living", "true", "percentile", "citations", "_id"],
        ascending=[False, True, False, False, False, False, True], na_position="last",
    )  # fmt: skip
    frame = _table(edition, order, known)
    untold = [c for c in ("legal_status", "citations", "percentile") if frame[c].isna().all()]
    frame = frame.drop(columns=untold)
    forms = {"publication_id": "code", "citations": "count", "percentile": "number"}
    note = Text("direction.citations.note", values, "note")
    yield Table("core", frame.drop(columns="criteria_known"), forms, values, note, TOP, frame)


def _claims(
    edition: Edition, judged: pd.DataFrame, source: str, known: list[str]
) -> tuple[str, dict[str, Any]]:
    claim = edition.claims("direction.citations")
    details = {"source": source}
    values: dict[str, Any] = {
        "need": claim.parameter("need", KNOWN), "fewest": claim.parameter("fewest", TRUE),
        "criteria": claim.parameter("criteria", len(CORE_CRITERIA)),
        "names": edition.word("list_separator").join(edition.word(f"core_{c}") for c in known),
        "tenth": claim.parameter("tenth", TOP_SHARE), "often": claim.parameter("often", OFTEN), "total": len(judged),
    }  # fmt: skip

    def counted(name: str, measure: str, value: int, **more: Any) -> Any:
        return claim(
            name, "count", "set", measure, value, unit="publication", details=details, **more
        )

    enough = int((judged["known"] >= KNOWN).sum())
    values["judged"] = counted("judged", "core_judged", enough)
    values["told"] = counted("told", "core_known", len(known))
    if enough:
        which, measure = judged["core"].fillna(False).astype(bool), "core_patents"
        key = "finding" if which.any() else "none"
    elif "cited" in known:
        key, which, measure = "cited", judged["cited"].fillna(False).astype(bool), "core_cited"
    else:
        key, which, measure = "some", judged["true"] > 0, "core_any"
    values["n"] = counted("n", measure, int(which.sum()), evidence=("core",))
    alive = facts.alive(edition.study.patents)[which]
    status = edition.study.patents.publications["legal_status"][which]
    phase = (status == "international_ended").fillna(False).astype(bool)
    if alive.notna().any():
        details = {"source": source, "among": measure}
        values["living"] = counted("living", "core_living", int(alive.sum()), evidence=("core",))
        values["dead"] = counted("dead", "core_dead", int((~alive).sum()), evidence=("core",))
        values["unknown"] = counted(
            "unknown", "core_untold", int((alive.isna() & ~phase).sum()), evidence=("core",)
        )
        values["phase"] = counted("phase", "core_phase", int(phase.sum()), evidence=("core",))
    return key, values


def _table(edition: Edition, rows: pd.DataFrame, known: list[str]) -> pd.DataFrame:
    study = edition.study
    publications = study.patents.publications
    held = pd.Series(dtype="str")
    if study.patents.has("parties"):
        held = edition.filed_names()
    separator = edition.word("list_separator")
    met = [
        separator.join(edition.word(f"core_{c}") for c in known if row[c])
        for row in rows[known].fillna(False).to_dict("records")
    ]
    return pd.DataFrame(
        {
            "publication_id": rows.index, "title": publications["title"].reindex(rows.index),
            "applicant": held.reindex(rows.index),
            "application_date": publications["application_date"].reindex(rows.index),
            "legal_status": edition.named(
                "legal_status", publications["legal_status"].reindex(rows.index)
            ),
            "citations": rows["citations"].astype("Int64"), "percentile": rows["percentile"],
            "criteria_met": met, "criteria_known": rows["known"],
        }
    ).reset_index(drop=True)  # fmt: skip
