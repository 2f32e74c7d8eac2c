"""The command ``patentnav``: a thin shell over the functions, with the same words."""

from __future__ import annotations

import argparse
import sys
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patentnav import _files, plugins
from patentnav._version import __version__
from patentnav.cli import decisions, user_tables
from patentnav.cli.shell import (
    FAILED,
    OK,
    TABLES,
    WRONG_USE,
    LateParser,
    add_command,
    add_output,
    add_sources,
    can_write,
    holds_all,
    open_set,
    print_text,
    say,
    show,
    show_warning,
    write_table,
)
from patentnav.config import config_context, get_config
from patentnav.errors import ArgumentError, PatentnavError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd

__all__ = ["FAILED", "OK", "WRONG_USE", "build_parser", "main"]

_OBJECTS = ("technologies",)  # inputs of a report that no command line can write

EPILOG = """\
examples:
  patentnav read exports/*.xlsx -o city.pnav     read files of any vendor into one set
  patentnav check city.pnav                      what is filled, what failed
  patentnav report city.pnav -o report.docx      the navigation report
  patentnav deadlines city.pnav -o days.ics      what must be filed by when
  patentnav run project.toml                     a whole case from one file
  patentnav batch cases/                         many cases
  patentnav tables -o tables.xlsx                empty tables for your own statistics

exit status: 0 all is well, 1 the data failed a check or could not be read, 2 wrong use
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    command: Callable[[argparse.Namespace], int] | None = getattr(options, "command", None)
    if command is None:
        parser.print_help()
        return WRONG_USE
    with warnings.catch_warnings():
        warnings.simplefilter("default", UserWarning)
        warnings.showwarning = show_warning
        try:
            with _outside(options):
                return command(options)
        except (ArgumentError, UnknownNameError) as error:
            say(f"patentnav: {error}")
            return WRONG_USE
        except PatentnavError as error:
            say(f"patentnav: {error}")
            return FAILED


@contextmanager
def _outside(options: argparse.Namespace) -> Iterator[None]:
    """Plugins and data folders of the command line, beside those of the environment."""
    known = get_config()
    folders = (*options.data, *known.data_path)
    for folder in options.data:
        if not _files.is_dir(folder):
            msg = f'The data folder "{folder}" does not exist. Check the path.'
            raise ArgumentError(msg)
    with config_context(data_path=folders, plugins=(*known.plugins, *options.plugin)):
        plugins.load(options.plugin)
        yield


def build_parser() -> argparse.ArgumentParser:
    """The parser with all commands (the documentation prints its help)."""
    parser = argparse.ArgumentParser(
        prog="patentnav",
        description="Patent navigation from vendor exports: read, check, classify, report.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"patentnav {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=LateParser)

    read = add_command(commands, "read", _read, "read exports of any vendor into one set")
    add_sources(read, "export files, folders or patterns; the format of each is recognised")
    read.add_argument("-o", "--output", type=Path, help="folder to write the set to (name.pnav)")
    read.add_argument("--format", help="name of the format, when it is not recognised")
    read.add_argument(
        "--explain", action="store_true", help="only show how each column is understood"
    )
    read.add_argument(
        "--collect", action="store_true", help="go on past files that cannot be read; list them"
    )
    read.add_argument(
        "--on-missing-number", choices=["keep", "set_aside"], default="keep",
        help="records without a usable number (default: keep)",
    )  # fmt: skip
    read.add_argument("--encoding", help="encoding of text files, when the bytes do not tell it")

    check = add_command(commands, "check", _check, "coverage and failures per table and column")
    add_sources(check)
    check.add_argument("--strict", action="store_true", help="warnings count as failures")
    check.add_argument("--json", action="store_true", help="print JSON")

    classify = add_command(commands, "classify", _classify, "industries of every publication")
    add_sources(classify)
    add_output(classify, "table to write (.xlsx or .csv)")
    classify.add_argument(
        "--taxonomy",
        default="jinan-ten",
        help="name of a taxonomy, or a TOML file or spreadsheet (default: jinan-ten)",
    )

    network = add_command(commands, "network", _network, "citation or collaboration network")
    add_sources(network)
    add_output(network, "graph to write (.gexf, .graphml, .net for Pajek, .json for VOSviewer)")
    network.add_argument(
        "--kind", choices=["citations", "inventors", "applicants"], default="inventors",
        help="which network (default: inventors)",
    )  # fmt: skip

    score = add_command(commands, "score", _score, "value scores by a scorecard")
    add_sources(score)
    add_output(score, "table to write (.xlsx or .csv)")
    score.add_argument(
        "--scorecard", default="default",
        help="name of a scorecard (impact, keep, transfer …) or the path of your own .toml file",
    )  # fmt: skip
    score.add_argument(
        "--known-at", choices=["filing", "publication", "search", "grant", "later"],
        help="moment of the score: only what is known by then counts (default: a description of today)",
    )  # fmt: skip

    decisions.add_commands(commands)

    report = add_command(commands, "report", _report, "navigation report")
    add_sources(report)
    report.add_argument(
        "-o", "--output", type=Path, action="append", required=True,
        help="file to write (.docx, .html, .pptx or .xlsx); give -o again for more forms",
    )  # fmt: skip
    report.add_argument(
        "--template", type=Path, action="append", default=[], metavar="FILE",
        help="the client's own .docx or .pptx, whose styles or layouts are taken; give it again for the other",
    )  # fmt: skip
    report.add_argument(
        "--outline",
        default="industry",
        help="kind of report: a name, or the TOML file of an outline (default: industry)",
    )
    report.add_argument("--goal", default="", help="what the report is for, if the outline asks")
    report.add_argument("--lang", default="zh", help="language: zh or en")
    report.add_argument("--figures", type=Path, help="folder to write the figures to as PNG")
    report.fill = _report_inputs

    _case_commands(commands)
    _list_commands(commands)
    return parser


def _case_commands(commands: Any) -> None:
    run = add_command(commands, "run", _run, "do all that a project file asks for")
    run.add_argument("project", type=Path, help="TOML file of the case")

    plan = add_command(commands, "plan", _plan, "what `run` would compute, and what it would keep")
    plan.add_argument("project", type=Path, help="TOML file of the case")

    batch = add_command(
        commands, "batch", _batch, "run all projects of a folder; one failing stops none"
    )
    batch.add_argument("folder", type=Path, help="folder with *.toml, or folders with project.toml")
    batch.add_argument(
        "--jobs", type=int, default=1, help="projects that run at the same time (default: 1)"
    )
    batch.add_argument(
        "--register",
        type=Path,
        help="file (.csv) for the register of what was made: the user table NR",
    )
    batch.add_argument("--finished-on", help="day that the register notes (default: today)")


def _list_commands(commands: Any) -> None:
    user_tables.add_command_to(commands)

    listing = add_command(commands, "list", _list, "what the package knows")
    listing.add_argument("kind", choices=sorted(_LISTS), help="which registry")


def _report_inputs(parser: argparse.ArgumentParser) -> None:
    from patentnav._arguments import add_inputs
    from patentnav.report import Cover
    from patentnav.study import Inputs

    add_inputs(parser, Cover, title="cover")
    add_inputs(parser, Inputs, title="study", skip=_OBJECTS)


def _read(options: argparse.Namespace) -> int:
    from patentnav import io

    if options.explain:
        show(io.explain(options.source, options.format, encoding=options.encoding))
        return OK
    if options.output is None:
        msg = "read writes a set: name its folder with -o name.pnav (or use --explain)."
        raise ArgumentError(msg)
    can_write(options.output)
    patents = io.read(
        options.source, format=options.format, errors="collect" if options.collect else "raise",
        on_missing_number=options.on_missing_number, encoding=options.encoding,
    )  # fmt: skip
    patents.save(options.output)
    show(patents.intake.drop(columns="sha256"))
    for name in ("signs", "set_aside", "cell_failures"):
        if patents.has(name) and len(getattr(patents, name)):
            say(f"{name}: {len(getattr(patents, name))} (see `patentnav check`)")
    say(f"{len(patents):,} publications -> {options.output}")
    return OK


def _check(options: argparse.Namespace) -> int:
    patents = open_set(options.source)
    checked = patents.check()
    if options.json:
        text = checked.to_json(orient="records", force_ascii=not holds_all(sys.stdout), indent=1)
        print_text(text)
    else:
        show(checked[(checked["filled"] > 0) | (checked["failures"] > 0)])
    number = checked["severity"].value_counts()
    bad = {"error", "warning"} if options.strict else {"error"}
    failed = bool(checked["severity"].isin(bad).any())
    say(
        f"{len(patents):,} publications: {number.get('error', 0):,} errors, "
        f"{number.get('warning', 0):,} warnings -> {'failed' if failed else 'passed'}"
    )
    return FAILED if failed else OK


def _classify(options: argparse.Namespace) -> int:
    from patentnav.classify import memberships

    can_write(options.output, TABLES)
    patents = open_set(options.source)
    found = memberships(patents, taxonomy=options.taxonomy)
    write_table(options.output, found, "industries")
    unassigned = len(patents) - found["publication_id"].nunique()
    say(f"{len(patents):,} publications, {unassigned:,} unassigned -> {options.output}")
    return OK


def _network(options: argparse.Namespace) -> int:
    from patentnav import network
    from patentnav.network.export import ENDINGS

    can_write(options.output, ENDINGS)
    graph = getattr(network, options.kind)(open_set(options.source))
    network.export(graph, options.output)
    say(f"{len(graph):,} nodes, {graph.number_of_edges():,} edges -> {options.output}")
    return OK


def _score(options: argparse.Namespace) -> int:
    from patentnav.valuation import load, score

    can_write(options.output, TABLES)
    card = load(options.scorecard)
    if options.known_at is not None:
        card.at(options.known_at)  # refused before the set is read
    scores = score(open_set(options.source), card, known_at=options.known_at)
    write_table(options.output, scores.reset_index(), "scores")
    known = scores["score"].notna().sum()
    say(f"{known:,} of {len(scores):,} scored -> {options.output}")
    if known < len(scores):
        say(
            f"the others have values for less than {card.min_coverage:.0%} of the weights (column coverage)"
        )
    return OK


def _report(options: argparse.Namespace) -> int:
    from patentnav._arguments import given_inputs
    from patentnav.report import Cover, build
    from patentnav.report.registry import renderers
    from patentnav.report.templates import form_of
    from patentnav.report.templates import read as read_template
    from patentnav.study import Inputs

    for path in options.output:
        can_write(path, list(renderers()))
    templates = {form_of(path): path for path in options.template}
    for form, path in templates.items():
        if form not in {output.suffix.lower() for output in options.output}:
            msg = f'No output takes the template "{path.name}": add -o name{form}, or leave it out.'
            raise ArgumentError(msg)
        read_template(path, form)
    inputs = given_inputs(options, Cover) | given_inputs(options, Inputs, skip=_OBJECTS)
    patents = open_set(options.source)
    built = build(patents, options.outline, options.lang, goal=options.goal, **inputs)
    for path in options.output:
        say(f"-> {built.save(path, template=templates.get(path.suffix.lower()))}")
    if options.figures:
        say(f"-> {len(built.save_figures(options.figures))} figures in {options.figures}")
    return OK


def _plan(options: argparse.Namespace) -> int:
    from patentnav.project import plan

    show(plan(options.project))
    return OK


def _run(options: argparse.Namespace) -> int:
    from patentnav.project import run

    for path in run(options.project, tell=say):
        say(f"-> {path}")
    return OK


def _batch(options: argparse.Namespace) -> int:
    from patentnav.project import batch

    done = batch(options.folder, jobs=options.jobs, tell=say)
    print_text(done.drop(columns="details").to_string(index=False))
    failed = int((done["status"] == "failed").sum())
    for row in done[done["details"] != ""].itertuples():
        say(f"{row.project}:\n{row.details}")
    say(f"{len(done)} projects: {len(done) - failed} done, {failed} failed")
    if options.register is not None:
        _write_register(options)
    return FAILED if failed else OK


def _write_register(options: argparse.Namespace) -> None:
    from datetime import UTC, datetime

    from patentnav import sheets
    from patentnav.project import register

    day = options.finished_on or f"{datetime.now(UTC):%Y-%m-%d}"
    rows = register(options.folder, finished_on=day)
    sheets.write_tables(options.register, {"NR": rows})
    say(f"-> {options.register}: {len(rows)} projects")


def _list(options: argparse.Namespace) -> int:
    show(_LISTS[options.kind]())
    return OK


def _indicators() -> pd.DataFrame:
    from patentnav import indicators

    return indicators.list()


def _taxonomies() -> pd.DataFrame:
    import pandas as pd

    from patentnav import taxonomy

    return pd.DataFrame({"name": taxonomy.names()})


def _sections() -> pd.DataFrame:
    import pandas as pd

    from patentnav.report.registry import makers

    rows = [(m.id, ", ".join(m.needs), ", ".join(m.parameters)) for m in makers().values()]
    return pd.DataFrame(rows, columns=["id", "needs", "parameters"])


def _entries(kind: str) -> Callable[[], pd.DataFrame]:
    def entries() -> pd.DataFrame:
        import pandas as pd

        from patentnav import _resources

        return pd.DataFrame({"name": _resources.names(kind)})

    return entries


_LISTS: dict[str, Callable[[], pd.DataFrame]] = {
    "formats": _entries("formats"),
    "indicators": _indicators,
    "outlines": _entries("reports"),
    "scorecards": _entries("scorecards"),
    "sections": _sections,
    "taxonomies": _taxonomies,
}
