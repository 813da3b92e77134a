"""Rates, frame times and timecode texts."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livelink.errors import TimecodeError
from livelink.timecode import (
    SECONDS_PER_DAY,
    FrameRate,
    FrameTime,
    format_timecode,
    parse_timecode,
)

RATES = st.sampled_from([FrameRate(24), FrameRate(30), FrameRate(60), FrameRate(60_000, 1001)])
DAY_60 = SECONDS_PER_DAY * 60


@pytest.mark.parametrize(
    ("fps", "rate"),
    [
        (60.0, FrameRate(60)),
        (29.97, FrameRate(30_000, 1001)),
        (59.94, FrameRate(60_000, 1001)),
        (23.976, FrameRate(24_000, 1001)),
        (12.5, FrameRate(25, 2)),
    ],
)
def test_of_recognises_the_rate_that_is_meant(fps: float, rate: FrameRate) -> None:
    assert FrameRate.of(fps) == rate


@pytest.mark.parametrize("fps", [0.0, -1.0, math.nan, math.inf, 1e300, 1e-9])
def test_of_refuses_what_is_no_rate(fps: float) -> None:
    with pytest.raises(TimecodeError):
        FrameRate.of(fps)


@pytest.mark.parametrize("parts", [(0, 1), (60, 0), (-60, 1), (2**31, 1), (1.5, 1), ("60", 1)])
def test_a_rate_is_two_positive_int32(parts: tuple[int, int]) -> None:
    with pytest.raises(TimecodeError):
        FrameRate(*parts)


@given(st.floats(min_value=1e-3, max_value=2e9))
def test_of_is_close_to_what_was_asked(fps: float) -> None:
    assert FrameRate.of(fps).fps == pytest.approx(fps, rel=2e-3, abs=6e-3)


@pytest.mark.timeout(5)
def test_numpy_integers_are_taken_at_once() -> None:
    # `np.int64 in range(...)` walks the range: this took minutes.
    time = FrameTime(np.int64(5))
    assert type(time.frame) is int
    assert type(FrameRate(np.int32(60)).numerator) is int


@pytest.mark.parametrize(
    ("frame", "subframe"),
    [(2**31, 0.0), (-(2**31) - 1, 0.0), (0, 1.0), (0, -0.1), (0, math.nan), (1.5, 0.0)],
)
def test_a_frame_time_out_of_form_is_refused(frame: int, subframe: float) -> None:
    with pytest.raises(TimecodeError):
        FrameTime(frame, subframe)


@given(st.floats(min_value=0.0, max_value=1.0, exclude_max=True))
def test_a_subframe_is_a_float32_below_one(subframe: float) -> None:
    kept = FrameTime(0, subframe).subframe
    assert kept == np.float32(kept)
    assert 0.0 <= kept < 1.0
    assert kept == pytest.approx(subframe, abs=1e-7)


@given(st.integers(0, DAY_60 * 2), RATES)
def test_at_inverts_seconds(frame: int, rate: FrameRate) -> None:
    time = FrameTime(frame, 0.25)
    assert FrameTime.at(time.seconds(rate), rate) == time


@pytest.mark.parametrize("seconds", [math.nan, math.inf, 1e12])
def test_at_refuses_what_32_bits_cannot_count(seconds: float) -> None:
    with pytest.raises(TimecodeError):
        FrameTime.at(seconds, FrameRate(60))


def test_plus_keeps_the_subframe() -> None:
    assert FrameTime(10, 0.5).plus(-3) == FrameTime(7, 0.5)


@pytest.mark.parametrize(
    ("time", "rate", "text"),
    [
        (FrameTime(0), FrameRate(60), "00:00:00:00.000"),
        (FrameTime(DAY_60 - 1, 0.9999), FrameRate(60), "23:59:59:59.999"),
        (FrameTime(DAY_60 + 61, 0.5), FrameRate(60), "00:00:01:01.500"),
        (FrameTime(2_467_222, 0.44), FrameRate(60), "11:25:20:22.440"),
        (FrameTime(31), FrameRate(30), "00:00:01:01.000"),
        (FrameTime(30), FrameRate(30_000, 1001), "00:00:01:00.000"),
    ],
)
def test_format(time: FrameTime, rate: FrameRate, text: str) -> None:
    assert format_timecode(time, rate) == text


@given(st.integers(0, DAY_60 - 1), st.integers(0, 999))
def test_parse_inverts_format_to_a_thousandth(frame: int, thousandths: int) -> None:
    time = FrameTime(frame, thousandths / 1000)
    assert parse_timecode(format_timecode(time, FrameRate(60)), FrameRate(60)) == time


def test_hours_count_modulo_24() -> None:
    assert parse_timecode("25:00:00:00.000", FrameRate(60)) == FrameTime(3600 * 60)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "00:00:00",
        "00:00:00:60.000",
        "00:60:00:00.000",
        "00:00:60:00.000",
        "00:00:00;00.000",
        "-1:00:00:00.000",
        "00:00:00:00.000\n",
        "\u0660\u0660:00:00:00.000",
        "00:00:00:1e1",
    ],
)
def test_what_is_no_timecode_is_refused(text: str) -> None:
    with pytest.raises(TimecodeError, match=r"timecode|time of day"):
        parse_timecode(text, FrameRate(60))


@given(st.text(max_size=24))
def test_parse_raises_nothing_else(text: str) -> None:
    try:
        time = parse_timecode(text, FrameRate(60))
    except TimecodeError:
        return
    assert 0 <= time.seconds(FrameRate(60)) < Fraction(SECONDS_PER_DAY)
