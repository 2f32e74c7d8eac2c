"""``patentnav score``: the card and its moment."""

from __future__ import annotations

import pandas as pd
import pytest

from patentnav import PatentSet
from patentnav.cli import main

PUBLICATIONS = pd.DataFrame(
    {
        "application_date": "2015-01-01",
        "claim_count": [1, 2, 3],
        "forward_citation_count": [4, 5, 6],
    },
    index=["CN1A", "CN2A", "CN3A"],
)


@pytest.fixture
def source(tmp_path):
    place = tmp_path / "set.pnav"
    PatentSet.from_tables({"publications": PUBLICATIONS}).save(place)
    return place


@pytest.fixture
def card(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(
        'kind = "weighted"\n[[indicators]]\nindicator = "claim_count"\ndimension = "legal"\n'
        '[[indicators]]\nindicator = "vendor_forward_citations"\ndimension = "technical"\n'
        "leave_out = true\n",
        encoding="utf-8",
    )
    return file


def test_a_card_by_path_at_a_moment(source, card, tmp_path):
    table = tmp_path / "scores.csv"
    arguments = ["score", str(source), "-o", str(table), "--scorecard", str(card)]
    assert main(arguments) == 0
    assert "vendor_forward_citations" in pd.read_csv(table)
    assert main([*arguments, "--known-at", "publication"]) == 0
    scores = pd.read_csv(table)
    assert "vendor_forward_citations" not in scores
    assert scores["claim_count_cohort"].tolist() == ["all"] * 3


def test_a_card_that_looks_ahead_is_wrong_use(source, tmp_path, capsys):
    table = tmp_path / "scores.csv"
    arguments = ["score", str(source), "-o", str(table), "--known-at", "publication"]
    assert main(arguments) == 2
    assert "looks beyond the moment" in capsys.readouterr().err
    assert not table.exists()
