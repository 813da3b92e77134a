"""Keys and what lies between them: linear, minimum-jerk and monotone cubic paths. Pure.

Every path starts from the neutral face at t = 0, reaches each pose exactly at its time, keeps it
through its hold and stays after the last one. No kind leaves the interval between two neighbouring
poses. The head turns along quaternion arcs, as `livelink.clip.sample_values` turns it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.errors import DocumentError
from livelink.channels import CHANNEL_COUNT, Channel

Floats = NDArray[np.float64]

MIN_STEP_S = 1e-3
"""The least time between two keys."""

HEAD = np.array([Channel.HeadYaw, Channel.HeadPitch, Channel.HeadRoll])
HEAD_ORDER = "YXZ"
"""Euler order of (HeadYaw, HeadPitch, HeadRoll), the same as in `livelink.clip`."""

ALIKE = np.zeros(CHANNEL_COUNT, np.intp)
"""Columns for `Path.at` where every channel keeps the same time."""

_JUMP_S = 1e-4  # a hold that touches the next key ends this much before it: a jump, not a fade


class Interpolation(enum.Enum):
    """How the face moves from one key to the next."""

    LINEAR = "linear"
    """Constant speed, as in the KeyframeFace paper."""

    MINIMUM_JERK = "minimum-jerk"
    """Bell-shaped speed, at rest in every key (Flash and Hogan 1985)."""

    MONOTONE = "monotone"
    """Cubic through the keys (Fritsch and Carlson), at rest only in holds and turning points."""


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """Poses in time.

    Attributes:
        times_s: (k,) seconds at which each pose is reached, >= 0, increasing by >= 1 ms; k >= 1.
        holds_s: (k,) seconds each stays, >= 0; no hold reaches over the next key.
        poses: (k, 61) finite values in wire order.
    """

    times_s: Floats
    holds_s: Floats
    poses: Floats

    def __post_init__(self) -> None:
        for name in ("times_s", "holds_s", "poses"):
            array = np.array(getattr(self, name), np.float64)
            if not np.isfinite(array).all():
                raise DocumentError(f"The keys' {name} hold a NaN or infinity.")
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        count = len(self.times_s) if self.times_s.ndim == 1 else 0
        if count == 0 or self.holds_s.shape != (count,):
            raise DocumentError("Keys need at least one time, and one hold for each.")
        if self.poses.shape != (count, CHANNEL_COUNT):
            raise DocumentError(
                f"Keys need poses of shape {(count, CHANNEL_COUNT)}, not {self.poses.shape}."
            )
        if self.times_s[0] < 0.0 or (self.holds_s < 0.0).any():
            raise DocumentError("The keys' times and holds must be >= 0 seconds.")
        gaps = np.diff(self.times_s)
        if (gaps < MIN_STEP_S - 1e-9).any():
            late = int(np.argmax(gaps < MIN_STEP_S - 1e-9)) + 1
            raise DocumentError(f"Key {late + 1} is not at least 1 ms after the one before it.")
        if (self.holds_s[:-1] > gaps + 1e-6).any():
            late = int(np.argmax(self.holds_s[:-1] > gaps + 1e-6)) + 1
            raise DocumentError(f"The hold of key {late} reaches over the next key.")

    def __len__(self) -> int:
        return len(self.times_s)

    @property
    def ends_s(self) -> Floats:
        """(k,) seconds at which each hold ends, never after the next key."""
        ends: Floats = self.times_s + self.holds_s
        ends[:-1] = np.minimum(ends[:-1], self.times_s[1:])
        return ends


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """Keys laid out as knots with slopes, ready to be evaluated anywhere.

    Attributes:
        knots_s: (m,) increasing seconds; m >= 2.
        poses: (m, 61) value at each knot.
        slopes: (m, 61) change per second at each knot; zero but for MONOTONE.
        turns: (m,) distance the head has turned up to each knot, radians.
        turn_slopes: (m,) its slope at each knot.
        steps: (m - 1, 3) rotation vector of the head over each segment, in its own frame.
        moving: (m - 1,) whether a segment leads to another key rather than holding one.
        targets: (m - 1,) index of the key each segment leads to or holds.
        kind: How the segments are filled.
    """

    knots_s: Floats
    poses: Floats
    slopes: Floats
    turns: Floats
    turn_slopes: Floats
    steps: Floats
    moving: NDArray[np.bool_]
    targets: NDArray[np.intp]
    kind: Interpolation

    @classmethod
    def of(cls, keys: Keys, kind: Interpolation) -> Path:
        """Return the path through the keys, from neutral at t = 0."""
        knots_s, poses, moving, targets = _knots(keys)
        slopes, turn_slopes = np.zeros_like(poses), np.zeros(len(poses))
        steps = _head_steps(poses)
        turns = np.concatenate(([0.0], np.cumsum(np.linalg.norm(steps, axis=1))))
        if kind is Interpolation.MONOTONE:
            from scipy.interpolate import PchipInterpolator  # late: scipy takes 0.4 s to load

            slopes = PchipInterpolator(knots_s, poses).derivative()(knots_s)
            speed = PchipInterpolator(knots_s, turns).derivative()(knots_s)
            turn_slopes = speed * _straightness(steps)
        return cls(knots_s, poses, slopes, turns, turn_slopes, steps, moving, targets, kind)

    def locate(self, times_s: Floats) -> tuple[NDArray[np.intp], Floats]:
        """Return each time's segment (n,) and its share of it (n,) in [0, 1]."""
        at_s = np.clip(times_s, self.knots_s[0], self.knots_s[-1])
        segment = np.searchsorted(self.knots_s, at_s, side="right") - 1
        segment = np.clip(segment, 0, len(self.knots_s) - 2)
        start_s = self.knots_s[segment]
        return segment, (at_s - start_s) / (self.knots_s[segment + 1] - start_s)

    def at(self, segment: NDArray[np.intp], share: Floats, columns: NDArray[np.intp]) -> Floats:
        """Return the (n, 61) values at shares of segments.

        Args:
            segment: (n,) segment indices.
            share: (n, r) shares of the segment's time that have passed, [0, 1].
            columns: (61,) which of the r shares each channel goes by.
        """
        left, right = self.poses[segment], self.poses[segment + 1]
        ease = EASES[self.kind](share)[:, columns]
        out: Floats = left * (1.0 - ease) + right * ease
        if self.kind is Interpolation.MONOTONE:
            length_s = (self.knots_s[segment + 1] - self.knots_s[segment])[:, None]
            passed = share[:, columns]
            rest = 1.0 - passed
            bend = self.slopes[segment] * rest - self.slopes[segment + 1] * passed
            out += length_s * passed * rest * bend
        if self.turns[-1] > 0.0:
            out[:, HEAD] = self._head_at(segment, share[:, columns[HEAD[0]]])
        return out

    def _head_at(self, segment: NDArray[np.intp], share: Floats) -> Floats:
        first, after = self.turns[segment], self.turns[segment + 1]
        turned = EASES[self.kind](share)
        if self.kind is Interpolation.MONOTONE:
            length_s = self.knots_s[segment + 1] - self.knots_s[segment]
            bend = self.turn_slopes[segment] * (1.0 - share) - self.turn_slopes[segment + 1] * share
            distance = np.where(after > first, after - first, 1.0)
            turned = turned + length_s * share * (1.0 - share) * bend / distance
        from scipy.spatial.transform import Rotation  # late, and not at all for a still head

        poses = self.poses[:, HEAD]
        start = Rotation.from_euler(HEAD_ORDER, poses[segment])
        step = Rotation.from_rotvec(self.steps[segment] * turned[:, None])
        return np.asarray((start * step).as_euler(HEAD_ORDER))


