"""Files made to harm: no input may end the process, take more than 2 GiB or 20 s, or raise a raw error.

    python tests/fuzz/attacks.py [--variants 500] [--seed 0] [--inputs FOLDER] [--only NAME]

Every file of the folder (or those that the script makes itself: far cells in odd spellings, names that
no document can hold, NUL in text, project files that ask for nonsense) is tried as it is and in so
many variants, drawn by a seed. Exports are read, and a part of the reports written; project files
are run whole in a part of the cases and loaded in all. A process of its own does the work, so that one
that dies is seen. Ends with code 1 at any breach; the variant is kept in ``--keep``.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import warnings
import zipfile
from collections import Counter
from pathlib import Path

LONGEST, MOST = 20.0, 2 << 30
WHOLE = 50  # every so many variants a report or a whole run is made
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEADERS = ("公开（公告）号", "申请号", "标题 (中文)", "申请人", "申请日")


# Inputs of the script's own


def book(sheets: dict[str, str]) -> bytes:
    """A workbook of sheets given as the content of their ``sheetData``, by name of the member."""
    names = list(sheets)
    listed = "".join(
        f'<sheet name="s{i}" sheetId="{i}" r:id="rId{i}"/>' for i in range(1, len(names) + 1)
    )
    links = "".join(
        f'<Relationship Id="rId{i}" Type="{RELATIONS}/worksheet" Target="{name}"/>'
        for i, name in enumerate(names, start=1)
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    members = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
        'ContentType="application/xml"/><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}'
        "</Relationships>",
        **{
            f"xl/{name}": f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>'
            for name, data in sheets.items()
        },
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, f'<?xml version="1.0"?>{text}')
    return packed.getvalue()


def data(far: str) -> str:
    """Two rows of an export and a far cell, given as its tag."""
    cells = [
        "".join(
            f'<c r="{"ABCDE"[i]}{row}" t="inlineStr"><is><t>{value}</t></is></c>'
            for i, value in enumerate(values)
        )
        for row, values in enumerate((HEADERS, ("CN110000001A", "", "x", "y", "20190703")), start=1)
    ]
    return (
        f'<row r="1">{cells[0]}</row><row r="2">{cells[1]}</row><row r="9">{far}<v>1</v></c></row>'
    )


def made(folder: Path) -> list[Path]:
    """Write the inputs of the script's own."""
    import patentnav as pnav

    far = '<c r="XFD1048576">'
    content = {
        "far-spaces.xlsx": book({"worksheets/sheet1.xml": data('<c r = "XFD1048576">')}),
        "far-otherdir.xlsx": book({"sheets/s.xml": data(far)}),
        "far-upper.xlsx": book({"worksheets/sheet1.XML": data(far)}),
        "far-mid.xlsx": book({"worksheets/sheet1.xml": data('<c r="KN730000">')}),
        "far-3sheets.xlsx": book(
            {f"worksheets/sheet{i}.xml": data('<c r="KN730000">') for i in range(3)}
        ),
    }
    few = pnav.datasets.city(n=40).patents
    lens = pnav.datasets.write_export(few, folder / "lens.csv", "lens").read_bytes()
    content["fffe-names.csv"] = lens.replace("公司".encode(), "公\ufffe\x01司".encode())
    content["nul-in-first-64k.csv"] = lens.replace(b"CN ", b"CN\0", 1)
    pnav.datasets.write_export(few, folder / "in.xlsx", "incopat")
    (folder / "lens.csv").unlink()
    content["a.csv"] = "name,organisation\n甲,乙\n".encode()
    content["d.csv"] = (
        b"kind,first_publication,first_name,second_publication,second_name,decision\n"
    )
    projects = {
        "aliases": '[clean]\naliases = "a.csv"\n',
        "decisions": '[clean]\ndecisions = "d.csv"\n',
        "taxonomy": '[classify]\ntaxonomy = "no-such"\n',
        "only-unknown": '[report]\nper = "industry"\nonly = ["zzz"]\n',
        "collide": '[report]\nper = "applicant"\nmin_publications = 5\n',
    }
    for name, text in projects.items():
        parts = text if "[report]" in text else f"{text}[report]\n"
        parts = parts.replace("[report]\n", '[report]\nformats = ["xlsx"]\n')
        content[f"{name}.toml"] = f'[input]\nfiles = ["in.xlsx"]\n{parts}'.encode()
    for name, inner in content.items():
        (folder / name).write_bytes(inner)
    return sorted(p for p in folder.iterdir() if p.is_file())


