"""What owners could do with each other: alliances, licences in both directions, pools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import operation, plot
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP
from patentnav.report.registry import section
from patentnav.report.sections.uses import counted, own_reasons, reasons
from patentnav.study.gaps import gap
from patentnav.text.documents import titles_only

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_DRAWN = 3  # pairs from which they are drawn
_HEIGHT = (1.3, 0.27, 12)  # inches of a figure, of a row, rows


def figure_size(rows: int) -> tuple[float, float]:
    """Inches of a figure with so many rows.

    Parameters
    ----------
    rows
        Rows of its table.

    Returns
    -------
    tuple of float
    """
    base, step, most = _HEIGHT
    return 6.3, base + step * max(min(rows, most), 2)


def named_technologies(edition: Edition) -> pd.DataFrame:
    """Technologies of publications, without what is left over.

    Parameters
    ----------
    edition
        The edition.

    Returns
    -------
    pandas.DataFrame
    """
    rows = edition.study.technology_of
    return rows[~rows["technology"].isin(edition.study.remainders)]


@section("path.alliances", needs=("parties",))
def alliances(edition: Edition) -> Iterator[Block]:
    """Leaders of the technologies and the owners that are tied to them."""
    study = edition.study
    if study.inputs.applicant:
        return
    found = study.alliances
    claim = edition.claims("path.alliances")
    details = {"leaders": operation.LEADERS, "fewest": operation.FEWEST, "shared": operation.SHARED}

    def number(name: str, value: int, **more: Any) -> Any:
        return claim(name, "count", "set", "alliance_pairs", value, unit="pair",
                     details={**details, **more})  # fmt: skip

    values: dict[str, Any] = {
        "n": number("n", _apart(found)),
        "joint": number("joint", _apart(found[found["joint"] >= operation.JOINT]), which="joint"),
        "together": claim.parameter("together", operation.JOINT),
        "rivals": number("rivals", _apart(found[found["competitors"].fillna(False).astype(bool)]),
                         which="competitors"),
        "leaders": claim.parameter("leaders", operation.LEADERS),
        "fewest": claim.parameter("fewest", operation.FEWEST),
        "shared": claim.parameter("shared", operation.SHARED),
        "rival": claim.parameter("rival", operation.RIVAL),
        "figure": Ref("alliances"), "table": Ref("alliance_list"),
    }  # fmt: skip
    apart = int(found.attrs["never_apart"])
    values["dependent"] = claim("dependent", "count", "set", "never_apart", apart, unit="pair",
                                details=details)  # fmt: skip
    if found.empty:
        yield Text("path.alliances.none", values, "finding")
        if apart:
            yield Text("path.alliances.dependent", values, "note")
        return
    cited = study.patents.has("citations")
    yield Text(
        "path.alliances.finding" if cited else "path.alliances.joint_only", values, "finding"
    )
    several = _apart(found) >= _DRAWN
    yield Text("path.alliances.body" if several else "path.alliances.listed", values)
    yield Text("path.alliances.note", values, "note")
    if apart:
        yield Text("path.alliances.dependent", values, "note")
    note = counted(edition)
    names = edition.technology_names
    shown = pd.DataFrame(
        {
            "technology": found["technology"].map(names), "alliance_leader": found["leader_name"],
            "partner": found["partner_name"], "leader_count": found["leader_count"],
            "partner_count": found["partner_count"], "joint_living": found["joint"],
            "cites": found["cites"], "cited": found["cited"], "coupling": found["coupling"],
            "overlap": found["overlap"], "complementarity": found["complementarity"],
            "competitors": found["competitors"], "reason": reasons(edition, found["reason"]),
        }
    )  # fmt: skip
    data = shown[
        ["technology", "alliance_leader", "partner", "joint_living", "cites", "cited", "coupling"]
    ]
    if several:  # bars of one or two pairs say less than the table
        yield Figure(Table("alliances", data, {}, values, note),
                     drawing(plot.alliances, found, labels=names, lang=edition.lang),
                     size=figure_size(len(found)))  # fmt: skip
    forms = {"overlap": "share", "complementarity": "share"}
    yield Table("alliance_list", shown, forms, values, note, rows=TOP)


def _apart(found: pd.DataFrame) -> int:
    """Pairs of owners, each once: both may lead, and in several technologies."""
    return len({frozenset(p) for p in zip(found["leader"], found["partner"], strict=True)})


@section("path.licences", needs=("parties", "texts"))
def licences(edition: Edition) -> Iterator[Block]:
    """Pairs of owners whose patents are each other's nearest."""
    study = edition.study
    if study.inputs.applicant:
        return
    found = operation.cross_licences(study.patents, owner=study.owner_level)
    claim = edition.claims("path.licences")
    values: dict[str, Any] = {
        "fewest": claim.parameter("fewest", operation.FEWEST),
        "figure": Ref("licences"), "table": Ref("licence_list"),
    }  # fmt: skip
    if found.empty:
        yield Text("path.licences.none", values, "finding")
        return
    first = found.iloc[0]
    for side in ("a", "b"):
        owner = str(first[f"owner_{side}"])
        values[f"name_{side}"] = str(first[f"name_{side}"])
        values[f"count_{side}"] = claim(f"count_{side}", "count", f"owner:{owner}", "sole_filings",
                                        int(first[f"count_{side}"]), unit="filing",
                                        label=str(first[f"name_{side}"]))  # fmt: skip
        values[f"share_{side}"] = claim(
            f"share_{side}", "share", f"owner:{owner}", "nearest_share", float(first[f"share_{side}"]),
            unit="ratio", label=str(first[f"name_{side}"]),
            details={"other": str(first["owner_b" if side == "a" else "owner_a"])},
        )  # fmt: skip
    yield Text("path.licences.finding", values, "finding")
    yield Text("path.licences.body", values)
    yield Text("path.licences.note", values, "note")
    note = counted(edition)
    shown = pd.DataFrame(
        {
            "owner_a": found["name_a"], "owner_b": found["name_b"], "count_a": found["count_a"],
            "count_b": found["count_b"], "a_to_b": found["a_to_b"], "b_to_a": found["b_to_a"],
            "share_a": found["share_a"], "share_b": found["share_b"], "times_size": found["times"],
            "reason": reasons(edition, found["reason"]),
        }
    )  # fmt: skip
    forms = {"share_a": "share", "share_b": "share", "times_size": "number"}
    data = shown[["owner_a", "owner_b", "share_a", "share_b"]]
    yield Figure(Table("licences", data, forms, values, note),
                 drawing(plot.cross_licences, found, lang=edition.lang),
                 size=figure_size(len(found)))  # fmt: skip
    yield Table("licence_list", shown, forms, values, note, rows=TOP)


