"""Program of a process of its own: a workbook from stdin, its sheets as Arrow streams to stdout.

It imports nothing of the package. Its argument is how many bytes it may take for the sheets. Its
status is 0, 3 for a damaged workbook (the reason on stderr), or whatever the system ends it with.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

DAMAGED = 3


def main() -> int:
    """Decode."""
    import fastexcel
    import pyarrow as pa

    pa.set_memory_pool(pa.system_memory_pool())
    content = sys.stdin.buffer.read()
    _bound(int(sys.argv[1]))
    try:
        book = fastexcel.read_excel(content)
        for name in book.sheet_names:
            sheet = book.load_sheet_eager(name, header_row=None, skip_rows=0, dtypes="string")
            schema = sheet.schema.with_metadata({"sheet": name})
            with pa.ipc.new_stream(sys.stdout.buffer, schema) as stream:
                stream.write_batch(sheet.replace_schema_metadata(schema.metadata))
    except fastexcel.FastExcelError as error:
        sys.stderr.write(str(error).splitlines()[0])
        return DAMAGED
    sys.stdout.buffer.flush()
    return 0


def _bound(more: int) -> None:
    """Let the process take so much more memory; where the system cannot bound it, all there is."""
    try:
        import resource
    except ImportError:  # Windows
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # macOS has no such limit
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + more
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    sys.exit(main())