# Variants


def varied(path: Path, rng: random.Random) -> bytes:
    """A variant of a file."""
    content = path.read_bytes()
    if path.suffix == ".xlsx" and rng.random() < 0.85:
        return varied_book(content, rng)
    if path.suffix == ".toml":
        return varied_project(content.decode(), rng).encode(errors="surrogateescape")
    return varied_bytes(content, rng)


SPELLINGS = (
    lambda t, rng: re.sub(r'\br="', f'r{rng.choice([" ", "", "  "])}={rng.choice([" ", chr(10), chr(9)])}"', t),
    lambda t, rng: re.sub(r'r="([A-Z]+\d+)"', r"r='\1'", t),
    lambda t, rng: re.sub(r'r="([A-Z]+\d+)"', lambda m: f'r="{m[1].lower()}"', t),
    lambda t, rng: re.sub(r"<c ", f'<c{rng.choice([chr(10), chr(9), " " * 300])} ', t),
    lambda t, rng: re.sub(r"<c r", '<c s="1" r', t),
    lambda t, rng: re.sub(r"<c r", '<c a=">" r', t),
    lambda t, rng: re.sub(r"(</?)(c|row|v|is|t|sheetData|worksheet)([ >/])", r"\1x:\2\3", t).replace("xmlns=", "xmlns:x="),
    lambda t, rng: re.sub(r'r="[A-Z]+\d{5,}"', lambda m: f'r="{place(rng)}"', t),
    lambda t, rng: re.sub(r'r="[A-Z]+\d{5,}"', 'r="&#88;FD1048576"', t),
    lambda t, rng: re.sub(r' r="[A-Z]+\d+"', "", t),
    lambda t, rng: t.replace("<row r=\"9\"", f'<row r="{rng.choice([1048576, 2**31, 2**32 - 1, 10**12])}"'),
    lambda t, rng: t.replace("<sheetData>", f'<dimension ref="A1:{place(rng)}"/><sheetData>'),
    lambda t, rng: t.replace("<?xml version=\"1.0\"?>", "<!DOCTYPE w [<!ENTITY e 'XFD1048576'><!ATTLIST c r CDATA 'XFD1048576'>]>"),
    lambda t, rng: t.replace("<worksheet", f"<!--{'<c r=' * rng.randrange(9)}--><worksheet"),
    lambda t, rng: t.replace("<v>1</v>", f"<v>{rng.choice(['', '1e999', '9' * 400, '-', 'x'])}</v>"),
    lambda t, rng: t.replace('t="inlineStr"', f't="{rng.choice(["s", "str", "e", "d", "b", "zz", ""])}"'),
    lambda t, rng: t.replace("<t>", f"<t>{'長' * rng.choice([1, 40_000])}"),
    lambda t, rng: re.sub(r"<row.*?</row>", lambda m: m[0] * rng.choice([2, 50]), t, count=1),
    lambda t, rng: t.replace("</sheetData>", f'<row r="{rng.randrange(10**6)}"><c r="{place(rng)}" t="inlineStr"><is><t>z</t></is></c></row></sheetData>'),
)  # fmt: skip


def place(rng: random.Random) -> str:
    """Name of a cell, near or far, real or not."""
    column = "".join(rng.choice("ADKXZ") for _ in range(rng.choice([1, 2, 3, 3, 4])))
    return f"{column}{rng.choice([1, 9, 70_000, 290_000, 1_048_576, 2**31, 10**18, 0])}"


