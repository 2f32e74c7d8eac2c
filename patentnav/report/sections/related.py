"""Which technologies share more than chance gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav.indicators.matrix import LEVEL
from patentnav.report.blocks import Ref, Table, Text
from patentnav.report.registry import section
from patentnav.report.sections.overview import field_names
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_ROWS = 10
_MANY = 0.1  # of all pairs; where more are significant, owners fall into fields
_TELLING = 6  # terms that tell a technology
_TESTABLE = 1.0  # expected in common, below which the distance from chance means nothing


@section("direction.relatedness", needs=("texts",))
def relatedness(edition: Edition) -> Iterator[Block]:
    """Pairs of technologies that share more than chance gives."""
    study = edition.study
    frame = study.related
    through = frame.attrs["through"]
    names = edition.technology_names
    present = _present(edition)
    groups = [k for k in names if k not in study.remainders and k in present]
    frame = frame[frame["source"].isin(groups) & frame["target"].isin(groups)]
    pairs = len(groups) * (len(groups) - 1) // 2
    tested = bool(frame["z"].notna().any())
    if tested:
        known = frame[frame["z"].notna()]
        order = known.assign(q_value=_adjusted(known["p_value"], pairs))
        order = order.assign(_known=(order["q_value"] <= LEVEL) & (order["expected"] >= _TESTABLE))
        order = order.sort_values(
            ["_known", "z", "source", "target"], ascending=[False, False, True, True]
        )
        near = order[order["_known"]]
    else:
        near = order = frame.assign(q_value=float("nan"))
    if near.empty:
        raise gap("missing.nothing_related", pairs=len(frame))
    one_thing = _of_one_thing(edition, near) | _badly_named(edition, near)
    apart = near[~one_thing]
    values = _relation(edition, near, apart, pairs, through)
    values["fewest"] = frame.attrs.get("min_count", study.related.attrs["min_count"])
    key = "finding" if tested else "alike"
    if tested and len(near) > _MANY * pairs:
        key = "many"
    elif apart.empty:
        key = "one_thing"
    elif one_thing.any():
        key += "_apart"
    yield Text(f"direction.relatedness.{key}", {**values, "table": Ref("related")}, "finding")
    yield Text(f"direction.relatedness.{'body' if tested else 'alike_body'}",
               {**values, "table": Ref("related")})  # fmt: skip
    whole = pd.DataFrame(
        {
            "technology": order["source"].map(names), "other_technology": order["target"].map(names),
            "common": order["count"], "expected": order["expected"], "z": order["z"],
            "q_value": order["q_value"], "relatedness": order["relatedness"],
        }
    ).reset_index(drop=True)  # fmt: skip
    digest = whole
    if tested:  # relatedness is measured against another chance than the test
        times = whole["common"] / whole["expected"].where(whole["expected"] > 0)
        whole = whole.assign(times_chance=times)
        digest = whole.drop(columns="relatedness")
    else:
        digest = whole = whole.drop(columns=["expected", "z", "q_value"])
    note = Text("direction.relatedness.note", values, "note")
    forms = {"expected": "number", "z": "number", "relatedness": "number", "times_chance": "number",
             "q_value": "p"}  # fmt: skip
    yield Table("related", digest.head(len(near)), forms, values, note, _ROWS, whole)


def _present(edition: Edition) -> set[str]:
    return set(edition.study.technology_of["technology"].astype("str"))


def _adjusted(p: pd.Series, pairs: int) -> np.ndarray:
    """Probabilities of chance alone, adjusted for all pairs, those that never met included."""
    from scipy.stats import false_discovery_control

    every = np.concatenate([p.to_numpy(dtype=float), np.ones(max(pairs - len(p), 0))])
    adjusted: np.ndarray = false_discovery_control(every)[: len(p)]
    return adjusted


def _of_one_thing(edition: Edition, near: pd.DataFrame) -> np.ndarray:
    """Which pairs are parts of one thing: of one field, or the name of one among the words of the other.

    That these meet tells how finely the set was divided, not that two technologies need each other.
    """
    found = edition.study.technologies
    fields = found.areas if field_names(edition) else pd.Series(dtype="str")
    terms: dict[str, set[str]] = {}
    if len(found.terms):
        listed = found.terms[found.terms["rank"] <= _TELLING]
        for technology, own in listed.groupby("technology")["term"]:
            terms[str(technology)] = {str(term).casefold() for term in own}
    said = {str(k): str(v).casefold() for k, v in found.names.items()}

    def alike(one: str, other: str) -> bool:
        field = fields.get(one)
        if field is not None and not pd.isna(field) and field == fields.get(other):
            return True
        for a, b in ((one, other), (other, one)):
            own = {t for t in terms.get(a, ()) if t in said.get(a, "")} or {said.get(a, "")}
            if any(t and (t in terms.get(b, ()) or t in said.get(b, "")) for t in own):
                return True
        return False

    pairs = zip(near["source"].astype("str"), near["target"].astype("str"), strict=True)
    return np.array([alike(one, other) for one, other in pairs], dtype=bool)


def _badly_named(edition: Edition, near: pd.DataFrame) -> np.ndarray:
    """Pairs of which one is called by a name that fewer than half of its titles bear."""
    known = edition.study.well_named
    if known is None:
        return np.zeros(len(near), dtype=bool)
    named = near[["source", "target"]].isin(list(known)).all(axis=1)
    return np.asarray(~named.to_numpy(dtype=bool))


def _relation(
    edition: Edition, near: pd.DataFrame, apart: pd.DataFrame, pairs: int, through: str
) -> dict[str, Any]:
    """The strongest relation, of those ``apart`` where there are any, as claims."""
    claim = edition.claims("direction.relatedness")
    best, names = (apart if len(apart) else near).iloc[0], edition.technology_names
    one, other = str(best["source"]), str(best["target"])
    subject = f"technology:{one}&technology:{other}"
    label = edition.word("list_separator").join([names[one], names[other]])
    values: dict[str, Any] = {
        "source": names[one], "target": names[other], "least": claim.parameter("least", _TESTABLE),
        "level": claim.parameter("level", LEVEL),
        "common": edition.word(f"through_{through}"),
        "pairs": claim("pairs", "count", "set", "pairs", pairs, unit="pair"),
    }  # fmt: skip
    if pd.isna(best["z"]):
        values["relatedness"] = claim("relatedness", "association", subject, "alike",
                                      float(best["relatedness"]), label=label, unit="ratio",
                                      details={"through": through})  # fmt: skip
        return values
    details = {"through": through}
    test = {"test": "sum of unequal chances", "n": int(best["count"]),
            "q": float(best["q_value"]), "direction": 1}  # fmt: skip
    return values | {
        "count": claim("count", "association", subject, "met", int(best["count"]), label=label,
                       unit=through, details=details, baseline="chance",
                       baseline_value=float(best["expected"]), **test),
        "expected": claim("expected", "index", subject, "met", float(best["expected"]),
                          label=label, unit=through, details={**details, "expected": True}),
        "n": claim("n", "count", "set", "related_pairs", len(near), unit="pair",
                   details={**details, "fewest": edition.study.related.attrs["min_count"]}),
    }  # fmt: skip
