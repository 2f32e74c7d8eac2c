"""The search language: read, refused with a remedy, and the same as a naive evaluator."""

from __future__ import annotations

import fnmatch
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import patentnav as pnav
from patentnav import query

# A naive reading of a text: words with their place and sentence, one Han character a word.


def tokens(text: str) -> list[tuple[str, int, int, int]]:
    found, sentence, at = [], 0, 0
    text = text.lower()
    while at < len(text):
        c = text[at]
        end = at + 1
        if "\u4e00" <= c <= "\u9fff":
            found.append((c, at, end, sentence))
        elif c.isalnum():
            while end < len(text) and text[end].isascii() and text[end].isalnum():
                end += 1
            found.append((text[at:end], at, end, sentence))
        elif c in "。;" or (c == "." and (end == len(text) or text[end] == " ")):
            sentence += 1
        at = end
    return found


def han(word: str) -> bool:
    return "\u4e00" <= word[0] <= "\u9fff"


def same(word: str, wanted: str, *, last: bool) -> bool:
    forms = [wanted]
    if last and not han(wanted) and not wanted.endswith("*"):
        forms += [f"{wanted}s", f"{wanted}es"]
    return any(fnmatch.fnmatchcase(word, form) for form in forms)


def term_places(term: str, text: str) -> set[tuple[int, int]]:
    """Places of a term as first and last word."""
    wanted = re.findall(r"[\u4e00-\u9fff]|[a-z0-9*?]+", term.lower())
    words = tokens(text)
    found = set()
    for i in range(len(words) - len(wanted) + 1):
        fits = all(
            same(words[i + j][0], wanted[j], last=j == len(wanted) - 1) for j in range(len(wanted))
        )
        for j in range(len(wanted) - 1):
            gap = text[words[i + j][2] : words[i + j + 1][1]]
            fits &= len(gap) <= 3 and set(gap) <= set(" -/")
            if han(wanted[j]) and han(wanted[j + 1]):
                fits &= gap == "" or " " in term
        if fits:
            found.add((i, i + len(wanted) - 1))
    return found


def near_places(first, second, distance, ordered, text):
    words = tokens(text)
    found = set()
    for a in first:
        for b in second:
            for before, after in ((a, b),) if ordered else ((a, b), (b, a)):
                close = 0 <= after[0] - before[1] - 1 <= distance
                if close and words[before[0]][3] == words[after[1]][3]:
                    found.add((before[0], after[1]))
    return found


# Expressions with the naive answer beside them: a function of (title, abstract).

TERMS = ["battery", "batter*", "cell", "solid-state", '"solid state"', "电池", "固态电池", "池", "*tery",
         "c?ll", "5g", '"电池 cell"', "态电"]  # fmt: skip
terms = st.sampled_from(TERMS)


def positional(depth: int):
    """Strategy of (text, places) of words, OR and NEAR."""
    term = terms.map(lambda t: (t, lambda text: term_places(t.strip('"'), text)))
    if depth == 0:
        return term
    inner = positional(depth - 1)

    def either(pair):
        (a, fa), (b, fb) = pair
        return f"({a} OR {b})", lambda text: fa(text) | fb(text)

    def near(args):
        (a, fa), (b, fb), n, ordered = args
        word = "PRE" if ordered else "NEAR"
        return (
            f"({a} {word}/{n} {b})",
            lambda text: near_places(fa(text), fb(text), n, ordered, text),
        )

    return st.one_of(
        term,
        st.tuples(inner, inner).map(either),
        st.tuples(inner, inner, st.integers(0, 4), st.booleans()).map(near),
    )


def leaf(pair):
    text, places = pair
    return text, lambda title, abstract: bool(places(title) or places(abstract))


def titled(pair):
    text, places = pair
    return f"title:({text})", lambda title, abstract: bool(places(title))


