"""Names and telling phrases of technologies and of the fields above them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import i18n, text
from patentnav.cluster import labels as listing
from patentnav.cluster import names as nouns
from patentnav.cluster import scoring
from patentnav.cluster.decided import decided

if TYPE_CHECKING:
    from patentnav.cluster import vectors
    from patentnav.patentset import PatentSet

ENOUGH_TITLES = 0.5  # where fewer publications have a title, names come from the bodies
BEGINNING = 200  # characters of a body that may name the thing


@dataclass(frozen=True)
class Naming:
    """Names of groups, all telling phrases, and how many phrases of its name every document holds.

    ``first`` holds the first phrase of each, ``broad`` whether it is a word that names a group with
    "technology" after it only.
    """

    names: list[str]
    first: list[str]
    broad: list[bool]
    terms: pd.DataFrame
    held: np.ndarray


def titles(
    documents: pd.DataFrame,
    vectors: np.ndarray,
    rows: np.ndarray,
    patents: PatentSet,
    words: tuple[str, ...],
) -> nouns.Titles:
    """What names are made of: noun phrases, vectors and owners of all documents."""
    source = documents["title"]
    if source.notna().mean() < ENOUGH_TITLES:
        source = source.fillna(documents["body"].str.slice(0, BEGINNING))
    everywhere = np.zeros((len(documents), vectors.shape[1]), dtype=np.float32)
    everywhere[rows] = vectors
    owners = np.full(len(documents), -1)
    if patents.has("parties"):
        parties = patents.parties.drop_duplicates("publication_id").set_index("publication_id")
        name = parties["name"].fillna(parties["name_raw"]).reindex(documents.index)
        owners = np.asarray(pd.factorize(name, sort=True)[0])
    bodies: np.ndarray | None = None
    if documents["body"].notna().mean() >= ENOUGH_TITLES:
        whole = source.fillna("") + " . " + documents["body"].fillna("")
        bodies = (" " + whole.str.casefold()).to_numpy(dtype=object)
    return nouns.Titles(
        text.noun_phrases(text.split_titles(source)[0], words=words),
        everywhere,
        owners,
        source.str.casefold().to_numpy(),
        bodies,
    )


def language(documents: pd.DataFrame) -> str | None:
    """Language of the names, as far as the package has wording in it."""
    own = str(documents["set_language"].iloc[0])
    return own if own in i18n.languages() else None


def named(
    documents: pd.DataFrame, cut: vectors.Words, about: nouns.Titles, labels: np.ndarray
) -> Naming:
    """Names of all groups, their telling phrases, and the documents that hold these.

    Parameters
    ----------
    documents, cut
        The documents and their words.
    about
        What names are made of.
    labels
        Group of every document, -1 for none.
    """
    phrases, rows = decided(about, labels)
    words = rows[rows["broad"].astype(bool)]
    phrases = _with_names(phrases, rows)
    chosen: list[list[str]] = [[] for _ in range(int(labels.max()) + 1)]
    for group, term in zip(rows["group"], rows["term"], strict=True):
        chosen[group].append(str(term))
    bare = [group for group, own in enumerate(chosen) if not own]
    terms = phrases[["group", "rank", "term", "weight", "cover"]]
    held = _held(about, labels, phrases, chosen)
    first = [own[0] if own else "" for own in chosen]
    for group in words["group"].unique():
        chosen[group] = [under_technology(chosen[group], documents)]
    if bare:
        # Scripts and texts without noun phrases: the words that tell the group.
        again = nouns.repeated(about.texts, labels)
        in_titles = documents["title"].notna().mean() >= ENOUGH_TITLES
        source = slice(0, cut.n) if in_titles else slice(cut.n, 2 * cut.n)
        found = listing.phrases(cut.tokens, source)
        ranked = listing.ranked(found, labels, again, cut.tokens)
        ranked = ranked[ranked["group"].isin(bare)]
        used = {term for own in chosen for term in own}
        free = ranked[~ranked["term"].isin(used)]
        for group in bare:
            chosen[group] = free.loc[free["group"] == group, "term"].iloc[:2].to_list()
        listed = ranked[["group", "rank", "term", "weight", "cover"]]
        terms = pd.concat([terms[~terms["group"].isin(bare)], listed]).sort_values(
            ["group", "rank"]
        )
        best = ranked[ranked["rank"] <= 2]
        held = held + np.where(np.isin(labels, bare), listing.held(found, labels, best), 0)
        terms, held = _by_title(about, labels, chosen, terms, held)
    names = joined(chosen, documents)
    firsts = [own or (new[0] if new else name)
              for own, new, name in zip(first, chosen, names, strict=True)]  # fmt: skip
    alone = rows.drop_duplicates("group")
    broad = np.isin(np.arange(len(names)), alone.loc[alone["broad"].astype(bool), "group"]).tolist()
    return Naming(names, firsts, broad, terms.reset_index(drop=True), held)


def under_technology(words: list[str], documents: pd.DataFrame) -> str:
    """Broad words, in one heading with "technology" after them."""
    word = listed(words)
    lang = language(documents) or ("en" if word.isascii() else "zh")
    return i18n.text("cluster.technology", lang, word=word)


def listed(terms: list[str]) -> str:
    """One list of up to three, "A, B and C", as the script of the terms does it."""
    lang = "en" if all(map(str.isascii, terms)) else "zh"
    before = i18n.text("cluster.separator", lang).join(terms[:-1])
    return i18n.text("cluster.joiner", lang).join([before, terms[-1]] if before else terms)


def _with_names(phrases: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Phrases with the rows of names that are not among them before them."""
    if not len(rows):
        return phrases
    known = pd.MultiIndex.from_frame(phrases[["group", "term"]])
    new = ~pd.MultiIndex.from_frame(rows[["group", "term"]]).isin(known)
    both = pd.concat([rows[new].assign(rank=0).drop(columns="broad"), phrases])
    both = both.sort_values(["group", "rank"], kind="stable")
    both = both.assign(rank=both.groupby("group").cumcount() + 1)
    named = pd.MultiIndex.from_frame(both[["group", "term"]]).isin(
        pd.MultiIndex.from_frame(rows[["group", "term"]])
    )
    both = both[(both["rank"] <= scoring.LISTED) | named]
    return both.astype({"group": "int64", "rank": "int64"}).reset_index(drop=True)


