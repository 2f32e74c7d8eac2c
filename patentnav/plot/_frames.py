"""What a frame to draw must carry, and what it says of its own axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from patentnav.errors import MissingColumnError
from patentnav.i18n import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def need(frame: pd.DataFrame, *columns: str) -> None:
    """Refuse a frame without the columns.

    Raises
    ------
    MissingColumnError
        A column is absent.
    """
    lacking = [c for c in columns if c not in frame.columns]
    if lacking:
        has = ", ".join(map(str, frame.columns))
        msg = f"The frame to draw lacks {', '.join(lacking)} (it has {has})."
        raise MissingColumnError(msg)


def incomplete_from(frame: pd.DataFrame, given: int | None = None) -> int | None:
    """First year that is still filling: as given, else the first that is not ``complete``."""
    if given is not None or "complete" not in frame.columns:
        return given
    late = frame.loc[~frame["complete"].fillna(True).astype(bool), "year"]
    return int(late.min()) if len(late) else None


def unit_label(frame: pd.DataFrame | pd.Series, unit: str | None, lang: str | None) -> str:
    """Name of what is counted: as given, else as the frame is annotated, else of no unit."""
    return text(f"plot.unit.{unit or frame.attrs.get('unit', 'unstated')}", lang)


def basis_label(frame: pd.DataFrame, basis: str | None, lang: str | None) -> str:
    """Name of the years: as given, else as the frame is annotated, else of no date."""
    return text(f"plot.basis.{basis or frame.attrs.get('basis', 'unstated')}", lang)


def named(labels: Mapping[str, str] | pd.Series | None) -> Mapping[str, str]:
    """Names by id; a Series of names (such as those of technologies) is one, and has no truth value."""
    return {} if labels is None else cast("Mapping[str, str]", labels)
