"""Options, wording, registries and errors."""

from __future__ import annotations

import threading

import pytest

import patentnav as pnav
from patentnav import _resources, i18n
from patentnav.errors import UnknownNameError, did_you_mean


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
        assert {k for k in left if left[k] != right[k]} == set()


def test_unknown_wording_offers_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"plot\.year"):
        i18n.text("plot.yaer", "zh")


def test_users_data_path_comes_first(tmp_path) -> None:
    (tmp_path / "locale").mkdir()
    (tmp_path / "locale" / "en-mine.toml").write_text('[mine]\nhello = "hello {who}"\n')
    with pnav.config_context(data_path=tmp_path):
        assert i18n.text("mine.hello", "en", who="you") == "hello you"
    assert not i18n.has("mine.hello", "en")


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
