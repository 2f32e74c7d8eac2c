"""Commands for what is done with patents: portfolios, transfer, pledge, deadlines, alliances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from patentnav.cli.shell import (
    OK,
    TABLES,
    add_command,
    add_output,
    add_sources,
    can_write,
    open_set,
    say,
)
from patentnav.errors import ArgumentError

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    import pandas as pd

    from patentnav.study import Study

_DAYS = (*TABLES, ".ics")


def add_commands(commands: Any) -> None:
    """Add the commands to the parser.

    Parameters
    ----------
    commands
        What ``add_subparsers`` returned.
    """
    found = add_command(
        commands,
        "portfolio",
        _portfolio,
        "portfolio candidates, and the best of them that share nothing",
    )
    _common(found, "table to write (.xlsx or .csv)", day=False)
    _gate(found)
    found.add_argument("--select", type=int, metavar="N",
                       help="also choose N that share no publication (only .xlsx has room)")  # fmt: skip

    found = add_command(
        commands, "additions", _additions, "what portfolios below the gate could add, and by when"
    )
    _common(found, "table to write (.xlsx or .csv)")
    _gate(found)

    found = add_command(
        commands, "transfer", _transfer, "idle patents of universities, matched to firms"
    )
    _common(found, "table to write (.xlsx or .csv)")
    found.add_argument("--top", type=int, default=5, help="firms named per patent (default: 5)")
    found.add_argument("--min-life", type=float, default=3.0,
                       help="years that the right must last (default: 3)")  # fmt: skip
    found.add_argument("--scorecard", help="keep the stronger half by this scorecard")

    found = add_command(commands, "pledge", _pledge, "screen patents as security for a loan")
    _common(found, "table to write (.xlsx or .csv)")

    found = add_command(
        commands, "deadlines", _deadlines, "priority years and national phases that run"
    )
    _common(found, "table to write (.xlsx or .csv), or calendar (.ics)", owner=False)
    found.add_argument("--office", action="append", metavar="CODE",
                       help="office of the national phase; give it again for more (default: CN EP US JP KR)")  # fmt: skip
    found.add_argument("--home", default="CN", help="country of the owners (default: CN)")
    found.add_argument("--lang", help="language of the calendar: zh or en")

    found = add_command(
        commands, "alliance", _alliance, "leaders of every technology and the owners tied to them"
    )
    _common(found, "table to write (.xlsx or .csv)", day=False)
    found.add_argument("--leaders", type=int, default=3, help="leaders per technology (default: 3)")
    found.add_argument("--min-count", type=int, default=5,
                       help="living applications in the technology of a leader or partner (default: 5)")  # fmt: skip


def _common(
    parser: argparse.ArgumentParser, text: str, *, day: bool = True, owner: bool = True
) -> None:
    add_sources(parser)
    add_output(parser, text)
    if day:
        parser.add_argument("--as-of", metavar="DAY", help="day from which is counted, as 2026-03-01 "
                            "(default: the last day the data know of)")  # fmt: skip
    if owner:
        parser.add_argument("--owner", choices=["party", "group"],
                            help="level of the owners (default: group where groups are known)")  # fmt: skip


def _gate(parser: argparse.ArgumentParser) -> None:
    for name, least, what in (("inventions", 50, "inventions"), ("pct", 10, "PCT applications")):
        parser.add_argument(f"--min-{name}", type=int, default=least,
                            help=f"{what} of the gate (default: {least})")  # fmt: skip


def _study(options: argparse.Namespace, **inputs: Any) -> Study:
    from patentnav.study import Study

    owner = getattr(options, "owner", None)
    return Study(open_set(options.source), **({"owner": owner} if owner else {}), **inputs)


def _write(path: Path, name: str, frame: pd.DataFrame, **more: pd.DataFrame) -> None:
    """Write a table; a workbook explains the keys of its reasons on a sheet of their own."""
    from patentnav.sheets import write_tables

    sheets = {name: frame, **more}
    if path.suffix == ".xlsx" and "reason" in frame:
        sheets["reasons"] = _meanings(frame["reason"])
    write_tables(path, sheets if path.suffix == ".xlsx" else {name: frame})


def _meanings(reasons: pd.Series) -> pd.DataFrame:
    import pandas as pd

    from patentnav.i18n import languages, text

    keys = sorted({k for row in reasons.dropna().unique() for k in str(row).split("; ") if k})
    rows = [
        {"reason": k, **{g: text(f"operation.reason.{k}", g) for g in languages()}} for k in keys
    ]
    return pd.DataFrame(rows, columns=["reason", *languages()])


def _portfolio(options: argparse.Namespace) -> int:
    from patentnav import portfolio

    can_write(options.output, TABLES)
    if options.select is not None and options.output.suffix != ".xlsx":
        msg = "The chosen portfolios are a second table: write a workbook (.xlsx)."
        raise ArgumentError(msg)
    study = _study(options, min_inventions=options.min_inventions, min_pct=options.min_pct)
    found = study.candidates
    more = {}
    if options.select is not None:
        more["selection"] = portfolio.select(found, n=options.select).chosen
    _write(options.output, "candidates", found.drop(columns="members", errors="ignore"), **more)
    met = int(found["meets_gate"].fillna(False).astype(bool).sum())
    say(f"{len(found):,} candidates, {met:,} meet the gate -> {options.output}")
    return OK


def _additions(options: argparse.Namespace) -> int:
    from patentnav import portfolio

    can_write(options.output, TABLES)
    study = _study(options, min_inventions=options.min_inventions, min_pct=options.min_pct)
    found = portfolio.additions(study.patents, study.candidates, as_of=options.as_of)
    from patentnav.sheets import write_tables

    write_tables(options.output, {"additions": found})
    levers = ", ".join(
        f"{int((found['lever'] == name).sum()):,} {name}" for name in portfolio.LEVERS
    )
    say(f"{found['portfolio_id'].nunique():,} portfolios, {levers} -> {options.output}")
    return OK


def _transfer(options: argparse.Namespace) -> int:
    from patentnav import operation

    can_write(options.output, TABLES)
    study = _study(options)
    scores = None
    if options.scorecard:
        from patentnav.valuation import load, score

        scores = score(study.patents, load(options.scorecard))["score"]
    found = operation.transfer(
        study.patents, as_of=options.as_of, scores=scores, owner=study.owner_level,
        top=options.top, min_life=options.min_life,
    )  # fmt: skip
    _write(options.output, "transfer", found)
    left = ", ".join(f"{n:,} {name}" for name, n in found.attrs["funnel"].items())
    say(f"{left} -> {found['publication_id'].nunique():,} patents matched -> {options.output}")
    return OK


def _pledge(options: argparse.Namespace) -> int:
    from patentnav import operation

    can_write(options.output, TABLES)
    study = _study(options)
    found = operation.pledge(study.patents, as_of=options.as_of, owner=options.owner or "party")
    _write(options.output, "pledge", found)
    counts = found["colour"].value_counts()
    said = ", ".join(f"{int(counts.get(c, 0)):,} {c}" for c in ("green", "amber", "red"))
    say(f"{said} on {found.attrs['now']:%Y-%m-%d} -> {options.output}")
    return OK


def _deadlines(options: argparse.Namespace) -> int:
    from patentnav import planning

    can_write(options.output, _DAYS)
    patents = _study(options).patents
    found = planning.deadlines(patents, options.as_of, offices=options.office, home=options.home)
    if options.output.suffix == ".ics":
        planning.calendar(
            found, options.output, titles=patents.publications["title"], lang=options.lang
        )
    else:
        _write(options.output, "deadlines", found)
    unknown = sum(found.attrs["unknown"].values())
    say(f"{len(found):,} deadlines from {found.attrs['now']:%Y-%m-%d} -> {options.output}")
    if unknown:
        say(f"{unknown:,} applications are not listed: their origin or date is not told")
    return OK


def _alliance(options: argparse.Namespace) -> int:
    from patentnav import operation

    can_write(options.output, TABLES)
    study = _study(options)
    told = study.technology_of[~study.technology_of["technology"].isin(list(study.remainders))]
    found = operation.alliances(
        study.patents, told, owner=study.owner_level, leaders=options.leaders,
        min_count=options.min_count,
    )  # fmt: skip
    names = {str(k): f"{k} {v}" for k, v in study.technologies.names.items()}
    found = found.assign(technology=found["technology"].map(names).fillna(found["technology"]))
    _write(options.output, "alliances", found)
    say(f"{len(found):,} ties of {found['leader'].nunique():,} leaders -> {options.output}")
    return OK
