"""The editor's report of a taxonomy on a set: what it covers and what should be mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav._shown import presented
from patentnav.config import get_config
from patentnav.normalize.ladder import patterns_above
from patentnav.taxonomy import rules
from patentnav.taxonomy.fits import claims, fits, signs
from patentnav.taxonomy.load import load
from patentnav.taxonomy.scheme import replaced_by, with_predecessors

if TYPE_CHECKING:
    from pathlib import Path

    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet
    from patentnav.taxonomy.fits import Signs
    from patentnav.taxonomy.model import Rule, Taxonomy

EXAMPLES = 3


@presented("review.rules", "review.judged", "review.silent")
@dataclass(frozen=True)
class Review:
    """What an editor of a taxonomy should look at; all counts are publications.

    Attributes
    ----------
    coverage
        ``node, parent, publications, share, only, possible, possible_share``: publications that
        the node fits by its rules and words (the certain bound: a rule that demands a word counts
        with it alone), as part of the set, and those that no other node of its level has; then
        the possible bound, with such rules counted without their word. The truth lies between.
    overlaps
        ``node, other, publications, share``: nodes of one level with common publications (certain
        bound), as part of the smaller one; the largest first.
    replaced
        ``node, pattern, replaced_by, edition, followed``: patterns that IPC 2026.01 no longer has,
        and the classes that took their content (empty: unknown); ``followed`` where the taxonomy
        takes the new classes too (``renewals``). Below the subclass only the changes of
        ``data/classes/ipc-renewals.csv`` are known.
    silent
        ``node, kind, rule, why``: patterns (``classes``) and words that decide nothing here.
        ``absent``: no class of the set fits, the word occurs nowhere; ``excluded``: the rule
        excludes what it includes; ``beaten``: all classes that fit are excluded, belong to a longer
        pattern or carry too small a share; ``no_word``: no publication with the class has a word of
        the node (or the node has none); ``unused``: the classes of the node decide without words.
    unassigned
        ``subclass, publications, share, example``: publications that no node fits (certain bound),
        by the subclasses they carry (NA: without classes), as part of the set; the largest group
        group first.
    rules
        ``node, kind, rule, publications, count, only, swallowed_by, state``: every class pattern,
        keyword and expression, and every alternative of an expression (its parts between OR).
        ``publications`` that it finds by itself, in ``count`` units (``attrs["unit"]``); ``only``:
        those that no other rule of the node finds; ``state``: ``fires``, ``never``, or
        ``swallowed``, where another rule of the node (``swallowed_by``) finds all of them.
    samples
        ``node, kind, rule, publication_id, title``: three publications of every rule, spread over
        its hits in the order of their numbers.
    judged
        ``node, sample, marked, found, right, precision, precision_low, precision_high, recall,
        recall_low, recall_high``: the nodes against the marked publications (their number
        ``sample``), with Wilson's 95 % intervals; NaN where nothing is found or marked. No rows
        without a marked sample. Recall is that of the set only where the sample was drawn without
        looking at the rules.
    """

    coverage: pd.DataFrame
    overlaps: pd.DataFrame
    replaced: pd.DataFrame
    silent: pd.DataFrame
    unassigned: pd.DataFrame
    rules: pd.DataFrame
    samples: pd.DataFrame
    judged: pd.DataFrame


def report(
    taxonomy: str | Path | Taxonomy,
    patents: PatentSet,
    *,
    marked: str | Path | pd.Series | pd.DataFrame | None = None,
    unit: Unit | None = None,
) -> Review:
    """Hold a taxonomy against a set.

    Parameters
    ----------
    taxonomy
        Name, path or loaded taxonomy (:func:`load`).
    patents
        A set of the field that the taxonomy is meant for.
    marked
        Publications that somebody sorted by hand: a column of ``publications``, a Series by
        publication, or a table (or the path of one: xlsx, csv, parquet) whose first column holds
        numbers in any spelling and whose second the id or name of a node, empty or ``none`` for a
        publication that belongs to none. One that belongs to several has several rows.
    unit
        Unit of the counts of rules; the configured one when omitted.

    Returns
    -------
    Review

    Raises
    ------
    UnknownNameError
        A mark is no node of the taxonomy.

    Warns
    -----
    DataQualityWarning
        Marked numbers are not in the set.

    Notes
    -----
    By rules and words alone: what the text model and the weights of ``jinan-ten`` add is not seen
    here, but in :func:`patentnav.classify.memberships`.
    """
    taxonomy = load(taxonomy)
    found = signs(taxonomy, patents)
    claimed = claims(taxonomy, found)
    sure = fits(taxonomy, found, claimed=claimed)
    per_rule = rules.hits(taxonomy, patents, found)
    counts = rules.counted(taxonomy, patents, per_rule, unit)
    counts.attrs = {"unit": unit or get_config().unit}
    loose = fits(taxonomy, found, certain=False, claimed=claimed)
    return Review(
        coverage=_coverage(taxonomy, sure, loose, len(patents)),
        overlaps=_overlaps(taxonomy, sure),
        replaced=_replaced(taxonomy),
        silent=_silent(taxonomy, found, claimed),
        unassigned=_unassigned(patents, found.symbols, sure),
        rules=counts,
        samples=rules.samples(patents, per_rule),
        judged=pd.DataFrame() if marked is None else rules.judged(taxonomy, patents, sure, marked),
    )


def _coverage(
    taxonomy: Taxonomy, sure: pd.DataFrame, loose: pd.DataFrame, total: int
) -> pd.DataFrame:
    parents = pd.Series({k: n.parent for k, n in taxonomy.nodes.items()}, dtype="str")
    level = sure["node"].map(parents).fillna("")
    alone = ~sure.assign(level=level).duplicated(["publication_id", "level"], keep=False)
    counts = sure.assign(only=alone).groupby("node")["only"].agg(["size", "sum"])
    counts = counts.reindex(list(taxonomy.nodes), fill_value=0).astype("int64")
    possible = loose.groupby("node").size().reindex(list(taxonomy.nodes), fill_value=0)
    whole = total or float("nan")
    return pd.DataFrame(
        {
            "node": counts.index.astype("str"), "parent": parents.to_numpy(),
            "publications": counts["size"].to_numpy(), "share": counts["size"].to_numpy() / whole,
            "only": counts["sum"].to_numpy(),
            "possible": possible.to_numpy(), "possible_share": possible.to_numpy() / whole,
        }
    )  # fmt: skip


def _overlaps(taxonomy: Taxonomy, fits: pd.DataFrame) -> pd.DataFrame:
    parents = pd.Series({k: n.parent or "" for k, n in taxonomy.nodes.items()}, dtype="str")
    rows = fits.assign(parent=fits["node"].map(parents))
    pairs = rows.merge(rows, on=["publication_id", "parent"], suffixes=("", "_other"))
    pairs = pairs[pairs["node"] < pairs["node_other"]]
    counts = pairs.groupby(["node", "node_other"]).size().rename("publications").reset_index()
    # As numbers: without pairs, pandas would divide by a column of strings.
    sizes = fits.groupby("node").size().astype("int64")
    ends = [counts[end].map(sizes).to_numpy(dtype=float) for end in ("node", "node_other")]
    counts["share"] = counts["publications"].to_numpy() / np.minimum(*ends)
    counts = counts.rename(columns={"node_other": "other"})
    return counts.sort_values(
        ["publications", "node", "other"], ascending=[False, True, True], ignore_index=True
    )


def _own_patterns(taxonomy: Taxonomy) -> list[tuple[str, str]]:
    pairs = [
        (node.id, pattern)
        for node in taxonomy.nodes.values()
        for rule in node.rules
        for pattern in rule.include
    ]
    return list(dict.fromkeys(pairs))


def _replaced(taxonomy: Taxonomy) -> pd.DataFrame:
    rows = []
    for node, pattern in _own_patterns(taxonomy):
        entry = replaced_by(pattern)
        if entry is not None:
            followed = taxonomy.renewals and bool(entry[0])
            rows.append((node, pattern, " ".join(entry[0]), entry[1], followed))
    columns = ["node", "pattern", "replaced_by", "edition", "followed"]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype(dict.fromkeys(columns[:4], "str") | {"followed": bool})


def _silent(taxonomy: Taxonomy, found: Signs, claimed: pd.DataFrame) -> pd.DataFrame:
    seen: set[str] = set()
    for symbol in found.symbols["symbol"].unique():
        ladder = patterns_above(symbol)
        seen.update(
            with_predecessors(ladder, taxonomy.ipc_edition) if taxonomy.renewals else ladder
        )
    fired = ~claimed["needs_words"] | claimed["said"]
    decided = set(claimed.loc[fired, ["node", "pattern"]].itertuples(index=False, name=None))
    waiting = set(claimed[["node", "pattern"]].itertuples(index=False, name=None))
    rows = []
    for node, pattern in _own_patterns(taxonomy):
        if (node, pattern) in decided:
            continue
        if _shut(taxonomy, node, pattern):
            why = "excluded"
        elif pattern not in seen:
            why = "absent"
        else:
            why = "no_word" if (node, pattern) in waiting else "beaten"
        rows.append((node, "classes", pattern, why))
    said = set(found.words["word"])
    for inner in taxonomy.nodes.values():
        idle = bool(inner.rules) and not taxonomy.weights
        idle = idle and not any(r.needs_words for r in _rules_above(taxonomy, inner.id))
        for word in dict.fromkeys((*inner.keywords, *inner.objects)):
            if word.casefold() not in said:
                rows.append((inner.id, "words", word, "absent"))
            elif idle:
                rows.append((inner.id, "words", word, "unused"))
    return pd.DataFrame(rows, columns=["node", "kind", "rule", "why"], dtype="str")


def _shut(taxonomy: Taxonomy, node: str, pattern: str) -> bool:
    """Every rule of the node that includes the pattern excludes it, or all above it."""
    ladder = set(patterns_above(pattern))
    holding = [r for r in taxonomy.nodes[node].rules if pattern in r.include]
    return all(not ladder.isdisjoint(rule.exclude) for rule in holding)


def _rules_above(taxonomy: Taxonomy, node: str | None) -> list[Rule]:
    """Rules of a node and of those above it, for which its words count."""
    above: list[Rule] = []
    while node is not None:
        above += taxonomy.nodes[node].rules
        node = taxonomy.nodes[node].parent
    return above


def _unassigned(patents: PatentSet, symbols: pd.DataFrame, fits: pd.DataFrame) -> pd.DataFrame:
    index = patents.publications.index
    left = index[~index.isin(fits["publication_id"])]
    rows = symbols[symbols["publication_id"].isin(left)]
    rows = rows.assign(subclass=rows["symbol"].str.slice(0, 4))
    rows = rows[["publication_id", "subclass"]].drop_duplicates()
    bare = left[~left.isin(rows["publication_id"])]
    none = pd.DataFrame(
        {"publication_id": bare, "subclass": pd.Series(None, index=range(len(bare)), dtype="str")}
    )
    rows = pd.concat([rows, none], ignore_index=True)
    rows["example"] = rows["publication_id"].map(patents.publications["title"])
    groups = rows.groupby("subclass", dropna=False)
    counts = groups["publication_id"].nunique().rename("publications")
    examples = groups["example"].agg(lambda t: " | ".join(t.dropna().head(EXAMPLES)))
    table = pd.concat([counts, examples], axis=1).reset_index()
    table.insert(2, "share", table["publications"] / max(len(index), 1))
    return table.sort_values(
        ["publications", "subclass"], ascending=[False, True], ignore_index=True
    )
