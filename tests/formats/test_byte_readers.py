"""Readers of files that are no tables: dangerous, damaged and foreign content."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import patentnav as pnav
from patentnav.errors import FormatError
from patentnav.io.readers import (
    cnipa_xml,
    dii_tagged,
    epo_ops,
    gbt7714,
    lens_jsonl,
    markup,
    patentsview,
    uspto_xml,
)

HERE = Path(__file__).parent
SAMPLES = {
    "epo_ops/biblio.xml": epo_ops, "epo_ops/family-legal.xml": epo_ops, "epo_ops/lines.jsonl": epo_ops,
    "cnipa_xml/full.xml": cnipa_xml, "uspto_xml/grant-v45.xml": uspto_xml,
    "uspto_xml/patdoc-2002.xml": uspto_xml, "uspto_xml/publication-2001.xml": uspto_xml,
    "patentsview/answer.json": patentsview, "lens_jsonl/documents.jsonl": lens_jsonl,
    "derwent_dii/records.txt": dii_tagged, "cnki_gbt7714/references.txt": gbt7714,
}  # fmt: skip
READERS = sorted({m.__name__: m for m in SAMPLES.values()}.values(), key=lambda m: m.__name__)


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_is_claimed_by_one_reader_only(sample):
    head = (HERE / sample).read_bytes()[: 1 << 16]
    assert [r for r in READERS if r.sniff(head, sample)] == [SAMPLES[sample]]


@pytest.mark.parametrize("reader", READERS, ids=lambda m: m.__name__.rpartition(".")[2])
@pytest.mark.parametrize(
    "head", [b"", b"PK\x03\x04" + bytes(60), b"\xd0\xcf\x11\xe0", b"a,b\n1,2\n", b"<html><body>",
             b"{}", b"<!DOCTYPE", b"<!--" * 9000, b"<" * 60000, bytes(range(256)) * 40],
)  # fmt: skip
def test_foreign_files_are_claimed_by_none(reader, head):
    assert not reader.sniff(head, "file.csv")


_BOMB = b"""<?xml version="1.0"?><!DOCTYPE us-patent-grant [
<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>
<us-patent-grant><us-bibliographic-data-grant><invention-title>&c;</invention-title>
</us-bibliographic-data-grant></us-patent-grant>"""
_FILE = b"""<?xml version="1.0"?><!DOCTYPE us-patent-grant [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<us-patent-grant><us-bibliographic-data-grant><invention-title>&x;</invention-title>
</us-bibliographic-data-grant></us-patent-grant>"""
_PARAMETER = b"""<?xml version="1.0"?><!DOCTYPE us-patent-grant [<!ENTITY % p SYSTEM "http://localhost/x.dtd"> %p;]>
<us-patent-grant/>"""


@pytest.mark.parametrize("content", [_BOMB, _FILE, _PARAMETER], ids=["bomb", "file", "parameter"])
def test_dangerous_entities_are_refused(content, tmp_path):
    path = tmp_path / "danger.xml"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=r"danger\.xml.*entities"):
        pnav.read(path)


def test_undeclared_entities_are_resolved_by_name(tmp_path):
    text = (HERE / "uspto_xml/grant-v45.xml").read_text(encoding="utf-8")
    path = tmp_path / "named.xml"
    path.write_text(text.replace("&#x2014;", "&mdash;"), encoding="utf-8")
    assert pnav.read(path).publications["title"].item() == "Payment token & terminal—offline"


@pytest.mark.parametrize("sample", ["epo_ops/lines.jsonl", "uspto_xml/grant-v45.xml"])
def test_gzip_reads_the_same(sample, tmp_path):
    path = tmp_path / (Path(sample).name + ".gz")
    path.write_bytes(gzip.compress((HERE / sample).read_bytes()))
    packed, plain = pnav.read(path), pnav.read(HERE / sample)
    assert packed.publications.index.equals(plain.publications.index)


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_truncated_files_keep_what_they_hold_or_say_so(sample, share):
    content = (HERE / sample).read_bytes()
    try:
        table = SAMPLES[sample].read(content[: int(len(content) * share)], sample)
    except FormatError as error:
        told = str(error)  # the message names the file
    else:
        told = sample * bool(len(table) + len(table.rejected))
    assert sample in told


@given(
    st.sampled_from(sorted(SAMPLES)),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 40)), max_size=6),
)
def test_mutated_bytes_raise_nothing_but_format_errors(sample, edits):
    content = bytearray((HERE / sample).read_bytes())
    for place, piece, cut in edits:
        at = int(place * len(content))
        content[at : at + cut] = piece
    reader = SAMPLES[sample]
    reader.sniff(bytes(content[: 1 << 16]), sample)
    try:
        table = reader.read(bytes(content), sample)
    except FormatError:
        return
    assert all(len(column) == len(table) for column in table.columns)


@pytest.mark.parametrize(
    ("content", "name"),
    [(b'<?xml version="1.0"?><a:root xmlns:a="x"/>', "root"),
     (b"<!-- c --><?p i?><!DOCTYPE r [<!ENTITY e 'x'>]><r>", "r"), (b"\xef\xbb\xbf <r/>", "r"),
     ("<r/>".encode("utf-16"), "r"), (b"text", ""), (b"<!-- open", "")],
)  # fmt: skip
def test_root_name(content, name):
    assert markup.root_name(content) == name


def test_paragraph_with_many_dots_is_read_in_linear_time():
    hostile = ("[1]" + "a. " * 200_000 + "[P]" * 1000).encode()
    with pytest.raises(FormatError):
        gbt7714.read(hostile, "hostile.txt")
