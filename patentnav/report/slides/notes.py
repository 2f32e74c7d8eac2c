"""The notes of a slide: every sentence with the claims it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from patentnav import i18n
from patentnav.claims import Claim
from patentnav.report.blocks import UNKNOWN, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from patentnav.report.document import Report

_UNITLESS = {"date", "name", "parameter", "rank", "trend"}  # kinds whose values count nothing


def evidence(report: Report, texts: Sequence[Text], small: Text | None = None) -> tuple[str, ...]:
    """Lines of the notes: sentences, and below each its claims with value, unit and years.

    Parameters
    ----------
    report
        The report.
    texts
        What the slide states, also what has no room on it.
    small
        Small print of the figure or table.
    """
    lines = [i18n.text("report.slides.notes", report.lang)]
    told: set[str] = set()
    for text in texts:
        lines.append(report.plain(text))
        for claim in _printed(text, report.lang):
            if claim.id not in told:
                told.add(claim.id)
                lines.append(_claim(claim, report.lang))
    if small is not None:
        lines.append(report.plain(small))
    return tuple(lines)


def _printed(text: Text, lang: str) -> Iterator[Claim]:
    """The claims that a sentence prints: others among its values only choose its wording."""
    printed = i18n.placeholders(i18n.text(f"report.{text.key}", lang))
    for name, value in text.values.items():
        if name in printed and isinstance(value, Claim):
            yield value
        elif name in printed and isinstance(value, Text):
            yield from _printed(value, lang)


def _claim(claim: Claim, lang: str) -> str:
    details = i18n.text("report.word.separator", lang).join(_details(claim, lang))
    key = "claim" if details else "claim_bare"
    return i18n.text(
        f"report.slides.{key}", lang, id=claim.id, value=_value(claim), details=details
    )


def _details(claim: Claim, lang: str) -> Iterator[str]:
    for key in (f"report.word.noun_{claim.unit}", f"report.slides.unit_{claim.unit}"):
        if i18n.has(key, lang) and claim.kind not in _UNITLESS:
            yield i18n.text(key, lang)
    if claim.label:
        yield claim.label
    if claim.window is not None:
        yield f"{claim.window[0]}\u2013{claim.window[1]}"
    if claim.rule:
        rule = f"report.slides.rule_{claim.rule}"
        yield i18n.text(rule, lang) if i18n.has(rule, lang) else claim.rule
    if claim.q is not None:
        yield f"n = {claim.n}, q = {claim.q:.3g}" if claim.n is not None else f"q = {claim.q:.3g}"


def _value(claim: Claim) -> str:
    value: Any = claim.value
    if value is None:
        return UNKNOWN
    if isinstance(value, float):
        return f"{value:,.6g}"
    return f"{value:,}" if isinstance(value, int) and claim.kind == "count" else str(value)
