"""Wrong kinds of objects are refused at the door of every public package, with what to call instead.

:func:`guard` lets every public function check its arguments against its own annotations before it
runs. What makes the right object is read from the docstring of the parameter (its first
``:func:``), so that the message and the documentation cannot differ, or stands in ``MAKERS``.
"""

from __future__ import annotations

import ast
import collections.abc
import functools
import importlib
import inspect
import numbers
import os
import re
import sys
import types
import typing
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from patentnav.errors import ArgumentError, WrongKindError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAKERS = {
    "PatentSet": "patentnav.read(files), patentnav.load(folder) or PatentSet.from_tables(tables)",
    "Baseline": "patentnav.indicators.Baseline.of(population, names, name=…)",
    "CitationArrays": "patentnav.network.citations(patents)",
    "Collaboration": "patentnav.network.applicant_collaboration(patents)",
    "Hills": "patentnav.cluster.landscape(technologies)",
    "Joint": "patentnav.network.cooperation(patents, members, unit_ids)",
    "Mapped": "patentnav.cluster.technologies(patents)",
    "Model": "patentnav.classify.learn(patents)",
    "Population": "patentnav.population.read(folder)",
    "Scorecard": "patentnav.valuation.load(name)",
    "Steps": "patentnav.planning.roadmap(patents)",
    "Talents": "patentnav.talent.talent_map(patents)",
    "Taxonomy": "patentnav.taxonomy.load(name)",
    "Technologies": "patentnav.cluster.technologies(patents)",
    "TextModel": "patentnav.classify.learn(patents)",
    "WeightedArrays": "patentnav.network.inventors(patents)",
    "Axes": "patentnav.plot.figure()",
}
# Frames and series that stand under one name in many functions.
NAMED = {
    "by": "patentnav.classify.memberships(patents), patentnav.facts.owners(patents), or name a "
    "column of publications",
    "dates": "patentnav.counting.dates(patents)",
    "decisions": "patentnav.clean.read_decisions(path)",
    "entity": "patentnav.facts.owners(patents), patentnav.facts.places(patents), or name a column "
    "of publications",
    "within": "patentnav.classify.memberships(patents), or name a column of publications",
}
_GENERIC = {"DataFrame": "pandas.DataFrame(…)", "Series": "pandas.Series(…)"}
_FUNC = re.compile(r":func:`~?([\w.]+)`")
_PLAIN: dict[str, Callable[[Any], bool]] = {
    "str": lambda v: isinstance(v, str),
    "bool": lambda v: isinstance(v, bool) or type(v).__name__ in {"bool", "bool_"},
    "int": lambda v: isinstance(v, numbers.Integral) and not isinstance(v, bool),
    "float": lambda v: isinstance(v, numbers.Real) and not isinstance(v, bool),
    "None": lambda v: v is None,
    "Path": lambda v: isinstance(v, os.PathLike),
    "Mapping": lambda v: isinstance(v, collections.abc.Mapping) or hasattr(v, "items"),
    "dict": lambda v: isinstance(v, dict),
    "list": lambda v: isinstance(v, list),
    "tuple": lambda v: isinstance(v, tuple),
    "Iterable": lambda v: isinstance(v, collections.abc.Iterable),
    "Collection": lambda v: isinstance(v, collections.abc.Collection),
    "Sequence": lambda v: isinstance(v, collections.abc.Sequence) or hasattr(v, "__array__"),
    "Callable": callable,
}


@dataclass(frozen=True)
class Kind:
    """One member of an annotation: how it is called and what is of it."""

    name: str
    holds: Callable[[Any], bool]
    values: tuple[Any, ...] | None = None  # of a Literal


class _UnknownKindError(Exception):
    """An annotation that cannot be judged, such as ``Any``."""


def guard(module_name: str) -> None:
    """Let the public functions of a module (its ``__all__``) check the kinds of their arguments."""
    module = sys.modules[module_name]
    short = module_name.removeprefix("patentnav.")
    for name in module.__all__:
        function = getattr(module, name)
        if not inspect.isfunction(function) or hasattr(function, "__guarded__"):
            continue
        made = _guarded(function, short)
        setattr(module, name, made)
        # Where it was defined too, or it could not be pickled.
        home = sys.modules[function.__module__]
        if getattr(home, name, None) is function:
            setattr(home, name, made)


