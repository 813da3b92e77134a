"""A clock that only moves when a thread sleeps on it or a test says so."""

from __future__ import annotations

import contextlib
import math
import threading
from contextlib import AbstractContextManager

DEADLOCK_S = 10.0


class FakeClock:
    """Implements `bridge.clock.Clock` without waiting.

    A sleep jumps to its deadline (plus `overshoot_s`) as long as that is not behind `limit_s`;
    beyond it the sleeper parks until `advance` moves the limit or its event is set.

    Attributes:
        sleeps: Every deadline that was slept to, in order.
        overshoot_s: How late each sleep wakes.
        stalls: Deadline index -> seconds by which that one sleep is late (once).
    """

    def __init__(
        self,
        now_s: float = 1000.0,
        *,
        day_s: float = 36_000.0,
        free_s: float = math.inf,
        overshoot_s: float = 0.0,
    ) -> None:
        self.sleeps: list[float] = []
        self.overshoot_s = overshoot_s
        self.stalls: dict[int, float] = {}
        self._now_s = now_s
        self._day_offset_s = day_s - now_s
        self._limit_s = now_s + free_s
        self._parked = 0
        self._moved = threading.Condition()  # guards everything above

    def monotonic_s(self) -> float:
        with self._moved:
            return self._now_s

    def time_of_day_s(self) -> float:
        with self._moved:
            return (self._now_s + self._day_offset_s) % 86_400.0

    def sleep_until(self, deadline_s: float, wake: threading.Event) -> bool:
        with self._moved:
            while not wake.is_set():
                if deadline_s <= self._limit_s:
                    late_s = self.stalls.pop(len(self.sleeps), self.overshoot_s)
                    self._now_s = max(self._now_s, deadline_s + late_s)
                    self.sleeps.append(deadline_s)
                    return False
                self._now_s = max(self._now_s, self._limit_s)
                self._parked += 1
                self._moved.notify_all()
                self._moved.wait(0.001)  # `wake` is an event of its own, so look again
                self._parked -= 1
            return True

    def precision(self) -> AbstractContextManager[None]:
        return contextlib.nullcontext()

    def advance(self, seconds: float) -> None:
        """Let sleepers run `seconds` further, and wait until one is parked at the new limit."""
        with self._moved:
            self._limit_s = max(self._limit_s, self._now_s) + seconds
            self._moved.notify_all()
            self._wait_parked()

    def settle(self) -> None:
        """Wait until a sleeper is parked at the limit."""
        with self._moved:
            self._wait_parked()

    def release(self) -> None:
        """Let sleepers run without limit from now on."""
        with self._moved:
            self._limit_s = math.inf
            self._moved.notify_all()

    def _wait_parked(self) -> None:
        def at_limit() -> bool:
            return self._parked > 0 and self._now_s >= self._limit_s

        if not self._moved.wait_for(at_limit, DEADLOCK_S):
            raise AssertionError("nobody slept up to the clock's limit")
