"""Industries of publications: which nodes of a taxonomy a patent serves, and on what evidence.

1. Evidence (:mod:`~patentnav.classify.evidence`): the taxonomy's rules on classes, its object words
   and keywords.
2. Text model (:mod:`~patentnav.classify.textmodel`): shipped with the taxonomy, continued on the
   publications of the set that the rules are sure of (:mod:`~patentnav.classify.learning`).
3. Combination (:mod:`~patentnav.classify.combine`): which industry comes first, a conditional logit;
   and which are served at all, a logistic function of it. The weights are data of the taxonomy, and
   so is the written rule of the order. A taxonomy without weights is decided by its rules alone.
4. Place inside the industry (:mod:`~patentnav.classify.place`) and evidence in words
   (:mod:`~patentnav.classify.explain`).
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from patentnav import taxonomy as taxonomies
from patentnav._guard import guard
from patentnav._progress import progress
from patentnav.classify import combine, learning, ruled
from patentnav.classify.evidence import gather
from patentnav.classify.explain import evidence_text
from patentnav.classify.place import sub_sectors
from patentnav.classify.textmodel import TextModel, hashed, shipped
from patentnav.config import get_config
from patentnav.errors import ArgumentError, CoverageWarning, warn
from patentnav.taxonomy import NONE, Taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from patentnav.classify.evidence import Evidence
    from patentnav.patentset import PatentSet

__all__ = ["TextModel", "industries", "leading", "learn", "memberships", "probabilities"]

Bound = Literal["certain", "possible"]
Model = TextModel | Literal["auto"] | None

SERVED = 0.35  # probability of being served from which a publication counts to a node
MEMBER = 0.15  # the same where a taxonomy only tells the chance of the first place
SURE = 0.54  # of the first place; below it about one in ten, of which half are right
LEAD = 0.4  # lead of the first place below which the second is shown beside it
UNASSIGNED_SHARE = 0.5  # a set with more unassigned publications is warned of
BLOCK = 50_000  # texts read at a time


def memberships(
    patents: PatentSet,
    taxonomy: str | Path | Taxonomy = "jinan-ten",
    *,
    bound: Bound = "certain",
    min_probability: float | None = None,
    text_model: Model = "auto",
    random_state: int = 0,
) -> pd.DataFrame:
    """Industries that publications belong to, with weight and evidence.

    Parameters
    ----------
    patents
        The set. Classes, titles and abstracts are used as far as they are there.
    taxonomy
        Name, path or loaded taxonomy (:func:`patentnav.taxonomy.load`).
    bound
        ``certain``: a rule that demands a word counts only with it; ``possible``: it counts
        without.
    min_probability
        Probability (0 to 1) that an industry is served from which a publication counts to it; 0.35
        where omitted (0.15 for a taxonomy with weights but without ``[serves]``), and 0 for a
        taxonomy that rules alone decide: whatever a rule fits is a member.
    text_model
        ``"auto"``: the model shipped with the taxonomy, continued on this set where it is large
        enough; a model of :func:`learn`; or None for rules and words alone.
    random_state
        Seed of the continued model.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, industry, sub_sector, weight, probability, evidence``, sorted by id and
        falling chance of the first place. ``weight`` is that chance shared among the industries
        served and sums to one in a publication: count by it and every publication counts once.
        ``probability`` is the chance that the industry is served, each for itself: count rows and
        every publication counts in each of its industries. ``sub_sector`` is NA where nothing tells
        the place. ``evidence`` of the first names the clause of the order by which it stands before
        the second. A publication without evidence, or whose evidence points outside the taxonomy,
        has no row; ``attrs["unassigned"]`` counts those (:func:`leading` answers for them too).

    Warns
    -----
    CoverageWarning
        More than half of the publications belong to no node.

    Raises
    ------
    UnknownNameError
        No taxonomy has that name.
    ArgumentError
        ``bound`` is neither of the two.
    """
    tree = taxonomies.load(taxonomy)
    if tree.by_expressions():
        result = ruled.memberships(patents, tree, certain=_certain(bound))
    else:
        found = _gather(patents, tree, bound)
        text = _read_texts(found, tree, text_model, random_state)
        if min_probability is None:
            min_probability = SERVED if tree.serves else MEMBER if tree.weights else 0.0
        wide = _wide(found, tree, text)
        served = combine.served(found, tree, text)
        rows = _members(wide, wide * 0 + served, min_probability)
        rows["evidence"] = evidence_text(rows, found, text, _applicant_says(found, tree), tree)
        rows = sub_sectors(rows, found, tree, certain=bound == "certain")
        columns = ["publication_id", "industry", "sub_sector", "weight", "probability", "evidence"]
        result = rows[columns].reset_index(drop=True)
    missing = len(patents) - result["publication_id"].nunique()
    result.attrs.update(taxonomy=tree.name, version=tree.version, unassigned=missing)
    if missing > UNASSIGNED_SHARE * len(patents):
        warn(
            f"{missing} of {len(patents)} publications belong to no node of {tree.name}: their "
            "classes and words point to none, or they have neither. taxonomy.report lists them.",
            CoverageWarning,
        )
    return result


def industries(
    patents: PatentSet,
    taxonomy: str | Path | Taxonomy = "jinan-ten",
    *,
    min_probability: float = 0.0,
    max_abstained: float = 1.0,
    text_model: Model = "auto",
    random_state: int = 0,
) -> pd.Series:
    """Primary industry of every publication: the one that comes first.

    Every publication with a title or a class has one, however little tells; how sure it is, and
    which industry comes second, says :func:`leading`.

    Parameters
    ----------
    patents
        The set.
    taxonomy
        Name, path or loaded taxonomy (:func:`patentnav.taxonomy.load`).
    min_probability
        Probability (0 to 1) of the first place below which no industry is stated; 0 states the best
        one always, ``classify.SURE`` leaves out about one in ten. Without effect for a taxonomy that
        rules alone decide.
    max_abstained
        Share (0 to 1) of the publications with evidence that may be left without an industry for
        want of probability: where more would be, only the least probable ones are left out.
    text_model, random_state
        See :func:`memberships`.

    Returns
    -------
    pandas.Series
        Named ``industry``, indexed by ``publication_id``; ``none`` where it lies outside the
        taxonomy, NA where it is not stated.
    """
    tree = taxonomies.load(taxonomy)
    if not tree.weights:
        return _heaviest(patents, tree)
    found = leading(patents, tree, text_model=text_model, random_state=random_state)
    first, best = found["first"], found["probability"]
    inside = best[best.notna() & (first != NONE)]
    if len(inside):
        min_probability = min(min_probability, float(inside.quantile(max_abstained)))
    return first.where(best >= min_probability).rename("industry")


def leading(
    patents: PatentSet,
    taxonomy: str | Path | Taxonomy = "jinan-ten",
    *,
    text_model: Model = "auto",
    random_state: int = 0,
) -> pd.DataFrame:
    """First and second industry of every publication, with how sure the order is.

    Parameters
    ----------
    patents, taxonomy, text_model, random_state
        See :func:`memberships`.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``publication_id``: ``first, probability, second, second_probability``
        (probabilities of the first place, 0 to 1; ``none`` may be either), ``both`` (the lead is
        below 0.4: show both, one of them is right in nine of ten), ``clause`` (short name of the
        clause of the taxonomy's order by which the first stands before the second, in the
        configured language; NA without one). All NA for a publication without title and class.

    Examples
    --------
    >>> import patentnav as pnav
    >>> found = pnav.classify.leading(pnav.datasets.city(n=50).patents)
    >>> bool((found["probability"] >= found["second_probability"]).all())
    True
    """
    tree = taxonomies.load(taxonomy)
    wide = probabilities(patents, tree, text_model=text_model, random_state=random_state)
    table = wide.fillna(0.0).to_numpy()
    order = np.argsort(-table, axis=1, kind="stable")[:, :2]
    rows = np.arange(len(table))
    known = wide.notna().any(axis=1).to_numpy()
    nodes = np.asarray(wide.columns, dtype=object)
    found = pd.DataFrame(index=wide.index)
    for at, (name, chance) in enumerate(
        (("first", "probability"), ("second", "second_probability"))
    ):
        value = table[rows, order[:, at]]
        there = known & (value > 0)
        found[name] = pd.Series(nodes[order[:, at]], wide.index, dtype="str").where(there)
        found[chance] = pd.Series(value, wide.index).where(known)
    lead = found["probability"] - found["second_probability"]
    found["both"] = ((lead < LEAD) & found["second"].notna()).astype("boolean").where(known)
    lang = get_config().lang
    told = {
        pair: clause.names.get(lang, clause.id)
        for pair in set(zip(found["first"].dropna(), found["second"].dropna(), strict=False))
        if (clause := tree.clause(*pair)) is not None
    }
    pairs = zip(found["first"], found["second"], strict=True)
    found["clause"] = pd.array([told.get(pair) for pair in pairs], dtype="str")
    return found


def probabilities(
    patents: PatentSet,
    taxonomy: str | Path | Taxonomy = "jinan-ten",
    *,
    bound: Bound = "certain",
    text_model: Model = "auto",
    random_state: int = 0,
) -> pd.DataFrame:
    """Probability of every first-level node to come first.

    Parameters
    ----------
    patents, taxonomy, bound, text_model, random_state
        See :func:`memberships`.

    Returns
    -------
    pandas.DataFrame
        Publications x nodes, the last column ``none`` (outside the taxonomy); rows sum to one. A
        title or class that tells nothing has the shares of the set, drawn towards what is usual;
        NaN without title and class. For a taxonomy that rules alone decide: shares of the classes.
    """
    tree = taxonomies.load(taxonomy)
    if tree.by_expressions():
        return ruled.shares(patents, tree, certain=_certain(bound))
    found = _gather(patents, tree, bound)
    wide = _wide(found, tree, _read_texts(found, tree, text_model, random_state))
    if not tree.usual:
        return wide
    told = found.texts.notna().any(axis=1).to_numpy()
    if patents.has("classifications"):
        told = told | wide.index.isin(patents.classifications["publication_id"])
    mute = told & wide.isna().any(axis=1).to_numpy()
    wide[mute] = combine.set_shares(found, tree.usual)
    return wide


def learn(
    patents: PatentSet,
    taxonomy: str | Path | Taxonomy = "jinan-ten",
    *,
    without: Iterable[str] = (),
    start: Model = "auto",
    random_state: int = 0,
) -> TextModel | None:
    """Learn a text model from the publications of a set that the rules are sure of.

    Parameters
    ----------
    patents
        The set to learn from, by source file.
    taxonomy
        Name, path or loaded taxonomy (:func:`patentnav.taxonomy.load`).
    without
        Publications that must not be learnt from.
    start
        Model to continue from: ``"auto"`` the shipped one, None none.
    random_state
        Seed.

    Returns
    -------
    TextModel or None
        ``start`` where fewer than 200 publications are sure.
    """
    tree = taxonomies.load(taxonomy)
    found = _gather(patents, tree, "certain")
    begun = _shipped(found, tree) if isinstance(start, str) else start
    model = learning.learn(
        found,
        tree,
        start=begun,
        sources=patents.publications["source_file"].fillna(""),
        without=pd.Index(list(without), dtype="str"),
        random_state=random_state,
    )
    return model or begun


def _heaviest(patents: PatentSet, tree: Taxonomy) -> pd.Series:
    """Node of the greatest weight, for a taxonomy that rules alone decide."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CoverageWarning)  # NA says it here
        rows = memberships(patents, tree)
    weight = rows.groupby(["publication_id", "industry"])["weight"].sum().reset_index()
    order = weight.sort_values(["weight", "industry"], ascending=[False, True], kind="stable")
    first = order.drop_duplicates("publication_id").set_index("publication_id")["industry"]
    return first.reindex(patents.publications.index).astype("str").rename("industry")