def _guarded(function: Callable[..., Any], package: str) -> Callable[..., Any]:
    names = tuple(inspect.signature(function).parameters)
    refuse = functools.partial(_refuse, function, package)

    @functools.cache
    def kinds() -> dict[str, tuple[Kind, ...]]:
        return _kinds(function)  # at the first call: it reads sources and imports what they name

    def checked(*args: Any, **kwargs: Any) -> Any:
        known = kinds()
        for name, value in [*zip(names, args, strict=False), *kwargs.items()]:
            if name in known and not any(kind.holds(value) for kind in known[name]):
                refuse(name, value, known[name])
        return function(*args, **kwargs)

    # With the globals of the function, so that doctest finds it at home.
    made = types.FunctionType(
        checked.__code__, function.__globals__, function.__name__, None, checked.__closure__
    )
    functools.update_wrapper(made, function)
    made.__guarded__ = True  # type: ignore[attr-defined]
    return made


def _refuse(
    function: Callable[..., Any], package: str, name: str, value: Any, kinds: tuple[Kind, ...]
) -> None:
    called = f"{package}.{function.__name__}".removeprefix("patentset.")
    allowed = [v for kind in kinds for v in kind.values or ()]
    words = [v for v in allowed if isinstance(v, str)]
    if words and isinstance(value, str):
        close = did_you_mean(value, words)
        hint = f" Did you mean {close}?" if close else ""
        listed = ", ".join(map(str, allowed))
        msg = f'{called}: {name}="{value}" is not one of {listed}.{hint}'
        raise ArgumentError(msg)
    wanted = " or ".join(dict.fromkeys(kind.name for kind in kinds if kind.name != "None"))
    maker = _maker(function, package, name, kinds)
    remedy = f" Make it with {maker}." if maker else ""
    msg = f"{called} takes {name} as {wanted}, not {type(value).__name__}.{remedy}"
    raise WrongKindError(msg)


def _maker(
    function: Callable[..., Any], package: str, name: str, kinds: tuple[Kind, ...]
) -> str | None:
    """What makes the right object: by its kind, for frames and series as the docstring says."""
    for kind in kinds:
        if kind.name in MAKERS:
            return MAKERS[kind.name]
    generic = [_GENERIC[kind.name] for kind in kinds if kind.name in _GENERIC]
    if not generic:
        return None
    if name in NAMED:
        return NAMED[name]
    found = _FUNC.search(_described(function, name))
    if found is None:
        return generic[0]
    target = found[1] if "." in found[1] else f"patentnav.{package}.{found[1]}"
    return f"{target}(…)"


def _described(function: Callable[..., Any], name: str) -> str:
    """What the docstring says of a parameter."""
    lines = iter((inspect.getdoc(function) or "").splitlines())
    text: list[str] = []
    inside = False
    for line in lines:
        if line and not line.startswith(" "):
            inside = name in re.split(r",\s*", line)
            if text and not inside:
                break
            continue
        if text or inside:
            text.append(line.strip())
    return " ".join(text)


def _kinds(function: Callable[..., Any]) -> dict[str, tuple[Kind, ...]]:
    """Kinds of the parameters whose annotations can be judged."""
    plain = inspect.unwrap(function)
    found = {}
    for name, parameter in inspect.signature(plain).parameters.items():
        if parameter.kind in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}:
            continue
        try:
            found[name] = tuple(_of_text(str(parameter.annotation), plain.__module__))
        except _UnknownKindError:
            continue
    return found


def judged(annotation: str, module_name: str) -> tuple[Kind, ...] | None:
    """Kinds that an annotation, as written in a module, allows.

    Returns
    -------
    tuple of Kind or None
        None where it cannot be judged, as ``Any``.
    """
    try:
        return tuple(_of_text(annotation, module_name))
    except _UnknownKindError:
        return None


def _of_text(annotation: str, module: str) -> Iterator[Kind]:
    yield from _of_node(ast.parse(annotation, mode="eval").body, module)


