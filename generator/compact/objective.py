"""What the network is trained on: say how strong each unit is, and be told apart. Torch.

Four terms: cross entropy over the intensities (does not collapse to the median, keeps doubt
measurable), the error of the mean pose, a contrast of the pose against other poses by cosine
(what retrieval scores), and the left-right differences of paired shapes.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import Final

import torch
import torch.nn.functional as F  # noqa: N812  # as everyone calls it
from torch import Tensor

from generator.compact.network import GRID
from generator.compact.units import PAIRED_COUNT, UNIT_COUNT, WIRE_MATRIX

_SCORED: Final = 55  # the shapes and the head; eye rotations follow the looks
_SAME_POSE: Final = 0.97  # cosine above which a negative would be no negative
_SIDE_EMPHASIS: Final = 8.0


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the terms, kept on the card.

    Attributes:
        intensity: Cross entropy, mean over the units.
        error: Mean absolute error of the mean pose, in units.
        contrast: Cross entropy of finding the pose among others by cosine.
        side: Absolute error of left-right differences, emphasised where there is one.
        temperature: Of the contrast.
    """

    intensity: float = 10.0
    error: float = 4.0
    contrast: float = 0.5
    side: float = 2.0
    temperature: float = 0.07


def two_hot(values: Tensor) -> Tensor:
    """Return (n, u, 13): each value in [0, 1] shared between its two neighbours on `GRID`."""
    grid = torch.tensor(GRID)
    values = values.clamp(0.0, 1.0).contiguous()
    high = torch.bucketize(values, grid).clamp(1, len(GRID) - 1)
    low = high - 1
    weight = (values - grid[low]) / (grid[high] - grid[low])
    shared = torch.zeros(*values.shape, len(GRID))
    shared.scatter_(-1, low[..., None], (1 - weight)[..., None])
    return shared.scatter_add_(-1, high[..., None], weight[..., None])


def loss(logits: Tensor, target: Tensor, others: Tensor, weights: Weights) -> Tensor:
    """Return the scalar loss.

    Args:
        logits: (n, 54, 13).
        target: (n, 54) units.
        others: (m, 54) poses of other beats, negatives of the contrast.
        weights: Weights of the terms.
    """
    entropy = -(two_hot(target) * logits.log_softmax(-1)).sum(-1).mean()
    mean = logits.softmax(-1) @ torch.tensor(GRID)
    error = (mean - target).abs().mean()
    total: Tensor = weights.intensity * entropy + weights.error * error
    total = total + weights.contrast * _contrast(mean, target, others, weights.temperature)
    return total + weights.side * _side_error(mean, target)


def _contrast(mean: Tensor, target: Tensor, others: Tensor, temperature: float) -> Tensor:
    said, meant = _direction(mean), _direction(torch.cat([target, others]))
    same = (meant[: len(target)] @ meant.T > _SAME_POSE).fill_diagonal_(fill_value=False)
    similar = (said @ meant.T / temperature).masked_fill(same, -1e4)
    return F.cross_entropy(similar, torch.arange(len(target)))


def _direction(poses: Tensor) -> Tensor:
    """Return poses as unit vectors in the space that retrieval is scored in."""
    matrix = torch.tensor(WIRE_MATRIX[:, :_SCORED])
    scale = torch.ones(_SCORED)
    scale[_SCORED - 3 :] = 4 / pi
    return F.normalize((poses @ matrix) * scale, dim=-1, eps=1e-4)


def _side_error(mean: Tensor, target: Tensor) -> Tensor:
    assert mean.shape[-1] == UNIT_COUNT
    left, right = slice(0, PAIRED_COUNT, 2), slice(1, PAIRED_COUNT, 2)
    wanted = target[:, left] - target[:, right]
    off = (mean[:, left] - mean[:, right] - wanted).abs()
    return (off * (1 + _SIDE_EMPHASIS * wanted.abs())).mean()
