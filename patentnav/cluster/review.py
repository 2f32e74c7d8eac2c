"""Names and merges of technologies as an analyst corrects them, in a table that is played again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    from patentnav.cluster.result import Technologies
    from patentnav.patentset import PatentSet

TERMS = 4


def review(technologies: Technologies, patents: PatentSet | None = None) -> pd.DataFrame:
    """A table to correct names in, and to merge technologies.

    Parameters
    ----------
    technologies
        Result of :func:`patentnav.cluster.technologies`.
    patents
        Where given, titles of typical publications are shown.

    Returns
    -------
    pandas.DataFrame
        One row per technology: ``technology, name, field, publications, terms, titles``, and empty
        ``new_name`` and ``merge_into`` (the id of another technology) to be filled in, in a sheet
        or in code, and given to :func:`reviewed`.
    """
    ids = technologies.areas.index
    terms = technologies.terms[technologies.terms["rank"] <= TERMS]
    shown = technologies.representatives
    if patents is not None:
        titles = patents.publications["title"].reindex(shown["publication_id"]).fillna("")
        shown = shown.assign(publication_id=titles.to_numpy())
    return pd.DataFrame(
        {
            "technology": ids,
            "name": technologies.names[ids].to_numpy(),
            "field": technologies.areas.map(technologies.area_names).to_numpy(),
            "publications": technologies.sizes[ids].to_numpy(),
            "terms": terms.groupby("technology")["term"].agg("; ".join).reindex(ids).to_numpy(),
            "titles": shown.groupby("technology")["publication_id"].agg("; ".join).reindex(ids).to_numpy(),
            "new_name": pd.Series(pd.NA, index=range(len(ids)), dtype="str"),
            "merge_into": pd.Series(pd.NA, index=range(len(ids)), dtype="str"),
        }
    )  # fmt: skip


def reviewed(technologies: Technologies, table: pd.DataFrame) -> Technologies:
    """The result with the names and merges of a filled table of :func:`review`.

    Rows are known by ``technology`` and ``name`` together: a table that was made for another
    result is refused rather than applied to the wrong technologies. Numbers stay as they are, so
    that reports and later updates (``earlier=``) keep them.

    Parameters
    ----------
    technologies
        The result that the table was made of, or one that continues it.
    table
        ``technology, name, new_name, merge_into``; empty cells change nothing.

    Returns
    -------
    Technologies

    Raises
    ------
    ArgumentError
        The table is of another result; a technology is merged into one that is not there, into
        itself, or into one that is merged itself; two would have one name.
    """
    lacking = [c for c in ("technology", "name", "new_name", "merge_into") if c not in table]
    if lacking:
        msg = f"The table has no column {', '.join(lacking)}. Fill in a table of review()."
        raise ArgumentError(msg)
    filled = table[table["new_name"].notna() | table["merge_into"].notna()]
    into = dict(filled.dropna(subset="merge_into")[["technology", "merge_into"]].to_numpy())
    called = dict(filled.dropna(subset="new_name")[["technology", "new_name"]].to_numpy())
    for key, name in filled[["technology", "name"]].to_numpy():
        if key not in technologies.areas.index or technologies.names[key] not in (
            name,
            called.get(key),
        ):
            msg = f'The table calls {key} "{name}", the result does not: it is of another result.'
            raise ArgumentError(msg)
    for key, target in into.items():
        if target not in technologies.areas.index or target in into:
            msg = f"{key} cannot be merged into {target}: no technology that stays by itself."
            raise ArgumentError(msg)
    names = technologies.names.replace({}).copy()
    names.update(pd.Series(called, dtype="str"))
    names = names.drop(list(into))
    if names.duplicated().any():
        msg = f'Two technologies would be called "{names[names.duplicated()].iloc[0]}".'
        raise ArgumentError(msg)
    terms, shown = technologies.terms, technologies.representatives
    return replace(
        technologies,
        labels=technologies.labels.replace(into),
        names=names,
        areas=technologies.areas.drop(list(into)),
        terms=terms[~terms["technology"].isin(list(into))].reset_index(drop=True),
        representatives=shown[~shown["technology"].isin(list(into))].reset_index(drop=True),
        parameters={
            **technologies.parameters,
            "reviewed": sorted((str(k), str(v)) for k, v in {**called, **into}.items()),
        },
    )
