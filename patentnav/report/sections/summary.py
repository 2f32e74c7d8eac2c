"""The summary in front: the findings of the sections, in their order, each with its place."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from patentnav.report.blocks import Ref, Text
from patentnav.report.registry import section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from patentnav.report.blocks import Block, Section
    from patentnav.report.edition import Edition


@section("summary.findings", collects=True)
def findings(edition: Edition, built: Sequence[Section]) -> Iterator[Block]:
    """Every finding, as it stands in its section."""
    study = edition.study
    values = {"scope": edition.scope(), "unit": edition.unit_word, "units": study.units,
              "publications": len(study.given)}  # fmt: skip
    yield Text("summary.findings.lead", values)
    for part, group in itertools.groupby(built, lambda s: s.part):
        found = [(one, block) for one in group for block in one.blocks
                 if isinstance(block, Text) and block.style == "finding"]  # fmt: skip
        if found:
            yield Text("summary.findings.part", {"part": Text(f"{part}.title")}, "lead")
        for one, block in found:
            yield Text("summary.findings.item", {"text": block, "place": Ref(one.id)}, "bullet")
    missing = sum(isinstance(b, Text) and b.style == "missing" for s in built for b in s.blocks)
    if missing:
        yield Text("summary.findings.missing", {"count": missing, "place": Ref("methods.limits")})
