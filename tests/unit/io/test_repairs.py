"""Repairs of cells: what is mended, and that the account tells which cells."""

from __future__ import annotations

import pyarrow as pa
import pytest

from patentnav.io import transforms


def column(*cells):
    return pa.array(cells, pa.large_string())


@pytest.mark.parametrize(
    ("cell", "mended"),
    [
        ("Smith\x7f John", "Smith John"), ("王\u200e明", "王明"), ("\ufeffAcme", "Acme"),
        ("line\x0bbreak", "line break"), ("page\u2028break", "page break"), ("a\x00\x01b", "ab"),
        ("mi\u00adcro", "micro"), ("x\u0085y\u009f", "x y"), ("\u200b\u2060", None), ("\x7f", None),
    ],
)  # fmt: skip
def test_invisible_signs_go(cell, mended):
    cleaned, repaired = transforms.without_invisible(column("before", cell, None))
    assert cleaned.to_pylist() == ["before", mended, None]
    assert repaired.tolist() == [1]


@pytest.mark.parametrize(
    "cell", ["tab\tand\nbreak\r\n", "“quoted” — dash…", "全角，标点。", "é ß Ω", "می\u200cخواهم",
             "list\x1fof\x1eparts", ""],
)  # fmt: skip
def test_visible_signs_stay(cell):
    same = column(cell, None)
    cleaned, repaired = transforms.without_invisible(same)
    assert cleaned.equals(same)
    assert not len(repaired)


@pytest.mark.parametrize("shift", range(4))
def test_a_sign_that_begins_in_one_slice_and_ends_in_the_next(monkeypatch, shift):
    monkeypatch.setattr(transforms, "_SLICE", 8)
    cells = column("a" * (6 + shift) + "\u200b" + "b" * 20, "c" * shift + "\u009f")
    cleaned, repaired = transforms.without_invisible(cells)
    assert cleaned.to_pylist() == ["a" * (6 + shift) + "b" * 20, "c" * shift or None]
    assert repaired.tolist() == [0, 1]