def interpolate(keys: Keys, times_s: Floats, kind: Interpolation) -> Floats:
    """Return the (n, 61) values at `times_s` (n,), channel by channel, the head on arcs.

    Args:
        keys: The poses in time.
        times_s: Seconds, in any order; before 0 the face is as at 0.
        kind: How to move between two keys.
    """
    path = Path.of(keys, kind)
    segment, share = path.locate(np.asarray(times_s, np.float64))
    return path.at(segment, share[:, None], ALIKE)


def minimum_jerk(share: Floats) -> Floats:
    """Return the minimum-jerk position 10u^3 - 15u^4 + 6u^5 of a share u in [0, 1]."""
    eased: Floats = share * share * share * (10.0 + share * (6.0 * share - 15.0))
    return eased


def _linear(share: Floats) -> Floats:
    return share


def _smooth(share: Floats) -> Floats:
    eased: Floats = share * share * (3.0 - 2.0 * share)
    return eased


EASES: dict[Interpolation, Callable[[Floats], Floats]] = {
    Interpolation.LINEAR: _linear,
    Interpolation.MINIMUM_JERK: minimum_jerk,
    Interpolation.MONOTONE: _smooth,  # the Hermite cubic without its slopes
}
"""Share of a segment's time -> share of its way, between knots at rest."""


def _knots(keys: Keys) -> tuple[Floats, Floats, NDArray[np.bool_], NDArray[np.intp]]:
    """Return knot times and poses, which segments move, and the key each segment belongs to."""
    starts_late = bool(keys.times_s[0] > _JUMP_S)
    times: list[float] = [0.0] if starts_late else []
    owners: list[int] = [0] if starts_late else []
    moving: list[bool] = []
    ends_s = keys.ends_s
    ends_s[:-1] = np.minimum(ends_s[:-1], keys.times_s[1:] - _JUMP_S)
    for index, time_s in enumerate(keys.times_s):
        if times:
            moving.append(True)
        times.append(float(time_s))
        owners.append(index)
        alone = len(keys) == 1 and len(times) == 1  # a path has at least one segment
        if alone or ends_s[index] > time_s + _JUMP_S:
            moving.append(False)
            times.append(max(float(ends_s[index]), float(time_s) + _JUMP_S))
            owners.append(index)
    poses = keys.poses[owners]
    if starts_late:
        poses[0] = 0.0
    return np.array(times), poses, np.array(moving), np.array(owners[1:])


def _head_steps(poses: Floats) -> Floats:
    """Return (m - 1, 3) rotation vectors from each knot's head to the next, in its own frame."""
    if not poses[:, HEAD].any():
        return np.zeros((len(poses) - 1, 3))
    from scipy.spatial.transform import Rotation  # late, and not at all for a still head

    head = Rotation.from_euler(HEAD_ORDER, poses[:, HEAD])
    return np.asarray((head[:-1].inv() * head[1:]).as_rotvec())


def _straightness(steps: Floats) -> Floats:
    """Return (m,) how straight the head goes through each knot: 1 straight on, 0 turning back."""
    size = np.linalg.norm(steps, axis=1)
    axes = steps / np.where(size > 0.0, size, 1.0)[:, None]
    inner = np.clip((axes[:-1] * axes[1:]).sum(axis=1), 0.0, 1.0)
    return np.concatenate(([1.0], inner, [1.0]))
