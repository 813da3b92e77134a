"""Predicted beats beside authored ones, in order: dynamic time warping on poses. Pure.

Symmetric warping after Sakoe and Chiba (1978, "Dynamic programming algorithm optimization for
spoken word recognition", their P = 0): a diagonal step counts twice, so every way through n
predicted and m authored beats has the weight n + m, and scripts of any lengths compare.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from generator.scoring import in_units

Poses = NDArray[np.float64]
"""(beats, 61) wire values of one script."""

Pair = tuple[int, int]
"""(predicted beat, authored beat)."""

STILL = 1e-6
"""A pose shorter than this, in scored units, is the neutral face, which has no direction."""


def pose_costs(predicted: Poses, authored: Poses) -> Poses:
    """Return the (n, m) distances of (n, 61) and (m, 61) poses, 0 ... 2.

    1 - cosine over the 55 scored values; a neutral face is 0 from another and 1 from all else.
    """
    guess, truth = in_units(predicted), in_units(authored)
    guess_size = np.linalg.norm(guess, axis=1, keepdims=True)
    truth_size = np.linalg.norm(truth, axis=1, keepdims=True)
    cosines = (guess / np.maximum(guess_size, STILL)) @ (truth / np.maximum(truth_size, STILL)).T
    both_still = (guess_size < STILL) & (truth_size < STILL).T
    costs: Poses = np.clip(np.where(both_still, 0.0, 1.0 - cosines), 0.0, 2.0)
    return costs


def align(costs: Poses) -> tuple[Pair, ...]:
    """Return the cheapest way through (n, m) costs, from the first pair to the last.

    Neither side ever goes back, and every beat of both is in at least one pair. Of equally cheap
    ways the more diagonal one is taken.
    """
    sums = _sums(costs[None, None])[:, :, 0, 0]
    row, column = costs.shape[0] - 1, costs.shape[1] - 1
    way = [(row, column)]
    while row or column:
        cost = float(costs[row, column])
        before = [
            (float(sums[r, c]) + weight * cost, place, (r, c))
            for place, (r, c, weight) in enumerate(
                ((row - 1, column - 1, 2.0), (row - 1, column, 1.0), (row, column - 1, 1.0))
            )
            if r >= 0 and c >= 0
        ]
        least = min(total for total, _, _ in before)
        row, column = next(cell for total, _, cell in before if total <= least + 1e-12)
        way.append((row, column))
    return tuple(reversed(way))


def warped_distances(predicted: Sequence[Poses], authored: Sequence[Poses]) -> Poses:
    """Return the (n, m) distances of n predicted to m authored scripts, 0 ... 2.

    The cost of the cheapest alignment, a mean over its weights.
    """
    lengths = np.array([len(poses) for poses in predicted])
    others = np.array([len(poses) for poses in authored])
    costs = np.zeros((len(predicted), len(authored), lengths.max(), others.max()))
    flat = pose_costs(np.concatenate(list(predicted)), np.concatenate(list(authored)))
    rows, columns = _places(lengths), _places(others)
    costs[rows[0][:, None], columns[0][None], rows[1][:, None], columns[1][None]] = flat
    sums = _sums(costs)
    n, m = np.ix_(np.arange(len(lengths)), np.arange(len(others)))
    distances: Poses = sums[lengths[n] - 1, others[m] - 1, n, m] / (lengths[n] + others[m])
    return distances


def _places(lengths: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for every beat of all scripts its script and its place in it."""
    scripts = np.repeat(np.arange(len(lengths)), lengths)
    places = np.concatenate([np.arange(length) for length in lengths])
    return scripts, places


def _sums(costs: Poses) -> Poses:
    """Return (beats, beats, ...) costs of the cheapest way to each cell of (..., beats, beats)."""
    cells = np.moveaxis(costs, (-2, -1), (0, 1))
    sums = np.full_like(cells, np.inf)
    for row in range(cells.shape[0]):
        for column in range(cells.shape[1]):
            cost = cells[row, column]
            ways = [2.0 * cost] if row == column == 0 else []
            if row and column:
                ways.append(sums[row - 1, column - 1] + 2.0 * cost)
            if row:
                ways.append(sums[row - 1, column] + cost)
            if column:
                ways.append(sums[row, column - 1] + cost)
            sums[row, column] = np.minimum.reduce(ways)
    return sums
