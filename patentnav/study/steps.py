"""Named steps: a result is a function whose parameters name other results or inputs.

A parameter of a step's function is the name of another step, of an input (``given_<name>`` where a
step has the same name), or ``given`` (the set as it came). A parameter that is annotated
:class:`Later` is handed over as a function, to be called only when it is needed.
"""

from __future__ import annotations

import inspect
import time
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, overload

from patentnav.study.inputs import Inputs

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from patentnav.patentset import PatentSet

T = TypeVar("T")


class Holder(Protocol):
    """What a step asks of a study: the set, the choices and the other results."""

    given: PatentSet

    @property
    def inputs(self) -> Inputs:
        """The choices."""

    def result(self, name: str) -> Any:
        """A result by the name of its step."""

    @classmethod
    def all_steps(cls) -> dict[str, Step[Any]]:
        """All steps by name."""


class Later(Generic[T]):
    """A result that is computed when it is called for."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make

    def __call__(self) -> T:
        """Return the result."""
        return self._make()


class Step(Generic[T]):
    """A result of a study, computed once when first asked for.

    Parameters
    ----------
    function
        What computes it; its parameters name what it needs.
    keep
        Whether it is worth keeping on disk (option ``cache_dir``).
    """

    def __init__(self, function: Callable[..., T], *, keep: bool = False) -> None:
        self.function, self.keep = function, keep
        self.name = ""
        parameters = inspect.signature(function).parameters.values()
        self.needs = tuple(p.name for p in parameters)
        self._later = {p.name for p in parameters if str(p.annotation).startswith("Later")}
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, study: None, owner: type) -> Step[T]: ...
    @overload
    def __get__(self, study: Holder, owner: type) -> T: ...
    def __get__(self, study: Holder | None, owner: type) -> Step[T] | T:
        if study is None:
            return self
        return study.result(self.name)  # type: ignore[no-any-return]

    def inputs(self, steps: dict[str, Step[Any]]) -> frozenset[str]:
        """Names of the inputs that the result depends on, directly or through other steps."""
        found: set[str] = set()
        for need in self.needs:
            if need in steps:
                found |= steps[need].inputs(steps)
            elif need != "given":
                found.add(need.removeprefix("given_"))
        return frozenset(found)

    def compute(self, study: Holder) -> T:
        """Call the function with what it needs of a study."""
        values = {need: self._value(study, need) for need in self.needs}
        return self.function(**values)

    def _value(self, study: Holder, need: str) -> Any:
        if need == "given":
            return study.given
        if need in study.all_steps():
            return Later(lambda: study.result(need)) if need in self._later else study.result(need)
        return getattr(study.inputs, need.removeprefix("given_"))


def check(steps: dict[str, Step[Any]]) -> None:
    """Refuse steps that need what is neither a step nor an input, or that need themselves.

    Raises
    ------
    TypeError
        A step of the package (or of a plugin) is written wrongly.
    """
    known = {*steps, *Inputs.names(), *(f"given_{name}" for name in Inputs.names()), "given"}
    for name, step in steps.items():
        for need in step.needs:
            if need not in known:
                msg = f"the step {name} needs {need}, which is neither a step nor an input."
                raise TypeError(msg)

    def walk(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            msg = f"the steps {' -> '.join((*path, name))} need each other."
            raise TypeError(msg)
        for need in steps[name].needs:
            if need in steps:
                walk(need, (*path, name))

    for name in steps:
        walk(name, ())


class Clock:
    """Seconds spent in a step itself, without those of the steps that it called."""

    def __init__(self) -> None:
        self._inner = [0.0]

    def time(self, work: Callable[[], T]) -> tuple[T, float]:
        """Do some work and say how long it took by itself."""
        self._inner.append(0.0)
        start = time.perf_counter()
        try:
            value = work()
        finally:
            total = time.perf_counter() - start
            inner = self._inner.pop()
            self._inner[-1] += total
        return value, total - inner


def table(steps: dict[str, Step[Any]], seconds: dict[str, tuple[float, bool]]) -> pd.DataFrame:
    """What steps need and how long they took: ``step, needs, seconds, cached``, see ``Study.steps``."""
    import pandas as pd

    rows = [
        (name, ", ".join(step.needs), *seconds.get(name, (None, None)))
        for name, step in steps.items()
    ]
    frame = pd.DataFrame(rows, columns=["step", "needs", "seconds", "cached"])
    return frame.astype({"seconds": "float64", "cached": "boolean"})
