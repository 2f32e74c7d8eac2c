"""Where a score comes from, in numbers and in words."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from patentnav import i18n
from patentnav.errors import ArgumentError
from patentnav.indicators import registry
from patentnav.valuation.score import COHORT, PERCENTILE, SIZE, WHOLE
from patentnav.valuation.scorecard import DIMENSIONS

_WEIGHT = re.compile(rf"^(.+)_weight_({'|'.join(DIMENSIONS)})$")
_TRUTH = {True: "yes", False: "no"}


class Weighted(NamedTuple):
    """An indicator of the scorecard that made the scores, as their columns tell."""

    indicator: str
    dimension: str
    weight: float


def explain(scores: pd.DataFrame, publication_id: str) -> pd.DataFrame:
    """Show where a score comes from.

    Parameters
    ----------
    scores
        What :func:`patentnav.valuation.score` returned, or some of its rows, also joined with other
        columns; the publication is looked up in the index, else in a column ``publication_id``.
    publication_id
        The publication.

    Returns
    -------
    pandas.DataFrame
        One row per indicator of the scorecard: ``indicator, dimension, value, percentile,
        weight`` (share of the known weights, NA where unknown), ``contribution`` = weight x
        percentile, ``cohort`` and ``cohort_size`` (what the percentile rests on; NA where the
        scores do not tell). Contributions sum to the score.

    Raises
    ------
    ArgumentError
        The frame has no such publication, or lacks the columns of :func:`score`.

    See Also
    --------
    describe : the same in sentences.
    """
    entries = weighted(scores)
    row = _row(scores, publication_id)
    names = [entry.indicator for entry in entries]
    percentile = np.array([row[name + PERCENTILE] for name in names], dtype=float)
    weight = np.array([entry.weight for entry in entries])
    weight = np.where(np.isnan(percentile), np.nan, weight)
    weight = weight / np.nansum(weight) if np.nansum(weight) > 0 else weight
    return pd.DataFrame(
        {
            "indicator": names,
            "dimension": [entry.dimension for entry in entries],
            "value": pd.Series([row[name] for name in names]).astype("Float64"),
            "percentile": percentile,
            "weight": weight,
            "contribution": weight * percentile,
            "cohort": pd.Series([row.get(name + COHORT) for name in names], dtype="str"),
            "cohort_size": pd.Series([row.get(name + SIZE) for name in names], dtype="Float64")
            .replace(0, pd.NA)
            .astype("Int64"),
        }
    )


def describe(scores: pd.DataFrame, publication_id: str, lang: str | None = None) -> list[str]:
    """Say in sentences where a score comes from.

    Parameters
    ----------
    scores, publication_id
        As in :func:`explain`.
    lang
        Language; the configured one when omitted.

    Returns
    -------
    list of str
        The score with its tier, its coverage and its bounds; then a sentence for every indicator,
        the largest contribution first; at last what is not known.

    Raises
    ------
    ArgumentError
        As :func:`explain`.

    Examples
    --------
    >>> import pandas as pd, patentnav as pnav
    >>> patents = pnav.PatentSet.from_tables({"publications": pd.DataFrame(
    ...     {"claim_count": [3, 9]}, index=["CN1A", "CN2A"])})
    >>> card = pnav.valuation.Scorecard(
    ...     "claims", (pnav.valuation.Entry(("claim_count",), "legal", 1, True, ()),), {})
    >>> print(describe(pnav.valuation.score(patents, card), "CN2A", "en")[1])
    Claims: 9, percentile 75 of 2 in the whole set (100 is best); 100% of the weight, 75.0 points.
    """
    row = _row(scores, publication_id)
    parts = explain(scores, publication_id)
    order = parts.sort_values(
        ["contribution", "indicator"], ascending=[False, True], na_position="last"
    )
    return [
        _total(row, publication_id, lang),
        *(_sentence(part, lang) for part in order.itertuples()),
    ]


def _total(row: pd.Series, publication_id: str, lang: str | None) -> str:
    values: dict[str, Any] = {
        "publication_id": publication_id,
        "coverage": float(row["coverage"]),
    }
    if pd.isna(row["score"]):
        return i18n.text("indicators.words.no_score", lang, **values)
    tier = row.get("tier")
    values["tier"] = "" if pd.isna(tier) else i18n.text("indicators.words.tier", lang, tier=tier)
    values |= {name: float(row.get(name, np.nan)) for name in ("score", "lowest", "highest")}
    full = np.isclose(values["lowest"], values["highest"], equal_nan=True)
    return i18n.text(f"indicators.words.{'full' if full else 'score'}", lang, **values)


def _sentence(part: Any, lang: str | None) -> str:
    label = label_of(part.indicator, lang)
    if np.isnan(part.percentile):
        return i18n.text("indicators.words.unknown", lang, label=label)
    return i18n.text(
        "indicators.words.indicator",
        lang,
        label=label,
        value=value_in_words(part.indicator, part.value, lang),
        cohort=cohort_in_words(part.cohort, lang),
        n=0 if pd.isna(part.cohort_size) else part.cohort_size,
        percentile=part.percentile,
        weight=part.weight,
        contribution=part.contribution,
    )


def label_of(indicator: str, lang: str | None = None) -> str:
    """Label of an indicator; its name where one from outside brought none."""
    key = f"indicators.label.{indicator}"
    return i18n.text(key, lang) if i18n.has(key, lang) else indicator


def value_in_words(indicator: str, value: Any, lang: str | None = None) -> str:
    """A value as it is read: yes or no, a whole number, or a number with two places."""
    if pd.isna(value):
        return i18n.text("indicators.words.not_known", lang)
    number = float(value)
    if registry.get(indicator).unit == "yes or no":
        return i18n.text(f"indicators.words.{_TRUTH[bool(number)]}", lang)
    return f"{number:,.0f}" if number == int(number) else f"{number:,.2f}"


def cohort_in_words(cohort: Any, lang: str | None = None, *, short: bool = False) -> str:
    """A cohort as it is read, e.g. "the same filing year, office"; short: "filing year, office"."""
    if pd.isna(cohort) or cohort == WHOLE:
        return i18n.text("indicators.words.whole", lang)
    parts = [i18n.text(f"indicators.cohort.{c}", lang) for c in str(cohort).split(" x ")]
    if short:
        return i18n.text("indicators.words.comma", lang).join(parts)
    separator = i18n.text("indicators.words.separator", lang)
    return i18n.text("indicators.words.same", lang, names=separator.join(parts))


def _row(scores: pd.DataFrame, publication_id: str) -> pd.Series:
    weighted(scores)
    ids = scores["publication_id"] if "publication_id" in scores.columns else scores.index
    found = np.flatnonzero(np.asarray(ids == publication_id))
    if not len(found):
        msg = f'The scores have no publication "{publication_id}".'
        raise ArgumentError(msg)
    row: pd.Series = scores.iloc[found[0]]  # a join may have repeated it
    return row


def weighted(scores: pd.DataFrame) -> list[Weighted]:
    """Indicators of the scorecard that made scores.

    Raises
    ------
    ArgumentError
        The frame lacks the columns of :func:`score`.
    """
    found = [(column, _WEIGHT.match(str(column))) for column in scores.columns]
    entries = [
        Weighted(match[1], match[2], float(scores[column].iloc[0]) if len(scores) else np.nan)
        for column, match in found
        if match is not None
    ]
    lacking = [
        column
        for entry in entries
        for column in (entry.indicator, entry.indicator + PERCENTILE)
        if column not in scores.columns
    ]
    if not entries or lacking:
        named = ", ".join(lacking) or "<indicator>_weight_<dimension>"
        msg = (
            f"These are no scores of a scorecard: the columns {named} are missing. Pass what "
            "patentnav.valuation.score(patents) returned, with all its columns."
        )
        raise ArgumentError(msg)
    return entries
