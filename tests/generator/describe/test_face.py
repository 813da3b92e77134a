"""Reading 61 values as a face: clipped, opposites set off, gaze of two eyes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from generator.describe.face import Face, read_face
from livelink.channels import CHANNEL_COUNT, EYE_PITCH_PER_LOOK, EYE_YAW_PER_LOOK, Channel
from livelink.frame import as_values


def face(**values: float) -> Face:
    array = np.zeros(CHANNEL_COUNT, np.float32)
    for name, value in values.items():
        array[Channel[name]] = value
    return read_face(as_values(array))


def test_values_beyond_range_are_the_limit() -> None:
    read = face(JawOpen=1.3, MouthSmileLeft=-0.2, HeadYaw=3.0)
    assert read.shapes["JawOpen"] == 1.0
    assert read.pairs["MouthSmile"] == (0.0, 0.0)
    assert read.head_left == 1.0


def test_head_signs() -> None:
    read = face(HeadYaw=math.pi / 8, HeadPitch=-math.pi / 8, HeadRoll=math.pi / 8)
    assert (read.head_left, read.head_up, read.tilt_left) == pytest.approx((0.5, -0.5, -0.5))


def test_both_eyes_make_one_gaze() -> None:
    read = face(EyeLookOutLeft=0.6, EyeLookInRight=0.4, EyeLookUpLeft=0.2, EyeLookUpRight=0.2)
    assert (read.look_left, read.look_up) == pytest.approx((0.5, 0.2))
    assert read.crossing == pytest.approx(-0.1)
    assert face(EyeLookInLeft=0.7, EyeLookInRight=0.7).crossing == pytest.approx(0.7)


def test_rotations_speak_where_the_shapes_are_still() -> None:
    turned = {
        "LeftEyeYaw": EYE_YAW_PER_LOOK / 2,
        "RightEyeYaw": EYE_YAW_PER_LOOK / 2,
        "LeftEyePitch": EYE_PITCH_PER_LOOK / 4,
        "RightEyePitch": EYE_PITCH_PER_LOOK / 4,
    }
    read = face(**turned)
    assert (read.look_left, read.look_up) == pytest.approx((-0.5, -0.25))
    assert face(EyeLookUpLeft=0.3, EyeLookUpRight=0.3, **turned).look_up == pytest.approx(0.3)