def _by_title(
    about: nouns.Titles,
    labels: np.ndarray,
    chosen: list[list[str]],
    terms: pd.DataFrame,
    held: np.ndarray,
) -> tuple[pd.DataFrame, np.ndarray]:
    """Name what is left by its commonest title phrase; the largest group first."""
    left = sorted((g for g, own in enumerate(chosen) if not own),
                  key=lambda g: (-int((labels == g).sum()), g))  # fmt: skip
    for group in left:
        members = np.flatnonzero(labels == group)
        found = nouns.commonest(about, members, {nouns.same(own[0]) for own in chosen if own})
        if found is None:
            continue
        column, cover = found
        term = about.phrases.texts[column]
        chosen[group] = [term]
        row = {"group": group, "rank": 1, "term": term, "weight": 0.0, "cover": cover}
        terms = pd.concat([terms, pd.DataFrame([row])], ignore_index=True)
        held = held.copy()
        held[members] += about.phrases.presence[members][:, [column]].toarray().ravel() > 0
    return terms.sort_values(["group", "rank"], kind="stable", ignore_index=True), held


def joined(chosen: list[list[str]], documents: pd.DataFrame) -> list[str]:
    """Names of one or two phrases each, joined as their script does, all different."""
    lang = language(documents)
    result: list[str] = []
    for number, own in enumerate(chosen, start=1):
        name = listed(own) if own else i18n.text("cluster.unnamed", lang, number=number)
        result.append(name if name not in result else f"{name} ({number})")
    return result


def _held(
    about: nouns.Titles, labels: np.ndarray, phrases: pd.DataFrame, chosen: list[list[str]]
) -> np.ndarray:
    """How many of the phrases of its group's name every document holds."""
    held = np.zeros(len(labels), dtype=np.int64)
    presence = about.phrases.presence
    of_term = phrases.set_index(["group", "term"])["phrase"]
    for group, own in enumerate(chosen):
        members = np.flatnonzero(labels == group)
        columns = [int(of_term.loc[(group, term)]) for term in own]
        held[members] = presence[members][:, columns].sum(axis=1).A1
    return held
