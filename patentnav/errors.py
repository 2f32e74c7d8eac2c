"""Exceptions and warnings.

Every error derives from :class:`PatentnavError` and from a builtin, so that a caller may catch
either. A message has three parts in this order: what happened, where, what to do about it.
"""

from __future__ import annotations

import difflib
import inspect
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd


__all__ = [
    "ArgumentError",
    "ClaimError",
    "CoverageWarning",
    "DataQualityWarning",
    "DisclosureError",
    "ExpressionError",
    "FileError",
    "FormatError",
    "MissingColumnError",
    "MissingDependencyError",
    "MissingTableError",
    "PatentnavError",
    "SchemaError",
    "UnavailableError",
    "UnknownNameError",
    "WrongKindError",
    "did_you_mean",
    "warn",
]


class PatentnavError(Exception):
    """Root of all errors that the package raises on purpose."""


class FormatError(PatentnavError, ValueError):
    """A file is none of the known formats, or is damaged."""


class SchemaError(PatentnavError, ValueError):
    """Tables break the declared schema; ``failures`` lists every breach."""

    def __init__(self, message: str, failures: pd.DataFrame) -> None:
        super().__init__(message)
        self.failures = failures


class MissingTableError(PatentnavError, LookupError):
    """The set does not carry a table (absent is not the same as empty)."""


class MissingColumnError(PatentnavError, LookupError):
    """A column that the computation needs is absent or holds no value at all."""


class UnknownNameError(PatentnavError, KeyError):
    """A name is not in a registry; the message offers the closest names."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, remedy: str = "") -> None:
        names = sorted(known)
        close = did_you_mean(name, names)
        hint = f"Did you mean {close}?" if close else f"Known: {', '.join(names)}."
        if remedy:
            hint = f"{hint} {remedy}" if close else remedy
        self.message = f'No {kind} is called "{name}". {hint}'
        super().__init__(self.message)

    def __str__(self) -> str:  # KeyError would print the repr of its argument
        return self.message


class MissingDependencyError(PatentnavError, ImportError):
    """An optional package is needed; the message names the extra that brings it."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(
            f'{purpose} needs the package "{package}". Install it: pip install "patentnav[{extra}]"'
        )


class DisclosureError(PatentnavError, ValueError):
    """A public edition would give away what it must hide."""


class ArgumentError(PatentnavError, ValueError):
    """An argument has a value that the function cannot use."""


class ExpressionError(ArgumentError):
    """A search expression cannot be read.

    Attributes
    ----------
    expression
        As it was written.
    place
        Number of the character at which it goes wrong, from 1.
    """

    def __init__(self, message: str, expression: str, place: int) -> None:
        super().__init__(message)
        self.expression, self.place = expression, place


class UnavailableError(PatentnavError, LookupError):
    """The data do not tell what a result needs.

    Attributes
    ----------
    key
        Wording of the reason, below ``report`` in the locale files.
    values
        Values of its placeholders.
    """

    def __init__(self, message: str, key: str, values: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.key, self.values = key, dict(values)


class ClaimError(PatentnavError, ValueError):
    """Statements of a report do not hold; ``violations`` lists what is wrong with which."""

    def __init__(self, message: str, violations: Sequence[Any]) -> None:
        super().__init__(message)
        self.violations = tuple(violations)


class FileError(PatentnavError, OSError):
    """A file cannot be read or written: a full disk, no permission, a name that is too long.

    ``errno`` is the number of the system's error.
    """

    def __init__(self, number: int | None, message: str) -> None:
        super().__init__(message)
        self.errno = number


class WrongKindError(ArgumentError, TypeError):
    """An argument is an object of the wrong kind; the message names the call that makes the right."""


class DataQualityWarning(UserWarning):
    """Data were repaired or look wrong; the result stands but should be read with care."""


class IntakeWarning(DataQualityWarning):
    """Files were read, but something points to a bad export, or much of them was not taken."""


class CoverageWarning(UserWarning):
    """A result rests on part of the data only."""


def did_you_mean(name: str, known: Iterable[str], *, n: int = 3) -> str:
    """Return the closest known names, quoted and joined by "or"; empty when none is close."""
    close = difflib.get_close_matches(name, list(known), n=n, cutoff=0.6)
    return " or ".join(f'"{c}"' for c in close)


_PACKAGE = f"{Path(__file__).parent}{os.sep}"


def warn(message: str, category: type[Warning]) -> None:
    """Warn at the line of the caller's own code from which the package was entered."""
    frame, level = inspect.currentframe(), 1
    while frame is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame, level = frame.f_back, level + 1
    warnings.warn(message, category, stacklevel=level)
