"""The register of indicators: ``@indicator``, ``list`` and the values of one of them.

An indicator is one decorated function: a set in, a Series indexed by ``publication_id`` out. What
it cannot know is NA, and it says why and how often (:func:`measured`).
"""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

import numpy as np
import pandas as pd

from patentnav import i18n
from patentnav._memo import shared
from patentnav._register import Register
from patentnav.errors import (
    MissingColumnError,
    MissingTableError,
    UnknownNameError,
)
from patentnav.patentset import PatentSet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from patentnav.counting import Unit

Level = Literal["publication", "owner", "group"]
Better = Literal["higher", "lower", "neither"]
KnownAt = Literal["filing", "publication", "search", "grant", "later"]
MOMENTS: tuple[KnownAt, ...] = ("filing", "publication", "search", "grant", "later")
F = TypeVar("F", bound="Callable[..., Any]")


@dataclass(frozen=True)
class Indicator:
    """What the register knows of an indicator.

    Attributes
    ----------
    name
        Its name: that of the function.
    function
        The function.
    level
        What one value belongs to: a ``publication``, an ``owner`` or a ``group``.
    unit
        Unit of the value.
    better
        Direction that is usually read as better.
    needs
        Tables (``citations``) and columns (``publications.grant_date``) without which nothing can
        be said; ``a | b`` means either.
    source
        Where the definition is published.
    known_at
        Moment from which the value is settled, as a rule: with the ``filing``, the ``publication``
        of the document, the ``search`` report, the ``grant``, or only ``later`` (what others do
        afterwards, and counts of the day of the export). What a moment tells the later ones tell too.
    """

    name: str
    function: Callable[..., Any]
    level: Level
    unit: str
    better: Better
    needs: tuple[str, ...]
    source: str
    known_at: KnownAt = "later"

    def known_by(self, moment: KnownAt) -> bool:
        """Tell whether the value is settled at a moment."""
        return MOMENTS.index(self.known_at) <= MOMENTS.index(moment)

    @property
    def summary(self) -> str:
        """First line of the docstring."""
        return (inspect.getdoc(self.function) or "").split("\n", 1)[0]

    def accepts(self, parameter: str) -> bool:
        """Tell whether the function has a parameter."""
        return parameter in inspect.signature(self.function).parameters

    def lacking(self, patents: PatentSet) -> str | None:
        """The first need that the set does not meet, or None."""
        return next((need for need in self.needs if not _met(patents, need)), None)


_REGISTER: Register[Indicator] = Register("indicator")


def _met(patents: PatentSet, need: str) -> bool:
    return any(patents.has(*alternative.split(".")) for alternative in need.split(" | "))


def indicator(
    *,
    level: Level = "publication",
    unit: str,
    better: Better,
    needs: tuple[str, ...] = (),
    source: str,
    known_at: KnownAt = "later",
    label: Mapping[str, str] | None = None,
) -> Callable[[F], F]:
    '''Register a function as an indicator.

    Parameters
    ----------
    level, unit, better, needs, source, known_at
        See :class:`Indicator`. An indicator that does not say when it is known counts as known
        ``later``, so that no forecast can rest on it by oversight.
    label
        Its name for readers by language, for an indicator from outside the package; those of the
        package stand in the locale files under ``indicators.label``.

    Returns
    -------
    callable
        The decorator. Called directly, the indicator raises ``MissingTableError`` or
        ``MissingColumnError`` where a need is not met.

    Raises
    ------
    ArgumentError
        Another function has that name.
    UnknownNameError
        ``known_at`` is no moment.

    Examples
    --------
    .. code-block:: python

       @indicator(unit="characters", better="neither", source="our own")
       def title_length(patents):
           """Length of the title."""
           return patents.publications["title"].str.len().astype("Int64")
    '''
    check_moment(known_at)

    def register(function: F) -> F:
        name = function.__name__

        @functools.wraps(function)
        def checked(patents: PatentSet, *args: Any, **kwargs: Any) -> Any:
            # Graph indicators also take bare graphs and frames, which have no tables to lack.
            need = _REGISTER[name].lacking(patents) if isinstance(patents, PatentSet) else None
            if need is not None:
                _raise_lacking(name, need)
            return once(patents, *args, **kwargs)

        once = shared(function)
        entry = Indicator(name, checked, level, unit, better, needs, source, known_at)
        _REGISTER.add(name, entry, function)
        if label is not None:
            i18n.add(f"indicators.label.{name}", label)
        return cast("F", checked)

    return register


