"""A saved set is whole, is what was saved, or is refused with the table and the difference."""

import json
import threading

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import cli, store
from patentnav.errors import ArgumentError, DataQualityWarning, FileError, FormatError


@pytest.fixture(scope="module")
def few():
    return pnav.datasets.city(n=40).patents


@pytest.fixture
def saved(few, tmp_path):
    return few.save(tmp_path / "case.pnav")


def test_set_json_lists_tables_rows_and_hashes(few, saved):
    meta = json.loads((saved / "set.json").read_text(encoding="utf-8"))
    assert sorted(meta["tables"]) == sorted(p.stem for p in saved.glob("*.parquet"))
    assert meta["tables"]["publications"]["rows"] == len(few)
    assert meta["tables"]["texts"]["rows"] == len(few.texts)
    assert all(len(entry["sha256"]) == 64 for entry in meta["tables"].values())


def edit_json(change):
    def tamper(folder):
        file = folder / "set.json"
        meta = json.loads(file.read_text(encoding="utf-8"))
        change(meta)
        file.write_text(json.dumps(meta), encoding="utf-8")

    return tamper


def sealed(change):
    """A change of the list by somebody who knows how the file is sealed."""

    def tamper(folder):
        file = folder / "set.json"
        meta = json.loads(file.read_text(encoding="utf-8"))
        meta.pop("sha256")
        change(meta)
        meta["sha256"] = store._digest(store._text(meta).encode())
        file.write_bytes(store._text(meta).encode())

    return tamper


def edit_bytes(name, change):
    def tamper(folder):
        file = folder / name
        file.write_bytes(change(file.read_bytes()))

    return tamper


def edit_table(name, change):
    def tamper(folder):
        file = folder / f"{name}.parquet"
        change(pd.read_parquet(file)).to_parquet(file, compression="zstd")

    return tamper


def flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]


def swap(folder):
    a, b = folder / "parties.parquet", folder / "inventors.parquet"
    content = a.read_bytes()
    a.write_bytes(b.read_bytes())
    b.write_bytes(content)


def another(folder):
    (folder / "citations_of_others.parquet").write_bytes((folder / "parties.parquet").read_bytes())


