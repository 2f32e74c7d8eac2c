"""Which texts hold which pieces, all pieces looked for in one pass over the texts."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_BETWEEN = "\0"  # stands between texts: in no piece
_BLOCK = 4096  # texts searched at a time
_SHIFT = 21  # bits of a character


def holders(texts: list[str], pieces: Collection[str]) -> dict[str, np.ndarray]:
    """Texts that hold each piece anywhere.

    Where two characters stand with which a piece begins is found for all pieces at once; only there
    the rest of a piece is compared. So the cost hardly grows with the number of pieces.

    Parameters
    ----------
    texts
        Texts.
    pieces
        What is looked for, no empty one.

    Returns
    -------
    dict
        Numbers of the texts by piece, rising; every piece has an entry.

    Examples
    --------
    >>> {k: v.tolist() for k, v in holders(["abc", "cab"], ["ab", "c", "x"]).items()}
    {'ab': [0, 1], 'c': [0, 1], 'x': []}
    """
    wanted = _by_start(pieces)
    longest = max(map(len, pieces), default=0)
    found: dict[str, list[np.ndarray]] = {piece: [] for piece in pieces}
    for first in range(0, len(texts) if wanted else 0, _BLOCK):
        block = texts[first : first + _BLOCK]
        codes = _codes(_BETWEEN.join(block) + _BETWEEN * longest)
        ends = np.cumsum([len(text) + 1 for text in block])
        for start, places in _starts(codes, wanted):
            for piece in wanted[start]:
                at = places
                for i, code in enumerate(_codes(piece)[2:].tolist(), start=2):
                    at = at[codes[at + i] == code]
                owners = np.searchsorted(ends, at, side="right")
                found[piece].append(first + np.unique(owners))
    none = np.empty(0, dtype=np.int64)
    return {piece: np.concatenate(parts) if parts else none for piece, parts in found.items()}


def _by_start(pieces: Collection[str]) -> dict[int, list[str]]:
    """Pieces by their first two characters, as one number; of a lone one by itself."""
    wanted = defaultdict(list)
    for piece in pieces:
        codes = _codes(piece[:2]).astype(np.int64)
        wanted[
            int(codes[0]) << _SHIFT | int(codes[1]) if len(codes) > 1 else -int(codes[0])
        ].append(piece)
    return dict(wanted)


def _starts(codes: np.ndarray, wanted: Collection[int]) -> Iterator[tuple[int, np.ndarray]]:
    """Places where each of the wanted beginnings stands, rising."""
    for lone in (-start for start in wanted if start < 0):
        yield -lone, np.flatnonzero(codes == lone)
    pairs = np.array(sorted(start for start in wanted if start >= 0), dtype=np.int64)
    if not len(pairs):
        return
    begins = np.zeros(max(int(codes.max()), int(pairs.max() >> _SHIFT)) + 1, dtype=bool)
    begins[pairs >> _SHIFT] = True
    places = np.flatnonzero(begins[codes[:-1]])
    here = codes[places].astype(np.int64) << _SHIFT | codes[places + 1]
    number = np.minimum(np.searchsorted(pairs, here), len(pairs) - 1)
    right = pairs[number] == here
    places, number = places[right], number[right]
    places = places[np.argsort(number, kind="stable")]
    bounds = np.cumsum(np.bincount(number, minlength=len(pairs)))
    yield from zip(pairs.tolist(), np.split(places, bounds[:-1]), strict=True)


def _codes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
