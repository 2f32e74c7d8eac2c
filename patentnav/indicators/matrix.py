"""Technology by effect: what inventions achieve, and the cells that chance does not leave empty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import _resources, query
from patentnav import taxonomy as taxonomies
from patentnav._version import __version__
from patentnav.config import get_config
from patentnav.counting import unit_frame
from patentnav.errors import ExpressionError, MissingTableError, UnknownNameError
from patentnav.provenance import Step

if TYPE_CHECKING:
    from pathlib import Path

    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet
    from patentnav.taxonomy import Taxonomy

FIELDS = ("effect", "abstract")  # the vendor's own statement first, else what the abstract says
LEVEL = 0.05
TOLD = "told"  # field of the search language for both
_VALUES = re.compile(r"[;|\n\uff1b]+")


def effects(
    patents: PatentSet, rules: Mapping[str, str] | str | Path | Taxonomy | None = None
) -> pd.DataFrame:
    """Effects, or problems, that publications claim for themselves.

    They are read from the vendor's effect field (its effect phrases and sentences) where a
    publication has one, else from its abstract.

    Parameters
    ----------
    patents
        The set.
    rules
        The user's own effects: name -> search expression (:func:`patentnav.query.parse`), whose
        words without a field are looked for in these texts, or a breakdown table
        (:func:`patentnav.taxonomy.load`), of which the deepest branches count. The general ones of
        ``data/text/effects.toml`` when omitted; an effect there is a claim ("improves safety"), a
        bare mention ("a safety check") is none.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, effect, weight, field``, a membership table (weights of a publication sum
        to one); ``field`` is where it was read, ``effect`` (the vendor's) or ``abstract``.
        Publications that state none of the effects have no row: that is silence, not absence
        of the effect. Annotated in ``attrs``: publications ``with_text``, those ``with_effect`` and
        those whose text is the ``vendor`` field; ``publications`` in all.

    Raises
    ------
    MissingTableError
        The set carries neither effect statements nor abstracts.
    ExpressionError
        A rule cannot be read.

    Notes
    -----
    Abstracts of some offices describe the means and not the effect: read ``with_effect`` before
    comparing offices or owners.

    Examples
    --------
    >>> from patentnav import datasets, indicators
    >>> rules = {"cheap": "(reduc* PRE/3 cost) OR inexpensive"}
    >>> list(indicators.effects(datasets.city(60).patents, rules).columns)
    ['publication_id', 'effect', 'weight', 'field']
    """
    texts = patents.texts
    texts = texts[texts["field"].isin(FIELDS)].dropna(subset="text")
    if not len(texts):
        msg = (
            "The set carries neither effect statements nor abstracts, so effects cannot be read. "
            "Export the abstract column."
        )
        raise MissingTableError(msg)
    stated = texts.loc[texts["field"] == "effect", "publication_id"]
    spoken = texts["publication_id"].isin(stated)
    texts = texts[(texts["field"] == "effect") | ~spoken]
    # The abstract of a publication whose vendor states the effect is not read.
    whole = patents.texts
    silent = (whole["field"] == "abstract") & whole["publication_id"].isin(stated)
    step = Step("indicators.effects", {}, len(patents), len(patents), __version__)
    read = patents.replace(step, texts=whole[~silent])
    rows = taxonomies.members(_rules(rules), read).rename(columns={"node": "effect"})
    field = np.where(rows["publication_id"].isin(stated), *FIELDS)
    result = rows.assign(field=pd.Series(field, index=rows.index, dtype="str"))
    result.attrs = {
        "publications": len(patents),
        "with_text": texts["publication_id"].nunique(),
        "with_effect": rows["publication_id"].nunique(),
        "vendor": stated.nunique(),
    }
    return result


def _rules(rules: Mapping[str, str] | str | Path | Taxonomy | None) -> Taxonomy:
    """Effects as a taxonomy whose words without a field are looked for where effects are told."""
    if rules is None:
        entries = _resources.load_toml("text", "effects")
        texts = {effect: entry["expressions"] for effect, entry in entries.items()}
        made = {k: tuple(query.parse(t, field=TOLD) for t in listed) for k, listed in texts.items()}
    elif isinstance(rules, Mapping):
        made = {str(k): (_own(str(k), text),) for k, text in rules.items()}
    else:
        tree = taxonomies.load(rules)
        again = {
            k: tuple(query.parse(e.text, segmented=e.segmented, field=TOLD) for e in n.expressions)
            for k, n in tree.nodes.items()
        }
        nodes = {k: replace(n, expressions=again[k]) for k, n in tree.nodes.items()}
        return replace(tree, nodes=nodes)
    nodes = {
        k: taxonomies.Node(k, None, {"zh": k, "en": k}, expressions=e) for k, e in made.items()
    }
    return taxonomies.Taxonomy("effects", {"zh": "effects", "en": "effects"}, nodes)


def _own(effect: str, text: str) -> query.Expression:
    try:
        return query.parse(text, field=TOLD)
    except ExpressionError as error:
        msg = f'Effect "{effect}": {error}'
        raise ExpressionError(msg, text, error.place) from error


def vendor_groups(patents: PatentSet, column: str) -> pd.DataFrame:
    """Groups that a vendor sorts publications into, such as its levels of technical effects.

    Parameters
    ----------
    patents
        The set.
    column
        The vendor's column among ``vendor_values``, by its name in the export. Several values in a
        cell are separated by semicolons, bars or line breaks.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, group, weight``, a membership table (weights of a publication sum to
        one); publications without a value have no row. ``attrs``: ``column``, ``publications`` in
        all and ``with_value``.

    Raises
    ------
    MissingTableError
        The set carries no values of vendors.
    UnknownNameError
        No vendor has such a column; close ones are named.
    """
    values = patents.vendor_values
    if column not in set(values["name"]):
        raise UnknownNameError("vendor column", column, values["name"].unique())
    rows = values.loc[values["name"] == column, ["publication_id", "value"]]
    rows = rows.assign(group=rows["value"].str.split(_VALUES)).explode("group")
    rows["group"] = rows["group"].astype("str").str.strip()
    rows = rows.loc[rows["group"].fillna("") != "", ["publication_id", "group"]].drop_duplicates()
    rows = rows.sort_values(["publication_id", "group"], ignore_index=True)
    result = rows.assign(weight=1.0 / rows.groupby("publication_id")["group"].transform("size"))
    result.attrs = {
        "column": column,
        "publications": len(patents),
        "with_value": rows["publication_id"].nunique(),
    }
    return result


def effect_labels(lang: str | None = None) -> pd.Series:
    """Labels of the effects in a language, indexed by effect."""
    entries = _resources.load_toml("text", "effects")
    lang = lang or get_config().lang
    return pd.Series({effect: entry[lang] for effect, entry in entries.items()}, name="label")


def white_spots(
    patents: PatentSet,
    rows: str | pd.DataFrame,
    columns: str | pd.DataFrame,
    *,
    unit: Unit | None = None,
    fdr: float = LEVEL,
) -> pd.DataFrame:
    """Cross two groupings and test every cell against what chance would fill.

    Parameters
    ----------
    patents
        The set.
    rows, columns
        Groupings, e.g. technologies and :func:`effects`: column of ``publications`` or membership
        table.
    unit
        Counted unit; the configured one when omitted.
    fdr
        False discovery rate of the states.

    Returns
    -------
    pandas.DataFrame
        ``row, column, count, expected, p_value, q_value, gap_testable, state, row_units,
        column_units, units``, every pair. Counting is whole, over the ``units`` in both groupings,
        of which ``row_units`` are in the row and ``column_units`` in the column. ``expected`` and
        ``p_value`` (two-sided) are those of drawing the column's units from all at random with both
        totals kept (hypergeometric); ``q_value`` is adjusted for the number of cells. ``state``:
        ``white`` (significantly below chance), ``dense`` (above) or ``chance``: an empty cell that
        chance explains is no gap. ``gap_testable`` is False where even an empty cell would not reach
        ``fdr`` by itself: too little is expected there to speak of a gap.

    Notes
    -----
    A white spot is where less is filed than the sizes of the technology and of the effect lead one
    to expect; whether it is a chance or a dead end is for the expert. Two cells of a table depend
    on each other through its totals; the adjustment is that for positive or no dependence.

    References
    ----------
    Benjamini, Hochberg (1995), doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    from scipy.stats import false_discovery_control, hypergeom

    first = unit_frame(patents, rows, unit=unit, counting="whole")
    second = unit_frame(patents, columns, unit=unit, counting="whole")
    both = first.merge(second, on="unit_id", suffixes=("_row", "_column"))
    n = both["unit_id"].nunique()
    cells = pd.crosstab(both["group_row"], both["group_column"])
    of_row = both.drop_duplicates(["unit_id", "group_row"])["group_row"].value_counts()
    of_column = both.drop_duplicates(["unit_id", "group_column"])["group_column"].value_counts()
    cells = cells.rename_axis(index="row", columns="column")
    long = cells.reset_index().melt(id_vars="row", value_name="count")
    long = long.sort_values(["row", "column"], ignore_index=True)
    r = long["row"].map(of_row).to_numpy(dtype=np.int64)
    c = long["column"].map(of_column).to_numpy(dtype=np.int64)
    count = long["count"].to_numpy()
    below = hypergeom.cdf(count, n, r, c)
    above = hypergeom.sf(count - 1, n, r, c)
    p = np.minimum(1.0, 2 * np.minimum(below, above))
    q = false_discovery_control(p) if len(p) else p
    expected = r * c / max(n, 1)
    gap_testable = 2 * hypergeom.cdf(np.maximum(0, r + c - n), n, r, c) <= fdr
    state = np.select([(q <= fdr) & (count < expected), q <= fdr], ["white", "dense"], "chance")
    result = long.assign(
        expected=expected,
        p_value=p,
        q_value=q,
        gap_testable=gap_testable,
        state=state,
        row_units=r,
        column_units=c,
        units=n,
    )
    result.attrs = {"unit": unit or get_config().unit, "counting": "whole", "units": n}
    return result
