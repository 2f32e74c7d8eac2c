"""Organisations of one name do not work with each other."""

import pandas as pd

import patentnav as pnav


def _study() -> pnav.Study:
    rows = [
        ("CN1A", ["三星电子株式会社", "三星电子(中国)研发中心"]),
        ("CN2A", ["三星电子株式会社", "三星电子(中国)研发中心"]),
        ("CN3A", ["浙江吉利汽车研究院有限公司", "浙江吉利控股集团有限公司"]),
        ("CN4A", ["北京理工大学", "南昌检测技术有限公司"]),
        ("CN5A", ["三星电子(中国)研发中心", "清华大学"]),
    ]
    parties = pd.DataFrame(
        [
            {"publication_id": i, "role": "applicant", "position": n, "name_raw": name}
            for i, names in rows
            for n, name in enumerate(names, start=1)
        ]
    )
    publications = pd.DataFrame({"application_date": pd.Timestamp("2020-01-01")},
                                index=[i for i, _ in rows])  # fmt: skip
    patents = pnav.PatentSet.from_tables({"publications": publications, "parties": parties})
    return pnav.Study(pnav.clean.resolve_parties(patents), owner="party")


def test_what_bears_the_name_of_another_is_no_partner() -> None:
    study = _study()
    names = study.owner_names
    joined = {names[a]: names[b] for a, b in study.kin.items()}
    assert joined == {
        "三星电子株式会社": "三星电子(中国)研发中心",
        "三星电子(中国)研发中心": "三星电子(中国)研发中心",
        "浙江吉利汽车研究院有限公司": joined["浙江吉利汽车研究院有限公司"],
        "浙江吉利控股集团有限公司": joined["浙江吉利汽车研究院有限公司"],
    }
    recount = pnav.claims.recount.Recount(study)
    pairs = pnav.claims.players._pairs(recount)
    told = {frozenset(names[k] for k in pair) for pair in pairs}
    assert told == {
        frozenset({"北京理工大学", "南昌检测技术有限公司"}),
        frozenset({"三星电子(中国)研发中心", "清华大学"}),
    }
