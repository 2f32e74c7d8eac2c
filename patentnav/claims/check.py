"""Check a report before it is written: every claim recomputed, none against another, no empty advice."""

from __future__ import annotations

from contextlib import suppress
from itertools import combinations
from typing import TYPE_CHECKING, Any

from patentnav.claims.consistency import FEWEST, consistent
from patentnav.claims.recount import Recount
from patentnav.claims.sentence import Sentence, Violation, agree
from patentnav.errors import ClaimError, PatentnavError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from patentnav.claims.claim import Claim
    from patentnav.claims.elsewhere import Elsewhere
    from patentnav.study import Study


def check(
    sentences: Sequence[Sentence],
    study: Study,
    tables: Mapping[str, pd.DataFrame] | None = None,
    *,
    elsewhere: Elsewhere | None = None,
) -> list[Violation]:
    """Everything that is wrong with the claims of a report.

    Parameters
    ----------
    sentences
        The sentences of the report, in reading order.
    study
        The study it was made of; its canonical tables are counted again.
    tables
        The tables of the report by id, whose cells are held against the claims that rest on them;
        they are not looked at when omitted.
    elsewhere
        A process that has counted some of the claims already; the others are counted here.

    Returns
    -------
    list of Violation
        Empty where every claim holds.
    """
    made = [(claim, sentence) for sentence in sentences for claim in sentence.claims]
    return [
        *_bare(sentences),
        *_recomputed(made, Recount(study), elsewhere),
        *_contradictions(made),
        *_directions(made),
        *_recommendations(made, study),
        *consistent(made, study, tables or {}),
    ]


def require(
    sentences: Sequence[Sentence],
    study: Study,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> None:
    """Refuse a report whose claims do not hold; the parameters are those of :func:`check`.

    Raises
    ------
    ClaimError
        Something is wrong; the message shows the sentences.
    """
    refuse(check(sentences, study, tables))


def refuse(found: Sequence[Violation]) -> None:
    """Refuse a report that was checked.

    Parameters
    ----------
    found
        What :func:`check` found.

    Raises
    ------
    ClaimError
        Something was found; the message shows the sentences.
    """
    if found:
        listed = "\n".join(str(one) for one in found[:20])
        more = f"\n… and {len(found) - 20} more" if len(found) > 20 else ""
        msg = f"{len(found)} statements of the report do not hold:\n{listed}{more}"
        raise ClaimError(msg, list(found))


def _bare(sentences: Iterable[Sentence]) -> Iterable[Violation]:
    for one in sentences:
        if one.finding and one.bare:
            msg = f"numbers without a claim: {', '.join(one.bare)}"
            yield Violation("bare", msg, (one.text,))


def _recomputed(
    made: Iterable[tuple[Claim, Sentence]], recount: Recount, elsewhere: Elsewhere | None
) -> Iterable[Violation]:
    seen: dict[str, Claim] = {}
    for claim, sentence in made:
        if claim.id in seen:
            if seen[claim.id] is not claim and not agree(seen[claim.id].value, claim.value):
                msg = f"two claims are called {claim.id}"
                yield Violation("duplicate", msg, (sentence.text,))
            continue
        seen[claim.id] = claim
        try:
            value = _counted(claim, recount, elsewhere)
        except PatentnavError as error:
            yield Violation("recomputed", f"{claim.id} cannot be counted again: {error}",
                            (sentence.text,))  # fmt: skip
            continue
        if not agree(claim.value, value):
            msg = f"{claim.id} says {claim.value}, counted again it is {value}"
            yield Violation("recomputed", msg, (sentence.text,))


def _counted(claim: Claim, recount: Recount, elsewhere: Elsewhere | None) -> Any:
    if elsewhere is not None:
        with suppress(LookupError):
            return elsewhere.value(claim)
    return recount.value(claim)


def _contradictions(made: Iterable[tuple[Claim, Sentence]]) -> Iterable[Violation]:
    first: dict[tuple[Any, ...], tuple[Claim, Sentence]] = {}
    for claim, sentence in made:
        if claim.kind in {"parameter", "recommendation"}:
            continue
        other, where = first.setdefault(claim.about, (claim, sentence))
        if not agree(other.value, claim.value):
            msg = (f"{other.id} and {claim.id} are about the same ({claim.subject}, "
                   f"{claim.measure}) and say {other.value} and {claim.value}")  # fmt: skip
            yield Violation("contradiction", msg, (where.text, sentence.text))


def _directions(made: Iterable[tuple[Claim, Sentence]]) -> Iterable[Violation]:
    """No two directions of the same subject over windows of which one ends when the other does."""
    by_subject: dict[tuple[str, str], list[tuple[Claim, Sentence]]] = {}
    for claim, sentence in made:
        if claim.direction is not None and claim.kind in {"trend", "comparison"}:
            key = (claim.subject, claim.details.get("course_of", claim.measure))
            by_subject.setdefault(key, []).append((claim, sentence))
    for pairs in by_subject.values():
        for (one, first), (other, second) in combinations(pairs, 2):
            if one.direction == other.direction or one.window != other.window:
                continue
            if one.baseline != other.baseline:
                continue
            msg = f"{one.id} and {other.id} give {one.subject} two directions"
            yield Violation("direction", msg, (first.text, second.text))


def _recommendations(made: Iterable[tuple[Claim, Sentence]], study: Study) -> Iterable[Violation]:
    made = list(made)
    by_id = {claim.id: claim for claim, _ in made}
    for claim, sentence in made:
        if claim.kind != "recommendation":
            continue
        for problem in _problems(claim, by_id, study):
            yield Violation("recommendation", f"{claim.id}: {problem}", (sentence.text,))


def _problems(claim: Claim, by_id: Mapping[str, Claim], study: Study) -> Iterable[str]:
    if not claim.rests_on:
        yield "rests on no claim"
    for cited in claim.rests_on:
        if cited not in by_id:
            yield f"cites {cited}, which the report does not make"
        elif not by_id[cited].passed:
            yield f"cites {cited}, which passed no test"
        elif (by_id[cited].n or 0) < FEWEST:
            yield f"cites {cited}, which rests on {by_id[cited].n or 0} units, fewer than {FEWEST}"
    for part in claim.subject.split("&"):
        name, _, key = part.partition(":")
        if name == "technology" and key in study.remainders:
            yield f"recommends {key}, which is a remainder and no technology"
        if name == "owner" and key in study.owner_names.index and key not in study.alive_owners:
            yield (f"names {claim.label or key}, which has filed nothing lately or whose rights "
                   "are mostly gone")  # fmt: skip
