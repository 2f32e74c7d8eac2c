"""What a report needs beyond the study: the words of its cover."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from patentnav.errors import UnknownNameError
from patentnav.study import Inputs

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Cover:
    """Words of the cover; all may be empty.

    Attributes
    ----------
    title
        Title; that of the outline when empty.
    subtitle
        Line below the title; the studied area when empty.
    client
        Who asked for the report.
    author
        Who made it; also the author in the properties of the files.
    date
        Date as printed; a report states no clock time by itself.
    question
        What the client asked, as one sentence or its words; the summary answers it.
    """

    title: str = ""
    subtitle: str = ""
    client: str = ""
    author: str = ""
    date: str = ""
    question: str = ""

    @classmethod
    def names(cls) -> list[str]:
        """Names of all entries."""
        return [f.name for f in fields(cls)]


def divided(given: Mapping[str, Any]) -> tuple[Cover, dict[str, Any]]:
    """Words of the cover, and the choices that are the study's.

    Raises
    ------
    UnknownNameError
        A name is neither.
    """
    known = [*Cover.names(), *Inputs.names()]
    for name in given:
        if name not in known:
            raise UnknownNameError("input of a report", name, known)
    cover = {k: v for k, v in given.items() if k in Cover.names()}
    return Cover(**cover), {k: v for k, v in given.items() if k not in cover}
