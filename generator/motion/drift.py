"""Held poses that waver as held faces do, and the breath. Pure.

The shape of the noise was read off a real 60 Hz stream (see `assets/motion`): its amplitude falls
about as 1 / f^2 above 1 Hz, it grows with how far a channel is out, is nearly nothing on channels
at rest, and neighbours (left and right, a smile and its cheek) waver together.
"""

from __future__ import annotations

import numpy as np

from generator.motion.gaze import STEADIED, against_head, shift_gaze
from generator.motion.layers import LayerSpec
from generator.motion.noise import Sines, rng_of
from generator.motion.scene import REGION_OF, REGIONS, Effect, Floats, Scene
from livelink.channels import CHANNEL_COUNT, CHANNELS, SHAPE_COUNT, Channel, Region

_WAVER = {  # standard deviation at full activation, as a share of the value
    Region.LIDS: 0.020,
    Region.BROWS: 0.045,
    Region.CHEEKS: 0.045,
    Region.NOSE: 0.045,
    Region.JAW: 0.040,
    Region.MOUTH: 0.040,
    Region.TONGUE: 0.005,
}
_AT_REST = 0.12  # how much of it is left on a channel at 0,
_TONGUE_AT_REST = 0.012  # or on a tongue that is in
_TREMOR = 0.16  # the quick part (3 to 18 Hz) beside the slow one (0.25 to 2.5 Hz)
_HEAD_SWAY_RAD = np.array([0.016, 0.013, 0.013])  # yaw, pitch, roll
_HEAD_TREMOR_RAD = 0.0008
_GAZE_WANDER = 0.006  # look units, 0.2 degrees: fixation drift
_PEAK_S = 0.18  # around the moment a pose is reached the face is at its steadiest
_PEAK_LEFT = 0.2
_HEAD = np.array([Channel.HeadYaw, Channel.HeadPitch, Channel.HeadRoll])

_BREATHS_PER_MIN = 15.5  # adults at rest breathe 12 to 20 times a minute
_BREATH = {
    Channel.HeadPitch: 0.008,
    Channel.NoseSneerLeft: 0.012,
    Channel.NoseSneerRight: 0.012,
    Channel.JawOpen: 0.010,
    Channel.MouthShrugLower: 0.006,
}


def drift(scene: Scene, spec: LayerSpec) -> Effect:
    """Return the effect of wavering holds: shapes by their value, head sway, gaze wander."""
    amount = spec.param("amount")
    scale = amount * np.array([_WAVER.get(REGIONS[i], 0.0) for i in REGION_OF])
    slow = Sines.of(rng_of(spec.seed, "slow"), (0.25, 2.5), 0.5, _mixing(spec.seed, "slow"))
    quick = Sines.of(rng_of(spec.seed, "quick"), (3.0, 18.0), 1.5, _mixing(spec.seed, "quick"))
    sway = Sines.of(rng_of(spec.seed, "sway"), (0.12, 2.0), 0.8, np.eye(5))
    at_rest = np.full(CHANNEL_COUNT, _AT_REST)
    at_rest[Channel.TongueOut] = _TONGUE_AT_REST
    energy = 1.0 + 0.3 * float(scene.arousal.mean())

    def waver(values: Floats, times_s: Floats) -> Floats:
        out = values.copy()
        away = _away_from_peaks(scene, times_s)[:, None]
        # Strongest half way out; less at the stop, where skin has no room left.
        room = at_rest + values * (1.6 - 0.6 * values)
        tremor = quick.at(times_s)
        noise = away * slow.at(times_s) + _TREMOR * tremor
        out[:, :SHAPE_COUNT] += (scale * energy * room * noise)[:, :SHAPE_COUNT]
        moved = away * sway.at(times_s)
        swayed = energy * _HEAD_SWAY_RAD * moved[:, :3] + _HEAD_TREMOR_RAD * tremor[:, _HEAD]
        turned = amount * swayed
        out[:, _HEAD] += turned
        looks = amount * _GAZE_WANDER * moved[:, [4, 4, 3, 3]]
        shift_gaze(out, looks + STEADIED * against_head(turned[:, 0], turned[:, 1]))
        return out

    return waver


def breath(scene: Scene, spec: LayerSpec) -> Effect:
    """Return the effect of breathing, quicker the more excited the words are."""
    rate = spec.param("rate_per_min")
    if rate <= 0.0:
        rate = _BREATHS_PER_MIN * (1.0 + 0.22 * float(scene.arousal.mean()))
    phase = rng_of(spec.seed, "breath").uniform(0.0, 2.0 * np.pi)
    depth = np.zeros(CHANNEL_COUNT)
    for channel, size in _BREATH.items():
        depth[channel] = size

    def breathe(values: Floats, times_s: Floats) -> Floats:
        angle = phase + 2.0 * np.pi * rate / 60.0 * times_s
        chest = np.sin(angle + 0.35 * np.sin(angle))  # in quicker than out
        inhaled = 0.5 + 0.5 * chest
        waves = np.repeat(inhaled[:, None], CHANNEL_COUNT, axis=1)
        waves[:, Channel.HeadPitch] = chest
        return values + depth * waves

    return breathe


def _away_from_peaks(scene: Scene, times_s: Floats) -> Floats:
    """Return (n,) how free the drift is: little at the moment a pose is reached, 1 elsewhere."""
    reached_s = scene.keys.times_s
    after = np.clip(np.searchsorted(reached_s, times_s), 0, len(reached_s) - 1)
    before = np.maximum(after - 1, 0)
    calm = np.exp(-(((times_s - reached_s[after]) / _PEAK_S) ** 2))
    calm = np.maximum(calm, np.exp(-(((times_s - reached_s[before]) / _PEAK_S) ** 2)))
    freedom: Floats = 1.0 - (1.0 - _PEAK_LEFT) * calm
    return freedom


def _mixing(seed: int, label: str) -> Floats:
    """Return (l, 61) how independent signals mix: by face, by region, by pair, and each its own."""
    pairs = np.array([min(info.channel, info.mirror) for info in CHANNELS])
    face = 0.25 * rng_of(seed, "mixing", label).choice([-1.0, 1.0], (1, CHANNEL_COUNT))
    regions = 0.45 * (np.arange(len(REGIONS))[:, None] == REGION_OF)
    both = 0.70 * (np.unique(pairs)[:, None] == pairs)
    own = 0.45 * np.eye(CHANNEL_COUNT)
    return np.concatenate((face, regions, both, own))
