"""Deadlines and lateness: the arithmetic of sending at a steady rate. Pure: no clock, no thread.

Tick k is due at `start + k / rate`, computed anew in whole nanoseconds each time, so that nothing
adds up over hours. Whoever wakes too late for a tick skips it; the phase stays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from livelink.timecode import FrameRate

_NS_PER_S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Tick:
    """One frame that is to be sent now.

    Attributes:
        index: Number of the frame since the start, from 0; skipped ones count.
        due_s: When it was due, on the caller's clock.
        late_s: How much later it was taken, >= 0.
        skipped: How many frames were missed right before it.
    """

    index: int
    due_s: float
    late_s: float
    skipped: int


class Pacer:
    """Says when the next frame is due and which one it is. One thread.

    Attributes:
        rate: Frames per second.
        skipped: Frames missed so far.
    """

    def __init__(self, rate: FrameRate, start_s: float) -> None:
        self.rate = rate
        self.skipped = 0
        self._start_ns = round(start_s * _NS_PER_S)
        self._next = 0
        self._missed = 0  # since the last frame taken
        self._left_ns = self._start_ns - _NS_PER_S  # when the last frame left
        self._waits = False  # whether the last call skipped a frame for being late

    @property
    def next_index(self) -> int:
        """Number of the next frame."""
        return self._next

    @property
    def next_due_s(self) -> float:
        """When the next frame is due."""
        return self._due_ns(self._next) / _NS_PER_S

    def take(self, now_s: float) -> Tick | None:
        """Return the frame to send at `now_s`, or None to wait for `next_due_s`.

        After a stall the newest due frame is taken and the ones before it are skipped. What is
        later than half a frame, or would follow the last one that left within half a frame, is
        skipped as well, so that nothing is bunched; but never twice in a row, or a computer that
        always wakes late would send nothing.
        """
        now_ns = round(now_s * _NS_PER_S)
        if now_ns < self._due_ns(self._next):
            return None
        newest = self._newest(now_ns)
        due_ns, following_ns = self._due_ns(newest), self._due_ns(newest + 1)
        late_ns, half_ns = now_ns - due_ns, (following_ns - due_ns) // 2
        too_late = not self._waits and (late_ns > half_ns or now_ns - self._left_ns < half_ns)
        missed = newest - self._next + too_late
        self.skipped += missed
        self._missed += missed
        self._next = newest + 1
        self._waits = too_late
        if too_late:
            return None
        skipped, self._missed = self._missed, 0
        self._left_ns = now_ns
        return Tick(newest, due_ns / _NS_PER_S, late_ns / _NS_PER_S, skipped)

    def left(self, now_s: float) -> None:
        """Note that the frame taken last is out: it may have been held up after it was taken."""
        self._left_ns = round(now_s * _NS_PER_S)

    def _due_ns(self, index: int) -> int:
        period = index * self.rate.denominator * _NS_PER_S
        return self._start_ns + period // self.rate.numerator

    def _newest(self, now_ns: int) -> int:
        """Return the last index that is due at `now_ns`; floor division alone is one short."""
        elapsed = (now_ns - self._start_ns) * self.rate.numerator
        index = elapsed // (self.rate.denominator * _NS_PER_S)
        return index + 1 if self._due_ns(index + 1) <= now_ns else index


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late frames left, over a whole run.

    Attributes:
        count: Frames measured.
        p50_s: Median, exact to 5 %.
        p99_s: 99th percentile, exact to 5 %.
        max_s: The worst one, exact.
    """

    count: int = 0
    p50_s: float = 0.0
    p99_s: float = 0.0
    max_s: float = 0.0

    def __str__(self) -> str:
        return (
            f"lateness p50 {self.p50_s * 1e3:.2f} ms, p99 {self.p99_s * 1e3:.2f} ms, "
            f"max {self.max_s * 1e3:.2f} ms over {self.count} frames"
        )


NOT_LATE = Lateness()
"""Before anything was measured."""


class LatenessMeter:
    """Collects lateness in a histogram of fixed size. One thread.

    Buckets grow by 2**(1/16) from 1 microsecond to 268 seconds; what is outside counts at the
    ends.
    """

    _PER_OCTAVE = 16
    _LEAST_S = 1e-6
    _BUCKETS = 28 * _PER_OCTAVE

    def __init__(self) -> None:
        self._counts = np.zeros(self._BUCKETS, np.int64)
        self._max_s = 0.0

    def add(self, late_s: float) -> None:
        """Count one frame."""
        self._max_s = max(self._max_s, late_s)
        if late_s <= self._LEAST_S:
            bucket = 0
        else:
            bucket = math.ceil(math.log2(late_s / self._LEAST_S) * self._PER_OCTAVE)
        self._counts[min(bucket, self._BUCKETS - 1)] += 1

    def report(self) -> Lateness:
        """Return the figures so far."""
        below = np.cumsum(self._counts)
        count = int(below[-1])
        if count == 0:
            return NOT_LATE
        ranks = [math.ceil(count * share) for share in (0.5, 0.99)]
        p50_s, p99_s = (self._upper_s(int(np.searchsorted(below, rank))) for rank in ranks)
        return Lateness(count, p50_s, p99_s, self._max_s)

    def _upper_s(self, bucket: int) -> float:
        return min(self._LEAST_S * float(2.0 ** (bucket / self._PER_OCTAVE)), self._max_s)
