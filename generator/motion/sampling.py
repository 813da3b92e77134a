"""The whole way from keys to frames. Pure: the same arguments give the same values.

A time's values never depend on which other times are asked for, so that a window can show one
frame of a performance and a renderer all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from generator.motion.constraints import constrain, follow_gaze
from generator.motion.curves import CurvePoint, evaluate
from generator.motion.interpolation import Interpolation, Keys, Path
from generator.motion.layers import LayerSpec, Mood
from livelink.channels import CHANNEL_COUNT, Channel

_BLOCK = 4096  # times evaluated at once: bounds the memory of very long performances


def sample(
    keys: Keys,
    times_s: NDArray[np.float64],
    interpolation: Interpolation,
    layers: Sequence[LayerSpec] = (),
    curves: Mapping[Channel, Sequence[CurvePoint]] | None = None,
    mood: Mood | None = None,
) -> NDArray[np.float32]:
    """Return the (n, 61) float32 values at `times_s` (n,), within every constraint.

    Args:
        keys: The poses in time.
        times_s: Seconds from neutral, in any order.
        interpolation: How to move between keys.
        layers: What lives on top.
        curves: Channels that follow points set by hand instead of the keys.
        mood: The words that colour easing, blinks, breath and gestures.
    """
    times = np.asarray(times_s, np.float64)
    path = Path.of(keys, interpolation)
    values = np.empty((len(times), CHANNEL_COUNT), np.float32)
    for first in range(0, len(times), _BLOCK):
        block = times[first : first + _BLOCK]
        segment, share = path.locate(block)
        moved = path.at(segment, share[:, None], share)
        for channel, points in (curves or {}).items():
            if points:
                moved[:, channel] = evaluate(points, block)
        values[first : first + _BLOCK] = follow_gaze(constrain(moved))
    return values