def check_moment(moment: str) -> None:
    """Refuse what is none of the moments.

    Raises
    ------
    UnknownNameError
        It is none of ``filing, publication, search, grant, later``.
    """
    if moment not in MOMENTS:
        raise UnknownNameError("moment (known_at)", moment, MOMENTS)


def _raise_lacking(name: str, need: str) -> None:
    msg = f"{name} needs {need.replace(' | ', ' or ')}, which this set does not carry. "
    if "." in need:
        msg += "Export the column, or add it with assign."
        raise MissingColumnError(msg)
    msg += "Export it, or join it with from_tables."
    raise MissingTableError(msg)


def get(name: str) -> Indicator:
    """Return a registered indicator.

    Raises
    ------
    UnknownNameError
        None has this name.
    """
    return _REGISTER[name]


def list() -> pd.DataFrame:
    """All indicators, sorted by name.

    Returns
    -------
    pandas.DataFrame
        ``name, unit, level, better, known_at, needs, source, summary`` (see :class:`Indicator`).
    """
    rows = [
        (i.name, i.unit, i.level, i.better, i.known_at, ", ".join(i.needs), i.source, i.summary)
        for i in _REGISTER.values()
    ]
    columns = ["name", "unit", "level", "better", "known_at", "needs", "source", "summary"]
    return pd.DataFrame(rows, columns=columns)


def measured(
    values: pd.Series,
    missing: Mapping[str, np.ndarray | pd.Series] | None = None,
    *,
    note: str = "",
) -> pd.Series:
    """Set values to NA where a reason holds and note how often each reason did.

    Parameters
    ----------
    values
        One value per publication.
    missing
        Reason -> mask in the order of ``values``; the first reason that holds is counted.
    note
        What a reader of the known values must know, e.g. that they are lower bounds.

    Returns
    -------
    pandas.Series
        ``Int64`` for whole numbers, ``boolean`` for truth values, else ``float64``; counts by
        reason in ``.attrs["missing"]``, the note in ``.attrs["note"]``.
    """
    dtype = values.dtype
    if pd.api.types.is_bool_dtype(dtype):
        values = values.astype("boolean")
    elif pd.api.types.is_integer_dtype(dtype):
        values = values.astype("Int64")
    hidden = np.zeros(len(values), dtype=bool)
    counts: dict[str, int] = {}
    for reason, mask in (missing or {}).items():
        here = mask.to_numpy(dtype=bool) if isinstance(mask, pd.Series) else mask
        here = here & ~hidden
        if here.any():
            counts[reason] = int(here.sum())
            hidden |= here
    result = values.mask(hidden) if hidden.any() else values.copy(deep=False)
    result.attrs = {"missing": counts, "note": note}
    return result


def one(
    spec: Indicator, patents: PatentSet, baseline: object | None, unit: Unit | None
) -> pd.Series:
    """Values of one indicator in the order of the publications; all NA where a need is not met.

    The register does not look into the ``baseline``: it hands it on to indicators that take one.
    """
    index = patents.publications.index
    need = spec.lacking(patents)
    if need is not None:
        empty = pd.Series(pd.NA, index=index, dtype="Int64")
        empty.attrs = {"missing": {f"the set carries no {need}": len(index)}}
        return empty
    given = {"baseline": baseline, "unit": unit}
    values = spec.function(patents, **{k: v for k, v in given.items() if spec.accepts(k)})
    aligned: pd.Series = values.reindex(index)
    aligned.attrs = values.attrs
    return aligned
