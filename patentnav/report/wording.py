"""Check the wording of a report before it is built, and the blocks of a section when they are made.

What a section will say is read from its code: the texts, tables and figures that it and the
functions beside it name literally. What they name otherwise is checked as soon as it is there.
"""

from __future__ import annotations

import ast
import functools
import inspect
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from patentnav import i18n
from patentnav.errors import FormatError, UnknownNameError
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.registry import maker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from patentnav.report.blocks import Block
    from patentnav.report.outline import Outline


def check(outline: Outline, lang: str) -> None:
    """Check that everything an outline is known to say has its wording.

    Raises
    ------
    UnknownNameError
        A wording is missing; the message has its key and the file that is expected to hold it.
    FormatError
        A user's text has a placeholder that the package's text of that key has not.
    """
    texts = outline.wording(lang)
    needed = {outline.title_key: outline.file.name}
    for section in outline.plan():
        needed[f"report.{section.id}.title"] = section.id
    for section_id in outline.entries():
        needed |= dict.fromkeys(sorted(literals(maker(section_id).make).keys), section_id)
    missing = {key: place for key, place in needed.items() if key not in texts}
    for key, place in missing.items():
        more = list(missing)[1:]
        also = f" Missing as well: {', '.join(more)}." if more else ""
        raise UnknownNameError(
            f"{lang} wording of {place}", key, (), remedy=i18n.expected(key, lang) + also
        )
    _check_references(outline)
    _check_placeholders(texts, lang)


def _check_references(outline: Outline) -> None:
    planned = {section.id for section in outline.plan()}
    for section_id in outline.entries():
        # Tables and figures may be left out by what the data say; sections are in the outline.
        for target in sorted(literals(maker(section_id).make).references):
            if "." in target and target not in planned:
                msg = (
                    f"The section {section_id} refers to {target}, which the outline "
                    f"{outline.name} has not. Add it to {outline.file.name}."
                )
                raise FormatError(msg)


def _check_placeholders(texts: Mapping[str, str], lang: str) -> None:
    for key, shipped in i18n.shipped(lang).items():
        own = texts.get(key, shipped)
        if own is shipped or own == shipped:
            continue
        strange = i18n.placeholders(own) - i18n.placeholders(shipped)
        if strange:
            msg = (
                f'The {lang} wording "{key}" of your data_path has {{{min(strange)}}}, which is not '
                f"given there. The package's text is: {shipped}"
            )
            raise FormatError(msg)


def check_blocks(blocks: Iterable[Block], lang: str) -> None:
    """Word every block once, so that what lacks its wording fails with its section, not at the end.

    Raises
    ------
    UnknownNameError, FormatError
        As in :func:`patentnav.i18n.text`.
    """
    for block in blocks:
        if isinstance(block, Text):
            block.runs(lang)
            continue
        table = block.table if isinstance(block, Figure) else block
        table.caption(lang)
        table.labels(lang)
        table.whole.labels(lang)
        if table.note is not None:
            table.note.runs(lang)
        if isinstance(block, Figure):
            block.alt(lang)


@dataclass(frozen=True)
class Literals:
    """What the code of a section names literally: keys of wording, targets of references."""

    keys: frozenset[str]
    references: frozenset[str]


@functools.lru_cache(maxsize=1024)
def literals(make: Callable[..., Any]) -> Literals:
    """Read a section and the functions of its module that it calls."""
    functions: dict[Callable[..., Any], tuple[ast.Call, ...]] = {}
    waiting = [inspect.unwrap(make)]
    while waiting:
        function = waiting.pop()
        if function in functions:
            continue
        functions[function] = _calls(function)
        around = getattr(function, "__globals__", {})
        beside = (around.get(_name(call)) for call in functions[function])
        waiting += [
            one for one in beside if inspect.isfunction(one) and one.__module__ == make.__module__
        ]
    calls = [call for found in functions.values() for call in found]
    return Literals(
        frozenset(key for call in calls for key in _keys(call)),
        frozenset(t for c in calls if _name(c) == Ref.__name__ for t in _texts(c.args[0])),
    )


@functools.lru_cache(maxsize=4096)  # sections of a module call the same functions
def _calls(function: Callable[..., Any]) -> tuple[ast.Call, ...]:
    try:
        source = textwrap.dedent(inspect.getsource(function))
    except OSError:
        return ()  # typed at a prompt: its blocks are checked when they are made
    return tuple(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    """Last part of what is called: ``Text`` of ``report.Text(…)``."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _keys(call: ast.Call) -> Iterator[str]:
    if not call.args:
        return
    first, name = call.args[0], _name(call)
    if name == Text.__name__:
        yield from (f"report.{text}" for text in _texts(first))
    elif name == Table.__name__:
        yield from (f"report.caption.{text}" for text in _texts(first))
    elif name == Figure.__name__ and isinstance(first, ast.Call) and first.args:
        yield from (f"report.alt.{text}" for text in _texts(first.args[0]))


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
