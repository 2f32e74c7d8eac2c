"""Part A, continued: who owns together, and who works alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import facts, network, plot
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP, leading
from patentnav.report.registry import section
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.network import Cooperation
    from patentnav.report.blocks import Block
    from patentnav.report.edition import ClaimMaker, Edition
    from patentnav.study import Study

_FEWEST = 3  # members of a group, and joint units of a pair, that are told
_LEADERS = 10  # owners asked whether they work alone
_DRAWN = 45  # owners in the figure
STANDING = 0.9  # of one side's units held with the other, from which a pair chose nobody


def organisations(study: Study) -> pd.DataFrame:
    """Owners that are no persons: ``publication_id, owner, weight, name``."""
    rows = study.owners
    person = rows["owner"].map(study.owner_types).eq("individual").fillna(False)
    return rows[~person.to_numpy(dtype=bool)].reset_index(drop=True)


def _institutions(study: Study) -> pd.DataFrame:
    """Organisations, those that are one by name taken together (:attr:`Study.kin`)."""
    rows = organisations(study)
    owner = rows["owner"].map(study.kin).astype("str").fillna(rows["owner"])
    rows = rows.assign(owner=owner, name=owner.map(study.owner_names))
    return rows.drop_duplicates(["publication_id", "owner"]).reset_index(drop=True)


@section("direction.collaboration", needs=("parties",))
def collaboration(edition: Edition) -> Iterator[Block]:
    """Joint filings of organisations; nothing where there is one organisation."""
    study = edition.study
    members = _institutions(study)
    if members["owner"].nunique() < 2:
        return
    if facts.holders(study.patents)["publication_id"].is_unique:
        raise gap("missing.single_applicant")
    found = network.cooperation(study.patents, members, study.unit_ids, standing=STANDING)
    if not found.joint and not found.standing:
        raise gap("missing.joint")
    claim = edition.claims("direction.collaboration")
    values = _claims(edition, claim, found)
    drawn, ties = _drawn(found)
    values |= {"table": Ref("pairs"), "members": Ref("cooperators")}
    always = bool(found.pairs["standing"].any())
    key = "no_others" if not found.joint else "finding_apart" if always else "finding"
    yield Text(f"direction.collaboration.{key}", values, "finding")
    if always:
        yield Text("direction.collaboration.standing", values)
    if len(ties) > 1:
        values["figure"] = Ref("collaboration")
        yield Text("direction.collaboration.body", values)
    elif found.joint:
        yield Text("direction.collaboration.tables", values)
    if found.joint:
        yield from _leading(edition, claim, found)
    yield from _alone(edition, claim, found)
    if study.owner_level == "group":
        yield Text("direction.collaboration.groups_joined", {}, "note")
    if len(study.kin):
        yield Text("direction.collaboration.kin_joined", {}, "note")
    yield from _tables(edition, found, (drawn, ties), values)


def _tables(
    edition: Edition,
    found: Cooperation,
    network_of: tuple[pd.DataFrame, pd.DataFrame],
    values: dict[str, Any],
) -> Iterator[Block]:
    """The network, the pairs, and those who cooperate."""
    study, (drawn, ties) = edition.study, network_of
    note, lang, unit = edition.note("whole"), edition.lang, study.unit
    names = found.nodes["name"]
    pairs = pd.DataFrame(
        {
            "applicant": names.reindex(found.pairs["source_id"]).to_numpy(),
            "with_applicant": names.reindex(found.pairs["target_id"]).to_numpy(),
            "joint_count": found.pairs["count"],
        }
    )
    data = pairs[~found.pairs["standing"].to_numpy()].reset_index(drop=True)
    if found.pairs["standing"].any():
        words = {True: edition.word("yes"), False: edition.word("no")}
        pairs["always_together"] = found.pairs["standing"].map(words)
    if len(ties) > 1:
        place = network.layout(ties.rename(columns={"count": "weight"}))
        yield Figure(
            Table("collaboration", data, {"joint_count": "count"}, values, note),
            drawing(plot.cooperation, drawn, ties, place, unit=unit, lang=lang),
            size=(6.3, 4.4),
        )
    yield Table("pairs", pairs, {"joint_count": "count"}, values, note, rows=TOP)
    shown = found.nodes[found.nodes["joint"] > 0]
    if shown.empty:
        return
    large = shown["group"].value_counts()
    types = edition.named("party_type", study.owner_types).reindex(shown.index)
    table = pd.DataFrame(
        {"applicant": shown["name"], "party_type": types, "count": shown["units"],
         "joint_count": shown["joint"], "joint_part": shown["joint"] / shown["units"],
         "partners": shown["partners"], "joint_group": (shown["group"] + 1).where(shown["group"].map(large) >= _FEWEST)}
    ).reset_index(drop=True)  # fmt: skip
    forms = {"count": "count", "joint_part": "share", "partners": "count"}
    yield Table("cooperators", table, forms, values, note, rows=TOP)


def _claims(edition: Edition, claim: ClaimMaker, found: Cooperation) -> dict[str, Any]:
    together = int((found.nodes["joint"] > 0).sum())
    role = facts.holders(edition.study.patents)["role"].iloc[0]
    return {
        "units": claim("units", "count", "set", "held_units", found.units),
        "joint": claim("joint", "count", "set", "organisations_joint_units", found.joint),
        "share": claim("share", "share", "set", "organisations_joint_share", found.joint / found.units,
                       unit="ratio"),
        "cooperating": claim("cooperating", "count", "set", "cooperating", together, unit="owner"),
        "n": claim("n", "count", "set", "distinct", len(found.nodes), unit="owner",
                   details={"facet": "institution"}),
        "part": claim("part", "share", "set", "cooperating_share", together / len(found.nodes),
                      unit="ratio"),
        "standing": claim("standing", "count", "set", "standing_units", found.standing),
        "couples": claim("couples", "count", "set", "standing_pairs",
                         int(found.pairs["standing"].sum()), unit="pair"),
        "always": claim.parameter("always", STANDING), "from": claim.parameter("from", network.STANDING_FROM),
        "verb": edition.word("jointly_owned" if role == "current_owner" else "jointly_filed"),
        "unit": edition.unit_word, "piece": edition.piece,
    }  # fmt: skip


def _leading(edition: Edition, claim: ClaimMaker, found: Cooperation) -> Iterator[Block]:
    """The pair with most, firms with science, and the groups that hang together."""
    study, names = edition.study, found.nodes["name"]
    pairs = found.pairs[~found.pairs["standing"] & (found.pairs["count"] >= _FEWEST)]
    pairs = pairs[_lasting(study, pairs)]
    if len(pairs) and (pairs["count"] == pairs["count"].iloc[0]).sum() == 1:
        pair = pairs.iloc[0]
        a, b = (str(pair[c]) for c in ("source_id", "target_id"))
        subject, label = f"institution:{a}&institution:{b}", f"{names[a]} · {names[b]}"
        yield Text("direction.collaboration.pair", {
            "one": names[a], "other": names[b], "piece": edition.piece,
            "pair": claim("pair", "name", "set", "largest_pair", f"{a}&{b}", label=label,
                          unit="pair"),
            "count": claim("pair_count", "count", subject, "shared_units", int(pair["count"]),
                           label=label),
        })  # fmt: skip
    mixed = _mixed(study, found)
    if 0 < mixed < found.joint:
        yield Text("direction.collaboration.science", {
            "mixed": claim("mixed", "count", "set", "science_industry_units", mixed),
            "mixed_share": claim("mixed_share", "share", "set", "science_industry_share",
                                 mixed / found.joint, unit="ratio"), "piece": edition.piece,
        })  # fmt: skip
    sizes = found.nodes["group"].value_counts()
    large = sizes[sizes >= _FEWEST]
    inside = found.nodes[found.nodes["group"] == 0]
    inside = inside.sort_values("partners", ascending=False, kind="stable")
    hub = inside.index[0]
    if len(large) > 1 and inside["partners"].iloc[0] >= _FEWEST:
        yield Text("direction.collaboration.groups", {
            "fewest": claim.parameter("fewest", _FEWEST),
            "groups": claim("groups", "count", "set", "joint_groups", len(large), unit="group",
                            details={"fewest": _FEWEST}),
            "largest": claim("largest", "count", "set", "largest_group", int(sizes.max()),
                             unit="owner"),
            "hub": inside["name"].iloc[0],
            "partners": claim("hub_partners", "count", f"institution:{hub}", "partners_of",
                              int(inside["partners"].iloc[0]), label=inside["name"].iloc[0],
                              unit="owner"),
        })  # fmt: skip


def _lasting(study: Study, pairs: pd.DataFrame) -> list[bool]:
    """Pairs with joint units that may live, filed on more than one day: not one matter that ended."""
    unit = study.unit_ids.to_numpy()
    lives = facts.alive(study.patents).reindex(study.unit_ids.index).fillna(value=True)
    living = lives.astype(bool).groupby(unit).any()
    filed = study.patents.publications["application_date"].reindex(study.unit_ids.index)
    day = filed.groupby(unit).min()
    rows = _institutions(study)
    units = pd.Series(
        study.unit_ids.reindex(rows["publication_id"]).to_numpy(), index=rows["owner"]
    )
    of = {str(one): frozenset(own) for one, own in units.groupby(level=0)}
    found = []
    for ends in zip(pairs["source_id"], pairs["target_id"], strict=True):
        both = sorted(of[str(ends[0])] & of[str(ends[1])])
        days = day[[one for one in both if living[one]]]
        found.append(len(days) > 0 and (days.nunique() > 1 or bool(days.isna().any())))
    return found


def _mixed(study: Study, found: Cooperation) -> int:
    """Units that a firm shares with a university or an institute."""
    rows = _institutions(study)[["publication_id", "owner"]]
    rows = rows.assign(unit=study.unit_ids.reindex(rows["publication_id"]).to_numpy())
    kind = rows["owner"].map(study.owner_types)
    firms = rows[kind.eq("enterprise").fillna(False).to_numpy(dtype=bool)]
    science = rows[kind.isin(["university", "research_institute"]).to_numpy(dtype=bool)]
    both = firms.merge(science, on="unit", suffixes=("", "_other"))
    always = found.pairs[found.pairs["standing"]]
    ends = zip(always["source_id"], always["target_id"], strict=True)
    known = {frozenset(pair) for pair in ends}
    apart = [
        frozenset(pair) not in known
        for pair in zip(both["owner"], both["owner_other"], strict=True)
    ]
    return int(both.loc[apart, "unit"].nunique())


def _alone(edition: Edition, claim: ClaimMaker, found: Cooperation) -> Iterator[Block]:
    """Which of the leading owners share nothing."""
    order = found.nodes.reset_index().sort_values(["units", "owner"], ascending=[False, True])
    if len(order) <= _LEADERS:
        return
    first = leading(order.set_index("owner")["units"], _LEADERS)
    paired = [*found.pairs["source_id"], *found.pairs["target_id"]]
    alone = order[order["owner"].isin(first.index) & ~order["owner"].isin(paired)]
    if alone.empty:
        return
    details = {"top": _LEADERS}
    key = "all_alone" if len(alone) == len(first) else "alone"
    yield Text(f"direction.collaboration.{key}", {
        "top": claim("leading", "count", "set", "leaders_asked", len(first), unit="owner", details=details),
        "n": claim("alone", "count", "set", "leaders_alone", len(alone), unit="owner",
                   details=details),
        "names": edition.word("list_separator").join(alone["name"]),
    })  # fmt: skip


def _drawn(found: Cooperation) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The pairs with most, of equal ones those of owners who cooperate most, up to some owners."""
    joint = found.nodes["joint"]
    apart = found.pairs[~found.pairs["standing"]]
    ends = apart.assign(
        both=joint.reindex(apart["source_id"]).to_numpy()
        + joint.reindex(apart["target_id"]).to_numpy()
    )
    order = ["count", "both", "source_id", "target_id"]
    ends = ends.sort_values(order, ascending=[False, False, True, True])
    inside: set[str] = set()
    for pair in ends[["source_id", "target_id"]].itertuples(index=False):
        if len(inside | set(pair)) > _DRAWN:
            break
        inside |= set(pair)
    ties = apart[apart["source_id"].isin(inside) & apart["target_id"].isin(inside)]
    return found.nodes[found.nodes.index.isin(inside)], ties.reset_index(drop=True)
