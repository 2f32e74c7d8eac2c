"""What no other one beats, and the tiers below it: several measures, none weighed against another."""

from __future__ import annotations

import numpy as np
import pandas as pd

_ROUNDING = 1e-9  # part of a value


def undominated(ranks: np.ndarray) -> np.ndarray:
    """Rows that no other one beats; what is not known of one is compared with nobody's.

    Parameters
    ----------
    ranks
        Rows by criteria, more is further ahead; NaN where not known.

    Returns
    -------
    numpy.ndarray
        bool, one per row.
    """
    if not len(ranks):
        return np.zeros(0, dtype=bool)
    values = np.where(np.isnan(ranks), -1.0, ranks)
    known = ~np.isnan(ranks)
    free = np.ones(len(values), dtype=bool)
    for i in range(len(values)):
        same = known & known[i]
        # Sums of the same parts in another order differ in their last digits: that beats nobody.
        level = np.isclose(values, values[i], rtol=_ROUNDING, atol=0)
        least = (values >= values[i]) | level | ~known[i]
        more = (values > values[i]) & ~level & same
        free[i] = not (least.all(axis=1) & more.any(axis=1)).any()
    return free


def tiers(measures: pd.DataFrame) -> pd.DataFrame:
    """Divide rows into tiers: the first is beaten by nobody, the next only by the first, and so on.

    Parameters
    ----------
    measures
        Rows by measures, more is further ahead; NA where not known. No measure is weighed against
        another, and there is no sum of them.

    Returns
    -------
    pandas.DataFrame
        Indexed like ``measures``: ``tier`` (1 the first), ``steady`` (in the first tier whichever one
        of the measures is left out; of a single measure as with it).

    Notes
    -----
    Non-dominated sorting (Goldberg, Genetic Algorithms in Search, Optimization and Machine Learning,
    1989, p. 201). A row is beaten by one that is at least as high in all that is known of it and
    higher in one of them, so that what is not known can only be in a row's favour.

    Examples
    --------
    >>> import pandas as pd
    >>> tiers(pd.DataFrame({"a": [3, 1, 2, 1], "b": [1, 3, 1, 1]}))["tier"].tolist()
    [1, 1, 2, 3]
    """
    values = measures.to_numpy(dtype=float, na_value=np.nan)
    tier = np.zeros(len(values), dtype=int)
    left, level = np.arange(len(values)), 1
    while len(left):
        first = undominated(values[left])
        tier[left[first]] = level
        left, level = left[~first], level + 1
    steady = tier == 1
    if values.shape[1] > 1:
        for column in range(values.shape[1]):
            steady &= undominated(np.delete(values, column, axis=1))
    return pd.DataFrame({"tier": tier, "steady": steady}, index=measures.index)
