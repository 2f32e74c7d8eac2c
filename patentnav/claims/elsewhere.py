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
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from patentnav import _process, i18n
from patentnav._memo import sharing
from patentnav.claims.recount import Recount
from patentnav.config import config_context, get_config
from patentnav.errors import PatentnavError
from patentnav.study import Study

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from concurrent.futures import Future

    from patentnav.claims.claim import Claim

_log = logging.getLogger(__name__)


class Elsewhere:
    """What another process counts.

    Parameters
    ----------
    study
        The study whose claims are counted.
    lang, texts
        Language and wording of the report.

    Raises
    ------
    PicklingError, AttributeError, TypeError, ValueError, RecursionError
        The study cannot be sent (:data:`patentnav._process.UNSENT`).
    """

    def __init__(self, study: Study, lang: str, texts: Mapping[str, str]) -> None:
        self._study = study
        self._sent: set[str] = set()
        self._answers: dict[str, tuple[Claim, Future[bytes]]] = {}
        self._read: dict[int, dict[str, Any]] = {}
        options = {f.name: getattr(get_config(), f.name) for f in fields(get_config())}
        hello = (options, lang, dict(texts), study.given, study.inputs, self._news())
        self._other = _process.Other(serve, _process.packed(hello))

    def _news(self) -> dict[str, Any]:
        """Results that were computed since the last time."""
        known = self._study.known()
        news = {name: value for name, value in known.items() if name not in self._sent}
        self._sent |= news.keys()
        return news

    def count(self, claims: Iterable[Claim]) -> None:
        """Begin to count claims."""
        new = {claim.id: claim for claim in reversed([*claims])}  # the first of several is checked
        asked = [new[key] for key in reversed(new) if key not in self._answers]
        if not asked:
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
    """Where claims of a report can be sent; None where that would gain nothing or is not possible.

    Parameters
    ----------
    study
        The study whose claims will be counted.
    lang, texts
        Language and wording of the report.
    """
    if not _process.worthwhile(len(study.given)):
        return None
    try:
        return Elsewhere(study, lang, texts)
    except _process.UNSENT as error:
        _log.info("claims are counted in this process: the study cannot be sent (%s)", error)
        return None


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