def _gather(patents: PatentSet, tree: Taxonomy, bound: str) -> Evidence:
    return gather(patents, tree, certain=_certain(bound))


def _certain(bound: str) -> bool:
    if bound not in {"certain", "possible"}:
        msg = f'bound="{bound}" is not one of certain, possible.'
        raise ArgumentError(msg)
    return bound == "certain"


def _wide(found: Evidence, tree: Taxonomy, text: np.ndarray | None) -> pd.DataFrame:
    chances = combine.probabilities(found, tree, text)
    return pd.DataFrame(chances, index=found.index, columns=list(found.nodes))


def _shipped(found: Evidence, tree: Taxonomy) -> TextModel | None:
    """Return the shipped model, unless a user's taxonomy of the same name has other nodes."""
    model = shipped(tree.name)
    return model if model is not None and model.nodes == found.nodes else None


def _read_texts(
    found: Evidence, tree: Taxonomy, model: Model, random_state: int
) -> np.ndarray | None:
    """Posterior of the text model; None without one."""
    if not tree.weights or model is None:
        return None
    if isinstance(model, str):
        begun = _shipped(found, tree)
        model = learning.learn(found, tree, start=begun, random_state=random_state) or begun
        if model is None:
            return None
    if model.nodes != found.nodes:
        msg = f"The text model knows other nodes than {tree.name}. Learn one: classify.learn(…)."
        raise ArgumentError(msg)
    texts = found.texts["title"].fillna("") + " . " + found.texts["abstract"].fillna("")
    starts = range(0, len(texts), BLOCK)
    blocks = [
        model.posterior(hashed(texts.iloc[i : i + BLOCK])) for i in progress(starts, "industries")
    ]
    return np.concatenate([np.empty((0, len(found.nodes))), *blocks])


