"""One spelling for numbers, dates, names and symbols: Series in, Series out, pure, idempotent."""

from patentnav._guard import guard
from patentnav.normalize import dates, identifiers, names, symbols

__all__ = ["dates", "identifiers", "names", "symbols"]

guard(__name__)
