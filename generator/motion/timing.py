"""When each region moves within a transition: offsets, easing, saccades. Pure.

All three only bend time inside a transition: every region still starts from the pose before and
has arrived when the key's time comes, so the keys' poses are reached exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.motion.gaze import STEADIED, Saccade, against_head, saccade_share, shift_gaze
from generator.motion.interpolation import HEAD, Interpolation, Path
from generator.motion.layers import LayerSpec
from generator.motion.noise import rng_of
from generator.motion.scene import REGIONS, Floats, Scene, region_mask, transitions
from livelink.channels import Region

_WINDOWS: dict[Region, tuple[float, float]] = {
    Region.GAZE: (0.00, 0.45),
    Region.LIDS: (0.02, 0.55),
    Region.BROWS: (0.06, 0.72),
    Region.NOSE: (0.12, 0.85),
    Region.CHEEKS: (0.14, 0.90),
    Region.JAW: (0.16, 0.95),
    Region.MOUTH: (0.20, 1.00),
    Region.HEAD: (0.08, 1.00),
    Region.TONGUE: (0.00, 1.00),  # comes out when it is meant to; no layer shifts it
}
"""Share of a transition in which each region moves: eyes lead, brows follow, the mouth is last."""

_MAX_LATE_S = 0.16
_MAX_EARLY_S = 0.40
"""Offsets grow with the transition only up to these; beyond, regions would fall apart."""

_GAZE = REGIONS.index(Region.GAZE)


@dataclass(frozen=True, slots=True, eq=False)
class Timing:
    """How each region's time runs in each segment; shapes (m - 1, regions).

    Attributes:
        start, end: Share of the segment in which the region moves.
        skew: -1 late ... 1 early emphasis.
        ripple: Depth of the sub-movements, 0 ... 0.6.
        waves: How many of them a segment has.
        saccades: Gaze jumps by segment, with the weight of their layer.
        kind: What the path makes of its time.
        steadied: How much of a head turn under way the eyes make up for, 0 ... 1.
    """

    start: Floats
    end: Floats
    skew: Floats
    ripple: Floats
    waves: Floats
    saccades: tuple[tuple[int, Saccade, float], ...]
    kind: Interpolation
    steadied: float

    @classmethod
    def of(cls, scene: Scene, layers: Sequence[LayerSpec]) -> Timing:
        """Return the timing that the layers `offsets`, `easing` and `saccades` ask for."""
        shape = (len(scene.path.moving), len(REGIONS))
        start, end = np.zeros(shape), np.ones(shape)
        skew, ripple, waves = np.zeros(shape), np.zeros(shape), np.ones(shape)
        jumps: list[tuple[int, Saccade, float]] = []
        steadied = 0.0
        for spec in layers:
            mask = region_mask(spec)
            if spec.name == "offsets":
                _offset(scene, mask, start, end)
            elif spec.name == "easing":
                _ease(scene, spec, mask, skew, ripple, waves)
            elif spec.name == "saccades" and mask[_GAZE] > 0.0:
                found = Saccade.of_scene(scene)
                jumps += [(segment, jump, float(mask[_GAZE])) for segment, jump in found]
                steadied = STEADIED * float(mask[_GAZE])
        return cls(start, end, skew, ripple, waves, tuple(jumps), scene.path.kind, steadied)

    def shares(self, segment: NDArray[np.intp], share: Floats) -> Floats:
        """Return each region's (n, regions) share of its segments, in [0, 1]."""
        start, end = self.start[segment], self.end[segment]
        u = np.clip((share[:, None] - start) / (end - start), 0.0, 1.0)
        u += self.skew[segment] * u * (1.0 - u)
        if self.ripple.any():
            waves = 2.0 * np.pi * self.waves[segment]
            u += self.ripple[segment] / waves * np.sin(waves * u)
        for at, jump, weight in self.saccades:
            rows = segment == at
            if rows.any():
                jumped = saccade_share(jump, self.kind, share[rows])
                u[rows, _GAZE] += weight * (jumped - u[rows, _GAZE])
        return np.clip(u, 0.0, 1.0)

    def steady(self, path: Path, segment: NDArray[np.intp], shares: Floats, values: Floats) -> None:
        """Keep the gaze of (n, 61) values, in place, on its target while the head still turns.

        The eyes are there first; as the head arrives they turn back, until both have their pose.
        """
        if self.steadied == 0.0 or path.turns[-1] == 0.0:
            return
        to_go = self.steadied * (path.poses[segment + 1][:, HEAD] - values[:, HEAD])
        shift_gaze(values, shares[:, [_GAZE]] * against_head(-to_go[:, 0], -to_go[:, 1]))


def _offset(scene: Scene, mask: Floats, start: Floats, end: Floats) -> None:
    windows = np.array([_WINDOWS[region] for region in REGIONS])
    lengths = np.diff(scene.path.knots_s)[:, None]
    late = np.minimum(windows[:, 0], _MAX_LATE_S / lengths)
    early = np.maximum(windows[:, 1], 1.0 - _MAX_EARLY_S / lengths)
    first, last = _rests(scene)
    start += mask * (late - start) * first
    end += mask * (early - end) * last


def _rests(scene: Scene) -> tuple[Floats, Floats]:
    """Return (m - 1, 1) whether the face rests where each segment starts, and where it ends.

    A monotone path runs through keys without a hold; shifting its regions there would tear it.
    """
    moving = scene.path.moving
    if scene.path.kind is not Interpolation.MONOTONE:
        return np.ones((len(moving), 1)), np.ones((len(moving), 1))
    before = np.concatenate(([True], ~moving[:-1]))
    after = np.concatenate((~moving[1:], [True]))
    return before[:, None].astype(float), after[:, None].astype(float)


def _ease(
    scene: Scene, spec: LayerSpec, mask: Floats, skew: Floats, ripple: Floats, waves: Floats
) -> None:
    first, last = _rests(scene)
    for step in transitions(scene.path):
        rng = rng_of(spec.seed, "easing", step.key)
        urge = 0.35 * scene.arousal[step.key] + 0.35 * scene.haste[step.key]
        if step.length_s < 0.35:
            urge += 0.2  # a quick change is thrown, not pushed
        rests = first[step.segment] * last[step.segment]
        lean = np.clip(urge + rng.normal(0.0, 0.08, len(REGIONS)), -0.6, 0.6)
        skew[step.segment] += mask * rests * (lean - skew[step.segment])
        # Longer movements are made of sub-movements, about three a second.
        count = max(1.0, round(3.0 * step.length_s))
        depth = np.clip(rng.normal(0.3, 0.1, len(REGIONS)), 0.0, 0.55) * (step.length_s >= 0.3)
        ripple[step.segment] += mask * rests * (depth - ripple[step.segment])
        waves[step.segment] = count
