"""What is filed in the invented city: planted portfolios and the applications around them.

The result of this module is one row per application; numbers, texts and events are made from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav.datasets import plants_portfolios, vocabulary
from patentnav.datasets.organisations import Organisations, build

if TYPE_CHECKING:
    from numpy.typing import NDArray

CUTOFF = np.datetime64("2025-12-31")
_PCT_DAYS = 548  # a WO document appears 18 months after the filing
_PLANTED_SHARE = 0.5  # of the publications of a small city, at most
_PUBLICATIONS_PER_INVENTION = 1.5
_ROUND = 12_000  # a city of this many more publications has another round of portfolios
# Nobody reaches the gate by accident: PCT filings of one owner outside the planted portfolios.
_PCT_OF_OWNER, _PCT_OF_GROUP = 6, 2


def portfolios(n: int) -> pd.DataFrame:
    """The planted portfolios of a city of ``n`` publications.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``portfolio``: ``technology, owner`` (kind), ``inventions, pct, entry`` (its
        technology in the list), ``round, meets_gate, inventions_missing, pct_missing``. The gate counts applications of the type invention,
        pending or granted, and those of them that have a WO member.
    """
    table = vocabulary.table("portfolios")
    ids = [t.id for t in vocabulary.technologies()]
    rows: list[dict[str, Any]] = []
    budget = _PLANTED_SHARE * n
    for round_ in range(1 + min(max(n - 5_000, 0) // _ROUND, 4)):
        for entry in table["portfolio"]:
            cost = entry["inventions"] * _PUBLICATIONS_PER_INVENTION
            if cost > budget:
                continue
            budget -= cost
            row = {**entry, "entry": entry["technology"], "round": round_}
            if round_:  # other owners, other technologies
                row["technology"] = ids[(ids.index(row["technology"]) + 5 * round_) % len(ids)]
                row["owner"] = "firm"
            rows.append(row)
    columns = ["technology", "owner", "inventions", "pct", "entry", "round"]
    frame = pd.DataFrame(rows, columns=columns)
    frame.index = pd.Index([f"PF{i:02d}" for i in range(1, len(frame) + 1)], name="portfolio")
    frame = frame.astype({"inventions": "int64", "pct": "int64"})
    frame["inventions_missing"] = (table["min_inventions"] - frame["inventions"]).clip(lower=0)
    frame["pct_missing"] = (table["min_pct"] - frame["pct"]).clip(lower=0)
    frame["meets_gate"] = (frame["inventions_missing"] == 0) & (frame["pct_missing"] == 0)
    return frame


def file(n: int, rng: np.random.Generator) -> tuple[pd.DataFrame, Organisations, pd.DataFrame]:
    """Applications enough for ``n`` publications.

    Returns
    -------
    applications : pandas.DataFrame
        ``technology`` (number), ``industry, patent_type, owner`` (row of the organisations, or
        beyond them for an individual), ``kind`` (of owner), ``portfolio``, ``pct``, ``date``,
        ``quality`` (latent, around 1), ``planted`` (part of a portfolio or of what is planted
        around one), ``plant, plant_of, joint_with`` (:mod:`.plants_portfolios`); planted ones first.
    organisations : Organisations
    portfolios : pandas.DataFrame
        With ``organisation``.
    """
    plan = portfolios(n)
    technologies = vocabulary.technologies()
    industries = vocabulary.table("industries")
    number = {t.id: i for i, t in enumerate(technologies)}
    industry_of = np.array([t.industry for t in technologies], dtype=object)
    firm_industries = [
        technologies[number[t]].industry for t in plan.loc[plan["owner"] == "firm", "technology"]
    ]
    count = int(n * 0.95) + 60
    firms = {i: max(3, int(count * e["share"] * 0.045)) for i, e in industries.items()}
    organisations = build(rng, firms, firm_industries)
    plan["owner"] = _owners(plan, organisations.frame)
    plan["organisation"] = organisations.frame["organisation"].to_numpy()[plan["owner"]]
    planted = _planted(plan, number, industry_of, rng)
    wanted = plants_portfolios.plan(plan, n)
    plants_portfolios.age(planted, wanted, CUTOFF)
    more = rng.spawn(1)[0]  # leaves the draws of the rest as they are

    def made(owner: int, technology: int, inventions: int, pct: int) -> pd.DataFrame:
        return _filed(technology, inventions, pct, more).assign(
            industry=industry_of[technology], owner=owner
        )

    planted += plants_portfolios.around(plan, wanted, organisations, made)
    rest = _background(count, industry_of, rng)
    rest = _assign_owners(rest, organisations.frame, len(firm_industries), rng)
    taken = pd.MultiIndex.from_frame(
        pd.concat([part[["owner", "technology"]] for part in planted]).drop_duplicates()
        if planted
        else rest[["owner", "technology"]].head(0)
    )
    rest = rest[~pd.MultiIndex.from_frame(rest[["owner", "technology"]]).isin(taken)]
    rest = rest.reset_index(drop=True)
    rest["pct"] = _background_pct(rest, plan["owner"].to_numpy(), rng)
    frame = pd.concat(
        [*(part.assign(planted=True) for part in planted), rest.assign(planted=False)],
        ignore_index=True,
    )
    for column in ("plant", "plant_of", "joint_with"):
        frame[column] = frame[column] if column in frame.columns else None
    kinds = organisations.frame["kind"].to_numpy()
    inside = frame["owner"].to_numpy() < len(kinds)
    frame["kind"] = "individual"
    frame.loc[inside, "kind"] = kinds[frame.loc[inside, "owner"]]
    return frame, organisations, plan.drop(columns=["owner", "entry", "round"])


def _owners(plan: pd.DataFrame, frame: pd.DataFrame) -> NDArray:
    """Rows of the owners: the first firms in order, institutes and universities in order."""
    rows = np.empty(len(plan), dtype="int64")
    for kind in plan["owner"].unique():
        at = np.flatnonzero(plan["owner"] == kind)
        rows[at] = np.flatnonzero(frame["kind"] == kind)[: len(at)]
    return rows


def _planted(
    plan: pd.DataFrame, number: dict[str, int], industry_of: NDArray, rng: np.random.Generator
) -> list[pd.DataFrame]:
    parts = []
    for name, portfolio in plan.to_dict("index").items():
        technology = number[portfolio["technology"]]
        part = _filed(technology, portfolio["inventions"], portfolio["pct"], rng)
        parts.append(
            part.assign(
                industry=industry_of[technology], owner=portfolio["owner"], portfolio=str(name)
            )
        )
    return parts


def _filed(technology: int, size: int, pct_count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Inventions of one owner in one technology."""
    dates = _dates(np.full(size, technology), rng)
    pct = np.zeros(size, dtype=bool)
    pct[rng.choice(size, pct_count, replace=False)] = True
    # A PCT filing counts when its WO document is out; any filing when it is published.
    latest = np.where(pct, CUTOFF - 10 - _PCT_DAYS, CUTOFF - 10 - 560)
    too_late = dates > latest
    dates[too_late] = (latest - rng.integers(0, 900, size))[too_late]
    return pd.DataFrame(
        {
            "technology": technology, "patent_type": "invention", "portfolio": None, "pct": pct,
            "date": dates, "quality": rng.lognormal(0.25, 0.6, size),
        }
    )  # fmt: skip


