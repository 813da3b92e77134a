"""Clips: immutable edits with their times kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from livelink.channels import Channel
from livelink.clip import Clip, mirror_values, sample_values
from livelink.errors import FrameError
from livelink.frame import DeviceId
from livelink.timecode import FrameRate, FrameTime

RATE = FrameRate(60)
HEAD = [Channel.HeadYaw, Channel.HeadPitch, Channel.HeadRoll]
ARRAYS = hnp.arrays(
    np.float32, st.tuples(st.integers(1, 12), st.just(61)), elements=st.floats(-1.0, 1.0, width=32)
)


def clip(count: int = 5) -> Clip:
    values = np.arange(count * 61).reshape(count, 61) / 1000
    return Clip(values, RATE, FrameTime(100, 0.5), {"slate": "A"})


def test_a_clip_is_never_empty_and_never_writable() -> None:
    with pytest.raises(FrameError):
        Clip(np.zeros((0, 61)), RATE)
    made = clip()
    with pytest.raises(ValueError, match="read-only"):
        made.values[0, 0] = 1.0
    with pytest.raises(TypeError):
        made.metadata["slate"] = "B"  # type: ignore[index]


def test_times() -> None:
    assert clip(6).duration_s == pytest.approx(0.1)
    assert clip(3).times_s == pytest.approx([0.0, 1 / 60, 2 / 60])


def test_frames_carry_their_time() -> None:
    frames = list(clip(3).frames("S", DeviceId("D")))
    assert [made.time for made in frames] == [FrameTime(100 + i, 0.5) for i in range(3)]
    assert all(made.subject == "S" and made.rate == RATE for made in frames)


def test_slice_moves_the_start() -> None:
    part = clip().slice(2, 4)
    assert len(part) == 2
    assert part.start == FrameTime(102, 0.5)
    assert np.array_equal(part.values, clip().values[2:4])
    assert part.metadata == {"slate": "A"}


@pytest.mark.parametrize(("first", "stop"), [(-1, 2), (2, 2), (3, 2), (0, 6)])
def test_a_slice_outside_is_refused(first: int, stop: int) -> None:
    with pytest.raises(FrameError, match="not within"):
        clip().slice(first, stop)


@settings(deadline=None, max_examples=30)
@given(ARRAYS)
def test_mirroring_twice_changes_nothing(values: np.ndarray) -> None:
    assert np.array_equal(mirror_values(mirror_values(values)), values)


def test_mirroring_exchanges_sides_and_negates_yaw() -> None:
    values = np.zeros(61, np.float32)
    values[[Channel.MouthSmileLeft, Channel.HeadYaw, Channel.LeftEyePitch]] = 0.5
    mirrored = mirror_values(values)
    assert mirrored[Channel.MouthSmileRight] == 0.5
    assert mirrored[Channel.MouthSmileLeft] == 0.0
    assert mirrored[Channel.HeadYaw] == -0.5
    assert mirrored[Channel.RightEyePitch] == 0.5


@settings(deadline=None, max_examples=40)
@given(ARRAYS)
def test_twice_the_rate_keeps_every_old_frame(values: np.ndarray) -> None:
    made = Clip(values, FrameRate(30), FrameTime(60))
    doubled = made.resample(RATE)
    assert len(doubled) == 2 * len(made) - 1
    assert doubled.start == FrameTime(120)
    assert doubled.values[::2] == pytest.approx(values, abs=1e-5)
    assert len(doubled.resample(FrameRate(30))) == len(made)


def test_the_head_turns_evenly_on_the_shortest_arc() -> None:
    values = np.zeros((2, 61))
    values[1, Channel.HeadYaw] = 1.0
    middle = Clip(values, FrameRate(30)).resample(RATE).values[1]
    assert middle[HEAD] == pytest.approx([0.5, 0.0, 0.0], abs=1e-6)


@pytest.mark.parametrize("pitch", [np.pi / 2, 2.0, 7.0])
def test_a_head_beyond_the_pole_neither_warns_nor_jumps(pitch: float) -> None:
    values = np.zeros((3, 61))
    values[:, Channel.HeadPitch] = [0.0, pitch, pitch]
    values[:, Channel.HeadYaw] = 0.5
    resampled = Clip(values, FrameRate(30)).resample(RATE)
    assert resampled.values[:, Channel.HeadPitch] == pytest.approx(
        [0.0, pitch / 2, pitch, pitch, pitch], abs=1e-5
    )
    assert resampled.values[:, Channel.HeadYaw] == pytest.approx(0.5, abs=1e-5)


def test_samples_outside_take_the_ends() -> None:
    values = np.stack([np.zeros(61), np.ones(61)]).astype(np.float32)
    sampled = sample_values(np.array([0.0, 1.0]), values, np.array([-1.0, 0.5, 9.0]))
    assert sampled[:, 0] == pytest.approx([0.0, 0.5, 1.0])
    assert sample_values(np.array([0.0]), values[:1], np.array([0.0, 3.0])).shape == (2, 61)


def test_blend() -> None:
    zeros, ones = Clip(np.zeros((3, 61)), RATE), Clip(np.ones((2, 61)), RATE)
    assert zeros.blend(ones, 0.25).values == pytest.approx(np.full((2, 61), 0.25))
    with pytest.raises(FrameError, match="resample"):
        zeros.blend(Clip(np.ones((2, 61)), FrameRate(30)), 0.5)
    with pytest.raises(FrameError, match="weight"):
        zeros.blend(ones, 1.5)


def test_a_rate_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(FrameError, match="choose fewer"):
        clip(600).resample(FrameRate(1_000_000))
