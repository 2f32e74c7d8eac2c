"""Shorter forms of a text that leave out whole sentences and clauses, never words."""

from __future__ import annotations

_ENDS, _CLAUSES, _HEADS = "。！？.!?", "；;", "：:"
_OPENING, _CLOSING = "“‘「『（(《[【", "”’」』）)》]】"
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
    plain = (form.strip().rstrip("。.；;：:，, ") for form in forms)
    return tuple(dict.fromkeys(form for form in plain if form))


def remainder(text: str, form: str) -> str:
    """What a shorter form of a text leaves out.

    Examples
    --------
    >>> remainder("Two grew; one fell.", "Two grew")
    'One fell.'
    """
    rest = text.removeprefix(form).lstrip("。.；;：:，, ")
    return rest[:1].upper() + rest[1:]


def _places(text: str, marks: str) -> list[int]:
    """Where marks stand that divide the text: outside brackets and quotes, and at the end of words."""
    found, depth = [], 0
    for i, char in enumerate(text):
        if char in _OPENING:
            depth += 1
        elif char in _CLOSING:
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
    word = text[:place].rsplit(maxsplit=1)[-1].strip("“(") if text[:place].split() else ""
    following = text[place + 1 :].lstrip()[:1]
    ends = word.casefold() not in _SHORT and (len(word) > 1 or word.isdigit())
    return ends and (not following or not following.islower())
