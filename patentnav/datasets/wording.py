"""Titles and abstracts of the invented city in Chinese and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from patentnav.datasets import vocabulary

if TYPE_CHECKING:
    import numpy as np

    from patentnav.datasets.vocabulary import Pair

LANGUAGES = ("zh", "en")
_COUNTED = {"Method", "Device"}  # titles that take an article inside a sentence
# Share of texts that also speak of a neighbour of the same industry, or of any technology.
_NEIGHBOUR, _STRANGER = 0.20, 0.06


def write(applications: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Word every application.

    Returns
    -------
    pandas.DataFrame
        ``title_zh, title_en, abstract_zh, abstract_en``, in the order of ``applications``.
    """
    table = vocabulary.table("wording")
    shared = {key: vocabulary.pairs(table[key]) for key in
              ("generic", "general_effects", "general_problems")}  # fmt: skip
    draws = rng.random((len(applications), 20))
    forms = _forms(applications)
    visited = _visited(applications, rng)
    rows = []
    for technology, form, patent_type, other, u in zip(
        applications["technology"],
        forms,
        applications["patent_type"],
        visited,
        draws.tolist(),
        strict=True,
    ):
        words = _words(vocabulary.technologies()[technology], shared, other, u)
        rows.append(_texts(table, words, (form, patent_type), u))
    return pd.DataFrame(rows, columns=["title_zh", "title_en", "abstract_zh", "abstract_en"])


def _forms(applications: pd.DataFrame) -> list[str]:
    industries = vocabulary.table("industries")
    style = applications["industry"].map({k: e["wording"] for k, e in industries.items()})
    style = style.replace("substance", "method").where(
        applications["patent_type"] != "utility_model", "product"
    )
    return list(style.where(applications["patent_type"] != "design", "design"))


def _visited(
    applications: pd.DataFrame, rng: np.random.Generator
) -> list[vocabulary.Technology | None]:
    """Another technology that an application also speaks of, None for most."""
    technologies = vocabulary.technologies()
    industry = [t.industry for t in technologies]
    neighbours = {i: [k for k, other in enumerate(industry) if other == i] for i in set(industry)}
    visited: list[vocabulary.Technology | None] = []
    draw = rng.random((len(applications), 2)).tolist()
    for own, (chance, which) in zip(applications["technology"], draw, strict=True):
        if chance > _NEIGHBOUR + _STRANGER:
            visited.append(None)
            continue
        pool = range(len(technologies)) if chance < _STRANGER else neighbours[industry[own]]
        visited.append(technologies[pool[int(which * len(pool))]])
    return visited


def _pick(words: tuple[Pair, ...], u: float) -> Pair:
    return words[int(u * len(words))]


def _words(
    technology: vocabulary.Technology,
    shared: dict[str, tuple[Pair, ...]],
    visited: vocabulary.Technology | None,
    u: list[float],
) -> dict[str, Pair]:
    """The bilingual words of one application."""
    n = len(technology.means)
    first = int(u[0] * n)
    second = (first + 1 + int(u[1] * (n - 1))) % n
    third = (second + 1 + int(u[2] * (n - 2))) % n
    own_problem = u[6] < 0.8
    other = visited or technology
    m3 = technology.means[third] if visited is None else _pick(visited.means, u[16])
    return {
        "object": _pick(technology.objects, u[3]),
        "field": technology.name if u[19] < 0.8 else _pick(technology.objects, u[18]),
        "m1": technology.means[first],
        "m2": technology.means[second],
        "m3": m3,
        "g1": _pick(shared["generic"], u[4]),
        "g2": _pick(shared["generic"], u[5]),
        "other": _pick(other.objects, u[15]),
        "problem": _pick(technology.problems if own_problem else shared["general_problems"], u[7]),
        "effect": _pick(technology.effects, u[8]),
        "general": _pick(shared["general_effects"], u[9]),
    }


def _texts(
    table: dict[str, Any], words: dict[str, Pair], form: tuple[str, str], u: list[float]
) -> tuple[str, str | None, str | None, str | None]:
    """Title and abstract in both languages; parallel in choice of the sentences."""
    titles, abstracts = [], []
    style, patent_type = form
    for k, language in enumerate(LANGUAGES):
        said = {key: value[k] for key, value in words.items()}
        options = table["titles"][language][style]
        title = options[int(u[10] * len(options))].format(**said)
        said["title"] = title if k == 0 else _inside(title)
        frames = table["abstracts"][language]
        sentences = [
            frames[part][int(u[11 + i] * len(frames[part]))].format(**said)
            for i, part in enumerate(("opening", "problem", "means", "effect"))
        ]
        if k == 1:
            title = title[0].upper() + title[1:]
            sentences = _sentences(sentences)
        titles.append(title)
        abstracts.append("".join(sentences))
    if patent_type != "invention":
        zh, en = table["model"]["zh"], table["model"]["en"]
        abstracts[0] = abstracts[0].replace(zh[0], zh[1])
        abstracts[1] = abstracts[1].replace(en[0], en[1])
    if patent_type == "design":
        return titles[0], titles[1], None, None
    return titles[0], titles[1], abstracts[0], abstracts[1]


def _inside(title: str) -> str:
    """A title inside a sentence: with a small letter unless an abbreviation begins it."""
    head = title.split(" ", 1)[0]
    plain = title[0].lower() + title[1:] if head.istitle() else title
    return f"a {plain}" if head in _COUNTED else plain


def _sentences(parts: list[str]) -> list[str]:
    """Capital letters where a sentence begins."""
    result, begins = [], True
    for part in parts:
        result.append(part[:1].upper() + part[1:] if begins and part else part)
        begins = part.endswith((". ", ".")) if part else begins
    return result
