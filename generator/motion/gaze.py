"""Eyes: saccades along the main sequence, the head's part in large shifts, micro-saccades. Pure.

Numbers, from the literature as we know it (not re-measured here):

- A saccade of A degrees lasts about 2.2 A + 21 ms (Carpenter, Movements of the Eyes, 1988); peak
  speed saturates with it (Bahill, Clark and Stark 1975).
- Large saccades fall short by some 10 % and a small corrective one follows after 100 to 200 ms
  (Becker and Fuchs 1969).
- The head takes part once the shift exceeds some 15 to 20 degrees (Freedman and Sparks 1997 in
  monkeys; Stahl 1999 for the range in humans).
- Eyes make up for head turns almost wholly (vestibulo-ocular reflex); in the real streams eye yaw
  follows head yaw with a slope of about 0.75.
- Fixating eyes make one to two micro-saccades a second, most well under a degree (Martinez-Conde,
  Macknik and Hubel 2004).

One unit of a look shape turns the eye by 0.61 rad, about 35 degrees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from generator.motion.interpolation import EASES, Interpolation, Keys, minimum_jerk
from generator.motion.layers import LayerSpec
from generator.motion.noise import events_until, rng_of
from generator.motion.scene import Effect, Floats, Scene, transitions
from livelink.channels import EYE_PITCH_PER_LOOK, EYE_YAW_PER_LOOK, Channel

DEGREES_PER_LOOK = float(np.degrees(EYE_PITCH_PER_LOOK))

STEADIED = 0.75
"""How much of a head turn the eyes make up for."""

_PURSUIT = re.compile(
    r"\b(?:slow|drift|follow|track|glid|slid|wander|float|swivel|sweep|creep|lower|sink|swim)",
    re.IGNORECASE,
)
_RAMP = np.linspace(0.0, 1.0, 513)
_SHORTFALL_DEG = 10.0
_CORRECTION_S = 0.14
_HEAD_FROM_RAD = 0.30
_HEAD_GAIN = 0.25
_HEAD_MOST_RAD = 0.07

# (towards, away) look shapes: up, and to the subject's right, of each eye.
_AXES = (
    (Channel.EyeLookUpLeft, Channel.EyeLookDownLeft),
    (Channel.EyeLookUpRight, Channel.EyeLookDownRight),
    (Channel.EyeLookInLeft, Channel.EyeLookOutLeft),
    (Channel.EyeLookOutRight, Channel.EyeLookInRight),
)
TOWARDS = np.array([axis[0] for axis in _AXES])
AWAY = np.array([axis[1] for axis in _AXES])


def saccade_s(degrees: float) -> float:
    """Return the seconds that a saccade of so many degrees takes."""
    return (2.2 * degrees + 21.0) / 1000.0


def gaze_of(values: Floats) -> Floats:
    """Return (..., 4) signed looks: left eye up, right eye up, left eye right, right eye right."""
    looks: Floats = values[..., TOWARDS] - values[..., AWAY]
    return looks


def shift_gaze(values: Floats, shift: Floats) -> None:
    """Turn the eyes of (n, 61) values in place by (n, 4) signed looks, as `gaze_of` has them.

    A shift first takes back the opposite look and then adds to its own, so that 0 changes nothing.
    """
    for column, (towards, away) in enumerate(_AXES):
        plus, minus = values[:, towards].copy(), values[:, away].copy()
        forth, back = np.maximum(shift[:, column], 0.0), np.maximum(-shift[:, column], 0.0)
        values[:, towards] = np.maximum(plus - back, 0.0) + np.maximum(forth - minus, 0.0)
        values[:, away] = np.maximum(minus - forth, 0.0) + np.maximum(back - plus, 0.0)


def against_head(yaw: Floats, pitch: Floats) -> Floats:
    """Return the (n, 4) looks that keep the gaze where it is under head turns (n,), radians.

    Head yaw is + to the left and head pitch + up, so that the eyes go right and down.
    """
    right, up = yaw / EYE_YAW_PER_LOOK, -pitch / EYE_PITCH_PER_LOOK
    return np.stack((up, up, right, right), axis=1)


def shift_degrees(change: Floats) -> float:
    """Return how many degrees a (61,) change of pose turns the eyes that turn most."""
    looks = gaze_of(change)
    return DEGREES_PER_LOOK * float(max(np.hypot(looks[0], looks[2]), np.hypot(looks[1], looks[3])))


@dataclass(frozen=True, slots=True)
class Saccade:
    """A gaze shift within a segment, in shares of it.

    Attributes:
        start, end: When the main jump begins and ends.
        level: Share of the segment's way it covers.
        again, done: When the corrective jump begins and ends.
    """

    start: float
    end: float
    level: float
    again: float
    done: float

    @classmethod
    def of_scene(cls, scene: Scene) -> tuple[tuple[int, Saccade], ...]:
        """Return the saccade of each segment that shifts gaze and is no pursuit."""
        found = []
        for step in transitions(scene.path):
            degrees = shift_degrees(step.change)
            slow = step.length_s >= 0.6 and _PURSUIT.search(scene.mood.text(step.key))
            if degrees < 1.0 or slow:
                continue
            start_s = min(0.06, 0.1 * step.length_s)
            first_s = saccade_s(degrees)
            again_s = start_s + first_s + _CORRECTION_S
            done_s = again_s + saccade_s(0.1 * degrees)
            short = degrees > _SHORTFALL_DEG and done_s < step.length_s
            level = 0.9 if short else 1.0
            marks = np.array([start_s, start_s + first_s, again_s, done_s]) / step.length_s
            start, end, again, done = np.minimum(marks, 1.0)
            if not short:
                again, done = 2.0, 3.0
            found.append((step.segment, cls(start, max(end, start + 1e-6), level, again, done)))
        return tuple(found)


def saccade_share(jump: Saccade, kind: Interpolation, share: Floats) -> Floats:
    """Return the share of time at which a path of some kind is where the gaze has jumped to.

    Args:
        jump: The saccade.
        kind: What the path makes of its time; the jump has its own profile and takes that back.
        share: (n,) share of the segment's time that has passed.
    """
    main = np.clip((share - jump.start) / (jump.end - jump.start), 0.0, 1.0)
    rest = np.clip((share - jump.again) / (jump.done - jump.again), 0.0, 1.0)
    moved: Floats = jump.level * minimum_jerk(main) + (1.0 - jump.level) * minimum_jerk(rest)
    return np.interp(moved, EASES[kind](_RAMP), _RAMP)


def follow_with_head(keys: Keys, weight: float) -> Keys:
    """Return keys whose head turns a little with looks that are far to one side.

    Up to 0.07 rad (4 degrees), and only where the pose's own head does not go against the look.
    """
    looks = gaze_of(keys.poses)
    poses = keys.poses.copy()
    # Eye yaw is + to the right and head yaw + to the left; eye looks up are + like head pitch.
    for channel, look in (
        (Channel.HeadYaw, -EYE_YAW_PER_LOOK * looks[:, 2:].mean(axis=1)),
        (Channel.HeadPitch, EYE_PITCH_PER_LOOK * looks[:, :2].mean(axis=1)),
    ):
        beyond = np.sign(look) * np.maximum(np.abs(look) - _HEAD_FROM_RAD, 0.0)
        part = np.clip(_HEAD_GAIN * beyond, -_HEAD_MOST_RAD, _HEAD_MOST_RAD)
        agrees = poses[:, channel] * look >= 0.0
        poses[:, channel] += weight * np.where(agrees, part, 0.0)
    return Keys(keys.times_s, keys.holds_s, poses)


def lids_with_gaze(values: Floats, _times_s: Floats) -> Floats:
    """Lower the lids a little with eyes that look down, and lift them with eyes that look up.

    The look shapes carry most of the lid already; this is the rest, at most 0.06.
    """
    out = values.copy()
    for blink, wide, column in (
        (Channel.EyeBlinkLeft, Channel.EyeWideLeft, 0),
        (Channel.EyeBlinkRight, Channel.EyeWideRight, 1),
    ):
        up = gaze_of(values)[:, column]
        out[:, blink] += 0.06 * np.maximum(-up, 0.0) * (1.0 - values[:, blink])
        out[:, wide] += 0.04 * np.maximum(up, 0.0) * (1.0 - values[:, wide])
    return out


def microsaccades(scene: Scene, spec: LayerSpec) -> Effect | None:
    """Return the effect of tiny jumps about the target, up to about a degree."""
    rate_hz = spec.param("rate_hz")
    if rate_hz <= 0.0:
        return None
    until = max(scene.span_s[1], 0.0) * rate_hz
    at_s = events_until(rng_of(spec.seed, "microsaccades"), 3.0, until) / rate_hz
    # Offsets are drawn afresh each time, so that the gaze wanders about its target, not away.
    spots = rng_of(spec.seed, "microsaccade targets").normal(0.0, 0.3, (len(at_s), 2))
    spots = np.clip(spots, -0.8, 0.8) / DEGREES_PER_LOOK
    spots = np.concatenate((np.zeros((1, 2)), spots))
    jump_s = saccade_s(0.5)

    def jump(values: Floats, times_s: Floats) -> Floats:
        last = np.searchsorted(at_s, times_s, side="right")
        since_s = times_s - np.concatenate(([-1.0], at_s))[last]
        done = minimum_jerk(np.clip(since_s / jump_s, 0.0, 1.0))[:, None]
        before = spots[np.maximum(last - 1, 0)]
        offset = before + done * (spots[last] - before)
        out = values.copy()
        shift_gaze(out, offset[:, [1, 1, 0, 0]])
        return out

    return jump
