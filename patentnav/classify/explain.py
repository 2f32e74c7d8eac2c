"""The evidence of a membership in words: which classes by which rule, which words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import i18n

if TYPE_CHECKING:
    from patentnav.classify.evidence import Evidence

SHOWN = 3  # symbols and words named per membership


def evidence_text(rows: pd.DataFrame, evidence: Evidence) -> pd.Series:
    """Evidence of membership rows (``publication_id, industry``), in the configured language."""
    keys = pd.MultiIndex.from_frame(rows[["publication_id", "industry"]])
    claims = evidence.symbols.sort_values(
        ["publication_id", "share", "symbol"], ascending=[True, False, True]
    ).drop_duplicates(["publication_id", "node", "symbol"])
    by_rule = claims["symbol"] + " (" + claims["pattern"] + ")"
    itself = claims["symbol"] == claims["pattern"]
    claims = claims.assign(text=by_rule.where(~itself, claims["symbol"]))
    words = evidence.words[evidence.words["kind"] != "negative"]
    words = words.drop_duplicates(["publication_id", "node", "word"])
    words = words.assign(text=words["word"].str.rstrip("*"))
    separator = i18n.text("classify.evidence.separator")
    text = pd.Series("", index=rows.index, dtype="str")
    for key, found in (("classes", claims), ("words", words)):
        named = _named(found, keys).set_axis(rows.index)
        piece = i18n.text(f"classify.evidence.{key}") + named.fillna("")
        joint = pd.Series(separator, index=rows.index).where(text != "", "")
        text = text.where(named.isna(), text + joint + piece)
    return text


def _named(rows: pd.DataFrame, keys: pd.MultiIndex) -> pd.Series:
    """First few texts of every publication and node, joined; in the order of ``keys``."""
    rows = rows[rows["publication_id"].isin(keys.get_level_values(0))]
    rows = rows[rows.groupby(["publication_id", "node"]).cumcount() < SHOWN]
    joined = rows.groupby(["publication_id", "node"])["text"].agg(", ".join)
    return joined.reindex(keys).astype("str")
