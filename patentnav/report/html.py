"""The report as one self-contained page: no request to any host, maps that can be searched.

The browser code of the maps comes from the installed ``plotly`` package at the time of saving. The
page's policy allows exactly the scripts it carries (by hash) and nothing from elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
from typing import TYPE_CHECKING, Any

import jinja2
import numpy as np
from markupsafe import Markup

from patentnav import _resources, i18n, plot
from patentnav._version import __version__
from patentnav.report.blocks import Figure, Table, Text
from patentnav.report.fonts import subset

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from patentnav.report.blocks import Block
    from patentnav.report.document import Report


_REST = "#C8CCD0"


def render(report: Report) -> bytes:
    """Return the html file."""
    lang = report.lang

    def word(key: str, **values: Any) -> str:
        return i18n.text(f"report.word.{key}", lang, **values)

    scripts = _scripts() if any(f.interactive for f in report.figures) else []
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined
    )
    page = environment.from_string(_part("report", ".html.j2")).render(
        report=report, lang=lang, word=word, version=__version__,
        css=Markup(_part("report", ".css")),  # noqa: S704 (our own file)
        scripts=[Markup(s) for s in scripts],  # noqa: S704 (ours and plotly's)
        script_hashes=" ".join(map(_hash, scripts)) or "'none'",
        grouped=_grouped, cell_class=_cell_class, data=lambda figure: Markup(_data(figure, word)),  # noqa: S704 (escaped)
        picture=lambda figure: _uri(report.pictures[figure.id], "image/png"),
    )  # fmt: skip
    return _with_font(page).encode("utf-8")


def _with_font(page: str) -> str:
    """Add the Chinese glyphs that the page shows, behind the fonts of the reader's machine."""
    glyphs = subset(page)
    if glyphs is None:
        return page
    face = '@font-face { font-family: "patentnav embedded"; src: url(%s) format("woff"); }\n'
    return page.replace("<style>", "<style>\n" + face % _uri(glyphs, "font/woff"), 1)


def _part(name: str, suffix: str) -> str:
    return _resources.path("templates", name, suffix).read_text(encoding="utf-8")


def _scripts() -> list[str]:
    from plotly.offline import get_plotlyjs

    # Browsers hash a script after making all line ends LF.
    library = get_plotlyjs().replace("\r\n", "\n").replace("\r", "\n")
    return [library, _part("report", ".js")]


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _uri(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _kind(block: Block) -> str:
    if isinstance(block, Text):
        return block.style
    return "table" if isinstance(block, Table) else "figure"


def _cell_class(table: Table, column: int) -> str:
    name = str(table.frame.columns[column])
    return "n" if table.is_numeric(name) else table.form(name)


def _grouped(blocks: Sequence[Block]) -> Iterator[tuple[str, list[Block]]]:
    for kind, group in itertools.groupby(blocks, _kind):
        yield kind, list(group)


def _data(figure: Figure, word: Any) -> str:
    """JSON of a map, safe inside a script element."""
    shown = figure.interactive
    if shown is None:
        return ""
    points = shown.points
    data: dict[str, Any] = {
        "x": _rounded(points["x"]), "y": _rounded(points["y"]),
        "colourings": [{"label": word(f"by_{'team' if c == 'group' else c}"), **_coloured(points[c], shown.rest)}
                       for c in ("group", "region") if c in points.columns],
        "name": list(points["name"].astype(str)), "label": [_markup(text) for text in points["label"]],
        "words": {"none": word("find_none"), "found": word("find_found", n="{n}"),
                  "marked": word("find_marked")},
    }  # fmt: skip
    if "size" in points.columns:
        data["size"] = _rounded(points["size"])
    if shown.edges is not None:
        data["edges"] = np.round(shown.edges.to_numpy(dtype="float64"), 4).tolist()
    if shown.names is not None:
        data["names"] = shown.names.to_numpy(dtype=object).tolist()
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _coloured(groups: pd.Series, rest: str | None) -> dict[str, Any]:
    """Number of every point's group, and the groups, the largest first, with their colours."""
    counts = groups.value_counts()
    order = sorted(counts.index, key=lambda g: (-counts[g], str(g)))
    colours = plot.colours(sorted(str(g) for g in order if g != rest))
    return {
        "group": [order.index(g) for g in groups],
        "groups": [{"id": i, "name": str(g), "colour": colours.get(str(g), _REST),
                    "rank": 2000 if g == rest else 1000} for i, g in enumerate(order)],
    }  # fmt: skip


def _markup(text: str) -> str:
    # The maps' library reads labels as markup; what a title holds is none.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")


def _rounded(values: Any) -> list[float]:
    return [float(v) for v in np.round(np.asarray(values, dtype="float64"), 4)]