def varied_book(content: bytes, rng: random.Random) -> bytes:
    """Members of a workbook in other spellings, names, numbers, encodings and sizes."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    for _ in range(rng.choice([1, 1, 2, 3])):
        members = _changed(members, rng)
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", rng.choice([0, 8, 8, 8])) as archive,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # of names that are there twice
        for name, inner in members:
            archive.writestr(name, inner)
        if rng.random() < 0.05:
            archive.comment = b"PK\x05\x06" + bytes(18)
    return packed.getvalue()


def _changed(members: list[tuple[str, bytes]], rng: random.Random) -> list[tuple[str, bytes]]:
    sheets = [i for i, (_, inner) in enumerate(members) if b"sheetData" in inner]
    at = rng.choice(sheets or range(len(members)))
    name, inner = members[at]
    match rng.randrange(9):
        case 0:
            other = rng.choice(
                ["xl/worksheets/SHEET.xml", "xl/s", "xl/a b.xml", "xl\\w.xml", "../w.xml"]
            )
            stem = name.removeprefix("xl/")
            renamed = [
                (n, c.replace(stem.encode(), other.removeprefix("xl/").encode()))
                for n, c in members
            ]
            return [*renamed[:at], (other, inner), *renamed[at + 1 :]]
        case 1:
            return [
                *members,
                (rng.choice([name, name.upper(), "content.xml", "xl/workbook.bin"]), inner),
            ]
        case 2:
            return [
                (n, re.sub(rb"(<sheet [^>]*/>)", lambda m: m[0] * rng.choice([2, 30]), c))
                for n, c in members
            ]
        case 3:
            coded = inner.decode(errors="replace").encode(
                rng.choice(["utf-16", "utf-16-be", "gb18030"]), "replace"
            )
            return [*members[:at], (name, coded), *members[at + 1 :]]
        case 4:
            return [*members[:at], (name, varied_bytes(inner, rng)), *members[at + 1 :]]
        case _:
            text = rng.choice(SPELLINGS)(inner.decode(errors="surrogateescape"), rng)
            return [
                *members[:at],
                (name, text.encode(errors="surrogateescape")),
                *members[at + 1 :],
            ]


PIECES = (
    b"\0", b"\xef\xbf\xbe", b"\xef\xbf\xbf", b"\x01\x0b\x1b", b'"', b'""', b"\n", b"\r", b"\r\n", b",", b";;", b"\t",
    b"\xff\xfe", b"\xed\xa0\x80", b"\xf0\x9f\x9a\x80", "公司".encode("gb18030"), b"=cmd|' /C calc'!A0", b"1e999",
    b"-1", b"\x02\x03", b"9" * 5000, b"\xe2\x80\xae", b"<script>", b"\x1a",
)  # fmt: skip


def varied_bytes(content: bytes, rng: random.Random) -> bytes:
    """Pieces put in, taken out, repeated or moved; the file cut."""
    for _ in range(rng.choice([1, 2, 5, 20])):
        at, size = rng.randrange(len(content) + 1), rng.choice([1, 3, 50, 2000])
        match rng.randrange(5):
            case 0:
                content = content[:at] + content[at + size :]
            case 1:
                content = content[:at] + content[at : at + size] * 2 + content[at + size :]
            case 2:
                content = content[:at] if rng.random() < 0.2 else content
            case _:
                content = content[:at] + rng.choice(PIECES) + content[at:]
    return content


VALUES = ("3", "-1", '"zh"', '["zz"]', "[]", '""', "true", "1.5", "{}", '"../x"', '"\\u0000"', "2020-01-01",
          '"in.xlsx"', "[[1]]", "nan", '"' + "x" * 300 + '"', '{a = 1}', '["in.xlsx", 3]')  # fmt: skip


def varied_project(text: str, rng: random.Random) -> str:
    """Values of other kinds, keys misspelt, lines lost, twice or moved."""
    lines = text.splitlines()
    for _ in range(rng.choice([1, 1, 2, 3])):
        at = rng.randrange(len(lines))
        key, equals, _ = lines[at].partition("=")
        match rng.randrange(8):
            case 0:
                del lines[at]
                lines = lines or [""]
            case 1:
                lines.insert(at, lines[at])
            case 2 if equals:
                lines[at] = f"{key[:-2]}{key[-1:]}={rng.choice(VALUES)}"
            case 3:
                lines.insert(
                    at,
                    rng.choice(
                        ["[output]", "[project]", "[classify]", "lang = 3", "x = 1", "[[report]]"]
                    ),
                )
            case 4:
                lines.insert(0, rng.choice(["\ufeff", "\udcff", "# \x01"]))
            case _ if equals:
                lines[at] = f"{key}= {rng.choice(VALUES)}"
    return "\n".join(lines)


# Trying


def tried(path: Path, *, whole: bool, out: Path) -> str:
    """What became of a file: ``read``, ``refused``, or the raw error."""
    import patentnav as pnav
    from patentnav import project

    try:
        if path.suffix == ".toml":
            (project.run if whole else project.load)(path)
            return "read"
        patents = pnav.read(path)
        if whole:
            built = pnav.report.build(patents, lang="en", title=path.name)
            for suffix in (".docx", ".html", ".xlsx"):
                built.save(out / f"x{suffix}")
    except pnav.PatentnavError:
        return "refused"
    except Exception as error:
        return f"RAW {type(error).__name__}: {error}"[:300]
    return "read"


def processor() -> float:
    """Seconds of the processor, with those of the processes of its own: a busy machine is no hang."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def work(path: Path, first: int, variants: int, seed: int) -> None:
    """Try variants from one on; a line of JSON for each."""
    import resource

    warnings.simplefilter("ignore")
    for number in range(first, variants + 1):
        rng = random.Random(f"{seed}/{path.name}/{number}")
        trial = path.with_name(f"variant-{path.stem[:20]}{path.suffix}")
        trial.write_bytes(varied(path, rng) if number else path.read_bytes())
        print(json.dumps({"begin": number}), flush=True)
        started = processor()
        outcome = tried(trial, whole=number % WHOLE == 0, out=path.parent / "out")
        used = [
            resource.getrusage(w).ru_maxrss << 10
            for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        ]
        line = {
            "end": number,
            "outcome": outcome,
            "seconds": processor() - started,
            "memory": sum(used),
        }
        print(json.dumps(line), flush=True)


