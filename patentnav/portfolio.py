"""Portfolio candidates, the gate they must pass, what is missing, and the best disjoint choice."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import _resources
from patentnav.counting import unit_ids
from patentnav.errors import ArgumentError, MissingColumnError, MissingTableError
from patentnav.facts import family_members, main_symbols, pct_evidence, subclasses
from patentnav.facts import owners as owners_of
from patentnav.normalize import symbols

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.facts import OwnerChoice, OwnerLevel
    from patentnav.patentset import PatentSet

__all__ = [
    "candidates",
    "members",
    "select",
]

COLUMNS = [
    "portfolio_id", "owner", "technology", "inventions", "pct", "score", "meets_gate",
    "inventions_missing", "pct_missing", "reason", "owner_id", "units", "inventions_unknown",
    "pct_unknown", "size", "international", "layout", "quality", "members",
]  # fmt: skip


def candidates(
    patents: PatentSet,
    technology: pd.Series | str | None = None,
    owner: OwnerLevel = "party",
    *,
    owners: OwnerChoice = "first",
    min_inventions: int = 50,
    min_pct: int = 10,
    unit: Unit = "application",
    granted_only: bool = False,
    home: str = "CN",
    values: pd.Series | None = None,
) -> pd.DataFrame:
    """Portfolios that owners hold by technology, measured against the gate.

    Parameters
    ----------
    patents
        The set.
    technology
        Label per publication: a Series, or the name of a column of ``publications``; the main IPC
        subclass when omitted. Publications without a label belong to no portfolio.
    owner
        ``party`` (legal entity) or ``group``.
    owners
        ``first`` owner or ``all``: a co-owned unit then stands in several candidates.
    min_inventions, min_pct
        The gate: inventions and PCT applications that a portfolio must have.
    unit
        What an invention is counted in. A unit takes owner and label of its latest publication.
    granted_only
        Count granted inventions only, else filed ones.
    home
        Office code of the owners' country: PCT applications that entered it from abroad do not
        count (:func:`patentnav.indicators.pct.pct_evidence`).
    values
        Value of every publication (0 to 100), e.g. ``valuation.score(patents)["score"]``; its mean
        enters the score as ``quality``.

    Returns
    -------
    pandas.DataFrame
        One row per candidate, best first: ``portfolio_id, owner`` (name), ``technology,
        inventions, pct`` (distinct PCT applications), ``score`` (0 to 100), ``meets_gate``,
        ``inventions_missing, pct_missing`` (to the gate, 0 when reached), ``reason`` (why
        ``meets_gate`` is NA: ``pct_untold``, ``pct_unknown`` or ``type_unknown``), ``owner_id``,
        ``units``, ``inventions_unknown, pct_unknown`` (units that could add to either), the parts
        of the score (0 to 1) and ``members`` (publication ids). ``pct`` is NA where the source
        tells nothing of PCT; then ``meets_gate`` is NA, never false. ``attrs["gate"]`` holds the
        parameters to print.

    Raises
    ------
    MissingTableError
        The set carries no parties, or neither labels nor IPC classes.

    Notes
    -----
    Score: the weighted mean of the known parts, weights in ``scorecards/portfolio.toml``.
    ``size`` = n / (n + min_inventions), ``international`` = pct / (pct + min_pct); ``layout`` is
    the mean of 1 - 1/E over IPC subclasses and over family offices, E being the effective number
    exp(entropy); ``quality`` = mean value / 100. Each is 0.5 at the gate or at two equal classes.
    """
    gate = {
        "min_inventions": min_inventions, "min_pct": min_pct, "unit": unit,
        "granted_only": granted_only, "owner": owner, "owners": owners, "home": home,
        "technology": "given" if technology is not None else "main IPC subclass",
    }  # fmt: skip
    facts = _facts(patents, unit, granted_only=granted_only, home=home)
    cells = _cells(patents, facts, technology, owner, owners)
    table = _count(cells, facts)
    table = _judge(table, min_inventions, min_pct)
    table = _score(table, _parts(patents, table, gate, values))
    order = table.sort_values(
        ["score", "inventions", "owner_id", "technology"], ascending=[False, False, True, True]
    )
    width = max(3, len(str(len(order))))
    order["portfolio_id"] = [f"P{i:0{width}d}" for i in range(1, len(order) + 1)]
    result = order.reset_index(drop=True)[COLUMNS]
    result.attrs = {"gate": gate}
    return result


def members(candidates: pd.DataFrame) -> pd.DataFrame:
    """Publications of every candidate: ``portfolio_id, publication_id``."""
    long = candidates[["portfolio_id", "members"]].explode("members", ignore_index=True)
    long = long.dropna(subset="members").rename(columns={"members": "publication_id"})
    return long.astype({"publication_id": "str"}).reset_index(drop=True)


def select(
    candidates: pd.DataFrame, n: int = 30, *, meeting: bool = True, score: str = "score"
) -> pd.DataFrame:
    """Choose at most ``n`` pairwise disjoint portfolios of greatest total score.

    Parameters
    ----------
    candidates
        What :func:`candidates` returned (or some of its rows, or several results together).
    n
        Largest number chosen.
    meeting
        Only candidates that are known to meet the gate.
    score
        Column to add up.

    Returns
    -------
    pandas.DataFrame
        The chosen rows, best first. ``attrs["selection"]``: ``eligible``, ``undecided`` (left out
        because the gate cannot be judged), ``total``.

    Raises
    ------
    ArgumentError
        ``n`` is not positive or a portfolio id stands twice.

    Notes
    -----
    A set-packing problem, solved exactly as a mixed-integer programme (HiGHS): no publication
    counts twice, so a co-owned one strengthens one portfolio only.
    """
    if n < 1:
        msg = f"n={n} is not a positive number of portfolios."
        raise ArgumentError(msg)
    if not candidates["portfolio_id"].is_unique:
        msg = "A portfolio_id stands twice. Give the candidates different ids before joining them."
        raise ArgumentError(msg)
    eligible = candidates.dropna(subset=score)
    undecided = int(eligible["meets_gate"].isna().sum()) if meeting else 0
    if meeting:
        eligible = eligible[eligible["meets_gate"].fillna(False).astype(bool)]
    eligible = eligible.sort_values("portfolio_id", ignore_index=True)
    contenders = _contenders(eligible, n, score)
    chosen = contenders.iloc[_pack(contenders, n, score)] if len(contenders) else contenders
    chosen = chosen.sort_values([score, "portfolio_id"], ascending=[False, True], ignore_index=True)
    chosen.attrs = {
        **candidates.attrs,
        "selection": {
            "n": n, "meeting": meeting, "eligible": len(eligible), "undecided": undecided,
            "total": float(chosen[score].sum()),
        },
    }  # fmt: skip
    return chosen


def _contenders(eligible: pd.DataFrame, n: int, score: str) -> pd.DataFrame:
    """Candidates that an optimum may need: all that overlap, and the ``n`` best that do not."""
    long = members(eligible)
    shared = long["publication_id"].duplicated(keep=False)
    contested = eligible["portfolio_id"].isin(long.loc[shared, "portfolio_id"])
    free = eligible[~contested].sort_values([score, "portfolio_id"], ascending=[False, True])
    kept = pd.concat([eligible[contested], free.head(n)])
    return kept.sort_values("portfolio_id", ignore_index=True)


def _pack(eligible: pd.DataFrame, n: int, score: str) -> np.ndarray:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, vstack

    long = members(eligible)
    row = pd.Series(range(len(eligible)), index=eligible["portfolio_id"])
    document, _ = pd.factorize(long["publication_id"])
    column = long["portfolio_id"].map(row).to_numpy()
    ones = np.ones(len(long))
    overlap = csr_array((ones, (document, column)), shape=(document.max() + 1, len(eligible)))
    contested = overlap[overlap.sum(axis=1) > 1]
    limits = vstack([csr_array(np.ones((1, len(eligible)))), contested])
    upper = np.concatenate([[n], np.ones(contested.shape[0])])
    worth = eligible[score].to_numpy(dtype=float)
    # Equal totals: prefer earlier ids, by less than any score is printed with.
    tie = 1e-9 * np.arange(len(eligible)) / len(eligible)
    found = milp(
        tie - worth, integrality=np.ones(len(eligible), dtype=np.int64), bounds=Bounds(0, 1),
        constraints=LinearConstraint(limits, ub=upper),
    )  # fmt: skip
    solution: np.ndarray = np.asarray(found.x)  # choosing none is always feasible
    return np.flatnonzero(solution > 0.5)


def _facts(patents: PatentSet, unit: Unit, *, granted_only: bool, home: str) -> pd.DataFrame:
    """One row per publication: its unit, whether it is a counted invention, its PCT state."""
    publications = patents.publications
    units = unit_ids(patents, unit)
    kind = publications["patent_type"].groupby(units).transform("first")
    invention = (kind == "invention").astype("boolean").mask(kind.isna())
    if granted_only:
        stated = (
            publications["granted"].astype("boolean").mask(publications["grant_date"].notna(), True)
        )
        granted = stated.groupby(units).transform("max").astype("boolean")
        invention = invention & granted
    evidence = pct_evidence(patents, unit, home)
    return pd.DataFrame(
        {
            "unit_id": units, "invention": invention, "pct": evidence["pct"],
            "pct_key": evidence["pct_key"], "date": publications["publication_date"],
        }
    )  # fmt: skip


def _labels(patents: PatentSet, technology: pd.Series | str | None) -> pd.Series:
    if technology is None:
        if not patents.has("classifications"):
            msg = "Without technology= the main IPC subclass is taken, but the set has no classes."
            raise MissingTableError(msg)
        labels = symbols.level(main_symbols(patents), "subclass")
    elif isinstance(technology, str):
        if technology not in patents.publications.columns:
            msg = f'publications has no column "{technology}". Add it with assign.'
            raise MissingColumnError(msg)
        labels = patents.publications[technology]
    else:
        labels = technology
    return labels.reindex(patents.publications.index)


def _cells(
    patents: PatentSet,
    facts: pd.DataFrame,
    technology: pd.Series | str | None,
    owner: OwnerLevel,
    which: OwnerChoice,
) -> pd.DataFrame:
    """Which unit stands in which candidate: ``unit_id, owner_id, owner, technology``."""
    held = owners_of(patents, owner, which=which).rename(
        columns={"owner": "owner_id", "name": "owner"}
    )
    latest = facts.assign(technology=_labels(patents, technology)).reset_index()
    latest = latest.sort_values(["date", "publication_id"], na_position="first")
    labels = latest.groupby("unit_id")["technology"].last().dropna()
    owned = latest[latest["publication_id"].isin(held["publication_id"])]
    owned = owned.drop_duplicates("unit_id", keep="last")[["unit_id", "publication_id"]]
    cells = owned.merge(held, on="publication_id")
    cells = cells.assign(technology=cells["unit_id"].map(labels)).dropna(subset="technology")
    return cells[["unit_id", "owner_id", "owner", "technology"]].reset_index(drop=True)


def _count(cells: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    per_unit = facts.groupby("unit_id")[["invention", "pct", "pct_key"]].first()
    joined = cells.join(per_unit, on="unit_id")
    known = joined["pct"].fillna(False).astype(bool)
    joined = joined.assign(
        counted=joined["invention"].fillna(False).astype(int),
        untyped=joined["invention"].isna().astype(int),
        pct_id=joined["pct_key"].fillna(joined["unit_id"]).where(known),
        pct_untold=joined["pct"].isna().astype(int),
    )
    groups = joined.groupby(["owner_id", "technology"], sort=True, observed=True)
    table = groups.agg(
        owner=("owner", "first"), units=("unit_id", "size"), inventions=("counted", "sum"),
        inventions_unknown=("untyped", "sum"), pct=("pct_id", "nunique"),
        pct_unknown=("pct_untold", "sum"),
    )  # fmt: skip
    held = joined[["unit_id", "owner_id", "technology"]].merge(
        facts["unit_id"].reset_index(), on="unit_id"
    )
    held = held.sort_values(["owner_id", "technology", "publication_id"], ignore_index=True)
    ids = held["publication_id"].tolist()
    ends = held.groupby(["owner_id", "technology"], sort=True).size().cumsum()
    bounds = [0, *ends.reindex(table.index).tolist()]
    table["members"] = [tuple(ids[i:j]) for i, j in itertools.pairwise(bounds)]
    table = table.reset_index()
    counts = ["units", "inventions", "inventions_unknown", "pct", "pct_unknown"]
    return table.astype(dict.fromkeys(counts, "Int64"))


def _judge(table: pd.DataFrame, min_inventions: int, min_pct: int) -> pd.DataFrame:
    """Three-valued: met by what is known, failed even with all that is unknown, else NA."""
    untold = table["pct_unknown"] == table["units"]
    pct = table["pct"].mask(untold)
    most_pct = table["pct"] + table["pct_unknown"]
    most_inventions = table["inventions"] + table["inventions_unknown"]
    met = (table["inventions"] >= min_inventions) & (table["pct"] >= min_pct)
    possible = (most_inventions >= min_inventions) & (most_pct >= min_pct)
    meets = met.mask(~met & possible).mask(untold)
    enough_if_typed = (table["inventions"] < min_inventions) & possible
    reason = np.select(
        [untold, meets.isna() & enough_if_typed, meets.isna()],
        ["pct_untold", "type_unknown", "pct_unknown"],
        "",
    )
    return table.assign(
        pct=pct, meets_gate=meets.astype("boolean"), reason=pd.Series(reason, dtype="str"),
        inventions_missing=(min_inventions - table["inventions"]).clip(lower=0),
        pct_missing=(min_pct - pct).clip(lower=0),
    )  # fmt: skip


def _parts(
    patents: PatentSet,
    table: pd.DataFrame,
    gate: dict[str, Any],
    values: pd.Series | None,
) -> pd.DataFrame:
    key = [table["owner_id"], table["technology"]]
    long = table[["owner_id", "technology", "members"]].explode("members")
    long = long.rename(columns={"members": "publication_id"}).astype({"publication_id": "str"})
    inventions, pct = table["inventions"].astype(float), table["pct"].astype(float)
    spread = [
        _evenness(long, pairs, key)
        for pairs in (_subclass_pairs(patents), _office_pairs(patents))
        if pairs is not None
    ]
    quality = pd.Series(np.nan, index=table.index)
    if values is not None:
        worth = long.assign(value=long["publication_id"].map(values.astype(float)))
        mean = worth.groupby(["owner_id", "technology"])["value"].mean()
        quality = pd.Series(mean.reindex(pd.MultiIndex.from_arrays(key)).to_numpy() / 100)
    layout = pd.concat(spread, axis=1).mean(axis=1) if spread else quality * np.nan
    return pd.DataFrame(
        {
            "size": inventions / (inventions + gate["min_inventions"]),
            "international": pct / (pct + gate["min_pct"]),
            "layout": layout, "quality": quality,
        }
    )  # fmt: skip


def _subclass_pairs(patents: PatentSet) -> pd.DataFrame | None:
    if not patents.has("classifications"):
        return None
    return subclasses(patents).rename(columns={"subclass": "kind"})


def _office_pairs(patents: PatentSet) -> pd.DataFrame | None:
    if not patents.has("families"):
        return None
    offices = family_members(patents)[["publication_id", "authority"]].drop_duplicates()
    return offices.rename(columns={"authority": "kind"})


def _evenness(long: pd.DataFrame, pairs: pd.DataFrame, key: list[pd.Series]) -> pd.Series:
    """1 - 1/exp(H) of the kinds in every candidate, H the entropy; NA where none is known."""
    joined = long.merge(pairs, on="publication_id")
    counts = joined.groupby(["owner_id", "technology", "kind"], observed=True).size()
    share = counts / counts.groupby(level=[0, 1]).transform("sum")
    entropy = -(share * np.log(share)).groupby(level=[0, 1]).sum()
    even = 1 - np.exp(-entropy)
    return pd.Series(even.reindex(pd.MultiIndex.from_arrays(key)).to_numpy())


def _score(table: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    weights = pd.Series(_resources.load_toml("scorecards", "portfolio")["weights"], dtype=float)
    known = parts[weights.index].notna().mul(weights)
    total = parts[weights.index].mul(weights).sum(axis=1)
    score = 100 * total / known.sum(axis=1)
    return table.assign(**parts, score=score)
