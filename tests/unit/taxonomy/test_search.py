"""Search expressions: written for three databases, and read back by an evaluator of their language."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import taxonomy
from patentnav.taxonomy.fits import fits, signs
from patentnav.taxonomy.load import build
from patentnav.taxonomy.match import SymbolMatcher
from patentnav.taxonomy.scheme import successors

TREE = {
    "nodes": [
        {"id": "cell", "symbols": ["H01M"], "exclude": ["H01M8"]},
        {"id": "grid", "gated": ["H02J", "H02H3"], "symbols": ["H02B1"],
         "keywords": {"zh": ["电网"], "en": ["power grid", "electri*", "smart meter*", "and"]},
         "negative": {"zh": ["玩具"]}},
        {"id": "words", "keywords": ["换电", "battery swap"]},
        {"id": "parent"},
        {"id": "a", "parent": "parent", "symbols": ["A61K"], "negative": ["sugar"]},
        {"id": "b", "parent": "parent", "gated": ["A61P"], "keywords": ["drug"]},
    ],
}  # fmt: skip


class Database:
    """Reads incoPat and CNIPA expressions: NOT before AND before OR, fields with a list in brackets."""

    def __init__(self, text: str) -> None:
        pattern = r'"[^"]*"|\(0w\)|[()]|[^\s()"=]+=|[^\s()"]+'
        self.tokens = re.findall(pattern, text)
        self.at = 0
        self.tree = self._any(self._term)
        assert self.at == len(self.tokens), f"not read: {self.tokens[self.at :]}"

    def _next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _take(self, wanted: str = "") -> str:
        token = self._next()
        assert token
        assert not wanted or token == wanted, (token, wanted)
        self.at += 1
        return token

    def _any(self, item):
        return self._chain("OR", lambda: self._chain("AND", lambda: self._chain("NOT", item)))

    def _chain(self, operator: str, item):
        parts = [item()]
        while self._next() == operator:
            self._take()
            parts.append(item())
        return parts[0] if len(parts) == 1 else (operator, parts)

    def _term(self):
        if self._next() == "(":
            self._take()
            inner = self._any(self._term)
            self._take(")")
            return inner
        field = self._take()
        assert field.endswith("=")
        self._take("(")
        inner = self._any(self._word)
        self._take(")")
        return ("field", field[:-1], inner)

    def _word(self):
        if self._next() == "(":
            self._take()
            inner = self._any(self._word)
            if self._next() == "(0w)":
                pieces = [inner[1]]
                while self._next() == "(0w)":
                    self._take()
                    pieces.append(self._take())
                inner = ("word", " ".join(pieces))
            self._take(")")
            return inner
        token = self._take()
        assert token.upper() not in {"AND", "OR", "NOT"}
        return ("word", token.strip('"'))

    def finds(self, symbols: list[str], text: str) -> bool:
        return self._holds(self.tree, None, symbols, text)

    def _holds(self, tree, field, symbols, text) -> bool:
        kind = tree[0]
        if kind == "field":
            return self._holds(tree[2], tree[1], symbols, text)
        if kind == "word":
            return self._matches(tree[1], field, symbols, text)
        values = [self._holds(part, field, symbols, text) for part in tree[1]]
        if kind == "NOT":
            return values[0] and not any(values[1:])
        return any(values) if kind == "OR" else all(values)

    @staticmethod
    def _matches(word: str, field: str, symbols: list[str], text: str) -> bool:
        stem, bare = word[-1] in "*+", word.rstrip("*+")
        if field in {"IPC", "CPC", "IPC分类号"}:
            whole = len(bare) == 4  # a subclass stands for itself and all below it
            return any(s.startswith(bare) if stem or whole else s == bare for s in symbols)
        if re.search("[\u3400-\u9fff]", bare):
            return bare in text
        end = "" if stem else r"(?:s|es)?\b"
        return re.search(rf"\b{re.escape(bare.lower())}{end}", text.lower()) is not None


def records(rows: list[tuple[list[str], str]]) -> pnav.PatentSet:
    ids = pd.Index([f"CN{i}A" for i in range(len(rows))], name="publication_id")
    classes = [(ids[i], "IPC", s) for i, (symbols, _) in enumerate(rows) for s in symbols]
    return pnav.PatentSet.from_tables({
        "publications": pd.DataFrame({"title": [title for _, title in rows]}, index=ids),
        "classifications": pd.DataFrame(classes, columns=["publication_id", "scheme", "symbol"]),
    })  # fmt: skip


def found(tree, node: str, rows, **options) -> set[int]:
    bound = options.get("bound", "certain")
    inner = fits(tree, signs(tree, records(rows)), certain=bound == "certain")
    return {int(p[2:-1]) for p in inner.loc[inner["node"] == node, "publication_id"]}


def searched(tree, node: str, rows, syntax="incopat", **options) -> set[int]:
    queries = taxonomy.search_expressions(tree, node, syntax, **options)
    bases = [Database(q) for q in queries]
    return {
        i for i, (symbols, text) in enumerate(rows) if any(b.finds(symbols, text) for b in bases)
    }


ROWS = [
    (["H01M4/13"], "电极"), (["H01M8/02"], "电堆"), (["H01M4/13", "H01M8/02"], "both"),
    (["H02J3/00"], "一种电网"), (["H02J3/00"], "插座"), (["H02J3/00"], "Power grids"),
    (["H02H3/08"], "electrical switch"), (["H02H30/08"], "electrical switch"), (["H02B1/20"], "box"),
    (["H02J3/00"], "smart metering"), (["H02J3/00"], "一种电网玩具"), (["G06F1/00"], "换电站"),
    (["G06F1/00"], "a battery swap station"), (["A61K9/00"], "sugar"), (["A61K9/00"], "pill"),
    (["A61P1/00"], "sugar drug"), (["A61P1/00"], "pill"),
]  # fmt: skip


@pytest.mark.parametrize("syntax", ["incopat", "cnipa"])
@pytest.mark.parametrize("bound", ["certain", "possible"])
def test_a_database_finds_what_the_taxonomy_holds(syntax, bound):
    tree = build("x", TREE)
    for node in ("grid", "words", "a", "b", "parent"):
        assert searched(tree, node, ROWS, syntax, bound=bound) == found(
            tree, node, ROWS, bound=bound
        ), node


def test_exclusions_lose_and_their_absence_gains():
    """Record 2 has H01M4 and the excluded H01M8: it belongs, and a NOT on records loses it."""
    tree = build("x", TREE)
    held = found(tree, "cell", ROWS)
    assert held == {0, 2}
    assert searched(tree, "cell", ROWS) == {0}
    assert searched(tree, "cell", ROWS, exclusions=False) == {0, 1, 2}


@pytest.mark.parametrize("name", ["sei-2021", "green", "digital-key"])
@pytest.mark.parametrize("bound", ["certain", "possible"])
def test_shipped_taxonomies_read_back(name, bound):
    """Records of one class each: for them the expression and the taxonomy agree exactly."""
    tree = taxonomy.load(name)
    patterns = {
        p for n in tree.nodes.values() for r in n.rules for p in (*r.include, *r.exclude)
    } | {"H10B12/00", "H10D84/01", "G06V10/20", "H04L61/45", "H01M50/40", "B01D1/00"}
    symbols = sorted(
        {f"{p}/02" for p in patterns if "/" not in p and len(p) > 4}
        | {s for p in patterns if "/" in p for s in (p, f"{p}05")}
        | {f"{p}1/00" for p in patterns if len(p) == 4}
    )
    words = sorted({w.rstrip("*") for n in tree.nodes.values() for w in n.keywords})
    texts = ["nothing", *words[:: max(1, len(words) // 3)]]
    rows = [([s], texts[i % len(texts)]) for i, s in enumerate(symbols[::3])]
    patents = records(rows)
    inner = fits(tree, signs(tree, patents), certain=bound == "certain")
    for node in [*tree.top, *list(tree.nodes)[:: max(1, len(tree.nodes) // 8)]]:
        held = {int(p[2:-1]) for p in inner.loc[inner["node"] == node, "publication_id"]}
        if not held:
            continue
        assert searched(tree, node, rows, bound=bound) == held, node


def test_new_classes_are_searched_with_the_old_ones():
    """Batteries' non-active parts moved from H01M2 to H01M50 after the table was made."""
    tree = taxonomy.load("sei-2021")
    node = next(k for k, n in tree.nodes.items() if any("H01M2" in r.include for r in n.rules))
    expression = taxonomy.search_expression(tree, node, bound="possible")
    assert "H01M2/*" in expression
    assert "H01M50/*" in expression
    assert "G06F40" not in successors("G06F17", "2020.01")  # changed before the table was made
    assert "G06F40" in successors("G06F17")


