"""The clock: monotonic time to pace on, time of day to stamp frames with, and exact sleep.

The engine's threads take all three from a `Clock`, so that tests bring their own time. Windows
wakes threads on a 15.6 ms grid unless asked otherwise; `precision` asks, and the last part of
every sleep is spent outside the interruptible wait where that wait is coarse.
"""

from __future__ import annotations

import contextlib
import gc
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

NS_PER_S = 1_000_000_000

_COARSE_S = {"win32": 0.004, "darwin": 0.002}.get(sys.platform, 0.0)
"""How late an interruptible wait may wake here; on Linux it is as exact as any other sleep."""

_SPIN_S = {"win32": 0.001, "darwin": 0.0003}.get(sys.platform, 0.0)
"""How late even `time.sleep` may wake here; that last part is spun away."""

_SWITCH_S = 0.0005
"""How long another thread may hold the interpreter while a frame is due."""


class Clock(Protocol):
    """Where the engine gets its time. Any thread."""

    def monotonic_s(self) -> float:
        """Return seconds that never go back, from an arbitrary origin."""
        ...

    def time_of_day_s(self) -> float:
        """Return seconds since local midnight, 0 ... 86,400, as the clock on the wall shows."""
        ...

    def sleep_until(self, deadline_s: float, wake: threading.Event) -> bool:
        """Sleep until `monotonic_s() >= deadline_s`, or until `wake` is set.

        Returns:
            Whether `wake` ended the sleep; it is left set.
        """
        ...

    def precision(self) -> AbstractContextManager[None]:
        """Return a context within which sleeps are exact to about a millisecond."""
        ...


class SystemClock:
    """The computer's own clock."""

    def monotonic_s(self) -> float:
        """Return the monotonic clock. Any thread."""
        return time.monotonic()

    def time_of_day_s(self) -> float:
        """Return local seconds since midnight. Any thread."""
        seconds, nanoseconds = divmod(time.time_ns(), NS_PER_S)
        local = time.localtime(seconds)
        whole = (local.tm_hour * 60 + local.tm_min) * 60 + min(local.tm_sec, 59)
        return whole + nanoseconds / NS_PER_S

    def sleep_until(self, deadline_s: float, wake: threading.Event) -> bool:
        """Sleep to an absolute deadline; `wake` ends it at once, within 4 ms of it on Windows."""
        while (left_s := deadline_s - time.monotonic() - _COARSE_S) > 0.0:
            if wake.wait(left_s):
                return True
        if wake.is_set():
            return True
        while (left_s := deadline_s - time.monotonic()) > 0.0:
            time.sleep(max(left_s - _SPIN_S, 0.0))
        return False

    def precision(self) -> AbstractContextManager[None]:
        """Let this process's threads wake in time.

        Other threads of Python let go of the interpreter after 0.5 ms instead of 5, the garbage
        collector passes over what was there before, and Windows wakes on a 1 ms grid.
        """
        return _precise()


@contextlib.contextmanager
def _precise() -> Iterator[None]:
    interval_s = sys.getswitchinterval()
    sys.setswitchinterval(min(interval_s, _SWITCH_S))
    gc.collect()
    gc.freeze()  # a full collection over modules and models takes tens of milliseconds
    try:
        with _raised_timer_resolution():
            yield
    finally:
        gc.unfreeze()
        sys.setswitchinterval(interval_s)


@contextlib.contextmanager
def _raised_timer_resolution() -> Iterator[None]:
    if sys.platform != "win32":
        yield
    else:
        import ctypes

        winmm = ctypes.WinDLL("winmm")
        raised = winmm.timeBeginPeriod(1) == 0
        try:
            yield
        finally:
            if raised:
                winmm.timeEndPeriod(1)
