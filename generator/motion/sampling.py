"""The whole way from keys to frames. Pure: the same arguments give the same values.

A time's values never depend on which other times are asked for, so that a window can show one
frame of a performance and a renderer all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.motion.accents import anticipation, arcs, settle
from generator.motion.blinks import blinks
from generator.motion.constraints import constrain, follow_gaze
from generator.motion.curves import CurvePoint, evaluate
from generator.motion.drift import breath, drift
from generator.motion.gaze import follow_with_head, lids_with_gaze, microsaccades
from generator.motion.gestures import Play, gestures, open_again
from generator.motion.interpolation import ALIKE, Interpolation, Keys, Path
from generator.motion.layers import KINDS, LayerSpec, Mood
from generator.motion.scene import REGION_OF, Effect, Floats, Scene, channel_mask
from generator.motion.timing import Timing
from livelink.channels import CHANNEL_COUNT, Channel, Region

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
        times_s: Seconds from neutral, in any order; before 0 the face is as at 0.
        interpolation: How to move between keys.
        layers: What lives on top; they run in the order of `KINDS`, whatever order they come in.
        curves: Channels that follow points set by hand instead of the keys.
        mood: The words that colour easing, blinks, breath and gestures.
    """
    times = np.maximum(np.asarray(times_s, np.float64), 0.0)
    values = np.empty((len(times), CHANNEL_COUNT), np.float32)
    if not len(times):
        return values
    span_s = (float(times.min()), float(times.max()))
    pipeline = _compose(keys, interpolation, layers, curves or {}, (mood or Mood(), span_s))
    for first in range(0, len(times), _BLOCK):
        block = times[first : first + _BLOCK]
        values[first : first + _BLOCK] = follow_gaze(constrain(pipeline.at(block)))
    return values


@dataclass(frozen=True, slots=True, eq=False)
class _Pipeline:
    """Everything that is known before a time is.

    Attributes:
        scene: The keys' path and mood.
        timing: Each region's time, or None without timing layers.
        curves: Channels set by hand.
        effects: (effect, (61,) how much of it each channel takes), in their order.
    """

    scene: Scene
    timing: Timing | None
    curves: Mapping[Channel, Sequence[CurvePoint]]
    effects: Sequence[tuple[Effect, Floats]]

    def at(self, times_s: Floats) -> Floats:
        """Return the (n, 61) values at `times_s` (n,), not yet constrained."""
        path = self.scene.path
        segment, share = path.locate(times_s)
        if self.timing is None:
            values = path.at(segment, share[:, None], ALIKE)
        else:
            shares = self.timing.shares(segment, share)
            values = path.at(segment, shares, REGION_OF)
            self.timing.steady(path, segment, shares, values)
        for channel, points in self.curves.items():
            if points:
                values[:, channel] = evaluate(points, times_s)
        for effect, mask in self.effects:
            values += mask * (effect(values, times_s) - values)
        return values


def _compose(
    keys: Keys,
    interpolation: Interpolation,
    layers: Sequence[LayerSpec],
    curves: Mapping[Channel, Sequence[CurvePoint]],
    words: tuple[Mood, tuple[float, float]],
) -> _Pipeline:
    mood, span_s = words
    order = list(KINDS)
    active = sorted(
        (spec for spec in layers if spec.weight > 0.0), key=lambda spec: order.index(spec.name)
    )
    plays: dict[int, tuple[Play, ...]] = {}
    for number, spec in enumerate(active):
        if spec.name == "gestures":
            keys, mood, plays[number] = open_again(keys, mood, spec)
        if spec.name == "saccades" and Region.HEAD in spec.active_regions:
            keys = follow_with_head(keys, spec.weight)
    scene = Scene.of(keys, Path.of(keys, interpolation), mood, span_s)
    timed = [spec for spec in active if spec.name in ("offsets", "easing", "saccades")]
    timing = Timing.of(scene, timed) if timed else None
    effects: list[tuple[Effect, Floats]] = []
    for number, spec in enumerate(active):
        before = _Pipeline(scene, timing, curves, tuple(effects))
        effect = gestures(plays[number]) if number in plays else _effect(scene, spec, before.at)
        if effect is not None:
            effects.append((effect, channel_mask(spec)))
    return _Pipeline(scene, timing, curves, tuple(effects))


def _effect(scene: Scene, spec: LayerSpec, before: Callable[[Floats], Floats]) -> Effect | None:
    """Return what a layer adds to the values, or None for one that only bends time."""
    if spec.name == "saccades":
        return lids_with_gaze
    if spec.name == "blinks":
        return blinks(scene, spec, before)
    make = _EFFECTS.get(spec.name)
    return make(scene, spec) if make else None


_EFFECTS: dict[str, Callable[[Scene, LayerSpec], Effect | None]] = {
    "arcs": arcs,
    "anticipation": anticipation,
    "settle": settle,
    "drift": drift,
    "breath": breath,
    "microsaccades": microsaccades,
}
