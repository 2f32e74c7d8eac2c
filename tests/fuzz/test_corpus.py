"""The corpus of the fuzzer: samples of every kind, and files that once broke the reading."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import tables

import patentnav as pnav

CORPUS = Path(__file__).parent / "corpus"
FILES = sorted(p.relative_to(CORPUS).as_posix() for p in CORPUS.rglob("*") if p.is_file())


@pytest.mark.parametrize("name", FILES)
def test_read_or_refused_and_accounted_for(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            patents = pnav.read(CORPUS / name)
        except pnav.PatentnavError as error:
            found = [] if Path(name).name in str(error) else [f"the file is not named: {error}"]
        else:
            found = tables.identity(patents)
    assert found == []
