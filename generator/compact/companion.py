"""The lexical model's voice beside the network's: the compact model is the two together.

N-grams remember rare words and plain ones; the network understands the rest. Each answer of the
lexical model is a point, spread over the two nearest intensities and mixed into the network's
distribution.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from generator.compact import units
from generator.compact.beats import unplaced
from generator.compact.tokens import Pair
from generator.models.lexical import LexicalModel
from generator.models.protocols import Reading, TextChoice


class Companion:
    """Mixes the lexical model into the network's answers."""

    def __init__(self, share: float, model: LexicalModel | None = None) -> None:
        """Load the lexical model unless one is given or its share is 0.

        Args:
            share: Its part of the mixture, 0 ... 1.
            model: The lexical model; the shipped one when None.

        Raises:
            DamagedModelError: The shipped one cannot be read.
        """
        self._share = share
        self._model = model if model is not None or share == 0.0 else LexicalModel.load()

    def join(
        self, chances: NDArray[np.float32], pairs: Sequence[Pair], grid: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return the (n, 54, k) mixture of the network's `chances` and the lexical answers.

        Args:
            chances: (n, 54, k) probabilities over `grid`.
            pairs: The n texts with their contexts.
            grid: (k,) rising intensities.
        """
        if self._model is None:
            return chances
        poses = np.stack([self._model.pose(_reading(pair)) for pair in pairs])
        points = spread(units.from_wire(poses), grid)
        mixed: NDArray[np.float32] = (1.0 - self._share) * chances + self._share * points
        return mixed.astype(np.float32)


def spread(values: NDArray[np.float32], grid: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (n, u, k) probabilities whose mean is each of the (n, u) values within the grid."""
    lower = np.clip(np.searchsorted(grid, values, side="right") - 1, 0, len(grid) - 2)
    step = grid[lower + 1] - grid[lower]
    share = np.clip((values - grid[lower]) / step, 0.0, 1.0)
    chances = np.zeros((*values.shape, len(grid)), np.float32)
    np.put_along_axis(chances, lower[..., None], (1.0 - share)[..., None], -1)
    np.put_along_axis(chances, (lower + 1)[..., None], share[..., None], -1)
    return chances


def _reading(pair: Pair) -> Reading:
    text, context = pair
    if context:
        return Reading(text, unplaced(context), TextChoice.ORIGINAL)
    return Reading(text, "", TextChoice.ANATOMICAL)
