"""A small set with everything a report can use, made by hand, and reports of it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import patentnav as pnav
from patentnav.report.build import build

if TYPE_CHECKING:
    from pathlib import Path

    from patentnav.report.document import Report

FIELDS = {
    "固态电解质": ("一种硫化物固态电解质膜的制备方法", "硫化物固态电解质 离子电导率 界面阻抗 烧结 锂离子电池", "H01M10/0562"),
    "量子密钥": ("一种量子密钥分发系统的偏振反馈装置", "量子密钥 单光子探测器 偏振 诱骗态 误码率", "H04L9/08"),
    "机器人": ("一种焊接机器人的手眼标定方法", "焊接机器人 手眼标定 机械臂 轨迹规划 视觉", "B25J9/16"),
}  # fmt: skip
OWNERS = ["甲电池有限公司", "乙科技有限公司", "丙大学"]
PEOPLE = ["张伟", "王芳", "李娜", "刘洋", "陈静", "杨勇", "赵敏", "黄磊"]


def make_set(n: int = 90) -> pnav.PatentSet:
    """Publications of three fields, three owners and eight inventors over eleven years."""
    rng = np.random.default_rng(7)
    ids = [f"CN1{i:08d}{'B' if i % 3 == 0 else 'A'}" for i in range(1, n + 1)]
    field = [list(FIELDS)[i % 3] for i in range(n)]
    filed = pd.to_datetime([f"{2010 + i % 11}-0{1 + i % 9}-15" for i in range(n)])
    publications = pd.DataFrame(
        {
            "application_id": [f"CN20{10 + i % 11}1{i:07d}" for i in range(n)],
            "authority": "CN", "kind_code": [x[-1] for x in ids],
            "patent_type": ["utility_model" if i % 7 == 0 else "invention" for i in range(n)],
            "granted": [x[-1] == "B" for x in ids], "application_date": filed,
            "publication_date": filed + pd.DateOffset(months=14),
            "title": [f"{FIELDS[f][0]}及其应用{i}" for i, f in enumerate(field)],
            "language": "zh", "legal_status": ["in_force", "pending", "lapsed"] * (n // 3),
        },
        index=pd.Index(ids, name="publication_id"),
    )  # fmt: skip
    words = [FIELDS[f][1].split() for f in field]
    texts = pd.DataFrame(
        {
            "publication_id": ids, "field": "abstract", "language": "zh",
            "text": ["本发明公开了" + "，".join(rng.permutation(w)) + "。" for w in words],
        }
    )  # fmt: skip
    titles = pd.DataFrame(
        {"publication_id": ids, "field": "title", "language": "zh", "text": publications["title"]}
    )
    people = [(i, PEOPLE[(i % 3) * 2 + k]) for i in range(n) for k in range(2 + i % 2)]
    cited = [(ids[i], ids[i // 2]) for i in range(2, n)]
    return pnav.PatentSet.from_tables(
        {
            "publications": publications,
            "texts": pd.concat([titles, texts]),
            "parties": pd.DataFrame(
                {"publication_id": ids, "name_raw": [OWNERS[i % 3] for i in range(n)],
                 "city": ["济南市" if i % 3 else "青岛市" for i in range(n)]}
            ),
            "inventors": pd.DataFrame(
                {"publication_id": [ids[i] for i, _ in people], "name_raw": [p for _, p in people]}
            ),
            "classifications": pd.DataFrame(
                {"publication_id": ids, "scheme": "IPC", "symbol": [FIELDS[f][2] for f in field]}
            ),
            "citations": pd.DataFrame(cited, columns=["citing_id", "cited_id"]),
            "legal_events": pd.DataFrame(
                {"publication_id": ids[:4], "date": pd.to_datetime("2020-05-01"),
                 "code": "TR01", "category": "transfer", "text": "专利申请权的转移"}
            ),
        }
    )  # fmt: skip


@pytest.fixture(scope="session")
def patents() -> pnav.PatentSet:
    return make_set()


@pytest.fixture(scope="session")
def resolved(patents: pnav.PatentSet) -> pnav.PatentSet:
    """The set with its parties and inventors resolved, which a report takes as they are."""
    return pnav.clean.resolve_inventors(pnav.clean.resolve_parties(patents))


@pytest.fixture(scope="session")
def technologies(resolved: pnav.PatentSet) -> pnav.cluster.Technologies:
    return pnav.cluster.technologies(resolved, 3)


def quiet(patents: pnav.PatentSet, **inputs) -> Report:
    """Build without the notices about coverage, which other tests look at."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pnav.CoverageWarning)
        return build(patents, **inputs)


@pytest.fixture(scope="session")
def report(patents: pnav.PatentSet) -> Report:
    return quiet(patents, lang="zh", region="济南", n_clusters=3)


@pytest.fixture(scope="session")
def english(patents: pnav.PatentSet) -> Report:
    return quiet(patents, lang="en", n_clusters=3)


@pytest.fixture(scope="session")
def saved(report: Report, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("report")
    return {
        form: report.save(folder / f"report.{form}") for form in ("docx", "html", "pptx", "xlsx")
    }


@pytest.fixture(scope="module")
def outline(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outline ``LIGHT`` of a module of tests, as a file."""
    file = tmp_path_factory.mktemp("outline") / "light.toml"
    file.write_text(request.module.LIGHT, encoding="utf-8")
    return file


def strict_report(study: pnav.Study, outline: Any, lang: str, tables: Any, **more: Any) -> Report:
    """A report whose every claim holds, or the test fails."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pnav.CoverageWarning)
        return pnav.report.build(study, outline, lang, tables=tables, strict=True, **more)
