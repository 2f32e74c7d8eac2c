"""Pieces looked for all at once are found where each by itself is."""

from __future__ import annotations

import tomllib
from typing import Any
from unittest import mock

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import patentnav as pnav
from patentnav import query
from patentnav._resources import PACKAGE_DATA
from patentnav.query import occurrences

_LETTERS = "ab中文\U00020001 "


@given(
    st.lists(st.text(_LETTERS, max_size=9), max_size=11),
    st.sets(st.text(_LETTERS, min_size=1, max_size=4), max_size=6),
    st.integers(1, 4),
)
def test_every_piece_is_found_in_the_texts_that_hold_it(
    texts: list[str], pieces: set[str], block: int
) -> None:
    with mock.patch.object(occurrences, "_BLOCK", block):
        found = occurrences.holders(texts, pieces)
    assert {piece: rows.tolist() for piece, rows in found.items()} == {
        piece: [i for i, text in enumerate(texts) if piece in text] for piece in pieces
    }


def test_expressions_find_the_same_whether_or_not_their_terms_were_looked_for() -> None:
    patents = pnav.datasets.city(n=300).patents
    effects: dict[str, Any] = tomllib.loads((PACKAGE_DATA / "text" / "effects.toml").read_text())
    listed = [query.parse(e) for entry in effects.values() for e in entry["expressions"]]
    listed += [query.parse("NOT (battery OR 电池) AND applicant:(大学 OR university)")]
    corpus = query.Corpus(patents)
    corpus.look_for(listed)
    hits = 0
    for one in listed:
        found = query.found(one, corpus)
        assert np.array_equal(found, query.found(one, patents))
        hits += int(found.sum())
    assert hits > 100
