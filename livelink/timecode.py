"""Frame rates, frame times and Live Link Face timecode texts, exact.

Pure: no clock is read here; whoever calls brings the time. A frame time is the count of frames
since midnight with a fraction, as Unreal's FQualifiedFrameTime has it.
"""

from __future__ import annotations

import math
import operator
import re
import struct
from dataclasses import dataclass
from fractions import Fraction

from livelink.errors import TimecodeError

SECONDS_PER_DAY = 86_400

_INT32_MIN, _INT32_MAX = -(2**31), 2**31 - 1
_BELOW_ONE = 1.0 - 2.0**-24  # the largest float32 under 1: what Unreal clamps a subframe to
_TIMECODE = re.compile(r"(\d{1,2}):(\d{2}):(\d{2}):(\d{1,3}(?:\.\d{1,9})?)", re.ASCII)


_FLOAT32 = struct.Struct("=f")


def _as_float32(value: float) -> float:
    unpacked: float = _FLOAT32.unpack(_FLOAT32.pack(value))[0]
    return unpacked


def _as_int(value: int, what: str) -> int:
    """Return `value` as a plain int; numpy's integers are taken, fractions are not."""
    try:
        return operator.index(value)
    except TypeError as exc:
        raise TimecodeError(f"{what} must be a whole number, not {value!r}") from exc


@dataclass(frozen=True, slots=True)
class FrameRate:
    """Frames per second as a fraction, never rounded.

    Attributes:
        numerator: Frames, 1 ... 2**31 - 1.
        denominator: Seconds, 1 ... 2**31 - 1. A sender that writes 0 here makes all of its frames
            look like one timecode in Unreal, so 0 cannot be built.
    """

    numerator: int
    denominator: int = 1

    def __post_init__(self) -> None:
        for name, part in (("numerator", self.numerator), ("denominator", self.denominator)):
            if type(part) is not int:
                object.__setattr__(self, name, _as_int(part, f"frame rate {name}"))
            if not 1 <= part <= _INT32_MAX:
                raise TimecodeError(f"frame rate {name} must be 1 to {_INT32_MAX}, not {part!r}")

    @classmethod
    def of(cls, fps: float) -> FrameRate:
        """Return the exact rate meant by `fps`, with the NTSC rates (29.97, 59.94 ...) recognised.

        Raises:
            TimecodeError: `fps` is not a positive, finite number.
        """
        if not math.isfinite(fps) or fps <= 0:
            raise TimecodeError(f"a frame rate must be a positive number, not {fps!r}")
        nearest = round(fps)
        if nearest >= 1 and abs(fps - nearest) < 1e-9:
            return cls(nearest)
        ntsc = Fraction(round(fps * 1.001) * 1000, 1001)
        if ntsc > 0 and nearest <= 1000 and abs(fps - float(ntsc)) < 5e-3:
            return cls(ntsc.numerator, ntsc.denominator)
        # Both parts must fit int32, so the faster the rate, the coarser the denominator.
        exact = Fraction(fps).limit_denominator(max(1, min(1_000_000, int(_INT32_MAX / fps) - 1)))
        return cls(exact.numerator, exact.denominator)

    @property
    def fraction(self) -> Fraction:
        """Frames per second as an exact fraction."""
        return Fraction(self.numerator, self.denominator)

    @property
    def fps(self) -> float:
        """Frames per second as a float."""
        return self.numerator / self.denominator

    def __str__(self) -> str:
        return f"{self.fps:g} fps"


@dataclass(frozen=True, slots=True)
class FrameTime:
    """A position on the frame grid.

    Attributes:
        frame: Whole frames since midnight (int32). The app of 2021 did not wrap at 24 h.
        subframe: Fraction of a frame in [0, 1), rounded to float32 as the wire carries it.
    """

    frame: int
    subframe: float = 0.0

    def __post_init__(self) -> None:
        if type(self.frame) is not int:
            object.__setattr__(self, "frame", _as_int(self.frame, "a frame number"))
        if not _INT32_MIN <= self.frame <= _INT32_MAX:
            raise TimecodeError(f"frame number {self.frame!r} does not fit 32 bits")
        if not (0.0 <= self.subframe < 1.0):  # also refuses NaN
            raise TimecodeError(f"subframe must be in [0, 1), not {self.subframe!r}")
        object.__setattr__(self, "subframe", min(_as_float32(self.subframe), _BELOW_ONE))

    @classmethod
    def at(cls, seconds: float | Fraction, rate: FrameRate) -> FrameTime:
        """Return the frame time `seconds` after midnight.

        Raises:
            TimecodeError: `seconds` is not finite or beyond 32 bits of frames.
        """
        if isinstance(seconds, float) and not math.isfinite(seconds):
            raise TimecodeError(f"a time must be finite, not {seconds!r}")
        position = Fraction(seconds) * rate.fraction
        frame = math.floor(position)
        return cls(frame, min(float(position - frame), _BELOW_ONE))

    def seconds(self, rate: FrameRate) -> Fraction:
        """Return the exact seconds since midnight."""
        return (self.frame + Fraction(self.subframe)) / rate.fraction

    def plus(self, frames: int) -> FrameTime:
        """Return the time `frames` whole frames later (earlier, when negative)."""
        return FrameTime(self.frame + frames, self.subframe)


def format_timecode(time: FrameTime, rate: FrameRate) -> str:
    """Return `HH:MM:SS:FF.sss` as Live Link Face writes it, non-drop, wrapping at 24 h.

    `sss` is thousandths of a frame, truncated so that it never rolls into the next frame. A rate
    that is no whole number counts on the next whole one (29.97 on 30), as non-drop timecode does.
    """
    base = math.ceil(rate.fraction)
    total = time.frame % (base * SECONDS_PER_DAY)
    seconds, frame = divmod(total, base)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    thousandths = min(int(time.subframe * 1000 + 1e-4), 999)
    return f"{hour:02d}:{minute:02d}:{second:02d}:{frame:02d}.{thousandths:03d}"


def parse_timecode(text: str, rate: FrameRate) -> FrameTime:
    """Return the frame time written as `HH:MM:SS:FF.sss`.

    Args:
        text: The timecode. Hours above 23 count modulo 24, as Unreal's importer does.
        rate: The base the frames are counted in (60 for a 30 fps take of 2022).

    Raises:
        TimecodeError: Not a timecode, or a frame number that the rate does not have.
    """
    match = _TIMECODE.fullmatch(text)
    if match is None:
        raise TimecodeError(f"{text!r} is not a timecode of the form HH:MM:SS:FF.sss")
    hour, minute, second = (int(match[i]) for i in (1, 2, 3))
    position = Fraction(match[4])
    base = math.ceil(rate.fraction)
    if minute > 59 or second > 59 or position >= base:
        raise TimecodeError(f"{text!r} is not a time of day at {rate}")
    frame = math.floor(position)
    whole = (((hour % 24) * 60 + minute) * 60 + second) * base + frame
    return FrameTime(whole, min(float(position - frame), _BELOW_ONE))
