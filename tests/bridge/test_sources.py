from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import SourceError
from bridge.sources import (
    NEUTRAL,
    ClipSource,
    FadeSource,
    HoldSource,
    RecordingSource,
    SequenceSource,
    Source,
    SwitchableSource,
    TimedPacket,
    fade_to_neutral,
    idle_source,
    minimum_jerk,
    mixed,
)
from livelink.channels import CHANNELS, Channel
from livelink.clip import Clip
from livelink.frame import Values, as_values
from livelink.timecode import FrameRate


def face(value: float) -> Values:
    return as_values(np.full(61, value))


def ramp(frames: int, rate: FrameRate = FrameRate(60)) -> Clip:  # noqa: B008
    """JawOpen counts the frames in hundredths."""
    values = np.zeros((frames, 61), np.float32)
    values[:, Channel.JawOpen] = np.arange(frames) / 100
    return Clip(values, rate)


def jaw(source: Source, t_s: float) -> float:
    values = source.sample(t_s)
    assert values is not None
    assert values.shape == (61,)
    return float(values[Channel.JawOpen])


def played(source: Source, seconds: float, rate: float = 60.0) -> np.ndarray:
    return np.array([jaw(source, k / rate) for k in range(math.ceil(seconds * rate))])


def test_minimum_jerk_starts_and_ends_at_rest() -> None:
    shares = np.linspace(-0.5, 1.5, 401)
    path = np.array([minimum_jerk(s) for s in shares])
    assert path[0] == 0.0
    assert path[-1] == 1.0
    assert minimum_jerk(0.5) == 0.5
    assert (np.diff(path) >= 0.0).all()
    assert minimum_jerk(1e-3) < 1e-8


def test_a_clip_played_at_its_rate_gives_its_frames_exactly() -> None:
    clip = ramp(240)
    source = ClipSource(clip)
    for index in range(240):
        values = source.sample(index / 60)
        assert values is not None
        assert np.array_equal(values, clip.values[index])
    assert source.sample(240 / 60) is None


def test_between_frames_a_clip_is_interpolated() -> None:
    assert jaw(ClipSource(ramp(10)), 2.5 / 60) == pytest.approx(0.025)


def test_the_last_frame_lasts_as_long_as_the_others() -> None:
    source = ClipSource(ramp(10))
    assert jaw(source, 9.9 / 60) == pytest.approx(0.09)


def test_speed_stretches_time() -> None:
    source = ClipSource(ramp(10), speed=0.5)
    assert source.duration_s == pytest.approx(20 / 60)
    assert jaw(source, 4 / 60) == pytest.approx(0.02)
    assert source.sample(20 / 60) is None


def test_a_range_is_cut_out() -> None:
    source = ClipSource(ramp(60), range_s=(0.5, 0.75))
    assert jaw(source, 0.0) == pytest.approx(0.30)
    assert source.duration_s == pytest.approx(0.25)
    assert ClipSource(ramp(60), range_s=(0.5, 99.0)).duration_s == pytest.approx(0.5)


@pytest.mark.parametrize("range_s", [(0.5, 0.5), (-1.0, 1.0), (5.0, 6.0), (math.nan, 1.0)])
def test_a_range_without_frames_is_refused(range_s: tuple[float, float]) -> None:
    with pytest.raises(SourceError, match=r"range|lies within"):
        ClipSource(ramp(60), range_s=range_s)


@pytest.mark.parametrize("speed", [0.0, -1.0, math.nan, math.inf])
def test_a_speed_out_of_form_is_refused(speed: float) -> None:
    with pytest.raises(SourceError, match="speed"):
        ClipSource(ramp(60), speed=speed)


@pytest.mark.parametrize("join_s", [-1.0, math.nan])
def test_a_join_out_of_form_is_refused(join_s: float) -> None:
    with pytest.raises(SourceError, match="join"):
        ClipSource(ramp(60), join_s=join_s)


