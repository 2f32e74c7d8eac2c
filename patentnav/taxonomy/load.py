"""Read a taxonomy from TOML and check it."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentnav import _files, _resources, query
from patentnav.errors import ArgumentError, ExpressionError, FormatError
from patentnav.normalize.ladder import spelling_hint
from patentnav.normalize.symbols import canonical_symbol
from patentnav.taxonomy.model import NONE, Clause, Node, Rule, Taxonomy
from patentnav.taxonomy.sheet import read_sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TOP_KEYS = {"version", "match", "renewals", "ipc_edition", "gate_share", "names", "source", "fallback", "codes", "scheme", "shares",
             "nodes", "weights", "order", "outside",
             "serves", "usual"}  # fmt: skip
_NODE_KEYS = {"id", "parent", "names", "symbols", "exclude", "gated", "rules", "keywords",
              "objects", "negative", "expressions", "segmented", "object_weight", "specific", "strict", "basis"}  # fmt: skip
_BOOKS = (".xlsx", ".xls", ".csv")
_FILES = (".toml", *_BOOKS)
_RULE_KEYS = {"include", "exclude", "needs_words"}
_CLAUSE_KEYS = {"id", "first", "before", "names", "text"}


def load(source: str | Path | Taxonomy) -> Taxonomy:
    """Return a taxonomy. Wherever a taxonomy is asked for, what this takes is taken.

    Parameters
    ----------
    source
        Name of an entry (``jinan-ten``, ``sei-2021``, ``wipo-35``, ``green``, ``digital-key``, or
        a TOML file or spreadsheet of the user's ``data_path/taxonomies``), or the path of a TOML
        file or of a spreadsheet (technology breakdown table, industry chain; see
        :mod:`patentnav.taxonomy.sheet`), or a taxonomy, which is returned as it is.

    Returns
    -------
    Taxonomy

    Raises
    ------
    UnknownNameError
        No entry has that name, or the file has an unknown key or node.
    FormatError
        The file is damaged, or a pattern or the tree is not valid.
    ArgumentError
        The source is none of these.

    Warns
    -----
    DataQualityWarning
        A spreadsheet has columns that are not read, or words that its classes leave without effect.

    Examples
    --------
    >>> load("jinan-ten").names("en")["quantum"]
    'Quantum science and technology'
    """
    if isinstance(source, Taxonomy):
        return source
    given: object = source
    if not isinstance(given, str | Path):
        msg = (
            f"A taxonomy is a name ({', '.join(names())}), the path of a .toml, .xlsx, .xls or .csv file, "
            f"or what taxonomy.load returned, not {type(given).__name__}."
        )
        raise ArgumentError(msg)
    named = isinstance(source, str) and not source.lower().endswith(_FILES)
    file = _resources.path("taxonomies", str(source), *_FILES) if named else Path(source)
    if not _files.is_file(file):
        msg = f'There is no taxonomy file "{file}". Check the path, or call an entry by its name.'
        raise FormatError(msg)
    return _load(file, file.stat().st_mtime_ns)


def names() -> list[str]:
    """Names of all taxonomies, sorted."""
    return _resources.names("taxonomies", *_FILES)


@functools.lru_cache(maxsize=32)
def _load(file: Path, _mtime: int) -> Taxonomy:
    if file.suffix.lower() in _BOOKS:
        return build(file.stem, read_sheet(file))
    return build(file.stem, _resources.parse_toml(file))


def build(name: str, entry: Mapping[str, Any]) -> Taxonomy:
    """Make a taxonomy from its parsed TOML and check it; see :func:`load` for the errors."""
    _resources.check_keys(entry, _TOP_KEYS, f"taxonomy {name}")
    nodes = _nodes(name, entry.get("nodes", []))
    known = {*nodes, NONE}
    shares: dict[str, Mapping[str, float]] = {}
    for row in entry.get("shares", []):
        _known(name, row["to"], known)
        shares |= dict.fromkeys(_patterns(name, "shares", row["symbols"]), row["to"])
    titles = entry.get("names", {"zh": name, "en": name})
    told = [n.id for n in nodes.values() if n.expressions]
    if told and (entry.get("weights") or entry.get("scheme")):
        msg = (
            f'Taxonomy {name}: node "{told[0]}" has an expression, which decides by itself, and the '
            "taxonomy has weights or vendor labels, which decide by themselves too. Leave one out."
        )
        raise FormatError(msg)
    return Taxonomy(
        name=name, titles=titles, nodes=nodes, shares=shares,
        match=entry.get("match", "all"), renewals=bool(entry.get("renewals", False)),
        ipc_edition=str(entry.get("ipc_edition", "")),
        gate_share=float(entry.get("gate_share", 1.0)),
        fallback=_fallback(name, entry.get("fallback"), known),
        codes=_codes(name, entry.get("codes", []), known),
        scheme=str(entry.get("scheme", "")), weights=entry.get("weights", {}),
        serves=entry.get("serves", {}), usual=_usual(name, entry.get("usual", {}), known),
        order=_order(name, entry.get("order", []), known),
        outside=entry.get("outside", {}).get("text", {}),
        version=str(entry.get("version", "")), source=str(entry.get("source", "")),
    )  # fmt: skip


def _nodes(name: str, entries: list[dict[str, Any]]) -> dict[str, Node]:
    nodes: dict[str, Node] = {}
    for entry in entries:
        _resources.check_keys(entry, _NODE_KEYS, f"a node of taxonomy {name}")
        if "id" not in entry or entry["id"] in nodes:
            msg = f"Taxonomy {name}: node id {entry.get('id')!r} is missing or used twice."
            raise FormatError(msg)
        nodes[entry["id"]] = _node(name, entry)
    for node in nodes.values():
        if node.parent is not None:
            _known(name, [node.parent], set(nodes))
    _check_tree(name, nodes)
    return nodes


def _node(name: str, entry: Mapping[str, Any]) -> Node:
    def patterns(key: str) -> tuple[str, ...]:
        return _patterns(name, entry["id"], entry.get(key, ()))

    rules = []
    if entry.get("symbols"):
        rules.append(Rule(patterns("symbols"), patterns("exclude")))
    if entry.get("gated"):
        rules.append(Rule(patterns("gated"), patterns("exclude"), needs_words=True))
    for rule in entry.get("rules", []):
        _resources.check_keys(rule, _RULE_KEYS, f"a rule of {entry['id']}")
        include = _patterns(name, entry["id"], rule["include"])
        exclude = _patterns(name, entry["id"], rule.get("exclude", ()))
        rules.append(Rule(include, exclude, bool(rule.get("needs_words", False))))
    return Node(
        id=entry["id"], parent=entry.get("parent"),
        names=entry.get("names", {"zh": entry["id"], "en": entry["id"]}), rules=tuple(rules),
        keywords=_words(entry.get("keywords")), objects=_words(entry.get("objects")),
        negative=_words(entry.get("negative")),
        expressions=_expressions(name, entry),
        object_weight=float(entry.get("object_weight", 1.0)),
        specific=bool(entry.get("specific", False)), strict=bool(entry.get("strict", False)),
        basis=tuple(entry.get("basis", ())),
    )  # fmt: skip


def _usual(name: str, entry: Mapping[str, float], known: set[str]) -> Mapping[str, float]:
    _known(name, entry, known)
    return entry


def _order(name: str, entries: list[dict[str, Any]], known: set[str]) -> tuple[Clause, ...]:
    clauses = []
    for entry in entries:
        _resources.check_keys(entry, _CLAUSE_KEYS, f"the order of taxonomy {name}")
        missing = _CLAUSE_KEYS - set(entry)
        if missing:
            msg = f"Taxonomy {name}: a clause of the order lacks {', '.join(sorted(missing))}."
            raise FormatError(msg)
        _known(name, [*entry["first"], *entry["before"]], known)
        clauses.append(
            Clause(entry["id"], tuple(entry["first"]), tuple(entry["before"]),
                   entry["names"], entry["text"])
        )  # fmt: skip
    return tuple(clauses)


def _expressions(name: str, entry: Mapping[str, Any]) -> tuple[query.Expression, ...]:
    listed = entry.get("expressions", ())
    made = []
    for i, text in enumerate([listed] if isinstance(listed, str) else listed, start=1):
        try:
            made.append(query.parse(str(text), segmented=bool(entry.get("segmented", False))))
        except ExpressionError as error:
            msg = f"Taxonomy {name}, node {entry['id']}, expression {i}: {error}"
            raise FormatError(msg) from error
    return tuple(made)


def _words(entry: Any) -> tuple[str, ...]:
    """Words of all languages of a node; the language does not matter for matching."""
    if entry is None:
        return ()
    lists = entry.values() if isinstance(entry, dict) else [entry]
    return tuple(dict.fromkeys(word for words in lists for word in words))


def _patterns(name: str, where: str, patterns: Iterable[str]) -> tuple[str, ...]:
    """Patterns in their one spelling; a trailing ``*`` (as analysts write it) is allowed."""
    spelled = []
    for raw in patterns:
        pattern = str(raw).rstrip("*")
        symbol = (
            pattern if len(pattern) == 1 and pattern in "ABCDEFGHY" else canonical_symbol(pattern)
        )
        if symbol is None:
            msg = (
                f'Taxonomy {name}, {where}: "{raw}" is no IPC or CPC pattern. '
                f"{spelling_hint(pattern)}"
            )
            raise FormatError(msg)
        spelled.append(symbol)
    return tuple(dict.fromkeys(spelled))


def _known(name: str, ids: Iterable[str], known: set[str]) -> None:
    _resources.check_keys(dict.fromkeys(ids), known, f"taxonomy {name} (node id)")


def _check_tree(name: str, nodes: Mapping[str, Node]) -> None:
    for node in nodes.values():
        seen = {node.id}
        parent = node.parent
        while parent is not None:
            if parent in seen:
                msg = f'Taxonomy {name}: node "{node.id}" is its own ancestor. Mend its parent.'
                raise FormatError(msg)
            seen.add(parent)
            parent = nodes[parent].parent


def _fallback(name: str, entry: Mapping[str, Any] | None, known: set[str]) -> dict[str, str]:
    if entry is None:
        return {}
    other = load(entry["taxonomy"])
    _known(name, entry["homes"], known)
    homes = {field: home for home, fields in entry["homes"].items() for field in fields}
    _known(other.name, homes, set(other.nodes))
    return {
        pattern: home
        for field, home in homes.items()
        for rule in other.rules(field)
        for pattern in rule.include
    }


def _codes(
    name: str, entries: list[dict[str, Any]], known: set[str]
) -> dict[str, dict[str, Mapping[str, float]]]:
    codes: dict[str, dict[str, Mapping[str, float]]] = {}
    for entry in entries:
        _resources.check_keys(entry, {"scheme", "begins", "to"}, f"codes of taxonomy {name}")
        _known(name, entry["to"], known)
        codes.setdefault(entry["scheme"], {}).update(dict.fromkeys(entry["begins"], entry["to"]))
    return codes
