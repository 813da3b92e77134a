"""What a model has to beat: constant poses, the nearest text, and plain TF-IDF + ridge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from generator.scoring import score
from generator.training import ridge

Floats = NDArray[np.float64]

PENALTY = 1.0
"""Of the TF-IDF + ridge baseline; 0.5 and 2 score alike."""

Baseline = Callable[[Sequence[str], Floats, Sequence[str]], Floats]
"""(training texts, their (n, 61) targets, texts) -> (m, 61) predictions."""


def zero(_: Sequence[str], targets: Floats, asked: Sequence[str]) -> Floats:
    """Predict the neutral face."""
    return np.zeros((len(asked), targets.shape[1]))


def mean(_: Sequence[str], targets: Floats, asked: Sequence[str]) -> Floats:
    """Predict the mean pose."""
    return np.tile(targets.mean(axis=0), (len(asked), 1))


def median(_: Sequence[str], targets: Floats, asked: Sequence[str]) -> Floats:
    """Predict each channel's median."""
    return np.tile(np.median(targets, axis=0), (len(asked), 1))


def nearest_text(texts: Sequence[str], targets: Floats, asked: Sequence[str]) -> Floats:
    """Predict the pose of the training text with the highest TF-IDF cosine."""
    known, wanted = _tfidf(texts, asked)
    nearest: Floats = targets[np.asarray((wanted @ known.T).toarray()).argmax(axis=1)]
    return nearest


def tfidf_ridge(texts: Sequence[str], targets: Floats, asked: Sequence[str]) -> Floats:
    """Predict by ridge regression on TF-IDF of 1 to 3 words."""
    known, wanted = _tfidf(texts, asked)
    centre = targets.mean(axis=0)
    weights = known.T @ ridge.duals(ridge.gram(known), targets - centre, PENALTY)
    predicted: Floats = centre + wanted @ weights
    return predicted


BASELINES: Mapping[str, Baseline] = {
    "zero": zero,
    "median": median,
    "mean": mean,
    "nearest text": nearest_text,
    "TF-IDF + ridge": tfidf_ridge,
}


def baseline_scores(
    texts: Sequence[str], targets: Floats, held_texts: Sequence[str], held_targets: Floats
) -> dict[str, dict[str, float | int | None]]:
    """Return the scores of every baseline on held-out texts, by name."""
    return {
        name: score(predict(texts, targets, held_texts), held_targets, held_texts).to_json()
        for name, predict in BASELINES.items()
    }


def _tfidf(texts: Sequence[str], asked: Sequence[str]) -> tuple[ridge.Sparse, ridge.Sparse]:
    counts = [_grams(text) for text in texts]
    rows, rarity = ridge.vocabulary(counts, 1)
    known = ridge.matrix(counts, rows, rarity)
    return known, ridge.matrix([_grams(text) for text in asked], rows, rarity)


def _grams(text: str) -> Counter[str]:
    words = text.casefold().split()
    words = [word.strip(".,;:!?()'\"") for word in words]
    return Counter(
        " ".join(words[start : start + length])
        for length in (1, 2, 3)
        for start in range(len(words) - length + 1)
    )
