"""A linear text model over hashed words: what texts alone say about the nodes of a taxonomy.

Words are hashed: a model is a table of numbers and holds no text.
"""

from __future__ import annotations

import functools
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.special import expit

from patentnav import _resources, text
from patentnav._shown import presented

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

BITS = 18  # 262,144 columns
PREFIX = 6  # letters; carries words across inflections and languages
_PAIR = np.uint64(0x9E3779B1)  # odd constant that mixes the hashes of two neighbours
_MASK = np.uint64(2**BITS - 1)
_STEPS = 127  # of a stored weight


@presented("classify.memberships(patents, text_model=model)")
@dataclass(frozen=True)
class TextModel:
    """Weights of hashed words for every node.

    Attributes
    ----------
    nodes
        Nodes, in the order of the columns of ``weights``.
    weights
        Features x nodes, float32.
    bias
        One value per node, float32.
    idf
        Inverse document frequency of every feature, float32; 0 where it is not used.
    """

    nodes: tuple[str, ...]
    weights: np.ndarray
    bias: np.ndarray
    idf: np.ndarray

    def posterior(self, counts: sparse.csr_matrix) -> np.ndarray:
        """Probability of every node by text alone.

        Parameters
        ----------
        counts
            Hashed words of texts, from :func:`hashed`.

        Returns
        -------
        numpy.ndarray
            Texts x nodes, rows sum to one; NaN where a text has no known word.
        """
        rated = weigh(counts, self.idf)
        chance = expit(np.asarray(rated @ self.weights) + self.bias)
        chance = chance / chance.sum(axis=1, keepdims=True)
        return np.where((np.diff(rated.indptr) > 0)[:, None], chance, np.nan)

    def save(self, file: Path) -> None:
        """Write the model; weights keep one byte each, in steps that are fine for small weights."""
        largest = np.abs(self.weights).max(axis=0)
        part = np.abs(self.weights) / np.where(largest > 0, largest, 1)
        steps = np.rint(np.sign(self.weights) * np.sqrt(part) * _STEPS)
        ceiling = float(self.idf.max()) / 255
        np.savez_compressed(
            file,
            nodes=np.array(self.nodes),
            bias=self.bias,
            largest=largest,
            steps=steps.astype(np.int8),
            idf=np.rint(self.idf / ceiling).astype(np.uint8),
            ceiling=np.float32(ceiling),
        )

    @classmethod
    def read(cls, file: Path) -> TextModel:
        """Read a model that :meth:`save` wrote."""
        with np.load(file, allow_pickle=False) as stored:
            part = stored["steps"].astype(np.float32) / _STEPS
            return cls(
                tuple(str(n) for n in stored["nodes"]),
                (part * np.abs(part) * stored["largest"]).astype(np.float32),
                stored["bias"].astype(np.float32),
                (stored["idf"] * stored["ceiling"]).astype(np.float32),
            )


def shipped(taxonomy: str) -> TextModel | None:
    """Return the model that comes with a taxonomy (``data/models``); None where there is none."""
    if taxonomy not in _resources.names("models", ".npz"):
        return None
    return _read(_resources.path("models", taxonomy, ".npz"))


@functools.lru_cache(maxsize=4)
def _read(file: Path) -> TextModel:
    return TextModel.read(file)


def hashed(texts: pd.Series) -> sparse.csr_matrix:
    """Count hashed words, pairs of neighbours, character pairs and prefixes.

    Parameters
    ----------
    texts
        Texts of any language; NA is an empty row.

    Returns
    -------
    scipy.sparse.csr_matrix
        Texts x 2**18, float32.
    """
    tokens = text.tokens(texts)
    lists = [_features(str(word)) for word in tokens.vocabulary]
    columns = np.fromiter((h for hashes in lists for h in hashes), dtype=np.int64)
    pointers = np.concatenate([[0], np.cumsum([len(hashes) for hashes in lists], dtype=np.int64)])
    ones = np.ones(len(columns), np.float32)
    spread = sparse.csr_matrix((ones, columns, pointers), shape=(len(lists), 2**BITS))
    counts = sparse.csr_matrix(tokens.counts() @ spread + _pairs(tokens, lists))
    counts.sum_duplicates()
    return counts


