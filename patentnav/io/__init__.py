"""Reading exports: files in, ``PatentSet`` out.

A vendor format is a TOML file of ``patentnav/data/formats``; its keys are explained at the head of
``docs/howto/new-format.md``. A file that is a table needs nothing else. For another file write a reader, one
module of ``patentnav.io.readers`` with two functions:

``sniff(head: bytes, name: str) -> bool``
    Whether the file is of this kind, from its first 64 KiB and its name. A reader is asked before
    the file is tried as a table, so it must be sure. Gzip is unpacked before.
``read(content: bytes, name: str) -> RawTable``
    The file as columns of text, by :func:`patentnav.io.raw.from_records`: one mapping per record,
    field to text. Several values of a field are a list; the parts of a structured value are joined
    by :data:`patentnav.io.raw.PART`. Damage is a :class:`patentnav.FormatError`; records that
    cannot be read go to ``rejected``.

The format file of it says ``reader = "<module>"`` and maps the reader's fields under ``[columns]``
as it would map headers: lists are split by themselves, ``parts = ["cited_id", "category"]`` names
the parts of a structured value. Everything after that (numbers, dates, symbols, accounts, merging)
is the same as for tables.
"""

from patentnav._guard import guard
from patentnav.io.read import explain, read
from patentnav.io.tagged import write_tagged

__all__ = ["explain", "read", "write_tagged"]

guard(__name__)
