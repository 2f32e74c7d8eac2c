"""The publications of an industry, chosen by its taxonomy where the data are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from patentnav import schema
from patentnav.errors import ArgumentError
from patentnav.patentset import PatentSet
from patentnav.population import measures
from patentnav.taxonomy import load

if TYPE_CHECKING:
    from patentnav.population.warehouse import Population
    from patentnav.taxonomy import Taxonomy

Gated = Literal["words", "all", "none"]


def select(
    population: Population, node: str, taxonomy: str = "jinan-ten", *, gated: Gated = "words"
) -> pd.Series:
    """Publications with a class of a node of a taxonomy.

    Parameters
    ----------
    population
        The population.
    node
        Id of an industry, sub-sector or field.
    taxonomy
        Name of the taxonomy.
    gated
        Classes that count only together with a word of the node: ``words`` asks for one of its
        words in a title (anywhere in it), ``all`` takes the class alone, ``none`` leaves it out.

    Returns
    -------
    pandas.Series
        Named ``share``, indexed by ``publication_id`` in order: part of the publication's symbols
        that lead to the node. A selection for recall: hold what :func:`fetch` brings against
        ``classify.memberships``, which weighs all the evidence.

    Raises
    ------
    UnknownNameError
        The taxonomy has no such node.
    ArgumentError
        ``gated`` is none of the three.
    """
    if gated not in {"words", "all", "none"}:
        msg = f'gated="{gated}" is not one of words, all, none.'
        raise ArgumentError(msg)
    rules = load(taxonomy)
    parent = rules.node(node).parent
    rivals = (
        rules.top if parent is None else [k for k, n in rules.nodes.items() if n.parent == parent]
    )
    classes = population.table("classifications")
    classes = classes.filter(classes.scheme.isin(["IPC", "CPC"]))
    claims = measures.claims_of(population, classes.symbol, rules, rivals)
    mine = claims[claims["node"] == node]
    if gated == "none":
        mine = mine[~mine["needs_words"]]
    # One claim per symbol: the sure one where there are both.
    mine = mine.sort_values(["written", "needs_words"]).drop_duplicates("written")
    wanted = population.lookup(
        mine[["written", "share", "needs_words"]].rename(columns={"written": "symbol"})
    )
    every = classes.group_by("publication_id").agg(symbols=classes.count())
    held = classes.select("publication_id", "symbol").join(wanted, "symbol")
    if gated == "words" and bool(mine["needs_words"].any()):
        worded = _with_words(population, rules, node).mutate(worded=True)
        held = held.left_join(worded, "publication_id")
        held = held.filter(~held.needs_words | held.worded.fill_null(False))
    total = held.group_by("publication_id").agg(share=held.share.sum())
    table = total.join(every, "publication_id")
    table = table.select("publication_id", share=table.share / table.symbols)
    frame = population.run(table).sort_values("publication_id")
    index = pd.Index(frame["publication_id"].astype("str"), name="publication_id")
    return pd.Series(frame["share"].to_numpy(dtype=float), index=index, name="share")


def _with_words(population: Population, rules: Taxonomy, node: str) -> Any:
    """Publications with a word of a node in a title."""
    own = rules.node(node)
    words = sorted({w.rstrip("*").lower() for w in (*own.keywords, *own.objects)})
    titles = []
    if population.has("publications", "title"):
        table = population.table("publications")
        titles.append(table.select("publication_id", text=table.title.lower()))
    if population.has("texts", "field", "text"):
        texts = population.table("texts")
        texts = texts.filter(texts.field == "title")
        titles.append(texts.select("publication_id", text=texts.text.lower()))
    if not titles:
        msg = 'The population has no titles. Say gated="all" or gated="none".'
        raise ArgumentError(msg)
    joined = titles[0] if len(titles) == 1 else titles[0].union(titles[1])
    test = joined.text.isnull() & joined.text.notnull()
    for word in words:
        test = test | joined.text.contains(word)
    return joined.filter(test).select("publication_id").distinct()


def fetch(population: Population, ids: pd.Series | pd.Index) -> PatentSet:
    """Bring publications of a population into memory as a set.

    Parameters
    ----------
    population
        The population.
    ids
        Publication ids, or a Series indexed by them (the result of :func:`select`).

    Returns
    -------
    PatentSet
        With all tables that the population carries.
    """
    listed = ids.index if isinstance(ids, pd.Series) else pd.Index(ids)
    wanted = population.lookup(pd.DataFrame({"wanted": listed.astype("str")}).drop_duplicates())
    tables = {}
    for name, table in population.tables.items():
        if name not in schema.canonical_names():
            continue
        key = schema.table(name).owner
        held = table.semi_join(wanted, table[key] == wanted.wanted)
        if name == "citations":
            back = table.semi_join(wanted, table.cited_id == wanted.wanted)
            held = held.union(back, distinct=True)
        tables[name] = population.run(held)
    return PatentSet.from_tables(tables)
