"""Extensions from outside: plugins, registers, folders of data."""

from __future__ import annotations

import importlib
import importlib.metadata

import pytest

import patentnav as pnav
from patentnav import _resources, plugins
from patentnav._register import Register
from patentnav.indicators import registry as indicators
from patentnav.report import registry

INDICATOR = '''
from patentnav.indicators import indicator

@indicator(unit="x", better="neither", source="test", label={"zh": "测试", "en": "Test"})
def NAME(patents):
    """Nothing."""
'''


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """Leave nothing behind."""
    for register in (indicators._REGISTER, registry._SECTIONS, registry._RENDERERS):
        monkeypatch.setattr(register, "_entries", dict(register._entries))
    monkeypatch.setattr(plugins, "_loaded", dict(plugins._loaded))
    monkeypatch.setattr(plugins, "_data", list(plugins._data))
    plugins._installed.cache_clear()
    yield
    plugins._installed.cache_clear()


def written(folder, name: str, indicator: str):
    file = folder / f"{name}.py"
    file.write_text(INDICATOR.replace("NAME", indicator), encoding="utf-8")
    return file


def test_a_plugin_of_the_options_is_there_at_the_first_look(tmp_path) -> None:
    file = written(tmp_path, "ours", "only_in_ours")
    with pytest.raises(pnav.UnknownNameError, match="only_in_ours"):
        indicators.get("only_in_ours")
    with pnav.config_context(plugins=[str(file)]):
        assert "only_in_ours" in pnav.indicators.list()["name"].tolist()
        assert pnav.i18n.text("indicators.label.only_in_ours", "zh") == "测试"


def test_an_importable_module_is_a_plugin(tmp_path, monkeypatch) -> None:
    written(tmp_path, "our_module_for_test", "from_a_module")
    monkeypatch.syspath_prepend(tmp_path)
    assert plugins.load("our_module_for_test")[0].__name__ == "our_module_for_test"
    assert indicators.get("from_a_module").unit == "x"


def test_an_installed_package_is_loaded_by_itself(tmp_path, monkeypatch) -> None:
    written(tmp_path, "installed_for_test", "from_a_package")
    monkeypatch.syspath_prepend(tmp_path)
    point = importlib.metadata.EntryPoint("ours", "installed_for_test", plugins.GROUP)
    monkeypatch.setattr(
        importlib.metadata, "entry_points", lambda *, group: [point] * (group == "patentnav")
    )
    assert indicators.get("from_a_package").name == "from_a_package"


def test_a_file_is_loaded_once(tmp_path, monkeypatch) -> None:
    file = written(tmp_path, "again_for_test", "comes_again")
    monkeypatch.chdir(tmp_path)
    assert plugins.load(file) == plugins.load([str(file)]) == plugins.load("again_for_test.py")


def test_a_reload_replaces_and_another_function_of_that_name_is_refused(
    tmp_path, monkeypatch
) -> None:
    written(tmp_path, "first_for_test", "twice")
    written(tmp_path, "second_for_test", "twice")
    monkeypatch.syspath_prepend(tmp_path)
    (module,) = plugins.load("first_for_test")
    importlib.reload(module)
    with pytest.raises(
        pnav.ArgumentError,
        match=r'indicator "twice" of second_for_test\.twice.*first_for_test\.twice has',
    ):
        plugins.load("second_for_test")


def test_a_section_or_form_of_the_package_cannot_be_taken() -> None:
    with pytest.raises(pnav.ArgumentError, match=r'report section "direction\.trend"'):
        registry.section("direction.trend")(lambda study: [])
    with pytest.raises(pnav.ArgumentError, match=r'form of a report "\.docx"'):
        registry.renderer(".docx")(lambda report: b"")


@pytest.mark.parametrize("wrong", ["docx", ".DOCX"])
def test_a_suffix_has_its_form(wrong) -> None:
    with pytest.raises(pnav.ArgumentError, match="begins with a dot"):
        registry.renderer(wrong)


def test_a_section_id_has_a_part() -> None:
    with pytest.raises(pnav.ArgumentError, match=r"part\.name"):
        registry.section("trend")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("no_such_module_for_test", None, "cannot be loaded: No module named"),
        ("none.py", None, "There is no plugin file"),
        ("bad.py", "def (", "no valid Python"),
        ("lacks.py", "import no_such_module_for_test", "No module named"),
    ],
)
def test_a_plugin_that_cannot_be_loaded_is_named(tmp_path, name, text, message) -> None:
    target = str(tmp_path / name) if name.endswith(".py") else name
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(pnav.ArgumentError, match=message):
        plugins.load(target)
    with pytest.raises(pnav.ArgumentError, match=message):  # and so it is the second time
        plugins.load(target)


def test_a_plugin_may_look_into_a_register_while_it_is_loaded(tmp_path) -> None:
    file = tmp_path / "looks.py"
    file.write_text("import patentnav\nKNOWN = len(patentnav.indicators.list())\n")
    with pnav.config_context(plugins=[str(file)]):
        assert len(pnav.indicators.list()) > 0
        assert plugins.load(file)[0].KNOWN > 0


def test_a_plugin_brings_data_that_the_user_can_replace(tmp_path) -> None:
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    for folder, title in ((theirs, "Theirs"), (ours, "Ours")):
        (folder / "locale").mkdir(parents=True)
        (folder / "locale" / "en-x.toml").write_text(f'[x]\ntitle = "{title}"\n')
        (folder / "scorecards").mkdir()
        (folder / "scorecards" / "x.toml").write_text("")
    plugins.add_data(theirs)
    assert pnav.i18n.text("x.title", "en") == "Theirs"
    assert _resources.path("scorecards", "x") == theirs / "scorecards" / "x.toml"
    with pnav.config_context(data_path=ours):
        assert pnav.i18n.text("x.title", "en") == "Ours"
        assert _resources.path("scorecards", "x") == ours / "scorecards" / "x.toml"
    with pytest.raises(pnav.ArgumentError, match="does not exist"):
        plugins.add_data(tmp_path / "none")


def test_a_register_is_sorted_and_offers_the_nearest_name() -> None:
    register: Register[int] = Register("thing")
    for name in ("beta", "alpha"):
        register.add(name, 1, made_by=len if name == "beta" else max)
    assert list(register) == ["alpha", "beta"]
    with pytest.raises(pnav.UnknownNameError, match=r'No thing is called "alpa".*"alpha"'):
        register["alpa"]
