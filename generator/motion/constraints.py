"""What no frame may break: ranges, lips against jaw, eyes against their look shapes. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from livelink.channels import CHANNELS, EYE_PITCH_PER_LOOK, EYE_YAW_PER_LOOK, Channel

_LOW = np.array([info.low for info in CHANNELS])
_HIGH = np.array([info.high for info in CHANNELS])


def constrain(values: ArrayLike) -> NDArray[np.float64]:
    """Return values (..., 61) within every channel's range and MouthClose <= JawOpen.

    The lips cannot be kept together further than the jaw is open: on a MetaHuman
    MouthClose / JawOpen is how far they are sealed.
    """
    out = np.clip(np.asarray(values, np.float64), _LOW, _HIGH)
    out[..., Channel.MouthClose] = np.minimum(
        out[..., Channel.MouthClose], out[..., Channel.JawOpen]
    )
    return out


def follow_gaze(values: ArrayLike) -> NDArray[np.float64]:
    """Return values (..., 61) with the eye rotations that the look shapes say, exactly.

    Pitch is + down, 0.61 rad a unit; yaw is + to the subject's right, 0.60 rad a unit; roll is 0.
    Both were measured on real streams (see `livelink.channels`); each eye follows its own shapes,
    so crossed eyes cross.
    """
    out = np.array(values, np.float64)
    for side, right_of, left_of in (
        ("Left", "EyeLookInLeft", "EyeLookOutLeft"),
        ("Right", "EyeLookOutRight", "EyeLookInRight"),
    ):
        down = out[..., Channel[f"EyeLookDown{side}"]] - out[..., Channel[f"EyeLookUp{side}"]]
        aside = out[..., Channel[right_of]] - out[..., Channel[left_of]]
        out[..., Channel[f"{side}EyePitch"]] = EYE_PITCH_PER_LOOK * down
        out[..., Channel[f"{side}EyeYaw"]] = EYE_YAW_PER_LOOK * aside
        out[..., Channel[f"{side}EyeRoll"]] = 0.0
    return out
