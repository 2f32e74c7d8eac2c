"""The level above the technologies: fields, what they hold, and how much of the set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import plot
from patentnav.plot.drawing import drawing
from patentnav.report.blocks import Figure, Ref, Table, Text
from patentnav.report.edition import TOP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from patentnav.report.blocks import Block
    from patentnav.report.edition import Edition

FEWEST = 2  # fields that make an overview


def field_names(edition: Edition) -> dict[str, str]:
    """Id and label of every field, as printed; none where the technologies have no level above."""
    found = edition.study.technologies
    areas = found.areas.dropna()
    if areas.nunique() < FEWEST or areas.nunique() == len(areas):
        return {}
    return {str(k): edition.apart_from_classes(f"{k} {v}", str(v))
            for k, v in found.area_names.items()}  # fmt: skip


def field_of(edition: Edition) -> pd.DataFrame:
    """Fields as a membership table: ``publication_id, field, weight``."""
    rows = edition.study.technology_of
    field = rows["technology"].map(edition.study.technologies.areas)
    return pd.DataFrame(
        {"publication_id": rows["publication_id"], "field": field, "weight": rows["weight"]}
    ).dropna(subset="field")


def fields(edition: Edition) -> Iterator[Block]:
    """The fields above the technologies: how many, the largest, and all of them with their parts."""
    names = field_names(edition)
    if not names:
        return
    counts = edition.study.counts(field_of(edition))
    values = _largest(edition, counts, names)
    yield Text("direction.technologies.fields",
               {**values, "figure": Ref("technology_fields"), "table": Ref("technologies")})  # fmt: skip
    areas = edition.study.technologies.areas
    called = edition.technology_names
    parts = {key: [called[str(t)] for t in areas.index[areas == key]] for key in counts.index}
    frame = pd.DataFrame(
        {
            "technology_field": [names[str(k)] for k in counts.index], "technologies": [len(parts[k]) for k in counts.index],
            "count": counts.to_numpy(), "share": (counts / counts.sum()).to_numpy(),
            "parts": [edition.word("list_separator").join(parts[k]) for k in counts.index],
        }
    )  # fmt: skip
    yield Figure(
        Table("technology_fields", frame, {"count": "count", "share": "share", "technologies": "count"},
              values, edition.note("fractional")),
        drawing(plot.ranking, counts, labels=names, unit=edition.study.unit, lang=edition.lang),
        size=(6.3, 1.0 + 0.32 * min(len(counts), TOP)),  # names of two lines stay apart
    )  # fmt: skip


def _largest(edition: Edition, counts: pd.Series, names: dict[str, str]) -> dict[str, Any]:
    claim = edition.claims("direction.technologies")
    first = str(counts.index[0])
    label, facet = names[first], {"facet": "technology_field"}
    evidence = (f"technology_fields/{label}",)
    return {
        "fields": claim("fields", "count", "set", "distinct", len(counts), unit="field", details=facet),
        "field": claim("field", "name", "set", "largest", first, label=label, unit="field",
                       rule="fractional", details=facet, evidence=evidence),
        "field_share": claim("field_share", "share", f"technology_field:{first}", "share",
                             counts.iloc[0] / counts.sum(), label=label, unit="ratio",
                             rule="fractional", baseline="set", evidence=evidence),
    }  # fmt: skip
