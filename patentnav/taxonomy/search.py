"""A node as a search expression for the analyst's database."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from patentnav import _resources
from patentnav.errors import ArgumentError, UnknownNameError
from patentnav.normalize.ladder import patterns_above
from patentnav.taxonomy.load import load
from patentnav.taxonomy.model import Rule
from patentnav.taxonomy.scheme import successors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from patentnav.taxonomy.model import Taxonomy

Scope = Literal["abstract", "claims"]
Bound = Literal["certain", "possible"]

_LEVELS = {1: "section", 3: "class", 4: "subclass"}
OWN = "patentnav"  # our own language, see patentnav.query
_MAIN_PART = 0.5  # of a shared class
_PLAIN = re.compile(r"[\w\-]+")


def search_expression(
    taxonomy: str | Path | Taxonomy,
    node: str,
    syntax: str = "incopat",
    *,
    bound: Bound = "certain",
    scope: Scope = "abstract",
    exclusions: bool = True,
    schemes: Sequence[str] = ("ipc",),
) -> str:
    """Write a node's rules as one search expression; see :func:`search_expressions`.

    Returns
    -------
    str

    Examples
    --------
    >>> from patentnav import taxonomy
    >>> search_expression(taxonomy.load("wipo-35"), "7")
    'IPC=(G06Q)'
    """
    return search_expressions(
        taxonomy, node, syntax, bound=bound, scope=scope, exclusions=exclusions, schemes=schemes
    )[0]


def search_expressions(
    taxonomy: str | Path | Taxonomy,
    node: str,
    syntax: str = "incopat",
    *,
    bound: Bound = "certain",
    scope: Scope = "abstract",
    exclusions: bool = True,
    schemes: Sequence[str] = ("ipc",),
    max_length: int | None = None,
) -> list[str]:
    """Write a node's rules as search expressions whose results together are the node's.

    Parameters
    ----------
    taxonomy
        Name, path or loaded taxonomy (:func:`load`).
    node
        Id of the node; one without rules of its own takes those below it, each with its own words.
    syntax
        Database, a table of ``data/classes/search-syntax.toml``: ``incopat``, ``patsnap``,
        ``cnipa``, or ``patentnav`` (as :meth:`PatentSet.search <patentnav.PatentSet.search>` takes it).
    bound
        ``certain``: a rule that demands a word is written with the node's words, and left out
        where the node has none; ``possible``: without.
    scope
        Words in title and abstract (``abstract``, as the taxonomy itself reads), or in the claims
        too (``claims``, to find more).
    exclusions
        Write excluded classes. A database excludes records, the taxonomy classes: a record with an
        excluded class and another one that fits belongs to the node and is lost. With exclusions
        the expression finds too little, without them too much.
    schemes
        ``ipc``, ``cpc`` or both (either suffices).
    max_length
        Characters an expression may have; longer ones are split at an OR, and the results are to
        be joined.

    Returns
    -------
    list of str
        Any of the rules: classes (and those that replaced them, for a taxonomy with ``renewals``),
        less the excluded ones below them, with a word of the node where the rule demands it; less
        the negative words. A node with words and no classes is searched by words.

    Raises
    ------
    UnknownNameError
        The node, the syntax or a scheme does not exist.
    ArgumentError
        The node has neither classes nor words to search by, or a single part is longer than
        ``max_length``.

    Notes
    -----
    Where the longest pattern decides, what longer patterns of the neighbours take is excluded too,
    and a class that is shared between nodes is searched for the one that has half of it or more;
    what a text model adds cannot be searched.
    """
    taxonomy = load(taxonomy)
    form = _form(syntax, schemes)
    parts = [
        part
        for own in _ruled(taxonomy, node)
        for part in _parts(taxonomy, own, form, bound=bound, scope=scope, exclusions=exclusions)
    ]
    told = _expressions(taxonomy, node, syntax)
    if not parts and not told:
        needed = " without words" if any(r.needs_words for r in taxonomy.rules(node)) else ""
        msg = (
            f'Node "{node}" of {taxonomy.name} has neither classes nor words to search by{needed}. '
            'Classes that demand a word are written with bound="possible".'
        )
        raise ArgumentError(msg)
    written = [*(part.write() for part in _merged(parts)), *told]
    if max_length is None:
        return [written[0] if len(written) == 1 else form.any_of(written)]
    return [*(_packed(_merged(parts), form, max_length) if parts else []), *told]


@dataclass(frozen=True)
class _Form:
    """The syntax of a database, for some schemes."""

    table: Mapping[str, Any]
    schemes: tuple[str, ...]

    def any_of(self, written: Iterable[str]) -> str:
        return str(self.table["or"].join(f"({part})" for part in written))

    def classes(self, patterns: Iterable[str]) -> str:
        fields: dict[str, list[str]] = {}
        for pattern in patterns:
            level = _LEVELS.get(len(pattern), "subgroup" if "/" in pattern else "group")
            for scheme in self.schemes:
                field, symbol = self.table[scheme][level]
                fields.setdefault(field, []).append(symbol.format(pattern))
        return self._lists("classes", fields)

    def words(self, words: Iterable[str], scope: str) -> str:
        written = [self._word(word) for word in words]
        return self._lists("words", dict.fromkeys(self.table["text"][scope], written))

    def _lists(self, kind: str, fields: Mapping[str, list[str]]) -> str:
        lists = [
            self.table[kind].format(field=field, list=self.table["or"].join(dict.fromkeys(items)))
            for field, items in fields.items()
        ]
        return lists[0] if len(lists) == 1 else f"({self.table['or'].join(lists)})"

    def _word(self, word: str) -> str:
        open_end = word.endswith("*")
        bare = re.sub(r'["()\[\]*?$+#=:]', " ", word).strip()
        pieces = [p for p in re.split(r"\s+", bare) if p]
        if open_end:
            pieces[-1] = self.table["stem"].format(pieces[-1])
            return pieces[0] if len(pieces) == 1 else f"({self.table['adjacent'].join(pieces)})"
        plain = len(pieces) == 1 and _PLAIN.fullmatch(bare) is not None
        style = "word" if plain and bare.casefold() not in self.table["reserved"] else "phrase"
        return str(self.table[style].format(" ".join(pieces)))


@dataclass(frozen=True)
class _Part:
    """Classes less others, with words, less words: a term of the expression."""

    form: _Form
    scope: str
    include: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()

    def write(self) -> str:
        table = self.form.table
        text = self.form.classes(self.include) if self.include else ""
        if self.exclude:
            text = f"({text}{table['not']}{self.form.classes(self.exclude)})"
        if self.words:
            said = self.form.words(self.words, self.scope)
            text = f"{text}{table['and']}{said}" if text else said
        if self.negative:
            text = f"({text}){table['not']}{self.form.words(self.negative, self.scope)}"
        return text

    def halves(self) -> tuple[_Part, _Part] | None:
        """Two parts that say the same together; None where nothing is left to divide."""
        for name in ("include", "words"):
            items = getattr(self, name)
            if len(items) > 1 and not (name == "include" and self.exclude):
                middle = len(items) // 2
                return replace(self, **{name: items[:middle]}), replace(
                    self, **{name: items[middle:]}
                )
        return None


def _form(syntax: str, schemes: Sequence[str]) -> _Form:
    known = _resources.load_toml("classes", "search-syntax")
    if syntax not in known:
        raise UnknownNameError("search syntax", syntax, known)
    for scheme in schemes:
        if scheme not in {"ipc", "cpc"}:
            raise UnknownNameError("scheme of a search expression", scheme, ["ipc", "cpc"])
    return _Form(known[syntax], tuple(schemes))


def _expressions(taxonomy: Taxonomy, node: str, syntax: str) -> list[str]:
    """Expressions of a node and of those that stand for it, in our own language alone."""
    told = [str(one) for own in _ruled(taxonomy, node) for one in taxonomy.node(own).expressions]
    if told and syntax != OWN:
        msg = (
            f'Node "{node}" of {taxonomy.name} has expressions of its own, which are not translated '
            f'into the language of {syntax}. Write them with syntax="{OWN}" and translate by hand.'
        )
        raise ArgumentError(msg)
    return told


def _ruled(taxonomy: Taxonomy, node: str) -> list[str]:
    """The node itself where it has rules, else the nodes below it that have rules or words."""
    own = taxonomy.node(node)
    if own.rules or own.expressions:
        return [node]
    below = [k for k in taxonomy.nodes if taxonomy.nodes[k].parent == node]
    found = [inner for child in below for inner in _ruled(taxonomy, child)]
    return [node, *found] if own.keywords else found


def _parts(
    taxonomy: Taxonomy, node: str, form: _Form, *, bound: str, scope: str, exclusions: bool
) -> list[_Part]:
    own = taxonomy.node(node)
    words = taxonomy.keywords(node) if own.rules else own.keywords
    if not own.rules:
        return [_Part(form, scope, (), words=words, negative=own.negative)] if words else []
    parts = []
    for rule in (*own.rules, *_inherited(taxonomy, node)):
        needed = words if rule.needs_words and bound == "certain" else ()
        if rule.needs_words and bound == "certain" and not words:
            continue
        for include, exclude in _classes(taxonomy, node, rule):
            kept = exclude if exclusions else ()
            parts.append(_Part(form, scope, include, kept, needed, own.negative))
    return parts


def _classes(
    taxonomy: Taxonomy, node: str, rule: Rule
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Patterns with the excluded ones below them; those with the same exclusions together."""
    include, exclude = rule.include, rule.exclude
    if taxonomy.renewals:
        include, exclude = (
            tuple(
                dict.fromkeys(q for p in listed for q in (p, *successors(p, taxonomy.ipc_edition)))
            )
            for listed in (include, exclude)
        )
    if taxonomy.match == "longest":
        exclude = (*exclude, *_rivals(taxonomy, node, include))
    barred = set(exclude)
    groups: dict[tuple[str, ...], list[str]] = {}
    for pattern in include:
        if barred.isdisjoint(patterns_above(pattern)):
            below = tuple(e for e in dict.fromkeys(exclude) if pattern in patterns_above(e))
            groups.setdefault(below, []).append(pattern)
    return [(tuple(patterns), below) for below, patterns in groups.items()]


