"""Next steps planted around the city's portfolios: open priorities, neighbours, partners, allies.

What is planted where stands in ``data/city/levers.toml``; the rules that find it are elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav.datasets import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from patentnav.datasets.organisations import Organisations

    Made = Callable[[int, int, int, int], pd.DataFrame]

YOUNG = ("open", "unknown", "later", "lost")  # filed lately, published early
_AROUND = ("neighbour", "far", "partner", "ally")
_LEVER = {"open": "pct_open", "lost": "pct_open", "unknown": "pct_open", "later": "pct_open",
          "neighbour": "own_neighbour", "partner": "partner", "ally": "alliance"}  # fmt: skip
_EARLIER_BY = 60  # days between a later filing and the earlier one at home that it claims
COLUMNS = ["portfolio", "lever", "plant", "publication_id", "inventions", "pct", "days_left"]


def plan(portfolios: pd.DataFrame, n: int) -> dict[str, dict[str, Any]]:
    """What is planted at which portfolio.

    Parameters
    ----------
    portfolios
        The planted portfolios: index ``portfolio``, columns ``technology, entry, round``.
    n
        Publications of the city.
    """
    table = vocabulary.table("levers")
    if n < table["smallest"]:
        return {}
    found: dict[str, dict[str, Any]] = {}
    for name, row in portfolios.to_dict("index").items():
        wanted = table.get(row["entry"], {})
        if row["round"]:  # other technologies, whose neighbours are not known here
            wanted = {k: v for k, v in wanted.items() if k in {*YOUNG, "ally"}}
        if wanted:
            found[str(name)] = wanted
    return found


def age(
    planted: list[pd.DataFrame], wanted: dict[str, dict[str, Any]], cutoff: np.datetime64
) -> None:
    """Move the dates of some inventions without PCT so that their priority year is open or just over.

    Adds the columns ``plant`` and ``plant_of`` to every part, in place.
    """
    for part in planted:
        part["plant"] = None
        part["plant_of"] = None
        own = wanted.get(part["portfolio"].iloc[0], {})
        rows = iter(np.flatnonzero(~part["pct"].to_numpy(bool)))
        for kind in YOUNG:
            given = own.get(kind, [])
            ends = [90 + 60 * i for i in range(given)] if isinstance(given, int) else given
            for days in ends:
                end = pd.Timestamp(cutoff) + pd.Timedelta(-days if kind == "lost" else days, "D")
                at = int(next(rows))
                part.loc[at, "date"] = end - pd.DateOffset(months=12)
                part.loc[at, "plant"] = kind
                part.loc[at, "plant_of"] = part["portfolio"].iloc[0]


def around(
    portfolios: pd.DataFrame,
    wanted: dict[str, dict[str, Any]],
    organisations: Organisations,
    made: Made,
) -> list[pd.DataFrame]:
    """Applications around the portfolios: neighbours, what is far, partners and allies.

    Parameters
    ----------
    portfolios
        With ``owner`` (row of the organisations) and ``technology``.
    wanted
        From :func:`plan`.
    organisations
        Whose last firms of an industry are partners and allies.
    made
        Makes applications from ``owner, technology`` (number), ``inventions, pct``.

    Returns
    -------
    list of pandas.DataFrame
        With ``plant``, ``plant_of`` and ``joint_with`` (row of a second applicant).
    """
    technologies = vocabulary.technologies()
    number = {t.id: i for i, t in enumerate(technologies)}
    frame = organisations.frame
    free = {
        i: list(rows)
        for i, rows in frame[frame["kind"] == "firm"].groupby("industry").groups.items()
    }
    owners, technology_of = portfolios["owner"], portfolios["technology"]
    parts = []
    for name, plants in wanted.items():
        owner, own = int(owners[name]), str(technology_of[name])
        for kind in _AROUND:
            if kind not in plants:
                continue
            entry = plants[kind]
            technology = number[entry.get("technology", own)]
            holder = owner
            if kind in {"partner", "ally"}:
                holder = int(free[technologies[technology].industry].pop())
            part = made(holder, technology, entry["inventions"], entry["pct"])
            parts.append(part.assign(plant=kind, plant_of=name))
            if kind == "partner":
                joint = made(holder, number[entry["joint_in"]], entry["joint"], 0)
                parts.append(joint.assign(plant="joint", plant_of=name, joint_with=owner))
    return parts


def earlier(applications: pd.DataFrame) -> tuple[NDArray, NDArray]:
    """Rows that claim an earlier filing at home, and its dates."""
    rows = np.flatnonzero(applications["plant"] == "later")
    filed = applications["date"].to_numpy().astype("datetime64[D]")[rows]
    return rows, filed - _EARLIER_BY


def truth(
    applications: pd.DataFrame, documents: pd.DataFrame, cutoff: np.datetime64
) -> pd.DataFrame:
    """The planted next steps, one row per application: ``COLUMNS``.

    ``publication_id`` is the first document. ``inventions`` and ``pct`` are what the step adds to
    the portfolio (NA where it is not told); ``days_left`` of the priority year, negative where it
    is over.
    """
    first = documents.drop_duplicates("application").set_index("application")["publication_id"]
    rows = applications[applications["plant"].isin(list(_LEVER))]
    lever = rows["plant"].map(_LEVER)
    end = pd.to_datetime(rows["date"]) + pd.DateOffset(months=12)
    days = (end - pd.Timestamp(cutoff)).dt.days.astype("Int64")
    dated = rows["plant"].isin(["open", "lost"])
    pct = rows["pct"].astype(bool).astype("Int64")
    pct = pct.mask(rows["plant"] == "open", 1).mask(rows["plant"].isin(["unknown", "later"]))
    frame = pd.DataFrame(
        {
            "portfolio": rows["plant_of"], "lever": lever, "plant": rows["plant"],
            "publication_id": first.reindex(rows.index), "inventions": (lever != "pct_open").astype("Int64"),
            "pct": pct, "days_left": days.where(dated),
        }
    )  # fmt: skip
    text = ["portfolio", "lever", "plant", "publication_id"]
    frame = frame.astype(dict.fromkeys(text, "str"))[COLUMNS]
    return frame.sort_values(["portfolio", "lever", "publication_id"], ignore_index=True)
