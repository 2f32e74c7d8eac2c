"""Records of one publication become one row.

The rule, the same for rows of one file, files of one vendor and files of several vendors: the
record with the most filled fields is preferred (ties: source, file, row), every empty field is
filled from the next record. Lists that belong together (inventors, parties of one role, symbols of
one scheme) come whole from the record with the longest list. Facts (citations, priorities, family
members, events, vendor values) are united. Differing values are listed as conflicts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import schema

if TYPE_CHECKING:
    from collections.abc import Mapping

RECORD = "record"
_ORIGIN = ["source", "source_file", "source_row"]
_LISTS = {"inventors": [], "parties": ["role"], "classifications": ["scheme"]}
_COMPARED = [
    "application_id", "application_date", "publication_date", "grant_date",
    "earliest_priority_date", "patent_type", "title",
]  # fmt: skip


def merge_records(
    tables: Mapping[str, pd.DataFrame],
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Merge records that describe the same publication.

    Parameters
    ----------
    tables
        Coerced tables in which ``publications`` has the columns ``record`` (int, unique) and
        ``publication_id``, and every child table the column ``record`` of the record it came with.

    Returns
    -------
    tables : dict of pandas.DataFrame
        Canonical tables without ``record``; ``publications`` indexed and sorted by
        ``publication_id``, child tables sorted.
    conflicts : pandas.DataFrame
        The ``conflicts`` table.
    """
    records = tables["publications"]
    declared = [c for c in schema.table("publications").columns if c in records.columns]
    facts = [c for c in declared if c not in {"publication_id", *_ORIGIN}]
    filled = records[facts].notna().sum(axis=1)
    order = records.assign(_filled=-filled).sort_values(
        ["publication_id", "_filled", *_ORIGIN, RECORD], kind="stable"
    )
    order = order.drop(columns="_filled")
    repeated = order.duplicated("publication_id", keep=False)
    single, several = order[~repeated], order[repeated]
    conflicts = _conflicts(several)
    if len(several):
        merged = several.groupby("publication_id", sort=True).first().reset_index()
        publications = pd.concat([single, merged[single.columns]])
    else:
        publications = single
    publications = publications.sort_values("publication_id", kind="stable")
    rank = pd.Series(np.arange(len(order)), index=order[RECORD].to_numpy())
    result = {"publications": schema.coerce("publications", publications.drop(columns=RECORD))}
    for name, frame in tables.items():
        if name != "publications":
            result[name] = _merge_child(name, frame, rank)
    return result, conflicts


def _merge_child(name: str, frame: pd.DataFrame, rank: pd.Series) -> pd.DataFrame:
    frame = frame.assign(_rank=frame[RECORD].map(rank).to_numpy())
    if name in _LISTS:
        group = ["publication_id", *_LISTS[name]]
        length = frame.groupby([*group, RECORD])["_rank"].transform("size")
        best = frame.assign(_length=-length).sort_values(["_length", "_rank"], kind="stable")
        winner = best.drop_duplicates(group)[[*group, RECORD]]
        frame = frame.merge(winner, on=[*group, RECORD], how="inner")
    key = list(schema.table(name).key)
    order = schema.table(name).order
    frame = frame.sort_values([*order, "_rank"], kind="stable").drop_duplicates(key)
    return schema.coerce(name, frame.drop(columns=[RECORD, "_rank"]).reset_index(drop=True))


def _conflicts(several: pd.DataFrame) -> pd.DataFrame:
    found = []
    for column in [c for c in _COMPARED if c in several.columns]:
        known = several[several[column].notna()]
        kept = known.drop_duplicates("publication_id").set_index("publication_id")
        other = known[known.duplicated("publication_id")]
        differs = other[
            other[column].to_numpy() != kept.loc[other["publication_id"], column].to_numpy()
        ]
        if differs.empty:
            continue
        winner = kept.loc[differs["publication_id"]]
        found.append(
            pd.DataFrame(
                {
                    "publication_id": differs["publication_id"].to_numpy(),
                    "column": column,
                    "kept": winner[column].astype(str).to_numpy(),
                    "kept_source": winner["source_file"].to_numpy(),
                    "other": differs[column].astype(str).to_numpy(),
                    "other_source": differs["source_file"].to_numpy(),
                }
            )
        )
    return schema.coerce("conflicts", pd.concat(found) if found else pd.DataFrame())
