from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.pacer import NOT_LATE, LatenessMeter, Pacer
from livelink.timecode import FrameRate

RATES = st.sampled_from([FrameRate(60), FrameRate(30), FrameRate(60000, 1001), FrameRate(7, 3)])


def test_the_first_frame_is_due_at_the_start() -> None:
    pacer = Pacer(FrameRate(60), 5.0)
    assert pacer.next_due_s == 5.0
    tick = pacer.take(5.0)
    assert tick is not None
    assert (tick.index, tick.due_s, tick.late_s, tick.skipped) == (0, 5.0, 0.0, 0)


def test_nothing_is_due_before_its_time() -> None:
    pacer = Pacer(FrameRate(60), 5.0)
    assert pacer.take(4.999) is None
    assert pacer.next_index == 0


@pytest.mark.parametrize("rate", [FrameRate(60), FrameRate(60000, 1001)])
def test_a_day_later_a_deadline_is_exact_to_a_nanosecond(rate: FrameRate) -> None:
    pacer = Pacer(rate, 0.0)
    frames = 24 * 3600 * 60
    tick = pacer.take(float(frames / rate.fraction) + 1e-6)
    assert tick is not None
    assert tick.index == frames
    assert abs(Fraction(tick.due_s) - frames / rate.fraction) < Fraction(2, 10**9)


@given(RATES, st.lists(st.floats(0.0, 3.0), max_size=40))
def test_every_frame_is_sent_once_or_counted_as_skipped(rate: FrameRate, late: list[float]) -> None:
    pacer = Pacer(rate, 100.0)
    sent = []
    for periods in late:
        now_s = pacer.next_due_s + periods / rate.fps
        tick = pacer.take(now_s)
        if tick is not None:
            sent.append(tick)
            assert 0.0 <= tick.late_s < 1 / rate.fps + 1e-9
    indexes = [tick.index for tick in sent]
    assert indexes == sorted(set(indexes))
    assert pacer.next_index == len(sent) + pacer.skipped
    assert sum(tick.skipped for tick in sent) <= pacer.skipped


def test_a_stall_skips_and_keeps_the_phase() -> None:
    pacer = Pacer(FrameRate(10), 0.0)
    pacer.take(0.0)
    tick = pacer.take(0.52)  # frames 1 to 4 are gone, 5 is 20 ms late
    assert tick is not None
    assert (tick.index, tick.skipped) == (5, 4)
    assert tick.late_s == pytest.approx(0.02)
    assert pacer.next_due_s == pytest.approx(0.6)
    assert pacer.skipped == 4


def test_a_frame_later_than_half_a_period_waits_for_the_next() -> None:
    pacer = Pacer(FrameRate(10), 0.0)
    pacer.take(0.0)
    assert pacer.take(0.57) is None
    tick = pacer.take(0.6)
    assert tick is not None
    assert (tick.index, tick.skipped, pacer.skipped) == (6, 5, 5)


def test_a_frame_held_up_after_it_was_taken_is_not_followed_closely() -> None:
    pacer = Pacer(FrameRate(10), 0.0)
    assert pacer.take(0.0) is not None
    pacer.left(0.09)
    assert pacer.take(0.1) is None
    tick = pacer.take(0.2)
    assert tick is not None
    assert (tick.index, tick.skipped) == (2, 1)


def test_a_computer_that_always_wakes_late_still_sends() -> None:
    pacer = Pacer(FrameRate(10), 0.0)
    sent = [pacer.take(pacer.next_due_s + 0.08) for _ in range(20)]
    assert sum(tick is not None for tick in sent) == 10


@given(st.lists(st.floats(0.0, 0.3), min_size=2, max_size=60))
def test_no_two_frames_follow_closely_after_a_stall(stalls: list[float]) -> None:
    """Waking late again and again is excluded: each stall is followed by a punctual wake."""
    pacer = Pacer(FrameRate(60), 0.0)
    times = []
    for stall in stalls:
        for late in (stall, 0.0):
            now_s = pacer.next_due_s + late
            if pacer.take(now_s) is not None:
                times.append(now_s)
    assert min(np.diff(times), default=1.0) >= 0.5 / 60 - 1e-6


def test_lateness_of_nothing_is_zero() -> None:
    assert LatenessMeter().report() == NOT_LATE


def test_lateness_quantiles_are_close_and_the_worst_exact(rng: np.random.Generator) -> None:
    late_s = rng.lognormal(-8.0, 1.5, 5000)
    meter = LatenessMeter()
    for value in late_s:
        meter.add(float(value))
    report = meter.report()
    assert report.count == 5000
    assert report.p50_s == pytest.approx(np.percentile(late_s, 50), rel=0.06)
    assert report.p99_s == pytest.approx(np.percentile(late_s, 99), rel=0.06)
    assert report.max_s == late_s.max()
    assert "over 5000 frames" in str(report)


@pytest.mark.parametrize("value", [0.0, 1e-9, 1e9])
def test_lateness_out_of_range_counts_at_the_ends(value: float) -> None:
    meter = LatenessMeter()
    meter.add(value)
    assert meter.report().count == 1
    assert meter.report().p99_s <= max(value, 1e-6)