def test_a_loop_closes_without_a_jump_and_begins_as_the_clip_does() -> None:
    clip = ramp(120)
    values = played(ClipSource(clip, loop=True, join_s=0.5), 8.0)
    assert np.allclose(values[:90], clip.values[:90, Channel.JawOpen])
    # The steepest a minimum-jerk join of 0.5 s over a difference of 0.9 can be, plus the ramp.
    assert np.abs(np.diff(values)).max() < 1.875 * 0.9 / 30 + 0.011
    assert np.allclose(values[90:180], values[180:270], atol=1e-5)


def test_a_loop_without_a_join_cuts() -> None:
    values = played(ClipSource(ramp(10), loop=True, join_s=0.0), 0.5)
    assert values[10] == 0.0
    assert values[9] == pytest.approx(0.09)


@given(st.integers(1, 40), st.floats(0.0, 3.0), st.floats(0.05, 20.0), st.floats(0.0, 1e6))
def test_a_loop_never_ends_and_stays_within_the_clip(
    frames: int, join_s: float, speed: float, t_s: float
) -> None:
    source = ClipSource(ramp(frames), loop=True, join_s=join_s, speed=speed)
    assert -1e-6 <= jaw(source, t_s) <= (frames - 1) / 100 + 1e-6


def test_a_fade_starts_where_it_is_and_ends_in_neutral_exactly() -> None:
    source = fade_to_neutral(face(0.8), 0.5)
    values = [source.sample(k / 60) for k in range(32)]
    assert values[0] is not None
    assert np.array_equal(values[0], face(0.8))
    assert values[30] is not None
    assert not values[30].any()
    assert values[31] is None
    steps = np.diff([v[0] for v in values[:31] if v is not None])
    assert (steps <= 0.0).all()


def test_a_fade_of_no_length_is_one_sample() -> None:
    source = FadeSource(face(1.0), 0.0, to=face(0.5))
    assert jaw(source, 0.0) == 0.5
    assert source.sample(0.0) is None


@pytest.mark.parametrize("duration_s", [-0.1, math.nan, math.inf])
def test_a_fade_out_of_form_is_refused(duration_s: float) -> None:
    with pytest.raises(SourceError, match="fade"):
        FadeSource(NEUTRAL, duration_s)


def test_mixing_ends_in_both_faces_exactly() -> None:
    old, new = face(0.3), face(0.7)
    assert np.array_equal(mixed(old, new, 0.0), old)
    assert np.allclose(mixed(old, new, 1.0), new)


def test_idle_lives_within_range_and_repeats_by_seed() -> None:
    source = idle_source(3, duration_s=4.0)
    low = np.array([info.low for info in CHANNELS])
    high = np.array([info.high for info in CHANNELS])
    for t_s in np.arange(0.0, 10.0, 0.1):
        values = source.sample(t_s)
        assert values is not None
        assert ((values >= low - 1e-6) & (values <= high + 1e-6)).all()
    again = idle_source(3, duration_s=4.0).sample(1.0)
    first = idle_source(3, duration_s=4.0).sample(1.0)
    assert first is not None
    assert again is not None
    assert np.array_equal(first, again)


# Passing from one source to the next ------------------------------------------------------------


def test_switching_never_jumps_and_arrives() -> None:
    source = SwitchableSource(HoldSource(face(0.2)))
    assert jaw(source, 0.0) == pytest.approx(0.2)
    source.switch(HoldSource(face(1.0)), 1 / 60, over_s=0.4)
    values = [jaw(source, (k + 1) / 60) for k in range(40)]
    assert values[0] == pytest.approx(0.2)
    assert np.abs(np.diff(values)).max() < 1.875 * 0.8 / 24 + 1e-3
    assert values[-1] == pytest.approx(1.0)
    assert source.shown is not None
    assert source.shown[0] == pytest.approx(1.0)


def test_the_old_source_goes_on_moving_while_it_fades() -> None:
    source = SwitchableSource(ClipSource(ramp(600)))
    before = [jaw(source, k / 60) for k in range(60)]
    source.switch(HoldSource(face(0.0)), 1.0, over_s=1.0)
    after = jaw(source, 61 / 60)
    assert after - before[-1] > 0.0  # a frozen face would only fall from here