def _features(word: str) -> list[int]:
    low = word.lower()
    found = [low]
    if not low.isascii():
        found += [low[i : i + 2] for i in range(len(low) - 1)] if len(low) > 2 else []
    elif len(low) > PREFIX:
        found.append(f"{low[:PREFIX]}*")
    return [zlib.crc32(f.encode()) & int(_MASK) for f in found]


def _pairs(tokens: text.Tokens, lists: Sequence[Sequence[int]]) -> sparse.csr_matrix:
    """Pairs of neighbouring words of a text, hashed."""
    rows = np.repeat(np.arange(len(tokens)), np.diff(tokens.starts))
    left, right = tokens.codes[:-1], tokens.codes[1:]
    joined = (left != text.BREAK) & (right != text.BREAK) & (rows[:-1] == rows[1:])
    first = np.array([hashes[0] for hashes in lists], dtype=np.uint64)
    mixed = ((first[left[joined]] * _PAIR + first[right[joined]]) & _MASK).astype(np.int64)
    ones = np.ones(len(mixed), np.float32)
    return sparse.csr_matrix((ones, (rows[:-1][joined], mixed)), shape=(len(tokens), 2**BITS))


def weigh(counts: sparse.csr_matrix, idf: np.ndarray) -> sparse.csr_matrix:
    """TF-IDF with sublinear counts, rows of unit length; features without idf drop out."""
    rated = counts.copy()
    rated.data = ((1 + np.log(rated.data)) * idf[rated.indices]).astype(np.float32)
    rated.eliminate_zeros()
    return text.unit_rows(rated)


def fit(
    counts: sparse.csr_matrix,
    labels: np.ndarray,
    sample_weight: np.ndarray,
    nodes: Sequence[str],
    *,
    start: TextModel | None = None,
    random_state: int = 0,
) -> TextModel:
    """Fit one logistic function per node by averaged stochastic gradient descent.

    Parameters
    ----------
    counts
        Hashed words of the examples.
    labels, sample_weight
        Node of every example, and how sure it is (0 to 1); at least two nodes occur.
    nodes
        All nodes; one without example keeps what ``start`` knows of it.
    start
        Model to continue from, in fewer passes; its idf stays.
    random_state
        Seed of the order of the examples.

    Returns
    -------
    TextModel
    """
    from sklearn.linear_model import SGDClassifier

    present, at, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    places = [list(nodes).index(node) for node in present]
    begun = start or TextModel(
        tuple(nodes),
        np.zeros((counts.shape[1], len(nodes)), np.float32),
        np.full(len(nodes), -10.0, np.float32),
        inverse_frequency(counts),
    )
    model = SGDClassifier(
        loss="log_loss",
        alpha=2e-6,
        max_iter=3 if start else 8,
        tol=None,
        average=True,
        random_state=random_state,
    )
    first = {
        "coef_init": begun.weights.T[places].astype(float),
        "intercept_init": begun.bias[places].astype(float) * (start is not None),
    }
    if len(present) == 2:  # one function tells two nodes apart
        first = {}
    # Rare nodes weigh more, but less than in proportion: their examples are fewer and noisier.
    weight = sample_weight * sizes[at] ** -0.25
    model.fit(weigh(counts, begun.idf), labels, sample_weight=weight, **first)
    weights, bias = begun.weights.copy(), begun.bias.copy()
    slopes, offsets = model.coef_.T, model.intercept_
    if len(present) == 2:
        slopes, offsets = np.hstack([-slopes, slopes]), np.array([-offsets[0], offsets[0]])
    weights[:, places], bias[places] = slopes, offsets
    return TextModel(tuple(nodes), weights, bias, begun.idf)


def inverse_frequency(counts: sparse.csr_matrix) -> np.ndarray:
    """Inverse document frequency; 0 for features of fewer than two texts."""
    n = counts.shape[0]
    df = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.where(df >= 2, np.log((1 + n) / (1 + df)) + 1, 0.0).astype(np.float32)
