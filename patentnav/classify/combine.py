"""Weigh the evidence into probabilities of the nodes: a conditional logit with shared weights.

For node ``i``: ``s(i) = w_C log(C_i + 0.03) + w_A log(A_i + 0.01) + w_O O_i + w_K K_i + w_S S_i
+ w_P log(P_i / M_i)`` with classes C, text model A, object words O, keywords K, specific words S and
the field of the applicant: P the mean rule probabilities of its other publications, M those of the
set. ``+ w_U log(S_i / U_i)`` corrects what is usual by what the set is about; ``w_U = 1`` is Bayes' rule for
other prior shares (Saerens, Latinne, Decaestecker 2002, doi:10.1162/089976602753284446). The softmax of
s is the chance that a node comes *first*. The chance that it is served at all, first or not, is a
logistic function of that chance before the correction, of classes, text model and set (:func:`served`). The weights do not depend on the node, so few
labelled records suffice to fit them, and they are data of the taxonomy (``[weights.*]``,
``[serves]``; an absent one is zero: beside the text model keywords add nothing).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from patentnav.classify.evidence import Evidence
    from patentnav.taxonomy import Taxonomy

CLASS_FLOOR, TEXT_FLOOR = 0.03, 0.01  # a node that nothing names is unlikely, not impossible
FEW_OTHERS = 5.0  # publications of an applicant below which the set says more of its field
SMALL_SET, SET_FLOOR = 20.0, 0.02  # publications below which what is usual says more than the set
FIRST_FLOOR = 0.001


def terms(
    evidence: Evidence,
    text: np.ndarray | None = None,
    usual: Mapping[str, float] | None = None,
) -> dict[str, np.ndarray]:
    """Evidence as the terms of the logit, each publications x nodes.

    Parameters
    ----------
    evidence
        Evidence of the set.
    text
        Posterior of the text model; NaN rows have none.
    usual
        Usual shares of the nodes; without them the set is not compared.

    Notes
    -----
    A strict node is judged by its phrases alone: the text model speaks neither for nor against it,
    nor do the classes where a phrase stands in the title.
    """
    classed = evidence.classes.any(axis=1, keepdims=True)
    phrased = evidence.strict & (evidence.objects > 0)
    most = evidence.classes.max(axis=1, keepdims=True)
    classes = np.where(phrased, most, evidence.classes)
    found = {
        "classes": np.where(classed, np.log(classes + CLASS_FLOOR), 0.0),
        "objects": evidence.objects,
        "keywords": evidence.keywords,
        "specific": evidence.specific,
        "applicant": np.log(applicant_field(evidence)[1]),
        "set": np.broadcast_to(_set_lift(evidence, usual or {}), evidence.classes.shape),
    }
    if text is not None:
        best = text.max(axis=1, keepdims=True)
        judged = np.where(evidence.strict, best, text)
        found["text"] = np.where(np.isnan(judged), 0.0, np.log(judged + TEXT_FLOOR))
    return found


def applicant_field(evidence: Evidence) -> tuple[np.ndarray, np.ndarray]:
    """Field of the applicant's other publications, and how it differs from that of the set.

    Returns
    -------
    tuple of numpy.ndarray
        Shares of the nodes in the applicant's other publications, by class and object words (zeros
        where it has none); and the quotient of these shares and those of the set, both drawn
        towards the set by ``FEW_OTHERS`` publications (1 where there are none).
    """
    own = evidence.classes + evidence.objects
    total = own.sum(axis=1, keepdims=True)
    own = np.divide(own, total, out=np.zeros_like(own), where=total > 0)
    who = np.where(total[:, 0] > 0, evidence.applicants, -1)
    known, code = np.unique(evidence.applicants, return_inverse=True)
    sums = np.zeros((len(known), own.shape[1]))
    np.add.at(sums, code[who >= 0], own[who >= 0])
    counts = np.bincount(code[who >= 0], minlength=len(known))
    others = sums[code] - own * (who >= 0)[:, None]
    n = (counts[code] - (who >= 0)) * (evidence.applicants >= 0)
    others[evidence.applicants < 0] = 0.0
    n = n[:, None].astype(float)
    overall = own.sum(axis=0) / max((total > 0).sum(), 1) + CLASS_FLOOR
    lift = (others + CLASS_FLOOR * n + FEW_OTHERS * overall) / ((n + FEW_OTHERS) * overall)
    return np.divide(others, n, out=np.zeros_like(others), where=n > 0), lift


def set_shares(evidence: Evidence, usual: Mapping[str, float]) -> np.ndarray:
    """Shares of the nodes in the set by its rules, drawn towards the usual ones by 20 publications."""
    expected = np.array([usual.get(node, 0.0) for node in evidence.nodes])
    own = evidence.classes + evidence.objects
    total = own.sum(axis=1, keepdims=True)
    said = np.divide(own, total, out=np.zeros_like(own), where=total > 0).sum(axis=0)
    weighed = said + SMALL_SET * expected
    return np.asarray(weighed / max(weighed.sum(), 1e-9))


def _set_lift(evidence: Evidence, usual: Mapping[str, float]) -> np.ndarray:
    if not usual:
        return np.zeros(len(evidence.nodes))
    expected = np.array([usual.get(node, 0.0) for node in evidence.nodes])
    lift: np.ndarray = np.log((set_shares(evidence, usual) + SET_FLOOR) / (expected + SET_FLOOR))
    return lift


def served(evidence: Evidence, taxonomy: Taxonomy, text: np.ndarray | None = None) -> np.ndarray:
    """Probability that a publication serves a node at all, each node for itself.

    Parameters
    ----------
    evidence, taxonomy, text
        As for :func:`probabilities`.

    Returns
    -------
    numpy.ndarray
        Publications x nodes, NaN without any evidence; the chances of the first place for a taxonomy
        without ``[serves]``.
    """
    weights = taxonomy.serves
    if not weights:
        return probabilities(evidence, taxonomy, text)
    first = probabilities(evidence, taxonomy, text, of_the_set=False)
    found = terms(evidence, text, taxonomy.usual)
    unread = np.log(1.0 / len(evidence.nodes) + TEXT_FLOOR)
    if text is None:
        found["text"] = np.full(first.shape, unread)
    else:
        found["text"] = np.where(_read(evidence, text)[:, None], found["text"], unread)
    found["first"] = np.log(first + FIRST_FLOOR)
    logit = weights["intercept"] + sum(
        weight * found[name] for name, weight in weights.items() if name != "intercept"
    )
    chance = expit(np.asarray(logit))
    return np.where(evidence.forbidden & ~np.isnan(first), 0.0, chance)


def probabilities(
    evidence: Evidence,
    taxonomy: Taxonomy,
    text: np.ndarray | None = None,
    *,
    of_the_set: bool = True,
) -> np.ndarray:
    """Probability that a node comes first, rows in the order of ``evidence.index``.

    Rows without any evidence are NaN. What the vendor's industry codes point to stands for the
    classes where a record carries nothing else (:func:`by_codes`). Without weights of the taxonomy
    its rules alone decide: classes, and keywords of nodes that have no classes. Without
    ``of_the_set`` it does not matter what else the set holds.
    """
    bare = by_codes(evidence, text)
    if bare.any():
        classes = np.where(bare[:, None], evidence.codes, evidence.classes)
        evidence = replace(evidence, classes=classes)
    if not taxonomy.weights:
        worded = [n in taxonomy.nodes and taxonomy.by_words(n) for n in evidence.nodes]
        ruled = evidence.classes + evidence.keywords * worded
        return _normalised(np.where(evidence.forbidden, 0.0, ruled))
    found = terms(evidence, text, taxonomy.usual if of_the_set else None)
    read = _read(evidence, text)
    classed = evidence.classes.any(axis=1)
    result = np.full(evidence.classes.shape, np.nan)
    for kind, rows in (
        ("classes_and_text", classed & read),
        ("text", ~classed & read),
        ("rules", ~read & _any(evidence)),
    ):
        if rows.any():
            result[rows] = _softmax(found, taxonomy.weights[kind], rows)
    return _normalised(np.where(evidence.forbidden, 0.0, result))


def by_codes(evidence: Evidence, text: np.ndarray | None = None) -> np.ndarray:
    """Publications that carry nothing but the vendor's industry codes: a mask of the rows.

    Beside classes or a text these codes, which vendors derive from the classes, only do harm: of 68
    labelled incoPat records 88 % of the primary industries are right without them, 85 % where they
    have three tenths of the classes' part, and from the text alone 79 % without and 69 % with them.
    """
    only = ~_read(evidence, text) & ~_any(evidence) & evidence.codes.any(axis=1)
    return np.asarray(only)


def _read(evidence: Evidence, text: np.ndarray | None) -> np.ndarray:
    """Publications whose text the model has read."""
    return np.zeros(len(evidence.index), bool) if text is None else ~np.isnan(text).any(axis=1)


def rule_probabilities(evidence: Evidence, taxonomy: Taxonomy) -> np.ndarray:
    """Probabilities by rules and words alone; rows of zeros where there is no evidence."""
    return np.asarray(np.nan_to_num(probabilities(evidence, taxonomy)))


def _any(evidence: Evidence) -> np.ndarray:
    kinds = (evidence.classes, evidence.objects, evidence.keywords)
    return np.asarray(np.concatenate(kinds, axis=1).any(axis=1))


def _softmax(
    found: Mapping[str, np.ndarray], weights: Mapping[str, float], rows: np.ndarray
) -> np.ndarray:
    logit = np.asarray(sum(weight * found[name][rows] for name, weight in weights.items()))
    return _normalised(np.exp(logit - np.max(logit, axis=1, keepdims=True)))


def _normalised(table: np.ndarray) -> np.ndarray:
    """Rows to sum one; NaN where a row holds nothing."""
    total = np.sum(table, axis=1)
    result = np.full(table.shape, np.nan)
    result[total > 0] = table[total > 0] / total[total > 0, None]
    return result
