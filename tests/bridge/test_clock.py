from __future__ import annotations

import threading
import time

import pytest

from bridge.clock import Clock, SystemClock
from tests.helpers.clock import FakeClock


def test_the_system_clock_sleeps_to_its_deadline_and_not_before() -> None:
    clock, wake = SystemClock(), threading.Event()
    with clock.precision():
        for _ in range(5):
            deadline_s = clock.monotonic_s() + 0.01
            assert clock.sleep_until(deadline_s, wake) is False
            assert clock.monotonic_s() >= deadline_s


def test_a_deadline_in_the_past_returns_at_once() -> None:
    clock = SystemClock()
    before = time.monotonic()
    assert clock.sleep_until(before - 1.0, threading.Event()) is False
    assert time.monotonic() - before < 1.0


def test_a_sleep_is_ended_by_its_event() -> None:
    clock, wake = SystemClock(), threading.Event()
    timer = threading.Timer(0.02, wake.set)
    timer.start()
    assert clock.sleep_until(clock.monotonic_s() + 60.0, wake) is True
    timer.join()
    assert wake.is_set()
    assert clock.sleep_until(clock.monotonic_s() + 60.0, wake) is True


def test_the_time_of_day_is_the_one_on_the_wall() -> None:
    wall = time.localtime()
    seconds = (wall.tm_hour * 60 + wall.tm_min) * 60 + wall.tm_sec
    assert (SystemClock().time_of_day_s() - seconds) % 86_400 < 10.0


def test_both_clocks_are_clocks() -> None:
    clocks: list[Clock] = [SystemClock(), FakeClock()]
    for clock in clocks:
        with clock.precision():
            assert clock.monotonic_s() >= 0.0
            assert 0.0 <= clock.time_of_day_s() <= 86_400.0


# The fake ---------------------------------------------------------------------------------------


def test_the_fake_jumps_to_deadlines_and_notes_them() -> None:
    clock, wake = FakeClock(100.0, day_s=86_399.0), threading.Event()
    assert clock.sleep_until(102.0, wake) is False
    assert clock.monotonic_s() == 102.0
    assert clock.time_of_day_s() == 1.0
    clock.sleep_until(101.0, wake)  # gone by: time never goes back
    assert clock.monotonic_s() == 102.0
    assert clock.sleeps == [102.0, 101.0]


def test_the_fake_overshoots_and_stalls() -> None:
    clock, wake = FakeClock(0.0, overshoot_s=0.25), threading.Event()
    clock.stalls[1] = 5.0
    for deadline_s in (1.0, 2.0, 10.0):
        clock.sleep_until(deadline_s, wake)
        assert clock.monotonic_s() == deadline_s + (5.0 if deadline_s == 2.0 else 0.25)


def test_the_fake_parks_at_its_limit_until_advanced() -> None:
    clock, wake = FakeClock(0.0, free_s=1.0), threading.Event()
    reached: list[float] = []

    def run() -> None:
        for deadline_s in (0.5, 1.5, 2.5):
            clock.sleep_until(deadline_s, wake)
            reached.append(deadline_s)

    thread = threading.Thread(target=run)
    thread.start()
    clock.settle()
    assert reached == [0.5]
    assert clock.monotonic_s() == 1.0
    clock.advance(1.0)
    assert reached == [0.5, 1.5]
    clock.release()
    thread.join()
    assert reached == [0.5, 1.5, 2.5]


def test_the_fake_is_woken_by_an_event() -> None:
    clock, wake = FakeClock(0.0, free_s=0.0), threading.Event()
    woken: list[bool] = []
    thread = threading.Thread(target=lambda: woken.append(clock.sleep_until(9.0, wake)))
    thread.start()
    clock.settle()
    wake.set()
    thread.join()
    assert woken == [True]
    assert clock.monotonic_s() == 0.0


def test_the_fake_says_when_nobody_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.helpers.clock.DEADLOCK_S", 0.01)
    with pytest.raises(AssertionError, match="nobody slept"):
        FakeClock(free_s=0.0).settle()
