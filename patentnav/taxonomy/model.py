"""A taxonomy: named nodes in a tree, each with rules on classes and words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import pandas as pd

from patentnav._shown import presented
from patentnav.config import get_config
from patentnav.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from patentnav.query import Expression

NONE = "none"  # the home of classes that belong to no node


@dataclass(frozen=True)
class Rule:
    """Classes that lead to a node.

    Attributes
    ----------
    include, exclude
        Patterns; a pattern stands for itself and all below it (``G06N``, ``G06N10``, ``H04L9/08``).
    needs_words
        The classes count only where a word of the node occurs as well.
    """

    include: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    needs_words: bool = False


@dataclass(frozen=True)
class Node:
    """One industry, sub-sector, field or branch.

    Attributes
    ----------
    id, parent
        Id, and the id of the node above (None at the top).
    names
        Name by language.
    rules
        Rules on classes; any of them suffices.
    keywords, objects, negative
        Words of title or abstract that name the node; words of the title that say what the thing
        is for; words that forbid the node. ``*`` at the end of a word stands for any ending.
    expressions
        Search expressions (:func:`patentnav.query.parse`); a publication that any of them finds
        belongs to the node, whatever its classes and words.
    object_weight
        Weight of an object word; below 1 where the words name the means rather than the object.
    specific
        An object word of the title beats the general means (a service with a computer in it).
    strict
        Only with an object word, or where most classes of the publication say so; in the title such
        a word outdoes the object words of all other nodes.
    basis
        Where the definition comes from.
    """

    id: str
    parent: str | None
    names: Mapping[str, str]
    rules: tuple[Rule, ...] = ()
    keywords: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    expressions: tuple[Expression, ...] = ()
    object_weight: float = 1.0
    specific: bool = False
    strict: bool = False
    basis: tuple[str, ...] = ()


@presented(
    "taxonomy.names()",
    "classify.memberships(patents, taxonomy)",
    "taxonomy.report(taxonomy, patents)",
)
@dataclass(frozen=True)
class Clause:
    """One clause of the rule on which node comes first where a publication serves several.

    Attributes
    ----------
    id
        Id of the clause.
    first, before
        A node of ``first`` stands before one of ``before`` by this clause.
    names, text
        Short name and full wording, by language.
    """

    id: str
    first: tuple[str, ...]
    before: tuple[str, ...]
    names: Mapping[str, str]
    text: Mapping[str, str]


@dataclass(frozen=True)
class Taxonomy:
    """A tree of nodes and how a class finds its node.

    Attributes
    ----------
    name, version, source
        Name of the entry, its version and where it comes from.
    titles
        Title by language.
    nodes
        Nodes by id, parents before children.
    match
        ``longest``: the longest pattern that fits a symbol decides; ``all``: every node whose rule
        fits has the symbol.
    renewals
        Classes fit the patterns of the classes that they replaced in later editions of the IPC.
    ipc_edition
        Edition of the IPC that the patterns were written on, such as ``2020.01``: only what was
        replaced after it is followed. Empty: all that is known.
    gate_share
        Part of a symbol (0 to 1) that a rule with words takes where its word occurs.
    shares
        Pattern -> part of each top node, for classes that serve several.
    fallback
        Pattern -> top node, for symbols that no other pattern fits.
    codes
        Scheme -> beginning of a code -> part of each top node, for codes that vendors derive from
        the IPC (national economy, emerging industries); used where a record carries nothing else.
    scheme
        Scheme of vendor labels whose codes are nodes of this taxonomy: where a record carries such
        labels they decide, and rules where it carries none. Empty: no vendor labels by it.
    weights
        Weights of the evidence (see :mod:`patentnav.classify`); empty: rules alone decide.
    serves
        Weights of the chance that a publication serves a node at all, first or not; empty: the
        chance that the node comes first stands for it.
    usual
        Usual share of every top node and ``none``, against which a set is compared; may be empty.
    order
        Clauses of the rule on which node comes first where a publication serves several.
    outside
        What belongs to no node, in words, by language.
    """

    name: str
    titles: Mapping[str, str]
    nodes: Mapping[str, Node]
    match: Literal["longest", "all"] = "all"
    renewals: bool = False
    ipc_edition: str = ""
    gate_share: float = 1.0
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    fallback: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, Mapping[str, float]]] = field(default_factory=dict)
    scheme: str = ""
    weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    serves: Mapping[str, float] = field(default_factory=dict)
    usual: Mapping[str, float] = field(default_factory=dict)
    order: tuple[Clause, ...] = ()
    outside: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    source: str = ""

    def clause(self, first: str, second: str) -> Clause | None:
        """Clause by which a node stands before another; the earliest that fits, None without one.

        Examples
        --------
        >>> from patentnav import taxonomy
        >>> taxonomy.load("jinan-ten").clause("healthcare", "ict").names["en"]
        'application before means'
        """
        fitting = (c for c in self.order if first in c.first and second in c.before)
        return next(fitting, None)

    def names(self, lang: str | None = None) -> pd.Series:
        """Names of all nodes in a language (the configured one when omitted), by node id."""
        lang = lang or get_config().lang
        named = {
            k: n.names.get(lang) or next(iter(n.names.values())) for k, n in self.nodes.items()
        }
        return pd.Series(named, dtype="str", name="name").rename_axis("node")

    @property
    def top(self) -> tuple[str, ...]:
        """Ids of the first level: the industries."""
        return tuple(k for k, n in self.nodes.items() if n.parent is None)

    def node(self, node_id: str) -> Node:
        """Return a node.

        Raises
        ------
        UnknownNameError
            The taxonomy has no such node.
        """
        if node_id not in self.nodes:
            raise UnknownNameError(f"node of {self.name}", node_id, self.nodes)
        return self.nodes[node_id]

    def top_of(self, node_id: str) -> str:
        """Id of the first-level node above (or itself)."""
        node = self.node(node_id)
        while node.parent is not None:
            node = self.nodes[node.parent]
        return node.id

    def below(self, node_id: str) -> tuple[str, ...]:
        """Ids of all nodes under a node, in the order of the tree."""
        children = [k for k, n in self.nodes.items() if n.parent == node_id]
        return tuple(x for child in children for x in (child, *self.below(child)))

    def rules(self, node_id: str) -> tuple[Rule, ...]:
        """Rules of a node; one without rules of its own takes those of the nodes below it."""
        own = self.node(node_id).rules
        return own or tuple(r for child in self.below(node_id) for r in self.nodes[child].rules)

    def keywords(self, node_id: str) -> tuple[str, ...]:
        """Keywords of a node and of the nodes below it, each once."""
        ids = (node_id, *self.below(node_id))
        return tuple(dict.fromkeys(w for k in ids for w in self.node(k).keywords))

    def by_expressions(self, node_id: str | None = None) -> bool:
        """Tell whether a node, or one below it, has search expressions; any node when omitted."""
        nodes = self.nodes if node_id is None else (node_id, *self.below(node_id))
        return any(self.nodes[k].expressions for k in nodes)

    def by_words(self, node_id: str) -> bool:
        """Tell whether a node, or one below it, has words and no classes: words alone decide."""
        nodes = [self.node(k) for k in (node_id, *self.below(node_id))]
        return any(n.keywords and not n.rules for n in nodes)
