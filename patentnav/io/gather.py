"""Tables of all files that are read, gathered piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from patentnav import schema
from patentnav.merge import RECORD

if TYPE_CHECKING:
    from patentnav.io.assemble import Assembled

_TOGETHER = 64  # pieces that are put together at a time


class Gathering:
    """Tables of pieces, with record numbers that are unique across them.

    Pieces of small files are put together on the way: a frame of ten rows takes as much memory as
    one of a thousand.
    """

    def __init__(self) -> None:
        self._frames: dict[str, list[pd.DataFrame]] = {}
        self._loose: dict[str, list[pd.DataFrame]] = {}
        self._records = 0

    def add(self, piece: Assembled) -> None:
        """Take the tables of a piece, which is emptied."""
        publications = piece.tables["publications"]
        lost = publications.loc[publications["publication_id"].isna(), RECORD].to_numpy()
        for name in list(piece.tables):
            frame = piece.tables.pop(name)
            kept = frame[~frame[RECORD].isin(lost)] if len(lost) else frame
            record = (kept[RECORD] + self._records).astype("int32")
            self._loose.setdefault(name, []).append(kept.assign(**{RECORD: record}))
        self._records += len(publications)
        if len(self._loose["publications"]) == _TOGETHER:
            for name in list(self._loose):
                whole = pd.concat(self._loose.pop(name), ignore_index=True)
                self._frames.setdefault(name, []).append(_in_one(whole))

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables, coerced, with ``record`` as a column; gives up its own."""
        for name, loose in self._loose.items():
            self._frames.setdefault(name, []).extend(loose)
        self._loose.clear()
        frames = self._frames
        parents = frames["publications"]
        numbers = pd.concat([f["publication_id"] for f in parents], ignore_index=True)
        kinds = _kinds_found(numbers)
        if kinds:
            known = pd.Series(kinds, dtype="str")
            frames["publications"] = [
                f.assign(publication_id=f["publication_id"].map(known).fillna(f["publication_id"]))
                for f in parents
            ]
        del parents
        joined = {}
        for name in list(frames):
            whole = schema.coerce(name, pd.concat(frames.pop(name), ignore_index=True))
            joined[name] = whole.reset_index() if name == "publications" else whole
            pa.default_memory_pool().release_unused()
        return joined


def _in_one(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every column of texts in one piece of memory."""
    texts = {}
    for name, column in frame.items():
        if isinstance(column.dtype, pd.StringDtype):
            values = pa.array(column.array, pa.large_string())
            one = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
            texts[str(name)] = pd.array(one, dtype="str")
    return frame.assign(**texts)


def _kinds_found(numbers: pd.Series) -> dict[str, str]:
    """Numbers without kind code, where exactly one publication read has that number and a kind."""
    bare = numbers.str.match(r"^[A-Z]{2}[A-Z]{0,4}\d+$", na=False)
    if not bare.any() or bare.all():
        return {}
    whole = pd.Series(numbers[~bare].unique(), dtype="str")
    stems = whole.str.replace(r"[A-Z]\d?$", "", regex=True)
    single = ~stems.duplicated(keep=False)
    found = dict(zip(stems[single], whole[single], strict=True))
    return {number: found[number] for number in numbers[bare].unique() if number in found}
