"""The same publications written in each vendor's form read to identical canonical tables."""

from __future__ import annotations

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import _resources, schema
from patentnav.io import formats

WRITABLE = [n for n in formats.names() if "write" in _resources.load_toml("formats", n)]
# What a vendor's cell cannot tell apart, or what reading derives anew.
_DERIVED = {"legal_status"}


@pytest.fixture(scope="module")
def ten():
    """Ten publications of every kind: with grants, models, a design, priorities, citations."""
    patents = pnav.datasets.city(1500).patents
    publications = patents.publications
    chosen = [
        publications.index[publications["kind_code"] == kind][:k]
        for kind, k in (("A", 3), ("B", 3), ("U", 1), ("S", 1), ("A1", 1))
    ]
    entered = publications.index[publications["national_entry_date"].notna()][:1]
    ids = pd.Index([i for part in [*chosen, entered] for i in part]).unique()
    assert len(ids) == 10
    return patents.filter(ids)


@pytest.fixture(scope="module", params=WRITABLE)
def written(request, ten, tmp_path_factory):
    """The format, and the ten publications read back from the vendor's form."""
    suffix = _resources.load_toml("formats", request.param)["write"]["kind"]
    path = tmp_path_factory.mktemp("exports") / f"{request.param}.{suffix}"
    pnav.datasets.write_export(ten, path, request.param)
    return request.param, pnav.read(path)


def _targets(name: str):
    layout = _resources.load_toml("formats", name)["write"]["columns"]
    form = formats.load(name)
    return [t for h in layout for t in form.targets(h) if t.table != formats.NOT_DATA]


def test_is_recognised_and_complete(written, ten):
    name, read = written
    assert read.intake["format"].tolist() == [name]
    assert read.publications.index.equals(ten.publications.index)
    assert read.set_aside.empty
    assert read.cell_failures.empty


def test_publications_are_identical(written, ten):
    name, read = written
    carried = {t.field for t in _targets(name) if t.table == "publications"} - _DERIVED
    for column in sorted(carried | {"authority", "kind_code", "patent_type", "granted", "title"}):
        expected, got = (p.publications.reset_index()[column] for p in (ten, read))
        if column in {"title"}:
            got, expected = got.dropna(), expected[got.notna()]
        pd.testing.assert_series_equal(got, expected, check_names=False, obj=f"{name} {column}")


def test_legal_status_keeps_its_meaning(written, ten):
    name, read = written
    if not any(t.field == "legal_status" for t in _targets(name)):
        return
    pd.testing.assert_series_equal(
        read.publications["legal_status"], ten.publications["legal_status"]
    )


def _rows(patents, target, columns):
    frame = getattr(patents, target.table)
    for column, value in target.constants.items():
        if column in frame and value != "auto" and column != "is_translation":
            frame = frame[frame[column].eq(value).fillna(False)]
    return frame[columns].dropna().drop_duplicates().sort_values(columns, ignore_index=True)


def _compared(target):
    return {
        "parties": ["publication_id", "role", "position", target.field],
        "inventors": ["publication_id", "position", target.field],
        "classifications": ["publication_id", "scheme", "symbol"],
        "priorities": ["publication_id", target.field],
        "families": ["publication_id"],
        "texts": ["publication_id", "field", "language", "text"],
    }.get(target.table)


def test_child_tables_are_identical(written, ten):
    name, read = written
    compared = 0
    for target in _targets(name):
        columns = _compared(target)
        if target.table in {"publications", "citations"} or columns is None or not target.field:
            continue
        if target.constants.get("is_first"):
            continue
        expected = _rows(ten, target, columns)
        if target.table == "texts" and target.constants["language"] == "auto":
            own = ten.publications["language"].reindex(expected["publication_id"]).to_numpy()
            field = target.constants["field"]
            translated = bool(target.constants.get("is_translation", False))
            keep = ((expected["language"] == own) != translated) & (expected["field"] == field)
            expected = expected[keep].reset_index(drop=True)
        if expected.empty:
            continue
        got = _rows(read, target, columns)
        if target.table == "texts":
            got = got[got["field"] == target.constants["field"]]
            keys = set(map(tuple, got.to_numpy()))
            assert set(map(tuple, expected.to_numpy())) <= keys, (name, target)
        else:
            pd.testing.assert_frame_equal(got, expected, obj=f"{name} {target.field}")
        compared += 1
    assert compared >= 2


