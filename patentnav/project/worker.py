"""The process in which a batch runs one project: told on standard input, tells on standard output."""

from __future__ import annotations

import json
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from patentnav.config import set_config
from patentnav.errors import PatentnavError
from patentnav.project.run import run


def work(asked: dict[str, Any]) -> dict[str, Any]:
    """Run one project and say how it went.

    Parameters
    ----------
    asked
        ``file`` and ``options``.

    Returns
    -------
    dict
        ``files``, ``error`` and ``details``, as in the table of the batch.
    """
    set_config(**asked["options"])
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(run, asked["file"])
        error = future.exception()  # of any kind: the table tells it
    if error is None:
        return {"files": len(future.result()), "error": "", "details": ""}
    if isinstance(error, PatentnavError):
        return {"files": 0, "error": _line(str(error)), "details": ""}
    where = "".join(traceback.format_exception(error))
    return {"files": 0, "error": _line(f"{type(error).__name__}: {error}"), "details": where}


def _line(text: str) -> str:
    return " ".join(text.split())


def main() -> None:
    """Read what is asked, do it and write the answer as the last line."""
    asked = json.loads(sys.stdin.buffer.read())
    answer = json.dumps(work(asked))
    sys.stdout.write(f"\n{answer}\n")


if __name__ == "__main__":
    main()