def expressions():
    base = st.one_of(positional(2).map(leaf), positional(1).map(titled))

    def joined(inner):
        def make(args):
            (a, fa), (b, fb), word = args
            rule = {
                "AND": lambda t, x: fa(t, x) and fb(t, x),
                "OR": lambda t, x: fa(t, x) or fb(t, x),
                "NOT": lambda t, x: fa(t, x) and not fb(t, x),
            }[word]
            return f"({a}) {word} ({b})", rule

        return st.tuples(inner, inner, st.sampled_from(["AND", "OR", "NOT"])).map(make)

    return st.recursive(base, joined, max_leaves=5)


PIECES = ["battery", "batteries", "batterys", "cell", "cells", "call", "solid", "state", "solid-state",
          "5g", "电", "池", "电池", "固态", "态", "玩具", "Battery", "，", "。", ". ", "; ", "3.5", "/"]  # fmt: skip
texts = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " ", " "])), min_size=0, max_size=14
).map(lambda rows: "".join(p + s for p, s in rows))


def records(rows: list[tuple[str, str]]) -> pnav.PatentSet:
    ids = pd.Index([f"CN{100 + i}A" for i in range(len(rows))], name="publication_id")
    abstracts = pd.DataFrame(
        {"publication_id": ids, "field": "abstract", "language": "zh", "text": [b for _, b in rows]}
    )
    return pnav.PatentSet.from_tables({
        "publications": pd.DataFrame({"title": [a for a, _ in rows]}, index=ids),
        "texts": abstracts[abstracts["text"] != ""],
    })  # fmt: skip


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=5), expressions())
def test_finds_what_a_naive_reader_finds(rows, pair) -> None:
    text, rule = pair
    mask = query.found(query.parse(text), records(rows))
    assert mask.tolist() == [rule(*row) for row in rows], text


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=4), positional(2))
def test_context_shows_every_place(rows, pair) -> None:
    text, places = pair
    patents = records(rows)
    shown = patents.context(text, width=3)
    for row in shown.itertuples():
        title, abstract = rows[patents.publications.index.get_loc(row.publication_id)]
        whole = title if row.field == "title" else abstract
        start = row.position - 1
        assert whole[start : start + len(row.match)] == row.match
        assert row.before == whole[max(start - 3, 0) : start]
    expected = {i for i, row in enumerate(rows) if places(row[0]) or places(row[1])}
    assert {patents.publications.index.get_loc(p) for p in shown["publication_id"]} == expected


@given(texts, texts)
def test_words_of_a_taxonomy_and_of_a_search_are_the_same(title, abstract) -> None:
    from patentnav.taxonomy.match import WordMatcher

    for word in ("battery", "batter*", "cell", "电池", "池", "固态电池", "5g"):
        hit = query.found(query.parse(word), records([(title, abstract)]))[0]
        matcher = WordMatcher([word])
        assert hit == bool(matcher.find(title) or matcher.find(abstract)), word


ROWS = [
    ("一种固态电池及其电解质", "本发明公开了一种硫化物固态电解质。该电池安全。"),
    (
        "Solid-state battery",
        "A battery cell with a SOLID electrolyte; the swapping station is near.",
    ),
    ("玩具电池盒", "ＮＣＭ正极，Ｌｉ－Ｓ"),
]


def hits(text: str, **options) -> list[int]:
    return query.found(query.parse(text, **options), records(ROWS)).nonzero()[0].tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电池", [0, 2]), ("电池 NOT 玩具", [0]), ("NOT 玩具", [0, 1]), ("电池 AND NOT 玩具", [0]),
        ("硫化物 NEAR/2 电解质", [0]), ("硫化物 NEAR/1 电解质", []), ("电解质 PRE/5 硫化物", []),
        # The sentence ends between them.
        ("电解质 NEAR/9 安全", []), ("cell NEAR/9 swapping", []), ("cell NEAR/4 electrolyte", [1]),
        ("cell NEAR/3 electrolyte", [1]), ("cell NEAR/2 electrolyte", []),
        ('"solid state battery"', [1]), ("solid-state", [1]), ("solid*", [1]), ("batteries OR 玩具", [2]),
        ("NCM", [2]), ("ｎｃｍ正极", [2]), ("“固态 电池”", [0]), ("title：（电池 OR battery）", [0, 1, 2]),
        ("TIAB=(电池) AND AB=安全", [0]), ("swap", []), ("swap*", [1]), ("?olid", [1]),
        # NOT before AND, AND before OR.
        ("玩具 OR 固态 AND 安全", [0, 2]), ("安全 AND 电池 NOT 固态 OR 玩具", [2]),
        ("filed:2015..", []), ("claims:电池", []),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::patentnav.CoverageWarning")