def _applicant_says(found: Evidence, tree: Taxonomy) -> np.ndarray | None:
    """Shares of the applicant's other publications where they speak for a node; None if unused."""
    if not any("applicant" in weights for weights in tree.weights.values()):
        return None
    shares, lift = combine.applicant_field(found)
    return np.where(lift > 1, shares, 0.0)


def _members(wide: pd.DataFrame, served: pd.DataFrame, threshold: float) -> pd.DataFrame:
    """Rows of the nodes that reach the threshold (the best one always), unless none is best."""
    inside, chances = wide.drop(columns=NONE), served.drop(columns=NONE)
    best = inside.max(axis=1)
    here = (best.notna() & (best > 0) & (best >= wide[NONE])).to_numpy()
    inside, chances, best = inside[here], chances[here], best[here]
    kept = (chances.ge(threshold) | inside.eq(best, axis=0)) & inside.gt(0)
    at, node = np.nonzero(kept.to_numpy())
    long = pd.DataFrame(
        {
            "publication_id": inside.index[at],
            "industry": inside.columns[node].astype("str"),
            "weight": inside.to_numpy()[at, node],
            "probability": chances.to_numpy()[at, node],
        }
    )
    long["first"] = long["weight"]
    long["weight"] /= long.groupby("publication_id")["weight"].transform("sum")
    return long.astype({"industry": "str"}).sort_values(
        ["publication_id", "weight", "industry"], ascending=[True, False, True], ignore_index=True
    )


guard(__name__)
