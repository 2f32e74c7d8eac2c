"""Mutations that keep a file well formed, so that they get past the parser into the reader."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import lxml.etree
import lxml.html

if TYPE_CHECKING:
    import random

WORDS = [
    "",
    "0",
    "-",
    "CN110000001A",
    "20190703",
    "1.02E+12",
    "EP",
    "X",
    "方法",
    "\u0001",
    "9" * 40,
    " ",
    "G06F 3/0",
]
VALUES = [
    None,
    0,
    -1,
    1.5,
    True,
    "",
    "CN",
    "20190703",
    [],
    {},
    [[]],
    [None],
    {"$": None},
    "\x1f",
    "\ud800",
    10**30,
]
_PARSER = {"resolve_entities": False, "no_network": True, "load_dtd": False}


def xml(content: bytes, rng: random.Random) -> bytes:
    """One to four elements lost, repeated, moved, renamed, emptied or filled with other words.

    Raises
    ------
    lxml.etree.XMLSyntaxError
        The file is not well formed.
    """
    root = lxml.etree.fromstring(content, lxml.etree.XMLParser(**_PARSER))
    for _ in range(rng.choice([1, 1, 2, 4])):
        nodes = [n for n in root.iter() if isinstance(n.tag, str)]
        node, other = rng.choice(nodes), rng.choice(nodes)
        _change_element(node, other, rng)
    return lxml.etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _change_element(node, other, rng: random.Random) -> None:
    parent = node.getparent()
    copy = lxml.etree.fromstring(lxml.etree.tostring(node))
    match rng.randrange(7):
        case 0 if parent is not None:
            parent.remove(node)
        case 1 if parent is not None:
            parent.insert(parent.index(node), copy)
        case 2:
            other.append(copy)
        case 3:
            node.tag = other.tag
        case 4:
            node.attrib.update(other.attrib)
        case 5 if node.attrib:
            name = rng.choice(list(node.attrib))
            node.attrib[name] = _printable(rng.choice(WORDS))
        case _:
            node.text = _printable(rng.choice(WORDS))


def _printable(word: str) -> str:
    return word.replace("\u0001", "\u007f")  # XML knows no controls


def lines(content: bytes, rng: random.Random) -> bytes:
    """One to four values of a JSON file, or of one line of it, lost, replaced, wrapped or moved.

    Raises
    ------
    ValueError
        There is no line that is JSON.
    """
    try:
        parts = [json.loads(content)]
    except ValueError:
        parts = [json.loads(line) for line in content.splitlines() if line.strip()]
    which = rng.randrange(len(parts))
    for _ in range(rng.choice([1, 1, 2, 4])):
        _change_value(parts[which], rng)
    return b"\n".join(
        json.dumps(p, ensure_ascii=rng.random() < 0.5).encode(errors="replace") for p in parts
    )


def _change_value(tree, rng: random.Random) -> None:
    places = list(_places(tree))
    if not places:
        return
    holder, key = rng.choice(places)
    match rng.randrange(5):
        case 0:
            del holder[key]
        case 1:
            holder[key] = [holder[key], holder[key]]
        case 2:
            other, name = rng.choice(places)
            holder[key] = json.loads(json.dumps(other[name]))
        case 3:
            holder[key] = {"$": holder[key]}
        case _:
            holder[key] = rng.choice(VALUES)


def _places(tree):
    """Every container with each of its keys."""
    keys = (
        list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    )
    for key in keys:
        yield tree, key
        yield from _places(tree[key])


def workbook(content: bytes, rng: random.Random, mutate) -> bytes:
    """One member changed; the checksums of the archive are right.

    Raises
    ------
    zipfile.BadZipFile
        The file is no archive.
    """
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        names = source.namelist()
        chosen = rng.choice([n for n in names if "sheet" in n or "hared" in n] or names)
        if rng.random() < 0.2:
            chosen = rng.choice(names)
        for name in names:
            member = source.read(name)
            if name == chosen:
                member = (
                    xml(member, rng) if rng.random() < 0.7 else mutate(member, len(member) + 500)
                )
            target.writestr(name, member)
    return packed.getvalue()


def page(content: bytes, rng: random.Random) -> bytes:
    """A web page, a web archive or a workbook in XML with one to four elements changed.

    Raises
    ------
    lxml.etree.ParserError
        There is no element.
    """
    if content.lstrip().startswith(b"<?xml"):
        return xml(content, rng)
    head, mark, body = content.partition(b"<html")
    root = lxml.html.document_fromstring(mark + body if mark else content)
    for _ in range(rng.choice([1, 1, 2, 4])):
        nodes = [n for n in root.iter() if isinstance(n.tag, str)]
        node, other = rng.choice(nodes), rng.choice(nodes)
        _change_element(node, other, rng)
        if rng.random() < 0.2:
            rng.choice(nodes).set(
                rng.choice(["colspan", "rowspan"]), rng.choice(["0", "9999", "x"])
            )
    encoding = rng.choice(["utf-8", "utf-8", "gb18030", "utf-16"])
    return (head if mark else b"") + lxml.html.tostring(root, encoding=encoding)


def archive(content: bytes, rng: random.Random) -> bytes:
    """A zip whose members are renamed, repeated, emptied or broken; its checksums are right.

    Raises
    ------
    zipfile.BadZipFile
        The file is no archive.
    """
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for original in source.namelist():
            name, member = original, source.read(original)
            match rng.randrange(6):
                case 0:
                    member = member[: rng.randrange(len(member) + 1)]
                case 1:
                    name = rng.choice(["a.csv", "b/c.xls", "readme.txt", "x.zip", "mimetype", ".h"])
                case 2:
                    target.writestr(f"again-{name}", member)
                case 3:
                    place = rng.randrange(len(member) + 1)
                    member = member[:place] + rng.randbytes(3) + member[place:]
            target.writestr(name, member)
    return packed.getvalue()
