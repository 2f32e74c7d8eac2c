"""Format files with mistakes: the error names file and key and says what to write."""

from __future__ import annotations

import pytest

import patentnav as pnav
from patentnav.config import config_context
from patentnav.errors import ArgumentError, FormatError, UnknownNameError
from patentnav.io import formats

TITLE = 'title = { zh = "x", en = "x" }\n'
COLUMNS = '[columns]\n"No" = { to = "publications.publication_id" }\n'


@pytest.fixture
def load(tmp_path):
    def _load(text):
        folder = tmp_path / "formats"
        folder.mkdir(exist_ok=True)
        (folder / "mine.toml").write_text(text)
        with config_context(data_path=tmp_path):
            return formats.load("mine")

    return _load


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (COLUMNS, r'mine\.toml: the key "title" is missing\. .* title = \{'),
        (TITLE, r'mine\.toml: the key "columns" is missing'),
        ('title = "x"\n' + COLUMNS, r"mine\.toml, title: 'x' does not name"),
        (TITLE + 'columns = ["a"]\n', r"mine\.toml, columns: .* is no table"),
        (TITLE + '[columns]\n"No" = "publications.publication_id"\n',
         r"mine\.toml, No: 'publications.publication_id' is no table\. Write \{ to ="),
        (TITLE + '[columns]\n"No" = 3\n', r"mine\.toml, No: 3 is no table"),
        (TITLE + '[columns]\n"No" = [{ to = "-" }, 3]\n', r"mine\.toml, No: 3 is no table"),
        (TITLE + '[columns]\n"No" = { field = "title" }\n', r'mine\.toml, No: the entry has no "to"'),
        (TITLE + '[columns]\n"No" = { to = 3 }\n', r'mine\.toml, No: the entry has no "to"'),
        (TITLE + '[columns]\n"No" = { to = "-", also = "Nr" }\n', r"No, also: 'Nr' is not a list"),
        (TITLE + '[columns]\n"No" = { to = "-", split = 3 }\n', r"No, split: 3 is not a list"),
        (TITLE + 'split = ";"\n' + COLUMNS, r"mine\.toml, split: ';' is not a list of texts"),
        (TITLE + 'detect = 3\n' + COLUMNS, r"mine\.toml, detect: 3 is no table"),
        (TITLE + '[detect]\nneeds = ["No"]\n' + COLUMNS, r"needs: \['No'\] is not a list of lists"),
        (TITLE + '[detect]\nneeds = [[3]]\n' + COLUMNS, r"needs: \[3\] is not a list of texts"),
        (TITLE + '[detect]\nmarks = "No"\n' + COLUMNS, r"marks: 'No' is not a list of texts"),
        (TITLE + COLUMNS + "[column_patterns]\n'(' = { to = \"-\" }\n", "no regular expression"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_key_and_remedy(load, text, said):
    with pytest.raises(FormatError, match=said):
        load(text)


def test_unknown_keys_are_named(load):
    with pytest.raises(UnknownNameError, match="need"):
        load(TITLE + "[detect]\nneed = []\n" + COLUMNS)
    with pytest.raises(UnknownNameError, match="tittle"):
        load("tittle = 3\n" + TITLE + COLUMNS)


def test_columns_of_the_caller_are_checked_the_same_way(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("Publication Number,X\nUS9012345B2,a\n")
    with pytest.raises(ArgumentError, match="X"):
        pnav.read(file, columns={"X": 3})
    with pytest.raises(FormatError, match='X: the entry has no "to"'):
        pnav.read(file, columns={"X": {"field": "title"}})


def test_a_sound_file_loads_and_its_first_column_wins(load):
    form = load(TITLE + 'headers = ["en"]\n[columns]\n'
                '"Publication Number" = { to = "publications.publication_id" }\n'
                '"Own Id" = { to = "publications.publication_id" }\n')  # fmt: skip
    ranks = [form.order[formats.header_key(h)] for h in ("Publication Number", "Own Id")]
    assert ranks[0] < ranks[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [("publication_number", "Publication Number"), ("publicationNumber", "publication number"),
     ("상태정보[KR,JP,US]", "상태정보"), ("Original FI[JP]", "original fi"), ("公開番号 ", "公開番号")],
)  # fmt: skip
def test_spellings_of_a_header(one, other):
    assert formats.header_key(one) == formats.header_key(other)


def test_a_label_in_brackets_is_part_of_a_header():
    assert formats.header_key("[标]申请人") != formats.header_key("申请人")
