"""Too few cities, years or groups for a measure."""

from __future__ import annotations

from patentnav import i18n
from patentnav.errors import UnavailableError

CITIES, PANEL, RANKED = (
    5,
    5,
    6,
)  # least cities of an index, city-years of a coupling, ranks of a rho


def enough(kind: str, count: int, fewest: int) -> None:
    """Refuse to compute from too little.

    Raises
    ------
    UnavailableError
        ``count`` is below ``fewest``; says what would fill it.
    """
    if count < fewest:
        values = {"count": count, "fewest": fewest}
        key = f"missing.few_{kind}"
        raise UnavailableError(i18n.text(f"report.{key}", "en", **values), key, values)
