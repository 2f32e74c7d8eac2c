"""A small web service: an export is uploaded, the report comes back as a page.

python examples/service.py serve      # then open http://127.0.0.1:8000
python examples/service.py            # uploads an invented city to itself and writes out/service/

Needs `pip install starlette python-multipart uvicorn` (and httpx for the second form). What a service
must not trust is limited: bytes of an upload, seconds and memory of a job, jobs at a time. Every job
is a process of its own: a file that breaks one breaks no other, and time is up for it alone.
"""

from __future__ import annotations

import asyncio
import multiprocessing as mp
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

MOST_BYTES = 50_000_000
MOST_SECONDS = 600
MOST_MEMORY = 4 * 2**30
AT_A_TIME = 2
FORM = """<!doctype html><meta charset="utf-8"><title>patentnav</title>
<form action="/report" method="post" enctype="multipart/form-data">
<input type="file" name="export" accept=".xlsx,.xls,.csv,.txt,.xml"> <button>Report</button></form>"""

_free = asyncio.Semaphore(AT_A_TIME)


def job(export: str, page: str, lang: str) -> None:
    """Read an export and write its report, in a process of its own."""
    if sys.platform == "linux":  # elsewhere the address space of a process cannot be limited
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    import patentnav as pnav

    try:
        patents = pnav.read(export)
        pnav.report.build(patents, outline="industry", lang=lang).save(page)
    except pnav.PatentnavError as error:  # says file, row, column, value and the remedy
        Path(page).with_suffix(".error").write_text(str(error), encoding="utf-8")


async def report(request: Request) -> Response:
    """Take an upload, give back the page or say what is wrong with the file."""
    # The length that is declared is a promise of the client; what arrives is counted as well.
    if int(request.headers.get("content-length", MOST_BYTES + 1)) > MOST_BYTES:
        return PlainTextResponse(f"at most {MOST_BYTES // 10**6} MB", status_code=413)
    async with request.form(max_files=1, max_fields=2) as form, _free:
        upload = form.get("export")
        if upload is None or isinstance(upload, str):
            return PlainTextResponse('no file in the field "export"', status_code=422)
        with tempfile.TemporaryDirectory() as folder:
            # The client's name of the file is not a path here, only its ending counts.
            export = Path(folder) / f"export{Path(upload.filename or '').suffix.lower()[:5]}"
            content = await upload.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                return PlainTextResponse(f"at most {MOST_BYTES // 10**6} MB", status_code=413)
            export.write_bytes(content)
            return await asyncio.to_thread(run, export, request.query_params.get("lang", "zh"))


def run(export: Path, lang: str) -> Response:
    """One job in a process that is ended when its time is up."""
    page = export.with_name("report.html")
    process = mp.get_context("spawn").Process(
        target=job, args=(str(export), str(page), "en" if lang == "en" else "zh")
    )
    process.start()
    process.join(MOST_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
        return PlainTextResponse(f"not done in {MOST_SECONDS} seconds", status_code=504)
    wrong = page.with_suffix(".error")
    if wrong.exists():
        said = wrong.read_text(encoding="utf-8")
        return PlainTextResponse(said, status_code=422)
    if not page.exists():  # out of memory, or the process was ended from outside
        return PlainTextResponse("the job ended without a result", status_code=500)
    # The page brings its own script and asks for nothing from outside; the browser is told so.
    return HTMLResponse(
        page.read_text(encoding="utf-8"),
        headers={
            "Content-Security-Policy": "default-src 'none'; script-src 'unsafe-inline'; "
            "style-src 'unsafe-inline'; img-src data:; font-src data:"
        },
    )


async def start(_: Request) -> Response:
    """The page with the form."""
    return HTMLResponse(FORM)


app = Starlette(routes=[Route("/", start), Route("/report", report, methods=["POST"])])


def main(folder: str = "out/service") -> None:
    """Upload an invented city and a file that is none; write what comes back."""
    from starlette.testclient import TestClient

    import patentnav as pnav

    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    city = pnav.datasets.city(n=200, random_state=1).patents
    export = pnav.datasets.write_export(city, out / "city.xlsx", "incopat")
    client = TestClient(app)
    answer = client.post("/report?lang=en", files={"export": ("city.xlsx", export.read_bytes())})
    assert answer.status_code == 200, answer.text
    (out / "report.html").write_text(answer.text, encoding="utf-8")
    print(f"{out / 'report.html'}: {len(answer.text):,} characters")
    answer = client.post("/report", files={"export": ("x.xlsx", b"no workbook")})
    print(f"{answer.status_code}: {answer.text}")
    answer = client.post("/report", headers={"content-length": str(10**9)}, content=b"")
    print(f"{answer.status_code}: {answer.text}")


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        import uvicorn

        uvicorn.run(app, host="127.0.0.1", port=8000)
    else:
        main(*sys.argv[1:])
