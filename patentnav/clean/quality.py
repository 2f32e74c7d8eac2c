"""How good identities are: pairwise and B-cubed precision, recall and F1 against labels."""

from __future__ import annotations

import numpy as np
import pandas as pd

from patentnav.errors import ArgumentError


def identity_scores(predicted: pd.Series, truth: pd.Series) -> pd.DataFrame:
    """Compare predicted identities with labelled ones.

    Parameters
    ----------
    predicted
        Id of every mention, indexed by mention. A missing id is an identity of its own.
    truth
        Label of the labelled mentions, indexed by mention; missing or absent where there is no
        label. Labelled identities are taken as complete: a labelled and an unlabelled mention under
        one predicted id are a wrong pair. To leave unlabelled mentions out, pass
        ``predicted[truth.index]``.

    Returns
    -------
    pandas.DataFrame
        Rows ``pairwise`` and ``b_cubed``, columns ``precision, recall, f1`` (0 to 1; missing where
        there is nothing to judge). Pairwise counts pairs with at least one labelled mention;
        B-cubed averages over the labelled mentions (Bagga and Baldwin 1998).

    Raises
    ------
    ArgumentError
        A mention stands twice in an index, or a labelled mention has no prediction.

    Examples
    --------
    >>> predicted = pd.Series({"a": 1, "b": 1, "c": 2, "d": 2})
    >>> truth = pd.Series({"a": "x", "b": "x", "c": "x"})
    >>> identity_scores(predicted, truth).round(2)
              precision  recall    f1
    pairwise       0.50    0.33  0.40
    b_cubed        0.83    0.56  0.67
    """
    truth = truth.dropna()
    if predicted.index.has_duplicates or truth.index.has_duplicates:
        msg = "A mention stands twice in an index; give every mention one row."
        raise ArgumentError(msg)
    absent = truth.index.difference(predicted.index)
    if len(absent):
        msg = f"{len(absent)} labelled mentions have no prediction, e.g. {absent[0]}; add them."
        raise ArgumentError(msg)
    cluster = _codes(predicted)
    labelled = pd.Series(cluster, index=predicted.index).reindex(truth.index)
    cells = pd.DataFrame(
        {"cluster": labelled.to_numpy(), "label": pd.factorize(truth)[0]}
    ).value_counts()
    size = pd.Series(cluster).value_counts()
    known = cells.groupby("cluster").sum()
    true_size = cells.groupby("label").sum()
    both = _pairs(cells).sum()
    proposed = (_pairs(size.reindex(known.index)) - _pairs(size.reindex(known.index) - known)).sum()
    n = len(truth)
    in_cluster = size.reindex(cells.index.get_level_values("cluster")).to_numpy()
    in_label = true_size.reindex(cells.index.get_level_values("label")).to_numpy()
    squared = cells.to_numpy() ** 2
    rows = {
        "pairwise": (_share(both, proposed), _share(both, _pairs(true_size).sum())),
        "b_cubed": (
            _share((squared / in_cluster).sum(), n),
            _share((squared / in_label).sum(), n),
        ),
    }
    return pd.DataFrame(
        [[p, r, _share(2 * p * r, p + r)] for p, r in rows.values()],
        index=list(rows),
        columns=["precision", "recall", "f1"],
    )


def _codes(ids: pd.Series) -> np.ndarray:
    codes, uniques = pd.factorize(ids)
    alone = codes < 0
    codes[alone] = len(uniques) + np.arange(alone.sum())
    return codes


def _pairs(sizes: pd.Series) -> pd.Series:
    return sizes * (sizes - 1) / 2


def _share(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else float("nan")
