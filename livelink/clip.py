"""Clip: a dense stretch of face motion. Pure and immutable; every edit returns a new clip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from livelink.channels import CHANNEL_COUNT, CHANNELS, Channel
from livelink.errors import FrameError
from livelink.frame import DeviceId, Frame, Values, as_values
from livelink.timecode import FrameRate, FrameTime

MAX_FRAMES = 2_000_000
"""Of a clip made on a clock of its own: nine hours at 60 fps, half a gigabyte."""

_MIRROR = np.array([info.mirror for info in CHANNELS])
_MIRROR_SIGN = np.array([info.mirror_sign for info in CHANNELS], np.float32)
_HEAD = np.array([Channel.HeadYaw, Channel.HeadPitch, Channel.HeadRoll])
_MIDNIGHT = FrameTime(0)
_HEAD_LIMIT_RAD = 1.45
"""Beyond this (83 degrees; no neck goes there) Euler angles near the pole are ambiguous."""


def mirror_values(values: ArrayLike) -> Values:
    """Return values of shape (..., 61) with the subject's left and right exchanged."""
    array = np.asarray(values, np.float32)
    mirrored: Values = array[..., _MIRROR] * _MIRROR_SIGN
    return mirrored


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """A stretch of motion at a constant rate.

    Attributes:
        values: (n, 61) float32 in wire order, n >= 1, finite, read-only.
        rate: Frames per second.
        start: Frame time of the first frame (time of day).
        metadata: Free notes, text to text ("slate", "subject", "app_version" ...).
    """

    values: Values
    rate: FrameRate
    start: FrameTime = _MIDNIGHT
    metadata: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        values = as_values(self.values, shape=(-1, CHANNEL_COUNT))
        if len(values) == 0:
            raise FrameError("a clip holds at least one frame")
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "metadata", MappingProxyType(dict(self.metadata)))

    def __len__(self) -> int:
        return len(self.values)

    @property
    def duration_s(self) -> float:
        """Seconds from the first frame to the end of the last."""
        return float(len(self) / self.rate.fraction)

    @property
    def times_s(self) -> NDArray[np.float64]:
        """(n,) seconds of each frame from the first."""
        return np.arange(len(self), dtype=np.float64) * float(1 / self.rate.fraction)

    def frames(self, subject: str, device_id: DeviceId) -> Iterator[Frame]:
        """Yield each frame with its frame time."""
        for index, values in enumerate(self.values):
            yield Frame(subject, device_id, self.start.plus(index), self.rate, values)

    def slice(self, first: int, stop: int) -> Clip:
        """Return frames `first` to `stop` (exclusive), the start time moved with them.

        Raises:
            FrameError: The range holds no frame of this clip.
        """
        if not 0 <= first < stop <= len(self):
            raise FrameError(f"frames {first} to {stop} are not within 0 to {len(self)}")
        return replace(self, values=self.values[first:stop], start=self.start.plus(first))

    def resample(self, rate: FrameRate) -> Clip:
        """Return the same motion at another rate: shapes linear, head rotation on the sphere.

        The first frame and the time of the last are kept; frames beyond it are not invented.

        Raises:
            FrameError: It would have more than MAX_FRAMES frames.
        """
        if rate == self.rate:
            return self
        old_s = self.times_s
        count = int(np.floor(old_s[-1] * rate.fps + 1e-9)) + 1
        if count > MAX_FRAMES:
            raise FrameError(f"{count} frames at {rate} are more than {MAX_FRAMES}; choose fewer")
        new_s = np.minimum(np.arange(count) / rate.fps, old_s[-1])
        values = sample_values(old_s, self.values, new_s)
        start = FrameTime.at(self.start.seconds(self.rate), rate)
        return Clip(as_values(values, shape=(-1, CHANNEL_COUNT)), rate, start, self.metadata)

    def mirror(self) -> Clip:
        """Return the clip with the subject's left and right exchanged."""
        return replace(self, values=mirror_values(self.values))

    def blend(self, other: Clip, weight: float) -> Clip:
        """Return `(1 - weight) * self + weight * other` over the frames both have.

        Raises:
            FrameError: The rates differ, or the weight is outside [0, 1].
        """
        if other.rate != self.rate:
            raise FrameError(f"cannot blend {self.rate} with {other.rate}; resample one first")
        if not 0.0 <= weight <= 1.0:
            raise FrameError(f"a blend weight lies within 0 and 1, not {weight!r}")
        count = min(len(self), len(other))
        mixed = (1.0 - weight) * self.values[:count] + weight * other.values[:count]
        return replace(self, values=mixed)


def sample_values(
    times_s: NDArray[np.float64], values: Values, at_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Interpolate (n, 61) values given at increasing `times_s` at the times `at_s` (m,).

    Shapes and eyes are linear; the head turns along the shortest arc (quaternions), so that its
    speed is even however far it turns. A head beyond 1.45 rad, which is no head, is linear too.

    Returns:
        (m, 61) values; times outside the range take the first or last value.
    """
    if len(times_s) == 1:
        return np.repeat(values.astype(np.float64), len(at_s), axis=0)
    at_s = np.clip(at_s, times_s[0], times_s[-1])
    right = np.clip(np.searchsorted(times_s, at_s, side="right"), 1, len(times_s) - 1)
    left = right - 1
    share = ((at_s - times_s[left]) / (times_s[right] - times_s[left]))[:, None]
    out: NDArray[np.float64] = values[left] * (1.0 - share) + values[right] * share
    reach = float(np.abs(values[:, _HEAD]).max())
    if 0.0 < reach <= _HEAD_LIMIT_RAD:
        from scipy.spatial.transform import Rotation, Slerp  # late: 0.4 s that few callers need

        turns = Slerp(times_s, Rotation.from_euler("YXZ", values[:, _HEAD]))
        out[:, _HEAD] = turns(at_s).as_euler("YXZ")
    return out
