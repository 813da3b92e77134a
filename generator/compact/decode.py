"""From distributions over intensities to one pose. Pure numpy.

The mean of a distribution is a pose without doubt; where the model doubts, it hedges. `Decoding`
says how: a share of the median (which is bolder), a gain, and a lift of half-believed activity
over the threshold at which a muscle can be seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.compact import units


@dataclass(frozen=True, slots=True)
class Decoding:
    """How a distribution becomes a value; kept on the card.

    Attributes:
        median: Share of the median; the rest is the mean.
        gain: Multiplies the value.
        believed: Probability of being active from which a value is lifted to `visible`.
        visible: The least value of a muscle that is believed to act.
        active: Intensity from which a unit counts as active.
        doubted: Probability of being idle above which a value stays below `cautious`.
        cautious: The greatest value of a muscle that probably rests.
    """

    median: float = 0.0
    gain: float = 1.0
    believed: float = 1.1
    visible: float = 0.16
    active: float = 0.2
    doubted: float = 1.1
    cautious: float = 0.29

    def units(self, chances: NDArray[np.float32], grid: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (n, 54) values of (n, 54, k) probabilities over the k intensities of `grid`."""
        mean: NDArray[np.float32] = chances @ grid
        if self.median:
            mean = (1 - self.median) * mean + self.median * median(chances, grid)
        values = np.clip(mean * self.gain, 0.0, 1.0)
        awake = chances[..., grid >= self.active].sum(-1)
        values = np.where((awake >= self.believed) & (values < self.visible), self.visible, values)
        idle = chances[..., grid < 0.1].sum(-1)
        values = np.where((idle >= self.doubted) & (values > self.cautious), self.cautious, values)
        return values.astype(np.float32)


def median(chances: NDArray[np.float32], grid: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the interpolated medians of (..., k) distributions; 0 where idleness is likelier."""
    cumulative = np.cumsum(chances, -1)
    place = np.minimum((cumulative < 0.5).sum(-1), len(grid) - 1)
    below = np.where(
        place > 0,
        np.take_along_axis(cumulative, np.maximum(place - 1, 0)[..., None], -1)[..., 0],
        0,
    )
    above = np.take_along_axis(cumulative, place[..., None], -1)[..., 0]
    share = (0.5 - below) / (above - below + 1e-9)
    edges = np.concatenate([[0.0], (grid[:-1] + grid[1:]) / 2, [1.0]])
    value = edges[place] + share * (edges[place + 1] - edges[place])
    return np.where(place == 0, 0.0, value).astype(np.float32)


def mirror_mean(logits: NDArray[np.float32], mirrored: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the (n, 54, k) probabilities that a text and its mirror image agree on.

    Args:
        logits: (n, 54, k) log probabilities of the texts.
        mirrored: The same of the mirrored texts; mirrored back here.
    """
    both = (logits + mirrored[:, units.MIRROR]) / 2
    both = both - both.max(-1, keepdims=True)
    raised = np.exp(both)
    chances: NDArray[np.float32] = (raised / raised.sum(-1, keepdims=True)).astype(np.float32)
    return chances
