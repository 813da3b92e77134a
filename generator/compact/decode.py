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
        side_gain: Multiplies the difference of a pair's sides. Doubt whether a pair is one-sided
            shrinks its difference; doubt about which side does not survive `mirror_mean`.
        side_least: A difference that counts is widened to this.
        side_seen: Differences below this share of the stronger side count as none.
        side_alive: Nor do those of pairs whose stronger side is weaker than this.
    """

    median: float = 0.0
    gain: float = 1.0
    believed: float = 1.1
    visible: float = 0.16
    active: float = 0.2
    doubted: float = 1.1
    cautious: float = 0.29
    side_gain: float = 1.0
    side_least: float = 0.0
    side_seen: float = 0.02
    side_alive: float = 0.04

    def units(
        self,
        chances: NDArray[np.float32],
        grid: NDArray[np.float32],
        sided: NDArray[np.bool_] | None = None,
    ) -> NDArray[np.float32]:
        """Return (n, 54) values of probabilities.

        Args:
            chances: (n, 54, k) probabilities over the intensities of `grid`.
            grid: (k,) rising intensities.
            sided: (n,) whose words name a side; only there are differences of sides widened. All
                where None.
        """
        mean: NDArray[np.float32] = chances @ grid
        bold = mean
        if self.median:
            bold = (1 - self.median) * mean + self.median * median(chances, grid)
        values = np.clip(bold * self.gain, 0.0, 1.0)
        awake = chances[..., grid >= self.active].sum(-1)
        values = np.where((awake >= self.believed) & (values < self.visible), self.visible, values)
        idle = chances[..., grid < 0.1].sum(-1)
        values = np.where((idle >= self.doubted) & (values > self.cautious), self.cautious, values)
        widened = self._sided(values, mean)
        if sided is not None:
            widened = np.where(sided[:, None], widened, values)
        return widened.astype(np.float32)

    def _sided(self, values: NDArray[np.float32], mean: NDArray[np.float32]) -> NDArray[np.float32]:
        """Widen the differences between left and right that the means show."""
        left, right = slice(0, units.PAIRED_COUNT, 2), slice(1, units.PAIRED_COUNT, 2)
        shown = mean[:, left] - mean[:, right]
        stronger = np.maximum(mean[:, left], mean[:, right])
        counts = (np.abs(shown) >= self.side_seen * stronger) & (stronger >= self.side_alive)
        least = np.where(counts, self.side_least, 0.0)
        now = values[:, left] - values[:, right]
        wanted = np.sign(shown) * np.maximum.reduce(
            [np.abs(shown) * self.side_gain, np.abs(now), least]
        )
        wanted = np.where(counts, wanted, now)
        middle = (values[:, left] + values[:, right]) / 2
        middle = np.maximum(middle, np.abs(wanted) / 2)
        sided = values.copy()
        sided[:, left] = np.clip(middle + wanted / 2, 0.0, 1.0)
        sided[:, right] = np.clip(middle - wanted / 2, 0.0, 1.0)
        return sided


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
