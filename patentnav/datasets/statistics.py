"""User tables of the invented city, with what was planted in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import _resources
from patentnav._shown import presented
from patentnav.datasets import vocabulary

if TYPE_CHECKING:
    from patentnav.datasets.synthesis import City

OFFICIAL = 1.04  # official inventions in force over those of the set
_PER_HEAD = 4.2  # inventions in force per 10,000 people
_GDP_PER_HEAD = 11.0  # 10,000 yuan
_DRIFT = 0.01  # of a share a year and place of the list
_WORDS = 6  # last characters of a title: what the invention is
_ASIDE = 12  # listed enterprises without patents
_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@presented()
@dataclass(frozen=True)
class CityTables:
    """User tables of an invented city.

    Attributes
    ----------
    tables : dict
        Frame by code of the user table, as a client would hand them in (canonical column names).
    truth : dict
        What was planted: ``official_ratio`` (official inventions in force over those of the set),
        ``density_rank`` of the city, ``cities``, ``shares`` (share of value added by industry: the
        city, the others), ``listed`` and ``matched`` (enterprises of EL, and those that own a
        publication), ``reached`` (value of the target K01 by year).
    """

    tables: dict[str, pd.DataFrame]
    truth: dict[str, Any]


def user_tables(city: City, random_state: int = 0) -> CityTables:
    """Make the thirteen user tables of an invented city.

    Parameters
    ----------
    city
        The city (:func:`patentnav.datasets.city`).
    random_state
        Seed of what is drawn. Equal arguments give equal tables.

    Returns
    -------
    CityTables

    Examples
    --------
    >>> import patentnav as pnav
    >>> made = pnav.datasets.user_tables(pnav.datasets.city(n=200))
    >>> len(made.tables), made.truth["density_rank"]
    (13, 3)
    """
    words = vocabulary.table("statistics")
    rng = np.random.default_rng(random_state)
    maker = _Maker(city, words, rng)
    firms, matched = maker.enterprises()
    frames = {
        "BC": maker.benchmarks(), "CS": maker.statistics(), "DU": maker.districts(), "EL": firms,
        "IS": maker.industries(), "KA": maker.actuals(), "KT": maker.targets(),
        "NR": maker.register(), "PJ": maker.projects(), "PR": maker.products(),
        "SQ": maker.searches(), "TF": maker.facts(), "TN": maker.needs(),
    }  # fmt: skip
    shares = pd.DataFrame(words["industries"], index=["city", "others"]).T
    density = [c["inventions"] for c in words["cities"].values()]
    truth = {
        "official_ratio": OFFICIAL, "cities": len(density),
        "density_rank": 1 + sum(1 for d in density if d > 1), "shares": shares,
        "listed": len(firms), "matched": matched, "reached": {2018: 2, 2019: 9, 2020: 17},
    }  # fmt: skip
    return CityTables(frames, truth)


class _Maker:
    """Makes the tables from what the city holds and a few numbers of the data file."""

    def __init__(self, city: City, words: dict[str, Any], rng: np.random.Generator) -> None:
        self.city, self.words, self.rng = city, words, rng
        rows = city.patents.publications
        own = rows[(rows["authority"] == "CN") & (rows["patent_type"] == "invention")]
        own = own.drop_duplicates("application_id")
        self.in_force = int((own["legal_status"] == "in_force").sum())
        self.granted = own["grant_date"].dropna().dt.year.value_counts()
        self.years = range(words["years"][0], words["years"][1] + 1)
        self.people = round(self.in_force * OFFICIAL / _PER_HEAD, 2)

    def _frame(self, rows: list[dict[str, Any]]) -> pd.DataFrame:
        said = {"source": self.words["source"], "published_on": self.words["published_on"]}
        return pd.DataFrame([{**row, **said} for row in rows])

    def statistics(self) -> pd.DataFrame:
        units = _resources.load_toml("tables", "CS")["indicator"]
        rows = []
        for name, city in self.words["cities"].items():
            for year in self.years:
                for indicator, value in self._figures(city, year).items():
                    rows.append({
                        "region_code": city["code"], "region": name, "year": year,
                        "indicator": indicator, "value": value, "unit": units[indicator]["unit"],
                        "note": self.words["words"]["note"] if year == self.years[-1] else "",
                    })  # fmt: skip
        name, home = next(iter(self.words["cities"].items()))
        for district, given in self.words["districts"].items():
            for year in self.years:
                total = self._figures(home, year)["gdp"]
                rows.append({
                    "region_code": given["code"], "region": f"{name}{district}", "year": year,
                    "indicator": "gdp", "value": round(total * given["weight"], 3),
                    "unit": units["gdp"]["unit"], "note": "",
                })  # fmt: skip
        return self._frame(rows)

    def _figures(self, city: dict[str, Any], year: int) -> dict[str, float]:
        """Figures of a city and year: proportional to its size, growing by what the file says."""
        back = self.years[-1] - year
        people = self.people * city["size"] * 0.99**back
        gdp = people * _GDP_PER_HEAD * city["output"] * 0.94**back
        effort = gdp * 0.025 * city["effort"] * 0.97**back
        staff = people * 60 * city["effort"] * 0.95**back
        force = self.in_force * OFFICIAL * city["size"] * city["inventions"] * 0.88**back
        own = city["code"] == self.words["region_code"]
        granted = force * 0.18 * (1 + 0.02 * (int(city["code"][3]) - 4) * (year % 3))
        figures = {
            "gdp": gdp, "population": people, "rd_expenditure": effort, "rd_personnel_fte": staff,
            "invention_in_force": force, "pct_filed": force * 0.03 * city["effort"],
            "invention_granted": granted, "papers": staff * 0.4 * (1.1 - 0.02 * back),
            "tech_contract_value": gdp * 0.02 * city["output"],
            "high_tech_value_added": gdp * 0.08 * city["output"] * city["effort"] ** 0.5,
            "high_tech_firms": people * 2 * city["effort"],
        }  # fmt: skip
        if own:
            figures["invention_granted"] = float(self.granted.get(year, 0)) * OFFICIAL
            figures |= {
                "pledge_count": 40 * 1.35 ** (year - self.years[0]), "trademarks": people * 80,
                "pledge_amount": 2 * 1.3 ** (year - self.years[0]), "aid_firms": 150 + 20.0 * (year - self.years[0]),
                "cases_accepted": 200.0, "cases_closed": 184.0 + (year - self.years[0]),
                "ipms_firms": 300 + 60.0 * (year - self.years[0]),
            }  # fmt: skip
        whole = {"invention_in_force", "pct_filed", "papers", "high_tech_firms", "pledge_count",
                 "trademarks", "aid_firms", "ipms_firms", "invention_granted"}  # fmt: skip
        return {k: float(round(v)) if k in whole else round(v, 3) for k, v in figures.items()}

    def industries(self) -> pd.DataFrame:
        rows = []
        for name, city in self.words["cities"].items():
            own = city["code"] == self.words["region_code"]
            for year in self.years[-6:]:
                gdp = self._figures(city, year)["gdp"]
                for industry, part in self._shares(year, own=own).items():
                    value = gdp * 0.6 * part
                    rows.append({
                        "region_code": city["code"], "year": year, "industry": industry,
                        "value_added": round(value, 4), "revenue": round(value * 3.2, 4),
                        "employees": round(value * 500 * (0.8 + part)),
                        "rd_expenditure": round(value * 10_000 * 0.03, 2),
                        "rd_personnel_fte": round(value * 25 * (0.6 + 2 * part), 1),
                        "firms": round(value * 8 + 3), "note": name,
                    })  # fmt: skip
        return self._frame(rows).astype({"employees": "int64", "firms": "int64"})

    def _shares(self, year: int, *, own: bool) -> dict[str, float]:
        """Shares of value added; those of the last industries of the list grow in the city."""
        told = {i: both[0 if own else 1] for i, both in self.words["industries"].items()}
        back = self.years[-1] - year if own else 0
        moved = {
            i: s * (1 - _DRIFT * back * (place - 4.5)) for place, (i, s) in enumerate(told.items())
        }
        whole = sum(told.values()) / sum(moved.values())
        return {i: s * whole for i, s in moved.items()}

    def enterprises(self) -> tuple[pd.DataFrame, int]:
        told = self.city.organisations
        firms = told[told["party_type"] == "enterprise"].drop_duplicates("organisation")
        held = self.city.truth["organisation"]
        filed = firms[firms["organisation"].isin(held)].sort_values("organisation").head(60)
        names = list(filed["name"])
        names += [self.words["words"]["unmatched"].format(number=i + 1) for i in range(_ASIDE)]
        tags, districts = self.words["words"]["tags"], list(self.words["districts"])
        industry = self.city.truth.drop_duplicates("organisation").set_index("organisation")
        kinds = [industry.loc[o, "industry"] for o in filed["organisation"]] + ["ict"] * _ASIDE
        rows = [
            {
                "name": name, "uscc": _uscc(i), "industry": kinds[i],
                "district": districts[i % len(districts)],
                "tags": ";".join([tags[0]] * (i % 3 != 0) + [tags[1]] * (i % 2 == 0)) or tags[3],
                "year": self.years[-1], "revenue": float(2000 + 137 * i % 9000), "employees": 40 + 7 * i,
            }
            for i, name in enumerate(names)
        ]  # fmt: skip
        return self._frame(rows), len(filed)

    def products(self) -> pd.DataFrame:
        """Products of the largest firm: two that its own patents protect at home, one that none does."""
        rows = []
        for i, part in enumerate([*self._fields()[:2], None], start=1):
            if part is None:
                zh, en = vocabulary.pair(self.words["words"]["product"][-1])
                name, words, ids = zh, f"{zh};{en}", ""
            else:
                ids = ";".join(part.index[:3])
                words = ";".join(part["title"].iloc[:2].str.slice(-_WORDS).unique())
                name = f"{self.words['words']['line']}{i}"
            rows.append({"owner": self._firm(), "product_id": f"P{i}", "product": name, "keywords": words,
                         "features": words, "publication_ids": ids,
                         "revenue_share": [0.5, 0.3, 0.1][i - 1], "markets": "CN;US"})  # fmt: skip
        return self._frame(rows)

    def _firm(self) -> str:
        """Name of the firm that filed most."""
        told = self.city.organisations
        firms = told[(told["party_type"] == "enterprise")].drop_duplicates("organisation")
        counts = self.city.truth["organisation"].value_counts().reindex(firms["organisation"])
        largest = counts.fillna(0).sort_index().idxmax()
        return str(firms.loc[firms["organisation"] == largest, "name"].iloc[0])

    def _fields(self) -> list[pd.DataFrame]:
        """Chinese publications of the largest firm by planted technology, most first."""
        rows = self.city.patents.publications
        owner = self.city.organisations.set_index("name")["organisation"]
        firm = owner.loc[self._firm()]
        firm = firm.iloc[0] if isinstance(firm, pd.Series) else firm
        own = self.city.truth[self.city.truth["organisation"] == firm]
        kept = (
            (rows["language"] == "zh") & rows["title"].notna() & rows["legal_status"].eq("in_force")
        )
        own = own[own.index.isin(rows.index[kept.fillna(False)])]
        order = (
            own["technology"]
            .value_counts()
            .sort_index()
            .sort_values(ascending=False, kind="stable")
        )
        return [rows.loc[own.index[own["technology"] == t]].sort_index() for t in order.index]

    def projects(self) -> pd.DataFrame:
        """A project in the largest firm's first field, with the people of its last publication."""
        part = self._fields()[0]
        people = self.city.patents.inventors
        team = people.loc[people["publication_id"] == part.index[-1], "name_raw"].dropna().unique()
        symbols = self.city.patents.classifications
        own = symbols.loc[symbols["publication_id"].isin(part.index), "symbol"].str[:4]
        words = ";".join(part["title"].str.slice(-_WORDS).unique()[:3])
        return self._frame([{"project_id": "J1", "title": f"{self.words['words']['line']}1",
                             "text": " ".join(part["title"].iloc[-3:]), "features": words,
                             "classes": str(own.mode().iloc[0]), "markets": "CN",
                             "team": ";".join(team), "budget": 300.0, "start": "2024-01-01"}])  # fmt: skip

    def needs(self) -> pd.DataFrame:
        return self._frame([{"need_id": f"N{i}", "technology": word, "count": i + 1}
                            for i, word in enumerate(self.words["words"]["need"], 1)])  # fmt: skip

    def facts(self) -> pd.DataFrame:
        """Facts of the people who stand most often beside one owner, by name and owner."""
        patents = self.city.patents
        both = patents.inventors[["publication_id", "name_raw"]].merge(
            patents.parties[["publication_id", "name_raw"]], on="publication_id",
            suffixes=("", "_owner"),
        ).dropna()  # fmt: skip
        often = both.groupby(["name_raw", "name_raw_owner"])["publication_id"].nunique()
        often = often.sort_index().sort_values(ascending=False, kind="stable")
        rows = []
        for (name, owner), text in zip(often.index, self.words["words"]["fact"], strict=False):
            fact, value = vocabulary.pair(text)
            rows.append(
                {"name": name, "owner": owner, "fact": fact, "value": value, "consent": True}
            )
        return self._frame(rows)

    def targets(self) -> pd.DataFrame:
        entry = _resources.load_toml("kpi", "jinan-2021")
        bases = {
            "K01": 2,
            "K04": 15,
            "K05": 60,
            "K06": 300,
            "K07": 300,
            "K11": 8,
            "K23": 0,
            "K14": 0,
        }
        shared = {"by": entry["by"], "base_year": entry["base_year"], "op": entry["op"]}
        rows = [
            {**row, **shared, "base": bases.get(row["id"]), "reading": ";".join(row.get("reading", ()))}
            for row in entry["target"]
        ]  # fmt: skip
        return self._frame(rows)

    def actuals(self) -> pd.DataFrame:
        """On pace, behind, met, base zero, a missing year, part of a year, and nothing at all."""
        series: dict[str, dict[str, float]] = {
            "K01": {"2018": 2, "2019": 9, "2020": 17}, "K04": {"2020": 23}, "K05": {"2020": 79},
            "K06": {"2020": 400}, "K07": {"2020": 560}, "K08": {"2019": 1500, "2020": 3600},
            "K09": {"2019": 12, "2020": 22}, "K10": {"2019": 60, "2020": 150},
            "K11": {"2020": 16}, "K14": {"2019": 5, "2020": 9}, "K15": {"2020": 0.93},
            "K17": {"2019": 210, "2020Q3": 165}, "K18": {"2018": 100, "2019": 120, "2020": 180},
            "K19": {"2018": 4.0, "2020": 9.0}, "K20": {"2019": 30, "2020": 50},
            "K24": {"2020": 0.72}, "M1": {"2020": 1}, "M3": {"2020": 0}, "M6": {"2020": 1},
        }  # fmt: skip
        rows: list[dict[str, Any]] = [
            {"kpi": kpi, "period": period, "value": value, "cumulative": kpi in {"K08", "K09", "K10"}}
            for kpi, values in series.items()
            for period, value in values.items()
        ]  # fmt: skip
        rows += [{"kpi": "K02", "period": "2020", "value": 52, "reading": "each_filed"},
                 {"kpi": "K02", "period": "2020", "value": 31, "reading": "each_granted"},
                 {"kpi": "K15", "period": "2020", "value": 0.95, "reading": "closed_of_accepted"},
                 {"kpi": "K15", "period": "2020", "value": 0.88, "reading": "with_carried_over"}]  # fmt: skip
        return self._frame(rows)

    def searches(self) -> pd.DataFrame:
        return self._frame([{"query_id": "Q1", "database": "D", "query": "IPC=H01M", "hits": 820,
                             "searched_on": "2025-02-01", "sample_n": 100, "sample_relevant": 88,
                             "known_n": 40, "known_found": 37}])  # fmt: skip

    def benchmarks(self) -> pd.DataFrame:
        rows = []
        for place, (industry, (_, share)) in enumerate(self.words["industries"].items()):
            for year in self.years[:-1]:
                value = round(4000 * share * 1.06 ** (year - self.years[0]) * (1 + 0.01 * place))
                rows.append({
                    "region": list(self.words["cities"])[1], "scheme": "jinan-ten", "group": industry,
                    "year": year, "measure": "filed", "unit": "application",
                    "basis": "application_date", "value": value, "query": "PA=*",
                    "cutoff": "2025-12-31",
                })  # fmt: skip
        return self._frame(rows)

    def register(self) -> pd.DataFrame:
        kinds = ["region"] + ["industry"] * 8 + ["enterprise"] * 15
        text = self.words["words"]["subject"]
        return self._frame([
            {"project_no": f"D{i:03d}", "kind": kind, "subject": text.format(number=i),
             "finished_on": f"2020-{1 + i % 12:02d}-15", "accepted": i % 4 != 3}
            for i, kind in enumerate(kinds)
        ])  # fmt: skip

    def districts(self) -> pd.DataFrame:
        rows = [
            {"region_code": d["code"], "name": name, "lon": d["lon"], "lat": d["lat"]}
            for name, d in self.words["districts"].items()
        ]
        return self._frame(rows)


def _uscc(number: int) -> str:
    """A made-up number of an organisation with a right check digit."""
    body = f"9137{number:013d}"
    total = sum(_CODE.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + _CODE[-total % 31]
