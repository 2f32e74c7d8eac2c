"""Random tables of every vendor, with damage: read or refused, and nothing lost in silence."""

from __future__ import annotations

import warnings

import tables
from hypothesis import given

import patentnav as pnav


@given(table=tables.tables())
def test_tables_are_read_or_refused_and_nothing_is_lost(tmp_path_factory, table):
    path = tmp_path_factory.getbasetemp() / table.name
    path.write_bytes(tables.write(table))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            patents = pnav.read(path)
        except pnav.PatentnavError:
            return
    assert tables.identity(patents) + tables.losses(table, patents, path.name) == []
