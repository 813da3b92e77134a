"""What the timecodes of a take's rows say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livelink.csvtimes import Gap, RowOrderError, RowTimes, gap_text, row_times
from livelink.errors import TimecodeError
from livelink.timecode import SECONDS_PER_DAY, FrameRate, FrameTime, parse_timecode
from tests.helpers.packets import timecodes

RATE_30, RATE_60 = FrameRate(30), FrameRate(60)


def read(texts: list[str], given_rate: FrameRate | None = None) -> RowTimes:
    return row_times([parse_timecode(text, RATE_60) for text in texts], given_rate)


def test_sixty_fps() -> None:
    rows = read(timecodes(90, start=7.44))
    assert rows.rate == RATE_60
    assert rows.start == FrameTime(7, 0.44)
    assert rows.seconds == pytest.approx([i / 60 for i in range(90)], abs=1e-6)
    assert (rows.gaps, rows.guessed) == ((), False)
    assert rows.measured_fps == pytest.approx(60.0, abs=1e-3)


def test_thirty_fps_counted_to_thirty() -> None:
    rows = read(timecodes(60, base=30, start=29))
    assert rows.rate == RATE_30
    assert rows.start == FrameTime(29)
    assert rows.seconds[-1] == pytest.approx(59 / 30)


def test_thirty_fps_of_2022_counts_every_second_frame_of_sixty() -> None:
    rows = read(timecodes(60, step=2.0, start=121.5))
    assert rows.rate == RATE_30
    assert rows.start == FrameTime(60, 0.75)  # 121.5 frames of 60 are 60.75 of 30
    assert rows.gaps == ()
    assert rows.measured_fps == pytest.approx(30.0, abs=1e-3)


def test_a_real_phones_clock_leaves_no_false_gap() -> None:
    # 59.904 fps under the label 60: an integer frame is skipped about every 625 rows.
    rows = read(timecodes(2_000, step=1.0016, start=3.0))
    assert rows.rate == RATE_60
    assert rows.gaps == ()
    assert rows.measured_fps == pytest.approx(60 / 1.0016, abs=1e-3)


def test_gaps_are_found_and_counted() -> None:
    texts = timecodes(120, start=30)
    del texts[100:107], texts[50]
    rows = read(texts)
    assert rows.gaps == (Gap(50, 1), Gap(99, 7))
    assert rows.measured_fps == pytest.approx(60.0, abs=1e-3)
    assert gap_text(rows.gaps) == "8 frames missing: 1 before frame 50; 7 before frame 99"


def test_gaps_of_a_thirty_fps_take_counted_in_sixty() -> None:
    texts = timecodes(120, step=2.0)
    del texts[10]
    assert read(texts).gaps == (Gap(10, 1),)


def test_many_gaps_are_summed_up() -> None:
    text = gap_text([Gap(i, 2) for i in range(1, 31)])
    assert text.startswith("60 frames missing: 2 before frame 1;")
    assert text.endswith("and 10 more gaps")


def test_midnight_is_no_jump() -> None:
    rows = read(timecodes(20, start=SECONDS_PER_DAY * 60 - 10))
    assert rows.seconds == pytest.approx([i / 60 for i in range(20)], abs=1e-6)
    assert rows.gaps == ()


@pytest.mark.parametrize(
    "texts",
    [
        ["00:00:01:00.000", "00:00:01:00.000"],
        ["00:00:01:40.000", "00:00:01:39.000"],
        ["12:00:00:00.000", "11:00:00:00.000"],
        ["20:00:00:00.000", "04:00:00:00.000"],
    ],
)
def test_rows_out_of_order_are_named(texts: list[str]) -> None:
    with pytest.raises(RowOrderError) as caught:
        read(["00:00:00:00.000", *texts] if texts[0].startswith("00") else texts)
    assert caught.value.row == (2 if texts[0].startswith("00") else 1)


def test_a_take_too_short_to_tell_is_guessed_unless_known() -> None:
    short = timecodes(20)
    assert (read(short).rate, read(short).guessed) == (RATE_30, True)
    assert (read(short, RATE_60).rate, read(short, RATE_60).guessed) == (RATE_60, False)
    assert read(timecodes(10, step=2.0)).rate == RATE_30  # within one second, but steps of two
    assert read(timecodes(10, step=2.0)).guessed is False


def test_a_given_rate_does_not_overrule_the_rows() -> None:
    assert read(timecodes(90), RATE_30).rate == RATE_60
    assert read(timecodes(90, base=30), RATE_60).rate == RATE_30


def test_one_row() -> None:
    rows = read(["00:00:00:45.000"])
    assert (rows.rate, rows.measured_fps) == (RATE_60, 60.0)
    assert read(["00:00:00:45.000"], RATE_30).start == FrameTime(22, 0.5)


def test_other_rates_are_not_a_takes() -> None:
    with pytest.raises(TimecodeError, match="30 or 60"):
        read(timecodes(3), FrameRate(24))


@given(
    st.integers(2, 40),
    st.floats(0.0, 86_399.0 * 60),
    st.sampled_from([(60, 1.0), (60, 1.0016), (60, 2.0), (30, 1.0)]),
    st.data(),
)
def test_no_frame_is_lost_or_invented(
    count: int, start: float, kind: tuple[int, float], data: st.DataObject
) -> None:
    base, step = kind
    texts = timecodes(count + 60, base=base, step=step, start=start % (86_399 * base))
    kept = sorted(data.draw(st.sets(st.integers(0, 59), min_size=45))) + list(range(60, count + 60))
    rows = read([texts[i] for i in kept])
    assert sum(gap.missing for gap in rows.gaps) == kept[-1] - kept[0] + 1 - len(kept)
    assert rows.rate.numerator == base // int(step)
