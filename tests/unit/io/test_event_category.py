"""Categories of legal events by the words of their text."""

from __future__ import annotations

import pandas as pd
import pytest

from patentnav.io.finish import event_category


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("ASSIGNMENT OF ASSIGNORS INTEREST;ASSIGNOR:ACME", "transfer"),
        ("ASSIGNMENT SECURITY INTEREST;ASSIGNOR:ACME", "pledge"),
        ("ASSIGNMENT PATENT SECURITY AGREEMENT;ASSIGNOR:ACME", "pledge"),
        ("RELEASE OF SECURITY INTEREST IN PATENTS", "pledge"),
        ("ASSIGNMENT CHANGE OF NAME;ASSIGNOR:ACME", "other"),
        ("MERGER AND CHANGE OF NAME", "transfer"), ("专利申请权、专利权的转移", "transfer"),
        ("专利权人的姓名或者名称、地址的变更", "other"), ("TR01", "transfer"), ("CP01", "other"),
        ("专利权质押合同登记的生效", "pledge"), ("专利实施许可合同备案的生效", "licence"), ("GR01", "grant"),
        ("something else", "other"),
    ],
)  # fmt: skip
def test_category(text, category):
    assert event_category(pd.Series([text])).tolist() == [category]