def _of_node(node: ast.expr, module: str) -> Iterator[Kind]:
    match node:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            yield from _of_node(left, module)
            yield from _of_node(right, module)
        case ast.Constant(value=None):
            yield Kind("None", _PLAIN["None"])
        case ast.Constant(value=str(text)):
            yield from _of_text(text, module)
        case ast.Subscript(value=ast.Name(id="Literal"), slice=values):
            given = ast.literal_eval(values)
            yield _literal(given if isinstance(given, tuple) else (given,))
        case ast.Subscript(value=base):
            yield from _of_node(base, module)
        case ast.Name() | ast.Attribute():
            yield from _of_name(ast.unparse(node), module)
        case _:
            raise _UnknownKindError


def _literal(values: tuple[Any, ...]) -> Kind:
    return Kind(
        " or ".join(repr(v) for v in values),
        lambda v: isinstance(v, (str, int)) and v in values,
        values,
    )


def _of_name(dotted: str, module: str) -> Iterator[Kind]:
    first, *rest = dotted.split(".")
    if dotted in _PLAIN:
        yield Kind(dotted, _PLAIN[dotted])
        return
    origin = _imports(module).get(first)
    if origin is None:
        yield from _of_object(getattr(sys.modules[module], first, None), first, module)
        return
    source, name = origin
    path = [*([name] if name else []), *rest]
    if not source.startswith("patentnav"):
        if source == "typing" or not path:
            raise _UnknownKindError
        if source.split(".")[0] in sys.stdlib_module_names and path[-1] not in _PLAIN:
            yield from _of_object(getattr(sys.modules.get(source), path[-1], None), dotted, source)
            return
        yield _outside(source.split(".")[0], path[-1])
        return
    if len(path) == 2:  # an alias of a module: units.Unit
        source, path = f"{source}.{path[0]}", path[1:]
    found = getattr(importlib.import_module(source), path[0], None)
    yield from _of_object(found, path[0], source)


def _outside(package: str, name: str) -> Kind:
    """A class of another package, known by its name, so that nothing is imported for the check."""
    if name in _PLAIN:
        return Kind(name, _PLAIN[name])
    if package == "collections":  # an abstract class that stands in no class tree
        raise _UnknownKindError

    def holds(value: Any) -> bool:
        if name == "ndarray" and hasattr(value, "__array__"):
            return True
        if name == "Timestamp" and hasattr(value, "toordinal"):
            return True
        return any(
            c.__name__ == name and c.__module__.split(".")[0] == package
            for c in type(value).__mro__
        )

    return Kind(name, holds)


def _of_object(found: Any, name: str, module: str) -> Iterator[Kind]:
    """Kinds of a class or of an alias of types that stands in a module."""
    origin = typing.get_origin(found)
    if isinstance(found, str):
        yield from _of_text(found, module)
    elif origin is typing.Literal:
        yield _literal(typing.get_args(found))
    elif origin in {types.UnionType, typing.Union}:
        for part in typing.get_args(found):
            yield from _of_object(part, getattr(part, "__name__", str(part)), module)
    elif found is type(None):
        yield Kind("None", _PLAIN["None"])
    elif isinstance(found, typing.ForwardRef):
        yield from _of_text(found.__forward_arg__, module)
    elif getattr(found, "_is_protocol", False):
        members = {*vars(found), *getattr(found, "__annotations__", ())}
        wanted = {m for m in members if not m.startswith("_")}
        yield Kind(name, lambda v: all(hasattr(v, m) for m in wanted))
    elif inspect.isclass(found) and (origin or found) is found:
        if found.__name__ in _PLAIN:
            yield Kind(found.__name__, _PLAIN[found.__name__])
        else:
            yield Kind(found.__name__, lambda v: isinstance(v, found))
    elif inspect.isclass(origin) and origin.__name__ in _PLAIN:
        yield Kind(origin.__name__, _PLAIN[origin.__name__])
    else:
        raise _UnknownKindError


@functools.cache
def _imports(module: str) -> dict[str, tuple[str, str]]:
    """Names that a module imports, also for type checkers alone: ``(module, name)`` of each."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except OSError:  # installed without sources: then less is checked
        return {}
    found: dict[str, tuple[str, str]] = {}
    waiting: deque[ast.AST] = deque(tree.body)
    while waiting:  # statements alone: expressions import nothing, and there are many
        node = waiting.popleft()
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            below = getattr(node, part, ())
            waiting += below if isinstance(below, list) else ()
        if isinstance(node, ast.Import):
            found |= {alias.asname or alias.name: (alias.name, "") for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {alias.asname or alias.name: (node.module, alias.name) for alias in node.names}
    return found
