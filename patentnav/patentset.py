"""``PatentSet``: the canonical tables of a set of publications, immutable, with their provenance.

Analysis is never a method of this class: it is done by functions that take a set. ``explore`` shows
a set and computes nothing of it that is kept.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import _canonical as canonical
from patentnav import _files, merge, query, schema, store
from patentnav._explorable import Explorable
from patentnav._guard import guard
from patentnav._version import __version__
from patentnav.errors import (
    ArgumentError,
    FormatError,
    MissingTableError,
    SchemaError,
)
from patentnav.provenance import Step, distinct

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


__all__ = [
    "PatentSet",
    "concat",
    "load",
]


class PatentSet(Explorable):
    """Publications with their texts, parties, inventors, classes, citations and events.

    Every table is a pandas DataFrame and an attribute: ``publications`` (indexed by
    ``publication_id``), ``texts``, ``parties``, ``inventors``, ``classifications``, ``citations``,
    ``priorities``, ``families``, ``legal_events``, ``vendor_values``; and the accounts of the
    reading: ``intake``, ``signs``, ``set_aside``, ``cell_failures``, ``columns``, ``conflicts``. Treat them
    as read-only: functions return new sets. A table that no source carried raises
    ``MissingTableError``: absent is not the same as empty.

    Use :func:`patentnav.read`, :func:`patentnav.load` or :meth:`from_tables` to make one.
    """

    __slots__ = ("__weakref__", "_kept", "_provenance", "_tables")
    _shown_by = "patent_map"

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame],
        provenance: Sequence[Step] = (),
        *,
        _kept: frozenset[str] | None = None,
    ) -> None:
        self._tables = dict(tables)
        self._provenance = tuple(provenance)
        # Child tables not yet restricted to the publications of a filtered set.
        self._kept = set(_kept or ())

    # Making

    @classmethod
    def from_tables(
        cls, tables: Mapping[str, pd.DataFrame], provenance: Sequence[Step] = ()
    ) -> PatentSet:
        """Make a set from one's own frames.

        Parameters
        ----------
        tables
            Frames by table name; ``publications`` is needed, indexed by ``publication_id`` or with
            that column. Missing columns are filled with NA, missing positions are numbered in the
            order of the rows, classification symbols take their one spelling.
        provenance
            Earlier steps, if any.

        Returns
        -------
        PatentSet
            Tables sorted by id, so that the order of rows does not matter.

        Raises
        ------
        SchemaError
            A column does not fit its dtype, or a key or parent is broken; see ``failures``.
        MissingTableError
            ``publications`` is not given.
        """
        if "publications" not in tables:
            msg = "from_tables needs the table publications, indexed by publication_id."
            raise MissingTableError(msg)
        frames = {name: canonical.prepared(name, frame) for name, frame in tables.items()}
        frames["publications"] = frames["publications"].sort_index(kind="stable")
        failures = schema.validate(frames)
        errors = failures[failures["severity"] == "error"]
        if len(errors):
            listed = "; ".join(
                f"{r.table}.{r.column}: {r.check} ({r.rows} rows, e.g. {r.example})"
                for r in errors.head(5).itertuples()
            )
            msg = f"The tables break the schema: {listed}. See .failures, mend and call again."
            raise SchemaError(msg, failures)
        n = len(frames["publications"])
        step = Step("from_tables", {}, n, n, __version__)
        return cls(frames, provenance or (step,))

    # Tables

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in schema.tables():
            raise AttributeError(canonical.unknown(name, type(self)))
        if name not in self._tables and schema.table(name).accounting:
            return schema.empty(name)  # no file was read: nothing to account for
        if name not in self._tables:
            carried = ", ".join(self.tables)
            msg = (
                f'This set carries no "{name}": no source that was read has it (it carries '
                f"{carried}). Export again with those columns, or join them with from_tables."
            )
            raise MissingTableError(msg)
        if name in self._kept:
            self._tables[name] = canonical.restricted(
                name, self._tables[name], self._tables["publications"]
            )
            self._kept.discard(name)
        return self._tables[name]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._tables]

    @property
    def tables(self) -> list[str]:
        """Names of the canonical tables that the set carries."""
        return [name for name in schema.canonical_names() if name in self._tables]

    def has(self, table: str, column: str | None = None) -> bool:
        """Tell whether a table is carried (and a column of it holds any value)."""
        if table not in self._tables:
            return False
        return column is None or bool(getattr(self, table)[column].notna().any())

    @property
    def provenance(self) -> tuple[Step, ...]:
        """The steps that led to this set."""
        return self._provenance

    def publication(self, publication_id: str) -> dict[str, Any]:
        """All that is known of one publication: its row and its rows in every child table.

        Raises
        ------
        ArgumentError
            The set has no such publication.
        """
        if publication_id not in self.publications.index:
            msg = f'The set has no publication "{publication_id}".'
            raise ArgumentError(msg)
        card: dict[str, Any] = {"publications": self.publications.loc[publication_id]}
        for name in self.tables[1:]:
            frame = getattr(self, name)
            key = schema.table(name).owner
            card[name] = frame[frame[key] == publication_id]
        return card

    # Deriving

    def filter(
        self, which: pd.Series | np.ndarray | Iterable[str] | None = None, **wanted: Any
    ) -> PatentSet:
        """Keep some publications and what belongs to them.

        Parameters
        ----------
        which
            A boolean Series (aligned on ``publication_id``), a boolean array in the order of
            ``publications``, or publication ids. NA in a mask means no.
        **wanted
            Conditions that all hold; a list of values means any of them. ``text``, an expression as
            :meth:`search` takes it; ``applicant``, ``owner``, ``inventor``, ``agent``, part of a
            name, or an id; ``years`` of filing (also ``published``, ``granted``, ``priority``), as
            2018, (2015, 2020), (2015, None) or "2015..2020"; ``office``, ``type``, ``kind``,
            ``status``; ``classes``, such as "H01M10"; ``numbers`` in any spelling; and any column of
            ``publications`` by its name, such as ``industry`` once it was assigned.

        Returns
        -------
        PatentSet
            Child tables are restricted when first used. Citations with either end in the set
            stay; so do family members that lie outside.

        Raises
        ------
        ArgumentError
            The mask has another length, an id is not in the set, or a condition cannot be used.

        Examples
        --------
        >>> from patentnav import datasets
        >>> patents = datasets.city(60).patents
        >>> len(patents.filter(office="CN", years=(2015, None), text="NOT title:zzz")) > 0
        True
        """
        publications = self.publications
        if which is None and not wanted:
            msg = (
                'filter needs a mask, ids or conditions: filter(applicant="…", years=(2015, 2020)).'
            )
            raise ArgumentError(msg)
        everything = np.ones(len(self), dtype=bool)
        mask = everything if which is None else canonical.mask_of(which, publications)
        if wanted:
            mask = mask & query.matching(self, wanted)
        said = {key: str(value) for key, value in wanted.items()}
        return self._restricted(mask, Step("filter", said, len(self), int(mask.sum()), __version__))

    def _restricted(self, mask: np.ndarray, step: Step) -> PatentSet:
        kept = self.publications[mask]
        children = frozenset(name for name in self.tables if name != "publications")
        return PatentSet(
            {**self._tables, "publications": kept}, (*self._provenance, step), _kept=children
        )

    def search(self, expression: str, *, segmented: bool = False) -> PatentSet:
        """Keep the publications that a search expression finds.

        Parameters
        ----------
        expression
            Words, ``"phrases"``, ``AND``, ``OR``, ``NOT``, ``NEAR/n``, ``PRE/n``, ``*``, ``?`` and
            fields (``title:``, ``class:``, ``applicant:`` …), in Chinese and English; see
            :func:`patentnav.query.parse`. Words without a field are those of title and abstract.
        segmented
            Chinese by words of the dictionary rather than by characters.

        Returns
        -------
        PatentSet
            With the expression in its provenance; :meth:`context` shows the words where they stand.

        Raises
        ------
        ExpressionError
            The expression cannot be read; place and remedy are named.

        Examples
        --------
        >>> from patentnav import datasets
        >>> found = datasets.city(60).patents.search("title:(method* OR system*)")
        >>> list(found.context(width=5).columns[:4])
        ['publication_id', 'field', 'language', 'position']
        """
        mask = query.found(query.parse(expression, segmented=segmented), self)
        said = {"expression": expression, "segmented": segmented}
        return self._restricted(mask, Step("search", said, len(self), int(mask.sum()), __version__))

    def context(self, expression: str | None = None, *, width: int = 40) -> pd.DataFrame:
        """Words of a search with what stands around them (:func:`patentnav.query.context`).

        Parameters
        ----------
        expression
            The search; that of the last :meth:`search` that led to this set when omitted.
        width
            Characters shown before and after.

        Returns
        -------
        pandas.DataFrame
            ``publication_id, field, language, position, term, before, match, after``.

        Raises
        ------
        ArgumentError
            No expression is given and none led to this set.
        """
        searches = [s.parameters for s in self._provenance if s.name == "search"]
        if expression is None and not searches:
            msg = 'context needs an expression: patents.context("…"), or patents.search("…").context().'
            raise ArgumentError(msg)
        last = searches[-1] if expression is None else {"expression": expression}
        text, segmented = str(last["expression"]), bool(last.get("segmented", False))
        return query.context(query.parse(text, segmented=segmented), self, width=width)

    def assign(self, **values: Any) -> PatentSet:
        """Add or replace columns of ``publications``.

        Parameters
        ----------
        **values
            Series aligned on ``publication_id``, or one value for all.

        Returns
        -------
        PatentSet
        """
        n = len(self)
        step = Step("assign", {"columns": sorted(values)}, n, n, __version__)
        return self.replace(step, publications=self.publications.assign(**values))

    def replace(self, step: Step, **tables: pd.DataFrame) -> PatentSet:
        """Return a set with other tables of the same publications, one step further.

        For functions that make one set from another (``clean``); analysts use ``assign``.
        """
        frames = {**self._tables, **{name: schema.coerce(name, t) for name, t in tables.items()}}
        return PatentSet(
            frames, (*self._provenance, step), _kept=frozenset(self._kept - set(tables))
        )

    def check(self) -> pd.DataFrame:
        """Coverage and failures per table and column.

        Returns
        -------
        pandas.DataFrame
            ``table, column, rows, filled, coverage, check, failures, example, severity``: one row
            per column of every carried table, plus one per breach of the schema, one per kind of
            cell or record that could not be taken and one per sign of a bad export. ``coverage`` is filled / rows (0 to 1, NA
            for a table without rows).
        """
        frames = {name: getattr(self, name) for name in self.tables}
        accounts = {
            name: self._tables[name] for name in schema.accounting_names() if name in self._tables
        }
        return canonical.checked_columns(frames, accounts)

    def summary(self) -> pd.DataFrame:
        """Rows and publications covered, per table: ``table, rows, publications, coverage``."""
        return canonical.summarised({name: getattr(self, name) for name in self.tables})

    # Storing

    def save(self, path: str | Path) -> Path:
        """Write the set to a folder ``*.pnav`` (Parquet per table) and return its path.

        A set that is there is replaced when the new one is whole: a kill, a full disk or a second
        writer leaves the old one or a new one, never a part of it.

        Raises
        ------
        ArgumentError
            The folder holds anything but a set.
        FileError
            The disk is full, there is no permission and the like.
        """
        folder = _files.as_path(path)
        frames = {name: getattr(self, name) for name in schema.tables() if name in self._tables}
        store.write_tables(folder, frames, {"provenance": [s.to_dict() for s in self.provenance]})
        return folder

    # Showing

    def __len__(self) -> int:
        return len(self._tables["publications"])

    def _years(self) -> str:
        for column in ("application_date", "publication_date"):
            dates = self.publications[column].dropna()
            if len(dates):
                return f"{column.removesuffix('_date')} {dates.min().year}-{dates.max().year}"
        return "no dates"

    def __repr__(self) -> str:
        if not len(self):
            return "PatentSet: no publications"
        lines = [f"PatentSet: {len(self):,} publications, {self._years()}"]
        lines += [
            f"  {r.table:<16}{r.rows:>10,} rows, {r.coverage:>4.0%} of publications"
            for r in self.summary().iloc[1:].itertuples()
        ]
        return "\n".join([*lines, *(f"  {line}" for line in canonical.account(self._tables))])

    def _repr_html_(self) -> str:
        if not len(self):
            return "<div><b>PatentSet</b>: no publications</div>"
        head = f"<b>PatentSet</b>: {len(self):,} publications, {html.escape(self._years())}"
        steps = " → ".join(html.escape(s.name) for s in self.provenance)
        told = "".join(f"<br>{html.escape(line)}" for line in canonical.account(self._tables))
        forms: Mapping[Any, Any] = {"rows": "{:,}", "publications": "{:,}", "coverage": "{:.0%}"}
        body = (
            self.summary().style.hide(axis="index").format(dict(forms)).to_html(table_uuid="pnav")
        )
        return f"<div>{head}<br><small>{steps}{told}</small>{body}</div>"


def checked(patents: object, function: str, wanted: str = "a PatentSet") -> PatentSet:
    """The set that a caller gives to a function; ``ArgumentError`` where it is something else."""
    if not isinstance(patents, PatentSet):
        msg = (
            f"{function} takes {wanted}, not {type(patents).__name__}. Read files "
            "with pnav.read, a saved set with pnav.load, frames with PatentSet.from_tables."
        )
        raise ArgumentError(msg)
    return patents


def concat(sets: Sequence[PatentSet]) -> PatentSet:
    """Join sets; a publication that is in several becomes one (rule: :mod:`patentnav.merge`).

    Parameters
    ----------
    sets
        The sets. They are unchanged.

    Returns
    -------
    PatentSet
        A table is carried when any of the sets carries it.

    Raises
    ------
    ArgumentError
        No set is given, or something else.
    """
    for one in sets:
        checked(one, "concat", "a list of PatentSet")
    if not sets:
        msg = "concat needs at least one PatentSet."
        raise ArgumentError(msg)
    offset = 0
    parts: dict[str, list[pd.DataFrame]] = {}
    for one in sets:
        record = pd.Series(np.arange(offset, offset + len(one)), index=one.publications.index)
        offset += len(one)
        for name in one.tables:
            frame = getattr(one, name)
            if name == "publications":
                frame = frame.assign(record=record).reset_index()
            else:
                owner = frame[schema.table(name).owner]
                frame = frame.assign(record=owner.map(record).fillna(-1).astype("int64"))
            parts.setdefault(name, []).append(frame)
    joined = {name: pd.concat(frames, ignore_index=True) for name, frames in parts.items()}
    children = {
        name: merge.arranged(name, joined[name]) for name in joined if name != "publications"
    }
    tables, accounts = merge.merge_records({**joined, **children})
    for name in schema.accounting_names():
        frames = [getattr(one, name) for one in sets if name in one._tables]  # noqa: SLF001
        if name in accounts:
            frames.append(accounts[name])
        if frames:
            tables[name] = schema.coerce(name, pd.concat(frames, ignore_index=True))
    if "intake" in tables:
        tables["intake"] = merge.recount(tables["intake"], tables["publications"])
    steps = distinct(step for one in sets for step in one.provenance)
    step = Step("concat", {"sets": len(sets)}, offset, len(tables["publications"]), __version__)
    return PatentSet(tables, (*steps, step))


def load(path: str | Path, where: str | None = None) -> PatentSet:
    """Read a set that :meth:`PatentSet.save` wrote.

    Parameters
    ----------
    path
        The ``.pnav`` folder.
    where
        SQL condition on the columns of ``publications``, e.g.
        ``"application_date >= DATE '2015-01-01'"``; only what meets it is read.

    Returns
    -------
    PatentSet

    Raises
    ------
    FormatError
        The folder is no saved set, or it is not as it was saved; the table and the difference are
        named.
    FileError
        A file of it cannot be read.
    ArgumentError
        The folder does not exist, or the condition cannot be understood.
    """
    tables, meta = store.read_tables(_files.as_path(path), where)
    try:
        steps = tuple(Step.from_dict(s) for s in meta.get("provenance", ()))
    except TypeError as error:
        msg = f'The steps in "{path}" are damaged ({error}). Save it again or restore it.'
        raise FormatError(msg) from error
    if where is not None:
        n = len(tables["publications"])
        steps = (*steps, Step("load", {"where": where}, n, n, __version__))
    return PatentSet(tables, steps)


guard(__name__)
