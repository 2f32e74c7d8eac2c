"""Appendix: where every number comes from, and what the data do not tell."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav import i18n, schema
from patentnav._version import __version__
from patentnav.report.blocks import Ref, Table, Text
from patentnav.report.registry import section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from patentnav.report.blocks import Block, Section
    from patentnav.report.edition import Edition

_PACKAGES = ("pandas", "numpy", "scipy", "scikit-learn", "networkx", "matplotlib", "rjieba")


@section("methods.sources")
def sources(edition: Edition) -> Iterator[Block]:
    """Files, their hashes and the account of their records."""
    study = edition.study
    patents = study.given
    if not patents.has("intake") or not len(patents.intake):
        yield Text("methods.sources.no_files", {"count": len(patents)})
        return
    intake = patents.intake
    values = {
        "files": len(intake), "rows_in": int(intake["rows_in"].sum()),
        "rows_out": int(intake["rows_out"].sum()), "merged": int(intake["rows_merged"].sum()),
        "aside": int(intake["rows_set_aside"].sum()),
        "cells": len(patents.cell_failures) if patents.has("cell_failures") else 0,
        "conflicts": len(patents.conflicts) if patents.has("conflicts") else 0,
        "kept": len(study.patents), "publications": len(patents),
    }  # fmt: skip
    yield Text("methods.sources.body", {**values, "table": Ref("files"), "hashes": Ref("hashes")})
    counted = ["file", "format", "encoding", "rows_in", "rows_out", "rows_merged", "rows_set_aside"]
    yield Table("files", intake[counted], {}, values, rows=None)
    yield Table("hashes", intake[["file", "sha256"]], {"sha256": "code"}, values, rows=None)
    for name in ("set_aside", "cell_failures"):
        if patents.has(name) and len(getattr(patents, name)):
            frame = getattr(patents, name)
            groups = frame.groupby(["file", "column", "reason"], dropna=False, sort=True)
            counts = groups.agg(records=("reason", "size"), example=("value", "first"))
            yield Table(name, counts.reset_index(), {}, values, rows=20)


@section("methods.rules")
def rules(edition: Edition) -> Iterator[Block]:
    """Units, counting, dates, parameters and versions, as a table."""
    study = edition.study
    inputs = study.inputs
    rows: list[tuple[str, Any]] = [
        ("unit", edition.word(f"noun_{study.unit}")),
        ("counting", edition.word("counting_rule")),
        ("basis", schema.label("publications", study.basis, edition.lang)),
        ("cutoff", edition.word("unknown") if study.cutoff is None else f"{study.cutoff:%Y-%m-%d}"),
        ("cutoff_source", edition.word("cutoff_derived" if inputs.cutoff is None else "cutoff_given")),
        ("lag", edition.word("months", months=inputs.lag_months)),
        ("last_year", study.last_year),
        ("recent", edition.word("years", years=f"{study.last_year - 4}–{study.last_year}")),
        ("scope", edition.scope()),
        ("region", inputs.region or edition.word("none_given")),
        ("taxonomy", f"{study.tree.name} {study.tree.version}".strip()),
        ("random_state", inputs.random_state),
        ("gate", edition.word("gate_rule", inventions=inputs.min_inventions, pct=inputs.min_pct,
                            counted=edition.word("granted_only" if inputs.granted_only else "filed"))),
    ]  # fmt: skip
    frame = pd.DataFrame(
        [(edition.word(f"rule_{key}"), str(value)) for key, value in rows],
        columns=["rule", "value"],
    )
    yield Text("methods.rules.body", {"table": Ref("rules")})
    yield Table("rules", frame, {}, rows=None)
    packages = [("patentnav", __version__), *((name, version(name)) for name in _PACKAGES)]
    yield Table("versions", pd.DataFrame(packages, columns=["package", "version"]), {}, rows=None)


@section("methods.technologies", needs=("texts",))
def technologies(edition: Edition) -> Iterator[Block]:
    """How the technologies were found and how good they are."""
    study = edition.study
    found = study.technologies
    yield Text("methods.technologies.body",
               {"n": len(found.names), "table": Ref("quality"), "parameters": Ref("parameters")})  # fmt: skip
    yield Table("quality", found.quality[["measure", "value"]].assign(
        measure=[i18n.text(f"cluster.quality.{m}", edition.lang) for m in found.quality["measure"]]), {"value": "ratio"}, rows=None)  # fmt: skip
    yield Table("parameters", _plain(found.parameters), {}, rows=None)


def _plain(parameters: Mapping[str, Any]) -> pd.DataFrame:
    rows = [
        (str(k), None if v in (None, [], ()) else str(v)) for k, v in sorted(parameters.items())
    ]
    return pd.DataFrame(rows, columns=["parameter", "value"])


@section("methods.steps")
def steps(edition: Edition) -> Iterator[Block]:
    """Every step from the files to the set under study."""
    study = edition.study
    rows = []
    for number, step in enumerate(study.patents.provenance, start=1):
        plain = step.to_dict()
        told = ", ".join(f"{k}={v}" for k, v in plain["parameters"].items())
        rows.append(
            (number, step.name, told or edition.word("none_given"), step.rows_in, step.rows_out)
        )
    columns = ["step", "function", "parameters", "rows_before", "rows_after"]
    yield Text("methods.steps.body", {"table": Ref("steps")})
    yield Table("steps", pd.DataFrame(rows, columns=columns), {}, rows=None)


@section("methods.coverage")
def coverage(edition: Edition) -> Iterator[Block]:
    """How much of every column the export fills."""
    study = edition.study
    check = study.given.check()
    check = check[(check["check"] == "filled") & (check["filled"] > 0)]
    optional = [not schema.table(t).columns[c].required
                for t, c in zip(check["table"], check["column"], strict=True)]  # fmt: skip
    check = check[optional]
    labels = [
        (schema.table(t).labels[edition.lang], schema.label(t, c, edition.lang))
        for t, c in zip(check["table"], check["column"], strict=True)
    ]
    frame = pd.DataFrame(labels, columns=["table", "field"])
    for name in ("rows", "filled", "coverage"):
        frame[name] = check[name].to_numpy()
    absent = [t for t in schema.canonical_names() if not study.given.has(t)]
    yield Text("methods.coverage.body", {"table": Ref("coverage")})
    if absent:
        names = edition.word("list_separator").join(
            schema.table(t).labels[edition.lang] for t in absent
        )
        yield Text("methods.coverage.absent", {"names": names})
    yield Table("coverage", frame, {"coverage": "share"}, rows=None)


@section("methods.limits", collects=True)
def limits(_edition: Edition, built: Sequence[Section]) -> Iterator[Block]:
    """What is missing, section by section, and how the report must not be read."""
    gaps = [(one, block) for one in built for block in one.blocks
            if isinstance(block, Text) and block.style == "missing"]  # fmt: skip
    if gaps:
        yield Text("methods.limits.missing", {"count": len(gaps)})
    for one, block in gaps:
        yield Text("methods.limits.item", {"place": Ref(one.id), "text": block}, "bullet")
    yield Text("methods.limits.general", {})
    for name in ("sample", "delay", "names", "classes", "texts", "legal"):
        yield Text(f"methods.limits.{name}", {}, "bullet")
