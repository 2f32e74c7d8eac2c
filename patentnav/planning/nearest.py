"""What lies nearest to a text that is no patent: a project, a product."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from patentnav.text import bm25, documents, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from patentnav.patentset import PatentSet

_DIGITS = 5


def nearest_to(
    patents: PatentSet, words: str, classes: Sequence[str] = (), *, top: int = 50
) -> pd.DataFrame:
    """Publications whose words and classes are nearest to a description.

    Parameters
    ----------
    patents
        The set.
    words
        The description, in any language of the set.
    classes
        Symbols of classes by their beginning.
    top
        Publications, at most.

    Returns
    -------
    pandas.DataFrame
        ``publication_id, similarity, words, classes``: cosine of the BM25 weights of title and
        abstract; share of the given classes that the publication has (NA without classes);
        ``similarity`` is the mean of those known. Nearest first, equals by id; what shares nothing
        is left out.

    Raises
    ------
    MissingTableError
        No publication has a title or an abstract.
    """
    read = documents(patents)
    body = read["title"].fillna("") + " . " + read["body"].fillna("")
    texts = pd.concat([body, pd.Series([words], index=["\x00"])]).astype("str")
    weights = bm25(tokens(texts).counts())
    # float32 sums depend on the order of terms: rounded, equal ones are equal everywhere.
    cosine = np.round((weights[:-1] @ weights[-1].T).toarray().ravel(), _DIGITS)
    found = pd.DataFrame({"publication_id": read.index, "words": cosine.astype("float64")})
    found["classes"] = np.nan
    if classes and patents.has("classifications"):
        table = patents.classifications
        hits = [
            set(table.loc[table["symbol"].str.startswith(c.strip()).fillna(False), "publication_id"])
            for c in classes
        ]  # fmt: skip
        found["classes"] = [sum(p in h for h in hits) / len(hits) for p in read.index]
    found["similarity"] = found[["words", "classes"]].mean(axis=1)
    found = found[found["similarity"] > 0]
    found = found.sort_values(["similarity", "publication_id"], ascending=[False, True])
    return found.head(top)[["publication_id", "similarity", "words", "classes"]].reset_index(
        drop=True
    )
