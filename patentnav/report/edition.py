"""A study in words: the wording, labels and small print of one language."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from patentnav import i18n, schema, taxonomy
from patentnav._strings import among
from patentnav.claims import SIGNIFICANT, Claim
from patentnav.config import get_config
from patentnav.errors import UnavailableError
from patentnav.findings.breadth import LEADING, bearers, name_hit
from patentnav.indicators.emergence import MIN_COUNT
from patentnav.report.blocks import Ref, Text
from patentnav.study import RECENT
from patentnav.study.gaps import labelled
from patentnav.study.naming import HALF

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from patentnav.claims import Kind, Violation
    from patentnav.report.blocks import Block, Style
    from patentnav.report.inputs import Cover
    from patentnav.study import Study

# Leahy-Smith America Invents Act, section 4: from then on the assignee may apply (35 U.S.C. 118).
_INVENTORS_APPLY = pd.Timestamp("2012-09-16")
T = TypeVar("T")
TOP = 15  # rows of rankings
_BEHIND = ("slower", "declining")
_UNMOVED = ("steady", "too_few", "one_owner")
SAYS_WHERE = (
    "assess.",
    "firm.",
    "kpi.",
    "match.",
    "methods.",
    "need.",
    "portrait.",
    "position.region",
    "project.",
    "region.",
    "select.",
    "risk.",
    "summary.",
    "talent.",
)  # what they tell of
# Reasons that are results: the analysis was made, and nothing passed.
_LOOKED_FOR = frozenset(
    f"missing.{key}"
    for key in ("joint", "leaders", "no_advantage", "no_branches", "no_next", "nothing_related")
)
_COVERED = 0.9  # share of publications below which a gap is pointed out


@dataclass(frozen=True)
class ClaimMaker:
    """Makes the claims of a section: their ids begin with it, their unit is that of the study."""

    section: str
    unit: str

    def __call__(
        self, name: str, kind: Kind, subject: str, measure: str, value: Any, **more: Any
    ) -> Claim:
        """A claim of the section; see :class:`patentnav.claims.Claim`."""
        entries = {"unit": self.unit, **{key: _native(entry) for key, entry in more.items()}}
        value = _native(value)
        return Claim(f"{self.section}:{name}", kind, subject, measure, value, **entries)

    def parameter(self, name: str, value: Any) -> Claim:
        """A choice or threshold that the report states."""
        return self(name, "parameter", "set", "parameter", value, unit="")


def _native(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


class Edition:
    """What a section is made of: the study, its language and the words for its values.

    Attributes
    ----------
    study
        The results.
    cover
        What the client wants on the cover.
    lang
        Language of all wording.
    violations
        What the check of the claims found, for the sections that collect.
    tables
        Codes of the user tables that sections looked for, for those that collect.
    """

    def __init__(self, study: Study, lang: str, cover: Cover) -> None:
        self.study, self.lang, self.cover = study, lang, cover
        self.violations: tuple[Violation, ...] = ()
        self.tables: set[str] = set()
        self._of_firm: Edition | None = None
        self._names: dict[str, Any] = {}

    def apart(self, names: pd.Series) -> pd.Series:
        """Names of people for one table: several of one name are numbered, as they were kept apart."""
        plain = names.astype("str").str.casefold().str.replace(",", " ")
        key = plain.map(lambda name: " ".join(sorted(str(name).split())), na_action="ignore")
        number = key.groupby(key).cumcount() + 1
        several = key.notna() & key.duplicated(keep=False)
        told = [
            self.word("namesake", name=name, number=int(n)) if one else name
            for name, n, one in zip(names, number, several, strict=True)
        ]
        return pd.Series(told, index=names.index, dtype="str")

    # Not cached properties: each section that asks is noted as reading what the answer is made from.

    @property
    def places_inferred(self) -> bool:
        """Whether places of owners were read from their names, of some at least."""
        patents = self.study.patents
        if not patents.has("parties", "place_source"):
            return False
        return bool(patents.parties["place_source"].eq("name").any())

    @property
    def of_firm(self) -> Edition:
        """The edition of the firm's own publications, under the technologies of the whole."""
        study = self.study
        firm, technologies = study.firm, None
        with suppress(UnavailableError):
            technologies = study.technologies
        if self._of_firm is None:
            own = study.with_inputs(applicant=firm, firm="", rivals=(), technologies=technologies)
            self._of_firm = Edition(own, self.lang, self.cover)
        return self._of_firm

    def remembered(self, key: Hashable, make: Callable[[], T], *also: Any) -> T:
        """What is made of this edition, where reports share it (:meth:`Study.remembered`)."""
        words = self.cover, i18n.wording(self.lang), get_config()
        return self.study.remembered((self.lang, key), make, *words, *also)

    def word(self, key: str, **values: Any) -> str:
        """Wording below ``report.word``."""
        return i18n.text(f"report.word.{key}", self.lang, **values)

    def living_owners(self) -> str:
        """Which owners a report may recommend (:attr:`Study.alive_owners`), in words with the year."""
        since = self.study.filing_since
        if since is None:
            return self.word("living_owners_undated")
        return self.word("living_owners", since=since)

    def claims(self, section: str) -> ClaimMaker:
        """What makes the claims of a section."""
        return ClaimMaker(section, self.study.unit)

    def filed_names(self) -> pd.Series:
        """Owners of publications as :attr:`Study.filed_names`, where only inventors are named so called.

        American applications name the inventors where nobody has told the assignee: they are no
        owners in their own right, and who the owner is is not known. Until ``_INVENTORS_APPLY`` nobody
        but the inventors could apply there, so that persons are inventors even where these are not told.
        """
        study = self.study
        publications = study.patents.publications
        held = study.owners[["publication_id", "owner"]]
        inventing = pd.Series(False, index=held.index)
        if study.patents.has("inventors"):
            known = pd.MultiIndex.from_frame(study.inventing_owners[["publication_id", "owner"]])
            inventing[:] = pd.MultiIndex.from_frame(held).isin(known)
        early = publications["application_date"] < _INVENTORS_APPLY
        inventing |= held["publication_id"].map(early).fillna(False).astype(bool)
        person = held["owner"].map(study.owner_types).eq("individual").fillna(False).astype(bool)
        alone = (inventing & person).groupby(held["publication_id"]).all()
        names = study.filed_names
        american = (publications["authority"] == "US").reindex(names.index)
        only = alone.reindex(names.index, fill_value=False) & american.fillna(False)
        return names.mask(only.astype(bool), self.word("inventors_only"))

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

    def subclass(self, code: str) -> str:
        """An IPC subclass with its title, the code alone where the locale has none."""
        key = f"report.subclass.{code}"
        return f"{code} {i18n.text(key, self.lang)}" if i18n.has(key, self.lang) else code

    def table(self, name: str) -> str:
        """Name of a table of the set."""
        return schema.table(name).labels[self.lang]

    def scope(self) -> str:
        """What the figures are about, in words."""
        inputs = self.study.inputs
        node = inputs.sub_sector or inputs.industry
        if inputs.applicant:
            names = self.study.owner_names
            name = names.get(inputs.applicant, inputs.applicant)
            return self.word("scope_applicant", applicant=name)
        if not node:
            return self.word("scope_all")
        return self.word("scope_industry", industry=self.industry_names[node])

    @property
    def industry_names(self) -> pd.Series:
        """Names of industries and sub-sectors by id."""
        tree = self.study.tree
        if "industry" not in self._names:
            self._names["industry"] = tree.names(self.lang)
        names: pd.Series = self._names["industry"]
        return names

    @property
    def technology_names(self) -> dict[str, str]:
        """Id and label of every technology, as printed."""
        technologies = self.study.technologies
        if "technology" not in self._names:
            told = {str(k): self.apart_from_classes(f"{k} {v}", str(v))
                    for k, v in technologies.names.items()}  # fmt: skip
            self._names["technology"] = told
        names: dict[str, str] = self._names["technology"]
        return names

    def name_hit(self, section: str) -> Text | None:
        """That the search hit the names of those who lead; None where it did not."""
        piece = name_hit(self.study)
        if not piece:
            return None
        claim, study = self.claims(section), self.study
        held, leaders = bearers(study, piece)
        count = study.unit_ids.reindex(held).nunique()
        about: dict[str, Any] = {"details": {"word": piece}, "rule": "whole"}
        return Text("name_hit", {
            "word": piece, "unit": self.unit_word, "top": claim.parameter("hit_top", LEADING),
            "leaders": claim("hit_leaders", "count", "set", "named_leaders", leaders, unit="owner",
                             details={"word": piece, "top": LEADING}),
            "count": claim("hit", "count", "set", "named_units", count, **about),
            "share": claim("hit_share", "share", "set", "named_units", count / study.units,
                           unit="ratio", baseline="set", rule="whole",
                           details={"word": piece, "share": True}),
        }, "note")  # fmt: skip

    def apart_from_classes(self, name: str, bare: str) -> str:
        """A name found in texts, which says so where a field by classes bears the same."""
        if "classes" not in self._names:
            trees = (self.study.tree, taxonomy.load("wipo-35"))
            self._names["classes"] = {
                str(one).casefold() for tree in trees for one in tree.names(self.lang)
            }
        if bare.casefold() not in self._names["classes"]:
            return name
        return self.word("found_in_texts", name=name)

    def remainder_last(self, frame: pd.DataFrame, column: str) -> pd.DataFrame:
        """Rows of technologies with what belongs to none of them at the end, where no rank leads it."""
        left = frame[column].astype("str").isin(list(self.study.remainders))
        return pd.concat([frame[~left], frame[left]], ignore_index=True)

    def moving_name(self, technology: str, column: str = "years") -> str:
        """Name of a technology in a sentence on its course, which says where the name is not what moved."""
        name = self.technology_names.get(technology, technology)
        apart = self.study.name_moves
        terms = apart[column].get(technology)
        if terms is None:
            known = self.study.well_named
            untold = known is not None and technology not in known
            return self.word("named_in_part", name=name) if untold else name
        if not terms:
            return self.word("moves_apart", name=name)
        quoted = "".join(self.word("quoted", name=term) for term in terms)
        return self.word("moves_in", name=name, terms=quoted)

    def names_late(self, technology: str) -> bool:
        """Whether the name of a technology holds for what it has of late, the last years of the later period.

        At least half of these titles must bear it, and it is told without a warning.
        """
        study = self.study
        if self.moving_name(technology, "lately") != self.technology_names.get(
            technology, technology
        ):
            return False
        rows = study.technology_of
        own = rows.loc[rows["technology"].astype("str") == technology, "publication_id"]
        years = study.unit_ids.reindex(own.unique()).map(study.unit_years)
        late = years.index[
            years.between(study.last_year - RECENT // 2 + 1, study.last_year).fillna(False)
        ]
        borne = study.bears_name.reindex(late).dropna()
        return borne.empty or float(borne.astype(bool).mean()) >= HALF

    @property
    def unit_word(self) -> str:
        """The unit in words, as it follows a number."""
        return self.word(f"unit_{self.study.unit}")

    @property
    def technology_states(self) -> dict[str, str]:
        """What the tests make of every technology, in words; of a slower one, that it turned since."""
        frame = self.study.emergence
        words = {str(key): self.word(f"state_{state}")
                 for key, state in zip(frame["group"], frame["state"], strict=True)}  # fmt: skip
        words |= {key: self.word("state_back", state=words[key]) for key in self.turned_back}
        late = frame["late_carried_by"].notna() & (frame["late_q"] <= SIGNIFICANT)
        late &= (frame["recent"] >= MIN_COUNT) & (frame["state"] != "one_owner")
        words |= {key: self.word("state_late_owner", state=words[key])
                  for key in frame.loc[late, "group"].astype("str")}  # fmt: skip
        moved = frame.loc[~frame["state"].isin(_UNMOVED), "group"].astype("str")
        apart = [
            key for key in moved if self.moving_name(key) != self.technology_names.get(key, key)
        ]
        return words | {key: self.word("state_apart", state=words[key]) for key in apart}

    @property
    def turned_back(self) -> frozenset[str]:
        """Technologies behind the set from period to period, and ahead of it within the later one."""
        frame = self.study.emergence
        ahead = (frame["late_growth"] > 1) | frame["late_growth"].isna()
        back = frame["state"].isin(_BEHIND) & (frame["late_q"] <= SIGNIFICANT) & ahead
        return frozenset(frame.loc[back, "group"].astype("str"))

    @property
    def unit_axis(self) -> str:
        """The unit in words, as it stands at an axis."""
        return i18n.text(f"plot.unit.{self.study.unit}", self.lang)

    @property
    def piece(self) -> str:
        """The short word for the unit after a number, as in the course of a sentence."""
        return self.word(f"piece_{self.study.unit}")

    def gap(self, error: UnavailableError) -> Text:
        """What the data do not tell, as a paragraph; what was looked for and not found is no lack of them."""
        style: Style = "body" if error.key in _LOOKED_FOR else "missing"
        return Text(error.key, labelled(error.values, self.lang), style)

    def partial(self, *needs: str) -> list[Text]:
        """Notes on tables and columns that many publications lack."""
        notes = []
        patents = self.study.patents
        ids = patents.publications.index
        for need in needs:
            table, _, column = need.partition(".")
            frame = getattr(patents, table)
            if table == "publications":
                covered = int(frame[column].notna().sum())
            else:
                known = frame.dropna(subset=[column]) if column else frame
                covered = int(among(ids, known[schema.table(table).owner]).sum())
            if covered < _COVERED * len(ids):
                named = schema.label(table, column, self.lang) if column else self.table(table)
                values = {
                    "name": named,
                    "covered": covered,
                    "total": len(ids),
                    "share": covered / len(ids),
                }
                notes.append(Text("missing.partial", values, "note"))
        return notes

    def national(
        self, sections: Mapping[str, Sequence[Block]], *, others: bool = False
    ) -> Text | None:
        """A note on a part where a region is studied and sections tell of all data, not of it.

        Parameters
        ----------
        sections
            Blocks by id of the sections of a part, in their order.
        others
            Whether the part has further sections, which say themselves that they are about the region.
        """
        region = self.study.inputs.region
        counting = {name: blocks for name, blocks in sections.items()
                    if any(not isinstance(b, Text) for b in blocks)}  # fmt: skip
        told = [name for name, blocks in counting.items() if _is_about(region, blocks)]
        if not region or len(told) == len(counting):
            return None
        if not told and not others:
            return Text("national", {"region": region}, "note")
        named = [name for name in counting if name not in told] if others else told
        places: Ref | Text = Ref(named[0])
        for name in named[1:]:
            places = Text("findings.joined", {"one": places, "other": Ref(name)})
        key = "national_these" if others else "national_but"
        return Text(key, {"region": region, "places": places}, "note")

    def note(self, counting_rule: str = "", *, dated: bool = False, periods: bool = False) -> Text:
        """Small print of a table or figure: what is counted, how, and on which date."""
        study = self.study
        parts = [self.word("note_unit", unit=self.word(f"noun_{study.unit}"))]
        if counting_rule:
            parts.append(self.word(f"note_{counting_rule}"))
        if dated:
            parts.append(
                self.word(
                    "note_basis",
                    basis=_inside(schema.label("publications", study.basis, self.lang)),
                )
            )
            if study.incomplete_from is not None:
                parts.append(self.word("note_incomplete", year=study.incomplete_from))
        if periods:
            last = study.last_year
            years = {"recent_first": last - RECENT + 1, "recent_last": last,
                     "before_first": last - 2 * RECENT + 1, "before_last": last - RECENT}  # fmt: skip
            parts.append(self.word("note_periods", **years))
        return Text("note", {"parts": self.word("separator").join(parts)}, "note")


def _is_about(region: str, blocks: Sequence[Block]) -> bool:
    """Whether a section counts what is of the region: its results say so, or, without any, its text."""
    texts = [b for b in blocks if isinstance(b, Text)]
    results = [b for b in texts if b.style == "finding"]
    return any(b.values.get("region") == region for b in results or texts)


def _inside(label: str) -> str:
    """A label inside a sentence: without the capital that it has at the beginning of one."""
    return label[:1].lower() + label[1:]


def leading(sizes: pd.Series, top: int) -> pd.Series:
    """The largest, all of equals at the end of them; without these, where they double the number.

    A cut among equals would be by chance of their names.

    Parameters
    ----------
    sizes
        Sizes, the largest first.
    top
        How many are asked for.

    Returns
    -------
    pandas.Series
        As given; empty where all asked for are equal to too many others.
    """
    if len(sizes) <= top:
        return sizes
    least = sizes.iloc[top - 1]
    tied: pd.Series = sizes[sizes >= least]
    above: pd.Series = sizes[sizes > least]
    return tied if len(tied) <= 2 * top else above
