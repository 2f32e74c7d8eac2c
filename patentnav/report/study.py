"""What a report is about: the set, the analyst's choices, and every result.

A result is computed once, when a section first asks for it.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import (
    classify,
    clean,
    counting,
    facts,
    i18n,
    indicators,
    portfolio,
    schema,
    talent,
    taxonomy,
)
from patentnav.counting import unit_frame
from patentnav.errors import (
    ArgumentError,
    MissingColumnError,
    MissingTableError,
    UnknownNameError,
)
from patentnav.facts import incomplete_from
from patentnav.report.blocks import Text
from patentnav.report.registry import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from patentnav.cluster import Technologies
    from patentnav.counting import Counting, Unit
    from patentnav.indicators.nearness import Through
    from patentnav.patentset import PatentSet
    from patentnav.taxonomy import Taxonomy

TOP = 15  # rows of rankings
RECENT = 5  # years called recent
THIN = 10  # units below which a comparison of periods says nothing
_COVERED = 0.9  # share of publications below which a gap is pointed out
_SHARING = 10  # of several technologies, from which these are related through owners or inventors
FEWEST = 30  # publications from which technologies and shares by group are meaningful


@dataclass(frozen=True)
class Inputs:
    """Choices of the analyst; everything has a default.

    Attributes
    ----------
    title, subtitle, date
        Of the cover. ``date`` is printed as given; a report states no clock time by itself.
    region
        The studied area, as it is written in addresses (a city's name is found in a longer address).
    industry
        Id of the industry to which the report is restricted.
    taxonomy
        Taxonomy of the industries: name, path of a TOML file or spreadsheet, or loaded taxonomy.
    cutoff
        Date of the search; the latest publication date of the data when omitted.
    unit
        What is counted; the finest that the data support when omitted.
    lag_months
        Delay after which filings are taken as published.
    min_inventions, min_pct, granted_only
        The portfolio gate (:func:`patentnav.portfolio.candidates`).
    n_clusters, random_state
        For :func:`patentnav.cluster.technologies`.
    masked
        Numbers in place of the names of people, in every part of the report.
    mapped_people
        People on the talent map, those with most units.
    technologies, memberships
        Results computed before.
    effects
        Technical effects of publications (``publication_id, effect`` or another name, ``weight``), such as
        :func:`patentnav.indicators.vendor_groups` of a vendor's column or one's own patterns;
        :func:`patentnav.indicators.effects` when omitted.
    reference
        Counts of a comparison population by industry, for the specialisation.
    """

    title: str = ""
    subtitle: str = ""
    date: str = ""
    region: str = ""
    industry: str = ""
    taxonomy: str | Path | Taxonomy = "jinan-ten"
    cutoff: Any = None
    unit: Unit | None = None
    lag_months: int = 18
    min_inventions: int = 50
    min_pct: int = 10
    granted_only: bool = False
    n_clusters: int | None = None
    random_state: int = 0
    masked: bool = False
    mapped_people: int = 300
    technologies: Any = None
    memberships: pd.DataFrame | None = None
    effects: pd.DataFrame | None = None
    reference: pd.Series | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Inputs:
        """Check the names of the given inputs.

        Raises
        ------
        UnknownNameError
            A name is none of the inputs.
        """
        known = [f.name for f in fields(cls)]
        for name in given:
            if name not in known:
                raise UnknownNameError("input of a report", name, known)
        return cls(**given)


class Study:
    """A set under study. Attributes are computed when first used; ``UnavailableError`` says why not."""

    def __init__(self, patents: PatentSet, lang: str, inputs: Inputs) -> None:
        self.given, self.lang, self.inputs = patents, lang, inputs
        self.tree = taxonomy.load(inputs.taxonomy)
        if inputs.industry and inputs.industry not in self.tree.top:
            raise UnknownNameError("industry", inputs.industry, self.tree.top)
        if not len(patents):
            msg = "The set holds no publication, so there is nothing to report."
            raise ArgumentError(msg)

    # Words

    def word(self, key: str, **values: Any) -> str:
        """Wording below ``report.word``."""
        return i18n.text(f"report.word.{key}", self.lang, **values)

    def named(self, area: str, values: pd.Series) -> pd.Series:
        """Values of a closed vocabulary in words (``report.<area>.<value>``)."""
        known = {
            v: i18n.text(f"report.{area}.{v}", self.lang) for v in sorted(values.dropna().unique())
        }
        return values.map(known)

    def authority(self, code: str) -> str:
        """Name of an office or country, its code where the locale has none."""
        key = f"report.authority.{code}"
        return i18n.text(key, self.lang) if i18n.has(key, self.lang) else code

    def scope(self) -> str:
        """What the figures are about, in words."""
        if not self.inputs.industry:
            return self.word("scope_all")
        return self.word("scope_industry", industry=self.industry_names[self.inputs.industry])

    @functools.cached_property
    def industry_names(self) -> pd.Series:
        """Names of industries and sub-sectors by id."""
        return self.tree.names(self.lang)

    # The set

    @functools.cached_property
    def cleaned(self) -> PatentSet:
        """One publication per application, with resolved parties and inventors."""
        patents = clean.deduplicate(self.given, unit="application")
        if patents.has("parties") and not patents.has("parties", "party_id"):
            patents = clean.resolve_parties(patents)
        if patents.has("inventors") and not patents.has("inventors", "inventor_id"):
            patents = clean.resolve_inventors(patents)
        if self.inputs.masked and patents.has("inventors", "inventor_id"):
            patents = talent.mask(patents)
        return patents

    @functools.cached_property
    def patents(self) -> PatentSet:
        """The publications the report is about."""
        if not self.inputs.industry:
            return self.cleaned
        rows = self._all_memberships
        ids = rows.loc[rows["industry"] == self.inputs.industry, "publication_id"].unique()
        if not len(ids):
            msg = f'No publication belongs to the industry "{self.inputs.industry}".'
            raise ArgumentError(msg)
        return self.cleaned.filter(ids)

    @functools.cached_property
    def unit(self) -> Unit:
        """What is counted."""
        return self.inputs.unit or counting.best_unit(self.given)

    @functools.cached_property
    def unit_ids(self) -> pd.Series:
        """Counted unit by publication."""
        return counting.unit_ids(self.patents, self.unit)

    @functools.cached_property
    def units(self) -> int:
        """Number of counted units."""
        return int(self.unit_ids.nunique())

    @functools.cached_property
    def unit_word(self) -> str:
        """The unit in words, as it follows a number."""
        return self.word(f"unit_{self.unit}")

    def need(self, *needs: str) -> None:
        """Raise ``UnavailableError`` unless the set carries these tables or ``table.column``."""
        for need in needs:
            table, _, column = need.partition(".")
            if column and not self.patents.has(table, column):
                label = schema.label(table, column, self.lang)
                raise UnavailableError("missing.column", column=label, table=self._table(table))
            if not self.patents.has(table) or not len(getattr(self.patents, table)):
                raise UnavailableError("missing.table", table=self._table(table))

    def partial(self, *needs: str) -> list[Text]:
        """Notes on tables and columns that many publications lack."""
        notes = []
        ids = self.patents.publications.index
        for need in needs:
            table, _, column = need.partition(".")
            frame = getattr(self.patents, table)
            if table == "publications":
                covered = int(frame[column].notna().sum())
            else:
                key = schema.table(table).owner
                covered = int(
                    ids.isin((frame.dropna(subset=[column]) if column else frame)[key]).sum()
                )
            if covered < _COVERED * len(ids):
                named = schema.label(table, column, self.lang) if column else self._table(table)
                values = {"name": named, "covered": covered, "total": len(ids),
                          "share": covered / len(ids)}  # fmt: skip
                notes.append(Text("missing.partial", values, "note"))
        return notes

    def _table(self, name: str) -> str:
        return schema.table(name).labels[self.lang]

    # Time

    @functools.cached_property
    def cutoff(self) -> pd.Timestamp | None:
        """Date of the search, or the latest publication date."""
        if self.inputs.cutoff is not None:
            return pd.Timestamp(self.inputs.cutoff)
        last = self.given.publications["publication_date"].max()
        return None if pd.isna(last) else pd.Timestamp(last)

    @functools.cached_property
    def basis(self) -> str:
        """Date on which years are counted."""
        for basis in ("application_date", "earliest_priority_date", "publication_date"):
            if self.patents.has("publications", basis):
                return basis
        raise UnavailableError("missing.dates")

    @property
    def is_dated(self) -> bool:
        """Whether there is a date to count years on."""
        try:
            return bool(self.basis)
        except UnavailableError:
            return False

    @functools.cached_property
    def incomplete_from(self) -> int | None:
        """First year whose filings may not all be published at the cut-off."""
        if self.cutoff is None:
            return None
        return incomplete_from(
            self.patents, self.basis, cutoff=self.cutoff, months=self.inputs.lag_months
        )

    @functools.cached_property
    def activity(self) -> pd.DataFrame:
        """Units per year."""
        return indicators.activity(self.patents, unit=self.unit, basis=self.basis)

    @functools.cached_property
    def last_year(self) -> int:
        """Last year whose counts are complete."""
        last = int(self.activity["year"].max())
        return last if self.incomplete_from is None else min(last, self.incomplete_from - 1)

    def distinct(self, rows: pd.DataFrame, who: str) -> pd.Series:
        """Distinct units per value of a column, largest first; ties by value."""
        keyed = rows.assign(unit_id=self.unit_ids.reindex(rows["publication_id"]).to_numpy())
        counts = keyed.groupby(who, sort=True)["unit_id"].nunique()
        return counts.sort_values(ascending=False, kind="stable")

    def by_year(self, by: str | pd.DataFrame, counting: Counting = "fractional") -> pd.DataFrame:
        """Units per group and year."""
        return indicators.activity(self.patents, by, self.unit, counting=counting, basis=self.basis)

    def counts(self, by: str | pd.DataFrame, counting: Counting = "fractional") -> pd.Series:
        """Units per group, largest first; ties by id."""
        frame = unit_frame(self.patents, by, unit=self.unit, counting=counting)
        total = frame.groupby("group", sort=True, observed=True)["weight"].sum()
        total = total.sort_values(ascending=False, kind="stable").rename("count")
        total.attrs = {"unit": self.unit, "counting": counting}
        return total

    # Groups

    @functools.cached_property
    def _all_memberships(self) -> pd.DataFrame:
        if self.inputs.memberships is not None:
            return self.inputs.memberships
        return classify.memberships(self.cleaned, self.inputs.taxonomy)

    @functools.cached_property
    def memberships(self) -> pd.DataFrame:
        """Industries of the publications (:func:`patentnav.classify.memberships`)."""
        rows = self._all_memberships
        return rows[rows["publication_id"].isin(self.patents.publications.index)]

    @functools.cached_property
    def technologies(self) -> Technologies:
        """Technologies found in the texts (:func:`patentnav.cluster.technologies`)."""
        if self.inputs.technologies is not None:
            return self.inputs.technologies  # type: ignore[no-any-return]
        if len(self.patents) < FEWEST:
            raise UnavailableError("missing.few", count=len(self.patents), fewest=FEWEST)
        from patentnav import cluster

        try:
            return cluster.technologies(
                self.patents, self.inputs.n_clusters, self.inputs.random_state
            )
        except (MissingTableError, MissingColumnError) as error:
            raise UnavailableError("missing.texts") from error

    @functools.cached_property
    def technology_names(self) -> dict[str, str]:
        """Id and label of every technology, as printed."""
        names = self.technologies.names
        return {str(k): f"{k} {v}" for k, v in names.items()}

    @functools.cached_property
    def technology_of(self) -> pd.DataFrame:
        """Technologies as a membership table."""
        labels = self.technologies.labels.dropna()
        labels = labels[labels.index.isin(self.patents.publications.index)]
        return pd.DataFrame(
            {"publication_id": labels.index, "technology": labels.to_numpy(), "weight": 1.0}
        )

    @functools.cached_property
    def owners(self) -> pd.DataFrame:
        """Owners of publications, all of them (:func:`patentnav.facts.owners`)."""
        self.need("parties")
        rows = facts.owners(self.patents, which="all")
        if rows.empty:
            raise UnavailableError("missing.table", table=self._table("parties"))
        return rows

    @functools.cached_property
    def owner_names(self) -> pd.Series:
        """Name by owner id."""
        return self.owners.drop_duplicates("owner").set_index("owner")["name"]

    @functools.cached_property
    def owner_types(self) -> pd.Series:
        """Party type by owner id, NA where unknown."""
        parties = self.patents.parties
        known = parties.dropna(subset=["party_id", "party_type"]).drop_duplicates("party_id")
        types = known.set_index("party_id")["party_type"]
        return types.reindex(self.owner_names.index)

    @functools.cached_property
    def growth(self) -> pd.DataFrame:
        """Technologies of the last years against the years before, largest index first.

        ``technology, count, recent_count, before_count, recent_share, before_share,
        growth_index`` (recent share / share before; NA where nothing was there before).
        """
        yearly = self.by_year(self.technology_of)
        late = yearly["year"].between(self.last_year - RECENT + 1, self.last_year)
        early = yearly["year"].between(self.last_year - 2 * RECENT + 1, self.last_year - RECENT)
        total = self.counts(self.technology_of)
        frame = pd.DataFrame({"count": total})
        for name, mask in (("recent", late), ("before", early)):
            part = yearly[mask].groupby("group")["count"].sum().reindex(total.index).fillna(0.0)
            frame[f"{name}_count"] = part
            frame[f"{name}_share"] = part / part.sum() if part.sum() else float("nan")
        before = frame["before_share"].where(frame["before_share"] > 0)
        frame["growth_index"] = frame["recent_share"] / before
        frame = frame.rename_axis("technology").reset_index()
        return frame.sort_values(
            ["growth_index", "technology"], ascending=[False, True], ignore_index=True
        )

    @functools.cached_property
    def emergence(self) -> pd.DataFrame:
        """Judgement of every technology, on the very periods of ``growth``."""
        return indicators.emergence(
            self.patents, self.technology_of, unit=self.unit, basis=self.basis, window=RECENT,
            until=self.last_year,
        )  # fmt: skip

    @functools.cached_property
    def strength(self) -> pd.DataFrame:
        """Owners by technology (:func:`patentnav.indicators.strength`)."""
        basis = self.basis if self.is_dated else "application_date"  # years are NA then
        return indicators.strength(
            self.patents, self.technology_of, self.owners, unit=self.unit, basis=basis
        )

    @functools.cached_property
    def related(self) -> pd.DataFrame:
        """Related technologies, through the first of owners, inventors, citations and classes that can tell."""
        ways: tuple[Through, ...] = ("owners", "inventors", "citations", "classes")
        for through in ways:
            try:
                found = indicators.relatedness(
                    self.patents, self.technology_of, through=through, unit=self.unit
                )
            except MissingTableError:
                continue
            if len(found) and self._sharing(through) >= _SHARING:
                return found
        raise UnavailableError("missing.related")

    def _sharing(self, through: Through) -> float:
        """Owners or inventors in several technologies; of citations and classes there are enough."""
        if through not in {"owners", "inventors"}:
            return float("inf")
        rows, who = (self.owners, "owner") if through == "owners" else (self.people, "inventor")
        rows = rows.merge(self.technology_of[["publication_id", "technology"]], on="publication_id")
        return int((rows.groupby(who)["technology"].nunique() > 1).sum())

    @functools.cached_property
    def talents(self) -> talent.TalentMap:
        """People with their teams, roles and places (:func:`patentnav.talent.talent_map`)."""
        self.need("inventors.inventor_id")
        return talent.talent_map(
            self.patents,
            self.unit,
            most=self.inputs.mapped_people,
            random_state=self.inputs.random_state,
        )

    @functools.cached_property
    def people(self) -> pd.DataFrame:
        """Inventors as a membership table: ``publication_id, inventor, weight, name``."""
        self.need("inventors")
        table = self.patents.inventors
        name = table["name"] if table["name"].notna().any() else table["name_raw"]
        rows = pd.DataFrame(
            {"publication_id": table["publication_id"],
             "inventor": table["inventor_id"].fillna(name), "weight": 1.0, "name": name}
        )  # fmt: skip
        rows = rows.dropna(subset=["inventor", "name"])
        if rows.empty:
            raise UnavailableError("missing.table", table=self._table("inventors"))
        return rows.drop_duplicates(["publication_id", "inventor"], ignore_index=True)

    @functools.cached_property
    def candidates(self) -> pd.DataFrame:
        """Portfolio candidates and the gate (:func:`patentnav.portfolio.candidates`)."""
        self.need("parties", "publications.patent_type")
        found = portfolio.candidates(
            self.patents,
            self.technologies.labels,
            min_inventions=self.inputs.min_inventions,
            min_pct=self.inputs.min_pct,
            granted_only=self.inputs.granted_only,
            unit="application",
        )
        if found.empty:
            raise UnavailableError("missing.table", table=self._table("parties"))
        return found

    # Local and other

    @functools.cached_property
    def local(self) -> pd.Series | None:
        """Whether each publication has an owner in the region.

        None where it cannot be told, or where all or none have: there is nothing to compare then.
        """
        if not self.inputs.region or not self.patents.has("parties"):
            return None
        local = facts.inside(self.patents, self.inputs.region).fillna(False).astype(bool)
        return local if local.nunique() > 1 else None

    def note(self, counting_rule: str = "", *, dated: bool = False) -> Text:
        """Small print of a table or figure: what is counted, how, and on which date."""
        parts = [self.word("note_unit", unit=self.word(f"noun_{self.unit}"))]
        if counting_rule:
            parts.append(self.word(f"note_{counting_rule}"))
        if dated:
            parts.append(
                self.word("note_basis", basis=schema.label("publications", self.basis, self.lang))
            )
            if self.incomplete_from is not None:
                parts.append(self.word("note_incomplete", year=self.incomplete_from))
        return Text("note", {"parts": self.word("separator").join(parts)}, "note")
