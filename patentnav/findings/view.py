"""The units of a study with what each belongs to, and counts of any two such properties."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from patentnav import facts
from patentnav.counting import unit_years
from patentnav.errors import MissingColumnError, MissingTableError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from patentnav.study import Study

    Flags = NDArray[np.bool_]

TRANSFER = "transfer"
_NOTHING = pd.DataFrame({"publication_id": [], "key": []}, dtype="str")


class View:
    """Units of a study, or part of them.

    Parameters
    ----------
    study
        The study.
    kept
        Which units count (in the order of ``units``); all when omitted.
    """

    def __init__(self, study: Study, kept: Flags | None = None) -> None:
        self.study = study
        ids = study.unit_ids
        self.units = pd.Index(np.sort(ids.unique()))
        self._code = pd.Series(self.units.get_indexer(ids), index=ids.index)
        self.kept = np.ones(len(self.units), bool) if kept is None else kept

    def only(self, kept: Flags) -> View:
        """The same units, of which only some count."""
        other = object.__new__(View)
        other.__dict__.update(self.__dict__)
        other.kept = self.kept & kept
        return other

    @functools.cached_property
    def year(self) -> NDArray[np.float64]:
        """Year of every unit; NaN where it has no date."""
        years = unit_years(self.study.patents, self.study.basis, self.study.unit)
        return years.reindex(self.units).to_numpy(dtype="float64", na_value=np.nan)

    def within(self, window: tuple[int, int]) -> Flags:
        """Units of a window of years."""
        flags: Flags = (self.year >= window[0]) & (self.year <= window[1])
        return flags

    @functools.cached_property
    def _facets(self) -> dict[str, tuple[pd.Index, sparse.csr_matrix]]:
        return {}

    def facet(self, name: str) -> tuple[pd.Index, sparse.csr_matrix]:
        """Keys of a facet, and which unit (row) belongs to which key (column).

        Raises
        ------
        UnavailableError
            The data do not tell.
        """
        if name not in self._facets:
            rows = _ROWS[name](self.study)
            rows = rows.dropna(subset="key")
            code = self._code.reindex(rows["publication_id"])
            inside = code.notna().to_numpy()
            keys, columns = np.unique(rows["key"].astype("str")[inside], return_inverse=True)
            lines = code.to_numpy()[inside].astype(int)
            shape = (len(self.units), len(keys))
            matrix = sparse.csr_matrix((np.ones(len(lines)), (lines, columns)), shape=shape)
            matrix.data[:] = 1.0
            self._facets[name] = pd.Index(keys), matrix
        return self._facets[name]

    def members(self, name: str, key: str) -> Flags:
        """Units of one key; none where there is no such key."""
        keys, matrix = self.facet(name)
        if key not in keys:
            return np.zeros(len(self.units), bool)
        flags: Flags = np.asarray(matrix[:, [keys.get_loc(key)]].todense()).ravel() > 0
        return flags

    def known(self, name: str) -> Flags:
        """Units that belong to any key of a facet."""
        _, matrix = self.facet(name)
        flags: Flags = np.asarray(matrix.sum(axis=1)).ravel() > 0
        return flags

    def counts(self, name: str, flags: Flags) -> NDArray[np.float64]:
        """Units of every key of a facet among the flagged ones."""
        _, matrix = self.facet(name)
        found: NDArray[np.float64] = np.asarray(matrix.T @ (flags & self.kept).astype(float))
        return found

    def subjects(self, name: str) -> Flags:
        """Keys of a facet that a report may tell of: no remainders, no persons."""
        keys, _ = self.facet(name)
        silent: set[str] = set()
        if name == "technology":
            silent = {*self.study.remainders}
        elif name == "owner":
            types = self.study.owner_types
            silent = {str(k) for k in types.index[(types == "individual").fillna(False)]}
        flags: Flags = ~keys.isin(list(silent))
        return flags

    @functools.cached_property
    def ended(self) -> tuple[Flags, Flags]:
        """Units whose state is known, and those of them of which no right or application lives."""
        alive = facts.alive(self.study.patents).reindex(self._code.index)
        codes = self._code.to_numpy()
        known, living = (np.zeros(len(self.units), bool) for _ in range(2))
        known[codes[alive.notna().to_numpy()]] = True
        living[codes[alive.fillna(False).to_numpy(dtype=bool)]] = True
        return known, known & ~living


def _labels(study: Study) -> pd.DataFrame:
    return study.technology_of.rename(columns={"technology": "key"})


def _owners(study: Study) -> pd.DataFrame:
    return study.owners.rename(columns={"owner": "key"})


def _authorities(study: Study) -> pd.DataFrame:
    if (
        study.unit == "family"
    ):  # of a family it is that of the document that happened to be exported
        return _NOTHING
    column = study.patents.publications["authority"]
    return pd.DataFrame({"publication_id": column.index, "key": column.to_numpy()})


def _members(column: str) -> Callable[[Study], pd.DataFrame]:
    def rows(study: Study) -> pd.DataFrame:
        return study.memberships.rename(columns={column: "key"})

    return rows


def _sides(study: Study) -> pd.DataFrame:
    if study.local is None:
        return _NOTHING
    known = study.local.dropna().astype(bool)
    names: dict[Any, str] = {True: "inside", False: "outside"}
    return pd.DataFrame({"publication_id": known.index, "key": known.map(names).to_numpy()})


def _events(study: Study) -> pd.DataFrame:
    if not study.patents.has("legal_events"):
        return _NOTHING
    return study.patents.legal_events.rename(columns={"category": "key"})


def _places(level: facts.PlaceLevel) -> Callable[[Study], pd.DataFrame]:
    def made(study: Study) -> pd.DataFrame:
        if not study.patents.has("parties", level):
            return _NOTHING
        try:
            rows = facts.places(study.patents, level).rename(columns={"place": "key"})
        except (MissingTableError, MissingColumnError):
            return _NOTHING
        names = {key: facts.place_name(str(key), level) for key in rows["key"].unique()}
        return rows.assign(key=rows["key"].map(names))

    return made


_ROWS: dict[str, Callable[[Study], pd.DataFrame]] = {
    "technology": _labels,
    "owner": _owners,
    "authority": _authorities,
    "country": _places("country"),
    "owner_province": _places("region"),
    "industry": _members("industry"),
    "sub_sector": _members("sub_sector"),
    "region": _sides,
    "event": _events,
}


def told(view: View, name: str) -> bool:
    """Whether a facet is known at all."""
    try:
        return len(view.facet(name)[0]) > 0
    except UnavailableError:
        return False
