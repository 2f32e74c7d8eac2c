"""Patent numbers of the invented city: right in structure and order of time, invented in value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

TYPE_DIGIT = {"invention": 1, "utility_model": 2, "design": 3}
PCT_DIGIT = 8
# ZC 0008: the codes C, Y and D were followed by B, U and S on 2010-04-07.
NEW_KINDS = np.datetime64("2010-04-07")
# Since August 2007 Chinese publication numbers have nine digits.
NINE_DIGITS = 2007.65

_NINE = {
    "invention": ([2007.65, 2010, 2013, 2016, 2019.75, 2023.3, 2026],
                  [101000000, 101620000, 102840000, 105200000, 110298449, 115964000, 121300000]),
    "utility_model": ([2006, 2010, 2013, 2016, 2019.5, 2023, 2026],
                      [200940000, 201380000, 202650000, 204930000, 209000000, 218300000, 223700000]),
    "design": ([2006, 2010, 2013, 2016, 2019.5, 2023, 2026],
               [300600000, 301110000, 302250000, 303540000, 305200000, 307800000, 309700000]),
}  # fmt: skip
_SEVEN = ([2006, 2007.65], [1760000, 1999000])
_OLD_GRANTS = ([2006, 2010.3], [100234000, 100600000])


def fractional_years(dates: NDArray) -> NDArray:
    """Dates as years with a fraction."""
    days = dates.astype("datetime64[D]").astype("int64")
    return np.asarray(1970 + days / 365.2425)


def rising(values: NDArray) -> NDArray:
    """The values moved up as little as needed to be all different, their order kept."""
    order = np.argsort(values, kind="stable")
    steps = np.arange(len(values))
    different = np.maximum.accumulate(values[order] - steps) + steps
    result = np.empty_like(values)
    result[order] = different
    return result


def application_ids(dates: NDArray, digits: NDArray) -> NDArray:
    """Chinese application numbers: year, type digit, seven-digit serial rising with the date."""
    years = dates.astype("datetime64[Y]").astype(int) + 1970
    within = fractional_years(dates) - years
    most = np.interp(years, [2006, 2025], [180_000, 1_900_000])
    most = np.where(digits == PCT_DIGIT, 110_000, most)
    serial = (np.clip(within, 0, 1) * most).astype("int64") + 100
    number = rising((years * 10 + digits).astype("int64") * 10_000_000 + serial)
    return np.char.add("CN", number.astype(str)).astype(object)


def first_publications(dates: NDArray, patent_types: NDArray) -> NDArray:
    """Numbers (without office and kind) of a first publication."""
    years = fractional_years(dates)
    number = np.zeros(len(dates), dtype="int64")
    for patent_type, (known_years, known_numbers) in _NINE.items():
        at = patent_types == patent_type
        number[at] = np.interp(years[at], known_years, known_numbers)
    short = (patent_types == "invention") & (years < NINE_DIGITS)
    number[short] = np.interp(years[short], *_SEVEN)
    return rising(number)


def kinds(patent_types: NDArray, dates: NDArray, granted: NDArray) -> NDArray:
    """Kind codes in force at the date."""
    old = dates < NEW_KINDS
    return np.select(
        [
            patent_types == "utility_model",
            patent_types == "design",
            granted,
        ],
        [np.where(old, "Y", "U"), np.where(old, "D", "S"), np.where(old, "C", "B")],
        "A",
    ).astype(object)


def grant_numbers(first: NDArray, dates: NDArray) -> NDArray:
    """Grant numbers: that of the first publication, save for grants of the seven-digit time."""
    own_row = (first < 10_000_000) & (dates < NEW_KINDS)
    number = first.copy()
    number[own_row] = rising(
        np.interp(fractional_years(dates[own_row]), *_OLD_GRANTS).astype("int64")
    )
    return number


def wo_publications(dates: NDArray) -> NDArray:
    """International publications: ``WO`` + year + six digits + ``A1``."""
    years = dates.astype("datetime64[Y]").astype(int) + 1970
    serial = ((fractional_years(dates) - years).clip(0, 1) * 240_000).astype("int64") + 500
    number = rising(years.astype("int64") * 1_000_000 + serial)
    return (
        pd.Series("WO", index=range(len(dates))) + pd.Series(number).astype(str) + "A1"
    ).to_numpy()


def foreign_publications(office: str, dates: NDArray, rng: np.random.Generator) -> NDArray:
    """Publications of US, EP, JP or KR with the usual form of the office."""
    years = dates.astype("datetime64[Y]").astype(int) + 1970
    serial = rising(np.sort(rng.integers(1_000, 390_000, len(dates))))[
        np.argsort(np.argsort(dates))
    ]
    if office == "EP":
        number = rising(
            (np.interp(fractional_years(dates), [2006, 2026], [1_690_000, 4_780_000])).astype(
                "int64"
            )
        )
        return np.array([f"EP{n}A1" for n in number], dtype=object)
    if office == "KR":
        return np.array(
            [f"KR{y}0{s:06d}A" for y, s in zip(years, serial, strict=True)], dtype=object
        )
    if office == "JP":
        return np.array(
            [f"JP{y}{s:06d}A" for y, s in zip(years, serial, strict=True)], dtype=object
        )
    return np.array([f"US{y}0{s:06d}A1" for y, s in zip(years, serial, strict=True)], dtype=object)
