"""Ridge regression on sparse counts, solved over rows instead of features. Pure, deterministic."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import scipy.linalg
import scipy.sparse
from numpy.typing import NDArray

from generator.models.lexical import unit_vector

Floats = NDArray[np.float64]
Counts = Mapping[str, int]
_SLICE = 512
Sparse = Any  # scipy.sparse.csr_array; scipy comes without type information


def vocabulary(texts: Sequence[Counts], least: int) -> tuple[dict[str, int], NDArray[np.float32]]:
    """Return (feature -> row, rarity) of the features that at least `least` texts have.

    Rarity is 1 + ln((1 + n) / (1 + texts with it)), the smoothed inverse document frequency.
    """
    seen = Counter(name for counts in texts for name, count in counts.items() if count)
    names = sorted(name for name, number in seen.items() if number >= least)
    rarity = [1.0 + math.log((1 + len(texts)) / (1 + seen[name])) for name in names]
    return {name: row for row, name in enumerate(names)}, np.array(rarity, np.float32)


def matrix(texts: Sequence[Counts], rows: Mapping[str, int], rarity: NDArray[np.float32]) -> Sparse:
    """Return the sparse (texts, features) matrix of unit vectors."""
    vectors = [unit_vector(counts, rows, rarity) for counts in texts]
    ends = np.cumsum([0, *(len(index) for index, _ in vectors)])
    columns = np.concatenate([index for index, _ in vectors] or [np.zeros(0, np.int64)])
    values = np.concatenate([value for _, value in vectors] or [np.zeros(0)])
    return scipy.sparse.csr_array((values, columns, ends), shape=(len(texts), len(rows)))


def add_gram(features: Sparse, products: Floats) -> Floats:
    """Add the (n, n) inner products of the rows to `products`, in slices to spare memory."""
    across = features.T.tocsr()
    for start in range(0, features.shape[0], _SLICE):
        rows = slice(start, start + _SLICE)
        products[rows] += (features[rows] @ across).toarray()
    return products


def gram(features: Sparse) -> Floats:
    """Return the dense (n, n) inner products of the rows."""
    return add_gram(features, np.zeros((features.shape[0],) * 2))


def duals(products: Floats, targets: Floats, penalty: Floats | float) -> Floats:
    """Return (n, k) row weights a; features.T @ a are ridge weights. Overwrites `products`.

    Args:
        products: (n, n) inner products of the rows.
        targets: (n, k).
        penalty: Ridge penalty, one for all rows or (n,): a larger one trusts a row less.
    """
    products[np.diag_indices_from(products)] += penalty
    factor = scipy.linalg.cho_factor(products, lower=True, overwrite_a=True, check_finite=False)
    solved: Floats = scipy.linalg.cho_solve(factor, targets)
    return solved
