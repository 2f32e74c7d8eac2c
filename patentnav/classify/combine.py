"""Weigh the evidence into probabilities of the nodes: a conditional logit with shared weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from patentnav.classify.evidence import Evidence

CLASS_FLOOR = 0.03  # a node that no class names is unlikely, not impossible


def features(evidence: Evidence) -> dict[str, np.ndarray]:
    """Evidence as the terms of the logit."""
    has_classes = evidence.classes.sum(axis=1, keepdims=True) > 0
    return {
        "classes": np.where(has_classes, np.log(evidence.classes + CLASS_FLOOR), 0.0),
        "objects": evidence.objects,
        "keywords": evidence.keywords,
        "specific": evidence.specific,
    }


def probabilities(evidence: Evidence, weights: Mapping[str, Mapping[str, float]]) -> np.ndarray:
    """Probability of every node, rows in the order of ``evidence.index``.

    Rows without any evidence are NaN. Without weights the classes alone decide.
    """
    result = _softmax(evidence, weights["rules"]) if weights else evidence.classes
    result = np.where(evidence.forbidden, 0.0, result)
    kinds = (evidence.classes, evidence.objects, evidence.keywords)
    known = np.logical_or.reduce([kind.any(axis=1) for kind in kinds])
    total = result.sum(axis=1, keepdims=True)
    usable = (total > 0) & known.reshape(-1, 1)
    blank = np.full(result.shape, np.nan)
    return np.divide(result, total, out=blank, where=usable)


def _softmax(evidence: Evidence, weights: Mapping[str, float]) -> np.ndarray:
    terms = features(evidence)
    logit = np.zeros(evidence.classes.shape)
    for name, weight in weights.items():
        logit += weight * terms[name]
    raised: np.ndarray = np.exp(logit - logit.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)
