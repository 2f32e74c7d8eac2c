"""Technology by problem by solution, all by the analyst's own rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav.config import get_config
from patentnav.counting import unit_frame

if TYPE_CHECKING:
    from patentnav.counting import Unit
    from patentnav.patentset import PatentSet


def problem_solution(
    patents: PatentSet,
    problems: str | pd.DataFrame,
    solutions: str | pd.DataFrame,
    *,
    technologies: str | pd.DataFrame | None = None,
    unit: Unit | None = None,
) -> pd.DataFrame:
    """Count which problems are solved by which solutions, in every technology.

    Parameters
    ----------
    patents
        The set.
    problems, solutions
        Groupings, such as a breakdown table's branches (:func:`patentnav.taxonomy.members`) or
        effects (:func:`patentnav.indicators.effects`): column of ``publications`` or membership
        table.
    technologies
        The same for technologies; all as one when omitted.
    unit
        Counted unit; the configured one when omitted.

    Returns
    -------
    pandas.DataFrame
        ``technology, problem, solution, count, problem_units, solution_units, gap``: every
        combination of what occurs, whole counting; ``technology`` is NA where none is given.
        ``problem_units`` and ``solution_units`` are the units of the technology with the problem, and
        with the solution; ``gap`` is True where both occur in the technology and never together: for
        an engineer to judge, since chance may leave it empty
        (:func:`patentnav.indicators.white_spots` tests the pairs). Annotated in ``attrs``: ``unit``;
        ``units`` in all, ``with_problem``, ``with_solution``, ``with_both`` (units), and
        ``without``, those with neither: rules that find nothing say nothing of them.

    Examples
    --------
    >>> from patentnav import datasets, indicators
    >>> patents = datasets.city(60).patents
    >>> told = indicators.effects(patents, {"a": "method*", "b": "system*"})
    >>> list(indicators.problem_solution(patents, told, told).columns[:4])
    ['technology', 'problem', 'solution', 'count']
    """
    first, second = (
        unit_frame(patents, by, unit=unit, counting="whole")[["unit_id", "group"]]
        for by in (problems, solutions)
    )
    everything = pd.Series("all", index=patents.publications.index, name="group")
    base = unit_frame(
        patents,
        everything.rename_axis("publication_id").reset_index() if technologies is None else technologies,
        unit=unit, counting="whole",
    )[["unit_id", "group"]].rename(columns={"group": "technology"})  # fmt: skip
    left = base.merge(first.rename(columns={"group": "problem"}), on="unit_id")
    right = base.merge(second.rename(columns={"group": "solution"}), on="unit_id")
    both = left.merge(right, on=["unit_id", "technology"])
    counts = both.groupby(["technology", "problem", "solution"]).size().rename("count")
    frame = pd.MultiIndex.from_product(
        [sorted(set(left["technology"]) | set(right["technology"])), sorted(set(first["group"])),
         sorted(set(second["group"]))],
        names=["technology", "problem", "solution"],
    )  # fmt: skip
    table = counts.reindex(frame, fill_value=0).reset_index()
    for name, part in (("problem", left), ("solution", right)):
        own = part.groupby(["technology", name]).size().rename(f"{name}_units")
        table = table.merge(own.reset_index(), on=["technology", name], how="left")
        table[f"{name}_units"] = table[f"{name}_units"].fillna(0).astype("int64")
    table["count"] = table["count"].astype("int64")
    table["gap"] = (
        (table["count"] == 0) & (table["problem_units"] > 0) & (table["solution_units"] > 0)
    )
    if technologies is None:
        table["technology"] = pd.Series(pd.NA, index=table.index, dtype="str")
    units = set(unit_frame(patents, everything.rename_axis("publication_id").reset_index(),
                           unit=unit, counting="whole")["unit_id"])  # fmt: skip
    posed, solved = set(first["unit_id"]), set(second["unit_id"])
    table.attrs = {
        "unit": unit or get_config().unit, "units": len(units), "with_problem": len(posed),
        "with_solution": len(solved), "with_both": len(posed & solved),
        "without": len(units - posed - solved),
    }  # fmt: skip
    return table