def _background(count: int, industry_of: NDArray, rng: np.random.Generator) -> pd.DataFrame:
    industries = vocabulary.table("industries")
    shares = np.array([industries[i]["share"] for i in industry_of])
    shares = shares / np.array([(industry_of == i).sum() for i in industry_of])
    technology = rng.choice(len(industry_of), count, p=shares / shares.sum())
    industry = industry_of[technology]
    invention = np.array([industries[i]["invention"] for i in industry_of])[technology]
    utility = np.array([industries[i]["utility_model"] for i in industry_of])[technology]
    draw = rng.random(count)
    patent_type = np.select(
        [draw < invention, draw < invention + utility], ["invention", "utility_model"], "design"
    )
    return pd.DataFrame(
        {
            "technology": technology, "industry": industry,
            "patent_type": patent_type.astype(object), "portfolio": None,
            "date": _dates(technology, rng), "quality": rng.lognormal(0, 0.6, count),
        }
    )  # fmt: skip


def _dates(technology: NDArray, rng: np.random.Generator) -> NDArray:
    weights = np.array([vocabulary.year_weights(t.curve) for t in vocabulary.technologies()])
    cumulative = weights.cumsum(axis=1)[technology]
    year = (rng.random(len(technology))[:, None] > cumulative[:, :-1]).sum(axis=1)
    start = (vocabulary.FIRST_YEAR + year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    return np.asarray(start + rng.integers(0, 365, len(technology)))


def _assign_owners(
    rest: pd.DataFrame, frame: pd.DataFrame, planted_firms: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Owners of the background: kinds by industry, few large and many small within a kind.

    The firms of planted portfolios own nothing else.
    """
    industries = vocabulary.table("industries")
    owner = np.full(len(rest), -1, dtype="int64")
    individuals = len(frame)
    for industry, entry in industries.items():
        at = np.flatnonzero(rest["industry"] == industry)
        chances = entry["owners"]
        kind = rng.choice(list(chances), len(at), p=np.array(list(chances.values()), dtype=float))
        for name in chances:
            rows = at[kind == name]
            if name == "individual":
                owner[rows] = individuals + _persons(rest["technology"].to_numpy()[rows], rng)
                individuals = max(individuals, int(owner[rows].max(initial=-1)) + 1)
                continue
            choice = np.flatnonzero(
                (frame["kind"] == name) & frame["industry"].isin(["", industry])
            )
            choice = choice[choice >= planted_firms] if name == "firm" else choice
            weight = 1 / np.arange(1, len(choice) + 1) ** 0.75
            weight = rng.permutation(weight) if name != "firm" else weight
            owner[rows] = rng.choice(choice, len(rows), p=weight / weight.sum())
    return rest.assign(owner=owner)


def _persons(technology: NDArray, rng: np.random.Generator) -> NDArray:
    """Numbers of individual owners, from 0; each stays with one technology."""
    draw = (rng.random(len(technology)) * max(1, len(technology) // 2)).astype("int64")
    return np.unique(technology * (len(technology) + 1) + draw, return_inverse=True)[1]


def _background_pct(rest: pd.DataFrame, planted: NDArray, rng: np.random.Generator) -> NDArray:
    """PCT filings of the background, so few per owner that no group reaches the gate by accident."""
    wish = (
        (rest["patent_type"] == "invention").to_numpy()
        & (rest["date"].to_numpy() <= CUTOFF - 10 - _PCT_DAYS)
        & (rng.random(len(rest)) < 0.05 * rest["quality"].to_numpy())
        & ~rest["owner"].isin(planted).to_numpy()
    )
    wished = rest[wish]
    in_group = wished.groupby(["owner", "technology"]).cumcount() < _PCT_OF_GROUP
    in_owner = wished[in_group].groupby("owner").cumcount() < _PCT_OF_OWNER
    pct = np.zeros(len(rest), dtype=bool)
    pct[in_owner[in_owner].index] = True
    return pct