def test_golden(text, expected) -> None:
    assert hits(text) == expected


def test_chinese_by_words_of_the_dictionary() -> None:
    pytest.importorskip("rjieba")
    rows = [("南京市长江大桥", ""), ("市长来访", "")]
    patents = records(rows)

    def found(text: str, segmented: bool) -> list[bool]:
        return query.found(query.parse(text, segmented=segmented), patents).tolist()

    assert found("市长", False) == [True, True]
    assert found("市长", True) == [False, True]
    assert found("市*", True)[1]
    # Five characters lie between, and two words: 电池|管理系统|的|控制.
    patents = records([("锂离子电池管理系统的控制方法", "")])
    assert found("电池 NEAR/5 控制", False) == [True]
    assert found("电池 NEAR/4 控制", False) == [False]
    assert found("电池 NEAR/2 控制", True) == [True]
    assert found("电池 NEAR/1 控制", True) == [False]


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("电池 电解质", 4, '"电池 电解质"'), ("(a OR b", 1, "closing"), ("a)", 2, "opening"), ("a AND", 6, "missing after AND"),
        ("AND a", 1, "at the beginning"), ('"a', 1, "quote"), ("titel:a", 1, 'Did you mean "title"'),
        ("class:HO1M10", 7, "H01M10"), ("a NEAR/3 (b AND c)", 3, "Take AND"), ("a NEAR b", 3, "NEAR/5"),
        ("title:a NEAR/3 abstract:b", 9, "before a bracket"), ("title:(a OR claims:b)", 13, "inside another"),
        ("a, b", 2, "OR"), ("filed:2020..2010", 7, "period"), ("*", 1, "no letter"), ("", 1, "empty"),
        ("固*池", 1, "PRE/5"), ("a NEAR/999 b", 3, "farther"), ("type:patent", 6, "utility_model"),
        ("a NEAR/2 NOT b", 10, "beside NEAR"), ("pH=7", 1, "quotes"), ("title:", 1, "nothing"),
        ("(" * 80 + "a" + ")" * 80, 61, "brackets"),
    ],
)  # fmt: skip
def test_errors_name_place_and_remedy(text, place, says) -> None:
    with pytest.raises(pnav.ExpressionError, match=re.escape(says)) as caught:
        query.parse(text)
    assert caught.value.place == place


@given(st.text(alphabet='ab电池 ()":=*?/,;ANDORTNEAR3', max_size=30))
def test_any_text_is_read_or_refused(text) -> None:
    try:
        made = query.parse(text)
    except pnav.ExpressionError as error:
        assert 1 <= error.place <= len(text) + 1  # noqa: PT017
    else:
        query.found(made, records(ROWS))


