"""Slides as LibreOffice shows them: every word in its place, no box for a letter, no empty figure."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pptx
import pytest
from lxml import etree
from PIL import Image

from patentnav import plot

from .test_templates import firm_deck

if TYPE_CHECKING:
    from patentnav.report import Report

SOFFICE = shutil.which("soffice")
TOOLS = [shutil.which(name) for name in ("pdftotext", "pdftoppm", "pdffonts")]
EMU = 12700
SLACK = 3.0  # points: marks that hang over the end of a line, rounding


def converted(file: Path, folder: Path) -> Path:
    """The PDF, with the font of the figures at hand for Chinese."""
    if SOFFICE is None or None in TOOLS:
        pytest.skip("LibreOffice or poppler is not installed")
    font = plot.font_file()
    if font is None:
        pytest.skip("no font with Chinese glyphs")
    config = folder / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{Path(font).parent}</dir>'
        "</fontconfig>",
        encoding="utf-8",
    )
    subprocess.run(
        [SOFFICE, "--headless", f"-env:UserInstallation={(folder / 'office').as_uri()}",
         "--convert-to", "pdf", "--outdir", str(folder), str(file)],
        capture_output=True, timeout=240, check=True,
        env={**os.environ, "FONTCONFIG_FILE": str(config), "HOME": str(folder)},
    )  # fmt: skip
    return folder / f"{file.stem}.pdf"


def words(pdf: Path) -> list[list[tuple[str, float, float, float, float]]]:
    """Words of every page with their boxes in points."""
    made = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, check=True)
    root = etree.fromstring(made.stdout, etree.XMLParser(recover=True))
    return [
        [(w.text or "", *(float(w.get(k)) for k in ("xMin", "yMin", "xMax", "yMax")))
         for w in page.iter("{*}word")]
        for page in root.iter("{*}page")
    ]  # fmt: skip


def places(page: Any) -> list[tuple[float, float, float, float]]:
    return [(s.left / EMU, s.top / EMU, (s.left + s.width) / EMU, (s.top + s.height) / EMU)
            for s in page.shapes]  # fmt: skip


def check(file: Path, folder: Path) -> None:
    deck = pptx.Presentation(str(file))
    pdf = converted(file, folder)
    found = words(pdf)
    assert len(found) == len(deck.slides)
    for page, shown in zip(deck.slides, found, strict=True):
        boxes = places(page)
        for word, left, top, right, bottom in shown:
            middle = (top + bottom) / 2  # the height of a box of letters is that of its font
            inside = any(a - SLACK <= left and right <= c + SLACK and b - SLACK <= middle <= d + SLACK
                         for a, b, c, d in boxes)  # fmt: skip
            assert inside, (word, left, top, right, bottom)
        plain = re.sub(r"\s", "", "".join(w[0] for w in shown))
        title = re.sub(r"\s", "", page.shapes.title.text_frame.text)
        assert title in plain
        assert "\ufffd" not in plain
    fonts = subprocess.run(
        ["pdffonts", str(pdf)], capture_output=True, text=True, check=True
    ).stdout
    assert re.search(r"Noto ?Sans|CJK|Song|Hei|Ming", fonts), fonts
    assert not [
        line
        for line in fonts.splitlines()[2:]
        if not re.search(r"\byes yes yes\b|\byes yes\b", line)
    ]
    subprocess.run(["pdftoppm", "-r", "72", "-png", str(pdf), str(folder / "page")], check=True)
    images = sorted(folder.glob("page-*.png"))
    for page, image in zip(deck.slides, images, strict=True):
        grey = np.asarray(Image.open(image).convert("L"))
        for shape in page.shapes:
            if shape.has_chart or shape.shape_type == 13:
                left, top = shape.left // EMU, shape.top // EMU
                part = grey[top : top + shape.height // EMU, left : left + shape.width // EMU]
                assert (part < 200).mean() > 0.004, shape.name


@pytest.mark.office
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_word_stands_in_its_place(lang: str, tmp_path: Path, request) -> None:
    built: Report = request.getfixturevalue("report" if lang == "zh" else "english")
    check(built.save(tmp_path / "x.pptx"), tmp_path)


@pytest.mark.office
def test_also_in_a_template(report: Report, tmp_path: Path) -> None:
    file = report.save(tmp_path / "x.pptx", template=firm_deck(tmp_path / "firm.pptx"))
    check(file, tmp_path)
