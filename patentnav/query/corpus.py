"""The texts, names and classes of a set, made ready to be searched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from patentnav import _strings
from patentnav.errors import CoverageWarning, warn
from patentnav.normalize.ladder import patterns_above
from patentnav.query import expression as parts
from patentnav.query.occurrences import holders
from patentnav.query.words import pattern, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from patentnav.query.expression import Expression, Field

_BLOCK = 4096  # texts folded at a time
_BETWEEN = "\0"


class Source(Protocol):
    """What is searched: a set of publications."""

    @property
    def publications(self) -> pd.DataFrame:
        """Publications, indexed by id."""

    def has(self, table: str, column: str | None = None) -> bool:
        """Tell whether a table is carried."""


@dataclass(frozen=True)
class Texts:
    """Texts of one kind.

    Attributes
    ----------
    kind
        Their kind: a field of ``texts``, or the table of names.
    owners
        Place of the publication of every row.
    number
        Which text every row has; names are repeated.
    raw, plain
        The texts as they are, and as they are compared.
    languages
        Language of every row; empty where it is unknown.
    held
        Texts by pieces that were looked for before (:meth:`look_for`).
    """

    kind: str
    owners: np.ndarray
    number: np.ndarray
    raw: list[str]
    plain: list[str]
    languages: list[str]
    held: dict[str, np.ndarray] = field(default_factory=dict)

    def look_for(self, pieces: Iterable[str]) -> None:
        """Look for many pieces at once, so that :meth:`holding` need not go through all texts."""
        self.held.update(holders(self.plain, {*pieces} - self.held.keys()))

    def holding(self, piece: str, rows: np.ndarray | None) -> np.ndarray:
        """Texts, among some or all, that hold a piece."""
        held = self.held.get(piece)
        if held is None:
            some = range(len(self.plain)) if rows is None else rows.tolist()
            return np.array([i for i in some if piece in self.plain[i]], dtype=np.int64)
        return held if rows is None else rows[np.isin(rows, held)]


class Corpus:
    """A set, whose texts are read when an expression asks for them, once for all expressions."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.index: pd.Index = source.publications.index
        self._texts: dict[tuple[str, ...], Texts] = {}
        self._symbols: dict[str, tuple[np.ndarray, np.ndarray, list[str]]] = {}
        self._warned: set[str] = set()

    @property
    def publications(self) -> pd.DataFrame:
        """The publications."""
        return self._source.publications

    def __len__(self) -> int:
        return len(self.index)

    def texts(self, field: Field) -> Iterator[Texts]:
        """Texts in which a field is looked for, kind by kind."""
        found = self._of_field(field)
        if not any(len(one.owners) for one in found):
            self._warn(field.key)
        yield from found

    def look_for(self, expressions: Iterable[Expression]) -> None:
        """Look for the terms of many expressions in one pass over the texts, before they are asked."""
        pieces: dict[Field, set[str]] = {}
        for one in expressions:
            for leaf, _ in parts.leaves(one.tree):
                if isinstance(leaf, parts.Term | parts.Near):
                    cores = (pattern(term.text).core for term in parts.terms(leaf))
                    pieces.setdefault(leaf.field, set()).update(cores)
        for asked, wanted in pieces.items():
            for texts in self._of_field(asked):
                texts.look_for(wanted)

    def _of_field(self, asked: Field) -> list[Texts]:
        if asked.kind == "text":
            return [self._of_kind(kind) for kind in asked.parts]
        return [self._names(asked)]

    def _warn(self, key: str) -> None:
        if len(self) and key not in self._warned:
            self._warned.add(key)
            warn(f"The set carries nothing in the field {key}: terms there find nothing. Export "
                 "that column, or search another field.", CoverageWarning)  # fmt: skip

    def _of_kind(self, kind: str) -> Texts:
        if (kind,) not in self._texts:
            parts = []
            if self._source.has("texts"):
                rows = self._source.texts  # type: ignore[attr-defined]
                parts.append(
                    rows.loc[rows["field"] == kind, ["publication_id", "language", "text"]]
                )
            if kind == "title":
                own = self.publications[["title", "language"]].rename(columns={"title": "text"})
                parts.insert(0, own.rename_axis("publication_id").reset_index())
            self._texts[(kind,)] = self._made(kind, parts)
        return self._texts[(kind,)]

    def _names(self, field: Field) -> Texts:
        key = (field.table, *field.parts)
        if key not in self._texts:
            parts = []
            if self._source.has(field.table):
                rows = getattr(self._source, field.table)
                if field.parts:
                    rows = rows[rows["role"].isin(field.parts)]
                parts = [
                    pd.DataFrame({"publication_id": rows["publication_id"], "text": rows[column]})
                    for column in field.columns
                ]
            self._texts[key] = self._made(field.key, [p.assign(language="") for p in parts])
        return self._texts[key]

    def _made(self, kind: str, parts: Sequence[pd.DataFrame]) -> Texts:
        if not parts:
            return Texts(kind, np.empty(0, np.int64), np.empty(0, np.int64), [], [], [])
        rows = parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)
        rows = rows[rows["text"].notna()]
        if len(parts) > 1:  # the title of the publication is often one of the texts
            rows = rows.drop_duplicates(["publication_id", "text"])
        owners = self.index.get_indexer(pd.Index(rows["publication_id"]))
        if kind in {"applicant", "owner", "agent", "inventor"}:
            number, distinct = pd.factorize(rows["text"])
            raw = [str(text) for text in distinct]
        else:
            raw, number = _strings.texts(rows["text"]), np.arange(len(rows))
        languages = _strings.texts(rows["language"].fillna(""))
        return Texts(kind, owners, np.asarray(number), raw, folded(raw), languages)

    def with_id(self, field: Field, key: str) -> np.ndarray:
        """Publications that name somebody by the id, or the id of the group, given to them."""
        mask = np.zeros(len(self), dtype=bool)
        if self._source.has(field.table):
            rows = getattr(self._source, field.table)
            if field.parts:
                rows = rows[rows["role"].isin(field.parts)]
            for column in ("party_id", "group_id", "inventor_id"):
                if column in rows:
                    same = (rows[column].astype("str").str.casefold() == key).fillna(False)
                    owners = rows.loc[same.to_numpy(dtype=bool), "publication_id"]
                    mask[self.index.get_indexer(pd.Index(owners))] = True
        return mask

    def with_class(self, pattern: str, field: Field) -> np.ndarray:
        """Publications that have a pattern or a class below it."""
        found = np.zeros(len(self), dtype=bool)
        known = 0
        for scheme in field.parts:
            owners, codes, symbols = self._of_scheme(scheme)
            known += len(symbols)
            fitting = np.array([pattern in patterns_above(s) for s in symbols], dtype=bool)
            if len(symbols):
                found[owners[fitting[codes]]] = True
        if not known:
            self._warn(field.key)
        return found

    def _of_scheme(self, scheme: str) -> tuple[np.ndarray, np.ndarray, list[str]]:
        if scheme not in self._symbols:
            owners, codes, symbols = np.empty(0, np.int64), np.empty(0, np.int64), []
            if self._source.has("classifications"):
                rows = self._source.classifications  # type: ignore[attr-defined]
                rows = rows[(rows["scheme"] == scheme) & rows["symbol"].notna()]
                number, distinct = pd.factorize(rows["symbol"])
                symbols = [str(s) for s in distinct]
                owners = self.index.get_indexer(pd.Index(rows["publication_id"]))
                codes = np.asarray(number)
            self._symbols[scheme] = (owners, codes, symbols)
        return self._symbols[scheme]

    def column(self, field: Field) -> pd.Series:
        """Column of publications that a code or date is looked for in."""
        column = self.publications[field.columns[0]]
        if len(column) and not column.notna().any():
            self._warn(field.key)
        return column


def folded(texts: list[str]) -> list[str]:
    """Texts as they are compared (:func:`patentnav.query.words.plain`), many at a time."""
    # ASCII is folded by itself much faster than among wider characters.
    result = [text.casefold() for text in texts]
    wide = [i for i, text in enumerate(texts) if not text.isascii()]
    for start in range(0, len(wide), _BLOCK):
        block = wide[start : start + _BLOCK]
        for i in _with_wide([texts[i] for i in block]):
            result[block[i]] = plain(texts[block[i]])
    return result


def _with_wide(block: list[str]) -> list[int]:
    """Which texts hold full-width letters or digits."""
    whole = _BETWEEN.join(block)
    codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), "<u4")
    places = np.flatnonzero((codes >= 0xFF10) & (codes <= 0xFF5A))
    if not len(places):
        return []
    ends = np.cumsum([len(text) + 1 for text in block])
    found: list[int] = np.unique(np.searchsorted(ends, places, side="right")).tolist()
    return found
