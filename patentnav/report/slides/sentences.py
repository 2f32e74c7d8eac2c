"""Shorter forms of a text that leave out whole sentences and clauses, never words."""

from __future__ import annotations

import unicodedata

_ENDS, _CLAUSES, _HEADS = "\u3002\uff01\uff1f.!?", "\uff1b;", "\uff1a:"
_LEFT = "\u3002.\uff1b;\uff1a:\uff0c, "  # what a form does not end in, nor a remainder begin with
_OPENING, _CLOSING = {"Ps", "Pi"}, {"Pe", "Pf"}  # categories of brackets and quotes
# A full stop after these ends no sentence.
_SHORT = {"co", "ltd", "inc", "corp", "no", "vs", "e.g", "i.e", "approx", "fig", "dr", "st", "al"}


def shorter(text: str) -> tuple[str, ...]:
    """The text and its shorter forms, the longest first.

    Sentences go from the end, then clauses behind a semicolon, then what follows a colon. Each form
    is the beginning of the text, without its full stop.

    Parameters
    ----------
    text
        One or several sentences.

    Returns
    -------
    tuple of str
        Empty for an empty text.

    Examples
    --------
    >>> shorter("There are 3 (of 5; all in CN). Two grew; one fell.")
    ('There are 3 (of 5; all in CN). Two grew; one fell', 'There are 3 (of 5; all in CN)')
    """
    forms = [text]
    for marks in (_ENDS, _CLAUSES, _HEADS):
        # Only the first of what is left is divided further: no form skips anything.
        last = forms[-1]
        forms += [last[:place] for place in reversed(_places(last, marks)) if place < len(last)]
    plain = (form.strip().rstrip(_LEFT) for form in forms)
    return tuple(dict.fromkeys(form for form in plain if form))


def remainder(text: str, form: str) -> str:
    """What a shorter form of a text leaves out.

    Examples
    --------
    >>> remainder("Two grew; one fell.", "Two grew")
    'One fell.'
    """
    rest = text.removeprefix(form).lstrip(_LEFT)
    return rest[:1].upper() + rest[1:]


def is_whole(text: str, form: str) -> bool:
    """Whether a shorter form of a text leaves out whole sentences only.

    Examples
    --------
    >>> is_whole("Two grew; one fell. All live.", "Two grew; one fell")
    True
    >>> is_whole("Two grew; one fell.", "Two grew")
    False
    """
    return text.removeprefix(form).strip()[:1] in {"", *_ENDS}


def _places(text: str, marks: str) -> list[int]:
    """Where marks stand that divide the text: outside brackets and quotes, and at the end of words."""
    found, depth = [], 0
    for i, char in enumerate(text):
        kind = unicodedata.category(char)
        if kind in _OPENING:
            depth += 1
        elif kind in _CLOSING:
            depth = max(0, depth - 1)
        elif char in marks and not depth and _divides(text, i):
            found.append(i)
    return found


def _divides(text: str, place: int) -> bool:
    char, after = text[place], text[place + 1 : place + 2]
    if ord(char) >= 0x3000:
        return True
    if after and not after.isspace():
        return False
    if char != ".":
        return True
    word = text[:place].rsplit(maxsplit=1)[-1].strip("\u201c(") if text[:place].split() else ""
    following = text[place + 1 :].lstrip()[:1]
    ends = word.casefold() not in _SHORT and (len(word) > 1 or word.isdigit())
    return ends and (not following or not following.islower())
