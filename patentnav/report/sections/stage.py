"""Part A, continued: the stage in the life of the technology, and how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import indicators, plot
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.registry import section
from patentnav.study import RECENT
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

_REFITS = 3  # last years with which, and without which, the curve must say the same
_FEWEST_YEARS = 8  # of a curve
_FEW = 30  # inventions of five years below which their coefficients are not drawn
_LATE = 3  # years of the means of the growth rate: single years jump


@section("direction.life_cycle", needs=("publications.patent_type",))
def life_cycle(edition: Edition) -> Iterator[Block]:
    """The four coefficients, the logistic curve, and the stage that they allow to name."""
    study = edition.study
    frame = indicators.life_cycle(study.patents, unit=study.unit, basis=study.basis)
    frame = frame[frame["year"] <= study.last_year].reset_index(drop=True)
    known = frame.dropna(subset=["growth_rate"])
    if len(known) < RECENT:
        raise gap("missing.life_cycle", years=len(known), fewest=RECENT)
    if not frame[["utility_models", "designs"]].to_numpy().any():
        yield Text("direction.life_cycle.inventions_only", {}, "note")
        unknown = dict.fromkeys(["maturity", "ageing", "novelty"], np.nan)
        known, frame = known.assign(**unknown), frame.assign(**unknown)
    key, values = _verdict(edition)
    yield Text(f"direction.life_cycle.{key}", values, "finding")
    if len(known) >= 2 * _LATE and not len(study.capped):
        yield Text("direction.life_cycle.rates", _rates(edition, known))
    if len(study.capped):  # no coefficient means anything where years are cut off
        return
    yield Text("direction.life_cycle.body", {"figure": Ref("life_cycle")})
    shown = ["year", "inventions", "utility_models", "designs", "growth_rate", "maturity",
             "ageing", "novelty"]  # fmt: skip
    forms = {"year": "year", "inventions": "count", "utility_models": "count", "designs": "count"}
    lang = edition.lang
    yield Figure(
        Table("life_cycle", frame[shown], forms, values, edition.note(dated=True)),
        drawing(plot.life_cycle, _steady(known), lang=lang),
    )


def _steady(known: pd.DataFrame) -> pd.DataFrame:
    """Years from which five of them have enough: before, coefficients jump with every single one."""
    thin = known["inventions"].rolling(RECENT, min_periods=1).sum() < _FEW
    begins = known.loc[~thin[::-1].cummax()[::-1], "year"]
    drawn = known[known["year"].isin(begins)]
    return drawn if len(drawn) >= RECENT else known


def _rates(edition: Edition, known: pd.DataFrame) -> dict[str, Any]:
    """Mean growth rate of the last three years and of the three before."""
    claim = edition.claims("direction.life_cycle")
    parts = {"late": known.tail(_LATE), "early": known.iloc[-2 * _LATE : -_LATE]}
    values: dict[str, Any] = {"span": claim.parameter("span", _LATE),
                              "last": claim.parameter("last", edition.study.last_year)}  # fmt: skip
    for name, part in parts.items():
        window = (int(part["year"].min()), int(part["year"].max()))
        values[name] = claim(name, "index", "set", "growth_rate", part["growth_rate"].mean(),
                             window=window, unit="ratio")  # fmt: skip
    return values


def _verdict(edition: Edition) -> tuple[str, dict[str, Any]]:
    """The stage, where curve and years agree with and without the last years; else why not."""
    study = edition.study
    claim = edition.claims("direction.life_cycle")
    last, seen = study.last_year, study.course
    fits = pd.concat(
        [indicators.s_curve(study.activity, until=last - back) for back in range(_REFITS)],
        ignore_index=True,
    )
    values: dict[str, Any] = {
        "scope": edition.scope(), "refits": claim.parameter("refits", _REFITS),
        "last": claim.parameter("last", last), "years": claim.parameter("years", int(seen["years"])),
        "piece": edition.piece,
    }  # fmt: skip
    if len(study.capped):
        return "capped", values
    if pd.isna(seen["direction"]) or int(fits["years"].iloc[0]) < _FEWEST_YEARS:
        values["fewest"] = claim.parameter("fewest", _FEWEST_YEARS)
        return "few", values
    direction, first = int(seen["direction"]), int(seen["first_year"])
    values["course"] = claim("course", "trend", "set", "course_direction", direction,
                             window=(first, last), direction=direction)  # fmt: skip
    stages = fits["stage"].astype("object")
    if (stages == "growth").all() and direction > 0:
        return "growing", values
    if not (fits["K"].notna() & fits["reliable"].fillna(False).astype(bool)).all():
        return ("receding" if direction < 0 else "untold"), _peak(edition, values)
    return _of_curve(edition, fits, direction, values)


def _of_curve(
    edition: Edition, fits: pd.DataFrame, direction: int, values: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """The stage of curves whose ceilings are known, unless what is published refutes them."""
    study = edition.study
    claim = edition.claims("direction.life_cycle")
    first, last = int(study.course["first_year"]), study.last_year
    total = float(study.course["total"])
    ceilings = pd.concat([fits["K"] - 2 * fits["K_error"], fits["K"] + 2 * fits["K_error"]])
    low, high = float(max(ceilings.min(), total)), float(ceilings.max())
    ceiling = float(fits["K"].iloc[0])
    published = float(study.activity["count"].sum())
    values |= {
        "ceiling": claim("ceiling", "index", "set", "ceiling", ceiling, window=(first, last)),
        "published": claim("published", "count", "set", "units", published,
                           window=(first, int(study.activity["year"].max()))),
    }  # fmt: skip
    if published > high:  # years that still fill have more already than the curve allows
        return ("refuted_receding" if direction < 0 else "refuted"), _peak(edition, values)
    for name, bound in (("least", high), ("most", low)):
        values[name] = claim(name, "index", "set", "progress", total / bound, unit="ratio",
                             window=(first, last), details={"ceiling": bound})  # fmt: skip
    if fits["stage"].nunique() > 1 or direction > 0:
        return "undecided", values
    return str(fits["stage"].iloc[0]), values


def _peak(edition: Edition, values: dict[str, Any]) -> dict[str, Any]:
    """The peak, which is what falling years do tell."""
    seen = edition.study.course
    claim = edition.claims("direction.life_cycle")
    peak, window = int(seen["peak_year"]), (int(seen["first_year"]), int(seen["last_year"]))
    values["peak_year"] = claim("peak_year", "date", "set", "peak_year", peak, window=window)
    return values
