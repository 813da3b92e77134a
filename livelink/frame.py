"""Frame: one moment of one subject. Pure, frozen, finite by construction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from livelink.channels import CHANNEL_COUNT
from livelink.errors import FrameError
from livelink.timecode import FrameRate, FrameTime

Values = NDArray[np.float32]
"""Channel values in wire order, shape (61,) or (n, 61)."""

DeviceId = NewType("DeviceId", str)
"""What tells senders apart on the wire; the app uses a 36-character upper-case UUID."""


def as_values(values: ArrayLike, *, shape: tuple[int, ...] = (CHANNEL_COUNT,)) -> Values:
    """Return `values` as a read-only float32 array that a frame may carry.

    Args:
        values: Anything numpy reads as numbers.
        shape: The expected shape; -1 stands for any length.

    Raises:
        FrameError: Wrong shape, NaN or infinity.
    """
    try:
        if isinstance(values, np.ndarray) and values.dtype == np.float32:
            array = np.array(values)
        else:
            with np.errstate(over="ignore"):
                array = np.array(values, dtype=np.float32)
    except (TypeError, ValueError, OverflowError) as exc:
        raise FrameError(f"channel values must be numbers: {exc}") from exc
    if array.shape != shape and (
        array.ndim != len(shape)
        or any(want not in (-1, have) for want, have in zip(shape, array.shape, strict=True))
    ):
        raise FrameError(f"channel values must have shape {shape}, not {array.shape}")
    if not np.isfinite(array).all():
        raise FrameError("channel values must be finite; there is a NaN or infinity among them")
    array.flags.writeable = False
    return array


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A moment: who, when, and the face, or 'no face'.

    Attributes:
        subject: The name shown in Unreal's Live Link window.
        device_id: Stable id of the sender.
        time: Frame time since midnight.
        rate: The rate `time` counts in.
        values: (61,) float32 in wire order, read-only and finite; None when no face was seen.
    """

    subject: str
    device_id: DeviceId
    time: FrameTime
    rate: FrameRate
    values: Values | None

    def __post_init__(self) -> None:
        if self.values is not None:
            object.__setattr__(self, "values", as_values(self.values))

    @property
    def has_face(self) -> bool:
        """Whether the sender saw a face at this moment."""
        return self.values is not None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Frame):
            return NotImplemented
        mine, theirs = self.values, other.values
        same = (mine is None and theirs is None) or (
            mine is not None and theirs is not None and bool(np.array_equal(mine, theirs))
        )
        return same and (self.subject, self.device_id, self.time, self.rate) == (
            other.subject,
            other.device_id,
            other.time,
            other.rate,
        )

    __hash__ = None  # type: ignore[assignment]  # compared by value, and arrays do not hash
