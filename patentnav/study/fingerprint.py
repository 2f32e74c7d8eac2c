"""A hash of what a value holds: sets, tables, files, taxonomies, plain values."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from patentnav.errors import PatentnavError
from patentnav.patentset import PatentSet


class UnhashableError(PatentnavError, TypeError):
    """A value whose content cannot be told."""


def fingerprint(value: Any) -> str:
    """Return a hash of the content of a value; equal contents have equal hashes.

    Parameters
    ----------
    value
        A plain value, a date, a path (the file's content counts, or its name where it does not
        exist), a numpy array, a pandas object, a ``PatentSet``, or a dataclass, mapping or sequence
        of these.

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
        digest.update(value.read_bytes() if value.is_file() else str(value).encode())
    elif isinstance(value, pd.DataFrame | pd.Series):
        frame = value.to_frame(name=str(value.name)) if isinstance(value, pd.Series) else value
        _feed_frame(digest, frame)
    elif isinstance(value, np.ndarray) and value.dtype != object:
        digest.update(f"{value.dtype}{value.shape}".encode())
        digest.update(np.ascontiguousarray(value).tobytes())
    else:
        _feed_parts(digest, value)


def _feed_parts(digest: Any, value: Any) -> None:
    if isinstance(value, PatentSet):
        _feed(digest, {name: getattr(value, name) for name in value.tables})
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        _feed(digest, {f.name: getattr(value, f.name) for f in dataclasses.fields(value)})
    elif isinstance(value, Mapping):
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
    digest.update(json.dumps([str(c) for c in frame.columns]).encode())
    digest.update(json.dumps([str(d) for d in frame.dtypes]).encode())
    for column in (frame.index.to_series(), *(frame[c] for c in frame.columns)):
        plain = column.map(str) if column.dtype == object else column
        hashed = pd.util.hash_pandas_object(plain, index=False, categorize=True)
        digest.update(hashed.to_numpy().tobytes())
