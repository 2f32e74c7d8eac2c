"""The owners of the invented city and the spellings under which they appear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.datasets import vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

KINDS = {
    "firm": "enterprise", "university": "university", "institute": "research_institute",
    "hospital": "hospital", "foreign": "enterprise",
}  # fmt: skip
COLUMNS = ["organisation", "name", "name_en", "kind", "industry", "former", "unit", "country",
           "address"]  # fmt: skip
# How often a spelling is used: the name itself, full-width or half-width brackets and blanks, the
# former name (only for firms that changed their form), a branch or college.
_USE = {"name": 0.72, "brackets": 0.10, "former": 0.10, "unit": 0.08}
_CHANGED_FORM = 0.3


@dataclass(frozen=True)
class Organisations:
    """All owners that are no individuals, and every spelling of their names.

    Attributes
    ----------
    frame
        ``organisation, name, name_en, kind, industry, former, unit, country, address``.
    spellings
        Per row of ``frame`` the Chinese spellings, by use.
    """

    frame: pd.DataFrame
    spellings: pd.DataFrame

    def written(self, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """One spelling for every use of a row of ``frame``."""
        use = rng.choice(len(_USE), size=len(rows), p=list(_USE.values()))
        table = self.spellings[list(_USE)].to_numpy(dtype=object)
        return np.asarray(table[rows, use])

    def variants(self) -> pd.DataFrame:
        """Every spelling with its organisation: ``name_raw, organisation, name, party_type``."""
        long = self.spellings.assign(organisation=self.frame["organisation"]).melt(
            id_vars="organisation", value_name="name_raw"
        )
        long = long.drop_duplicates(["organisation", "name_raw"]).merge(
            self.frame[["organisation", "name", "kind"]], on="organisation"
        )
        long["party_type"] = long["kind"].map(KINDS)
        columns = ["name_raw", "organisation", "name", "party_type"]
        return long.sort_values(["organisation", "name_raw"])[columns].reset_index(drop=True)


def build(rng: np.random.Generator, firms: dict[str, int], planted: Sequence[str]) -> Organisations:
    """Invent the owners.

    Parameters
    ----------
    rng
        Source of chance.
    firms
        Number of ordinary firms per industry.
    planted
        Industries of the firms that own planted portfolios, one firm each, in this order; they
        come first in the frame.
    """
    words = vocabulary.table("organisations")
    rows = _firms(rng, [*planted, *(i for i, n in firms.items() for _ in range(n))])
    for kind, section in (("institute", "institutes"), ("university", "universities"),
                          ("hospital", "hospitals")):  # fmt: skip
        entry = words[section]
        for text in entry["names"]:
            name, name_en = vocabulary.pair(text)
            unit = name + str(rng.choice(entry["units"]))
            rows.append([name, name_en, kind, "", name, unit, "CN"])
    for entry in words["foreign"]:
        name, name_en = vocabulary.pair(entry["name"])
        rows.append([name, name_en, "foreign", "", name, name, entry["country"]])
    frame = pd.DataFrame(rows, columns=COLUMNS[1:-1])
    frame["address"] = _addresses(rng, len(frame))
    frame.loc[frame["kind"] == "foreign", "address"] = None
    frame.insert(0, "organisation", [f"O{i:05d}" for i in range(1, len(frame) + 1)])
    return Organisations(frame, _spellings(frame))


def _firms(rng: np.random.Generator, industries: Sequence[str]) -> list[list[str]]:
    words = vocabulary.table("organisations")
    firm = words["firms"]
    city, city_en = vocabulary.pair(words["city"])
    n_first, n_second = len(firm["first"]), len(firm["second"])
    brands = rng.permutation(n_first * n_second)
    rows = []
    for i, industry in enumerate(industries):
        # Brands repeat only in cities with more firms than brands; then a letter tells them apart.
        round_, brand = divmod(i, len(brands))
        a, b = divmod(int(brands[brand]), n_second)
        mark = "" if round_ == 0 else firm["first"][(a + round_ * 7) % n_first]
        mark_en = "" if round_ == 0 else firm["first_en"][(a + round_ * 7) % n_first].lower()
        trade, trade_en = vocabulary.pair(str(rng.choice(words["trades"][industry])))
        form, form_en = vocabulary.pair(str(rng.choice(firm["forms"], p=[0.55, 0.25, 0.12, 0.08])))
        stem = f"{firm['first'][a]}{firm['second'][b]}{mark}"
        stem_en = f"{firm['first_en'][a]}{firm['second_en'][b]}{mark_en}"
        place = ["{city}{stem}", "{stem}({city})", "{stem}"][
            int(rng.choice(3, p=[0.6, 0.15, 0.25]))
        ]
        name = place.format(city=city, stem=stem) + trade + form
        changed = rng.random() < _CHANGED_FORM and form != firm["former_form"]
        former = name.removesuffix(form) + firm["former_form"] if changed else name
        unit = firm["branch"].format(name=name, district=str(rng.choice(words["districts"])))
        name_en = f"{city_en} {stem_en} {trade_en} {form_en}"
        rows.append([name, name_en, "firm", industry, former, unit, "CN"])
    return rows


def _addresses(rng: np.random.Generator, n: int) -> list[str]:
    words = vocabulary.table("organisations")
    city, province = (vocabulary.pair(words[key])[0] for key in ("city", "province"))
    districts = rng.choice(words["districts"], n)
    roads = rng.choice(words["roads"], n)
    numbers = rng.integers(1, 9000, n)
    return [
        words["address"].format(province=province, city=city, district=d, road=r, number=k)
        for d, r, k in zip(districts, roads, numbers, strict=True)
    ]


def _spellings(frame: pd.DataFrame) -> pd.DataFrame:
    # Half-width and full-width brackets; a stray blank where there is no bracket.
    name = frame["name"]
    wide = name.str.translate(str.maketrans("()", "\uff08\uff09"))
    blank = name.str.slice(0, 2) + " " + name.str.slice(2)
    firm = frame["kind"] == "firm"
    return pd.DataFrame(
        {
            "name": name,
            "brackets": wide.where(wide != name, blank.where(firm, name)),
            "former": frame["former"],
            "unit": frame["unit"],
            "english": frame["name_en"],
        }
    )
