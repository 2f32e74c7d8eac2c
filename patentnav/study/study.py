"""``Study``: what is known of a set under given choices, every result computed once."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar

from patentnav import indicators
from patentnav.counting import unit_frame
from patentnav.errors import ArgumentError, UnavailableError
from patentnav.study import (
    actions,
    cache,
    enterprise,
    fit,
    groups,
    impact,
    naming,
    official,
    persons,
    portfolios,
    public,
    reads,
    region,
    rises,
    scope,
    time,
)
from patentnav.study.coming import Coming, taken
from patentnav.study.fingerprint import fingerprint
from patentnav.study.gaps import require
from patentnav.study.inputs import Inputs
from patentnav.study.steps import Clock, Step, check, table

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    import pandas as pd

    from patentnav.counting import Counting
    from patentnav.patentset import PatentSet

T = TypeVar("T")


class Study:
    """A set under study.

    Results are attributes, computed when first used and kept, free of language and wording. One that
    the data cannot give raises ``UnavailableError``, which says why.

    Parameters
    ----------
    patents
        The set, as read or cleaned.
    **inputs
        Choices and results of the analyst; see :class:`patentnav.study.Inputs`.

    Raises
    ------
    UnknownNameError
        There is no such input, industry, sub-sector or applicant.
    ArgumentError
        The set is empty.

    Examples
    --------
    >>> import patentnav as pnav
    >>> city = pnav.datasets.city(n=300)
    >>> study = pnav.Study(city.patents, industry="ict")
    >>> int(study.units) == len(study.unit_ids.unique())
    True
    """

    tree = Step(scope.tree)
    cleaned = Step(scope.cleaned, keep=True)
    classified = Step(scope.classified, keep=True)
    owner_level = Step(scope.owner_level)
    patents = Step(scope.patents)
    memberships = Step(scope.memberships)
    fields = Step(scope.fields)
    unit = Step(scope.unit)
    unit_ids = Step(scope.unit_ids)
    units = Step(scope.units)
    local = Step(scope.local)
    sides = Step(scope.sides)
    region_level = Step(region.region_level)
    place_units = Step(region.place_units)
    inferred_places = Step(region.inferred_places)
    region_owners = Step(region.region_owners)

    cutoff = Step(time.cutoff)
    is_dated = Step(time.is_dated)
    basis = Step(time.basis)
    dated_basis = Step(time.dated_basis)
    incomplete_from = Step(time.incomplete_from)
    activity = Step(time.activity)
    unit_years = Step(time.unit_years)
    last_year = Step(time.last_year)
    course = Step(time.course)
    capped = Step(time.capped)

    technologies = Step(groups.technologies, keep=True)
    remainders = Step(groups.remainders)
    technology_of = Step(groups.technology_of)
    owners = Step(groups.owners)
    owner_names = Step(groups.owner_names)
    owner_types = Step(groups.owner_types)
    kin = Step(groups.kin)
    inventing_owners = Step(groups.inventing_owners)
    filed_names = Step(groups.filed_names)
    owner_life = Step(groups.owner_life)
    foreign_owners = Step(groups.foreign_owners)
    filing_since = Step(groups.filing_since)
    alive_owners = Step(groups.alive_owners)
    people = Step(groups.people)
    talents = Step(groups.talents, keep=True)
    growth = Step(groups.growth)
    emergence = Step(groups.emergence, keep=True)
    relative_growth = Step(groups.relative_growth)
    effects = Step(groups.effects)
    problems = Step(groups.problems)
    solutions = Step(groups.solutions)
    strength = Step(groups.strength)
    related = Step(groups.related, keep=True)
    received = Step(impact.received)
    main_path = Step(impact.main_path)
    worth = Step(portfolios.worth)
    candidates = Step(portfolios.candidates, keep=True)
    day = Step(portfolios.day)
    living_candidates = Step(portfolios.living_candidates)
    domestic = Step(portfolios.domestic)
    eligible = Step(portfolios.eligible)
    foreign_candidates = Step(portfolios.foreign_candidates)
    readings = Step(portfolios.readings)
    home_candidates = Step(portfolios.home_candidates)
    contents = Step(portfolios.contents)
    alliances = Step(portfolios.alliances)
    additions = Step(portfolios.additions)
    closing = Step(portfolios.closing)
    selection = Step(portfolios.selection)
    layout = Step(portfolios.layout)
    held_ids = Step(portfolios.held_ids)
    graded = Step(portfolios.graded)
    scores = Step(portfolios.scores)
    steadiness = Step(portfolios.steadiness)
    standing = Step(actions.standing)
    word_rises = Step(rises.word_rises)
    name_moves = Step(rises.name_moves)
    bears_name = Step(naming.bears_name)
    well_named = Step(naming.well_named)
    courses = Step(actions.courses)
    sought = Step(actions.sought)
    firms = Step(actions.firms)
    firm = Step(enterprise.firm)
    firm_ids = Step(enterprise.firm_ids)
    firm_alone = Step(enterprise.firm_alone)
    firm_technologies = Step(enterprise.firm_technologies)
    living_firms = Step(enterprise.living_firms)
    rivals = Step(enterprise.rivals)
    firm_names = Step(enterprise.firm_names)
    products = Step(enterprise.products)
    coverage = Step(enterprise.coverage)
    product_groups = Step(enterprise.product_groups)
    project_row = Step(enterprise.project_row)
    nearest = Step(enterprise.nearest)
    project_technologies = Step(enterprise.project_technologies)
    percentile = Step(enterprise.percentile)
    lacking = Step(enterprise.lacking)
    partners = Step(actions.partners)
    partner_people = Step(actions.partner_people)

    team_ids = Step(persons.team_ids)
    team_assets = Step(persons.team_assets)
    needs = Step(persons.needs)
    need_groups = Step(persons.need_groups)
    need_members = Step(persons.need_members)
    inventor_units = Step(persons.inventor_units)
    resident = Step(persons.resident)
    supply = Step(persons.supply)
    pool = Step(persons.pool)
    matched = Step(persons.matched)
    side_by_side = Step(persons.side_by_side)
    ways = Step(persons.ways)
    left_behind = Step(persons.left_behind)
    user_tables = Step(official.user_tables)
    home = Step(official.home)
    statistics = Step(official.statistics)
    city_names = Step(official.city_names)
    targets = Step(official.targets)
    as_of_day = Step(official.as_of_day)
    states = Step(official.states)
    proved = Step(official.proved)
    read_otherwise = Step(official.read_otherwise)
    local_ids = Step(fit.local_ids)
    in_force_inventions = Step(fit.in_force_inventions)
    local_industries = Step(fit.local_industries)
    recent = Step(fit.recent)
    industry_year = Step(fit.industry_year)
    chain = Step(fit.chain)
    other_output = Step(fit.other_output)
    compared_with = Step(fit.compared_with)
    compared_counts = Step(fit.compared_counts)
    rta = Step(fit.rta)
    ratios = Step(fit.ratios)
    index_year = Step(fit.index_year)
    city_index = Step(fit.city_index)
    systems = Step(fit.systems)
    coupled = Step(fit.coupled)
    listed = Step(fit.listed)
    intensive = Step(fit.intensive)
    districts = Step(fit.districts)
    listed_year = Step(public.listed_year)
    listed_firms = Step(public.listed_firms)
    residents = Step(public.residents)
    public_cells = Step(public.public_cells)
    protected = Step(public.protected)

    def __init__(self, patents: PatentSet, **inputs: Any) -> None:
        self._set_up(patents, Inputs.of(inputs), None)

    def _set_up(self, patents: PatentSet, inputs: Inputs, parent: Study | None) -> None:
        if not len(patents):
            msg = "The set holds no publication, so there is nothing to study."
            raise ArgumentError(msg)
        self.given: PatentSet = patents
        self._parent, self._asked = parent, inputs
        self._inputs: Inputs = scope.with_taxonomy(patents, inputs)
        self._memory: reads.Memory | None = None if parent is None else parent._memory  # noqa: SLF001
        self._set_hash: str | None = None
        self._results: dict[str, Any] = {}
        self._read: dict[str, set[str]] = {}
        self._homes: dict[str, Study] = {}
        self._seconds: dict[str, tuple[float, bool]] = {}
        self._coming: dict[str, Coming] = {}
        self._clock: Clock = Clock() if parent is None else parent._clock  # noqa: SLF001 (itself)
        _ = self.tree

    @classmethod
    def all_steps(cls) -> dict[str, Step[Any]]:
        """All steps by name."""
        return _STEPS

    def with_inputs(self, **inputs: Any) -> Study:
        """The same set under other choices.

        Results that the changed choices do not touch are shared with this study, whichever of the
        two computes them first.

        Parameters
        ----------
        **inputs
            Choices to change.

        Returns
        -------
        Study
        """
        Inputs.of(inputs)
        other = object.__new__(type(self))
        other._set_up(self.given, dataclasses.replace(self._asked, **inputs), self)
        return other

    def known(self) -> dict[str, Any]:
        """Results by step that are computed already, here or in a study that shares them."""
        found = {}
        for name in _STEPS:
            value = self._home(name)._results.get(name)  # noqa: SLF001 (itself)
            if value is not None and not isinstance(value, UnavailableError):
                found[name] = value
        return found

    @classmethod
    def restored(cls, patents: PatentSet, inputs: Inputs, known: dict[str, Any]) -> Study:
        """A study whose results are partly :meth:`known`.

        Parameters
        ----------
        patents, inputs
            The set and the choices of the study that computed them.
        known
            Results by step.

        Returns
        -------
        Study
        """
        study = object.__new__(cls)
        study._set_up(patents, inputs, None)
        study.learn(known)
        return study

    def learn(self, known: dict[str, Any]) -> None:
        """Take over results that were computed elsewhere.

        Parameters
        ----------
        known
            Results by step (:meth:`known`).
        """
        self._results.update(known)

    def is_settled(self, name: str) -> bool:
        """Whether a result need not be computed any more: it is known, given, or kept on disk.

        Parameters
        ----------
        name
            A step.
        """
        if name in self._home(name)._results or getattr(self._inputs, name, None) is not None:  # noqa: SLF001
            return True
        kept, key = self._place(name)
        return kept is not None and kept.has(key)

    def expect(self, name: str, coming: Coming) -> None:
        """Take a result from elsewhere when it is asked for.

        Parameters
        ----------
        name
            A step whose result is not :meth:`known`.
        coming
            Where it is computed under the same choices.
        """
        self._home(name)._coming[name] = coming  # noqa: SLF001 (itself)

    @property
    def inputs(self) -> Inputs:
        """The choices."""
        return reads.watched(self._inputs)

    def result(self, name: str) -> Any:
        """A result by the name of its step.

        Raises
        ------
        UnavailableError
            The data do not tell.
        NotYet
            It is expected from elsewhere, and this is an :func:`unhurried` block.
        """
        if name not in self._results:
            if (home := self._home(name)) is not self:
                return home.result(name)
            with reads.noted() as names:
                try:
                    self._results[name] = self._computed(name)
                except UnavailableError as error:
                    self._results[name] = error
            # Of tables those that were looked for; the inputs also where it came from disk.
            self._read[name] = names | _STEP_INPUTS[name]
        reads.note(self._read.get(name, _STEP_INPUTS[name]))
        found = self._results[name]
        if isinstance(found, UnavailableError):
            raise found.with_traceback(None)
        return found

    def _home(self, name: str) -> Study:
        """The study that computes a result: the first of the ancestors under the same choices.

        Not the parent alone: what one choice took away the next may give back.
        """
        if name not in self._homes:
            found, one = self, self._parent
            while one is not None:
                if self._same(one, name):
                    found = one
                one = one._parent  # noqa: SLF001 (itself)
            self._homes[name] = found
        return self._homes[name]

    def _computed(self, name: str) -> Any:
        kept, key = self._place(name)
        if kept is not None and (found := kept.get(key)) is not None:
            self._seconds[name] = (0.0, True)
            return found
        value, seconds = self._clock.time(lambda: self._made(_STEPS[name]))
        self._seconds[name] = (seconds, False)
        if kept is not None:
            kept.put(key, value)
        return value

    def _place(self, name: str) -> tuple[cache.Cache | None, str]:
        """Where a result is kept on disk; no cache where it is not."""
        kept = cache.current() if _STEPS[name].keep else None
        key = None if kept is None else self.kept_as(name, self.set_hash, self._inputs)
        return (None, "") if key is None else (kept, key)

    def _made(self, step: Step[Any]) -> Any:
        """A result from elsewhere, or computed here where it could not be computed there."""
        value = taken(self._coming, step.name)
        return step.compute(self) if value is None else value

    def _chosen(self, name: str) -> dict[str, Any]:
        """Values of the inputs that a step depends on."""
        return {i: getattr(self._inputs, i) for i in sorted(_STEP_INPUTS[name])}

    def remember(self) -> None:
        """Keep what :meth:`remembered` is asked for from now on, of this study and those made of it.

        For many reports of one set: it holds memory, and what is made is not made again where code
        has changed meanwhile.
        """
        if self._memory is None:
            self._memory = reads.Memory()

    @property
    def remembers(self) -> bool:
        """Whether :meth:`remember` was called on it or on one that it was made of."""
        return self._memory is not None

    def remembered(self, key: Hashable, make: Callable[[], T], *also: Any) -> T:
        """What is made of this study, or was made of one that remembers together with it.

        What was made before is the same where all choices that were read while it was made have the
        same values here, as where reports on many firms describe the set around them. The last two of
        a key are kept: of the set, and of the firm.

        Parameters
        ----------
        key
            Names it.
        make
            Makes it from results and choices of this study alone, and from ``also``.
        *also
            All else that it depends on; told apart by equality.

        Returns
        -------
        object
            Shared: not to be changed.
        """
        if self._memory is None:
            return make()
        return self._memory.get(self._inputs, key, make, also)

    @property
    def set_hash(self) -> str:
        """Fingerprint of the set as it was given."""
        if self._parent is not None:
            return self._parent.set_hash
        if self._set_hash is None:
            self._set_hash = fingerprint(self.given)
        return self._set_hash

    @staticmethod
    def kept_as(name: str, set_hash: str, inputs: Inputs) -> str | None:
        """Key of a step's result in the cache (:func:`patentnav.study.cache.key_of`)."""
        return cache.key_of(_STEPS[name], _STEP_INPUTS[name], set_hash, inputs)

    def _same(self, other: Study, name: str) -> bool:
        return reads.same(self._inputs, other._chosen(name))

    @property
    def steps(self) -> pd.DataFrame:
        """All steps: ``step, needs, seconds, cached``.

        ``seconds`` are those of the step itself, NA where it was not asked for (or another study
        that this one shares it with computed it); ``cached`` is True where it came from disk.
        """
        return table(_STEPS, self._seconds)

    # Counts that take a grouping

    def require(self, *needs: str) -> None:
        """Raise ``UnavailableError`` unless the set carries these tables or ``table.column``."""
        require(self.patents, *needs)

    def by_year(self, by: str | pd.DataFrame, counting: Counting = "fractional") -> pd.DataFrame:
        """Units per group and year (:func:`patentnav.indicators.activity`)."""
        return indicators.activity(self.patents, by, self.unit, counting=counting, basis=self.basis)

    def counts(self, by: str | pd.DataFrame, counting: Counting = "fractional") -> pd.Series:
        """Units per group, largest first; ties by id."""
        frame = unit_frame(self.patents, by, unit=self.unit, counting=counting)
        total = frame.groupby("group", sort=True, observed=True)["weight"].sum()
        total = total.sort_values(ascending=False, kind="stable").rename("count")
        total.attrs = {"unit": self.unit, "counting": counting}
        return total

    def distinct(self, rows: pd.DataFrame, who: str) -> pd.Series:
        """Distinct units per value of a column, largest first; ties by value."""
        keyed = rows.assign(unit_id=self.unit_ids.reindex(rows["publication_id"]).to_numpy())
        counts = keyed.groupby(who, sort=True)["unit_id"].nunique()
        return counts.sort_values(ascending=False, kind="stable")

    def __repr__(self) -> str:
        fields = [(f, getattr(self._inputs, f.name)) for f in dataclasses.fields(Inputs)]
        chosen = [(f, v) for f, v in fields if isinstance(v, str | int) and v != f.default]
        words = "".join(f", {f.name}={v!r}" for f, v in chosen)
        done = len(self._results.keys() & _STEPS.keys())
        return f"Study({len(self.given):,} publications{words}: {done} results computed)"


_STEPS: dict[str, Step[Any]] = {
    name: step for name, step in vars(Study).items() if isinstance(step, Step)
}
check(_STEPS)
_STEP_INPUTS = {name: step.inputs(_STEPS) for name, step in _STEPS.items()}
