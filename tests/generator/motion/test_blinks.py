from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.motion import Interpolation, LayerSpec, Mood, default_layers, sample
from generator.motion.blinks import WIDE, Blink, drawn, schedule
from generator.motion.noise import rng_of
from livelink.channels import Channel

BLINKS = (LayerSpec("blinks", seed=3),)
LEFT, RIGHT = Channel.EyeBlinkLeft, Channel.EyeBlinkRight


def _lids(keys, layers=BLINKS, mood=None, end_s=120.0):
    times = np.arange(0.0, end_s, 1 / 120)
    return times, sample(keys, times, Interpolation.LINEAR, layers, mood=mood)


def _starts(lid):
    shut = (lid > 0.5).astype(int)
    return np.count_nonzero(np.diff(shut) == 1)


def test_a_blink_closes_fully_and_faster_than_it_opens():
    blink = drawn(rng_of(1, "b"), 2.0)
    times = np.linspace(1.9, blink.end_s + 0.1, 2001)
    closure = blink.closure(times)
    assert closure.max() == pytest.approx(1.0)
    assert closure.min() == pytest.approx(0.0, abs=1e-12)
    assert 0.075 <= blink.closing_s <= 0.150 <= blink.opening_s <= 0.300
    assert blink.closing_s < blink.opening_s


@pytest.mark.parametrize(
    ("emotion", "low", "high"), [("calm", 8, 16), ("", 12, 22), ("panic", 15, 27)]
)
def test_the_rate_goes_by_the_mood(emotion, low, high, pose, keys_of):
    _, values = _lids(keys_of((0.5, 300.0, pose())), mood=Mood(emotion), end_s=300.0)
    assert low <= _starts(values[:, LEFT]) / 5 <= high


def test_a_rate_can_be_asked_for(pose, keys_of):
    layer = (LayerSpec("blinks", params={"rate_per_min": 6.0}),)
    _, values = _lids(keys_of((0.5, 600.0, pose())), layer, end_s=600.0)
    assert 40 <= _starts(values[:, LEFT]) <= 75


@given(seed=st.integers(0, 2**20))
def test_no_blink_meets_a_wide_eyed_peak(seed, pose, keys_of):
    keys = keys_of(
        (0.6, 3.0, pose(EyeWideLeft=0.9, EyeWideRight=0.9, BrowInnerUp=0.7)),
        (4.5, 2.0, pose(JawOpen=0.2)),
        (7.0, 3.0, pose(EyeWideLeft=0.5, EyeWideRight=0.5)),
    )
    times = np.arange(0.0, 10.0, 1 / 60)
    layers = default_layers(seed)
    values = sample(keys, times, Interpolation.MINIMUM_JERK, layers)
    others = tuple(layer for layer in layers if layer.name != "blinks")
    bare = sample(keys, times, Interpolation.MINIMUM_JERK, others)
    peaks = bare[:, Channel.EyeWideLeft] >= WIDE
    assert peaks.sum() > 200
    assert np.array_equal(values[peaks], bare[peaks])


def test_no_blink_meets_a_wink_and_none_shut_eyes(pose, keys_of):
    keys = keys_of((0.5, 60.0, pose(EyeBlinkLeft=1.0)))
    _, values = _lids(keys, end_s=60.0)
    assert values[60:, RIGHT].max() == 0.0


@pytest.mark.parametrize("words", ["He does not blink.", "an unblinking stare", "Nobody blinks."])
def test_words_can_forbid_blinking(words, pose, keys_of):
    _, values = _lids(keys_of((0.5, 60.0, pose())), mood=Mood("", (words,)), end_s=60.0)
    assert values[:, LEFT].max() == 0.0


def test_no_blink_hides_a_pose_being_reached_or_the_last_frame(pose, keys_of):
    rows = [(1.5 * i, 0.4, pose(JawOpen=0.2 + 0.1 * (i % 2))) for i in range(1, 60)]
    keys = keys_of(*rows)
    at_keys = sample(keys, keys.times_s, Interpolation.LINEAR, BLINKS)
    assert at_keys[:, LEFT].max() < 0.25
    assert sample(keys, keys.ends_s[-1:], Interpolation.LINEAR, BLINKS)[0, LEFT] == 0.0
    _, values = _lids(keys, end_s=90.0)
    assert _starts(values[:, LEFT]) > 5


def test_large_gaze_shifts_bring_blinks(pose, keys_of, scene_of):
    def found(look):
        poses = (pose(EyeLookUpLeft=look, EyeLookUpRight=look), pose(JawOpen=0.1))
        rows = [(2.0 * i, 1.2, poses[i % 2]) for i in range(1, 41)]
        scene = scene_of(keys_of(*rows), span_s=(0.0, 80.0))
        planned = schedule(scene, LayerSpec("blinks", params={"rate_per_min": 0.01}))
        return len(planned)

    assert found(0.05) <= 2
    assert found(1.0) > 20


def test_lids_are_the_only_thing_that_moves(pose, keys_of):
    _, values = _lids(keys_of((0.5, 30.0, pose(JawOpen=0.4))), end_s=30.0)
    bare = _lids(keys_of((0.5, 30.0, pose(JawOpen=0.4))), (), end_s=30.0)[1]
    moved = np.flatnonzero((values != bare).any(axis=0))
    assert set(moved) <= {LEFT, RIGHT, Channel.EyeWideLeft, Channel.EyeWideRight}


def test_blinks_are_kept_in_order_and_apart(pose, keys_of, scene_of):
    scene = scene_of(keys_of((0.5, 1.0, pose())), span_s=(0.0, 600.0))
    starts = np.array([blink.start_s for blink in schedule(scene, BLINKS[0])])
    assert len(starts) > 50
    assert np.diff(starts).min() > 0.85
    assert Blink(1.0, 0.1, 0.02, 0.2).end_s == pytest.approx(1.32)
