"""A second study of the set in a process of its own, while the report is being made.

That process (:mod:`patentnav._process`) gets the set and computes the result that takes longest, the
technologies; then it counts again the claims of every section as they are made, with the results that
were computed since; of these it uses what :class:`Recount` uses. What it does not answer (it cannot
be sent, fails or warns there, belongs to a user's own code that the process does not know) is
computed and counted here, where the error or warning is the caller's.
"""

from __future__ import annotations

import logging
import pickle
import warnings
from contextlib import suppress
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from patentnav import _collector, _process, i18n
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
_LONGEST = "technologies"  # the result that takes longest


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
        self._asked: set[str] = set()
        self._answers: dict[str, tuple[Claim, Future[bytes]]] = {}
        self._read: dict[int, dict[str, Any]] = {}
        self._other = self._begun()

    def _begun(self) -> _process.Other | None:
        """The process, which begins with the longest result; None where the set cannot be sent."""
        other = _process.Other(serve)
        options = {f.name: getattr(get_config(), f.name) for f in fields(get_config())}
        given = self._study.given
        for name in _OF_GIVEN:
            with suppress(UnavailableError):
                self._study.result(name)
        tables = {name: getattr(given, name) for name in _AS_GIVEN if given.has(name)}
        light = PatentSet(tables, given.provenance)
        hello = (options, self._lang, self._texts, light, self._study.inputs, self._news())
        asks = not self._study.is_settled(_LONGEST)
        try:
            other.greet(_process.packed(hello))
            if asks:
                self._study.expect(
                    _LONGEST, _Result(other.ask(_process.packed(_LONGEST)), self._sent)
                )
        except _process.UNSENT as error:
            _log.info("the set cannot be sent (%s)", error)
            other.close()
            return None
        return other

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
        asked = [claim for claim in asked if claim.measure in own]
        self._asked |= new.keys()
        if self._other is None or not asked:
            return
        try:
            message = _process.packed((asked, self._news()))
        except _process.UNSENT as error:
            _log.info("claims of %s cannot be sent (%s)", asked[0].section, error)
            return
        answer = self._other.ask(message)
        self._answers |= {claim.id: (claim, answer) for claim in asked}

    def close(self) -> None:
        """No further claim comes."""
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


class _Result:
    """A result that the other process computes, and knows from then on.

    Parameters
    ----------
    answer
        Its answer to come.
    sent
        Names of the results that the other process knows.
    """

    def __init__(self, answer: Future[bytes], sent: set[str]) -> None:
        self._answer, self._sent = answer, sent

    def done(self) -> bool:
        return self._answer.done()

    def take(self) -> Any:
        content = _process.result(self._answer, wait=True)
        if not content:
            return None
        self._sent.add(_LONGEST)
        return pickle.loads(content)  # noqa: S301 (our own pipe)


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
    """Answer what comes in until it ends: the name of a result, or claims and results known since.

    The answer to what fails or warns is empty; a claim that does is left out.
    """
    messages = _process.asked()
    options, lang, texts, given, inputs, known = _process.unpacked(next(messages)[0])
    with config_context(**options), i18n.using(lang, texts), sharing(), _collector.seldom():
        study = Study.restored(given, inputs, known)
        recount = Recount(study)
        del given, known
        for message, answer in messages:
            asked = _process.unpacked(message)
            if isinstance(asked, str):
                answer(_computed(study, asked))
                continue
            claims, news = asked
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


def _computed(study: Study, name: str) -> bytes:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            value = study.result(name)
        except PatentnavError:
            return b""
    return b"" if told else pickle.dumps(value, protocol=5)