@section("path.pools", needs=("parties", "texts", "publications.legal_status"))
def pools(edition: Edition) -> Iterator[Block]:
    """Technologies whose rights in force lie in several hands."""
    study = edition.study
    if study.inputs.applicant:
        return
    found = operation.pools(study.patents, named_technologies(edition), owner=study.owner_level)
    if found.empty:
        raise gap("missing.operation.few_rights", fewest=operation.FEWEST_RIGHTS)
    claim = edition.claims("path.pools")
    details = {"owners": operation.LEAST_OWNERS, "share": operation.LARGEST_SHARE,
               "fewest": operation.FEWEST_RIGHTS}  # fmt: skip
    spread = (found["owners"] >= operation.LEAST_OWNERS) & (
        found["largest_share"] <= operation.LARGEST_SHARE
    )

    def number(name: str, value: int, **more: Any) -> Any:
        return claim(name, "count", "set", "pool_technologies", value, unit="technology",
                     details={**details, **more})  # fmt: skip

    values: dict[str, Any] = {
        "n": number("n", len(found)), "spread": number("spread", int(spread.sum()), spread=True),
        "owners": claim.parameter("owners", operation.LEAST_OWNERS),
        "share": claim.parameter("share", operation.LARGEST_SHARE),
        "named": claim.parameter("named", operation.FEWEST),
        "fewest": claim.parameter("fewest", operation.FEWEST_RIGHTS),
        "figure": Ref("pools"), "table": Ref("pool_list"),
    }  # fmt: skip
    if not spread.any():
        yield Text("path.pools.nowhere", values, "finding")
        return
    every = values["spread"].value == values["n"].value
    yield Text(f"path.pools.{'every' if every else 'finding'}", values, "finding")
    names = edition.technology_names
    chosen = [
        names[t] for t, c in zip(found["technology"], found["candidate"], strict=True) if c is True
    ]
    known, bare = study.patents.has("citations"), titles_only(study.patents)
    if bare:
        yield Text("path.pools.titles", values)
    elif not known:
        yield Text("path.pools.untold", values)
    elif chosen:
        told = edition.word("list_separator").join(chosen[:TOP])
        yield Text("path.pools.candidates", {**values, "names": told})
    else:
        yield Text("path.pools.none", values)
    body = "_titles" if bare else "" if known else "_untold"
    yield Text(f"path.pools.body{body}", values)
    yield Text("path.pools.note", values, "note")
    note = counted(edition)
    shown = pd.DataFrame(
        {
            "technology": found["technology"].map(names), "rights": found["in_force"],
            "holders": found["owners"], "largest": found["largest_name"],
            "largest_share": found["largest_share"], "complements": found["complements"],
            "substitutes": found["substitutes"], "candidate": found["candidate"],
        }
    )  # fmt: skip
    # Of a handful "the largest" tells nothing.
    few = found["largest_share"] * found["in_force"] < operation.FEWEST - 0.5
    shown["largest"] = shown["largest"].where(~few)
    shown["largest_share"] = shown["largest_share"].where(~few)
    if bare:  # how alike titles are is how they are written
        shown = shown.drop(columns=["complements", "substitutes", "candidate"])
        yield Table("pool_list", shown, {"largest_share": "share"}, values, note, rows=TOP)
        return
    own, shared = own_reasons(edition, found["reason"])
    if shared is not None:
        yield shared
    if own is not None:
        shown = shown.assign(reason=own)
    data = shown[["technology", "holders", "largest_share", "complements", "substitutes"]]
    forms = {"largest_share": "share"}
    yield Figure(Table("pools", data, forms, values, note),
                 drawing(plot.pools, found, labels=names, lang=edition.lang),
                 size=figure_size(len(found)))  # fmt: skip
    yield Table("pool_list", shown, forms, values, note, rows=TOP)
