"""Write the reference pages that come from the registries; nothing of them is kept by hand."""

from __future__ import annotations

import argparse
import inspect
import shutil
import tomllib
from dataclasses import fields
from importlib import metadata
from pathlib import Path

import pandas as pd
from figures import EXAMPLES

import patentnav
from patentnav import _resources, cli, i18n, indicators, plot, schema, study, taxonomy
from patentnav.report import outline, registry

ROOT = Path(__file__).resolve().parent.parent


def write_pages(folder: Path) -> None:
    """Write all generated pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {
        "schema": schema_page(),
        "formats": formats_page(folder),
        "indicators": table_page("Indicators", indicators.list()),
        "taxonomies": taxonomies_page(),
        "industry-order": order_page(),
        "scorecards": entries_page("Scorecards", "scorecards"),
        "reports": entries_page("Report outlines", "reports"),
        "command-line": command_line_page(),
        "api": api_page(),
        "dependencies": dependencies_page(),
        "sections": sections_page(),
        "inputs": inputs_page(),
        "figures": figures_page(folder / "figures"),
        "glossary": glossary_page(),
    }
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


def copy_notebooks(source: Path, folder: Path) -> None:
    """Copy the notebooks into the tutorial."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(source.glob("*.ipynb")):
        shutil.copyfile(file, folder / file.name)