def _inherited(taxonomy: Taxonomy, node: str) -> list[Rule]:
    """Classes of a first-level node that are no rule of its own: main parts of shares, fallback."""
    if node not in taxonomy.top or taxonomy.match != "longest":
        return []
    mostly = [p for p, parts in taxonomy.shares.items() if parts.get(node, 0.0) >= _MAIN_PART]
    taken = {
        p for k in taxonomy.top for r in taxonomy.rules(k) if not r.needs_words for p in r.include
    }
    taken |= set(taxonomy.shares)
    home = [
        p for p, top in taxonomy.fallback.items()
        if top == node and taken.isdisjoint(patterns_above(p))
    ]  # fmt: skip
    return [Rule(tuple(patterns)) for patterns in (mostly, home) if patterns]


def _rivals(taxonomy: Taxonomy, node: str, include: Iterable[str]) -> list[str]:
    """Longer patterns below those of a rule that lead elsewhere."""
    own = set(include)
    level = [k for k, n in taxonomy.nodes.items() if n.parent == taxonomy.node(node).parent]
    leading = {k: [r for r in taxonomy.rules(k) if not r.needs_words] for k in level}
    here = own | {p for rule in leading[node] for p in rule.include}
    elsewhere = [p for k in level if k != node for rule in leading[k] for p in rule.include]
    if node in taxonomy.top:
        elsewhere += [
            p for p, parts in taxonomy.shares.items() if parts.get(node, 0.0) < _MAIN_PART
        ]
    return [p for p in elsewhere if p not in here and not own.isdisjoint(patterns_above(p))]


