"""User tables: read from every form, every kind of fault named, rows set aside and counted."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import patentnav as pnav
from patentnav import sheets, tables
from patentnav.cli import main

if TYPE_CHECKING:
    from pathlib import Path

ZH = {"region_code": "行政区划代码", "region": "地区", "year": "年份", "indicator": "指标", "value": "数值",
      "unit": "单位", "source": "来源", "published_on": "发布日期"}  # fmt: skip


def row(**more: Any) -> dict[str, Any]:
    return {"region_code": "370100", "region": "济南市", "year": "2020", "indicator": "gdp", "value": "10140.9",
            "unit": "亿元", "source": "统计局", "published_on": "2021-02-01", **more}  # fmt: skip


def read(rows: list[dict[str, Any]], code: str = "CS", **more: Any) -> tables.UserTable:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pnav.DataQualityWarning)
        return tables.read(pd.DataFrame(rows), code, **more)


def test_all_thirteen_are_declared_in_both_languages() -> None:
    assert tables.codes() == [
        "BC", "CS", "DU", "EL", "IS", "KA", "KT", "NR", "PJ", "PR", "SQ", "TF", "TN",
    ]  # fmt: skip
    for code in tables.codes():
        one = tables.load(code)
        assert set(one.key) <= set(one.columns)
        for column in ("source", "published_on"):
            assert one.columns[column].required
        for lang in ("zh", "en"):
            headers = [c.header(lang) for c in one.columns.values()]
            assert len(set(headers)) == len(headers)


@pytest.mark.parametrize("form", ["csv", "gbk", "xlsx", "toml", "frame"])
@pytest.mark.parametrize("lang", ["zh", "en", "name"])
def test_forms_and_languages_read_the_same(tmp_path: Path, form: str, lang: str) -> None:
    declared = tables.load("CS").columns
    rows = [row(), row(indicator="常住人口", unit="万人", value="924.2")]
    heads = {
        k: ZH[k] if lang == "zh" else declared[k].labels["en"] if lang == "en" else k
        for k in rows[0]
    }
    frame = pd.DataFrame(rows).rename(columns=heads)
    source: Any = frame
    if form in {"csv", "gbk"}:
        source = tmp_path / "c.csv"
        source.write_bytes(
            frame.to_csv(index=False).encode("gb18030" if form == "gbk" else "utf-8-sig")
        )
    elif form == "xlsx":
        source = sheets.write_tables(
            tmp_path / "c.xlsx", {"other": pd.DataFrame({"a": [1]}), "CS 城市": frame}
        )
    elif form == "toml":
        source = tmp_path / "c.toml"
        lines = [
            "[[CS]]\n" + "".join(f'"{k}" = "{v}"\n' for k, v in r.items())
            for r in frame.to_dict("records")
        ]
        source.write_text("\n".join(lines), encoding="utf-8")
    found = tables.read(source, "CS")
    assert found.set_aside == 0
    assert found.issues.empty
    assert found.frame["indicator"].tolist() == ["gdp", "population"]
    assert found.frame["value"].tolist() == [10140.9, 924.2]
    assert found.frame["region_code"].tolist() == ["370100"] * 2
    assert found.frame["published_on"].iloc[0] == pd.Timestamp("2021-02-01")


@pytest.mark.parametrize(
    ("wrong", "column", "problem", "remedy"),
    [
        ({"indicator": "gpd"}, "indicator", "unknown indicator", "gdp"),
        ({"unit": "万元"}, "unit", "not the unit", "亿元"),
        ({"year": "1950"}, "year", "not a year that can be", "1985"),
        ({"year": "2022"}, "year", "not a year that can be", "2021"),
        ({"value": "-3"}, "value", "negative", "sign"),
        ({"published_on": "2018-02-01"}, "year", "later than its publication", "date"),
        ({"value": "3亿"}, "value", "not a number", "unit"),
        ({"source": ""}, "source", "empty", "Fill"),
        ({"published_on": "2021-02-30"}, "published_on", "not a day", "Check"),
    ],
)  # fmt: skip
def test_a_fault_names_place_value_and_remedy(
    tmp_path: Path, wrong: dict[str, str], column: str, problem: str, remedy: str
) -> None:
    file = tmp_path / "c.csv"
    pd.DataFrame([row(), row(**{"year": "2019", **wrong})]).to_csv(file, index=False)
    with pytest.warns(pnav.DataQualityWarning, match=r"1 of 2 rows.*row 3"):
        found = tables.read(file, "CS", latest=2021)
    assert (len(found.frame), found.set_aside) == (1, 1)
    fault = found.issues[found.issues["severity"] == "error"].iloc[0]
    assert (fault["file"], fault["row"], fault["column"]) == ("c.csv", 3, column)
    assert fault["value"] == wrong.get(column, "2019")
    assert problem in fault["problem"]
    assert remedy in fault["remedy"]


def test_empty_is_not_zero_and_full_width_is_read_and_said() -> None:
    found = read(
        [row(value=""), row(year="２０１９", value="１,０００"), row(year="2018", value="—")]
    )
    assert found.frame["value"].isna().tolist() == [True, False, True]
    assert found.frame.loc[1, "value"] == 1000
    assert set(found.issues["severity"]) == {"note"}


def test_keys_jumps_and_unknown_columns() -> None:
    found = read([row(), row(value="2"), row(year="2021", value="101409")])
    errors = found.issues[found.issues["severity"] == "error"]
    assert errors["row"].tolist() == [2]
    assert "Row 1" in errors["remedy"].iloc[0]
    jump = found.issues[found.issues["problem"] == "a jump within a year"]
    assert jump["row"].tolist() == [3]
    assert "10 times" in jump["remedy"].iloc[0]
    strange = read([row() | {"regoin": "x"}])
    assert '"region"' in strange.issues["remedy"].iloc[0]
    with pytest.raises(pnav.FormatError, match="unit"):
        tables.read(pd.DataFrame([{k: v for k, v in row().items() if k != "unit"}]), "CS")


def test_an_own_indicator_is_kept_and_pointed_out() -> None:
    found = read([row(indicator="夜间灯光", unit="级")])
    assert found.frame["indicator"].tolist() == ["夜间灯光"]
    assert found.issues["severity"].tolist() == ["warning"]


def common(**more: Any) -> dict[str, Any]:
    return {"source": "s", "published_on": "2021-01-01", **more}


def test_shares_codes_quotients_parts_and_consent() -> None:
    product = read([common(owner="甲", product_id=str(i), product="p", revenue_share=v)
                    for i, v in enumerate(["40%", "0.4", "40"])], "PR")  # fmt: skip
    assert product.frame["revenue_share"].tolist() == [0.4, 0.4]
    # The number of the State Grid Corporation (public register); then with another check digit.
    firm = read(
        [common(name="a", uscc="9111000071093123XX"), common(name="b", uscc="9111000071093123X1")],
        "EL",
    )
    assert firm.frame["name"].tolist() == ["a"]
    actual = read([common(kpi="K15", period="2020", value="0.93", numerator="93", denominator="100"),
                   common(kpi="K15", period="2021", value="0.98", numerator="93", denominator="100"),
                   common(kpi="K15", period="2020Q5", value="1")], "KA")  # fmt: skip
    assert actual.frame["period"].tolist() == ["2020"]
    assert actual.set_aside == 2
    search = read([common(query_id="q", database="d", query="x", searched_on="2021-01-01", sample_n="100",
                          sample_relevant="101")], "SQ")  # fmt: skip
    assert len(search.frame) == 0
    fact = read(
        [common(inventor_id="i", fact="职称", value="教授", consent=c) for c in ("是", "否")], "TF"
    )
    assert fact.frame["fact"].tolist() == ["title"]
    assert fact.issues["problem"].tolist() == ["without consent"]


def test_tables_are_held_against_each_other() -> None:
    sums = [
        common(region_code="370100", year="2020", industry=i, value_added="6000")
        for i in ("ict", "biomed")
    ]
    cities = [row(), row(region_code="371200", region="莱芜市", value="900")]
    districts = [common(region_code="371200", name="莱芜", merged_into="370100")]
    found = tables.read_all(
        {"CS": pd.DataFrame(cities), "IS": pd.DataFrame([*sums, {**sums[0], "industry": "itc"}]),
         "DU": pd.DataFrame(districts)}, industries=["ict", "biomed"],
    )  # fmt: skip
    assert found["CS"].frame["region_code"].tolist() == ["370100"]
    assert "370100" in found["CS"].issues["remedy"].iloc[-1]
    problems = set(found["IS"].issues["problem"])
    assert problems == {"more than the whole", "no industry of the taxonomy"}
    assert '"ict"' in found["IS"].issues["remedy"].iloc[-1]
    assert found["IS"].set_aside == 1
    with pytest.raises(pnav.UnknownNameError, match="CS"):
        tables.read_all({"CZ": pd.DataFrame()})


def test_templates_are_read_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "t.xlsx"
    assert main(["tables", "-o", str(file), "--lang", "en"]) == 0
    for code in tables.codes():
        assert len(tables.read(file, code).frame) == 0
    told = tables.definitions("en")
    assert set(told["table"]) == set(tables.codes())
    assert file.read_bytes() == tables.write_templates(tmp_path / "u.xlsx", lang="en").read_bytes()
    bad = tmp_path / "c.csv"
    pd.DataFrame([row(value="-1")]).to_csv(bad, index=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert main(["tables", f"CS={bad}"]) == 1
    assert "1 are set aside" in capsys.readouterr().err


def test_a_formula_stays_a_text(tmp_path: Path) -> None:
    found = read([row(region="=1+1")])
    file = sheets.write_tables(
        tmp_path / "o.xlsx", {"CS": found.frame.drop(columns="published_on")}
    )
    assert b"<f>" not in file.read_bytes()
    assert found.frame["region"].tolist() == ["=1+1"]


def test_the_city_has_all_tables_without_fault() -> None:
    city = pnav.datasets.city(n=200)
    made = pnav.datasets.user_tables(city)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = tables.read_all(made.tables, latest=2025)
    assert sorted(found) == tables.codes()
    assert all(not t.set_aside and t.issues.empty for t in found.values())
    again = pnav.datasets.user_tables(city)
    for code, frame in made.tables.items():
        pd.testing.assert_frame_equal(frame, again.tables[code])