def figures_page(folder: Path) -> str:
    """Draw one example of every figure, in both languages, and list them."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        "# Figures",
        "",
        "One example each, of invented data; the left in English, the right in Chinese.",
        "",
    ]
    for name, (values, named) in sorted(EXAMPLES.items()):
        function = getattr(plot, name)
        own = "lang" in inspect.signature(function).parameters
        first = (inspect.getdoc(function) or "").splitlines()[0]
        lines += [f"## {name}", "", f"{first} {{func}}`patentnav.plot.{name}`", ""]
        for lang in ("en", "zh") if own else ("en",):
            _, ax = plot.figure(size="page")
            plot.save(function(*values, ax=ax, **named, **({"lang": lang} if own else {})),
                      folder / f"{name}-{lang}.png", dpi=110)  # fmt: skip
            lines += [f"![{first}](figures/{name}-{lang}.png){{width=48%}}"]
        lines += [""]
    return "\n".join(lines)


def markdown_table(frame: pd.DataFrame) -> str:
    """A frame as a Markdown table."""
    head = "| " + " | ".join(map(str, frame.columns)) + " |"
    line = "|" + "---|" * len(frame.columns)
    rows = [
        "| " + " | ".join(str(v).replace("|", "\\|").replace("\n", " ") for v in row) + " |"
        for row in frame.fillna("").to_numpy()
    ]
    return "\n".join([head, line, *rows])


def table_page(title: str, frame: pd.DataFrame) -> str:
    """A page with one table."""
    return f"# {title}\n\n{markdown_table(frame)}\n"


def schema_page() -> str:
    """The data dictionary, one section per table."""
    dictionary = schema.dictionary("en")
    dictionary.insert(3, "中文", schema.dictionary("zh")["label"])
    parts = ["# Data dictionary"]
    for name, table in schema.tables().items():
        rows = dictionary[dictionary["table"] == name].drop(columns="table")
        parts.append(f"## {name} ({table.labels['zh']})\n\n{table.note}\n\n{markdown_table(rows)}")
    return "\n\n".join(parts) + "\n"


def formats_page(folder: Path) -> str:
    """The list of formats and one page each."""
    pages = folder / "formats"
    pages.mkdir(exist_ok=True)
    lines = ["# Formats\n", ":::{toctree}", ":maxdepth: 1", ""]
    for name in _resources.names("formats"):
        entry = _resources.load_toml("formats", name)
        if "about" not in entry:
            continue
        lines.append(f"formats/{name}")
        (pages / f"{name}.md").write_text(format_page(name, entry), encoding="utf-8")
    return "\n".join([*lines, ":::"]) + "\n"


def format_page(name: str, entry: dict) -> str:
    """One format: what it carries, how to export it, its traps, its columns."""
    parts = [f"# {entry.get('title', name)}"]
    for key in ("about", "how_to_export", "traps"):
        text = entry.get(key, "")
        spoken = text.items() if isinstance(text, dict) else [("", text)]
        heading = key.replace("_", " ").capitalize()
        body = "\n\n".join(str(value) for _, value in spoken if value)
        if body:
            parts.append(f"## {heading}\n\n{body}")
    return "\n\n".join(parts) + "\n"


def taxonomies_page() -> str:
    """Every taxonomy with its nodes."""
    parts = ["# Taxonomies"]
    for name in taxonomy.names():
        loaded = taxonomy.load(name)
        rows = "\n".join(f"- `{node}`: {label}" for node, label in loaded.names("en").items())
        parts.append(f"## {name}\n\n{rows}")
    return "\n\n".join(parts) + "\n"


def order_page() -> str:
    """Which industry comes first where a publication serves several, in both languages."""
    lead = (
        "The rule is data of the taxonomy; the earliest clause that fits a pair counts. Where two "
        "clauses fit equally, both industries may be first."
    )
    parts = ["# Which industry comes first (多个行业时的先后)", lead]
    for name in taxonomy.names():
        loaded = taxonomy.load(name)
        if not loaded.order:
            continue
        parts.append(f"## {name}")
        for clause in loaded.order:
            pairs = f"`{'`, `'.join(clause.first)}` before `{'`, `'.join(clause.before)}`"
            parts.append(f"### {clause.names['en']} ({clause.names['zh']})")
            parts += [clause.text["en"], clause.text["zh"], f"Pairs: {pairs}."]
        parts += ["### outside (不属于任何行业)", loaded.outside["en"], loaded.outside["zh"]]
    return "\n\n".join(parts) + "\n"


def sections_page() -> str:
    """Every section of a report: what it tells, what it needs, what an outline can set, where it is used."""
    used: dict[str, list[str]] = {}
    for kind in _resources.names("reports"):
        for entry in outline.load(kind).entries():
            used.setdefault(entry, []).append(kind)
    rows = []
    for name, maker in sorted(registry.makers().items()):
        told = (inspect.getdoc(maker.make) or "").split("\n")[0]
        title = i18n.text(f"report.{name}.title", "zh")
        rows.append((f"`{name}`", title, told, ", ".join(maker.needs), ", ".join(maker.parameters),
                     ", ".join(used.get(name, []))))  # fmt: skip
    columns = ["section", "中文标题", "tells", "needs", "an outline can set", "used by"]
    return table_page("Sections of reports", pd.DataFrame(rows, columns=columns))


def inputs_page() -> str:
    """Every input of a study, as `report.build`, project files and the command line take it."""
    text = (inspect.getdoc(study.Inputs) or "").split("Attributes\n----------\n")[1]
    defaults = {f.name: f.default for f in fields(study.Inputs)}
    rows: list[list[str]] = []
    for line in text.split("\n"):
        if line and not line.startswith(" ") and line.strip() in defaults:
            rows.append([f"`{line.strip()}`", "", repr(defaults[line.strip()])])
        elif rows and line.startswith("    "):
            rows[-1][1] = f"{rows[-1][1]} {line.strip()}".strip()
    frame = pd.DataFrame(rows, columns=["input", "meaning", "default"])
    frame["default"] = frame["default"].where(~frame["default"].str.contains("MISSING|factory"), "")
    lead = "Keywords of `Study` and `report.build`; keys of the table `[report]` of a project file."
    return f"# Inputs of a study\n\n{lead}\n\n{markdown_table(frame)}\n"


def glossary_page() -> str:
    """Terms of the field in both languages, with the names that the package uses."""
    with (ROOT / "docs" / "glossary.toml").open("rb") as file:
        parts = tomllib.load(file)["part"]
    lead = (
        "Terms of patent navigation (专利导航) in the order of a study, with the package's names."
    )
    pages = ["# Glossary (术语对照)", lead]
    for part in parts:
        rows = [
            (t["zh"], t["en"], ", ".join(f"`{n}`" for n in t["names"]),
             f"{t['note']['zh']}。{t['note']['en'][0].upper()}{t['note']['en'][1:]}.")
            for t in part["terms"]
        ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=["中文", "English", "name", "说明 (note)"])
        pages.append(f"## {part['zh']} ({part['en']})\n\n{markdown_table(frame)}")
    return "\n\n".join(pages) + "\n"


def dependencies_page() -> str:
    """Every distribution that is installed with all extras: version, licence, size, from its metadata."""
    rows = []
    for pin in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        name = pin.split("==")[0].strip()
        if not name or name.startswith("#"):
            continue
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        said = found.metadata
        licence = (
            said.get("License-Expression") or (said.get("License") or "").strip().split("\n")[0]
        )
        if not licence or len(licence) > 60:
            kinds = [c.split(" :: ")[-1] for c in said.get_all("Classifier", []) if "License" in c]
            licence = "; ".join(kinds) or licence[:60]
        sizes = (
            file.locate().stat().st_size for file in found.files or [] if file.locate().exists()
        )
        rows.append((name, found.version, licence, round(sum(sizes) / 1e6, 1)))
    frame = pd.DataFrame(rows, columns=["distribution", "version", "licence", "MB"])
    lead = (
        "What the set-up installs with all extras and the tools of the tests. A plain install brings "
        "nothing under the GPL (a test reads the metadata)."
    )
    return f"# Dependencies\n\n{lead}\n\n{markdown_table(frame)}\n"


def entries_page(title: str, kind: str) -> str:
    """A page with the source of every entry of a registry."""
    parts = [f"# {title}"]
    for name in _resources.names(kind):
        source = _resources.path(kind, name).read_text(encoding="utf-8")
        parts.append(f"## {name}\n\n```toml\n{source}\n```")
    return "\n\n".join(parts) + "\n"


def command_line_page() -> str:
    """The help of every command, as the program prints it."""
    parser = cli.build_parser()
    parts = ["# Command line", f"```text\n{parser.format_help()}```"]
    actions = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    for action in actions:
        for name, command in action.choices.items():
            parts.append(f"## patentnav {name}\n\n```text\n{command.format_help()}```")
    return "\n\n".join(parts) + "\n"


def api_page() -> str:
    """Every public module with its public names."""
    parts = ["# Functions", "```{eval-rst}\n.. autoclass:: patentnav.PatentSet\n   :members:\n```"]
    top = "\n".join(f".. autofunction:: patentnav.{n}" for n in ("read", "load", "concat"))
    parts.append(f"```{{eval-rst}}\n{top}\n```")
    seen: set[int] = set()  # a name that two modules give is described where it comes first
    for name in patentnav._MODULES:
        module = getattr(patentnav, name)
        public = [n for n in getattr(module, "__all__", []) if callable(getattr(module, n))]
        if not public:
            continue
        summary = (module.__doc__ or "").strip().split("\n")[0]
        lines = [f"## patentnav.{name}", summary, "```{eval-rst}"]
        for member in sorted(public):
            if id(getattr(module, member)) in seen:
                continue
            seen.add(id(getattr(module, member)))
            kind = "autoclass" if isinstance(getattr(module, member), type) else "autofunction"
            lines.append(f".. {kind}:: patentnav.{name}.{member}")
        parts.append("\n".join([*lines, "```"]))
    return "\n\n".join(parts) + "\n"