def test_split_expressions_find_the_same_together():
    tree = taxonomy.load("sei-2021")
    whole = taxonomy.search_expression(tree, "2", bound="possible")
    parts = taxonomy.search_expressions(tree, "2", bound="possible", max_length=1200)
    assert len(whole) > 1200
    assert len(parts) > 3
    assert max(map(len, parts)) <= 1200
    rows = [([p + ("/02" if "/" not in p and len(p) > 4 else "")], "x")
            for p in {p for r in tree.rules("2") for p in (*r.include, *r.exclude)}]  # fmt: skip
    assert searched(tree, "2", rows, bound="possible", max_length=1200) == searched(
        tree, "2", rows, bound="possible"
    )
    with pytest.raises(pnav.ArgumentError, match="max_length=20"):
        taxonomy.search_expressions(tree, "2", bound="possible", max_length=20)


def test_rivals_are_excluded_where_the_longest_pattern_decides():
    tree = build("x", {"match": "longest", "nodes": [
        {"id": "ict", "symbols": ["H04L"]}, {"id": "quantum", "symbols": ["H04L9/08"]},
    ]})  # fmt: skip
    assert taxonomy.search_expression(tree, "ict") == "(IPC=(H04L) NOT IPC=(H04L9/08*))"


@pytest.mark.parametrize("node", ["ict", "materials", "equipment", "techservice"])
def test_the_ten_industries_are_searched_by_where_their_classes_lead(node):
    """Records of one class: found where at least half of the class leads, shares and fallback too."""
    tree = taxonomy.load("jinan-ten")
    level = [p for k in tree.top for r in tree.nodes[k].rules for p in (*r.include, *r.exclude)]
    listed = sorted({*level, *tree.shares, *tree.fallback})[::7]
    symbols = [
        p if "/" in p else f"{p}/02" if len(p) > 4 else f"{p}999/02" for p in listed if len(p) > 3
    ]
    claims = SymbolMatcher(tree, tree.top).claims(pd.Series(symbols))
    sure = claims[~claims["needs_words"] & (claims["node"] == node) & (claims["share"] >= 0.5)]
    rows = [([s], "x") for s in symbols]
    held = {i for i, s in enumerate(symbols) if s in set(sure["symbol"])}
    assert len(held) > 3
    assert searched(tree, node, rows) == held


