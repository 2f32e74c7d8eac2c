"""Frames of a set: brought into the canonical form, restricted to publications, checked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from patentnav import schema
from patentnav._strings import among
from patentnav.errors import ArgumentError, did_you_mean
from patentnav.normalize.symbols import canonical_symbols

if TYPE_CHECKING:
    from collections.abc import Mapping


def prepared(name: str, frame: object) -> pd.DataFrame:
    """A user's frame as a canonical table: positions, spellings and dtypes filled in."""
    if not isinstance(frame, pd.DataFrame):
        msg = f'Table "{name}" is a {type(frame).__name__}, not a pandas DataFrame.'
        raise ArgumentError(msg)
    frame = frame.copy(deep=False)
    if name == "parties" and "role" not in frame.columns:
        frame["role"] = "applicant"
    if name in {"parties", "inventors", "classifications"} and "position" not in frame.columns:
        groups = [c for c in ("publication_id", "role", "scheme") if c in frame.columns]
        frame["position"] = frame.groupby(groups).cumcount() + 1
    if name == "classifications":
        frame["symbol"] = _one_spelling(frame)
        if "is_first" not in frame.columns:
            frame["is_first"] = frame["position"] == 1
        key = list(schema.table(name).key)
        frame = frame.drop_duplicates(key)
    if name == "citations" and "cited_kind" not in frame.columns:
        frame["cited_kind"] = "patent"
    frame = schema.coerce(name, frame)
    if name == "publications":
        authority = frame["authority"].fillna(
            frame.index.to_series().str.extract(r"^([A-Z]{2})\d", expand=False)
        )
        return frame.assign(authority=authority)
    order = schema.table(name).order
    return frame.sort_values(order, kind="stable", ignore_index=True) if order else frame


def _one_spelling(frame: pd.DataFrame) -> pd.Series:
    patent_scheme = frame["scheme"].isin(["IPC", "CPC"])
    spelled = canonical_symbols(frame["symbol"].where(patent_scheme))
    return spelled.where(patent_scheme & spelled.notna(), frame["symbol"])


def restricted(name: str, frame: pd.DataFrame, publications: pd.DataFrame) -> pd.DataFrame:
    """Rows of a child table that belong to the publications."""
    ids = publications.index
    if name == "citations":
        mask = among(frame["citing_id"], ids) | among(frame["cited_id"], ids)
    elif name == "families":
        family = frame["scheme"] + "\t" + frame["family_id"]
        mask = among(family, family[among(frame["publication_id"], ids)])
    else:
        mask = among(frame["publication_id"], ids)
    return cast("pd.DataFrame", frame[mask].reset_index(drop=True))


def mask_of(
    which: pd.Series | np.ndarray | Iterable[str], publications: pd.DataFrame
) -> np.ndarray:
    """Publications that a mask or ids name, as True or False; see :meth:`PatentSet.filter`."""
    if isinstance(which, pd.Series) and which.dtype in (bool, "boolean"):
        given = which.reindex(publications.index).fillna(False)
        return np.asarray(given.to_numpy(dtype=bool))
    if isinstance(which, np.ndarray) and which.dtype == bool:
        if len(which) != len(publications):
            msg = f"The mask has {len(which)} values, the set {len(publications)} publications."
            raise ArgumentError(msg)
        return which
    if isinstance(which, str) or not isinstance(which, Iterable):
        msg = (
            f"filter takes a mask, a list of ids or conditions by keyword, not {which!r}. Write "
            f'filter(["{which}"]) for a publication, search("{which}") for words, '
            "filter(years=(2015, 2020)) for conditions."
        )
        raise ArgumentError(msg)
    ids = pd.Index(list(which), dtype="str")
    unknown = ids.difference(publications.index)
    if len(unknown):
        msg = f'The set has no publication "{unknown[0]}" ({len(unknown)} ids unknown).'
        raise ArgumentError(msg)
    return among(publications.index, ids)


def checked_columns(
    frames: Mapping[str, pd.DataFrame], accounts: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Coverage and failures per table and column, as :meth:`PatentSet.check` returns them."""
    rows: list[dict[str, Any]] = []
    for name, frame in frames.items():
        flat = frame.reset_index() if name == "publications" else frame
        for column in schema.table(name).columns:
            filled = int(flat[column].notna().sum())
            share = filled / len(flat) if len(flat) else float("nan")
            rows.append(
                {"table": name, "column": column, "rows": len(flat), "filled": filled,
                 "coverage": share, "check": "filled", "failures": 0, "example": "",
                 "severity": "info"}
            )  # fmt: skip
    for breach in schema.validate(frames).to_dict("records"):
        row: dict[str, Any] = {str(k): v for k, v in breach.items()}
        rows.append({**row, "rows": len(frames[row["table"]]), "failures": row["rows"]})
    for name, severity in (("set_aside", "error"), ("cell_failures", "warning")):
        if name in accounts and len(accounts[name]):
            groups = accounts[name].groupby(["column", "reason"], dropna=False)
            for key, group in groups:
                rows.append(
                    {"table": name, "column": key[0], "rows": len(frames["publications"]), "check": key[1],
                     "failures": len(group), "example": str(group["value"].iloc[0]),
                     "severity": severity}
                )  # fmt: skip
    for sign in accounts["signs"].to_dict("records") if "signs" in accounts else ():
        rows.append(
            {"table": "signs", "column": sign["column"], "rows": len(frames["publications"]), "check": sign["sign"],
             "failures": sign["rows"], "example": sign["note"], "severity": "warning"}
        )  # fmt: skip
    columns = ["table", "column", "rows", "filled", "coverage", "check", "failures",
               "example", "severity"]  # fmt: skip
    result = pd.DataFrame(rows, columns=columns)
    return result.astype({"rows": "Int64", "filled": "Int64", "coverage": "float64",
                          "failures": "Int64"})  # fmt: skip


def account(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """What the reading counted, what looks wrong, and what to call next, in lines."""
    lines = []
    intake = tables.get("intake")
    if intake is not None and len(intake):
        counts = intake[["rows_in", "rows_out", "rows_merged", "rows_set_aside"]].sum()
        read, taken, merged, aside = (int(n) for n in counts)
        lines.append(
            f"intake: {len(intake):,} files, {read:,} records read, {taken:,} taken, {merged:,} merged, "
            f"{aside:,} set aside"
        )
    if len(tables.get("signs", ())):
        lines.append(f"{len(tables['signs'])} signs of a bad export: see .signs")
    return [*lines, 'next: .check(), .search("…"), .filter(years=(2015, 2020)), Study(patents)']


def unknown(name: str, kind: type) -> str:
    """What to say of an attribute that a set does not have."""
    if name.startswith("_"):
        return f'PatentSet has no attribute "{name}"'
    close = did_you_mean(name, [n for n in (*vars(kind), *schema.tables()) if n[0] != "_"], n=1)
    hint = (
        f"Did you mean {close}?"
        if close
        else "Analysis is by functions: cluster.technologies(patents)."
    )
    return f'PatentSet has no attribute "{name}". {hint}'


def summarised(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows and publications covered, per table, as :meth:`PatentSet.summary` returns them."""
    index = frames["publications"].index
    rows = []
    for name, frame in frames.items():
        covered = len(frame)
        if name != "publications":
            covered = int(among(index, frame[schema.table(name).owner]).sum())
        share = covered / len(index) if len(index) else float("nan")
        rows.append((name, len(frame), covered, share))
    return pd.DataFrame(rows, columns=["table", "rows", "publications", "coverage"])
