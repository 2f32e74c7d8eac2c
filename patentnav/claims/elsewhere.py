"""Claims counted again while the report is still being made, in a process of its own.

That process (:mod:`patentnav._process`) gets the set, then the claims of every section as they are
made, with the results that were computed since; of these it uses what :class:`Recount` uses. What it
does not answer (it cannot be sent, fails or warns there, belongs to a user's own code that the
process does not know) is counted here, where the error or warning is the caller's.
"""

from __future__ import annotations

import logging
import pickle
import warnings
from contextlib import suppress
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from patentnav import _process, i18n
from patentnav._memo import sharing
from patentnav.claims.recount import Recount, measures
from patentnav.config import config_context, get_config
from patentnav.errors import PatentnavError, UnavailableError
from patentnav.patentset import PatentSet
from patentnav.study import Study

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from concurrent.futures import Future

    from patentnav.claims.claim import Claim

_log = logging.getLogger(__name__)
_PACKAGE = "patentnav."


# Of the set as it came, before publications of one application were joined, no more is counted.
_AS_GIVEN = ("publications", "inventors")
_OF_GIVEN = ("cleaned", "patents", "unit", "cutoff", "capped")  # results that need all of it
_LARGEST = "technologies"  # the process begins when this result, which needs most memory, is there


class Elsewhere:
    """What another process counts.

    Parameters
    ----------
    study
        The study whose claims are counted.
    lang, texts
        Language and wording of the report.
    """

    def __init__(self, study: Study, lang: str, texts: Mapping[str, str]) -> None:
        self._study, self._lang, self._texts = study, lang, dict(texts)
        self._sent: set[str] = set()
        self._held: list[list[Claim]] = []
        self._asked: set[str] = set()
        self._answers: dict[str, tuple[Claim, Future[bytes]]] = {}
        self._read: dict[int, dict[str, Any]] = {}
        self._other: _process.Other | None = None
        self._unsent = False

    def _begin(self) -> None:
        options = {f.name: getattr(get_config(), f.name) for f in fields(get_config())}
        given = self._study.given
        for name in _OF_GIVEN:
            with suppress(UnavailableError):
                self._study.result(name)
        tables = {name: getattr(given, name) for name in _AS_GIVEN if given.has(name)}
        light = PatentSet(tables, given.provenance)
        hello = (options, self._lang, self._texts, light, self._study.inputs, self._news())
        self._other = _process.Other(serve, _process.packed(hello))

    def _news(self) -> dict[str, Any]:
        """Results that were computed since the last time."""
        known = self._study.known()
        news = {name: value for name, value in known.items() if name not in self._sent}
        self._sent |= news.keys()
        return news

    def count(self, claims: Iterable[Claim]) -> None:
        """Begin to count claims; those of a user's own measures are left for here."""
        own = {name for name, one in measures().items() if one.__module__.startswith(_PACKAGE)}
        new = {claim.id: claim for claim in reversed([*claims])}  # the first of several is checked
        asked = [new[key] for key in reversed(new) if key not in self._asked]
        self._held.append([claim for claim in asked if claim.measure in own])
        self._asked |= new.keys()
        if self._other is not None or _LARGEST in self._study.known():
            self._send()

    def _send(self) -> None:
        for asked in filter(None, () if self._unsent else self._held):
            try:
                if self._other is None:
                    self._begin()
                message = _process.packed((asked, self._news()))
            except _process.UNSENT as error:
                _log.info("claims of %s cannot be sent (%s)", asked[0].section, error)
                self._unsent = self._other is None
                continue
            assert self._other is not None  # noqa: S101 (it has begun)
            answer = self._other.ask(message)
            self._answers |= {claim.id: (claim, answer) for claim in asked}
        self._held = []

    def close(self) -> None:
        """No further claim comes."""
        self._send()
        if self._other is not None:
            self._other.close()

    def value(self, claim: Claim) -> Any:
        """What a claim should say.

        Raises
        ------
        LookupError
            It was not counted there.
        """
        sent, answer = self._answers[claim.id]
        if sent is not claim:
            raise LookupError(claim.id)
        if id(answer) not in self._read:
            content = _process.result(answer, wait=True)
            self._read[id(answer)] = pickle.loads(content) if content else {}  # noqa: S301
        return self._read[id(answer)][claim.id]


def begin(study: Study, lang: str, texts: Mapping[str, str]) -> Elsewhere | None:
    """Where claims of a report can be sent; None where that would gain nothing.

    Parameters
    ----------
    study
        The study whose claims will be counted.
    lang, texts
        Language and wording of the report.
    """
    return Elsewhere(study, lang, texts) if _process.worthwhile(len(study.given)) else None


def serve() -> None:
    """Count what comes in until it ends; a claim that fails or warns is left out of the answer."""
    messages = _process.asked()
    options, lang, texts, given, inputs, known = _process.unpacked(next(messages)[0])
    with config_context(**options), i18n.using(lang, texts), sharing():
        study = Study.restored(given, inputs, known)
        recount = Recount(study)
        del given, known
        for message, answer in messages:
            claims, news = _process.unpacked(message)
            study.learn(news)
            values = {}
            for claim in claims:
                with warnings.catch_warnings(record=True) as told:
                    warnings.simplefilter("always")
                    try:
                        value = recount.value(claim)
                    except (PatentnavError, LookupError):
                        continue
                if not told:
                    values[claim.id] = value
            answer(pickle.dumps(values))
