"""The evidence of a membership in words: which classes by which rule, which words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import i18n
from patentnav._strings import among, joined
from patentnav.classify.combine import by_codes
from patentnav.config import get_config

if TYPE_CHECKING:
    import numpy as np

    from patentnav.classify.evidence import Evidence
    from patentnav.taxonomy import Taxonomy

SHOWN = 3  # symbols and words named per membership
SAID = 0.05  # share from which it is named


def evidence_text(
    rows: pd.DataFrame,
    evidence: Evidence,
    text: np.ndarray | None = None,
    applicant: np.ndarray | None = None,
    taxonomy: Taxonomy | None = None,
) -> pd.Series:
    """Evidence of membership rows (``publication_id, industry``), in the configured language.

    Classes with the pattern that took them, the vendor's industry codes where they count, words, what
    the text model says (0 to 1), the share of the industry in the applicant's other publications
    where it is more than in the set, and for the first of several industries the clause of the
    taxonomy's order by which it stands before the second.
    """
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
    pieces = [
        ("classes", _named(claims, keys)),
        ("codes", _named(_labels(evidence, text), keys)),
        ("words", _named(words, keys)),
    ]
    if text is not None:
        pieces.append(("text", _said(text, keys, evidence)))
    if applicant is not None:
        pieces.append(("applicant", _said(applicant, keys, evidence)))
    if taxonomy is not None and taxonomy.order:
        pieces.append(("order", _ordered(rows, keys, taxonomy)))
    line = pd.Series("", index=rows.index, dtype="str")
    for key, values in pieces:
        named = values.set_axis(rows.index)
        piece = i18n.text(f"classify.evidence.{key}") + named.fillna("")
        joint = pd.Series(separator, index=rows.index).where(line != "", "")
        line = line.where(named.isna(), line + joint + piece)
    return line


def _ordered(rows: pd.DataFrame, keys: pd.MultiIndex, taxonomy: Taxonomy) -> pd.Series:
    """Clause by which the first row of a publication stands before its second; NA elsewhere."""
    place = rows.groupby("publication_id").cumcount()
    following = (
        rows["industry"]
        .shift(-1)
        .where(rows["publication_id"].shift(-1).eq(rows["publication_id"]))
    )
    lang, names = get_config().lang, taxonomy.names()
    said: dict[tuple[str, str], str] = {}
    first = (place == 0) & following.notna()
    pairs = rows["industry"].astype("object").where(first), following.astype("object")
    for one, other in {p for p in zip(*pairs, strict=True) if isinstance(p[0], str)}:
        clause = taxonomy.clause(one, other)
        if clause is not None:
            name = clause.names.get(lang, clause.id)
            said[one, other] = i18n.text("classify.evidence.before").format(
                clause=name, other=names[other]
            )
    told = [said.get(pair) for pair in zip(*pairs, strict=True)]
    return pd.Series(pd.array(told, dtype="str"), index=keys)


def _labels(evidence: Evidence, text: np.ndarray | None) -> pd.DataFrame:
    """Vendor codes that count: those that name a node, and those of records with nothing else."""
    bare = evidence.index[by_codes(evidence, text)]
    rows = evidence.labels
    rows = rows[rows["place"].notna() | rows["publication_id"].isin(bare)]
    return rows.rename(columns={"label": "text"}).drop_duplicates(
        ["publication_id", "node", "text"]
    )


def _said(table: np.ndarray, keys: pd.MultiIndex, evidence: Evidence) -> pd.Series:
    """Share that a table gives to every key, with two decimals; NA where it says little."""
    rows = evidence.index.get_indexer(keys.get_level_values(0))
    columns = pd.Index(evidence.nodes).get_indexer(keys.get_level_values(1))
    values = pd.Series(table[rows, columns], index=keys)
    return values.map("{:.2f}".format).astype("str").where(values >= SAID)


def _named(rows: pd.DataFrame, keys: pd.MultiIndex) -> pd.Series:
    """First few texts of every publication and node, joined; in the order of ``keys``."""
    rows = rows[among(rows["publication_id"], keys.get_level_values(0))]
    rows = rows[rows.groupby(["publication_id", "node"]).cumcount() < SHOWN]
    named = joined(rows, ["publication_id", "node"], "text", ", ")
    return named.reindex(keys).astype("str")
