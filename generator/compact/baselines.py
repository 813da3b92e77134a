"""What the compact model is measured against: constants, the nearest text, TF-IDF and ridge.

The same vectors and the same ridge as the corpus's own table (assets/corpus/README.md): words and
word pairs and triples seen at least twice, sublinear counts, smoothed inverse document frequency.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

RIDGE_ALPHA: Final = 1.0
_WORD = re.compile(r"\b\w\w+\b")
_LONGEST, _LEAST = 3, 2

Matrix = NDArray[np.float64]


class Ngrams:
    """TF-IDF vectors of one to three words, unit length."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = Counter(gram for text in texts for gram in set(_grams(text)))
        kept = sorted(gram for gram, count in counts.items() if count >= _LEAST)
        self._index = {gram: place for place, gram in enumerate(kept)}
        seen = np.array([counts[gram] for gram in kept], np.float64)
        self._idf = np.log((1 + len(texts)) / (1 + seen)) + 1

    def vectors(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return the (n, grams) sparse vectors."""
        rows, columns, values = [], [], []
        for row, text in enumerate(texts):
            counts = Counter(self._index[g] for g in _grams(text) if g in self._index)
            places = np.array(list(counts), np.int64)
            weights = (1 + np.log(np.array(list(counts.values()), np.float64))) * self._idf[places]
            norm = np.linalg.norm(weights)
            rows += [row] * len(places)
            columns += places.tolist()
            values += (weights / norm if norm else weights).tolist()
        return sparse.csr_matrix((values, (rows, columns)), (len(texts), len(self._index)))


def ridge(train: sparse.csr_matrix, targets: Matrix, asked: sparse.csr_matrix) -> Matrix:
    """Return the (n, 61) predictions of ridge regression with an intercept, by its dual."""
    centre = np.asarray(train.mean(0)).ravel()
    offset = train @ centre
    middle = centre @ centre
    kernel = (train @ train.T).toarray() - offset[:, None] - offset[None, :] + middle
    kernel[np.diag_indices_from(kernel)] += RIDGE_ALPHA
    mean = targets.mean(0)
    dual = np.linalg.solve(kernel, targets - mean)
    near = (asked @ train.T).toarray() - offset[None, :] - (asked @ centre)[:, None] + middle
    predicted: Matrix = near @ dual + mean
    return predicted


def predictions(
    train_texts: Sequence[str], targets: Matrix, texts: Sequence[str]
) -> dict[str, Matrix]:
    """Return the (n, 61) predictions of every baseline by name.

    Args:
        train_texts: Texts of the training beats.
        targets: (m, 61) their poses.
        texts: The (n) texts to read.
    """
    grams = Ngrams(train_texts)
    known, asked = grams.vectors(train_texts), grams.vectors(texts)
    nearest = np.asarray((asked @ known.T).argmax(1)).ravel()
    return {
        "zero": np.zeros((len(texts), targets.shape[1])),
        "median pose": np.tile(np.median(targets, 0), (len(texts), 1)),
        "mean pose": np.tile(targets.mean(0), (len(texts), 1)),
        "nearest text": targets[nearest],
        "tf-idf + ridge": ridge(known, targets, asked),
    }


def _grams(text: str) -> list[str]:
    words = _WORD.findall(text.lower())
    return [
        " ".join(words[start : start + size])
        for size in range(1, _LONGEST + 1)
        for start in range(len(words) - size + 1)
    ]