def test_citations_are_identical(written, ten):
    name, read = written
    ids = set(ten.publications.index)
    for target in _targets(name):
        if target.table != "citations":
            continue
        key, column = ("citing_id", "cited_id") if target.direction == "backward" else (
            "cited_id", "citing_id")  # fmt: skip
        kind = "literature" if target.field == "cited_text" else "patent"
        column = "cited_text" if kind == "literature" else column
        pairs = [
            set(
                map(
                    tuple,
                    f.loc[f[key].isin(ids) & (f["cited_kind"] == kind), [key, column]].to_numpy(),
                )
            )
            for f in (ten.citations, read.citations if read.has("citations") else ten.citations[:0])
        ]
        assert pairs[0] == pairs[1], (name, target)


def test_first_class_is_the_same(written, ten):
    _name, read = written
    if not read.has("classifications"):
        return
    for patents in (read, ten):
        assert patents.classifications["is_first"].notna().all()
    first = [
        p.classifications.query("scheme == 'IPC' and is_first").set_index("publication_id")[
            "symbol"
        ]
        for p in (read, ten)
    ]
    pd.testing.assert_series_equal(first[0].sort_index(), first[1].sort_index())


def test_same_set_same_bytes(ten, tmp_path):
    for name in WRITABLE:
        one = pnav.datasets.write_export(ten, tmp_path / "one", name).read_bytes()
        two = pnav.datasets.write_export(ten, tmp_path / "two", name).read_bytes()
        assert one == two, name


def test_all_vendors_at_once_are_ten_publications(ten, tmp_path):
    for name in WRITABLE:
        kind = _resources.load_toml("formats", name)["write"]["kind"]
        pnav.datasets.write_export(ten, tmp_path / f"{name}.{kind}", name)
    read = pnav.read(tmp_path)
    assert len(read) == 10
    intake = read.intake
    total = intake["rows_out"] + intake["rows_merged"] + intake["rows_set_aside"]
    assert (intake["rows_in"] == total).all()
    assert (intake["rows_in"] == 10).all()


def test_a_format_that_cannot_be_written_says_which_can(ten, tmp_path):
    with pytest.raises(pnav.UnknownNameError):
        pnav.datasets.write_export(ten, tmp_path / "x", "incopatt")
    unwritable = sorted(set(formats.names()) - set(WRITABLE))
    if unwritable:
        with pytest.raises(pnav.ArgumentError, match="incopat"):
            pnav.datasets.write_export(ten, tmp_path / "x", unwritable[0])


def test_formulas_stay_text(tmp_path):
    rows = pd.DataFrame(
        {"title": ["=1+1"]}, index=pd.Index(["CN110298449A"], name="publication_id")
    )
    texts = pd.DataFrame({"publication_id": ["CN110298449A"], "field": ["title"],
                          "language": ["zh"], "text": ["=1+1"]})  # fmt: skip
    patents = pnav.PatentSet.from_tables(
        {"publications": rows.assign(language="zh"), "texts": texts}
    )
    path = pnav.datasets.write_export(patents, tmp_path / "f.xlsx", "incopat")
    from openpyxl import load_workbook

    cells = [c for row in load_workbook(path).active.iter_rows() for c in row if c.value == "=1+1"]
    assert len(cells) == 1
    assert cells[0].data_type == "s"


def test_every_column_of_a_layout_is_known():
    for name in WRITABLE:
        form = formats.load(name)
        layout = _resources.load_toml("formats", name)["write"]["columns"]
        unknown = [h for h in layout if not form.targets(h)]
        assert not unknown, (name, unknown)
        for target in _targets(name):
            schema.table(target.table)


@pytest.mark.parametrize(
    ("name", "file", "says"),
    [("incopat", "a.csv", "workbook files.*a.xlsx"), ("lens", "a.xlsx", "text files.*a.csv")],
)
def test_an_ending_that_promises_another_kind_is_refused(ten, tmp_path, name, file, says):
    with pytest.raises(pnav.ArgumentError, match=says):
        pnav.datasets.write_export(ten, tmp_path / file, name)
    assert not (tmp_path / file).exists()
