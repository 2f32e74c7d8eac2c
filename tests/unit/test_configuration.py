"""Options, wording, registries and errors."""

from __future__ import annotations

import threading
import tomllib
from typing import TYPE_CHECKING

import pytest

import patentnav as pnav
from patentnav import _resources, i18n
from patentnav.errors import UnknownNameError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_context_restores_and_is_local_to_the_thread() -> None:
    seen = []
    before = pnav.get_config().lang
    with pnav.config_context(lang="en"):
        thread = threading.Thread(target=lambda: seen.append(pnav.get_config().lang))
        thread.start()
        thread.join()
        assert pnav.get_config().lang == "en"
    assert seen == [before]
    assert pnav.get_config().lang == before


def test_unknown_option_and_value() -> None:
    with pytest.raises(UnknownNameError, match='"unit"'), pnav.config_context(units="family"):
        pass
    with pytest.raises(pnav.ArgumentError, match="dozen"), pnav.config_context(unit="dozen"):
        pass


def test_every_language_has_the_same_keys_and_placeholders() -> None:
    first, *others = i18n.languages()
    for other in others:
        left, right = i18n.locale_keys(first), i18n.locale_keys(other)
        assert left.keys() == right.keys()
        # Chinese counts with measure words ("piece"), which English has not.
        assert {k for k in left if left[k] - {"piece"} != right[k] - {"piece"}} == set()


def test_no_wording_stands_in_two_files() -> None:
    """The later file would win in silence, and a table get the heading of another."""
    for lang in i18n.languages():
        seen: dict[str, str] = {}
        for path in sorted((_resources.PACKAGE_DATA / "locale").glob(f"{lang}*.toml")):
            for key in _dotted(tomllib.loads(path.read_text(encoding="utf-8"))):
                assert key not in seen, (key, seen[key], path.name)
                seen[key] = path.name


def _dotted(table: dict, before: str = "") -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _dotted(value, f"{before}{key}.")
        else:
            yield f"{before}{key}"


def test_unknown_wording_offers_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"plot\.year"):
        i18n.text("plot.yaer", "zh")


def test_users_data_path_comes_first(tmp_path) -> None:
    (tmp_path / "locale").mkdir()
    (tmp_path / "locale" / "en-mine.toml").write_text('[mine]\nhello = "hello {who}"\n')
    with pnav.config_context(data_path=tmp_path):
        assert i18n.text("mine.hello", "en", who="you") == "hello you"
    assert not i18n.has("mine.hello", "en")


def test_a_private_wording_is_merged_key_by_key(tmp_path) -> None:
    """One file with one label replaces that label and removes nothing."""
    first, second = tmp_path / "first", tmp_path / "second"
    for folder, text in ((first, "Mine"), (second, "Yours")):
        (folder / "locale").mkdir(parents=True)
        (folder / "locale" / "en.toml").write_text(f'[report.column]\ncount = "{text}"\n')
    before = i18n.locale_keys("en")
    with pnav.config_context(data_path=[first, second]):
        assert i18n.locale_keys("en") == before
        assert i18n.text("report.column.count", "en") == "Mine"  # the first folder wins
    with pnav.config_context(data_path=second):
        assert i18n.text("report.column.count", "en") == "Yours"
    assert i18n.text("report.column.count", "en") not in {"Mine", "Yours"}


def test_wording_is_read_once_and_again_when_asked(tmp_path, monkeypatch) -> None:
    (tmp_path / "locale").mkdir()
    file = tmp_path / "locale" / "en-mine.toml"
    file.write_text('[mine]\nhello = "hello"\n')
    opened = []
    real = _resources.parse_toml
    monkeypatch.setattr(_resources, "parse_toml", lambda f: (opened.append(f), real(f))[1])
    with pnav.config_context(data_path=tmp_path):
        for _ in range(100):
            i18n.text("mine.hello", "en")
        assert opened.count(file) == 1
        file.write_text('[mine]\nhello = "good day"\n')
        i18n.refresh()
        assert i18n.text("mine.hello", "en") == "good day"


def test_a_missing_wording_says_where_it_belongs() -> None:
    with pytest.raises(UnknownNameError, match=r"Write years below \[report\.caption\.ours\].*zh-"):
        i18n.text("report.caption.ours.years", "zh")


def test_a_text_that_cannot_be_filled_is_named(tmp_path) -> None:
    (tmp_path / "locale").mkdir()
    (tmp_path / "locale" / "en-mine.toml").write_text('[mine]\nhello = "hello {you}"\n')
    with (
        pnav.config_context(data_path=tmp_path),
        pytest.raises(pnav.FormatError, match=r"mine\.hello.*you.*It may use who"),
    ):
        i18n.text("mine.hello", "en", who="x")


def test_broken_toml_names_the_file(tmp_path) -> None:
    (tmp_path / "bad.toml").write_text("a = [1,")
    with pytest.raises(pnav.FormatError, match=r"bad\.toml"):
        _resources.parse_toml(tmp_path / "bad.toml")


def test_errors_are_builtins_too() -> None:
    assert issubclass(pnav.FormatError, ValueError)
    assert issubclass(pnav.MissingTableError, LookupError)
    assert issubclass(UnknownNameError, KeyError)
    assert issubclass(pnav.MissingDependencyError, ImportError)
    assert 'pip install "patentnav[speed]"' in str(
        pnav.MissingDependencyError("numba", "speed", "this")
    )


def test_did_you_mean() -> None:
    assert did_you_mean("incopta", ["incopat", "lens"]) == '"incopat"'
    assert did_you_mean("zzz", ["incopat"]) == ""
