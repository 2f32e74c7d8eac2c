"""The choices under which a set is studied."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from patentnav.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from patentnav.cluster import Technologies
    from patentnav.counting import Unit
    from patentnav.facts import OwnerLevel
    from patentnav.taxonomy import Taxonomy


@dataclass(frozen=True)
class Inputs:
    """Choices of the analyst; everything has a default.

    Attributes
    ----------
    region
        The studied area, as :func:`patentnav.facts.inside` takes it; not a filter.
    industry
        Id of the industry to which the study is restricted.
    sub_sector
        Id of the sub-sector to which the study is restricted.
    applicant
        Name or id of the owner to which the study is restricted.
    firm
        Name or id of the owner whose operation is studied among all others (assets, rivals,
        barriers); not a filter. The largest enterprise when omitted.
    rivals
        Names or ids of the owners that the firm is compared with; the largest enterprises in its
        technologies when omitted.
    project
        Id of the project in the user table PJ that is assessed; the first when omitted.
    team
        Names, or ids, of people whose common work is looked at: who holds it. Those of the project
        in the user table PJ when omitted.
    taxonomy
        Taxonomy of the industries: a name, the path of a toml or xlsx file, or an object. When
        omitted the one that has all industries of the user table IS, else the ten industries of Jinan for Chinese sets of Shandong (by ``region``, else by
        where most parties are) and where ``industry`` or ``sub_sector`` is one of theirs; the 35
        fields of WIPO else.
    owner
        Level of owners: party (legal entity) or group; group where groups are known when omitted.
    cutoff
        Date of the search; the latest publication date of the data when omitted.
    unit
        What is counted: publication, application or family; the finest that the data support when
        omitted.
    lag_months
        Delay after which filings are taken as published.
    aliases
        The user's own names of organisations (:func:`patentnav.clean.resolve_parties`).
    decisions
        Reviewed merges and splits of organisations and people.
    min_inventions
        Inventions that a portfolio must have (:func:`patentnav.portfolio.candidates`).
    min_pct
        PCT applications that a portfolio must have.
    granted_only
        Whether only granted inventions count for the portfolio gate.
    portfolios
        Portfolios that are to be chosen (:func:`patentnav.portfolio.select`).
    n_clusters
        Number of technologies; proposed from the data when omitted.
    random_state
        Seed of everything that draws.
    masked
        Whether numbers stand in place of the names of people, in every result; unless it is said
        otherwise, names are not shown (an outline may set it, as that of talent does).
    mapped_people
        People on the talent map, those with most units.
    technologies
        Technologies found before.
    memberships
        Memberships in industries found before.
    effects
        Technical effects of publications (``publication_id, effect`` or another name, ``weight``),
        such as :func:`patentnav.indicators.vendor_groups` of a vendor's column or one's own
        patterns; :func:`patentnav.indicators.effects` when omitted.
    problems
        Breakdown table of the problems that publications solve: what
        :func:`patentnav.taxonomy.load` takes. Crossed with ``solutions``.
    solutions
        Breakdown table of the solutions, likewise.
    reference
        Counts of a comparison population by industry, for the specialisation.
    tables
        The user's own tables by code, e.g. ``{"CS": "cities.xlsx"}`` (:func:`patentnav.tables.read`);
        `patentnav tables` writes empty ones.
    as_of
        Day on which targets are judged; the end of the last period reported when omitted.
    earlier_edition
        Record of the public edition before (:func:`patentnav.disclosure.write_record`).
    """

    region: str = ""
    industry: str = ""
    sub_sector: str = ""
    applicant: str = ""
    firm: str = ""
    rivals: Sequence[str] = ()
    project: str = ""
    team: Sequence[str] = ()
    taxonomy: str | Path | Taxonomy | None = None
    owner: OwnerLevel | None = None
    cutoff: Any = None
    unit: Unit | None = None
    lag_months: int = 18
    aliases: str | Path | Mapping[str, str] | pd.DataFrame | None = None
    decisions: str | Path | pd.DataFrame | None = None
    min_inventions: int = 50
    min_pct: int = 10
    granted_only: bool = False
    portfolios: int = 30
    n_clusters: int | None = None
    random_state: int = 0
    masked: bool = True
    mapped_people: int = 300
    technologies: Technologies | None = None
    memberships: pd.DataFrame | None = None
    effects: pd.DataFrame | None = None
    problems: str | Path | Taxonomy | None = None
    solutions: str | Path | Taxonomy | None = None
    reference: pd.Series | None = None
    tables: Mapping[str, Any] | None = None
    as_of: Any = None
    earlier_edition: str | Path | None = None

    @classmethod
    def names(cls) -> list[str]:
        """Names of all inputs."""
        return [f.name for f in fields(cls)]

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Inputs:
        """Check the names of the given inputs.

        Raises
        ------
        UnknownNameError
            A name is none of the inputs.
        """
        for name in given:
            if name not in cls.names():
                raise UnknownNameError("input of a study", name, cls.names())
        return cls(**given)
