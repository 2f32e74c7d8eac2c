"""Options of the command line that come from a dataclass."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import cli
from patentnav._arguments import add_inputs, documented, given_inputs
from patentnav.report import Cover
from patentnav.sheets import write_tables
from patentnav.study import Inputs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass
class Choices:
    """Choices of a test.

    Attributes
    ----------
    title, place
        Of the cover, 50 % of the width (:func:`patentnav.read`, ``title``).
        Two lines.
    size
        A number.
    alone
        A switch.
    level
        One of two.
    tables
        Tables by name.
    rows
        A table.
    counts
        A column.
    names
        A file that the function reads itself.

    Notes
    -----
    size
        Not this one.
    """

    title: str = ""
    place: str = "here"
    size: int | None = None
    alone: bool = False
    level: Literal["party", "group"] = "group"
    tables: Mapping[str, str] | None = None
    rows: pd.DataFrame | None = None
    counts: pd.Series | None = None
    names: str | Path | pd.DataFrame | None = None


def parsed(*words: str) -> dict[str, object]:
    parser = argparse.ArgumentParser()
    add_inputs(parser, Choices)
    return given_inputs(parser.parse_args(words), Choices)


def test_every_attribute_is_an_option_with_its_description() -> None:
    parser = argparse.ArgumentParser()
    add_inputs(parser, Choices)
    text = " ".join(parser.format_help().split())
    assert "--title TEXT Of the cover, 50 % of the width (patentnav.read, title). Two lines" in text
    assert "--place TEXT Of the cover" in text
    assert "(default: here)" in text
    assert "--size NUMBER A number" in text
    assert documented(Choices)["size"] == "A number."


def test_what_is_given_has_its_type_and_nothing_else_is_there(tmp_path) -> None:
    assert parsed() == {}
    given = parsed("--title", "t", "--size", "3", "--no-alone", "--level", "party",
                   "--tables", "CS=a.csv", "--tables", "IS=b=c.csv", "--names", "n.csv")  # fmt: skip
    assert given == {"title": "t", "size": 3, "alone": False, "level": "party",
                     "tables": {"CS": "a.csv", "IS": "b=c.csv"}, "names": "n.csv"}  # fmt: skip
    frame = pd.DataFrame({"industry": ["a", "b"], "count": [1, 2]})
    for suffix in ("csv", "xlsx", "parquet"):
        file = tmp_path / f"x.{suffix}"
        if suffix == "parquet":
            frame.to_parquet(file)
        else:
            write_tables(file, {"x": frame})
        given = parsed("--rows", str(file), "--counts", str(file))
        pd.testing.assert_frame_equal(given["rows"], frame, check_dtype=False)
        assert given["counts"].to_dict() == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("words", "message"),
    [(("--rows", "none.csv"), "no table"), (("--rows", __file__), "read from"),
     (("--tables", "CS"), "NAME=VALUE")],
)  # fmt: skip
def test_a_wrong_value_is_said(words, message) -> None:
    with pytest.raises(pnav.ArgumentError, match=message):
        parsed(*words)


def test_a_damaged_table_is_said(tmp_path) -> None:
    for suffix in ("xlsx", "parquet"):
        file = tmp_path / f"x.{suffix}"
        file.write_bytes(b"no table")
        with pytest.raises(
            pnav.FormatError,
            match=rf'"x\.{suffix}" (cannot be read as a table|is a truncated or damaged)',
        ):
            parsed("--rows", str(file))


def test_every_input_of_a_report_is_described_and_an_option(capsys) -> None:
    described = documented(Cover) | documented(Inputs)
    assert all(described.values()), [name for name, text in described.items() if not text]
    with pytest.raises(SystemExit):
        cli.main(["report", "--help"])
    shown = capsys.readouterr().out
    assert [n for n in described if f"--{n.replace('_', '-')} " not in shown + " "] == list(
        cli._OBJECTS
    )
