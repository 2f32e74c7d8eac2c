"""A hash of what a value holds: sets, tables, graphs, files, taxonomies, plain values."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd

from patentnav import schema
from patentnav.errors import PatentnavError
from patentnav.patentset import PatentSet


class UnhashableError(PatentnavError, TypeError):
    """A value whose content cannot be told."""


def fingerprint(value: Any) -> str:
    """Return a hash of the content of a value; equal contents have equal hashes.

    Types count (1, 1.0 and True differ), as do dtypes, names and ``attrs`` of tables, and the order
    of rows; the order of mappings does not.

    Parameters
    ----------
    value
        A plain value, a date, a path (the file's content counts, or its name where it does not
        exist), a numpy array, a pandas object, a graph, a ``PatentSet`` (its accounts and provenance
        too), or a dataclass, mapping or sequence of these.

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    UnhashableError
        The value is of another kind.
    """
    digest = hashlib.sha256()
    _feed(digest, value)
    return digest.hexdigest()


def _feed(digest: Any, value: Any) -> None:
    digest.update(f"<{type(value).__name__}>".encode())
    if value is None or isinstance(value, str | int | float | bool):
        digest.update(json.dumps(value).encode())
    elif isinstance(value, dt.date | np.generic):
        digest.update(str(value).encode())
    elif isinstance(value, Path):
        _feed(digest, value.read_bytes() if value.is_file() else str(value))
    elif isinstance(value, bytes):
        digest.update(f"{len(value)} ".encode() + value)
    elif isinstance(value, pd.DataFrame):
        _feed_frame(digest, value)
    elif isinstance(value, pd.Series):
        _feed(digest, value.name)
        _feed_frame(digest, value.to_frame(name="values"))
    elif isinstance(value, np.ndarray) and value.dtype != object:
        _feed(digest, f"{value.dtype}{value.shape}")
        _feed(digest, np.ascontiguousarray(value).tobytes())
    else:
        _feed_parts(digest, value)


def _feed_parts(digest: Any, value: Any) -> None:
    if isinstance(value, PatentSet):
        _feed(digest, {n: getattr(value, n) for n in schema.tables() if value.has(n)})
        steps = [step.to_dict() for step in value.provenance]
        _feed(digest, json.dumps(steps, sort_keys=True, default=str))
    elif isinstance(value, nx.Graph):
        _feed(digest, [value.is_directed(), value.is_multigraph(), dict(value.graph)])
        _feed(digest, [[node, dict(data)] for node, data in value.nodes(data=True)])
        _feed(digest, [[*ends, dict(data)] for *ends, data in value.edges(data=True)])
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        _feed(digest, {f.name: getattr(value, f.name) for f in dataclasses.fields(value)})
    elif isinstance(value, Mapping):
        digest.update(str(len(value)).encode())
        for key in sorted(value, key=str):
            _feed(digest, key)
            _feed(digest, value[key])
    elif isinstance(value, Sequence | set | frozenset):
        members = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        digest.update(str(len(members)).encode())
        for one in members:
            _feed(digest, one)
    else:
        msg = f"the content of a {type(value).__name__} cannot be told."
        raise UnhashableError(msg)


def _feed_frame(digest: Any, frame: pd.DataFrame) -> None:
    index = frame.index.to_frame(index=False)
    _feed(digest, [[str(i) for i in frame.index.names], [str(c) for c in frame.columns.names]])
    _feed(digest, [str(c) for c in frame.columns])
    _feed(digest, dict(frame.attrs))
    digest.update(str(len(frame)).encode())
    for part in (index, frame):
        for place in range(part.shape[1]):
            _feed_column(digest, part.iloc[:, place])


def _feed_column(digest: Any, column: pd.Series) -> None:
    digest.update(f"<{column.dtype}>".encode())
    if isinstance(column.dtype, pd.CategoricalDtype):
        _feed(digest, [str(column.dtype.categories.dtype), column.dtype.ordered])
        _feed(digest, [str(c) for c in column.dtype.categories])
    if column.dtype == object:
        column = column.map(lambda cell: f"{type(cell).__name__} {cell!r}").astype("str")
    hashed = pd.util.hash_pandas_object(column, index=False, categorize=True)
    digest.update(hashed.to_numpy().tobytes())
