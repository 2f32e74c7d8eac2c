"""Work in a process of its own on another core: what it is asked is answered by and by.

Python code holds the interpreter's lock, so threads would gain nothing. The other process is a new
interpreter (no fork: the libraries have threads; no import of the caller's script, as
``multiprocessing`` does on Windows and macOS). What cannot be sent, or fails there, is for the caller
to do: an answer is missing then, and nothing else is different.
"""

from __future__ import annotations

import logging
import os
import pickle
import queue
import subprocess
import sys
import threading
import weakref
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

from patentnav._threads import ENOUGH, cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_log = logging.getLogger(__name__)
_LENGTH = 8  # bytes that say how long a part is
_QUIET = getattr(subprocess, "CREATE_NO_WINDOW", 0)

# What pickle raises for a function without a name, a lock, an open file.
UNSENT = (pickle.PicklingError, AttributeError, TypeError, ValueError, RecursionError)

Parts = list[Any]  # one message: the object, then the memory of its tables, which is not copied
_Queue = queue.SimpleQueue["tuple[Parts, Future[bytes] | None] | None"]


def worthwhile(size: int) -> bool:
    """Whether another process would gain anything.

    Parameters
    ----------
    size
        Publications of the set: work on few is done before another process has begun.
    """
    known = bool(sys.executable) and not getattr(sys, "frozen", False)
    return size >= ENOUGH and cores() > 1 and known


def packed(value: object) -> Parts:
    """An object as a message; it must not change until it is sent.

    Raises
    ------
    PicklingError, AttributeError, TypeError, ValueError, RecursionError
        It cannot be sent (:data:`UNSENT`).
    """
    tables: list[pickle.PickleBuffer] = []
    head = pickle.dumps(value, protocol=5, buffer_callback=tables.append)
    return [head, *(table.raw() for table in tables)]


def unpacked(parts: Sequence[Any]) -> Any:
    """The object of a message."""
    return pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301 (our own pipe)


class Other:
    """A process that answers messages in their order.

    Parameters
    ----------
    serve
        A function of a module of the package; it runs there and takes :func:`asked` messages.
    """

    def __init__(self, serve: Callable[[], None]) -> None:
        self._waiting: _Queue = queue.SimpleQueue()
        program = f"from {serve.__module__} import {serve.__name__}; {serve.__name__}()"
        threading.Thread(target=_converse, args=(program, self._waiting), daemon=True).start()
        self._end = weakref.finalize(self, self._waiting.put, None)

    def greet(self, hello: Parts) -> None:
        """Send the first message, which is not answered; until it comes modules are loaded there."""
        self._waiting.put((hello, None))

    def ask(self, message: Parts) -> Future[bytes]:
        """Ask for an answer."""
        answer: Future[bytes] = Future()
        self._waiting.put((message, answer))
        return answer

    def close(self) -> None:
        """No further message comes; the process ends with the last one."""
        self._end()


def result(answer: Future[bytes] | None, *, wait: bool) -> bytes | None:
    """An answer; None where there is none, or nobody has begun with it and none shall ``wait``."""
    if answer is None or (not wait and answer.cancel()):
        return None
    with suppress(CancelledError):
        return answer.result() or None
    return None


def _converse(program: str, waiting: _Queue) -> None:
    """Hand messages to the process one by one; runs in a thread that only waits."""
    begun: Future[bytes] | None = None
    try:
        with subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-c", program],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            creationflags=_QUIET,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        ) as process:  # fmt: skip
            assert process.stdin is not None  # noqa: S101 (both are pipes)
            assert process.stdout is not None  # noqa: S101
            while (one := waiting.get()) is not None:
                message, begun = one
                del one
                if begun is not None and not begun.set_running_or_notify_cancel():
                    continue
                _send(process.stdin, message)
                del message
                if begun is not None:
                    begun.set_result(bytes(_receive(process.stdout)[0]))
    except (OSError, EOFError) as error:
        _log.info("the work is done in this process: %s", error)
        if begun is not None and not begun.done():
            begun.set_result(b"")
        while (one := waiting.get()) is not None:
            if one[1] is not None:
                one[1].cancel()


def _send(stream: IO[bytes], parts: Parts) -> None:
    stream.write(len(parts).to_bytes(_LENGTH, "big"))
    for part in parts:
        stream.write(memoryview(part).nbytes.to_bytes(_LENGTH, "big"))
        stream.write(part)
    stream.flush()


def _receive(stream: IO[bytes]) -> Parts:
    """The next message.

    Raises
    ------
    EOFError
        The other side has ended.
    """
    count = int.from_bytes(_whole(stream, _LENGTH), "big")
    return [_whole(stream, int.from_bytes(_whole(stream, _LENGTH), "big")) for _ in range(count)]


def _whole(stream: IO[bytes], length: int) -> bytearray:
    content = bytearray(length)
    view, done = memoryview(content), 0
    while done < length:
        read = stream.readinto(view[done:])  # type: ignore[attr-defined]
        if not read:
            raise EOFError("the process ended")
        done += read
    return content


def asked() -> Iterator[tuple[Parts, Callable[[bytes], None]]]:
    """In the other process: every message, and what answers it (nothing answers the first one)."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what plugins print must not come between the answers

    def answer(content: bytes) -> None:
        _send(answers, [content])

    while True:
        try:
            yield _receive(sys.stdin.buffer), answer
        except EOFError:
            return
