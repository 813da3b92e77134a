"""Whether a script can be told from others by its poses: retrieval in random pools. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

POOL = 32
ROUNDS = 200

TIE = 1e-9
"""Distances this close are equal, and a tie counts against the prediction."""


@dataclass(frozen=True, slots=True)
class Retrieval:
    """How often a prediction's own script is nearest to it.

    Attributes:
        r1, r3: Share of predictions whose own script is the first, among the first three.
        chance: What guessing gives for `r1`.
    """

    r1: float
    r3: float
    chance: float


def ranks(distances: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return for each row of (n, n) distances how many others are as near as its own, 0 best."""
    own = np.diag(distances)[:, None]
    places: NDArray[np.int64] = (distances <= own + TIE).sum(axis=1) - 1
    return places


def retrieval(
    distances: NDArray[np.float64], *, seed: int = 0, pool: int = POOL, rounds: int = ROUNDS
) -> Retrieval:
    """Rank every prediction's own script within random pools.

    Args:
        distances: (n, n), row i from prediction i to every script.
        seed: Of the pools.
        pool: Scripts in a pool; all of them where there are fewer.
        rounds: Pools drawn.
    """
    rng = np.random.default_rng(seed)
    size = min(pool, len(distances))
    first = third = 0.0
    for _ in range(rounds):
        drawn = rng.choice(len(distances), size, replace=False)
        places = ranks(distances[np.ix_(drawn, drawn)])
        first += float((places < 1).mean())
        third += float((places < 3).mean())
    return Retrieval(first / rounds, third / rounds, 1.0 / size)
