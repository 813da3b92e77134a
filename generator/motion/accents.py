"""What a moving face adds on its way: anticipation, settling, arcs of the head. Pure.

Each is a short signal beside one transition, a few hundredths at most, and nothing at the moment a
key is reached.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from generator.motion.layers import LayerSpec
from generator.motion.scene import Effect, Floats, Scene, transitions
from livelink.channels import CHANNEL_COUNT, Channel

_MOST = 0.05  # no accent moves a channel further
_LARGE = 0.15  # a change below this has no accents
_SETTLE_TAU_S = 0.11
_SETTLE_PERIOD_S = 0.42


@dataclass(frozen=True, slots=True, eq=False)
class Accent:
    """A signal over a stretch of time.

    Attributes:
        start_s, end_s: The stretch.
        size: (61,) its size on each channel.
        shape: Seconds since the start (n,) -> factor (n,); 0 at both ends.
    """

    start_s: float
    end_s: float
    size: Floats
    shape: Callable[[Floats], Floats]


def anticipation(scene: Scene, spec: LayerSpec) -> Effect:
    """Return the effect of slight moves the other way before large changes out of a hold."""
    accents = []
    for step in transitions(scene.path):
        lead_s = min(0.18, 0.5 * step.rest_before_s)
        if lead_s < 0.05:
            continue
        size = -_limited(0.08 * spec.param("amount") * step.change, step.change)
        start_s, end_s = step.start_s - lead_s, step.start_s + 0.25 * step.length_s
        accents.append(Accent(start_s, end_s, size, _hump(end_s - start_s)))
    return _played(accents)


def settle(scene: Scene, spec: LayerSpec) -> Effect:
    """Return the effect of slight overruns that come to rest after quick changes."""
    accents = []
    for step in transitions(scene.path):
        if step.rest_after_s < 0.12:
            continue
        quickness = min(1.0, 0.35 / step.length_s)
        size = _limited(0.10 * quickness * spec.param("amount") * step.change, step.change)
        rest_s = min(step.rest_after_s, 0.8)
        accents.append(Accent(step.end_s, step.end_s + rest_s, size, _ring(rest_s)))
    return _played(accents)


def arcs(scene: Scene, spec: LayerSpec) -> Effect:
    """Return the effect of arcs: a head that turns dips on its way and leans into the turn."""
    del spec
    accents = []
    for step in transitions(scene.path):
        turn = float(step.change[Channel.HeadYaw])
        if abs(turn) < 0.08:
            continue
        size = np.zeros(CHANNEL_COUNT)
        size[Channel.HeadPitch] = -min(0.12 * abs(turn), 0.04)
        size[Channel.HeadRoll] = -float(np.clip(0.08 * turn, -0.03, 0.03))
        accents.append(Accent(step.start_s, step.end_s, size, _hump(step.length_s)))
    return _played(accents)


def _limited(size: Floats, change: Floats) -> Floats:
    return np.where(np.abs(change) >= _LARGE, np.clip(size, -_MOST, _MOST), 0.0)


def _hump(length_s: float) -> Callable[[Floats], Floats]:
    def hump(since_s: Floats) -> Floats:
        return np.asarray(np.sin(np.pi * since_s / length_s) ** 2)

    return hump


def _ring(length_s: float) -> Callable[[Floats], Floats]:
    def ring(since_s: Floats) -> Floats:
        fade = np.exp(-since_s / _SETTLE_TAU_S) * (1.0 - since_s / length_s)
        return np.asarray(1.8 * fade * np.sin(2.0 * np.pi * since_s / _SETTLE_PERIOD_S))

    return ring


def _played(accents: Sequence[Accent]) -> Effect:
    def play(values: Floats, times_s: Floats) -> Floats:
        out = values.copy()
        first, last = (times_s.min(), times_s.max()) if len(times_s) else (0.0, 0.0)
        for accent in accents:
            if accent.end_s <= first or accent.start_s >= last:
                continue
            rows = (times_s > accent.start_s) & (times_s < accent.end_s)
            out[rows] += accent.shape(times_s[rows] - accent.start_s)[:, None] * accent.size
        return out

    return play