def test_a_new_source_starts_at_its_own_beginning() -> None:
    source = SwitchableSource(HoldSource())
    source.sample(0.0)
    source.switch(ClipSource(ramp(600)), 5.0, over_s=0.0)
    assert jaw(source, 5.0) == 0.0
    assert jaw(source, 5.5) == pytest.approx(0.30)


def test_the_face_stays_when_the_old_source_ends_below_the_fade() -> None:
    source = SwitchableSource(ClipSource(ramp(10)))
    jaw(source, 9 / 60)
    source.switch(HoldSource(face(0.0)), 9 / 60, over_s=1.0)
    values = [jaw(source, (9 + k) / 60) for k in range(60)]
    assert np.abs(np.diff(values)).max() < 0.01
    assert values[1] == pytest.approx(0.09, abs=1e-3)


def test_switching_again_and_again_does_not_nest_without_end() -> None:
    source = SwitchableSource(HoldSource(face(0.0)))
    values = [jaw(source, 0.0)]
    for k in range(1, 400):
        source.switch(HoldSource(face(k % 2)), k / 60, over_s=10.0)
        values.append(jaw(source, k / 60))
    assert np.abs(np.diff(values)).max() < 0.02


def test_a_switch_before_the_first_sample_cuts() -> None:
    source = SwitchableSource(HoldSource(face(0.1)))
    source.switch(HoldSource(face(0.9)), 0.0)
    assert jaw(source, 0.0) == pytest.approx(0.9)


def test_the_end_of_the_new_source_is_the_end() -> None:
    source = SwitchableSource(HoldSource(face(0.1)))
    source.sample(0.0)
    source.switch(ClipSource(ramp(3)), 0.0, over_s=1.0)
    assert source.sample(0.01) is not None
    assert source.sample(0.06) is None


def test_a_sequence_plays_each_in_turn_without_a_jump() -> None:
    source = SequenceSource([ClipSource(ramp(60)), ClipSource(ramp(30)), ClipSource(ramp(30))], 0.2)
    values = played(source, 2.0)
    assert len(values) == 120
    assert np.abs(np.diff(values)).max() < 1.875 * 0.6 / 12 + 0.011
    assert source.sample(2.0) is None


def test_a_sequence_of_nothing_is_refused() -> None:
    with pytest.raises(SourceError, match="at least one"):
        SequenceSource([])


# Recordings -------------------------------------------------------------------------------------


def packets(*due_s: float) -> list[TimedPacket]:
    return [TimedPacket(t, bytes([k])) for k, t in enumerate(due_s)]


def test_a_recording_keeps_its_times_and_bytes() -> None:
    source = RecordingSource(packets(7.0, 7.1, 7.1, 9.0))
    assert [source.due_s(k) for k in range(5)] == pytest.approx([0.0, 0.1, 0.1, 2.0, None])
    assert [source.data(k) for k in range(4)] == [b"\0", b"\1", b"\2", b"\3"]
    assert source.duration_s == pytest.approx(2.0)


def test_a_recording_loops_after_the_mean_interval() -> None:
    source = RecordingSource(packets(0.0, 1.0, 2.0), loop=True, speed=2.0)
    assert source.due_s(3) == pytest.approx(1.5)
    assert source.due_s(3001) == pytest.approx(1500.5)
    assert source.data(4) == b"\1"


def test_one_packet_loops_at_60_hz() -> None:
    assert RecordingSource(packets(4.0), loop=True).due_s(60) == pytest.approx(1.0)


@pytest.mark.parametrize("due_s", [(), (1.0, 0.5), (0.0, math.nan)])
def test_a_recording_out_of_form_is_refused(due_s: tuple[float, ...]) -> None:
    with pytest.raises(SourceError, match="recording"):
        RecordingSource(packets(*due_s))


def test_a_recording_is_played_at_a_sane_speed() -> None:
    with pytest.raises(SourceError, match="speed"):
        RecordingSource(packets(0.0), speed=0.0)
