from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from generator.motion.constraints import constrain, follow_gaze
from livelink.channels import CHANNELS, Channel

VALUES = arrays(np.float64, (3, 61), elements=st.floats(-8.0, 8.0))


@given(values=VALUES)
def test_every_value_is_in_range_and_lips_never_beyond_the_jaw(values):
    kept = constrain(values)
    for info in CHANNELS:
        assert (kept[:, info.channel] >= info.low).all()
        assert (kept[:, info.channel] <= info.high).all()
    assert (kept[:, Channel.MouthClose] <= kept[:, Channel.JawOpen]).all()
    assert np.array_equal(constrain(kept), kept)


@given(values=VALUES)
def test_following_the_gaze_stays_in_range_and_touches_only_the_eyes(values):
    kept = constrain(values)
    followed = follow_gaze(kept)
    assert np.array_equal(followed[:, :55], kept[:, :55])
    assert np.array_equal(constrain(followed), followed)


@pytest.mark.parametrize(
    ("look", "channel", "radians"),
    [
        ("EyeLookDownLeft", "LeftEyePitch", 0.61),
        ("EyeLookUpRight", "RightEyePitch", -0.61),
        ("EyeLookInLeft", "LeftEyeYaw", 0.60),
        ("EyeLookOutLeft", "LeftEyeYaw", -0.60),
        ("EyeLookOutRight", "RightEyeYaw", 0.60),
        ("EyeLookInRight", "RightEyeYaw", -0.60),
    ],
)
def test_each_look_turns_its_own_eye(look, channel, radians):
    values = np.zeros(61)
    values[Channel[look]] = 1.0
    values[Channel.LeftEyeRoll] = 0.3
    followed = follow_gaze(values)
    assert followed[Channel[channel]] == pytest.approx(radians)
    assert np.count_nonzero(followed[55:]) == 1


def test_the_input_is_left_alone():
    values = np.full(61, 2.0)
    constrain(values)
    follow_gaze(values)
    assert (values == 2.0).all()
