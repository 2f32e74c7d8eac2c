"""Wrong use is told apart from data that failed: exit status and wording."""

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import cli, taxonomy


@pytest.mark.parametrize("words", [["check", "none.pnav"], ["run", "none.toml"]])
def test_a_path_that_does_not_exist_is_wrong_use(words, tmp_path, capsys):
    assert cli.main([words[0], str(tmp_path / words[1])]) == cli.WRONG_USE
    assert "does not exist" in capsys.readouterr().err


def test_an_unknown_taxonomy_is_called_a_taxonomy():
    with pytest.raises(pnav.PatentnavError, match='No taxonomy is called "nope"'):
        taxonomy.load("nope")


def test_score_says_why_publications_have_no_score(tmp_path, capsys):
    publications = pd.DataFrame({"title": ["a"], "authority": ["CN"]}, index=["CN110298449A"])
    publications.index.name = "publication_id"
    pnav.PatentSet.from_tables({"publications": publications}).save(tmp_path / "bare.pnav")
    assert cli.main(["score", str(tmp_path / "bare.pnav"), "-o", str(tmp_path / "s.csv")]) == cli.OK
    assert "less than 30% of the weights" in "".join(capsys.readouterr())
