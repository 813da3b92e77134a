"""What the timecodes of a take's rows say: the rate, the real time of each row, and the gaps.

Pure. The reader (`livelink.csvfile`) parses every timecode in base 60, which holds every FF; only
all rows together tell whether FF counts to 30 or to 60, so nothing is decided from one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from livelink.errors import TimecodeError
from livelink.timecode import SECONDS_PER_DAY, FrameRate, FrameTime

RATE_30, RATE_60 = FrameRate(30), FrameRate(60)
"""The two rates of the app's takes."""

_MAX_WRAP_STEP_S = 3600.0  # a longer pause across midnight is rows out of order
_NOTED_GAPS = 20


class RowOrderError(TimecodeError):
    """A row that is not later than the one before.

    Attributes:
        row: Its index, 1 ... n - 1.
    """

    def __init__(self, row: int) -> None:
        super().__init__(
            "the timecode is not later than the row before; rows must be in the order of time"
        )
        self.row = row


@dataclass(frozen=True, slots=True)
class Gap:
    """Frames that a take misses.

    Attributes:
        row: Index of the first frame behind the gap, 1 ... n - 1.
        missing: How many frames are missing before it, at least 1.
    """

    row: int
    missing: int


@dataclass(frozen=True, slots=True, eq=False)
class RowTimes:
    """The time side of a take.

    Attributes:
        rate: 30 or 60, what the app labels the take with.
        start: Frame time of the first row, counted in `rate`.
        seconds: (n,) seconds of each row from the first, increasing; midnight undone.
        gaps: Where rows are missing.
        measured_fps: Frames a second by the timecodes, gaps counted; `rate` for one row.
        guessed: The take is too short to tell 60 fps from 30, and no rate was given.
    """

    rate: FrameRate
    start: FrameTime
    seconds: NDArray[np.float64]
    gaps: tuple[Gap, ...]
    measured_fps: float
    guessed: bool


def row_times(times: Sequence[FrameTime], given: FrameRate | None = None) -> RowTimes:
    """Return what the rows' timecodes say.

    Args:
        times: Each row's timecode parsed in base 60; at least one.
        given: The take's rate where it is known; used only where the rows do not tell.

    Raises:
        RowOrderError: A row is not later than the one before (a wrap at midnight is).
        TimecodeError: `given` is neither 30 nor 60 fps.
    """
    if given is not None and given not in (RATE_30, RATE_60):
        raise TimecodeError(f"a Live Link Face take runs at 30 or 60 fps, not at {given}")
    base, guessed = _frame_base(times, given)
    seconds = _seconds(times, base)
    rate = FrameRate(base // _typical_step(seconds, base, given))
    first = times[0]
    position = first.frame // 60 * base + first.frame % 60 + Fraction(first.subframe)
    gaps = _find_gaps(seconds, rate)
    frames = len(seconds) - 1 + sum(gap.missing for gap in gaps)
    return RowTimes(
        rate=rate,
        start=FrameTime.at(position / base, rate),
        seconds=seconds,
        gaps=gaps,
        measured_fps=frames / float(seconds[-1]) if len(seconds) > 1 else rate.fps,
        guessed=guessed,
    )


def gap_text(gaps: Sequence[Gap]) -> str:
    """Return the gaps in words, the first twenty one by one."""
    shown = "; ".join(f"{gap.missing} before frame {gap.row}" for gap in gaps[:_NOTED_GAPS])
    more = f"; and {len(gaps) - _NOTED_GAPS} more gaps" if len(gaps) > _NOTED_GAPS else ""
    return f"{sum(gap.missing for gap in gaps)} frames missing: {shown}{more}"


def _frame_base(times: Sequence[FrameTime], given: FrameRate | None) -> tuple[int, bool]:
    """Return what FF counts to, 60 or 30, and whether that is a guess."""
    if any(time.frame % 60 >= 30 for time in times):
        return 60, False
    if times[0].frame // 60 != times[-1].frame // 60:
        return 30, False  # a second went by and no frame above 29 was counted
    # Within one second: 2.0 between rows is the 30 fps of 2022, counted in 60.
    steps = [_position(later) - _position(earlier) for earlier, later in pairwise(times)]
    if steps and abs(float(np.median(steps)) - 2.0) < 0.25:
        return 60, False
    return (60 if given == RATE_60 else 30), given is None


def _position(time: FrameTime) -> float:
    return time.frame + time.subframe


def _seconds(times: Sequence[FrameTime], base: int) -> NDArray[np.float64]:
    whole = np.array([time.frame for time in times], np.int64)
    part = np.array([time.subframe for time in times], np.float64)
    second, frame = np.divmod(whole, 60)
    steps = np.diff(second + (frame + part) / base)
    wrapped = (steps < 0) & (steps + SECONDS_PER_DAY <= _MAX_WRAP_STEP_S)
    steps[wrapped] += SECONDS_PER_DAY
    late = np.nonzero(steps <= 0)[0]
    if late.size:
        raise RowOrderError(int(late[0]) + 1)
    return np.concatenate(([0.0], np.cumsum(steps)))


def _typical_step(seconds: NDArray[np.float64], base: int, given: FrameRate | None) -> int:
    """Return how many counted frames lie between rows: 1, or 2 for 30 fps counted in 60."""
    if base == 30:
        return 1
    if len(seconds) < 2:
        return 2 if given == RATE_30 else 1
    return 2 if float(np.median(np.diff(seconds))) * base >= 1.5 else 1


def _find_gaps(seconds: NDArray[np.float64], rate: FrameRate) -> tuple[Gap, ...]:
    missing = np.rint(np.diff(seconds) * rate.fps).astype(np.int64) - 1
    return tuple(Gap(int(row) + 1, int(missing[row])) for row in np.nonzero(missing > 0)[0])
