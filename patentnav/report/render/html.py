"""The report as one self-contained page: no request to any host, maps that can be searched.

The page's policy allows exactly the script it carries (by hash) and nothing from elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from patentnav import _resources, i18n
from patentnav._version import __version__
from patentnav.explore import live
from patentnav.report.blocks import Table, Text
from patentnav.report.render.columns import column
from patentnav.report.render.fonts import subset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from patentnav.report.blocks import Block, Figure
    from patentnav.report.document import Report

_PHONE = 22.0  # width of a table on a phone, in the height of its letters


def render(report: Report) -> bytes:
    """Return the html file."""
    lang = report.lang

    def word(key: str, **values: Any) -> str:
        return i18n.text(f"report.word.{key}", lang, **values)

    scripts = [live.script("page")] if any(f.interactive for f in report.figures) else []
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined
    )
    page = environment.from_string(_part("report", ".html.j2")).render(
        report=report, lang=lang, word=word, version=__version__,
        css=Markup(live.css() + _part("report", ".css")),  # noqa: S704 (our own file)
        scripts=[Markup(s) for s in scripts],  # noqa: S704 (ours)
        script_hashes=" ".join(map(_hash, scripts)) or "'none'",
        grouped=_grouped, cell_class=_cell_classes(), is_wide=_is_wide, data=lambda figure: Markup(_data(figure, report)),  # noqa: S704 (escaped)
        find=lambda kind: i18n.text(f"explore.find_{kind}", lang),
        picture=lambda figure: _uri(report.pictures[figure.id], "image/png"),
    )  # fmt: skip
    return _with_font(page).encode("utf-8")


def _data(figure: Figure, report: Report) -> str:
    """JSON of a figure's map; it leads to its table if the report has it."""
    shown = figure.interactive
    if shown is None:
        return ""
    see = None
    if shown.see is not None and any(t.id == shown.see for t in report.tables):
        see = (shown.see, i18n.text("explore.see", report.lang, table=report.label(shown.see)))
    return live.written(live.data(shown, report.lang, see=see))


def _with_font(page: str) -> str:
    """Add the Chinese glyphs that the page shows, behind the fonts of the reader's machine."""
    glyphs = subset(page)
    if glyphs is None:
        return page
    face = '@font-face { font-family: "patentnav embedded"; src: url(%s) format("woff"); }\n'
    return page.replace("<style>", "<style>\n" + face % _uri(glyphs, "font/woff"), 1)


def _part(name: str, suffix: str) -> str:
    return _resources.path("templates", name, suffix).read_text(encoding="utf-8")


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _uri(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _kind(block: Block) -> str:
    if isinstance(block, Text):
        return block.style
    return "table" if isinstance(block, Table) else "figure"


def _cell_classes() -> Callable[[Table, int], str]:
    """Class of the cells of a column, found once: a page asks for it with every cell."""
    known: dict[int, tuple[Table, dict[int, str]]] = {}

    def of(table: Table, column: int) -> str:
        # The table is kept with its classes: parts of a folded one live for a moment, and the next
        # would have the same id.
        classes = known.setdefault(id(table), (table, {}))[1]
        if column not in classes:
            classes[column] = _cell_class(table, column)
        return classes[column]

    return of


def _cell_class(table: Table, column: int) -> str:
    name = str(table.frame.columns[column])
    if table.is_numeric(name):
        return "n"
    return table.form(name) if table.wraps(name) or table.form(name) == "code" else "short"


def _is_wide(table: Table, heads: Sequence[str], cells: Sequence[Sequence[str]]) -> bool:
    """Tell whether a table is too wide for a phone, which shows a card for each of its rows then."""
    needs = [
        column(head, [row[i] for row in cells], wraps=table.wraps(str(name)))
        for i, (head, name) in enumerate(zip(heads, table.frame.columns, strict=True))
    ]
    return sum(one.least for one in needs) > _PHONE


def _grouped(blocks: Sequence[Block]) -> Iterator[tuple[str, list[Block]]]:
    for kind, group in itertools.groupby(blocks, _kind):
        yield kind, list(group)
