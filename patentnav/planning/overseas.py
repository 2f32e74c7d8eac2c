"""Where the families of a set are protected, where they lapsed, and which stayed at home."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._strings import among, joined
from patentnav.counting import unit_ids
from patentnav.errors import MissingTableError
from patentnav.facts import DEAD, family_members, foreign_origin, pct_evidence

if TYPE_CHECKING:
    from patentnav.patentset import PatentSet

STATES = ("in_force", "pending", "ended", "untold")
COLUMNS = (
    "unit_id", "publication_id", "offices", "in_force", "pending", "ended", "untold", "pct", "home_only",
    "lapsed", "reason",
)  # fmt: skip


def overseas(patents: PatentSet, *, home: str = "CN") -> pd.DataFrame:
    """Families that came from home, by market.

    Parameters
    ----------
    patents
        A set with families (:func:`patentnav.clean.families` makes them from priorities).
    home
        Office and country of the owners; families that came from elsewhere are left out.

    Returns
    -------
    pandas.DataFrame
        One row per family with a member at ``home``, those in most markets first:

        - ``unit_id, publication_id`` (its first publication at home), ``offices`` (abroad, without the
          PCT, joined by blanks);
        - ``in_force, pending, ended, untold``: those of them where the set holds a member in that state
          (the best one counts); ``untold``: the member lies outside the set or its state is not known;
        - ``pct`` (boolean, NA where the set does not tell); ``home_only``: no member abroad and no PCT
          application; NA where the family is not listed or a PCT application is not told; ``lapsed``: number
          of markets where nothing lives any more;
        - ``reason``: keys joined by ``; `` (``home_only, abroad, pct_filed, market_lapsed, state_untold,
          family_untold``).

        ``attrs``: ``foreign``: families left out as foreign; ``unknown``: of unknown origin, which are
        listed.

    Raises
    ------
    MissingTableError
        The set carries no families.

    Notes
    -----
    A family of an export may lack members, so that markets are at least these and home-only at most.
    Refuted by: a member that the export does not list.
    """
    if not patents.has("families"):
        msg = (
            "Markets need the table families, which this set does not carry. Export family members or "
            "derive them with clean.families."
        )
        raise MissingTableError(msg)
    publications = patents.publications
    unit = unit_ids(patents, "family")
    foreign = foreign_origin(patents, home).groupby(unit).first().astype("boolean")
    own = publications[publications["authority"] == home]
    first = pd.DataFrame(
        {"unit_id": unit.reindex(own.index), "published": own["publication_date"], "publication_id": own.index}
    ).reset_index(drop=True)  # fmt: skip
    ordered = first.sort_values(["unit_id", "published", "publication_id"])
    at_home = ordered.drop_duplicates("unit_id").set_index("unit_id")["publication_id"]
    kept = ~foreign.reindex(at_home.index).fillna(False).astype(bool)
    left_out, at_home = int((~kept).sum()), at_home[kept]
    markets = overseas_markets(patents, home=home)
    markets = markets[among(markets["unit_id"], at_home.index)]
    table = pd.DataFrame({"publication_id": at_home})
    named = joined(markets, ["unit_id"], "office", " ")
    table["offices"] = named.reindex(table.index).fillna("")
    for state in STATES:
        rows = joined(markets[markets["state"] == state], ["unit_id"], "office", " ")
        table[state] = rows.reindex(table.index).fillna("")
    table["pct"] = _any(pct_evidence(patents, "family")["pct"], unit).reindex(table.index)
    listed = pd.Series(
        among(publications.index, family_members(patents)["publication_id"]), unit.to_numpy()
    )
    told = listed.groupby(level=0).any().reindex(table.index).astype(bool)
    alone = (table["offices"] == "").astype("boolean")
    table["home_only"] = (alone & ~table["pct"]).mask(alone & ~told)
    table["lapsed"] = _number(table["ended"])
    table["reason"] = [
        "; ".join(str(k) for k, holds in row.items() if holds)
        for row in pd.DataFrame(
            {
                "home_only": table["home_only"].fillna(False).astype(bool),
                "abroad": ~alone.astype(bool), "pct_filed": table["pct"].fillna(False).astype(bool),
                "market_lapsed": table["lapsed"] > 0, "state_untold": table["untold"] != "",
                "family_untold": (alone & table["home_only"].isna()).astype(bool),
            }
        ).to_dict("records")
    ]  # fmt: skip
    number = _number(table["offices"])
    order = (
        table.assign(number=number)
        .reset_index()
        .sort_values(["number", "unit_id"], ascending=[False, True], ignore_index=True)
    )
    found = order[list(COLUMNS)].astype({"reason": "str"})
    found.attrs = {"foreign": left_out, "unknown": int(foreign.reindex(at_home.index).isna().sum())}
    return found


def _number(offices: pd.Series) -> pd.Series:
    """How many offices are listed."""
    return offices.map(lambda listed: len(listed.split())).astype("int64")


def _any(values: pd.Series, unit: pd.Series) -> pd.Series:
    """True where any is, False where one is told and none is, else NA."""
    groups = values.groupby(unit.reindex(values.index).to_numpy())
    found: pd.Series = groups.max().astype("boolean")
    return found


def overseas_markets(patents: PatentSet, *, home: str = "CN") -> pd.DataFrame:
    """State of every family at every office but the one at home.

    Parameters
    ----------
    patents
        A set with families.
    home
        Office that is no market abroad.

    Returns
    -------
    pandas.DataFrame
        ``unit_id, office, state`` (``in_force``, ``pending``, ``ended``, ``untold``: the best of the
        members there), sorted. The PCT is no market.
    """
    publications = patents.publications
    unit = unit_ids(patents, "family")
    members = family_members(patents)
    status = publications["legal_status"]
    state = pd.Series(
        np.select(
            [(status == "in_force").fillna(False), (status == "pending").fillna(False), status.isin(DEAD)],
            [0, 1, 2], 3,
        ), index=publications.index,
    )  # fmt: skip
    rows = pd.DataFrame(
        {
            "unit_id": unit.reindex(members["publication_id"]).to_numpy(),
            "office": members["authority"].to_numpy(),
            "state": members["member_id"].map(state).fillna(3).astype("int64").to_numpy(),
        }
    )
    alone = pd.DataFrame({"unit_id": unit, "office": publications["authority"], "state": state})
    rows = pd.concat([rows, alone], ignore_index=True).dropna(subset=["office"])
    rows = rows[~rows["office"].isin([home, "WO"])]
    best = rows.groupby(["unit_id", "office"])["state"].min().reset_index()
    best["state"] = best["state"].map(dict(enumerate(STATES)))
    return best.astype({"unit_id": "str", "office": "str", "state": "str"})
