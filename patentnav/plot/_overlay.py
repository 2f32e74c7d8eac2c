"""What the points of a map say: groups of publications with name, colour, shape and order of drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from patentnav import i18n
from patentnav.errors import ArgumentError
from patentnav.i18n import text
from patentnav.plot import _style
from patentnav.plot._place import by_place

if TYPE_CHECKING:
    from collections.abc import Mapping

CLASSES = 5  # of a number, as many as the ramp has colours
MOST = 10  # categories with a colour of their own at the most
RARE = 2.4  # times the area of the usual mark, for the rarest category


@dataclass(frozen=True)
class Group:
    """Publications that are drawn alike.

    Attributes
    ----------
    here
        Mask over the rows of the layout.
    name
        Name in the legend.
    colour, marker
        Of the marks; an open mark shows that the value is not known.
    area
        Times the usual area.
    open
        Whether the mark is a ring.
    order
        Place in the legend.
    """

    here: np.ndarray
    name: str
    colour: str
    marker: str = "o"
    area: float = 1.0
    open: bool = False
    order: int = 0

    @property
    def count(self) -> int:
        """Publications of the group."""
        return int(self.here.sum())


def overlay(
    values: pd.Series,
    *,
    names: Mapping[Any, str] | pd.Series | None = None,
    top: int = 6,
    lang: str | None = None,
) -> list[Group]:
    """Groups of an overlay in the order of drawing: unknown, other, then from common to rare.

    Parameters
    ----------
    values
        One per publication: a category, a truth value, or a number (cut into classes).
    names
        Names of the values.
    top
        Number of categories that have a colour of their own, ten at the most.
    lang
        Language of the names that the figure gives.

    Returns
    -------
    list of Group
        Every publication is in exactly one.

    Raises
    ------
    ArgumentError
        ``top`` is below one.
    """
    if top < 1:
        msg = f"top={top} must be at least 1: the number of categories with a colour of their own."
        raise ArgumentError(msg)
    known = values.notna().to_numpy()
    given_names = {} if names is None else dict(names.items())
    if pd.api.types.is_bool_dtype(values.dtype) or _all_truth(values[known]):
        found = _mask(values, known, given_names, lang)
    elif pd.api.types.is_numeric_dtype(values.dtype):
        found = _classes(values, known)
    else:
        found = _categories(values, known, given_names, top, lang)
    if not known.all():
        look = _style.palette()
        unknown = Group(
            ~known,
            text("plot.unknown", lang),
            look["muted"],
            area=0.8,
            open=True,
            order=len(found) + 1,
        )
        found.insert(0, unknown)
    return [group for group in found if group.count]


def _all_truth(values: pd.Series) -> bool:
    return bool(len(values)) and all(isinstance(v, bool | np.bool_) for v in values)


def _mask(
    values: pd.Series, known: np.ndarray, names: Mapping[Any, str], lang: str | None
) -> list[Group]:
    chosen = known & values.fillna(value=False).to_numpy(dtype=bool)
    look = _style.palette()
    rest = str(names.get(False, text("plot.other", lang)))
    name = str(names.get(True, text("plot.map.chosen", lang)))
    return [
        Group(known & ~chosen, rest, look["missing"], area=0.8, order=1),
        Group(chosen, name, look["cycle"][3], order=0),
    ]


def _classes(values: pd.Series, known: np.ndarray) -> list[Group]:
    """Up to five classes of about equal size; the highest is drawn last and stands out."""
    numbers = values[known].to_numpy(dtype="float64")
    if not len(numbers):
        return []
    distinct = np.unique(numbers)
    if len(distinct) <= CLASSES:
        lower = distinct
    else:
        steps = np.sort(numbers)[-(-np.arange(CLASSES) * len(numbers) // CLASSES)]
        lower = np.unique(steps)
    ramp = _style.palette()["ramp"]
    # Few classes take the dark end and the light end, not two neighbours.
    shade = np.round(np.linspace(0, len(ramp) - 1, len(lower))).astype(int)
    if len(lower) == 1:
        shade = np.array([len(ramp) - 1])
    which = np.searchsorted(lower, numbers, side="right") - 1
    found = []
    for i in range(len(lower)):
        inside = numbers[which == i]
        here = np.zeros(len(values), dtype=bool)
        here[np.flatnonzero(known)[which == i]] = True
        low, high = f"{inside.min():.6g}", f"{inside.max():.6g}"
        name = low if low == high else f"{low}\N{EN DASH}{high}"
        found.append(Group(here, name, ramp[shade[i]], order=i))
    return found


def _categories(
    values: pd.Series,
    known: np.ndarray,
    names: Mapping[Any, str],
    top: int,
    lang: str | None,
) -> list[Group]:
    counts = values[known].astype("str").value_counts()
    order = sorted(counts.index, key=lambda v: (-counts[v], v))
    name_of = {str(k): str(v) for k, v in names.items()}
    listed = order[: min(top, MOST)]
    if len(order) == len(listed) + 1:  # one more is no longer than "other"
        listed = order[: min(top + 1, MOST)]
    colours, share = _style.colours(listed), counts / max(int(counts.sum()), 1)
    as_text = values.astype("str").to_numpy()
    found = []
    if len(order) > len(listed):
        rest = known & ~np.isin(as_text, listed)
        word = text("plot.map.others", lang, n=len(order) - len(listed))
        found.append(Group(rest, word, _style.palette()["missing"], area=0.8, order=len(listed)))
    for i, value in enumerate(listed):
        # A category that holds most of the map would hide the others: it lies below, they are larger.
        area = float(np.clip((share[listed[0]] / share[value]) ** 0.3, 1.0, RARE))
        found.append(
            Group(
                known & (as_text == value),
                name_of.get(value, _word(values.name, value, lang)),
                colours[value],
                _style.marker(i),
                area,
                order=i,
            )
        )
    return found


def _word(column: object, value: str, lang: str | None) -> str:
    """Wording of a value of a closed vocabulary (legal status); any other value as it is."""
    key = f"report.{column}.{value}"
    return text(key, lang) if value.isidentifier() and i18n.has(key, lang) else value


def regions(
    labels: pd.Series,
    centres: pd.DataFrame,
    names: Mapping[str, str],
    remainder: tuple[str, str] | None = None,
) -> list[Group]:
    """Groups of technologies: neighbours have like colours and unlike shapes.

    Parameters
    ----------
    labels
        Technology by publication; NA belongs to none.
    centres
        ``x, y`` by technology, the largest first.
    names
        Name by technology.
    remainder
        Id and name of what belongs to no technology: grey, below and behind all others.
    """
    xy, shapes = centres.to_numpy(dtype="float64"), _style.palette()["markers"]
    taken = np.empty(0, dtype=int)
    for i in range(len(xy)):
        apart = np.hypot(*(xy[:i] - xy[i]).T)
        nearest = [apart[taken == c].min(initial=np.inf) for c in range(len(shapes))]
        taken = np.append(taken, int(np.argmax(nearest)))
    colours = by_place(xy)
    as_text = labels.astype("str").to_numpy()
    found = [
        Group(as_text == str(key), str(names[key]), colours[i], shapes[taken[i]], order=i)
        for i, key in enumerate(centres.index)
    ]
    grey = _style.palette()["missing"]
    if remainder is not None and (rest := as_text == remainder[0]).any():
        found.insert(0, Group(rest, remainder[1], grey, area=0.6, order=len(found)))
    if labels.isna().any():
        found.insert(0, Group(labels.isna().to_numpy(), "", grey, area=0.6, order=len(found)))
    return found