def test_words_are_written_safely():
    """Operators and quotes inside a word do not become part of the language."""
    tree = build("x", TREE)
    quoted = build("x", {"nodes": [{"id": "a", "keywords": ['a "b" (c)', "d=e"]}]})
    assert taxonomy.search_expression(quoted, "a") == 'TIAB=("a b c" OR "d e")'
    grid = taxonomy.search_expression(tree, "grid", scope="claims")
    assert grid == (
        "((IPC=(H02B1/*)) NOT TIABC=(玩具)) OR ((IPC=(H02J OR H02H3/*) AND "
        'TIABC=(电网 OR "power grid" OR electri* OR (smart (0w) meter*) OR "and")) NOT TIABC=(玩具))'
    )


def test_both_schemes_and_levels_of_patsnap():
    tree = build("x", {"nodes": [{"id": "a", "symbols": ["H04L", "H04L9", "H04L9/08", "H04"]}]})
    assert taxonomy.search_expression(tree, "a", "patsnap") == (
        "(IPC_SUB_CLASS:(H04L) OR IPC_GROUP:(H04L9) OR IPC:(H04L9/08*) OR IPC_CLASS:(H04))"
    )
    assert taxonomy.search_expression(tree, "a", schemes=("ipc", "cpc")) == (
        "(IPC=(H04L OR H04L9/* OR H04L9/08* OR H04*) OR CPC=(H04L OR H04L9/* OR H04L9/08* OR H04*))"
    )


def test_what_cannot_be_searched_is_said():
    tree = taxonomy.load("sei-2021")
    with pytest.raises(pnav.UnknownNameError, match="incopat"):
        taxonomy.search_expression(tree, "1", "incopta")
    with pytest.raises(pnav.UnknownNameError, match="ipc"):
        taxonomy.search_expression(tree, "1", schemes=("icp",))
    gated = next(
        k for k, n in tree.nodes.items() if n.rules and all(r.needs_words for r in n.rules)
    )
    with pytest.raises(pnav.ArgumentError, match="possible"):
        taxonomy.search_expression(tree, gated)
    assert taxonomy.search_expression(tree, gated, bound="possible").startswith(("IPC", "("))