# What is done to a set, and what the message names: the table and the difference.
TAMPERED = {
    "table missing": (lambda f: (f / "parties.parquet").unlink(), 'table "parties" is missing'),
    "publications missing": (
        lambda f: (f / "publications.parquet").unlink(), 'table "publications" is missing',
    ),
    "table added": (another, 'table "citations_of_others" is none of the package'),
    "known table added": (
        lambda f: (f / "vendor_values.parquet").write_bytes((f / "parties.parquet").read_bytes()),
        'table "vendor_values" is there, the set was saved without it',
    ),
    "tables swapped": (swap, 'table "(parties|inventors)" has rows [0-9]+, it was saved with'),
    "row removed": (edit_table("parties", lambda t: t.iloc[:-1]), 'table "parties" has rows'),
    "row repeated": (
        edit_table("texts", lambda t: pd.concat([t, t.iloc[:1]])), 'table "texts" has rows',
    ),
    "no rows": (edit_table("inventors", lambda t: t.iloc[:0]), 'table "inventors" has rows 0'),
    "cell changed": (
        edit_table("parties", lambda t: t.assign(name=["x", *t["name"].iloc[1:]])),
        'table "parties" has (bytes|sha256)',
    ),
    "column removed": (
        edit_table("parties", lambda t: t.drop(columns="name")), 'table "parties" has bytes',
    ),
    "key removed": (
        edit_table("parties", lambda t: t.drop(columns="publication_id")),
        'table "parties" has bytes',
    ),
    "dtype changed": (
        edit_table("parties", lambda t: t.assign(position="first")), 'table "parties" has bytes',
    ),
    "cut": (edit_bytes("texts.parquet", lambda c: c[:-20]), 'table "texts" has bytes'),
    "emptied": (edit_bytes("texts.parquet", lambda c: b""), 'table "texts" has bytes 0'),
    "bit flipped": (edit_bytes("texts.parquet", flipped), 'table "texts" has sha256'),
    "other content": (edit_bytes("texts.parquet", lambda c: b"PK"), 'table "texts" has bytes 2'),
    "rows in the list": (
        sealed(lambda m: m["tables"]["parties"].update(rows=1)),
        'table "parties" has rows [0-9]+, it was saved with 1',
    ),
    "table out of the list": (
        sealed(lambda m: m["tables"].pop("parties")),
        'table "parties" is there, the set was saved without it',
    ),
    "list of another kind": (
        sealed(lambda m: m["tables"].update(parties=3)), 'table "parties" is listed as 3',
    ),
    "steps changed": (
        edit_json(lambda m: m["provenance"][0].update(rows_in=1)),
        r"set\.json, which lists its tables \(.*parties.*\), was changed",
    ),
    "steps of another kind": (sealed(lambda m: m.update(provenance=[{"x": 1}])), "steps in"),
    "steps no list": (sealed(lambda m: m.update(provenance=3)), "steps in"),
    "hash removed": (edit_json(lambda m: m.pop("sha256")), "was changed"),
    "json cut": (edit_bytes("set.json", lambda c: c[:-9]), r"set\.json is no JSON"),
    "json no text": (edit_bytes("set.json", lambda c: b"\xff\xfe\x00"), r"set\.json is no JSON"),
    "json deep": (edit_bytes("set.json", lambda c: b"[" * 100_000), r"set\.json is no JSON"),
    "json a list": (edit_bytes("set.json", lambda c: b"[]"), "has no version"),
    "version a text": (edit_json(lambda m: m.update(schema_version="x")), "has no version"),
    "version of the future": (edit_json(lambda m: m.update(schema_version=99)), "newer patentnav"),
    "json missing": (lambda f: (f / "set.json").unlink(), "no saved set"),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_set_is_refused_with_the_difference(saved, name):
    tamper, difference = TAMPERED[name]
    tamper(saved)
    with pytest.raises(FormatError, match=difference):
        pnav.load(saved)
    assert cli.main(["check", str(saved)]) == cli.FAILED


def test_a_part_of_a_tampered_set_is_refused(saved):
    (saved / "texts.parquet").write_bytes(b"PK")
    with pytest.raises(FormatError, match='table "texts" has bytes 2'):
        pnav.load(saved, where="true")


def test_a_set_without_a_list_is_loaded_with_a_warning(few, saved):
    edit_json(lambda meta: (meta.pop("tables"), meta.pop("sha256")))(saved)
    with pytest.warns(DataQualityWarning, match="no list of its tables"):
        back = pnav.load(saved)
    pd.testing.assert_frame_equal(back.publications, few.publications)
    edit_table("parties", lambda t: t.drop(columns="publication_id"))(saved)
    with (
        pytest.warns(DataQualityWarning),
        pytest.raises(FormatError, match='table "parties" has no column publication_id'),
    ):
        pnav.load(saved)


@pytest.mark.parametrize("name", ["notes.txt", "mine.parquet"])
def test_a_folder_with_files_of_others_is_not_touched(few, tmp_path, name):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / name).write_bytes(b"mine")
    with pytest.raises(ArgumentError, match=name):
        few.save(folder)
    few.save(tmp_path / "set.pnav")
    (tmp_path / "set.pnav" / name).write_bytes(b"mine")
    with pytest.raises(ArgumentError, match=name):
        few.save(tmp_path / "set.pnav")
    assert [p.name for p in folder.iterdir()] == [name]


def test_a_set_in_the_place_of_another_leaves_no_table_of_it(few, tmp_path):
    place = few.save(tmp_path / "case.pnav")
    bare = pnav.PatentSet.from_tables({"publications": few.publications[["title"]]})
    bare.save(place)
    assert sorted(p.name for p in place.iterdir()) == ["publications.parquet", "set.json"]
    assert pnav.load(place).tables == ["publications"]


def test_loading_while_others_save_gives_one_of_the_sets(few, tmp_path):
    place = tmp_path / "case.pnav"
    half = few.filter(few.publications.index < sorted(few.publications.index)[20])
    both = [few, half]
    few.save(place)
    stop = threading.Event()

    def write():
        while not stop.is_set():
            for one in both:
                one.save(place)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        sizes = {(len(s), len(s.texts)) for s in (pnav.load(place) for _ in range(20))}
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert sizes <= {(len(s), len(s.texts)) for s in both}


def test_a_set_that_cannot_be_read_says_so(saved, monkeypatch):
    def denied(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_bytes", denied)
    with pytest.raises(FileError, match="no permission"):
        pnav.load(saved)
