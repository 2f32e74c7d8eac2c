"""What comes out for what goes in: lagged efficiency, its ranks over lags, intervals of counts."""

from __future__ import annotations

import pandas as pd


def efficiency(output: pd.DataFrame, effort: pd.DataFrame, lag: int = 1) -> pd.DataFrame:
    r"""Output of a later year per effort: :math:`E_t = G_{t+L} / R_t`.

    Parameters
    ----------
    output, effort
        Cities by years (integers as columns).
    lag
        Years between effort and output.

    Returns
    -------
    pandas.DataFrame
        Cities by year of the effort; NA where one of the two is not known or the effort is zero.
    """
    later = output.set_axis([int(year) - lag for year in output.columns], axis=1)
    years = [y for y in effort.columns if y in later.columns]
    cities = effort.index.intersection(later.index)
    base = effort.reindex(index=cities, columns=years)
    return later.reindex(index=cities, columns=years) / base.where(base > 0)


def lag_ranks(
    output: pd.DataFrame, effort: pd.DataFrame, *, lags: tuple[int, ...] = (0, 1, 2)
) -> pd.DataFrame:
    """Ranks of cities by efficiency under several lags, for the last effort that all lags know.

    Parameters
    ----------
    output, effort
        Cities by years.
    lags
        Lags in years.

    Returns
    -------
    pandas.DataFrame
        Cities by lag: place, 1 the most efficient. ``attrs["year"]`` is the year of the effort;
        empty where no year is known under all lags.
    """
    every = {lag: efficiency(output, effort, lag).dropna(axis=1, how="all") for lag in lags}
    years = set.intersection(*(set(frame.columns) for frame in every.values()))
    if not years:
        return pd.DataFrame(columns=list(lags))
    year = max(years)
    ranks = {
        lag: frame[year].rank(ascending=False, method="min").astype("Int64")
        for lag, frame in every.items()
    }
    found = pd.DataFrame(ranks)
    found.attrs["year"] = int(year)
    return found


def poisson_interval(count: float, level: float = 0.95) -> tuple[float, float]:
    """Exact interval of the mean of a count.

    Parameters
    ----------
    count
        What was counted.
    level
        Probability of the interval.

    Returns
    -------
    tuple of float
        Lower and upper bound (Garwood 1936, doi:10.1093/biomet/28.3-4.437).

    Examples
    --------
    >>> tuple(round(b, 2) for b in poisson_interval(10))
    (4.8, 18.39)
    """
    from scipy.stats import chi2

    tail = (1 - level) / 2
    low = 0.0 if count == 0 else float(chi2.ppf(tail, 2 * count) / 2)
    return low, float(chi2.ppf(1 - tail, 2 * count + 2) / 2)
