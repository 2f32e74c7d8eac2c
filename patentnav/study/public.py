"""What a public edition tells of firms and of persons, and which cells of it are hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from patentnav import disclosure
from patentnav._strings import among
from patentnav.errors import UnavailableError
from patentnav.study.gaps import gap

if TYPE_CHECKING:
    from patentnav.study.steps import Later
    from patentnav.tables import UserTable

FIRMS = "firms"
REVENUE = "revenue"
PEOPLE = "inventors"
_MOST = 0.5  # of the cells of a table, so that it is worth printing


def listed_year(user_tables: dict[str, UserTable]) -> int:
    """Last year of the table of enterprises.

    Raises
    ------
    UnavailableError
        There is no table EL, or none of its rows has a year.
    """
    if "EL" not in user_tables:
        raise gap("missing.no_table", user_table="EL")
    years = user_tables["EL"].frame["year"].dropna()
    if years.empty:
        raise gap("missing.no_table", user_table="EL")
    return int(years.max())


def listed_firms(user_tables: dict[str, UserTable], listed_year: int) -> pd.DataFrame:
    """Enterprises of the last year of the table EL: ``name, district, industry, revenue``."""
    rows = user_tables["EL"].frame
    rows = rows[rows["year"] == listed_year].drop_duplicates("name", keep="last")
    return rows[["name", "district", "industry", "revenue"]].sort_values("name", ignore_index=True)


def residents(  # noqa: PLR0917 (what a step needs)
    people: pd.DataFrame,
    memberships: pd.DataFrame,
    local_ids: pd.Index,
    unit_ids: pd.Series,
    unit_years: pd.Series,
    recent: tuple[int, int],
) -> pd.DataFrame:
    """Inventors of the region's units of the last five full years: ``inventor, industry``.

    The industry is the one of most of a person's units, the first by id among equals; NA where
    none is known. Nobody stands in two, so that the numbers of the industries add up.
    """
    rows = people.loc[among(people["publication_id"], local_ids), ["publication_id", "inventor"]]
    rows = rows.assign(unit_id=unit_ids.reindex(rows["publication_id"]).to_numpy())
    rows = rows[unit_years.reindex(rows["unit_id"]).between(*recent).to_numpy(dtype=bool)]
    fields = memberships[["publication_id", "industry"]].dropna()
    told = rows.merge(fields, on="publication_id").drop_duplicates(
        ["inventor", "unit_id", "industry"]
    )
    counts = told.groupby(["inventor", "industry"]).size().reset_index(name="count")
    counts = counts.sort_values(["inventor", "count", "industry"], ascending=[True, False, True])
    main = counts.drop_duplicates("inventor").set_index("inventor")["industry"]
    names = pd.Index(sorted(rows["inventor"].unique()), name="inventor")
    return pd.DataFrame({"industry": main.reindex(names).astype("str")}).reset_index()


def public_cells(
    listed_firms: Later[pd.DataFrame],
    listed_year: Later[int],
    residents: Later[pd.DataFrame],
    recent: tuple[int, int],
    earlier_edition: str | None,
) -> disclosure.Cells:
    """Every cell that a public edition could show of firms and persons.

    Patent counts are public; what firms told and how many persons there are is not.
    """
    parts = []
    if (firms := _known(listed_firms)) is not None and len(firms):
        year, by = listed_year(), ["district", "industry"]
        parts.append(_crossed(firms, by, f"{FIRMS} {year}"))
        told = firms.dropna(subset=["revenue"])
        if len(told):
            parts.append(
                disclosure.lattice(
                    told, by, name=f"{REVENUE} {year}", kind="amount", value="revenue",
                    contributor="name", published=[(), ("district",), ("industry",)],
                )
            )  # fmt: skip
    if (persons := _known(residents)) is not None and len(persons):
        window = f"{recent[0]}-{recent[1]}"
        parts.append(
            disclosure.lattice(persons, ["industry"], name=f"{PEOPLE} {window}", kind="persons")
        )
    if not parts:
        raise gap("missing.no_table", user_table="EL")
    cells = disclosure.stacked(parts)
    return disclosure.after(cells, earlier_edition) if earlier_edition else cells


def _crossed(firms: pd.DataFrame, by: list[str], name: str) -> disclosure.Cells:
    """Both dimensions, crossed only where most cells can be told: else they cost the totals."""
    whole = disclosure.lattice(firms, by, name=name, contributor="name")
    inner = whole.table[
        (whole.table["value"] > 0) & ~whole.table.index.str.contains("=*", regex=False)
    ]
    if disclosure.sensitive(inner).isna().mean() >= _MOST:
        return whole
    margins: list[tuple[str, ...]] = [(), *((one,) for one in by)]
    return disclosure.lattice(firms, by, name=name, contributor="name", published=margins)


def _known(result: Later[pd.DataFrame]) -> pd.DataFrame | None:
    try:
        return result()
    except UnavailableError:  # the section that needs it says what is missing
        return None


def protected(public_cells: disclosure.Cells) -> disclosure.Protected:
    """Which of the cells are shown (:func:`patentnav.disclosure.protect`)."""
    return disclosure.protect(public_cells)