def test_fields_of_classes_names_codes_dates_and_numbers() -> None:
    ids = pd.Index(["CN101000001A", "CN101000001B", "US20150000001A1"], name="publication_id")
    patents = pnav.PatentSet.from_tables({
        "publications": pd.DataFrame(
            {"title": ["a", "b", "c"], "authority": ["CN", "CN", "US"],
             "application_id": ["CN201510000001", "CN201510000001", None],
             "application_date": pd.to_datetime(["2015-01-01", "2015-12-31", "2016-01-01"]),
             "patent_type": ["invention", "invention", None]}, index=ids),
        "classifications": pd.DataFrame(
            [(ids[0], "IPC", "H01M10/0525"), (ids[1], "CPC", "H01M4/58"), (ids[2], "IPC", "H01M100/00")],
            columns=["publication_id", "scheme", "symbol"]),
        "parties": pd.DataFrame(
            {"publication_id": [ids[0], ids[2]], "role": "applicant", "position": 1,
             "name_raw": ["华为技术有限公司", "Samsung SDI Co., Ltd."], "party_id": ["P1", "P2"]}),
        "inventors": pd.DataFrame(
            {"publication_id": [ids[1]], "position": 1, "name_raw": ["张三"]}),
    })  # fmt: skip

    def of(text: str) -> list[int]:
        return query.found(query.parse(text), patents).nonzero()[0].tolist()

    assert of("class:H01M10") == [0]  # and not H01M100
    assert of("IPC=(H01M10/052 OR H01M100)") == [0, 2]
    assert of("class:H01M") == [0, 1, 2]
    assert of("cpc:H01M*") == [1]
    assert of("applicant:华为") == [0]
    assert of("PA=(samsung OR 华为)") == [0, 2]
    assert of("inventor:张三") == [1]
    assert of("office:cn AND type:发明") == [0, 1]
    assert of("filed:2015") == [0, 1]
    assert of("filed:2015-12..") == [1, 2]
    assert of("NOT filed:..2015-06-30") == [1, 2]
    assert of("number:CN101000001") == [0, 1]
    assert of('PN="CN 101000001 B"') == [1]
    assert of("number:CN201510000001.3") == [0, 1]
    # The same by keyword.
    assert list(patents.filter(applicant="华为").publications.index) == [ids[0]]
    assert list(patents.filter(applicant="p2").publications.index) == [ids[2]]
    assert len(patents.filter(office="CN", years=(2015, 2015), type="invention")) == 2
    assert len(patents.filter(years=range(2015, 2017))) == 3
    assert len(patents.filter(classes=["H01M4", "H01M100"])) == 2
    assert len(patents.filter(numbers=["CN101000001B", "US 2015/0000001 A1"])) == 2
    assert len(patents.filter(text="a OR c", office="US")) == 1
    assert len(patents.filter(ids[:2], inventor="张三")) == 1
    assert len(patents.filter(title="a")) == 1
    assert patents.filter(office="US").provenance[-1].parameters == {"office": "US"}


@pytest.mark.parametrize(
    ("wanted", "error", "says"),
    [
        ({"aplicant": "x"}, pnav.UnknownNameError, "applicant"), ({"industry": "x"}, pnav.ArgumentError, "classify.industries"),
        ({"years": "soon"}, pnav.ArgumentError, "(2015, 2020)"), ({"numbers": ["CN9A"]}, pnav.ArgumentError, "CN9A"),
        ({"text": ["a"]}, pnav.ArgumentError, "one search expression"), ({"applicant": '"'}, pnav.ArgumentError, "no name"),
        ({"office": "C)"}, pnav.ArgumentError, ""), ({}, pnav.ArgumentError, "conditions"),
    ],
)  # fmt: skip
def test_wrong_conditions_are_refused(wanted, error, says) -> None:
    patents = records(ROWS)
    if wanted == {"office": "C)"}:
        assert len(patents.filter(**wanted)) == 0
        return
    with pytest.raises(error, match=re.escape(says)):
        patents.filter(**wanted)


def test_a_search_says_itself_and_shows_its_words() -> None:
    found = records(ROWS).search("title:电池 NOT 玩具")
    assert list(found.publications.index) == ["CN100A"]
    assert found.provenance[-1].parameters["expression"] == "title:电池 NOT 玩具"
    table = found.context(width=2)
    assert table[["field", "position", "term", "before", "match", "after"]].values.tolist() == [
        ["title", 5, "title:电池", "固态", "电池", "及其"]
    ]
    with pytest.raises(pnav.ArgumentError, match="needs an expression"):
        records(ROWS).context()


def test_an_absent_field_is_warned_of() -> None:
    with pytest.warns(pnav.CoverageWarning, match="claims"):
        assert not query.found(query.parse("claims:电池"), records(ROWS)).any()


def test_context_of_letters_that_grow() -> None:
    table = records([("Größe STRASSE İstanbul cell", "")]).context("cell", width=4)
    assert table["match"].tolist() == ["cell"]
    assert table["before"].tolist() == ["bul "]
