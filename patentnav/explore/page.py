"""A map as a page of its own: one file, no request to any host."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from patentnav import _resources
from patentnav.explore import live


def page(data: dict[str, Any], lang: str) -> str:
    """Write the page.

    Parameters
    ----------
    data
        What the script draws (:func:`patentnav.explore.live.data`).
    lang
        Language of its words.
    """
    import jinja2
    from markupsafe import Markup

    script = live.script("page")
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    template = _resources.path("templates", "map", ".html.j2").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string(template).render(
        lang=lang, words=data["words"], css=Markup(live.css()), script=Markup(script),  # noqa: S704 (ours)
        hash=base64.b64encode(digest).decode(), data=Markup(live.written(data)),  # noqa: S704 (escaped)
    )  # fmt: skip
