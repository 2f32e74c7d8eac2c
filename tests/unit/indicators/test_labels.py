"""Every indicator has a label in every language."""

import pytest

from patentnav import i18n, indicators


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_indicator_has_a_label(lang):
    missing = [n for n in indicators.list()["name"] if not i18n.has(f"indicators.label.{n}", lang)]
    assert missing == []
