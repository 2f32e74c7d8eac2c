"""What every rule of a taxonomy finds: counts, samples, overlap, and how right it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import counting, query, sheets
from patentnav.errors import ArgumentError, DataQualityWarning, UnknownNameError, warn
from patentnav.normalize.ladder import patterns_above
from patentnav.query import expression as parts
from patentnav.taxonomy.scheme import with_predecessors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet
    from patentnav.taxonomy.fits import Signs
    from patentnav.taxonomy.model import Taxonomy

SAMPLES = 3  # publications shown of a rule
_Z = 1.959963984540054  # of the normal distribution, two-sided 95 %
NOTHING = "none"  # marks a publication that belongs to no node


def hits(taxonomy: Taxonomy, patents: PatentSet, found: Signs) -> pd.DataFrame:
    """Publications of every rule: ``node, kind, rule, publication_id``.

    ``kind`` is ``classes`` (a pattern: publications with it or a class below, whatever else the node
    demands or excludes), ``words`` (a keyword), ``expression``, or ``alternative``: an expression's
    part between OR at its top.
    """
    columns = ["node", "kind", "rule", "publication_id"]
    classes = _classes(taxonomy, found).assign(kind="classes")[columns]
    listed = [
        (node.id, word, word.casefold())
        for node in taxonomy.nodes.values()
        for word in node.keywords
    ]
    words = pd.DataFrame(listed, columns=["node", "rule", "word"], dtype="str")
    worded = found.words.merge(words.drop_duplicates(["node", "word"]), on="word")
    tables = [classes, worded.assign(kind="words")[columns]]
    corpus = query.Corpus(patents)
    corpus.look_for(one for node in taxonomy.nodes.values() for one in node.expressions)
    for node in taxonomy.nodes.values():
        for kind, text, one in _expressions(taxonomy, node.id):
            ids = corpus.index[query.found(one, corpus)]
            tables.append(
                pd.DataFrame({"node": node.id, "kind": kind, "rule": text, "publication_id": ids})
            )
    return pd.concat(tables, ignore_index=True).astype("str").drop_duplicates(ignore_index=True)


def _classes(taxonomy: Taxonomy, found: Signs) -> pd.DataFrame:
    """Rows ``node, rule, publication_id`` of all class patterns."""
    owners: dict[str, list[str]] = {}
    for node in taxonomy.nodes.values():
        for rule in node.rules:
            for pattern in rule.include:
                owners.setdefault(pattern, []).append(node.id)
    rows = []
    for symbol in found.symbols["symbol"].unique():
        ladder = patterns_above(symbol)
        if taxonomy.renewals:
            ladder = with_predecessors(ladder, taxonomy.ipc_edition)
        rows += [(symbol, k, p) for p in ladder for k in owners.get(p, ())]
    table = pd.DataFrame(rows, columns=["symbol", "node", "rule"], dtype="str")
    return found.symbols.merge(table, on="symbol")


def _expressions(taxonomy: Taxonomy, node: str) -> Iterator[tuple[str, str, query.Expression]]:
    for one in taxonomy.nodes[node].expressions:
        yield "expression", " ".join(one.text.split()), one
        if isinstance(one.tree, parts.Any):
            for part in one.tree.parts:
                yield "alternative", written(part), query.Expression("", part, one.segmented)


def written(part: parts.Part) -> str:
    """A part of an expression as one would write it."""
    match part:
        case parts.All() | parts.Any():
            word = " AND " if isinstance(part, parts.All) else " OR "
            return word.join(
                f"({written(p)})" if isinstance(p, (parts.All, parts.Any)) else written(p)
                for p in part.parts
            ).replace("AND NOT ", "NOT ")
        case parts.Not():
            inner = written(part.part)
            return (
                f"NOT ({inner})"
                if isinstance(part.part, (parts.All, parts.Any))
                else f"NOT {inner}"
            )
    return parts.shown(part)


def _all_rules(taxonomy: Taxonomy) -> pd.DataFrame:
    rows = [
        (node.id, "classes", pattern)
        for node in taxonomy.nodes.values() for rule in node.rules for pattern in rule.include
    ] + [
        (node.id, "words", word) for node in taxonomy.nodes.values() for word in node.keywords
    ] + [
        (node, kind, text)
        for node in taxonomy.nodes for kind, text, _ in _expressions(taxonomy, node)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["node", "kind", "rule"], dtype="str").drop_duplicates()


def counted(
    taxonomy: Taxonomy, patents: PatentSet, rows: pd.DataFrame, unit: Unit | None
) -> pd.DataFrame:
    """One row per rule, see ``Review.rules``."""
    units = counting.unit_ids(patents, unit)
    of_rule = {
        (str(n), str(k), str(r)): frozenset(part)
        for (n, k, r), part in rows.groupby(["node", "kind", "rule"])["publication_id"]
    }
    table = _all_rules(taxonomy)
    keys = list(table.itertuples(index=False, name=None))
    found = [of_rule.get(key, frozenset()) for key in keys]
    result = table.assign(
        publications=[len(f) for f in found],
        count=[int(units.reindex(list(f)).nunique()) for f in found],
        only=[len(_alone(key, f, of_rule)) for key, f in zip(keys, found, strict=True)],
    )
    swallowed = [_swallowed(key, f, of_rule, keys) for key, f in zip(keys, found, strict=True)]
    result["swallowed_by"] = pd.Series(swallowed, index=result.index, dtype="str")
    empty = result["publications"] == 0
    state = np.select([empty, result["swallowed_by"].notna()], ["never", "swallowed"], "fires")
    result["state"] = pd.Series(state, index=result.index, dtype="str")
    return result.reset_index(drop=True)


def _beside(key: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    """Another rule of the node on the same step: an expression is no rival of its own parts."""
    step = {"alternative": 1}
    return other != key and other[0] == key[0] and step.get(other[1], 0) == step.get(key[1], 0)


def _alone(
    key: tuple[str, str, str], own: frozenset[str],
    of_rule: dict[tuple[str, str, str], frozenset[str]],
) -> frozenset[str]:  # fmt: skip
    return own.difference(*(f for other, f in of_rule.items() if _beside(key, other)))


def _swallowed(
    key: tuple[str, str, str], own: frozenset[str],
    of_rule: dict[tuple[str, str, str], frozenset[str]], order: list[tuple[str, str, str]],
) -> str | None:  # fmt: skip
    """A rule of the node that finds all of it; of two that find the same, the later one."""
    if not own:
        return None
    for other in order:
        theirs = of_rule.get(other, frozenset())
        later = own == theirs and order.index(other) > order.index(key)
        if _beside(key, other) and own <= theirs and not later:
            return other[2]
    return None


def samples(patents: PatentSet, rows: pd.DataFrame) -> pd.DataFrame:
    """The first publications of every rule, spread over its hits; see ``Review.samples``."""
    ordered = rows.sort_values(["node", "kind", "rule", "publication_id"], ignore_index=True)
    groups = ordered.groupby(["node", "kind", "rule"])
    place, size = groups.cumcount(), groups["rule"].transform("size")
    step = (size // SAMPLES).clip(lower=1)
    shown = ordered[(place % step == 0) & (place // step < SAMPLES)]
    titles = patents.publications["title"].reindex(shown["publication_id"])
    return shown.assign(title=titles.to_numpy()).reset_index(drop=True)


def judged(
    taxonomy: Taxonomy, patents: PatentSet, fitting: pd.DataFrame,
    marked: str | Path | pd.Series | pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    """Precision and recall of every node against marked publications, see ``Review.judged``."""
    marks = _marks(taxonomy, patents, marked)
    sample = set(marks["publication_id"])
    truth = _upward(taxonomy, marks[marks["node"] != NOTHING])
    here = fitting[fitting["publication_id"].isin(sample)]
    found = {str(k): set(v) for k, v in here.groupby("node")["publication_id"]}
    rows = []
    for node in taxonomy.nodes:
        right, got = truth.get(node, set()), found.get(node, set())
        both = len(right & got)
        rows.append((node, len(sample), len(right), len(got), both,
                     *wilson(both, len(got)), *wilson(both, len(right))))  # fmt: skip
    columns = ["node", "sample", "marked", "found", "right", "precision", "precision_low",
               "precision_high", "recall", "recall_low", "recall_high"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def wilson(hits: int, n: int) -> tuple[float, float, float]:
    """Share and its 95 % interval; NaN where nothing was counted.

    References
    ----------
    Wilson (1927), doi:10.1080/01621459.1927.10502953.

    Examples
    --------
    >>> tuple(round(v, 3) for v in wilson(8, 10))
    (0.8, 0.49, 0.943)
    """
    if not n:
        return float("nan"), float("nan"), float("nan")
    share, z2 = hits / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return share, max(0.0, float(middle - half)), min(1.0, float(middle + half))


def _upward(taxonomy: Taxonomy, marks: pd.DataFrame) -> dict[str, set[str]]:
    """Publications by node; what is marked for a branch is of those above it too."""
    truth: dict[str, set[str]] = {}
    for publication, marked_node in marks[["publication_id", "node"]].itertuples(index=False):
        node: str | None = str(marked_node)
        while node is not None:
            truth.setdefault(node, set()).add(str(publication))
            node = taxonomy.nodes[node].parent
    return truth


def _marks(
    taxonomy: Taxonomy, patents: PatentSet, marked: str | Path | pd.Series | pd.DataFrame
) -> pd.DataFrame:
    """Rows ``publication_id, node`` of the marked sample; ``none`` for no node."""
    table = _table(patents, marked)
    numbers = table.iloc[:, 0].astype("str").str.strip()
    known = query.places_of(patents.publications, numbers.dropna())
    ids = patents.publications.index[known["place"].to_numpy()]
    rows = pd.DataFrame({"number": numbers, "node": table.iloc[:, 1].astype("str").str.strip()})
    rows = rows.dropna(subset="number").fillna({"node": NOTHING}).replace({"node": {"": NOTHING}})
    strange = sorted(set(rows["number"]) - set(known["number"]))
    if strange:
        warn(f"{len(strange)} of {rows['number'].nunique()} marked numbers are not in the set "
             f"(first: {strange[0]}) and are left out.", DataQualityWarning)  # fmt: skip
    rows = rows.merge(pd.DataFrame({"number": known["number"], "publication_id": ids}), on="number")
    called = {name: k for k, node in taxonomy.nodes.items() for name in (*node.names.values(), k)}
    for name in rows["node"].unique():
        if name != NOTHING and name not in called:
            raise UnknownNameError(f"node of {taxonomy.name}, as marked,", str(name), called)
    rows["node"] = rows["node"].map({**called, NOTHING: NOTHING})
    return rows[["publication_id", "node"]].drop_duplicates(ignore_index=True)


def _table(patents: PatentSet, marked: str | Path | pd.Series | pd.DataFrame) -> pd.DataFrame:
    if isinstance(marked, pd.DataFrame):
        table = marked
    elif isinstance(marked, pd.Series):
        table = marked.rename("node").rename_axis("publication_id").dropna().reset_index()
    elif isinstance(marked, str) and marked in patents.publications.columns:
        return _table(patents, patents.publications[marked])
    else:
        table = sheets.read_table(Path(marked))
    if len(table.columns) < 2:
        msg = (
            "A marked sample has two columns: numbers of publications, and nodes (empty for none)."
        )
        raise ArgumentError(msg)
    return table
