"""A node as a search expression for the analyst's database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from patentnav import _resources
from patentnav.errors import ArgumentError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from patentnav.taxonomy.model import Rule, Taxonomy


def search_expression(taxonomy: Taxonomy, node: str, syntax: str = "incopat") -> str:
    """Write a node's rules as a search expression.

    Parameters
    ----------
    taxonomy
        The taxonomy.
    node
        Id of the node; one without rules of its own takes those below it.
    syntax
        Database, a table of ``data/classes/search-syntax.toml``: ``incopat`` or ``cnipa``.

    Returns
    -------
    str
        Any of the rules: classes, less the excluded ones, with a word of the node where the rule
        demands it; less the negative words. A node with words and no classes is searched by words.

    Raises
    ------
    UnknownNameError
        The node or the syntax does not exist.
    ArgumentError
        The node has neither classes nor words.

    Examples
    --------
    >>> from patentnav import taxonomy
    >>> search_expression(taxonomy.load("wipo-35"), "7")
    'IPC=(G06Q)'
    """
    known = _resources.load_toml("classes", "search-syntax")
    if syntax not in known:
        raise UnknownNameError("search syntax", syntax, known)
    form = known[syntax]
    words = taxonomy.keywords(node)
    parts = [p for rule in taxonomy.rules(node) if (p := _rule(rule, words, form)) is not None]
    if not parts and words:
        parts = [_words(words, form)]
    if not parts:
        msg = f'Node "{node}" of {taxonomy.name} has neither classes nor words to search by.'
        raise ArgumentError(msg)
    whole = parts[0] if len(parts) == 1 else form["or"].join(f"({part})" for part in parts)
    negative = taxonomy.node(node).negative
    return f"({whole}){form['not']}{_words(negative, form)}" if negative else whole


def _rule(rule: Rule, words: Iterable[str], form: Mapping[str, Any]) -> str | None:
    """One rule; None where it demands words and the node has none."""
    text = _classes(rule.include, form)
    if rule.exclude:
        text = f"({text}{form['not']}{_classes(rule.exclude, form)})"
    if not rule.needs_words:
        return text
    return f"{text}{form['and']}{_words(words, form)}" if words else None


def _classes(patterns: Iterable[str], form: Mapping[str, Any]) -> str:
    symbols = form["or"].join(form["symbol"].format(p) for p in patterns)
    return str(form["classes"].format(list=symbols))


def _words(words: Iterable[str], form: Mapping[str, Any]) -> str:
    written = []
    for word in words:
        style = "stem" if word.endswith("*") else "phrase" if " " in word else "word"
        written.append(form[style].format(word.rstrip("*")))
    return str(form["words"].format(list=form["or"].join(written)))
