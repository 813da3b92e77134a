from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from generator.motion import Interpolation, LayerSpec, Mood, sample
from generator.motion.gaze import (
    DEGREES_PER_LOOK,
    follow_with_head,
    gaze_of,
    lids_with_gaze,
    microsaccades,
    saccade_s,
    shift_gaze,
)
from livelink.channels import Channel, Region

SACCADES = (LayerSpec("saccades"),)


def test_a_saccade_lasts_as_long_as_the_main_sequence_says():
    assert saccade_s(10.0) == pytest.approx(0.043)
    assert saccade_s(20.0) == pytest.approx(0.065)


@pytest.mark.parametrize("kind", list(Interpolation))
@pytest.mark.parametrize("look", [0.1, 0.25])
def test_the_eyes_jump_instead_of_gliding(look, kind, pose, keys_of):
    keys = keys_of((1.0, 1.0, pose(EyeLookUpLeft=look, EyeLookUpRight=look)))
    times = np.arange(0.0, 1.0, 0.001)
    up = sample(keys, times, kind, SACCADES)[:, Channel.EyeLookUpLeft]
    jump = np.flatnonzero((up > 0.02 * look) & (up < 0.98 * look))
    # A minimum-jerk profile has 2 % to 98 % of its way in 74 % of its time.
    lasts_s = saccade_s(look * DEGREES_PER_LOOK)
    assert len(jump) * 0.001 == pytest.approx(0.74 * lasts_s, abs=0.004)


def test_a_large_jump_falls_short_and_is_corrected(pose, keys_of):
    keys = keys_of((1.0, 1.0, pose(EyeLookUpLeft=0.8, EyeLookUpRight=0.8)))
    times = np.arange(0.0, 1.0, 0.001)
    eyes = (LayerSpec("saccades", regions=(Region.GAZE,)),)
    up = sample(keys, times, Interpolation.LINEAR, eyes)[:, Channel.EyeLookUpLeft]
    resting = np.flatnonzero((np.diff(up) == 0.0) & (up[1:] > 0.01))
    assert up[resting[0]] == pytest.approx(0.72)
    assert up[resting[-1]] == pytest.approx(0.8)


def test_words_of_pursuit_let_the_eyes_glide(pose, keys_of):
    keys = keys_of((1.0, 1.0, pose(EyeLookUpLeft=0.5, EyeLookUpRight=0.5)))
    mood = Mood("", ("her eyes slowly drift up",))
    half = sample(keys, np.array([0.5]), Interpolation.MINIMUM_JERK, SACCADES, mood=mood)
    assert half[0, Channel.EyeLookUpLeft] == pytest.approx(0.25, abs=0.01)


@given(
    values=arrays(np.float64, (2, 61), elements=st.floats(0.0, 1.0)),
    shift=arrays(np.float64, (2, 4), elements=st.floats(-1.0, 1.0)),
)
def test_shifting_the_gaze_adds_up_and_nothing_is_negative(values, shift):
    before, moved = gaze_of(values), values.copy()
    shift_gaze(moved, shift)
    assert gaze_of(moved) == pytest.approx(before + shift, abs=1e-9)
    assert (moved >= 0.0).all()
    still = values.copy()
    shift_gaze(still, np.zeros((2, 4)))
    assert np.array_equal(still, values)


def test_the_head_follows_far_looks_a_little_and_near_ones_not(pose, keys_of):
    far = {"EyeLookOutLeft": 1.0, "EyeLookInRight": 1.0}
    near = {"EyeLookOutLeft": 0.3, "EyeLookInRight": 0.3}
    keys = keys_of(
        (1.0, 0.0, pose(**far)), (2.0, 0.0, pose(**near)), (3, 0, pose(HeadYaw=-0.3, **far))
    )
    yaw = follow_with_head(keys, 1.0).poses[:, Channel.HeadYaw]
    assert 0.0 < yaw[0] <= 0.07
    assert yaw[1] == 0.0
    assert yaw[2] == -0.3


def test_lids_go_with_the_eyes(pose):
    down, up = (
        lids_with_gaze(pose(**{f"EyeLook{way}Left": 0.8, f"EyeLook{way}Right": 0.8})[None], None)
        for way in ("Down", "Up")
    )
    assert 0.0 < down[0, Channel.EyeBlinkLeft] < 0.08
    assert 0.0 < up[0, Channel.EyeWideLeft] < 0.08


def test_microsaccades_are_small_quick_and_about_as_many_as_asked(pose, keys_of, scene_of):
    scene = scene_of(keys_of((0.5, 1.0, pose(EyeLookUpLeft=0.4, EyeLookUpRight=0.4))))
    times = np.arange(0.0, 60.0, 1 / 240.0)
    effect = microsaccades(scene, LayerSpec("microsaccades", params={"rate_hz": 1.5}))
    start = np.repeat(pose(EyeLookUpLeft=0.4, EyeLookUpRight=0.4)[None], len(times), axis=0)
    gaze = gaze_of(effect(start, times)) * DEGREES_PER_LOOK
    away = np.abs(gaze - gaze_of(start) * DEGREES_PER_LOOK)
    assert 0.1 < away.max() <= 0.8 + 1e-9
    moving = np.abs(np.diff(gaze[:, 2])) > 1e-9
    jumps = np.count_nonzero(np.diff(moving.astype(int)) == 1)
    assert jumps == pytest.approx(90, rel=0.25)
    assert microsaccades(scene, LayerSpec("microsaccades", params={"rate_hz": 0.0})) is None