def attack(path: Path, variants: int, seed: int, keep: Path) -> Counter[str]:
    """Try a file and its variants; count what became of them."""
    counts: Counter[str] = Counter()
    slowest, most, first = 0.0, 0, 0
    (path.parent / "out").mkdir(exist_ok=True)
    while first <= variants:
        worker = [sys.executable, __file__, "--worker", str(path), "--first", str(first),
                  "--variants", str(variants), "--seed", str(seed)]  # fmt: skip
        ended = subprocess.run(worker, stdout=subprocess.PIPE, check=False)
        lines = [
            json.loads(line) for line in ended.stdout.decode().splitlines() if line.startswith("{")
        ]
        for line in (one for one in lines if "end" in one):
            outcome = line["outcome"]
            if line["seconds"] > LONGEST and line["end"] % WHOLE:
                outcome = f"SLOW {line['seconds']:.0f} s"
            if (
                line["memory"] > MOST >= most
            ):  # the peak of the worker: the first to reach it is told
                outcome = f"HUGE {line['memory'] / 2**30:.2f} GiB"
            slowest, most = max(slowest, line["seconds"]), max(most, line["memory"])
            counts[outcome.partition(" ")[0]] += 1
            if outcome not in {"read", "refused"}:
                _keep(path, line["end"], seed, keep, outcome)
        done = len([one for one in lines if "end" in one])
        first += done
        if ended.returncode and first <= variants:
            counts["DIED"] += 1
            _keep(path, first, seed, keep, f"DIED with {ended.returncode}")
            first += 1
    print(f"{path.name:24} {dict(+counts)}  {slowest:.1f} s  {most / 2**30:.2f} GiB", flush=True)
    return counts


def _keep(path: Path, number: int, seed: int, keep: Path, outcome: str) -> None:
    rng = random.Random(f"{seed}/{path.name}/{number}")
    kept = keep / f"{path.stem}-{number}{path.suffix}"
    kept.write_bytes(varied(path, rng) if number else path.read_bytes())
    print(f"BREACH {kept}: {outcome}", file=sys.stderr, flush=True)


def main() -> int:
    """Parse and run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--variants", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--inputs", type=Path, help="folder with other inputs than the script's own"
    )
    parser.add_argument("--only", help="only inputs whose name holds this")
    parser.add_argument(
        "--keep", type=Path, default=Path(tempfile.gettempdir()) / "patentnav-attacks"
    )
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--first", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        with contextlib.redirect_stderr(io.StringIO()):
            work(options.worker, options.first, options.variants, options.seed)
        return 0
    options.keep.mkdir(parents=True, exist_ok=True)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if options.inputs:
            for path in options.inputs.iterdir():
                if path.suffix in {".xlsx", ".csv", ".toml"}:
                    (folder / path.name).write_bytes(path.read_bytes())
            inputs = sorted(p for p in folder.iterdir() if p.is_file())
        else:
            inputs = made(folder)
        for path in inputs:
            if not options.only or options.only in path.name:
                counts += attack(path, options.variants, options.seed, options.keep)
    print(dict(counts))
    return int(bool(set(counts) - {"read", "refused"}))


if __name__ == "__main__":
    sys.exit(main())
