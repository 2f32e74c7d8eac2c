"""Every format file is sound: keys, tables, marks, texts for its page, what it writes."""

import pytest

from patentnav import _resources
from patentnav.io import formats

NAMES = formats.names()


@pytest.mark.parametrize("name", NAMES)
def test_needs_and_marks_are_columns(name):
    form = formats.load(name)
    for header in [h for one in form.needs for h in one]:
        assert form.targets(header), header
    if not form.reader:
        assert form.needs
        unknown = [m for m in form.marks if not form.targets(m)]
        assert not unknown


@pytest.mark.parametrize("name", NAMES)
def test_page_texts_in_both_languages(name):
    entry = _resources.load_toml("formats", name)
    for key in ("title", "about", "how_to_export", "traps"):
        assert set(entry[key]) == {"zh", "en"}
        assert all(entry[key].values())


@pytest.mark.parametrize("name", NAMES)
def test_written_headers_are_understood(name):
    entry = _resources.load_toml("formats", name)
    form = formats.load(name)
    for header in entry.get("write", {}).get("columns", ()):
        assert form.targets(header), header


@pytest.mark.parametrize("layer", _resources.names("headers"))
def test_no_header_of_a_layer_is_given_twice(layer):
    seen: dict[str, str] = {}
    for header, spec in _resources.load_toml("headers", layer)["columns"].items():
        specs = spec if isinstance(spec, list) else [spec]
        for spelling in [header, *(a for s in specs for a in s.get("also", ()))]:
            key = formats.header_key(spelling)
            assert key not in seen, f"{spelling}: {header} and {seen.get(key)}"
            seen[key] = header


@pytest.mark.parametrize("name", _resources.names("vocabularies", ".csv"))
def test_no_word_of_a_vocabulary_is_given_twice(name):
    rows = _resources.load_csv("vocabularies", name)
    if "text" in rows[0]:
        words = [row["text"].casefold() for row in rows]
        assert len(words) == len(set(words)), sorted({w for w in words if words.count(w) > 1})