def _merged(parts: Iterable[_Part]) -> list[_Part]:
    """Parts that differ in their classes alone, as one."""
    found: dict[tuple[object, ...], _Part] = {}
    for part in parts:
        key = (bool(part.include), part.exclude, part.words, part.negative)
        if key in found and part.include:
            known = found[key]
            found[key] = replace(
                known, include=tuple(dict.fromkeys((*known.include, *part.include)))
            )
        else:
            found[key] = part
    return list(found.values())


def _packed(parts: list[_Part], form: _Form, max_length: int) -> list[str]:
    """Expressions of at most that many characters, each as full as the order allows."""
    pieces: list[str] = []
    waiting = parts[::-1]
    while waiting:
        part = waiting.pop()
        text = part.write()
        if len(text) + 2 <= max_length:  # brackets
            pieces.append(text)
            continue
        halves = part.halves()
        if halves is None:
            msg = f"A part of the expression has {len(text)} characters; max_length={max_length}: {text[:80]}…"
            raise ArgumentError(msg)
        waiting += halves[::-1]
    expressions: list[list[str]] = [[]]
    for piece in pieces:
        if expressions[-1] and len(form.any_of([*expressions[-1], piece])) > max_length:
            expressions.append([])
        expressions[-1].append(piece)
    return [e[0] if len(e) == 1 else form.any_of(e) for e in expressions]
