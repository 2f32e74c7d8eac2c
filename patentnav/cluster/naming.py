"""Names and telling phrases of technologies and of the fields above them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav import i18n, text
from patentnav.cluster import labels as listing
from patentnav.cluster import names as nouns

if TYPE_CHECKING:
    from patentnav.cluster import vectors
    from patentnav.patentset import PatentSet

ENOUGH_TITLES = 0.5  # where fewer publications have a title, names come from the bodies
BEGINNING = 200  # characters of a body that may name the thing
HELD = 0.05  # share of a technology's titles that hold a phrase which stands for it,
SHARED = 0.6  # and share of a field's technologies (by the root of their size) that it stands for


@dataclass(frozen=True)
class Naming:
    """Names of groups, the first phrase of each, all telling phrases, and how many phrases of its name every document holds."""

    names: list[str]
    first: list[str]
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
    phrases = nouns.scored(about, labels)
    chosen = nouns.chosen(about, labels, phrases)
    wide = nouns.broader(about, labels, phrases, chosen)
    words = wide[wide["broad"].astype(bool)]
    phrases = _with_words(phrases, words)
    for group, term in zip(wide["group"], wide["term"], strict=True):
        chosen[group] = [term]
    bare = [group for group, own in enumerate(chosen) if not own]
    terms = phrases[["group", "rank", "term", "weight", "cover"]]
    held = _held(about, labels, phrases, chosen)
    for group, term in zip(words["group"], words["term"], strict=True):
        lang = language(documents) or ("en" if term.isascii() else "zh")
        chosen[group] = [i18n.text("cluster.technology", lang, word=term)]
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
    first = [own[0] if own else name for own, name in zip(chosen, names, strict=True)]
    return Naming(names, first, terms.reset_index(drop=True), held)


def _with_words(phrases: pd.DataFrame, words: pd.DataFrame) -> pd.DataFrame:
    """Phrases with the broad words of some groups before them."""
    if not len(words):
        return phrases
    both = pd.concat([words.assign(rank=0).drop(columns="broad"), phrases])
    both = both.sort_values(["group", "rank"], kind="stable").drop_duplicates(["group", "term"])
    both = both.assign(rank=both.groupby("group").cumcount() + 1)
    both = both[both["rank"] <= nouns.LISTED].astype({"group": "int64", "rank": "int64"})
    return both.reset_index(drop=True)


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
    joiners = {True: i18n.text("cluster.joiner", "en"), False: i18n.text("cluster.joiner", "zh")}
    result: list[str] = []
    for number, own in enumerate(chosen, start=1):
        name = (
            joiners[all(map(str.isascii, own))].join(own)
            if own
            else i18n.text("cluster.unnamed", lang, number=number)
        )
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


def field_names(
    about: nouns.Titles,
    labels: np.ndarray,
    area_of: np.ndarray,
    inside: Naming,
    documents: pd.DataFrame,
) -> list[str]:
    """Names of fields: the phrase that most of its technologies share, else their largest names.

    A phrase is as good as the share of the field's technologies in which it is among the telling
    ones, not of its titles: else a field has the name of one sharp child.
    """
    fields = np.where(labels >= 0, area_of[labels], -1)
    phrases = nouns.scored(about, fields)
    sizes = np.bincount(labels[labels >= 0], minlength=len(area_of))
    result: list[list[str]] = []
    taken: set[str] = set()
    for area in range(int(area_of.max()) + 1):
        children = np.flatnonzero(area_of == area)
        own = phrases[phrases["group"] == area]
        share = np.zeros(len(own))
        for child in children:
            members = np.flatnonzero(labels == child)
            cover = about.phrases.presence[members][:, own["phrase"].to_numpy()].mean(axis=0).A1
            share += (cover >= HELD) * np.sqrt(sizes[child])
        share /= np.sqrt(sizes[children]).sum()
        weight = np.where(share >= SHARED, own["weight"].to_numpy() * share, 0)
        order = np.lexsort((own["rank"].to_numpy(), -weight))
        best = [str(own["term"].iloc[i]) for i in order if weight[i] > 0]
        best = [term for term in best if term not in taken]
        largest = children[np.argsort(-sizes[children], kind="stable")]
        names = [inside.first[child] for child in largest]
        if len(children) == 1 or not best:
            best = [inside.names[largest[0]]] if len(children) == 1 else names[:2]
            result.append(best)
        else:
            result.append(best[:1])
        taken.update(best[:1])
    return joined(result, documents)
