"""Languages of texts: by script, by words, and by the office where neither tells."""

from __future__ import annotations

import pandas as pd
import pytest

import patentnav as pnav
from patentnav.io.language import languages

TITLES = [
    ("Vorrichtung und Verfahren zum Schweißen", "DE", "de"),
    ("Verfahren zur Herstellung von Beton", "WO", "de"),
    ("Kraftfahrzeugbremse mit Einrichtung", "AT", "de"),
    ("Dispositif et procédé pour la mesure", "FR", "fr"),
    ("PROCEDE DE FABRICATION D'UN PNEU", "FR", "fr"),
    ("Dispositivo y procedimiento para el corte", "ES", "es"),
    ("Máquina para la fabricación de ladrillos", "MX", "es"),
    ("Processo para a produção de álcool", "BR", "pt"),
    ("COMPOSICAO E USO DA MESMA", "BR", "pt"),
    ("Macchina per la lavorazione del legno", "IT", "it"),
    ("Werkwijze voor het vervaardigen van een band", "NL", "nl"),
    ("Sposób i urządzenie do spawania", "PL", "pl"),
    ("Device and method for welding", "DE", "en"),
    ("Pizza cutter", "US", "en"),
    ("PNEUMATIC TIRE", "JP", "en"),
    ("一种焊接方法", "CN", "zh"),
    ("焊接装置及其控制方法", "JP", "zh"),
    ("溶接装置", "JP", "ja"),
    ("溶接方法及び装置", "JP", "ja"),
    ("溶接のためのシステム", "WO", "ja"),
    ("용접 장치", "KR", "ko"),
    ("Устройство для сварки", "RU", "ru"),
    ("Пристрій для зварювання", "UA", "uk"),
    ("Συσκευή και μέθοδος", "GR", "el"),
    ("12345", "US", None),
]


@pytest.mark.parametrize(("title", "office", "language"), TITLES)
def test_titles(title, office, language):
    found = languages(pd.Series([title], dtype="str"), pd.Series([office], dtype="str")).item()
    assert (None if pd.isna(found) else found) == language


def test_a_title_does_not_depend_on_the_others():
    texts, offices, expected = zip(*TITLES, strict=True)
    found = languages(pd.Series(texts, dtype="str"), pd.Series(offices, dtype="str"))
    assert [None if pd.isna(x) else x for x in found] == list(expected)


def test_of_a_set(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(
        "Publication Number,Title,Abstract\n"
        "DE102018000001A1,Vorrichtung zum Schneiden,The device cuts.\n"
        "FR3000001A1,Dispositif de coupe pour un arbre,Le dispositif coupe les arbres.\n",
        encoding="utf-8",
    )
    patents = pnav.read(path)
    assert patents.publications["language"].tolist() == ["de", "fr"]
    texts = patents.texts.set_index(["publication_id", "field"])["language"]
    assert texts["DE102018000001A1", "abstract"] == "en"
    assert texts["FR3000001A1", "abstract"] == "fr"
